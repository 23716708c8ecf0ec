"""Commands for people who would rather look than read: the report and the review."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pipeline.commands.options import AsOf, Config, refuse_without_tables, say
from pipeline.exits import ExitCode

if TYPE_CHECKING:
    from pipeline.review.desk import Desk


Data = Annotated[Path | None, typer.Option(help="The tables.", file_okay=False, show_default="as set, data/parsed")]


def register(app: typer.Typer) -> None:
    """Adds the commands of this subject."""
    app.command()(report)
    app.command()(review)
    app.command()(case)


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

    refuse_without_tables(data)
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


def review(
    data: Data = None,
    config: Config = None,
    port: Annotated[int, typer.Option(min=0, max=65535, help="On 127.0.0.1; 0: any free one.")] = 8765,
    open_it: Annotated[bool, typer.Option("--open/--no-open", help="Open it in the browser.")] = True,
) -> None:
    """Correct doubtful rows beside the crop of the paper, on a local page (Ctrl-C ends it)."""
    import socket

    import uvicorn

    from pipeline.review.server import application, new_token

    desk = _desk(data, config)
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as listening:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listening.bind(("127.0.0.1", port))
            listening.listen()  # whoever opens the address before the server is up waits a moment, and is not refused
        except OSError:
            say(f"Cổng {port} đang bận; hãy chọn cổng khác bằng --port. / Port {port} is taken; choose another.")
            raise typer.Exit(ExitCode.NOTHING_DONE) from None
        token, bound = new_token(), listening.getsockname()[1]
        address = f"http://127.0.0.1:{bound}/?token={token}"
        sys.stdout.write(f"{address}\n")
        sys.stdout.flush()
        if open_it:
            import webbrowser

            webbrowser.open(address)
        settings = uvicorn.Config(application(desk, token, bound), log_level="error", access_log=False)
        uvicorn.Server(settings).run(sockets=[listening])
    desk.finish()


def case(
    document_id: Annotated[str, typer.Argument(help="As in the documents table.")],
    name: Annotated[str, typer.Argument(help="Folder of the case, such as cut_row_twice.")],
    data: Data = None,
    config: Config = None,
    out: Annotated[Path, typer.Option(help="Where the cases are kept.", file_okay=False)] = Path("tests/cases"),
    unchecked: Annotated[bool, typer.Option("--unchecked", help="Also if nobody confirmed the document.")] = False,
) -> None:
    """Write a confirmed document as a test case: the file, and what people say it holds."""
    from pipeline.review.cases import write_case

    if not name.replace("_", "").replace("-", "").isalnum():
        say(f"Tên không hợp lệ: {name} / Not a name for a case: {name}")
        raise typer.Exit(ExitCode.USAGE)
    sys.stdout.write(f"{write_case(_desk(data, config), document_id, out, name, unchecked=unchecked)}\n")


def _desk(data: Path | None, config: Path | None) -> "Desk":
    from pipeline.review.desk import Desk
    from pipeline.settings import load_settings

    intake = load_settings(config).intake
    if data is not None:
        intake = intake.model_copy(update={"out": data, "state": None})
    refuse_without_tables(intake.out)
    return Desk(intake.out, intake.state_folder, prose_tasks=intake.prose_tasks, rules_off=frozenset(intake.rules_off))
