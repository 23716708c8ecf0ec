"""Whoever reads page after page says so, and its time limit begins anew: a long scan is slow, it does not hang."""

from collections.abc import Callable
from contextvars import ContextVar

_LISTENER: ContextVar[Callable[[], None] | None] = ContextVar("pace", default=None)


def listen(listener: Callable[[], None]) -> None:
    """`listener` is called after each page, in the thread that reads."""
    _LISTENER.set(listener)


def page_done() -> None:
    """A page that took its time is done."""
    listener = _LISTENER.get()
    if listener is not None:
        listener()
