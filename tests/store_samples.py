"""Plans made by hand for the tests of store, batch and command: fictitious places, no file formats involved."""

import hashlib
import time
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

from extractors.document import Box, Notice, Place, Source
from pipeline.plan import (
    Bound,
    Citation,
    Deadline,
    DeadlineKind,
    Finding,
    Header,
    PlanDocument,
    RejectedTable,
    Severity,
    Task,
    Unit,
    UnitRole,
)
from pipeline.run import Job
from pipeline.sources import read_source
from pipeline.store.arrow import Reading, reading

NOON = datetime(2026, 1, 5, 12, tzinfo=UTC)


def plan(name: str = "ke-hoach.txt", *, tasks: int = 2, number: str | None = "12", data: bytes = b"") -> PlanDocument:
    """A plan with every kind of row; other `data` (else the name) makes another document."""
    data = data or name.encode()
    source = Source(f"/du lieu/{name}", hashlib.sha256(data).hexdigest(), len(data))
    header = Header(
        doc_type="KẾ HOẠCH",
        doc_type_code="KH",
        number=number,
        symbol="KH-SXD",
        issuer="Sở Xây dựng tỉnh Bình Sơn",
        place="Bình Sơn",
        issued_date=date(2021, 1, 5),
        issued_date_text="ngày 05 tháng 01 năm 2021",
        issued_date_precision="day",
        issued_start=date(2021, 1, 5),
        issued_end=date(2021, 1, 5),
        title="Về công tác cải cách hành chính năm 2021",
        period_start=date(2021, 1, 1),
        period_end=date(2021, 12, 31),
        signer_title="KT. GIÁM ĐỐC\nPHÓ GIÁM ĐỐC",
        signer_name="Lê Văn Thử",
        recipients=("- UBND tỉnh (b/c)", "- Lưu: VT, VP"),
    )
    cited = Citation("Nghị định số 76/NĐ-CP", "Nghị định", "76", "NĐ-CP", date(2020, 7, 1), None, place=Place(1))
    return PlanDocument(
        source=source,
        media_type="text/plain",
        extractor="text",
        page_count=None,
        header=header,
        tasks=tuple(_task(n) for n in range(1, tasks + 1)),
        citations=(cited,),
        notices=(Notice("table.row_stitched", "row 3 was cut by a page break", Place(1), table_index=1, row=3),),
        rejected_tables=(RejectedTable(0, "layout", Place(1)),),
        has_task_table=True,
    )


def _task(sequence: int) -> Task:
    office = Unit("sxd.vp", "Văn phòng Sở", "phong")
    deadline = Deadline("Quý IV/2021", DeadlineKind.QUARTER, Bound.IN, date(2021, 10, 1), date(2021, 12, 31))
    yearly = Deadline(
        "15/01 hàng năm", DeadlineKind.RECURRING, Bound.BEFORE, rrule="FREQ=YEARLY;BYMONTH=1;BYMONTHDAY=15"
    )
    return Task(
        sequence=sequence,
        source="table",
        content=f"Rà soát, niêm yết thủ tục hành chính lần {sequence}",
        ordinal=str(sequence),
        section_path=("I. CẢI CÁCH THỂ CHẾ",),
        lead_text="Văn phòng Sở",
        partner_text="Phòng Quy hoạch",
        units=(UnitRole("lead", "Văn phòng Sở", office), UnitRole("partner", "Phòng Quy hoạch")),
        deadline_text="Quý IV/2021",
        deadlines=(deadline, yearly),
        extra=(("Kinh phí", "10 triệu"),),
        place=Place(1, Box(10.0, 20.0, 30.5, 40.25)),
        table_index=1,
        row_index=sequence + 1,
    )


def findings(sequence: int | None = 1) -> tuple[Finding, ...]:
    return (
        Finding("unit.unknown", Severity.INFO, "Đơn vị chưa có trong danh mục.", "Phòng Quy hoạch", task=sequence),
        Finding("citation.date_conflict", Severity.ERROR, "Hai ngày khác nhau.", "76/NĐ-CP"),
    )


def sample_reading(plan: PlanDocument, *, version: str = "1", now: datetime = NOON) -> Reading:
    return reading(plan, findings() if plan.tasks else (), pipeline_version=version, ingested_at=now)


def read_sample(job: Job) -> Reading:
    """A worker's target that needs no extractor: a file "... N M" gives a plan with N tasks and the number M."""
    data = read_source(job.path, job.steps)
    count, number = data.split()[-2:]
    made = plan(tasks=int(count), number=number.decode(), data=data)
    made = replace(made, source=replace(made.source, uri=job.places[0]))
    return reading(made, findings(), pipeline_version=job.pipeline_version, ingested_at=job.now, as_of=job.as_of)


def read_slowly(job: Job) -> Reading:
    time.sleep(0.02)
    return read_sample(job)


def read_otherwise(job: Job) -> Reading:
    """As another version of the code might: a task more, one less, one with another deadline, another finding."""
    count, number = Path(job.path).read_bytes().split()[-2:]
    made = plan(tasks=int(count), number=number.decode(), data=Path(job.path).read_bytes())
    first, *others = made.tasks
    november = Deadline("30/11/2021", DeadlineKind.DATE, Bound.BY, date(2021, 11, 30), date(2021, 11, 30))
    changed = replace(first, deadline_text="30/11/2021", deadlines=(november,))
    new = replace(others[-1], content="Việc mới đọc được", ordinal="", row_index=99)
    tasks = tuple(replace(task, sequence=n) for n, task in enumerate((changed, *others[:-1], new), start=1))
    made = replace(made, tasks=tasks, source=replace(made.source, uri=job.places[0]))
    made = replace(made, header=replace(made.header, title="Tiêu đề khác"))
    told = (findings()[0], replace(findings()[1], evidence="77/NĐ-CP"))
    return reading(made, told, pipeline_version=job.pipeline_version, ingested_at=job.now)
