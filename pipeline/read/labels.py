"""Labelled values in and under the items of running text: "Chủ trì: ...", "(Đơn vị thực hiện: ...; hạn: ...)"."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from pipeline.read.acting import acting_unit, heading_unit, is_opening, joining_units, partner_text, without_ordinal
from pipeline.read.bracket_agents import agent_in_bracket
from pipeline.read.header_rows import ROLE_FIELDS
from pipeline.read.unit_runs import Acting
from pipeline.rules.name_words import verb_end
from pipeline.rules.units import find_units, split_roles
from pipeline.text import CAPITALS, fold, key, squeeze
from pipeline.vocab.columns import column_field

# A label begins the text, a sentence, a clause, a line or a bracket; list marks and arrows may stand before it.
_WORDS = r"(?P<label>[^\W\d_][^:;.()\[\]\n]{1,45}?)\s*:\s*(?=\S)"
_LABEL = re.compile(
    r"(?:^|(?<=[.;,\n])|(?<=\s[-–|])|(?P<bracket>[(\[])|(?P<arrow>[-=]>|→|⇒|➔))\s*(?:[-–+*•→⇒➔]\s|[-=]>\s*|[a-zđ]\)\s)?"
    + _WORDS
)
_LABEL_HERE = re.compile(r"(?P<bracket>(?!))?\s*" + _WORDS)
_FIELDS = ROLE_FIELDS | {"deadline", "output", "note", "budget", "target"}
_STRONG_FIELDS = ROLE_FIELDS | {"deadline", "output"}
# What a label of units says; "Các phòng, ban còn lại: ..." and "Phòng Nội vụ: ..." name the units themselves.
_ROLE_WORD = re.compile(
    r"\b(?:chủ trì|phụ trách|đầu mối|thực hiện|triển khai|trách nhiệm|phân công|tham mưu|soạn thảo|thi công|phối hợp"
    r"|hỗ trợ|tham gia|giao|giám sát|trực tiếp|liên quan|vai trò)\b"
)
# Words that begin sentences as often as they label units: "Thực hiện: Phòng A", but "Giao: các phòng rà soát ...".
_WEAK_LABEL = re.compile(
    r"(?:giao(?: cho| nhiệm vụ| việc)?|thực hiện|tổ chức thực hiện|phân công|trách nhiệm|tham mưu|triển khai|tham gia"
    r"|hỗ trợ|trách nhiệm thực hiện|phân công thực hiện|phân công nhiệm vụ)"
)
_TIMES = re.compile(r"(?:đợt|lớp|giai đoạn|ngày|tháng|quý|từ|trong|trước|chậm nhất|định kỳ|\d{1,2}/)(?!\w)")
_GIVEN = re.compile(r"giao(?: cho| nhiệm vụ| việc)?")
_SPOKEN_LEAD = re.compile(r"\s+(?:là đơn vị )?(?:chủ trì|phụ trách|đầu mối)\b")
# The lead told in words and the partners by a label: "Phòng A chủ trì, phối hợp: Phòng B".
_LEAD_BEFORE = re.compile(
    r"(?:^|(?<=[(\[])|(?<=[.;\n]\s))(?P<unit>[^:;()\[\]\n]{3,120}?)\s+chủ trì\s*[,;]\s*(?=phối hợp\s*:)",
    re.IGNORECASE,
)
# A label in words: "Đơn vị chủ trì là Phòng A, đơn vị phối hợp là các xã".
_LABEL_IS = re.compile(
    r"(?:^|(?<=[.;,]\s)|(?<=\())(?P<label>(?i:đơn vị|cơ quan|bộ phận) (?:chủ trì|phối hợp|thực hiện|phụ trách|đầu mối))"
    rf" là (?=[{CAPITALS}]|các\s)"
)
_PARTS = re.compile(r",(?=\s)|\s[-–|](?=\s)")
# A label of roles or of a time that follows work without a sign between: "Rà soát hồ sơ |chủ trì: ...". Other words of
# labels are objects of verbs as well: "Báo cáo |kết quả", "Xây dựng quy chế |phối hợp".
_UNPARTED = re.compile(
    r"(?<=\w\s)(?:(?:cơ quan|đơn vị|bộ phận|cá nhân|người) (?:chủ trì|phụ trách|phối hợp|thực hiện|đầu mối)"
    r"|chủ trì|phụ trách|thời hạn|hạn hoàn thành|thời gian (?:thực hiện|hoàn thành))(?= |$)"
)
_WITH = re.compile(r"\W*(?:(?:và|đồng thời) )?phối (?:kết )?hợp(?: \w+){0,4}\W*")
# A time without a label behind the units of a bracket: "(Chủ trì: Sở Y tế; hoàn thành trước 30/4/2024)".
_TIME = re.compile(
    r"[;,.]\s*(?P<time>(?:(?:thực hiện )?(?:thường xuyên|hằng |hàng |định kỳ|trong (?:quý|tháng|năm))|"
    r"hoàn thành|xong|trước|chậm nhất|quý [ivx\d]|tháng \d|năm \d|ngày \d|"
    r"từ (?:quý|tháng|ngày|năm) )[^;]*)$"
)
# "(Sở Y tế chủ trì tham mưu trong tháng 5/2025)"
_LATE_TIME = re.compile(
    r"(?<=\s)(?:hoàn thành|xong|trước ngày|trước \d|chậm nhất|trong (?:quý|tháng|năm)|quý [ivx\d]|tháng \d)"
    r"[^;()]{0,80}$"
)
_ROLES_IN_BRACKET = re.compile(
    r"[(\[](?P<inside>[^():\[\]]{4,300})[)\]]|(?:→|⇒|➔|[-=]>)\s*(?P<behind>[^():\[\]]{4,300}?)\.?$"
)
_ROLE_WORDS = re.compile(r"\b(?:chủ trì|phối hợp|đầu mối)\b")
_GIVEN_TO = re.compile(r"^(?:giao(?: cho)?|phân công(?: cho)?|do)\s+", re.IGNORECASE)
_AS_UNIT = re.compile(r"\s+là (?:đơn vị|cơ quan|bộ phận|đầu mối)\s+(?=chủ trì)", re.IGNORECASE)
_ROLE_TALK = re.compile(
    r"\b(?:chủ trì|phối (?:kết )?hợp|đầu mối|chặt chẽ|cùng|với|và|tham mưu|thực hiện|triển khai|tổ chức|các)\b"
)
_COMMA = re.compile(r"[,;]\s+")
_JOIN = re.compile(r"\s*(?:cùng )?phối (?:kết )?hợp(?: thực hiện| tổ chức| triển khai)?\W*")
_BEHIND_BRACKET = re.compile(r"(?P<what>[^()]{8,}?)\s*\((?P<inside>[^():]{3,200})\)\W*$", re.DOTALL)
_BEHIND_COLON = re.compile(r"(?P<what>[^:;]{3,120}):\s*(?P<inside>[^:]{3,200}?)[.;]?$", re.DOTALL)
# Who sits where, whom it is about, and words that govern the name behind them.
_NO_WORK_BEFORE = re.compile(
    r"^(?:trưởng|phó|các thành viên|thành viên|ủy viên|thư ký|tổ trưởng|tổ phó|chủ tịch|người|đại diện|thành phần"
    r"|tham dự|địa điểm|khách mời|giảng viên|báo cáo viên|giám khảo|trọng tài|đối tượng|nơi|liên hệ"
    r"|phạm vi|gồm|bao gồm)\b"
    r"|(?:về|gửi|với|của|cho|tại|là|thường trực|cơ quan|đơn vị|qua|do|ở|đến|từ|như|gồm)$"
)
_OPEN, _CLOSE = "([", ")]"


@dataclass(frozen=True, slots=True)
class Labelled:
    """One labelled line of an item: the field its label names and its value."""

    field: str
    value: str


def label_field(label: str, value: str = "") -> str | None:
    """The field that the words before a colon name; None for those that name a unit, a thing or begin a sentence.

    Forms: "Đơn vị chủ trì", "CQPH", "Hạn hoàn thành"; "Giao" before units alone; not "Các phòng, ban còn lại",
    "Trách nhiệm của Phòng Nội vụ", "Thường trực Ban Chỉ đạo".
    """
    words = key(label)
    if _TIMES.match(fold(value)):  # "Tham mưu mở hai đợt cao điểm: |đợt 1 từ ngày 01/3"
        return field if (field := column_field(label)) not in ROLE_FIELDS else None
    field = "lead" if _GIVEN.fullmatch(words) else column_field(label)
    if field not in ROLE_FIELDS:
        return field
    is_word = len(words) <= 8 or words in ("đơn vị", "cơ quan", "bộ phận", "cá nhân", "cơ quan, đơn vị")
    if "liên hệ" in words or not (is_word or _ROLE_WORD.search(words)) or heading_unit(label):
        return None
    return None if _WEAK_LABEL.fullmatch(words) and not _names_only(value) else field


def _names_only(value: str) -> bool:
    """Whether a value is the names of units and no sentence: "Phòng Nội vụ chủ trì", "Tổ Toán - Tin"."""
    own = _first_unit(value)
    if own is None:
        return len(value) <= 60 and verb_end(fold(value), 0) is None
    rest = fold(value[own.end :]).rstrip(" .;)")
    if _SPOKEN_LEAD.match(f" {rest}"):
        time = _TIME.search(fold(value))
        roles, more = _told_roles(value[: time.start()] if time else value)
        return bool(roles) and not more
    return not rest or rest.startswith((",", ";"))


def _first_unit(value: str) -> Acting | None:
    """The units with which a value begins, though nothing may follow them."""
    own = acting_unit(f"{value.strip()} {'.' * 9}")
    return own if own and own.start == 0 else None


@lru_cache(maxsize=4096)  # a line is asked by the item above it and then for itself
def split_labels(text: str) -> tuple[str, tuple[Labelled, ...]]:
    """What stands outside the role, deadline and output labels of a text, and the labelled values.

    A bracket is part of its sentence, so it stays in the content of work it stands behind.

    Forms: "a) Đơn vị chủ trì: Cục A." -> ("", lead); "Rà soát văn bản. Chủ trì: Sở X; phối hợp: Y; hạn: 30/6";
    "Mua vật tư (Đơn vị thực hiện: Phòng Hành chính)"; "Kiểm kê tài sản (Sở X chủ trì, Sở Y phối hợp)".
    A label is a heading of pipeline/vocab/columns.toml.
    """
    body = without_ordinal(text)[1].strip()
    if " là " in body:
        body = _LABEL_IS.sub(r"\g<label>: ", body)
    if ":" not in body:
        return _roles_in_bracket(body)
    body = _LEAD_BEFORE.sub(_as_label, body)
    marks = _marks(body)
    if not marks:
        return _roles_in_bracket(body)
    last = len(body)
    if marks[0][0]["bracket"]:
        last = _closing(body, marks[0][0].start())
        marks = [(m, f) for m, f in marks if m.start() < last]
    ends = [m.start() for m, _ in marks[1:]] + [last]
    labels = [Labelled(field, _value(body[m.end() : end])) for (m, field), end in zip(marks, ends, strict=True)]
    outside = _outside(body, marks[0][0].start(), last + 1)
    content = body if outside and marks[0][0]["bracket"] else outside
    return content, tuple(_with_roles(_with_time(labels)))


def _as_label(lead: re.Match[str]) -> str:
    """Forms: "Phòng A chủ trì, |" -> "Chủ trì: Phòng A; |"; other words as they are."""
    own = _first_unit(lead["unit"])
    return f"Chủ trì: {lead['unit']}; " if own and own.end == len(lead["unit"]) else lead[0]


def _marks(body: str) -> list[tuple[re.Match[str], str]]:
    """The labels of a text. One behind a comma or a dash counts only among others: "Chủ trì: A, phối hợp: B"."""
    found: list[tuple[re.Match[str], str]] = []
    matches = list(_LABEL.finditer(body))
    for at, match in enumerate(matches):
        end = matches[at + 1].start() if at + 1 < len(matches) else len(body)
        is_inner = body[: match.start()].endswith((",", "-", "–", "|"))
        if not found and not is_inner:
            match = _behind_work(body, match)
        field = label_field(match["label"], body[match.end() : end])
        if field in _FIELDS and field and (found or not is_inner):
            found.append((match, field))
        elif not is_inner and _is_other(match["label"], field, found[-1][1] if found else "", match.start() == 0):
            found.append((match, "other"))
    return found if any(field in _STRONG_FIELDS for _, field in found) else []


def _behind_work(body: str, match: re.Match[str]) -> re.Match[str]:
    """The label behind work of the same line: "Rà soát hồ sơ – |chủ trì|: Phòng D", "Rà soát hồ sơ |chủ trì|: ..."."""
    label = match["label"]
    parted = [(mark.start(), mark.end()) for mark in _PARTS.finditer(label)]
    for stop, start in (*parted, *((mark.start(), mark.start()) for mark in _UNPARTED.finditer(fold(label)))):
        work = label[:stop].rstrip()
        inner = _LABEL_HERE.match(body, match.start("label") + start)
        verb = verb_end(fold(work), 0)  # alone it is a label too: "Theo dõi, phụ trách"
        is_work = verb is not None and verb < len(work) and label_field(work) is None
        if inner and is_work and label_field(inner["label"], body[inner.end() :]) in _STRONG_FIELDS:
            return inner
    return match


def _is_other(label: str, field: str | None, before: str, is_first: bool) -> bool:
    """Whether a label without a use of ours ends the value before it: "...; trình: UBND huyện", "Địa điểm: ...".

    A time may have its own inside: "Đợt 1: tháng 5; đợt 2: tháng 8".
    """
    if field == "other":
        return bool(before) or is_first
    is_short = len(label.split()) <= 4 and heading_unit(label) is None
    return before in ROLE_FIELDS and field is None and is_short


def value_line(text: str) -> Labelled | None:
    """A line that is a label with its value, of whatever field: "- Địa điểm: ...", "+ Nội dung: ..."."""
    body = without_ordinal(text)[1].strip()
    label = _LABEL.match(body)
    if label is None or label["bracket"] or heading_unit(label["label"]):
        return None
    field = label_field(label["label"], body[label.end() :])
    return Labelled(field, _value(body[label.end() :])) if field else None


def named_behind(text: str, *, colon: bool) -> tuple[str, tuple[Labelled, ...]]:
    """Work whose unit stands alone behind it: "Tập huấn cho cán bộ xã (Phòng Nội vụ, tháng 5)", "Hậu cần: Văn phòng".

    Args:
        text: an item without a unit of its own or of its heading.
        colon: whether a colon counts as well as a bracket.
    """
    body = without_ordinal(text)[1].strip()
    match = _BEHIND_BRACKET.match(body) or (_BEHIND_COLON.match(body) if colon else None)
    if match is None:
        return "", ()
    what = match["what"].strip()
    names, *time = _with_time([Labelled("implementer", match["inside"].strip())])
    own = _first_unit(names.value)
    if own is None or own.end < len(names.value) or _NO_WORK_BEFORE.search(fold(what)):
        return "", ()
    if column_field(what) not in (None, "content", "parent", "objective"):
        return "", ()
    units = find_units(what)
    if units and units[-1].end == len(what):  # "cơ quan thường trực (Sở Y tế)", "Phòng Nội vụ: ..."
        return "", ()
    return body if match.re is _BEHIND_BRACKET else what, (names, *time)


def _closing(body: str, at: int) -> int:
    """Offset of the bracket that closes the one at or behind `at`; the end where none does."""
    depth = 0
    begin = next(index for index in range(at, len(body)) if body[index] in _OPEN)
    for index in range(begin, len(body)):
        depth += (body[index] in _OPEN) - (body[index] in _CLOSE)
        if depth == 0:
            return index
    return len(body)


def _outside(body: str, start: int, stop: int) -> str:
    before, behind = body[:start].rstrip(" \n,-–|").lstrip(), body[stop:].strip()
    if not re.search(r"\w", behind):
        return before
    return f"{before}{behind}" if behind[0] in ",;." else f"{before} {behind}"


def _value(words: str) -> str:
    value = words.strip().rstrip(" .;,|–-")
    closes = value.endswith(")") and value.count(")") > value.count("(")
    return value[:-1].rstrip() if closes or (value.endswith("]") and "[" not in value) else value


def _with_roles(labels: Sequence[Labelled]) -> list[Labelled]:
    """Units that are told their roles behind a label; where more is said, the words are kept beside them."""
    out: list[Labelled] = []
    for label in labels:
        roles, more = _told_roles(label.value) if label.field in ROLE_FIELDS else ([], False)
        out += roles or [label]
        out += [Labelled("other", label.value)] if more else []
    return out


def _told_roles(value: str) -> tuple[list[Labelled], bool]:
    """Units with their roles, and whether more is said: "Phòng A chủ trì, phối hợp với Phòng B |rà soát ..."."""
    own = _first_unit(value)
    lead = _SPOKEN_LEAD.match(fold(value), own.end) if own else None
    if own is None or lead is None:
        return [], False
    rest = squeeze(value[lead.end() :])
    partner = partner_text(rest)
    if partner is None:
        roles = split_roles(value.strip(" .;)"))  # "Phòng A chủ trì, Phòng B |phối hợp|"
        if roles and roles.partners and roles.lead_text == own.text:
            return [Labelled("lead", own.text), Labelled("partner", roles.partner_text)], False
        return [Labelled("lead", own.text)], re.search(r"\w", rest) is not None
    before, _, behind = rest.partition(partner)
    more = re.search(r"\w", behind) or not _WITH.fullmatch(fold(before))
    return [Labelled("lead", own.text), Labelled("partner", partner)], bool(more)


def _with_time(labels: list[Labelled]) -> list[Labelled]:
    """A time behind the units of a role becomes a value of its own, unless a label gives the time."""
    if not labels or any(label.field == "deadline" for label in labels):
        return labels
    value = labels[-1].value
    time = _TIME.search(fold(value)) if labels[-1].field in ROLE_FIELDS else None
    if time is None:
        return labels
    units = Labelled(labels[-1].field, value[: time.start()].strip())
    return [*labels[:-1], units, Labelled("deadline", value[time.start("time") :].strip())]


def _roles_in_bracket(body: str) -> tuple[str, tuple[Labelled, ...]]:
    """Roles told without a colon: "(Sở Y tế chủ trì, Sở Tài chính phối hợp; hoàn thành trước 30/4)"."""
    brackets = _ROLES_IN_BRACKET.finditer(body)
    bracket = next((b for b in brackets if _ROLE_WORDS.search(fold(b["inside"] or b["behind"]))), None)
    if bracket is None:
        agent = agent_in_bracket(body)
        return body, (Labelled("lead", agent),) if agent else ()
    if (own := acting_unit(body[: bracket.start()])) and is_opening(body, own):
        return body, ()
    inside, *time = _with_time([Labelled("lead", bracket["inside"] or bracket["behind"])])
    if not time and (late := _LATE_TIME.search(fold(inside.value))):
        time = [Labelled("deadline", inside.value[late.start() :])]
        inside = Labelled("lead", inside.value[: late.start()].rstrip())
    lead, partner, says_more = _spoken_roles(inside.value)
    if not lead:
        return body, ()
    labels = [Labelled("lead", lead)]
    if partner:
        labels.append(Labelled("partner", partner))
    outside = _outside(body, bracket.start(), bracket.end())
    content = body if says_more or (outside and bracket["inside"]) else outside
    return content, (*labels, *time)


def _spoken_roles(words: str) -> tuple[str, str, bool]:
    """Lead, partners, and whether more is said; "" for none.

    Forms: "Sở A chủ trì, Sở B phối hợp"; "giao Sở A là đơn vị chủ trì"; "Sở A chủ trì |rà soát kho|, Sở B phối hợp".
    """
    words = _GIVEN_TO.sub("", words)
    plain = _AS_UNIT.sub(" ", words)
    roles = split_roles(plain)
    names = (*roles.leads, *roles.partners) if roles else ()
    if roles and not any(map(_is_told_more, names)) and not _rest(plain, names):
        return "; ".join(roles.leads), "; ".join(roles.partners), False
    own = acting_unit(plain)
    if own and own.start == 0 and fold(plain[own.end :]).lstrip().startswith("chủ trì"):
        partner = partner_text(plain) or joining_units(plain, own.end)
        return own.text, partner, bool(_rest(plain, (own.text, partner)))
    return ("; ".join(roles.leads), "; ".join(roles.partners), True) if roles else ("", "", False)


def _is_told_more(name: str) -> bool:
    """Whether work stands behind a unit or in its place: "Sở Tài chính |rà soát kho bãi", "|báo cáo UBND tỉnh"."""
    own = _first_unit(name)
    if own is None:
        return name[:1].islower() and verb_end(fold(name), 0) is not None
    return verb_end(fold(name[own.end :]).lstrip(" ,;"), 0) is not None


def _rest(words: str, names: Sequence[str]) -> str:
    """What is said beside the names and the words of roles."""
    folded = fold(words)
    for name in names:
        folded = folded.replace(fold(name), " ", 1)
    return "".join(re.findall(r"\w", _ROLE_TALK.sub(" ", folded)))
