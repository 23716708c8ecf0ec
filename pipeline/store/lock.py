"""One writer at a time: a lock that the kernel lets go of when its holder dies, however it dies."""

import fcntl
import json
import os
import socket
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from extractors.errors import SurroundingsError
from pipeline.clock import VIETNAM

_LOOK_AGAIN = 0.2  # seconds


class StoreLockedError(SurroundingsError):
    """Another run is writing to the store; `holder` says which."""

    def __init__(self, path: str, holder: str) -> None:
        super().__init__(path, holder)
        self.path = path
        self.holder = holder

    def __str__(self) -> str:
        return (
            f"Một lần chạy khác đang ghi vào {self.path} ({self.holder}). Hãy đợi lần đó xong rồi chạy lại."
            f" / Another run is writing to {self.path} ({self.holder}); run again when it has ended."
        )


@contextmanager
def writer_lock(path: Path, *, wait: float = 0.0, held: Callable[[str], None] | None = None) -> Iterator[None]:
    """Holds the lock file for the length of the block.

    The file stays when the lock is released: deleting it would let two runs lock two files of one name. It is opened
    close-on-exec (Python's default), so no worker process can inherit the lock and outlive its holder with it.

    Args:
        wait: seconds to wait for the holder to end (math.inf: as long as it takes).
        held: is told once who holds the lock, where there is a wait.

    Raises:
        StoreLockedError: another process holds it still.
    """
    fd = os.open(path, os.O_RDWR | os.O_CREAT, 0o644)
    try:
        _take(fd, path, time.monotonic() + wait, held)
        note = {"pid": os.getpid(), "host": socket.gethostname(), "since": datetime.now(UTC).isoformat("T", "seconds")}
        os.ftruncate(fd, 0)
        os.pwrite(fd, json.dumps(note).encode(), 0)
        yield
        os.ftruncate(fd, 0)
    finally:
        os.close(fd)


def _take(fd: int, path: Path, until: float, held: Callable[[str], None] | None) -> None:
    while True:
        try:
            fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            refusal = StoreLockedError(str(path.parent.parent), _holder(os.pread(fd, 4096, 0)))
            if time.monotonic() >= until:
                raise refusal from None
            if held:
                held(str(refusal))
                held = None
            time.sleep(_LOOK_AGAIN)
        else:
            return


def _holder(note: bytes) -> str:
    try:
        entry = json.loads(note)
        since = datetime.fromisoformat(entry["since"]).astimezone(VIETNAM)
        return f"pid {entry['pid']}, {entry['host']}, {since:%d/%m/%Y %H:%M}"
    except (ValueError, KeyError, TypeError):
        return "?"
