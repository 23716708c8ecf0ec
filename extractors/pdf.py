"""PDF with a text layer -> Document: drawn tables with their spans, paragraphs in reading order, places in points.

PDFium opens the file first: it says in milliseconds whether a file is damaged or locked, where pdfminer, below
pdfplumber, may search for minutes.
"""

import io
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

import pdfplumber
import pypdfium2
from pdfminer.psexceptions import PSException
from pdfplumber.page import Page
from pdfplumber.utils.exceptions import MalformedPDFException, PdfminerException

from extractors.document import Block, Box, Cell, Document, Notice, Paragraph, Place, Source
from extractors.errors import Reason, SourceError
from extractors.grid import Part, join_blocks
from extractors.pdf_flow import (
    Beside,
    Flowed,
    Frame,
    Item,
    continues_over_page,
    extend_part,
    flow,
    frame_of,
    go_on_beside,
    split_beside,
    to_paragraph,
    to_part,
)
from extractors.pdf_lines import (
    Glyph,
    Line,
    LineEnds,
    Turn,
    join_lines,
    keeps_spaces,
    known_words,
    read_rows,
    undouble,
    wrap_joint,
)
from extractors.pdf_rules import Edge, Grid, GridCell, box_edges, find_grids
from extractors.repair import RepairLog

MEDIA_TYPE = "application/pdf"
_SIDE_GAP = 1.0
_OUTLINES = 200  # paths: a page without letters that draws more than rules draws its letters as outlines
_FEW_ON_IMAGE = 200  # on a page that a picture covers, a signature block ("Ký bởi ...") is all the text there is
_COVERED = 0.5  # of the page
_MARGIN = 0.1  # of the page height, where headers, footers and page numbers stand
_WRONG_PASSWORD = 4  # FPDF_ERR_PASSWORD of fpdfview.h
_UNSUPPORTED_SECURITY = 5  # FPDF_ERR_SECURITY


@dataclass(frozen=True, slots=True)
class Sheet:
    """One page as read: lines outside tables in rows, ruled tables, and the way back to the page's coordinates."""

    number: int
    turn: Turn
    rows: tuple[tuple[Line, ...], ...]
    grids: tuple[tuple[Grid, tuple[tuple[Line, ...], ...]], ...]

    def lines(self) -> Iterator[Line]:
        for row in self.rows:
            yield from row
        for _, cells in self.grids:
            for cell in cells:
                yield from cell


def read_pdf(source: Source, data: bytes) -> Document:
    """The document on paper.

    Raises:
        SourceError: ENCRYPTED, DAMAGED, or NO_TEXT when no page has a text layer worth the name (a scan).
    """
    unread = _look_through(data)
    sheets = _read_sheets(data, {number for number, why in unread.items() if why})
    ends = LineEnds(
        known_words(line for sheet in sheets for line in sheet.lines()),
        keeps_spaces(cell for sheet in sheets for cell in _filled_cells(sheet)),
    )
    repairs = RepairLog()
    sheets = _without_furniture(sheets)
    blocks, notices = _blocks(sheets, ends)
    joined = join_blocks(blocks)
    pages = tuple(
        Notice(
            "page.no_text",
            f"Trang {number} không có lớp chữ, chưa đọc được / page {number} has no text layer and was not read",
            Place(number),
        )
        for number, why in sorted(unread.items())
        if why
    )
    return Document(
        source=source,
        media_type=MEDIA_TYPE,
        extractor="pdf",
        page_count=len(unread),
        blocks=tuple(_clean(block, repairs) for block in joined.blocks),
        notices=(*pages, *notices, *joined.notices, *repairs.notices()),
    )


def _clean(block: Block, repairs: RepairLog) -> Block:
    if isinstance(block, Paragraph):
        return replace(block, text=repairs.clean(block.text))
    return replace(block, cells=tuple(replace(cell, text=repairs.clean(cell.text)) for cell in block.cells))


# --- opening -----------------------------------------------------------------------------------------------------


def _look_through(data: bytes) -> dict[int, bool]:
    """Page numbers, true for pages whose text is missing although something is printed on them."""
    if b"%%EOF" not in data[-2048:]:
        raise SourceError(Reason.DAMAGED, "Tệp PDF bị cắt cụt hoặc hỏng / the PDF is cut short or damaged")
    try:
        document = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        raise _source_error(error) from error
    try:
        unread = {number + 1: _lacks_text(document[number]) for number in range(len(document))}
    except pypdfium2.PdfiumError as error:
        raise _source_error(error) from error
    finally:
        document.close()
    if all(why is not False for why in unread.values()):
        raise SourceError(Reason.NO_TEXT, "Tệp PDF không có lớp chữ (bản quét) / the PDF has no text layer (a scan)")
    return {number: bool(why) for number, why in unread.items()}


def _source_error(error: pypdfium2.PdfiumError) -> SourceError:
    code = getattr(error, "err_code", None)
    if code in (_WRONG_PASSWORD, _UNSUPPORTED_SECURITY):
        return SourceError(Reason.ENCRYPTED, "Tệp PDF có mật khẩu / the PDF is protected by a password")
    return SourceError(Reason.DAMAGED, "Tệp PDF bị hỏng, không mở được / the PDF is damaged and cannot be opened")


def _lacks_text(page: Any) -> bool | None:
    """True: printed without text; False: has text; None: a blank page."""
    textpage = page.get_textpage()
    text = textpage.get_text_range()
    textpage.close()
    width, height = page.get_size()
    covered = 0.0
    drawn = 0
    for item in page.get_objects(max_depth=2):
        drawn += item.type == pypdfium2.raw.FPDF_PAGEOBJ_PATH
        if item.type == pypdfium2.raw.FPDF_PAGEOBJ_IMAGE:
            x0, y0, x1, y1 = item.get_bounds()
            covered = max(covered, abs(x1 - x0) * abs(y1 - y0) / (width * height))
    page.close()
    letters = sum(not c.isspace() for c in text)
    if letters >= (_FEW_ON_IMAGE if covered >= _COVERED else 1):
        return False
    if not letters and covered < 0.05 and drawn < _OUTLINES:
        return None
    return True


def _read_sheets(data: bytes, skip: set[int]) -> list[Sheet]:
    try:
        with pdfplumber.open(io.BytesIO(data)) as document:
            sheets = []
            for page in document.pages:
                if page.page_number not in skip:
                    sheets.append(_sheet(page))
                page.close()  # forgets the parsed objects: memory stays flat over long files
            return sheets
    except (PSException, PdfminerException, MalformedPDFException) as error:
        raise SourceError(
            Reason.DAMAGED, "Tệp PDF bị hỏng, không đọc được nội dung / the content of the PDF cannot be read"
        ) from error


# --- one page ----------------------------------------------------------------------------------------------------


def _sheet(page: Page) -> Sheet:
    width, height = float(page.width), float(page.height)
    raw = [_glyph(char) for char in page.chars if char["text"]]
    quarters = Counter(glyph.turned for glyph in raw if not glyph.text.isspace()).most_common(1)
    turn = Turn(quarters[0][0] if quarters else 0, width, height)
    glyphs = undouble([_turn_glyph(glyph, turn) for glyph in raw])
    grids = find_grids(list(_edges(page, turn)))
    inside: list[list[list[Glyph]]] = [[[] for _ in grid.cells] for grid in grids]
    outside: list[Glyph] = []
    for glyph in glyphs:
        spot = _spot(glyph, grids)
        if spot is None:
            outside.append(glyph)
        else:
            inside[spot[0]][spot[1]].append(glyph)
    tables = tuple(
        (grid, tuple(_cell_lines(cell) for cell in cells)) for grid, cells in zip(grids, inside, strict=True)
    )
    rows = tuple(tuple(row) for row in read_rows(outside, _SIDE_GAP)) if outside else ()
    return Sheet(page.page_number, turn, rows, tables)


def _glyph(char: dict[str, Any]) -> Glyph:
    a, b = char["matrix"][0], char["matrix"][1]
    turned = (0 if a > 0 else 2) if abs(a) >= abs(b) else (1 if b > 0 else 3)
    font = str(char["fontname"])
    return Glyph(
        text=str(char["text"]),
        x0=char["x0"],
        top=char["top"],
        x1=char["x1"],
        bottom=char["bottom"],
        bold=re.search(r"bold|black|heavy|-bd|demi", font, re.IGNORECASE) is not None,
        italic=re.search(r"italic|oblique", font, re.IGNORECASE) is not None,
        turned=turned,
    )


def _turn_glyph(glyph: Glyph, turn: Turn) -> Glyph:
    if not turn.quarters:
        return glyph
    box = turn.forward(Box(glyph.x0, glyph.top, glyph.x1, glyph.bottom))
    turned = (glyph.turned - turn.quarters) % 4
    return replace(glyph, x0=box.x0, top=box.top, x1=box.x1, bottom=box.bottom, turned=turned)


def _edges(page: Page, turn: Turn) -> Iterator[Edge]:
    for item in (*page.lines, *page.rects, *page.curves):
        box = turn.forward(Box(item["x0"], item["top"], item["x1"], item["bottom"]))
        straight = item["object_type"] != "curve" or len(item["pts"]) == 2
        area = (box.x1 - box.x0) * (box.bottom - box.top) / (turn.width * turn.height)
        if straight and area < 0.9 and not _is_white(item):
            yield from box_edges(box, bool(item["stroke"]))


def _is_white(item: dict[str, Any]) -> bool:
    """White on white paper: a background, not a rule."""
    color = item["stroking_color"] if item["stroke"] else item["non_stroking_color"]
    values = color if isinstance(color, (tuple, list)) else (color,)
    return len(values) in (1, 3) and all(isinstance(v, (int, float)) and v >= 0.99 for v in values)


def _spot(glyph: Glyph, grids: Sequence[Grid]) -> tuple[int, int] | None:
    """Table and cell in which the glyph's middle stands."""
    for number, grid in enumerate(grids):
        if not _holds(grid.box, glyph):
            continue
        for index, cell in enumerate(grid.cells):
            if _holds(cell.box, glyph):
                return number, index
    return None


def _holds(box: Box, glyph: Glyph) -> bool:
    return box.x0 <= glyph.across < box.x1 and box.top <= glyph.middle < box.bottom


def _cell_lines(glyphs: Sequence[Glyph]) -> tuple[Line, ...]:
    if not glyphs:
        return ()
    turned = Counter(glyph.turned for glyph in glyphs).most_common(1)[0][0]
    if turned:  # a heading written upwards in a narrow column
        turn = Turn(turned, 0.0, 0.0)
        glyphs = [_turn_glyph(glyph, turn) for glyph in glyphs]
    return tuple(line for row in read_rows(glyphs) for line in row)


# --- all pages ---------------------------------------------------------------------------------------------------


def _without_furniture(sheets: Sequence[Sheet]) -> list[Sheet]:
    """Leaves out running headers, footers and page numbers."""
    repeats: Counter[tuple[str, int]] = Counter()
    for sheet in sheets:
        repeats.update({key for row in sheet.rows for key in _margin_keys(row, sheet)})
    often = max(3, len(sheets) / 2) if len(sheets) > 3 else len(sheets)
    out = []
    for sheet in sheets:
        rows = tuple(
            row
            for row in sheet.rows
            if not (
                _is_page_number(row, sheet)
                or (len(sheets) > 1 and any(repeats[key] >= often for key in _margin_keys(row, sheet)))
            )
        )
        out.append(replace(sheet, rows=rows))
    return out


def _in_margin(row: Sequence[Line], sheet: Sheet) -> bool:
    height = sheet.turn.size[1]
    return row[0].bottom < _MARGIN * height or row[0].top > (1 - _MARGIN) * height


def _margin_keys(row: Sequence[Line], sheet: Sheet) -> list[tuple[str, int]]:
    if not _in_margin(row, sheet):
        return []
    text = re.sub(rf"\b0*{sheet.number}\b", "#", " ".join(line.text for line in row).casefold())
    return [(text, round(row[0].top / 3) + near) for near in (0, 1)]


def _is_page_number(row: Sequence[Line], sheet: Sheet) -> bool:
    """Forms: "2", "- 2 -", "Trang 2", "2/10", alone near the top or bottom edge and not at the left one."""
    text = " ".join(line.text for line in row)
    number = re.fullmatch(r"(?:trang\s*)?[-–]?\s*\d{1,3}\s*[-–]?(?:\s*/\s*\d{1,3})?", text, re.IGNORECASE)
    return number is not None and _in_margin(row, sheet) and row[0].x0 > 0.2 * sheet.turn.size[0]


def _blocks(sheets: Sequence[Sheet], ends: LineEnds) -> tuple[list[Paragraph | Part], list[Notice]]:
    """Items of all pages as blocks; what a page break cuts, paragraph or side-by-side block, is one again."""
    blocks: list[Paragraph | Part] = []
    end: Item | None = None  # what stands last on the page before
    end_frame = Frame(0.0, 0.0, 0.0)
    body = _shared_frame(sheets)
    for sheet in sheets:
        frame = body.get(sheet.turn.size, end_frame)
        items = _in_order(sheet, frame, ends)
        taken = 0
        if isinstance(end, Beside):
            taken, end = _go_on_beside(blocks, end, items, sheet)
        elif isinstance(end, Flowed):
            taken, end = _go_on_paragraph(blocks, end, items, (end_frame, frame), ends)
        blocks += [_block(item, sheet, frame, ends) for item in items[taken:]]
        if len(items) > taken:
            last = items[-1]
            end = None if isinstance(last, Part) else last
        end_frame = frame
    notices = [_irregular(grid, sheet) for sheet in sheets for grid, _ in sheet.grids if grid.irregular]
    return blocks, notices


def _go_on_paragraph(
    blocks: list[Paragraph | Part],
    end: Flowed,
    items: Sequence[Item | Part],
    frames: tuple[Frame, Frame],
    ends: LineEnds,
) -> tuple[int, Flowed]:
    first, paragraph = items[0] if items else None, blocks[-1]
    if not isinstance(first, Flowed) or not isinstance(paragraph, Paragraph):
        return 0, end
    if not continues_over_page(end, first, *frames):
        return 0, end
    joint = wrap_joint(end.last, first.first, frames[0].right, ends)
    whole = Flowed(end.text + joint + first.text, (end.first, *first.lines))
    blocks[-1] = replace(paragraph, text=whole.text)
    return 1, whole


def _go_on_beside(
    blocks: list[Paragraph | Part], end: Beside, items: Sequence[Item | Part], sheet: Sheet
) -> tuple[int, Beside]:
    left, right, taken = go_on_beside(end, items)
    part = blocks[-1]
    if not taken or not isinstance(part, Part):
        return 0, end
    whole = Beside((*end.left, *left), (*end.right, *right))
    blocks[-1] = extend_part(part, whole, (left, right), sheet.number, sheet.turn)
    return taken, whole


def _block(item: Item | Part, sheet: Sheet, frame: Frame, ends: LineEnds) -> Paragraph | Part:
    if isinstance(item, Part):
        return item
    if isinstance(item, Beside):
        return to_part(item, sheet.number, sheet.turn, ends)
    return to_paragraph(item, sheet.number, frame, sheet.turn)


def _irregular(grid: Grid, sheet: Sheet) -> Notice:
    return Notice(
        "table.irregular_grid",
        f"Bảng thiếu {grid.irregular} đường kẻ ô / {grid.irregular} cells of the table are not drawn closed",
        Place(sheet.number, sheet.turn.back(grid.box)),
    )


def _shared_frame(sheets: Sequence[Sheet]) -> dict[tuple[float, float], Frame]:
    """One text body for all pages of one size: a page with few lines does not show its own."""
    groups: dict[tuple[float, float], list[tuple[Line, ...]]] = {}
    for sheet in sheets:
        groups.setdefault(sheet.turn.size, []).extend(sheet.rows)
    return {size: frame_of(rows, size[0]) for size, rows in groups.items() if rows}


def _in_order(sheet: Sheet, frame: Frame, ends: LineEnds) -> list[Item | Part]:
    """Paragraphs and tables of one page from top to bottom; text never flows across a table."""
    out: list[Item | Part] = []
    rows = list(sheet.rows)
    for grid, cells in sheet.grids:
        above = [row for row in rows if row[0].top < grid.box.top]
        rows = rows[len(above) :]
        out.extend(flow(split_beside(above, frame), frame, ends))
        out.append(_part(sheet, grid, cells, ends))
    out.extend(flow(split_beside(rows, frame), frame, ends))
    return out


def _part(sheet: Sheet, grid: Grid, cells: Sequence[Sequence[Line]], ends: LineEnds) -> Part:
    padding = _padding(grid, cells)
    out = tuple(_cell(sheet, cell, lines, padding, ends) for cell, lines in zip(grid.cells, cells, strict=True))
    place = Place(sheet.number, sheet.turn.back(grid.box))
    return Part(len(grid.ys) - 1, len(grid.xs) - 1, out, grid.xs, place)


def _padding(grid: Grid, cells: Sequence[Sequence[Line]]) -> float:
    """Space between rule and text, as the nearest line of the table shows it; writers use the same left and right."""
    near = [line.x0 - cell.box.x0 for cell, lines in zip(grid.cells, cells, strict=True) for line in lines]
    return max(0.0, min(near, default=0.0))


def _filled_cells(sheet: Sheet) -> Iterator[tuple[Sequence[Line], float, float]]:
    """Lines of each cell with the bounds between which they were set."""
    for grid, cells in sheet.grids:
        padding = _padding(grid, cells)
        for cell, lines in zip(grid.cells, cells, strict=True):
            yield lines, cell.box.x0 + padding, cell.box.x1 - padding


def _cell(sheet: Sheet, cell: GridCell, lines: Sequence[Line], padding: float, ends: LineEnds) -> Cell:
    return Cell(
        text=join_lines(lines, cell.box.x0 + padding, cell.box.x1 - padding, ends),
        row=cell.row,
        column=cell.column,
        row_span=cell.row_span,
        column_span=cell.column_span,
        place=Place(sheet.number, sheet.turn.back(cell.box)),
        bold=bool(lines) and all(line.bold for line in lines),
    )
