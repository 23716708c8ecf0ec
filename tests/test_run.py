"""The batch: which files are taken, what is skipped, and that no file can take the others with it."""

import errno
import hashlib
import json
import os
import shutil
import signal
import subprocess
import sys
import threading
import time
import zipfile
from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from multiprocessing import Pipe
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from extractors.errors import Reason, SurroundingsError, VocabularyError
from pipeline.batch import Step, Summary, ingest
from pipeline.ledger.database import open_ledger
from pipeline.ledger.files import FileBook, FileState
from pipeline.pool import Limits, Pool
from pipeline.settings import SettingsError
from pipeline.sources import list_files
from pipeline.store.changes import RowChange
from pipeline.store.lock import StoreLockedError
from pipeline.store.parquet import Store
from pipeline.store.schema import TABLES
from pipeline.worker import Ready

SAMPLE = "store_samples:read_sample"
HOSTILE = "hostile_jobs:read_hostile"
SHORT = Limits(seconds=15, memory=512 << 20)


PLAN = """\
SỞ XÂY DỰNG TỈNH BÌNH SƠN
Số: 12/KH-SXD
Bình Sơn, ngày 05 tháng 01 năm 2021
KẾ HOẠCH
Cải cách hành chính năm 2021
II. TỔ CHỨC THỰC HIỆN
1. Văn phòng Sở chủ trì rà soát thủ tục hành chính, hoàn thành trước ngày 31/12/2021.
"""


def write(folder: Path, **files: str) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in files.items():
        (folder / f"{name}.txt").write_text(text, encoding="utf-8")
    return folder


def run(folder: Path, out: Path, target: str = SAMPLE, **options: Any) -> Summary:
    return ingest([folder], out, workers=2, target=target, limits=SHORT, **options)


def rows(out: Path, table: str) -> list[dict[str, Any]]:
    return pd.read_parquet(out / table).to_dict("records")


def names(out: Path) -> list[str]:
    return sorted(row["source_uri"].rsplit("/", 1)[-1] for row in rows(out, "documents"))


def digests(out: Path, *, but: Iterable[str] = ()) -> dict[str, str]:
    kept = [t.name for t in TABLES if t.name not in but]
    return {name: hashlib.sha256((out / name / f"{name}.parquet").read_bytes()).hexdigest() for name in kept}


# ---- which files are taken


def test_folders_are_searched_and_passing_files_left(tmp_path: Path) -> None:
    wanted = ["a.txt", "sub/b.docx", "sub/deep/c", "Kế hoạch số 1.pdf", " leading.txt", "-dash.txt", "new\nline.txt"]
    passing = [".hidden.txt", "~$a.docx", "d.part", "e.tmp", "f.crdownload", "Thumbs.db", ".git/config", "g.txt~"]
    for name in wanted + passing:
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("x")
    found = [os.path.relpath(file.path, tmp_path) for file in list_files([tmp_path]).files]
    assert found == sorted(wanted)


def test_links_out_of_the_folder_pipes_and_the_output_are_left(tmp_path: Path) -> None:
    inside = write(tmp_path / "raw", a="1 1")
    write(tmp_path / "elsewhere", secret="1 2")
    (inside / "out.txt").symlink_to(tmp_path / "elsewhere" / "secret.txt")
    (inside / "folder").symlink_to(tmp_path / "elsewhere")
    (inside / "broken.txt").symlink_to(inside / "nothing")
    (inside / "loop").symlink_to(inside)
    (inside / "again.txt").symlink_to(inside / "a.txt")
    os.mkfifo(inside / "pipe.txt")
    write(inside / "parsed", table="1 3")
    listing = list_files([inside], leave_out=[inside / "parsed"])
    assert [file.path for file in listing.files] == [str(inside / name) for name in ("a.txt", "again.txt")]
    left = tuple(str(inside / name) for name in ("broken.txt", "folder", "out.txt"))
    assert listing.links == left
    summary = run(inside, inside / "parsed")
    assert (summary.read, summary.copies) == (1, 1)
    (told,) = summary.warnings
    assert "3 liên kết" in told
    assert all(link in told for link in left)


def test_a_file_given_by_name_is_taken_whatever_its_name_and_once(tmp_path: Path) -> None:
    write(tmp_path, **{".odd": "1 1"})
    odd = tmp_path / ".odd.txt"
    assert [file.path for file in list_files([odd, odd, str(odd)]).files] == [str(odd)]


def test_a_path_that_is_not_there_is_refused_before_anything_runs(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        ingest([tmp_path / "nothing"], tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_a_relative_path_is_the_same_place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path / "raw", a="1 1")
    run(tmp_path / "raw", tmp_path / "out")
    monkeypatch.chdir(tmp_path)
    again = run(Path("raw"), Path("out"))
    assert (again.known, again.read) == (1, 0)
    assert len(rows(tmp_path / "out", "documents")) == 1


def test_names_that_are_hard_to_write_are_stored_and_found_again(tmp_path: Path) -> None:
    hard = [
        b" a b.txt",
        "Kế hoạch (số 1) – mới.txt".encode(),
        b"line\nbreak.txt",
        b"-rf.txt",
        b"bytes\xff.txt",
        b"'\".txt",
    ]
    for number, name in enumerate(hard):
        with open(os.path.join(os.fsencode(tmp_path), name), "w") as file:
            file.write(f"1 {number}")
    assert run(tmp_path, tmp_path / "out").read == len(hard)
    assert run(tmp_path, tmp_path / "out").known == len(hard)
    assert "bytes\\xff.txt" in names(tmp_path / "out")
    assert "line\nbreak.txt" in names(tmp_path / "out")


# ---- once, again, changed


def test_written_twice_is_written_once(tmp_path: Path) -> None:
    folder = write(tmp_path / "raw", a="2 1", b="3 2")
    first = run(folder, tmp_path / "out")
    before = digests(tmp_path / "out")
    second = run(folder, tmp_path / "out")
    assert (first.read, first.known, first.tasks) == (2, 0, 5)
    assert (second.read, second.known, second.tasks) == (0, 2, 5)
    assert second.findings == first.findings
    assert digests(tmp_path / "out") == before


def test_read_again_gives_the_same_bytes(tmp_path: Path) -> None:
    folder = write(tmp_path / "raw", a="2 1", b="3 2")
    run(folder, tmp_path / "out")
    before = digests(tmp_path / "out", but=["documents"])
    again = run(folder, tmp_path / "out", reparse=True)
    assert again.read == 2
    assert digests(tmp_path / "out", but=["documents"]) == before


def test_a_changed_file_takes_the_place_of_its_old_content_which_stays(tmp_path: Path) -> None:
    folder = write(tmp_path / "raw", a="2 1", b="3 2")
    run(folder, tmp_path / "out")
    write(folder, a="5 1")
    changed = run(folder, tmp_path / "out")
    assert (changed.read, changed.known, changed.removed, changed.superseded) == (1, 1, 0, 1)
    found = {row["task_count"]: row for row in rows(tmp_path / "out", "documents")}
    assert set(found) == {2, 3, 5}
    assert found[2]["superseded_by"] == found[5]["document_id"]
    assert found[2]["source_uri"] == found[5]["source_uri"]
    assert pd.notna(found[2]["source_removed_at"])
    assert pd.isna(found[5]["source_removed_at"])
    assert len(rows(tmp_path / "out", "tasks")) == 10
    assert ("info", "document.duplicate") not in changed.findings


def test_one_content_under_two_names_is_one_document_with_a_notice(tmp_path: Path) -> None:
    folder = write(tmp_path / "raw", b="2 1", a="2 1")
    summary = run(folder, tmp_path / "out")
    (document,) = rows(tmp_path / "out", "documents")
    assert (summary.read, summary.copies, summary.tasks) == (1, 1, 2)
    assert document["source_uri"].endswith("/a.txt")
    assert [uri.rsplit("/", 1)[-1] for uri in document["copies"]] == ["b.txt"]
    assert summary.findings["info", "document.duplicate"] == 1


def test_a_copy_found_later_is_linked_without_reading(tmp_path: Path) -> None:
    folder = write(tmp_path / "raw", b="2 1")
    run(folder, tmp_path / "later")
    write(folder, a="2 1")
    assert run(folder, tmp_path / "later").read == 0
    run(folder, tmp_path / "once")
    assert digests(tmp_path / "later", but=["documents"]) == digests(tmp_path / "once", but=["documents"])
    (later,), (once,) = rows(tmp_path / "later", "documents"), rows(tmp_path / "once", "documents")
    assert later["source_uri"] == once["source_uri"]
    assert list(later["copies"]) == list(once["copies"])


def test_two_files_that_swap_their_contents_keep_both(tmp_path: Path) -> None:
    folder = write(tmp_path / "raw", a="2 1", b="3 2")
    run(folder, tmp_path / "out")
    write(folder, a="3 2", b="2 1")
    assert run(folder, tmp_path / "out").read == 0
    places = {row["number"]: row["source_uri"].rsplit("/", 1)[-1] for row in rows(tmp_path / "out", "documents")}
    assert places == {"1": "b.txt", "2": "a.txt"}


def test_another_day_tells_anew_what_is_overdue_without_reading(tmp_path: Path) -> None:
    folder = write(tmp_path / "raw", a="2 1", b="3 2")
    before, after = date(2021, 12, 31), date(2022, 1, 1)
    real = "pipeline.run:read_file"
    for name in ("a", "b"):
        (folder / f"{name}.txt").write_text(f"{PLAN}Nơi nhận:\n- Lưu: VT, {name}.\n", encoding="utf-8")
    assert ("info", "deadline.overdue") not in run(folder, tmp_path / "out", real, as_of=before).findings
    judged = run(folder, tmp_path / "out", real, as_of=after)
    assert judged.read == 0
    assert judged.findings["info", "deadline.overdue"] == 2
    fresh = run(folder, tmp_path / "fresh", real, as_of=after)
    assert fresh.findings == judged.findings
    assert digests(tmp_path / "out", but=["documents"]) == digests(tmp_path / "fresh", but=["documents"])
    assert {str(row["as_of"])[:10] for row in rows(tmp_path / "out", "documents")} == {"2022-01-01"}
    assert run(folder, tmp_path / "out", real).findings == judged.findings
    assert run(folder, tmp_path / "out", real, reparse=True).findings == judged.findings  # the day stays what it was
    run(folder, tmp_path / "out", real, as_of=before)
    assert not [row for row in rows(tmp_path / "out", "findings") if row["rule"] == "deadline.overdue"]


def test_progress_counts_every_file_once(tmp_path: Path) -> None:
    folder = write(tmp_path / "raw", a="2 1", b="2 1", c="1 3")
    steps: list[Step] = []
    run(folder, tmp_path / "out", progress=steps.append)
    assert [step.done for step in steps] == [1, 2, 3]
    assert {step.total for step in steps} == {3}


def test_an_empty_folder_is_an_empty_store(tmp_path: Path) -> None:
    (tmp_path / "raw").mkdir()
    assert run(tmp_path / "raw", tmp_path / "out").files == 0
    assert rows(tmp_path / "out", "tasks") == []


def test_every_commit_size_gives_the_same_store(tmp_path: Path) -> None:
    folder = write(tmp_path / "raw", **{f"f{n}": f"{n % 4} {n}" for n in range(12)})
    run(folder, tmp_path / "often", commit_seconds=0.0)
    run(folder, tmp_path / "once", commit_seconds=600.0)
    assert digests(tmp_path / "often", but=["documents"]) == digests(tmp_path / "once", but=["documents"])


def test_a_table_that_was_taken_away_is_made_again(tmp_path: Path) -> None:
    folder = write(tmp_path / "raw", a="2 1", b="3 2")
    run(folder, tmp_path / "out")
    before = digests(tmp_path / "out", but=["documents"])
    shutil.rmtree(tmp_path / "out" / "tasks")
    assert run(folder, tmp_path / "out").read == 2
    assert digests(tmp_path / "out", but=["documents"]) == before


# ---- files that take their worker with them


@pytest.mark.parametrize(
    ("deed", "reason"),
    [
        ("hang", Reason.TIMEOUT),
        ("crash", Reason.CRASHED),
        ("leave", Reason.CRASHED),
        ("memory", Reason.OUT_OF_MEMORY),
        ("bug", Reason.INTERNAL_ERROR),
    ],
)
def test_a_bad_file_is_a_failure_and_the_others_are_read(deed: str, reason: Reason, tmp_path: Path) -> None:
    folder = write(tmp_path / "raw", a="2 1", bad=f"{deed} 1", c="3 2", d="1 3")
    summary = run(folder, tmp_path / "out", HOSTILE)
    assert [(f.reason, f.source_uri.rsplit("/", 1)[-1]) for f in summary.failures] == [(reason, "bad.txt")]
    assert names(tmp_path / "out") == ["a.txt", "c.txt", "d.txt"]
    (row,) = rows(tmp_path / "out", "failures")
    assert row["reason"] == reason.value
    assert row["sha256"] == hashlib.sha256((folder / "bad.txt").read_bytes()).hexdigest()
    assert "Traceback" not in row["message"]


def test_a_bug_leaves_its_traceback_in_the_log_only(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    folder = write(tmp_path / "raw", bad="bug 1")
    summary = run(folder, tmp_path / "out", HOSTILE)
    assert summary.bugs == 1
    assert summary.log is not None
    log = summary.log.read_text(encoding="utf-8")
    assert "ZeroDivisionError: a bug of ours" in log
    assert "bad.txt" in log
    assert capfd.readouterr() == ("", "")


def test_a_failure_that_may_pass_is_tried_again_and_then_forgotten(tmp_path: Path) -> None:
    folder = write(tmp_path / "raw", a="bug 1")
    run(folder, tmp_path / "out", HOSTILE)
    first = rows(tmp_path / "out", "failures")
    run(folder, tmp_path / "out", HOSTILE, retry=True)
    assert rows(tmp_path / "out", "failures") == first
    write(folder, a="2 1")
    assert run(folder, tmp_path / "out", HOSTILE).failures == ()
    assert rows(tmp_path / "out", "failures") == []
    assert names(tmp_path / "out") == ["a.txt"]


def test_a_file_that_breaks_keeps_its_last_good_reading(tmp_path: Path) -> None:
    folder = write(tmp_path / "raw", a="2 1")
    run(folder, tmp_path / "out", HOSTILE)
    write(folder, a="bug 1")
    assert len(run(folder, tmp_path / "out", HOSTILE).failures) == 1
    assert names(tmp_path / "out") == ["a.txt"]
    write(folder, a="2 1")
    assert run(folder, tmp_path / "out", HOSTILE).failures == ()
    assert rows(tmp_path / "out", "failures") == []


def test_a_worker_killed_from_outside_does_not_cost_the_file(tmp_path: Path) -> None:
    folder = write(tmp_path / "raw", a="killed-once 2 1")
    assert run(folder, tmp_path / "out", HOSTILE).failures == ()
    assert (folder / "a.txt.killed~").exists()
    assert names(tmp_path / "out") == ["a.txt"]


def test_a_file_that_gets_on_page_by_page_has_time_for_each_page_but_not_for_ever(tmp_path: Path) -> None:
    folder = write(tmp_path / "raw", long="pages 2 1", endless="endless-pages 2 2")
    limits = replace(SHORT, seconds=8, longest=20)
    summary = ingest([folder], tmp_path / "out", workers=2, target=HOSTILE, limits=limits)
    assert [(f.reason, f.source_uri.rsplit("/", 1)[-1]) for f in summary.failures] == [(Reason.TIMEOUT, "endless.txt")]
    assert names(tmp_path / "out") == ["long.txt"]


def test_a_worker_that_floods_its_output_is_read(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    run(write(tmp_path / "raw", a="chatter 2 1", b="2 2"), tmp_path / "out", HOSTILE)
    assert names(tmp_path / "out") == ["a.txt", "b.txt"]
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize(("deed", "error"), [("machine", SurroundingsError), ("vocabulary", VocabularyError)])
def test_what_is_no_files_fault_stops_the_run(deed: str, error: type[Exception], tmp_path: Path) -> None:
    folder = write(tmp_path / "raw", a=f"{deed} 1")
    with pytest.raises(error):
        run(folder, tmp_path / "out", HOSTILE)
    assert rows(tmp_path / "out", "failures") == []


def test_a_target_that_cannot_start_is_said_once(tmp_path: Path) -> None:
    with pytest.raises(SurroundingsError, match="no_such_module"):
        run(write(tmp_path / "raw", a="1 1"), tmp_path / "out", "no_such_module:read")


def test_workers_are_replaced_before_they_grow_old(tmp_path: Path) -> None:
    folder = write(tmp_path / "raw", **{f"f{n}": f"1 {n}" for n in range(7)})
    limits = replace(SHORT, jobs_per_worker=2)
    assert ingest([folder], tmp_path / "out", workers=2, limits=limits, target=SAMPLE).read == 7


def test_a_worker_that_keeps_memory_is_replaced() -> None:
    limits = replace(SHORT, growth=50 << 20)
    told = [pid for _, pid in Pool("hostile_jobs:hoard", 1, limits).run(range(12))]
    assert len(told) == 12
    assert 1 < len(set(told)) < 12


def test_workers_do_without_pandas() -> None:
    assert [alone for _, alone in Pool("hostile_jobs:without_pandas", 1, SHORT).run([1])] == [True]


def test_a_file_that_cannot_be_opened_or_is_too_large_is_a_failure(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pipeline.batch.LARGEST_FILE", 100)
    folder = write(tmp_path / "raw", a="1 1", large="1 2" + " " * 200)
    os.mkfifo(folder / "pipe")
    summary = ingest([folder, folder / "pipe"], tmp_path / "out", target=SAMPLE)
    assert {f.source_uri.rsplit("/", 1)[-1]: f.reason for f in summary.failures} == {
        "large.txt": Reason.TOO_LARGE,
        "pipe": Reason.UNREADABLE,
    }
    assert summary.read == 1


def test_a_second_run_is_turned_away_and_changes_nothing(tmp_path: Path) -> None:
    folder = write(tmp_path / "raw", a="1 1")
    with Store.writing(tmp_path / "out"), pytest.raises(StoreLockedError):
        run(folder, tmp_path / "out")
    assert rows(tmp_path / "out", "documents") == []


def test_assignments_in_prose_beside_a_table_come_on_request_and_go_again(tmp_path: Path) -> None:
    text = (
        "Số: 5/KH-SXD\nKẾ HOẠCH\nCông tác năm 2024\n\nTT\tNội dung\tChủ trì\tThời gian\n"
        "1\tRà soát\tVăn phòng Sở\tQuý I/2024\n\n"
        "III. TỔ CHỨC THỰC HIỆN\n\n1. Văn phòng Sở\n\n- Theo dõi, đôn đốc việc thực hiện Kế hoạch này.\n"
    )
    write(tmp_path / "raw", ke_hoach=text)
    for asked, sources in ((False, ["table"]), (True, ["table", "narrative"]), (False, ["table"])):
        ingest([tmp_path / "raw"], tmp_path / "out", workers=1, prose_tasks=asked)
        assert [row["source"] for row in rows(tmp_path / "out", "tasks")] == sources


# ---- files that are being written, that go and come back


def by_state(out: Path) -> dict[str, bool]:
    """Base name -> whether the source is there."""
    return {row["source_uri"].rsplit("/", 1)[-1]: pd.isna(row["source_removed_at"]) for row in rows(out, "documents")}


def test_a_file_that_is_being_written_waits_and_then_is_read(tmp_path: Path) -> None:
    folder = write(tmp_path / "raw", a="2 1")
    ended = threading.Event()

    def write_on() -> None:
        while not ended.wait(0.05):
            with open(folder / "growing.txt", "a", encoding="utf-8") as file:
                file.write(" ")

    writer = threading.Thread(target=write_on)
    writer.start()
    while not (folder / "growing.txt").exists():
        time.sleep(0.01)
    summary = run(folder, tmp_path / "out", stable_seconds=3)  # the writer may have to wait for a busy machine
    ended.set()
    writer.join()
    assert (summary.read, summary.failures) == (1, ())
    assert [uri.rsplit("/", 1)[-1] for uri in summary.waiting] == ["growing.txt"]
    assert summary.exit_code == 0
    with open_ledger(tmp_path / "out.state") as ledger:
        assert [note.address for note in FileBook(ledger).notes(FileState.WAITING)] == list(summary.waiting)
    write(folder, growing="3 2")
    assert run(folder, tmp_path / "out", stable_seconds=0.5).read == 1
    with open_ledger(tmp_path / "out.state") as ledger:
        assert FileBook(ledger).notes(FileState.WAITING) == ()


@pytest.mark.parametrize("offset", [-3600, 0, 3600, 10**9])
def test_a_clock_that_is_wrong_keeps_no_file_out(offset: int, tmp_path: Path) -> None:
    folder = write(tmp_path / "raw", a="2 1")
    os.utime(folder / "a.txt", (time.time() + offset,) * 2)
    assert run(folder, tmp_path / "out", stable_seconds=0.2).read == 1
    assert run(folder, tmp_path / "out", stable_seconds=0.2).known == 1


def test_a_file_written_to_after_it_was_hashed_is_left(tmp_path: Path) -> None:
    summary = run(write(tmp_path / "raw", a="2 1", b="rewritten 1 2"), tmp_path / "out", HOSTILE)
    assert (summary.read, summary.failures) == (1, ())
    assert [uri.rsplit("/", 1)[-1] for uri in summary.waiting] == ["b.txt"]
    assert names(tmp_path / "out") == ["a.txt"]
    assert run(tmp_path / "raw", tmp_path / "out").read == 1


def test_a_removed_source_is_marked_and_its_rows_stay_until_it_returns(tmp_path: Path) -> None:
    folder = write(tmp_path / "raw", a="2 1", b="3 2")
    run(folder, tmp_path / "out")
    before = digests(tmp_path / "out")
    (folder / "a.txt").unlink()
    gone = run(folder, tmp_path / "out")
    assert (gone.removed, gone.known, gone.exit_code) == (1, 1, 0)
    assert by_state(tmp_path / "out") == {"a.txt": False, "b.txt": True}
    assert len(rows(tmp_path / "out", "tasks")) == 5
    assert run(folder, tmp_path / "out").removed == 0
    write(folder, a="2 1")
    assert run(folder, tmp_path / "out").read == 0
    assert digests(tmp_path / "out") == before


def test_a_file_that_moves_is_neither_read_nor_removed(tmp_path: Path) -> None:
    folder = write(tmp_path / "raw", a="2 1", b="3 2")
    run(folder, tmp_path / "out")
    (folder / "2021").mkdir()
    (folder / "a.txt").rename(folder / "2021" / "kế hoạch.txt")
    assert run(folder, tmp_path / "out").read == 0
    assert by_state(tmp_path / "out") == {"kế hoạch.txt": True, "b.txt": True}


def test_a_run_over_another_folder_removes_nothing(tmp_path: Path) -> None:
    first, second = write(tmp_path / "raw", a="2 1"), write(tmp_path / "raw2", b="3 2")
    run(first, tmp_path / "out")
    (first / "a.txt").unlink()
    assert run(second, tmp_path / "out").removed == 0
    assert all(by_state(tmp_path / "out").values())


@pytest.mark.parametrize("how", ["missing", "empty", "broken link"])
def test_a_share_that_is_away_marks_nothing_and_is_told(how: str, tmp_path: Path) -> None:
    mounted, local = write(tmp_path / "mounted", a="2 1", b="1 3"), write(tmp_path / "local", c="3 2")
    share = tmp_path / "share"
    if how == "broken link":
        share.symlink_to(mounted)
    else:
        mounted.rename(share)

    def again(**options: Any) -> Summary:
        return ingest([share, local], tmp_path / "out", workers=1, target=SAMPLE, limits=SHORT, **options)

    assert again().read == 3
    before = digests(tmp_path / "out")
    shutil.rmtree(mounted if how == "broken link" else share)
    if how == "empty":
        share.mkdir()
    summary = again()
    assert (summary.removed, len(summary.warnings), summary.exit_code) == (0, 1, 1)
    assert digests(tmp_path / "out") == before
    if how == "empty":
        emptied = again(accept_empty=True)
        assert (emptied.removed, emptied.warnings) == (2, ())
        assert by_state(tmp_path / "out") == {"a.txt": False, "b.txt": False, "c.txt": True}


def test_a_folder_that_cannot_be_listed_says_nothing_about_its_files(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = write(tmp_path / "raw", a="2 1")
    write(folder / "in" / "deep", b="3 2")
    run(folder, tmp_path / "out")
    listed = os.scandir

    def failing(path: str) -> Any:
        if str(path).endswith("/in"):
            raise OSError(errno.EIO, "Input/output error")
        return listed(path)

    monkeypatch.setattr(os, "scandir", failing)  # as root every folder can be listed, so the disk has to fail
    summary = run(folder, tmp_path / "out")
    assert (summary.removed, summary.known, len(summary.warnings)) == (0, 1, 1)
    assert all(by_state(tmp_path / "out").values())


def test_when_no_source_is_there_nothing_is_done(tmp_path: Path) -> None:
    folder = write(tmp_path / "raw", a="2 1")
    run(folder, tmp_path / "out")
    shutil.rmtree(folder)
    with pytest.raises(SurroundingsError, match="raw"):
        run(folder, tmp_path / "out")
    assert by_state(tmp_path / "out") == {"a.txt": True}


def test_a_file_that_leaves_its_archive_is_removed_but_not_when_the_archive_cannot_be_opened(tmp_path: Path) -> None:
    folder, out = tmp_path / "raw", tmp_path / "out"
    folder.mkdir()

    def pack(**files: str) -> None:
        with zipfile.ZipFile(folder / "goi.zip", "w") as bundle:
            for name, text in files.items():
                bundle.writestr(f"{name}.txt", text)

    def take() -> tuple[int, dict[str, bool]]:
        summary = ingest([folder], out, workers=1, limits=SHORT)
        return summary.removed, by_state(out)

    pack(a=PLAN, b=PLAN.replace("12/KH", "13/KH"))
    assert take() == (0, {"a.txt": True, "b.txt": True})
    pack(b=PLAN.replace("12/KH", "13/KH"))
    assert take() == (1, {"a.txt": False, "b.txt": True})
    (folder / "goi.zip").write_bytes(b"PK\x03\x04 no more")
    assert take() == (0, {"a.txt": False, "b.txt": True})
    (folder / "goi.zip").unlink()
    write(folder, other=PLAN.replace("12/KH", "14/KH"))
    assert take() == (2, {"a.txt": False, "b.txt": False, "other.txt": True})  # the archive's own failure went too


# ---- settings of a run, and what reading anew has changed


def test_findings_that_nobody_wants_are_left_out(tmp_path: Path) -> None:
    folder = write(tmp_path / "raw", a=PLAN, b=PLAN + " ")
    real = "pipeline.run:read_file"
    told = {rule for _, rule in run(folder, tmp_path / "out", real).findings}
    assert "document.duplicate" in told
    for off in sorted(told):
        left = {rule for _, rule in run(folder, tmp_path / "out", real, rules_off=(off,)).findings}
        assert left == told - {off}
    assert {rule for _, rule in run(folder, tmp_path / "out", real).findings} == told
    with pytest.raises(SettingsError, match=r"no\.such"):
        run(folder, tmp_path / "out", real, rules_off=("no.such",))


def test_reading_anew_tells_each_row_that_changes(tmp_path: Path) -> None:
    folder = write(tmp_path / "raw", a="3 1", b="2 2")
    told: list[RowChange] = []
    run(folder, tmp_path / "out", on_change=told.append)
    assert run(folder, tmp_path / "out", reparse=True, on_change=told.append).changed == {}
    assert told == []
    summary = run(folder, tmp_path / "out", "store_samples:read_otherwise", reparse=True, on_change=told.append)
    assert summary.changed == {
        ("documents", "changed"): 2,
        ("tasks", "changed"): 2,
        ("tasks", "gained"): 2,
        ("tasks", "lost"): 2,
        ("findings", "lost"): 2,
        ("findings", "gained"): 2,
    }
    assert len(told) == sum(summary.changed.values())
    (first, _) = [change for change in told if (change.table, change.kind) == ("tasks", "changed")]
    assert first.fields["due_date"] == (date(2021, 12, 31), date(2021, 11, 30))
    assert {"due_date", "deadlines", "deadline_text"} == set(first.fields)
    assert run(folder, tmp_path / "out", "store_samples:read_otherwise", reparse=True).changed == {}


def test_a_structured_log_has_a_line_for_each_step_and_no_words_of_a_document(tmp_path: Path) -> None:
    folder = write(tmp_path / "raw", a=PLAN, b="")
    summary = run(folder, tmp_path / "out", "pipeline.run:read_file", log_json=True)
    text = (tmp_path / "out.state" / "log.jsonl").read_text(encoding="utf-8")
    lines = [json.loads(line) for line in text.splitlines()]
    stages = [line["stage"] for line in lines]
    assert (stages[:2], stages[-2:]) == (["started", "found"], ["stored", "ended"])
    assert sorted(stages[2:-2]) == ["failed", "read"]  # whichever worker ends first
    assert {line["run_id"] for line in lines} == {summary.run_id}
    read = next(line for line in lines if line["stage"] == "read")
    assert set(read["seconds"]) == {"extract", "read", "check"}
    assert next(line for line in lines if line["stage"] == "failed")["reason"] == "empty"
    assert "Văn phòng" not in text


def test_a_worker_killed_while_it_starts_is_replaced(tmp_path: Path) -> None:
    folder, out = write(tmp_path / "raw", a="2 1", b="3 2"), tmp_path / "out"
    ended = threading.Event()

    def kill_the_first() -> None:
        children = Path(f"/proc/{os.getpid()}/task")
        while not ended.wait(0.005):
            for thread in children.iterdir():
                for child in (thread / "children").read_text().split():
                    if b"pipeline.worker" in Path(f"/proc/{child}/cmdline").read_bytes():
                        os.kill(int(child), signal.SIGKILL)
                        return

    killer = threading.Thread(target=kill_the_first)
    killer.start()
    summary = run(folder, out)
    ended.set()
    killer.join()
    assert (summary.read, summary.failures) == (2, ())


def test_a_worker_whose_parent_is_gone_ends_quietly(tmp_path: Path) -> None:
    """Its parent goes while it works, so that there is nobody to send the result to."""
    news = tmp_path / "news"
    os.mkfifo(news)
    line, theirs = Pipe()
    arguments = [str(theirs.fileno()), "hostile_jobs:read_news", "60", str(1 << 30), str(1 << 30)]
    program = [sys.executable, "-c", "from pipeline.worker import main; main()", *arguments]
    environment = os.environ | {"PYTHONPATH": os.pathsep.join([str(Path(__file__).parent), *sys.path])}
    with subprocess.Popen(program, pass_fds=[theirs.fileno()], stderr=subprocess.PIPE, env=environment) as worker:
        theirs.close()
        assert isinstance(line.recv(), Ready)
        line.send(str(news))
        line.close()
        news.write_text("your parent is gone", encoding="utf-8")
        assert (worker.communicate()[1], worker.returncode) == (b"", 0)
