"""Where the time goes: the whole way from a file's bytes to committed tables, stage by stage, in one process.

    python -m benchmarks.stages [FOLDER] [--plans 100] [--write]

The functions that make a stage are timed from outside while a real run works; what one of them spends in another one
counts for that one alone, and the programs that extraction calls (tesseract, LibreOffice) count for it. Reading is done
in the process that commits, so that one clock sees all; what workers add is told by benchmarks/batch.py. Measured are
the samples of each kind, plans of a usual size (benchmarks/typical_plans.py) in the forms that offices send and, where
one is named, a FOLDER of your own. `--write` puts the table into docs/performance.md (without the FOLDER).
"""

import argparse
import shutil
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from functools import wraps
from importlib import import_module
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from benchmarks.extraction import write  # noqa: E402
from benchmarks.scan_score import processor_seconds  # noqa: E402
from benchmarks.scanner import VARIANTS, scan  # noqa: E402
from benchmarks.typical_plans import write_typical  # noqa: E402

# Stage -> the functions that make it. Inner ones are taken off those around them.
STAGES = {
    "scan and hash": ("pipeline.intake:Intake.scan",),
    "extraction": ("extractors.formats:extract",),
    "letterhead and end": ("pipeline.read.letterhead:read_header",),
    "prose": ("pipeline.read.prose:read_prose",),
    "tables and rows": ("pipeline.read.tables:read_tables",),
    "assignments in prose": ("pipeline.read.narrative:read_narrative",),
    "deadlines": ("pipeline.rules.deadlines:read_deadlines", "pipeline.rules.deadlines:read_start_end"),
    "units": (
        "pipeline.rules.unit_split:split_units",
        "pipeline.rules.unit_split:unit_spans",
        "pipeline.rules.unit_roles:split_roles",
        "pipeline.rules.units:find_units",
        "pipeline.rules.unit_resolver:UnitResolver.resolve",
    ),
    "citations": ("pipeline.rules.citations:read_citations",),
    "checks": ("pipeline.check:check",),
    "encoding as Arrow": ("pipeline.store.arrow:reading",),
    "committing": ("pipeline.gathering:Batch.commit",),
}
_READING = frozenset(STAGES) - {"scan and hash", "extraction", "encoding as Arrow", "committing"}
_REST = "the rest of the run"
_CONVERTED, _SCANNED = 24, 2  # plans that LibreOffice writes as .pdf and .doc, and those of them that are scanned


class Clock:
    """Processor seconds of each stage: of what is open, only the innermost runs."""

    def __init__(self) -> None:
        self.spent: Counter[str] = Counter()
        self._open = [_REST]
        self._since = time.process_time()

    def _switch(self) -> None:
        now = time.process_time()
        self.spent[self._open[-1]] += now - self._since
        self._since = now

    def reset(self) -> None:
        self._switch()
        self.spent.clear()

    def told(self) -> Counter[str]:
        self._switch()
        return self.spent.copy()

    def timed(self, stage: str, function: Callable[..., Any]) -> Callable[..., Any]:
        @wraps(function)
        def around(*given: Any, **named: Any) -> Any:
            self._switch()
            self._open.append(stage)
            called = _of_programs() if stage == "extraction" else 0.0
            try:
                return function(*given, **named)
            finally:
                self._switch()
                self._open.pop()
                if stage == "extraction":
                    self.spent[stage] += _of_programs() - called

        return around


def _of_programs() -> float:
    """Processor seconds of the programs that this process called; too slow to be asked at every switch."""
    return processor_seconds() - time.process_time()


def attach(clock: Clock) -> None:
    """Times every function of STAGES, wherever our modules have imported it to."""
    for stage, names in STAGES.items():
        for name in names:
            module, _, path = name.partition(":")
            *owner, last = path.split(".")
            holder = import_module(module)
            for part in owner:
                holder = getattr(holder, part)
            found = getattr(holder, last)
            timed = clock.timed(stage, found)
            setattr(holder, last, timed)
            for other in list(sys.modules.values()):
                if getattr(other, "__name__", "").startswith(("pipeline", "extractors")):
                    for known, value in list(vars(other).items()):
                        if value is found:
                            setattr(other, known, timed)


class Here:
    """Reads in this very process."""

    def run(self, jobs: Iterable[Any]) -> Iterator[tuple[Any, Any]]:
        from pipeline.run import read_file

        for job in jobs:
            yield job, read_file(job)


def measured(clock: Clock, files: list[Path], work: Path) -> Counter[str]:
    """Seconds of each stage of a run over these files."""
    from pipeline.batch import ingest

    raw = work / "raw"
    raw.mkdir(parents=True)
    for number, path in enumerate(files):
        shutil.copy(path, raw / f"{number}-{path.name}")
    clock.reset()
    ingest([raw], work / "out", processes=lambda _jobs: Here())
    return clock.told()


def table(columns: dict[str, tuple[int, Counter[str]]]) -> list[str]:
    """One line a stage: milliseconds a file and share of the whole, for each group of files."""
    heads = " | ".join(f"{name}: {count}" for name, (count, _) in columns.items())
    lines = [f"| ms each (share) | {heads} |", "|---|" + "---:|" * len(columns)]
    groups = {stage: frozenset({stage}) for stage in (*STAGES, _REST)}
    groups["**reading and checks together**"] = _READING
    groups["**whole**"] = frozenset({*STAGES, _REST})
    for told, stages in groups.items():
        cells = []
        for count, spent in columns.values():
            seconds = sum(spent[stage] for stage in stages)
            cells.append(f"{1000 * seconds / count:,.1f} ({seconds / spent.total():.0%})")
        lines.append(f"| {told} | {' | '.join(cells)} |")
    return lines


def other_forms(target: Path) -> dict[str, list[Path]]:
    """Word plans as LibreOffice writes them and as a scanner does; they are other plans than those read before them."""
    target.mkdir()
    written = target / "written"
    write_typical(written, 2 * _CONVERTED, seed=3)  # half of them Word files
    forms: dict[str, list[Path]] = {}
    for number, suffix in enumerate((".pdf", ".doc")):
        words = sorted(written.rglob("*.docx"))
        half = words[number * len(words) // 2 : (number + 1) * len(words) // 2]
        command = [
            "soffice",
            f"-env:UserInstallation=file://{target}/profile",
            "--headless",
            "--convert-to",
            suffix[1:],
        ]
        subprocess.run([*command, "--outdir", target, *half], check=True, capture_output=True)
        forms[f"`{suffix}`"] = sorted(target.glob(f"*{suffix}"))
    scans = target / "scans"
    scans.mkdir()
    for path in forms["`.pdf`"][:_SCANNED]:
        (scans / path.name).write_bytes(scan(path.read_bytes(), VARIANTS["200 dpi"]))
    return {**forms, "scanned": sorted(scans.iterdir())}


def stages(plans: int, folder: Path | None = None) -> list[str]:
    """The table; other plans come first, so that everything is loaded and no file that is measured is known."""
    from extractors.document import Source
    from extractors.formats import extract
    from pipeline.run import warm_up

    warm_up()
    clock = Clock()
    attach(clock)
    columns: dict[str, tuple[int, Counter[str]]] = {}
    with tempfile.TemporaryDirectory(prefix="kehoach-stages-") as temporary:
        work = Path(temporary)
        samples = sorted((ROOT / "data" / "raw").iterdir())
        for path in samples:  # loads the libraries of its format, and nothing of what its words mean
            data = path.read_bytes()
            extract(Source(path.name, "", len(data)), data)
        write_typical(work / "warm", 10, seed=2)
        measured(clock, [path for path in (work / "warm").rglob("*.*") if path.is_file()], work / "warmed")
        for suffix in (".pdf", ".docx", ".txt"):
            files = [path for path in samples if path.suffix == suffix]
            columns[f"`{suffix}` samples"] = (len(files), measured(clock, files, work / suffix[1:]))
        write_typical(work / "plans", plans)
        for suffix in (".docx", ".txt"):
            files = sorted((work / "plans").rglob(f"*{suffix}"))
            told = measured(clock, files, work / f"plans-{suffix[1:]}")
            columns[f"usual plans, `{suffix}`"] = (len(files), told)
        for form, files in other_forms(work / "forms").items():
            columns[f"usual plans, {form}"] = (len(files), measured(clock, files, work / f"forms-{form.strip('`.')}"))
        if folder:
            files = [path for path in sorted(folder.rglob("*")) if path.is_file()]
            columns[folder.name] = (len(files), measured(clock, files, work / "folder"))
    return table(columns)


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("folder", nargs="?", type=Path)
    arguments.add_argument("--plans", type=int, default=100)
    arguments.add_argument("--write", action="store_true", help="put the table into docs/performance.md")
    asked = arguments.parse_args()
    lines = stages(asked.plans, asked.folder)
    print("\n".join(lines))
    if asked.write:
        text = "\n".join(stages_text(lines))
        write(ROOT / "docs" / "performance.md", "stages", text, "benchmarks/stages.py")


def stages_text(lines: list[str]) -> list[str]:
    return ["### Where the time goes", "", *lines]


if __name__ == "__main__":
    main()
