"""Who issues a document: its full name with the place it belongs to.

A letterhead names superior and issuer in capitals and leaves out what the reader sees beside it: "UBND TỈNH HÀ TĨNH /
SỞ Y TẾ". The full name comes from letterhead, title, signature and grounds together.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from pipeline.read.casing import proper_case
from pipeline.read.lines import CAPITALS, is_capital, plain
from pipeline.text import fold, squeeze
from pipeline.vocab.doctypes import issuers_of_symbol
from pipeline.vocab.provinces import load_provinces, place_key, province_named


@dataclass(frozen=True, slots=True)
class IssuerEvidence:
    """What a document says about its issuer, from the surest to the vaguest."""

    letterhead: tuple[str, ...]  # the left column's lines, superior first
    title: str = ""
    place: str | None = None
    signer_title: str = ""
    symbol: str | None = None
    day: date | None = None
    texts: tuple[str, ...] = ()  # the paragraphs behind the title, for the enacting sentence and for letters


# Words (folded, without marks) that begin the name of a body in a letterhead.
_HEAD = re.compile(
    r"^(?:ubnd|uy ban|hdnd|hoi dong|so|bo(?! phan\b)|phong|truong|benh vien|trung tam|chi cuc|cuc|tong cuc|tong cong ty|tong lien doan|"
    r"tap doan|cong ty|ban|bql|bcd|bch|dang bo|dang uy|dang doan|tinh uy|huyen uy|thanh uy|quan uy|thi uy|tinh doan|huyen doan|"
    r"thanh doan|quan doan|xa doan|van phong|vien|dai hoc|hoc vien|cong an|lien doan|cong doan|doan (?:tncs|thanh nien|dai bieu|truong)|toa an|kho bac|"
    r"ngan hang|bao hiem|thanh tra|dai (?:phat|truyen|khi)|bao\s|mat tran|tram|khoa|to (?:cong tac|giup viec|bien tap)|thue|hai quan|"
    r"hoi (?:lien hiep|nong dan|cuu|chu thap|nguoi|khuyen|dong y|luat|nha|lam vuon|sinh vien)|chinh phu|quoc hoi|thu tuong|"
    r"van phong|nha (?:xuat ban|van hoa|thieu nhi)|thuong truc|hat kiem lam|doi |phan vien|phan hieu|lien hiep)\b"
)
# Heads that say nothing without the next line.
_BARE = re.compile(
    r"^(?:ban chap hanh|ban thuong vu|thuong truc|van phong|dang bo|dang uy|truong(?: (?:dai hoc|cao dang|trung cap|tieu hoc|mam non|"
    r"mau giao|thcs|thpt|trung hoc co so|trung hoc pho thong))?|benh vien(?: da khoa)?|trung tam|so|bo|phong|chi cuc|cuc|vien|"
    r"cong ty(?: co phan| tnhh)?|ban|ban chi dao|ban quan ly|hoi dong|uy ban|tong cong ty|cong doan|lien doan|uy ban mat tran)$"
)
_OPEN_END = re.compile(r"(?:,|\bva|-|\bcua|\bcac)$")
_AFTER_AREA = re.compile(
    r"\s(?=(?:so|phong|truong|trung tam|chi cuc|benh vien|ban (?:chi dao|quan ly|dan toc)|huyen uy|dang uy|cong an)\s)"
)
_AREA_WORDS = r"(?:tỉnh|thành phố|huyện|quận|thị xã|thị trấn|xã|phường|đặc khu)"
_NAME_WORD = rf"[{CAPITALS}][\w’'-]*"
_AREA = re.compile(
    rf"\b(?P<kind>[Tt]ỉnh|[Tt]hành phố|[Hh]uyện|[Qq]uận|[Tt]hị xã|[Tt]hị trấn|[Xx]ã|[Pp]hường|[Đđ]ặc khu)\s+"
    rf"(?P<name>(?:{_NAME_WORD}|\d{{1,2}}\b)(?:\s+(?:-\s+)?{_NAME_WORD})*)"
)
_LEVELS = {
    "tỉnh": 3, "thành phố": 2, "huyện": 2, "quận": 2, "thị xã": 2, "thị trấn": 1, "xã": 1, "phường": 1, "đặc khu": 1
}  # fmt: skip
_SHORT = (
    (re.compile(r"\bUBND\b"), "Ủy ban nhân dân"),
    (re.compile(r"\bHĐND\b"), "Hội đồng nhân dân"),
    (re.compile(r"\bUBMTTQ\b"), "Ủy ban Mặt trận Tổ quốc"),
    (re.compile(r"\bGD\s?(?:&|-|và)?\s?ĐT\b"), "Giáo dục và Đào tạo"),
    (re.compile(r"\bBCH\b"), "Ban Chấp hành"),
    (re.compile(r"\bBCĐ\b"), "Ban Chỉ đạo"),
    (re.compile(r"\bBQL\b"), "Ban Quản lý"),
    (re.compile(rf"\b(?:TP|Tp)\s*\.?\s*(?=[{CAPITALS}])"), "thành phố "),
    (re.compile(rf"\b(?:TX|Tx)\s*\.?\s*(?=[{CAPITALS}])"), "thị xã "),
    (re.compile(rf"\b(?:TT|Tt)\s*\.\s*(?=[{CAPITALS}])"), "thị trấn "),
)


def letterhead_units(lines: Iterable[str]) -> tuple[str, ...]:
    """The bodies of a letterhead's left column, superior first; wrapped names are whole again.

    Forms: ["ỦY BAN NHÂN DÂN", "HUYỆN SƠN HẢI"] is one, ["UBND TỈNH X", "SỞ Y TẾ"] two,
    ["UBND THÀNH PHỐ ĐÀ", "NẴNG", "SỞ Y TẾ"] two.
    """
    units: list[str] = []
    for line in _single_units(lines):
        folded = plain(line)
        before = plain(units[-1]) if units else ""
        unfinished = bool(_BARE.match(before) or _OPEN_END.search(before))
        if _HEAD.match(folded) and not unfinished:
            units.append(line)
        elif units and (is_capital(line) or unfinished):
            units[-1] = f"{units[-1]} {line}"
    return tuple(units)


def _single_units(lines: Iterable[str]) -> Iterable[str]:
    """Lines cut where a committee with its area is followed by another body on the same line."""
    for line in lines:
        shown = squeeze(line).strip(" *-_–—.:;")
        if not shown:
            continue
        folded = plain(shown)
        cut = _AFTER_AREA.search(folded, 12) if re.match(r"(?:ubnd|uy ban nhan dan|dang bo)\s", folded) else None
        if cut:
            yield shown[: cut.start()]
            yield shown[cut.end() :]
        else:
            yield shown


def expand(name: str) -> str:
    """Common short forms in a body's name written out: "UBND huyện X" -> "Ủy ban nhân dân huyện X"."""
    for short, full in _SHORT:
        name = short.sub(full, name)
    return squeeze(name)


_UNIT_HEAD = (
    r"(?:Ủy ban nhân dân|Uỷ ban nhân dân|UBND|Hội đồng nhân dân|HĐND|Văn phòng|Sở|Bộ|Phòng|Trường|Bệnh viện|Trung tâm|"
    r"Chi cục|Cục|Tổng cục|Ban|Đảng ủy|Đảng uỷ|Tỉnh ủy|Tỉnh uỷ|Huyện ủy|Huyện uỷ|Thành ủy|Thành uỷ|Công an|Viện|"
    r"Thanh tra|Kho bạc|Bảo hiểm xã hội|Đại học|Học viện|Hội|Liên đoàn|Công ty|Tổng công ty|Tập đoàn|Trạm Y tế)"
)
_ENACTING = re.compile(
    rf"(?:^|[,;.:]\s*|\n)(?P<unit>{_UNIT_HEAD}\s(?:(?!\b(?:về|như|tại|số|ngày|năm|căn cứ|của)\b)[^.;:()\n]){{0,90}}?)\s*,?\s"
    r"(?:xây dựng|ban hành|triển khai|tổ chức|đề ra|lập)\s+(?:thực hiện\s+|và ban hành\s+)?"
    r"(?:[Kk]ế hoạch|[Cc]hương trình|[Pp]hương án|[Đđ]ề án|[Nn]ội dung)"
)
_ENACTING_LOOSE = re.compile(
    rf"^(?P<unit>{_UNIT_HEAD}\s[^.;:()\n]{{0,90}}?)\s*,?\s(?:xây dựng|ban hành|triển khai|tổ chức)\s.*(?:như sau|sau)\s*[:.]?\s*$"
)
_OF_TITLE = re.compile(rf"\bcủa\s+(?P<unit>{_UNIT_HEAD}\b(?:(?!\s(?:năm|giai đoạn|đến|về|trên địa bàn)\b)[^;:()])*)")
_NUMBERED = re.compile(r"\bsố\s*\d")
_ATTACHED = re.compile(
    rf"[Kk]èm theo\s[^()]*?\bcủa\s+(?:(?:Giám đốc|Chủ tịch|Bộ trưởng|Hiệu trưởng|Cục trưởng|Trưởng)\s+)?(?P<unit>{_UNIT_HEAD}[^();]*)\)"
)
_SIGNED_FOR = re.compile(
    r"\bT/?M\s*[./]\s*(?P<unit>[^\n]+)|^(?:BỘ TRƯỞNG|GIÁM ĐỐC|CỤC TRƯỞNG|HIỆU TRƯỞNG)\s+(?P<of>(?:BỘ|SỞ|CỤC|TRƯỜNG)\s[^\n]+)"
)


def _enacting_unit(texts: Iterable[str]) -> str | None:
    """The subject of the sentence that enacts the plan: "..., Sở Y tế xây dựng Kế hoạch ... như sau:"."""
    for text in texts:
        found = [m["unit"] for m in _ENACTING.finditer(text)]
        if not found and (loose := _ENACTING_LOOSE.match(text)):
            found = [loose["unit"]]
        if found:
            return squeeze(found[-1])
    return None


def _named_without_letterhead(evidence: IssuerEvidence) -> str | None:
    """The issuer's name where no letterhead gives it: enacting sentence, title, signature, reference, symbol."""
    enacting = _enacting_unit(evidence.texts[:25])
    of_title = _OF_TITLE.search(evidence.title)
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
        if attached := _ATTACHED.search(text):
            return squeeze(attached["unit"])
    issuers = issuers_of_symbol(evidence.symbol or "")
    return issuers[0] if issuers else None


@dataclass(frozen=True, slots=True)
class _Area:
    """An area as written: "tỉnh", "Hà Tĩnh"."""

    kind: str
    name: str

    @property
    def text(self) -> str:
        return f"{self.kind} {self.name}"

    @property
    def level(self) -> int:
        province = province_named(self.text)
        if self.kind == "thành phố" and province and province.kind == "thành phố":
            return 3
        return _LEVELS[self.kind]


def _areas(text: str) -> list[_Area]:
    return [_Area(fold(m["kind"]), squeeze(m["name"])) for m in _AREA.finditer(expand(text))]


def _province(evidence: IssuerEvidence, superiors: Sequence[str]) -> str | None:
    """The province or central city that the document belongs to, "tỉnh Hà Tĩnh", from the nearest source that names it."""
    sources = [*superiors, evidence.title]
    for text in sources:
        if area := next((a for a in _areas(text) if a.level == 3), None):
            return area.text
    if evidence.place and (named := _as_province(evidence.place, evidence.day)):
        return named
    attached = (m[0] for text in evidence.texts if (m := _ATTACHED.search(text)))
    for text in (*attached, *evidence.texts):
        if area := next((a for a in _areas(text) if a.level == 3 and province_named(a.text)), None):
            return _as_province(area.name, evidence.day) or area.text
    for text in (*superiors, evidence.title, *evidence.texts[:40]):
        if bare := _bare_province(text, evidence.day):
            return bare
    return None


def _as_province(name: str, day: date | None) -> str | None:
    province = (province_named(name, day) if day else None) or province_named(name)
    return f"{province.kind} {province.bare_name}" if province else None


def _bare_province(text: str, day: date | None) -> str | None:
    """A province named without its kind behind a body's name: "Sở Y tế Thanh Hóa", "Tỉnh ủy Thanh Hóa"."""
    for province in load_provinces():
        name = province.bare_name
        if re.search(rf"(?:{_UNIT_HEAD})\s[^.;,()]{{0,40}}?\b{re.escape(name)}\b(?!\s*[{CAPITALS}])", text):
            return _as_province(name, day)
    return None


_PROVINCIAL = re.compile(
    r"^(?:sở|chi cục|thanh tra(?!\s+(?:chính phủ|bộ))|ban (?:dân tộc|tôn giáo|quản lý|nội chính|thi đua|tiếp công dân)|"
    r"ban chỉ đạo|ban chỉ huy|hội đồng|tổ công tác|trung tâm|liên đoàn|liên hiệp|quỹ|đài|báo|trường (?:chính trị)$|"
    r"văn phòng|công an|phòng|trạm|bệnh viện|kho bạc|bảo hiểm|hội|viện kiểm sát|tòa án|đội|hạt)\b"
)
_CENTRAL = re.compile(
    r"^(?:bộ|chính phủ|quốc hội|tổng cục|tổng công ty|tập đoàn|thủ tướng|đại học|học viện|cục|trung ương|ngân hàng)\b"
)
_COMMITTEE = re.compile(r"^(?:ủy ban nhân dân|hội đồng nhân dân|ủy ban mặt trận|hội đồng bầu cử)")
_PARTY = re.compile(r"^(?:tỉnh|thành|huyện|quận|thị) ủy\b")
_PARTY_ORGAN = re.compile(
    r"^(?:ban (?:tổ chức|tuyên giáo|dân vận|nội chính|thường vụ|chấp hành|tuyên giáo và dân vận)|ủy ban kiểm tra|văn phòng)$"
)
_OWN_NAME = re.compile(r"^(?:trường|bệnh viện|trung tâm|trạm|viện|công ty|phòng khám|hội|đoàn|báo)\b")
_GENERIC_REST = re.compile(
    r"^(?:bệnh viện (?:đa khoa|mắt|phổi|nhi|phụ sản|sản nhi|tâm thần|da liễu|y (?:dược )?(?:học )?cổ truyền|phục hồi chức năng|"
    r"điều dưỡng.*|ung bướu|mắt)|trung tâm (?:kiểm soát bệnh tật|y tế(?: dự phòng)?|kiểm nghiệm.*|pháp y|giám định y khoa|"
    r"phục vụ hành chính công|văn hóa.*|dịch vụ.*|phát triển quỹ đất|khuyến nông|xúc tiến.*|công nghệ.*|truyền thông.*|"
    r"giáo dục.*|chính trị|quan trắc.*|phòng.*|cấp cứu.*|bảo trợ.*|công tác xã hội|đăng kiểm.*|nước sạch.*|hành chính công|"
    r"chăm sóc.*|dân số.*|lưu trữ.*|y tế)|trạm (?:y tế|khuyến nông|thú y|kiểm dịch.*|trồng trọt.*))$"
)


def _complete(name: str, superiors: Sequence[str], evidence: IssuerEvidence) -> str:
    """The name with the area it needs: a department of a province, a committee whose area stands elsewhere."""
    folded = fold(name)
    if _areas(name) or _CENTRAL.match(folded):
        return name
    if _COMMITTEE.match(folded):
        return _committee(name, superiors, evidence)
    if _PARTY.match(folded):
        bare = len(folded.split()) == 2
        return f"{name} {_bare_place(evidence)}" if bare and _bare_place(evidence) else name
    if superiors and _PARTY_ORGAN.match(folded) and _PARTY.match(fold(superiors[-1])):
        return f"{name} {superiors[-1]}"
    if superiors and re.match(r"^văn phòng$", folded) and not _PARTY.match(fold(superiors[-1])):
        return f"{name} {superiors[-1]}"
    if any(_CENTRAL.match(fold(s)) for s in superiors[-1:]):
        return name
    if not _PROVINCIAL.match(folded) or (_OWN_NAME.match(folded) and not _GENERIC_REST.match(folded)):
        return name
    return _with_area(name, superiors, evidence)


def _with_area(name: str, superiors: Sequence[str], evidence: IssuerEvidence) -> str:
    """The name and the area of its superior, else the province; a bare province inside the name gets its kind."""
    departmental = fold(name).startswith(("sở", "chi cục", "thanh tra"))
    tail = _province_tail(name, evidence.day)
    if tail:
        return tail
    for superior in reversed(superiors):
        areas = _areas(superior)
        if areas and (not departmental or areas[-1].level == 3):
            return f"{name} {areas[-1].text}"
    if superiors and not departmental and not re.match(r"(?:sở|ủy ban|ubnd|đảng)", fold(superiors[-1])):
        return name
    if fold(name).startswith("phòng"):
        local = _local_area(evidence)
        return f"{name} {local}" if local else name
    province = _province(evidence, superiors)
    return f"{name} {province}" if province else name


def _province_tail(name: str, day: date | None) -> str | None:
    """ "Sở Y tế Thanh Hóa" -> "Sở Y tế tỉnh Thanh Hóa"; None where the name ends otherwise."""
    words = name.split()
    for size in range(min(5, len(words) - 1), 0, -1):
        ending = " ".join(words[-size:])
        if ending[:1].isupper() and (province := _as_province(ending, day)) and not ending.islower():
            if place_key(ending) == fold(ending).replace(" - ", "-") or size == 1:
                return f"{' '.join(words[:-size])} {province}"
    return None


def _bare_place(evidence: IssuerEvidence) -> str | None:
    return re.sub(rf"^{_AREA_WORDS}\s+", "", evidence.place, flags=re.IGNORECASE) if evidence.place else None


def _local_area(evidence: IssuerEvidence) -> str | None:
    """A district or commune that the title or the text names and that the place line agrees with, if there is one."""
    place = fold(_bare_place(evidence) or "")
    found = [a for text in (evidence.title, *evidence.texts) for a in _areas(text) if a.level < 3]
    agreeing = [a for a in found if fold(a.name) == place]
    chosen = next(iter(agreeing), None) or next((a for a in _areas(evidence.title) if a.level < 3), None)
    return chosen.text if chosen else None


def _committee(name: str, superiors: Sequence[str], evidence: IssuerEvidence) -> str:
    """A People's Committee written without its area ("UBND huyện") with the one that title or place line name."""
    stated = re.search(rf"\b({_AREA_WORDS})$", fold(name))
    kind = stated[1] if stated else None
    base = name[: stated.start()].strip() if stated else name
    sources = (evidence.title, *superiors, *evidence.texts)
    wanted = [a for text in sources for a in _areas(text) if kind is None or a.kind == kind]
    place = fold(_bare_place(evidence) or "")
    if agreeing := next((a for a in wanted if fold(a.name) == place), None):
        return f"{base} {agreeing.text}"
    if titled := next((a for a in _areas(evidence.title) if kind is None or a.kind == kind), None):
        return f"{base} {titled.text}"
    if place and kind:
        return f"{base} {kind} {_bare_place(evidence)}"
    return f"{base} {wanted[0].text}" if wanted and kind else name


def read_issuer(evidence: IssuerEvidence) -> str | None:
    """The issuer's full name.

    Forms: "UBND TỈNH HÀ TĨNH" over "SỞ Y TẾ" -> "Sở Y tế tỉnh Hà Tĩnh"; "ỦY BAN NHÂN DÂN HUYỆN SƠN HẢI" -> "Ủy ban nhân
    dân huyện Sơn Hải"; "BỘ VĂN HÓA, THỂ THAO VÀ DU LỊCH" as it stands in normal letters; no letterhead, title "... của
    Sở Y tế", grounds "UBND tỉnh Ninh Thuận" -> "Sở Y tế tỉnh Ninh Thuận".
    """
    texts = (evidence.place or "", evidence.title, *evidence.texts)
    units = [expand(proper_case(unit, texts)) for unit in letterhead_units(evidence.letterhead)]
    if units:
        return _complete(units[-1], units[:-1], evidence)
    named = _named_without_letterhead(evidence)
    return _complete(expand(proper_case(named, texts)), (), evidence) if named else None
