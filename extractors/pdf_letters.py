"""Letters of a page as PDFium tells them: their codes at once, their widths one by one, all else text by text.

PDFium gives letters in reading order, and with each the object that set it: one `Tj` of one font on one baseline. Its
own spaces and line ends have no size. A page where it tells less than is printed (letters without a code, text that it
takes for a shadow) raises `UnsureError` and is read in another way.
"""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping, Sequence
from ctypes import byref, c_double
from itertools import chain, pairwise, repeat
from operator import sub

import numpy as np
import numpy.typing as npt

from extractors import pdfium
from extractors.pdf_cells import quick
from extractors.pdf_objects import Frame, Objects, Texts, UnsureError
from extractors.pdf_print import DESCENT, NO_LETTERS, Floats, Letters, Run, weight_and_slant
from extractors.pdfium import Pointer

Codes = npt.NDArray[np.uint32]
Stretch = tuple[int, int, int]  # number of the text, its first letter, and the one behind its last

_SOMETHING = 0xFFFE  # in PDFium's running text, for a hyphen and for what has no code
_HYPHEN = 0x02  # PDFium's sign for a hyphen at the end of a line
_NO_CODE = re.compile("[\x00-\x08\x0e-\x1b\ufffe\uffff]")
_UNKNOWN = "\ufffd"
# Of the font size: how wide a space is, and what of it shows at least. In 4,500 holes of papers by LibreOffice what was
# filled left -0.2 to 0.04; a space left 0.15 to 0.3, behind a horn, which PDFium's box takes in, 0.06 at least.
_SPACE, _SPACE_LEFT = 0.25, 0.05
_HOLE = 2.0  # points: narrower than a letter and a space of the smallest print
_ONE_LINE = 0.3  # of the font size: baselines of one line
_SHADOW = 1.0  # points: a text set again nearer than this is a bold one


def codes_of(textpage: Pointer) -> Codes:
    count = pdfium.count_chars(textpage)
    units = pdfium.text_units(textpage, count)
    if len(units) == count:
        codes = units.astype(np.uint32)
        for at in (codes == _SOMETHING).nonzero()[0].tolist():
            codes[at] = pdfium.get_unicode(textpage, at)
        return codes
    return np.fromiter(map(pdfium.get_unicode, repeat(textpage), range(count)), np.uint32, count)


def decoded(codes: Codes) -> str:
    return codes.astype("<u4", copy=False).tobytes().decode("utf-32-le", "replace")


def letters_of(textpage: Pointer, codes: Codes, objects: Objects, texts: Texts, frame: Frame) -> Letters:
    """All letters of a page.

    Raises:
        UnsureError: PDFium does not tell all that is printed.
    """
    count = len(codes)
    if not count or not objects.texts:
        return NO_LETTERS
    x0, top, x1, bottom = pdfium.char_boxes(textpage, count)
    printed = (x0 != x1) | (top != bottom)
    if texts.shift[0]:
        x0 += texts.shift[0]
        x1 += texts.shift[0]
    # Letters go on to the right inside of a text, as far as no other is put between them.
    parted = (printed[1:] != printed[:-1]) | (x0[1:] < x0[:-1]) | (x1[1:] < x1[:-1])
    cuts = parted.nonzero()[0] + 1
    begins, ends = np.concatenate(([0], cuts)), np.concatenate((cuts, [count]))
    shown = printed[begins]
    stretches = _owned(textpage, begins[shown].tolist(), ends[shown].tolist(), objects.addresses)
    lost = _bring_back_spaces(x0, x1, codes, printed, stretches, texts)
    codes = np.where(printed, codes, 0x20)
    if lost:
        stretches += [(number, at, at + 1) for at, (number, _, _) in enumerate(lost, count)]
        codes = np.append(codes, np.full(len(lost), 0x20, np.uint32))
        x0, x1 = (np.append(ends, [space[side] for space in lost]) for side, ends in ((1, x0), (2, x1)))
    codes[codes == _HYPHEN] = ord("-")
    text = decoded(codes)
    printable = text.isprintable()
    if (not printable and _NO_CODE.search(text)) or (_UNKNOWN in text and ord(_UNKNOWN) in codes):
        raise UnsureError("letters without a code")
    return Letters(text, codes, x0, x1, tuple(_runs(textpage, stretches, objects, texts, frame)), printable)


def _owned(textpage: Pointer, starts: Sequence[int], stops: Sequence[int], numbers: Mapping[int, int]) -> list[Stretch]:
    """The stretches, each of one text; the letters of a text are never parted, so halving finds where it ends."""

    def part(start: int, stop: int, first: int, last: int) -> Iterator[tuple[int, int, int]]:
        """`first` is the object of `start`, `last` that of the letter before `stop`."""
        if first == last:
            yield first, start, stop
        elif stop - start == 2:
            yield first, start, start + 1
            yield last, start + 1, stop
        else:
            middle = (start + stop) // 2
            before, after = pdfium.text_object_of(textpage, middle - 1), pdfium.text_object_of(textpage, middle)
            yield from part(start, middle, first, before)
            yield from part(middle, stop, after, last)

    owners = list(map(pdfium.text_object_of, repeat(textpage), starts))
    lasts = list(map(pdfium.text_object_of, repeat(textpage), map(sub, stops, repeat(1))))
    try:
        if owners == lasts:
            return sorted(zip(map(numbers.__getitem__, owners), starts, stops, strict=True))
        found = chain.from_iterable(map(part, starts, stops, owners, lasts))
        return sorted([(numbers[owner], start, stop) for owner, start, stop in found])
    except KeyError as error:
        raise UnsureError("text of an object that is not on the page") from error


# --- spaces that PDFium loses ------------------------------------------------------------------------------------


def _bring_back_spaces(
    x0: Floats, x1: Floats, codes: Codes, printed: npt.NDArray[np.bool_], stretches: list[Stretch], texts: Texts
) -> list[tuple[int, float, float]]:
    """Spaces that PDFium has merged with another one: the text of each, where it begins and ends.

    Where letters of another font fill a hole in a text ("S…Ở… Y": the font has no "Ở"), PDFium takes the hole for a
    space and drops the real one behind it (CPDF_TextPage::CloseTempLine removes the second of two spaces); of those
    before and behind a word ("xã …ở… ấp") it drops the latter. There was one wherever the hole is not filled, but for
    gaps inside of what fills it, which has its own spaces. A space that PDFium has put into the hole becomes the first
    letter of what stands behind it; it is not returned.
    """
    real = printed[1:-1]
    before_print = (codes[1:-1] == 0x20) & printed[2:]
    own = ((before_print & printed[:-2] & ~real).nonzero()[0] + 1).tolist()
    wide = ((before_print & real & (x0[2:] - x1[1:-1] > _HOLE)).nonzero()[0] + 1).tolist()
    if not own and not wide:
        return []
    lost = []
    numbers, starts, stops = zip(*stretches, strict=True)
    lefts, rights = x0[np.array(starts)].tolist(), x1[np.array(stops) - 1].tolist()
    own_lines = [texts.at[number][1] for number in numbers]
    by_line = sorted(zip(own_lines, numbers, starts, stops, lefts, rights, strict=True))
    lines = [line for line, *_ in by_line]
    by_start = sorted(zip(starts, range(len(starts)), strict=True))
    for before, behind in [*((space - 1, space + 1) for space in own), *((space, space + 1) for space in wide)]:
        at = by_start[bisect_right(by_start, (behind, len(stretches))) - 1][1]
        number, start, stop = stretches[at]
        if before < start and before == behind - 1:
            continue  # the hole lies between two texts
        line, size = texts.at[number][1], texts.sizes[number]
        left, right = x1.item(before), x0.item(behind)
        least = _SPACE_LEFT * size
        if right - left <= least:
            continue
        near = by_line[bisect_right(lines, line - _ONE_LINE * size) : bisect_left(lines, line + _ONE_LINE * size)]
        reaching = [
            range(begin, end)
            for _, other, begin, end, first, last in near
            if right - first > least < last - left and last - first > least and other != number
        ]
        if not reaching:
            continue
        filled = sorted(
            (x0.item(letter), x1.item(letter), letter)
            for letters in reaching
            for letter in letters
            if x0.item(letter) >= left - 0.1 * size and x1.item(letter) <= right + 0.1 * size
        )
        for (_, end, letter), (begin, _, following) in pairwise([*filled, (right, right, behind)] if filled else []):
            if begin - end <= least or following == letter + 1:
                continue
            if begin == right and before < behind - 1:
                x0[behind - 1], x1[behind - 1] = right - _SPACE * size, right
                stretches[at] = number, start - 1, stop
            elif not texts.askew[number]:
                lost.append((number, begin - _SPACE * size, begin))
    return lost


# --- runs --------------------------------------------------------------------------------------------------------


def _runs(
    textpage: Pointer, stretches: Sequence[Stretch], objects: Objects, texts: Texts, frame: Frame
) -> Iterator[Run]:
    shadowed = _shadowed(objects, texts, {number for number, _, _ in stretches})
    fonts = list(map(pdfium.text_font, objects.texts))
    looks = {}
    for font in set(fonts):
        name = pdfium.name_of(font)
        looks[font] = (name, *weight_and_slant(name))
    at, sizes, turns, askew = texts.at, texts.sizes, texts.turned, texts.askew
    width, height = frame.width, frame.height
    over, under = 1 - DESCENT, DESCENT
    for number, start, stop in stretches:
        font, bold, italic = looks[fonts[number]]
        turned, size = turns[number], sizes[number]
        bold = bold or number in shadowed
        page = width if turned % 2 else height
        if askew[number]:
            for letter, base in enumerate(_baselines(textpage, start, stop), start):
                base += texts.shift[1]
                top, bottom = page - (base + over * size), page - (base - under * size)
                yield Run(letter, letter + 1, top, bottom, font, bold, italic, turned)
            continue
        _, base = at[number]
        top, bottom = page - (base + over * size), page - (base - under * size)
        yield quick(Run, (start, stop, top, bottom, font, bold, italic, turned))


def _baselines(textpage: Pointer, start: int, stop: int) -> Iterator[float]:
    """The baseline under each letter of a text that is not level."""
    x, y = c_double(), c_double()
    for letter in range(start, stop):
        pdfium.char_origin(textpage, letter, byref(x), byref(y))
        yield y.value


def _shadowed(objects: Objects, texts: Texts, seen: set[int]) -> set[int]:
    """Texts that are set twice to look bold: PDFium leaves out the second one."""
    if len(seen) == len(objects.texts):
        return set()
    left_out = [number for number in range(len(objects.texts)) if number not in seen]
    known = sorted(seen)
    where = np.array([texts.at[number] for number in known])
    bold = set()
    for number in left_out:
        apart = np.abs(where - texts.at[number]).max(axis=1)
        twin = int(apart.argmin())
        if apart[twin] <= _SHADOW:
            if apart[twin] > 0:
                bold.add(known[twin])
        elif pdfium.has_ink(objects.texts[number]):
            raise UnsureError("a text that PDFium leaves out")
    return bold
