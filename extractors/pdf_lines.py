"""Glyphs of one PDF page -> lines of text, and the question of every line end: a soft wrap or a meant break.

Coordinates are those of the page as read (see `Turn`), in points from its top left corner.
"""

import math
import re
import unicodedata
from collections.abc import Container, Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import pairwise
from operator import attrgetter
from typing import NamedTuple

from extractors.document import Box
from extractors.grid_rows import LIST_MARK, begins_lower

_SLACK = 2.0  # points: rounding of widths in the file; less than the narrowest word
WORD_GAP = 0.18  # of the font size: narrower than any space (0.22-0.28 em), wider than kerning
TORN_GAP = 0.3  # where spaces are glyphs, smaller holes only tear a syllable apart
_ROMAN = re.compile(r"[IVX]{2,6}[.)]?")
_MARKS = "()[]{}.,;:\"'“”‘’!?"  # around words
_SPACE_ROOM = 0.35  # of the font size: a space needs 0.22-0.28
DOUBLE = 1.0  # points: a fake bold letter is drawn again nearer than this, real letters stand farther apart


@dataclass(frozen=True, slots=True)
class Glyph:
    text: str
    x0: float
    top: float
    x1: float
    bottom: float
    bold: bool = False
    italic: bool = False
    turned: int = 0  # quarter turns clockwise that make it upright
    font: str = ""

    @property
    def size(self) -> float:
        return self.bottom - self.top

    @property
    def middle(self) -> float:
        return (self.top + self.bottom) / 2

    @property
    def across(self) -> float:
        return (self.x0 + self.x1) / 2


@dataclass(frozen=True, slots=True)
class Turn:
    """Reads a page that is printed sideways: to reading coordinates and back (quarter turns clockwise).

    A scanned page may lie askew as well; `skew` are the degrees, counter-clockwise, by which it was then straightened.
    """

    quarters: int
    width: float
    height: float
    skew: float = 0.0

    def forward(self, box: Box) -> Box:
        return _turned(box, self.quarters, self.width, self.height)

    def back(self, box: Box) -> Box:
        if not self.quarters and not self.skew:
            return box
        sideways = self.quarters % 2 == 1
        width, height = (self.height, self.width) if sideways else (self.width, self.height)
        return _turned(self._askew(box) if self.skew else box, -self.quarters % 4, width, height)

    def _askew(self, box: Box) -> Box:
        """The box on the page before it was straightened; it grows to hold its turned corners."""
        (width, height), angle = self.size, math.radians(-self.skew)
        corners = []
        for x, y in ((box.x0, box.top), (box.x1, box.top), (box.x0, box.bottom), (box.x1, box.bottom)):
            dx, dy = x - width / 2, y - height / 2
            across = math.cos(angle) * dx + math.sin(angle) * dy + width / 2
            down = math.cos(angle) * dy - math.sin(angle) * dx + height / 2
            corners.append(Box(across, down, across, down))
        return around(corners)

    @property
    def size(self) -> tuple[float, float]:
        return (self.height, self.width) if self.quarters % 2 else (self.width, self.height)


def _turned(box: Box, quarters: int, width: float, height: float) -> Box:
    if quarters == 1:
        return Box(height - box.bottom, box.x0, height - box.top, box.x1)
    if quarters == 2:
        return Box(width - box.x1, height - box.bottom, width - box.x0, height - box.top)
    if quarters == 3:
        return Box(box.top, width - box.x1, box.bottom, width - box.x0)
    return box


class Line(NamedTuple):
    """One line of one column. `first` is the width of its first word, `spaced`: a space glyph stands at its end.

    `confidence` is that of the recognised words of a scan, 1.0 for a text layer.
    """

    text: str
    x0: float
    top: float
    x1: float
    bottom: float
    size: float
    bold: bool
    italic: bool
    first: float
    spaced: bool
    confidence: float = 1.0

    @property
    def width(self) -> float:
        return self.x1 - self.x0

    @property
    def center(self) -> float:
        return (self.x0 + self.x1) / 2


is_bold, is_italic = attrgetter("bold"), attrgetter("italic")


def around(boxes: Iterable[Box | Line]) -> Box:
    boxes = tuple(boxes)
    if len(boxes) == 1:
        (one,) = boxes
        return Box(one.x0, one.top, one.x1, one.bottom)
    return Box(
        min([b.x0 for b in boxes]),
        min([b.top for b in boxes]),
        max([b.x1 for b in boxes]),
        max([b.bottom for b in boxes]),
    )


def undouble(glyphs: Sequence[Glyph]) -> list[Glyph]:
    """Each letter once where it is drawn twice to look bold; marks set as glyphs of their own join their letter."""
    out: list[Glyph] = []
    seen: dict[tuple[str, int, int], list[int]] = {}
    for glyph in glyphs:
        if out and glyph.text and unicodedata.combining(glyph.text[0]):
            at = -2 if len(out) > 1 and out[-1].text.isspace() and out[-2].text[-1:].isalpha() else -1
            out[at] = replace(out[at], text=out[at].text + glyph.text)
            if at == -2:
                out[-1] = replace(out[-1], text="")  # the space that carried the mark
            continue
        column, row = round(glyph.x0 / 2), round(glyph.top / 2)
        near = (
            at
            for dx in (-1, 0, 1)
            for dy in (-1, 0, 1)
            for at in seen.get((glyph.text, column + dx, row + dy), ())
            if abs(out[at].x0 - glyph.x0) <= DOUBLE and abs(out[at].top - glyph.top) <= DOUBLE
        )
        twin = next(near, None)
        if twin is not None and not glyph.text.isspace():
            if out[twin].x0 != glyph.x0:
                out[twin] = replace(out[twin], bold=True)
            continue
        seen.setdefault((glyph.text, column, row), []).append(len(out))
        out.append(glyph)
    return [glyph for glyph in out if glyph.text]


def read_rows(glyphs: Sequence[Glyph], gap: float | None = None) -> list[list[Line]]:
    """Rows of a page from top to bottom, each a list of lines from left to right.

    A row is cut into several lines at holes wider than `gap` times the font size; None never cuts.
    """
    rows: list[list[Glyph]] = []
    for glyph in sorted((g for g in glyphs if not g.text.isspace()), key=lambda g: (g.middle, g.x0)):
        if rows and glyph.middle - _middle(rows[-1]) < 0.5 * min(glyph.size, rows[-1][0].size):
            rows[-1].append(glyph)
        else:
            rows.append([glyph])
    spaces = [g for g in glyphs if g.text.isspace()]
    return [_row(sorted(row, key=lambda g: g.x0), spaces, gap) for row in rows]


def _middle(row: Sequence[Glyph]) -> float:
    # The largest letters carry the line; superscripts and marks swing around it.
    return max(row[:8], key=lambda g: g.size).middle


def _row(glyphs: list[Glyph], spaces: Sequence[Glyph], gap: float | None) -> list[Line]:
    low, high = glyphs[0].top, glyphs[0].bottom
    own = [s for s in spaces if low <= s.middle <= high]
    lines, current = [], [glyphs[0]]
    for before, glyph in pairwise(glyphs):
        if gap is not None and glyph.x0 - before.x1 > gap * max(before.size, glyph.size):
            lines.append(_line(current, own))
            current = []
        current.append(glyph)
    return [*lines, _line(current, own)]


def _line(glyphs: Sequence[Glyph], spaces: Sequence[Glyph]) -> Line:
    pieces = [glyphs[0].text]
    first_end = None
    hole = TORN_GAP if spaces else WORD_GAP
    for before, glyph in pairwise(glyphs):
        spaced = any(before.across < s.across < glyph.across for s in spaces)
        if spaced or glyph.x0 - before.x1 > hole * min(before.size, glyph.size):
            first_end = first_end if first_end is not None else before.x1
            pieces.append(" ")
        pieces.append(glyph.text)
    last = glyphs[-1]
    ends = any(-0.5 <= s.x0 - last.x1 < 0.6 * last.size for s in spaces)
    letters = [g for g in glyphs if any(c.isalnum() for c in g.text)] or list(glyphs)
    return Line(
        text=unicodedata.normalize("NFC", "".join(pieces)),
        x0=min(g.x0 for g in glyphs),
        top=min(g.top for g in glyphs),
        x1=max(g.x1 for g in glyphs),
        bottom=max(g.bottom for g in glyphs),
        size=sorted(g.size for g in glyphs)[len(glyphs) // 2],
        bold=all(g.bold for g in letters),
        italic=all(g.italic for g in letters),
        first=(first_end if first_end is not None else last.x1) - glyphs[0].x0,
        spaced=ends,
    )


_FEW = 16  # words asked for, before all words of the text are parted


class KnownWords:
    """Words that stand whole inside a line, not at its ends; collected when the first one is asked for."""

    def __init__(self, lines: Iterable[Line]) -> None:
        self._lines = lines
        self._asked = 0

    def __contains__(self, word: object) -> bool:
        self._asked += 1  # few that are asked for stand in the text at all, but each look costs its length
        if self._asked <= _FEW and str(word) not in self._text:
            return False
        return word in self._words

    @cached_property
    def _text(self) -> str:
        return "\n".join([line.text for line in self._lines]).casefold()

    @cached_property
    def _words(self) -> frozenset[str]:
        inner = [line.partition(" ")[2].rpartition(" ")[0] for line in self._text.split("\n")]
        return frozenset([word.strip(_MARKS) for word in set(" ".join(inner).split())])


@dataclass(frozen=True, slots=True)
class LineEnds:
    """What the line ends of one file tell: its words, and whether a soft wrap leaves its space at the end of the line.

    LibreOffice and Word keep that space, so there a line with room left and no space was ended by hand.
    """

    words: Container[str] = frozenset()
    keeps_spaces: bool = False


_NO_ENDS = LineEnds()


def is_centered(line: Line, left: float, right: float) -> bool:
    return line.x0 - left > 3 and abs((line.x0 - left) - (right - line.x1)) < 4


def word_fits(line: Line, following: Line, left: float, right: float) -> bool:
    """The first word of the following line would still have fitted on this one: so the break was made by hand."""
    used = line.width if is_centered(line, left, right) else line.x1 - left
    return used + 0.25 * line.size + following.first <= right - left - _SLACK


def join_lines(lines: Sequence[Line], left: float, right: float, ends: LineEnds = _NO_ENDS) -> str:
    """One text: soft wraps closed, real breaks as "\\n". `left` and `right` bound what the writer could fill."""
    if not lines:
        return ""
    text = lines[0].text
    if len(lines) == 1:
        return text
    listed = LIST_MARK.match(text) is not None
    for line, following in pairwise(lines):
        by_hand = word_fits(line, following, left, right) or _ended_by_hand(line, following, left, right, ends)
        mark = LIST_MARK.match(following.text) is not None
        ended = line.text.endswith((".", ";", ":"))
        if by_hand or (mark and (ended or (listed and not begins_lower(following.text)))):
            text += "\n" + following.text
        else:
            text += wrap_joint(line, following, right, ends) + following.text
    return text


def _ended_by_hand(line: Line, following: Line, left: float, right: float, ends: LineEnds) -> bool:
    """There was room for the space of a soft wrap, and this file would have left it there."""
    if not ends.keeps_spaces or line.spaced or is_centered(line, left, right):
        return False
    if right - line.x1 < _SPACE_ROOM * line.size or ends_in_mark(line.text, "-/–"):
        return False
    return not _broken_word(line, following, right, ends)


def keeps_spaces(cells: Iterable[tuple[Sequence[Line], float, float]]) -> bool:
    """Do soft wraps of this file leave their space? From the wraps that had room for it, ten at least."""
    seen = [
        line.spaced
        for lines, left, right in cells
        for line, following in pairwise(lines)
        if right - line.x1 >= _SPACE_ROOM * line.size
        and not is_centered(line, left, right)
        and not word_fits(line, following, left, right)
    ]
    return len(seen) >= 10 and sum(seen) >= 0.8 * len(seen)


def ends_in_mark(text: str, marks: str) -> bool:
    """A letter or digit with one of these marks behind it ends the text."""
    return text[-1] in marks and is_word_letter(text[-2:-1])


def is_word_letter(letter: str) -> bool:
    """What regular expressions call a word character."""
    return letter.isalnum() or letter == "_"


_TORN_YEAR = re.compile(r"\d/(?:(?:19|20)\d\n\d|1\n9\d\d|2\n0\d\d)(?!\d)")


def wrap_joint(line: Line, following: Line, right: float, ends: LineEnds = _NO_ENDS) -> str:
    """What a soft wrap stands for: a space, or nothing inside a word.

    Forms: "QĐ-" / "UBND" and "4-" / "5/2022" close up; so does "PCTT&TK" / "CN" in a narrow cell, where the writer
    broke a word that is longer than the line, and "20-22/3/202" / "5": no year has three digits.
    """
    if "/" in line.text[-4:] and _TORN_YEAR.search(f"{line.text}\n{following.text}"):
        return ""
    if ends_in_mark(line.text, "-/") and is_word_letter(following.text[0]):
        return " " if line.spaced else ""
    return "" if _broken_word(line, following, right, ends) else " "


def _broken_word(line: Line, following: Line, right: float, ends: LineEnds) -> bool:
    if " " in line.text or line.spaced:
        return False  # a word is broken only when it alone is longer than the line
    if ends_in_mark(line.text, ",;"):
        return False
    room = right - line.x1
    rest = following.text.split()[0]
    if room > following.size:
        return False
    if _word_key(line.text + rest) in ends.words or _ROMAN.fullmatch(line.text + rest):
        return True
    if is_syllable(line.text) or (is_syllable(rest) and not line.text[-1].islower()):
        return False
    return not (is_syllable(rest) and room < 0.25 * line.size)


def _word_key(text: str) -> str:
    return text.casefold().strip(_MARKS)


_SYLLABLE = re.compile(r"(?:ngh?|[cgknpt]h|gi|qu|tr|[bcdđghklmnpqrstvx])?[aeiouy]{1,3}(?:ch|nh|ng|[cmnpt])?")


def is_syllable(text: str) -> bool:
    """A whole Vietnamese syllable, punctuation off: "nghiệp,", "xã"; not "TK", "(UBMTTQ", "www"."""
    plain = "".join(c for c in unicodedata.normalize("NFD", _word_key(text)) if not unicodedata.combining(c))
    return _SYLLABLE.fullmatch(plain) is not None
