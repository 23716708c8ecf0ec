"""A week of the service on a clock of its own: what the flows call, with real files, tables, ledger and mail server.

Monday 2 March 2026 is the first night. What stands in tables, ledger and mailbox is looked at day by day.
"""

import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
from mail_server import Mailbox, mail_server

from pipeline.alerts import Sent, after_run, weekly
from pipeline.batch import Summary
from pipeline.exits import ExitCode
from pipeline.installation import ingest_as_set
from pipeline.ledger.database import open_ledger
from pipeline.ledger.marks import Mark, mark
from pipeline.ledger.runs import RunState, last_finished, recent_runs
from pipeline.schedule import missed
from pipeline.settings import Settings
from pipeline.watchdog import watch

HANOI = timedelta(hours=7)


def plan(number: int, *tasks: str, year: int = 2026) -> str:
    rows = "\n".join(f"{n}. {task}" for n, task in enumerate(tasks, 1))
    return (
        f"SỞ Y TẾ TỈNH MINH AN\nSố: {number}/KH-SYT\nMinh An, ngày 05 tháng 01 năm {year}\n"
        f"KẾ HOẠCH\nPhòng chống dịch bệnh năm {year}, đợt {number}\n{rows}\nGIÁM ĐỐC\nNguyễn Văn Thử\n"
    )


@dataclass
class Office:
    """An installation, and the clock that all of it goes by."""

    settings: Settings
    raw: Path
    now: datetime = datetime(2026, 3, 1, 18, 0, tzinfo=UTC)  # Monday 2 March, one at night in Hà Nội
    summaries: list[Summary] = field(default_factory=list)

    def clock(self) -> datetime:
        return self.now

    def at(self, day: int, hour: int) -> None:
        """Moves the clock to an hour of a day of March in Hà Nội."""
        self.now = datetime(2026, 3, day, hour, tzinfo=UTC) - HANOI

    def night(self) -> tuple[Summary, Sent]:
        """What the ingest flow does."""
        summary = ingest_as_set(self.settings, as_of=(self.now + HANOI).date(), clock=self.clock)
        return summary, after_run(self.settings, self.now)

    def put(self, name: str, text: str | bytes) -> None:
        (self.raw / name).write_bytes(text if isinstance(text, bytes) else text.encode())

    def rows(self, table: str) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = pq.read_table(self.settings.intake.out / table).to_pylist()
        return found

    def documents(self) -> dict[str, dict[str, Any]]:
        return {row["source_uri"].rsplit("/", 1)[-1]: row for row in self.rows("documents")}

    def waiting_mails(self) -> int:
        with open_ledger(self.settings.intake.state_folder) as ledger:
            return int(ledger.execute("SELECT count(*) FROM mails WHERE state = 'queued'").fetchone()[0])


@pytest.fixture
def office(tmp_path: Path) -> Callable[[int], Office]:
    raw = tmp_path / "raw"
    raw.mkdir()

    def made(port: int) -> Office:
        settings = Settings.model_validate(
            {
                "intake": {
                    "sources": [str(raw)],
                    "out": tmp_path / "parsed",
                    "workers": 1,
                    "stable_seconds": 0,
                },
                "mail": {"host": "127.0.0.1", "port": port, "security": "none", "operators": ["truc@minhan.gov.vn"]},
                "groups": [
                    {"name": "Sở Y tế", "to": ["vanphong@minhan.gov.vn"], "severity": "error", "weekly": True},
                ],
            }
        )
        return Office(settings, raw)

    return made


def subjects(box: Mailbox) -> list[str]:
    return [str(mail["subject"]) for mail in box.mails()]


@pytest.mark.slow
def test_a_week(office: Callable[[int], Office], tmp_path: Path) -> None:
    box = Mailbox()
    with mail_server(tmp_path / "mail", box, tls=False) as server:
        one = office(server.port)
        monday(one, box)
        tuesday_and_wednesday(one, box)
    thursday_without_mail_server(one, box)
    with mail_server(tmp_path / "mail-again", box, tls=False, port=server.port):
        friday_and_saturday(one, box)
        sunday_without_a_run(one, box)
        monday_again(one, box)
    with open_ledger(one.settings.intake.state_folder) as ledger:
        runs = recent_runs(ledger, 20)
    assert len(runs) == 7
    assert {run.state for run in runs} == {RunState.FINISHED}
    assert [run.started.astimezone(UTC) + HANOI for run in runs] == sorted(
        (run.started.astimezone(UTC) + HANOI for run in runs), reverse=True
    )


def monday(one: Office, box: Mailbox) -> None:
    """Two plans, one with a date that does not exist: a digest at night, the week's deadlines in the morning."""
    one.put("kh-1.txt", plan(1, "Phòng Nghiệp vụ Y chủ trì xây dựng báo cáo trước ngày 06/03/2026."))
    one.put("kh-2.txt", plan(2, "Văn phòng Sở chủ trì tổ chức tập huấn trước ngày 31/02/2026."))
    summary, sent = one.night()
    assert (summary.read, summary.known, sent.sent) == (2, 0, 1)
    assert subjects(box) == ["Kế hoạch: 1 lỗi mới trong 1 văn bản"]
    assert "31/02/2026" in text(box.mails()[-1])
    one.at(2, 7)
    assert weekly(one.settings, one.now).sent == 1
    assert subjects(box)[1:] == ["Kế hoạch: 1 thời hạn trong 14 ngày tới"]
    assert [part.get_content_type() for part in box.mails()[-1].iter_attachments()].count("text/calendar") == 1
    assert weekly(one.settings, one.now).sent == 0  # once a week, however often the flow runs


def tuesday_and_wednesday(one: Office, box: Mailbox) -> None:
    """A quiet night; then a plan that came after it, and a file that is broken."""
    one.at(3, 1)
    summary, sent = one.night()
    assert (summary.read, summary.known, sent.sent) == (0, 2, 0)
    one.at(3, 9)
    one.put("kh-3.txt", plan(3, "Phòng Kế hoạch chủ trì rà soát danh mục trước ngày 30/06/2026."))
    one.put("hong.docx", b"PK\x03\x04 cut off")
    one.at(4, 1)
    summary, sent = one.night()
    assert (summary.read, summary.known, len(summary.failures)) == (1, 2, 1)
    assert [row["reason"] for row in one.rows("failures")] == ["damaged"]
    assert len(box.mails()) == 3
    assert "hong.docx" in text(box.mails()[-1])


def thursday_without_mail_server(one: Office, box: Mailbox) -> None:
    """The run is not the worse for it; the mail waits, and waits on while nobody answers."""
    one.put("kh-4.txt", plan(4, "Trung tâm Kiểm soát bệnh tật chủ trì giám sát trước ngày 32/03/2026."))
    one.at(5, 1)
    summary, sent = one.night()
    assert (summary.read, len(summary.failures)) == (1, 1)
    assert (sent.sent, sent.waiting, one.waiting_mails()) == (0, 1, 1)
    one.at(5, 2)
    assert watch(one.settings, one.now)[0] is None
    assert one.waiting_mails() == 1
    assert len(box.mails()) == 3


def friday_and_saturday(one: Office, box: Mailbox) -> None:
    """The mail of Thursday arrives once; a corrected plan takes the place of the old one; broken and renamed files."""
    one.put("kh-2-sua.txt", plan(2, "Văn phòng Sở chủ trì tổ chức tập huấn trước ngày 28/02/2026."))
    one.at(6, 1)
    summary, _ = one.night()
    assert (summary.read, summary.superseded) == (1, 1)
    assert one.waiting_mails() == 0
    assert [("32/03/2026" in text(mail)) for mail in box.mails()].count(True) == 1
    documents = one.documents()
    assert documents["kh-2.txt"]["superseded_by"] == documents["kh-2-sua.txt"]["document_id"]
    assert documents["kh-2-sua.txt"]["superseded_by"] is None

    (one.raw / "hong.docx").unlink()
    one.put("hong.txt", plan(5, "Văn phòng Sở chủ trì tổng kết trước ngày 20/12/2026."))
    (one.raw / "kh-3.txt").rename(one.raw / "kh-3-ban-chinh.txt")
    (one.raw / "kh-4.txt").unlink()
    told = len(box.mails())
    one.at(7, 1)
    summary, _ = one.night()
    assert (summary.read, summary.known, len(summary.failures)) == (1, 4, 0)
    assert one.rows("failures") == []
    documents = one.documents()
    assert "kh-3.txt" not in documents
    assert documents["kh-3-ban-chinh.txt"]["source_removed_at"] is None
    assert documents["kh-4.txt"]["source_removed_at"] is not None  # removed, and still there to be asked
    assert len(box.mails()) == told


def sunday_without_a_run(one: Office, box: Mailbox) -> None:
    """The machine of the flows is off: the watchdog tells the operators, once a day."""
    told = len(box.mails())
    one.at(8, 2)
    assert watch(one.settings, one.now)[0] is None  # 25 hours
    one.at(8, 4)
    found, sent = watch(one.settings, one.now)
    assert found is not None
    assert found.since == datetime(2026, 3, 6, 18, 0, tzinfo=UTC)
    assert sent.sent == 1
    (mail,) = box.mails("truc@minhan.gov.vn")
    assert "01:00 ngày 07/03/2026" in text(mail)
    for hour in (5, 12, 23):
        one.at(8, hour)
        assert watch(one.settings, one.now)[0] is not None
    assert len(box.mails()) == told + 1


def monday_again(one: Office, box: Mailbox) -> None:
    """It starts again: what was missed is caught up, the silence is over, the new week has its mail."""
    one.at(9, 5)
    watch(one.settings, one.now)
    assert len(box.mails("truc@minhan.gov.vn")) == 2  # it lasted longer than a day
    with open_ledger(one.settings.intake.state_folder) as ledger:
        ended = last_finished(ledger, one.settings.intake.out)
    schedule = one.settings.schedule
    assert missed(schedule.ingest, schedule.timezone, ended, one.now)
    summary, _ = one.night()
    assert (summary.read, summary.known) == (0, 5)
    with open_ledger(one.settings.intake.state_folder) as ledger:
        assert not missed(schedule.ingest, schedule.timezone, last_finished(ledger, one.settings.intake.out), one.now)
    assert watch(one.settings, one.now)[0] is None
    one.at(9, 7)
    assert weekly(one.settings, one.now).sent == 1
    assert "quá hạn" in subjects(box)[-1]
    overdue = [row["evidence"] for row in one.rows("findings") if row["rule"] == "deadline.overdue"]
    assert any("06/03/2026" in evidence for evidence in overdue)
    sources = {row["document_id"] for row in one.rows("documents")}
    assert {row["document_id"] for row in one.rows("tasks")} == sources


def text(mail: Any) -> str:
    part = mail.get_body(("plain",))
    return str(part.get_content())


def test_the_watchdog_command_tells_a_silence_and_ends_with_1(tmp_path: Path) -> None:
    config = tmp_path / "kehoach.toml"
    config.write_text('[mail]\noperators = ["truc@minhan.gov.vn"]\n', encoding="utf-8")
    command = [sys.executable, "-c", "from pipeline.cli import main; main()", "watchdog", "--config", str(config)]

    def look() -> subprocess.CompletedProcess[str]:
        return subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)

    assert look().returncode == ExitCode.OK  # a new installation has its hours too
    with open_ledger(tmp_path / "data" / "parsed.state") as ledger:
        mark(ledger, Mark.WATCHED_SINCE, datetime.now(UTC) - timedelta(hours=27))
    told = look()
    assert told.returncode == ExitCode.SOME_FAILED
    assert "Trong 26 giờ qua không có lần đọc kế hoạch nào hoàn thành" in told.stderr
    assert "đã ghi" in told.stderr  # no mail server: the mail is a file
