"""Letters of a scanned page, read by tesseract in a process of its own: words with boxes and confidences.

With one thread a process: kehoach runs one process a core, and tesseract's own threads only wait for each other
(gh:tesseract-ocr/tesseract#3109).
"""

import csv
import os
import re
import shutil
import socket
import subprocess
import sys
import time
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache
from itertools import count

from extractors import scan_engine
from extractors.errors import Reason, SourceError
from extractors.scan_page import DPI
from extractors.scan_pose import Pixels

_LANGUAGE = "vie"
_LIBRARY = "libtesseract.so.5"  # as the packages of all Linux systems have it since 2021
_SECONDS = 60  # for the pieces of a page, which take one on a machine that is not busy
_NUMBER = re.compile(r"\d|^\W*[IVXH]+(?:[/.):,]|$)")
INSTALL = "apt-get install -y tesseract-ocr tesseract-ocr-vie"


@dataclass(frozen=True, slots=True)
class Word:
    """A word as recognised, its box in pixels of the piece it was read from, and how sure the reader is (0..1).

    `line` tells the words of one line of text from those of another; `stroke` is the mean width of its strokes;
    `shapes` and `rival` are those of `scan_shapes`.
    """

    text: str
    x0: int
    top: int
    x1: int
    bottom: int
    confidence: float
    line: int
    stroke: float = 0.0
    shapes: bytes = field(default=b"", repr=False, compare=False)  # of each of its characters
    rival: str = ""  # what a second opinion reads there


def is_number(text: str) -> bool:
    """Whether a word holds digits or is a Roman numeral. Forms: "30/6/2023", "24/QĐ-UBND", "III.", "IV/2024"."""
    return _NUMBER.search(text) is not None


def read_words(pieces: Sequence[Pixels], layout: int) -> list[list[Word]]:
    """Words of each piece of a page.

    Args:
        layout: tesseract's page segmentation mode: 4 a column of text of several sizes, 6 one block, 7 one line.

    Raises:
        SourceError: DEPENDENCY_MISSING without tesseract or its Vietnamese data; TIMEOUT; CRASHED where tesseract
            ends on these pieces again and again.
    """
    until = time.monotonic() + _SECONDS
    lines = count()
    return [_parse(_ENGINE.read(piece, layout, until), lines) for piece in pieces]


@dataclass(frozen=True, slots=True)
class _Running:
    """Tesseract in its process (`scan_engine`) and the line to it; the process ends when the line does."""

    process: subprocess.Popen[bytes]
    line: socket.socket

    @classmethod
    def start(cls) -> "_Running":
        tesseract()
        line, theirs = socket.socketpair()
        with theirs:
            process = subprocess.Popen(
                [sys.executable, "-I", "-S", scan_engine.__file__, _LIBRARY, _LANGUAGE, str(DPI)],
                stdin=theirs.fileno(),
                stdout=theirs.fileno(),
                stderr=subprocess.DEVNULL,
                env=os.environ | {"OMP_THREAD_LIMIT": "1"},
            )
        return cls(process, line)

    def send(self, data: bytes, until: float) -> None:
        self.line.settimeout(max(0.001, until - time.monotonic()))
        self.line.sendall(data)

    def receive(self, length: int, until: float) -> bytes:
        """Raises EOFError where the process ends, TimeoutError where it does not answer."""
        said = bytearray()
        while len(said) < length:
            self.line.settimeout(max(0.001, until - time.monotonic()))
            more = self.line.recv(length - len(said))
            if not more:
                raise EOFError
            said += more
        return bytes(said)

    def end(self) -> None:
        self.line.close()
        self.process.kill()
        self.process.wait()


class _Engine:
    """Starts tesseract when it is first needed, and anew where it ended."""

    def __init__(self) -> None:
        self._running: _Running | None = None

    def read(self, piece: Pixels, layout: int, until: float) -> str:
        """Tesseract's table for a piece; where it crashes it is asked once more."""
        for _ in range(2):
            try:
                running = self._running or self._start(until)
                return _ask(running, piece, layout, until)
            except TimeoutError as slow:
                self._end()
                message = "Nhận dạng chữ một trang quá lâu / recognising the text of one page took too long"
                raise SourceError(Reason.TIMEOUT, message) from slow
            except (EOFError, ConnectionError):
                self._end()
        message = "Chương trình nhận dạng chữ dừng đột ngột / the program that recognises text ended suddenly"
        raise SourceError(Reason.CRASHED, message)

    def _start(self, until: float) -> _Running:
        self._running = running = _Running.start()
        try:
            running.receive(len(scan_engine.READY), until)
        except EOFError as ended:
            self._end()
            raise _missing("thư viện libtesseract 5", "the library libtesseract 5") from ended
        return running

    def _end(self) -> None:
        running, self._running = self._running, None
        if running is not None:
            running.end()


def _ask(running: _Running, piece: Pixels, layout: int, until: float) -> str:
    height, width = piece.shape
    running.send(scan_engine.HEAD.pack(layout, width, height) + piece.tobytes(), until)
    (length,) = scan_engine.LENGTH.unpack(running.receive(scan_engine.LENGTH.size, until))
    return running.receive(length, until).decode("utf-8", "replace")


_ENGINE = _Engine()


@cache
def tesseract() -> str:
    """The path of the program.

    Raises:
        SourceError: DEPENDENCY_MISSING, with the command that installs what is missing.
    """
    program = shutil.which("tesseract")
    if program is None:
        raise _missing("chương trình tesseract", "the program tesseract")
    languages = subprocess.run([program, "--list-langs"], capture_output=True, text=True, check=False).stdout
    if _LANGUAGE not in languages.split():
        raise _missing("dữ liệu tiếng Việt của tesseract", "the Vietnamese data of tesseract")
    return program


def _missing(vietnamese: str, english: str) -> SourceError:
    return SourceError(
        Reason.DEPENDENCY_MISSING,
        f"Tệp là bản quét nhưng máy thiếu {vietnamese}; cài bằng lệnh: {INSTALL}"
        f" / the file is a scan and {english} is missing; install it with: {INSTALL}",
    )


def _parse(table: str, numbers: Iterator[int]) -> list[Word]:
    """Tesseract's table: one row a page, block, paragraph, line and word (level 5); each line takes a number."""
    out: list[Word] = []
    lines: dict[tuple[str, ...], int] = {}
    for row in csv.reader(table.splitlines(), delimiter="\t", quoting=csv.QUOTE_NONE):
        if row[0] != "5" or not row[11].strip():
            continue
        place = tuple(row[2:5])
        if place not in lines:
            lines[place] = next(numbers)
        left, top, width, height = map(int, row[6:10])
        out.append(
            Word(
                text=unicodedata.normalize("NFC", row[11].strip()).replace("\u2044", "/"),  # no plan prints ⁄
                x0=left,
                top=top,
                x1=left + width,
                bottom=top + height,
                confidence=max(0.0, float(row[10]) / 100),
                line=lines[place],
            )
        )
    return out
