"""Word tables that were split in the file and stand as one on paper.

Clerks split a long table, or paste its rest below; Word prints two tables with nothing between them as one. They are
one table here when their columns agree and the second part brings no new heading.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from extractors.document import Block, Table
from extractors.reconcile import together

_SAME_EDGE = 284  # twentieths of a point, half a centimetre


@dataclass(frozen=True, slots=True)
class Seam:
    """What tells whether a table goes on from another: its column edges and whether Word repeats its first row."""

    edges: tuple[int, ...]
    header_row: bool


@dataclass(frozen=True, slots=True)
class Sewn:
    """Blocks with split tables joined. `moved` says for each joined part: the table it is in now, and at which row."""

    blocks: tuple[Block, ...]
    moved: Mapping[int, tuple[int, int]]


def sew(blocks: Sequence[Block], seams: Mapping[int, Seam]) -> Sewn:
    """Joins neighbouring tables that are one on paper; `seams` by table index."""
    out: list[Block] = []
    moved: dict[int, tuple[int, int]] = {}
    for block in blocks:
        above = out[-1] if out else None
        if isinstance(block, Table) and isinstance(above, Table) and _goes_on(above, block, seams):
            moved[block.index] = (above.index, above.row_count)
            below = tuple(replace(cell, row=cell.row + above.row_count) for cell in block.cells)
            rows, cells = above.row_count + block.row_count, (*above.cells, *below)
            out[-1] = replace(above, row_count=rows, cells=cells, seen=together(above.seen, block.seen))
        else:
            out.append(block)
    return Sewn(tuple(out), moved)


def _goes_on(above: Table, below: Table, seams: Mapping[int, Seam]) -> bool:
    one, other = seams.get(above.index), seams.get(below.index)
    if one is None or other is None or not one.edges or not (above.ruled and below.ruled):
        return False
    if len(one.edges) != len(other.edges) or above.column_count != below.column_count or above.column_count < 2:
        return False
    if any(abs(a - b) > _SAME_EDGE for a, b in zip(one.edges, other.edges, strict=True)):
        return False
    return _first_row(above) == _first_row(below) or not (other.header_row or _is_bold(below))


def _first_row(table: Table) -> tuple[str, ...]:
    return tuple(cell.text.casefold() for cell in table.cells if cell.row == 0)


def _is_bold(table: Table) -> bool:
    """A first row of several cells, all bold, is a heading; one bold cell is the name of a group."""
    written = [cell for cell in table.cells if cell.row == 0 and cell.text]
    return len(written) > 1 and all(cell.bold for cell in written)
