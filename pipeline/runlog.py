"""The structured log of a run: one JSON object a line, for programs that watch; never a document's words."""

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

FILE_NAME = "log.jsonl"
_LARGEST = 10 << 20  # then it becomes log.jsonl.1


class RunLog:
    """Writes lines like {"at": "2026-11-22T01:00:03.120+00:00", "run_id": ..., "stage": "read", "uri": ...}.

    Stages: started, found, waiting, gone, read, failed, stored, ended. Without a file nothing is written.
    """

    def __init__(self, run_id: str, fd: int | None = None) -> None:
        self._run_id = run_id
        self._fd = fd

    def note(self, stage: str, **told: Any) -> None:
        """One line, written whole in one step."""
        if self._fd is None:
            return
        at = datetime.now(UTC).isoformat("T", "milliseconds")
        line = json.dumps({"at": at, "run_id": self._run_id, "stage": stage, **told}, ensure_ascii=False, default=str)
        os.write(self._fd, (line + "\n").encode("utf-8", "backslashreplace"))


@contextmanager
def run_log(state: Path, run_id: str, *, wanted: bool) -> Iterator[RunLog]:
    """The log in the state folder, if it is wanted."""
    if not wanted:
        yield RunLog(run_id)
        return
    path = state / FILE_NAME
    if path.exists() and path.stat().st_size > _LARGEST:
        path.replace(path.with_name(FILE_NAME + ".1"))
    fd = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o640)
    try:
        yield RunLog(run_id, fd)
    finally:
        os.close(fd)
