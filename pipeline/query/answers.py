"""An answer as CSV, JSON or Parquet."""

import json
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from typing import IO, Any

import pyarrow.parquet as pq

from pipeline.export.files import whole_file
from pipeline.export.sheets import write_csv, write_plain_csv
from pipeline.query.lake import Answer


def write_answer_csv(answer: Answer, stream: IO[str], *, raw: bool) -> None:
    """CSV for a spreadsheet (with the mark that Excel needs, formulas neutralised), or `raw` for programs."""
    if raw:
        write_plain_csv(stream, answer.columns, answer.rows())
    else:
        stream.write("\ufeff")
        write_csv(stream, answer.columns, answer.rows())


def json_lines(answer: Answer) -> Iterator[str]:
    """Each row as one JSON object; days as 2025-12-31."""
    names = answer.columns
    for row in answer.rows():
        yield json.dumps(dict(zip(names, row, strict=True)), default=json_value, ensure_ascii=False)


def write_answer_parquet(answer: Answer, target: Path) -> int:
    """Writes the answer as one Parquet file, in one step; gives the number of rows.

    Raises:
        QueryError: as for `Answer.rows`.
        OSError: the file cannot be written.
    """
    table = answer.table()
    with whole_file(target) as draft:
        pq.write_table(table, draft, compression="zstd")
    count: int = table.num_rows
    return count


def json_value(value: Any) -> Any:
    """What JSON has no word for: days and moments in ISO 8601, the rest as text."""
    return value.isoformat() if isinstance(value, date | datetime) else str(value)
