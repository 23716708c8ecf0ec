"""The data dictionary: a page made from the schema, so that it is never stale."""

import pyarrow as pa

from pipeline.store.schema import TABLES, Column

_INTRODUCTION = """\
# Data dictionary

What the tables under `data/parsed/` hold. Made from `pipeline/store/schema.py`; the same descriptions stand in the
metadata of every column of the Parquet files. A type with `?` may be empty. Columns marked + are more than the data
contract promises.
"""


def data_dictionary_markdown() -> str:
    """All tables and columns with their types and meanings, in English and Vietnamese, as Markdown."""
    parts = [_INTRODUCTION]
    for table in TABLES:
        parts.append(f"## {table.name}\n\n{table.english}. *{table.vietnamese}.*\n")
        rows = ["| column | type | meaning | ý nghĩa |", "|---|---|---|---|"]
        rows += [_line(column) for column in table.columns]
        parts.append("\n".join(rows) + "\n")
    return "\n".join(parts)


def _line(column: Column) -> str:
    mark = " +" if column.extra else ""
    return f"| `{column.name}` |{mark} {_type(column)} | {column.english} | {column.vietnamese} |"


def _type(column: Column) -> str:
    return _NAMES.get(column.type, str(column.type).replace("float", "float32")) + ("?" if column.optional else "")


_NAMES = {
    pa.string(): "str",
    pa.date32(): "date",
    pa.float32(): "float32",
    pa.list_(pa.string()): "list<str>",
    pa.timestamp("us", tz="UTC"): "timestamp[us, UTC]",
}
