"""Rules of scanned tables that are worn: found whole, with the cells that stand on paper."""

import cv2
import numpy as np
import pytest

from extractors.pdf_lines import Turn
from extractors.pdf_rules import find_grids
from extractors.scan_page import DPI, ScanPage
from extractors.scan_pose import Pixels
from extractors.scan_rules import find_rules

UNIT = DPI / 72
XS, YS = (60, 100, 300, 420, 520), (100, 120, 160, 200, 260)
Hole = tuple[int, int, int, int]  # x0, top, x1, bottom in points


def page(holes: list[Hole], underline: tuple[int, int, int] | None = None) -> ScanPage:
    """A table of four by four cells, and where it is wanted an underline from x0 to x1 at y."""
    grey = np.full((round(842 * UNIT), round(595 * UNIT)), 255, np.uint8)
    for y in YS:
        line(grey, XS[0], y, XS[-1], y)
    for x in XS:
        line(grey, x, YS[0], x, YS[-1])
    if underline:
        x0, x1, y = underline
        line(grey, x0, y, x1, y)
    for hole in holes:
        x0, top, x1, bottom = (round(each * UNIT) for each in hole)
        grey[top:bottom, x0:x1] = 255
    return ScanPage(grey, UNIT, Turn(0, 595, 842))


def line(grey: Pixels, x0: float, y0: float, x1: float, y1: float) -> None:
    cv2.line(grey, (round(x0 * UNIT), round(y0 * UNIT)), (round(x1 * UNIT), round(y1 * UNIT)), 0, 2)


@pytest.mark.parametrize(
    "holes",
    [
        pytest.param([(200, 0, 210, 842)], id="all rules across, ten points"),
        pytest.param([(510, 0, 530, 110), (510, 150, 516, 170)], id="at corners"),
        pytest.param([(301, 150, 304, 170), (310, 150, 318, 170)], id="beside a corner, with a crumb between"),
        pytest.param([(290, 106, 310, 114), (290, 166, 310, 174)], id="two in one row, none of its pieces long"),
    ],
)
def test_a_worn_table_is_whole(holes: list[Hole]) -> None:
    (grid,) = find_grids(find_rules(page(holes)).edges)
    assert (len(grid.xs) - 1, len(grid.ys) - 1, len(grid.cells), grid.irregular) == (4, 4, 16, 0)
    assert grid.xs == pytest.approx(XS, abs=1)
    assert grid.ys == pytest.approx(YS, abs=1)


@pytest.mark.parametrize("underline", [(106, 200, 140), (104, 295, 150)])
def test_the_underline_of_words_in_a_cell_is_no_rule_of_the_table(underline: tuple[int, int, int]) -> None:
    (grid,) = find_grids(find_rules(page([], underline)).edges)
    assert (len(grid.cells), grid.irregular) == (16, 0)


def test_letters_in_line_with_a_rule_of_the_table_stay() -> None:
    """A capital of a title above the table and one in a merged cell, as high as a stroke of a rule."""
    printed = page([(x - 3, YS[1] + 1, x + 3, YS[2] - 1) for x in XS[1:-1]])
    strokes = [(XS[1], 60, 72), (XS[2], YS[1] + 14, YS[1] + 26)]
    for x, top, bottom in strokes:
        line(printed.grey, x, top, x, bottom)
    rules = find_rules(printed)
    (grid,) = find_grids(rules.edges)
    assert [(cell.row, cell.column_span) for cell in grid.cells if cell.column_span > 1] == [(1, 4)]
    for x, top, bottom in strokes:
        at = round(x * UNIT)
        assert int(rules.cleared[round((top + 1) * UNIT) : round((bottom - 1) * UNIT), at].max()) < 100


def test_a_dot_below_a_letter_stands_on_a_rule_and_ends_there() -> None:
    """Led on through the rule it is no dot to the recogniser: "lãnh đạo" came out as "lãnh đao"."""
    printed = page([])
    x, rule = round(200 * UNIT), round(YS[2] * UNIT)
    cv2.circle(printed.grey, (x, rule - 5), 3, 0, cv2.FILLED)
    cleared = find_rules(printed).cleared
    assert int(cleared[rule - 6 : rule - 3, x - 1 : x + 2].max()) < 100
    assert int(cleared[rule : rule + 12, x - 6 : x + 7].min()) > 200


def test_a_stroke_that_crosses_a_rule_stays_whole() -> None:
    printed = page([])
    line(printed.grey, 200, YS[2] - 6, 200, YS[2] + 2)
    cleared, at = find_rules(printed).cleared, round(200 * UNIT)
    assert int(cleared[round((YS[2] - 5) * UNIT) : round((YS[2] + 1) * UNIT), at].max()) < 100


def test_a_letter_that_fills_a_merged_cell_in_line_with_the_rule_below_stays() -> None:
    printed = page([(x - 3, YS[0] + 1, x + 3, YS[1] - 1) for x in XS[1:-1]])
    for x in (XS[1], XS[1] + 2, XS[1] + 5):
        line(printed.grey, x, YS[0] + 3, x, YS[1] - 3)
    rules = find_rules(printed)
    (grid,) = find_grids(rules.edges)
    assert [(cell.row, cell.column_span) for cell in grid.cells if cell.column_span > 1] == [(0, 4)]
    assert int(rules.cleared[round((YS[0] + 5) * UNIT) : round((YS[1] - 5) * UNIT), round(XS[1] * UNIT)].max()) < 100


def test_a_merged_cell_stays_merged() -> None:
    """A rule that ends where a section's row begins, and goes on below it, has no hole there."""
    inner = [(x - 3, YS[1] + 1, x + 3, YS[2] - 1) for x in XS[1:-1]]
    (grid,) = find_grids(find_rules(page(inner)).edges)
    assert [(cell.row, cell.column_span) for cell in grid.cells if cell.column_span > 1] == [(1, 4)]


def test_what_is_left_in_a_hole_is_wiped_out() -> None:
    worn = page([(200, 155, 204, 165), (207, 155, 211, 165)])
    crumbs = find_rules(worn).cleared[round(158 * UNIT) : round(162 * UNIT), round(190 * UNIT) : round(220 * UNIT)]
    assert int(crumbs.min()) > 200


def test_a_grey_rule_that_letters_touch_is_whole() -> None:
    """Beside black letters grey looks like paper to a threshold that follows the light."""
    worn = page([])
    worn.grey[worn.grey < 128] = 195
    cv2.putText(worn.grey, "HHHHHHHHHH", (round(110 * UNIT), round(159 * UNIT)), cv2.FONT_HERSHEY_DUPLEX, 1.6, 0, 6)
    (grid,) = find_grids(find_rules(worn).edges)
    assert (len(grid.cells), grid.irregular) == (16, 0)
