"""Deadlines as lines: columns of the data contract for programs, one readable line for people."""

import json
from collections.abc import Iterable, Iterator, Mapping
from datetime import date

from pipeline.plan import Bound, Deadline, DeadlineKind, Where, YearContext
from pipeline.rules.deadlines import read_deadlines

Row = dict[str, str | bool | None]

_KINDS = {
    DeadlineKind.DATE: "ngày", DeadlineKind.MONTH: "tháng", DeadlineKind.QUARTER: "quý",
    DeadlineKind.HALF_YEAR: "nửa năm", DeadlineKind.YEAR: "năm", DeadlineKind.RANGE: "khoảng thời gian",
    DeadlineKind.RECURRING: "lặp lại", DeadlineKind.ONGOING: "thường xuyên", DeadlineKind.RELATIVE: "sau một sự kiện",
    DeadlineKind.CONDITIONAL: "có điều kiện", DeadlineKind.INVALID: "ngày không tồn tại",
    DeadlineKind.UNPARSED: "chưa đọc được",
}  # fmt: skip
_BOUNDS = {Bound.BEFORE: "trước", Bound.BY: "chậm nhất", Bound.FROM: "từ", Bound.IN: "trong"}


def year_context(year: int | None) -> YearContext:
    """The context of a plan for one year."""
    return YearContext() if year is None else YearContext(date(year, 1, 1), date(year, 12, 31))


def row(deadline: Deadline) -> Row:
    """One deadline with the columns of the table `deadlines`."""
    return {
        "text": deadline.text,
        "source": deadline.source.value,
        "kind": deadline.kind.value,
        "bound": deadline.bound.value,
        "start_date": deadline.start.isoformat() if deadline.start else None,
        "end_date": deadline.end.isoformat() if deadline.end else None,
        "rrule": deadline.rrule,
        "year_inferred": deadline.year_inferred,
    }


def brief(deadlines: Iterable[Deadline]) -> str:
    """Deadlines in one line without their words, as rule examples write them: "date before 2024-01-15..2024-01-15"."""
    return "; ".join(
        " ".join(
            [d.kind.value, d.bound.value]
            + ([f"{d.start or ''}..{d.end or ''}"] if d.start or d.end else [])
            + ([d.rrule] if d.rrule else [])
        )
        for d in deadlines
    )


def describe(deadline: Deadline) -> str:
    """One deadline for people: the words, what they are, the days."""
    facts = [_KINDS[deadline.kind]]
    if deadline.bound is not Bound.IN:
        facts.append(_BOUNDS[deadline.bound])
    if deadline.start or deadline.end:
        days = [f"{d:%d/%m/%Y}" if d else "…" for d in (deadline.start, deadline.end)]
        facts.append(days[0] if days[0] == days[1] else " - ".join(days))
    if deadline.rrule:
        facts.append(deadline.rrule)
    if deadline.year_inferred:
        facts.append("năm lấy theo kế hoạch")
    if deadline.repaired:
        facts.append("đã sửa lỗi nhận dạng")
    return f"{' '.join(deadline.text.split())}: {', '.join(facts)}"


def read_line(line: str) -> list[Row]:
    """Deadlines of one JSON line {"text", "context": {period_start, period_end, issued_start, issued_end}}.

    Raises:
        ValueError: the line is not such an object; the message says what is wrong.
    """
    try:
        data = json.loads(line)
    except json.JSONDecodeError as error:
        raise ValueError(f"not a JSON object: {error}") from None
    if not isinstance(data, dict) or not isinstance(data.get("text"), str):
        raise ValueError('expected an object with a "text"')
    where = data.get("where", Where.DEADLINE.value)
    if where not in list(Where):
        raise ValueError(f'"where" must be one of {", ".join(Where)}')
    context = _context({} if data.get("context") is None else data["context"])
    return [row(d) for d in read_deadlines(data["text"], context, Where(where))]


def read_lines(lines: Iterable[str]) -> Iterator[str]:
    """For each line of JSON one line with the JSON list of its deadlines; blank lines are left out.

    Raises:
        ValueError: a line is not as `read_line` expects it; the message begins with its number.
    """
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            found = read_line(line)
        except ValueError as error:
            raise ValueError(f"line {number}: {error}") from None
        yield json.dumps(found, ensure_ascii=False)


def _context(data: object) -> YearContext:
    if not isinstance(data, Mapping):
        raise ValueError('"context" must be an object')
    return YearContext(
        period_start=_day(data.get("period_start")),
        period_end=_day(data.get("period_end")),
        issued_start=_day(data.get("issued_start")),
        issued_end=_day(data.get("issued_end")),
        year=_number(data.get("year")),
        month=_number(data.get("month")),
    )


def _day(value: object) -> date | None:
    if value is None or value == "":
        return None
    if not isinstance(value, str):
        raise ValueError(f"{value!r} is not a day such as 2026-01-31")
    try:
        return date.fromisoformat(value)
    except ValueError:
        raise ValueError(f"{value!r} is not a day such as 2026-01-31") from None


def _number(value: object) -> int | None:
    if value is None or (isinstance(value, int) and not isinstance(value, bool)):
        return value
    raise ValueError(f"{value!r} is not a number")
