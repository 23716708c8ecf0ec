"""The batch: which files are taken, what is skipped, and that no file can take the others with it."""

import hashlib
import os
import shutil
from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from extractors.errors import Reason, SurroundingsError, VocabularyError
from pipeline.batch import Step, Summary, ingest
from pipeline.pool import Limits
from pipeline.sources import list_files
from pipeline.store.lock import StoreLockedError
from pipeline.store.parquet import Store
from pipeline.store.schema import TABLES

SAMPLE = "store_samples:read_sample"
HOSTILE = "hostile_jobs:read_hostile"
SHORT = Limits(seconds=5, memory=512 << 20)


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
    os.mkfifo(inside / "pipe.txt")
    write(inside / "parsed", table="1 3")
    found = list_files([inside], leave_out=[inside / "parsed"]).files
    assert [file.path for file in found] == [str(inside / "a.txt")]


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
    run(folder, tmp_path / "out", HOSTILE)
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
    limits = replace(SHORT, seconds=3, longest=9)
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
