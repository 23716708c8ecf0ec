"""Numbers of a scanned page that may be misread: a wrong letter is seen by whoever reads the word, a wrong digit by
nobody, so each is told with its place.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from extractors.document import Notice, Place
from extractors.scan_shapes import rivals
from extractors.scan_sheet import Reading
from extractors.scan_words import Word, is_number

KIND = "number.doubtful"
DOUBTFUL = 0.8  # a third of the numbers that are less sure are wrong, of the surer ones one in two hundred
_CONTRADICTED = 0.5  # how sure a number is at most that looks like another one
_LIST_MARK = re.compile(r"\W*(?:\w{0,2}|[IVX]+)[.)]")  # the numbers beside it tell what it is, see scan_numbers
_TORN = re.compile(r"[/.]\d")  # "/2026": what stood before it was not read


def with_rivals(readings: Sequence[Reading]) -> list[Reading]:
    """The readings of one document, its numbers with what they look like where that is another number."""
    found = iter(rivals(word for reading in readings for piece in reading.pieces() for word in piece))

    def told(words: Sequence[Word]) -> tuple[Word, ...]:
        return tuple(_contradicted(word, rival) if (rival := next(found)) else word for word in words)

    return [
        replace(reading, rest=told(reading.rest), cells=tuple(tuple(map(told, grid)) for grid in reading.cells))
        for reading in readings
    ]


def _contradicted(word: Word, rival: str) -> Word:
    return replace(word, rival=rival, confidence=min(word.confidence, _CONTRADICTED))


def doubts(readings: Iterable[Reading]) -> Iterator[Notice]:
    """A notice for each doubtful number, with the words beside it."""
    for reading in readings:
        for words in reading.pieces():
            for at, word in enumerate(words):
                if is_doubtful(word):
                    yield _notice(reading, words, at)


def is_doubtful(word: Word) -> bool:
    """Forms: "3O/6/2023" at 0.6, "/2026" and what looks like another number however sure; not "3)" or
    "III." at the head of a list item.
    """
    if not is_number(word.text) or _LIST_MARK.fullmatch(word.text):
        return False
    return bool(word.rival) or word.confidence < DOUBTFUL or _TORN.match(word.text) is not None


def _notice(reading: Reading, words: tuple[Word, ...], at: int) -> Notice:
    word = words[at]
    box = reading.turn.back(reading.box(word))
    return Notice(
        KIND,
        f"Chữ số đọc chưa chắc, tin cậy {word.confidence:.0%} / a number is read with {word.confidence:.0%}",
        Place(reading.number, box),
        evidence=" ".join(map(_both_readings, words[max(0, at - 2) : at + 2])),
    )


def _both_readings(word: Word) -> str:
    return f"{word.text} (hay {word.rival}?)" if word.rival else word.text
