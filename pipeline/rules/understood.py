"""A deadline as it was understood, in the words of an office."""

from datetime import date

from pipeline.plan import Bound, Deadline, DeadlineKind

_BOUND_WORDS = {Bound.BEFORE: "trước ", Bound.BY: "đến ", Bound.FROM: "từ ", Bound.IN: ""}
_EVERY = {"YEARLY": "năm", "MONTHLY": "tháng", "WEEKLY": "tuần", "DAILY": "ngày"}
_KIND_WORDS = {
    DeadlineKind.ONGOING: "thường xuyên",
    DeadlineKind.CONDITIONAL: "có điều kiện",
    DeadlineKind.RELATIVE: "tính từ một sự kiện",
    DeadlineKind.INVALID: "không có thật",
    DeadlineKind.UNPARSED: "chưa hiểu được",
}


def understood(deadline: Deadline) -> str:
    """A deadline as it was understood.

    Forms: "trước 31/12/2021", "đến 30/04/2022", "01/10/2021 – 31/12/2021", "trước 15/01 hàng năm",
    "6 tháng một lần", "thường xuyên", "tính từ một sự kiện".
    """
    days = interval(*_edges(deadline))
    guess = " (năm suy ra)" if deadline.year_inferred else ""
    repeated = recurrence_words(deadline.rrule) if deadline.rrule else None
    when = ", ".join(filter(None, (repeated, days)))
    if not when:  # "đến" leads to a day, not to an event
        return _KIND_WORDS.get(deadline.kind, deadline.kind.value) + guess
    return f"{_BOUND_WORDS[deadline.bound]}{when}{guess}"


def _edges(deadline: Deadline) -> tuple[date | None, date | None]:
    """What of the interval the bound speaks of: by its end, before or from its start; else both."""
    start, end = deadline.start, deadline.end
    if deadline.bound is Bound.BY and end:
        return end, end
    if deadline.bound in (Bound.BEFORE, Bound.FROM) and start and deadline.kind is not DeadlineKind.RANGE:
        return start, start
    return start, end


def recurrence_words(rrule: str) -> str:
    """A recurrence rule (RFC 5545) in words; one of another shape stays as it is.

    Forms: "FREQ=YEARLY;BYMONTH=1;BYMONTHDAY=15" -> "15/01 hàng năm"; "FREQ=MONTHLY;INTERVAL=6" -> "6 tháng một lần".
    """
    parts = dict(part.split("=", 1) for part in rrule.split(";") if "=" in part)
    every = int(parts.pop("INTERVAL", "1"))
    unit = _EVERY.get(parts.pop("FREQ", ""))
    months, days = parts.pop("BYMONTH", ""), parts.pop("BYMONTHDAY", "")
    if unit is None or parts or "-" in days:
        return rrule
    often = f"hàng {unit}" if every == 1 else "hàng quý" if (unit, every) == ("tháng", 3) else f"{every} {unit} một lần"
    if months and days:
        return (
            ", ".join(f"{int(day):02d}/{int(month):02d}" for month in months.split(",") for day in days.split(","))
            + f" {often}"
        )
    return " ".join(filter(None, (f"ngày {days}" if days else "", f"tháng {months}" if months else "", often)))


def interval(start: date | None, end: date | None) -> str | None:
    """Forms: "01/10/2021 – 31/12/2021", "31/12/2021"."""
    if start and end and start != end:
        return f"{written(start)} – {written(end)}"
    only = start or end
    return written(only) if only else None


def written(day: date) -> str:
    """Forms: "31/12/2021"."""
    return f"{day:%d/%m}/{day.year:04d}"
