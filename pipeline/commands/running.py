"""Commands about runs: one run now, and how the last ones went."""

import json
import math
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from itertools import zip_longest
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, TextIO

import typer
from typer.core import TyperCommand

from extractors.refusals import refused, refused_in_english
from pipeline.commands.options import AsJson, AsOf, Config, print_json, say
from pipeline.exits import ExitCode

if TYPE_CHECKING:
    from pipeline.store.changes import RowChange


class _WaitsForLock(TyperCommand):
    """Lets `--wait` stand without a number: as long as it takes."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        return super().parse_args(ctx, list(_with_seconds(args)))


def _with_seconds(args: list[str]) -> Iterator[str]:
    for argument, following in zip_longest(args, args[1:], fillvalue=""):
        bare = argument == "--wait" and not following.replace(".", "", 1).isdigit()
        yield f"--wait={math.inf}" if bare else argument


def register(app: typer.Typer) -> None:
    """Adds the commands of this subject."""
    app.command(cls=_WaitsForLock)(ingest)
    app.command()(status)


def ingest(
    paths: Annotated[
        list[str] | None, typer.Argument(metavar="[PATH]...", help="Files and folders.", show_default="data/raw")
    ] = None,
    out: Annotated[
        Path | None, typer.Option(help="Where the tables are kept.", file_okay=False, show_default="data/parsed")
    ] = None,
    workers: Annotated[int | None, typer.Option(min=1, help="Processes.", show_default="one a core")] = None,
    as_of: AsOf = None,
    reparse: Annotated[
        bool, typer.Option("--reparse", help="Read known files again too, and print each row that changes.")
    ] = False,
    retry: Annotated[bool, typer.Option("--retry", help="Try failed files again now.")] = False,
    prose_tasks: Annotated[
        bool, typer.Option("--prose-tasks", help="Add assignments in the prose of plans that have a task table.")
    ] = False,
    time_limit: Annotated[
        int | None, typer.Option(min=1, help="Seconds that one file may take.", show_default="300")
    ] = None,
    wait: Annotated[
        float,
        typer.Option(metavar="[SECONDS]", help="Wait while another run is writing.", min=0.0, show_default=False),
    ] = 0.0,
    accept_empty: Annotated[
        bool, typer.Option("--accept-empty", help="Believe a source folder that had files and is empty now.")
    ] = False,
    changes: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Write each changed row as a line of JSON.", dir_okay=False)
    ] = None,
    log_json: Annotated[
        bool, typer.Option("--log-json", help="Write a log of JSON lines to the state folder.")
    ] = False,
    config: Config = None,
) -> None:
    """Read plans into Parquet tables; what is known already is not read again."""
    from pipeline.installation import ingest_as_set
    from pipeline.settings import load_settings, with_intake
    from pipeline.summary import print_changes, print_summary, watched

    settings = with_intake(
        load_settings(config),
        sources=paths or None,
        out=out,
        workers=workers,
        time_limit=time_limit,
        prose_tasks=prose_tasks or None,
        log_json=log_json or None,
    )
    changed: list[RowChange] = []
    with ExitStack() as opened:
        lines = opened.enter_context(_created(changes)) if changes else None

        def on_change(change: "RowChange") -> None:
            if reparse:
                changed.append(change)
            if lines:
                lines.write(json.dumps(change.as_json(), ensure_ascii=False, default=str) + "\n")

        try:
            progress = opened.enter_context(watched())
            summary = ingest_as_set(
                settings,
                as_of=as_of,
                reparse=reparse,
                retry=retry,
                accept_empty=accept_empty,
                wait=wait,
                held=say,
                on_change=on_change,
                progress=progress,
            )
        except FileNotFoundError as missing:
            say(f"Không có tệp hoặc thư mục: {missing} / No such file or folder: {missing}")
            raise typer.Exit(ExitCode.USAGE) from None
    if reparse:
        print_changes(changed, summary.changed)
    print_summary(summary)
    raise typer.Exit(summary.exit_code)


def _created(path: Path) -> TextIO:
    try:
        return open(path, "w", encoding="utf-8")
    except OSError as refusal:
        say(f"Không ghi được {path}: {refused(refusal)}. / Cannot write {path}: {refused_in_english(refusal)}.")
        raise typer.Exit(ExitCode.NOTHING_DONE) from None


def status(
    out: Annotated[
        Path | None, typer.Option(help="Where the tables are kept.", file_okay=False, show_default="data/parsed")
    ] = None,
    as_json: AsJson = False,
    config: Config = None,
) -> None:
    """Show how the last runs went: what waits, what failed and when it is tried again, mails not sent.

    Ends with 0 where all is well, else with 1.
    """
    from pipeline.health import look
    from pipeline.settings import load_settings, with_intake
    from pipeline.status import print_health

    health = look(with_intake(load_settings(config), out=out))
    if as_json:
        print_json(health.as_json())
    else:
        print_health(health, sys.stdout)
    raise typer.Exit(ExitCode.OK if health.is_well else ExitCode.SOME_FAILED)
