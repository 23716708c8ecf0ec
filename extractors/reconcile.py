"""What a table holds on paper, counted beside the way in which its cells are read: a loss shows as a difference.

Each format has something to count that does not depend on how cells are found: `w:tr` and the text leaves of a
`w:tbl`, bands between rules and the lines inside the outer rule, lines with tabs, rows of a sheet. The extractors put
the count on the table; whoever turns rows into something else compares (pipeline.check.tables).
"""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Protocol

from extractors.document import Cell, Notice, Paragraph, Seen, Table

# Marks, entities and list numbers make the two ways of counting differ by a letter; a lost cell or row by more.
_SLACK = 3
_SLACK_SHARE = 0.005


class HoldsCells(Protocol):
    """A table, or a part of one."""

    @property
    def cells(self) -> tuple[Cell, ...]: ...


_ASCII_MARKS = bytes(code for code in range(128) if not chr(code).isalnum())
_OTHER_MARKS = "–“”…\u00a0"  # the most frequent ones; all others are counted one by one
_PUNCTUATION_LEAD, _NBSP_LEAD = b"\xe2", b"\xc2"  # the first bytes of these in UTF-8


def letters(text: str) -> int:
    """Letters and digits: what no repair, wrap or list mark changes in number."""
    return letters_of(without_marks(text))


def without_marks(text: str) -> bytes:
    """A text in UTF-8 without spaces and marks of ASCII."""
    return text.encode("utf-8", "surrogatepass").translate(None, _ASCII_MARKS)


def letters_of(bare: bytes) -> int:
    """Letters and digits of a text without marks of ASCII."""
    if bare.isalnum():  # all ASCII
        return len(bare)
    text = bare.decode("utf-8", "surrogatepass")
    if _NBSP_LEAD in bare or _PUNCTUATION_LEAD in bare:
        for mark in _OTHER_MARKS:
            text = text.replace(mark, "")
    if text.isalnum():
        return len(text)
    return len(text) - sum(text.count(sign) for sign in set(text) if not sign.isalnum())


def held(cells: Iterable[Cell]) -> int:
    """Letters and digits in cells."""
    return letters("".join([cell.text for cell in cells]))


def lost(counted: int, written: int) -> int:
    """How many of the letters counted on paper were not written; 0 where both ways of counting agree."""
    missing = counted - written
    return missing if missing > max(_SLACK, _SLACK_SHARE * counted) else 0


def unread(counted: int, blocks: Iterable[Paragraph | HoldsCells]) -> tuple[Notice, ...]:
    """A notice where a document prints letters that stand in none of its blocks."""
    return not_in(letters("".join(texts_of(blocks))), counted)


def texts_of(blocks: Iterable[Paragraph | HoldsCells]) -> Iterator[str]:
    """All that is written, in order."""
    for block in blocks:
        if isinstance(block, Paragraph):
            yield block.text
        else:
            yield from [cell.text for cell in block.cells]


def not_in(written: int, counted: int) -> tuple[Notice, ...]:
    """A notice where more letters were counted than were written."""
    missing = lost(counted, written)
    if not missing:
        return ()
    message = f"{missing} chữ cái, chữ số in trong văn bản chưa được đọc / {missing} letters in print were not read"
    return (Notice("text.unread", message),)


def seen(cells: Iterable[Cell], rows: int, counted: int) -> Seen:
    """What was seen: the cells' own letters, and those that were counted beyond them and stand in no cell."""
    own = held(cells)
    return Seen(rows, own + lost(counted, own))


def after_repair(before: Table, after: Table) -> Table:
    """The repaired table, with what was counted before the repair: it changes letters, and loses none."""
    if before.seen is None:
        return after
    changed = held(after.cells) - held(before.cells)
    return replace(after, seen=Seen(before.seen.rows, before.seen.letters + changed))


def together(one: Seen | None, other: Seen | None) -> Seen | None:
    """What was seen of a table that stood in two parts."""
    return Seen(one.rows + other.rows, one.letters + other.letters) if one and other else None
