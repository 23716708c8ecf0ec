"""PDFium's calls that are made for each letter, text and rule, bound without the checks that pypdfium2 and ctypes make.

A call through ctypes costs more than the work behind it, and most of that is turning arguments into C's. So calls take
pointers that were turned once (`pointer`), are mapped over all letters of a page, and write to places known beforehand;
they hold the interpreter's lock, which the calls for whole pages (pypdfium2's own) give up. What they return is an
address, as a plain integer. Names are those of fpdf_text.h and fpdf_edit.h without their prefix.
"""

import ctypes
from collections import deque
from collections.abc import Callable, Iterable, Sequence
from ctypes import c_char_p, c_double, c_float, c_int, c_size_t, c_uint, c_void_p
from itertools import repeat
from typing import Any

import numpy as np
import numpy.typing as npt
import pypdfium2
import pypdfium2.raw as raw

TEXT, PATH, IMAGE, FORM = (
    raw.FPDF_PAGEOBJ_TEXT,
    raw.FPDF_PAGEOBJ_PATH,
    raw.FPDF_PAGEOBJ_IMAGE,
    raw.FPDF_PAGEOBJ_FORM,
)
CURVE_TO, LINE_TO, MOVE_TO = raw.FPDF_SEGMENT_BEZIERTO, raw.FPDF_SEGMENT_LINETO, raw.FPDF_SEGMENT_MOVETO

Pointer = Any  # an argument of C: what `pointer` and `ctypes.byref` return
Call = Callable[..., Any]
Singles = npt.NDArray[np.float32]
Doubles = npt.NDArray[np.float64]
Units = npt.NDArray[np.uint16]
Pixels = npt.NDArray[np.uint8]
pointer: Callable[[int | None], Pointer] = c_void_p.from_param


def pointer_to(handle: Any) -> Pointer:
    """Of what pypdfium2 wraps or returns."""
    return pointer(ctypes.cast(getattr(handle, "raw", handle), c_void_p).value)


def _address(name: str) -> int:
    address = ctypes.cast(getattr(raw, name), c_void_p).value
    if address is None:  # an older PDFium
        raise ImportError(f"PDFium has no {name}")
    return address


def _fast(name: str, result: Any) -> Call:
    """A call that takes pointers and small integers as they are; an address as an integer would be cut to 32 bits.

    `result` is None where nobody looks at it, which saves a tenth of the call.
    """
    return ctypes.PYFUNCTYPE(result)(_address(name))


def _bound(name: str, result: Any, *arguments: Any) -> Call:
    """A call that turns its arguments itself, for what is asked seldom."""
    return ctypes.PYFUNCTYPE(result, *arguments)(_address(name))


count_chars = _fast("FPDFText_CountChars", c_int)
get_text = _bound("FPDFText_GetText", c_int, c_void_p, c_int, c_int, c_void_p)
get_unicode = _fast("FPDFText_GetUnicode", c_uint)
loose_char_box = _fast("FPDFText_GetLooseCharBox", None)
char_origin = _fast("FPDFText_GetCharOrigin", None)
text_object_of = _fast("FPDFText_GetTextObject", c_void_p)
count_objects = _fast("FPDFPage_CountObjects", c_int)
get_object = _fast("FPDFPage_GetObject", c_void_p)
count_form_objects = _fast("FPDFFormObj_CountObjects", c_int)
get_form_object = _fast("FPDFFormObj_GetObject", c_void_p)
object_type = _fast("FPDFPageObj_GetType", c_int)
object_matrix = _fast("FPDFPageObj_GetMatrix", None)
object_bounds = _fast("FPDFPageObj_GetBounds", c_int)
transform = _bound("FPDFPageObj_Transform", None, c_void_p, *[c_double] * 6)
fill_color = _fast("FPDFPageObj_GetFillColor", c_int)
stroke_color = _fast("FPDFPageObj_GetStrokeColor", c_int)
draw_mode = _fast("FPDFPath_GetDrawMode", None)
count_segments = _fast("FPDFPath_CountSegments", c_int)
get_segment = _fast("FPDFPath_GetPathSegment", c_void_p)
segment_point = _fast("FPDFPathSegment_GetPoint", None)
segment_type = _fast("FPDFPathSegment_GetType", c_int)
segment_close = _fast("FPDFPathSegment_GetClose", c_int)
render_mode = _fast("FPDFTextObj_GetTextRenderMode", c_int)
font_size = _fast("FPDFTextObj_GetFontSize", None)
text_font = _fast("FPDFTextObj_GetFont", c_void_p)
font_name = _bound("FPDFFont_GetBaseFontName", c_size_t, c_void_p, c_char_p, c_size_t)
rendered_image = _fast("FPDFImageObj_GetRenderedBitmap", c_void_p)
page_bounding_box = _fast("FPDF_GetPageBoundingBox", None)
page_rotation = _fast("FPDFPage_GetRotation", c_int)

_CHUNK = 4096  # answers at once; few pages have more letters
_answers = (c_float * (6 * _CHUNK))()
_units = np.empty(2 * _CHUNK + 2, np.uint16)
_units_place = _units.ctypes.data
_corners = [ctypes.byref(_answers, 4 * at) for at in range(4)]
_name = ctypes.create_string_buffer(256)


class _Floats:
    """Answers of so many floats each, for letters or objects one after another."""

    def __init__(self, width: int) -> None:
        self._width = width
        # Made one after another, so that they lie side by side in memory: read in strides, they cost a quarter more.
        self._places = [ctypes.byref(_answers, 4 * width * at) for at in range(_CHUNK)]
        self._seen = np.ctypeslib.as_array(_answers)[: width * _CHUNK].reshape(-1, width)

    def of(self, count: int, ask: Callable[[int, int, Sequence[Pointer]], Iterable[object]]) -> Singles:
        """A row for each answer."""
        out = np.empty((count, self._width), np.float32)
        for start in range(0, count, _CHUNK):
            stop = min(start + _CHUNK, count)
            deque(ask(start, stop, self._places), maxlen=0)
            out[start:stop] = self._seen[: stop - start]
        return out


_sizes, _pairs, _boxes, _matrices = _Floats(1), _Floats(2), _Floats(4), _Floats(6)
_seconds = [ctypes.byref(_answers, 8 * at + 4) for at in range(_CHUNK)]  # of each pair


def text_units(textpage: Pointer, count: int) -> Units:
    """The running text of so many letters in UTF-16, until the next call."""
    units, place = _units, _units_place
    if 2 * count + 2 > len(units):
        units = np.empty(2 * count + 2, np.uint16)
        place = units.ctypes.data
    return units[: get_text(textpage, 0, count, place) - 1]


def char_boxes(textpage: Pointer, count: int) -> list[Doubles]:
    """Left, top, right and bottom of all letters: as wide as their advance."""
    boxes = _boxes.of(count, lambda start, stop, to: map(loose_char_box, repeat(textpage), range(start, stop), to))
    return [boxes[:, side].astype(float) for side in range(4)]


def matrices(objects: Sequence[Pointer]) -> Doubles:
    """Of each object a, b, c, d, e, f."""
    return _matrices.of(len(objects), lambda start, stop, to: map(object_matrix, objects[start:stop], to)).astype(float)


def matrix(item: Pointer) -> tuple[float, ...]:
    """The same of one object."""
    object_matrix(item, _corners[0])
    return tuple(_answers[:6])


def draw_modes(paths: Sequence[Pointer]) -> list[tuple[bool, bool]]:
    """Whether each is filled, and whether it is drawn along its sides."""
    modes = _pairs.of(len(paths), lambda start, stop, to: map(draw_mode, paths[start:stop], to, _seconds))
    filled, stroked = (modes != 0).T.tolist()  # whole numbers read as floats are tiny, but not 0
    return list(zip(filled, stroked, strict=True))


def points(segments: Sequence[Pointer]) -> list[list[float]]:
    """Where each segment ends: all x, all y."""
    found = _pairs.of(len(segments), lambda start, stop, to: map(segment_point, segments[start:stop], to, _seconds))
    return found.T.tolist()  # type: ignore[no-any-return]


def font_sizes(texts: Sequence[Pointer]) -> Doubles:
    sizes = _sizes.of(len(texts), lambda start, stop, to: map(font_size, texts[start:stop], to))
    return sizes[:, 0].astype(float)


def name_of(font: int) -> str:
    """The name in the file, the tag of a subset with it."""
    length = font_name(font, _name, len(_name))
    return _name.raw[: min(length, len(_name)) - 1].decode("utf-8", "replace") if length > 1 else ""


def bounds(item: Pointer) -> tuple[float, float, float, float]:
    """Left, bottom, right, top of an object in the coordinates of what it stands in."""
    if not object_bounds(item, *_corners):
        return 0.0, 0.0, 0.0, 0.0
    x0, y0, x1, y1 = _answers[:4]
    return x0, y0, x1, y1


def page_box(page: Pointer) -> tuple[float, float, float, float]:
    """Left, top, right, bottom of what is displayed of a page."""
    page_bounding_box(page, _corners[0])
    left, top, right, bottom = _answers[:4]
    return left, top, right, bottom


def picture_of(document: Pointer, page: Pointer, image: Pointer) -> Pixels | None:
    """An image as it is painted, with what lies open in it where it has four channels; None where it cannot be."""
    drawn = rendered_image(document, page, image)
    if not drawn:
        return None
    pixels: Pixels = pypdfium2.PdfBitmap.from_raw(ctypes.cast(drawn, raw.FPDF_BITMAP)).to_numpy()
    return pixels


def has_ink(text: Pointer) -> bool:
    """A text object that shows more than spaces."""
    x0, y0, x1, y1 = bounds(text)
    return x1 - x0 > 0.1 and y1 - y0 > 0.1
