"""What a page of a PDF is made of, as PDFium holds it: texts, paths and pictures, and where its texts stand."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import repeat

import numpy as np
import numpy.typing as npt

from extractors import pdfium
from extractors.pdf_print import Floats
from extractors.pdfium import Pointer

_DEEPEST = 8  # forms in forms; PDFium itself stops at 40
_QUARTERS = ((1, 0, 0, 1), (0, -1, 1, 0), (-1, 0, 0, -1), (0, 1, -1, 0))  # clockwise
_ASKEW = 0.02  # slope of a baseline that is not level


class UnsureError(Exception):
    """PDFium does not tell all that is printed on the page."""


@dataclass(frozen=True, slots=True)
class Objects:
    """Objects of a page by kind, in the order of the file; with those in a form the matrix that leads to the page."""

    texts: list[Pointer]
    addresses: dict[int, int]  # the number of each text, which is what letters name
    forms: dict[int, Floats]  # by the number of a text
    paths: list[tuple[Pointer, Floats | None]]
    images: list[tuple[Pointer, Floats | None, int]]  # and how many texts are painted before it


@dataclass(frozen=True, slots=True)
class Frame:
    """From the file's coordinates to those of the page as displayed, y still upwards."""

    to_page: Floats
    width: float
    height: float
    level: bool  # the page is not turned

    def turns(self) -> Floats:
        """Matrices that turn what is displayed by 0 to 3 quarters clockwise; its lower left corner stays at 0, 0."""
        corners = ((0, 0), (0, self.width), (self.width, self.height), (self.height, 0))
        return square(np.array([(*turn, *corner) for turn, corner in zip(_QUARTERS, corners, strict=True)], float))


@dataclass(frozen=True, slots=True)
class Texts:
    """Where the texts of a page stand as PDFium sees them now: upright, y upwards."""

    at: Sequence[tuple[float, float]]  # where the baseline begins
    sizes: Sequence[float]
    askew: Sequence[bool]
    turned: Sequence[int]  # quarters clockwise that made each upright
    shift: tuple[float, float]  # from PDFium's coordinates to these


def objects_of(page: Pointer) -> Objects:
    found = Objects([], {}, {}, [], [])
    _gather(found, list(map(pdfium.get_object, repeat(page), range(pdfium.count_objects(page)))), None, 0)
    return found


def _gather(found: Objects, addresses: Sequence[int], outer: Floats | None, depth: int) -> None:
    pointers = list(map(pdfium.pointer, addresses))
    for address, item, kind in zip(addresses, pointers, map(pdfium.object_type, pointers), strict=True):
        if kind == pdfium.TEXT:
            if outer is not None:
                found.forms[len(found.texts)] = outer
            found.addresses[address] = len(found.texts)
            found.texts.append(item)
        elif kind == pdfium.PATH:
            found.paths.append((item, outer))
        elif kind == pdfium.IMAGE:
            found.images.append((item, outer, len(found.texts)))
        elif kind == pdfium.FORM and depth < _DEEPEST:
            inner = square(pdfium.matrices([item]))[0]
            inside = map(pdfium.get_form_object, repeat(item), range(pdfium.count_form_objects(item)))
            _gather(found, list(inside), inner if outer is None else inner @ outer, depth + 1)


def square(values: npt.NDArray[np.floating]) -> Floats:
    """Rows (a, b, c, d, e, f) as matrices that points (x, y, 1) are multiplied with from the left."""
    out = np.zeros((len(values), 3, 3))
    out[:, :, :2] = values.reshape(-1, 3, 2)
    out[:, 2, 2] = 1.0
    return out


def frame_of(page: Pointer) -> Frame:
    return _frame(*pdfium.page_box(page), pdfium.page_rotation(page))


@lru_cache(maxsize=64)  # pages of one file are alike
def _frame(left: float, top: float, right: float, bottom: float, turn: int) -> Frame:
    corner = ((-left, -bottom), (-bottom, right), (right, top), (top, -left))[turn]
    matrix = square(np.array([(*_QUARTERS[turn], *corner)], float))[0]
    size = (right - left, top - bottom)
    return Frame(matrix, *(size if turn % 2 == 0 else size[::-1]), level=turn == 0)


def upright_texts(objects: Objects, frame: Frame) -> Texts:
    """The texts, those that are not upright turned so that PDFium sees them upright.

    Raises:
        UnsureError: a text cannot be turned.
    """
    rows = pdfium.matrices(objects.texts)
    x, y = frame.to_page[2, :2].tolist()
    if frame.level and not objects.forms and _are_upright(rows):
        sizes = pdfium.font_sizes(objects.texts) * np.abs(rows[:, 3])
        places = zip((rows[:, 4] + x).tolist(), (rows[:, 5] + y).tolist(), strict=True)
        return Texts(list(places), sizes.tolist(), [False] * len(rows), [0] * len(rows), (x, y))
    at = square(rows)
    for number, form in objects.forms.items():
        at[number] = at[number] @ form
    if frame.level:
        if x or y:
            at[:, 2, :2] += (x, y)
    else:
        at = at @ frame.to_page
    along, rise = at[:, 0, 0], at[:, 0, 1]
    turned = np.zeros(len(at), int)
    if not (along > np.abs(rise)).all():
        level = np.where(along > 0, 0, 2)
        turned = np.where(np.abs(along) >= np.abs(rise), level, np.where(rise > 0, 1, 3))
    if not frame.level or turned.any():
        turns = frame.turns()
        _turn(objects, turned.tolist(), [frame.to_page @ turn for turn in turns])
        at = at @ turns[turned]
        x = y = 0.0
    sizes = pdfium.font_sizes(objects.texts) * np.hypot(at[:, 1, 0], at[:, 1, 1])
    return Texts(
        list(zip(at[:, 2, 0].tolist(), at[:, 2, 1].tolist(), strict=True)),
        sizes.tolist(),
        (np.abs(at[:, 0, 1]) > _ASKEW * np.abs(at[:, 0, 0])).tolist(),
        turned.tolist(),
        (x, y),
    )


def _are_upright(rows: Floats) -> bool:
    """Whether all of these matrices (a, b, c, d, e, f) only move and stretch: those of nearly every page."""
    return not rows[:, 1:3].any() and bool((rows[:, 0] > 0).all())


def _turn(objects: Objects, turned: Sequence[int], ways: Sequence[Floats]) -> None:
    for number, (item, quarters) in enumerate(zip(objects.texts, turned, strict=True)):
        way = ways[quarters]
        form = objects.forms.get(number)
        if form is not None:
            if abs(np.linalg.det(form)) < 1e-9:
                raise UnsureError("text in a form without size")
            way = form @ way @ np.linalg.inv(form)
        pdfium.transform(item, *way[:, :2].ravel().tolist())
