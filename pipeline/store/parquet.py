"""The Parquet store of data/parsed: readers see each document once and whole, at every moment.

Each table is one file, `<table>/<table>.parquet`, and nothing else lies in its folder, so a listing of the folder is
right whenever it is taken. A commit writes the new files of all tables aside, on the same file system, syncs them,
notes in a journal that they are complete, and then renames them into place one by one: first the tables that belong
to documents, then `documents`. Rows without a row in `documents` are left-overs by definition and are swept.

    killed before the journal stands   the new files are thrown away: nothing happened
    killed after                       the next writer finishes the renames: all of it happened

docs/decisions/0002-store.md weighs this against a manifest, snapshots behind a symbolic link and many files.
"""

import json
import os
import shutil
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from pipeline.store import conflicts, duplicates
from pipeline.store.arrow import Reading, arrow_table, rows_together, sort
from pipeline.store.lock import writer_lock
from pipeline.store.schema import BY_NAME, CHILDREN, DOCUMENTS, FINDINGS, TABLES, TableSchema
from pipeline.store.table_file import plain_errors, read_table, rename, sync_folder, write_synced, write_table
from pipeline.store.versions import TASK_COLUMNS, with_versions

_LOOKED_AT = {  # columns that findings between documents and versions are told from
    "citations": ["document_id", "position", "text", "number", "symbol", "date", "issuer", "page"],
    "tasks": TASK_COLUMNS,
}
_WORKSHOP = ".kehoach"  # a hidden folder beside the tables; no reader's pattern for a table reaches it
_BETWEEN_DOCUMENTS = pa.array(["document.duplicate", "citation.dated_elsewhere"])


@dataclass(frozen=True, slots=True)
class BetweenDocuments:
    """How findings that need more than one document are worded; their words belong to the checks. None: not wanted."""

    duplicate: duplicates.Phrase | None = None
    dated_elsewhere: conflicts.Phrase | None = None


@dataclass(frozen=True, slots=True)
class Judgement:
    """All findings of one rule that depends on a day, for some documents that are otherwise as they were."""

    documents: frozenset[str]
    as_of: date
    rule: str
    findings: tuple[Mapping[str, Any], ...]


@dataclass(frozen=True, slots=True)
class Change:
    """What one commit does.

    `places` gives documents whose addresses changed their new ones, the first in order becoming `source_uri`; where
    none is left, the document keeps its last address and is marked as removed `at` that moment. `cleared` are
    addresses whose failures no longer hold.
    """

    readings: tuple[Reading, ...] = ()
    places: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    at: datetime | None = None
    failures: tuple[Mapping[str, Any], ...] = ()
    cleared: frozenset[str] = frozenset()
    judgement: Judgement | None = None

    def __bool__(self) -> bool:
        return bool(self.readings or self.places or self.failures or self.cleared or self.judgement)


class Store:
    """A folder of tables. `Store(root)` reads; `with Store.writing(root) as store` may commit."""

    def __init__(self, root: Path, between: BetweenDocuments | None = None) -> None:
        self.root = root
        self._between = between
        self._staging = root / _WORKSHOP / "staging"
        self._journal = root / _WORKSHOP / "commit.json"

    @property
    def log_path(self) -> Path:
        return self.root / _WORKSHOP / "kehoach.log"

    @classmethod
    @contextmanager
    def writing(
        cls,
        root: Path,
        between: BetweenDocuments | None = None,
        *,
        wait: float = 0.0,
        held: Callable[[str], None] | None = None,
    ) -> Iterator["Store"]:
        """Takes the writer lock, finishes or forgets what a killed run left, and lets the block commit.

        Args:
            between: words the findings that need more than one document; without it none is made.
            wait: seconds to wait for another run to end; `held` is told once which one that is.

        Raises:
            StoreLockedError: another run is writing.
            StoreError: the folder cannot be used.
        """
        store = cls(root, between)
        with ExitStack() as opened:
            with plain_errors(root):
                (root / _WORKSHOP).mkdir(parents=True, exist_ok=True)
                opened.enter_context(writer_lock(root / _WORKSHOP / "lock", wait=wait, held=held))
                store._recover()
            yield store

    def path(self, table: str) -> Path:
        return self.root / table / f"{table}.parquet"

    def read(self, table: str, columns: list[str] | None = None) -> pa.Table:
        """A table as it stands now, in today's schema; empty where there is none yet."""
        schema = BY_NAME[table].arrow
        if columns is not None:
            schema = pa.schema([schema.field(name) for name in columns])
        return read_table(self.path(table), schema)

    def part_of(self, table: str, documents: Collection[str]) -> pa.Table:
        """The rows of some documents as they stand."""
        stored = self.read(table)
        return stored.filter(_among(stored, documents))

    def rows_of(self, table: str, documents: Collection[str], columns: list[str]) -> list[dict[str, Any]]:
        """The rows of some documents, in the order of the table."""
        stored = self.read(table, columns)
        rows: list[dict[str, Any]] = stored.filter(_among(stored, documents)).to_pylist()
        return rows

    def commit(self, change: Change) -> None:
        """Makes a change visible, each table in one step and `documents` after all that belongs to a document."""
        if not change:
            return
        with plain_errors(self.root):
            self._finish()
            self._publish(self._changed(change))

    def _changed(self, change: Change) -> Iterator[tuple[str, pa.Table]]:
        """The new tables one after the other, so that only one large one is in memory at a time."""
        replaced = pa.array([r.document_id for r in change.readings], pa.string())

        def replacing(table: TableSchema) -> pa.Table:
            added = rows_together(change.readings, table.name)
            return _without(self.read(table.name), "document_id", replaced, added)

        kept: dict[str, pa.Table] = {}
        for table in CHILDREN:
            if table is not FINDINGS:
                fresh = replacing(table)
                if table.name in _LOOKED_AT:
                    kept[table.name] = fresh.select(_LOOKED_AT[table.name])
                yield table.name, fresh
        documents = _moved(self._first_seen(replacing(DOCUMENTS)), change.places, change.at or datetime.now(UTC))
        documents = with_versions(documents, kept["tasks"], {*change.places, *replaced.to_pylist()})
        if change.judgement:
            documents = _judged_by(documents, change.judgement)
        yield "documents", documents
        cited = kept["citations"]
        findings = self._between_documents(replacing(FINDINGS), documents, cited)
        yield "findings", _judged(findings, change.judgement) if change.judgement else findings
        again = pa.array(sorted(change.cleared | {f["source_uri"] for f in change.failures}), pa.string())
        failed = arrow_table("failures", [dict(row) for row in change.failures])
        yield "failures", _without(self.read("failures"), "source_uri", again, failed)

    def _first_seen(self, documents: pa.Table) -> pa.Table:
        """Documents that were stored before keep the moment when they were first taken in, and their versions."""
        stored = self.read("documents", ["document_id", "ingested_at", "superseded_by", "source_removed_at"])
        before = pc.index_in(documents.column("document_id"), value_set=stored.column("document_id"))
        for name in ("ingested_at", "superseded_by", "source_removed_at"):
            documents = _set(documents, name, pc.coalesce(stored.column(name).take(before), documents.column(name)))
        return documents

    def _between_documents(self, findings: pa.Table, documents: pa.Table, cited: pa.Table) -> pa.Table:
        """Findings that need more than one document are worked out anew over the whole store."""
        if self._between is None:
            return findings
        own = findings.filter(pc.invert(pc.is_in(findings.column("rule"), value_set=_BETWEEN_DOCUMENTS)))
        ids, places = (documents.column(name).to_pylist() for name in ("document_id", "source_uri"))
        names = {one: place.rsplit("/", 1)[-1] for one, place in zip(ids, places, strict=True)}
        stands = pc.and_(*(pc.is_null(documents.column(name)) for name in ("superseded_by", "source_removed_at")))
        standing = documents.column("document_id").filter(stands)
        known = cited.filter(pc.is_in(cited.column("document_id"), value_set=standing))
        rows: list[dict[str, Any]] = []
        if self._between.duplicate:
            rows += duplicates.duplicate_findings(documents, self._between.duplicate)
        if self._between.dated_elsewhere:
            rows += conflicts.conflict_findings(known, names, self._between.dated_elsewhere)
        return pa.concat_tables([own, arrow_table("findings", rows)])

    def _finish(self) -> None:
        """Ends a commit whose journal stands: all its new files are complete, some may be in place already."""
        if self._journal.exists():
            self._flip(json.loads(self._journal.read_text(encoding="utf-8")))

    def _recover(self) -> None:
        self._finish()
        shutil.rmtree(self._staging, ignore_errors=True)
        missing = [t.name for t in TABLES if not self.path(t.name).exists()]
        if missing:
            documents = self.read("documents")
            if documents.num_rows:  # someone took away a table: its documents have to be read again
                documents = _set(documents, "pipeline_version", pa.array([""] * documents.num_rows))
            self._publish([("documents", documents), *((t, BY_NAME[t].arrow.empty_table()) for t in missing)])
        self._sweep()

    def _sweep(self) -> None:
        """Drops rows of documents that are not in `documents`: their file changed and the old reading was replaced."""
        known = self.read("documents", ["document_id"]).column("document_id")

        def orphans(table: str) -> pa.ChunkedArray:
            owners = self.read(table, ["document_id"]).column("document_id")
            return pc.invert(pc.is_in(owners, value_set=known))

        swept = [t.name for t in CHILDREN if pc.any(orphans(t.name)).as_py()]
        self._publish((name, self.read(name).filter(pc.invert(orphans(name)))) for name in swept)

    def _publish(self, fresh: Iterable[tuple[str, pa.Table]]) -> None:
        """Stages the tables that differ from what stands, notes that they are complete, and renames them into place."""
        shutil.rmtree(self._staging, ignore_errors=True)
        self._staging.mkdir(parents=True)
        staged = {name for name, table in fresh if self._stage(name, sort(name, table))}
        if not staged:
            return
        in_order = [t.name for t in TABLES if t.name in staged]
        write_synced(self._journal.with_suffix(".new"), json.dumps(in_order).encode())
        sync_folder(self._staging)
        os.replace(self._journal.with_suffix(".new"), self._journal)
        sync_folder(self._journal.parent)
        self._flip(in_order)

    def _stage(self, name: str, fresh: pa.Table) -> bool:
        """Writes a new table aside; False where just this already stands."""
        if self.path(name).exists():
            with pq.ParquetFile(self.path(name)) as stands:
                same_schema = stands.schema_arrow.equals(BY_NAME[name].arrow, check_metadata=True)
                maybe = same_schema and stands.metadata.num_rows == fresh.num_rows
            if maybe and self.read(name).equals(fresh):
                return False
        write_table(self._staging / name, fresh)
        return True

    def _flip(self, tables: Iterable[str]) -> None:
        """Renames staged tables into place in the journal's order; what is no longer staged already stands."""
        for name in tables:
            target = self.path(name)
            target.parent.mkdir(exist_ok=True)
            if (self._staging / name).exists():
                rename(self._staging / name, target)
                sync_folder(target.parent)
        self._journal.unlink()
        sync_folder(self._journal.parent)


def _without(old: pa.Table, column: str, values: pa.Array, added: pa.Table) -> pa.Table:
    """The rows of `old` whose `column` is none of `values`, and the added rows."""
    kept = old.filter(pc.invert(pc.is_in(old.column(column), value_set=values))) if len(values) else old
    return pa.concat_tables([kept, added])


def _moved(documents: pa.Table, places: Mapping[str, tuple[str, ...]], now: datetime) -> pa.Table:
    """Documents with new addresses; one without any keeps its last and is marked as removed."""
    stands = documents.filter(_among(documents, places)).select(
        ["document_id", "source_uri", "copies", "source_removed_at"]
    )
    wrong = [row["document_id"] for row in stands.to_pylist() if not _lies_at(row, sorted(places[row["document_id"]]))]
    if not wrong:  # new documents come with their addresses
        return documents
    touched = _among(documents, wrong)
    rows = []
    for row in documents.filter(touched).to_pylist():
        if addresses := sorted(places[row["document_id"]], key=_before_its_copies):
            rows.append(row | {"source_uri": addresses[0], "copies": addresses[1:], "source_removed_at": None})
        else:
            rows.append(row | {"copies": [], "source_removed_at": row["source_removed_at"] or now})
    return pa.concat_tables([documents.filter(pc.invert(touched)), arrow_table("documents", rows)])


def _before_its_copies(uri: str) -> tuple[bool, str]:
    """A document is called by a file rather than by a copy of it in an archive."""
    return "!/" in uri, uri


def _lies_at(row: Mapping[str, Any], addresses: list[str]) -> bool:
    return row["source_removed_at"] is None and [row["source_uri"], *row["copies"]] == addresses


def _set(table: pa.Table, column: str, values: pa.Array) -> pa.Table:
    position = table.schema.get_field_index(column)
    return table.set_column(position, table.schema.field(position), values)


def _among(table: pa.Table, documents: Collection[str]) -> pa.ChunkedArray:
    return pc.is_in(table.column("document_id"), value_set=pa.array(sorted(documents), pa.string()))


def _judged_by(documents: pa.Table, judgement: Judgement) -> pa.Table:
    day = pa.scalar(judgement.as_of, pa.date32())
    return _set(documents, "as_of", pc.if_else(_among(documents, judgement.documents), day, documents.column("as_of")))


def _judged(findings: pa.Table, judgement: Judgement) -> pa.Table:
    former = pc.and_(_among(findings, judgement.documents), pc.equal(findings.column("rule"), judgement.rule))
    again = arrow_table("findings", [dict(row) for row in judgement.findings])
    return pa.concat_tables([findings.filter(pc.invert(former)), again])
