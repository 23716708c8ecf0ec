"""Pages of a PDF read by PDFium: letters, rules and the share that pictures cover, in a few calls a line.

PDFium gives the letters of a page in the order of the file, and with each the object that set it: one `Tj` of one font
on one baseline. Widths are asked for letter by letter, all else object by object. A page where PDFium tells less than
is printed (letters without a code, text that it takes for a shadow) raises `UnsureError` and is read in another way.
"""

import ctypes
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import repeat
from typing import Any

import numpy as np
import numpy.typing as npt
import pypdfium2
import pypdfium2.raw as raw

from extractors import pdfium
from extractors.document import Box
from extractors.pdf_images import Images
from extractors.pdf_paths import Painted, rules_of
from extractors.pdf_print import DESCENT, NO_LETTERS, Floats, Letters, Print, Run, weight_and_slant
from extractors.pdf_probe import COVERED, PageText, judge

Singles = npt.NDArray[np.float32]

_DEEPEST = 8  # forms in forms; PDFium itself stops at 40
_QUARTERS = np.array([[1, 0, 0, 1], [0, -1, 1, 0], [-1, 0, 0, -1], [0, 1, -1, 0]], float)  # clockwise
_SOMETHING = 0xFFFE  # in PDFium's running text, for a hyphen and for what has no code
# Of the font size: how wide a space is, and what of it shows at least. In 4,500 holes of papers by LibreOffice what was
# filled left -0.2 to 0.04; a space left 0.15 to 0.3, behind a horn, which PDFium's box takes in, 0.06 at least.
_SPACE, _SPACE_LEFT = 0.25, 0.05
_HYPHEN = "\x02"  # PDFium's sign for a hyphen at the end of a line
_SHADOW = 1.0  # points: a text set again nearer than this is a bold one
_ASKEW = 0.02  # slope of a baseline that is not level
_NO_CODE = (0xFFFD, 0xFFFE, 0xFFFF)


class UnsureError(Exception):
    """PDFium does not tell all that is printed on the page."""


@dataclass(frozen=True, slots=True)
class Objects:
    """What a page is made of: addresses, and for those inside of forms the matrix that leads to the page."""

    texts: list[int]
    paths: list[int]
    images: list[int]
    below: list[int]  # how many of the texts are painted before each image
    forms: dict[int, Floats]  # by the address of an object that stands in a form: 3 x 3


@dataclass(frozen=True, slots=True)
class Loaded:
    """What can be read of a page; `page` is None where nothing can, or where PDFium is unsure of its letters.

    `inserts` are the places of pictures on a digital page that may show text.
    """

    kind: PageText
    page: Print | None
    inserts: tuple[Box, ...] = ()


def address(handle: Any) -> int:
    """Of what pypdfium2 wraps."""
    value = ctypes.cast(handle.raw, ctypes.c_void_p).value
    assert value is not None
    return value


# --- objects -----------------------------------------------------------------------------------------------------


def objects_of(page: int) -> Objects:
    found = Objects([], [], [], [], {})
    _gather(found, list(map(pdfium.get_object, repeat(page), range(pdfium.count_objects(page)))), None, 0)
    return found


def _gather(found: Objects, addresses: Sequence[int], outer: Floats | None, depth: int) -> None:
    kinds = {pdfium.TEXT: found.texts, pdfium.PATH: found.paths, pdfium.IMAGE: found.images}
    for item, kind in zip(addresses, map(pdfium.object_type, addresses), strict=True):
        if outer is not None:
            found.forms[item] = outer
        if kind in kinds:
            kinds[kind].append(item)
            if kind == pdfium.IMAGE:
                found.below.append(len(found.texts))
        elif kind == pdfium.FORM and depth < _DEEPEST:
            inner = _square(_matrices([item]))[0]
            inside = map(pdfium.get_form_object, repeat(item), range(pdfium.count_form_objects(item)))
            _gather(found, list(inside), inner if outer is None else inner @ outer, depth + 1)


def _matrices(objects: Sequence[int]) -> Floats:
    values = np.empty((len(objects), 6), np.float32)
    start = values.ctypes.data
    done = map(pdfium.object_matrix, objects, range(start, start + 24 * len(objects), 24))
    deque(done, maxlen=0)
    return values.astype(float)


def _square(values: Floats) -> Floats:
    """Rows (a, b, c, d, e, f) as matrices that points (x, y, 1) are multiplied with from the left."""
    out = np.zeros((len(values), 3, 3))
    out[:, :, :2] = values.reshape(-1, 3, 2)
    out[:, 2, 2] = 1.0
    return out


# --- letters -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Frame:
    """From the file's coordinates to those of the page as displayed, y still upwards."""

    to_page: Floats
    width: float
    height: float
    level: bool  # the page is not turned


def _frame(page: int) -> _Frame:
    box = (ctypes.c_float * 4)()  # left, top, right, bottom
    pdfium.page_bounding_box(page, ctypes.addressof(box))
    left, top, right, bottom = (float(v) for v in box)
    turn = pdfium.page_rotation(page)
    a, b, c, d = _QUARTERS[turn].tolist()
    corner = {0: (-left, -bottom), 1: (-bottom, right), 2: (right, top), 3: (top, -left)}[turn]
    matrix = np.array([[a, b, 0], [c, d, 0], [*corner, 1]], float)
    size = (right - left, top - bottom)
    return _Frame(matrix, *(size if turn % 2 == 0 else size[::-1]), level=turn == 0)


def _turned(placed: Floats) -> npt.NDArray[np.intp]:
    """Quarter turns clockwise that make each text upright."""
    a, b = placed[:, 0, 0], placed[:, 0, 1]
    level = np.where(a > 0, 0, 2)
    return np.where(np.abs(a) >= np.abs(b), level, np.where(b > 0, 1, 3))


def _upright(objects: Objects, placed: Floats, turned: npt.NDArray[np.intp], frame: _Frame) -> Floats:
    """Turns the page's texts so that PDFium sees all of them upright, and returns where they stand then."""
    turns = _square(np.c_[_QUARTERS, np.zeros((4, 2))])
    for item, quarter in zip(objects.texts, turned.tolist(), strict=True):
        wanted = frame.to_page @ turns[quarter]
        form = objects.forms.get(item)
        if form is not None:
            if abs(np.linalg.det(form)) < 1e-9:
                raise UnsureError("text in a form without size")
            wanted = form @ wanted @ np.linalg.inv(form)
        pdfium.transform(item, *wanted[:, :2].ravel().tolist())
    return placed @ turns[turned]


def _codes(textpage: int, count: int) -> npt.NDArray[np.uint32]:
    units = np.empty(2 * count + 2, np.uint16)
    got = pdfium.get_text(textpage, 0, count, units.ctypes.data) - 1
    if got == count:
        codes = units[:count].astype(np.uint32)
        for at in np.flatnonzero(codes == _SOMETHING).tolist():
            codes[at] = pdfium.get_unicode(textpage, at)
        return codes
    return np.fromiter(map(pdfium.get_unicode, repeat(textpage), range(count)), np.uint32, count)


def _owners(textpage: int, starts: Sequence[int], stops: Sequence[int]) -> tuple[list[int], list[int]]:
    """Start and object of each stretch of letters that one object sets; the letters of an object are never parted."""
    at: list[int] = []
    who: list[int] = []

    def part(start: int, stop: int, first: int, last: int) -> None:
        """`first` is the object of `start`, `last` that of the letter before `stop`."""
        if first == last:
            if not who or who[-1] != first:
                at.append(start)
                who.append(first)
            return
        if stop - start == 2:
            part(start, start + 1, first, first)
            part(start + 1, stop, last, last)
            return
        middle = (start + stop) // 2
        before, after = pdfium.text_object_of(textpage, middle - 1), pdfium.text_object_of(textpage, middle)
        part(start, middle, first, before)
        part(middle, stop, after, last)

    firsts = map(pdfium.text_object_of, repeat(textpage), starts)
    lasts = map(pdfium.text_object_of, repeat(textpage), [stop - 1 for stop in stops])
    for start, stop, first, last in zip(starts, stops, firsts, lasts, strict=True):
        if first != last:
            part(start, stop, first, last)
        elif not who or who[-1] != first:
            at.append(start)
            who.append(first)
    return at, who


@dataclass(frozen=True, slots=True)
class _Placed:
    """Texts of a page as PDFium sees them now: where they stand, their sizes and turns, by their place in `objects`."""

    at: Floats
    sizes: Floats
    turned: npt.NDArray[np.intp]
    index: dict[int, int]  # by address


def _placed(objects: Objects, frame: _Frame) -> _Placed:
    texts = objects.texts
    at = _square(_matrices(texts))
    if objects.forms:
        for number, item in enumerate(texts):
            if item in objects.forms:
                at[number] = at[number] @ objects.forms[item]
    if frame.level:
        at[:, 2, :2] += frame.to_page[2, :2]
    else:
        at = at @ frame.to_page
    turned = _turned(at)
    if not frame.level or turned.any():
        at = _upright(objects, at, turned, frame)
    sizes = np.empty(len(texts), np.float32)
    start = sizes.ctypes.data
    deque(map(pdfium.font_size, texts, range(start, start + 4 * len(texts), 4)), maxlen=0)
    heights = sizes.astype(float) * np.hypot(at[:, 1, 0], at[:, 1, 1])
    return _Placed(at, heights, turned, {item: number for number, item in enumerate(texts)})


def _letters(textpage: int, codes: npt.NDArray[np.uint32], objects: Objects, placed: _Placed, frame: _Frame) -> Letters:
    count = len(codes)
    if not count or not objects.texts:
        return NO_LETTERS
    boxes = np.empty((count, 4), np.float32)  # left, top, right, bottom
    start = boxes.ctypes.data
    asked = map(pdfium.loose_char_box, repeat(textpage), range(count), range(start, start + 16 * count, 16))
    deque(asked, maxlen=0)
    # What PDFium adds itself, spaces and line ends, has no size.
    kept = np.flatnonzero((boxes[:, 2] != boxes[:, 0]) | (boxes[:, 1] != boxes[:, 3]))
    if not len(kept):
        return NO_LETTERS
    breaks = np.flatnonzero((np.diff(kept) != 1) | (np.diff(boxes[kept, 0]) < 0)) + 1
    starts = kept[np.concatenate(([0], breaks))].tolist()
    stops = (kept[np.concatenate((breaks - 1, [-1]))] + 1).tolist()
    at, who = _owners(textpage, starts, stops)
    if any(item not in placed.index for item in who):
        raise UnsureError("text of an object that is not on the page")
    owner = np.array([placed.index[item] for item in who])
    first = np.searchsorted(kept, at)
    lengths = np.diff(first, append=len(kept))
    if (np.diff(owner) < 0).any():  # PDFium puts side by side what stands on one line; the file may not
        order = np.argsort(np.repeat(owner, lengths), kind="stable")
        kept = kept[order]
        order = np.argsort(owner, kind="stable")
        owner, lengths = owner[order], lengths[order]
        first = np.cumsum(lengths) - lengths
    sizes = placed.sizes[owner]
    base = placed.at[owner, 2, 1]
    kept, lengths, lost = _with_lost_spaces(codes, boxes, kept, lengths, base, sizes)
    first = np.cumsum(lengths) - lengths
    text = _text(codes[kept])
    x0, x1 = boxes[kept, 0].astype(float), boxes[kept, 2].astype(float)
    x0[lost] = x1[lost] - _SPACE * np.repeat(sizes, lengths)[lost]
    if frame.level and not placed.turned.any():
        x0, x1 = x0 + frame.to_page[2, 0], x1 + frame.to_page[2, 0]
    bases = np.repeat(base, lengths)
    slopes = np.abs(placed.at[owner, 0, 1]) > _ASKEW * np.abs(placed.at[owner, 0, 0])
    for number in np.flatnonzero(slopes).tolist():
        _follow(textpage, bases, kept, first[number], first[number] + lengths[number])
    heights = np.repeat(sizes, lengths)
    top, bottom = bases + (1 - DESCENT) * heights, bases - DESCENT * heights
    turned = placed.turned[owner]
    if turned.any():
        x0, bottom, x1, top = _back(np.repeat(turned, lengths), x0, bottom, x1, top)
    bold = _shadowed(objects, placed, set(who))
    runs = _runs(objects.texts, owner.tolist(), first.tolist(), len(kept), placed, bold)
    return Letters(text, x0, frame.height - top, x1, frame.height - bottom, runs)


def _with_lost_spaces(
    codes: npt.NDArray[np.uint32],
    boxes: npt.NDArray[np.float32],
    kept: npt.NDArray[np.intp],
    lengths: npt.NDArray[np.intp],
    base: Floats,
    sizes: Floats,
) -> tuple[npt.NDArray[np.intp], npt.NDArray[np.intp], npt.NDArray[np.intp]]:
    """Brings back spaces that PDFium has merged with one of its own; gives their positions among the kept letters too.

    Where letters of another font fill a hole in a text ("S…Ở… Y": the font has no "Ở"), PDFium takes the hole for a
    space and drops the real one behind it (CPDF_TextPage::CloseTempLine removes the second of two spaces). There was
    one if the hole is not filled up to the next letter.
    """
    own = np.flatnonzero((codes == 0x20) & (boxes[:, 2] == boxes[:, 0]) & (boxes[:, 1] == boxes[:, 3]))
    own = own[(own > 0) & (own < len(codes) - 1)]
    if not len(own):
        return kept, lengths, np.empty(0, np.intp)
    owner = np.repeat(np.arange(len(lengths)), lengths)
    bases, heights = base[owner], sizes[owner]
    place = np.full(len(codes), -1)
    place[kept] = np.arange(len(kept))
    x0, x1 = boxes[kept, 0], boxes[kept, 2]
    befores, afters = place[own - 1], place[own + 1]
    between = (befores >= 0) & (afters >= 0)
    own, befores, afters = own[between], befores[between], afters[between]
    starts = np.cumsum(lengths) - lengths
    shown = np.minimum(np.maximum.reduceat(x1, starts), x0[afters, None])
    shown -= np.maximum(np.minimum.reduceat(x0, starts), x1[befores, None])
    others = (shown > _SPACE_LEFT * sizes[owner[afters], None]) & (owner[afters, None] != np.arange(len(lengths)))
    near = others & (np.abs(base - bases[afters, None]) < 0.3 * heights[afters, None])
    lost = []
    for hole in np.flatnonzero(near.any(axis=1)).tolist():  # other texts reach into it; few pages have any
        number, before, after = int(own[hole]), int(befores[hole]), int(afters[hole])
        height = heights[after]
        within = (x0 >= x1[before] - 0.1 * height) & (x1 <= x0[after] + 0.1 * height)
        filled = np.flatnonzero(within & (np.abs(bases - bases[after]) < 0.3 * height) & (owner != owner[after]))
        if len(filled) and x0[after] - x1[filled].max() > _SPACE_LEFT * height:
            boxes[number, 2] = x0[after]
            lost.append((int(after), number))
    lost.sort()
    at = np.array([after for after, _ in lost], np.intp)
    lengths = lengths + np.bincount(owner[at], minlength=len(lengths))
    return np.insert(kept, at, [number for _, number in lost]), lengths, at + np.arange(len(at))


def _text(codes: npt.NDArray[np.uint32]) -> str:
    text = _decoded(codes).replace(_HYPHEN, "-")
    odd = set(codes[(codes < 0x20) | (codes >= min(_NO_CODE))].tolist()) - {ord(_HYPHEN)}
    if any(code in _NO_CODE or (code < 0x20 and not chr(code).isspace()) for code in odd):
        raise UnsureError("letters without a code")
    return text


def _follow(textpage: int, bases: Floats, kept: npt.NDArray[np.intp], start: int, stop: int) -> None:
    """The baseline under each letter of a text that is neither level nor upright."""
    x, y = ctypes.c_double(), ctypes.c_double()
    for number in range(start, stop):
        pdfium.char_origin(textpage, int(kept[number]), ctypes.addressof(x), ctypes.addressof(y))
        bases[number] = y.value


def _back(
    turned: npt.NDArray[np.intp], x0: Floats, y0: Floats, x1: Floats, y1: Floats
) -> tuple[Floats, Floats, Floats, Floats]:
    """Boxes that were read upright, where they stand on the page."""
    a, b, c, d = _QUARTERS[-turned % 4].T
    one, other = (x0 * a + y0 * c, x0 * b + y0 * d), (x1 * a + y1 * c, x1 * b + y1 * d)
    return (
        np.minimum(one[0], other[0]),
        np.minimum(one[1], other[1]),
        np.maximum(one[0], other[0]),
        np.maximum(one[1], other[1]),
    )


def _shadowed(objects: Objects, placed: _Placed, seen: set[int]) -> set[int]:
    """Texts that are set twice to look bold: PDFium leaves out the second one."""
    left_out = [number for item, number in placed.index.items() if item not in seen]
    if not left_out:
        return set()
    known = np.array([placed.index[item] for item in seen])
    where = placed.at[known, 2, :2]
    bold = set()
    for number in left_out:
        apart = np.abs(where - placed.at[number, 2, :2]).max(axis=1)
        twin = int(apart.argmin())
        if apart[twin] <= _SHADOW:
            if apart[twin] > 0:
                bold.add(int(known[twin]))
        elif pdfium.has_ink(objects.texts[number]):
            raise UnsureError("a text that PDFium leaves out")
    return bold


def _runs(
    texts: Sequence[int],
    owner: Sequence[int],
    first: Sequence[int],
    count: int,
    placed: _Placed,
    shadowed: set[int],
) -> tuple[Run, ...]:
    fonts = list(map(pdfium.text_font, [texts[number] for number in owner]))
    looks = {}
    for font in set(fonts):
        name = pdfium.name_of(font)
        looks[font] = (name, *weight_and_slant(name))
    turned = placed.turned.tolist()
    runs = []
    for number, font, start, stop in zip(owner, fonts, first, [*first[1:], count], strict=True):
        name, bold, italic = looks[font]
        runs.append(Run(start, stop, name, bold or number in shadowed, italic, turned[number]))
    return tuple(runs)


# --- pages -------------------------------------------------------------------------------------------------------


def load(page: pypdfium2.PdfPage, number: int) -> Loaded:
    """All of one page, read once."""
    place = address(page)
    objects = objects_of(place)
    frame = _frame(place)
    images = Images(page, objects.images, objects.below, objects.texts, objects.forms)
    covered = images.covered(frame.width * frame.height)
    # asked before texts are turned
    unseen = covered >= COVERED and images.hide_texts()
    inserts = images.inserts(frame.to_page, frame.width, frame.height) if objects.images else ()
    try:
        placed = _placed(objects, frame)
    except UnsureError:
        placed = None
    handle = raw.FPDFText_LoadPage(page)
    try:
        textpage = ctypes.cast(handle, ctypes.c_void_p).value
        if textpage is None:
            return Loaded(PageText.DIGITAL, None)
        codes = _codes(textpage, pdfium.count_chars(textpage))
        kind = judge("" if unseen else _decoded(codes), covered, len(objects.paths))
        if kind is PageText.PICTURE:
            return Loaded(kind, None)
        if placed is None:
            return Loaded(kind, None, inserts)
        try:
            letters = _letters(textpage, codes, objects, placed, frame)
        except UnsureError:
            return Loaded(kind, None, inserts)
    finally:
        raw.FPDFText_ClosePage(handle)
    painted = Painted(objects.paths, objects.forms, frame.to_page, frame.height)
    rules = rules_of(painted, frame.width * frame.height)
    return Loaded(kind, Print(number, frame.width, frame.height, letters, rules), inserts)


def _decoded(codes: npt.NDArray[np.uint32]) -> str:
    return codes.astype("<u4").tobytes().decode("utf-32-le", "replace")
