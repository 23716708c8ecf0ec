"""Task tables of which only the heading is there: it stands in running text, or no row stands below it.

A table without lines that no reader could put into columns comes as lines of text; its heading is one of them. A
heading without rows is a table whose rows are gone, unless it is a form to be filled in.
"""

import re
from collections.abc import Iterator, Sequence

from extractors.document import Block, Document, Notice, Paragraph, Table
from pipeline.read.columns import header_only
from pipeline.text import fold, squeeze

_LONGEST = 150
_HEADING = re.compile(
    r"^(?:s?tt|số tt|số thứ tự)\b.{0,20}\b(?:nội dung|nhiệm vụ|công việc|hoạt động|công tác)\b"
    r"(?=.*\b(?:chủ trì|thực hiện|phối hợp|phụ trách)\b)(?=.*\b(?:thời gian|thời hạn|tiến độ|hoàn thành|hạn)\b)"
)
_FORM = re.compile(r"\b(?:mẫu|biểu|báo cáo|đề cương|phụ lục báo cáo|form)\b")
_LINES_ABOVE = 4


def unread_headings(document: Document, skip: frozenset[int]) -> Iterator[Notice]:
    """Notices table.unread_heading: the heading of a task table in a line of text."""
    for position, block in enumerate(document.blocks):
        if position in skip or (isinstance(block, Table) and block.ruled):
            continue
        text = squeeze(block.text if isinstance(block, Paragraph) else " ".join(cell.text for cell in block.cells))
        if len(text) <= _LONGEST and _HEADING.match(fold(text)):
            message = "tiêu đề bảng nhiệm vụ nằm trong lời văn, các hàng bên dưới chưa được đọc thành bảng"
            yield Notice("table.unread_heading", message, block.place, evidence=text)


def without_rows(document: Document, position: int, table: Table) -> Iterator[Notice]:
    """Notice table.no_rows for a table that is nothing but the heading of a task table."""
    headings = header_only(table)
    if headings and not _is_form(document.blocks[max(0, position - _LINES_ABOVE) : position]):
        message = "bảng có tiêu đề của bảng nhiệm vụ nhưng không có hàng nào"
        yield Notice("table.no_rows", message, table.place, table.index, None, " | ".join(headings))


def _is_form(above: Sequence[Block]) -> bool:
    return any(isinstance(block, Paragraph) and _FORM.search(fold(block.text)) for block in above)
