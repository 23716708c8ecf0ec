"""How long the report takes to write and how its pages answer: python -m benchmarks.report [--tasks N] [--write].

A lake of fictitious plans (benchmarks.lake) is written out as a site without pictures and opened from disk in headless
Chromium at 1600 pixels. A filter's latency is the time of the whole input event: search, sort, list and chart drawn
anew. Beside it stands the time to write one page of the site, so that machines can be compared.
"""

import argparse
import os
import statistics
import tempfile
import time
from datetime import date
from pathlib import Path

from playwright.sync_api import Page

from benchmarks.lake import make
from pipeline.report.site import write_report
from tests.browser import chromium

PAGE = Path(__file__).resolve().parent.parent / "docs" / "performance-report.md"
QUERIES = ("ra soat", "rà soát", "phong chong thien tai", "khong co tu nay")
PAGES = {"index.html": "Tổng quan", "nhiem-vu.html": "Nhiệm vụ", "don-vi.html": "Đơn vị", "phat-hien.html": "Phát hiện"}
_TYPE = """query => { const box = document.querySelector('input[name=q]');
box.value = query;
const begun = performance.now();
box.dispatchEvent(new Event('input', {bubbles: true})); return performance.now() - begun; }"""
_PAINT = "performance.getEntriesByName('first-contentful-paint')[0]?.startTime"


def painted(page: Page) -> float:
    """Milliseconds to the first paint."""
    return float(page.wait_for_function(_PAINT).json_value())


def opened(page: Page, address: str) -> tuple[float, float, float]:
    """Milliseconds to the first paint, to the load event, and of a filter (median)."""
    page.goto(address)
    paint = painted(page)
    load = page.evaluate("performance.timing.loadEventEnd - performance.timing.navigationStart")
    page.wait_for_timeout(3000)  # a reader looks before typing; texts are folded meanwhile
    return paint, load, statistics.median(page.evaluate(_TYPE, query) for query in QUERIES)


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--tasks", type=int, default=100_000)
    arguments.add_argument("--write", action="store_true", help=f"write {PAGE.name}")
    asked = arguments.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        make(home / "parsed", asked.tasks)
        begun = time.perf_counter()
        written = write_report(
            home / "parsed", home / "site", date(2025, 6, 15), pictures=False, progress=lambda _line: None
        )
        seconds = time.perf_counter() - begun
        size = sum(path.stat().st_size for path in (home / "site").rglob("*") if path.is_file()) / 1e6
        told = (
            f"{written.tasks:,} tasks of {written.documents:,} documents, {written.findings:,} findings, "
            f"{os.cpu_count()} cores. Written in {seconds:.0f} s ({1000 * seconds / written.documents:.1f} ms a "
            f"document), {size:.0f} MB, without pictures."
        )
        lines = [
            "# The report on a large lake",
            "",
            "Written by `python -m benchmarks.report --write`; do not edit.",
            "",
            told,
            "",
            "| page | first paint, ms | loaded, ms | filter, ms (median of four searches) |",
            "|---|---:|---:|---:|",
        ]
        with chromium() as browser:
            page = browser.new_page(bypass_csp=True, viewport={"width": 1600, "height": 1000})
            for name, title in PAGES.items():
                paint, load, typed = opened(page, f"{(home / 'site').as_uri()}/{name}")
                lines.append(f"| {title} | {paint:.0f} | {load:.0f} | {typed:.0f} |")
            paper = next((home / "site" / "van-ban").glob("*.html"))
            page.goto(paper.as_uri())
            lines.append(f"| one document | {painted(page):.0f} | | |")
    text = "\n".join(lines) + "\n"
    print(text)
    if asked.write:
        PAGE.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
