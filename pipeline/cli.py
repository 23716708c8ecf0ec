"""Where the command `kehoach` begins and ends: what stopped it becomes one plain sentence and an exit code.

Nothing large is imported before `main`, so that whoever presses Ctrl-C while the program loads is answered too.
"""

import os
import sys
from contextlib import suppress
from typing import TextIO

from pipeline import interrupts
from pipeline.exits import ExitCode


def main() -> None:
    """Runs the command; what was raised on purpose ends as one plain sentence and an exit code."""
    interrupts.leave_when_told()
    from extractors.errors import IngestError
    from extractors.refusals import refused, refused_in_english
    from pipeline.commands.app import app
    from pipeline.lean import leave_out_pandas
    from pipeline.terminal import UNACCENTED

    sys.stdout = sys.stdout or _nobody()  # closed by whoever called: `>&-`
    sys.stderr = sys.stderr or _nobody()
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors=UNACCENTED)  # an old terminal shows what it can rather than a traceback
    leave_out_pandas()
    with interrupts.listening():
        try:
            try:
                app()
            finally:
                with suppress(OSError):  # nobody reads the progress
                    _flush(sys.stderr)
                with suppress(BrokenPipeError):  # `kehoach show ... | head`
                    _flush(sys.stdout)
        except IngestError as error:
            _end(str(error))
        except OSError as refusal:  # behind `kehoach show ... > file` the disk is full; the folder for drafts is shut
            where = f" {refusal.filename}" if isinstance(refusal.filename, str) else ""
            _end(
                f"Máy không cho làm tiếp{where}: {refused(refusal)}."
                f" / The machine refuses to go on{where}: {refused_in_english(refusal)}."
            )
        except BaseException as end:
            if not _stopped(end):
                raise
            _end(interrupts.told(), ExitCode.STOPPED)


def _nobody() -> TextIO:
    return os.fdopen(os.open(os.devnull, os.O_WRONLY), "w", encoding="utf-8")


def _flush(stream: TextIO) -> None:
    """Writes what was said; where that cannot be, Python would end with words and a code (120) of its own."""
    try:
        stream.flush()
    except OSError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())  # for the rest that Python writes when it ends
        raise


def _stopped(end: BaseException) -> bool:
    """Whether Ctrl-C is behind it: Typer makes an exit of it, an import that it cut short an ImportError."""
    if isinstance(end, SystemExit):
        return interrupts.heard() and end.code == ExitCode.STOPPED
    return interrupts.heard() or isinstance(end, KeyboardInterrupt)


def _end(message: str, code: ExitCode = ExitCode.NOTHING_DONE) -> None:
    interrupts.leave_when_told()  # no second Ctrl-C cuts the sentence
    from pipeline.commands.options import say

    with suppress(OSError):  # nobody listens
        say(message)
        _flush(sys.stderr)
    sys.exit(code)


if __name__ == "__main__":
    main()
