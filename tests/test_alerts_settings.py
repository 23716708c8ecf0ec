"""The settings file as an operator meets it: an example that says it all, and checks that name the mistake."""

import re
import socket
import tomllib
from datetime import datetime, timedelta
from importlib import resources
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from typer.testing import CliRunner

from pipeline.alerts.inspection import inspect
from pipeline.commands.app import app
from pipeline.settings import Group, Intake, Mail, Schedule, Settings, SettingsError, load_settings
from tests.alert_samples import found, group, lake, paper, settings

EXAMPLE = resources.files("pipeline").joinpath("kehoach.example.toml").read_text(encoding="utf-8")


def run(*words: str) -> tuple[int, str]:
    result = CliRunner().invoke(app, list(words))
    return result.exit_code, result.output


def test_the_example_is_the_defaults() -> None:
    assert Settings.model_validate(tomllib.loads(EXAMPLE)) == Settings()
    assert run("config", "example") == (0, EXAMPLE)


def test_the_example_explains_every_setting_and_no_other() -> None:
    parts = {"intake": Intake, "schedule": Schedule, "mail": Mail}
    for name, part in parts.items():
        section = EXAMPLE.split(f"\n[{name}]\n")[1].split("\n# ----")[0]
        assert re.findall(r"^(?:# )?(\w+) = ", section, re.MULTILINE) == list(part.model_fields), name
    groups = EXAMPLE.split("# [[groups]]")[1]
    assert re.findall(r"^# (\w+) = ", groups, re.MULTILINE) == list(Group.model_fields)


def test_the_example_without_its_marks_is_a_valid_file_with_default_groups() -> None:
    bare = re.sub(r"^# (?=\w+ = |\[\[)", "", EXAMPLE, flags=re.MULTILINE)
    chosen = Settings.model_validate(tomllib.loads(bare))
    (one,) = chosen.groups
    assert one.model_dump(exclude={"name", "to"}) == Group(name="x", to=("a@b.vn",)).model_dump(exclude={"name", "to"})
    assert chosen.mail.host == "smtp.so.gov.vn"


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("[mial]\nhost='x'", "mial: không có mục này (có phải 'mail'?)"),
        (
            "[[groups]]\nname='A'\nto=['a@b.vn']\nseverty='error'",
            "groups.1.severty: không có mục này (có phải 'severity'?)",
        ),
        ("[[groups]]\nname='A'", "groups.1.to: thiếu mục này"),
        ("[[groups]]\nname='A'\nto=[]", "groups.1.to: còn trống"),
        ("[[groups]]\nname='A'\nto=['a b@c.vn']", "'a b@c.vn' không phải là địa chỉ thư"),
        ("[[groups]]\nname='A'\nto=['a@b.vn, c@d.vn']", "không phải là địa chỉ thư"),
        ('[mail]\nsender="a@b.vn\\r\\nBcc: c@d.vn"', "không phải là địa chỉ thư"),
        ("[mail]\nsecurity='ssl'", "mail.security: phải là 'none', 'starttls' hoặc 'tls'"),
        ("[[groups]]\nname='A'\nto=['a@b.vn']\n[[groups]]\nname='A'\nto=['a@b.vn']", "hai nhóm cùng tên: A"),
        ("[mail]\nport = 'abc'", "mail.port: phải là số nguyên"),
        ("[mail]\nport = 70000", "mail.port: không được quá 65535"),
        ("[mail]\nseverity='info'", "mail.severity: không có mục này ở đây, nó thuộc [[groups]]"),
        ("[intake]\nworkers = 0", "intake.workers: phải từ 1 trở lên"),
        ("[intake]\nsources = 'data/raw'", 'intake.sources: phải là danh sách trong ngoặc vuông, ví dụ ["a", "b"]'),
        ("[intake]\nlog_json = 'x'", "intake.log_json: phải là true hoặc false"),
        ("[schedule]\ningest = '99 1 * * *'", "'99 1 * * *' không phải là lịch cron"),
        ("[schedule]\ntimezone = 'Asia/Hanoi'", "'Asia/Hanoi' không phải là múi giờ"),
        ("mail = 3", "mail: phải là một phần có tên trong ngoặc vuông"),
        ("[mail\n", "sai cú pháp TOML ở dòng 1, cột 6"),
        ('[mail]\nhost = "', "sai cú pháp TOML ở cuối tệp"),
    ],
)
def test_a_fault_is_named_with_its_place(tmp_path: Path, text: str, told: str) -> None:
    file = tmp_path / "kehoach.toml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(SettingsError, match=re.escape(told)):
        load_settings(file)


def test_a_file_of_windows_notepad_is_read_and_another_coding_is_named(tmp_path: Path) -> None:
    file = tmp_path / "kehoach.toml"
    file.write_text("[mail]\nport = 26\n", encoding="utf-8-sig")
    assert load_settings(file).mail.port == 26
    file.write_text("[mail]\n", encoding="utf-16")
    with pytest.raises(SettingsError, match="bảng mã UTF-8"):
        load_settings(file)
    with pytest.raises(SettingsError, match="không có tệp hoặc thư mục này"):
        load_settings(tmp_path / "none.toml")


def test_folders_that_cannot_work_are_told(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    lost, shut = str(tmp_path / "mất"), tmp_path / "file" / "parsed"
    told = remarks(Settings(intake=Intake(sources=(lost, "s3://kho/x"), out=shut, report=tmp_path / "new" / "report")))
    assert [remark for remark in told if remark[1].startswith("intake")] == [
        (True, f"intake.sources: không có thư mục hoặc tệp {lost}"),
        (True, f"intake.out: không ghi được vào {shut}"),
        (True, f"intake.state: không ghi được vào {tmp_path / 'file' / 'parsed.state'}"),
    ]
    assert (True, "intake.sources: còn trống, không có gì để đọc.") in remarks(Settings(intake=Intake(sources=())))


def remarks(chosen: Settings) -> list[tuple[bool, str]]:
    return [(remark.wrong, remark.text) for remark in inspect(chosen)]


@pytest.mark.parametrize(
    ("listener", "wrong", "told"),
    [
        (group(rules=("deadline.mising",)), True, "không có quy tắc 'deadline.mising' (có phải 'deadline.missing'?)"),
        (group(rules=("deadline.*",)), None, ""),
        (group(severity="error", rules=("deadline.missing",)), True, "nhóm không bao giờ được báo"),
        (group(digest=False), True, "digest và weekly đều tắt"),
        (group(units=("Phòng Lạ Lùng",)), False, "'Phòng Lạ Lùng' không có trong danh mục đơn vị"),
        (group(units=("TCCB", "Văn phòng Sở")), None, ""),
        (group(issuers=("Sở Xây dựng",)), None, ""),
        (group(issuers=("Sở Kỳ Lạ",)), False, "chưa có văn bản nào của 'Sở Kỳ Lạ'"),
    ],
)
def test_what_nobody_can_have_meant_is_told(tmp_path: Path, listener: Group, wrong: bool | None, told: str) -> None:
    out = lake(tmp_path / "parsed", paper("a.txt", found("deadline.missing", "x")))
    about = [remark for remark in remarks(settings(out, listener)) if remark[1].startswith("nhóm")]
    assert [(one[0], told in one[1]) for one in about[:1]] == ([] if wrong is None else [(wrong, True)])


def test_mail_settings_that_cannot_work_are_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("KEHOACH_MAIL_PASSWORD", raising=False)
    mail = {"host": "smtp.example.vn", "user": "u", "security": "none", "ca_file": tmp_path / "no.pem"}
    told = "\n".join(text for _, text in remarks(settings(tmp_path, **mail, credential="env:KEHOACH_MAIL_PASSWORD")))
    assert "biến môi trường KEHOACH_MAIL_PASSWORD chưa được đặt" in told
    assert "không có tệp" in told
    (tmp_path / "no.pem").write_text("-----BEGIN NOTHING-----\n", encoding="utf-8")
    told = "\n".join(text for _, text in remarks(settings(tmp_path, **mail)))
    assert "không phải là tệp chứng thư" in told
    assert "không được mã hóa" in told
    assert "mail.credential: phải có dạng" in "\n".join(
        t for _, t in remarks(settings(tmp_path, **mail, credential="pw"))
    )


def test_the_commands_from_an_empty_start_to_a_silent_finding(tmp_path: Path) -> None:
    out = lake(tmp_path / "parsed", paper("a.txt", found("deadline.invalid", "31/02/2026")))
    file = tmp_path / "kehoach.toml"
    file.write_text(f'[intake]\nout = "{out}"\n[[groups]]\nname = "Văn phòng"\nto = ["a@b.vn"]\nweekly = true\n')
    here = ("--config", str(file))
    assert run("config", "check", *here)[0] == 0
    code, written = run("alert", *here)
    html = Path(written.splitlines()[0])
    assert code == 0
    assert html.parent == tmp_path / "parsed.state" / "mail"
    finding = re.findall(r"finding_id = '(f\w+)'", html.read_text(encoding="utf-8"))[0]
    assert run("alert", "--out", str(tmp_path / "x"), *here)[1].startswith(str(tmp_path / "x"))
    assert run("ack", "f-khong-co", *here)[0] == 2
    assert run("ack", finding, "--note", "đã hỏi", "--by", "hong", *here)[0] == 0
    listed = run("ack", *here)[1]
    days = {f"{datetime.now(ZoneInfo('Asia/Ho_Chi_Minh')) - ago:%d/%m/%Y}" for ago in (timedelta(), timedelta(hours=1))}
    assert listed.strip() in {f"{finding}  {day}  hong  đã hỏi" for day in days}
    assert run("alert", *here) == (0, "Không có gì mới để báo.\n")
    assert run("ack", "--undo", finding, *here)[0] == 0
    assert run("alert", *here)[1] == written
    assert run("alert", "--send", "--preview", *here)[0] == 2


def test_mails_that_wait_for_their_pause_are_counted(tmp_path: Path) -> None:
    out = lake(tmp_path / "parsed", paper("a.txt", found("deadline.invalid", "31/02/2026")))
    with socket.socket() as closed:  # bound, and nobody listens
        closed.bind(("127.0.0.1", 0))
        file = tmp_path / "kehoach.toml"
        mail = f'[mail]\nhost = "127.0.0.1"\nport = {closed.getsockname()[1]}\n'
        file.write_text(f'intake.out = "{out}"\n{mail}[[groups]]\nname = "Văn phòng"\nto = ["a@b.vn"]\n')
        code, said = run("alert", "--send", "--config", str(file))
        assert (code, "còn chờ: 1" in said, "không nhận kết nối" in said) == (3, True, True)
        said = run("alert", "--send", "--config", str(file))[1]
    assert "Thư mới: 0 · đã gửi: 0 · còn chờ: 1" in said
    assert "Thử lại từ" in said
