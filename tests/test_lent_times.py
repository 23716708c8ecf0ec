"""Times that running text says once for several items, on plans made up for this test."""

from datetime import date

import pytest

from pipeline.plan import Header, PlanDocument
from pipeline.read.lent_times import period_of
from pipeline.run import process

CONTEXT = Header(period_start=date(2026, 1, 1), period_end=date(2026, 12, 31)).year_context()
HEAD = """UBND TỈNH LAM GIANG\tCỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM
SỞ NỘI VỤ\tĐộc lập - Tự do - Hạnh phúc
Số: 15/KH-SNV\tLam Giang, ngày 12 tháng 01 năm 2026

KẾ HOẠCH
Công tác văn thư năm 2026

Thực hiện Kế hoạch số 3/KH-UBND ngày 05/01/2026, Sở Nội vụ xây dựng Kế hoạch như sau:

"""


def plan(*lines: str) -> PlanDocument:
    outcome = process("mau.txt", (HEAD + "\n\n".join(lines)).encode())
    assert outcome.plan is not None
    return outcome.plan


def times(*lines: str) -> list[tuple[str, str | None]]:
    return [(task.content.split()[-1].rstrip("."), task.deadline_text) for task in plan(*lines).tasks]


@pytest.mark.parametrize(
    ("heading", "words"),
    [
        ("1. Trong quý I/2026", "Trong quý I/2026"),
        ("b) Các nhiệm vụ thường xuyên", "thường xuyên"),
        ("II. NHIỆM VỤ TRỌNG TÂM QUÝ III NĂM 2026", "QUÝ III NĂM 2026"),
        ("Đợt 1: từ ngày 01/3 đến ngày 30/4/2026", "từ ngày 01/3 đến ngày 30/4/2026"),
        ("2. Giai đoạn chuẩn bị (tháng 3/2026)", "tháng 3/2026"),
        ("3. Công việc phải hoàn thành trước ngày 30/6/2026:", "hoàn thành trước ngày 30/6/2026"),
        ("4. Nhiệm vụ đột xuất", "đột xuất"),
        ("II. NHIỆM VỤ TRỌNG TÂM NĂM 2026", None),  # the plan's own period
        ("1. Công tác tuyên truyền quý I", None),
        ("2. Khi có thiên tai", None),
        ("d) Định kỳ hằng quý tổng hợp, báo cáo trước ngày 20 của tháng cuối quý.", None),
        ("3. Dự án Hồ Mây (giai đoạn 2021 - 2025)", None),
        ("4. Tháng hành động vì trẻ em", None),
    ],
)
def test_headings_that_are_a_time(heading: str, words: str | None) -> None:
    found = period_of(heading, CONTEXT)
    assert (found.words if found else None) == words


def test_a_year_alone_is_no_time_where_the_plan_has_no_period() -> None:
    assert period_of("II. NHIỆM VỤ NĂM 2026", Header().year_context()) is None


def test_a_heading_of_time_lends_it_to_the_items_without_one() -> None:
    got = plan(
        "I. NHIỆM VỤ",
        "1. Trong quý I/2026",
        "- Phòng Cải cách rà soát thủ tục.",
        "- Văn phòng Sở sửa kho, xong trước ngày 10/02/2026.",
        "2. Nhiệm vụ thường xuyên",
        "- Văn phòng Sở tiếp nhận văn bản.",
        "II. TỔ CHỨC THỰC HIỆN",
        "1. Thanh tra Sở theo dõi việc thực hiện.",
    )
    assert [t.deadline_text for t in got.tasks] == [
        "Trong quý I/2026",
        "xong trước ngày 10/02/2026",
        "thường xuyên",
        None,
    ]
    assert got.tasks[0].section_path == ("I. NHIỆM VỤ", "1. Trong quý I/2026")
    assert (got.tasks[0].deadlines[0].start, got.tasks[0].deadlines[0].end) == (date(2026, 1, 1), date(2026, 3, 31))


@pytest.mark.parametrize(("line", "mark"), [("Quý II/2026:", "-"), ("* Quý II/2026", "-"), ("- Quý II/2026:", "+")])
def test_a_line_of_time_that_is_no_heading(line: str, mark: str) -> None:
    assert times(
        "I. NHIỆM VỤ",
        line,
        f"{mark} Phòng Cải cách rà soát thủ tục.",
        line.replace("II/", "III/"),
        f"{mark} Văn phòng Sở sửa kho.",
        "II. TỔ CHỨC THỰC HIỆN",
        f"{mark} Thanh tra Sở kiểm tra đơn.",
    ) == [("tục", "Quý II/2026"), ("kho", "Quý III/2026"), ("đơn", None)]


@pytest.mark.parametrize(
    "sentence",
    [
        "Các nội dung tại mục này hoàn thành trước ngày 25/5/2026.",
        "Thời hạn hoàn thành các nhiệm vụ nêu trên: trước ngày 25/5/2026.",
        "Tất cả các công việc trên phải xong trước ngày 25/5/2026.",
        "Hoàn thành các nội dung, nhiệm vụ tại mục này trước ngày 25/5/2026.",
    ],
)
def test_a_sentence_about_its_section(sentence: str) -> None:
    got = plan(
        "I. NHIỆM VỤ",
        "1. Công tác chuẩn bị",
        "a) Văn phòng Sở mua tủ.",
        "2. Công tác kiểm tra",
        "a) Thanh tra Sở kiểm tra hồ sơ.",
        "b) Phòng Cải cách chấm điểm trong quý III/2026.",
        sentence,
        "3. Công tác khác",
        "a) Văn phòng Sở sửa kho.",
    )
    assert [t.content.split()[-1] for t in got.tasks] == ["tủ.", "sơ.", "III/2026.", "kho."]
    ends = [[str(d.end) for d in t.deadlines] for t in got.tasks]
    assert ends == [[], ["2026-05-25"], ["2026-09-30"], []]


def test_a_sentence_about_its_section_before_its_items() -> None:
    assert times(
        "I. NHIỆM VỤ",
        "1. Công tác kiểm tra",
        "Các nhiệm vụ tại mục này hoàn thành trong quý II/2026.",
        "a) Thanh tra Sở kiểm tra đơn.",
        "2. Công tác khác",
        "a) Văn phòng Sở sửa kho.",
    ) == [("đơn", "hoàn thành trong quý II/2026"), ("kho", None)]


@pytest.mark.parametrize(
    ("opening", "words"),
    [
        ("Trước ngày 20/3/2026, các phòng thực hiện các việc sau:", "Trước ngày 20/3/2026"),
        ("1. Giao các phòng hoàn thành các việc sau trong quý II/2026:", "trong quý II/2026"),
        ("Trong năm 2026, các phòng tập trung các việc sau:", None),  # the plan's own period
        ("Thực hiện Công văn số 9/SNV ngày 08/01/2026, các phòng làm các việc sau:", None),
    ],
)
def test_a_line_that_opens_a_list_lends_its_time_to_the_items(opening: str, words: str | None) -> None:
    got = times(
        "II. NHIỆM VỤ",
        opening,
        "- Kiểm kê giá kệ.",
        "- Lập danh mục, gửi Văn phòng trước ngày 10/3/2026 kèm ảnh.",
        "III. TỔ CHỨC THỰC HIỆN",
        "1. Văn phòng Sở bố trí xe.",
    )
    assert got == [("kệ", words), ("ảnh", "trước ngày 10/3/2026"), ("xe", None)]


def test_what_follows_a_list_has_no_time_of_its_opening() -> None:
    got = times(
        "II. NHIỆM VỤ",
        "Trước ngày 20/3/2026, các phòng thực hiện các việc sau:",
        "- Kiểm kê giá kệ.",
        "Văn phòng Sở bố trí xe.",
    )
    assert got == [("kệ", "Trước ngày 20/3/2026"), ("xe", None)]
