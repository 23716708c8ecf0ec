"""The same batch on a Dask cluster of real processes: what a worker that is killed leaves, others do."""

import os
import signal
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
from dask_cluster import cluster

from extractors.errors import Reason
from pipeline.batch import Step, ingest
from pipeline.cluster import Cluster, ClusterError, work
from pipeline.pool import Limits
from pipeline.store.schema import TABLES

FILES = 60


@pytest.fixture(scope="module")
def raw(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("raw")
    for number in range(FILES):
        (folder / f"ke-hoach-{number:02d}.txt").write_text(f"{number % 7 + 1} {number}", encoding="utf-8")
    return folder


def content(out: Path) -> dict[str, list[dict[str, object]]]:
    """All rows but the moments of the clock."""
    clock = {"ingested_at", "failed_at"}
    tables = {t.name: pq.read_table(out / t.name) for t in TABLES}
    return {
        name: table.drop_columns([c for c in table.column_names if c in clock]).to_pylist()
        for name, table in tables.items()
    }


def on(address: str, target: str, **limits: int) -> Callable[[int], Cluster]:
    return lambda _jobs: Cluster(address, target, Limits(**limits), patience=20.0)


@pytest.mark.slow
def test_a_killed_worker_changes_nothing_in_the_result(raw: Path, tmp_path: Path) -> None:
    calm = ingest([raw], tmp_path / "calm", workers=1, target="store_samples:read_sample")
    with cluster(tmp_path, workers=2) as (address, workers):

        def kill_one(step: Step) -> None:
            if step.done == FILES // 3:
                os.kill(workers[0].pid, signal.SIGKILL)

        cut = ingest(
            [raw],
            tmp_path / "cut",
            processes=on(address, "store_samples:read_slowly"),
            progress=kill_one,
            commit_seconds=0,
        )
        assert workers[0].wait() == -signal.SIGKILL
        assert workers[1].poll() is None
    assert cut.read == calm.read == FILES
    assert not cut.failures
    assert content(tmp_path / "cut") == content(tmp_path / "calm")


@pytest.mark.slow
def test_limits_of_a_file_hold_on_the_cluster_and_its_workers_live_on(tmp_path: Path) -> None:
    raw = tmp_path / "raw"
    raw.mkdir()
    for name, words in {"treo": "hang", "hong": "crash", "bo-nho": "memory", "tot": "2 7"}.items():
        (raw / f"{name}.txt").write_text(words, encoding="utf-8")
    with cluster(tmp_path, workers=1) as (address, (worker,)):
        summary = ingest(
            [raw],
            tmp_path / "out",
            processes=on(address, "hostile_jobs:read_hostile", seconds=20, memory=1 << 29),
        )
        assert worker.poll() is None
    reasons = {Path(failure.source_uri).stem: failure.reason for failure in summary.failures}
    assert reasons == {"treo": Reason.TIMEOUT, "hong": Reason.CRASHED, "bo-nho": Reason.OUT_OF_MEMORY}
    assert summary.read == 1


@pytest.mark.slow
def test_without_workers_the_run_says_so_and_what_was_read_is_kept(raw: Path, tmp_path: Path) -> None:
    with cluster(tmp_path, workers=1) as (address, (worker,)):

        def kill(step: Step) -> None:
            if step.done == FILES // 3:
                worker.kill()

        with pytest.raises(ClusterError, match="không có máy nào"):
            ingest(
                [raw],
                tmp_path / "out",
                processes=on(address, "store_samples:read_slowly"),
                progress=kill,
                commit_seconds=0,
            )
    kept = pq.read_table(tmp_path / "out" / "documents").num_rows
    assert FILES // 3 <= kept < FILES
    assert ingest([raw], tmp_path / "out", workers=1, target="store_samples:read_sample").known == kept


def test_a_cluster_that_is_not_there_is_told_in_a_sentence(raw: Path, tmp_path: Path, monkeypatch: Any) -> None:
    monkeypatch.setattr("pipeline.cluster._CONNECT_SECONDS", 1)
    with pytest.raises(ClusterError, match="Không kết nối được cụm Dask"):
        ingest([raw], tmp_path / "out", processes=on("tcp://127.0.0.1:9", "store_samples:read_sample"))


def test_a_worker_of_another_version_is_refused() -> None:
    with pytest.raises(ClusterError, match="phiên bản kehoach khác"):
        work(None, "store_samples:read_sample", Limits(), "0.0.1+other")
