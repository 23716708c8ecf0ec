"""Many files into the store: what is known is left, the rest is read in worker processes and committed in good time."""

import hashlib
import os
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path

from extractors.document import Place
from extractors.errors import Reason, SourceError
from pipeline.check import RULES
from pipeline.check.rule import Hit, day
from pipeline.exits import ExitCode
from pipeline.judge import judge
from pipeline.plan import Finding
from pipeline.pool import Death, Limits, Pool
from pipeline.run import Failure, Job
from pipeline.sources import FoundFile, discover, examine, read_source
from pipeline.store.arrow import Reading
from pipeline.store.catalogue import Catalogue, KnownContent
from pipeline.store.parquet import BetweenDocuments, Change, Store
from pipeline.version import pipeline_version

LARGEST_FILE = 256 << 20
_COMMIT_SECONDS = 5.0  # the least time between two commits
_COMMIT_SHARE = 20.0  # a commit may take a twentieth of the time, however large the store has grown

# The file itself is at fault: trying again with the same code would only fail again.
_LASTING = frozenset(
    {Reason.EMPTY, Reason.UNKNOWN_FORMAT, Reason.UNSUPPORTED_FORMAT, Reason.ENCRYPTED, Reason.DAMAGED, Reason.NO_TEXT}
)


@dataclass(frozen=True, slots=True)
class Step:
    """A file is done: progress for whoever watches."""

    done: int
    total: int
    uri: str
    failure: Failure | None = None


@dataclass(frozen=True, slots=True)
class Summary:
    """What a run did, and what the store now says about the files it was given."""

    out: Path
    files: int = 0
    read: int = 0
    known: int = 0
    copies: int = 0
    tasks: int = 0
    without_task_table: int = 0
    failures: tuple[Failure, ...] = ()
    findings: Mapping[tuple[str, str], int] = field(default_factory=dict)  # (severity, rule) -> count
    seconds: float = 0.0
    documents: frozenset[str] = frozenset()  # the document_ids that the run met
    example: str | None = None  # the address of a document with tasks, to look at first
    log: Path | None = None

    @property
    def bugs(self) -> int:
        return sum(failure.reason is Reason.INTERNAL_ERROR for failure in self.failures)

    @property
    def exit_code(self) -> ExitCode:
        if self.bugs:
            return ExitCode.BUG
        return ExitCode.SOME_FAILED if self.failures else ExitCode.OK


def ingest(
    paths: Iterable[str | os.PathLike[str]],
    out: Path,
    *,
    workers: int | None = None,
    as_of: date | None = None,
    reparse: bool = False,
    limits: Limits | None = None,
    progress: Callable[[Step], None] | None = None,
    commit_seconds: float = _COMMIT_SECONDS,
    prose_tasks: bool = False,
    target: str = "pipeline.run:read_file",
) -> Summary:
    """Reads files and folders into the Parquet tables under `out`; what is known already is not read again.

    Args:
        as_of: the day by which overdue tasks are judged; without it none are. Never today by itself.
        reparse: read known files again too.
        prose_tasks: add the assignments in the prose of documents that have a task table.
        target: what a worker runs for each job; another one serves tests of the batch itself.

    Raises:
        FileNotFoundError: a path does not exist.
        SurroundingsError: the store is locked or cannot be written, workers do not start.
        VocabularyError: our vocabulary contradicts itself; nothing was read.
    """
    started = time.monotonic()
    files = discover(paths, leave_out=out)
    with Store.writing(out, BetweenDocuments(_duplicate, _dated_elsewhere)) as store:
        asked = Asked(as_of, reparse, prose_tasks)
        batch = _Batch(store, Catalogue.of(store), asked, progress or _unwatched, commit_seconds)
        jobs = batch.sort_out(tuple(examine(files, largest=LARGEST_FILE)))
        pool = Pool(target, min(workers or len(os.sched_getaffinity(0)), len(jobs)), limits)
        try:
            for job, result in pool.run(jobs):
                batch.take(job, result)
        finally:
            batch.commit()
        batch.judge()
        return batch.summary(time.monotonic() - started)


def _duplicate(other: str) -> Finding:
    return RULES["document.duplicate"].finding(Hit(other))


def _dated_elsewhere(text: str, own: date, other: date, file: str, page: int | None) -> Finding:
    values = {"date": day(own), "other": day(other), "file": file}
    return RULES["citation.dated_elsewhere"].finding(Hit(text, place=Place(page), values=values))


def _unwatched(_step: Step) -> None:
    """Nobody watches."""


@dataclass(frozen=True, slots=True)
class Asked:
    """How the files of a run are to be read."""

    as_of: date | None = None
    reparse: bool = False
    prose_tasks: bool = False

    @property
    def version(self) -> str:
        """What known documents are compared with: another setting gives other tasks, so it reads them again."""
        return pipeline_version() + ("+prose" if self.prose_tasks else "")


class _Batch:
    """One run over many files: what is known is left, what is read is committed in good time."""

    def __init__(
        self,
        store: Store,
        catalogue: Catalogue,
        asked: Asked,
        progress: Callable[[Step], None],
        commit_seconds: float,
    ) -> None:
        self._store = store
        self._catalogue = catalogue
        self._asked = asked
        self._progress = progress
        self._pause = self._least_pause = commit_seconds
        self._committed = time.monotonic()
        self._now = datetime.now(UTC)
        self._total = self._done = self._read = self._known = self._copies = 0
        self._documents: set[str] = set()
        self._judge: set[str] = set()  # known documents whose overdue tasks are to be told by another day
        self._failures: list[Failure] = []

    def sort_out(self, files: Sequence[FoundFile]) -> list[Job]:
        """Settles what is known or cannot be taken; gives one job for each content that must be read."""
        self._total = len(files)
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
            elif lasting := self._known_failure(file):
                self._fail(lasting)
            else:
                unread[file.sha256].append(file)
        return [
            Job(
                same[0].path,
                tuple(f.uri for f in same),
                self._asked.as_of,
                self._now,
                self._asked.version,
                self._asked.prose_tasks,
                same[0].steps,
            )
            for same in unread.values()
        ]

    def take(self, job: Job, result: Reading | Failure | Death) -> None:
        """Notes the result of a job, and commits when it is time."""
        if isinstance(result, Reading):
            known = KnownContent(result.document_id, self._asked.version, self._asked.as_of)
            self._catalogue.read(result, job.places, known)
            self._documents.add(result.document_id)
            self._read += 1
            self._copies += len(job.places) - 1
            for uri in job.places:
                self._step(uri)
        else:
            if isinstance(result, Death):
                result = self._obituary(job, result)
            for uri in job.places:
                self._fail(Failure(uri, result.sha256, result.reason, result.message))
        if self._catalogue.waiting and time.monotonic() - self._committed >= self._pause:
            self.commit()

    def commit(self) -> None:
        """Stores what is waiting; the pause to the next commit grows with what this one took."""
        begun = time.monotonic()
        self._store.commit(self._catalogue.take())
        self._committed = time.monotonic()
        self._pause = max(self._least_pause, _COMMIT_SHARE * (self._committed - begun))

    def judge(self) -> None:
        """Tells by the day asked for what is overdue in documents that were not read now."""
        if self._asked.as_of and self._judge:
            self._store.commit(Change(judgement=judge(self._store, self._judge, self._asked.as_of)))

    def summary(self, seconds: float) -> Summary:
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
            seconds=seconds,
            documents=frozenset(self._documents),
            example=min((row["source_uri"] for row in met if row["task_count"]), default=None),
            log=self._store.log_path if self._store.log_path.exists() else None,
        )

    def _current(self, known: KnownContent) -> bool:
        """Known, and read by this very code."""
        return not self._asked.reparse and known.pipeline_version == self._asked.version

    def _known_failure(self, file: FoundFile) -> Failure | None:
        row = self._catalogue.failures.get(file.uri)
        if self._asked.reparse or row is None or row["sha256"] != file.sha256 or row["reason"] not in _LASTING:
            return None
        if row["pipeline_version"] != self._asked.version:
            return None
        return Failure(file.uri, file.sha256, Reason(row["reason"]), row["message"])

    def _fail(self, failure: Failure) -> None:
        self._failures.append(failure)
        self._catalogue.failed(
            {
                "source_uri": failure.source_uri,
                "sha256": failure.sha256,
                "reason": failure.reason.value,
                "message": failure.message,
                "failed_at": self._now,
                "pipeline_version": self._asked.version,
            }
        )
        self._step(failure.source_uri, failure)

    def _step(self, uri: str, failure: Failure | None = None) -> None:
        self._done += 1
        self._progress(Step(self._done, self._total, uri, failure))

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
