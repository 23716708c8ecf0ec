"""What people correct stays corrected: applied to every later reading, never lost, and told where it cannot be."""

import json
import sqlite3
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.batch import ingest
from pipeline.ledger.corrections import all_corrections, corrections_of, record, verdicts
from pipeline.ledger.database import LedgerError, open_ledger
from pipeline.plan import Action, Correction, PlanDocument, Task
from pipeline.read.correct import FIELDS, apply
from pipeline.run import process

RAW = Path(__file__).parent.parent / "data" / "raw"
AT = datetime(2026, 1, 5, 8, 30, tzinfo=UTC)


def plan_of(file: str) -> PlanDocument:
    plan = process(file, (RAW / file).read_bytes()).plan
    assert plan is not None
    return plan


PLAN = plan_of("huyen_pctt_2023.pdf")


def correction(plan: PlanDocument, row: int, action: Action, **more: object) -> Correction:
    task = plan.tasks[row]
    made = Correction(
        1, plan.document_id, AT, "Lan", action, sequence=task.sequence, ordinal=task.ordinal, content=task.content
    )
    return replace(made, **more)  # type: ignore[arg-type]


def contents(plan: PlanDocument) -> list[str]:
    return [task.content for task in plan.tasks]


def test_a_deadline_is_read_anew() -> None:
    fixed = apply(PLAN, [correction(PLAN, 4, Action.SET, field="deadline_text", new="Trước ngày 20/8/2023")])
    assert fixed.tasks[4].due_date == date(2023, 8, 20)
    assert fixed.tasks[4].corrected == ("deadline_text",)
    assert [task for task in fixed.tasks if task.sequence != 5] == [task for task in PLAN.tasks if task.sequence != 5]
    assert fixed.corrections[0].task == 5


def test_units_are_read_anew() -> None:
    fixed = apply(PLAN, [correction(PLAN, 3, Action.SET, field="lead_text", new="Công an huyện; Huyện đoàn")])
    assert fixed.tasks[3].leads == ("Công an huyện", "Huyện đoàn")
    assert fixed.tasks[3].partners == PLAN.tasks[3].partners


def test_an_emptied_cell_is_none_and_the_checks_see_it() -> None:
    emptied = correction(PLAN, 4, Action.SET, field="deadline_text", new=" ")
    data = (RAW / "huyen_pctt_2023.pdf").read_bytes()
    outcome = process("kh.pdf", data, corrections=(emptied,))
    assert outcome.plan is not None
    assert outcome.plan.tasks[4].deadline_text is None
    assert any(finding.rule == "deadline.missing" and finding.task == 5 for finding in outcome.findings)


def test_one_row_becomes_two_and_the_numbers_follow() -> None:
    parts = ["Mua sắm bổ sung áo phao", "Mua nhà bạt, máy phát điện"]
    fixed = apply(PLAN, [correction(PLAN, 4, Action.SPLIT, new=json.dumps(parts))])
    assert contents(fixed)[4:6] == parts
    assert [task.sequence for task in fixed.tasks] == list(range(1, len(PLAN.tasks) + 2))
    assert fixed.tasks[5].deadlines == PLAN.tasks[4].deadlines
    sixth = next(item for item in fixed.numbered if item.task == 7)
    assert PLAN.tasks[5].content[:20] in sixth.text


def test_two_rows_become_one() -> None:
    fixed = apply(PLAN, [correction(PLAN, 4, Action.JOIN, new="Mua sắm và tuyên truyền")])
    assert contents(fixed)[4] == "Mua sắm và tuyên truyền"
    assert len(fixed.tasks) == len(PLAN.tasks) - 1
    assert set(fixed.tasks[4].leads) == {*PLAN.tasks[4].leads, *PLAN.tasks[5].leads}
    assert {d.text for d in fixed.tasks[4].deadlines} == {
        deadline.text for task in PLAN.tasks[4:6] for deadline in task.deadlines
    }


def test_a_row_that_is_no_task_goes_and_the_record_says_so() -> None:
    fixed = apply(PLAN, [correction(PLAN, 0, Action.DROP)])
    assert contents(fixed) == contents(PLAN)[1:]
    assert fixed.corrections[0].task == 0


def test_what_was_undone_does_not_hold() -> None:
    made = correction(PLAN, 4, Action.SET, field="output", new="Biên bản")
    undone = replace(made, number=2, action=Action.UNDO, field="1", new="")
    assert apply(PLAN, [made, undone]) == PLAN


def test_the_row_is_found_again_in_another_reading() -> None:
    """Another version of the code reads a heading as a row: all numbers move, and a word is spelled otherwise."""
    made = correction(PLAN, 4, Action.SET, field="output", new="Biên bản nghiệm thu")
    extra = replace(PLAN.tasks[0], sequence=1, content="Một dòng mới", ordinal="")
    moved = [replace(task, sequence=task.sequence + 1) for task in PLAN.tasks]
    moved[4] = replace(moved[4], content=moved[4].content.replace("máy phát điện", "máy phát điên"))
    fixed = apply(replace(PLAN, tasks=(extra, *moved)), [made])
    assert [task.output for task in fixed.tasks if task.corrected] == ["Biên bản nghiệm thu"]
    assert fixed.tasks[5].corrected == ("output",)


def test_of_two_equal_rows_the_one_with_the_number_is_meant() -> None:
    twin = replace(PLAN.tasks[4], sequence=len(PLAN.tasks) + 1, ordinal="99")
    both = replace(PLAN, tasks=(*PLAN.tasks, twin))
    fixed = apply(both, [correction(both, len(PLAN.tasks), Action.SET, field="note", new="x")])
    assert [bool(task.corrected) for task in fixed.tasks] == [False] * len(PLAN.tasks) + [True]


def test_a_row_that_is_gone_is_told() -> None:
    made = replace(correction(PLAN, 4, Action.SET, field="note", new="x"), content="Trồng cây gây rừng đầu nguồn")
    data = (RAW / "huyen_pctt_2023.pdf").read_bytes()
    outcome = process("kh.pdf", data, corrections=(made,))
    assert outcome.plan is not None
    assert contents(outcome.plan) == contents(PLAN)
    told = [finding for finding in outcome.findings if finding.rule == "correction.unplaced"]
    assert len(told) == 1
    assert "Lan" in told[0].message


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.tuples(st.integers(0, len(PLAN.tasks) - 1), st.sampled_from(FIELDS), st.text(max_size=40)), max_size=6)
)
def test_other_rows_are_never_touched(made: list[tuple[int, str, str]]) -> None:
    corrections = [
        replace(correction(PLAN, row, Action.SET, field=field, new=new or "x"), number=number)
        for number, (row, field, new) in enumerate(made, start=1)
        if field != "content"
    ]
    fixed = apply(PLAN, corrections)
    touched = {c.sequence for c in corrections}
    assert [t for t in fixed.tasks if t.sequence not in touched] == [t for t in PLAN.tasks if t.sequence not in touched]
    assert all(applied.task for applied in fixed.corrections)


def test_the_record_is_append_only(tmp_path: Path) -> None:
    with open_ledger(tmp_path) as ledger:
        first = record(ledger, correction(PLAN, 4, Action.SET, field="note", new="x"))
        second = record(ledger, correction(PLAN, 4, Action.DISMISS, field="f1"))
        third = record(ledger, correction(PLAN, 4, Action.CONFIRM, field="f1"))
        assert corrections_of(ledger, PLAN.document_id) == (first, second, third)
        assert verdicts(corrections_of(ledger, PLAN.document_id)) == {"f1": Action.CONFIRM}
        assert all_corrections(ledger) == {PLAN.document_id: (first, second, third)}
        for attack in ("DELETE FROM corrections", "UPDATE corrections SET new = 'y'"):
            with pytest.raises(sqlite3.IntegrityError, match="append-only"):
                ledger.execute(attack)
    with pytest.raises(LedgerError), open_ledger(tmp_path) as ledger:
        ledger.execute("DELETE FROM corrections")


def test_a_correction_outlives_the_tables(tmp_path: Path) -> None:
    """Made while the store was locked, taken by the next run, kept when everything is read again from nothing."""
    source, out = RAW / "huyen_pctt_2023.pdf", tmp_path / "parsed"
    ingest([source], out, workers=1)
    with open_ledger(tmp_path / "parsed.state") as ledger:
        record(ledger, correction(PLAN, 4, Action.SET, field="deadline_text", old="", new="Trước ngày 20/8/2023"))

    def shown() -> Task:
        tasks = pd.read_parquet(out / "tasks")
        row = tasks[tasks.sequence == 5].iloc[0]
        assert list(row.corrected) == ["deadline_text"]
        assert row.due_date == date(2023, 8, 20)
        return row

    assert ingest([source], out, workers=1).read == 1
    shown()
    assert ingest([source], out, workers=1).read == 0
    ingest([source], out, workers=1, reparse=True)
    shown()
    for table in out.iterdir():
        if table.is_dir() and not table.name.startswith("."):
            for file in table.iterdir():
                file.unlink()
    ingest([source], out, workers=1)
    shown()
    kept = pd.read_parquet(out / "corrections")
    assert kept[["made_by", "action", "new", "placed"]].values.tolist() == [
        ["Lan", "set", "Trước ngày 20/8/2023", True]
    ]
