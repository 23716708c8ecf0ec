"""Units that stand together in running text, with the names, posts and clauses that belong to them."""

import re
from dataclasses import dataclass
from functools import lru_cache

from pipeline.rules.name_pieces import is_stop
from pipeline.rules.name_words import noun_end, verb_end
from pipeline.rules.unit_starts import GROUP, start_at
from pipeline.rules.units import next_unit
from pipeline.text import CAPITALS, fold, nfc, squeeze
from pipeline.vocab.name_tree import NO_NAMES, NameTree

_JOIN = re.compile(r"^\s*(?:[,;]|và|cùng|,\s*và)\s*$")
_DASH = re.compile(r"^\s*[-–]\s*$")
_LONGEST_LINK = re.compile(r"\s*(?:,\s*và|[,;-]|và|cùng)?\s*")  # behind it no unit of the same run begins
_PERSON = re.compile(r"(?:các )?(?:đồng chí|đ/c|đ\.c|ông|bà|thầy|cô|bác sĩ|bs|ths|ts)\W")
_BRACKET = re.compile(r"\s?\([^():]{2,90}\)")
# One who is called by the office alone, as in schools and communes.
_HOUSE = r"(?:nhà trường|trường|cơ quan|đơn vị|bệnh viện|xã|phường)"
_OFFICE = re.compile(
    rf"(?:(?:kế toán|văn thư|thủ quỹ|thủ kho|giáo viên)(?: {_HOUSE})?|bảo vệ (?:{_HOUSE})"
    r"|(?:cán bộ, )?giáo viên, nhân viên"
    r"|quản đốc(?: (?:các )?(?:phân xưởng|xưởng))?|đốc công|trưởng ca|an toàn vệ sinh viên|cộng tác viên"
    r"|tuyên truyền viên|lái xe|thuyền trưởng)(?!\w)"
)
_STAFF = re.compile(
    r"(?:(?:các|mỗi|từng|toàn thể) )?"
    r"(?:người lao động|công nhân|đoàn viên|hội viên|đảng viên|hộ gia đình|hộ dân|nhân dân|người dân|sinh viên|học viên"
    r"|chủ (?:đầu tư|hồ|đập|rừng|hộ|cơ sở|phương tiện|tàu|mỏ|trang trại|công trình)(?: [^\W\d_]+){0,3}"
    rf"|giảng viên|học sinh|cha mẹ học sinh|phụ huynh|bảo vệ|nhân viên(?: [^\W\d_]+){{0,2}}|viên chức|cán bộ|công chức"
    rf"|giáo viên (?:chủ nhiệm|bộ môn))(?: {_HOUSE})?"
)
# "các đơn vị |được giao chủ trì |chịu trách nhiệm": by what they were given the paper names them.
_CHARGED = re.compile(
    r" được (?:giao|phân công) (?:chủ trì(?:, phối hợp)?|phối hợp|thực hiện|nhiệm vụ)"
    r"(?: (?:các )?nhiệm vụ)?(?= [^\W\d_])"
)
# What an office undergoes for its own sake, with a verb behind: "các đơn vị |được kiểm tra| chuẩn bị".
_EXAMINED = re.compile(
    r"\s+(?:được|chịu sự|là đối tượng|thuộc đối tượng)\s+(?:kiểm tra|giám sát|thanh tra|kiểm toán|khảo sát"
    r"|(?:lựa )?chọn(?: làm)?(?: điểm)?)(?!\w)"
)
# What tells them from others, with a verb behind: "các xã |có rừng| lập phương án"; "có trách nhiệm" is a predicate.
_HAVING = re.compile(
    r"\s+có (?!trách nhiệm|nhiệm vụ|văn bản|kế hoạch|biện pháp|giải pháp|hình thức|báo cáo|phương án|quyền|ý kiến|thể"
    r"|quy|sự)(?=[^\W\d_])"
)
# Where the paper names them: "các cơ quan |nêu tại mục II| xây dựng", "các đơn vị |nêu trên| báo cáo".
_PART = r"(?:mục|phần|điểm|khoản|điều|chương|phụ lục|danh sách)"
_NAMED_AT = re.compile(
    rf"\s+(?:được )?(?:nêu|có tên|kể|quy định)(?: trên| (?:tại|ở|trong)(?:,? {_PART}(?: số)?"
    r"(?: (?:[ivxlc]+|\d+(?:\.\d+)*|[a-zđ])(?!\w))?)+(?: kèm theo| nêu trên| này)?)(?!\w)"
)
_WHERE = re.compile(r"\s+nơi (?=[^\W\d_])")  # "UBND xã |nơi tổ chức cưỡng chế| bố trí"
_LONGEST_CLAUSE = 6  # words
_SYLLABLE = re.compile(r"[^\W\d_]+")
_OPENS_LIST = re.compile(r"\s*:\s+")
_NEXT_NAME = re.compile(r"\s*[,;]\s+(?:và\s+)?|\s+và\s+")
_GROUP_NOUN = re.compile(
    r"(?<!\w)(?:[Cc]ác|[Nn]hững)\s+(?:[^\W\d_]+,\s)*(?P<noun>(?:[Xx]ã|[Pp]hường|[Tt]hị trấn|[Hh]uyện|[Qq]uận|[Tt]hị xã"
    r"|[Tt]hành phố|[Tt]ỉnh|[Tt]hôn|[Ss]ở|[Pp]hòng|[Bb]an|[Kk]hoa|[Cc]ục|[Vv]ụ|[Tt]rường|[Tt]rường THCS|[Tt]rường THPT"
    r"|[Đđ]ồng chí)(?!\w))"
)
_PLACE_NOUN = re.compile(r"xã|phường|thị trấn|huyện|quận|thị xã|thành phố|tỉnh|thôn", re.IGNORECASE)
_STARTS_NAME = re.compile(rf"\s[{CAPITALS}]")
_PLACE_NAME = re.compile(rf"[{CAPITALS}][\w’'-]*(?:\s+(?:-\s+)?(?:[{CAPITALS}][\w’'-]*|\d+))*")


@dataclass(frozen=True, slots=True)
class Acting:
    """The unit that acts in a stretch of text: its words and where they end."""

    text: str
    start: int
    end: int


@lru_cache(maxsize=4096)  # headings and labels are asked for theirs by all that stands below them
def unit_run(text: str, start: int, own: NameTree = NO_NAMES) -> Acting | None:
    """Units that stand together from `start` on ("Sở A (phòng X), Sở B và các đơn vị C"); brackets stay.

    Args:
        text: a sentence, a clause or a heading.
        start: where the first unit has to begin.
        own: names that the paper makes sure (`pipeline.read.own_names`).
    """
    end = None
    written = text
    if _PERSON.match(fold(text), start):  # "Phân công |đồng chí A phụ trách"
        text = f"{text[:start]}{text[start].upper()}{text[start + 1 :]}"
    rest = nfc(text[start:])
    folded = fold(rest)
    at, limit = 0, len(rest) - len(rest.lstrip())
    while found := next_unit(rest, folded, at, limit, own=own):
        unit, at = found
        if end is not None and start + unit.start < end:
            continue
        gap = text[start if end is None else end : start + unit.start]
        if (end is None and gap.strip()) or (end is not None and not _joins(text, start, gap)):
            break
        begin, end = start + unit.start, start + unit.end
        end = _listed_end(text, begin, end)
        end = _clause_end(text, begin, end) or end
        bracket = _BRACKET.match(text, end)
        end = bracket.end() if bracket else end
        link = _LONGEST_LINK.match(folded, end - start)
        limit = link.end() if link else end - start
    return Acting(squeeze(written[start:end]), start, end) if end is not None else None


def officer(text: str, start: int) -> Acting | None:
    """One called by the office alone, with the verb behind: "Kế toán nhà trường |lập dự toán", "Văn thư: ..."."""
    folded = fold(text)
    office = _OFFICE.match(folded, start)
    if office is None or not (start or text[start].isupper()):
        return None
    follow = folded[office.end() :].lstrip()
    acts = follow.startswith(":") or is_stop(text, folded, office.end())
    return Acting(squeeze(text[start : office.end()]), start, office.end()) if acts else None


def is_officer(folded: str) -> bool:
    """Whether folded words are nothing but offices of persons: "kế toán, văn thư", "bảo vệ, nhân viên phục vụ"."""
    return all(_OFFICE.fullmatch(one) or _STAFF.fullmatch(one) for one in re.split(r",\s+|\s+và\s+", folded))


def _joins(text: str, start: int, gap: str) -> bool:
    """Whether the words between two units bind them; a dash binds a person and the post."""
    return bool(_JOIN.match(fold(gap))) or (bool(_DASH.match(gap)) and bool(_PERSON.match(fold(text), start)))


def _clause_end(text: str, begin: int, end: int) -> int | None:
    """End of the clause that tells which units of a group are meant, before the verb of the sentence."""
    folded = fold(text)
    if charged := _CHARGED.match(folded, end):
        return charged.end()
    if where := _WHERE.match(folded, end):
        at = verb_end(folded, where.end())
        return _having_end(text, folded, at + 1) if at and text[at : at + 1] == " " else None
    if not GROUP.search(folded, begin, end):
        return None
    if named := _NAMED_AT.match(folded, end):
        return named.end()
    examined = _EXAMINED.match(folded, end)
    if examined and is_stop(text, folded, examined.end()):
        return examined.end()
    having = _HAVING.match(folded, end)
    return _having_end(text, folded, having.end()) if having else None


def _having_end(text: str, folded: str, start: int) -> int | None:
    """End of what the units have, where a verb stands behind: "chỉ tiêu tuyển dụng |thông báo", "rừng |lập"."""
    at = start
    for count in range(_LONGEST_CLAUSE):
        word = _SYLLABLE.match(folded, at)
        if word is None or text[at].isupper():
            return None
        noun = noun_end(folded, at)
        if count and noun is None and is_stop(text, folded, at):
            verb = verb_end(folded, at)
            if folded.startswith("được", at):
                return None
            is_noun = count > 1 and verb is not None and is_stop(text, folded, verb)
            return verb if is_noun else at - 1
        at = noun or word.end()
        at += text[at : at + 1] == " "
    return None


def _listed_end(text: str, begin: int, end: int) -> int:
    """End of the names that belong to a group: "UBND các xã: Bình Lâm, Hoa Sơn|", "Các phòng: Nội vụ, Tư pháp|"."""
    group = _GROUP_NOUN.search(text, begin, end)
    if group is None:
        return end
    opening = _OPENS_LIST.match(text, end)
    if opening is None and not _STARTS_NAME.match(text, group.end()):
        return end
    link = opening or _NEXT_NAME.match(text, end)
    at = end
    while link and (name := _listed_name(text, link.end(), group["noun"])):
        at = name
        link = _NEXT_NAME.match(text, at)
    is_list = opening is None or _NEXT_NAME.search(text, opening.end(), at) or text[at:].lstrip()[:1] in ("", ";", ".")
    return at if is_list else end


def _listed_name(text: str, start: int, noun: str) -> int | None:
    """End of one name of a list, read as if its noun stood before it: "Nội vụ|", "Giáo dục và Đào tạo|", "Hoa Sơn|"."""
    unit = start_at(text, fold(text), start, len(text))
    is_verb = verb_end(fold(text), start) is not None  # "UBND các huyện: Xây dựng kế hoạch"
    is_commune = unit is not None and unit.kind == "thôn, tổ" and _PLACE_NOUN.fullmatch(noun)  # xã |Bản Chiềng
    if not text[start : start + 1].isupper() or is_verb or (unit and unit.use != "weak" and not is_commune):
        return None
    if place := _PLACE_NOUN.fullmatch(noun) and _PLACE_NAME.match(text, start):
        return place.end()
    head = f"{noun.capitalize()} "
    words = nfc(head + text[start:])
    found = next_unit(words, fold(words), 0, 0)
    return start + found[0].end - len(head) if found and found[0].end > len(head) else None
