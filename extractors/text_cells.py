"""One cell of a text table: stray HTML and Markdown marks off, list items that were run together on lines again."""

import html
import re

_BREAK = re.compile(r"<\s*(?:br\s*/?|/?p\b[^>]*|/?div\b[^>]*|/?[uo]l\b[^>]*|/li)\s*>", re.IGNORECASE)
_ITEM = re.compile(r"<\s*li\b[^>]*>\s*(?:[-–•+]\s*)?", re.IGNORECASE)
_BOLD_TAG = re.compile(r"<\s*/?\s*(?:b|strong)\s*>", re.IGNORECASE)
# Only what is known to be markup goes: "<tên đơn vị>" and "<script>" in a plain text are its words.
MARKUP_TAG = re.compile(
    r"<\s*/?\s*(?:a|b|big|blockquote|center|code|div|em|font|h[1-6]|i|ins|li|ol|p|pre|s|small|span|strong|sub|sup|table"
    r"|tbody|td|th|thead|tr|tt|u|ul)(?:\s[^<>]*)?/?>",
    re.IGNORECASE,
)
_EMPHASIS = re.compile(r"(\*{1,3}|_{2,3})(?=\S)(.+?)(?<=\S)\1(?!\*)", re.DOTALL)

_MARK = re.compile(r"(?<=\S) (?=([-–+•])[ ](?=[A-ZĐÀ-Ỵ0-9“\"]))")
_POINT = re.compile(r"(?<=[.;]) (?=(?:[a-zđ])\)[ ][A-ZĐÀ-Ỵ])")
# Words that begin the name of an office; after a dash they begin a new item, and before one they own the dash.
_OFFICE = re.compile(
    r"(?:văn phòng|phòng|sở|ban|bộ|ủy ban|uỷ ban|ubnd|hđnd|ubmttq|mttq|trung tâm|chi cục|tổng cục|cục|vụ|viện|"
    r"bệnh viện|trường|trạm|tổ|đội|đoàn|hội|công an|công ty|bưu điện|đài|báo|kho bạc|bảo hiểm|ngân hàng|thanh tra|các|"
    r"đơn vị|cơ quan|lãnh đạo|giám đốc|chánh|trưởng|khoa|liên đoàn|mặt trận|huyện|tỉnh|thành|đảng ủy|thường trực|"
    r"chủ tịch)\b",
    re.IGNORECASE,
)


def cell_text(raw: str, split_lists: bool = True) -> tuple[str, bool]:
    """Text of a cell and whether all of it is bold.

    Forms: "<b>1</b>" -> "1", bold; "<p>đạt:</p> <ul> - Tối thiểu 50%</ul>" -> "đạt:\\n- Tối thiểu 50%";
    "- Phòng TCCB - Phòng KHTC" -> two lines.
    """
    text = raw.strip()
    bold = re.fullmatch(r"<\s*(b|strong)\s*>.*<\s*/\s*\1\s*>", text, re.IGNORECASE | re.DOTALL) is not None
    if "<" in text:
        text = _ITEM.sub("\n- ", _BREAK.sub("\n", text))
        text = html.unescape(MARKUP_TAG.sub("", _BOLD_TAG.sub("", text)))
    plain, strong, _ = strip_marks(text)
    lines = [" ".join(line.split()) for line in plain.split("\n")]
    text = "\n".join(line for line in lines if line)
    if split_lists:
        text = "\n".join(split_items(line) for line in text.split("\n"))
    return text, bold or strong


def strip_marks(text: str) -> tuple[str, bool, bool]:
    """Text without Markdown emphasis; whether all of it was bold, and italic.

    Forms: "**Nơi nhận:**"; "*** Mục tiêu đến năm 2025:**" (a star of the author inside bold marks);
    "báo cáo **trước ngày 01/6**" -> the marks go, not bold.
    """
    text = text.strip()
    starred = re.fullmatch(r"\*\*(\* .+?)\*\*", text, re.DOTALL)
    if starred:
        return starred[1], True, False
    whole = re.fullmatch(r"(\*{1,3}|_{2,3})(?=\S)((?:(?!\1).)+?)(?<=\S)\1", text, re.DOTALL)
    marks = len(whole[1]) if whole else 0
    before = ""
    while before != text:
        before, text = text, _EMPHASIS.sub(r"\2", text)
    return text.strip(), marks >= 2, marks in (1, 3)


def split_items(text: str) -> str:
    """List items that stand in one line, on lines of their own, where the mark is certain.

    Forms: "- Phòng TCCB - Phòng KHTC"; "- Văn bản mới. - Sổ theo dõi"; "đạt: - Tối thiểu 50%"; "a) ...; b) ...".
    Kept whole: "Kế hoạch - Tài chính", "- Phòng Kế hoạch - Tài chính", "giai đoạn 2017 - 2020", "- Giảm 10 - 50%".
    """
    text = _POINT.sub("\n", text)
    out, start = [], 0
    for found in _MARK.finditer(text):
        item, rest = text[start : found.start()], text[found.end() :]
        if _is_item_break(item, rest):
            out.append(item)
            start = found.end()
    return "\n".join([*out, text[start:]])


def _is_item_break(item: str, rest: str) -> bool:
    """Is the mark between a finished item and the rest the beginning of a new item?"""
    if re.search(r"[.;:]$", item):
        return True
    mark = rest[0]
    if not item.startswith(f"{mark} ") or rest[2].isdigit():
        return False
    if _OFFICE.match(rest[2:].lstrip('“"')):
        return True
    # "Phòng Kế hoạch - Tài chính", "khu vực Tuyên Hóa - Minh Hóa": the dash belongs to a name that has just begun.
    if item.split()[-1][0].isupper() and len(item.split()) > 2:
        return False
    return not any(_OFFICE.match(" ".join(item.split()[-n:])) for n in range(1, 6))
