"""Figures of a scan compared with each other: what looks like another figure of the same document is told."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFilter, ImageFont

from extractors.document import Place
from extractors.pdf_lines import Turn
from extractors.scan_doubts import doubts, with_rivals
from extractors.scan_pose import Pixels
from extractors.scan_shapes import rivals, with_shapes
from extractors.scan_sheet import Reading
from extractors.scan_words import Word

NUMBERS = [
    "15/5/2026",
    "30/9/2027",
    "Quý IV/2028",
    "124/KH-UBND",
    "9/2027",
    "22",
    "6.750.000",
    "Tháng 8/2025",
    "tháng 3",
]
FONT = "/usr/share/fonts/truetype/dejavu/DejaVuSerif.ttf"


def printed(numbers: Sequence[str]) -> tuple[Pixels, list[Word]]:
    """A page with a number a line, blurred and noisy as a scan is, and its words with their boxes."""
    page = Image.new("L", (500, 50 * len(numbers) + 20), "white")
    pen, font = ImageDraw.Draw(page), ImageFont.truetype(FONT, 32)
    out = []
    for line, number in enumerate(numbers):
        x, y = 20.0, 10 + 50 * line
        for text in number.split():
            pen.text((x, y), text, "black", font)
            box = pen.textbbox((x, y), text, font)
            out.append(Word(text, *(round(edge) for edge in box), 0.96, line))
            x = box[2] + 12
    noise = np.random.default_rng(4).normal(-4, 8, page.size[::-1])
    soft = np.asarray(page.filter(ImageFilter.GaussianBlur(1)), np.float32)
    return (soft + noise).clip(0, 255).astype(np.uint8), out


def opinions(numbers: Sequence[str], misread: dict[str, str]) -> dict[str, str]:
    page, words = printed(numbers)
    cut = [with_shapes(replace(word, text=misread.get(word.text, word.text)), page) for word in words]
    return {word.text: rival for word, rival in zip(cut, rivals(cut), strict=True) if rival}


def test_figures_that_were_read_right_are_not_told() -> None:
    assert opinions(NUMBERS * 3, {}) == {}


@pytest.mark.parametrize(
    ("paper", "read"),
    [
        pytest.param("30/9/2027", "30/5/2027", id="another month"),
        pytest.param("15/5/2026", "15/5/2028", id="another year"),
        pytest.param("124/KH-UBND", "724/KH-UBND", id="another number"),
        pytest.param("IV/2028", "IX/2028", id="another quarter"),
        pytest.param("22", "2", id="a figure was not read"),
    ],
)
def test_a_figure_that_looks_like_another_is_told(paper: str, read: str) -> None:
    chance = [f"{day}/{month}/20{year}" for day, month, year in ((12, 9, 29), (28, 3, 26), (19, 4, 27), (20, 6, 28))]
    assert opinions([*NUMBERS, *chance, "Quý IX", "Phần IV", "Phần IX"], {paper: read}) == {read: paper}


def test_a_figure_that_the_document_has_once_is_compared_with_nothing() -> None:
    assert opinions(["7/2026", "26/2026"], {"7/2026": "1/2026"}) == {}


def test_the_reader_of_a_plan_is_told_both() -> None:
    page, words = printed(NUMBERS * 2)
    cut = [with_shapes(replace(word, text="5/2027") if at == 5 else word, page) for at, word in enumerate(words)]
    (reading,) = with_rivals([Reading(1, Turn(0, 595, 842), 1.0, rest=tuple(cut))])
    (told,) = doubts([reading])
    assert "5/2027 (hay 9/2027?)" in told.evidence
    assert told.place.page == 1
    assert isinstance(told.place, Place)
    assert told.place.box is not None
    assert sorted({word.confidence for word in reading.rest}) == [0.5, 0.96]
