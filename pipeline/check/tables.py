"""What was seen of the task tables against what was emitted, unknown columns.

Extractor and reader report what they saw as notices; here it is concluded whether a row may be missing.
"""

from collections.abc import Iterator

from extractors.document import Notice
from pipeline.check.rule import Case, Hit, Rule
from pipeline.plan import PlanDocument, Severity

# Seen on paper and in no task, or in a task of its own that may be half of another. Repairs (row_stitched,
# row_shifted, row_appended) put everything in its place and are no defect.
_LOST_IN_TABLE = frozenset(
    {
        "table.row_lost",
        "table.row_unstitched",
        "text.outside_cells",
        "text.lost_in_table",
        "formula.no_value",
        "table.count_differs",
        "table.rows_merged",
    }
)
_UNREAD = frozenset(  # whatever stood there, tables or prose
    {
        *("page.no_text", "page.missing", "text.embedded_part", "text.cut_off", "text.unread"),
        "picture.unread",
        *("text.lost_characters", "text.lost_in_conversion", "table.unread_heading", "table.no_rows"),
        "table.unread_columns",
    }
)
_GAPS = frozenset({"table.cell_empty", "table.row_empty", "table.irregular_row"})
_UNJOINED = "table.part_unjoined"


def _loses_tasks(notice: Notice, plan: PlanDocument) -> bool:
    """Whether rows may be missing from the tasks; tables of another kind and layout tables lose none."""
    if notice.code in _UNREAD:
        return True
    rejected = {table.table_index for table in plan.rejected_tables}
    if (
        notice.code == _UNJOINED
    ):  # a part without header, left apart: its rows are tasks only if it was taken for a table
        return plan.has_task_table and notice.table_index in rejected
    return notice.code in _LOST_IN_TABLE and plan.has_task_table and notice.table_index not in rejected


def incomplete(case: Case) -> Iterator[Hit]:
    plan = case.plan
    for notice in plan.notices:
        if _loses_tasks(notice, plan):
            keys = (notice.code, str(notice.table_index), str(notice.row))
            yield Hit(notice.evidence, place=notice.place, keys=keys, values={"what": _vietnamese(notice.message)})
    if plan.has_task_table and not any(task.source == "table" for task in plan.tasks):
        yield Hit("", keys=("empty",), values={"what": "bảng nhiệm vụ không cho ra nhiệm vụ nào"})
    yield from _unreconciled(plan)


def _unreconciled(plan: PlanDocument) -> Iterator[Hit]:
    """Tables of which more was counted on paper than was read."""
    for tally in plan.tallies:
        if tally.row_count < tally.seen_rows:
            what = f"bảng có {tally.seen_rows} hàng trên giấy nhưng chỉ đọc được {tally.row_count}"
        elif tally.letters < tally.seen_letters:
            what = f"trong vùng bảng có {tally.seen_letters - tally.letters} chữ cái, chữ số không nằm trong ô nào"
        elif tally.of("task") > sum(task.table_index == tally.table_index for task in plan.tasks):
            what = "có hàng giao việc của bảng không thành nhiệm vụ"
        else:
            continue
        yield Hit("", place=tally.place, keys=("tally", str(tally.table_index)), values={"what": what})


def _vietnamese(message: str) -> str:
    """The Vietnamese half of a notice ("Hàng bị ngắt trang ... / row cut by ...")."""
    return message.partition(" / ")[0]


def column_unknown(case: Case) -> Iterator[Hit]:
    for notice in case.plan.notices:
        if notice.code == "table.column_unknown":
            yield Hit(
                notice.evidence, place=notice.place, keys=(str(notice.table_index),), values={"what": notice.message}
            )


def cell_empty(case: Case) -> Iterator[Hit]:
    rejected = {table.table_index for table in case.plan.rejected_tables}
    for notice in case.plan.notices:
        if notice.code not in _GAPS or notice.table_index in rejected or not case.plan.has_task_table:
            continue
        what = {
            "table.cell_empty": f"ô “{notice.message}” để trống",
            "table.irregular_row": "một hàng có số ô khác các hàng khác, chữ có thể nằm sai cột",
        }.get(notice.code, notice.message)
        keys = (notice.code, str(notice.table_index), str(notice.row), notice.message)
        yield Hit(notice.evidence, _task_of(case.plan, notice), notice.place, keys, {"what": what})


def _task_of(plan: PlanDocument, notice: Notice) -> int | None:
    row = (notice.table_index, notice.row)
    return next((task.sequence for task in plan.tasks if (task.table_index, task.row_index) == row), None)


RULES = (
    Rule(
        "table.incomplete",
        Severity.WARNING,
        title="Nhiệm vụ có thể bị thiếu",
        message="Nhiệm vụ có thể đọc thiếu hoặc bị tách: {what}.",
        explanation="Có hàng, phần bảng, trang hoặc chữ trong vùng bảng được nhìn thấy nhưng không nằm trong nhiệm "
        "vụ nào, hoặc một hàng ở đầu trang có thể là phần còn lại của hàng trước. Cần mở văn bản gốc ở trang nêu "
        "bên cạnh.",
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
        "table.cell_empty",
        Severity.INFO,
        title="Ô trống hoặc thiếu ô khác thường",
        message="Trong bảng nhiệm vụ, {what}, không như phần còn lại của bảng: “{evidence}”.",
        explanation="Cột này ở các hàng khác đều có chữ, riêng hàng này để trống; hoặc cả một hàng ở giữa bảng không "
        "ghi gì; hoặc hàng này có ít ô hơn các hàng khác. Có thể văn bản cố ý để trống, cũng có thể một ô bị xóa hay "
        "bị mất. Ô đơn vị chủ trì và ô thời hạn có phát hiện riêng.",
        example="Bảng 12 hàng, ô “Đơn vị phối hợp” của một hàng để trống",
        near_miss="Cột “Ghi chú” chỉ vài hàng có chữ",
        find=cell_empty,
    ),
)
