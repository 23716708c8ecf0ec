"""Processes that do not outlive the one that started them, even where that one is killed with -9.

python -m flows.attached MODULE [ARGUMENT]...   runs a module like `python -m MODULE`, attached to its parent
"""

import os
import runpy
import signal
import sys
import threading
import time

_SERVICE = "KEHOACH_ATTACHED"  # set where flow runs belong to `kehoach serve` and end with it


def environment() -> dict[str, str]:
    """Tells flow runs that they are to end with the service."""
    return {_SERVICE: "1"}


def stay_attached() -> None:
    """Ends this process, and the workers it has started with it, when its parent dies.

    Nothing is lost by so rude an end: whatever a killed run leaves is finished or forgotten by the next one.
    """
    threading.Thread(target=_end_with_parent, args=(os.getppid(),), daemon=True).start()


def stay_attached_in_service() -> None:
    """The same for flow runs, where they were started by `kehoach serve` and not by a worker or a person."""
    if os.environ.get(_SERVICE):
        stay_attached()


def _end_with_parent(parent: int) -> None:
    while os.getppid() == parent:
        time.sleep(0.5)
    os.kill(os.getpid(), signal.SIGKILL)


if __name__ == "__main__":
    stay_attached()
    sys.argv = sys.argv[1:]
    runpy.run_module(sys.argv[0], run_name="__main__", alter_sys=True)
