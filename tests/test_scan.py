"""Scanned pages: a sample printed to a picture and read back by the real tesseract."""

import hashlib
import io
import os
import signal
import subprocess
import sys
from pathlib import Path

import cv2
import numpy as np
import pypdfium2
import pytest
from PIL import Image

from extractors import scan_words
from extractors.document import Source
from extractors.errors import Reason, SourceError
from extractors.formats import extract
from pipeline.check import check
from pipeline.read import read_plan
from pipeline.text import key

SAMPLE = Path(__file__).parents[1] / "data/raw/huyen_pctt_2023.pdf"

pytestmark = pytest.mark.slow


def picture(turn: float = 0) -> bytes:
    """The first page of the sample as a PDF that holds only a 200 dpi picture, turned by some degrees."""
    with pypdfium2.PdfDocument(SAMPLE.read_bytes()) as pdf:
        image = pdf[0].render(scale=200 / 72).to_pil().convert("L")
    out = io.BytesIO()
    image.rotate(turn, Image.Resampling.BICUBIC, expand=True, fillcolor=255).save(out, "PDF", resolution=200)
    return out.getvalue()


def source(data: bytes) -> Source:
    return Source("file:///quét.pdf", hashlib.sha256(data).hexdigest(), len(data))


@pytest.mark.parametrize("turn", [0, 1.9, 90, 180, 270])
def test_a_picture_gives_the_tasks_of_the_page(turn: float) -> None:
    digital = read_plan(extract(source(SAMPLE.read_bytes()), SAMPLE.read_bytes()))
    first_page = [key(t.content) for t in digital.tasks if t.place.page == 1]
    data = picture(turn)
    scanned = read_plan(extract(source(data), data))
    assert scanned.header.number == digital.header.number
    assert [key(t.content) for t in scanned.tasks][: len(first_page) - 1] == first_page[:-1]
    assert all(0 < t.confidence <= 1 for t in scanned.tasks)


def mixed(scanned: int) -> bytes:
    """The sample with one of its pages as a picture, by its number from 0."""
    with pypdfium2.PdfDocument(SAMPLE.read_bytes()) as pdf, pypdfium2.PdfDocument.new() as out:
        for number, page in enumerate(pdf):
            if number != scanned:
                out.import_pages(pdf, [number])
                continue
            printed = io.BytesIO()
            page.render(scale=200 / 72).to_pil().convert("L").save(printed, "PDF", resolution=200)
            with pypdfium2.PdfDocument(printed.getvalue()) as picture_page:
                out.import_pages(picture_page)
        saved = io.BytesIO()
        out.save(saved)
    return saved.getvalue()


@pytest.mark.parametrize("scanned", [0, 1, 2])
def test_a_file_of_digital_and_scanned_pages_is_one_plan(scanned: int) -> None:
    """Its tables run over the pages, so that rows are cut where print and picture meet."""
    digital = read_plan(extract(source(SAMPLE.read_bytes()), SAMPLE.read_bytes()))
    data = mixed(scanned)
    document = extract(source(data), data)
    plan = read_plan(document)
    assert (document.extractor, document.page_count) == ("pdf+scan", 3)
    assert [key(task.content) for task in plan.tasks] == [key(task.content) for task in digital.tasks]
    assert [task.leads for task in plan.tasks] == [task.leads for task in digital.tasks]
    on_paper = {task.confidence for task in plan.tasks if task.place.page not in (scanned, scanned + 1)}
    assert on_paper <= {1.0}
    assert any(task.confidence < 1 for task in plan.tasks)


def scribbles() -> Image.Image:
    """A page of handwriting, as far as letters go: bent strokes in lines."""
    chance = np.random.default_rng(2)
    pixels = np.full((2339, 1654), 255, np.uint8)
    for y in range(300, 2000, 90):
        for x in range(200, 1400, 240):
            steps = range(int(chance.integers(10, 18)))
            points = [(x + 12 * step + chance.normal(0, 4), y + chance.normal(0, 18)) for step in steps]
            cv2.polylines(pixels, [np.array(points, np.int32)], False, 40, 3, cv2.LINE_AA)
    return Image.fromarray(pixels)


def test_a_page_that_nobody_can_read_is_told() -> None:
    written = io.BytesIO()
    scribbles().save(written, "PDF", resolution=200)
    with pytest.raises(SourceError) as refused:
        extract(source(written.getvalue()), written.getvalue())
    assert refused.value.reason is Reason.NO_TEXT
    with pypdfium2.PdfDocument(SAMPLE.read_bytes()) as pdf, pypdfium2.PdfDocument(written.getvalue()) as page:
        pdf.import_pages(page)
        saved = io.BytesIO()
        pdf.save(saved)
    plan = read_plan(extract(source(saved.getvalue()), saved.getvalue()))
    assert [(f.rule, f.place.page) for f in check(plan) if f.rule == "table.incomplete"] == [("table.incomplete", 4)]


def test_without_tesseract_the_reason_names_the_command(tmp_path: Path) -> None:
    scan = tmp_path / "quét.pdf"
    scan.write_bytes(picture())
    program = (
        "import sys; from pipeline.run import process\n"
        "failure = process('quét.pdf', open(sys.argv[1], 'rb').read()).failure\n"
        "print(failure.reason, failure.message)"
    )
    said = subprocess.run(
        [sys.executable, "-c", program, scan], env={"PATH": str(tmp_path)}, capture_output=True, text=True, check=True
    )
    assert said.stdout.startswith("dependency_missing")
    assert "apt-get install" in said.stdout


def test_an_engine_that_ended_is_started_anew_and_a_slow_one_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    pixels = np.full((60, 300), 255, np.uint8)
    cv2.putText(pixels, "2023", (20, 45), cv2.FONT_HERSHEY_DUPLEX, 1.2, 0, 2)
    (first,) = scan_words.read_words([pixels], 7)
    (engine,) = children()
    assert len(os.listdir(f"/proc/{engine}/task")) == 1  # threads: kehoach runs one process a core
    os.kill(engine, signal.SIGKILL)
    assert scan_words.read_words([pixels], 7) == [first]
    (engine,) = children()
    os.kill(engine, signal.SIGSTOP)
    monkeypatch.setattr(scan_words, "_SECONDS", 0.3)
    with pytest.raises(SourceError) as refused:
        scan_words.read_words([pixels], 7)
    assert refused.value.reason is Reason.TIMEOUT
    assert children() == []
    monkeypatch.undo()
    assert scan_words.read_words([pixels], 7) == [first]


def children() -> list[int]:
    """Processes of this test that run tesseract."""
    mine = Path(f"/proc/self/task/{os.getpid()}/children").read_text(encoding="ascii").split()
    return [int(pid) for pid in mine if b"scan_engine" in Path(f"/proc/{pid}/cmdline").read_bytes()]
