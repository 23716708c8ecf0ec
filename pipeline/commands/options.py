"""What several commands share: how a day, a file and a format are given, and how something is said."""

import dataclasses
import json
import sys
from datetime import date
from enum import Enum
from pathlib import Path
from typing import Annotated, Any

import typer

from pipeline.exits import ExitCode


def day(text: str) -> date:
    """A day as 2026-01-31, or "today"."""
    if text == "today":
        from pipeline.clock import today

        return today()
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise typer.BadParameter(f"{text!r} is not a day such as 2026-01-31, nor 'today'") from None


SourceFile = Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="A plan: Word, PDF or text.")]
Config = Annotated[
    Path | None,
    typer.Option(
        "--config", metavar="FILE", dir_okay=False, help="The settings file.", show_default="kehoach.toml, if there"
    ),
]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON instead of tables.")]
AsOf = Annotated[
    Any,
    typer.Option(parser=day, metavar="DAY", help="Judge overdue tasks by this day (2026-01-31, or 'today')."),
]


def refuse_without_tables(data: Path) -> None:
    """Ends the command where no run has written tables yet."""
    if not (data / "documents").is_dir():
        say(
            f"Không có bảng dữ liệu trong {data}; hãy chạy kehoach ingest trước."
            f" / No tables in {data}; run kehoach ingest first."
        )
        raise typer.Exit(ExitCode.NOTHING_DONE)


def say(message: str) -> None:
    from pipeline.terminal import one_line

    sys.stderr.write(one_line(message) + "\n")


def print_json(value: Any) -> None:
    from pipeline.terminal import escaped_json

    sys.stdout.write(escaped_json(json.dumps(value, default=_plain, ensure_ascii=False, indent=2)) + "\n")


def _plain(value: Any) -> Any:
    if dataclasses.is_dataclass(value):
        return {field.name: getattr(value, field.name) for field in dataclasses.fields(value)}
    return value.value if isinstance(value, Enum) else str(value)
