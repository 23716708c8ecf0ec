"""Writes the generated pages and pictures: python -m docs.generate [--check]; `make docs` runs it."""

import argparse
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

from pipeline.check import catalogue_markdown
from pipeline.store.schema import TABLES, Column, TableSchema

ROOT = Path(__file__).resolve().parent.parent
DOCS = ROOT / "docs"


def data_dictionary() -> str:
    """docs/data-dictionary.md from the declared schema."""
    head = (
        "# Tables and columns\n\nGenerated from `pipeline/store/schema.py`; do not edit.\n\n"
        "Each table is a folder of Parquet files in `data/parsed`. Columns marked * may be empty, all others never are;\n"
        "columns marked + are beyond the data contract. The descriptions also stand in the metadata of each Arrow field.\n"
    )
    names = "\n".join(f"- [`{table.name}`](#{table.name}): {table.english.lower()}" for table in TABLES)
    return "\n".join([head, names, "", *(_table_page(table) for table in TABLES)])


def _table_page(table: TableSchema) -> str:
    rows = "\n".join(_column_row(column) for column in table.columns)
    order = ", ".join(f"`{name}`" for name in table.order)
    return (
        f"## {table.name}\n\n{table.english}. {table.vietnamese}.\n\nOrdered by {order}.\n\n"
        f"| Column | Type | Meaning | Ý nghĩa |\n|---|---|---|---|\n{rows}\n"
    )


def _column_row(column: Column) -> str:
    marks = ("*" if column.optional else "") + ("+" if column.extra else "")
    kind = str(column.type).replace("|", "\\|")
    marks = marks.replace("*", "\\*")
    return f"| `{column.name}` {marks} | {kind} | {column.english} | {column.vietnamese} |"


PAGES: dict[str, Callable[[], str]] = {
    "data-dictionary.md": data_dictionary,
    "findings.md": catalogue_markdown,
}


def pages() -> Iterator[tuple[Path, str]]:
    for name, build in PAGES.items():
        yield DOCS / name, build()


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="only say which pages are not current")
    check = parser.parse_args(arguments).check
    stale = 0
    for path, text in pages():
        if path.exists() and path.read_text(encoding="utf-8") == text:
            continue
        stale += 1
        sys.stdout.write(f"{'not current' if check else 'written'}: {path.relative_to(ROOT)}\n")
        if not check:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
    return 1 if check and stale else 0


if __name__ == "__main__":
    sys.exit(main())
