"""Two columns of lines that a Word file sets with tabs or spaces instead of a table.

Small offices type their letterhead ("UBND XÃ ...<tab>CỘNG HÒA ...") and their signature beside the recipients that
way. Read line by line the two would mix, so they become what other papers have there: an unruled table of one row.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from extractors.document import Block, Cell, Paragraph, Table

_GAP = re.compile(r"[ \u00a0]*\t[ \u00a0\t]*|[ \u00a0]{10,}")
_MAY_GAP = ("\t", "\u00a0", " " * 10)  # cheap to look for
_LIST_MARK = re.compile(r"(?m)^([-+–—•*·]|[(]?(?:\d+|[A-ZĐa-zđ]|[IVXLivxl]{1,6})(?:\.\d+)*[.)/]{0,2})\t[ \u00a0\t]*")
_TABS = re.compile(r"[ \u00a0]*\t[ \u00a0\t]*")
_WIDEST = 80  # characters of one side: half a page
_LONGEST_GAP = 8  # lines of one column alone between two lines of both
_MARKED = ("-", "+", "–", "•", "*")


def in_columns(blocks: Sequence[Block]) -> tuple[Block, ...]:
    """The blocks with side by side lines as unruled tables and all other tabs as spaces.

    Table indexes are not touched: the new tables have -1, and the caller counts.
    """
    return tuple(_found(blocks))


def spaced(text: str) -> str:
    """A text of one column: tabs, which set words apart on paper, as single spaces.

    Forms: "1.\\tMục đích" -> "1. Mục đích"; "Thời gian:\\t\\tQuý I" -> "Thời gian: Quý I".
    """
    return _TABS.sub(" ", text).strip(" ") if "\t" in text else text


def _found(blocks: Sequence[Block]) -> Iterator[Block]:
    at = 0
    while at < len(blocks):
        end = _run_end(blocks, at)
        if end > at:
            yield _side_by_side([block for block in blocks[at:end] if isinstance(block, Paragraph)])
            at = end
            continue
        block = blocks[at]
        yield replace(block, text=spaced(block.text)) if isinstance(block, Paragraph) and "\t" in block.text else block
        at += 1


def _run_end(blocks: Sequence[Block], start: int) -> int:
    """Where the two columns that begin here end; `start` itself where none begin.

    Some line's right side must be in capitals, as a national title and a signer's title are on every paper; lists of
    labels and values ("Đơn vị chủ trì:<tab>Sở Y tế") are thus no columns.
    """
    end = start
    tabbed = 0
    titled = False
    at = start
    while at < len(blocks) and at - end <= _LONGEST_GAP:
        block = blocks[at]
        if not isinstance(block, Paragraph) or len(block.text) > 2 * _WIDEST or "\n" in block.text:
            break
        sides = _sides(block.text)
        if at == start and (sides is None or not sides[0]):
            return start
        if sides is not None:
            tabbed += 1
            titled = titled or _is_title(sides[1])
            end = at + 1
        elif len(block.text) > _WIDEST:
            break
        at += 1
    if not titled or tabbed < 2:
        return start
    while end < len(blocks) and _is_marked(blocks[end]):  # the list of recipients is longer than the signature
        end += 1
    return end


def _sides(text: str) -> tuple[str, str] | None:
    """Left and right of the widest gap in a line; None for a line of one column.

    Forms: "SỞ Y TẾ\\t\\tĐộc lập - Tự do" -> both; "\\tTrần Văn B" -> ("", ...); "Thời gian:\\tQuý I" -> None.
    """
    if not any(sign in text for sign in _MAY_GAP):
        return None
    lead = len(text) - len(text.lstrip())
    if "\t" in text[:lead] and not _GAP.search(text[lead:]):
        return ("", text[lead:]) if len(text) - lead <= _WIDEST else None
    marked = _LIST_MARK.sub(r"\1 ", text[lead:])
    gaps = sorted(_GAP.finditer(marked), key=lambda gap: (-gap[0].count("\t"), gap[0].isspace(), -len(gap[0])))
    if not gaps:
        return None
    left, right = marked[: gaps[0].start()], marked[gaps[0].end() :]
    if max(len(left), len(right)) > _WIDEST or not _has_letter(left) or not right[:1].isalpha():
        return None
    if left.endswith(":") and not _is_title(right):
        return None
    return left, right


def _has_letter(text: str) -> bool:
    return any(map(str.isalpha, text))


def _is_title(text: str) -> bool:
    return text.isupper() and len(text.split()) > 1


def _is_marked(block: Block) -> bool:
    return isinstance(block, Paragraph) and block.text.startswith(_MARKED) and len(block.text) <= _WIDEST


def _side_by_side(lines: Sequence[Paragraph]) -> Table:
    columns: tuple[list[str], list[str]] = ([], [])
    for line in lines:
        left, right = _sides(line.text) or (line.text, "")
        for column, text in zip(columns, (left, right), strict=True):
            if text.strip():
                column.append(spaced(text).strip())
    bold = all(line.bold for line in lines)
    cells = tuple(Cell("\n".join(column), 0, index, bold=bold) for index, column in enumerate(columns))
    return Table(-1, 1, 2, cells, ruled=False)
