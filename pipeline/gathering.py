"""One run over many files: what is known is left, what is read is committed in good time."""

import hashlib
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime

from extractors.errors import Reason, SourceError
from pipeline.intake import Intake
from pipeline.interrupts import check, held
from pipeline.judge import judge
from pipeline.ledger.files import LASTING, FileBook
from pipeline.outcome import Step, Summary
from pipeline.plan import Correction, document_id_of
from pipeline.pool import Death
from pipeline.read.correct import in_force
from pipeline.run import Failure, Job
from pipeline.runlog import RunLog
from pipeline.sources import FoundFile, read_source
from pipeline.store.arrow import Reading
from pipeline.store.catalogue import Catalogue, KnownContent
from pipeline.store.changes import RowChange, compare
from pipeline.store.parquet import Change, Store
from pipeline.version import pipeline_version

_COMMIT_SHARE = 20.0  # a commit may take a twentieth of the time, however large the store has grown


@dataclass(frozen=True, slots=True)
class Asked:
    """How the files of a run are to be read."""

    as_of: date | None = None
    reparse: bool = False
    prose_tasks: bool = False
    rules_off: frozenset[str] = frozenset()
    retry: bool = False

    @property
    def version(self) -> str:
        """What known documents are compared with: another setting gives other rows, so it reads them again."""
        off = hashlib.sha256(",".join(sorted(self.rules_off)).encode()).hexdigest()[:6]
        return pipeline_version() + ("+prose" if self.prose_tasks else "") + (f"+off.{off}" if self.rules_off else "")


@dataclass(frozen=True, slots=True)
class Known:
    """What is known before the run: the tables, their index, and the ledger's pages on files."""

    store: Store
    catalogue: Catalogue
    book: FileBook
    corrections: Mapping[str, tuple[Correction, ...]]  # by document_id


@dataclass(frozen=True, slots=True)
class Told:
    """Who is told what while the run goes on."""

    progress: Callable[[Step], None]
    on_change: Callable[[RowChange], None] | None
    log: RunLog
    on_commit: Callable[[], None]


@dataclass(slots=True)
class _Notes:
    """For the ledger, once the change stands that they go with; of a commit that failed, nothing is noted."""

    tried: list[tuple[Failure, bool]] = field(default_factory=list)  # whether the code is new to the file
    settled: list[str] = field(default_factory=list)
    stored: list[str] = field(default_factory=list)


def _behind(known: Known) -> frozenset[str]:
    """Documents whose rows do not have the corrections that hold now: made or undone while the store was locked."""
    numbers: defaultdict[str, set[int]] = defaultdict(set)
    for row in known.store.read("corrections", ["document_id", "number"]).to_pylist():
        numbers[row["document_id"]].add(row["number"])
    hold = {document_id: {c.number for c in in_force(own)} for document_id, own in known.corrections.items()}
    return frozenset(name for name in {*numbers, *hold} if numbers.get(name, set()) != hold.get(name, set()))


class Batch:
    """The state of a run between its first file and its last commit."""

    def __init__(
        self, known: Known, asked: Asked, told: Told, clock: Callable[[], datetime], commit_seconds: float
    ) -> None:
        self._store, self._catalogue, self._book = known.store, known.catalogue, known.book
        self._corrections = known.corrections
        self._behind = _behind(known)
        self._asked = asked
        self._version = asked.version
        self._told = told
        self._pause = self._least_pause = commit_seconds
        self._committed = time.monotonic()
        self._what_time = clock
        self._now = clock()
        self._total = self._done = self._read = self._known = self._copies = self._removed = 0
        self._superseded = self._versions()
        self._documents: set[str] = set()
        self._judge: set[str] = set()  # known documents whose overdue tasks are to be told by another day
        self._failures: list[Failure] = []
        self._notes = _Notes()
        self._waiting: list[str] = []
        self._warnings: tuple[str, ...] = ()
        self._changed = Counter[tuple[str, str]]()
        self._stages: dict[str, float] = {}

    @contextmanager
    def clock(self, stage: str) -> Iterator[None]:
        """Adds the seconds of the block to a stage."""
        begun = time.monotonic()
        try:
            yield
        finally:
            self._stages[stage] = self._stages.get(stage, 0.0) + time.monotonic() - begun

    def sort_out(self, intake: Intake) -> list[Job]:
        """Scans, settles what is known or cannot be taken; gives one job for each content to read, large ones first."""
        with self.clock("scan"):
            known = {*self._catalogue.addresses, *self._catalogue.failures}
            haul = intake.scan(self._book, known, self._catalogue.contents, self._now)
        self._warnings = haul.warnings
        self._waiting.extend(haul.waiting)
        self._catalogue.gone(haul.gone)
        self._removed = len(haul.gone)
        self._total = len(haul.files)
        unread = self._unread(haul.files)
        self._told.log.note("found", files=self._total, unread=len(unread), seconds=self._seconds("scan"))
        for stage, uris in (("waiting", haul.waiting), ("gone", haul.gone)):
            for uri in uris:
                self._told.log.note(stage, uri=uri)
        return self._jobs(unread)

    def _unread(self, files: Sequence[FoundFile]) -> dict[str, list[FoundFile]]:
        """The files to read, by their content."""
        unread: defaultdict[str, list[FoundFile]] = defaultdict(list)
        for file in files:
            if file.archive:
                self._catalogue.settled(file.archive)
            if file.reason:
                self._fail(Failure(file.uri, "", file.reason, file.message))
            elif (known := self._catalogue.contents.get(file.sha256)) and self._current(known):
                self._catalogue.seen(file.uri, known.document_id)
                self._documents.add(known.document_id)
                self._known += 1
                if self._asked.as_of not in (None, known.as_of):
                    self._judge.add(known.document_id)
                self._step(file.uri)
            elif former := self._known_failure(file):
                self._fail(former, tried=False)
            else:
                unread[file.sha256].append(file)
        return unread

    def _jobs(self, unread: Mapping[str, Sequence[FoundFile]]) -> list[Job]:
        first_seen = self._book.first_seen(unread.keys(), self._now)
        jobs = [
            Job(
                same[0].path,
                tuple(file.uri for file in same),
                self._day_of(sha256),
                first_seen[sha256],
                self._version,
                self._asked.prose_tasks,
                same[0].steps,
                sha256,
                same[0].stamp.size if same[0].stamp else 0,
                self._asked.rules_off,
                self._corrections.get(document_id_of(sha256), ()),
            )
            for sha256, same in unread.items()
        ]
        return sorted(jobs, key=lambda job: -job.size)

    def _day_of(self, sha256: str) -> date | None:
        """The day that was asked for, else the one by which this content was judged before.

        A run by hand that reads known documents again must not take away what the nightly run has found overdue.
        """
        known = self._catalogue.contents.get(sha256)
        return self._asked.as_of or (known.as_of if known else None)

    def take(self, job: Job, result: Reading | Failure | Death) -> None:
        """Notes the result of a job, and commits when it is time."""
        check()
        if isinstance(result, Death):
            result = self._obituary(job, result)
        if result.sha256 not in ("", job.sha256):  # it was written to after it was hashed
            self._leave(job)
        elif isinstance(result, Reading):
            known = KnownContent(result.document_id, self._version, job.as_of)
            self._catalogue.read(result, job.places, known)
            self._documents.add(result.document_id)
            self._read += 1
            self._copies += len(job.places) - 1
            self._notes.settled += job.places
            self._notes.stored.append(job.sha256)
            for stage, seconds in result.seconds.items():
                self._stages[stage] = self._stages.get(stage, 0.0) + seconds
            spent = {stage: round(seconds, 4) for stage, seconds in result.seconds.items()}
            for uri in job.places:
                self._told.log.note("read", uri=uri, document_id=result.document_id, seconds=spent)
                self._step(uri)
        else:
            for uri in job.places:
                self._fail(Failure(uri, result.sha256, result.reason, result.message))
        if self._catalogue.waiting and time.monotonic() - self._committed >= self._pause:
            self.commit()

    def commit(self) -> None:
        """Stores what is waiting, whole; the pause to the next commit grows with what this one took."""
        begun = time.monotonic()
        with self.clock("store"):
            with held():
                change, notes, self._notes = self._catalogue.take(), self._notes, _Notes()
                self._compare(change.readings)
                self._store.commit(change)
                self._note(notes)
            self._told.on_commit()
        self._committed = time.monotonic()
        self._pause = max(self._least_pause, _COMMIT_SHARE * (self._committed - begun))
        if change:
            self._told.log.note("stored", documents=len(change.readings), seconds=round(self._committed - begun, 3))

    def judge(self) -> None:
        """Tells by the day asked for what is overdue in documents that were not read now."""
        if self._asked.as_of and self._judge and "deadline.overdue" not in self._asked.rules_off:
            with self.clock("judge"):
                self._store.commit(Change(judgement=judge(self._store, self._judge, self._asked.as_of)))

    def summary(self) -> Summary:
        """Counts over all documents that the run met, read now or known before."""
        columns = ["document_id", "source_uri", "task_count", "has_task_table"]
        stored = self._store.read("documents", columns).to_pylist()
        met = [row for row in stored if row["document_id"] in self._documents]
        return Summary(
            out=self._store.root,
            files=self._total,
            read=self._read,
            known=self._known,
            copies=self._copies,
            tasks=sum(row["task_count"] for row in met),
            without_task_table=sum(not row["has_task_table"] for row in met),
            failures=tuple(sorted(self._failures, key=lambda failure: failure.source_uri)),
            findings=_finding_counts(self._store, self._documents),
            documents=frozenset(self._documents),
            example=min((row["source_uri"] for row in met if row["task_count"]), default=None),
            log=self._store.log_path if self._store.log_path.exists() else None,
            waiting=tuple(sorted(self._waiting)),
            removed=self._removed,
            superseded=len(self._versions() - self._superseded),
            changed=dict(self._changed),
            warnings=self._warnings,
            stages={stage: round(seconds, 3) for stage, seconds in self._stages.items()},
        )

    def _compare(self, readings: Sequence[Reading]) -> None:
        """Tells and counts the rows that reading known documents anew has changed."""
        again = {reading.document_id for reading in readings} & self._catalogue.stored
        if not again:
            return
        anew = [reading for reading in readings if reading.document_id in again]
        for change in compare(lambda table: self._store.part_of(table, again), anew):
            self._changed[change.table, change.kind] += 1
            if self._told.on_change:
                self._told.on_change(change)

    def _note(self, notes: _Notes) -> None:
        """Brings the ledger to what the tables hold now."""
        now = self._what_time()
        for failure, anew in notes.tried:
            self._book.fail((failure.source_uri,), failure.reason, failure.message, now, anew=anew)
        self._book.settle(notes.settled, now)
        self._book.stored(notes.stored)

    def _current(self, known: KnownContent) -> bool:
        """Known, and read by this very code with all that people corrected since."""
        same_code = known.pipeline_version == self._version
        return same_code and not self._asked.reparse and known.document_id not in self._behind

    def _known_failure(self, file: FoundFile) -> Failure | None:
        """What the file failed with before, where another try would only fail again or is not due yet."""
        row = self._catalogue.failures.get(file.uri)
        if self._asked.reparse or self._asked.retry or row is None or row["sha256"] != file.sha256:
            return None
        if row["pipeline_version"] != self._version:
            return None
        if row["reason"] not in LASTING and self._book.is_due(file.uri, self._now):
            return None
        return Failure(file.uri, file.sha256, Reason(row["reason"]), row["message"])

    def _leave(self, job: Job) -> None:
        self._book.wait(job.places, self._now)
        self._waiting += job.places
        for uri in job.places:
            self._told.log.note("waiting", uri=uri)
            self._step(uri)

    def _fail(self, failure: Failure, *, tried: bool = True) -> None:
        self._failures.append(failure)
        former = self._catalogue.failures.get(failure.source_uri)
        if tried:
            anew = former is not None and former["pipeline_version"] != self._version
            self._notes.tried.append((failure, anew))
        self._catalogue.failed(
            {
                "source_uri": failure.source_uri,
                "sha256": failure.sha256,
                "reason": failure.reason.value,
                "message": failure.message,
                "failed_at": self._now,
                "pipeline_version": self._version,
            }
        )
        self._step(failure.source_uri, failure)

    def _step(self, uri: str, failure: Failure | None = None) -> None:
        self._done += 1
        if failure:
            self._told.log.note("failed", uri=uri, reason=failure.reason.value)
        self._told.progress(Step(self._done, self._total, uri, failure))

    def _seconds(self, stage: str) -> float:
        return round(self._stages[stage], 3)

    def _versions(self) -> set[str]:
        """Documents that a newer version has taken the place of."""
        columns = self._store.read("documents", ["document_id", "superseded_by"]).to_pydict()
        return {name for name, newer in zip(*columns.values(), strict=True) if newer}

    def _obituary(self, job: Job, death: Death) -> Failure:
        """The failure of a file whose worker died; what the worker wrote goes to the log only."""
        with open(self._store.log_path, "a", encoding="utf-8") as log:
            log.write(f"{datetime.now(UTC).isoformat('T', 'seconds')} {death.reason} {job.places[0]!r}\n{death.log}\n")
        return Failure(job.places[0], _sha256(job), death.reason, _DEATHS[death.reason])


_DEATHS = {
    Reason.TIMEOUT: "Đọc tệp quá thời gian cho phép. / Reading the file took longer than the time limit.",
    Reason.OUT_OF_MEMORY: "Đọc tệp cần quá nhiều bộ nhớ. / Reading the file needs more memory than allowed.",
    Reason.CRASHED: "Chương trình đọc tệp bị dừng đột ngột. / The reading process crashed on this file.",
    Reason.INTERNAL_ERROR: (
        "Lỗi của chương trình khi đọc tệp, không phải lỗi của tệp; xem nhật ký."
        " / A bug in kehoach, not a fault of the file; see the log."
    ),
}


def _sha256(job: Job) -> str:
    try:
        return hashlib.sha256(read_source(job.path, job.steps)).hexdigest()
    except (OSError, SourceError):
        return ""


def _finding_counts(store: Store, documents: set[str]) -> dict[tuple[str, str], int]:
    columns = store.read("findings", ["document_id", "severity", "rule"]).to_pydict()
    rows = zip(*columns.values(), strict=True)
    return dict(Counter((severity, rule) for document, severity, rule in rows if document in documents))
