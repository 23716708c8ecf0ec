"""One table as a file: read in today's columns, written so that equal rows give equal bytes, and put in place."""

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from extractors.errors import SurroundingsError
from extractors.refusals import refused, refused_in_english
from pipeline.store.schema import SCHEMA_VERSION

ROWS_PER_GROUP = 65_536


class StoreError(SurroundingsError):
    """The store cannot be read or written: disk full, no permission, a damaged or newer table."""


def read_table(path: Path, schema: pa.Schema) -> pa.Table:
    """The columns of `schema`, empty (or null) where an older release did not write them; no rows without a file.

    Raises:
        StoreError: the table cannot be read, is damaged, or a newer release wrote it.
    """
    try:
        with pq.ParquetFile(path) as stored:
            _refuse_newer(stored.schema_arrow, path)
            present = stored.schema_arrow.names
            return _in_schema(stored.read([name for name in schema.names if name in present]), schema)
    except FileNotFoundError:
        return schema.empty_table()
    except pa.ArrowInvalid as damage:
        raise StoreError(_damaged(path)) from damage
    except OSError as fault:  # Arrow's own ones have no number: bytes that do not unpack
        raise StoreError(_damaged(path) if fault.errno is None else _unreadable(path, fault)) from fault


def _refuse_newer(schema: pa.Schema, path: Path) -> None:
    version = int((schema.metadata or {}).get(b"schema_version", b"0"))
    if version > SCHEMA_VERSION:
        raise StoreError(
            f"{path} do phiên bản kehoach mới hơn ghi; hãy cập nhật chương trình."
            f" / {path} was written by a newer kehoach (schema {version}); update the program."
        )


def _in_schema(table: pa.Table, schema: pa.Schema) -> pa.Table:
    """A stored table in today's columns: what an older release did not write is empty (or null)."""
    columns = []
    for column in schema:
        if column.name in table.column_names:
            columns.append(table.column(column.name).cast(column.type))
        else:
            columns.append(_absent(column, table.num_rows))
    return pa.table(columns, schema=schema)


def _absent(column: pa.Field, rows: int) -> pa.Array:
    if column.nullable:
        return pa.nulls(rows, column.type)
    if pa.types.is_list(column.type):
        return pa.array([[]] * rows, column.type)
    blank = {"bool": False, "string": "", "int32": 0, "float": 0.0}[str(column.type)]
    return pa.array([blank] * rows, column.type)


def write_table(path: Path, table: pa.Table) -> None:
    """Equal rows give equal bytes: whole columns, fixed group size, one writer thread, nothing of the clock."""
    with open(path, "wb") as file:
        pq.write_table(
            table.combine_chunks(),
            file,
            compression="zstd",
            row_group_size=ROWS_PER_GROUP,
            write_statistics=True,
        )
        file.flush()
        os.fsync(file.fileno())


def write_synced(path: Path, data: bytes) -> None:
    with open(path, "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())


def rename(staged: Path, target: Path) -> None:
    """Puts a file in its place in one step; a share (SMB) may refuse for a moment while a reader holds the old one."""
    for pause in (0.05, 0.2, 1.0, 3.0):
        try:
            os.replace(staged, target)
        except PermissionError:
            time.sleep(pause)
        else:
            return
    os.replace(staged, target)


def sync_folder(path: Path) -> None:
    fd = os.open(path, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(fd)
    finally:
        os.close(fd)


@contextmanager
def plain_errors(root: Path) -> Iterator[None]:
    """What the machine refuses (disk full, no permission) as a StoreError in plain words."""
    try:
        yield
    except OSError as refusal:
        raise StoreError(
            f"Không ghi được vào {root}: {refused(refusal)}. Dữ liệu đã ghi trước đó vẫn nguyên vẹn."
            f" / Cannot write to {root}: {refused_in_english(refusal)}. What was stored before is intact."
        ) from refusal


def _damaged(path: Path) -> str:
    return (
        f"Bảng {path} bị hỏng. Hãy khôi phục thư mục kết quả từ bản sao lưu; nếu không có, xóa thư mục đó rồi chạy lại:"
        " văn bản còn tệp gốc được đọc lại, văn bản không còn tệp gốc thì mất."
        f" / The table {path} is damaged. Restore the output folder from a backup, or delete it and run again:"
        " documents whose files are there are read again, others are lost."
    )


def _unreadable(path: Path, fault: OSError) -> str:
    return (
        f"Không đọc được bảng {path}: {refused(fault)}. / The table {path} cannot be read: {refused_in_english(fault)}."
    )
