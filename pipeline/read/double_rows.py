"""Rows of a table that hold two rows of the paper: a rule between them was too faint, or never drawn."""

from collections.abc import Iterator, Sequence
from itertools import pairwise

from extractors.document import NOWHERE, Notice, Table
from pipeline.read.rows import RowKind, RowView
from pipeline.rules.ordinals import follows, whole_ordinal
from pipeline.text import squeeze


def double_rows(table: Table, rows: Sequence[tuple[RowView, RowKind]]) -> Iterator[Notice]:
    """Notices table.rows_merged: several numbers in a row in one number cell.

    Forms: "2\\n3", "2 3", "a)\\nb)"; "1 1" and "2.1" are one number each.
    """
    for view, _ in rows:
        parts = view.ordinal_text.split()
        read = [whole_ordinal(part) for part in parts] if len(parts) > 1 else []
        numbers = [one for one in read if one]
        if len(numbers) > 1 and len(numbers) == len(read) and all(follows(a, b) for a, b in pairwise(numbers)):
            place = view.cells[0].place if view.cells else NOWHERE
            message = f"một hàng mang {len(numbers)} số thứ tự, các hàng có thể bị đọc gộp"
            evidence = " | ".join(squeeze(cell.text) for cell in view.cells)
            yield Notice("table.rows_merged", message, place, table.index, view.index, evidence)
