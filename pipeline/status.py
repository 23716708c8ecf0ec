"""The screen of `kehoach status`: in a minute, whether all is well and what to do where it is not."""

import os
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import TextIO

from rich.console import RenderableType
from rich.table import Table
from rich.text import Text

from pipeline.clock import VIETNAM
from pipeline.health import FailedFile, Health
from pipeline.ledger.runs import Run, RunState
from pipeline.summary import REASON_WORDS
from pipeline.terminal import console, listing, number, one_line, vietnamese

_SHOWN = 15
_STATE_WORDS = {
    RunState.RUNNING: "đang chạy",
    RunState.FINISHED: "xong",
    RunState.FAILED: "không thành công",
    RunState.KILLED: "bị ngắt",
}
_COUNT_WORDS = {
    "read": "mới đọc",
    "known": "đã có",
    "failed": "không đọc được",
    "waiting": "chờ",
    "removed": "không còn nguồn",
}
_STATE_STYLES = {RunState.FAILED: "bold red", RunState.KILLED: "bold red", RunState.RUNNING: "bold"}


def print_health(health: Health, stream: TextIO | None = None) -> None:
    """Health line first, then runs, waiting and failed files, mails."""
    out = console(stream)
    for part in _parts(health):
        out.print(part)


def _parts(health: Health) -> Iterator[RenderableType]:
    if health.is_well:
        yield Text("Tình trạng: tốt / healthy", style="bold green")
    else:
        yield Text("Tình trạng: cần xem lại / not healthy", style="bold red")
        for problem in health.problems:
            yield Text(f"  - {one_line(vietnamese(problem))}")
    yield Text("")
    yield _store_told(health)
    if health.runs:
        yield Text("\nCác lần chạy gần nhất", style="bold")
        yield _runs(health.runs)
    if health.waiting:
        yield Text(f"\nTệp đang chờ, sẽ đọc khi ghi xong ({number(len(health.waiting))})", style="bold")
        yield _rows((_from_here(note.address), f"từ {_when(note.since)}") for note in health.waiting[:_SHOWN])
    if health.failed:
        yield Text(f"\nTệp không đọc được ({number(len(health.failed))})", style="bold")
        yield _failed(health.failed)
    if health.mails:
        yield Text(f"\nThư chưa gửi được ({number(len(health.mails))})", style="bold")
        yield _rows(
            (
                f"{one_line(mail.group)}: {one_line(mail.subject)}",
                f"{number(mail.attempts)} lần thử",
                one_line(vietnamese("; ".join((mail.problem, *mail.refused)).strip("; "))),
            )
            for mail in health.mails[:_SHOWN]
        )


def _store_told(health: Health) -> Text:
    count = health.documents
    told = (
        f"{number(count['all'])} văn bản",
        f"{number(count['superseded'])} đã có bản thay thế" if count["superseded"] else "",
        f"{number(count['removed'])} không còn tệp nguồn" if count["removed"] else "",
        f"{number(len(health.failed))} tệp không đọc được" if health.failed else "",
        f"{number(len(health.waiting))} tệp đang chờ" if health.waiting else "",
        f"{number(len(health.mails))} thư chưa gửi được" if health.mails else "",
    )
    return Text(f"Kho dữ liệu {one_line(health.out)}: {listing(told)}")


def _runs(runs: tuple[Run, ...]) -> Table:
    grid = _grid()
    for run in runs:
        state = Text(_STATE_WORDS[run.state], style=_STATE_STYLES.get(run.state, ""))
        grid.add_row(f"  {_when(run.started)}", state, _took(run), _did(run), Text(run.run_id, style="dim"))
    return grid


def _took(run: Run) -> str:
    return f"{(run.ended - run.started).total_seconds():.0f} giây" if run.ended else ""


def _did(run: Run) -> str:
    if run.reason:
        return one_line(vietnamese(run.reason))
    told = ((run.counts.get(name), word) for name, word in _COUNT_WORDS.items())
    return listing(f"{number(count)} {word}" for count, word in told if count)


def _failed(failed: tuple[FailedFile, ...]) -> Table:
    grid = _grid()
    for file in failed[:_SHOWN]:
        again = f"thử lại {_when(file.next_try)}" if file.next_try else "chờ tệp mới"
        tries = f"{number(file.attempts)} lần" if file.attempts else ""
        why = one_line(vietnamese(file.message)).rstrip(".") or REASON_WORDS.get(file.reason, file.reason)
        grid.add_row(f"  {_from_here(file.address)}", why, tries, again)
    if len(failed) > _SHOWN:
        grid.add_row("  …", f"và {number(len(failed) - _SHOWN)} tệp khác; xem bảng failures")
    return grid


def _from_here(address: str) -> str:
    """The path as one would type it here, where it lies below; any other in full."""
    inside = os.path.isabs(address) and Path(address).is_relative_to(Path.cwd())
    return one_line(os.path.relpath(address) if inside else address)


def _rows(rows: Iterator[tuple[str, ...]]) -> Table:
    grid = _grid()
    for first, *others in rows:
        grid.add_row(f"  {first}", *others)
    return grid


def _grid() -> Table:
    return Table.grid(padding=(0, 2))


def _when(moment: datetime) -> str:
    return f"{moment.astimezone(VIETNAM):%d/%m/%Y %H:%M}"
