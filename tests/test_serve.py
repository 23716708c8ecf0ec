"""The service as an operator meets it: real processes, a real Prefect server, killed and started again."""

import contextlib
import json
import os
import signal
import sqlite3
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from http import HTTPStatus
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
import yaml

from pipeline.exits import ExitCode
from pipeline.ledger.database import open_ledger
from pipeline.ledger.runs import last_finished
from pipeline.schedule import last_due, missed
from pipeline.settings import Settings
from tests.machine import alive, children, free_port

ROOT = Path(__file__).parent.parent
PATIENCE = 300  # seconds: what takes five on a quiet machine takes a minute on a busy one
PLAN = """SỞ Y TẾ TỈNH MINH AN
Số: 12/KH-SYT
Minh An, ngày 05 tháng 01 năm 2026
KẾ HOẠCH
Phòng chống dịch bệnh năm 2026
1. Phòng Nghiệp vụ Y chủ trì xây dựng báo cáo trước ngày 15/03/2026.
"""


def newcomer(home: Path) -> dict[str, str]:
    """The environment of a new user: an empty home, nothing of Prefect in it."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PREFECT_", "KEHOACH_"))}
    return kept | {"HOME": str(home), "COLUMNS": "200"}


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """An installation with one plan and a schedule that is not due while the test runs."""
    raw = tmp_path / "data" / "raw"
    raw.mkdir(parents=True)
    (raw / "ke-hoach.txt").write_text(PLAN, encoding="utf-8")
    noon = (datetime.now(UTC) + timedelta(hours=12)).hour
    schedule = f'[schedule]\ningest = "30 {noon} * * *"\ntimezone = "UTC"\n'
    (tmp_path / "kehoach.toml").write_text(schedule + "[intake]\nworkers = 1\nstable_seconds = 0\n", encoding="utf-8")
    return tmp_path


def kehoach(place: Path, *arguments: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", "from pipeline.cli import main; main()", *arguments]
    with open(place / "service.log", "a", encoding="utf-8") as log:
        return subprocess.Popen(command, cwd=place, env=newcomer(place), stdout=log, stderr=log, text=True)


def until(met: Callable[[], Any], what: str, place: Path) -> Any:
    due = time.monotonic() + PATIENCE
    while not (answer := met()):
        assert time.monotonic() < due, what + (place / "service.log").read_text(encoding="utf-8")
        time.sleep(0.3)
    return answer


def descendants(pid: int) -> list[int]:
    return [one for child in children(pid) for one in (child, *descendants(child))]


def finished(place: Path) -> datetime | None:
    with open_ledger(place / "data" / "parsed.state") as ledger:
        return last_finished(ledger, place / "data" / "parsed")


def ask(port: int, path: str, body: Any = None) -> Any:
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(f"http://127.0.0.1:{port}/api/{path}", data, {"Content-Type": "application/json"})
    due = time.monotonic() + PATIENCE
    while True:
        try:
            with urllib.request.urlopen(request, timeout=30) as answer:
                return json.load(answer)
        except urllib.error.HTTPError as refused:
            if refused.code != HTTPStatus.SERVICE_UNAVAILABLE or time.monotonic() > due:
                raise
        time.sleep(0.5)  # Prefect's database was busy, nothing was written: Prefect's own client asks again too


def runs(place: Path) -> list[tuple[str, str]]:
    """Name and state of the runs that are not merely planned, as they stand in Prefect's own database."""
    file = place / "data" / "parsed.state" / "prefect" / "prefect.db"
    if not file.exists():
        return []
    with contextlib.closing(sqlite3.connect(file, timeout=60)) as database:
        if not list(database.execute("SELECT 1 FROM sqlite_master WHERE name = 'flow_run'")):
            return []
        query = "SELECT name, state_type FROM flow_run WHERE state_type <> 'SCHEDULED' ORDER BY created"
        return list(database.execute(query))


def backdate(place: Path, days: int) -> None:
    """As if the machine had been off for some days."""
    with open_ledger(place / "data" / "parsed.state") as ledger:
        ledger.execute("UPDATE runs SET ended = ?", ((datetime.now(UTC) - timedelta(days=days)).isoformat(),))


@pytest.mark.slow
def test_the_service_starts_catches_up_once_ends_with_its_children_and_survives_kill_9(place: Path) -> None:
    port = free_port()
    first = kehoach(place, "serve", "--port", str(port))
    log = place / "service.log"
    until(lambda: "starting Prefect" in log.read_text(encoding="utf-8"), "no start", place)
    (place / "khac").mkdir()
    early = kehoach(place / "khac", "serve", "--port", str(port))  # Prefect has not opened its port yet
    assert early.wait(PATIENCE) == ExitCode.NOTHING_DONE
    until(lambda: finished(place), "no first run", place)
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=30) as page:
        assert b"<title>Prefect" in page.read()
    deployed = {one["name"]: one for one in ask(port, "deployments/filter", {})}
    assert set(deployed) == {"ingest", "weekly"}
    told = deployed["ingest"]
    assert told["schedules"][0]["schedule"]["timezone"] == "UTC"
    assert told["global_concurrency_limit"]["limit"] == 1
    assert told["concurrency_options"]["collision_strategy"] == "CANCEL_NEW"
    until(lambda: ("chay-bu", "COMPLETED") in runs(place), "the run did not complete", place)
    assert {one["key"] for one in ask(port, "artifacts/latest/filter", {})} >= {"kehoach-summary", "kehoach-findings"}

    twin = kehoach(place, "serve", "--port", str(free_port()))
    assert twin.wait(PATIENCE) == ExitCode.NOTHING_DONE
    other = kehoach(place / "khac", "serve", "--port", str(port))
    assert other.wait(PATIENCE) == ExitCode.NOTHING_DONE
    assert "đang chạy rồi" in (place / "service.log").read_text(encoding="utf-8")
    told = (place / "khac" / "service.log").read_text(encoding="utf-8")
    assert told.count(f"Không mở được cổng {port}") == 2
    assert "Traceback" not in told

    parts = descendants(first.pid)
    assert len(parts) >= 2
    first.send_signal(signal.SIGTERM)
    assert first.wait(PATIENCE) == ExitCode.OK
    until(lambda: not any(map(alive, parts)), "something outlived the service", place)
    assert pq.read_table(place / "data" / "parsed" / "documents").num_rows == 1

    backdate(place, days=3)
    killed = kehoach(place, "serve", "--port", str(port))
    until(lambda: any(state in ("RUNNING", "PENDING") for _, state in runs(place)), "nothing was caught up", place)
    parts = descendants(killed.pid)
    killed.kill()
    killed.wait()
    until(lambda: not any(map(alive, parts)), "something outlived the service", place)

    backdate(place, days=3)
    again = kehoach(place, "serve", "--port", str(port))
    until(lambda: runs(place)[-1:] == [("chay-bu", "COMPLETED")] and len(runs(place)) == 3, "not caught up", place)
    assert [state for _, state in runs(place)] == ["COMPLETED", "CRASHED", "COMPLETED"]
    assert finished(place) > datetime.now(UTC) - timedelta(minutes=10)
    again.send_signal(signal.SIGTERM)
    assert again.wait(PATIENCE) == ExitCode.OK

    quiet = kehoach(place, "serve", "--port", str(port))
    until(lambda: (place / "service.log").read_text(encoding="utf-8").count("Đã sẵn sàng") == 4, "not ready", place)
    quiet.send_signal(signal.SIGTERM)
    assert quiet.wait(PATIENCE) == ExitCode.OK
    assert len(runs(place)) == 3  # nothing was missed, so nothing ran


@contextmanager
def prefect_server(place: Path, environment: dict[str, str], port: int) -> Iterator[None]:
    with open(place / "service.log", "a", encoding="utf-8") as log:
        command = [sys.executable, "-m", "prefect", "server", "start", "--port", str(port)]
        server = subprocess.Popen(command, env=environment, stdout=log, stderr=log)
    try:
        until(lambda: healthy(port), "the server does not start", place)
        yield
    finally:
        server.terminate()
        server.wait()


def healthy(port: int) -> bool:
    try:
        return bool(ask(port, "health"))
    except OSError:
        return False


@pytest.mark.slow
def test_prefect_yaml_deploys_to_an_existing_server_and_its_worker_runs_it(place: Path) -> None:
    port = free_port()
    environment = newcomer(place) | {
        "PREFECT_API_URL": f"http://127.0.0.1:{port}/api",
        "KEHOACH_HOME": str(place),
        "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
    }

    def prefect(*arguments: str, folder: Path = ROOT) -> None:
        command = [sys.executable, "-m", "prefect", *arguments]
        subprocess.run(command, cwd=folder, env=environment, check=True, capture_output=True, timeout=2 * PATIENCE)

    with prefect_server(place, environment, port):
        prefect("work-pool", "create", "kehoach", "--type", "process")
        prefect("--no-prompt", "deploy", "--all")
        (ingest,) = [one for one in ask(port, "deployments/filter", {}) if one["name"] == "ingest"]
        assert (
            ingest["schedules"][0]["schedule"] | {"cron": "0 1 * * *", "timezone": "Asia/Ho_Chi_Minh"}
            == (ingest["schedules"][0]["schedule"])
        )
        run = ask(port, f"deployments/{ingest['id']}/create_flow_run", {})
        prefect("worker", "start", "--pool", "kehoach", "--run-once", folder=place)
        assert ask(port, f"flow_runs/{run['id']}")["state_type"] == "COMPLETED"
    assert pq.read_table(place / "data" / "parsed" / "documents").num_rows == 1


def test_prefect_yaml_says_what_the_settings_say_by_themselves() -> None:
    described = {one["name"]: one for one in yaml.safe_load((ROOT / "prefect.yaml").read_text())["deployments"]}
    schedule = Settings().schedule
    for name, cron in {"ingest": schedule.ingest, "weekly": schedule.weekly}.items():
        assert described[name]["schedules"] == [{"cron": cron, "timezone": schedule.timezone}]
        assert described[name]["concurrency_limit"] == {"limit": 1, "collision_strategy": "CANCEL_NEW"}


def test_a_missed_run_is_one_that_did_not_end_since_it_was_due() -> None:
    hanoi = "Asia/Ho_Chi_Minh"
    now = datetime(2026, 3, 4, 20, 0, tzinfo=UTC)  # three at night of the fifth there
    assert last_due("0 1 * * *", hanoi, now) == datetime(2026, 3, 4, 18, 0, tzinfo=UTC)
    assert last_due("0 3 * * *", hanoi, now) == now
    assert missed("0 1 * * *", hanoi, None, now)
    assert missed("0 1 * * *", hanoi, datetime(2026, 3, 1, tzinfo=UTC), now)
    assert not missed("0 1 * * *", hanoi, datetime(2026, 3, 4, 18, 5, tzinfo=UTC), now)
