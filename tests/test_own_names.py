"""A paper as its own dictionary: a name that one place makes sure ends there in every other place."""

import pytest

from pipeline.plan import Header, Part, Prose, Task
from pipeline.read.lead_ins import parents_of_units
from pipeline.read.narrative import read_narrative
from pipeline.read.own_names import own_names
from pipeline.text import fold
from pipeline.vocab.name_tree import NameTree

DUTIES = "III. TỔ CHỨC THỰC HIỆN"


def paper(*texts: str) -> list[Prose]:
    """Items of a paper; one that ends with a colon is a heading of those below it."""
    out, under = [], (DUTIES,)
    for text in texts:
        is_heading = text.endswith(":")
        out.append(Prose(text, Part.BODY, headings=(DUTIES,) if is_heading else under, is_heading=is_heading))
        under = (DUTIES, text) if is_heading else under
    return out


def read(*texts: str, recipients: tuple[str, ...] = ()) -> tuple[Task, ...]:
    return read_narrative(paper(*texts), Header(recipients=recipients), lambda _: None)


def names_of(prose: list[Prose], *recipients: str) -> NameTree:
    return own_names(prose, recipients, parents_of_units(prose))


def holds(names: NameTree, name: str) -> bool:
    return names.end(name, fold(name), 0) == len(name)


@pytest.mark.parametrize(
    ("name", "sure"),
    [
        ("Phòng Hiệu chuẩn, sửa chữa thiết bị đo", "{} có trách nhiệm lưu biên bản."),
        ("Đội Nạo vét kênh tiêu", "- {} chủ trì, phối hợp với các xã làm thủy lợi."),
        ("Trung tâm Nuôi cấy mô và nhân giống lan", "Việc cấp giống do {} chịu trách nhiệm."),
        ("Tổ Gieo ươm và chăm bón cây xanh", "Đề nghị {} là đầu mối tổng hợp."),
        ("Phòng Thu đổi, tiêu hủy ấn phẩm cũ", "2. Kiểm đếm kho (Chủ trì: {}; phối hợp: Văn phòng)."),
        ("Ban Tiếp nhận, phân loại hiện vật", "Đơn vị thực hiện: {}."),
        ("Đội Kéo dây và dựng cột", "Đội Kéo dây và dựng cột:"),
    ],
)
def test_a_sure_name_ends_everywhere(name: str, sure: str) -> None:
    *_, task = read(sure.format(name), f"{name} thống kê vật tư trước ngày 05/6/2024.")
    assert task.lead_text == name
    *_, task = read(f"{DUTIES}:", sure.format(name), f"Các phòng phối hợp với {name} lập dự toán.")
    assert task.partner_text == name


def test_the_list_of_recipients_makes_names_sure() -> None:
    name = "Phòng Sao lục, phục chế bản đồ cổ"
    (task,) = read(f"{name} quét tài liệu trong tháng 5.", recipients=(f"{name} (để thực hiện)", "Lưu: VT"))
    assert task.lead_text == name


@pytest.mark.parametrize(
    "text",
    [
        "Sở Y tế chủ trì, phối hợp với Sở Tài chính lập dự toán.",
        "Sở Y tế hướng dẫn các trạm có trách nhiệm báo cáo.",
        "Phòng Nội vụ tổng hợp, báo cáo và chịu trách nhiệm về số liệu.",
        "Phòng Nội vụ yêu cầu người dự tuyển có trách nhiệm nộp hồ sơ.",
        "Sở Y tế kiểm tra, Sở Công Thương có trách nhiệm bố trí xe.",
        "Văn phòng chuẩn bị hội nghị do Giám đốc chủ trì.",
    ],
)
def test_a_predicate_is_in_no_name(text: str) -> None:
    assert not names_of(paper(text, text)).beginnings


def test_duties_under_a_heading_with_a_verb_are_no_name() -> None:
    assert not names_of(paper("1. Phòng Nội vụ tổng hợp số liệu:", "- Lập danh sách.")).beginnings
    sure = names_of(paper("1. Phòng Ươm giống lan tổng hợp số liệu:", "- Phòng Ươm giống lan chủ trì."))
    assert holds(sure, "Phòng Ươm giống lan")
    assert not holds(sure, "Phòng Ươm giống lan tổng hợp số liệu")


def test_persons_marks_and_cries_are_no_names() -> None:
    names = names_of(paper("CƠ SỞ XÂY DỰNG PHƯƠNG ÁN:", "- Rà soát."), "Như Điều 3", "Lưu: VT, TH", "Ông Vũ Văn Lâm")
    assert not names.beginnings


def test_a_name_of_another_paper_is_unknown() -> None:
    (task,) = read("Đội Nạo vét kênh tiêu thống kê vật tư.")
    assert task.lead_text != "Đội Nạo vét kênh tiêu"


def test_regular_training_is_no_deadline() -> None:
    first, second = read(
        "Vụ Đào tạo thường xuyên thẩm định giáo trình trước ngày 15/8/2024.",
        "Sở Nội vụ thường xuyên cập nhật hồ sơ cán bộ.",
    )
    assert [d.kind.value for d in first.deadlines] == ["date"]
    assert [d.kind.value for d in second.deadlines] == ["ongoing"]
