"""A second opinion on the figures of a scan: a document prints each of them in few shapes, again and again.

The recogniser guesses a figure from what it has learnt of all print, and is as sure of a wrong one as of a right one.
Here each figure is compared with the others of its own document: a "9" that looks like no other 9 but exactly like
the 5s is told, with both readings. That takes one or two hundredths of a page's time; it would take the recogniser
far more to read them again, and it might make the same mistake.

What it cannot see: figures that are misread throughout, that touch each other, or that the document has only once.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import cv2
import numpy as np

from extractors.scan_pose import Pixels
from extractors.scan_words import Word, is_number

SIDE = 20  # pixels: height of a shape; its width as on paper, as far as it fits
_LEVELS = (0.4, 0.55, 0.7, 0.3)  # of the way from paper to ink: where letters are cut apart, the first that fits
_DARKEST = 25  # one pixel in so many is as dark as ink
_SPECK = 0.01  # of the height squared
_TALL = 0.7  # of the tallest character: figures and capitals
_ONE_ABOVE = 0.6  # of the narrower part: what lies above another part belongs to it
_FIGURES = frozenset("0123456789VX")  # "1" and "I" are told apart by their heads, see scan_numerals
_EXAMPLES = 60  # shapes of one character that others are compared with
_NEAREST, _PART = 3, 8  # of them so many count, or one in so many: a document may print a figure in several faces
_AT_ONCE = 2000  # shapes; a file of 500 pages has a hundred thousand
_DIGIT = re.compile(r"\d")
_UNREAD = " "  # stands for each character of a word that has more than were read
_SAME, _LONE = 0.93, 0.97  # likeness of a shape to those of another figure: where its own has examples, and has none
_NEARER = 0.06  # how much more like them than like its own
_FITS = 0.8  # like its own: what is less was cut wrongly

Features = np.ndarray[Any, np.dtype[np.float32]]


def with_shapes(word: Word, grey: Pixels) -> Word:
    """The word with the shape of each of its characters where they stand apart; only numbers need them."""
    if not is_number(word.text):
        return word
    crop = grey[word.top : word.bottom, max(0, word.x0 - 1) : word.x1 + 1]
    if min(crop.shape) < 3:
        return word
    boxes = _apart(crop, word.text)
    return replace(word, shapes=b"".join(_shape(crop, box).tobytes() for box in boxes)) if boxes else word


@dataclass(frozen=True, slots=True)
class _Box:
    x0: int
    top: int
    x1: int
    bottom: int

    @property
    def height(self) -> int:
        return self.bottom - self.top


def _apart(crop: Pixels, text: str) -> list[_Box]:
    """A box a character; where there are always more, since one was not read or all are torn, those of the first
    level; none where letters touch.
    """
    first: list[_Box] = []
    dark = float(np.partition(crop, crop.size // _DARKEST, axis=None)[crop.size // _DARKEST])
    for level in _LEVELS:
        _, ink = cv2.threshold(crop, 255 - level * (255 - dark), 1, cv2.THRESH_BINARY_INV)
        boxes = _parts(ink.astype(np.uint8, copy=False))
        high = max((box.height for box in boxes), default=0)
        tall = [box.height > _TALL * high for box in boxes]
        if len(boxes) == len(text) and all(t or c not in _FIGURES for t, c in zip(tall, text, strict=True)):
            return boxes
        first = first or boxes
    return first if len(first) > len(text) else []


def _parts(ink: Pixels) -> list[_Box]:
    """Characters from left to right, each with the parts that stand above each other."""
    _, _, stats, _ = cv2.connectedComponentsWithStats(ink)
    found = stats[1:].tolist()
    high = max((part[3] for part in found), default=0)
    out: list[_Box] = []
    for x, y, w, h, area in sorted(found):
        if area < _SPECK * high * high:
            continue
        box = _Box(x, y, x + w, y + h)
        if out and min(out[-1].x1, box.x1) - box.x0 > _ONE_ABOVE * min(out[-1].x1 - out[-1].x0, w):
            last = out[-1]
            box = _Box(last.x0, min(last.top, y), max(last.x1, box.x1), max(last.bottom, box.bottom))
            out.pop()
        out.append(box)
    return out


def _shape(crop: Pixels, box: _Box) -> Pixels:
    part = crop[box.top : box.bottom, box.x0 : box.x1]
    width = min(SIDE, max(1, round(part.shape[1] * SIDE / part.shape[0])))
    scaled = cv2.resize(part, (width, SIDE), interpolation=cv2.INTER_AREA if part.shape[0] > SIDE else cv2.INTER_LINEAR)
    shape = np.zeros((SIDE, SIDE), np.uint8)
    left = (SIDE - width) // 2
    shape[:, left : left + width] = 255 - scaled
    return shape


# --- comparison ----------------------------------------------------------------------------------------------------


def rivals(words: Iterable[Word]) -> list[str]:
    """What the figures of each word look like in this document; "" where they look as they were read."""
    all_words = list(words)
    cut = [word for word in all_words if word.shapes]
    if not cut:
        return [""] * len(all_words)
    read = [word.text if _as_many(word) else _UNREAD * (len(word.shapes) // SIDE**2) for word in cut]
    own, rival, likeness = _likeness(b"".join(word.shapes for word in cut), np.array(list("".join(read))))
    looks: list[str] = []
    start = 0
    for word, text in zip(cut, read, strict=True):
        part = slice(start, start := start + len(text))
        whole = _one_wrong if _as_many(word) else _all_read
        looks.append(whole(word.text, own[part], rival[part], likeness[part]))
    of_cut = iter(looks)
    return [next(of_cut) if word.shapes else "" for word in all_words]


def _as_many(word: Word) -> bool:
    return len(word.shapes) == SIDE**2 * len(word.text)


def _all_read(text: str, _own: Features, rival: Sequence[str], best: Features) -> str:
    """What stands where more characters than were read look like figures of the document."""
    whole = "".join(rival)
    more = len(_DIGIT.findall(whole)) > len(_DIGIT.findall(text))
    return whole if more and best.min() >= _SAME else ""


def _likeness(shapes: bytes, letters: "np.ndarray[Any, Any]") -> tuple[Features, list[str], Features]:
    """How like each shape is to others that were read as it was (-1 where there are none), and which other figure it
    is most like, and how much.
    """
    pictures = np.frombuffer(shapes, np.uint8).reshape(-1, SIDE, SIDE)
    examples: list[tuple[str, np.ndarray[Any, Any], Features]] = []
    for letter in sorted(set(letters.tolist()) - {_UNREAD}):
        members = np.flatnonzero(letters == letter)
        places = members[:: -(-len(members) // _EXAMPLES)]
        examples.append((letter, places, _features(pictures[places])))
    own = np.full(len(letters), -1, np.float32)
    best = np.full(len(letters), -1, np.float32)
    rival = np.full(len(letters), "", letters.dtype)
    for start in range(0, len(letters), _AT_ONCE):
        part = slice(start, start + _AT_ONCE)
        features = _features(pictures[part])
        for letter, places, vectors in examples:
            # numpy would take all cores for it
            likeness = cv2.gemm(features, vectors, 1, np.empty(0, np.float32), 0, flags=cv2.GEMM_2_T)
            here = (places >= start) & (places < start + len(features))
            likeness[places[here] - start, np.flatnonzero(here)] = -1  # no shape vouches for itself
            mean = _mean_of_nearest(likeness)
            same = letters[part] == letter
            own[part][same] = mean[same]
            better = ~same & (mean > best[part])
            best[part][better], rival[part][better] = mean[better], letter
    return own, rival.tolist(), best


def _features(pictures: Pixels) -> Features:
    """Each shape, softened, as a vector of length one: a difference of half a pixel is none."""
    soft = pictures.astype(np.float32)
    for axis in (1, 2):
        soft = 2 * soft + np.roll(soft, 1, axis) + np.roll(soft, -1, axis)
    flat = soft.reshape(-1, SIDE * SIDE)
    flat -= flat.mean(axis=1, keepdims=True)
    out: Features = flat / (np.linalg.norm(flat, axis=1, keepdims=True) + 1e-6)
    return out


def _mean_of_nearest(likeness: np.ndarray[Any, Any]) -> Features:
    examples = likeness.shape[1]
    count = min(examples, max(_NEAREST, examples // _PART))
    nearest = -np.partition(-likeness, count - 1, axis=1)[:, :count]
    there = nearest > -1
    mean: Features = np.where(there, nearest, 0).sum(axis=1) / np.maximum(1, there.sum(axis=1))
    return np.where(there.any(axis=1), mean, -1).astype(np.float32)


def _one_wrong(text: str, own: Features, rival: Sequence[str], best: Features) -> str:
    """The word with the one figure changed that looks like another.

    Where others do not look like their own either, the word was not cut apart at its letters.
    """
    wrong = [at for at in range(len(text)) if _is_wrong(float(own[at]), float(best[at]))]
    if len(wrong) != 1:
        return ""
    at = wrong[0]
    told = text[at] in _FIGURES and best[at] >= _SAME and {text[at], rival[at]} != {"1", "I"}
    return text[:at] + rival[at] + text[at + 1 :] if told else ""


def _is_wrong(own: float, best: float) -> bool:
    return best >= _LONE if own < 0 else own < _FITS or best - own > _NEARER
