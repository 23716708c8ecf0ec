"""A scanned page cut into pieces for the recogniser: its cells, and the blocks of text outside its tables.

Every cell is read by itself from the page without its rules: readers of whole pages run lines of neighbouring cells
together and take rules for letters (gh:tesseract-ocr/tesseract#1979).
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass

import cv2
import numpy as np

from extractors.document import Box
from extractors.pdf_rules import Grid, find_grids
from extractors.scan_page import ScanPage
from extractors.scan_pose import Pixels, ink_of
from extractors.scan_rules import find_rules
from extractors.scan_specks import without_specks

MARGIN = 4.0  # points of white round a piece; letters at its very edge are not seen
_SPECK = 1.5  # points: dust is smaller, a full stop at 10 pt not much larger
_BORDER = 3.0  # points: what reaches in from a neighbouring cell; a line of text reaches farther
_GUTTER = 14.0  # points between blocks that stand side by side; spaces of justified lines stay below
_LEADING = 9.0  # points between lines of one block
_PAPER = 230  # of 255: what blank paper is at least, once its shade is taken out
_COARSE = 3  # pixels in one where only blocks are looked for


@dataclass(frozen=True, slots=True)
class Piece:
    """A cell, by its table and its number there, or a block outside tables (-1), and its corner on the page.

    `picture` is framed with `MARGIN` of white.
    """

    table: int
    cell: int
    x0: int
    y0: int
    picture: Pixels


@dataclass(frozen=True, slots=True)
class Layout:
    """A page without its rules, its ink, its ruled tables and its pieces."""

    page: ScanPage
    cleared: Pixels
    ink: Pixels
    grids: tuple[Grid, ...]
    pieces: tuple[Piece, ...]

    @property
    def blank(self) -> bool:
        """White paper with nothing on it; a dark page without letters is none."""
        return not self.pieces and float(self.page.grey.mean()) > _PAPER


def lay_out(page: ScanPage) -> Layout:
    """The page cut into its pieces, tables first, each from top to bottom."""
    rules = find_rules(page)
    cleared, ink = without_specks(rules.cleared, ink_of(rules.cleared, page.unit), page.unit)
    grids = tuple(find_grids(rules.edges))
    pieces: list[Piece] = []
    rest = ink.copy()
    for table, grid in enumerate(grids):
        for number, cell in enumerate(grid.cells):
            y0, y1, x0, x1 = _span(cell.box, page)
            picture = _framed(cleared[y0:y1, x0:x1], ink[y0:y1, x0:x1], page.unit)
            if picture is not None:
                pieces.append(Piece(table, number, x0, y0, picture))
        y0, y1, x0, x1 = _span(grid.box, page)
        rest[y0:y1, x0:x1] = 0
    return Layout(page, cleared, ink, grids, (*pieces, *_blocks(cleared, rest, page.unit)))


def _blocks(grey: Pixels, ink: Pixels, unit: float) -> Iterator[Piece]:
    """Blocks of text outside tables, each by itself: what stands side by side need not stand on common lines."""
    height, width = ink.shape
    coarse = cv2.dilate(ink, np.ones((_COARSE, _COARSE), np.uint8))[_COARSE // 2 :: _COARSE, _COARSE // 2 :: _COARSE]
    down, across = (round(reach * unit / _COARSE) | 1 for reach in (_LEADING, _GUTTER))  # even ones would shift it
    reach = np.ones((down, across), np.uint8)
    count, labels, stats, _ = cv2.connectedComponentsWithStats(cv2.morphologyEx(coarse, cv2.MORPH_CLOSE, reach))
    for label in range(1, count):
        x, y, w, h = (int(v) for v in stats[label, :4])
        y0, y1, x0, x1 = (v * _COARSE for v in (y, y + h, x, x + w))
        y1, x1 = min(y1, height), min(x1, width)
        own = (labels[y : y + h, x : x + w] == label).astype(np.uint8)
        own = cv2.resize(own, (w * _COARSE, h * _COARSE), interpolation=cv2.INTER_NEAREST)[: y1 - y0, : x1 - x0]
        part = (slice(y0, y1), slice(x0, x1))
        picture = _framed(
            np.where(own, grey[part], np.uint8(255)), np.where(own, ink[part], np.uint8(0)), unit, inner=False
        )
        if picture is not None:
            yield Piece(-1, 0, x0, y0, picture)


def _span(box: Box, page: ScanPage) -> tuple[int, int, int, int]:
    height, width = page.grey.shape
    y0, y1 = (min(max(0, round(y * page.unit)), height) for y in (box.top, box.bottom))
    x0, x1 = (min(max(0, round(x * page.unit)), width) for x in (box.x0, box.x1))
    return y0, y1, x0, x1


def _framed(grey: Pixels, ink: Pixels, unit: float, inner: bool = True) -> Pixels | None:
    """A cell with white round it, without what reaches in from its neighbours; None where it is empty."""
    if not grey.size:
        return None
    clean = grey
    if (inner and (ink[0].any() or ink[-1].any())) or not _has_strokes(ink, unit):
        strange, full = _strange(ink, unit, inner)
        if not full:
            return None
        if strange is not None:
            clean = np.where(cv2.dilate(strange, np.ones((3, 3), np.uint8)) > 0, np.uint8(255), grey)
    margin = round(MARGIN * unit)
    return cv2.copyMakeBorder(clean, margin, margin, margin, margin, cv2.BORDER_CONSTANT, value=255).astype(
        np.uint8, copy=False
    )


def _has_strokes(ink: Pixels, unit: float) -> bool:
    """Whether ink runs straight for longer than dust is wide, up or down: most pieces are known by that at once."""
    rod = np.ones((math.ceil(_SPECK * unit), 1), np.uint8)
    return cv2.countNonZero(cv2.erode(ink, rod)) > 0


def _strange(ink: Pixels, unit: float, inner: bool) -> tuple[Pixels | None, bool]:
    """What reaches in from the cells above and below, if anything, and whether there is more than that and dust."""
    count, labels, stats, _ = cv2.connectedComponentsWithStats(ink)
    strange = np.zeros(count, np.uint8)
    full = False
    for label in range(1, count):
        _, top, wide, high = (int(v) for v in stats[label, :4])
        reaches_in = inner and (top == 0 or top + high == ink.shape[0]) and high < _BORDER * unit
        strange[label] = reaches_in
        full = full or (not reaches_in and max(wide, high) >= _SPECK * unit)
    return (strange[labels] if strange.any() else None), full
