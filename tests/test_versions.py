"""Versions: which document takes the place of which, told from tables that were put together by hand."""

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
from store_samples import NOON, plan, sample_reading

from pipeline.plan import PlanDocument
from pipeline.store.arrow import Reading
from pipeline.store.parquet import Change, Store

DAY = timedelta(days=1)


def variant(name: str, *, tasks: int = 4, changed: int = 0, **more: Any) -> PlanDocument:
    """A plan at a place; the first `changed` tasks say something else."""
    made = plan(name, tasks=tasks, data=repr((name, tasks, changed, sorted(more))).encode())
    other = tuple(
        replace(task, content=f"Việc hoàn toàn khác thuộc mảng số {task.sequence} năm nay", extra=())
        if task.sequence <= changed
        else task
        for task in made.tasks
    )
    header = {name: more.pop(name) for name in ("number", "symbol", "issuer", "title") if name in more}
    return replace(made, tasks=other, header=replace(made.header, **header), **more)


class Shelf:
    """A store that days pass over: every `put` is a later run."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.today = NOON
        self.names: dict[str, str] = {}

    def put(self, *plans: PlanDocument, at: str = "", over: str = "") -> None:
        """Takes plans in; `at` is another address for the first, `over` the plan whose address it takes."""
        self.today += DAY
        readings = [sample_reading(one, now=self.today) for one in plans]
        places: dict[str, tuple[str, ...]] = {r.document_id: (r.source_uri,) for r in readings}
        for one, reading in zip(plans, readings, strict=True):
            self.names[reading.document_id] = one.source.uri.rsplit("/", 1)[-1]
        if at:
            places[readings[0].document_id] = (at,)
        if over:
            places[self.id_of(over)] = ()
            places[readings[0].document_id] = (f"/du lieu/{over}",)
        self.commit(Change(tuple(readings), places, at=self.today))

    def take_away(self, name: str) -> None:
        self.today += DAY
        self.commit(Change(places={self.id_of(name): ()}, at=self.today))

    def bring_back(self, name: str, at: str) -> None:
        self.today += DAY
        self.commit(Change(places={self.id_of(name): (at,)}, at=self.today))

    def commit(self, change: Change) -> None:
        with Store.writing(self.root) as store:
            store.commit(change)

    def id_of(self, name: str) -> str:
        return next(document for document, known in self.names.items() if known == name)

    @property
    def versions(self) -> dict[str, str]:
        """Old name -> new name."""
        rows = pq.read_table(self.root / "documents").to_pylist()
        return {
            self.names[row["document_id"]]: self.names[row["superseded_by"]] for row in rows if row["superseded_by"]
        }


@pytest.fixture
def shelf(tmp_path: Path) -> Shelf:
    return Shelf(tmp_path)


PDF = {"media_type": "application/pdf", "extractor": "pdf"}
SCAN = {"media_type": "application/pdf", "extractor": "pdf+scan"}


def test_a_corrected_plan_that_comes_later_supersedes_and_chains_are_followed(shelf: Shelf) -> None:
    shelf.put(variant("a.txt"))
    shelf.put(variant("b.txt", changed=1))
    assert shelf.versions == {"a.txt": "b.txt"}
    shelf.put(variant("c.txt", changed=2))
    assert shelf.versions == {"a.txt": "b.txt", "b.txt": "c.txt"}


def test_files_that_came_together_are_no_versions_of_each_other(shelf: Shelf) -> None:
    shelf.put(variant("a.txt"), variant("b.txt", changed=1))
    assert shelf.versions == {}


def test_another_plan_is_no_version(shelf: Shelf) -> None:
    shelf.put(variant("a.txt"))
    shelf.put(variant("b.txt", changed=1, number="13"))
    assert shelf.versions == {}


def test_twins_stand_side_by_side_whenever_they_come(shelf: Shelf) -> None:
    word = variant("a.docx")
    torn = tuple(replace(task, content=task.content.replace("niêm", "ni êm")) for task in word.tasks)
    shelf.put(word)
    shelf.put(replace(variant("a.pdf", **PDF), tasks=torn))
    shelf.put(variant("copy.txt"))
    assert shelf.versions == {}


def test_a_pdf_with_another_due_day_is_a_version(shelf: Shelf) -> None:
    word = variant("a.docx", tasks=40)
    last = word.tasks[-1]
    due = replace(last.deadlines[0], text="01/01/2022", end=date(2022, 1, 1))
    later = replace(last, deadline_text="01/01/2022", deadlines=(due,))
    shelf.put(word)
    shelf.put(replace(variant("a.pdf", tasks=40, **PDF), tasks=(*word.tasks[:-1], later)))
    assert shelf.versions == {"a.docx": "a.pdf"}


def test_a_scan_never_supersedes_text_but_text_supersedes_a_scan(shelf: Shelf) -> None:
    shelf.put(variant("a.docx"))
    shelf.put(variant("scan.pdf", changed=1, **SCAN))
    assert shelf.versions == {}
    shelf.put(variant("b.docx", changed=2))
    assert shelf.versions == {"a.docx": "b.docx", "scan.pdf": "b.docx"}


def test_an_annex_sent_later_does_not_push_the_plan_aside(shelf: Shelf) -> None:
    shelf.put(variant("plan.docx", tasks=4))
    shelf.put(variant("annex.xlsx", tasks=4, changed=4))
    assert shelf.versions == {}


def test_a_file_without_tasks_pushes_nothing_aside(shelf: Shelf) -> None:
    shelf.put(variant("a.txt"))
    shelf.put(variant("b.txt", tasks=0), over="a.txt")
    assert shelf.versions == {}


def test_a_file_saved_again_supersedes_also_without_other_tasks(shelf: Shelf) -> None:
    shelf.put(variant("a.txt"))
    shelf.put(replace(variant("b.txt", media_type="x"), media_type="text/plain"), over="a.txt")
    assert shelf.versions == {"a.txt": "b.txt"}


def test_a_draft_without_number_is_superseded_at_its_address(shelf: Shelf) -> None:
    shelf.put(variant("draft.txt", number=None))
    shelf.put(variant("final.txt"), over="draft.txt")
    assert shelf.versions == {"draft.txt": "final.txt"}


@pytest.mark.parametrize("other", [{"title": "Kế hoạch khác hẳn"}, {"symbol": "KH-SYT"}, {"number": "99"}])
def test_another_document_at_the_address_supersedes_nothing(other: dict[str, str], shelf: Shelf) -> None:
    shelf.put(variant("a.txt", **({} if "number" in other else {"number": None})))
    shelf.put(variant("b.txt", **other), over="a.txt")
    assert shelf.versions == {}


def test_a_restored_file_is_current_again(shelf: Shelf) -> None:
    shelf.put(variant("a.txt"))
    shelf.put(variant("b.txt", changed=1), over="a.txt")
    shelf.today += DAY
    back = {shelf.id_of("b.txt"): (), shelf.id_of("a.txt"): ("/du lieu/a.txt",)}
    shelf.commit(Change(places=back, at=shelf.today))
    assert shelf.versions == {"b.txt": "a.txt"}
    shelf.take_away("a.txt")
    assert shelf.versions == {"b.txt": "a.txt"}


def test_a_twin_taken_away_leaves_the_other_standing_and_returns(shelf: Shelf) -> None:
    shelf.put(variant("a.docx"))
    shelf.put(variant("a.pdf", **PDF))
    shelf.take_away("a.pdf")
    assert shelf.versions == {"a.pdf": "a.docx"}
    shelf.bring_back("a.pdf", "/du lieu/a.pdf")
    assert shelf.versions == {}


def test_a_withdrawn_newer_file_leaves_the_older_standing(shelf: Shelf) -> None:
    shelf.put(variant("a.txt"))
    shelf.put(variant("b.txt", changed=1))
    shelf.take_away("b.txt")
    assert shelf.versions == {"b.txt": "a.txt"}
    shelf.take_away("a.txt")
    assert shelf.versions == {"a.txt": "b.txt"}


def test_a_document_read_anew_with_another_number_lets_its_versions_go(shelf: Shelf) -> None:
    shelf.put(variant("a.txt"))
    newer = variant("b.txt", changed=1)
    shelf.put(newer)
    renumbered = sample_reading(replace(newer, header=replace(newer.header, number="77")), version="2")
    shelf.commit(Change((renumbered,), {renumbered.document_id: (renumbered.source_uri,)}))
    assert shelf.versions == {}


def test_versions_do_not_depend_on_how_commits_were_cut(tmp_path: Path) -> None:
    papers = [(variant(f"{day}{copy}.txt", changed=day, media_type=copy), day) for day in range(3) for copy in "ab"]
    readings = [sample_reading(paper, now=NOON + day * DAY) for paper, day in papers]

    def stored(name: str, groups: list[list[Reading]]) -> bytes:
        for group in groups:
            with Store.writing(tmp_path / name) as store:
                store.commit(Change(tuple(group), {r.document_id: (r.source_uri,) for r in group}))
        return (tmp_path / name / "documents" / "documents.parquet").read_bytes()

    whole = stored("whole", [readings])
    assert stored("single", [[reading] for reading in readings]) == whole
    assert stored("backwards", [[reading] for reading in reversed(readings)]) == whole
