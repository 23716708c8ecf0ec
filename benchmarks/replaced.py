"""What readers answer while a Parquet file is replaced under them every few milliseconds, far more often than we do.

    python benchmarks/replaced.py [--seconds 60]

Forty versions of a table take turns. An answer is right if it is that of one version; it may fail, but never mix.
"""

import argparse
import hashlib
import os
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import duckdb
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

VERSIONS = 40
PAUSE = 0.004
Answer = tuple[int, int, int, int]


def version(number: int) -> pa.Table:
    """Rows that all say which version they belong to; each version has another length."""
    rows = range(300 + number)
    return pa.table(
        {
            "id": [hashlib.sha256(str(row).encode()).hexdigest()[:16] for row in rows],
            "version": pa.array([number] * len(rows), pa.int32()),
            "value": pa.array([(row * 7919 + number) % 1000 for row in rows], pa.int32()),
        }
    )


def right(number: int) -> Answer:
    table = version(number).to_pydict()
    return table["version"][0], table["version"][0], len(table["id"]), sum(table["value"])


def by_pandas(folder: Path) -> Answer:
    rows = pd.read_parquet(folder)
    return int(rows["version"].min()), int(rows["version"].max()), len(rows), int(rows["value"].sum())


def by_duckdb(folder: Path) -> Answer:
    with duckdb.connect() as connection:
        query = f"select min(version), max(version), count(id), sum(value) from read_parquet('{folder}/**/*.parquet')"
        ((first, last, count, total),) = connection.sql(query).fetchall()
    return first, last, count, int(total)


def replace_until(ended: threading.Event, folder: Path, files: list[bytes]) -> None:
    turn = 0
    while not ended.wait(PAUSE):
        aside = folder.with_name("aside")
        aside.write_bytes(files[turn % len(files)])
        os.replace(aside, folder / "table.parquet")
        turn += 1


def ask(read: Callable[[Path], Answer], folder: Path, seconds: float, answers: set[Answer]) -> Counter[str]:
    told = Counter[str]()
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        try:
            told["right" if read(folder) in answers else "wrong"] += 1
        except (duckdb.Error, OSError, pa.ArrowInvalid):
            told["failed"] += 1
    return told


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--seconds", type=float, default=60.0)
    asked = arguments.parse_args()
    answers = {right(number) for number in range(VERSIONS)}
    wrong = 0
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary) / "table"
        folder.mkdir()
        for number in range(VERSIONS):
            pq.write_table(version(number), Path(temporary) / str(number), compression="zstd")
        files = [(Path(temporary) / str(number)).read_bytes() for number in range(VERSIONS)]
        (folder / "table.parquet").write_bytes(files[0])
        ended = threading.Event()
        writer = threading.Thread(target=replace_until, args=(ended, folder, files))
        writer.start()
        try:
            for name, read in (("pandas " + pd.__version__, by_pandas), ("DuckDB " + duckdb.__version__, by_duckdb)):
                told = ask(read, folder, asked.seconds / 2, answers)
                wrong += told["wrong"]
                print(f"{name}: {told['right']} right, {told['failed']} failed, {told['wrong']} wrong")
        finally:
            ended.set()
            writer.join()
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    main()
