"""Columns whose meaning the headings leave open: a heading that is not known, one heading over two role columns."""

from collections import Counter
from collections.abc import Iterator

from extractors.document import Notice, Table
from pipeline.read.columns import Layout
from pipeline.read.header_rows import ROLE_FIELDS
from pipeline.text import squeeze


def column_doubts(layout: Layout, table: Table) -> list[Notice]:
    """Notices table.column_unknown of one table."""
    return [*_unknown(layout, table), *_shared(layout, table)]


def _unknown(layout: Layout, table: Table) -> Iterator[Notice]:
    for column in layout.columns:
        if not column.known and column.field != "blank":
            message = f"cột “{squeeze(column.heading)}” đọc là {column.field}"
            yield Notice("table.column_unknown", message, table.place, table.index, None, column.heading)


def _shared(layout: Layout, table: Table) -> Iterator[Notice]:
    """Role columns that stand under one heading: nothing says which of them leads."""
    first = layout.first_data_row
    wide = [cell for cell in table.cells if cell.column_span > 1 and cell.row + cell.row_span == first]
    if not wide:
        return
    roles = {column.index for column in layout.columns if column.field in ROLE_FIELDS}
    filled = Counter(cell.column for cell in table.cells if cell.row >= first and cell.text.strip())
    for cell in wide:
        under = [c for c in range(cell.column, cell.column + cell.column_span) if c in roles and filled[c]]
        if len(under) > 1:
            message = f"{len(under)} cột chung một tiêu đề, không rõ cột nào là chủ trì"
            yield Notice("table.column_unknown", message, cell.place, table.index, cell.row, cell.text)
