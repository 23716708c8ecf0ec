"""Dust on a scanned page is wiped; dots of letters, full stops and rows of dots stay."""

import cv2
import numpy as np
import pytest

from extractors.scan_pose import Pixels, ink_of
from extractors.scan_specks import without_specks

UNIT = 240 / 72
_LETTER, _DOT = (14, 22), 6  # width and height of a letter, side of a dot: print of 13 points


def page(letters: int = 30) -> Pixels:
    """Lines of letters, each with a dot over it as an i has; a full stop behind the last of each line."""
    grey = np.full((400, 700), 255, np.uint8)
    for number in range(letters):
        x, y = 40 + 20 * (number % 10), 60 + 80 * (number // 10)
        box(grey, x, y, *_LETTER)
        dot(grey, x + 4, y - 12)
        if number % 10 == 9:
            dot(grey, x + 18, y + _LETTER[1] - _DOT)
    return grey


def box(grey: Pixels, x: int, y: int, width: int, height: int) -> None:
    grey[y : y + height, x : x + width] = 20


def dot(grey: Pixels, x: int, y: int, side: int = _DOT) -> None:
    box(grey, x, y, side, side)


def cleaned(grey: Pixels) -> Pixels:
    return without_specks(grey, ink_of(grey, UNIT), UNIT)[0]


@pytest.mark.parametrize(
    ("x", "y", "side"),
    [
        (400, 160, _DOT),  # far from any letter
        (28, 68, _DOT),  # before a letter, at half its height
        (200 + 20 + 30, 60, _DOT),  # behind a line, too high for a full stop
        (45, 120, 3),  # smaller than any dot
        (48, 44, 2),  # so small over a letter, where a dot may stand
    ],
)
def test_dust_is_wiped(x: int, y: int, side: int) -> None:
    dirty = page()
    dot(dirty, x, y, side)
    assert np.array_equal(cleaned(dirty)[y : y + side, x : x + side], np.full((side, side), 255))


def test_dots_of_letters_full_stops_and_rows_of_dots_stay() -> None:
    grey = page()
    for number in range(5):
        dot(grey, 400 + 14 * number, 150)
    box(grey, 300, 140, 8, 10)  # a quotation mark, and the full stop behind it
    dot(grey, 312, 156)
    assert np.array_equal(cleaned(grey), grey)


def test_a_mark_on_touching_letters_stays() -> None:
    grey = page()
    box(grey, 300, 300, 320, 22)  # letters that touch are one part, wider than any letter
    dot(grey, 500, 288)
    assert np.array_equal(cleaned(grey), grey)


def test_a_mark_beside_the_horn_it_stands_on_stays() -> None:
    grey = page()
    box(grey, 300, 300, 14, 22)
    box(grey, 314, 294, 4, 10)  # the horn
    dot(grey, 304, 291)
    cv2.line(grey, (300, 300), (316, 300), 20, 2)
    assert np.array_equal(cleaned(grey), grey)


def test_a_dash_before_a_line_of_small_print_stays() -> None:
    grey = page()
    box(grey, 20, 68, 9, 5)
    assert np.array_equal(cleaned(grey), grey)


def test_dots_of_smaller_print_stay() -> None:
    grey = page()
    for number in range(6):
        box(grey, 300 + 14 * number, 300, 9, 15)
        dot(grey, 303 + 14 * number, 292, 4)
    assert np.array_equal(cleaned(grey), grey)


def test_nothing_is_wiped_where_no_dots_tell_what_dust_is() -> None:
    grey = page(letters=5)
    dot(grey, 400, 160)
    assert np.array_equal(cleaned(grey), grey)
