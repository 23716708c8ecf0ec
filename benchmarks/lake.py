"""A lake of many tasks, and how long the questions of an analyst take on it: python -m benchmarks.lake [--tasks N].

The lake is written with the schema, sort order and Parquet settings of the store: fictitious plans of 40 tasks each,
issued from 2019 to 2026, with lead and partner units, one or two deadlines a task (one in eight recurring) and
findings. Equal arguments give equal rows. Every question is asked of a fresh connection's warm files and timed five
times; the median counts. `--write` puts the figures into docs/performance-query.md.
"""

import argparse
import hashlib
import os
import platform
import statistics
import sys
import time
from collections.abc import Iterator, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from pipeline.query.lake import open_lake
from pipeline.store.schema import BY_NAME, TABLES
from pipeline.store.table_file import ROWS_PER_GROUP
from pipeline.text import unaccented

PER_DOCUMENT = 40
AS_OF = date(2025, 6, 15)
PAGE = Path(__file__).resolve().parent.parent / "docs" / "performance-query.md"

# What the analyst asks, as in docs/analyst.md; the first three are to be answered within 0.3 s on two cores.
QUESTIONS = (
    (
        "Overdue by unit",
        "select unit, count(*) as tasks, min(due_date) as oldest from v_overdue group by unit order by tasks desc",
    ),
    ("Workload by unit and month", "select * from v_workload order by unit, month"),
    (
        "Full text, typed without accents",
        "select task_id, content, due_date, file from find_tasks('chuyen doi so') order by due_date limit 100",
    ),
    (
        "Full text, typed with accents",
        "select task_id, content, due_date, file from find_tasks('Chuyển đổi số') order by due_date limit 100",
    ),
    ("Full text, counted by issuer", "select issuer, count(*) from find_tasks('tap huan') group by issuer"),
    ("Due soon by unit", "select unit, count(*) from v_due_soon group by unit"),
    ("Findings by rule", "select rule, severity, count(*) from v_findings group by all"),
    ("Coverage", "select * from v_coverage order by month, issuer"),
    ("Tasks by status", "select status, count(*) from v_tasks group by status"),
    (
        "Workload of one issuer",
        "select unit, month, deadlines from v_workload_by_issuer where issuer = 'Sở Nội vụ tỉnh Sông Lam' order by all",
    ),
    ("All units", "select * from v_units order by overdue desc limit 100"),
)

_VERBS = (
    "Rà soát, bổ sung", "Xây dựng và ban hành", "Tổ chức tập huấn về", "Kiểm tra việc thực hiện", "Tham mưu ban hành",
    "Báo cáo kết quả thực hiện", "Triển khai thí điểm", "Đẩy mạnh tuyên truyền về", "Cập nhật cơ sở dữ liệu về",
    "Sơ kết, đánh giá việc triển khai", "Hướng dẫn thực hiện", "Thẩm định", "Công khai, niêm yết",
)  # fmt: skip
_THINGS = (
    "thủ tục hành chính thuộc phạm vi quản lý", "quy chế phối hợp liên ngành", "chuyển đổi số trong cơ quan nhà nước",
    "kế hoạch sử dụng đất cấp huyện", "phòng chống thiên tai và tìm kiếm cứu nạn", "an toàn thực phẩm tại chợ dân sinh",
    "cải cách chế độ công vụ, công chức", "dịch vụ công trực tuyến toàn trình", "hồ sơ lưu trữ điện tử",
    "giảm nghèo bền vững giai đoạn 2021-2025", "nước sạch và vệ sinh môi trường nông thôn", "hòa giải ở cơ sở",
    "chất lượng khám bệnh, chữa bệnh", "đội ngũ cộng tác viên dân số", "trường học an toàn, thân thiện",
    "đường giao thông liên xã", "xúc tiến du lịch cộng đồng", "bảo vệ rừng đầu nguồn", "chữ ký số chuyên dùng",
    "mã số vùng trồng cây dược liệu", "tiêm chủng mở rộng", "vệ sinh lao động tại doanh nghiệp nhỏ",
)  # fmt: skip
_SCOPES = (
    "trên địa bàn", "tại các xã, phường, thị trấn", "đối với các đơn vị trực thuộc", "trong lĩnh vực được giao",
    "theo hướng dẫn của cơ quan cấp trên", "gắn với chỉ tiêu thi đua năm", "cho cán bộ, công chức và người lao động",
    "bảo đảm đúng tiến độ, chất lượng", "theo từng quý và cả năm", "phục vụ người dân và doanh nghiệp",
)  # fmt: skip
_HEADS = ("Phòng", "Sở", "Ban", "Trung tâm", "Chi cục", "Văn phòng", "Hội", "Công an")
_FIELDS = (
    "Nội vụ", "Tư pháp", "Tài chính", "Nông nghiệp", "Y tế", "Giáo dục", "Xây dựng", "Công Thương", "Văn hóa",
    "Dân tộc", "Khoa học", "Du lịch", "Môi trường", "Giao thông", "Thống kê", "Tuyên giáo", "Tổ chức", "Kiểm tra",
    "Dân vận", "Đất đai", "Thủy lợi", "Chăn nuôi", "Kiểm lâm", "Dân số", "Đăng kiểm", "Lưu trữ", "Thanh tra",
    "Đối ngoại", "Thể thao", "Bảo trợ xã hội", "Hành chính công", "Chuyển đổi số",
)  # fmt: skip
_PLACES = ("Mường Trà", "An Lạc", "Sông Lam", "Tân Phú Đông", "Hải Bình", "Lam Giang", "Đông Sơn", "Bình Nguyên")
_RULES = (
    "FREQ=YEARLY", "FREQ=MONTHLY;INTERVAL=3", "FREQ=MONTHLY;INTERVAL=6", "FREQ=MONTHLY", "FREQ=YEARLY;BYMONTH=12",
    "FREQ=MONTHLY;BYMONTHDAY=25", "FREQ=YEARLY;BYMONTH=3,6,9,12;BYMONTHDAY=20", "FREQ=WEEKLY;BYDAY=FR",
    "FREQ=YEARLY;BYMONTH=1;BYMONTHDAY=15", "FREQ=YEARLY;BYMONTH=6,12",
)  # fmt: skip


def make(root: Path, tasks: int, seed: int = 6) -> None:
    """Writes the lake, unless just this one already stands, with today's columns."""
    columns = hashlib.sha256(repr([table.arrow.names for table in TABLES]).encode()).hexdigest()[:8]
    stamp = root / f".lake-{tasks}-{seed}-{columns}"
    if stamp.exists():
        return
    root.mkdir(parents=True, exist_ok=True)
    for table in _Lake(tasks, np.random.default_rng(seed)).tables():
        name = table.schema.metadata[b"table"].decode()
        (root / name).mkdir(exist_ok=True)
        pq.write_table(table, root / name / f"{name}.parquet", compression="zstd", row_group_size=ROWS_PER_GROUP)
    stamp.touch()


class _Lake:
    """Columns drawn at random, table by table, as whole arrays."""

    def __init__(self, tasks: int, chance: np.random.Generator) -> None:
        self.chance = chance
        self.documents = max(1, tasks // PER_DOCUMENT)
        self.ids = np.sort(
            np.array([f"d{number:016x}" for number in chance.integers(0, 2**63, self.documents, dtype=np.int64)])
        )
        self.years = chance.integers(2019, 2027, self.documents)
        self.of_task = np.repeat(np.arange(self.documents), PER_DOCUMENT)  # the document of each task
        self.sequence = np.tile(np.arange(1, PER_DOCUMENT + 1), self.documents)
        self.task_ids = pc.binary_join_element_wise(
            pa.array(self.ids[self.of_task]),
            pc.utf8_lpad(pc.cast(pa.array(self.sequence), pa.string()), 4, "0"),
            "-",
        )

    def tables(self) -> Iterator[pa.Table]:
        units, leads, lead_ids, partners = self.task_units()
        deadlines, due = self.deadlines(leads)
        yield self.tasks(due, leads, lead_ids, partners)
        yield units
        yield deadlines
        yield self.findings()
        yield self.of_documents()
        for table in TABLES:
            if table.name not in {"tasks", "task_units", "deadlines", "findings", "documents"}:
                yield table.arrow.empty_table()

    def joined(self, pools: Sequence[Sequence[str]], parts: list[Any], before: str, number: pa.Array) -> pa.Array:
        words = [pa.array(pool).take(pa.array(chosen)) for pool, chosen in zip(pools, parts, strict=True)]
        return pc.binary_join_element_wise(*words, before, number, " ")

    def pick(self, values: Sequence[str], size: int) -> pa.Array:
        return pa.array(values).take(pa.array(self.chance.integers(0, len(values), size)))

    def tasks(self, due: pa.Array, leads: pa.Array, lead_ids: pa.Array, partners: pa.Array) -> pa.Table:
        size = len(self.of_task)
        number = pc.cast(pa.array(self.chance.integers(1, 400, size)), pa.string())
        parts = [self.chance.integers(0, len(words), size) for words in (_VERBS, _THINGS, _SCOPES)]
        content = self.joined((_VERBS, _THINGS, _SCOPES), parts, "nhóm việc số", number)
        plain = [tuple(map(unaccented, words)) for words in (_VERBS, _THINGS, _SCOPES)]
        columns: dict[str, Any] = {
            "task_id": self.task_ids,
            "document_id": pa.array(self.ids[self.of_task]),
            "sequence": self.sequence,
            "source": pa.array(["table"] * size),
            "ordinal": pc.cast(pa.array(self.sequence), pa.string()),
            "content": content,
            "search": self.joined(plain, parts, "nhom viec so", number),
            "output": self.pick(("Quyết định", "Báo cáo", "Kế hoạch", "Hội nghị", "Văn bản hướng dẫn"), size),
            "leads": leads,
            "partners": partners,
            "deadline_text": pc.strftime(due, format="Trước ngày %d/%m/%Y"),
            "due_date": due,
            "page": self.sequence // 8 + 1,
            "confidence": np.ones(size, np.float32),
            "lead_units": leads,
            "lead_unit_ids": lead_ids,
        }
        return _table("tasks", size, columns)

    def deadlines(self, leads: pa.Array) -> tuple[pa.Table, pa.Array]:
        size = len(self.of_task)
        start = np.array([np.datetime64(f"{year}-01-01") for year in range(2019, 2027)])[self.years - 2019]
        due = start[self.of_task] + self.chance.integers(0, 400, size)
        recurring = self.chance.random(size) < 0.125
        undated = self.chance.random(size) < 0.05
        dates = pa.array(due.astype("datetime64[D]"), mask=recurring | undated)
        text = pc.coalesce(pc.strftime(dates, format="Trước ngày %d/%m/%Y"), pa.scalar("Định kỳ"))
        rule = pc.if_else(pa.array(recurring), self.pick(_RULES, size), pa.scalar(None, pa.string()))
        kind = np.where(recurring, "recurring", np.where(undated, "ongoing", "date"))
        columns = {
            "task_id": self.task_ids,
            "document_id": pa.array(self.ids[self.of_task]),
            "position": np.ones(size, np.int32),
            "text": text,
            "source": pa.array(["deadline"] * size),
            "kind": pa.array(kind),
            "bound": pa.array(["before"] * size),
            "start_date": dates,
            "end_date": dates,
            "rrule": rule,
            "lead_units": leads,
        }
        first = _table("deadlines", size, columns)
        twice = first.filter(pa.array(self.chance.random(size) < 0.1))
        position = first.schema.get_field_index("position")
        twice = twice.set_column(position, first.schema.field(position), pa.array([2] * len(twice), pa.int32()))
        both = pa.concat_tables([first, twice]).sort_by([(c, "ascending") for c in BY_NAME["deadlines"].order])
        return both, dates

    def task_units(self) -> tuple[pa.Table, pa.Array, pa.Array, pa.Array]:
        size = len(self.of_task)
        names = [f"{head} {field}" for head in _HEADS for field in _FIELDS]
        lead = self.chance.integers(0, len(names), size)
        count = self.chance.integers(0, 4, size)
        partner_task = np.repeat(np.arange(size), count)
        partner = self.chance.integers(0, len(names), len(partner_task))
        owner = np.concatenate([np.arange(size), partner_task])
        unit = np.concatenate([lead, partner])
        is_lead = np.concatenate([np.ones(size, bool), np.zeros(len(partner_task), bool)])
        offsets = np.concatenate([[0], np.cumsum(count)])
        position = np.concatenate([np.ones(size, int), np.arange(len(partner_task)) - offsets[partner_task] + 1])
        order = np.lexsort((position, ~is_lead, owner))
        owner, unit, is_lead, position = owner[order], unit[order], is_lead[order], position[order]
        written = pa.array(names).take(pa.array(unit))
        known = pa.array(unit % 5 != 0)  # four of five are in the vocabulary
        ids = pa.array([unaccented(name).replace(" ", "-") for name in names]).take(pa.array(unit))
        kinds = pa.array([name.split(" ")[0].lower() for name in names]).take(pa.array(unit))
        nothing = pa.scalar(None, pa.string())
        columns = {
            "task_id": self.task_ids.take(pa.array(owner)),
            "document_id": pa.array(self.ids[self.of_task[owner]]),
            "role": pc.if_else(pa.array(is_lead), "lead", "partner"),
            "position": position.astype(np.int32),
            "name": written,
            "unit_id": pc.if_else(known, ids, nothing),
            "unit_name": pc.if_else(known, written, nothing),
            "unit_kind": pc.if_else(known, kinds, nothing),
        }
        one_each = np.arange(size + 1, dtype=np.int32)
        leads = pa.ListArray.from_arrays(one_each, pa.array(names).take(pa.array(lead)))
        lead_ids = pa.ListArray.from_arrays(one_each, pc.take(columns["unit_id"], pa.array(np.flatnonzero(is_lead))))
        partners = pa.ListArray.from_arrays(offsets.astype(np.int32), pa.array(names).take(pa.array(partner)))
        return _table("task_units", len(owner), columns), leads, lead_ids, partners

    def findings(self) -> pa.Table:
        found = np.flatnonzero(self.chance.random(len(self.of_task)) < 0.3)
        rules = ("deadline.missing", "unit.unknown", "deadline.year_inferred", "numbering.gap", "deadline.invalid")
        grades = ("warning", "info", "info", "warning", "error")
        which = pa.array(self.chance.integers(0, len(rules), len(found)))
        columns = {
            "finding_id": pa.array([f"f{number:016x}" for number in found]),
            "document_id": pa.array(self.ids[self.of_task[found]]),
            "task_id": self.task_ids.take(pa.array(found)),
            "rule": pa.array(rules).take(which),
            "severity": pa.array(grades).take(which),
            "message": pa.array(["Nhiệm vụ này cần được xem lại."] * len(found)),
            "evidence": pa.array(["Trước ngày 31/02"] * len(found)),
            "page": self.sequence[found] // 8 + 1,
        }
        return _table("findings", len(found), columns)

    def of_documents(self) -> pa.Table:
        size = self.documents
        issuers = [f"{head} {field} tỉnh {place}" for head in ("Sở", "Ban") for field in _FIELDS for place in _PLACES]
        first = [date(int(year), 1, 1) for year in self.years]
        columns = {
            "document_id": pa.array(self.ids),
            "sha256": pa.array(self.ids),
            "source_uri": pc.binary_join_element_wise("/plans/", pa.array(self.ids), ".docx", ""),
            "media_type": pa.array(["application/pdf"] * size),
            "ingested_at": pa.array([datetime(year, 2, 1) for year in self.years.tolist()]).cast(
                BY_NAME["documents"].arrow.field("ingested_at").type
            ),
            "doc_type": pa.array(["KẾ HOẠCH"] * size),
            "doc_type_code": pa.array(["KH"] * size),
            "number": pc.cast(pa.array(np.arange(size) % 900 + 1), pa.string()),
            "symbol": pa.array(["KH-UBND"] * size),
            "document_key": pa.array(self.ids),
            "issuer": self.pick(issuers, size),
            "issued_date": pa.array([date(int(year), 1, 20) for year in self.years]),
            "issued_date_precision": pa.array(["day"] * size),
            "title": pc.binary_join_element_wise("Về", self.pick(_THINGS, size), " "),
            "period_start": pa.array(first),
            "period_end": pa.array([day.replace(month=12, day=31) for day in first]),
            "has_task_table": pa.array([True] * size),
            "task_count": pa.array([PER_DOCUMENT] * size),
        }
        return _table("documents", size, columns)


def _table(name: str, size: int, columns: dict[str, Any]) -> pa.Table:
    """The columns given, in the declared schema; the others empty."""
    schema = BY_NAME[name].arrow
    arrays = []
    for column in schema:
        if column.name in columns:
            values = columns[column.name]
            arrays.append((values if isinstance(values, pa.Array) else pa.array(values)).cast(column.type))
        elif column.nullable:
            arrays.append(pa.nulls(size, column.type))
        elif pa.types.is_list(column.type):
            arrays.append(pa.array([[]] * size, column.type))
        else:
            blank: Any = {"bool": False, "string": "", "int32": 0, "float": 0.0}[str(column.type)]
            arrays.append(pa.array([blank] * size, column.type))
    return pa.table(arrays, schema=schema)


def measure(root: Path, rounds: int, threads: int) -> list[tuple[str, int, float, float]]:
    """Question, rows, and seconds: the median of all rounds and the processor's seconds of the best one."""
    figures = []
    with open_lake(root, as_of=AS_OF, locked=False) as connection:
        connection.execute(f"set threads = {threads}")
        for name, query in QUESTIONS:
            took, spent, rows = [], [], 0
            for _ in range(rounds):
                wall, cpu = time.perf_counter(), time.process_time()
                rows = len(connection.execute(query).fetchall())
                took.append(time.perf_counter() - wall)
                spent.append(time.process_time() - cpu)
            figures.append((name, rows, statistics.median(took), min(spent)))
            sys.stdout.write(f"{name:<40} {rows:>7} rows  {took[-1]:6.3f} s  median {figures[-1][2]:6.3f} s\n")
    return figures


def page(tasks: int, size: int, opening: float, figures: list[tuple[str, int, float, float]], threads: int) -> str:
    """docs/performance-query.md."""
    rows = "\n".join(f"| {name} | {rows:,} | {took:.2f} | {spent:.2f} |" for name, rows, took, spent in figures)
    queries = "\n".join(f"-- {name}\n{query};" for name, query in QUESTIONS)
    return (
        "# How fast questions are\n\nWritten by `python -m benchmarks.lake --write`; do not edit.\n\n"
        f"A generated lake of {tasks:,} tasks in {tasks // PER_DOCUMENT:,} documents ({size / 1e6:.0f} MB of Parquet, "
        f"one file a table), asked\nthrough `open_lake` with {threads} threads on {_machine()}.\n"
        f"Opening it, recurring deadlines expanded, took {opening:.2f} s. Seconds are medians of warm rounds; the last "
        "column is what the\nprocessors spent in the best round, which other work on the machine lengthens less.\n\n"
        "| Question | Rows | Seconds | Processor seconds |\n|---|---:|---:|---:|\n"
        f"{rows}\n\n```sql\n{queries}\n```\n"
    )


def _machine() -> str:
    told = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    cpu = next((line.split(":")[1] for line in told if line.startswith("model name")), "")
    load = os.getloadavg()[0]
    return f"{os.cpu_count()} cores ({cpu.strip() or platform.machine()}), load {load:.1f} while measured"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--tasks", type=int, default=1_000_000)
    parser.add_argument("--data", type=Path, default=Path("/tmp/kehoach-lake"))
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--write", action="store_true", help=f"put the figures into {PAGE.name}")
    asked = parser.parse_args()
    make(asked.data, asked.tasks)
    begun = time.perf_counter()
    open_lake(asked.data, as_of=AS_OF).close()
    opening = time.perf_counter() - begun
    figures = measure(asked.data, asked.rounds, asked.threads)
    if asked.write:
        size = sum(path.stat().st_size for path in asked.data.rglob("*.parquet"))
        PAGE.write_text(page(asked.tasks, size, opening, figures, asked.threads), encoding="utf-8")


if __name__ == "__main__":
    main()
