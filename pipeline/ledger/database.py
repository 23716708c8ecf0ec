"""Opening the ledger: one SQLite file, brought up to date, that survives power cuts."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from extractors.errors import SurroundingsError
from extractors.refusals import refused
from pipeline.ledger.migrations import MIGRATIONS

FILE_NAME = "ledger.db"
Ledger = sqlite3.Connection  # an open ledger, for those who only pass it on
_PATIENCE = 30.0  # seconds to wait while another process holds the database


class LedgerError(SurroundingsError):
    """The ledger cannot be opened or written: damaged, newer than this code, no permission, disk full."""


@contextmanager
def open_ledger(state: Path) -> Iterator[sqlite3.Connection]:
    """The ledger in the state folder, made where there is none.

    Statements commit at once unless they stand in a `transaction`. Rows are `sqlite3.Row`.

    Raises:
        LedgerError: it cannot be opened or written, or is newer than this code.
    """
    path = state / FILE_NAME
    try:
        state.mkdir(parents=True, exist_ok=True)
        ledger = sqlite3.connect(path, timeout=_PATIENCE, isolation_level=None)
    except (OSError, sqlite3.Error) as fault:
        raise LedgerError(_unusable(path, fault)) from fault
    try:
        ledger.row_factory = sqlite3.Row
        ledger.execute("PRAGMA journal_mode = WAL")  # readers never wait for the writer
        ledger.execute("PRAGMA synchronous = FULL")  # what was committed outlives a power cut
        ledger.execute("PRAGMA foreign_keys = ON")
        _migrate(ledger, path)
        yield ledger
    except sqlite3.Error as fault:
        raise LedgerError(_unusable(path, fault)) from fault
    finally:
        ledger.close()


@contextmanager
def transaction(ledger: sqlite3.Connection) -> Iterator[None]:
    """All statements of the block, or none of them; the write lock is taken at once."""
    ledger.execute("BEGIN IMMEDIATE")
    try:
        yield
    except BaseException:
        ledger.execute("ROLLBACK")
        raise
    ledger.execute("COMMIT")


def moment(when: datetime) -> str:
    """A moment as the ledger writes it: UTC, always with microseconds, so that text sorts as time."""
    return when.astimezone(UTC).isoformat("T", "microseconds")


def _migrate(ledger: sqlite3.Connection, path: Path) -> None:
    if _version(ledger) == len(MIGRATIONS):
        return
    with transaction(ledger):
        stands = _version(ledger)  # again, now that nobody else can write
        if stands > len(MIGRATIONS):
            raise LedgerError(
                f"Sổ theo dõi {path} do phiên bản kehoach mới hơn ghi; hãy cập nhật chương trình."
                f" / The ledger {path} was written by a newer kehoach; update the program."
            )
        for step in MIGRATIONS[stands:]:
            for statement in step.split(";\n"):
                if statement.strip():
                    ledger.execute(statement)
        ledger.execute(f"PRAGMA user_version = {len(MIGRATIONS)}")


def _version(ledger: sqlite3.Connection) -> int:
    return int(ledger.execute("PRAGMA user_version").fetchone()[0])


def _unusable(path: Path, fault: Exception) -> str:
    return f"Không dùng được sổ theo dõi {path}: {refused(fault)}. / The ledger {path} cannot be used: {fault}."
