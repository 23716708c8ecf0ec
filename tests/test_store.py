"""The store: contract types through every reader, once and whole, replaced rows, nothing half after a crash."""

import hashlib
import json
import os
import subprocess
import sys
import unicodedata
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import duckdb
import pandas as pd
import pyarrow as pa
import pyarrow.dataset as ds
import pyarrow.parquet as pq
import pytest
from store_samples import NOON, findings, plan, sample_reading

from extractors.errors import Reason
from pipeline.plan import Citation, Finding, Header, PlanDocument, Severity
from pipeline.store.arrow import document_key, finding_rows
from pipeline.store.lock import StoreLockedError
from pipeline.store.parquet import BetweenDocuments, Change, Store
from pipeline.store.schema import TABLES
from pipeline.store.table_file import StoreError

# The contract, written out once more as an analyst reads it.
CONTRACT = {
    "documents": """document_id str, sha256 str, source_uri str, media_type str, page_count int32, extractor str,
        pipeline_version str, ingested_at moment, doc_type str, doc_type_code str, number str, symbol str,
        document_key str, issuer str, place str, issued_date date, issued_date_text str, issued_date_precision str,
        issued_start date, issued_end date, title str, period_start date, period_end date, signer_title str,
        signer_name str, recipients list""",
    "tasks": """task_id str, document_id str, sequence int32, source str, ordinal str, section_path list,
        objective str, parent str, content str, output str, lead_text str, partner_text str, leads list,
        partners list, roles_inferred bool, deadline_text str, due_date date, note str, page int32,
        table_index int32, row_index int32, bbox box, confidence float32""",
    "task_units": """task_id str, document_id str, role str, position int32, name str, unit_id str, unit_name str,
        unit_kind str""",
    "deadlines": """task_id str, document_id str, position int32, text str, source str, kind str, bound str,
        start_date date, end_date date, rrule str, year_inferred bool""",
    "citations": """document_id str, position int32, text str, doc_type str, number str, symbol str, date date,
        issuer str, page int32""",
    "findings": """finding_id str, document_id str, task_id str, rule str, severity str, message str, evidence str,
        page int32, as_of date""",
    "failures": "source_uri str, sha256 str, reason str, message str, failed_at moment",
}
TYPES = {
    "str": pa.string(),
    "int32": pa.int32(),
    "float32": pa.float32(),
    "bool": pa.bool_(),
    "date": pa.date32(),
    "moment": pa.timestamp("us", tz="UTC"),
    "list": pa.list_(pa.string()),
    "box": pa.struct([(edge, pa.float32()) for edge in ("x0", "top", "x1", "bottom")]),
}
FAILURE = {
    "source_uri": "/x/hong.docx",
    "sha256": "ab",
    "reason": Reason.DAMAGED.value,
    "message": "Tệp hỏng. / Damaged.",
    "failed_at": NOON,
    "pipeline_version": "1",
}


def _duplicate(other: str) -> Finding:
    return Finding("document.duplicate", Severity.INFO, f"Còn tệp {other}.", other)


def _dated_elsewhere(text: str, own: date, other: date, file: str, page: int | None) -> Finding:
    return Finding("citation.dated_elsewhere", Severity.INFO, f"{file}: {own} khác {other}.", text)


BETWEEN = BetweenDocuments(_duplicate, _dated_elsewhere)


def store_plans(root: Path, *plans: PlanDocument, **options: object) -> None:
    readings = tuple(sample_reading(p, **options) for p in plans)  # type: ignore[arg-type]
    places = {r.document_id: (r.source_uri,) for r in readings}
    with Store.writing(root, BETWEEN) as store:
        store.commit(Change(readings, places))


def digests(root: Path) -> dict[str, str]:
    return {t.name: hashlib.sha256((root / t.name / f"{t.name}.parquet").read_bytes()).hexdigest() for t in TABLES}


def by_pandas(root: Path, table: str) -> pd.DataFrame:
    return pd.read_parquet(root / table)


def by_pyarrow(root: Path, table: str) -> pd.DataFrame:
    return ds.dataset(root / table, partitioning="hive", exclude_invalid_files=False).to_table().to_pandas()


def by_duckdb(root: Path, table: str) -> pd.DataFrame:
    with duckdb.connect() as connection:
        return connection.sql(f"from read_parquet('{root}/{table}/**/*.parquet', hive_partitioning=true)").df()


READERS = (by_pandas, by_pyarrow, by_duckdb)


@pytest.mark.parametrize("table", CONTRACT)
def test_columns_have_the_names_and_types_of_the_contract(table: str, tmp_path: Path) -> None:
    store_plans(tmp_path, plan())
    schema = pq.read_schema(tmp_path / table / f"{table}.parquet")
    wanted = [entry.split() for entry in CONTRACT[table].split(",")]
    assert [(name, schema.field(name).type) for name, _ in wanted] == [(name, TYPES[kind]) for name, kind in wanted]


def test_columns_of_duckdb_are_real_types(tmp_path: Path) -> None:
    store_plans(tmp_path, plan())
    with duckdb.connect() as connection:
        described = connection.sql(f"describe from read_parquet('{tmp_path}/tasks/**/*.parquet')").fetchall()
    types = {name: kind for name, kind, *_ in described}
    assert types["due_date"] == "DATE"
    assert types["leads"] == "VARCHAR[]"
    assert types["sequence"] == "INTEGER"
    assert types["bbox"].replace('"', "") == "STRUCT(x0 FLOAT, top FLOAT, x1 FLOAT, bottom FLOAT)"


@pytest.mark.parametrize("read", READERS)
def test_every_reader_sees_the_values(read: Callable[[Path, str], pd.DataFrame], tmp_path: Path) -> None:
    store_plans(tmp_path, plan("a.txt"), plan("b.txt", tasks=3, number="13"))
    tasks = read(tmp_path, "tasks")
    assert len(tasks) == 5
    first = tasks.iloc[0]
    assert list(first["leads"]) == ["Văn phòng Sở"]
    assert str(first["due_date"])[:10] == "2021-12-31"
    assert first["content"] == "Rà soát, niêm yết thủ tục hành chính lần 1"
    assert first["bbox"]["x1"] == 30.5
    assert sorted(read(tmp_path, "documents")["number"]) == ["12", "13"]
    assert set(read(tmp_path, "deadlines")["kind"]) == {"quarter", "recurring"}


def test_a_new_store_has_all_tables_with_all_columns(tmp_path: Path) -> None:
    with Store.writing(tmp_path / "out"):
        pass
    for table in TABLES:
        assert by_pyarrow(tmp_path / "out", table.name).columns.tolist() == [c.name for c in table.columns]


def test_table_folders_hold_one_file_and_nothing_else(tmp_path: Path) -> None:
    store_plans(tmp_path, plan())
    for table in TABLES:
        assert os.listdir(tmp_path / table.name) == [f"{table.name}.parquet"]


def test_the_same_document_twice_changes_not_a_byte(tmp_path: Path) -> None:
    store_plans(tmp_path, plan())
    before = digests(tmp_path)
    store_plans(tmp_path, plan(), now=NOON + timedelta(days=1))
    assert digests(tmp_path) == before


def test_the_order_of_commits_does_not_show(tmp_path: Path) -> None:
    a, b, c = plan("a.txt"), plan("b.txt", number="13"), plan("c.txt", tasks=0)
    store_plans(tmp_path / "one", a, b, c)
    for each in (c, a, b):
        store_plans(tmp_path / "many", each)
    assert digests(tmp_path / "one") == digests(tmp_path / "many")


def test_a_document_read_again_replaces_only_its_rows(tmp_path: Path) -> None:
    other = plan("b.txt", number="13")
    store_plans(tmp_path, plan("a.txt", tasks=5), other)
    kept = by_pandas(tmp_path, "tasks").query("document_id == @other.document_id").reset_index(drop=True)
    store_plans(tmp_path, plan("a.txt", tasks=1), version="2")
    tasks = by_pandas(tmp_path, "tasks")
    assert tasks["document_id"].value_counts().to_dict() == {plan("a.txt").document_id: 1, other.document_id: 2}
    pd.testing.assert_frame_equal(
        tasks.query("document_id == @other.document_id").reset_index(drop=True), kept, check_like=True
    )
    assert sorted(by_pandas(tmp_path, "documents")["pipeline_version"]) == ["1", "2"]


def test_a_document_without_a_place_keeps_its_rows_and_is_marked_until_it_returns(tmp_path: Path) -> None:
    store_plans(tmp_path, plan("a.txt"), plan("b.txt", number="13"))
    before = digests(tmp_path)
    gone = plan("a.txt").document_id
    with Store.writing(tmp_path, BETWEEN) as store:
        store.commit(Change(places={gone: ()}, at=NOON))
    rows = by_pandas(tmp_path, "documents").set_index("document_id")
    assert rows["source_removed_at"].dropna().to_dict() == {gone: pd.Timestamp(NOON)}
    assert rows.loc[gone, "source_uri"] == "/du lieu/a.txt"
    assert {name for name, digest in digests(tmp_path).items() if digest != before[name]} == {"documents"}
    with Store.writing(tmp_path, BETWEEN) as store:
        store.commit(
            Change(
                places={
                    gone: (),
                },
                at=NOON + timedelta(days=1),
            )
        )  # found gone again: the first moment stays
    assert set(by_pandas(tmp_path, "documents")["source_removed_at"].dropna()) == {pd.Timestamp(NOON)}
    with Store.writing(tmp_path, BETWEEN) as store:
        store.commit(Change(places={gone: ("/du lieu/a.txt",)}))
    assert digests(tmp_path) == before


def test_one_content_at_two_places_is_one_row(tmp_path: Path) -> None:
    read = sample_reading(plan("a.txt"))
    with Store.writing(tmp_path, BETWEEN) as store:
        store.commit(Change((read,), {read.document_id: ("/z/b.txt", "/a/a.txt")}))
    (row,) = by_pandas(tmp_path, "documents").to_dict("records")
    assert row["source_uri"] == "/a/a.txt"
    assert list(row["copies"]) == ["/z/b.txt"]
    (finding,) = by_pandas(tmp_path, "findings").query("rule == 'document.duplicate'").to_dict("records")
    assert (finding["message"], finding["evidence"]) == ("Còn tệp b.txt.", "b.txt")


def cited(name: str, number: str, symbol: str, day: date, issuer: str | None) -> PlanDocument:
    return replace(
        plan(name, number=name), citations=(Citation(f"{number}/{symbol}", "Quyết định", number, symbol, day, issuer),)
    )


def test_a_citation_dated_otherwise_in_another_document(tmp_path: Path) -> None:
    store_plans(
        tmp_path,
        cited("a.txt", "749", "QĐ-TTg", date(2020, 6, 3), "Thủ tướng Chính phủ"),
        cited("b.txt", "749", "QĐ-TTg", date(2020, 7, 3), None),
        cited("c.txt", "749", "QĐ-TTg", date(2021, 6, 3), None),  # another year's number 749
        cited("d.txt", "38", "QĐ-UBND", date(2024, 1, 5), "UBND huyện Tân An"),
        cited("e.txt", "38", "QĐ-UBND", date(2024, 2, 6), "UBND huyện Phú Lộc"),  # another body's number 38
    )
    found = by_pandas(tmp_path, "findings").query("rule == 'citation.dated_elsewhere'")
    assert sorted(found["message"]) == ["a.txt: 2020-07-03 khác 2020-06-03.", "b.txt: 2020-06-03 khác 2020-07-03."]
    with Store.writing(tmp_path, BETWEEN) as store:
        store.commit(Change(places={cited("b.txt", "749", "QĐ-TTg", date(2020, 7, 3), None).document_id: ()}))
    assert by_pandas(tmp_path, "findings").query("rule == 'citation.dated_elsewhere'").empty


def test_two_files_of_one_document_find_each_other(tmp_path: Path) -> None:
    word, pdf = plan("ke-hoach.docx"), plan("ke-hoach.pdf")
    store_plans(tmp_path, word, plan("khac.txt", number="99"))
    assert by_pandas(tmp_path, "findings").query("rule == 'document.duplicate'").empty
    store_plans(tmp_path, pdf)
    duplicates = by_pandas(tmp_path, "findings").query("rule == 'document.duplicate'")
    assert set(duplicates["document_id"]) == {word.document_id, pdf.document_id}
    assert set(duplicates["severity"]) == {"info"}
    with Store.writing(tmp_path, BETWEEN) as store:
        store.commit(Change(places={pdf.document_id: ()}))
    assert by_pandas(tmp_path, "findings").query("rule == 'document.duplicate'").empty


@pytest.mark.parametrize(
    ("change", "same"),
    [
        ({"issuer": "SỞ XÂY DỰNG TỈNH BÌNH SƠN"}, True),
        ({"number": "012"}, True),
        ({"symbol": "KH–SXD"}, True),
        ({"number": "13"}, False),
        ({"issued_date": plan().header.issued_date.replace(year=2022)}, False),  # type: ignore[union-attr]
    ],
)
def test_document_key_is_equal_for_two_files_of_one_document(change: dict[str, object], same: bool) -> None:
    header: Header = plan().header
    assert (document_key(replace(header, **change)) == document_key(header)) is same  # type: ignore[arg-type]


@pytest.mark.parametrize("field", ["number", "symbol", "issuer"])
def test_document_key_needs_number_symbol_and_issuer(field: str) -> None:
    assert document_key(replace(plan().header, **{field: None})) is None


def test_finding_ids_name_the_defect_not_the_run() -> None:
    first, second = finding_rows("d1", findings()), finding_rows("d1", findings())
    assert first == second
    twins = finding_rows("d1", findings() + findings())
    assert len({row["finding_id"] for row in twins}) == 4
    reworded = [replace(f, message="khác", as_of=NOON.date()) for f in findings()]
    assert [row["finding_id"] for row in finding_rows("d1", reworded)] == [row["finding_id"] for row in first]
    assert first[0]["finding_id"] != finding_rows("d2", findings())[0]["finding_id"]


def test_text_is_stored_composed_and_always_encodable(tmp_path: Path) -> None:
    broken = replace(plan(), header=replace(plan().header, title="Kế hoạch \ud835", signer_name="Nguyễn"))
    store_plans(tmp_path, broken)
    (row,) = by_pandas(tmp_path, "documents").to_dict("records")
    assert row["title"] == "Kế hoạch \ufffd"
    assert row["signer_name"] == "Nguyễn"


def test_text_in_lists_and_cells_is_mended_by_itself() -> None:
    """Halves of a pair in two values stay halves; a name with its marks apart is composed wherever it stands."""
    apart, whole = unicodedata.normalize("NFD", "Nguyễn"), "Nguyễn"
    task = replace(plan().tasks[0], section_path=("I \ud835", "\udc00 II"), extra=((apart, "x\ud835"), ("Ghi chú", "")))
    row = sample_reading(replace(plan(), tasks=(task,))).batch("tasks").to_pylist()[0]
    assert row["section_path"] == ["I \ufffd", "\ufffd II"]
    assert row["extra"] == [{"heading": whole, "text": "x\ufffd"}, {"heading": "Ghi chú", "text": ""}]


def test_a_value_that_does_not_fit_is_refused_before_it_is_stored() -> None:
    task = plan().tasks[0]
    with pytest.raises(pa.ArrowInvalid):
        sample_reading(replace(plan(), tasks=(replace(task, content=None),)))  # type: ignore[arg-type]


def test_failures_are_one_row_a_place(tmp_path: Path) -> None:
    with Store.writing(tmp_path, BETWEEN) as store:
        store.commit(Change(failures=(FAILURE,)))
        store.commit(Change(failures=({**FAILURE, "sha256": "cd"},)))
        assert by_pandas(tmp_path, "failures")["sha256"].tolist() == ["cd"]
        store.commit(Change(cleared=frozenset({"/x/hong.docx"})))
    assert by_pandas(tmp_path, "failures").empty


def test_a_second_writer_is_told_who_holds_the_lock(tmp_path: Path) -> None:
    told = pytest.raises(StoreLockedError, match=rf"pid {os.getpid()}")
    with Store.writing(tmp_path), told, Store.writing(tmp_path):
        pass
    with Store.writing(tmp_path):
        pass


def test_the_lock_goes_with_a_killed_holder(tmp_path: Path) -> None:
    script = (
        f"from pathlib import Path\nfrom pipeline.store.parquet import Store\nimport os, signal\n"
        f"with Store.writing(Path({str(tmp_path)!r})):\n    os.kill(os.getpid(), signal.SIGKILL)"
    )
    assert subprocess.run([sys.executable, "-c", script], check=False).returncode == -9
    store_plans(tmp_path, plan())
    assert len(by_pandas(tmp_path, "documents")) == 1


class _PowerCutError(BaseException):
    """The machine stops here."""


def cut_before(step: int, work: Callable[[], None], monkeypatch: pytest.MonkeyPatch) -> None:
    """Stops the work before its n-th rename, removal or sync, as a power cut would."""
    calls = 0

    def counted(real: Callable[..., object]) -> Callable[..., object]:
        def call(*args: object, **options: object) -> object:
            nonlocal calls
            calls += 1
            if calls > step:
                raise _PowerCutError
            return real(*args, **options)

        return call

    with monkeypatch.context() as patched, suppress(_PowerCutError):
        for name in ("replace", "fsync", "unlink"):
            patched.setattr(os, name, counted(getattr(os, name)))
        work()


@pytest.mark.parametrize("step", range(36))
def test_a_crash_at_any_rename_leaves_all_or_nothing(
    step: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = plan("a.txt"), plan("b.txt", tasks=4, number="13")
    store_plans(tmp_path / "calm", first, second)
    store_plans(tmp_path / "cut", first)
    before = digests(tmp_path / "cut")
    cut_before(step, lambda: store_plans(tmp_path / "cut", second), monkeypatch)
    visible = set(by_pandas(tmp_path / "cut", "documents")["document_id"])
    tasks = by_duckdb(tmp_path / "cut", "tasks")["document_id"].value_counts().to_dict()
    for document, count in ((first, 2), (second, 4)):
        assert document.document_id not in visible or tasks[document.document_id] == count
        assert tasks.get(document.document_id, count) == count
    assert first.document_id in visible
    with Store.writing(tmp_path / "cut"):
        pass
    assert digests(tmp_path / "cut") in (before, digests(tmp_path / "calm"))
    store_plans(tmp_path / "cut", second)
    assert digests(tmp_path / "cut") == digests(tmp_path / "calm")


@pytest.mark.parametrize("step", range(0, 40, 2))
def test_a_crash_while_a_changed_file_is_stored_never_shows_half_a_document(
    step: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The new content comes and the old one is superseded by it: a reader of `documents` sees each one whole."""
    old, new = plan("a.txt", tasks=3), plan("a.txt", tasks=5, data=b"new")
    came = sample_reading(new, now=NOON + timedelta(days=1))
    change = Change((came,), {old.document_id: (), came.document_id: (came.source_uri,)}, at=NOON)

    def work(root: Path) -> None:
        with Store.writing(root, BETWEEN) as store:
            store.commit(change)

    for root in (tmp_path / "calm", tmp_path / "cut"):
        store_plans(root, old)
    work(tmp_path / "calm")
    cut_before(step, lambda: work(tmp_path / "cut"), monkeypatch)
    rows = by_pandas(tmp_path / "cut", "documents").to_dict("records")
    assert old.document_id in {row["document_id"] for row in rows}
    for row in rows:
        for table, count in (("tasks", 1), ("deadlines", 2), ("task_units", 2)):
            owned = by_duckdb(tmp_path / "cut", table).query("document_id == @row['document_id']")
            assert len(owned) == count * row["task_count"]
    work(tmp_path / "cut")
    assert digests(tmp_path / "cut") == digests(tmp_path / "calm")
    versions = by_pandas(tmp_path / "cut", "documents").set_index("document_id")["superseded_by"]
    assert versions[old.document_id] == new.document_id


def test_a_table_of_an_older_release_gains_the_new_columns(tmp_path: Path) -> None:
    store_plans(tmp_path, plan())
    path = tmp_path / "documents" / "documents.parquet"
    old = pq.read_table(path).drop_columns(["copies", "as_of", "title"]).replace_schema_metadata(None)
    pq.write_table(old, path)
    store_plans(tmp_path, plan("b.txt", number="13"))
    rows = by_pandas(tmp_path, "documents").set_index("document_id")
    assert rows.loc[plan().document_id, "title"] is None or pd.isna(rows.loc[plan().document_id, "title"])
    assert len(rows) == 2


def test_a_table_of_a_newer_release_is_not_touched(tmp_path: Path) -> None:
    store_plans(tmp_path, plan())
    path = tmp_path / "tasks" / "tasks.parquet"
    newer = pq.read_table(path).replace_schema_metadata({"schema_version": "999"})
    pq.write_table(newer, path)
    with pytest.raises(StoreError, match="newer kehoach"):
        store_plans(tmp_path, plan("b.txt"))


def test_a_damaged_table_is_reported_by_name(tmp_path: Path) -> None:
    store_plans(tmp_path, plan())
    (tmp_path / "tasks" / "tasks.parquet").write_bytes(b"PAR1 no more")
    with pytest.raises(StoreError, match=r"tasks\.parquet"):
        store_plans(tmp_path, plan("b.txt"))


def test_a_table_whose_values_do_not_unpack_is_damaged(tmp_path: Path) -> None:
    store_plans(tmp_path, plan(tasks=500))
    path = tmp_path / "tasks" / "tasks.parquet"
    data = bytearray(path.read_bytes())
    data[4:2000] = bytes(byte ^ 0x55 for byte in data[4:2000])
    path.write_bytes(data)
    with pytest.raises(StoreError, match=r"Bảng .*tasks\.parquet bị hỏng"):
        Store(tmp_path).read("tasks")


def test_a_table_that_the_machine_does_not_give_is_told_so(tmp_path: Path) -> None:
    path = tmp_path / "tasks" / "tasks.parquet"
    path.parent.mkdir()
    path.symlink_to(path)  # a loop
    with pytest.raises(StoreError, match=r"Không đọc được bảng .*tasks\.parquet"):
        Store(tmp_path).read("tasks")


def test_a_full_disk_leaves_the_store_as_it_was(tmp_path: Path) -> None:
    store_plans(tmp_path, plan("a.txt"))
    before = digests(tmp_path)
    script = (
        "import resource, signal, sys; from pathlib import Path; from test_store import store_plans, plan\n"
        "signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (20000, 20000))\n"
        f"store_plans(Path({str(tmp_path)!r}), plan('b.txt', tasks=2000, number='13'))"
    )
    environment = os.environ | {"PYTHONPATH": os.pathsep.join([str(Path(__file__).parent), *sys.path])}
    ended = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, env=environment, check=False)
    assert "StoreError" in ended.stderr
    assert digests(tmp_path) == before
    store_plans(tmp_path, plan("b.txt", number="13"))
    assert len(by_pandas(tmp_path, "documents")) == 2


def test_every_column_says_what_it_means_in_two_languages(tmp_path: Path) -> None:
    store_plans(tmp_path, plan())
    for table in TABLES:
        schema = pq.read_schema(tmp_path / table.name / f"{table.name}.parquet")
        for column in schema:
            assert column.metadata[b"en"]
            assert column.metadata[b"vi"]


def test_the_journal_names_only_tables(tmp_path: Path) -> None:
    """A commit that was noted but not begun is finished by the next writer."""
    store_plans(tmp_path, plan("a.txt"))
    workshop = tmp_path / ".kehoach"
    (workshop / "staging").mkdir(exist_ok=True)
    pq.write_table(pq.read_table(tmp_path / "tasks" / "tasks.parquet").slice(0, 0), workshop / "staging" / "tasks")
    (workshop / "commit.json").write_text(json.dumps(["tasks"]))
    with Store.writing(tmp_path):
        pass
    assert by_pandas(tmp_path, "tasks").empty
    assert not (workshop / "commit.json").exists()
