"""Sheets saved with separators give the tasks that the workbook gives."""

import csv
import io

import docx_samples as word
import pytest

from extractors.csv_sheet import separator_of
from extractors.document import Document
from extractors.errors import Reason, SourceError
from extractors.formats import extract
from pipeline.read import read_plan

ROWS = (
    ("UBND HUYỆN SÔNG LAM", "", "", ""),
    ("KẾ HOẠCH", "", "", ""),
    ("Rà soát hồ sơ năm 2025", "", "", ""),
    ("STT", "Nội dung công việc", "Đơn vị chủ trì", "Thời gian hoàn thành"),
    ("1", "Rà soát, lập danh mục", "Phòng Nội vụ", "Trước ngày 30/6/2025"),
    ("2", 'Số hóa hồ sơ "tồn"\nvà chỉnh lý', "Văn phòng", "Quý III/2025"),
)


def written(separator: str, encoding: str = "utf-8-sig") -> bytes:
    out = io.StringIO(newline="")
    csv.writer(out, delimiter=separator).writerows(ROWS)
    return out.getvalue().encode(encoding)


def read(data: bytes, name: str = "phu_luc.csv") -> Document:
    return extract(word.source(data, name), data)


@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-8", "utf-16"])
def test_rows_are_tasks(separator: str, encoding: str) -> None:
    document = read(written(separator, encoding))
    assert (document.extractor, document.media_type) == ("csv", "text/csv")
    plan = read_plan(document)
    assert [task.content for task in plan.tasks] == ["Rà soát, lập danh mục", 'Số hóa hồ sơ "tồn"\nvà chỉnh lý']
    assert [task.deadline_text for task in plan.tasks] == ["Trước ngày 30/6/2025", "Quý III/2025"]
    assert plan.header.title == "Rà soát hồ sơ năm 2025"


def test_the_same_lines_under_another_name_are_text() -> None:
    assert read(written(";"), "phu_luc.txt").extractor == "text"


@pytest.mark.parametrize(("lost", "told"), [(0, False), (2, False), (20, True), (26, True)])
def test_a_file_that_ends_inside_a_row_says_so(lost: int, told: bool) -> None:
    """A last line without its end is none, where all of its fields are there."""
    data = written(";", "utf-8")
    cut = data[: len(data) - lost]
    assert ("text.cut_off" in {notice.code for notice in read(cut).notices}) is told


@pytest.mark.parametrize(("text", "sign"), [("a;b;c\n1;2,5;3\n", ";"), ("a,b,c\n1,x;y,3\n", ","), ("chỉ một cột", ";")])
def test_the_separator_is_the_one_that_agrees(text: str, sign: str) -> None:
    assert separator_of(text) == sign


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b";;;\n;;;\n", Reason.NO_TEXT),
        (b"\xef\xbb\xbfa," * 14_000_000, Reason.TOO_LARGE),
        (b'a;b;"c', Reason.DAMAGED),
        (b'a;"' + b"b" * 200_000, Reason.DAMAGED),
    ],
)
def test_what_cannot_be_read_says_why(data: bytes, reason: Reason) -> None:
    with pytest.raises(SourceError) as caught:
        read(data)
    assert caught.value.reason is reason
