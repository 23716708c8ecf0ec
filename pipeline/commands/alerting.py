"""Commands about who is told what: the mails themselves, acknowledgements, and the settings file."""

import getpass
import sys
from datetime import UTC, datetime
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pipeline.commands.options import Config, say
from pipeline.exits import ExitCode

if TYPE_CHECKING:
    from pipeline.alerts import Sent
    from pipeline.settings import Settings


def register(app: typer.Typer) -> None:
    """Adds the commands of this subject."""
    app.command()(alert)
    app.command()(ack)
    settings = typer.Typer(no_args_is_help=True, help="The settings file: print an example, check one.")
    settings.command("example")(example)
    settings.command("check")(check)
    app.add_typer(settings, name="config")


def alert(
    send: Annotated[bool, typer.Option("--send", help="Queue what is new and send it.")] = False,
    preview: Annotated[bool, typer.Option("--preview", help="Write the mails to files (the default).")] = False,
    weekly: Annotated[bool, typer.Option("--weekly", help="The weekly mail of deadlines.")] = False,
    everything: Annotated[bool, typer.Option("--all", help="Preview what has been told before, too.")] = False,
    out: Annotated[
        Path | None, typer.Option(help="Where a preview goes.", file_okay=False, show_default="<state>/mail")
    ] = None,
    open_it: Annotated[bool, typer.Option("--open", help="Show the preview in a browser.")] = False,
    config: Config = None,
) -> None:
    """Mail what is new to those whom it concerns, or show what would be mailed."""
    from pipeline import alerts
    from pipeline.settings import load_settings

    if send and (preview or everything or out or open_it):
        raise typer.BadParameter("--send goes with none of --preview, --all, --out, --open")
    settings = load_settings(config)
    now = datetime.now(UTC)
    if send:
        sent = (alerts.weekly if weekly else alerts.after_run)(settings, now)
        _tell(sent, settings)
        raise typer.Exit(ExitCode.NOTHING_DONE if sent.problems else ExitCode.OK)
    folder = out or settings.intake.state_folder / "mail"
    written = alerts.preview(settings, now, folder, weekly=weekly, again=everything).written
    sys.stdout.write("".join(f"{path}\n" for path in written) or "Không có gì mới để báo.\n")
    if open_it:
        for path in written:
            if path.suffix == ".html":
                typer.launch(str(path))


def ack(
    items: Annotated[
        list[str] | None,
        typer.Argument(metavar="[ID]...", help="Findings, unread files or tasks, as a mail names them."),
    ] = None,
    note: Annotated[str, typer.Option(help="Why, for those who come after.")] = "",
    by: Annotated[str, typer.Option(help="Who says so.", show_default="the user of this machine")] = "",
    undo: Annotated[bool, typer.Option("--undo", help="Let them speak again.")] = False,
    config: Config = None,
) -> None:
    """Silence findings that somebody has looked at; without an ID list what is silent."""
    from pipeline.ledger.acks import acknowledge, withdraw
    from pipeline.ledger.database import open_ledger
    from pipeline.settings import load_settings

    settings = load_settings(config)
    with open_ledger(settings.intake.state_folder) as ledger:
        if not items:
            _list_silent(settings)
        elif undo:
            sys.stdout.write(f"{withdraw(ledger, items)} mục được báo trở lại.\n")
        else:
            _refuse_unknown(items, settings)
            who = by or getpass.getuser()
            count = acknowledge(ledger, items, by=who, note=note, now=datetime.now(UTC))
            sys.stdout.write(f"{count} mục từ nay im lặng (trước đó đã im lặng: {len(set(items)) - count}).\n")


def example() -> None:
    """Print a settings file with every setting, its default and what it means."""
    sys.stdout.write(resources.files("pipeline").joinpath("kehoach.example.toml").read_text(encoding="utf-8"))


def check(
    config: Config = None,
    connect: Annotated[bool, typer.Option("--connect", help="Connect and log in to the mail server, too.")] = False,
) -> None:
    """Check the settings file: unknown names, rules and units, groups that never hear anything."""
    from pipeline.alerts.inspection import inspect, try_connection
    from pipeline.settings import load_settings
    from pipeline.terminal import one_line, vietnamese

    settings = load_settings(config)
    remarks = list(inspect(settings))
    mail_is_wrong = any(remark.wrong and remark.text.startswith("mail.") for remark in remarks)
    if connect and not mail_is_wrong:  # what is known to be wrong need not be told twice
        refused = try_connection(settings.mail)
        remarks += [refused] if refused else []
        if not refused:
            sys.stdout.write(f"Máy chủ thư {settings.mail.host}:{settings.mail.port} nhận kết nối.\n")
    for remark in remarks:
        sys.stdout.write(f"{'LỖI   ' if remark.wrong else 'LƯU Ý '} {one_line(vietnamese(remark.text))}\n")
    wrong = sum(remark.wrong for remark in remarks)
    groups = f"{len(settings.groups)} nhóm"
    sys.stdout.write(f"Cấu hình có {wrong} lỗi.\n" if wrong else f"Cấu hình dùng được ({groups}).\n")
    raise typer.Exit(ExitCode.USAGE if wrong else ExitCode.OK)


def _tell(sent: "Sent", settings: "Settings") -> None:
    if not settings.mail.host:
        sys.stdout.write("Chưa đặt máy chủ thư (mail.host); thư được ghi thành tệp:\n")
        sys.stdout.write("".join(f"{path}\n" for path in sent.written) or "Không có gì mới để báo.\n")
        return
    from pipeline.clock import VIETNAM
    from pipeline.ledger.database import open_ledger
    from pipeline.ledger.mail import queued

    with open_ledger(settings.intake.state_folder) as ledger:
        waiting = [mail for mail in queued(ledger) if mail.state in ("queued", "sending")]
    sys.stdout.write(
        f"Thư mới: {sent.queued} · đã gửi: {sent.sent} · còn chờ: {len(waiting)} · không gửi được: {sent.failed}\n"
    )
    if waiting:  # also those whose pause after a failed attempt is not over
        again = min(datetime.fromisoformat(mail.next_try_at) for mail in waiting).astimezone(VIETNAM)
        sys.stdout.write(f"Thử lại từ {again:%d/%m/%Y %H:%M}; xem kehoach status.\n")
    for problem in sent.problems:
        say(problem)


def _list_silent(settings: "Settings") -> None:
    from pipeline.clock import VIETNAM
    from pipeline.ledger.acks import acknowledged
    from pipeline.ledger.database import open_ledger
    from pipeline.terminal import one_line

    with open_ledger(settings.intake.state_folder) as ledger:
        rows = acknowledged(ledger)
    for row in rows:
        said = datetime.fromisoformat(row.at).astimezone(VIETNAM)
        sys.stdout.write(one_line(f"{row.item_id}  {said:%d/%m/%Y}  {row.by}  {row.note}") + "\n")
    if not rows:
        sys.stdout.write("Chưa có gì được cho im lặng.\n")


def _refuse_unknown(items: list[str], settings: "Settings") -> None:
    from pipeline.alerts.lake import Lake

    unknown = Lake(settings.intake).unknown(items)
    if unknown:
        say(f"Không có mã {', '.join(unknown)} trong các bảng. / No such id in the tables: {', '.join(unknown)}.")
        raise typer.Exit(ExitCode.USAGE)
