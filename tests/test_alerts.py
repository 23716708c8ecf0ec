"""What a digest says and to whom: news only, the gravest first, never too long, harmless whatever a paper holds."""

import io
from datetime import timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

import duckdb
import openpyxl
import pytest

from pipeline import alerts
from pipeline.alerts.digest import MOST_ATTACHED, MOST_SHOWN, digest_of, gather, news_for
from pipeline.alerts.lake import Lake
from pipeline.alerts.routing import name_matches
from pipeline.alerts.telling import LARGEST_HTML
from pipeline.batch import ingest
from pipeline.check import RULES
from pipeline.ledger.acks import acknowledge, acknowledged, withdraw
from pipeline.ledger.database import open_ledger
from pipeline.ledger.mail import NewMail, enqueue
from pipeline.settings import Group, Intake, Settings
from pipeline.store.parquet import Change, Store
from tests.alert_samples import NOW, duty, failure, found, group, lake, on_day, paper, settings

HOSTILE = (
    '=HYPERLINK("http://x.example";"Bấm")\r\nBcc: all@x.example\r\n\r\n<script>alert(1)</script>'
    "<img src=x onerror=alert(2)>\u202etxt.exe\u2066 {{ 7*7 }} {% include 'x' %} &lt; \x1b[2J\x00\ufeff " + "W" * 3000
)


def mails(folder: Path) -> list[EmailMessage]:
    read = (
        message_from_bytes(path.read_bytes(), _class=EmailMessage, policy=policy.default)
        for path in folder.glob("*.eml")
    )
    return list(read)


def part(mail: EmailMessage, kind: str) -> str:
    body = mail.get_body((kind,))
    assert body is not None
    return str(body.get_content())


def previewed(chosen: Settings, folder: Path, **how: bool) -> list[EmailMessage]:
    alerts.preview(chosen, NOW, folder, **how)
    return mails(folder)


def told(chosen: Settings, listener: Group, references: bool = True) -> set[str]:
    """The rules that a group hears of, or the names of the files."""
    shelf = Lake(chosen.intake)
    with open_ledger(chosen.intake.state_folder) as ledger:
        news = news_for(listener, shelf, ledger)
    return {one.rule for one in news.references} if references else {one.file for one in news.unread}


def test_a_digest_lets_its_reader_act(tmp_path: Path) -> None:
    chosen = settings(lake(tmp_path / "parsed", paper("kh-so-1.docx", found("deadline.invalid", "31/02/2026"))))
    (mail,) = previewed(chosen, tmp_path / "mail")
    for words in (part(mail, kind) for kind in ("plain", "html")):
        assert "Kế hoạch số" in words
        assert "Sở Xây dựng tỉnh Bình Sơn" in words
        assert "kh-so-1.docx" in words
        assert "/mnt" not in words, "no path beyond the base name"
        assert "Nhiệm vụ 1 · trang 2 · chủ trì: Văn phòng Sở" in words
        assert "“31/02/2026”" in words
        assert RULES["deadline.invalid"].title in words
        assert RULES["deadline.invalid"].explanation in words
        assert "Rà soát, niêm yết thủ tục hành chính lần 1" in words
    query = "select * from findings where finding_id = '"
    finding_id = part(mail, "plain").split(query)[1].split("'")[0]
    stored = duckdb.read_parquet(str(tmp_path / "parsed" / "findings" / "findings.parquet"))
    assert len(stored.filter(f"finding_id = '{finding_id}'").fetchall()) == 1


def test_errors_come_before_warnings_and_infos_are_only_counted(tmp_path: Path) -> None:
    rows = (found("unit.unknown", "Phòng Lạ"), found("deadline.missing", "việc"), found("deadline.invalid", "31/02"))
    chosen = settings(lake(tmp_path / "parsed", paper("a.txt", *rows)))
    (mail,) = previewed(chosen, tmp_path / "mail")
    text = part(mail, "plain")
    assert text.index("==== LỖI (1)") < text.index("==== CẢNH BÁO (1)")
    assert "Phòng Lạ" not in text
    assert "còn 1 ghi nhận ở mức nhẹ hơn" in text
    assert mail["Subject"] == "Kế hoạch: 1 lỗi, 1 cảnh báo mới trong 1 văn bản"
    nothing = settings(lake(tmp_path / "quiet", paper("b.txt", rows[0])))
    assert previewed(nothing, tmp_path / "quiet mail") == []


def test_groups_hear_what_they_asked_for(tmp_path: Path) -> None:
    tasks = (duty(1, "Việc một", lead="Phòng Tổ chức cán bộ"), duty(2, "Việc hai", lead="Phòng Lạ Lùng"))
    one = paper("a.txt", found("deadline.invalid", "x", 1), found("deadline.missing", "y", 2), tasks=tasks)
    two = paper("b.txt", found("document.number_missing", "Số: /KH", None), issuer="Sở Y tế tỉnh An Lạc")
    chosen = settings(lake(tmp_path / "parsed", one, two, failures=(failure("c.pdf"),)))
    everything = {"deadline.invalid", "deadline.missing", "document.number_missing"}
    assert told(chosen, group()) == everything
    assert told(chosen, group(severity="error")) == {"deadline.invalid"}
    assert told(chosen, group(rules=("deadline.*",))) == {"deadline.invalid", "deadline.missing"}
    assert told(chosen, group(issuers=("Sở Y tế",))) == {"document.number_missing"}
    assert told(chosen, group(units=("TCCB",))) == {"deadline.invalid"}
    assert told(chosen, group(units=("phòng  lạ lùng",))) == {"deadline.missing"}
    assert told(chosen, group(), references=False) == {"c.pdf"}
    assert told(chosen, group(failures=False), references=False) == set()
    switched_off = chosen.model_copy(update={"intake": Intake(out=chosen.intake.out, rules_off=("deadline.invalid",))})
    assert told(switched_off, group()) == everything - {"deadline.invalid"}


@pytest.mark.parametrize(
    ("asked", "name", "meant"),
    [
        ("Sở Y tế", "Sở Y tế tỉnh Thanh Hóa", True),
        ("sở y tế tỉnh thanh hoá", "Sở Y tế tỉnh Thanh Hóa", True),
        ("TCCB", "Phòng Tổ chức cán bộ", True),
        ("Sở Y", "Sở Y tế", True),
        ("Sở Y tế", "Sở Y", False),
        ("Y tế", "Sở Y tếch", False),
    ],
)
def test_a_name_is_meant_by_its_words(asked: str, name: str, meant: bool) -> None:
    assert name_matches(asked, name) is meant


def test_acknowledged_findings_stay_silent_and_can_speak_again(tmp_path: Path) -> None:
    chosen = settings(lake(tmp_path / "parsed", paper("a.txt", found("deadline.invalid", "31/02"))))
    shelf = Lake(chosen.intake)
    with open_ledger(chosen.intake.state_folder) as ledger:
        (item,) = news_for(group(), shelf, ledger).item_ids
        assert acknowledge(ledger, [item], by="hong", note="đã hỏi", now=NOW) == 1
        assert acknowledge(ledger, [item], by="lan", note="", now=NOW) == 0
        assert [(one.by, one.note) for one in acknowledged(ledger)] == [("hong", "đã hỏi")]
        assert not news_for(group(), shelf, ledger)
        assert not news_for(group(), shelf, ledger, again=True)
        assert withdraw(ledger, [item]) == 1
        assert news_for(group(), shelf, ledger)


def test_documents_that_no_longer_count_are_silent(tmp_path: Path) -> None:
    tasks = tuple(duty(n, f"Rà soát, niêm yết thủ tục hành chính lần {n}") for n in (1, 2))
    corrected = (*tasks, duty(3, "Báo cáo kết quả rà soát"))
    out = lake(tmp_path / "parsed", paper("cu.txt", found("deadline.invalid", "cũ"), tasks=tasks, number="7"))
    later = NOW + timedelta(days=1)
    lake(out, paper("moi.txt", found("deadline.missing", "mới"), tasks=corrected, number="7", since=later))
    assert Store(out).read("documents", ["superseded_by"]).column("superseded_by").null_count == 1
    assert told(settings(out), group()) == {"deadline.missing"}


def test_two_files_of_one_document_tell_a_finding_once(tmp_path: Path) -> None:
    rows = (found("deadline.invalid", "31/02/2026"), found("deadline.missing", "Việc  một", 2))
    word = paper("kh.docx", *rows, number="9")
    out = lake(tmp_path / "parsed", word)
    lake(
        out,
        paper("kh.pdf", rows[0], found("deadline.missing", "việc một.", 2), found("lead.missing", "ba"), number="9"),
    )
    chosen = settings(out)
    shelf = Lake(chosen.intake)
    assert Store(out).read("documents", ["superseded_by"]).column("superseded_by").null_count == 2
    with open_ledger(chosen.intake.state_folder) as ledger:
        news = news_for(group(), shelf, ledger)
        assert sorted(one.rule for one in news.references) == ["deadline.invalid", "deadline.missing", "lead.missing"]
        of_word = [one.finding_id for one in news.references if one.document_id == word.document_id]
        acknowledge(ledger, of_word, by="hong", note="", now=NOW)
        left = {one.rule for one in news_for(group(), shelf, ledger).references}
    assert left == {one.rule for one in news.references if one.finding_id not in of_word}


def test_the_first_digest_of_a_large_lake_is_short_and_its_workbook_holds_all(tmp_path: Path) -> None:
    papers = [
        paper(f"{n}.txt", *(found("deadline.missing", f"việc {n} số {k} " + "rất dài " * 30, None) for k in range(60)))
        for n in range(40)
    ]
    chosen = settings(lake(tmp_path / "parsed", *papers, failures=tuple(failure(f"{n}.pdf") for n in range(50))))
    (mail,) = previewed(chosen, tmp_path / "mail")
    html = part(mail, "html")
    assert len(html.encode()) <= LARGEST_HTML
    assert 10 <= html.count('kehoach query "select * from findings where') <= MOST_SHOWN
    assert "2.400 cảnh báo" in html
    assert "và 35 tệp khác" in html
    (attachment,) = mail.iter_attachments()
    book = openpyxl.load_workbook(io.BytesIO(attachment.get_content()), read_only=True)
    assert [sheet.max_row - 1 for sheet in book] == [2400, 50]
    assert MOST_ATTACHED > 2400


def test_what_was_told_is_exactly_what_was_new(tmp_path: Path) -> None:
    out = lake(tmp_path / "parsed", paper("a.txt", *(found("deadline.missing", f"việc {n}", None) for n in range(300))))
    shelf = Lake(Intake(out=out))
    with open_ledger(out.with_name("parsed.state")) as ledger:
        news = news_for(group(), shelf, ledger)
        shown = digest_of(gather(group(), news, shelf), NOW.date())
        assert len(news.item_ids) == len(set(news.item_ids)) == 300
        assert shown.left_out == 300 - sum(len(r.items) for s in shown.sections for p in s.papers for r in p.rules)
        mail = NewMail("Văn phòng", "digest", "<1@x>", "s", "a@b", ("c@d",), b"x")
        assert enqueue(ledger, mail, news.item_ids, NOW)
        assert not news_for(group(), shelf, ledger)
        assert news_for(group("Nhóm khác"), shelf, ledger), "each group is told by itself"
        second = NewMail("Văn phòng", "digest", "<2@x>", "s", "a@b", ("c@d",), b"x")
        assert not enqueue(ledger, second, news.item_ids[:1], NOW), "another process was faster"


def hostile_lake(folder: Path) -> Settings:
    tasks = (duty(1, HOSTILE, on_day(HOSTILE, "2026-06-25"), lead=HOSTILE[:200]),)
    bad = paper(
        'a"><script>x</script>\n.txt',
        found("deadline.invalid", HOSTILE[:300], 1, HOSTILE),
        found("deadline.missing", "- Xây dựng", 1, "@SUM(1)"),
        tasks=tasks,
        title=HOSTILE,
        issuer=HOSTILE[:100],
        symbol="+KH",
    )
    broken = failure("=cmd|x.pdf", message="Không mở được /srv/mat/khau/tep.pdf: <b>lỗi</b>\r\nX: y. / English.")
    return settings(lake(folder / "parsed", bad, failures=(broken,)), group(weekly=True))


def test_nothing_in_a_paper_can_act_in_its_mail(tmp_path: Path) -> None:
    chosen = hostile_lake(tmp_path)
    digest, weekly = (previewed(chosen, tmp_path / str(flag), weekly=flag)[0] for flag in (False, True))
    for mail in (digest, weekly):
        assert sorted(mail.keys()) == sorted(set(mail.keys())), "no header was added"
        assert "Bcc" not in mail
        html, text = part(mail, "html"), part(mail, "plain")
        assert "<script" not in html
        assert "<img" not in html
        assert "&lt;script&gt;" in html
        for words in (html.replace("\r\n", "\n"), text.replace("\r\n", "\n")):
            assert not set(words) & set("\u202e\u2066\x1b\x00\r")
            assert "{{ 7*7 }}" in words, "templates are not read in text"
    assert "/srv" not in part(digest, "plain")
    workbook, *_ = digest.iter_attachments()
    book = openpyxl.load_workbook(io.BytesIO(workbook.get_content()))
    cells = [
        cell for sheet in book for row in sheet.iter_rows(min_row=2) for cell in row if isinstance(cell.value, str)
    ]
    assert {cell.data_type for cell in cells} == {"s"}
    dangerous = [cell for cell in cells if cell.value.startswith(("=", "+", "-", "@"))]
    assert len(dangerous) >= 4
    assert all(cell.quotePrefix for cell in dangerous)
    calendars = [part for part in weekly.iter_attachments() if part.get_content_type() == "text/calendar"]
    assert calendars
    assert "BEGIN:VALARM\r\nBEGIN" not in calendars[0].get_content()


@pytest.mark.slow
def test_the_mails_in_a_real_browser(tmp_path: Path) -> None:
    from tests.browser import chromium

    chosen = hostile_lake(tmp_path)
    long = paper("dai.txt", *(found("deadline.missing", f"{n} " + "M" * 280, None) for n in range(9)))
    lake(chosen.intake.out, long)
    pages = [
        path
        for weekly in (False, True)
        for path in alerts.preview(chosen, NOW, tmp_path / "mail", weekly=weekly).written
        if path.suffix == ".html"
    ]
    assert len(pages) == 2
    with chromium() as browser:
        for scheme, ink in (("light", 27), ("dark", 231)):
            page = browser.new_page(viewport={"width": 380, "height": 800}, color_scheme=scheme)
            alarms: list[str] = []
            page.on("dialog", lambda dialog, alarms=alarms: (alarms.append(dialog.message), dialog.dismiss()))
            for path in pages:
                page.goto(path.as_uri())
                assert page.evaluate("document.documentElement.scrollWidth") == 380, "nothing hangs over at 380 pixels"
                assert page.evaluate("document.scripts.length + document.images.length") == 0
                colour = page.evaluate("getComputedStyle(document.querySelector('p.text')).color")
                assert f"rgb({ink}," in colour
            assert alarms == []
            page.close()


def test_without_a_mail_server_the_mails_are_files_and_nothing_counts_as_told(tmp_path: Path) -> None:
    chosen = settings(lake(tmp_path / "parsed", paper("a.txt", found("deadline.invalid", "31/02"))), group(weekly=True))
    for hours in (0, 1):
        sent = alerts.after_run(chosen, NOW + timedelta(hours=hours))
        assert [path.name for path in sent.written] == ["digest-van-phong.html", "digest-van-phong.eml"]
        assert sent.queued == 0
    plain = alerts.send_plain(settings(tmp_path / "parsed", operators=("a@b.vn",)), "Ngừng chạy", "Xem máy.", NOW)
    assert [path.suffix for path in plain.written] == [".html", ".eml"]


def test_an_empty_lake_and_no_groups_are_no_trouble(tmp_path: Path) -> None:
    empty = Settings(intake=Intake(out=tmp_path / "parsed"))
    assert alerts.after_run(empty, NOW) == alerts.weekly(empty, NOW) == alerts.Sent()
    assert alerts.preview(empty, NOW, tmp_path / "mail") == alerts.Sent()


def test_a_file_that_failed_is_told_once_until_its_content_changes(tmp_path: Path) -> None:
    out = lake(tmp_path / "parsed", failures=(failure("a.pdf"),))
    chosen = settings(out)
    shelf = Lake(chosen.intake)
    with open_ledger(chosen.intake.state_folder) as ledger:
        news = news_for(group(), shelf, ledger)
        assert enqueue(ledger, NewMail("Văn phòng", "digest", "<1@x>", "s", "a@b", ("c@d",), b"x"), news.item_ids, NOW)
        assert not news_for(group(), shelf, ledger)
        with Store.writing(out) as store:
            store.commit(Change(failures=(failure("a.pdf") | {"sha256": "cd" * 32},)))
        assert news_for(group(), Lake(chosen.intake), ledger)


def test_a_corrected_plan_is_told_with_what_it_changed(tmp_path: Path) -> None:
    """Once, to whom it concerns: the section names the tasks that are new, gone, or due on another day."""
    head = "UBND XÃ ĐÔNG HỒ\nSố: 12/KH-UBND\nĐông Hồ, ngày 05 tháng 01 năm 2025\n\n"
    head += (
        "KẾ HOẠCH\nCải cách hành chính năm 2025\n\n1. Văn phòng chủ trì số hóa hồ sơ đất đai, hoàn thành trước ngày "
    )
    source = tmp_path / "kh.txt"
    source.write_text(head + "30/6/2025.\n", encoding="utf-8")
    ingest([source], tmp_path / "parsed", workers=1)
    groups = (
        Group(name="Tất cả", to=("a@xa.example",), severity="error"),
        Group(name="Công an", to=("b@xa.example",), severity="error", units=("Công an",)),
    )
    ours = Settings(intake=Intake(out=tmp_path / "parsed"), groups=groups)
    assert not alerts.preview(ours, NOW, tmp_path / "first").written
    source.write_text(head + "31/8/2025.\n2. Văn phòng chủ trì mở 02 lớp tập huấn kỹ năng số.\n", encoding="utf-8")
    ingest([source], tmp_path / "parsed", workers=1)
    page, letter = alerts.preview(ours, NOW, tmp_path / "second").written
    assert "tat-ca" in page.name
    shown = page.read_text(encoding="utf-8")
    for words in ("Bản mới thay bản cũ", "1 văn bản có bản mới", "thay kh.txt", "Đổi thời hạn: 1", "Nhiệm vụ mới: 1"):
        assert words in shown
    assert "trước ngày 30/6/2025" in shown
    assert "trước ngày 31/8/2025" in shown
    mail = message_from_bytes(letter.read_bytes(), policy=policy.default)
    plain = mail.get_body(("plain",))
    assert plain is not None
    assert "BẢN MỚI THAY BẢN CŨ (1)" in plain.get_content()
