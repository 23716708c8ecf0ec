"""Who issues a document: its full name with the place it belongs to.

A letterhead names superior and issuer in capitals and leaves out what the reader sees beside it: "UBND TỈNH HÀ TĨNH /
SỞ Y TẾ". The full name comes from letterhead, title, signature and grounds together.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from pipeline.read.areas import (
    AREA_NAMES,
    AREA_WORDS,
    PROVINCE,
    Area,
    areas_in,
    as_province,
    bare_provinces,
    expand,
    first_area,
)
from pipeline.read.casing import proper_case
from pipeline.read.lines import alternatives, is_capital, plain
from pipeline.text import fold, squeeze
from pipeline.vocab.doctypes import issuers_of_symbol
from pipeline.vocab.letterhead import load_letterhead
from pipeline.vocab.units import entries_named


@dataclass(frozen=True, slots=True)
class IssuerEvidence:
    """What a document says about its issuer, from the surest to the vaguest."""

    letterhead: tuple[str, ...]  # the left column's lines, superior first
    authority: tuple[str, ...] = ()  # lines between type and grounds: "CHI CỤC TRƯỞNG CHI CỤC KIỂM LÂM TỈNH X"
    title: str = ""
    place: str | None = None
    signer_title: str = ""
    symbol: str | None = None
    day: date | None = None
    texts: tuple[str, ...] = ()  # the paragraphs behind the title, for the enacting sentence and for letters

    @property
    def bare_place(self) -> str | None:
        """The place line's name without its kind: "Quận 14" -> "14", "Sơn Hải"."""
        return re.sub(rf"^{AREA_WORDS}\s+", "", self.place, flags=re.IGNORECASE) if self.place else None


_LEAST_NAME = 3  # words of a body's name: a shorter line may be the rest of the one above
_OPEN_END = re.compile(r"(?:,|\bva|-|\bcua|\bcac)$")
_LEAGUE = re.compile(r"\b(?:tinh|thanh|huyen|quan|thi|xa|phuong) doan\s+\w")  # its level is in its name
_UNIONS = ("doan ", "hoi ", "cong doan", "lien doan", "mat tran to quoc", "uy ban mat tran to quoc", "uy ban mttq")
_COUNCIL = "hoi dong nhan dan"
_OF_COUNCIL = ("ban ", "thuong truc", "to dai bieu")
# Regions of central sectors carry Roman numerals; those of courts and their like a numeral before the province.
_REGION = re.compile(r"\b(?:khu vực|vùng|[Kk]hu [^\d]{3,30}?) (?:[IVXL]+(?!\w)|\d{1,2} - \S)")
_OPEN_AREA = re.compile(r"\b(?:tỉnh|thành phố)$", re.IGNORECASE)  # "Bảo tàng tỉnh": which one stands elsewhere
_NATIONAL = re.compile(rf"^((?:Hội|Hiệp hội|Liên minh)\b.*?) Việt Nam (?={AREA_WORDS}\s)")
_COMMITTEE_LINE = re.compile(r"(?:ubnd|uy ban nhan dan|dang bo)\s")


@lru_cache(maxsize=1)
def _head() -> re.Pattern[str]:
    words = load_letterhead()
    names = [word for word, _ in words.kinds] + [*words.party_organs] + [short for short, _ in words.shorts]
    return re.compile(rf"{alternatives(names)}(?!\w)(?!\s+phan\b)")  # Bộ phận is none


@lru_cache(maxsize=1)
def _bare() -> re.Pattern[str]:
    return re.compile(rf"{alternatives(load_letterhead().bare)}$")


def letterhead_units(lines: Iterable[str], texts: tuple[str, ...] = ()) -> tuple[str, ...]:
    """The bodies of a letterhead's left column, superior first; wrapped names are whole again.

    A line of no known kind is a body too where the text names it by itself.

    Forms: ["ỦY BAN NHÂN DÂN", "HUYỆN SƠN HẢI"] is one, ["UBND TỈNH X", "SỞ Y TẾ"] two,
    ["UBND THÀNH PHỐ ĐÀ", "NẴNG", "SỞ Y TẾ"] two.
    """
    units: list[str] = []
    for line in _single_units(lines):
        before = plain(units[-1]) if units else ""
        unfinished = bool(_bare().match(before) or _OPEN_END.search(before))
        is_body = _head().match(plain(line)) and (" " in line or not units)  # "UBND HUYỆN VÂN", "TRƯỜNG"
        if not unfinished and (is_body or (units and _named_alone(line, texts))):
            units.append(line)
        elif units and (is_capital(line) or unfinished):
            units[-1] = f"{units[-1]} {line}"
    return tuple(units)


def _named_alone(line: str, texts: tuple[str, ...]) -> bool:
    """Whether the text names what a line holds as somebody who acts: ", Nhạc viện Sông Hậu xây dựng ..."."""
    if not is_capital(line) or len(line.split()) < _LEAST_NAME:
        return False
    names = re.compile(rf"(?:^|[,;.\n]\s*|(?i:giám đốc|trưởng)\s+)(?P<name>{_spelt(line)})(?!\w)", re.IGNORECASE)
    return any(
        found["name"][0].isupper() and not is_capital(found["name"]) for text in texts for found in names.finditer(text)
    )


def _spelt(line: str) -> str:
    return r"\s+".join(map(re.escape, line.split()))


def _single_units(lines: Iterable[str]) -> Iterator[str]:
    """Lines cut where a committee with its area is followed by another body on the same line."""
    for line in lines:
        shown = squeeze(line).strip(" *-_–—.:;")
        folded = plain(shown)
        found = _head().finditer(folded, 12) if _COMMITTEE_LINE.match(folded) else ()
        bodies = (m for m in found if folded[m.start() - 1] == " " and _is_written(shown, m))
        cut = next((m.start() for m in bodies if folded[m.end() :].strip()), None)
        pieces = [shown] if cut is None else [shown[:cut], shown[cut:]]
        yield from (piece.strip() for piece in pieces if piece.strip())


def _is_written(line: str, head: re.Match[str]) -> bool:
    """Whether a body's first words stand there with their marks; a place may look like one ("TỈNH HẢI PHONG")."""
    return fold(line[head.start() : head.end()]) in _written_heads() or not any(ord(char) > 0x7F for char in line)


@lru_cache(maxsize=1)
def _written_heads() -> frozenset[str]:
    words = load_letterhead()
    return frozenset(map(fold, (*(w for w, _ in words.kinds), *words.party_organs, *(s for s, _ in words.shorts))))


@lru_cache(maxsize=1)
def _unit() -> str:
    """Pattern of a body's first words in running text, with both placements of the tone."""
    names = {word for word, _ in load_letterhead().kinds}
    body = "|".join(re.escape(name) for name in sorted(names, key=len, reverse=True))
    return rf"(?:{body.replace('Ủy', '[ỦU][yỷ]').replace('ủy', '[ủu][yỷ]')})(?!\w)"


_PLAN = r"(?:[Kk]ế hoạch|[Cc]hương trình|[Pp]hương án|[Đđ]ề án|[Nn]ội dung)"
_ENACTS = r"(?:xây dựng|ban hành|triển khai|tổ chức|đề ra|lập)"
_NAME = r"\s(?:(?!\b(?:về|như|tại|số|ngày|năm|căn cứ|của)\b)[^.;:()\n]){0,90}?"
_HEADS_OF = r"(?:(?:Giám đốc|Chủ tịch|Bộ trưởng|Hiệu trưởng|Cục trưởng|Trưởng)\s+)?"
_NUMBERED = re.compile(r"\bsố\s*\d")
_SIGNED_FOR = re.compile(
    r"\bT/?M\s*[./]\s*(?P<unit>[^\n]+)|"
    r"^(?:BỘ TRƯỞNG|GIÁM ĐỐC|CỤC TRƯỞNG|HIỆU TRƯỞNG)\s+(?P<of>(?:BỘ|SỞ|CỤC|TRƯỜNG)\s[^\n]+)"
)


@lru_cache(maxsize=1)
def _enacting() -> tuple[re.Pattern[str], re.Pattern[str]]:
    strict = rf"(?:^|[,;.:]\s*|\n)(?P<unit>{_unit()}{_NAME})\s*,?\s{_ENACTS}\s+(?:thực hiện\s+|và ban hành\s+)?{_PLAN}"
    loose = rf"^(?P<unit>{_unit()}{_NAME})\s*,?\s{_ENACTS}\s.*(?:như sau|sau)\s*[:.]?\s*$"
    return re.compile(strict), re.compile(loose)


@lru_cache(maxsize=1)
def _of_title() -> re.Pattern[str]:
    return re.compile(rf"\bcủa\s+(?P<unit>{_unit()}(?:(?!\s(?:năm|giai đoạn|đến|về|trên địa bàn)\b)[^;:()])*)")


@lru_cache(maxsize=1)
def _attached() -> re.Pattern[str]:
    return re.compile(rf"[Kk]èm theo\s[^()]{{0,200}}?\bcủa\s+{_HEADS_OF}(?P<unit>{_unit()}[^();]{{0,120}})\)")


def _enacting_unit(texts: Iterable[str]) -> str | None:
    """The subject of the sentence that enacts the plan: "..., Sở Y tế xây dựng Kế hoạch ... như sau:"."""
    strict, loose = _enacting()
    for text in texts:
        found = [m["unit"] for m in strict.finditer(text)] or [m["unit"] for m in loose.finditer(text)]
        if found:
            return squeeze(found[-1])
    return None


def _named_without_letterhead(evidence: IssuerEvidence) -> str | None:
    """The issuer's name where no letterhead gives it: enacting sentence, title, signature, reference, symbol."""
    enacting = _enacting_unit(evidence.texts[:25])
    of_title = _of_title().search(evidence.title)
    if of_title and _NUMBERED.search(evidence.title, 0, of_title.start()):
        of_title = None  # the issuer of a cited document
    titled = squeeze(of_title["unit"]) if of_title else None
    if enacting and titled and fold(titled).startswith(fold(enacting)):
        return titled
    if enacting or titled:
        return enacting or titled
    if signed := _SIGNED_FOR.search(evidence.signer_title):
        return signed["unit"] or signed["of"]
    for text in evidence.texts:
        if attached := _attached().search(text):
            return squeeze(attached["unit"])
    issuers = issuers_of_symbol(evidence.symbol or "")
    return issuers[0] if issuers else None


@lru_cache(maxsize=1)
def _needs() -> tuple[tuple[str, re.Pattern[str], int, str], ...]:
    kinds = [(plain(word), area) for word, area in load_letterhead().kinds]
    return tuple((word, re.compile(rf"{re.escape(word)}(?!\w)"), len(word), area) for word, area in kinds)


def area_need(name: str) -> str:
    """What makes a body's name complete, by its longest known beginning (vocab/letterhead.toml, `area`)."""
    folded = plain(name)
    fits = [(size, area) for word, whole, size, area in _needs() if folded.startswith(word) and whole.match(folded)]
    return max(fits)[1] if fits else "own"


def _province(evidence: IssuerEvidence, superiors: Sequence[str]) -> str | None:
    """The province or central city of the document, "tỉnh Hà Tĩnh", from the nearest source that names it."""
    if near := first_area((*superiors, evidence.title), PROVINCE):
        return near.text
    if evidence.place and (named := as_province(evidence.place, evidence.day)):
        return named
    attached = [m[0] for text in evidence.texts if (m := _attached().search(text))]
    if far := first_area((*attached, *evidence.texts), PROVINCE):
        return as_province(far.name, evidence.day) or far.text
    for text in (*superiors, evidence.title, *evidence.texts[:40]):
        for unit in re.finditer(rf"{_unit()}\s[^.;,()]{{2,60}}", text):
            if bare := next(bare_provinces(unit[0]), None):
                return as_province(bare, evidence.day)
    return None


def _complete(name: str, superiors: Sequence[str], evidence: IssuerEvidence) -> str:
    """The name with the area it needs: a department of a province, a committee whose area stands elsewhere."""
    above = superiors[-1] if superiors else ""
    organs = {plain(organ) for organ in load_letterhead().party_organs}
    of_body = area_need(above) == "party" or plain(name) == "van phong" or plain(above).startswith(_UNIONS)
    if above and plain(name) in organs and of_body:
        return f"{name} {above}"
    if plain(above).startswith(_COUNCIL) and plain(name).startswith(_OF_COUNCIL) and not areas_in(name):
        return f"{name} {above}"
    need = area_need(name)
    if above and (organ := _organ_of_union(name, above)):
        return organ
    if areas_in(name) or need == "central" or _LEAGUE.search(plain(name)) or _REGION.search(name):
        return _NATIONAL.sub(r"\1 ", name)
    if need == "committee":
        return _committee(name, superiors, evidence)
    if need == "party" and _OPEN_AREA.search(name):
        return _with_area(name, superiors, evidence, provincial=True)
    if need == "party":
        return f"{name} {evidence.bare_place}" if len(name.split()) == 2 and evidence.bare_place else name
    if area_need(above) == "central" and above:
        return name
    if need == "own" and not entries_named(name) and not _OPEN_AREA.search(name):
        return name  # a school or hospital with a name of its own
    if stated := _area_of_authority(name, evidence):
        return f"{name} {stated.text}"
    return _with_area(name, superiors, evidence, provincial=need == "province")


def _area_of_authority(name: str, evidence: IssuerEvidence) -> Area | None:
    """The area behind the name where the paper says who decides: "GIÁM ĐỐC SỞ Y TẾ TỈNH X"."""
    for line in evidence.authority:
        at = plain(line).find(f"{plain(name)} ")
        areas = (
            areas_in(proper_case(line[at + len(name) :], (evidence.place or "", *evidence.texts))) if at >= 0 else []
        )
        if areas:
            return areas[0]
    return None


def _organ_of_union(name: str, above: str) -> str | None:
    """An organ of a union or youth league with the body it belongs to: "BCH TỈNH X" under "ĐOÀN TNCS HỒ CHÍ MINH"."""
    organ = re.match(rf"{alternatives(load_letterhead().party_organs)}(?=\s+{alternatives(AREA_NAMES)}\s)", plain(name))
    if not organ or not plain(above).startswith(_UNIONS):
        return None
    return f"{name[: organ.end()]} {above}{name[organ.end() :]}"


def _with_area(name: str, superiors: Sequence[str], evidence: IssuerEvidence, *, provincial: bool) -> str:
    """The name and the area of its superior, else the province; a bare province at its end gets its kind."""
    if tail := _province_tail(name, evidence.day):
        return tail
    stated = re.search(rf"\s+(?P<kind>{AREA_WORDS})$", name, flags=re.IGNORECASE)  # "Thanh tra tỉnh": the area follows
    kind = fold(stated["kind"]) if stated else ""
    name = name[: stated.start()] if stated else name
    for superior in reversed(superiors):
        areas = areas_in(superior)
        if areas and (not provincial or areas[-1].level == PROVINCE or areas[-1].kind == kind):
            return f"{name} {areas[-1].text}"
    if fold(name).startswith("phòng"):
        local = _local_area(evidence)
        return f"{name} {local.text}" if local else name
    province = _province(evidence, superiors)
    return f"{name} {province}" if province else name


def _province_tail(name: str, day: date | None) -> str | None:
    """ "Sở Y tế Thanh Hóa" -> "Sở Y tế tỉnh Thanh Hóa"; None where the name does not end in a province."""
    bare = next((b for b in bare_provinces(name) if name.endswith(b)), None)
    return f"{name[: -len(bare)].strip()} {as_province(bare, day)}" if bare else None


def _local_area(evidence: IssuerEvidence) -> Area | None:
    """A district or commune that the text names and that the place line agrees with, else one of the title."""
    place = fold(evidence.bare_place or "")
    found = [a for text in (evidence.title, *evidence.texts) for a in areas_in(text) if a.level < PROVINCE]
    agreeing = (a for a in found if fold(a.name) == place)
    return next(agreeing, None) or next((a for a in areas_in(evidence.title) if a.level < PROVINCE), None)


def _committee(name: str, superiors: Sequence[str], evidence: IssuerEvidence) -> str:
    """A People's Committee written without its area ("UBND huyện") with the one that title or place line name."""
    stated = re.search(rf"\b({AREA_WORDS})$", fold(name))
    kind = stated[1] if stated else None
    base = name[: stated.start()].strip() if stated else name
    sources = (evidence.title, *superiors, *evidence.texts)
    wanted = [a for text in sources for a in areas_in(text) if kind is None or a.kind == kind]
    place = fold(evidence.bare_place or "")
    titled = [a for a in areas_in(evidence.title) if kind is None or a.kind == kind]
    agreeing = [a for a in wanted if fold(a.name) == place]
    if chosen := next(iter((*agreeing, *titled)), None):
        return f"{base} {chosen.text}"
    if place and kind:
        return f"{base} {kind} {evidence.bare_place}"
    return f"{base} {wanted[0].text}" if wanted and kind else name


def read_issuer(evidence: IssuerEvidence) -> str | None:
    """The issuer's full name.

    Forms: "UBND TỈNH HÀ TĨNH" over "SỞ Y TẾ" -> "Sở Y tế tỉnh Hà Tĩnh"; "ỦY BAN NHÂN DÂN HUYỆN SƠN HẢI" -> "Ủy ban nhân
    dân huyện Sơn Hải"; "BỘ VĂN HÓA, THỂ THAO VÀ DU LỊCH" as it stands in normal letters; no letterhead, title "... của
    Sở Y tế", grounds "UBND tỉnh Ninh Thuận" -> "Sở Y tế tỉnh Ninh Thuận".
    """
    texts = (evidence.place or "", evidence.title, *evidence.texts)
    units = [expand(proper_case(unit, texts)) for unit in letterhead_units(evidence.letterhead, texts[1:])]
    if units:
        return _complete(units[-1], units[:-1], evidence)
    named = _named_without_letterhead(evidence)
    return _complete(expand(proper_case(named, texts)), (), evidence) if named else None
