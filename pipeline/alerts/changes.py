"""Corrected plans in the digest: what a new version of a document changed, for those whom it concerns."""

from collections.abc import Collection, Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from pipeline.alerts.lake import Paper, clean, shortened
from pipeline.alerts.routing import any_matches
from pipeline.compare import CHANGE_WORDS, ComparedTask, Comparison, TaskChange, compare
from pipeline.query.lake import open_lake
from pipeline.query.versions import related_plans, stored_plan
from pipeline.settings import Group

MOST_CHANGES = 8  # of one document; the report has all
_LONG = 140


@dataclass(frozen=True, slots=True)
class ChangedTask:
    """One change as the mail words it."""

    what: str  # "Đổi thời hạn, Chuyển đơn vị chủ trì"
    content: str
    before: str  # units and deadline, "" where the task is new
    after: str  # "" where it is gone


@dataclass(frozen=True, slots=True)
class ChangedPlan:
    """A version that took the place of another, with the changes that concern a group."""

    item_id: str
    paper: Paper
    former: str  # file name of the version before
    counts: tuple[tuple[str, int], ...]
    tasks: tuple[ChangedTask, ...]
    more: int = 0


def item_id_of(document_id: str) -> str:
    """By what the ledger notes that a version was told."""
    return f"v{document_id}"


def new_versions(data: Path, documents: Collection[str], silent: Collection[str]) -> dict[str, Comparison]:
    """Versions that took the place of another and were not told yet, beside the former one."""
    with closing(open_lake(data)) as lake:
        pairs = [pair for pair in related_plans(lake) if pair.kind == "superseded" and pair.after in documents]
        return {
            pair.after: compare(stored_plan(lake, pair.before), stored_plan(lake, pair.after))
            for pair in pairs
            if item_id_of(pair.after) not in silent
        }


def worded(group: Group, comparison: Comparison, paper: Paper) -> ChangedPlan | None:
    """The version as the group reads it; None where nothing of it concerns the group."""
    changes = [change for change in comparison.changes if _concerns(group, change)]
    if not changes:
        return None
    counts = ((words, sum(kind in change.kinds for change in changes)) for kind, words in CHANGE_WORDS.items())
    return ChangedPlan(
        item_id_of(paper.document_id),
        paper,
        clean(comparison.before.name),
        tuple((words, count) for words, count in counts if count),
        tuple(map(_changed, changes[:MOST_CHANGES])),
        max(0, len(changes) - MOST_CHANGES),
    )


def _concerns(group: Group, change: TaskChange) -> bool:
    """With units set, only what one of them leads or led."""
    return any_matches(group.units, tuple(name for task in _tasks(change) for name in task.leads))


def _tasks(change: TaskChange) -> Iterator[ComparedTask]:
    yield from (task for task in (change.before, change.after) if task)


def _changed(change: TaskChange) -> ChangedTask:
    shown = next(iter([task for task in (change.after, change.before) if task]))
    return ChangedTask(
        ", ".join(CHANGE_WORDS[kind] for kind in change.kinds),
        shortened(clean(shown.content), _LONG),
        _owed(change.before),
        _owed(change.after),
    )


def _owed(task: ComparedTask | None) -> str:
    if task is None:
        return ""
    return " · ".join(clean(part) for part in ("; ".join(task.leads), task.deadline_text) if part)
