"""What is due: overdue and soon-due tasks of each lead unit on a day, and all their days to come for a calendar."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from pipeline.alerts.lake import Lake, Paper, clean, letters, ordinal
from pipeline.alerts.routing import any_matches, documents_of, tasks_of
from pipeline.occurrences import occurrences
from pipeline.plan import Deadline, Task
from pipeline.settings import Group
from pipeline.store.deadlines import deadline_of

MOST_LINES = 60  # of the mail itself; the calendars hold all
NO_UNIT = "Chưa ghi đơn vị chủ trì"
_TASK_COLUMNS = ["task_id", "document_id", "ordinal", "content", "page"]


@dataclass(frozen=True, slots=True)
class Duty:
    """A task with its deadlines, as far as they can still matter on the day asked."""

    task_id: str
    paper: Paper
    ordinal: str
    content: str
    page: int | None
    deadlines: tuple[tuple[int, Deadline], ...]  # with their position on paper


@dataclass(frozen=True, slots=True)
class DueLine:
    """One task that is late or soon due. `days` counts from today: negative where the day is past."""

    duty: Duty
    day: date
    days: int
    words: str  # the deadline as written
    recurring: bool = False


@dataclass(frozen=True, slots=True)
class UnitBlock:
    """What one lead unit has to hear; `more` lines did not fit."""

    unit: str
    overdue: tuple[DueLine, ...]
    soon: tuple[DueLine, ...]
    duties: tuple[Duty, ...] = field(default=(), repr=False)
    more: int = 0


@dataclass(frozen=True, slots=True)
class Weekly:
    """One mail's worth of deadlines."""

    group: str
    today: date
    overdue: int
    soon: int
    soon_days: int
    overdue_days: int
    units: tuple[UnitBlock, ...]

    def __bool__(self) -> bool:
        return bool(self.overdue or self.soon)


def weekly_of(group: Group, lake: Lake, today: date, acknowledged: frozenset[str] = frozenset()) -> Weekly:
    """The week's deadlines of a group. Tasks in `acknowledged` (done, or not to be heard of) are left out."""
    by_unit: defaultdict[str, list[Duty]] = defaultdict(list)
    duties = _once(_duties(group, lake, today), acknowledged)
    leads = lake.leads([duty.task_id for duty in duties])
    for duty in duties:
        for unit in _units_told(group, leads.get(duty.task_id, ())):
            by_unit[unit].append(duty)
    blocks = [_block(unit, tuple(theirs), group, today) for unit, theirs in sorted(by_unit.items(), key=_last_without)]
    told = [block for block in blocks if block.overdue or block.soon]
    overdue = {line.duty.task_id for block in told for line in block.overdue}
    soon = {(line.duty.task_id, line.day) for block in told for line in block.soon}
    return Weekly(group.name, today, len(overdue), len(soon), group.soon_days, group.overdue_days, _fitting(told))


def due_days(duty: Duty, first: date, last: date) -> Iterator[tuple[int, Deadline, date]]:
    """The days from `first` to `last` on which something of the task is due, with the deadline that says so."""
    for position, deadline in duty.deadlines:
        if deadline.rrule:
            yield from ((position, deadline, day) for day in _recurring_days(duty, deadline, first, last))
        elif (day := single_day(deadline)) and first <= day <= last:
            yield position, deadline, day


def single_day(deadline: Deadline) -> date | None:
    """The last day of a deadline that falls due once; None where it has none ("thường xuyên", "từ tháng 3")."""
    return Task(0, "", "", deadlines=(deadline,)).due_date


def bounds(duty: Duty, deadline: Deadline) -> tuple[date | None, date | None]:
    """Between which days a recurrence runs: its own bounds, else those of the plan."""
    first, last = duty.paper.span
    return deadline.start or first, deadline.end or last


def _recurring_days(duty: Duty, deadline: Deadline, first: date, last: date) -> list[date]:
    start, end = bounds(duty, deadline)
    return occurrences(deadline.rrule or "", first, last, start, end)


def _duties(group: Group, lake: Lake, today: date) -> list[Duty]:
    """The tasks that concern a group and have a day to come, or one that passed not long ago."""
    since = today - timedelta(days=group.overdue_days)
    deadlines: defaultdict[str, list[tuple[int, Deadline]]] = defaultdict(list)
    documents = set()
    concerning = tasks_of(group, lake)
    for row in lake.open_deadlines(since, documents_of(group, lake)):
        if concerning is None or row["task_id"] in concerning:
            deadlines[row["task_id"]].append((row["position"], deadline_of(row)))
            documents.add(row["document_id"])
    papers = lake.papers(documents)
    return [
        _duty(row, papers[row["document_id"]], tuple(deadlines[row["task_id"]]))
        for row in lake.tasks(deadlines, _TASK_COLUMNS)
    ]


def _once(duties: list[Duty], acknowledged: frozenset[str]) -> list[Duty]:
    """The tasks without those that another file of the same document holds, and without acknowledged ones in either."""
    done = {_words(duty) for duty in duties if duty.task_id in acknowledged}
    home: dict[tuple[str, ...], str] = {}
    return [
        duty
        for duty in duties
        if (words := _words(duty)) not in done
        and home.setdefault(words, duty.paper.document_id) == duty.paper.document_id
    ]


def _words(duty: Duty) -> tuple[str, ...]:
    """What two files of one document have in common of a task."""
    return (duty.paper.family, duty.ordinal, letters(duty.content), *(d.text for _, d in duty.deadlines))


def _units_told(group: Group, leads: tuple[str, ...]) -> tuple[str, ...]:
    if not group.units:
        return leads or (NO_UNIT,)
    return tuple(name for name in leads if any_matches(group.units, (name,)))


def _block(unit: str, duties: tuple[Duty, ...], group: Group, today: date) -> UnitBlock:
    overdue, soon = [], []
    for duty in duties:
        coming = list(due_days(duty, today, today + timedelta(days=group.soon_days)))
        soon += [_line(duty, deadline, day, today) for deadline, day in _next_of_each(coming)]
        if late := _late(duty, today):
            overdue.append(_line(duty, *late, today))
    return UnitBlock(unit, tuple(sorted(overdue, key=_place)), tuple(sorted(soon, key=_place)), duties)


def _last_without(entry: tuple[str, list[Duty]]) -> tuple[bool, str]:
    """Units by name; tasks without a unit after them."""
    return entry[0] == NO_UNIT, entry[0]


def _place(line: DueLine) -> tuple[date, str]:
    return line.day, line.duty.task_id


def _next_of_each(coming: list[tuple[int, Deadline, date]]) -> list[tuple[Deadline, date]]:
    """Of a weekly duty only the next day: one line a deadline."""
    first: dict[int, tuple[Deadline, date]] = {}
    for position, deadline, day in coming:
        first.setdefault(position, (deadline, day))
    return list(first.values())


def _late(duty: Duty, today: date) -> tuple[Deadline, date] | None:
    """The deadline that passed, where all days that fall due once are past."""
    days = [(day, position, deadline) for position, deadline in duty.deadlines if (day := single_day(deadline))]
    if not days:
        return None
    day, _, deadline = max(days, key=lambda found: found[:2])
    return (deadline, day) if day < today else None


def _line(duty: Duty, deadline: Deadline, day: date, today: date) -> DueLine:
    return DueLine(duty, day, (day - today).days, clean(deadline.text), bool(deadline.rrule))


def _fitting(blocks: list[UnitBlock]) -> tuple[UnitBlock, ...]:
    """The blocks with as many lines as one reads, shared so that every unit shows its most urgent ones."""
    room = MOST_LINES
    fitted = []
    for place, block in enumerate(blocks):
        share = max(3, room // (len(blocks) - place))
        overdue = block.overdue[-share:]  # the latest: what passed long ago is known by now
        soon = block.soon[: max(0, share - len(overdue)) or 1]
        more = len(block.overdue) + len(block.soon) - len(overdue) - len(soon)
        room = max(0, room - len(overdue) - len(soon))
        fitted.append(UnitBlock(block.unit, overdue, soon, block.duties, more))
    return tuple(fitted)


def _duty(row: dict[str, Any], paper: Paper, deadlines: tuple[tuple[int, Deadline], ...]) -> Duty:
    return Duty(row["task_id"], paper, ordinal(row["ordinal"]), clean(row["content"]), row["page"], deadlines)
