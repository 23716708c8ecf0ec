"""The plain cells of a Word table, read in one pass over its elements without a look at their children one by one.

Plain is a cell of paragraphs with runs of text, tabs and line breaks, as nearly all cells are: no list number, nothing
hidden, deleted or inserted, no footnote, drawing or table inside, no character to repair. All other cells are read by
extractors.docx, which gives the same for a plain one.
"""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from extractors.docx_columns import spaced
from extractors.docx_fold import FOLD, Properties
from extractors.docx_styles import NO_PARAGRAPH_WORDS, NO_RUN_WORDS, ParagraphWords, Styles, firsts, number
from extractors.docx_text import SIGNS, InlineReader, children, tidy
from extractors.docx_xml import Element, W
from extractors.repair import is_sound

_ROW, _CELL, _PARAGRAPH, _RUN, _TEXT = (W + name for name in ("tr", "tc", "p", "r", "t"))
_ROW_PROPERTIES, _CELL_PROPERTIES = W + "trPr", W + "tcPr"
_SPAN, _MERGE, _BORDERS, _VAL = (W + name for name in ("gridSpan", "vMerge", "tcBorders", "val"))
MAX_SPAN = 1000  # Word's own limit is 63 columns; a span beyond this is a damaged number
_NEXT = frozenset((_CELL, _ROW))
_PRINTED = SIGNS | dict.fromkeys(
    (W + name for name in ("bookmarkStart", "bookmarkEnd", "proofErr", "lastRenderedPageBreak")), ""
)


class CellWords(NamedTuple):
    """What a `w:tcPr` says."""

    span: int = 1
    merge: str = ""  # "" | restart | continue
    borders: Element | None = None


class WordCell(NamedTuple):
    """A `w:tc`: what its properties say, and its text where it is plain."""

    element: Element
    words: CellWords
    text: str | None = None
    bold: bool = False

    @property
    def content(self) -> Sequence[Element]:
        """What it holds."""
        return children(self.element)


class PlainRow(NamedTuple):
    """A `w:tr` and its cells in order."""

    element: Element
    cells: list[WordCell]
    properties: Element | None = None


class _CellWords(dict[str | None, CellWords]):
    """What cells say of themselves, by the number of their properties."""

    def __init__(self, properties: Properties) -> None:
        super().__init__({None: CellWords()})
        self._elements = properties.elements

    def __missing__(self, number: str) -> CellWords:
        words = self[number] = cell_words(self._elements[number])
        return words


def cell_words(properties: Element) -> CellWords:
    """Reads a `w:tcPr`."""
    said = firsts(properties)
    span, merge = said.get(_SPAN), said.get(_MERGE)
    return CellWords(
        min(max(number(span.get(_VAL)) or 0, 1), MAX_SPAN) if span is not None else 1,
        "" if merge is None else "restart" if merge.get(_VAL) == "restart" else "continue",
        said.get(_BORDERS),
    )


class _Bold(dict[str | None, bool | None]):
    """Whether runs of a paragraph are bold, by the number of their properties; None: nothing for a plain cell."""

    def __init__(self, style: str | None, inline: InlineReader) -> None:
        super().__init__()
        self._style = style
        self._inline = inline

    def __missing__(self, number: str | None) -> bool | None:
        look = self._inline.looks(self._style)[number or NO_RUN_WORDS]
        bold = self[number] = None if look.hidden else bool(look.bold)
        return bold


class _NoRuns(dict[str | None, bool | None]):
    """A run outside of paragraphs is nothing for a plain cell."""

    def __missing__(self, _number: str | None) -> bool | None:
        return None


_NO_RUNS = _NoRuns()


class _Paragraphs(dict[str | None, _Bold | None]):
    """The runs of paragraphs, by the number of the paragraph's properties; None: nothing for a plain cell."""

    def __init__(self, styles: Styles, inline: InlineReader) -> None:
        super().__init__()
        self._styles = styles
        self._inline = inline

    def __missing__(self, number: str | None) -> _Bold | None:
        words = self._inline.paragraph_words[number] if number is not None else NO_PARAGRAPH_WORDS
        runs = self[number] = None if words.mark_deleted or self._listed(words) else _Bold(words.style, self._inline)
        return runs

    def _listed(self, words: ParagraphWords) -> bool:
        number = words.num_id if words.num_id is not None else self._styles.paragraph(words.style).num_id
        return bool(number) and number != "0"


class RowReader:
    """Reads the rows of tables, and the text of their plain cells."""

    def __init__(self, styles: Styles, inline: InlineReader, properties: Properties) -> None:
        self._paragraphs = _Paragraphs(styles, inline)
        self._words = _CellWords(properties)
        self._reads_text = not inline.fonts.present  # text in old fonts is repaired by runs

    def rows(self, table: Element) -> list[PlainRow]:
        """The rows of a `w:tbl` with their cells."""
        plain = self._in_one_pass(table) if self._reads_text else None
        if plain is not None:
            return plain
        return [self._unread_row(node) for node in children(table) if node.tag == _ROW]

    def _unread_row(self, row: Element) -> PlainRow:
        cells = [self._unread(node) for node in children(row) if node.tag == _CELL]
        return PlainRow(row, cells, next(row.iterchildren(_ROW_PROPERTIES), None))

    def _in_one_pass(self, table: Element) -> list[PlainRow] | None:
        """None where something stands between table, rows and cells, or a table in a cell."""
        rows: list[PlainRow] = []
        row: Element | None = None
        cells: list[WordCell] = []
        to_check = True  # something uncommon was met: what follows may stand in it
        nodes = iter(table.iter())
        next(nodes)  # the table itself
        node = next(nodes, None)
        while node is not None:
            tag = node.tag
            if tag == _CELL:
                if row is None or (to_check and node.getparent() is not row):
                    return None
                cell, node, to_check = self._cell(node, nodes)
                cells.append(cell)
                continue
            if tag == _ROW:
                if to_check and node.getparent() is not table:
                    return None
                row, cells, to_check = node, [], False
                rows.append(PlainRow(row, cells))
            else:
                to_check = True
                if tag == _ROW_PROPERTIES and node.getparent() is row and row is not None and not cells:
                    rows[-1] = PlainRow(row, cells, node)
            node = next(nodes, None)
        return _sound(rows)

    def _cell(self, cell: Element, nodes: Iterator[Element]) -> tuple[WordCell, Element | None, bool]:
        """A cell of which nothing was read yet, the row or cell that follows, and whether anything uncommon was met."""
        paragraphs = self._paragraphs
        following = None
        text = lines = ""
        all_bold = True
        bold: bool | None = False
        runs: _Bold | _NoRuns = _NO_RUNS
        for node in nodes:
            tag = node.tag
            if tag == _TEXT:
                piece = node.text or ""
                text += piece
                all_bold = all_bold and (bold or not piece.strip())
            elif tag == _RUN:
                bold = runs[node.get(FOLD)]
                if bold is None:
                    return self._passed_by(cell, nodes)
            elif tag == _PARAGRAPH:
                if text:
                    lines, text = _with_line(lines, text), ""
                known = paragraphs[node.get(FOLD)]
                if known is None:
                    return self._passed_by(cell, nodes)
                runs = known
            elif tag in _NEXT:
                following = node
                break
            elif tag in _PRINTED:
                text += _PRINTED[tag]
            else:
                return self._passed_by(cell, nodes)
        text = _with_line(lines, text) if lines or "\t" in text or "\n" in text else text.strip()
        return WordCell(cell, self._words[cell.get(FOLD)], text, all_bold and text != ""), following, False

    def _passed_by(self, cell: Element, nodes: Iterator[Element]) -> tuple[WordCell, Element | None, bool]:
        """A cell that is not plain."""
        return self._unread(cell), next((node for node in nodes if node.tag in _NEXT), None), True

    def _unread(self, cell: Element) -> WordCell:
        number = cell.get(FOLD)
        properties = next(cell.iterchildren(_CELL_PROPERTIES), None) if number is None else None
        return WordCell(cell, self._words[number] if properties is None else cell_words(properties))


def _with_line(lines: str, text: str) -> str:
    """The lines of a cell with one more, as it is printed; nothing is printed of blanks."""
    if "\t" in text or "\n" in text:
        text = tidy(text)
    line = spaced(text) if "\t" in text else text.strip()
    return f"{lines}\n{line}" if lines and line else lines or line


def _sound(rows: list[PlainRow]) -> list[PlainRow]:
    """The rows; a cell with a character to repair is not plain."""
    if is_sound("\n".join([cell.text for _, cells, _ in rows for cell in cells if cell.text])):
        return rows
    return [
        row._replace(cells=[cell if is_sound(cell.text or "") else WordCell(*cell[:2]) for cell in row.cells])
        for row in rows
    ]
