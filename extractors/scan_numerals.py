"""Roman numerals counted stroke by stroke in the picture: recognisers miscount "III" and take "II" for "H"."""

import re
from dataclasses import replace

import numpy as np

from extractors.scan_page import Pixels
from extractors.scan_words import Word

_NUMERAL = re.compile(r"(?P<head>X?V?)(?P<strokes>[IHLl1|!\]\[T]{1,4})(?P<mark>[.):,]?)")
_ZONES = ((0.22, 0.38), (0.44, 0.56), (0.62, 0.78))  # of the height: above, at and below the bar of an H


def recount(word: Word, ink: Pixels) -> Word:
    """The word with its strokes counted; unchanged where it is no numeral or its strokes do not stand apart.

    Forms: "H." over two strokes -> "II."; "HI." and "II." over three -> "III."; "H." over an H stays.
    """
    found = _NUMERAL.fullmatch(word.text)
    if found is None or not re.search("[IH]", found["strokes"]):
        return word
    count = _strokes(ink[word.top : word.bottom, word.x0 : word.x1]) - 2 * len(found["head"])
    if not 1 <= count <= 3:
        return word
    return replace(word, text=f"{found['head']}{'I' * count}{found['mark']}")


def _strokes(ink: Pixels) -> int:
    """How many strokes stand upright side by side, over the whole height; 0 where that is not the same all the way."""
    height = ink.shape[0]
    counts = {_runs(ink[int(low * height) : int(high * height) + 1]) for low, high in _ZONES}
    return counts.pop() if height and len(counts) == 1 else 0


def _runs(zone: Pixels) -> int:
    """Stretches of ink in most rows of a zone."""
    dark = (zone > 0).mean(axis=0) >= 0.5
    return int(dark[0]) + int(np.count_nonzero(dark[1:] & ~dark[:-1])) if dark.size else 0
