"""Two plans side by side: which tasks are new, gone, moved in time, handed to another unit, or worded anew.

Tasks are matched by what they say, not by number or place, so renumbered and reordered plans match. Between plans of
different years, years count from the year of the plan: "trước ngày 30/6/2024" in the plan for 2024 is the same time as
"trước ngày 30/6/2023" in the one for 2023, and "kế hoạch năm 2024" is no new wording of "kế hoạch năm 2023".
"""

import math
import re
from calendar import monthrange
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from itertools import pairwise

from rapidfuzz import fuzz

from pipeline.plan import Bound, Deadline, DeadlineKind, PlanDocument, Task
from pipeline.text import key, unaccented

_LEAST_LIKENESS = 0.58  # below it two tasks are two tasks; see tests/test_compare.py for pairs on both sides
_LEAST_SHARED = 0.2  # saves the exact measure where there is little in common
_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")
_WORD = re.compile(r"\w+")
_LIST_MARK = re.compile(r"^\s*(?:[-+•*]|\d+(?:\.\d+)*[.)]|[a-zđ][.)])\s*", re.MULTILINE)


class Change(StrEnum):
    """What happened to a task; a task that is in both plans can have several changes."""

    ADDED = "added"
    DROPPED = "dropped"
    MOVED = "moved"  # in time
    HANDED = "handed"  # to another lead unit
    PARTNERS = "partners"  # other partner units
    REWORDED = "reworded"


CHANGE_WORDS: Mapping[Change, str] = {
    Change.ADDED: "Nhiệm vụ mới",
    Change.DROPPED: "Nhiệm vụ không còn",
    Change.MOVED: "Đổi thời hạn",
    Change.HANDED: "Chuyển đơn vị chủ trì",
    Change.PARTNERS: "Đổi đơn vị phối hợp",
    Change.REWORDED: "Sửa nội dung",
}


@dataclass(frozen=True, slots=True)
class ComparedTask:
    """A task as far as it is compared. `leads` and `partners` are canonical names, else as written."""

    sequence: int
    ordinal: str
    content: str
    parent: str | None
    leads: tuple[str, ...]
    partners: tuple[str, ...]
    deadline_text: str | None
    due_date: date | None
    deadlines: tuple[Deadline, ...]
    page: int | None
    task_id: str | None = None


@dataclass(frozen=True, slots=True)
class ComparedPlan:
    """A plan as far as it is compared: what it is called, the year it begins, its tasks."""

    name: str
    title: str | None
    year: int | None
    tasks: tuple[ComparedTask, ...]
    document_id: str | None = None


@dataclass(frozen=True, slots=True)
class TaskChange:
    """What became of one task. `likeness` is 1.0 where the wording is the same; `days_moved` where both have a day."""

    kinds: tuple[Change, ...]
    before: ComparedTask | None
    after: ComparedTask | None
    likeness: float = 1.0
    days_moved: int | None = None


@dataclass(frozen=True, slots=True)
class Comparison:
    """All changes, in the order of the later plan; a dropped task stands where it would have come."""

    before: ComparedPlan
    after: ComparedPlan
    changes: tuple[TaskChange, ...]
    unchanged: int

    def of(self, kind: Change) -> tuple[TaskChange, ...]:
        """The changes of one kind."""
        return tuple(change for change in self.changes if kind in change.kinds)


def compare(before: ComparedPlan, after: ComparedPlan) -> Comparison:
    """What changed from one plan to the other."""
    years = after.year - before.year if before.year is not None and after.year is not None else 0
    pairs = _matched(before, after)
    changes: list[tuple[float, TaskChange]] = []
    place = {}
    for old, new, likeness in pairs:
        place[old] = new
        change = _change(before.tasks[old], after.tasks[new], likeness, years, (before.year, after.year))
        if change.kinds:
            changes.append((new, change))
    matched = {new for _, new, _ in pairs}
    changes += [
        (new, TaskChange((Change.ADDED,), None, task, 0.0))
        for new, task in enumerate(after.tasks)
        if new not in matched
    ]
    at = -0.5
    for old, task in enumerate(before.tasks):
        if old in place:
            at = place[old] + 0.5
        else:
            changes.append((at, TaskChange((Change.DROPPED,), task, None, 0.0)))
    ordered = tuple(change for _, change in sorted(changes, key=lambda entry: entry[0]))
    both = sum(change.before is not None and change.after is not None for change in ordered)
    return Comparison(before, after, ordered, len(pairs) - both)


def _change(
    old: ComparedTask, new: ComparedTask, likeness: float, years: int, begins: tuple[int | None, int | None]
) -> TaskChange:
    kinds = []
    if _times(old, years) != _times(new, 0):
        kinds.append(Change.MOVED)
    if _names(old.leads) != _names(new.leads):
        kinds.append(Change.HANDED)
    if _names(old.partners) != _names(new.partners):
        kinds.append(Change.PARTNERS)
    if _wording(old, begins[0]) != _wording(new, begins[1]):
        kinds.append(Change.REWORDED)
    moved = None
    if Change.MOVED in kinds and old.due_date and new.due_date:
        moved = (new.due_date - _later(old.due_date, years)).days
    return TaskChange(tuple(kinds), old, new, likeness, moved)


def _times(task: ComparedTask, years: int) -> object:
    """When a task is due, however that is written; words that give no time are compared as words."""
    if not task.deadlines:
        return key(task.deadline_text or "")
    return {_time(deadline, years) for deadline in task.deadlines}


def _time(deadline: Deadline, years: int) -> tuple[object, ...]:
    """Forms: "Tháng 6/2024", "trước ngày 30/6/2024" and "chậm nhất ngày 30/6/2024" are one time."""
    if deadline.kind is DeadlineKind.ONGOING:  # "thường xuyên trong năm" is no other time than "thường xuyên"
        ends = (day for day in (deadline.start, deadline.end) if day and (day.month, day.day) not in {(1, 1), (12, 31)})
        return deadline.kind, *(_later(day, years) for day in ends)
    if deadline.rrule:
        return deadline.rrule, *(day and _later(day, years) for day in (deadline.start, deadline.end))
    if deadline.start or deadline.end:
        begins = deadline.start if deadline.bound is Bound.FROM or deadline.kind is DeadlineKind.RANGE else None
        due = Task(0, "", "", deadlines=(deadline,)).due_date
        return deadline.bound is Bound.FROM, begins and _later(begins, years), due and _later(due, years)
    return deadline.kind, key(deadline.text)


def _later(day: date, years: int) -> date:
    """The same day some years later; the last day of a month stays the last."""
    year = min(max(day.year + years, date.min.year), date.max.year)
    last = monthrange(year, day.month)[1]
    return date(year, day.month, last if day.day == monthrange(day.year, day.month)[1] else min(day.day, last))


def _names(units: Iterable[str]) -> frozenset[str]:
    return frozenset(map(key, units))


def _wording(task: ComparedTask, year: int | None) -> str:
    """What a task says, apart from list marks, case, white space, and years counted from that of the plan."""
    text = key(_LIST_MARK.sub("", task.content))
    return text if year is None else _YEAR.sub(lambda found: f"[{int(found[0]) - year:+d}]", text)


def _matched(before: ComparedPlan, after: ComparedPlan) -> list[tuple[int, int, float]]:
    """Pairs (old, new, likeness): first equal wordings in their order, then the most alike, each task once."""
    old = [_wording(task, before.year) for task in before.tasks]
    new = [_wording(task, after.year) for task in after.tasks]
    pairs = _equal(before, after, old, new)
    left = sorted(set(range(len(old))) - {pair[0] for pair in pairs})
    right = sorted(set(range(len(new))) - {pair[1] for pair in pairs})
    weight = _weights([*old, *new])
    grams_of_old = {i: _grams(old[i], weight) for i in left}
    grams_of_new = {j: _grams(new[j], weight) for j in right}
    found = []
    for i in left:
        for j in right:
            shared = _shared(grams_of_old[i], grams_of_new[j])
            likeness = 0.6 * shared + 0.4 * fuzz.ratio(old[i], new[j]) / 100 if shared > _LEAST_SHARED else 0.0
            if likeness >= _LEAST_LIKENESS:
                found.append((likeness + _hints(before.tasks[i], after.tasks[j]), likeness, i, j))
    taken: tuple[set[int], set[int]] = (set(), set())
    for _, likeness, i, j in sorted(found, key=lambda entry: (-entry[0], entry[2], entry[3])):
        if i not in taken[0] and j not in taken[1]:
            taken[0].add(i)
            taken[1].add(j)
            pairs.append((i, j, round(likeness, 3)))
    return sorted(pairs)


def _equal(
    before: ComparedPlan, after: ComparedPlan, old: Sequence[str], new: Sequence[str]
) -> list[tuple[int, int, float]]:
    """Equal wordings; of several twins those under the same parent and unit first, then in their order."""
    waiting: defaultdict[str, list[int]] = defaultdict(list)
    for j, words in enumerate(new):
        waiting[words].append(j)
    pairs: list[tuple[int, int, float]] = []
    for strict in (True, False):
        done = {i for i, _, _ in pairs}
        for i, words in enumerate(old):
            twins = [] if i in done else waiting[words]
            fitting = [j for j in twins if not strict or _same_place(before.tasks[i], after.tasks[j])]
            if fitting:
                twins.remove(fitting[0])
                pairs.append((i, fitting[0], 1.0))
    return pairs


def _same_place(old: ComparedTask, new: ComparedTask) -> bool:
    return key(old.parent or "") == key(new.parent or "") and _names(old.leads) == _names(new.leads)


def _hints(old: ComparedTask, new: ComparedTask) -> float:
    """What speaks for a pair beside its words; it only decides between pairs that are about equally alike."""
    same_parent = bool(old.parent) and key(old.parent or "") == key(new.parent or "")
    return 0.02 * same_parent + 0.02 * bool(_names(old.leads) & _names(new.leads)) + 0.01 * (old.ordinal == new.ordinal)


def _weights(texts: Iterable[str]) -> dict[str, float]:
    """How much a syllable or pair of syllables tells: "tổ chức" stands in many tasks, "mã số vùng trồng" in one."""
    counts = Counter(gram for text in texts for gram in _pieces(text))
    total = sum(counts.values())
    return {gram: math.log(1 + total / count) for gram, count in counts.items()}


def _pieces(text: str) -> set[str]:
    words = _WORD.findall(unaccented(text))
    return {*words, *map(" ".join, pairwise(words))}


def _grams(text: str, weight: Mapping[str, float]) -> dict[str, float]:
    return {gram: weight[gram] for gram in _pieces(text)}


def _shared(old: Mapping[str, float], new: Mapping[str, float]) -> float:
    """Dice's coefficient over weighted pieces: 0 nothing in common, 1 the same pieces."""
    both = sum(value for gram, value in old.items() if gram in new)
    whole = sum(old.values()) + sum(new.values())
    return 2 * both / whole if whole else 0.0


def of_plan(plan: PlanDocument, name: str) -> ComparedPlan:
    """A plan that was just read."""
    header = plan.header
    began = header.period_start or header.issued_date or header.issued_start
    tasks = tuple(
        ComparedTask(
            task.sequence,
            task.ordinal,
            task.content,
            task.parent,
            _canonical(task, "lead"),
            _canonical(task, "partner"),
            task.deadline_text,
            task.due_date,
            task.deadlines,
            task.place.page,
        )
        for task in plan.tasks
    )
    return ComparedPlan(name, header.title, began.year if began else None, tasks)


def _canonical(task: Task, role: str) -> tuple[str, ...]:
    return tuple(entry.unit.name if entry.unit else entry.name for entry in task.units if entry.role == role)
