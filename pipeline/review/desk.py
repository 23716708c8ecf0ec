"""The work behind the review page: which rows are doubtful, what a correction makes of them, and keeping it."""

import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from extractors.errors import IngestError, SourceError
from extractors.pictures import PagePicture, has_pages
from pipeline.batch import worded
from pipeline.check import check
from pipeline.clock import utc_now
from pipeline.gathering import Asked
from pipeline.ledger.acks import acknowledge, withdraw
from pipeline.ledger.corrections import corrections_of, record, verdicts
from pipeline.ledger.database import open_ledger
from pipeline.plan import Action, Correction, Finding, PlanDocument, Severity, Task
from pipeline.pool import Death, Pool
from pipeline.read.correct import FIELDS, apply, in_force
from pipeline.report.pictures import Drawing, DrawJob, Spot
from pipeline.run import process
from pipeline.sources import located, read_source
from pipeline.store.arrow import finding_rows, reading
from pipeline.store.catalogue import Catalogue, KnownContent
from pipeline.store.lock import StoreLockedError
from pipeline.store.parquet import Store

SURE = 0.9  # a row recognised with less confidence is doubtful
_WEIGHT = {Severity.ERROR: 4.0, Severity.WARNING: 2.0, Severity.INFO: 0.5}
_OPEN_AT_ONCE = 8  # documents kept in memory


class ReviewError(IngestError):
    """What was asked cannot be done; the message is for the checker."""


@dataclass(frozen=True, slots=True)
class PlanJob:
    """A stored document to read as the machine reads it, without corrections."""

    uri: str
    path: str
    steps: tuple[int, ...]
    sha256: str
    prose_tasks: bool


def read_uncorrected(job: PlanJob) -> PlanDocument | str:
    """The work of a worker process; a sentence where there is nothing to show."""
    try:
        data = read_source(job.path, job.steps)
    except (OSError, SourceError):
        return "Không mở được tệp gốc; tệp có thể đã bị chuyển đi."
    outcome = process(job.uri, data, prose_tasks=job.prose_tasks)
    if outcome.source.sha256 != job.sha256:
        return "Tệp gốc đã thay đổi từ khi đọc; hãy chạy kehoach ingest trước."
    return outcome.plan if outcome.plan is not None else str(outcome.failure and outcome.failure.message)


@dataclass(frozen=True, slots=True)
class Sheet:
    """One document as it lies on the desk."""

    row: Mapping[str, Any]  # of the documents table
    base: PlanDocument  # as the machine reads it
    plan: PlanDocument  # with the corrections
    findings: tuple[tuple[str, Finding], ...]  # with their finding_id
    corrections: tuple[Correction, ...]
    pictures: Mapping[int, PagePicture]
    spots: Mapping[tuple[str, str], Spot]  # (ordinal, content) of a row as the machine read it -> its place
    fault: str = ""  # why there are no pictures

    def spot(self, task: Task) -> Spot | None:
        """Where a row stands on paper; a corrected one is where its row was."""
        if (known := self.spots.get((task.ordinal, task.content))) is not None:
            return known
        here = (task.table_index, task.row_index, task.place)
        same = (t for t in self.base.tasks if (t.table_index, t.row_index, t.place) == here)
        return next((self.spots.get((t.ordinal, t.content)) for t in same), None)

    def doubt(self, task: Task) -> float:
        """How much a row asks for a look: its findings by weight, and a low confidence."""
        settled = verdicts(self.corrections)
        own = sum(_WEIGHT[f.severity] for id_, f in self.findings if f.task == task.sequence and id_ not in settled)
        return own + (5 * (SURE - task.confidence) + 1 if task.confidence < SURE else 0)


class Desk:
    """Opens documents of a store for review and keeps what the checker says."""

    def __init__(self, data: Path, state: Path, *, prose_tasks: bool = False, rules_off: frozenset[str] = frozenset()):
        self.data, self.state = data, state
        self._asked = Asked(prose_tasks=prose_tasks, rules_off=rules_off)
        self._open: dict[str, Sheet] = {}
        self._lock = threading.RLock()
        self._saving: list[threading.Thread] = []

    def documents(self) -> list[dict[str, Any]]:
        """Current documents with what is open in them, those that need most attention first."""
        store = Store(self.data)
        rows = [row for row in store.read("documents").to_pylist() if row["superseded_by"] is None]
        graves: dict[str, dict[str, int]] = {}
        for finding in store.read("findings", ["document_id", "severity"]).to_pylist():
            own = graves.setdefault(finding["document_id"], {})
            own[finding["severity"]] = own.get(finding["severity"], 0) + 1
        doubtful: dict[str, int] = {}
        for task in store.read("tasks", ["document_id", "confidence"]).to_pylist():
            doubtful[task["document_id"]] = doubtful.get(task["document_id"], 0) + (task["confidence"] < SURE)
        with open_ledger(self.state) as ledger:
            said = {row["document_id"]: corrections_of(ledger, row["document_id"]) for row in rows}
        listed = [
            row
            | {
                "errors": graves.get(row["document_id"], {}).get("error", 0),
                "warnings": graves.get(row["document_id"], {}).get("warning", 0),
                "doubtful": doubtful.get(row["document_id"], 0),
                "corrections": len(in_force(said[row["document_id"]])),
                "checked": is_checked(said[row["document_id"]]),
            }
            for row in rows
        ]
        return sorted(
            listed, key=lambda r: (r["checked"], -r["doubtful"], -r["errors"], -r["warnings"], r["source_uri"])
        )

    def open(self, document_id: str) -> Sheet:
        """One document with its pictures.

        Raises:
            ReviewError: it is not in the store, or its file cannot be read any more.
        """
        with self._lock:
            if document_id in self._open:
                return self._open[document_id]
            rows = Store(self.data).part_of("documents", [document_id]).to_pylist()
            if not rows:
                raise ReviewError("Không có văn bản này trong kho dữ liệu.")
            row = rows[0]
            path, steps = located(row["source_uri"])
            job = PlanJob(row["source_uri"], path, steps, row["sha256"], self._asked.prose_tasks)
            base = _worked("pipeline.review.desk:read_uncorrected", job)
            if not isinstance(base, PlanDocument):
                raise ReviewError(base if isinstance(base, str) else "Không đọc lại được tệp gốc.")
            sheet = self._with_corrections(_drawn(Sheet(row, base, base, (), (), {}, {}), path, steps))
            while len(self._open) >= _OPEN_AT_ONCE:
                del self._open[next(iter(self._open))]
            self._open[document_id] = sheet
            return sheet

    def say(
        self,
        document_id: str,
        action: Action,
        *,
        by: str,
        sequence: int = 0,
        seen: str = "",
        field: str = "",
        new: str = "",
        why: str = "",
        now: datetime | None = None,
    ) -> Sheet:
        """Keeps a correction or a verdict, and gives the document as it is then.

        Args:
            seen: the content of the row as the checker saw it; another one means that someone else was faster.

        Raises:
            ReviewError: it makes no sense for this document as it is now.
        """
        with self._lock:
            sheet = self.open(document_id)
            by = by.strip()
            if not by:
                raise ReviewError("Hãy ghi tên người sửa.")
            task = self._row(sheet, action, sequence, seen, field)
            made = Correction(
                0,
                document_id,
                now or utc_now(),
                by,
                action,
                task.sequence if task else 0,
                task.ordinal if task else "",
                task.content if task else "",
                field,
                str(getattr(task, field) or "") if task and action is Action.SET else "",
                new,
                why.strip(),
            )
            with open_ledger(self.state) as ledger:
                made = record(ledger, made)
                if action is Action.DISMISS:
                    acknowledge(ledger, [field], by=by, note=why or "xem xét trên trang review", now=made.at)
                elif action is Action.CONFIRM:
                    withdraw(ledger, [field])
            self._open[document_id] = self._with_corrections(sheet)
            if in_force([made]) or action is Action.UNDO:
                self._save(self._open[document_id])
            return self._open[document_id]

    def finish(self) -> None:
        """Waits until everything said is in the tables."""
        for thread in self._saving:
            thread.join()

    def _row(self, sheet: Sheet, action: Action, sequence: int, seen: str, field: str) -> Task | None:
        """The row that is meant, once it is clear that what is asked fits it."""
        if action in (Action.CONFIRM, Action.DISMISS):
            if field not in {finding_id for finding_id, _ in sheet.findings}:
                raise ReviewError("Phát hiện này không còn nữa.")
            return None
        if action is Action.UNDO:
            if field not in {str(c.number) for c in in_force(sheet.corrections)}:
                raise ReviewError("Chỗ sửa này không còn hiệu lực.")
            return None
        if action is Action.CHECKED:
            return None
        if action is Action.SET and field not in FIELDS:
            raise ReviewError(f"Không sửa được ô {field}.")
        task = next((t for t in sheet.plan.tasks if t.sequence == sequence), None)
        if task is None or task.content != seen:
            raise ReviewError("Dòng này vừa thay đổi; hãy tải lại trang.")
        if action is Action.JOIN and task is sheet.plan.tasks[-1]:
            raise ReviewError("Sau dòng này không còn dòng nào để gộp.")
        return task

    def _with_corrections(self, sheet: Sheet) -> Sheet:
        with open_ledger(self.state) as ledger:
            corrections = corrections_of(ledger, sheet.base.document_id)
        plan = apply(sheet.base, corrections)
        found = tuple(f for f in check(plan, sheet.row["as_of"]) if f.rule not in self._asked.rules_off)
        ids = [str(row["finding_id"]) for row in finding_rows(plan.document_id, found)]
        return replace(sheet, plan=plan, corrections=corrections, findings=tuple(zip(ids, found, strict=True)))

    def _save(self, sheet: Sheet) -> None:
        """Brings the tables up to date in the background; a run that holds the lock takes the correction itself."""
        thread = threading.Thread(target=self._commit, args=(sheet,))
        self._saving = [one for one in self._saving if one.is_alive()] + [thread]
        thread.start()

    def _commit(self, sheet: Sheet) -> None:
        version, row = self._asked.version, sheet.row
        fresh = reading(
            sheet.plan,
            [finding for _, finding in sheet.findings],
            pipeline_version=version,
            ingested_at=row["ingested_at"],
            as_of=row["as_of"],
        )
        try:
            with Store.writing(self.data, worded(self._asked.rules_off), wait=60.0) as store:
                catalogue = Catalogue.of(store, utc_now())
                places = (row["source_uri"], *row["copies"])
                catalogue.read(fresh, places, KnownContent(fresh.document_id, version, row["as_of"]))
                store.commit(catalogue.take())
        except StoreLockedError:
            return  # the ledger has it: the next run sees that the document is behind


def is_checked(corrections: Sequence[Correction]) -> bool:
    """Whether somebody compared the document with the paper after its last correction."""
    return bool(corrections) and any(
        c.action is Action.CHECKED and not any(later.number > c.number for later in in_force(corrections))
        for c in corrections
    )


def _drawn(sheet: Sheet, path: str, steps: tuple[int, ...]) -> Sheet:
    if not has_pages(sheet.base.media_type):
        return replace(sheet, fault="Tệp này không có trang để vẽ.")
    boxes = {
        task.sequence: (task.place.page, (box.x0, box.top, box.x1, box.bottom))
        for task in sheet.base.tasks
        if task.place.page and (box := task.place.box)
    }
    contents = {task.sequence: task.content for task in sheet.base.tasks}
    source = sheet.base.source
    job = DrawJob(sheet.base.document_id, source.sha256, path, steps, sheet.base.media_type, boxes, contents)
    drawing = _worked("pipeline.report.pictures:draw", job)
    if not isinstance(drawing, Drawing) or drawing.fault:
        return replace(sheet, fault=drawing.fault if isinstance(drawing, Drawing) else "Không vẽ được trang.")
    rows = {task.sequence: (task.ordinal, task.content) for task in sheet.base.tasks}
    return replace(
        sheet,
        pictures={picture.page: picture for picture in drawing.pictures},
        spots={rows[number]: spot for number, spot in (drawing.spots or {}).items()},
    )


def _worked(target: str, job: object) -> object:
    """One job in a process of its own, since a file may be hostile."""
    for _, result in Pool(target, 1).run([job]):
        return None if isinstance(result, Death) else result
    return None
