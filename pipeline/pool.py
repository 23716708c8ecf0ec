"""Worker processes that may hang, crash or eat the memory without taking the batch with them.

Own and small because the ready ones do not fit: a killed worker breaks concurrent.futures' whole pool;
multiprocessing.Pool waits for ever for a result that died with its worker; both run the parent's main module again
in every child, which under Prefect costs seconds. Here each worker is a fresh program with one line to the parent:
the end of the line is the worker's death, whatever killed it.
"""

import os
import signal
import subprocess
import sys
import tempfile
import time
from collections import deque
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from multiprocessing import Pipe
from multiprocessing.connection import Connection, wait
from typing import Any

from extractors.errors import Reason, SurroundingsError
from pipeline.interrupts import check
from pipeline.worker import OUT_OF_MEMORY_EXIT, Full, PageDone, Ready, Stop

_START_SECONDS = 120
_PROGRAM = "from pipeline.worker import main; main()"  # not -m: its types would be those of another module
_TAIL = 20_000
_STILLBORN = 3  # workers of a run that may be killed before they are ready
_LOOK_SECONDS = 1.0  # a Ctrl-C that came just before the wait, or was lost, is seen so soon
_READY = 2  # jobs that lie ready for each worker


@dataclass(frozen=True, slots=True)
class Limits:
    """What one file may take: seconds on the clock, bytes of memory beyond the loaded program.

    Where pages are recognised one by one (scans), each has these seconds, and all together `longest`.
    """

    seconds: int = 300
    longest: int = 3600
    memory: int = 3 << 30
    growth: int = 256 << 20  # of a worker between files; then a fresh process, so that leaks of libraries stay small
    jobs_per_worker: int = 10_000


@dataclass(frozen=True, slots=True)
class Death:
    """A job that took its worker with it. `log` is what the worker wrote to its error output."""

    reason: Reason
    log: str


class _Worker:
    """One process, the job it is on, and those that lie ready in its line so that it never waits for us."""

    def __init__(self, target: str, limits: Limits) -> None:
        self.limits = limits
        self.job: Any = None
        self.ahead: deque[Any] = deque()
        self.ready = False
        self.jobs_left = limits.jobs_per_worker
        self.begun = time.monotonic()
        self.due = self.begun + _START_SECONDS
        self.output = _nameless_file()
        self.line: Connection[Any, Any]
        self.line, theirs = Pipe()
        arguments = (str(theirs.fileno()), target, str(limits.seconds), str(limits.memory), str(limits.growth))
        self.process = subprocess.Popen(
            [sys.executable, "-P", "-c", _PROGRAM, *arguments],
            pass_fds=[theirs.fileno()],
            stdin=subprocess.DEVNULL,
            stdout=self.output,
            stderr=self.output,
            env=_environment(),
            start_new_session=True,  # its own process group: what it starts dies with it
        )
        theirs.close()

    @property
    def idle(self) -> bool:
        return self.ready and self.job is None

    @property
    def takes_more(self) -> bool:
        return self.job is not None and len(self.ahead) < _READY and self.jobs_left > 0

    def give(self, job: Any) -> None:
        self.jobs_left -= 1
        if self.job is None:
            self._begin(job)
        else:
            self.ahead.append(job)
        with suppress(BrokenPipeError, ConnectionResetError):  # it died just now: the end of its line tells so next
            self.line.send(job)

    def done(self) -> Any:
        """The job whose result came; the next one that lies ready has begun."""
        job, self.job = self.job, None
        if self.ahead:
            self._begin(self.ahead.popleft())
        return job

    def _begin(self, job: Any) -> None:
        self.job = job
        self.begun = time.monotonic()
        self.due = self.begun + self.limits.seconds

    def page_done(self) -> None:
        """The next page has its own time, within that of the whole file."""
        last = self.begun + max(self.limits.longest, self.limits.seconds)
        self.due = min(time.monotonic() + self.limits.seconds, last)

    def end(self, patience: float = 0.2) -> tuple[int, str]:
        """Waits a little, kills what is left of the worker and its children; gives exit code and end of its output."""
        self.line.close()
        try:
            code = self.process.wait(timeout=patience)
        except subprocess.TimeoutExpired:
            code = 0
        with suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()
        size = os.fstat(self.output).st_size
        log = os.pread(self.output, _TAIL, max(0, size - _TAIL)).decode("utf-8", "replace")
        os.close(self.output)
        return code or self.process.returncode, log


class Pool:
    """Runs jobs through `target` ("module:function") in `workers` processes.

    A result comes as soon as it is there, so the order is not that of the jobs. A job whose worker died of a signal
    that we did not send is tried once more: the machine may have been the cause (its out-of-memory killer, a person).
    """

    def __init__(self, target: str, workers: int, limits: Limits | None = None, *, standing: bool = False) -> None:
        self._target = target
        self._size = max(1, workers)
        self._limits = limits or Limits()
        self._workers: list[_Worker] = []
        self._waiting: deque[Any] = deque()
        self._tried_twice: set[int] = set()
        self._stillborn = 0
        self._standing = standing

    def run(self, jobs: Iterable[Any]) -> Iterator[tuple[Any, Any]]:
        """Yields (job, result), where the result of a job that took its worker with it is a Death.

        Raises:
            VocabularyError: a worker found our vocabulary at fault.
            SurroundingsError: workers do not start, or one met a fault of the machine.
        """
        self._waiting.extend(jobs)
        try:
            while self._waiting or any(w.job is not None for w in self._workers):
                self._staff()
                yield from self._collect()
        except BaseException:
            self.close()
            raise
        if not self._standing:
            self.close()

    def close(self) -> None:
        """Ends all workers."""
        for worker in self._workers:
            worker.line.close()  # all go at once
        for worker in self._workers:
            worker.end()
        self._workers.clear()

    def _staff(self) -> None:
        """Starts workers while there is work for them, and gives idle ones a job."""
        starting = sum(not w.ready for w in self._workers)
        idle = [w for w in self._workers if w.idle]
        while len(self._workers) < self._size and starting + len(idle) < len(self._waiting):
            self._workers.append(_Worker(self._target, self._limits))
            starting += 1
        for worker in idle[: len(self._waiting)]:
            worker.give(self._waiting.popleft())
        for worker in self._workers:
            # While we commit, workers go on with what lies ready. The last jobs are kept for whoever is free first.
            while worker.takes_more and len(self._waiting) > _READY * self._size:
                worker.give(self._waiting.popleft())

    def _collect(self) -> Iterator[tuple[Any, Any]]:
        check()
        due = min((w.due for w in self._workers if not w.idle), default=0.0)
        patience = min(due - time.monotonic(), _LOOK_SECONDS)
        spoke = wait([w.line for w in self._workers], timeout=max(0.0, patience))
        for worker in list(self._workers):
            if worker.line in spoke:
                yield from self._hear(worker)
            elif not worker.idle and worker.due <= time.monotonic():
                yield from self._bury(worker, overdue=True)

    def _hear(self, worker: _Worker) -> Iterator[tuple[Any, Any]]:
        try:
            said = worker.line.recv()
        except (EOFError, ConnectionResetError):
            yield from self._bury(worker)
            return
        if isinstance(said, Stop):
            raise said.error
        if isinstance(said, Ready):
            worker.ready = True
            return
        if isinstance(said, PageDone):
            worker.page_done()
            return
        if isinstance(said, Full):
            worker.jobs_left = 0
            self._send_home(worker)
            return
        job = worker.done()
        self._send_home(worker)
        self._staff()
        yield job, said

    def _send_home(self, worker: _Worker) -> None:
        """Ends a worker that gets no more jobs, once nothing lies in its line."""
        if worker.jobs_left <= 0 and worker.job is None:
            self._workers.remove(worker)
            worker.end()

    def _bury(self, worker: _Worker, *, overdue: bool = False) -> Iterator[tuple[Any, Any]]:
        self._workers.remove(worker)
        self._waiting.extendleft(reversed(worker.ahead))
        # A worker that ended by itself has a code to tell; leaving a large program may take it seconds.
        code, log = worker.end(patience=0.0 if overdue else 30.0)
        if not worker.ready and code < 0 and not overdue and self._stillborn < _STILLBORN:  # killed while it started
            self._stillborn += 1
            return
        if not worker.ready:
            raise SurroundingsError(f"Không khởi động được tiến trình đọc. / A worker does not start: {log[-2000:]}")
        if worker.job is None:
            return
        reason = Reason.TIMEOUT if overdue else _cause(code, log)
        if reason is Reason.CRASHED and id(worker.job) not in self._tried_twice:
            self._tried_twice.add(id(worker.job))
            self._waiting.appendleft(worker.job)
        else:
            yield worker.job, Death(reason, log)


def _cause(code: int, log: str) -> Reason:
    if code == OUT_OF_MEMORY_EXIT or "bad_alloc" in log[-2000:]:
        return Reason.OUT_OF_MEMORY
    return Reason.INTERNAL_ERROR if code == 1 else Reason.CRASHED


def _nameless_file() -> int:
    """A temporary file without a name: it goes with the last process that holds it."""
    fd, name = tempfile.mkstemp(prefix="kehoach-worker-")
    os.unlink(name)
    return fd


def _environment() -> dict[str, str]:
    """The worker finds the modules that we found; native libraries stay on one core, since we run one a core."""
    places = os.pathsep.join(place or os.getcwd() for place in sys.path)
    single = dict.fromkeys(("OMP_NUM_THREADS", "OMP_THREAD_LIMIT", "OPENBLAS_NUM_THREADS"), "1")
    return os.environ | single | {"PYTHONPATH": places}
