"""The grid of a Word table: which cell stands where, read from the XML in one pass (ECMA-376 17.4).

Rows may be shorter or longer than the grid, start late (`w:gridBefore`), and merge down (`w:vMerge`) from cells that
are not there; no cell is lost over that.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate, pairwise

from lxml import etree

from extractors.docx_package import Element, W
from extractors.docx_styles import Styles, number, value, visible
from extractors.docx_text import MC, children
from extractors.reconcile import letters

# Twentieths of a point. A column edge that moves by less than a centimetre between rows is the same edge.
_SAME_EDGE = 567
_NAMES = {"w": W[1:-1], "mc": MC[1:-1]}
_PRINTED_ROWS = etree.XPath(
    "count(.//w:tr[not(w:trPr/w:del) and not(ancestor::mc:Fallback)])"
    " - count(.//w:tbl//w:tr[not(w:trPr/w:del) and not(ancestor::mc:Fallback)])",
    namespaces=_NAMES,
)
_PRINTED_TEXT = etree.XPath(
    ".//w:t[not(ancestor::w:del or ancestor::w:moveFrom or ancestor::mc:Fallback or ancestor::w:rt"
    " or ancestor::w:tr/w:trPr/w:del)]/text()",
    namespaces=_NAMES,
)
_MAX_SPAN = 1000  # Word's own limit is 63 columns; a span beyond this is a damaged number


@dataclass(frozen=True, slots=True)
class GridCell:
    """A cell at its top left position. `parts` are its own `w:tc` and those merged into it, top to bottom."""

    row: int
    column: int
    row_span: int
    column_span: int
    parts: tuple[Element, ...]


@dataclass(frozen=True, slots=True)
class Layout:
    """All cells of a table in reading order, and the rows whose cells do not fit its grid."""

    row_count: int
    column_count: int
    cells: tuple[GridCell, ...]
    irregular_rows: tuple[int, ...]
    edges: tuple[int, ...]  # of the columns, twentieths of a point from the left; empty where the file has no grid
    header_row: bool  # the first row is marked to repeat on every page


@dataclass(frozen=True, slots=True)
class _Slot:
    """A `w:tc` in its row before merging."""

    element: Element
    column: int
    span: int
    merge: str  # "" | restart | continue

    @property
    def end(self) -> int:
        return self.column + self.span


def lay_out(table: Element) -> Layout:
    """Places every cell of a `w:tbl`; rows whose insertion was reverted (`w:trPr/w:del`) are not on paper."""
    widths = [number(column.get(W + "w")) or 0 for column in table.iterfind(f"{W}tblGrid/{W}gridCol")]
    rows = [row for row in children(table) if row.tag == W + "tr" and row.find(f"{W}trPr/{W}del") is None]
    slots = [_place_row(row, widths) for row in rows]
    grid_width = max((row[-1].end for row in slots if row), default=0)
    merged, irregular = _merge_down(slots)
    for index, (row, placed) in enumerate(zip(rows, slots, strict=True)):
        after = number(value(row.find(W + "trPr"), "gridAfter")) or 0
        if not placed or placed[-1].end + after != grid_width:
            irregular.add(index)
    merged, widths, grid_width = _on_used_edges(merged, widths, grid_width)
    edge = _join_edges(merged, widths, grid_width)
    cells = tuple(
        replace(cell, column=edge[cell.column], column_span=edge[cell.column + cell.column_span] - edge[cell.column])
        for cell in merged
    )
    measured = len(widths) >= grid_width
    positions = dict(zip(edge, accumulate(widths, initial=0), strict=False)) if measured else {}
    header_row = bool(rows) and rows[0].find(f"{W}trPr/{W}tblHeader") is not None
    return Layout(len(rows), edge[grid_width], cells, tuple(sorted(irregular)), tuple(positions.values()), header_row)


def rows_of(table: Element) -> int:
    """How many `w:tr` are printed, counted without a look at their cells."""
    return int(float(str(_PRINTED_ROWS(table))))


def letters_of(table: Element) -> int:
    """Letters and digits of all text leaves that are printed, counted without a look at rows and cells."""
    leaves = _PRINTED_TEXT(table)
    assert isinstance(leaves, list)
    return sum(letters(str(leaf)) for leaf in leaves)


def _place_row(row: Element, widths: Sequence[int]) -> list[_Slot]:
    properties = row.find(W + "trPr")
    column = _bounded(number(value(properties, "gridBefore")), 0)
    slots: list[_Slot] = []
    for cell in children(row):
        if cell.tag != W + "tc":
            continue
        look = cell.find(W + "tcPr")
        span = _bounded(number(value(look, "gridSpan")), 1)
        slots.append(_Slot(cell, column, span, _merge(look, "vMerge")))
        column += span
    after = number(value(properties, "gridAfter")) or 0
    return _widened(slots, widths) if slots and column + after < len(widths) else slots


def _bounded(count: int | None, least: int) -> int:
    return min(max(count or 0, least), _MAX_SPAN)


def _merge(look: Element | None, name: str) -> str:
    node = look.find(W + name) if look is not None else None
    if node is None:
        return ""
    return "restart" if node.get(W + "val") == "restart" else "continue"


def _widened(slots: list[_Slot], widths: Sequence[int]) -> list[_Slot]:
    """Spans of a row that is too short, from its cells' own widths, where these meet the edges of the grid."""
    edges = list(accumulate(widths, initial=0))
    position = edges[slots[0].column]
    result = []
    column = slots[0].column
    for slot in slots:
        own = slot.element.find(f"{W}tcPr/{W}tcW")
        width = number(own.get(W + "w")) if own is not None and own.get(W + "type", "dxa") == "dxa" else None
        position += width or 0
        end = min(range(len(edges)), key=lambda index: abs(edges[index] - position))
        if not width or end <= column or abs(edges[end] - position) > _SAME_EDGE:
            return slots
        result.append(replace(slot, column=column, span=end - column))
        column = end
    return result


def _merge_down(rows: Iterable[Sequence[_Slot]]) -> tuple[list[GridCell], set[int]]:
    cells: list[GridCell] = []
    irregular: set[int] = set()
    open_merges: dict[int, int] = {}  # column -> index of the cell that may go on below
    for index, row in enumerate(rows):
        going_on: dict[int, int] = {}
        for slot in row:
            origin = open_merges.get(slot.column)
            if slot.merge == "continue" and origin is not None and cells[origin].column_span <= slot.span:
                cell = cells[origin]
                cells[origin] = replace(cell, row_span=cell.row_span + 1, parts=(*cell.parts, slot.element))
                going_on[slot.column] = origin
                continue
            if slot.merge == "continue":
                irregular.add(index)
            if slot.merge:
                going_on[slot.column] = len(cells)
            cells.append(GridCell(index, slot.column, 1, slot.span, (slot.element,)))
        open_merges = going_on
    return cells, irregular


def _on_used_edges(
    cells: Sequence[GridCell], widths: Sequence[int], grid_width: int
) -> tuple[list[GridCell], list[int], int]:
    """The cells on a grid without the edges that no cell has: rows that had them are gone, or stand apart now."""
    used = sorted({0, grid_width, *(at for c in cells for at in (c.column, c.column + c.column_span))})
    place = {at: number for number, at in enumerate(used)}
    moved = [
        replace(cell, column=place[cell.column], column_span=place[cell.column + cell.column_span] - place[cell.column])
        for cell in cells
    ]
    known = len(widths) >= grid_width
    return moved, [sum(widths[a:b]) for a, b in pairwise(used)] if known else [], len(used) - 1


def _join_edges(cells: Sequence[GridCell], widths: Sequence[int], grid_width: int) -> list[int]:
    """The new number of each grid edge, once the narrow columns are out that no cell stands in alone.

    Such columns are traces of an edge that was dragged in some rows.
    """
    starts = {(cell.column, cell.column + cell.column_span) for cell in cells}
    edge = list(range(grid_width + 1))
    removed = 0
    known = widths if len(widths) >= grid_width else ()
    for column in range(grid_width):
        narrow = bool(known) and known[column] <= _SAME_EDGE
        if narrow and all(edge[start] != edge[column] or end != column + 1 for start, end in starts):
            removed += 1
        edge[column + 1] = column + 1 - removed
    return edge


_SIDES = ("top", "left", "bottom", "right")
_OTHER_NAME = {"left": "start", "right": "end"}  # Strict and newer writers


def is_ruled(table: Element, layout: Layout, styles: Styles) -> bool:
    """Whether lines are drawn around most cells that hold something; a line or two make no ruled table.

    Borders of the table (or its style) hold for cells that do not say otherwise.
    """
    properties = table.find(W + "tblPr")
    borders = properties.find(W + "tblBorders") if properties is not None else None
    by_style = styles.ruled(value(properties, "tblStyle"))
    ruled = 0
    for cell in layout.cells:
        look = cell.parts[0].find(W + "tcPr")
        own = look.find(W + "tcBorders") if look is not None else None
        drawn = sum(
            _side_drawn(side, own, borders, by_style, inside)
            for side, inside in zip(_SIDES, _inside(cell, layout), strict=True)
        )
        ruled += drawn >= 2
    return bool(layout.cells) and 2 * ruled >= len(layout.cells)


def _inside(cell: GridCell, layout: Layout) -> Iterator[str]:
    yield "insideH" if cell.row > 0 else "top"
    yield "insideV" if cell.column > 0 else "left"
    yield "insideH" if cell.row + cell.row_span < layout.row_count else "bottom"
    yield "insideV" if cell.column + cell.column_span < layout.column_count else "right"


def _side_drawn(side: str, own: Element | None, borders: Element | None, by_style: bool, place: str) -> bool:
    for group, name in ((own, side), (borders, place)):
        border = _border(group, name)
        if border is not None:
            return visible(border)
    return by_style


def _border(group: Element | None, name: str) -> Element | None:
    if group is None:
        return None
    border = group.find(W + name)
    return group.find(W + _OTHER_NAME[name]) if border is None and name in _OTHER_NAME else border
