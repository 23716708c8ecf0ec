"""What speed rests on, counted: calls of PDFium, files opened, objects made. Nothing here looks at a clock."""

import gc
import hashlib
import io
import subprocess
import sys
from collections import Counter
from collections.abc import Callable
from ctypes import _CFuncPtr as CFuncPtr  # type: ignore[attr-defined]
from datetime import date
from functools import partial
from pathlib import Path
from types import FrameType
from typing import Any

import docx
import pypdfium2
import pytest
import store_samples
from lxml import etree
from paper import paper, table
from pdf_samples import Paper

from extractors import (
    docx_package,
    docx_sheet,
    docx_styles,
    docx_xml,
    grid,
    pages,
    pdf,
    pdf_probe,
    pdf_rows,
    pdf_rules,
    pdf_sheet,
    pdfium,
    reconcile,
    torn,
)
from extractors.document import Source, Table
from extractors.docx import read_docx
from extractors.formats import extract
from extractors.pdf import read_pdf
from extractors.pdf_lines import KnownWords
from pipeline.check import check
from pipeline.plan import Header, Part, Prose, YearContext
from pipeline.read import narrative, read_plan
from pipeline.read.acting import heading_unit
from pipeline.read.narrative import read_narrative
from pipeline.rules import deadlines, name_pieces, units
from pipeline.rules.deadline_words import prepare
from pipeline.rules.deadlines import RULES
from pipeline.store.arrow import reading, rows_together

ROOT = Path(__file__).parents[1]
HEAD = ["TT", "Nội dung", "Chủ trì", "Thời hạn"]
WIDTHS = [30.0, 220.0, 130.0, 100.0]
ROWS = 12
PER_OBJECT = 10  # calls: for a line of text, or a rule
CALLS_A_ROW = (361, 73, 85)  # of four cells: to read it, to check it, to encode it
CALLS_A_CELL = 18  # of a Word table
CALLS_A_TEXT = 105  # of a PDF in a cell of its own: from the file to the document


def source(data: bytes) -> Source:
    return Source("kh", hashlib.sha256(data).hexdigest(), len(data))


def plan(pages: int, table: bool = True) -> bytes:
    paper = Paper()
    for _ in range(pages):
        paper.text(60, 60, "Kế hoạch công tác năm 2024 của Phòng Nội vụ huyện Tân Lập")
        if table:
            paper.table(
                60,
                100,
                WIDTHS,
                [HEAD, *([str(n), "Rà soát hồ sơ cán bộ", "Văn phòng", "Quý I"] for n in range(1, ROWS))],
            )
        paper.page()
    return paper.save()


class Counted:
    """Functions of a module, with a count of their calls."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.calls: Counter[str] = Counter()
        self._patch = monkeypatch

    def watch(self, owner: Any, *names: str) -> None:
        for name in names:
            self._patch.setattr(owner, name, self._counting(name, getattr(owner, name)))

    def _counting(self, name: str, function: Callable[..., Any]) -> Callable[..., Any]:
        def call(*arguments: Any, **named: Any) -> Any:
            self.calls[name] += 1
            return function(*arguments, **named)

        return call


@pytest.fixture
def counted(monkeypatch: pytest.MonkeyPatch) -> Counted:
    return Counted(monkeypatch)


PDFIUM = [name for name, thing in vars(pdfium).items() if isinstance(thing, CFuncPtr)]


def calls_of(counted: Counted, data: bytes) -> int:
    counted.calls.clear()
    read_pdf(source(data), data)
    return sum(counted.calls[name] for name in PDFIUM)


def test_calls_of_pdfium_follow_letters_and_lines_and_nothing_else(counted: Counted) -> None:
    counted.watch(pdfium, *PDFIUM)
    one = plan(1)
    page = pypdfium2.PdfDocument(one)[0]
    letters = page.get_textpage().count_chars()
    objects = len(list(page.get_objects()))
    assert calls_of(counted, one) <= letters + PER_OBJECT * objects
    assert counted.calls["loose_char_box"] == letters
    assert calls_of(counted, plan(10)) <= 10 * calls_of(counted, one)


def test_letters_are_counted_by_the_page_and_not_cell_by_cell(counted: Counted) -> None:
    data = plan(10)
    counted.watch(reconcile, "letters")
    counted.watch(pages, "letters")
    document = read_pdf(source(data), data)
    assert counted.calls["letters"] <= 4 * 10 < sum(len(table.cells) for table in document.tables())


def test_a_table_of_one_page_learns_no_habits(counted: Counted) -> None:
    counted.watch(grid, "learn")
    for count in (1, 2):
        data = plan(count)
        read_pdf(source(data), data)
        assert counted.calls["learn"] == count - 1


def test_a_file_is_opened_once(counted: Counted) -> None:
    counted.watch(pdf_probe.pypdfium2, "PdfDocument")
    data = plan(3)
    read_pdf(source(data), data)
    assert counted.calls["PdfDocument"] == 1


def test_a_long_file_is_read_through_documents_that_are_closed_in_time(
    counted: Counted, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = plan(5)
    whole = read_pdf(source(data), data)
    monkeypatch.setattr(pdf, "_PAGES_OF_ONE", 2)
    counted.watch(pdf_probe.pypdfium2, "PdfDocument")
    assert read_pdf(source(data), data) == whole
    assert counted.calls["PdfDocument"] == 3


def test_lines_are_made_of_whole_texts(counted: Counted) -> None:
    """Not of letters, nor of words: each text of the file is looked at once, and lies in one cell."""
    data = plan(1)
    texts = sum(item.type == pdfium.TEXT for item in pypdfium2.PdfDocument(data)[0].get_objects())
    counted.watch(pdf_rows, "_piece", "_line_of", "_in_order")
    read_pdf(source(data), data)
    assert counted.calls["_piece"] == texts
    assert counted.calls["_line_of"] <= texts
    assert counted.calls["_in_order"] == 0


def test_work_and_what_is_held_grow_with_the_pages_and_no_faster(counted: Counted) -> None:
    counted.watch(pages, "join_lines", "letters")
    counted.watch(grid, "row_evidence")
    counted.watch(pdf_sheet, "lines_of")
    seen = []
    for count in (10, 40):
        data = plan(count)
        read_pdf(source(data), data)
        counted.calls.clear()
        gc.collect()
        before = sys.getallocatedblocks()
        document = read_pdf(source(data), data)
        seen.append(((sys.getallocatedblocks() - before) / count, *(n / count for n in counted.calls.values())))
        assert document.page_count == count
    assert all(more <= 1.1 * few for few, more in zip(*seen, strict=True))


def test_pages_of_prose_look_for_no_cells_and_plain_ones_for_no_glyphs(counted: Counted) -> None:
    counted.watch(pdf_rules, "cells_of")
    counted.watch(pdf_sheet, "_read_glyphs")
    data = plan(3, table=False)
    read_pdf(source(data), data)
    assert counted.calls == {}
    data = plan(3)
    read_pdf(source(data), data)
    assert counted.calls == {"cells_of": 3}


def test_clean_text_runs_no_repair_of_syllables(counted: Counted, monkeypatch: pytest.MonkeyPatch) -> None:
    class Watched:
        def sub(self, _: object, text: str) -> str:
            counted.calls["sub"] += 1
            return text

    monkeypatch.setattr(torn, "_ONSET", Watched())
    monkeypatch.setattr(torn, "_FINAL", Watched())
    assert torn.join_torn("Sở Y tế chủ trì, phối hợp với các đơn vị thực hiện") != ""
    assert counted.calls == {}
    torn.join_torn("thực hiện m ột cửa trong thá ng 5")
    assert counted.calls["sub"] == 2


_LOADED = """
import sys
from pathlib import Path
from extractors.document import Source, Table
from extractors.formats import extract
for path in sys.argv[1:]:
    data = Path(path).read_bytes()
    extract(Source(path, "0" * 64, len(data)), data)
print(*sorted({"pdfminer", "pdfplumber", "cv2", "docx", "pandas", "prefect"} & set(sys.modules)))
"""


def test_digital_files_load_no_library_that_they_do_without() -> None:
    raw = ROOT / "data" / "raw"
    paths = [str(path) for path in sorted(raw.iterdir()) if path.suffix in (".pdf", ".docx", ".txt")]
    done = subprocess.run([sys.executable, "-c", _LOADED, *paths], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.split() == []


# --- Word --------------------------------------------------------------------------------------------------------


def word(rows: int) -> bytes:
    document = docx.Document()
    table = document.add_table(rows=rows, cols=4)
    for number, row in enumerate(table.rows):
        for cell, text in zip(row.cells, (str(number + 1), "Rà soát hồ sơ", "Văn phòng", "Quý I"), strict=True):
            cell.text = text
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def test_a_word_file_is_unpacked_once_and_its_styles_once_an_office(counted: Counted) -> None:
    data, other = word(5), word(6)
    docx_package._unpacked.cache_clear()
    docx_styles._known_styles.cache_clear()
    counted.watch(docx_package.zipfile, "ZipFile")
    extract(source(data), data)
    assert counted.calls["ZipFile"] == 1
    read_docx(source(other), other)
    assert docx_package._unpacked.cache_info().hits == 1
    assert docx_styles._known_styles.cache_info().hits == 1


def test_styles_are_parsed_that_a_word_file_refers_to(counted: Counted) -> None:
    data = word(5)
    docx_styles._known_styles.cache_clear()
    counted.watch(docx_sheet, "parse_xml")
    read_docx(source(data), data)
    assert counted.calls["parse_xml"] <= 2  # of 164: the defaults with Normal and the tables' own, then the table's


def calls_of_all(work: Callable[[], object]) -> int:
    """Calls of Python and C functions while something is done."""
    calls = 0

    def note(_frame: FrameType, event: str, _argument: object) -> None:
        nonlocal calls
        calls += event in ("call", "c_call")

    sys.setprofile(note)
    try:
        work()
    finally:
        sys.setprofile(None)
    return calls


def test_a_text_of_a_pdf_costs_few_calls_however_many_there_are() -> None:
    read = [plan(pages) for pages in (1, 11, 21)]
    one, few, many = (calls_of_all(partial(read_pdf, source(data), data)) for data in read)
    assert few - one <= CALLS_A_TEXT * 10 * (len(HEAD) * ROWS + 1)
    assert abs((many - few) - (few - one)) <= 0.05 * (few - one)


def calls_in(data: bytes) -> int:
    return calls_of_all(lambda: read_docx(source(data), data))


def test_a_cell_of_word_costs_few_calls_however_long_its_table() -> None:
    calls_in(word(1))  # the styles
    short, middle, long = (calls_in(word(rows)) for rows in (20, 220, 420))
    assert middle - short <= CALLS_A_CELL * 200 * 4
    assert abs((long - middle) - (middle - short)) <= 0.02 * (middle - short)


def test_an_element_of_word_becomes_an_object_once(monkeypatch: pytest.MonkeyPatch) -> None:
    made: Counter[str] = Counter()

    class Counting(etree.ElementBase):
        def _init(self) -> None:
            made[self.tag] += 1

    real = etree.XMLParser

    def parser(**settings: Any) -> etree.XMLParser:
        new = real(**settings)
        new.set_element_class_lookup(etree.ElementDefaultClassLookup(element=Counting))
        return new

    monkeypatch.setattr(docx_xml.etree, "XMLParser", parser)
    data = word(50)
    read_docx(source(data), data)
    assert {name: made[docx_xml.W + name] for name in ("tr", "tc", "r", "t")} == {
        "tr": 50,
        "tc": 50 * 4,
        "r": 0,
        "t": 0,
    }
    assert made[docx_xml.W + "tcPr"] == 1  # all are equal


def test_lines_of_values_without_an_item_are_not_looked_at_by_each_other(counted: Counted) -> None:
    counted.watch(narrative, "split_labels")
    seen = []
    for count in (50, 200):
        counted.calls.clear()
        lines = [Prose(f"{letter}) Địa điểm: Hội trường", Part.BODY) for letter in "abcdđ" * (count // 5)]
        read_narrative(lines, Header(), lambda _: None)
        seen.append(counted.calls["split_labels"] / count)
    assert seen[1] <= 1.3 * seen[0]


def test_who_acts_is_asked_of_the_first_words_only(counted: Counted) -> None:
    counted.watch(units, "name_end")
    assert heading_unit("Rà soát quy chế của Sở Nội vụ, Sở Tài chính và Văn phòng UBND tỉnh") is None
    assert counted.calls == {}
    assert heading_unit("Sở Nội vụ chủ trì, phối hợp với Sở Tài chính và Văn phòng UBND tỉnh") is None
    assert counted.calls["name_end"] == 1


def test_a_name_is_looked_up_no_further_than_the_vocabulary_goes(counted: Counted) -> None:
    counted.watch(name_pieces, "entries_named")
    found = units.find_units("Sở Nội vụ chủ trì, tham mưu cho lãnh đạo trong việc rà soát, sửa đổi quy chế làm việc")
    assert [unit.text for unit in found] == ["Sở Nội vụ"]
    assert counted.calls["entries_named"] == 4  # and "Sở Nội vụ chủ", with which no name begins


@pytest.mark.parametrize(
    ("text", "most"),
    [
        ("Tổ chức kiểm tra quy chế làm việc theo hướng dẫn của bộ, gắn với trách nhiệm; thực hiện.", 1),
        ("Trước ngày 15/3/2024", 4),
        ("Tháng 6/2024", 2),
        ("Quý IV/2024", 2),
        ("Thường xuyên", 1),
    ],
)
def test_few_rules_are_tried(text: str, most: int) -> None:
    """Of 61: "thực hiện", "quy chế" and a full stop are no signs of months, quarters and dates."""
    assert len(RULES.that_may_occur(prepare(text).words)) <= most


def test_words_of_a_cell_are_read_once_for_plans_of_all_years(counted: Counted) -> None:
    counted.watch(deadlines, "scan")
    deadlines._read_words.cache_clear()
    years = [YearContext(date(year, 1, 1), date(year, 12, 31)) for year in (2023, 2024, 2025)]
    assert len({deadlines.read_deadlines("Trước ngày 17/5", context) for context in years}) == len(years)
    assert counted.calls["scan"] == 1


_WORK = ("Rà soát", "Tập huấn", "Kiểm tra", "Tổng hợp", "Công khai")
_FIELDS = ("đất đai", "hộ tịch", "xây dựng", "y tế", "giáo dục", "lưu trữ", "thực phẩm")
_PLACES = ("cấp xã", "cấp huyện", "trường học", "trạm xá", "nông thôn", "khu phố", "doanh nghiệp")
_OWNERS = ("Văn phòng", "Phòng Nội vụ", "Sở Y tế", "Công an tỉnh")


def task_table(rows: int) -> Table:
    """A table in which no two rows share five words."""
    lines = []
    for n in range(rows):
        content = f"{_WORK[n % 5]} {_FIELDS[n // 5 % 7]} {_PLACES[n // 35 % 7]}"
        lines.append(f"{n + 1} | {content} | {_OWNERS[n % 4]} | Tháng {n % 12 + 1}")
    return table("TT | Nội dung công việc | Đơn vị chủ trì | Thời gian hoàn thành", *lines)


def calls_of_stages(rows: int) -> tuple[int, int, int]:
    document = paper("KẾ HOẠCH", "Công tác năm 2024", task_table(rows))
    plan = read_plan(document)
    findings = check(plan)
    assert len(plan.tasks) == rows
    return (
        calls_of_all(lambda: read_plan(document)),
        calls_of_all(lambda: check(plan)),
        calls_of_all(lambda: reading(plan, findings, pipeline_version="", ingested_at=store_samples.NOON)),
    )


def test_a_row_of_a_table_costs_few_calls_to_read_to_check_and_to_encode() -> None:
    """Its words were met before, as those of units and months are in a worker: what each row costs by itself."""
    calls_of_stages(245)
    for short, middle, long, allowed in zip(*map(calls_of_stages, (45, 145, 245)), CALLS_A_ROW, strict=True):
        assert middle - short <= allowed * 100
        assert abs((long - middle) - (middle - short)) <= 0.1 * (middle - short)


def test_rows_of_many_documents_are_one_piece_and_empty_tables_do_not_travel() -> None:
    readings = [
        store_samples.sample_reading(store_samples.plan(f"{number}.txt", number=str(number))) for number in range(5)
    ]
    assert "corrections" not in readings[0].batches
    assert rows_together(readings, "corrections").num_rows == 0
    tasks = rows_together(readings, "tasks")
    assert {chunk for name in tasks.column_names if (chunk := tasks.column(name).num_chunks)} == {1}
    assert set(tasks.column("document_id").to_pylist()) == {one.document_id for one in readings}


def test_known_words_look_through_a_long_text_a_few_times_only() -> None:
    """Each look costs the length of the text, so looks for every word would cost a long paper its square."""
    looks = 0

    class Text(str):
        __slots__ = ()

        def __contains__(self, word: object) -> bool:
            nonlocal looks
            looks += 1
            return str(word) in str(self)

    words = KnownWords(())
    words.__dict__["_text"] = Text("rà soát hồ sơ của xã\nlập danh sách hộ nghèo\n" * 50)
    asked = [f"từ{n}" for n in range(500)]
    assert [word for word in (*asked, "soát", "danh", "rà") if word in words] == ["soát", "danh"]
    assert looks <= 20
