"""Units (đơn vị) in cells and in running text: splitting lists, roles in one cell, look-up, names in prose."""

import re

from pipeline.rules.name_pieces import body_end, is_stop
from pipeline.rules.unit_names import name_end
from pipeline.rules.unit_resolver import UnitResolver, declared_abbreviations
from pipeline.rules.unit_roles import Roles, split_roles
from pipeline.rules.unit_split import UnitSpan, split_units, trimmed, unit_spans
from pipeline.rules.unit_starts import GROUP, Start, may_start, start_at
from pipeline.text import fold, nfc
from pipeline.vocab.name_tree import NO_NAMES, NameTree
from pipeline.vocab.units import entries_named

__all__ = [
    "Roles",
    "UnitResolver",
    "UnitSpan",
    "declared_abbreviations",
    "find_units",
    "next_unit",
    "split_roles",
    "split_units",
    "unit_spans",
]

_SMALL = frozenset(("tổ", "khoa", "bộ phận"))
_BRACKET = re.compile(r"\s?\([^()]{2,90}\)")
_WORD_START = re.compile(r"(?<![\w/.&-])\w+")
_GROUP_OF_UNITS = re.compile(
    r"(?:các|những|tất cả(?: các)?|toàn thể|toàn bộ|mọi|từng|mỗi|một số)\s+"
    r"(?:sở|ban|ngành|đoàn thể|địa phương|phòng|khoa|tổ|cục|vụ|viện|đơn vị|cơ quan|hội|trường|xã|phường|thị trấn"
    r"|huyện|quận|thị xã|thành phố|tỉnh|bộ|tổ chức|doanh nghiệp|trung tâm|bệnh viện|trạm|chi cục|cơ sở|thành viên"
    r"|đặc khu|công trường|phân xưởng|xí nghiệp|nhà máy|tổ đội|đội(?! ngũ| tuyển| hình)|nông trường|lâm trường"
    r"|trại|đồn|hạt"
    r"|tòa(?: án)?|viện kiểm sát|điểm trường|tiểu ban|ban chỉ đạo|hội đồng|nhà mạng|khối (?:thi đua|lớp|trường)"
    r"|đoàn (?:kiểm tra|công tác|thanh tra|giám sát)|chủ (?:cơ sở|tàu|rừng|hộ|trang trại)"
    r"|trưởng (?:thôn|bản|ấp|khu phố)"
    r"|giáo viên|lớp(?= (?:trực|chủ động|tổ chức|trang trí|đăng ký|thực hiện|chuẩn bị|tham gia|có trách nhiệm))"
    r"|ngân hàng|chủ đầu tư|nhà thầu|chủ rừng|hợp tác xã|khu phố|tổ dân phố|ấp|xóm|học viện|chi hội|chi đoàn"
    r"|hộ (?:kinh doanh|chăn nuôi|sản xuất)|câu lạc bộ|chi nhánh|nhà trường"
    r"|liên đoàn|(?:liên )?chi đoàn|công đoàn"
    r"|(?:tổ|đội|trạm|hạt) trưởng|chi, đảng bộ|trạm y tế|cảng vụ|cấp(?! học| độ| bậc)|ủy viên|thôn"
    r"|bản|công ty|chi bộ|đảng bộ|cấp ủy|bộ phận|ttyt|ubnd|đồng chí|lực lượng|(?:tỉnh|thành|huyện|quận|thị|đảng|chi) ủy"
    r"|chi, đảng bộ|nhóm(?= công tác| chuyên| nghiên cứu| kỹ thuật| giúp việc| làm việc)|xưởng|kho|bến xe|nhà ga"
    r"|cửa hàng"
    r"|khách sạn|nhà hàng"
    r"|phòng khám|thư viện|bảo tàng|nhà văn hóa|liên đội|tổ hợp tác|trang trại|đồn biên phòng|hạt kiểm lâm)(?!\w)"
)


def find_units(text: str, declared: frozenset[str] = frozenset()) -> tuple[UnitSpan, ...]:
    """Units in running text with their offsets in the NFC text, maximal names that stop before the verb.

    Forms: "Sở Nội vụ chủ trì, phối hợp với Sở Tài chính và các đơn vị liên quan xây dựng ..." -> 3.
    """
    text = nfc(text)
    folded = fold(text)
    spans = []
    at = 0
    while found := next_unit(text, folded, at, len(text), declared):
        span, at = found
        spans.append(span)
    return tuple(spans)


def next_unit(
    text: str, folded: str, at: int, limit: int, declared: frozenset[str] = frozenset(), own: NameTree = NO_NAMES
) -> tuple[UnitSpan, int] | None:
    """The first unit of NFC text that begins from `at` on and not beyond `limit`, and where to look for the next.

    Args:
        declared: folded abbreviations that the paper declares.
        own: names that the paper makes sure.
    """
    while (word := _WORD_START.search(folded, at)) and word.start() <= limit:
        end = _unit_end(text, folded, word, declared, own)
        if end is not None and (span := trimmed(text, word.start(), end)):
            return span, end
        at = word.end() if end is None else end
    return None


def _unit_end(text: str, folded: str, word: re.Match[str], declared: frozenset[str], own: NameTree) -> int | None:
    """Where the name of the unit ends that begins with a word; None where none does."""
    begin = word.start()
    if not may_start(text, word[0], begin) and word[0] not in declared:
        return None
    start = start_at(text, folded, begin, min(len(text), begin + 160), declared)
    if start is None or not (_stands_as_unit(text, begin, start) or own.end(text, folded, begin)):
        return None
    return max(name_end(text, folded, begin, start, own), begin + 1)


def _stands_as_unit(text: str, at: int, start: Start) -> bool:
    """Whether words in running text are a unit and no common noun: a capital, a group, a lower head with a name."""
    if start.use == "weak" or start.kind == "địa bàn":
        return False
    if start.use == "lower":
        return text[at].isupper() and (_known_below(text, at, start) or _small_with_verb(text, at, start))
    if start.kind == "nhóm":
        return _names_units(text, at) or (start.use == "alone" and text[at].isupper())
    if text[at].isdigit():
        return start.kind not in ("chức danh", "người", "thôn, tổ")
    if text[at].isupper():
        return True
    follow = text[start.head_end : start.head_end + 3].strip()
    return follow[:1].isupper() and start.kind not in ("người", "thôn, tổ")


def _known_below(text: str, at: int, start: Start) -> bool:
    """Whether a capital head with a lower-case name is a known unit: "Phòng tổ chức cán bộ"; open heads always are."""
    if " " in text[at : start.head_end]:
        return not is_stop(text, fold(text), start.head_end)
    if body_end(text, fold(text), at) is not None:
        return True
    words = re.finditer(r"\w+", text[start.head_end : start.head_end + 60])
    return any(entries_named(text[at : start.head_end + word.end()]) for word in words)


def _small_with_verb(text: str, at: int, start: Start) -> bool:
    """A team of an office with its verb behind: "Đội phòng cháy, chữa cháy cơ sở |tổ chức"."""
    if start.kind not in _SMALL:
        return False
    folded = fold(text)
    end = name_end(text, folded, at, start)
    bracket = _BRACKET.match(folded, end)  # "Đội đáp ứng nhanh số 1 (khu vực Hòa Sơn) |trực"
    return is_stop(text, folded, bracket.end() if bracket else end)


def _names_units(text: str, at: int) -> bool:
    """Whether "các ..." groups units: "các sở, ngành", "các đơn vị", not "các nội dung"."""
    folded = fold(text)
    if _GROUP_OF_UNITS.match(folded, at):
        return True
    group = GROUP.match(folded, at)
    noun = group.end() + 1 if group else len(text)
    if not text[noun : noun + 1].isupper():
        return False
    start = start_at(text, folded, noun, min(len(text), noun + 80))  # "các Hạt Kiểm lâm"
    return start is not None and start.use in ("words", "alone") and start.kind not in ("nhóm", "địa bàn", "")
