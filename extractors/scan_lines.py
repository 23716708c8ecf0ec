"""Recognised words -> lines as the readers of PDF pages know them: font size, weight, rows."""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import groupby, pairwise
from statistics import mean, median
from typing import Any

import cv2
import numpy as np

from extractors.pdf_lines import Line
from extractors.scan_pose import Pixels
from extractors.scan_words import Word

# Heights above and below the base line in parts of the font size, as in Times and its kin (decree 30/2020 prescribes
# Times New Roman); other print differs by less than `_SAME_SIZE`.
_X_HEIGHT = 0.45
_TALL = 0.67
_ACCENT = 0.21  # a mark above its letter; the second one of a stacked pair takes half of that
_BELOW = 0.21
_SAME_SIZE = 0.15
_BOLD = 1.13  # times the stroke of the page's common text, in proportion to the font size
_SIDE = 1.0  # of the font size: holes that may be a gutter, as on PDF pages
_TALL_LETTER = re.compile(r"[bdfhiklđtA-ZĐ0-9/()\[\]%&?!\"“”]")
_LOW_LETTER = re.compile(r"[gpqyj,;/()\[\]]")
_NUMBER = re.compile(r"\d|^[IVXLH]+\b|^\(?\S{0,2}[.)]$")
_MARKS_ABOVE = frozenset("\u0300\u0301\u0302\u0303\u0306\u0309")
_DOT_BELOW = "\u0323"


@dataclass(frozen=True, slots=True)
class Draft:
    """A line in pixels before it is known what is common on its page."""

    words: tuple[Word, ...]
    size: float

    @property
    def base(self) -> float:
        return median(word.bottom - (_BELOW * self.size if _is_low(word.text) else 0) for word in self.words)

    @property
    def letters(self) -> int:
        return sum(c.isalnum() for word in self.words for c in word.text)

    @property
    def stroke(self) -> float:
        """Mean width of the strokes of its letters."""
        return sum(word.stroke * len(word.text) for word in self.words) / sum(len(word.text) for word in self.words)


@dataclass(frozen=True, slots=True)
class Weights:
    """Ink of a page and the outline of its ink, summed up for quick counting in any box."""

    ink: Any
    outline: Any

    @classmethod
    def of(cls, ink: Pixels) -> "Weights":
        inked = (ink > 0).astype(np.uint8)
        outline = cv2.subtract(inked, cv2.erode(inked, np.ones((3, 3), np.uint8)))
        return cls(cv2.integral(inked), cv2.integral(outline))

    def weighed(self, word: Word) -> Word:
        """The word with the mean width of its strokes in pixels."""
        y0, y1, x0, x1 = word.top, word.bottom, word.x0, word.x1
        ink, outline = (
            float(table[y1, x1] - table[y0, x1] - table[y1, x0] + table[y0, x0]) for table in (self.ink, self.outline)
        )
        return replace(word, stroke=2 * ink / outline if outline else 0.0)


def draft_lines(words: Sequence[Word]) -> list[Draft]:
    """Lines as the recogniser saw them, cut at gutters."""
    out = []
    for _, group in groupby(sorted(words, key=lambda w: (w.line, w.x0)), key=lambda w: w.line):
        own = list(group)
        sizes = [size for word in own if (size := _size(word))]
        size = median(sizes) if sizes else float(max(word.bottom - word.top for word in own)) / _TALL
        pieces: list[list[Word]] = [[own[0]]]
        for before, word in pairwise(own):
            if word.x0 - before.x1 > _SIDE * size:
                pieces.append([])
            pieces[-1].append(word)
        out += [Draft(tuple(piece), size) for piece in pieces]
    return out


def _size(word: Word) -> float:
    """Font size that a word's height tells; 0 for marks and dashes."""
    above = max((_above(c) for c in word.text if c.isalnum()), default=0.0)
    return (word.bottom - word.top) / (above + (_BELOW if _is_low(word.text) else 0.0)) if above else 0.0


def _above(letter: str) -> float:
    apart = unicodedata.normalize("NFD", letter)
    base, on_top = apart[0], sum(mark in _MARKS_ABOVE for mark in apart)
    return (_TALL if _TALL_LETTER.match(base) and not (base == "i" and on_top) else _X_HEIGHT) + _ACCENT * (
        on_top if on_top < 2 else 1.5
    )


def _is_low(text: str) -> bool:
    return _LOW_LETTER.search(text) is not None or _DOT_BELOW in unicodedata.normalize("NFD", text)


@dataclass(frozen=True, slots=True)
class Print:
    """What most of a page is printed in: font size and stroke."""

    size: float
    stroke: float


def common_print(drafts: Iterable[Draft]) -> Print:
    lettered = [draft for draft in drafts if draft.letters]
    return Print(
        _middle([(draft.size, draft.letters) for draft in lettered]),
        _middle([(draft.stroke, draft.letters) for draft in lettered]),
    )


def _middle(weighted: Sequence[tuple[float, int]]) -> float:
    """Median of values that count several times."""
    half = sum(count for _, count in weighted) / 2
    seen = 0
    for value, count in sorted(weighted):
        seen += count
        if seen >= half:
            return value
    return 0.0


def to_rows(drafts: Iterable[Draft], common: Print, unit: float) -> tuple[tuple[Line, ...], ...]:
    """Rows from top to bottom, each from left to right; sizes that differ by less than the eye sees are one."""
    rows: list[list[Draft]] = []
    for draft in sorted(drafts, key=lambda d: (d.base, d.words[0].x0)):
        if rows and draft.base - rows[-1][0].base < 0.4 * min(draft.size, rows[-1][0].size):
            rows[-1].append(draft)
        else:
            rows.append([draft])
    return tuple(tuple(_line(d, common, unit) for d in sorted(row, key=lambda d: d.words[0].x0)) for row in rows)


def _line(draft: Draft, common: Print, unit: float) -> Line:
    same = abs(draft.size - common.size) <= _SAME_SIZE * common.size
    size = common.size if same else draft.size
    words, base = draft.words, draft.base
    return Line(
        text=" ".join(word.text for word in words),
        x0=words[0].x0 / unit,
        top=(base - (1 - _BELOW) * size) / unit,
        x1=max(word.x1 for word in words) / unit,
        bottom=(base + _BELOW * size) / unit,
        size=size / unit,
        bold=draft.letters > 1 and draft.stroke * common.size > _BOLD * common.stroke * size,
        italic=False,
        first=(words[0].x1 - words[0].x0) / unit,
        spaced=False,
        confidence=confidence_of(words),
    )


def confidence_of(words: Sequence[Word]) -> float:
    """How sure a line is: the mean of its words, but no surer than its least sure number, list number or numeral.

    A wrong letter is seen by whoever reads the word, a wrong digit by nobody.
    """
    if not words:
        return 1.0
    digits = [word.confidence for word in words if _NUMBER.search(word.text)]
    return min(mean(word.confidence for word in words), *digits, 1.0)
