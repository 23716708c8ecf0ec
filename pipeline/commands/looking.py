"""Commands for people who would rather look than read: the report."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from pipeline.commands.options import AsOf, say
from pipeline.exits import ExitCode


def register(app: typer.Typer) -> None:
    """Adds the commands of this subject."""
    app.command()(report)


def report(
    data: Annotated[Path, typer.Option(help="The tables.", file_okay=False)] = Path("data/parsed"),
    out: Annotated[Path, typer.Option(help="The folder of the site.", file_okay=False)] = Path("data/report"),
    as_of: AsOf = None,
    pictures: Annotated[bool, typer.Option(help="Draw the pages of the papers.")] = True,
    workers: Annotated[int, typer.Option(min=1, help="Processes that draw pages.")] = 2,
    open_it: Annotated[bool, typer.Option("--open", help="Open it in the browser.")] = False,
) -> None:
    """Write the report: a site of pages that opens from disk, without a server."""
    from pipeline.clock import today
    from pipeline.report.site import write_report
    from pipeline.terminal import number

    if not (data / "documents").is_dir():
        say(f"Chưa có dữ liệu trong {data}; hãy chạy kehoach ingest trước. / No tables in {data}; run kehoach ingest.")
        raise typer.Exit(ExitCode.USAGE)
    written = write_report(
        data,
        out,
        as_of or today(),
        pictures=pictures,
        workers=workers,
        progress=say,
    )
    sys.stdout.write(
        f"{written.index}\n{number(written.documents)} văn bản · {number(written.tasks)} nhiệm vụ · "
        f"{number(written.findings)} phát hiện · {number(written.pictures)} ảnh trang\n"
    )
    if written.without_pictures:
        sys.stdout.write(f"{number(written.without_pictures)} văn bản không có ảnh trang; lý do ghi ở trang của nó.\n")
    if open_it:
        import webbrowser

        webbrowser.open(written.index.resolve().as_uri())
