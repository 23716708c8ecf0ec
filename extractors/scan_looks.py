"""Two looks at the pieces of a scanned page: all of them, then its doubtful lines again, alone and enlarged.

Of the two readings of a word the surer one counts.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from statistics import mean

import cv2
import numpy as np

from extractors.scan_layout import MARGIN, Layout
from extractors.scan_pose import Pixels
from extractors.scan_words import Word, is_number, read_words

_BLOCK, _LINE = 6, 7  # tesseract's page segmentation modes for one block of text and for one line
_DOUBTFUL = 0.9  # of wrong words 45 % are less sure, of right ones 2 %; a line with one is read again
_LARGER = 1.25
_FIGURE = re.compile(r"\d+|\b[IVXH]+\b")
_ALIKE = 0.95
_GHOST = 0.8  # how sure a line is at most that was read out of the marks of another
_WITHIN, _REACHES_IN = 0.8, 0.25  # of the width and of the height of its words
_AROUND = 1.0  # points of the page round the line


@dataclass(frozen=True, slots=True)
class Look:
    """A page and the words of each of its pieces, in pixels of the page."""

    layout: Layout
    words: tuple[tuple[Word, ...], ...]

    @property
    def confidence(self) -> float:
        """Mean of all words; 0 where there are none."""
        return mean(sure) if (sure := [word.confidence for words in self.words for word in words]) else 0.0


def first_look(layout: Layout) -> Look:
    """The words of all pieces of a page."""
    margin = round(MARGIN * layout.page.unit)
    found = read_words([piece.picture for piece in layout.pieces], _BLOCK)
    return Look(
        layout,
        tuple(
            tuple(_moved(word, piece.x0 - margin, piece.y0 - margin, layout) for word in without_ghosts(words))
            for piece, words in zip(layout.pieces, found, strict=True)
        ),
    )


def second_look(look: Look) -> Look:
    """The same page with its doubtful lines read twice."""
    layout = look.layout
    doubtful = [line for words in look.words for line in _lines(words) if _is_doubtful(line)]
    again = iter(read_words([_crop(line, layout) for line in doubtful], _LINE))

    def surer(words: Sequence[Word]) -> Iterator[Word]:
        for line in _lines(words):
            yield from _surer(line, next(again), layout) if _is_doubtful(line) else line

    return replace(look, words=tuple(tuple(surer(words)) for words in look.words))


def without_ghosts(words: Sequence[Word]) -> list[Word]:
    """Words without lines that were read out of the marks of a line close below them: ".-*" over "nhiễm"."""
    lines = _lines(words)
    ghosts = {
        line[0].line
        for line in lines
        if mean(word.confidence for word in line) < _GHOST
        and all(any(_is_part(word, other) for other in words if other.line != word.line) for word in line)
    }
    return [word for word in words if word.line not in ghosts]


def _is_part(word: Word, other: Word) -> bool:
    """Whether the box of a word lies in the width of another, higher and surer word and reaches into it."""
    across = min(word.x1, other.x1) - max(word.x0, other.x0)
    down = min(word.bottom, other.bottom) - max(word.top, other.top)
    within = across >= _WITHIN * (word.x1 - word.x0) and down >= _REACHES_IN * (word.bottom - word.top)
    return within and word.bottom - word.top <= other.bottom - other.top and word.confidence < other.confidence


def _moved(word: Word, dx: float, dy: float, layout: Layout, larger: float = 1.0) -> Word:
    """The word of an enlarged piece, in pixels of the page."""
    height, width = layout.page.grey.shape
    x0, x1 = (min(max(0, round(x / larger + dx)), width) for x in (word.x0, word.x1))
    top, bottom = (min(max(0, round(y / larger + dy)), height) for y in (word.top, word.bottom))
    return replace(word, x0=x0, x1=x1, top=top, bottom=bottom)


def _lines(words: Sequence[Word]) -> list[list[Word]]:
    return [list(line) for _, line in groupby(words, key=lambda word: word.line)]


def _is_doubtful(line: Sequence[Word]) -> bool:
    return min(word.confidence for word in line) < _DOUBTFUL


def _frame(line: Sequence[Word], unit: float) -> tuple[int, int, int, int]:
    around = round(_AROUND * unit)
    return (
        max(0, min(word.top for word in line) - around),
        max(word.bottom for word in line) + around,
        max(0, min(word.x0 for word in line) - around),
        max(word.x1 for word in line) + around,
    )


def _crop(line: Sequence[Word], layout: Layout) -> Pixels:
    y0, y1, x0, x1 = _frame(line, layout.page.unit)
    piece = layout.cleared[y0:y1, x0:x1]
    larger = cv2.resize(piece, None, fx=_LARGER, fy=_LARGER, interpolation=cv2.INTER_CUBIC)
    margin = round(MARGIN * layout.page.unit)
    framed = cv2.copyMakeBorder(larger, margin, margin, margin, margin, cv2.BORDER_CONSTANT, value=255)
    return framed.astype(np.uint8, copy=False)


def _surer(line: Sequence[Word], other: Sequence[Word], layout: Layout) -> Iterator[Word]:
    """Word by word where both readings have as many, else the line that is surer as a whole."""
    if len(line) == len(other):
        for word, twin in zip(line, other, strict=True):
            surer = twin if twin.confidence > word.confidence else word
            yield replace(word, text=surer.text, confidence=_in_common(word, twin))
        return
    if not other or mean(word.confidence for word in other) <= mean(word.confidence for word in line):
        yield from line
        return
    y0, _, x0, _ = _frame(line, layout.page.unit)
    margin = round(MARGIN * layout.page.unit) / _LARGER
    for word in other:
        yield replace(_moved(word, x0 - margin, y0 - margin, layout, _LARGER), line=line[0].line)


def _in_common(word: Word, twin: Word) -> float:
    """How sure the surer of two readings is, beside the other.

    Of numbers that were read twice alike one in a hundred is wrong, whatever the recogniser thinks of each; of those
    that came out differently one in three, for a number is no word that only reads on one way.
    """
    most, least = max(word.confidence, twin.confidence), min(word.confidence, twin.confidence)
    if not (is_number(word.text) or is_number(twin.text)):
        return most
    if _FIGURE.findall(word.text) == _FIGURE.findall(twin.text):
        return max(most, min(_ALIKE, 1 - (1 - most) * (1 - least)))
    return most - least / 2
