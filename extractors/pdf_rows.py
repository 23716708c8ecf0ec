"""Letters of a page -> rows and lines; the same as `read_rows` makes of single glyphs, at a fraction of the work.

Letters are looked at all at once for holes between them. The pieces between holes, few a line, are then put into cells,
rows and lines. A page is read here when it is plain: all letters turned one way, each drawn once, without marks of
their own and in fonts that tell what they show. Others go the long way, glyph by glyph; see pdf_sheet.
"""

import math
import unicodedata
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from itertools import groupby, pairwise, zip_longest
from operator import attrgetter, itemgetter
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from extractors.pdf_cells import quick
from extractors.pdf_fonts import may_mislead, odd_signs
from extractors.pdf_lines import DOUBLE, TORN_GAP, WORD_GAP, Line
from extractors.pdf_print import Letters, Run
from extractors.pdf_rules import Grid

Indexes = npt.NDArray[np.intp]

SIDE_GAP = 1.0  # of the font size: a hole this wide may be a gutter, justified spaces stay below it
PIECE_GAP = 0.45  # of the font size: between columns without rules; spaces are half as wide, Word keeps 10.8 pt
OUTSIDE = -1
_SPACE, _MARK, _ODD = 1, 2, 4
_CHARS = "".join(map(chr, range(0x3000)))
_KINDS = np.zeros(len(_CHARS) + 1, np.uint8)
for _kind, _those in (
    (_SPACE, filter(str.isspace, _CHARS)),
    (_MARK, filter(unicodedata.combining, _CHARS)),
    (_ODD, odd_signs(_CHARS)),
):
    _KINDS[list(map(ord, _those))] |= _kind
_KINDS[-1] = _MARK | _ODD  # all others: to be looked at
_TELLING = 8  # letters of a row whose size tells its middle, see pdf_lines
_BEFORE_END, _AFTER_END = -0.5, 0.6  # points, and of the font size: where the space of a soft wrap stands


class DoubledError(Exception):
    """A letter is drawn again in nearly the same place."""


class Piece(NamedTuple):
    """Letters of one run and one cell, without a hole that may part them; `text` is empty where all are spaces.

    `first` and `last` are where its first and its last letter begin, spaces with them; `x0` and `x1` bound the text,
    `word_end` its first word, and `after` is where a space begins behind it.
    """

    run: Run
    size: float
    start: int
    stop: int
    first: float
    last: float
    text: str = ""
    x0: float = 0.0
    x1: float = 0.0
    word_end: float = 0.0
    after: float | None = None

    @property
    def middle(self) -> float:
        return (self.run.top + self.run.bottom) / 2

    @property
    def has_space(self) -> bool:
        return not self.text or self.after is not None or self.first < self.x0 or " " in self.text


class Row(NamedTuple):
    """Pieces of one row from left to right, and the cell in which it stands, counted over all grids, or OUTSIDE."""

    place: int
    pieces: list[Piece]


def is_plain(letters: Letters) -> bool:
    """One direction, no marks that join the letter before them, no letters that may mislead."""
    text = letters.text
    kinds = _kinds(letters)
    seen = int(np.bitwise_or.reduce(kinds))
    odd = (kinds & _ODD).nonzero()[0].tolist() if seen & _ODD else ()
    return (
        len(set(map(attrgetter("turned"), letters.runs))) == 1
        and not (seen & _MARK and any(map(unicodedata.combining, text)))
        and not may_mislead(text, set(map(attrgetter("font"), letters.runs)), odd)
        and unicodedata.is_normalized("NFC", text)
    )


def _kinds(letters: Letters) -> npt.NDArray[np.uint8]:
    return _KINDS.take(letters.codes, mode="clip")


def rows_of(letters: Letters, grids: Sequence[Grid]) -> list[Row]:
    """The rows of the page, first those outside of tables, then cell by cell, each from top to bottom.

    Raises:
        DoubledError: the page is not plain.
    """
    rows = _rows(sorted(_placed(letters, grids)))
    return [row if len(row[1]) == 1 else _in_order(row, letters) for row in rows]


# --- pieces ------------------------------------------------------------------------------------------------------


def _holes(letters: Letters) -> tuple[list[int], list[float], list[float]]:
    """Letters behind a hole, ascending, the hole's width, and of which share of the font size it parts a line or word.

    Those that would not part the smallest letters of the page are left out.
    """
    shown = ((_kinds(letters) & _SPACE) == 0).nonzero()[0]
    x0 = letters.x0[shown]
    for step in (1, 2):
        near = (np.abs(x0[step:] - x0[:-step]) <= DOUBLE).nonzero()[0]
        if len(near):  # seldom
            ones, others = shown[near], shown[near + step]
            twins = letters.codes[ones] == letters.codes[others]
            if _on_one_line(letters, ones[twins], others[twins]):
                raise DoubledError
    hole = x0[1:] - letters.x1[shown[:-1]]
    least = np.where(shown[1:] - shown[:-1] > 1, PIECE_GAP, WORD_GAP)
    wide = (hole > least * min([run.bottom - run.top for run in letters.runs])).nonzero()[0]
    return shown[1:][wide].tolist(), hole[wide].tolist(), least[wide].tolist()


def _on_one_line(letters: Letters, ones: Indexes, others: Indexes) -> bool:
    if not len(ones):
        return False
    top = np.zeros(len(letters.codes))
    for run in letters.runs:
        top[run.start : run.stop] = run.top
    return bool((np.abs(top[ones] - top[others]) <= DOUBLE).any())


def _placed(letters: Letters, grids: Sequence[Grid]) -> Iterator[tuple[int, float, float, int, Piece]]:
    """All pieces, each with its cell, its middle, where it begins, and its run: they sort from top to bottom."""
    behind, holes, least = _holes(letters)
    behind.append(len(letters.codes))  # behind all runs
    lattices = _lattices(grids)
    x0, x1 = letters.x0.item, letters.x1.item
    strips: list[_Strip] = []  # those beside the text that is looked at
    level = -math.inf  # its middle

    def place_at(across: float) -> int:
        for xs, places in strips:
            place = places[bisect_right(xs, across)]
            if place != OUTSIDE:
                return place
        return OUTSIDE

    def place_of(letter: int) -> int:
        return place_at((x0(letter) + x1(letter)) / 2)

    runs = letters.runs
    for number, run, first, last, right, across, across_last in zip(
        range(len(runs)), runs, *_ends(runs, letters), strict=True
    ):
        start, stop, top, bottom, _, _, _, _ = run
        middle, size = (top + bottom) / 2, bottom - top
        if middle != level:
            strips = [strip for ys, beside in lattices if (strip := beside[bisect_right(ys, middle)])]
            level = middle
        place = place_at(across) if strips else OUTSIDE
        cut = bisect_right(behind, start)
        if behind[cut] >= stop and (not strips or place == place_at(across_last)):
            yield place, middle, first, number, _piece(letters, run, size, start, stop, first, last, right)
            continue
        cuts = [behind[at] for at in range(cut, bisect_left(behind, stop, cut)) if holes[at] > least[at] * size]
        for begin, end in pairwise((start, *cuts, stop)):
            place = place_of(begin)
            if place == place_of(end - 1):
                yield place, middle, x0(begin), number, _piece_of(letters, run, begin, end)
                continue
            for place, same in groupby(range(begin, end), place_of):
                at = list(same)
                yield place, middle, x0(at[0]), number, _piece_of(letters, run, at[0], at[-1] + 1)


def _ends(runs: Sequence[Run], letters: Letters) -> list[list[float]]:
    """Of all runs where the first and the last letter begin, where they end, and the middles of these two letters."""
    starts = np.fromiter(map(itemgetter(0), runs), np.intp, len(runs))
    stops = np.fromiter(map(itemgetter(1), runs), np.intp, len(runs))
    first, last, right = letters.x0[starts], letters.x0[stops - 1], letters.x1[stops - 1]
    sides = first, last, right, (first + letters.x1[starts]) / 2, (last + right) / 2
    return [side.tolist() for side in sides]


_Strip = tuple[list[float], list[int]]  # positions from left to right, and the cell before, between and behind them


# A grid: where the sides of its cells are, and the strip above, between and below them; None for the outer ones.
_Lattice = tuple[list[float], list[_Strip | None]]


def _lattices(grids: Sequence[Grid]) -> list[_Lattice]:
    out: list[_Lattice] = []
    first = 0
    for grid in grids:
        boxes = [cell.box for cell in grid.cells]
        xs = sorted({grid.box.x1, *[box.x0 for box in boxes], *[box.x1 for box in boxes]})
        ys = sorted({grid.box.bottom, *[box.top for box in boxes], *[box.bottom for box in boxes]})
        column, line = {x: at for at, x in enumerate(xs, 1)}, {y: at for at, y in enumerate(ys, 1)}
        places = [[OUTSIDE] * (len(xs) + 1) for _ in range(line[grid.box.bottom])]
        end = column[grid.box.x1]
        for number, box in reversed(tuple(enumerate(boxes, first))):  # the first one, where several hold a place
            left, right = column[box.x0], min(column[box.x1], end)
            if right == left + 1:
                for strip in places[line[box.top] : line[box.bottom]]:
                    strip[left] = number
                continue
            for strip in places[line[box.top] : line[box.bottom]]:
                strip[left:right] = [number] * (right - left)
        strips = [(xs, strip) for strip in places[1:]]
        out.append((ys, [None, *strips, *[None] * (len(ys) - len(strips))]))
        first += len(grid.cells)
    return out


def _piece_of(letters: Letters, run: Run, start: int, stop: int) -> Piece:
    """The piece of these letters of a run."""
    x0, x1 = letters.x0.item, letters.x1.item
    return _piece(letters, run, run.bottom - run.top, start, stop, x0(start), x0(stop - 1), x1(stop - 1))


def _piece(
    letters: Letters, run: Run, size: float, start: int, stop: int, first: float, last: float, right: float
) -> Piece:
    """The same, where it is known where its first and its last letter begin, and where it ends."""
    text = letters.text[start:stop]
    whole = text.strip()
    begin, left, after = start, first, None
    if len(whole) < stop - start:
        if not whole:
            return Piece(run, size, start, stop, first, last)
        begin += text.index(whole)
        end = begin + len(whole)
        left, right = letters.x0.item(begin), letters.x1.item(end - 1)
        after = letters.x0.item(end) if end < stop else None
    word = whole.find(" ")
    if "  " in whole or not letters.printable:
        words = whole.split()
        word = len(words[0]) if len(words) > 1 else -1
        whole = " ".join(words)
    word_end = letters.x1.item(begin + word - 1) if word > 0 else right
    piece: Piece = quick(Piece, (run, size, start, stop, first, last, whole, left, right, word_end, after))
    return piece


# --- rows --------------------------------------------------------------------------------------------------------


def _rows(placed: Sequence[tuple[int, float, float, int, Piece]]) -> list[Row]:
    """The pieces of each row; those of spaces join the nearest row of their cell."""
    rows: list[Row] = []
    spaces: list[tuple[int, Piece]] = []
    own, row = OUTSIDE, list[Piece]()
    below = -math.inf  # of the last piece of the row: what stands there or lower is in another row
    for place, middle, _, _, piece in placed:
        if not piece.text:
            spaces.append((place, piece))
        elif middle < below and place == own and _on_row(piece, middle, row):
            row.append(piece)
            below = middle + row[0].size / 2
        else:
            own, row = place, [piece]
            rows.append(quick(Row, (place, row)))
            below = middle + piece.size / 2
    for place, piece in spaces:
        near = [
            (apart, number)
            for number, (own, (first, *_)) in enumerate(rows)
            if own == place and (apart := abs(piece.middle - first.middle)) <= first.size / 2
        ]
        if near:
            rows[min(near)[1]].pieces.append(piece)
    return rows


def _on_row(piece: Piece, middle: float, row: Sequence[Piece]) -> bool:
    """Whether the piece stands on the row: near the middle of the largest of its first letters."""
    telling: list[tuple[float, float]] = []
    for other in row:
        if len(telling) >= _TELLING:
            break
        telling += [(other.size, other.middle)] * (len(other.text) - other.text.count(" "))
    return middle - max(telling[:_TELLING], key=itemgetter(0))[1] < 0.5 * min(piece.size, row[0].size)


def _in_order(row: Row, letters: Letters) -> Row:
    """The row from left to right, letter by letter where pieces reach into each other."""
    row.pieces.sort(key=attrgetter("first"))
    if all(after.first > before.last + DOUBLE for before, after in pairwise(row.pieces)):
        return row
    single = [
        _piece_of(letters, piece.run, at, at + 1) for piece in row.pieces for at in range(piece.start, piece.stop)
    ]
    single.sort(key=attrgetter("first"))
    shown = [piece for piece in single if piece.text]
    for step in (1, 2):
        for one, other in zip(shown, shown[step:], strict=False):
            near = abs(one.x0 - other.x0) <= DOUBLE and abs(one.run.top - other.run.top) <= DOUBLE
            if near and letters.codes[one.start] == letters.codes[other.start]:
                raise DoubledError
    return Row(row.place, single)


# --- lines -------------------------------------------------------------------------------------------------------


def lines_of(row: Row, gap: float | None = None) -> list[Line]:
    """The row as lines, cut at holes wider than `gap` times the font size; None never cuts."""
    if len(row.pieces) == 1:
        (piece,) = row.pieces
        return [_line_of(piece, piece.after)]
    least = TORN_GAP if any(piece.has_space for piece in row.pieces) else WORD_GAP
    lines = []
    line: list[Piece] = []
    joints: list[str] = []
    space: float | None = None  # where one begins behind the last text
    for piece in row.pieces:
        if space is None and (not piece.text or piece.first < piece.x0):
            space = piece.first
        if not piece.text:
            continue
        if line:
            before = line[-1]
            hole = piece.x0 - before.x1
            if gap is not None and hole > gap * max(before.size, piece.size):
                lines.append(_line(line, joints, space))
                line, joints = [], []
            else:
                wide = space is not None or hole > least * min(before.size, piece.size)
                joints.append(" " if wide else "")
        line.append(piece)
        space = piece.after
    lines.append(_line(line, joints, space))
    return lines


def _line_of(piece: Piece, space: float | None) -> Line:
    """A line of one piece; a space begins at `space` behind it."""
    run, size, _, _, _, _, text, x0, x1, word_end, _ = piece
    _, _, top, bottom, _, bold, italic, _ = run
    trailed = space is not None and _is_trailed(piece, space)
    line: Line = quick(Line, (text, x0, top, x1, bottom, size, bold, italic, word_end - x0, trailed, 1.0))
    return line


def _is_trailed(last: Piece, space: float) -> bool:
    return _BEFORE_END <= space - last.x1 < _AFTER_END * last.size


def _line(pieces: list[Piece], joints: list[str], space: float | None) -> Line:
    """One line; a space begins at `space` behind it."""
    if len(pieces) == 1:
        return _line_of(pieces[0], space)
    first, last = pieces[0], pieces[-1]
    sizes = sorted([piece.size for piece in pieces for _ in range(len(piece.text) - piece.text.count(" "))])
    telling = [piece.run for piece in pieces if any(map(str.isalnum, piece.text))] or [piece.run for piece in pieces]
    return Line(
        text="".join(map("".join, zip_longest((piece.text for piece in pieces), joints, fillvalue=""))),
        x0=min(piece.x0 for piece in pieces),
        top=min(piece.run.top for piece in pieces),
        x1=max(piece.x1 for piece in pieces),
        bottom=max(piece.run.bottom for piece in pieces),
        size=sizes[len(sizes) // 2],
        bold=all(run.bold for run in telling),
        italic=all(run.italic for run in telling),
        first=_word_end(pieces, joints) - first.x0,
        spaced=space is not None and _is_trailed(last, space),
    )


def _word_end(pieces: list[Piece], joints: list[str]) -> float:
    """Where the first word of a line ends."""
    for piece, joint in zip(pieces, [*joints, " "], strict=True):
        if joint or " " in piece.text:
            return piece.word_end
    return pieces[-1].word_end
