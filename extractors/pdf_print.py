"""What is printed on one page of a PDF, whoever read it: letters and rules, in points from the top left as displayed.

A letter's box is as wide as its advance and as high as its font size, and hangs by its baseline: two fonts on one line
then have one middle, whatever their files say about ascent and descent.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from extractors.document import Box
from extractors.pdf_lines import Glyph, Turn

DESCENT = 0.22  # of the font size, as in Times New Roman (0.216); files of LibreOffice tell 0

Floats = npt.NDArray[np.float64]

_BOLD = re.compile(r"bold|black|heavy|-bd|demi", re.IGNORECASE)
_ITALIC = re.compile(r"italic|oblique", re.IGNORECASE)


class Rule(NamedTuple):
    """The box of a line or rectangle that is drawn; `stroked`: along its sides, not filled only."""

    x0: float
    top: float
    x1: float
    bottom: float
    stroked: bool


class Run(NamedTuple):
    """Letters that one operator of the file sets on one baseline; `start` and `stop` count letters of the page.

    `top` and `bottom` are those of the page when it is turned so that the run is upright (`turned` quarters clockwise).
    """

    start: int
    stop: int
    top: float
    bottom: float
    font: str
    bold: bool
    italic: bool
    turned: int


@dataclass(frozen=True, slots=True)
class Letters:
    """The letters of a page in reading order, spaces between those that stand in no run; runs in the order of the file.

    Like the runs, `x0` and `x1` are those of the page turned upright. `printable`: all white space is plain spaces.
    """

    text: str
    codes: npt.NDArray[np.uint32]
    x0: Floats
    x1: Floats
    runs: tuple[Run, ...]
    printable: bool = False


_NONE = np.empty(0)
NO_LETTERS = Letters("", np.empty(0, np.uint32), _NONE, _NONE, ())


@dataclass(frozen=True, slots=True)
class Print:
    """One page: its number from 1, its size as displayed, its letters, its rules."""

    number: int
    width: float
    height: float
    letters: Letters | Sequence[Glyph] = ()
    rules: Sequence[Rule] = ()

    def glyphs(self) -> list[Glyph]:
        """The letters one by one, as displayed."""
        return list(self._glyphs(self.letters) if isinstance(self.letters, Letters) else self.letters)

    def _glyphs(self, letters: Letters) -> Iterator[Glyph]:
        """A code that stands for several letters (a ligature, a letter with its marks) is one glyph."""
        sides = list(zip(letters.x0.tolist(), letters.x1.tolist(), strict=True))
        for run in letters.runs:
            turn = Turn(run.turned, self.width, self.height)
            for (x0, x1), same in groupby(range(run.start, run.stop), sides.__getitem__):
                at = list(same)
                box = turn.back(Box(x0, run.top, x1, run.bottom))
                text = letters.text[at[0] : at[-1] + 1]
                yield Glyph(text, box.x0, box.top, box.x1, box.bottom, run.bold, run.italic, run.turned, run.font)


@lru_cache(maxsize=256)
def weight_and_slant(font: str) -> tuple[bool, bool]:
    """Bold and italic, as the font's name tells them."""
    return _BOLD.search(font) is not None, _ITALIC.search(font) is not None
