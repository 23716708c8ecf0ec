"""Pictures of the report and the review page for the documentation: python -m docs.screens.

The samples are read and shown in headless Chromium as a reader sees them on 01/06/2025.
"""

import subprocess
import sys
import tempfile
from datetime import date
from pathlib import Path

from playwright.sync_api import Browser

from pipeline.batch import ingest
from pipeline.report.site import write_report
from tests.browser import chromium

ROOT = Path(__file__).resolve().parent.parent
IMAGES = ROOT / "docs" / "img"
PLAN = "huyen_pctt_2023.pdf"


def shoot(browser: Browser, address: str, name: str, width: int, height: int, scheme: str = "light") -> None:
    context = browser.new_context(
        viewport={"width": width, "height": height}, color_scheme="dark" if scheme == "dark" else "light"
    )
    page = context.new_page()
    page.goto(address)
    page.wait_for_timeout(800)  # charts and pictures
    page.screenshot(path=IMAGES / f"{name}.png")
    context.close()


def main() -> None:
    with tempfile.TemporaryDirectory() as folder, chromium() as browser:
        home = Path(folder)
        ingest([ROOT / "data" / "raw"], home / "parsed", workers=2)
        write_report(home / "parsed", home / "site", date(2025, 6, 1), progress=lambda _line: None)
        site = (home / "site").as_uri()
        paper = next(
            path.stem for path in (home / "site" / "van-ban").glob("*.html") if PLAN in path.read_text("utf-8")
        )
        shoot(browser, f"{site}/index.html", "report-overview", 1280, 800)
        shoot(browser, f"{site}/nhiem-vu.html", "report-tasks", 1280, 800, "dark")
        shoot(browser, f"{site}/don-vi.html", "report-units", 1280, 800)
        shoot(browser, f"{site}/van-ban/{paper}.html#nv-4", "report-paper", 1280, 800)
        shoot(browser, f"{site}/phat-hien.html", "report-findings-phone", 380, 800)
        command = [sys.executable, "-c", "from pipeline.cli import main; main()", "review", "--port", "0", "--no-open"]
        with subprocess.Popen([*command, "--data", str(home / "parsed")], stdout=subprocess.PIPE, text=True) as review:
            assert review.stdout
            address = review.stdout.readline().strip()
            context = browser.new_context(viewport={"width": 1280, "height": 800})
            page = context.new_page()
            page.goto(address)
            page.goto(f"{address.split('?')[0]}van-ban/{paper}")
            page.get_by_label("Người sửa").fill("Nguyễn Thị Lan")
            page.wait_for_timeout(800)
            page.screenshot(path=IMAGES / "review.png")
            review.terminate()


if __name__ == "__main__":
    main()
