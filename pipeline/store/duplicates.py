"""document.duplicate: several files of one document, told from the whole store."""

from collections import defaultdict
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from extractors.document import NOWHERE
from pipeline.plan import Finding, Severity
from pipeline.store.arrow import finding_rows

_NAMED = 5


def duplicate_findings(documents: pa.Table) -> list[dict[str, Any]]:
    """One info on every document that shares its `document_key` with another, or whose file exists more than once."""
    keys = documents.column("document_key")
    counts = pc.value_counts(keys.drop_null().combine_chunks())
    shared = counts.field("values").filter(pc.greater(counts.field("counts"), 1))
    copied = pc.greater(pc.list_value_length(documents.column("copies")), 0)
    suspects = documents.filter(pc.or_(pc.is_in(keys, value_set=shared), copied))
    families: defaultdict[str, list[dict[str, Any]]] = defaultdict(list)
    for row in suspects.select(["document_id", "document_key", "source_uri", "copies"]).to_pylist():
        families[row["document_key"] or row["document_id"]].append(row)
    return [row for family in families.values() for member in family for row in _rows(member, family)]


def _rows(member: dict[str, Any], family: list[dict[str, Any]]) -> list[dict[str, Any]]:
    others = {uri for row in family for uri in (row["source_uri"], *row["copies"])} - {member["source_uri"]}
    names = sorted(uri.rsplit("/", 1)[-1] for uri in others)
    listed = ", ".join(names[:_NAMED]) + (f" và {len(names) - _NAMED} tệp khác" if len(names) > _NAMED else "")
    finding = Finding(
        rule="document.duplicate",
        severity=Severity.INFO,
        message=f"Văn bản này còn có ở tệp khác: {listed}.",
        evidence=member["document_key"] or member["source_uri"].rsplit("/", 1)[-1],
        place=NOWHERE,
    )
    return finding_rows(member["document_id"], [finding])
