"""Defects of roles: nobody leads, one unit stands in both roles, a name is not in the vocabulary."""

import re
from collections.abc import Iterator

from pipeline.check.rule import Case, Hit, Rule, on_task
from pipeline.plan import Severity, Task, UnitRole
from pipeline.rules.units import split_roles
from pipeline.text import fold, key


def lead_missing(case: Case) -> Iterator[Hit]:
    for task in case.plan.tasks:
        unnamed_actor = task.source == "narrative" and task.roles_inferred
        if not task.leads and not unnamed_actor and _names_no_lead(task.lead_text or ""):
            yield on_task(task, task.content)


def _names_no_lead(cell: str) -> bool:
    """An empty cell, or one that gives only those who assist: "Phối hợp: Phòng Tư pháp"."""
    labelled = split_roles(cell)
    return not labelled.leads if labelled else not key(cell)


_LEVEL = re.compile(r"\b(?:trung ương|tw|bộ(?! phận)|sở|tỉnh|thành phố|huyện|quận|thị xã|thị trấn|phường|xã(?! hội))\b")


def _same_unit(lead: UnitRole, partner: UnitRole) -> bool:
    """Equal names, or two names of one known unit; "các xã" is not one xã, "tỉnh" is not "huyện"."""
    if key(lead.name) == key(partner.name):
        return bool(key(lead.name))
    if lead.unit is None or partner.unit is None or lead.unit.unit_id != partner.unit.unit_id:
        return False
    if any(_is_group(unit.name) for unit in (lead, partner)):
        return False
    one, other = (set(_LEVEL.findall(fold(unit.name))) for unit in (lead, partner))
    return one <= other or other <= one


def _is_group(name: str) -> bool:
    return "các" in fold(name).split()


def _in_both_roles(task: Task) -> Iterator[UnitRole]:
    leads = [unit for unit in task.units if unit.role == "lead"]
    for partner in (unit for unit in task.units if unit.role == "partner"):
        if any(_same_unit(lead, partner) for lead in leads):
            yield partner


def lead_is_partner(case: Case) -> Iterator[Hit]:
    for task in case.plan.tasks:
        found = {key(unit.name): unit for unit in _in_both_roles(task)}
        for unit in found.values():
            yield on_task(task, unit.name)


def unknown(case: Case) -> Iterator[Hit]:
    """Once for each name, on the first task that holds it."""
    seen: dict[str, tuple[Task, UnitRole]] = {}
    count: dict[str, int] = {}
    for task in case.plan.tasks:
        for unit in task.units:
            if unit.unit is None and key(unit.name):
                seen.setdefault(key(unit.name), (task, unit))
                count[key(unit.name)] = count.get(key(unit.name), 0) + 1
    for name, (task, unit) in seen.items():
        yield on_task(task, unit.name, count=str(count[name]))


RULES = (
    Rule(
        "lead.missing",
        Severity.WARNING,
        title="Nhiệm vụ không có đơn vị chủ trì",
        message="Nhiệm vụ “{evidence}” không có đơn vị chủ trì.",
        explanation="Ô đơn vị chủ trì để trống và không ô gộp, dòng nhóm hay nhãn nào phía trên nêu đơn vị.",
        example="Hàng có nội dung và đơn vị phối hợp, ô chủ trì để trống",
        near_miss="Cột “Đơn vị thực hiện” ghi chung: đơn vị đứng đầu được coi là chủ trì",
        find=lead_missing,
    ),
    Rule(
        "unit.lead_is_partner",
        Severity.WARNING,
        title="Một đơn vị vừa chủ trì vừa phối hợp",
        message="“{evidence}” vừa chủ trì vừa phối hợp trong cùng một nhiệm vụ.",
        explanation="Cùng một đơn vị có ở cả hai vai của một nhiệm vụ, kể cả khi một chỗ viết tắt.",
        example="Chủ trì: Phòng KHTC; phối hợp: Phòng Kế hoạch - Tài chính, các đơn vị",
        near_miss="Chủ trì: UBND xã An Bình; phối hợp: UBND các xã lân cận",
        find=lead_is_partner,
    ),
    Rule(
        "unit.unknown",
        Severity.INFO,
        title="Tên đơn vị chưa có trong danh mục",
        message="Tên “{evidence}” chưa có trong danh mục đơn vị (gặp {count} lần trong văn bản).",
        explanation="Tên đơn vị được giữ nguyên nhưng không quy được về đơn vị nào của danh mục; thêm một dòng vào "
        "units.toml nếu cần.",
        example="Tổ công tác liên ngành 389",
        near_miss="Phòng TCCB (tên tắt đã có)",
        find=unknown,
    ),
)
