"""Names by the words they begin with: the longest one that begins at a place of a text, found in one walk along it."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from pipeline.text import fold, nfc

_WORD = re.compile(r"[^\W_]+")
_GAP = " ,-/&"
_LINK = "và"
_PART = "+"  # before a word that begins a part of the name of its own, behind a mark or a link


@dataclass(frozen=True, slots=True, eq=False)
class NameTree:
    """Names of several words, compared folded, whatever marks stand between their words.

    A part behind a mark or "và" ("Tổ chức - |Tổng hợp") counts in a text where a mark stands before it or a capital
    begins it: in "Phòng Tổ chức tổng hợp số liệu" it is the verb.
    """

    beginnings: Mapping[str, bool]  # words with which a name begins -> whether they are a whole one

    def end(self, text: str, folded: str, at: int) -> int | None:
        """Where the longest name that begins at `at` ends; None where none begins."""
        if not self.beginnings:
            return None
        begun, found, stop = [""], None, at
        for word in _WORD.finditer(folded, at):
            gap, stop = folded[stop : word.start()], word.end()
            if gap.strip(_GAP):
                break
            if word[0] == _LINK:
                continue
            is_part = gap != " " or text[word.start()].isupper() or folded.endswith(f" {_LINK} ", at, word.start())
            words = (_PART + word[0], word[0]) if is_part else (word[0],)
            begun = [longer for one in begun for w in words if (longer := f"{one} {w}") in self.beginnings]
            if not begun:
                break
            if any(self.beginnings[one] for one in begun):
                found = stop
        return found


def name_tree(names: Iterable[str]) -> NameTree:
    """The tree of some names as written."""
    beginnings: dict[str, bool] = {}
    for name in names:
        begun = ""
        for word in _words(fold(nfc(name))):
            begun = f"{begun} {word}"
            beginnings.setdefault(begun, False)
        if begun:
            beginnings[begun] = True
    return NameTree(beginnings)


def _words(folded: str) -> Iterator[str]:
    stop = 0
    is_part = False
    for word in _WORD.finditer(folded):
        is_part = is_part or bool(folded[stop : word.start()].strip())
        stop = word.end()
        if word[0] == _LINK:
            is_part = True
            continue
        yield _PART + word[0] if is_part else word[0]
        is_part = False


NO_NAMES = NameTree({})
