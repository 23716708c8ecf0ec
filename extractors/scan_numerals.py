"""Roman numerals counted stroke by stroke: recognisers miscount "III", take "II" for "H" and "I" for "1"."""

import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

import cv2
import numpy as np

from extractors.scan_pose import Pixels
from extractors.scan_words import Word

_STROKES = r"(?P<strokes>[IHLl1|!\]\[TiïíìÍÌÏ]{1,4})"
_NUMERAL = re.compile(rf"(?P<head>X?V?){_STROKES}(?P<rest>[.):,]?)")
_OF_YEAR = re.compile(rf"(?P<head>){_STROKES}(?P<rest>/(?:19|20)\d\d\W*)")  # "Quý III/2024"
_QUARTER = re.compile(r"\W*quý\W*", re.IGNORECASE)
_ZONES = ((0.22, 0.38), (0.44, 0.56), (0.62, 0.78))  # of the height: above, at and below the bar of an H
_LEAN = 0.1  # of the height: how far a stroke's upper part may stand beside its lower part; a slash leans more
_TOP, _STEM = 0.35, (0.4, 0.75)  # of the height: the head of a stroke, and where it is nothing but a stem
_FLAG = -0.018  # of the height: the head of a 1 lies at least so far left of its stem
_LEVEL = 0.015  # of the height: the head of an I, with serifs or without, lies no farther off
_COUNTED = 0.9  # how sure strokes are that were counted


def recount(word: Word, ink: Pixels, before: str = "") -> Word:
    """The word with its strokes counted; unchanged where it is no numeral or its strokes do not stand apart.

    Forms: "H." over two strokes -> "II."; "HI." and "II." over three -> "III."; "IH/2024" over three -> "III/2024";
    "1/2024" behind "Quý" over two -> "II/2024", over one with serifs on both sides -> "I/2024", over a 1 it stays, as
    "H." over an H does; "II" over two with a flag -> "11".
    """
    found = _NUMERAL.fullmatch(word.text) or _OF_YEAR.fullmatch(word.text)
    if found is None:
        return word
    numeral = re.search("[IH]", found["strokes"]) is not None
    quarter = _QUARTER.fullmatch(before) is not None
    if not numeral and not quarter:
        return word
    picture = ink[word.top : word.bottom, word.x0 : word.x1]
    places = _strokes(picture)
    count = len(places) - 2 * len(found["head"])
    if not 1 <= count <= 3:
        return word
    heads = [] if found["head"] else _heads(picture, places)
    if heads and max(heads) <= _FLAG:
        text = "1" * count + found["rest"] if re.fullmatch("[I1l]+", found["strokes"]) else word.text
    elif numeral or count > 1 or (heads and abs(heads[0]) <= _LEVEL):
        text = f"{found['head']}{'I' * count}{found['rest']}"
    else:
        return word
    return replace(word, text=text, confidence=max(word.confidence, _COUNTED))


def _strokes(ink: Pixels) -> list[float]:
    """Where strokes stand upright at the head of a word, over the whole height; none where that is not plain."""
    height = ink.shape[0]
    upper, middle, lower = (_runs(ink[int(low * height) : int(high * height) + 1]) for low, high in _ZONES)
    count = 0
    for places in zip(upper, middle, lower, strict=False):
        if max(places) - min(places) > _LEAN * height:
            break
        count += 1
    ends = len(upper) == len(middle) == len(lower) == count
    return middle[:count] if ends or _leans(upper[count:], lower[count:], height) else []


def _heads(ink: Pixels, places: Sequence[float]) -> list[float]:
    """How far the head of each stroke lies right of its stem, in parts of the height: a 1 has its flag on the left."""
    height, width = ink.shape
    _, labels = cv2.connectedComponents(ink)
    between = [(one + other) / 2 for one, other in pairwise(places)]
    rights = [*between, places[-1] + (between[0] - places[0] if between else height / 3)]
    out = []
    for place, left, right in zip(places, [0.0, *between], rights, strict=True):
        own = labels[height // 2, min(width - 1, round(place))]
        part = (labels[:, int(left) : min(width, round(right))] == own) & bool(own)
        stem, head = part[int(_STEM[0] * height) : int(_STEM[1] * height)], part[: max(1, round(_TOP * height))]
        if not stem.any() or not head.any():
            return []
        out.append(float(np.nonzero(head)[1].mean() - np.nonzero(stem)[1].mean()) / height)
    return out


def _leans(upper: Sequence[float], lower: Sequence[float], height: int) -> bool:
    """Whether a slash comes next: its upper part stands right of its lower part."""
    return bool(upper and lower) and _LEAN * height < upper[0] - lower[0] < height / 2


def _runs(zone: Pixels) -> list[float]:
    """The middles of the stretches that are inked in most rows of a zone."""
    dark = np.concatenate([[False], (zone > 0).mean(axis=0) >= 0.5, [False]])
    edges = np.flatnonzero(dark[1:] != dark[:-1])
    return [float(start + end) / 2 for start, end in zip(edges[::2], edges[1::2], strict=True)]
