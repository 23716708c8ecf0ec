"""Bodies that stand in an office or a committee written in lower case behind them: "Công đoàn |trường|"."""

import re

_HOUSE = re.compile(r"(?:nhà trường|trường(?: học)?|cơ quan|bệnh viện|cơ sở(?!\s+(?:dữ liệu|vật chất|hạ tầng)))(?!\w)")
_IN_A_HOUSE = re.compile(
    r"(?:công đoàn|chi đoàn|liên đội|chi bộ|đảng bộ|đảng ủy|ban giám hiệu|hội đồng|hội cựu chiến binh|hội chữ thập đỏ"
    r"|đoàn thanh niên|đoàn thanh niên cộng sản hồ chí minh|ban thanh tra nhân dân|ban đại diện cha mẹ học sinh"
    r"|thư viện)$"
)
_PARTY = re.compile(r"(?:đảng ủy|huyện ủy|thị ủy|thành ủy|tỉnh ủy|quận ủy|đảng bộ|chi bộ)(?!\w)")
_OF_THE_PARTY = re.compile(
    r"(?:ủy ban kiểm tra|ubkt|văn phòng|ban tổ chức|ban tuyên giáo|ban dân vận|ban xây dựng đảng|thường trực"
    r"|ban thường vụ|ban chấp hành)$"
)


def inside(text: str, folded: str, end: int, begin: int) -> re.Match[str] | None:
    """The office or committee that begins at `begin` and in which the body whose name ends at `end` stands.

    Forms: "Công đoàn |trường|", "Liên đội |nhà trường|", "Ủy ban kiểm tra |đảng ủy| các xã"; None elsewhere.
    """
    if not text[begin : begin + 1].islower():
        return None
    if _IN_A_HOUSE.search(folded, 0, end):
        return _HOUSE.match(folded, begin)
    return _PARTY.match(folded, begin) if _OF_THE_PARTY.search(folded, 0, end) else None
