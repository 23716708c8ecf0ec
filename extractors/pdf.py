"""PDF -> Document: drawn tables with their spans, paragraphs in reading order, places in points, page by page.

PDFium opens the file first: it says in milliseconds whether a file is damaged or locked, where pdfminer, below
pdfplumber, may search for minutes.
"""

import io

import pdfplumber
from pdfminer.psexceptions import PSException
from pdfplumber.utils.exceptions import MalformedPDFException, PdfminerException

from extractors.document import Document, Notice, Place, Source
from extractors.errors import Reason, SourceError
from extractors.pages import join_pages
from extractors.pdf_probe import PageText, look_through
from extractors.pdf_sheet import Sheet, read_sheet

MEDIA_TYPE = "application/pdf"


def read_pdf(source: Source, data: bytes) -> Document:
    """The document on paper; pages without a text layer worth the name are recognised as scans.

    Raises:
        SourceError: ENCRYPTED, DAMAGED, NO_TEXT when nothing is printed on any page; DEPENDENCY_MISSING for a scan
            where tesseract is missing.
    """
    pages = look_through(data)
    printed = sorted(number for number, text in pages.items() if text is PageText.PICTURE)
    digital = any(text is PageText.DIGITAL for text in pages.values())
    sheets = _read_sheets(data, set(printed)) if digital else []
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
    if not any(line.text for sheet in sheets for line in sheet.lines()):
        raise SourceError(Reason.NO_TEXT, "Tệp PDF không có chữ nào / there is no text in the PDF")
    return join_pages(source, MEDIA_TYPE, extractor, len(pages), sheets, notices)


def _implausible(page: int) -> Notice:
    message = (
        f"Lớp chữ của trang {page} không phải tiếng Việt đọc được, trang được nhận dạng từ hình / "
        f"the text layer of page {page} does not tell what is printed; recognised from its picture"
    )
    return Notice("text.implausible", message, Place(page))


def _read_sheets(data: bytes, skip: set[int]) -> list[Sheet]:
    try:
        with pdfplumber.open(io.BytesIO(data)) as document:
            sheets = []
            for page in document.pages:
                if page.page_number not in skip:
                    sheets.append(read_sheet(page))
                page.close()  # forgets the parsed objects: memory stays flat over long files
            return sheets
    except (PSException, PdfminerException, MalformedPDFException) as error:
        raise SourceError(
            Reason.DAMAGED, "Tệp PDF bị hỏng, không đọc được nội dung / the content of the PDF cannot be read"
        ) from error
