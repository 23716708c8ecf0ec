"""Pixels of a scanned page -> a straight grey page: stamps faded, turned upright by quarters, its skew taken out.

Distances are given in points (1/72 inch) and multiplied by the page's resolution, so nothing depends on the scanner.
"""

from dataclasses import dataclass

import cv2
import numpy as np

from extractors.document import Box
from extractors.pdf_lines import Turn
from extractors.scan_pose import Pixels, quarters_of, skew_of, smaller

cv2.setNumThreads(1)  # kehoach runs one process a core

DPI = 240  # letters of usual print are then as high as tesseract was trained on; other scans are brought to it
_ENLARGED = 1.3  # by more a page is drawn with care: of 150 dots an inch a third more words were wrong without it
_PAPER_DPI = 24  # a third of an inch, 8 dots, is wider than any stroke of text and any rule
_DARKEST_PAPER = 96  # of 255; what is darker is no paper but a black bar or picture
_WHITE = 0.9  # of the paper's brightness and above is white
_STAMP = 40.0  # points: stamps and signatures are higher than two lines of coloured text
_THINNEST = 1.0  # points: of a stamp's rings; one pixel so far shows whether there is any
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
        quarters: quarter turns clockwise that make the page upright; None finds them out.
    """
    grey = without_stamps(pixels, pixels.shape[1] / width)
    if quarters is None:
        quarters = quarters_of(grey, grey.shape[1] / width)
    turned = np.ascontiguousarray(np.rot90(grey, -quarters))
    unit = turned.shape[1] / Turn(quarters, width, height).size[0]
    angle = skew_of(turned, unit)
    straight = _straighten(_on_white(turned, unit), angle, DPI / 72 / unit)
    return ScanPage(straight, DPI / 72, Turn(quarters, width, height, angle))


def _on_white(grey: Pixels, unit: float) -> Pixels:
    """Even white paper: shade of the spine, yellow paper and noise would be letters to the reader."""
    height, width = grey.shape
    small = smaller(grey, 1 / max(1, int(72 * unit / _PAPER_DPI)))
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
    flags = cv2.INTER_AREA if scale < 0.7 and not angle else cv2.INTER_CUBIC if scale > _ENLARGED else cv2.INTER_LINEAR
    straight = cv2.warpAffine(grey, matrix, size, flags=flags, borderMode=cv2.BORDER_CONSTANT, borderValue=255)
    return straight.astype(np.uint8, copy=False)


# --- stamps -------------------------------------------------------------------------------------------------------


def without_stamps(pixels: Pixels, unit: float) -> Pixels:
    """Grey page on which coloured stamps and signatures are gone.

    Red ink is light in red light, and made as white as the paper; black print below it stays black. What stands inside
    of a seal, its star and its words, belongs to it. Coloured lines of text are no stamps and stay.
    """
    if pixels.ndim == 2:
        return pixels
    grey = cv2.cvtColor(pixels, cv2.COLOR_BGR2GRAY).astype(np.uint8, copy=False)
    every = max(1, int(_THINNEST * unit))
    seen, _ = _coloured(pixels[::every, ::every])
    if not cv2.countNonZero(seen):
        return grey
    coarse = unit / every
    near = cv2.dilate(seen, np.ones((max(1, round(3 * coarse)),) * 2, np.uint8))
    count, _, stats, _ = cv2.connectedComponentsWithStats(near)
    for label in range(1, count):
        x, y, width, height = (int(v) for v in stats[label, :4])
        if min(width, height) >= _STAMP * coarse:
            part = (slice(y * every, (y + height) * every), slice(x * every, (x + width) * every))
            ink, own = _coloured(pixels[part])
            around = cv2.resize(near[y : y + height, x : x + width], own.shape[::-1], interpolation=cv2.INTER_NEAREST)
            faded = cv2.convertScaleAbs(own, alpha=255 / max(1.0, float(np.median(own[ink > 0]))))
            grey[part] = np.where(around > 0, faded, grey[part])
    return grey


def _coloured(pixels: Pixels) -> tuple[Pixels, Pixels]:
    """Where ink is coloured, as 1, and the strongest channel of each pixel."""
    blue, green, red = cv2.split(np.ascontiguousarray(pixels))
    strongest, weakest = cv2.max(cv2.max(blue, green), red), cv2.min(cv2.min(blue, green), red)
    _, ink = cv2.threshold(cv2.subtract(strongest, weakest), _COLOURED, 1, cv2.THRESH_BINARY)
    return ink.astype(np.uint8, copy=False), strongest.astype(np.uint8, copy=False)
