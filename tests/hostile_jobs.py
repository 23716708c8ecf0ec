"""Targets for the worker pool that do what broken files make native libraries do."""

import ctypes
import os
import signal
import sys
import time
from pathlib import Path

import pyarrow as pa
from store_samples import read_sample

from extractors.errors import SurroundingsError, VocabularyError
from extractors.pace import page_done
from pipeline.run import Job
from pipeline.store.arrow import Reading


def read_hostile(job: Job) -> Reading:
    """A file whose first word is a misdeed commits it; any other is read as a sample."""
    word = Path(job.path).read_text(encoding="utf-8").split()[0]
    if word in _DEEDS:
        _DEEDS[word](job)
    return read_sample(job)


_HOARD: list[bytearray] = []


def hoard(_job: int) -> int:
    """Keeps memory, as a library that leaks does; tells its process."""
    _HOARD.append(bytearray(b"x") * (30 << 20))
    return os.getpid()


def without_pandas(_job: int) -> bool:
    """Makes an array, for which pyarrow asks for pandas."""
    pa.array([1])
    return "pandas" not in sys.modules


def read_news(pipe: str) -> str:
    """Waits until somebody writes."""
    return Path(pipe).read_text(encoding="utf-8")


def _hang(job: Job) -> None:
    while True:
        time.sleep(60)


def _pages(job: Job) -> None:
    """Slower than a file may be, but page by page."""
    for _ in range(12):
        time.sleep(0.8)
        page_done()


def _endless_pages(job: Job) -> None:
    while True:
        time.sleep(0.2)
        page_done()


def _crash(job: Job) -> None:
    ctypes.string_at(0)


def _leave(job: Job) -> None:
    os._exit(3)


def _eat_memory(job: Job) -> None:
    hoard = []
    while True:
        hoard.append(bytearray(64 << 20))


def _bug(job: Job) -> None:
    sys.stderr.write("words of a library\n")
    raise ZeroDivisionError("a bug of ours")


def _killed_once(job: Job) -> None:
    mark = Path(job.path + ".killed~")
    if not mark.exists():
        mark.touch()
        os.kill(os.getpid(), signal.SIGKILL)


def _machine(job: Job) -> None:
    raise SurroundingsError("Thiếu chương trình. / A program is missing.")


def _vocabulary(job: Job) -> None:
    raise VocabularyError("two owners of one name")


def _chatter(job: Job) -> None:
    os.write(1, b"x" * 1_000_000)
    os.write(2, b"y" * 1_000_000)


def _rewritten(job: Job) -> None:
    """Somebody writes to the file just before it is read."""
    Path(job.path).write_text("3 7", encoding="utf-8")


_DEEDS = {
    "hang": _hang,
    "pages": _pages,
    "endless-pages": _endless_pages,
    "crash": _crash,
    "leave": _leave,
    "memory": _eat_memory,
    "bug": _bug,
    "killed-once": _killed_once,
    "machine": _machine,
    "vocabulary": _vocabulary,
    "chatter": _chatter,
    "rewritten": _rewritten,
}
