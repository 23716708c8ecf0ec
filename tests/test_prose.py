"""Running text: parts, list marks, headings and numbered items, on samples made up for this test."""

from datetime import date

import pytest

from extractors.document import Block, Cell, Document, Paragraph, Source, Table
from pipeline.plan import Numbered, Part, Prose
from pipeline.read.letterhead import read_header
from pipeline.read.prose import read_prose
from pipeline.rules.period import own_plan_mentions

TASKS = Table(0, 1, 2, (Cell("TT", 0, 0), Cell("Nhiệm vụ", 0, 1)))
TITLE = (Paragraph("KẾ HOẠCH", centered=True), Paragraph("Công tác văn thư năm 2024", centered=True))
GROUNDS = Paragraph("Thực hiện Kế hoạch số 9/KH-UBND ngày 03/01/2024, Sở Nội vụ xây dựng Kế hoạch như sau:")
END = (
    Paragraph("Nơi nhận:"),
    Paragraph("- Như trên;"),
    Paragraph("- Lưu: VT."),
    Paragraph("GIÁM ĐỐC"),
    Paragraph("Lý Văn Sáu"),
)


def read(*blocks: Block | str) -> tuple[tuple[Prose, ...], tuple[Numbered, ...]]:
    made = tuple(Paragraph(b) if isinstance(b, str) else b for b in blocks)
    document = Document(Source("mau.docx", "0" * 64, 1), "text/plain", "test", None, made)
    return read_prose(document, read_header(document))


def body(*blocks: Block | str) -> tuple[Prose, ...]:
    prose, _ = read(*TITLE, GROUNDS, *blocks, *END)
    return tuple(p for p in prose if p.part is Part.BODY)


def path(prose: tuple[Prose, ...], start: str) -> tuple[str, ...]:
    return next(p.headings for p in prose if p.text.startswith(start))


def headings(prose: tuple[Prose, ...]) -> list[str]:
    return [p.text for p in prose if p.is_heading]


def test_parts_of_a_paper() -> None:
    prose, _ = read(
        *TITLE,
        "Căn cứ Luật Lưu trữ;",
        GROUNDS,
        "I. MỤC ĐÍCH",
        "1. Bảo quản tài liệu.",
        *END,
        Paragraph("PHỤ LỤC", bold=True),
        "(Kèm theo Kế hoạch số 5/KH-SNV)",
        TASKS,
        "Ghi chú: số liệu đến ngày 31/12/2023.",
    )
    parts = [p.part for p in prose]
    assert parts == [
        *[Part.HEAD] * 2,
        *[Part.GROUNDS] * 2,
        *[Part.BODY] * 2,
        *[Part.CLOSING] * 5,
        *[Part.APPENDIX] * 2,
        Part.BODY,
    ]


@pytest.mark.parametrize("number", ["Phần thứ hai", "PHẦN THỨ HAI", "Chương II", "Phần II.", "Mục 2"])
def test_the_number_and_the_name_of_a_part_on_two_lines_are_one_heading(number: str) -> None:
    prose = body(
        "I. MỤC ĐÍCH", "1. Bảo quản tài liệu.", number, "NHIỆM VỤ VÀ GIẢI PHÁP", "1. Phòng Nội vụ mua kệ hồ sơ."
    )
    assert path(prose, "1. Phòng Nội vụ")[-1] == f"{number} NHIỆM VỤ VÀ GIẢI PHÁP"


def test_a_sentence_below_the_number_of_a_part_is_not_its_name() -> None:
    prose = body("Phần thứ nhất", "Các phòng mua kệ hồ sơ trước ngày 05.", "Phần thứ hai", "1. Phòng Nội vụ mua kệ.")
    assert path(prose, "Các phòng") == ("Phần thứ nhất",)
    assert path(prose, "1. Phòng") == ("Phần thứ hai",)


def test_an_order_below_a_short_heading_is_its_text() -> None:
    prose = body(
        "II. NỘI DUNG",
        "1. Nội vụ",
        "Phòng Nội vụ mua kệ.",
        "2. Phòng cháy, chữa cháy",
        "Giao Văn phòng Sở kiểm tra bình.",
        "3. Mua kệ hồ sơ.",
        "Đề nghị các phòng nghiêm túc thực hiện.",
    )
    assert headings(prose) == ["II. NỘI DUNG", "1. Nội vụ", "2. Phòng cháy, chữa cháy"]


def test_headings_by_level_and_their_paths() -> None:
    prose = body(
        "I. NỘI DUNG.",
        "1. Nội dung tuyên truyền.",
        "a) Tuyên truyền về cải cách hành chính trong toàn ngành.",
        "- Trên báo, đài.",
        "2. Hình thức tuyên truyền.",
        "- Qua mạng xã hội.",
        "II. TỔ CHỨC THỰC HIỆN.",
        "1. Văn phòng Sở.",
        "Chủ trì, phối hợp với các phòng triển khai.",
    )
    assert headings(prose) == [
        "I. NỘI DUNG.",
        "1. Nội dung tuyên truyền.",
        "2. Hình thức tuyên truyền.",
        "II. TỔ CHỨC THỰC HIỆN.",
        "1. Văn phòng Sở.",
    ]
    assert path(prose, "- Trên báo") == ("I. NỘI DUNG.", "1. Nội dung tuyên truyền.")
    assert path(prose, "- Qua mạng") == ("I. NỘI DUNG.", "2. Hình thức tuyên truyền.")
    assert path(prose, "Chủ trì") == ("II. TỔ CHỨC THỰC HIỆN.", "1. Văn phòng Sở.")
    assert [p.ordinal for p in prose][:5] == ["I.", "1.", "a)", "-", "2."]


def test_numbered_sentences_are_items_and_no_headings() -> None:
    prose = body(
        "V. TỔ CHỨC THỰC HIỆN",
        "1. Định kỳ hàng quý báo cáo kết quả thực hiện Kế hoạch này về Văn phòng Sở để tổng hợp.",
        "2. Rà soát, đánh giá và đề xuất giải pháp.",
        "3. Chuẩn bị điều kiện, bố trí nhân lực.",
        "Trên đây là Kế hoạch công tác văn thư năm 2024./.",
    )
    assert headings(prose) == ["V. TỔ CHỨC THỰC HIỆN"]
    assert path(prose, "3. Chuẩn bị") == ("V. TỔ CHỨC THỰC HIỆN",)


def test_items_with_labelled_lines_are_no_headings() -> None:
    prose = body(
        "II. NỘI DUNG",
        "1. Xây dựng văn bản",
        "1.1. Xây dựng quy chế công tác văn thư.",
        "a) Đơn vị chủ trì: Văn phòng.",
        "b) Thời gian hoàn thành: Quý II/2024.",
        "1.2. Xây dựng danh mục hồ sơ.",
        "- Chủ trì: Văn phòng.",
    )
    assert headings(prose) == ["II. NỘI DUNG", "1. Xây dựng văn bản"]
    assert path(prose, "a) Đơn vị") == ("II. NỘI DUNG", "1. Xây dựng văn bản")
    assert path(prose, "1.2.") == ("II. NỘI DUNG", "1. Xây dựng văn bản")


@pytest.mark.parametrize(
    ("lines", "path_of_last"),
    [
        (("Phần I", "A. YÊU CẦU CHUNG", "I. Mục đích", "- Nâng cao."), ("Phần I", "A. YÊU CẦU CHUNG", "I. Mục đích")),
        (("I. YÊU CẦU CHUNG", "A. Mục đích", "- Nâng cao."), ("I. YÊU CẦU CHUNG", "A. Mục đích")),
        (("I/ MỤC ĐÍCH", "1/ Mục đích chung", "- Nâng cao."), ("I/ MỤC ĐÍCH", "1/ Mục đích chung")),
        (("I. MỤC ĐÍCH", "1.Mục đích", "a. Nhận thức", "- Nâng cao."), ("I. MỤC ĐÍCH", "1.Mục đích", "a. Nhận thức")),
        (("1. Mục tiêu", "1.1. Mục tiêu chung", "Nâng cao chất lượng."), ("1. Mục tiêu", "1.1. Mục tiêu chung")),
        (("Chương II", "Điều 3. Trách nhiệm", "1. Theo dõi việc thực hiện."), ("Chương II", "Điều 3. Trách nhiệm")),
    ],
)  # fmt: skip
def test_numbering_of_other_offices(lines: tuple[str, ...], path_of_last: tuple[str, ...]) -> None:
    assert body(*lines)[-1].headings == path_of_last


def test_headings_without_numbers() -> None:
    prose = body(
        Paragraph("TỔ CHỨC THỰC HIỆN", bold=True),
        Paragraph("Phòng Hành chính", bold=True),
        "- Theo dõi việc thực hiện.",
        Paragraph("Các phòng còn lại", bold=True),
        "- Gửi báo cáo hằng tháng.",
        Paragraph("KINH PHÍ", bold=True),
        "Từ ngân sách được giao.",
    )
    assert path(prose, "- Theo dõi") == ("TỔ CHỨC THỰC HIỆN", "Phòng Hành chính")
    assert path(prose, "- Gửi") == ("TỔ CHỨC THỰC HIỆN", "Các phòng còn lại")
    assert path(prose, "Từ ngân sách") == ("KINH PHÍ",)


def test_long_lead_in_is_no_heading() -> None:
    lead_in = (
        "a) Tuyên truyền các nội dung của chương trình tổng thể, trong đó tập trung vào các nội dung cơ bản sau đây:"
    )
    prose = body("I. NỘI DUNG", "1. Nội dung chung", lead_in, "- Kết quả thực hiện.")
    assert path(prose, "- Kết quả") == ("I. NỘI DUNG", "1. Nội dung chung")


def test_heading_above_a_table() -> None:
    assert headings(body("III. NHIỆM VỤ", "1. Giai đoạn chuẩn bị", TASKS)) == ["III. NHIỆM VỤ", "1. Giai đoạn chuẩn bị"]


def test_a_phase_with_its_time_and_a_section_that_opens_with_its_time_are_headings() -> None:
    prose = body(
        "I. NHIỆM VỤ",
        "1. Đợt 1: tháng 4/2024",
        "- Kiểm tra kho.",
        "2. Dinh dưỡng",
        "Thời hạn hoàn thành các nội dung tại mục này: trước ngày 30/11/2024.",
        "a) Xây dựng thực đơn.",
        "3. Địa điểm: Hội trường huyện",
        "- Phòng họp số 2.",
    )
    assert headings(prose)[1:] == ["1. Đợt 1: tháng 4/2024", "2. Dinh dưỡng"]


def test_a_heading_of_units_parted_by_semicolons() -> None:
    prose = body(
        "III. TỔ CHỨC THỰC HIỆN",
        "1. Văn phòng Sở theo dõi, đôn đốc.",
        "2. Các phòng thuộc Sở; Thanh tra Sở; Trung tâm Lưu trữ",
        "- Xây dựng kế hoạch của đơn vị.",
        "3. Rà soát hồ sơ; lập danh mục tài liệu",
        "- Hồ sơ đến năm 2020.",
    )
    assert path(prose, "- Xây")[1:] == ("2. Các phòng thuộc Sở; Thanh tra Sở; Trung tâm Lưu trữ",)
    assert path(prose, "- Hồ")[1:] == ()


def test_soft_breaks_make_items_only_at_list_marks() -> None:
    prose = body("I. NHIỆM VỤ", "- Rà soát hồ sơ\ntại đơn vị;\n- Báo cáo kết quả.\n+ Bằng văn bản.")
    assert [p.text for p in prose[1:]] == ["- Rà soát hồ sơ\ntại đơn vị;", "- Báo cáo kết quả.", "+ Bằng văn bản."]
    assert [p.ordinal for p in prose[1:]] == ["-", "-", "+"]


def test_amounts_and_dates_are_no_list_marks() -> None:
    prose = body("I. MỤC TIÊU", "1.500 hộ dân được tập huấn.", "15/3/2024 tổng kết.", "100% hồ sơ được số hóa.")
    assert [p.ordinal for p in prose] == ["I.", "", "", ""]


def test_numbers_with_a_dash_as_party_papers_have_them() -> None:
    prose = body(
        "I- MỤC TIÊU",
        "1- 100% chi bộ sinh hoạt đúng kỳ.",
        "II-NHIỆM VỤ",
        "1- Nâng cao nhận thức của đảng viên",
        "- Chi bộ thôn Đông học tập nghị quyết.",
        "a- Ban Dân vận nắm tình hình.",
        "2-Phát triển kinh tế hợp tác",
        "- Hội Nông dân vận động hội viên.",
        "2.1- Hội Phụ nữ mở lớp dạy nghề.",
    )
    assert [p.ordinal for p in prose] == ["I-", "1-", "II-", "1-", "-", "a-", "2-", "-", "2.1-"]
    assert path(prose, "a- ") == ("II-NHIỆM VỤ", "1- Nâng cao nhận thức của đảng viên")
    assert path(prose, "- Hội") == ("II-NHIỆM VỤ", "2-Phát triển kinh tế hợp tác")


@pytest.mark.parametrize(
    "text", ["57-NQ/TW đến toàn thể đảng viên.", "5-7 ngày làm việc.", "V-League mùa này.", "X-CT/TU của Tỉnh ủy."]
)
def test_symbols_and_ranges_are_no_numbers_with_a_dash(text: str) -> None:
    assert body("I- MỤC TIÊU", text)[1].ordinal == ""


def test_numbered_items_in_order_with_appendices_apart() -> None:
    _, numbered = read(
        *TITLE,
        GROUNDS,
        "II. KINH PHÍ",
        "- Gạch đầu dòng.",
        "a) Ngân sách.",
        "b) Nguồn khác.",
        "đ) Xã hội hóa.",
        *END,
        "PHỤ LỤC",
        "I. DANH MỤC",
        "1. Tủ hồ sơ bằng sắt, có khóa",
        "2. Giá để tài liệu",
    )
    assert [(n.ordinal, n.series) for n in numbered] == [
        ("II.", "prose"),
        ("a)", "prose"),
        ("b)", "prose"),
        ("đ)", "prose"),
        ("I.", "prose 2"),
        ("1.", "prose 2"),
        ("2.", "prose 2"),
    ]
    assert numbered[0].text == "II. KINH PHÍ"
    assert [n.is_section for n in numbered] == [True, False, False, False, True, False, False]


def test_nothing_is_lost_or_doubled() -> None:
    lines = ["I. MỤC ĐÍCH", "1. Yêu cầu", "- Một.", "Văn bản thường.", "II. KINH PHÍ", "Do ngân sách cấp."]
    prose, _ = read(*TITLE, GROUNDS, *lines, *END)
    texts = [b.text for b in (*TITLE, GROUNDS)] + lines + [b.text for b in END]
    assert [p.text for p in prose] == texts


def test_attached_plan_after_a_decision_has_its_own_headings() -> None:
    prose, numbered = read(
        Paragraph("QUYẾT ĐỊNH", centered=True, bold=True),
        Paragraph("Ban hành Kế hoạch công tác năm 2024", centered=True, bold=True),
        Paragraph("GIÁM ĐỐC SỞ NỘI VỤ", centered=True, bold=True),
        "Căn cứ Luật Lưu trữ;",
        Paragraph("QUYẾT ĐỊNH:", centered=True, bold=True),
        "Điều 1. Ban hành kèm theo Quyết định này Kế hoạch công tác năm 2024.",
        "Điều 2. Quyết định có hiệu lực từ ngày ký.",
        *END,
        Paragraph("KẾ HOẠCH", centered=True, bold=True),
        Paragraph("Công tác năm 2023", centered=True, bold=True),
        "(Ban hành kèm theo Quyết định số 8/QĐ-SNV ngày 05/01/2024)",
        "I. MỤC ĐÍCH",
        "1. Bảo quản tài liệu.",
    )
    appendix = [p.text for p in prose if p.part is Part.APPENDIX]
    assert appendix[:2] == ["KẾ HOẠCH", "Công tác năm 2023"]
    assert path(prose, "1. Bảo quản") == ("I. MỤC ĐÍCH",)
    assert [n.series for n in numbered] == ["prose", "prose", "prose 2", "prose 2"]


def test_plain_headings_of_appendices_are_no_numbered_items() -> None:
    first, second = ("Phụ lục 1", "NHIỆM VỤ TRỌNG TÂM"), ("Phụ lục 2", "NHIỆM VỤ KHÁC")
    prose, numbered = read(*TITLE, GROUNDS, "I. NỘI DUNG", "- Rà soát./.", *END, *first, TASKS, *second)
    assert [n.text for n in numbered] == ["I. NỘI DUNG"]
    assert [p.text for p in prose if p.part is Part.APPENDIX] == [*first, *second]


def mentions(title: str, *lines: str) -> list[tuple[str, date | None]]:
    made = (Paragraph("KẾ HOẠCH", centered=True), Paragraph(title, centered=True), *map(Paragraph, lines))
    document = Document(Source("mau.docx", "0" * 64, 1), "text/plain", "test", None, made)
    reading = read_header(document)
    prose, _ = read_prose(document, reading)
    return [(m.text, m.start) for m in own_plan_mentions(prose, reading.header)]


def test_plan_named_with_another_year_by_its_own_text() -> None:
    lines = ("Thực hiện Kế hoạch số 9/KH-UBND, Sở Nội vụ ban hành Kế hoạch công tác văn thư năm 2023 như sau:",)
    assert mentions("Công tác văn thư năm 2024", *lines) == [("Kế hoạch công tác văn thư năm 2023", date(2023, 1, 1))]
    closing = (
        "I. NỘI DUNG",
        "- Rà soát.",
        "Trên đây là Kế hoạch công tác văn thư năm 2022, đề nghị các đơn vị thực hiện.",
    )
    assert mentions("Công tác văn thư năm 2024", *closing) == [("Kế hoạch công tác văn thư năm 2022", date(2022, 1, 1))]


@pytest.mark.parametrize(
    "line",
    [
        "Sở Nội vụ ban hành Kế hoạch công tác văn thư năm 2024 như sau:",
        "Căn cứ Kế hoạch công tác văn thư năm 2023 của UBND tỉnh;",
        "Thực hiện Kế hoạch số 3/KH-UBND của UBND tỉnh về văn thư năm 2023, Sở xây dựng Kế hoạch như sau:",
        "Năm 2023, Sở đã ban hành Kế hoạch công tác văn thư.",
        "Sở Nội vụ ban hành Kế hoạch công tác văn thư năm 2024, định hướng đến năm 2030 như sau:",
    ],
)
def test_other_years_near_the_plan_are_fine(line: str) -> None:
    assert mentions("Công tác văn thư năm 2024", line, "I. NỘI DUNG", "- Rà soát.") == []


def test_year_that_widens_a_quarter_is_fine() -> None:
    line = "Phòng ban hành Kế hoạch kiểm tra năm 2024 với các nội dung sau:"
    assert mentions("Kiểm tra quý II/2024", line) == []
    assert mentions("Kiểm tra quý II/2023", line) == [("Kế hoạch kiểm tra năm 2024", date(2024, 1, 1))]


def test_a_section_of_grounds_is_a_section_and_its_grounds_no_heading() -> None:
    lines = (
        "A. CĂN CỨ XÂY DỰNG KẾ HOẠCH",
        "1. Căn cứ pháp lý",
        "- Căn cứ Luật Giáo dục năm 2019;",
        "B. NHIỆM VỤ",
        "Dạy học.",
    )
    prose, numbered = read(*TITLE, *lines, *END)
    assert [p.text for p in prose if p.is_heading] == [lines[0], lines[1], lines[3]]
    assert [n.ordinal for n in numbered] == ["A.", "1.", "B."]
    listed, _ = read(
        *TITLE, "1. Căn cứ Luật Giáo dục năm 2019;", "2. Căn cứ Kế hoạch số 4/KH-SGDĐT;", "I. NHIỆM VỤ", *END
    )
    assert [p.part for p in listed if p.text.startswith(("1.", "2."))] == [Part.GROUNDS, Part.GROUNDS]
