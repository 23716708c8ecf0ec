"""Where the command `kehoach` begins and ends: what stopped it becomes one plain sentence and an exit code.

Nothing large is imported before `main`, so that whoever presses Ctrl-C while the program loads is answered too.
"""

import sys
from contextlib import suppress

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

    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors=UNACCENTED)  # an old terminal shows what it can rather than a traceback
    leave_out_pandas()
    with interrupts.listening():
        try:
            app()
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
    sys.exit(code)
