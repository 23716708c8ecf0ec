"""The batch around the reading: two workers beside one, the committer's share, memory and commits as things grow.

    python benchmarks/batch.py [--documents 600] [--times 3] [--write]

Each measurement is a process of its own. Speed is told as a ratio of runs in turn; processor seconds are told beside
it, since they depend less on what else the machine is doing. The start of a run (loading the program into each
worker) is told apart. Measured on plans of a usual size (a quarter as many) and on tiny ones, where the committer has
the largest share. Then the start of commands. `--write` puts it all into docs/performance.md; the stages inside a
document are told by benchmarks/stages.py.
"""

import argparse
import json
import os
import re
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from benchmarks.plans import write_tiny  # noqa: E402
from benchmarks.typical_plans import write_typical  # noqa: E402

PAGE = ROOT / "docs" / "performance.md"
_MARKED = re.compile(r"(<!-- benchmarks/batch\.py -->\n).*?(<!-- end of batch -->)", re.DOTALL)


def one(raw: Path, out: Path, workers: int) -> dict[str, Any]:
    """A run as the command makes it, measured from inside: its first result marks the end of the start."""
    from pipeline.lean import leave_out_pandas

    leave_out_pandas()
    from pipeline.batch import ingest

    first: list[tuple[float, float]] = []
    begun = time.monotonic()
    summary = ingest(
        [raw], out, workers=workers, progress=lambda _: first or first.append((time.monotonic(), time.process_time()))
    )
    ended = time.monotonic()
    (came, busy) = first[0]
    own, theirs = resource.getrusage(resource.RUSAGE_SELF), resource.getrusage(resource.RUSAGE_CHILDREN)
    return {
        "documents": summary.read,
        "seconds": ended - came,
        "start": came - begun,
        "committer": time.process_time() - busy,
        "workers": theirs.ru_utime + theirs.ru_stime,
        "store": summary.stages["store"],
        "memory": own.ru_maxrss >> 10,
        "memory of a worker": theirs.ru_maxrss >> 10,
    }


def measured(raw: Path, out: Path, workers: int) -> dict[str, Any]:
    command = [sys.executable, __file__, "--one", str(raw), str(out), str(workers)]
    told = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    result: dict[str, Any] = json.loads(told.splitlines()[-1])
    return result


def two_beside_one(work: Path, documents: int, times: int) -> list[str]:
    ratios: list[str] = []
    lines = [
        "| plans | workers | start, s | then, s | a second | processor: workers, s | committer, s | its share |",
        "|---|---:|---:|---:|---:|---:|---:|---:|",
    ]
    for told, count, make in (("of a usual size", documents // 4, write_typical), ("tiny", documents, write_tiny)):
        make(work / make.__name__, count)
        runs: dict[int, list[dict[str, Any]]] = {1: [], 2: []}
        for turn in range(times):
            for workers in runs:
                out = work / f"out-{make.__name__}-{workers}-{turn}"
                runs[workers].append(measured(work / make.__name__, out, workers))
        for workers, theirs in runs.items():
            middle = {name: statistics.median(run[name] for run in theirs) for name in theirs[0]}
            share = middle["committer"] / (middle["committer"] + middle["workers"])
            lines.append(
                f"| {count:,} {told} | {workers} | {middle['start']:.1f} | {middle['seconds']:.1f} |"
                f" {count / middle['seconds']:.0f} |"
                f" {middle['workers']:.1f} | {middle['committer']:.1f} | {share:.1%} |"
            )
        pairs = [one["seconds"] / two["seconds"] for one, two in zip(runs[1], runs[2], strict=True)]
        ratios.append(f"plans {told} {statistics.median(pairs):.2f}x (from {min(pairs):.2f} to {max(pairs):.2f})")
    return [
        f"Two workers beside one, from the first result to the end of the run: {'; '.join(ratios)}.",
        f"{times} times each, in turn; load {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores.",
        "",
        *lines,
    ]


def growth(work: Path, sizes: tuple[int, ...]) -> list[str]:
    """Memory of committer and worker, and seconds of storing, as more documents come in one run."""
    lines = [
        "| documents in a run | processor each, ms | committer, MB | largest worker, MB | storing, s |",
        "|---:|---:|---:|---:|---:|",
    ]
    for size in sizes:
        write_tiny(work / f"raw-{size}", size, seed=size)
        told = measured(work / f"raw-{size}", work / f"grown-{size}", 2)
        lines.append(
            f"| {size:,} | {1000 * told['workers'] / size:.0f} | {told['memory']} | {told['memory of a worker']} |"
            f" {told['store']:.2f} |"
        )
    return lines


def commits(work: Path, sizes: tuple[int, ...]) -> list[str]:
    """Seconds of one commit of ten documents into stores of several sizes (rows made by hand, no files read)."""
    sys.path.insert(0, str(ROOT / "tests"))
    from store_samples import plan, sample_reading

    from pipeline.store.parquet import Change, Store

    store_root, held = work / "store", 0
    lines = ["| documents stored | tasks | a commit of ten more, processor s |", "|---:|---:|---:|"]
    for size in sizes:
        readings = [sample_reading(plan(f"{n}.txt", tasks=10, number=str(n))) for n in range(held, size + 10)]
        held = size + 10
        with Store.writing(store_root) as store:
            rest, last = readings[:-10], readings[-10:]
            if rest:
                store.commit(Change(tuple(rest), {r.document_id: (r.source_uri,) for r in rest}))
            begun = time.process_time()
            store.commit(Change(tuple(last), {r.document_id: (r.source_uri,) for r in last}))
            lines.append(f"| {size:,} | {size * 10:,} | {time.process_time() - begun:.2f} |")
    return lines


def starts(work: Path) -> list[str]:
    """Processor seconds of whole commands, with compiled modules as an installed program has."""
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    environment["PYTHONPYCACHEPREFIX"] = str(work / "compiled")
    tables = work / "out-write_tiny-1-0"
    lines = ["| command | processor, s (least of five) |", "|---|---:|"]
    for told, arguments in (
        ("kehoach --help", ["--help"]),
        ("kehoach show huyen_pctt_2023.pdf", ["show", str(ROOT / "data" / "raw" / "huyen_pctt_2023.pdf")]),
        ('kehoach query "select 1"', ["query", "select 1", "--data", str(tables)]),
        ("kehoach status", ["status", "--out", str(tables)]),
    ):
        taken = []
        for _ in range(6):  # the first compiles
            before = resource.getrusage(resource.RUSAGE_CHILDREN)
            command = [sys.executable, "-c", "from pipeline.cli import main; main()", *arguments]
            subprocess.run(command, check=False, capture_output=True, env=environment, cwd=ROOT)
            after = resource.getrusage(resource.RUSAGE_CHILDREN)
            taken.append(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)
        lines.append(f"| `{told}` | {min(taken):.2f} |")
    return lines


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--documents", type=int, default=600)
    arguments.add_argument("--times", type=int, default=3)
    arguments.add_argument("--write", action="store_true", help=f"put the figures into {PAGE.name}")
    arguments.add_argument("--one", nargs=3, metavar=("RAW", "OUT", "WORKERS"), help=argparse.SUPPRESS)
    asked = arguments.parse_args()
    if asked.one:
        raw, out, workers = asked.one
        print(json.dumps(one(Path(raw), Path(out), int(workers))))
        return
    with tempfile.TemporaryDirectory(prefix="kehoach-batch-") as temporary:
        work = Path(temporary)
        parts = {
            "Two workers beside one": two_beside_one(work, asked.documents, asked.times),
            "Growth of a run": growth(work, (asked.documents // 6, asked.documents, 3 * asked.documents)),
            "A commit as the store grows": commits(work, (100, 1_000, 10_000)),
            "Start of the command": starts(work),
        }
    text = "## Batch\n\n" + "\n".join(f"### {title}\n\n" + "\n".join(lines) + "\n" for title, lines in parts.items())
    print(text)
    if asked.write:
        page = PAGE.read_text(encoding="utf-8")
        PAGE.write_text(_MARKED.sub(lambda m: m[1] + text + m[2], page), encoding="utf-8")


if __name__ == "__main__":
    main()
