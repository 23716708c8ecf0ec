"""A table whose rows and columns were inferred from where text stands, as a grid with the lines of its cells."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from extractors.document import Box
from extractors.pdf_columns import LEAST_COLUMNS, LONGEST_HEADING, Columns, Row, filled_columns
from extractors.pdf_flow import whole_line
from extractors.pdf_lines import Line
from extractors.pdf_rules import Grid, GridCell

ORDINAL = re.compile(r"\(?(?:[IVXL]{1,6}|\d{1,3}(?:\.\d{1,3}){0,3}|[A-Za-zĐđ])[.)]{0,2}")


@dataclass(frozen=True, slots=True)
class Found:
    """A table among the rows of a page: the rows that it takes, its grid and the lines of its cells."""

    start: int
    stop: int
    grid: Grid
    cells: tuple[tuple[Line, ...], ...]
    columns: Columns


@dataclass(frozen=True, slots=True)
class Group:
    """Lines of one row of the table; `across`: one text that runs across the columns."""

    rows: tuple[Row, ...]
    across: bool = False


def is_heading(texts: Sequence[str]) -> bool:
    filled = [text for text in texts if text]
    if len(filled) < max(LEAST_COLUMNS, len(texts) / 2) or any(len(text) > LONGEST_HEADING for text in filled):
        return False
    return ORDINAL.fullmatch(texts[0]) is None and sum(any(c.isalpha() for c in t) for t in filled) >= LEAST_COLUMNS


def inferred(rows: Sequence[Row], groups: Sequence[Group], columns: Columns) -> Found:
    """Boxes are as wide as the text of their column, which tells where its lines were wrapped."""
    taken = [row for group in groups for row in group.rows]
    start = next(at for at, row in enumerate(rows) if row is taken[0])
    spread = [_spread(group, columns) for group in groups]
    tops = [min(piece.top for row in group.rows for piece in row) for group in groups]
    bottom = max(piece.bottom for row in taken for piece in row)
    ys = (*tops, bottom)
    left, right = min(columns.xs[0], _left(taken)), max(columns.xs[-1], _right(taken))
    xs = columns.xs
    widths = [
        [
            line
            for group, cells in zip(groups, spread, strict=True)
            if not group.across
            for line in cells.get(column, ())
        ]
        for column in range(columns.count)
    ]
    cells: list[GridCell] = []
    lines: list[tuple[Line, ...]] = []
    for at, (group, own) in enumerate(zip(groups, spread, strict=True)):
        for column in sorted(own) if group.across else range(columns.count):
            held = widths[column]
            runs_on = group.across and column == max(own)
            x0 = left if group.across and not column else _left([held]) if held else xs[column]
            x1 = right if runs_on else _right([held]) if held else xs[column + 1]
            span = columns.count - column if runs_on else 1
            cells.append(GridCell(Box(x0, ys[at], x1, ys[at + 1]), at, column, 1, span))
            lines.append(tuple(own.get(column, ())))
    grid = Grid(Box(left, ys[0], right, bottom), xs, ys, tuple(cells), drawn=False)
    return Found(start, start + len(taken), grid, tuple(lines), columns)


def _is_numbered_apart(row: Row, columns: Columns) -> bool:
    """Whether the name of a group runs across the columns but for the first, where its number stands."""
    return len(row) > 1 and columns.column(row[0]) == 0 and ORDINAL.fullmatch(row[0].text) is not None


def _spread(group: Group, columns: Columns) -> dict[int, list[Line]]:
    if group.across:
        if not _is_numbered_apart(group.rows[0], columns):
            return {0: [whole_line(row) for row in group.rows]}
        number, *name = group.rows[0]
        return {0: [number], 1: [whole_line(row) for row in (name, *group.rows[1:])]}
    out: dict[int, list[Line]] = {}
    for row in group.rows:
        for column in sorted(filled_columns(columns, [row])):
            out.setdefault(column, []).append(whole_line([p for p in row if columns.column(p) == column]))
    return out


def _left(rows: Sequence[Sequence[Line]]) -> float:
    return min(piece.x0 for row in rows for piece in row)


def _right(rows: Sequence[Sequence[Line]]) -> float:
    return max(piece.x1 for row in rows for piece in row)
