"""The command `kehoach`: every stage of the work, printable on its own.

Exit codes, the same for all commands:
    0  everything was done
    1  some files could not be read; the others were (the reasons are in the table `failures`)
    2  the command was called wrongly: an unknown option, a path that does not exist
    3  nothing could be done: another run is writing, the disk is full, our vocabulary is at fault
    4  a bug in kehoach was met; the file is in `failures`, the traceback in the log
  130  stopped with Ctrl-C; what had been read is stored
"""

from typing import Annotated

import typer

from pipeline.commands import alerting, analysing, looking, reading, running, serving
from pipeline.version import pipeline_version


def _say_version(is_asked: bool) -> None:
    if is_asked:
        typer.echo(f"kehoach {pipeline_version()}")
        raise typer.Exit


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


@app.callback()
def _common(
    _version: Annotated[
        bool, typer.Option("--version", callback=_say_version, is_eager=True, help="Print the version and end.")
    ] = False,
) -> None: ...
