"""One document on the terminal: its header, its tasks, its findings, each as a table that fits 80 columns."""

from collections.abc import Iterable, Sequence
from itertools import groupby
from typing import TextIO

from rich.box import SIMPLE_HEAD
from rich.table import Table as Grid
from rich.text import Text

from extractors.document import Document, Paragraph, Table
from pipeline.plan import Finding, Header, PlanDocument, Severity, Task
from pipeline.rules.understood import interval, understood, written
from pipeline.terminal import SEVERITY_STYLES, SEVERITY_WORDS, console, printable, styled

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
    yield "Kỳ", interval(header.period_start, header.period_end)
    yield "Người ký", ", ".join(filter(None, ((header.signer_title or "").replace("\n", ", "), header.signer_name)))
    yield "Nơi nhận", "\n".join(header.recipients)


def _number(header: Header) -> str:
    return f"số {header.number or '…'}/{header.symbol or '…'}" if header.number or header.symbol else ""


def _issued(header: Header) -> str | None:
    return written(header.issued_date) if header.issued_date else header.issued_date_text


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
        words.append("\n→ " + printable(understood(deadline)), style="cyan")
    return words


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
