"""When it runs, what is retried, who is told: orchestration only (Prefect)."""

import atexit
import os
import sys

from flows import settings


def _end_quietly() -> None:
    """DuckDB's binding (nanobind) lists on stderr what Prefect's threads still hold when the interpreter ends.

    It is harmless and would fill the journal with every run. Registered before all others, so it is called last: what
    programs have to say has been said.
    """
    sys.stderr.flush()
    os.dup2(os.open(os.devnull, os.O_WRONLY), 2)


atexit.register(_end_quietly)
settings.apply()  # before any module here imports prefect, which reads its settings once
