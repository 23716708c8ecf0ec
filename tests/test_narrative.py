"""Assignments in running text: who is told to do what."""

from collections.abc import Sequence
from datetime import date

import pytest

from pipeline.plan import DeadlineKind, Header, Part, Prose, Task
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
        ("Gửi về Sở (qua P. ấn phẩm, v.v. ở trên) để tổng hợp. ổn định tổ chức.", 1),
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
        ("Khoa Kiểm soát dịch bệnh và HIV/AIDS lập kế hoạch tiêm", "Khoa Kiểm soát dịch bệnh và HIV/AIDS"),
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
        ("4. Đối với đảng ủy các xã, thị trấn", "đảng ủy các xã, thị trấn"),
        ("2. Đối với các chi bộ trực thuộc:", "các chi bộ trực thuộc"),
        ("5. Đối với công tác tuyên truyền", None),
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
    assert (content, labels[0].value) == ("Mua sắm vật tư (Đơn vị thực hiện: Phòng Hành chính)", "Phòng Hành chính")
    assert split_labels("Nội dung gồm: tập huấn, kiểm tra")[1] == ()


def test_an_item_that_lost_its_unit_among_items_with_one() -> None:
    path = ("II. NỘI DUNG", "2. Hạ tầng")
    got = read(
        (path, "2.1. Biên soạn học liệu số."),
        (path, "Chủ trì: các khoa; thời gian: quý I/2025."),
        (path, "2.2. Nâng cấp mạng không dây tại các xưởng."),
        (path, "Thời gian: quý III/2025."),
    )
    assert [(t.ordinal, t.leads, t.deadline_text) for t in got] == [
        ("2.1.", ("các khoa",), "quý I/2025"),
        ("2.2.", (), "quý III/2025"),
    ]
    alone = ("III. HỘI NGHỊ",)
    assert read((alone, "1. Khai mạc hội nghị."), (alone, "Thời gian: 8 giờ ngày 05/3/2025.")) == ()


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


@pytest.mark.parametrize(
    "text",
    [
        "Điều 3. Chánh Văn phòng UBND tỉnh, Giám đốc Sở Y tế chịu trách nhiệm thi hành./.",
        "Điều 3. Chánh Văn phòng, Giám đốc Sở Y tế căn cứ Quyết định thi hành./.",
        "Điều 3. Chánh Văn phòng, Thủ trưởng các đơn vị chịu trách nhiệm tổ chức thực hiện Quyết định này./.",
        "Điều 4. Chánh Văn phòng, Thủ trưởng các đơn vị chịu trách nhiệm thực hiện./.",
    ],
)
def test_enacting_articles_in_all_their_words(text: str) -> None:
    assert read((("QUYẾT ĐỊNH:",), text)) == ()


def test_an_article_that_gives_work_is_a_task() -> None:
    (task,) = read(
        (("QUYẾT ĐỊNH:",), "Điều 2. Giao Sở Y tế chủ trì, phối hợp với Sở Tài chính theo dõi việc thực hiện.")
    )
    assert (task.leads, task.partners) == (("Sở Y tế",), ("Sở Tài chính",))


@pytest.mark.parametrize(
    ("text", "leads", "partners", "deadline"),
    [
        (
            "a) Kiện toàn Ban Chỉ đạo (Chủ trì: Sở Y tế; phối hợp: Sở Nội vụ; hoàn thành trước 30/4/2025).",
            ("Sở Y tế",),
            ("Sở Nội vụ",),
            "hoàn thành trước 30/4/2025",
        ),
        (
            "a) Lập bản đồ số (Sở Khoa học và Công nghệ chủ trì, Sở Y tế phối hợp), xong trước ngày 30/6/2025.",
            ("Sở Khoa học và Công nghệ",),
            ("Sở Y tế",),
            "xong trước ngày 30/6/2025",
        ),
        (
            "- Kiểm tra Đảng ủy xã Sơn Hải (Ủy ban Kiểm tra Huyện ủy chủ trì tham mưu trong tháng 5/2025).",
            ("Ủy ban Kiểm tra Huyện ủy",),
            (),
            "trong tháng 5/2025",
        ),
        (
            "a) Nâng cấp hạ tầng mạng (Văn phòng Sở chủ trì; thực hiện thường xuyên).",
            ("Văn phòng Sở",),
            (),
            "thực hiện thường xuyên",
        ),
        (
            "a) Thanh tra bếp ăn tập thể, hoàn thành trong tháng 9/2025 (Chủ trì: Sở Y tế).",
            ("Sở Y tế",),
            (),
            "hoàn thành trong tháng 9/2025",
        ),
    ],
)
def test_roles_and_time_in_brackets(
    text: str, leads: tuple[str, ...], partners: tuple[str, ...], deadline: str
) -> None:
    """The bracket is part of the sentence, which is the content of the task."""
    (task,) = read((("II. NHIỆM VỤ",), text))
    assert (task.leads, task.partners, task.deadline_text) == (leads, partners, deadline)
    assert task.content == text.split(" ", 1)[1]
    assert task.deadlines


def test_a_bracket_behind_the_first_of_several_units_makes_the_others_partners() -> None:
    (task,) = read((("1. Đào tạo",), "- Phòng Tư pháp (chủ trì), Phòng Nội vụ, Trường THPT Hòa Sơn mở lớp pháp luật."))
    assert [(unit.role, unit.name) for unit in task.units] == [
        ("lead", "Phòng Tư pháp"),
        ("partner", "Phòng Nội vụ"),
        ("partner", "Trường THPT Hòa Sơn"),
    ]


def test_a_sentence_without_subject_goes_on_with_the_unit_before_it() -> None:
    text = (
        "1. Sở Y tế: Hướng dẫn chuyên môn. Định kỳ hàng quý báo cáo UBND tỉnh. Khi có ca bệnh, lấy mẫu xét nghiệm. "
        "Kinh phí từ ngân sách địa phương."
    )
    got = read((("IV. TỔ CHỨC THỰC HIỆN",), text))
    assert [(t.ordinal, t.leads) for t in got] == [("1.", ("Sở Y tế",)), ("", ("Sở Y tế",)), ("", ("Sở Y tế",))]
    assert [len(t.deadlines) for t in got] == [0, 1, 1]


def test_an_item_that_ends_with_a_colon_leads_the_bullets_below_it() -> None:
    path = ("II. TỔ CHỨC THỰC HIỆN",)
    got = read(
        (path, "1. Sở Y tế có trách nhiệm:"),
        (path, "- Hướng dẫn chuyên môn cho tuyến dưới;"),
        (path, "- Tổng hợp kết quả trước ngày 15/12/2025."),
        (path, "2. Đẩy mạnh công tác truyền thông."),
    )
    assert [t.leads for t in got] == [("Sở Y tế",), ("Sở Y tế",)]
    inside = (*path, "1. Sở Y tế có trách nhiệm:")
    assert [t.leads for t in read((inside, "- Hướng dẫn chuyên môn cho tuyến dưới;"))] == [("Sở Y tế",)]


def test_who_directs_others_answers_for_it() -> None:
    path = ("III. TỔ CHỨC THỰC HIỆN", "4. UBND các huyện, thị xã")
    (task,) = read((path, "- Chỉ đạo các trường tiểu học thực hiện Kế hoạch này."))
    assert task.leads == ("UBND các huyện, thị xã",)


def test_a_condition_of_one_clause_is_no_deadline_of_the_task() -> None:
    path = ("III. TỔ CHỨC THỰC HIỆN", "2. Văn phòng Sở")
    one, whole = read(
        (path, "- Bảo đảm hạ tầng mạng; khi có sự cố, báo cáo lãnh đạo Sở."),
        (path, "- Khi có sự cố, báo cáo lãnh đạo Sở; khắc phục ngay."),
    )
    assert one.deadlines == ()
    assert [d.kind for d in whole.deadlines] == [DeadlineKind.CONDITIONAL]


@pytest.mark.parametrize(
    ("heading", "unit"),
    [
        ("3. Đội phòng cháy, chữa cháy cơ sở", "Đội phòng cháy, chữa cháy cơ sở"),
        ("4. Phòng Giáo dục và Đào tạo các huyện, thành phố", "Phòng Giáo dục và Đào tạo các huyện, thành phố"),
        ("2. Các liên đoàn lao động huyện, công đoàn ngành", "Các liên đoàn lao động huyện, công đoàn ngành"),
        ("3. Đề nghị Sở Y tế", "Sở Y tế"),
        ("2. Các giải pháp về nguồn lực", None),
        ("2. Tổ chức bộ máy", None),
        ("1. Phòng ngừa, giám sát dịch bệnh", None),
        ("1. Sở Y tế tổ chức tập huấn", None),
    ],
)
def test_names_of_no_vocabulary_under_a_heading_that_shares_out_work(heading: str, unit: str | None) -> None:
    assert heading_unit(heading, ("III. TỔ CHỨC THỰC HIỆN",)) == unit


@pytest.mark.parametrize(
    ("clause", "unit"),
    [
        ("Cục Phổ biến, giáo dục pháp luật có trách nhiệm theo dõi", "Cục Phổ biến, giáo dục pháp luật"),
        ("Sở Tư pháp các tỉnh, thành phố căn cứ Kế hoạch này xây dựng", "Sở Tư pháp các tỉnh, thành phố"),
        ("Các thành viên Ban Chỉ đạo kiểm tra các xã", "Các thành viên Ban Chỉ đạo"),
        (
            "Cơ quan thường trực Ban Chỉ đạo (Sở Khoa học và Công nghệ) chủ trì xây dựng chương trình",
            "Cơ quan thường trực Ban Chỉ đạo (Sở Khoa học và Công nghệ)",
        ),
        (
            "Các huyện ủy, thị ủy, thành ủy, đảng ủy trực thuộc Tỉnh ủy xây dựng kế hoạch",
            "Các huyện ủy, thị ủy, thành ủy, đảng ủy trực thuộc Tỉnh ủy",
        ),
        ("UBND các xã, phường, đặc khu chủ động xây dựng", "UBND các xã, phường, đặc khu"),
        ("Khi xảy ra cháy, Đội phòng cháy, chữa cháy cơ sở tổ chức cứu nạn", "Đội phòng cháy, chữa cháy cơ sở"),
        ("Thủ trưởng các đơn vị được giao chủ trì báo cáo Bộ trưởng", "Thủ trưởng các đơn vị được giao chủ trì"),
        ("Cấp ủy các tổ chức cơ sở đảng xây dựng chương trình", "Cấp ủy các tổ chức cơ sở đảng"),
        ("Các đồng chí thành viên Ban Chỉ huy căn cứ nhiệm vụ", "Các đồng chí thành viên Ban Chỉ huy"),
        ("Các cấp học, bậc học có thêm phòng học", None),
        ("Phòng ngừa dịch bệnh, hướng dẫn người dân", None),
    ],
)
def test_names_up_to_the_verb(clause: str, unit: str | None) -> None:
    found = acting_unit(clause)
    assert (found.text if found else None) == unit


@pytest.mark.parametrize(
    "text",
    [
        "Căn cứ Luật Tổ chức chính quyền địa phương ngày 19 tháng 02 năm 2025;",
        "Xét đề nghị của Giám đốc Sở Nội vụ tại Tờ trình số 12/TTr-SNV ngày 05/01/2025,",
        "Theo đề nghị của Chánh Văn phòng.",
        "Điều 1. Ban hành kèm theo Quyết định này Kế hoạch cải cách hành chính năm 2025.",
        "Điều 1. Phê duyệt Kế hoạch đào tạo năm 2025 kèm theo Quyết định này.",
    ],
)
def test_grounds_and_enacting_articles_assign_nothing_under_the_line_of_who_decides(text: str) -> None:
    assert read((("CHỦ TỊCH ỦY BAN NHÂN DÂN HUYỆN SƠN HẢI",), text)) == ()


def test_grounds_with_an_acting_unit_assign() -> None:
    (task,) = read(((), "Căn cứ Kế hoạch này, các đơn vị trực thuộc xây dựng kế hoạch trước ngày 30/3/2025."))
    assert [u.name for u in task.units] == ["các đơn vị trực thuộc"]


def test_a_line_without_letters_is_no_task() -> None:
    path = ("III. TỔ CHỨC THỰC HIỆN", "2. Văn phòng Sở")
    assert read((path, "2"), (path, "-----")) == ()


def test_names_below_a_line_that_lists_persons_are_no_tasks() -> None:
    path = ("III. TỔ CHỨC THỰC HIỆN", "2. Văn phòng Sở")
    got = read(
        (path, "- Thành phần dự họp giao ban gồm:"),
        (path, "+ Lãnh đạo Sở"),
        (path, "+ Phòng Nội vụ;"),
        (path, "+ Đại diện các xã có kho lưu trữ."),
        (path, "- Chuẩn bị hội trường, tài liệu."),
    )
    assert [t.content for t in got] == ["Chuẩn bị hội trường, tài liệu."]


def test_duties_under_a_line_that_names_a_unit() -> None:
    path = ("III. TỔ CHỨC THỰC HIỆN",)
    got = read(
        (path, "* Phòng Nội vụ:"),
        (path, "- Hướng dẫn các xã lập hồ sơ."),
        (path, "* Phòng Tư pháp: Thẩm định quy chế."),
        (path, "- Theo dõi việc thực hiện."),
        (path, "+ UBND các xã"),
        (path, "Bố trí kho lưu trữ."),
    )
    assert [t.leads for t in got] == [("Phòng Nội vụ",), ("Phòng Tư pháp",), ("Phòng Tư pháp",), ("UBND các xã",)]


def test_a_time_below_an_item_is_the_time_of_its_task() -> None:
    path = ("III. TỔ CHỨC THỰC HIỆN", "2. Văn phòng Sở")
    (task,) = read(
        (path, "a) Tổ chức tập huấn cho công chức."),
        (path, "- Thời gian: tháng 5/2025"),
        (path, "- Địa điểm: Hội trường Sở"),
    )
    assert (task.deadline_text, task.leads) == ("tháng 5/2025", ("Văn phòng Sở",))


def test_a_unit_with_a_full_stop_leads_the_sentences_behind_it() -> None:
    (task,) = read((("III. TỔ CHỨC THỰC HIỆN",), "2. Phòng Tư pháp. Thẩm định quy chế trong tháng 4/2025."))
    assert (task.ordinal, task.content, task.leads) == (
        "2.",
        "Thẩm định quy chế trong tháng 4/2025.",
        ("Phòng Tư pháp",),
    )


@pytest.mark.parametrize(
    ("text", "content", "leads"),
    [
        ("- Công tác hậu cần: Văn phòng HĐND và UBND huyện.", "Công tác hậu cần", ("Văn phòng HĐND và UBND huyện",)),
        (
            "- Tập huấn cho công chức xã (Phòng Nội vụ, tháng 5/2025).",
            "Tập huấn cho công chức xã (Phòng Nội vụ, tháng 5/2025).",
            ("Phòng Nội vụ",),
        ),
    ],
)
def test_work_with_its_unit_alone_behind_it(text: str, content: str, leads: tuple[str, ...]) -> None:
    (task,) = read((("III. PHÂN CÔNG NHIỆM VỤ",), text))
    assert (task.content, task.leads, task.roles_inferred) == (content, leads, True)


@pytest.mark.parametrize(
    "text",
    [
        "- Trưởng ban: Đồng chí Lý Văn Sáu.",
        "- Ban Tổ chức gồm: Phòng Nội vụ, Phòng Tư pháp.",
        "- Phòng Nội vụ: Đồng chí Trần Thị Bảy.",
        "- Kính gửi: UBND các xã.",
        "2. Chỉ thị này có hiệu lực kể từ ngày ký và thay thế Công văn số 31/UBND-KT; các sở nghiêm túc thực hiện.",
        "- Gửi báo cáo về cơ quan thường trực (Phòng Nội vụ).",
        "- Đầu mối liên hệ: Đồng chí Lý Văn Sáu, Phòng Nội vụ.",
        "- Các xã đã hoàn thành chỉnh lý tài liệu năm 2024.",
    ],
)
def test_members_addresses_and_what_was_done_are_no_tasks(text: str) -> None:
    assert read((("III. PHÂN CÔNG NHIỆM VỤ",), text)) == ()


def test_labels_under_targets_assign_nothing() -> None:
    path = ("I. MỤC TIÊU", "2. Chỉ tiêu")
    assert read((path, "- Tỷ lệ hồ sơ đúng hạn: 95%; đơn vị thực hiện: các phòng.")) == ()
    goal = "2. Chỉ tiêu: 100% chi bộ ra quân ít nhất một lần; mỗi Liên đoàn Lao động cấp huyện trao 05 suất quà."
    assert read((("I. NỘI DUNG",), goal)) == ()
    assert len(read((("II. NHIỆM VỤ", "5. Đánh giá, sơ kết"), "- Phòng Nội vụ tổ chức sơ kết 6 tháng."))) == 1


LEAD_IN = "Để khắc phục, UBND tỉnh yêu cầu các sở, ngành và UBND các huyện tập trung thực hiện tốt các nhiệm vụ sau:"


def test_a_line_that_tells_units_to_do_what_follows_reaches_below_the_headings_under_it() -> None:
    section, first, second = "II. NHIỆM VỤ", "1. Trong sử dụng ngân sách", "2. Trong quản lý tài sản công"
    tasks = read(
        ((section,), LEAD_IN),
        ((section, first), first),
        ((section, first), "a) Rà soát, cắt giảm chi hội nghị, xong trước ngày 31/3/2025."),
        ((section, second), second),
        ((section, second), "a) Kiểm kê, lập danh mục tài sản dôi dư trong quý II/2025."),
        ((section, second), "b) Sở Tài chính trình phương án xử lý trước ngày 30/9/2025."),
        (("III. KINH PHÍ",), "a) Kinh phí lấy từ dự toán được giao."),
    )
    assert [[u.name for u in t.units] for t in tasks] == [
        ["các sở, ngành", "UBND các huyện"],
        ["các sở, ngành", "UBND các huyện"],
        ["Sở Tài chính"],
    ]


@pytest.mark.parametrize(
    ("clause", "unit"),
    [
        ("Công đoàn các Khu công nghiệp tỉnh tổ chức gặp mặt công nhân", "Công đoàn các Khu công nghiệp tỉnh"),
        ("Các đoàn thể trong nhà trường báo cáo kết quả", "Các đoàn thể trong nhà trường"),
    ],
)
def test_groups_end_before_what_they_do(clause: str, unit: str) -> None:
    found = acting_unit(clause)
    assert found
    assert found.text == unit


def test_a_heading_of_two_names_in_no_vocabulary() -> None:
    heading = "2. Tổ Khoa học tự nhiên và Tổ Khoa học xã hội"
    assert heading_unit(heading, ("IV. PHÂN CÔNG NHIỆM VỤ",)) == heading.removeprefix("2. ")


def test_what_stands_below_an_item_beside_its_time_is_kept() -> None:
    path = ("III. TỔ CHỨC THỰC HIỆN",)
    (task,) = read(
        (path, "1. Phòng Nội vụ hướng dẫn các xã trước ngày 01/3/2025."),
        (path, "- Thời gian: tháng 5/2025; Kinh phí: 10 triệu đồng; Ghi chú: theo mẫu; Sản phẩm: Công văn"),
    )
    assert task.deadline_text == "trước ngày 01/3/2025"
    assert (task.output, task.note) == ("Công văn", "theo mẫu")
    assert task.extra == (("deadline", "tháng 5/2025"), ("budget", "10 triệu đồng"))


@pytest.mark.parametrize(
    "line",
    [
        "Nội dung kiểm tra: Sở Y tế triển khai các việc sau:",
        "Thời gian tới, Sở Y tế triển khai các việc sau:",
    ],
)
def test_a_line_that_begins_like_a_list_of_things_but_names_who_acts_gives_work(line: str) -> None:
    path = ("II. NHIỆM VỤ",)
    got = read(
        (path, line),
        (path, "- Rà soát các cơ sở khám bệnh."),
        (path, "- Kiểm tra việc niêm yết giá."),
    )
    assert [t.leads for t in got] == [("Sở Y tế",), ("Sở Y tế",)]
