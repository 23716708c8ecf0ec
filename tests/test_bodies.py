"""Names of bodies as decrees and charters give them: where they end, and what is no name."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extractors.errors import VocabularyError
from pipeline.read.acting import acting_unit, heading_unit
from pipeline.rules.units import split_units
from pipeline.text import fold
from pipeline.vocab.bodies import body_tree, load_bodies, parse_bodies
from pipeline.vocab.name_tree import name_tree

PREDICATES = (
    "chủ trì, phối hợp với các đơn vị liên quan",
    "có trách nhiệm báo cáo kết quả",
    "rà soát danh mục hồ sơ",
    "niêm yết danh sách",
    "đề xuất phương án trước ngày 15/5",
)


@given(st.sampled_from(load_bodies()), st.sampled_from(PREDICATES))
def test_every_body_ends_before_its_verb(name: str, predicate: str) -> None:
    acting = acting_unit(f"{name} {predicate}.")
    assert acting is not None
    assert acting.text == name


@given(st.sampled_from(load_bodies()))
def test_every_body_is_one_entry_of_a_cell(name: str) -> None:
    assert split_units(name) == (name,)
    assert split_units(f"- Sở Nội vụ\n- {name}") == ("Sở Nội vụ", name)


@pytest.mark.parametrize(
    ("text", "lead"),
    [
        ("Vụ Đào tạo thường xuyên thẩm định giáo trình.", "Vụ Đào tạo thường xuyên"),
        ("Vụ Đào tạo thường xuyên kiểm tra các lớp ở cơ sở.", "Vụ Đào tạo thường xuyên"),
        ("Cục Hóa chất tập huấn cho doanh nghiệp.", "Cục Hóa chất"),
        ("Đội Thu gom rác thuộc Xí nghiệp Môi trường đổi ca lúc 22 giờ.", "Đội Thu gom rác thuộc Xí nghiệp Môi trường"),
        ("Xí nghiệp cấp nước Đồi Thông súc xả tuyến ống.", "Xí nghiệp cấp nước Đồi Thông"),
        ("Các xí nghiệp thoát nước nạo vét hố ga.", "Các xí nghiệp thoát nước"),
        ("Phòng Tổ chức tổng hợp nhu cầu đào tạo.", "Phòng Tổ chức"),
        ("Phòng Tổ chức - Tổng hợp rà soát biên chế.", "Phòng Tổ chức - Tổng hợp"),
        ("Phòng Quản lý chất lượng công trình nghiệm thu cầu.", "Phòng Quản lý chất lượng công trình"),
        ("Phòng Giải phóng mặt bằng niêm yết phương án.", "Phòng Giải phóng mặt bằng"),
        ("Văn phòng Công đoàn chuẩn bị hội trường.", "Văn phòng Công đoàn"),
    ],
)
def test_the_longest_name_wins(text: str, lead: str) -> None:
    acting = acting_unit(text)
    assert acting is not None
    assert acting.text == lead


@pytest.mark.parametrize(
    "text",
    [
        "Các phòng kiểm tra việc chấp hành giờ giấc.",
        "Các phòng kiểm tra, rà soát hồ sơ.",
        "Các đội bảo vệ hiện trường.",
    ],
)
def test_a_verb_behind_a_group_makes_no_name(text: str) -> None:
    acting = acting_unit(text)
    assert acting is not None
    assert len(acting.text.split()) == 2


def test_a_heading_may_be_a_body() -> None:
    assert heading_unit("3. Phòng Giám sát, kiểm tra và xử lý sau thanh tra") is not None
    assert heading_unit("4. Phòng Bảo vệ, chăm sóc trẻ em và Bình đẳng giới:") is not None


@pytest.mark.parametrize(
    ("cell", "units"),
    [
        ("Phòng Kế hoạch tổng\nhợp, Khoa Phẫu thuật\n- Gây mê hồi sức", 2),
        ("- Khoa Nội\n- Khoa Nhi", 2),
        ("Phòng Tài chính\n- Kế toán", 1),
        ("- Phòng Tài chính\n- Kế toán trưởng", 2),
    ],
)
def test_a_line_that_breaks_at_a_hyphen_goes_on_with_the_name(cell: str, units: int) -> None:
    assert len(split_units(cell)) == units


@given(st.lists(st.sampled_from(load_bodies()), min_size=1, max_size=6))
def test_the_tree_finds_its_longest_name(names: list[str]) -> None:
    tree = name_tree(names)
    for name in names:
        text = f"{name}; và các đơn vị khác"
        assert tree.end(text, fold(text), 0) == len(name)
    assert tree.end("Không có ai", "không có ai", 0) is None


def test_no_body_begins_inside_a_word_or_over_a_mark() -> None:
    text = "Phòng: Kế hoạch"
    assert body_tree().end(text, fold(text), 0) is None
    text = "Khoa Nhiễm"
    assert body_tree().end(text, fold(text), 0) is None


def test_the_file_is_strict() -> None:
    assert parse_bodies('[[body]]\nheads = ["Vụ"]\nnames = ["Pháp chế", "Pháp chế"]\n') == ("Vụ Pháp chế",)
    with pytest.raises(VocabularyError, match="unknown field"):
        parse_bodies('[[body]]\nheads = ["Vụ"]\nname = "Pháp chế"\n')
