"""One file through all stages: bytes -> Document -> PlanDocument -> findings -> rows."""

import hashlib
import time
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from itertools import pairwise
from typing import TYPE_CHECKING

from extractors.document import Document, Source
from extractors.errors import Reason, SourceError
from pipeline.plan import Correction, Finding, PlanDocument
from pipeline.sources import read_source, unreadable

if TYPE_CHECKING:
    from pipeline.store.arrow import Reading


@dataclass(frozen=True, slots=True)
class Failure:
    """A file that gave no plan, and why."""

    source_uri: str
    sha256: str
    reason: Reason
    message: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one file: a document with its plan and findings, or a failure."""

    source: Source
    document: Document | None = None
    plan: PlanDocument | None = None
    findings: tuple[Finding, ...] = ()
    failure: Failure | None = None
    seconds: Mapping[str, float] = field(default_factory=dict)  # of each stage that it came through


def process(
    uri: str,
    data: bytes,
    as_of: date | None = None,
    *,
    prose_tasks: bool = False,
    corrections: tuple[Correction, ...] = (),
) -> Outcome:
    """Reads one file: bytes -> Document -> PlanDocument -> findings.

    `prose_tasks` adds the assignments in the prose of documents that have a task table. `corrections` are what people
    corrected in this document; they are applied to what was read, and checked with it.
    A file at fault is an outcome; a fault of ours or of the machine is raised.
    """
    from extractors.formats import extract
    from pipeline.check import check
    from pipeline.read import read_plan
    from pipeline.read.correct import apply

    source = Source(uri, hashlib.sha256(data).hexdigest(), len(data))
    marks = [time.monotonic()]
    try:
        document = extract(source, data)
        marks.append(time.monotonic())
        plan = apply(read_plan(document, narrative_always=prose_tasks), corrections)
        marks.append(time.monotonic())
        findings = check(plan, as_of)
        marks.append(time.monotonic())
        spent = zip(("extract", "read", "check"), pairwise(marks), strict=True)
        return Outcome(source, document, plan, findings, seconds={stage: end - begin for stage, (begin, end) in spent})
    except SourceError as fault:
        return Outcome(source, failure=Failure(uri, source.sha256, fault.reason, fault.message))


@dataclass(frozen=True)  # without slots: it travels to a worker, and pickle takes those apart in Python
class Job:
    """One content to read; `places` are all addresses where it was found, the first is opened.

    `now` is when this content was first met.
    """

    path: str
    places: tuple[str, ...]
    as_of: date | None
    now: datetime
    pipeline_version: str
    prose_tasks: bool = False
    steps: tuple[int, ...] = ()  # to a file in an archive
    sha256: str = ""
    size: int = 0
    rules_off: frozenset[str] = frozenset()
    corrections: tuple[Correction, ...] = ()


def read_file(job: Job) -> "Reading | Failure":
    """The work of a worker process: opens a file and gives the rows that the store takes."""
    from pipeline.store.arrow import reading  # not for those who only look at one file

    try:
        data = read_source(job.path, job.steps)
    except OSError as refusal:
        return Failure(job.places[0], "", Reason.UNREADABLE, unreadable(refusal))
    except SourceError as fault:
        return Failure(job.places[0], "", fault.reason, fault.message)
    outcome = process(job.places[0], data, job.as_of, prose_tasks=job.prose_tasks, corrections=job.corrections)
    if outcome.plan is None:
        assert outcome.failure is not None
        return outcome.failure
    rows = reading(
        outcome.plan,
        [finding for finding in outcome.findings if finding.rule not in job.rules_off],
        pipeline_version=job.pipeline_version,
        ingested_at=job.now,
        as_of=job.as_of,
    )
    return replace(rows, seconds=outcome.seconds)


def warm_up() -> None:
    """Loads everything that reading needs, so that no file pays for it and a fault of ours shows at once."""
    from pipeline.store.arrow import reading

    text = "Số: 1/KH-A\nKẾ HOẠCH\nThử\n1. Sở A chủ trì làm việc B trước ngày 01/02/2020.\n"
    outcome = process("warm-up.txt", text.encode())
    assert outcome.plan is not None
    reading(outcome.plan, outcome.findings, pipeline_version="", ingested_at=datetime.now(UTC))
