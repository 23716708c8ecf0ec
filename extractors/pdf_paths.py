"""Lines and rectangles among the paths that a page paints, as pdfminer tells them apart; curves are no rules."""

from collections.abc import Iterable, Iterator, Sequence
from ctypes import byref, c_float, c_uint
from itertools import chain, repeat

import numpy as np

from extractors import pdfium
from extractors.pdf_cells import quick
from extractors.pdf_objects import Frame, square
from extractors.pdf_print import Floats, Rule
from extractors.pdfium import Pointer

_WHITE = 253  # of 255: a ground under text, not a rule
_WHOLE_PAGE = 0.9
_BARS = (4, 5)  # segments of a rectangle, its last side drawn or closed
_MOST_SEGMENTS = 20_000  # of one path; drawings have more, rules of a page have not
_SAME = [1, 0, 0, 1, 0, 0]
_RECTANGLE = 5  # segments of one whose first corner comes again
_PLAIN = {count: [pdfium.MOVE_TO, *[pdfium.LINE_TO] * (count - 1)] for count in (2, _RECTANGLE)}

Sides = tuple[float, float, float, float]  # left, bottom, right, top
Point = tuple[float, float]
Matrix = tuple[float, ...]  # a, b, c, d, e, f


_values = (c_uint * 4)()
_point = (c_float * 2)()
_V = [byref(_values, 4 * at) for at in range(4)]
_P = [byref(_point, 4 * at) for at in range(2)]


def placed_bounds(item: Pointer, form: Floats | None) -> Sides:
    """Bounds of an object on the page, also inside of forms."""
    x0, y0, x1, y1 = pdfium.bounds(item)
    return (x0, y0, x1, y1) if form is None else _around([(x0, y0), (x1, y0), (x1, y1), (x0, y1)], _as_matrix(form))


def _around(points: Sequence[Point], matrix: Matrix) -> Sides:
    a, b, c, d, e, f = matrix
    xs = [a * x + c * y + e for x, y in points]
    ys = [b * x + d * y + f for x, y in points]
    return min(xs), min(ys), max(xs), max(ys)


def _as_matrix(square: Floats) -> Matrix:
    return tuple(square[:, :2].ravel().tolist())


def rules_of(paths: Sequence[tuple[Pointer, Floats | None]], frame: Frame) -> list[Rule]:
    """Rules among the paths of a page; what covers the page and what is white is none."""
    if not paths:
        return []
    items = [path for path, _ in paths]
    modes = pdfium.draw_modes(items)
    counts = list(map(pdfium.count_segments, items))
    to_page = _as_matrix(frame.to_page)
    boxes: dict[int, Iterable[Sides]] = {}
    straight: list[int] = []
    known = zip(paths, modes, counts, pdfium.matrices(items).tolist(), strict=True)
    for number, ((path, form), (filled, stroked), count, own) in enumerate(known):
        if not (filled or stroked) or _is_white(path, stroked):
            continue
        level = form is None and frame.level
        if level and not stroked and count in _BARS:
            boxes[number] = (_moved(pdfium.bounds(path), to_page),)
        elif level and count in _PLAIN and own == _SAME:
            straight.append(number)
        elif count <= _MOST_SEGMENTS:
            boxes[number] = _sides(path, count, own, form, frame)
    plain = _plain([items[at] for at in straight], [counts[at] for at in straight])
    for number, sides in zip(straight, plain, strict=True):
        boxes[number] = (
            (_moved(sides, to_page),) if sides else _sides(items[number], counts[number], _SAME, None, frame)
        )
    area, height = frame.width * frame.height, frame.height
    return [
        quick(Rule, (x0, height - y1, x1, height - y0, modes[number][1]))
        for number in sorted(boxes)
        for x0, y0, x1, y1 in boxes[number]
        if (x1 - x0) * (y1 - y0) < _WHOLE_PAGE * area or not area
    ]


def _moved(sides: Sides, to_page: Sequence[float]) -> Sides:
    left, bottom = to_page[4:]
    x0, y0, x1, y1 = sides
    return x0 + left, y0 + bottom, x1 + left, y1 + bottom


def _sides(path: Pointer, count: int, own: Sequence[float], form: Floats | None, frame: Frame) -> Iterator[Sides]:
    """Boxes of the single lines and upright rectangles of any path, on the page, y upwards."""
    outer = frame.to_page if form is None else form @ frame.to_page
    matrix = _as_matrix(square(np.array([own]))[0] @ outer)
    return (_around(shape, matrix) for shape in _shapes(path, count) if shape is not None and _is_rule(shape))


def _plain(paths: Sequence[Pointer], counts: Sequence[int]) -> Iterator[Sides | None]:
    """Of each a line, or a rectangle with all its corners and the first one again; None for all else."""
    each, numbers = chain.from_iterable(map(repeat, paths, counts)), chain.from_iterable(map(range, counts))
    segments = list(map(pdfium.pointer, map(pdfium.get_segment, each, numbers)))
    kinds = list(map(pdfium.segment_type, segments))
    xs, ys = pdfium.points(segments)
    start = 0
    for count in counts:
        stop = start + count
        yield _box(xs[start:stop], ys[start:stop]) if kinds[start:stop] == _PLAIN[count] else None
        start = stop


def _box(xs: Sequence[float], ys: Sequence[float]) -> Sides | None:
    if len(xs) == _RECTANGLE:
        (x0, x1, x2, x3, x4), (y0, y1, y2, y3, y4) = xs, ys
        if not (x4 == x0 and y4 == y0):
            return None
        upright = x0 == x1 and y1 == y2 and x2 == x3 and y3 == y0
        if not (upright or (y0 == y1 and x1 == x2 and y2 == y3 and x3 == x0)):
            return None
        x1, y1 = x2, y2
    else:
        (x0, x1), (y0, y1) = xs, ys
    return (x0, y0, x1, y1) if x0 <= x1 and y0 <= y1 else (min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1))


def _is_white(path: Pointer, stroked: bool) -> bool:
    ask = pdfium.stroke_color if stroked else pdfium.fill_color
    return bool(ask(path, *_V)) and _values[0] >= _WHITE and min(_values[1:3]) >= _WHITE


def _shapes(path: Pointer, count: int) -> Iterator[list[Point] | None]:
    """Points of each part of a path; None for one with a curve."""
    points: list[Point] = []
    curved = False
    for number in range(count):
        segment = pdfium.pointer(pdfium.get_segment(path, number))
        kind = pdfium.segment_type(segment)
        pdfium.segment_point(segment, *_P)
        if kind == pdfium.MOVE_TO:
            if points:
                yield None if curved else points
            points, curved = [], False
        curved = curved or kind == pdfium.CURVE_TO
        points.append((_point[0], _point[1]))
        if pdfium.segment_close(segment) and points[-1] != points[0]:
            points.append(points[0])
    if points:
        yield None if curved else points


def _is_rule(points: list[Point]) -> bool:
    """A single line, or the four corners of a closed rectangle with sides along the axes."""
    closed = len(points) > 2 and points[-1] == points[0]
    corners = points[:-1] if closed else points
    if len(corners) == 2:
        return True
    if len(corners) != 4 or not closed:
        return False
    (x0, y0), (x1, y1), (x2, y2), (x3, y3) = corners
    return (x0 == x1 and y1 == y2 and x2 == x3 and y3 == y0) or (y0 == y1 and x1 == x2 and y2 == y3 and x3 == x0)
