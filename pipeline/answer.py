"""Answers on the terminal: the rows of a query, and what changed between two plans."""

import sys
from collections.abc import Iterable, Sequence
from datetime import datetime
from itertools import islice
from typing import Any

from rich.table import Table
from rich.text import Text

from pipeline.clock import VIETNAM
from pipeline.compare import CHANGE_WORDS, Change, ComparedTask, Comparison, TaskChange
from pipeline.terminal import console, number, styled

_WIDEST = 48  # a column of the table; longer text is broken into lines
_LEAST = 12  # what a column of long text still needs to be read


def print_answer(columns: Sequence[str], rows: Iterable[Sequence[Any]], limit: int) -> None:
    """Prints at most `limit` rows, as a table where its columns fit, else one block a row; says how many there are."""
    remaining = iter(rows)
    shown = [tuple(map(_shown, row)) for row in islice(remaining, limit)]
    more = sum(1 for _ in remaining)
    screen = console()
    if shown and not _fits(columns, shown, screen.width):
        _print_blocks(columns, shown)
    else:
        _print_table(columns, shown)
    count = f"{number(len(shown) + more)} dòng"
    left = f", chỉ hiện {number(len(shown))} (xem --limit, --csv, --parquet)" if more else ""
    sys.stdout.write(count + left + "\n")


def _fits(columns: Sequence[str], rows: Sequence[tuple[str, ...]], width: int) -> bool:
    """Whether each column gets its widest value, or at least enough to be read where text is long."""
    longest = [max(len(name), *(_line_length(row[i]) for row in rows)) for i, name in enumerate(columns)]
    needed = sum(min(size, max(_LEAST, len(name))) + 2 for size, name in zip(longest, columns, strict=True))
    wide = sum(size > _WIDEST for size in longest)
    return needed + wide * 16 <= width


def _line_length(text: str) -> int:
    return max(map(len, text.split("\n")))


def _print_table(columns: Sequence[str], rows: Sequence[tuple[str, ...]]) -> None:
    table = Table(box=None, pad_edge=False, header_style="bold", padding=(0, 2, 0, 0))
    for position, name in enumerate(columns):
        numeric = bool(rows) and all(row[position].lstrip("-").replace(".", "", 1).isdigit() for row in rows)
        table.add_column(styled(name), justify="right" if numeric else "left", overflow="fold", max_width=_WIDEST)
    for row in rows:
        table.add_row(*map(styled, row))
    console().print(table)


def _print_blocks(columns: Sequence[str], rows: Sequence[tuple[str, ...]]) -> None:
    for position, row in enumerate(rows, 1):
        grid = Table.grid(padding=(0, 2))
        grid.add_column(style="bold", no_wrap=True)
        grid.add_column(overflow="fold")
        for name, value in zip(columns, row, strict=True):
            grid.add_row(styled(name), styled(value))
        console().print(styled(f"── {number(position)}", "dim"))
        console().print(grid)


def _shown(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, datetime):
        return f"{value.astimezone(VIETNAM) if value.tzinfo else value:%Y-%m-%d %H:%M:%S}"
    if isinstance(value, list):
        return "; ".join(map(_shown, value))
    if isinstance(value, dict):
        return ", ".join(f"{name}: {_shown(part)}" for name, part in value.items())
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)


def print_comparison(comparison: Comparison) -> None:
    """Prints what changed, kind by kind, as an officer reads it."""
    screen = console()
    for label, plan in (("Trước", comparison.before), ("Sau", comparison.after)):
        told = f"{label:<6} {plan.name} · {plan.title or 'không có trích yếu'} · {number(len(plan.tasks))} nhiệm vụ"
        screen.print(styled(told.replace("\n", " ")))
    for kind, words in CHANGE_WORDS.items():
        if changes := comparison.of(kind):
            screen.print(styled(f"\n{words} ({number(len(changes))})", "bold"))
            grid = Table.grid(padding=(0, 2))
            for _ in range(3):
                grid.add_column(overflow="fold")
            for change in changes:
                task = change.after or change.before
                assert task is not None
                grid.add_row(styled(task.ordinal or str(task.sequence)), styled(task.content), _told(kind, change))
            screen.print(grid)
    changed = len(comparison.changes)
    screen.print(styled(f"\n{number(comparison.unchanged)} nhiệm vụ không đổi, {number(changed)} nhiệm vụ có thay đổi"))


def _told(kind: Change, change: TaskChange) -> Text:
    """From what to what; for a new or dropped task who leads it and until when."""
    if change.before is None or change.after is None:
        task = change.after or change.before
        assert task is not None
        return styled(
            "\n".join(filter(None, ("; ".join(task.leads), task.deadline_text or "không ghi thời hạn"))), "dim"
        )
    return styled(f"{_side(kind, change.before)}\n→ {_side(kind, change.after)}", "yellow")


def _side(kind: Change, task: ComparedTask) -> str:
    sides = {
        Change.MOVED: task.deadline_text,
        Change.HANDED: "; ".join(task.leads),
        Change.PARTNERS: "; ".join(task.partners),
        Change.REWORDED: task.content,
    }
    return sides[kind] or "(không ghi)"
