"""One document on the terminal: its header, its tasks, its findings, each as a table that fits 80 columns."""

from collections.abc import Iterable, Sequence
from datetime import date
from itertools import groupby
from typing import TextIO

from rich.box import SIMPLE_HEAD
from rich.table import Table as Grid
from rich.text import Text

from extractors.document import Document, Paragraph, Table
from pipeline.plan import Bound, Deadline, DeadlineKind, Finding, Header, PlanDocument, Severity, Task
from pipeline.terminal import SEVERITY_STYLES, SEVERITY_WORDS, console, printable, styled

_BOUND_WORDS = {Bound.BEFORE: "trước ", Bound.BY: "đến ", Bound.FROM: "từ ", Bound.IN: ""}
_EVERY = {"YEARLY": "năm", "MONTHLY": "tháng", "WEEKLY": "tuần", "DAILY": "ngày"}
_KIND_WORDS = {
    DeadlineKind.ONGOING: "thường xuyên",
    DeadlineKind.CONDITIONAL: "có điều kiện",
    DeadlineKind.RELATIVE: "tính từ một sự kiện",
    DeadlineKind.INVALID: "không có thật",
    DeadlineKind.UNPARSED: "chưa hiểu được",
}
_ORDER = (Severity.ERROR, Severity.WARNING, Severity.INFO)


def print_plan(plan: PlanDocument, stream: TextIO | None = None) -> None:
    """Header and tasks."""
    out = console(stream)
    out.print(_header_grid(plan))
    out.print()
    if plan.tasks:
        out.print(_task_table(plan.tasks))
    else:
        out.print(styled("Không có nhiệm vụ nào.", "yellow"))


def print_findings(findings: Sequence[Finding], stream: TextIO | None = None) -> None:
    """Findings, the grave ones first."""
    out = console(stream)
    if not findings:
        out.print(styled("Không có phát hiện nào.", "green"))
        return
    table = _table(("Mức", 0), ("NV", 0), ("Phát hiện", 1))
    for finding in sorted(findings, key=lambda f: _ORDER.index(f.severity)):
        mark = styled(SEVERITY_WORDS[finding.severity], SEVERITY_STYLES[finding.severity])
        table.add_row(mark, _task_number(finding), _finding_words(finding))
    out.print(table)


def print_document(document: Document, stream: TextIO | None = None) -> None:
    """What the extractor read: blocks in reading order, tables cell by cell."""
    out = console(stream)
    for block in document.blocks:
        if isinstance(block, Paragraph):
            out.print(styled(block.text, "bold" if block.level or block.bold else ""))
        else:
            out.print(_grid_table(block))
    for notice in document.notices:
        out.print(styled(f"! {notice.code}: {notice.message}", "yellow"))


def _header_grid(plan: PlanDocument) -> Grid:
    grid = Grid.grid(padding=(0, 2))
    grid.add_column(style="dim", no_wrap=True)
    grid.add_column()
    for name, value in _header_lines(plan):
        if value:
            grid.add_row(name, styled(value))
    return grid


def _header_lines(plan: PlanDocument) -> Iterable[tuple[str, str | None]]:
    header = plan.header
    pages = f", {plan.page_count} trang" if plan.page_count else ""
    yield "Tệp", f"{plan.source.name}  ({plan.extractor}{pages})".replace("\n", "⏎")
    yield "Văn bản", " ".join(filter(None, (header.doc_type, _number(header))))
    yield "Trích yếu", header.title
    yield "Cơ quan", header.issuer
    yield "Ban hành", ", ".join(filter(None, (header.place, _issued(header))))
    yield "Kỳ", _interval(header.period_start, header.period_end)
    yield "Người ký", ", ".join(filter(None, ((header.signer_title or "").replace("\n", ", "), header.signer_name)))
    yield "Nơi nhận", "\n".join(header.recipients)


def _number(header: Header) -> str:
    return f"số {header.number or '…'}/{header.symbol or '…'}" if header.number or header.symbol else ""


def _issued(header: Header) -> str | None:
    return _day(header.issued_date) if header.issued_date else header.issued_date_text


def _task_table(tasks: Sequence[Task]) -> Grid:
    table = _table(("TT", 0), ("Nhiệm vụ", 4), ("Đơn vị", 2), ("Thời hạn", 2))
    for path, group in groupby(tasks, key=lambda task: task.section_path):
        if path:
            table.add_section()
            table.add_row("", styled(" › ".join(path), "bold"), "", "")
        for task in group:
            table.add_row(styled(task.ordinal or f"({task.sequence})"), _what(task), _who(task), _when(task))
    return table


def _what(task: Task) -> Text:
    words = styled(task.content)
    for label, value in (("Mục tiêu", task.objective), ("Thuộc", task.parent), ("Kết quả", task.output)):
        if value:
            words.append(f"\n{label}: {printable(value)}", style="dim")
    if task.note:
        words.append(f"\nGhi chú: {printable(task.note)}", style="dim italic")
    return words


def _who(task: Task) -> Text:
    words = styled("; ".join(task.leads) or "—", "bold")
    if task.partners:
        words.append("\nphối hợp: " + printable("; ".join(task.partners)), style="dim")
    return words


def _when(task: Task) -> Text:
    words = styled(task.deadline_text or "—")
    for deadline in task.deadlines:
        words.append("\n→ " + printable(_reading(deadline)), style="cyan")
    return words


def _reading(deadline: Deadline) -> str:
    """A deadline as it was understood.

    Forms: "trước 31/12/2021", "đến 30/04/2022", "01/10/2021 – 31/12/2021", "trước 15/01 hàng năm",
    "6 tháng một lần", "thường xuyên", "tính từ một sự kiện".
    """
    interval = _interval(*_edges(deadline))
    guess = " (năm suy ra)" if deadline.year_inferred else ""
    repeated = recurrence_words(deadline.rrule) if deadline.rrule else None
    when = ", ".join(filter(None, (repeated, interval)))
    if not when:  # "đến" leads to a day, not to an event
        return _KIND_WORDS.get(deadline.kind, deadline.kind.value) + guess
    return f"{_BOUND_WORDS[deadline.bound]}{when}{guess}"


def _edges(deadline: Deadline) -> tuple[date | None, date | None]:
    """What of the interval the bound speaks of: by its end, before or from its start; else both."""
    start, end = deadline.start, deadline.end
    if deadline.bound is Bound.BY and end:
        return end, end
    if deadline.bound in (Bound.BEFORE, Bound.FROM) and start and deadline.kind is not DeadlineKind.RANGE:
        return start, start
    return start, end


def recurrence_words(rrule: str) -> str:
    """A recurrence rule (RFC 5545) in words; one of another shape stays as it is.

    Forms: "FREQ=YEARLY;BYMONTH=1;BYMONTHDAY=15" -> "15/01 hàng năm"; "FREQ=MONTHLY;INTERVAL=6" -> "6 tháng một lần".
    """
    parts = dict(part.split("=", 1) for part in rrule.split(";") if "=" in part)
    every = int(parts.pop("INTERVAL", "1"))
    unit = _EVERY.get(parts.pop("FREQ", ""))
    months, days = parts.pop("BYMONTH", ""), parts.pop("BYMONTHDAY", "")
    if unit is None or parts or "-" in days:
        return rrule
    often = f"hàng {unit}" if every == 1 else "hàng quý" if (unit, every) == ("tháng", 3) else f"{every} {unit} một lần"
    if months and days:
        return (
            ", ".join(f"{int(day):02d}/{int(month):02d}" for month in months.split(",") for day in days.split(","))
            + f" {often}"
        )
    return " ".join(filter(None, (f"ngày {days}" if days else "", f"tháng {months}" if months else "", often)))


def _interval(start: date | None, end: date | None) -> str | None:
    if start and end and start != end:
        return f"{_day(start)} – {_day(end)}"
    only = start or end
    return _day(only) if only else None


def _day(day: date) -> str:
    return f"{day:%d/%m}/{day.year:04d}"


def _finding_words(finding: Finding) -> Text:
    words = styled(finding.message)
    page = f", trang {finding.place.page}" if finding.place.page else ""
    words.append(f"\n{finding.rule}{page}", style="dim")
    return words


def _task_number(finding: Finding) -> str:
    return str(finding.task) if finding.task is not None else ""


def _grid_table(block: Table) -> Grid:
    table = Grid(show_header=False, show_lines=True, expand=False)
    for _ in range(block.column_count):
        table.add_column(overflow="fold")
    for index, row in enumerate(block.grid()):
        table.add_row(*(styled(cell.text) if cell and cell.row == index else "" for cell in row))
    return table


def _table(*columns: tuple[str, int]) -> Grid:
    """A table with headings and the share of the width that each may take (0: as its words need)."""
    table = Grid(box=SIMPLE_HEAD, leading=1, pad_edge=False, header_style="bold", expand=True)
    for heading, ratio in columns:
        table.add_column(heading, ratio=ratio or None, overflow="fold")
    return table
