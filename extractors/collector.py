"""The collector of cycles waits while a file is read.

What pages and tables are read into has no cycles, and the collector would look through all that is held, again and
again: a tenth of the time of a page in a long document, and the more the longer it is. What stays when the call ends
counts as old at once, so that the next look at new objects does not begin with all of it.
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
            gc.freeze()
            gc.unfreeze()  # both move whole lists, whatever they hold
            gc.enable()
