"""Which days a plan covers: titles and labelled lines of many kinds, good and bad."""

from datetime import date

import pytest

from pipeline.rules.period import read_cited_period, read_labelled_period, read_period


def days(start: str | None, end: str | None) -> tuple[date | None, date | None]:
    return (date.fromisoformat(start) if start else None, date.fromisoformat(end) if end else None)


@pytest.mark.parametrize(
    ("title", "start", "end"),
    [
        ("Về công tác văn thư năm 2020 của Sở Nội vụ", "2020-01-01", "2020-12-31"),
        ("CẢI CÁCH HÀNH CHÍNH NĂM 2024", "2024-01-01", "2024-12-31"),
        ("PHỔ BIẾN, GIÁO DỤC PHÁP LUẬT NĂM 2023", "2023-01-01", "2023-12-31"),
        ("SIẾT CHẶT KỶ LUẬT HÀNH CHÍNH NĂM 2023", "2023-01-01", "2023-12-31"),
        ("THỰC HIỆN ĐỀ ÁN “GIÁO DỤC LUẬT GIAO THÔNG GIAI ĐOẠN 2022-2027” NĂM 2023", "2023-01-01", "2023-12-31"),
        ("Cải cách hành chính 2024", "2024-01-01", "2024-12-31"),
        ("Công tác giai đoạn 2021-2025 định hướng đến năm 2030", "2021-01-01", "2025-12-31"),
        ("Giai đoạn 2021 – 2025, tầm nhìn đến năm 2045", "2021-01-01", "2025-12-31"),
        ("Phát triển kinh tế 5 năm 2026-2030", "2026-01-01", "2030-12-31"),
        ("Kiểm tra từ năm 2023 đến năm 2025", "2023-01-01", "2025-12-31"),
        ("Đào tạo các năm 2023, 2024 và 2025", "2023-01-01", "2025-12-31"),
        ("Kiểm tra quý II/2024", "2024-04-01", "2024-06-30"),
        ("Công tác quý III và quý IV năm 2024", "2024-07-01", "2024-12-31"),
        ("Công tác quý IV năm 2024 và quý I năm 2025", "2024-10-01", "2025-03-31"),
        ("Công tác 6 tháng đầu năm 2024", "2024-01-01", "2024-06-30"),
        ("Nhiệm vụ 06 tháng cuối năm 2025", "2025-07-01", "2025-12-31"),
        ("Công tác tháng 9 năm 2024", "2024-09-01", "2024-09-30"),
        ("Công tác tháng 10, 11 năm 2024", "2024-10-01", "2024-11-30"),
        ("Đợt cao điểm từ ngày 15/12/2024 đến ngày 15/02/2025", "2024-12-15", "2025-02-15"),
        ("Làm việc toàn khóa của Ban Chấp hành Đảng bộ nhiệm kỳ 2020 - 2025", "2020-01-01", "2025-12-31"),
        ("Tổ chức Đại hội Đảng bộ nhiệm kỳ 2025 - 2030", None, None),
        ("Năm học 2024-2025", "2024-09-01", "2025-08-31"),
        ("Học kỳ I năm học 2024 - 2025", "2024-09-01", "2025-01-31"),
        ("Thực hiện Chương trình giảm nghèo giai đoạn 2021-2025 năm 2024", "2024-01-01", "2024-12-31"),
        ("Thực hiện Nghị quyết số 57-NQ/TW ngày 22/12/2024 của Bộ Chính trị năm 2025", "2025-01-01", "2025-12-31"),
        ("Thực hiện Kế hoạch số 8/KH-UBND về cải cách hành chính trên địa bàn xã năm 2024", "2024-01-01", "2024-12-31"),
        ("Thực hiện Đề án “Xã hội học tập giai đoạn 2021-2030” năm 2024", "2024-01-01", "2024-12-31"),
        ("Phát triển chuyển đổi số đến năm 2025, tầm nhìn 2030", None, "2025-12-31"),
    ],
)
def test_period_of_a_title(title: str, start: str | None, end: str | None) -> None:
    assert read_period(title) == days(start, end)


@pytest.mark.parametrize(
    "title",
    [
        "Thực hiện Báo cáo số 139-BC/TU ngày 01/3/2017 của Ban Thường vụ",
        "Thực hiện Kế hoạch số 12/KH-UBND ngày 05/01/2024 của UBND tỉnh về cải cách hành chính năm 2024",
        "Triển khai thi hành Luật Đất đai năm 2024",
        "TRIỂN KHAI THI HÀNH LUẬT ĐẤT ĐAI NĂM 2024",
        "Thực hiện Nghị định số 16/2015/NĐ-CP",
        "Thực hiện Đề án “Xã hội học tập giai đoạn 2021-2030”",
        "Phục vụ Tết Nguyên đán Ất Tỵ năm 2025",
        "Thực hiện Nghị quyết Đại hội nhiệm kỳ 2020-2025",
        "Thực hiện cơ chế một cửa",
        "Giai đoạn 2025-2021",
        "",
    ],
)
def test_years_that_are_no_period(title: str) -> None:
    assert read_period(title) == (None, None)


@pytest.mark.parametrize(
    ("title", "start", "end"),
    [
        (
            "Thực hiện Nghị quyết số 8-NQ/TU ngày 12/5/2021 về nông nghiệp giai đoạn 2021-2025",
            "2021-01-01",
            "2025-12-31",
        ),
        ("Thực hiện Đề án “Xã hội học tập giai đoạn 2021-2030”", "2021-01-01", "2030-12-31"),
        ("Tổng kết thực hiện Nghị quyết số 8-NQ/TU về nông nghiệp giai đoạn 2016-2020", None, None),
        ("Công tác văn thư năm 2024", None, None),
    ],
)
def test_period_of_a_cited_name(title: str, start: str | None, end: str | None) -> None:
    assert read_cited_period(title) == days(start, end)


@pytest.mark.parametrize(
    ("lines", "start", "end"),
    [
        (["2. Thời gian thực hiện: Năm 2021-2025"], "2021-01-01", "2025-12-31"),
        (["II. THỜI GIAN THỰC HIỆN", "Kế hoạch được thực hiện trong năm 2024."], "2024-01-01", "2024-12-31"),
        (["- Thời gian triển khai: Từ tháng 3 đến tháng 11 năm 2024."], "2024-03-01", "2024-11-30"),
        (
            ["3. Thời gian tổ chức thực hiện Kế hoạch: Từ ngày 01/3/2024 đến hết ngày 31/12/2024"],
            "2024-03-01",
            "2024-12-31",
        ),
    ],
)
def test_labelled_period(lines: list[str], start: str, end: str) -> None:
    assert read_labelled_period(["I. Mục tiêu", *lines, "III. Kinh phí"]) == days(start, end)


def test_label_of_single_tasks_is_no_period_of_the_plan() -> None:
    assert read_labelled_period(["1. Rà soát", "a) Đơn vị chủ trì: Văn phòng", "b) Thời gian thực hiện: Năm 2024"]) == (
        None,
        None,
    )
    assert read_labelled_period(["a) Thời gian thực hiện: Năm 2024", "b) Thời gian thực hiện: Năm 2025"]) == (
        None,
        None,
    )


def test_label_without_a_date_gives_nothing() -> None:
    assert read_labelled_period(["Thời gian thực hiện: Thường xuyên"]) == (None, None)


def test_many_digits_take_no_time() -> None:
    assert read_period("năm " + "2024/" * 4000) == (None, None)
