"""Reporting dates in running text that lie before the paper itself: the mark of a plan copied from last year's."""

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence

from pipeline.check.issue import earliest_issue, issue_words
from pipeline.check.rule import Case, Hit, Rule, day
from pipeline.plan import Bound, Deadline, DeadlineKind, Header, Part, PlanDocument, Prose, Severity, Where
from pipeline.rules.deadline_words import may_be_limited
from pipeline.rules.deadlines import read_deadlines
from pipeline.text import fold, key

_POINTS = frozenset(
    {DeadlineKind.DATE, DeadlineKind.MONTH, DeadlineKind.QUARTER, DeadlineKind.HALF_YEAR, DeadlineKind.YEAR}
)
# Someone is told to hand something in or to be done.
_DUTY = re.compile(
    r"\b(?:báo cáo|gửi|nộp|trình|hoàn thành|xong|đăng ký|thông báo|phản hồi|cung cấp|lập|xây dựng|ban hành|phê duyệt|"
    r"triển khai|thực hiện|tổ chức|tổng hợp)\b"
)
# What is told of the past, of data windows, of laws in force, of births and foundings.
_HISTORY = re.compile(
    r"\b(?:tính (?:từ|đến)|số liệu|tại thời điểm|hiệu lực|thành lập|sinh ngày|nghỉ hưu|năm qua|vừa qua|so với|"
    r"kể từ ngày|từ trước|trước đây|thời kỳ|lũy kế|được giao trước|cấp trước|ban hành trước|ký trước|phát sinh trước)\b"
)
_PAST_TENSE = re.compile(r"\b(?:đã|từng (?:được|bị|có|là))\b")  # "từng hồ sơ": each of them
_PAST_HEADING = re.compile(
    r"\b(?:tình hình|thực trạng|kết quả|đánh giá|đặc điểm|căn cứ|tồn tại|hạn chế|nguyên nhân|bối cảnh|sự cần thiết|"
    r"cơ sở pháp lý)\b"
)
_DIGIT = re.compile(r"[\d²³¹]")
_CITING = re.compile(r"\bsố\s*\S*\d\S*\s*$")
_SENTENCE_END = re.compile(r"[.;!?]\s+(?=\D)")


def _sentence(text: str, begins: Sequence[int], start: int, end: int) -> tuple[int, int]:
    """The sentence or clause around a phrase; a full stop before a digit ends none. `begins`: those of the text."""
    at = bisect_left(begins, start)
    after = _SENTENCE_END.search(text, end)
    return (begins[at - 1] if at else 0), (after.start() if after else len(text))


def _in_task(sentence: str, texts: Sequence[str]) -> bool:
    """Whether these words are a narrative task, or the line that gives its deadline ("Thời gian hoàn thành: ...")."""
    words = key(sentence)
    return any(words in text or text in words for text in texts)


def _tells_of_the_past(prose: Prose, before: str, phrase: str, after: str) -> bool:
    """Whether the sentence reports instead of asking; "gửi trước ngày ... theo kế hoạch đã xây dựng" asks."""
    if _HISTORY.search(before + phrase + after) or _PAST_TENSE.search(before):
        return True
    if _PAST_TENSE.search(after) and not _DUTY.search(before):
        return True
    headings = (*prose.headings, prose.text if prose.is_heading else "")
    return any(_PAST_HEADING.search(fold(heading)) for heading in headings[-2:] if heading)


def reporting_deadlines(plan: PlanDocument) -> Iterator[tuple[Prose, Deadline]]:
    """Days by which running text wants something, tasks, histories and cited documents left out."""
    tasks = [task for task in plan.tasks if task.source == "narrative"]
    texts = [key(text) for task in tasks for text in (task.content, task.deadline_text) if text]
    citations = sorted({citation.text for citation in plan.citations})
    context = plan.header.year_context()
    for prose in plan.prose:
        if prose.part is not Part.BODY or not _DIGIT.search(prose.text) or not may_be_limited(prose.text):
            continue
        begins = [end.end() for end in _SENTENCE_END.finditer(prose.text)]
        for deadline in read_deadlines(prose.text, context, Where.PROSE):
            if deadline.bound not in (Bound.BEFORE, Bound.BY):
                continue
            start, end = deadline.span
            first, last = _sentence(prose.text, begins, start, end)
            before, after = fold(prose.text[first:start]), fold(prose.text[end:last])
            if not _DUTY.search(f"{before} {after}"):
                continue
            if _CITING.search(before) or _is_cited(prose.text, deadline.span, citations):
                continue
            past = _tells_of_the_past(prose, before, fold(prose.text[start:end]), after)
            if not past and not _in_task(prose.text[first:last], texts):
                yield prose, deadline


def _is_cited(text: str, span: tuple[int, int], citations: Sequence[str]) -> bool:
    """Whether these words stand inside a citation."""
    start, end = span
    return any(a < end and start < b for words in citations for a, b in _occurrences(text, words))


def _occurrences(text: str, words: str) -> Iterator[tuple[int, int]]:
    start = text.find(words) if words else -1
    while start >= 0:
        yield start, start + len(words)
        start = text.find(words, start + len(words))


def _limit_words(header: Header) -> str:
    if words := issue_words(header):
        return words
    return f"đầu kỳ kế hoạch, {day(header.period_start)}" if header.period_start else ""


def narrative_past(case: Case) -> Iterator[Hit]:
    header = case.plan.header
    limit = earliest_issue(header) or header.period_start
    if limit is None:
        return
    for prose, deadline in case.once(reporting_deadlines):
        if deadline.kind in _POINTS and deadline.end and deadline.end < limit and not deadline.year_inferred:
            values = {"end": day(deadline.end), "issued": _limit_words(header)}
            yield Hit(deadline.text, place=prose.place, values=values)


RULES = (
    Rule(
        "deadline.narrative_past",
        Severity.WARNING,
        title="Hạn báo cáo trong lời văn đã qua",
        message="Phần lời văn yêu cầu “{evidence}” ({end}), trước khi văn bản được ban hành ({issued}).",
        explanation="Một hạn báo cáo hay hạn gửi nêu trong phần lời văn, không thuộc nhiệm vụ nào, sớm hơn ngày ban "
        "hành: thường do chép từ kế hoạch năm trước. Ngày của văn bản viện dẫn, số liệu và diễn biến đã qua không "
        "tính.",
        example="“Báo cáo năm gửi trước ngày 01/12/2019” trong kế hoạch ban hành tháng 01 năm 2020",
        near_miss="“đợt lũ từ ngày 16/10/2021 đến ngày 20/10/2021” trong kế hoạch ban hành năm 2022",
        find=narrative_past,
    ),
)
