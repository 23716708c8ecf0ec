"""Lines and rectangles among the paths that a page paints, as pdfminer tells them apart; curves are no rules."""

from collections.abc import Iterator, Sequence
from ctypes import byref, c_float, c_uint

import numpy as np

from extractors import pdfium
from extractors.document import Box
from extractors.pdf_objects import Frame, square
from extractors.pdf_print import Floats, Rule
from extractors.pdfium import Pointer

_WHITE = 253  # of 255: a ground under text, not a rule
_WHOLE_PAGE = 0.9
_BARS = (4, 5)  # segments of a rectangle, its last side drawn or closed
_MOST_SEGMENTS = 20_000  # of one path; drawings have more, rules of a page have not
_SAME = (1, 0, 0, 1, 0, 0)

Point = tuple[float, float]
Matrix = tuple[float, ...]  # a, b, c, d, e, f


_values = (c_uint * 4)()
_point = (c_float * 2)()
_V = [byref(_values, 4 * at) for at in range(4)]
_P = [byref(_point, 4 * at) for at in range(2)]


def placed_bounds(item: Pointer, form: Floats | None) -> tuple[float, float, float, float]:
    """Bounds of an object on the page, also inside of forms."""
    x0, y0, x1, y1 = pdfium.bounds(item)
    return (x0, y0, x1, y1) if form is None else _around([(x0, y0), (x1, y0), (x1, y1), (x0, y1)], _as_matrix(form))


def _around(points: Sequence[Point], matrix: Matrix) -> tuple[float, float, float, float]:
    a, b, c, d, e, f = matrix
    xs = [a * x + c * y + e for x, y in points]
    ys = [b * x + d * y + f for x, y in points]
    return min(xs), min(ys), max(xs), max(ys)


def _as_matrix(square: Floats) -> Matrix:
    return tuple(square[:, :2].ravel().tolist())


def rules_of(paths: Sequence[tuple[Pointer, Floats | None]], frame: Frame) -> list[Rule]:
    """Rules among the paths of a page; what covers the page and what is white is none."""
    area = frame.width * frame.height
    to_page = _as_matrix(frame.to_page)
    left, bottom = to_page[4:]
    out = []
    for path, form in paths:
        pdfium.draw_mode(path, _V[0], _V[1])
        filled, stroked = bool(_values[0]), bool(_values[1])
        if not (filled or stroked) or _is_white(path, stroked):
            continue
        if not stroked and form is None and frame.level and pdfium.count_segments(path) in _BARS:
            x0, y0, x1, y1 = pdfium.bounds(path)
            sides = [(x0 + left, y0 + bottom, x1 + left, y1 + bottom)]
        else:
            own = pdfium.matrix(path)
            moved = own != _SAME or form is not None
            sides = list(_straight(path, _composed(own, form, frame) if moved else to_page))
        for x0, y0, x1, y1 in sides:
            if (x1 - x0) * (y1 - y0) < _WHOLE_PAGE * area or not area:
                out.append(Rule(Box(x0, frame.height - y1, x1, frame.height - y0), stroked))
    return out


def _composed(own: Matrix, form: Floats | None, frame: Frame) -> Matrix:
    outer = frame.to_page if form is None else form @ frame.to_page
    return _as_matrix(square(np.array([own]))[0] @ outer)


def _is_white(path: Pointer, stroked: bool) -> bool:
    ask = pdfium.stroke_color if stroked else pdfium.fill_color
    return bool(ask(path, *_V)) and min(_values[:3]) >= _WHITE


def _straight(path: Pointer, to_page: Matrix) -> Iterator[tuple[float, float, float, float]]:
    """Boxes of the single lines and upright rectangles of a path."""
    count = pdfium.count_segments(path)
    if count > _MOST_SEGMENTS:
        return
    for shape in _shapes(path, count):
        if shape is not None and _is_rule(shape):
            yield _around(shape, to_page)


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
