"""Rows without lines under a ruled table are a table of their own: Word and old formats run the two together."""

import docx_samples as word
import pytest

from extractors.document import Table

LINES = (
    "<w:tcBorders>"
    + "".join(f'<w:{side} w:val="single"/>' for side in ("top", "left", "bottom", "right"))
    + "</w:tcBorders>"
)


def row(*texts: str, look: str = "", spans: tuple[int, ...] = ()) -> str:
    cells = zip(texts, spans or (1,) * len(texts), strict=True)
    return word.tr(*(word.tc(text, word.span(span) + look) for text, span in cells))


TASKS = row("TT", "Nội dung", "Chủ trì", "Hạn", look=LINES) + row("1", "Rà soát", "Văn phòng", "Quý I", look=LINES)
SIGNATURE = row("Nơi nhận:", "GIÁM ĐỐC", spans=(2, 2))


def tables(*rows: str) -> list[Table]:
    return [block for block in word.read(f"<w:tbl>{''.join(rows)}</w:tbl>").blocks if isinstance(block, Table)]


def test_the_signature_under_a_task_table_stands_apart() -> None:
    first, second = tables(TASKS, SIGNATURE, row("- Lưu: VT.", "Trần Văn An", spans=(2, 2)))
    assert (first.row_count, first.column_count, first.ruled) == (2, 4, True)
    assert (second.row_count, second.column_count, second.ruled) == (2, 2, False)
    assert [cell.text for cell in second.cells] == ["Nơi nhận:", "GIÁM ĐỐC", "- Lưu: VT.", "Trần Văn An"]


def test_edges_of_the_rows_below_divide_no_column_above() -> None:
    tasks = row("TT", "Nội dung", "Hạn", look=LINES, spans=(1, 2, 1)) + row("1", "A", "Q1", look=LINES, spans=(1, 2, 1))
    first, second = tables(tasks, row("Nơi nhận:", "GIÁM ĐỐC", spans=(2, 2)))
    assert (first.column_count, second.column_count) == (3, 2)


@pytest.mark.parametrize(
    "last",
    [
        row("2", "Tổ chức", "Văn phòng", "Quý II"),  # as many cells as above: a row that somebody added
        row("Tổng cộng", "5", look=LINES, spans=(2, 2)),  # lines like the others
        row("Ghi chú: theo kế hoạch", spans=(4,)),  # one cell: a note, not two columns
    ],
)
def test_other_last_rows_stay(last: str) -> None:
    (table,) = tables(TASKS, last)
    assert table.row_count == 3


def test_a_table_without_any_line_is_not_divided() -> None:
    (table,) = tables(row("A", "B", "C"), row("1", "2", "3"), row("x", "y", spans=(2, 1)))
    assert table.row_count == 3
