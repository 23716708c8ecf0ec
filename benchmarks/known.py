"""A run over known documents that finds nothing new, beside listing and hashing the same files.

    python benchmarks/known.py [--documents 10000] [--times 5]

Both are done in turn in one process with a warm disk cache; medians are printed, on the clock and of the processor. The
first run, which reads everything, is not measured. Each file has 50 kB (those of data/raw have 35 on average).
"""

import argparse
import hashlib
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from benchmarks.plans import write_plans  # noqa: E402
from pipeline.batch import ingest  # noqa: E402


def list_and_hash(folder: Path) -> int:
    """What a run would cost at least, did it look into every file."""
    count = 0
    for where, _, names in os.walk(folder):
        for name in names:
            with open(os.path.join(where, name), "rb") as file:
                hashlib.file_digest(file, "sha256").hexdigest()
            count += 1
    return count


def seconds(work: Callable[[], object]) -> tuple[float, float]:
    """On the clock, and of the processor."""
    begun, busy = time.perf_counter(), time.process_time()
    work()
    return time.perf_counter() - begun, time.process_time() - busy


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--documents", type=int, default=10_000)
    arguments.add_argument("--padding", type=int, default=50_000, help="bytes added to each file")
    arguments.add_argument("--times", type=int, default=5)
    asked = arguments.parse_args()
    with tempfile.TemporaryDirectory(prefix="kehoach-known-") as temporary:
        raw, out = Path(temporary) / "raw", Path(temporary) / "out"
        write_plans(raw, asked.documents, mixed=False)
        for path in raw.rglob("*.txt"):
            with open(path, "a", encoding="utf-8") as file:
                file.write(" " * asked.padding)
        first = ingest([raw], out)
        time.sleep(2.5)  # files hashed within a tick of their last change are looked at once more
        again = ingest([raw], out)
        assert (first.read, again.known, again.read) == (asked.documents, asked.documents, 0)
        hashing = [seconds(lambda: list_and_hash(raw))]
        running = [seconds(lambda: ingest([raw], out))]
        for _ in range(asked.times - 1):
            hashing.append(seconds(lambda: list_and_hash(raw)))
            running.append(seconds(lambda: ingest([raw], out)))
    print(f"{asked.documents} known documents of {asked.padding / 1000:g} kB, medians of {asked.times}")
    for place, name in enumerate(("on the clock", "of the processor")):
        hashed, ran = (statistics.median(one[place] for one in column) for column in (hashing, running))
        told = f"listing and hashing {hashed:.2f} s, a run that finds nothing new {ran:.2f} s"
        print(f"  {name}: {told}: {ran / hashed:.2f} of it")


if __name__ == "__main__":
    main()
