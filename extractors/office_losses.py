"""What LibreOffice lost on the way: texts of an old file, read in a second and simpler way, against what it made.

Old formats have no checksums. A flipped bit in a table's properties makes LibreOffice drop cells, or set them as
running text, without a word. Only letters and digits of ASCII are compared: they are the same in every code page, and
enough of each Vietnamese word to tell one text from another.
"""

import io
import re
import struct
import zipfile
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from lxml import etree

from extractors.ole import open_compound
from extractors.rtf import running_text
from extractors.word97 import main_text

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_FIELD_MARK = re.compile("[\x13-\x15]")
_DEEPEST = 20  # fields in fields
_ENOUGH = 1000  # missing texts: each is searched for in the whole file
_ENDS = re.compile("[\r\x07\x0c]")
_LETTERS = re.compile(r"[^0-9A-Za-z]+")
_CELL = "\x07"
_SHOWN = 300
_FOLLOWED = 6_000_000  # bytes: below, all sectors of a sound compound file can be followed (extractors.ole)


@dataclass(frozen=True, slots=True)
class Losses:
    """How many texts did not arrive, and the first of them that people can read."""

    count: int
    first: str


def losses(name: str, data: bytes, made: bytes) -> Losses | None:
    """What of the original is not in the file that LibreOffice made; None where all is, or nothing can be told."""
    find = _FINDERS.get(name)
    missing = find(data, made) if find else []
    if not missing:
        return None
    return Losses(len(missing), next((text for text in missing if text.isprintable()), "")[:_SHOWN])


def _of_doc(data: bytes, made: bytes) -> list[str]:
    text = main_text(data)
    if text is None:
        return [""] if len(data) < _FOLLOWED else []
    return _of_word(text, made)


def _of_rtf(data: bytes, made: bytes) -> list[str]:
    text = running_text(data)
    return _of_word(text, made) if text is not None else []


def _of_word(text: str, made: bytes) -> list[str]:
    """Paragraphs that are nowhere, and last paragraphs of cells that are in no cell."""
    paragraphs, in_cells = _converted(made)
    whole, cells = "".join(paragraphs), Counter(in_cells)
    missing, at = [], 0
    for written, is_cell in _segments(text):
        key = _LETTERS.sub("", written)
        if not key:
            continue
        if is_cell:
            cells[key] -= 1
        found = whole.find(key, at)
        at = found + len(key) if found >= 0 else at
        if (found < 0 and key not in whole) or (is_cell and cells[key] < 0):
            missing.append(written.strip())
        if len(missing) == _ENOUGH:
            break
    return missing


def _segments(text: str) -> Iterator[tuple[str, bool]]:
    """Paragraphs, and whether a cell ends with them."""
    text = _without_field_codes(text)
    start = 0
    for end in _ENDS.finditer(text):
        yield text[start : end.start()], end[0] == _CELL
        start = end.end()
    yield text[start:], False


def _without_field_codes(text: str) -> str:
    """What fields show stays, their instructions go (MS-DOC 2.8.25: 13h instruction 14h what is shown 15h)."""
    out: list[str] = []
    fields: list[bool] = []  # of each open field: whether its instruction is still being read
    start = 0
    for mark in _FIELD_MARK.finditer(text):
        if not any(fields[-_DEEPEST:]):
            out.append(text[start : mark.start()])
        start = mark.end()
        if mark[0] == "\x13":
            fields.append(True)
        elif fields and mark[0] == "\x14":
            fields[-1] = False
        elif fields:
            fields.pop()
    return "".join(out) + text[start:]


def _converted(docx: bytes) -> tuple[list[str], list[str]]:
    """Letters of all paragraphs of the body, and of those in cells; text boxes and fallbacks left out."""
    with zipfile.ZipFile(io.BytesIO(docx)) as package, package.open("word/document.xml") as part:
        root = etree.parse(part, etree.XMLParser(huge_tree=True, resolve_entities=False, no_network=True)).getroot()
    paragraphs, in_cells = [], []
    for paragraph in root.iter(f"{_W}p"):
        texts = (leaf.text or "" for leaf in paragraph.iter(f"{_W}t", f"{_W}delText") if _owner(leaf) is paragraph)
        key = _LETTERS.sub("", "".join(texts))
        paragraphs.append(key)
        if next(paragraph.iterancestors(f"{_W}tc"), None) is not None:
            in_cells.append(key)
    return paragraphs, in_cells


def _owner(leaf: etree._Element) -> etree._Element | None:
    return next(leaf.iterancestors(f"{_W}p"), None)


# -- sheets ---------------------------------------------------------------------------------------------------------

_BOUND_SHEET, _EOF = 0x0085, 0x000A  # MS-XLS 2.4.28 (its first field: where the sheet begins in the stream), 2.4.103
# Records of one cell with a value: LABELSST, LABEL, RSTRING, NUMBER, RK, FORMULA, BOOLERR; MULRK has several.
_ONE_CELL = frozenset({0x00FD, 0x0204, 0x00D6, 0x0203, 0x027E, 0x0006, 0x0205})
_SEVERAL = 0x00BD
_VALUE = re.compile(rb"<c [^>]*(?<!/)>(?:(?!</c>).)*?<(?:v|is)>", re.DOTALL)


def _of_sheets(data: bytes, made: bytes) -> list[str]:
    """A nameless text for each cell with a value that did not arrive, or for a sheet that breaks off."""
    file = open_compound(data)
    if file is None:
        return []
    try:
        content = file.read("Workbook" if "Workbook" in file.entries else "Book")
        sheets = [struct.unpack_from("<I", body)[0] for kind, body in _records(content, 0) if kind == _BOUND_SHEET]
        written = sum(_values(kind, body) for at in sheets for kind, body in _records(content, at))
    except (KeyError, ValueError, IndexError, struct.error):
        return [""]
    return [""] * (written - _values_read(made))


def _records(content: bytes, at: int) -> Iterator[tuple[int, bytes]]:
    """Kind and content of each record up to the end of its part (globals or a sheet).

    Raises:
        ValueError: it breaks off.
    """
    while at + 4 <= len(content):
        kind, size = struct.unpack_from("<HH", content, at)
        if kind == _EOF:
            return
        if kind == 0 or at + 4 + size > len(content):
            break
        yield kind, content[at + 4 : at + 4 + size]
        at += 4 + size
    raise ValueError("no end of the sheet")


def _values(kind: int, body: bytes) -> int:
    return (len(body) - 6) // 6 if kind == _SEVERAL else kind in _ONE_CELL


def _values_read(xlsx: bytes) -> int:
    with zipfile.ZipFile(io.BytesIO(xlsx)) as package:
        sheets = [name for name in package.namelist() if name.startswith("xl/worksheets/sheet")]
        return sum(len(_VALUE.findall(package.read(name))) for name in sheets)


_FINDERS: Mapping[str, Callable[[bytes, bytes], list[str]]] = {
    "doc": _of_doc,
    "rtf": _of_rtf,
    "xls": _of_sheets,
}
