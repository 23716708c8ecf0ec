"""Assignments in running text: who is told to do what."""

from collections.abc import Sequence
from datetime import date

import pytest

from pipeline.plan import Header, Part, Prose, Task
from pipeline.read.acting import acting_unit, heading_unit
from pipeline.read.labels import split_labels
from pipeline.read.narrative import read_narrative
from pipeline.read.sentences import sentences
from pipeline.rules.ordinals import leading_ordinal

HEADER = Header(period_start=date(2025, 1, 1), period_end=date(2025, 12, 31))


def read(*items: tuple[Sequence[str], str]) -> tuple[Task, ...]:
    prose = [
        Prose(
            text,
            Part.BODY,
            ordinal=leading[0].written if (leading := leading_ordinal(text)) else "",
            headings=tuple(h),
            is_heading=bool(h) and h[-1] == text,
        )
        for h, text in items
    ]
    return read_narrative(prose, HEADER, lambda _: None)


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("Chủ trì hướng dẫn. Định kỳ báo cáo Sở Y tế.", 2),
        ("Phối hợp với UBND TP. Huế triển khai.", 1),
        ("Điều 2. Giao các đơn vị trực thuộc thực hiện./.", 1),
        ("Hoàn thành 2.500 tờ rơi trước ngày 30.6.2025.", 1),
    ],
)
def test_sentences(text: str, count: int) -> None:
    assert len(sentences(text)) == count


@pytest.mark.parametrize(
    ("clause", "unit"),
    [
        ("Sở Y tế chủ trì, phối hợp với Sở Tài chính tham mưu bố trí kinh phí", "Sở Y tế"),
        ("Giao Phòng Tổ chức cán bộ tham mưu kế hoạch", "Phòng Tổ chức cán bộ"),
        ("Yêu cầu các đơn vị trực thuộc xây dựng kế hoạch chi tiết", "các đơn vị trực thuộc"),
        ("Căn cứ Kế hoạch này, các đơn vị trực thuộc xây dựng kế hoạch của đơn vị", "các đơn vị trực thuộc"),
        ("Truyền thông trên sóng phát thanh: Trung tâm Y tế huyện chủ trì thực hiện", "Trung tâm Y tế huyện"),
        ("Tổng hợp kết quả, báo cáo Sở Y tế trước ngày 30/6", None),
        ("Nâng cao chất lượng khám bệnh, chữa bệnh", None),
    ],
)
def test_acting_unit(clause: str, unit: str | None) -> None:
    found = acting_unit(clause)
    assert (found.text if found else None) == unit


@pytest.mark.parametrize(
    ("heading", "unit"),
    [
        ("1. Trách nhiệm của Văn phòng Sở", "Văn phòng Sở"),
        ("3. Phòng Kế hoạch - Tài chính.", "Phòng Kế hoạch - Tài chính"),
        ("b) Các phòng chuyên môn, các đơn vị trực thuộc:", "Các phòng chuyên môn, các đơn vị trực thuộc"),
        ("2. Hình thức tuyên truyền.", None),
        ("II. TỔ CHỨC THỰC HIỆN", None),
    ],
)
def test_heading_unit(heading: str, unit: str | None) -> None:
    assert heading_unit(heading) == unit


def test_labels_at_line_start_in_the_text_and_in_brackets() -> None:
    assert [(v.field, v.value) for v in split_labels("a) Đơn vị chủ trì: Cục Di sản.")[1]] == [("lead", "Cục Di sản")]
    content, labels = split_labels("1. Rà soát văn bản. Chủ trì: Sở Tư pháp; phối hợp: Sở Nội vụ; thời hạn: 30/6/2025.")
    assert content == "Rà soát văn bản."
    assert [(v.field, v.value) for v in labels] == [
        ("lead", "Sở Tư pháp"),
        ("partner", "Sở Nội vụ"),
        ("deadline", "30/6/2025"),
    ]
    content, labels = split_labels("- Mua sắm vật tư (Đơn vị thực hiện: Phòng Hành chính)")
    assert (content, labels[0].value) == ("Mua sắm vật tư", "Phòng Hành chính")
    assert split_labels("Nội dung gồm: tập huấn, kiểm tra")[1] == ()


def test_key_value_items() -> None:
    path = ("II. NỘI DUNG", "1. Xây dựng văn bản")
    got = read(
        (path, "1.1. Xây dựng Thông tư hướng dẫn."),
        (path, "a) Đơn vị chủ trì: Vụ Pháp chế."),
        (path, "b) Đơn vị phối hợp: Vụ Kế hoạch, Tài chính; các Cục, Vụ có liên quan."),
        (path, "c) Thời gian hoàn thành: Trước ngày 15 tháng 5 năm 2025."),
        (path, "d) Sản phẩm: Thông tư."),
        (path, "1.2. Tổ chức hội nghị phổ biến."),
        (path, "- Cơ quan thực hiện: Văn phòng Bộ"),
        (path, "- Thời gian: Quý III/2025"),
    )
    assert [(t.ordinal, t.content, t.leads, t.deadline_text, t.output) for t in got] == [
        ("1.1.", "Xây dựng Thông tư hướng dẫn.", ("Vụ Pháp chế",), "Trước ngày 15 tháng 5 năm 2025", "Thông tư"),
        ("1.2.", "Tổ chức hội nghị phổ biến.", ("Văn phòng Bộ",), "Quý III/2025", None),
    ]
    assert got[0].partners == ("Vụ Kế hoạch, Tài chính", "các Cục, Vụ có liên quan")
    assert not got[0].roles_inferred
    assert got[0].section_path == path


def test_unit_headings_lead_the_sentences_below() -> None:
    path = ("III. TỔ CHỨC THỰC HIỆN", "1. Văn phòng Sở")
    got = read(
        (path, "1. Văn phòng Sở"),
        (path, "- Chủ trì, phối hợp với các phòng chuyên môn hướng dẫn triển khai Kế hoạch này."),
        (path, "- Tổng hợp, báo cáo kết quả trước ngày 15/12. Các đơn vị trực thuộc gửi báo cáo về Văn phòng Sở."),
    )
    assert [(t.leads, t.partners) for t in got] == [
        (("Văn phòng Sở",), ("các phòng chuyên môn",)),
        (("Văn phòng Sở",), ()),
        (("Các đơn vị trực thuộc",), ()),
    ]
    assert got[1].deadlines[0].end == date(2025, 12, 15)
    assert all(t.roles_inferred and t.source == "narrative" for t in got)


def test_a_lead_in_governs_the_numbered_items_below_it() -> None:
    path = ("V. TỔ CHỨC THỰC HIỆN",)
    got = read(
        (path, "Các đơn vị trực thuộc chủ động triển khai thực hiện Kế hoạch này, bảo đảm hiệu quả."),
        (path, "1. Định kỳ hàng quý báo cáo tình hình thực hiện."),
        (path, "2. Rà soát, đánh giá và đề xuất giải pháp."),
    )
    assert [(t.ordinal, t.leads) for t in got] == [
        ("", ("Các đơn vị trực thuộc",)),
        ("1.", ("Các đơn vị trực thuộc",)),
        ("2.", ("Các đơn vị trực thuộc",)),
    ]
    assert got[1].deadline_text == "Định kỳ hàng quý"


def test_a_clause_with_a_new_unit_is_its_own_task() -> None:
    text = "Phòng Y tế hướng dẫn chuyên môn; UBND các xã, thị trấn tổ chức thực hiện; kiểm tra việc niêm yết."
    got = read((("II. NHIỆM VỤ",), text))
    assert [t.leads for t in got] == [("Phòng Y tế",), ("UBND các xã, thị trấn",)]
    assert got[1].content.endswith("kiểm tra việc niêm yết.")


@pytest.mark.parametrize(
    ("heading", "text"),
    [
        ("I. MỤC ĐÍCH, YÊU CẦU", "Các đơn vị trực thuộc tổ chức thực hiện nghiêm túc Kế hoạch."),
        ("2. Chỉ tiêu cụ thể", "Trung tâm Y tế huyện duy trì 100% chỉ tiêu được giao."),
        ("IV. TỔ CHỨC THỰC HIỆN", "Trong quá trình thực hiện, nếu có vướng mắc, các đơn vị báo cáo Sở Y tế."),
        ("IV. TỔ CHỨC THỰC HIỆN", "Trên đây là Kế hoạch năm 2025, yêu cầu các đơn vị nghiêm túc thực hiện./."),
        ("QUYẾT ĐỊNH", "Điều 3. Chánh Văn phòng, Thủ trưởng các đơn vị chịu trách nhiệm thi hành Quyết định này."),
        ("II. NỘI DUNG", "Nâng cao nhận thức của công chức, viên chức về cải cách hành chính."),
    ],
)
def test_aims_and_formulas_assign_nothing(heading: str, text: str) -> None:
    assert read(((heading,), text)) == ()
