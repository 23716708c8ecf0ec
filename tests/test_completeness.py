"""A row or a page that is lost from a paper is told: each of each sample, deleted one at a time.

What no reader can know is left out here by name: a last row before a heading, a total or the end of its table (the
numbers before it are whole), and rows without a number. The last page of a PDF is left out too: no rule asks for a
signature, so its loss is not told yet.
"""

import io
import re

import pypdfium2
import pytest

from pipeline.plan import PlanDocument, Task
from pipeline.run import Outcome, process
from samples.make import RAW

TEXTS = sorted(path.name for path in RAW.glob("*.txt") if "\t" in path.read_text("utf-8"))  # those with a table
PDFS = sorted(path.name for path in RAW.glob("*.pdf"))


def _read(name: str, data: bytes) -> Outcome:
    outcome = process(name, data)
    assert outcome.plan is not None
    return outcome


def _told(outcome: Outcome) -> set[tuple[str, str]]:
    return {(f.rule, f.evidence) for f in outcome.findings if f.rule != "unit.unknown"}


def _plan(outcome: Outcome) -> PlanDocument:
    assert outcome.plan is not None
    return outcome.plan


def _first_cell(line: str) -> str | None:
    cells = re.split(r"[\t|]", line.strip(" |"))
    return cells[0].strip("*. ") if len(cells) > 2 else None


def _can_be_missed(tasks: tuple[Task, ...], at: int) -> bool:
    """Whether a number after this one shows that it is gone."""
    task = tasks[at]
    after = tasks[at + 1] if at + 1 < len(tasks) else None
    same_list = after is not None and after.section_path == task.section_path and after.table_index == task.table_index
    return bool(task.ordinal) and after is not None and bool(after.ordinal) and same_list


@pytest.mark.parametrize("name", TEXTS)
def test_each_numbered_row_deleted_from_a_text_is_told(name: str) -> None:
    data = (RAW / name).read_bytes()
    whole = _read(name, data)
    lines = data.decode("utf-8").split("\n")
    tasks = _plan(whole).tasks
    tried = 0
    for at, task in enumerate(tasks):
        rows = [n for n, line in enumerate(lines) if _first_cell(line) == task.ordinal.strip(" .")]
        rows = [n for n in rows if " ".join(task.content.split())[:25] in " ".join(lines[n].split())]
        if not _can_be_missed(tasks, at) or len(rows) != 1:
            continue
        tried += 1
        less = _read(name, "\n".join([*lines[: rows[0]], *lines[rows[0] + 1 :]]).encode())
        assert _told(less) - _told(whole), f"row {task.ordinal} {task.content}"
    assert tried


@pytest.mark.parametrize("name", PDFS)
def test_each_page_but_the_last_deleted_from_a_pdf_is_told(name: str) -> None:
    data = (RAW / name).read_bytes()
    whole = _read(name, data)
    count = len(pypdfium2.PdfDocument(data))
    for number in range(count - 1):
        document = pypdfium2.PdfDocument(data)
        del document[number]
        out = io.BytesIO()
        document.save(out)
        less = _read(name, out.getvalue())
        assert _told(less) - _told(whole), f"page {number + 1} of {count}"
