"""A worksheet as a page: its ruled tables, and what stands above and below them as letterhead, titles, signature.

A sheet has one grid for everything. Rows with drawn borders (or formatted as a table) are tables; in a sheet without
borders the rows that fill at least three columns are. Other rows are paragraphs, or two columns of lines where texts
stand side by side. Empty rows and columns say nothing and are left out.
"""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from extractors.document import Cell, Paragraph, Seen
from extractors.reconcile import letters, seen
from extractors.xlsx_package import Area, Sheet

_LEAST_FILLED = 3
_HEADINGS = 2  # rows with one text between rows of a table
_SIGNATURE_GAP = 8  # empty rows for a signature and a stamp
_NUMBER = re.compile(r"(?:\d{1,3}(?:\.\d{1,2})*|[IVXLC]{1,6}|[A-ZĐa-zđ])[.)/]?|[-+•*–]")


class Entry(NamedTuple):
    """A text at its place in the sheet, with the cells merged into it."""

    area: Area
    text: str
    bold: bool = False
    centered: bool = False


@dataclass(frozen=True, slots=True)
class Part:
    """A table of the sheet: cells on their own grid, and where they stand in the sheet."""

    area: Area
    row_count: int
    column_count: int
    cells: tuple[Cell, ...]
    rows: tuple[int, ...]
    ruled: bool = True


@dataclass(frozen=True, slots=True)
class _Row:
    number: int
    entries: tuple[Entry, ...]  # those that begin here
    ruled: bool
    filled: int  # entries that begin here or reach here from above
    follows: bool  # no empty row without borders lies between this row and the one above


def counted(entries: Sequence[Entry], part: Part) -> Seen:
    """Rows and letters of the sheet between the first and the last row of a table."""
    inside = [entry for entry in entries if part.area.top <= entry.area.top <= part.area.bottom]
    return seen(
        part.cells, len({entry.area.top for entry in inside}), letters("".join([entry.text for entry in inside]))
    )


def lay_out(sheet: Sheet, entries: Sequence[Entry]) -> Iterator[Paragraph | Part]:
    """Paragraphs and tables of a sheet from top to bottom."""
    rows = _rows(sheet, entries)
    regions = _regions(rows)
    columns = {(first, last): _columns(entries, rows[first].number, rows[last].number) for first, last in regions}
    at = 0
    for region in regions:
        first, last = region
        yield from _outside(rows[at:first], after_table=at > 0)
        yield _part(entries, rows[first : last + 1], _shared(columns, columns[region]))
        at = last + 1
    yield from _outside(rows[at:], after_table=at > 0)


# -- tables ---------------------------------------------------------------------------------------------------------


def _rows(sheet: Sheet, entries: Sequence[Entry]) -> list[_Row]:
    """The rows that hold text, with what makes them rows of a table."""
    borders: dict[int, int] = {}
    for cell in sheet.cells:
        if cell.style.bordered:
            borders[cell.row] = borders.get(cell.row, 0) + 1
    begins: dict[int, list[Entry]] = {}
    reaches: dict[int, int] = {}
    for entry in entries:
        begins.setdefault(entry.area.top, []).append(entry)
        for row in range(entry.area.top + 1, entry.area.bottom + 1):
            reaches[row] = reaches.get(row, 0) + 1
    rows: list[_Row] = []
    reach = -1
    for number in sorted(begins):
        own = tuple(sorted(begins[number], key=lambda entry: entry.area.left))
        listed = any(table.top <= number <= table.bottom for table in sheet.tables)
        ruled = listed or borders.get(number, 0) >= 2
        between = range(reach + 1, number)
        follows = len(between) <= len(borders) and all(borders.get(empty, 0) >= 2 for empty in between)
        rows.append(_Row(number, own, ruled, len(own) + reaches.get(number, 0), follows))
        reach = max(reach, *(entry.area.bottom for entry in own))
    return rows


def _regions(rows: Sequence[_Row]) -> list[tuple[int, int]]:
    """First and last row (positions in `rows`) of each table."""
    regions = _ruled_regions(rows)
    if not regions:
        return _filled_regions(rows)
    grown: list[tuple[int, int]] = []
    for number, (first, last) in enumerate(regions):
        floor = grown[-1][1] if grown else -1
        ceiling = regions[number + 1][0] if number + 1 < len(regions) else len(rows)
        while first - 1 > floor and rows[first].follows and rows[first - 1].filled >= _LEAST_FILLED:
            first -= 1
        grown.append((first, _grown_down(rows, last, ceiling)))
    return grown


def _grown_down(rows: Sequence[_Row], last: int, ceiling: int) -> int:
    """The last row with those that somebody added below without borders; a group heading may stand among them."""
    at = last + 1
    while at < ceiling and rows[at].follows and at - last <= _HEADINGS + 1:
        if rows[at].filled >= _LEAST_FILLED:
            last = at
        at += 1
    return last


def _ruled_regions(rows: Sequence[_Row]) -> list[tuple[int, int]]:
    regions: list[tuple[int, int]] = []
    for at, row in enumerate(rows):
        if not row.ruled:
            continue
        if regions and regions[-1][1] == at - 1 and row.follows:
            regions[-1] = (regions[-1][0], at)
        else:
            regions.append((at, at))
    return [(first, last) for first, last in regions if last > first or rows[first].filled >= _LEAST_FILLED]


def _filled_regions(rows: Sequence[_Row]) -> list[tuple[int, int]]:
    """Without any border: from the first to the last row that fills several columns, letterheads are not that wide."""
    full = [at for at, row in enumerate(rows) if row.filled >= _LEAST_FILLED]
    if len(full) < 2:
        return []
    last = full[-1]
    while last + 1 < len(rows) and rows[last + 1].follows:
        last += 1
    return [(full[0], last)]


def _columns(entries: Sequence[Entry], top: int, bottom: int) -> tuple[int, ...]:
    """The columns in which a text of these rows begins."""
    return tuple(sorted({e.area.left for e in entries if top <= e.area.top <= bottom}))


def _shared(columns: dict[tuple[int, int], tuple[int, ...]], own: tuple[int, ...]) -> tuple[int, ...]:
    """The columns of all tables of a sheet that lie over one another: parts of one table keep one grid."""
    united = set(own)
    for other in columns.values():
        if other and own and other[0] == own[0]:
            united |= set(other)
    return tuple(sorted(united))


def _part(entries: Sequence[Entry], rows: Sequence[_Row], columns: tuple[int, ...]) -> Part:
    numbers = [row.number for row in rows]
    top, bottom = numbers[0], numbers[-1]
    cells = []
    for entry in entries:
        area = entry.area
        if top <= area.top <= bottom:
            row, column = bisect_left(numbers, area.top), bisect_left(columns, area.left)
            high, wide = bisect_right(numbers, area.bottom) - row, bisect_right(columns, area.right) - column
            cells.append(Cell(entry.text, row, column, high, wide, bold=entry.bold))
    right = max(entry.area.right for row in rows for entry in row.entries)
    return Part(
        Area(top, columns[0], bottom, max(right, columns[-1])), len(numbers), len(columns), tuple(cells), tuple(numbers)
    )


# -- what stands outside tables -------------------------------------------------------------------------------------


def _outside(rows: Sequence[_Row], *, after_table: bool) -> Iterator[Paragraph | Part]:
    """Single texts as paragraphs, texts side by side as columns of lines."""
    group: list[_Row] = []
    starts: tuple[int, ...] = ()
    for row in rows:
        if group and _belongs(row, group, starts, after_table=after_table):
            group.append(row)
            continue
        if group:
            yield _side_by_side(group, starts)
            group = []
        if numbered := _numbered(row):
            yield numbered
        elif len(row.entries) > 1:
            group, starts = [row], tuple(entry.area.left for entry in row.entries)
        else:
            yield _paragraph(row.entries[0])
    if group:
        yield _side_by_side(group, starts)


def _belongs(row: _Row, group: Sequence[_Row], starts: tuple[int, ...], *, after_table: bool) -> bool:
    """Whether a row goes on with the columns above it; below a table also the name under a signature."""
    if _numbered(row) or any(_reaches_over(entry, starts) for entry in row.entries):
        return False
    gap = row.number - max(entry.area.bottom for entry in group[-1].entries)
    if gap <= 1:
        return True
    return after_table and gap <= _SIGNATURE_GAP and len(row.entries) == 1 and _column(row.entries[0], starts) > 0


def _reaches_over(entry: Entry, starts: tuple[int, ...]) -> bool:
    column = _column(entry, starts)
    return column + 1 < len(starts) and entry.area.right >= starts[column + 1]


def _column(entry: Entry, starts: tuple[int, ...]) -> int:
    return max((number for number, start in enumerate(starts) if start <= entry.area.left), default=0)


def _numbered(row: _Row) -> Paragraph | None:
    """A number in one cell and its text in the next. Forms: "1" | "Tổ chức tập huấn" -> "1. Tổ chức tập huấn"."""
    if len(row.entries) != 2 or not _NUMBER.fullmatch(row.entries[0].text):
        return None
    number, body = row.entries
    mark = number.text if not number.text[-1].isalnum() else f"{number.text}."
    return Paragraph(f"{mark} {body.text}", bold=body.bold)


def _paragraph(entry: Entry) -> Paragraph:
    return Paragraph(entry.text, bold=entry.bold, centered=entry.centered)


def _side_by_side(group: Sequence[_Row], starts: tuple[int, ...]) -> Part:
    columns: list[list[Entry]] = [[] for _ in starts]
    for row in group:
        for entry in row.entries:
            columns[_column(entry, starts)].append(entry)
    cells = tuple(
        Cell("\n".join(entry.text for entry in column), 0, number, bold=all(entry.bold for entry in column))
        for number, column in enumerate(columns)
    )
    area = Area(group[0].number, starts[0], group[-1].number, starts[-1])
    return Part(area, 1, len(starts), cells, (group[0].number,), ruled=False)
