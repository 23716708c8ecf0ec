"""Assignments in running text -> tasks, for plans without a task table.

Two shapes: a numbered item with labelled lines under it ("a) Đơn vị chủ trì: ..."), and sentences with an acting unit:
their own subject, or the unit that the heading or the lead-in above names. Goals, targets, grounds, enacting articles
and closing formulas assign nothing (design/conventions.md, "Which sentences are tasks").
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from pipeline.plan import Deadline, DeadlineKind, Header, Part, Prose, Task, UnitRole, Where, YearContext
from pipeline.read.acting import acting_unit, goes_on, heading_unit, is_item, is_opening, partner_text, without_ordinal
from pipeline.read.columns import ROLE_FIELDS
from pipeline.read.labels import Labelled, split_labels
from pipeline.read.row_times import read_cell_deadlines
from pipeline.read.sentences import clauses, sentences
from pipeline.read.tables import Resolve
from pipeline.rules.deadlines import read_deadlines
from pipeline.rules.units import split_roles, split_units
from pipeline.text import fold, key

# Sections that state why and how much, never who does what.
_AIMS = re.compile(
    r"^(?:mục đích|yêu cầu|mục tiêu|chỉ tiêu|quan điểm|căn cứ|cơ sở|sự cần thiết|thực trạng|đặc điểm|tình hình|kết quả|"
    r"đánh giá|phạm vi|đối tượng|nguyên tắc|phương châm|khái quát|bối cảnh|ý nghĩa)\b"
)
_DUTIES = re.compile(r"\b(?:nhiệm vụ|giải pháp|nội dung|phân công|tổ chức thực hiện)\b")
_ENACTING = re.compile(
    r"chịu trách nhiệm (?:thi hành(?! nhiệm vụ| công vụ)|"
    r"(?:tổ chức |triển khai )*(?:thi hành|thực hiện) (?:quyết định|nghị quyết|chỉ thị))"
    r"|(?:căn cứ|chiểu) (?:quyết định|nghị quyết)(?: này)?,? thi hành"
)
_ARTICLE_ENACTING = re.compile(
    r"^(?:ban hành|phê duyệt)(?: kèm theo)?\b.*\b(?:quyết định|nghị quyết|chỉ thị) này\b"
    r"|chịu trách nhiệm(?: tổ chức)?(?: triển khai)?(?: thi hành| thực hiện)\W*$",
    re.DOTALL,
)
_GROUNDS = re.compile(r"^(?:căn cứ|xét đề nghị|xét thấy|theo đề nghị)\b")
_CLOSING = re.compile(
    r"^(?:trên đây là|trong quá trình|quá trình (?:tổ chức |triển khai )?thực hiện|nếu có (?:khó khăn|vướng mắc)|"
    r"mọi (?:thông tin|vướng mắc)|nhận được|(?:quyết định|kế hoạch|nghị quyết) này (?:có hiệu lực|thay thế))"
)


def _is_aim(heading: str) -> bool:
    words = key(without_ordinal(heading)[1])
    return bool(_AIMS.match(words)) and not _DUTIES.search(words)


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
    context = header.year_context()
    if deadline:
        found = read_cell_deadlines(deadline, context)
    else:
        found = _of_sentence(content, read_deadlines(content, context, Where.PROSE))
        deadline = _deadline_words(content, found)
    if "lead" not in values and lead:
        roles = split_roles(lead)
        leads, partners = (roles.leads, roles.partners) if roles else (leads[:1], (*leads[1:], *partners))
        inferred = roles is None
    return Task(
        sequence=sequence,
        source="narrative",
        ordinal=without_ordinal(owner.text)[0],
        section_path=tuple(h for h in owner.headings if h != owner.text),
        content=content.strip(),
        output=values.get("output"),
        lead_text=lead,
        partner_text=partner,
        units=_roles(leads, "lead", resolve) + _roles(partners, "partner", resolve),
        roles_inferred=inferred,
        deadline_text=deadline,
        deadlines=found,
        note=values.get("note"),
        extra=tuple((label.field, label.value) for label in labels if label.field in ("budget", "target")),
        place=owner.place,
        confidence=owner.confidence,
    )


def _assigning(prose: Prose) -> bool:
    """Whether a paragraph may assign anything at all."""
    if prose.part not in (Part.BODY, Part.APPENDIX) or any(_is_aim(h) for h in prose.headings):
        return False
    ordinal, words = without_ordinal(prose.text)
    folded = fold(words)
    if fold(ordinal).startswith("điều") and _ARTICLE_ENACTING.search(folded):
        return False
    return not (_CLOSING.match(folded) or _ENACTING.search(folded))


def _units_of_work(text: str) -> list[tuple[int, int]]:
    """Sentences of an item; a clause after ";" that begins with a new acting unit is its own."""
    out: list[tuple[int, int]] = []
    for start, end in sentences(text):
        first = True
        for a, b in clauses(text, start, end):
            own = acting_unit(text[a:b])
            if first or (own and is_opening(text[a:b], own)):
                out.append((a, b))
            else:
                out[-1] = (out[-1][0], b)
            first = False
    return out


def _sentence_tasks(
    prose: Prose, inherited: str | None, header: Header, resolve: Resolve, first: int
) -> tuple[list[Task], str | None]:
    """Tasks of one paragraph and the unit its first sentence names (a lead-in for the items below)."""
    ordinal, body = without_ordinal(prose.text)
    context = header.year_context()
    tasks: list[Task] = []
    named: str | None = None
    carried: str | None = None  # the subject of the sentence before, for one without
    for start, end in _units_of_work(body):
        words = body[start:end].rstrip(" ;")
        if _CLOSING.match(fold(words)):
            break
        own = acting_unit(words, is_led=inherited is not None)
        if own and named is None and start == 0:
            named = own.text
        if own:
            carried = own.text
        elif not goes_on(words):
            carried = None
        lead = own.text if own else inherited or carried
        if lead is None or words.endswith(":") or (own is None and _GROUNDS.match(fold(words))):
            continue
        tasks.append(_sentence_task(prose, words, lead, context, resolve, first + len(tasks), "" if tasks else ordinal))
    return tasks, named


def _of_sentence(words: str, found: Sequence[Deadline]) -> tuple[Deadline, ...]:
    """Deadlines of a sentence without the conditions of one clause among several ("...; khi có sự cố, báo cáo ...")."""
    return tuple(d for d in found if d.kind is not DeadlineKind.CONDITIONAL or ";" not in words[: d.span[0]])


def _sentence_task(
    prose: Prose, words: str, lead: str, context: YearContext, resolve: Resolve, sequence: int, ordinal: str
) -> Task:
    partner = partner_text(words)
    found = _of_sentence(words, read_deadlines(words, context, Where.PROSE))
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
        confidence=prose.confidence,
    )


@dataclass(frozen=True, slots=True)
class _LeadIn:
    """A paragraph that names who has to do the items below it."""

    unit: str
    headings: tuple[str, ...]
    style: str

    def governs(self, item: Prose) -> bool:
        return self.headings == item.headings and is_item(item.text) and _style(item.text) != self.style


def _style(text: str) -> str:
    """The kind of list mark: "" none, "-" a bullet, "1" a number, "a" a letter."""
    if not is_item(text):
        return ""
    mark = without_ordinal(text)[0]
    return ("1" if mark[:1].isdigit() else "a") if mark else "-"


def _inherited(prose: Prose, lead_in: _LeadIn | None) -> str | None:
    """The unit named by the lead-in above, or by the nearest heading."""
    if lead_in and lead_in.style and lead_in.governs(prose):
        return lead_in.unit
    for at in range(len(prose.headings) - 1, -1, -1):
        heading = prose.headings[at]
        if unit := heading_unit(heading, prose.headings[:at]):
            return unit
        words = without_ordinal(heading)[1].strip()
        if words.endswith(":") and (own := acting_unit(words)) and is_opening(words, own):
            return own.text
    return lead_in.unit if lead_in and lead_in.governs(prose) else None


def _next_lead_in(item: Prose, named: str | None, before: _LeadIn | None) -> _LeadIn | None:
    style = _style(item.text)
    if named and (not style or item.text.rstrip().endswith(":")):
        return _LeadIn(named, item.headings, style)
    return before if style and before and before.governs(item) else None


def read_narrative(prose: Sequence[Prose], header: Header, resolve: Resolve, first: int = 1) -> tuple[Task, ...]:
    """Tasks of the running text, in order, numbered from `first`."""
    tasks: list[Task] = []
    lead_in: _LeadIn | None = None
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
        lead_in = _next_lead_in(item, named, lead_in)
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
