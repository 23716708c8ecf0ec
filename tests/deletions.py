"""Papers from which one row, one cell or one page is gone: each of a sample, in each format.

Rows and cells are taken out of the authored plan, and the format is built from what is left: what a clerk gets who
deletes a row in Word and saves it as PDF. Pages are taken out of the finished PDF. `excuse` names the reason why no
reader can know that something is gone; it is worked out from the paper alone, before anything is read.

What an extractor could lose is another matter: the paper is whole, so there is no excuse.
"""

import io
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import partial

import pypdfium2
from lxml import etree

from extractors.document import Cell, Document, Table
from pipeline.rules.ordinals import leading_ordinal, whole_ordinal
from samples.authored import Break, Field, Grid, Line, Plan
from samples.make import BUILDERS

_W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
ROW, CELL, PAGE = "row", "cell", "page"
LAST_OF_LIST = "the last of its list: the numbers before it are whole"
UNCOUNTED = "a heading without a number"
SAID_BELOW = "the rest of the heading names every column"
COUNTS_COLUMNS = "a row that only numbers the columns says nothing of its own"
MAY_BE_EMPTY = "other rows of the table leave this column empty too"
NO_ROW_LEFT = "a row without any text is no row in this format"
NO_MERGES = "this format does not show which empty cells are merged"
PAGELESS = frozenset({"txt", "xlsx", "html"})  # formats that keep nothing of an empty cell


@dataclass(frozen=True, slots=True)
class Deletion:
    """A paper with one part gone; `what` says which, for people."""

    kind: str
    what: str
    build: Callable[[], bytes]
    excuse: str = ""


@dataclass(frozen=True, slots=True)
class LostInReading:
    """A document less what its extractor is taken to have lost; what it counted on paper is still there."""

    what: str
    document: Document


def rows(plan: Plan, form: str) -> Iterator[Deletion]:
    """The plan less one row of a table, each in turn."""
    for at, grid in _grids(plan):
        for row in range(grid.row_count):
            less = _with(plan, at, _without_row(grid, row))
            yield Deletion(ROW, _shown(grid, row), partial(BUILDERS[form], less), _row_excuse(grid, row))


def cells(plan: Plan, form: str) -> Iterator[Deletion]:
    """The plan with one cell of a table emptied, each filled one in turn; cells of the heading are left."""
    for at, grid in _grids(plan):
        for number, field in enumerate(grid.fields):
            if field.row >= grid.header and field.text.strip():
                emptied = (*grid.fields[:number], replace(field, text=""), *grid.fields[number + 1 :])
                less = _with(plan, at, replace(grid, fields=emptied))
                what = f"{_heading(grid, field)}: {field.text}"
                yield Deletion(CELL, what, partial(BUILDERS[form], less), _cell_excuse(grid, field, form))


def word_cells(data: bytes) -> Iterator[Deletion]:
    """The Word file less one `w:tc` of its longest table, each filled one in turn: the cells after it move left."""
    names = dict(_members(data))
    body = names["word/document.xml"]
    count = len(_longest_table(etree.fromstring(body)))
    for number in range(count):
        root = etree.fromstring(body)
        cell = _longest_table(root)[number]
        text = "".join(map(str, cell.itertext()))
        if text.strip():
            row = cell.getparent()
            assert row is not None
            row.remove(cell)
            yield Deletion(CELL, text, partial(_package, names | {"word/document.xml": etree.tostring(root)}))


def _longest_table(root: etree._Element) -> list[etree._Element]:
    """The cells of the table with most rows; only those of rows with several, a row may not be without any."""
    tables = sorted(root.iter(f"{{{_W}}}tbl"), key=lambda table: len(table.findall(f"{{{_W}}}tr")))
    rows = [row.findall(f"{{{_W}}}tc") for row in tables[-1].iter(f"{{{_W}}}tr")]
    return [cell for row in rows if len(row) > 1 for cell in row]


def _members(data: bytes) -> Iterator[tuple[str, bytes]]:
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        yield from ((name, package.read(name)) for name in package.namelist())


def _package(members: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as package:
        for name, part in members.items():
            package.writestr(name, part)
    return out.getvalue()


def pages(data: bytes) -> Iterator[Deletion]:
    """The PDF less one page, each in turn."""
    count = len(pypdfium2.PdfDocument(data))
    for number in range(count if count > 1 else 0):
        document = pypdfium2.PdfDocument(data)
        del document[number]
        out = io.BytesIO()
        document.save(out)
        yield Deletion(PAGE, f"page {number + 1} of {count}", out.getvalue)


def counted(plan: Plan) -> Plan:
    """The plan with a line above each table that says how many tasks it has."""
    body: list[Line | Break | Grid] = []
    for block in plan.body:
        if isinstance(block, Grid):
            tasks = sum(not _is_heading(block, row) for row in range(block.header, block.row_count))
            body.append(Line(f"Phân công thực hiện {tasks:02d} nhiệm vụ như sau:"))
        body.append(block)
    return replace(plan, body=tuple(body))


def is_task(plan: Plan, deletion: Deletion) -> bool:
    """Whether the row that was deleted assigns a task."""
    return any(
        deletion.what == _shown(grid, row) and row >= grid.header and not _is_heading(grid, row)
        for _, grid in _grids(plan)
        for row in range(grid.row_count)
    )


# -- lost while reading -----------------------------------------------------------------------------------------------


def lost_rows(document: Document) -> Iterator[LostInReading]:
    """The document as if its extractor had lost one row of a table, each in turn."""
    for at, table in enumerate(document.blocks):
        if isinstance(table, Table) and table.ruled:
            for row in range(table.row_count):
                cells = [_risen(cell, row) for cell in table.cells if cell.row != row or cell.row_span > 1]
                less = replace(table, row_count=table.row_count - 1, cells=tuple(cells))
                yield LostInReading(f"row {row} of table {table.index}", _exchanged(document, at, less))


def lost_cells(document: Document) -> Iterator[LostInReading]:
    """The document as if its extractor had lost one filled cell of a table, each in turn."""
    for at, table in enumerate(document.blocks):
        if isinstance(table, Table) and table.ruled:
            for cell in table.cells:
                if cell.text.strip(" .-"):
                    less = replace(table, cells=tuple(other for other in table.cells if other is not cell))
                    yield LostInReading(f"table {table.index}: {cell.text}", _exchanged(document, at, less))


def _risen(cell: Cell, row: int) -> Cell:
    if cell.row > row:
        return replace(cell, row=cell.row - 1)
    return replace(cell, row_span=cell.row_span - 1) if cell.row + cell.row_span > row else cell


def _exchanged(document: Document, at: int, table: Table) -> Document:
    return replace(document, blocks=(*document.blocks[:at], table, *document.blocks[at + 1 :]))


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
        fields=tuple(sorted(fields, key=lambda field: (field.row, field.column))),
        row_count=grid.row_count - 1,
        cuts=cuts,
        header=header,
        ends=moved(grid.ends),
        blanks=moved(grid.blanks),
    )


# -- what nobody can know ---------------------------------------------------------------------------------------------


def _shown(grid: Grid, row: int) -> str:
    return " | ".join(field.text for field in grid.row(row) if field.row == row)


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
        return _heading_excuse(grid, row)
    heading = _is_heading(grid, row)
    own = _value(_first(grid, row))
    if own is None:
        return UNCOUNTED if heading else LAST_OF_LIST
    for below in range(row + 1, grid.row_count):
        other = _value(_first(grid, below))
        if other and other[0] == own[0] and _is_heading(grid, below) == heading:
            return "" if other[1] == own[1] + 1 else LAST_OF_LIST
    return LAST_OF_LIST


def _heading_excuse(grid: Grid, row: int) -> str:
    if all(field.text.strip("() ").isdigit() for field in grid.row(row)):
        return COUNTS_COLUMNS
    others = [field for other in range(grid.header) if other != row for field in grid.row(other)]
    named = {field.column for field in others if field.columns == 1 and not field.text.strip("() ").isdigit()}
    return SAID_BELOW if len(named) == len(grid.widths) else ""


def _heading(grid: Grid, field: Field) -> str:
    return next(f.text for f in grid.fields if f.row == 0 and f.column <= field.column < f.column + f.columns)


def _cell_excuse(grid: Grid, field: Field, form: str) -> str:
    if form in PAGELESS and len([f for f in grid.row(field.row) if f.text.strip()]) == 1:
        return NO_ROW_LEFT if _row_excuse(grid, field.row) else ""
    if form in PAGELESS and field.rows > 1 and _heading(grid, field) in ("Mục tiêu", "Nhóm nhiệm vụ"):
        return NO_MERGES
    rows = [row for row in range(grid.header, grid.row_count) if row != field.row and not _is_heading(grid, row)]
    others = [f for row in rows for f in grid.row(row) if f.column == field.column]
    optional = any(word in _heading(grid, field).casefold() for word in ("phối hợp", "ghi chú", "sản phẩm", "kết quả"))
    return MAY_BE_EMPTY if optional and not all(f.text.strip() for f in others) else ""
