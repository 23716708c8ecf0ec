"""Commands of the service: start it, and look from outside whether it still works."""

import os
import sys
from typing import Annotated

import typer

from pipeline.commands.options import Config, say
from pipeline.exits import ExitCode


def register(app: typer.Typer) -> None:
    """Adds the commands of this subject."""
    app.command()(serve)
    app.command()(watchdog)


def serve(
    config: Config = None,
    port: Annotated[int, typer.Option(min=1, max=65535, help="Of Prefect's page on this machine.")] = 4200,
) -> None:
    """Run the scheduled service: Prefect's server and page, the nightly run, the weekly mail. Ctrl-C ends it."""
    from pipeline.settings import load_settings

    load_settings(config)  # a fault in it is told before anything starts
    chosen = ["--config", str(config)] if config else []
    # Not an import: orchestration stands above the pipeline, and Prefect must find its settings before it is loaded.
    os.execv(sys.executable, [sys.executable, "-P", "-m", "flows.serve", "--port", str(port), *chosen])


def watchdog(config: Config = None) -> None:
    """Tell the operators by mail when no run has ended for too long (exit code 1), and send mails that wait."""
    from datetime import UTC, datetime

    from pipeline.settings import load_settings
    from pipeline.watchdog import watch, words

    settings = load_settings(config)
    found, sent = watch(settings, datetime.now(UTC))
    for problem in sent.problems:
        say(problem)
    for path in sent.written:
        say(f"Chưa đặt máy chủ thư; đã ghi {path} / No mail server is set; written to {path}")
    if found:
        say(words(found, settings)[1])
        raise typer.Exit(ExitCode.SOME_FAILED)
