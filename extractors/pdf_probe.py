"""First look at a PDF through PDFium: can it be opened, and which of its pages have a text layer."""

from typing import Any

import pypdfium2

from extractors.errors import Reason, SourceError

_FEW_ON_IMAGE = 200  # on a page that a picture covers, a signature block ("Ký bởi ...") is all the text there is
_COVERED = 0.5  # of the page
_OUTLINES = 200  # paths: a page without letters that draws more than rules draws its letters as outlines
_WRONG_PASSWORD = 4  # FPDF_ERR_PASSWORD of fpdfview.h
_UNSUPPORTED_SECURITY = 5  # FPDF_ERR_SECURITY


def look_through(data: bytes) -> dict[int, bool]:
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
