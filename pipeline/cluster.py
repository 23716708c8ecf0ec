"""Jobs on a Dask cluster: the same work as `pipeline.pool`, on the machines behind one address.

One process, the one that runs the batch, scans, judges what is known and commits; the workers of the cluster only read
files and keep nothing, so any of them may come, go or be killed at any time and what it was reading is read elsewhere.
Each Dask worker reads in a process of its own with the limits of the pool, so a file that hangs or eats the memory
takes neither the worker nor the others with it. It opens files itself: they must lie on a path that all machines share
or at an address (s3://...).

Dask's own client is used and not prefect-dask: that starts a Prefect task run for each file, which costs more than
reading most of them (docs/scale.md).
"""

import threading
import time
from collections import deque
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from queue import Empty, SimpleQueue
from typing import TYPE_CHECKING, Any

from extractors.errors import Reason, SurroundingsError
from pipeline.pool import Death, Limits, Pool
from pipeline.version import pipeline_version

if TYPE_CHECKING:
    from distributed import Client, Future

TARGET = "pipeline.run:read_file"
_AHEAD = 3  # jobs that each thread of a worker holds, so that none waits for the network
_CONNECT_SECONDS = 30
_PATIENCE = 120  # seconds without any worker, at the start (some clusters start them on demand) or in mid-run
_LOOK_SECONDS = 5.0
_FETCH_SECONDS = 60.0


class ClusterError(SurroundingsError):
    """The cluster cannot be reached, has no workers, or a worker runs another version of kehoach."""


class Cluster:
    """Runs jobs on the workers of a Dask scheduler; stands in the place of `Pool`.

    Args:
        address: "tcp://10.0.0.5:8786", "tls://...".
        target: what a worker runs for each job, as for `Pool`.
        patience: seconds to go on without any worker.
    """

    def __init__(
        self, address: str, target: str = TARGET, limits: Limits | None = None, patience: float = _PATIENCE
    ) -> None:
        self._address = address
        self._target = target
        self._limits = limits or Limits()
        self._patience = patience

    def run(self, jobs: Iterable[Any]) -> Iterator[tuple[Any, Any]]:
        """Yields (job, result), where the result of a job that took its process with it is a Death.

        Raises:
            VocabularyError: a worker found our vocabulary at fault.
            ClusterError: the cluster is not there, or not of this version.
            SurroundingsError: a worker met a fault of the machine.
        """
        waiting = deque(jobs)
        if not waiting:
            return
        with _connected(self._address, self._patience) as client:
            crew = _Crew(client, self._address, self._patience)
            under_way: dict[Future, Any] = {}
            done: SimpleQueue[Future] = SimpleQueue()
            try:
                while waiting or under_way:
                    for _ in range(min(len(waiting), _AHEAD * crew.threads() - len(under_way))):
                        job = waiting.popleft()
                        future = client.submit(work, job, self._target, self._limits, pipeline_version(), pure=False)
                        under_way[future] = job
                        future.add_done_callback(done.put)
                    ended, result = _next(done, crew)
                    yield under_way.pop(ended), result
            finally:
                if client.status == "running":
                    client.cancel(list(under_way))
                    client.run(rest, on_error="ignore")


class _Crew:
    """How many threads of workers there are, asked once a second at most, and for how long there were none."""

    def __init__(self, client: "Client", address: str, patience: float) -> None:
        self._client = client
        self._address = address
        self._patience = patience
        self._count = 0
        self._asked = 0.0
        self._seen = time.monotonic()

    def threads(self) -> int:
        """The number of jobs that can be worked on at once.

        Raises:
            ClusterError: the connection is lost, or nobody was there for too long.
        """
        now = time.monotonic()
        if self._client.status != "running":
            raise ClusterError(_LOST.format(address=self._address))
        if now - self._asked > 1.0:
            self._count, self._asked = sum(self._client.nthreads().values()), now
        if self._count:
            self._seen = now
        elif now - self._seen > self._patience:
            raise ClusterError(_NO_WORKERS.format(address=self._address))
        return self._count


def _next(done: "SimpleQueue[Future]", crew: _Crew) -> "tuple[Future, Any]":
    """The next job that ended, and its result."""
    while True:
        crew.threads()
        try:
            ended = done.get(timeout=_LOOK_SECONDS)
        except Empty:
            continue
        try:
            return ended, _result(ended)
        except TimeoutError:  # its worker died before the result was fetched: somebody works it out again
            ended.add_done_callback(done.put)


@contextmanager
def _connected(address: str, patience: float) -> "Iterator[Client]":
    try:
        from distributed import Client
    except ImportError as missing:
        raise ClusterError(_NOT_INSTALLED) from missing
    try:
        client = Client(address, timeout=_CONNECT_SECONDS, set_as_default=False)
    except (OSError, ValueError) as fault:
        raise ClusterError(_NOT_THERE.format(address=address, fault=fault)) from fault
    with client:
        try:
            client.wait_for_workers(1, timeout=patience)
        except TimeoutError as fault:
            raise ClusterError(_NO_WORKERS.format(address=address)) from fault
        yield client


def _result(future: "Future") -> Any:
    """The result; TimeoutError where it cannot be fetched."""
    from distributed import CancelledError, KilledWorker

    try:
        return future.result(timeout=_FETCH_SECONDS)
    except KilledWorker as killed:  # its Dask worker died under it several times, though files are read elsewhere
        return Death(Reason.CRASHED, str(killed))
    except CancelledError as lost:
        raise ClusterError(_LOST.format(address=future.client.scheduler.address)) from lost


@dataclass(slots=True)
class _Reader:
    """The reading process of one thread of a Dask worker, which stays from job to job."""

    asked: tuple[str, Limits]
    pool: Pool
    busy: threading.Lock = field(default_factory=threading.Lock)


_readers: dict[int, _Reader] = {}


def work(job: Any, target: str, limits: Limits, version: str) -> Any:
    """What a Dask worker does with a job: has it read in a process of its own, which may hang or die.

    Raises:
        ClusterError: this machine runs another version of kehoach than the one that asks.
    """
    own = pipeline_version()
    if own != version:
        raise ClusterError(_OTHER_VERSION.format(own=own, version=version))
    thread = threading.get_ident()
    reader = _readers.get(thread)
    if reader is None or reader.asked != (target, limits):
        if reader:
            reader.pool.close()
        reader = _readers[thread] = _Reader((target, limits), Pool(target, 1, limits, standing=True))
    with reader.busy:
        ((_, result),) = reader.pool.run([job])
    return result


def rest() -> None:
    """Ends the reading processes of a Dask worker that have nothing to do; the next run starts new ones."""
    for thread, reader in list(_readers.items()):
        if reader.busy.acquire(blocking=False):
            try:
                reader.pool.close()
                _readers.pop(thread, None)
            finally:
                reader.busy.release()


_NOT_INSTALLED = "Chưa cài Dask: pip install 'kehoach[dask]'. / Dask is not installed: pip install 'kehoach[dask]'."
_NOT_THERE = "Không kết nối được cụm Dask {address}: {fault}. / The Dask cluster {address} cannot be reached: {fault}."
_NO_WORKERS = "Cụm Dask {address} không có máy nào làm việc. / The Dask cluster {address} has no workers."
_LOST = "Mất kết nối với cụm Dask {address}. / The connection to the Dask cluster {address} was lost."
_OTHER_VERSION = (
    "Một máy trong cụm Dask chạy phiên bản kehoach khác ({own}, cần {version}); hãy cập nhật máy đó."
    " / A worker of the Dask cluster runs another version of kehoach ({own}, needed {version}); update it."
)
