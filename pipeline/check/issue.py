"""When the paper was issued and what it covers: what deadlines and citations are held against."""

from datetime import date

from pipeline.check.rule import day
from pipeline.plan import Header


def earliest_issue(header: Header) -> date | None:
    """First day on which the document can have been issued; None where nothing is known."""
    return header.issued_start or header.issued_date


def latest_issue(header: Header) -> date | None:
    """Last day on which the document can have been issued."""
    return header.issued_end or header.issued_date


def issue_words(header: Header) -> str:
    """The issue date as precisely as the paper gives it: "ngày 20/02/2024", "tháng 01/2020", "năm 2023"."""
    first, last = earliest_issue(header), latest_issue(header)
    if first is None or first == last or last is None:
        return f"ngày {day(first)}" if first else ""
    if (first.year, first.month) == (last.year, last.month):
        return f"tháng {first.month:02d}/{first.year}"
    return f"năm {first.year}" if first.year == last.year else f"từ {day(first)} đến {day(last)}"


def period_words(header: Header) -> str:
    first, last = header.period_start, header.period_end
    return f"{day(first)} – {day(last)}" if first and last else ""
