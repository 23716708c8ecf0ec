"""PDF -> Document: drawn tables with their spans, paragraphs in reading order, places in points, page by page.

PDFium reads each page once. What it is unsure of is read by pdfplumber, as is every page where the environment says
KEHOACH_PDF_ENGINE=pdfplumber: a second way to the same document, to compare with.
"""

import os
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from enum import Enum
from typing import TYPE_CHECKING

from extractors.document import Box, Document, Notice, Place, Source
from extractors.errors import Reason, SourceError
from extractors.pages import join_pages
from extractors.pdf_load import Loaded, load
from extractors.pdf_print import Print
from extractors.pdf_probe import PageText, open_pdf
from extractors.pdf_sheet import Sheet, read_sheet

if TYPE_CHECKING:
    from extractors.pdf_plumber import PlumberPages

MEDIA_TYPE = "application/pdf"


class Engine(Enum):
    """Who reads the letters and rules of a page."""

    PDFIUM = "pdfium"
    PDFPLUMBER = "pdfplumber"


def chosen_engine() -> Engine:
    """The engine that the environment names, PDFium where it names none."""
    return Engine(os.environ.get("KEHOACH_PDF_ENGINE", Engine.PDFIUM.value))


def read_pdf(source: Source, data: bytes, engine: Engine | None = None) -> Document:
    """The document on paper; pages without a text layer worth the name are recognised as scans.

    Raises:
        SourceError: ENCRYPTED, DAMAGED, NO_TEXT when nothing is printed on any page; DEPENDENCY_MISSING for a scan
            where tesseract is missing.
    """
    printed: list[int] = []
    sheets: list[Sheet] = []
    digital = False
    count = 0
    inserts: dict[int, tuple[Box, ...]] = {}
    for loaded in _pages(data, engine or chosen_engine()):
        count += 1
        digital = digital or loaded.kind is PageText.DIGITAL
        if loaded.page is None:
            printed.append(count)
        else:
            sheets.append(read_sheet(loaded.page))
            if loaded.inserts:
                inserts[count] = loaded.inserts
    if not digital:
        sheets = []
    extractor, notices = "pdf", tuple[Notice, ...]()
    if broken := [sheet.number for sheet in sheets if not sheet.plausible]:
        notices = tuple(map(_implausible, broken))
        printed = sorted((*printed, *broken))
        sheets = [sheet for sheet in sheets if sheet.plausible]
        digital = bool(sheets)
    if printed:
        from extractors.scan import read_pages  # loads OpenCV, which digital files do without

        scanned = read_pages(data, printed)
        extractor, notices = "pdf+scan" if digital else "scan", (*notices, *scanned.notices)
        sheets = sorted((*sheets, *scanned.sheets), key=lambda sheet: sheet.number)
    if inserts and digital:
        from extractors.scan_inserts import read_inserts

        sheets, told = read_inserts(data, inserts, sheets)
        notices = (*notices, *told)
    if not any(line.text for sheet in sheets for line in sheet.lines()):
        raise SourceError(Reason.NO_TEXT, "Tệp PDF không có chữ nào / there is no text in the PDF")
    return join_pages(source, MEDIA_TYPE, extractor, count, sheets, notices)


def _implausible(page: int) -> Notice:
    message = (
        f"Lớp chữ của trang {page} không phải tiếng Việt đọc được, trang được nhận dạng từ hình / "
        f"the text layer of page {page} does not tell what is printed; recognised from its picture"
    )
    return Notice("text.implausible", message, Place(page))


def _pages(data: bytes, engine: Engine) -> Iterator[Loaded]:
    """Each page; only a picture is without print. Nothing is kept of a page."""
    with closing(_Fallback(data)) as second, closing(open_pdf(data)) as document:
        for number in range(1, len(document) + 1):
            loaded = load(document, number)
            if loaded.kind is not PageText.PICTURE and (loaded.page is None or engine is Engine.PDFPLUMBER):
                loaded = replace(loaded, page=second.read(number))
            yield loaded


class _Fallback:
    """pdfplumber with the same file, opened for the first page that asks for it."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._pages: PlumberPages | None = None

    def read(self, number: int) -> Print:
        from extractors.pdf_plumber import PlumberPages  # loads pdfminer, which other files do without

        if self._pages is None:
            self._pages = PlumberPages(self._data)
        return self._pages.read(number)

    def close(self) -> None:
        if self._pages is not None:
            self._pages.close()
