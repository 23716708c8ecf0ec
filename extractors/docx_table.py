"""The grid of a Word table: which cell stands where, read from the XML in one pass (ECMA-376 17.4).

Rows may be shorter or longer than the grid, start late (`w:gridBefore`), and merge down (`w:vMerge`) from cells that
are not there; no cell is lost over that.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from itertools import accumulate, pairwise
from typing import NamedTuple

from extractors.docx_fold import Properties
from extractors.docx_plain import MAX_SPAN, RowReader, WordCell
from extractors.docx_styles import Styles, firsts, number, value, visible
from extractors.docx_text import children
from extractors.docx_xml import Element, W

# Twentieths of a point. A column edge that moves by less than a centimetre between rows is the same edge.
_SAME_EDGE = 567
_CELL_PROPERTIES = W + "tcPr"


class WordRow(NamedTuple):
    """A `w:tr` with its cells in order. `printed` is false where its insertion was reverted (`w:trPr/w:del`)."""

    element: Element
    cells: Sequence[WordCell]
    before: int  # columns of the grid left out
    after: int
    printed: bool
    is_header: bool


class WordTable(NamedTuple):
    """A `w:tbl` with all of its rows, each element looked at once."""

    element: Element
    rows: Sequence[WordRow]


class GridCell(NamedTuple):
    """A cell at its top left position; `below` are the parts merged into it, top to bottom."""

    row: int
    column: int
    row_span: int
    column_span: int
    first: WordCell
    below: Sequence[WordCell] = ()


class Layout(NamedTuple):
    """All cells of a table in reading order, and the rows whose cells do not fit its grid."""

    row_count: int
    column_count: int
    cells: Sequence[GridCell]
    irregular_rows: Sequence[int]
    edges: tuple[int, ...]  # of the columns, twentieths of a point from the left; empty where the file has no grid
    header_row: bool  # the first row is marked to repeat on every page


# --- reading -------------------------------------------------------------------------------------------------------


class TableReader:
    """Reads the tables of one document, each element looked at once, and lays them out."""

    def __init__(self, rows: RowReader, properties: Properties) -> None:
        self._rows = rows
        self._properties = properties

    def read(self, table: Element) -> WordTable:
        """The rows and cells of a `w:tbl` with what is said about them."""
        return WordTable(table, [_row(row, cells, properties) for row, cells, properties in self._rows.rows(table)])

    def content(self, cell: WordCell) -> Sequence[Element]:
        """What a cell holds."""
        return children(self._properties.unfolded(cell.element))

    def lay_out(self, table: WordTable) -> Layout:
        """Every cell of its rows that are on paper, in its place."""
        return _lay_out(table, self._properties)


def _row(row: Element, cells: Sequence[WordCell], properties: Element | None) -> WordRow:
    if properties is None:
        return WordRow(row, cells, 0, 0, True, False)
    return WordRow(
        row,
        cells,
        _bounded(number(value(properties, "gridBefore"))),
        _bounded(number(value(properties, "gridAfter"))),
        row.find(f"{W}trPr/{W}del") is None,
        row.find(f"{W}trPr/{W}tblHeader") is not None,
    )


# --- laying out ----------------------------------------------------------------------------------------------------


def _lay_out(table: WordTable, properties: Properties) -> Layout:
    widths = [number(column.get(W + "w")) or 0 for column in table.element.iterfind(f"{W}tblGrid/{W}gridCol")]
    rows = [row for row in table.rows if row.printed]
    placed = [_placed(index, row, widths, properties) for index, row in enumerate(rows)]
    grid_width = max(map(_end, placed), default=0)
    cells, irregular = _merge_down(placed)
    for index, (row, own) in enumerate(zip(rows, placed, strict=True)):
        if not own or _end(own) + row.after != grid_width:
            irregular.add(index)
    cells, widths, grid_width = _on_used_edges(cells, widths, grid_width)
    edge = _join_edges(cells, widths, grid_width)
    cells = _moved(cells, edge)
    measured = len(widths) >= grid_width
    positions = dict(zip(edge.values(), accumulate(widths, initial=0), strict=False)) if measured else {}
    header_row = bool(rows) and rows[0].is_header
    return Layout(len(rows), edge[grid_width], cells, sorted(irregular), tuple(positions.values()), header_row)


def _placed(index: int, row: WordRow, widths: Sequence[int], properties: Properties) -> list[GridCell]:
    """The cells of a row, before merging."""
    column = row.before
    cells: list[GridCell] = []
    for cell in row.cells:
        span = cell.words.span
        cells.append(GridCell(index, column, 1, span, cell))
        column += span
    return _widened(cells, widths, properties) if cells and column + row.after < len(widths) else cells


def _end(row: Sequence[GridCell]) -> int:
    """Where a row ends; 0 for one without cells."""
    return row[-1].column + row[-1].column_span if row else 0


def _bounded(count: int | None) -> int:
    return min(max(count or 0, 0), MAX_SPAN)


def _widened(cells: list[GridCell], widths: Sequence[int], properties: Properties) -> list[GridCell]:
    """Spans of a row that is too short, from its cells' own widths, where these meet the edges of the grid."""
    edges = list(accumulate(widths, initial=0))
    result: list[GridCell] = []
    column = cells[0].column
    position = edges[column]
    for cell in cells:
        said = properties.of(cell.first.element, _CELL_PROPERTIES)
        own = said.find(W + "tcW") if said is not None else None
        width = number(own.get(W + "w")) if own is not None and own.get(W + "type", "dxa") == "dxa" else None
        position += width or 0
        end = min(range(len(edges)), key=lambda index: abs(edges[index] - position))
        if not width or end <= column or abs(edges[end] - position) > _SAME_EDGE:
            return cells
        result.append(cell._replace(column=column, column_span=end - column))
        column = end
    return result


def _merge_down(rows: Sequence[Sequence[GridCell]]) -> tuple[list[GridCell], set[int]]:
    """The cells of all rows with the parts below them, and the rows with a part below nothing."""
    cells: list[GridCell] = []
    irregular: set[int] = set()
    merged: dict[int, list[WordCell]] = {}  # index of a cell that spans rows -> its parts below
    open_merges: dict[int, int] = {}  # column -> index of the cell that may go on below
    for row in rows:
        going_on: dict[int, int] = {}
        for cell in row:
            merge = cell.first.words.merge
            if merge:
                column = cell.column
                origin = open_merges.get(column)
                if merge == "continue" and origin is not None and cells[origin].column_span <= cell.column_span:
                    merged.setdefault(origin, []).append(cell.first)
                    going_on[column] = origin
                    continue
                if merge == "continue":
                    irregular.add(cell.row)
                going_on[column] = len(cells)
            cells.append(cell)
        open_merges = going_on
    for at, parts in merged.items():
        cells[at] = cells[at]._replace(row_span=1 + len(parts), below=parts)
    return cells, irregular


def _on_used_edges(cells: list[GridCell], widths: list[int], grid_width: int) -> tuple[list[GridCell], list[int], int]:
    """The cells on a grid without the edges that no cell has: rows that had them are gone, or stand apart now."""
    places = {(cell.column, cell.column_span) for cell in cells}
    edges = sorted({0, grid_width}.union(*((column, column + span) for column, span in places)))
    known = len(widths) >= grid_width
    if len(edges) == grid_width + 1:
        return cells, widths[:grid_width] if known else [], grid_width
    measured = [sum(widths[a:b]) for a, b in pairwise(edges)] if known else []
    return _moved(cells, {at: number for number, at in enumerate(edges)}), measured, len(edges) - 1


def _join_edges(cells: Sequence[GridCell], widths: Sequence[int], grid_width: int) -> dict[int, int]:
    """The new number of each grid edge, once the narrow columns are out that no cell stands in alone.

    Such columns are traces of an edge that was dragged in some rows.
    """
    known = widths if len(widths) >= grid_width else ()
    narrow = {column for column, width in enumerate(known[:grid_width]) if width <= _SAME_EDGE}
    edge = {at: at for at in range(grid_width + 1)}
    if not narrow:
        return edge
    starts = {(cell.column, cell.column + cell.column_span) for cell in cells}
    removed = 0
    for column in range(grid_width):
        if column in narrow and all(edge[start] != edge[column] or end != column + 1 for start, end in starts):
            removed += 1
        edge[column + 1] = column + 1 - removed
    return edge


def _moved(cells: list[GridCell], edge: Mapping[int, int]) -> list[GridCell]:
    """The cells with the edges of the grid renumbered."""
    if all(before == now for before, now in edge.items()):
        return cells
    return [
        GridCell(row, edge[column], row_span, edge[column + span] - edge[column], first, below)
        for row, column, row_span, span, first, below in cells
    ]


# --- lines ---------------------------------------------------------------------------------------------------------

_Borders = Mapping[str, Element]  # by tag
_NO_BORDERS: _Borders = {}
_SIDES = ("top", "left", "bottom", "right")
_AROUND = (*_SIDES, "insideH", "insideV")
_OTHER_NAME = {"left": "start", "right": "end"}  # Strict and newer writers


def is_ruled(table: WordTable, layout: Layout, styles: Styles) -> bool:
    """Whether lines are drawn around most cells that hold something; a line or two make no ruled table.

    Borders of the table (or its style) hold for cells that do not say otherwise.
    """
    properties = table.element.find(W + "tblPr")
    around = properties.find(W + "tblBorders") if properties is not None else None
    borders = firsts(around) if around is not None else _NO_BORDERS
    by_style = styles.ruled(value(properties, "tblStyle"))
    if not layout.cells:
        return False
    own = [cell for cell in layout.cells if cell.first.words.borders is not None]
    ruled = sum(_has_lines(_drawn_at(cell), borders, by_style, _places(*_inside(cell, layout))) for cell in own)
    sides = {_side_drawn("", _NO_BORDERS, borders, by_style, place) for place in _AROUND} if borders else {by_style}
    if len(sides) == 1:  # all cells without borders of their own are alike
        return 2 * (ruled + sides.pop() * (len(layout.cells) - len(own))) >= len(layout.cells)
    plain = Counter([_inside(cell, layout) for cell in layout.cells if cell.first.words.borders is None])
    ruled += sum(
        count for inside, count in plain.items() if _has_lines(_NO_BORDERS, borders, by_style, _places(*inside))
    )
    return 2 * ruled >= len(layout.cells)


def _drawn_at(cell: GridCell) -> _Borders:
    """The borders of a cell's own."""
    own = cell.first.words.borders
    return firsts(own) if own is not None else _NO_BORDERS


def _inside(cell: GridCell, layout: Layout) -> tuple[bool, bool, bool, bool]:
    """Whether something stands above a cell, left of it, below, and right of it."""
    row, column, row_span, column_span, _, _ = cell
    return row > 0, column > 0, row + row_span < layout.row_count, column + column_span < layout.column_count


def _places(above: bool, left: bool, below: bool, right: bool) -> tuple[str, ...]:
    """The names that the four sides of a cell have among the borders of its table."""
    return (
        "insideH" if above else "top",
        "insideV" if left else "left",
        "insideH" if below else "bottom",
        "insideV" if right else "right",
    )


def _has_lines(own: _Borders, borders: _Borders, by_style: bool, places: Sequence[str]) -> bool:
    """Whether a line is drawn on two sides of a cell."""
    return sum(_side_drawn(side, own, borders, by_style, place) for side, place in zip(_SIDES, places, strict=True)) > 1


def _side_drawn(side: str, own: _Borders, borders: _Borders, by_style: bool, place: str) -> bool:
    for group, name in ((own, side), (borders, place)):
        border = group.get(W + name)
        if border is None and name in _OTHER_NAME:
            border = group.get(W + _OTHER_NAME[name])
        if border is not None:
            return visible(border)
    return by_style
