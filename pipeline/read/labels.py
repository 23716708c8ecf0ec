"""Labelled values in and under the items of running text: "Chủ trì: ...", "(Đơn vị thực hiện: ...; hạn: ...)"."""

import re
from dataclasses import dataclass

from pipeline.read.acting import acting_unit, is_opening, partner_text, without_ordinal
from pipeline.read.columns import ROLE_FIELDS
from pipeline.rules.units import split_roles
from pipeline.text import fold
from pipeline.vocab.columns import column_field

# A label begins the text, a sentence, a clause, a line or a bracket; list marks may stand before it.
_LABEL = re.compile(r"(?:^|(?<=[.;\n])|\()\s*(?:[-+]\s|[a-zđ]\)\s)?(?P<label>[^\W\d_][^:;.()\n]{1,45}?)\s*:\s*(?=\S)")
_FIELDS = ROLE_FIELDS | {"deadline", "output", "note", "budget", "target"}
_STRONG_FIELDS = ROLE_FIELDS | {"deadline", "output"}
# A time without a label behind the units of a bracket: "(Chủ trì: Sở Y tế; hoàn thành trước 30/4/2024)".
_TIME = re.compile(
    r"[;,]\s*(?P<time>(?:(?:thực hiện )?(?:thường xuyên|hằng |hàng |định kỳ|trong (?:quý|tháng|năm))|"
    r"hoàn thành|xong|trước|chậm nhất|quý [ivx\d]|tháng \d|năm \d|ngày \d|"
    r"từ (?:quý|tháng|ngày|năm) )[^;]*)$"
)
# "(Sở Y tế chủ trì tham mưu trong tháng 5/2025)"
_LATE_TIME = re.compile(
    r"(?<=\s)(?:hoàn thành|xong|trước ngày|trước \d|chậm nhất|trong (?:quý|tháng|năm)|quý [ivx\d]|tháng \d)"
    r"[^;()]{0,80}$"
)
_ROLES_IN_BRACKET = re.compile(r"\((?P<inside>[^():]{4,300})\)")
_ROLE_WORDS = re.compile(r"\b(?:chủ trì|phối hợp|đầu mối)\b")


@dataclass(frozen=True, slots=True)
class Labelled:
    """One labelled line of an item: the field its label names and its value."""

    field: str
    value: str


def split_labels(text: str) -> tuple[str, tuple[Labelled, ...]]:
    """What stands outside the role, deadline and output labels of a text, and the labelled values.

    Forms: "a) Đơn vị chủ trì: Cục A." -> ("", lead); "Rà soát văn bản. Chủ trì: Sở X; phối hợp: Y; hạn: 30/6";
    "Mua vật tư (Đơn vị thực hiện: Phòng Hành chính)"; "Kiểm kê tài sản (Sở X chủ trì, Sở Y phối hợp)".
    A label is a heading of pipeline/vocab/columns.toml.
    """
    body = without_ordinal(text)[1].strip()
    marks = [(m, f) for m in _LABEL.finditer(body) if (f := column_field(m["label"])) in _FIELDS]
    if not any(f in _STRONG_FIELDS for _, f in marks):
        return _roles_in_bracket(body)
    last = len(body)
    if "(" in marks[0][0][0]:
        last = _closing(body, marks[0][0].start())
        marks = [(m, f) for m, f in marks if m.start() < last]
    ends = [m.start() for m, _ in marks[1:]] + [last]
    labels = [Labelled(field or "", _value(body[m.end() : end])) for (m, field), end in zip(marks, ends, strict=True)]
    return _outside(body, marks[0][0].start(), last + 1), tuple(_with_time(labels))


def _closing(body: str, at: int) -> int:
    """Offset of the bracket that closes the one at or behind `at`; the end where none does."""
    depth = 0
    for index in range(body.index("(", at), len(body)):
        depth += (body[index] == "(") - (body[index] == ")")
        if depth == 0:
            return index
    return len(body)


def _outside(body: str, start: int, stop: int) -> str:
    before, behind = body[:start].strip(), body[stop:].strip()
    if not re.search(r"\w", behind):
        return before
    return f"{before}{behind}" if behind[0] in ",;." else f"{before} {behind}"


def _value(words: str) -> str:
    value = words.strip().rstrip(" .;")
    return value[:-1].rstrip() if value.endswith(")") and value.count(")") > value.count("(") else value


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
    bracket = next((b for b in _ROLES_IN_BRACKET.finditer(body) if _ROLE_WORDS.search(fold(b["inside"]))), None)
    if bracket is None or ((own := acting_unit(body[: bracket.start()])) and is_opening(body, own)):
        return body, ()
    inside, *time = _with_time([Labelled("lead", bracket["inside"])])
    if not time and (late := _LATE_TIME.search(fold(inside.value))):
        time = [Labelled("deadline", inside.value[late.start() :])]
        inside = Labelled("lead", inside.value[: late.start()].rstrip())
    lead, partner = _spoken_roles(inside.value)
    if not lead:
        return body, ()
    labels = [Labelled("lead", lead)]
    if partner:
        labels.append(Labelled("partner", partner))
    return _outside(body, bracket.start(), bracket.end()), (*labels, *time)


def _spoken_roles(words: str) -> tuple[str, str]:
    """Lead and partners of "Sở A chủ trì, Sở B phối hợp" and "Ủy ban Kiểm tra chủ trì tham mưu"; "" for none."""
    if roles := split_roles(words):
        return "; ".join(roles.leads), "; ".join(roles.partners)
    own = acting_unit(words)
    if own and own.start == 0 and fold(words[own.end :]).lstrip().startswith("chủ trì"):
        return own.text, partner_text(words) or ""
    return "", ""
