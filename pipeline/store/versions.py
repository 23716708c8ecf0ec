"""superseded_by: which document is the corrected version of another, told from the tables alone.

docs/decisions/0004-versions.md says why. Nothing here depends on the order in which files were read or on runs that
were cut short: moments of first sight, addresses, keys and tasks decide.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from pipeline.text import key

TASK_COLUMNS = ["document_id", "sequence", "content", "lead_text", "deadline_text", "due_date"]
_DOCUMENT_COLUMNS = [
    "document_id",
    "document_key",
    "media_type",
    "extractor",
    "source_uri",
    "copies",
    "source_removed_at",
    "ingested_at",
    "issuer",
    "number",
    "symbol",
    "title",
    "task_count",
]
_REPEATED = 0.5  # share of the smaller document's words, in threes, that a version of it repeats
_ALIKE = 0.97  # of two files of different formats, so that a torn syllable makes no new version


@dataclass(frozen=True)
class Paper:
    """A document as far as its versions are concerned."""

    row: Mapping[str, Any]
    tasks: tuple[Mapping[str, Any], ...] = ()

    @property
    def name(self) -> str:
        return str(self.row["document_id"])

    @property
    def is_there(self) -> bool:
        return self.row["source_removed_at"] is None

    @property
    def is_scan(self) -> bool:
        return "scan" in self.row["extractor"]

    @property
    def addresses(self) -> frozenset[str]:
        return frozenset({self.row["source_uri"], *self.row["copies"]})

    @cached_property
    def letters(self) -> tuple[tuple[str, ...], ...]:
        """What the tasks say, without blanks and marks, which formats set differently."""
        return tuple(tuple(_letters(t[c]) for c in ("content", "lead_text", "deadline_text")) for t in self.tasks)

    @cached_property
    def due(self) -> Counter[Any]:
        return Counter(task["due_date"] for task in self.tasks)

    @cached_property
    def threes(self) -> frozenset[tuple[str, ...]]:
        """Every three words that follow each other in a content (fewer where it is shorter)."""
        found = set[tuple[str, ...]]()
        for task in self.tasks:
            words = key(task["content"]).split()
            found.update(tuple(words[n : n + 3]) for n in range(max(1, len(words) - 2)))
        return frozenset(found)


def with_versions(documents: pa.Table, tasks: pa.Table, touched: Collection[str]) -> pa.Table:
    """The documents table with `superseded_by` told anew for the families that a change has touched.

    Args:
        documents: all documents as they will stand.
        tasks: all tasks as they will stand; needs TASK_COLUMNS.
        touched: documents that are new, were read again or changed their places.
    """
    told: dict[str, str | None] = {}
    families = [f for f in _families(_suspects(documents)) if any(_concerns(row, touched) for row in f)]
    owned = _tasks_of(tasks, {row["document_id"] for family in families for row in family})
    for family in families:
        told |= successors([Paper(row, tuple(owned[row["document_id"]])) for row in family])
    if not told:
        return documents
    place = documents.schema.get_field_index("superseded_by")
    found = pc.index_in(documents.column("document_id"), value_set=pa.array(told, pa.string()))
    anew = pa.array(told.values(), pa.string()).take(found.combine_chunks())
    kept = documents.column(place).combine_chunks()
    return documents.set_column(place, documents.schema.field(place), pc.if_else(pc.is_valid(found), anew, kept))


def successors(family: Iterable[Paper]) -> dict[str, str | None]:
    """The next version of each document, None for those that stand."""
    papers = sorted(family, key=lambda paper: (paper.row["ingested_at"], paper.name))
    after: dict[str, str | None] = {}
    for old in papers:
        # Who stands at its address now, then the earliest; of twins the one of the same format.
        newer = [new for new in papers if new is not old and _supersedes(new, old)]
        newer.sort(
            key=lambda n: (
                not _took_place(n, old),
                n.row["ingested_at"],
                n.row["media_type"] != old.row["media_type"],
                n.name,
            )
        )
        after[old.name] = newer[0].name if newer else None
    for paper in reversed(papers):  # restored files may chase each other in a ring: one of them must stand
        if _leads_back(paper.name, after):
            after[paper.name] = None
    return after


def _supersedes(new: Paper, old: Paper) -> bool:
    if (new.is_scan and not old.is_scan) or (old.row["task_count"] and not new.row["task_count"]):
        return False  # in doubt both stand, and document.duplicate says so
    if _took_place(new, old):
        return _same_document(new.row, old.row)
    if not new.row["document_key"] or new.row["document_key"] != old.row["document_key"]:
        return False
    if old.is_there != new.is_there:  # a twin or a newer file that was taken away leaves the other one standing
        return new.is_there and (_twins(new, old) or _repeats(new, old))
    later = bool(new.row["ingested_at"] > old.row["ingested_at"]) and not _took_place(old, new)
    return later and not _twins(new, old) and _repeats(new, old)


def _took_place(new: Paper, old: Paper) -> bool:
    """Whether the address of the old content holds the new one, or held it after the old one."""
    if old.is_there or old.row["source_uri"] not in new.addresses:
        return False
    return new.is_there or bool(new.row["source_removed_at"] > old.row["source_removed_at"])


def _same_document(new: Mapping[str, Any], old: Mapping[str, Any]) -> bool:
    """At one address: equal keys; where one has none yet (a draft), an equal title and no contradiction."""
    if new["document_key"] and old["document_key"]:
        return bool(new["document_key"] == old["document_key"])
    pairs = [(key(new[name] or ""), key(old[name] or "")) for name in ("issuer", "number", "symbol")]
    return key(new["title"] or "") == key(old["title"] or "") != "" and all(a == b or not (a and b) for a, b in pairs)


def _twins(one: Paper, other: Paper) -> bool:
    """Two files of one version: the same rows, or, between formats, nearly the same words and the same due days."""
    if one.letters == other.letters:
        return True
    if one.row["media_type"] == other.row["media_type"] or one.due != other.due:
        return False
    return len(one.threes & other.threes) >= _ALIKE * len(one.threes | other.threes)


def _repeats(new: Paper, old: Paper) -> bool:
    """Whether one repeats most of the other, as a corrected plan does and an annex sent later does not."""
    smaller = min(len(new.threes), len(old.threes))
    return len(new.threes & old.threes) >= _REPEATED * smaller


def _leads_back(name: str, after: Mapping[str, str | None]) -> bool:
    seen = {name}
    step = after[name]
    while step is not None and step not in seen:
        seen.add(step)
        step = after.get(step)
    return step == name


def _letters(text: str | None) -> str:
    return "".join(c for c in key(text or "") if c.isalnum())


def _concerns(row: Mapping[str, Any], touched: Collection[str]) -> bool:
    return row["document_id"] in touched or row["superseded_by"] in touched


def _suspects(documents: pa.Table) -> list[dict[str, Any]]:
    """Documents that may have versions: of one key, removed, or at an address of a removed one."""
    keys = documents.column("document_key")
    counts = pc.value_counts(keys.drop_null().combine_chunks())
    shared = counts.field("values").filter(pc.greater(counts.field("counts"), 1))
    removed = pc.is_valid(documents.column("source_removed_at"))
    left = documents.column("source_uri").filter(removed).combine_chunks()
    chosen = pc.or_(pc.is_in(keys, value_set=shared), pc.is_in(documents.column("source_uri"), value_set=left))
    chosen = pc.or_(chosen, pc.is_valid(documents.column("superseded_by")))
    if len(left):
        chosen = pc.or_(chosen, pc.greater(pc.list_value_length(documents.column("copies")), 0))
    rows: list[dict[str, Any]] = documents.filter(chosen).select([*_DOCUMENT_COLUMNS, "superseded_by"]).to_pylist()
    return rows


def _families(rows: Iterable[dict[str, Any]]) -> list[list[dict[str, Any]]]:
    """Rows that one key or one address connects, also over several steps."""
    family_of: dict[tuple[str, str], list[dict[str, Any]]] = {}
    for row in rows:
        ties = [("address", address) for address in (row["source_uri"], *row["copies"])]
        ties += [("key", row["document_key"])] if row["document_key"] else []
        joined = [row]
        for other in {id(family_of[tie]): family_of[tie] for tie in ties if tie in family_of}.values():
            joined += other
        for member in joined:
            for address in (member["source_uri"], *member["copies"]):
                family_of["address", address] = joined
            if member["document_key"]:
                family_of["key", member["document_key"]] = joined
    return list({id(family): family for family in family_of.values()}.values())


def _tasks_of(tasks: pa.Table, documents: Collection[str]) -> defaultdict[str, list[dict[str, Any]]]:
    owned = defaultdict[str, list[dict[str, Any]]](list)
    theirs = pc.is_in(tasks.column("document_id"), value_set=pa.array(sorted(documents), pa.string()))
    ordered = (
        tasks.filter(theirs).select(TASK_COLUMNS).sort_by([("document_id", "ascending"), ("sequence", "ascending")])
    )
    for row in ordered.to_pylist():
        owned[row["document_id"]].append(row)
    return owned
