"""Writes docs/img/mail-*.png: the mails about the samples, at 380 and 800 pixels, in light and dark.

python -m docs.mail_pictures
"""

import tempfile
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Literal

from playwright.sync_api import FloatRect

from pipeline.alerts import preview
from pipeline.batch import ingest
from pipeline.settings import Group, Intake, Settings
from tests.browser import chromium

ROOT = Path(__file__).parent.parent
IMAGES = ROOT / "docs" / "img"
NOW = datetime(2026, 6, 22, 0, 30, tzinfo=UTC)  # a Monday morning in the middle of the youngest sample
WIDTHS = (380, 800)
SCHEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")
TALLEST = 1600  # pixels: what follows looks the same


def main() -> None:
    """Reads the samples into a lake of their own and photographs what their groups would be told."""
    with tempfile.TemporaryDirectory() as folder:
        mails = write_mails(Path(folder))
        IMAGES.mkdir(exist_ok=True)
        with chromium() as browser:
            for scheme in SCHEMES:
                for width in WIDTHS:
                    page = browser.new_page(
                        viewport={"width": width, "height": 900}, color_scheme=scheme, device_scale_factor=1
                    )
                    for kind, path in mails.items():
                        page.goto(path.as_uri())
                        height = min(TALLEST, page.evaluate("document.documentElement.scrollHeight"))
                        clip: FloatRect = {"x": 0, "y": 0, "width": width, "height": height}
                        page.screenshot(path=IMAGES / f"mail-{kind}-{width}-{scheme}.png", full_page=True, clip=clip)
                    page.close()


def write_mails(folder: Path) -> dict[str, Path]:
    """The HTML of the digest and of the weekly mail."""
    ingest([ROOT / "data" / "raw"], folder / "parsed", as_of=date(2026, 6, 22))
    group = Group(name="Văn phòng", to=("vanphong@so.example.vn",), weekly=True, soon_days=30, overdue_days=120)
    settings = Settings(intake=Intake(out=folder / "parsed"), groups=(group,))
    paths = [preview(settings, NOW, folder / "mail", weekly=weekly).written for weekly in (False, True)]
    return {path.name.split("-")[0]: path for written in paths for path in written if path.suffix == ".html"}


if __name__ == "__main__":
    main()
