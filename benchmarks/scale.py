"""What many documents need, from what some need: processor, disk, memory, commits, and the share of a Dask cluster.

    python benchmarks/scale.py [--documents 400] [--stores 1000,10000] [--write]

Reading is measured on the samples of data/raw, on plans of a usual size and on small ones, in seconds of processor,
which depend less on what else the machine does. Storing is measured with rows made by hand (ten tasks a document) in a
process of its own for each size. At the end stands what a million documents come to. `--write` puts the figures into
docs/scale.md.
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
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

from benchmarks.plans import write_tiny  # noqa: E402
from benchmarks.typical_plans import write_typical  # noqa: E402

MILLION = 1_000_000
PAGE = ROOT / "docs" / "scale.md"
_MARKED = re.compile(r"(<!-- benchmarks/scale\.py -->\n).*?(<!-- end of scale -->)", re.DOTALL)
_TASKS = 10
_READINGS = 5  # processes that read each sample once; the median of them is told
USUAL = "plan of a usual size"


def reading(*_: Any) -> dict[str, float]:
    """Seconds of processor that a file takes, by kind; each once, since a second reading finds words known."""
    from extractors.document import Source
    from extractors.formats import extract
    from pipeline.run import process, warm_up

    warm_up()
    with tempfile.TemporaryDirectory(prefix="kehoach-scale-") as temporary:
        write_typical(Path(temporary), 20)
        usual = {path: path.read_bytes() for path in sorted(Path(temporary).rglob("*.*"))}
    samples = {path: path.read_bytes() for path in sorted((ROOT / "data" / "raw").iterdir())}
    for path, data in samples.items():
        extract(Source(path.name, "", len(data)), data)  # loads the libraries of its format
    taken: dict[str, list[float]] = {}
    for path, data in (samples | usual).items():
        begun = time.process_time()
        process(path.name, data)
        kind = USUAL if path in usual else f"`{path.suffix}` sample"
        taken.setdefault(kind, []).append(time.process_time() - begun)
    return {kind: statistics.mean(values) for kind, values in taken.items()}


def batch(work: Path, documents: int) -> dict[str, float]:
    """Bytes on disk and seconds of processor around the reading, for each small plan."""
    from pipeline.batch import ingest

    write_tiny(work / "raw", documents)
    before = used()
    summary = ingest([work / "raw"], work / "out", workers=1)
    own, workers = (now - then for now, then in zip(used(), before, strict=True))
    return {
        "tasks": summary.tasks / documents,
        "own": own / documents,
        "workers": workers / documents,
        "tables": sum(file.stat().st_size for file in (work / "out").rglob("*.parquet")) / documents,
        "ledger": (work / "out.state" / "ledger.db").stat().st_size / documents,
    }


def used() -> tuple[float, float]:
    both = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    own, children = (found.ru_utime + found.ru_stime for found in both)
    return own, children


def build(root: Path, size: int) -> dict[str, float]:
    """A store of some size, of rows made by hand: small plans of ten tasks that differ in words and numbers."""
    from pipeline.store.parquet import Store

    with Store.writing(root) as tables:
        for first in range(0, size, 5000):
            tables.commit(change(first, min(first + 5000, size)))
    return {}


def store(root: Path, size: int) -> dict[str, float]:
    """One commit of ten more documents into it, and what the tables and the committer take."""
    from pipeline.store.parquet import Store

    with Store.writing(root) as tables:
        begun = time.process_time()
        tables.commit(change(size, size + 10))
        seconds = time.process_time() - begun
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss << 10
    return {"size": size, "commit": seconds, "memory": memory}


def change(first: int, last: int) -> Any:
    from store_samples import plan, sample_reading

    from pipeline.store.parquet import Change

    made = [sample_reading(plan(f"{n}.txt", tasks=_TASKS, number=str(n))) for n in range(first, last)]
    return Change(tuple(made), {one.document_id: (one.source_uri,) for one in made})


def dask(work: Path) -> float:
    """Seconds of a run on a Dask cluster of one worker, as a multiple of the same run on a process of our own."""
    from dask_cluster import cluster

    from pipeline.batch import ingest
    from pipeline.cluster import Cluster

    ratios = []
    with cluster(work, workers=1) as (address, _):
        for turn in range(3):
            begun = time.monotonic()
            ingest([work / "raw"], work / f"own-{turn}", workers=1)
            middle = time.monotonic()
            ingest([work / "raw"], work / f"dask-{turn}", processes=lambda _jobs: Cluster(address))
            ratios.append((time.monotonic() - middle) / (middle - begun))
    return statistics.median(ratios)


def million(kinds: dict[str, float], each: dict[str, float], stores: list[dict[str, float]]) -> list[str]:
    """Straight lines through what was measured; the commits of a run take a twentieth of its time at most."""
    small, large = stores[-2], stores[-1]

    def line(what: str) -> float:
        slope = (large[what] - small[what]) / (large["size"] - small["size"])
        return large[what] + slope * (MILLION - large["size"])

    tables = MILLION * each["tables"] / each["tasks"] * _TASKS
    return [
        "| A million documents of ten tasks, by straight lines through the above | |",
        "|---|---:|",
        *(
            f"| read, each like a {kind} | {MILLION * (seconds + each['own']) / 3600:,.1f} core hours |"
            for kind, seconds in kinds.items()
        ),
        f"| tables | {tables / 1e9:.1f} GB |",
        f"| ledger | {MILLION * each['ledger'] / 1e9:.1f} GB |",
        f"| one commit | {line('commit'):.0f} s of processor |",
        f"| memory of the committer | {line('memory') / 1e9:.1f} GB |",
    ]


def in_own_process(stage: str, root: Path, size: str) -> dict[str, float]:
    command = [sys.executable, __file__, "--one", stage, str(root), size]
    told: dict[str, float] = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
    return told


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--documents", type=int, default=400)
    arguments.add_argument("--stores", default="1000,10000")
    arguments.add_argument("--write", action="store_true", help=f"put the figures into {PAGE.name}")
    arguments.add_argument("--one", nargs=3, metavar=("STAGE", "ROOT", "SIZE"), help=argparse.SUPPRESS)
    asked: Any = arguments.parse_args()
    if asked.one:
        stage, root, size = asked.one
        print(json.dumps({"reading": reading, "build": build, "commit": store}[stage](Path(root), int(size))))
        return
    lines = [f"Load {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores.", "", "| Measured | |", "|---|---:|"]
    readings = [in_own_process("reading", Path(), "0") for _ in range(_READINGS)]
    kinds = {kind: statistics.median(one[kind] for one in readings) for kind in readings[0]}
    lines += [f"| processor for one {kind} | {1000 * taken:.0f} ms |" for kind, taken in kinds.items()]
    with tempfile.TemporaryDirectory(prefix="kehoach-scale-") as temporary:
        work = Path(temporary)
        each = batch(work, asked.documents)
        small = f"{asked.documents} small plans of {each['tasks']:.1f} tasks"
        lines += [
            f"| {small}, each: reading, start of the worker included | {1000 * each['workers']:.1f} ms |",
            f"| around the reading: scan, commit, ledger | {1000 * each['own']:.1f} ms |",
            f"| tables | {each['tables']:.0f} bytes |",
            f"| ledger | {each['ledger']:.0f} bytes |",
            f"| the same run on a Dask cluster of one worker, on the clock | {dask(work):.2f}x |",
        ]
        stores = []
        for size in asked.stores.split(","):
            for stage in ("build", "commit"):  # each in a process of its own, so that memory is that of a commit
                told = in_own_process(stage, work / f"store-{size}", size)
            stores.append(told)
            lines.append(
                f"| commit of ten more to {int(size):,} documents of {_TASKS} tasks |"
                f" {stores[-1]['commit']:.2f} s, {stores[-1]['memory'] >> 20} MB |"
            )
    text = "\n".join([*lines, "", *million(kinds, each, stores)]) + "\n"
    print(text)
    if asked.write:
        page = PAGE.read_text(encoding="utf-8")
        PAGE.write_text(_MARKED.sub(lambda m: m[1] + text + m[2], page), encoding="utf-8")


if __name__ == "__main__":
    main()
