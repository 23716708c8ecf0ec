"""Years and periods inside the paper that contradict the period of its title."""

import re
from collections.abc import Iterator
from datetime import date
from itertools import chain

from pipeline.check.issue import period_words
from pipeline.check.rule import Case, Hit, Rule, day, on_task
from pipeline.plan import Deadline, DeadlineKind, Severity
from pipeline.rules.period import own_plan_mentions, read_period
from pipeline.text import fold

# "Kế hoạch này được triển khai thực hiện trong năm 2023": the paper says outright when it runs.
_RUNS = re.compile(
    r"\b(?:kế hoạch|chương trình|đề án|phương án)(?: này)? (?:được )?(?:(?:tổ chức|triển khai) )*thực hiện "
)
_WHEN = re.compile(r"(?:trong|từ|cho) [^.;,]{0,60}")


def _mentions(case: Case) -> Iterator[Hit]:
    """Where the prose names this very plan with another year than its title."""
    plan = case.plan
    title = plan.header.title or ""
    for mention in own_plan_mentions(plan.prose, plan.header):
        yield Hit(
            mention.text, place=mention.place, values={"there": _days(mention.start, mention.end), "title": title}
        )
    first, last = read_period(title)
    for prose in plan.prose if first and last else ():
        for runs in _RUNS.finditer(fold(prose.text)):
            when = _WHEN.match(fold(prose.text), runs.end())
            start, end = read_period(prose.text[when.start() : when.end()]) if when else (None, None)
            if when and start and end and first and last and (end < first or start > last):
                words = prose.text[runs.start() : when.end()].rstrip()
                yield Hit(words, place=prose.place, values={"there": _days(start, end), "title": title})


def _days(start: date | None, end: date | None) -> str:
    return " – ".join(day(d) for d in (start, end) if d)


def _spans(case: Case) -> Iterator[Hit]:
    """A span of years that shares one end with the plan's period while the other end lies outside it.

    "2021-2023" in a plan of 2021-2025 is a phase of it and fine.
    """
    header = case.plan.header
    if not header.period_start or not header.period_end:
        return
    first, last = header.period_start.year, header.period_end.year
    for task in case.plan.tasks:
        for deadline in task.deadlines:
            years = _span_of_years(deadline)
            if years and ((years[0] < first and years[1] == last) or (years[0] == first and years[1] > last)):
                values = {"there": f"{years[0]}–{years[1]}", "title": header.title or period_words(header)}
                yield on_task(task, deadline.text, deadline.source, **values)


def _span_of_years(deadline: Deadline) -> tuple[int, int] | None:
    start, end = deadline.start, deadline.end
    if deadline.kind is not DeadlineKind.RANGE or not start or not end or start.year == end.year:
        return None
    whole_years = (start.month, start.day, end.month, end.day) == (1, 1, 12, 31)
    return (start.year, end.year) if whole_years else None


def mismatch(case: Case) -> Iterator[Hit]:
    return chain(_mentions(case), _spans(case))


RULES = (
    Rule(
        "period.mismatch",
        Severity.ERROR,
        title="Năm ghi trong văn bản khác với kỳ của kế hoạch",
        message="“{evidence}” chỉ thời gian {there}, khác với kỳ ghi ở tên kế hoạch “{title}”.",
        explanation="Phần lời gọi tên chính kế hoạch này nhưng với năm hoặc giai đoạn khác tên văn bản (thường do "
        "chép từ năm trước), hoặc thời hạn của một nhiệm vụ là một giai đoạn trùng một đầu với kỳ kế hoạch mà đầu "
        "kia nằm ngoài kỳ (2001-2025 trong kế hoạch 2021-2025). Năm của văn bản được viện dẫn, của kế hoạch cấp "
        "trên, số liệu và mục tiêu không tính.",
        example="Tên: “... năm 2023”; lời văn: “Sở xây dựng Kế hoạch ... năm 2022 như sau:”",
        near_miss="“Căn cứ Kế hoạch số 12/KH-UBND về công tác năm 2022 của tỉnh” trong kế hoạch năm 2023",
        find=mismatch,
    ),
)
