"""The batch around the reading: two workers beside one, the committer's share, memory and commits as things grow.

    python benchmarks/batch.py [--documents 600] [--times 3]

Each measurement is a process of its own. Speed is told as a ratio of runs in turn; processor seconds are told beside
it, since they depend less on what else the machine is doing. The start of a run (loading the program into each
worker) is told apart.
"""

import argparse
import json
import os
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

from benchmarks.plans import write_plans  # noqa: E402


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


def two_beside_one(work: Path, documents: int, times: int) -> None:
    write_plans(work / "raw", documents, mixed=False)
    runs: dict[int, list[dict[str, Any]]] = {1: [], 2: []}
    for turn in range(times):
        for workers in runs:
            runs[workers].append(measured(work / "raw", work / f"out-{workers}-{turn}", workers))
    ratios = [one["seconds"] / two["seconds"] for one, two in zip(runs[1], runs[2], strict=True)]
    print(f"{documents} documents; load of the machine {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores")
    print(f"two workers beside one: {statistics.median(ratios):.2f}x (from {min(ratios):.2f} to {max(ratios):.2f})")
    for workers, theirs in runs.items():
        middle = {name: statistics.median(run[name] for run in theirs) for name in theirs[0]}
        share = middle["committer"] / (middle["committer"] + middle["workers"])
        print(
            f"  {workers} worker(s): start {middle['start']:.1f} s, then {middle['seconds']:.1f} s;"
            f" processor: workers {middle['workers']:.1f} s, committer {middle['committer']:.1f} s ({share:.1%})"
        )


def growth(work: Path, sizes: tuple[int, ...]) -> None:
    """Memory of committer and worker, and seconds of storing, as more documents come in one run."""
    for size in sizes:
        write_plans(work / f"raw-{size}", size, mixed=False, seed=size)
        told = measured(work / f"raw-{size}", work / f"grown-{size}", 2)
        each = 1000 * told["workers"] / size
        print(
            f"  {size:6} documents: {each:.0f} ms of processor each; memory: committer {told['memory']} MB,"
            f" largest worker {told['memory of a worker']} MB; storing {told['store']:.2f} s"
        )


def commits(work: Path, sizes: tuple[int, ...]) -> None:
    """Seconds of one commit of ten documents into stores of several sizes (rows made by hand, no files read)."""
    sys.path.insert(0, str(ROOT / "tests"))
    from store_samples import plan, sample_reading

    from pipeline.store.parquet import Change, Store

    store_root, held = work / "store", 0
    for size in sizes:
        readings = [sample_reading(plan(f"{n}.txt", tasks=10, number=str(n))) for n in range(held, size + 10)]
        held = size + 10
        with Store.writing(store_root) as store:
            rest, last = readings[:-10], readings[-10:]
            if rest:
                store.commit(Change(tuple(rest), {r.document_id: (r.source_uri,) for r in rest}))
            begun = time.perf_counter()
            store.commit(Change(tuple(last), {r.document_id: (r.source_uri,) for r in last}))
            print(f"  {size:6} documents, {size * 10:7} tasks stored: {time.perf_counter() - begun:.2f} s for ten more")


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--documents", type=int, default=600)
    arguments.add_argument("--times", type=int, default=3)
    arguments.add_argument("--one", nargs=3, metavar=("RAW", "OUT", "WORKERS"), help=argparse.SUPPRESS)
    asked = arguments.parse_args()
    if asked.one:
        raw, out, workers = asked.one
        print(json.dumps(one(Path(raw), Path(out), int(workers))))
        return
    with tempfile.TemporaryDirectory(prefix="kehoach-batch-") as temporary:
        work = Path(temporary)
        two_beside_one(work, asked.documents, asked.times)
        print("growth of a run:")
        growth(work, (asked.documents // 6, asked.documents, 3 * asked.documents))
        print("a commit as the store grows:")
        commits(work, (100, 1_000, 10_000))


if __name__ == "__main__":
    main()
