"""A table that was pasted into a digital page as a picture: read where it stands, told where it cannot be."""

import hashlib
import io
import subprocess
import sys
from pathlib import Path

import numpy as np
import pypdfium2
import pytest
from pdf_samples import Paper
from PIL import Image
from reportlab.lib.utils import ImageReader

from extractors.document import Document, Source
from extractors.formats import extract
from extractors.scan_doubts import KIND
from pipeline.check import check
from pipeline.read import read_plan

HEAD = ["TT", "Nội dung", "Chủ trì", "Thời hạn"]
ROWS = [["1", "Rà soát hồ sơ", "Văn phòng", "15/5/2024"], ["2", "Tập huấn cán bộ", "Phòng Nội vụ", "30/9/2024"]]
WIDTHS = [30.0, 180.0, 130.0, 100.0]
PLACE = (60.0, 300.0, 460.0, 100.0)


def table_picture() -> Image.Image:
    """A ruled table as another program drew it, 200 dots an inch."""
    paper = Paper(size=PLACE[2:])
    paper.table(5, 10, WIDTHS, [HEAD, *ROWS], header=True)
    with pypdfium2.PdfDocument(paper.save()) as document:
        return document[0].render(scale=200 / 72).to_pil().convert("L")


def photograph() -> Image.Image:
    soft = Image.fromarray(np.random.default_rng(1).integers(0, 255, (20, 60), np.uint8))
    return soft.resize((900, 200), Image.Resampling.BICUBIC)


def plan(picture: Image.Image) -> bytes:
    """A digital page with a picture below its first paragraphs."""
    paper = Paper()
    paper.centered(297, 100, "KẾ HOẠCH", bold=True)
    paper.centered(297, 120, "Công tác cải cách hành chính năm 2024", bold=True)
    paper.text(60, 260, "Phân công nhiệm vụ thực hiện như sau:")
    pixels = io.BytesIO()
    picture.save(pixels, "PNG")
    x, y, width, height = PLACE
    paper.canvas.drawImage(ImageReader(pixels), x, paper.height - y - height, width, height)
    paper.text(60, 440, "Các đơn vị báo cáo kết quả trước ngày 15/12/2024./.")
    return paper.save()


def read(data: bytes) -> Document:
    return extract(Source("kh.pdf", hashlib.sha256(data).hexdigest(), len(data)), data)


@pytest.mark.slow
def test_a_pasted_table_is_read_where_it_stands() -> None:
    document = read(plan(table_picture()))
    (table,) = document.tables()
    assert [[cell.text if cell else "" for cell in row] for row in table.grid()] == [HEAD, *ROWS]
    first, last = table.cells[0].place.box, table.cells[-1].place.box
    assert first is not None
    assert last is not None
    corners = (first.x0, first.top, last.x1, last.bottom)
    assert corners == pytest.approx((65, 310, 505, 376), abs=2)
    assert all(0 < cell.confidence < 1 for cell in table.cells)
    assert [notice.code for notice in document.notices if notice.code != KIND] == ["picture.recognised"]
    assert [block.text for block in document.paragraphs()][-1].startswith("Các đơn vị báo cáo")
    assert [task.lead_text for task in read_plan(document).tasks] == ["Văn phòng", "Phòng Nội vụ"]


@pytest.mark.slow
def test_a_photograph_is_told_and_is_no_finding() -> None:
    document = read(plan(photograph()))
    assert [(notice.code, notice.place.page) for notice in document.notices] == [("picture.left_out", 1)]
    assert not list(document.tables())
    assert "table.incomplete" not in {finding.rule for finding in check(read_plan(document))}


@pytest.mark.slow
def test_of_very_many_pictures_on_a_page_the_largest_are_read_and_the_rest_told() -> None:
    paper, blank = Paper(), io.BytesIO()
    paper.lines(60, 60, ["Các cơ quan, đơn vị rà soát hồ sơ và báo cáo kết quả về Văn phòng đúng thời hạn."] * 10)
    Image.new("L", (400, 100), 255).save(blank, "PNG")
    for number in range(40):
        paper.canvas.drawImage(ImageReader(blank), 60, 100 + 5 * number, 400, 60 + number / 10)
    pixels = io.BytesIO()
    table_picture().save(pixels, "PNG")
    paper.canvas.drawImage(ImageReader(pixels), 60, 500, *PLACE[2:])
    document = read(paper.save())
    assert len(list(document.tables())) == 1
    (told,) = [notice for notice in document.notices if notice.code == "picture.unread"]
    assert "41" in told.message
    assert sum(notice.code == "picture.left_out" for notice in document.notices) == 23
    assert "table.incomplete" in {finding.rule for finding in check(read_plan(document))}


@pytest.mark.slow
def test_without_tesseract_the_page_is_read_and_its_picture_told(tmp_path: Path) -> None:
    (tmp_path / "kh.pdf").write_bytes(plan(table_picture()))
    program = (
        "import sys; from pipeline.run import process\n"
        "outcome = process('kh.pdf', open(sys.argv[1], 'rb').read())\n"
        "print(outcome.failure, *(f'{finding.rule}: {finding.message}' for finding in outcome.findings), sep='\\n')"
    )
    said = subprocess.run(
        [sys.executable, "-c", program, tmp_path / "kh.pdf"],
        env={"PATH": str(tmp_path)},
        capture_output=True,
        text=True,
        check=True,
    ).stdout.splitlines()
    assert said[0] == "None"
    (told,) = [line for line in said if line.startswith("table.incomplete")]
    assert "trang 1" in told
    assert "tesseract" in told
