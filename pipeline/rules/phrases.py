"""Long lists of words and phrases, looked for at one place of a folded text without trying each of them there."""

import re
from collections.abc import Iterable

_FIRST = re.compile(r"\w+")
_UNEVEN = re.compile(r"[^\S ]|  ")  # white space that is not one blank


class Phrases:
    """Phrases by their first word; the longest that ends with a whole word counts, whatever white space is inside."""

    def __init__(self, phrases: Iterable[str]) -> None:
        """Takes folded phrases, each beginning with a letter or a number."""
        self._behind: dict[str, list[str]] = {}  # first word -> what may follow it, the longest first
        for phrase in sorted(phrases, key=len, reverse=True):
            first = _FIRST.match(phrase)
            assert first is not None, phrase
            self._behind.setdefault(first[0], []).append(phrase[first.end() :])

    def end_of(self, folded: str, at: int) -> int | None:
        """End of the phrase that begins at a place of a folded text, None where none does."""
        first = _FIRST.match(folded, at)
        behind = self._behind.get(first[0]) if first else None
        if first is None or behind is None:
            return None
        end = first.end()
        if behind[0] and _UNEVEN.search(folded, end, end + len(behind[0]) + 1):
            return _uneven_end(behind, folded, end)
        for rest in behind:
            if folded.startswith(rest, end) and not _is_inside(folded, end + len(rest)):
                return end + len(rest)
        return None


def _is_inside(folded: str, at: int) -> bool:
    """Whether a word goes on at a place."""
    return at < len(folded) and (folded[at].isalnum() or folded[at] == "_")


def _uneven_end(behind: list[str], folded: str, at: int) -> int | None:
    for rest in behind:
        pattern = re.escape(rest).replace(r"\ ", r"\s+")
        if match := re.compile(rf"{pattern}(?!\w)").match(folded, at):
            return match.end()
    return None
