"""How a scanned page lies: on its side, on its head, askew. Told from its picture, before any letter is read."""

from collections.abc import Iterator

import cv2
import numpy as np
from numpy.typing import NDArray

Pixels = NDArray[np.uint8]

_COARSE, _FINE = 100 / 72, 200 / 72  # pixels a point: a line of text is seen; half a hundredth of a degree is seen
_GAIN = 1.02  # less is chance: an empty or black page
_WHOLE = 0.01  # of a scale: what is so near to a whole number is one
_BAND = 16  # pixels: so narrow that lines which are a little askew lie level in it
_HEAD_BANDS = 3  # some letters of a line; in narrower bands it is these letters that count
_STRIPS = 2
_MOST_SKEW = 5.0  # degrees: what a feeder or a careless hand does; more is a photograph
_TO_TELL_SIDES = ((0.5, _MOST_SKEW),)  # steps and reach of the search, in degrees
_ROUGHLY, _FINELY = ((0.25, _MOST_SKEW),), ((0.05, 0.2), (0.01, 0.04))
_LARGEST_LETTER = 30.0  # points

Strips = list[NDArray[np.float32]]


def ink_of(grey: Pixels, unit: float) -> Pixels:
    """Ink as 255, paper as 0, whatever the light of the scanner. `unit` is pixels a point."""
    near = max(3, int(20 * unit) | 1)
    ink = cv2.adaptiveThreshold(grey, 255, cv2.ADAPTIVE_THRESH_MEAN_C, cv2.THRESH_BINARY_INV, near, 15)
    return ink.astype(np.uint8, copy=False)


def _coarser_ink(grey: Pixels, unit: float, wanted: float) -> Pixels:
    scale = min(1.0, wanted / unit)
    return ink_of(smaller(grey, scale), unit * scale)


def smaller(grey: Pixels, scale: float) -> Pixels:
    """A picture reduced; by whole numbers, as where 200 dots an inch become 100, it takes a tenth of the time."""
    if scale == 1:
        return grey
    height, width = grey.shape
    times = round(1 / scale)
    if abs(times * scale - 1) < _WHOLE and min(height, width) >= times:
        grey = grey[: height // times * times, : width // times * times]
        scale = 1 / times
    how = cv2.INTER_LINEAR if scale > 0.5 else cv2.INTER_AREA
    return cv2.resize(grey, None, fx=scale, fy=scale, interpolation=how).astype(np.uint8, copy=False)


# --- turned by quarters --------------------------------------------------------------------------------------------


def quarters_of(grey: Pixels, unit: float) -> int:
    """Quarter turns clockwise that make the page upright.

    Lines of text make the rows of a page ragged once they are level: on its side a page has no such rows, however
    it is shifted. Pages of sixteen plans, up to 4.5 degrees askew: at least twice as ragged.
    """
    letters = _letters(grey, unit)
    across, upwards = (_strips(np.rot90(letters, -quarters)) for quarters in (0, 1))
    skew, turned_skew = (_best_angle(strips, 0.0, _TO_TELL_SIDES) for strips in (across, upwards))
    if _raggedness(across, skew) >= _raggedness(upwards, turned_skew):
        return 2 if _on_its_head(across, skew) else 0
    return 3 if _on_its_head(upwards, turned_skew) else 1


def _letters(grey: Pixels, unit: float) -> Pixels:
    """Ink of the size of letters: rules, frames and pictures run either way and would outvote the text."""
    ink = _coarser_ink(grey, unit, _COARSE)
    count, labels, stats, _ = cv2.connectedComponentsWithStats(ink)
    fits = np.zeros(count, np.uint8)
    fits[1:][stats[1:, 2:4].max(axis=1) < _LARGEST_LETTER * min(unit, _COARSE)] = 255
    letters: Pixels = fits[labels]
    return letters


def _on_its_head(strips: Strips, angle: float) -> bool:
    """Whether lines of text that run across are upside down.

    They end sharply at the foot of their letters, for few letters go below it; at the head they fade out in tall
    letters, capitals and marks, of which Vietnamese has more than any other language in Latin letters.
    """
    total = 0.0
    for bands in _level(strips, angle):
        for first in range(0, len(bands), _HEAD_BANDS):
            total += float((np.diff(bands[first : first + _HEAD_BANDS].sum(axis=0)) ** 3).sum())
    return total > 0


# --- askew ---------------------------------------------------------------------------------------------------------


def skew_of(grey: Pixels, unit: float) -> float:
    """Degrees by which the page must be turned, counter-clockwise, so that its lines and rules lie level.

    Narrow bands of the page are shifted up and down like the slats of a blind, in whole pixels: a real turn blurs,
    and the one angle that needs none, zero, would win by its sharpness. Each strip of bands is judged by itself, as
    blocks side by side need not stand on common lines.
    """
    rough = _best_angle(_strips(_coarser_ink(grey, unit, _COARSE)), 0.0, _ROUGHLY)
    strips = _strips(_coarser_ink(grey, unit, _FINE))
    best = _best_angle(strips, rough, _FINELY)
    return round(best, 3) if _raggedness(strips, best) > _GAIN * _raggedness(strips, 0.0) else 0.0


def _strips(ink: Pixels) -> Strips:
    """Mean ink of bands, each strip a picture of which a row is a band."""
    height, width = ink.shape
    if width >= _STRIPS * _BAND:
        ink = ink[:, : width // _BAND * _BAND]  # whole bands, which are quick to sum up
    bands = cv2.resize(ink, (max(_STRIPS, width // _BAND), height), interpolation=cv2.INTER_AREA)
    return [np.ascontiguousarray(strip.T, np.float32) for strip in np.array_split(bands, _STRIPS, axis=1)]


def _best_angle(strips: Strips, angle: float, searches: tuple[tuple[float, float], ...]) -> float:
    for step, reach in searches:
        angles = angle + np.arange(-reach, reach + step / 2, step)
        angle = float(max(angles, key=lambda each: _raggedness(strips, float(each))))
    return angle


def _raggedness(strips: Strips, angle: float) -> float:
    """How sharply full and empty rows of pixels follow each other."""
    rows = (cv2.reduce(bands, 0, cv2.REDUCE_SUM)[0] for bands in _level(strips, angle))
    return sum(float(np.square(np.diff(row)).sum()) for row in rows)


def _level(strips: Strips, angle: float) -> Iterator[NDArray[np.float32]]:
    """The strips with each band shifted down by the slope."""
    shear = np.array([[1, np.tan(np.radians(angle)) * _BAND, 0], [0, 1, 0]], np.float32)
    for strip in strips:
        shifted = cv2.warpAffine(strip, shear, strip.shape[::-1], flags=cv2.INTER_NEAREST | cv2.WARP_INVERSE_MAP)
        yield shifted.astype(np.float32, copy=False)
