"""Citation rules; findings of references carry no task."""

import pytest
from plans import cited, day, fired, header, plan, task

from pipeline.plan import Citation, Header


def of(rule: str, *citations: Citation, head: Header | None = None) -> list[str]:
    hits = fired(rule, plan(task(), head=head, citations=citations))
    assert all(number is None for number, _ in hits)
    return [evidence for _, evidence in hits]


LATE = cited("Thông báo số 87/TB-UBND ngày 15/3/2024")


def test_a_cited_paper_from_the_future() -> None:
    assert of("citation.after_issue", LATE, LATE) == [LATE.text]


@pytest.mark.parametrize(
    ("citation", "head"),
    [
        (cited("Công văn số 205/STNMT-MT ngày 20/02/2024"), header()),
        (cited("Luật số 72/2020/QH14 ngày 17/11/2020", number="72/2020", symbol="QH14"), header()),
        (cited("Kế hoạch số 12/KH-UBND"), header()),
        (LATE, header(None)),
        (LATE, header(None, issued_start=day("2024-01-01"), issued_end=day("2024-12-31"))),
    ],
)
def test_a_cited_paper_of_the_same_day_or_before(citation: Citation, head: Header) -> None:
    assert of("citation.after_issue", citation, head=head) == []


def test_two_dates_of_one_number() -> None:
    first = cited("Nghị quyết số 23-NQ/HU ngày 10/5/2022")
    odd = cited("Nghị quyết số 23-NQ/HU ngày 15/10/2022")
    assert of("citation.date_conflict", first, odd, first, odd) == [odd.text]


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (
            cited("Quyết định số 8/QĐ-TTg ngày 01/10/2021"),
            cited("Quyết định số 8/QĐ-TTg ngày 01/10/2021 của Thủ tướng"),
        ),
        (cited("Quyết định số 8/QĐ-TTg ngày 01/10/2021"), cited("Quyết định số 8/QĐ-TTg")),
        (
            cited("Quyết định số 38/QĐ-UBND ngày 05/01/2024", issuer="UBND huyện Sông Lam"),
            cited("Quyết định số 38/QĐ-UBND ngày 09/01/2024", issuer="UBND tỉnh Đông Hải"),
        ),
        (cited("Quyết định số 38/QĐ-UBND ngày 05/01/2024"), cited("Kế hoạch số 38/KH-UBND ngày 09/01/2024")),
    ],
)
def test_two_mentions_that_agree(first: Citation, second: Citation) -> None:
    assert of("citation.date_conflict", first, second) == []


@pytest.mark.parametrize("text", ["Kế hoạch số 2615/QĐ-UBND ngày 12/12/2023", "Đề án số 2454/QĐ-UBND ngày 04/12/2022"])
def test_a_type_against_its_symbol(text: str) -> None:
    assert of("citation.type_mismatch", cited(text)) == [text]


@pytest.mark.parametrize(
    "text",
    [
        "Quyết định số 2615/QĐ-UBND ngày 12/12/2023",
        "Công văn số 205/STNMT-MT ngày 20/02/2024",
        "Chỉ thị số 29-CT/TU ngày 06/11/2013",
        "Chương trình số 15-CTr/HU ngày 02/3/2023",
    ],
)
def test_a_type_that_agrees(text: str) -> None:
    assert of("citation.type_mismatch", cited(text)) == []


def test_an_issuer_against_the_symbol() -> None:
    whole = "Quyết định số 450/QĐ-TTg ngày 13/4/2022 của UBND tỉnh Đông Hải"
    wrong = cited("Quyết định số 450/QĐ-TTg ngày 13/4/2022", issuer="UBND tỉnh Đông Hải", issuer_text=whole)
    assert of("citation.issuer_mismatch", wrong) == [whole]


@pytest.mark.parametrize(
    ("text", "issuer"),
    [
        ("Quyết định số 450/QĐ-TTg ngày 13/4/2022", "Thủ tướng Chính phủ"),
        ("Nghị định số 08/2022/NĐ-CP ngày 10/01/2022", "Chính phủ"),
        ("Quyết định số 12/QĐ-UBND ngày 05/01/2024", "Chủ tịch UBND tỉnh Đông Hải"),
        ("Nghị quyết số 23-NQ/TU ngày 10/5/2022", "Ban Thường vụ Tỉnh ủy"),
        ("Quyết định số 12/QĐ-UBND ngày 05/01/2024", None),
    ],
)
def test_an_issuer_that_agrees(text: str, issuer: str | None) -> None:
    assert of("citation.issuer_mismatch", cited(text, issuer=issuer)) == []
