"""Ordinals of siblings that skip or repeat, found from the ordinals alone.

Papers mix styles and levels freely: I. over 1. over a), numbers that restart under each heading, groups and tasks
of a table that both run 1, 2, 3. So a list of numbered items is read in four ways (do "1." and "1)" belong to one
level? do group rows and task rows?), and the way with the fewest breaks is believed. What may be right is right.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import product
from typing import NamedTuple

from pipeline.check.rule import Case, Hit, Rule
from pipeline.plan import Numbered, PlanDocument, Severity
from pipeline.rules.ordinals import LETTERS, Ordinal, Style, leading_ordinal, roman_value, whole_ordinal
from pipeline.text import fold, squeeze

_DEEPEST = 24  # open lists that are remembered
_HIGHEST = 300  # an ordinal above is a year or an amount
_OF_ORDINALS = 12  # words in which the ordinal of an item and one behind it stand
_LOWER_ROMAN = re.compile(r"^\(?\s*([ivx]{1,5})\s*[.)]")


class _Reading(NamedTuple):
    """One way to read an ordinal: which list it can stand in, and at which position."""

    style: str
    value: int


@dataclass(frozen=True, slots=True)
class _Item:
    item: Numbered
    readings: tuple[_Reading, ...]
    bracket: bool
    inline: bool = False  # an ordinal inside the text of an item ("1. Nội dung: a) ...")


@dataclass(slots=True)
class _List:
    """One open list of siblings."""

    style: str
    bracket: bool
    section: bool
    value: int
    highest: int


class _Break(NamedTuple):
    item: Numbered
    repeated: bool
    expected: str


@lru_cache(maxsize=4096)  # every list begins with the same few
def _readings(ordinal: str) -> tuple[_Reading, ...]:
    """All ways to read it. Forms: "i)" is the letter after h, or the first Roman number; "C" is a letter."""
    found: list[_Reading] = []
    read = whole_ordinal(ordinal)
    if read is None:
        leading = leading_ordinal(f"{ordinal} x")
        read = leading[0] if leading and not leading[1][1:].strip() else None
    if read is not None:
        prefix = ".".join(map(str, read.path[:-1]))
        name = re.sub(r"\W.*", "", fold(read.written)) if read.style is Style.NAMED else ""
        found.append(_Reading(f"{read.style.name} {name}{prefix}", read.value))
        mark = read.written.strip(" .)/(")
        if read.style is Style.ROMAN and fold(mark) in LETTERS:
            found.append(_Reading(f"{Style.CAPITAL.name} ", LETTERS.index(fold(mark)) + 1))
    if (lower := _LOWER_ROMAN.match(ordinal)) and (value := roman_value(lower[1])):
        found.append(_Reading("lower roman", value))
    return tuple(r for r in found if r.value <= _HIGHEST)


def _items(numbered: list[Numbered]) -> list[_Item]:
    """The items that can be read; an item that goes on with a first ordinal of a deeper list gives that too."""
    items = []
    for item in numbered:
        if not (readings := _readings(item.ordinal)):
            continue
        items.append(_Item(item, readings, _has_bracket(item.ordinal)))
        inner = _inner_ordinal(item) if item.task is None else None
        if inner and inner.value == 1:
            items.append(_Item(item, _readings(inner.written), _has_bracket(inner.written), inline=True))
    return items


def _inner_ordinal(item: Numbered) -> Ordinal | None:
    """The ordinal that follows the item's own; both stand in its first words."""
    begin = " ".join(item.text.split(maxsplit=_OF_ORDINALS)[:_OF_ORDINALS])
    inner = leading_ordinal(begin.removeprefix(squeeze(item.ordinal)).lstrip(" .):-"))
    return inner[0] if inner else None


def _has_bracket(ordinal: str) -> bool:
    return ordinal.rstrip(" .").endswith(")")


@dataclass(frozen=True, slots=True)
class _Table:
    """What a table's numbers may refer to: headings of its tasks, last numbers of the table before."""

    headings: dict[int, tuple[str, ...]]
    before: dict[str, int]


class _Walk:
    """Goes through one series with a stack of open lists, the outermost first."""

    def __init__(self, *, brackets: bool, sections: bool, table: _Table | None) -> None:
        self.brackets, self.sections, self.table = brackets, sections, table
        self.open: list[_List] = []
        self.closed = dict(table.before) if table else {}  # style -> last number of the list that was closed last
        self.breaks: list[_Break] = []
        self.previous: _Item | None = None
        self.has_run_on = False

    def take(self, item: _Item) -> None:
        if not self._continue(item) and not self._begin(item):
            self._break(item)
        self.previous = item

    def _fitting(self, item: _Item, reading: _Reading, *, strictly: bool) -> Iterator[int]:
        """Positions of the open lists that the item can belong to, the innermost first."""
        for at in range(len(self.open) - 1, -1, -1):
            one = self.open[at]
            if one.style != reading.style or (self.brackets and one.bracket != item.bracket):
                continue
            if (strictly or self.sections) and one.section != item.item.is_section:
                continue
            yield at

    def _continue(self, item: _Item) -> bool:
        for strictly in (True, False):
            for reading in item.readings:
                for at in self._fitting(item, reading, strictly=strictly):
                    one = self.open[at]
                    if reading.value in (one.value + 1, one.highest + 1):
                        self._close(at + 1)
                        self._step(one, reading.value)
                        return True
        return False

    def _begin(self, item: _Item) -> bool:
        """A new list: it starts with 1, or in a table runs on from the section before."""
        for reading in item.readings:
            if reading.value == 1 and not self._repeats_first(item):
                self._push(item, reading)
                return True
        for reading in item.readings:
            runs_on = self.closed.get(reading.style, -1) + 1 == reading.value
            if self.table and runs_on and not self._in_list(item, reading):
                self.has_run_on = True
                self._push(item, reading)
                return True
        return False

    def _in_list(self, item: _Item, reading: _Reading) -> bool:
        """Whether the row above belongs to a list of this kind: its numbers, not the section's before, decide."""
        one = self.open[-1] if self.open else None
        return one is not None and one.style == reading.style and one.section == item.item.is_section

    def _repeats_first(self, item: _Item) -> bool:
        """Whether two rows of one table section both carry the first number; prose may restart under any line."""
        before = self.previous.item if self.previous else None
        if self.table is None or before is None or before.task is None or item.item.task is None:
            return False
        headings = self.table.headings
        return before.ordinal == item.item.ordinal and headings.get(before.task) == headings.get(item.item.task)

    def _break(self, item: _Item) -> None:
        for reading in item.readings:
            for at in self._fitting(item, reading, strictly=False):
                one = self.open[at]
                repeated = reading.value <= one.value
                expected = one.value + 1
                self._close(at + 1)
                self._step(one, reading.value)
                self._report(item, reading, expected, repeated=repeated)
                return
        reading = item.readings[0]
        self._push(item, reading)
        self._report(item, reading, self.closed.get(reading.style, 0) + 1 if self.has_run_on else 1, repeated=False)

    def _report(self, item: _Item, reading: _Reading, expected: int, *, repeated: bool) -> None:
        if item.inline or reading.value == 0:
            return
        before = fold(self.previous.item.text) if self.previous else ""
        if not repeated and self.previous and _mark(reading.value - 1, reading.style, item.bracket) in before:
            return  # the number that seems to lack stands inside the text before
        self.breaks.append(_Break(item.item, repeated, _shown(expected, reading.style)))

    def _push(self, item: _Item, reading: _Reading) -> None:
        self.open.append(_List(reading.style, item.bracket, item.item.is_section, reading.value, reading.value))
        del self.open[: max(0, len(self.open) - _DEEPEST)]

    def _step(self, one: _List, value: int) -> None:
        one.value, one.highest = value, max(one.highest, value)

    def _close(self, at: int) -> None:
        for one in self.open[at:]:
            self.closed[one.style] = one.value
        del self.open[at:]

    def remembered(self) -> dict[str, int]:
        self._close(0)
        return self.closed


def _shown(value: int, style: str) -> str:
    kind = style.split(" ")[0]
    if kind in (Style.LETTER.name, Style.CAPITAL.name) and 1 <= value <= len(LETTERS):
        letter = LETTERS[value - 1]
        return letter.upper() if kind == Style.CAPITAL.name else letter
    if kind in (Style.ROMAN.name, "lower") and value < 40:
        tens, ones = divmod(value, 10)
        roman = "X" * tens + ("", "I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX")[ones]
        return roman if kind == Style.ROMAN.name else roman.lower()
    prefix = style.partition(" ")[2] if kind == Style.DOTTED.name else ""
    return f"{prefix}.{value}" if prefix else str(value)


def _mark(value: int, style: str, bracket: bool) -> str:
    return f" {fold(_shown(value, style))}{')' if bracket else '.'}"


def _walk(items: list[_Item], table: _Table | None) -> _Walk:
    """The reading of a series with the fewest breaks; the stricter of equal ones, so one without breaks is it."""
    walks = []
    for brackets, sections in product((True, False), repeat=2):
        walk = _Walk(brackets=brackets, sections=sections, table=table)
        for item in items:
            walk.take(item)
        if not walk.breaks:
            return walk
        walks.append(walk)
    return min(walks, key=lambda w: len(w.breaks))


def _breaks(plan: PlanDocument) -> Iterator[_Break]:
    series: dict[str, list[Numbered]] = {}
    for item in plan.numbered:
        series.setdefault(item.series, []).append(item)
    headings = {task.sequence: task.section_path for task in plan.tasks}
    before: dict[str, int] = {}
    for name, items in series.items():
        in_table = name.startswith("table")
        walk = _walk(_items(items), _Table(headings, before) if in_table else None)
        if in_table:
            before = walk.remembered()
        yield from walk.breaks


def _hits(case: Case, *, repeated: bool) -> Iterator[Hit]:
    for found in case.once(_breaks):
        if found.repeated is repeated:
            item = found.item
            values = {"ordinal": item.ordinal.strip(" ."), "expected": found.expected}
            yield Hit(item.text, item.task, item.place, (item.series, item.ordinal), values)


def gap(case: Case) -> Iterator[Hit]:
    yield from _hits(case, repeated=False)


def repeated(case: Case) -> Iterator[Hit]:
    yield from _hits(case, repeated=True)


RULES = (
    Rule(
        "numbering.gap",
        Severity.WARNING,
        title="Số thứ tự bị nhảy",
        message="Mục “{evidence}” mang số {ordinal}, đáng lẽ là {expected}; có thể thiếu một mục.",
        explanation="Số thứ tự của các mục cùng cấp bỏ cách, hoặc mục đầu không phải 1 (I, a). Chữ cái theo thứ tự "
        "tiếng Việt: a b c d đ e g h i k l m n o p q r s t u v x y. Trong bảng, số có thể chạy tiếp từ nhóm trước.",
        example="a) b) c) d) e) – thiếu đ)",
        near_miss="e) g) h) i) k) (không có f, j)",
        find=gap,
    ),
    Rule(
        "numbering.duplicate",
        Severity.WARNING,
        title="Số thứ tự bị lặp",
        message="Mục “{evidence}” lặp lại số {ordinal}, đáng lẽ là {expected}.",
        explanation="Hai mục cùng cấp mang một số, hoặc số lùi lại giữa chừng.",
        example="1, 2, 2, 3",
        near_miss="1, 2, 3 rồi 1, 2 dưới đề mục khác",
        find=repeated,
    ),
)
