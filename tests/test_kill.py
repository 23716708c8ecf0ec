"""kill -9 at random moments, with readers looking on: nothing doubled, halved, unreadable or lost."""

import os
import random
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb
import pandas as pd
import pyarrow.parquet as pq
import pytest

from pipeline.store.schema import TABLES

HERE = Path(__file__).parent
FILES = 40
KILLS = 15


def start(raw: Path, out: Path, *more: str) -> subprocess.Popen[bytes]:
    environment = os.environ | {"PYTHONPATH": str(HERE)}
    command = [sys.executable, str(HERE / "ingest_samples.py"), str(raw), str(out), *more]
    return subprocess.Popen(command, env=environment, start_new_session=True)


def content(out: Path) -> dict[str, list[dict[str, object]]]:
    """All rows but the moments of the clock (and the version: someone may be editing the code)."""
    clock = {"ingested_at", "failed_at", "pipeline_version"}
    tables = {t.name: pq.read_table(out / t.name) for t in TABLES}
    return {
        name: table.drop_columns([c for c in table.column_names if c in clock]).to_pylist()
        for name, table in tables.items()
    }


def by_pandas(out: Path, table: str, columns: list[str]) -> list[tuple[object, ...]]:
    return list(pd.read_parquet(out / table, columns=columns).itertuples(index=False, name=None))


def by_duckdb(out: Path, table: str, columns: list[str]) -> list[tuple[object, ...]]:
    source = f"read_parquet('{out}/{table}/**/*.parquet', hive_partitioning=true)"
    with duckdb.connect() as connection:
        return connection.sql(f"select {', '.join(columns)} from {source}").fetchall()


def look(out: Path, read: Callable[[Path, str, list[str]], list[tuple[object, ...]]]) -> int:
    """One look as an analyst takes it; gives the number of documents seen."""
    documents = read(out, "documents", ["document_id", "task_count"])
    tasks = Counter(row[0] for row in read(out, "tasks", ["document_id"]))
    units = Counter(row[0] for row in read(out, "task_units", ["document_id"]))
    identities = Counter(row[0] for row in read(out, "tasks", ["task_id"]))
    assert len({row[0] for row in documents}) == len(documents), "a document twice"
    assert all(count == 1 for count in identities.values()), "a task twice"
    for document, count in documents:
        assert tasks[document] == count, "half a document"
        assert units[document] == 2 * int(str(count)), "half a document"
    return len(documents)


@contextmanager
def readers(out: Path) -> Iterator[Counter[str]]:
    """pandas and DuckDB reading in loops while the block runs; what they met wrong is raised at its end."""
    looks: Counter[str] = Counter()
    wrong: list[BaseException] = []
    ended = threading.Event()

    def loop(name: str, read: Callable[[Path, str, list[str]], list[tuple[object, ...]]]) -> None:
        seen = 0
        while not ended.is_set() and not wrong:
            try:
                now = look(out, read)
                assert now >= seen, "a document is gone"
            except Exception as error:
                wrong.append(error)
                raise
            seen = now
            looks[name] += 1

    threads = [threading.Thread(target=loop, args=pair) for pair in (("pandas", by_pandas), ("duckdb", by_duckdb))]
    for thread in threads:
        thread.start()
    try:
        yield looks
    finally:
        ended.set()
        for thread in threads:
            thread.join()
    assert not wrong, wrong


@pytest.fixture(scope="module")
def raw(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("raw")
    for number in range(FILES):
        (folder / f"ke-hoach-{number:02d}.txt").write_text(f"{number % 7 + 1} {number}", encoding="utf-8")
    return folder


@pytest.mark.slow
@pytest.mark.parametrize("group", [False, True], ids=["writer", "process group"])
def test_killed_runs_leave_what_an_undisturbed_run_leaves(group: bool, raw: Path, tmp_path: Path) -> None:
    calm, cut = tmp_path / "calm", tmp_path / "cut"
    assert start(raw, calm).wait() == 0
    (tmp_path / "none").mkdir()
    assert start(tmp_path / "none", cut).wait() == 0
    chance = random.Random(20260101)
    with readers(cut) as looks:
        for turn in range(KILLS):
            run = start(raw, cut, *(["reparse"] if turn % 3 == 2 else []))
            time.sleep(chance.uniform(0.4, 2.0))
            (os.killpg if group else os.kill)(run.pid, signal.SIGKILL)
            run.wait()
        assert start(raw, cut).wait() == 0
    assert min(looks["pandas"], looks["duckdb"]) > KILLS
    assert content(cut) == content(calm)


@pytest.mark.slow
def test_two_runs_started_together_store_everything_once(raw: Path, tmp_path: Path) -> None:
    first, second = start(raw, tmp_path / "both"), start(raw, tmp_path / "both")
    assert sorted([first.wait(), second.wait()]) == [0, 1]  # one is turned away with StoreLockedError
    assert start(raw, tmp_path / "calm").wait() == 0
    assert content(tmp_path / "both") == content(tmp_path / "calm")


@pytest.mark.slow
def test_workers_end_with_a_killed_run(raw: Path, tmp_path: Path) -> None:
    run = start(raw, tmp_path / "out")
    time.sleep(1.0)
    mine = _descendants(run.pid)
    os.kill(run.pid, signal.SIGKILL)
    run.wait()
    patience = time.monotonic() + 20
    while any(map(_alive, mine)) and time.monotonic() < patience:
        time.sleep(0.1)
    assert not any(map(_alive, mine))


def _descendants(pid: int) -> list[int]:
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return [int(child) for child in children]


def _alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False
