"""Sheets saved as text with separators (.csv, RFC 4180; Vietnamese Excel writes ";") -> Document."""

import csv
import io
from collections import Counter
from collections.abc import Sequence

from extractors.document import Block, Document, Notice, Paragraph, Source, Table
from extractors.errors import Reason, SourceError
from extractors.repair import RepairLog
from extractors.text import decoded
from extractors.xlsx_layout import Entry, counted, lay_out
from extractors.xlsx_package import Area, Sheet

MEDIA_TYPE = "text/csv"
_SEPARATORS = ";,\t|"
_LEAST = 3  # fields of a row of a table
_LOOKED_AT = 100_000  # characters that show the separator
_MOST_COLUMNS = 500


def read_csv(source: Source, data: bytes) -> Document:
    """The sheet in a text file with separators.

    Raises:
        SourceError: UNKNOWN_FORMAT for bytes that are no text, NO_TEXT, TOO_LARGE, DAMAGED for quotes without end.
    """
    text = decoded(data)
    repairs = RepairLog()
    rows = _rows(text)
    entries = [
        Entry(Area(row, column, row, column), repairs.clean(cell).strip())
        for row, cells in enumerate(rows)
        for column, cell in enumerate(cells[:_MOST_COLUMNS])
        if cell.strip()
    ]
    if not entries:
        raise SourceError(Reason.NO_TEXT, "Tệp không có chữ nào / the file holds no text")
    notices = repairs.notices()
    if _is_cut_off(text, rows):
        message = "Tệp CSV dừng giữa một hàng, có thể đã bị cắt cụt / the CSV ends inside a row, it may be cut off"
        notices = (Notice("text.cut_off", message, evidence=repairs.clean(" ".join(rows[-1]))[:200]), *notices)
    return Document(source, MEDIA_TYPE, "csv", None, _blocks(entries), notices)


def _rows(text: str) -> list[list[str]]:
    lines = io.StringIO(text.replace("\x00", "\ufffd"), newline="")
    separator = separator_of(text)
    try:
        return list(csv.reader(lines, delimiter=separator, strict=True))
    except csv.Error as error:
        message = "Tệp CSV bị hỏng: có ô mở ngoặc kép mà không đóng / the CSV is damaged: a quoted cell does not end"
        raise SourceError(Reason.DAMAGED, message) from error


def _is_cut_off(text: str, rows: Sequence[Sequence[str]]) -> bool:
    """Programs write all fields of a row, be they empty, and end the file with a line; some leave the last end out."""
    usual, _ = Counter(map(len, rows)).most_common(1)[0]
    return not text.endswith(("\n", "\r")) and len(rows[-1]) < usual


def separator_of(text: str) -> str:
    """The sign that parts most rows into as many fields."""
    head = text[:_LOOKED_AT]
    return max(_SEPARATORS, key=lambda sign: _agreement(head.splitlines(), sign))


def _agreement(lines: Sequence[str], separator: str) -> int:
    widths = Counter(line.count(separator) for line in lines)
    return max((count * width for width, count in widths.items() if width + 1 >= _LEAST), default=0)


def _blocks(entries: Sequence[Entry]) -> tuple[Block, ...]:
    blocks: list[Block] = []
    tables = 0
    for part in lay_out(Sheet("", ()), entries):
        if isinstance(part, Paragraph):
            blocks.append(part)
            continue
        seen = counted(entries, part)
        blocks.append(Table(tables, part.row_count, part.column_count, part.cells, ruled=part.ruled, seen=seen))
        tables += 1
    return tuple(blocks)
