"""PDF and Word to text and cells: speed beside accuracy, ours and what a user could take instead, side by side.

    python -m benchmarks.extraction [FOLDER] [--gold FOLDER] [--peers FOLDER] [--rounds 5] [--growth]
        [--write docs/performance.md]

The sample documents with the gold in samples/gold, or the PDF and DOCX files of FOLDER with NAME.gold.json of --gold.
Peers are installed by pip into an environment of their own (--peers, below .work), never into ours; tabula needs Java.
Every reader runs in a process that has loaded it and read each file once; each round reads every file with every
reader in turn, so a slow minute of the machine meets all of them. Seconds are those of the processor, threads and
child processes included, so neighbours on the machine do not count. Medians over the rounds, as ratios.

Accuracy: of the cells of task tables in the gold (content, output, lead, partner, deadline), spaces aside, the share
that the reader returns as one cell of its own; a cell that a page cuts counts when it is whole.
"""

import argparse
import json
import subprocess
import sys
import tempfile
import venv
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median

import pypdfium2

ROOT = Path(__file__).resolve().parent.parent
PEERS = ("camelot-py[base]", "tabula-py", "pymupdf", "img2table", "pdfplumber", "python-docx")
OF_PDF = ("kehoach", "PDFium text", "pdfplumber", "PyMuPDF", "camelot", "tabula", "img2table")
OF_DOCX = ("kehoach", "lxml", "python-docx")
OURS = ("kehoach", "PDFium text", "lxml")  # run in our environment
CELLS = ("content", "output", "lead_text", "partner_text", "deadline_text")
SIZES = (10, 100, 1000, 2000)  # pages
LONG = 400  # rows of the long Word table


class Reader:
    """A process that has loaded one library."""

    def __init__(self, name: str, python: Path) -> None:
        self.name = name
        self._process = subprocess.Popen(
            [str(python), str(ROOT / "benchmarks" / "extraction_peers.py"), name],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            env={"PYTHONPATH": str(ROOT), "PATH": "/usr/bin:/bin", "HOME": tempfile.gettempdir()},
        )
        self.version = str(json.loads(self._line())["version"])

    def _line(self) -> str:
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        if not line:
            raise SystemExit(f"{self.name}: the process ended")
        return line

    def read(self, path: Path, cells: bool = False) -> dict[str, object]:
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps({"path": str(path), "cells": cells}) + "\n")
        self._process.stdin.flush()
        answer: dict[str, object] = json.loads(self._line())
        return answer

    def close(self) -> None:
        assert self._process.stdin is not None
        self._process.stdin.close()
        self._process.wait()


@dataclass(frozen=True, slots=True)
class Result:
    """Of one reader: median seconds of each file, cells found of those in the gold, files that it could not read."""

    name: str
    version: str
    seconds: Mapping[Path, float]
    found: int
    wanted: int
    failed: int

    def over(self, files: Sequence[Path]) -> float:
        return sum(self.seconds[file] for file in files if file in self.seconds)


def environment(folder: Path) -> Path:
    """The interpreter of the peers, their environment made where there is none."""
    python = folder / "venv" / "bin" / "python"
    if not python.exists():
        venv.create(folder / "venv", with_pip=True)
        subprocess.run([str(python), "-m", "pip", "install", "--quiet", *PEERS], check=True)
    return python


def squeezed(text: str) -> str:
    return "".join(text.split())


def wanted_cells(gold: Path) -> list[str]:
    tasks = json.loads(gold.read_text(encoding="utf-8"))["tasks"]
    texts = [squeezed(task[key]) for task in tasks if task["source"] == "table" for key in CELLS if task.get(key)]
    return [text for text in texts if text]


def compare(
    names: Sequence[str], files: Sequence[Path], golds: Mapping[Path, Path], python: Path, rounds: int
) -> list[Result]:
    """Every reader over every file, `rounds` times in turn after a first reading that counts cells."""
    readers = [Reader(name, Path(sys.executable) if name in OURS else python) for name in names]
    seconds: dict[tuple[str, Path], list[float]] = {}
    found = dict.fromkeys(names, 0)
    wanted = 0
    failed = dict.fromkeys(names, 0)
    for file in files:
        cells = wanted_cells(golds[file]) if file in golds else []
        wanted += len(cells)
        for reader in readers:
            answer = reader.read(file, cells=True)
            got = answer.get("cells", [])
            assert isinstance(got, list)
            own = {squeezed(cell) for cell in got}
            found[reader.name] += sum(cell in own for cell in cells)
            failed[reader.name] += "error" in answer
    for _ in range(rounds):
        for file in files:
            for reader in readers:
                answer = reader.read(file)
                if isinstance(taken := answer.get("seconds"), float):
                    seconds.setdefault((reader.name, file), []).append(taken)
    results = []
    for reader in readers:
        medians = {file: median(taken) for (name, file), taken in seconds.items() if name == reader.name}
        results.append(Result(reader.name, reader.version, medians, found[reader.name], wanted, failed[reader.name]))
        reader.close()
    return results


# --- growth ------------------------------------------------------------------------------------------------------

_GROWN = """
import resource, sys, time
from pathlib import Path
from extractors.document import Source
from extractors.formats import extract
def read(path):
    data = Path(path).read_bytes()
    return extract(Source("f", "0" * 64, len(data)), data)
read(sys.argv[1])
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
start = time.process_time()
read(sys.argv[2])
print(time.process_time() - start, before, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
"""


def growth(sample: Path, folder: Path) -> Iterator[tuple[int, float, float]]:
    """Pages, milliseconds of the processor a page, and megabytes beyond those of a short file."""
    source = pypdfium2.PdfDocument(sample)
    for size in SIZES:
        path = folder / f"{size}.pdf"
        grown = pypdfium2.PdfDocument.new()
        while len(grown) < size:
            grown.import_pages(source, list(range(min(len(source), size - len(grown)))))
        grown.save(path)
        done = subprocess.run(
            [sys.executable, "-c", _GROWN, str(sample), str(path)], capture_output=True, text=True, check=True, cwd=ROOT
        )
        taken, before, after = map(float, done.stdout.split())
        yield size, 1000 * taken / size, (after - before) / 1024


def long_document(path: Path) -> Path:
    """A Word file with one long table, as python-docx writes it."""
    import docx

    document = docx.Document()
    table = document.add_table(rows=0, cols=6)
    for number in range(LONG):
        cells = table.add_row().cells
        for cell, text in zip(
            cells, (str(number), "Rà soát hồ sơ cán bộ", "Văn phòng", "Các phòng", "Quý I", ""), strict=True
        ):
            cell.text = text
    document.save(str(path))
    return path


# --- report ------------------------------------------------------------------------------------------------------


def table_of(results: Sequence[Result], floor: str, plain: str, files: Sequence[Path]) -> Iterator[str]:
    by_name = {result.name: result for result in results}
    ours = by_name["kehoach"]
    yield f"| Reader | version | time, {floor} = 1 | time, kehoach = 1 | whole cells of the gold | files not read |"
    yield "|---|---|---:|---:|---:|---:|"
    for result in results:
        read = [file for file in files if file in result.seconds]
        ratio = result.over(read) / by_name[floor].over(read) if read else float("nan")
        slower = result.over(read) / ours.over(read) if read else float("nan")
        accuracy = f"{result.found} of {result.wanted}" if result.name != floor and result.wanted else "—"
        name = f"**{result.name}**" if result is ours else result.name
        yield f"| {name} | {result.version} | {ratio:.1f} | {slower:.2f} | {accuracy} | {result.failed} |"
    against = by_name[plain].over(files) / ours.over(files)
    yield ""
    yield (
        f"kehoach takes {ours.over(files) / by_name[floor].over(files):.1f} times as long as {floor}"
        f" and is {against:.1f} times as fast as {plain}"
        f" (file by file {_range(by_name[plain], ours, files)})."
    )


def _range(plain: Result, ours: Result, files: Sequence[Path]) -> str:
    ratios = sorted(plain.seconds[file] / ours.seconds[file] for file in files if file in plain.seconds)
    return f"{ratios[0]:.1f} to {ratios[-1]:.1f}, median {median(ratios):.1f}"


def report(arguments: argparse.Namespace) -> Iterator[str]:
    folder: Path = arguments.folder
    pdfs, words = sorted(folder.glob("*.pdf")), sorted(folder.glob("*.docx"))
    golds = {
        file: gold
        for file in (*pdfs, *words)
        for gold in (arguments.gold / f"{file.name.split('.')[0]}{suffix}" for suffix in (".gold.json", ".json"))
        if gold.exists()
    }
    python = environment(arguments.peers)
    yield f"### PDF with a text layer: {len(pdfs)} files, {sum(len(pypdfium2.PdfDocument(p)) for p in pdfs)} pages"
    yield ""
    names = [name for name in OF_PDF if name in (*OURS, "pdfplumber") or name in arguments.readers]
    yield from table_of(compare(names, pdfs, golds, python, arguments.rounds), "PDFium text", "pdfplumber", pdfs)
    yield "Each reader is called as its own documentation shows; tabula starts a Java machine for each file."
    yield ""
    yield f"### Word: {len(words)} files, and one with a table of {LONG} rows"
    yield ""
    with tempfile.TemporaryDirectory() as scratch:
        files = [*words, long_document(Path(scratch) / "long.docx")]
        results = compare(OF_DOCX, files, golds, python, arguments.rounds)
        yield from table_of(results, "lxml", "python-docx", files)
        slow, ours = ({result.name: result for result in results}[name] for name in ("python-docx", "kehoach"))
        yield f"The long table alone: {slow.over(files[-1:]) / ours.over(files[-1:]):.1f} times as fast as python-docx."
        if arguments.growth:
            yield ""
            yield "### Growth: one PDF of more and more pages"
            yield ""
            yield "| pages | time a page, 10 pages = 1 | memory beyond a short file, MB |"
            yield "|---:|---:|---:|"
            grown = list(growth(max(pdfs, key=lambda p: p.stat().st_size), Path(scratch)))
            for size, milliseconds, megabytes in grown:
                yield f"| {size} | {milliseconds / grown[0][1]:.2f} | {megabytes:.0f} |"


_BEGIN, _END = "<!-- benchmarks/extraction.py -->", "<!-- end of extraction -->"


def write(path: Path, text: str) -> None:
    """Puts the section into the page, in place of the one before."""
    page = path.read_text(encoding="utf-8") if path.exists() else "# Performance\n"
    section = f"{_BEGIN}\n## Extraction\n\n{text}\n{_END}\n"
    if _BEGIN in page:
        head, rest = page.split(_BEGIN)
        page = head + section + rest.split(_END + "\n")[1]
    else:
        page = f"{page.rstrip()}\n\n{section}"
    path.write_text(page, encoding="utf-8")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", nargs="?", type=Path, default=ROOT / "data" / "raw")
    parser.add_argument("--gold", type=Path, default=ROOT / "samples" / "gold")
    parser.add_argument("--peers", type=Path, default=ROOT / ".work" / "peers")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--readers", nargs="*", default=OF_PDF, help="peers besides pdfplumber")
    parser.add_argument("--growth", action="store_true")
    parser.add_argument("--write", type=Path)
    arguments = parser.parse_args()
    lines = []
    for line in report(arguments):
        print(line, flush=True)
        lines.append(line)
    if arguments.write:
        write(arguments.write, "\n".join(lines))


if __name__ == "__main__":
    main()
