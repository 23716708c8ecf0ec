"""Plans written by hand for tests of the checks: only what a check looks at."""

import re
from dataclasses import replace
from datetime import date
from typing import Any

from extractors.document import Notice, Source
from pipeline.check import check
from pipeline.plan import (
    Citation,
    Deadline,
    DeadlineKind,
    Finding,
    Header,
    Numbered,
    Part,
    PlanDocument,
    Prose,
    Task,
    Unit,
    UnitRole,
)

SOURCE = Source("file:///tmp/kế hoạch.docx", "ab" * 32, 1)


def day(text: str) -> date:
    return date.fromisoformat(text)


def header(issued: str | None = "2024-02-20", year: int | None = 2024, **more: Any) -> Header:
    """The head of a complete plan of one year, issued on a day."""
    on = day(issued) if issued else None
    fields: dict[str, Any] = {
        "doc_type": "KẾ HOẠCH",
        "number": "38",
        "symbol": "KH-UBND",
        "issuer": "Ủy ban nhân dân huyện Sông Lam",
        "issued_date": on,
        "issued_date_precision": "day" if on else "none",
        "issued_start": on,
        "issued_end": on,
        "title": f"Công tác cải cách hành chính năm {year}" if year else "Công tác cải cách hành chính",
        "period_start": date(year, 1, 1) if year else None,
        "period_end": date(year, 12, 31) if year else None,
    }
    return Header(**(fields | more))


def due(text: str, start: str | None = None, end: str | None = None, **more: Any) -> Deadline:
    """A deadline of one day, or from start to end."""
    more.setdefault("kind", DeadlineKind.DATE if start else DeadlineKind.ONGOING)
    first = day(start) if start else None
    return Deadline(text, start=first, end=day(end) if end else first, **more)


def role(role_name: str, name: str, unit_id: str | None = None) -> UnitRole:
    return UnitRole(role_name, name, Unit(unit_id, name, "phòng") if unit_id else None)


def task(content: str = "Rà soát hồ sơ lưu trữ", *deadlines: Deadline, sequence: int = 1, **more: Any) -> Task:
    """A row of a task table with a lead; without a deadline given it is "Thường xuyên"."""
    more.setdefault("units", (role("lead", "Văn phòng Sở", "van-phong"),))
    more.setdefault("source", "table")
    more.setdefault("deadline_text", "\n".join(d.text for d in deadlines) or "Thường xuyên")
    return Task(sequence, content=content, deadlines=deadlines or (due("Thường xuyên"),), **more)


def undated(content: str, deadline_text: str | None = None, **more: Any) -> Task:
    """A row from whose deadline cell nothing was read."""
    return replace(task(content, **more), deadlines=(), deadline_text=deadline_text)


def cited(text: str, **more: Any) -> Citation:
    """A citation whose number, symbol and date stand in its text as in "Quyết định số 12/QĐ-UBND ngày 05/01/2024"."""
    pattern = r"(?P<type>.+?) số (?P<number>[\d/]+?)[/-](?P<symbol>\D\S*)(?: ngày (?P<d>\d+)/(?P<m>\d+)/(?P<y>\d+))?"
    match = re.match(pattern, text)
    assert match
    on = date(int(match["y"]), int(match["m"]), int(match["d"])) if match["d"] else None
    fields: dict[str, Any] = {
        "doc_type": match["type"],
        "number": match["number"],
        "symbol": match["symbol"],
        "date": on,
        "issuer": None,
    }
    return Citation(text, **(fields | more))


def items(series: str, *lines: str, first_task: int = 1) -> tuple[Numbered, ...]:
    """Numbered items from lines "1. ...": in a table, lines in capitals are section rows and the others tasks."""
    out = []
    for line in lines:
        ordinal = line.split(" ")[0]
        is_section = line.isupper()
        sequence = None
        if series.startswith("table") and not is_section:
            sequence, first_task = first_task, first_task + 1
        out.append(Numbered(ordinal, line, series, sequence, is_section=is_section))
    return tuple(out)


def prose(*texts: str, part: Part = Part.BODY, headings: tuple[str, ...] = ()) -> tuple[Prose, ...]:
    return tuple(Prose(text, part, headings=headings) for text in texts)


def plan(*tasks: Task, head: Header | None = None, **more: Any) -> PlanDocument:
    """A plan with a task table; tasks are numbered in the order given."""
    numbered_tasks = tuple(replace(t, sequence=i) for i, t in enumerate(tasks, 1))
    more.setdefault("has_task_table", True)
    return PlanDocument(SOURCE, "text/plain", "text", None, head or header(), numbered_tasks or (task(),), **more)


def found(rule: str, document: PlanDocument, as_of: date | None = None) -> list[Finding]:
    """The findings of one rule."""
    return [f for f in check(document, as_of) if f.rule == rule]


def fired(rule: str, document: PlanDocument, as_of: date | None = None) -> list[tuple[int | None, str]]:
    """Task and evidence of the findings of one rule."""
    return [(f.task, f.evidence) for f in found(rule, document, as_of)]


def notice(code: str, evidence: str = "", table_index: int | None = 0) -> Notice:
    return Notice(
        code, "hàng không có nội dung công việc / row without work", table_index=table_index, evidence=evidence
    )
