"""Overdue tasks by another day, told from the store: a new day is no reason to read ten thousand files again."""

from collections import defaultdict
from collections.abc import Collection
from datetime import date
from typing import Any

from extractors.document import Place, Source
from pipeline.check import RULES
from pipeline.check.rule import Case
from pipeline.plan import Deadline, Finding, Header, PlanDocument, Task
from pipeline.store.arrow import finding_rows
from pipeline.store.deadlines import deadline_of
from pipeline.store.parquet import Judgement, Store

_RULE = RULES["deadline.overdue"]
_TASK_COLUMNS = ["task_id", "document_id", "sequence", "content", "deadline_text", "page"]
_DEADLINE_COLUMNS = ["task_id", "document_id", "text", "kind", "bound", "start_date", "end_date", "rrule"]


def judge(store: Store, documents: Collection[str], as_of: date) -> Judgement:
    """What is overdue in stored documents on a day: the same findings that reading them anew would give."""
    deadlines: defaultdict[str, list[Deadline]] = defaultdict(list)
    for row in store.rows_of("deadlines", documents, _DEADLINE_COLUMNS):
        deadlines[row["task_id"]].append(deadline_of(row))
    tasks: defaultdict[str, list[Task]] = defaultdict(list)
    for row in store.rows_of("tasks", documents, _TASK_COLUMNS):
        if row["task_id"] in deadlines:
            tasks[row["document_id"]].append(_task(row, tuple(deadlines[row["task_id"]])))
    rows = [row for name, theirs in tasks.items() for row in finding_rows(name, _overdue(tuple(theirs), as_of))]
    return Judgement(frozenset(documents), as_of, _RULE.code, tuple(rows))


def _overdue(tasks: tuple[Task, ...], as_of: date) -> list[Finding]:
    assert _RULE.find is not None
    plan = PlanDocument(Source("", "", 0), "", "", None, Header(), tasks)
    return [_RULE.finding(hit) for hit in _RULE.find(Case(plan, as_of))]


def _task(row: dict[str, Any], deadlines: tuple[Deadline, ...]) -> Task:
    return Task(
        sequence=row["sequence"],
        source="",
        content=row["content"],
        deadline_text=row["deadline_text"],
        deadlines=deadlines,
        place=Place(row["page"]),
    )
