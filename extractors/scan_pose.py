"""How a scanned page lies: on its side, on its head, askew. Told from its picture, before any letter is read."""

from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

Pixels = NDArray[np.uint8]

_COARSE, _FINE = 100 / 72, 200 / 72  # pixels a point: a line of text is seen; half a hundredth of a degree is seen
_GAIN = 1.02  # less is chance: an empty or black page
_BAND = 16  # pixels: so narrow that lines which are a little askew lie level in it
_HEAD_BAND = 40  # pixels: some letters of a line; in narrower bands it is these letters that count
_STRIPS = 2
_MOST_SKEW = 5.0  # degrees: what a feeder or a careless hand does; more is a photograph
_LARGEST_LETTER = 30.0  # points
_SIDEWAYS = 1.2  # times as ragged; lines run across a page unless they plainly run along it


def ink_of(grey: Pixels, unit: float) -> Pixels:
    """Ink as 255, paper as 0, whatever the light of the scanner. `unit` is pixels a point."""
    near = max(3, int(20 * unit) | 1)
    ink = cv2.adaptiveThreshold(grey, 255, cv2.ADAPTIVE_THRESH_MEAN_C, cv2.THRESH_BINARY_INV, near, 15)
    return ink.astype(np.uint8, copy=False)


def _coarser_ink(grey: Pixels, unit: float, wanted: float) -> Pixels:
    scale = min(1.0, wanted / unit)
    small = cv2.resize(grey, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    return ink_of(small.astype(np.uint8, copy=False), unit * scale)


# --- turned by quarters --------------------------------------------------------------------------------------------


def quarters_of(grey: Pixels, unit: float) -> int:
    """Quarter turns clockwise that make the page upright."""
    letters = _letters(grey, unit)
    if _raggedness(letters.T) <= _SIDEWAYS * _raggedness(letters):
        return 2 if _on_its_head(letters) else 0
    return 3 if _on_its_head(np.ascontiguousarray(np.rot90(letters, -1))) else 1


def _letters(grey: Pixels, unit: float) -> Pixels:
    """Ink of the size of letters: rules, frames and pictures run either way and would outvote the text."""
    ink = _coarser_ink(grey, unit, _COARSE)
    count, labels, stats, _ = cv2.connectedComponentsWithStats(ink)
    fits = np.zeros(count, np.uint8)
    fits[1:][stats[1:, 2:4].max(axis=1) < _LARGEST_LETTER * min(unit, _COARSE)] = 255
    letters: Pixels = fits[labels]
    return letters


def _raggedness(ink: Any) -> float:
    """How sharply full and empty rows of pixels follow each other; lines of text make the rows of a page ragged."""
    sums = ink.sum(axis=1, dtype=np.float64)
    return float(np.square(np.diff(sums)).sum() / max(1, ink.shape[1]))


def _on_its_head(letters: Pixels) -> bool:
    """Whether lines of text that run across are upside down.

    They end sharply at the foot of their letters, for few letters go below it; at the head they fade out in tall
    letters, capitals and marks, of which Vietnamese has more than any other language in Latin letters.
    """
    width = max(1, letters.shape[1] // _HEAD_BAND)
    bands = cv2.resize(letters, (width, letters.shape[0]), interpolation=cv2.INTER_AREA).astype(np.float64)
    return float((np.diff(bands, axis=0) ** 3).sum()) > 0


# --- askew ---------------------------------------------------------------------------------------------------------


def skew_of(grey: Pixels, unit: float) -> float:
    """Degrees by which the page must be turned, counter-clockwise, so that its lines and rules lie level.

    Narrow bands of the page are shifted up and down like the slats of a blind, in whole pixels: a real turn blurs,
    and the one angle that needs none, zero, would win by its sharpness. Each strip of bands is judged by itself, as
    blocks side by side need not stand on common lines.
    """
    best = _best_angle(_strips(_coarser_ink(grey, unit, _COARSE)), 0.0, ((0.25, _MOST_SKEW),))
    strips = _strips(_coarser_ink(grey, unit, _FINE))
    best = _best_angle(strips, best, ((0.05, 0.2), (0.01, 0.04)))
    return round(best, 3) if _level(strips, best) > _GAIN * _level(strips, 0.0) else 0.0


def _strips(ink: Pixels) -> list[NDArray[np.float32]]:
    """Mean ink of bands, each strip a picture of which a column is a band."""
    bands = cv2.resize(ink, (max(_STRIPS, ink.shape[1] // _BAND), ink.shape[0]), interpolation=cv2.INTER_AREA)
    return [np.ascontiguousarray(strip, np.float32) for strip in np.array_split(bands, _STRIPS, axis=1)]


def _best_angle(strips: list[NDArray[np.float32]], angle: float, searches: tuple[tuple[float, float], ...]) -> float:
    for step, reach in searches:
        angles = angle + np.arange(-reach, reach + step / 2, step)
        angle = float(max(angles, key=lambda each: _level(strips, float(each))))
    return angle


def _level(strips: list[NDArray[np.float32]], angle: float) -> float:
    """How sharply rows follow each other once each band is shifted down by the slope."""
    slope = np.tan(np.radians(angle)) * _BAND
    shear = np.array([[1, 0, 0], [slope, 1, 0]], np.float32)
    total = 0.0
    for strip in strips:
        height, count = strip.shape
        shifted = cv2.warpAffine(strip, shear, (count, height), flags=cv2.INTER_NEAREST | cv2.WARP_INVERSE_MAP)
        total += float(np.square(np.diff(shifted.sum(axis=1))).sum())
    return total
