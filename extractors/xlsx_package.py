"""The parts of an Excel package (SpreadsheetML, ECMA-376 part 1, 18): sheets with their cells as shown.

Read straight from the XML, one pass a sheet: openpyxl knows merged cells only in its slow mode and shows no number
as formatted. Formulas give the value that the file holds; nothing is computed, no link is followed.
"""

import io
import posixpath
import re
import zipfile
import zlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from typing import NamedTuple, TypeVar

from lxml import etree

from extractors.docx_package import check_size
from extractors.docx_xml import Element, parse_xml
from extractors.errors import Reason, SourceError
from extractors.xlsx_formats import BUILT_IN, GENERAL, is_date, shown, to_moment

MAX_PART = 60_000_000  # bytes of one sheet's XML: about 500,000 cells
MAX_CELLS = 500_000
_RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_STRICT_RELATION = "{http://purl.oclc.org/ooxml/officeDocument/relationships}id"
_CELL = re.compile(r"([A-Z]{1,3})(\d{1,7})")
_RANGE = re.compile(r"\$?([A-Z]{1,3})\$?(\d{1,7}):\$?([A-Z]{1,3})\$?(\d{1,7})")
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
_UNREADABLE = (KeyError, ValueError, IndexError, EOFError, zipfile.BadZipFile, zlib.error, etree.XMLSyntaxError)
_SIDES = ("left", "right", "top", "bottom")


@dataclass(frozen=True, slots=True)
class Style:
    """What a cell format says: how numbers are shown, how the cell looks."""

    code: str = GENERAL
    bold: bool = False
    centered: bool = False
    bordered: bool = False
    font: str | None = None


class SheetCell(NamedTuple):
    """A cell with a text or a border. `day` is its date where it holds one."""

    row: int
    column: int
    text: str
    style: Style
    bold: bool
    font: str | None
    day: datetime | None = None
    uncomputed: bool = False  # a formula without a stored value


class Area(NamedTuple):
    """Rows and columns from 0, ends included."""

    top: int
    left: int
    bottom: int
    right: int


@dataclass(frozen=True, slots=True)
class Drawn:
    """The text of a shape that floats over the cells, and the row where it begins."""

    row: int
    text: str


@dataclass(frozen=True, slots=True)
class Sheet:
    name: str
    cells: tuple[SheetCell, ...]
    merged: tuple[Area, ...] = ()
    tables: tuple[Area, ...] = ()  # "format as table"
    hidden: bool = False
    hidden_rows: frozenset[int] = frozenset()
    hidden_columns: tuple[tuple[int, int], ...] = ()
    drawn: tuple["Drawn", ...] = ()


class _Text(NamedTuple):
    text: str
    bold: bool | None = None  # None: as the cell
    font: str | None = None


@dataclass(frozen=True, slots=True)
class _Book:
    archive: zipfile.ZipFile
    styles: tuple[Style, ...]
    strings: tuple[_Text, ...]
    from_1904: bool


def open_workbook(data: bytes) -> tuple[Sheet, ...]:
    """All worksheets in their order.

    Raises:
        SourceError: damaged, encrypted or too large.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            check_size(archive)
            return tuple(_sheets(archive))
    except (*_UNREADABLE, OSError, OverflowError, NotImplementedError) as error:
        message = "Tệp Excel bị hỏng, không mở được / the Excel file is damaged and cannot be opened"
        raise SourceError(Reason.DAMAGED, message) from error
    except RuntimeError as error:  # zipfile's way to say that a member is encrypted
        message = "Tệp có mật khẩu, không mở được / the file is protected by a password"
        raise SourceError(Reason.ENCRYPTED, message) from error


def _sheets(archive: zipfile.ZipFile) -> Iterator[Sheet]:
    main = next(
        (name for kind, name in _relations(archive, "").values() if kind == "officeDocument"), "xl/workbook.xml"
    )
    workbook = _root(archive, main)
    relations = _relations(archive, main)
    named = dict(relations.values())
    properties = workbook.find("{*}workbookPr")
    book = _Book(
        archive,
        _styles(_root(archive, named["styles"])) if "styles" in named else (),
        _strings(_root(archive, named["sharedStrings"])) if "sharedStrings" in named else (),
        properties is not None and properties.get("date1904") in ("1", "true"),
    )
    for entry in workbook.iterfind("{*}sheets/{*}sheet"):
        rid = entry.get(_RELATION) or entry.get(_STRICT_RELATION) or ""
        kind, name = relations[rid]
        if kind == "worksheet":
            yield _sheet(book, entry, name)


def _root(archive: zipfile.ZipFile, name: str) -> Element:
    blob = archive.read(name)
    if len(blob) > MAX_PART:
        raise _too_large(f"{len(blob) >> 20} MB")
    return parse_xml(blob)


def _too_large(size: str) -> SourceError:
    message = f"Bảng tính quá lớn ({size}) nên không đọc / the workbook is too large ({size}) and is not read"
    return SourceError(Reason.TOO_LARGE, message)


def _relations(archive: zipfile.ZipFile, part: str) -> Mapping[str, tuple[str, str]]:
    """Kind and part name of each relation inside the package; "" is the package itself."""
    folder, _, base = part.rpartition("/")
    name = posixpath.join(folder, "_rels", f"{base}.rels")
    if name not in archive.namelist():
        return {}
    found = {}
    for node in _root(archive, name).iterchildren("{*}Relationship"):
        if node.get("TargetMode") != "External":
            target = posixpath.normpath(posixpath.join("/", folder, node.get("Target", "")))
            found[node.get("Id", "")] = (node.get("Type", "").rsplit("/", 1)[-1], target.lstrip("/"))
    return found


# -- styles and strings ---------------------------------------------------------------------------------------------


def _styles(root: Element) -> tuple[Style, ...]:
    codes = BUILT_IN | {
        int(node.get("numFmtId", 0)): node.get("formatCode", GENERAL) for node in root.iterfind("{*}numFmts/{*}numFmt")
    }
    fonts = [(_is_on(font.find("{*}b")), _name(font.find("{*}name"))) for font in root.iterfind("{*}fonts/{*}font")]
    borders = [_has_border(node) for node in root.iterfind("{*}borders/{*}border")]
    styles = []
    for form in root.iterfind("{*}cellXfs/{*}xf"):
        bold, font = _at(fonts, form.get("fontId"), (False, None))
        alignment = form.find("{*}alignment")
        horizontal = alignment.get("horizontal", "") if alignment is not None else ""
        styles.append(
            Style(
                codes.get(int(form.get("numFmtId", 0)), GENERAL),
                bold,
                horizontal in ("center", "centerContinuous"),
                _at(borders, form.get("borderId"), False),
                font,
            )
        )
    return tuple(styles)


_T = TypeVar("_T")


def _at(items: Sequence[_T], number: str | None, otherwise: _T) -> _T:
    index = int(number or 0)
    return items[index] if 0 <= index < len(items) else otherwise


def _is_on(node: Element | None) -> bool:
    return node is not None and node.get("val") not in ("0", "false")


def _name(node: Element | None) -> str | None:
    return node.get("val") if node is not None else None


def _has_border(node: Element) -> bool:
    sides = [side for name in _SIDES for side in node.iterchildren(f"{{*}}{name}")]
    return sum(side.get("style") not in (None, "none") for side in sides) >= 2


def _strings(root: Element) -> tuple[_Text, ...]:
    return tuple(_rich(node) for node in root.iterchildren("{*}si"))


def _rich(node: Element) -> _Text:
    """Text of a string; phonetic guides are not part of it."""
    plain = "".join(leaf.text or "" for leaf in node.iterchildren("{*}t"))
    texts, bold, fonts = [plain], [], []
    for run in node.iterchildren("{*}r"):
        text = "".join(leaf.text or "" for leaf in run.iterchildren("{*}t"))
        texts.append(text)
        if text.strip():
            bold.append(_is_on(run.find("{*}rPr/{*}b")))
            fonts.append(_name(run.find("{*}rPr/{*}rFont")))
    return _Text(_unescaped("".join(texts)), all(bold) if bold else None, fonts[0] if fonts else None)


def _unescaped(text: str) -> str:
    """Characters that XML cannot hold. Forms: "_x000D_" -> carriage return."""
    return _ESCAPED.sub(lambda found: chr(int(found[1], 16)), text) if "_x" in text else text


# -- sheets ---------------------------------------------------------------------------------------------------------


@dataclass(slots=True)
class _Seen:
    """What is noted while the rows of one sheet are read."""

    cells: list[SheetCell] = field(default_factory=list)
    hidden_rows: set[int] = field(default_factory=set)


def _sheet(book: _Book, entry: Element, name: str) -> Sheet:
    root = _root(book.archive, name)
    seen = _Seen()
    _read_rows(book, root, seen)
    merged = [area for node in root.iterfind("{*}mergeCells/{*}mergeCell") if (area := _area(node.get("ref", "")))]
    columns = [
        (int(node.get("min", 1)) - 1, int(node.get("max", 1)) - 1)
        for node in root.iterfind("{*}cols/{*}col")
        if node.get("hidden") in ("1", "true")
    ]
    tables: list[Area] = []
    drawn: list[Drawn] = []
    for kind, part in _relations(book.archive, name).values():
        if kind == "table" and (area := _area(_root(book.archive, part).get("ref", ""))):
            tables.append(area)
        elif kind == "drawing":
            drawn += _drawn(_root(book.archive, part))
    return Sheet(
        entry.get("name", ""),
        tuple(seen.cells),
        tuple(merged),
        tuple(tables),
        entry.get("state", "visible") != "visible",
        frozenset(seen.hidden_rows),
        tuple(columns),
        tuple(drawn),
    )


def _read_rows(book: _Book, root: Element, seen: _Seen) -> None:
    row = -1
    for line in root.iterfind("{*}sheetData/{*}row"):
        row = int(line.get("r", row + 2)) - 1
        if line.get("hidden") in ("1", "true"):
            seen.hidden_rows.add(row)
        column = -1
        for node in line.iterchildren("{*}c"):
            place = _CELL.fullmatch(node.get("r", ""))
            column = column_number(place[1]) if place else column + 1
            cell = _cell(book, node, row, column)
            if cell.text or cell.style.bordered or cell.uncomputed:
                seen.cells.append(cell)
        if len(seen.cells) > MAX_CELLS:
            raise _too_large(f"hơn/over {MAX_CELLS:,}")


@lru_cache(maxsize=1024)
def column_number(letters: str) -> int:
    """Forms: "A" -> 0, "AA" -> 26."""
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number - 1


def column_letters(number: int) -> str:
    """Forms: 0 -> "A", 26 -> "AA"."""
    letters = ""
    number += 1
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def _area(written: str) -> Area | None:
    found = _RANGE.fullmatch(written)
    if not found:
        return None
    return Area(int(found[2]) - 1, column_number(found[1]), int(found[4]) - 1, column_number(found[3]))


def _cell(book: _Book, node: Element, row: int, column: int) -> SheetCell:
    style = _at(book.styles, node.get("s"), _PLAIN)
    string, day = _value(book, node, style) if len(node) else (_NOTHING, None)
    uncomputed = not string.text and node.find("{*}f") is not None and node.find("{*}v") is None
    bold = style.bold if string.bold is None else string.bold
    return SheetCell(row, column, string.text, style, bold, string.font or style.font, day, uncomputed)


_PLAIN, _NOTHING = Style(), _Text("")


def _value(book: _Book, node: Element, style: Style) -> tuple[_Text, datetime | None]:
    kind = node.get("t", "n")
    value = node.findtext("{*}v") or "" if kind != "inlineStr" else ""
    if kind == "inlineStr":
        inline = node.find("{*}is")
        return (_rich(inline) if inline is not None else _NOTHING), None
    if not value.strip():
        return _NOTHING, None
    if kind == "s":
        return book.strings[int(value)], None
    if kind == "n":
        return _number(float(value), style, from_1904=book.from_1904)
    if kind == "d":
        day = datetime.fromisoformat(value)
        return _Text(day.strftime("%d/%m/%Y")), day
    return _Text({"1": "TRUE", "0": "FALSE"}.get(value, value) if kind == "b" else _unescaped(value)), None


def _number(value: float, style: Style, *, from_1904: bool) -> tuple[_Text, datetime | None]:
    text = _Text(shown(value, style.code, from_1904=from_1904))
    return text, to_moment(value, from_1904=from_1904) if is_date(style.code) else None


def _drawn(root: Element) -> Iterator[Drawn]:
    """Text of each shape, a line a paragraph."""
    for anchor in root:
        row = int(anchor.findtext("{*}from/{*}row") or 0)
        for body in anchor.iter("{*}txBody"):
            lines = ["".join(leaf.text or "" for leaf in p.iter("{*}t")) for p in body.iterchildren("{*}p")]
            if text := "\n".join(line for line in lines if line.strip()):
                yield Drawn(row, text)
