"""PDFium's calls that are made for each letter and each rule, bound without pypdfium2's checks of every argument.

A call through ctypes costs more than the work behind it, so calls here take plain addresses and are mapped over many
letters at once; they hold the interpreter's lock, which the calls for whole pages (pypdfium2's own) give up.
Handles are integers. Names are those of fpdf_text.h and fpdf_edit.h without their prefix.
"""

import ctypes
from collections.abc import Callable
from ctypes import c_char_p, c_double, c_float, c_int, c_uint, c_void_p
from typing import Any

import pypdfium2.raw as raw

TEXT, PATH, IMAGE, FORM = (
    raw.FPDF_PAGEOBJ_TEXT,
    raw.FPDF_PAGEOBJ_PATH,
    raw.FPDF_PAGEOBJ_IMAGE,
    raw.FPDF_PAGEOBJ_FORM,
)
LINE_TO, CURVE_TO, MOVE_TO = raw.FPDF_SEGMENT_LINETO, raw.FPDF_SEGMENT_BEZIERTO, raw.FPDF_SEGMENT_MOVETO


def _bound(name: str, result: Any, *arguments: Any) -> Callable[..., Any]:
    address = ctypes.cast(getattr(raw, name), c_void_p).value
    if address is None:  # an older PDFium
        raise ImportError(f"PDFium has no {name}")
    call: Callable[..., Any] = ctypes.PYFUNCTYPE(result, *arguments)(address)
    return call


count_chars = _bound("FPDFText_CountChars", c_int, c_void_p)
get_text = _bound("FPDFText_GetText", c_int, c_void_p, c_int, c_int, c_void_p)
get_unicode = _bound("FPDFText_GetUnicode", c_uint, c_void_p, c_int)
loose_char_box = _bound("FPDFText_GetLooseCharBox", c_int, c_void_p, c_int, c_void_p)
text_object_of = _bound("FPDFText_GetTextObject", c_void_p, c_void_p, c_int)
count_objects = _bound("FPDFPage_CountObjects", c_int, c_void_p)
get_object = _bound("FPDFPage_GetObject", c_void_p, c_void_p, c_int)
count_form_objects = _bound("FPDFFormObj_CountObjects", c_int, c_void_p)
get_form_object = _bound("FPDFFormObj_GetObject", c_void_p, c_void_p, c_uint)
object_type = _bound("FPDFPageObj_GetType", c_int, c_void_p)
object_matrix = _bound("FPDFPageObj_GetMatrix", c_int, c_void_p, c_void_p)
transform = _bound("FPDFPageObj_Transform", None, c_void_p, *[c_double] * 6)
_bounds = _bound("FPDFPageObj_GetBounds", c_int, c_void_p, c_void_p, c_void_p, c_void_p, c_void_p)
fill_color = _bound("FPDFPageObj_GetFillColor", c_int, c_void_p, c_void_p, c_void_p, c_void_p, c_void_p)
stroke_color = _bound("FPDFPageObj_GetStrokeColor", c_int, c_void_p, c_void_p, c_void_p, c_void_p, c_void_p)
draw_mode = _bound("FPDFPath_GetDrawMode", c_int, c_void_p, c_void_p, c_void_p)
count_segments = _bound("FPDFPath_CountSegments", c_int, c_void_p)
get_segment = _bound("FPDFPath_GetPathSegment", c_void_p, c_void_p, c_int)
segment_point = _bound("FPDFPathSegment_GetPoint", c_int, c_void_p, c_void_p, c_void_p)
segment_type = _bound("FPDFPathSegment_GetType", c_int, c_void_p)
render_mode = _bound("FPDFTextObj_GetTextRenderMode", c_int, c_void_p)
font_size = _bound("FPDFTextObj_GetFontSize", c_int, c_void_p, c_void_p)
char_origin = _bound("FPDFText_GetCharOrigin", c_int, c_void_p, c_int, c_void_p, c_void_p)
segment_close = _bound("FPDFPathSegment_GetClose", c_int, c_void_p)
text_font = _bound("FPDFTextObj_GetFont", c_void_p, c_void_p)
font_name = _bound("FPDFFont_GetBaseFontName", ctypes.c_size_t, c_void_p, c_char_p, ctypes.c_size_t)
font_ascent = _bound("FPDFFont_GetAscent", c_int, c_void_p, c_float, c_void_p)
font_descent = _bound("FPDFFont_GetDescent", c_int, c_void_p, c_float, c_void_p)
page_bounding_box = _bound("FPDF_GetPageBoundingBox", c_int, c_void_p, c_void_p)
page_media_box = _bound("FPDFPage_GetMediaBox", c_int, c_void_p, c_void_p, c_void_p, c_void_p, c_void_p)
page_rotation = _bound("FPDFPage_GetRotation", c_int, c_void_p)

_corners = (c_float * 4)()
_AT = ctypes.addressof(_corners)
_name = ctypes.create_string_buffer(256)


def name_of(font: int) -> str:
    """The name in the file, the tag of a subset with it."""
    length = font_name(font, _name, len(_name))
    return _name.raw[: min(length, len(_name)) - 1].decode("utf-8", "replace") if length > 1 else ""


def bounds(item: int) -> tuple[float, float, float, float]:
    """Left, bottom, right, top of an object in the coordinates of what it stands in."""
    if not _bounds(item, _AT, _AT + 4, _AT + 8, _AT + 12):
        return 0.0, 0.0, 0.0, 0.0
    x0, y0, x1, y1 = _corners
    return x0, y0, x1, y1


def has_ink(text: int) -> bool:
    """A text object that shows more than spaces."""
    x0, y0, x1, y1 = bounds(text)
    return x1 - x0 > 0.1 and y1 - y0 > 0.1
