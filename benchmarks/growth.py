"""Time and memory a page as there are more of them: in one file, and in many; a table and a picture of the curves.

    python -m benchmarks.growth [SAMPLE] [--rounds 3] [--write docs/performance.md]

The pages are those of one sample PDF, again and again: in one file of up to 2,000 pages (more are refused), which holds
the sample's fonts once for every copy, like papers bound in a volume; and in files of ten pages, read one after another
in one process. Time is that of the processor, the best of the rounds; memory is the most that the process held, less
what it held after the sample. The document is what the reading returns; it must be held whatever the reader does.
"""

import argparse
import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import pypdfium2

from benchmarks.extraction import write

ROOT = Path(__file__).resolve().parent.parent
PICTURE = ROOT / "docs" / "img" / "growth.svg"
ONE_FILE = (10, 100, 1_000, 2_000)  # pages
MANY_FILES = (10, 100, 1_000, 10_000)
SHORT = 10  # pages of each of many files
_LEAST = 200  # pages read in a round, so that the clock has something to count

_READ = """
import json, pickle, resource, sys, time, tracemalloc
from pathlib import Path
from extractors.document import Source
from extractors.formats import extract

def read(path):
    data = Path(path).read_bytes()
    return extract(Source("f", "0" * 64, len(data)), data)

def most():
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024

sample, path, times, again = sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4])
read(sample)
before = most()
seconds = []
for _ in range(again):
    start = time.process_time()
    for _ in range(times):
        document = read(path)
    seconds.append(time.process_time() - start)
beyond = most() - before
packed = pickle.dumps(document)
tracemalloc.start()
copy = pickle.loads(packed)
held = tracemalloc.get_traced_memory()[0] / 2**20
print(json.dumps({"seconds": min(seconds), "beyond": beyond, "held": held}))
"""


@dataclass(frozen=True, slots=True)
class Point:
    """Of so many pages: milliseconds a page, and megabytes of the process, of one file and of one document."""

    pages: int
    milliseconds: float
    beyond: float
    file: float
    held: float


def grown(sample: Path, pages: int, folder: Path) -> Path:
    """A file of so many pages."""
    path = folder / f"{pages}.pdf"
    if not path.exists():
        source, out = pypdfium2.PdfDocument(sample), pypdfium2.PdfDocument.new()
        while len(out) < pages:
            out.import_pages(source, list(range(min(len(source), pages - len(out)))))
        out.save(path)
    return path


def measured(sample: Path, path: Path, pages: int, each: int, rounds: int) -> Point:
    """So many pages read from files of `each` pages."""
    times = pages // each
    again = max(1, _LEAST // pages)
    best: dict[str, float] = {}
    for _ in range(rounds):
        command = [sys.executable, "-c", _READ, str(sample), str(path), str(times), str(again)]
        done = subprocess.run(command, capture_output=True, text=True, check=True, cwd=ROOT)
        told = json.loads(done.stdout)
        best = told if not best or told["seconds"] < best["seconds"] else best
    return Point(pages, 1000 * best["seconds"] / pages, best["beyond"], path.stat().st_size / 2**20, best["held"])


def report(sample: Path, rounds: int) -> Iterator[str]:
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        one = [measured(sample, grown(sample, pages, folder), pages, pages, rounds) for pages in ONE_FILE]
        short = grown(sample, SHORT, folder)
        many = [measured(sample, short, pages, SHORT, rounds) for pages in MANY_FILES]
    base = one[0].milliseconds
    yield "### Growth: more and more pages"
    yield ""
    yield "![Time a page and memory, from 10 to 10,000 pages](img/growth.svg)"
    yield ""
    yield "| pages | in | time a page, 10 pages = 1 | memory, MB | of which the file | of which the document |"
    yield "|---:|---|---:|---:|---:|---:|"
    for name, points in (("one file", one), (f"files of {SHORT}", many)):
        for point in points:
            yield (
                f"| {point.pages:,} | {name} | {point.milliseconds / base:.2f}"
                f" | {point.beyond:.0f} | {point.file:.1f} | {point.held:.1f} |"
            )
    yield ""
    yield (
        "Memory beyond the file and the document are the lines of its pages, about 30 kB a page, held until the tables"
        " are joined that go on over pages; nothing is left of them behind."
    )
    draw(one, many, base)


def draw(one: Sequence[Point], many: Sequence[Point], base: float) -> None:
    import matplotlib

    matplotlib.use("svg")
    matplotlib.rcParams["svg.hashsalt"] = "growth"
    from matplotlib import pyplot

    figure, (left, right) = pyplot.subplots(1, 2, figsize=(9, 3.4), layout="constrained")
    for name, points, mark in (("one file", one, "o-"), (f"files of {SHORT} pages", many, "s--")):
        pages = [point.pages for point in points]
        left.plot(pages, [point.milliseconds / base for point in points], mark, label=name)
        right.plot(pages, [point.beyond for point in points], mark, label=name)
    pages = [point.pages for point in one]
    right.plot(pages, [point.file + point.held for point in one], ":", color="grey", label="that file and its document")
    left.set(title="Time a page (10 pages in one file = 1)", ylim=(0, 2))
    right.set(title="Memory beyond a short file, MB", ylim=(0, None))
    for axes in (left, right):
        axes.set(xscale="log", xlabel="pages")
        axes.grid(alpha=0.3)
        axes.legend(frameon=False)
    PICTURE.parent.mkdir(exist_ok=True)
    figure.savefig(PICTURE, metadata={"Date": None})


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("sample", nargs="?", type=Path, default=ROOT / "data" / "raw" / "huyen_pctt_2023.pdf")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--write", type=Path)
    arguments = parser.parse_args()
    lines = []
    for line in report(arguments.sample, arguments.rounds):
        print(line, flush=True)
        lines.append(line)
    if arguments.write:
        write(arguments.write, "growth", "\n".join(lines), "benchmarks/growth.py")


if __name__ == "__main__":
    main()
