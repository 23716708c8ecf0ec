"""Tables without rules in PDFs: what becomes a table, what never does."""

import hashlib
from collections.abc import Sequence

import pytest
from pdf_samples import PITCH, Paper, width, wrap

from extractors.document import Document, Source, Table
from extractors.pdf import read_pdf
from extractors.pdf_borderless import CONFIDENCE

XS = (60.0, 95.0, 300.0, 420.0)
ROOM = (25.0, 190.0, 108.0, 110.0)
HEAD = ("TT", "Nội dung công việc", "Đơn vị chủ trì", "Thời hạn")
BODY = (
    ("1", "Rà soát hồ sơ cán bộ của các phòng chuyên môn và báo cáo kết quả", "Phòng Nội vụ", "Quý I/2024"),
    ("2", "Tập huấn phần mềm quản lý văn bản", "Văn phòng Ủy ban nhân dân xã", "Tháng 5/2024"),
    ("3", "Tổng kết công tác năm", "Phòng Tư pháp", "Trước ngày 15/12/2024"),
    ("4", "Niêm yết công khai thủ tục hành chính tại bộ phận một cửa", "Văn phòng", "Thường xuyên"),
)


def read(data: bytes) -> Document:
    return read_pdf(Source("kh.pdf", hashlib.sha256(data).hexdigest(), len(data)), data)


def aligned(document: Document) -> list[Table]:
    """Tables found by their columns; blocks side by side have one row."""
    return [table for table in document.tables() if not table.ruled and table.row_count > 1]


def rows(table: Table) -> list[tuple[str, ...]]:
    return [tuple(cell.text if cell else "" for cell in row) for row in table.grid()]


def codes(document: Document) -> list[str]:
    return [notice.code for notice in document.notices]


def put(
    paper: Paper, y: float, row: Sequence[str], space: float = 0.0, bold: bool = False, middle: bool = False
) -> float:
    """One row, each cell wrapped in its column; `middle`: cells centred in the row's height."""
    cells = [wrap(text, room).split("\n") if text else [] for text, room in zip(row, ROOM, strict=True)]
    high = max(map(len, cells))
    for x, lines in zip(XS, cells, strict=True):
        top = y + (high - len(lines)) / 2 * PITCH if middle else y
        paper.lines(x, top, lines, bold)
    return y + high * PITCH + space


def draw(paper: Paper, y: float, body: Sequence[Sequence[str]], space: float = 0.0, middle: bool = False) -> float:
    y = put(paper, y, HEAD, space, bold=True)
    for row in body:
        y = put(paper, y, row, space, middle=middle)
    return y


# --- tables ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("space", [0.0, 6.0])
def test_columns_and_ordinals_make_a_table(space: float) -> None:
    paper = Paper()
    draw(paper, 200, BODY, space)
    document = read(paper.save())
    (table,) = aligned(document)
    assert rows(table) == [HEAD, *BODY]
    assert {cell.confidence for cell in table.cells} == {CONFIDENCE}
    assert "table.borderless" in codes(document)


def test_cells_centred_in_tall_rows() -> None:
    body = [(n, f"{a} và thực hiện các nhiệm vụ khác do cấp trên giao", b, c) for n, a, b, c in BODY]
    paper = Paper()
    draw(paper, 200, body, space=8.0, middle=True)
    (table,) = aligned(read(paper.save()))
    assert rows(table) == [HEAD, *body]


def test_text_around_the_table_stays_text() -> None:
    paper = Paper()
    paper.centered(297, 100, "PHỤ LỤC", bold=True)
    paper.centered(297, 130, "Danh mục nhiệm vụ năm 2024 của Ủy ban nhân dân xã", bold=True)
    y = draw(paper, 160, BODY)
    paper.text(90, y + 20, "Trên đây là danh mục nhiệm vụ năm 2024, đề nghị các đơn vị nghiêm túc thực hiện./.")
    document = read(paper.save())
    (table,) = aligned(document)
    assert rows(table) == [HEAD, *BODY]
    assert [p.text for p in document.paragraphs()] == [
        "PHỤ LỤC",
        "Danh mục nhiệm vụ năm 2024 của Ủy ban nhân dân xã",
        "Trên đây là danh mục nhiệm vụ năm 2024, đề nghị các đơn vị nghiêm túc thực hiện./.",
    ]


def test_names_of_groups_run_across() -> None:
    paper = Paper()
    y = put(paper, 200, HEAD, bold=True)
    y = put(paper, y, BODY[0])
    paper.text(XS[0], y, "II. Công tác tuyên truyền, phổ biến pháp luật", bold=True)
    y += PITCH
    for row in BODY[1:]:
        y = put(paper, y, row)
    (table,) = aligned(read(paper.save()))
    assert rows(table)[2] == ("II. Công tác tuyên truyền, phổ biến pháp luật",) * 4
    assert rows(table)[3:] == list(BODY[1:])


@pytest.mark.parametrize("across", [True, False])
def test_a_group_below_the_heading_is_no_part_of_it(across: bool) -> None:
    paper = Paper()
    y = put(paper, 200, HEAD, bold=True)
    if across:
        paper.text(XS[0], y, "I. Công tác tuyên truyền, phổ biến pháp luật", bold=True)
    else:
        put(paper, y, ("I", "TUYÊN TRUYỀN", "", ""))
    y += PITCH
    for row in BODY:
        y = put(paper, y, row)
    (table,) = aligned(read(paper.save()))
    assert rows(table)[0] == HEAD
    assert "tuyên truyền" in " ".join(rows(table)[1]).lower()
    assert rows(table)[2:] == list(BODY)


def test_empty_cells_stay_empty() -> None:
    body = [*BODY[:2], ("3", "Tổng kết công tác năm", "", "Tháng 12"), BODY[3]]
    paper = Paper()
    draw(paper, 200, body)
    (table,) = aligned(read(paper.save()))
    assert rows(table) == [HEAD, *body]


def test_goes_on_over_pages_with_and_without_repeated_heading() -> None:
    more = [(str(n), f"Kiểm tra việc thứ {n} tại các thôn", "Văn phòng", f"Tháng {n}") for n in range(5, 9)]
    for repeated in (True, False):
        paper = Paper()
        draw(paper, 200, BODY)
        paper.page()
        y = put(paper, 60, HEAD, bold=True) if repeated else 60
        for row in more:
            y = put(paper, y, row)
        (table,) = aligned(read(paper.save()))
        assert rows(table) == [HEAD, *BODY, *more]


def test_a_row_cut_by_the_page_is_one() -> None:
    last = ("4", "Niêm yết công khai thủ tục hành chính tại bộ", "Văn phòng", "Thường xuyên")
    paper = Paper()
    y = draw(paper, 200, BODY[:3])
    put(paper, y, last)
    paper.page()
    paper.text(XS[1], 60, "phận một cửa")
    put(paper, 60 + PITCH, ("5", "Sơ kết công tác", "Văn phòng", "Tháng 6/2024"))
    (table,) = aligned(read(paper.save()))
    assert len(rows(table)) == 6
    assert rows(table)[4][1].replace("\n", " ") == BODY[3][1]


def test_rules_between_rows_only() -> None:
    paper = Paper()
    body = [(n, a, b, c) for n, (_, a, b, c) in zip(("", "", "", ""), BODY, strict=True)]
    y = 200.0
    paper.rule(58, y - 2, 540, y - 2)
    for number, row in enumerate([HEAD, *body]):
        y = put(paper, y, row, 4.0, bold=number == 0, middle=True)
        paper.rule(58, y - 2, 540, y - 2)
    (table,) = aligned(read(paper.save()))
    assert [row[-3:] for row in rows(table)] == [row[1:] for row in [HEAD, *body]]


@pytest.mark.parametrize("numbered", [True, False])
@pytest.mark.parametrize("repeated", [True, False])
def test_rules_between_rows_go_on_over_the_page_with_a_row_that_is_cut(repeated: bool, numbered: bool) -> None:
    """The rest of the cut row stands below the repeated heading, or above the first rule of the page."""

    def ruled(y: float, rows: Sequence[Sequence[str]]) -> float:
        for row in rows:
            y = put(paper, y, row, 4.0, bold=row is HEAD)
            paper.rule(58, y - 2, 540, y - 2)
        return y

    first = [(n if numbered else "", *rest) for n, *rest in BODY]
    last = ("5" if numbered else "", "Sơ kết công tác", "Văn phòng", "Tháng 6/2024")
    cut = (first[3][0], "Niêm yết công khai thủ tục hành chính tại bộ", *first[3][2:])
    paper = Paper()
    paper.text(60, 183, "II. Phân công và tiến độ", bold=True)  # no part of the heading below its rule
    paper.rule(58, 198, 540, 198)
    ruled(200, [HEAD, *first[:3], cut])
    paper.page()
    if repeated:
        paper.rule(58, 58, 540, 58)
    ruled(60, [*([HEAD] if repeated else []), ("", "phận một cửa", "", ""), last])
    (table,) = aligned(read(paper.save()))
    told = [tuple(text.replace("\n", " ") for text in row[-3:]) for row in rows(table)]
    assert told == [row[1:] for row in (HEAD, *first, last)]


def test_the_page_goes_on_with_the_rest_of_a_row_and_the_name_of_a_group() -> None:
    last = ("4", "Niêm yết công khai thủ tục hành chính tại bộ", "Văn phòng", "Thường xuyên")
    group = "Kiểm tra, giám sát việc thực hiện tại các thôn"
    paper = Paper()
    y = draw(paper, 200, BODY[:3])
    put(paper, y, last)
    paper.page()
    paper.text(XS[1], 60, "phận một cửa")
    paper.text(XS[0], 60 + PITCH, "II", bold=True)
    paper.text(XS[1], 60 + PITCH, group, bold=True)
    put(paper, 60 + 2 * PITCH, ("1", "Sơ kết công tác", "Văn phòng", "Tháng 6/2024"))
    (table,) = aligned(read(paper.save()))
    told = rows(table)
    assert told[4][1].replace("\n", " ") == BODY[3][1]
    assert told[5][:2] == ("II", group)
    assert told[6] == ("1", "Sơ kết công tác", "Văn phòng", "Tháng 6/2024")


@pytest.mark.parametrize("repeated", [True, False])
def test_a_group_that_ends_the_page_has_its_rows_on_the_next_one(repeated: bool) -> None:
    head = ("TT", "Việc làm", "Đơn vị", "Thời gian")
    body = [*BODY[:2], ("3", BODY[2][1], "Phòng Tư pháp", "")]
    more = [("1", "Sơ kết công tác", "Văn phòng", ""), ("2", "Gửi báo cáo", "Văn phòng", "")]
    paper = Paper()
    y = put(paper, 200, head, bold=True)
    for row in body:
        y = put(paper, y, row)
    paper.text(XS[0], y, "II", bold=True)
    paper.text(XS[1], y, "Kiểm tra, báo cáo", bold=True)
    paper.page()
    y = put(paper, 60, head, bold=True) if repeated else 60
    for row in more:
        y = put(paper, y, row)
    (table,) = aligned(read(paper.save()))
    assert rows(table) == [head, *body, ("II", "Kiểm tra, báo cáo", "", ""), *more]


def test_a_page_that_repeats_the_heading_goes_on_in_its_columns_even_below_text() -> None:
    more = [("5", "Sơ kết công tác", "Văn phòng", ""), ("6", "Gửi báo cáo", "Phòng Nội vụ", "")]
    paper = Paper()
    y = draw(paper, 200, BODY)
    paper.text(XS[0], y + 40, "Ghi chú: các việc khác làm theo kế hoạch riêng của từng phòng chuyên môn.")
    paper.page()
    y = put(paper, 60, HEAD, bold=True)
    for row in more:
        y = put(paper, y, row)
    told = [row for table in aligned(read(paper.save())) for row in rows(table)]
    assert [row for row in told if row != HEAD] == [*BODY, *more]


# --- no tables -----------------------------------------------------------------------------------------------------


def none_in(paper: Paper) -> Document:
    document = read(paper.save())
    assert aligned(document) == []
    assert "table.borderless" not in codes(document)
    return document


def test_a_letterhead_and_a_signature_are_none() -> None:
    paper = Paper()
    for y, left, right in (
        (60, "ỦY BAN NHÂN DÂN", "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"),
        (74, "XÃ TÂN LẬP", "Độc lập - Tự do - Hạnh phúc"),
        (100, "Số: 12/KH-UBND", "Tân Lập, ngày 05 tháng 01 năm 2024"),
    ):
        paper.centered(150, y, left)
        paper.centered(420, y, right)
    paper.text(60, 600, "Nơi nhận:")
    for number, line in enumerate(("- Như trên;", "- Các ban, ngành;", "- Lưu: VT.")):
        paper.text(60, 614 + number * PITCH, line)
    paper.centered(420, 600, "TM. ỦY BAN NHÂN DÂN")
    paper.centered(420, 614, "CHỦ TỊCH")
    none_in(paper)


def test_numbered_prose_is_none() -> None:
    paper = Paper()
    y = 100.0
    for number in range(1, 8):
        paper.text(60, y, f"{number}.")
        paper.text(85, y, "Văn phòng chủ trì, phối hợp với các đơn vị tổ chức thực hiện nội dung")
        paper.text(60, y + PITCH, "kế hoạch này, báo cáo kết quả trước ngày 15/12/2024.")
        y += 2 * PITCH
    none_in(paper)


def test_prose_in_two_columns_with_numbers_is_none() -> None:
    paper = Paper()
    for number in range(1, 9):
        y = 100 + number * PITCH
        paper.text(60, y, f"{number}.")
        paper.text(80, y, "Thông báo lịch họp thôn")
        paper.text(310, y, f"{number + 8}.")
        paper.text(330, y, "Phát thanh lưu động")
    none_in(paper)


def test_justified_lines_with_wide_spaces_are_none() -> None:
    paper = Paper()
    line_of = "Các cơ quan đơn vị địa phương tổ chức thực hiện nghiêm túc Kế hoạch này"
    words = list(line_of.split())
    for number in range(8):
        line = words[number:] + words[:number]
        room = (475 - sum(width(word) for word in line)) / (len(line) - 1)
        x = 60.0
        for word in line:
            paper.text(x, 100 + number * PITCH, word)
            x += width(word) + room
    none_in(paper)


def test_a_list_of_labels_is_none() -> None:
    paper = Paper()
    for number, (label, value) in enumerate(
        (("Đơn vị chủ trì:", "Văn phòng"), ("Đơn vị phối hợp:", "Phòng Nội vụ"), ("Thời gian:", "Quý I/2024"))
    ):
        paper.text(60, 100 + number * PITCH, f"{number + 1}.")
        paper.text(85, 100 + number * PITCH, label)
        paper.text(260, 100 + number * PITCH, value)
    none_in(paper)


def test_two_rows_or_no_heading_are_too_little() -> None:
    paper = Paper()
    draw(paper, 200, BODY[:2])
    none_in(paper)
    paper = Paper()
    y = 200.0
    for row in BODY:
        y = put(paper, y, row)
    none_in(paper)


def test_a_ruled_table_stays_ruled() -> None:
    paper = Paper()
    paper.table(40, 100, [30, 240, 120, 130], [HEAD, BODY[3], ("5", "Sơ kết", "Văn phòng", "Tháng 6")])
    document = none_in(paper)
    (table,) = [t for t in document.tables() if t.ruled]
    assert {cell.confidence for cell in table.cells} == {1.0}
    assert document.blocks == (table,)


def test_columns_that_make_no_table_are_told() -> None:
    """Five rows under no heading: nothing says what the columns hold."""
    paper = Paper()
    y = 200.0
    for row in (*BODY, ("5", "Sơ kết công tác", "Văn phòng", "Tháng 6/2024")):
        y = put(paper, y, ("", *row[1:]))
    document = none_in(paper)
    assert codes(document) == ["table.unread_columns"]
    assert (document.notices[0].place.page, round(document.notices[0].place.box.top)) == (1, 202)
