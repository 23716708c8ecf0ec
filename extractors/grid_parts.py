"""What one page shows of a table, and whether two such parts are one table: columns and headings decide."""

import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from functools import cached_property
from itertools import pairwise

from extractors.document import NOWHERE, Cell, Place, Seen, Table
from extractors.grid_rows import is_ordinal, squash

# Column rules of one table lie within a fraction of a point on every page of one writer; scans and rounded numbers
# drift by a few points. The narrowest real column (a two-digit number at 12 pt with padding) is about 20 pt.
_EDGE_TOLERANCE = 5.0
_HEADER_LIKENESS = 0.9  # of the squashed heading rows: forgives a lost mark, not another heading


@dataclass(frozen=True)
class Part:
    """What one page shows of a table. `edges` are the x positions of its column rules where they are known.

    `aligned`: a table all the same, though not ruled; its columns were found from text that stands in line.
    """

    row_count: int
    column_count: int
    cells: tuple[Cell, ...]
    edges: tuple[float, ...] = ()
    place: Place = NOWHERE
    ruled: bool = True
    aligned: bool = False
    seen: Seen | None = None

    def slots(self) -> tuple[tuple[Cell | None, ...], ...]:
        return self._slots

    @cached_property  # asked for by every question about a part; why the class has no `slots=True`
    def _slots(self) -> tuple[tuple[Cell | None, ...], ...]:
        return Table(0, self.row_count, self.column_count, self.cells).grid()


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
        # Editors strip tabs from line ends, so the rest of a cut row may show fewer columns than there are.
        return part.column_count == first.column_count or (
            part.column_count < first.column_count and part.row_count == 1 and not row_texts(part.slots()[0])[0].strip()
        )
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
    height = _titles_height(part)
    numbered = height < part.row_count and _is_index_row(part.slots()[height])
    return height + 1 if numbered else height


def _titles_height(part: Part) -> int:
    height = 1
    while True:
        reach = max((c.row + c.row_span for c in part.cells if c.row < height), default=height)
        if reach <= height:
            break
        height = reach
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
    height, titles = header_height(first), _titles_height(first)
    heads, rows = first.slots(), part.slots()
    heading, tops = ([_row_key(row) for row in grid[:height]] for grid in (heads, rows))
    for start in range(height):
        count = 0
        while start + count < height and count < len(tops) and _alike(heading[start + count], tops[count]):
            count += 1
        if count and start + count >= titles:
            while (
                start + count < len(heads)
                and count < len(rows)
                and _row_key(heads[start + count]) == _row_key(rows[count])
                and _repeats_by_hand(rows[count])
            ):
                count += 1
            return count
    return 0


def _repeats_by_hand(row: Sequence[Cell | None]) -> bool:
    """A further row counts as heading only without a number, and bold or without any first cell: no data row is lost.

    Text files lose the merged cells of a heading, so its second row begins with an empty cell there.
    """
    cells = [cell for cell in distinct(row) if cell.text.strip()]
    if len(cells) < 2 or is_ordinal(cells[0].text):
        return False
    return all(cell.bold for cell in cells) or row[0] is None or not row[0].text.strip()


def _row_key(row: Sequence[Cell | None]) -> tuple[str, ...]:
    return tuple(squash(cell.text) for cell in distinct(row))


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
    top = distinct(part.slots()[0])
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


# --- one grid ----------------------------------------------------------------------------------------------------


def distinct(row: Sequence[Cell | None]) -> list[Cell]:
    """The cells of a row, each once; a cell takes slots side by side."""
    return [cell for at, cell in enumerate(row) if cell is not None and (at == 0 or cell is not row[at - 1])]


def row_texts(row: Sequence[Cell | None]) -> list[str]:
    return [cell.text if cell is not None else "" for cell in row]


def on_one_grid(parts: Sequence[Part]) -> list[Part]:
    """The same column rules for all parts: the union of their rules, cells span what they do not divide."""
    if len({part.column_count for part in parts}) == 1:
        return list(parts)
    if not all(part.edges for part in parts):
        return [_widened(part, max(other.column_count for other in parts)) for part in parts]
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


def _widened(part: Part, columns: int) -> Part:
    missing = [(r, c) for r in range(part.row_count) for c in range(part.column_count, columns)]
    empty = tuple(Cell("", row, column, place=part.place) for row, column in missing)
    return replace(part, column_count=columns, cells=part.cells + empty)
