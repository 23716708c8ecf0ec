"""Words for the terminal: nothing that a document holds may act on the screen, and lines fit its width."""

import codecs
import os
import re
import sys
import unicodedata
from collections.abc import Iterable
from typing import TextIO

from rich.console import Console
from rich.text import Text

# C0 and C1 controls (escape sequences begin there), and marks that turn the direction of writing.
_ACTING = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]")
_WIDTH_OF_A_FILE = 120

UNACCENTED = "kehoach.unaccented"  # how streams treat letters that their encoding lacks
_PLAIN = str.maketrans(
    {"đ": "d", "Đ": "D", "→": "->", "–": "-", "—": "-", "…": "...", "·": "-", "“": '"', "”": '"', "›": ">"}
)

SEVERITY_WORDS = {"error": "lỗi", "warning": "cảnh báo", "info": "thông tin"}
SEVERITY_STYLES = {"error": "bold red", "warning": "yellow", "info": "dim"}


def printable(text: str) -> str:
    """The text without characters that act on a terminal; tabs become spaces, line breaks stay.

    Forms: "Kế\\x1b[2Jhoạch" -> "Kế[2Jhoạch".
    """
    return _ACTING.sub("", text.replace("\t", " "))


def one_line(text: str) -> str:
    """As `printable`, on one line: for file names, which may hold anything but "/"."""
    return printable(text).replace("\n", "⏎")


def escaped_json(text: str) -> str:
    """JSON in which no character acts on a terminal: those stand as \\uNNNN, which means the same."""
    return re.sub(_ACTING, lambda m: f"\\u{ord(m[0]):04x}", text)


def styled(text: str, style: str = "") -> Text:
    """A piece of document text that rich shows as it is: no markup is read in it."""
    return Text(printable(text), style=style)


def console(stream: TextIO | None = None) -> Console:
    """The terminal as wide as it is; into a file or pipe 120 columns (or COLUMNS), without colours."""
    stream = stream or sys.stdout
    fixed = None if stream.isatty() or "COLUMNS" in os.environ else _WIDTH_OF_A_FILE
    return Console(file=stream, width=fixed, highlight=False, emoji=False, markup=False)


def _without_accents(fault: UnicodeError) -> tuple[str, int]:
    """What a terminal without our letters shows in their place: "Ke hoach" is read, "K? ho?ch" is not."""
    if not isinstance(fault, UnicodeEncodeError):
        raise fault
    kept = fault.object[fault.start : fault.end].translate(_PLAIN)
    letters = (c for c in unicodedata.normalize("NFD", kept) if not unicodedata.combining(c))
    return "".join(c if c.isascii() else "?" for c in letters), fault.end


codecs.register_error(UNACCENTED, _without_accents)


def vietnamese(message: str) -> str:
    """The Vietnamese half of a message "… / …", for the screen of an officer."""
    return message.split(" / ", 1)[0]


def number(count: int) -> str:
    """As offices write numbers: 1.234."""
    return f"{count:,}".replace(",", ".")


def listing(parts: Iterable[str]) -> str:
    return " · ".join(part for part in parts if part)
