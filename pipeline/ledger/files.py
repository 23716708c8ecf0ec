"""Files as they were last seen: what need not be hashed again, what waits, what failed and when it is tried again.

The tables say what was read; this only saves looking. A ledger that was deleted is filled again by the next run.
"""

import json
import sqlite3
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from extractors.errors import Reason
from pipeline.ledger.database import moment, transaction
from pipeline.sources import FoundFile, ListedFile, Stamp

# A file written within one tick of its file system's clock after it was hashed keeps its stamp. FAT counts in steps
# of two seconds. git looks at such "racily clean" files again (git, Documentation/technical/racy-git).
_TICK_NS = 2_000_000_000

# The file itself is at fault: trying again with the same code would only fail again.
LASTING = frozenset(
    {Reason.EMPTY, Reason.UNKNOWN_FORMAT, Reason.UNSUPPORTED_FORMAT, Reason.ENCRYPTED, Reason.DAMAGED, Reason.NO_TEXT}
)
# Refused at once, so another try costs nothing; all else has taken minutes, memory or a worker. A little below whole
# days, so that a nightly run that starts a second early does not skip a night.
_QUICK = frozenset({Reason.UNREADABLE, Reason.DEPENDENCY_MISSING, Reason.TOO_LARGE})
_QUICK_PAUSES = tuple(timedelta(minutes=m) for m in (1, 5, 30, 2 * 60, 6 * 60, 20 * 60))
_DEAR_PAUSES = tuple(timedelta(hours=h) for h in (0.25, 1, 6, 20, 68, 164))


class FileState(StrEnum):
    """What the ledger says of an address."""

    SEEN = "seen"
    ARCHIVE = "archive"
    WAITING = "waiting"  # young or being written: left for the next run
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class FileNote:
    """A file that waits or failed, for `kehoach status`; `next_try` is None where only another file or code helps."""

    address: str
    state: FileState
    since: datetime
    reason: str
    message: str
    attempts: int
    next_try: datetime | None


def pause(reason: Reason, attempts: int) -> timedelta | None:
    """How long to wait after that many failed attempts; None: for ever, unless file or code change.

    Forms: a timeout: 15 minutes, 1 hour, 6, 20, 68, then 164 hours each.
    """
    if reason in LASTING:
        return None
    pauses = _QUICK_PAUSES if reason in _QUICK else _DEAR_PAUSES
    return pauses[min(attempts, len(pauses)) - 1]


class FileBook:
    """The ledger's pages on files and contents."""

    def __init__(self, ledger: sqlite3.Connection) -> None:
        self._ledger = ledger

    def recall(self, files: Sequence[ListedFile]) -> dict[str, tuple[FoundFile, ...]]:
        """What files (or the files in an archive) held when they were last hashed; not those that may have changed.

        Args:
            files: in the order of their addresses; not too many at once.
        """
        if not files:
            return {}
        span = (files[0].uri, files[-1].uri)
        rows = self._ledger.execute("SELECT * FROM files WHERE address BETWEEN ? AND ?", span)
        noted = {row["address"]: row for row in rows}
        found: dict[str, tuple[FoundFile, ...]] = {}
        for listed in files:
            row = noted.get(listed.uri)
            if row is not None and listed.stamp is not None and _stamp(row) == listed.stamp and not _racy(row):
                held = self._inside(listed) if row["state"] == FileState.ARCHIVE else (_found(listed, row),)
                if held and all(file.sha256 for file in held):
                    found[listed.uri] = held
        return found

    def _inside(self, archive: ListedFile) -> tuple[FoundFile, ...]:
        rows = self._ledger.execute("SELECT * FROM files WHERE archive = ? ORDER BY steps, address", (archive.uri,))
        return tuple(_found(archive, row) for row in rows)

    def note(self, files: Sequence[FoundFile], now: datetime) -> None:
        """Keeps what was hashed just now; failures and attempts of equal content stand."""
        fresh = [file for file in files if file.looked_ns and file.sha256]
        archives = {file.archive: file for file in fresh if file.archive}
        with transaction(self._ledger):
            for address, member in archives.items():
                self._upsert(address, member, FileState.ARCHIVE, now, sha256="", archive="", steps=())
                inside = {file.uri for file in files if file.archive == address}
                former = self._ledger.execute("SELECT address FROM files WHERE archive = ?", (address,)).fetchall()
                self._delete({row["address"] for row in former} - inside)
            for file in fresh:
                self._upsert(file.uri, file, FileState.SEEN, now, file.sha256, file.archive, file.steps)

    def wait(self, uris: Iterable[str], now: datetime) -> None:
        """These files are young or being written; nothing is remembered of their content."""
        with transaction(self._ledger):
            self._ledger.executemany(
                "INSERT INTO files (address, state, since) VALUES (?, 'waiting', ?) ON CONFLICT (address) DO UPDATE SET"
                " since = iif(state = 'waiting', since, excluded.since), state = 'waiting', mtime_ns = -1, sha256 = ''",
                [(uri, moment(now)) for uri in uris],
            )

    def fail(self, uris: Iterable[str], reason: Reason, message: str, now: datetime, *, anew: bool) -> None:
        """One more failed attempt; `anew` counts from one again, since the code is another."""
        with transaction(self._ledger):
            for uri in uris:
                row = self._ledger.execute("SELECT * FROM files WHERE address = ?", (uri,)).fetchone()
                failed_before = row is not None and row["state"] == FileState.FAILED
                attempts = (row["attempts"] if failed_before and not anew else 0) + 1
                delay = pause(reason, attempts)
                values = (attempts, moment(now + delay) if delay else None, reason.value, message)
                same = failed_before and row["reason"] == reason
                since = row["since"] if same else moment(now)
                self._ledger.execute(
                    "INSERT INTO files (address, state, attempts, next_try, reason, message, since)"
                    " VALUES (?, 'failed', ?, ?, ?, ?, ?) ON CONFLICT (address) DO UPDATE SET state = 'failed',"
                    " attempts = excluded.attempts, next_try = excluded.next_try, reason = excluded.reason,"
                    " message = excluded.message, since = excluded.since",
                    (uri, *values, since),
                )

    def settle(self, uris: Iterable[str], now: datetime) -> None:
        """These files were read."""
        with transaction(self._ledger):
            self._ledger.executemany(
                "UPDATE files SET state = 'seen', attempts = 0, next_try = NULL, reason = '', message = '', since = ?"
                " WHERE address = ? AND state IN ('failed', 'waiting')",
                [(moment(now), uri) for uri in uris],
            )

    def is_due(self, uri: str, now: datetime) -> bool:
        """Whether a file that failed is to be tried again; a ledger that knows nothing says yes."""
        row = self._ledger.execute("SELECT next_try FROM files WHERE address = ?", (uri,)).fetchone()
        return row is None or row["next_try"] is None or bool(row["next_try"] <= moment(now))

    def addresses(self) -> set[str]:
        """Every address that is known, archives too."""
        return {row[0] for row in self._ledger.execute("SELECT address FROM files")}

    def forget(self, uris: Collection[str]) -> None:
        """These files are gone."""
        with transaction(self._ledger):
            self._delete(uris)

    def notes(self, state: FileState) -> tuple[FileNote, ...]:
        """The files in a state, those that came into it last first."""
        rows = self._ledger.execute("SELECT * FROM files WHERE state = ? ORDER BY since DESC, address", (state.value,))
        return tuple(
            FileNote(
                row["address"],
                FileState(row["state"]),
                datetime.fromisoformat(row["since"]),
                row["reason"],
                row["message"],
                row["attempts"],
                datetime.fromisoformat(row["next_try"]) if row["next_try"] else None,
            )
            for row in rows
        )

    def first_seen(self, sha256s: Collection[str], now: datetime) -> Mapping[str, datetime]:
        """When each content was first met by a scan: in this one, or in one whose run did not come to read it."""
        with transaction(self._ledger):
            self._ledger.executemany(
                "INSERT OR IGNORE INTO contents (sha256, first_seen) VALUES (?, ?)",
                [(sha256, moment(now)) for sha256 in sha256s],
            )
        wanted = set(sha256s)
        rows = self._ledger.execute("SELECT sha256, first_seen FROM contents")
        return {row["sha256"]: datetime.fromisoformat(row["first_seen"]) for row in rows if row["sha256"] in wanted}

    def stored(self, sha256s: Collection[str]) -> None:
        """These contents stand in the tables, which keep their moment from now on."""
        with transaction(self._ledger):
            self._ledger.executemany("DELETE FROM contents WHERE sha256 = ?", [(sha256,) for sha256 in sha256s])

    def _upsert(
        self,
        address: str,
        file: FoundFile,
        state: FileState,
        now: datetime,
        sha256: str,
        archive: str,
        steps: tuple[int, ...],
    ) -> None:
        stamp = file.stamp or Stamp(-1, -1, -1, -1)
        values = (stamp.size, stamp.mtime_ns, stamp.ctime_ns, stamp.inode, file.looked_ns, sha256, state.value)
        self._ledger.execute(
            "INSERT INTO files (address, archive, steps, size, mtime_ns, ctime_ns, inode, looked_ns, sha256, state,"
            " since) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (address) DO UPDATE SET"
            " archive = excluded.archive, steps = excluded.steps, size = excluded.size, mtime_ns = excluded.mtime_ns,"
            " ctime_ns = excluded.ctime_ns, inode = excluded.inode, looked_ns = excluded.looked_ns,"
            " since = iif(sha256 = excluded.sha256, since, excluded.since),"
            " state = iif(sha256 = excluded.sha256, state, excluded.state),"
            " attempts = iif(sha256 = excluded.sha256, attempts, 0),"
            " next_try = iif(sha256 = excluded.sha256, next_try, NULL),"
            " sha256 = excluded.sha256",
            (address, archive, json.dumps(steps), *values, moment(now)),
        )

    def _delete(self, addresses: Iterable[str]) -> None:
        self._ledger.executemany("DELETE FROM files WHERE address = ?", [(address,) for address in addresses])


def _stamp(row: sqlite3.Row) -> Stamp:
    return Stamp(row["size"], row["mtime_ns"], row["ctime_ns"], row["inode"])


def _racy(row: sqlite3.Row) -> bool:
    """Whether the file may have been written once more within the tick in which it was hashed."""
    return bool(max(row["mtime_ns"], row["ctime_ns"]) >= row["looked_ns"] - _TICK_NS)


def _found(listed: ListedFile, row: sqlite3.Row) -> FoundFile:
    return FoundFile(
        listed.path,
        row["address"],
        row["sha256"],
        steps=tuple(json.loads(row["steps"])) if row["archive"] else (),
        archive=row["archive"],
        stamp=listed.stamp,
    )
