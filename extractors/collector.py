"""The collector of cycles waits while a file is read.

What pages and tables are read into has no cycles, and the collector would look through all that is held, again and
again: a tenth of the time of a page in a long document, and the more the longer it is.
"""

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def waiting_collector() -> Iterator[None]:
    """For the time of a call that makes no cycles; to decorate a function with."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()
