"""Good files of every format, from which fuzz.py makes hostile ones."""

import csv
import io
import shutil
import subprocess
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from email.message import EmailMessage
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "benchmarks")]

import pypdfium2  # noqa: E402
from fuzz_mutants import packed  # noqa: E402
from PIL import Image  # noqa: E402

from pipeline.run import process  # noqa: E402
from samples.authored import read_plan  # noqa: E402
from samples.make import BUILDERS, PLANS, RAW  # noqa: E402

_PLANS = 3  # sheets and pages are made of so many plans
_DPI = 130  # of the scans: enough for tesseract, and a page takes little more than a second


@dataclass(frozen=True, slots=True)
class Seed:
    """A good file, and what is read from it: the number of tasks, and its warnings and errors by rule."""

    form: str
    data: bytes
    tasks: int = 0
    warnings: Mapping[str, int] | None = None


def seeds(folder: Path) -> dict[str, list[Seed]]:
    """Good files by format; those that only LibreOffice or tesseract reads are there where these are installed."""
    found = defaultdict(list)
    for form, data in _files(folder):
        outcome = process(f"seed.{form}", data)
        if form == "zip":
            found[form].append(Seed(form, data))
        elif outcome.plan is not None:
            rules = Counter(finding.rule for finding in outcome.findings if finding.severity.value != "info")
            found[form].append(Seed(form, data, len(outcome.plan.tasks), rules))
        elif outcome.failure is not None:
            sys.stderr.write(f"no seed of {form}: {outcome.failure.message}\n")
    return dict(found)


def _files(folder: Path) -> Iterator[tuple[str, bytes]]:
    raw = sorted(RAW.iterdir())
    for path in raw:
        if path.suffix in (".docx", ".pdf", ".txt"):
            yield path.suffix[1:], path.read_bytes()
    plans = [read_plan(path) for path in sorted(PLANS.glob("*.toml"))[:_PLANS]]
    pages = [BUILDERS["html"](plan) for plan in plans]
    yield from (("html", page) for page in pages)
    yield "mht", _wrapped(pages[0])
    yield "csv", _separated(pages[0])
    yield from (("xlsx", BUILDERS["xlsx"](plan)) for plan in plans)
    yield "zip", packed([(path.name, path.read_bytes()) for path in raw[:3]])
    pdf = min((path for path in raw if path.suffix == ".pdf"), key=lambda path: path.stat().st_size).read_bytes()
    yield from _pictures(pdf)
    word = min((path for path in raw if path.suffix == ".docx"), key=lambda path: path.stat().st_size)
    sheet = folder / "seed.xlsx"
    sheet.write_bytes(BUILDERS["xlsx"](plans[0]))
    for source, forms in ((word, ("doc", "rtf", "odt")), (sheet, ("xls", "ods"))):
        yield from _converted(source, forms, folder)


def _wrapped(page: bytes) -> bytes:
    """A page as browsers save it in one file (MHTML)."""
    mail = EmailMessage()
    mail["Subject"] = "Ke hoach"
    mail.set_content("Trang web")
    mail.add_alternative(page.decode("utf-8"), subtype="html")
    return bytes(mail)


def _separated(page: bytes) -> bytes:
    """The tables of a page as a sheet saved with separators."""
    outcome = process("seed.html", page)
    assert outcome.document is not None
    out = io.StringIO(newline="")
    sheet = csv.writer(out, delimiter=";")
    for table in outcome.document.tables():
        for row in table.grid():
            sheet.writerow([cell.text if cell else "" for cell in row])
    return out.getvalue().encode("utf-8-sig")


def _pictures(pdf: bytes) -> Iterator[tuple[str, bytes]]:
    """The first pages as pictures, and as the PDF of a scanner."""
    document = pypdfium2.PdfDocument(pdf)
    pages = [document[n].render(scale=_DPI / 72).to_pil().convert("L") for n in range(min(2, len(document)))]
    for form, kind, options in (("png", "PNG", {}), ("jpg", "JPEG", {"quality": 70}), ("tif", "TIFF", {})):
        yield form, _saved(pages[-1:], kind, dpi=(_DPI, _DPI), **options)
    yield "scan", _saved(pages, "PDF", resolution=_DPI, save_all=True, append_images=pages[1:])


def _saved(pages: Sequence[Image.Image], kind: str, **options: object) -> bytes:
    out = io.BytesIO()
    pages[0].save(out, kind, **options)
    return out.getvalue()


def _converted(source: Path, forms: Sequence[str], folder: Path) -> Iterator[tuple[str, bytes]]:
    office = shutil.which("soffice")
    if office is None:
        return
    for form in forms:
        command = [office, f"-env:UserInstallation=file://{folder}/profile", "--headless", "--convert-to", form]
        subprocess.run([*command, "--outdir", str(folder), str(source)], check=True, capture_output=True, timeout=120)
        yield form, (folder / f"{source.stem}.{form}").read_bytes()
