"""Rules -> cells -> tables: what pdfplumber's `TableFinder` does with edges, on plain tuples and without its squares.

After Anssi Nurminen's thesis (Tampere 2013) as pdfplumber reads it (MIT licence): rules that nearly meet are one, a
cell is the smallest rectangle whose corners are joined by rules, a table is what shares corners. A test compares both.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from itertools import groupby
from math import inf
from operator import itemgetter
from typing import Any, NamedTuple

# A named tuple in half the time that its own call takes, for those that each text and rule of a page makes.
quick: Callable[[type, tuple[object, ...]], Any] = tuple.__new__

Point = tuple[float, float]
Cell = tuple[float, float, float, float]  # x0, top, x1, bottom


class Straight(NamedTuple):
    """A rule across or upright: where it stands, and from where to where it runs."""

    at: float
    start: float
    end: float


Span = tuple[float, float, float]  # the same as plain numbers, which are sorted in half the time


def merge_rules(rules: Iterable[Span], snap: float, join: float) -> list[Straight]:
    """Rules of one direction: those nearer than `snap` on one line, those of a line that go on within `join` one."""
    out: list[Straight] = []
    group: list[Span] = []
    below = -inf
    for at, same in groupby(sorted(rules), _place_of):
        if at > below and group:
            out += _joined(group, join)
            group = []
        group += same
        below = at + snap
    return out + _joined(group, join) if group else out


_place_of, _reach_of = itemgetter(0), itemgetter(1, 2)


def _joined(rules: Sequence[Span], join: float) -> list[Straight]:
    """Those of one line, at the middle of where they stand."""
    at = sum(map(_place_of, rules)) / len(rules)
    out: list[Straight] = []
    (low, high), *others = sorted(set(map(_reach_of, rules)))  # cells side by side draw most of them twice
    for start, end in others:
        if start > high + join:
            out.append(Straight(at, low, high))
            low, high = start, end
        elif end > high:
            high = end
    out.append(Straight(at, low, high))
    return out


def cells_of(across: Sequence[Straight], upright: Sequence[Straight], meet: float) -> list[Cell]:
    """The smallest rectangles, each with its corners on crossings and its sides on rules; `meet`: they nearly cross."""
    near = [(1 << bit, y, y - meet, y + meet, x0 - meet, x1 + meet) for bit, (y, x0, x1) in enumerate(across)]
    crossings: dict[float, _Column] = defaultdict(dict)
    for bit, (x, top, bottom) in enumerate(upright):
        column = crossings[x]
        for other, y, over, under, left, right in near:
            if top <= under and bottom >= over and left <= x <= right:
                down, along = column.get(y, (0, 0))
                column[y] = down | 1 << bit, along | other
    columns = [(x, sorted(crossings[x].items()), crossings[x]) for x in sorted(crossings)]
    rows: dict[float, list[tuple[float, _Column]]] = defaultdict(list)
    for x, points, column in columns:
        for y, _ in points:
            rows[y].append((x, column))
    cells = []
    for x, points, _ in columns:
        for at, (y, crossing) in enumerate(points, 1):
            row = rows[y]
            del row[0]  # columns come from left to right
            if row and at < len(points) and (corner := _opposite(y, crossing, points[at:], row)):
                cells.append((x, y, *corner))
    return cells


_Crossing = tuple[int, int]  # the upright rules and those across that make it, as bits
_Column = dict[float, _Crossing]


def _opposite(
    y: float,
    crossing: _Crossing,
    below: Sequence[tuple[float, _Crossing]],
    right: Sequence[tuple[float, _Column]],
) -> Point | None:
    """The lower right corner of the smallest cell with this upper left one."""
    down, along = crossing
    for bottom, (upright, level) in below:
        if not down & upright:
            continue
        for x1, column in right:
            upper, lower = column[y], column.get(bottom)
            if lower and along & upper[1] and lower[0] & upper[0] and lower[1] & level:
                return x1, bottom
    return None


def tables_of(cells: Sequence[Cell]) -> list[list[Cell]]:
    """Cells that share corners, two at least, from top to bottom and from left to right."""
    if len(cells) > 1 and _hang_together(cells):
        return [list(cells)]
    joined = list(range(len(cells)))  # each cell's way to the first one of its table

    def first_of(number: int) -> int:
        while joined[number] != number:
            joined[number] = joined[joined[number]]
            number = joined[number]
        return number

    known: dict[Point, int] = {}
    for number, (x0, top, x1, bottom) in enumerate(cells):
        for corner in ((x0, top), (x0, bottom), (x1, top), (x1, bottom)):
            neighbour = known.setdefault(corner, number)
            if joined[neighbour] != joined[number]:
                one, other = first_of(neighbour), first_of(number)
                joined[max(one, other)] = min(one, other)
    tables: dict[int, list[Cell]] = defaultdict(list)
    for number, cell in enumerate(cells):
        tables[first_of(number)].append(cell)
    found = [table for table in tables.values() if len(table) > 1]
    return sorted(found, key=lambda table: min([(top, x0) for x0, top, _, _ in table])) if len(found) > 1 else found


def _hang_together(cells: Sequence[Cell]) -> bool:
    """Whether each cell shares a corner with one before it: then all are one table, as on most pages."""
    x0, top, x1, bottom = cells[0]
    known = {(x0, top), (x0, bottom), (x1, top), (x1, bottom)}
    for x0, top, x1, bottom in cells[1:]:
        corners = ((x0, top), (x0, bottom), (x1, top), (x1, bottom))
        if known.isdisjoint(corners):
            return False
        known.update(corners)
    return True
