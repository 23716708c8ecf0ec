"""Corrections that people made, applied to a plan as it was read: on top of every later reading of the document.

A correction names its row by what the row was when the person saw it, so that it is found again when another version
of the code reads the document anew: the same words first, then very like ones. What is not found is not applied and
told (`correction.unplaced`). What a correction changes is read again: units and deadlines follow their words.
"""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from typing import Any

from pipeline.plan import Action, Applied, Correction, PlanDocument, Task, Where
from pipeline.read.row_times import all_deadlines
from pipeline.read.tables import assign_units
from pipeline.rules.units import UnitResolver, declared_abbreviations
from pipeline.text import key

FIELDS = ("ordinal", "content", "lead_text", "partner_text", "deadline_text", "output", "note")
ROW = "row"
_ALIKE = 0.9
_OPTIONAL = frozenset(FIELDS) - {"ordinal", "content"}
_SOURCES = {Where.DEADLINE: "deadline_text", Where.NOTE: "note", Where.CONTENT: "content"}
_ON_ROWS = frozenset({Action.SET, Action.SPLIT, Action.JOIN, Action.DROP})

Reread = Callable[[Task, str], Task]


@dataclass(frozen=True, slots=True)
class _Row:
    """A task on its way, and the sequences it had in the reading."""

    task: Task
    origins: tuple[int, ...]


def in_force(corrections: Sequence[Correction]) -> tuple[Correction, ...]:
    """Those that change rows and were not undone."""
    undone = {int(c.field) for c in corrections if c.action is Action.UNDO}
    return tuple(c for c in corrections if c.action in _ON_ROWS and c.number not in undone)


def apply(plan: PlanDocument, corrections: Sequence[Correction]) -> PlanDocument:
    """The plan with the corrections of its document, in the order in which they were made."""
    held = in_force(corrections)
    if not held:
        return plan
    reread = _reader(plan)
    rows = [_Row(task, (task.sequence,)) for task in plan.tasks]
    applied: list[tuple[Correction, tuple[int, ...] | None]] = []
    for correction in held:
        at = _found(rows, correction)
        applied.append((correction, None if at is None else rows[at].origins))
        if at is not None:
            rows = _after(rows, at, correction, reread)
    tasks = tuple(replace(row.task, sequence=number) for number, row in enumerate(rows, start=1))
    renumbered: dict[int, int] = {}
    for number, row in enumerate(rows, start=1):
        for origin in row.origins:
            renumbered.setdefault(origin, number)
    return replace(
        plan,
        tasks=tasks,
        numbered=tuple(replace(item, task=renumbered.get(item.task or 0)) for item in plan.numbered),
        corrections=tuple(
            Applied(correction, None if origins is None else renumbered.get(origins[0], 0))
            for correction, origins in applied
        ),
    )


def _found(rows: Sequence[_Row], correction: Correction) -> int | None:
    """The row that the person saw: of the same words, the nearest; else the one most like it."""
    words = key(correction.content)
    nearest = sorted(range(len(rows)), key=lambda at: abs(at + 1 - correction.sequence))
    same = [at for at in nearest if key(rows[at].task.content) == words]
    for at in same:
        if rows[at].task.ordinal == correction.ordinal:
            return at
    if same:
        return same[0]
    likeness = {at: SequenceMatcher(None, key(rows[at].task.content), words, autojunk=False).ratio() for at in nearest}
    best = max(nearest, key=lambda at: likeness[at], default=None)
    return best if best is not None and likeness[best] >= _ALIKE else None


def _after(rows: Sequence[_Row], at: int, correction: Correction, reread: Reread) -> list[_Row]:
    before, row, behind = rows[:at], rows[at], rows[at + 1 :]
    changed: list[_Row]
    if correction.action is Action.SET:
        changed = [replace(row, task=_set(row.task, correction, reread))]
    elif correction.action is Action.SPLIT:
        parts = [text for text in json.loads(correction.new) if text.strip()]
        changed = [
            replace(row, task=reread(_marked(replace(row.task, content=text), ROW), "content")) for text in parts
        ]
    elif correction.action is Action.JOIN and behind:
        joined = _joined(row.task, behind[0].task, correction.new)
        changed = [_Row(reread(_marked(joined, ROW), ""), (*row.origins, *behind[0].origins))]
        behind = behind[1:]
    elif correction.action is Action.DROP:
        changed = []
    else:
        changed = [row]
    return [*before, *changed, *behind]


def _set(task: Task, correction: Correction, reread: Reread) -> Task:
    value = correction.new.strip()
    changed: dict[str, Any] = {correction.field: None if not value and correction.field in _OPTIONAL else value}
    return reread(_marked(replace(task, **changed), correction.field), correction.field)


def _joined(one: Task, other: Task, content: str) -> Task:
    def both(field: str) -> str | None:
        texts = dict.fromkeys(text for text in (getattr(one, field), getattr(other, field)) if text)
        return "\n".join(texts) or None

    optional: dict[str, Any] = {field: both(field) for field in sorted(_OPTIONAL)}
    return replace(one, content=content.strip() or f"{one.content}\n{other.content}", **optional)


def _marked(task: Task, field: str) -> Task:
    return replace(task, corrected=tuple(dict.fromkeys((*task.corrected, field))))


def _reader(plan: PlanDocument) -> Reread:
    """What follows from the words of a row, read anew where they changed ("": all of it)."""
    declared: dict[str, str] = {}
    for prose in plan.prose:
        declared.update(declared_abbreviations(prose.text))
    resolve = UnitResolver(plan.header.issuer, plan.header.issued_start, declared).resolve
    context = plan.header.year_context()

    def reread(task: Task, field: str) -> Task:
        if field in ("", "lead_text", "partner_text"):
            one_column = task.roles_inferred and task.partner_text is None
            units, inferred = assign_units(
                task.lead_text, task.partner_text, resolve, one_column=one_column, declared=frozenset(declared)
            )
            task = replace(task, units=units, roles_inferred=inferred)
        for source, of in _SOURCES.items():
            if field in ("", of):
                words = {name: getattr(task, name) if name == of else None for name in _SOURCES.values()}
                found = all_deadlines(words["deadline_text"], words["note"], words["content"] or "", context, "")
                kept = tuple(deadline for deadline in task.deadlines if deadline.source is not source)
                task = replace(task, deadlines=(*kept, *found))
        return task

    return reread
