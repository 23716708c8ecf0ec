"""What reading a known document anew has changed, row by row: tasks and findings gained, lost, changed."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from difflib import SequenceMatcher
from typing import Any

import pyarrow as pa

from pipeline.store.arrow import Reading
from pipeline.store.schema import BY_NAME

Row = Mapping[str, Any]
Rows = Mapping[str, Sequence[Row]]

_MOMENTS = frozenset(
    {"pipeline_version", "ingested_at", "as_of", "source_uri", "copies", "superseded_by", "task_count"}
)
_PLACES = frozenset({"source_removed_at", "task_id", "sequence", "document_id"})  # not what the paper says
_COMPARED = tuple(name for name in BY_NAME if BY_NAME[name].of_document and name != "notices")
_BETWEEN_DOCUMENTS = frozenset({"document.duplicate", "citation.dated_elsewhere"})  # told from the whole store


@dataclass(frozen=True, slots=True)
class RowChange:
    """One row that came, went or reads differently; `fields` are those that changed, as (before, after).

    Forms: RowChange("d1", "/in/kh.docx", "tasks", "changed", "3. Rà soát ...", {"due_date": ("2021-06-30", None)}).
    """

    document_id: str
    source_uri: str
    table: str  # documents, tasks (with their units and deadlines), citations, findings, rejected_tables
    kind: str  # gained, lost, changed
    row: str  # what names it for a person
    fields: Mapping[str, tuple[Any, Any]] = field(default_factory=dict)
    from_version: str = ""
    to_version: str = ""

    def as_json(self) -> dict[str, Any]:
        """The change as an object of JSON."""
        return asdict(self)


def compare(before: Callable[[str], pa.Table], readings: Sequence[Reading]) -> Iterator[RowChange]:
    """What will change when these readings take the place of what is stored.

    Args:
        before: the stored rows of just these documents in a table.
        readings: documents that were read anew; those that are not stored yet are passed over.
    """
    old: defaultdict[str, dict[str, list[Row]]] = defaultdict(lambda: {name: [] for name in _COMPARED})
    for table in _COMPARED:
        for row in before(table).to_pylist():
            old[row["document_id"]][table].append(row)
    for reading in readings:
        if reading.document_id in old:
            new = {table: reading.batch(table).to_pylist() for table in _COMPARED}
            yield from _of_document(old[reading.document_id], new)


def _of_document(old: Rows, new: Rows) -> Iterator[RowChange]:
    (was,), (now,) = old["documents"], new["documents"]
    name = (str(was["document_id"]), str(was["source_uri"]))
    versions = (str(was["pipeline_version"]), str(now["pipeline_version"]))

    def change(table: str, kind: str, row: str, fields: Mapping[str, tuple[Any, Any]] | None = None) -> RowChange:
        return RowChange(*name, table, kind, row, fields or {}, *versions)

    if fields := _changed(was, now):
        yield change("documents", "changed", str(now["title"] or was["title"] or ""), fields)
    for before, after in _aligned(_whole_tasks(old), _whole_tasks(new)):
        if before is None or after is None:
            present = after or before
            assert present is not None
            yield change("tasks", "gained" if after else "lost", _task_name(present))
        elif fields := _changed(before, after):
            yield change("tasks", "changed", _task_name(after), fields)
    for table, told in (("citations", _citation), ("findings", _finding), ("rejected_tables", _rejected)):
        counts, others = Counter(map(told, old[table])), Counter(map(told, new[table]))
        yield from (change(table, "lost", row) for row in (counts - others).elements() if row)
        yield from (change(table, "gained", row) for row in (others - counts).elements() if row)


def _whole_tasks(rows: Rows) -> list[dict[str, Any]]:
    """Tasks with their units and deadlines as fields of their own."""
    parts: dict[str, defaultdict[str, list[dict[str, Any]]]] = {}
    for table in ("task_units", "deadlines"):
        parts[table] = defaultdict(list)
        for row in rows[table]:
            kept = {name: value for name, value in row.items() if name not in _PLACES}
            parts[table][row["task_id"]].append(kept)
    ordered = sorted(rows["tasks"], key=lambda task: int(task["sequence"]))
    return [{**task, **{table: parts[table][task["task_id"]] for table in parts}} for task in ordered]


def _aligned(
    old: Sequence[dict[str, Any]], new: Sequence[dict[str, Any]]
) -> Iterator[tuple[dict[str, Any] | None, dict[str, Any] | None]]:
    """Pairs of the same task before and after; None where it came or went. Equal contents meet, in their order."""
    matcher = SequenceMatcher(None, [t["content"] for t in old], [t["content"] for t in new], autojunk=False)
    for kind, i, until_i, j, until_j in matcher.get_opcodes():
        if kind == "equal":
            yield from zip(old[i:until_i], new[j:until_j], strict=True)
        else:
            yield from _paired(old[i:until_i], new[j:until_j])


def _paired(
    old: Sequence[dict[str, Any]], new: Sequence[dict[str, Any]]
) -> Iterator[tuple[dict[str, Any] | None, dict[str, Any] | None]]:
    """Tasks between two equal ones: of the same table row, or with the same number, they are one that changed."""
    left = list(new)
    for before in old:
        after = next((task for task in left if _same_row(before, task)), None)
        if after is not None:
            left.remove(after)
        yield before, after
    yield from ((None, after) for after in left)


def _same_row(one: Row, other: Row) -> bool:
    if one["row_index"] is not None and other["row_index"] is not None:
        return bool((one["table_index"], one["row_index"]) == (other["table_index"], other["row_index"]))
    return bool(one["ordinal"] and one["ordinal"] == other["ordinal"])


def _changed(before: Row, after: Row) -> dict[str, tuple[Any, Any]]:
    names = [name for name in after if name not in _MOMENTS | _PLACES]
    return {name: (before.get(name), after[name]) for name in names if before.get(name) != after[name]}


def _task_name(task: Row) -> str:
    return " ".join(f"{task['ordinal']} {task['content']}".split())


def _citation(row: Row) -> str:
    return str(row["text"]) + "".join(f" | {row[name]}" for name in ("number", "symbol", "date", "issuer"))


def _finding(row: Row) -> str:
    return "" if row["rule"] in _BETWEEN_DOCUMENTS else f"{row['rule']}: {row['evidence']}"


def _rejected(row: Row) -> str:
    return f"table {row['table_index']}: {row['reason']}"
