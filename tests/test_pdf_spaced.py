"""Tables without rules and without numbers in PDFs: a heading, columns in line, rows apart."""

from collections.abc import Sequence

import pytest
from pdf_samples import PITCH, Paper, wrap
from test_pdf_borderless import aligned, codes, none_in, read, rows

from extractors.pdf_borderless import CONFIDENCE

XS = (60.0, 290.0, 430.0)
ROOM = (215.0, 125.0, 110.0)
HEAD = ("Nội dung công việc", "Đơn vị thực hiện", "Thời gian")
BODY = (
    ("Hướng dẫn đăng ký giao ước thi đua giữa các khối và các cụm thi đua của xã", "Văn phòng Đảng ủy", "Tháng 3/2024"),
    ("Tổ chức lễ phát động thi đua", "Công đoàn cơ quan, các ban xây dựng Đảng của xã", "28/4/2024"),
    ("Kiểm tra việc thực hiện phong trào tại các chi bộ trực thuộc", "Ủy ban Kiểm tra", "Trước ngày 10/9/2024"),
    ("Biểu dương người lao động tiêu biểu của năm", "Ban Tuyên giáo và Dân vận xã", ""),
    ("Sơ kết, tổng kết phong trào", "Văn phòng Đảng ủy", "Tháng 7 và tháng 12 năm 2024"),
)


def put(paper: Paper, y: float, row: Sequence[str], space: float, bold: bool = False, middle: bool = False) -> float:
    cells = [wrap(text, room).split("\n") if text else [] for text, room in zip(row, ROOM, strict=True)]
    high = max(map(len, cells))
    for x, lines in zip(XS, cells, strict=True):
        paper.lines(x, y + (high - len(lines)) / 2 * PITCH if middle else y, lines, bold)
    return y + high * PITCH + space


def draw(paper: Paper, y: float, body: Sequence[Sequence[str]], space: float, middle: bool = False) -> float:
    y = put(paper, y, HEAD, space, bold=True)
    for row in body:
        y = put(paper, y, row, space, middle=middle)
    return y


@pytest.mark.parametrize(("space", "middle"), [(6.0, False), (8.0, True), (0.0, False)])
def test_columns_in_line_and_rows_apart_make_a_table(space: float, middle: bool) -> None:
    paper = Paper()
    paper.text(90, 160, "II. NỘI DUNG, TIẾN ĐỘ", bold=True)
    y = draw(paper, 200, BODY, space, middle)
    paper.text(90, y + 10, "III. TỔ CHỨC THỰC HIỆN", bold=True)
    paper.text(
        60, y + 30, "Các chi bộ căn cứ Kế hoạch này xây dựng kế hoạch của mình và tổ chức thực hiện nghiêm túc./."
    )
    document = read(paper.save())
    (table,) = aligned(document)
    assert rows(table) == [HEAD, *BODY]
    assert {cell.confidence for cell in table.cells} == {CONFIDENCE}
    assert "table.borderless" in codes(document)
    assert [p.text for p in document.paragraphs()][:2] == ["II. NỘI DUNG, TIẾN ĐỘ", "III. TỔ CHỨC THỰC HIỆN"]


@pytest.mark.parametrize("space", [0.0, 6.0])
def test_names_of_groups_are_rows(space: float) -> None:
    paper = Paper()
    y = put(paper, 200, HEAD, space, bold=True)
    for at, row in enumerate(BODY):
        if at in (0, 3):
            paper.text(XS[0], y, f"{at // 3 + 1}. Các phong trào thi đua", bold=True)
            y += PITCH + space
        y = put(paper, y, row, space)
    (table,) = aligned(read(paper.save()))
    names = [row for row in rows(table) if row[0].endswith("Các phong trào thi đua")]
    assert len(names) == 2
    assert [row for row in rows(table)[1:] if row not in names] == list(BODY)


def test_a_heading_with_centred_cells_begins_with_its_longest_one() -> None:
    xs, room = (60.0, 150.0, 185.0, 370.0, 470.0), (80.0, 20.0, 170.0, 80.0, 80.0)
    head = ("Hạn", "Số TT", "Việc phải làm", "Tổ chịu trách nhiệm", "Nơi làm")

    def row(y: float, cells: Sequence[str], bold: bool = False) -> float:
        lines = [wrap(text, wide).split("\n") for text, wide in zip(cells, room, strict=True)]
        high = max(map(len, lines))
        for x, cell in zip(xs, lines, strict=True):
            paper.lines(x, y + (high - len(cell)) / 2 * PITCH if bold else y, cell, bold)
        return y + high * PITCH + 7

    work = [(f"{n + 10}/3/2024", str(n), f"Kiểm kê vật tư của trạm số {n}", f"Tổ {n}", f"Kho {n}") for n in range(1, 6)]
    paper = Paper()
    y = row(200, head, bold=True)
    for cells in work[:4]:
        y = row(y, cells)
    paper.page()
    row(row(60, head, bold=True), work[4])
    told = [cells for table in aligned(read(paper.save())) for cells in rows(table)]
    assert [tuple(text.replace("\n", " ") for text in cells) for cells in told] == [
        tuple(text.replace("\n", " ") for text in cells) for cells in (head, *work)
    ]


@pytest.mark.parametrize("repeated", [True, False])
def test_goes_on_over_the_page_with_a_row_that_is_cut(repeated: bool) -> None:
    cut = ("Tổ chức hội thi cán bộ công đoàn giỏi cấp", "Công đoàn cơ quan", "31/8/2024")
    paper = Paper()
    draw(paper, 200, [*BODY[:3], cut], 6.0)
    paper.page()
    y = put(paper, 60, HEAD, 6.0, bold=True) if repeated else 60
    paper.text(XS[0], y, "xã")
    y += PITCH + 6
    for row in BODY[3:]:
        y = put(paper, y, row, 6.0)
    paper.text(90, y + 10, "Trên đây là Kế hoạch, đề nghị các đơn vị nghiêm túc thực hiện và báo cáo kết quả./.")
    (table,) = aligned(read(paper.save()))
    got = [tuple(cell.replace("\n", " ") for cell in row) for row in rows(table)]
    assert got == [HEAD, *BODY[:3], (cut[0] + " xã", *cut[1:]), *BODY[3:]]


@pytest.mark.parametrize("space", [0.0, 6.0])
def test_a_plain_heading_opens_its_columns(space: float) -> None:
    paper = Paper()
    paper.text(90, 160, "II. NỘI DUNG, TIẾN ĐỘ", bold=True)
    y = put(paper, 200, HEAD, space)
    for row in BODY:
        y = put(paper, y, row, space)
    (table,) = aligned(read(paper.save()))
    assert rows(table) == [HEAD, *BODY]


@pytest.mark.parametrize("bold", [True, False])
def test_months_with_crosses(bold: bool) -> None:
    xs = (60.0, 250.0, *(370.0 + 34 * month for month in range(6)))
    head = ("Nội dung công việc", "Đơn vị thực hiện", "T7", "T8", "T9", "T10", "T11", "T12")
    body = [
        ("Kiểm tra bếp ăn tập thể", "Phòng Y tế", "x", "", "x", "", "", ""),
        ("Tiêm chủng mở rộng", "Trạm Y tế", "", "x", "", "", "", ""),
        ("Truyền thông phòng dịch", "Phòng Văn hóa", "", "", "", "x", "x", ""),
        ("Tổng kết công tác năm", "Văn phòng", "", "", "", "", "", "x"),
    ]
    paper = Paper()
    for at, row in enumerate([head, *body]):
        for x, text in zip(xs, row, strict=True):
            if text:
                paper.text(x, 200 + at * (PITCH + 6), text, bold and at == 0)
    (table,) = aligned(read(paper.save()))
    assert rows(table) == [head, *body]


def test_three_signatures_are_none() -> None:
    paper = Paper()
    for y, texts, bold in (
        (500, ("NGƯỜI LẬP", "KẾ TOÁN", "THỦ TRƯỞNG"), True),
        (516, ("(Ký, họ tên)",) * 3, False),
        (600, ("Lê Văn Thử", "Trần Thị Mẫu", "Đỗ Văn Ví"), False),
    ):
        for x, text in zip((110, 290, 470), texts, strict=True):
            paper.centered(x, y, text, bold)
    none_in(paper)


def test_two_columns_are_none() -> None:
    paper = Paper()
    y = 200.0
    for at, row in enumerate([HEAD, *BODY]):
        paper.text(60, y, row[0][:30], bold=at == 0)
        paper.text(330, y, row[1][:20], bold=at == 0)
        y += PITCH + 6
    none_in(paper)


def test_plain_lines_under_no_heading_are_none() -> None:
    paper = Paper()
    y = 200.0
    for row in BODY:
        y = put(paper, y, row, 6.0)
    none_in(paper)
