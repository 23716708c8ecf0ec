"""kill -9 at random moments, with readers looking on: nothing doubled, halved, unreadable or lost.

The small version of benchmarks/kills.py, whose docstring says what is done; docs/reliability.md has the long one.
"""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from pipeline.exits import ExitCode
from tests.machine import alive, children

HERE = Path(__file__).parent
SOME_FAILED = str(ExitCode.SOME_FAILED.value)  # some of the plans are broken on purpose


@pytest.fixture(scope="module")
def result(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """What some killed runs, runs on a full disk (as root) and two runs at once have left."""
    told = tmp_path_factory.mktemp("kills") / "result.json"
    numbers = ["--documents", "40", "--kills", "8", "--pairs", "1", "--disks", "2"]
    command = [sys.executable, "-m", "benchmarks.kills", *numbers, "--json", str(told)]
    ended = subprocess.run(command, cwd=HERE.parent, capture_output=True, text=True, check=False)
    assert ended.returncode in (0, 1), ended.stderr
    found: dict[str, Any] = json.loads(told.read_text(encoding="utf-8"))
    return found


@pytest.mark.slow
def test_killed_runs_leave_what_an_undisturbed_run_leaves(result: dict[str, Any]) -> None:
    kills = result["kills"]
    assert sum(kills["kills"].values()) in (8, 9)  # the last turn may hit a worker and then its run
    assert kills["differing"] == []
    assert kills["equal"] == kills["stores"]


@pytest.mark.slow
def test_readers_see_each_document_once_and_whole_all_the_while(result: dict[str, Any]) -> None:
    assert result["kills"]["wrong"] == result["full disk"]["wrong"] == []
    assert set(result["kills"]["looks"]) == {"pandas", "duckdb"}


@pytest.mark.slow
def test_two_runs_started_together_store_everything_once(result: dict[str, Any]) -> None:
    pairs = result["two runs"]
    assert (pairs["pairs"], pairs["equal"]) == (1, 1)
    # Where the machine is busy, the second may begin when the first has ended; tests/test_ledger.py holds the lock.
    assert pairs["ends"] in ({"turned away": 1, SOME_FAILED: 1}, {SOME_FAILED: 2})


@pytest.mark.slow
def test_a_full_disk_costs_nothing_but_the_run(result: dict[str, Any]) -> None:
    disks = result["full disk"]  # who may not mount a small disk has none; tests/test_store.py limits file sizes
    assert disks["disks"] == disks["equal"] == (2 if os.geteuid() == 0 else 0)
    assert {end.partition(",")[0] for end in disks["ends"]} <= {"disk full"}


@pytest.mark.slow
def test_workers_end_with_a_killed_run(tmp_path: Path) -> None:
    raw = tmp_path / "raw"
    raw.mkdir()
    for number in range(1000):  # none of the looks below comes too late, however busy the machine is
        (raw / f"ke-hoach-{number:04d}.txt").write_text(f"{number % 7 + 1} {number}", encoding="utf-8")
    environment = os.environ | {"PYTHONPATH": str(HERE)}
    command = [sys.executable, str(HERE / "ingest_samples.py"), str(raw), str(tmp_path / "out")]
    run = subprocess.Popen(command, env=environment, start_new_session=True)
    mine: list[int] = []
    while len(mine) < 2:
        assert run.poll() is None
        time.sleep(0.01)
        mine = children(run.pid)
    os.kill(run.pid, signal.SIGKILL)
    run.wait()
    patience = time.monotonic() + 120
    while any(map(alive, mine)) and time.monotonic() < patience:
        time.sleep(0.1)
    assert not any(map(alive, mine))
