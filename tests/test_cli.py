"""The command as people call it: real processes, exit codes, and a screen that no document can act on."""

import io
import json
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest
from store_samples import findings, plan

from pipeline.exits import ExitCode
from pipeline.rules.understood import recurrence_words
from pipeline.show import print_findings, print_plan
from pipeline.store.parquet import Store
from pipeline.terminal import escaped_json, printable

PLAN = """\
UBND TỈNH BÌNH SƠN
SỞ XÂY DỰNG
CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM
Độc lập - Tự do - Hạnh phúc
Số: 12/KH-SXD
Bình Sơn, ngày 05 tháng 01 năm 2021
KẾ HOẠCH
Cải cách hành chính năm 2021
I. NHIỆM VỤ
1. Văn phòng Sở chủ trì, phối hợp với Phòng Quy hoạch rà soát thủ tục hành chính, hoàn thành trước ngày 30/6/2021.
2. Thanh tra Sở kiểm tra việc chấp hành kỷ luật, hoàn thành trong Quý IV/2021.
Nơi nhận:
- UBND tỉnh (b/c);
- Lưu: VT.
GIÁM ĐỐC
Lê Văn Thử
"""


def kehoach(*arguments: str | Path, cwd: Path, width: int = 80) -> subprocess.CompletedProcess[str]:
    environment = os.environ | {"COLUMNS": str(width), "NO_COLOR": "1"}
    command = [sys.executable, "-c", "from pipeline.cli import main; main()", *map(str, arguments)]
    return subprocess.run(command, cwd=cwd, env=environment, capture_output=True, text=True, check=False)


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """A working folder with data/raw, where the command is called without arguments."""
    (tmp_path / "data" / "raw").mkdir(parents=True)
    (tmp_path / "data" / "raw" / "ke hoach số 12.txt").write_text(PLAN, encoding="utf-8")
    return tmp_path


def test_ingest_without_arguments_reads_data_raw(place: Path) -> None:
    ended = kehoach("ingest", cwd=place)
    assert ended.returncode == ExitCode.OK, ended.stderr
    assert "Traceback" not in ended.stderr
    assert "Đã xong 1 tệp" in ended.stdout
    assert "kehoach show 'data/raw/ke hoach số 12.txt'" in ended.stdout
    (row,) = pd.read_parquet(place / "data/parsed/documents").to_dict("records")
    assert (row["number"], row["symbol"]) == ("12", "KH-SXD")
    again = kehoach("ingest", cwd=place)
    assert "1 đã có từ trước" in again.stdout


def test_a_bad_file_ends_with_one_and_names_the_reason(place: Path) -> None:
    (place / "data/raw/trống.docx").write_bytes(b"")
    ended = kehoach("ingest", cwd=place)
    assert ended.returncode == ExitCode.SOME_FAILED
    assert "trống.docx" in ended.stdout
    assert "tệp rỗng" in ended.stdout
    assert len(pd.read_parquet(place / "data/parsed/documents")) == 1
    assert pd.read_parquet(place / "data/parsed/failures")["reason"].tolist() == ["empty"]


@pytest.mark.parametrize("arguments", [("ingest", "không-có"), ("ingest", "--workers", "0"), ("nothing",), ("show",)])
def test_a_wrong_call_ends_with_two(arguments: tuple[str, ...], tmp_path: Path) -> None:
    ended = kehoach(*arguments, cwd=tmp_path)
    assert ended.returncode == ExitCode.USAGE
    assert "Traceback" not in ended.stderr
    assert list(tmp_path.iterdir()) == []


def test_a_locked_store_ends_with_three_and_says_who(place: Path) -> None:
    with Store.writing(place / "data/parsed"):
        ended = kehoach("ingest", cwd=place)
    assert ended.returncode == ExitCode.NOTHING_DONE
    assert f"pid {os.getpid()}" in ended.stderr
    assert "Traceback" not in ended.stderr


def test_an_empty_folder_is_no_failure(tmp_path: Path) -> None:
    (tmp_path / "raw").mkdir()
    ended = kehoach("ingest", "raw", "--out", "out", cwd=tmp_path)
    assert (ended.returncode, ended.stdout.strip()) == (ExitCode.OK, "Không có tệp nào để đọc.")


@pytest.mark.parametrize("width", [80, 120])
def test_show_fits_the_terminal(width: int, place: Path) -> None:
    ended = kehoach("show", "data/raw/ke hoach số 12.txt", cwd=place, width=width)
    assert ended.returncode == ExitCode.OK, ended.stderr
    assert max(map(len, ended.stdout.splitlines())) <= width
    for words in ("12/KH-SXD", "Sở Xây dựng", "Thanh tra Sở", "30/06/2021"):
        assert words in ended.stdout


@pytest.mark.parametrize("command", ["show", "extract", "read", "check"])
def test_stages_of_a_bad_file_say_why(command: str, tmp_path: Path) -> None:
    (tmp_path / "hỏng.pdf").write_bytes(b"%PDF-1.7 no more")
    ended = kehoach(command, "hỏng.pdf", cwd=tmp_path)
    assert ended.returncode == ExitCode.SOME_FAILED
    assert "Traceback" not in ended.stderr
    assert ended.stderr.startswith("hỏng.pdf: ")


def test_stages_print_json(place: Path) -> None:
    file = "data/raw/ke hoach số 12.txt"
    document = json.loads(kehoach("extract", file, "--json", cwd=place).stdout)
    assert document["source"]["uri"].endswith("ke hoach số 12.txt")
    plan = json.loads(kehoach("read", file, "--json", cwd=place).stdout)
    assert plan["header"]["issued_date"] == "2021-01-05"
    assert [task["content"][:8] for task in plan["tasks"]]
    findings = json.loads(kehoach("check", file, "--json", "--as-of", "2022-01-01", cwd=place).stdout)
    assert "deadline.overdue" in {finding["rule"] for finding in findings}


def test_no_document_acts_on_the_terminal(tmp_path: Path) -> None:
    evil = PLAN.replace("rà soát", "rà\x9b2J soát \u202egnort [red]")
    name = "a\x1b[31mb\nc.txt"
    (tmp_path / name).write_text(evil, encoding="utf-8")
    (tmp_path / ("x" + name)).write_bytes(b"")
    runs = [kehoach("ingest", ".", "--out", "out", cwd=tmp_path)]
    runs += [kehoach(command, name, cwd=tmp_path) for command in ("show", "extract", "read", "check")]
    runs += [kehoach(command, name, "--json", cwd=tmp_path) for command in ("extract", "read", "check")]
    runs.append(kehoach("show", "x" + name, cwd=tmp_path))
    for run in runs:
        for acting in ("\x1b", "\x07", "\x9b", "\u202e"):
            assert acting not in run.stdout + run.stderr
    assert "[red]" in runs[1].stdout


def test_a_plan_with_escape_sequences_is_shown_without_them() -> None:
    evil = "Rà soát\x1b[2J\x1b]0;đổi tên\x07 [bold]hồ sơ\r\x9b31m"
    task = replace(plan().tasks[0], content=evil, lead_text=evil, note=evil, section_path=(evil,), ordinal="\x1b[1m")
    header = replace(plan().header, title=evil, recipients=(evil,))
    screen = io.StringIO()
    print_plan(replace(plan(), tasks=(task,), header=header), screen)
    print_findings([replace(finding, message=evil) for finding in findings()], screen)
    assert not {"\x1b", "\x07", "\x9b", "\r"} & set(screen.getvalue())
    assert "[bold]hồ sơ" in screen.getvalue()


def test_printable_keeps_lines_and_letters() -> None:
    assert printable("Kế\thoạch\nnăm\x00 2021\r") == "Kế hoạch\nnăm 2021"
    assert json.loads(escaped_json('["\x9b", "\u202e", "Đ"]')) == ["\x9b", "\u202e", "Đ"]


@pytest.mark.parametrize(
    ("rrule", "words"),
    [
        ("FREQ=YEARLY", "hàng năm"),
        ("FREQ=YEARLY;BYMONTH=12", "tháng 12 hàng năm"),
        ("FREQ=YEARLY;BYMONTH=1;BYMONTHDAY=15", "15/01 hàng năm"),
        ("FREQ=MONTHLY", "hàng tháng"),
        ("FREQ=MONTHLY;BYMONTHDAY=25", "ngày 25 hàng tháng"),
        ("FREQ=MONTHLY;INTERVAL=3", "hàng quý"),
        ("FREQ=MONTHLY;INTERVAL=6", "6 tháng một lần"),
        ("FREQ=WEEKLY;BYDAY=FR", "FREQ=WEEKLY;BYDAY=FR"),
        ("FREQ=MONTHLY;BYMONTHDAY=-1", "FREQ=MONTHLY;BYMONTHDAY=-1"),
    ],
)
def test_recurrences_in_words(rrule: str, words: str) -> None:
    assert recurrence_words(rrule) == words


def test_read_deadline_in_words_and_json(tmp_path: Path) -> None:
    told = kehoach("read-deadline", "Trước ngày 15/01 hàng năm", "--year", "2021", cwd=tmp_path)
    assert told.returncode == ExitCode.OK
    assert "FREQ=YEARLY;BYMONTH=1;BYMONTHDAY=15" in told.stdout
    (row,) = json.loads(kehoach("read-deadline", "Quý II", "--year", "2021", "--json", cwd=tmp_path).stdout)
    assert (row["kind"], row["start_date"], row["end_date"]) == ("quarter", "2021-04-01", "2021-06-30")
    assert row["year_inferred"] is True
    assert "31/03/2020" in kehoach("read-deadline", "- Quý I/2020", cwd=tmp_path).stdout


def test_read_deadline_answers_each_line_with_a_line(tmp_path: Path) -> None:
    context = {"period_start": "2022-01-01", "period_end": "2022-12-31"}
    lines = [{"text": "Quý I/2020", "context": {}}, {"text": "tháng 5", "context": context}, {"text": ""}]
    (tmp_path / "lines").write_text("\n".join(json.dumps(line) for line in lines), encoding="utf-8")
    for source in ("lines", "-"):
        with open(tmp_path / "lines", encoding="utf-8") as given:
            command = [
                sys.executable,
                "-c",
                "from pipeline.cli import main; main()",
                "read-deadline",
                "--jsonl",
                source,
            ]
            ended = subprocess.run(command, stdin=given, capture_output=True, text=True, check=True, cwd=tmp_path)
        first, second, third = map(json.loads, ended.stdout.splitlines())
        assert first[0]["end_date"] == "2020-03-31"
        assert second[0]["start_date"] == "2022-05-01"
        assert third == []


@pytest.mark.parametrize("line", ["{", "[]", '{"text": 5}', '{"text": "x", "context": {"period_start": "31/12"}}'])
def test_a_wrong_line_is_named(line: str, tmp_path: Path) -> None:
    (tmp_path / "lines").write_text('{"text": "Quý I/2020"}\n' + line, encoding="utf-8")
    ended = kehoach("read-deadline", "--jsonl", "lines", cwd=tmp_path)
    assert ended.returncode == ExitCode.USAGE
    assert ended.stderr.startswith("line 2: ")
    assert len(ended.stdout.splitlines()) == 1


@pytest.mark.parametrize("arguments", [(), ("Quý I", "--jsonl", "-")])
def test_read_deadline_takes_one_kind_of_input(arguments: tuple[str, ...], tmp_path: Path) -> None:
    assert kehoach("read-deadline", *arguments, cwd=tmp_path).returncode == ExitCode.USAGE


def test_help_names_every_command_and_exit_code(tmp_path: Path) -> None:
    told = kehoach("--help", cwd=tmp_path, width=200).stdout
    for command in ("ingest", "show", "extract", "read", "check", "read-deadline"):
        assert f" {command} " in told
    for code in ExitCode:
        assert f"{code.value} " in told


def test_the_version_is_that_beside_every_row(place: Path) -> None:
    assert kehoach("ingest", cwd=place).returncode == ExitCode.OK
    (stored,) = set(pd.read_parquet(place / "data" / "parsed" / "documents").pipeline_version)
    assert kehoach("--version", cwd=place).stdout == f"kehoach {stored}\n"


def test_help_loads_nothing_heavy(tmp_path: Path) -> None:
    program = (
        "import sys; from pipeline.commands.app import app; from typer.testing import CliRunner; "
        "CliRunner().invoke(app, ['--help']); "
        "print(sorted({'pyarrow', 'pandas', 'spacy', 'prefect', 'docx', 'pdfplumber'} & set(sys.modules)))"
    )
    ended = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, cwd=tmp_path)
    assert ended.stdout.strip() == "[]"


def test_a_folder_that_cannot_be_written_is_told_in_one_line(place: Path) -> None:
    kehoach("ingest", cwd=place)
    (place / "file").touch()
    (place / "shut.toml").write_text('[intake]\nout = "file/parsed"\n', encoding="utf-8")
    for call in (
        ("report", "--out", "file/site"),
        ("ingest", "--changes", "file/changes.jsonl"),
        ("export", "file/x.xlsx"),
        ("export", "none/x.xlsx"),
        ("db", "none/x.duckdb"),
        ("query", "select 1", "--parquet", "none/x.parquet"),
        ("serve", "--config", "shut.toml"),
        ("alert", "--config", "shut.toml"),
    ):
        ended = kehoach(*call, cwd=place)
        assert ended.returncode == ExitCode.NOTHING_DONE, call
        assert len(ended.stderr.splitlines()) == 1, ended.stderr
        why = "một phần của đường dẫn không phải là thư mục" if "none" not in str(call) else "không có tệp hoặc thư mục"
        assert why in ended.stderr.partition(" / ")[0], ended.stderr


def _buffered() -> dict[str, str]:
    """The environment of most people, where Python writes at the end what it holds back."""
    return {name: value for name, value in os.environ.items() if name != "PYTHONUNBUFFERED"}


@pytest.mark.parametrize("streams", [">&-", "2>&-", ">&- 2>&-", "| head -1"])
def test_streams_that_are_closed_stop_no_command(streams: str, place: Path) -> None:
    command = f"{sys.executable} -c 'from pipeline.cli import main; main()' config example {streams}"
    script = f"{command}; exit ${{PIPESTATUS[0]}}"
    ended = subprocess.run(
        ["bash", "-c", script], cwd=place, env=_buffered(), capture_output=True, text=True, check=False
    )
    assert (ended.returncode, ended.stderr) == (ExitCode.OK, "")


def test_a_run_goes_on_when_nobody_reads_its_progress(tmp_path: Path) -> None:
    for number in range(30):
        (tmp_path / f"f{number}.txt").write_text(PLAN.replace("12/KH", f"{number}/KH"), encoding="utf-8")
    command = [sys.executable, "-c", "from pipeline.cli import main; main()", "ingest", ".", "--out", "out"]
    streams = {"stderr": subprocess.PIPE, "stdout": subprocess.DEVNULL}
    run = subprocess.Popen(command, cwd=tmp_path, env=_buffered(), text=True, **streams)
    assert run.stderr is not None
    run.stderr.close()  # as `2>&1 | head` does
    assert run.wait() == ExitCode.OK
    assert len(pd.read_parquet(tmp_path / "out" / "documents")) == 30


@pytest.mark.parametrize("call", [("show", "data/raw/ke hoach số 12.txt"), ("config", "example"), ("status",)])
def test_an_answer_that_cannot_be_written_is_told_in_one_line(call: tuple[str, ...], place: Path) -> None:
    command = [sys.executable, "-c", "from pipeline.cli import main; main()", *call]
    with open("/dev/full", "w", encoding="utf-8") as full:
        ended = subprocess.run(
            command, cwd=place, env=_buffered(), stdout=full, stderr=subprocess.PIPE, text=True, check=False
        )
    assert ended.returncode == ExitCode.NOTHING_DONE
    assert ended.stderr.splitlines() == [
        "Máy không cho làm tiếp: ổ đĩa đã đầy. / The machine refuses to go on: No space left on device."
    ]


def test_show_says_how_a_deadline_was_understood(place: Path) -> None:
    paper = place / "a.txt"
    task = "1. Văn phòng Sở chủ trì báo cáo trong vòng 05 ngày kể từ ngày kết thúc đợt kiểm tra."
    paper.write_text(PLAN.replace("I. NHIỆM VỤ\n1. ", f"I. NHIỆM VỤ\n{task}\n2. "), encoding="utf-8")
    ended = kehoach("show", "a.txt", cwd=place, width=200)
    read = [line.partition("→ ")[2].strip() for line in ended.stdout.splitlines() if "→ " in line]
    assert read == ["tính từ một sự kiện", "trước 30/06/2021", "đến 31/12/2021"]


def test_without_tables_every_command_says_what_to_do_first(tmp_path: Path) -> None:
    for call in (
        ("query", "select 1"),
        ("export", "a.xlsx"),
        ("db", "a.duckdb"),
        ("datapackage",),
        ("compare", "a", "b"),
        ("report",),
        ("review", "--no-open"),
        ("case", "d1", "name"),
    ):
        ended = kehoach(*call, cwd=tmp_path)
        assert (ended.returncode, "hãy chạy kehoach ingest trước" in ended.stderr) == (ExitCode.NOTHING_DONE, True), (
            call
        )
    assert list(tmp_path.iterdir()) == []


def test_a_terminal_without_our_letters_shows_them_without_accents(place: Path) -> None:
    command = [sys.executable, "-c", "from pipeline.cli import main; main()", "show", "data/raw/ke hoach số 12.txt"]
    plain = {"LC_ALL": "C", "PYTHONCOERCECLOCALE": "0", "PYTHONUTF8": "0", "COLUMNS": "120"}
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PYTHONIO")}
    ended = subprocess.run(command, cwd=place, env=kept | plain, capture_output=True, check=True)
    told = ended.stdout.decode("ascii")
    assert "Cai cach hanh chinh nam 2021" in told
    assert "-> truoc 30/06/2021" in told
    assert "?" not in told
