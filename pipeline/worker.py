"""A worker process: reads one file after another until its parent closes the line.

Started by pipeline.pool with the arguments FD TARGET SECONDS MEMORY GROWTH. It catches only what was raised on
purpose. Anything else ends the process with its traceback, as a program's state after an unknown error is unknown:
the parent notes the bug and starts a new worker.
"""

import atexit
import gc
import importlib
import os
import resource
import signal
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from multiprocessing.connection import Connection
from typing import Any, NoReturn

from extractors.errors import SurroundingsError, VocabularyError
from extractors.pace import listen
from pipeline.lean import leave_out_pandas

OUT_OF_MEMORY_EXIT = 101


@dataclass(frozen=True, slots=True)
class Ready:
    """Everything is loaded; jobs may come."""


@dataclass(frozen=True, slots=True)
class PageDone:
    """A page of a long file is read; the next one has its own time."""


@dataclass(frozen=True, slots=True)
class Full:
    """This worker has grown beyond what it may keep: it does what lies in its line, and no more."""


@dataclass(frozen=True, slots=True)
class Stop:
    """The whole run must end: our vocabulary or the machine is at fault, not a file."""

    error: VocabularyError | SurroundingsError


def main() -> None:
    """Loads the target, then answers every job with its result."""
    leave_out_pandas()
    line = Connection(int(sys.argv[1]))
    seconds, memory, growth = map(int, sys.argv[3:6])
    threading.Thread(target=_end_with_parent, args=(os.getppid(),), daemon=True).start()
    try:
        work = _load(sys.argv[2])
        gc.freeze()  # what is loaded stays: the collector need not look through it at every file
        _limit_memory(memory)
        most = _resident() + growth
        _say(line, Ready())
        listen(lambda: _page_done(line, seconds))
        while True:
            job = _hear(line)
            _limit_processor(seconds)
            _say(line, work(job))
            if _resident() > most:
                _say(line, Full())
    except (VocabularyError, SurroundingsError) as error:
        _say(line, Stop(error))
    except MemoryError:
        os._exit(OUT_OF_MEMORY_EXIT)


def _load(target: str) -> Callable[[Any], Any]:
    """The function "module:name"; a `warm_up` beside it loads everything before the first job."""
    module_name, _, name = target.partition(":")
    module = importlib.import_module(module_name)
    if hasattr(module, "warm_up"):
        module.warm_up()
    work: Callable[[Any], Any] = getattr(module, name)
    return work


def _limit_memory(allowance: int) -> None:
    """The allowance counts from what the loaded program takes (Linux; elsewhere the time limit alone holds)."""
    taken = _pages(0)
    if not taken:
        return
    hard = resource.getrlimit(resource.RLIMIT_AS)[1]
    limit = taken + allowance
    resource.setrlimit(resource.RLIMIT_AS, (limit if hard == resource.RLIM_INFINITY else min(limit, hard), hard))


def _resident() -> int:
    """Bytes of memory that this process holds; 0 where nobody tells."""
    return _pages(1)


def _pages(column: int) -> int:
    """Bytes told by proc(5), statm: 0 all, 1 resident."""
    try:
        with open("/proc/self/statm", encoding="ascii") as status:
            return int(status.read().split()[column]) * resource.getpagesize()
    except OSError:
        return 0


def _limit_processor(seconds: int) -> None:
    """Behind the parent's clock, for the case that the parent is gone and native code never comes back."""
    hard = resource.getrlimit(resource.RLIMIT_CPU)[1]
    resource.setrlimit(resource.RLIMIT_CPU, (int(time.process_time()) + 2 * seconds + 1, hard))


def _page_done(line: Connection, seconds: int) -> None:
    _limit_processor(seconds)
    _say(line, PageDone())


def _hear(line: Connection) -> Any:
    try:
        return line.recv()
    except (EOFError, ConnectionResetError):
        _leave()


def _say(line: Connection, said: Any) -> None:
    try:
        line.send(said)
    except (BrokenPipeError, ConnectionResetError):
        _leave()


def _leave() -> NoReturn:
    """The parent has closed the line or is gone: nobody waits for more."""
    atexit._run_exitfuncs()  # ends what was started; then no time is spent on taking a large program apart
    os._exit(0)


def _end_with_parent(parent: int) -> None:
    """Ends this worker and what it started when the parent dies, even by kill -9."""
    while os.getppid() == parent:
        time.sleep(0.5)
    os.killpg(0, signal.SIGKILL)
