"""Sheets of all pages -> Document: what a page break cuts is whole again, running headers and page numbers left out.

Shared by everything with pages: digital PDF, scans, pictures.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from extractors.collector import waiting_collector
from extractors.document import Block, Box, Cell, Document, Notice, Paragraph, Place, Source
from extractors.grid import join_blocks
from extractors.grid_parts import Part
from extractors.page_numbers import missing_pages
from extractors.pdf_borderless import CONFIDENCE, with_aligned
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
from extractors.pdf_lines import KnownWords, Line, LineEnds, is_bold, join_lines, keeps_spaces, wrap_joint
from extractors.pdf_rules import Grid, GridCell
from extractors.pdf_sheet import Sheet, without_furniture
from extractors.reconcile import after_repair, letters, seen, unread
from extractors.repair import RepairLog, is_sound
from extractors.scan_numbers import mend_numbers
from extractors.torn import KIND as TORN
from extractors.torn import join_torn, may_be_torn


@waiting_collector()
def join_pages(
    source: Source,
    media_type: str,
    extractor: str,
    page_count: int,
    sheets: Sequence[Sheet],
    notices: Sequence[Notice] = (),
) -> Document:
    """The document that the sheets show; they are in page order, unread pages are not among them."""
    words = KnownWords(line for sheet in sheets for line in sheet.lines())
    digital = [sheet for sheet in sheets if not sheet.scanned]
    ends = LineEnds(words, keeps_spaces(cell for sheet in digital for cell in _filled_cells(sheet)))
    repairs = RepairLog()
    for sheet in sheets:
        for kind, sample in sheet.repairs:
            repairs.note(kind, sample)
    kept = with_aligned(without_furniture(sheets))
    blocks, irregular = _blocks(kept, ends)
    counted = letters("".join([line.text for sheet in kept for line in sheet.lines()]))
    joined = join_blocks(blocks)
    scanned = frozenset(sheet.number for sheet in sheets if sheet.scanned)
    whole, mended = mend_numbers(joined.blocks, scanned) if scanned else (joined.blocks, ())
    return Document(
        source=source,
        media_type=media_type,
        extractor=extractor,
        page_count=page_count,
        blocks=_cleaned(whole, repairs),
        notices=(
            *notices,
            *missing_pages(sheets, page_count),
            *unread(counted, blocks),
            *irregular,
            *joined.notices,
            *mended,
            *repairs.notices(),
        ),
    )


def _cleaned(blocks: Sequence[Block], repairs: RepairLog) -> tuple[Block, ...]:
    if _is_clean("\n".join([block.text for block in blocks if isinstance(block, Paragraph)])):
        return tuple([block if isinstance(block, Paragraph) else _clean(block, repairs) for block in blocks])
    return tuple([_clean(block, repairs) for block in blocks])


def _clean(block: Block, repairs: RepairLog) -> Block:
    if isinstance(block, Paragraph):
        text = _clean_text(block.text, repairs)
        return block if text is block.text else replace(block, text=text)
    if _is_clean("\n".join([cell.text for cell in block.cells])):
        return block
    texts = [_clean_text(cell.text, repairs) for cell in block.cells]
    if all(text is cell.text for text, cell in zip(texts, block.cells, strict=True)):
        return block
    cells = tuple(replace(cell, text=text) for cell, text in zip(block.cells, texts, strict=True))
    return after_repair(block, replace(block, cells=cells))


def _is_clean(text: str) -> bool:
    """Whether there is nothing to repair in any line of a text; cheap for many short ones at once."""
    return is_sound(text) and not may_be_torn(text)


def _clean_text(text: str, repairs: RepairLog) -> str:
    """The repaired text; the very same object where nothing is to be repaired."""
    text = repairs.clean(text)
    joined = join_torn(text)
    if joined != text:
        repairs.note(TORN, joined)
    return joined


# --- all pages ---------------------------------------------------------------------------------------------------


def _blocks(sheets: Sequence[Sheet], ends: LineEnds) -> tuple[list[Paragraph | Part], list[Notice]]:
    """Items of all pages as blocks; what a page break cuts, paragraph or side-by-side block, is one again."""
    blocks: list[Paragraph | Part] = []
    end: Item | None = None  # what stands last on the page before
    end_frame, end_format = Frame(0.0, 0.0, 0.0), (0, 0)
    body = _shared_frame(sheets)
    for sheet in sheets:
        frame = body.get(sheet.format, end_frame)
        own = replace(ends, keeps_spaces=False) if sheet.scanned else ends
        items = _in_order(sheet, frame, own)
        taken = 0
        if isinstance(end, Beside) and sheet.format == end_format:
            taken, end = _go_on_beside(blocks, end, items, sheet)
        elif isinstance(end, Flowed):
            taken, end = _go_on_paragraph(blocks, end, items, (end_frame, frame), own)
        blocks += [_block(item, sheet, frame, own) for item in items[taken:]]
        if len(items) > taken:
            last = items[-1]
            end = None if isinstance(last, Part) else last
        end_frame, end_format = frame, sheet.format
    notices = [_irregular(grid, sheet) for sheet in sheets for grid, _ in sheet.grids if grid.irregular]
    notices += [_stamped(text, sheet) for sheet in sheets for text in sheet.stamps]
    notices += [_borderless(grid, sheet) for sheet in sheets for grid, _ in sheet.grids if not grid.drawn]
    notices += [_unread_columns(sheet.columns, sheet) for sheet in sheets if sheet.columns]
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


def _stamped(text: str, sheet: Sheet) -> Notice:
    message = "Chữ của chữ ký số đã để ngoài văn bản / words of a digital signature left out of the text"
    return Notice("text.stamp", message, Place(sheet.number), evidence=text[:200])


def _borderless(grid: Grid, sheet: Sheet) -> Notice:
    return Notice(
        "table.borderless",
        "Bảng không kẻ khung: cột suy ra từ chữ thẳng hàng, cần đối chiếu / "
        "table without rules: its columns are inferred from text that stands in line",
        Place(sheet.number, sheet.turn.back(grid.box)),
    )


def _unread_columns(box: Box, sheet: Sheet) -> Notice:
    return Notice(
        "table.unread_columns",
        "Chữ xếp thành cột nhưng không đọc được thành bảng, cần đối chiếu / "
        "text in columns that could not be read as a table",
        Place(sheet.number, sheet.turn.back(box)),
    )


def _shared_frame(sheets: Sequence[Sheet]) -> dict[tuple[int, int], Frame]:
    """One text body for all pages of one size: a page with few lines does not show its own."""
    groups: dict[tuple[int, int], list[Sheet]] = {}
    for sheet in sheets:
        groups.setdefault(sheet.format, []).append(sheet)
    rows = {size: [row for sheet in group for row in sheet.rows] for size, group in groups.items()}
    return {size: frame_of(rows[size], group[0].turn.size[0]) for size, group in groups.items() if rows[size]}


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
    out = tuple([_cell(sheet, cell, lines, padding, ends) for cell, lines in zip(grid.cells, cells, strict=True)])
    place = Place(sheet.number, sheet.turn.back(grid.box))
    if not grid.drawn:
        out = tuple(replace(cell, confidence=min(cell.confidence, CONFIDENCE)) for cell in out)
    bands, columns = len(grid.ys) - 1, len(grid.xs) - 1
    counted = seen(out, bands, letters("".join([line.text for lines in cells for line in lines])))
    return Part(bands, columns, out, grid.xs, place, ruled=grid.drawn, aligned=not grid.drawn, seen=counted)


def _padding(grid: Grid, cells: Sequence[Sequence[Line]]) -> float:
    """Space between rule and text, as the nearest line of the table shows it; writers use the same left and right."""
    near = [line.x0 - cell.box.x0 for cell, lines in zip(grid.cells, cells, strict=True) for line in lines]
    return max(0.0, min(near, default=0.0))


def _filled_cells(sheet: Sheet) -> Iterator[tuple[Sequence[Line], float, float]]:
    """Lines of each cell that has several, with the bounds between which they were set."""
    for grid, cells in sheet.grids:
        padding = _padding(grid, cells)
        for cell, lines in zip(grid.cells, cells, strict=True):
            if len(lines) > 1:
                yield lines, cell.box.x0 + padding, cell.box.x1 - padding


def _cell(sheet: Sheet, cell: GridCell, lines: Sequence[Line], padding: float, ends: LineEnds) -> Cell:
    box, row, column, row_span, column_span = cell
    place = Place(sheet.number, sheet.turn.back(box))
    if not lines:
        return Cell("", row, column, row_span, column_span, place)
    line = lines[0]
    text, bold, confidence = line.text, line.bold, line.confidence
    if len(lines) > 1:
        text = join_lines(lines, box.x0 + padding, box.x1 - padding, ends)
        bold = all(map(is_bold, lines))
        confidence = min([line.confidence for line in lines])
    return Cell(text, row, column, row_span, column_span, place, bold=bold, confidence=confidence)
