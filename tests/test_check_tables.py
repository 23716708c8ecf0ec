"""What was seen against what was emitted, unknown columns, doubtful recognition."""

from dataclasses import replace

import pytest
from plans import fired, found, notice, plan, task

from extractors.document import Notice
from pipeline.plan import PlanDocument, RejectedTable, Severity, Tally


@pytest.mark.parametrize(
    "code",
    [
        *(
            "table.row_lost",
            "table.row_unstitched",
            "text.outside_cells",
            "page.no_text",
            "page.missing",
            "text.unread",
        ),
        *("table.count_differs", "table.no_rows", "table.unread_heading"),
    ],
)
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


TALLY = Tally(0, (("heading", 1), ("task", 1)), letters=60, seen_rows=2, seen_letters=60)


@pytest.mark.parametrize(
    ("tally", "words"),
    [
        (TALLY, ""),
        (replace(TALLY, seen_rows=4), "bảng có 4 hàng trên giấy nhưng chỉ đọc được 2."),
        (replace(TALLY, seen_letters=75), "trong vùng bảng có 15 chữ cái, chữ số không nằm trong ô nào."),
        (replace(TALLY, rows=(("task", 2),)), "có hàng giao việc của bảng không thành nhiệm vụ."),
        (Tally(1, (("rejected", 3),), 10, 5, 10), "bảng có 5 hàng trên giấy nhưng chỉ đọc được 3."),
    ],
)
def test_more_on_paper_than_read(tally: Tally, words: str) -> None:
    findings = found("table.incomplete", plan(task(table_index=0), tallies=(tally,)))
    assert [f.message.partition(": ")[2] for f in findings] == ([words] if words else [])


def test_a_row_that_differs_is_an_info_on_its_task() -> None:
    blank = Notice("table.cell_empty", "Phối hợp", table_index=0, row=1, evidence="1 | Rà soát")
    short = Notice("table.irregular_row", "Dòng 3 ... / row 3 ...", table_index=0, row=2, evidence="2 | Báo cáo")
    layout = Notice("table.irregular_row", "Dòng 1 ... / row 1 ...", table_index=7, row=0)
    document = plan(
        task(table_index=0, row_index=1), notices=(blank, short, layout), rejected_tables=(RejectedTable(7, "chữ ký"),)
    )
    told = found("table.cell_empty", document)
    assert [(f.task, f.severity, f.evidence) for f in told] == [
        (None, Severity.INFO, "2 | Báo cáo"),
        (1, Severity.INFO, "1 | Rà soát"),
    ]
    assert "ô “Phối hợp” để trống" in told[1].message


def test_a_heading_that_is_not_known() -> None:
    document = plan(task(), notices=(notice("table.column_unknown", "Mốc về đích"), notice("text.repaired")))
    assert fired("table.column_unknown", document) == [(None, "Mốc về đích")]


def test_doubtful_recognition() -> None:
    document = plan(task("Mờ", confidence=0.62), task("Rõ", confidence=0.8), task("Chữ", confidence=1.0))
    assert fired("extraction.low_confidence", document) == [(1, "Mờ")]
