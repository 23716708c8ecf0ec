"""Rules of the whole document, the registry of rules, and laws that hold for every plan."""

import re
from dataclasses import replace
from typing import Any

import pytest
from plans import day, fired, found, header, plan, prose, task

from pipeline.check import RULES, catalogue_markdown, check
from pipeline.plan import Header, Part, Severity


@pytest.mark.parametrize(
    ("rule", "head", "evidence"),
    [
        ("document.number_missing", header(number=None, number_text="Số:     /KH-SYT"), "Số: /KH-SYT"),
        ("document.date_missing", header(None), ""),
        (
            "document.date_incomplete",
            header(None, issued_date_precision="month", place_date_text="Sông Lam, ngày   tháng 01 năm 2024"),
            "Sông Lam, ngày tháng 01 năm 2024",
        ),
        (
            "document.date_incomplete",
            header(None, issued_date_precision="year", issued_date_text="ngày tháng năm 2024"),
            "ngày tháng năm 2024",
        ),
        ("document.title_missing", header(title=None), ""),
        ("document.title_missing", header(title=" "), ""),
    ],
)
def test_what_the_head_lacks(rule: str, head: Header, evidence: str) -> None:
    assert fired(rule, plan(task(), head=head)) == [(None, evidence)]


def test_a_complete_head_is_fine() -> None:
    assert [f for f in check(plan(task())) if f.rule.startswith("document.")] == []


def test_a_plan_without_a_task_table_says_so() -> None:
    (told,) = found("document.no_task_table", plan(task(source="narrative"), has_task_table=False))
    assert (told.severity, told.task) == (Severity.INFO, None)
    assert fired("document.no_task_table", plan(task())) == []


@pytest.mark.parametrize("has_task_table", [True, False])
def test_a_document_without_any_task_is_never_silent(has_task_table: bool) -> None:
    (told,) = found("document.no_tasks", replace(plan(has_task_table=has_task_table), tasks=()))
    assert (told.severity, told.task) == (Severity.WARNING, None)
    assert fired("document.no_tasks", plan(task())) == []
    assert fired("document.no_tasks", plan(task(source="narrative"), has_task_table=False)) == []


@pytest.mark.parametrize(
    ("more", "missing"),
    [
        ({}, True),
        ({"signer_name": "Lê Văn Hoà"}, False),
        ({"recipients": ("Lưu: VT",)}, False),
        ({"number_text": None}, False),  # an appendix by itself
        ({"issuer": None}, False),
    ],
)
def test_a_paper_that_has_a_head_ends_with_a_signature(more: dict[str, Any], missing: bool) -> None:
    head = header(**({"number_text": "Số: 38/KH-UBND"} | more))
    assert bool(fired("document.closing_missing", plan(task(), head=head))) is missing
    sheet = replace(plan(task(), head=head), extractor="xlsx")
    assert fired("document.closing_missing", sheet) == []


INTRODUCTION = "Ủy ban nhân dân huyện xây dựng Kế hoạch công tác cải cách hành chính năm {} trên địa bàn huyện như sau:"


@pytest.mark.parametrize(
    ("text", "part", "words"),
    [
        (INTRODUCTION.format(2023), Part.GROUNDS, "năm 2023"),
        (
            "Trên đây là Kế hoạch công tác cải cách hành chính năm 2022, đề nghị các đơn vị thực hiện./.",
            Part.BODY,
            "2022",
        ),
        ("Kế hoạch này được triển khai thực hiện trong năm 2023.", Part.BODY, "năm 2023"),
        (
            "UBND xã ban hành Kế hoạch làm sạch kênh mương, giữ đê, chuyển đổi số năm 2023 như sau:",
            Part.GROUNDS,
            "2023",
        ),
    ],
)
def test_the_paper_calls_itself_by_another_year(text: str, part: Part, words: str) -> None:
    ((of_task, evidence),) = fired("period.mismatch", plan(task(), prose=prose(text, part=part)))
    assert of_task is None
    assert words in evidence
    assert evidence in text


def test_a_resolution_calls_itself_by_another_period() -> None:
    text = "Hội nghị thống nhất ban hành Nghị quyết về phát triển nghề nuôi ong năm 2023 với các nội dung sau:"
    head = header(doc_type="NGHỊ QUYẾT", title="Về phát triển nghề nuôi ong năm 2024")
    assert len(fired("period.mismatch", plan(task(), head=head, prose=prose(text, part=Part.GROUNDS)))) == 1
    cited = "Thực hiện Nghị quyết của Đảng ủy về nghề nuôi ong năm 2023, Hội triển khai các nội dung như sau:"
    assert fired("period.mismatch", plan(task(), head=head, prose=prose(cited, part=Part.GROUNDS))) == []


@pytest.mark.parametrize(
    ("text", "part"),
    [
        (INTRODUCTION.format(2024), Part.GROUNDS),
        ("Kế hoạch được thực hiện từ tháng 3 đến tháng 12 năm 2024.", Part.BODY),
        ("Căn cứ Kế hoạch số 12/KH-UBND ngày 05/01/2024 của UBND tỉnh về công tác năm 2023;", Part.GROUNDS),
        ("Năm 2023, toàn huyện đã ban hành 12 kế hoạch, đạt 95% (năm 2022 đạt 91,4%).", Part.BODY),
        ("Phấn đấu đến năm 2030 đạt 100% theo Kế hoạch của tỉnh giai đoạn 2021-2030.", Part.BODY),
        ("Tuyên truyền các nội dung theo Kế hoạch cải cách hành chính năm 2023 của tỉnh.", Part.BODY),
    ],
)
def test_years_of_other_things_are_no_mismatch(text: str, part: Part) -> None:
    assert fired("period.mismatch", plan(task(), prose=prose(text, part=part))) == []


def test_every_rule_of_the_contract_is_declared_once_with_words_for_an_officer() -> None:
    ours = {"citation.dated_elsewhere", "document.no_tasks", "document.closing_missing", "table.cell_empty"}
    ours |= {"correction.unplaced"}
    assert len(RULES) == 28 + len(ours)  # 28 in the contract
    assert set(RULES) >= ours
    for code, rule in RULES.items():
        assert rule.code == code
        assert re.fullmatch(r"[a-z]+\.[a-z_]+", code)
        for words in (rule.title, rule.message, rule.explanation, rule.example, rule.near_miss):
            assert words.strip()
        assert rule.message.endswith(".")
    made_by_the_store = {"document.duplicate", "citation.dated_elsewhere"}
    assert {code for code, rule in RULES.items() if rule.find is None} == made_by_the_store


def test_the_catalogue_lists_every_rule() -> None:
    page = catalogue_markdown()
    for code, rule in RULES.items():
        assert f"## {code}\n" in page
        assert rule.title in page


def test_findings_come_in_order_of_severity_then_of_the_paper() -> None:
    document = plan(
        task("A", units=()), task("B", units=()), head=header(None, number=None, issued_start=None), has_task_table=True
    )
    findings = check(document, day("2024-06-01"))
    ranks = [(list(Severity).index(f.severity), f.task or 0) for f in findings]
    assert ranks == sorted(ranks)
    assert findings == check(document, day("2024-06-01"))
