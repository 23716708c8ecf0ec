"""A DuckDB file with the tables, the ready views and their meaning, for tools that open such files."""

from datetime import date
from pathlib import Path

import duckdb

from extractors.errors import SurroundingsError
from extractors.refusals import refused
from pipeline.export.files import whole_file
from pipeline.query.lake import add_tables, add_views, ask_about, plain
from pipeline.query.views import views
from pipeline.store.schema import TABLES


def write_database(data: Path, target: Path, *, linked: bool = False, as_of: date | None = None) -> None:
    """Writes `target` in one step: tables, views, macros and a comment on each table and column.

    The views ask about today, or about the day set with `set variable as_of = date '2025-06-30'`. Recurring deadlines
    are expanded ten years ahead of `as_of`.

    Args:
        linked: the tables are views of the Parquet files where they lie, so later runs are seen; without it their
            rows are copied, and the file can be sent elsewhere.

    Raises:
        LakeError: there are no tables.
        SurroundingsError: the file cannot be written.
    """
    try:
        with whole_file(target) as draft:
            draft.unlink()  # DuckDB begins a new file, it does not take an empty one
            with duckdb.connect(str(draft)) as connection:
                ask_about(connection, as_of, None)
                add_tables(connection, data, copied=not linked)
                add_views(connection)
                _comment(connection, linked=linked)
    except (duckdb.Error, OSError) as fault:
        why = refused(fault) if isinstance(fault, OSError) else plain(fault)
        raise SurroundingsError(f"Không ghi được {target}: {why}. / Cannot write {target}: {plain(fault)}") from fault


def _comment(connection: duckdb.DuckDBPyConnection, *, linked: bool) -> None:
    for table in TABLES:
        kind = "view" if linked else "table"
        _note(connection, f"{kind} {table.name}", f"{table.english}. / {table.vietnamese}.")
        for column in () if linked else table.columns:
            _note(connection, f'column {table.name}."{column.name}"', f"{column.english} / {column.vietnamese}")
    for view in views():
        _note(connection, f"view {view.name}", " ".join(f"{view.english}. / {view.vietnamese}. {view.notes}".split()))
        for part in view.columns:
            _note(connection, f'column {view.name}."{part.name}"', f"{part.english} / {part.vietnamese}")


def _note(connection: duckdb.DuckDBPyConnection, what: str, text: str) -> None:
    quoted = text.replace("'", "''")
    connection.execute(f"comment on {what} is '{quoted}'")
