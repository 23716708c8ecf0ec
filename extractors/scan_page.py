"""Pixels of a scanned page -> a straight grey page: stamps faded, turned upright by quarters, its skew taken out.

Distances are given in points (1/72 inch) and multiplied by the page's resolution, so nothing depends on the scanner.
"""

from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from extractors.document import Box
from extractors.pdf_lines import Turn

Pixels = NDArray[np.uint8]

cv2.setNumThreads(1)  # kehoach runs one process a core

DPI = 240  # letters of usual print are then as high as tesseract was trained on; other scans are brought to it
_TURN_DPI = 100  # where a line of text is enough to see
_SKEW_DPI = 200  # half a hundredth of a degree is a pixel over the width of a page
_GAIN = 1.02  # less is chance: an empty or black page
_BAND = 16  # pixels
_MOST_SKEW = 5.0  # degrees: what a feeder or a careless hand does; more is a photograph
_PAPER_DPI = 24  # a third of an inch, 8 dots, is wider than any stroke of text and any rule
_DARKEST_PAPER = 96  # of 255; what is darker is no paper but a black bar or picture
_WHITE = 0.9  # of the paper's brightness and above is white
_STRIPS = 2
_HEAD_BAND = 60  # pixels: some words of a line; narrower bands follow single letters
_STAMP = 40.0  # points: stamps and signatures are higher than two lines of coloured text
_COLOURED = 60  # of 255, between the strongest and the weakest channel: ink of a stamp, not a yellowed page


@dataclass(frozen=True, slots=True)
class ScanPage:
    """A page as it is read: grey, upright and straight. `unit` is pixels a point; `turn` leads back to the paper."""

    grey: Pixels
    unit: float
    turn: Turn

    def box(self, x: float, y: float, width: float, height: float) -> Box:
        """A rectangle of pixels in points of the page as read."""
        return Box(x / self.unit, y / self.unit, (x + width) / self.unit, (y + height) / self.unit)


def prepare(pixels: Pixels, width: float, height: float, quarters: int | None = None) -> ScanPage:
    """The page made ready for recognition.

    Args:
        pixels: grey, or colour in the order blue, green, red.
        width, height: of the paper in points.
        quarters: quarter turns clockwise that make the page upright; None finds out whether the lines run across
            or upwards, and which end is up.
    """
    grey = without_stamps(pixels, pixels.shape[1] / width)
    known = quarters is not None
    if quarters is None:
        quarters = 1 if runs_upwards(grey, grey.shape[1] / width) else 0
    turned = np.ascontiguousarray(np.rot90(grey, -quarters))
    unit = turned.shape[1] / Turn(quarters, width, height).size[0]
    angle = skew_of(turned, unit)
    straight = _straighten(_on_white(turned, unit), angle, DPI / 72 / unit)
    if not known and stands_on_its_head(straight, DPI / 72):
        quarters = (quarters + 2) % 4
        straight = np.ascontiguousarray(np.rot90(straight, 2))
    return ScanPage(straight, DPI / 72, Turn(quarters, width, height, angle))


def _on_white(grey: Pixels, unit: float) -> Pixels:
    """Even white paper: shade of the spine, yellow paper and noise would be letters to the reader."""
    height, width = grey.shape
    scale = _PAPER_DPI / 72 / unit
    small = cv2.resize(grey, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    paper = cv2.morphologyEx(small, cv2.MORPH_CLOSE, np.ones((_PAPER_DPI // 3,) * 2, np.uint8))
    paper = cv2.GaussianBlur(paper, (0, 0), _PAPER_DPI / 6)
    white = cv2.resize(cv2.convertScaleAbs(np.maximum(paper, _DARKEST_PAPER), alpha=_WHITE), (width, height))
    return cv2.divide(grey, white, scale=255).astype(np.uint8, copy=False)


def _straighten(grey: Pixels, angle: float, scale: float) -> Pixels:
    """Turned by the angle about its middle and brought to the working resolution in one step."""
    height, width = grey.shape
    size = (max(1, round(width * scale)), max(1, round(height * scale)))
    matrix = cv2.getRotationMatrix2D((width / 2, height / 2), angle, scale)
    matrix[:, 2] += (size[0] / 2 - width / 2, size[1] / 2 - height / 2)
    flags = cv2.INTER_AREA if scale < 0.7 and not angle else cv2.INTER_CUBIC
    straight = cv2.warpAffine(grey, matrix, size, flags=flags, borderMode=cv2.BORDER_CONSTANT, borderValue=255)
    return straight.astype(np.uint8, copy=False)


# --- stamps -------------------------------------------------------------------------------------------------------


def without_stamps(pixels: Pixels, unit: float) -> Pixels:
    """Grey page on which coloured stamps and signatures are as light as their strongest channel.

    Red ink is white in red light, black print below it stays black. Coloured lines of text are no stamps and stay.
    """
    if pixels.ndim == 2:
        return pixels
    grey = cv2.cvtColor(pixels, cv2.COLOR_BGR2GRAY).astype(np.uint8, copy=False)
    blue, green, red = cv2.split(pixels)
    strongest, weakest = cv2.max(cv2.max(blue, green), red), cv2.min(cv2.min(blue, green), red)
    _, ink = cv2.threshold(cv2.subtract(strongest, weakest), _COLOURED, 1, cv2.THRESH_BINARY)
    if not cv2.countNonZero(ink):
        return grey
    reach = np.ones((max(1, round(3 * unit)),) * 2, np.uint8)
    count, labels, stats, _ = cv2.connectedComponentsWithStats(cv2.dilate(ink, reach))
    for label in range(1, count):
        x, y, width, height = (int(v) for v in stats[label, :4])
        if min(width, height) >= _STAMP * unit:
            part = (slice(y, y + height), slice(x, x + width))
            grey[part] = np.where(labels[part] == label, strongest[part], grey[part])
    return grey


# --- turn and skew ------------------------------------------------------------------------------------------------


def ink_of(grey: Pixels, unit: float) -> Pixels:
    """Ink as 255, paper as 0, whatever the light of the scanner."""
    near = max(3, int(20 * unit) | 1)
    return cv2.adaptiveThreshold(grey, 255, cv2.ADAPTIVE_THRESH_MEAN_C, cv2.THRESH_BINARY_INV, near, 15).astype(
        np.uint8, copy=False
    )


def runs_upwards(grey: Pixels, unit: float) -> bool:
    """Whether the lines of text run up or down the page: they make its columns, not its rows, ragged."""
    letters = _letters(grey, unit)
    return _raggedness(letters.T) > 1.2 * _raggedness(letters)


def skew_of(grey: Pixels, unit: float) -> float:
    """Degrees by which the page must be turned, counter-clockwise, so that its lines and rules lie level.

    Narrow bands of the page are shifted up and down like the slats of a blind, in whole pixels: a real turn blurs,
    and the one angle that needs none, zero, would win by its sharpness. Each strip of bands is judged by itself, as
    blocks side by side need not stand on common lines.
    """
    ink = ink_of(_small(grey, unit, _SKEW_DPI), min(unit, _SKEW_DPI / 72))
    bands = cv2.resize(ink, (max(_STRIPS, ink.shape[1] // _BAND), ink.shape[0]), interpolation=cv2.INTER_AREA)
    strips = [np.ascontiguousarray(strip) for strip in np.array_split(bands.astype(np.float32), _STRIPS, axis=1)]
    slat = ink.shape[1] / bands.shape[1]
    best = 0.0
    for step, reach in ((0.25, _MOST_SKEW), (0.05, 0.2), (0.01, 0.04)):
        angles = best + np.arange(-reach, reach + step / 2, step)
        best = float(max(angles, key=lambda angle: sum(_levelled(strip, float(angle), slat) for strip in strips)))
    level, straight = (sum(_levelled(strip, angle, slat) for strip in strips) for angle in (best, 0.0))
    return round(best, 3) if level > _GAIN * straight else 0.0


def _levelled(strip: NDArray[np.float32], angle: float, slat: float) -> float:
    """How sharply rows follow each other once each band, one after the other, is shifted down by the slope."""
    height, count = strip.shape
    slope = np.tan(np.radians(angle)) * slat
    shear = np.array([[1, 0, 0], [slope, 1, 0]], np.float32)
    flags = cv2.INTER_NEAREST | cv2.WARP_INVERSE_MAP
    rows = cv2.warpAffine(strip, shear, (count, height), flags=flags).sum(axis=1)
    return float(np.square(np.diff(rows)).sum())


def stands_on_its_head(grey: Pixels, unit: float) -> bool:
    """Whether a straight page is upside down.

    Lines of text end sharply at the foot of their letters, for few letters go below it; at the head they fade out in
    tall letters, capitals and marks, of which Vietnamese has more than any other language in Latin letters.
    """
    letters = _letters(grey, unit)
    width = letters.shape[1] // _HEAD_BAND
    if not width:
        return False
    bands = cv2.resize(letters * 255, (width, letters.shape[0]), interpolation=cv2.INTER_AREA).astype(np.float64)
    return float((np.diff(bands, axis=0) ** 3).sum()) > 0


def _small(grey: Pixels, unit: float, dpi: float) -> Pixels:
    scale = min(1.0, dpi / 72 / unit)
    return cv2.resize(grey, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA).astype(np.uint8, copy=False)


def _letters(grey: Pixels, unit: float) -> Pixels:
    """Ink of the size of letters: rules, frames and pictures run either way and would outvote the text."""
    ink = ink_of(_small(grey, unit, _TURN_DPI), min(unit, _TURN_DPI / 72))
    count, labels, stats, _ = cv2.connectedComponentsWithStats(ink)
    largest = 30 * _TURN_DPI / 72
    fits = np.zeros(count, np.uint8)
    fits[1:] = (stats[1:, 2:4].max(axis=1) < largest).astype(np.uint8)
    letters: Pixels = fits[labels]
    return letters


def _raggedness(ink: Any) -> float:
    """How sharply full and empty rows of pixels follow each other."""
    sums = ink.sum(axis=1, dtype=np.float64)
    return float(np.square(np.diff(sums)).sum() / max(1, ink.shape[1]))
