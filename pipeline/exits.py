"""How command and flow end, for the shell that called them."""

from enum import IntEnum


class ExitCode(IntEnum):
    """The same for all commands."""

    OK = 0  # everything was done
    SOME_FAILED = 1  # some files could not be read, the others were; the reasons are in the table `failures`
    USAGE = 2  # called wrongly: an unknown option, a path that does not exist
    NOTHING_DONE = 3  # another run is writing, the disk is full, our vocabulary is at fault
    BUG = 4  # a bug of ours was met; the file is in `failures`, the traceback in the log
    STOPPED = 130  # Ctrl-C; what had been read is stored
