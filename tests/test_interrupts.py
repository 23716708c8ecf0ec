"""Ctrl-C at chosen points: one line and exit code 130, never lost, and all that was read is kept."""

import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType

import pytest

from benchmarks.plans import write_tiny
from pipeline.batch import ingest
from pipeline.exits import ExitCode
from pipeline.interrupts import STOPPED, check, held, listening
from pipeline.store.parquet import Store

FILES = 12


pytestmark = pytest.mark.usefixtures("ctrl_c_is_heard")


def press() -> None:
    signal.raise_signal(signal.SIGINT)


class _Swallows:
    """Python prints what a finaliser raises, and goes on."""

    def __del__(self) -> None:
        press()


def press_in_vain() -> None:
    _Swallows()


@pytest.fixture
def lost(monkeypatch: pytest.MonkeyPatch) -> list[type[BaseException] | None]:
    """What Python would have printed and forgotten."""
    told: list[type[BaseException] | None] = []
    monkeypatch.setattr(sys, "unraisablehook", lambda seen: told.append(seen.exc_type))
    return told


def test_an_interrupt_that_python_forgot_is_raised_again(lost: list[type[BaseException] | None]) -> None:
    with listening():
        check()
        press_in_vain()
        assert lost == [KeyboardInterrupt]
        with pytest.raises(KeyboardInterrupt):
            check()
    check()


def test_an_interrupt_waits_for_the_end_of_what_must_be_whole() -> None:
    done = []

    def work() -> None:
        with held():
            with held():
                press()
                done.append("inner")
            done.append("outer")
        done.append("behind")

    with listening(), pytest.raises(KeyboardInterrupt):
        work()
    assert done == ["inner", "outer"]


def test_an_error_in_what_must_be_whole_is_told_as_such() -> None:
    def fail() -> None:
        with held():
            press()
            raise ValueError("full")

    with listening(), pytest.raises(ValueError, match="full"):
        fail()


# Functions of a run, and at which of their calls Ctrl-C is pressed.
POINTS = {
    "looking for files": ("Intake.scan", 1),
    "noting a job": ("Batch._day_of", 3),
    "starting a worker": ("_Worker.__init__", 1),
    "giving a job": ("_Worker.give", 5),
    "waiting": ("Pool._collect", 4),
    "hearing a result": ("_ConnectionBase.recv", 6),
    "taking a result": ("Batch.take", 3),
    "telling of it": ("Batch._step", 3),
    "gathering for a commit": ("Catalogue.take", 2),
    "writing a table": ("Store._stage", 20),
    "renaming tables": ("Store._flip", 3),
    "between tables and ledger": ("Batch._note", 2),
    "noting in the ledger": ("FileBook.stored", 2),
    "ending the workers": ("Pool.close", 1),
}


@pytest.mark.slow
@pytest.mark.parametrize("how", [press, press_in_vain])
@pytest.mark.parametrize("point", POINTS)
def test_an_interrupt_ends_the_run_and_loses_nothing(
    point: str, how: Callable[[], None], lost: list[type[BaseException] | None], tmp_path: Path
) -> None:
    write_tiny(tmp_path / "raw", FILES)
    steps: list[str] = []

    def run() -> None:
        ingest(
            [tmp_path / "raw"],
            tmp_path / "out",
            workers=1,
            commit_seconds=0.0,
            progress=lambda step: steps.append(step.uri),
        )

    function, number = POINTS[point]
    with listening(), pytest.raises(KeyboardInterrupt), called(function, number, how) as calls:
        run()
    assert len(calls) >= number
    assert lost in ([], [KeyboardInterrupt])
    stored = Store(tmp_path / "out").read("documents", ["source_uri"]).column("source_uri").to_pylist()
    assert set(steps) <= set(stored)
    run()
    assert Store(tmp_path / "out").read("documents", ["document_id"]).num_rows == FILES


@contextmanager
def called(function: str, number: int, do: Callable[[], None]) -> Iterator[list[str]]:
    """Does something at the n-th call of a function; gives the calls so far."""
    calls: list[str] = []

    def look(frame: FrameType, event: str, _: object) -> None:
        if event == "call" and frame.f_code.co_qualname == function:
            calls.append(function)
            if len(calls) == number:
                do()

    sys.setprofile(look)
    try:
        yield calls
    finally:
        sys.setprofile(None)


KEHOACH = "from pipeline.cli import main; main()"
PRESSES_WHEN_IMPORTED = """
import signal, sys

class Presses:
    module = sys.argv.pop(1)

    def find_spec(self, name, *_):
        if name == self.module:
            Presses.module = ""
            signal.raise_signal(signal.SIGINT)

sys.meta_path.insert(0, Presses())
"""
PRESSES_LATE = """
import signal

class Late:
    def __del__(self, press=signal.raise_signal):
        press(2)

late = Late()
"""


@pytest.mark.parametrize(
    "module", ["typer", "rich.console", "pipeline.commands.running", "pipeline.batch", "pyarrow.lib"]
)
def test_an_interrupt_while_the_program_loads_is_answered_in_one_line(module: str, tmp_path: Path) -> None:
    command = [sys.executable, "-c", PRESSES_WHEN_IMPORTED + KEHOACH, module, "ingest", str(tmp_path)]
    ended = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert (ended.returncode, ended.stdout, ended.stderr) == (ExitCode.STOPPED, "", f"{STOPPED}\n")


def test_an_interrupt_after_the_last_word_changes_nothing(tmp_path: Path) -> None:
    """Pressed when Python takes its modules apart, behind what runs at exit."""
    command = [sys.executable, "-c", PRESSES_LATE + KEHOACH, "--help"]
    ended = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert (ended.returncode, ended.stderr) == (ExitCode.OK, "")


@pytest.mark.slow
def test_ctrl_c_keeps_what_was_read(tmp_path: Path) -> None:
    many = 3000
    write_tiny(tmp_path / "raw", many)
    command = [sys.executable, "-c", KEHOACH, "ingest", "raw", "--out", "out", "--workers", "1"]
    with subprocess.Popen(command, cwd=tmp_path, stderr=subprocess.PIPE, text=True) as run:
        assert run.stderr is not None
        run.stderr.readline()  # the first line of progress
        run.send_signal(signal.SIGINT)
        *_, told = run.stderr.read().splitlines()
    assert run.returncode == ExitCode.STOPPED
    assert told == "Đã dừng. Những tệp đã đọc xong được giữ trong out. / Stopped; what was read is stored in out."
    assert 0 < Store(tmp_path / "out").read("documents", ["document_id"]).num_rows < many


def test_a_job_in_the_background_ignores_ctrl_c(tmp_path: Path) -> None:
    """As its shell has asked for: a script starts it with &, and Ctrl-C is for what runs in front."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    write_tiny(tmp_path / "raw", 1)
    command = [sys.executable, "-c", PRESSES_WHEN_IMPORTED + KEHOACH, "pipeline.batch", "ingest", "raw"]
    assert subprocess.run(command, cwd=tmp_path, check=False).returncode == ExitCode.OK
