"""How an installation is doing: its last runs, what waits, what failed, and whether somebody should look at it."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from extractors.errors import Reason
from pipeline.ledger.database import FILE_NAME, open_ledger
from pipeline.ledger.files import FileBook, FileNote, FileState
from pipeline.ledger.mail import MailLine, queued
from pipeline.ledger.runs import Run, RunState, last_finished, recent_runs
from pipeline.settings import Settings
from pipeline.store.parquet import Store

RUNS_SHOWN = 10
_OF_THE_MACHINE = frozenset({Reason.DEPENDENCY_MISSING, Reason.INTERNAL_ERROR})  # not for the officer to mend


@dataclass(frozen=True, slots=True)
class FailedFile:
    """A file that gave no plan; `next_try` is None where only another file or code helps."""

    address: str
    reason: str
    message: str
    since: datetime
    attempts: int = 0
    next_try: datetime | None = None


@dataclass(frozen=True, slots=True)
class Health:
    """What `kehoach status` shows; `problems` are sentences, none where all is well."""

    out: str
    runs: tuple[Run, ...]
    documents: Mapping[str, int]  # all, superseded, removed
    waiting: tuple[FileNote, ...]
    failed: tuple[FailedFile, ...]
    mails: tuple[MailLine, ...]
    problems: tuple[str, ...]

    @property
    def is_well(self) -> bool:
        return not self.problems

    def as_json(self) -> dict[str, Any]:
        """The same for programs."""
        return {"healthy": self.is_well, **asdict(self)}


def look(settings: Settings, now: datetime | None = None) -> Health:
    """Looks at ledger and tables; changes nothing, and makes no ledger where there is none.

    Raises:
        LedgerError: the ledger cannot be read.
        StoreError: the tables cannot be read.
    """
    now = now or datetime.now(UTC)
    intake = settings.intake
    store = Store(intake.out)
    rows = store.read("failures").to_pylist()
    if not (intake.state_folder / FILE_NAME).exists():
        failed = tuple(_failed(row, {}) for row in rows)
        return Health(str(intake.out), (), _documents(store), (), failed, (), (_NO_RUN,))
    with open_ledger(intake.state_folder) as ledger:
        runs = recent_runs(ledger, RUNS_SHOWN)
        ended = last_finished(ledger, intake.out)
        book = FileBook(ledger)
        notes = {note.address: note for note in book.notes(FileState.FAILED)}
        waiting = book.notes(FileState.WAITING)
        mails = queued(ledger)
    failed = tuple(_failed(row, notes) for row in rows)
    silence = timedelta(hours=settings.schedule.silence_hours)
    problems = (*_of_runs(runs, ended, silence, now), *_of_files(failed), *_of_mails(mails))
    return Health(str(intake.out), runs, _documents(store), waiting, failed, mails, problems)


def _documents(store: Store) -> dict[str, int]:
    table = store.read("documents", ["superseded_by", "source_removed_at"])
    marked = {name: table.num_rows - table.column(name).null_count for name in table.column_names}
    return {"all": table.num_rows, "superseded": marked["superseded_by"], "removed": marked["source_removed_at"]}


def _failed(row: Mapping[str, Any], notes: Mapping[str, FileNote]) -> FailedFile:
    note = notes.get(row["source_uri"])
    known = (note.attempts, note.next_try) if note else (0, None)
    return FailedFile(row["source_uri"], row["reason"], row["message"], row["failed_at"], *known)


def _of_runs(runs: tuple[Run, ...], ended: datetime | None, silence: timedelta, now: datetime) -> list[str]:
    over = [run for run in runs if run.state is not RunState.RUNNING]
    if not over:
        return [] if runs else [_NO_RUN]
    told = list(over[0].warnings)
    if over[0].state is RunState.FAILED:
        told.append(_FAILED.format(run=over[0].run_id, reason=over[0].reason))
    elif over[0].state is RunState.KILLED:
        told.append(_KILLED.format(run=over[0].run_id))
    if ended is None or now - ended > silence:
        told.append(_SILENT.format(hours=f"{silence.total_seconds() / 3600:g}"))
    return told


def _of_files(failed: tuple[FailedFile, ...]) -> list[str]:
    ours = [file for file in failed if file.reason in _OF_THE_MACHINE]
    return [_MACHINE.format(count=len(ours), message=ours[0].message)] if ours else []


def _of_mails(mails: tuple[MailLine, ...]) -> list[str]:
    stuck = [mail for mail in mails if mail.state == "failed" or mail.problem]
    return [_MAILS.format(count=len(stuck), problem=stuck[0].problem)] if stuck else []


_NO_RUN = "Chưa có lần chạy nào. / No run yet."
_FAILED = "Lần chạy gần nhất ({run}) không thành công: {reason} / The last run ({run}) failed."
_KILLED = (
    "Lần chạy gần nhất ({run}) bị ngắt giữa chừng; lần chạy sau sẽ làm tiếp."
    " / The last run ({run}) was killed; the next one goes on from there."
)
_SILENT = "Không có lần chạy nào hoàn thành trong {hours} giờ qua. / No run has ended within {hours} hours."
_MACHINE = "{count} tệp không đọc được do máy hoặc chương trình: {message}"
_MAILS = "{count} thư chưa gửi được: {problem} / {count} mails are not sent."
