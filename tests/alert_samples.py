"""Lakes for tests of alerts: plans of fictitious offices with the findings a test wants."""

import hashlib
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from extractors.document import Place, Source
from pipeline.check import RULES
from pipeline.plan import Bound, Deadline, DeadlineKind, Finding, Task, UnitRole
from pipeline.settings import Group, Intake, Mail, Settings
from pipeline.store.arrow import Reading, reading
from pipeline.store.parquet import Change, Store
from tests.mail_server import USER, Running
from tests.store_samples import plan

NOW = datetime(2026, 6, 22, 1, tzinfo=UTC)  # Monday, eight in the morning in Hà Nội


def found(rule: str, words: str, task: int | None = 1, message: str = "") -> Finding:
    """A finding of a rule of ours about these words."""
    return Finding(rule, RULES[rule].severity, message or f"Có chỗ sai: “{words}”.", words, task, Place(2))


def duty(number: int, content: str, *deadlines: Deadline, lead: str = "Văn phòng Sở") -> Task:
    """A task of one lead unit ("" for none)."""
    return Task(
        number,
        "table",
        content,
        ordinal=f"{number}.",
        units=(UnitRole("lead", lead),) if lead else (),
        deadline_text="; ".join(deadline.text for deadline in deadlines) or None,
        deadlines=deadlines,
        place=Place(3),
    )


def on_day(text: str, day: str, bound: Bound = Bound.BY) -> Deadline:
    return Deadline(text, DeadlineKind.DATE, bound, date.fromisoformat(day), date.fromisoformat(day))


def every(text: str, rrule: str, **more: Any) -> Deadline:
    return Deadline(text, DeadlineKind.RECURRING, rrule=rrule, **more)


def paper(
    name: str,
    *findings: Finding,
    tasks: tuple[Task, ...] | None = None,
    period: tuple[str, str] = ("2026-01-01", "2026-12-31"),
    since: datetime = NOW,
    **header: Any,
) -> Reading:
    """A plan with just these findings, ready for the store."""
    made = plan(name)
    head = replace(
        made.header,
        number=str(int(hashlib.sha256(name.encode()).hexdigest()[:4], 16)),
        period_start=date.fromisoformat(period[0]),
        period_end=date.fromisoformat(period[1]),
    )
    source = Source(f"/mnt/van thu/noi bo/{name}", made.source.sha256, 1)
    made = replace(made, header=replace(head, **header), source=source, tasks=tasks if tasks else made.tasks)
    return reading(made, findings, pipeline_version="1", ingested_at=since)


def lake(folder: Path, *papers: Reading, failures: tuple[dict[str, Any], ...] = ()) -> Path:
    """Adds papers to the tables of a folder."""
    with Store.writing(folder) as store:
        store.commit(Change(readings=papers, failures=failures))
    return folder


def failure(name: str, reason: str = "encrypted", message: str = "Tệp có mật khẩu. / The file has a password.") -> Any:
    return {
        "source_uri": f"/mnt/van thu/{name}",
        "sha256": hashlib.sha256(name.encode()).hexdigest(),
        "reason": reason,
        "message": message,
        "failed_at": NOW,
        "pipeline_version": "1",
    }


def settings(out: Path, *groups: Group, server: Running | None = None, **mail: Any) -> Settings:
    """Settings over these tables; with a server over STARTTLS and its login."""
    given: dict[str, Any] = {"sender": "Theo dõi kế hoạch <kehoach@so.example.vn>"}
    if server:
        given |= {"host": server.host, "port": server.port, "user": USER, "ca_file": server.ca_file}
    return Settings(intake=Intake(out=out), mail=Mail(**(given | mail)), groups=groups or (group(),))


def group(name: str = "Văn phòng", *to: str, **more: Any) -> Group:
    return Group(name=name, to=to or ("vanphong@so.example.vn",), **more)
