"""The data of the site's lists and charts: columns of short values, small and quick to read in a browser."""

import json
from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta
from typing import Any

from pipeline.check import RULES
from pipeline.report.lake import Lake, Paper, Row, Task
from pipeline.terminal import printable

NEW = timedelta(days=7)  # before the newest document: what the overview calls new
_EPOCH = date(1970, 1, 1).toordinal()
_LONGEST = 400  # characters of a cell in a list; the document's page has all
SEVERITIES = ("error", "warning", "info")
STATUSES = ("late", "soon", "later", "ongoing", "unknown")


def script(lake: Lake) -> str:
    """The payload as a script: a page opened from disk may load scripts, but not read files."""
    text = json.dumps(payload(lake), ensure_ascii=True, separators=(",", ":"))
    return f"window.kehoach = JSON.parse({json.dumps(text, ensure_ascii=True)});\n"


def payload(lake: Lake) -> dict[str, Any]:
    """Tables as columns; units, documents and rules are named once and then by their position."""
    units = _Names()
    rules = _Names()
    tasks = [_task_row(number, task, units) for number, paper in enumerate(lake.papers) for task in paper.tasks]
    findings = [_finding_row(number, row, rules) for number, paper in enumerate(lake.papers) for row in paper.findings]
    newest = max((paper.row["ingested_at"] for paper in lake.papers), default=None)
    return {
        "day": _day(lake.day),
        "documents": _columns(DOCUMENT_COLUMNS, [_document_row(paper, newest) for paper in lake.papers]),
        "tasks": _columns(TASK_COLUMNS, tasks),
        "findings": _columns(FINDING_COLUMNS, findings),
        "units": units.names,
        "rules": [[code, RULES[code].title if code in RULES else code] for code in rules.names],
    }


DOCUMENT_COLUMNS = ("id", "name", "sign", "issuer", "title", "issued", "tasks", "errors", "warnings", "isNew")
TASK_COLUMNS = ("doc", "seq", "ordinal", "content", "leads", "deadline", "from", "to", "due", "next", "status")
FINDING_COLUMNS = ("doc", "seq", "severity", "rule", "message", "evidence", "page")


class _Names:
    """Names in the order of their first use."""

    def __init__(self) -> None:
        self._positions: dict[str, int] = {}

    def __call__(self, name: str) -> int:
        return self._positions.setdefault(name, len(self._positions))

    @property
    def names(self) -> list[str]:
        return [shown(name) for name in self._positions]


def _document_row(paper: Paper, newest: datetime | None) -> tuple[Any, ...]:
    row, count = paper.row, Counter(finding["severity"] for finding in paper.findings)
    return (
        paper.id,
        shown(paper.name),
        shown(paper.sign),
        shown(row["issuer"]),
        shown(row["title"]),
        _day(row["issued_date"]),
        len(paper.tasks),
        count["error"],
        count["warning"],
        int(newest is not None and row["ingested_at"] >= newest - NEW),
    )


def _task_row(number: int, task: Task, units: _Names) -> tuple[Any, ...]:
    return (
        number,
        task.row["sequence"],
        shown(task.row["ordinal"]),
        _cut(task.row["content"]),
        [units(name) for name in task.leads],
        _cut(task.row["deadline_text"]),
        _day(task.start),
        _day(task.end),
        [_day(day) for day in task.due_days],
        _day(task.next_due),
        STATUSES.index(task.status),
    )


def _finding_row(number: int, row: Row, rules: _Names) -> tuple[Any, ...]:
    return (
        number,
        sequence_of(row["task_id"]),
        SEVERITIES.index(row["severity"]),
        rules(row["rule"]),
        _cut(row["message"]),
        _cut(row["evidence"]),
        row["page"],
    )


def sequence_of(task_id: str | None) -> int:
    """The task's number in its document, which its identity ends with; 0 for none."""
    return int(task_id.rsplit("-", 1)[-1]) if task_id else 0


def shown(text: str | None) -> str:
    """Text of a document as it may stand on a page: nothing in it acts or turns the direction of writing."""
    return printable(text or "")


def _cut(text: str | None) -> str:
    clean = " ".join(shown(text).split())
    return clean if len(clean) <= _LONGEST else clean[:_LONGEST].rsplit(" ", 1)[0] + " …"


def _day(day: date | None) -> int | None:
    """Days since 1970: short, and what a browser's date starts from."""
    return None if day is None else day.toordinal() - _EPOCH


def _columns(names: tuple[str, ...], rows: Iterable[tuple[Any, ...]]) -> dict[str, list[Any]]:
    columns: Iterator[Any] = zip(*rows, strict=True)
    return dict(zip(names, map(list, columns), strict=False)) or {name: [] for name in names}
