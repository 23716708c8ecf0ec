"""Word files (.docx, .docm) -> Document: paragraphs and tables in reading order, as they are printed.

Tracked changes are read as accepted, hidden text is left out, list numbers are computed; each of these is told in a
notice. Headers of every page, footers and comments are not part of the text.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import count
from operator import attrgetter
from typing import NamedTuple
from zipfile import ZipFile

from extractors.collector import waiting_collector
from extractors.document import Block, Cell, Document, Notice, Paragraph, Seen, Source, Table
from extractors.docx_apart import apart
from extractors.docx_columns import in_columns, spaced
from extractors.docx_counts import Counts, is_all_of
from extractors.docx_fold import written
from extractors.docx_numbering import PLAIN_BULLETS, Numbering
from extractors.docx_package import UNREADABLE_PART, Package, damaged_part, open_package
from extractors.docx_plain import RowReader
from extractors.docx_seams import Seam, sew
from extractors.docx_styles import (
    ParagraphLook,
    ParagraphWords,
    Styles,
    heading_level,
    over,
    run_words,
    styles_of,
    value,
)
from extractors.docx_table import Layout, TableReader, WordTable, is_ruled
from extractors.docx_text import InlineReader, Piece, children, tidy
from extractors.docx_xml import Element, R, W
from extractors.errors import Reason, SourceError
from extractors.legacy_fonts import LegacyFonts, is_tcvn3, is_vni
from extractors.reconcile import letters, letters_of, lost, not_in, texts_of, without_marks
from extractors.repair import RepairLog, nfc

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"

_PAGE_NUMBER = re.compile(r"\W*(?:trang|page)?\W*\d*(?:\s*/\s*\d+)?\W*", re.IGNORECASE)


@waiting_collector()
def read_docx(source: Source, data: bytes, archive: ZipFile | None = None) -> Document:
    """Reads a Word file; `archive` is the same opened as a zip, where that has been done.

    Raises:
        SourceError: damaged, encrypted, too large, or without any text (a scan pasted into Word).
    """
    package = open_package(data, archive)
    reader = _Reader(package)
    blocks = reader.blocks()
    if not blocks:
        message = (
            "Tệp Word không có chữ nào (trống hoặc chỉ có ảnh) / the Word file holds no text (empty or only pictures)"
        )
        raise SourceError(Reason.NO_TEXT, message)
    return Document(source, MEDIA_TYPE, "docx", None, blocks, (*package.notices, *reader.notices()))


_PARAGRAPH, _TABLE = W + "p", W + "tbl"
_is_bold, _is_italic = attrgetter("bold"), attrgetter("italic")


class _Printed(NamedTuple):
    """A paragraph of the file as printed, with the text boxes anchored in it."""

    text: str
    bold: bool = False
    italic: bool = False
    look: ParagraphLook = ParagraphLook()
    boxes: Sequence[Element] = ()


class _Reader:
    """Walks the body of one document once; numbering, repairs and notices are counted on the way."""

    def __init__(self, package: Package) -> None:
        self._package = package
        self._styles, self._has_styles = _styles(package)
        self._numbering = Numbering(package.numbering.content if package.numbering is not None else None, self._styles)
        fonts = LegacyFonts(_in_old_fonts(package, self._styles))
        self._inline = InlineReader(self._styles, fonts, package.properties)
        self._reader = TableReader(RowReader(self._styles, self._inline, package.properties), package.properties)
        self._counts = Counts(package.properties.all_printed)
        self._repairs = RepairLog()
        self._tables = 0
        self._seams: dict[int, Seam] = {}
        self._notices: list[Notice] = []
        self._carried: Sequence[Piece] = ()
        self._looks: dict[ParagraphWords, ParagraphLook] = {}
        self._added = 0  # letters printed that are not in the file (list numbers), less those of repeated texts

    def blocks(self) -> tuple[Block, ...]:
        """Everything printed: the header of the first page alone, the body, then footnotes and endnotes."""
        body = self._package.document.find(W + "body")
        if body is None:
            return ()
        blocks = [*self._first_header(body)]
        added, hidden = self._added, len(self._inline.seen.hidden)
        read = list(self._read(children(body)))
        bare = without_marks("".join(texts_of(read)))
        if not is_all_of(body, bare):
            counted = self._printed_letters(self._counts.letters_of_body(body), added, hidden)
            self._notices += not_in(letters_of(bare), counted)
        blocks += read
        notes = list(self._notes())
        if notes:
            number = len(notes)
            message = f"{number} đoạn chú thích được đặt ở cuối / {number} footnote paragraphs stand at the end"
            self._notices.append(Notice("text.footnotes", message))
        sewn = sew([*blocks, *notes], self._seams)
        return self._counted(in_columns(sewn.blocks), sewn.moved)

    def _counted(self, blocks: Sequence[Block], moved: Mapping[int, tuple[int, int]]) -> tuple[Block, ...]:
        """Tables numbered in reading order, and the notices about them with them."""
        tables = [block for block in blocks if isinstance(block, Table)]
        now = {table.index: place for place, table in enumerate(tables) if table.index >= 0}

        def renumbered(notice: Notice) -> Notice:
            if notice.table_index is None:
                return notice
            whole, first_row = moved.get(notice.table_index, (notice.table_index, 0))
            row = None if notice.row is None else notice.row + first_row
            return replace(notice, table_index=now[whole], row=row)

        self._notices = list(map(renumbered, self._notices))
        for whole, first_row in moved.values():
            message = "Bảng bị ngắt trong tệp được nối lại / a table that is split in the file was joined"
            self._notices.append(Notice("table.part_joined", message, table_index=now[whole], row=first_row))
        places = count()
        return tuple(replace(block, index=next(places)) if isinstance(block, Table) else block for block in blocks)

    # -- blocks ---------------------------------------------------------------------------------------------------

    def _read(self, nodes: Sequence[Element]) -> Iterator[Block]:
        for at, node in enumerate(nodes):
            tag = node.tag
            if tag == _PARAGRAPH:
                printed = self._paragraph(nodes, at)
                if printed is None:
                    continue
                text, bold, italic, look, boxes = printed
                if text:
                    level = heading_level(look)
                    yield Paragraph(text, level=level, bold=bold, italic=italic, centered=bool(look.centered))
                for box in boxes:
                    yield from self._read(children(box))
            elif tag == _TABLE:
                yield from self._table(node)
            elif tag == W + "altChunk":
                message = (
                    "Một phần của tài liệu nằm trong tệp nhúng, chưa đọc / a part in an embedded file was not read"
                )
                self._notices.append(Notice("text.embedded_part", message))

    def _paragraph(self, nodes: Sequence[Element], at: int) -> _Printed | None:
        """A printed paragraph; None where its mark is deleted, so that its text begins the following paragraph."""
        words, pieces, boxes = self._inline.read(nodes[at])
        look = self._looks.get(words) or self._new_look(words)
        if self._carried:
            pieces = [*self._carried, *pieces]
            self._carried = ()
        if words.mark_deleted and not boxes:
            if at + 1 < len(nodes) and nodes[at + 1].tag == _PARAGRAPH:
                self._carried = pieces
                return None
            if not pieces:
                return None
        text = tidy(self._clean(pieces))
        label = self._label(look) if look.num_id else ""
        if label and (text or label not in PLAIN_BULLETS):  # an empty numbered cell is a number, a lone bullet nothing
            text = f"{label} {text.lstrip()}".rstrip()
            self._added += letters(label)
        return _Printed(text, *_all_over(pieces), look, boxes)

    def _clean(self, pieces: Sequence[Piece]) -> str:
        """The text of a paragraph in sound characters; letters that a repair adds or takes are counted."""
        written = pieces[0][0] if len(pieces) == 1 else "".join([text for text, _ in pieces])
        text = self._repairs.clean(written)
        if text is not written:
            self._added += letters(text) - letters(written)
        return text

    def _new_look(self, words: ParagraphWords) -> ParagraphLook:
        look = over(words.look(), self._styles.paragraph(words.style))
        self._looks[words] = look
        return look

    def _label(self, look: ParagraphLook) -> str:
        """The list number or bullet that Word prints in front; "" where there is none."""
        if look.num_id is None or look.num_id == "0":
            return ""
        level = look.list_level
        if look.list_style and level is None:
            level = self._numbering.level_of_style(look.num_id, look.list_style)
        return self._numbering.label(look.num_id, level or 0)

    # -- tables ---------------------------------------------------------------------------------------------------

    def _table(self, node: Element) -> Iterator[Block]:
        for table in apart(self._reader.read(node), self._reader, self._styles):
            yield from self._one_table(table)

    def _one_table(self, table: WordTable) -> Iterator[Block]:
        layout = self._reader.lay_out(table)
        if layout.column_count == 1 and _holds_table(layout):
            for cell in layout.cells:  # a frame around other content is no table of its own
                for part in (cell.first, *cell.below):
                    yield from self._read(self._reader.content(part))
            return
        index = self._tables
        self._tables += 1
        added, hidden = self._added, len(self._inline.seen.hidden)
        cells = tuple(self._cells(layout))
        if not any(cell.text for cell in cells):
            self._tables -= 1
            return
        for row in layout.irregular_rows:
            message = (
                f"Dòng {row + 1} của bảng có số ô khác các dòng khác / row {row + 1} does not fit the table's grid"
            )
            evidence = " | ".join(cell.text for cell in cells if cell.row == row and cell.text)
            self._notices.append(Notice("table.irregular_row", message, table_index=index, row=row, evidence=evidence))
        ruled = is_ruled(table, layout, self._styles)
        self._seams[index] = Seam(layout.edges, layout.header_row)
        bare = without_marks("".join([cell.text for cell in cells]))
        own = counted = letters_of(bare)
        if not self._counts.is_whole(table.element, bare, own):
            counted = self._printed_letters(self._counts.letters(table.element), added, hidden)
        on_paper = Seen(self._counts.rows(table.element), own + lost(counted, own))
        yield Table(index, layout.row_count, layout.column_count, cells, ruled=ruled, seen=on_paper)

    def _printed_letters(self, counted: int, added: int, hidden: int) -> int:
        """Letters that a part of the file prints; `added` and `hidden` say where its reading began.

        0 where old fonts spell one letter with two.
        """
        if self._inline.seen.recoded:
            return 0
        return counted + self._added - added - sum(map(letters, self._inline.seen.hidden[hidden:]))

    def _cells(self, layout: Layout) -> Iterator[Cell]:
        for row, column, row_span, column_span, first, below in layout.cells:
            if first.text is not None and (not below or all(part.text == "" for part in below)):
                yield Cell(first.text, row, column, row_span, column_span, bold=first.bold)
                continue
            lines = self._lines(self._reader.content(first))
            for part in below:
                more = self._lines(self._reader.content(part))
                if [line.text for line in more] != [line.text for line in lines]:
                    lines += more
                else:  # some writers repeat a merged text
                    self._added -= sum(letters(line.text) for line in more)
            text = lines[0].text if len(lines) == 1 else "\n".join([line.text for line in lines])
            bold = bool(lines) and all(map(_is_bold, lines))
            yield Cell(text, row, column, row_span, column_span, bold=bold)

    def _lines(self, nodes: Sequence[Element]) -> list[_Printed]:
        """The printed lines of a cell; a table inside gives a line for each of its rows."""
        lines: list[_Printed] = []
        for at, node in enumerate(nodes):
            tag = node.tag
            if tag == _PARAGRAPH:
                printed = self._paragraph(nodes, at)
                if printed is None:
                    continue
                if "\t" in printed.text:
                    lines.append(printed._replace(text=spaced(printed.text)))
                elif printed.text:
                    lines.append(printed)
                for box in printed.boxes:
                    lines += self._lines(children(box))
            elif tag == _TABLE:
                lines += self._nested(node)
        return lines

    def _nested(self, node: Element) -> Iterator[_Printed]:
        cells = tuple(self._cells(self._reader.lay_out(self._reader.read(node))))
        for row in sorted({cell.row for cell in cells}):
            texts = [cell.text for cell in cells if cell.row == row and cell.text]
            separator = "\n" if any("\n" in text for text in texts) else " "
            if texts:
                yield _Printed(separator.join(texts))

    # -- what stands outside the body -----------------------------------------------------------------------------

    def _first_header(self, body: Element) -> Iterator[Block]:
        """A header that only the first page has is printed once, above the text; others are only reported."""
        if not self._package.headers:
            return
        section = next(body.iter(W + "sectPr"), None)
        title_page = section.find(W + "titlePg") if section is not None else None
        first: Element | None = None
        if section is not None and title_page is not None and title_page.get(W + "val") not in ("0", "false", "off"):
            first = next(
                (
                    self._package.headers.get(reference.get(R + "id", ""))
                    for reference in section.iterchildren(W + "headerReference")
                    if reference.get(W + "type") == "first"
                ),
                None,
            )
        for header in self._package.headers.values():
            text = " ".join("".join(written(header, W + "t")).split())
            if header is not first and not _PAGE_NUMBER.fullmatch(text):
                message = "Đầu trang có chữ, không thuộc nội dung / the page header holds text outside the body"
                self._notices.append(Notice("text.page_header", message, evidence=self._repairs.clean(text)[:500]))
        if first is not None:
            for block in self._read(children(first)):
                if not isinstance(block, Paragraph) or not _PAGE_NUMBER.fullmatch(block.text):
                    yield block

    def _notes(self) -> Iterator[Block]:
        parts = {"footnote": self._package.footnotes, "endnote": self._package.endnotes}
        for kind, key in self._inline.seen.notes:
            root = parts[kind]
            nodes = root.iterchildren(W + kind) if root is not None else ()
            note = next((node for node in nodes if node.get(W + "id") == key), None)
            if note is not None:
                yield from self._read(children(note))

    def _damaged_parts(self) -> Iterator[Notice]:
        """Those that something refers to, which is known once all is read."""
        if self._package.styles is not None and (self._styles.is_damaged or not self._has_styles):
            yield damaged_part(self._package.styles.name)
        if self._package.numbering is not None and self._numbering.is_damaged:
            yield damaged_part(self._package.numbering.name)

    def notices(self) -> tuple[Notice, ...]:
        """What was left out or changed, one notice a kind."""
        seen = self._inline.seen
        notices = [*self._damaged_parts(), *self._notices, *self._repairs.notices()]
        if seen.deleted or seen.inserted:
            count = len(seen.deleted) + seen.inserted
            message = (
                f"Có {count} chỗ sửa chưa chấp nhận, đọc như đã chấp nhận / {count} tracked changes, read as accepted"
            )
            notices.append(
                Notice("tracked_changes", message, evidence=nfc("; ".join(filter(None, seen.deleted)))[:500])
            )
        if seen.hidden:
            message = (
                f"Có {len(seen.hidden)} đoạn chữ ẩn, không đọc / {len(seen.hidden)} stretches of hidden text left out"
            )
            notices.append(Notice("hidden_text", message, evidence=nfc("; ".join(seen.hidden))[:500]))
        if seen.recoded:
            count = len(seen.recoded)
            message = (
                f"Đã đổi {count} đoạn chữ phông cũ sang Unicode / {count} stretches in an old font read as Unicode"
            )
            notices.append(Notice("text.repaired", message, evidence=nfc(seen.recoded[0])[:500]))
        return tuple(notices)


def _all_over(pieces: Sequence[Piece]) -> tuple[bool, bool]:
    """Whether all that is written is bold, and whether all is italic."""
    looks = {look for text, look in pieces if not text.isspace()}
    return bool(looks) and all(map(_is_bold, looks)), bool(looks) and all(map(_is_italic, looks))


def _holds_table(layout: Layout) -> bool:
    parts = (part for cell in layout.cells for part in (cell.first, *cell.below) if part.text is None)
    return any(node.tag == _TABLE for part in parts for node in children(part.element))


def _styles(package: Package) -> tuple[Styles, bool]:
    """The styles, and whether they can be read."""
    try:
        return styles_of(package.styles), True
    except UNREADABLE_PART:
        return Styles(None), False


def _in_old_fonts(package: Package, styles: Styles) -> Iterable[tuple[str, str | None]]:
    """Runs with the font that they or their paragraph's style name, to judge old fonts by; few files have any."""
    properties = package.properties
    if properties.may_name_old_font or any(
        is_tcvn3(font) or is_vni(font)
        for font in (styles.paragraph_run(style).font for style in (None, *properties.paragraph_styles))
    ):
        yield from _fonted_text(package, styles)


def _fonted_text(package: Package, styles: Styles) -> Iterable[tuple[str, str | None]]:
    """Runs with the font that they or their paragraph's style name, to judge old fonts by."""
    properties = package.properties
    for part in package.texts:
        properties.unfold(part)
    for paragraph in package.document.iter(W + "p"):
        base = styles.paragraph_run(value(properties.of(paragraph, W + "pPr"), "pStyle")).font
        for run in paragraph.iterchildren(W + "r"):
            yield (
                "".join(leaf.text or "" for leaf in run.iterchildren(W + "t")),
                run_words(properties.of(run, W + "rPr")).font or base,
            )
