"""Scanned pages -> the same sheets of lines and ruled tables that digital pages give."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from extractors.document import Box
from extractors.errors import Reason, SourceError
from extractors.pace import page_done
from extractors.pdf_lines import Line, Turn
from extractors.pdf_rules import Grid
from extractors.pdf_sheet import Sheet
from extractors.scan_layout import lay_out
from extractors.scan_lines import Draft, Weights, common_print, draft_lines, to_rows
from extractors.scan_looks import Look, first_look, second_look
from extractors.scan_numerals import recount
from extractors.scan_page import prepare
from extractors.scan_pose import Pixels
from extractors.scan_shapes import with_shapes
from extractors.scan_words import Word

_LEGIBLE = 0.6  # mean confidence: photos and pages upside down are read with less, the faintest print with more
_LEAST = 16  # pixels: no letter stands in less


@dataclass(frozen=True, slots=True)
class Picture:
    """A page to be recognised: its number from 1, its pixels (grey, or blue, green, red), its paper in points."""

    number: int
    pixels: Pixels
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class Reading:
    """What was recognised on a page: its tables, the words of each cell and of the rest, in pixels."""

    number: int
    turn: Turn
    unit: float = 1.0
    grids: tuple[Grid, ...] = ()
    cells: tuple[tuple[tuple[Word, ...], ...], ...] = ()
    rest: tuple[Word, ...] = ()
    blank: bool = False  # nothing is printed on it

    def pieces(self) -> Iterator[tuple[Word, ...]]:
        """The words outside of tables, then those of each cell."""
        yield self.rest
        for grid in self.cells:
            yield from grid

    def box(self, word: Word) -> Box:
        """Of a word, in points of the page as read."""
        return Box(*(edge / self.unit for edge in (word.x0, word.top, word.x1, word.bottom)))


def recognise(pictures: Iterable[Picture]) -> Iterator[Reading]:
    """What stands on each page; nothing where nothing can be read, where that takes too long or ends the recogniser.

    Raises:
        SourceError: DEPENDENCY_MISSING without tesseract.
    """
    for picture in pictures:
        try:
            yield _read(picture)
        except SourceError as fault:
            if fault.reason is Reason.DEPENDENCY_MISSING:
                raise
            yield _unread(picture)
        page_done()


def _read(picture: Picture) -> Reading:
    if min(picture.pixels.shape[:2]) < _LEAST:
        return _unread(picture)
    look = _upright(picture, first_look(lay_out(prepare(picture.pixels, picture.width, picture.height))))
    if look.confidence >= _LEGIBLE:
        return _reading(picture, second_look(look))
    return _unread(picture, blank=look.layout.blank)


def _upright(picture: Picture, look: Look) -> Look:
    """The surer of the look and that at the page turned over, where it could hardly be read as it stood."""
    if not 0 < look.confidence < _LEGIBLE:
        return look
    quarters = (look.layout.page.turn.quarters + 2) % 4
    other = first_look(lay_out(prepare(picture.pixels, picture.width, picture.height, quarters)))
    return max(look, other, key=lambda each: each.confidence)


def _unread(picture: Picture, *, blank: bool = False) -> Reading:
    return Reading(picture.number, Turn(0, picture.width, picture.height), blank=blank)


def _reading(picture: Picture, look: Look) -> Reading:
    page, ink, grids = look.layout.page, look.layout.ink, look.layout.grids
    weights = Weights.of(ink)
    cells: list[list[tuple[Word, ...]]] = [[()] * len(grid.cells) for grid in grids]
    rest: list[Word] = []
    for piece, found in zip(look.layout.pieces, look.words, strict=True):
        befores = ("", *(word.text for word in found))
        counted = (recount(word, ink, before) for before, word in zip(befores, found, strict=False))
        words = tuple(with_shapes(weights.weighed(word), look.layout.cleared) for word in counted)
        if piece.table < 0:
            rest += words
        else:
            cells[piece.table][piece.cell] = words
    return Reading(picture.number, page.turn, page.unit, grids, tuple(map(tuple, cells)), tuple(rest))


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
