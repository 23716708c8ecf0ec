"""Pages of a PDF that have no text layer -> sheets, recognised from their picture."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from statistics import mean
from typing import Any

import numpy as np
import pypdfium2

from extractors.document import Notice, Place
from extractors.errors import Reason, SourceError
from extractors.pdf_sheet import Sheet
from extractors.scan_doubts import doubts, with_rivals
from extractors.scan_page import DPI
from extractors.scan_sheet import Picture, Reading, recognise, to_sheet
from extractors.scan_slips import mend_slips
from extractors.scan_words import tesseract

_COARSEST, FINEST = 100, 300  # dots an inch; finer scans only cost time
MOST_PAGES = 500  # a page takes seconds: with more the whole file would not be done within an hour
LARGEST = 150_000_000  # pixels: A3 at 600 dpi has 70 million, and a bomb many more


@dataclass(frozen=True, slots=True)
class Scanned:
    """Sheets of the pages that were recognised, and what was seen on the way."""

    sheets: tuple[Sheet, ...]
    notices: tuple[Notice, ...]


def read_pages(data: bytes, numbers: Sequence[int]) -> Scanned:
    """Pages of a PDF, by their numbers from 1, recognised from their picture.

    Raises:
        SourceError: DEPENDENCY_MISSING without tesseract; TOO_LARGE.
    """
    tesseract()
    if len(numbers) > MOST_PAGES:
        raise too_many(len(numbers))
    return join_readings(list(recognise(_pictures(data, numbers))))


def _pictures(data: bytes, numbers: Sequence[int]) -> Iterator[Picture]:
    document = pypdfium2.PdfDocument(data)
    try:
        for number in numbers:
            page = document[number - 1]
            width, height = page.get_size()
            bitmap = page.render(scale=_dots(page) / 72)
            yield Picture(number, np.ascontiguousarray(bitmap.to_numpy()[:, :, :3]), width, height)
            bitmap.close()
            page.close()
    finally:
        document.close()


def _dots(page: Any) -> float:
    """The resolution at which a page is drawn: that of its largest picture, so that no pixel is made up or lost."""
    width, height = page.get_size()
    found = [float(DPI)]
    for item in page.get_objects(filter=[pypdfium2.raw.FPDF_PAGEOBJ_IMAGE], max_depth=2):
        x0, y0, x1, y1 = item.get_bounds()
        across, down = item.get_px_size()
        if across * down > LARGEST:
            raise too_large()
        if abs(x1 - x0) * abs(y1 - y0) > 0.3 * width * height:
            found.append(72 * math.sqrt(across * down / (abs(x1 - x0) * abs(y1 - y0))))
    most = 72 * math.sqrt(LARGEST / 4 / (width * height))
    return min(max(found[-1], _COARSEST), FINEST, most)


def too_large() -> SourceError:
    return SourceError(Reason.TOO_LARGE, "Ảnh quá lớn, không đọc được / the picture is too large to be read")


def too_many(pages: int) -> SourceError:
    return SourceError(
        Reason.TOO_LARGE,
        f"Bản quét có {pages} trang, giới hạn {MOST_PAGES} trang; hãy tách thành nhiều tệp"
        f" / the scan has {pages} pages, the limit is {MOST_PAGES}; split the file",
    )


def join_readings(readings: Sequence[Reading]) -> Scanned:
    mended = mend_slips(with_rivals(readings))
    sheets = tuple(map(to_sheet, mended.readings))
    notices = [*mended.notices, *doubts(mended.readings)]
    for sheet, reading in zip(sheets, mended.readings, strict=True):
        place = Place(sheet.number)
        sure = [line.confidence for line in sheet.lines()]
        if reading.blank:
            continue
        if not sure:
            message = f"Trang {sheet.number} không nhận dạng được chữ / no text was recognised on page {sheet.number}"
            notices.append(Notice("page.no_text", message, place))
            continue
        share = f"{mean(sure):.0%}"
        message = (
            f"Trang {sheet.number} nhận dạng từ hình, tin cậy {share} / page {sheet.number} recognised, {share} sure"
        )
        notices.append(Notice("page.recognised", message, place))
        if sheet.turn.quarters:
            degrees = 90 * sheet.turn.quarters
            message = (
                f"Trang {sheet.number} quét xoay, đã xoay lại {degrees}° / page {sheet.number} turned by {degrees}°"
            )
            notices.append(Notice("page.turned", message, place))
    return Scanned(sheets, tuple(notices))
