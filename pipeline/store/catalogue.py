"""What the store already knows, and what a run adds to it until the next commit."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from pipeline.store.arrow import Reading
from pipeline.store.parquet import Change, Store


@dataclass(frozen=True, slots=True)
class KnownContent:
    """A stored document: how it was read, and by which day its overdue tasks were judged."""

    document_id: str
    pipeline_version: str
    as_of: date | None


@dataclass(slots=True)
class Catalogue:
    """An index of the store in memory, kept in step with the changes that the run will commit.

    A content keeps every place where it was seen; a place belongs to the content that was last read from it. So a
    changed file takes its place from its old content, and a content without any place is marked as removed.
    """

    now: datetime

    contents: dict[str, KnownContent] = field(default_factory=dict)  # by SHA-256
    failures: dict[str, Mapping[str, Any]] = field(default_factory=dict)  # by source_uri
    stored: set[str] = field(default_factory=set)  # document_ids that stood in the tables when the run began
    _owner: dict[str, str] = field(default_factory=dict)  # source_uri -> document_id
    _places: dict[str, set[str]] = field(default_factory=dict)  # document_id -> source_uris
    _readings: dict[str, Reading] = field(default_factory=dict)
    _moved: set[str] = field(default_factory=set)
    _failed: dict[str, Mapping[str, Any]] = field(default_factory=dict)
    _cleared: set[str] = field(default_factory=set)

    @classmethod
    def of(cls, store: Store, now: datetime) -> "Catalogue":
        """Reads the index from the store's own tables; `now` is the moment at which sources are found gone."""
        catalogue = cls(now)
        columns = ["document_id", "sha256", "source_uri", "copies", "pipeline_version", "as_of", "source_removed_at"]
        for row in store.read("documents", columns).to_pylist():
            known = KnownContent(row["document_id"], row["pipeline_version"], row["as_of"])
            catalogue.contents[row["sha256"]] = known
            catalogue.stored.add(known.document_id)
            there = row["source_removed_at"] is None
            catalogue._places[known.document_id] = {row["source_uri"], *row["copies"]} if there else set()
            catalogue._owner.update(dict.fromkeys(catalogue._places[known.document_id], known.document_id))
        catalogue.failures.update((row["source_uri"], row) for row in store.read("failures").to_pylist())
        return catalogue

    @property
    def waiting(self) -> int:
        """Readings and failures that the next commit will store."""
        return len(self._readings) + len(self._failed)

    def read(self, reading: Reading, uris: Iterable[str], known: KnownContent) -> None:
        """A content was read; it was found at these places."""
        self.contents[reading.sha256] = known
        self._readings[reading.document_id] = reading
        self._moved.add(reading.document_id)
        for uri in uris:
            self.seen(uri, reading.document_id)

    def seen(self, uri: str, document_id: str) -> None:
        """A readable content was found at a place: the place's former content and failure no longer hold."""
        former = self._owner.get(uri)
        if former != document_id:
            if former is not None:
                self._places[former].discard(uri)
                self._moved.add(former)
            self._owner[uri] = document_id
            self._places.setdefault(document_id, set()).add(uri)
            self._moved.add(document_id)
        self.settled(uri)

    @property
    def addresses(self) -> Collection[str]:
        """Every place that holds a stored content."""
        return self._owner.keys()

    def gone(self, uris: Iterable[str]) -> None:
        """Places that are no more: their content's rows stay, their failures do not."""
        for uri in uris:
            owner = self._owner.pop(uri, None)
            if owner is not None:
                self._places[owner].discard(uri)
                self._moved.add(owner)
            self.settled(uri)

    def settled(self, uri: str) -> None:
        """What a place failed with in a former run holds no longer."""
        if self.failures.pop(uri, None) is not None:
            self._cleared.add(uri)
            self._failed.pop(uri, None)

    def failed(self, row: Mapping[str, Any]) -> None:
        """A file failed. The last good reading of its place stays; an equal failure keeps its first moment."""
        uri = row["source_uri"]
        former = self.failures.get(uri)
        if former is not None and all(former[name] == row[name] for name in ("sha256", "reason", "message")):
            row = {**row, "failed_at": former["failed_at"]}
        if row != former:
            self.failures[uri] = self._failed[uri] = row

    def take(self) -> Change:
        """The change since the last time; the caller commits it."""
        places = {document_id: tuple(sorted(self._places[document_id])) for document_id in self._moved}
        change = Change(
            readings=tuple(reading for _, reading in sorted(self._readings.items())),
            places=places,
            at=self.now,
            failures=tuple(self._failed.values()),
            cleared=frozenset(self._cleared),
        )
        self._readings, self._moved, self._failed, self._cleared = {}, set(), {}, set()
        return change
