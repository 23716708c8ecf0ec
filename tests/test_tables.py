"""Rows of task tables: what is a section, what is a task, what each cell becomes."""

from dataclasses import replace
from datetime import date

import pytest
from paper import paper, table

from extractors.document import Block
from pipeline.plan import Header, Task
from pipeline.read.columns import Layout, Rejection, read_layout
from pipeline.read.tables import TableReading, read_tables
from pipeline.vocab.columns import column_field, parse_columns

HEADER = Header(period_start=date(2024, 1, 1), period_end=date(2024, 12, 31))


def read(*blocks: Block | str) -> TableReading:
    return read_tables(paper(*blocks), HEADER, lambda _: None)


def tasks(*lines: str) -> tuple[Task, ...]:
    return read(table(*lines)).tasks


@pytest.mark.parametrize(
    ("heading", "field"),
    [
        ("STT", "ordinal"),
        ("Số\nTT", "ordinal"),
        ("Sở, ngành chủ trì tham mưu", "lead"),
        ("Cơ quan chủ trì, phối hợp", "implementer"),
        ("Đơn vị phối hợp, cung cấp số liệu", "partner"),
        ("Đơn vị\nthực hiện", "implementer"),
        ("Thời gian (Năm 2026)", "deadline"),
        ("Thời gian thực hiện nhiệm vụ", "deadline"),
        ("Hạn hoàn thành", "deadline"),
        ("Nội dung và kết quả đầu ra", "content"),
        ("Kết quả, sản phẩm", "output"),
        ("Mức độ hoàn thành (%)", "other"),
        ("Nguồn kinh phí", "budget"),
        ("Ghi chú (*)", "note"),
        ("Dự kiến kết quả", "output"),
        ("Cơ quan chuẩn bị", "lead"),
        ("Thực hiện Chính", "lead"),
        ("Cơ quan thẩm định", "other"),
        ("Cán bộ theo dõi", "other"),
        ("Người/đơn vị thực hiện", "implementer"),
        ("Thời gian bắt đầu - kết thúc", "deadline"),
        ("Xếp hạng", None),
        ("ABC", None),
    ],
)
def test_headings(heading: str, field: str | None) -> None:
    assert column_field(heading) == field


def test_a_heading_with_two_owners_is_refused() -> None:
    from extractors.errors import VocabularyError

    text = '[lead]\naliases = ["Chủ trì"]\nphrases = []\n[partner]\naliases = ["CHỦ TRÌ"]\nphrases = []\n'
    with pytest.raises(VocabularyError, match="belongs to"):
        parse_columns(text)


def test_sections_are_rows_that_name_a_group() -> None:
    got = tasks(
        "TT | Nội dung | Cơ quan chủ trì | Cơ quan phối hợp | Thời gian hoàn thành",
        "1. Tuyên truyền | < | < | < | <",
        "a) | Treo pa nô | Phòng Văn hóa | Huyện đoàn | Quý I/2024",
        "2. | Kiểm tra | | |",
        "a) | Kiểm tra chợ | Phòng Kinh tế | | 30/6/2024",
        "b) | Kiểm tra trường học | | |",
    )
    assert [(t.ordinal, t.section_path, t.content) for t in got] == [
        ("a)", ("1. Tuyên truyền",), "Treo pa nô"),
        ("a)", ("2. Kiểm tra",), "Kiểm tra chợ"),
        ("b)", ("2. Kiểm tra",), "Kiểm tra trường học"),
    ]


def test_a_group_whose_tasks_restart_with_the_same_style() -> None:
    got = tasks(
        "TT | Nội dung | Đơn vị thực hiện | Thời gian",
        "1 | Tăng cường chỉ đạo | |",
        "1 | Ban hành kế hoạch | Văn phòng; các đơn vị trực thuộc | Thường xuyên",
        "2 | Công khai, minh bạch | |",
        "1 | Niêm yết thủ tục | Phòng Tổ chức cán bộ | Hàng năm",
        "2 | Đo lường hài lòng | Văn phòng Sở | Trước 31 tháng 12 hàng năm",
    )
    assert [t.section_path for t in got] == [
        ("1 Tăng cường chỉ đạo",),
        ("2 Công khai, minh bạch",),
        ("2 Công khai, minh bạch",),
    ]
    assert got[0].leads == ("Văn phòng",)
    assert got[0].partners == ("các đơn vị trực thuộc",)
    assert got[0].roles_inferred


def test_nested_sections() -> None:
    got = tasks(
        "TT | Nhiệm vụ | Chủ trì | Thời gian",
        "A | Khối sở | |",
        "I | Cải cách thể chế | |",
        "1 | Rà soát văn bản | Sở Tư pháp | Quý I/2024",
        "II | Cải cách tài chính | |",
        "1 | Giao dự toán | Sở Tài chính | Quý II/2024",
        "B | Khối huyện | |",
        "I | Cải cách thể chế | |",
        "1 | Rà soát | Phòng Tư pháp | Quý I/2024",
    )
    assert [t.section_path for t in got] == [
        ("A Khối sở", "I Cải cách thể chế"),
        ("A Khối sở", "II Cải cách tài chính"),
        ("B Khối huyện", "I Cải cách thể chế"),
    ]


def test_a_row_over_deeper_numbers_is_a_section_and_lends_its_values() -> None:
    got = tasks(
        "TT | Nhiệm vụ | Chủ trì | Thời gian",
        "1 | Tổ chức hội thi | Phòng Giáo dục và Đào tạo | Quý II/2024",
        "1.1 | Ban hành thể lệ | |",
        "1.2 | Chấm thi | Hội đồng chấm thi | 30/6/2024",
        "2 | Tổng kết | Văn phòng Sở | Tháng 12/2024",
    )
    assert [(t.ordinal, t.section_path, t.leads, t.deadline_text) for t in got] == [
        ("1.1", ("1 Tổ chức hội thi",), ("Phòng Giáo dục và Đào tạo",), "Quý II/2024"),
        ("1.2", ("1 Tổ chức hội thi",), ("Hội đồng chấm thi",), "30/6/2024"),
        ("2", (), ("Văn phòng Sở",), "Tháng 12/2024"),
    ]


@pytest.mark.parametrize(
    ("group", "first", "name"),
    [
        ("II | Bồi dưỡng theo chức danh | < | Trường Chính trị | Quý II/2024", "1", "II Bồi dưỡng theo chức danh"),
        ("A | Bồi dưỡng theo chức danh |  | Trường Chính trị | Quý II/2024", "1", "A Bồi dưỡng theo chức danh"),
        ("1 | Bồi dưỡng theo chức danh |  | Trường Chính trị | Quý II/2024", "a)", "1 Bồi dưỡng theo chức danh"),
        ("Bồi dưỡng theo chức danh | < | < | Trường Chính trị | Quý II/2024", "1", "Bồi dưỡng theo chức danh"),
    ],
)
def test_a_group_lends_owner_and_deadline_to_tasks_that_have_none(group: str, first: str, name: str) -> None:
    got = tasks(
        "TT | Nội dung | Số lớp | Chủ trì | Thời gian",
        group,
        f"{first} | Bồi dưỡng ngạch chuyên viên | 03 | |",
        f"{'b)' if first == 'a)' else '2'} | Bồi dưỡng lãnh đạo cấp phòng | 02 | Sở Nội vụ | Tháng 8",
    )
    assert [(t.section_path, t.leads, t.deadline_text) for t in got] == [
        ((name,), ("Trường Chính trị",), "Quý II/2024"),
        ((name,), ("Sở Nội vụ",), "Tháng 8"),
    ]


def test_objective_task_and_activity_columns() -> None:
    got = tasks(
        "STT | Mục tiêu | Nhiệm vụ | Hoạt động | Kết quả | Chủ trì | Thời gian",
        "1 | Hoàn thiện pháp luật | Rà soát | Lập danh mục | Danh mục | Sở Tư pháp | Hàng năm",
        "  |  |  | Trình ban hành | Nghị quyết | Sở Tư pháp | Hàng năm",
        "  |  | Kiểm tra | Tự kiểm tra | Báo cáo | Sở Tư pháp | Hàng năm",
        "2 | Nâng cao chất lượng | Tập huấn | Mở lớp | | Sở Nội vụ | Quý III/2024",
    )
    assert [(t.ordinal, t.objective, t.parent, t.content) for t in got] == [
        ("1", "Hoàn thiện pháp luật", "Rà soát", "Lập danh mục"),
        ("", "Hoàn thiện pháp luật", "Rà soát", "Trình ban hành"),
        ("", "Hoàn thiện pháp luật", "Kiểm tra", "Tự kiểm tra"),
        ("2", "Nâng cao chất lượng", "Tập huấn", "Mở lớp"),
    ]


def test_merged_lead_fills_down_and_blank_deadline_stays_blank() -> None:
    got = tasks(
        "TT | Nội dung | Chủ trì | Thời gian",
        "1 | Việc một | UBND xã Tân An | Quý I/2024",
        "2 | Việc hai | ^ |",
    )
    assert got[1].leads == ("UBND xã Tân An",)
    assert got[1].deadline_text is None


def test_two_row_header_with_start_and_end() -> None:
    got = tasks(
        "TT | Nội dung công việc | Thời gian | < | Phân công thực hiện | <",
        "^ | ^ | Bắt đầu | Kết thúc | Chủ trì | Phối hợp",
        "(1) | (2) | (3) | (4) | (5) | (6)",
        "1 | Nâng cấp phần mềm | 01/3/2024 | 31/5/2024 | Sở Thông tin và Truyền thông | Văn phòng UBND tỉnh",
    )
    assert len(got) == 1
    assert got[0].deadline_text == "01/3/2024\n31/5/2024"
    assert [(d.kind, d.start, d.end) for d in got[0].deadlines] == [("range", date(2024, 3, 1), date(2024, 5, 31))]
    assert got[0].leads == ("Sở Thông tin và Truyền thông",)
    assert got[0].partners == ("Văn phòng UBND tỉnh",)


def test_two_row_header_of_a_text_format_has_blanks_for_spans() -> None:
    got = tasks(
        "TT | Nội dung | Thời gian |  | Chủ trì",
        "   |  | Bắt đầu | Kết thúc | ",
        "1 | Mua vật tư | 01/4/2024 | 30/4/2024 | Phòng Hành chính",
    )
    assert [t.deadline_text for t in got] == ["01/4/2024\n30/4/2024"]


def test_two_lines_of_one_deadline_cell_are_two_deadlines() -> None:
    got = tasks("TT | Nội dung | Chủ trì | Thời hạn", "1 | Báo cáo | Văn phòng | 30/6/2024\\n31/12/2024")
    assert [d.end for d in got[0].deadlines] == [date(2024, 6, 30), date(2024, 12, 31)]


def test_labels_in_one_cell_give_both_roles() -> None:
    cell = "Chủ trì: Sở Y tế; Phối hợp: Sở Tài chính, UBND các xã"
    got = tasks("TT | Nội dung | Phân công thực hiện | Thời hạn", f"1 | Tiêm chủng | {cell} | Quý I/2024")
    assert got[0].leads == ("Sở Y tế",)
    assert got[0].partners == ("Sở Tài chính", "UBND các xã")
    assert got[0].lead_text == cell
    assert not got[0].roles_inferred


def test_ditto_marks_take_the_cell_above() -> None:
    got = tasks(
        "TT | Nội dung | Chủ trì | Thời gian", "1 | Việc một | Văn phòng | Quý I/2024", "2 | Việc hai | nt | -nt-"
    )
    assert got[1].leads == ("Văn phòng",)
    assert got[1].deadline_text == "Quý I/2024"


def test_month_headings_complete_days_below() -> None:
    got = tasks(
        "TT | Nội dung | Người thực hiện | Thời gian",
        "Tháng 9/2024 | < | < | <",
        "1 | Khai giảng | Ban Giám hiệu | Ngày 05",
        "2 | Hội nghị viên chức | Công đoàn trường | 28",
    )
    assert [d.end for t in got for d in t.deadlines] == [date(2024, 9, 5), date(2024, 9, 28)]


@pytest.mark.parametrize(
    ("heading", "cell", "days"),
    [
        ("IV. THÁNG 12/2024 - THÁNG 01/2025", "12/01", [date(2025, 1, 12)]),
        ("Tháng 12 và tháng 1/2025", "28/12", [date(2024, 12, 28)]),
        ("Tháng 12/2024", "05/01", [date(2025, 1, 5)]),
        ("Tháng 01/2025", "28/12", [date(2024, 12, 28)]),
        ("Tháng 10/2024", "15/11", [date(2024, 11, 15)]),
        ("Tháng 9/2024", "15/3", [date(2025, 3, 15)]),
    ],
)
@pytest.mark.parametrize("in_table", [True, False])
def test_months_round_new_year_under_a_month_heading(heading: str, cell: str, days: list[date], in_table: bool) -> None:
    header, row = "TT | Nội dung | Chủ trì | Thời gian", f"1 | Họp cha mẹ học sinh | Ban Giám hiệu | {cell}"
    blocks = (table(header, f"**{heading} | < | < | <", row),) if in_table else (heading, table(header, row))
    school_year = Header(period_start=date(2024, 9, 1), period_end=date(2025, 5, 31))
    (task,) = read_tables(paper(*blocks), school_year, lambda _: None).tasks
    assert [d.end for d in task.deadlines] == days


def test_a_bare_day_under_two_months_is_of_neither() -> None:
    header, row = "TT | Nội dung | Chủ trì | Thời gian", "1 | Họp cha mẹ học sinh | Ban Giám hiệu | Ngày 05"
    (task,) = read("Tháng 12/2024 - tháng 01/2025", table(header, row)).tasks
    assert [d.start for d in task.deadlines] == [None]


def test_the_year_of_an_aim_above_the_table_is_not_that_of_its_rows() -> None:
    rows = ("TT | Nội dung | Chủ trì | Thời gian", "1 | Ký cam kết | Chi cục Thủy sản | Trước ngày 30/11")
    over = replace(HEADER, period_start=date(2022, 1, 1), period_end=date(2030, 12, 31))
    aim = "2. 100% cảng cá có hệ thống thu gom, xử lý chất thải rắn vào năm 2026."
    for line, end in ((aim, None), ("Danh mục nhiệm vụ năm 2026", date(2026, 11, 30))):
        (task,) = read_tables(paper(line, table(*rows)), over, lambda _: None).tasks
        assert [d.end for d in task.deadlines] == [end], line


def test_a_number_in_the_words_of_a_note_is_no_day_of_the_month_above() -> None:
    header = "TT | Nội dung | Người thực hiện | Thời gian | Ghi chú"
    got = tasks(header, "Tháng 9/2024 | < | < | < | <", "1 | Khai giảng | Ban Giám hiệu | Ngày 05 | Hội trường tầng 2")
    assert [d.end for d in got[0].deadlines] == [date(2024, 9, 5)]


def test_a_month_heading_over_a_time_column_in_front_is_a_section() -> None:
    got = tasks(
        "Thời gian | TT | Nội dung | Chủ trì | Phối hợp",
        "Tháng 9/2024 | < | < | < | <",
        "05/9 | 1 | Khai giảng | Phòng Hành chính | Các khoa",
        "Giữa tháng | 2 | Kiểm tra giữa kỳ | Phòng Khảo thí | Các khoa",
    )
    assert [t.section_path for t in got] == [("Tháng 9/2024",)] * 2
    assert [(d.start, d.end) for t in got for d in t.deadlines] == [
        (date(2024, 9, 5), date(2024, 9, 5)),
        (date(2024, 9, 1), date(2024, 9, 30)),
    ]


@pytest.mark.parametrize(
    ("leader", "unit"),
    [
        ("Phó Viện trưởng phụ trách", "Phòng thực hiện"),
        ("Lãnh đạo chủ trì", "Đơn vị chuẩn bị"),
        ("PCT phụ trách", "Đơn vị"),
        ("Chỉ đạo thực hiện", "Đơn vị chủ trì"),
        ("Phụ trách chung", "Trách nhiệm chính"),
        ("Hiệu trưởng chỉ đạo", "Bộ phận thực hiện"),
    ],
)
def test_a_column_of_leaders_beside_the_unit_that_does_it_gives_no_role(leader: str, unit: str) -> None:
    got = tasks(f"TT | Việc | {leader} | {unit} | Thời hạn", "1 | Kiểm kê kho | Bà Vũ Thị Thử | Phòng Vật tư | Quý I")
    assert [(u.role, u.name) for u in got[0].units] == [("lead", "Phòng Vật tư")]


def test_who_watches_over_a_task_does_not_lead_it_beside_who_does() -> None:
    row = "1 | Kiểm tra hồ sơ | Văn phòng Đảng ủy | Đ/c Phó Bí thư, Chủ tịch UBND xã | Quý I"
    got = tasks("TT | Nội dung | Cơ quan tham mưu | Đồng chí phụ trách | Thời gian", row)
    assert [(u.role, u.name) for u in got[0].units] == [("lead", "Văn phòng Đảng ủy")]
    alone = tasks("TT | Nội dung | Lãnh đạo phụ trách | Thời gian", "1 | Kiểm tra hồ sơ | Ông Lê Văn Thử | Quý I")
    assert alone[0].lead_text == "Ông Lê Văn Thử"


def test_a_leader_of_the_committee_who_watches_does_not_lead_and_crosses_are_no_output() -> None:
    header = "TT | Tên đề án | Cơ quan chuẩn bị | Lãnh đạo UBND tỉnh phụ trách | Cấp trình | < | Thời gian trình"
    levels = "^ | ^ | ^ | ^ | UBND tỉnh | HĐND tỉnh | ^"
    got = tasks(header, levels, "1 | Đề án A | Sở Tài chính | PCT. Lê Văn Thử | x | x | Tháng 11")
    assert [(u.role, u.name) for u in got[0].units] == [("lead", "Sở Tài chính")]
    assert got[0].output is None
    assert "PCT. Lê Văn Thử" in str(got[0].extra)


def test_work_items_with_first_and_last_day() -> None:
    header = "TT | Hạng mục | Khối lượng | Ngày bắt đầu | Ngày kết thúc | Đơn vị thi công | Đơn vị giám sát"
    got = tasks(header, "1 | Tháo bánh xe công tác | 01 bộ | 03/4/2024 | 18/4/2024 | Đội Sửa chữa | Phòng Kỹ thuật")
    assert [t.content for t in got] == ["Tháo bánh xe công tác"]
    assert [(u.role, u.name) for u in got[0].units] == [("lead", "Đội Sửa chữa"), ("partner", "Phòng Kỹ thuật")]
    assert [(d.start, d.end) for d in got[0].deadlines] == [(date(2024, 4, 3), date(2024, 4, 18))]


@pytest.mark.parametrize(
    ("first", "last"),
    [
        ("Bắt đầu", "Hoàn thành"),
        ("Từ tháng", "Đến tháng"),
        ("Từ", "Đến hết"),
        ("Khởi công", "Hoàn thành"),
        ("Triển khai", "Hoàn thành"),
        ("Ngày bắt đầu", "Ngày hoàn thành"),
        ("Bắt đầu từ", "Kết thúc vào"),
        ("Bắt đầu", "Hạn chót"),
        ("BĐ", "HT"),
    ],
)
@pytest.mark.parametrize("under_one", [True, False])
def test_two_columns_that_are_the_ends_of_a_time(first: str, last: str, under_one: bool) -> None:
    under = ["TT | Nội dung công việc | Đơn vị chủ trì | Thời gian | ", f" | | | {first} | {last}"]
    header = under if under_one else [f"TT | Nội dung công việc | Đơn vị chủ trì | {first} | {last}"]
    got = tasks(
        *header,
        "1 | Sửa chữa nhà văn hóa thôn | Ban Quản lý dự án | 15/3 | 20/5/2024",
        "2 | Nghiệm thu, bàn giao | Ban Quản lý dự án |  | Trước ngày 10/6/2024",
    )
    assert [t.content for t in got] == ["Sửa chữa nhà văn hóa thôn", "Nghiệm thu, bàn giao"]
    assert [(d.kind, d.start, d.end) for d in got[0].deadlines] == [("range", date(2024, 3, 15), date(2024, 5, 20))]
    assert [(d.bound, d.end) for d in got[1].deadlines] == [("before", date(2024, 6, 10))]


@pytest.mark.parametrize(
    ("first", "last"), [("Từ tháng", "Đến tháng"), ("Bắt đầu (tháng)", "Hoàn thành (tháng)"), ("Từ", "Đến tháng")]
)
def test_numbers_under_two_columns_of_time_take_the_unit_of_their_heading(first: str, last: str) -> None:
    got = tasks(
        f"TT | Nội dung | Chủ trì | {first} | {last}",
        "1 | Kiểm kê tài sản | Văn phòng | 3 | 6",
        "2 | Trồng cây | Văn phòng | 11 | 02",
        "3 | Tổng kết | Văn phòng |  | 12",
    )
    assert [(d.text, d.start, d.end) for t in got for d in t.deadlines] == [
        ("3\n6", date(2024, 3, 1), date(2024, 6, 30)),
        ("11\n02", date(2024, 11, 1), date(2025, 2, 28)),
        ("12", date(2024, 12, 1), date(2024, 12, 31)),
    ]


def test_two_columns_of_time_that_are_no_ends_keep_the_first() -> None:
    got = tasks(
        "TT | Nội dung | Chủ trì | Thời gian thực hiện | Thời hạn báo cáo",
        "1 | Kiểm kê tài sản | Văn phòng | Quý II/2024 | 15/7/2024",
    )
    assert [t.deadline_text for t in got] == ["Quý II/2024"]


def test_units_of_two_columns_of_one_role_stay_apart() -> None:
    header = "TT | Nội dung | Đơn vị đầu mối | Cán bộ phụ trách | Thời gian"
    got = tasks(header, "1 | Kiểm tra hồ sơ | Phòng Tư pháp | Ông Lê Văn Thử | Quý I")
    assert [u.name for u in got[0].units] == ["Phòng Tư pháp", "Ông Lê Văn Thử"]


def test_a_week_schedule() -> None:
    got = tasks(
        "Thứ, ngày | Giờ | Nội dung | Chủ trì | Thành phần | Địa điểm",
        "Thứ Hai\n08/9 | 8h00 | Giao ban tuần | Giám đốc | Các phòng | Phòng họp",
        "^ | 14h00 | Tiếp công dân | Phó Giám đốc | Thanh tra | Trụ sở",
    )
    assert [t.content for t in got] == ["Giao ban tuần", "Tiếp công dân"]
    assert [d.end for t in got for d in t.deadlines] == [date(2024, 9, 8)] * 2


def test_a_bare_number_takes_the_unit_of_its_heading() -> None:
    got = tasks("TT | Nội dung | Chủ trì | Tháng", "1 | Kiểm kê | Phòng Hành chính | 12")
    assert [(d.text, d.kind, d.start) for d in got[0].deadlines] == [("12", "month", date(2024, 12, 1))]
    got = tasks("TT | Nội dung | Chủ trì | Tháng", "1 | Kiểm kê | Phòng Hành chính | 25/12")
    assert [(d.text, d.kind, d.start) for d in got[0].deadlines] == [("25/12", "date", date(2024, 12, 25))]


def test_ticked_quarters_are_the_deadline() -> None:
    got = tasks(
        "TT | Nội dung | Chủ trì | Thời gian năm 2024 | < | < | <",
        "^ | ^ | ^ | Quý I | Quý II | Quý III | Quý IV",
        "1 | Khảo sát | Văn phòng | x | | |",
        "2 | Tập huấn | Văn phòng | | x | x |",
    )
    assert [t.deadline_text for t in got] == ["Quý I", "Quý II, Quý III"]
    assert [d.start for d in got[1].deadlines] == [date(2024, 4, 1), date(2024, 7, 1)]


def test_totals_index_rows_and_repeated_headers_are_no_tasks() -> None:
    header = "TT | Nội dung | Chủ trì | Thời gian | Kinh phí"
    got = tasks(
        header,
        "1 | 2 | 3 | 4 | 5",
        "1 | Việc một | Văn phòng | Quý I/2024 | 100",
        header,
        "2 | Việc hai | Văn phòng | Quý I/2024 | 50",
        "  | Tổng cộng | | | 150",
    )
    assert [t.content for t in got] == ["Việc một", "Việc hai"]
    assert got[0].extra == (("Kinh phí", "100"),)


def test_a_row_without_description_belongs_to_the_task_above() -> None:
    reading = read(
        table(
            "TT | Nội dung | Chủ trì | Phối hợp | Thời gian",
            "1 | Diễn tập | Ban Chỉ huy Quân sự huyện | Công an huyện | Tháng 8/2024",
            "  |  |  | Trung tâm Y tế huyện | ",
        )
    )
    assert [t.partners for t in reading.tasks] == [("Công an huyện", "Trung tâm Y tế huyện")]
    assert [n.code for n in reading.notices] == ["table.row_appended"]


@pytest.mark.parametrize(
    ("lines", "reason"),
    [
        (("TT | Tên thiết bị | Đơn vị tính | Số lượng", "1 | Máy tính | cái | 5"), "không có hàng tiêu đề"),
        (("Thời gian | Nội dung | Người thực hiện", "7h30 - 8h00 | Đón đại biểu | Văn phòng"), "chương trình họp"),
        (("Bước | Công việc | Thực hiện | Thời gian", "1 | Nhận hồ sơ | Một cửa | 0,5 ngày"), "quy trình"),
        (("TT | Nội dung | Chủ trì | Thời gian", "1 | | |", "2 | | |"), "biểu mẫu trống"),
        (("TT | Họ và tên | Chức vụ | Nhiệm vụ phân công | Ghi chú", "1 | Lê Văn A | GĐ | Chỉ đạo | "), "không có"),
    ],
)
def test_other_tables_are_rejected_with_a_reason(lines: tuple[str, ...], reason: str) -> None:
    reading = read(table(*lines))
    assert reading.tasks == ()
    assert [r.table_index for r in reading.rejected] == [0]
    assert reason in reading.rejected[0].reason


def test_a_headless_part_continues_the_table_before_it() -> None:
    first = table("TT | Nội dung | Chủ trì | Thời gian", "I | Nhóm một | |", "1 | Việc một | Văn phòng | Quý I/2024")
    second = table("2 | Việc hai | Văn phòng | Quý II/2024", index=1)
    got = read(first, second).tasks
    assert [(t.sequence, t.table_index, t.section_path) for t in got] == [
        (1, 0, ("I Nhóm một",)),
        (2, 1, ("I Nhóm một",)),
    ]


def test_a_month_column_completes_the_days_beside_it() -> None:
    got = tasks(
        "Tháng | Thời gian | Nội dung công việc | Người thực hiện",
        "Tháng 8/2024 | Ngày 15 | Họp hội đồng | BGH",
        "^ | Ngày 20 - 25 | Ôn tập, kiểm tra lại | Tổ chuyên môn",
        "| Trước ngày 30 | Tổng vệ sinh trường lớp | GVCN",
        "9 | | Hội nghị cha mẹ học sinh | GVCN",
    )
    assert [[(d.start, d.end) for d in t.deadlines] for t in got] == [
        [(date(2024, 8, 15), date(2024, 8, 15))],
        [(date(2024, 8, 20), date(2024, 8, 25))],
        [(date(2024, 8, 30), date(2024, 8, 30))],
        [(date(2024, 9, 1), date(2024, 9, 30))],
    ]
    assert [t.deadline_text for t in got] == ["Ngày 15", "Ngày 20 - 25", "Trước ngày 30", "9"]


def test_two_time_columns_without_months_keep_the_dated_one() -> None:
    (got,) = tasks("TT | Nội dung | Chủ trì | Tần suất | Thời gian", "1 | Rà soát | Văn phòng | | Tháng 8/2024")
    assert got.deadline_text == "Tháng 8/2024"


def test_labels_on_lines_of_one_cell_give_the_roles() -> None:
    (got,) = tasks(
        "STT | Nội dung | Chủ trì/Phối hợp | Tiến độ",
        "1 | Tổ chức cuộc thi | Chủ trì: Phòng Tổng hợp\\nPhối hợp: Văn phòng Sở; Thanh tra Sở | Tháng 3 - 5/2024",
    )
    assert (got.leads, got.partners) == (("Phòng Tổng hợp",), ("Văn phòng Sở", "Thanh tra Sở"))


def test_a_group_that_begins_like_a_total_is_a_group() -> None:
    got = tasks(
        "TT | Nội dung | Chủ trì | Thời gian",
        "I | Công tác kiểm tra | < | <",
        "1 | Kiểm tra thu, nộp đảng phí | Văn phòng | Quý I/2024",
        "II | Tổng kết, báo cáo | < | <",
        "1 | Báo cáo năm | Văn phòng | Quý IV/2024",
        "| Tổng cộng: 02 nhiệm vụ | |",
    )
    assert [(t.content, t.section_path) for t in got] == [
        ("Kiểm tra thu, nộp đảng phí", ("I Công tác kiểm tra",)),
        ("Báo cáo năm", ("II Tổng kết, báo cáo",)),
    ]


@pytest.mark.parametrize(
    ("header", "under", "row", "days"),
    [
        ("Năm 2024 | Năm 2025", None, "x | x", [(2024, 1, 12), (2025, 1, 12)]),
        ("Thời gian (tháng) | <", "3 | 4", "| x", [(2024, 4, 4)]),
        ("Tiến độ | <", "III | IV", "x | <", [(2024, 7, 9), (2024, 10, 12)]),
        ("Q1 | Q2", None, "| X", [(2024, 4, 6)]),
    ],
)
def test_ticks_under_periods(header: str, under: str | None, row: str, days: list[tuple[int, int, int]]) -> None:
    lines = [f"TT | Nội dung | Chủ trì | {header}"]
    lines += [f"^ | ^ | ^ | {under}"] if under else []
    (got,) = tasks(*lines, f"1 | Kiểm tra | Thanh tra | {row}")
    found = [(d.start.year, d.start.month, d.end.month) for d in got.deadlines if d.start and d.end]
    assert found == days


def test_months_with_crosses_beside_work_and_unit_without_numbers() -> None:
    months = " | ".join(f"T{month}" for month in range(1, 13))
    got = tasks(
        f"Nội dung công việc | Đơn vị thực hiện | {months}",
        "Tiêm chủng mở rộng | Trạm Y tế |  | x |  |  |  |  |  |  |  |  |  | ",
        "Truyền thông phòng dịch | Phòng Văn hóa |  |  |  |  |  | x |  |  |  |  | x | ",
    )
    assert [(t.content, [d.start for d in t.deadlines]) for t in got] == [
        ("Tiêm chủng mở rộng", [date(2024, 2, 1)]),
        ("Truyền thông phòng dịch", [date(2024, 6, 1), date(2024, 11, 1)]),
    ]


def test_quarters_under_two_years_keep_their_year() -> None:
    (got,) = tasks(
        "TT | Nội dung | Chủ trì | Tiến độ | < | < | <",
        "^ | ^ | ^ | 2024 | < | 2025 | <",
        "^ | ^ | ^ | Quý III | Quý IV | Quý I | Quý II",
        "1 | Đề án | Văn phòng | x | | x |",
    )
    assert [d.start for d in got.deadlines] == [date(2024, 7, 1), date(2025, 1, 1)]


def test_headings_that_are_units_hide_no_header() -> None:
    reading = read(
        table(
            "TT | Nội dung | Phòng TCCB | Phòng KHTC | Thời gian",
            "1 | Việc một | CT | PH | Tháng 3",
            "2 | Hai | | CT |",
        )
    )
    assert [t.ordinal for t in reading.tasks] == ["1", "2"]


def test_a_line_over_a_list_of_dashes_names_a_group() -> None:
    got = tasks(
        "TT | Nội dung | Chủ trì | Thời gian",
        "1 | Tuyên truyền | | ",
        "- | Treo băng rôn | Văn phòng | Tháng 3",
        "2 | Kiểm tra | Thanh tra | Quý II",
    )
    assert [(t.content, t.section_path) for t in got] == [
        ("Treo băng rôn", ("1 Tuyên truyền",)),
        ("Kiểm tra", ()),
    ]


def test_numbers_run_on_over_a_group_that_has_an_owner() -> None:
    got = tasks(
        "TT | Nội dung | Chủ trì | Thời gian",
        "I | Đào tạo | Phòng TCCB |",
        "1 | Lớp một | | Tháng 3",
        "II | Mua sắm | Phòng KHTC |",
        "2 | Máy tính | | Quý III",
    )
    assert [(t.ordinal, t.section_path, t.leads) for t in got] == [
        ("1", ("I Đào tạo",), ("Phòng TCCB",)),
        ("2", ("II Mua sắm",), ("Phòng KHTC",)),
    ]


def test_rows_of_dots_are_no_tasks() -> None:
    got = tasks(
        "TT | Nội dung | Chủ trì | Thời gian", "1 | Họp | Văn phòng | Tháng 3", "... | ... | ... |", "3 | …… | |"
    )
    assert [t.content for t in got] == ["Họp"]


def test_the_target_and_not_its_measure_is_the_output() -> None:
    (got,) = tasks("TT | Nội dung | ĐVT | Chỉ tiêu | Chủ trì", "1 | Khám sức khỏe | Lượt | 500 | Trạm Y tế")
    assert got.output == "500"


def test_an_amount_is_no_output() -> None:
    (got,) = tasks("TT | Hạng mục công việc | ĐVT | Khối lượng | Đơn vị thực hiện", "1 | Thay sứ | Quả | 86 | Đội số 1")
    assert got.output is None
    assert "86" in str(got.extra)


def test_dates_without_year_make_a_task_table_without_owners() -> None:
    got = tasks("TT | Nội dung công việc | Thời gian", "1 | Họp phụ huynh | Tháng 9", "2 | Thi học kỳ | 15/12")
    assert [t.deadlines[0].end for t in got] == [date(2024, 9, 30), date(2024, 12, 15)]


@pytest.mark.parametrize(
    "lines",
    [
        ("TT | Nội dung | Đơn vị | Số lượng | Đơn giá", "1 | Máy tính | Bộ | 5 | 10", "2 | Bàn | Cái | 6 | 2"),
        ("TT | Nội dung chỉ tiêu | Đơn vị | Năm 2023 | Năm 2024", "1 | Số bác sĩ | người | 8 | 9"),
    ],
)
def test_a_unit_of_measure_assigns_nothing(lines: tuple[str, ...]) -> None:
    assert tasks(*lines) == ()


def test_who_receives_a_report_does_not_lead() -> None:
    (got,) = tasks("TT | Tên báo cáo | Thời hạn gửi | Nơi nhận", "1 | Báo cáo năm | 15/12 | Sở Nội vụ")
    assert (got.leads, [d.end for d in got.deadlines]) == ((), [date(2024, 12, 15)])


def test_an_owner_in_the_line_above_the_table_leads() -> None:
    got = read("1. Phòng Tổ chức cán bộ", table("TT | Nội dung | Thời gian", "1 | Rà soát biên chế | Quý I/2024")).tasks
    assert got[0].leads == ("Phòng Tổ chức cán bộ",)
    assert got[0].roles_inferred


def test_unknown_columns_are_read_by_what_they_hold_and_said() -> None:
    reading = read(
        table(
            "TT | Nội dung | Chủ trì | Xyz | Cấp độ",
            "1 | Việc một | Văn phòng | Quý I/2024 | 1",
            "2 | Việc hai | Văn phòng | 30/6/2024 | 2",
        )
    )
    assert [t.deadline_text for t in reading.tasks] == ["Quý I/2024", "30/6/2024"]
    assert [(n.code, n.evidence) for n in reading.notices] == [
        ("table.column_unknown", "Xyz"),
        ("table.column_unknown", "Cấp độ"),
    ]
    assert reading.tasks[0].extra == (("Cấp độ", "1"),)


def test_every_cell_of_a_task_table_is_accounted_for() -> None:
    lines = (
        "TT | Mục tiêu | Nội dung | Chủ trì | Phối hợp | Thời gian | Kinh phí | Ghi chú",
        "I | Phần một | | | | | |",
        "1 | Mục tiêu một | Việc một | Văn phòng | Phòng Tài chính | Quý I/2024 | 10 | Khi có yêu cầu",
        "2 | ^ | Việc hai | Thanh tra | | 30/6/2024 | 20 | ",
    )
    reading = read(table(*lines))
    stored = " ".join(
        " ".join(filter(None, (t.ordinal, *t.section_path, t.objective, t.content, t.lead_text, t.partner_text)))
        + " ".join(filter(None, (t.deadline_text, t.note, *(v for _, v in t.extra))))
        for t in reading.tasks
    )
    for line in lines[1:]:
        for cell in line.split("|"):
            assert cell.strip().strip("^") in stored


def test_layout_says_what_each_column_is() -> None:
    layout = read_layout(table("Kèm theo Kế hoạch | < | <", "STT | Nội dung | Đơn vị chủ trì", "1 | Việc | Văn phòng"))
    assert isinstance(layout, Layout)
    assert layout.first_data_row == 2
    assert [c.field for c in layout.columns] == ["ordinal", "content", "lead"]
    assert isinstance(read_layout(table("a | b", "c | d")), Rejection)


def test_abbreviations_that_the_paper_declares_part_a_list_of_units() -> None:
    rows = table("TT | Nội dung | Chủ trì | Thời gian", "1 | Vận hành | Văn phòng Sở, TTVHS | Quý I/2024")
    reading = read_tables(paper(rows), HEADER, lambda _: None, declared=frozenset({"ttvhs"}))
    assert reading.tasks[0].leads == ("Văn phòng Sở", "TTVHS")


def test_work_under_a_heading_that_nobody_knows() -> None:
    """Unit and time tell a task table; its sentences are the work, and the heading is told as unknown."""
    read = read_layout(
        table(
            "TT | Phần phải lo | Đơn vị chủ trì | Thời gian hoàn thành",
            "1 | Sơn lại vạch kẻ đường trên các tuyến chính | Phòng Kinh tế | Quý II/2025",
            "2 | Trồng bổ sung cây xanh ở các tuyến phố | Văn phòng | Trước ngày 30/9/2025",
        )
    )
    assert isinstance(read, Layout)
    assert [column.field for column in read.columns] == ["ordinal", "content", "lead", "deadline"]
    assert [column.heading for column in read.columns if not column.known] == ["Phần phải lo"]


@pytest.mark.parametrize("heading", ["Họ và tên", "Địa điểm", "Mã số"])
def test_a_list_of_people_or_places_is_none(heading: str) -> None:
    rows = ["1 | Nguyễn Văn An | Phòng Kinh tế | 20/4/2025", "2 | Lê Thị Bình | Văn phòng | 21/4/2025"]
    assert isinstance(read_layout(table(f"TT | {heading} | Đơn vị phụ trách | Thời gian", *rows)), Rejection)
