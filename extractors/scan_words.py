"""Letters of a scanned page, read by tesseract in a process of its own: words with boxes and confidences.

Tesseract is called, not linked, with one thread a process: kehoach runs one process a core, and tesseract's own
threads only wait for each other (gh:tesseract-ocr/tesseract#3109).
"""

import csv
import os
import re
import shutil
import subprocess
import tempfile
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import cv2

from extractors.errors import Reason, SourceError
from extractors.scan_page import DPI
from extractors.scan_pose import Pixels

_LANGUAGE = "vie"
_NUMBER = re.compile(r"\d|^\W*[IVXH]+(?:[/.):,]|$)")
_SECONDS = 120  # for a few pages, which take five on a machine that is not busy
_INSTALL = "apt-get install -y tesseract-ocr tesseract-ocr-vie"


@dataclass(frozen=True, slots=True)
class Word:
    """A word as recognised, its box in pixels of the piece it was read from, and how sure the reader is (0..1).

    `line` tells the words of one line of text from those of another; `stroke` is the mean width of its strokes.
    """

    text: str
    x0: int
    top: int
    x1: int
    bottom: int
    confidence: float
    line: int
    stroke: float = 0.0


def is_number(text: str) -> bool:
    """Whether a word holds digits or is a Roman numeral. Forms: "30/6/2023", "24/QĐ-UBND", "III.", "IV/2024"."""
    return _NUMBER.search(text) is not None


def read_words(pieces: Sequence[Pixels], layout: int) -> list[list[Word]]:
    """Words of each piece of a page, in one run of the program.

    Args:
        layout: tesseract's page segmentation mode: 4 a column of text of several sizes, 6 one block, 7 one line.

    Raises:
        SourceError: DEPENDENCY_MISSING without the program or its Vietnamese data; TIMEOUT.
    """
    if not pieces:
        return []
    program = tesseract()
    with tempfile.TemporaryDirectory(prefix="kehoach-scan-") as folder:
        names = [f"{folder}/{number:04}.pgm" for number in range(len(pieces))]
        for name, piece in zip(names, pieces, strict=True):
            cv2.imwrite(name, piece)
        listing = Path(folder, "pieces.txt")
        listing.write_text("\n".join(names) + "\n", encoding="utf-8")
        command = [program, str(listing), f"{folder}/out", "-l", _LANGUAGE, "--psm", str(layout), "--dpi", str(DPI)]
        run([*command, "tsv"])
        return _parse(Path(folder, "out.tsv").read_text(encoding="utf-8"), len(pieces))


def run(command: Sequence[str]) -> str:
    try:
        done = subprocess.run(
            command, capture_output=True, check=True, timeout=_SECONDS, env=os.environ | {"OMP_THREAD_LIMIT": "1"}
        )
    except subprocess.TimeoutExpired as slow:
        message = "Nhận dạng chữ một trang quá lâu / recognising the text of one page took too long"
        raise SourceError(Reason.TIMEOUT, message) from slow
    return done.stdout.decode("utf-8", "replace")


@cache
def tesseract() -> str:
    """The path of the program.

    Raises:
        SourceError: DEPENDENCY_MISSING, with the command that installs what is missing.
    """
    program = shutil.which("tesseract")
    if program is None:
        raise _missing("chương trình tesseract", "the program tesseract")
    if _LANGUAGE not in run([program, "--list-langs"]).split():
        raise _missing("dữ liệu tiếng Việt của tesseract", "the Vietnamese data of tesseract")
    return program


def _missing(vietnamese: str, english: str) -> SourceError:
    return SourceError(
        Reason.DEPENDENCY_MISSING,
        f"Tệp là bản quét nhưng máy thiếu {vietnamese}; cài bằng lệnh: {_INSTALL}"
        f" / the file is a scan and {english} is missing; install it with: {_INSTALL}",
    )


def _parse(table: str, count: int) -> list[list[Word]]:
    """Tesseract's table: one row a page, block, paragraph, line and word (level 5)."""
    out: list[list[Word]] = [[] for _ in range(count)]
    lines: dict[tuple[str, ...], int] = {}
    for row in csv.reader(table.splitlines(), delimiter="\t", quoting=csv.QUOTE_NONE):
        if row[0] != "5" or not row[11].strip():
            continue
        left, top, width, height = map(int, row[6:10])
        out[int(row[1]) - 1].append(
            Word(
                text=unicodedata.normalize("NFC", row[11].strip()),
                x0=left,
                top=top,
                x1=left + width,
                bottom=top + height,
                confidence=max(0.0, float(row[10]) / 100),
                line=lines.setdefault(tuple(row[1:5]), len(lines)),
            )
        )
    return out
