"""The head of a document: letterhead, number, place and date, type and title; with it signature, recipients, period.

Layout: Nghị định 30/2020/NĐ-CP, Phụ lục I; Party documents: Hướng dẫn 36-HD/VPTW. A field that the paper leaves blank
is None; what is written stands beside what was read.
"""

import calendar
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from extractors.document import Document, Paragraph, Table
from pipeline.plan import Header
from pipeline.read.closing import Closing, read_closing
from pipeline.read.issuer import IssuerEvidence, read_issuer
from pipeline.read.lines import Line, block_lines, is_capital, lines_of, plain
from pipeline.read.portal_record import is_record, without_record
from pipeline.read.title import Title, ends_head, read_title
from pipeline.rules.period import NO_PERIOD, Period, read_cited_period, read_labelled_period, read_period
from pipeline.text import fold, nfc, squeeze
from pipeline.vocab.doctypes import doctype_of_code, suffix_of_code


@dataclass(frozen=True, slots=True)
class HeaderReading:
    """A header and the blocks (positions in `Document.blocks`) that it was read from.

    `head_blocks` hold letterhead and title, `closing_blocks` recipients and signature; `layout_tables` are the indexes
    (`Table.index`) of the layout tables among both and of repeated letterheads in appendices.
    """

    header: Header
    head_blocks: frozenset[int] = frozenset()
    closing_blocks: frozenset[int] = frozenset()
    layout_tables: frozenset[int] = frozenset()


_MOTTO = re.compile(
    r"cong\s*hoa\s*xa\s*hoi\s*chu\s*nghia(?:\s*viet(?:\s*nam)?)?|doc\s*lap\s*-?\s*tu\s*do\s*-?\s*hanh\s*phuc|"
    r"dang\s+cong\s+san\s+viet\s+nam|"
    # wrapped by a narrow column, as web pages have it: "CỘNG" / "HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"
    r"^cong(?:\s+hoa(?:\s+xa(?:\s+hoi(?:\s+chu)?)?)?)?$|^(?:(?:(?:hoa\s+)?xa\s+)?hoi\s+)?(?:chu\s+)?nghia\s+viet\s+nam$"
)
_UNION_MOTTO = re.compile(r"\W*doan (?:tncs|thanh nien cong san|thanh nien) ho chi minh\W*")
_MAX_LINE = 240  # a longer line is running text
_MAX_LETTERHEAD = 12  # lines of a left column
_BLANK = r"[.…_\s]"
_NUMBER_LABEL = re.compile(r"(?:^|(?<=\s))so\s*[:.;]?(?P<rest>.*)$")
_SYMBOL = r"[^\W\d_][\w&.]*(?:\s*[-/]\s*[\w&.]+)*"
_NUMBER = re.compile(
    rf"^{_BLANK}*(?P<number>\d[\dol]*(?:\s\d+)*[a-zđ]?(?:\s*/\s*(?:19|20)\d\d(?=\s*/))?)?{_BLANK}*"
    rf"(?:/\s*(?:19|20)\d\d(?=\s*/))?(?P<join>[/-]){_BLANK}*"
    rf"(?P<symbol>{_SYMBOL})"
)
_NO_NUMBER = re.compile(r"^\s*(?P<symbol>[a-z]{2,6}\s*[-/]\s*[\w&]+(?:[-/][\w&]+)*)\s*$")
_BARE_NUMBER = re.compile(rf"^{_BLANK}*(?P<number>\d{{1,6}}[a-z]?)?{_BLANK}*[/-]?{_BLANK}*$")
_DATE = re.compile(
    r"(?:ngay(?P<day>.{0,10}?))?\bth\s?ang(?P<month>[^a-z]{0,8}?|.{0,3}?)\s*,?\s*n\s?am"
    r"(?P<year>[.…_\s]*(?:\d[\doil]{0,4}(?![a-z]))?[.…_]*)"
)
_SHORT_DATE = re.compile(r"ngay\s*(?P<day>\d{1,2})\s*[/.-]\s*(?P<month>\d{1,2})\s*[/.-]\s*(?P<year>(?:19|20)\d\d)\b")
_DEPARTMENT = re.compile(r"\W*sở\s+[^\W\d]")  # "SỞ LĐ-TB&XH" has the looks of a number line
_NUMBER_REST = re.compile(r"^[\d.…_\s]*[/-]\s*[a-z]{2,}[\w-]*$|^\d+$")  # "31/KH-SCT" below a lone "Số:"
_DIGITS = str.maketrans({"o": "0", "i": "1", "l": "1", "|": "1"})
_PLACE = re.compile(
    r"(?:(?!số\b)[^\d:;()]{2,40}(?:(?<=\w)\s\d{1,2})?|(?:quận|phường|q\.|p\.)\s*\d{1,2})$", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class _Number:
    number: str | None = None
    symbol: str | None = None
    text: str | None = None


@dataclass(frozen=True, slots=True)
class _Issued:
    """Place and date as written and read: a whole day, or the interval that an incomplete date allows."""

    place: str | None = None
    day: date | None = None
    text: str | None = None
    precision: str = "none"
    start: date | None = None
    end: date | None = None
    line: str | None = None


def clean_symbol(written: str) -> str:
    """A symbol without stray spaces and with the hyphen that a reader lost.

    Forms: "KH - UBND" -> "KH-UBND"; "QÐ–TTg" -> "QĐ-TTg"; "KHUBND" -> "KH-UBND"; "CT/TU" stays.
    """
    dashed = written.translate(
        {0xD0: "Đ", 0x189: "Đ", **dict.fromkeys((0x2010, 0x2011, 0x2012, 0x2013, 0x2014, 0x2212), "-")}
    )
    symbol = re.sub(r"\s*([-/])\s*", r"\1", squeeze(dashed)).strip(" .,;:-/")
    if "-" not in symbol and "/" not in symbol:
        for size in (3, 2):
            code, body = symbol[:size], symbol[size:]
            suffix = suffix_of_code(body) if len(body) > 1 else None
            if suffix and (suffix.group == "state" or len(body) > 2) and doctype_of_code(code):
                return f"{code}-{body}"
    return symbol


def _clean_number(written: str | None) -> str | None:
    if not written or not any(c.isdigit() for c in written):
        return None
    number = re.sub(r"\s+", "", written)
    return re.sub(r"(?<=\d)[oO](?=\d|$)", "0", re.sub(r"(?<=\d)[lI](?=\d|$)", "1", number))


def read_number(text: str) -> tuple[str | None, str | None] | None:
    """Number and symbol of a number line; None where it is none.

    Forms: "Số: 947/CTr-SYT" -> (947, CTr-SYT); "Số:      /KH-SYT", "Số ..../KH-UBND" -> (None, ...); "Số 29-CT/TU" ->
    (29, CT/TU); "Số: 2170 /QĐ - UBND"; "Số: 15" -> (15, None). "SỞ Y TẾ" is none.
    """
    folded = plain(text)
    label = _NUMBER_LABEL.search(folded) if len(text) <= _MAX_LINE else None
    if (
        not label
        or _DEPARTMENT.match(fold(text))
        or _in_sentence(text[: label.start()], text[label.start() : label.start("rest")])
    ):
        return None
    start, rest = label.start("rest"), label["rest"]
    if match := _NUMBER.match(rest):
        begin, end = match.span("symbol")
        symbol = clean_symbol(text[start + begin : start + end])
        written = text[start + match.start("number") : start + match.end("number")] if match["number"] else None
        return _clean_number(written), symbol
    if match := _NO_NUMBER.match(rest):
        return None, clean_symbol(text[start + match.start("symbol") : start + match.end("symbol")])
    if (match := _BARE_NUMBER.match(rest)) and ":" in text[: start + 1]:
        return _clean_number(match["number"]), None
    return None


def _in_sentence(before: str, label: str) -> bool:
    """Whether a label stands inside running text ("Kế hoạch số 12/..."): words before it and no colon behind it."""
    return bool(before.strip(" *_-(")) and ":" not in label and not is_capital(before)


def _find_number(lines: Sequence[str]) -> _Number:
    """The number line among the head's lines; a line that breaks off goes on in the next."""
    for at, text in enumerate(lines):
        found = read_number(text)
        if found is None:
            continue
        if found[1] is None and at + 1 < len(lines):
            joined = f"{text} {lines[at + 1]}"
            whole = read_number(joined)
            if whole and whole[1]:
                return _Number(*whole, joined)
        return _Number(*found, _number_words(text))
    return _Number()


def _number_words(text: str) -> str:
    """The number line without a place and date that share the line."""
    match = _DATE.search(plain(text))
    symbol = _NUMBER_LABEL.search(plain(text))
    if not match or not symbol:
        return text
    inner = _NUMBER.match(symbol["rest"])
    return text[: symbol.start("rest") + inner.end()].strip() if inner else text


def _value(written: str | None) -> int | bool | None:
    """The number in a blank of the date line: None where it is blank, False where what stands there is none."""
    shown = re.sub(r"[.…_\s,/-]", "", written or "").translate(_DIGITS)
    if not shown:
        return None
    return int(shown) if shown.isdigit() else False


def read_issued(text: str) -> _Issued | None:
    """Place and date of a line; None where the line has no date.

    Forms: "Thanh Hóa, ngày 18 tháng 5 năm 2017" (day); "ngày    tháng 01 năm 2020" (month); "ngày ... tháng ... năm
    2023" (year); "Hà Nội, ngày 05/3/2024"; "ngày 31 tháng 02 năm 2024" (cannot exist: no date, the text kept).
    """
    if len(text) > _MAX_LINE:
        return None
    folded = plain(text)
    match = _DATE.search(folded) or _SHORT_DATE.search(folded)
    if not match:
        return None
    year_text = match["year"]
    end = match.start("year") + len(year_text.rstrip(" .,;:-_…/"))
    words = squeeze(text[match.start() : end])
    place = _place_before(text[: match.start()])
    if place is None and any(c.isalnum() for c in _without_number(text[: match.start()])):
        return None  # the date of something that is named before it
    year, month, day = _value(year_text), _value(match["month"]), _value(match["day"])
    line = (
        squeeze(text[match.start() - len(place) - 2 if place else match.start() : end]).lstrip(", ") if place else words
    )
    read = _interval(year, month, day)
    return _Issued(place, read[0], words, read[1], read[2], read[3], line)


def _interval(
    year: int | bool | None, month: int | bool | None, day: int | bool | None
) -> tuple[date | None, str, date | None, date | None]:
    """Day, precision, first and last day that a written date allows; an impossible one allows none."""
    nothing = (None, "none", None, None)
    if year is None or year is False or not 1945 <= year <= 2100:
        return nothing
    if month is None or month is False:
        return nothing if day not in (None, False) else (None, "year", date(year, 1, 1), date(year, 12, 31))
    if not 1 <= month <= 12:
        return nothing
    last = calendar.monthrange(year, month)[1]
    if day is None or day is False:
        return None, "month", date(year, month, 1), date(year, month, last)
    if not 1 <= day <= last:
        return nothing
    whole = date(year, month, day)
    return whole, "day", whole, whole


def _without_number(text: str) -> str:
    """What stands behind a number line on the same line."""
    label = _NUMBER_LABEL.search(plain(text)) if read_number(text) else None
    inner = _NUMBER.match(label["rest"]) if label else None
    return text[label.start("rest") + inner.end() :] if label and inner else text


def _place_before(text: str) -> str | None:
    """The place in front of a date; a number line on the same line is left out."""
    shown = squeeze(_without_number(text)).strip(" ,.;-–*(")
    match = _PLACE.match(shown)
    return shown if match and len(shown.split()) <= 6 and shown[:1].isupper() else None


def _without_motto(line: Line) -> list[str]:
    """What a line says beside the national title."""
    folded = plain(line.text)
    pieces, at = [], 0
    for match in _MOTTO.finditer(folded):
        pieces.append(line.text[at : match.start()])
        at = match.end()
    pieces.append(line.text[at:])
    return [shown for piece in pieces if (shown := squeeze(piece).strip(" -–—_*")) and any(c.isalnum() for c in shown)]


def _motto_columns(lines: Sequence[Line]) -> set[tuple[int, int]]:
    return {(line.block, line.column) for line in lines if line.column >= 0 and _is_motto(line)}


def _is_motto(line: Line) -> bool:
    """Whether a line is what stands on the right of all letterheads of the state, the Party or the Youth Union."""
    folded = plain(line.text)
    return _MOTTO.search(folded) is not None or (line.column > 0 and _UNION_MOTTO.fullmatch(folded) is not None)


def _issuer_lines(lines: Sequence[Line]) -> tuple[str, ...]:
    """The left column: lines that are neither national title nor number nor date, in columns without the title."""
    mottos = _motto_columns(lines)
    texts: list[str] = []
    for line in lines:
        if (line.block, line.column) in mottos:
            continue
        for piece in (p for p in _without_motto(line) if len(p) <= _MAX_LINE):
            number = _NUMBER_LABEL.search(plain(piece))
            if read_number(piece) and number:
                piece = piece[: number.start()].strip()
            if piece and not read_issued(piece) and not _NUMBER_REST.match(plain(piece)):
                texts.append(piece)
    return tuple(texts[:_MAX_LETTERHEAD])


def _find_issued(lines: Sequence[Line], closing: Closing) -> _Issued:
    candidates = [piece for line in lines for piece in _without_motto(line)]
    if closing.date_line:
        candidates.append(closing.date_line)
    return next((issued for text in candidates if (issued := read_issued(text))), _Issued())


def _body_texts(document: Document, start: int, skip: frozenset[int]) -> tuple[str, ...]:
    return tuple(
        nfc(block.text)
        for index, block in enumerate(document.blocks)
        if index >= start and index not in skip and isinstance(block, Paragraph) and block.text.strip()
    )


def _period(
    title: Title, document: Document, start: int, closing: Closing, texts: Sequence[str], day: date | None
) -> Period:
    """The plan's period: title, else a labelled line of the body, else the heading of an attached plan.

    A period inside the name of a document that the title cites comes last, and only if it is not over on `day`.
    """
    after = max(closing.blocks, default=start - 1) + 1
    attached = read_title(lines_of(document.blocks, after, after + 6)) if closing.blocks else Title()
    for found in (
        read_period(title.title or ""),
        read_labelled_period(texts),
        read_period(attached.title or ""),
    ):
        if found != NO_PERIOD:
            return found
    cited = read_cited_period(title.title or "")
    return NO_PERIOD if day and cited[1] and cited[1] < day else cited


def _head_lines(document: Document) -> tuple[Line, ...]:
    """The lines among which type and title are looked for: up to the first table that is no layout."""
    lines: list[Line] = []
    for index, block in enumerate(document.blocks[:40]):
        if isinstance(block, Table):
            if is_record(block):
                continue
            if block.column_count > 4 or sum(bool(cell.text.strip()) for cell in block.cells) > 24:
                break
        found = block_lines(block, index)
        if isinstance(block, Table) and len(found) > 24:
            break
        lines.extend(found)
    return tuple(without_record(lines))


def _layout_tables(document: Document, blocks: frozenset[int]) -> frozenset[int]:
    found = set()
    for index, block in enumerate(document.blocks):
        if isinstance(block, Table):
            small = block.row_count <= 8
            if index in blocks or (
                small and any(_MOTTO.search(plain(line.text)) for line in block_lines(block, index))
            ):
                found.add(block.index)
    return frozenset(found)


def _head_without_type(lines: Sequence[Line]) -> int:
    """Number of lines of a letterhead that no type line follows."""
    end = 0
    for at, line in enumerate(lines[:20]):
        if ends_head(line) or line.text.rstrip().endswith((";", ".")):
            break
        if _MOTTO.search(plain(line.text)) or read_number(line.text) or read_issued(line.text):
            end = at + 1
    return end


def read_header(document: Document) -> HeaderReading:
    """Everything that head and end of a document say about it, and the blocks they stand in."""
    lines = _head_lines(document)
    title = read_title(lines)
    head_end = title.end if title.type_at is not None else max(title.end, _head_without_type(lines))
    letterhead = lines[: title.type_at] if title.type_at is not None else lines[:head_end]
    start = lines[head_end].block if head_end < len(lines) else (lines[-1].block + 1 if lines else 0)
    if head_end and head_end < len(lines) and lines[head_end - 1].block == start:
        start += 1  # body text in the title's own block: it stays with the head
    closing = read_closing(document.blocks, start)
    number = _find_number([piece for line in letterhead for piece in _without_motto(line)])
    issued = _find_issued(letterhead, closing)
    texts = _body_texts(document, start, closing.blocks)
    subject = title.printed.split("\n") if title.printed and title.type_at is None else ()
    evidence = IssuerEvidence(
        letterhead=_issuer_lines([line for line in letterhead if line.text not in subject]),
        authority=tuple(line.text for line in lines[title.type_at or head_end : head_end]),
        title=title.title or "",
        place=issued.place,
        signer_title=closing.signer_title or "",
        symbol=number.symbol,
        day=issued.end,
        texts=texts,
    )
    period = _period(title, document, start, closing, texts, issued.start)
    doc_type = title.doc_type
    header = Header(
        doc_type=title.written_type,
        doc_type_code=(doc_type.code or next(iter(doc_type.party_codes), "")) or None if doc_type else None,
        number=number.number,
        symbol=number.symbol,
        number_text=number.text,
        issuer=read_issuer(evidence),
        place=issued.place,
        issued_date=issued.day,
        issued_date_text=issued.text,
        issued_date_precision=issued.precision,
        issued_start=issued.start,
        issued_end=issued.end,
        place_date_text=issued.line,
        title=title.title,
        title_line=title.printed,
        period_start=period[0],
        period_end=period[1],
        signer_title=closing.signer_title,
        signer_name=closing.signer_name,
        recipients=closing.recipients,
    )
    head = frozenset(range(start))
    return HeaderReading(header, head, closing.blocks, _layout_tables(document, head | closing.blocks))
