"""PlanDocument and findings -> Arrow tables, one for each table of the store.

Done in the worker that read the file: what does not fit the schema is then that file's failure, never the batch's.
"""

import hashlib
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cache
from itertools import chain
from operator import itemgetter
from typing import Any

import pyarrow as pa
import pyarrow.ipc

from extractors.document import Place
from pipeline.plan import Finding, Header, PlanDocument, Task
from pipeline.store.schema import BY_NAME, DOCUMENTS, EXTRA_CELLS, STR, WORDS
from pipeline.text import key, nfc, squeeze, unaccented

Row = dict[str, Any]


@dataclass(frozen=True)  # without slots: it travels from a worker, and pickle takes those apart in Python
class Reading:
    """All rows of one document, checked and ready to be stored.

    They travel and wait as bytes of Arrow record batches without their schema, which both sides know: thousands of
    them may wait for a commit. Tables in which the document has no rows are left out.
    """

    document_id: str
    sha256: str
    source_uri: str
    batches: Mapping[str, bytes]
    seconds: Mapping[str, float] = field(default_factory=dict)  # that each stage took to read it

    def batch(self, table: str) -> pa.RecordBatch:
        """The document's rows in one table."""
        schema = BY_NAME[table].arrow
        if table not in self.batches:
            return pa.RecordBatch.from_pylist([], schema=schema)
        return pa.ipc.read_record_batch(pa.py_buffer(self.batches[table]), schema)


def rows_together(readings: Iterable[Reading], table: str) -> pa.Table:
    """The rows of many documents in one table, in one piece: what is done with them later costs by the piece."""
    batches = [reading.batch(table) for reading in readings if table in reading.batches]
    return pa.Table.from_batches(batches, BY_NAME[table].arrow).combine_chunks()


def document_key(header: Header) -> str | None:
    """What two files of one document have in common; None where number, symbol or issuer is missing.

    Forms: "sở y tế tỉnh thanh hóa|947|ctr-syt|2020" (number without leading zeros; year "" where unknown).
    """
    if not (header.number and header.symbol and header.issuer):
        return None
    known = (header.issued_date, header.issued_start, header.period_start)
    year = next((str(day.year) for day in known if day), "")
    return "|".join((key(header.issuer), key(header.number).lstrip("0"), key(header.symbol), year))


def task_id(document_id: str, sequence: int) -> str:
    return f"{document_id}-{sequence:04d}"


def finding_id(document_id: str, finding: Finding, occurrence: int) -> str:
    """Names a defect by what it is, not by when it was found or how its message is worded."""
    parts = (document_id, finding.rule, str(finding.task or ""), finding.evidence, *finding.keys, str(occurrence))
    return "f" + hashlib.sha256("\x1f".join(map(_clean, parts)).encode()).hexdigest()[:16]


def reading(
    plan: PlanDocument,
    findings: Iterable[Finding],
    *,
    pipeline_version: str,
    ingested_at: datetime,
    as_of: date | None = None,
) -> Reading:
    """The rows of one document in all tables.

    Raises:
        pyarrow.ArrowInvalid: a value does not fit its column; a bug of ours, found before anything is stored.
    """
    rows: dict[str, list[Row]] = {
        "tasks": [_task_row(plan.document_id, task) for task in plan.tasks],
        "task_units": [row for task in plan.tasks for row in _unit_rows(plan.document_id, task)],
        "deadlines": [row for task in plan.tasks for row in _deadline_rows(plan.document_id, task)],
        "citations": _citation_rows(plan),
        "findings": finding_rows(plan.document_id, findings),
        "rejected_tables": _rejected_rows(plan),
        "notices": _notice_rows(plan),
        "corrections": _correction_rows(plan),
        "documents": [_document_row(plan, pipeline_version, ingested_at, as_of)],
    }
    batches = {name: bytes(_batch(name, own).serialize()) for name, own in rows.items() if own}
    return Reading(plan.document_id, plan.source.sha256, plan.source.uri, batches)


def arrow_table(name: str, rows: list[Row]) -> pa.Table:
    """Rows as an Arrow table of exactly the declared schema, in the declared order, checked in full."""
    return pa.Table.from_batches([_batch(name, rows)])


def _batch(name: str, rows: list[Row]) -> pa.RecordBatch:
    table = BY_NAME[name]
    ordered = sorted(rows, key=_sort_key(name))
    columns = [list(map(itemgetter(column.name), ordered)) for column in table.columns]
    texts = chain.from_iterable(texts_of(columns[at]) for at, texts_of in _texts(name))
    if not _is_clean("\n".join(filter(None, texts))):
        for at, _ in _texts(name):
            columns[at] = [_clean_value(value) for value in columns[at]]
    arrays = [pa.array(values, type=column.type) for column, values in zip(table.columns, columns, strict=True)]
    batch = pa.RecordBatch.from_arrays(arrays, schema=table.arrow)
    batch.validate(full=True)
    for column, array in zip(table.columns, arrays, strict=True):
        if not column.optional and array.null_count:
            raise pa.ArrowInvalid(f"{name}.{column.name} is empty in a row")
    return batch


@cache
def _sort_key(name: str) -> Callable[[Row], Any]:
    """The order of `sort`: what may be empty comes last where it is."""
    table = BY_NAME[name]
    if any(column.optional for column in table.columns if column.name in table.order):
        return lambda row: [(row[name] is None, row[name]) for name in table.order]
    return itemgetter(*table.order)


_Texts = Callable[[Iterable[Any]], Iterable[str | None]]
_TEXTS: dict[pa.DataType, _Texts] = {
    STR: iter,
    WORDS: chain.from_iterable,
    EXTRA_CELLS: lambda values: chain.from_iterable(cell.values() for cells in values for cell in cells),
}


@cache
def _texts(name: str) -> tuple[tuple[int, _Texts], ...]:
    """The columns of a table that hold text, and how it is taken out; addresses stay as the file system has them."""
    columns = enumerate(BY_NAME[name].columns)
    return tuple((at, _TEXTS[c.type]) for at, c in columns if c.type in _TEXTS and c.name != "source_uri")


def sort(name: str, table: pa.Table) -> pa.Table:
    return table.sort_by([(column, "ascending") for column in BY_NAME[name].order])


def finding_rows(document_id: str, findings: Iterable[Finding]) -> list[Row]:
    """Rows of the findings table; equal findings of one document are numbered apart by their order."""
    seen: Counter[tuple[object, ...]] = Counter()
    rows = []
    for finding in findings:
        same = (finding.rule, finding.task, finding.evidence, finding.keys)
        seen[same] += 1
        rows.append(
            {
                "finding_id": finding_id(document_id, finding, seen[same]),
                "document_id": document_id,
                "task_id": task_id(document_id, finding.task) if finding.task is not None else None,
                "rule": finding.rule,
                "severity": finding.severity.value,
                "message": finding.message,
                "evidence": finding.evidence,
                "page": finding.place.page,
                "as_of": finding.as_of,
            }
        )
    return rows


def _document_row(plan: PlanDocument, pipeline_version: str, ingested_at: datetime, as_of: date | None) -> Row:
    header = plan.header
    copied = {c.name: getattr(header, c.name) for c in DOCUMENTS.columns if hasattr(header, c.name)}
    return copied | {
        "document_id": plan.document_id,
        "sha256": plan.source.sha256,
        "source_uri": plan.source.uri,
        "media_type": plan.media_type,
        "page_count": plan.page_count,
        "extractor": plan.extractor,
        "pipeline_version": pipeline_version,
        "ingested_at": ingested_at,
        "document_key": document_key(header),
        "copies": [],
        "has_task_table": plan.has_task_table,
        "task_count": len(plan.tasks),
        "as_of": as_of,
        "superseded_by": None,
        "source_removed_at": None,
    }


def _task_row(document_id: str, task: Task) -> Row:
    leads = _lead_units(task)
    return {
        "task_id": task_id(document_id, task.sequence),
        "document_id": document_id,
        "sequence": task.sequence,
        "source": task.source,
        "ordinal": task.ordinal,
        "section_path": list(task.section_path),
        "objective": task.objective,
        "parent": task.parent,
        "content": task.content,
        "output": task.output,
        "lead_text": task.lead_text,
        "partner_text": task.partner_text,
        "leads": list(task.leads),
        "partners": list(task.partners),
        "roles_inferred": task.roles_inferred,
        "deadline_text": task.deadline_text,
        "due_date": task.due_date,
        "note": task.note,
        "page": task.place.page,
        "table_index": task.table_index,
        "row_index": task.row_index,
        "bbox": _box(task.place),
        "confidence": task.confidence,
        "extra": [{"heading": heading, "text": text} for heading, text in task.extra],
        "corrected": list(task.corrected),
        "lead_units": list(leads),
        "lead_unit_ids": list(leads.values()),
        "search": search_text(task.content, task.output, task.parent, task.objective, task.note),
    }


def search_text(*texts: str | None) -> str:
    """What a task is found by, typed with accents or without, in any case and with any white space.

    Forms: ("Rà soát\nđất đai", None, "Quý I") -> "ra soat dat dai\nquy i".
    """
    return "\n".join(squeeze(unaccented(_clean(text))) for text in texts if text)


def _lead_units(task: Task) -> dict[str, str | None]:
    """The units that lead, each once: the canonical name and its unit_id, else the name as written and None."""
    units: dict[str, str | None] = {}
    for entry in task.units:
        if entry.role == "lead":
            name, known = (entry.unit.name, entry.unit.unit_id) if entry.unit else (entry.name, None)
            units[name] = units.get(name) or known
    return units


def _unit_rows(document_id: str, task: Task) -> Iterable[Row]:
    position: Counter[str] = Counter()
    for entry in task.units:
        position[entry.role] += 1
        yield {
            "task_id": task_id(document_id, task.sequence),
            "document_id": document_id,
            "role": entry.role,
            "position": position[entry.role],
            "name": entry.name,
            "unit_id": entry.unit.unit_id if entry.unit else None,
            "unit_name": entry.unit.name if entry.unit else None,
            "unit_kind": entry.unit.kind if entry.unit else None,
            "unit_parent": entry.unit.parent if entry.unit else None,
        }


def _deadline_rows(document_id: str, task: Task) -> Iterable[Row]:
    lead_units = list(_lead_units(task))
    for position, deadline in enumerate(task.deadlines, start=1):
        yield {
            "task_id": task_id(document_id, task.sequence),
            "document_id": document_id,
            "position": position,
            "text": deadline.text,
            "source": "deadline" if deadline.source.value == "prose" else deadline.source.value,
            "kind": deadline.kind.value,
            "bound": deadline.bound.value,
            "start_date": deadline.start,
            "end_date": deadline.end,
            "rrule": deadline.rrule,
            "year_inferred": deadline.year_inferred,
            "lead_units": lead_units,
        }


def _citation_rows(plan: PlanDocument) -> list[Row]:
    return [
        {
            "document_id": plan.document_id,
            "position": position,
            "text": cited.text,
            "doc_type": cited.doc_type,
            "number": cited.number,
            "symbol": cited.symbol,
            "date": cited.date,
            "issuer": cited.issuer,
            "page": cited.place.page,
        }
        for position, cited in enumerate(plan.citations, start=1)
    ]


def _rejected_rows(plan: PlanDocument) -> list[Row]:
    return [
        {
            "document_id": plan.document_id,
            "table_index": rejected.table_index,
            "reason": rejected.reason,
            "page": rejected.place.page,
            "bbox": _box(rejected.place),
        }
        for rejected in plan.rejected_tables
    ]


def _notice_rows(plan: PlanDocument) -> list[Row]:
    return [
        {
            "document_id": plan.document_id,
            "position": position,
            "code": notice.code,
            "message": notice.message,
            "evidence": notice.evidence,
            "page": notice.place.page,
            "table_index": notice.table_index,
            "row_index": notice.row,
        }
        for position, notice in enumerate(plan.notices, start=1)
    ]


def _correction_rows(plan: PlanDocument) -> list[Row]:
    return [
        {
            "document_id": plan.document_id,
            "number": applied.correction.number,
            "task_id": task_id(plan.document_id, applied.task) if applied.task else None,
            "placed": applied.task is not None,
            "made_at": applied.correction.at,
            "made_by": applied.correction.by,
            "action": applied.correction.action.value,
            "field": applied.correction.field,
            "old": applied.correction.old,
            "new": applied.correction.new,
            "why": applied.correction.why,
        }
        for applied in plan.corrections
    ]


def _box(place: Place) -> Row | None:
    box = place.box
    return {"x0": box.x0, "top": box.top, "x1": box.x1, "bottom": box.bottom} if box else None


def _is_clean(text: str) -> bool:
    """Whether a text can be stored as it is; lines that can be, can be together."""
    if text.isascii():
        return True
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return unicodedata.is_normalized("NFC", text)


def _clean(text: str) -> str:
    """NFC; halves of surrogate pairs, which broken PDF fonts give and UTF-8 cannot hold, become U+FFFD."""
    if text.isascii():
        return text
    try:
        text.encode()
    except UnicodeEncodeError:
        text = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return nfc(text)


def _clean_value(value: Any) -> Any:
    if isinstance(value, str):
        return _clean(value)
    if isinstance(value, list | tuple):
        return [_clean_value(item) for item in value]
    if isinstance(value, dict):
        return {name: _clean_value(item) for name, item in value.items()}
    return value
