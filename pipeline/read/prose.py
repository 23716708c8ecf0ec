"""Running text: every paragraph outside tables with its part of the paper, its list mark and the headings above it."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from extractors.document import NOWHERE, Document, Paragraph, Place
from extractors.quick import filled_open
from pipeline.plan import Numbered, Part, Prose
from pipeline.read.acting import heading_unit
from pipeline.read.header_rows import ROLE_FIELDS
from pipeline.read.labels import value_line
from pipeline.read.lent_times import is_about_section, period_of
from pipeline.read.letterhead import HeaderReading
from pipeline.read.lines import is_capital, plain
from pipeline.read.marks import list_mark
from pipeline.rules.deadlines import NO_CONTEXT
from pipeline.rules.ordinals import Ordinal, Style, leading_ordinal
from pipeline.text import fold, nfc, squeeze


class _Follow(StrEnum):
    """What stands right below a piece."""

    TABLE = "table"
    DEEPER = "deeper"
    TEXT = "text"
    OTHER = "other"


@filled_open
@dataclass(frozen=True, slots=True)
class _Piece:
    """One paragraph or list item; `rank` is the depth of its mark (small = high up), None for plain text."""

    text: str
    block: int
    place: Place = NOWHERE
    level: int = 0
    bold: bool = False
    centered: bool = False
    ordinal: Ordinal | None = None
    mark: str = ""
    rest: str = ""
    rank: float | None = None
    is_table: bool = False
    confidence: float = 1.0

    @property
    def marked(self) -> bool:
        return self.bold or self.level > 0 or is_capital(self.rest or self.text)


# Depth of the marks, from Nghị định 30/2020/NĐ-CP, Phụ lục I: Phần, Chương, Mục, I., 1., a), then bullets.
_NAMED_RANKS = {"phan": 0.0, "chuong": 1.0, "muc": 2.0, "phu": 0.0, "dieu": 4.0}
_RANKS = {Style.CAPITAL: 2.5, Style.ROMAN: 3.0, Style.ARABIC: 5.0, Style.DOTTED: 6.0, Style.LETTER: 10.0}
_PART_NUMBER = re.compile(r"\s*(?:phần|chương|mục) ")
_CAPITALS_RANK = 2.8  # a heading in capitals without a number
_BOLD_RANK = 15.0  # a bold line without a number
_BRACKET_RANK = 11.0  # (1), 1) below 1.
_BULLET_RANKS = {"-": 20.0, "–": 20.0, "—": 20.0, "+": 21.0, "*": 22.0, "•": 20.5, "·": 22.0, "▪": 22.0, "●": 20.5}
_OTHER_BULLET_RANK = 23.0
_LABEL = re.compile(
    r"^(?:(?:đơn vị|cơ quan|bộ phận|phòng|người|cá nhân)\s+(?:\S+\s+){0,2}?"
    r"(?:chủ trì|thực hiện|phối hợp|đầu mối|phụ trách|chịu trách nhiệm)"
    r"|chủ trì|phối hợp|phân công|thời gian|thời hạn|tiến độ|hạn|sản phẩm|kết quả|kinh phí|nguồn kinh phí|đối tượng"
    r"|địa điểm|số lượng|hình thức)[^:.;]{0,40}:\s*\S"
)
_VALUE = re.compile(r"^[^:.;]{2,70}:\s+\S")
_LEAD_IN = re.compile(r"(?:sau|sau đây|gồm|bao gồm|cụ thể|là)\s*:\s*$")
_GROUNDS = re.compile(r"^(?:căn cứ|thực hiện|theo|xét|trên cơ sở|để|nhằm|thi hành|triển khai)\b")
_FORMULA = re.compile(
    r"^(?:trên đây là|trong quá trình|quá trình|yêu cầu|đề nghị|kế hoạch này|chương trình này|quyết định này|"
    r"nhận được|căn cứ|giao\s|các (?:cơ quan|đơn vị|phòng|ban)|thủ trưởng|\()"
)
_ORDER = re.compile(r"(?:yêu cầu|đề nghị|giao\s|các (?:cơ quan|đơn vị|phòng|ban)|thủ trưởng)")
_APPENDIX = re.compile(r"^\W*(?:phu luc|bieu mau|mau so|mau\s+\d|bieu so|danh muc|bang\s+\d)\b")
_APPENDIX_LINE = re.compile(r"^\W*phu luc(?:\s+(?:so\s+)?[\divxa-z]{1,4})?\W*$")  # nothing else on its line
_ATTACHED = re.compile(r"^\(?\s*(?:ban hành\s+)?(?:kèm theo|đính kèm)")
_MAX_HEADING = 160
_MAX_DOTTED = 40  # of a letter item that ends with a full stop


def _split(paragraph: Paragraph) -> Iterator[str]:
    """The paragraph's items: soft-broken lines stay one text unless a line begins with a list mark."""
    held: list[str] = []
    for line in nfc(paragraph.text).split("\n"):
        if held and list_mark(line):
            yield "\n".join(held)
            held = []
        held.append(line)
    yield "\n".join(held)


def _piece(text: str, paragraph: Paragraph, block: int, capital_rank: float) -> _Piece:
    looks = (block, paragraph.place, paragraph.level, paragraph.bold, paragraph.centered)
    piece = _Piece(text, *looks, rest=text.strip(), confidence=paragraph.confidence)
    mark = list_mark(text)
    if mark is None:
        return piece
    if mark.is_bullet:
        rank = _BULLET_RANKS.get(mark.written, _OTHER_BULLET_RANK)
    else:
        rank = _rank(mark.ordinal, capital_rank) if mark.ordinal else _BRACKET_RANK
    return replace(piece, ordinal=mark.ordinal, mark=mark.written, rest=mark.rest, rank=rank)


def _rank(ordinal: Ordinal, capital_rank: float) -> float:
    if ordinal.style is Style.NAMED:
        return _NAMED_RANKS.get(plain(ordinal.written).split()[0], 0.0)
    if ordinal.style is Style.CAPITAL:
        return capital_rank
    return _RANKS[ordinal.style] + (len(ordinal.path) / 10 if ordinal.style is Style.DOTTED else 0)


def _capital_rank(texts: Sequence[str]) -> float:
    """Depth of "A.", "B.": above Roman numbers unless those come first."""
    for text in texts:
        found = leading_ordinal(text)
        if found and found[0].style is Style.CAPITAL:
            break
        if found and found[0].style is Style.ROMAN:
            return 3.5
    return _RANKS[Style.CAPITAL]


def _pieces(document: Document) -> list[_Piece]:
    capital_rank = _capital_rank([block.text for block in document.blocks if isinstance(block, Paragraph)])
    pieces: list[_Piece] = []
    for index, block in enumerate(document.blocks):
        if isinstance(block, Paragraph):
            pieces.extend(_piece(text, block, index, capital_rank) for text in _split(block) if text.strip())
        else:
            pieces.append(_Piece("", index, block.place, is_table=True))
    return _with_titles(pieces)


def _with_titles(pieces: Sequence[_Piece]) -> list[_Piece]:
    """A heading over two lines as one: "Phần thứ hai" / "NHIỆM VỤ VÀ GIẢI PHÁP", "Chương II" / "QUY ĐỊNH CHUNG"."""
    out: list[_Piece] = []
    for piece in pieces:
        over = out[-1] if out else None
        if over and _PART_NUMBER.match(fold(over.text)) and not over.rest and _is_name_of_part(piece):
            out[-1] = replace(over, text=f"{over.text.strip()}\n{piece.text.strip()}", rest=piece.text.strip())
        else:
            out.append(piece)
    return out


def _is_name_of_part(name: _Piece) -> bool:
    looks_it = name.rank is None and not name.is_table and (name.marked or name.centered)
    return looks_it and _is_title_like(name.text) and not name.text.rstrip().endswith((".", ";", ",", ":"))


def _parts(pieces: Sequence[_Piece], reading: HeaderReading) -> list[Part]:
    """The part of the paper each piece belongs to."""
    parts: list[Part] = []
    state = Part.GROUNDS
    for piece in pieces:
        if piece.block in reading.head_blocks:
            parts.append(Part.HEAD)
            continue
        if piece.block in reading.closing_blocks:
            parts.append(Part.CLOSING)
            state = Part.APPENDIX
            continue
        if piece.is_table:
            state = Part.BODY
        elif (
            _APPENDIX.match(plain(piece.text))
            and len(piece.text) < 200
            and (piece.marked or piece.centered or state is Part.APPENDIX or _APPENDIX_LINE.match(plain(piece.text)))
        ):
            state = Part.APPENDIX
        state = _state(piece, state)
        parts.append(state)
        if state is Part.GROUNDS and piece.text.rstrip().endswith(":") and not is_capital(piece.text):
            state = Part.BODY  # "... như sau:" ends the grounds
    return parts


def _state(piece: _Piece, state: Part) -> Part:
    if state is Part.GROUNDS:
        listed = piece.rank is not None and (not _GROUNDS.match(fold(piece.rest)) or _names_section(piece))
        return Part.BODY if listed or _unnumbered_heading(piece) else state
    if state is Part.APPENDIX:
        short = len(piece.text) < 200 and not piece.text.rstrip().endswith((".", ";", ":"))
        appendix = _APPENDIX.match(plain(piece.text)) or _ATTACHED.match(fold(piece.text))
        if appendix or (piece.rank is None and (piece.marked or piece.centered or short)):
            return state
        return Part.GROUNDS if piece.rank is None and _GROUNDS.match(fold(piece.text)) else Part.BODY
    return state


def _names_section(piece: _Piece) -> bool:
    """Whether a numbered line names the section of the grounds and is none: "A. CĂN CỨ XÂY DỰNG KẾ HOẠCH"."""
    short = len(piece.rest) <= _MAX_DOTTED and not re.search(r"\d|[.,;]\s*$", piece.rest)
    return piece.ordinal is not None and (short or (is_capital(piece.rest) and not piece.rest.endswith((";", ","))))


def _unnumbered_heading(piece: _Piece) -> bool:
    text = squeeze(piece.text)
    return (
        piece.rank is None
        and piece.marked
        and len(text) <= 120
        and not text.endswith((".", ";", ",", "./."))
        and not _VALUE.match(text)
        and (not _FORMULA.match(fold(text)) or heading_unit(text) is not None)  # "Các đơn vị khác" over their duties
        and not (is_capital(text) and text.endswith(":") and len(text) < 20)  # QUYẾT ĐỊNH:
    )


def _follow(pieces: Sequence[_Piece], parts: Sequence[Part], at: int) -> tuple[_Follow, _Piece | None]:
    """What stands below piece `at` in the same text."""
    after = at + 1
    if after >= len(pieces) or parts[after] is not Part.BODY:
        return _Follow.OTHER, None
    following, own = pieces[after], pieces[at].rank
    if following.is_table:
        return _Follow.TABLE, following
    if following.rank is None:
        is_formula = _FORMULA.match(fold(following.text)) and not _GROUNDS.match(fold(following.text))
        if is_formula and _ORDER.match(fold(following.text)):  # over work, or behind the last item of a list
            is_formula = pieces[at].rest.rstrip().endswith((".", ";", ","))
        return (_Follow.OTHER if is_formula or _unnumbered_heading(following) else _Follow.TEXT), following
    return (_Follow.DEEPER if own is not None and following.rank > own else _Follow.OTHER), following


def _is_title_like(text: str) -> bool:
    """Whether a text is a short name of a section and no sentence that says something."""
    shown = squeeze(text).rstrip(" .:")
    return len(shown) <= _MAX_HEADING and ";" not in shown and not re.search(r"[.!?]\s+\S", shown)


def _is_label(piece: _Piece) -> bool:
    """Whether a line gives a value of the item above: "- Phụ trách: Tổ Văn phòng", "c) Thời gian: Quý II"."""
    if is_about_section(piece.text):
        return False
    value = value_line(piece.text)
    return bool(_LABEL.match(fold(piece.rest))) or (value is not None and value.field in ROLE_FIELDS)


def _is_heading(
    pieces: Sequence[_Piece], parts: Sequence[Part], at: int, sibling_is_item: bool, above: Sequence[str]
) -> bool:
    """Whether a piece is a heading: marked as one by its looks, or a short numbered line with something under it."""
    piece = pieces[at]
    if piece.rank is None:
        return _unnumbered_heading(piece)
    if piece.ordinal is None or len(piece.text) > 250:
        return False
    follow, following = _follow(pieces, parts, at)
    if following is not None and follow is not _Follow.TABLE and _is_label(following):
        return piece.rank < _RANKS[Style.ARABIC]
    if piece.rank < _NAMED_RANKS["dieu"]:
        return True

    def names_unit() -> bool:  # "3. Các phòng thuộc Sở; Công an phường; các trường"
        return heading_unit(piece.rest, above) is not None

    is_value = _VALUE.match(piece.rest) and not names_unit() and period_of(piece.text, NO_CONTEXT) is None
    if is_value or not (_is_title_like(piece.rest) or names_unit()):
        return False
    if piece.bold or piece.level > 0 or is_capital(piece.rest):
        return True
    return _numbered_heading(piece, follow, sibling_is_item and not names_unit())


def _numbered_heading(piece: _Piece, follow: _Follow, sibling_is_item: bool) -> bool:
    """A plain numbered line by what it says and what is under it."""
    lead_in = len(piece.rest) > 80 and _LEAD_IN.search(fold(piece.rest))
    if piece.rest.endswith(".") and len(piece.rest) > (_MAX_DOTTED if piece.rank == _RANKS[Style.LETTER] else 100):
        return False  # a sentence with its points below
    if follow is _Follow.DEEPER:
        return not lead_in
    if follow in (_Follow.TEXT, _Follow.TABLE):
        short = len(piece.rest) <= 100 and not piece.rest.rstrip().endswith(",")
        return short and not lead_in and not (sibling_is_item and follow is _Follow.TEXT)
    return False


@dataclass(frozen=True, slots=True)
class _Heading:
    rank: float
    text: str


def _heading_rank(piece: _Piece) -> float:
    if piece.rank is not None:
        return piece.rank
    return _CAPITALS_RANK if is_capital(piece.text) else _BOLD_RANK


def _read(pieces: Sequence[_Piece], parts: Sequence[Part]) -> Iterator[tuple[_Piece, Prose]]:
    stack: list[_Heading] = []
    items: dict[float, bool] = {}  # rank -> whether the last sibling of this rank was no heading
    for at, (piece, part) in enumerate(zip(pieces, parts, strict=True)):
        if piece.is_table:
            continue
        if part is not Part.BODY:
            stack.clear()
            items.clear()
            yield piece, Prose(piece.text.strip(), part, piece.place, piece.mark, confidence=piece.confidence)
            continue
        heading = _is_heading(pieces, parts, at, items.get(piece.rank or 0.0, False), [h.text for h in stack])
        rank = _heading_rank(piece) if heading or piece.ordinal is not None else None
        if rank is not None:
            stack = [h for h in stack if h.rank < rank]
            items = {r: v for r, v in items.items() if r <= rank}
            items[rank] = not heading
        headings = tuple(h.text for h in stack)
        yield piece, Prose(piece.text.strip(), part, piece.place, piece.mark, headings, heading, piece.confidence)
        if heading and rank is not None:
            stack.append(_Heading(rank, squeeze(piece.text)))


def read_prose(document: Document, reading: HeaderReading) -> tuple[tuple[Prose, ...], tuple[Numbered, ...]]:
    """Paragraphs outside tables, and their numbered items (headings and list items) in document order.

    Args:
        document: as extracted.
        reading: what `read_header` found, so that head and end are told from the text.

    Returns:
        Every paragraph or list item once, in reading order; the items of the body with a Roman, Arabic, letter or
        dotted ordinal, those of an appendix in a series of their own.
    """
    pieces = _pieces(document)
    parts = _parts(pieces, reading)
    prose: list[Prose] = []
    numbered: list[Numbered] = []
    appendices = 0
    for piece, paragraph in _read(pieces, parts):
        before = prose[-1].part if prose else Part.HEAD
        prose.append(paragraph)
        if paragraph.part is Part.APPENDIX and before is not Part.APPENDIX:
            appendices += 1
        if paragraph.part is Part.BODY and piece.ordinal is not None:
            series = f"prose {appendices + 1}" if appendices else "prose"
            numbered.append(
                Numbered(
                    paragraph.ordinal, paragraph.text, series, place=paragraph.place, is_section=paragraph.is_heading
                )
            )
    return tuple(prose), tuple(numbered)
