"""A DuckDB connection that knows the tables of data/parsed and the ready views by name."""

import re
from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from extractors.errors import SurroundingsError
from extractors.refusals import refused, refused_in_english
from pipeline.query.recurrences import make_recurrences
from pipeline.query.views import MACROS, views
from pipeline.store.schema import BY_NAME, TABLES, TableSchema

if TYPE_CHECKING:
    from duckdb import DuckDBPyRelation

Connection = duckdb.DuckDBPyConnection  # what `open_lake` gives; nobody else needs to know the library

# What may be asked: it reads, or changes only what lives in memory and ends with the connection.
_READING = ("SELECT", "EXPLAIN", "SET", "VARIABLE_SET", "RELATION", "MULTI", "PRAGMA")
_IN_MEMORY = ("CREATE", "CREATE_FUNC", "DROP", "ALTER", "INSERT", "UPDATE", "DELETE")
_ROWS_AT_A_TIME = 8192
# Columns of tasks and deadlines that say again what task_units says: each lead unit once, in the order of the paper.
_LEADS = ("lead_units", "lead_unit_ids")
_LEAD_UNITS = """
select task_id, list(unit order by position) as lead_units, list(unit_id order by position) as lead_unit_ids
from (select task_id, coalesce(unit_name, name) as unit, min(position) as position,
             arg_min(unit_id, position) filter (where unit_id is not null) as unit_id
      from ({units}) where role = 'lead' group by all)
group by task_id
"""
_EXPLAIN = re.compile(r"(?:\s|--[^\n]*\n|/\*.*?\*/)*explain(\s+analyze|\s*\([^)]*\))?", re.IGNORECASE | re.DOTALL)


class LakeError(SurroundingsError):
    """There are no tables where they were looked for, or they cannot be read."""


class QueryError(ValueError):
    """A question that DuckDB does not understand or may not answer, as one plain line."""


def open_lake(
    data: Path, *, as_of: date | None = None, soon_days: int | None = None, locked: bool = True
) -> Connection:
    """Opens the tables under `data` and the ready views, for reading.

    Args:
        as_of: the day that questions are asked about; today in Hà Nội without it.
        soon_days: how far `v_due_soon` looks; 30 without it.
        locked: no file but those of the tables can be read, no setting changed, no extension loaded.

    Raises:
        LakeError: `data` has no tables, or one is damaged.
    """
    connection = duckdb.connect(":memory:", config={"autoinstall_known_extensions": False, "temp_directory": ""})
    try:
        add_tables(connection, data)
        ask_about(connection, as_of, soon_days)
        add_views(connection)
    except duckdb.Error as fault:
        connection.close()
        raise LakeError(
            f"Không đọc được các bảng trong {data}. / Cannot read the tables in {data}: {plain(fault)}"
        ) from fault
    if locked:
        _lock(connection, data)
    return connection


def add_tables(connection: Connection, data: Path, *, copied: bool = False) -> None:
    """Adds the tables by name: views of the Parquet files, or copies of their rows.

    Raises:
        LakeError: `data` has no tables.
    """
    if not list((data / "documents").glob("*.parquet")):
        raise LakeError(
            f"Không có bảng dữ liệu trong {data}; hãy chạy kehoach ingest trước."
            f" / No tables in {data}; run kehoach ingest first."
        )
    for table in TABLES:
        made = "table" if copied else "view"
        connection.execute(f"create or replace {made} {table.name} as {_table_sql(data, table)}")


def add_views(connection: Connection) -> None:
    """Adds the macros, the table of due days and the ready views."""
    for macro in MACROS[:-1]:
        connection.execute(macro)
    make_recurrences(connection)
    for view in views():
        connection.execute(f"create or replace view {view.name} as {view.sql}")
    connection.execute(MACROS[-1])  # looks into a view


def ask_about(connection: Connection, as_of: date | None, soon_days: int | None) -> None:
    """Sets the day and the span that the views are asked about."""
    if as_of is not None:
        connection.execute(f"set variable as_of = date '{as_of.isoformat()}'")
    if soon_days is not None:
        connection.execute(f"set variable soon_days = {int(soon_days)}")


class Answer:
    """The rows that answer a question, worked out when they are asked for, once."""

    def __init__(self, relation: "DuckDBPyRelation") -> None:
        self._relation = relation
        self.columns: tuple[str, ...] = tuple(relation.columns)

    def rows(self) -> Iterator[tuple[Any, ...]]:
        """All rows as Python values, worked out little by little; read them to the end before the next question.

        Raises:
            QueryError: a value did not allow what was asked ('x' as a number).
        """
        try:
            for batch in _whole_sums(self._relation).to_arrow_reader(_ROWS_AT_A_TIME):
                yield from zip(*(column.to_pylist() for column in batch.columns), strict=True)
        except duckdb.Error as fault:
            raise QueryError(plain(fault)) from fault

    def table(self) -> pa.Table:
        """All rows as Arrow; sums of whole numbers are whole numbers.

        Raises:
            QueryError: as for `rows`.
        """
        try:
            return _whole_sums(self._relation).to_arrow_table()
        except duckdb.Error as fault:
            raise QueryError(plain(fault)) from fault


def _whole_sums(relation: "DuckDBPyRelation") -> "DuckDBPyRelation":
    """Arrow has no 128-bit whole number, which is what DuckDB sums into."""
    kinds = list(zip(relation.columns, map(str, relation.types), strict=True))
    if not any(kind == "HUGEINT" for _, kind in kinds):
        return relation
    parts = []
    for name, kind in kinds:
        quoted = '"' + name.replace('"', '""') + '"'
        parts.append(f"cast({quoted} as bigint) as {quoted}" if kind == "HUGEINT" else quoted)
    return relation.project(", ".join(parts))


def ask(connection: Connection, query: str, parameters: Sequence[object] = (), *, files: bool = False) -> Answer:
    """Puts a question; of several statements the last one answers.

    Args:
        parameters: one for each "?" in the last statement.
        files: statements that write files or open other databases are allowed too.

    Raises:
        QueryError: it cannot be understood, would do more than read, or gives no rows.
    """
    try:
        statements = connection.extract_statements(query)
        if not files:
            for statement in statements:
                _refuse_acting(connection, statement.query, statement.type.name)
        for statement in statements[:-1]:
            connection.execute(statement).fetchall()
        relation = connection.sql(statements[-1].query, params=list(parameters)) if statements else None
    except duckdb.Error as fault:
        raise QueryError(plain(fault)) from fault
    if relation is None:
        raise QueryError("Câu truy vấn không trả về dòng nào để xem. / The query asks for no rows; begin with select.")
    return Answer(relation)


def plain(fault: Exception) -> str:
    """A DuckDB error as one line, with the word that it stands at.

    Forms: 'Binder Error: Referenced column "contnt" not found in FROM clause! Candidate bindings: "content"'.
    """
    told, _, place = str(fault).partition("\nLINE ")
    line = " ".join(told.partition("\n\tCandidate functions:")[0].split())
    lines = place.splitlines()
    if len(lines) >= 2 and "^" in lines[1]:
        start = lines[1].index("^") - len("LINE ")
        near = lines[0][max(0, start) :].strip()[:30]
        line = f"{line} (near: {near})" if near and near not in line else line
    return line


def _refuse_acting(connection: Connection, query: str, kind: str) -> None:
    """`explain analyze` runs what it explains, so that is looked at too."""
    if kind == "EXPLAIN" and (start := _EXPLAIN.match(query)):
        for inner in connection.extract_statements(query[start.end() :]):
            _refuse_acting(connection, inner.query, inner.type.name)
    elif (
        kind == "EXPLAIN"
        or kind not in (*_READING, *_IN_MEMORY)
        or re.match(r"\s*create\s.*\bsecret\b", query, re.IGNORECASE | re.DOTALL)
    ):
        raise QueryError(
            f"Chỉ được đọc: câu lệnh {kind} không được phép (xem --allow-files)."
            f" / Only reading is allowed: {kind} is not (see --allow-files)."
        )


def _lock(connection: Connection, data: Path) -> None:
    allowed = {str(data.resolve()), _as_pattern(data)}  # what is looked for is checked as it is written
    connection.execute(f"set allowed_directories = [{', '.join(map(_quoted, sorted(allowed)))}]")
    connection.execute("set enable_external_access = false")
    connection.execute("set lock_configuration = true")


def _table_sql(data: Path, table: TableSchema) -> str:
    """All columns of today's schema; what an older release did not write is worked out, or else empty."""
    found = sorted((data / table.name).glob("*.parquet"))
    if not found:
        return f"select {', '.join(_absent(field) for field in table.arrow)} where false"
    present = set(_written_columns(found[0]))
    columns = ", ".join(f'"{f.name}"' if f.name in present else _absent(f) for f in table.arrow)
    stored = f"read_parquet({_quoted(_as_pattern(data / table.name) + '/*.parquet')})"
    derived = [name for name in _LEADS if name in table.arrow.names and name not in present]
    if derived:
        units = _LEAD_UNITS.format(units=_table_sql(data, BY_NAME["task_units"]))
        known = ", ".join(f"coalesce(led.{name}, []) as {name}" for name in derived)
        stored = f"(select own.*, {known} from {stored} own left join ({units}) led using (task_id))"
        columns = ", ".join(f'"{f.name}"' if f.name in {*present, *derived} else _absent(f) for f in table.arrow)
    return f"select {columns} from {stored}"


def _written_columns(path: Path) -> list[str]:
    try:
        names: list[str] = pq.read_schema(path).names
    except pa.ArrowInvalid as damage:
        raise LakeError(f"Bảng {path} bị hỏng. / The table {path} is damaged.") from damage
    except OSError as fault:
        raise LakeError(
            f"Không đọc được bảng {path}: {refused(fault)}."
            f" / The table {path} cannot be read: {refused_in_english(fault)}."
        ) from fault
    return names


def _absent(field: pa.Field) -> str:
    kind = sql_type(field.type)
    if field.nullable:
        return f'cast(null as {kind}) as "{field.name}"'
    blank = {"VARCHAR": "''", "BOOLEAN": "false"}.get(kind, "[]" if kind.endswith("[]") else "0")
    return f'cast({blank} as {kind}) as "{field.name}"'


def sql_type(kind: pa.DataType) -> str:
    """The DuckDB type of an Arrow type of the schema."""
    if pa.types.is_list(kind):
        return sql_type(kind.value_type) + "[]"
    if pa.types.is_struct(kind):
        parts = (kind.field(position) for position in range(kind.num_fields))
        return "STRUCT(" + ", ".join(f'"{part.name}" {sql_type(part.type)}' for part in parts) + ")"
    names = {"string": "VARCHAR", "int32": "INTEGER", "date32[day]": "DATE", "bool": "BOOLEAN", "float": "FLOAT"}
    return names.get(str(kind), "TIMESTAMPTZ")


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def _as_pattern(path: Path) -> str:
    """The path as DuckDB's file patterns write it, where [, * and ? have a meaning."""
    return re.sub(r"([\[*?])", r"[\1]", str(path.resolve()))
