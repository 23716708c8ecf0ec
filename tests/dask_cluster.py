"""A Dask cluster on this machine: a scheduler and workers that are processes of their own, started as on a real one."""

import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

HERE = Path(__file__).parent


@contextmanager
def cluster(folder: Path, workers: int) -> Iterator[tuple[str, list[subprocess.Popen[bytes]]]]:
    """The scheduler's address, and its workers, which are all there."""
    with ExitStack() as ends:
        scheduler = _start(ends, folder / "scheduler.log", "scheduler", "--host", "127.0.0.1", "--port", "0")
        address = _told(folder / "scheduler.log", r"Scheduler at:\s+(tcp://\S+)", scheduler)
        options = ("--no-nanny", "--nthreads", "1", "--no-dashboard", "--local-directory", str(folder))
        crew = [_start(ends, folder / f"worker-{n}.log", "worker", address, *options) for n in range(workers)]
        for n, worker in enumerate(crew):
            _told(folder / f"worker-{n}.log", r"Registered to:\s+(\S+)", worker)
        yield address, crew


def _start(ends: ExitStack, log: Path, *arguments: str) -> subprocess.Popen[bytes]:
    with open(log, "wb") as written:
        process = subprocess.Popen(
            [sys.executable, "-m", "dask", *arguments],
            stdout=written,
            stderr=written,
            env=os.environ | {"PYTHONPATH": os.pathsep.join([str(HERE), os.environ.get("PYTHONPATH", "")])},
        )
    ends.callback(process.wait)
    ends.callback(process.kill)
    return process


def _told(log: Path, pattern: str, process: subprocess.Popen[bytes]) -> str:
    """What a process says when it is ready."""
    while process.poll() is None:
        if told := re.search(pattern, log.read_text(encoding="utf-8")):
            return told[1]
        time.sleep(0.1)
    raise AssertionError(log.read_text(encoding="utf-8"))
