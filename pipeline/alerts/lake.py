"""What a mail says of the tables: papers, findings and unread files, in words that can do no harm.

Every text of a document passes `clean` here, once: what comes out holds no control characters, no marks that turn
the direction of writing and no line breaks, so neither a header nor a line of a mail can be made to act by it.
"""

import hashlib
import re
from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any, NamedTuple

from pipeline.check.rule import day
from pipeline.settings import Intake
from pipeline.store.parquet import Store
from pipeline.store.selection import among, current_documents, lead_units, open_deadlines, without
from pipeline.summary import REASON_WORDS
from pipeline.terminal import printable, vietnamese
from pipeline.text import file_name, key, squeeze

_PATH = re.compile(r"(?<![\w/.])(?:[A-Za-z]:)?[/\\](?:[^\s/\\:]+[/\\])+([^\s/\\:]+)")
_PAPER_COLUMNS = [
    *(
        "document_id",
        "document_key",
        "source_uri",
        "doc_type",
        "number",
        "symbol",
        "issuer",
        "issued_date",
        "issued_date_text",
    ),
    *("title", "period_start", "period_end", "issued_start"),
]
_ITEM_COLUMNS = ["finding_id", "document_id", "task_id", "rule", "severity", "message", "evidence", "page"]
_SAID_COLUMNS = ["finding_id", "document_id", "rule", "evidence"]
_TASK_COLUMNS = ["task_id", "ordinal", "content", "deadline_text"]
_DEADLINE_COLUMNS = [
    *("task_id", "document_id", "position", "text", "kind", "bound", "start_date", "end_date", "rrule"),
]


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
    family: str = ""  # equal for two files of one document (Word and PDF)
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


def letters(text: str | None) -> str:
    """What two files of one document have in common of a text: its letters and digits."""
    return "".join(one for one in key(text or "") if one.isalnum())


def shortened(text: str, length: int) -> str:
    """The beginning of a text, cut at a space."""
    if len(text) <= length:
        return text
    head = text[:length]
    return (head.rsplit(" ", 1)[0] if " " in head else head).rstrip(" ,;:.") + "…"


def base_name(uri: str) -> str:
    """The name of a file without the folders it lies in; of one in an archive with that of the archive."""
    return clean(file_name(uri.replace("\\", "/")))


def failure_id(uri: str, sha256: str, reason: str) -> str:
    """Names a failure: the same file with the same content failing for the same reason is one."""
    return "u" + hashlib.sha256("\x1f".join((uri, sha256, reason)).encode()).hexdigest()[:16]


class Lake:
    """The tables as alerts see them: only documents that count today, without the rules that nobody wants.

    What is asked of all findings is asked column by column; only what a mail is about becomes objects.
    """

    def __init__(self, intake: Intake) -> None:
        self.data = intake.out
        self._store = Store(intake.out)
        self._off = frozenset(intake.rules_off)

    @cached_property
    def has_versions(self) -> bool:
        """Whether a document has taken the place of another."""
        column = self._store.read("documents", ["superseded_by"]).column("superseded_by")
        return int(column.null_count) < len(column)

    @cached_property
    def issuers(self) -> dict[str, str]:
        """The issuer of each document that counts, "" where none is known."""
        rows = current_documents(self._store, ["document_id", "issuer"]).to_pydict()
        return {one: clean(name) for one, name in zip(rows["document_id"], rows["issuer"], strict=True)}

    @cached_property
    def units(self) -> frozenset[str]:
        """The names of all lead units, as stored."""
        return frozenset(self._lead_units.column("unit").unique().to_pylist())

    def tasks_led_by(self, units: Collection[str]) -> set[str]:
        """The tasks that one of these units leads."""
        return set(among(self._lead_units, {"unit": units}).column("task_id").to_pylist())

    def references(
        self,
        *,
        severities: Collection[str],
        rules: Collection[str] | None = None,
        documents: Collection[str] | None = None,
        tasks: Collection[str] | None = None,
        silent: Collection[str] = (),
    ) -> list[Reference]:
        """The findings with these properties (None: any), but for those in `silent`."""
        found = among(
            self._findings, {"severity": severities, "rule": rules, "document_id": documents, "task_id": tasks}
        )
        columns = without(found, "finding_id", silent).to_pydict()
        return list(map(Reference._make, zip(*columns.values(), strict=True)))

    def twins(self, documents: Collection[str]) -> dict[str, str]:
        """Of these documents, those that lie here in several files (Word and PDF of one plan), with all their files:
        document_id -> document_key."""
        known = without(current_documents(self._store, ["document_id", "document_key"]), "document_key", [""])
        keys = among(known, {"document_id": documents}).column("document_key").drop_null().unique().to_pylist()
        families: defaultdict[str, list[str]] = defaultdict(list)
        for row in among(known, {"document_key": keys}).to_pylist():
            families[row["document_key"]].append(row["document_id"])
        return {one: name for name, files in families.items() if len(files) > 1 for one in files}

    def said(self, documents: Collection[str]) -> list[tuple[str, str, str, str]]:
        """finding_id, document_id, rule and evidence of all findings of these documents."""
        columns = among(self._store.read("findings", _SAID_COLUMNS), {"document_id": documents}).to_pydict()
        return list(zip(*columns.values(), strict=True))

    def papers(self, documents: Collection[str]) -> dict[str, Paper]:
        """How mails name these documents."""
        rows = among(current_documents(self._store, _PAPER_COLUMNS), {"document_id": documents})
        return {row["document_id"]: _paper(row) for row in rows.to_pylist()}

    def leads(self, tasks: Collection[str]) -> dict[str, tuple[str, ...]]:
        """The names of each task's lead units: canonical where known, else as written."""
        found: defaultdict[str, list[str]] = defaultdict(list)
        for row in among(self._lead_units, {"task_id": tasks}).to_pylist():
            found[row["task_id"]].append(clean(row["unit"]))
        return {task: tuple(dict.fromkeys(names)) for task, names in found.items()}

    def items(self, wanted: Collection[Reference]) -> dict[str, Item]:
        """The findings in full, by finding_id."""
        found = among(self._store.read("findings", _ITEM_COLUMNS), {"finding_id": [one.finding_id for one in wanted]})
        rows = found.to_pylist()
        tasks = self._tasks({row["task_id"] for row in rows if row["task_id"]})
        return {row["finding_id"]: _item(row, tasks) for row in rows}

    def unread(self) -> tuple[Unread, ...]:
        """The files that gave no plan."""
        columns = ["source_uri", "sha256", "reason", "message"]
        return tuple(_unread(row) for row in self._store.read("failures", columns).to_pylist())

    def unknown(self, ids: Collection[str]) -> list[str]:
        """Those of the ids that name no finding, no unread file and no task, whether they count today or not."""
        known = {one.item_id for one in self.unread()}
        for table, column in (("findings", "finding_id"), ("tasks", "task_id")):
            known.update(among(self._store.read(table, [column]), {column: ids}).column(column).to_pylist())
        return [one for one in dict.fromkeys(ids) if one not in known]

    def open_deadlines(self, since: date, documents: Collection[str]) -> list[dict[str, Any]]:
        """The deadlines of these documents that recur or end on a day or later."""
        rows: list[dict[str, Any]] = among(
            open_deadlines(self._store, since, _DEADLINE_COLUMNS), {"document_id": documents}
        ).to_pylist()
        return rows

    def tasks(self, tasks: Collection[str], columns: list[str]) -> list[dict[str, Any]]:
        """These tasks, in the order of their documents."""
        rows: list[dict[str, Any]] = among(self._store.read("tasks", columns), {"task_id": tasks}).to_pylist()
        return rows

    @cached_property
    def _findings(self) -> Any:
        found = self._store.read("findings", list(Reference._fields))
        return without(among(found, {"document_id": self.issuers.keys()}), "rule", self._off)

    @cached_property
    def _lead_units(self) -> Any:
        return lead_units(self._store)

    def _tasks(self, ids: set[str]) -> dict[str, TaskWords]:
        if not ids:
            return {}
        leads = self.leads(ids)
        return {
            row["task_id"]: TaskWords(
                ordinal(row["ordinal"]),
                clean(row["content"]),
                leads.get(row["task_id"], ()),
                clean(row["deadline_text"]),
            )
            for row in self.tasks(ids, _TASK_COLUMNS)
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
        row["document_key"] or row["document_id"],
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
