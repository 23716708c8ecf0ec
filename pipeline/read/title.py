"""Type and title of a document: the type in capitals on a line, the title (trích yếu) below it.

Layout: Nghị định 30/2020/NĐ-CP, Phụ lục I, mục II, khoản 5. An official letter has no type line; its "V/v ..." stands
under the number.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from pipeline.read.lines import WHOLE_WIDTH, Line, alternatives, is_capital, plain
from pipeline.text import fold, squeeze
from pipeline.vocab.doctypes import DocType, load_doctypes
from pipeline.vocab.letterhead import load_letterhead


@dataclass(frozen=True, slots=True)
class Title:
    """Type and title with the lines they stand in (positions in the lines that were read)."""

    doc_type: DocType | None = None
    written_type: str | None = None  # the type line in capitals: "KẾ HOẠCH", "CHƯƠNG TRÌNH HÀNH ĐỘNG"
    title: str | None = None
    printed: str | None = None  # the title's lines as printed, joined by line breaks
    type_at: int | None = None
    end: int = 0  # the first line behind type, title and the authority's own line


_WARD = re.compile(r"phường\s")  # "PHƯỜNG AN BÌNH" is no "PHƯƠNG ÁN" whose marks a scan lost
_RULE = re.compile(r"^[\W_]*$")
_LIST_MARK = re.compile(
    r"^\s*(?:[-+•]\s|(?:\d{1,2}(?:\.\d{1,2})*|[a-zđ])(?:\s*[.)]|[-–])\s|[IVXL]{1,5}\s*[./)–-]\s|(?:phần|chương|điều|mục)\s+[\divx])",
    re.IGNORECASE,
)
_GROUNDS = re.compile(
    r"^(?:căn cứ|kính gửi|xét|theo đề nghị|theo (?:công văn|kế hoạch|quyết định|chỉ đạo)|trên cơ sở|kính trình)\b"
)
# Names of sections without a number: they fill their line, for titles hold such words too ("... CHƯƠNG TRÌNH" / "MỤC
# TIÊU QUỐC GIA ...").
_NAME = (
    r"(?:(?:cac )?(?:muc dich|muc tieu|yeu cau|quan diem|chi tieu|can cu(?: phap ly)?|noi dung|nhiem vu(?: trong tam)?|"
    r"giai phap|thoi gian|doi tuong|thanh phan|dia diem|kinh phi|to chuc thuc hien|phan cong(?: nhiem vu)?)|"
    r"dac diem(?: tinh hinh)?|tinh hinh(?: chung)?|loi noi dau|dat van de|mo dau|phan mo dau)"
)
_SECTION = re.compile(rf"{_NAME}(?:\s*(?:[,;–-]|va\b)\s*{_NAME})*\W*$")
_ENACTS = re.compile(r"(?:ban hanh|phe duyet)\s")
_BRACKET = re.compile(r"^\(.*(?:kèm theo|ban hành|đính kèm)", re.DOTALL)
_LETTER = "CÔNG VĂN"  # what offices call it; the paper itself carries no type, so no code either
_SUBJECT = re.compile(r"^\W*v\s*/\s*v\b[:\s]*")
_DATE_LINE = re.compile(r"ngày\b.{0,12}\btháng\b.{0,8}\bnăm\b|^số\s*:")
_MOST_WRAPS = 4  # lines of a subject below the first
_LONGEST_WRAP = 60  # characters of a line in the left column
_MARKS = re.compile(r"\s*[-_=*~—]{3,}\s*$|\s*[_—]+$")
_DRAFT = re.compile(r"^\W*(?:(?:du thao|ban du thao)\W*(?:lan\s*\d+\W*)?)+")
# Words that belong to the type when they stand on its line and the title follows below.
_EXTENDS = re.compile(
    r"(?:hành động|công tác|phối hợp|liên tịch|liên ngành|triển khai|thực hiện|triển khai thực hiện|tổng thể|chi tiết|"
    r"bổ sung|hoạt động|hành động quốc gia)$"
)
# Marks of urgency, secrecy and circulation (Nghị định 30/2020/NĐ-CP, Phụ lục I, mục II, khoản 6 to 8).
_PAPER_MARK = re.compile(
    r"\W*(?:hỏa tốc(?: hẹn giờ)?|thượng khẩn|khẩn|tuyệt mật|tối mật|mật|xem xong trả lại|lưu hành nội bộ"
    r"|(?:bản )?dự thảo(?: lần \w+)?)\W*"
)
# The stamp of an office that received the paper: its name, "ĐẾN", number, date, who it went to (Phụ lục IV).
_ARRIVED = re.compile(r"\W*(?:công văn |văn bản )?đến\W*(?:số\s*:.*)?")
_ARRIVAL = re.compile(r"\W*(?:số|ngày|giờ|chuyển|lưu hồ sơ số|số và ký hiệu hồ sơ)\s*:")
_DECIDES = {"Quyết định", "Nghị quyết", "Chỉ thị", "Thông tư", "Nghị định", "Quy định", "Quy chế"}
_GOES_ON = re.compile(
    r"^\(?(?:giai đoạn|năm|học kỳ|quý|tháng|đợt|trên địa bàn|của|tại|thuộc|trong|cho|và|về|đến|định hướng|tầm nhìn|"
    r"nhiệm kỳ|6 tháng|9 tháng)\b"
)
_ABOUT = re.compile(r"(?:về|trong)\s")
_OPEN_END = re.compile(
    r"(?:,|\s(?:và|của|các|về|trong|trên|cho|với|tại|đến|từ|năm|huyện|tỉnh|xã|phường|thành phố|địa bàn|thực hiện|"
    r"công tác|giai đoạn|-|–))$"
)


@lru_cache(maxsize=1)
def _types() -> dict[str, tuple[tuple[str, str, DocType], ...]]:
    """Plain names of the types that stand above a title, also without spaces, by first letter; the longest first."""
    named = [(plain(name), t) for t in load_doctypes().types if t.group != "copy" for name in (t.name, *t.aliases)]
    grouped: dict[str, list[tuple[str, str, DocType]]] = {}
    for name, doc_type in sorted((n for n in named if " " in n[0]), key=lambda n: -len(n[0])):
        grouped.setdefault(name[0], []).append((name, name.replace(" ", ""), doc_type))
    return {letter: tuple(rows) for letter, rows in grouped.items()}


@lru_cache(maxsize=1)
def _authority() -> re.Pattern[str]:
    words = load_letterhead()
    return re.compile(rf"{alternatives((*words.posts, *words.authorities))}(?!\w)")


def type_of_line(line: Line) -> tuple[DocType, str] | None:
    """The type that a line names and the rest of the line (the title's beginning, "" mostly).

    Forms: "KẾ HOẠCH"; "K Ế  H O Ạ C H"; "KẺ HOẠCH" (scan); "KẾ HOẠCH Về công tác ..."; "KẾ HOẠCH TRIỂN KHAI ...";
    a bold or centred "Kế hoạch công tác ...". None: "Kế hoạch này ..." in running text.
    """
    text = squeeze(line.text).strip(" *_#:.")
    draft = _DRAFT.match(plain(text))
    text = text[draft.end() :] if draft else text
    if _WARD.match(fold(text)):
        return None
    folded = plain(text)
    spaceless = folded.replace(" ", "")
    for name, joined, doc_type in _types().get(folded[:1], ()):
        if spaceless == joined:
            return doc_type, ""
        if folded.startswith(f"{name} "):
            head, rest = text[: len(name)], text[len(name) :].strip()
            if is_capital(head) or (line.marked and len(text) < 250 and not text.endswith((";", ":"))):
                return doc_type, rest.lstrip(":-–. ")
    return None


def ends_head(line: Line) -> bool:
    """Whether a line is running text or a section heading, so that no type line can follow."""
    text = line.text
    return (
        bool(_GROUNDS.match(fold(text)))
        or (len(text) > 220 and not line.marked and line.column == WHOLE_WIDTH)
        or bool(re.match(r"^\s*(?:I|1|A)(?:\s*[./)]|[-–])\s", text))
    )


def _is_body(line: Line) -> bool:
    folded = fold(line.text)
    return bool(
        _GROUNDS.match(folded)
        or _LIST_MARK.match(line.text)
        or (line.text.rstrip().endswith((";", ":", "./.")) and not line.marked)
    )


def _is_authority(line: Line, doc_type: DocType, title: Sequence[Line]) -> bool:
    """Whether a line in capitals names who decides ("BỘ TRƯỞNG BỘ Y TẾ") and not what the document is about."""
    if not (is_capital(line.text) and _authority().match(plain(line.text))):
        return False
    return doc_type.name in _DECIDES or (bool(title) and not is_capital(title[0].text))


def _begins_title(line: Line) -> bool:
    folded = fold(line.text)
    if _GROUNDS.match(folded) or _LIST_MARK.match(line.text):
        return False
    running = len(line.text) > 160 and line.text.rstrip().endswith((",", ";", ":", "."))
    return line.marked or not running


def _continues(line: Line, title: Sequence[Line]) -> bool:
    """Whether the title goes on in this line, which stands in a block of its own or in the title's."""
    first, before = title[0], title[-1]
    if _is_body(line) or _BRACKET.match(fold(line.text)):
        return False
    if line.block == before.block:
        return True
    if first.marked:
        # a line that fills the width is centred without looking so: boldness is then what both share
        alike = line.centered or (first.bold and line.bold and not first.centered)
        return alike and len(line.text) < 300 and (line.centered or is_capital(line.text) == is_capital(first.text))
    if all(is_capital(each.text) for each in (first, before, line)):
        return len(line.text) <= 160 and not _SECTION.match(plain(line.text))  # plain text: capitals are all that shows
    if len(line.text) > 160 or line.marked or line.text.rstrip().endswith((".", ",")):
        return False
    return line.text[:1].islower() or bool(_OPEN_END.search(fold(before.text)) or _GOES_ON.match(fold(line.text)))


def _letter_title(lines: Sequence[Line]) -> Title:
    """The subject of an official letter: the line "V/v ..." and what it wraps into."""
    for at, line in enumerate(lines[:25]):
        if _SUBJECT.match(fold(line.text)):
            parts = [line.text]
            end = at + 1
            addressed = _address_below(lines, at)
            while end < len(lines) and (
                _wraps(lines[end - 1], lines[end]) or (end < addressed and _is_words(lines[end]))
            ):
                parts.append(lines[end].text)
                end += 1
            return Title(None, _LETTER, squeeze(" ".join(parts)), "\n".join(parts), None, end)
    return Title()


def _address_below(lines: Sequence[Line], at: int) -> int:
    """Where "Kính gửi" stands within a few whole lines below the subject; 0 where it does not."""
    near = range(at + 1, min(at + 1 + _MOST_WRAPS, len(lines)))
    return next((n for n in near if lines[n].column == WHOLE_WIDTH and fold(lines[n].text).startswith("kính gửi")), 0)


def _is_words(line: Line) -> bool:
    """Whether a line can be the rest of a subject: no other part of the head, nothing in capitals."""
    text = line.text
    other = is_capital(text) or _is_body(line) or text.endswith(":") or _DATE_LINE.search(fold(text))
    return not other and len(text) <= _LONGEST_WRAP


def _wraps(before: Line, line: Line) -> bool:
    """Whether the subject of a letter goes on: "V/v phòng, chống dịch cúm" / "Gia cầm năm 2024" in one column."""
    text = line.text
    if line.column != before.column or not any(char.isalpha() for char in text):
        return False
    if text[:1].islower():
        return True
    in_column = line.block == before.block and line.column != WHOLE_WIDTH
    is_open = in_column or _OPEN_END.search(fold(before.text)) is not None
    return is_open and _is_words(line)


def read_title(lines: Sequence[Line]) -> Title:
    """Type and title at the head of these lines.

    The title's lines are joined by a space, the type line and rules left out, "Về ..." kept; the line of the authority
    of a decision ("BỘ TRƯỞNG BỘ ...") is not part of it.
    """
    for at, line in enumerate(lines[:60]):
        found = type_of_line(line)
        if found:
            return _title_below(lines, at, *found)
        if ends_head(line):
            break
    return _title_of_enactment(lines) or _letter_title(lines)


def _title_of_enactment(lines: Sequence[Line]) -> Title | None:
    """The title of a decision whose type stands only above its articles, as web pages have it.

    Forms: "BAN HÀNH KẾ HOẠCH ..." / "THỦ TƯỚNG CHÍNH PHỦ" / "Căn cứ ..." / "QUYẾT ĐỊNH:" / "Điều 1. ...".
    """
    for at, line in enumerate(lines[:30]):
        if is_capital(line.text) and _ENACTS.match(plain(line.text)):
            enacting = next((t for below in lines[at + 1 :] if (t := type_of_line(below)) and not t[1]), None)
            return _title_below(lines, at, enacting[0], line.text) if enacting else None
        if ends_head(line):
            return None
    return None


def _past_stamps(lines: Sequence[Line], at: int) -> int:
    """Past marks of urgency and the stamp of a receiving office that stand between a type and its title."""
    while at < len(lines):
        if _PAPER_MARK.fullmatch(fold(lines[at].text)):
            at += 1
            continue
        arrived = next((a for a in range(at, min(at + 2, len(lines))) if _ARRIVED.fullmatch(fold(lines[a].text))), None)
        if arrived is None:
            break
        end = arrived + 1
        while end < len(lines) and _ARRIVAL.match(fold(lines[end].text)):
            end += 1
        if end == arrived + 1:  # a word that only looks like it
            break
        at = end
    return at


def _title_below(lines: Sequence[Line], at: int, doc_type: DocType, rest: str) -> Title:
    type_line = lines[at]
    title: list[Line] = []
    below = _past_stamps(lines, at + 1)
    extension, rest = _extension(rest, lines[below : below + 1])
    if rest:
        title.append(replace(type_line, text=rest))
    written = f"{doc_type.name} {extension}".strip()
    end = below
    for position in range(below, len(lines)):
        line = lines[position]
        if _RULE.match(line.text):
            end = position + 1
        elif _is_authority(line, doc_type, title):
            end = position + 1
            break
        elif _continues(line, title) if title else _begins_title(line):
            title.append(line)
            end = position + 1
        else:
            break
    texts = [_MARKS.sub("", line.text).strip() for line in title]
    joined = squeeze(" ".join(texts))
    return Title(
        doc_type,
        written.upper(),
        joined or None,
        "\n".join(texts) or None,
        at,
        _past_authority(lines, end, doc_type, title),
    )


def _extension(rest: str, below: Sequence[Line]) -> tuple[str, str]:
    """What of the rest of a type line belongs to the type, and what begins the title.

    Forms: "CHƯƠNG TRÌNH HÀNH ĐỘNG" over its title; "CHƯƠNG TRÌNH HÀNH ĐỘNG thực hiện Nghị quyết ..." on one line.
    """
    words = rest.split()
    small = next((at for at, word in enumerate(words) if any(c.islower() for c in word)), len(words))
    capitals, behind = " ".join(words[:small]), " ".join(words[small:])
    if not behind:
        return (rest, "") if _extends_type(rest, below) else ("", rest)
    return (capitals, behind) if _is_extension(capitals, behind) else ("", rest)


def _extends_type(rest: str, below: Sequence[Line]) -> bool:
    """Whether the rest of a type line, with the title below it, belongs to the type."""
    return bool(below) and _begins_title(below[0]) and _is_extension(rest, below[0].text)


def _is_extension(words: str, title: str) -> bool:
    """Whether words behind a type belong to it and not to the title: always in "CHƯƠNG TRÌNH HÀNH ĐỘNG"."""
    if fold(words) == "hành động":
        return True
    goes_on = _GOES_ON.match(fold(title)) and not _ABOUT.match(fold(title))
    return _EXTENDS.match(fold(words)) is not None and not goes_on


def _past_authority(lines: Sequence[Line], end: int, doc_type: DocType, title: Sequence[Line]) -> int:
    """Past further lines of the authority ("CHỦ TỊCH ỦY BAN NHÂN DÂN" / "TỈNH ...") and rules."""
    begun = end > 0 and _is_authority(lines[end - 1], doc_type, title)
    while end < len(lines):
        line = lines[end]
        if (
            _RULE.match(line.text)
            or _is_authority(line, doc_type, title)
            or (begun and is_capital(line.text) and len(line.text) < 80)
        ):
            begun = begun or _is_authority(line, doc_type, title)
            end += 1
        else:
            break
    return end
