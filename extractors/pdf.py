"""PDF -> Document: drawn tables with their spans, paragraphs in reading order, places in points, page by page.

PDFium reads each page once. What it is unsure of is read by pdfplumber, as is every page where the environment says
KEHOACH_PDF_ENGINE=pdfplumber: a second way to the same document, to compare with.
"""

import gc
import os
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, replace
from enum import Enum
from typing import TYPE_CHECKING

from extractors.collector import waiting_collector
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
# PDFium keeps what it has parsed until a document is closed: where many papers are bound in one file, each with fonts
# of its own, 0.1 MB a page. To open one takes it less time than a page.
_PAGES_OF_ONE = 100


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
    read = _read_digital(data, engine or chosen_engine())
    sheets, printed, digital = read.sheets, read.printed, read.digital
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
    if read.inserts and digital:
        from extractors.scan_inserts import read_inserts

        sheets, told = read_inserts(data, read.inserts, sheets)
        notices = (*notices, *told)
    if not any(line.text for sheet in sheets for line in sheet.lines()):
        raise SourceError(Reason.NO_TEXT, "Tệp PDF không có chữ nào / there is no text in the PDF")
    return join_pages(source, MEDIA_TYPE, extractor, read.count, sheets, notices)


@dataclass(frozen=True, slots=True)
class _Digital:
    """What can be read of a file without recognising letters, and the numbers of its pages that are pictures.

    `inserts` are the places of pictures on digital pages, by the number of the page.
    """

    count: int
    digital: bool
    sheets: list[Sheet]
    printed: list[int]
    inserts: dict[int, tuple[Box, ...]]


@waiting_collector()
def _read_digital(data: bytes, engine: Engine) -> _Digital:
    sheets: list[Sheet] = []
    printed: list[int] = []
    inserts: dict[int, tuple[Box, ...]] = {}
    digital = False
    count = 0
    for loaded in _pages(data, engine):
        count += 1
        digital = digital or loaded.kind is PageText.DIGITAL
        if loaded.page is None:
            printed.append(count)
        else:
            sheets.append(read_sheet(loaded.page))
            if loaded.inserts:
                inserts[count] = loaded.inserts
    return _Digital(count, digital, sheets if digital else [], printed, inserts)


def _implausible(page: int) -> Notice:
    message = (
        f"Lớp chữ của trang {page} không phải tiếng Việt đọc được, trang được nhận dạng từ hình / "
        f"the text layer of page {page} does not tell what is printed; recognised from its picture"
    )
    return Notice("text.implausible", message, Place(page))


def _pages(data: bytes, engine: Engine) -> Iterator[Loaded]:
    """Each page; only a picture is without print."""
    second = _Fallback(data)
    for number, loaded in enumerate(_loaded(data), 1):
        if loaded.kind is not PageText.PICTURE and (loaded.page is None or engine is Engine.PDFPLUMBER):
            loaded = replace(loaded, page=second.read(number))
        yield loaded


def _loaded(data: bytes) -> Iterator[Loaded]:
    """Each page as PDFium reads it, in a document that is opened anew before it has grown."""
    start, count = 0, 1
    while start < count:
        with closing(open_pdf(data)) as document:
            count = len(document)
            for number in range(start, min(start + _PAGES_OF_ONE, count)):
                yield load(document, number + 1)
        start += _PAGES_OF_ONE


class _Fallback:
    """pdfplumber with the same file, opened for the first page that asks for it."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._pages: PlumberPages | None = None

    def read(self, number: int) -> Print:
        from extractors.pdf_plumber import PlumberPages  # loads pdfminer, which other files do without

        if self._pages is None:
            self._pages = PlumberPages(self._data)
        read = self._pages.read(number)
        gc.collect(0)  # pdfminer makes cycles
        return read
