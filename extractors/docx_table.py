"""The grid of a Word table: which cell stands where, read from the XML in one pass (ECMA-376 17.4).

Rows may be shorter or longer than the grid, start late (`w:gridBefore`), and merge down (`w:vMerge`) from cells that
are not there; no cell is lost over that.
"""

from collections.abc import Container, Mapping, Sequence
from itertools import accumulate, pairwise
from typing import NamedTuple

from extractors.docx_package import MC, Element, W, xpath
from extractors.docx_styles import DELETED, Styles, firsts, number, value, visible
from extractors.docx_text import children, opened
from extractors.reconcile import letters

# Twentieths of a point. A column edge that moves by less than a centimetre between rows is the same edge.
_SAME_EDGE = 567
_ROWS = xpath("count(.//w:tr) - count(.//w:tbl//w:tr)")
_PRINTED_ROWS = xpath(
    "count(.//w:tr[not(w:trPr/w:del) and not(ancestor::mc:Fallback)])"
    " - count(.//w:tbl//w:tr[not(w:trPr/w:del) and not(ancestor::mc:Fallback)])"
)
_TEXT = xpath(".//w:t/text()")
_UNPRINTED = (*DELETED, MC + "Fallback", W + "rt")
_UNPRINTED_TEXT = xpath("(.//w:del | .//w:moveFrom | .//mc:Fallback | .//w:rt | .//w:tr[w:trPr/w:del])//w:t/text()")
_IN_UNPRINTED = xpath(
    "boolean(ancestor::w:del or ancestor::w:moveFrom or ancestor::mc:Fallback or ancestor::w:rt"
    " or ancestor::w:tr/w:trPr/w:del)"
)
_TELLING = xpath(".//w:tcPr[w:gridSpan or w:vMerge or w:tcBorders]")  # more than a width
_MAX_SPAN = 1000  # Word's own limit is 63 columns; a span beyond this is a damaged number
_ROW, _CELL, _PARAGRAPH = W + "tr", W + "tc", W + "p"
_ROW_PROPERTIES, _CELL_PROPERTIES = W + "trPr", W + "tcPr"
_SPAN, _MERGE, _BORDERS = (W + name for name in ("gridSpan", "vMerge", "tcBorders"))
_VAL = W + "val"


class WordCell(NamedTuple):
    """A `w:tc`: what it holds, and what its properties say."""

    content: Sequence[Element]
    span: int
    merge: str  # "" | restart | continue
    borders: Element | None


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


_Slot = tuple[WordCell, int, int]  # a cell in its row before merging: its column, and how many it spans


# --- reading -------------------------------------------------------------------------------------------------------


def read_table(table: Element) -> WordTable:
    """The rows and cells of a `w:tbl` with what is said about them."""
    telling = set(_TELLING(table))  # few cells of a table, if any
    return WordTable(table, [_read_row(row, telling) for row in children(table) if row.tag == _ROW])


def _read_row(row: Element, telling: Container[Element]) -> WordRow:
    cells: list[WordCell] = []
    properties = None
    for child in row:
        tag = child.tag
        if tag == _CELL:
            cells.append(_read_cell(child, telling))
        elif tag != _ROW_PROPERTIES:
            cells += [_read_cell(cell, telling) for cell in opened(child) if cell.tag == _CELL]
        elif properties is None:
            properties = child
    if properties is None:
        return WordRow(row, cells, 0, 0, True, False)
    return WordRow(
        row,
        cells,
        _bounded(number(value(properties, "gridBefore")), 0),
        _bounded(number(value(properties, "gridAfter")), 0),
        row.find(f"{W}trPr/{W}del") is None,
        row.find(f"{W}trPr/{W}tblHeader") is not None,
    )


def _read_cell(cell: Element, telling: Container[Element]) -> WordCell:
    content: list[Element] = []
    properties = None
    for child in cell:
        tag = child.tag
        if tag == _PARAGRAPH:
            content.append(child)
        elif tag != _CELL_PROPERTIES:
            content += opened(child)
        elif properties is None:
            properties = child
    if properties is None or properties not in telling:
        return WordCell(content, 1, "", None)
    said = firsts(properties)
    span, merge = said.get(_SPAN), said.get(_MERGE)
    return WordCell(
        content,
        _bounded(number(span.get(_VAL)), 1) if span is not None else 1,
        "" if merge is None else "restart" if merge.get(_VAL) == "restart" else "continue",
        said.get(_BORDERS),
    )


def is_all_printed(part: Element) -> bool:
    """Whether all rows and text leaves of a part of the file stand on paper, as in most files."""
    return next(part.iter(*_UNPRINTED), None) is None


def rows_of(table: Element, all_printed: bool) -> int:
    """How many `w:tr` are printed, counted without a look at their cells."""
    return int((_ROWS if all_printed else _PRINTED_ROWS)(table))


def letters_of(part: Element, all_printed: bool) -> int:
    """Letters and digits of all text leaves that are printed, counted without a look at rows and cells."""
    if all_printed:
        return letters("".join(_TEXT(part)))
    return 0 if _IN_UNPRINTED(part) else letters("".join(_TEXT(part))) - letters("".join(_UNPRINTED_TEXT(part)))


# --- laying out ----------------------------------------------------------------------------------------------------


def lay_out(table: WordTable) -> Layout:
    """Places every cell of the rows that are on paper."""
    widths = [number(column.get(W + "w")) or 0 for column in table.element.iterfind(f"{W}tblGrid/{W}gridCol")]
    rows = [row for row in table.rows if row.printed]
    slots = [_place_row(row, widths) for row in rows]
    grid_width = max(map(_end, slots), default=0)
    cells, irregular = _merge_down(slots)
    for index, (row, placed) in enumerate(zip(rows, slots, strict=True)):
        if not placed or _end(placed) + row.after != grid_width:
            irregular.add(index)
    cells, widths, grid_width = _on_used_edges(cells, widths, grid_width)
    edge = _join_edges(cells, widths, grid_width)
    cells = _moved(cells, edge)
    measured = len(widths) >= grid_width
    positions = dict(zip(edge.values(), accumulate(widths, initial=0), strict=False)) if measured else {}
    header_row = bool(rows) and rows[0].is_header
    return Layout(len(rows), edge[grid_width], cells, sorted(irregular), tuple(positions.values()), header_row)


def _place_row(row: WordRow, widths: Sequence[int]) -> list[_Slot]:
    column = row.before
    slots: list[_Slot] = []
    for cell in row.cells:
        slots.append((cell, column, cell.span))
        column += cell.span
    return _widened(row, slots, widths) if slots and column + row.after < len(widths) else slots


def _end(slots: Sequence[_Slot]) -> int:
    """Where a row ends; 0 for one without cells."""
    return slots[-1][1] + slots[-1][2] if slots else 0


def _bounded(count: int | None, least: int) -> int:
    return min(max(count or 0, least), _MAX_SPAN)


def _widened(row: WordRow, slots: list[_Slot], widths: Sequence[int]) -> list[_Slot]:
    """Spans of a row that is too short, from its cells' own widths, where these meet the edges of the grid."""
    edges = list(accumulate(widths, initial=0))
    result: list[_Slot] = []
    column = slots[0][1]
    position = edges[column]
    elements = [node for node in children(row.element) if node.tag == _CELL]
    for (cell, _, _), element in zip(slots, elements, strict=True):
        own = element.find(f"{W}tcPr/{W}tcW")
        width = number(own.get(W + "w")) if own is not None and own.get(W + "type", "dxa") == "dxa" else None
        position += width or 0
        end = min(range(len(edges)), key=lambda index: abs(edges[index] - position))
        if not width or end <= column or abs(edges[end] - position) > _SAME_EDGE:
            return slots
        result.append((cell, column, end - column))
        column = end
    return result


def _merge_down(rows: Sequence[Sequence[_Slot]]) -> tuple[list[GridCell], set[int]]:
    cells: list[GridCell] = []
    irregular: set[int] = set()
    merged: dict[int, list[WordCell]] = {}  # index of a cell that spans rows -> its parts below
    open_merges: dict[int, int] = {}  # column -> index of the cell that may go on below
    for index, row in enumerate(rows):
        going_on: dict[int, int] = {}
        for cell, column, span in row:
            if cell.merge:
                origin = open_merges.get(column)
                if cell.merge == "continue" and origin is not None and cells[origin].column_span <= span:
                    merged.setdefault(origin, []).append(cell)
                    going_on[column] = origin
                    continue
                if cell.merge == "continue":
                    irregular.add(index)
                going_on[column] = len(cells)
            cells.append(GridCell(index, column, 1, span, cell))
        open_merges = going_on
    for at, parts in merged.items():
        cells[at] = cells[at]._replace(row_span=1 + len(parts), below=parts)
    return cells, irregular


def _on_used_edges(cells: list[GridCell], widths: list[int], grid_width: int) -> tuple[list[GridCell], list[int], int]:
    """The cells on a grid without the edges that no cell has: rows that had them are gone, or stand apart now."""
    used = {0, grid_width}
    for cell in cells:
        used.add(cell.column)
        used.add(cell.column + cell.column_span)
    edges = sorted(used)
    known = len(widths) >= grid_width
    measured = [sum(widths[a:b]) for a, b in pairwise(edges)] if known else []
    return _moved(cells, {at: number for number, at in enumerate(edges)}), measured, len(edges) - 1


def _join_edges(cells: Sequence[GridCell], widths: Sequence[int], grid_width: int) -> dict[int, int]:
    """The new number of each grid edge, once the narrow columns are out that no cell stands in alone.

    Such columns are traces of an edge that was dragged in some rows.
    """
    known = widths if len(widths) >= grid_width else ()
    narrow = {column for column, width in enumerate(known[:grid_width]) if width <= _SAME_EDGE}
    starts = {(cell.column, cell.column + cell.column_span) for cell in cells} if narrow else set()
    edge = {at: at for at in range(grid_width + 1)}
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
_OTHER_NAME = {"left": "start", "right": "end"}  # Strict and newer writers


def is_ruled(table: WordTable, layout: Layout, styles: Styles) -> bool:
    """Whether lines are drawn around most cells that hold something; a line or two make no ruled table.

    Borders of the table (or its style) hold for cells that do not say otherwise.
    """
    properties = table.element.find(W + "tblPr")
    around = properties.find(W + "tblBorders") if properties is not None else None
    borders = firsts(around) if around is not None else _NO_BORDERS
    by_style = styles.ruled(value(properties, "tblStyle"))
    plain: dict[tuple[str, ...], bool] = {}  # cells without borders of their own, by where they stand
    ruled = 0
    for cell in layout.cells:
        places = _places(cell, layout)
        own = cell.first.borders
        if own is not None:
            ruled += _has_lines(firsts(own), borders, by_style, places)
            continue
        if places not in plain:
            plain[places] = _has_lines(_NO_BORDERS, borders, by_style, places)
        ruled += plain[places]
    return bool(layout.cells) and 2 * ruled >= len(layout.cells)


def _places(cell: GridCell, layout: Layout) -> tuple[str, ...]:
    """The names that the four sides of a cell have among the borders of its table."""
    return (
        "insideH" if cell.row > 0 else "top",
        "insideV" if cell.column > 0 else "left",
        "insideH" if cell.row + cell.row_span < layout.row_count else "bottom",
        "insideV" if cell.column + cell.column_span < layout.column_count else "right",
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
