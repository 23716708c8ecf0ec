"""Word tables that hold two: under the ruled rows, a few without any line.

Word makes one table of two when the paragraph between them is deleted, and old formats (.doc, .rtf) cannot keep them
apart at all: the signature under a task table then is its last row. The lines say where the table on paper ends.
"""

from collections.abc import Iterable
from copy import deepcopy
from dataclasses import replace

from extractors.docx_package import Element, W
from extractors.docx_styles import Styles
from extractors.docx_table import is_ruled, lay_out
from extractors.docx_text import children

_MOST_CELLS = 3  # recipients, a space between, signature
_MOST_ROWS = 8


def apart(table: Element, styles: Styles) -> tuple[Element, ...]:
    """The table and, where its last rows are laid out without lines below ruled ones, these as a table of their own."""
    rows = [row for row in children(table) if row.tag == W + "tr"]
    widest = max((_count(row) for row in rows), default=0)
    start = len(rows)
    most = min(_MOST_CELLS, widest - 1)
    while start > 1 and len(rows) - start < _MOST_ROWS and _count(rows[start - 1]) <= most:
        if not _without_lines(table, rows[start - 1], styles):
            break
        start -= 1
    below = rows[start:]
    if not below or max(map(_count, below)) < 2 or not is_ruled(table, lay_out(table), styles):
        return (table,)
    upper = deepcopy(table)
    for row in [row for row in children(upper) if row.tag == W + "tr"][start:]:
        parent = row.getparent()
        if parent is not None:
            parent.remove(row)
    return upper, _of_rows(table, below)


def _of_rows(table: Element, rows: Iterable[Element]) -> Element:
    """A table of copies of these rows, with the properties of the one that they stand in."""
    heads = [table.find(W + name) for name in ("tblPr", "tblGrid")]
    new = table.makeelement(table.tag)
    new.extend(deepcopy(part) for part in (*heads, *rows) if part is not None)
    return new


def _count(row: Element) -> int:
    return sum(cell.tag == W + "tc" for cell in children(row))


def _without_lines(table: Element, row: Element, styles: Styles) -> bool:
    if next(row.iter(W + "vMerge"), None) is not None:
        return False
    alone = _of_rows(table, [row])
    layout = lay_out(alone)
    return not any(is_ruled(alone, replace(layout, cells=(cell,)), styles) for cell in layout.cells)
