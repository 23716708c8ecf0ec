"""The duplicate rule: the same work twice, and work that only sounds the same."""

from dataclasses import replace
from typing import Any

import pytest
from plans import due, fired, plan, role, task

from pipeline.check import content
from pipeline.plan import Task

TRAINING = "Tập huấn phân loại rác tại nguồn cho cán bộ chi hội phụ nữ"


def twice(
    first: str, second: str, one: dict[str, Any] | None = None, other: dict[str, Any] | None = None
) -> list[object]:
    return [*fired("content.duplicate", plan(task(first, **(one or {})), task(second, **(other or {}))))]


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (TRAINING, TRAINING),
        (TRAINING, f"Tổ chức {TRAINING[0].lower()}{TRAINING[1:]} các xã, thị trấn"),
        (f"- Khảo sát.\n- {TRAINING};", TRAINING),
        (
            "Kiểm tra hoạt động văn thư tại các phòng chuyên môn thuộc Sở",
            "Kiểm tra hoạt động văn thư tại các phòng chuyên  môn thuộc  sở.",
        ),
        (
            "Rà soát thủ tục hành chính dùng chung của ngành và các đơn vị sự nghiệp công lập thuộc Sở",
            "Rà soát thủ tục hành chính dùng chung của ngành và các đơn vị sự nghiêp công lập thuộc Sở",
        ),
        ("Chuẩn hoá dữ liệu hồ sơ", "Chuẩn hóa dữ liệu hồ sơ"),
    ],
)
def test_the_same_work_twice(first: str, second: str) -> None:
    assert [number for number, _ in twice(first, second)] == [2]


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("Xây dựng kế hoạch", "Xây dựng kế hoạch kiểm tra"),
        ("Kiểm tra chấp hành pháp luật tại các cơ sở chăn nuôi", "Kiểm tra chấp hành pháp luật tại làng nghề"),
        (
            "Kiểm tra công tác văn thư tại các đơn vị trực thuộc Sở Y tế đợt 1 theo kế hoạch đã được phê duyệt",
            "Kiểm tra công tác văn thư tại các đơn vị trực thuộc Sở Y tế đợt 2 theo kế hoạch đã được phê duyệt",
        ),
        (
            "Báo cáo kết quả thực hiện cải cách hành chính của đơn vị trong quý I gửi Sở Nội vụ tổng hợp",
            "Báo cáo kết quả thực hiện cải cách hành chính của đơn vị trong quý II gửi Sở Nội vụ tổng hợp",
        ),
    ],
)
def test_work_that_only_sounds_the_same(first: str, second: str) -> None:
    assert twice(first, second) == []


def test_steps_under_different_parents_are_different_work() -> None:
    step = "Xây dựng Đề án và ban hành kế hoạch triển khai thực hiện"
    assert twice(step, step, {"parent": "Bệnh án điện tử"}, {"parent": "Khám bệnh từ xa"}) == []
    assert twice(step, step, {"objective": "Số hóa"}, {"objective": "Dữ liệu mở"}) == []
    assert len(twice(step, step, {"parent": "Bệnh án điện tử"}, {"parent": "Bệnh án điện tử."})) == 1


def test_short_steps_repeat_under_different_headings() -> None:
    assert (
        twice("Xây dựng kế hoạch", "Xây dựng kế hoạch", {"section_path": ("I A",)}, {"section_path": ("II B",)}) == []
    )
    assert len(twice(TRAINING, TRAINING, {"section_path": ("I A",)}, {"section_path": ("II B",)})) == 1


def test_a_named_event_within_another_task_is_told_across_headings() -> None:
    event = "Liên hoan ẩm thực Sơn Hải"
    assert len(twice(event, f"Tổ chức {event}", {"section_path": ("A",)}, {"section_path": ("B",)})) == 1


def test_the_same_work_in_two_months_is_meant() -> None:
    months = [{"section_path": (f"Tháng {m}/2024",)} for m in (9, 10)]
    assert twice(TRAINING, TRAINING, *months) == []


def test_the_same_work_in_tables_of_two_months_is_meant() -> None:
    march = task(TRAINING, due("15/3/2024", "2024-03-15"), table_index=1)
    april = task(TRAINING, due("15/4/2024", "2024-04-15"), table_index=2)
    assert fired("content.duplicate", plan(march, april)) == []
    assert len(fired("content.duplicate", plan(march, replace(april, table_index=1)))) == 1
    assert len(fired("content.duplicate", plan(march, replace(march, table_index=2)))) == 1


def test_the_same_duty_of_two_units_in_prose_is_meant() -> None:
    duty = "Triển khai thực hiện các nhiệm vụ được giao tại Kế hoạch này"
    schools, hospitals = ({"source": "narrative", "units": (role("lead", n),)} for n in ("Các trường", "Các bệnh viện"))
    assert twice(duty, duty, schools, hospitals) == []
    assert len(twice(duty, duty, schools, schools)) == 1


def test_a_whole_sentence_of_particular_work_given_to_two_units_is_given_twice() -> None:
    work = "Vận động các hộ nuôi cá lồng trên hồ ký cam kết di dời lồng bè trước mùa lũ"
    schools, hospitals = ({"source": "narrative", "units": (role("lead", n),)} for n in ("UBND xã A", "Hội Nông dân"))
    assert len(twice(work, work, schools, hospitals)) == 1
    told = "Báo cáo số lồng bè đã di dời về Phòng Kinh tế trước ngày 05 hằng tháng"
    assert len(twice(told, told, schools, hospitals)) == 1
    result = "Báo cáo kết quả thực hiện gửi Phòng Kinh tế trước ngày 05 tháng 12 để tổng hợp"
    assert twice(result, result, schools, hospitals) == []
    assert twice("Tuyên truyền đến hội viên", "Tuyên truyền đến hội viên", schools, hospitals) == []


def test_only_the_later_one_is_told_and_once() -> None:
    document = plan(*(task(TRAINING, due(f"{m}/2024")) for m in (3, 4, 5)))
    assert fired("content.duplicate", document) == [(2, TRAINING), (3, TRAINING)]


def test_thousands_of_rows_of_one_form_are_compared_in_bounds(monkeypatch: pytest.MonkeyPatch) -> None:
    compared = 0
    really = content._duplicates

    def counted(one: content._Words, other: content._Words) -> bool:
        nonlocal compared
        compared += 1
        return really(one, other)

    monkeypatch.setattr(content, "_duplicates", counted)
    texts = [f"Rà soát toàn bộ hồ sơ số {n} của đơn vị trong năm" for n in range(3000)]
    tasks = tuple(Task(n, "table", text) for n, text in enumerate([*texts, texts[7]], start=1))
    assert [(task.sequence, first.sequence) for task, first in content._first_duplicates(tasks)] == [(3001, 8)]
    assert compared < 100 * 3001
