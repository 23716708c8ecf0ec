"""Numbers, lists and years as deadlines write them: what the rules of dates and of recurrence share."""

import re

ROMAN = {"i": 1, "ii": 2, "iii": 3, "iv": 4}
NUMBER_WORDS = {
    "nhất": 1, "một": 1, "giêng": 1, "hai": 2, "ba": 3, "tư": 4, "bốn": 4, "năm": 5, "sáu": 6, "bảy": 7, "bẩy": 7,
    "tám": 8, "chín": 9, "mười": 10, "mười một": 11, "mười hai": 12, "chạp": 12,
}  # fmt: skip

ANN = r"(?:\s?\(\s?[^\W\d]{2,8}(?:\s[^\W\d]{2,8})?\s?\))?"  # "06 (sáu)"
CONN = (
    r"(?:\s{0,3}[-,&+]\s{0,3}"
    r"|\s{0,3},?\s{1,3}(?:và|hoặc|hay|cho đến hết|cho đến|đến hết|đến|tới)\s{1,3})"
)
RANGE_SIGN = re.compile(r"-|đến|tới")
STOP = r"(?=\s{0,3}(?:$|[,;:)\n(\-]|\.(?!\d)|(?:và|hoặc|hay|năm|hàng|mỗi|đến|tới|của)(?!\w)))"
RELATIVE_YEAR = {
    "trước": -1, "ngoái": -1, "sau": 1, "tới": 1, "kế tiếp": 1, "tiếp theo": 1, "nay": 0, "kế hoạch": 0,
}  # fmt: skip
_RELATIVE = r"năm\s{1,2}(?:trước|ngoái|sau|tới|nay|kế tiếp|tiếp theo|kế hoạch)(?!\w)(?!\s(?:ngày|khi)(?!\w))"
_YEAR_TAIL = (
    r"(?:\s{{0,3}}(?:/|-|\.(?=\d{{4}})|,?\s{{0,2}}(?:của\s)?(?:năm|n\.))\s{{0,3}}{year}(?!\d)"
    r"|\s?/\s?{short}(?![\d/])|\s{{1,2}}{spaced}(?!\d)|\s{{1,3}},?\s?(?:của\s)?{relative})"
)
YEAR_TAIL = _YEAR_TAIL.format(year=r"\d{3,6}", short=r"(?:1[5-9]|2\d|3\d)", spaced=r"(?:20[0-4]\d)", relative=_RELATIVE)
_YEAR_READ = re.compile(
    _YEAR_TAIL.format(
        year=r"(?P<year>\d{3,6})",
        short=r"(?P<short>1[5-9]|2\d|3\d)",
        spaced=r"(?P<spaced>20[0-4]\d)",
        relative=rf"(?P<relative>{_RELATIVE})",
    )
)
NOT_A_SYMBOL = r"(?!\s?/\s?[a-zđ])(?!\s?-\s?(?!tháng|quý|ngày|năm|t\.?\d|hết|đến|thứ)[a-zđ]{2})"  # 09/2019/NĐ-CP
VAGUE = (
    r"(?:(?:(?:khoảng\s)?(?:nửa\s)?(?:đầu|giữa|cuối)|trung tuần|thượng tuần|hạ tuần|khoảng|\d{1,2} ngày (?:đầu|cuối))"
    r"(?:\scủa)?\s{1,3})?"
)

# "Tuần đầu tháng 3" is vague as "đầu tháng 3" is: the month counts. A numbered week has days that nobody agrees on.
VAGUE_WEEK = r"(?<!\d )(?<!\w)tuần\s{1,2}(?:lễ\s)?(?:đầu(?:\stiên)?|giữa|cuối(?:\scùng)?),?\s{1,3}(?:(?:của|trong)\s)?"


def read_year(tail: str | None) -> tuple[int | None, int | None]:
    """Year and shift of a year tail: "/2024" and "/24" give (2024, None), " năm trước" gives (None, -1)."""
    match = _YEAR_READ.match(tail or "")
    if not match:
        return None, None
    if match["relative"]:
        return None, RELATIVE_YEAR[" ".join(match["relative"].split()[1:])]
    if match["short"]:
        return 2000 + int(match["short"]), None
    return int(match["year"] or match["spaced"]), None


def number(text: str) -> int:
    """Value of a number in digits, Roman or words; 0 where it is none of the known ones."""
    text = " ".join(text.split())
    if text.isdigit():
        return int(text)
    return ROMAN.get(text) or NUMBER_WORDS.get(text, 0)
