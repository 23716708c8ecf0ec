"""Rows of large tables chosen column by column, before any of them becomes a Python object."""

from collections.abc import Collection, Mapping
from datetime import date

import pyarrow as pa
import pyarrow.compute as pc

from pipeline.store.parquet import Store


def among(table: pa.Table, wanted: Mapping[str, Collection[str] | None]) -> pa.Table:
    """The rows whose columns hold one of the values wanted there; None wants all."""
    for column, values in wanted.items():
        if values is not None:
            table = table.filter(pc.is_in(table.column(column), value_set=_texts(values)))
    return table


def without(table: pa.Table, column: str, values: Collection[str]) -> pa.Table:
    """The rows whose column holds none of the values."""
    if not values:
        return table
    return table.filter(pc.invert(pc.is_in(table.column(column), value_set=_texts(values))))


def current_documents(store: Store, columns: list[str]) -> pa.Table:
    """The documents that count: not superseded by a corrected version and not removed at their source."""
    state = ["superseded_by", "source_removed_at"]
    documents = store.read("documents", [*columns, *(name for name in state if name not in columns)])
    here = pc.and_(*(pc.is_null(documents.column(name)) for name in state))
    return documents.filter(here).select(columns)


def lead_units(store: Store) -> pa.Table:
    """task_id, document_id and the `unit` that leads: its canonical name where known, else as written."""
    roles = store.read("task_units", ["task_id", "document_id", "role", "name", "unit_name"])
    leads = roles.filter(pc.equal(roles.column("role"), "lead"))
    unit = pc.coalesce(leads.column("unit_name"), leads.column("name"))
    return leads.select(["task_id", "document_id"]).append_column("unit", unit)


def open_deadlines(store: Store, since: date, columns: list[str]) -> pa.Table:
    """The deadlines that recur or end on a day or later."""
    deadlines = store.read("deadlines", columns)
    ends = pc.greater_equal(deadlines.column("end_date"), pa.scalar(since, pa.date32()))
    return deadlines.filter(pc.or_(pc.fill_null(ends, False), pc.is_valid(deadlines.column("rrule"))))


def _texts(values: Collection[str]) -> pa.Array:
    return pa.array(list(values), pa.string())
