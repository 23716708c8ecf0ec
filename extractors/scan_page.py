"""Pixels of a scanned page -> a straight grey page: stamps faded, turned upright by quarters, its skew taken out.

Distances are given in points (1/72 inch) and multiplied by the page's resolution, so nothing depends on the scanner.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from extractors.document import Box
from extractors.pdf_lines import Turn

Pixels = NDArray[np.uint8]

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
            or upwards. Which of the two ends is up only the letters tell, see `scan_words`.
    """
    grey = without_stamps(pixels, pixels.shape[1] / width)
    if quarters is None:
        quarters = 1 if runs_upwards(grey, grey.shape[1] / width) else 0
    turned = np.ascontiguousarray(np.rot90(grey, -quarters))
    turn = Turn(quarters, width, height)
    unit = turned.shape[1] / turn.size[0]
    angle = skew_of(turned, unit)
    straight = _straighten(_on_white(turned, unit), angle, DPI / 72 / unit)
    return ScanPage(straight, DPI / 72, Turn(quarters, width, height, angle))


def _on_white(grey: Pixels, unit: float) -> Pixels:
    """Even white paper: shade of the spine, yellow paper and noise would be letters to the reader."""
    height, width = grey.shape
    scale = _PAPER_DPI / 72 / unit
    small = cv2.resize(grey, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    paper = cv2.morphologyEx(small, cv2.MORPH_CLOSE, np.ones((_PAPER_DPI // 3,) * 2, np.uint8))
    paper = cv2.resize(cv2.GaussianBlur(paper, (0, 0), _PAPER_DPI / 6), (width, height))
    white = np.maximum(paper, _DARKEST_PAPER).astype(np.float32) * _WHITE
    return cv2.convertScaleAbs(cv2.divide(grey.astype(np.float32), white, scale=255)).astype(np.uint8, copy=False)


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
    strongest, weakest = pixels.max(axis=2), pixels.min(axis=2)
    ink = ((strongest - weakest) > _COLOURED).astype(np.uint8)
    if not ink.any():
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
    near = int(20 * unit) | 1
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
    bands = [band.sum(axis=1, dtype=np.float64) / 255 for band in np.array_split(ink, ink.shape[1] // _BAND, axis=1)]
    strips = [list(strip) for strip in np.array_split(np.array(bands), _STRIPS)]
    best = 0.0
    for step, reach in ((0.25, _MOST_SKEW), (0.05, 0.2), (0.01, 0.04)):
        angles = best + np.arange(-reach, reach + step / 2, step)
        best = float(max(angles, key=lambda angle: sum(_levelled(strip, float(angle)) for strip in strips)))
    level, straight = (sum(_levelled(strip, angle) for strip in strips) for angle in (best, 0.0))
    return round(best, 3) if level > _GAIN * straight else 0.0


def _levelled(strip: Sequence[Any], angle: float) -> float:
    slope = np.tan(np.radians(angle)) * _BAND
    rows = np.sum([np.roll(band, -round(slope * number)) for number, band in enumerate(strip)], axis=0)
    return float(np.square(np.diff(rows)).sum())


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
