"""What a mail says of the tables: papers, findings and unread files, in words that can do no harm.

Every text of a document passes `clean` here, once: what comes out holds no control characters, no marks that turn
the direction of writing and no line breaks, so neither a header nor a line of a mail can be made to act by it.
"""

import hashlib
import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple

from pipeline.check.rule import day
from pipeline.settings import Intake
from pipeline.store.parquet import Store
from pipeline.summary import REASON_WORDS
from pipeline.terminal import printable, vietnamese
from pipeline.text import squeeze

_AT_ONCE = 65_536  # findings looked at in one piece
_PATH = re.compile(r"(?<![\w/.])(?:[A-Za-z]:)?[/\\](?:[^\s/\\:]+[/\\])+([^\s/\\:]+)")
_GONE = ("superseded_by", "source_removed_at")  # columns that say a document is no longer the one that counts
_PAPER_COLUMNS = [
    *("document_id", "source_uri", "doc_type", "number", "symbol", "issuer", "issued_date", "issued_date_text"),
    *("title", "period_start", "period_end", "issued_start"),
]
_TASK_COLUMNS = ["document_id", "task_id", "ordinal", "content", "deadline_text"]


class Reference(NamedTuple):
    """A finding by what routing needs to know of it."""

    finding_id: str
    document_id: str
    task_id: str | None
    rule: str
    severity: str


@dataclass(frozen=True, slots=True)
class Paper:
    """A document as the heading of its findings names it. `file` is a base name, never a path."""

    document_id: str
    file: str
    reference: str
    issuer: str
    issued: str
    title: str
    span: tuple[Any, Any] = (None, None)  # first and last day that its recurring deadlines can fall on

    @property
    def about(self) -> str:
        """Who issued it when, and in which file it lies."""
        return " · ".join(part for part in (self.issuer, self.issued, f"tệp\u00a0{self.file}") if part)


@dataclass(frozen=True, slots=True)
class TaskWords:
    """The task that a finding concerns."""

    ordinal: str
    content: str
    leads: tuple[str, ...]
    deadline: str


@dataclass(frozen=True, slots=True)
class Item:
    """A finding as a mail shows it."""

    finding_id: str
    document_id: str
    rule: str
    severity: str
    message: str
    evidence: str
    page: int | None
    task: TaskWords | None


@dataclass(frozen=True, slots=True)
class Unread:
    """A file that gave no plan."""

    item_id: str
    file: str
    reason: str
    message: str


def clean(text: str | None) -> str:
    """Text of a document on one line, without characters that act."""
    return squeeze(printable((text or "").replace("\n", " ").replace("\r", " ")))


def ordinal(written: str) -> str:
    """A printed number within a sentence: "1.2." -> "1.2"."""
    return clean(written).strip(" .)(")


def shortened(text: str, length: int) -> str:
    """The beginning of a text, cut at a space."""
    if len(text) <= length:
        return text
    head = text[:length]
    return (head.rsplit(" ", 1)[0] if " " in head else head).rstrip(" ,;:.") + "…"


def base_name(uri: str) -> str:
    """The name of a file without the folders it lies in."""
    return clean(uri.replace("\\", "/").rstrip("/").rsplit("/", 1)[-1])


def failure_id(uri: str, sha256: str, reason: str) -> str:
    """Names a failure: the same file with the same content failing for the same reason is one."""
    return "u" + hashlib.sha256("\x1f".join((uri, sha256, reason)).encode()).hexdigest()[:16]


class Lake:
    """The tables as alerts see them: only documents that count today, without the rules that nobody wants."""

    def __init__(self, intake: Intake) -> None:
        self._store = Store(intake.out)
        self._off = frozenset(intake.rules_off)

    @cached_property
    def papers(self) -> dict[str, Paper]:
        """The documents that count: neither superseded by a corrected version nor removed at their source."""
        rows = self._store.read("documents", [*_PAPER_COLUMNS, *_GONE]).to_pylist()
        return {row["document_id"]: _paper(row) for row in rows if not any(row[name] for name in _GONE)}

    def references(self) -> Iterator[list[Reference]]:
        """All findings of these documents, piece by piece."""
        columns = list(Reference._fields)
        for batch in self._store.read("findings", columns).to_batches(_AT_ONCE):
            rows = map(Reference._make, zip(*(batch.column(name).to_pylist() for name in columns), strict=True))
            yield [row for row in rows if row.document_id in self.papers and row.rule not in self._off]

    @cached_property
    def leads(self) -> dict[str, tuple[str, ...]]:
        """The names of each task's lead units: canonical where known, else as written."""
        found: defaultdict[str, list[str]] = defaultdict(list)
        columns = ["task_id", "role", "name", "unit_name"]
        for batch in self._store.read("task_units", columns).to_batches(_AT_ONCE):
            for row in batch.to_pylist():
                if row["role"] == "lead":
                    found[row["task_id"]].append(clean(row["unit_name"] or row["name"]))
        return {task: tuple(dict.fromkeys(names)) for task, names in found.items()}

    def items(self, wanted: Collection[Reference]) -> dict[str, Item]:
        """The findings in full, by finding_id."""
        ids = {reference.finding_id for reference in wanted}
        documents = {reference.document_id for reference in wanted}
        columns = ["finding_id", "document_id", "task_id", "rule", "severity", "message", "evidence", "page"]
        rows = [row for row in self._store.rows_of("findings", documents, columns) if row["finding_id"] in ids]
        tasks = self._tasks({row["task_id"] for row in rows if row["task_id"]}, documents)
        return {row["finding_id"]: _item(row, tasks) for row in rows}

    def unread(self) -> tuple[Unread, ...]:
        """The files that gave no plan."""
        columns = ["source_uri", "sha256", "reason", "message"]
        return tuple(_unread(row) for row in self._store.read("failures", columns).to_pylist())

    def unknown(self, ids: Iterable[str]) -> list[str]:
        """Those of the ids that name no finding, no unread file and no task, whether they count today or not."""
        missing = dict.fromkeys(ids)
        for table, column in (("findings", "finding_id"), ("tasks", "task_id")):
            for batch in self._store.read(table, [column]).to_batches(_AT_ONCE):
                for known in missing.keys() & set(batch.column(column).to_pylist()):
                    del missing[known]
        unread = {one.item_id for one in self.unread()}
        return [one for one in missing if one not in unread]

    def rows(self, table: str, columns: list[str]) -> Iterator[dict[str, Any]]:
        """The rows of a table that belong to these documents, without holding them all at once."""
        for batch in self._store.read(table, columns).to_batches(_AT_ONCE):
            yield from (row for row in batch.to_pylist() if row["document_id"] in self.papers)

    def _tasks(self, ids: set[str], documents: Iterable[str]) -> dict[str, TaskWords]:
        if not ids:
            return {}
        rows = self._store.rows_of("tasks", set(documents), _TASK_COLUMNS)
        return {
            row["task_id"]: TaskWords(
                ordinal(row["ordinal"]),
                clean(row["content"]),
                self.leads.get(row["task_id"], ()),
                clean(row["deadline_text"]),
            )
            for row in rows
            if row["task_id"] in ids
        }


def _paper(row: dict[str, Any]) -> Paper:
    number = "/".join(clean(part) for part in (row["number"], row["symbol"]) if part)
    kind = clean(row["doc_type"]).capitalize() or "Văn bản"
    issued = day(row["issued_date"]) if row["issued_date"] else clean(row["issued_date_text"])
    return Paper(
        row["document_id"],
        base_name(row["source_uri"]),
        f"{kind} số {number}" if row["number"] else f"{kind} (chưa có số)",
        clean(row["issuer"]),
        issued,
        clean(row["title"]),
        (row["period_start"] or row["issued_start"], row["period_end"]),
    )


def _item(row: dict[str, Any], tasks: dict[str, TaskWords]) -> Item:
    return Item(
        row["finding_id"],
        row["document_id"],
        row["rule"],
        row["severity"],
        clean(row["message"]),
        clean(row["evidence"]),
        row["page"],
        tasks.get(row["task_id"]),
    )


def _unread(row: dict[str, Any]) -> Unread:
    return Unread(
        failure_id(row["source_uri"], row["sha256"], row["reason"]),
        base_name(row["source_uri"]),
        REASON_WORDS.get(row["reason"], clean(row["reason"])),
        _PATH.sub(r"\1", clean(vietnamese(row["message"]))),
    )
