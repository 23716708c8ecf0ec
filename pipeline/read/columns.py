"""The columns of a task table: which field each fills by its heading and by what stands in it; or why it is none.

Not every table with a date is a task table: programmes of a meeting, process steps, lists of people
or goods and empty forms are rejected by name, so that an analyst can overrule it.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from extractors.document import Table
from pipeline.plan import DeadlineKind, Where
from pipeline.read.header_rows import (
    DESCRIPTION_FIELDS,
    MAJORITY,
    ROLE_FIELDS,
    TIME_FIELDS,
    Column,
    Grid,
    headed_column,
    header_span,
    known_fields,
    marked_units,
    row_cells,
    row_texts,
    values_below,
    with_years,
    years_above,
)
from pipeline.read.span_columns import find_span
from pipeline.rules.deadlines import read_deadlines
from pipeline.rules.ordinals import whole_ordinal
from pipeline.rules.units import find_units
from pipeline.text import fold, key, squeeze

# "Tháng 3" is a date although nothing here says of which year.
_NO_DATE = frozenset((DeadlineKind.UNPARSED, DeadlineKind.INVALID, DeadlineKind.CONDITIONAL, DeadlineKind.RELATIVE))
_CLOCK = re.compile(r"^\W*(?:từ\s*)?\d{1,2}\s*(?:h|g|giờ|:)\s*\d{0,2}(?!\d)")
_DURATION = re.compile(
    r"^\W*(?:tối đa |không quá )?\d+(?:[,./]\d+)?\s*(?:ngày|giờ|buổi|phút|tiết)(?: làm việc)?\W*(?:\(.*\))?$"
)
_TICK = re.compile(r"^[xX×✓✔√+*●•]{1,3}$")
_MONTH_NAME = re.compile(r"^(tháng\s*)?(\d{1,2})(?:\s*(?:[/.-]|năm)\s*(20\d\d))?$")
_LEADER = (
    r"(?:(?:ban )?lãnh đạo|đồng chí|đ/c|chỉ huy|thủ trưởng|cấp ủy|thường trực|ban giám hiệu|ban giám đốc|bgh|bgđ|pgđ|"
    r"pct|thứ trưởng|ủy viên|(?:phó )?(?:(?:tổng )?giám đốc|hiệu trưởng|chủ tịch|bí thư|trưởng (?:ban|phòng|khoa)|"
    r"(?:chi )?cục trưởng|viện trưởng|chánh án))"
)
_OVERSEEN = re.compile(
    rf"{_LEADER} (?:\w+ ){{0,4}}(?:phụ trách|chỉ đạo|theo dõi|chủ trì|điều hành|đôn đốc)(?: chung)?$|"
    r"(?:(?:người|cấp) )?chỉ đạo(?: chung| thực hiện| trực tiếp)?$|phụ trách chung$"
)
_AMOUNT = re.compile(r"(?:đvt|đơn vị tính|đơn vị|số lượng|khối lượng|định mức)\b")  # how much, not what is aimed at
_UNIT_OF_MEASURE = frozenset(("đvt", "đơn vị tính", "đơn vị"))
_INDEX = re.compile(r"^\(?(?:\d{1,2}|[a-zđ])\)?(?:\s*=.*)?$")


# A list of people, places or things has sentences for cells as little as these headings name work.
_NO_WORK = re.compile(
    r"(?:họ và tên|họ tên|tên|địa điểm|địa chỉ|nơi|đối tượng|đơn vị|cơ quan|số|thành phần|lý do|ghi chú)\b"
)
_WORDS_OF_WORK = 5.0  # a cell, on the average; names of people have three or four


@dataclass(frozen=True, slots=True)
class Layout:
    """Columns of a task table and the rows its header takes; `year` stands in a heading ("Thời gian (Năm 2026)")."""

    columns: tuple[Column, ...]
    first_data_row: int
    header_keys: frozenset[tuple[str, ...]]
    year: int | None = None
    fields: frozenset[str] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "fields", frozenset(c.field for c in self.columns))

    def of(self, field: str) -> tuple[Column, ...]:
        return tuple(c for c in self.columns if c.field == field)

    def has(self, field: str) -> bool:
        return field in self.fields


@dataclass(frozen=True, slots=True)
class Rejection:
    """Why a table holds no tasks."""

    reason: str


def is_index_row(texts: Sequence[str]) -> bool:
    """A row that only counts the columns: (1) (2) (3), A B 1 2, "5=3+4"."""
    filled = [t for t in texts if t.strip()]
    if len(filled) < 3 or len(filled) < len(texts) - 2:
        return False
    if not all(_INDEX.match((key(t) or t.strip()).strip("() ")) for t in filled):  # most rows end at their first words
        return False
    numbers = [int(m) for t in filled if (m := re.sub(r"\D.*", "", (key(t) or t.strip()).lstrip("(")))]
    return numbers == sorted(set(numbers)) and len(numbers) >= 2


def _share(values: Sequence[str], holds: Callable[[str], bool]) -> float:
    return sum(map(holds, values)) / len(values) if values else 0.0


def _has_date(text: str) -> bool:
    return any(d.kind not in _NO_DATE for d in read_deadlines(text, where=Where.DEADLINE))


def _has_unit(text: str) -> bool:
    return any(u.start <= 3 for u in find_units(text))


def _by_values(column: Column, values: Sequence[str], taken: set[str]) -> Column:
    """Field of a column whose heading says nothing, from what stands in it."""
    if not values:
        return Column(column.index, "blank", column.heading)
    if (
        column.index == 0
        and "ordinal" not in taken
        and _share(values, lambda v: whole_ordinal(v) is not None) > MAJORITY
    ):
        return Column(column.index, "ordinal", column.heading)
    if not taken & TIME_FIELDS and _share(values, _has_date) > MAJORITY:
        return Column(column.index, "deadline", column.heading, known=False)
    if not taken & ROLE_FIELDS and _share(values, _has_unit) > MAJORITY:
        return Column(column.index, "implementer", column.heading, known=False)
    return Column(column.index, "other", column.heading, known=False)


def _without_measures(columns: tuple[Column, ...], grid: Grid, first_data_row: int) -> tuple[Column, ...]:
    """A plain "Đơn vị" over short words that are no offices ("Cái", "%", "người"), no time near: a unit of measure."""
    if any(c.field in TIME_FIELDS for c in columns):
        return columns

    def measures(column: Column) -> bool:
        values = values_below(grid, first_data_row, column.index)
        short = _share(values, lambda v: len(v.split()) <= 2) > MAJORITY
        return short and _share(values, _has_unit) <= MAJORITY

    plain = [c for c in columns if c.field == "implementer" and key(c.heading) in _UNIT_OF_MEASURE]
    return _replace(columns, "target", [c.index for c in plain if measures(c)])


def _replace(columns: Sequence[Column], field: str, indexes: Sequence[int]) -> tuple[Column, ...]:
    chosen = set(indexes)
    return tuple(Column(c.index, field, c.heading, c.known) if c.index in chosen else c for c in columns)


def _with_work(columns: tuple[Column, ...], grid: Grid, first_data_row: int) -> tuple[Column, ...]:
    """Where no heading names the work, but unit and time have theirs: the unknown column whose cells are sentences."""
    fields = {c.field for c in columns}
    if fields & DESCRIPTION_FIELDS or not (fields & ROLE_FIELDS and fields & TIME_FIELDS):
        return columns

    def words(column: Column) -> float:
        values = values_below(grid, first_data_row, column.index)
        return sum(len(value.split()) for value in values) / len(values) if values else 0.0

    unknown = [c for c in columns if c.field == "other" and not c.known and not _NO_WORK.match(key(c.heading))]
    longest = max(unknown, key=words, default=None)
    if longest is None or words(longest) < _WORDS_OF_WORK:
        return columns
    return _replace(columns, "content", [longest.index])


def _describe(columns: tuple[Column, ...]) -> tuple[Column, ...]:
    """The finest description column is the content, the one left of it the parent; what remains is kept as extra.

    The finest is the last of the first run of description columns: plans go from the coarse to the fine, left to right.
    """
    contents = [c for c in columns if c.field == "content"]
    if not contents:
        fallback = [c for c in columns if c.field in ("parent", "objective")]
        return _replace(columns, "content", [fallback[-1].index]) if fallback else columns
    run = [contents[0]]
    run += [
        c
        for c in contents[1:]
        if not any(b.field in ROLE_FIELDS | TIME_FIELDS for b in columns if run[0].index < b.index < c.index)
    ]
    groups: dict[str, list[Column]] = {}
    for column in run:
        groups.setdefault(column.heading, []).append(column)  # a wide heading over phantom columns is one column
    *coarser, finest = groups.values()
    spare = [c.index for c in contents if c not in finest]
    columns = _replace(columns, "other", spare)
    if coarser:
        columns = _replace(columns, "other", [c.index for c in columns if c.field == "parent"])
        columns = _replace(columns, "parent", [c.index for c in coarser[-1]])
    return columns


def _assign_roles(columns: tuple[Column, ...]) -> tuple[Column, ...]:
    """A plain "Đơn vị thực hiện" leads beside a partner column and assists beside a lead column.

    "Lãnh đạo phụ trách" watches over those who do it; only where nobody else is named it is the leader who answers.
    """
    overseen = [c.index for c in columns if _OVERSEEN.match(key(c.heading))]
    fields = {c.field for c in columns if c.index not in overseen}
    columns = _replace(columns, "other", overseen)
    if overseen and not fields & {"lead", "implementer"}:
        columns = _replace(columns, "lead", overseen[:1])
        fields.add("lead")
    implementers = [c.index for c in columns if c.field == "implementer"]
    if "lead" in fields and implementers:
        return _replace(columns, "other" if "partner" in fields else "partner", implementers)
    if "partner" in fields and implementers:
        return _replace(columns, "lead", implementers)
    return columns


def month_name(text: str, heading: str) -> str | None:
    """The month that a cell names for the cells beside it. Forms: "Tháng 8/2024", "8" or "8/2024" under "Tháng"."""
    match = _MONTH_NAME.match(fold(squeeze(text)))
    if match is None or not (match[1] or key(heading).startswith("tháng")):
        return None
    return f"tháng {match[2]}" + (f"/{match[3]}" if match[3] else "")


def _assign_times(columns: tuple[Column, ...], grid: Grid, first_data_row: int) -> tuple[Column, ...]:
    """One deadline: the first time column that holds times; start and end only as a pair.

    A column of months beside a finer one ("Tháng" | "Ngày") only completes it.
    """
    timely = [
        c.heading if c.field in TIME_FIELDS or (c.field in ("other", "blank") and not c.known) else "" for c in columns
    ]
    if (at := find_span(timely)) is not None:
        columns = _replace(_replace(columns, "start", [columns[at].index]), "end", [columns[at + 1].index])
    fields = {c.field for c in columns}
    if not {"start", "end"} <= fields:
        columns = _replace(columns, "deadline", [c.index for c in columns if c.field in ("start", "end")])
    times = [c for c in columns if c.field == "deadline"]
    if len(times) < 2:
        return columns
    values = {c: values_below(grid, first_data_row, c.index) for c in times}
    months = [
        c for c in times if sum(month_name(v, c.heading) is not None for v in values[c]) > MAJORITY * len(values[c])
    ]
    finer = [c for c in times if c not in months and values[c]]
    if months and finer:
        columns, times = _replace(columns, "month", [months[0].index]), finer
    dated = [c for c in times if _share(values_below(grid, first_data_row, c.index), _has_date) > 0]
    chosen = (dated or times)[0]
    spare = [c.index for c in columns if c.field == "deadline" and c.heading != chosen.heading]
    return _replace(columns, "other", spare)


def _assign_output(columns: tuple[Column, ...]) -> tuple[Column, ...]:
    outputs = [c for c in columns if c.field == "output"]
    targets = [c for c in columns if c.field == "target" and not _AMOUNT.match(key(c.heading))]
    if not outputs and targets:
        return _replace(columns, "output", [targets[0].index])
    return _replace(columns, "other", [c.index for c in outputs if c.heading != outputs[0].heading])


def _rejection(columns: tuple[Column, ...], grid: Grid, first_data_row: int) -> Rejection | None:
    fields = {c.field for c in columns}
    if not fields & (ROLE_FIELDS | TIME_FIELDS):
        return Rejection("không có cột đơn vị thực hiện hoặc thời gian")
    if not any(values_below(grid, first_data_row, c.index) for c in columns if c.field == "content"):
        return Rejection("biểu mẫu trống")
    times = [v for c in columns if c.field == "deadline" for v in values_below(grid, first_data_row, c.index)]
    if _share(times, lambda v: bool(_CLOCK.match(fold(v)))) > MAJORITY:
        return Rejection("chương trình họp, lịch theo giờ")
    if times and _share(times, lambda v: bool(_DURATION.match(fold(v)))) > MAJORITY:
        return Rejection("các bước của một quy trình")
    people = any(key(c.heading).startswith(("họ và tên", "họ tên")) for c in columns)
    if people and not fields & TIME_FIELDS:
        return Rejection("danh sách người")
    if not fields & ROLE_FIELDS and _share(times, _has_date) <= MAJORITY:
        return Rejection("cột thời gian không có thời hạn, không có cột đơn vị")
    return None


def read_layout(table: Table) -> Layout | Rejection:
    """Columns of a task table, or the reason why the table is none (in Vietnamese, for the list of rejected tables)."""
    grid = table.grid()
    span = header_span(grid)
    if span is None:
        return Rejection("không có hàng tiêu đề của bảng phân công nhiệm vụ")
    first, end = span
    units = marked_units(grid, first, end)
    raw = tuple(
        Column(c, units[c].field, units[c].unit) if c in units else headed_column(grid, first, end, c)
        for c in range(table.column_count)
    )
    taken = {c.field for c in raw if not _OVERSEEN.match(key(c.heading))}
    columns = tuple(c if c.field != "unknown" else _by_values(c, values_below(grid, end, c.index), taken) for c in raw)
    columns = _ticks_apart(_marks_with_ticks(columns, grid, end), grid, end)
    columns = _with_work(_without_measures(columns, grid, end), grid, end)
    columns = _assign_output(_assign_times(_assign_roles(_describe(columns)), grid, end))
    if rejected := _rejection(columns, grid, end):
        return rejected
    above = years_above(grid, first, end, table.column_count)
    columns = with_years(columns, above)
    years = {above[c.index] for c in columns if c.field in TIME_FIELDS and c.index in above}
    keys = frozenset(tuple(key(t) for t in row_texts(grid, row)) for row in range(first, end))
    return Layout(columns, end, keys, years.pop() if len(years) == 1 else None)


def header_only(table: Table) -> tuple[str, ...]:
    """The headings of a table that holds those of a task table (number, work, unit and time) and no row below."""
    grid = table.grid()
    span = header_span(grid)
    if span is None:
        return ()
    fields = {field for row in range(*span) for field in known_fields(grid, row)}
    below = [row_texts(grid, row) for row in range(span[1], table.row_count)]
    whole = {"ordinal", "content"} <= fields and fields & ROLE_FIELDS and fields & TIME_FIELDS
    if not whole or any(any(texts) and not is_index_row(texts) for texts in below) or len(below) > 1:
        return ()
    return tuple(squeeze(cell.text) for cell in row_cells(grid, span[0]))


def _marks_with_ticks(columns: tuple[Column, ...], grid: Grid, first_data_row: int) -> tuple[Column, ...]:
    """Period columns count as marks only where their cells are ticks; else they are read as deadline columns."""
    marks = [c for c in columns if c.field == "mark"]
    cells = dict.fromkeys(cell for c in marks for row in grid[first_data_row:] if (cell := row[c.index]))
    values = [cell.text.strip() for cell in cells if cell.text.strip()]
    if marks and _share(values, lambda v: bool(_TICK.match(v))) <= MAJORITY:
        return _replace(columns, "other", [c.index for c in marks])
    return columns


def _ticks_apart(columns: tuple[Column, ...], grid: Grid, first_data_row: int) -> tuple[Column, ...]:
    """Crosses, as under "Cấp trình: UBND tỉnh | HĐND tỉnh", are no words of a field."""
    ticked = [
        c.index
        for c in columns
        if c.field in ("output", "note", "target", "content", "parent", "objective", "lead", "partner", "implementer")
        and _share(values_below(grid, first_data_row, c.index), lambda v: bool(_TICK.match(v))) == 1.0
    ]
    return _replace(columns, "other", ticked)


def is_tick(text: str) -> bool:
    return bool(_TICK.match(text.strip()))
