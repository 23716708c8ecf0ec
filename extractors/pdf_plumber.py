"""Pages of a PDF read by pdfplumber (pdfminer): slow and independent of PDFium, to compare with and to fall back on."""

import io
from collections.abc import Iterator
from typing import Any

import pdfplumber
from pdfminer.psexceptions import PSException
from pdfplumber.page import Page
from pdfplumber.utils.exceptions import MalformedPDFException, PdfminerException

from extractors.errors import Reason, SourceError
from extractors.pdf_lines import Glyph
from extractors.pdf_print import DESCENT, Print, Rule, weight_and_slant


class PlumberPages:
    """A PDF opened by pdfplumber, once; pages are forgotten as soon as they are read.

    It is not closed: that would look through all pages again, and fail where reading failed.
    """

    def __init__(self, data: bytes) -> None:
        try:
            self._document = pdfplumber.open(io.BytesIO(data))
        except (PSException, PdfminerException, MalformedPDFException) as error:
            raise _damaged() from error

    def read(self, number: int) -> Print:
        """The page with this number, from 1."""
        try:
            if number > len(self._document.pages):  # of a broken page tree the two engines see different pages
                raise _damaged()
            page = self._document.pages[number - 1]
            read = _print(page)
            page.close()
        except (PSException, PdfminerException, MalformedPDFException) as error:
            raise _damaged() from error
        return read


def _damaged() -> SourceError:
    return SourceError(
        Reason.DAMAGED, "Tệp PDF bị hỏng, không đọc được nội dung / the content of the PDF cannot be read"
    )


def _print(page: Page) -> Print:
    x0, top, x1, bottom = page.cropbox if page.rotation == 0 else page.mediabox
    x0, top, x1, bottom = (*map(max, (x0, top), page.mediabox[:2]), *map(min, (x1, bottom), page.mediabox[2:]))
    width, height = float(x1 - x0), float(bottom - top)
    glyphs = [_glyph(char, page, x0, top) for char in page.chars if char["text"]]
    return Print(page.page_number, width, height, glyphs, list(_rules(page, x0, top, width * height)))


def _glyph(char: dict[str, Any], page: Page, left: float, above: float) -> Glyph:
    a, b = char["matrix"][0], char["matrix"][1]
    turned = (0 if a > 0 else 2) if abs(a) >= abs(b) else (1 if b > 0 else 3)
    x, y = _sink(char, page, turned)
    font = str(char["fontname"])
    return Glyph(
        str(char["text"]),
        char["x0"] + x - left,
        char["top"] + y - above,
        char["x1"] + x - left,
        char["bottom"] + y - above,
        *weight_and_slant(font),
        turned,
        font,
    )


def _sink(char: dict[str, Any], page: Page, turned: int) -> tuple[float, float]:
    """How far the box moves so that it hangs by the baseline: pdfminer puts it as the font file tells its descent."""
    x, y = char["matrix"][4] + page.mediabox[0], char["matrix"][5]
    width, height = DESCENT * (char["x1"] - char["x0"]), DESCENT * (char["y1"] - char["y0"])
    if turned == 0:
        return 0.0, height - (y - char["y0"])
    if turned == 1:
        return width - (char["x1"] - x), 0.0
    if turned == 2:
        return 0.0, (char["y1"] - y) - height
    return (x - char["x0"]) - width, 0.0


def _rules(page: Page, left: float, above: float, area: float) -> Iterator[Rule]:
    for item in (*page.lines, *page.rects, *page.curves):
        rule = Rule(
            item["x0"] - left, item["top"] - above, item["x1"] - left, item["bottom"] - above, bool(item["stroke"])
        )
        straight = item["object_type"] != "curve" or len(item["pts"]) == 2
        covers = (rule.x1 - rule.x0) * (rule.bottom - rule.top) >= 0.9 * area
        if straight and not covers and not _is_white(item):
            yield rule


def _is_white(item: dict[str, Any]) -> bool:
    """White on white paper: a background, not a rule."""
    color = item["stroking_color"] if item["stroke"] else item["non_stroking_color"]
    values = color if isinstance(color, (tuple, list)) else (color,)
    return len(values) in (1, 3) and all(isinstance(v, (int, float)) and v >= 0.99 for v in values)
