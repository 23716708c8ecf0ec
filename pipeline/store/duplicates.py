"""document.duplicate: several files of one document, told from the whole store."""

from collections import defaultdict
from collections.abc import Callable
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from pipeline.plan import Finding
from pipeline.store.arrow import finding_rows

Phrase = Callable[[str], Finding]  # the name of the other file -> the finding; its words belong to the checks
_NAMED = 5  # of a family of a hundred files each names five others, not ninety-nine


def duplicate_findings(documents: pa.Table, phrase: Phrase) -> list[dict[str, Any]]:
    """What every document says of the other files with its `document_key`, or with its very content.

    A version and its successor are no duplicates of each other: superseded documents take no part.
    """
    documents = documents.filter(pc.is_null(documents.column("superseded_by")))
    keys = documents.column("document_key")
    counts = pc.value_counts(keys.drop_null().combine_chunks())
    shared = counts.field("values").filter(pc.greater(counts.field("counts"), 1))
    copied = pc.greater(pc.list_value_length(documents.column("copies")), 0)
    suspects = documents.filter(pc.or_(pc.is_in(keys, value_set=shared), copied))
    families: defaultdict[str, list[dict[str, Any]]] = defaultdict(list)
    for row in suspects.select(["document_id", "document_key", "source_uri", "copies"]).to_pylist():
        families[row["document_key"] or row["document_id"]].append(row)
    return [row for family in families.values() for member in family for row in _rows(member, family, phrase)]


def _rows(member: dict[str, Any], family: list[dict[str, Any]], phrase: Phrase) -> list[dict[str, Any]]:
    others = {uri for row in family for uri in (row["source_uri"], *row["copies"])} - {member["source_uri"]}
    names = sorted(uri.rsplit("/", 1)[-1] for uri in others)
    return finding_rows(member["document_id"], map(phrase, names[:_NAMED]))
