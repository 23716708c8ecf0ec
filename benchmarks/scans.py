"""How well scans are read, and at what price: digital PDFs are printed and scanned by a simulation, then compared.

    python benchmarks/scans.py [FOLDER] [--only REGEX] [--variants 150,200,300,stamp,90,180]

FOLDER holds digital PDFs (by default the corpus, else data/raw). What is read from the PDF itself is the truth; each
variant of it, as a scan, is read again. Columns: tasks found, mean likeness of their contents, rows with content, lead,
partner and deadline as in the truth, document fields, words on paper that came out otherwise; seconds for the
whole, tesseract's own seconds in it, and the whole beside tesseract's own.
"""

import argparse
import io
import re
import sys
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from difflib import SequenceMatcher
from pathlib import Path

import numpy as np
import pypdfium2
from PIL import Image, ImageDraw, ImageFilter

from extractors import scan_words
from extractors.document import Document, Paragraph, Source
from extractors.formats import extract
from pipeline.plan import PlanDocument, Task
from pipeline.read import read_plan

CORPUS = Path("/work/shared/corpus/pdf")
HEADER = ("doc_type", "number", "symbol", "issuer", "place", "issued_date", "title", "period_start", "period_end",
          "signer_title", "signer_name", "recipients")  # fmt: skip
VARIANTS = ("150", "200", "300", "stamp", "90", "180")


# --- a scanner -----------------------------------------------------------------------------------------------------


def scan(data: bytes, variant: str) -> bytes:
    """The PDF printed and scanned: askew, blurred, noisy, in JPEG; `variant` is a resolution, a turn or "stamp"."""
    dpi = int(variant) if variant in ("150", "200", "300") else 200
    chance = np.random.default_rng(len(data))
    pages = []
    document = pypdfium2.PdfDocument(data)
    for page in document:
        picture = page.render(scale=dpi / 72).to_pil().convert("RGB")
        if variant == "stamp":
            _stamp(picture, dpi)
        picture = picture.rotate(chance.uniform(-0.7, 0.7), Image.Resampling.BICUBIC, fillcolor="white")
        picture = picture.filter(ImageFilter.GaussianBlur(dpi / 350))
        pixels = np.asarray(picture, np.float32) + chance.normal(-6, 9, picture.size[::-1])[:, :, None]
        picture = Image.fromarray(pixels.clip(0, 255).astype(np.uint8))
        if variant in ("90", "180"):
            picture = picture.rotate(int(variant), expand=True)
        pages.append(picture if variant == "stamp" else picture.convert("L"))
    out = io.BytesIO()
    pages[0].save(out, "PDF", save_all=True, append_images=pages[1:], resolution=dpi, quality=70)
    return out.getvalue()


def _stamp(picture: Image.Image, dpi: int) -> None:
    """A round red seal of 36 mm over the middle of the page, ink over ink."""
    size, radius = picture.size, int(18 / 25.4 * dpi)
    seal = Image.new("RGB", size, "white")
    pen = ImageDraw.Draw(seal)
    x, y = size[0] * 2 // 3, size[1] // 2
    for ring in (radius, int(0.7 * radius)):
        pen.ellipse((x - ring, y - ring, x + ring, y + ring), outline=(215, 40, 45), width=max(2, dpi // 60))
    pen.regular_polygon((x, y, radius // 3), 5, fill=(215, 40, 45))
    both = np.minimum(np.asarray(picture), np.asarray(seal))
    picture.paste(Image.fromarray(both))


# --- the comparison ------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Score:
    """Shares of 0..1, and seconds."""

    tasks: float
    content: float
    row: float
    doc: float
    words: float
    whole: float
    tesseract: float

    def __str__(self) -> str:
        shares = " ".join(f"{share:8.3f}" for share in (self.tasks, self.content, self.row, self.doc, self.words))
        return f"{shares} {self.whole:8.1f} {self.tesseract:8.1f} {self.whole / max(self.tesseract, 1e-9):7.2f}"


def read(name: str, data: bytes) -> tuple[Document, PlanDocument]:
    document = extract(Source(name, "0" * 64, len(data)), data)
    return document, read_plan(document)


@contextmanager
def tesseract_seconds() -> Iterator[list[float]]:
    """The seconds of every run of tesseract meanwhile."""
    seconds: list[float] = []
    run = scan_words.run

    def timed(command: Sequence[str]) -> str:
        started = time.perf_counter()
        try:
            return run(command)
        finally:
            seconds.append(time.perf_counter() - started)

    scan_words.run = timed
    try:
        yield seconds
    finally:
        scan_words.run = run


def score(truth: tuple[Document, PlanDocument], name: str, data: bytes) -> Score:
    with tesseract_seconds() as own:
        started = time.perf_counter()
        document, plan = read(name, data)
        whole = time.perf_counter() - started
    paper, gold = truth
    pairs = list(_pairs(gold, plan))
    likeness = [_like(a.content, b.content) for a, b in pairs]
    rows = [like >= 0.98 and _roles(a) == _roles(b) for like, (a, b) in zip(likeness, pairs, strict=True)]
    fields = [getattr(gold.header, field) == getattr(plan.header, field) for field in HEADER]
    wanted, got = Counter(_words(paper)), Counter(_words(document))
    count = max(1, len(gold.tasks))
    return Score(
        tasks=len(pairs) / count if gold.tasks else 1.0,
        content=sum(likeness) / max(1, len(likeness)),
        row=sum(rows) / count if gold.tasks else 1.0,
        doc=sum(fields) / len(fields),
        words=(wanted - got).total() / max(1, wanted.total()),
        whole=whole,
        tesseract=sum(own),
    )


def _pairs(gold: PlanDocument, plan: PlanDocument) -> Iterator[tuple[Task, Task]]:
    left = list(plan.tasks)
    for task in gold.tasks:
        best = max(left, key=lambda other: _like(task.content, other.content), default=None)
        if best is not None and _like(task.content, best.content) >= 0.9:
            left.remove(best)
            yield task, best


def _like(one: str, other: str) -> float:
    a, b = (re.sub(r"^[-+\s]+|[\s.;,:]+$", "", re.sub(r"\s+", " ", text)).casefold() for text in (one, other))
    matcher = SequenceMatcher(None, a, b, autojunk=False)
    return matcher.ratio() if a == b or matcher.quick_ratio() > 0.5 else 0.0


def _roles(task: Task) -> tuple[object, ...]:
    deadlines = {(d.kind, d.bound, d.start, d.end, d.rrule) for d in task.deadlines}
    return set(task.leads), set(task.partners), deadlines


def _words(document: Document) -> Iterator[str]:
    for block in document.blocks:
        texts = [block.text] if isinstance(block, Paragraph) else [cell.text for cell in block.cells]
        for text in texts:
            yield from text.replace("–", "-").replace("—", "-").split()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", nargs="?", type=Path, default=CORPUS if CORPUS.exists() else Path("data/raw"))
    parser.add_argument("--only", default=".")
    parser.add_argument("--variants", default=",".join(VARIANTS))
    options = parser.parse_args()
    files = [path for path in sorted(options.folder.glob("*.pdf")) if re.search(options.only, path.name)]
    columns = ("tasks", "content", "row", "doc", "words", "whole", "own")
    print(f"{'':36}", " ".join(f"{column:>8}" for column in columns), "whole/own")
    for variant in options.variants.split(","):
        scores = []
        for path in files:
            data = path.read_bytes()
            result = score(read(path.name, data), path.name, scan(data, variant))
            scores.append(result)
            print(f"{variant:>6} {path.stem:28.28} {result}", flush=True)
        if scores:
            means = [sum(getattr(s, field) for s in scores) / len(scores) for field in Score.__dataclass_fields__]
            print(f"{variant:>6} {'MEAN':28} {Score(*means)}", flush=True)


if __name__ == "__main__":
    sys.exit(main())
