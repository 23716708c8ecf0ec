"""The grid of an HTML table: spans as browsers lay them out (HTML standard, 4.9.12 "forming a table")."""

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from itertools import takewhile

from extractors.document import Block, Cell, Paragraph, Table
from extractors.reconcile import letters, seen
from extractors.xlsx_layout import Entry, counted, lay_out
from extractors.xlsx_package import Area, Sheet

MAX_COLUMNS = 500
MAX_SLOTS = 1_000_000
_FEW = 3  # cells: as many fill a row of a table, fewer are letterhead and titles
_LETTERHEAD = 12  # rows
_PROSE = 1200  # characters: a cell with so much text in several paragraphs is a column of a page


@dataclass(slots=True)
class TagCell:
    """A `td` or `th` with the blocks that it holds."""

    row_span: int = 1
    column_span: int = 1
    bordered: bool = False
    blocks: list[Block] = field(default_factory=list)

    @property
    def paragraphs(self) -> list[Paragraph]:
        return [block for block in self.blocks if isinstance(block, Paragraph)]

    def text(self) -> str:
        return "\n".join(paragraph.text for paragraph in self.paragraphs)


@dataclass(slots=True)
class TagTable:
    """A `table` while it is read: rows by their section (head, body, foot)."""

    bordered: bool = False
    rows: list[tuple[int, list[TagCell]]] = field(default_factory=list)
    stray: list[Block] = field(default_factory=list)  # caption, text between cells

    def ordered(self) -> list[list[TagCell]]:
        """Rows as printed: the head first and the foot last, wherever the file has them."""
        return [row for _, row in sorted(self.rows, key=lambda item: item[0])]


def blocks_of(tag: TagTable) -> list[Block]:
    """What a table stands for: its caption, then a grid, or the contents of its cells where it only lays out a page."""
    rows = tag.ordered()
    cells = [cell for row in rows for cell in row]
    grid = None if _is_frame(rows, cells) else form_table(rows, tag.bordered)
    if grid is None:
        return [*tag.stray, *(block for cell in cells for block in cell.blocks)]
    return [*tag.stray, *_apart(grid)]


def _apart(table: Table) -> list[Block]:
    """A spreadsheet saved as a page is one table: its letterhead and titles, then the rows that fill the columns."""
    filled = [sum(cell.row == row for cell in table.cells) for row in range(min(table.row_count, _LETTERHEAD))]
    head = list(takewhile(lambda count: count < _FEW, filled))
    if table.column_count <= _FEW or 2 not in head or len(head) == table.row_count:
        return [table]
    half = table.column_count / 2
    entries = [
        Entry(
            Area(cell.row, cell.column, cell.row + cell.row_span - 1, cell.column + cell.column_span - 1),
            cell.text,
            cell.bold,
            centered=cell.column_span > half,
        )
        for cell in table.cells
    ]
    return [
        block
        if isinstance(block, Paragraph)
        else Table(
            -1, block.row_count, block.column_count, block.cells, ruled=block.ruled, seen=counted(entries, block)
        )
        for block in lay_out(Sheet("", ()), entries)
    ]


def _is_frame(rows: Sequence[Sequence[TagCell]], cells: Sequence[TagCell]) -> bool:
    """Whether a table holds other tables, a page's prose, or one column only."""
    if any(isinstance(block, Table) for cell in cells for block in cell.blocks):
        return True
    if len(rows) <= 2 and any(len(cell.paragraphs) > 5 and len(cell.text()) > _PROSE for cell in cells):
        return True
    return all(sum(bool(cell.blocks) for cell in row) <= 1 for row in rows) and max(map(len, rows), default=0) < 2


def form_table(rows: Sequence[Sequence[TagCell]], bordered: bool) -> Table | None:
    """The grid without empty rows and columns; `index` is given later. None where nothing is written in it."""
    placed: list[Cell] = []
    taken: set[tuple[int, int]] = set()
    ruled = written = 0
    for number, row in enumerate(rows):
        column = 0
        for cell in row:
            while (number, column) in taken:
                column += 1
            high = min(cell.row_span or len(rows), len(rows) - number)
            wide = _free(taken, number, column, min(cell.column_span, MAX_COLUMNS))
            if column >= MAX_COLUMNS or len(taken) + high * wide > MAX_SLOTS:
                high = wide = 1
            taken.update((r, c) for r in range(number, number + high) for c in range(column, column + wide))
            if cell.blocks:
                bold = all(paragraph.bold for paragraph in cell.paragraphs)
                placed.append(Cell(cell.text(), number, column, high, wide, bold=bold))
                written += 1
                ruled += cell.bordered
            column += wide
    if not placed:
        return None
    cells = _without_blanks(placed)
    height = max(cell.row + cell.row_span for cell in cells)
    width = max(cell.column + cell.column_span for cell in cells)
    filled = [[cell for cell in row if cell.blocks] for row in rows]
    on_paper = seen(cells, sum(map(bool, filled)), sum(letters(cell.text()) for row in filled for cell in row))
    return Table(-1, height, width, cells, ruled=bordered or 2 * ruled >= written or width > 2, seen=on_paper)


def _free(taken: set[tuple[int, int]], row: int, column: int, wide: int) -> int:
    """How much of a span is free: one that runs into a cell from above ends there."""
    return next((size for size in range(1, wide) if (row, column + size) in taken), wide)


def _without_blanks(cells: Sequence[Cell]) -> tuple[Cell, ...]:
    """The cells on the rows and columns in which one of them begins."""
    rows = sorted({cell.row for cell in cells})
    columns = sorted({cell.column for cell in cells})
    return tuple(
        replace(
            cell,
            row=bisect_left(rows, cell.row),
            column=bisect_left(columns, cell.column),
            row_span=bisect_left(rows, cell.row + cell.row_span) - bisect_left(rows, cell.row),
            column_span=bisect_left(columns, cell.column + cell.column_span) - bisect_left(columns, cell.column),
        )
        for cell in cells
    )
