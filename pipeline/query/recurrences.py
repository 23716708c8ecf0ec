"""The due days of recurring deadlines as a table, because SQL cannot expand a recurrence rule (RFC 5545).

A lake of a million tasks has a few hundred different rules, so each is expanded once over all years that plans speak
of; the view `v_due` joins them and clips them to each plan.
"""

from datetime import date, timedelta
from typing import TYPE_CHECKING

from pipeline.occurrences import due_rule, occurrences

if TYPE_CHECKING:
    from pipeline.query.lake import Connection

_YEARS_AHEAD = 10  # seen from as_of(): for files that are asked later
_LONGEST = 60  # years; a misread year must not cost a table of centuries
_DISTINCT = """
    select distinct l.rrule, l.bound,
           case when l.rrule like '%YEARLY%INTERVAL%'
                then year(coalesce(greatest(coalesce(l.start_date, d.period_start), d.issued_start), as_of()))
                else 0 end as base
    from deadlines l join documents d on d.document_id = l.document_id
    where l.rrule is not null
"""
_SPAN = "select year(as_of()), min(year(coalesce(issued_start, period_start))), max(year(period_end)) from documents"


def make_recurrences(connection: "Connection") -> None:
    """Fills the table `recurrences` (rrule, bound, base, due_day) for the rules of the lake."""
    rows = connection.execute(_DISTINCT).fetchall()
    asked, lowest, highest = connection.execute(_SPAN).fetchall()[0]
    first = date(max(min(asked, lowest or asked), asked - _LONGEST), 1, 1)
    last = date(min(max(asked + _YEARS_AHEAD, highest or asked), asked + _LONGEST), 12, 31)
    found = [
        (rule, bound, base, day) for rule, bound, base in rows for day in _due_days(rule, bound, base, first, last)
    ]
    connection.execute(
        "create or replace table recurrences (rrule varchar, bound varchar, base bigint, due_day date)",
    )
    if found:
        names, bounds, bases, days = zip(*found, strict=True)
        connection.execute(
            "insert into recurrences select unnest(?::varchar[]), unnest(?::varchar[]), unnest(?::bigint[]), "
            "unnest(?::date[])",
            [list(names), list(bounds), list(bases), list(days)],
        )


def _due_days(rule: str, bound: str, base: int, first: date, last: date) -> list[date]:
    """Forms: ("FREQ=YEARLY;BYMONTH=12", "before") -> 30/11 of each year: before a month is the day before it."""
    start = date(base, 1, 1) if base else first
    days = occurrences(rule, first, last, start)
    named = {"BYDAY", "BYMONTHDAY", "BYYEARDAY", "BYSETPOS"}
    if bound == "before" and "BYMONTH=" in rule and not any(f"{part}=" in rule for part in named) and due_rule(rule):
        return [day.replace(day=1) - timedelta(days=1) for day in days]
    return days
