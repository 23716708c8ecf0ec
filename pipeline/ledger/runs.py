"""Runs: when each began and ended, what came of it, and whether its process still lives."""

import json
import os
import secrets
import socket
import sqlite3
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path

from extractors.errors import IngestError
from pipeline.ledger.database import Ledger, moment


class RunState(StrEnum):
    """What became of a run; `killed` means that its process ended without a word."""

    RUNNING = "running"
    FINISHED = "finished"
    FAILED = "failed"
    KILLED = "killed"


@dataclass(frozen=True, slots=True)
class Run:
    """One run as the ledger knows it; `ended` is None while it runs and where it was killed."""

    run_id: str
    started: datetime
    ended: datetime | None
    state: RunState
    out: str
    host: str
    pid: int
    pipeline_version: str
    counts: Mapping[str, int] = field(default_factory=dict)
    seconds: Mapping[str, float] = field(default_factory=dict)
    warnings: tuple[str, ...] = ()
    reason: str = ""


def begin_run(ledger: sqlite3.Connection, out: Path, version: str, now: datetime) -> str:
    """Notes that this process begins a run; gives its id.

    The caller holds the writer lock of `out`, so every other run of it that is still noted as running was killed.
    """
    place = os.path.abspath(out)
    ledger.execute("UPDATE runs SET state = 'killed' WHERE state = 'running' AND out = ?", (place,))
    run_id = f"{now.astimezone(UTC):%Y%m%d-%H%M%S}-{secrets.token_hex(2)}"
    who = (socket.gethostname(), os.getpid(), _born(os.getpid()))
    ledger.execute(
        "INSERT INTO runs (run_id, started, state, out, host, pid, born, pipeline_version)"
        " VALUES (?, ?, 'running', ?, ?, ?, ?, ?)",
        (run_id, moment(now), place, *who, version),
    )
    return run_id


def end_run(
    ledger: sqlite3.Connection,
    run_id: str,
    state: RunState,
    now: datetime,
    *,
    counts: Mapping[str, int] | None = None,
    seconds: Mapping[str, float] | None = None,
    warnings: Sequence[str] = (),
    reason: str = "",
) -> None:
    """Notes how a run ended and what it did."""
    told = (json.dumps(counts or {}), json.dumps(seconds or {}), json.dumps(list(warnings), ensure_ascii=False))
    ledger.execute(
        "UPDATE runs SET state = ?, ended = ?, counts = ?, seconds = ?, warnings = ?, reason = ? WHERE run_id = ?",
        (state.value, moment(now), *told, reason, run_id),
    )


@dataclass(slots=True)
class Record:
    """The ledger's line on the run that is going on."""

    run_id: str
    _ledger: Ledger
    _clock: Callable[[], datetime]

    def finish(self, counts: Mapping[str, int], seconds: Mapping[str, float], warnings: Sequence[str]) -> None:
        """The run came to its end."""
        now = self._clock()
        end_run(self._ledger, self.run_id, RunState.FINISHED, now, counts=counts, seconds=seconds, warnings=warnings)


@contextmanager
def recorded(ledger: Ledger, out: Path, version: str, clock: Callable[[], datetime]) -> Iterator[Record]:
    """Notes the run for the length of the block, and what ended it, should that be an error."""
    record = Record(begin_run(ledger, out, version, clock()), ledger, clock)
    try:
        yield record
    except BaseException as end:
        with suppress(sqlite3.Error):  # a full disk ended the run and takes no note of it either: it counts as killed
            end_run(ledger, record.run_id, RunState.FAILED, clock(), reason=_reason(end))
        raise


def _reason(end: BaseException) -> str:
    if isinstance(end, IngestError):
        return str(end)
    name = type(end).__name__
    # Ctrl-C, or Prefect's answer to SIGTERM: nothing went wrong.
    return name if isinstance(end, Exception) else f"được lệnh dừng ({name}) / told to stop ({name})"


def recent_runs(ledger: sqlite3.Connection, limit: int = 10) -> tuple[Run, ...]:
    """The last runs, the newest first; one whose process is dead is told as killed."""
    rows = ledger.execute("SELECT * FROM runs ORDER BY started DESC, run_id DESC LIMIT ?", (limit,))
    return tuple(_run(row) for row in rows)


def last_finished(ledger: sqlite3.Connection, out: Path) -> datetime | None:
    """When a run over these tables last came to its end; None where none ever did."""
    query = "SELECT max(ended) AS ended FROM runs WHERE state = 'finished' AND out = ?"
    ended = ledger.execute(query, (os.path.abspath(out),)).fetchone()["ended"]
    return datetime.fromisoformat(ended) if ended else None


def _run(row: sqlite3.Row) -> Run:
    state = RunState(row["state"])
    if state is RunState.RUNNING and row["host"] == socket.gethostname() and _born(row["pid"]) != row["born"]:
        state = RunState.KILLED
    return Run(
        run_id=row["run_id"],
        started=datetime.fromisoformat(row["started"]),
        ended=datetime.fromisoformat(row["ended"]) if row["ended"] else None,
        state=state,
        out=row["out"],
        host=row["host"],
        pid=row["pid"],
        pipeline_version=row["pipeline_version"],
        counts=json.loads(row["counts"]),
        seconds=json.loads(row["seconds"]),
        warnings=tuple(json.loads(row["warnings"])),
        reason=row["reason"],
    )


def _born(pid: int) -> str:
    """When a process was started, in ticks of this boot; "" where it is gone (proc(5), field 22 of stat)."""
    try:
        boot = Path("/proc/sys/kernel/random/boot_id").read_text(encoding="ascii").strip()
        told = Path(f"/proc/{pid}/stat").read_bytes().rpartition(b")")[2].split()
    except OSError:
        return ""
    return "" if told[0] == b"Z" else f"{boot} {int(told[19])}"
