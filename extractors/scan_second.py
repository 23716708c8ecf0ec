"""A second look at doubtful lines: read again by themselves and enlarged; the surer reading of a word counts."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import groupby
from statistics import mean

import cv2
import numpy as np

from extractors.scan_page import Pixels
from extractors.scan_words import Word, read_words

_LINE = 7  # tesseract's page segmentation mode for one line of text
_DOUBTFUL = 0.92  # half of the wrong words and one right word in fifty are less sure; a line with one is read again
_LARGER = 1.25
_AROUND = 1.0  # points of the page round the line


def second_look(readings: Sequence[list[Word]], grey: Pixels, unit: float) -> list[list[Word]]:
    """The words of each piece, in pixels of the page, with their doubtful lines read twice."""
    lines = [[list(line) for _, line in groupby(words, key=lambda word: word.line)] for words in readings]
    doubtful = [line for piece in lines for line in piece if min(word.confidence for word in line) < _DOUBTFUL]
    again = iter(read_words([_crop(line, grey, unit) for line in doubtful], _LINE))
    out = []
    for piece in lines:
        words: list[Word] = []
        for line in piece:
            doubt = min(word.confidence for word in line) < _DOUBTFUL
            words += _surer(line, next(again), unit) if doubt else line
        out.append(words)
    return out


def _frame(line: Sequence[Word], unit: float) -> tuple[int, int, int, int]:
    around = round(_AROUND * unit)
    return (
        max(0, min(word.top for word in line) - around),
        max(word.bottom for word in line) + around,
        max(0, min(word.x0 for word in line) - around),
        max(word.x1 for word in line) + around,
    )


def _crop(line: Sequence[Word], grey: Pixels, unit: float) -> Pixels:
    y0, y1, x0, x1 = _frame(line, unit)
    larger = cv2.resize(grey[y0:y1, x0:x1], None, fx=_LARGER, fy=_LARGER, interpolation=cv2.INTER_CUBIC)
    margin = round(4 * unit)
    framed = cv2.copyMakeBorder(larger, margin, margin, margin, margin, cv2.BORDER_CONSTANT, value=255)
    return framed.astype(np.uint8, copy=False)


def _surer(line: Sequence[Word], other: Sequence[Word], unit: float) -> Iterator[Word]:
    """Word by word where both readings have as many, else the line that is surer as a whole."""
    if len(line) == len(other):
        for word, twin in zip(line, other, strict=True):
            surer = twin.confidence > word.confidence
            yield replace(word, text=twin.text, confidence=twin.confidence) if surer else word
        return
    if not other or mean(word.confidence for word in other) <= mean(word.confidence for word in line):
        yield from line
        return
    y0, _, x0, _ = _frame(line, unit)
    margin = round(4 * unit)
    for word in other:
        yield Word(
            text=word.text,
            x0=x0 + round((word.x0 - margin) / _LARGER),
            top=y0 + round((word.top - margin) / _LARGER),
            x1=x0 + round((word.x1 - margin) / _LARGER),
            bottom=y0 + round((word.bottom - margin) / _LARGER),
            confidence=word.confidence,
            line=line[0].line,
        )
