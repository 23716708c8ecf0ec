"""The rows of a task table: which name a group, which assign a task, which are only layout.

Each row of a plan table ends in one of: section, task, continuation of the task above, or a named ignore (index row,
repeated header, total row, empty row).
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from extractors.document import Cell
from extractors.quick import filled_open
from pipeline.read.columns import Layout, is_index_row
from pipeline.read.header_rows import ROLE_FIELDS, Grid, row_cells, row_texts
from pipeline.rules.ordinals import Ordinal, Style, follows, leading_ordinal, whole_ordinal
from pipeline.text import key, squeeze

VALUE_FIELDS = ROLE_FIELDS | {"deadline", "start", "end", "mark", "output", "note"}
_BLANK = re.compile(r"^[\s.…_–-]*$")
_BULLET = re.compile(r"^[-–+•*]$")
DESCRIBING = ("ordinal", "objective", "parent", "content")
_TOTAL = re.compile(r"^(?:(?:tổng cộng|tổng số|tổng kinh phí)(?:$|[\s:(])|(?:tổng|cộng)\s*(?:$|[:(\d]|[ivx+]+\b))")


class RowKind(StrEnum):
    SECTION = "section"
    TASK = "task"
    CONTINUATION = "continuation"  # no description of its own: belongs to the task above
    HEADER = "header"  # repeated header or index row
    TOTAL = "total"
    EMPTY = "empty"


@filled_open
@dataclass(frozen=True, slots=True)
class RowView:
    """One row seen through the columns: texts that begin here (own), texts of merged cells that reach here (seen)."""

    index: int
    own: dict[str, str]
    seen: dict[str, str]
    cells: tuple[Cell, ...]  # distinct non-empty cells that begin here, left to right
    ordinal_text: str
    ordinal: Ordinal | None
    wide: bool  # one cell covers the description and beyond
    shared_roles: bool = False  # one cell covers lead and partner
    over_number: bool = False  # one cell covers the number and the description

    @property
    def label(self) -> str:
        return next((self.own[f] for f in ("content", "parent", "objective", "ordinal") if self.own.get(f)), "")

    @property
    def holds_values(self) -> bool:
        return any(map(self.seen.get, VALUE_FIELDS))

    @property
    def label_only(self) -> bool:
        return bool(self.label) and not self.holds_values

    @property
    def loud(self) -> bool:
        """Bold or in capitals: a heading by its looks."""
        return all(c.bold for c in self.cells) or (len(self.label) > 3 and self.label.isupper())


def _field_texts(layout: Layout, grid: Grid, row: int) -> tuple[dict[str, str], dict[str, str]]:
    """Texts by field of the cells that begin in a row, and of all that reach it."""
    placed: list[tuple[str, str, Cell]] = []
    slots = grid[row]
    before: Cell | None = None
    for column in layout.columns:
        cell = slots[column.index]
        if cell is None or cell is before or not cell.text.strip():
            continue
        before = cell  # a cell over several columns belongs to the first of them
        field = column.field if cell.column_span == 1 else _home(layout, cell, column.field)
        placed.append((field, column.heading, cell))
    seen = _by_field(placed)
    own = [part for part in placed if part[2].row == row]
    return (seen if len(own) == len(placed) else _by_field(own)), seen


def _by_field(placed: Iterable[tuple[str, str, Cell]]) -> dict[str, str]:
    texts: dict[str, list[tuple[str, str]]] = {}
    for field, heading, cell in placed:
        texts.setdefault(field, []).append((heading, cell.text))
    return {f: _joined(f, t) for f, t in texts.items()}


def _joined(field: str, parts: Sequence[tuple[str, str]]) -> str:
    """Cells of one field; the units of two columns ("Đơn vị đầu mối", "Cán bộ phụ trách") stay apart."""
    if len(parts) == 1:
        return parts[0][1]
    apart = field in ROLE_FIELDS and len({heading for heading, _ in parts}) > 1
    return ("\n" if apart else " ").join(text for _, text in parts)


def _home(layout: Layout, cell: Cell, first: str) -> str:
    """The field of a cell: that of its first column, but a label over a number or time column and the work names work.

    Forms: "Tháng 9/2025" across "Thời gian | TT | Nội dung công việc | ...".
    """
    if cell.column_span == 1 or first in DESCRIBING[1:] or whole_ordinal(cell.text):
        return first
    return "content" if "content" in _covered(layout, cell) else first


def _is_wide(layout: Layout, cells: Sequence[Cell]) -> bool:
    """A lone label that covers description and value columns, or stands as text in the number column."""
    if len(cells) > 1 and all(c.column_span == 1 for c in cells):
        return False
    labels = [c for c in cells if whole_ordinal(c.text) is None]
    if len(labels) != 1:
        return False
    label = labels[0]
    covered = {c.field for c in layout.columns if label.column <= c.index < label.column + label.column_span}
    if covered & VALUE_FIELDS and covered & set(DESCRIBING):
        return True
    return covered == {"ordinal"} and len(cells) == 1


def view_row(layout: Layout, grid: Grid, row: int) -> RowView:
    own, seen = _field_texts(layout, grid, row)
    cells = tuple(c for c in row_cells(grid, row) if c.row == row)
    text = own.get("ordinal", "").strip()
    ordinal = whole_ordinal(text)
    if ordinal is None:
        leading = leading_ordinal(squeeze(text or next((own[f] for f in DESCRIBING if own.get(f)), "")))
        ordinal = leading[0] if leading and (text or "ordinal" not in own) else None
    return RowView(
        row,
        own,
        seen,
        cells,
        text,
        ordinal,
        wide=_is_wide(layout, cells),
        shared_roles="partner" in _covered(layout, _lead_cell(layout, grid, row)),
        over_number=bool(cells) and _is_over_number(layout, cells[0]),
    )


def _covered(layout: Layout, cell: Cell | None) -> list[str]:
    """Fields of the columns under a cell that spans several."""
    if cell is None or cell.column_span == 1:
        return []
    return [c.field for c in layout.columns if cell.column <= c.index < cell.column + cell.column_span]


def _lead_cell(layout: Layout, grid: Grid, row: int) -> Cell | None:
    return next((grid[row][c.index] for c in layout.columns if c.field == "lead"), None)


def _is_over_number(layout: Layout, cell: Cell) -> bool:
    fields = _covered(layout, cell)
    return fields[:1] == ["ordinal"] and any(field in DESCRIBING[1:] for field in fields)


def _ignored(layout: Layout, grid: Grid, view: RowView) -> RowKind | None:
    texts = row_texts(grid, view.index)
    if any(_are_keys(texts, keys) for keys in layout.header_keys) or is_index_row(texts):
        return RowKind.HEADER
    words = [c for c in view.cells if whole_ordinal(c.text) is None]
    if all(_BLANK.match(c.text) for c in words) and (words or len(view.cells) < 2):
        return RowKind.EMPTY  # also "3" alone and a form's row of dots: "3 | …… | ...."
    if _TOTAL.match(key(view.label)) and not any(view.own.get(f) for f in ROLE_FIELDS | {"deadline", "output"}):
        return RowKind.TOTAL
    return None


def _are_keys(texts: Sequence[str], keys: Sequence[str]) -> bool:
    """Whether these texts have these keys; the first one tells it of most rows."""
    return len(texts) == len(keys) and all(key(text) == one for text, one in zip(texts, keys, strict=True))


def _is_child(parent: Ordinal, child: Ordinal) -> bool:
    if child.style is Style.DOTTED:
        return child.path[:-1] == parent.path
    return child.value == 1 and child.depth > parent.depth


def _runs_on_over(before: Ordinal, heading: Ordinal, after: Ordinal) -> bool:
    """Forms: 2, "II Mua sắm", 3: the numbers of the tasks run on over a heading of a higher level."""
    return follows(before, after) and before.style is after.style and heading.depth < after.depth


def _names_group(view: RowView, before: RowView | None, after: RowView | None, numbered: bool) -> bool:
    """Whether a row names a group; `before`/`after` are its neighbours that are not ignored."""
    if view.wide:
        return not view.holds_values or view.label_only
    if after is None:
        return False
    if view.over_number and view.ordinal is None and after.ordinal and after.ordinal.value == 1:
        return True
    if view.ordinal and after.ordinal:
        if _is_child(view.ordinal, after.ordinal):
            return True
        if before and before.ordinal and _runs_on_over(before.ordinal, view.ordinal, after.ordinal):
            return True
    return view.label_only and _labels_group(view, before, after, numbered)


def _labels_group(view: RowView, before: RowView | None, after: RowView, numbered: bool) -> bool:
    """The same for a row without owner, deadline or result."""
    if view.ordinal is None:
        return numbered or (view.loud and not after.label_only)
    if after.ordinal is None:
        is_list = _BULLET.match(after.ordinal_text) and not _BULLET.match(view.ordinal_text)
        return view.loud or bool(is_list)  # "1 Tuyên truyền" over "- Treo băng rôn"
    if after.ordinal.value == 1 and not follows(view.ordinal, after.ordinal):
        return True  # "2 Tăng cường ..." over a list that starts again at 1
    from_above = bool(before and before.ordinal and follows(before.ordinal, view.ordinal))
    if not from_above and before and before.ordinal and follows(before.ordinal, after.ordinal):
        return True  # 3, "b) Đối với ...", 4: numbers run on over the heading
    if after.ordinal.depth > view.ordinal.depth and not after.label_only:
        return True  # "II Công tác thi đua" over 3, numbers running on from I
    continues = from_above or follows(view.ordinal, after.ordinal)
    return view.loud and (not continues or after.ordinal.depth > view.ordinal.depth)


def classify_rows(grid: Grid, layout: Layout) -> list[tuple[RowView, RowKind]]:
    """Every row below the header with its kind, in order."""
    views = [view_row(layout, grid, row) for row in range(layout.first_data_row, len(grid))]
    kinds: list[RowKind | None] = [_ignored(layout, grid, v) for v in views]
    kept = [i for i, kind in enumerate(kinds) if kind is None]
    numbered = sum(views[i].ordinal is not None for i in kept) > len(kept) / 2
    for at, i in enumerate(kept):
        before = views[kept[at - 1]] if at else None
        after = views[kept[at + 1]] if at + 1 < len(kept) else None
        if (
            not any(views[i].own.get(f) for f in DESCRIBING[1:])
            and not views[i].wide
            and not views[i].seen.get("content")
        ):
            kinds[i] = RowKind.CONTINUATION
        elif _names_group(views[i], before, after, numbered):
            kinds[i] = RowKind.SECTION
        else:
            kinds[i] = RowKind.TASK
    return [(view, kind or RowKind.EMPTY) for view, kind in zip(views, kinds, strict=True)]
