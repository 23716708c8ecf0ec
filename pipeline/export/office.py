"""The tables as an office wants them: one workbook, CSV files, lines of JSON, calendars.

Every row comes from a ready view or a table of current documents; a filter by issuer or unit holds for all of them.
"""

import io
import json
import re
import zipfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from pathlib import Path
from typing import IO, Any

from pipeline.export.calendars import DueEvent, calendar_bytes
from pipeline.export.files import whole_file
from pipeline.export.sheets import Sheet, SheetColumn, SheetReport, write_csv, write_workbook
from pipeline.query.answers import json_value
from pipeline.query.lake import Answer, Connection, ask
from pipeline.query.views import views
from pipeline.store.schema import BY_NAME
from pipeline.text import unaccented

_SEVERITIES = {"error": "lỗi", "warning": "cảnh báo", "info": "thông tin"}
_STATUSES = {"overdue": "quá hạn", "due_soon": "sắp đến hạn", "later": "chưa đến hạn", "undated": "không có ngày"}
_SOURCES = {"table": "bảng", "narrative": "lời văn", "deadline": "thời hạn", "note": "ghi chú", "content": "nội dung"}
_BOUNDS = {"before": "trước", "by": "đến hết", "from": "từ", "in": "trong"}
_KINDS = {
    "date": "ngày", "month": "tháng", "quarter": "quý", "half_year": "nửa năm", "year": "năm", "range": "khoảng",
    "recurring": "định kỳ", "ongoing": "thường xuyên", "relative": "sau một việc", "conditional": "có điều kiện",
    "invalid": "không có thật", "unparsed": "không đọc được",
}  # fmt: skip
_WORDS = {"severity": _SEVERITIES, "status": _STATUSES, "source": _SOURCES, "bound": _BOUNDS, "kind": _KINDS}
# Ids and folded text: for machines, folded away in a workbook.
_FOR_MACHINES = {
    *("task_id", "document_id", "finding_id", "document_key", "sha256", "source_uri", "search", "message_both"),
    *("unit_id", "rrule", "extractor", "issued_start", "sequence", "confidence", "roles_inferred", "year_inferred"),
}
_OF_A_DOCUMENT = ("tasks", "task_units", "deadlines", "citations", "findings")
_DOCUMENTS_AT_A_TIME = 500
_WIDTHS = {
    "content": 50, "title": 40, "message": 50, "evidence": 36, "leads": 24, "partners": 26, "lead_units": 24,
    "section_path": 24, "objective": 24, "parent": 34, "output": 24, "deadline_text": 20, "text": 24, "note": 20,
    "issuer": 26, "file": 22, "ordinal": 7, "sequence": 7, "number": 9, "page": 7, "unit": 34, "signer_title": 20,
    "signer_name": 18, "source_uri": 40, "page_count": 8, "task_count": 8, "recurs": 8, "recurring": 8,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class ExportTable:
    """One sheet or file: its names, where its rows are, in which order, and by which columns it can be filtered."""

    name: str
    vietnamese: str
    relation: str
    order: str
    filters: tuple[str, ...]  # of document_id, task_id, issuer, unit
    folded: tuple[str, ...] = ()  # beside the columns for machines
    shade_by: str | None = None
    fixed: int = 0
    above: str = ""  # a query for what a reader wants to see first: the paper or task that a row belongs to
    above_by: str = ""  # and the column by which it is joined

    @property
    def headings(self) -> dict[str, str]:
        """Column names and what they are called in Vietnamese."""
        known = {view.name: view.columns for view in views()} | {name: table.columns for name, table in BY_NAME.items()}
        listed = (*(known["v_tasks"] if self.above else ()), *known[self.relation])
        return {column.name: column.vietnamese for column in listed}


TABLES = (
    ExportTable(
        "tasks",
        "Nhiệm vụ",
        "v_tasks",
        "issued_date, document_id, sequence",
        ("document_id", "task_id"),
        folded=("title", "issued_date", "source", "recurs"),
    ),
    ExportTable(
        "documents",
        "Văn bản",
        "v_documents_current",
        "issued_date, document_id",
        ("document_id",),
        folded=("issued_date_text", "has_task_table", "place"),
    ),
    ExportTable(
        "deadlines",
        "Thời hạn",
        "v_deadlines",
        "document_id, task_id, position",
        ("document_id", "task_id"),
        folded=("position",),
        above="select task_id, number, symbol, ordinal, content from tasks join documents using (document_id)",
        above_by="task_id",
    ),
    ExportTable("units", "Đơn vị", "v_units", "issuer, unit", ("issuer", "unit")),
    ExportTable(
        "findings",
        "Phát hiện",
        "v_findings",
        "case severity when 'error' then 0 when 'warning' then 1 else 2 end, file, page, finding_id",
        ("document_id", "task_id"),
        folded=("title", "as_of", "rule"),
        shade_by="severity",
        fixed=1,
    ),
    ExportTable(
        "citations",
        "Viện dẫn",
        "citations",
        "document_id, position",
        ("document_id",),
        folded=("position",),
        above="select document_id, file, title from v_documents_current",
        above_by="document_id",
    ),
    ExportTable("failures", "Tệp không đọc được", "v_failures", "source_uri", ()),
)
NAMES = tuple(table.name for table in TABLES)


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is to be exported: which tables, of which issuers and units (parts of names, accents or not)."""

    tables: tuple[str, ...] = NAMES
    issuer: str | None = None
    unit: str | None = None
    vietnamese: bool = False

    def chosen(self) -> Iterator[ExportTable]:
        """The tables in their order; what a filter cannot hold for is left out."""
        for table in TABLES:
            asked = {"document_id": self.issuer, "task_id": self.unit, "issuer": self.issuer, "unit": self.unit}
            filtered = self.issuer is not None or self.unit is not None
            if table.name in self.tables and (not filtered or any(asked[name] for name in table.filters)):
                yield table


def export_workbook(connection: Connection, target: Path, wanted: Wanted) -> tuple[SheetReport, ...]:
    """Writes all tables as one workbook, in one step."""
    with whole_file(target) as draft:
        return write_workbook(draft, (_sheet(connection, table, wanted) for table in wanted.chosen()))


def export_answer(answer: Answer, target: Path) -> tuple[SheetReport, ...]:
    """Writes the answer to a question as a workbook of one sheet."""
    columns = [SheetColumn(name, _WIDTHS.get(name, 16), words=_WORDS.get(name, {})) for name in answer.columns]
    shade = answer.columns.index("severity") if "severity" in answer.columns else None
    with whole_file(target) as draft:
        return write_workbook(draft, [Sheet("Kết quả", columns, answer.rows(), shade)])


def export_csv(connection: Connection, target: Path, wanted: Wanted) -> int:
    """Writes the first wanted table as CSV, in one step; gives the number of rows."""
    (table, *_) = wanted.chosen()
    with whole_file(target) as draft, open(draft, "w", encoding="utf-8-sig", newline="") as stream:
        return _csv(connection, table, wanted, stream)


def export_csv_files(connection: Connection, target: Path, wanted: Wanted) -> dict[str, int]:
    """Writes each table as a CSV file into a zip archive or a folder; gives the rows of each."""

    def write(table: ExportTable, put: Callable[[str, bytes], None]) -> int:
        text = io.StringIO()
        count = _csv(connection, table, wanted, text)
        put(f"{table.vietnamese if wanted.vietnamese else table.name}.csv", text.getvalue().encode("utf-8-sig"))
        return count

    with _several(target) as put:
        return {table.name: write(table, put) for table in wanted.chosen()}


def export_calendar(connection: Connection, target: Path, wanted: Wanted, now: datetime) -> int:
    """Writes all due days as one calendar, in one step; gives the number of events."""
    events = [event for _, event in _events(connection, wanted)]
    unique = {event.uid: event for event in events}
    with whole_file(target) as draft:
        draft.write_bytes(calendar_bytes(wanted.unit or "Thời hạn nhiệm vụ", unique.values(), now))
    return len(unique)


def export_calendars(connection: Connection, target: Path, wanted: Wanted, now: datetime) -> dict[str, int]:
    """Writes a calendar for each lead unit into a zip archive or a folder; gives the events of each."""
    counts = {}
    taken: set[str] = set()
    with _several(target) as put:
        for unit, pairs in groupby(_events(connection, wanted), key=lambda pair: pair[0]):
            events = [event for _, event in pairs]
            put(_file_name(unit, taken) + ".ics", calendar_bytes(unit, events, now))
            counts[unit] = len(events)
    return counts


def export_json_lines(connection: Connection, target: Path, wanted: Wanted) -> int:
    """Writes each document with its tasks, deadlines, units, citations and findings as one line; gives their number."""
    count = 0
    with whole_file(target) as draft, open(draft, "w", encoding="utf-8") as stream:
        for document in _documents(connection, wanted):
            stream.write(json.dumps(document, default=json_value, ensure_ascii=False) + "\n")
            count += 1
    return count


def _answer(connection: Connection, table: ExportTable, wanted: Wanted) -> Answer:
    conditions, values = [], []
    for name in table.filters:
        condition, value = _FILTERS[name], wanted.issuer if name in {"document_id", "issuer"} else wanted.unit
        if value is not None:
            conditions.append(condition)
            values.append(value)
    where = " and ".join(["true", *conditions])
    current = "" if table.relation.startswith("v_") else " semi join v_documents_current using (document_id)"
    rows = f"select * from {table.relation}{current} where {where}"
    if table.above:
        key = table.above_by
        rows = f"select above.* exclude ({key}), r.* from ({rows}) r left join ({table.above}) above using ({key})"
    return ask(connection, f"{rows} order by {table.order}", values)


_OF_ISSUER = "document_id in (select document_id from v_documents_current where contains(fold(issuer), fold(?)))"
_OF_UNIT = """task_id in (
    select task_id from task_units where contains(fold(concat_ws(chr(10), unit_name, name)), fold(?)))"""
_FILTERS = {
    "document_id": _OF_ISSUER,
    "task_id": _OF_UNIT,
    "issuer": "contains(fold(issuer), fold(?))",
    "unit": "contains(fold(unit), fold(?))",
}


def _sheet(connection: Connection, table: ExportTable, wanted: Wanted) -> Sheet:
    answer = _answer(connection, table, wanted)
    headings = table.headings
    columns = [
        SheetColumn(
            headings.get(name, name) if wanted.vietnamese else name,
            _WIDTHS.get(name, 14),
            name in _FOR_MACHINES or name in table.folded,
            _WORDS.get(name, {}) if wanted.vietnamese else {},
        )
        for name in answer.columns
    ]
    shade = answer.columns.index(table.shade_by) if table.shade_by else None
    return Sheet(table.vietnamese if wanted.vietnamese else table.name, columns, answer.rows(), shade, table.fixed)


def _csv(connection: Connection, table: ExportTable, wanted: Wanted, stream: IO[str]) -> int:
    answer = _answer(connection, table, wanted)
    headings = table.headings if wanted.vietnamese else {}
    return write_csv(stream, [headings.get(name, name) for name in answer.columns], answer.rows())


_EVENTS = """
    select coalesce(unit, 'Chưa ghi đơn vị chủ trì') as unit, d.task_id, d.position, d.first_day, l.rrule,
           l.repeats_until, l.text, t.content, t.number, t.symbol, t.issuer, t.page
    from (select task_id, position, min(due_day) as first_day from v_due group by task_id, position) d
    join v_deadlines l on l.task_id = d.task_id and l.position = d.position
    join v_tasks t on t.task_id = d.task_id
    cross join unnest(case when len(l.lead_units) = 0 then [null] else l.lead_units end) as led(unit)
    where contains(fold(coalesce(unit, '')), fold(?)) and contains(fold(coalesce(t.issuer, '')), fold(?))
    order by unit, d.task_id, d.position
"""


def _events(connection: Connection, wanted: Wanted) -> Iterator[tuple[str, DueEvent]]:
    asked = [wanted.unit or "", wanted.issuer or ""]  # every text holds ""
    for unit, task_id, position, day, rrule, until, text, content, number, symbol, issuer, page in ask(
        connection, _EVENTS, asked
    ).rows():
        named = "/".join(filter(None, (number, symbol)))
        place = ", ".join(filter(None, (f"Số {named}" if named else "", issuer, f"trang {page}" if page else "")))
        told = f"{content}\n\nThời hạn ghi: {text}\n{place}"
        short = " ".join(content.split())
        summary = "Hạn: " + (short if len(short) <= 100 else short[:99].rsplit(" ", 1)[0] + " …")
        yield unit, DueEvent(f"{task_id}-{position}@kehoach", day, summary, told, (unit,), rrule, until)


def _documents(connection: Connection, wanted: Wanted) -> Iterator[dict[str, Any]]:
    """Documents with all that belongs to them; some hundred are held at a time."""
    question = "select * from documents semi join v_documents_current using (document_id) where {} order by document_id"
    condition, values = (_OF_ISSUER, [wanted.issuer]) if wanted.issuer else ("true", [])
    heads = _dicts(ask(connection, question.format(condition), values))
    for start in range(0, len(heads), _DOCUMENTS_AT_A_TIME):
        some = heads[start : start + _DOCUMENTS_AT_A_TIME]
        parts = {name: _by_document(connection, name, some) for name in _OF_A_DOCUMENT}
        for head in some:
            yield head | {name: rows.get(head["document_id"], []) for name, rows in parts.items()}


def _by_document(
    connection: Connection, table: str, heads: Sequence[dict[str, Any]]
) -> dict[str, list[dict[str, Any]]]:
    """The rows of a table that belong to documents which follow one another in the order of ids."""
    order = ", ".join(BY_NAME[table].order)
    question = f"select * from {table} where document_id between ? and ? order by {order}"
    rows = _dicts(ask(connection, question, [heads[0]["document_id"], heads[-1]["document_id"]]))
    return {key: list(group) for key, group in groupby(rows, key=lambda row: str(row.pop("document_id")))}


def _dicts(answer: Answer) -> list[dict[str, Any]]:
    return [dict(zip(answer.columns, row, strict=True)) for row in answer.rows()]


@contextmanager
def _several(target: Path) -> Iterator[Callable[[str, bytes], None]]:
    """Puts several files into a zip archive in one step, or into a folder file by file."""
    if target.suffix.lower() == ".zip":
        with whole_file(target) as draft, zipfile.ZipFile(draft, "w", zipfile.ZIP_DEFLATED) as archive:
            yield archive.writestr
        return
    target.mkdir(parents=True, exist_ok=True)

    def put(name: str, data: bytes) -> None:
        with whole_file(target / name) as draft:
            draft.write_bytes(data)

    yield put


def _file_name(unit: str, taken: set[str]) -> str:
    """A name that every system takes: "Phòng Nội vụ" -> "phong-noi-vu"; a second one gets a number."""
    plain = re.sub(r"[^a-z0-9]+", "-", unaccented(unit)).strip("-")[:80] or "don-vi"
    name, number = plain, 1
    while name in taken:
        number += 1
        name = f"{plain}-{number}"
    taken.add(name)
    return name
