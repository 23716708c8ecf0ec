"""A scanned page made ready: seals are gone, print below them and coloured lines stay."""

import cv2
import numpy as np
import pytest

from extractors.scan_page import without_stamps
from extractors.scan_pose import Pixels

UNIT = 200 / 72
RED = (45, 40, 215)  # blue, green, red


def seal(ink: tuple[int, int, int] = RED) -> Pixels:
    """A ring of 36 mm with a star that does not touch it, over a black bar; a red line of text below."""
    page = np.full((600, 600, 3), 250, np.uint8)
    cv2.circle(page, (300, 200), 142, ink, 4)
    cv2.circle(page, (300, 200), 40, ink, cv2.FILLED)
    page[195:205, 100:500] = (30, 30, 30)
    page[500:520, 100:500] = ink
    return page


@pytest.mark.parametrize("ink", [RED, (190, 60, 40)])
def test_a_seal_with_its_star_is_gone_and_print_below_it_stays(ink: tuple[int, int, int]) -> None:
    grey = without_stamps(seal(ink), UNIT)
    assert int(grey[220:235, 280:320].min()) > 245  # the star
    assert int(grey[330:346, 290:310].min()) > 245  # the ring
    assert int(grey[197:203, 110:490].max()) < 60  # the bar, also where the star lies over it


def test_coloured_lines_stay() -> None:
    grey = without_stamps(seal(), UNIT)
    assert int(grey[502:518, 110:490].max()) < 150
