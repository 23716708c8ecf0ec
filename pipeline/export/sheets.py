"""Tables for people who open them in Excel: workbooks and CSV files in which no text of a document can act.

A cell that begins with "=", "+", "-" or "@" is a formula to a spreadsheet, and Vietnamese cells often begin with "- ".
In a workbook every text is written as text, so it stays as it stands on paper. CSV has no types: there such a cell gets
an apostrophe in front (OWASP, "CSV Injection"). Control characters and marks that turn the direction of writing are
left out of both.
"""

import csv
import json
import math
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import chain, islice
from pathlib import Path
from typing import IO, Any
from zoneinfo import ZoneInfo

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

LONGEST_CELL = 32_767  # of Excel, in UTF-16 units (Microsoft, "Excel specifications and limits")
MOST_ROWS = 1_048_576  # of a sheet, the heading included
_HIGHEST = 409.0  # points, of a row of Excel
_HANOI = ZoneInfo("Asia/Ho_Chi_Minh")
# Controls but tab and line break, direction marks and overrides, line and paragraph separators, no-characters.
_ACTING = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufffe\uffff]")
# Full-width forms count too: a spreadsheet with an East Asian input reads them as the plain ones.
_FORMULA = re.compile(r"\s*[=+\-@|%＝＋－＠]|[\t\r\n]")
_SHADES = {"error": "#F8D7DA", "warning": "#FFF3CD", "info": "#EEF1F4"}
_A4, _A3 = 9, 8
_WIDE = 200  # characters abreast that would be too small to read on A4
_FORBIDDEN_IN_NAMES = re.compile(r"[\[\]:*?/\\]")


@dataclass(frozen=True, slots=True)
class SheetColumn:
    """A column: its heading, its width in characters, and whether it is folded away (as are columns without any value).

    `words` says what stands for a code ("error" -> "lỗi").
    """

    heading: str
    width: int = 14
    hidden: bool = False
    words: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Sheet:
    """A table: rows of str, int, float, bool, date, datetime or None; lists become lines of one cell.

    `shade_by` is the column that holds error, warning or info and colours its row; `fixed` columns at the left stay
    in sight.
    """

    name: str
    columns: Sequence[SheetColumn]
    rows: Iterable[Sequence[Any]]
    shade_by: int | None = None
    fixed: int = 0


@dataclass(frozen=True, slots=True)
class SheetReport:
    """What became of a sheet: its rows, the sheets they fill, the cells that were too long and had to be cut."""

    name: str
    rows: int
    parts: int
    cut_cells: int


def harmless(text: str) -> str:
    """The text without characters that act: controls and marks that turn the direction of writing.

    Forms: "Kế\\u202ehoạch\\x07" -> "Kếhoạch".
    """
    return _ACTING.sub("", text)


def neutralised(text: str) -> str:
    """A CSV cell that no spreadsheet takes for a formula.

    Forms: "=1+1" -> "'=1+1"; "- Rà soát" -> "'- Rà soát"; "Quý I" -> "Quý I".
    """
    text = harmless(text)
    return "'" + text if _FORMULA.match(text) else text


def cell_text(value: Any) -> str:
    """A value as one piece of text: lists as lines, days as 31/12/2025, true as "x" as in a form."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "x" if value else ""
    if isinstance(value, datetime):
        return f"{_local(value):%d/%m/%Y %H:%M}"
    if isinstance(value, date):
        return f"{value:%d/%m/%Y}"
    if isinstance(value, list | tuple):
        return "\n".join(map(cell_text, value))
    if isinstance(value, dict):
        return "; ".join(f"{name}: {cell_text(part)}" for name, part in value.items())
    return str(value)


def write_csv(stream: IO[str], headings: Sequence[str], rows: Iterable[Sequence[Any]]) -> int:
    """Writes a CSV table, every cell quoted and neutralised; gives the number of rows.

    Days are written 2025-12-31, which every program reads. Open the stream with encoding "utf-8-sig" (Excel needs the
    mark to see UTF-8) and newline "".
    """
    writer = csv.writer(stream, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    writer.writerow(map(neutralised, headings))
    count = 0
    for row in rows:
        writer.writerow(map(_csv_cell, row))
        count += 1
    return count


def write_plain_csv(stream: IO[str], headings: Sequence[str], rows: Iterable[Sequence[Any]]) -> int:
    """CSV for programs: every text as it is stored, lists as JSON; never for a spreadsheet."""
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(headings)
    count = 0
    for row in rows:
        writer.writerow(map(_plain_cell, row))
        count += 1
    return count


def _plain_cell(value: Any) -> Any:
    if isinstance(value, list | dict):
        return json.dumps(value, default=str, ensure_ascii=False)
    return _csv_cell(value) if isinstance(value, bool | date) else value


def _csv_cell(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, date):
        return value.isoformat()
    return str(value) if isinstance(value, int | float) else neutralised(cell_text(value))


def write_workbook(target: Path | IO[bytes], sheets: Iterable[Sheet]) -> tuple[SheetReport, ...]:
    """Writes a workbook: frozen heading, filters, real dates, wrapped text, one sheet a table.

    Rows beyond the limit of a sheet go on in a further sheet; a cell beyond the limit of a cell is cut, and a column
    at the end, shown only then, says so. Memory stays flat however many rows there are.
    """
    options = {
        "constant_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
        "default_date_format": "dd/mm/yyyy",
    }
    with xlsxwriter.Workbook(str(target) if isinstance(target, Path) else target, options) as book:
        styles = _Styles(book)
        return tuple(_write_sheet(book, styles, sheet) for sheet in sheets)


def _write_sheet(book: Workbook, styles: "_Styles", sheet: Sheet) -> SheetReport:
    rows = iter(sheet.rows)
    written = cuts = parts = 0
    while (first := next(rows, None)) is not None or not parts:
        parts += 1
        part = islice(chain([] if first is None else [first], rows), MOST_ROWS - 1)
        page = _Page(book.add_worksheet(_sheet_name(sheet.name, parts)), styles, sheet)
        page.write(part)
        written, cuts = written + page.rows, cuts + page.cuts
    return SheetReport(sheet.name, written, parts, cuts)


def _sheet_name(name: str, part: int) -> str:
    """At most 31 characters, none of []:*?/\\ (Excel's rules)."""
    tail = f" ({part})" if part > 1 else ""
    return _FORBIDDEN_IN_NAMES.sub("-", harmless(name))[: 31 - len(tail)].strip("'") + tail


class _Styles:
    """The formats of a workbook, each made once."""

    def __init__(self, book: Workbook) -> None:
        self._book = book
        self._made: dict[tuple[str, str | None], Format] = {}

    def heading(self) -> Format:
        looks = {"bold": True, "text_wrap": True, "valign": "vcenter", "bg_color": "#1F4E79", "font_color": "#FFFFFF"}
        return self._format("heading", None, {**looks, "border": 1, "border_color": "#B8C4D0"})

    def cell(self, kind: str, shade: str | None) -> Format:
        looks: dict[str, Any] = {"valign": "top", "border": 1, "border_color": "#D9D9D9"}
        if kind == "date":
            looks |= {"num_format": "dd/mm/yyyy", "align": "center"}
        elif kind == "moment":
            looks |= {"num_format": "dd/mm/yyyy hh:mm", "align": "center"}
        elif kind == "number":
            looks |= {"align": "center"}  # counts and places, which else touch the words beside them
        else:
            looks |= {"text_wrap": True}
        if kind == "quoted":  # stays text also when someone edits the cell
            looks |= {"quote_prefix": True}
        if shade in _SHADES:
            looks |= {"bg_color": _SHADES[shade]}
        return self._format(kind, shade, looks)

    def _format(self, kind: str, shade: str | None, looks: dict[str, Any]) -> Format:
        key = (kind, shade)
        if key not in self._made:
            self._made[key] = self._book.add_format(looks)
        return self._made[key]


class _Page:
    """One sheet of the workbook while it is written, row by row."""

    def __init__(self, page: Worksheet, styles: _Styles, sheet: Sheet) -> None:
        self._page, self._styles, self._sheet = page, styles, sheet
        self._filled = [False] * len(sheet.columns)
        self.rows = self.cuts = 0

    def write(self, rows: Iterator[Sequence[Any]]) -> None:
        columns = self._sheet.columns
        headings = [*(column.heading for column in columns), "Ô bị cắt bớt / Cut cells"]
        self._page.set_row(0, max(20.0, _height(columns, headings[:-1])))
        for position, heading in enumerate(headings):
            self._page.write_string(0, position, harmless(heading), self._styles.heading())
        for row in rows:
            self.rows += 1
            self._row(self.rows, row)
        self._finish(len(columns))

    def _row(self, number: int, row: Sequence[Any]) -> None:
        shade = row[self._sheet.shade_by] if self._sheet.shade_by is not None else None
        self._page.set_row(number, _height(self._sheet.columns, row))
        cut = []
        for position, (column, value) in enumerate(zip(self._sheet.columns, row, strict=True)):
            if column.words and isinstance(value, str):
                value = column.words.get(value, value)
            self._filled[position] |= value not in (None, "", [], False)
            if not self._cell(number, position, value, shade):
                cut.append(column.heading)
        if cut:
            self.cuts += len(cut)
            self._page.write_string(number, len(row), harmless("; ".join(cut)), self._styles.cell("text", shade))

    def _cell(self, number: int, position: int, value: Any, shade: str | None) -> bool:
        """Writes one cell; False where its text had to be cut."""
        if isinstance(value, datetime):
            self._page.write_datetime(number, position, _local(value), self._styles.cell("moment", shade))
        elif isinstance(value, date) and value.year >= 1900:  # Excel knows no earlier days
            self._page.write_datetime(number, position, value, self._styles.cell("date", shade))
        elif isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value):
            self._page.write_number(number, position, value, self._styles.cell("number", shade))
        else:
            return self._text(number, position, harmless(cell_text(value)), shade)
        return True

    def _text(self, number: int, position: int, text: str, shade: str | None) -> bool:
        shown = _within_a_cell(text)
        if not shown:
            self._page.write_blank(number, position, None, self._styles.cell("text", shade))
        else:
            kind = "quoted" if _FORMULA.match(shown) else "text"
            self._page.write_string(number, position, shown, self._styles.cell(kind, shade))
        return shown == text

    def _finish(self, columns: int) -> None:
        page = self._page
        for position, column in enumerate(self._sheet.columns):
            empty = self.rows > 0 and not self._filled[position]
            page.set_column(position, position, column.width, None, {"hidden": column.hidden or empty})
        page.set_column(columns, columns, 24, None, {"hidden": not self.cuts})
        page.freeze_panes(1, self._sheet.fixed)
        if columns:
            page.autofilter(0, 0, self.rows, columns - 1 + bool(self.cuts))
        page.set_landscape()
        shown = sum(
            c.width for c, filled in zip(self._sheet.columns, self._filled, strict=True) if filled and not c.hidden
        )
        page.set_paper(_A3 if shown > _WIDE else _A4)
        page.fit_to_pages(1, 0)
        page.repeat_rows(0)
        page.set_footer("&L&A&R&P/&N")


def _height(columns: Sequence[SheetColumn], row: Sequence[Any]) -> float:
    """The height in points that shows all lines of the fullest cell; not every program works it out itself."""
    lines = 1
    for column, value in zip(columns, row, strict=True):
        if not column.hidden and isinstance(value, str | list):
            broken = (len(part) // max(1, column.width - 1) + 1 for part in cell_text(value).split("\n"))
            lines = max(lines, sum(broken))
    return min(lines * 15.0, _HIGHEST)


def _within_a_cell(text: str) -> str:
    """At most what a cell holds, never half a surrogate pair."""
    if len(text) * 2 <= LONGEST_CELL:
        return text
    units = text.encode("utf-16-le")
    return units[: LONGEST_CELL * 2].decode("utf-16-le", "ignore") if len(units) > LONGEST_CELL * 2 else text


def _local(moment: datetime) -> datetime:
    """The wall clock of Hà Nội; a moment without a zone is one already."""
    return moment.astimezone(_HANOI).replace(tzinfo=None) if moment.tzinfo else moment
