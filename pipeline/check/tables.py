"""What was seen of the task tables against what was emitted, unknown columns, doubtful recognition.

Extractor and reader report what they saw as notices; here it is concluded whether a row may be missing.
"""

from collections.abc import Iterator

from extractors.document import Notice
from pipeline.check.rule import Case, Hit, Rule, on_task
from pipeline.plan import PlanDocument, Severity

# Notices that say: this was seen and is in no task. Repairs (row_stitched, row_shifted, row_appended) lose nothing.
_LOST = frozenset({"table.row_lost", "table.part_unjoined", "text.outside_cells", "text.lost_in_table"})
DOUBTFUL_BELOW = 0.8  # mean word confidence of the OCR in a row's cells


def _concerns_tasks(notice: Notice, plan: PlanDocument) -> bool:
    """Whether the notice is about a task table; layout tables lose no tasks."""
    if not plan.has_task_table:
        return False
    if notice.table_index is None:
        return True
    rejected = {table.table_index for table in plan.rejected_tables}
    return notice.table_index not in rejected


def incomplete(case: Case) -> Iterator[Hit]:
    plan = case.plan
    for notice in plan.notices:
        if notice.code in _LOST and _concerns_tasks(notice, plan):
            keys = (notice.code, str(notice.table_index), str(notice.row))
            yield Hit(notice.evidence, place=notice.place, keys=keys, values={"what": notice.message})
    if plan.has_task_table and not any(task.source == "table" for task in plan.tasks):
        yield Hit("", keys=("empty",), values={"what": "bảng nhiệm vụ không cho ra nhiệm vụ nào"})


def column_unknown(case: Case) -> Iterator[Hit]:
    for notice in case.plan.notices:
        if notice.code == "table.column_unknown":
            yield Hit(
                notice.evidence, place=notice.place, keys=(str(notice.table_index),), values={"what": notice.message}
            )


def low_confidence(case: Case) -> Iterator[Hit]:
    for task in case.plan.tasks:
        if task.confidence < DOUBTFUL_BELOW:
            yield on_task(task, task.content, percent=f"{task.confidence:.0%}")


RULES = (
    Rule(
        "table.incomplete",
        Severity.WARNING,
        title="Bảng nhiệm vụ có thể thiếu",
        message="Bảng nhiệm vụ có thể đọc thiếu: {what}.",
        explanation="Có hàng, phần bảng hoặc chữ trong vùng bảng được nhìn thấy nhưng không nằm trong nhiệm vụ nào. "
        "Cần mở văn bản gốc ở trang nêu bên cạnh.",
        example="Một hàng chỉ có chữ ở cột đơn vị, không nối được vào hàng nào",
        near_miss="Hàng bị ngắt trang đã được nối lại",
        find=incomplete,
    ),
    Rule(
        "table.column_unknown",
        Severity.INFO,
        title="Tiêu đề cột chưa có trong danh mục",
        message="Tiêu đề cột “{evidence}” chưa có trong danh mục: {what}.",
        explanation="Tên cột không khớp tên nào đã biết; nghĩa của cột được đoán từ nội dung các ô, hoặc giữ làm "
        "cột phụ.",
        example="Cột “Mốc về đích”",
        near_miss="Cột “Thời gian hoàn thành”",
        find=column_unknown,
    ),
    Rule(
        "extraction.low_confidence",
        Severity.INFO,
        title="Nhận dạng chữ chưa chắc chắn",
        message="Chữ của nhiệm vụ này được nhận dạng với độ tin cậy {percent}; cần đối chiếu với bản quét.",
        explanation="Văn bản quét: độ tin cậy trung bình của máy nhận dạng ở hàng này dưới 80%.",
        example="Trang quét mờ, chữ dính nét",
        near_miss="Văn bản Word hoặc PDF có lớp chữ (độ tin cậy 100%)",
        find=low_confidence,
    ),
)
