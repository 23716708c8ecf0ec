"""Pictures on PDF pages: which pages are scans, whatever else a program wrote onto them; which may show a table."""

import io
from collections.abc import Callable

import pypdfium2
import pytest
from pdf_samples import A4, SIZE, Paper
from PIL import Image
from reportlab.lib.utils import ImageReader

from extractors.document import Box
from extractors.pdf_load import load
from extractors.pdf_probe import PageText

LINES = [f"{number}. Phòng Nội vụ rà soát hồ sơ, báo cáo trước ngày 30/6/2024." for number in range(1, 12)]
INVISIBLE = 3  # text rendering mode, ISO 32000-1, 9.3.6


def words(paper: Paper, mode: int = 0) -> None:
    """Eleven lines; reportlab leaves a mode as it was set."""
    for number, line in enumerate(LINES):
        text = paper.canvas.beginText(60, 700 - 20 * number)
        text.setFont("Serif", SIZE)
        text.setTextRenderMode(mode)
        text.textOut(line)
        paper.canvas.drawText(text)


def scan_in_strips(paper: Paper) -> None:
    """Forty pictures, as scanners write that do not wait for the end of a page."""
    width, height = A4
    for number in range(40):
        paper.picture(0, number * height / 40, width, height / 40)


def words_behind_a_scan(paper: Paper) -> None:
    paper.picture(0, 0, *A4)
    words(paper, INVISIBLE)


def words_under_a_scan(paper: Paper) -> None:
    words(paper)
    paper.picture(0, 0, *A4)


def signature_on_such_a_scan(paper: Paper) -> None:
    words_behind_a_scan(paper)
    paper.canvas.setFont("Serif", 9)
    paper.text(350, 40, "Ký bởi: Ủy ban nhân dân xã Tân Lập")


def print_on_a_coloured_ground(paper: Paper) -> None:
    paper.picture(0, 0, *A4)
    words(paper)


def print_under_a_watermark(paper: Paper) -> None:
    words(paper)
    mark = Image.new("RGBA", (60, 80), (0, 0, 0, 0))
    mark.paste((200, 40, 40, 90), (20, 30, 40, 50))
    pixels = io.BytesIO()
    mark.save(pixels, "PNG")
    paper.canvas.drawImage(ImageReader(pixels), 0, 0, *A4, mask="auto")


@pytest.mark.parametrize(
    ("draw", "kind"),
    [
        (scan_in_strips, PageText.PICTURE),
        (words_behind_a_scan, PageText.PICTURE),
        (words_under_a_scan, PageText.PICTURE),
        (signature_on_such_a_scan, PageText.PICTURE),
        (print_on_a_coloured_ground, PageText.DIGITAL),
        (print_under_a_watermark, PageText.DIGITAL),
    ],
)
def test_which_pages_are_scans(draw: Callable[[Paper], None], kind: PageText) -> None:
    paper = Paper()
    draw(paper)
    with pypdfium2.PdfDocument(paper.save()) as document:
        assert load(document, 1).kind is kind


def table_below_text(paper: Paper) -> None:
    words(paper)
    paper.picture(60, 450, 475, 200)


def seal_and_emblem(paper: Paper) -> None:
    words(paper)
    paper.picture(350, 600, 102, 102)
    paper.picture(60, 40, 60, 60)


@pytest.mark.parametrize(
    ("draw", "places"),
    [
        (table_below_text, [Box(60, 450, 535, 650)]),
        (seal_and_emblem, []),
        (print_on_a_coloured_ground, []),
        (print_under_a_watermark, []),
    ],
)
def test_which_pictures_may_show_text(draw: Callable[[Paper], None], places: list[Box]) -> None:
    paper = Paper()
    draw(paper)
    with pypdfium2.PdfDocument(paper.save()) as document:
        assert [around(place) for place in load(document, 1).inserts] == places


def around(box: Box) -> Box:
    return Box(*map(round, (box.x0, box.top, box.x1, box.bottom)))
