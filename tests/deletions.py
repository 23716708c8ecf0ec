"""Papers from which one row, one cell or one page is gone: each of a sample, in each format.

Rows and cells are taken out of the authored plan, and the format is built from what is left: what a clerk gets who
deletes a row in Word and saves it as PDF. Pages are taken out of the finished PDF. `excuse` names the reason why no
reader can know that something is gone; it is worked out from the paper alone, before anything is read.
"""

import io
from collections.abc import Iterator
from dataclasses import dataclass, replace

import pypdfium2

from pipeline.rules.ordinals import leading_ordinal, whole_ordinal
from samples.authored import Field, Grid, Plan
from samples.make import BUILDERS

ROW, CELL, PAGE = "row", "cell", "page"
LAST_OF_LIST = "the last of its list: the numbers before it are whole"
LAST_HEADING = "a heading that no number counts"
COUNTS_COLUMNS = "a row that only numbers the columns says nothing of its own"
MAY_BE_EMPTY = "other rows of the table leave this column empty too"
STANDS_ABOVE = "the row has the same from a merged cell or a heading"


@dataclass(frozen=True, slots=True)
class Deletion:
    """A paper with one part gone; `what` says which, for people."""

    kind: str
    what: str
    data: bytes
    excuse: str = ""


def rows(plan: Plan, form: str) -> Iterator[Deletion]:
    """The plan less one row of a table, each in turn."""
    for at, grid in _grids(plan):
        for row in range(grid.row_count):
            shown = " | ".join(field.text for field in grid.row(row) if field.row == row)
            less = _with(plan, at, _without_row(grid, row))
            yield Deletion(ROW, shown, BUILDERS[form](less), _row_excuse(grid, row))


def cells(plan: Plan, form: str) -> Iterator[Deletion]:
    """The plan with one cell of a table emptied, each filled one in turn; cells of the heading are left."""
    for at, grid in _grids(plan):
        for number, field in enumerate(grid.fields):
            if field.row >= grid.header and field.text.strip():
                emptied = (*grid.fields[:number], replace(field, text=""), *grid.fields[number + 1 :])
                less = _with(plan, at, replace(grid, fields=emptied))
                heading = next(
                    f.text for f in grid.fields if f.row == 0 and f.column <= field.column < f.column + f.columns
                )
                yield Deletion(CELL, f"{heading}: {field.text}", BUILDERS[form](less), _cell_excuse(grid, field))


def pages(data: bytes) -> Iterator[Deletion]:
    """The PDF less one page, each in turn."""
    count = len(pypdfium2.PdfDocument(data))
    for number in range(count if count > 1 else 0):
        document = pypdfium2.PdfDocument(data)
        del document[number]
        out = io.BytesIO()
        document.save(out)
        yield Deletion(PAGE, f"page {number + 1} of {count}", out.getvalue())


def _grids(plan: Plan) -> Iterator[tuple[int, Grid]]:
    return ((at, block) for at, block in enumerate(plan.body) if isinstance(block, Grid))


def _with(plan: Plan, at: int, grid: Grid) -> Plan:
    return replace(plan, body=(*plan.body[:at], grid, *plan.body[at + 1 :]))


def _without_row(grid: Grid, row: int) -> Grid:
    """As an editor does it: what is merged over the row shrinks, what begins in it goes on below."""
    fields = []
    for field in grid.fields:
        if field.row > row:
            fields.append(replace(field, row=field.row - 1))
        elif field.row + field.rows <= row:
            fields.append(field)
        elif field.rows > 1:
            fields.append(replace(field, rows=field.rows - 1))

    def moved(numbers: tuple[int, ...]) -> tuple[int, ...]:
        return tuple(number - (number > row) for number in numbers)

    cuts = tuple((at - (at > row), line) for at, line in grid.cuts if at != row)
    header = grid.header - (row < grid.header)
    return replace(
        grid,
        fields=tuple(fields),
        row_count=grid.row_count - 1,
        cuts=cuts,
        header=header,
        ends=moved(grid.ends),
        blanks=moved(grid.blanks),
    )


# -- what nobody can know ---------------------------------------------------------------------------------------------


def _first(grid: Grid, row: int) -> str:
    return next((field.text for field in grid.row(row) if field.column == 0), "")


def _is_heading(grid: Grid, row: int) -> bool:
    """A row with one text beside its number, over more than a column."""
    own = [field for field in grid.row(row) if field.text.strip() and whole_ordinal(field.text) is None]
    return len(own) == 1 and own[0].columns > 1


def _value(text: str) -> tuple[str, int] | None:
    read = whole_ordinal(text) or (leading[0] if (leading := leading_ordinal(text)) else None)
    return (read.style.name, read.value) if read else None


def _row_excuse(grid: Grid, row: int) -> str:
    if row < grid.header:
        texts = [field.text.strip("() ") for field in grid.row(row)]
        return COUNTS_COLUMNS if all(text.isdigit() for text in texts) else ""
    heading = _is_heading(grid, row)
    own = _value(_first(grid, row))
    if own is None:
        return LAST_HEADING if heading else LAST_OF_LIST
    for below in range(row + 1, grid.row_count):
        other = _value(_first(grid, below))
        if other and other[0] == own[0] and _is_heading(grid, below) == heading:
            return "" if other[1] == own[1] + 1 else LAST_OF_LIST
    return LAST_OF_LIST


def _cell_excuse(grid: Grid, field: Field) -> str:
    column = [
        f for f in grid.fields if f.row >= grid.header and f.column == field.column and f.columns == field.columns
    ]
    others = [f for f in column if f is not field and not _is_heading(grid, f.row)]
    name = next(
        f.text for f in grid.fields if f.row == 0 and f.column <= field.column < f.column + f.columns
    ).casefold()
    if any(word in name for word in ("phối hợp", "ghi chú", "sản phẩm", "kết quả")) and not all(
        f.text.strip() for f in others
    ):
        return MAY_BE_EMPTY
    return ""
