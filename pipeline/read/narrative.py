"""Assignments in running text -> tasks, for plans without a task table.

Two shapes: a numbered item with labelled lines under it ("a) Đơn vị chủ trì: ..."), and sentences with an acting unit:
their own subject, or the unit that the heading or the lead-in above names. Goals, targets, grounds, enacting articles
and closing formulas assign nothing (design/conventions.md, "Which sentences are tasks").
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from pipeline.plan import Deadline, Header, Part, Prose, Task, UnitRole, Where, YearContext
from pipeline.read.columns import ROLE_FIELDS
from pipeline.read.sentences import clauses, sentences
from pipeline.read.tables import Resolve, read_cell_deadlines
from pipeline.rules.deadlines import read_deadlines
from pipeline.rules.ordinals import leading_ordinal
from pipeline.rules.units import find_units, split_roles, split_units
from pipeline.text import fold, key, squeeze
from pipeline.vocab.columns import column_field

_BULLET = re.compile(r"^\s*[-+*•·–]\s*")
# A label begins the text, a sentence, a clause, a line or a bracket; list marks may stand before it.
_LABEL = re.compile(r"(?:^|(?<=[.;\n])|\()\s*(?:[-+]\s|[a-zđ]\)\s)?(?P<label>[^\W\d_][^:;.()\n]{1,45}?)\s*:\s*(?=\S)")
_LABEL_FIELDS = ROLE_FIELDS | {"deadline", "output", "note", "budget", "target"}
_STRONG_FIELDS = ROLE_FIELDS | {"deadline", "output"}

# Sections that state why and how much, never who does what.
_AIMS = re.compile(
    r"^(?:mục đích|yêu cầu|mục tiêu|chỉ tiêu|quan điểm|căn cứ|cơ sở|sự cần thiết|thực trạng|đặc điểm|tình hình|kết quả|"
    r"đánh giá|phạm vi|đối tượng|nguyên tắc|phương châm|khái quát|bối cảnh|ý nghĩa)\b"
)
_DUTIES = re.compile(r"\b(?:nhiệm vụ|giải pháp|nội dung|phân công|tổ chức thực hiện)\b")
_ENACTING = re.compile(r"chịu trách nhiệm (?:thi hành|thực hiện) (?:quyết định|nghị quyết|chỉ thị)")
_CLOSING = re.compile(
    r"^(?:trên đây là|trong quá trình|quá trình (?:tổ chức |triển khai )?thực hiện|nếu có (?:khó khăn|vướng mắc)|"
    r"mọi (?:thông tin|vướng mắc)|nhận được|(?:quyết định|kế hoạch|nghị quyết) này (?:có hiệu lực|thay thế))"
)
_ORDER = re.compile(r"^(?:giao(?: cho)?|yêu cầu|đề nghị|phân công|đối với|chỉ đạo)\s*:?\s+")
_ADVERBIAL = re.compile(
    r"^(?:hàng|hằng|định kỳ|trước|sau|khi|trong|từ|để|theo|ngay|chậm nhất|căn cứ|trên cơ sở|đến|vào|đồng thời|"
    r"bên cạnh|ngoài ra|riêng|nhằm)\b"
)
_PARTNERS = re.compile(r"phối hợp(?: chặt chẽ)?\s+(?:với|cùng)\s+")
_ROLE_PREFIX = re.compile(r"^(?:trách nhiệm của|nhiệm vụ của|giao|đối với|phân công|về phía)\s+")
_REPORT_TO = re.compile(r"^(?:về|cho|với|tới)\b")
# "phối hợp với các đơn vị chủ trì để ...": here the role names the units, no verb follows.
_NAMED_BY_ROLE = re.compile(
    r"\s+(?:được giao\s+)?(?:chủ trì|phối hợp|thực hiện)(?=\s*(?:[,;.)]|$|(?:để|trong|và|theo)\b))"
)
_JOIN = re.compile(r"^\s*(?:[,;]|và|cùng|,\s*và)\s*$")


@dataclass(frozen=True, slots=True)
class Acting:
    """The unit that acts in a stretch of text: its words and where they end."""

    text: str
    start: int
    end: int


def _without_ordinal(text: str) -> tuple[str, str]:
    leading = leading_ordinal(text)
    if leading:
        return leading[0].written, leading[1]
    return "", _BULLET.sub("", text, count=1)


def _is_aim(heading: str) -> bool:
    words = key(_without_ordinal(heading)[1])
    return bool(_AIMS.match(words)) and not _DUTIES.search(words)


def _unit_run(text: str, start: int) -> Acting | None:
    """Units that stand together from `start` on ("Sở A, Sở B và các đơn vị C")."""
    end = None
    for unit in find_units(text[start:]):
        gap = text[start if end is None else end : start + unit.start]
        if (end is None and gap.strip()) or (end is not None and not _JOIN.match(fold(gap))):
            break
        end = start + unit.end
    return Acting(squeeze(text[start:end]), start, end) if end is not None else None


def _starts(clause: str) -> list[int]:
    """Offsets where the subject of a clause can stand: its start, after an order, a colon or an opening adverbial."""
    folded = fold(clause)
    starts = [0]
    if order := _ORDER.match(folded):
        starts.append(order.end())
    starts += [m.end() for m in re.finditer(r":\s+", clause)][:2]
    if _ADVERBIAL.match(folded):
        starts += [m.end() for m in re.finditer(r",\s+", clause)][:4]
    return starts


def acting_unit(clause: str) -> Acting | None:
    """Who is told to act in this clause, by its own words.

    Forms: "Sở Y tế chủ trì ..."; "Giao Phòng TCCB tham mưu ..."; "Căn cứ Kế hoạch này, các đơn vị xây dựng ...";
    "Tuyên truyền trên báo: Trung tâm X chủ trì ...". None where a unit only receives ("báo cáo Sở Y tế").
    """
    for start in _starts(clause):
        acting = _unit_run(clause, start)
        if acting and len(clause) - acting.end > 8 and not _REPORT_TO.match(fold(clause[acting.end :].strip())):
            return acting
    return None


def heading_unit(heading: str) -> str | None:
    """The unit that a heading names and nothing else: "1. Trách nhiệm của Văn phòng Sở" -> "Văn phòng Sở"."""
    words = _without_ordinal(heading)[1].strip(" :.;")
    prefix = _ROLE_PREFIX.match(fold(words))
    start = prefix.end() if prefix else 0
    run = _unit_run(words, start)
    return run.text if run and run.end >= len(words) - 1 else None


def _partner_text(clause: str) -> str | None:
    for match in _PARTNERS.finditer(fold(clause)):
        if run := _unit_run(clause, match.end()):
            role = _NAMED_BY_ROLE.match(fold(clause), run.end)
            return squeeze(clause[run.start : role.end() if role else run.end])
    return None


def _deadline_words(text: str, found: Sequence[Deadline]) -> str | None:
    """The phrases as written: one stretch where they stand together, else joined by semicolons."""
    if not found:
        return None
    spans = sorted(d.span for d in found)
    if all(b[0] - a[1] <= 6 for a, b in pairwise(spans)):
        return text[spans[0][0] : max(s[1] for s in spans)].strip(" ,;.")
    return "; ".join(text[a:b].strip(" ,;.") for a, b in spans)


def _roles(names: Sequence[str], role: str, resolve: Resolve) -> tuple[UnitRole, ...]:
    return tuple(UnitRole(role, name, resolve(name)) for name in dict.fromkeys(names))


@dataclass(frozen=True, slots=True)
class Labelled:
    """One labelled line of an item: the field its label names and its value."""

    field: str
    value: str


def split_labels(text: str) -> tuple[str, tuple[Labelled, ...]]:
    """What stands before the first role, deadline or output label of a text, and the labelled values behind it.

    Forms: "a) Đơn vị chủ trì: Cục A." -> ("", lead); "Rà soát văn bản. Chủ trì: Sở X; phối hợp: Y; hạn: 30/6";
    "Mua vật tư (Đơn vị thực hiện: Phòng Hành chính)". A label is a heading of pipeline/vocab/columns.toml.
    """
    body = _without_ordinal(text)[1].strip()
    marks = [(m, f) for m in _LABEL.finditer(body) if (f := column_field(m["label"])) in _LABEL_FIELDS]
    if not any(f in _STRONG_FIELDS for _, f in marks):
        return body, ()
    ends = [m.start() for m, _ in marks[1:]] + [len(body)]
    labels = tuple(
        Labelled(field or "", body[m.end() : end].strip().rstrip(" .;").removesuffix(")" * ("(" in m[0])))
        for (m, field), end in zip(marks, ends, strict=True)
    )
    return body[: marks[0][0].start()].strip(), labels


def _labelled_task(
    owner: Prose, content: str, labels: Sequence[Labelled], header: Header, resolve: Resolve, sequence: int
) -> Task:
    values: dict[str, str] = {}
    for label in labels:
        values[label.field] = "\n".join(t for t in (values.get(label.field), label.value) if t)
    lead, partner, deadline = (
        values.get("lead") or values.get("implementer"),
        values.get("partner"),
        values.get("deadline"),
    )
    leads, partners, inferred = split_units(lead or ""), split_units(partner or ""), False
    if "lead" not in values and lead:
        roles = split_roles(lead)
        leads, partners = (roles.leads, roles.partners) if roles else (leads[:1], (*leads[1:], *partners))
        inferred = roles is None
    return Task(
        sequence=sequence,
        source="narrative",
        ordinal=_without_ordinal(owner.text)[0],
        section_path=tuple(h for h in owner.headings if h != owner.text),
        content=content.strip(),
        output=values.get("output"),
        lead_text=lead,
        partner_text=partner,
        units=_roles(leads, "lead", resolve) + _roles(partners, "partner", resolve),
        roles_inferred=inferred,
        deadline_text=deadline,
        deadlines=read_cell_deadlines(deadline, header.year_context()) if deadline else (),
        note=values.get("note"),
        extra=tuple((label.field, label.value) for label in labels if label.field in ("budget", "target")),
        place=owner.place,
    )


def _assigning(prose: Prose) -> bool:
    """Whether a paragraph may assign anything at all."""
    if prose.part not in (Part.BODY, Part.APPENDIX) or any(_is_aim(h) for h in prose.headings):
        return False
    folded = fold(_without_ordinal(prose.text)[1])
    return not (_CLOSING.match(folded) or _ENACTING.search(folded))


def _units_of_work(text: str) -> list[tuple[int, int]]:
    """Sentences of an item; a clause after ";" that begins with a new acting unit is its own."""
    out: list[tuple[int, int]] = []
    for start, end in sentences(text):
        first = True
        for a, b in clauses(text, start, end):
            own = acting_unit(text[a:b])
            if first or (own and (own.start == 0 or _ORDER.match(fold(text[a:b])))):
                out.append((a, b))
            else:
                out[-1] = (out[-1][0], b)
            first = False
    return out


def _sentence_tasks(
    prose: Prose, inherited: str | None, header: Header, resolve: Resolve, first: int
) -> tuple[list[Task], str | None]:
    """Tasks of one paragraph and the unit its first sentence names (a lead-in for the items below)."""
    ordinal, body = _without_ordinal(prose.text)
    context = header.year_context()
    tasks: list[Task] = []
    named: str | None = None
    for start, end in _units_of_work(body):
        words = body[start:end].rstrip(" ;")
        if _CLOSING.match(fold(words)):
            break
        own = acting_unit(words)
        if own and named is None and start == 0:
            named = own.text
        lead = own.text if own else inherited
        if lead is None or words.endswith(":"):
            continue
        tasks.append(_sentence_task(prose, words, lead, context, resolve, first + len(tasks), "" if tasks else ordinal))
    return tasks, named


def _sentence_task(
    prose: Prose, words: str, lead: str, context: YearContext, resolve: Resolve, sequence: int, ordinal: str
) -> Task:
    partner = _partner_text(words)
    found = read_deadlines(words, context, Where.PROSE)
    return Task(
        sequence=sequence,
        source="narrative",
        ordinal=ordinal,
        section_path=prose.headings,
        content=words,
        lead_text=lead,
        partner_text=partner,
        units=_roles(split_units(lead), "lead", resolve) + _roles(split_units(partner or ""), "partner", resolve),
        roles_inferred=True,
        deadline_text=_deadline_words(words, found),
        deadlines=found,
        place=prose.place,
    )


def _inherited(prose: Prose, lead_in: tuple[str, tuple[str, ...]] | None) -> str | None:
    """The unit named by the nearest heading, or by the lead-in paragraph of the same section."""
    for heading in reversed(prose.headings):
        if unit := heading_unit(heading):
            return unit
    if lead_in and lead_in[1] == prose.headings and _is_item(prose):
        return lead_in[0]
    return None


def _is_item(prose: Prose) -> bool:
    return bool(prose.ordinal) or bool(_BULLET.match(prose.text))


def read_narrative(prose: Sequence[Prose], header: Header, resolve: Resolve, first: int = 1) -> tuple[Task, ...]:
    """Tasks of the running text, in order, numbered from `first`."""
    tasks: list[Task] = []
    lead_in: tuple[str, tuple[str, ...]] | None = None
    at = 0
    while at < len(prose):
        item = prose[at]
        content, own_labels = split_labels(item.text)
        below, end = _labels_below(prose, at + 1)
        labels = (*own_labels, *below)
        if content and any(label.field in ROLE_FIELDS for label in labels):
            if item.part in (Part.BODY, Part.APPENDIX):
                tasks.append(_labelled_task(item, content, labels, header, resolve, first + len(tasks)))
            at = end
            continue
        at += 1
        if item.is_heading or not _assigning(item):
            continue
        found, named = _sentence_tasks(item, _inherited(item, lead_in), header, resolve, first + len(tasks))
        tasks += found
        if named and not _is_item(item):
            lead_in = (named, item.headings)
        elif not _is_item(item):
            lead_in = None
    return tuple(tasks)


def _labels_below(prose: Sequence[Prose], start: int) -> tuple[tuple[Labelled, ...], int]:
    """Labels of the lines from `start` on that hold nothing but labels, and where they end."""
    labels: list[Labelled] = []
    end = start
    while end < len(prose):
        content, found = split_labels(prose[end].text)
        if content or not found:
            break
        labels += found
        end += 1
    return tuple(labels), end
