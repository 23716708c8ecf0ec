"""Dust of the glass and of copies: specks that are wiped before the recogniser takes them for "." "-" or "'".

A dot that belongs to the text stands above or below a letter, on the base line behind one, or in a row of dots. What
is as small and stands anywhere else is dust, and so is whatever is clearly smaller than the dots of the page.
"""

from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np

from extractors.scan_pose import Pixels

_DOT = 2.8  # points: no dot of a letter is larger, and no letter as small
_LETTER = 28.0  # points: the highest letter
_TELLING = 12  # dots above or below letters: fewer do not tell how large the dots of a page are
_MOST = 10_000  # specks and dots: more are the grain of a picture
_CLEARLY = 0.6  # of the area of the smaller dots of a page: what is below is none
_CRUMB = 0.4  # the same over or under a letter, where a dot may be that of smaller print
_LIKE = 1.5  # times the area of its usual dots: what is above is a mark or a stroke
_FLAT = 1.6  # times as wide as high is a dash
_ABOVE = 0.28  # of the font size, from a letter to the dot above or below it
_LAPS = 0.25  # how far a mark may reach down beside the horn of "ơ" and "ư" that it stands on
_BEHIND = 0.4  # from a letter to the full stop behind it
_BASE = (-0.36, 0.14)  # of a full stop's foot against that of the letter before, which may reach below the line
_QUOTE = 0.35  # height of a quotation mark, which hangs high above the base line
_ROW = 0.9  # from dot to dot in a row of them
_X_HEIGHT = 0.5  # of the font size; between that of letters with marks and without
_BAND = 48  # dots that are looked at together
_FRINGE = 2  # pixels of blur round a speck


@dataclass(frozen=True, slots=True)
class _Parts:
    """Connected parts of ink: the edges of their boxes, and how much of the box is inked, in pixels."""

    x0: Any
    y0: Any
    x1: Any
    y1: Any
    area: Any

    @classmethod
    def of(cls, boxes: Any, ink: Pixels, unit: float) -> "_Parts":
        x, y, width, height = boxes.T
        area = (width * height).astype(np.float32)
        for number in np.flatnonzero(np.maximum(width, height) <= _DOT * unit):
            left, top, across, down = boxes[number]
            area[number] = cv2.countNonZero(ink[top : top + down, left : left + across])
        x0, y0, x1, y1 = (edge.astype(np.float32) for edge in (x, y, x + width, y + height))
        return cls(x0, y0, x1, y1, area)

    def __getitem__(self, which: Any) -> "_Parts":
        return _Parts(self.x0[which], self.y0[which], self.x1[which], self.y1[which], self.area[which])

    @property
    def largest_side(self) -> Any:
        return np.maximum(self.x1 - self.x0, self.y1 - self.y0)


def without_specks(grey: Pixels, ink: Pixels, unit: float) -> tuple[Pixels, Pixels]:
    """A page and its ink without dust; as they are where too few dots tell what one looks like."""
    outlines, tree = cv2.findContours(ink, cv2.RETR_CCOMP, cv2.CHAIN_APPROX_SIMPLE)  # five times as fast as labels
    outer = [line for line, (*_, parent) in zip(outlines, tree[0], strict=True) if parent < 0] if outlines else []
    boxes: Any = np.array([cv2.boundingRect(line) for line in outer], np.int32).reshape(-1, 4)
    dust = np.flatnonzero(_dust(_Parts.of(boxes, ink, unit), unit))
    if not dust.size:
        return grey, ink
    grey, ink = grey.copy(), ink.copy()
    for number in map(int, dust):
        x, y, width, height = (int(v) for v in boxes[number])
        x0, y0 = max(0, x - _FRINGE), max(0, y - _FRINGE)
        part = (slice(y0, y + height + _FRINGE), slice(x0, x + width + _FRINGE))
        speck = np.zeros(ink[part].shape, np.uint8)
        cv2.drawContours(speck, [outer[number]], 0, (1,), cv2.FILLED, offset=(-x0, -y0))
        ink[part][speck > 0] = 0
        grey[part][cv2.dilate(ink[part], np.ones((3, 3), np.uint8)) == 0] = 255
    return grey, ink


def _dust(parts: _Parts, unit: float) -> Any:
    """Which of the parts of a page are dust."""
    small = parts.largest_side <= _DOT * unit
    letters = parts[~small & (parts.y1 - parts.y0 <= _LETTER * unit)]  # letters that touch are one part
    out = np.zeros(len(small), bool)
    if not letters.area.size or not _TELLING <= small.sum() <= _MOST:
        return out
    size = float(np.median(letters.y1 - letters.y0)) / _X_HEIGHT
    dots = parts[small]
    on_letter, placed = _placed(dots, letters, size)
    if on_letter.sum() < _TELLING:
        return out
    areas = dots.area[on_letter]
    flat = dots.x1 - dots.x0 > _FLAT * (dots.y1 - dots.y0)
    like = (dots.area <= _LIKE * float(np.median(areas))) & ~flat
    clearly = dots.area < np.where(on_letter, _CRUMB, _CLEARLY) * float(np.quantile(areas, 0.3))
    out[small] = clearly | (like & ~placed)
    return out


def _placed(dots: _Parts, letters: _Parts, size: float) -> tuple[Any, Any]:
    """Which dots stand above or below a letter, and which in any place where dots belong; looked at band by band."""
    on_letter = np.zeros(len(dots.area), bool)
    placed = on_letter.copy()
    order = np.argsort(dots.y0)
    for band in np.array_split(order, max(1, len(order) // _BAND)):
        own = dots[band]
        low, high = float(own.y0.min()) - size, float(own.y1.max()) + size
        around, others = (each[(each.y1 >= low) & (each.y0 <= high)] for each in (letters, dots))
        on_letter[band] = _beside_letter(own, around, others, size)
        placed[band] = on_letter[band] | _full_stop(own, around, size) | _in_row(own, others, size)
    return on_letter, placed


def _beside_letter(dots: _Parts, letters: _Parts, small: _Parts, size: float) -> Any:
    """Dots above or below a letter, or one above another as in ":"."""
    out = np.zeros(len(dots.area), bool)
    for others, laps, reach in ((letters, _LAPS, _ABOVE), (small, 0.0, 2 * _ABOVE)):
        middle = ((dots.x0 + dots.x1) / 2)[:, None]
        over = (others.x0[None, :] - 0.05 * size <= middle) & (middle <= others.x1[None, :] + 0.05 * size)
        above = others.y0[None, :] - dots.y1[:, None]
        below = dots.y0[:, None] - others.y1[None, :]
        gap = np.maximum(above, below)
        out |= (over & (gap >= -laps * size) & (gap <= reach * size)).any(axis=1)
    return out


def _full_stop(dots: _Parts, letters: _Parts, size: float) -> Any:
    gap = dots.x0[:, None] - letters.x1[None, :]
    foot = dots.y1[:, None] - letters.y1[None, :]
    behind = (gap >= -0.05 * size) & (gap <= _BEHIND * size)
    quotes = (letters.y1 - letters.y0 < _QUOTE * size)[None, :]
    return (behind & (foot >= _BASE[0] * size) & (foot <= np.where(quotes, _X_HEIGHT, _BASE[1]) * size)).any(axis=1)


def _in_row(dots: _Parts, others: _Parts, size: float) -> Any:
    gap = np.abs(dots.x0[:, None] - others.x0[None, :])
    level = np.abs((dots.y0 + dots.y1)[:, None] - (others.y0 + others.y1)[None, :]) <= 0.2 * size
    return (level & (gap <= _ROW * size)).sum(axis=1) >= 3  # itself and two more
