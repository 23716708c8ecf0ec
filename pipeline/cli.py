"""The command `kehoach`: every stage of the work, printable on its own.

Exit codes, the same for all commands:
    0  everything was done
    1  some files could not be read; the others were (the reasons are in the table `failures`)
    2  the command was called wrongly: an unknown option, a path that does not exist
    3  nothing could be done: another run is writing, the disk is full, our vocabulary is at fault
    4  a bug in kehoach was met; the file is in `failures`, the traceback in the log
  130  stopped with Ctrl-C; what had been read is stored
"""

import dataclasses
import io
import json
import sys
from datetime import date
from enum import Enum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from extractors.errors import IngestError
from pipeline.exits import ExitCode
from pipeline.text import nfc

if TYPE_CHECKING:
    from pipeline.run import Outcome

app = typer.Typer(
    add_completion=False,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    help="Reads Vietnamese administrative plans (kế hoạch) into Parquet tables.",
    epilog="Exit codes: 0 done, 1 some files failed, 2 wrong call, 3 nothing could be done, 4 a bug, 130 stopped.",
)


def main() -> None:
    """Runs the command; what was raised on purpose ends as one plain sentence and an exit code."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")  # an old terminal shows "?" rather than a traceback
    try:
        app()
    except IngestError as error:
        _say(str(error))
        sys.exit(ExitCode.NOTHING_DONE)


def _day(text: str) -> date:
    """A day as 2026-01-31, or "today"."""
    if text == "today":
        return date.today()
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise typer.BadParameter(f"{text!r} is not a day such as 2026-01-31, nor 'today'") from None


SourceFile = Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="A plan: Word, PDF or text.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON instead of tables.")]
AsOf = Annotated[
    Any,
    typer.Option(parser=_day, metavar="DAY", help="Judge overdue tasks by this day (2026-01-31, or 'today')."),
]


@app.command()
def ingest(
    paths: Annotated[
        list[Path] | None, typer.Argument(metavar="[PATH]...", help="Files and folders.", show_default="data/raw")
    ] = None,
    out: Annotated[Path, typer.Option(help="Where the tables are kept.", file_okay=False)] = Path("data/parsed"),
    workers: Annotated[int | None, typer.Option(min=1, help="Processes.", show_default="one a core")] = None,
    as_of: AsOf = None,
    reparse: Annotated[bool, typer.Option("--reparse", help="Read known files again too.")] = False,
    prose_tasks: Annotated[
        bool, typer.Option("--prose-tasks", help="Add assignments in the prose of plans that have a task table.")
    ] = False,
    time_limit: Annotated[int, typer.Option(min=1, help="Seconds that one file may take.")] = 300,
) -> None:
    """Read plans into Parquet tables; what is known already is not read again."""
    from pipeline.batch import ingest as ingest_files
    from pipeline.pool import Limits
    from pipeline.summary import print_summary, watched

    sources = paths or [Path("data/raw")]
    missing = [path for path in sources if not path.exists()]
    if missing:
        _say(f"Không có tệp hoặc thư mục: {missing[0]} / No such file or folder: {missing[0]}")
        raise typer.Exit(ExitCode.USAGE)
    try:
        with watched() as progress:
            limits = Limits(seconds=time_limit)
            summary = ingest_files(
                sources,
                out,
                workers=workers,
                as_of=as_of,
                reparse=reparse,
                limits=limits,
                prose_tasks=prose_tasks,
                progress=progress,
            )
    except KeyboardInterrupt:
        _say(f"Đã dừng. Những tệp đã đọc xong được giữ trong {out}. / Stopped; what had been read is stored in {out}.")
        raise typer.Exit(ExitCode.STOPPED) from None
    print_summary(summary)
    raise typer.Exit(summary.exit_code)


@app.command()
def show(file: SourceFile, as_of: AsOf = None) -> None:
    """Show one plan: its header, tasks and findings."""
    from pipeline.show import print_findings, print_plan

    outcome = _read(file, as_of)
    assert outcome.plan is not None
    print_plan(outcome.plan)
    print_findings(outcome.findings)


@app.command()
def extract(file: SourceFile, as_json: AsJson = False) -> None:
    """Show what the file holds before it is understood: paragraphs, tables, notices."""
    from pipeline.show import print_document

    document = _read(file).document
    assert document is not None
    if as_json:
        _print_json(document)
    else:
        print_document(document)


@app.command()
def read(file: SourceFile, as_json: AsJson = False) -> None:
    """Show what the plan says: header, tasks, citations (the last with --json)."""
    from pipeline.show import print_plan

    plan = _read(file).plan
    assert plan is not None
    if as_json:
        _print_json(plan)
    else:
        print_plan(plan)


@app.command()
def check(file: SourceFile, as_json: AsJson = False, as_of: AsOf = None) -> None:
    """Show what is wrong or doubtful in one plan."""
    from pipeline.show import print_findings

    findings = _read(file, as_of).findings
    if as_json:
        _print_json(findings)
    else:
        print_findings(findings)


@app.command("read-deadline", context_settings={"ignore_unknown_options": True})  # a cell may begin with "- "
def read_deadline(
    text: Annotated[str | None, typer.Argument(help="The words, such as 'Trước ngày 15/01 hàng năm'.")] = None,
    year: Annotated[int | None, typer.Option(min=1, max=9998, help="The year that the plan covers.")] = None,
    as_json: AsJson = False,
    jsonl: Annotated[
        typer.FileBinaryRead | None,
        typer.Option("--jsonl", metavar="FILE", help='Read lines {"text", "context"}; - is standard input.'),
    ] = None,
) -> None:
    """Read deadlines out of words: their kind, days and recurrence."""
    from pipeline.rules import deadline_lines
    from pipeline.rules.deadlines import read_deadlines
    from pipeline.terminal import escaped_json, printable

    if (text is None) == (jsonl is None):
        raise typer.BadParameter("give either TEXT or --jsonl FILE")
    if jsonl is not None:
        try:
            for line in deadline_lines.read_lines(io.TextIOWrapper(jsonl, encoding="utf-8")):
                sys.stdout.write(escaped_json(line) + "\n")
        except ValueError as fault:
            _say(str(fault))
            raise typer.Exit(ExitCode.USAGE) from None
        return
    found = read_deadlines(nfc(text or ""), deadline_lines.year_context(year))
    if as_json:
        _print_json([deadline_lines.row(deadline) for deadline in found])
    else:
        told = [printable(deadline_lines.describe(deadline)) for deadline in found]
        sys.stdout.write("\n".join(told or ["Không đọc được thời hạn nào."]) + "\n")


def _read(file: Path, as_of: date | None = None) -> "Outcome":
    """All stages on one file, here and now; ends the command where the file is at fault."""
    from pipeline.run import process
    from pipeline.sources import source_uri, unreadable

    try:
        outcome = process(source_uri(str(file)), file.read_bytes(), as_of)
    except OSError as refusal:
        _say(unreadable(refusal))
        raise typer.Exit(ExitCode.SOME_FAILED) from None
    if outcome.failure:
        _say(f"{file}: {outcome.failure.message}")
        raise typer.Exit(ExitCode.SOME_FAILED)
    return outcome


def _say(message: str) -> None:
    from pipeline.terminal import one_line

    sys.stderr.write(one_line(message) + "\n")


def _print_json(value: Any) -> None:
    from pipeline.terminal import escaped_json

    sys.stdout.write(escaped_json(json.dumps(value, default=_plain, ensure_ascii=False, indent=2)) + "\n")


def _plain(value: Any) -> Any:
    if dataclasses.is_dataclass(value):
        return {field.name: getattr(value, field.name) for field in dataclasses.fields(value)}
    return value.value if isinstance(value, Enum) else str(value)
