"""Lines outside tables -> paragraphs and side-by-side blocks of one page, in reading order."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import NamedTuple

from extractors.document import Cell, Paragraph, Place
from extractors.grid_parts import Part
from extractors.grid_rows import LIST_MARK, begins_label, begins_lower, ends_open
from extractors.pdf_lines import Line, LineEnds, Turn, around, is_bold, is_italic, word_fits, wrap_joint

_SECTION = re.compile(r"(?:[IVX]{1,5}|[A-H])\.\s+[A-ZÀ-ỸĐ]")
# A tab parts the mark of a list or the number of a heading from its words: "II." | "NHIỆM VỤ".
_MARK_ALONE = re.compile(r"\(?(?:[IVXL]{1,6}|\d{1,3}(?:\.\d{1,3}){0,4}|[A-Za-zĐđ])[.)/]{0,2}|[-–+*•·▪●◦]")
_INDENT = 8.0  # points: smaller than any first-line indent (1 cm = 28 pt), larger than optical margins
_GUTTER = 8.0  # points of free space between two blocks that stand side by side
_SURE_GAP = 2.5  # of the font size: a hole this wide is one, even in a single row
_TIGHT = 1.6  # of the font size: lines of one wrapped text stand no farther apart
_SWAY = 0.18  # of the size of a recognised line: digits and capitals alone make so much
_SENTENCE_END = re.compile(r"[.;:!?…][\"”')\]]*$")


@dataclass(frozen=True, slots=True)
class Frame:
    """Left and right edge of the text body, and the distance from line to line inside a paragraph (0: unknown)."""

    left: float
    right: float
    pitch: float


class Flowed(NamedTuple):
    """A paragraph under construction: its lines and whether the next page may go on with it."""

    text: str
    lines: tuple[Line, ...]

    @property
    def first(self) -> Line:
        return self.lines[0]

    @property
    def last(self) -> Line:
        return self.lines[-1]


@dataclass(frozen=True, slots=True)
class Beside:
    """Two blocks side by side: the letterhead, or recipients and signature."""

    left: tuple[Line, ...]
    right: tuple[Line, ...]

    @property
    def top(self) -> float:
        return min(line.top for line in (*self.left, *self.right))

    @property
    def gutter(self) -> tuple[float, float]:
        return max(line.x1 for line in self.left), min(line.x0 for line in self.right)


Item = Flowed | Beside


def frame_of(rows: Sequence[Sequence[Line]], width: float) -> Frame:
    """The text body as the lines show it: the left edge that at least two lines share, the farthest right end.

    Where no line reaches the last quarter of the page, short lines hide the right edge and the left margin tells it.
    """
    if not rows:
        return Frame(0.0, 0.0, 0.0)
    single = [row[0] for row in rows if len(row) == 1]
    lines = single if len(single) > 2 else [line for row in rows for line in row]
    lefts = Counter(round(row[0].x0) for row in rows)
    shared = [x for x in lefts if lefts[x] + lefts.get(x + 1, 0) >= 2]
    left = min(shared) if shared else min(line.x0 for line in lines)
    gaps = Counter(
        round((b[0].top - a[0].top) * 2) / 2
        for a, b in pairwise(rows)
        if 0.9 * b[0].size <= b[0].top - a[0].top <= 2.2 * b[0].size and abs(a[0].size - b[0].size) < 1
    )
    often = [gap for gap, count in gaps.items() if count >= max(2, 0.1 * sum(gaps.values()))]
    right = max(line.x1 for line in lines)
    return Frame(float(left), right if right > 0.75 * width else width - left, min(often) if often else 0.0)


# --- side by side ------------------------------------------------------------------------------------------------


def split_beside(rows: Sequence[Sequence[Line]], frame: Frame) -> list[Line | Beside]:
    """Rows as single lines, except where left and right blocks stand beside each other and must not mix."""
    out: list[Line | Beside] = []
    at = 0
    while at < len(rows):
        beside, count = _beside(rows, at, frame) if len(rows[at]) > 1 else (None, 1)
        if beside is None:
            out += [whole_line(row) for row in rows[at : at + count]]
            at += count
            continue
        while out and isinstance(out[-1], Line) and _belongs_above(out[-1], beside):
            beside = Beside(beside.left, (out[-1], *beside.right))
            out.pop()
        out.append(beside)
        at += count
    return out


def whole_line(row: Sequence[Line]) -> Line:
    """A row of several pieces as one line: tabs and wide spaces are spaces."""
    line = row[0]
    for piece in row[1:]:
        line = line._replace(
            text=f"{line.text} {piece.text}",
            x1=piece.x1,
            top=min(line.top, piece.top),
            bottom=max(line.bottom, piece.bottom),
            bold=line.bold and piece.bold,
            italic=line.italic and piece.italic,
            spaced=piece.spaced,
        )
    return line


def _beside(rows: Sequence[Sequence[Line]], start: int, frame: Frame) -> tuple[Beside | None, int]:
    """The block that begins with this row and its number of rows; None for rows that are plain lines."""
    row = rows[start]
    cut = max(range(1, len(row)), key=lambda i: row[i].x0 - row[i - 1].x1)
    low, high = row[cut - 1].x1, row[cut].x0
    left, right = [whole_line(row[:cut])], [whole_line(row[cut:])]
    paired = 1
    labels = left[0].text.endswith(":")
    at = start + 1
    while at < len(rows):
        row = rows[at]
        if row[0].top - max(left[-1].bottom, right[-1].bottom) > 12 * row[0].size:
            break
        lefts = [line for line in row if line.x1 <= high - _GUTTER]
        rights = [line for line in row if line.x0 >= low + _GUTTER and line not in lefts]
        if len(lefts) + len(rights) < len(row) or not _belongs(lefts, rights, left, right, frame):
            break
        low = max([low, *(line.x1 for line in lefts)])
        high = min([high, *(line.x0 for line in rights)])
        if high - low < _GUTTER:
            break
        left += [whole_line(lefts)] if lefts else []
        right += [whole_line(rights)] if rights else []
        paired += bool(lefts and rights)
        labels = labels and bool(lefts) and lefts[-1].text.endswith(":")
        at += 1
    sure = high - low > _SURE_GAP * rows[start][0].size
    if labels and (at - start > 1 or not right[0].text.isupper()):
        return None, at - start  # "Đơn vị chủ trì:   Văn phòng": label and value are one line
    if _MARK_ALONE.fullmatch(left[0].text) or not (sure or paired > 1):
        return None, 1
    return Beside(tuple(left), tuple(right)), at - start


def _belongs(
    lefts: Sequence[Line], rights: Sequence[Line], left: Sequence[Line], right: Sequence[Line], frame: Frame
) -> bool:
    """A row goes on with the blocks; a line on one side only must line up with its block, not with the page."""
    if lefts and rights:
        return True
    line = (lefts or rights)[0]
    block = left if lefts else right
    page_center = (frame.left + frame.right) / 2
    block_center = sum(other.center for other in block) / len(block)
    if abs(line.center - page_center) < 6 < abs(block_center - page_center):
        return False
    flush = sum(abs(line.x0 - other.x0) < 6 for other in block) * 2 > len(block)
    aligned = flush or abs(line.center - block_center) < 12
    near = line.top - max(left[-1].bottom, right[-1].bottom) < 2.5 * line.size
    return aligned and (near or bool(rights))


def _belongs_above(line: Line, beside: Beside) -> bool:
    """A line of the right block that begins higher than the left one ("TM. ỦY BAN NHÂN DÂN" above "Nơi nhận:")."""
    right = beside.right
    gutter = max(other.x1 for other in beside.left)
    center = sum(other.center for other in right) / len(right)
    close = beside.top - line.bottom < 1.2 * line.size
    return line.x0 > gutter + _GUTTER and abs(line.center - center) < 12 and close


def column_text(lines: Sequence[Line], ends: LineEnds) -> str:
    """The lines of one side, one entry a line, wrapped entries whole again."""
    left, right = min(line.x0 for line in lines), max(line.x1 for line in lines)
    text = lines[0].text
    for line, following in pairwise(lines):
        wrapped = _is_wrapped(line, following, left, right)
        text += (wrap_joint(line, following, right, ends) if wrapped else "\n") + following.text
    return text


def _is_wrapped(line: Line, following: Line, left: float, right: float) -> bool:
    """Forms: "UBND THÀNH PHỐ ĐÀ" / "NẴNG", "... TÀI NGUYÊN VÀ" / "MÔI TRƯỜNG"; not "KT. GIÁM ĐỐC" / "PHÓ GIÁM ĐỐC".

    The width of the block is not known, so capitals are joined only where the first line cannot end or one word is
    left over.
    """
    if LIST_MARK.match(following.text) or begins_label(following.text) or _SENTENCE_END.search(line.text):
        return False
    if word_fits(line, following, left, right) or following.top - line.top > _TIGHT * following.size:
        return False
    if begins_lower(following.text):
        return True
    if re.match(r"và\b|&", following.text, re.IGNORECASE):
        return line.bold == following.bold
    left_over = " " not in following.text and following.width < 0.6 * line.width
    return line.bold == following.bold and (ends_open(line.text) or left_over)


def go_on_beside(before: Beside, items: Sequence[Item | Part]) -> tuple[tuple[Line, ...], tuple[Line, ...], int]:
    """A block that the page break cuts: its left and right lines on top of the next page, and how many items they are.

    Only list lines of the left block and lines under the right one go on, or two blocks with the same gutter.
    """
    left: list[Line] = []
    right: list[Line] = []
    low, high = before.gutter
    count = 0
    for item in items:
        if isinstance(item, Beside) and max(low, item.gutter[0]) <= min(high, item.gutter[1]):
            left += item.left
            right += item.right
        elif isinstance(item, Flowed) and _goes_on_left(item, before.left, high):
            left += item.lines
        elif isinstance(item, Flowed) and item.first.x0 >= low and _under(item.lines, before.right):
            right += item.lines
        else:
            break
        count += 1
    return tuple(left), tuple(right), count


def _goes_on_left(item: Flowed, block: Sequence[Line], high: float) -> bool:
    aligned = any(abs(item.first.x0 - line.x0) < 6 for line in block)
    listed = LIST_MARK.match(item.text) is not None or begins_label(item.text)
    return listed and aligned and max(line.x1 for line in item.lines) <= high


def _under(lines: Sequence[Line], block: Sequence[Line]) -> bool:
    center = sum(line.center for line in block) / len(block)
    return all(abs(line.center - center) < 12 for line in lines)


# --- paragraphs --------------------------------------------------------------------------------------------------


def flow(items: Sequence[Line | Beside], frame: Frame, ends: LineEnds) -> list[Item]:
    """Lines joined to paragraphs; blocks side by side as they are."""
    out: list[Item] = []
    for item in items:
        before = out[-1] if out else None
        if isinstance(item, Line) and isinstance(before, Flowed) and not _begins(before, item, frame):
            joint = wrap_joint(before.last, item, frame.right, ends)
            out[-1] = Flowed(before.text + joint + item.text, (*before.lines, item))
        else:
            out.append(item if isinstance(item, Beside) else Flowed(item.text, (item,)))
    return out


def _begins(before: Flowed, line: Line, frame: Frame) -> bool:
    """Does the line begin a paragraph of its own?"""
    last = before.last
    if word_fits(last, line, frame.left, frame.right):
        return True
    if last.x0 > (frame.left + frame.right) / 2 and line.x0 < last.x0 - _INDENT:
        return True  # set to the right: a signature above what stands at the left
    if not _same_size(last, line) or (last.bold != line.bold and (last.bold or before.first.bold)):
        return True
    if frame.pitch and line.top - last.top > 1.35 * max(frame.pitch, 1.1 * line.size):
        return True
    ended = _SENTENCE_END.search(last.text) is not None
    if LIST_MARK.match(line.text) and (ended or line.x0 > last.x0 + _INDENT / 2):
        return True
    if ended and line.bold and (not last.bold or _SECTION.match(line.text)):
        return True
    return _is_indented(before, line, frame)


def _same_size(one: Line, other: Line) -> bool:
    """Whether two lines are of one print; what a recogniser measures sways with the letters that a line has."""
    seen = min(one.confidence, other.confidence) < 1.0
    return abs(one.size - other.size) <= (max(1.0, _SWAY * max(one.size, other.size)) if seen else 1.0)


def _is_indented(before: Flowed, line: Line, frame: Frame) -> bool:
    """First-line indent; not the second line of a hanging one, which lines up with the text after its mark."""
    if line.x0 <= frame.left + _INDENT or line.x0 <= before.last.x0 + _INDENT:
        return False
    middle = (frame.left + frame.right) / 2
    if abs(line.center - middle) < 4:
        return abs(before.last.center - middle) >= 4 or before.last.x0 <= frame.left + _INDENT
    hanging = len(before.lines) == 1 and LIST_MARK.match(before.text) is not None and line.x0 < before.first.x0 + 40
    return not hanging


def continues_over_page(before: Flowed, after: Flowed, frame: Frame, following: Frame) -> bool:
    """The first paragraph of a page goes on with the last one of the page before."""
    last, first = before.last, after.first
    moved = last._replace(x0=last.x0 - frame.left + following.left, x1=last.x1 - frame.right + following.right)
    if word_fits(moved, first, following.left, following.right):
        return False
    if not _same_size(last, first) or last.bold != first.bold:
        return False
    ended = _SENTENCE_END.search(last.text) is not None
    if LIST_MARK.match(first.text) and (ended or first.x0 > following.left + _INDENT / 2):
        return False
    if begins_lower(first.text) and not ended:
        return True
    if first.x0 > following.left + _INDENT:
        return False
    indented = len(before.lines) > 1 and before.first.x0 > frame.left + _INDENT
    return indented or not ended


def to_paragraph(item: Flowed, page: int, frame: Frame, turn: Turn) -> Paragraph:
    middle = (frame.left + frame.right) / 2
    lines = item.lines
    centered = all(abs(line.center - middle) < 5 for line in lines) and any(
        line.x0 > frame.left + _INDENT for line in lines
    )
    return Paragraph(
        text=item.text,
        place=_place(page, lines, turn),
        bold=all(map(is_bold, lines)),
        italic=all(map(is_italic, lines)),
        centered=centered,
        confidence=min([line.confidence for line in lines]),
    )


def to_part(item: Beside, page: int, turn: Turn, ends: LineEnds) -> Part:
    """One row with two cells, not ruled: the left block and the right block."""
    cells = tuple(
        Cell(
            text=column_text(lines, ends),
            row=0,
            column=column,
            place=_place(page, lines, turn),
            bold=all(line.bold for line in lines),
            confidence=min(line.confidence for line in lines),
        )
        for column, lines in enumerate((item.left, item.right))
    )
    return Part(1, 2, cells, place=_place(page, (*item.left, *item.right), turn), ruled=False)


def extend_part(part: Part, whole: Beside, rest: Sequence[Sequence[Line]], page: int, turn: Turn) -> Part:
    """The part with the rest of its two blocks from the next page."""
    cells = []
    for cell, lines, new in zip(part.cells, (whole.left, whole.right), rest, strict=True):
        continued = (*cell.continued, _place(page, new, turn)) if new else cell.continued
        cells.append(replace(cell, text=column_text(lines, LineEnds()), continued=continued))
    return replace(part, cells=tuple(cells))


def _place(page: int, lines: Sequence[Line], turn: Turn) -> Place:
    return Place(page, turn.back(around(lines)))
