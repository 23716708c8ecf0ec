"""The ledger: runs that died, files that need no second look, failures that wait their time, one writer at a time."""

import json
import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from extractors.errors import Reason
from pipeline.batch import Step, Summary, ingest
from pipeline.exits import ExitCode
from pipeline.health import Health, look
from pipeline.ledger.database import LedgerError, open_ledger
from pipeline.ledger.files import FileBook, FileState, pause
from pipeline.ledger.runs import RunState, begin_run, end_run, last_finished, recent_runs, recorded
from pipeline.pool import Limits
from pipeline.settings import Intake, Settings
from pipeline.sources import ListedFile, Stamp, examine, stamp_of
from pipeline.store.lock import StoreLockedError
from pipeline.store.parquet import Store
from pipeline.store.table_file import StoreError

HERE = Path(__file__).parent
NOON = datetime(2026, 1, 5, 12, tzinfo=UTC)
SHORT = Limits(seconds=60, memory=512 << 20)


class Clock:
    """A clock that only the test moves."""

    def __init__(self) -> None:
        self.now = NOON

    def __call__(self) -> datetime:
        return self.now


def run(folder: Path, out: Path, target: str = "store_samples:read_sample", **options: Any) -> Summary:
    return ingest([folder], out, workers=1, target=target, limits=SHORT, **options)


def write(folder: Path, **files: str) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in files.items():
        (folder / f"{name}.txt").write_text(text, encoding="utf-8")
    return folder


def rows(out: Path, table: str) -> list[dict[str, Any]]:
    return pd.read_parquet(out / table).to_dict("records")


def health(out: Path, now: datetime | None = None) -> Health:
    return look(Settings(intake=Intake(out=out)), now)


def kehoach(*arguments: str | Path, cwd: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", "from pipeline.cli import main; main()", *map(str, arguments)]
    environment = os.environ | {"COLUMNS": "160", "NO_COLOR": "1"}
    return subprocess.run(command, cwd=cwd, env=environment, capture_output=True, text=True, check=False)


# ---- runs


def test_a_run_leaves_its_counts_and_seconds(tmp_path: Path) -> None:
    summary = run(write(tmp_path / "raw", a="2 1", b="3 2"), tmp_path / "out")
    with open_ledger(tmp_path / "out.state") as ledger:
        (entry,) = recent_runs(ledger)
        assert last_finished(ledger, tmp_path / "out") == entry.ended
    assert (entry.run_id, entry.state) == (summary.run_id, RunState.FINISHED)
    assert {name: entry.counts[name] for name in ("files", "read", "tasks")} == {"files": 2, "read": 2, "tasks": 5}
    assert {"scan", "workers", "store"} <= set(entry.seconds)
    assert health(tmp_path / "out").is_well


def test_a_run_whose_process_is_dead_was_killed(tmp_path: Path) -> None:
    script = (
        "import os, signal; from pathlib import Path; from datetime import UTC, datetime\n"
        "from pipeline.ledger.database import open_ledger; from pipeline.ledger.runs import begin_run\n"
        f"with open_ledger(Path({str(tmp_path / 'out.state')!r})) as ledger:\n"
        f"    begin_run(ledger, Path({str(tmp_path / 'out')!r}), '1', datetime.now(UTC))\n"
        "    os.kill(os.getpid(), signal.SIGKILL)"
    )
    assert subprocess.run([sys.executable, "-c", script], check=False).returncode == -signal.SIGKILL
    with open_ledger(tmp_path / "out.state") as ledger:
        assert [entry.state for entry in recent_runs(ledger)] == [RunState.KILLED]
    told = health(tmp_path / "out")
    assert any("bị ngắt" in problem for problem in told.problems)
    run(write(tmp_path / "raw", a="1 1"), tmp_path / "out")
    with open_ledger(tmp_path / "out.state") as ledger:
        assert [entry.state for entry in recent_runs(ledger)] == [RunState.FINISHED, RunState.KILLED]
    assert health(tmp_path / "out").is_well


def test_a_living_run_is_running_and_that_is_no_trouble(tmp_path: Path) -> None:
    run(write(tmp_path / "raw", a="1 1"), tmp_path / "out")
    with open_ledger(tmp_path / "out.state") as ledger:
        name = begin_run(ledger, tmp_path / "out", "1", datetime.now(UTC))
        assert recent_runs(ledger)[0].state is RunState.RUNNING
        assert health(tmp_path / "out").is_well
        end_run(ledger, name, RunState.FAILED, datetime.now(UTC), reason="ổ đĩa đã đầy / disk full")
    assert any("ổ đĩa đã đầy" in problem for problem in health(tmp_path / "out").problems)


def test_silence_is_told(tmp_path: Path) -> None:
    run(write(tmp_path / "raw", a="1 1"), tmp_path / "out")
    assert health(tmp_path / "out").is_well
    later = health(tmp_path / "out", datetime.now(UTC) + timedelta(hours=27))
    assert any("26 giờ" in problem for problem in later.problems)


def test_what_ended_a_run_is_noted(tmp_path: Path) -> None:
    folder = write(tmp_path / "raw", a="machine 1")
    with pytest.raises(Exception, match="Thiếu chương trình"):
        run(folder, tmp_path / "out", "hostile_jobs:read_hostile")
    with open_ledger(tmp_path / "out.state") as ledger:
        (entry,) = recent_runs(ledger)
    assert (entry.state, entry.reason) == (RunState.FAILED, "Thiếu chương trình. / A program is missing.")


def test_a_store_that_cannot_be_opened_is_a_run_that_failed(tmp_path: Path) -> None:
    folder, out = write(tmp_path / "raw", a="2 1"), tmp_path / "out"
    run(folder, out)
    (out / "tasks" / "tasks.parquet").write_bytes(b"no table")
    with pytest.raises(StoreError, match="bị hỏng"):
        run(folder, out)
    with open_ledger(tmp_path / "out.state") as ledger:
        assert [entry.state for entry in recent_runs(ledger)] == [RunState.FAILED, RunState.FINISHED]
    assert any("tasks.parquet bị hỏng" in problem for problem in health(out).problems)


def test_a_run_that_was_told_to_stop_says_so(tmp_path: Path) -> None:
    with open_ledger(tmp_path / "state") as ledger:
        with pytest.raises(KeyboardInterrupt), recorded(ledger, tmp_path / "out", "1", lambda: NOON):
            raise KeyboardInterrupt
        (entry,) = recent_runs(ledger)
    assert entry.reason.startswith("được lệnh dừng")


# ---- a file is hashed once


@pytest.fixture
def book(tmp_path: Path) -> Any:
    with open_ledger(tmp_path / "state") as ledger:
        yield FileBook(ledger)


def hashed(book: FileBook, path: Path, *, seconds_later: int = 0) -> ListedFile:
    """The file as a listing shows it, after it was hashed and noted."""
    found = examine([str(path)], largest=1 << 20)
    later = seconds_later * 1_000_000_000
    book.note([replace(file, looked_ns=file.looked_ns + later) for file in found], NOON)
    return ListedFile(str(path), str(path), stamp_of(str(path)))


def test_an_unchanged_file_is_recalled_and_a_changed_one_is_not(tmp_path: Path, book: FileBook) -> None:
    path = tmp_path / "a.txt"
    path.write_text("one")
    listed = hashed(book, path, seconds_later=3)
    (recalled,) = book.recall([listed])[listed.uri]
    assert recalled.sha256 == next(iter(examine([str(path)], largest=100))).sha256
    for other in ({"size": 4}, {"mtime_ns": 5}, {"ctime_ns": 5}, {"inode": 5}):
        assert listed.stamp is not None
        values = {name: getattr(listed.stamp, name) for name in ("size", "mtime_ns", "ctime_ns", "inode")}
        assert book.recall([ListedFile(listed.path, listed.uri, Stamp(**(values | other)))]) == {}


def test_a_file_hashed_within_the_tick_of_its_last_change_is_looked_at_again(tmp_path: Path, book: FileBook) -> None:
    path = tmp_path / "a.txt"
    path.write_text("one")
    assert book.recall([hashed(book, path)]) == {}
    ahead = time.time() + 3600  # the server's clock is an hour ahead
    os.utime(path, (ahead, ahead))
    assert book.recall([hashed(book, path)]) == {}


def test_a_deleted_ledger_changes_no_table(tmp_path: Path) -> None:
    folder = write(tmp_path / "raw", a="2 1", b="3 2", c="2 1")
    run(folder, tmp_path / "out")
    before = {path: path.read_bytes() for path in (tmp_path / "out").rglob("*.parquet")}
    shutil.rmtree(tmp_path / "out.state")
    again = run(folder, tmp_path / "out")
    assert (again.read, again.known) == (0, 3)
    assert {path: path.read_bytes() for path in (tmp_path / "out").rglob("*.parquet")} == before


def test_nothing_is_noted_of_a_commit_that_failed(tmp_path: Path) -> None:
    """What could not be stored keeps the moment when it was met: files that came together stay no versions."""
    folder, out, clock = write(tmp_path / "raw", a="2 1", b="3 2"), tmp_path / "parsed", Clock()
    staging = out / ".kehoach" / "staging"

    def obstruct(_: Step) -> None:
        shutil.rmtree(staging, ignore_errors=True)
        staging.touch()

    with pytest.raises(StoreError):
        run(folder, out, clock=clock, commit_seconds=0.0, progress=obstruct)
    staging.unlink()
    clock.now += timedelta(days=1)
    assert run(folder, out, clock=clock).read == 2
    assert {row["ingested_at"].to_pydatetime() for row in rows(out, "documents")} == {NOON}


def test_a_ledger_that_is_none_is_named(tmp_path: Path) -> None:
    (tmp_path / "out.state").mkdir()
    (tmp_path / "out.state" / "ledger.db").write_bytes(b"no database" * 100)
    with pytest.raises(LedgerError, match=r"ledger\.db"):
        run(write(tmp_path / "raw", a="1 1"), tmp_path / "out")


# ---- failures wait their time


@pytest.mark.parametrize(
    ("reason", "attempts", "wait"),
    [
        (Reason.DAMAGED, 1, None),
        (Reason.ENCRYPTED, 9, None),
        (Reason.TIMEOUT, 1, timedelta(minutes=15)),
        (Reason.TIMEOUT, 4, timedelta(hours=20)),
        (Reason.CRASHED, 99, timedelta(hours=164)),
        (Reason.DEPENDENCY_MISSING, 1, timedelta(minutes=1)),
        (Reason.UNREADABLE, 99, timedelta(hours=20)),
    ],
)
def test_pauses_grow_and_broken_files_wait_for_ever(reason: Reason, attempts: int, wait: timedelta | None) -> None:
    assert pause(reason, attempts) == wait


def attempts_of(out: Path) -> int:
    with open_ledger(out.with_name(out.name + ".state")) as ledger:
        return sum(note.attempts for note in FileBook(ledger).notes(FileState.FAILED))


def test_a_failure_that_may_pass_is_tried_again_when_its_time_has_come(tmp_path: Path) -> None:
    folder, out, clock = write(tmp_path / "raw", a="bug 1"), tmp_path / "out", Clock()
    for minutes, attempts in ((0, 1), (5, 1), (20, 2), (50, 2), (110, 3)):  # due 15 minutes, then an hour later
        clock.now = NOON + timedelta(minutes=minutes)
        assert len(run(folder, out, "hostile_jobs:read_hostile", clock=clock).failures) == 1
        assert attempts_of(out) == attempts
    (row,) = rows(out, "failures")
    assert row["failed_at"] == pd.Timestamp(NOON)
    assert run(folder, out, "hostile_jobs:read_hostile", clock=clock, retry=True).failures
    assert attempts_of(out) == 4
    write(folder, a="2 1")
    assert not run(folder, out, "hostile_jobs:read_hostile", clock=clock).failures
    assert attempts_of(out) == 0
    assert rows(out, "failures") == []


def test_another_code_tries_at_once_and_counts_anew(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder, out = write(tmp_path / "raw", a="bug 1"), tmp_path / "out"
    for version in ("1", "1", "2"):
        monkeypatch.setattr("pipeline.gathering.pipeline_version", lambda version=version: version)
        run(folder, out, "hostile_jobs:read_hostile")
        assert attempts_of(out) == 1


def test_a_broken_file_is_read_again_only_when_it_or_the_code_changes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder, out = tmp_path / "raw", tmp_path / "out"
    folder.mkdir()
    (folder / "a.pdf").write_bytes(b"%PDF-1.7 no more")

    def tries(version: str = "1") -> int:
        monkeypatch.setattr("pipeline.gathering.pipeline_version", lambda: version)
        ingest([folder], out, workers=1, limits=SHORT, clock=lambda: NOON + timedelta(days=99 * attempts_of(out)))
        return attempts_of(out)

    assert [tries(), tries(), tries("2"), tries("2")] == [1, 1, 1, 1]
    assert rows(out, "failures")[0]["pipeline_version"] == "2"
    (folder / "a.pdf").write_bytes(b"%PDF-1.7 no more either")
    assert tries("2") == 1
    told = health(out)
    assert [(file.reason, file.next_try) for file in told.failed] == [("damaged", None)]


# ---- one writer


def test_a_second_run_waits_for_the_first(tmp_path: Path) -> None:
    folder, told = write(tmp_path / "raw", a="1 1"), list[str]()
    with Store.writing(tmp_path / "out"):
        with pytest.raises(StoreLockedError, match=rf"pid {os.getpid()}"):
            run(folder, tmp_path / "out")
        with pytest.raises(StoreLockedError):
            run(folder, tmp_path / "out", wait=0.5, held=told.append)
        assert f"pid {os.getpid()}" in told[0]
    holds, is_waited_for = threading.Event(), threading.Event()

    def hold() -> None:
        with Store.writing(tmp_path / "out"):
            holds.set()
            is_waited_for.wait()

    holder = threading.Thread(target=hold)
    holder.start()
    holds.wait()
    assert run(folder, tmp_path / "out", wait=60.0, held=lambda _who: is_waited_for.set()).read == 1
    holder.join()


def test_wait_takes_seconds_or_none(tmp_path: Path) -> None:
    write(tmp_path / "raw", a="1 1")
    with Store.writing(tmp_path / "out"):
        ended = kehoach("ingest", "raw", "--out", "out", "--wait", "0.3", cwd=tmp_path)
        assert ended.returncode == ExitCode.NOTHING_DONE
        command = [
            sys.executable,
            "-c",
            "from pipeline.cli import main; main()",
            "ingest",
            "--out",
            "out",
            "--wait",
            "raw",
        ]
        waiting = subprocess.Popen(command, cwd=tmp_path, stderr=subprocess.PIPE, text=True)
        assert waiting.stderr is not None
        assert f"pid {os.getpid()}" in waiting.stderr.readline()
    waiting.communicate()
    assert waiting.returncode == ExitCode.OK


# ---- kehoach status


def test_status_for_people_and_programs(tmp_path: Path) -> None:
    assert kehoach("status", cwd=tmp_path).returncode == ExitCode.SOME_FAILED
    assert list(tmp_path.iterdir()) == []
    raw = write(tmp_path / "data" / "raw", a="1. Sở A chủ trì việc B trước ngày 01/02/2020.")
    (raw / "trống.docx").write_bytes(b"")
    assert kehoach("ingest", cwd=tmp_path).returncode == ExitCode.SOME_FAILED
    ended = kehoach("status", cwd=tmp_path)
    assert ended.returncode == ExitCode.OK, ended.stdout
    assert ended.stdout.startswith("Tình trạng: tốt / healthy")
    for words in (
        "trống.docx",
        "data/raw/trống.docx",
        "Tệp trống, không có nội dung",
        "1 lần",
        "chờ tệp mới",
        "1 mới đọc",
    ):
        assert words in ended.stdout
    (raw / "a.txt").unlink()
    (raw / "trống.docx").unlink()
    assert kehoach("ingest", cwd=tmp_path).returncode == ExitCode.SOME_FAILED
    ended = kehoach("status", "--json", cwd=tmp_path)
    told = json.loads(ended.stdout)
    assert ended.returncode == ExitCode.SOME_FAILED
    assert told["healthy"] is False
    assert "--accept-empty" in told["problems"][0]
    assert [entry["state"] for entry in told["runs"]] == ["finished", "finished"]
    assert kehoach("ingest", "--accept-empty", cwd=tmp_path).returncode == ExitCode.OK
    told = json.loads(kehoach("status", "--json", cwd=tmp_path).stdout)
    assert (told["healthy"], told["documents"]["removed"], told["failed"]) == (True, 1, [])
