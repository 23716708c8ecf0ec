"""What a rule is: a code, a severity, words for an officer, and the function that finds the defect."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, TypeVar

from extractors.document import NOWHERE, Place
from pipeline.plan import Finding, PlanDocument, Severity, Task
from pipeline.text import squeeze

Value = TypeVar("Value")

EVIDENCE_LENGTH = 300  # a long cell is shown by its beginning


@dataclass(frozen=True, slots=True)
class Case:
    """What a rule looks at: one plan, and the day on which someone asks (None: no day matters)."""

    plan: PlanDocument
    as_of: date | None = None
    _seen: dict[Callable[[PlanDocument], Iterable[Any]], tuple[Any, ...]] = field(
        default_factory=dict, repr=False, compare=False
    )

    def once(self, look: Callable[[PlanDocument], Iterable[Value]]) -> tuple[Value, ...]:
        """What several rules look at, worked out by the first of them."""
        if look not in self._seen:
            self._seen[look] = tuple(look(self.plan))
        return self._seen[look]


@dataclass(frozen=True, slots=True)
class Hit:
    """One place where a rule fires. `values` fill the rule's message; `keys` tell equal evidence apart."""

    evidence: str
    task: int | None = None
    place: Place = NOWHERE
    keys: tuple[str, ...] = ()
    values: Mapping[str, str] = field(default_factory=dict)
    as_of: date | None = None


@dataclass(frozen=True, slots=True)
class Rule:
    """One defect that a paper can have.

    `message` is one Vietnamese sentence with the values of a hit in braces; `{evidence}` is always there.
    `example` shows a form that fires, `near_miss` one that looks like it and is fine. `find` is None where another
    stage makes the finding (the store sees all documents, a check only one).
    """

    code: str
    severity: Severity
    title: str
    message: str
    explanation: str
    example: str
    near_miss: str
    find: Callable[[Case], Iterable[Hit]] | None = None

    def finding(self, hit: Hit) -> Finding:
        """The typed row of a hit."""
        evidence = excerpt(hit.evidence)
        message = self.message.format_map({"evidence": evidence, **hit.values})
        return Finding(self.code, self.severity, message, evidence, hit.task, hit.place, hit.as_of, hit.keys)


def excerpt(text: str, length: int = EVIDENCE_LENGTH) -> str:
    """The words on paper on one line, cut at a space where they are long."""
    line = squeeze(text)
    if len(line) <= length:
        return line
    return line[:length].rsplit(" ", 1)[0]


def on_task(task: Task, evidence: str, *keys: str, **values: str) -> Hit:
    """A hit whose evidence stands in the row or sentence of a task."""
    return Hit(evidence, task.sequence, task.place, keys, values)


def day(value: date) -> str:
    """A day as offices write it: 05/3/2024 is 05/03/2024 here, so that columns align."""
    return f"{value:%d/%m}/{value.year:04d}"
