"""Tables without rules and without numbers: a heading, columns in line, and rows that space or their texts part.

Rows have space between them, or each cell begins on the first line of its row: where a column that was empty holds
text again, or where all columns begin anew, a row begins. Groups of lines that fill three columns or more must agree
several times over; one column less is prose, a letterhead or a signature.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from extractors.pdf_columns import (
    ALIGNED,
    APART,
    LEAST_COLUMNS,
    LEAST_ROWS,
    LONGEST_HEADING,
    Columns,
    Row,
    channels_of,
    columns_of,
    filled_columns,
    is_stable,
)

_FAR = 4.0  # of the font size: what stands farther below is no row of the table
_CLOSE = 1.4  # of the font size: lines of one heading
_TITLE = 40  # characters: the longest line of a plain heading
_INDENT = 30.0  # points: a cell may be indented so far
_PERIODS = 4  # quarters; months are more
_MOST = 0.7  # of the rows fill two columns or more
_BEGINS = re.compile(r"[A-ZÀ-ỸĐ\d“\"(+•-]")
_PLAIN = re.compile(r"[A-ZÀ-ỸĐ][^\d.;:]*")
_MARK = re.compile(r"[xX+*×✓✔√]{1,2}")
_PERIOD = re.compile(r"(?:[TQ]|Tháng |Quý )(?:\d{1,2}|[IV]{1,3})")
_NUMBERED = re.compile(r"(?:[IVXL]{1,6}|[A-ZĐ]|\d{1,2}(?:\.\d{1,2})*)[.)/]\s")


@dataclass(frozen=True, slots=True)
class Spaced:
    """A table among the rows of a page: the lines of each of its rows, from start to end, the heading first."""

    groups: tuple[tuple[int, int], ...]
    columns: Columns


def find_spaced(rows: Sequence[Row]) -> Spaced | None:
    """The first such table in the rows of a page, cut into pieces at `PIECE_GAP`."""
    for at in range(len(rows)):
        if _may_head(rows, at) and (found := _below(rows, at)):
            return found
    return None


def continue_spaced(rows: Sequence[Row], before: Columns) -> Spaced | None:
    """The table of the page before goes on from the first line of this one, in the same columns."""
    start = before.repeated(rows)
    stop = _stop(rows, start, before)
    groups = _trimmed(rows, _groups(rows, start, stop, before), before, ends_page=stop == len(rows))
    if sum(_fills(rows, group, before) >= LEAST_COLUMNS for group in groups) == 0:
        return None
    return Spaced(((0, start), *groups) if start else tuple(groups), before)


def _may_head(rows: Sequence[Row], at: int) -> bool:
    """Whether a heading may begin here; cheap, to pass over pages of prose. A plain one opens its columns."""
    row = rows[at]
    if len(row) < LEAST_COLUMNS:
        return False
    if all(piece.bold for piece in row):
        return True
    opens = at == 0 or len(rows[at - 1]) < LEAST_COLUMNS
    return opens and all(
        len(piece.text) <= _TITLE and (_PLAIN.fullmatch(piece.text) or _PERIOD.fullmatch(piece.text)) for piece in row
    )


def _below(rows: Sequence[Row], start: int) -> Spaced | None:
    """The table whose heading begins with this row."""
    block = _block(rows, start)
    wide = [row for row in block if len(row) >= LEAST_COLUMNS]
    if len(wide) < LEAST_ROWS:
        return None
    columns = columns_of(wide, channels_of(wide, block))
    if columns.count < LEAST_COLUMNS or columns.crossed(rows[start]):
        return None
    stop = _stop(rows, start, columns)
    groups = _groups(rows, start, stop, columns)
    groups[0] = (_top(rows, start, columns), groups[0][1])
    while len(groups) > 1 and _between_lines(rows, groups[1][0]):  # the last lines of centred cells
        groups[:2] = [(groups[0][0], groups[1][1])]
    heading = columns.texts(rows[slice(*groups[0])])
    columns = replace(columns, heading=heading, spaced=True)
    groups = _trimmed(rows, groups, columns, ends_page=stop == len(rows))
    if not _is_heading(heading) or not _agrees(rows, groups[1:], columns):
        return None
    body = [piece for group in groups[1:] for row in rows[slice(*group)] if len(row) > 1 for piece in row]
    if all(piece.bold for piece in body):
        return None
    return Spaced(tuple(groups), columns)


def _top(rows: Sequence[Row], start: int, columns: Columns) -> int:
    """The first line of a heading whose cells are centred: its longest cells begin above the line of most columns."""
    top = start
    while top and not columns.crossed(rows[top - 1]):
        above, size = rows[top - 1], rows[top][0].size
        step = rows[top][0].bottom - above[0].bottom
        beside = step < size or (len(above) > 1 and step < _CLOSE * size)  # between two lines, or several at once
        if not beside or any(piece.bold != rows[start][0].bold for piece in above):
            break
        top -= 1
    return top


def _between_lines(rows: Sequence[Row], at: int) -> bool:
    """Whether a line stands nearer to the one above, in the same print, than lines of one text can."""
    row, above = rows[at], rows[at - 1]
    return row[0].bottom - above[0].bottom < row[0].size and row[0].bold == above[0].bold


def _block(rows: Sequence[Row], start: int) -> list[Row]:
    """The lines below that no prose parts from the first."""
    out = [rows[start]]
    for above, row in pairwise(rows[start:]):
        prose = len(row) == 1 and row[0].width > 25 * row[0].size and not row[0].bold
        if prose or _far(above, row):
            break
        out.append(row)
    return out


def _far(above: Row, row: Row) -> bool:
    return row[0].bottom - above[0].bottom > _FAR * row[0].size


def _stop(rows: Sequence[Row], start: int, columns: Columns) -> int:
    """Where lines no longer stand in the columns."""
    lefts = _lefts(rows[start:], columns)
    at = start
    while at < len(rows):
        row = rows[at]
        if at > start and _far(rows[at - 1], row):
            break
        if columns.crossed(row):
            if not (
                len(row) == 1 and (row[0].bold or _NUMBERED.match(row[0].text)) and row[0].width < 60 * row[0].size
            ):
                break
            if abs(row[0].x0 - columns.xs[0]) > _INDENT:
                break
        elif at > start and not all(_stands(piece.x0, piece.center, columns.column(piece), lefts) for piece in row):
            break
        at += 1
    return at


Edges = dict[int, tuple[float, float | None]]


def _lefts(rows: Sequence[Row], columns: Columns) -> Edges:
    """Where the lines of each column begin: the place most of them share, and the middle where they are centred."""
    out: Edges = {}
    for column in range(columns.count):
        pieces = [
            p for row in rows if len(row) > 1 and not columns.crossed(row) for p in row if columns.column(p) == column
        ]
        if not pieces:
            continue
        left = max((p.x0 for p in pieces), key=lambda x: sum(abs(x - p.x0) <= ALIGNED for p in pieces))
        middle = max((p.center for p in pieces), key=lambda x: sum(abs(x - p.center) <= ALIGNED for p in pieces))
        share = sum(abs(middle - p.center) <= ALIGNED for p in pieces) / len(pieces)
        out[column] = (left, middle if share > _MOST else None)
    return out


def _stands(x0: float, center: float, column: int, lefts: Edges) -> bool:
    if column not in lefts:
        return False
    left, middle = lefts[column]
    return left - ALIGNED <= x0 <= left + _INDENT or (middle is not None and abs(center - middle) <= ALIGNED)


def _groups(rows: Sequence[Row], start: int, stop: int, columns: Columns) -> list[tuple[int, int]]:
    steps = {at: rows[at][0].bottom - rows[at - 1][0].bottom for at in range(start + 1, stop)}
    if not steps:
        return [(start, stop)]
    pitch = _pitch(rows[start:stop], columns)
    spaced = sum(step > APART * pitch for step in steps.values()) >= LEAST_ROWS
    cuts = [start]
    for at in range(start + 1, stop):
        apart = steps[at] > APART * pitch if spaced else _begins(rows, at, columns)
        if apart or columns.crossed(rows[at]) != columns.crossed(rows[at - 1]):
            cuts.append(at)
    return list(pairwise([*cuts, stop]))


def _pitch(rows: Sequence[Row], columns: Columns) -> float:
    """Distance of the lines of one cell; columns that are centred in their rows have lines between those of others."""
    steps: list[float] = []
    for column in range(columns.count):
        lines = [piece.bottom for row in rows for piece in row if columns.column(piece) == column]
        steps += [below - above for above, below in pairwise(lines)]
    return sorted(steps)[len(steps) // 5] if steps else 0.0


def _begins(rows: Sequence[Row], at: int, columns: Columns) -> bool:
    """Whether a row begins on this line although no space is above it."""
    row, above = rows[at], rows[at - 1]
    held, before = filled_columns(columns, [row]), filled_columns(columns, [above])
    if held - before:
        return True
    if all(piece.bold for piece in above) != all(piece.bold for piece in row):
        return True
    if 0 in held and _BEGINS.match(row[0].text) and any(_MARK.fullmatch(piece.text) for piece in row):
        return True  # a cross stands on the first line of its row
    return held == before and len(held) >= LEAST_COLUMNS and all(_BEGINS.match(piece.text) for piece in row)


def _fills(rows: Sequence[Row], group: tuple[int, int], columns: Columns) -> int:
    own = rows[slice(*group)]
    return 0 if any(map(columns.crossed, own)) else len(filled_columns(columns, own))


def _trimmed(
    rows: Sequence[Row], groups: list[tuple[int, int]], columns: Columns, *, ends_page: bool
) -> list[tuple[int, int]]:
    """Without lone lines behind the last row: what follows the table, a heading of the text for one."""
    kept = list(groups)
    while kept and not ends_page and _fills(rows, kept[-1], columns) < LEAST_COLUMNS - 1:
        kept.pop()
    return kept


def _agrees(rows: Sequence[Row], groups: Sequence[tuple[int, int]], columns: Columns) -> bool:
    fills = [_fills(rows, group, columns) for group in groups]
    full = [group for group, filled in zip(groups, fills, strict=True) if filled >= LEAST_COLUMNS]
    if len(full) < LEAST_ROWS:
        return False
    named = sum(filled >= LEAST_COLUMNS - 1 for filled in fills)
    firsts = [next((row for row in rows[slice(*group)] if len(row) >= LEAST_COLUMNS), rows[group[0]]) for group in full]
    steady = is_stable(columns, firsts) or _is_matrix(rows, groups, columns)
    return named >= _MOST * sum(filled > 1 or filled == 0 for filled in fills) and steady


def _is_matrix(rows: Sequence[Row], groups: Sequence[tuple[int, int]], columns: Columns) -> bool:
    """Many narrow columns, few of them filled in a row, and whatever stands there is a mark: months with crosses."""
    own = [row for group in groups for row in rows[slice(*group)] if not columns.crossed(row)]
    marks = [piece.text for row in own for piece in row if columns.column(piece) >= columns.count - _PERIODS]
    return columns.count > _PERIODS and len(marks) >= LEAST_ROWS and all(map(_MARK.fullmatch, marks))


def _is_heading(texts: Sequence[str]) -> bool:
    filled = [text for text in texts if text]
    letters = sum(any(c.isalpha() for c in text) for text in filled)
    return len(filled) == len(texts) == letters and not any(len(text) > LONGEST_HEADING for text in filled)
