from dataclasses import fields, replace

import pytest

from extractors.document import Box, Cell, Paragraph, Place, Table
from extractors.grid import _in_row, join_blocks
from extractors.grid_parts import Part, header_height
from extractors.grid_rows import cell_evidence, ends_open, is_ordinal, join_cut, learn
from extractors.grid_shift import slid_columns

HEAD = "TT | Nội dung | Chủ trì | Phối hợp | Thời hạn"
EDGES = (60.0, 90.0, 260.0, 360.0, 460.0, 540.0)
# Whole rows from which a table's habits are learnt.
ROWS = (
    "1 | Rà soát thủ tục hành chính | Văn phòng | Các phòng chuyên môn | Quý I",
    "2 | Kiểm tra công vụ tại các xã | Phòng Thanh tra | Phòng Nội vụ | Hàng năm",
    "3 | Tập huấn nghiệp vụ | Phòng Nội vụ | Các đơn vị trực thuộc | Trước ngày 15/6/2024",
    "4 | Khảo sát sự hài lòng | Văn phòng | Các phòng chuyên môn | Tháng 9",
)


def part(*lines: str, page: int | None = 1, edges: tuple[float, ...] = EDGES, bold: int = 0) -> Part:
    """Rows with cells between bars; "^" continues the cell above, "<" the cell to the left; `bold` rows are bold."""
    grid = [[cell.strip() for cell in line.split("|")] for line in lines]
    cells = []
    for r, row in enumerate(grid):
        for c, text in enumerate(row):
            if text in ("^", "<"):
                continue
            down, right = 1, 1
            while r + down < len(grid) and grid[r + down][c] == "^":
                down += 1
            while c + right < len(row) and row[c + right] == "<":
                right += 1
            place = Place(page, Box(c, r, c + right, r + down))
            cells.append(Cell(text, r, c, down, right, place, bold=r < bold))
    known = edges if len(edges) == len(grid[0]) + 1 else ()
    return Part(len(grid), len(grid[0]), tuple(cells), known, Place(page))


def tables(*blocks: Part | Paragraph, shifts: bool = False) -> list[Table]:
    return [b for b in join_blocks(blocks, shifts).blocks if isinstance(b, Table)]


def codes(*blocks: Part | Paragraph, shifts: bool = False) -> list[str]:
    return [n.code for n in join_blocks(blocks, shifts).notices]


def lines(table: Table) -> list[str]:
    return [" | ".join(c.text if c else "" for c in row) for row in table.grid()]


def joined(first: Part, second: Part, shifts: bool = False) -> list[str]:
    (table,) = tables(first, second, shifts=shifts)
    return lines(table)


# --- which parts are one table -----------------------------------------------------------------------------------


def test_a_cell_that_moves_keeps_all_but_its_row() -> None:
    cell = Cell("Rà soát", 1, 2, 3, 4, Place(2), (Place(3),), filled=True, bold=True, confidence=0.5)
    plain = Cell("", 0, 0)
    assert all(getattr(cell, field.name) != getattr(plain, field.name) for field in fields(Cell))
    assert _in_row(cell, 7) == replace(cell, row=7)


def test_a_repeated_header_is_left_out_and_the_row_after_it_survives() -> None:
    assert joined(part(HEAD, *ROWS[:2]), part(HEAD, *ROWS[2:], page=2)) == [HEAD, *ROWS]


def test_a_header_repeated_with_other_line_breaks() -> None:
    other = HEAD.replace("Nội dung", "Nội\ndung").replace("TT", "T T")
    assert joined(part(HEAD, *ROWS[:2]), part(other, *ROWS[2:], page=2)) == [HEAD, *ROWS]


def test_no_header_after_the_first_page() -> None:
    second, third = part(ROWS[1], page=2), part(*ROWS[2:], page=3)
    (table,) = tables(part(HEAD, ROWS[0]), second, third)
    assert lines(table) == [HEAD, *ROWS]


def test_a_header_of_two_rows_and_a_row_of_numbers() -> None:
    top = ["TT | Nội dung | Đơn vị thực hiện | < | Thời hạn", "^ | ^ | Chủ trì | Phối hợp | ^"]
    numbers = "(1) | (2) | (3) | (4) | (5)"
    first = part(*top, numbers, ROWS[0])
    assert header_height(first) == 3
    assert len(joined(first, part(*top, numbers, ROWS[1], page=2))) == 5
    assert joined(first, part(numbers, ROWS[1], page=2))[3:] == list(ROWS[:2])


def test_equal_first_data_rows_are_both_kept() -> None:
    assert joined(part(HEAD, ROWS[0]), part(HEAD, ROWS[0], page=2)) == [HEAD, ROWS[0], ROWS[0]]


def test_another_header_is_another_table() -> None:
    other = part("STT | Tên thiết bị | Số lượng | Đơn vị tính | Ghi chú", "1 | Máy in | 2 | cái | ", page=2)
    assert len(tables(part(HEAD, *ROWS), other)) == 2


def test_a_bold_header_without_number_column_is_another_table() -> None:
    first = part("Nội dung | Chủ trì", "Rà soát | Văn phòng", edges=(), bold=1)
    second = part("Xã | Số hộ", "Tân Lập | 120", page=2, edges=(), bold=1)
    assert len(tables(first, second)) == 2


def test_other_columns_are_another_table() -> None:
    moved = (60.0, 90.0, 200.0, 300.0, 460.0, 540.0)
    assert len(tables(part(HEAD, *ROWS), part(*ROWS, page=2, edges=moved))) == 2


def test_mirrored_margins_move_a_table_as_a_whole() -> None:
    moved = tuple(edge + 20 for edge in EDGES)
    assert len(tables(part(HEAD, *ROWS[:2]), part(*ROWS[2:], page=2, edges=moved))) == 1


def test_words_between_two_parts_keep_them_apart() -> None:
    between = Paragraph("2. Giai đoạn ứng phó")
    assert len(tables(part(HEAD, *ROWS), between, part(HEAD, *ROWS, page=2))) == 2


def test_two_tables_on_one_page_stay_apart() -> None:
    assert len(tables(part(HEAD, *ROWS), part(HEAD, *ROWS))) == 2


def test_a_part_that_counts_on_with_other_columns_is_doubtful() -> None:
    second = part("5 | Tổng kết | Văn phòng", page=2, edges=(60.0, 90.0, 400.0, 540.0))
    blocks = (part(HEAD, *ROWS), second)
    assert len(tables(*blocks)) == 2
    assert codes(*blocks) == ["table.part_unjoined"]


def test_columns_that_a_merged_row_hides_are_the_same_columns() -> None:
    hidden = part("II. Kiểm tra | <", "5 | Tổng kết công tác", page=2, edges=(60.0, 90.0, 540.0))
    (table,) = tables(part(HEAD, *ROWS), hidden)
    assert table.column_count == 5
    last = table.grid()[-1][1]
    assert last is not None
    assert (last.text, last.column_span) == ("Tổng kết công tác", 4)


def test_layout_blocks_are_never_joined() -> None:
    block = Part(1, 2, (Cell("Nơi nhận:", 0, 0), Cell("GIÁM ĐỐC", 0, 1)), place=Place(2), ruled=False)
    found = tables(part(HEAD, *ROWS), block, part(HEAD, *ROWS, page=3))
    assert [(t.index, t.ruled) for t in found] == [(0, True), (1, False), (2, True)]


# --- rows cut by the page ----------------------------------------------------------------------------------------

CUTS = [
    ("5 | Nâng cao chất lượng hoạt động của | Văn phòng | Phòng Nội vụ | Quý II", " | bộ phận một cửa |  |  | "),
    ("5 | Sơ kết | Phòng Thanh | Phòng Nội vụ | Quý II", " |  | tra |  | "),
    ("5 | Sơ kết | Văn phòng | Các phòng chuyên | Quý II", " |  |  | môn | "),
    ("5 | Sơ kết | Văn phòng | Phòng Nội vụ | Trước ngày", " |  |  |  | 15/6/2024"),
    ("5 | Sơ kết | Trung tâm Y tế (Khoa Dược | Phòng Nội vụ | Quý II", " |  | Vật tư y tế) |  | "),
    ("5 | Sơ kết | Văn phòng | Phòng Tài chính - | Quý II", " |  |  | Kế hoạch | "),
    ("5 | Sơ kết | Văn phòng | Phòng | Quý II", " |  |  | KHTC | "),
    ("5 | Sơ kết | Văn phòng | Phòng Nội vụ | Tháng", " |  |  |  | 12/2024"),
    ("5 | Thi hành Quyết định 12/QĐ- | Văn phòng | Phòng Nội vụ | Quý II", " | UBND ngày 02/3/2024 |  |  | "),
    ("5 | Kiểm tra các trường | Phòng Thanh | Các phòng chuyên | Hàng", " | mầm non | tra | môn | năm"),
]


@pytest.mark.parametrize("header", [True, False])
@pytest.mark.parametrize(("above", "below"), CUTS)
def test_a_cut_row_is_one_row_again(above: str, below: str, header: bool) -> None:
    after = "6 | Tổng kết | Văn phòng | Phòng Nội vụ | Quý IV"
    second = part(*([HEAD] if header else []), below, after, page=2)
    found = joined(part(HEAD, *ROWS, above), second)
    assert len(found) == 7
    pairs = zip(above.split("|"), below.split("|"), strict=True)
    assert found[5] == " | ".join(join_cut(a.strip(), b.strip()) for a, b in pairs)
    assert found[6] == after
    assert codes(part(HEAD, *ROWS, above), second) == ["table.row_stitched"]


def test_a_row_over_three_pages() -> None:
    parts = (
        part(HEAD, *ROWS, "5 | Nâng cao chất lượng phục vụ của | Văn phòng | Phòng Nội vụ | Quý II"),
        part(HEAD, " | các bộ phận một cửa tại xã, thị trấn và |  |  | ", page=2),
        part(HEAD, " | các cơ quan chuyên môn |  |  | ", "6 | Tổng kết | Văn phòng | Phòng Nội vụ | Quý IV", page=3),
    )
    (table,) = tables(*parts)
    assert len(lines(table)) == 7
    cut = next(c for c in table.cells if c.text.startswith("Nâng cao"))
    assert cut.text.endswith("tại xã, thị trấn và các cơ quan chuyên môn")
    assert [place.page for place in (cut.place, *cut.continued)] == [1, 2, 3]


@pytest.mark.parametrize(
    "fresh",
    [
        "5 | Tổng kết | Văn phòng | Phòng Nội vụ | Quý IV",
        " | Tổng kết công tác năm | Văn phòng | Các phòng chuyên môn | Quý IV",
        " | Sơ kết | Phòng Thanh tra | Phòng Nội vụ | Hàng năm",
        "II. Công tác kiểm tra | < | < | < | <",
        "đ) | thẩm định hồ sơ | các phòng | các đơn vị | hàng năm",
    ],
)
def test_a_row_of_its_own_is_not_swallowed(fresh: str) -> None:
    found = joined(part(HEAD, *ROWS), part(HEAD, fresh, page=2))
    assert len(found) == 6
    assert found[:5] == [HEAD, *ROWS]


def test_rows_without_number_under_a_merged_goal() -> None:
    head = "TT | Mục tiêu | Hoạt động | Chủ trì | Thời hạn"
    first = part(
        head,
        "1 | Đổi mới công tác tuyên truyền | Biên soạn tài liệu | Văn phòng | Quý I",
        "^ | ^ | Tổ chức hội thi | Phòng Văn hóa | Quý II",
    )
    second = part(
        " |  | Xây dựng chuyên mục | Phòng Văn hóa | Quý III", "2 | Chuyển đổi số | Số hóa | Văn phòng | Quý IV", page=2
    )
    (table,) = tables(first, second)
    assert table.row_count == 5
    goal = next(c for c in table.cells if c.text.startswith("Đổi mới"))
    assert (goal.row, goal.row_span) == (1, 3)
    assert lines(table)[3] == "1 | Đổi mới công tác tuyên truyền | Xây dựng chuyên mục | Phòng Văn hóa | Quý III"


def test_a_merged_goal_whose_text_goes_on_beside_a_row_of_its_own() -> None:
    head = "TT | Mục tiêu | Hoạt động | Chủ trì | Thời hạn"
    first = part(
        head,
        "1 | Đổi mới công tác tuyên truyền về | Biên soạn tài liệu | Văn phòng | Quý I",
        "^ | ^ | Tổ chức hội thi | Phòng Văn hóa | Quý II",
    )
    second = part(" | cải cách hành chính | Xây dựng chuyên mục | Phòng Văn hóa | Quý III", page=2)
    (table,) = tables(first, second)
    goal = next(c for c in table.cells if c.text.startswith("Đổi mới"))
    assert (goal.text, goal.row_span) == ("Đổi mới công tác tuyên truyền về cải cách hành chính", 3)
    assert table.row_count == 4


def test_the_same_in_a_text_without_merged_cells() -> None:
    head = "TT | Mục tiêu | Hoạt động | Chủ trì | Thời hạn"
    first = part(
        head,
        "1 | Đổi mới công tác tuyên truyền về | Biên soạn tài liệu | Văn phòng | Quý I",
        " |  | Tổ chức hội thi | Phòng Văn hóa | Quý II",
        page=None,
        edges=(),
    )
    second = part(" | cải cách hành chính | Xây dựng chuyên mục | Phòng Văn hóa | Quý III", page=None, edges=())
    assert joined(first, second)[1:] == [
        "1 | Đổi mới công tác tuyên truyền về cải cách hành chính | Biên soạn tài liệu | Văn phòng | Quý I",
        " |  | Tổ chức hội thi | Phòng Văn hóa | Quý II",
        " |  | Xây dựng chuyên mục | Phòng Văn hóa | Quý III",
    ]


def test_nothing_jumps_over_a_group_row() -> None:
    first = part(
        HEAD, *ROWS, "5 | Sơ kết | Văn phòng, | Phòng Nội vụ | Quý II", "II | Kiểm tra |  |  | ", page=None, edges=()
    )
    second = part("1 | Thanh tra công vụ | phòng Nội vụ | Các xã | Quý III", page=None, edges=())
    assert joined(first, second)[-1] == "1 | Thanh tra công vụ | phòng Nội vụ | Các xã | Quý III"


PLAN = (
    "I | Tuyên truyền | < | < | <",
    (
        "1 | Biên soạn tài liệu tuyên truyền về chuyển đổi số cho cán bộ, công chức | Phòng Văn hóa và Thông tin | "
        "Đài Truyền thanh; UBND các xã | Trước ngày 15/4/2024"
    ),
    "2 | Tổ chức hội thi tìm hiểu pháp luật (vòng sơ khảo tại các xã) | Phòng Tư pháp | Huyện đoàn | Quý II/2024",
    (
        "3 | Treo băng rôn nhân Ngày Chuyển đổi số 10/10 | UBND các xã, thị trấn | Phòng Văn hóa và Thông tin | "
        "Tháng 10/2024"
    ),
    "II | Kiểm tra, đôn đốc | < | < | <",
    (
        "1 | Kiểm tra việc thực hiện tại các cơ quan, đơn vị theo Quyết định số 12/QĐ-UBND của Chủ tịch UBND huyện | "
        "Phòng Nội vụ | Thanh tra huyện; Văn phòng HĐND và UBND huyện | Thường xuyên"
    ),
    " | Theo dõi, tổng hợp kết quả khắc phục sau kiểm tra | Phòng Nội vụ | các cơ quan, đơn vị | Hằng quý",
    "2 | Báo cáo kết quả về Ủy ban nhân dân tỉnh | Phòng Nội vụ | Các cơ quan, đơn vị | 15/12/2024",
)
WIDTHS = (6, 26, 14, 14, 10)  # letters a line


def wrapped(text: str, width: int) -> list[str]:
    out = [""]
    for word in text.split():
        if out[-1] and len(out[-1]) + 1 + len(word) > width:
            out.append("")
        out[-1] = f"{out[-1]} {word}".strip()
    return out


def flat(row: str) -> list[str]:
    return ["" if cell.strip() == "<" else cell.strip() for cell in row.split("|")]


@pytest.mark.parametrize("header", [True, False])
@pytest.mark.parametrize("page", [1, None])
def test_every_break_between_rows_and_every_cut_inside_one(header: bool, page: int | None) -> None:
    plan = PLAN if page else tuple(row.replace("<", "") for row in PLAN)
    top = [HEAD] if header else []
    after = page and page + 1
    for at in range(2, len(plan)):
        whole = joined(part(HEAD, *plan[:at], page=page), part(*top, *plan[at:], page=after))
        assert [flat(row)[1] for row in whole[1:]] == [flat(row)[1] for row in plan], plan[at]
        cells = [wrapped(cell, width) for cell, width in zip(flat(plan[at]), WIDTHS, strict=True)]
        if "<" in plan[at]:
            continue
        for cut in range(1, max(map(len, cells))):
            above = " | ".join(" ".join(cell[:cut]) for cell in cells)
            below = " | ".join(" ".join(cell[cut:]) for cell in cells)
            healed = joined(part(HEAD, *plan[:at], above, page=page), part(*top, below, *plan[at + 1 :], page=after))
            assert healed == whole, (above, below)


# --- half rows that slid a column --------------------------------------------------------------------------------


def test_a_half_row_that_slid_is_put_back() -> None:
    slid = " | Kiểm tra công vụ tại | Phòng Thanh | Các phòng | Hàng"
    above = "Kiểm tra công vụ tại | Phòng Thanh | Các phòng | Hàng | "
    first = part(HEAD, *ROWS, above, page=None, edges=())
    second = part(" | các trường học | tra | chuyên môn | năm", page=None, edges=())
    assert joined(first, second, shifts=True)[-1] == (
        " | Kiểm tra công vụ tại các trường học | Phòng Thanh tra | Các phòng chuyên môn | Hàng năm"
    )
    assert codes(first, second, shifts=True) == ["table.row_shifted", "table.row_stitched"]
    assert joined(part(HEAD, *ROWS, slid, page=None, edges=()), second, shifts=True) == joined(
        first, second, shifts=True
    )


def test_a_row_in_its_columns_never_slides() -> None:
    habits = learn([[cell.strip() for cell in row.split("|")] for row in ROWS], 5)
    for row in (*ROWS, *(above for above, _ in CUTS)):
        assert slid_columns([cell.strip() for cell in row.split("|")], habits, rest=False) is None
    for _, below in CUTS:
        assert slid_columns([cell.strip() for cell in below.split("|")], habits, rest=True) is None


# --- words -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("above", "below", "whole"),
    [
        ("Phòng Thanh", "tra", "Phòng Thanh tra"),
        ("theo QĐ-", "UBND", "theo QĐ-UBND"),
        ("20/4 -", "20/5/2024", "20/4 - 20/5/2024"),
        ("Tháng 4-", "5/2024", "Tháng 4-5/2024"),
        ("- Sở Nội vụ", "- Sở Y tế", "- Sở Nội vụ\n- Sở Y tế"),
        ("giai đoạn 2017", "- 2020", "giai đoạn 2017 - 2020"),
        ("", "tra", "tra"),
    ],
)
def test_halves_of_a_cell(above: str, below: str, whole: str) -> None:
    assert join_cut(above, below) == whole


@pytest.mark.parametrize("text", ["lĩnh vực quản lý của", "Trước ngày", "20/4 -", "Sở Nội vụ,", "(Khoa Dược", "Phòng"])
def test_a_text_that_cannot_end_here(text: str) -> None:
    assert ends_open(text)


@pytest.mark.parametrize(
    "text", ["Hàng ngày", "Văn phòng", "Chuyển đổi số", "Hằng quý", "Công an các cấp", "Nội bộ", "cơ sở", "biên phòng"]
)
def test_a_text_that_can(text: str) -> None:
    assert not ends_open(text)


def test_values_of_the_column_decide() -> None:
    column = learn([["Phòng Thanh tra"], ["Phòng Thanh tra"], ["Văn phòng"], ["Thanh tra"]], 1)[0]
    assert cell_evidence("Phòng", "Thanh tra", column) > 0
    assert cell_evidence("Văn phòng", "Thanh tra", column) < 0


@pytest.mark.parametrize(
    ("text", "yes"), [("1.2", True), ("IV", True), ("đ)", True), ("(3)", True), ("Kết quả", False)]
)
def test_ordinals(text: str, yes: bool) -> None:
    assert is_ordinal(text) is yes
