"""The review page in a real browser against the real command: correct, split, dismiss; and nobody else gets in."""

import http.client
import json
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pandas as pd
import pytest
from axe_core_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from pipeline.batch import ingest
from pipeline.ledger.acks import acknowledged
from pipeline.ledger.database import open_ledger
from pipeline.review.server import cookie_name
from pipeline.store.lock import writer_lock
from tests.browser import PATIENCE, chromium

pytestmark = pytest.mark.slow

RAW = Path(__file__).parent.parent / "data" / "raw"
FILE = "huyen_pctt_2023.pdf"


CUT_BUTTONS = """[...document.querySelectorAll("button")]
    .filter((one) => one.scrollWidth > one.clientWidth).map((one) => one.innerText)"""


class Running:
    """`kehoach review` as a checker starts it."""

    def __init__(self, home: Path, address: str) -> None:
        self.home, self.address = home, address
        self.port = int(re.search(r":(\d+)/", address).group(1))  # type: ignore[union-attr]
        self.token = address.split("token=")[1]

    def table(self, name: str) -> pd.DataFrame:
        return pd.read_parquet(self.home / "parsed" / name)

    def ask(self, method: str, path: str, body: bytes = b"", **headers: str) -> tuple[int, str, dict[str, str]]:
        line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=300)
        line.request(method, path, body, {name.replace("_", "-"): value for name, value in headers.items()})
        answer = line.getresponse()
        return answer.status, answer.read().decode(), dict(answer.getheaders())

    @property
    def cookie(self) -> str:
        return f"{cookie_name(self.port)}={self.token}"


@contextmanager
def reviewing(home: Path) -> Iterator[Running]:
    command = [sys.executable, "-c", "from pipeline.cli import main; main()", "review", "--data", str(home / "parsed")]
    with subprocess.Popen([*command, "--port", "0", "--no-open"], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        try:
            yield Running(home, process.stdout.readline().strip())
        finally:
            process.terminate()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as running:
        yield running


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("review")
    ingest([RAW / FILE, RAW / "so_yt_2023.txt"], folder / "parsed", workers=2)
    return folder


@pytest.fixture(scope="module")
def running(home: Path) -> Iterator[Running]:
    with reviewing(home) as one:
        yield one


@pytest.fixture
def page(browser: Browser, running: Running) -> Iterator[Page]:
    tab = browser.new_page(viewport={"width": 1400, "height": 900})
    tab.set_default_timeout(PATIENCE)
    wrong: list[str] = []
    tab.on("pageerror", lambda error: wrong.append(str(error)))
    tab.goto(running.address)
    expect(tab.get_by_role("heading", name="Đối chiếu văn bản")).to_be_visible()
    assert "token" not in tab.url
    tab.get_by_label("Người sửa").fill("Nguyễn Thị Lan")
    yield tab
    assert not wrong
    tab.close()


def opened(page: Page) -> Page:
    page.get_by_role("link", name="phòng, chống thiên tai").click()
    expect(page.get_by_role("heading", name="Sổ sửa đổi")).to_be_visible()
    return page


def eventually(running: Running, sequence: int, column: str, wanted: Any) -> None:
    """The tables follow within a moment: the commit runs behind the page."""
    for _ in range(600):
        tasks = running.table("tasks")
        row = tasks[(tasks.sequence == sequence) & (tasks.document_id == document(running))]
        if len(row) and row.iloc[0][column] == wanted:
            return
        subprocess.run(["sleep", "0.1"], check=True)
    raise AssertionError(f"{column} of row {sequence} is {row.iloc[0][column]!r}")


def document(running: Running) -> str:
    documents = running.table("documents")
    return str(documents[documents.source_uri.str.endswith(FILE)].document_id.iloc[0])


def test_a_corrected_field_is_in_the_tables_and_outlives_a_reparse(page: Page, running: Running) -> None:
    opened(page)
    row = page.locator("#nv-5")
    box = row.locator(".crop").bounding_box()
    assert box
    assert box["width"] > 3 * box["height"] > 0
    row.get_by_label("Thời hạn").fill("Trước ngày 20/8/2023")
    row.get_by_label("Lý do").fill("xem bản giấy")
    row.get_by_role("button", name="Lưu chỗ sửa").click()
    expect(page.locator("#nv-5 .mark.info").first).to_have_text("đã sửa")
    expect(page.locator("#nv-5 .reading")).to_contain_text("hạn trước 20/08/2023")
    eventually(running, 5, "deadline_text", "Trước ngày 20/8/2023")
    ingest([RAW / FILE], running.home / "parsed", workers=1, reparse=True, wait=60)  # the page may still be writing
    eventually(running, 5, "deadline_text", "Trước ngày 20/8/2023")
    kept = running.table("corrections")
    assert kept[["made_by", "field", "old", "why"]].values.tolist() == [
        ["Nguyễn Thị Lan", "deadline_text", "Trước 15/7/2023", "xem bản giấy"]
    ]
    page.reload()
    page.get_by_role("button", name="Hoàn tác").first.click()
    expect(page.locator("#nv-5 .mark.info")).to_have_count(0)
    eventually(running, 5, "deadline_text", "Trước 15/7/2023")


def test_rows_are_split_and_joined(page: Page, running: Running) -> None:
    opened(page)
    before = len(running.table("tasks"))
    page.locator("#nv-5").get_by_role("button", name="Tách dòng").click()
    page.locator("dialog textarea").fill("Mua áo phao\n\nMua nhà bạt, máy phát điện")
    page.locator("dialog").get_by_role("button", name="Tách").click()
    expect(page.locator("#nv-6").get_by_label("Nội dung")).to_have_value("Mua nhà bạt, máy phát điện")
    eventually(running, 6, "content", "Mua nhà bạt, máy phát điện")
    assert len(running.table("tasks")) == before + 1
    page.locator("#nv-5").get_by_role("button", name="Gộp với dòng sau").click()
    expect(page.locator("#nv-5").get_by_label("Nội dung")).to_have_value("Mua áo phao\nMua nhà bạt, máy phát điện")
    eventually(running, 5, "content", "Mua áo phao\nMua nhà bạt, máy phát điện")
    assert len(running.table("tasks")) == before


def test_a_dismissed_finding_stays_silent_and_can_be_confirmed(page: Page, running: Running) -> None:
    opened(page)
    finding = page.locator(".finding").first
    words = finding.locator("q").inner_text()
    finding.get_by_role("button", name="Bỏ qua").click()
    expect(page.locator(".finding", has_text=words).first.locator(".status")).to_have_text("bỏ qua phát hiện")
    with open_ledger(running.home / "parsed.state") as ledger:
        (silent,) = acknowledged(ledger)
        assert silent.by == "Nguyễn Thị Lan"
        assert silent.item_id in set(running.table("findings").finding_id)
    page.locator(".finding", has_text=words).first.get_by_role("button", name="Đúng là lỗi").click()
    expect(page.locator(".finding", has_text=words).first.locator(".status")).to_have_text("xác nhận phát hiện")
    with open_ledger(running.home / "parsed.state") as ledger:
        assert not acknowledged(ledger)


def test_saving_one_row_keeps_what_is_typed_in_another(page: Page, running: Running) -> None:
    opened(page)
    page.locator("#nv-4").get_by_label("Kết quả").fill("danh sách chưa lưu")
    page.locator("#nv-3").get_by_label("Ghi chú").fill("đã lưu")
    page.locator("#nv-3").get_by_role("button", name="Lưu chỗ sửa").click()
    expect(page.locator("#nv-3 .mark.info").first).to_have_text("đã sửa")
    expect(page.locator("#nv-4").get_by_label("Kết quả")).to_have_value("danh sách chưa lưu")
    expect(page.locator("#nv-4").get_by_role("button", name="Lưu chỗ sửa")).to_be_enabled()
    hanoi = datetime.now(ZoneInfo("Asia/Ho_Chi_Minh"))
    at = page.locator("#so-sua ~ .scroll tbody tr").first.locator("td").first.inner_text()
    assert abs(datetime.strptime(at, "%d/%m/%Y %H:%M") - hanoi.replace(tzinfo=None)) < timedelta(minutes=10)
    asked: list[str] = []
    page.once("dialog", lambda dialog: (asked.append(dialog.type), dialog.dismiss()))
    page.get_by_role("link", name="Các văn bản").click(no_wait_after=True)
    expect(page.locator("#nv-4").get_by_label("Kết quả")).to_have_value("danh sách chưa lưu")
    assert asked == ["beforeunload"]
    page.locator("#nv-4").get_by_label("Kết quả").fill("")
    eventually(running, 3, "note", "đã lưu")


TYPED_AT_ONCE = """new MutationObserver((_, self) => {
    const name = document.getElementById("by"), note = document.querySelector("#nv-2 [name=note]");
    if (!name || !note) return;
    self.disconnect();
    for (const [area, text] of [[name, "Lê Văn Tám"], [note, "gõ ngay"]]) {
        area.value = text;
        area.dispatchEvent(new Event("input", { bubbles: true }));
    }
}).observe(document, { childList: true, subtree: true })"""


def test_what_is_typed_before_the_page_is_whole_can_be_saved(page: Page) -> None:
    page.add_init_script(TYPED_AT_ONCE)
    opened(page)
    expect(page.get_by_label("Người sửa")).to_have_value("Lê Văn Tám")
    save = page.locator("#nv-2").get_by_role("button", name="Lưu chỗ sửa")
    expect(save).to_be_enabled()
    page.locator("#nv-2").get_by_label("Ghi chú").fill("")
    expect(save).to_be_disabled()


def test_a_page_whose_server_has_ended_says_that_nothing_is_saved(browser: Browser, home: Path) -> None:
    context = browser.new_context()
    context.set_default_timeout(PATIENCE)
    page = context.new_page()
    with reviewing(home) as other:
        page.goto(other.address)
        page.get_by_label("Người sửa").fill("Nguyễn Thị Lan")
        opened(page)
    page.locator("#nv-2").get_by_label("Ghi chú").fill("mất mạng")
    save = page.locator("#nv-2").get_by_role("button", name="Lưu chỗ sửa")
    save.click()
    expect(page.locator("#said")).to_contain_text("Chưa lưu được")
    expect(page.locator("#nv-2").get_by_label("Ghi chú")).to_have_value("mất mạng")
    expect(save).to_be_enabled()
    context.close()


def test_a_damaged_store_is_told_on_the_page(home: Path, tmp_path: Path) -> None:
    for name in ("parsed", "parsed.state"):
        shutil.copytree(home / name, tmp_path / name)
    with reviewing(tmp_path) as other:
        (tmp_path / "parsed" / "tasks" / "tasks.parquet").write_bytes(b"no table")
        status, text, _ = other.ask("GET", "/", Cookie=other.cookie)
        assert status == 503
        assert "tasks.parquet bị hỏng" in text


def test_the_doubtful_come_first(page: Page) -> None:
    opened(page)
    findings = [row.locator(".finding").count() for row in page.locator(".row").all()]
    assert max(findings) > 0
    assert findings[0] > 0
    page.get_by_role("link", name="thứ tự văn bản").click()
    expect(page.get_by_role("link", name="mức nghi ngờ")).to_be_visible()
    numbers = [row.get_attribute("data-sequence") for row in page.locator(".row").all()]
    assert numbers == [str(number) for number in range(1, len(numbers) + 1)]


def test_a_correction_while_a_run_holds_the_lock_is_taken_by_the_next_run(page: Page, running: Running) -> None:
    opened(page)
    with writer_lock(running.home / "parsed" / ".kehoach" / "lock"):
        page.locator("#nv-1").get_by_label("Ghi chú").fill("đã báo cáo")
        page.locator("#nv-1").get_by_role("button", name="Lưu chỗ sửa").click()
        expect(page.locator("#nv-1 .mark.info").first).to_have_text("đã sửa")
    ingest([RAW / FILE], running.home / "parsed", workers=1, wait=60.0)
    eventually(running, 1, "note", "đã báo cáo")


def test_a_name_is_asked_for(browser: Browser, running: Running) -> None:
    context = browser.new_context()
    context.set_default_timeout(PATIENCE)
    page = context.new_page()
    page.goto(running.address)
    opened(page)
    page.get_by_role("button", name="Đã đối chiếu xong").click()
    expect(page.locator("#said")).to_contain_text("tên người sửa")
    context.close()


@pytest.mark.parametrize("width", [380, 800, 1600])
def test_the_page_is_usable_by_everyone(browser: Browser, running: Running, width: int) -> None:
    page = browser.new_page(viewport={"width": width, "height": 900})
    page.set_default_timeout(PATIENCE)
    page.goto(running.address)
    for step in (lambda: None, lambda: opened(page)):
        step()
        grave = [v["id"] for v in Axe().run(page)["violations"] if v["impact"] in ("serious", "critical")]
        assert not grave
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        assert not page.evaluate(CUT_BUTTONS)
    page.close()


def correction(running: Running, **more: object) -> bytes:
    tasks = running.table("tasks")
    task = tasks[(tasks.document_id == document(running)) & (tasks.sequence == 2)].iloc[0]
    what = {"document_id": document(running), "by": "kẻ lạ", "action": "set", "sequence": 2, "seen": task.content}
    return json.dumps(what | {"field": "note", "new": "bậy"} | more).encode()


def test_nobody_else_gets_in(running: Running) -> None:
    paper = f"/van-ban/{document(running)}"
    here = {"Cookie": running.cookie, "Origin": f"http://127.0.0.1:{running.port}", "Content_Type": "application/json"}
    for path in ("/", paper, f"/anh/{document(running)}/1.webp", "/assets/review.js", "/?token=wrong"):
        assert running.ask("GET", path)[0] == 403, path
        assert running.ask("GET", path, Cookie=f"{cookie_name(running.port)}=wrong")[0] == 403, path
    assert running.ask("GET", "/", Cookie=running.cookie)[0] == 200
    assert running.ask("GET", "/", Cookie=running.cookie, Host=f"evil.example:{running.port}")[0] == 403
    refused = [
        {**here, "Cookie": ""},
        {**here, "Origin": "http://evil.example"},
        {**here, "Origin": "null"},
        {name: value for name, value in here.items() if name != "Origin"},
        {**here, "Content_Type": "text/plain"},
        {**here, "Content_Type": "application/x-www-form-urlencoded"},
    ]
    before = running.table("corrections").number.tolist()
    for headers in refused:
        assert running.ask("POST", "/sua", correction(running), **headers)[0] == 403, headers
    assert running.table("corrections").number.tolist() == before


def test_nothing_outside_the_store_is_served(running: Running) -> None:
    for path in (
        "/assets/../desk.py",
        "/assets/..%2fdesk.py",
        "/assets/%2e%2e/desk.py",
        "/anh/..%2f..%2fetc%2fpasswd/1.webp",
        "/van-ban/../../etc/passwd",
        "/van-ban/d0000000000000000",
        f"/anh/{document(running)}/99.webp",
        "/etc/passwd",
    ):
        status, text, _ = running.ask("GET", path, Cookie=running.cookie)
        assert status in (404, 405), path
        assert "root:" not in text
        assert "class Desk" not in text


@pytest.mark.parametrize(
    "asked",
    [
        {"field": "document_id"},
        {"field": "__class__"},
        {"seen": "nội dung cũ"},
        {"sequence": 999},
        {"sequence": "2"},
        {"action": "delete"},
        {"action": "split", "new": "[]"},
        {"action": "undo", "field": "999"},
        {"action": "dismiss", "field": "f0"},
        {"new": ["a"]},
        {"by": "  "},
        {"extra": "x"},
        {"document_id": "../../etc"},
        {"new": "x" * 300_000},
    ],
)
def test_what_makes_no_sense_is_refused_in_a_sentence(running: Running, asked: dict[str, object]) -> None:
    origin = f"http://localhost:{running.port}"
    headers = {"Cookie": running.cookie, "Origin": origin, "Content_Type": "application/json"}
    status, text, _ = running.ask("POST", "/sua", correction(running, **asked), **headers)
    assert status == 409
    assert json.loads(text)["fault"]


def test_a_confirmed_document_becomes_a_case(page: Page, running: Running, tmp_path: Path) -> None:
    opened(page)
    command = [sys.executable, "-c", "from pipeline.cli import main; main()", "case", document(running), "lut_bao"]
    command += ["--data", str(running.home / "parsed"), "--out", str(tmp_path)]
    early = subprocess.run(command, capture_output=True, text=True, check=False)
    assert early.returncode == 3
    assert "chưa được đối chiếu" in early.stderr
    page.get_by_role("button", name="Đã đối chiếu xong").click()
    expect(page.locator("#so-sua ~ .scroll")).to_contain_text("đã đối chiếu cả văn bản")
    assert subprocess.run(command, check=False).returncode == 0
    gold = json.loads((tmp_path / "lut_bao" / "gold.json").read_text(encoding="utf-8"))
    assert (tmp_path / "lut_bao" / "source.pdf").read_bytes() == (RAW / FILE).read_bytes()
    tasks = running.table("tasks")
    own = tasks[tasks.document_id == document(running)].sort_values("sequence")
    assert [task["content"] for task in gold["tasks"]] == own.content.tolist()
    page.get_by_role("link", name="Các văn bản").click()
    expect(page.locator("tr", has_text="thiên tai").locator(".status")).to_have_text("đã đối chiếu")


def test_two_review_pages_in_one_browser_leave_each_other_open(browser: Browser, running: Running) -> None:
    with reviewing(running.home) as second, browser.new_context() as context:
        for one in (running, second):
            context.new_page().goto(one.address)
        for tab in context.pages:
            tab.reload()
            expect(tab.get_by_role("heading", name="Đối chiếu văn bản")).to_be_visible()
