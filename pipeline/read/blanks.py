"""Cells that are empty where the rest of their column is not, and rows that are empty among filled ones.

A paper may leave them so; a reader of the paper would ask all the same. They are reported, never filled in.
"""

from collections.abc import Iterator, Sequence

from extractors.document import NOWHERE, Cell, Notice, Place, Table
from pipeline.read.columns import Layout
from pipeline.read.header_rows import Grid
from pipeline.read.rows import RowKind, RowView
from pipeline.text import squeeze

# Fields whose absence has no finding of its own; lead and deadline do (lead.missing, deadline.missing).
_ASKED = frozenset({"ordinal", "content", "parent", "objective", "partner", "output", "note", "other", "legal_basis"})
_LEAST, _LEAST_NAMING = 4, 3  # cells of a column from which "all others" says something
_NAMING = frozenset({"ordinal", "content", "parent", "objective"})
_FILLED_DOWN = frozenset({"parent", "objective"})  # texts without merged cells leave them empty below the first row
_SHARE = 10  # one empty cell in so many is an exception, more of them are a habit

Rows = Sequence[tuple[RowView, RowKind]]


def blanks(table: Table, layout: Layout, grid: Grid, rows: Rows) -> Iterator[Notice]:
    """Notices table.cell_empty and table.row_empty of one table."""
    yield from _cells(table, layout, grid, [view for view, kind in rows if kind is RowKind.TASK])
    groups = [view for view, kind in rows if kind is RowKind.SECTION and not _lone(view)]
    yield from _cells(table, layout, grid, groups, frozenset({"ordinal"}))
    last = max((view.index for view, kind in rows if kind in (RowKind.TASK, RowKind.SECTION)), default=0)
    for view, kind in rows:
        if kind is RowKind.EMPTY and (view.ordinal or (not view.cells and view.index < last)):
            named = f"hàng {view.ordinal_text}" if view.ordinal else "một hàng ở giữa bảng"
            place = _place(view, grid)
            yield Notice("table.row_empty", f"{named} không ghi gì", place, table.index, view.index, _above(rows, view))


def _lone(view: RowView) -> bool:
    """A group named in one cell ("1. Công tác chỉ đạo" over all columns) has its number there or none."""
    return len(view.cells) == 1 and view.cells[0].column == 0


def _cells(
    table: Table, layout: Layout, grid: Grid, views: Sequence[RowView], fields: frozenset[str] = _ASKED
) -> Iterator[Notice]:
    spanned = {cell.column for cell in table.cells if cell.row_span > 1}
    for column in layout.columns:
        if column.field not in fields or (column.field in _FILLED_DOWN and column.index not in spanned):
            continue
        slots: dict[object, tuple[RowView, Cell | None]] = {}
        for view in views:
            cell = grid[view.index][column.index]
            slots.setdefault(cell or view.index, (view, cell))  # a cell over several rows is one
        empty = [(view, cell) for view, cell in slots.values() if cell is None or not cell.text.strip()]
        least = _LEAST_NAMING if column.field in _NAMING else _LEAST
        if len(slots) < least or not 0 < len(empty) <= max(1, len(slots) // _SHARE):
            continue
        for view, cell in empty:
            evidence = " | ".join(squeeze(c.text) for c in view.cells)
            heading = squeeze(column.heading)
            place = cell.place if cell else _place(view, grid)
            yield Notice("table.cell_empty", heading, place, table.index, view.index, evidence)


def _place(view: RowView, grid: Grid) -> Place:
    return next((cell.place for cell in grid[view.index] if cell), NOWHERE)


def _above(rows: Rows, view: RowView) -> str:
    """The row above, which tells where the empty one stands."""
    before = [other for other, _ in rows if other.index < view.index and other.cells]
    return " | ".join(squeeze(cell.text) for cell in before[-1].cells) if before else view.ordinal_text
