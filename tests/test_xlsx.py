"""A sheet reads as it is shown: cells as formatted, tables by their lines, letterhead and titles beside them."""

import io
import zipfile
from xml.sax.saxutils import escape

import docx_samples as word
import pytest

from extractors import xlsx_package
from extractors.document import Document, Paragraph, Table
from extractors.errors import Reason, SourceError
from extractors.formats import extract
from extractors.xlsx_formats import shown
from pipeline.check import check
from pipeline.read import read_plan
from samples.sheet import cell, pack

PLAIN, RULED, BOLD, CENTERED = 0, 1, 2, 3  # styles of samples/sheet.py: body, cell, header, centered
FIRST_OF_JUNE = 45809  # 01/06/2025


def rows(*lines: list[str] | None, style: int = RULED, first: int = 0, attributes: str = "") -> str:
    """Rows of texts from column A; None is an empty row, "" an empty cell."""
    out = ""
    for number, texts in enumerate(lines, start=first):
        if texts is not None:
            cells = "".join(cell(number, column, text, style) for column, text in enumerate(texts))
            out += f'<row r="{number + 1}" {attributes}>{cells}</row>'
    return out


def sheet(content: str, merged: tuple[str, ...] = (), columns: str = "") -> str:
    areas = "".join(f'<mergeCell ref="{area}"/>' for area in merged)
    return f"{columns}<sheetData>{content}</sheetData>" + (f"<mergeCells>{areas}</mergeCells>" if merged else "")


def read(data: bytes) -> Document:
    return extract(word.source(data, "kehoach.xlsx"), data)


def workbook(*content: str, merged: tuple[str, ...] = (), columns: str = "", **parts: str) -> Document:
    return read(pack(sheet("".join(content), merged, columns), **parts))


def grid(table: Table) -> list[list[str]]:
    return [[slot.text if slot else "" for slot in row] for row in table.grid()]


def only_table(document: Document) -> Table:
    tables = [table for table in document.tables() if table.ruled]
    assert len(tables) == 1
    return tables[0]


def notice(document: Document, code: str) -> list[str]:
    return [n.evidence for n in document.notices if n.code == code]


# -- cells as shown -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "code", "text"),
    [
        (1, "General", "1"),
        (1.1000000000000001, "General", "1.1"),
        (-5, "#,##0", "-5"),
        (1, "00", "01"),
        (0.9, "0%", "90%"),
        (0.955, "0.0%", "95.5%"),
        (1500000, "#,##0", "1,500,000"),
        (1234.5, '#,##0.00 "đ"', "1,234.50 đ"),
        (0, '_(* #,##0_);_(* \\(#,##0\\);_(* "-"??_);_(@_)', "-"),
        (-3, '_(* #,##0_);_(* \\(#,##0\\);_(* "-"??_);_(@_)', "(3)"),
        (2, '0"."', "2."),
        (3, '"Quý "0', "Quý 3"),
        (5, 'General"."', "5."),
        (1.5, "0.0#", "1.5"),
        (12345678, "0.0,,", "12.3"),
        (0.5, "# ?/?", "0.5"),
        (0, "#", ""),
        (7, "@", "7"),
        (FIRST_OF_JUNE, "dd/mm/yyyy", "01/06/2025"),
        (FIRST_OF_JUNE, "d/m/yyyy", "1/6/2025"),
        (FIRST_OF_JUNE, "[$-42A]dd/mm/yyyy;@", "01/06/2025"),
        (FIRST_OF_JUNE, "mm/yyyy", "06/2025"),
        (FIRST_OF_JUNE, "m/yyyy", "6/2025"),
        (FIRST_OF_JUNE, '"Tháng "m/yyyy', "Tháng 6/2025"),
        (FIRST_OF_JUNE, "dd/mm/yy", "01/06/2025"),
        (FIRST_OF_JUNE, "m/d/yyyy", "01/06/2025"),
        (FIRST_OF_JUNE, "yyyy-mm-dd", "01/06/2025"),
        (FIRST_OF_JUNE, "mmm-yy", "06/2025"),
        (FIRST_OF_JUNE, "d-mmm", "01/06"),
        (FIRST_OF_JUNE, "dddd, dd mmmm yyyy", "01/06/2025"),
        (FIRST_OF_JUNE + 0.5, "dd/mm/yyyy hh:mm", "01/06/2025 12:00"),
        (0.3125, "h:mm", "7:30"),
        (0.8125, "h:mm AM/PM", "7:30 PM"),
        (1, "dd/mm/yyyy", "01/01/1900"),
        (59, "dd/mm/yyyy", "28/02/1900"),
        (61, "dd/mm/yyyy", "01/03/1900"),
        (-1, "dd/mm/yyyy", "-1"),
        (1e300, "dd/mm/yyyy", "1e+300"),
    ],
)
def test_numbers_and_dates_as_they_are_shown(value: float, code: str, text: str) -> None:
    assert shown(value, code) == text


def test_dates_of_old_macintosh_workbooks() -> None:
    assert shown(FIRST_OF_JUNE - 1462, "dd/mm/yyyy", from_1904=True) == "01/06/2025"


def styled(*codes: str) -> str:
    """A styles part with one cell format a number format."""
    formats = "".join(
        f'<numFmt numFmtId="{n}" formatCode="{escape(c, {chr(34): "&quot;"})}"/>' for n, c in enumerate(codes, 164)
    )
    forms = "".join(f'<xf numFmtId="{n}" fontId="0" borderId="0"/>' for n, _ in enumerate(codes, 164))
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    fonts = '<fonts><font><name val="Times New Roman"/></font></fonts><borders><border/></borders>'
    return f'<styleSheet xmlns="{main}"><numFmts>{formats}</numFmts>{fonts}<cellXfs>{forms}</cellXfs></styleSheet>'


def test_each_kind_of_cell() -> None:
    content = (
        '<row r="1"><c r="A1" s="0"><v>45809</v></c><c r="B1" t="inlineStr"><is><r><t>Kế </t></r><r><t>hoạch</t></r>'
        '<rPh sb="0" eb="1"><t>x</t></rPh></is></c><c r="C1" t="b"><v>1</v></c><c r="D1" t="e"><v>#REF!</v></c>'
        '<c r="E1" t="str"><f>A1&amp;"x"</f><v>Quý_x000A_I</v></c><c r="F1" t="d"><v>2025-06-01</v></c>'
        '<c r="G1" s="1"><f>1+1</f><v>2</v></c></row>'
        '<row><c s="1"><v>7</v></c><c t="s"><v>0</v></c><c/><c><f>TODAY()</f></c></row>'
    )
    strings = '<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><si><t>chung</t></si></sst>'
    relations = word.relations(
        {"r1": ("worksheet", "worksheets/sheet1.xml"), "r2": ("styles", "styles.xml"), "r3": ("sharedStrings", "s.xml")}
    )
    data = pack(
        sheet(content), styled("mm/yyyy", "00"), **{"xl/s.xml": strings, "xl/_rels/workbook.xml.rels": relations}
    )
    (only,) = xlsx_package.open_workbook(data)
    texts = {(cell.row, cell.column): cell.text for cell in only.cells}
    first = ["06/2025", "Kế hoạch", "TRUE", "#REF!", "Quý\nI", "01/06/2025", "02"]
    assert [texts[0, column] for column in range(7)] == first
    assert (texts[1, 0], texts[1, 1], texts[1, 3]) == ("07", "chung", "")
    assert notice(read(data), "formula.no_value") == ["D2"]


def test_a_formula_without_value_in_a_task_table_is_a_finding() -> None:
    formula = '<row r="3"><c r="A3" s="1"><v>2</v></c><c r="B3" s="1"><f>A1</f></c><c r="C3" s="1"/></row>'
    document = workbook(rows(HEADER, TASKS[0]), formula)
    assert "table.incomplete" in {finding.rule for finding in check(read_plan(document))}


def test_old_fonts_are_read_as_the_letters_that_they_show() -> None:
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    styles = (
        f'<styleSheet xmlns="{main}"><fonts><font><name val=".VnTime"/></font></fonts><borders><border/></borders>'
        '<cellXfs><xf numFmtId="0" fontId="0" borderId="0"/></cellXfs></styleSheet>'
    )
    assert word.texts(read(pack(sheet(rows(["KÕ ho¹ch"], style=0)), styles))) == ["Kế hoạch"]


def test_a_column_of_firsts_of_a_month_is_told() -> None:
    values = [45809, 45839, 45870, 45901]
    lines = "".join(
        f'<row r="{n}"><c r="A{n}" s="0"><v>{v}</v></c><c r="B{n}" s="0"><v>{FIRST_OF_JUNE + n}</v></c></row>'
        for n, v in enumerate(values, 1)
    )
    document = read(pack(sheet(lines), styled("dd/mm/yyyy")))
    assert notice(document, "date.first_of_month") == ["01/06/2025; 01/07/2025; 01/08/2025; 01/09/2025"]


# -- the page -------------------------------------------------------------------------------------------------------

HEADER = ["TT", "Nội dung công việc", "Đơn vị chủ trì", "Thời gian hoàn thành"]
TASKS = [["1", "Rà soát thủ tục", "Văn phòng", "Quý I"], ["2", "Tổ chức tập huấn", "Phòng Nội vụ", "Tháng 6/2025"]]


def test_an_appendix_with_letterhead_title_table_and_signature() -> None:
    content = (
        rows(["UBND TỈNH AN LẠC", "", "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"], style=CENTERED)
        + rows(["SỞ Y TẾ", "", "Độc lập - Tự do - Hạnh phúc"], style=CENTERED, first=1)
        + rows(["Số: 12/KH-SYT", "", "An Lạc, ngày 15 tháng 01 năm 2025"], style=CENTERED, first=2)
        + rows(["KẾ HOẠCH"], ["Công tác cải cách hành chính năm 2025"], style=CENTERED, first=4)
        + rows(HEADER, *TASKS, first=7)
        + rows(["Nơi nhận:", "", "GIÁM ĐỐC"], ["- Như trên;"], ["- Lưu: VT."], style=PLAIN, first=11)
        + rows(["", "", "Trần Văn An"], style=PLAIN, first=16)
    )
    merged = ("A1:B1", "C1:D1", "A2:B2", "C2:D2", "A3:B3", "C3:D3", "A5:D5", "A6:D6")
    document = workbook(content, merged=merged)
    assert grid(only_table(document)) == [HEADER, *TASKS]
    plan = read_plan(document)
    header = plan.header
    assert (header.doc_type, header.number, header.symbol) == ("KẾ HOẠCH", "12", "KH-SYT")
    assert header.title == "Công tác cải cách hành chính năm 2025"
    assert str(header.issued_date) == "2025-01-15"
    assert (header.signer_title, header.signer_name) == ("GIÁM ĐỐC", "Trần Văn An")
    assert header.recipients == ("Như trên", "Lưu: VT")
    assert [task.content for task in plan.tasks] == ["Rà soát thủ tục", "Tổ chức tập huấn"]
    assert notice(document, "table.sheet") == [""]
    assert "A8:D10" in next(n.message for n in document.notices if n.code == "table.sheet")


def test_a_sheet_without_any_line() -> None:
    content = rows(
        ["PHỤ LỤC"], ["Kèm theo Kế hoạch số 12/KH-SYT"], None, HEADER, ["I", "CÔNG TÁC CHUNG"], *TASKS, style=0
    )
    document = workbook(content, rows(["Người lập biểu", "", "Giám đốc"], style=0, first=8))
    assert [block.text for block in document.blocks if isinstance(block, Paragraph)][:2] == [
        "PHỤ LỤC",
        "Kèm theo Kế hoạch số 12/KH-SYT",
    ]
    assert grid(only_table(document))[0] == HEADER
    assert len(grid(only_table(document))) == 4
    assert [table.ruled for table in document.tables()] == [True, False]


def test_rows_added_below_the_lines_belong_to_the_table() -> None:
    more = [["II", "VIỆC MỚI"], ["3", "Báo cáo", "Văn phòng", "Quý IV"]]
    content = rows(HEADER, style=BOLD) + rows(*TASKS, first=1) + rows(*more, style=PLAIN, first=3)
    assert [row[0] for row in grid(only_table(workbook(content)))] == ["TT", "1", "2", "II", "3"]


def test_a_header_in_colour_without_lines_belongs_to_the_table() -> None:
    content = rows(["Biểu tổng hợp"], HEADER, style=PLAIN) + rows(*TASKS, first=2)
    assert grid(only_table(workbook(content))) == [HEADER, *TASKS]


def test_formatted_tables_need_no_lines() -> None:
    table = '<table xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" ref="A2:B4"/>'
    relations = word.relations({"r1": ("table", "../tables/table1.xml")})
    parts = {"xl/tables/table1.xml": table, "xl/worksheets/_rels/sheet1.xml.rels": relations}
    document = workbook(rows(["Biểu"], ["Việc", "Hạn"], ["A", "Quý I"], ["B", "Quý II"], style=0), **parts)
    assert grid(only_table(document)) == [["Việc", "Hạn"], ["A", "Quý I"], ["B", "Quý II"]]


def test_merged_cells_are_spans_and_what_lies_under_them_is_not_shown() -> None:
    content = rows(
        HEADER,
        ["1", "Rà soát", "Văn phòng", "Quý I"],
        ["2", "Tập huấn", "ẩn bên dưới", "Quý II"],
        ["I. NHÓM", "", "", ""],
    )
    table = only_table(workbook(content, merged=("C2:C3", "A4:D4")))
    assert grid(table)[2] == ["2", "Tập huấn", "Văn phòng", "Quý II"]
    assert next(c for c in table.cells if c.text == "Văn phòng").row_span == 2
    assert next(c for c in table.cells if c.text == "I. NHÓM").column_span == 4


@pytest.mark.parametrize("merged", [("B2:B3", "B3:C3"), ("B2:A1",), ("nonsense",)])
def test_damaged_merges_lose_no_cell(merged: tuple[str, ...]) -> None:
    texts = {text for row in grid(only_table(workbook(rows(HEADER, *TASKS), merged=merged))) for text in row}
    assert {"TT", "Rà soát thủ tục", "Tháng 6/2025"} <= texts


def test_texts_under_a_merged_cell_are_told() -> None:
    document = workbook(rows(HEADER, *TASKS), merged=("A1:XFD1048576",))
    assert word.texts(document) == ["TT"]
    assert notice(document, "hidden_text")[0].startswith("Nội dung công việc; Đơn vị chủ trì")


def test_empty_rows_and_columns_are_left_out() -> None:
    wide = [[row[0], "", *row[1:], "", ""] for row in (HEADER, *TASKS)]
    content = rows(*wide, ["", "", "", ""], style=RULED, first=3) + rows(["", ""], first=90)
    assert grid(only_table(workbook(content))) == [HEADER, *TASKS]


def test_two_tables_on_a_sheet() -> None:
    content = (
        rows(HEADER, *TASKS)
        + rows(["Biểu số 2"], style=PLAIN, first=4)
        + rows(["TT", "Tên", "Số"], ["1", "A", "5"], first=5)
    )
    tables = list(workbook(content).tables())
    assert [grid(table)[0][:3] for table in tables] == [HEADER[:3], ["TT", "Tên", "Số"]]
    assert [table.index for table in tables] == [0, 1]


def test_numbered_lines_beside_their_number_are_paragraphs() -> None:
    document = workbook(rows(["1", "Tổ chức tập huấn"], ["2)", "Báo cáo"], ["-", "Lưu hồ sơ"], style=PLAIN))
    assert word.texts(document) == ["1. Tổ chức tập huấn", "2) Báo cáo", "- Lưu hồ sơ"]


# -- what is not seen -----------------------------------------------------------------------------------------------


def test_hidden_rows_and_columns_are_read_and_told() -> None:
    content = rows(HEADER, TASKS[0]) + rows(TASKS[1], first=2, attributes='hidden="1"')
    document = workbook(content, columns='<cols><col min="4" max="4" hidden="1"/></cols>')
    assert len(grid(only_table(document))) == 3
    assert notice(document, "hidden_text") == [
        "2; Tổ chức tập huấn; Phòng Nội vụ; Tháng 6/2025",
        "Thời gian hoàn thành; Quý I; Tháng 6/2025",
    ]


def test_sheets_are_read_in_their_order_and_hidden_ones_told() -> None:
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    book = (
        f'<workbook xmlns="{main}" xmlns:r="{office}"><sheets><sheet name="Quý II" sheetId="2" r:id="r2"/>'
        '<sheet name="Quý I" sheetId="1" r:id="r1" state="hidden"/></sheets></workbook>'
    )
    parts = {
        "xl/workbook.xml": book,
        "xl/_rels/workbook.xml.rels": word.relations(
            {"r1": ("worksheet", "worksheets/sheet1.xml"), "r2": ("worksheet", "worksheets/sheet2.xml")}
        ),
        "xl/worksheets/sheet2.xml": f'<worksheet xmlns="{main}">{sheet(rows(["Việc quý II"]))}</worksheet>',
    }
    document = workbook(rows(["Việc quý I"]), **parts)
    assert word.texts(document) == ["Việc quý II", "Việc quý I"]
    assert notice(document, "hidden_text") == ["Việc quý I"]


def test_texts_of_shapes_stand_above_or_below_the_cells() -> None:
    def shape(row: int, *runs: str) -> str:
        text = "".join(f"<a:r><a:t>{run}</a:t></a:r>" for run in runs)
        body = f"<x:sp><x:txBody><a:p>{text}</a:p></x:txBody></x:sp>"
        return f"<x:twoCellAnchor><x:from><x:row>{row}</x:row></x:from>{body}</x:twoCellAnchor>"

    shapes = shape(8, "GIÁM ĐỐC") + shape(0, "DỰ ", "THẢO")
    drawing = f'<x:wsDr xmlns:x="urn:x" xmlns:a="urn:a">{shapes}</x:wsDr>'
    relations = word.relations({"r1": ("drawing", "../drawings/drawing1.xml")})
    parts = {"xl/drawings/drawing1.xml": drawing, "xl/worksheets/_rels/sheet1.xml.rels": relations}
    document = workbook(rows(HEADER, *TASKS), rows(["Hết"], style=PLAIN, first=8), **parts)
    assert [block.text for block in document.blocks if isinstance(block, Paragraph)] == ["DỰ THẢO", "Hết", "GIÁM ĐỐC"]


# -- what cannot be read --------------------------------------------------------------------------------------------


def failure(data: bytes) -> Reason:
    with pytest.raises(SourceError) as caught:
        read(data)
    assert " / " in str(caught.value)
    return caught.value.reason


def replaced(data: bytes, name: str, content: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as before, zipfile.ZipFile(out, "w") as after:
        for entry in before.namelist():
            after.writestr(entry, content if entry == name else before.read(entry))
    return out.getvalue()


def test_a_workbook_without_text() -> None:
    assert failure(pack(sheet(rows(["", ""])))) is Reason.NO_TEXT


@pytest.mark.parametrize("part", ["xl/workbook.xml", "xl/worksheets/sheet1.xml", "xl/styles.xml"])
def test_broken_parts_are_damage_and_never_half_a_workbook(part: str) -> None:
    assert failure(replaced(pack(sheet(rows(["Kế hoạch"]))), part, b"<x")) is Reason.DAMAGED


def test_a_string_or_sheet_that_is_not_there_is_damage() -> None:
    assert failure(pack(sheet('<row r="1"><c r="A1" t="s"><v>5</v></c></row>'))) is Reason.DAMAGED
    relations = word.relations({"r1": ("worksheet", "worksheets/none.xml")})
    assert failure(pack(sheet(rows(["A"])), **{"xl/_rels/workbook.xml.rels": relations})) is Reason.DAMAGED


def test_entities_are_not_expanded() -> None:
    bomb = b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa">]><worksheet>&a;</worksheet>'
    assert failure(replaced(pack(sheet(rows(["A"]))), "xl/worksheets/sheet1.xml", bomb)) is Reason.DAMAGED


def test_sheets_beyond_the_limits_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    many = pack(sheet(rows(*([["Việc"]] * 50))))
    monkeypatch.setattr(xlsx_package, "MAX_CELLS", 20)
    assert failure(many) is Reason.TOO_LARGE
    monkeypatch.setattr(xlsx_package, "MAX_CELLS", 100)
    monkeypatch.setattr(xlsx_package, "MAX_PART", 200)
    assert failure(many) is Reason.TOO_LARGE


def test_ten_thousand_rows_are_read_whole() -> None:
    lines = [[str(number), f"Việc số {number}", "Văn phòng", "Quý I"] for number in range(1, 10_001)]
    assert only_table(workbook(rows(HEADER, *lines))).row_count == 10_001


def test_cells_at_the_far_end_of_a_sheet_cost_nothing() -> None:
    far = '<row r="1048576"><c r="XFD1048576" t="inlineStr"><is><t>xa</t></is></c></row>'
    assert "xa" in word.texts(workbook(rows(HEADER, *TASKS), far, merged=("A1:XFD1048575",)))
