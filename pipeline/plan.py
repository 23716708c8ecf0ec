"""The nouns: what a plan says, in frozen types. Each stage takes the former type and returns the next.

Names and meanings follow the data contract (docs/data-dictionary.md), where `start`/`end` are `start_date`/`end_date`.
"""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum

from extractors.document import NOWHERE, Notice, Place, Source
from extractors.quick import filled_open


class DeadlineKind(StrEnum):
    DATE = "date"
    MONTH = "month"
    QUARTER = "quarter"
    HALF_YEAR = "half_year"
    YEAR = "year"
    RANGE = "range"
    RECURRING = "recurring"
    ONGOING = "ongoing"
    RELATIVE = "relative"
    CONDITIONAL = "conditional"
    INVALID = "invalid"
    UNPARSED = "unparsed"


class Bound(StrEnum):
    BEFORE = "before"
    BY = "by"
    FROM = "from"
    IN = "in"


class Where(StrEnum):
    """Where a deadline phrase stands; it decides what may count (design/conventions.md, Deadlines)."""

    DEADLINE = "deadline"  # a deadline cell or labelled line: every kind counts
    NOTE = "note"  # a note cell: conditions only "theo yêu cầu", "khi có", "nếu có"
    CONTENT = "content"  # a description cell: dates, months, quarters, years with a deadline word, "định kỳ ..."
    PROSE = "prose"  # a sentence of a narrative task; stored with source "deadline"


class Severity(StrEnum):
    ERROR = "error"
    WARNING = "warning"
    INFO = "info"


@dataclass(frozen=True, slots=True)
class YearContext:
    """What completes a date written without year (or month): never today's clock.

    `year`/`month` come from a heading that governs the words ("Tháng 9/2024", "Thời gian (Năm 2026)").
    """

    period_start: date | None = None
    period_end: date | None = None
    issued_start: date | None = None
    issued_end: date | None = None
    year: int | None = None
    month: int | None = None


@filled_open
@dataclass(frozen=True, slots=True)
class Deadline:
    """One temporal expression that says when a task is due. `span` are offsets in the text it was read from."""

    text: str
    kind: DeadlineKind
    bound: Bound = Bound.IN
    start: date | None = None
    end: date | None = None
    rrule: str | None = None
    year_inferred: bool = False
    source: Where = Where.DEADLINE
    span: tuple[int, int] = (0, 0)
    repaired: bool = False  # a character was read as another (l5/3/2021); the text keeps what is written


@dataclass(frozen=True, slots=True)
class Unit:
    """A known đơn vị of the vocabulary; `parent` is the unit_id of the office it is a part of, where that is known."""

    unit_id: str
    name: str
    kind: str
    parent: str | None = None


@dataclass(frozen=True, slots=True)
class UnitRole:
    """One unit of a task in one role. `unit` is None where the name is not in the vocabulary."""

    role: str  # lead | partner
    name: str
    unit: Unit | None = None


@dataclass(frozen=True, slots=True)
class Citation:
    """A legal or administrative document cited with a number. `span` are offsets in the block it stands in."""

    text: str
    doc_type: str | None
    number: str | None
    symbol: str | None
    date: date | None
    issuer: str | None
    span: tuple[int, int] = (0, 0)
    place: Place = NOWHERE
    issuer_text: str = ""  # the words from the type to the issuer's end, for evidence


@filled_open
@dataclass(frozen=True, slots=True)
class Task:
    """One assigned task. `None` means that the paper has no such cell or that it is empty."""

    sequence: int
    source: str  # table | narrative
    content: str
    ordinal: str = ""
    section_path: tuple[str, ...] = ()
    objective: str | None = None
    parent: str | None = None
    output: str | None = None
    lead_text: str | None = None
    partner_text: str | None = None
    units: tuple[UnitRole, ...] = ()
    roles_inferred: bool = False
    deadline_text: str | None = None
    deadlines: tuple[Deadline, ...] = ()
    note: str | None = None
    extra: tuple[tuple[str, str], ...] = ()  # columns of no contract field: (heading, cell text)
    place: Place = NOWHERE
    table_index: int | None = None
    row_index: int | None = None
    confidence: float = 1.0
    corrected: tuple[str, ...] = ()  # fields that a person corrected; "row" where rows were split, joined

    @property
    def leads(self) -> tuple[str, ...]:
        return tuple(u.name for u in self.units if u.role == "lead")

    @property
    def partners(self) -> tuple[str, ...]:
        return tuple(u.name for u in self.units if u.role == "partner")

    @property
    def due_date(self) -> date | None:
        """Latest end of the non-recurring deadlines not bound `from`; "before" a longer unit: the day before it."""
        days = []
        for d in self.deadlines:
            if d.rrule or d.kind in (DeadlineKind.ONGOING, DeadlineKind.INVALID) or d.bound is Bound.FROM:
                continue
            longer = d.kind in (DeadlineKind.MONTH, DeadlineKind.QUARTER, DeadlineKind.HALF_YEAR, DeadlineKind.YEAR)
            if d.bound is Bound.BEFORE and longer and d.start:
                days.append(d.start - timedelta(days=1))
            elif d.end:
                days.append(d.end)
        return max(days, default=None)


class Part(StrEnum):
    """Which part of the paper a paragraph belongs to."""

    HEAD = "head"  # letterhead, number, date, type, title
    GROUNDS = "grounds"  # Căn cứ ..., Thực hiện ...: before the first heading
    BODY = "body"
    CLOSING = "closing"  # recipients and signature
    APPENDIX = "appendix"  # heading lines of an appendix


@filled_open
@dataclass(frozen=True, slots=True)
class Prose:
    """One paragraph of running text with its part and the headings above it."""

    text: str
    part: Part
    place: Place = NOWHERE
    ordinal: str = ""
    headings: tuple[str, ...] = ()
    is_heading: bool = False
    confidence: float = 1.0


@dataclass(frozen=True, slots=True)
class Numbered:
    """One numbered item (heading, list item, table row) in document order, for the numbering checks.

    `series` names the list it belongs to (the prose, or one table); `task` is the sequence of the task whose own
    ordinal it is. `text` is the item as written, ordinal first.
    """

    ordinal: str
    text: str
    series: str
    task: int | None = None
    place: Place = NOWHERE
    is_section: bool = False


@dataclass(frozen=True, slots=True)
class Header:
    """Letterhead, title, period, signature and recipients of a document."""

    doc_type: str | None = None
    doc_type_code: str | None = None
    number: str | None = None
    symbol: str | None = None
    number_text: str | None = None  # the number line as written: "Số: /KH-SYT"
    issuer: str | None = None
    place: str | None = None
    issued_date: date | None = None
    issued_date_text: str | None = None
    issued_date_precision: str = "none"  # day | month | year | none
    issued_start: date | None = None
    issued_end: date | None = None
    place_date_text: str | None = None  # the place and date line as written, evidence of date findings
    title: str | None = None
    title_line: str | None = None
    period_start: date | None = None
    period_end: date | None = None
    signer_title: str | None = None
    signer_name: str | None = None
    recipients: tuple[str, ...] = ()

    def year_context(self, year: int | None = None, month: int | None = None) -> YearContext:
        return YearContext(self.period_start, self.period_end, self.issued_start, self.issued_end, year, month)


@dataclass(frozen=True, slots=True)
class RejectedTable:
    """A table that holds no tasks, with the reason, so that an analyst can overrule it."""

    table_index: int
    reason: str
    place: Place = NOWHERE


@dataclass(frozen=True, slots=True)
class Tally:
    """What became of the rows of one table, against what the extractor counted on paper.

    `rows` counts the rows read by what they are: "heading", then the kinds of pipeline.read.rows ("section", "task",
    "continuation" and the named ignores), or "rejected" for a table without tasks.
    """

    table_index: int
    rows: tuple[tuple[str, int], ...]
    letters: int
    seen_rows: int
    seen_letters: int
    place: Place = NOWHERE

    @property
    def row_count(self) -> int:
        return sum(count for _, count in self.rows)

    def of(self, kind: str) -> int:
        return dict(self.rows).get(kind, 0)


class Action(StrEnum):
    """What a person did with a row, or said of a finding or a document."""

    SET = "set"  # a field of a row has another value
    SPLIT = "split"  # one row is several; `new` are their contents, one a line of JSON
    JOIN = "join"  # a row and the next are one; `new` is its content
    DROP = "drop"  # the row assigns no task
    UNDO = "undo"  # a former correction does not hold; `field` is its number
    CONFIRM = "confirm"  # a finding is right; `field` is its finding_id
    DISMISS = "dismiss"  # a finding is of no concern; `field` is its finding_id
    CHECKED = "checked"  # the whole document was compared with the paper


@dataclass(frozen=True, slots=True)
class Correction:
    """One line of the record of corrections: who, when, which row as it was then, what it became, and why."""

    number: int
    document_id: str
    at: datetime
    by: str
    action: Action
    sequence: int = 0  # of the row as the person saw it
    ordinal: str = ""
    content: str = ""  # of that row before the correction: by it the row is found again in a later reading
    field: str = ""
    old: str = ""
    new: str = ""
    why: str = ""


@dataclass(frozen=True, slots=True)
class Applied:
    """What became of a correction in this reading: the task it changed; None where its row was not found again."""

    correction: Correction
    task: int | None


@dataclass(frozen=True, slots=True)
class PlanDocument:
    """A document as understood: everything that checks and store need, nothing of the file format."""

    source: Source
    media_type: str
    extractor: str
    page_count: int | None
    header: Header
    tasks: tuple[Task, ...] = ()
    citations: tuple[Citation, ...] = ()
    prose: tuple[Prose, ...] = ()
    numbered: tuple[Numbered, ...] = ()
    notices: tuple[Notice, ...] = ()
    rejected_tables: tuple[RejectedTable, ...] = ()
    has_task_table: bool = False
    tallies: tuple[Tally, ...] = ()
    corrections: tuple[Applied, ...] = ()

    @property
    def document_id(self) -> str:
        return document_id_of(self.source.sha256)


def document_id_of(sha256: str) -> str:
    """From the content alone: the same file under another name is the same document."""
    return f"d{sha256[:16]}"


@dataclass(frozen=True, slots=True)
class Finding:
    """A typed row of the findings table; `rule` is a code of pipeline.check.RULES."""

    rule: str
    severity: Severity
    message: str
    evidence: str
    task: int | None = None  # sequence of the task
    place: Place = NOWHERE
    as_of: date | None = None
    keys: tuple[str, ...] = field(default=())  # what tells this defect from another of the same rule and task
