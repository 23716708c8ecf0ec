"""Pictures on a page of a PDF: how much of it they cover, and whether they hide its texts."""

import ctypes
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pypdfium2
import pypdfium2.raw as raw

from extractors import pdfium
from extractors.document import Box
from extractors.pdf_paths import placed_bounds
from extractors.pdf_print import Floats

_UNPAINTED = (raw.FPDF_TEXTRENDERMODE_INVISIBLE, raw.FPDF_TEXTRENDERMODE_CLIP)
_WIDE, _HIGH = 0.3, 0.05  # of the page: smaller ones are seals, signatures and emblems
_LABELS = 3  # texts upon a picture; a ground has more
_OPAQUE = 0.5  # of the pixels; a watermark lets the page through


@dataclass(frozen=True, slots=True)
class Images:
    """The images of a page by their addresses; `below` tells how many of its texts are painted before each."""

    page: pypdfium2.PdfPage
    images: Sequence[int]
    below: Sequence[int]
    texts: Sequence[int]
    forms: Mapping[int, Floats]

    def covered(self, area: float) -> float:
        """Share of the page's area under them; some scanners write one for each strip of the page."""
        sides = (placed_bounds(item, self.forms) for item in self.images)
        return min(1.0, sum((x1 - x0) * (y1 - y0) for x0, y0, x1, y1 in sides) / max(area, 1.0))

    def hide_texts(self) -> bool:
        """Whether most texts are not painted, or lie under a picture: words of a recogniser, laid behind its scan."""
        unseen = np.array([pdfium.render_mode(item) in _UNPAINTED for item in self.texts], bool)
        boxes = np.array([placed_bounds(item, self.forms) for item in self.texts]).reshape(-1, 4)
        across, up = (boxes[:, 0] + boxes[:, 2]) / 2, (boxes[:, 1] + boxes[:, 3]) / 2
        for item, below in zip(self.images, self.below, strict=True):
            x0, y0, x1, y1 = placed_bounds(item, self.forms)
            under = (x0 <= across) & (across <= x1) & (y0 <= up) & (up <= y1)
            under[below:] = False
            if (under & ~unseen).any() and self._is_opaque(item):
                unseen |= under
        return len(unseen) > 0 and float(unseen.mean()) > 0.5

    def inserts(self, to_page: Floats, width: float, height: float) -> tuple[Box, ...]:
        """Places of pictures that may show a table or text of their own, on the page as displayed."""
        boxes = np.array([placed_bounds(item, self.forms) for item in self.texts]).reshape(-1, 4)
        across, up = (boxes[:, 0] + boxes[:, 2]) / 2, (boxes[:, 1] + boxes[:, 3]) / 2
        found = []
        for item in self.images:
            x0, y0, x1, y1 = placed_bounds(item, self.forms)
            corners = np.array([[x0, y0, 1.0], [x1, y1, 1.0]]) @ to_page
            (left, right), (low, high) = sorted(corners[:, 0].clip(0, width)), sorted(corners[:, 1].clip(0, height))
            upon = (x0 < across) & (across < x1) & (y0 < up) & (up < y1)
            if right - left >= _WIDE * width and high - low >= _HIGH * height and upon.sum() <= _LABELS:
                found.append(Box(float(left), float(height - high), float(right), float(height - low)))
        return tuple(dict.fromkeys(found))

    def _is_opaque(self, image: int) -> bool:
        drawn = raw.FPDFImageObj_GetRenderedBitmap(self.page.pdf, self.page, ctypes.cast(image, raw.FPDF_PAGEOBJECT))
        if not drawn:
            return True
        pixels = pypdfium2.PdfBitmap.from_raw(drawn).to_numpy()
        return pixels.ndim < 3 or pixels.shape[2] < 4 or float((pixels[:, :, 3] > 127).mean()) > _OPAQUE
