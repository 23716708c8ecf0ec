"""Assignments in running text -> tasks, for plans without a task table.

Two shapes: a numbered item with labelled lines under it ("a) Đơn vị chủ trì: ..."), and sentences with an acting unit:
their own subject, or the unit that the heading or the lead-in above names. Goals, targets, grounds, enacting articles
and closing formulas assign nothing (design/conventions.md, "Which sentences are tasks").
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from pipeline.plan import Deadline, DeadlineKind, Header, Part, Prose, Task, UnitRole, Where, YearContext
from pipeline.read.acting import (
    acting_unit,
    goes_on,
    heading_unit,
    is_item,
    is_new,
    joining_units,
    lead_of_group,
    lists_members,
    partner_text,
    shares_out,
    without_ordinal,
)
from pipeline.read.agents import is_before_agent
from pipeline.read.header_rows import ROLE_FIELDS
from pipeline.read.label_lines import is_among_labelled, is_timed, labels_below
from pipeline.read.labels import Labelled, named_behind, split_labels, value_line
from pipeline.read.lead_ins import (
    LeadIn,
    inherited_unit,
    mark_above,
    name_line,
    next_lead_in,
    parents_of_units,
    silent_line,
)
from pipeline.read.lent_times import (
    LentTime,
    TimeLine,
    context_below,
    in_section,
    opening_line,
    section_time,
    time_above,
    time_line,
    with_time,
)
from pipeline.read.openings import RELAYED
from pipeline.read.own_names import own_names
from pipeline.read.row_times import read_cell_deadlines
from pipeline.read.sentences import clauses, sentences
from pipeline.read.tables import Resolve
from pipeline.rules.deadlines import read_deadlines
from pipeline.rules.units import find_units, split_roles, split_units
from pipeline.text import fold, key
from pipeline.vocab.name_tree import NameTree

# Sections that state why and how much, never who does what.
_AIMS = re.compile(
    r"^(?:mục đích|yêu cầu|mục tiêu|chỉ tiêu|quan điểm|căn cứ|sự cần thiết|thực trạng|đặc điểm|tình hình|kết quả|"
    r"cơ sở(?= (?:pháp lý|khoa học|lý luận|thực tiễn|chính trị|xây dựng|lập|để|ban hành|của)|,|$)|"
    r"nhận định|dự báo(?= (?:chung|tình hình|xu|diễn biến|thời tiết|nguy cơ|những|các|khó khăn)|$)|"
    r"tồn tại|hạn chế(?=,| và| chủ yếu|$)|nguyên nhân|ưu điểm|khuyết điểm|bài học|thuận lợi|khó khăn|"
    r"đánh giá(?= (?:chung|tình hình|thực trạng|kết quả|ưu điểm|công tác|việc|tồn tại)|$)|"
    r"phạm vi|đối tượng|nguyên tắc|phương châm|khái quát|bối cảnh|ý nghĩa)\b"
)
_GOALS = re.compile(r"(?:mục đích|yêu cầu|mục tiêu|chỉ tiêu)\b")
_GOAL_LABEL = re.compile(r"(?:mục đích|mục tiêu|chỉ tiêu)(?:\s[^\W\d_]+){0,4}\s?:\s")
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
# What a label of these fields gives is no work: "- Địa điểm: Hội trường UBND huyện".
_NO_WORK = frozenset(("deadline", "start", "end", "output", "other", "budget", "target", "note", "legal_basis"))
_BESIDE = ("budget", "target", "other")  # values that are cells of no column of ours
_LISTS_UNITS = re.compile(r"phối (?:kết )?hợp(?: thực hiện)?\s*:")  # "...; đơn vị phối hợp: Sở A; Sở B"
_CLOSING = re.compile(
    r"^(?:trên đây là|trong quá trình|quá trình (?:tổ chức |triển khai )?thực hiện|nếu có (?:khó khăn|vướng mắc)|"
    r"mọi (?:thông tin|vướng mắc)|(?:chi tiết|(?:đầu mối|người|thông tin|địa chỉ)(?: \w+)?,?) liên hệ|"
    r"địa chỉ\s*:|"
    r"(?:nơi|địa (?:điểm|chỉ)) (?:tiếp )?(?:nhận|nộp) hồ sơ|"
    r"(?:quyết định|kế hoạch|nghị quyết|chỉ thị|chương trình|thông báo|quy chế|quy định|kết luận|hướng dẫn"
    r"|phương án) này (?:có hiệu lực|thay thế))"
)


def _is_aim(heading: str) -> bool:
    words = key(without_ordinal(heading)[1])
    is_order = words.startswith("yêu cầu") and heading_unit(heading) is not None  # "5. Yêu cầu các sở, ngành:"
    return bool(_AIMS.match(words)) and not _DUTIES.search(words) and not is_order


def _deadline_words(text: str, found: Sequence[Deadline]) -> str | None:
    """The phrases as written: one stretch where they stand together, else joined by semicolons."""
    if not found:
        return None
    spans = sorted(d.span for d in found)
    if all(b[0] - a[1] <= 6 for a, b in pairwise(spans)):
        return text[spans[0][0] : max(s[1] for s in spans)].strip(" ,;.")
    return "; ".join(text[a:b].strip(" ,;.") for a, b in spans)


@dataclass(frozen=True, slots=True)
class _Paper:
    """What the sentences of one paper are read with: its names, and what they mean."""

    own: NameTree
    resolve: Resolve


def _roles(names: Sequence[str], role: str, resolve: Resolve) -> tuple[UnitRole, ...]:
    return tuple(UnitRole(role, name, resolve(name)) for name in dict.fromkeys(names))


def _by_field(labels: Sequence[Labelled]) -> dict[str, str]:
    """What stands behind labels of one field, each on its own line."""
    values: dict[str, str] = {}
    for label in labels:
        values[label.field] = "\n".join(t for t in (values.get(label.field), label.value) if t)
    return values


def _labelled_task(
    owner: Prose, content: str, labels: Sequence[Labelled], context: YearContext, resolve: Resolve, sequence: int
) -> Task:
    values = _by_field(labels)
    lead, partner, deadline = (
        values.get("lead") or values.get("implementer"),
        values.get("partner"),
        values.get("deadline"),
    )
    leads, partners, inferred = split_units(lead or ""), split_units(partner or ""), False
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
        extra=tuple((label.field, label.value) for label in labels if label.field in _BESIDE),
        place=owner.place,
        confidence=owner.confidence,
    )


def _assigning(prose: Prose) -> bool:
    """Whether a paragraph may assign anything at all."""
    if prose.part not in (Part.BODY, Part.APPENDIX) or any(_is_aim(h) for h in prose.headings):
        return False
    ordinal, words = without_ordinal(prose.text)
    folded = fold(words)
    if _GOAL_LABEL.match(folded):  # "2. Chỉ tiêu: 100% chi bộ ...; mỗi xã trồng 500 cây"
        return False
    if fold(ordinal).startswith("điều") and _ARTICLE_ENACTING.search(folded):
        return False
    return not (_CLOSING.match(folded) or _ENACTING.search(folded))


def _units_of_work(text: str, names: NameTree) -> list[tuple[int, int]]:
    """Sentences of an item; a clause after ";" that begins with a new acting unit is its own."""
    out: list[tuple[int, int]] = []
    for start, end in sentences(text):
        for number, (a, b) in enumerate(clauses(text, start, end)):
            is_list = number > 0 and (_LISTS_UNITS.search(fold(text[start:a])) or heading_unit(text[slice(*out[-1])]))
            if number == 0 or (not is_list and _is_own_work(text[a:b], names)):
                out.append((a, b))
            else:
                out[-1] = (out[-1][0], b)
    return out


def _is_own_work(clause: str, names: NameTree) -> bool:
    if RELAYED.match(fold(clause)):  # "...; chỉ đạo các xã ...": more of what the unit before has to do
        return False
    own = acting_unit(clause, own=names)
    return own is not None and is_new(clause, own)


def _sentence_tasks(
    prose: Prose, inherited: str | None, context: YearContext, paper: _Paper, first: int
) -> tuple[list[Task], str | None]:
    """Tasks of one paragraph and the unit its first sentence names (a lead-in for the items below)."""
    ordinal, body = without_ordinal(prose.text)
    tasks: list[Task] = []
    named: str | None = None
    carried: str | None = None  # the subject of the sentence before, for one without
    for start, end in _units_of_work(body, paper.own):
        words = body[start:end].rstrip(" ;")
        if not any(char.isalpha() for char in words):  # a page number, a rule of dashes
            continue
        if _CLOSING.match(fold(words)):
            break
        own = acting_unit(words, is_led=inherited is not None, own=paper.own)
        if own and lists_members(words, own):
            continue
        if own and named is None and start == 0 and not is_before_agent(words[: own.start]):
            named = own.text
        if own:
            carried = own.text
        elif not goes_on(words):
            carried = None
        lead = own.text if own else inherited or carried
        if end < len(body) and start == 0 and (unit := heading_unit(words, prose.headings)):
            inherited = named = unit  # "2. Phòng Tư pháp. Thẩm định quy chế trong tháng 4."
            continue
        if lead is None or words.endswith(":") or (own is None and not _gives_work(prose, words)):
            continue
        if own is None and (((value := value_line(words)) and value.field in _NO_WORK) or heading_unit(words)):
            continue
        ahead = own.end if own else 0
        task = _sentence_task(prose, words, (lead, ahead), context, paper, first + len(tasks))
        tasks.append(task if tasks else replace(task, ordinal=ordinal))
    return tasks, named


def _gives_work(prose: Prose, words: str) -> bool:
    """Whether a sentence without a unit says more than the grounds of a decision.

    Under a numbered heading, or as an item, "Căn cứ nhiệm vụ được giao, xây dựng ..." tells what to do.
    """
    if not _GROUNDS.match(fold(words)):
        return True
    in_section = is_item(prose.text) or any(without_ordinal(heading)[0] for heading in prose.headings)
    return in_section and any(goes_on(words[comma.end() :]) for comma in re.finditer(r",\s+", words))


def _of_sentence(words: str, found: Sequence[Deadline]) -> tuple[Deadline, ...]:
    """Deadlines of a sentence without the conditions of one clause among several ("...; khi có sự cố, báo cáo ...").

    Nor words of a unit's name: "Vụ Đào tạo |thường xuyên|".
    """
    found = tuple(d for d in found if d.kind is not DeadlineKind.CONDITIONAL or ";" not in words[: d.span[0]])
    if all(d.kind is not DeadlineKind.ONGOING for d in found):
        return tuple(found)
    names = find_units(words)
    return tuple(
        d
        for d in found
        if d.kind is not DeadlineKind.ONGOING or not any(n.start < d.span[0] and d.span[1] <= n.end for n in names)
    )


def _with_lead(task: Task, lead: str | None, resolve: Resolve) -> Task:
    """The task of labels that name partners alone, with who acts in its words or above it."""
    if lead is None or task.leads:
        return task
    units = (*_roles(split_units(lead), "lead", resolve), *task.units)
    return replace(task, lead_text=lead, units=units, roles_inferred=True)


def _sentence_task(
    prose: Prose, words: str, leading: tuple[str, int], context: YearContext, paper: _Paper, sequence: int
) -> Task:
    """The task of a sentence; `leading` is who has to act and where the sentence has named that unit."""
    lead, beside = lead_of_group(leading[0])
    partner = beside or partner_text(words, paper.own) or joining_units(words, leading[1], paper.own) or None
    found = _of_sentence(words, read_deadlines(words, context, Where.PROSE))
    return Task(
        sequence=sequence,
        source="narrative",
        ordinal="",
        section_path=prose.headings,
        content=words,
        lead_text=lead,
        partner_text=partner,
        units=(
            *_roles(split_units(lead), "lead", paper.resolve),
            *_roles(split_units(partner or ""), "partner", paper.resolve),
        ),
        roles_inferred=True,
        deadline_text=_deadline_words(words, found),
        deadlines=found,
        place=prose.place,
        confidence=prose.confidence,
    )


def read_narrative(prose: Sequence[Prose], header: Header, resolve: Resolve, first: int = 1) -> tuple[Task, ...]:
    """Tasks of the running text, in order, numbered from `first`."""
    tasks: list[Task] = []
    lead_in: LeadIn | None = None
    line: TimeLine | None = None
    ahead: LentTime | None = None  # of a sentence about its section, for what stands below it
    whole = header.year_context()
    parents = parents_of_units(prose)
    paper = _Paper(own_names(prose, header.recipients, parents), resolve)
    at = 0
    while at < len(prose):
        here, item = at, prose[at]
        line = line if line and line.governs(item) else None
        ahead = ahead if ahead and item.headings[: len(ahead.headings)] == ahead.headings else None
        context = context_below(item.headings, whole)
        time = (line.time if line else None) or ahead or time_above(item.headings, whole)
        content, own_labels = split_labels(item.text)
        below, end = labels_below(prose, at)
        labels = (*own_labels, *below)
        has_roles = any(label.field in ROLE_FIELDS for label in labels)
        inherited = inherited_unit(item, lead_in, parents)
        own = acting_unit(content, is_led=inherited is not None, own=paper.own) if has_roles and content else None
        if own and own_labels and not below and all(label.field == "partner" for label in labels):
            has_roles, own_labels = False, ()  # a sentence that says who helps at its end
        if content and (has_roles or (is_timed(item, below) and is_among_labelled(prose, at))):
            is_aim = any(_GOALS.match(key(without_ordinal(h)[1])) and _is_aim(h) for h in (*item.headings, item.text))
            if not is_aim and item.part in (Part.BODY, Part.APPENDIX):
                task = _labelled_task(item, content, labels, context, resolve, first + len(tasks))
                task = _with_lead(task, own.text if own else inherited, resolve)
                tasks.append(with_time(task, time))
            at = end
            continue
        at += 1
        if item.is_heading or not _assigning(item):
            continue
        if not own_labels and (found_line := time_line(item, context)):
            line = found_line
            continue
        if lent := section_time(item, context):
            tasks = [with_time(task, lent) if in_section(task, lent) else task for task in tasks]
            ahead = ahead if lent.above else lent
            continue
        is_listed = lead_in is not None and lead_in.is_silent and lead_in.governs(item)
        if named := silent_line(item) or name_line(item):
            lead_in = lead_in if is_listed else named
            continue
        found, unit = _sentence_tasks(item, inherited, context, paper, first + len(tasks))
        if not found and unit is None and (named_task := _named_task(item, context, resolve, first + len(tasks))):
            found = [named_task]
        if found and below:
            found[-1] = _with_values(found[-1], below, context)
            at = end
        tasks += [with_time(task, time) for task in found]
        lead_in = next_lead_in(item, unit, lead_in, mark_above(prose, here))
        line = (None if found else opening_line(item, context)) or line
    return tuple(tasks)


def _named_task(item: Prose, context: YearContext, resolve: Resolve, sequence: int) -> Task | None:
    """The task of an item whose unit stands alone behind the work, under a heading that speaks of duties."""
    if not any(_DUTIES.search(fold(heading)) for heading in item.headings):
        return None
    content, labels = named_behind(item.text, colon=shares_out(item.headings))
    return _labelled_task(item, content, labels, context, resolve, sequence) if content else None


def _with_values(task: Task, labels: Sequence[Labelled], context: YearContext) -> Task:
    """The last task of an item with what the lines below it give; a second time stays as written."""
    values = _by_field(labels)
    deadline = None if task.deadlines else values.get("deadline")
    beside = (*_BESIDE, "deadline") if task.deadlines else _BESIDE
    task = replace(
        task,
        output=values.get("output", task.output),
        note=values.get("note", task.note),
        extra=(*task.extra, *((label.field, label.value) for label in labels if label.field in beside)),
    )
    if deadline is None:
        return task
    return replace(task, deadline_text=deadline, deadlines=read_cell_deadlines(deadline, context))
