"""Questions to the tables: views against answers worked out by hand on the samples, the same rows everywhere."""

import json
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import duckdb
import frictionless
import pandas as pd
import pyarrow as pa
import pyarrow.dataset as ds
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner

import pipeline
from benchmarks import lake as generated
from pipeline.batch import ingest
from pipeline.commands.app import app
from pipeline.occurrences import occurrences
from pipeline.plan import Bound, Deadline, DeadlineKind, Unit, UnitRole
from pipeline.query.database import write_database
from pipeline.query.datapackage import datapackage
from pipeline.query.lake import Connection, LakeError, QueryError, ask, open_lake
from pipeline.query.plans import Plans
from pipeline.query.views import views, views_markdown
from pipeline.store.parquet import Change, Store
from pipeline.store.schema import BY_NAME, TABLES
from pipeline.text import unaccented
from tests.store_samples import plan as sample_plan
from tests.store_samples import sample_reading

RAW = Path(__file__).parent.parent / "data" / "raw"
JUNE_2024, JUNE_2025 = date(2024, 6, 1), date(2025, 6, 1)


@pytest.fixture(scope="module")
def parsed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The samples of data/raw and one file that gives no plan."""
    root = tmp_path_factory.mktemp("query")
    (root / "hỏng.docx").write_bytes(b"PK\x03\x04 no package")
    out = root / "data parsed [1]'s"  # a path that has to be quoted
    ingest([RAW, root / "hỏng.docx"], out, workers=2)
    return out


@pytest.fixture
def in_2024(parsed: Path) -> Iterator[Plans]:
    with pipeline.load(parsed, as_of=JUNE_2024) as plans:
        yield plans


def counted(frame: pd.DataFrame, *columns: str) -> dict[Any, int]:
    return dict(Counter(zip(*(frame[column] for column in columns), strict=True) if columns[1:] else frame[columns[0]]))


# --- answers worked out by hand from the sample papers -------------------------------------------------------------


def test_overdue_on_a_day(in_2024: Plans) -> None:
    late = in_2024.v_overdue
    assert counted(late, "file") == {
        "so_yt_2023.txt": 3,  # 31/3/2023, Quý III/2023, 28/02/2022
        "huyen_pctt_2023.pdf": 7,  # all but "thường xuyên" and "sau khi có quyết định"; the last is 15/01/2024
        "so_gddt_2024.docx": 2,  # tháng 12/2023, 31/5/2024; Quý II, IV is due in the end of Quý IV
        "huyen_uy_2021_2025.pdf": 3,  # Quý III/2021, tháng 12/2021, Quý II/2023; 2020-2025 is not over
    }
    assert counted(late, "unit")["Phòng Nông nghiệp và Phát triển nông thôn"] == 4
    one = late[late.due_date == "2024-05-31"].iloc[0]
    assert (one.days_overdue, one.file) == (1, "so_gddt_2024.docx")


def test_lead_units_of_a_task_are_those_of_its_roles_each_once(tmp_path: Path) -> None:
    known, unknown = Unit("sxd.vp", "Văn phòng Sở", "phong"), UnitRole("lead", "Tổ 12")
    paper = sample_plan(tasks=2)
    leads = (UnitRole("lead", "VP Sở", known), unknown, UnitRole("partner", "Tổ 1"), UnitRole("lead", "VP", known))
    first, second = paper.tasks
    told = sample_reading(replace(paper, tasks=(replace(first, units=leads), replace(second, units=leads[2:3]))))
    with Store.writing(tmp_path) as store:
        store.commit(Change((told,), {told.document_id: (told.source_uri,)}))
    with open_lake(tmp_path, as_of=JUNE_2025) as connection:
        rows = list(ask(connection, "select ordinal, unit, unit_id from v_overdue order by all").rows())
    assert rows == [("1", "Tổ 12", None), ("1", "Văn phòng Sở", "sxd.vp"), ("2", None, None)]


def test_nothing_is_overdue_on_its_own_day(parsed: Path) -> None:
    for day, count in ((date(2023, 3, 30), 0), (date(2023, 3, 31), 1)):
        with pipeline.load(parsed, as_of=day) as plans:
            assert len(plans.v_overdue[plans.v_overdue.due_date == "2023-03-30"]) == count


def test_due_soon_expands_recurrences(parsed: Path) -> None:
    with pipeline.load(parsed, as_of=JUNE_2025) as plans:
        soon = plans.v_due_soon
        assert set(zip(soon.deadline_text, soon.due_day.dt.date, soon.recurring, strict=True)) == {
            ("Tháng 6", date(2025, 6, 30), False),
            ("Hàng quý", date(2025, 6, 30), True),
            ("6 tháng/lần", date(2025, 6, 30), True),
        }
        assert set(soon.days_left) == {29}
    with pipeline.load(parsed, as_of=JUNE_2025, soon_days=28) as plans:
        assert plans.v_due_soon.empty


def test_due_days_of_recurring_deadlines(in_2024: Plans) -> None:
    due = in_2024.v_due
    days = (
        due[due.recurring].groupby("text").due_day.apply(lambda column: [f"{day:%d/%m/%y}" for day in sorted(column)])
    )
    assert days["Hàng quý"] == ["31/03/25", "30/06/25", "30/09/25", "31/12/25"]  # issued 14/02/2025
    assert days["6 tháng/lần"] == ["30/06/25", "31/12/25"]
    assert days["Trước ngày 15/12 hàng năm"] == ["15/12/26"]
    # Hàng năm: 2021-2025 of the district's programme, and a decision without a period to the end of next year
    assert days["Hàng năm"] == ["31/12/21", "31/12/22", "31/12/23", "31/12/24", "31/12/25", "31/12/25"]
    monthly = days["trước ngày 25 hàng tháng"]
    assert (monthly[-1], {day[:2] for day in monthly}) == ("25/12/23", {"25"})


def test_next_due_and_status_of_tasks(parsed: Path) -> None:
    with pipeline.load(parsed, as_of=date(2025, 7, 1)) as plans:
        tasks = plans.v_tasks
        hospital = tasks[tasks.file == "benh_vien_2025.pdf"].set_index("ordinal")
        found = {
            number: (row.status, None if pd.isna(row.next_due) else f"{row.next_due:%d/%m/%Y}")
            for number, row in hospital.iterrows()
        }
        assert found == {
            "1": ("overdue", None),  # Quý I/2025
            "2": ("overdue", None),  # 31/5/2025
            "3": ("undated", None),  # 31/02/2025
            "4": ("later", "30/09/2025"),  # hàng quý
            "5": ("later", "31/12/2025"),  # 6 tháng/lần
            "6": ("later", "30/11/2025"),  # tháng 6, tháng 11
            "7": ("later", "31/08/2025"),
            "8": ("later", "31/12/2025"),  # quý IV
        }
        assert hospital.loc["4", "days_left"] == 91
        assert hospital.loc["4", "leads"] == ["Phòng Điều dưỡng"]
        assert (
            counted(tasks, "status")["undated"]
            == int(tasks.next_due.isna().sum()) - counted(tasks, "status")["overdue"]
        )


def test_workload_by_unit_and_month(in_2024: Plans) -> None:
    load = in_2024.v_workload
    office = load[load.unit == "Phòng Nông nghiệp và Phát triển nông thôn"]
    months = {f"{row.month:%m/%Y}": (row.deadlines, row.due_days) for row in office.itertuples()}
    assert months == {"03/2023": (1, 1), "05/2023": (2, 2), "01/2024": (1, 1)}
    quarterly = load[load.unit == "Phòng Điều dưỡng"]
    assert sorted(f"{month:%m/%Y}" for month in quarterly.month) == ["03/2025", "06/2025", "09/2025", "12/2025"]
    assert int(load.due_days.sum()) == len(in_2024.v_due.explode("lead_units"))
    by_issuer = in_2024.v_workload_by_issuer.groupby(["unit", "month"], dropna=False).deadlines.sum()
    assert sorted(by_issuer) == sorted(load.deadlines)


def test_units_findings_coverage_failures(in_2024: Plans) -> None:
    units = in_2024.v_units.set_index(["issuer", "unit"])
    district = units.loc[("Ủy ban nhân dân huyện Mường Trà", "Phòng Nông nghiệp và Phát triển nông thôn")]
    assert (district.leads, district.overdue, f"{district.oldest_overdue:%d/%m/%Y}") == (4, 4, "30/03/2023")
    findings = in_2024.v_findings
    invalid = findings[findings.rule == "deadline.invalid"]
    assert {(row.file, row.deadline_text, row.page) for row in invalid.itertuples()} == {
        ("benh_vien_2025.pdf", "31/02/2025", 1),
        ("ubnd_xa_2026.docx", "Quý II/20226", pd.NA),
    }
    assert len(findings) == len(in_2024.findings)
    coverage = in_2024.v_coverage
    assert (coverage.documents.sum(), coverage.tasks.sum(), coverage.failures.sum()) == (8, 54, 1)
    hospital = coverage[coverage.issuer == "Bệnh viện Đa khoa Tân Phú Đông"].iloc[0]
    assert (hospital.tasks, hospital.tasks_dated, hospital.tasks_with_lead) == (8, 5, 8)
    (failure,) = in_2024.v_failures.itertuples()
    assert (failure.file, failure.reason) == ("hỏng.docx", "damaged")
    assert " / " not in failure.message


def test_documents_in_force(parsed: Path, tmp_path: Path) -> None:
    """A version that was superseded, and a document whose file is gone, leave the views but not the tables."""
    for table in BY_NAME:
        (tmp_path / table).mkdir()
        rows = pq.read_table(parsed / table / f"{table}.parquet")
        if table == "documents":
            ids = rows.column("document_id").to_pylist()
            superseded = pa.array([ids[1] if i == 0 else None for i in range(len(ids))])
            gone = pa.array([rows.column("ingested_at")[0].as_py() if i == 2 else None for i in range(len(ids))])
            for name, values in (("superseded_by", superseded), ("source_removed_at", gone)):
                at = rows.schema.get_field_index(name)
                rows = rows.set_column(at, rows.schema.field(at), values.cast(rows.schema.field(at).type))
            kept = ids[1:2] + ids[3:]
        pq.write_table(rows, tmp_path / table / f"{table}.parquet")
    with pipeline.load(tmp_path) as plans:
        assert len(plans.documents) == len(kept) + 2
        for view in ("v_documents_current", "v_tasks", "v_deadlines", "v_findings"):
            assert set(plans.frame(view).document_id) <= set(kept)


# --- the same rows everywhere --------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", [table.name for table in TABLES])
def test_same_rows_from_pandas_pyarrow_duckdb_and_load(parsed: Path, tmp_path: Path, name: str) -> None:
    folder = str(parsed / name)
    arrow = ds.dataset(folder).to_table()
    pattern = folder.replace("[", "[[]") + "/**/*.parquet"
    question = "select * from read_parquet(?, hive_partitioning=true)"
    by_duckdb = duckdb.sql(question, params=[pattern]).to_arrow_table()
    with pipeline.load(parsed) as plans:
        loaded = plans.arrow(name)
        assert loaded.schema.equals(BY_NAME[name].arrow, check_metadata=True)
        assert list(plans.frame(name).columns) == arrow.column_names
    assert loaded.to_pylist() == arrow.to_pylist()
    assert by_duckdb.cast(arrow.schema).to_pylist() == arrow.to_pylist()
    frame = pd.read_parquet(folder, dtype_backend="pyarrow")
    assert pa.Table.from_pandas(frame, schema=arrow.schema, preserve_index=False).to_pylist() == arrow.to_pylist()
    assert loaded.num_rows or name in {"corrections"}


def test_frames_have_proper_types(in_2024: Plans) -> None:
    tasks, documents = in_2024.tasks, in_2024.documents
    assert str(tasks.sequence.dtype) == "Int32"
    assert tasks.due_date.dtype.kind == documents.issued_date.dtype.kind == "M"
    assert str(tasks.roles_inferred.dtype) == "boolean"
    assert isinstance(tasks.leads.iloc[0], list)
    assert tasks.page.isna().any()
    assert tasks.explode("leads").leads.notna().sum() == tasks.leads.map(len).sum()
    assert str(documents.ingested_at.dtype).endswith("UTC]")
    assert in_2024.sql("select sum(deadlines) as n from v_workload").n.dtype == "Int64"


def test_load_sees_what_a_later_run_stored(tmp_path: Path) -> None:
    def store(name: str) -> None:
        reading = sample_reading(sample_plan(name))
        with Store.writing(tmp_path) as opened:
            opened.commit(Change(readings=(reading,), places={reading.document_id: (reading.source_uri,)}))

    store("một.docx")
    plans = pipeline.load(tmp_path, as_of=date(2021, 6, 1))
    assert (len(plans.tasks), "v_due" in dir(plans), "tasks" in repr(plans)) == (2, True, True)
    store("hai.docx")
    assert len(plans.tasks) == 4
    assert len(plans.find("thu tuc")) == 4
    with pytest.raises(AttributeError, match="no table or view 'task'"):
        _ = plans.task
    with pytest.raises(LakeError, match="kehoach ingest"):
        pipeline.load(tmp_path / "nowhere")


def test_import_stays_light() -> None:
    code = "import sys, pipeline; print({'duckdb', 'pandas', 'pyarrow', 'spacy'} & set(sys.modules))"
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == "set()"


# --- views and their meaning ---------------------------------------------------------------------------------------


def test_every_column_of_a_view_is_described(parsed: Path) -> None:
    page = views_markdown()
    with open_lake(parsed) as connection:
        for view in views():
            assert ask(connection, f"select * from {view.name}").columns == tuple(c.name for c in view.columns)
            assert view.name in page
            assert all(column.english and column.vietnamese for column in view.columns)


RULES = ("FREQ=YEARLY", "FREQ=MONTHLY;INTERVAL=3", "FREQ=YEARLY;BYMONTH=1;BYMONTHDAY=15", "FREQ=WEEKLY;BYDAY=FR",
         "FREQ=YEARLY;INTERVAL=3", "FREQ=YEARLY;BYMONTH=3,6,9,12;BYMONTHDAY=20", "FREQ=DAILY")  # fmt: skip


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_due_days_are_those_of_the_rule(tmp_path_factory: pytest.TempPathFactory, data: st.DataObject) -> None:
    """SQL joins and clips what `occurrences` expands; here each task is expanded by itself."""
    issued = data.draw(st.dates(date(2020, 1, 1), date(2023, 12, 31)))
    end = data.draw(st.none() | st.just(date(issued.year + 2, 12, 31)))
    rules = data.draw(st.lists(st.sampled_from(RULES), min_size=1, max_size=5))
    made = sample_plan(tasks=1)
    recurring = tuple(Deadline(rule, DeadlineKind.RECURRING, rrule=rule) for rule in rules)
    header = replace(
        made.header, issued_date=issued, issued_start=issued, issued_end=issued,
        period_start=end and date(issued.year, 1, 1), period_end=end,
    )  # fmt: skip
    made = replace(made, header=header, tasks=(replace(made.tasks[0], deadlines=recurring),))
    reading = sample_reading(made)
    root = tmp_path_factory.mktemp("rules")
    with Store.writing(root) as store:
        store.commit(Change(readings=(reading,), places={reading.document_id: (reading.source_uri,)}))
    as_of = issued + timedelta(days=100)
    with open_lake(root, as_of=as_of) as connection:
        found = Counter(ask(connection, "select position, due_day from v_due").rows())
    expected = []
    for position, rule in enumerate(rules, 1):
        last = end or date(as_of.year + 1, 12, 31)
        if end and "BYMONTH=1;" in rule:
            last = date(end.year + 1, 3, 31)  # the report on the last year
        base = issued if "YEARLY;INTERVAL" in rule else date(issued.year, 1, 1)
        expected += [(position, day) for day in occurrences(rule, issued, last, base)]
    assert found == Counter(expected)


@pytest.mark.parametrize(
    ("kind", "start", "end", "due"),
    [
        (DeadlineKind.DATE, date(2021, 6, 30), date(2021, 6, 30), date(2021, 6, 30)),
        (DeadlineKind.MONTH, date(2021, 6, 1), date(2021, 6, 30), date(2021, 5, 31)),
        (DeadlineKind.ONGOING, date(2021, 1, 1), date(2021, 12, 31), None),
    ],
)
def test_a_day_before_a_month_is_due_before_it(
    tmp_path: Path, kind: DeadlineKind, start: date, end: date, due: date | None
) -> None:
    made = sample_plan(tasks=1)
    made = replace(made, tasks=(replace(made.tasks[0], deadlines=(Deadline("x", kind, Bound.BEFORE, start, end),)),))
    reading = sample_reading(made)
    with Store.writing(tmp_path) as store:
        store.commit(Change(readings=(reading,), places={reading.document_id: (reading.source_uri,)}))
    with pipeline.load(tmp_path) as plans:
        assert plans.arrow("v_deadlines").column("due_day").to_pylist() == [due]
        assert plans.arrow("tasks").column("due_date").to_pylist() == [due]


# --- searching -----------------------------------------------------------------------------------------------------


def test_search_with_and_without_accents(in_2024: Plans) -> None:
    assert len(in_2024.find("tap huan")) == len(in_2024.find("TẬP HUẤN")) == 3
    assert len(in_2024.find("tấp huân")) == 0  # other accents are other words
    assert in_2024.find("đập thuỷ lợi").file.tolist() == ["huyen_pctt_2023.pdf"]
    assert len(in_2024.find("")) == 54


@given(st.text(st.sampled_from("ĂăÂâĐđÊêÔôƠơƯưẠặỀệớỮỷÐ–-aZ 9́̀")))
def test_fold_in_sql_is_that_of_the_column(words: str) -> None:
    (folded,) = FOLDING.execute("select fold(?)", [words]).fetchall()[0]
    assert folded.replace("́", "").replace("̀", "") == unaccented(words)


def _folding() -> Connection:
    from pipeline.query.views import MACROS

    connection = duckdb.connect()
    for macro in MACROS[:-1]:
        connection.execute(macro)
    return connection


FOLDING = _folding()


# --- nothing but reading -------------------------------------------------------------------------------------------


ACTING = (
    "copy tasks to '{data}/tasks/more.parquet'",
    "explain analyze copy tasks to '{data}/tasks/more.parquet'",
    "/* x */ explain (analyze) copy tasks to '{data}/tasks/more.parquet'",
    "-- x\nexplain analyze copy tasks to '{data}/tasks/more.parquet'",
    "prepare p as copy tasks to '{data}/tasks/more.parquet'",
    "select 1; copy tasks to '{data}/tasks/more.parquet'; select 2",
    "export database '{data}/copy'",
    "attach '{data}/other.duckdb'",
    "install httpfs",
    "load httpfs",
    "create persistent secret s (type s3)",
    "set threads = 1",
    "set enable_external_access = true",
    "select * from read_csv('/etc/passwd')",
    "select * from read_text('/etc/passwd')",
    "select * from glob('/etc/*')",
    "select * from '/etc/passwd'",
    "create table t as select * from read_csv('/etc/passwd')",
    "insert into tasks select * from tasks",
    "checkpoint",
    "call pragma_version()",
)


@pytest.mark.parametrize("statement", ACTING)
def test_a_query_only_reads(parsed: Path, statement: str) -> None:
    before = {path: path.stat().st_mtime_ns for path in parsed.rglob("*")}
    with open_lake(parsed) as connection, pytest.raises(QueryError) as refusal:
        list(ask(connection, statement.format(data=str(parsed).replace("'", "''"))).rows())
    assert "\n" not in str(refusal.value)
    assert {path: path.stat().st_mtime_ns for path in parsed.rglob("*")} == before


@pytest.mark.parametrize(
    "query",
    [
        "pivot v_tasks on status using count(*) group by issuer",
        "create temp table late as select * from v_overdue; select unit, count(*) from late group by unit",
        "describe v_tasks",
        "summarize deadlines",
        "show tables",
        "explain select * from v_tasks",
        "set variable as_of = date '2024-01-01'; select as_of()",
        "from v_failures",
        "with d as (select * from documents) select number from d",
    ],
)
def test_what_analysts_write_is_allowed(parsed: Path, query: str) -> None:
    with open_lake(parsed) as connection:
        assert list(ask(connection, query).rows())


def test_own_files_are_read_where_that_is_allowed(parsed: Path, tmp_path: Path) -> None:
    (tmp_path / "mine.csv").write_text("unit,head\nPhòng Điều dưỡng,Bà An\n", encoding="utf-8")
    query = f"select head from v_units join read_csv('{tmp_path}/mine.csv') using (unit)"
    call = ["query", query, "--data", str(parsed)]
    assert run(*call, "--allow-files").stdout.splitlines()[1].strip() == "Bà An"
    assert run(*call, code=2).stderr.startswith("Permission Error")


def test_older_tables_have_todays_columns(parsed: Path, tmp_path: Path) -> None:
    """A store written before a column was added answers all views."""
    for table in ("documents", "tasks", "deadlines"):
        (tmp_path / table).mkdir()
        extra = [c.name for c in BY_NAME[table].columns if c.extra]
        rows = pq.read_table(parsed / table / f"{table}.parquet").drop_columns(extra)
        pq.write_table(rows, tmp_path / table / f"{table}.parquet")
    with pipeline.load(tmp_path) as plans:
        for name in plans.names:
            plans.arrow(name)
        assert (len(plans.v_tasks), len(plans.task_units)) == (54, 0)


def test_views_of_units_answer_from_older_tables(tmp_path: Path) -> None:
    """A store written before tasks and deadlines held their lead units."""
    known = Unit("sxd.vp", "Văn phòng Sở", "phong")
    leads = (UnitRole("lead", "VP", known), UnitRole("lead", "Tổ 12"), UnitRole("partner", "Tổ 1"))
    paper = sample_plan(tasks=2)
    first, second = paper.tasks
    told = sample_reading(replace(paper, tasks=(replace(first, units=(*leads, leads[0])), replace(second, units=()))))
    with Store.writing(tmp_path) as store:
        store.commit(Change((told,), {told.document_id: (told.source_uri,)}))

    def rows() -> dict[str, list[str]]:
        with pipeline.load(tmp_path, as_of=date(2022, 1, 5)) as plans:
            return {name: sorted(map(str, plans.arrow(name).to_pylist())) for name in views}

    views = ("v_overdue", "v_due_soon", "v_workload")
    today = rows()
    for table in ("tasks", "deadlines"):
        path = tmp_path / table / f"{table}.parquet"
        pq.write_table(pq.read_table(path).drop_columns([c.name for c in BY_NAME[table].columns if c.extra]), path)
    assert rows() == today
    for name in views:
        assert all(any(f"'unit': {unit}" in row for row in today[name]) for unit in ("'Văn phòng Sở'", "'Tổ 12'")), name


# --- the command ---------------------------------------------------------------------------------------------------


def run(*arguments: str, code: int = 0) -> Any:
    result = CliRunner(env={"COLUMNS": "120"}).invoke(app, list(arguments), catch_exceptions=False)
    assert result.exit_code == code, result.output
    return result


def test_command_prints_a_table_or_blocks(parsed: Path) -> None:
    data = ("--data", str(parsed), "--as-of", "2024-06-01")
    table = run("query", "select unit, count(*) as n from v_overdue group by unit order by n desc, unit", *data).stdout
    assert table.splitlines()[1].split() == ["Phòng", "Nông", "nghiệp", "và", "Phát", "triển", "nông", "thôn", "4"]
    assert table.splitlines()[-1] == "12 dòng"
    blocks = run("query", "select * from v_tasks", *data, "--limit", "2").stdout
    assert blocks.count("── ") == 2
    assert "54 dòng, chỉ hiện 2" in blocks
    assert run("query", "select * from v_tasks where false", *data).stdout.splitlines()[-1] == "0 dòng"


def test_command_gives_csv_json_parquet(parsed: Path, tmp_path: Path) -> None:
    query = "select ordinal, content, due_date, leads from v_tasks where file = 'benh_vien_2025.pdf' order by sequence"
    data = ("--data", str(parsed), "--as-of", "2024-06-01")
    rows = json.loads(run("query", query, *data, "--json").stdout)
    assert (len(rows), rows[1]["due_date"], rows[3]["leads"]) == (8, "2025-05-31", ["Phòng Điều dưỡng"])
    written = run("query", query, *data, "--csv").stdout
    assert written.startswith('\ufeff"ordinal","content"')
    raw = run("query", query, *data, "--csv", "--raw").stdout
    assert raw.splitlines()[4].endswith('"[""Phòng Điều dưỡng""]"')
    run("query", query, *data, "--parquet", str(tmp_path / "a.parquet"))
    assert pq.read_table(tmp_path / "a.parquet").column("ordinal").to_pylist() == [row["ordinal"] for row in rows]
    (tmp_path / "q.sql").write_text(query, encoding="utf-8-sig")
    assert json.loads(run("query", "--file", str(tmp_path / "q.sql"), *data, "--json").stdout) == rows
    assert json.loads(run("query", "select * from v_tasks where false", *data, "--json").stdout) == []


def test_command_says_in_one_line_what_is_wrong(parsed: Path, tmp_path: Path) -> None:
    for query, told in (
        ("select contnt from tasks", 'Referenced column "contnt" not found'),
        ("selec 1", "syntax error"),
        ("select cast(content as integer) from tasks", "Could not convert"),
        ("", "truy vấn không trả về"),
        ("copy tasks to 'x.csv'", "Chỉ được đọc"),
    ):
        message = run("query", query, "--data", str(parsed), code=2).stderr
        assert told in message
        assert message.count("\n") == 1
    run("query", "select 1", "select 2", code=2)
    run("query", code=2)
    run("query", "select 1", "--csv", "--json", code=2)
    run("query", "select 1", "--raw", code=2)
    unwritable = tmp_path / "no folder" / "a.parquet"
    assert (
        "Không ghi được" in run("query", "select 1", "--data", str(parsed), "--parquet", str(unwritable), code=3).stderr
    )


def test_command_lists_views_in_both_languages() -> None:
    told = run("query", "--views").stdout
    for view in views():
        assert f"{view.name}\n    {view.vietnamese}\n    {view.english}\n" in told


def test_a_reader_that_goes_away_is_no_fault(parsed: Path) -> None:
    command = [sys.executable, "-c", "from pipeline.cli import main; main()", "query", "--data", str(parsed), "--csv"]
    query = "select * from v_tasks, range(200)"
    with subprocess.Popen([*command, query], stdout=subprocess.PIPE, stderr=subprocess.PIPE) as ran:
        assert ran.stdout
        assert ran.stderr
        ran.stdout.read(10)
        ran.stdout.close()
        assert (ran.stderr.read(), ran.wait()) == (b"", 0)


# --- files for other tools -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("linked", [False, True])
def test_database_file_answers_by_itself(parsed: Path, tmp_path: Path, linked: bool) -> None:
    target = tmp_path / "kế hoạch.duckdb"
    target.write_text("something older")
    run("db", str(target), "--data", str(parsed), *(["--link"] if linked else []))
    assert [path.name for path in tmp_path.iterdir()] == [target.name]
    with duckdb.connect(str(target), read_only=True) as connection:
        connection.execute("set variable as_of = date '2024-06-01'")
        assert connection.execute("select count(*) from v_overdue").fetchall() == [(15,)]
        assert connection.execute("select count(*) from find_tasks('tap huan')").fetchall() == [(3,)]
        comments = connection.execute("select comment from duckdb_views() where view_name = 'v_due'").fetchall()
        assert "Mỗi ngày đến hạn" in comments[0][0]
        query = "select comment from duckdb_columns() where table_name = ? and column_name = 'content'"
        assert "Nội dung công việc" in connection.execute(query, ["v_tasks"]).fetchall()[0][0]
        if not linked:
            assert "Nội dung công việc" in connection.execute(query, ["tasks"]).fetchall()[0][0]


def test_database_that_cannot_be_written_leaves_nothing(parsed: Path, tmp_path: Path) -> None:
    with pytest.raises(LakeError):
        write_database(tmp_path, tmp_path / "a.duckdb")
    assert list(tmp_path.iterdir()) == []
    assert "Không ghi được" in str(run_failing("db", str(tmp_path / "no" / "a.duckdb"), "--data", str(parsed)))


def run_failing(*arguments: str) -> BaseException | None:
    return CliRunner().invoke(app, list(arguments)).exception


def test_meaning_of_columns_is_in_the_files(parsed: Path) -> None:
    path = str(parsed / "tasks" / "tasks.parquet").replace("[", "[[]")
    query = "select decode(value) from parquet_kv_metadata(?) where decode(key) = 'meaning'"
    meaning = json.loads(duckdb.execute(query, [path]).fetchall()[0][0])
    assert meaning["columns"]["content"]["vi"] == "Nội dung công việc"
    assert pq.read_schema(parsed / "tasks" / "tasks.parquet").field("content").metadata[b"en"] == b"What is to be done"


def test_datapackage_is_valid_and_complete(parsed: Path) -> None:
    run("datapackage", "--data", str(parsed))
    written = json.loads((parsed / "datapackage.json").read_text(encoding="utf-8"))
    assert written == datapackage()
    report = frictionless.Package.validate_descriptor(written)
    assert report.valid, report.flatten()
    package = frictionless.Package.from_descriptor(written)
    for resource in package.resources:
        assert (parsed / str(resource.path)).exists()
        table = BY_NAME[resource.name.replace("-", "_")]
        assert [field.name for field in resource.schema.fields] == [column.name for column in table.columns]
    keys = {resource["name"]: resource["schema"].get("foreignKeys", []) for resource in written["resources"]}
    assert keys["deadlines"][1] == {"fields": ["task_id"], "reference": {"resource": "tasks", "fields": ["task_id"]}}


def test_documented_python_runs(parsed: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "parsed").symlink_to(parsed)
    monkeypatch.chdir(tmp_path)
    page = (RAW.parent.parent / "docs" / "analyst.md").read_text(encoding="utf-8")
    names: dict[str, Any] = {}
    for block in re.findall(r"```python\n(.+?)```", page, re.DOTALL):
        exec(block, names)  # the words of our own page
    assert len(names["plans"].tasks) == 54


# --- a lake as it is measured --------------------------------------------------------------------------------------


def test_generated_lake_answers(tmp_path: Path) -> None:
    """The lake of benchmarks/lake.py, small: the measured questions give what Python counts."""
    generated.make(tmp_path, 2_000)
    with pipeline.load(tmp_path, as_of=generated.AS_OF) as plans:
        tasks, units = plans.tasks, plans.task_units
        assert (len(tasks), tasks.task_id.is_unique) == (2_000, True)
        late = tasks[tasks.due_date < pd.Timestamp(generated.AS_OF)]
        leads = units[units.role == "lead"].assign(unit=lambda f: f.unit_name.fillna(f.name))
        expected = late.merge(leads, on="task_id").groupby("unit").size()
        found = plans.sql("select unit, count(*) as n from v_overdue group by unit order by unit").set_index("unit").n
        assert found.to_dict() == expected.to_dict()
        assert int(plans.v_workload.due_days.sum()) == len(plans.v_due)
        assert int(plans.v_workload.deadlines.sum()) == int(plans.v_workload_by_issuer.deadlines.sum())
        assert len(plans.find("chuyen doi so")) == tasks.content.str.contains("chuyển đổi số").sum()
        for _, query in generated.QUESTIONS:
            assert len(plans.sql(query).columns)
