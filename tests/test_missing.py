"""What shows that something is missing: blank cells, stated counts, headings without rows, page numbers, tallies."""

import hashlib

import pytest
from paper import paper, table
from pdf_samples import Paper

from extractors.document import Block, Cell, Document, Notice, Seen, Source, Table
from extractors.grid import join_parts
from extractors.grid_parts import Part
from extractors.pdf import read_pdf
from extractors.reconcile import held, letters, seen
from pipeline.plan import Header
from pipeline.read.role_matrix import roles_of, unit_columns
from pipeline.read.tables import read_tables
from pipeline.run import process

HEAD = "TT | Nội dung | Chủ trì | Phối hợp | Thời hạn"


def told(code: str, *blocks: Block | str) -> list[Notice]:
    return [notice for notice in read_tables(paper(*blocks), Header(), lambda _: None).notices if notice.code == code]


def row(number: int | str, partner: str = "Phòng B", work: str | None = None) -> str:
    return f"{number} | {work or f'Việc {number}'} | Phòng A | {partner} | Quý I"


# --- blanks ----------------------------------------------------------------------------------------------------------


def test_the_one_empty_cell_of_a_column_is_told() -> None:
    (notice,) = told("table.cell_empty", table(HEAD, row(1), row(2, ""), row(3), row(4)))
    assert (notice.message, notice.row, notice.evidence) == ("Phối hợp", 2, "2 | Việc 2 | Phòng A | Quý I")


def test_a_row_without_its_number_is_told() -> None:
    (notice,) = told("table.cell_empty", table(HEAD, row(1), row(2), row("", work="Việc khác")))
    assert (notice.message, notice.row) == ("TT", 3)


@pytest.mark.parametrize(
    "rows",
    [
        (row(1), row(2, ""), row(3, ""), row(4)),  # a habit
        (row(1), row(2, "")),  # too few to say
        (row(1), row(2), row(3), row(4)),
        ("I | Nhóm một | < | < | <", row(1), row(2), "II | Nhóm hai | < | < | <", row(3), row(4)),
    ],
)
def test_columns_that_are_often_empty_say_nothing(rows: tuple[str, ...]) -> None:
    assert told("table.cell_empty", table(HEAD, *rows)) == []


def test_one_cell_over_all_rows_is_filled_in_each() -> None:
    merged = [row(1, "Các phòng"), *(f"{n} | Việc {n} | Phòng A | ^ | Quý I" for n in range(2, 6))]
    assert told("table.cell_empty", table(HEAD, *merged)) == []


def test_an_empty_row_and_a_number_alone_are_told_between_filled_ones_only() -> None:
    between = table(HEAD, row(1), " | | | | ", row(2), "3 | | | | ", row(4), " | | | | ")
    assert [n.message for n in told("table.row_empty", between)] == [
        "một hàng ở giữa bảng không ghi gì",
        "hàng 3 không ghi gì",
    ]


def test_a_numbered_row_without_work_is_lost_and_lends_nothing_to_the_row_above() -> None:
    reading = read_tables(paper(table(HEAD, row(1), "2 | | Phòng C | | Quý II", row(3))), Header(), lambda _: None)
    assert [task.leads for task in reading.tasks] == [("Phòng A",), ("Phòng A",)]
    assert [n.evidence for n in reading.notices if n.code == "table.row_lost"] == ["2 | Phòng C | Quý II"]


@pytest.mark.parametrize(
    ("number", "doubled"),
    [("2\\n3", True), ("2 3", True), ("a)\\nb)", True), ("2.1", False), ("2 2", False), ("2", False)],
)
def test_two_numbers_in_one_row_are_two_rows(number: str, doubled: bool) -> None:
    assert bool(told("table.rows_merged", table(HEAD, row(1), row(number), row(4)))) is doubled


def test_a_rule_that_was_never_drawn_is_told() -> None:
    page = Paper()
    rows = [HEAD.split(" | "), *(row(n).split(" | ") for n in range(1, 4))]
    rows += [[f"{a}\n{b}" for a, b in zip(row(4).split(" | "), row(5).split(" | "), strict=True)]]
    page.table(60, 100, [30.0, 180.0, 90.0, 90.0, 80.0], rows)
    data = page.save()
    outcome = process("kh.pdf", data)
    assert "table.incomplete" in {finding.rule for finding in outcome.findings}


# --- stated counts, headings without rows ----------------------------------------------------------------------------

FOUR = (row(1), row(2), row(3), row(4))


@pytest.mark.parametrize(
    ("line", "missing"),
    [
        ("Giao các phòng thực hiện 05 nhiệm vụ sau đây:", True),
        ("(Gồm 6 (sáu) nhiệm vụ)", True),
        ("Giao các phòng thực hiện 4 nhiệm vụ sau đây:", False),
        ("Giao các phòng thực hiện 03 nhiệm vụ sau đây:", False),
        ("Trên cơ sở 12 nhiệm vụ của Nghị quyết số 01/NQ-CP, Sở triển khai các việc sau:", False),
        ("Năm 2023 đã hoàn thành 12 nhiệm vụ được giao.", False),  # of another year, introduces nothing
        ("Thực hiện Kế hoạch số 12/KH-UBND, các phòng làm những việc sau:", False),
    ],
)
def test_a_count_above_the_table_is_compared(line: str, missing: bool) -> None:
    assert bool(told("table.count_differs", line, table(HEAD, *FOUR))) is missing


def test_a_count_may_include_the_groups() -> None:
    grouped = table(HEAD, "I | Nhóm một | < | < | <", row(1), row(2), "II | Nhóm hai | < | < | <", row(3), row(4))
    for count, missing in ((4, False), (6, False), (5, True)):
        assert bool(told("table.count_differs", f"Phân công {count} nhiệm vụ như sau:", grouped)) is missing


def test_a_total_row_counts() -> None:
    assert told("table.count_differs", table(HEAD, *FOUR, "Tổng cộng: 5 nhiệm vụ | < | < | < | <"))


@pytest.mark.parametrize(
    ("above", "rows", "missing"),
    [
        ("II. PHÂN CÔNG NHIỆM VỤ", (), True),
        ("II. PHÂN CÔNG NHIỆM VỤ", ("(1) | (2) | (3) | (4) | (5)",), True),
        ("Mẫu số 02: Báo cáo kết quả thực hiện", (), False),
        ("II. PHÂN CÔNG NHIỆM VỤ", ("1 | | | | ", "2 | | | | "), False),  # a form to be filled in
        ("II. PHÂN CÔNG NHIỆM VỤ", FOUR, False),
    ],
)
def test_a_heading_of_a_task_table_without_rows(above: str, rows: tuple[str, ...], missing: bool) -> None:
    assert bool(told("table.no_rows", above, table(HEAD, *rows))) is missing


@pytest.mark.parametrize(
    ("line", "missing"),
    [
        ("TT Nội dung công việc Đơn vị chủ trì Thời gian hoàn thành", True),
        ("Số TT | Nhiệm vụ | Cơ quan thực hiện | Tiến độ", True),
        ("Nhiệm vụ Chủ trì Phối hợp Thời hạn", True),
        ("NỘI DUNG CÔNG VIỆC ĐƠN VỊ THỰC HIỆN THỜI GIAN HOÀN THÀNH GHI CHÚ", True),
        ("Nhiệm vụ Chủ trì T1 T2 T3 T4 T5 T6 T7 T8 T9 T10 T11 T12", True),
        ("Nội dung, thời gian, đơn vị thực hiện", False),
        ("Nhiệm vụ thực hiện: Đơn vị chủ trì bảo đảm thời gian", False),
        ("TT Nội dung Đơn vị tính Số lượng", False),
        ("TT Huyện ủy chỉ đạo nội dung, đơn vị thực hiện theo thời hạn quy định." + 20 * " Như trên.", False),
    ],
)
def test_a_heading_in_running_text(line: str, missing: bool) -> None:
    assert bool(told("table.unread_heading", "I. NHIỆM VỤ", line, "1 Rà soát Văn phòng Quý I")) is missing


@pytest.mark.parametrize(
    ("rest", "missing"),
    [
        ("TT Nội dung Chủ trì\\n5 Việc 5 Phòng A | Phối hợp Thời hạn\\nPhòng B Quý I", True),
        ("TT | Nội dung Chủ trì\nPhối hợp Thời hạn", False),  # nothing below the heading
        ("Vật tư | Số lượng | Đơn giá\nGiấy in | 20 | 70.000\nMực in | 4 | 900.000", False),
    ],
)
def test_a_part_that_repeats_the_heading_and_is_rejected(rest: str, missing: bool) -> None:
    part = table(*rest.split("\n"), ruled=False)
    assert bool(told("table.part_unjoined", table(HEAD, row(1), row(2)), "Ghi chú", part)) is missing


def test_a_heading_above_texts_side_by_side() -> None:
    beside = table("Nhiệm vụ\\nTập huấn công tác gia đình | Chủ trì Phối hợp Thời hạn\\nVăn phòng Quý II", ruled=False)
    assert told("table.unread_heading", beside)
    assert not told("table.unread_heading", table("Nơi nhận:\\n- Như trên; | CHỦ TỊCH\\nLê Văn Thử", ruled=False))


# --- columns of units ------------------------------------------------------------------------------------------------


def test_two_role_columns_under_one_heading_are_doubtful() -> None:
    doubtful = table(
        "TT | Nội dung | Đơn vị thực hiện | < | Thời hạn",
        "1 | Việc một | Phòng A | Phòng B | Quý I",
        "2 | Việc hai | Phòng B | Phòng A | Quý I",
    )
    assert [n.evidence for n in told("table.column_unknown", doubtful)] == ["Đơn vị thực hiện"]


@pytest.mark.parametrize(
    ("headings", "marks", "units"),
    [
        (("Phòng TCCB", "Văn phòng"), ("CT", "PH"), ["Phòng TCCB", "Văn phòng"]),
        (("TCCB", "Điều dưỡng"), ("Chủ trì", "x"), ["TCCB", "Điều dưỡng"]),
        (("Phòng TCCB", "Văn phòng"), ("x", "X"), ["Phòng TCCB", "Văn phòng"]),
        (("Đạt", "Không đạt"), ("x", "x"), []),
        (("TW", "ĐP"), ("x", "x"), []),  # money: crosses under letters alone name no unit
        (("III", "IV"), ("x", "x"), []),
        (("Phòng TCCB", "Văn phòng"), ("Phòng A", "x"), []),
        (("Chủ trì", "Phối hợp"), ("CT", "PH"), []),
    ],
)
def test_columns_headed_by_units(headings: tuple[str, ...], marks: tuple[str, ...], units: list[str]) -> None:
    found = unit_columns(
        [("TT",), ("Nội dung",), *((h,) for h in headings)], [("1",), ("Việc",), *((m,) for m in marks)]
    )
    assert [column.unit for column in found.values()] == units


@pytest.mark.parametrize(
    ("marks", "roles"),
    [
        ((("role", "A", "CT"), ("role", "B", "(PH)")), (("A",), ("B",), False)),
        ((("role", "A", "x"), ("role", "B", "x")), (("A",), ("B",), True)),
        ((("role", "A", "x"), ("role", "B", "Chủ trì")), (("B",), ("A",), False)),
        ((("role_lead", "A", "x"), ("role_partner", "B", "x")), (("A",), ("B",), False)),
        ((("role", "A", "x"),), (("A",), (), False)),
    ],
)
def test_marks_are_roles(marks: tuple[tuple[str, str, str], ...], roles: object) -> None:
    assert roles_of(marks) == roles


# --- tallies ---------------------------------------------------------------------------------------------------------


def test_letters_are_counted_whatever_the_spelling() -> None:
    assert letters("Quý I/2024 – “ế”") == letters("Quy\u0301 I/2024 - ê\u0301") == 9


def test_more_counted_than_read_is_seen_but_for_a_letter_or_two() -> None:
    cells = table("A | Nội dung").cells
    assert seen(cells, 1, held(cells) + 2) == Seen(1, held(cells))
    assert seen(cells, 1, held(cells) + 20) == Seen(1, held(cells) + 20)


def test_repeated_headings_and_cut_rows_are_not_counted_twice() -> None:
    first = table("TT | Nội dung", "1 | Việc thứ nhất", "2 | Rà soát, bổ sung các quy định về")
    second = table("TT | Nội dung", " | công tác văn thư", "3 | Việc thứ ba")
    whole, notices = join_parts([_part(first), _part(second)], 0)
    assert "table.row_stitched" in {notice.code for notice in notices}
    assert whole.seen == Seen(whole.row_count, held(whole.cells)) == Seen(4, held(whole.cells))


def _part(page: Table) -> Part:
    filled = {(cell.row, cell.column) for cell in page.cells}
    slots = [(row, column) for row in range(page.row_count) for column in range(page.column_count)]
    empty = tuple(Cell("", *slot) for slot in slots if slot not in filled)
    return Part(page.row_count, page.column_count, page.cells + empty)


# --- page numbers ----------------------------------------------------------------------------------------------------


def _pages(*numbers: str) -> Document:
    pages = Paper()
    for at, number in enumerate(numbers):
        if at:
            pages.page()
        pages.text(60, 100, f"Đoạn văn của trang thứ {'abcdefghij'[at]}, không có gì khác.")
        pages.centered(297, 30, number)
    data = pages.save()
    return read_pdf(Source("kh.pdf", hashlib.sha256(data).hexdigest(), len(data)), data)


@pytest.mark.parametrize(
    ("numbers", "evidence"),
    [
        (("", "2", "3", "4"), []),
        (("", "2", "4", "5"), ["2 → 4"]),
        (("1", "3"), ["1 → 3"]),
        (("", "3", "4"), []),  # where a paper begins is its own affair
        (("", "2", "3", "1", "2"), []),  # an appendix begins again
        (("1", "", "2", "3"), []),  # an empty back page
        (("1", "2", "7", "4", "5"), []),  # an odd number in the margin
        (("Trang 1/3", "Trang 2/3"), ["2/3"]),
        (("1/3", "2/3", "3/3"), []),
        (("- 1 -", "- 2 -", "- 5 -"), ["2 → 5"]),
    ],
)
def test_a_page_number_that_runs_ahead(numbers: tuple[str, ...], evidence: list[str]) -> None:
    assert [n.evidence for n in _pages(*numbers).notices if n.code == "page.missing"] == evidence
