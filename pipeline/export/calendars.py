"""Calendars (iCalendar, RFC 5545) of days on which something is due: all-day events, recurrences as rules.

The UID of an event follows from what it is about, so a calendar that is imported again renews its events instead of
doubling them.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from icalendar import Alarm, Calendar, Event, vRecur

from pipeline.occurrences import due_rule

_PRODUCT = "-//kehoach//thoi han//VI"
_ALARM = timedelta(hours=-16)  # eight in the morning of the day before


@dataclass(frozen=True, slots=True)
class DueEvent:
    """Something due on a day, or again and again from that day on.

    `day` is the (first) due day itself; `rrule` the rule as stored; `last` the last day that it may fall on.
    """

    uid: str
    day: date
    summary: str
    description: str = ""
    categories: tuple[str, ...] = ()
    rrule: str | None = None
    last: date | None = None


def calendar_bytes(name: str, events: Iterable[DueEvent], now: datetime) -> bytes:
    """A whole calendar file; text is escaped and folded as the RFC says, lines end with CR LF."""
    calendar = Calendar()
    calendar.add("prodid", _PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", re.sub(r"[;,\\\\]+", " ", name))  # no text property: nothing is escaped in it
    for one in events:
        calendar.add_component(_event(one, now.astimezone(UTC)))
    return bytes(calendar.to_ical())


def _event(one: DueEvent, now: datetime) -> Event:
    event = Event()
    event.add("uid", one.uid)
    event.add("dtstamp", now)
    event.add("dtstart", one.day)
    event.add("dtend", one.day + timedelta(days=1))  # an all-day event ends before this day
    event.add("summary", one.summary)
    event.add("transp", "TRANSPARENT")
    if one.description:
        event.add("description", one.description)
    if one.categories:
        event.add("categories", list(one.categories))
    if one.rrule and (parts := due_rule(one.rrule)):
        if one.last:
            parts["UNTIL"] = f"{one.last:%Y%m%d}"
        event.add("rrule", vRecur.from_ical(";".join(f"{part}={value}" for part, value in parts.items())))
    if not one.rrule:
        event.add_component(_alarm(one.summary))
    return event


def _alarm(summary: str) -> Alarm:
    alarm = Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("trigger", _ALARM)
    alarm.add("description", summary)
    return alarm
