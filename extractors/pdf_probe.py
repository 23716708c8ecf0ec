"""A PDF opened by PDFium, and which of its pages have a text layer."""

import unicodedata
from enum import Enum

import pypdfium2

from extractors.errors import Reason, SourceError

MAX_PAGES = 2_000  # a plan has tens of pages, a bound volume of them some hundred
_FEW_ON_IMAGE = 200  # on a page that a picture covers, a signature block ("Ký bởi ...") is all the text there is
_ACCENTED = 0.08  # of the letters; Vietnamese prose has a quarter and more, a table of figures and names a tenth
COVERED = 0.5  # of the page
_OUTLINES = 200  # paths: a page without letters that draws more than rules draws its letters as outlines
_WRONG_PASSWORD = 4  # FPDF_ERR_PASSWORD of fpdfview.h
_UNSUPPORTED_SECURITY = 5  # FPDF_ERR_SECURITY


class PageText(Enum):
    """What of a page can be read without recognising letters."""

    DIGITAL = "its text layer"
    PICTURE = "nothing, although something is printed on it"
    BLANK = "nothing, it is blank"


def open_pdf(data: bytes) -> pypdfium2.PdfDocument:
    """The file, opened by PDFium; to be closed by the caller.

    Raises:
        SourceError: DAMAGED, ENCRYPTED, TOO_LARGE.
    """
    if b"%%EOF" not in data[-2048:]:
        raise SourceError(Reason.DAMAGED, "Tệp PDF bị cắt cụt hoặc hỏng / the PDF is cut short or damaged")
    try:
        document = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        raise _source_error(error) from error
    if (pages := len(document)) > MAX_PAGES:
        document.close()
        raise _too_many(pages)
    return document


def _source_error(error: pypdfium2.PdfiumError) -> SourceError:
    code = getattr(error, "err_code", None)
    if code in (_WRONG_PASSWORD, _UNSUPPORTED_SECURITY):
        return SourceError(Reason.ENCRYPTED, "Tệp PDF có mật khẩu / the PDF is protected by a password")
    return damaged()


def damaged() -> SourceError:
    return SourceError(Reason.DAMAGED, "Tệp PDF bị hỏng, không mở được / the PDF is damaged and cannot be opened")


def _too_many(pages: int) -> SourceError:
    return SourceError(
        Reason.TOO_LARGE,
        f"Tệp PDF có {pages} trang, giới hạn {MAX_PAGES} trang; hãy tách thành nhiều tệp"
        f" / the PDF has {pages} pages, the limit is {MAX_PAGES}; split the file",
    )


def judge(text: str, covered: float, drawn: int) -> PageText:
    """What of a page can be read, from its painted text, the share that pictures cover, and the number of its paths."""
    if covered >= COVERED:
        letters = sum(map(len, text.split()))
        return PageText.DIGITAL if letters >= _FEW_ON_IMAGE and _has_accents(text) else PageText.PICTURE
    if text and not text.isspace():
        return PageText.DIGITAL
    return PageText.BLANK if covered < 0.05 and drawn < _OUTLINES else PageText.PICTURE


def _has_accents(text: str) -> bool:
    """A text layer behind a picture comes from someone's recognition; without Vietnamese data it has no accents."""
    letters = [c for c in unicodedata.normalize("NFC", text).lower() if c.isalpha()]
    return sum(not c.isascii() for c in letters) >= _ACCENTED * len(letters)
