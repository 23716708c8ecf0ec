"""Table parts, one a page, become whole tables: continued parts joined, repeated headers left out, cut rows healed.

Shared by every format with pages (PDF, text, later scans). An extractor hands over what it saw in reading order,
paragraphs and parts; `join_blocks` returns the same order with tables. What was joined or was doubtful is a notice.
"""

import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from itertools import pairwise

from extractors.document import NOWHERE, Block, Cell, Notice, Paragraph, Place, Table
from extractors.grid_rows import (
    Habit,
    begins_lower,
    cell_evidence,
    is_ordinal,
    join_cut,
    learn,
    row_evidence,
    squash,
)
from extractors.grid_shift import slid_columns

# Column rules of one table lie within a fraction of a point on every page of one writer; scans and rounded numbers
# drift by a few points. The narrowest real column (a two-digit number at 12 pt with padding) is about 20 pt.
_EDGE_TOLERANCE = 5.0
_HEADER_LIKENESS = 0.9  # of the squashed heading rows: forgives a lost mark, not another heading
_STITCH = 1.0
_DOUBT = -1.0


@dataclass(frozen=True, slots=True)
class Part:
    """What one page shows of a table. `edges` are the x positions of its column rules where they are known."""

    row_count: int
    column_count: int
    cells: tuple[Cell, ...]
    edges: tuple[float, ...] = ()
    place: Place = NOWHERE
    ruled: bool = True

    def slots(self) -> tuple[tuple[Cell | None, ...], ...]:
        return Table(0, self.row_count, self.column_count, self.cells).grid()


@dataclass(frozen=True, slots=True)
class Joined:
    blocks: tuple[Block, ...]
    notices: tuple[Notice, ...]


def join_blocks(blocks: Sequence[Paragraph | Part], shifts: bool = False) -> Joined:
    """Blocks in reading order with parts joined to tables; `Table.index` counts from 0.

    Two parts are one table when nothing stands between them, they are not on the same page, and columns and
    header agree. Layout parts (`ruled` false) are never joined. `shifts`: the cells have no places of their own, so
    a half row may stand in the wrong columns and is put back.
    """
    out: list[Block] = []
    notices: list[Notice] = []
    group: list[Part] = []
    count = 0

    def close() -> None:
        nonlocal count
        if group:
            table, seen = join_parts(group, count, shifts)
            out.append(table)
            notices.extend(seen)
            group.clear()
            count += 1

    for block in blocks:
        if isinstance(block, Part) and block.ruled:
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


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether a part continues the table before it; `doubt` says why it might although it was kept apart."""

    joins: bool
    doubt: str = ""


def continues(group: Sequence[Part], part: Part) -> Verdict:
    """Does the part go on with the table that the group holds?

    Same columns and the same header, or no header of its own: yes. Another header, other columns or the same page: no.
    """
    first, last = group[0], group[-1]
    if last.place.page is not None and last.place.page == part.place.page:
        return Verdict(False)
    repeated = repeated_header(first, part) > 0
    if _same_columns(first, part):
        return Verdict(repeated or not _own_header(part))
    if repeated or (_nested_columns(group, part) and not _own_header(part)):
        return Verdict(True)
    if not _own_header(part) and _counts_on(group, part):
        return Verdict(
            False,
            "Phần bảng ở đầu trang có số thứ tự nối tiếp nhưng khác cột nên để riêng / "
            "table part counts on from the one before but has other columns; kept apart",
        )
    return Verdict(False)


def _same_columns(first: Part, part: Part) -> bool:
    if not first.edges or not part.edges:
        return part.column_count == first.column_count
    if len(first.edges) != len(part.edges):
        return False
    # Relative to the left edge: mirrored margins move the table, not its columns.
    shift = part.edges[0] - first.edges[0]
    return all(abs(b - a - shift) <= _EDGE_TOLERANCE for a, b in zip(first.edges, part.edges, strict=True))


def _nested_columns(group: Sequence[Part], part: Part) -> bool:
    """Same outer rules, and the rules of one part are among those of the other (columns hidden by merged cells)."""
    known = tuple(sorted({edge for seen in group for edge in seen.edges}))
    if not known or not part.edges:
        return False
    if abs(known[0] - part.edges[0]) > _EDGE_TOLERANCE or abs(known[-1] - part.edges[-1]) > _EDGE_TOLERANCE:
        return False
    return _subset(part.edges, known) or _subset(known, part.edges)


def _subset(inner: Sequence[float], outer: Sequence[float]) -> bool:
    return all(any(abs(edge - other) <= _EDGE_TOLERANCE for other in outer) for edge in inner)


def _counts_on(group: Sequence[Part], part: Part) -> bool:
    """First number of the part follows the last number of the table."""
    before = [int(n) for n in (_number(row) for row in group[-1].slots()) if n]
    after = [int(n) for n in (_number(row) for row in part.slots()) if n]
    return bool(before and after and after[0] == before[-1] + 1)


def _number(row: Sequence[Cell | None]) -> str:
    found = re.fullmatch(r"(\d{1,3})[.)]?", row[0].text.strip()) if row and row[0] else None
    return found[1] if found else ""


# --- headers ---------------------------------------------------------------------------------------------------


def header_height(part: Part) -> int:
    """Rows of the heading: the first row with all that its merged cells reach over, and a row of column numbers."""
    height = 1
    grid = part.slots()
    while True:
        reach = max((c.row + c.row_span for c in part.cells if c.row < height), default=height)
        if reach <= height:
            break
        height = reach
    if height < part.row_count and _is_index_row(grid[height]):
        height += 1
    return min(height, part.row_count)


def _is_index_row(row: Sequence[Cell | None]) -> bool:
    """Forms: "(1) (2) (3)", "1 2 3 4", "A B 1 2"."""
    texts = [cell.text.strip().strip("()[]") for cell in row if cell is not None]
    if len(texts) < 3 or not all(re.fullmatch(r"\d{1,2}(?:=.*)?|[A-E]", text) for text in texts):
        return False
    numbers = [int(text) for text in texts if text.isdigit()]
    return len(numbers) >= 2 and all(b == a + 1 for a, b in pairwise(numbers))


def repeated_header(first: Part, part: Part) -> int:
    """How many rows at the top of the part repeat the heading of the first part (0: none).

    The whole heading, its last rows alone (an index row, the lower of two rows), or more rows that Word was told to
    repeat, as long as they carry no number of their own. The row after them is data and stays.
    """
    height = header_height(first)
    heads = [_row_key(row) for row in first.slots()]
    rows = [_row_key(row) for row in part.slots()]
    for start in range(height):
        count = 0
        while start + count < height and count < len(rows) and _alike(heads[start + count], rows[count]):
            count += 1
        if count and start + count >= height:
            while (
                start + count < len(heads)
                and count < len(rows)
                and heads[start + count] == rows[count]
                and _repeats_by_hand(part.slots()[count])
            ):
                count += 1
            return count
    return 0


def _repeats_by_hand(row: Sequence[Cell | None]) -> bool:
    """A further row counts as heading only when all of it is bold and it has no number: a data row is never lost."""
    cells = [cell for cell in dict.fromkeys(row) if cell is not None and cell.text.strip()]
    return bool(cells) and all(cell.bold for cell in cells) and not is_ordinal(cells[0].text)


def _row_key(row: Sequence[Cell | None]) -> tuple[str, ...]:
    return tuple(squash(cell.text) for cell in dict.fromkeys(row) if cell is not None)


def _alike(one: tuple[str, ...], other: tuple[str, ...]) -> bool:
    if one == other:
        return any(one)
    if len(one) != len(other) or not any(other):
        return False
    matcher = SequenceMatcher(None, "|".join(one), "|".join(other), autojunk=False)
    return matcher.quick_ratio() >= _HEADER_LIKENESS and matcher.ratio() >= _HEADER_LIKENESS


_NUMBER_HEADING = re.compile(r"s?[ốo]?\s*(?:s?tt|thứ tự|tt\.?)|số thứ tự|no\.?|#", re.IGNORECASE)


def _own_header(part: Part) -> bool:
    """The part begins with a heading row that is not the one of the first part."""
    top = [cell for cell in dict.fromkeys(part.slots()[0]) if cell is not None]
    texts = [cell.text.strip() for cell in top]
    if not any(texts):
        return False
    if _NUMBER_HEADING.fullmatch(" ".join(texts[0].split())) or re.fullmatch(r"s\s*t\s*t", texts[0], re.IGNORECASE):
        return True
    if sum(map(bool, texts)) < 2 or is_ordinal(texts[0]):
        return False
    below = [cell for cell in part.cells if cell.row > 0 and cell.text.strip()]
    plain = sum(not cell.bold for cell in below) > len(below) / 2
    filled = [cell for cell in top if cell.text.strip()]
    return bool(below) and plain and all(cell.bold for cell in filled) and len(filled) == len(top)


# --- parts to one table ----------------------------------------------------------------------------------------


def join_parts(parts: Sequence[Part], index: int, shifts: bool = False) -> tuple[Table, tuple[Notice, ...]]:
    """One table from parts that belong together, with a notice for every healed or doubtful row."""
    parts = _on_one_grid(parts)
    first = parts[0]
    bodies = [first] + [_without_rows(part, repeated_header(first, part)) for part in parts[1:]]
    bodies = [body for body in bodies if body.row_count]
    columns = max(part.column_count for part in parts)
    habits = learn(_whole_rows(bodies, header_height(first)), columns)
    ordinal = _ordinal_column(bodies, header_height(first))
    table = Table(index, first.row_count, columns, first.cells, first.place)
    notices: list[Notice] = []
    for body in bodies[1:]:
        if shifts:
            table, body, moved = _unshift(table, body, habits)
            notices.extend(moved)
        table, seen = _append(table, body, habits, ordinal)
        notices.extend(seen)
    return table, tuple(notices)


def _on_one_grid(parts: Sequence[Part]) -> list[Part]:
    """The same column rules for all parts: the union of their rules, cells span what they do not divide."""
    if not all(part.edges for part in parts) or len({part.column_count for part in parts}) == 1:
        return list(parts)
    shifted = [tuple(edge - part.edges[0] for edge in part.edges) for part in parts]
    union: list[float] = []
    for edge in sorted(edge for edges in shifted for edge in edges):
        if not union or edge - union[-1] > _EDGE_TOLERANCE:
            union.append(edge)
    out = []
    for part, edges in zip(parts, shifted, strict=True):
        at = [bisect_left(union, edge - _EDGE_TOLERANCE) for edge in edges]
        cells = tuple(
            replace(c, column=at[c.column], column_span=max(1, at[c.column + c.column_span] - at[c.column]))
            for c in part.cells
        )
        out.append(replace(part, column_count=len(union) - 1, cells=cells, edges=tuple(union)))
    return out


def _without_rows(part: Part, count: int) -> Part:
    if not count:
        return part
    cells = tuple(replace(cell, row=cell.row - count) for cell in part.cells if cell.row >= count)
    return replace(part, row_count=part.row_count - count, cells=cells)


def _texts(row: Sequence[Cell | None]) -> list[str]:
    return [cell.text if cell is not None else "" for cell in row]


def _whole_rows(bodies: Sequence[Part], header: int) -> list[list[str]]:
    """Data rows away from page breaks; rows with one text (group headings) say nothing about the columns."""
    rows = []
    for number, body in enumerate(bodies):
        grid = body.slots()
        start = header if number == 0 else 1
        stop = len(grid) - (1 if number < len(bodies) - 1 else 0)
        for row in grid[start:stop]:
            texts = _texts(row)
            if len({cell for cell in row if cell is not None and cell.text.strip()}) > 2:
                rows.append(texts)
    return rows


def _ordinal_column(bodies: Sequence[Part], header: int) -> int | None:
    """0 where the first column holds numbers (a cell is a number or empty in four rows of five)."""
    texts = []
    for number, body in enumerate(bodies):
        texts += [_texts(row)[0].strip() for row in body.slots()[header if number == 0 else 0 :]]
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


def _append(table: Table, body: Part, habits: Sequence[Habit], ordinal: int | None) -> tuple[Table, tuple[Notice, ...]]:
    last = table.grid()[-1]
    top = body.slots()[0]
    score = _cut_score(table, last, top, habits, ordinal)
    cut = score >= _STITCH
    offset = table.row_count - (1 if cut else 0)
    cells = list(table.cells)
    kept: list[Cell] = []
    for cell in body.cells:
        moved = replace(cell, row=cell.row + offset)
        target = _target(table, cell, cut, habits, ordinal) if cell.row == 0 else None
        if target is None:
            kept.append(moved)
            continue
        touches = cells[target].row + cells[target].row_span == table.row_count
        cells[target] = _merge(cells[target], moved, touches)
        if not touches and not cut:
            kept.append(replace(moved, text=""))  # its text went up, its slot stays
    whole = Table(table.index, offset + body.row_count, table.column_count, tuple(cells + kept), table.place)
    return whole, _row_notices(table, body, score, cut, last, top)


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
    if ordinal is not None and top[ordinal] is not None and (top[ordinal] or _NO_CELL).text.strip():
        return -9.0  # a number begins a row
    short = min((cell.row_span for cell in dict.fromkeys(top) if cell is not None), default=1)
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
    return tuple((cell.column, cell.column_span) for cell in dict.fromkeys(row) if cell is not None)


def _target(table: Table, cell: Cell, cut: bool, habits: Sequence[Habit], ordinal: int | None) -> int | None:
    """Index of the cell above the break that this cell of the part's first row belongs to; None: a cell of its own."""
    column, text = cell.column, cell.text.strip()
    at = _last_cell(table, cell)
    if at is None:
        return None
    above = table.cells[at]
    if above.text.strip():
        merged = above.row_span > 1 or cell.row_span > 1
        if cut or (not text and (merged or _is_merged_column(table, column))):
            return at
        return at if text and merged and cell_evidence(above.text, text, habits[column]) > 0 else None
    if text and column != ordinal:
        open_above = _open_above(table, cell, habits[column])
        return open_above if open_above is not None else at if cut else None
    return at if cut or (not text and above.row_span > 1 and cell.row_span > 1) else None


def _last_cell(table: Table, cell: Cell) -> int | None:
    for i, other in enumerate(table.cells):
        same = (other.column, other.column_span) == (cell.column, cell.column_span)
        if same and other.row + other.row_span == table.row_count:
            return i
    return None


def _is_merged_column(table: Table, column: int) -> bool:
    """Elsewhere in the table the column has texts over several rows, so an empty cell is the rest of one."""
    return any(cell.column == column and cell.row_span > 1 and cell.text.strip() for cell in table.cells)


def _open_above(table: Table, cell: Cell, habit: Habit) -> int | None:
    """The nearest text above in this column, where formats without merged cells leave empty cells below it.

    Only when the text goes on beyond doubt: it begins in lower case where the column does not, what stands above has
    no end, and no group row lies between.
    """
    above = [i for i, c in enumerate(table.cells) if c.column == cell.column and c.text.strip()]
    if not above or not begins_lower(cell.text) or habit.begins_lower >= 0.2:
        return None
    at = max(above, key=lambda i: table.cells[i].row)
    between = table.grid()[table.cells[at].row :]
    if any(sum(bool(c is not None and c.text.strip()) for c in row) < 3 for row in between):
        return None
    return at if cell_evidence(table.cells[at].text, cell.text, habit) >= 3.0 else None


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
