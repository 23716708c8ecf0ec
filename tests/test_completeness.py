"""Whatever is missing is told: each row, cell and page of each sample, deleted on paper or lost while reading.

On paper some things can go without a trace, for any reader: the last of a numbered list, a heading without a number,
a cell of a column that other rows leave empty too. tests/deletions.py works these out from the paper and names the
reason; everything else must be told, and a paper that says how many tasks it has leaves no task without. What is lost
while reading has no excuse. benchmarks/completeness.py does the same for every sample in every format and counts.
"""

import hashlib
from collections import Counter
from collections.abc import Callable, Iterable, Iterator

import pytest
from deletions import Deletion, LostInReading, cells, counted, is_task, lost_cells, lost_rows, pages, rows, word_cells
from golden import cases

from extractors.document import Document, Source
from extractors.formats import extract
from pipeline.check import check
from pipeline.plan import Finding, PlanDocument
from pipeline.read import read_plan
from pipeline.run import process
from samples.authored import Plan
from samples.authored import read_plan as authored
from samples.make import BUILDERS, PLANS

SAMPLES = {path.stem: authored(path) for path in sorted(PLANS.glob("*.toml"))}
WITH_TABLE = [(name, plan.formats[0]) for name, plan in SAMPLES.items() if next(rows(plan, "txt"), None)]
IN_OWN_FORMAT = pytest.mark.parametrize(("name", "form"), WITH_TABLE, ids=[name for name, _ in WITH_TABLE])


def _told(findings: Iterable[Finding]) -> set[tuple[str, str]]:
    """Findings by their words; the number of a task changes with every row above it."""
    return {(f.rule, f.evidence) for f in findings if f.rule != "unit.unknown"}


def _findings(form: str, data: bytes) -> set[tuple[str, str]]:
    return _told(process(f"sample.{form}", data).findings)


def _untold(form: str, whole: bytes, deletions: Iterable[Deletion]) -> Iterator[Deletion]:
    before = _findings(form, whole)
    return (one for one in deletions if not _findings(form, one.build()) - before)


@IN_OWN_FORMAT
@pytest.mark.parametrize("parts", [rows, cells])
def test_each_row_and_cell_deleted_is_told(
    name: str, form: str, parts: Callable[[Plan, str], Iterator[Deletion]]
) -> None:
    plan = SAMPLES[name]
    assert [one.what for one in _untold(form, BUILDERS[form](plan), parts(plan, form)) if not one.excuse] == []


def test_each_cell_taken_out_of_a_word_file_is_told() -> None:
    whole = BUILDERS["docx"](SAMPLES["ubnd_xa_2026"])
    deletions = list(word_cells(whole))
    assert len(deletions) > 40
    assert [one.what for one in _untold("docx", whole, deletions)] == []


def test_excuses_are_few() -> None:
    """So many rows and cells of all samples can go without a trace; a new excuse shows here."""
    kinds = Counter(
        one.kind if one.excuse else ""
        for name, form in WITH_TABLE
        for parts in (rows, cells)
        for one in parts(SAMPLES[name], form)
    )
    assert kinds == {"": 254, "row": 19, "cell": 24}


@IN_OWN_FORMAT
def test_a_paper_that_says_how_many_tasks_it_has_tells_each_that_is_gone(name: str, form: str) -> None:
    plan = counted(SAMPLES[name])
    tasks = [one for one in rows(plan, form) if is_task(plan, one)]
    whole = BUILDERS[form](plan)
    assert not any(rule == "table.incomplete" for rule, _ in _findings(form, whole))
    assert [one.what for one in _untold(form, whole, tasks)] == []


@pytest.mark.parametrize("name", SAMPLES)
def test_each_page_deleted_is_told(name: str) -> None:
    whole = BUILDERS["pdf"](SAMPLES[name])
    assert [one.what for one in _untold("pdf", whole, pages(whole))] == []


def test_most_samples_have_a_first_and_a_last_page() -> None:
    counts = [sum(1 for _ in pages(BUILDERS["pdf"](plan))) for plan in SAMPLES.values()]
    assert sorted(counts, reverse=True)[:5] == [3, 2, 2, 2, 2]


# -- lost while reading -----------------------------------------------------------------------------------------------


def _document(name: str, data: bytes) -> Document:
    return extract(Source(name, hashlib.sha256(data).hexdigest(), len(data)), data)


@IN_OWN_FORMAT
@pytest.mark.parametrize("parts", [lost_rows, lost_cells])
def test_each_row_and_cell_lost_while_reading_is_told(
    name: str, form: str, parts: Callable[[Document], Iterator[LostInReading]]
) -> None:
    document = _document(f"sample.{form}", BUILDERS[form](SAMPLES[name]))
    tables = {task.table_index for task in read_plan(document).tasks}
    assert tables
    losses = list(parts(document))
    assert losses
    silent = [
        one.what for one in losses if not any(f.rule == "table.incomplete" for f in check(read_plan(one.document)))
    ]
    assert silent == []


# -- every row ends somewhere -----------------------------------------------------------------------------------------

PAPERS = [(case.name, name, data) for case in cases() for name, data in case.documents().items()]
IGNORED = {"heading", "header", "total", "empty"}


@pytest.mark.parametrize(
    ("name", "data"),
    [(f"{case}-{name}", data) for case, name, data in PAPERS],
    ids=lambda x: x if isinstance(x, str) else "",
)
def test_tasks_sections_and_named_ignores_are_all_rows_seen(name: str, data: bytes) -> None:
    plan = read_plan(_document(name, data))
    rejected = {table.table_index for table in plan.rejected_tables}
    for tally in plan.tallies:
        kinds = dict(tally.rows)
        if tally.table_index in rejected:
            assert set(kinds) == {"rejected"}
            continue
        assert set(kinds) <= IGNORED | {"task", "section", "continuation"}
        assert kinds.get("task", 0) == sum(task.table_index == tally.table_index for task in plan.tasks)
        assert kinds.get("section", 0) >= _sections(plan, tally.table_index)
        assert kinds.get("continuation", 0) == _notices(plan, tally.table_index)
        assert tally.row_count == tally.seen_rows
        assert tally.letters == tally.seen_letters


def _sections(plan: PlanDocument, table: int) -> int:
    return sum(item.is_section and item.series == f"table{table}" for item in plan.numbered)


def _notices(plan: PlanDocument, table: int) -> int:
    """Rows without a task of their own: joined to the one above, or reported as lost."""
    codes = ("table.row_appended", "table.row_lost")
    return sum(notice.code in codes and notice.table_index == table for notice in plan.notices)
