"""Citations: legal and administrative documents named with a number.

Sources: Nghị định 30/2020/NĐ-CP (numbers and symbols of the State), Hướng dẫn 36-HD/VPTW (of the Party),
Luật ban hành văn bản quy phạm pháp luật (number/year/symbol).
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date

from pipeline.plan import Citation
from pipeline.rules.citation_symbols import (
    cased,
    issuer_agrees,
    read_symbol,
    symbol_issuers,
    symbol_type,
    symbol_types,
    type_agrees,
)
from pipeline.rules.unit_names import name_end
from pipeline.rules.unit_starts import start_at
from pipeline.rules.units import find_units
from pipeline.text import fold, key, nfc, squeeze
from pipeline.vocab import doctype_named, doctypes_of_code, load_doctypes, suffix_of_code

__all__ = [
    "issuer_agrees",
    "read_citations",
    "symbol_issuers",
    "symbol_type",
    "symbol_types",
    "type_agrees",
]

_STROKE = re.compile(r"/\s{0,3}[^\W\d_]")  # of every symbol
_STATE = re.compile(
    r"(?<![\w/\-])(?<!\d[.,])(?P<number>\d{1,3}\.\d{3}|\d{1,6}[a-h]?)\s{0,3}/\s{0,3}(?:(?P<year>(?:19|20)\d\d)\s{0,3}/\s{0,3})?(?=[A-ZĐƯƠ])"
)
_PARTY = re.compile(
    r"(?<![\w/\-])(?<!\d[.,])(?P<number>\d{1,4})(?P<link>\s{0,3}-\s{0,3}|\s)(?=[A-ZĐ][A-Za-zĐđ]{1,7}\s{0,3}/\s{0,3}[A-ZĐ])"
)
_YEARED = re.compile(
    r"(?<![\w/\-])(?P<number>\d{1,3})\s{0,2}/\s{0,2}(?P<year>(?:19|20)\d\d)(?![\w/])(?!\s*/\s*\w)(?!\s*-\s*\d)"
)
_PLAIN = re.compile(r"(?P<number>\d{1,5})(?![\w%/])(?![.,]\d)(?!\s{0,2}[/%])(?!\s{0,2}-\s{0,2}\w)")
_MEASURE = re.compile(
    r"\s+(?:năm|tháng|ngày|tuần|quý|giờ|phút|phần|người|đồng|triệu|tỷ|tỉ|điểm|bước|cấp|nội dung|nhiệm vụ|chỉ tiêu"
    r"|mục tiêu|giai đoạn|xã|huyện|tỉnh|đơn vị|bộ|lớp|trường|km|m|kg|ha|lần|bản|trang|buổi|đợt|cuộc|nhóm|loại|tiêu chí"
    r"|dự án|công trình|hộ|thôn|phòng|ban|sở|ngành|lĩnh vực|thủ tục|vấn đề|giải pháp|chính sách|văn bản|trường hợp"
    r"|điều)(?!\w)"
)
_DAY = (
    r"ngày\s{0,3}(?P<day>\d{1,2})\s{0,2}(?:[/.\-]|\s{0,3}tháng)\s{0,3}(?P<month>\d{1,2})\s{0,2}(?:[/.\-]|,?\s{0,3}năm)\s{0,3}"
    r"(?P<year>(?:19|20)\d\d)(?!\d)"
)
_DATE_AFTER = re.compile(rf"\s{{0,3}},?\s{{0,3}}\(?(?:(?:được\s+)?(?:ban hành|ký|ký ban hành)\s+)?{_DAY}")
_DATE_BEFORE = re.compile(
    rf"{_DAY}\s{{0,3}},?\s{{0,3}}(?P<who>[^;:.\n]{{0,120}}?)(?:(?:đã|có)\s+)?"
    r"(?:ban hành|ký|ký ban hành|có)\s+(?:các\s+)?$"
)
_ISSUED_BY = re.compile(r"(?:\s+(?:đã|vừa|mới))?\s+(?:ký\s+ban\s+hành|ban\s+hành|có|ký|tại)\s+(?:các\s+)?$")
# "củ" and "cuả" are slips of "của" on paper
_OF = re.compile(
    r"\s{0,3},?\s{0,3}(?:(?:của|củ|cuả|do)\s+(?:hội nghị\s+(?:lần thứ\s+[\w ]{2,20}?\s+)?)?"
    r"|hội nghị\s+(?:lần thứ\s+[\w ]{2,20}?\s+)?(?:của\s+)?)(?=\S)"
)
_BESIDE = re.compile(r"\s{1,3}(?=\S)")
_BEHIND = re.compile(r"\s*(?:[;.,)\n]|$|(?:về|v/v|phê duyệt|quy định|hướng dẫn|ban hành kèm)(?!\w))")
_NO = r"(?:số|sô|so)"
_LIST_GAP = re.compile(rf"\s{{0,3}}(?:,|;|và|hoặc|,\s{{0,3}}và|/)?\s{{0,3}}(?:{_NO}\s{{0,3}}:?\s{{0,3}})?$")
_OWN_NUMBER = re.compile(rf"(?:^|\n)\s*{_NO}\s*:?\s*$|{_NO}\s*:\s*$")
_FORM = re.compile(r"(?:mẫu|biểu|biểu mẫu|phụ lục|bảng|hình|ô|thửa|tờ bản đồ|lô|hẻm|ngõ|đường|nhà)(?:\s+số)?\s*:?\s*$")
_IN_UNIT = re.compile(r"(?:tổ công tác|tổ giúp việc|ban chỉ đạo|tổ)(?:\s+(?:triển khai|thực hiện))*\s+$")
_PERIOD = re.compile(  # in the name of a paper: "Kế hoạch công tác năm 2023 số ...", "Kế hoạch tháng 5/2024 số ..."
    r"(?:năm(?: học)?|giai đoạn|quý|tháng)\s+(?:(?:\d{1,2}|[ivx]{1,3})\s*(?:/|năm)\s*)?"
    r"(?:19|20)\d\d(?:\s*[-–]\s*(?:19|20)\d\d)?(?!\d)"
)
_LOOK_BACK = 170
_CAPITAL_ALONE = (
    "Nghị quyết",
    "Chỉ thị",
    "Nghị định",
    "Thông tư",
    "Quyết định",
    "Công văn",
    "Công điện",
    "Đề án",
    "Kết luận",
)
_YEARED_TYPES = (
    "Nghị định",
    "Thông tư",
    "Thông tư liên tịch",
    "Quyết định",
    "Luật",
    "Bộ luật",
    "Nghị quyết",
    "Pháp lệnh",
)


def _type_names() -> tuple[str, ...]:
    names = {name for t in load_doctypes().types for name in (t.name, *t.aliases)}
    return tuple(sorted((fold(name) for name in names), key=len, reverse=True))


_DIGIT = re.compile(r"\d")
_TYPE_NAMES = _type_names()
_TYPES = "|".join(re.escape(name).replace(r"\ ", r"\s+") for name in _TYPE_NAMES)
_KIND = "hành động|phối hợp|liên tịch|liên ngành|tổng thể|khung|mật|khẩn|hỏa tốc"
_KINDS = rf"(?:\s+(?:{_KIND})){{0,2}}"
_AND_PAPER = re.compile(rf"\s+(?:và|cùng)\s+(?=(?:{_TYPES})(?!\w))")
_TYPE_HERE = re.compile(rf"(?<!\w)(?P<type>{_TYPES}){_KINDS}\s{{0,3}}(?P<no>{_NO})?\s{{0,3}}[:.]?\s{{0,3}}$")
_TYPE_BACK = re.compile(rf"(?<!\w)(?P<type>{_TYPES})(?!\w)")
_CODE_HERE = re.compile(r"(?<![\w/\-])(?P<code>[A-ZĐ][A-Za-zĐđ]{1,4})\s{0,2}(?:số|Số)?\s{0,2}:?\s{0,2}$")
_TYPE_NUMBER = re.compile(rf"(?<!\w)(?P<type>{_TYPES}){_KINDS}\s+(?P<no>{_NO}\s{{0,3}}:?\s{{0,3}})?(?=\d)")
_BEFORE_NUMBER = re.compile(rf"\s(?:{_NO}\s{{0,3}}:?\s{{0,3}})?(?=\d)")
_LAST_WORDS = tuple({name.split()[-1] for name in (*_TYPE_NAMES, *_KIND.split("|"))})
_NEAR = 20  # longer than any of these words


@dataclass(frozen=True, slots=True)
class _Mention:
    """A number with its symbol and the words around it, before lists are tied together."""

    start: int  # of the type, or of the number where the type is shared
    number_at: int
    end: int  # of number and symbol
    number: str
    symbol: str | None
    doc_type: str | None
    own_type: bool


def read_citations(text: str) -> tuple[Citation, ...]:
    """Documents cited with a number, in order, repeats included; spans are offsets in the NFC text.

    Forms: "Nghị định số 107/2020/NĐ-CP, 108/2020/NĐ-CP ngày 14/9/2020 của Chính phủ" -> 2; "Chỉ thị 29-CT/TU";
    "công văn số 4692/UBND-THKH"; "Luật Thanh niên số 57/2020/QH14"; "Nghị định 34/2016/NĐCP" (NĐ-CP); "Chi thị 29".
    Not: "Số: 12/KH-UBND" (a paper's own number), "24/7", "số 12 đường Lê Lợi", "Điều 3", "Mẫu số 01/TB-BYT".
    """
    text = nfc(text)
    if not _DIGIT.search(text):
        return ()
    folded = fold(text)
    if not (_STROKE.search(folded) or _may_be_of_type(folded)):
        return ()
    shape = cased(text)
    mentions = _without_overlaps(sorted(_mentions(folded, shape), key=lambda m: (m.number_at, -m.end)))
    return _tied(text, folded, mentions)


def _may_be_of_type(folded: str) -> bool:
    """Whether a number stands behind the last word of a type, which is told sooner than all types are looked for."""
    for match in _BEFORE_NUMBER.finditer(folded):
        before = folded[max(0, match.start() - _NEAR) : match.start()].rstrip()
        if not before or before.endswith(_LAST_WORDS):
            return True
    return False


def _without_overlaps(mentions: list[_Mention]) -> list[_Mention]:
    kept: list[_Mention] = []
    for mention in mentions:
        if not kept or mention.number_at >= kept[-1].end:
            kept.append(mention)
    return kept


def _mentions(folded: str, shape: str) -> Iterator[_Mention]:
    floor = 0
    for match in sorted((*_STATE.finditer(shape), *_PARTY.finditer(shape)), key=lambda m: m.start()):
        if match.start() < floor:
            continue
        party = match.re is _PARTY
        symbol = read_symbol(shape, match.end(), party)
        if symbol is None or (party and not _is_party_number(match, symbol.text)):
            continue
        year = None if party else match["year"]
        number = f"{match['number']}/{year}" if year else match["number"]
        mention = _typed(folded, shape, match.start(), symbol.end, number, symbol.text, floor)
        if mention is not None:
            yield mention
            floor = symbol.end
    yield from _plain_numbers(folded, shape)


def _is_party_number(match: re.Match[str], symbol: str) -> bool:
    """A dash, or a lost one where the letters are a Party code ("Nghị quyết 12 NQ/TU")."""
    code = symbol.split("/", 1)[0]
    return "-" in match["link"] or bool(doctypes_of_code(code, party=True))


def _typed(folded: str, shape: str, at: int, end: int, number: str, symbol: str, floor: int) -> _Mention | None:
    """The mention with the type that stands before it, if it is one at all."""
    before = folded[max(floor, at - _LOOK_BACK) : at]
    base = at - len(before)
    if _FORM.search(before):
        return None
    if found := _type_before(before, shape[base:at], symbol):
        name, start = found
        return _Mention(base + start, at, end, number, symbol, name, own_type=True)
    if floor and _LIST_GAP.match(_after_date(folded[floor:at])):
        return _Mention(at, at, end, number, symbol, None, own_type=False)
    code = _CODE_HERE.search(shape[base:at])
    types = doctypes_of_code(code["code"]) if code else ()
    if code and types and code["code"] != "TT":
        return _Mention(base + code.start("code"), at, end, number, symbol, types[0].name, own_type=True)
    if _OWN_NUMBER.search(before) or not _is_complete(symbol):
        return None
    usual = symbol_type(symbol)
    return _Mention(at, at, end, number, symbol, usual.name if usual else None, own_type=True)


def _after_date(gap: str) -> str:
    """The words between two mentions without the date and the issuer of the first."""
    match = _DATE_AFTER.match(gap)
    return gap[match.end() :] if match else gap


def _is_complete(symbol: str) -> bool:
    """Whether a symbol without a type before it is one for certain: known type letters and a known body."""
    parts = re.split(r"[-/]", symbol)
    if re.fullmatch(r"(?:QH|UBTVQH)\d{1,2}", parts[0]):
        return True
    return len(parts) > 1 and bool(symbol_types(symbol)) and suffix_of_code(parts[-1]) is not None


def _type_before(before: str, shape: str, symbol: str | None) -> tuple[str, int] | None:
    """Type and where it begins: right before the number, else by its capital some words before "số"."""
    parliament = symbol is not None and re.match(r"(?:QH|UBTVQH)\d", symbol) is not None
    here = _TYPE_HERE.search(before)
    if here and not (parliament and shape[here.start()].islower()):
        start = here.start()
        if parliament and fold(here["type"]) == "luật":
            return _law(before, shape, start)
        return _canonical(here["type"]), start
    gap_floor = max((before.rfind(mark) for mark in ';:\n("'), default=-1) + 1
    found = [m for m in _TYPE_BACK.finditer(before, gap_floor) if shape[m.start()].isupper() and m["type"] != "văn bản"]
    if parliament:
        laws = [
            m for m in found if _canonical(m["type"]) in ("Luật", "Bộ luật", "Nghị quyết", "Pháp lệnh", "Hiến pháp")
        ]
        return _law(before, shape, laws[-1].start()) if laws else None
    if not found:
        return None
    nearest = found[-1]
    gap = before[nearest.end() :]
    led = re.search(rf"(?<!\w){_NO}\s*:?\s*$", gap) or re.fullmatch(r"\s+của\s+[^,.]{3,60}\s*", gap)
    return (_canonical(nearest["type"]), nearest.start()) if led and not _DIGIT.search(_PERIOD.sub("", gap)) else None


def _law(before: str, shape: str, at: int) -> tuple[str, int] | None:
    """The law that a number belongs to; an amending law begins where "Luật sửa đổi" stands."""
    amending = re.search(r"(?<!\w)luật sửa đổi", before)
    if amending and shape[amending.start()].isupper() and amending.start() < at:
        at = amending.start()
    match = _TYPE_BACK.match(before, at)
    return (_canonical(match["type"]), at) if match else None


def _canonical(name: str) -> str:
    found = doctype_named(name)
    return found.name if found else squeeze(name)


def _plain_numbers(folded: str, shape: str) -> Iterator[_Mention]:
    """Type and number without symbol: "Chỉ thị 29", "Nghị định số 16/2015", "Công văn số 1234"."""
    for match in _TYPE_NUMBER.finditer(folded):
        name, at = _canonical(match["type"]), match.end()
        capital = shape[match.start()].isupper()
        if name in _YEARED_TYPES and (yeared := _YEARED.match(shape, at)) and (capital or match["no"]):
            number = f"{yeared['number']}/{yeared['year']}"
            yield _Mention(match.start(), at, yeared.end(), number, None, name, own_type=True)
            continue
        if name == "Đề án" and _IN_UNIT.search(folded, 0, match.start()):
            continue
        plain = _PLAIN.match(shape, at)
        if plain is None or _MEASURE.match(folded, plain.end()) or not (match["no"] or capital):
            continue
        year_like = len(plain["number"]) == 4 and plain["number"][:2] in ("19", "20")
        if match["no"] or (name in _CAPITAL_ALONE and not year_like and key(match["type"]) != "văn bản"):
            yield _Mention(match.start(), at, plain.end(), plain["number"], None, name, own_type=True)


def _date_of(match: re.Match[str]) -> date | None:
    try:
        return date(int(match["year"]), int(match["month"]), int(match["day"]))
    except ValueError:
        return None


def _tied(text: str, folded: str, mentions: list[_Mention]) -> tuple[Citation, ...]:
    """Citations with dates and issuers; one type, date and issuer serve a whole list."""
    citations: list[Citation] = []
    for number, mention in enumerate(mentions):
        stop = mentions[number + 1].start if number + 1 < len(mentions) else len(text)
        citation = _with_surroundings(text, folded, mention, stop, citations[-1].span[1] if citations else 0)
        if not mention.own_type and citations:
            last = citations[-1]
            citation = replace(citation, doc_type=last.doc_type, issuer=citation.issuer or last.issuer)
        citations.append(citation)
    for at in range(len(citations) - 2, -1, -1):
        citations[at] = _served_by(citations[at], citations[at + 1], mentions[at], mentions[at + 1], folded)
    return tuple(citations)


def _served_by(here: Citation, after: Citation, mention: _Mention, follow: _Mention, folded: str) -> Citation:
    """What a list's last member says for those before it: its date under one type, its issuer under one symbol."""
    gap = folded[here.span[1] : follow.start]
    if follow.own_type and not (here.symbol == after.symbol and re.fullmatch(r"\s*(?:[;,]|và|[;,]\s*và)\s*", gap)):
        return here
    if here.date is None and here.span[1] == mention.end and not follow.own_type:
        here = replace(here, date=after.date)
    return replace(here, issuer=after.issuer) if here.issuer is None else here


def _with_surroundings(text: str, folded: str, mention: _Mention, stop: int, floor: int) -> Citation:
    """Date and issuer from beside the number: date, issuer behind it in either order, or both before it."""
    end = evidence = mention.end
    day: date | None = None
    if match := _DATE_AFTER.match(folded, end, stop):
        day, end = _date_of(match), match.end()
        evidence = end
    issuer, issuer_end = _issuer_after(text, folded, end, stop)
    if issuer:
        evidence = issuer_end
        late = _DATE_AFTER.match(folded, issuer_end, stop) if day is None and end == mention.end else None
        if late:
            day, end = _date_of(late), late.end()
            evidence = end
    start = mention.start
    if issuer is None and mention.own_type:
        issuer = _issuer_between(text, folded, mention)
    before = folded[max(floor, start - 200) : start]
    if day is None and (match := _DATE_BEFORE.search(before)):
        day = _date_of(match)
    if issuer is None and (acting := _issuer_before(text, folded, max(floor, start - 200), start)):
        issuer, evidence_from = acting
        start_evidence = evidence_from
    else:
        start_evidence = start
    return Citation(
        text=squeeze(text[start:end]),
        doc_type=mention.doc_type,
        number=mention.number,
        symbol=mention.symbol,
        date=day,
        issuer=issuer,
        span=(start, end),
        issuer_text=squeeze(text[start_evidence:evidence]),
    )


def _issuer_after(text: str, folded: str, at: int, stop: int) -> tuple[str | None, int]:
    """Issuer behind "của"; also right behind, where what follows shows that it acts no further."""
    if match := _OF.match(folded, at, stop):
        end = _before_next(folded, _name_at(text, folded, match.end()), _next_paper(folded, match.end(), stop))
        return (squeeze(text[match.end() : end]), end) if end else (None, at)
    beside = _BESIDE.match(folded, at, stop)
    end = _name_at(text, folded, beside.end()) if beside and text[beside.end()].isupper() else None
    if beside and end and end <= stop and _BEHIND.match(folded, end):
        return squeeze(text[beside.end() : end]), end
    return None, at


def _next_paper(folded: str, at: int, stop: int) -> int:
    """Where another paper is named without a number: "của Chính phủ và |Nghị quyết của Hội đồng nhân dân tỉnh"."""
    following = _AND_PAPER.search(folded, at, stop)
    return following.end() if following else stop


def _before_next(folded: str, end: int | None, stop: int) -> int | None:
    """No issuer reaches into the next mention: "của Ban Chấp hành Trung ương |và Hướng dẫn số ..."."""
    if end is None or end <= stop:
        return end
    return len(re.sub(r"(?:\s|[,;]|(?<=\s)(?:và|cùng))+$", "", folded[:stop]))


def _name_at(text: str, folded: str, at: int) -> int | None:
    """End of the issuer's name that begins here."""
    if special := re.compile(r"(?:trung ương(?: đảng)?|thủ tướng(?: chính phủ)?|liên bộ)(?!\w)").match(folded, at):
        return special.end()
    start = start_at(text, folded, at, min(len(text), at + 160))
    if start is None or start.kind == "nhóm":
        return None
    if start.use == "lower" and not text[at].isupper() and " " not in text[at : start.head_end]:
        known = name_end(text, folded, at, start)
        return known if known > start.head_end else None
    return name_end(text, folded, at, start)


def _issuer_between(text: str, folded: str, mention: _Mention) -> str | None:
    """ "Quyết định của Thủ tướng Chính phủ số 695/QĐ-TTg"."""
    match = re.compile(r"\s+của\s+").search(folded, mention.start, mention.number_at)
    if match is None:
        return None
    end = _name_at(text, folded, match.end())
    return squeeze(text[match.end() : end]) if end and end <= mention.number_at else None


def _issuer_before(text: str, folded: str, floor: int, start: int) -> tuple[str, int] | None:
    """ "UBND tỉnh đã ban hành Quyết định số ...": the unit that acts right before."""
    act = _ISSUED_BY.search(folded, floor, start)
    if act is None:
        return None
    units = find_units(text[floor : act.start()])
    if not units or text[floor + units[-1].end : act.start()].strip(" ,"):
        return None
    return squeeze(units[-1].text), floor + units[-1].start
