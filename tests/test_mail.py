"""Mail over a real server: every finding arrives, none is told twice but where SMTP itself cannot tell."""

import base64
import os
import signal
import subprocess
import sys
import threading
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from pipeline import alerts
from pipeline.alerts.delivery import GIVEN_UP_AFTER
from pipeline.alerts.inspection import try_connection
from pipeline.ledger.database import open_ledger
from pipeline.ledger.mail import queued
from pipeline.settings import Settings
from tests.alert_samples import NOW, found, group, lake, paper, settings
from tests.mail_server import PASSWORD, USER, Mailbox, Running, mail_server

OFFICE = "vanphong@so.example.vn"
HOUR = timedelta(hours=1)


@pytest.fixture(autouse=True)
def _password(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KEHOACH_MAIL_PASSWORD", PASSWORD)


def tables(folder: Path, *names: str) -> Path:
    return lake(folder / "parsed", *(paper(name, found("deadline.invalid", f"31/02/2026 ({name})")) for name in names))


def bodies(box: Mailbox, recipient: str = OFFICE) -> list[str]:
    texts = []
    for mail in box.mails(recipient):
        part = mail.get_body(("plain",))
        assert part is not None
        texts.append(part.get_content())
    return texts


def waiting(chosen: Settings) -> list[tuple[str, str, int]]:
    with open_ledger(chosen.intake.state_folder) as ledger:
        return [(line.kind, line.state, line.attempts) for line in queued(ledger)]


def test_a_mail_over_starttls_with_login_as_its_reader_sees_it(tmp_path: Path) -> None:
    with mail_server(tmp_path) as server:
        chosen = settings(
            tables(tmp_path, "a.txt"), group("Văn phòng", OFFICE, "Bà Hồng <hong@so.example.vn>"), server=server
        )
        assert alerts.after_run(chosen, NOW) == alerts.Sent(queued=1, sent=1)
    (mail,) = server.box.mails(OFFICE)
    assert [to for to, _ in server.box.received] == [OFFICE, "hong@so.example.vn"]
    assert mail["Subject"] == "Kế hoạch: 1 lỗi mới trong 1 văn bản"
    assert str(mail["From"]) == "Theo dõi kế hoạch <kehoach@so.example.vn>"
    assert str(mail["To"]) == f"{OFFICE}, Bà Hồng <hong@so.example.vn>"
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail["List-Id"] == "<digest.van-phong.kehoach.so.example.vn>"
    assert mail["Date"].datetime == NOW
    assert mail.get_content_type() == "multipart/mixed"
    text, html = mail.get_body(("plain",)), mail.get_body(("html",))
    assert text is not None
    assert html is not None
    assert "31/02/2026 (a.txt)" in text.get_content()
    assert "31/02/2026 (a.txt)" in html.get_content()
    assert [part.get_filename() for part in mail.iter_attachments()] == ["phat-hien-2026-06-22.xlsx"]
    wire = server.box.received[0][1]
    assert wire.isascii()
    assert max(map(len, wire.split(b"\r\n"))) < 100


def test_nothing_new_is_no_mail_and_a_new_finding_is_told_alone(tmp_path: Path) -> None:
    with mail_server(tmp_path) as server:
        chosen = settings(tables(tmp_path, "a.txt"), server=server)
        alerts.after_run(chosen, NOW)
        connections = server.box.connections
        assert alerts.after_run(chosen, NOW + HOUR) == alerts.Sent()
        assert server.box.connections == connections, "an empty queue opens no connection"
        tables(tmp_path, "b.txt")
        assert alerts.after_run(chosen, NOW + 2 * HOUR).sent == 1
    first, second = bodies(server.box)
    assert "(a.txt)" in first
    assert "(b.txt)" in second
    assert "(a.txt)" not in second


def test_a_server_that_is_down_for_hours_loses_nothing(tmp_path: Path) -> None:
    with mail_server(tmp_path) as gone:
        pass
    chosen = settings(tables(tmp_path, "a.txt"), server=gone)
    tries = 0
    for quarter in range(40):  # ten hours on a simulated clock
        if quarter == 20:
            tables(tmp_path, "b.txt")
        sent = (alerts.after_run if quarter in (0, 20) else alerts.resend)(chosen, NOW + quarter * HOUR / 4)
        assert not sent.sent
        tries += bool(sent.problems)
    assert 5 <= tries <= 15, "a server that is down is asked less and less often"
    assert {state for _, state, _ in waiting(chosen)} == {"queued"}
    with mail_server(tmp_path, port=gone.port) as server:
        again = chosen.model_copy(update={"mail": chosen.mail.model_copy(update={"ca_file": server.ca_file})})
        assert alerts.resend(again, NOW + 15 * HOUR).sent == 2
        assert alerts.after_run(again, NOW + 16 * HOUR) == alerts.Sent()
    assert ["(a.txt)" in text for text in bodies(server.box)] == [True, False]
    assert ["(b.txt)" in text for text in bodies(server.box)] == [False, True]
    assert waiting(chosen) == []


def test_who_is_refused_keeps_nobody_else_from_the_mail(tmp_path: Path) -> None:
    box = Mailbox(refused={"gone@so.example.vn": "550 5.1.1 Không có hộp thư", "full@so.example.vn": "452 4.2.2 đầy"})
    with mail_server(tmp_path, box) as server:
        to = (OFFICE, "gone@so.example.vn", "full@so.example.vn")
        chosen = settings(tables(tmp_path, "a.txt"), group("Văn phòng", *to), server=server)
        assert alerts.after_run(chosen, NOW).waiting == 1
        del box.refused["full@so.example.vn"]
        assert alerts.resend(chosen, NOW + HOUR).sent == 1
        assert alerts.after_run(chosen, NOW + 2 * HOUR) == alerts.Sent()
    assert Counter(to for to, _ in box.received) == {OFFICE: 1, "full@so.example.vn": 1}
    with open_ledger(chosen.intake.state_folder) as ledger:
        (line,) = queued(ledger)
    assert line.state == "sent"
    assert [refusal.split(":")[0] for refusal in line.refused] == ["gone@so.example.vn"]
    assert "550 5.1.1" in line.refused[0]


@pytest.mark.parametrize("answer", ["550 5.7.1 không nhận", "554 từ chối"])
def test_a_mail_that_nobody_got_is_told_anew(tmp_path: Path, answer: str) -> None:
    box = Mailbox(answer=answer)
    with mail_server(tmp_path, box) as server:
        chosen = settings(tables(tmp_path, "a.txt"), server=server)
        assert alerts.after_run(chosen, NOW).failed == 1
        tables(tmp_path, "b.txt")
        box.answer = "250 OK"
        assert alerts.after_run(chosen, NOW + HOUR).sent == 1
    (text,) = bodies(box)
    assert "(a.txt)" in text
    assert "(b.txt)" in text


def test_a_server_that_never_comes_back_is_given_up_and_the_findings_are_told_anew(tmp_path: Path) -> None:
    with mail_server(tmp_path) as gone:
        pass
    chosen = settings(tables(tmp_path, "a.txt"), server=gone)
    alerts.after_run(chosen, NOW)
    assert alerts.resend(chosen, NOW + GIVEN_UP_AFTER).failed == 1
    assert alerts.after_run(chosen, NOW + GIVEN_UP_AFTER + HOUR).queued == 1


def test_a_line_cut_in_mid_text_gives_one_mail(tmp_path: Path) -> None:
    box = Mailbox(cut_in_data=2)
    with mail_server(tmp_path, box) as server:
        chosen = settings(tables(tmp_path, "a.txt"), server=server)
        assert alerts.after_run(chosen, NOW).waiting == 1
        assert alerts.resend(chosen, NOW + HOUR).waiting == 1
        assert alerts.resend(chosen, NOW + 2 * HOUR).sent == 1
    assert len(bodies(box)) == 1


def test_only_an_answer_that_never_came_makes_a_second_copy_and_both_are_one_message(tmp_path: Path) -> None:
    box = Mailbox(cut_after_data=1)
    with mail_server(tmp_path, box) as server:
        chosen = settings(tables(tmp_path, "a.txt"), server=server)
        sent = alerts.after_run(chosen, NOW)
        assert sent.waiting == 1
        assert "không rõ máy chủ đã nhận" in sent.problems[0]
        assert alerts.resend(chosen, NOW + HOUR).sent == 1
        assert alerts.after_run(chosen, NOW + 2 * HOUR) == alerts.Sent()
    first, second = (content for _, content in box.received)
    assert first == second


def test_several_mails_go_over_one_connection_and_a_broken_one_stops_none(tmp_path: Path) -> None:
    box = Mailbox(cut_in_data=1)
    with mail_server(tmp_path, box) as server:
        groups = [group(f"Nhóm {n}", f"n{n}@so.example.vn") for n in range(4)]
        chosen = settings(tables(tmp_path, "a.txt"), *groups, server=server)
        sent = alerts.after_run(chosen, NOW)
        assert (sent.queued, sent.sent, sent.waiting) == (4, 3, 1)
        assert alerts.resend(chosen, NOW + HOUR).sent == 1
    assert sorted(to for to, _ in box.received) == [f"n{n}@so.example.vn" for n in range(4)]


@pytest.mark.slow
@pytest.mark.parametrize("stage", ["EHLO", "AUTH", "MAIL", "RCPT", "DATA", "TAKEN"])
def test_kill_nine_of_the_sender_at_any_stage_loses_nothing(tmp_path: Path, stage: str) -> None:
    box = Mailbox()
    with mail_server(tmp_path, box) as server:
        chosen = settings(tables(tmp_path, "a.txt", "b.txt"), server=server)
        begun = threading.Event()
        box.at[stage] = lambda: begun.wait() and os.kill(sender.pid, signal.SIGKILL)
        sender = _sending_process(tmp_path, server)
        begun.set()
        assert sender.wait(300) == -signal.SIGKILL
        box.at.clear()
        assert waiting(chosen)[0][1] in ("queued", "sending")
        tables(tmp_path, "c.txt")
        later = datetime.now(UTC) + HOUR  # the process that died had the clock of this machine
        alerts.after_run(chosen, later)
        assert alerts.after_run(chosen, later + HOUR) == alerts.Sent()
    told = "".join(set(bodies(box)))
    assert [told.count(f"Trên giấy: “31/02/2026 ({name})”") for name in ("a.txt", "b.txt", "c.txt")] == [1, 1, 1]
    copies = Counter(mail["Message-ID"] for mail in box.mails(OFFICE))
    assert sorted(copies.values()) == ([1, 2] if stage == "TAKEN" else [1, 1])
    assert waiting(chosen) == []


def _sending_process(folder: Path, server: Running) -> "subprocess.Popen[bytes]":
    config = folder / "kehoach.toml"
    config.write_text(
        f"""
        intake.out = "{folder / "parsed"}"
        groups = [{{ name = "Văn phòng", to = ["{OFFICE}"] }}]
        [mail]
        host = "{server.host}"
        port = {server.port}
        user = "{USER}"
        ca_file = "{server.ca_file}"
        sender = "kehoach@so.example.vn"
        """,
        encoding="utf-8",
    )
    call = ["alert", "--send", "--config", str(config)]
    code = f"import sys; from pipeline.cli import main; sys.argv[1:] = {call!r}; main()"
    return subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def test_two_processes_at_once_tell_it_once(tmp_path: Path) -> None:
    box = Mailbox()
    with mail_server(tmp_path, box) as server:
        chosen = settings(tables(tmp_path, "a.txt"), server=server)
        box.at["TAKEN"] = lambda: results.append(alerts.after_run(chosen, NOW + HOUR))
        results: list[alerts.Sent] = []
        assert alerts.after_run(chosen, NOW).sent == 1
        assert [(one.queued, one.sent) for one in results] == [(0, 0)]
    assert len(box.received) == 1


def test_a_server_that_is_not_the_one_it_claims_to_be_gets_no_password(tmp_path: Path) -> None:
    with mail_server(tmp_path) as server, mail_server(tmp_path / "other") as other:
        chosen = settings(tables(tmp_path, "a.txt"), server=server, ca_file=other.ca_file)
        sent = alerts.after_run(chosen, NOW)
        assert sent.waiting == 1
        assert "certificate verify failed" in sent.problems[0]
        refused = try_connection(chosen.mail)
        assert refused is not None
        assert refused.wrong
        assert try_connection(settings(tmp_path, server=server).mail) is None


def test_a_wrong_password_is_told_without_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KEHOACH_MAIL_PASSWORD", "sai-mat-khau")
    with mail_server(tmp_path) as server:
        chosen = settings(tables(tmp_path, "a.txt"), server=server)
        (problem,) = alerts.after_run(chosen, NOW).problems
    assert "535" in problem
    with open_ledger(chosen.intake.state_folder) as ledger:
        dump = "\n".join(ledger.iterdump())
    for told in (problem, dump):
        assert "sai-mat-khau" not in told
        assert base64.b64encode(b"sai-mat-khau").decode() not in told


def test_without_the_password_or_the_server_an_alert_is_a_problem_and_no_exception(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("KEHOACH_MAIL_PASSWORD")
    with mail_server(tmp_path) as server:
        chosen = settings(tables(tmp_path, "a.txt"), server=server)
        sent = alerts.after_run(chosen, NOW)
    assert sent.waiting == 1
    assert "KEHOACH_MAIL_PASSWORD" in sent.problems[0]
    (tmp_path / "parsed" / "findings" / "findings.parquet").write_bytes(b"damaged")
    assert alerts.after_run(chosen, NOW + HOUR).problems


def test_plain_words_to_the_operators_go_out_even_without_a_ledger(tmp_path: Path) -> None:
    with mail_server(tmp_path) as server:
        chosen = settings(tmp_path / "parsed", server=server, operators=("truc@so.example.vn",))
        for minutes in (0, 20, 70):
            alerts.send_plain(
                chosen, "Không có lần chạy\r\nBcc: x@y", "Từ 26 giờ nay.\n\n<b>Xem</b> máy.", NOW + HOUR * minutes / 60
            )
        assert len(server.box.received) == 2, "once in an hour"
        (tmp_path / "parsed.state" / "ledger.db").write_bytes(b"no database" * 100)
        sent = alerts.send_plain(chosen, "Sổ hỏng", "Xem máy.", NOW + 5 * HOUR)
        assert (sent.sent, len(sent.problems)) == (1, 1)
    first = server.box.mails("truc@so.example.vn")[0]
    assert first["Subject"] == "Không có lần chạy Bcc: x@y"
    assert first["Bcc"] is None
    html = first.get_body(("html",))
    assert html is not None
    assert "&lt;b&gt;Xem&lt;/b&gt;" in html.get_content()
