"""Who has to do an item of running text that names nobody itself: the unit of the heading or the line above it."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from pipeline.plan import Prose
from pipeline.read.acting import (
    acting_unit,
    goes_on,
    heading_unit,
    is_opening,
    shares_out,
    unit_of_section,
    without_ordinal,
)
from pipeline.read.marks import list_mark
from pipeline.read.unit_runs import unit_run
from pipeline.text import fold

_BULLET_DEPTH = 4
_LISTS_THINGS = re.compile(
    r"(?:thành phần|đối tượng|danh sách|hồ sơ|tài liệu|số lượng|cơ cấu|địa điểm|thời gian(?! tới)|các loại"
    r"|mức (?:chi|hỗ trợ|thưởng)|nguồn (?:kinh phí|vốn)|kinh phí|tiêu chí|tiêu chuẩn|điều kiện|giải thưởng|các mốc"
    r"|nội dung (?:báo cáo|kiểm tra|giám sát|thanh tra|chi))\b"
)
_TELLS = re.compile(r"(?<!\w)(?:yêu cầu|đề nghị|giao|phân công|chỉ đạo)\s+(?=\w)")
_ASKS = re.compile(r"(?<!\w)(?:yêu cầu|đề nghị|giao|phân công)\s+(?=\w)")
_ASKS_ALL = re.compile(  # nobody by name: "UBND tỉnh yêu cầu:", "Giám đốc kết luận như sau:"
    r"(?:yêu cầu|đề nghị|chỉ đạo|kết luận|quyết định|phân công)(?: cụ thể| như sau| một số (?:nội dung|việc)| sau)*"
    r"\s*:\s*$"
)
_DUTIES_FOLLOW = re.compile(r"(?:nhiệm vụ|nội dung|giải pháp|công việc|biện pháp)(?: \w+){0,4} sau(?: đây)?\s*:\s*$")
_DASHES = str.maketrans("–—", "--")


@dataclass(frozen=True, slots=True)
class LeadIn:
    """A line that names who has to do what stands below it; `is_name` where it is the unit and nothing else."""

    unit: str
    headings: tuple[str, ...]
    style: str
    is_name: bool = False
    is_open: bool = False  # ends with a colon
    is_general: bool = False  # "... thực hiện tốt các nhiệm vụ sau:", over the headings below it too
    under: str = ""  # the list mark before a whole sentence: that list goes on behind it
    is_silent: bool = False  # lists persons or things ("Thành phần tham dự:"): nobody has to do what stands below

    def governs(self, item: Prose) -> bool:
        """Whether an item belongs to this line: a deeper mark, a second kind of bullet, a paragraph below a name."""
        style = mark_style(item.text)
        if self.under and style and _depth(style) <= _depth(self.under):
            return False
        if self.headings != item.headings:
            return self.is_general and bool(style) and self.covers(item)
        if not style:
            return self.is_name and shares_out(item.headings) and (not self.style or goes_on(item.text))
        if style == self.style:
            return self.is_name and self.is_open and style in "-+*"
        return _depth(style) > _depth(self.style) or _depth(self.style) == _depth(style) == _BULLET_DEPTH

    def covers(self, item: Prose) -> bool:
        """Whether an item stands in the same section or below one of its headings."""
        return item.headings[: len(self.headings)] == self.headings


def mark_style(text: str) -> str:
    """The kind of list mark: "" none, a bullet itself, "1" a number, ")" a number in brackets, "a" a letter."""
    mark = list_mark(text)
    if mark is None:
        return ""
    if mark.is_bullet:
        return mark.written.translate(_DASHES)
    if mark.ordinal is None:
        return ")"
    return "1" if mark.written[:1].isdigit() else "a"


def _depth(style: str) -> int:
    return {"": 0, "1": 1, "a": 2, ")": 3}.get(style, _BULLET_DEPTH)


def silent_line(item: Prose) -> LeadIn | None:
    """A line that opens a list of persons or things: "Thành phần dự họp gồm:", "- Hồ sơ gồm:"."""
    text = item.text.rstrip()
    words = without_ordinal(text)[1]
    is_list = text.endswith(":") and _LISTS_THINGS.match(fold(words)) and not acting_unit(words)
    return LeadIn("", item.headings, mark_style(text), is_open=True, is_silent=True) if is_list else None


def name_line(item: Prose) -> LeadIn | None:
    """A line that is the name of a unit and nothing else: "* Phòng Nội vụ:", "- UBND các xã" over its duties.

    One that ends like an entry of a list ("- Sở Y tế;") names who takes part, not who has to do what follows.
    """
    text = item.text.rstrip()
    if text.endswith((";", ",", ".", "!", "?")):
        return None
    unit = heading_unit(text, item.headings)
    return LeadIn(unit, item.headings, mark_style(text), is_name=True, is_open=text.endswith(":")) if unit else None


def parents_of_units(prose: Sequence[Prose]) -> frozenset[tuple[str, ...]]:
    """The headings below which headings name units: the sections that share work out."""
    return frozenset(item.headings for item in prose if item.is_heading and heading_unit(item.text, item.headings))


def inherited_unit(item: Prose, lead_in: LeadIn | None, parents: frozenset[tuple[str, ...]]) -> str | None:
    """The unit named by the lead-in above, or by the nearest heading; `parents`: see `parents_of_units`."""
    if lead_in and (lead_in.style or lead_in.is_name or lead_in.is_silent) and lead_in.governs(item):
        return lead_in.unit
    for at in range(len(item.headings) - 1, -1, -1):
        above = item.headings[:at]
        if unit := unit_of_section(item.headings[at], above, among_units=above in parents):
            return unit
        words = without_ordinal(item.headings[at])[1].strip()
        if words.endswith(":") and (own := acting_unit(words)) and is_opening(words, own):
            return own.text
    return lead_in.unit if lead_in and lead_in.governs(item) else None


def _told(text: str, order: re.Pattern[str]) -> str | None:
    """Whom a line tells to do what follows: "UBND tỉnh yêu cầu |các sở, ngành| thực hiện tốt các nhiệm vụ sau:"."""
    for match in reversed([*order.finditer(fold(text))]):
        if run := unit_run(text, match.end()):
            return run.text
    return None


def mark_above(prose: Sequence[Prose], at: int) -> str:
    """The style of the list mark above a plain paragraph in its section; "" where there is none."""
    if mark_style(prose[at].text):
        return ""
    for above in reversed(prose[:at]):
        if above.headings != prose[at].headings:
            break
        if style := mark_style(above.text):
            return style
    return ""


def next_lead_in(item: Prose, named: str | None, before: LeadIn | None, under: str) -> LeadIn | None:
    """The lead-in in force below an item.

    Args:
        item: the item.
        named: the unit with which its first sentence begins.
        before: the lead-in in force above it.
        under: the style of the last list mark above it in its section.
    """
    style = mark_style(item.text)
    is_open = item.text.rstrip().endswith(":")
    if not style and is_open and _DUTIES_FOLLOW.search(fold(item.text)):
        named = _told(item.text, _TELLS) or named
        return LeadIn(named, item.headings, style, is_open=True, is_general=True) if named else None
    if is_open:
        named = _told(item.text, _ASKS) or (None if _ASKS_ALL.search(fold(item.text)) else named)
    if named and (not style or is_open):
        return LeadIn(named, item.headings, style, is_open=is_open, under="" if is_open else under)
    if named and before and before.is_name and style == before.style:
        return LeadIn(named, item.headings, style, is_name=True)  # "* Phòng A:" over its duties, "* Phòng B: thẩm định"
    if before and before.is_general and before.covers(item):
        return before
    return before if before and (style or before.is_name or before.is_silent) and before.governs(item) else None
