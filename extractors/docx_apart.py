"""Word tables that hold two: under the ruled rows, a few without any line.

Word makes one table of two when the paragraph between them is deleted, and old formats (.doc, .rtf) cannot keep them
apart at all: the signature under a task table then is its last row. The lines say where the table on paper ends.
"""

from collections.abc import Iterable
from copy import deepcopy

from extractors.docx_styles import Styles
from extractors.docx_table import TableReader, WordRow, WordTable, is_ruled
from extractors.docx_text import children
from extractors.docx_xml import Element, W

_MOST_CELLS = 3  # recipients, a space between, signature
_MOST_ROWS = 8


def apart(table: WordTable, reader: TableReader, styles: Styles) -> tuple[WordTable, ...]:
    """The table and, where its last rows are laid out without lines below ruled ones, these as a table of their own."""
    rows = table.rows
    widest = max((len(row.cells) for row in rows), default=0)
    start = len(rows)
    most = min(_MOST_CELLS, widest - 1)
    while start > 1 and len(rows) - start < _MOST_ROWS and len(rows[start - 1].cells) <= most:
        if not _without_lines(table, rows[start - 1], reader, styles):
            break
        start -= 1
    below = rows[start:]
    if not below or max(len(row.cells) for row in below) < 2 or not is_ruled(table, reader.lay_out(table), styles):
        return (table,)
    upper = deepcopy(table.element)
    for row in [row for row in children(upper) if row.tag == W + "tr"][start:]:
        parent = row.getparent()
        if parent is not None:
            parent.remove(row)
    return reader.read(upper), _of_rows(table, below, reader)


def _of_rows(table: WordTable, rows: Iterable[WordRow], reader: TableReader) -> WordTable:
    """A table of copies of these rows, with the properties of the one that they stand in."""
    heads = [table.element.find(W + name) for name in ("tblPr", "tblGrid")]
    new: Element = table.element.makeelement(table.element.tag)
    new.extend(deepcopy(part) for part in (*heads, *(row.element for row in rows)) if part is not None)
    return reader.read(new)


def _without_lines(table: WordTable, row: WordRow, reader: TableReader, styles: Styles) -> bool:
    if any(cell.words.merge for cell in row.cells):
        return False
    alone = _of_rows(table, [row], reader)
    layout = reader.lay_out(alone)
    return not any(is_ruled(alone, layout._replace(cells=(cell,)), styles) for cell in layout.cells)
