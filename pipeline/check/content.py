"""The same work given out twice."""

import difflib
import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from itertools import repeat

from pipeline.check.rule import Case, Hit, Rule, excerpt, on_task
from pipeline.plan import Severity, Task
from pipeline.rules.ordinals import roman_value
from pipeline.text import fold, key, nfc

LIKENESS = 0.95  # conventions.md, Duplicates: below it likeness alone does not count
# Syllables that a shared text must have: names of steps ("Xây dựng kế hoạch") repeat by nature, most of all
# under different headings.
_LEAST_EQUAL = 3
_LEAST_CONTAINED = 5
_LEAST_ACROSS_SECTIONS = 6
_LEAST_OF_TWO_UNITS = 10
_SHINGLE = 5
_COMMON = 100  # tasks that share five words: words of the trade, which say nothing about a pair
_WORD = re.compile(r"\w+(?:[/.,%]\w+)*%?")
# What every unit is told: to carry the paper out, within its office, to report.
_GENERAL = re.compile(
    r"(?:kế hoạch|chương trình|chỉ thị|nghị quyết|quyết định|đề án|văn bản|kết luận|nội dung) (?:này|trên)\b"
    r"|\b(?:được giao|được phân công|chức năng|thẩm quyền|phạm vi quản lý"
    r"|của (?:đơn vị|địa phương|ngành|cơ quan) mình)\b"
    r"|^ (?:xây dựng|ban hành|lập) (?:và \w+ \w+ )?kế hoạch\b"
    r"|\bbáo cáo (?:(?:kết quả|tình hình|nội dung|đánh giá|sơ kết|tổng kết)\b|.*\btheo quy định\b)"
)
_TIME_HEADING = re.compile(r"\b(?:tháng|quý|tuần|ngày|đợt|học kỳ|năm) (?:\d|[ivx]+\b)")


@dataclass(frozen=True, slots=True)
class _Words:
    """A task's content as folded syllables, list marks and punctuation off."""

    task: Task
    words: tuple[str, ...]
    line: str  # " word word ", so that a search finds whole words only
    above: tuple[str, str]  # parent and objective
    times: tuple[str, ...]


def _words(task: Task) -> _Words:
    words = tuple(_WORD.findall(fold(nfc(task.content))))
    above = (key(task.parent or ""), key(task.objective or ""))
    return _Words(task, words, f" {' '.join(words)} ", above, _times(task.section_path))


@lru_cache(maxsize=1024)  # the tasks below one heading are many
def _times(headings: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(line for heading in headings if _TIME_HEADING.search(line := key(heading)))


def _alike(one: str, other: str) -> bool:
    """Whether two texts are a slip apart; lengths, alphabets and counts of letters tell most before any is aligned."""
    both = len(one) + len(other)
    if both and 2.0 * min(len(one), len(other)) / both < LIKENESS:
        return False
    if both and (both - len(_alphabet(one) ^ _alphabet(other))) / both < LIKENESS:
        return False
    letters, others = _letters(one), _letters(other)
    if both and 2.0 * sum(map(min, letters.values(), map(others.get, letters, repeat(0)))) / both < LIKENESS:
        return False
    return difflib.SequenceMatcher(None, one, other, autojunk=False).ratio() >= LIKENESS


@lru_cache(maxsize=4096)
def _alphabet(text: str) -> frozenset[str]:
    return frozenset(text)


@lru_cache(maxsize=4096)
def _letters(text: str) -> Mapping[str, int]:
    return Counter(text)


@lru_cache(maxsize=4096)
def _numbers(line: str) -> tuple[str, ...]:
    return tuple(filter(_is_number, line.split()))


@lru_cache(maxsize=16384)
def _is_number(word: str) -> bool:
    return any(c.isdigit() for c in word) or roman_value(word) is not None


def _nearly_equal(one: _Words, other: _Words) -> bool:
    """A slip apart. "Đợt 1" and "Đợt 2", "quý I" and "quý II" are different work however long the rest is."""
    if abs(len(one.words) - len(other.words)) > max(2, len(one.words) // 10):
        return False
    return _numbers(one.line) == _numbers(other.line) and _alike(one.line, other.line)


def _same_parent(one: _Words, other: _Words) -> bool:
    """Equal parents, or none and no different objectives."""
    for a, b in zip(one.above, other.above, strict=True):
        if a != b and not _alike(a, b):
            return False
        if a:
            return True
    return True


def _different_by_heading(former: _Words, later: _Words) -> bool:
    """The same work of two months, or the same general duty of two units in prose, is given out once each.

    A whole sentence of particular work that stands under two units is given out twice.
    """
    one, other = former.task, later.task
    if one.table_index != other.table_index and key(one.deadline_text or "") != key(other.deadline_text or ""):
        return True  # tables of their own, one a month or a phase
    if "narrative" not in (one.source, other.source) or {key(u) for u in one.leads} == {key(u) for u in other.leads}:
        return False
    is_particular = len(later.words) >= _LEAST_OF_TWO_UNITS and not _GENERAL.search(later.line)
    return former.line != later.line or not is_particular


def _duplicates(one: _Words, other: _Words) -> bool:
    """Whether the later of two tasks repeats the former; their words tell most pairs apart before any heading."""
    if one.times != other.times or not _same_work(one, other):
        return False
    return _same_parent(one, other) and not _different_by_heading(one, other)


def _same_work(one: _Words, other: _Words) -> bool:
    shorter, longer = (one, other) if len(one.line) <= len(other.line) else (other, one)
    length = len(shorter.words)
    if length < _LEAST_ACROSS_SECTIONS and one.task.section_path != other.task.section_path:
        return False
    if one.line == other.line:
        return length >= _LEAST_EQUAL
    return length >= _LEAST_CONTAINED and (shorter.line in longer.line or _nearly_equal(shorter, longer))


def _shingles(words: tuple[str, ...]) -> set[tuple[str, ...]]:
    return {words[i : i + _SHINGLE] for i in range(max(1, len(words) - _SHINGLE + 1))}


def _first_duplicates(tasks: tuple[Task, ...]) -> Iterator[tuple[Task, Task]]:
    """Each later task of a pair with the earliest it repeats; only tasks that share five words are compared.

    Ten thousand rows of one form are fifty million pairs: words that many tasks share lead to none,
    unless the whole content is equal.
    """
    earlier: list[_Words] = []
    equal: dict[str, list[int]] = defaultdict(list)
    postings: dict[tuple[str, ...], list[int]] = defaultdict(list)
    for task in tasks:
        words, number = _words(task), len(earlier)
        candidates = set(equal[words.line][:_COMMON])
        for shingle in _shingles(words.words):
            found = postings[shingle]
            if len(found) < _COMMON:
                candidates.update(found)
            found.append(number)
        match = next((earlier[i] for i in sorted(candidates) if _duplicates(earlier[i], words)), None)
        if match:
            yield task, match.task
        equal[words.line].append(number)
        earlier.append(words)


def duplicate(case: Case) -> Iterator[Hit]:
    for task, first in _first_duplicates(case.plan.tasks):
        yield on_task(
            task, task.content, str(first.sequence), first=str(first.sequence), other=excerpt(first.content, 120)
        )


RULES = (
    Rule(
        "content.duplicate",
        Severity.WARNING,
        title="Nhiệm vụ trùng nhau",
        message="“{evidence}” trùng với nhiệm vụ thứ {first} (“{other}”).",
        explanation="Hai nhiệm vụ cùng nhóm cha (hoặc đều không có) mà nội dung bằng nhau, cái này nằm trọn trong "
        "cái kia, hoặc chỉ khác nhau một lỗi gõ. Phát hiện nằm ở nhiệm vụ sau.",
        example="“Tập huấn phân loại rác tại nguồn cho cán bộ chi hội phụ nữ” và “Tổ chức tập huấn phân loại rác "
        "tại nguồn cho cán bộ chi hội phụ nữ các xã”",
        near_miss="“Xây dựng kế hoạch” dưới hai nhiệm vụ cha khác nhau; “Kiểm tra đợt 1” và “Kiểm tra đợt 2”",
        find=duplicate,
    ),
)
