"""Drawn rules of a page -> grids of cells with spans. Stroked lines and thin filled rectangles count alike."""

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from operator import attrgetter, itemgetter
from typing import NamedTuple

from extractors.document import Box
from extractors.pdf_cells import Cell, Span, Straight, cells_of, merge_rules, quick, tables_of

# Rules of one border are drawn as pieces and as double lines up to 3 pt apart; rows and columns of text are wider.
_SNAP = 3.0
_JOIN = 3.0
_SHORTEST = 8.0  # a cell is at least a letter wide and high; shorter strokes are glyph decoration
_MEET = 3.0
_LEAST_RULES = 3  # a table has a rule between two columns
_THIN = 3.0  # a filled rectangle up to this is a rule, a thicker one is shading


class GridCell(NamedTuple):
    box: Box
    row: int
    column: int
    row_span: int
    column_span: int


@dataclass(frozen=True, slots=True)
class Grid:
    """A ruled table of one page: positions of its row and column rules, its cells."""

    box: Box
    xs: tuple[float, ...]
    ys: tuple[float, ...]
    cells: tuple[GridCell, ...]
    irregular: int = 0  # slots without a drawn cell
    drawn: bool = True  # False: inferred from text that stands in line, see pdf_borderless


Edge = tuple[bool, Straight]  # whether it is upright, and where it runs


def edge(x0: float, top: float, x1: float, bottom: float) -> Edge:
    if x1 - x0 < bottom - top:
        return True, Straight(x0, top, bottom)
    return False, Straight(top, x0, x1)


def edges_of(rules: Iterable[tuple[float, float, float, float, bool]]) -> tuple[list[Span], list[Span]]:
    """Rules across and upright ones that lines and rectangles draw.

    Of a thin one its middle line, of another one its four sides where it is stroked.

    Args:
        rules: left, top, right and bottom of each, and whether it is stroked.
    """
    across: list[Span] = []
    upright: list[Span] = []
    for x0, top, x1, bottom, stroked in rules:
        if x1 - x0 > _THIN < bottom - top:
            if stroked:
                across += (top, x0, x1), (bottom, x0, x1)
                upright += (x0, top, bottom), (x1, top, bottom)
        elif x1 - x0 >= bottom - top:
            if x1 > x0:
                across.append(((top + bottom) / 2, x0, x1))
        else:
            upright.append(((x0 + x1) / 2, top, bottom))
    return across, upright


def find_grids(edges: Iterable[Edge]) -> list[Grid]:
    """Ruled tables from top to bottom. A lone frame and a frame of one column are no tables."""
    parted: tuple[list[Span], list[Span]] = ([], [])
    for stands, rule in edges:
        parted[stands].append(rule)
    return grids_between(*parted)


def grids_between(level: Iterable[Span], standing: Iterable[Span]) -> list[Grid]:
    """The same of rules across and upright ones."""
    across = [rule for rule in merge_rules(level, _SNAP, _JOIN) if rule.end - rule.start >= _SHORTEST]
    upright = [rule for rule in merge_rules(standing, _SNAP, _JOIN) if rule.end - rule.start >= _SHORTEST]
    if len(across) + len(upright) < _LEAST_RULES:
        return []
    closed = (*across, *_close_across(across, upright)), (*upright, *_close_upright(across, upright))
    grids = [_grid(table) for table in tables_of(cells_of(*closed, _MEET))]
    return sorted((g for g in grids if len(g.xs) > 2), key=lambda g: (g.box.top, g.box.x0))


def _close_upright(across: Sequence[Straight], upright: Sequence[Straight]) -> list[Straight]:
    """The outer upright rules that an open-sided table leaves out, where three rules end in one line."""
    added = []
    for side in ("start", "end"):
        for x, ends in _ends(across, side):
            top, bottom = min(e.at for e in ends), max(e.at for e in ends)
            beside = [e.at for e in upright if e.start < bottom and e.end > top]
            if any(abs(at - x) <= _MEET for at in beside):
                continue
            low, high = min(e.start for e in ends) + _MEET, max(e.end for e in ends) - _MEET
            if any(low < at < high for at in beside):
                added.append(Straight(x, top, bottom))
    return added


def _close_across(across: Sequence[Straight], upright: Sequence[Straight]) -> list[Straight]:
    """The same for the rules above and below a table."""
    added = []
    for side in ("start", "end"):
        for y, ends in _ends(upright, side):
            x0, x1 = min(e.at for e in ends), max(e.at for e in ends)
            drawn = any(abs(e.at - y) <= _MEET and e.start < x1 and e.end > x0 for e in across)
            if not drawn and across:
                added.append(Straight(y, x0, x1))
    return added


def _ends(rules: Sequence[Straight], side: str) -> list[tuple[float, list[Straight]]]:
    groups: list[tuple[float, list[Straight]]] = []
    end = attrgetter(side)
    for rule in sorted(rules, key=end):
        if groups and end(rule) - groups[-1][0] <= _SNAP:
            groups[-1][1].append(rule)
        else:
            groups.append((end(rule), [rule]))
    return [(at, ends) for at, ends in groups if len(ends) >= 3]


def _positions(values: Iterable[float]) -> tuple[float, ...]:
    out: list[float] = []
    for value in sorted(values):
        if not out or value - out[-1] > _SNAP:
            out.append(value)
    return tuple(out)


def _nearest(positions: Sequence[float], values: set[float]) -> dict[float, int]:
    """The number of the position next to each value."""
    out = {}
    for value in values:
        at = bisect_left(positions, value)
        if at == len(positions) or (at and value - positions[at - 1] <= positions[at] - value):
            at -= 1
        out[value] = at
    return out


def _grid(table: Sequence[Cell]) -> Grid:
    lefts, tops, rights, bottoms = zip(*table, strict=True)
    across, down = {*lefts, *rights}, {*tops, *bottoms}
    xs, ys = _positions(across), _positions(down)
    column_of, row_of = _nearest(xs, across), _nearest(ys, down)
    cells: list[GridCell] = []
    taken: set[tuple[int, int]] = set()
    for x0, top, x1, bottom in sorted(table, key=itemgetter(1, 0)):
        column, row = column_of[x0], row_of[top]
        columns, rows = column_of[x1] - column, row_of[bottom] - row
        if rows == columns == 1:
            if (row, column) in taken:
                continue
            taken.add((row, column))
        else:
            slots = [(r, c) for r in range(row, row + rows) for c in range(column, column + columns)]
            if not slots or not taken.isdisjoint(slots):
                continue
            taken.update(slots)
        cells.append(quick(GridCell, (Box(x0, top, x1, bottom), row, column, rows, columns)))
    missing: list[tuple[int, int]] = []
    if len(taken) < (len(ys) - 1) * (len(xs) - 1):
        # A slot without drawn cell (a rule is missing) still holds its text.
        missing = [(r, c) for r in range(len(ys) - 1) for c in range(len(xs) - 1) if (r, c) not in taken]
        cells += [GridCell(Box(xs[c], ys[r], xs[c + 1], ys[r + 1]), r, c, 1, 1) for r, c in missing]
    cells.sort(key=itemgetter(1, 2))
    return Grid(Box(xs[0], ys[0], xs[-1], ys[-1]), xs, ys, tuple(cells), len(missing))
