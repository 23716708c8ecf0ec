"""The plain cells of a Word table, read in one pass over its elements.

Plain is a cell of paragraphs with runs of text, tabs and line breaks, as nearly all cells are: no list number, nothing
hidden, deleted or inserted, no footnote, drawing or table inside, no character to repair. All other cells are read by
extractors.docx, which gives the same for a plain one.
"""

from typing import NamedTuple

from extractors.docx_columns import spaced
from extractors.docx_fold import FOLD, Properties
from extractors.docx_styles import NO_PARAGRAPH_WORDS, NO_RUN_WORDS, ParagraphWords, Styles, firsts, number
from extractors.docx_text import SIGNS, InlineReader, opened, tidy
from extractors.docx_xml import Element, W
from extractors.repair import is_sound

_ROW, _CELL, _PARAGRAPH, _RUN, _TEXT = (W + name for name in ("tr", "tc", "p", "r", "t"))
_ROW_PROPERTIES, _CELL_PROPERTIES = W + "trPr", W + "tcPr"
_SPAN, _MERGE, _BORDERS, _VAL = (W + name for name in ("gridSpan", "vMerge", "tcBorders", "val"))
MAX_SPAN = 1000  # Word's own limit is 63 columns; a span beyond this is a damaged number
_BESIDE_ROWS = frozenset(W + name for name in ("tblPr", "tblGrid"))
_MARKS = frozenset(W + name for name in ("bookmarkStart", "bookmarkEnd", "proofErr", "lastRenderedPageBreak"))
_PRINTED = SIGNS | dict.fromkeys(_MARKS, "")


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


class PlainRow(NamedTuple):
    """A `w:tr` and its cells in order."""

    element: Element
    cells: list[WordCell]
    properties: Element | None


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


class _Whole(NamedTuple):
    """What a cell says that is one element, and whether it is bold; None: not plain."""

    words: CellWords
    bold: bool | None


class _WholeCells(dict[str | None, _Whole | None]):
    """The cells that are one element, by number; None for all others."""

    def __init__(self, properties: Properties, words: _CellWords, paragraphs: _Paragraphs) -> None:
        super().__init__({None: None})
        self._cells = properties.cells
        self._words = words
        self._paragraphs = paragraphs

    def __missing__(self, number: str) -> _Whole | None:
        cell = self._cells.get(number)
        if cell is None:
            whole = None
        else:
            runs = self._paragraphs[cell.paragraph]
            whole = _Whole(self._words[cell.cell], runs[cell.run] if runs is not None else None)
        self[number] = whole
        return whole


class RowReader:
    """Reads the rows of tables, and the text of their plain cells."""

    def __init__(self, styles: Styles, inline: InlineReader, properties: Properties) -> None:
        self._paragraphs = _Paragraphs(styles, inline)
        self._words = _CellWords(properties)
        self._whole = _WholeCells(properties, self._words, self._paragraphs)
        self._reads_text = not inline.fonts.present  # text in old fonts is repaired by runs

    def rows(self, table: Element) -> list[PlainRow]:
        """The rows of a `w:tbl` with their cells."""
        rows: list[PlainRow] = []
        for node in table:
            if node.tag == _ROW:
                rows.append(self._row(node))
            elif node.tag not in _BESIDE_ROWS:
                rows += [self._row(inner) for inner in opened(node) if inner.tag == _ROW]
        if not is_sound("\n".join([cell.text for row in rows for cell in row.cells if cell.text])):
            rows = [row._replace(cells=list(map(_if_sound, row.cells))) for row in rows]
        return rows

    def _row(self, row: Element) -> PlainRow:
        read = self._cell
        cells: list[WordCell] = []
        properties: Element | None = None
        for node in row:
            tag = node.tag
            if tag == _CELL:
                cells.append(read(node))
            elif tag == _ROW_PROPERTIES:
                properties = node if properties is None else properties
            elif tag not in _MARKS:
                cells += [read(inner) for inner in opened(node) if inner.tag == _CELL]
        return PlainRow(row, cells, properties)

    def _cell(self, cell: Element) -> WordCell:
        number = cell.get(FOLD)
        whole = self._whole[number]
        if whole is not None:
            words, bold = whole
            if bold is None:
                return WordCell(cell, words)
            text = cell.text or ""
            text = _with_line("", text) if "\t" in text or "\n" in text else text.strip()
            return WordCell(cell, words, text, bold and text != "")
        properties = next(cell.iterchildren(_CELL_PROPERTIES), None) if number is None else None
        words = self._words[number] if properties is None else cell_words(properties)
        read = self._text(cell) if self._reads_text else None
        return WordCell(cell, words) if read is None else WordCell(cell, words, *read)

    def _text(self, cell: Element) -> tuple[str, bool] | None:
        """The text of a cell, and whether it is bold; None where it is not plain."""
        lines = ""
        all_bold = True
        for paragraph in cell:
            if paragraph.tag != _PARAGRAPH or (runs := self._paragraphs[paragraph.get(FOLD)]) is None:
                return None
            text = ""
            for run in paragraph:
                if run.tag != _RUN:
                    if run.tag in _MARKS and not len(run):
                        continue
                    return None
                bold = runs[run.get(FOLD)]
                if bold is None:
                    return None
                for node in run:
                    tag = node.tag
                    if tag == _TEXT:
                        piece = node.text or ""
                        text += piece
                        all_bold = all_bold and (bold or not piece.strip())
                    elif tag in _PRINTED and not len(node):
                        text += _PRINTED[tag]
                    else:
                        return None
            if text:
                lines = _with_line(lines, text)
        return lines, all_bold and lines != ""


def _with_line(lines: str, text: str) -> str:
    """The lines of a cell with one more, as it is printed; nothing is printed of blanks."""
    if "\t" in text or "\n" in text:
        text = tidy(text)
    line = spaced(text) if "\t" in text else text.strip()
    return f"{lines}\n{line}" if lines and line else lines or line


def _if_sound(cell: WordCell) -> WordCell:
    """A cell; one with a character to repair is not plain."""
    return cell if is_sound(cell.text or "") else WordCell(cell.element, cell.words)
