"""Excel files (.xlsx, .xlsm) -> Document: each sheet in turn, cells as they are shown.

Hidden rows, columns and sheets are read, since filters hide rows for a moment only, and each of them is told in a
notice. Formulas give their stored values, texts of shapes stand above or below the cells, comments are left out.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from extractors.collector import waiting_collector
from extractors.document import Block, Document, Notice, Paragraph, Source, Table
from extractors.errors import Reason, SourceError
from extractors.legacy_fonts import LegacyFonts
from extractors.repair import RepairLog
from extractors.xlsx_layout import Entry, Part, counted, lay_out
from extractors.xlsx_package import Area, Sheet, SheetCell, column_letters, open_workbook

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_MOST_MERGED = 2_000_000  # cells under merged areas
_LEAST_DAYS = 3  # so many dates of a column, all on the first, may have been typed as months


@waiting_collector()
def read_xlsx(source: Source, data: bytes) -> Document:
    """Reads a workbook.

    Raises:
        SourceError: damaged, encrypted, too large, or without any text.
    """
    sheets = open_workbook(data)
    reader = _Reader(sheets)
    blocks = tuple(block for sheet in sheets for block in reader.blocks(sheet))
    if not blocks:
        raise SourceError(Reason.NO_TEXT, "Bảng tính không có chữ nào / the workbook holds no text")
    return Document(source, MEDIA_TYPE, "xlsx", None, blocks, (*reader.notices, *reader.repairs.notices()))


class _Reader:
    """Reads the sheets one after another; tables are counted and notices gathered on the way."""

    def __init__(self, sheets: Sequence[Sheet]) -> None:
        self.repairs = RepairLog()
        self.notices: list[Notice] = []
        self._fonts = LegacyFonts((cell.text, cell.font) for sheet in sheets for cell in sheet.cells)
        self._tables = 0

    def blocks(self, sheet: Sheet) -> Iterator[Block]:
        entries = self._entries(sheet)
        first = self._tables
        middle = max((entry.area.bottom for entry in entries), default=0) / 2
        drawn = [(shape.row, Paragraph(self.repairs.clean(shape.text).strip())) for shape in sheet.drawn]
        yield from (paragraph for row, paragraph in drawn if row < middle)
        for block in lay_out(sheet, entries):
            if isinstance(block, Paragraph):
                yield block
                continue
            if block.ruled:
                self._tell_place(sheet, block)
            on_paper = counted(entries, block) if block.ruled else None
            yield Table(
                self._tables, block.row_count, block.column_count, block.cells, ruled=block.ruled, seen=on_paper
            )
            self._tables += 1
        yield from (paragraph for row, paragraph in drawn if row >= middle)
        self._tell(sheet, entries, first if self._tables > first else None)

    def _entries(self, sheet: Sheet) -> list[Entry]:
        """Texts with the areas that they cover; cells under a merged one are not shown and say nothing."""
        origins, covered = _merged(sheet)
        entries = []
        under = []
        for cell in sheet.cells:
            place = (cell.row, cell.column)
            if not (text := self._text(cell)):
                continue
            if place in covered:
                under.append(text)
            else:
                area = origins.get(place, Area(*place, *place))
                entries.append(Entry(area, text, cell.bold, cell.style.centered))
        if under:
            message = (
                f"Trang tính “{sheet.name}” có chữ nằm dưới ô gộp, không hiện nên không đọc"
                f" / sheet “{sheet.name}” has text under merged cells, which is not shown and was not read"
            )
            self.notices.append(Notice("hidden_text", message, evidence="; ".join(under)[:500]))
        return entries

    def _text(self, cell: SheetCell) -> str:
        if not cell.text:
            return ""
        text = self.repairs.clean(self._fonts.decode(cell.text, cell.font).replace("\r\n", "\n"))
        return "\n".join([line for raw in text.split("\n") if (line := raw.strip())]) if "\n" in text else text.strip()

    # -- notices ------------------------------------------------------------------------------------------------------

    def _tell_place(self, sheet: Sheet, part: Part) -> None:
        area = part.area
        place = f"{column_letters(area.left)}{area.top + 1}:{column_letters(area.right)}{area.bottom + 1}"
        message = f"Bảng ở trang tính “{sheet.name}”, vùng {place} / table on sheet “{sheet.name}”, range {place}"
        self.notices.append(Notice("table.sheet", message, table_index=self._tables))

    def _tell(self, sheet: Sheet, entries: Sequence[Entry], table: int | None) -> None:
        for hidden in _hidden(sheet, entries):
            message = (
                f"Trang tính “{sheet.name}” có {hidden.kind}, vẫn được đọc"
                f" / sheet “{sheet.name}” has {_ENGLISH[hidden.kind]}, which were read"
            )
            evidence = "; ".join(hidden.texts)[:500]
            self.notices.append(Notice("hidden_text", message, table_index=table, evidence=evidence))
        if uncomputed := [cell for cell in sheet.cells if cell.uncomputed]:
            places = ", ".join(f"{column_letters(cell.column)}{cell.row + 1}" for cell in uncomputed[:20])
            message = (
                f"Có {len(uncomputed)} công thức chưa có kết quả trong tệp, đọc là ô trống"
                f" / {len(uncomputed)} formulas without a stored value, read as empty"
            )
            self.notices.append(Notice("formula.no_value", message, table_index=table, evidence=places))
        for column, shown in _months_as_days(sheet).items():
            message = (
                f"Cột {column_letters(column)}: mọi ngày đều là mồng 1, có thể người gõ chỉ muốn ghi tháng"
                f" / column {column_letters(column)}: every date is the first of a month, months may have been meant"
            )
            self.notices.append(Notice("date.first_of_month", message, table_index=table, evidence=shown))


def _merged(sheet: Sheet) -> tuple[dict[tuple[int, int], Area], set[tuple[int, int]]]:
    """Merged areas by their first cell, and the cells under them; only as far as the sheet has texts.

    An area that lies over another one, which only a damaged file has, counts as not merged.
    """
    filled = [cell for cell in sheet.cells if cell.text.strip()]
    bottom = max((cell.row for cell in filled), default=-1)
    right = max((cell.column for cell in filled), default=-1)
    origins: dict[tuple[int, int], Area] = {}
    covered: set[tuple[int, int]] = set()
    budget = _MOST_MERGED
    for area in sheet.merged:
        clipped = Area(area.top, area.left, min(area.bottom, bottom), min(area.right, right))
        size = (clipped.bottom - clipped.top + 1) * max(0, clipped.right - clipped.left + 1)
        if clipped.bottom < clipped.top or not 1 < size <= budget:
            continue
        budget -= size
        columns = range(clipped.left, clipped.right + 1)
        places = {(row, column) for row in range(clipped.top, clipped.bottom + 1) for column in columns}
        if places.isdisjoint(covered) and places.isdisjoint(origins):
            origins[area.top, area.left] = clipped
            covered |= places - {(area.top, area.left)}
    return origins, covered


@dataclass(frozen=True, slots=True)
class _Hidden:
    """Texts of a sheet that no reader of the screen sees."""

    kind: str
    texts: tuple[str, ...]


_ENGLISH = {"dòng ẩn": "hidden rows", "cột ẩn": "hidden columns", "trạng thái ẩn": "been hidden as a whole; its cells"}


def _hidden(sheet: Sheet, entries: Sequence[Entry]) -> Iterator[_Hidden]:
    if sheet.hidden and entries:
        yield _Hidden("trạng thái ẩn", tuple(entry.text for entry in entries[:20]))
        return
    rows = tuple(entry.text for entry in entries if entry.area.top in sheet.hidden_rows)
    if rows:
        yield _Hidden("dòng ẩn", rows)
    columns = tuple(
        entry.text
        for entry in entries
        if any(first <= entry.area.left and entry.area.right <= last for first, last in sheet.hidden_columns)
    )
    if columns:
        yield _Hidden("cột ẩn", columns)


def _months_as_days(sheet: Sheet) -> dict[int, str]:
    """Columns whose dates show a day and are all on the first of a month: "6/2025" typed in an English Excel."""
    days: defaultdict[int, list[SheetCell]] = defaultdict(list)
    for cell in sheet.cells:
        if cell.day is not None and cell.text.count("/") == 2:
            days[cell.column].append(cell)
    doubtful = {}
    for column, cells in days.items():
        months = Counter((cell.day.year, cell.day.month) for cell in cells if cell.day)
        if len(cells) >= _LEAST_DAYS and len(months) > 1 and all(cell.day and cell.day.day == 1 for cell in cells):
            doubtful[column] = "; ".join(cell.text for cell in cells[:10])
    return doubtful
