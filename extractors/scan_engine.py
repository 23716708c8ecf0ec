"""The program that `scan_words` runs: tesseract's library in a process of its own, which lives as long as its parent.

Apart, since a library that hangs or crashes takes its process with it; alive, since loading the language takes as
long as a tenth of a page. It is started by its file and imports nothing of ours.

    python scan_engine.py LIBRARY LANGUAGE DPI

It writes `READY` or ends. Then it reads pictures (`HEAD`: page segmentation mode, width, height; the grey pixels) and
answers each with tesseract's table (`LENGTH`; UTF-8), until its input ends.
"""

import ctypes
import resource
import struct
import sys
from typing import BinaryIO

READY = b"ready\n"
HEAD = struct.Struct("<III")
LENGTH = struct.Struct("<I")


class Engine:
    """Tesseract's C interface (capi.h), as far as it is needed."""

    def __init__(self, library: str, language: str, dpi: int) -> None:
        self._library = ctypes.CDLL(library)
        self._dpi = dpi
        self._declare("Create", ctypes.c_void_p)
        self._declare("Init3", ctypes.c_int, ctypes.c_char_p, ctypes.c_char_p)
        self._declare("SetPageSegMode", None, ctypes.c_int)
        self._declare("SetImage", None, ctypes.c_char_p, *[ctypes.c_int] * 4)
        self._declare("SetSourceResolution", None, ctypes.c_int)
        self._declare("GetTsvText", ctypes.c_void_p, ctypes.c_int)
        self._library.TessDeleteText.argtypes = [ctypes.c_void_p]
        self._library.TessBaseAPICreate.argtypes = []
        self._handle = self._library.TessBaseAPICreate()
        if self._library.TessBaseAPIInit3(self._handle, None, language.encode()):
            raise OSError(f"no language {language}")

    def _declare(self, name: str, result: object, *arguments: object) -> None:
        function = getattr(self._library, f"TessBaseAPI{name}")
        function.restype, function.argtypes = result, [ctypes.c_void_p, *arguments]

    def read(self, mode: int, width: int, height: int, pixels: bytes) -> bytes:
        """The table of a grey picture's words."""
        self._library.TessBaseAPISetPageSegMode(self._handle, mode)
        self._library.TessBaseAPISetImage(self._handle, pixels, width, height, 1, width)
        self._library.TessBaseAPISetSourceResolution(self._handle, self._dpi)
        text = self._library.TessBaseAPIGetTsvText(self._handle, 0)
        try:
            return ctypes.string_at(text) if text else b""
        finally:
            self._library.TessDeleteText(text)


def serve(engine: Engine, pictures: BinaryIO, tables: BinaryIO) -> None:
    while head := pictures.read(HEAD.size):
        mode, width, height = HEAD.unpack(head)
        table = engine.read(mode, width, height, pictures.read(width * height))
        tables.write(LENGTH.pack(len(table)) + table)
        tables.flush()


def main() -> None:
    hard = resource.getrlimit(resource.RLIMIT_CPU)[1]
    resource.setrlimit(resource.RLIMIT_CPU, (hard, hard))  # its parent's limit is for one file, this reads many
    engine = Engine(sys.argv[1], sys.argv[2], int(sys.argv[3]))
    sys.stdout.buffer.write(READY)
    sys.stdout.buffer.flush()
    serve(engine, sys.stdin.buffer, sys.stdout.buffer)


if __name__ == "__main__":
    main()
