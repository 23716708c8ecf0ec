"""What must hold for every document: NFC = NFD, twice = once, nothing of a task table lost."""

import hashlib
import io
import re
import unicodedata
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest

from extractors.document import Source, Table
from extractors.formats import extract
from pipeline.check import check
from pipeline.plan import Finding, PlanDocument
from pipeline.read import read_plan
from pipeline.text import squeeze

SAMPLES = sorted(
    p for p in Path(__file__).parents[1].joinpath("data/raw").iterdir() if p.suffix in (".docx", ".pdf", ".txt")
)
REWRITABLE = [p for p in SAMPLES if p.suffix != ".pdf"]


def source(data: bytes) -> Source:
    return Source("file:///mẫu", hashlib.sha256(data).hexdigest(), len(data))


def read(data: bytes) -> tuple[PlanDocument, tuple[Finding, ...]]:
    plan = read_plan(extract(source(data), data))
    return replace(plan, source=source(b"")), check(plan)


def decomposed(path: Path) -> bytes:
    """The same paper as a Mac would write it: every text in Unicode NFD."""
    if path.suffix == ".txt":
        return unicodedata.normalize("NFD", path.read_text(encoding="utf-8")).encode()
    out = io.BytesIO()
    with zipfile.ZipFile(path) as before, zipfile.ZipFile(out, "w") as after:
        for name in before.namelist():
            part = before.read(name)
            xml = name.endswith(".xml") and name.startswith("word/")
            after.writestr(name, unicodedata.normalize("NFD", part.decode()).encode() if xml else part)
    return out.getvalue()


def test_there_are_samples_of_every_format() -> None:
    assert {p.suffix for p in SAMPLES} == {".docx", ".pdf", ".txt"}


@pytest.mark.parametrize("path", REWRITABLE, ids=lambda p: p.name)
def test_decomposed_text_reads_the_same(path: Path) -> None:
    data = decomposed(path)
    assert data != path.read_bytes()
    assert read(data) == read(path.read_bytes())


@pytest.mark.parametrize("path", SAMPLES, ids=lambda p: p.name)
def test_read_twice_is_read_once(path: Path) -> None:
    assert read(path.read_bytes()) == read(path.read_bytes())


@pytest.mark.parametrize("path", SAMPLES, ids=lambda p: p.name)
def test_every_cell_of_a_task_table_ends_somewhere(path: Path) -> None:
    data = path.read_bytes()
    document = extract(source(data), data)
    plan = read_plan(document)
    assigned = {t.table_index for t in plan.tasks}
    kept = squeeze(" ".join(text for task in plan.tasks for text in _texts(task)))
    for block in document.blocks:
        if isinstance(block, Table) and block.index in assigned:
            first = min(t.row_index or 0 for t in plan.tasks if t.table_index == block.index)
            lost = [c.text for c in block.cells if c.row >= first and squeeze(c.text) not in kept]
            assert [text for text in lost if not re.fullmatch(r"\(?\d+\)?|Tổng.*", squeeze(text))] == []


def _texts(task: object) -> list[str]:
    """All strings in a task, however deep."""
    if isinstance(task, str):
        return [task]
    if isinstance(task, tuple):
        return [text for item in task for text in _texts(item)]
    slots = getattr(task, "__slots__", ())
    return [text for name in slots for text in _texts(getattr(task, name))] if slots else []
