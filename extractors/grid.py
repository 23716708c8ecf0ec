"""Table parts, one a page, become whole tables: continued parts joined, repeated headers left out, cut rows healed.

Shared by every format with pages (PDF, text, later scans). An extractor hands over what it saw in reading order,
paragraphs and parts; `join_blocks` returns the same order with tables. What was joined or was doubtful is a notice.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from extractors.document import Block, Cell, Notice, Paragraph, Seen, Table
from extractors.grid_parts import Part, continues, distinct, header_height, on_one_grid, repeated_header, row_texts
from extractors.grid_rows import (
    Habit,
    begins_lower,
    cell_evidence,
    is_ordinal,
    join_cut,
    learn,
    row_evidence,
)
from extractors.grid_shift import slid_columns
from extractors.reconcile import held

_NUMBERED = re.compile(r"(?:[IVXLC]+|[A-ZĐa-zđ]|\d{1,2}(?:\.\d{1,2})*)[.)]\s")
_STITCH = 1.0
_DOUBT = -1.0
_SELDOM = 0.2  # share of a column's cells that begin in lower case: above it, that says little
_BEYOND_DOUBT = 3.0  # evidence that one text of a row goes on although the row does not


@dataclass(frozen=True, slots=True)
class Joined:
    blocks: tuple[Block, ...]
    notices: tuple[Notice, ...]


def join_blocks(blocks: Sequence[Paragraph | Part], shifts: bool = False) -> Joined:
    """Blocks in reading order with parts joined to tables; `Table.index` counts from 0.

    Two parts are one table when nothing stands between them, they are not on the same page, and columns and
    header agree. Layout parts (neither `ruled` nor `aligned`) are never joined. `shifts`: the cells have no places of
    their own, so a half row may stand in the wrong columns and is put back.
    """
    out: list[Block] = []
    notices: list[Notice] = []
    group: list[Part] = []
    count = 0

    def close() -> None:
        nonlocal count
        if group:
            table, seen = join_parts(group, count, shifts)
            out.append(table if group[0].ruled else replace(table, ruled=False))
            notices.extend(seen)
            group.clear()
            count += 1

    for block in blocks:
        if isinstance(block, Part) and (block.ruled or block.aligned):
            if group and group[0].ruled != block.ruled:
                close()
            verdict = continues(group, block) if group else None
            if verdict is not None and not verdict.joins:
                if verdict.doubt:
                    notices.append(Notice("table.part_unjoined", verdict.doubt, block.place, count + 1))
                close()
            group.append(block)
            continue
        close()
        if isinstance(block, Paragraph):
            out.append(block)
        else:
            out.append(Table(count, block.row_count, block.column_count, block.cells, block.place, ruled=False))
            count += 1
    close()
    return Joined(tuple(out), tuple(notices))


# --- parts to one table ----------------------------------------------------------------------------------------


def join_parts(parts: Sequence[Part], index: int, shifts: bool = False) -> tuple[Table, tuple[Notice, ...]]:
    """One table from parts that belong together, with a notice for every healed or doubtful row."""
    seen_rows, seen_letters = _seen(parts)
    parts = on_one_grid(parts)
    first = parts[0]
    if len(parts) == 1:
        return Table(
            index, first.row_count, first.column_count, first.cells, first.place, seen=Seen(seen_rows, seen_letters)
        ), ()
    bodies = [first] + [_without_rows(part, repeated_header(first, part)) for part in parts[1:]]
    left_out = sum(part.row_count for part in parts) - sum(body.row_count for body in bodies)
    seen_letters -= sum(
        held(part.cells) - held(body.cells) for part, body in zip(parts, bodies, strict=True) if body is not part
    )
    bodies = [body for body in bodies if body.row_count]
    columns = max(part.column_count for part in parts)
    habits = learn(_whole_rows(bodies, header_height(first)), columns)
    ordinal = _ordinal_column(bodies, header_height(first))
    table = Table(index, first.row_count, columns, first.cells, first.place)
    foot = _foot(table, range(len(table.cells)), frozenset())
    notices: list[Notice] = []
    for body in bodies[1:]:
        if shifts:
            table, body, moved = _unshift(table, body, habits)
            notices.extend(moved)
        table, foot, seen = _append(table, foot, body, habits, ordinal)
        notices.extend(seen)
    joined = sum(notice.code == "table.row_stitched" for notice in notices)
    return replace(table, seen=Seen(seen_rows - left_out - joined, seen_letters)), tuple(notices)


def _seen(parts: Sequence[Part]) -> tuple[int, int]:
    """Rows and letters that were counted on all pages; a part that counted none stands for itself."""
    counted = [part.seen or Seen(part.row_count, held(part.cells)) for part in parts]
    return sum(one.rows for one in counted), sum(one.letters for one in counted)


def _without_rows(part: Part, count: int) -> Part:
    if not count:
        return part
    cells = tuple(_in_row(cell, cell.row - count) for cell in part.cells if cell.row >= count)
    return replace(part, row_count=part.row_count - count, cells=cells)


def _in_row(cell: Cell, row: int) -> Cell:
    """The cell in another row; every cell of a continued table is moved, and `replace` takes three times as long."""
    return Cell(
        cell.text,
        row,
        cell.column,
        cell.row_span,
        cell.column_span,
        cell.place,
        cell.continued,
        cell.filled,
        cell.bold,
        cell.confidence,
    )


def _whole_rows(bodies: Sequence[Part], header: int) -> list[list[str]]:
    """Data rows away from page breaks; rows with one text (group headings) say nothing about the columns."""
    rows = []
    for number, body in enumerate(bodies):
        grid = body.slots()
        start = header if number == 0 else 1
        stop = len(grid) - (1 if number < len(bodies) - 1 else 0)
        for row in grid[start:stop]:
            if len({id(cell) for cell in row if cell is not None and cell.text.strip()}) > 2:
                rows.append(row_texts(row))
    return rows


def _ordinal_column(bodies: Sequence[Part], header: int) -> int | None:
    """0 where the first column holds numbers, in four rows of five; group rows may stand in it with all their text."""
    texts = []
    for number, body in enumerate(bodies):
        for row in body.slots()[header if number == 0 else 0 :]:
            if sum(bool(text.strip()) for text in row_texts(row)) > 1:
                texts.append(row_texts(row)[0].strip())
    filled = [text for text in texts if text]
    return 0 if filled and sum(map(is_ordinal, filled)) >= 0.8 * len(filled) else None


def _unshift(table: Table, body: Part, habits: Sequence[Habit]) -> tuple[Table, Part, list[Notice]]:
    """Both rows at the page break with their cells in their columns."""
    notices = []
    last = table.row_count - 1
    for cells, row, rest in ((table.cells, last, False), (body.cells, 0, True)):
        texts = [""] * table.column_count
        for cell in cells:
            if cell.row == row:
                texts[cell.column] = cell.text
        found = slid_columns(texts, habits, rest)
        if found is None:
            continue
        start, shift = found
        moved = tuple(_slide(cell, texts, start, shift) if cell.row == row else cell for cell in cells)
        if rest:
            body = replace(body, cells=moved)
        else:
            table = replace(table, cells=moved)
        message = "Hàng ở chỗ ngắt trang bị lệch cột, đã đưa về đúng cột / row at a page break had slid one column"
        place = body.place if rest else table.place
        notices.append(
            Notice("table.row_shifted", message, place, table.index, last + rest, " | ".join(filter(None, texts)))
        )
    return table, body, notices


def _slide(cell: Cell, texts: Sequence[str], start: int, shift: int) -> Cell:
    """The slot after the slide: it holds the text that stood one column aside."""
    origin = cell.column - shift
    if start <= origin < len(texts) and texts[origin].strip():
        return replace(cell, text=texts[origin])
    return replace(cell, text="") if cell.column >= start else cell


@dataclass(frozen=True, slots=True)
class _Foot:
    """Where a growing table ends, so that a new part need not look at all of it.

    `reaching` are the indexes of the cells that stand in its last row, `merged` the columns with a text over rows.
    """

    reaching: tuple[int, ...]
    merged: frozenset[int]

    def row(self, table: Table) -> tuple[Cell | None, ...]:
        """The slots of the last row."""
        slots: list[Cell | None] = [None] * table.column_count
        for at in self.reaching:
            cell = table.cells[at]
            end = min(cell.column + cell.column_span, table.column_count)
            slots[cell.column : end] = [cell] * (end - cell.column)
        return tuple(slots)


def _foot(table: Table, candidates: Iterable[int], merged: frozenset[int]) -> _Foot:
    """The foot of a table of which only the candidates may stand in the last row or are new."""
    own = [(at, table.cells[at]) for at in candidates]
    spread = {cell.column for _, cell in own if cell.row_span > 1 and cell.text.strip()}
    return _Foot(tuple(at for at, cell in own if cell.row + cell.row_span >= table.row_count), merged | spread)


def _append(
    table: Table, foot: _Foot, body: Part, habits: Sequence[Habit], ordinal: int | None
) -> tuple[Table, _Foot, tuple[Notice, ...]]:
    last = foot.row(table)
    top = body.slots()[0]
    score = _cut_score(table, last, top, habits, ordinal)
    cut = score >= _STITCH
    numbered = ordinal is not None and bool((top[ordinal] or _NO_CELL).text.strip())
    offset = table.row_count - (1 if cut else 0)
    cells = list(table.cells)
    kept: list[Cell] = []
    for cell in body.cells:
        moved = _in_row(cell, cell.row + offset)
        target = _target(table, foot, cell, cut, numbered, habits, ordinal) if cell.row == 0 else None
        if target is None:
            kept.append(moved)
            continue
        touches = cells[target].row + cells[target].row_span == table.row_count
        cells[target] = _merge(cells[target], moved, touches)
        if not touches and not cut:
            kept.append(replace(moved, text=""))  # its text went up, its slot stays
    whole = Table(table.index, offset + body.row_count, table.column_count, tuple(cells + kept), table.place)
    candidates = (*foot.reaching, *range(len(cells), len(whole.cells)))
    return whole, _foot(whole, candidates, foot.merged), _row_notices(table, body, score, cut, last, top)


def _merge(above: Cell, below: Cell, touches: bool) -> Cell:
    """The cell above with the rest below; it spans the rest's rows where it reaches down to the break."""
    continued = above.continued + ((below.place,) if below.text.strip() else ()) + below.continued
    span = max(above.row_span, below.row + below.row_span - above.row) if touches else above.row_span
    return replace(above, text=join_cut(above.text, below.text), row_span=span, continued=continued)


def _cut_score(
    table: Table,
    last: Sequence[Cell | None],
    top: Sequence[Cell | None],
    habits: Sequence[Habit],
    ordinal: int | None,
) -> float:
    """Evidence that the first row of the part is the rest of the table's last row."""
    if _spans(last) != _spans(top):
        return -9.0  # halves of one row are divided by the same rules
    if ordinal is not None and (top[ordinal] or _NO_CELL).text.strip():
        name = (last[ordinal] or _NO_CELL).text.strip()
        if not name or is_ordinal(name) or is_ordinal((top[ordinal] or _NO_CELL).text):
            return -9.0  # a number begins a row
        ordinal = None  # the name of a group, cut in the column of numbers
    first = (top[0] or _NO_CELL).text
    if _NUMBERED.match(first) and not any(text.strip() for text in row_texts(top)[1:]):
        return -9.0  # "II. Kiểm tra" alone in its row names a group
    short = min((cell.row_span for cell in distinct(top)), default=1)
    above: list[str | None] = []
    below: list[str | None] = []
    for column in range(table.column_count):
        a, b = last[column], top[column]
        tall = (a is not None and a.row_span > 1 and a.row < table.row_count - 1) or (
            b is not None and b.row_span > short
        )
        above.append(None if tall else a.text if a is not None else "")
        below.append(None if tall else b.text if b is not None else "")
    if all(text is None for text in below):
        return -9.0
    return row_evidence(above, below, habits, ordinal)


_NO_CELL = Cell("", 0, 0)


def _spans(row: Sequence[Cell | None]) -> tuple[tuple[int, int], ...]:
    return tuple((cell.column, cell.column_span) for cell in distinct(row))


def _target(
    table: Table,
    foot: _Foot,
    cell: Cell,
    cut: bool,
    numbered: bool,
    habits: Sequence[Habit],
    ordinal: int | None,
) -> int | None:
    """Index of the cell above the break that this cell of the part's first row belongs to; None: a cell of its own.

    A goal that serves several rows may be cut between two of them: its rest stands in a row of its own content, without
    number.
    """
    column, text = cell.column, cell.text.strip()
    at = _last_cell(table, foot, cell)
    if at is None:
        return None
    above = table.cells[at]
    if above.text.strip():
        merged = above.row_span > 1 or cell.row_span > 1
        if cut or (not text and (merged or column in foot.merged)):
            return at
        evidence = cell_evidence(above.text, text, habits[column]) if text and column != ordinal else 0.0
        seldom = begins_lower(text) and habits[column].begins_lower < _SELDOM
        goes_on = not numbered and seldom and evidence >= _BEYOND_DOUBT
        return at if (merged and evidence > 0) or goes_on else None
    if text and column != ordinal:
        open_above = _open_above(table, cell, habits[column])
        return open_above if open_above is not None else at if cut else None
    return at if cut or (not text and above.row_span > 1 and cell.row_span > 1) else None


def _last_cell(table: Table, foot: _Foot, cell: Cell) -> int | None:
    for at in foot.reaching:
        other = table.cells[at]
        same = (other.column, other.column_span) == (cell.column, cell.column_span)
        if same and other.row + other.row_span == table.row_count:
            return at
    return None


def _open_above(table: Table, cell: Cell, habit: Habit) -> int | None:
    """The nearest text above in this column, where formats without merged cells leave empty cells below it.

    Only when the text goes on beyond doubt: it begins in lower case where the column does not, what stands above has
    no end, and no group row lies between.
    """
    above = [i for i, c in enumerate(table.cells) if c.column == cell.column and c.text.strip()]
    if not above or not begins_lower(cell.text) or habit.begins_lower >= _SELDOM:
        return None
    at = max(above, key=lambda i: table.cells[i].row)
    between = table.grid()[table.cells[at].row :]
    if any(sum(bool(c is not None and c.text.strip()) for c in row) < 3 for row in between):
        return None
    return at if cell_evidence(table.cells[at].text, cell.text, habit) >= _BEYOND_DOUBT else None


def _row_notices(
    table: Table, body: Part, score: float, cut: bool, last: Sequence[Cell | None], top: Sequence[Cell | None]
) -> tuple[Notice, ...]:
    evidence = " ⏎ ".join(
        f"{(a or _NO_CELL).text[-40:]} | {(b or _NO_CELL).text[:40]}"
        for a, b in zip(last, top, strict=True)
        if b is not None and b.text.strip()
    )
    row = table.row_count - (1 if cut else 0)
    if cut:
        doubt = " (chưa chắc chắn / in doubt)" if score < 2 * _STITCH else ""
        message = f"Hàng bị ngắt trang đã được nối lại{doubt} / row cut by a page break joined"
        return (Notice("table.row_stitched", message, body.place, table.index, row, evidence),)
    if score > _DOUBT:
        message = "Hàng đầu trang có thể thuộc hàng trước / first row of the page may continue the row before"
        return (Notice("table.row_unstitched", message, body.place, table.index, row, evidence),)
    return ()
