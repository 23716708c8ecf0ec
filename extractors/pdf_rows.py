"""Letters of a page in columns -> rows and lines, all at once; the same as `read_rows` makes of single glyphs.

A page is read here when it is plain: all letters turned one way, each drawn once, without marks of their own and in
fonts that tell what they show. Others go the long way, glyph by glyph; see pdf_sheet.
"""

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from extractors.pdf_lines import DOUBLE, TORN_GAP, WORD_GAP, Line, Turn
from extractors.pdf_print import Floats, Letters
from extractors.pdf_rules import Grid

Indexes = npt.NDArray[np.intp]
Bools = npt.NDArray[np.bool_]
Rows = tuple[tuple[Line, ...], ...]

OUTSIDE = -1
_LAST_SPACE = 0x3000
_SPACE = np.array([chr(code).isspace() for code in range(_LAST_SPACE + 2)])
_TELLING = 8  # letters of a row whose size tells its middle, see pdf_lines
_BEFORE_END, _AFTER_END = -0.5, 0.6  # points, and of the font size: where the space of a soft wrap stands


@dataclass(frozen=True, slots=True)
class Columns:
    """The letters of one page, sorted into rows and there from left to right. `row` counts rows of the whole page."""

    codes: npt.NDArray[np.uint32]
    x0: Floats
    top: Floats
    x1: Floats
    bottom: Floats
    bold: Bools
    italic: Bools
    space: Bools
    row: Indexes
    places: tuple[int, ...]  # of each row: the cell in which it stands, or OUTSIDE

    @property
    def doubled(self) -> bool:
        """Whether a letter is drawn again in nearly the same place."""
        shown = np.flatnonzero(~self.space)
        for step in (1, 2):
            one, other = shown[:-step], shown[step:]
            if (
                (self.codes[one] == self.codes[other])
                & (self.row[one] == self.row[other])
                & (np.abs(self.x0[one] - self.x0[other]) <= DOUBLE)
                & (np.abs(self.top[one] - self.top[other]) <= DOUBLE)
            ).any():
                return True
        return False


def is_plain(letters: Letters) -> bool:
    """One direction, and no marks that join the letter before them."""
    turns = {run.turned for run in letters.runs}
    return len(turns) == 1 and not any(map(unicodedata.combining, set(letters.text)))


# --- rows --------------------------------------------------------------------------------------------------------


def columns_of(letters: Letters, turn: Turn, grids: Sequence[Grid]) -> Columns:
    """Letters sorted into the rows of each cell and of what stands outside of tables."""
    codes = np.frombuffer(letters.text.encode("utf-32-le", "surrogatepass"), "<u4")
    x0, top, x1, bottom = _forward(letters, turn)
    space = _SPACE[np.minimum(codes, _LAST_SPACE + 1)]
    middle = (top + bottom) / 2
    cell = _cells((x0 + x1) / 2, middle, grids) if grids else np.full(len(codes), OUTSIDE)
    starts, lengths, segment_row, places = _rows(cell, middle, bottom - top, x0, space)
    order, row = _order(starts, lengths, segment_row, x0)
    sizes = [run.stop - run.start for run in letters.runs]
    bold = np.repeat([run.bold for run in letters.runs], sizes)
    italic = np.repeat([run.italic for run in letters.runs], sizes)
    return Columns(
        codes[order],
        x0[order],
        top[order],
        x1[order],
        bottom[order],
        bold[order],
        italic[order],
        space[order],
        row,
        places,
    )


def _order(starts: Indexes, lengths: Indexes, segment_row: Indexes, x0: Floats) -> tuple[Indexes, Indexes]:
    """The letters row by row and from left to right, and the row of each; those in no row are left out."""
    by_row = np.lexsort((x0[starts], segment_row))
    by_row = by_row[np.searchsorted(segment_row[by_row], 0) :]
    lengths = lengths[by_row]
    row = np.repeat(segment_row[by_row], lengths)
    order = np.arange(len(row)) + np.repeat(starts[by_row] - (np.cumsum(lengths) - lengths), lengths)
    placed = x0[order]
    if ((placed[1:] < placed[:-1]) & (row[1:] == row[:-1])).any():
        order = order[np.lexsort((placed, row))]
    return order, row


def _forward(letters: Letters, turn: Turn) -> tuple[Floats, Floats, Floats, Floats]:
    """`Turn.forward` for all letters."""
    x0, top, x1, bottom = letters.x0, letters.top, letters.x1, letters.bottom
    if turn.quarters == 1:
        return turn.height - bottom, x0, turn.height - top, x1
    if turn.quarters == 2:
        return turn.width - x1, turn.height - bottom, turn.width - x0, turn.height - top
    if turn.quarters == 3:
        return top, turn.width - x1, bottom, turn.width - x0
    return x0, top, x1, bottom


def _cells(across: Floats, middle: Floats, grids: Sequence[Grid]) -> Indexes:
    """The cell that holds each letter's middle, counted over all grids; the first one where several do."""
    out = np.full(len(across), OUTSIDE)
    offset = 0
    for grid in grids:
        xs = sorted({x for cell in grid.cells for x in (cell.box.x0, cell.box.x1)})
        ys = sorted({y for cell in grid.cells for y in (cell.box.top, cell.box.bottom)})
        column, line = {x: at for at, x in enumerate(xs)}, {y: at for at, y in enumerate(ys)}
        strips = np.full((len(ys) + 1, len(xs) + 1), OUTSIDE)
        for number, cell in reversed(tuple(enumerate(grid.cells))):
            box = cell.box
            strips[line[box.top] + 1 : line[box.bottom] + 1, column[box.x0] + 1 : column[box.x1] + 1] = number + offset
        found = strips[np.searchsorted(ys, middle, "right"), np.searchsorted(xs, across, "right")]
        box = grid.box
        within = (box.x0 <= across) & (across < box.x1) & (box.top <= middle) & (middle < box.bottom)
        out = np.where((out == OUTSIDE) & within, found, out)
        offset += len(grid.cells)
    return out


def _rows(
    cell: Indexes, middle: Floats, size: Floats, x0: Floats, space: Bools
) -> tuple[Indexes, Indexes, Indexes, tuple[int, ...]]:
    """Start, length and row of each stretch of letters with one cell, baseline and size, and the cell of each row."""
    change = (cell[1:] != cell[:-1]) | (middle[1:] != middle[:-1]) | (size[1:] != size[:-1])
    starts = np.concatenate(([0], np.flatnonzero(change) + 1))
    lengths = np.diff(starts, append=len(cell))
    shown = np.add.reduceat(~space, starts).tolist()
    places, middles, heights = cell[starts].tolist(), middle[starts].tolist(), size[starts].tolist()
    keys = zip(places, middles, x0[starts].tolist(), range(len(starts)), strict=True)
    row_of = np.full(len(starts), -1)
    rows: list[tuple[int, float, float]] = []  # cell, middle, size of the first letter
    telling: list[tuple[float, float]] = []  # size and middle of the first letters
    center = 0.0
    for place, at, _, number in sorted(key for key in keys if shown[key[3]]):
        height = heights[number]
        begins = not rows or rows[-1][0] != place or at - center >= 0.5 * min(height, rows[-1][2])
        if begins:
            rows.append((place, at, height))
            telling.clear()
        if len(telling) < _TELLING:
            telling += [(height, at)] * min(shown[number], _TELLING - len(telling))
            center = max(telling, key=lambda letter: letter[0])[1]
        row_of[number] = len(rows) - 1
    for number, count in enumerate(shown):
        if not count:
            near = [
                (abs(middles[number] - at), row)
                for row, (place, at, height) in enumerate(rows)
                if place == places[number] and abs(middles[number] - at) <= height / 2
            ]
            row_of[number] = min(near)[1] if near else -1
    return starts, lengths, row_of, tuple(place for place, _, _ in rows)


# --- lines -------------------------------------------------------------------------------------------------------


def lines_of(columns: Columns, gap: float | None, rows: range | None = None) -> list[tuple[int, Line]]:
    """The lines of all rows, or of a range of them, each with the number of its row.

    Rows outside of tables are cut into several lines at holes wider than `gap` times the font size.
    """
    shown = np.flatnonzero(~columns.space)
    if rows is not None:
        low, high = np.searchsorted(columns.row[shown], (rows.start, rows.stop))
        shown = shown[low:high]
    if not len(shown):
        return []
    row = columns.row[shown]
    x0, x1 = columns.x0[shown], columns.x1[shown]
    top, bottom = columns.top[shown], columns.bottom[shown]
    size = bottom - top
    same = row[1:] == row[:-1]
    hole = x0[1:] - x1[:-1]
    spaced_rows = np.zeros(len(columns.places), bool)
    spaced_rows[columns.row[columns.space]] = True
    least = np.where(spaced_rows[row[1:]], TORN_GAP, WORD_GAP)
    apart = same & ((np.diff(shown) > 1) | (hole > least * np.minimum(size[1:], size[:-1])))
    begins = ~same
    if gap is not None:
        outside = np.array(columns.places)[row[1:]] == OUTSIDE
        begins |= outside & (hole > gap * np.maximum(size[1:], size[:-1]))
    apart &= ~begins
    starts = np.concatenate(([0], np.flatnonzero(begins) + 1))
    ends = np.concatenate((starts[1:], [len(shown)]))
    holes = np.flatnonzero(apart)
    texts = _texts(columns.codes[shown], holes, starts)
    words = np.searchsorted(holes, starts)  # the first hole of each line, if it has one
    after = np.append(holes, len(shown) - 1)[words]
    first_ends = x1[np.minimum(after, ends - 1)]
    smallest, largest = np.minimum.reduceat(size, starts), np.maximum.reduceat(size, starts)
    bold, italic = columns.bold[shown], columns.italic[shown]
    fields = zip(
        texts,
        np.minimum.reduceat(x0, starts).tolist(),
        np.minimum.reduceat(top, starts).tolist(),
        np.maximum.reduceat(x1, starts).tolist(),
        np.maximum.reduceat(bottom, starts).tolist(),
        _medians(size, starts, ends, smallest, largest),
        _all_of(bold, starts, ends, columns.codes[shown]),
        _all_of(italic, starts, ends, columns.codes[shown]),
        (first_ends - x0[starts]).tolist(),
        _trailed(columns, shown[ends - 1]),
        strict=True,
    )
    return list(zip(row[starts].tolist(), (Line(*field) for field in fields), strict=True))


def _texts(codes: npt.NDArray[np.uint32], holes: Indexes, starts: Indexes) -> list[str]:
    whole = np.insert(codes, holes + 1, 0x20).astype("<u4").tobytes().decode("utf-32-le", "surrogatepass")
    cuts = (starts + np.searchsorted(holes, starts)).tolist()
    texts = [whole[start:end] for start, end in pairwise([*cuts, len(whole)])]
    if unicodedata.is_normalized("NFC", whole):
        return texts
    return [unicodedata.normalize("NFC", text) for text in texts]


def _medians(size: Floats, starts: Indexes, ends: Indexes, smallest: Floats, largest: Floats) -> list[float]:
    medians: list[float] = smallest.tolist()
    for line in np.flatnonzero(smallest != largest).tolist():
        own = np.sort(size[starts[line] : ends[line]])
        medians[line] = float(own[len(own) // 2])
    return medians


def _all_of(marked: Bools, starts: Indexes, ends: Indexes, codes: npt.NDArray[np.uint32]) -> list[bool]:
    """Whether all letters and digits of a line are marked; where it has none, all of its signs."""
    every: list[bool] = np.logical_and.reduceat(marked, starts).tolist()
    some = np.logical_or.reduceat(marked, starts)
    for line in np.flatnonzero(some & ~np.array(every)).tolist():
        start, end = starts[line], ends[line]
        own = zip(codes[start:end].tolist(), marked[start:end].tolist(), strict=True)
        letters = [mark for code, mark in own if chr(code).isalnum()]
        every[line] = bool(letters) and all(letters)
    return every


def _trailed(columns: Columns, last: Indexes) -> list[bool]:
    """Whether a space stands behind the last letter of a line."""
    following = np.minimum(last + 1, len(columns.codes) - 1)
    step = columns.x0[following] - columns.x1[last]
    size = columns.bottom[last] - columns.top[last]
    near = (step >= _BEFORE_END) & (step < _AFTER_END * size)
    found: list[bool] = (columns.space[following] & (columns.row[following] == columns.row[last]) & near).tolist()
    return found
