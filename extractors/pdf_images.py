"""Pictures on a page of a PDF: how much of it they cover, and whether they hide its texts."""

import numpy as np
import pypdfium2.raw as raw

from extractors import pdfium
from extractors.document import Box
from extractors.pdf_objects import Frame, Objects
from extractors.pdf_paths import placed_bounds
from extractors.pdf_print import Floats
from extractors.pdfium import Pixels, Pointer

_UNPAINTED = (raw.FPDF_TEXTRENDERMODE_INVISIBLE, raw.FPDF_TEXTRENDERMODE_CLIP)
_WIDE, _HIGH = 0.3, 0.05  # of the page: smaller ones are seals, signatures and emblems
_LABELS = 3  # texts upon a picture; a ground has more
_OPAQUE = 0.5  # of the pixels; a watermark lets the page through


def covered(objects: Objects, area: float) -> float:
    """Share of the page's area under its pictures; some scanners write one for each strip of the page."""
    sides = (placed_bounds(item, form) for item, form, _ in objects.images)
    return min(1.0, sum((x1 - x0) * (y1 - y0) for x0, y0, x1, y1 in sides) / max(area, 1.0))


def hide_texts(objects: Objects, document: Pointer, page: Pointer) -> bool:
    """Whether most texts are not painted, or lie under a picture: words of a recogniser, laid behind its scan."""
    unseen = np.array([pdfium.render_mode(item) in _UNPAINTED for item in objects.texts], bool)
    across, up = _middles(objects)
    for item, form, below in objects.images:
        x0, y0, x1, y1 = placed_bounds(item, form)
        under = (x0 <= across) & (across <= x1) & (y0 <= up) & (up <= y1)
        under[below:] = False
        if (under & ~unseen).any() and _is_opaque(pdfium.picture_of(document, page, item)):
            unseen |= under
    return len(unseen) > 0 and float(unseen.mean()) > 0.5


def inserts(objects: Objects, frame: Frame) -> tuple[Box, ...]:
    """Places of pictures that may show a table or text of their own, on the page as displayed."""
    if not objects.images:
        return ()
    width, height = frame.width, frame.height
    across, up = _middles(objects)
    found = []
    for item, form, _ in objects.images:
        x0, y0, x1, y1 = placed_bounds(item, form)
        corners = np.array([[x0, y0, 1.0], [x1, y1, 1.0]]) @ frame.to_page
        (left, right), (low, high) = sorted(corners[:, 0].clip(0, width)), sorted(corners[:, 1].clip(0, height))
        upon = (x0 < across) & (across < x1) & (y0 < up) & (up < y1)
        if right - left >= _WIDE * width and high - low >= _HIGH * height and upon.sum() <= _LABELS:
            found.append(Box(float(left), float(height - high), float(right), float(height - low)))
    return tuple(dict.fromkeys(found))


def _middles(objects: Objects) -> tuple[Floats, Floats]:
    """Where the middle of each text is."""
    boxes = [placed_bounds(item, objects.forms.get(number)) for number, item in enumerate(objects.texts)]
    x0, y0, x1, y1 = np.array(boxes).reshape(-1, 4).T
    return (x0 + x1) / 2, (y0 + y1) / 2


def _is_opaque(pixels: Pixels | None) -> bool:
    if pixels is None or pixels.ndim < 3 or pixels.shape[2] < 4:
        return True
    return float((pixels[:, :, 3] > 127).mean()) > _OPAQUE
