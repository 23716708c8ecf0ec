"""What a person sees of a run: its progress, and at the end what came of it and what to do next."""

import os
import shlex
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from itertools import groupby
from typing import TYPE_CHECKING, TextIO

from rich.console import RenderableType
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table
from rich.text import Text

from pipeline.terminal import SEVERITY_STYLES, SEVERITY_WORDS, console, listing, number, one_line, vietnamese
from pipeline.text import file_name

if TYPE_CHECKING:  # nor does `kehoach status` load what reads
    from pipeline.outcome import Step, Summary
    from pipeline.store.changes import RowChange

_FAILURES_SHOWN = 15
_CHANGES_SHOWN = 500
_ROW_SHOWN = 160  # characters of a row or value
_CHANGE_MARKS = {"gained": ("+", "green"), "lost": ("-", "red"), "changed": ("~", "yellow")}
_KIND_WORDS = {"gained": "thêm", "lost": "mất", "changed": "đổi"}
_TABLE_WORDS = {
    "documents": "văn bản",
    "tasks": "nhiệm vụ",
    "citations": "viện dẫn",
    "findings": "phát hiện",
    "rejected_tables": "bảng không có nhiệm vụ",
}

REASON_WORDS = {
    "empty": "tệp rỗng",
    "unknown_format": "không rõ định dạng",
    "unsupported_format": "định dạng chưa hỗ trợ",
    "encrypted": "có mật khẩu",
    "damaged": "tệp hỏng",
    "too_large": "quá lớn",
    "timeout": "quá thời gian",
    "out_of_memory": "thiếu bộ nhớ",
    "crashed": "dừng đột ngột",
    "no_text": "không có chữ",
    "dependency_missing": "thiếu chương trình",
    "unreadable": "không mở được",
    "internal_error": "lỗi chương trình",
}


@contextmanager
def watched(stream: TextIO | None = None) -> Iterator[Callable[["Step"], None]]:
    """Shows progress while the block runs: a bar on a terminal, some plain lines anywhere else.

    Nobody may be looking any more (`kehoach ingest 2>&1 | head`): that ends the showing, not the run.
    """
    stream = stream or sys.stderr
    if not stream.isatty():
        yield lambda step: _plain_line(step, stream)
        return
    columns = (TextColumn("Đang đọc"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, TextColumn("{task.fields[name]}"), console=console(stream), transient=True) as bar:
        task = bar.add_task("", total=None, name="")
        yield lambda step: bar.update(
            task, total=step.total, completed=step.done, name=one_line(file_name(step.uri))[:40]
        )


def _plain_line(step: "Step", stream: TextIO) -> None:
    if line := progress_line(step):
        with suppress(OSError):
            stream.write(line + "\n")
            stream.flush()


def progress_line(step: "Step") -> str | None:
    """A line for a log: for every failure, and about twenty of progress however many files there are."""
    here = f"[{step.done}/{step.total}] {one_line(file_name(step.uri))}"
    if step.failure:
        return f"{here}: {REASON_WORDS.get(step.failure.reason, step.failure.reason)}"
    part = max(1, step.total // 20)
    return here if step.done % part == 0 or step.done == step.total else None


def summary_markdown(summary: "Summary") -> str:
    """The closing words of a run as Markdown, for a page (Prefect artifact, mail)."""
    titles = _rule_titles()
    lines = [
        f"# {number(summary.files)} tệp trong {_duration(summary.seconds)}\n",
        f"- Tệp: {_files_told(summary)}",
        f"- Nhiệm vụ: {number(summary.tasks)}",
        f"- Phát hiện: {_severities_told(summary)}",
        f"- Kết quả: `{summary.out}`\n",
    ]
    for told in (*map(vietnamese, summary.warnings), _versions_told(summary)):
        if told:
            lines.insert(-1, f"- {_cell(told)}")
    if summary.waiting:
        lines.insert(-1, f"- {_cell(_waiting_told(summary))}")
    if summary.findings:
        lines += ["| Mức | Quy tắc | Số lượng |", "|---|---|---:|"]
        for (severity, rule), count in _by_weight(summary):
            lines.append(f"| {SEVERITY_WORDS[severity]} | {titles.get(rule, rule)} (`{rule}`) | {number(count)} |")
    if summary.failures:
        lines += ["\n| Tệp không đọc được | Lý do |", "|---|---|"]
        for failure in summary.failures[:_FAILURES_SHOWN]:
            lines.append(f"| {_cell(file_name(failure.source_uri))} | {_cell(vietnamese(failure.message))} |")
        if len(summary.failures) > _FAILURES_SHOWN:
            lines.append(f"| … | và {number(len(summary.failures) - _FAILURES_SHOWN)} tệp khác |")
    return "\n".join(lines) + "\n"


def _cell(text: str) -> str:
    """Text inside a Markdown table: one line, and nothing that ends the cell or becomes HTML."""
    return one_line(text).replace("|", "\\|").replace("<", "&lt;")


def print_summary(summary: "Summary", stream: TextIO | None = None) -> None:
    """The closing words of a run."""
    out = console(stream)
    out.print()
    for part in _parts(summary):
        out.print(part)


def _parts(summary: "Summary") -> Iterator[RenderableType]:
    for warning in summary.warnings:
        yield Text(f"Chú ý: {one_line(vietnamese(warning))}", style="bold red")
    if not summary.files:
        yield Text("Không có tệp nào để đọc.", style="bold")
        if summary.waiting:
            yield Text(_waiting_told(summary))
        return
    yield Text(f"Đã xong {number(summary.files)} tệp trong {_duration(summary.seconds)}", style="bold")
    yield _counts(summary)
    if summary.findings:
        yield Text("\nPhát hiện", style="bold")
        yield _findings(summary)
    if summary.failures:
        yield Text("\nTệp không đọc được", style="bold")
        yield _failures(summary)
    yield Text("")
    yield _pointers(summary)


def _counts(summary: "Summary") -> RenderableType:
    bare = summary.without_task_table
    tasks = f"{number(summary.tasks)}" + (f"   ({number(bare)} văn bản không có bảng nhiệm vụ)" if bare else "")
    grid = _grid()
    grid.add_row("  Tệp", _files_told(summary))
    grid.add_row("  Nhiệm vụ", tasks)
    grid.add_row("  Phát hiện", _severities_told(summary))
    if versions := _versions_told(summary):
        grid.add_row("  Phiên bản", versions)
    if summary.waiting:
        grid.add_row("  Chờ", _waiting_told(summary))
    return grid


def _versions_told(summary: "Summary") -> str:
    return listing(
        (
            f"{number(summary.superseded)} văn bản được thay bằng bản mới hơn" if summary.superseded else "",
            f"{number(summary.removed)} tệp nguồn không còn (dữ liệu vẫn giữ)" if summary.removed else "",
        )
    )


def _waiting_told(summary: "Summary") -> str:
    names = ", ".join(one_line(file_name(uri)) for uri in summary.waiting[:3])
    more = ", …" if len(summary.waiting) > 3 else ""
    return f"{number(len(summary.waiting))} tệp đang được ghi, để lần chạy sau: {names}{more}"


def _files_told(summary: "Summary") -> str:
    return listing(
        (
            f"{number(summary.read)} mới đọc",
            f"{number(summary.known)} đã có từ trước" if summary.known else "",
            f"{number(summary.copies)} bản sao" if summary.copies else "",
            f"{number(len(summary.failures))} không đọc được" if summary.failures else "",
        )
    )


def _severities_told(summary: "Summary") -> str:
    counts = Counter[str]()
    for (severity, _), count in summary.findings.items():
        counts[severity] += count
    return listing(f"{number(counts[s])} {words}" for s, words in SEVERITY_WORDS.items() if counts[s]) or "không có"


def _by_weight(summary: "Summary") -> list[tuple[tuple[str, str], int]]:
    """Findings by rule, the grave ones and then the frequent ones first."""
    order = list(SEVERITY_WORDS)
    return sorted(summary.findings.items(), key=lambda found: (order.index(found[0][0]), -found[1], found[0]))


def _findings(summary: "Summary") -> RenderableType:
    titles = _rule_titles()
    grid = _grid(numbers=True)
    for (severity, rule), count in _by_weight(summary):
        mark = Text(SEVERITY_WORDS[severity], style=SEVERITY_STYLES[severity])
        grid.add_row("  ", number(count), mark, titles.get(rule, rule), Text(rule, style="dim"))
    return grid


def _failures(summary: "Summary") -> RenderableType:
    grid = _grid()
    for failure in summary.failures[:_FAILURES_SHOWN]:
        words = REASON_WORDS.get(failure.reason, failure.reason)
        grid.add_row(
            f"  {one_line(file_name(failure.source_uri))}", f"{words}: {one_line(vietnamese(failure.message))}"
        )
    more = len(summary.failures) - _FAILURES_SHOWN
    if more > 0:
        grid.add_row("  …", f"và {number(more)} tệp khác; xem bảng failures")
    return grid


def _pointers(summary: "Summary") -> RenderableType:
    out = os.path.relpath(summary.out)
    out = str(summary.out) if out.startswith("..") else out
    grid = _grid()
    grid.add_row("Kết quả", f"{out}/  (documents, tasks, task_units, deadlines, citations, findings, failures)")
    grid.add_row("Mở bằng", f'pandas.read_parquet("{out}/tasks")')
    if summary.example:
        grid.add_row("Xem thử", f"kehoach show {_quoted(summary.example)}")
    if summary.bugs and summary.log:
        grid.add_row("Nhật ký", f"{summary.log}  (có lỗi của chương trình; hãy gửi tệp này cho người phát triển)")
    return grid


def print_changes(
    changes: Sequence["RowChange"], counts: Mapping[tuple[str, str], int], stream: TextIO | None = None
) -> None:
    """What reading known documents anew has changed, row by row; beyond some hundreds only their count."""
    out = console(stream)
    out.print()
    out.print(Text("Thay đổi so với lần đọc trước", style="bold"))
    if not counts:
        out.print("  Không có gì thay đổi.")
        return
    if versions := sorted({(change.from_version, change.to_version) for change in changes}):
        out.print(Text("  " + "; ".join(f"{before} → {after}" for before, after in versions), style="dim"))
    for uri, theirs in groupby(changes[:_CHANGES_SHOWN], key=lambda change: change.source_uri):
        out.print(Text(f"  {one_line(file_name(uri))}", style="bold"))
        for change in theirs:
            mark, style = _CHANGE_MARKS[change.kind]
            out.print(
                Text(f"    {mark} {_TABLE_WORDS[change.table]}: {one_line(change.row)[:_ROW_SHOWN]}", style=style)
            )
            for name, (before, after) in change.fields.items():
                out.print(Text(f"        {name}: {_value(before)} → {_value(after)}"))
    if len(changes) > _CHANGES_SHOWN:
        out.print(f"  … và {number(len(changes) - _CHANGES_SHOWN)} dòng khác; xem đủ với --changes TỆP")
    told = (
        f"{number(count)} {_TABLE_WORDS[table]} {_KIND_WORDS[kind]}" for (table, kind), count in sorted(counts.items())
    )
    out.print(Text(f"  Tổng cộng: {listing(told)}", style="bold"))


def _value(value: object) -> str:
    return one_line("(trống)" if value in (None, "", []) else str(value))[:_ROW_SHOWN]


def _quoted(path: str) -> str:
    near = os.path.relpath(path)
    return shlex.quote(one_line(path if near.startswith("..") else near))


def _grid(*, numbers: bool = False) -> Table:
    grid = Table.grid(padding=(0, 2))
    if numbers:
        grid.add_column()
        grid.add_column(justify="right")
    return grid


def _duration(seconds: float) -> str:
    if seconds < 60:
        return f"{seconds:.1f} giây".replace(".", ",")
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes} phút {rest} giây"


def _rule_titles() -> dict[str, str]:
    from pipeline.check import RULES

    return {code: rule.title for code, rule in RULES.items()}
