"""Task tables of which only the heading is there: it stands in running text, or no row stands below it.

A table without lines that no reader could put into columns comes as lines of text; its heading is one of them. A
heading without rows is a table whose rows are gone, unless it is a form to be filled in. A part of a task table that
repeats its heading and was rejected all the same holds tasks that nobody reads.
"""

import re
from collections import Counter
from collections.abc import Container, Iterator, Sequence

from extractors.document import Block, Document, Notice, Paragraph, Table
from pipeline.read.columns import Layout, header_only
from pipeline.text import fold, squeeze

_LONGEST = 150
_HEADING = re.compile(
    r"^(?:s?tt|số tt|số thứ tự)\b.{0,20}\b(?:nội dung|nhiệm vụ|công việc|hoạt động|công tác)\b"
    r"(?=.*\b(?:chủ trì|thực hiện|phối hợp|phụ trách)\b)(?=.*\b(?:thời gian|thời hạn|tiến độ|hoàn thành|hạn)\b)"
)
_WORK = (
    r"(?:nội dung|nhiệm vụ|công việc|hoạt động|công tác|đầu việc)"
    r"(?:,? (?:nội dung|nhiệm vụ|công việc|hoạt động|công tác|thực hiện|triển khai|chủ yếu|trọng tâm))*"
)
_WHO = (
    r"(?:(?:cơ quan|đơn vị|bộ phận|cá nhân|người)(?:, (?:cơ quan|đơn vị|bộ phận|cá nhân))? )?"
    r"(?:chủ trì|thực hiện|phối hợp|phụ trách|tham mưu|chịu trách nhiệm)(?: thực hiện| chính)?"
)
_PERIODS = r"(?:(?:t|tháng |quý )?(?:\d{1,2}|[iv]{1,3}) ){3,11}(?:t|tháng |quý )?(?:\d{1,2}|[iv]{1,3})"  # T1 T2 ... T12
_WHEN = rf"(?:(?:thời gian|thời hạn|tiến độ|hạn|lộ trình)(?: thực hiện| hoàn thành)*|{_PERIODS})"
_MORE = r"(?:kết quả|sản phẩm|ghi chú|kinh phí|địa điểm)(?: thực hiện| dự kiến| đầu ra)?"
_HEADINGS = re.compile(rf"(?=.*\b{_WHO})(?=.*\b{_WHEN})(?:(?:s?tt|số tt) )?{_WORK}(?: (?:{_WHO}|{_WHEN}|{_MORE}))+")
_FIRST_WORDS = re.compile(r"s?tt|số |nội dung|nhiệm vụ|công |hoạt động|đầu việc")  # of each such heading
_FORM = re.compile(r"\b(?:mẫu|biểu|báo cáo|đề cương|phụ lục báo cáo|form)\b")
_LINES_ABOVE = 4
_LEAST_WORDS = 5  # of a heading that tells a task table from others
_REPEATED = 0.8  # of its words
_TOP = 3  # rows, and lines of their cells, among which they are sought


def unread_headings(document: Document, skip: frozenset[int], read: Container[int] = ()) -> Iterator[Notice]:
    """Notices table.unread_heading: the heading of a task table in a line of text, or above texts side by side.

    Forms: "STT Nội dung công việc Đơn vị thực hiện Thời gian", "Nhiệm vụ Chủ trì Phối hợp Thời hạn".
    """
    for position, block in enumerate(document.blocks):
        if position in skip or (isinstance(block, Table) and block.ruled):
            continue
        text = squeeze(block.text if isinstance(block, Paragraph) else " ".join(cell.text for cell in block.cells))
        if isinstance(block, Table) and block.row_count == 1 and block.index not in read:
            first = squeeze(" ".join(cell.text.split("\n")[0] for cell in block.cells))
            text = first if _HEADINGS.fullmatch(fold(first)) else text
        if len(text) <= _LONGEST and _is_heading(fold(text)):
            message = "tiêu đề bảng nhiệm vụ nằm trong lời văn, các hàng bên dưới chưa được đọc thành bảng"
            yield Notice("table.unread_heading", message, block.place, evidence=text)


def _is_heading(folded: str) -> bool:
    return bool(_FIRST_WORDS.match(folded) and (_HEADING.match(folded) or _HEADINGS.fullmatch(folded)))


def without_rows(document: Document, position: int, table: Table) -> Iterator[Notice]:
    """Notice table.no_rows for a table that is nothing but the heading of a task table."""
    headings = header_only(table)
    if headings and not _is_form(document.blocks[max(0, position - _LINES_ABOVE) : position]):
        message = "bảng có tiêu đề của bảng nhiệm vụ nhưng không có hàng nào"
        yield Notice("table.no_rows", message, table.place, table.index, None, " | ".join(headings))


def part_unread(layout: Layout, table: Table) -> Iterator[Notice]:
    """Notice table.part_unjoined for a rejected table that begins with the words of a task table's heading.

    Where columns were inferred, a page may show fewer of them, and then the part is no task table by itself.
    """
    heading = [word for column in layout.columns for word in fold(column.heading).split()]
    tops = [line for cell in table.cells if cell.row < _TOP for line in cell.text.split("\n")[:_TOP]]
    repeated = Counter(heading) & Counter(fold(" ".join(tops)).split())
    words = sum(len(cell.text.split()) for cell in table.cells)
    if len(heading) >= _LEAST_WORDS and repeated.total() >= _REPEATED * len(heading) and words > 1.5 * len(heading):
        message = "phần bảng lặp lại tiêu đề của bảng nhiệm vụ nhưng không đọc được các hàng"
        yield Notice("table.part_unjoined", message, table.place, table.index, None, squeeze(" ".join(tops))[:_LONGEST])


def _is_form(above: Sequence[Block]) -> bool:
    return any(isinstance(block, Paragraph) and _FORM.search(fold(block.text)) for block in above)
