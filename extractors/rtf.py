"""The running text of an RTF file with the marks that end paragraphs and cells; formatting is left to LibreOffice."""

import re
from collections.abc import Iterator

PARAGRAPH, CELL = "\r", "\x07"  # as in Word's own files
_TOKEN = re.compile(
    rb"\\'([0-9a-fA-F]{2})|\\([a-zA-Z]+)(-?\d{1,9})? ?|\\([^a-zA-Z])|([{}])|([^\\{}\r\n\x00]+)|[\r\n\x00]+"
)
_MARKS = {b"par": PARAGRAPH, b"sect": PARAGRAPH, b"page": PARAGRAPH, b"cell": CELL, b"nestcell": CELL}
_SPACES = frozenset({b"tab", b"line", b"emspace", b"enspace"})
# Groups that hold no running text of the document ("\*" marks most others).
_APART = frozenset(
    {
        *(b"fonttbl", b"colortbl", b"stylesheet", b"listtable", b"info", b"pict", b"object", b"fldinst", b"datafield"),
        *(b"header", b"headerl", b"headerr", b"headerf", b"footer", b"footerl", b"footerr", b"footerf"),
        *(b"footnote", b"annotation", b"pntext", b"listtext", b"nonesttables", b"xe", b"tc", b"shp", b"do"),
    }
)


def running_text(data: bytes) -> str | None:
    r"""Characters of the body; None for files with raw bytes in them ("\bin"), which cannot be told from marks."""
    return None if b"\\bin" in data else "".join(_characters(data))


def _characters(data: bytes) -> Iterator[str]:
    stack: list[tuple[bool, int]] = []
    silent, fallback, skip = False, 1, 0  # fallback: characters behind a Unicode letter for programs that know none
    for token in _TOKEN.finditer(data):
        byte, word, number, sign, brace, plain = token.groups()
        if brace:
            skip = 0
            if brace == b"{":
                stack.append((silent, fallback))
            elif stack:
                silent, fallback = stack.pop()
        elif word:
            if word in _APART:
                silent = True
            elif word == b"uc" and number:
                fallback = int(number)
            elif word == b"u" and number and not silent:
                yield chr(int(number) % 0x10000)
                skip = fallback
            elif not silent:
                yield _MARKS.get(word, " " if word in _SPACES else "")
        elif sign == b"*":
            silent = True
        elif not silent:
            text = chr(int(byte, 16)) if byte else _plain(sign or plain or b"")
            yield text[skip:]
            skip = max(0, skip - len(text))


def _plain(text: bytes) -> str:
    return text.decode("cp1252", "replace")
