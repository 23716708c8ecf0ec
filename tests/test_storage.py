"""Sources and a copy of the tables in a bucket, on a real S3 server: listed, read, corrected; followed by readers."""

import errno
import os
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow.parquet as pq
import pytest
from s3_server import s3_server

from extractors.errors import SurroundingsError
from pipeline.batch import Summary, ingest
from pipeline.remote import AddressError, filesystem, is_address, list_remote, plain_path
from pipeline.store.published import PublishedCopy, PublishError
from pipeline.store.schema import TABLES

SAMPLE = "store_samples:read_sample"


@pytest.fixture(scope="module")
def s3() -> Iterator[dict[str, str]]:
    with s3_server() as environment:
        yield environment


@pytest.fixture
def bucket(s3: dict[str, str], monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> Any:
    """A bucket of its own for each test: (file system, name)."""
    for name, value in s3.items():
        monkeypatch.setenv(name, value)
    name = f"thu-{abs(hash(request.node.name)) % 10**8}"
    system, _ = filesystem("s3://x")
    system.mkdir(name)
    return system, name


def take(address: str, out: Path, copy: PublishedCopy | None = None, **more: Any) -> Summary:
    return ingest([address], out, workers=1, target=SAMPLE, copy=copy, commit_seconds=0, **more)


def rows(out: Path, table: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = pq.read_table(out / table).to_pylist()
    return found


@pytest.mark.slow
def test_objects_are_found_read_remembered_and_corrected(bucket: Any, tmp_path: Path) -> None:
    system, name = bucket
    for number in range(4):
        system.pipe(f"{name}/ke hoach/năm/kh-{number}.txt", f"2 {number}".encode())
    system.pipe(f"{name}/ke hoach/~$kh-1.txt", b"lock")
    system.pipe(f"{name}/khac/kh.txt", b"2 9")
    address = f"s3://{name}/ke hoach/"
    first = take(address, tmp_path / "out")
    assert (first.read, first.failures) == (4, ())
    places = {row["source_uri"] for row in rows(tmp_path / "out", "documents")}
    assert f"s3://{name}/ke hoach/năm/kh-0.txt" in places
    again = take(address, tmp_path / "out")
    assert (again.read, again.known) == (0, 4)
    system.pipe(f"{name}/ke hoach/năm/kh-0.txt", b"3 0")
    system.rm(f"{name}/ke hoach/năm/kh-1.txt")
    later = take(address, tmp_path / "out")
    assert (later.read, later.known, later.removed) == (1, 2, 1)
    removed = {row["source_uri"] for row in rows(tmp_path / "out", "documents") if row["source_removed_at"]}
    assert f"s3://{name}/ke hoach/năm/kh-1.txt" in removed


@pytest.mark.slow
def test_the_command_reads_a_bundle_from_a_bucket_and_writes_a_copy(
    bucket: Any, s3: dict[str, str], tmp_path: Path
) -> None:
    system, name = bucket
    root = Path(__file__).parent.parent
    source = next(iter(sorted((root / "data" / "raw").glob("*.docx"))))
    system.put_file(str(source), f"{name}/in/{source.name}")
    (tmp_path / "kehoach.toml").write_text(
        f'[intake]\nsources = ["s3://{name}/in"]\npublish = "s3://{name}/bang"\nworkers = 1\n', encoding="utf-8"
    )
    command = [sys.executable, "-c", "from pipeline.cli import main; main()", "ingest"]
    ended = subprocess.run(command, cwd=tmp_path, env=os.environ | s3, capture_output=True, text=True, check=False)
    assert ended.returncode == 0, ended.stderr
    tasks = pd.read_parquet(f"s3://{name}/bang/tasks")
    assert len(tasks) == len(rows(tmp_path / "data" / "parsed", "tasks")) > 0


@pytest.mark.slow
def test_a_bucket_that_cannot_be_listed_changes_nothing(bucket: Any, tmp_path: Path) -> None:
    system, name = bucket
    system.pipe(f"{name}/in/kh.txt", b"2 1")
    take(f"s3://{name}/in", tmp_path / "out")
    before = rows(tmp_path / "out", "documents")
    with pytest.raises(SurroundingsError, match="khong-co-thung"):
        take("s3://khong-co-thung/in", tmp_path / "out")
    (tmp_path / "raw").mkdir()
    summary = ingest(["s3://khong-co-thung/in", tmp_path / "raw"], tmp_path / "out", workers=1, target=SAMPLE)
    assert any("khong-co-thung" in warning for warning in summary.warnings)
    assert rows(tmp_path / "out", "documents") == before


@pytest.mark.slow
def test_readers_of_the_bucket_see_each_document_once_while_it_is_written(bucket: Any, tmp_path: Path) -> None:
    system, name = bucket
    raw = tmp_path / "raw"
    raw.mkdir()
    copy = PublishedCopy(tmp_path / "out", f"s3://{name}/bang", tmp_path / "published.json")
    take(str(raw), tmp_path / "out", copy)
    wrong: list[BaseException] = []
    looks, ended = Counter[str](), threading.Event()

    def look(table: str, columns: list[str]) -> pd.DataFrame:
        return pd.read_parquet(f"{name}/bang/{table}", columns=columns, filesystem=system)

    def read() -> None:
        seen = 0
        while not ended.is_set():
            try:
                documents = look("documents", ["document_id", "task_count"])
                tasks = Counter(look("tasks", ["document_id"])["document_id"])
                assert documents["document_id"].is_unique
                assert all(tasks[one] == count for one, count in documents.itertuples(index=False))
                assert len(documents) >= seen
                seen = len(documents)
                looks["whole"] += 1
            except OSError as replaced:  # between two pieces, and told: the reader reads again
                if replaced.errno != errno.EBUSY:
                    wrong.append(replaced)
                    raise
                looks["expired"] += 1
            except Exception as error:
                wrong.append(error)
                raise

    reader = threading.Thread(target=read)
    reader.start()
    for turn in range(4):
        for number in range(5):
            (raw / f"kh-{turn}-{number}.txt").write_text(f"{number + 1} {turn}{number}", encoding="utf-8")
        before = looks["whole"]
        take(str(raw), tmp_path / "out", copy)
        while looks["whole"] == before and reader.is_alive():  # the reader had no turn on a busy machine
            time.sleep(0.01)
    ended.set()
    reader.join()
    assert not wrong, wrong
    assert looks["whole"] > 3
    for table in TABLES:
        there = pq.read_table(system.open(f"{name}/bang/{table.name}/{table.name}.parquet", "rb"))
        assert there.equals(pq.read_table(tmp_path / "out" / table.name))


@pytest.mark.slow
def test_a_reader_in_pieces_is_told_that_the_object_was_replaced(bucket: Any) -> None:
    system, name = bucket
    system.pipe(f"{name}/a", b"old" * 1000)
    with system.open(f"{name}/a", "rb", block_size=100, cache_type="none") as file:
        assert file.read(3) == b"old"
        system.pipe(f"{name}/a", b"new" * 1000)
        with pytest.raises(OSError, match="no longer exists") as told:
            file.read(3)
    assert told.value.errno == errno.EBUSY


@pytest.mark.slow
def test_a_copy_that_was_cut_or_damaged_is_made_good_and_nothing_is_uploaded_twice(bucket: Any, tmp_path: Path) -> None:
    system, name = bucket
    raw = tmp_path / "raw"
    raw.mkdir()
    (raw / "kh.txt").write_text("2 1", encoding="utf-8")
    note = tmp_path / "published.json"
    copy = PublishedCopy(tmp_path / "out", f"s3://{name}/bang", note)
    take(str(raw), tmp_path / "out", copy)

    def when() -> dict[str, Any]:
        system.invalidate_cache()
        return {path: entry["LastModified"] for path, entry in system.find(f"{name}/bang", detail=True).items()}

    stands = when()
    assert len(stands) == len(TABLES)
    take(str(raw), tmp_path / "out", copy)
    assert when() == stands
    system.rm(f"{name}/bang/tasks/tasks.parquet")
    copy.finish()
    assert pq.read_table(system.open(f"{name}/bang/tasks/tasks.parquet", "rb")).num_rows == 2
    note.unlink()  # killed between upload and note: everything is uploaded once more
    copy.finish()
    assert len(when()) == len(TABLES)


def test_documents_that_are_gone_leave_the_list_before_their_rows(tmp_path: Path) -> None:
    raw = tmp_path / "raw"
    raw.mkdir()
    (raw / "a.txt").write_text("2 1", encoding="utf-8")
    (raw / "b.txt").write_text("2 2", encoding="utf-8")
    there = tmp_path / "chia-se"
    copy = PublishedCopy(tmp_path / "out", str(there), tmp_path / "published.json")
    take(str(raw), tmp_path / "out", copy)
    take(str(raw / "a.txt"), tmp_path / "again")  # the tables were deleted and one document has been read again
    smaller = PublishedCopy(tmp_path / "again", str(there), tmp_path / "published.json")
    order: list[tuple[str, int]] = []

    def watch(event: str, arguments: tuple[Any, ...]) -> None:
        if event == "os.rename" and str(arguments[1]).startswith(str(there)):
            order.append((Path(str(arguments[1])).stem, pq.read_metadata(arguments[0]).num_rows))

    sys.addaudithook(watch)
    smaller.finish()
    moved = [one for one in order if one[0] in ("documents", "tasks")]
    assert moved == [("documents", 1), ("tasks", 2), ("documents", 1)]


def test_an_address_that_cannot_be_written_is_told_and_the_tables_stay(tmp_path: Path) -> None:
    (tmp_path / "raw").mkdir()
    (tmp_path / "raw" / "kh.txt").write_text("2 1", encoding="utf-8")
    (tmp_path / "file").write_text("")
    copy = PublishedCopy(tmp_path / "out", str(tmp_path / "file" / "bang"), tmp_path / "published.json")
    with pytest.raises(PublishError, match="vẫn nguyên vẹn"):
        take(str(tmp_path / "raw"), tmp_path / "out", copy)
    assert len(rows(tmp_path / "out", "documents")) == 1


def test_addresses_and_paths_are_told_apart() -> None:
    assert is_address("s3://bucket/plans")
    assert not is_address("/data/raw")
    assert not is_address("C:\\data")
    assert not is_address("a:b/c.txt")
    assert plain_path("file:///data/raw") == "/data/raw"
    with pytest.raises(AddressError, match="khong-biet"):
        list(list_remote("khong-biet://x/y"))
