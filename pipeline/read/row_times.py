"""Times of a table row: its deadline cell, ticked periods, and the months and years that headings lend to it."""

import re
from calendar import monthrange
from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from extractors.document import Cell
from pipeline.plan import Deadline, Where, YearContext
from pipeline.read.columns import Layout, is_tick
from pipeline.rules.deadlines import read_deadlines, read_start_end
from pipeline.text import fold, key

_MONTH_HEADING = re.compile(r"\btháng\s+(\d{1,2})(?:\s*(?:/|năm)\s*(20\d\d))?\b")
_MONTHS_HEADING = re.compile(
    r"\btháng\s+(?P<m1>\d{1,2})(?:\s*(?:/|năm)\s*(?P<y1>20\d\d))?\s*(?:-|–|và|,|đến)\s*(?:tháng\s+)?"
    r"(?P<m2>\d{1,2})\s*(?:/|năm)\s*(?P<y2>20\d\d)\b"
)
_YEAR_HEADING = re.compile(r"\bnăm\s+(20\d\d)\b")
_BARE_NUMBERS = re.compile(r"^[\d\s,;/\-–ivxIVX&và]+$")
_BARE_NUMBER = re.compile(r"^\W*(?:\d{1,2}|[ivx]{1,4})\W*$", re.IGNORECASE)
_DAY_AND_MONTH = re.compile(r"(?<!\d)(?:1[3-9]|2\d|3[01])\s?[/-]\s?\d{1,2}(?!\d)")  # "15/3": no two months
_UNIT_OF_TIME = re.compile(r"^(tháng|quý|năm|ngày)$")
_UNIT_OF_ENDS = re.compile(r"\b(?:từ|đến|hết)\s+(?P<unit>tháng|quý|năm|ngày)$|\((?P<noted>tháng|quý|năm|ngày)\)")


def time_of(text: str, context: YearContext) -> YearContext:
    """Year and month that a heading gives to the day-only and month-only deadlines below it."""
    folded = fold(text)
    if (months := _MONTHS_HEADING.search(folded)) and (span := _span_of_months(months)):
        return replace(context, period_start=span[0], period_end=span[1], year=None, month=None)
    if month := _MONTH_HEADING.search(folded):
        year = int(month[2]) if month[2] else context.year
        return replace(context, month=int(month[1]), year=year)
    if year_match := _YEAR_HEADING.search(folded):
        return replace(context, year=int(year_match[1]))
    return context


def _span_of_months(match: re.Match[str]) -> tuple[date, date] | None:
    """First and last day of "Tháng 12/2024 - Tháng 01/2025": the days below take their year, but no month, from it."""
    first, last, until = int(match["m1"]), int(match["m2"]), int(match["y2"])
    since = int(match["y1"]) if match["y1"] else until - (first > last)
    if not (1 <= first <= 12 and 1 <= last <= 12 and (since, first) < (until, last)):
        return None
    return date(since, first, 1), date(until, last, monthrange(until, last)[1])


def deadline_cell(seen: dict[str, str], layout: Layout, cells: Sequence[Cell | None]) -> str | None:
    """Words of the deadline: its cell, start and end as two lines, or the headings of ticked period columns."""
    if layout.has("start"):
        return "\n".join(dict.fromkeys(t for f in ("start", "end") if (t := seen.get(f)))) or None
    if text := seen.get("deadline"):
        return text
    return ", ".join(c.heading for c in layout.of("mark") if (cell := cells[c.index]) and is_tick(cell.text)) or None


def column_unit(layout: Layout) -> str:
    """Unit of time that a heading ("Tháng", "Từ tháng | Đến tháng", "Bắt đầu (tháng)") lends to numbers below it."""
    headings = {key(c.heading) for c in layout.of("deadline")}
    only = headings.pop() if len(headings) == 1 else ""
    if _UNIT_OF_TIME.match(only):
        return only
    matches = [_UNIT_OF_ENDS.search(fold(c.heading)) for c in (*layout.of("start"), *layout.of("end"))]
    units = {match["unit"] or match["noted"] for match in matches if match}
    return units.pop() if len(units) == 1 else ""


def read_cell_deadlines(text: str, context: YearContext, lent: str = "") -> tuple[Deadline, ...]:
    """Deadlines of a deadline cell; `lent` is the unit of time of its heading for cells of numbers only.

    Under a month heading ("Tháng 9/2024") a bare number is a day.
    """
    lent = lent or ("ngày" if context.month else "")
    dated = lent == "tháng" and _DAY_AND_MONTH.search(text)
    if lent and not dated and _BARE_NUMBERS.match(text):
        found = read_deadlines(f"{lent} {text}", context, Where.DEADLINE)
        shift = len(lent) + 1
        return tuple(
            replace(
                d,
                text=text[max(0, d.span[0] - shift) : d.span[1] - shift].strip() or text,
                span=(max(0, d.span[0] - shift), max(0, d.span[1] - shift)),
            )
            for d in found
        )
    return read_deadlines(text, context, Where.DEADLINE, two_columns=False)


def _read_ends(start: str, end: str, context: YearContext, lent: str) -> tuple[Deadline, ...]:
    """Deadlines of the cells "Bắt đầu" and "Kết thúc"; numbers by themselves take the unit of their heading."""
    lent = lent or ("ngày" if context.month else "")
    bare = [bool(_BARE_NUMBER.match(cell)) for cell in (start, end)]
    if not lent or not any(bare):
        return read_start_end(start, end, context)
    whole = [f"{lent} {cell}" if alone else cell for cell, alone in zip((start, end), bare, strict=True)]
    text = f"{start}\n{end}"
    return tuple(replace(d, text=text, span=(0, len(text))) for d in read_start_end(whole[0], whole[1], context))


def all_deadlines(
    text: str | None,
    note: str | None,
    content: str,
    context: YearContext,
    lent: str,
    ends: tuple[str, str] = ("", ""),
) -> tuple[Deadline, ...]:
    """Deadlines of a row: of its deadline cell (or of its two cells start and end), its note, its content."""
    if all(ends):
        found = list(_read_ends(*ends, context, lent))
    else:
        found = list(read_cell_deadlines(text, context, lent)) if text else []
    for words, where in ((note, Where.NOTE), (content, Where.CONTENT)):
        if words:
            found += [replace(d, source=where) for d in read_deadlines(words, context, where)]
    return tuple(found)
