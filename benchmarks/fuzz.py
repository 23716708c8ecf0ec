"""Hostile and damaged files through the real batch: it must end, and every file must end in rows or in a reason.

    nice python benchmarks/fuzz.py [--files N] [--seed S] [--only REGEX] [--keep FOLDER] [--write]

Monsters (bombs, thousands of rows and pages) and seeded mutants of the sample documents in every format are read by
`pipeline.batch.ingest` under the limits that hold for everyone. Told by format and mutation: files, documents read,
documents with fewer tasks than the good file and, of them, those without a warning that the good file has not
("quiet"); refused files by reason; the slowest file and the most memory. Exit code 1: a bug of ours, an empty message,
a document without tasks and without a warning, a file without an outcome, or a worker above its limit.
--write puts the table into docs/fuzz.md.
"""

import argparse
import ast
import os
import platform
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from importlib.metadata import version
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "benchmarks")]

from fuzz_monsters import MONSTERS  # noqa: E402
from fuzz_mutants import Mutant, mutants  # noqa: E402
from fuzz_seeds import Seed, seeds  # noqa: E402

from extractors import archive  # noqa: E402
from extractors.docx_package import MAX_RATIO, MAX_UNPACKED  # noqa: E402
from extractors.html_source import MAX_BYTES as PAGE_BYTES  # noqa: E402
from extractors.office import CONVERT_SECONDS  # noqa: E402
from extractors.pdf_probe import MAX_PAGES  # noqa: E402
from extractors.scan import MOST_PAGES  # noqa: E402
from extractors.text import MAX_BYTES as TEXT_BYTES  # noqa: E402
from extractors.xlsx_package import MAX_CELLS  # noqa: E402
from pipeline import run  # noqa: E402
from pipeline.batch import LARGEST_FILE, ingest  # noqa: E402
from pipeline.pool import Limits  # noqa: E402
from pipeline.run import Failure, Job  # noqa: E402
from pipeline.sources import source_uri  # noqa: E402
from pipeline.store.arrow import Reading  # noqa: E402
from pipeline.store.parquet import Store  # noqa: E402

MEASURES = "KEHOACH_FUZZ_MEASURES"
LOADED = 700  # MB of a worker before its first file, with all libraries: numpy, OpenCV, pyarrow, PDFium
PAGE = ROOT / "docs" / "fuzz.md"


warm_up = run.warm_up  # a worker calls it before its first file


def read_file(job: Job) -> Reading | Failure:
    """The worker's own work, with its time and the most memory that it took written down."""
    Path("/proc/self/clear_refs").write_text("5", encoding="ascii")  # the high-water mark begins anew
    started = time.monotonic()
    try:
        return run.read_file(job)
    finally:
        seconds = time.monotonic() - started
        status = Path("/proc/self/status").read_text(encoding="ascii", errors="replace")
        peak = int(re.search(r"VmHWM:\s*(\d+)", status)[1]) >> 10  # type: ignore[index]
        with open(os.environ[MEASURES], "a", encoding="utf-8") as log:
            log.writelines(f"{seconds:.3f}\t{peak}\t{place!r}\n" for place in job.places)


@dataclass(slots=True)
class Line:
    """One line of the report."""

    files: int = 0
    read: int = 0
    fewer: int = 0
    quiet: int = 0
    refused: Counter[str] = field(default_factory=Counter)
    seconds: float = 0.0
    peak: int = 0

    def __add__(self, other: "Line") -> "Line":
        return Line(
            self.files + other.files,
            self.read + other.read,
            self.fewer + other.fewer,
            self.quiet + other.quiet,
            self.refused + other.refused,
            max(self.seconds, other.seconds),
            max(self.peak, other.peak),
        )


@dataclass(slots=True)
class Report:
    """What came of all files: lines by format and mutation, what must not be, and what is worth a look."""

    lines: dict[tuple[str, str], Line] = field(default_factory=lambda: defaultdict(Line))
    faults: list[str] = field(default_factory=list)
    quiet: list[str] = field(default_factory=list)
    killed: list[str] = field(default_factory=list)
    slowest: tuple[float, str] = (0.0, "")
    largest: tuple[int, str] = (0, "")
    seconds: float = 0.0

    @property
    def total(self) -> Line:
        return sum(self.lines.values(), Line())


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--files", type=int, default=300)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--only", default=".", help="formats and mutations that match, such as 'pdf: xref'")
    parser.add_argument("--keep", type=Path, help="keep files and results here; what is there goes on")
    parser.add_argument("--write", action="store_true", help="write the table into docs/fuzz.md")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="kehoach-fuzz-") as temporary:
        return _run(asked, (asked.keep or Path(temporary)).resolve())


def _run(asked: argparse.Namespace, work: Path) -> int:
    work.mkdir(parents=True, exist_ok=True)
    good = seeds(work)
    chosen = dict(_hostile(asked, good, work / "in"))
    os.environ[MEASURES] = str(work / "measures.tsv")
    Path(os.environ[MEASURES]).touch()
    started = time.monotonic()
    summary = ingest([work / "in"], work / "out", workers=asked.workers, target="fuzz:read_file")
    report = _reported(work, chosen, good, summary.failures)
    report.seconds = time.monotonic() - started
    _print(report, asked)
    if asked.write:
        PAGE.write_text(_page(report, asked), encoding="utf-8")
    return 1 if report.faults else 0


def _hostile(asked: argparse.Namespace, good: Mapping[str, list[Seed]], folder: Path) -> Iterator[tuple[str, Mutant]]:
    """Writes the files; each is told by its address, its bytes forgotten."""
    data = {form: [seed.data for seed in same] for form, same in good.items()}
    for number, mutant in enumerate(_made(asked, data)):
        if re.search(asked.only, f"{mutant.form}: {mutant.mutation}"):
            yield source_uri(str(_written(folder, number, mutant))), replace(mutant, data=b"")


def _made(asked: argparse.Namespace, data: Mapping[str, list[bytes]]) -> Iterator[Mutant]:
    for name, make in MONSTERS.items():
        if re.search(asked.only, f"monster: {name}"):
            form, content = make(data)
            yield Mutant("monster", name, f"{name.replace(':', '')}.{form}", content)
    yield from mutants(asked.seed, data, max(0, asked.files - len(MONSTERS)))


def _written(folder: Path, number: int, mutant: Mutant) -> Path:
    """Each file in a folder of its own, as names may be equal; names that no disk takes are cut."""
    path = folder / f"{number:05d}" / mutant.name.replace("/", "_")[:100]
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(mutant.data)
    return path


# --- what came of it -----------------------------------------------------------------------------------------------


def _reported(
    work: Path, chosen: dict[str, Mutant], good: Mapping[str, list[Seed]], failures: Iterable[Failure]
) -> Report:
    report = Report()
    outcomes: Counter[str] = Counter()
    for mutant in chosen.values():
        report.lines[mutant.form, mutant.mutation].files += 1
    for failure in failures:
        outcomes[_file(failure.source_uri)] += 1
        _note_failure(report, chosen[_file(failure.source_uri)], failure)
    store = Store(work / "out")
    warnings: dict[str, Counter[str]] = defaultdict(Counter)
    for row in store.read("findings", ["document_id", "rule", "severity"]).to_pylist():
        if row["severity"] != "info":
            warnings[row["document_id"]][row["rule"]] += 1
    for row in store.read("documents", ["document_id", "source_uri", "task_count"]).to_pylist():
        uri = row["source_uri"]
        outcomes[_file(uri)] += 1
        _note_document(report, chosen[_file(uri)], good, uri, row["task_count"], warnings[row["document_id"]])
    for written in Path(os.environ[MEASURES]).read_text(encoding="utf-8").splitlines():
        seconds, peak, place = written.split("\t", 2)
        uri = _file(ast.literal_eval(place))
        outcomes[uri] += 1  # also where another file with the same content has the row
        _note_measure(report, chosen[uri], float(seconds), int(peak))
    report.faults += [f"no outcome: {uri!r}" for uri in chosen if not outcomes[uri]]
    if report.largest[0] > (Limits().memory >> 20) + LOADED:
        report.faults.append(f"a worker took {report.largest[0]} MB: {report.largest[1]!r}")
    return report


def _note_failure(report: Report, mutant: Mutant, failure: Failure) -> None:
    report.lines[mutant.form, mutant.mutation].refused[failure.reason.value] += 1
    if failure.reason.value == "internal_error":
        report.faults.append(f"bug: {failure.source_uri!r}")
    if not failure.message.strip():
        report.faults.append(f"no message: {failure.source_uri!r}")
    if failure.reason.value in ("timeout", "out_of_memory", "crashed"):
        report.killed.append(f"{failure.reason.value}: {failure.source_uri!r}")


def _note_document(
    report: Report, mutant: Mutant, good: Mapping[str, list[Seed]], uri: str, tasks: int, warnings: Counter[str]
) -> None:
    line = report.lines[mutant.form, mutant.mutation]
    line.read += 1
    if not tasks and not warnings:
        report.faults.append(f"silent empty: {uri!r}")
    seed = good[mutant.form][mutant.seed] if mutant.seed is not None else None
    if seed is None or seed.warnings is None or tasks >= seed.tasks:
        return
    line.fewer += 1
    if not any(count > seed.warnings.get(rule, 0) for rule, count in warnings.items()):
        line.quiet += 1
        report.quiet.append(f"{seed.tasks} tasks, then {tasks}: {uri!r} ({mutant.form}: {mutant.mutation})")


def _note_measure(report: Report, mutant: Mutant, seconds: float, peak: int) -> None:
    line = report.lines[mutant.form, mutant.mutation]
    line.seconds, line.peak = max(line.seconds, seconds), max(line.peak, peak)
    report.slowest = max(report.slowest, (seconds, f"{mutant.form}: {mutant.mutation}"))
    report.largest = max(report.largest, (peak, f"{mutant.form}: {mutant.mutation}"))


def _file(uri: str) -> str:
    """The file of a document in a bundle."""
    return uri.partition("!/")[0]


# --- told ----------------------------------------------------------------------------------------------------------


def _print(report: Report, asked: argparse.Namespace) -> None:
    print(f"{report.total.files} files, {report.seconds:.0f} s, {asked.workers} workers, seed {asked.seed}")
    print(
        f"{'format':8} {'mutation':30} {'files':>5} {'read':>5} {'fewer':>5} {'quiet':>5} {'s':>6} {'MB':>5}  refused"
    )
    for (form, mutation), line in sorted(report.lines.items()):
        _print_line(form, mutation, line)
    _print_line("all", "", report.total)
    for kind in ("killed", "quiet", "faults"):
        found = getattr(report, kind)
        print("\n".join([*sorted(f"{kind}: {text}" for text in found), f"{len(found)} {kind}"]))


def _print_line(form: str, mutation: str, line: Line) -> None:
    print(
        f"{form:8} {mutation:30} {line.files:5} {line.read:5} {line.fewer:5} {line.quiet:5} "
        f"{line.seconds:6.1f} {line.peak:5}  {_reasons(line)}"
    )


def _reasons(line: Line) -> str:
    return ", ".join(f"{reason} {count}" for reason, count in line.refused.most_common())


def _page(report: Report, asked: argparse.Namespace) -> str:
    limits = Limits()
    forms: dict[str, Line] = defaultdict(Line)
    for (form, _), line in report.lines.items():
        forms[form] += line
    rows = [
        f"| {form} | {line.files} | {line.read} | {sum(line.refused.values())} | {line.fewer} | {line.quiet} "
        f"| {_reasons(line) or '–'} | {line.seconds:.1f} | {line.peak} |"
        for form, line in [*sorted(forms.items()), ("**all**", report.total)]
    ]
    monsters = [
        f"| {name} | {_reasons(line) or 'read'} | {line.seconds:.1f} | {line.peak} |"
        for (form, name), line in report.lines.items()
        if form == "monster"
    ]
    made = (
        f"{report.total.files} files through the real batch, {asked.workers} workers, seed {asked.seed}. Limits of one "
        f"file: {limits.seconds} s and {limits.memory >> 20} MB beyond the loaded program (up to {LOADED} MB)."
    )
    words = (
        "*Fewer*: documents with fewer tasks than the good file; *quiet*: those of them without any warning that the "
        "good file does not have. A zip may hold several documents. Seconds and MB are those of the worst file."
    )
    return "\n".join(
        [
            "# Hostile and damaged files",
            "",
            "Written by `python benchmarks/fuzz.py --write`; run it again rather than edit this page.",
            "",
            made,
            "",
            f"- faults (bug, silent empty, file without outcome, worker above its limit): **{len(report.faults)}**",
            f"- files stopped by a limit: {len(report.killed)}",
            f"- slowest file: {report.slowest[0]:.1f} s ({report.slowest[1]})",
            f"- most memory of a worker: {report.largest[0]} MB ({report.largest[1]})",
            f"- {_surroundings()}",
            "",
            words,
            "",
            "| format | files | read | refused | fewer | quiet | reasons | s | MB |",
            "|---|---:|---:|---:|---:|---:|---|---:|---:|",
            *rows,
            "",
            "## Limits",
            "",
            *_limits(limits),
            "",
            "## Files hostile by construction",
            "",
            "| file | outcome | s | MB |",
            "|---|---|---:|---:|",
            *monsters,
            "",
        ]
    )


def _limits(limits: Limits) -> Iterator[str]:
    yield f"- a file: {LARGEST_FILE >> 20} MB, {limits.seconds} s, {limits.memory >> 20} MB of memory"
    yield f"- a file whose pages are recognised: {limits.seconds} s for each group of pages, {limits.longest} s in all"
    yield f"- a PDF: {MAX_PAGES} pages; of them {MOST_PAGES} scanned ones"
    yield f"- a Word file: {MAX_UNPACKED >> 20} MB unpacked, {MAX_RATIO} times its size; a sheet: {MAX_CELLS} cells"
    yield f"- a text: {TEXT_BYTES >> 20} MB; a web page: {PAGE_BYTES // 1_000_000} MB"
    yield (
        f"- a ZIP bundle: {archive.MAX_MEMBERS} files, {archive.MAX_UNPACKED >> 20} MB unpacked, "
        f"{archive.MAX_RATIO} times its size, {archive.MAX_DEPTH} bundles in each other"
    )
    yield f"- a conversion by LibreOffice: {CONVERT_SECONDS} s"


def _surroundings() -> str:
    """Versions of what parses: another one may stumble elsewhere."""
    libraries = ", ".join(
        f"{name} {version(name)}" for name in ("lxml", "pdfplumber", "pypdfium2", "pillow", "pyarrow")
    )
    programs = [_first_line(program, "--version") for program in ("soffice", "tesseract") if shutil.which(program)]
    return f"Python {platform.python_version()}, {libraries}, {', '.join(programs)}, {os.cpu_count()} cores"


def _first_line(*command: str) -> str:
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout.split("\n")[0].strip()


if __name__ == "__main__":
    sys.exit(main())
