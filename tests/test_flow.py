"""The Prefect flow: on a real server of its own, the same Parquet as the command, artifacts, and a clean screen."""

import asyncio
import hashlib
import os
import re
import signal
import subprocess
import sys
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from store_samples import NOON, findings, plan

from benchmarks.plans import write_tiny
from pipeline.exits import ExitCode
from pipeline.ledger.database import open_ledger
from pipeline.store.arrow import reading
from pipeline.store.findings import worst_findings
from pipeline.store.parquet import Change, Store
from pipeline.store.schema import TABLES

ROOT = Path(__file__).parent.parent
RAW = ROOT / "data" / "raw"
OUR_FILES = tuple(f'File "{ROOT / name}' for name in ("extractors", "flows", "pipeline"))  # in tracebacks
HARMLESS = ("Starting temporary server", "Stopping temporary server", "Beginning flow run", "Finished in state")


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The environment of a new user: an empty home, nothing of Prefect in it."""
    home = tmp_path_factory.mktemp("home")
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PREFECT_")}
    return kept | {"HOME": str(home), "PREFECT_HOME": str(home / ".prefect"), "COLUMNS": "200"}


def flow(environment: dict[str, str], *arguments: str | Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "flows.ingest", *map(str, arguments)]
    return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)


def faults(ended: subprocess.CompletedProcess[str]) -> list[str]:
    """Lines by which our flow, our code or the end of the interpreter complain.

    Prefect's temporary server writes to the same screen, and on a busy machine complains there of its own: of loops
    that took long, of a query that was cut off when it was told to end.
    """
    told = [line.strip() for line in (ended.stderr + ended.stdout).splitlines()]
    levels = re.compile(r"\| (WARNING|ERROR|CRITICAL)\s+\| (Flow run|Task run)")
    return [line for line in told if line.startswith(OUR_FILES) or levels.search(line) or "leaked" in line]


def digests(out: Path) -> dict[str, str]:
    """Of all tables but those with moments of the clock."""
    names = [t.name for t in TABLES if t.name not in ("documents", "failures")]
    return {name: hashlib.sha256((out / name / f"{name}.parquet").read_bytes()).hexdigest() for name in names}


@pytest.mark.slow
def test_the_flow_on_a_fresh_machine_is_clean_and_gives_the_commands_parquet(
    server: dict[str, str], tmp_path: Path
) -> None:
    ended = flow(server, RAW, tmp_path / "flow")
    assert ended.returncode == ExitCode.OK, ended.stderr
    assert not faults(ended)
    for words in HARMLESS:
        assert words in ended.stderr
    assert "Đã xong" in ended.stdout
    command = [sys.executable, "-c", "from pipeline.cli import main; main()", "ingest", str(RAW)]
    subprocess.run([*command, "--out", str(tmp_path / "command")], check=True, capture_output=True, cwd=ROOT)
    assert digests(tmp_path / "flow") == digests(tmp_path / "command")


@pytest.mark.slow
@pytest.mark.usefixtures("ctrl_c_is_heard")
def test_ctrl_c_ends_what_is_being_read_and_keeps_what_was_read(server: dict[str, str], tmp_path: Path) -> None:
    many = 1500
    write_tiny(tmp_path / "raw", many)
    command = [sys.executable, "-m", "flows.ingest", str(tmp_path / "raw"), str(tmp_path / "out"), "--workers", "1"]
    with subprocess.Popen(command, cwd=ROOT, env=server, stderr=subprocess.PIPE, text=True) as running:
        assert running.stderr
        assert any(f"/{many}]" in line for line in running.stderr)  # its first progress
        running.send_signal(signal.SIGINT)
        _, told = running.communicate(timeout=240)
    assert running.returncode == ExitCode.STOPPED
    assert f"/ Stopped; what was read is stored in {tmp_path / 'out'}.\n" in told
    assert 0 < pq.read_table(tmp_path / "out" / "documents").num_rows < many


@pytest.mark.slow
def test_a_locked_store_ends_the_flow_with_a_sentence(server: dict[str, str], tmp_path: Path) -> None:
    with Store.writing(tmp_path / "out"):
        ended = flow(server, RAW, tmp_path / "out")
    assert ended.returncode == ExitCode.NOTHING_DONE
    assert f"pid {os.getpid()}" in ended.stderr
    assert not any(line.startswith(OUR_FILES) for line in map(str.strip, ended.stderr.splitlines()))


@pytest.mark.slow
def test_the_run_leaves_summary_findings_and_report_and_is_not_the_worse_for_a_mail_server_that_is_down(
    tmp_path: Path,
) -> None:
    from prefect.artifacts import Artifact
    from prefect.testing.utilities import prefect_test_harness

    from flows import ingest as ingest_module

    (tmp_path / "hỏng|<b>.docx").write_bytes(b"")
    config = tmp_path / "kehoach.toml"
    config.write_text(
        f'[intake]\nreport = "{tmp_path}/bao-cao"\nworkers = 2\n[mail]\nhost = "127.0.0.1"\nport = 9\n'
        '[[groups]]\nname = "Sở"\nto = ["a@so.gov.vn"]\n',
        encoding="utf-8",
    )
    sources = [str(next(RAW.glob("*.docx"))), str(next(RAW.glob("*.pdf"))), str(tmp_path / "hỏng|<b>.docx")]
    with prefect_test_harness(server_startup_timeout=300):
        summary = asyncio.run(ingest_module.ingest_flow(config, sources, tmp_path / "out", as_of="today"))
        assert isinstance(summary, ingest_module.Summary)
        told, table, link = (Artifact.get(f"kehoach-{name}") for name in ("summary", "findings", "report"))
    assert told is not None
    assert table is not None
    assert link is not None
    assert "| hỏng\\|&lt;b>.docx |" in str(told.data)
    assert f"- Nhiệm vụ: {summary.tasks}" in str(told.data)
    assert "| đọc |" in str(told.data)
    assert '"severity": "error"' in str(table.data).split("}")[0]
    assert table.description == f"Tất cả {sum(summary.findings.values())} phát hiện."
    assert (tmp_path / "bao-cao" / "index.html").resolve().as_uri() in str(link.data)
    with open_ledger(tmp_path / "out.state") as ledger:
        assert ledger.execute("SELECT state, attempts FROM mails").fetchone()[:] == ("queued", 1)


def test_the_gravest_findings_come_first_and_the_rest_is_counted(tmp_path: Path) -> None:
    readings = [
        reading(plan(f"{n}.txt", number=str(n)), findings(), pipeline_version="1", ingested_at=NOON) for n in range(5)
    ]
    with Store.writing(tmp_path) as store:
        store.commit(Change(tuple(readings), {r.document_id: (r.source_uri,) for r in readings}))
    shown, total = worst_findings(Store(tmp_path), {r.document_id for r in readings[:4]}, 5)
    assert total == 8
    assert [row["severity"] for row in shown] == ["error"] * 4 + ["info"]
    assert {row["file"] for row in shown} <= {"0.txt", "1.txt", "2.txt", "3.txt"}


def test_prefect_tells_nobody_outside() -> None:
    program = (
        "import flows, prefect.settings as s; c = s.get_current_settings(); "
        "print(c.server.analytics_enabled, c.telemetry.enable_resource_metrics)"
    )
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PREFECT_")}
    ended = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True, env=kept, cwd=ROOT
    )
    assert ended.stdout.split() == ["False", "False"]
