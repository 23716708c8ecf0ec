"""Reporting dates in running text: copied from last year's plan, or a history that is rightly past."""

import pytest
from plans import cited, due, fired, header, plan, prose, task

from pipeline.plan import Header

ISSUED_2022 = header("2022-03-22", 2022)


def past(text: str, head: Header = ISSUED_2022, heading: str = "V. TỔ CHỨC THỰC HIỆN") -> list[str]:
    hits = fired("deadline.narrative_past", plan(task(), head=head, prose=prose(text, headings=(heading,))))
    assert all(number is None for number, _ in hits)
    return [evidence for _, evidence in hits]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (
            "Báo cáo 6 tháng gửi trước ngày 15/6/2022, báo cáo năm gửi trước ngày 30/11/2021 về Phòng Nông nghiệp.",
            ["30/11/2021"],
        ),
        (
            "Báo cáo định kỳ gửi trước ngày 01/6/2019, báo cáo năm gửi trước ngày 01/12/2019.",
            ["01/6/2019", "01/12/2019"],
        ),
        ("Các đơn vị xây dựng kế hoạch gửi về Sở chậm nhất ngày 31/01/2022 để tổng hợp.", ["31/01/2022"]),
        ("Khoa Truyền thông gửi về Sở trước ngày 01/02/2022 và thực hiện theo kế hoạch đã xây dựng.", ["01/02/2022"]),
        ("Báo cáo theo Nghị định số 09/2019/NĐ-CP gửi trước ngày 01/12/2021.", ["01/12/2021"]),
        ("Hoàn thành việc rà soát trước tháng 12 năm 2021.", ["12 năm 2021"]),
        ("Mỗi tổ phân công người kiểm đếm từng lô hàng, gửi biên bản trước ngày 20/11/2021.", ["20/11/2021"]),
    ],
)
def test_a_reporting_date_before_the_paper(text: str, words: list[str]) -> None:
    found = past(text)
    assert len(found) == len(words)
    assert all(word in evidence and evidence in text for word, evidence in zip(words, found, strict=True))


@pytest.mark.parametrize(
    "text",
    [
        "Báo cáo 6 tháng gửi trước ngày 15/6/2022, báo cáo năm gửi trước ngày 30/11/2022.",
        "Riêng đợt lũ từ ngày 16/10/2021 đến ngày 20/10/2021 làm ngập 612 ngôi nhà.",
        "Tính đến ngày 31/12/2021, toàn huyện có 15 xã hoàn thành tiêu chí.",
        "Thực hiện Quyết định số 12/QĐ-UBND ngày 05/01/2021 của UBND tỉnh; hoàn thành trong năm 2022.",
        "Đến hết ngày 31/12/2021, Sở đã hoàn thành 100% chỉ tiêu được giao.",
        "Số liệu báo cáo tính từ ngày 15/12/2020 đến ngày 14/6/2021.",
        "Hàng quý, báo cáo kết quả gửi về Văn phòng trước ngày 10 của tháng cuối quý.",
        "Các đơn vị báo cáo kết quả trước ngày 22/3/2022.",
        "Việc quyết toán một số công trình hoàn thành từ trước ngày 31/12/2018 còn chậm.",
    ],
)
def test_dates_that_are_rightly_there(text: str) -> None:
    assert past(text) == []


def test_what_is_told_under_a_heading_of_the_past() -> None:
    text = "Việc kiện toàn tổ chức hoàn thành trước ngày 30/6/2021."
    assert past(text, heading="I. TÌNH HÌNH THỰC HIỆN NĂM 2021") == []
    assert len(past(text, heading="III. NHIỆM VỤ")) == 1


def test_a_date_of_a_cited_paper_is_none() -> None:
    citation = cited("Báo cáo số 45/BC-UBND ngày 30/11/2021")
    document = plan(
        task(),
        head=ISSUED_2022,
        citations=(citation,),
        prose=prose(f"Các xã gửi {citation.text} trước ngày 15/4/2022."),
    )
    assert fired("deadline.narrative_past", document) == []


def test_a_sentence_that_is_a_task_is_checked_there() -> None:
    sentence = "Phòng Nội vụ tổng hợp, báo cáo kết quả trước ngày 30/11/2021."
    document = plan(task(sentence, source="narrative"), head=ISSUED_2022, prose=prose(sentence), has_task_table=False)
    assert fired("deadline.narrative_past", document) == []


def test_the_deadline_line_of_a_labelled_item_is_checked_there() -> None:
    item = task("Rà soát quy chuẩn", due("Trước ngày 30/11/2021", "2021-11-30"), source="narrative")
    line = "c) Thời gian hoàn thành: Trước ngày 30/11/2021."
    document = plan(item, head=ISSUED_2022, prose=prose(line), has_task_table=False)
    assert fired("deadline.narrative_past", document) == []


def test_without_an_issue_date_the_period_decides() -> None:
    text = "Báo cáo năm gửi trước ngày 01/12/2019."
    assert len(past(text, header(None, 2020))) == 1
    assert past(text, header(None, None)) == []


def test_an_impossible_reporting_date_is_invalid_without_a_task() -> None:
    wrong = plan(task(), prose=prose("Các xã gửi báo cáo trước ngày 31/6/2024 về Phòng Nội vụ."))
    assert fired("deadline.invalid", wrong) == [(None, "trước ngày 31/6/2024")]
    right = plan(task(), prose=prose("Các xã gửi báo cáo trước ngày 29/02/2024 về Phòng Nội vụ."))
    assert fired("deadline.invalid", right) == []
