"""What is printed on one page of a PDF, whoever read it: letters and rules, in points from the top left as displayed.

A letter's box is as wide as its advance and as high as its font size, and hangs by its baseline: two fonts on one line
then have one middle, whatever their files say about ascent and descent.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from extractors.document import Box
from extractors.pdf_lines import Glyph

DESCENT = 0.22  # of the font size, as in Times New Roman (0.216); files of LibreOffice tell 0

Floats = npt.NDArray[np.float64]

_BOLD = re.compile(r"bold|black|heavy|-bd|demi", re.IGNORECASE)
_ITALIC = re.compile(r"italic|oblique", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Rule:
    """The box of a line or rectangle that is drawn; `stroked`: along its sides, not filled only."""

    box: Box
    stroked: bool


class Run(NamedTuple):
    """Letters that one operator of the file sets: one font, one baseline. `start` and `stop` count letters."""

    start: int
    stop: int
    font: str
    bold: bool
    italic: bool
    turned: int


@dataclass(frozen=True, slots=True)
class Letters:
    """The letters of a page in columns, in the order of the file; every letter is in a run."""

    text: str
    x0: Floats
    top: Floats
    x1: Floats
    bottom: Floats
    runs: tuple[Run, ...]

    def glyphs(self) -> list[Glyph]:
        """One by one. A code that stands for several letters (a ligature, a letter with its marks) is one glyph."""
        out: list[Glyph] = []
        boxes = list(zip(self.x0.tolist(), self.top.tolist(), self.x1.tolist(), self.bottom.tolist(), strict=True))
        for run in self.runs:
            at = run.start
            while at < run.stop:
                end = at + 1
                while end < run.stop and boxes[end] == boxes[at]:
                    end += 1
                out.append(Glyph(self.text[at:end], *boxes[at], run.bold, run.italic, run.turned, run.font))
                at = end
        return out


_NONE = np.empty(0)
NO_LETTERS = Letters("", _NONE, _NONE, _NONE, _NONE, ())


@dataclass(frozen=True, slots=True)
class Print:
    """One page: its number from 1, its size as displayed, its letters, its rules."""

    number: int
    width: float
    height: float
    letters: Letters | Sequence[Glyph] = ()
    rules: Sequence[Rule] = ()

    def glyphs(self) -> list[Glyph]:
        return self.letters.glyphs() if isinstance(self.letters, Letters) else list(self.letters)


@lru_cache(maxsize=256)
def weight_and_slant(font: str) -> tuple[bool, bool]:
    """Bold and italic, as the font's name tells them."""
    return _BOLD.search(font) is not None, _ITALIC.search(font) is not None
