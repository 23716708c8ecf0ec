"""Lines of a page -> paragraphs."""

import pytest

from extractors.pdf_flow import Flowed, Frame, flow
from extractors.pdf_lines import Line, LineEnds

FRAME = Frame(85.0, 552.0, 15.0)


def line(text: str, top: float, size: float, confidence: float) -> Line:
    return Line(text, 85.0, top, 551.0, top + size, size, False, False, 25.0, False, confidence)


@pytest.mark.parametrize(
    ("size", "confidence", "paragraphs"),
    [
        (14.3, 0.95, 1),  # what a recogniser measures sways with the letters of a line
        (14.3, 1.0, 2),
        (17.0, 0.95, 2),
    ],
)
def test_lines_of_one_print_are_one_paragraph(size: float, confidence: float, paragraphs: int) -> None:
    lines = [
        line("căn cứ Quyết định số 118/QĐ-UBND", 194.5, 12.3, confidence),
        line("ngày 20/12/2023 của Ủy ban nhân dân xã, Văn phòng xây dựng Kế hoạch", 211.0, size, confidence),
    ]
    items = [item for item in flow(lines, FRAME, LineEnds()) if isinstance(item, Flowed)]
    assert len(items) == paragraphs
