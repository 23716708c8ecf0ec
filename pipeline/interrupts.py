"""Ctrl-C: one plain line for whoever pressed it, never lost, and never in the midst of a commit.

A KeyboardInterrupt alone can be lost: raised while Python runs a finaliser, a weak reference's callback or one of C, it
is printed and forgotten, and a module that was being imported may turn it into an ImportError. So what was heard is
also remembered, and `check` raises it again. SIGINT that the shell has us ignore (a job in the background of a script)
stays ignored.

The state belongs to the process, as signals do.
"""

import atexit
import os
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from types import FrameType

from pipeline.exits import ExitCode

STOPPED = "Đã dừng. / Stopped."

_heard = False
_held = 0
_words = STOPPED


def leave_when_told() -> None:
    """From now on Ctrl-C ends the program at once, with one line.

    For its start, when nothing has begun that could be harmed, and its end, when all has been said.
    """
    if signal.getsignal(signal.SIGINT) is not signal.SIG_IGN:
        signal.signal(signal.SIGINT, _leave)
        # Then only Python takes itself apart, which would die of the signal, whatever came of the command.
        atexit.register(signal.signal, signal.SIGINT, signal.SIG_IGN)


@contextmanager
def listening() -> Iterator[None]:
    """Ctrl-C raises KeyboardInterrupt, unless it is `held` back, and is remembered to the end of the block."""
    global _heard, _words
    before = signal.getsignal(signal.SIGINT)
    if before is not signal.SIG_IGN:
        signal.signal(signal.SIGINT, _hear)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
        _heard, _words = False, STOPPED


@contextmanager
def held() -> Iterator[None]:
    """A block that Ctrl-C does not cut: it is raised behind it."""
    global _held
    _held += 1
    try:
        yield
    finally:
        _held -= 1
    check()


def check() -> None:
    """Raises what was heard, should the first KeyboardInterrupt have been held back or lost."""
    if _heard and not _held:
        raise KeyboardInterrupt


def heard() -> bool:
    """Whether Ctrl-C was pressed since `listening` began."""
    return _heard


def tell_then(words: str) -> None:
    """What is told from now on to whoever presses Ctrl-C."""
    global _words
    _words = words


def told() -> str:
    """The line for whoever pressed Ctrl-C."""
    return _words


def _hear(_signum: int, _frame: FrameType | None) -> None:
    global _heard
    _heard = True
    check()


def _leave(_signum: int, _frame: FrameType | None) -> None:
    encoding = sys.stderr.encoding if sys.stderr else "utf-8"
    with suppress(OSError):  # nobody listens
        os.write(2, f"{STOPPED}\n".encode(encoding, "replace"))
    os._exit(ExitCode.STOPPED)
