"""Misread figures that the second opinion on a scan finds (extractors/scan_shapes.py), with figures that we misread.

Recognition misreads too few figures to tell a share. So each number on the scans is changed once, by one figure that
looks like another to a hasty eye, a few numbers of a document at a time, and the document is compared with itself.
"""

import random
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields, replace

import numpy as np
import pypdfium2

from benchmarks.scanner import VARIANTS, scan
from extractors.scan_doubts import with_rivals
from extractors.scan_sheet import Picture, Reading, recognise
from extractors.scan_words import Word

OF_FIGURES = ("300 dpi", "200 dpi", "150 dpi", "photo")
_ALIKE = {"0": "68", "1": "7", "2": "7", "3": "58", "4": "9", "5": "369", "6": "058", "7": "12", "8": "036", "9": "05"}
_AT_ONCE = 50  # one number in so many, as rarely as on a poor scan
_DIGIT = re.compile(r"\d")


@dataclass(frozen=True)
class Told:
    numbers: int = 0
    told: int = 0
    right: int = 0  # with the figure that stands on paper
    alarms: int = 0  # numbers that were not changed and are told all the same

    def __add__(self, other: "Told") -> "Told":
        return Told(*(getattr(self, field.name) + getattr(other, field.name) for field in fields(Told)))


def measured(documents: dict[str, bytes], name: str) -> Told:
    """All documents, each scanned in one way."""
    total = Told()
    for data in documents.values():
        scanned = scan(data, VARIANTS[name])
        with pypdfium2.PdfDocument(scanned) as document:
            pages = [_picture(number, page) for number, page in enumerate(document, start=1)]
        total += told_of(list(recognise(pages)))
    return total


def _picture(number: int, page: pypdfium2.PdfPage) -> Picture:
    """The page as it was scanned, pixel by pixel."""
    width, height = page.get_size()
    (image,) = page.get_objects(max_depth=1)
    pixels = np.ascontiguousarray(page.render(scale=image.get_px_size()[0] / width).to_numpy()[:, :, :3])
    return Picture(number, pixels, width, height)


def told_of(readings: Sequence[Reading]) -> Told:
    chance = random.Random(len(readings))
    numbers = [word for reading in readings for piece in reading.pieces() for word in piece if _DIGIT.search(word.text)]
    chance.shuffle(numbers)
    alarms = sum(bool(word.rival) for word in _words(with_rivals(readings)))
    total = Told(alarms=alarms)
    size = max(1, len(numbers) // _AT_ONCE)
    for start in range(0, len(numbers), size):
        changed = {id(word): _misread(word, chance) for word in numbers[start : start + size]}
        planted = [_with(reading, changed) for reading in readings]
        for before, after in zip(_words(readings), _words(with_rivals(planted)), strict=True):
            if id(before) in changed:
                total += Told(1, int(bool(after.rival)), int(after.rival == before.text))
    return total


def _words(readings: Sequence[Reading]) -> Iterator[Word]:
    return (word for reading in readings for piece in reading.pieces() for word in piece)


def _misread(word: Word, chance: random.Random) -> Word:
    at = chance.choice([found.start() for found in _DIGIT.finditer(word.text)])
    other = chance.choice(_ALIKE.get(word.text[at], "0"))
    return replace(word, text=word.text[:at] + other + word.text[at + 1 :])


def _with(reading: Reading, changed: dict[int, Word]) -> Reading:
    def piece(words: Sequence[Word]) -> tuple[Word, ...]:
        return tuple(changed.get(id(word), word) for word in words)

    cells = tuple(tuple(map(piece, grid)) for grid in reading.cells)
    return replace(reading, rest=piece(reading.rest), cells=cells)
