"""A rule carries its proof: pattern, words that must occur, what it builds, examples good and bad.

`scan` runs a set of rules over a folded text as one left-to-right reading: the leftmost match wins, among those
at one place the earlier rule. Patterns have bounded repeats only, so that the work grows with the text's length.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from heapq import heappop, heappush
from typing import Any, Generic, TypeVar

Value = TypeVar("Value")


@dataclass(frozen=True, slots=True)
class Rule(Generic[Value]):
    """One form of words and what it means.

    `pattern` is matched on folded text (`pipeline.text.fold`). `needs` are words of which at least one must occur in
    the text, `sign` is a simpler pattern that must occur too, for words that are in most texts; without them the
    pattern is not tried. A sign begins with letters or one class of them: it is found many times sooner than a pattern
    that looks back first. `build` returns None where the words only look like the form.
    `examples` maps real strings to the reading in brief ("" for words that are no deadline), or to None where the rule
    must not fire.
    `meaning` says in Vietnamese what is recognised, for the catalogue.
    """

    code: str
    pattern: str
    build: Callable[[re.Match[str]], Value | None]
    meaning: str
    needs: tuple[str, ...] = ()
    sign: str = ""
    examples: Mapping[str, str | None] = field(default_factory=dict)
    compiled: re.Pattern[str] = field(init=False, repr=False, compare=False)
    signal: re.Pattern[str] | None = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "compiled", re.compile(self.pattern))
        object.__setattr__(self, "signal", re.compile(self.sign) if self.sign else None)

    def find(self, folded: str, start: int = 0) -> "Found[Value] | None":
        """First match at or after `start` that builds a value."""
        while match := self.compiled.search(folded, start):
            value = self.build(match)
            if value is not None:
                return Found(self, match.span(), value)
            start = match.start() + 1
        return None


@dataclass(frozen=True, slots=True)
class Found(Generic[Value]):
    """A rule's value and where its words stand."""

    rule: Rule[Value]
    span: tuple[int, int]
    value: Value


@dataclass(frozen=True, slots=True)
class RuleEntry:
    """One line of the catalogue: what a rule recognises, with real forms, in Vietnamese."""

    code: str
    meaning: str
    forms: tuple[tuple[str, str], ...]
    not_forms: tuple[str, ...]


def entry(rule: Rule[Any]) -> RuleEntry:
    """The rule as a line of the catalogue."""
    good = tuple((text, reading) for text, reading in rule.examples.items() if reading is not None)
    bad = tuple(text for text, reading in rule.examples.items() if reading is None)
    return RuleEntry(rule.code, rule.meaning, good, bad)


class RuleSet(Generic[Value]):
    """Rules that are read together, in their order. Most texts have words for few of them, and all share their words:
    one look at each word of the text and for each sign says which rules may occur.
    """

    def __init__(self, *rules: Rule[Value]) -> None:
        self.rules = rules
        self._needs: dict[str, int] = {}  # each with the rules that ask for it, as bits
        signs: dict[re.Pattern[str], int] = {}
        self._always = 0
        for rank, rule in enumerate(self.rules):
            for word in rule.needs:
                self._needs[word] = self._needs.get(word, 0) | 1 << rank
            if not rule.needs:
                self._always |= 1 << rank
            if rule.signal is not None:
                signs[rule.signal] = signs.get(rule.signal, 0) | 1 << rank
        self._first_words = tuple((need.split(" ")[0], need) for need in self._needs)
        self._needed_in = lru_cache(maxsize=8192)(self._look_at_word)  # a language has some thousand syllables
        self._signs = tuple((sign.search, ranks) for sign, ranks in signs.items())

    def __iter__(self) -> Iterator[Rule[Value]]:
        return iter(self.rules)

    def that_may_occur(self, folded: str) -> list[int]:
        """Places of the rules of which a needed word and the sign stand in the text."""
        asked = self._always
        for word in set(folded.split()):
            ranks, phrases = self._needed_in(word)
            asked |= ranks
            for phrase in phrases:
                if phrase in folded:
                    asked |= self._needs[phrase]
        for search, ranks in self._signs:
            if asked & ranks and not search(folded):
                asked &= ~ranks
        found = []
        while asked:
            lowest = asked & -asked
            found.append(lowest.bit_length() - 1)
            asked ^= lowest
        return found

    def _look_at_word(self, word: str) -> tuple[int, tuple[str, ...]]:
        """What a word without blanks holds: the rules that need nothing more, and needs of several words it begins."""
        ranks, phrases = 0, []
        for first, need in self._first_words:
            if first not in word:
                continue
            if first == need:
                ranks |= self._needs[need]
            else:
                phrases.append(need)
        return ranks, tuple(phrases)


def scan(rules: RuleSet[Value], folded: str, prefilter: bool = True) -> Iterator[Found[Value]]:
    """What the rules recognise, left to right, without overlaps.

    A match that the winner before it covers in part is sought again behind the winner, so nothing is lost.
    """
    waiting: list[tuple[int, int, Found[Value]]] = []
    ordered = rules.rules
    for rank in rules.that_may_occur(folded) if prefilter else range(len(ordered)):
        _wait(waiting, rank, ordered[rank].find(folded))
    end = 0
    while waiting:
        start, rank, found = heappop(waiting)
        if start < end:
            _wait(waiting, rank, ordered[rank].find(folded, end))
            continue
        yield found
        end = found.span[1]
        _wait(waiting, rank, ordered[rank].find(folded, end))


def _wait(waiting: "list[tuple[int, int, Found[Value]]]", rank: int, found: "Found[Value] | None") -> None:
    if found is not None and found.span[1] > found.span[0]:
        heappush(waiting, (found.span[0], rank, found))
