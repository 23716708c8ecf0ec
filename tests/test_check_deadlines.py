"""Deadline rules: each fires on its defect and stays silent on what only looks like it."""

from dataclasses import replace

import pytest
from plans import day, due, fired, found, header, plan, task, undated

from pipeline.plan import Bound, Deadline, DeadlineKind, Header

MONTH, QUARTER, YEAR, RANGE = DeadlineKind.MONTH, DeadlineKind.QUARTER, DeadlineKind.YEAR, DeadlineKind.RANGE

BLANK_DAY = header(
    None, 2020, issued_date_precision="month", issued_start=day("2020-01-01"), issued_end=day("2020-01-31")
)
NO_DATE = header(None, 2024)


@pytest.mark.parametrize(
    ("head", "deadline"),
    [
        (header(), due("15/01/2024", "2024-01-15")),
        (header(), due("Trước ngày 19/02/2024", "2024-02-19", bound=Bound.BEFORE)),
        (BLANK_DAY, due("Quý IV năm 2019", "2019-10-01", "2019-12-31", kind=QUARTER)),
        (NO_DATE, due("31/12/2023", "2023-12-31")),
        (header(), due("thường xuyên trong năm 2023", "2023-01-01", "2023-12-31", kind=DeadlineKind.ONGOING)),
    ],
)
def test_a_deadline_over_before_the_paper_exists(head: Header, deadline: Deadline) -> None:
    document = plan(task("Ký cam kết", deadline), head=head)
    assert fired("deadline.before_issue", document) == [(1, deadline.text)]
    assert fired("deadline.outside_period", document) == []


@pytest.mark.parametrize(
    ("head", "deadline"),
    [
        (header("2024-03-10"), due("Tháng 3/2024", "2024-03-01", "2024-03-31", kind=MONTH)),
        (header(), due("29/02/2024", "2024-02-29")),
        (header(), due("20/02/2024", "2024-02-20")),
        (header(), due("Từ tháng 01/2024", "2024-01-01", "2024-01-31", kind=MONTH, bound=Bound.FROM)),
        (header(), due("Hằng tháng", kind=DeadlineKind.RECURRING, rrule="FREQ=MONTHLY")),
        (header(), due("03 ngày sau khi kết thúc", kind=DeadlineKind.RELATIVE)),
        (BLANK_DAY, due("15/01/2020", "2020-01-15")),
        (NO_DATE, due("Tháng 01/2024", "2024-01-01", "2024-01-31", kind=MONTH)),
        (Header(), due("31/12/1999", "1999-12-31")),
    ],
)
def test_a_deadline_that_can_still_be_met(head: Header, deadline: Deadline) -> None:
    assert fired("deadline.before_issue", plan(task("Ký cam kết", deadline), head=head)) == []


def test_each_impossible_date_is_its_own_finding() -> None:
    wrong = [due(t, kind=DeadlineKind.INVALID) for t in ("31/6/2024", "30/02/2024")]
    assert fired("deadline.invalid", plan(task("Họp", *wrong))) == [(1, "31/6/2024"), (1, "30/02/2024")]
    assert fired("deadline.invalid", plan(task("Họp", due("29/02/2024", "2024-02-29")))) == []


@pytest.mark.parametrize(
    ("content", "deadline"),
    [
        ("Nhân rộng mô hình ủ phân", due("Quý I/2025", "2025-01-01", "2025-03-31", kind=QUARTER)),
        ("Báo cáo tổng kết", due("Trước ngày 30/4/2025", "2025-04-30", bound=Bound.BEFORE)),
        ("Triển khai báo cáo sự cố y khoa", due("Tháng 02/2025", "2025-02-01", "2025-02-28", kind=MONTH)),
        ("Lập báo cáo nghiên cứu khả thi", due("Tháng 02/2025", "2025-02-01", "2025-02-28", kind=MONTH)),
        ("Vận hành thử", due("Từ tháng 02/2025", "2025-02-01", "2025-02-28", kind=MONTH, bound=Bound.FROM)),
        ("Đào tạo", due("2024 - 2026", "2024-01-01", "2026-12-31", kind=RANGE)),
    ],
)
def test_a_deadline_outside_the_plan(content: str, deadline: Deadline) -> None:
    assert fired("deadline.outside_period", plan(task(content, deadline))) == [(1, deadline.text)]


def test_a_beginning_before_the_plan_is_outside_it_too() -> None:
    early = due("Tháng 12/2023 - 5/2024", "2023-12-01", "2024-05-31", kind=RANGE)
    assert fired("deadline.outside_period", plan(task("Đào tạo", early))) == [(1, early.text)]


@pytest.mark.parametrize(
    ("content", "deadline"),
    [
        ("Báo cáo tổng kết Kế hoạch", due("Trước ngày 15/01/2025", "2025-01-15", bound=Bound.BEFORE)),
        ("Quyết toán kinh phí", due("31/3/2025", "2025-03-31")),
        ("Nhân rộng mô hình", due("Trước ngày 01/01/2025", "2025-01-01", bound=Bound.BEFORE)),
        ("Nhân rộng mô hình", due("Quý IV/2024", "2024-10-01", "2024-12-31", kind=QUARTER)),
        ("Kiểm tra", due("Hằng năm", kind=DeadlineKind.RECURRING, rrule="FREQ=YEARLY")),
    ],
)
def test_a_deadline_inside_the_plan_or_closing_it(content: str, deadline: Deadline) -> None:
    assert fired("deadline.outside_period", plan(task(content, deadline))) == []


def test_a_year_that_holds_a_plan_of_one_quarter_is_not_outside_it() -> None:
    head = header(period_start=day("2024-04-01"), period_end=day("2024-06-30"))
    whole_year = due("Năm 2024", "2024-01-01", "2024-12-31", kind=YEAR)
    assert fired("deadline.outside_period", plan(task("Kiểm tra", whole_year), head=head)) == []


FIVE_YEARS = header(None, 2021, title="Công tác chuyển đổi số giai đoạn 2021-2025", period_end=day("2025-12-31"))


@pytest.mark.parametrize(("text", "first", "last"), [("2001-2025", 2001, 2025), ("2021 - 2030", 2021, 2030)])
def test_a_span_of_years_that_half_agrees_with_the_plan(text: str, first: int, last: int) -> None:
    span = due(text, f"{first}-01-01", f"{last}-12-31", kind=RANGE)
    document = plan(task("Chuyển đổi số", span), head=FIVE_YEARS)
    assert fired("period.mismatch", document) == [(1, text)]
    assert fired("deadline.outside_period", document) == [(1, text)]


@pytest.mark.parametrize(
    ("start", "end"),
    [
        ("2021-01-01", "2023-12-31"),  # a phase
        ("2022-01-01", "2025-12-31"),
        ("2021-01-01", "2025-12-31"),
        ("2026-01-01", "2030-12-31"),  # another period: outside, but no slip of one end
        ("2001-06-01", "2025-12-31"),
    ],
)
def test_a_span_that_is_no_slip(start: str, end: str) -> None:
    span = due("giai đoạn", start, end, kind=RANGE)
    assert fired("period.mismatch", plan(task("Chuyển đổi số", span), head=FIVE_YEARS)) == []


@pytest.mark.parametrize("cell", [None, "", "-", "  …"])
def test_a_task_without_any_deadline(cell: str | None) -> None:
    document = plan(task(), undated("Hoàn thiện cơ sở vật chất", cell))
    assert fired("deadline.missing", document) == [(2, "Hoàn thiện cơ sở vật chất")]
    assert fired("deadline.unparsed", document) == []


def test_words_without_a_reading_are_unparsed_not_missing() -> None:
    document = plan(undated("Họp", "sáng mai"), task("Học", due("Tháng   /2024", kind=DeadlineKind.UNPARSED)))
    assert fired("deadline.unparsed", document) == [(1, "sáng mai"), (2, "Tháng /2024")]
    assert fired("deadline.missing", document) == []


@pytest.mark.parametrize("kind", [DeadlineKind.ONGOING, DeadlineKind.CONDITIONAL, DeadlineKind.RELATIVE])
def test_an_open_deadline_is_a_deadline(kind: DeadlineKind) -> None:
    document = plan(task("Trực ban", due("khi có bão", kind=kind)))
    assert fired("deadline.missing", document) + fired("deadline.unparsed", document) == []


def test_overdue_only_when_someone_asks_and_only_after_the_last_day() -> None:
    document = plan(
        task("Rà soát", due("30/3/2024", "2024-03-30")),
        task("Kiểm tra", due("Tháng 3/2024", "2024-03-01", "2024-03-31", kind=MONTH)),
        task("Tuyên truyền"),
    )
    assert fired("deadline.overdue", document) == []
    assert fired("deadline.overdue", document, day("2024-03-30")) == []
    assert fired("deadline.overdue", document, day("2024-03-31")) == [(1, "30/3/2024")]
    (late, _) = found("deadline.overdue", document, day("2024-04-02"))
    assert late.as_of == day("2024-04-02")
    assert "3 ngày" in late.message


def test_an_inferred_year_is_told() -> None:
    inferred = due("Tháng 12", "2024-12-01", "2024-12-31", kind=MONTH, year_inferred=True)
    (told,) = found("deadline.year_inferred", plan(task("Khen thưởng", inferred)))
    assert (told.evidence, "2024" in told.message) == ("Tháng 12", True)
    assert fired("deadline.year_inferred", plan(task("Họp", due("15/12/2024", "2024-12-15")))) == []


def test_the_summer_before_a_school_year_belongs_to_its_plan() -> None:
    school = header("2024-07-10", None, title="Hoạt động năm học 2024-2025")
    school = replace(school, period_start=day("2024-09-01"), period_end=day("2025-08-31"))
    summer, spring = due("20/8/2024", "2024-08-20"), due("15/5/2024", "2024-05-15")
    assert fired("deadline.outside_period", plan(task("Biên chế lớp học", summer), head=school)) == []
    other = replace(school, title="Nhiệm vụ công tác", issued_start=day("2024-05-02"))
    assert fired("deadline.outside_period", plan(task("Mua sách", summer), head=other)) == [(1, "20/8/2024")]
    early = replace(school, issued_start=day("2024-05-02"))
    assert fired("deadline.outside_period", plan(task("Mua sách", spring), head=early)) == [(1, "15/5/2024")]
