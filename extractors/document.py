"""The one document model of all formats: what stands on paper, where, in reading order.

Text is NFC and otherwise as written. A line break inside a text is a break on paper that means something (a
paragraph or `<br>` inside a cell, a new list line), never the soft wrap of a line or a page.
Boxes are PDF points (1/72 inch) from the page's top left corner, y downwards.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from extractors.quick import filled_open


@dataclass(frozen=True, slots=True)
class Source:
    """One input file: where it came from and what it holds."""

    uri: str
    sha256: str
    size: int

    @property
    def name(self) -> str:
        return self.uri.rsplit("/", 1)[-1]


@dataclass(frozen=True, slots=True)
class Box:
    x0: float
    top: float
    x1: float
    bottom: float


@dataclass(frozen=True, slots=True)
class Place:
    """Where something stands: page from 1 (None where the format has no pages), box where it is known."""

    page: int | None = None
    box: Box | None = None


NOWHERE = Place()


@dataclass(frozen=True, slots=True)
class Paragraph:
    """One paragraph outside tables, whole again where a line or page break cut it.

    `text` holds the printed list number or bullet at its start, also where Word computes it ("1.", "a)", "-").
    `level` is 0 for body text, 1.. for what the format itself marks as heading (Word style, Markdown '#').
    `bold` and `centered` are true when all of the paragraph is. `confidence` is 1.0 for text layers.
    """

    text: str
    place: Place = NOWHERE
    level: int = 0
    bold: bool = False
    italic: bool = False
    centered: bool = False
    confidence: float = 1.0


@filled_open
@dataclass(frozen=True, slots=True)
class Cell:
    """One cell of a table at its top left grid position; it may span rows and columns.

    `text` joins the cell's lines by "\\n" and includes computed list numbers. `place` is where the cell begins;
    `continued` are the places of its rest on later pages. `filled` marks a text that the extractor restored (for
    example a merged cell whose text stands on the page before). `confidence` is 1.0 for text layers.
    """

    text: str
    row: int
    column: int
    row_span: int = 1
    column_span: int = 1
    place: Place = NOWHERE
    continued: tuple[Place, ...] = ()
    filled: bool = False
    bold: bool = False
    confidence: float = 1.0

    def __hash__(self) -> int:
        return hash((self.row, self.column))  # no two cells of a table begin at one place, and they are hashed often


@dataclass(frozen=True, slots=True)
class Seen:
    """What a table holds on paper, counted beside the way in which its cells are read (extractors.reconcile).

    Repeated header rows and the second halves of cut rows, which are left out or joined by name, are not counted.
    """

    rows: int
    letters: int  # and digits


@dataclass(frozen=True, slots=True)
class Table:
    """A logical table: parts on several pages joined, header rows repeated at page tops left out.

    `index` counts the document's tables from 0 in reading order, layout tables included. Cells do not overlap;
    a grid position without a cell is an irregular grid and reads as empty. `ruled` is false for what is only laid
    out in columns (letterhead beside the national title, recipients beside the signature). `seen` is there where the
    format lets rows and letters be counted by another way.
    """

    index: int
    row_count: int
    column_count: int
    cells: tuple[Cell, ...]
    place: Place = NOWHERE
    ruled: bool = True
    seen: Seen | None = None

    def grid(self) -> tuple[tuple[Cell | None, ...], ...]:
        """Rows of slots; a slot under a merged cell holds that same cell (its row and column tell its origin)."""
        slots: list[list[Cell | None]] = [[None] * self.column_count for _ in range(self.row_count)]
        for cell in self.cells:
            if cell.row_span == cell.column_span == 1 and cell.row < self.row_count and cell.column < self.column_count:
                slots[cell.row][cell.column] = cell
                continue
            for row in range(cell.row, min(cell.row + cell.row_span, self.row_count)):
                for column in range(cell.column, min(cell.column + cell.column_span, self.column_count)):
                    slots[row][column] = cell
        return tuple(tuple(row) for row in slots)


@dataclass(frozen=True, slots=True)
class Notice:
    """What an extractor saw and a check may conclude from; never a conclusion itself.

    Codes: table.row_shifted · table.row_stitched · table.irregular_row · table.part_unjoined · text.outside_cells ·
    tracked_changes · hidden_text · page.no_text · page.missing · text.repaired ... (`<subject>.<form>`).
    """

    code: str
    message: str
    place: Place = NOWHERE
    table_index: int | None = None
    row: int | None = None
    evidence: str = ""


Block = Paragraph | Table


@dataclass(frozen=True, slots=True)
class Document:
    """A file as read: blocks in reading order. `extractor` names the route: text, docx, pdf."""

    source: Source
    media_type: str
    extractor: str
    page_count: int | None
    blocks: tuple[Block, ...]
    notices: tuple[Notice, ...] = ()

    def paragraphs(self) -> Iterator[Paragraph]:
        return (block for block in self.blocks if isinstance(block, Paragraph))

    def tables(self) -> Iterator[Table]:
        return (block for block in self.blocks if isinstance(block, Table))
