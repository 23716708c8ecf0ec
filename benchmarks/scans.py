"""How well scans are read, where the recogniser is the limit, and at what price.

    python -m benchmarks.scans [FOLDER] [--only REGEX] [--variants "200 dpi,stamp"] --keep scores.json
    python -m benchmarks.scans --variants "" --keep scores.json --write docs/scans.md
    python -m benchmarks.scans --variants "" --figures --workers --write docs/scans.md

The sample plans, or the digital PDFs of FOLDER, are printed and scanned by a simulation (benchmarks/scanner.py) and
read again. What kehoach reads from the digital file is the truth: for the samples tests/test_cases.py proves that it
is their gold. Seconds are those of the processor, so neighbours on the machine do not count; --workers also measures
seconds on the clock of one worker and of two, and needs a machine that does nothing else. --figures measures how many
misread figures are told (benchmarks/scan_figures.py).

A run of everything takes a while, so --keep adds what is measured to a file, a score each variant and document, and
--write makes the page of all that is in it.
"""

import argparse
import json
import os
import re
import subprocess
import sys
import tempfile
import time
from dataclasses import asdict
from pathlib import Path

import numpy as np

from benchmarks.scan_figures import OF_FIGURES, measured
from benchmarks.scan_score import DOUBT, Score, read, score
from benchmarks.scanner import VARIANTS, scan
from extractors.scan_words import read_words
from samples.authored import read_plan as read_sample
from samples.make import PLANS
from samples.page import build_pdf

Scores = dict[str, dict[str, Score]]  # by variant and document


# --- one worker and two --------------------------------------------------------------------------------------------


_OF_WORKERS = ("200 dpi", "300 dpi", "stamp")


def worker_seconds(documents: dict[str, bytes]) -> tuple[float, float]:
    """Seconds on the clock that `kehoach ingest` takes for scans of the documents, with one worker and with two.

    Each is scanned in several ways, so that starting the command counts for little.
    """
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name, "scans")
        folder.mkdir()
        for variant in _OF_WORKERS:
            for stem, data in documents.items():
                (folder / f"{stem} {variant}.pdf").write_bytes(scan(data, VARIANTS[variant]))
        seconds = []
        for workers in (1, 2):
            program = [sys.executable, "-c", "from pipeline.cli import main; main()"]
            command = [*program, "ingest", str(folder), "--workers", str(workers), "--out", f"{name}/{workers}"]
            started = time.perf_counter()
            subprocess.run(command, capture_output=True, check=True)
            seconds.append(time.perf_counter() - started)
    return seconds[0], seconds[1]


# --- the page ------------------------------------------------------------------------------------------------------

_PAGE = """# Scans

Written by `python -m benchmarks.scans --write docs/scans.md` ([how](../benchmarks/scans.py)); do not edit by hand.

{documents} plans of {pages} pages, {source}, were printed and scanned by a simulation
([how](../benchmarks/scanner.py)): 200 dpi, up to 0.7° askew, blurred, noisy, saved as JPEG, unless the name of the
variant says otherwise. Figures are sums over all of them. What kehoach reads from the digital file is the truth; for
the samples the tests prove that it is what stands in them.

## What is found

{found}

- `tasks_r`, `content`, `row`, `doc`: tasks found, mean likeness of their contents, rows with content, lead, partner
  and deadline all as in the truth, fields of letterhead, title and signature that are exact.
- `numbers wrong`: of the words with digits in tasks and letterhead; `told`: how many of those a finding
  `{doubt}` points at; `findings (true)`: how many such findings there are, and how many of them
  stand beside a word that is wrong in any way.

## Where tesseract is the limit

{limit}

- `letters wrong`: letters to be put in, left out or changed, of those in the cells of ruled tables.
  `tesseract alone`: the same cells, cut out exactly where they were drawn, of the same scan without skew, turn and
  bend, each read by `tesseract --psm 6`: what the recogniser does with them where nobody has to find them.
- `words wrong`: of all words on paper. `tesseract, whole page`: `tesseract page.png - tsv`, the page as scanned.
- `time`: processor seconds of the whole extraction over those of `tesseract page.png - tsv` on the same pages at the
  scan's own resolution, which loads its language for each page. Both with the language `vie` and one thread.

Below 300 dpi tesseract alone is faster, for it has fewer pixels to look at, while kehoach brings every page to 240 dpi.

The variants: a `stamp` is a round red seal of 36 mm over the middle of each page, `grey rules` are printed at 65 % of
white, `broken rules` have a hole of 2 to 9 points every 60, a `photo` is seen from the side (corners 1.2 % off at
most), curled by 2.5 points and lit from one side, `skew` and `turned` are degrees.

## Misread figures

<!-- figures -->
{figures}
<!-- end figures -->

## Two workers

<!-- workers -->
{workers}
<!-- end workers -->
"""
_WORKERS = (
    "Two workers read {scans} scans ({variants}) {ratio:.2f} times as fast as one: {both:.0f} s on the clock in place"
    " of {alone:.0f} s, start of the command included ({cores} cores, a machine that does nothing else)."
)
_UNMEASURED = 'Not measured yet: `python -m benchmarks.scans --variants "" --figures --workers --write docs/scans.md`.'
_FIGURES = """\
Recognition misreads too few figures to tell a share, so each number on the scans was changed once by one figure that
looks like another ("8" for "3"), one number in fifty at a time, and the second opinion
([how](../extractors/scan_shapes.py)) compared the figures of each document with each other.

{table}

- `told`: the second opinion contradicts the changed number, and `{doubt}` tells both readings (of the
  number of a list item it does not: the list itself tells what it is); `as on paper`: its reading is what stands on
  paper; `alarms`: numbers that were left as they were read and are contradicted all the same.

What it cannot find: a figure that the document prints once or twice, so that nothing can be compared; figures that
touch, so that they cannot be cut apart (copies of copies); a figure that is misread everywhere; "1" for "I", which
mean the same behind "Quý" and are told apart by their heads; a figure that is missing where its neighbours touch.
A deadline on a scan is therefore surer than it was, and is still to be compared with the paper where it matters."""
_PARTS = ("figures", "workers")
_FOUND = ("tasks_r", "content", "row", "doc", "numbers wrong", "told", "findings (true)")
_LIMIT = ("letters wrong", "tesseract alone", "words wrong", "tesseract, whole page", "time")


def table(scores: Scores, columns: tuple[str, ...]) -> str:
    lines = ["| variant | " + " | ".join(columns) + " |", "|---" * (len(columns) + 1) + "|"]
    for name in sorted(scores, key=list(VARIANTS).index):
        figures = sum(scores[name].values(), Score()).columns()
        lines.append(f"| {name} | " + " | ".join(figures[column] for column in columns) + " |")
    return "\n".join(lines)


def parts_of(page: str) -> dict[str, str]:
    """What the page says between its marks."""
    found = {name: _part(name).search(page) for name in _PARTS}
    return {name: match[0] if match else _UNMEASURED for name, match in found.items()}


def _part(name: str) -> re.Pattern[str]:
    return re.compile(rf"(?<=<!-- {name} -->\n).*?(?=\n<!-- end {name} -->)", re.DOTALL)


def figures_of(documents: dict[str, bytes]) -> str:
    lines = ["| variant | numbers | told | as on paper | alarms |", "|---" * 5 + "|"]
    for name in OF_FIGURES:
        told = measured(documents, name)
        shares = (f"{part / max(1, told.numbers):.0%}" for part in (told.told, told.right))
        lines.append(f"| {name} | {told.numbers} | " + " | ".join(shares) + f" | {told.alarms} |")
    return _FIGURES.format(table="\n".join(lines), doubt=DOUBT)


def page_of(scores: Scores, source: str, parts: dict[str, str]) -> str:
    """Raises ValueError where the variants were not measured on the same documents."""
    every = [sorted(one) for one in scores.values()]
    if not every or any(one != every[0] for one in every):
        raise ValueError(f"not the same documents in every variant: {every}")
    return _PAGE.format(
        documents=len(every[0]),
        pages=sum(one.pages for one in next(iter(scores.values())).values()),
        source=source,
        found=table(scores, _FOUND),
        limit=table(scores, _LIMIT),
        doubt=DOUBT,
        **parts,
    )


# --- what is kept --------------------------------------------------------------------------------------------------


def kept(path: Path | None) -> Scores:
    if path is None or not path.exists():
        return {}
    found = json.loads(path.read_text(encoding="utf-8"))
    return {name: {stem: Score(**values) for stem, values in one.items()} for name, one in found.items()}


def keep(path: Path, scores: Scores) -> None:
    values = {name: {stem: asdict(each) for stem, each in one.items()} for name, one in scores.items()}
    path.write_text(json.dumps(values, indent=1), encoding="utf-8")


def documents_of(folder: Path | None, only: str) -> dict[str, bytes]:
    if folder is None:
        found = {path.stem: build_pdf(read_sample(path)) for path in sorted(PLANS.glob("*.toml"))}
    else:
        found = {path.stem: path.read_bytes() for path in sorted(folder.glob("*.pdf"))}
    return {stem: data for stem, data in found.items() if re.search(only, stem)}


def measure(documents: dict[str, bytes], variants: list[str], scores: Scores, path: Path | None) -> None:
    """Adds to `scores`, and to their file after each document.

    The recogniser is started before: a run of many files starts it once.
    """
    read_words([np.full((60, 300), 255, np.uint8)], 7)
    for name in variants:
        for stem, data in documents.items():
            one = score(read(stem, data), data, VARIANTS[name])
            scores.setdefault(name, {})[stem] = one
            print(f"{name:12} {stem:26.26}", *(f"{value:>13}" for value in one.columns().values()), flush=True)
            if path:
                keep(path, scores)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", nargs="?", type=Path)
    parser.add_argument("--only", default=".")
    parser.add_argument("--variants", default=",".join(VARIANTS))
    parser.add_argument("--keep", type=Path)
    parser.add_argument("--figures", action="store_true")
    parser.add_argument("--workers", action="store_true")
    parser.add_argument("--write", type=Path)
    options = parser.parse_args()
    documents = documents_of(options.folder, options.only)
    scores = kept(options.keep)
    measure(documents, [name for name in options.variants.split(",") if name], scores, options.keep)
    print(table(scores, tuple(Score().columns())))
    page = options.write.read_text(encoding="utf-8") if options.write and options.write.exists() else ""
    parts = parts_of(page)
    if options.figures:
        parts["figures"] = figures_of(documents)
        print(parts["figures"])
    if options.workers:
        alone, both = worker_seconds(documents)
        parts["workers"] = _WORKERS.format(
            scans=len(documents) * len(_OF_WORKERS),
            variants=", ".join(_OF_WORKERS),
            ratio=alone / both,
            alone=alone,
            both=both,
            cores=os.cpu_count(),
        )
        print(parts["workers"])
    if options.write and scores:
        source = f"those of `{options.folder}`" if options.folder else "`samples/plans`, each set as PDF"
        options.write.write_text(page_of(scores, source, parts), encoding="utf-8")
    elif options.write:
        for name, text in parts.items():
            page = _part(name).sub(lambda _, text=text: text, page)
        options.write.write_text(page, encoding="utf-8")


if __name__ == "__main__":
    main()
