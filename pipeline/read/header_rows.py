"""The header of a table: on which rows it stands, and what each column is called by it.

Headers stand on the first row or further down, on one to three rows, with spans or (in text formats) with blanks
where a span was.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from extractors.document import Cell
from pipeline.read.role_matrix import MATRIX_FIELDS, UnitColumn, unit_columns
from pipeline.read.span_columns import find_span
from pipeline.rules.ordinals import whole_ordinal
from pipeline.text import fold, key, squeeze
from pipeline.vocab.columns import column_field

HEADER_SEARCH_ROWS = 8  # a sheet title, a unit of measure and a blank line may stand above the header
HEADER_DEPTH = 3
LONGEST_HEADING = 90  # characters; longer texts are contents
MAJORITY = 0.5
ROLE_FIELDS = frozenset({"lead", "partner", "implementer"}) | MATRIX_FIELDS
TIME_FIELDS = frozenset({"deadline", "start", "end", "mark"})
DESCRIPTION_FIELDS = frozenset({"content", "parent", "objective"})
_PERIOD_LEAF = re.compile(
    r"^(?:quý|tháng|q|t)\.?\s*(?:\d{1,2}|[ivx]+)(?:\s*/\s*20\d\d)?$|^(?:năm )?20\d\d$|^(?:\d{1,2}|i{1,3}|iv)$"
)
_ROMAN = re.compile(r"^(?:I{1,3}|IV)$", re.IGNORECASE)
_ANY_YEAR = re.compile(r"\b20\d\d\b")
_MONTH_OR_QUARTER = re.compile(r"^(?:quý|tháng|q|t)\.?\s*(?:\d{1,2}|[ivx]+)(?:\s*/\s*20\d\d)?$")
_NAMED_PERIOD = re.compile(r"^(?:(?:quý|tháng|q|t)\.?\s*(?:\d{1,2}|[ivx]+)(?:\s*/\s*20\d\d)?|(?:năm )?20\d\d)$")


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its field, its heading as written (levels joined by a space), whether that was understood."""

    index: int
    field: str
    heading: str
    known: bool = True


Grid = Sequence[Sequence[Cell | None]]


def slot_text(grid: Grid, row: int, column: int) -> str:
    cell = grid[row][column]
    return cell.text if cell else ""


def _is_heading(text: str) -> bool:
    return bool(text.strip()) and len(squeeze(text)) <= LONGEST_HEADING


def distinct(cells: Iterable[Cell]) -> list[Cell]:
    """Each cell of a grid once: a merged one stands in several slots."""
    return list({id(cell): cell for cell in cells}.values())


def row_cells(grid: Grid, row: int) -> list[Cell]:
    """Distinct non-empty cells of a row, left to right."""
    return distinct(c for c in grid[row] if c and c.text.strip())


def known_fields(grid: Grid, row: int) -> set[str]:
    return {f for c in row_cells(grid, row) if _is_heading(c.text) and (f := column_field(c.text))}


def _opens_header(grid: Grid, row: int) -> bool:
    """Whether this row can be the first of a header: most of its cells are headings, of two fields at least.

    A number column beside a description is enough: units ("Phòng TCCB") or periods ("Quý I") may head the others.
    """
    cells = row_cells(grid, row)
    known = [c for c in cells if _is_heading(c.text) and column_field(c.text)]
    fields = known_fields(grid, row)
    if len(known) < 2 or len(fields) < 2 or whole_ordinal(cells[0].text):
        return False
    periods = sum(c not in known and _MONTH_OR_QUARTER.match(key(c.text)) is not None for c in cells)
    others = len(cells) - periods if fields & DESCRIPTION_FIELDS else len(cells)
    return len(known) > others * MAJORITY or ("ordinal" in fields and bool(fields & DESCRIPTION_FIELDS))


def _continues_header(grid: Grid, first: int, row: int) -> bool:
    """Whether `row` is a further level of the header that starts at `first`."""
    above = [c for r in range(first, row) for c in row_cells(grid, r)]
    if any(c.row < row < c.row + c.row_span for c in above):
        return True
    own = [c for c in row_cells(grid, row) if c.row == row]
    if not own or not all(_is_heading(c.text) for c in own):
        return False
    ordinal = own[0].column == 0 and whole_ordinal(own[0].text)
    if ordinal:
        return False
    wide = [c for c in above if c.column_span > 1]
    under_wide = all(any(w.column <= c.column < w.column + w.column_span for w in wide) for c in own)
    if len(own) > 1 and {c.column for c in own} <= set(marked_units(grid, first, row + 1)):
        return True
    at = find_span([c.text for c in own])
    ends = own[at : at + 2] if at is not None else []
    leaves = [c for c in own if c in ends or column_field(c.text) or _PERIOD_LEAF.match(key(c.text))]
    blank_first = not slot_text(grid, row, 0).strip()
    return len(leaves) == len(own) and (under_wide or (blank_first and len(own) >= 2 and len(own) < len(grid[row]) - 1))


def header_span(grid: Grid) -> tuple[int, int] | None:
    """First row and end row (exclusive) of the header, None without one."""
    for first in range(min(HEADER_SEARCH_ROWS, len(grid))):
        if not _opens_header(grid, first):
            continue
        end = first + 1
        while end < len(grid) and end - first < HEADER_DEPTH and _continues_header(grid, first, end):
            end += 1
        fields = {f for row in range(first, end) for f in known_fields(grid, row)}
        if fields & DESCRIPTION_FIELDS and (fields & (ROLE_FIELDS | TIME_FIELDS) or marked_units(grid, first, end)):
            return first, end
        if fields & ROLE_FIELDS and fields & TIME_FIELDS:
            return first, end  # the work may stand under a heading that nobody has told us
    return None


def marked_units(grid: Grid, first: int, end: int) -> dict[int, UnitColumn]:
    """Columns headed by units that hold marks."""
    columns = range(len(grid[first]))
    headings = [_whole_levels(grid, first, end, column) for column in columns]
    return unit_columns(headings, [values_below(grid, end, column) for column in columns])


def _heading_levels(grid: Grid, first: int, end: int, column: int) -> list[str]:
    cells = dict.fromkeys(c for row in range(first, end) if (c := grid[row][column]) and c.text.strip())
    return [squeeze(c.text) for c in cells]


def _left_heading(grid: Grid, first: int, column: int) -> str:
    """The heading to the left whose span a text format has lost ("Thời gian", then a blank over "Kết thúc")."""
    for left in range(column - 1, -1, -1):
        if text := slot_text(grid, first, left).strip():
            return squeeze(text)
    return ""


def _whole_levels(grid: Grid, first: int, end: int, column: int) -> list[str]:
    levels = _heading_levels(grid, first, end, column)
    if end - first > 1 and levels and not slot_text(grid, first, column).strip():
        return [_left_heading(grid, first, column), *levels]
    return levels


def headed_column(grid: Grid, first: int, end: int, column: int) -> Column:
    levels = _whole_levels(grid, first, end, column)
    heading = squeeze(" ".join(levels))
    if not levels:
        return Column(column, "unknown", "", known=False)
    leaf, whole = column_field(levels[-1]), column_field(heading)
    above = column_field(" ".join(levels[:-1])) if len(levels) > 1 else None
    if above in TIME_FIELDS and _PERIOD_LEAF.match(key(levels[-1])):
        return Column(column, "mark", _period_heading(levels))
    field = leaf or whole
    if field is None and _NAMED_PERIOD.match(key(levels[-1])):
        return Column(column, "mark", _period_heading(levels))
    return Column(column, field or "unknown", heading, known=field is not None)


def _period_heading(levels: Sequence[str]) -> str:
    """The period that a tick below these headings means: a bare number takes its unit from above.

    Forms: "Thời gian (tháng)" over "3" -> "tháng 3"; "Tiến độ" over "IV" -> "quý IV".
    """
    leaf, above = levels[-1], fold(" ".join(levels[:-1]))
    if leaf.isdigit() and len(leaf) < 3:
        return f"{'quý' if 'quý' in above else 'tháng'} {leaf}"
    return f"quý {leaf}" if _ROMAN.match(leaf) else leaf


def with_years(columns: tuple[Column, ...], years: dict[int, int]) -> tuple[Column, ...]:
    """Quarters under several years ("2025" over "Quý I") carry their year."""
    if len({years[c.index] for c in columns if c.field == "mark" and c.index in years}) < 2:
        return columns
    return tuple(
        replace(c, heading=f"{c.heading}/{years[c.index]}")
        if c.field == "mark" and c.index in years and not _ANY_YEAR.search(c.heading)
        else c
        for c in columns
    )


def years_above(grid: Grid, first: int, end: int, width: int) -> dict[int, int]:
    """The year that stands in the headings of a column, where it is one."""
    found = {c: set(_ANY_YEAR.findall(" ".join(_heading_levels(grid, first, end, c)))) for c in range(width)}
    return {c: int(years.pop()) for c, years in found.items() if len(years) == 1}


def values_below(grid: Grid, first_data_row: int, column: int) -> list[str]:
    """Own texts of a column below the header."""
    cells = distinct(c for row in grid[first_data_row:] if (c := row[column]) and c.column_span == 1)
    return [text for c in cells if (text := c.text.strip())]


def row_texts(grid: Grid, row: int) -> tuple[str, ...]:
    return tuple(cell.text if cell else "" for cell in grid[row])
