"""Laws of the checks for every plan that can be built, empty and absurd ones too."""

from collections import Counter
from dataclasses import replace
from datetime import date

from hypothesis import given, settings
from hypothesis import strategies as st
from plans import SOURCE

from extractors.document import Notice
from pipeline.check import RULES, check
from pipeline.plan import (
    Bound,
    Citation,
    Deadline,
    DeadlineKind,
    Header,
    Numbered,
    Part,
    PlanDocument,
    Prose,
    RejectedTable,
    Severity,
    Task,
    Unit,
    UnitRole,
)

WORDS = st.sampled_from(
    [
        "",
        " ",
        "-",
        "Báo cáo tổng kết năm 2024",
        "Gửi trước ngày 31/12/2019",
        "Xây dựng kế hoạch",
        "{x}",
        "các",
        "%s {0}",
    ]
)
ORDINALS = st.sampled_from(
    ["", "1", "1.", "2)", "a)", "đ)", "i)", "ii)", "I", "IV.", "1.2", "2.1.", "C", "Điều 1.", "999", "0", "*"]
)
# The years that the readers accept.
DAYS = st.none() | st.dates(date(1900, 1, 1), date(2199, 12, 31)) | st.just(date(2024, 2, 29))
TEXTS = st.none() | WORDS

UNITS = st.builds(
    UnitRole, st.sampled_from(["lead", "partner"]), WORDS, st.none() | st.builds(Unit, WORDS, WORDS, WORDS)
)
DEADLINES = st.builds(
    Deadline, WORDS, st.sampled_from(DeadlineKind), st.sampled_from(Bound), DAYS, DAYS, TEXTS, st.booleans()
)
TASKS = st.builds(
    Task,
    st.just(1),
    st.sampled_from(["table", "narrative"]),
    WORDS,
    ordinal=ORDINALS,
    section_path=st.lists(WORDS, max_size=2).map(tuple),
    objective=TEXTS,
    parent=TEXTS,
    lead_text=TEXTS,
    units=st.lists(UNITS, max_size=3).map(tuple),
    roles_inferred=st.booleans(),
    deadline_text=TEXTS,
    deadlines=st.lists(DEADLINES, max_size=3).map(tuple),
    confidence=st.floats(0, 1),
)
CITATIONS = st.builds(Citation, WORDS, TEXTS, TEXTS, TEXTS, DAYS, TEXTS)
HEADERS = st.builds(
    Header,
    number=TEXTS,
    issuer=TEXTS,
    issued_date=DAYS,
    issued_date_text=TEXTS,
    issued_date_precision=st.sampled_from(["day", "month", "year", "none"]),
    issued_start=DAYS,
    issued_end=DAYS,
    title=TEXTS,
    period_start=DAYS,
    period_end=DAYS,
)
PROSE = st.builds(Prose, WORDS, st.sampled_from(Part), headings=st.lists(WORDS, max_size=2).map(tuple))
NUMBERED = st.builds(
    Numbered, ORDINALS, WORDS, st.sampled_from(["prose", "table0"]), st.none() | st.just(1), is_section=st.booleans()
)
CODES = st.sampled_from(["table.row_lost", "table.column_unknown", "text.outside_cells", "tracked_changes"])
NOTICES = st.builds(Notice, CODES, WORDS, table_index=st.none() | st.integers(0, 1), evidence=WORDS)


def numbered(tasks: list[Task]) -> tuple[Task, ...]:
    return tuple(replace(task, sequence=i) for i, task in enumerate(tasks, 1))


PLANS = st.builds(
    PlanDocument,
    st.just(SOURCE),
    st.just("text/plain"),
    st.just("text"),
    st.none(),
    HEADERS,
    tasks=st.lists(TASKS, max_size=4).map(numbered),
    citations=st.lists(CITATIONS, max_size=3).map(tuple),
    prose=st.lists(PROSE, max_size=3).map(tuple),
    numbered=st.lists(NUMBERED, max_size=6).map(tuple),
    notices=st.lists(NOTICES, max_size=2).map(tuple),
    rejected_tables=st.lists(st.builds(RejectedTable, st.integers(0, 1), WORDS), max_size=1).map(tuple),
    has_task_table=st.booleans(),
)


@settings(max_examples=150, deadline=None)
@given(PLANS, DAYS)
def test_every_plan_gives_findings_that_hold_together(plan: PlanDocument, as_of: date | None) -> None:
    findings = check(plan, as_of)
    assert findings == check(plan, as_of)
    sequences = {task.sequence for task in plan.tasks}
    for finding in findings:
        rule = RULES[finding.rule]
        assert finding.severity is rule.severity
        assert finding.message.strip()
        assert (finding.as_of is None) or finding.rule == "deadline.overdue"
        if finding.task is not None and not finding.rule.startswith("numbering."):
            assert finding.task in sequences
    per_task = Counter((f.rule, f.task) for f in findings if f.task is not None)
    assert per_task["content.duplicate", 1] == 0, "the first task repeats nothing"


@given(st.lists(ORDINALS, max_size=30))
@settings(max_examples=150, deadline=None)
def test_numbers_never_break_more_often_than_there_are_items(ordinals: list[str]) -> None:
    items = tuple(Numbered(o, f"{o} nội dung", "prose") for o in ordinals)
    plan = PlanDocument(SOURCE, "text/plain", "text", None, Header(), numbered=items)
    breaks = [f for f in check(plan) if f.rule.startswith("numbering.")]
    assert len(breaks) <= len([o for o in ordinals if o])


def test_an_empty_document_lacks_its_head_and_nothing_else() -> None:
    findings = check(PlanDocument(SOURCE, "text/plain", "text", None, Header()))
    assert {f.rule for f in findings} == {
        "document.number_missing",
        "document.date_missing",
        "document.title_missing",
        "document.no_task_table",
        "document.no_tasks",
    }
    assert all(f.severity is not Severity.ERROR for f in findings)
