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
