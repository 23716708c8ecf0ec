"""Numbers of a scanned page that may be misread: a wrong letter is seen by whoever reads the word, a wrong digit by
nobody, so each is told with its place.
"""

import re
from collections.abc import Iterable, Iterator

from extractors.document import Notice, Place
from extractors.scan_sheet import Reading
from extractors.scan_words import Word, is_number

KIND = "number.doubtful"
DOUBTFUL = 0.8  # a third of the numbers that are less sure are wrong, of the surer ones one in two hundred
_LIST_MARK = re.compile(r"\W*(?:\w{0,2}|[IVX]+)[.)]")  # the numbers beside it tell what it is, see scan_numbers
_TORN = re.compile(r"[/.]\d")  # "/2026": what stood before it was not read


def doubts(readings: Iterable[Reading]) -> Iterator[Notice]:
    """A notice for each doubtful number, with the words beside it."""
    for reading in readings:
        for words in (reading.rest, *(cell for grid in reading.cells for cell in grid)):
            for at, word in enumerate(words):
                if is_doubtful(word):
                    yield _notice(reading, words, at)


def is_doubtful(word: Word) -> bool:
    """Forms: "3O/6/2023" at 0.6, "/2026" however sure; not "3)" or "III." at the head of a list item."""
    if not is_number(word.text) or _LIST_MARK.fullmatch(word.text):
        return False
    return word.confidence < DOUBTFUL or _TORN.match(word.text) is not None


def _notice(reading: Reading, words: tuple[Word, ...], at: int) -> Notice:
    word = words[at]
    box = reading.turn.back(reading.box(word))
    return Notice(
        KIND,
        f"Chữ số đọc chưa chắc, tin cậy {word.confidence:.0%} / a number is read with {word.confidence:.0%}",
        Place(reading.number, box),
        evidence=" ".join(each.text for each in words[max(0, at - 2) : at + 2]),
    )
