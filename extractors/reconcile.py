"""What a table holds on paper, counted beside the way in which its cells are read: a loss shows as a difference.

Each format has something to count that does not depend on how cells are found: `w:tr` and the text leaves of a
`w:tbl`, bands between rules and the lines inside the outer rule, lines with tabs, rows of a sheet. The extractors put
the count on the table; whoever turns rows into something else compares (pipeline.check.tables).
"""

from collections.abc import Iterable
from dataclasses import replace

from extractors.document import Cell, Seen, Table

# Marks, entities and list numbers make the two ways of counting differ by a letter; a lost cell or row by more.
_SLACK = 3
_SLACK_SHARE = 0.005


def letters(text: str) -> int:
    """Letters and digits: what no repair, wrap or list mark changes in number."""
    return sum(map(str.isalnum, text))


def held(cells: Iterable[Cell]) -> int:
    """Letters and digits in cells."""
    return sum(letters(cell.text) for cell in cells)


def seen(cells: Iterable[Cell], rows: int, counted: int) -> Seen:
    """What was seen: the cells' own letters, and those that were counted beyond them and stand in no cell."""
    own = held(cells)
    missing = counted - own
    return Seen(rows, own + missing if missing > max(_SLACK, _SLACK_SHARE * counted) else own)


def after_repair(before: Table, after: Table) -> Table:
    """The repaired table, with what was counted before the repair: it changes letters, and loses none."""
    if before.seen is None:
        return after
    changed = held(after.cells) - held(before.cells)
    return replace(after, seen=Seen(before.seen.rows, before.seen.letters + changed))


def together(one: Seen | None, other: Seen | None) -> Seen | None:
    """What was seen of a table that stood in two parts."""
    return Seen(one.rows + other.rows, one.letters + other.letters) if one and other else None
