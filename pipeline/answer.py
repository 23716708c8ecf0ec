"""The answer to a query on the terminal: a table where its columns fit, else one block a row."""

import sys
from collections.abc import Iterable, Sequence
from datetime import datetime
from itertools import islice
from typing import Any

from rich.table import Table

from pipeline.clock import VIETNAM
from pipeline.terminal import console, number, styled

_WIDEST = 48  # a column of the table; longer text is broken into lines
_LEAST = 12  # what a column of long text still needs to be read


def print_answer(columns: Sequence[str], rows: Iterable[Sequence[Any]], limit: int) -> None:
    """Prints at most `limit` rows and says how many there are."""
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
