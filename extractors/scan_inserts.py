"""Pictures on digital pages: a table that was pasted as a picture is recognised where it stands."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from statistics import mean

import numpy as np
import pypdfium2

from extractors.document import Box, Notice, Place
from extractors.errors import Reason, SourceError
from extractors.pdf_lines import Line, Turn
from extractors.pdf_rules import Grid
from extractors.pdf_sheet import Sheet
from extractors.scan_doubts import doubts, with_rivals
from extractors.scan_page import DPI
from extractors.scan_sheet import Picture, Reading, recognise, to_sheet
from extractors.scan_slips import mend_slips
from extractors.scan_words import INSTALL, Word

_MOST_A_PAGE = 24  # pictures; of those that may show a table, see `pdf_images.inserts`, three columns of eight fit
_MOST = 500  # pictures of a file, as many as a scan may have pages
_SENTENCES = 20  # words: what has fewer and no table is a seal, a signature, a chart or a photograph


def read_inserts(
    data: bytes, inserts: Mapping[int, Sequence[Box]], sheets: Sequence[Sheet]
) -> tuple[list[Sheet], list[Notice]]:
    """The sheets with what their pictures show, and what is to be told of the pictures.

    Args:
        inserts: places of pictures by page number, of pages that are among the sheets.
    """
    digital = {sheet.number: sheet for sheet in sheets if not sheet.scanned}
    places, notices = _chosen({number: boxes for number, boxes in inserts.items() if number in digital})
    try:
        readings = list(recognise(_pictures(data, places)))
    except SourceError as fault:
        if fault.reason is not Reason.DEPENDENCY_MISSING:
            raise
        return list(sheets), [*notices, *(_unread(number, box) for number, box in places)]
    kept: list[Reading] = []
    for (number, box), reading in zip(places, readings, strict=True):
        upright = digital[number].turn.quarters == 0 and reading.turn.quarters == 0
        if upright and (reading.grids or len(reading.rest) >= _SENTENCES):
            kept.append(_moved(reading, box, digital[number].turn))
        else:
            notices.append(_left_out(number, box, reading))
    mended = mend_slips(with_rivals(kept))
    notices += [*mended.notices, *doubts(mended.readings)]
    for reading in mended.readings:
        sheet = to_sheet(reading)
        digital[reading.number] = _joined(digital[reading.number], sheet)
        notices.append(_read(sheet))
    return [digital.get(sheet.number, sheet) for sheet in sheets], notices


def _chosen(inserts: Mapping[int, Sequence[Box]]) -> tuple[list[tuple[int, Box]], list[Notice]]:
    """The pictures that are read, the largest of each page, and a notice for each page that has more."""
    places: list[tuple[int, Box]] = []
    notices: list[Notice] = []
    for number, boxes in inserts.items():
        most = min(_MOST_A_PAGE, _MOST - len(places))
        largest = frozenset(sorted(boxes, key=_area, reverse=True)[:most])
        places += [(number, box) for box in boxes if box in largest]
        if len(boxes) > most:
            notices.append(_too_many(number, len(boxes), most))
    return places, notices


def _area(box: Box) -> float:
    return (box.x1 - box.x0) * (box.bottom - box.top)


def _pictures(data: bytes, places: Sequence[tuple[int, Box]]) -> Iterator[Picture]:
    """Each place as it is printed; labels upon a picture belong to it."""
    document = pypdfium2.PdfDocument(data)
    try:
        for number, box in places:
            page = document[number - 1]
            width, height = page.get_size()
            bitmap = page.render(scale=DPI / 72, crop=(box.x0, height - box.bottom, width - box.x1, box.top))
            pixels = np.ascontiguousarray(bitmap.to_numpy()[:, :, :3])
            bitmap.close()
            page.close()
            yield Picture(number, pixels, pixels.shape[1] * 72 / DPI, pixels.shape[0] * 72 / DPI)
    finally:
        document.close()


def _moved(reading: Reading, place: Box, turn: Turn) -> Reading:
    """What was read of a picture, where it stands on its page."""
    across, down = place.x0, place.top
    dx, dy = round(across * reading.unit), round(down * reading.unit)

    def words(those: Sequence[Word]) -> tuple[Word, ...]:
        return tuple(
            replace(word, x0=word.x0 + dx, x1=word.x1 + dx, top=word.top + dy, bottom=word.bottom + dy)
            for word in those
        )

    def box(one: Box) -> Box:
        return Box(one.x0 + across, one.top + down, one.x1 + across, one.bottom + down)

    def grid(one: Grid) -> Grid:
        return replace(
            one,
            box=box(one.box),
            xs=tuple(x + across for x in one.xs),
            ys=tuple(y + down for y in one.ys),
            cells=tuple(cell._replace(box=box(cell.box)) for cell in one.cells),
        )

    return replace(
        reading,
        turn=turn,
        grids=tuple(map(grid, reading.grids)),
        cells=tuple(tuple(map(words, cells)) for cells in reading.cells),
        rest=words(reading.rest),
    )


def _joined(sheet: Sheet, insert: Sheet) -> Sheet:
    """One page of both, from top to bottom."""
    pieces = sheet.pieces or sheet.rows
    rows = [*zip(sheet.rows, pieces, strict=True), *zip(insert.rows, insert.rows, strict=True)]
    rows.sort(key=lambda row: _top(row[0]))
    return replace(
        sheet,
        rows=tuple(row for row, _ in rows),
        pieces=tuple(piece for _, piece in rows) if sheet.pieces else (),
        grids=tuple(sorted((*sheet.grids, *insert.grids), key=lambda grid: (grid[0].box.top, grid[0].box.x0))),
    )


def _top(row: Sequence[Line]) -> float:
    return min(line.top for line in row)


def _read(sheet: Sheet) -> Notice:
    share = f"{mean(line.confidence for line in sheet.lines()):.0%}"
    return Notice(
        "picture.recognised",
        f"Ảnh trên trang {sheet.number} có chữ, nhận dạng từ hình, tin cậy {share}"
        f" / text of a picture on page {sheet.number} recognised, {share} sure",
        Place(sheet.number),
    )


def _left_out(number: int, box: Box, reading: Reading) -> Notice:
    return Notice(
        "picture.left_out",
        f"Ảnh trên trang {number} không có bảng hoặc đoạn văn đọc được"
        f" / a picture on page {number} shows neither a table nor sentences that can be read",
        Place(number, box),
        evidence=" ".join(word.text for word in reading.rest),
    )


def _too_many(number: int, count: int, most: int) -> Notice:
    return Notice(
        "picture.unread",
        f"Trang {number} có {count} ảnh có thể có chữ, chỉ đọc {most} ảnh lớn nhất"
        f" / page {number} has {count} pictures that may show text, only the largest {most} are read",
        Place(number),
    )


def _unread(number: int, box: Box) -> Notice:
    return Notice(
        "picture.unread",
        f"Ảnh trên trang {number} có thể có chữ, chưa đọc vì máy thiếu tesseract; cài bằng lệnh: {INSTALL}"
        f" / a picture on page {number} may show text; install tesseract with: {INSTALL}",
        Place(number, box),
    )
