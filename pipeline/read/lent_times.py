"""Times that running text says once for several items: a heading that is a period, a sentence about a whole section.

An item's own deadline replaces what is lent to it.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from pipeline.plan import Deadline, DeadlineKind, Prose, Task, Where, YearContext
from pipeline.read.acting import without_ordinal
from pipeline.read.lead_ins import LeadIn, mark_style
from pipeline.rules.deadlines import read_deadlines
from pipeline.text import fold, squeeze

_WORK = r"(?:nhiệm vụ|công việc|công tác|nội dung|phần việc|đầu việc|hoạt động|việc|hạng mục)"
# What a heading says beside its time: "Các nhiệm vụ trọng tâm |quý II|", "Giai đoạn 1: |tháng 3|".
_BEFORE = re.compile(
    rf"(?:(?:(?:các|những|một số) )?{_WORK}(?:[,;] {_WORK}| và {_WORK}| công việc)?"
    r"(?: (?:trọng tâm|chủ yếu|chính|cụ thể|cần|phải|thực hiện|triển khai|được|mang tính|có tính chất|của))*\s*:?\s*"
    r"|(?:giai đoạn|đợt|bước|kỳ)(?: thứ)? (?:\d{1,2}|[ivx]{1,4}|một|hai|ba|bốn)(?!\w)(?! ?[-–/])\s*[:.–-]?\s*)"
)
_PHASE = re.compile(r"(?:giai đoạn|đợt|bước|kỳ)\s[^()]{1,60}\((?P<time>[^()]+)\)\W*$")
# A deadline may reach over a whole sentence ("Định kỳ hằng quý báo cáo ... trước ngày 20"); a heading is time alone.
_TIME_WORDS = re.compile(
    r"(?:[\W\d]|(?<!\w)(?:quý|tháng|năm|ngày|tuần|giờ|đầu|cuối|giữa|trong|trước|sau|đến|tới|hết|từ|và|hoàn thành|xong"
    r"|chậm nhất|muộn nhất|định kỳ|hằng|hàng|mỗi|thường xuyên|liên tục|nửa|học kỳ|kỳ|giai đoạn|đột xuất|cả|suốt|dự kiến"
    r"|khoảng|vào|thực hiện|triển khai|bắt đầu|[ivx]+|một|hai|ba|bốn)(?!\w))+"
)
_NOTHING = re.compile(r"(?:[\W_]|\b(?:trong|và)\b)*$")
_SUDDEN = "đột xuất"
# "Các nội dung tại mục này hoàn thành trước ngày ...", "Thời hạn hoàn thành các nhiệm vụ nêu trên: ...".
_WHOLE = re.compile(
    rf"(?:(?:thời gian|thời hạn|hạn) (?:thực hiện|hoàn thành) |(?:phải |cần )?hoàn thành |thực hiện )?"
    rf"(?:(?:tất cả|toàn bộ) )?(?:(?:các|những) )?(?:{_WORK}(?:[,;]? (?:và )?{_WORK})*)?"
    r" ?(?:(?:được )?(?:nêu |quy định |ghi |thuộc )?(?:tại|ở|trong|của|thuộc) )?"
    r"(?:(?:mục|phần|khoản|điểm|tiểu mục|chương|nhóm(?: nhiệm vụ)?) này"
    r"|(?P<above>(?:đã )?(?:nêu )?(?:ở )?trên(?: đây)?))"
    r"(?=\s*(?:[:,]|phải|cần|yêu cầu|đề nghị|được|hoàn thành|thực hiện|xong|có thời hạn|trước|trong|chậm nhất|là\b))"
)


@dataclass(frozen=True, slots=True)
class LentTime:
    """Deadlines with their words; `headings` is the section that they hold for, `above` only what stands before."""

    words: str
    deadlines: tuple[Deadline, ...]
    headings: tuple[str, ...] = ()
    above: bool = False


@lru_cache(maxsize=1024)
def period_of(heading: str, context: YearContext) -> LentTime | None:
    """The time that a heading is; None where it names anything else, or the period of the whole plan.

    Forms: "1. Trong quý I/2026"; "4. Nhiệm vụ thường xuyên"; "Đợt 1: từ 01/3 đến 30/4"; "Giai đoạn chuẩn bị (tháng 3)".
    """
    words = without_ordinal(heading)[1].strip()
    folded = fold(words)
    if len(folded) > 120:
        return None
    if phase := _PHASE.match(folded):
        start, end = phase.span("time")
    else:
        before = _BEFORE.match(folded)
        start, end = (before.end() if before else 0), len(words)
    said = squeeze(words[start:end].strip(" .:;()"))
    found = read_deadlines(said, context, Where.DEADLINE)
    if (
        not found
        or not _TIME_WORDS.fullmatch(fold(said))
        or not _is_all(said, found)
        or any(not _is_time(d, context) for d in found)
    ):
        return None
    return LentTime(said, found)


def _is_all(words: str, found: Sequence[Deadline]) -> bool:
    """Whether nothing but times stands in the words."""
    at, left = 0, ""
    for start, end in sorted(d.span for d in found):
        left += words[at : max(at, start)]
        at = max(at, end)
    return _NOTHING.match(fold(left + words[at:])) is not None


def _is_time(deadline: Deadline, context: YearContext) -> bool:
    if deadline.kind is DeadlineKind.CONDITIONAL:
        return fold(deadline.text) == _SUDDEN
    first, last = context.period_start, context.period_end
    if deadline.start and deadline.end and first and last and deadline.start <= first and last <= deadline.end:
        return False  # the plan's own period
    is_known = bool(first and last) or deadline.kind is not DeadlineKind.YEAR
    return is_known and deadline.kind not in (DeadlineKind.UNPARSED, DeadlineKind.INVALID)


def time_of_opening(text: str, context: YearContext) -> LentTime | None:
    """The time that a line lends to the list it opens: "Trong quý I/2026, các xã thực hiện các việc sau:"."""
    words = without_ordinal(text)[1].strip()
    if not words.endswith(":"):
        return None
    found = read_deadlines(words, context, Where.PROSE)
    if not found or any(not _is_time(d, context) for d in found):
        return None
    return LentTime("; ".join(d.text for d in found), found)


def context_below(headings: Sequence[str], context: YearContext) -> YearContext:
    """The context with the year that a heading of time gives to days and months without one."""
    if context.year is None:
        for heading in reversed(headings):
            if time := period_of(heading, context):
                years = {day.year for d in time.deadlines for day in (d.start, d.end) if day}
                return replace(context, year=years.pop()) if len(years) == 1 else context
    return context


def time_above(headings: Sequence[str], context: YearContext) -> LentTime | None:
    """What the nearest heading with a time lends to an item."""
    times = (period_of(heading, context) or _time_of_heading(heading, context) for heading in reversed(headings))
    return next(filter(None, times), None)


@lru_cache(maxsize=1024)
def _time_of_heading(heading: str, context: YearContext) -> LentTime | None:
    return time_of_opening(heading, context)


@dataclass(frozen=True, slots=True)
class TimeLine:
    """A line that is a time and no heading, over the items below it: "* Quý I/2026:", "Tháng 3" over bullets."""

    line: LeadIn
    time: LentTime
    is_opening: bool = False  # of a list, over its items and nothing else

    def governs(self, item: Prose) -> bool:
        return self.line.governs(item) or (not self.is_opening and not self.line.style and self.line.covers(item))


def time_line(item: Prose, context: YearContext) -> TimeLine | None:
    """A line that is a time and nothing else."""
    time = period_of(item.text, context)
    return TimeLine(LeadIn("", item.headings, mark_style(item.text), is_name=True), time) if time else None


def opening_line(item: Prose, context: YearContext) -> TimeLine | None:
    """A line with a time that opens a list."""
    time = time_of_opening(item.text, context)
    return TimeLine(LeadIn("", item.headings, mark_style(item.text), is_open=True), time, True) if time else None


def is_about_section(text: str) -> bool:
    """Whether a sentence speaks of a whole section: "Thời hạn hoàn thành các nhiệm vụ nêu trên: ..."."""
    return _WHOLE.match(fold(without_ordinal(text)[1].strip())) is not None


def section_time(item: Prose, context: YearContext) -> LentTime | None:
    """The time that one sentence gives to its whole section, or to what stands above it."""
    words = without_ordinal(item.text)[1].strip()
    about = _WHOLE.match(fold(words))
    if about is None or len(words) > 200:
        return None
    found = read_deadlines(words, context, Where.PROSE)
    if not found:
        found = read_deadlines(words[about.end() :].strip(" :."), context, Where.DEADLINE)
    if not found or any(d.kind in (DeadlineKind.UNPARSED, DeadlineKind.CONDITIONAL) for d in found):
        return None
    return LentTime("; ".join(d.text for d in found), found, item.headings, above=about["above"] is not None)


def with_time(task: Task, time: LentTime | None) -> Task:
    """The task with a time that is lent to it, unless it has its own."""
    if time is None or task.deadlines:
        return task
    return replace(task, deadline_text=time.words, deadlines=time.deadlines)


def in_section(task: Task, time: LentTime) -> bool:
    return task.section_path[: len(time.headings)] == time.headings
