"""Defects of task deadlines: missing, impossible, before the paper itself, outside the plan's period."""

import calendar
import re
from collections.abc import Iterator
from datetime import date, timedelta

from pipeline.check.issue import earliest_issue, issue_words, period_words
from pipeline.check.prose import reporting_deadlines
from pipeline.check.rule import Case, Hit, Rule, day, on_task
from pipeline.plan import Bound, Deadline, DeadlineKind, Header, Severity, Task
from pipeline.text import fold

_UNDATED = frozenset({DeadlineKind.INVALID, DeadlineKind.UNPARSED, DeadlineKind.RELATIVE, DeadlineKind.CONDITIONAL})
# A paper of the plan itself that can only be written when its period is over.
_CLOSING_WORK = re.compile(
    r"\b(?:báo cáo(?! (?:viên|sự cố|nghiên cứu|kinh tế|đánh giá tác động|đề xuất chủ trương))|tổng kết|quyết toán)\b"
)
_SCHOOL_OPENS, _SCHOOL_PREPARES = (9, 1), 6  # month and day; month
_GRACE_MONTHS = 3
_UNITS_OF_TIME = frozenset({DeadlineKind.MONTH, DeadlineKind.QUARTER, DeadlineKind.HALF_YEAR, DeadlineKind.YEAR})
_WORD = re.compile(r"[^\W_]")


def dated(deadline: Deadline) -> bool:
    """Whether it says by when something is over; a start ("từ tháng 3") does not."""
    return deadline.kind not in _UNDATED and deadline.bound is not Bound.FROM


def is_before_issue(deadline: Deadline, header: Header) -> bool:
    """Whether it was over before the paper can have been issued, or without a date, before the period began."""
    limit = earliest_issue(header) or header.period_start
    return bool(limit and dated(deadline) and deadline.end and deadline.end < limit)


def before_issue(case: Case) -> Iterator[Hit]:
    header = case.plan.header
    start = header.period_start
    since = issue_words(header) or (f"kỳ kế hoạch bắt đầu, {day(start)}" if start else "")
    for task in case.plan.tasks:
        for deadline in task.deadlines:
            if deadline.end and is_before_issue(deadline, header):
                values = {"end": day(deadline.end), "since": since}
                yield on_task(task, deadline.text, deadline.source, **values)


def invalid(case: Case) -> Iterator[Hit]:
    for task in case.plan.tasks:
        for deadline in task.deadlines:
            if deadline.kind is DeadlineKind.INVALID:
                yield on_task(task, deadline.text, deadline.source)
    for prose, deadline in case.once(reporting_deadlines):
        if deadline.kind is DeadlineKind.INVALID:
            yield Hit(deadline.text, place=prose.place)


def _months_later(start: date, months: int) -> date:
    month = start.month - 1 + months
    year, month = start.year + month // 12, month % 12 + 1
    last = calendar.monthrange(year, month)[1]
    at_month_end = start.day == calendar.monthrange(start.year, start.month)[1]
    return date(year, month, last if at_month_end else min(start.day, last))


def _last_day(deadline: Deadline) -> date | None:
    """The last day that keeps it: "trước ngày 01/01/2025" is kept on 31/12/2024."""
    if deadline.bound is Bound.BEFORE and deadline.start:
        return deadline.start - timedelta(days=1)
    return deadline.end


def _closes_the_plan(task: Task, deadline: Deadline) -> bool:
    return any(_CLOSING_WORK.search(fold(text)) for text in (task.content, deadline.text))


def is_outside_period(task: Task, deadline: Deadline, header: Header) -> bool:
    """Whether it begins or ends outside the plan's period.

    Fine are a report, summary or settlement of the plan within three months after the period, "trước ngày 01/01" of the
    next year, a unit that holds the whole period ("năm 2024" in a plan of quý II/2024), and the summer before a school
    year: classes are formed, timetables made and books bought from June on.
    """
    first, last = header.period_start, header.period_end
    if not first or not last or deadline.kind in _UNDATED:
        return False
    if (first.month, first.day) == _SCHOOL_OPENS and "năm học" in fold(header.title or ""):
        first = first.replace(month=_SCHOOL_PREPARES)
    start, end = deadline.start, _last_day(deadline) if dated(deadline) else deadline.start
    if start and end and start <= first and last <= end and deadline.kind in _UNITS_OF_TIME:
        return False
    if (start and start < first) or (deadline.end and deadline.end < first):
        return True
    if not end or end <= last:
        return False
    return not (end <= _months_later(last, _GRACE_MONTHS) and _closes_the_plan(task, deadline))


def outside_period(case: Case) -> Iterator[Hit]:
    header = case.plan.header
    for task in case.plan.tasks:
        for deadline in task.deadlines:
            if not is_before_issue(deadline, header) and is_outside_period(task, deadline, header):
                yield on_task(task, deadline.text, deadline.source, period=period_words(header))


def missing(case: Case) -> Iterator[Hit]:
    for task in case.plan.tasks:
        if not task.deadlines and not _has_words(task.deadline_text):
            yield on_task(task, task.content)


def _has_words(text: str | None) -> bool:
    return bool(text and _WORD.search(text))


def unparsed(case: Case) -> Iterator[Hit]:
    for task in case.plan.tasks:
        if not task.deadlines and _has_words(task.deadline_text):
            yield on_task(task, task.deadline_text or "")
        for deadline in task.deadlines:
            if deadline.kind is DeadlineKind.UNPARSED:
                yield on_task(task, deadline.text, deadline.source)


def overdue(case: Case) -> Iterator[Hit]:
    """Past on the day that was asked for; what cannot be measured (thường xuyên, khi có yêu cầu) never is."""
    if case.as_of is None:
        return
    for task in case.plan.tasks:
        due = task.due_date
        if due and due < case.as_of:
            values = {"due": day(due), "as_of": day(case.as_of), "days": str((case.as_of - due).days)}
            words = task.deadline_text or next((d.text for d in task.deadlines if d.end), "")
            yield Hit(words, task.sequence, task.place, values=values, as_of=case.as_of)


def year_inferred(case: Case) -> Iterator[Hit]:
    for task in case.plan.tasks:
        for deadline in task.deadlines:
            when = deadline.end or deadline.start
            if deadline.year_inferred and when:
                yield on_task(task, deadline.text, deadline.source, year=str(when.year))


RULES = (
    Rule(
        "deadline.before_issue",
        Severity.ERROR,
        title="Thời hạn đã qua trước khi ban hành",
        message="Thời hạn “{evidence}” kết thúc ngày {end}, trước khi văn bản được ban hành ({since}).",
        explanation="Ngày cuối của thời hạn sớm hơn ngày sớm nhất mà văn bản có thể được ban hành; nếu văn bản "
        "không ghi ngày thì so với ngày đầu kỳ kế hoạch. Thời hạn “tháng 3” của văn bản ban hành ngày 10/3 vẫn hợp "
        "lý.",
        example="“Quý IV năm 2019” trong kế hoạch ban hành tháng 01 năm 2020",
        near_miss="“Tháng 3/2024” trong kế hoạch ban hành ngày 10/3/2024",
        find=before_issue,
    ),
    Rule(
        "deadline.invalid",
        Severity.ERROR,
        title="Ngày, tháng không có thật",
        message="Thời hạn “{evidence}” không có trên lịch; cần hỏi lại đơn vị soạn thảo.",
        explanation="Ngày, tháng hoặc năm ghi trong thời hạn (của nhiệm vụ, hoặc hạn báo cáo trong lời văn) không "
        "thể có, hoặc ngày cuối đứng trước ngày đầu. Hệ thống không tự sửa, vì không biết chữ nào sai.",
        example="31/6/2024; 30/02/2024; Tháng 13/2024; Tháng 11/20240",
        near_miss="29/02/2024 (năm nhuận)",
        find=invalid,
    ),
    Rule(
        "deadline.outside_period",
        Severity.WARNING,
        title="Thời hạn nằm ngoài kỳ kế hoạch",
        message="Thời hạn “{evidence}” nằm ngoài kỳ của kế hoạch ({period}).",
        explanation="Ngày bắt đầu hoặc kết thúc nằm ngoài kỳ mà kế hoạch nêu. Báo cáo, tổng kết, quyết toán của kế "
        "hoạch trong vòng ba tháng sau khi hết kỳ là bình thường.",
        example="“Quý I/2025” cho việc nhân rộng mô hình trong kế hoạch năm 2024",
        near_miss="“Báo cáo tổng kết ... trước ngày 15/01/2025” trong kế hoạch năm 2024",
        find=outside_period,
    ),
    Rule(
        "deadline.missing",
        Severity.WARNING,
        title="Nhiệm vụ không có thời hạn",
        message="Nhiệm vụ “{evidence}” không ghi thời hạn ở bất cứ đâu.",
        explanation="Không có thời hạn trong hàng, trong ô gộp, ở cột ghi chú, trong câu giao việc hay ở đề mục là một "
        "thời gian (“Quý I/2026”). “Thường xuyên”, “hàng năm”, “khi có yêu cầu” là có thời hạn. "
        "Kỳ của kế hoạch không thay cho thời hạn.",
        example="Hàng có nội dung và đơn vị, ô thời gian để trống",
        near_miss="Ô thời gian trống nhưng nội dung ghi “hoàn thành trước ngày 30/6/2024”",
        find=missing,
    ),
    Rule(
        "deadline.unparsed",
        Severity.WARNING,
        title="Không hiểu được thời hạn",
        message="Không đọc được thời gian nào từ “{evidence}”.",
        explanation="Ô thời hạn có chữ nhưng không đọc ra ngày, kỳ, định kỳ hay điều kiện nào. Chữ trên giấy được "
        "giữ nguyên.",
        example="“Tháng   /2024” (bỏ trống tháng)",
        near_miss="“Theo chỉ đạo của Chủ tịch UBND tỉnh” (có điều kiện)",
        find=unparsed,
    ),
    Rule(
        "deadline.overdue",
        Severity.INFO,
        title="Đã quá hạn",
        message="Đến ngày {as_of}, nhiệm vụ đã quá hạn {due} được {days} ngày.",
        explanation="Ngày cuối của các thời hạn không định kỳ đã qua vào ngày được hỏi (--as-of). Việc thường "
        "xuyên, theo yêu cầu hoặc không có thời hạn thì không đo được và không bao giờ bị coi là quá hạn.",
        example="Hạn 31/12/2020, hỏi vào ngày 05/01/2021",
        near_miss="Hạn “tháng 3/2024”, hỏi vào ngày 20/3/2024",
        find=overdue,
    ),
    Rule(
        "deadline.year_inferred",
        Severity.INFO,
        title="Năm của thời hạn được suy ra",
        message="Thời hạn “{evidence}” không ghi năm; năm {year} được lấy theo kỳ kế hoạch.",
        explanation="Thời hạn chỉ ghi ngày và tháng hoặc quý. Trong kế hoạch một năm, năm của kế hoạch được dùng và "
        "đánh dấu là suy ra.",
        example="“Tháng 12” trong kế hoạch năm 2024",
        near_miss="“Tháng 12/2024”",
        find=year_inferred,
    ),
)
