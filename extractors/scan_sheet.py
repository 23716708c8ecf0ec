"""One scanned page -> the same sheet of lines and ruled tables that a digital page gives.

Every cell is read by itself from the page without its rules: readers of whole pages run lines of neighbouring cells
together and take rules for letters (gh:tesseract-ocr/tesseract#1979).
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from statistics import mean

import cv2
import numpy as np

from extractors.document import Box
from extractors.pdf_lines import Line, Turn
from extractors.pdf_rules import Grid, find_grids
from extractors.pdf_sheet import Sheet
from extractors.scan_lines import Draft, Weights, common_print, draft_lines, to_rows
from extractors.scan_numerals import recount
from extractors.scan_page import Pixels, ScanPage, ink_of, prepare
from extractors.scan_rules import find_rules
from extractors.scan_second import second_look
from extractors.scan_words import Word, read_words

_BLOCK = 6  # tesseract's page segmentation mode for one block of text
_MARGIN = 4.0  # points of white round a piece; letters at its very edge are not seen
_SPECK = 1.5  # points: dust is smaller, a full stop at 10 pt not much larger
_BORDER = 3.0  # points: what reaches in from a neighbouring cell; a line of text reaches farther
_GUTTER = 14.0  # points between blocks that stand side by side; spaces of justified lines stay below
_LEADING = 9.0  # points between lines of one block
_UPSIDE_DOWN = 0.6  # letters read the wrong way up are seldom surer than this, the worst print seldom less


@dataclass(frozen=True, slots=True)
class Reading:
    """What was recognised on a page: its tables, the words of each cell and of the rest, in pixels."""

    number: int
    turn: Turn
    unit: float
    grids: tuple[Grid, ...]
    cells: tuple[tuple[tuple[Word, ...], ...], ...]
    rest: tuple[Word, ...]

    def words(self) -> list[Word]:
        return [*self.rest, *(word for grid in self.cells for cell in grid for word in cell)]

    @property
    def confidence(self) -> float:
        return mean(word.confidence for word in words) if (words := self.words()) else 0.0


def recognise(number: int, pixels: Pixels, width: float, height: float) -> Reading:
    """What stands on a scanned page.

    Args:
        number: of the page, from 1.
        pixels: grey, or colour in the order blue, green, red.
        width, height: of the paper in points.

    Raises:
        SourceError: DEPENDENCY_MISSING without tesseract; TIMEOUT.
    """
    reading = _read(number, prepare(pixels, width, height))
    if reading.words() and reading.confidence < _UPSIDE_DOWN:
        quarters = (reading.turn.quarters + 2) % 4
        other = _read(number, prepare(pixels, width, height, quarters))
        reading = max(reading, other, key=lambda r: r.confidence)
    return reading


def _read(number: int, page: ScanPage) -> Reading:
    rules = find_rules(page)
    ink = ink_of(rules.cleared, page.unit)
    grids = tuple(find_grids(rules.edges))
    pieces: list[Pixels] = []
    places: list[tuple[int, int, int, int]] = []  # table and cell, or (-1, 0) outside tables, and the corner
    for table, grid in enumerate(grids):
        for index, cell in enumerate(grid.cells):
            y0, y1, x0, x1 = _span(cell.box, page)
            piece = _piece(rules.cleared[y0:y1, x0:x1], ink[y0:y1, x0:x1], page.unit)
            if piece is not None:
                pieces.append(piece)
                places.append((table, index, x0, y0))
    rest = ink.copy()
    for grid in grids:
        y0, y1, x0, x1 = _span(grid.box, page)
        rest[y0:y1, x0:x1] = 0
    for block, x0, y0 in _blocks(rules.cleared, rest, page.unit):
        pieces.append(block)
        places.append((-1, 0, x0, y0))
    margin = round(_MARGIN * page.unit)
    readings = [
        [_moved(word, x0 - margin, y0 - margin, page) for word in found]
        for (_, _, x0, y0), found in zip(places, read_words(pieces, _BLOCK), strict=True)
    ]
    weights = Weights.of(ink)
    readings = [
        [weights.weighed(recount(word, ink)) for word in words]
        for words in second_look(readings, rules.cleared, page.unit)
    ]
    cells: list[list[tuple[Word, ...]]] = [[()] * len(grid.cells) for grid in grids]
    outside: list[Word] = []
    for (table, index, *_), words in zip(places, readings, strict=True):
        if table < 0:
            outside += words
        else:
            cells[table][index] = tuple(words)
    return Reading(number, page.turn, page.unit, grids, tuple(map(tuple, cells)), tuple(outside))


def _blocks(grey: Pixels, ink: Pixels, unit: float) -> Iterator[tuple[Pixels, int, int]]:
    """Blocks of text outside tables, each by itself: what stands side by side need not stand on common lines."""
    reach = np.ones((round(_LEADING * unit), round(_GUTTER * unit)), np.uint8)
    count, labels, stats, _ = cv2.connectedComponentsWithStats(cv2.morphologyEx(ink, cv2.MORPH_CLOSE, reach))
    for label in range(1, count):
        x, y, width, height = (int(v) for v in stats[label, :4])
        part = (slice(y, y + height), slice(x, x + width))
        own = labels[part] == label
        piece = _piece(
            np.where(own, grey[part], np.uint8(255)), np.where(own, ink[part], np.uint8(0)), unit, inner=False
        )
        if piece is not None:
            yield piece, x, y


def _span(box: Box, page: ScanPage) -> tuple[int, int, int, int]:
    height, width = page.grey.shape
    y0, y1 = (min(max(0, round(y * page.unit)), height) for y in (box.top, box.bottom))
    x0, x1 = (min(max(0, round(x * page.unit)), width) for x in (box.x0, box.x1))
    return y0, y1, x0, x1


def _piece(grey: Pixels, ink: Pixels, unit: float, inner: bool = True) -> Pixels | None:
    """A cell with white round it, without what reaches in from its neighbours; None where it is empty."""
    if not grey.size:
        return None
    count, labels, stats, _ = cv2.connectedComponentsWithStats(ink)
    height = ink.shape[0]
    strange = np.zeros(count, bool)
    full = False
    for label in range(1, count):
        _, top, wide, high = (int(v) for v in stats[label, :4])
        reaches_in = inner and (top == 0 or top + high == height) and high < _BORDER * unit
        strange[label] = reaches_in
        full = full or (not reaches_in and max(wide, high) >= _SPECK * unit)
    if not full:
        return None
    clean = grey
    if strange.any():
        near = cv2.dilate(strange[labels].astype(np.uint8), np.ones((3, 3), np.uint8))
        clean = np.where(near > 0, np.uint8(255), grey)
    margin = round(_MARGIN * unit)
    return cv2.copyMakeBorder(clean, margin, margin, margin, margin, cv2.BORDER_CONSTANT, value=255).astype(
        np.uint8, copy=False
    )


def _moved(word: Word, dx: int, dy: int, page: ScanPage) -> Word:
    height, width = page.grey.shape
    x0, x1 = (min(max(0, x + dx), width) for x in (word.x0, word.x1))
    top, bottom = (min(max(0, y + dy), height) for y in (word.top, word.bottom))
    return replace(word, x0=x0, x1=x1, top=top, bottom=bottom)


# --- lines ---------------------------------------------------------------------------------------------------------


def to_sheet(reading: Reading) -> Sheet:
    """The page as a digital one would be read."""
    rest = draft_lines(reading.rest)
    cells = [[draft_lines(words) for words in grid] for grid in reading.cells]
    common = common_print([*rest, *(draft for grid in cells for cell in grid for draft in cell)])

    def lines(drafts: Sequence[Draft]) -> tuple[Line, ...]:
        return tuple(line for row in to_rows(drafts, common, reading.unit) for line in row)

    return Sheet(
        number=reading.number,
        turn=reading.turn,
        rows=to_rows(rest, common, reading.unit),
        grids=tuple((grid, tuple(map(lines, drafts))) for grid, drafts in zip(reading.grids, cells, strict=True)),
        scanned=True,
    )
