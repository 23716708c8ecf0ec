"""Tables that nobody ruled: columns from text that stands in line, rows from ordinals, gaps and single rules.

Geometry alone decides, and it must agree several times over: white channels that run through every row, a heading
above them, three rows or more that begin with a number in a narrow first column or lie between rules as wide as the
table. Prose, lists, letterheads and signatures have no such channels, so they stay what they are. What is found here
is less sure than a ruled table, and its cells say so.
"""

import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise
from statistics import median

from extractors.document import Box
from extractors.pdf_banded import continue_between_rules, find_between_rules
from extractors.pdf_columns import (
    ALIGNED,
    APART,
    HEADING_LINES,
    LEAST_COLUMNS,
    LEAST_ROWS,
    Columns,
    Row,
    channels_of,
    columns_of,
    filled_columns,
    is_stable,
)
from extractors.pdf_flow import whole_line
from extractors.pdf_inferred import ORDINAL, Found, Group, inferred, is_heading
from extractors.pdf_lines import Line, around
from extractors.pdf_sheet import Sheet
from extractors.pdf_spaced import Spaced, continue_spaced, find_spaced

CONFIDENCE = 0.7  # of a cell whose borders are inferred: below what the check calls doubtful (0.8)
_NARROW = 60.0  # points: the widest column of ordinals
_UNREAD = 4  # rows in columns that are no letterhead and no row of signatures
_LEADING = 1.7  # of the font size: lines of one cell, or of one heading, stand no farther apart

_NUMBERED = re.compile(r"(?:[IVXL]{1,6}|[A-ZĐ]|\d{1,2})[.)/]\s")


def find_aligned(rows: Sequence[Row], rules: Sequence[Box], before: Columns | None) -> Found | None:
    """The first table in the rows of a page, cut into pieces at `PIECE_GAP`.

    Args:
        rows: from top to bottom.
        rules: horizontal ones outside ruled tables.
        before: columns of the table with which the page before ends.
    """
    if before is not None:
        if before.spaced:
            go_on = _spaced(rows, continue_spaced(rows, before))
        else:
            go_on = continue_between_rules(rows, rules, before) or _continued(rows, before)
        if go_on:
            return go_on
    ways = (find_between_rules(rows, rules), _numbered(rows), _spaced(rows, find_spaced(rows)))
    first: Found | None = None
    for found in filter(None, ways):  # the surest way of those that see the same rows
        if first is None or found.stop <= first.start:
            first = found
    return first


def _spaced(rows: Sequence[Row], spaced: Spaced | None) -> Found | None:
    if spaced is None:
        return None
    parts = [rows[start:stop] for start, stop in spaced.groups]
    groups = [Group(tuple(part), any(map(spaced.columns.crossed, part))) for part in parts]
    return inferred(rows, groups, spaced.columns)


def _may_hold(row: Row) -> bool:
    """Whether a row may belong to such a table at all; cheap, to pass over pages of prose."""
    return len(row) >= LEAST_COLUMNS


def with_aligned(sheets: Sequence[Sheet]) -> list[Sheet]:
    """The sheets with their tables without rules as grids, `drawn` false; the rows of these are taken out."""
    out = []
    last: Columns | None = None  # of the last table of the page before
    ends = False  # that table ends with its page
    for sheet in sheets:
        before = last if last and (ends or last.repeated(sheet.pieces)) else None
        sheet, last, ends = _with_tables(sheet, before)
        out.append(sheet)
    return out


def _with_tables(sheet: Sheet, before: Columns | None) -> tuple[Sheet, Columns | None, bool]:
    if len(sheet.pieces) != len(sheet.rows) or not any(map(_may_hold, sheet.pieces)):
        return sheet, None, False
    grids = list(sheet.grids)
    rows: list[Row] = []
    passed: list[Row] = []  # their pieces
    last: Columns | None = None
    ends = False
    for segment in _segments(sheet):
        at = 0
        last = None
        while found := find_aligned(segment[1][at:], sheet.rules, before):
            rows += segment[0][at : at + found.start]
            passed += segment[1][at : at + found.start]
            grids.append((found.grid, found.cells))
            at += found.stop
            before, last = None, found.columns
        before = None
        rows += segment[0][at:]
        passed += segment[1][at:]
        ends = last is not None and at == len(segment[0])
    grids.sort(key=lambda table: table[0].box.top)
    return replace(sheet, rows=tuple(rows), grids=tuple(grids), columns=_in_columns(passed)), last, ends


def _in_columns(rows: Sequence[Row]) -> Box | None:
    """Where text stands in columns that made no table."""
    wide = [row for row in rows if len(row) >= LEAST_COLUMNS]
    if len(wide) < _UNREAD or len(channels_of(wide, wide)) + 1 < LEAST_COLUMNS:
        return None
    return around(piece for row in wide for piece in row)


def _segments(sheet: Sheet) -> list[tuple[list[Row], list[Row]]]:
    """Rows, and their pieces, between ruled tables."""
    tops = [grid.box.top for grid, _ in sheet.grids]
    out: list[tuple[list[Row], list[Row]]] = [([], []) for _ in range(len(tops) + 1)]
    for row, pieces in zip(sheet.rows, sheet.pieces, strict=True):
        at = sum(top <= row[0].top for top in tops)
        out[at][0].append(row)
        out[at][1].append(pieces)
    return out


# --- numbered rows ---------------------------------------------------------------------------------------------


def _is_anchor(row: Row) -> bool:
    """A row that begins with an ordinal by itself and goes on in two columns more."""
    first = row[0]
    return len(row) >= LEAST_COLUMNS and first.width <= _NARROW and ORDINAL.fullmatch(first.text) is not None


def _numbered(rows: Sequence[Row]) -> Found | None:
    for run in _runs(rows):
        if found := _from_anchors(rows, run):
            return found
    return None


def _runs(rows: Sequence[Row]) -> list[list[int]]:
    """Rows with ordinals below each other; prose between them ends a run."""
    runs: list[list[int]] = []
    for at, row in enumerate(rows):
        if not _is_anchor(row):
            continue
        last = runs[-1][-1] if runs else None
        if last is not None and _below(rows[last][0], row[0]) and not _prose(rows[last + 1 : at]):
            runs[-1].append(at)
        else:
            runs.append([at])
    return [run for run in runs if len(run) >= LEAST_ROWS]


def _below(one: Line, other: Line) -> bool:
    near = (one.x0 - other.x0, one.center - other.center, one.x1 - other.x1)
    return min(map(abs, near)) <= 2 * ALIGNED


def _prose(rows: Sequence[Row]) -> bool:
    """Lines one below another that no column holds."""
    return sum(len(row) == 1 and row[0].width > 25 * row[0].size for row in rows) > 1


def _from_anchors(rows: Sequence[Row], run: Sequence[int]) -> Found | None:
    anchors = [rows[at] for at in run]
    inner = rows[run[0] : run[-1] + 1]
    channels = channels_of(anchors, inner)
    if len(channels) + 1 < LEAST_COLUMNS:
        return None
    columns = columns_of(inner, channels)
    own = [
        row for row in anchors if columns.column(row[0]) == 0 and len(filled_columns(columns, [row])) >= LEAST_COLUMNS
    ]
    narrow = channels[0][0] - columns.xs[0] <= _NARROW
    if len(own) < LEAST_ROWS or not narrow or not is_stable(columns, own):
        return None
    starts = _row_starts(rows, run)
    while starts[0] and _names_group(rows[starts[0] - 1], columns):
        starts.insert(0, starts[0] - 1)
    head = _heading_start(rows, starts[0], columns)
    heading = columns.texts(rows[head : starts[0]])
    if not is_heading(heading):
        return None
    stop = _stop(rows, run[-1] + 1, columns)
    groups = _groups(rows, (head, *starts), stop, columns, body=starts[0])
    return inferred(rows, groups, replace(columns, heading=heading))


def _names_group(row: Row, columns: Columns) -> bool:
    """Forms: "I | TUYÊN TRUYỀN", "II. Công tác tuyên truyền" across the columns."""
    if row[0].x0 >= columns.channels[0][0]:
        return False
    across = columns.crossed(row) and _NUMBERED.match(whole_line(row).text) is not None
    return across or (len(row) > 1 and ORDINAL.fullmatch(row[0].text) is not None)


def _row_starts(rows: Sequence[Row], run: Sequence[int]) -> list[int]:
    """First line of each numbered row: that of its ordinal, or the line below the widest gap where cells are centred.

    Cells are taken as centred only where such a gap lies elsewhere than above the ordinals.
    """
    cuts = []
    centred = False
    for above, below in pairwise(run):
        steps = [_step(rows, at) for at in range(above + 1, below + 1)]
        widest = max(steps)
        inside = above + 1 + steps.index(widest)
        elsewhere = inside != below and widest > APART * steps[-1]
        centred = centred or elsewhere
        cuts.append(inside if elsewhere else below)
    first = run[0]
    while centred and first and _step(rows, first) < _LEADING * rows[first][0].size:
        first -= 1
    return [first, *cuts]


def _step(rows: Sequence[Row], at: int) -> float:
    """From the line above to this one."""
    return rows[at][0].bottom - rows[at - 1][0].bottom if at else 1000.0


def _heading_start(rows: Sequence[Row], body: int, columns: Columns) -> int:
    at = body
    filled: set[int] = set()
    while at:
        row = rows[at - 1]
        if _step(rows, at) > (2.5 if at == body else _LEADING) * row[0].size or columns.crossed(row):
            break
        new = filled_columns(columns, [row])
        above_own = new <= filled and _step(rows, at) <= 1.5 * row[0].size
        if len(row) == 1 and not above_own and _lone(rows, at - 1, columns):
            break
        filled |= new
        at -= 1
    return at


def _lone(rows: Sequence[Row], at: int, columns: Columns) -> bool:
    """One piece above a heading: a title in the middle of the table, or nothing beside it above that either."""
    middle = (columns.xs[0] + columns.xs[-1]) / 2
    return abs(rows[at][0].center - middle) < 2 * ALIGNED or at == 0 or len(rows[at - 1]) < 2


def _stop(rows: Sequence[Row], at: int, columns: Columns) -> int:
    """The end of the last row: lines that stand in the columns, close below, in the same print."""
    while at < len(rows):
        row = rows[at]
        if _is_open_group(rows[at:], columns):
            return len(rows)
        close = _step(rows, at) <= _LEADING * row[0].size
        louder = all(piece.bold for piece in row) and not any(piece.bold for piece in rows[at - 1])
        numbered = columns.column(row[0]) == 0
        if not close or louder or numbered or columns.crossed(row) or row[0].x0 < columns.xs[0] - ALIGNED:
            break
        at += 1
    return at


def _is_open_group(rows: Sequence[Row], columns: Columns) -> bool:
    """The name of a group that ends the page, its rows on the next: "IV | Công tác tổ chức", set in the columns."""
    first = rows[0]
    return (
        len(rows) <= HEADING_LINES
        and len(first) == 2
        and ORDINAL.fullmatch(first[0].text) is not None
        and columns.column(first[0]) == 0
        and abs(first[1].x0 - columns.channels[0][1]) <= ALIGNED
        and all(len(row) == 1 and abs(row[0].x0 - first[1].x0) <= ALIGNED for row in rows[1:])
    )


def _groups(rows: Sequence[Row], starts: Sequence[int], stop: int, columns: Columns, *, body: int) -> list[Group]:
    """The rows of the table; names of groups and rows without number become rows of their own.

    Args:
        body: the first line behind the heading, which is one row however it looks.
    """
    out: list[Group] = []
    spaced = _rows_stand_apart(rows, starts, stop)
    for at in range(starts[0], stop):
        row = rows[at]
        across = columns.crossed(row)
        begins = at in starts or (
            at >= body
            and (
                (across != out[-1].across and not (out[-1].across and _goes_on_across(rows, at, columns)))
                or (columns.column(row[0]) == 0 and not _is_anchor(row) and ORDINAL.fullmatch(row[0].text) is not None)
                or (spaced > 0 and _step(rows, at) >= spaced and len(filled_columns(columns, [row])) > 1)
            )
        )
        if begins:
            out.append(Group((row,), across))
        else:
            out[-1] = replace(out[-1], rows=(*out[-1].rows, row))
    return out


def _goes_on_across(rows: Sequence[Row], at: int, columns: Columns) -> bool:
    """The short last line of a group's name."""
    return len(rows[at]) == 1 and columns.column(rows[at][0]) <= 1 and _step(rows, at) <= _LEADING * rows[at][0].size


def _rows_stand_apart(rows: Sequence[Row], starts: Sequence[int], stop: int) -> float:
    """The least distance above a row, where it is more than the lines inside of rows have; else 0."""
    begin = set(starts)
    outer = [_step(rows, at) for at in starts[2:]]
    inner = [_step(rows, at) for at in range(starts[0] + 1, stop) if at not in begin]
    if not outer or not inner:
        return 0.0
    least = min(outer)
    return least - 0.5 if least > APART * median(inner) else 0.0


# --- next page ---------------------------------------------------------------------------------------------------


def _continued(rows: Sequence[Row], before: Columns) -> Found | None:
    """The table of the page before goes on from the first line of this one, in the same columns."""
    run = [at for at, row in enumerate(rows) if _is_anchor(row) and before.column(row[0]) == 0]
    run = [at for at in run if not before.crossed(rows[at])]
    if not run or any(before.crossed(row) and not _names_group(row, before) for row in rows[: run[0]]):
        return None
    for above, below in pairwise(tuple(run)):
        if _prose(rows[above + 1 : below]):
            run = run[: run.index(below)]
            break
    box = around(piece for row in rows[: run[-1] + 1] for piece in row)
    if box.x0 < before.xs[0] - 2 * ALIGNED:
        return None
    starts = _row_starts(rows, run)
    repeated = before.repeated(rows[: starts[0]])
    lead = [0, repeated] if starts[0] else []
    stop = _stop(rows, run[-1] + 1, before)
    groups = _groups(rows, tuple(dict.fromkeys([*lead, *starts])), stop, before, body=repeated)
    return inferred(rows, groups, before)
