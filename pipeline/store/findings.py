"""The gravest findings of some documents, for whoever shows a few of many."""

from collections.abc import Collection
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from pipeline.store.parquet import Store

_RANK = pa.array(["error", "warning", "info"])


def worst_findings(store: Store, documents: Collection[str], limit: int) -> tuple[list[dict[str, Any]], int]:
    """At most `limit` findings with the name of their file, errors first, and how many there are in all."""
    wanted = pa.array(sorted(documents), pa.string())
    columns = ["document_id", "severity", "rule", "task_id", "page", "message", "evidence"]
    found = store.read("findings", columns)
    found = found.filter(pc.is_in(found.column("document_id"), value_set=wanted))
    found = found.append_column("rank", pc.index_in(found.column("severity"), value_set=_RANK))
    order = [("rank", "ascending"), ("document_id", "ascending"), ("task_id", "ascending"), ("rule", "ascending")]
    shown = found.sort_by(order).slice(0, limit).drop_columns(["rank"]).to_pylist()
    places = store.read("documents", ["document_id", "source_uri"]).to_pylist()
    names = {row["document_id"]: row["source_uri"].rsplit("/", 1)[-1] for row in places}
    return [{"file": names.get(row.pop("document_id")), **row} for row in shown], found.num_rows
