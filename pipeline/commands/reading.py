"""Commands that read one file, stage by stage."""

import io
import sys
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pipeline.commands.options import AsJson, AsOf, SourceFile, print_json, say
from pipeline.exits import ExitCode
from pipeline.text import nfc

if TYPE_CHECKING:
    from pipeline.run import Outcome


def register(app: typer.Typer) -> None:
    """Adds the commands of this subject."""
    app.command()(show)
    app.command()(extract)
    app.command()(read)
    app.command()(check)
    app.command("read-deadline", context_settings={"ignore_unknown_options": True})(
        read_deadline
    )  # a cell may begin with "- "


def show(file: SourceFile, as_of: AsOf = None) -> None:
    """Show one plan: its header, tasks and findings."""
    from pipeline.show import print_findings, print_plan

    outcome = read_file(file, as_of)
    assert outcome.plan is not None
    print_plan(outcome.plan)
    print_findings(outcome.findings)


def extract(file: SourceFile, as_json: AsJson = False) -> None:
    """Show what the file holds before it is understood: paragraphs, tables, notices."""
    from pipeline.show import print_document

    document = read_file(file).document
    assert document is not None
    if as_json:
        print_json(document)
    else:
        print_document(document)


def read(file: SourceFile, as_json: AsJson = False) -> None:
    """Show what the plan says: header, tasks, citations (the last with --json)."""
    from pipeline.show import print_plan

    plan = read_file(file).plan
    assert plan is not None
    if as_json:
        print_json(plan)
    else:
        print_plan(plan)


def check(file: SourceFile, as_json: AsJson = False, as_of: AsOf = None) -> None:
    """Show what is wrong or doubtful in one plan."""
    from pipeline.show import print_findings

    findings = read_file(file, as_of).findings
    if as_json:
        print_json(findings)
    else:
        print_findings(findings)


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
            say(str(fault))
            raise typer.Exit(ExitCode.USAGE) from None
        return
    found = read_deadlines(nfc(text or ""), deadline_lines.year_context(year))
    if as_json:
        print_json([deadline_lines.row(deadline) for deadline in found])
    else:
        told = [printable(deadline_lines.describe(deadline)) for deadline in found]
        sys.stdout.write("\n".join(told or ["Không đọc được thời hạn nào."]) + "\n")


def read_file(file: Path, as_of: date | None = None) -> "Outcome":
    """All stages on one file, here and now; ends the command where the file is at fault."""
    from pipeline.run import process
    from pipeline.sources import source_uri, unreadable

    try:
        outcome = process(source_uri(str(file)), file.read_bytes(), as_of)
    except OSError as refusal:
        say(unreadable(refusal))
        raise typer.Exit(ExitCode.SOME_FAILED) from None
    if outcome.failure:
        say(f"{file}: {outcome.failure.message}")
        raise typer.Exit(ExitCode.SOME_FAILED)
    return outcome
