"""Hostile and damaged files through the real batch: it must end, and every file must end in rows or in a reason.

    python benchmarks/fuzz.py [--files N] [--seed S] [--seconds S] [--memory MB] [--only REGEX] [--keep FOLDER]

Monsters (bombs, thousands of rows and pages) and seeded mutants of the sample documents in every format are read by
`pipeline.batch.ingest` under limits. Printed by format and mutation: files, documents read, refused by reason,
documents with fewer tasks than the sample and without a warning ("quiet"), the slowest file and the most memory.
Exit code 1: a bug of ours, an empty message, a document without tasks and without a finding that says why, a file
without an outcome, or a worker above its limit.
"""

import argparse
import ast
import os
import random
import re
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "benchmarks")]

from fuzz_mutants import MONSTERS, Mutant, mutants, packed  # noqa: E402

from pipeline.batch import ingest  # noqa: E402
from pipeline.pool import Limits  # noqa: E402
from pipeline.run import Failure, Job, process  # noqa: E402
from pipeline.run import read_file as read_really  # noqa: E402
from pipeline.sources import source_uri  # noqa: E402
from pipeline.store.arrow import Reading  # noqa: E402
from pipeline.store.parquet import Store  # noqa: E402
from samples.authored import read_plan  # noqa: E402
from samples.make import BUILDERS, PLANS, RAW  # noqa: E402

MEASURES = "KEHOACH_FUZZ_MEASURES"


def read_file(job: Job) -> Reading | Failure:
    """The worker's own work, with its time and the most memory that it took written down."""
    Path("/proc/self/clear_refs").write_text("5", encoding="ascii")  # the high-water mark begins anew
    started = time.monotonic()
    result = read_really(job)
    seconds = time.monotonic() - started
    status = Path("/proc/self/status").read_text(encoding="ascii", errors="replace")
    peak = int(re.search(r"VmHWM:\s*(\d+)", status)[1]) >> 10  # type: ignore[index]
    with open(os.environ[MEASURES], "a", encoding="utf-8") as log:
        log.writelines(f"{seconds:.3f}\t{peak}\t{place!r}\n" for place in job.places)
    return result


@dataclass(slots=True)
class Line:
    """One line of the report."""

    files: int = 0
    read: int = 0
    quiet: int = 0
    refused: Counter[str] = field(default_factory=Counter)
    seconds: float = 0.0
    peak: int = 0


def bases(folder: Path) -> dict[str, list[bytes]]:
    """Good files of each format; .doc, .rtf and .odt are made by LibreOffice where it is installed."""
    found: dict[str, list[bytes]] = defaultdict(list)
    for path in sorted(RAW.iterdir()):
        if path.suffix in (".docx", ".pdf", ".txt"):
            found[path.suffix[1:]].append(path.read_bytes())
    for path in sorted(PLANS.glob("*.toml"))[:3]:
        for form in ("xlsx", "html"):
            found[form].append(BUILDERS[form](read_plan(path)))
    found["zip"].append(packed([(path.name, path.read_bytes()) for path in sorted(RAW.iterdir())[:2]]))
    if office := shutil.which("soffice"):
        word = next(RAW.glob("*.docx"))
        for form in ("doc", "rtf", "odt"):
            command = [office, f"-env:UserInstallation=file://{folder}/profile", "--headless", "--convert-to", form]
            subprocess.run([*command, "--outdir", str(folder), str(word)], check=True, capture_output=True, timeout=120)
            found[form].append((folder / f"{word.stem}.{form}").read_bytes())
    return dict(found)


def _written(folder: Path, number: int, mutant: Mutant) -> Path:
    """Each file in a folder of its own, as names may be equal; names that no disk takes are cut."""
    path = folder / f"{number:05d}" / mutant.name.replace("/", "_")[:100]
    path.parent.mkdir(parents=True)
    path.write_bytes(mutant.data)
    return path


def _baseline(found: dict[str, list[bytes]]) -> int:
    """The least number of tasks that an untouched text-like sample gives."""
    counts = [
        len(outcome.plan.tasks)
        for form in ("docx", "pdf", "txt", "xlsx", "html")
        for data in found[form]
        if (outcome := process(f"base.{form}", data)).plan
    ]
    return min(counts)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--files", type=int, default=300)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--seconds", type=int, default=60)
    parser.add_argument("--memory", type=int, default=3072, metavar="MB")
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--only", default=".", help="formats and mutations that match, such as 'pdf: xref'")
    parser.add_argument("--keep", type=Path, help="keep files and results here")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="kehoach-fuzz-") as temporary:
        return _run(asked, (asked.keep or Path(temporary)).resolve())


def _run(asked: argparse.Namespace, work: Path) -> int:
    work.mkdir(parents=True, exist_ok=True)
    good = bases(work)
    chance = random.Random(asked.seed)
    hostile = [
        Mutant(form, name, f"{name}.{form}", data) for name, make in MONSTERS.items() for form, data in [make(good)]
    ]
    hostile += mutants(chance, good, max(0, asked.files - len(hostile)))
    chosen = {
        source_uri(str(_written(work / "in", number, mutant))): mutant
        for number, mutant in enumerate(hostile)
        if re.search(asked.only, f"{mutant.form}: {mutant.mutation}")
    }
    del hostile
    os.environ[MEASURES] = str(work / "measures.tsv")
    started = time.monotonic()
    limits = Limits(asked.seconds, asked.memory << 20)
    summary = ingest([work / "in"], work / "out", workers=asked.workers, limits=limits, target="fuzz:read_file")
    print(f"{len(chosen)} files, {time.monotonic() - started:.0f} s, {asked.workers} workers, seed {asked.seed}; "
          f"limits {asked.seconds} s, {asked.memory} MB beyond the loaded program")  # fmt: skip
    return _report(work, chosen, summary.failures, _baseline(good), asked.memory)


def _report(work: Path, chosen: dict[str, Mutant], failures: tuple[Failure, ...], least: int, memory: int) -> int:
    lines: dict[tuple[str, str], Line] = defaultdict(Line)
    faults: list[str] = []
    outcomes: Counter[str] = Counter()
    for uri in chosen:
        lines[_kind(chosen, uri)].files += 1
    for failure in failures:
        line = lines[_kind(chosen, failure.source_uri)]
        line.refused[failure.reason.value] += 1
        outcomes[_file(failure.source_uri)] += 1
        if failure.reason.value == "internal_error":
            faults.append(f"bug: {failure.source_uri!r}")
        if not failure.message.strip():
            faults.append(f"no message: {failure.source_uri!r}")
    store = Store(work / "out")
    found = defaultdict(list)
    for row in store.read("findings", ["document_id", "rule", "severity"]).to_pylist():
        found[row["document_id"]].append((row["rule"], row["severity"]))
    for row in store.read("documents", ["document_id", "source_uri", "task_count"]).to_pylist():
        line = lines[_kind(chosen, row["source_uri"])]
        line.read += 1
        outcomes[_file(row["source_uri"])] += 1
        warned = any(severity != "info" for _, severity in found[row["document_id"]])
        line.quiet += row["task_count"] < least and not warned
        if not row["task_count"] and not warned:
            faults.append(f"silent empty: {row['source_uri']!r}")
    for written in Path(os.environ[MEASURES]).read_text(encoding="utf-8").splitlines():
        seconds, peak, uri = written.split("\t", 2)
        line = lines[_kind(chosen, ast.literal_eval(uri))]
        outcomes[_file(ast.literal_eval(uri))] += 1  # also where another file with the same content has the row
        line.seconds, line.peak = max(line.seconds, float(seconds)), max(line.peak, int(peak))
    faults += [f"no outcome: {uri!r}" for uri in chosen if not outcomes[uri]]
    _print(lines)
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss >> 10
    print(f"most memory of a worker: {peak} MB")
    if peak > memory + 700:  # the loaded program: numpy, OpenCV, pyarrow
        faults.append(f"a worker took {peak} MB")
    slow = [f.source_uri for f in failures if f.reason.value in ("timeout", "out_of_memory", "crashed")]
    print("\n".join([*(f"killed: {uri!r}" for uri in slow), *sorted(faults), f"{len(faults)} faults"]))
    return 1 if faults else 0


def _file(uri: str) -> str:
    """The file of a document in a bundle."""
    return uri.partition("!/")[0]


def _kind(chosen: dict[str, Mutant], uri: str) -> tuple[str, str]:
    mutant = chosen[_file(uri)]
    return mutant.form, mutant.mutation


def _print(lines: dict[tuple[str, str], Line]) -> None:
    print(f"{'format':6} {'mutation':27} {'files':>5} {'read':>5} {'quiet':>5} {'s':>6} {'MB':>5}  refused")
    total = Line()
    for (form, mutation), line in sorted(lines.items()):
        _print_line(form, mutation, line)
        for name in ("files", "read", "quiet"):
            setattr(total, name, getattr(total, name) + getattr(line, name))
        total.refused += line.refused
        total.seconds, total.peak = max(total.seconds, line.seconds), max(total.peak, line.peak)
    _print_line("all", "", total)


def _print_line(form: str, mutation: str, line: Line) -> None:
    reasons = ", ".join(f"{reason} {count}" for reason, count in line.refused.most_common())
    print(
        f"{form:6} {mutation:27} {line.files:5} {line.read:5} {line.quiet:5} "
        f"{line.seconds:6.1f} {line.peak:5}  {reasons}"
    )


if __name__ == "__main__":
    sys.exit(main())
