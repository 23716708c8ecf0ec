"""What the report shows: the current documents of a store with their tasks, findings and failures, as plain rows."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum
from pathlib import Path
from typing import Any

from pipeline.compare import Comparison, compare
from pipeline.occurrences import occurrences
from pipeline.query.lake import open_lake
from pipeline.query.versions import related_plans, stored_plan
from pipeline.store.parquet import Store
from pipeline.text import file_name

SOON = timedelta(days=30)
_HORIZON = timedelta(days=366)  # how far recurring deadlines are followed where the plan has no end

Row = Mapping[str, Any]


class Status(StrEnum):
    """How a task stands on the day of the report, by its deadlines alone: whether it was done is not known."""

    LATE = "late"  # its last deadline has passed
    SOON = "soon"  # due within `SOON`
    LATER = "later"
    ONGOING = "ongoing"  # it has a deadline without a day: thường xuyên, theo yêu cầu
    UNKNOWN = "unknown"  # it has none, or none that could be read


@dataclass(frozen=True, slots=True)
class Task:
    """A task with the days that matter."""

    row: Row
    leads: tuple[str, ...]  # canonical names, as written where the vocabulary has none
    start: date | None  # of its bar on the time line
    end: date | None
    due_days: tuple[date, ...]  # single and recurring ones
    next_due: date | None
    status: Status


@dataclass(frozen=True, slots=True)
class Paper:
    """A document with all that belongs to it."""

    row: Row
    tasks: tuple[Task, ...]
    findings: tuple[Row, ...]
    deadlines: Mapping[str, tuple[Row, ...]]  # by task_id

    @property
    def id(self) -> str:
        return str(self.row["document_id"])

    @property
    def name(self) -> str:
        return file_name(str(self.row["source_uri"]))

    @property
    def sign(self) -> str:
        """Number and symbol as people cite them: "947/KH-UBND"."""
        parts = (self.row["number"] or "…", self.row["symbol"])
        return "/".join(str(part) for part in parts) if self.row["symbol"] else str(self.row["number"] or "")


@dataclass(frozen=True, slots=True)
class Compared:
    """A document beside the one it took the place of, or the plan of the period before."""

    kind: str  # superseded | year
    comparison: Comparison


@dataclass(frozen=True, slots=True)
class Lake:
    """The store as the report sees it on one day."""

    day: date
    papers: tuple[Paper, ...]
    failures: tuple[Row, ...]
    superseded: int  # older versions, left out
    compared: Mapping[str, tuple[Compared, ...]] = field(default_factory=dict)  # by the later document


def read_lake(data: Path, day: date) -> Lake:
    """Reads the tables under `data`; older versions of a document are left out."""
    store = Store(data)
    documents = store.read("documents").to_pylist()
    current = [row for row in documents if row.get("superseded_by") is None]
    tasks = _grouped(store.read("tasks").to_pylist(), "document_id")
    units = _grouped(store.read("task_units").to_pylist(), "task_id")
    deadlines = _grouped(store.read("deadlines").to_pylist(), "task_id")
    findings = _grouped(store.read("findings").to_pylist(), "document_id")

    def paper(row: Row) -> Paper:
        own = tasks.get(row["document_id"], ())
        return Paper(
            row,
            tuple(
                _task(task, row, units.get(task["task_id"], ()), deadlines.get(task["task_id"], ()), day)
                for task in own
            ),
            findings.get(row["document_id"], ()),
            {task["task_id"]: deadlines.get(task["task_id"], ()) for task in own},
        )

    papers = sorted(
        map(paper, current), key=lambda p: (p.row["issuer"] or "~", p.row["issued_start"] or date.max, p.name)
    )
    failures = tuple(store.read("failures").to_pylist())
    return Lake(day, tuple(papers), failures, len(documents) - len(current), _compared(data))


def _compared(data: Path) -> dict[str, tuple[Compared, ...]]:
    found: dict[str, tuple[Compared, ...]] = {}
    with closing(open_lake(data)) as lake:
        for pair in related_plans(lake):
            comparison = compare(stored_plan(lake, pair.before), stored_plan(lake, pair.after))
            found[pair.after] = (*found.get(pair.after, ()), Compared(pair.kind, comparison))
    return found


def _grouped(rows: Iterable[Row], column: str) -> dict[str, tuple[Row, ...]]:
    groups: defaultdict[str, list[Row]] = defaultdict(list)
    for row in rows:
        groups[row[column]].append(row)
    return {name: tuple(group) for name, group in groups.items()}


def _task(row: Row, document: Row, units: Sequence[Row], deadlines: Sequence[Row], day: date) -> Task:
    leads = dict.fromkeys(unit["unit_name"] or unit["name"] for unit in units if unit["role"] == "lead")
    single = [d for d in deadlines if not d["rrule"] and d["end_date"]]
    due = {d["end_date"] for d in single}
    for deadline in deadlines:
        if deadline["rrule"]:
            due.update(_recurring(deadline, document, day))
    starts = [d["start_date"] or d["end_date"] for d in single]
    to_come = min((one for one in due if one >= day), default=None)
    return Task(
        row,
        tuple(leads),
        min(starts, default=None),
        max((d["end_date"] for d in single), default=None),
        tuple(sorted(due)),
        to_come,
        _status(deadlines, due, to_come, day),
    )


def _recurring(deadline: Row, document: Row, day: date) -> list[date]:
    """Its due days within the plan's period; where the plan has none, around the day of the report."""
    first = deadline["start_date"] or document["period_start"] or document["issued_start"] or day - _HORIZON
    last = deadline["end_date"] or document["period_end"] or max(first, day) + _HORIZON
    return occurrences(deadline["rrule"], first, last, deadline["start_date"], deadline["end_date"])


def _status(deadlines: Sequence[Row], due: Iterable[date], to_come: date | None, day: date) -> Status:
    if to_come is not None:
        return Status.SOON if to_come <= day + SOON else Status.LATER
    if any(due):
        return Status.LATE
    return Status.ONGOING if any(d["kind"] not in ("invalid", "unparsed") for d in deadlines) else Status.UNKNOWN
