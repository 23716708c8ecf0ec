"""Roman numerals counted stroke by stroke in the picture: recognisers miscount "III" and take "II" for "H"."""

import re
from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from extractors.scan_pose import Pixels
from extractors.scan_words import Word

_STROKES = r"(?P<strokes>[IHLl1|!\]\[T]{1,4})"
_NUMERAL = re.compile(rf"(?P<head>X?V?){_STROKES}(?P<rest>[.):,]?)")
_OF_YEAR = re.compile(rf"(?P<head>){_STROKES}(?P<rest>/(?:19|20)\d\d\W*)")  # "Quý III/2024"
_QUARTER = re.compile(r"\W*quý\W*", re.IGNORECASE)
_ZONES = ((0.22, 0.38), (0.44, 0.56), (0.62, 0.78))  # of the height: above, at and below the bar of an H
_LEAN = 0.1  # of the height: how far a stroke's upper part may stand beside its lower part; a slash leans more
_COUNTED = 0.9  # how sure strokes are that were counted


def recount(word: Word, ink: Pixels, before: str = "") -> Word:
    """The word with its strokes counted; unchanged where it is no numeral or its strokes do not stand apart.

    Forms: "H." over two strokes -> "II."; "HI." and "II." over three -> "III."; "IH/2024" over three -> "III/2024";
    "1/2024" behind "Quý" over two -> "II/2024", over one it stays, as "H." over an H does.
    """
    found = _NUMERAL.fullmatch(word.text) or _OF_YEAR.fullmatch(word.text)
    if found is None:
        return word
    numeral = re.search("[IH]", found["strokes"]) is not None
    if not numeral and not (_QUARTER.fullmatch(before) and found["rest"].startswith("/")):
        return word
    count = _strokes(ink[word.top : word.bottom, word.x0 : word.x1]) - 2 * len(found["head"])
    if not 1 <= count <= 3 or not (numeral or count > 1):
        return word
    text = f"{found['head']}{'I' * count}{found['rest']}"
    return replace(word, text=text, confidence=max(word.confidence, _COUNTED))


def _strokes(ink: Pixels) -> int:
    """How many strokes stand upright at the head of a word, over the whole height; 0 where that is not plain."""
    height = ink.shape[0]
    upper, middle, lower = (_runs(ink[int(low * height) : int(high * height) + 1]) for low, high in _ZONES)
    count = 0
    for places in zip(upper, middle, lower, strict=False):
        if max(places) - min(places) > _LEAN * height:
            break
        count += 1
    ends = len(upper) == len(middle) == len(lower) == count
    return count if ends or _leans(upper[count:], lower[count:], height) else 0


def _leans(upper: Sequence[float], lower: Sequence[float], height: int) -> bool:
    """Whether a slash comes next: its upper part stands right of its lower part."""
    return bool(upper and lower) and _LEAN * height < upper[0] - lower[0] < height / 2


def _runs(zone: Pixels) -> list[float]:
    """The middles of the stretches that are inked in most rows of a zone."""
    dark = np.concatenate([[False], (zone > 0).mean(axis=0) >= 0.5, [False]])
    edges = np.flatnonzero(dark[1:] != dark[:-1])
    return [float(start + end) / 2 for start, end in zip(edges[::2], edges[1::2], strict=True)]
