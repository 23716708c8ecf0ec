"""Times of a table row: its deadline cell, ticked periods, and the months and years that headings lend to it."""

import re
from collections.abc import Sequence
from dataclasses import replace

from extractors.document import Cell
from pipeline.plan import Deadline, Where, YearContext
from pipeline.read.columns import Layout, is_tick
from pipeline.rules.deadlines import read_deadlines, read_start_end
from pipeline.text import fold, key

_MONTH_HEADING = re.compile(r"\btháng\s+(\d{1,2})(?:\s*(?:/|năm)\s*(20\d\d))?\b")
_YEAR_HEADING = re.compile(r"\bnăm\s+(20\d\d)\b")
_BARE_NUMBERS = re.compile(r"^[\d\s,;/\-–ivxIVX&và]+$")
_UNIT_OF_TIME = re.compile(r"^(tháng|quý|năm|ngày)$")


def time_of(text: str, context: YearContext) -> YearContext:
    """Year and month that a heading gives to the day-only and month-only deadlines below it."""
    folded = fold(text)
    if month := _MONTH_HEADING.search(folded):
        year = int(month[2]) if month[2] else context.year
        return replace(context, month=int(month[1]), year=year)
    if year_match := _YEAR_HEADING.search(folded):
        return replace(context, year=int(year_match[1]))
    return context


def deadline_cell(seen: dict[str, str], layout: Layout, cells: Sequence[Cell | None]) -> str | None:
    """Words of the deadline: its cell, start and end as two lines, or the headings of ticked period columns."""
    if layout.has("start"):
        return "\n".join(dict.fromkeys(t for f in ("start", "end") if (t := seen.get(f)))) or None
    ticked = [c.heading for c in layout.of("mark") if (cell := cells[c.index]) and is_tick(cell.text)]
    return seen.get("deadline") or ", ".join(ticked) or None


def column_unit(layout: Layout) -> str:
    """Unit of time that a bare heading ("Tháng") lends to the numbers below it."""
    headings = {key(c.heading) for c in layout.of("deadline")}
    only = headings.pop() if len(headings) == 1 else ""
    return only if _UNIT_OF_TIME.match(only) else ""


def read_cell_deadlines(text: str, context: YearContext, lent: str = "") -> tuple[Deadline, ...]:
    """Deadlines of a deadline cell; `lent` is the unit of time of its heading for cells of numbers only.

    Under a month heading ("Tháng 9/2024") a bare number is a day.
    """
    lent = lent or ("ngày" if context.month else "")
    if lent and _BARE_NUMBERS.match(text):
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
        found = list(read_start_end(*ends, context))
    else:
        found = list(read_cell_deadlines(text, context, lent)) if text else []
    for words, where in ((note, Where.NOTE), (content, Where.CONTENT)):
        if words:
            found += [replace(d, source=where) for d in read_deadlines(words, context, where)]
    return tuple(found)
