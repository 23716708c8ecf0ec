"""The report as readers meet it: opened from disk in a real browser."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pandas as pd
import pypdfium2
import pytest
from axe_core_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from extractors.errors import SurroundingsError
from extractors.pictures import as_pdf
from pipeline.batch import ingest
from pipeline.report.site import ReportError, Written, write_report
from tests.browser import PATIENCE, chromium

pytestmark = pytest.mark.slow

RAW = Path(__file__).parent.parent / "data" / "raw"
DAY = date(2025, 6, 1)
HOSTILE = (
    """UBND XÃ ĐÔNG HỒ
Số: 12/KH-UBND
Đông Hồ, ngày 05 tháng 01 năm 2025

KẾ HOẠCH
<script>document.title = "hỏng"</script> năm 2025

1. Văn phòng <img src=x onerror="document.title='hỏng'"> chủ trì, \u202etrái sang phải\u202c, =HYPERLINK("http://x"), \
hoàn thành trước ngày 30/6/2025.
2. Công an xã chủ trì tuần tra {{ 7 * 7 }} địa bàn, hoàn thành trước ngày 31/02/2025; """
    + "rất dài " * 1300
    + ".\n"
)


CUT_LISTS = """[...document.querySelectorAll(".scroll:has([data-list])")]
    .filter((place) => place.scrollWidth > place.clientWidth + 1).map((place) => place.innerText.slice(0, 60))"""


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The samples and a hostile document, read and written out as a report."""
    home = tmp_path_factory.mktemp("report")
    (home / "doc.txt").write_text(HOSTILE, encoding="utf-8")
    (home / "hỏng.docx").write_bytes(b"PK\x03\x04 nothing")
    ingest([RAW, home / "doc.txt", home / "hỏng.docx"], home / "parsed", workers=2)
    write(home)
    return home


def write(home: Path) -> Written:
    return write_report(home / "parsed", home / "site", DAY, progress=lambda _line: None)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as running:
        yield running


class Reader:
    """A tab that notes what goes wrong in it and what it asks for."""

    def __init__(self, browser: Browser, site: Path, width: int = 1600, scheme: str = "light") -> None:
        self.folder = site / "site"
        context = browser.new_context(
            viewport={"width": width, "height": 900}, color_scheme="dark" if scheme == "dark" else "light"
        )
        context.set_default_timeout(PATIENCE)
        self.page: Page = context.new_page()
        self.wrong: list[str] = []
        self.asked: list[str] = []
        self.page.on("console", lambda said: self.wrong.append(said.text) if said.type == "error" else None)
        self.page.on("pageerror", lambda error: self.wrong.append(str(error)))
        self.page.on("request", lambda request: self.asked.append(request.url))

    def open(self, name: str) -> Page:
        self.page.goto("about:blank")  # another #part of the same page is no new page to a browser
        self.page.goto(f"{self.folder.as_uri()}/{name}")
        return self.page


@pytest.fixture
def reader(browser: Browser, site: Path) -> Iterator[Reader]:
    tab = Reader(browser, site)
    yield tab
    assert not tab.wrong
    assert all(url.startswith((tab.folder.as_uri(), "data:", "blob:", "about:")) for url in tab.asked)
    tab.page.context.close()


def table(site: Path, name: str) -> pd.DataFrame:
    return pd.read_parquet(site / "parsed" / name)


def height(page: Page, selector: str) -> float:
    box = page.locator(selector).first.bounding_box()
    assert box
    return box["height"]


def document(site: Path, file: str) -> str:
    documents = table(site, "documents")
    return str(documents[documents.source_uri.str.endswith(file)].document_id.iloc[0])


def test_the_overview_counts_what_the_tables_hold(site: Path, reader: Reader) -> None:
    page = reader.open("index.html")
    texts = page.locator(".tile").all_inner_texts()
    told = {words: int(count) for count, words in (text.split("\n", 1) for text in texts)}
    findings = table(site, "findings")
    tasks = table(site, "tasks")
    assert told["văn bản"] == 9
    assert told["nhiệm vụ"] == len(tasks)
    assert told["lỗi trong văn bản"] == (findings.severity == "error").sum()
    assert told["cảnh báo"] == (findings.severity == "warning").sum()
    assert told["tệp không đọc được"] == 1
    assert page.get_by_text("hỏng.docx").count() == 1
    assert page.locator("[data-list=documents] tbody tr").count() == 9


def test_every_task_and_finding_is_listed(site: Path, reader: Reader) -> None:
    assert reader.open("nhiem-vu.html").locator("[data-list=tasks] tbody tr").count() == len(table(site, "tasks"))
    count = reader.open("phat-hien.html").locator("[data-count=findings]").inner_text()
    assert count == f"{len(table(site, 'findings'))} / {len(table(site, 'findings'))}"


def test_a_search_needs_no_accents_but_heeds_those_typed(reader: Reader) -> None:
    page = reader.open("nhiem-vu.html")
    rows = page.locator("[data-list=tasks] tbody tr")
    box = page.get_by_label("Tìm")
    box.fill("so hoa so ho tich")
    assert rows.count() == 1
    assert "Số hóa sổ hộ tịch" in rows.first.inner_text()
    box.fill("SỐ HÓA hộ tịch")
    assert rows.count() == 1
    box.fill("sơ hoa so ho tich")
    assert "Không có dòng nào khớp" in rows.first.inner_text()


def test_filters_narrow_the_list_and_stay_in_the_address(site: Path, reader: Reader) -> None:
    page = reader.open("phat-hien.html")
    page.get_by_label("Mức").select_option("error")
    errors = (table(site, "findings").severity == "error").sum()
    assert page.locator("[data-count=findings]").inner_text().startswith(f"{errors} /")
    page.reload()
    assert page.get_by_label("Mức").input_value() == "error"
    assert page.locator("[data-list=findings] tbody tr").count() == errors
    page.get_by_role("button", name="Bỏ lọc").click()
    assert "severity" not in page.url


def test_a_bar_of_the_overview_leads_to_its_findings(reader: Reader) -> None:
    page = reader.open("index.html")
    canvas = page.locator("#by-rule canvas")
    expect(canvas).to_be_visible()
    canvas.click(position={"x": 330, "y": 26})
    page.wait_for_url("**/phat-hien.html#rule=*")
    expect(page.locator("[data-list=findings] tbody tr")).not_to_have_count(0)


@pytest.mark.parametrize(
    "file", ["huyen_pctt_2023.pdf", "benh_vien_2025.pdf", "ubnd_xa_2026.docx", "so_gddt_2024.docx"]
)
def test_the_box_on_the_page_holds_the_words_of_the_task(site: Path, reader: Reader, file: str) -> None:
    """From the mail's link to the line on paper: the highlighted box, measured in the browser, holds the task."""
    page = reader.open(f"van-ban/{document(site, file)}.html")
    pdf = pypdfium2.PdfDocument(as_pdf((RAW / file).read_bytes(), str(media_type(site, file))))
    spots = page.locator(".spot").all()
    tasks = table(site, "tasks")
    tasks = tasks[tasks.document_id == document(site, file)].set_index("sequence")
    assert len(spots) >= 0.8 * len(tasks)
    seen = 0
    for spot in spots:
        number = int(str(spot.get_attribute("data-task")))
        sheet = spot.locator("xpath=ancestor::figure")
        paper = pdf[int(str(sheet.get_attribute("id")).removeprefix("trang-")) - 1]
        box, around = spot.bounding_box(), spot.locator("xpath=..").bounding_box()
        assert box
        assert around
        width, height = paper.get_size()
        left, right = (width * (box["x"] - around["x"] + more) / around["width"] for more in (-1, box["width"] + 1))
        top, bottom = (height * (box["y"] - around["y"] + m) / around["height"] for m in (-1, box["height"] + 1))
        words = paper.get_textpage().get_text_bounded(left, height - bottom, right, height - top)
        # LibreOffice sets ơ, ư and letters with two marks from another font, and PDFium tears such words apart.
        whole = [word for word in str(tasks.content[number]).split()[:8] if max(word) <= "đ"]
        seen += bool(whole)
        assert all(word in words for word in whole), (number, words)
    assert seen >= 0.8 * len(spots)


def media_type(site: Path, file: str) -> str:
    documents = table(site, "documents")
    return str(documents[documents.source_uri.str.endswith(file)].media_type.iloc[0])


def test_a_link_to_a_task_lights_it_up_on_paper(site: Path, reader: Reader) -> None:
    page = reader.open(f"van-ban/{document(site, 'huyen_pctt_2023.pdf')}.html#nv-4")
    assert page.locator(".task.on").get_attribute("id") == "nv-4"
    assert page.locator(".spot.on").get_attribute("id") == "o-4"
    assert page.locator("#o-4").is_visible()
    page.locator("#o-5").click()
    assert page.locator(".task.on").get_attribute("id") == "nv-5"
    page.locator("#nv-6 .what").click()
    assert page.locator(".spot.on").get_attribute("id") == "o-6"


def test_text_of_a_document_does_nothing(site: Path, reader: Reader) -> None:
    own = document(site, "doc.txt")
    for name in (f"van-ban/{own}.html", "index.html", "nhiem-vu.html", "phat-hien.html", "don-vi.html"):
        page = reader.open(name)
        page.evaluate("new Promise(done => requestAnimationFrame(() => setTimeout(done)))")  # drawn, and all has run
        assert page.title() != "hỏng"
        assert not page.locator("img[src=x]").count()
        assert "\u202e" not in page.content()
    page = reader.open(f"van-ban/{own}.html")
    assert "<script>document.title" in page.locator("main").inner_text()
    assert "{{ 7 * 7 }}" in page.locator("main").inner_text()
    assert height(page, "#nv-2 .clamp") < 300


@pytest.mark.parametrize(("width", "scheme"), [(1600, "light"), (1210, "light"), (800, "dark"), (380, "light")])
def test_pages_are_usable_by_everyone(browser: Browser, site: Path, width: int, scheme: str) -> None:
    """axe-core finds nothing serious, no page is wider than the window, and no list wider than its place."""
    tab = Reader(browser, site, width, scheme)
    paper = f"van-ban/{document(site, 'huyen_pctt_2023.pdf')}.html"
    for name in ("index.html", "nhiem-vu.html", "don-vi.html", "phat-hien.html", paper):
        page = tab.open(name)
        grave = [
            (fault["id"], [node["html"] for node in fault["nodes"]][:3])
            for fault in Axe().run(page)["violations"]
            if fault["impact"] in ("serious", "critical")
        ]
        assert not grave, name
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), name
        assert not page.evaluate(CUT_LISTS), name
    tab.page.context.close()


def test_it_reads_without_a_mouse(reader: Reader) -> None:
    page = reader.open("index.html")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"


def test_charts_can_be_taken_into_slides(reader: Reader) -> None:
    page = reader.open("don-vi.html")
    for kind, head in (("SVG", b"<svg"), ("PNG", b"\x89PNG")):
        with page.expect_download() as coming:
            page.get_by_role("button", name=f"Tải {kind}").first.click()
        assert Path(coming.value.path()).read_bytes().startswith(head)


def test_on_paper_everything_is_shown(site: Path, reader: Reader) -> None:
    page = reader.open(f"van-ban/{document(site, 'doc.txt')}.html")
    page.emulate_media(media="print")
    assert height(page, "#nv-2 .clamp") > 1000
    assert not page.get_by_role("navigation").is_visible()


@pytest.mark.parametrize("name", ["index.html", "nhiem-vu.html", "don-vi.html", "phat-hien.html"])
def test_what_is_printed_fits_the_paper(reader: Reader, name: str) -> None:
    page = reader.open(name)
    charts = page.locator(".chart").count()
    expect(page.locator(".chart:has(canvas)")).to_have_count(charts)  # they are drawn for the screen
    page.set_viewport_size({"width": 794, "height": 1123})  # A4 at 96 dpi
    page.emulate_media(media="print")
    beyond = """[...document.querySelectorAll("canvas, table")].filter(
        (one) => one.checkVisibility() && one.getBoundingClientRect().right > innerWidth).length"""
    assert page.evaluate(beyond) == 0
    assert page.locator(".chart").evaluate_all(
        "all => all.every(one => [...one.querySelectorAll('canvas')].every("
        "layer => layer.getBoundingClientRect().bottom <= one.getBoundingClientRect().bottom))"
    )


def test_a_second_report_draws_nothing_again_and_forgets_what_is_gone(site: Path) -> None:
    pictures = {path: path.stat().st_mtime_ns for path in (site / "site" / "trang").glob("*.webp")}
    stale = site / "site" / "van-ban" / "d0000000000000000.html"
    stale.write_text("old", encoding="utf-8")
    written = write(site)
    assert written.pictures == len(pictures) > 0
    assert {path: path.stat().st_mtime_ns for path in pictures} == pictures
    assert not stale.exists()


def test_a_folder_with_other_files_is_left_alone(site: Path, tmp_path: Path) -> None:
    (tmp_path / "thesis.docx").write_bytes(b"mine")
    with pytest.raises(ReportError):
        write_report(site / "parsed", tmp_path, DAY, progress=lambda _line: None)
    assert [path.name for path in tmp_path.iterdir()] == ["thesis.docx"]


def test_a_table_that_cannot_be_read_is_no_fault_of_the_place_to_write(tmp_path: Path) -> None:
    ingest([RAW / "huyen_pctt_2023.pdf"], tmp_path / "parsed", workers=1)
    path = tmp_path / "parsed" / "tasks" / "tasks.parquet"
    path.unlink()
    path.symlink_to(path)  # a loop
    with pytest.raises(SurroundingsError, match=r"Không đọc được bảng .*tasks\.parquet"):
        write(tmp_path)


def test_a_changed_source_is_not_drawn_as_if_it_were_the_old_one(tmp_path: Path) -> None:
    source = tmp_path / "in" / "kh.pdf"
    source.parent.mkdir()
    source.write_bytes((RAW / "huyen_pctt_2023.pdf").read_bytes())
    ingest([source], tmp_path / "parsed", workers=1)
    source.write_bytes((RAW / "benh_vien_2025.pdf").read_bytes())
    written = write(tmp_path)
    assert (written.pictures, written.without_pictures) == (0, 1)
    page = next((tmp_path / "site" / "van-ban").glob("*.html")).read_text(encoding="utf-8")
    assert "Tệp gốc đã thay đổi" in page


def test_a_file_that_failed_at_night_bears_the_day_of_ha_noi(tmp_path: Path) -> None:
    (tmp_path / "hỏng.docx").write_bytes(b"PK\x03\x04 nothing")
    one_at_night = datetime(2026, 3, 1, 18, 0, tzinfo=UTC)
    ingest([tmp_path / "hỏng.docx"], tmp_path / "parsed", workers=1, clock=lambda: one_at_night)
    write(tmp_path)
    page = (tmp_path / "site" / "index.html").read_text(encoding="utf-8")
    assert '<td class="date">02/03/2026</td>' in page


def test_what_changed_since_the_former_version_is_shown(browser: Browser, tmp_path: Path) -> None:
    head = "UBND XÃ ĐÔNG HỒ\nSố: 12/KH-UBND\nĐông Hồ, ngày 05 tháng 01 năm 2025\n\n"
    head += "KẾ HOẠCH\nCải cách hành chính năm 2025\n\n"
    source = tmp_path / "kh.txt"
    source.write_text(
        head + "1. Văn phòng chủ trì số hóa hồ sơ đất đai, hoàn thành trước ngày 30/6/2025.\n"
        "2. Công an xã chủ trì cấp định danh điện tử, hoàn thành trước ngày 30/9/2025.\n",
        encoding="utf-8",
    )
    ingest([source], tmp_path / "parsed", workers=1)
    source.write_text(
        head + "1. Văn phòng chủ trì số hóa hồ sơ đất đai, hoàn thành trước ngày 31/8/2025.\n"
        "2. Phòng Kinh tế chủ trì mở lớp tập huấn kỹ năng bán hàng trên mạng, hoàn thành trước ngày 30/11/2025.\n",
        encoding="utf-8",
    )
    ingest([source], tmp_path / "parsed", workers=1)
    write(tmp_path)
    tab = Reader(browser, tmp_path)
    page = tab.open("index.html")
    assert page.locator(".tile").first.inner_text().startswith("1\n")
    page.locator("#thay-doi ~ .scroll a").click()
    shown = page.locator(".compared").inner_text()
    assert "So với bản trước (kh.txt)" in shown
    for words in ("Nhiệm vụ mới: 1", "Nhiệm vụ không còn: 1", "Đổi thời hạn: 1", "+62 ngày"):
        assert words in shown
    assert not tab.wrong
    tab.page.context.close()
