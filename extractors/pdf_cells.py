"""Rules -> cells -> tables: what pdfplumber's `TableFinder` does with edges, on plain tuples and without its squares.

After Anssi Nurminen's thesis (Tampere 2013) as pdfplumber reads it (MIT licence): rules that nearly meet are one, a
cell is the smallest rectangle whose corners are joined by rules, a table is what shares corners. A test compares both.
"""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from itertools import groupby
from operator import attrgetter, itemgetter
from typing import NamedTuple

Point = tuple[float, float]
Cell = tuple[float, float, float, float]  # x0, top, x1, bottom


class Straight(NamedTuple):
    """A rule across or upright: where it stands, and from where to where it runs."""

    at: float
    start: float
    end: float


def merge_rules(
    rules: Iterable[tuple[bool, Straight]], snap: float, join: float
) -> tuple[list[Straight], list[Straight]]:
    """Rules across and upright ones: those nearer than `snap` on one line, those that go on within `join` one."""
    across: list[Straight] = []
    upright: list[Straight] = []
    for stands, rule in rules:
        (upright if stands else across).append(rule)
    return _merged(across, snap, join), _merged(upright, snap, join)


def _merged(rules: list[Straight], snap: float, join: float) -> list[Straight]:
    out: list[Straight] = []
    rules.sort()
    start = 0
    for end in range(1, len(rules) + 1):
        if end < len(rules) and rules[end].at <= rules[end - 1].at + snap:
            continue
        group = rules[start:end]
        at = sum(rule.at for rule in group) / len(group)
        out += _joined(at, sorted(group, key=attrgetter("start")), join)
        start = end
    return out


def _joined(at: float, rules: Sequence[Straight], join: float) -> list[Straight]:
    out: list[Straight] = []
    low, high = rules[0].start, rules[0].end
    for _, start, end in rules[1:]:
        if start <= high + join:
            high = max(high, end)
        else:
            out.append(Straight(at, low, high))
            low, high = start, end
    out.append(Straight(at, low, high))
    return out


def cells_of(across: Sequence[Straight], upright: Sequence[Straight], meet: float) -> list[Cell]:
    """The smallest rectangles, each with its corners on crossings and its sides on rules; `meet`: they nearly cross."""
    # Each crossing knows the rules that make it, as bits.
    uprights: dict[Point, int] = defaultdict(int)
    acrosses: dict[Point, int] = defaultdict(int)
    for bit, (x, top, bottom) in enumerate(upright):
        for other, (y, x0, x1) in enumerate(across):
            if top <= y + meet and bottom >= y - meet and x0 - meet <= x <= x1 + meet:
                uprights[x, y] |= 1 << bit
                acrosses[x, y] |= 1 << other
    points = sorted(uprights)
    columns = {x: [y for _, y in group] for x, group in groupby(points, itemgetter(0))}
    rows: dict[float, list[float]] = defaultdict(list)
    for x, y in points:
        rows[y].append(x)
    cells = []
    for x, y in points:
        column, row = columns[x], rows[y]
        below, right = column[bisect_right(column, y) :], row[bisect_right(row, x) :]
        corner = _opposite((x, y), below, right, uprights, acrosses)
        if corner is not None:
            cells.append((x, y, *corner))
    return cells


def _opposite(
    point: Point,
    below: Sequence[float],
    right: Sequence[float],
    uprights: Mapping[Point, int],
    acrosses: Mapping[Point, int],
) -> Point | None:
    """The lower right corner of the smallest cell with this upper left one."""
    x, y = point
    down, along = uprights[point], acrosses[point]
    for bottom in below:
        if not down & uprights[x, bottom]:
            continue
        level = acrosses[x, bottom]
        for x1 in right:
            corner = x1, bottom
            if not along & acrosses[x1, y] or corner not in uprights:
                continue
            if uprights[corner] & uprights[x1, y] and acrosses[corner] & level:
                return corner
    return None


def tables_of(cells: Sequence[Cell]) -> list[list[Cell]]:
    """Cells that share corners, two at least, from top to bottom and from left to right."""
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
    return sorted(found, key=lambda table: min((top, x0) for x0, top, _, _ in table))
