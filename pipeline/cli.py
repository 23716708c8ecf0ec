"""The command `kehoach`: every stage of the work, printable on its own.

Exit codes, the same for all commands:
    0  everything was done
    1  some files could not be read; the others were (the reasons are in the table `failures`)
    2  the command was called wrongly: an unknown option, a path that does not exist
    3  nothing could be done: another run is writing, the disk is full, our vocabulary is at fault
    4  a bug in kehoach was met; the file is in `failures`, the traceback in the log
  130  stopped with Ctrl-C; what had been read is stored
"""

import sys
from contextlib import suppress

import typer

from extractors.errors import IngestError
from extractors.refusals import refused, refused_in_english
from pipeline.commands import alerting, analysing, looking, reading, running, serving
from pipeline.commands.options import say
from pipeline.exits import ExitCode
from pipeline.lean import leave_out_pandas
from pipeline.terminal import UNACCENTED

app = typer.Typer(
    add_completion=False,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    help="Reads Vietnamese administrative plans (kế hoạch) into Parquet tables.",
    epilog="Exit codes: 0 done, 1 some files failed, 2 wrong call, 3 nothing could be done, 4 a bug, 130 stopped.",
)
# In the order of `kehoach --help`.
for subject in (running, reading, analysing, looking, alerting, serving):
    subject.register(app)


def main() -> None:
    """Runs the command; what was raised on purpose ends as one plain sentence and an exit code."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors=UNACCENTED)  # an old terminal shows what it can rather than a traceback
    leave_out_pandas()
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


def _end(message: str) -> None:
    with suppress(OSError):  # nobody listens
        say(message)
    sys.exit(ExitCode.NOTHING_DONE)
