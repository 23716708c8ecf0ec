import hashlib
import io

import pypdfium2
import pytest
from pdf_samples import A4, PAD, PITCH, SIZE, Paper, width, wrap
from reportlab.lib import pdfencrypt
from reportlab.pdfgen.canvas import Canvas

from extractors.document import Box, Document, Paragraph, Source, Table
from extractors.errors import Reason, SourceError
from extractors.pdf import read_pdf

HEAD = ["TT", "Nội dung", "Chủ trì", "Thời hạn"]
WIDTHS = [30.0, 220.0, 130.0, 100.0]


def read(data: bytes) -> Document:
    return read_pdf(Source("kh.pdf", hashlib.sha256(data).hexdigest(), len(data)), data)


def texts(document: Document) -> list[str]:
    return [p.text for p in document.paragraphs()]


def rows(table: Table) -> list[list[str]]:
    return [[cell.text if cell else "" for cell in row] for row in table.grid()]


def ruled(document: Document) -> list[Table]:
    return [t for t in document.tables() if t.ruled]


def codes(document: Document) -> list[str]:
    return [n.code for n in document.notices]


# --- ruled tables ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("style", ["lines", "bars"])
def test_strokes_and_thin_bars_rule_a_table_alike(style: str) -> None:
    paper = Paper(rules=style)
    paper.table(60, 100, WIDTHS, [HEAD, ["1", "Rà soát hồ sơ", "Văn phòng", "Quý I/2024"]])
    (table,) = ruled(read(paper.save()))
    assert rows(table) == [HEAD, ["1", "Rà soát hồ sơ", "Văn phòng", "Quý I/2024"]]


def test_rules_of_a_letterhead_make_no_table() -> None:
    paper = Paper()
    paper.centered(160, 60, "UBND XÃ TÂN LẬP")
    paper.rule(130, 76, 190, 76)
    paper.centered(420, 60, "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM")
    paper.centered(420, 74, "Độc lập - Tự do - Hạnh phúc")
    paper.rule(350, 90, 490, 90)
    assert ruled(read(paper.save())) == []


def test_merged_cells_span_rows_and_columns() -> None:
    paper = Paper()
    paper.rule(60, 100, 360, 100)
    paper.text(64, 104, "I. Tuyên truyền")
    paper.rule(60, 122, 360, 122)
    paper.text(64, 126, "1")
    paper.text(164, 126, "Văn phòng")
    paper.text(264, 126, "Quý I")
    paper.rule(60, 144, 160, 144)
    paper.rule(260, 144, 360, 144)
    paper.text(64, 148, "2")
    paper.text(264, 148, "Quý II")
    paper.rule(60, 166, 360, 166)
    for x in (60, 360):
        paper.rule(x, 100, x, 166)
    for x in (160, 260):
        paper.rule(x, 122, x, 166)
    (table,) = ruled(read(paper.save()))
    spans = {cell.text: (cell.row, cell.column, cell.row_span, cell.column_span) for cell in table.cells}
    assert spans == {
        "I. Tuyên truyền": (0, 0, 1, 3),
        "1": (1, 0, 1, 1),
        "Văn phòng": (1, 1, 2, 1),
        "Quý I": (1, 2, 1, 1),
        "2": (2, 0, 1, 1),
        "Quý II": (2, 2, 1, 1),
    }


def test_open_sides_are_closed() -> None:
    paper = Paper()
    for y in (100, 122, 144, 166):
        paper.rule(60, y, 360, y)
    for x in (160, 260):
        paper.rule(x, 100, x, 166)
    for y, row in ((104, ("TT", "Việc", "Hạn")), (126, ("1", "Họp", "Quý I")), (148, ("2", "Báo cáo", "Quý II"))):
        for x, text in zip((64, 164, 264), row, strict=True):
            paper.text(x, y, text)
    (table,) = ruled(read(paper.save()))
    assert rows(table) == [["TT", "Việc", "Hạn"], ["1", "Họp", "Quý I"], ["2", "Báo cáo", "Quý II"]]


def test_a_frame_around_text_is_no_table() -> None:
    paper = Paper()
    paper.canvas.rect(60, 700, 400, 60)
    paper.text(70, 100, "DỰ THẢO")
    document = read(paper.save())
    assert ruled(document) == []
    assert texts(document) == ["DỰ THẢO"]


def test_shading_and_white_grounds_are_no_rules() -> None:
    paper = Paper()
    paper.canvas.setFillGray(0.9)
    paper.canvas.rect(60, 720, 480, 22, stroke=0, fill=1)
    paper.canvas.setFillGray(1.0)
    paper.canvas.rect(120, 700, 200, 0.4, stroke=0, fill=1)
    paper.canvas.setFillGray(0.0)
    paper.table(60, 100, WIDTHS, [HEAD, ["1", "Rà soát", "Văn phòng", "Quý I"]])
    (table,) = ruled(read(paper.save()))
    assert (table.row_count, table.column_count) == (2, 4)


# --- cell text ---------------------------------------------------------------------------------------------------


def cell_of(*lines: str, room: float | None = None) -> str:
    """The text of a narrow cell that holds these lines; the other cells fix its padding."""
    paper = Paper()
    widest = max(width(line) for line in lines) if room is None else room
    paper.table(60, 100, [30, widest + 2 * PAD + 1, 100], [["TT", "Đơn vị", "Hạn"], ["1", "\n".join(lines), "Quý I"]])
    (table,) = ruled(read(paper.save()))
    return rows(table)[1][1]


def test_a_soft_wrap_is_a_space() -> None:
    text = "Phòng Kinh tế - Hạ tầng chủ trì hướng dẫn các đơn vị"
    assert cell_of(*wrap(text, 110).split("\n"), room=110) == text


def test_a_short_line_ended_by_hand_breaks() -> None:
    assert (
        cell_of("Phòng Nội vụ", "Các phòng chuyên môn thuộc huyện") == "Phòng Nội vụ\nCác phòng chuyên môn thuộc huyện"
    )


def test_list_lines_break_also_after_a_full_line() -> None:
    assert cell_of("- Đợt 1: trước 31/5;", "- Đợt 2: trước 31/10") == "- Đợt 1: trước 31/5;\n- Đợt 2: trước 31/10"


@pytest.mark.parametrize(
    ("lines", "whole"),
    [
        (("Quyết định 12/QĐ-", "UBND ngày 02/3/2024"), "Quyết định 12/QĐ-UBND ngày 02/3/2024"),
        (("Thực hiện từ tháng 4-", "5/2024 theo kế hoạch"), "Thực hiện từ tháng 4-5/2024 theo kế hoạch"),
        (("Ban CH PCTT&TKCN", "huyện"), "Ban CH PCTT&TKCN huyện"),
        (("PCTT&TK", "CN huyện"), "PCTT&TKCN huyện"),
        (("(UBMTTQ", "VN), Hội"), "(UBMTTQVN), Hội"),
        (("UBND", "xã"), "UBND xã"),
        (("I", "I"), "II"),
        (("V", "II."), "VII."),
        (("nghiên", "cứu"), "nghiên cứu"),
    ],
)
def test_what_the_end_of_a_full_line_stands_for(lines: tuple[str, ...], whole: str) -> None:
    room = max(width(line) for line in lines)
    assert cell_of(*lines, room=room) == whole


def test_text_written_upwards_in_a_heading_cell() -> None:
    paper = Paper()
    paper.table(60, 100, [30, 200, 100], [["", "Nội dung\n\n\n", "Hạn"], ["1", "Họp", "Quý I"]])
    paper.canvas.saveState()
    paper.canvas.translate(80, A4[1] - 155)
    paper.canvas.rotate(90)
    paper.canvas.drawString(0, 0, "Số TT")
    paper.canvas.restoreState()
    (table,) = ruled(read(paper.save()))
    assert rows(table)[0][0] == "Số TT"


def test_the_box_of_a_cell_holds_its_text() -> None:
    paper = Paper()
    paper.text(60, 60, "Danh mục nhiệm vụ")
    paper.table(60, 100, WIDTHS, [HEAD, ["1", "Rà soát hồ sơ", "Văn phòng", "Quý I/2024"]])
    data = paper.save()
    document = read(data)
    page = pypdfium2.PdfDocument(data)[0]
    places = [(c.text, c.place) for t in document.tables() for c in t.cells]
    places += [(p.text, p.place) for p in document.paragraphs()]
    for text, place in places:
        assert isinstance(place.box, Box)
        box = place.box
        found = page.get_textpage().get_text_bounded(box.x0, A4[1] - box.bottom, box.x1, A4[1] - box.top)
        assert text in found


# --- pages -------------------------------------------------------------------------------------------------------


def two_pages(first: list[list[str | None]], second: list[list[str | None]]) -> Document:
    paper = Paper()
    paper.table(60, 100, WIDTHS, first)
    paper.page()
    paper.table(60, 60, WIDTHS, second)
    return read(paper.save())


def test_a_row_cut_by_the_page_is_one_row_with_both_places() -> None:
    document = two_pages(
        [HEAD, ["1", "Kiểm tra việc chấp hành kỷ luật tại", "Phòng Thanh", "Trước ngày"]],
        [HEAD, ["", "các trường trực thuộc", "tra", "15/3/2024"], ["2", "Tổng kết", "Văn phòng", "Quý IV"]],
    )
    (table,) = ruled(document)
    assert rows(table)[1:] == [
        ["1", "Kiểm tra việc chấp hành kỷ luật tại các trường trực thuộc", "Phòng Thanh tra", "Trước ngày 15/3/2024"],
        ["2", "Tổng kết", "Văn phòng", "Quý IV"],
    ]
    cut = next(cell for cell in table.cells if cell.text == "Phòng Thanh tra")
    assert (cut.place.page, [place.page for place in cut.continued]) == (1, [2])
    assert codes(document) == ["table.row_stitched"]


def test_a_merged_cell_goes_on_over_the_page() -> None:
    document = two_pages(
        [HEAD, ["1", "Họp giao ban", "Văn phòng Sở", "Hằng tháng"], ["2", "Họp chuyên đề", None, "Hằng quý"]],
        [["3", "Hội nghị tổng kết", "", "Quý IV"], ["4", "Lưu trữ hồ sơ", "Phòng Hành chính", "Quý IV"]],
    )
    (table,) = ruled(document)
    assert [row[2] for row in rows(table)] == ["Chủ trì", *["Văn phòng Sở"] * 3, "Phòng Hành chính"]
    assert next(cell for cell in table.cells if cell.text == "Văn phòng Sở").row_span == 3


def test_landscape_and_turned_pages_read_alike() -> None:
    wide = (A4[1], A4[0])
    plain, turned, sideways = Paper(size=wide), Paper(), Paper()
    for paper in (turned, sideways):
        paper.canvas.translate(A4[0], 0)
        paper.canvas.rotate(90)
        paper.size = wide
    for paper in (plain, turned, sideways):
        paper.text(80, 60, "Phụ lục nhiệm vụ năm 2024")
        paper.table(80, 100, WIDTHS, [HEAD, ["1", "Rà soát hồ sơ", "Văn phòng", "Quý I/2024"]])
    turned.canvas.setPageRotation(90)
    upright = read(plain.save())
    for paper in (turned, sideways):
        document = read(paper.save())
        assert texts(document) == texts(upright) == ["Phụ lục nhiệm vụ năm 2024"]
        assert [rows(t) for t in document.tables()] == [rows(t) for t in upright.tables()]
        box = next(iter(document.paragraphs())).place.box
        assert box is not None
        if paper is turned:
            assert (round(box.x0), round(box.top, -1)) == (80, 60)  # as displayed
        else:
            assert box.x1 - box.x0 < box.bottom - box.top  # as printed: the line runs upwards


def test_running_headers_and_page_numbers_are_left_out() -> None:
    paper = Paper()
    for page in range(1, 5):
        paper.text(80, 30, "Kế hoạch công tác năm 2024 của Sở Xây dựng")
        paper.centered(300, 50, str(page))
        paper.text(80, 100, f"Nội dung của phần thứ {page} trong bản kế hoạch này.")
        paper.centered(300, 810, f"Trang {page}/4")
        paper.page()
    assert texts(read(paper.save())) == [f"Nội dung của phần thứ {n} trong bản kế hoạch này." for n in range(1, 5)]


def test_a_lone_number_in_the_text_stays() -> None:
    paper = Paper()
    paper.text(80, 300, "Số lượng:")
    paper.text(300, 400, "12")
    assert "12" in texts(read(paper.save()))


def test_a_page_without_text_is_noticed() -> None:
    paper = Paper()
    paper.text(80, 100, "Kế hoạch công tác năm 2024 của Phòng Nội vụ.")
    paper.page()
    paper.picture(0, 0, *A4)
    paper.text(400, 800, "Ký bởi: Văn phòng", size=6)
    paper.page()
    paper.page()  # a blank back page says nothing
    document = read(paper.save())
    assert [(n.code, n.place.page) for n in document.notices] == [("page.no_text", 2)]
    assert texts(document) == ["Kế hoạch công tác năm 2024 của Phòng Nội vụ."]


# --- running text ------------------------------------------------------------------------------------------------


def body(paper: Paper, y: float, text: str, indent: float = 28.0) -> float:
    """A paragraph with first-line indent between 80 and 520."""
    first, *rest = wrap(text, 440 - indent).split("\n")
    paper.text(80 + indent, y, first)
    lines = wrap(" ".join(rest), 440).split("\n") if rest else []
    return paper.lines(80, y + PITCH, lines) + 4


LONG = (
    "Căn cứ Kế hoạch số 12/KH-UBND ngày 05/01/2024 của Ủy ban nhân dân huyện về công tác văn thư, lưu trữ, "
    "Phòng Nội vụ xây dựng kế hoạch triển khai trên địa bàn huyện với các nội dung sau:"
)


def test_wrapped_lines_are_one_paragraph() -> None:
    paper = Paper()
    y = body(paper, 100, LONG)
    y = body(paper, y, "- Rà soát hồ sơ.")
    body(
        paper,
        y,
        "- Chỉnh lý tài liệu tồn đọng của các phòng, ban và đơn vị sự nghiệp thuộc huyện giai đoạn 2017 - 2020.",
    )
    assert texts(read(paper.save())) == [
        LONG,
        "- Rà soát hồ sơ.",
        "- Chỉnh lý tài liệu tồn đọng của các phòng, ban và đơn vị sự nghiệp thuộc huyện giai đoạn 2017 - 2020.",
    ]


def test_a_bold_heading_below_a_full_numbered_line_stands_alone() -> None:
    paper = Paper()
    full = "2. Phân công rõ trách nhiệm của từng công chức, viên chức, bảo đảm đúng tiến độ."
    paper.text(108, 100, full)
    paper.text(108, 118, "II. NỘI DUNG THỰC HIỆN", bold=True)
    body(paper, 136, LONG)
    assert texts(read(paper.save()))[:2] == [full, "II. NỘI DUNG THỰC HIỆN"]


def test_a_paragraph_goes_on_over_the_page() -> None:
    paper = Paper()
    lines = wrap(LONG, 412).split("\n")
    paper.text(108, 740, lines[0])
    rest = wrap(" ".join(lines[1:]), 440).split("\n")
    paper.text(80, 754, rest[0])
    paper.page()
    y = paper.lines(80, 60, rest[1:]) + 4
    last = "Trên đây là kế hoạch của Phòng Nội vụ, đề nghị các đơn vị phối hợp thực hiện nghiêm túc./."
    body(paper, y, last)
    assert texts(read(paper.save())) == [LONG, last]


def test_a_centered_line_stands_alone() -> None:
    paper = Paper()
    y = body(paper, 100, LONG.replace("với các nội dung sau:", "theo đề nghị của Chánh Văn phòng và Trưởng phòng."))
    paper.centered(300, y, "QUYẾT ĐỊNH:", bold=True)
    found = list(read(paper.save()).paragraphs())[-1]
    assert (found.text, found.bold, found.centered) == ("QUYẾT ĐỊNH:", True, True)


def test_letterhead_and_signature_never_mix() -> None:
    paper = Paper()
    paper.centered(170, 60, "UBND TỈNH BẮC PHONG")
    paper.centered(170, 74, "SỞ NỘI VỤ", bold=True)
    paper.centered(170, 98, "Số: 05/KH-SNV")
    paper.centered(400, 60, "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", bold=True)
    paper.centered(400, 74, "Độc lập - Tự do - Hạnh phúc", bold=True)
    paper.centered(400, 98, "Bắc Phong, ngày 05 tháng 01 năm 2024")
    paper.centered(300, 130, "KẾ HOẠCH", bold=True)
    y = body(paper, 160, LONG)
    paper.text(80, y, "Nơi nhận:")
    paper.centered(430, y - 4, "KT. GIÁM ĐỐC", bold=True)
    paper.centered(430, y + PITCH - 4, "PHÓ GIÁM ĐỐC", bold=True)
    paper.lines(80, y + PITCH, ["- UBND tỉnh;", "- Các phòng thuộc Sở;", "- Lưu: VT."])
    paper.centered(430, y + 90, "Trần Văn Mẫu", bold=True)
    document = read(paper.save())
    head, foot = (t for t in document.tables() if not t.ruled)
    assert [c.text for c in head.cells] == [
        "UBND TỈNH BẮC PHONG\nSỞ NỘI VỤ\nSố: 05/KH-SNV",
        "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM\nĐộc lập - Tự do - Hạnh phúc\nBắc Phong, ngày 05 tháng 01 năm 2024",
    ]
    assert [c.text for c in foot.cells] == [
        "Nơi nhận:\n- UBND tỉnh;\n- Các phòng thuộc Sở;\n- Lưu: VT.",
        "KT. GIÁM ĐỐC\nPHÓ GIÁM ĐỐC\nTrần Văn Mẫu",
    ]
    assert texts(document) == ["KẾ HOẠCH", LONG]


def test_numbers_of_headings_that_tabs_part_from_their_words_make_no_columns() -> None:
    paper = Paper()
    body = "Giữ vững vị trí trong nhóm năm sở, ban, ngành dẫn đầu về Chỉ số cải cách hành chính của tỉnh trong năm nay."
    y = 100.0
    for number, (mark, words) in enumerate([("I.", "MỤC TIÊU"), ("1.", "Mục tiêu chung"), ("a)", "Năm đầu")]):
        paper.text(80, y + number * PITCH, mark)
        paper.text(116, y + number * PITCH, words)
    y = paper.lines(80, y + 3 * PITCH, wrap(body, 420).split("\n"))
    paper.text(80, y, "II.")
    paper.text(116, y, "NHIỆM VỤ")
    found = read(paper.save())
    assert not [*found.tables()]
    assert texts(found) == ["I. MỤC TIÊU", "1. Mục tiêu chung", "a) Năm đầu", body, "II. NHIỆM VỤ"]


def test_a_signature_set_to_the_right_above_the_recipients_stays_apart() -> None:
    paper = Paper()
    paper.lines(
        80,
        100,
        wrap("Trên đây là Kế hoạch của đơn vị; các bộ phận nghiêm túc triển khai thực hiện. " * 3, 440).split("\n"),
    )
    right = 520
    for number, line in enumerate(["CHÁNH ÁN", "Lý Văn Sáu Mươi Chín"]):
        paper.text(right - width(line), 200 + number * 70, line)
    paper.lines(80, 270 + PITCH, ["Nơi nhận:", "- Tòa án nhân dân tỉnh;", "- Lưu: VT."])
    assert texts(read(paper.save()))[-5:] == [
        "CHÁNH ÁN",
        "Lý Văn Sáu Mươi Chín",
        "Nơi nhận:",
        "- Tòa án nhân dân tỉnh;",
        "- Lưu: VT.",
    ]


def test_a_comma_at_the_end_of_a_full_line_ends_a_word() -> None:
    days = ["17/11/2025,", "18/11/2025"]
    widths = [30.0, 220.0, 130.0, width(days[0]) + 2 * PAD + 1]
    paper = Paper()
    paper.table(60, 100, widths, [HEAD, ["1", "Tiêm vắc xin", "Trạm Y tế", "\n".join(days)]])
    (table,) = ruled(read(paper.save()))
    assert rows(table)[1][3] in ("17/11/2025, 18/11/2025", "17/11/2025,\n18/11/2025")


def test_recipients_and_signature_cut_by_the_page() -> None:
    paper = Paper()
    body(paper, 100, LONG)
    paper.text(80, 770, "Nơi nhận:")
    paper.centered(430, 770, "GIÁM ĐỐC", bold=True)
    paper.text(80, 784, "- UBND tỉnh;")
    paper.page()
    paper.text(80, 60, "- Các phòng thuộc Sở;")
    paper.text(80, 74, "- Lưu: VT.")
    paper.centered(430, 74, "Trần Văn Mẫu", bold=True)
    (foot,) = read(paper.save()).tables()
    assert [c.text for c in foot.cells] == [
        "Nơi nhận:\n- UBND tỉnh;\n- Các phòng thuộc Sở;\n- Lưu: VT.",
        "GIÁM ĐỐC\nTrần Văn Mẫu",
    ]


def test_a_signature_ends_where_the_page_turns() -> None:
    paper = Paper()
    body(paper, 100, LONG)
    paper.text(80, 700, "Nơi nhận:")
    paper.centered(430, 700, "GIÁM ĐỐC", bold=True)
    paper.lines(80, 714, ["Các đơn vị trực thuộc", "Lưu: VT, NVY"])
    paper.centered(430, 760, "Trần Văn Mẫu", bold=True)
    paper.page((842.0, 595.0))
    paper.centered(421, 60, "PHỤ LỤC I", bold=True)
    document = read(paper.save())
    (foot,) = document.tables()
    assert [c.text for c in foot.cells] == [
        "Nơi nhận:\nCác đơn vị trực thuộc\nLưu: VT, NVY",
        "GIÁM ĐỐC\nTrần Văn Mẫu",
    ]
    assert texts(document)[-1] == "PHỤ LỤC I"


def test_labelled_lines_are_no_side_by_side_block() -> None:
    paper = Paper()
    for number, (label, value) in enumerate(
        [("Đơn vị chủ trì:", "Văn phòng Sở"), ("Đơn vị phối hợp:", "Các phòng"), ("Thời gian:", "Quý II/2024")]
    ):
        paper.text(80, 100 + number * PITCH, label)
        paper.text(240, 100 + number * PITCH, value)
    document = read(paper.save())
    assert list(document.tables()) == []
    assert texts(document) == ["Đơn vị chủ trì: Văn phòng Sở", "Đơn vị phối hợp: Các phòng", "Thời gian: Quý II/2024"]


def test_letters_drawn_twice_are_bold_and_read_once() -> None:
    paper = Paper()
    for shift in (0, 0.3):
        paper.text(80 + shift, 100, "I. MỤC TIÊU CHUNG")
    (paragraph,) = read(paper.save()).paragraphs()
    assert (paragraph.text, paragraph.bold) == ("I. MỤC TIÊU CHUNG", True)


def test_decomposed_letters_are_stored_composed() -> None:
    paper = Paper()
    paper.text(80, 100, "Kê\u0301 hoa\u0323ch na\u0306m 2024")
    assert texts(read(paper.save())) == ["Kế hoạch năm 2024"]


# --- files -------------------------------------------------------------------------------------------------------


def refused(data: bytes) -> Reason:
    with pytest.raises(SourceError) as caught:
        read(data)
    return caught.value.reason


def good() -> bytes:
    paper = Paper()
    paper.text(80, 100, "Kế hoạch công tác năm 2024.")
    return paper.save()


def test_damaged_files() -> None:
    assert refused(good()[:-600]) is Reason.DAMAGED
    assert refused(b"%PDF-1.7\nnothing here\n%%EOF") is Reason.DAMAGED
    assert refused(b"") is Reason.DAMAGED


def test_locked_file() -> None:
    buffer = io.BytesIO()
    lock = pdfencrypt.StandardEncryption("mo", ownerPassword="khoa", canPrint=0)
    canvas = Canvas(buffer, encrypt=lock)
    canvas.drawString(80, 700, "kin")
    canvas.save()
    assert refused(buffer.getvalue()) is Reason.ENCRYPTED


def test_scan() -> None:
    paper = Paper()
    paper.picture(0, 0, *A4)
    assert refused(paper.save()) is Reason.NO_TEXT


def test_what_the_document_says_about_itself() -> None:
    document = read(good())
    assert (document.media_type, document.extractor, document.page_count) == ("application/pdf", "pdf", 1)
    (paragraph,) = document.blocks
    assert isinstance(paragraph, Paragraph)
    assert paragraph.place.page == 1
    assert paragraph.place.box is not None
    assert abs(paragraph.place.box.top - 100) < SIZE


def test_a_page_without_size_is_read() -> None:
    paper = Paper()
    paper.text(72, 72, "Kế hoạch công tác năm 2024 của Sở Xây dựng")
    paper.rule(72, 90, 300, 90)
    flat = paper.save().replace(b"/MediaBox [ 0 0 595 842 ]", b"/MediaBox [ 0 0 595 000 ]")
    assert b"595 000" in flat
    assert [p.text for p in read(flat).paragraphs()] == ["Kế hoạch công tác năm 2024 của Sở Xây dựng"]
