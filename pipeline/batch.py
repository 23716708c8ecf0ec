"""Many files into the store: the order of a run, from the scan of its sources to the last commit."""

import os
import time
from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager, suppress
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import Protocol

from extractors.document import Place
from extractors.errors import SurroundingsError
from pipeline.check import RULES
from pipeline.check.rule import Hit, day
from pipeline.clock import utc_now
from pipeline.gathering import Asked, Batch, Known, Told
from pipeline.intake import Intake
from pipeline.ledger.corrections import all_corrections
from pipeline.ledger.database import open_ledger
from pipeline.ledger.files import FileBook
from pipeline.ledger.runs import recorded
from pipeline.outcome import Step, Summary
from pipeline.plan import Finding
from pipeline.pool import Death, Limits, Pool
from pipeline.remote import plain_path
from pipeline.run import Failure, Job
from pipeline.runlog import run_log
from pipeline.settings import SettingsError
from pipeline.sources import is_there, lies_under, source_uri
from pipeline.store.arrow import Reading
from pipeline.store.catalogue import Catalogue
from pipeline.store.changes import RowChange
from pipeline.store.parquet import BetweenDocuments, Store
from pipeline.store.table_file import StoreError

__all__ = ["Copy", "Step", "Summary", "Workers", "ingest", "utc_now"]

LARGEST_FILE = 256 << 20
_COMMIT_SECONDS = 20.0  # the least time between two commits: what a crash may cost
_NO_RULE = "Không có loại phát hiện {codes} (rules_off). / rules_off names unknown findings: {codes}."


class Workers(Protocol):
    """Whoever runs jobs: our own processes, or those of a cluster."""

    def run(self, jobs: Iterable[Job]) -> Iterator[tuple[Job, Reading | Failure | Death]]:
        """Each job with its result, as soon as it is there."""


class Copy(Protocol):
    """A copy of the tables elsewhere."""

    def follow(self) -> None:
        """After a commit: brings the copy up to date if it can; trouble waits for the next time."""

    def finish(self) -> None:
        """At the end of a run: brings the copy up to date, and raises a SurroundingsError where it cannot."""


def ingest(
    paths: Iterable[str | os.PathLike[str]],
    out: Path,
    *,
    workers: int | None = None,
    as_of: date | None = None,
    reparse: bool = False,
    retry: bool = False,
    limits: Limits | None = None,
    progress: Callable[[Step], None] | None = None,
    commit_seconds: float = _COMMIT_SECONDS,
    prose_tasks: bool = False,
    rules_off: Collection[str] = (),
    state: Path | None = None,
    stable_seconds: float = 0.0,
    accept_empty: bool = False,
    wait: float = 0.0,
    held: Callable[[str], None] | None = None,
    log_json: bool = False,
    on_change: Callable[[RowChange], None] | None = None,
    target: str = "pipeline.run:read_file",
    processes: Callable[[int], Workers] | None = None,
    copy: Copy | None = None,
    clock: Callable[[], datetime] = utc_now,
) -> Summary:
    """Reads files and folders into the Parquet tables under `out`; what is known already is not read again.

    Args:
        as_of: the day by which overdue tasks are judged; without it none are. Never today by itself.
        reparse: read known files again too.
        retry: try files again that failed, also before their time.
        prose_tasks: add the assignments in the prose of documents that have a task table.
        rules_off: codes of findings to leave out.
        state: the folder of the ledger; `<out>.state` by itself.
        stable_seconds: a file written to less than so long ago is looked at twice, and left while it changes.
        accept_empty: believe a source folder that held files and is empty now.
        wait: seconds to wait while another run is writing (math.inf: as long as it takes); `held` is told who.
        log_json: write a structured log to the state folder.
        on_change: is told each row that reading a known document anew has changed.
        target: what a worker runs for each job; another one serves tests of the batch itself.
        processes: who runs the jobs, given their number; our own processes by themselves.
        copy: is brought up to date after each commit.
        clock: what time it is for ledger and tables.

    Raises:
        FileNotFoundError: a path does not exist, and no file was ever read there.
        SurroundingsError: the store is locked or cannot be written, workers do not start, all sources are missing.
        VocabularyError: our vocabulary contradicts itself; nothing was read.
        SettingsError: `rules_off` names a code that no finding has.
    """
    started = time.monotonic()
    sources = tuple(plain_path(os.fspath(path)) for path in paths)
    state = state or out.with_name(out.name + ".state")
    _refuse_unknown(sources, out)
    if unknown := set(rules_off) - RULES.keys():
        raise SettingsError(_NO_RULE.format(codes=", ".join(sorted(unknown))))
    asked = Asked(as_of, reparse, prose_tasks, frozenset(rules_off), retry)
    intake = Intake(sources, (out, state), LARGEST_FILE, stable_seconds, accept_empty)
    now = clock()
    with (
        _told_in_ledger(
            Store.writing(out, worded(asked.rules_off), wait=wait, held=held), state, out, asked.version, clock
        ) as store,
        open_ledger(state) as ledger,
        recorded(ledger, out, asked.version, clock) as record,
        run_log(state, record.run_id, wanted=log_json) as log,
    ):
        log.note("started", sources=sources, version=asked.version)
        known = Known(store, Catalogue.of(store, now), FileBook(ledger), all_corrections(ledger))
        told = Told(progress or _unwatched, on_change, log, copy.follow if copy else _unfollowed)
        batch = Batch(known, asked, told, clock, commit_seconds)
        jobs = batch.sort_out(intake)
        count = min(workers or len(os.sched_getaffinity(0)), len(jobs))
        pool = processes(len(jobs)) if processes else Pool(target, count, limits)
        try:
            with batch.clock("workers"):
                for job, result in pool.run(jobs):
                    batch.take(job, result)
        finally:
            batch.commit()
        batch.judge()
        if copy:
            with batch.clock("publish"):
                copy.finish()
        summary = replace(batch.summary(), run_id=record.run_id, seconds=time.monotonic() - started)
        record.finish(summary.counts, summary.stages, summary.warnings)
        log.note("ended", seconds=round(summary.seconds, 3), **summary.counts)
        return summary


@contextmanager
def _told_in_ledger(
    opening: AbstractContextManager[Store], state: Path, out: Path, version: str, clock: Callable[[], datetime]
) -> Iterator[Store]:
    """Opens the store; where it cannot be opened, the ledger tells of a run that failed, so that `status` does too."""
    with ExitStack() as opened:
        try:
            store = opened.enter_context(opening)
        except StoreError as fault:  # not where another run holds the lock: that one tells of itself
            with suppress(SurroundingsError), open_ledger(state) as ledger, recorded(ledger, out, version, clock):
                raise fault
            raise
        yield store


def _refuse_unknown(sources: Iterable[str], out: Path) -> None:
    """A source that is missing is refused, unless files were read there: then it may be a share that is away."""
    missing = [path for path in sources if not is_there(path)]
    if not missing:
        return
    stored = Store(out).read("documents", ["source_uri"]).column("source_uri").to_pylist()
    for path in missing:
        if not any(lies_under(uri, source_uri(path)) for uri in stored):
            raise FileNotFoundError(path)


def worded(rules_off: Collection[str]) -> BetweenDocuments:
    """How the store words findings that need more than one document."""
    return BetweenDocuments(
        None if "document.duplicate" in rules_off else _duplicate,
        None if "citation.dated_elsewhere" in rules_off else _dated_elsewhere,
    )


def _duplicate(other: str) -> Finding:
    return RULES["document.duplicate"].finding(Hit(other))


def _dated_elsewhere(text: str, own: date, other: date, file: str, page: int | None) -> Finding:
    values = {"date": day(own), "other": day(other), "file": file}
    return RULES["citation.dated_elsewhere"].finding(Hit(text, place=Place(page), values=values))


def _unwatched(_step: Step) -> None:
    """Nobody watches."""


def _unfollowed() -> None:
    """No copy is kept."""
