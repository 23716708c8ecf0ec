"""Plain text and Markdown (.txt, .md) -> Document: tables from tabs or pipes, marks taken off, page breaks healed.

The text files of the trade are machine-read pages: '#' and '**' mark headings, a table row is a line with tabs, a
page break is a blank line (or a form feed), and what it cuts, row or paragraph, goes on after it.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from extractors.document import Cell, Document, Paragraph, Place, Source
from extractors.encoding import decode_text
from extractors.errors import Reason, SourceError
from extractors.grid import join_blocks
from extractors.grid_parts import Part
from extractors.grid_rows import LIST_MARK, begins_label, begins_lower, ends_open
from extractors.reconcile import letters, seen
from extractors.repair import RepairLog
from extractors.text_cells import MARKUP_TAG, cell_text, strip_marks
from extractors.text_pages import page_numbers

MAX_BYTES = 40 << 20  # ten thousand pages
_MOST_COLUMNS = 500  # a line with more tabs or strokes is no row of a table
_BLANK_LINES = re.compile(r"\n{4,}")
MEDIA_TYPE = "text/plain"
MARKDOWN = "text/markdown"
_SENTENCE_END = re.compile(r"[.;:!?…/][\"”')\]*_]*$")
_LONG = 40  # characters: a shorter paragraph is a heading or a letterhead line, never one cut by a page break
_HEADING = re.compile(r"(#{1,6})\s+(?=\S)")
_SECTION = re.compile(
    r"(?:[IVX]{1,5}|[A-H])\s?[./)]\s+[A-ZÀ-ỸĐ]|(?:Phần|PHẦN|Chương|CHƯƠNG|Mục|MỤC|Điều|ĐIỀU)\s+(?:[IVX]{1,5}|\d{1,2}|thứ|THỨ)\b"
)
_CUT_DATE = re.compile(r"\bngày\s+\d{1,2}$")
_PIPE_RULE = re.compile(r"\s*\|?\s*:?-{2,}:?\s*(?:\|\s*:?-{2,}:?\s*)*\|?\s*")
_LAST_STROKE = re.compile(r"(?<=\w)\s*\|$")
_ENTITY = re.compile(r"&\w+;")
_GAP = re.compile(r" {4,}|\t+")
_COLUMNS = re.compile(r"\S(?: {4,}|\t+)(?=\S)")
_RECIPIENTS = re.compile(r"\s*nơi nhận\b", re.IGNORECASE)
_FIRST_CELL = re.compile(r"\s*(?:s?tt|số tt)\s*\t", re.IGNORECASE)
_SIDES = 2  # blocks beside each other: recipients and signature
_RIGHT = 24  # characters: what stands further in is the right one of two blocks
_NATION = re.compile(r"cộng h(?:òa|oà) xã hội|độc lập\s*[-–]\s*tự do|đảng cộng sản việt nam", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class _Line:
    text: str
    page: int | None


def read_text(source: Source, data: bytes) -> Document:
    """The document that a text file holds.

    Raises:
        SourceError: UNKNOWN_FORMAT for bytes that are no text, NO_TEXT for white space only, TOO_LARGE.
    """
    text = decoded(data)
    repairs = RepairLog()
    lines = _lines(text, repairs)
    numbers, told = page_numbers([line.text for line in lines])
    lines = [replace(line, text="") if at in numbers else line for at, line in enumerate(lines)]
    blocks = _rejoin(list(_blocks(lines)))
    joined = join_blocks(blocks, shifts=True)
    pages = text.count("\f") + 1 if "\f" in text else None
    return Document(
        source=source,
        media_type=MARKDOWN if source.name.lower().endswith((".md", ".markdown")) else MEDIA_TYPE,
        extractor="text",
        page_count=pages,
        blocks=joined.blocks,
        notices=(*told, *joined.notices, *repairs.notices()),
    )


def decoded(data: bytes) -> str:
    """The text in a file without a format of its own.

    Raises:
        SourceError: UNKNOWN_FORMAT for bytes that are no text, NO_TEXT for white space only, TOO_LARGE.
    """
    if len(data) > MAX_BYTES:
        size, most = len(data) >> 20, MAX_BYTES >> 20
        message = f"Tệp văn bản thuần quá lớn: {size} MB, giới hạn {most} MB"
        raise SourceError(Reason.TOO_LARGE, f"{message} / the text is too large: {size} MB, the limit is {most} MB")
    text = decode_text(data)
    if text is None:
        raise SourceError(Reason.UNKNOWN_FORMAT, "Tệp không phải văn bản thuần / the file is not plain text")
    if not text.strip():
        raise SourceError(Reason.NO_TEXT, "Tệp không có chữ nào / the file holds no text")
    return text


def _lines(text: str, repairs: RepairLog) -> list[_Line]:
    paged = "\f" in text
    out = []
    for number, page in enumerate(text.replace("\r\n", "\n").replace("\r", "\n").split("\f"), start=1):
        clean = _BLANK_LINES.sub("\n\n\n", repairs.clean(page))
        out += [_Line(line, number if paged else None) for line in clean.split("\n")]
        out.append(_Line("", number if paged else None))
    return out


# --- blocks ------------------------------------------------------------------------------------------------------


def _blocks(lines: Sequence[_Line]) -> Iterator[Paragraph | Part]:
    """Runs of table lines as parts, everything else as paragraphs."""
    width = _wrap_width(lines)
    at = 0
    kinds = _kinds(lines)
    while at < len(lines):
        kind = kinds[at]
        end = at + 1
        while end < len(lines) and kinds[end] == kind:
            end += 1
        run = lines[at:end]
        if kind == "tabs":
            yield from _tab_part(run)
        elif kind == "pipes":
            yield from _pipe_part(run)
        elif kind == "columns":
            yield _layout(run)
        elif kind == "text":
            yield from _paragraphs(run, width)
        at = end


def _kinds(lines: Sequence[_Line]) -> list[str]:
    """What each line is. A line with a tab only in front is a row beside rows, an indented paragraph elsewhere."""
    kinds = [_kind(line.text) for line in lines]
    above = ""
    for at, kind in enumerate(kinds):
        if kind == "indent":
            near = "tabs" in kinds[max(0, at - 1) : at + 2]
            kinds[at] = "tabs" if near or (above == "tabs" and begins_lower(lines[at].text.strip())) else "text"
        if kind != "blank":
            above = kinds[at]
    for at, kind in enumerate(kinds):
        if _RECIPIENTS.match(lines[at].text) is None:
            continue
        first = _closing_start(lines, at)
        is_beside = kind == "columns" or (kind == "tabs" and _cells(lines[at].text) <= _SIDES)
        if is_beside or (kind == "text" and first < at):
            last = _closing_end(lines, kinds, at)
            kinds[first : last + 1] = ["columns"] * (last + 1 - first)
    return kinds


def _closing_start(lines: Sequence[_Line], recipients: int) -> int:
    """The first line of the signature, which may begin above the recipients: "          TM. ỦY BAN NHÂN DÂN"."""
    first = recipients
    while first and (text := lines[first - 1].text).strip() and _is_right(text) and "\t" not in text.strip():
        first -= 1
    return first


def _closing_end(lines: Sequence[_Line], kinds: Sequence[str], start: int) -> int:
    """The last line of recipients and signature, of which the longer block goes on beside nothing."""
    last = start
    edge = _edge([lines[start]])
    for at in range(start + 1, len(lines)):
        text = lines[at].text
        if kinds[at] == "blank":
            continue
        is_row = kinds[at] in ("tabs", "indent") and _cells(text) <= _SIDES and not _FIRST_CELL.match(text)
        is_wrapped = last == at - 1 and _goes_on(_sides(lines[last].text, edge)[0], text)
        is_alone = kinds[at] == "text" and (LIST_MARK.match(text.strip()) or _is_right(text, edge) or is_wrapped)
        if kinds[at] == "columns" or is_row or is_alone:
            last = at
        else:
            break
    return last


def _goes_on(entry: str, line: str) -> bool:
    """Whether a line is the rest of a recipient: "- Các phòng thuộc" / "  Ủy ban nhân dân xã;"."""
    hangs = line.startswith(" ") and not line.isupper()
    is_entry = LIST_MARK.match(entry) is not None and not _SENTENCE_END.search(entry)
    return is_entry and (hangs or begins_lower(line.strip()))


def _cells(text: str) -> int:
    return sum(bool(cell.strip()) for cell in text.split("\t"))


def _edge(run: Sequence[_Line]) -> int:
    """Where the right one of two blocks begins, told from lines that have both; not much left of it is its own."""
    gaps = [
        gap for line in run for gap in _GAP.finditer(line.text) if len(gap[0]) >= 8 and line.text[: gap.start()].strip()
    ]
    return min((_RIGHT, *(max(8, gap.end() - 4) for gap in gaps)))


def _is_right(text: str, edge: int = _RIGHT) -> bool:
    """Whether a line stands in the right one of two blocks, with nothing left of it."""
    shown = text.expandtabs(8)
    is_tabbed = text.lstrip(" ").startswith("\t") and not LIST_MARK.match(text.strip())
    return is_tabbed or len(shown) - len(shown.lstrip()) >= edge


def _kind(text: str) -> str:
    if not text.strip(" \t|"):  # a stroke alone: the edge of a cell in text copied from a web page
        return "blank"
    if max(text.count("\t"), text.count("|")) > _MOST_COLUMNS:
        return "text"
    if _is_pipe_row(text.strip()):
        return "pipes"
    if _COLUMNS.search(text.strip()) and (_NATION.search(text) or (" " * 8) in text.strip()):
        return "columns"
    if "\t" in text.lstrip():
        return "tabs"
    if text.lstrip(" ").startswith("\t"):
        return "indent"
    return "text"


def _is_pipe_row(row: str) -> bool:
    """Forms: "| a | b |", also without the stroke in front: "a | b |"; not "a |"."""
    first, last = row.find("|"), len(row) - 1
    return row.endswith("|") and first < last and (first == 0 or row[first + 1 : last].strip() != "")


def _wrap_width(lines: Sequence[_Line]) -> int:
    """Width at which an editor broke the lines of this file; 0 where a line is a paragraph."""
    widths = sorted(len(line.text) for line in lines if line.text.strip() and "\t" not in line.text)
    if len(widths) < 8:
        return 0
    longest = widths[-1]
    full = sum(width > 0.85 * longest for width in widths)
    return longest if longest <= 130 and full >= 0.3 * len(widths) else 0


def _tab_part(run: Sequence[_Line]) -> Iterator[Paragraph | Part]:
    rows = [line.text.strip("\n").strip(" ").split("\t") for line in run]
    columns = max(len(row) for row in rows)
    filled = max(sum(bool(cell.strip()) for cell in row) for row in rows)
    if filled < 2 and all(row[0].strip() for row in rows):  # a paragraph with tabs at its end
        yield from _paragraphs([replace(line, text=line.text.strip()) for line in run], 0)
        return
    yield _part(rows, columns, run)


def _part(rows: Sequence[Sequence[str]], columns: int, run: Sequence[_Line]) -> Part:
    page = run[0].page
    cells = []
    for number, row in enumerate(rows):
        for column in range(columns):
            raw = row[column] if column < len(row) else ""
            text, bold = cell_text(raw)
            cells.append(Cell(text, number, column, place=Place(page), bold=bold))
    lines = [line.text for line in run if not _PIPE_RULE.fullmatch(line.text)]
    counted = sum(letters(_ENTITY.sub("", MARKUP_TAG.sub("", line))) for line in lines)
    return Part(len(rows), columns, tuple(cells), place=Place(page), seen=seen(cells, len(lines), counted))


def _pipe_part(run: Sequence[_Line]) -> Iterator[Part]:
    """A Markdown table; "\\|" is a stroke inside a cell."""
    rows = []
    for line in run:
        if not _PIPE_RULE.fullmatch(line.text):
            body = line.text.strip().removeprefix("|").removesuffix("|")
            rows.append([cell.replace("\\|", "|").strip() for cell in re.split(r"(?<!\\)\|", body)])
    if rows:
        yield _part(rows, max(map(len, rows)), run)


def _layout(run: Sequence[_Line]) -> Part:
    """Lines with a wide gap: two blocks side by side (letterhead; recipients and signature), column by column."""
    left, right = [], []
    edge = _edge(run)
    for line in run:
        sides = _sides(line.text, edge)
        left.append(strip_marks(sides[0])[0])
        right.append(strip_marks(sides[1])[0])
    cells = tuple(
        Cell("\n".join(filter(None, side)), 0, column, place=Place(run[0].page))
        for column, side in enumerate((left, right))
    )
    return Part(1, 2, cells, place=Place(run[0].page), ruled=False)


def _sides(text: str, edge: int) -> tuple[str, str]:
    """What stands left and right of the widest gap: a number left blank ("Số:      /KH-UBND") is a smaller one."""
    body = text.strip()
    gap = max(_GAP.finditer(body), key=lambda found: len(found[0].expandtabs()), default=None)
    if gap:
        return body[: gap.start()], body[gap.end() :]
    return ("", body) if _is_right(text, edge) else (body, "")


# --- paragraphs --------------------------------------------------------------------------------------------------


def _paragraphs(run: Sequence[_Line], width: int) -> Iterator[Paragraph]:
    """A block between blank lines: one paragraph a line, wrapped lines joined where the file has a wrap width."""
    merged: list[_Line] = []
    before = ""  # the line above as it stands in the file
    for line in _balanced(run):
        if merged and _is_wrapped(before, line.text, width):
            merged[-1] = replace(merged[-1], text=f"{merged[-1].text.rstrip()} {line.text.strip()}")
        else:
            merged.append(line)
        before = line.text
    for line in merged:
        for text in _html_lines(line.text):
            yield _paragraph(text, line.page)


def _balanced(run: Sequence[_Line]) -> list[_Line]:
    """Emphasis that spans lines is closed on each: "**KT. GIÁM ĐỐC" / "PHÓ GIÁM ĐỐC**"."""
    out = []
    open_mark = ""
    for line in run:
        text = line.text.strip()
        if open_mark:
            text = open_mark + text
        found = re.match(r"(?:#+\s*)?(\*{1,3})(?!\s)", text)
        mark = found[1] if found else ""
        open_mark = ""
        if mark and len(mark) > 1 and text.count("**") % 2 == 1:
            text, open_mark = text + mark, mark
        out.append(replace(line, text=text))
    return out


def _html_lines(text: str) -> list[str]:
    if "<" not in text:
        return [text]
    return [line for line in cell_text(text, split_lists=False)[0].split("\n") if line.strip()]


def _is_wrapped(before: str, line: str, width: int) -> bool:
    if LIST_MARK.match(line.strip()) or begins_label(line.strip()) or _HEADING.match(line) or _HEADING.match(before):
        return False
    if _SECTION.match(line.strip()) and _SENTENCE_END.search(before.rstrip()):  # behind a full line, too
        return False
    if _CUT_DATE.search(before.rstrip()) and line.strip().startswith("tháng "):
        return True
    if width:
        first = len(line.split()[0]) if line.split() else 0
        full = len(before.rstrip()) + 1 + first > width or _is_nearly_full(before.rstrip(), line, width)
        is_type = before.isupper() and not line.isupper()  # "CHƯƠNG TRÌNH HÀNH ĐỘNG" / "thực hiện Nghị quyết ..."
        return full or (begins_lower(line.strip()) and not is_type)
    return len(before) >= _LONG and begins_lower(line.strip()) and not _SENTENCE_END.search(before.rstrip())


def _is_nearly_full(before: str, line: str, width: int) -> bool:
    """Whether a line without an end is as long as lines of one width in letters of many widths are.

    Forms: "... cơ quan thuộc Chính phủ, Chủ tịch" / "Ủy ban nhân dân các tỉnh ...". A line in capitals is a heading's.
    """
    return len(before) > 0.8 * width and not _SENTENCE_END.search(before) and before.isupper() == line.isupper()


def _paragraph(text: str, page: int | None) -> Paragraph:
    text = _LAST_STROKE.sub("", text.strip())
    heading = _HEADING.match(text)
    level = len(heading[1]) if heading else 0
    plain, bold, italic = strip_marks(text[heading.end() :] if heading else text)
    return Paragraph(plain, Place(page), level=level, bold=bold or bool(level), italic=italic)


def _rejoin(blocks: Sequence[Paragraph | Part]) -> list[Paragraph | Part]:
    """Paragraphs that a page break cut are whole again."""
    out: list[Paragraph | Part] = []
    for block in blocks:
        before = out[-1] if out else None
        if isinstance(block, Paragraph) and not block.text:
            continue
        if isinstance(before, Paragraph) and isinstance(block, Paragraph) and _is_cut(before, block):
            out[-1] = replace(before, text=f"{before.text} {block.text}")
        else:
            out.append(block)
    return out


def _is_cut(before: Paragraph, after: Paragraph) -> bool:
    """Forms: "... xây dựng Kế hoạch," / "thực hiện Kế hoạch ..."; "... CCHC trên" / "6 nội dung của chương trình"."""
    listed = LIST_MARK.match(before.text) is not None and begins_lower(after.text)
    if before.level or after.level or before.bold != after.bold or not (len(before.text) >= _LONG or listed):
        return False
    if _SENTENCE_END.search(before.text) or LIST_MARK.match(after.text) or begins_label(after.text):
        return False
    if begins_lower(after.text):
        return True
    return ends_open(before.text) or (after.text[:1].isdigit() and not before.bold)
