"""What a run did with its files: one step told after the other, and the counts at its end."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from extractors.errors import Reason
from pipeline.exits import ExitCode
from pipeline.run import Failure


@dataclass(frozen=True, slots=True)
class Step:
    """A file is done: progress for whoever watches."""

    done: int
    total: int
    uri: str
    failure: Failure | None = None


@dataclass(frozen=True, slots=True)
class Summary:
    """What a run did, and what the store now says about the files it was given."""

    out: Path
    files: int = 0
    read: int = 0
    known: int = 0
    copies: int = 0
    tasks: int = 0
    without_task_table: int = 0
    failures: tuple[Failure, ...] = ()
    findings: Mapping[tuple[str, str], int] = field(default_factory=dict)  # (severity, rule) -> count
    seconds: float = 0.0
    documents: frozenset[str] = frozenset()  # the document_ids that the run met
    example: str | None = None  # the address of a document with tasks, to look at first
    log: Path | None = None
    run_id: str = ""
    waiting: tuple[str, ...] = ()  # addresses of files that are being written: left for the next run
    removed: int = 0  # addresses that hold nothing any more
    superseded: int = 0  # documents that a newer version has taken the place of
    changed: Mapping[tuple[str, str], int] = field(
        default_factory=dict
    )  # (table, kind) -> rows, of documents read anew
    warnings: tuple[str, ...] = ()  # sentences for the operator: a source that is missing or suddenly empty
    # Seconds: scan, workers (all of them at work), store, judge; within the workers added up: extract, read, check.
    stages: Mapping[str, float] = field(default_factory=dict)

    @property
    def bugs(self) -> int:
        return sum(failure.reason is Reason.INTERNAL_ERROR for failure in self.failures)

    @property
    def exit_code(self) -> ExitCode:
        if self.bugs:
            return ExitCode.BUG
        return ExitCode.SOME_FAILED if self.failures or self.warnings else ExitCode.OK

    @property
    def counts(self) -> dict[str, int]:
        """The numbers that the ledger keeps of a run."""
        return {
            "files": self.files,
            "read": self.read,
            "known": self.known,
            "copies": self.copies,
            "failed": len(self.failures),
            "waiting": len(self.waiting),
            "removed": self.removed,
            "superseded": self.superseded,
            "tasks": self.tasks,
            "findings": sum(self.findings.values()),
        }
