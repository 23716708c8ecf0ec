"""A worker process: reads one file after another until its parent closes the line.

Started by pipeline.pool with the arguments FD TARGET SECONDS MEMORY. It catches only what was raised on
purpose. Anything else ends the process with its traceback, as a program's state after an unknown error is unknown:
the parent notes the bug and starts a new worker.
"""

import atexit
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
from typing import Any

from extractors.errors import SurroundingsError, VocabularyError
from extractors.pace import listen

OUT_OF_MEMORY_EXIT = 101


@dataclass(frozen=True, slots=True)
class Ready:
    """Everything is loaded; jobs may come."""


@dataclass(frozen=True, slots=True)
class PageDone:
    """A page of a long file is read; the next one has its own time."""


@dataclass(frozen=True, slots=True)
class Stop:
    """The whole run must end: our vocabulary or the machine is at fault, not a file."""

    error: VocabularyError | SurroundingsError


def main() -> None:
    """Loads the target, then answers every job with its result."""
    line = Connection(int(sys.argv[1]))
    seconds, memory = int(sys.argv[3]), int(sys.argv[4])
    threading.Thread(target=_end_with_parent, args=(os.getppid(),), daemon=True).start()
    try:
        work = _load(sys.argv[2])
        _limit_memory(memory)
        line.send(Ready())
        listen(lambda: _page_done(line, seconds))
        while True:
            job = line.recv()
            _limit_processor(seconds)
            line.send(work(job))
    except EOFError:
        atexit._run_exitfuncs()  # ends what was started; then no time is spent on taking a large program apart
        os._exit(0)
    except (VocabularyError, SurroundingsError) as error:
        line.send(Stop(error))
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
    try:
        with open("/proc/self/statm", encoding="ascii") as status:
            taken = int(status.read().split()[0]) * resource.getpagesize()
    except OSError:
        return
    hard = resource.getrlimit(resource.RLIMIT_AS)[1]
    limit = taken + allowance
    resource.setrlimit(resource.RLIMIT_AS, (limit if hard == resource.RLIM_INFINITY else min(limit, hard), hard))


def _limit_processor(seconds: int) -> None:
    """Behind the parent's clock, for the case that the parent is gone and native code never comes back."""
    hard = resource.getrlimit(resource.RLIMIT_CPU)[1]
    resource.setrlimit(resource.RLIMIT_CPU, (int(time.process_time()) + 2 * seconds + 1, hard))


def _page_done(line: Connection, seconds: int) -> None:
    _limit_processor(seconds)
    line.send(PageDone())


def _end_with_parent(parent: int) -> None:
    """Ends this worker and what it started when the parent dies, even by kill -9."""
    while os.getppid() == parent:
        time.sleep(0.5)
    os.killpg(0, signal.SIGKILL)
