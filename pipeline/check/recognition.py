"""What recognition is unsure of: numbers that may be misread, and rows of which little is sure.

An extractor tells each doubtful number with its place; here it becomes one finding a task, one for the head of the
document, and one for the rest of each page.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import chain

from extractors.document import Notice, Place
from pipeline.check.rule import Case, Hit, Rule, on_task
from pipeline.plan import Header, PlanDocument, Severity, Task

DOUBTFUL_BELOW = 0.8  # of a row's least sure line: prose on good scans is read with 0.95, borderless tables are below
_NUMBER = "number.doubtful"
_SHOWN = 3  # numbers that a message names


def low_confidence(case: Case) -> Iterator[Hit]:
    of_tasks: dict[int, list[Notice]] = defaultdict(list)
    of_head: list[Notice] = []
    of_pages: dict[int | None, list[Notice]] = defaultdict(list)
    for notice in case.plan.notices:
        if notice.code != _NUMBER:
            continue
        task = _task_at(case.plan, notice.place)
        if task:
            of_tasks[task.sequence].append(notice)
        elif _in_head(case.plan.header, notice):
            of_head.append(notice)
        else:
            of_pages[notice.place.page].append(notice)
    if of_head:
        yield _numbers("ở số, ngày hoặc tên văn bản", of_head)
    for page, notices in of_pages.items():
        yield _numbers(f"ở trang {page}", notices)
    for task in case.plan.tasks:
        if own := of_tasks[task.sequence]:
            yield _numbers("trong nhiệm vụ này", own, task)
        elif task.confidence < DOUBTFUL_BELOW:
            yield on_task(task, task.content, what=f"Nhiệm vụ này được đọc với độ tin cậy {task.confidence:.0%}")


def _numbers(where: str, notices: Sequence[Notice], task: Task | None = None) -> Hit:
    words = [notice.evidence for notice in notices]
    shown = "; ".join(f"“{word}”" for word in words[:_SHOWN]) + (" ..." if len(words) > _SHOWN else "")
    keys = (where, *words)
    values = {"what": f"Chữ số {where} được nhận dạng chưa chắc: {shown}"}
    return Hit("; ".join(words), task.sequence if task else None, notices[0].place, keys, values)


def _task_at(plan: PlanDocument, place: Place) -> Task | None:
    """The task in whose row or sentence a word stands."""
    word = place.box
    if word is None:
        return None
    x, y = (word.x0 + word.x1) / 2, (word.top + word.bottom) / 2
    for task in plan.tasks:
        box = task.place.box
        if task.place.page == place.page and box and box.x0 <= x <= box.x1 and box.top <= y <= box.bottom:
            return task
    return None


def _in_head(header: Header, notice: Notice) -> bool:
    """Whether a number stands in the number line, in the place and date, or in the title."""
    written = (header.number_text, header.place_date_text, header.title_line, header.title)
    words = frozenset(chain.from_iterable(text.split() for text in written if text))
    return notice.place.page == 1 and any(w in words for w in notice.evidence.split() if any(map(str.isdigit, w)))


RULES = (
    Rule(
        "extraction.low_confidence",
        Severity.INFO,
        title="Nhận dạng chưa chắc chắn",
        message="{what}; cần đối chiếu với văn bản gốc.",
        explanation="Chữ số, ngày tháng, số hiệu lấy từ bản quét có độ tin cậy dưới 80%, hoặc hai lần đọc cho hai kết "
        "quả khác nhau, hoặc có hình giống một chữ số khác trong cùng văn bản: “9/2027 (hay 5/2027?)”. Chữ sai thì "
        "người đọc thấy ngay, số sai thì không. Cũng báo khi cả hàng có độ tin cậy dưới 80%: bản quét mờ, hoặc bảng "
        "không kẻ đường nên hàng, cột được suy ra từ cách xếp chữ.",
        example="Bản quét mờ, “30/6/2023” đọc được với độ tin cậy 62%; bảng không có đường kẻ",
        near_miss="Văn bản Word hoặc PDF có lớp chữ (độ tin cậy 100%)",
        find=low_confidence,
    ),
)
