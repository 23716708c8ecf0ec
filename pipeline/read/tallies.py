"""What became of the rows of each table, beside what the extractor counted on paper."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence

from extractors.document import Table
from extractors.reconcile import held
from pipeline.plan import Tally
from pipeline.read.rows import RowKind, RowView


def tallies(tables: Iterable[Table], read: Mapping[int, Sequence[tuple[RowView, RowKind]]]) -> Iterator[Tally]:
    """One tally a table whose rows and letters were counted by another way; `read` are the rows of task tables."""
    for table in tables:
        if table.seen is None:
            continue
        kinds = Counter({"rejected": table.row_count})
        if table.index in read:
            rows = read[table.index]
            kinds = Counter(kind.value for _, kind in rows)
            kinds["heading"] = table.row_count - len(rows)
        seen = table.seen
        yield Tally(table.index, tuple(kinds.items()), held(table.cells), seen.rows, seen.letters, table.place)
