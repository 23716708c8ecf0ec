"""What was seen against what was emitted, unknown columns, doubtful recognition."""

import pytest
from plans import fired, found, notice, plan, task

from pipeline.plan import PlanDocument, RejectedTable


@pytest.mark.parametrize("code", ["table.row_lost", "table.row_unstitched", "text.outside_cells", "page.no_text"])
def test_something_seen_that_is_in_no_task(code: str) -> None:
    document = plan(task(), notices=(notice(code, "Công an huyện |"),))
    assert fired("table.incomplete", document) == [(None, "Công an huyện |")]


@pytest.mark.parametrize(
    "document",
    [
        plan(task(), notices=(notice("table.row_stitched"), notice("table.row_shifted"), notice("table.row_appended"))),
        plan(task(), notices=(notice("table.row_lost", table_index=3),), rejected_tables=(RejectedTable(3, "chữ ký"),)),
        plan(task(source="narrative"), notices=(notice("text.outside_cells"),), has_task_table=False),
    ],
)
def test_repairs_and_layout_tables_lose_nothing(document: PlanDocument) -> None:
    assert fired("table.incomplete", document) == []


def test_a_part_left_apart_loses_its_rows_only_when_it_was_no_task_table() -> None:
    apart = notice("table.part_unjoined", table_index=1)
    assert fired("table.incomplete", plan(task(), notices=(apart,))) == []
    rejected = (RejectedTable(1, "không có cột nội dung"),)
    (told,) = found("table.incomplete", plan(task(), notices=(apart,), rejected_tables=rejected))
    assert told.message.endswith("hàng không có nội dung công việc.")


def test_an_unread_page_is_told_without_any_table() -> None:
    document = plan(task(source="narrative"), notices=(notice("page.no_text"),), has_task_table=False)
    assert len(fired("table.incomplete", document)) == 1


def test_a_task_table_without_a_task() -> None:
    assert len(found("table.incomplete", plan(task(source="narrative")))) == 1


def test_a_heading_that_is_not_known() -> None:
    document = plan(task(), notices=(notice("table.column_unknown", "Mốc về đích"), notice("text.repaired")))
    assert fired("table.column_unknown", document) == [(None, "Mốc về đích")]


def test_doubtful_recognition() -> None:
    document = plan(task("Mờ", confidence=0.62), task("Rõ", confidence=0.8), task("Chữ", confidence=1.0))
    assert fired("extraction.low_confidence", document) == [(1, "Mờ")]
