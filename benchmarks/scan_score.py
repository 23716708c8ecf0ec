"""One scan against the digital file that it was made of: what was found, which letters are wrong, at what price."""

import os
import re
import resource
import subprocess
import tempfile
import unicodedata
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields
from difflib import SequenceMatcher
from pathlib import Path

import numpy as np
import pypdfium2
from PIL import Image

from benchmarks.scanner import Variant, scan, scan_pages
from extractors.document import Cell, Document, Paragraph, Source
from extractors.formats import extract
from pipeline.check import check
from pipeline.plan import Finding, PlanDocument, Task
from pipeline.read import read_plan

HEADER = ("doc_type", "number", "symbol", "issuer", "place", "issued_date", "title", "period_start", "period_end",
          "signer_title", "signer_name", "recipients")  # fmt: skip
DOUBT = "extraction.low_confidence"
_RULE = 1.5  # points: a cell's rule and its blur
_OTHER = re.compile(r" \(hay \S+\?\)")  # the second reading, beside the first
_NUMERIC = re.compile(r"\d")


@dataclass(frozen=True)
class Read:
    """A file as read: what stands in it, what it says, what is doubtful."""

    document: Document
    plan: PlanDocument
    findings: tuple[Finding, ...]


@dataclass(frozen=True)
class Score:
    """Sums over documents; figures are shares of them."""

    tasks: int = 0
    found: int = 0
    content: float = 0.0
    rows: int = 0
    fields: int = 0
    right_fields: int = 0
    letters: int = 0  # in cells of ruled tables
    wrong: int = 0
    wrong_alone: int = 0
    words: int = 0
    wrong_words: int = 0
    wrong_words_alone: int = 0
    numbers: int = 0  # words with digits in tasks and header
    wrong_numbers: int = 0
    told: int = 0  # wrong numbers beside which a finding stands
    doubts: int = 0  # findings
    true_doubts: int = 0
    pages: int = 0
    seconds: float = 0.0
    seconds_alone: float = 0.0

    def __add__(self, other: "Score") -> "Score":
        return Score(*(getattr(self, f.name) + getattr(other, f.name) for f in fields(Score)))

    def columns(self) -> dict[str, str]:
        return {
            "tasks_r": _share(self.found, self.tasks),
            "content": _share(self.content, self.found),
            "row": _share(self.rows, self.tasks),
            "doc": _share(self.right_fields, self.fields),
            "letters wrong": _percent(self.wrong, self.letters),
            "tesseract alone": _percent(self.wrong_alone, self.letters),
            "words wrong": _percent(self.wrong_words, self.words),
            "tesseract, whole page": _percent(self.wrong_words_alone, self.words),
            "numbers wrong": f"{self.wrong_numbers} of {self.numbers}",
            "told": str(self.told),
            "findings (true)": f"{self.doubts} ({self.true_doubts})",
            "time": f"{self.seconds / max(self.seconds_alone, 1e-9):.2f}",
        }


def _share(part: float, whole: float) -> str:
    return f"{part / whole:.3f}" if whole else "-"


def _percent(part: float, whole: float) -> str:
    return f"{100 * part / whole:.2f} %" if whole else "-"


# --- reading and its price -----------------------------------------------------------------------------------------


def read(name: str, data: bytes) -> Read:
    document = extract(Source(name, "0" * 64, len(data)), data)
    plan = read_plan(document)
    return Read(document, plan, check(plan))


def processor_seconds() -> float:
    """Of this process, of those that it started and that ended, and of those that still run."""
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    children = Path(f"/proc/self/task/{os.getpid()}/children").read_text(encoding="ascii").split()
    running = [Path(f"/proc/{child}/stat").read_text(encoding="utf-8").rpartition(")")[2].split() for child in children]
    ticks = sum(int(status[11]) + int(status[12]) for status in running)  # utime and stime, see proc(5)
    return sum(each.ru_utime + each.ru_stime for each in used) + ticks / os.sysconf("SC_CLK_TCK")


def tesseract(pictures: Sequence[Path], dpi: int, *arguments: str) -> str:
    """What plain tesseract says of pictures, with kehoach's language and one thread."""
    listing = pictures[0].with_suffix(".list")
    listing.write_text("".join(f"{picture}\n" for picture in pictures), encoding="utf-8")
    command = ["tesseract", str(listing), "-", "-l", "vie", "--dpi", str(dpi), *arguments]
    done = subprocess.run(command, capture_output=True, check=True, env=os.environ | {"OMP_THREAD_LIMIT": "1"})
    return unicodedata.normalize("NFC", done.stdout.decode("utf-8"))


def read_pages_alone(data: bytes, variant: Variant, folder: Path) -> tuple[list[str], float]:
    """Words of plain `tesseract page.png - tsv`, page by page as scanned, and its processor seconds."""
    words: list[str] = []
    seconds = 0.0
    with pypdfium2.PdfDocument(data) as document:
        for number, page in enumerate(document):
            path = folder / f"page{number}.png"
            page.render(scale=variant.dpi / 72).to_pil().convert("L").save(path)
            before = processor_seconds()
            table = tesseract([path], variant.dpi, "tsv")
            seconds += processor_seconds() - before
            words += [row.split("\t")[11] for row in table.splitlines() if row.startswith("5\t")]
    return words, seconds


def read_cells_alone(cells: Sequence[Cell], pages: Sequence[Image.Image], dpi: int, folder: Path) -> list[str]:
    """What tesseract alone reads in cells that are cut out exactly where they were drawn."""
    pieces: list[tuple[int, Path]] = []
    for number, cell in enumerate(cells):
        for part, place in enumerate((cell.place, *cell.continued)):
            if place.page is None or place.box is None:
                continue
            box, scale = place.box, dpi / 72
            x0, y0 = (round((edge + _RULE) * scale) for edge in (box.x0, box.top))
            x1, y1 = (round((edge - _RULE) * scale) for edge in (box.x1, box.bottom))
            piece = pages[place.page - 1].crop((x0, y0, x1, y1))
            framed = Image.new("L", (piece.width + 20, piece.height + 20), "white")
            framed.paste(piece.convert("L"), (10, 10))
            path = folder / f"cell{number}-{part}.png"
            framed.save(path)
            pieces.append((number, path))
    texts = tesseract([path for _, path in pieces], dpi, "--psm", "6", "txt").split("\f") if pieces else []
    out = [""] * len(cells)
    for (number, _), text in zip(pieces, texts, strict=False):
        out[number] += " " + text
    return out


# --- comparison ----------------------------------------------------------------------------------------------------


def score(truth: Read, digital: bytes, variant: Variant) -> Score:
    data = scan(digital, variant)
    before = processor_seconds()
    document = extract(Source("scan.pdf", "0" * 64, len(data)), data)
    seconds = processor_seconds() - before
    plan = read_plan(document)
    ours = Read(document, plan, check(plan))
    pairs = list(_pairs(truth.plan, plan))
    likeness = [_like(a.content, b.content) for a, b in pairs]
    rows = [like >= 0.98 and _roles(a) == _roles(b) for like, (a, b) in zip(likeness, pairs, strict=True)]
    right = [getattr(truth.plan.header, name) == getattr(plan.header, name) for name in HEADER]
    cells = [cell for cell in _cells(truth.document) if cell.text.strip()]
    wanted = Counter(_words(truth.document))
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        words_alone, seconds_alone = read_pages_alone(data, variant, folder)
        cells_alone = read_cells_alone(cells, scan_pages(digital, variant, straight=True), variant.dpi, folder)
    numbers, wrong_numbers, told, true_doubts = _numbers(truth, ours, pairs)
    return Score(
        tasks=len(truth.plan.tasks),
        found=len(pairs),
        content=sum(likeness),
        rows=sum(rows),
        fields=len(right),
        right_fields=sum(right),
        letters=sum(len(_plain(cell.text)) for cell in cells),
        wrong=sum(_errors(cell.text, other) for cell, other in zip(cells, _same_cells(cells, document), strict=True)),
        wrong_alone=sum(_errors(cell.text, other) for cell, other in zip(cells, cells_alone, strict=True)),
        words=wanted.total(),
        wrong_words=(wanted - Counter(_words(document))).total(),
        wrong_words_alone=(wanted - Counter(_dashed(word) for word in words_alone)).total(),
        numbers=numbers,
        wrong_numbers=wrong_numbers,
        told=told,
        doubts=sum(finding.rule == DOUBT for finding in ours.findings),
        true_doubts=true_doubts,
        pages=document.page_count or 0,
        seconds=seconds,
        seconds_alone=seconds_alone,
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


def _cells(document: Document) -> list[Cell]:
    return [cell for table in document.tables() if table.ruled for cell in table.cells]


def _same_cells(wanted: Sequence[Cell], document: Document) -> Iterator[str]:
    """The text of the cell that is most like each wanted one, with its own place first."""
    own = _cells(document)
    by_place = {(cell.row, cell.column): cell.text for cell in own}
    for cell in wanted:
        text = by_place.get((cell.row, cell.column), "")
        if _like(cell.text, text) < 0.5:
            text = max((other.text for other in own), key=lambda other: _like(cell.text, other), default="")
        yield text


def _numbers(gold: Read, ours: Read, pairs: Sequence[tuple[Task, Task]]) -> tuple[int, int, int, int]:
    """Numbers on paper, wrong ones, wrong ones beside a finding, and findings that stand beside a wrong word."""
    count = wrong = told = 0
    doubts = [finding for finding in ours.findings if finding.rule == DOUBT]
    doubted = {finding.task for finding in doubts}
    header = (_header_words(gold.plan), _header_words(ours.plan), None)
    sides = [header, *((_task_words(a), _task_words(b), b.sequence) for a, b in pairs)]
    differing = {task for paper, ours_words, task in sides if Counter(paper) != Counter(ours_words)}
    for paper, ours_words, task in sides:
        numbers = Counter(word for word in paper if _NUMERIC.search(word))
        bad = (numbers - Counter(ours_words)).total()
        count += numbers.total()
        wrong += bad
        told += bad if task in doubted else 0
    on_paper = frozenset(_words(gold.document))
    true = sum(
        finding.task in differing
        if finding.task
        else not on_paper.issuperset(_split(_OTHER.sub("", finding.evidence).replace(";", "")))
        for finding in doubts
    )
    return count, wrong, told, true


def _task_words(task: Task) -> list[str]:
    texts = (task.ordinal, task.content, task.output, task.lead_text, task.partner_text, task.deadline_text, task.note)
    return [word for text in texts if text for word in _split(text)]


def _header_words(plan: PlanDocument) -> list[str]:
    header = plan.header
    return [w for t in (header.number_text, header.place_date_text, header.title) if t for w in _split(t)]


def _split(text: str) -> list[str]:
    return [_dashed(word) for word in text.split()]


def _dashed(word: str) -> str:
    return word.replace("–", "-").replace("—", "-")


def _words(document: Document) -> Iterator[str]:
    for block in document.blocks:
        texts = [block.text] if isinstance(block, Paragraph) else [cell.text for cell in block.cells]
        for text in texts:
            yield from _split(text)


def _plain(text: str) -> str:
    return " ".join(_split(text))


def _errors(paper: str, text: str) -> int:
    """Letters to be put in, left out or changed (Levenshtein)."""
    a, b = _plain(paper), np.array([ord(c) for c in _plain(text)])
    row = np.arange(len(b) + 1)
    for number, letter in enumerate(a, start=1):
        changed = np.concatenate([[number], np.minimum(row[1:] + 1, row[:-1] + (b != ord(letter)))])
        row = np.minimum.accumulate(changed - np.arange(len(b) + 1)) + np.arange(len(b) + 1)
    return int(row[-1])
