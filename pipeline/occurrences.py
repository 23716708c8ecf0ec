"""The days on which a recurring deadline falls due."""

from datetime import date, datetime, time
from functools import lru_cache

from dateutil.rrule import rrulestr


def occurrences(rrule: str, first: date, last: date, start: date | None = None, end: date | None = None) -> list[date]:
    """The due days of a recurrence rule (RFC 5545) from `first` to `last`, both included.

    A rule that names no day is due on the last day of its period: "hàng quý" at the end of each quarter, "tháng 12
    hàng năm" on 31/12, "hàng tuần" on Sunday. Periods are counted from the beginning of a year. `start` and `end` are
    the bounds that the deadline itself has ("hàng tháng, từ tháng 3"). A daily rule has no due days: it is a duty.

    Forms: ("FREQ=MONTHLY;INTERVAL=3", 2024-02-01, 2024-12-31) -> 31/3, 30/6, 30/9, 31/12.
    """
    low, high = max(first, start or first), min(last, end or last)
    if low > high:
        return []
    return [day for day in _days(rrule, (start or first).year, low.year, high.year) if low <= day <= high]


def due_rule(rrule: str) -> dict[str, str]:
    """The parts of a rule that names its due days itself; none for a daily one.

    Forms: "FREQ=MONTHLY;INTERVAL=3" -> {FREQ: MONTHLY, INTERVAL: 3, BYMONTHDAY: -1}.
    """
    parts = dict(part.split("=", 1) for part in rrule.removeprefix("RRULE:").split(";") if "=" in part)
    if parts.get("FREQ") == "DAILY":
        return {}
    if not parts.keys() & {"BYDAY", "BYMONTHDAY", "BYYEARDAY", "BYSETPOS"}:
        if parts.get("FREQ") == "WEEKLY":
            parts["BYDAY"] = "SU"
        else:
            parts["BYMONTHDAY"] = "-1"
        if parts.get("FREQ") == "YEARLY":
            parts.setdefault("BYMONTH", "12")
    return parts


@lru_cache(maxsize=4096)
def _days(rrule: str, base: int, first_year: int, last_year: int) -> tuple[date, ...]:
    """All due days of the years asked; `base` is where intervals of several years are counted from."""
    parts = due_rule(rrule)
    if not parts:
        return ()
    frequency, interval = parts.get("FREQ"), int(parts.get("INTERVAL", "1"))
    # Of months that are counted, the first period ends here.
    by_months = frequency == "MONTHLY" and parts.get("BYMONTHDAY") == "-1" and "BYMONTH" not in parts
    month = (interval - 1) % 12 + 1 if by_months else 1
    since = base if frequency == "YEARLY" and interval > 1 else min(base, first_year)
    rule = rrulestr(";".join(f"{name}={value}" for name, value in parts.items()), dtstart=datetime(since, month, 1))
    years = datetime(max(since, first_year), 1, 1), datetime.combine(date(last_year, 12, 31), time.max)
    return tuple(moment.date() for moment in rule.between(*years, inc=True))
