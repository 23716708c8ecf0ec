"""The tables as a Frictionless data package (https://specs.frictionlessdata.io), for catalogues and portals."""

import json
from pathlib import Path
from typing import Any

import pyarrow as pa

from pipeline.export.files import whole_file
from pipeline.plan import Bound, DeadlineKind, Severity
from pipeline.store.schema import CHILDREN, SCHEMA_VERSION, TABLES, Column, TableSchema
from pipeline.version import pipeline_version

NAME = "datapackage.json"
_KEYS = {
    "documents": ["document_id"],
    "tasks": ["task_id"],
    "task_units": ["task_id", "role", "position"],
    "deadlines": ["task_id", "position"],
    "citations": ["document_id", "position"],
    "findings": ["finding_id"],
    "notices": ["document_id", "position"],
    "failures": ["source_uri", "sha256"],
}
_ALLOWED = {
    ("deadlines", "kind"): [kind.value for kind in DeadlineKind],
    ("deadlines", "bound"): [bound.value for bound in Bound],
    ("deadlines", "source"): ["deadline", "note", "content"],
    ("findings", "severity"): [severity.value for severity in Severity],
    ("task_units", "role"): ["lead", "partner"],
    ("tasks", "source"): ["table", "narrative"],
    ("documents", "issued_date_precision"): ["day", "month", "year", "none"],
}
_TYPES = {"int32": "integer", "date32[day]": "date", "bool": "boolean", "float": "number"}


def datapackage() -> dict[str, Any]:
    """The description of all tables, each a Parquet file in its folder."""
    return {
        "profile": "data-package",
        "name": "kehoach",
        "title": "Kế hoạch hành chính / Vietnamese administrative plans",
        "description": "What plans of public offices say: documents, tasks, units, deadlines, citations, findings.",
        "version": f"{SCHEMA_VERSION}+{pipeline_version()}",
        "resources": [_resource(table) for table in TABLES],
    }


def write_datapackage(data: Path) -> Path:
    """Writes datapackage.json beside the tables, in one step."""
    target = data / NAME
    with whole_file(target) as draft:
        draft.write_text(json.dumps(datapackage(), ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    return target


def _resource(table: TableSchema) -> dict[str, Any]:
    schema: dict[str, Any] = {"fields": [_field(table, column) for column in table.columns]}
    if table.name in _KEYS:
        schema["primaryKey"] = _KEYS[table.name]
    if keys := _foreign_keys(table):
        schema["foreignKeys"] = keys
    return {
        "name": table.name.replace("_", "-"),
        "title": table.vietnamese,
        "description": table.english,
        "profile": "data-resource",
        "path": f"{table.name}/{table.name}.parquet",
        "format": "parquet",
        "mediatype": "application/vnd.apache.parquet",
        "schema": schema,
    }


def _foreign_keys(table: TableSchema) -> list[dict[str, Any]]:
    names = {column.name for column in table.columns}
    keys = []
    if table in CHILDREN:
        keys.append(_foreign_key("document_id", "documents"))
    if "task_id" in names and table.name != "tasks":
        keys.append(_foreign_key("task_id", "tasks"))
    return keys


def _foreign_key(column: str, table: str) -> dict[str, Any]:
    return {"fields": [column], "reference": {"resource": table, "fields": [column]}}


def _field(table: TableSchema, column: Column) -> dict[str, Any]:
    constraints: dict[str, Any] = {}
    if not column.optional:
        constraints["required"] = True
    if allowed := _ALLOWED.get((table.name, column.name)):
        constraints["enum"] = allowed
    described = {
        "name": column.name,
        "type": _type(column.type),
        "title": column.vietnamese,
        "description": column.english,
    }
    return described | ({"constraints": constraints} if constraints else {})


def _type(kind: pa.DataType) -> str:
    if pa.types.is_list(kind):
        return "array"
    if pa.types.is_struct(kind):
        return "object"
    return "datetime" if pa.types.is_timestamp(kind) else _TYPES.get(str(kind), "string")
