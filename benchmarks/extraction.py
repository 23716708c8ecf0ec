"""PDF and Word to text and cells: speed beside accuracy, ours and what a user could take instead, side by side.

    python -m benchmarks.extraction [FOLDER] [--gold FOLDER] [--peers FOLDER] [--rounds 5]
        [--parts pdf word] [--more FOLDER [--more-gold FOLDER]] [--write docs/performance.md]

The sample documents with the gold in samples/gold, or the PDF and DOCX files of FOLDER with NAME.gold.json of --gold.
--more: longer PDF files, in a table of their own beside PDFium and pdfplumber only; they need not be in the repository.
Peers are installed by pip into an environment of their own (--peers, below .work), never into ours; tabula needs Java.
Every reader runs in a process that has loaded it and read each file once; each round reads every file with every
reader in turn, so a slow minute of the machine meets all of them. Seconds are those of the processor, threads and
child processes included, so neighbours on the machine do not count. Medians over the rounds, as ratios.

Accuracy: of the cells of task tables in the gold (content, output, lead, partner, deadline), spaces aside, the share
that the reader returns as one cell of its own; a cell that a page cuts counts when it is whole.

Word: bytes to `Document` beside a plain python-docx walk (text of all paragraphs, `row.cells` of all tables) and beside
lxml, which only parses the same parts. Each turn reads a file again and again for a twentieth of a second, as a batch
reads file after file; one reading between those of other processes is told by what the caches hold. kehoach keeps the
style sheets that it has seen last, because the files of an office share theirs; "new styles" is its time without that.
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
PEERS = {
    "pdf": ("camelot-py[base]", "tabula-py", "pymupdf", "img2table", "pdfplumber"),
    "word": ("python-docx",),
}
OF_PDF = ("kehoach", "PDFium text", "pdfplumber", "PyMuPDF", "camelot", "tabula", "img2table")
OF_MORE = ("kehoach", "PDFium text", "pdfplumber")
OF_DOCX = ("kehoach", "kehoach, new styles", "lxml", "python-docx")
OURS = ("kehoach", "kehoach, new styles", "PDFium text", "lxml")  # run in our environment
PARTS = ("pdf", "word")
WANTED = "Wanted are at most 3 times PDFium text and at least 15 times the speed of pdfplumber."
CELLS = ("content", "output", "lead_text", "partner_text", "deadline_text")
LONG = (70, 400, 4000)  # rows of the Word tables; plans have 20 to 100
AGAIN = 0.05  # seconds: Word files take one or two milliseconds, and are read again until these are over
MERGED = 5  # rows that share the cells of an objective and of a deadline


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

    def read(self, path: Path, cells: bool = False, least: float = 0.0) -> dict[str, object]:
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps({"path": str(path), "cells": cells, "least": least}) + "\n")
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


def environment(folder: Path, peers: Sequence[str]) -> Path:
    """The interpreter of an environment with these peers, made where there is none."""
    python = folder / "venv" / "bin" / "python"
    if not python.exists():
        venv.create(folder / "venv", with_pip=True)
    subprocess.run([str(python), "-m", "pip", "install", "--quiet", *peers], check=True)
    return python


def squeezed(text: str) -> str:
    return "".join(text.split())


def wanted_cells(gold: Path) -> list[str]:
    tasks = json.loads(gold.read_text(encoding="utf-8"))["tasks"]
    texts = [squeezed(task[key]) for task in tasks if task["source"] == "table" for key in CELLS if task.get(key)]
    return [text for text in texts if text]


def compare(
    names: Sequence[str],
    files: Sequence[Path],
    golds: Mapping[Path, Path],
    python: Path,
    rounds: int,
    least: float = 0.0,
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
                answer = reader.read(file, least=least)
                if isinstance(taken := answer.get("seconds"), float):
                    seconds.setdefault((reader.name, file), []).append(taken)
    results = []
    for reader in readers:
        medians = {file: median(taken) for (name, file), taken in seconds.items() if name == reader.name}
        results.append(Result(reader.name, reader.version, medians, found[reader.name], wanted, failed[reader.name]))
        reader.close()
    return results


# --- long tables ---------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Long:
    """A Word file with one long table."""

    path: Path
    rows: int
    merged: bool


def long_documents(folder: Path) -> Iterator[Long]:
    """Files as python-docx writes them, with and without cells that span rows."""
    for rows in LONG:
        for merged in (False, True):
            path = folder / f"{rows}{'-merged' if merged else ''}.docx"
            _write_long(path, rows, merged)
            yield Long(path, rows, merged)


def _write_long(path: Path, rows: int, merged: bool) -> None:
    import docx

    document = docx.Document()
    table = document.add_table(rows=0, cols=6)
    for number in range(rows):
        texts = (str(number), "Nâng cao chất lượng", "Rà soát hồ sơ cán bộ", "Văn phòng", "Các phòng", "Quý I")
        for column, (cell, text) in enumerate(zip(table.add_row()._tr.tc_lst, texts, strict=True)):
            spans = merged and column in (1, 5)
            if spans:
                cell.vMerge = "continue" if number % MERGED else "restart"
            if not (spans and number % MERGED):
                cell.p_lst[0].add_r().text = text
    document.save(str(path))


# --- report ------------------------------------------------------------------------------------------------------


def table_of(results: Sequence[Result], floor: str, files: Sequence[Path]) -> Iterator[str]:
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
    yield ""


def _range(slow: Result, fast: Result, files: Sequence[Path]) -> str:
    ratios = sorted(slow.seconds[file] / fast.seconds[file] for file in files if file in slow.seconds)
    return f"{ratios[0]:.1f} to {ratios[-1]:.1f}, median {median(ratios):.1f}"


def of_pdf(arguments: argparse.Namespace, golds: Mapping[Path, Path], python: Path) -> Iterator[str]:
    names = [name for name in OF_PDF if name in OF_MORE or name in arguments.readers]
    yield from _beside_pdfium("PDF with a text layer", names, arguments.folder, golds, python, arguments.rounds)
    yield "Each reader is called as its own documentation shows; tabula starts a Java machine for each file."


def of_more(arguments: argparse.Namespace, golds: Mapping[Path, Path], python: Path) -> Iterator[str]:
    yield from _beside_pdfium("Longer plans", OF_MORE, arguments.more, golds, python, arguments.rounds)


def _beside_pdfium(
    title: str, names: Sequence[str], folder: Path, golds: Mapping[Path, Path], python: Path, rounds: int
) -> Iterator[str]:
    pdfs = sorted(folder.glob("*.pdf"))
    yield f"### {title}: {len(pdfs)} files, {sum(len(pypdfium2.PdfDocument(p)) for p in pdfs)} pages"
    yield ""
    results = compare(names, pdfs, golds, python, rounds)
    yield from table_of(results, "PDFium text", pdfs)
    ours, floor, plain = (one(results, name) for name in OF_MORE)
    yield (
        f"kehoach takes {ours.over(pdfs) / floor.over(pdfs):.1f} times as long as PDFium text (file by file"
        f" {_range(ours, floor, pdfs)}) and is {plain.over(pdfs) / ours.over(pdfs):.1f} times as fast as pdfplumber"
        f" ({_range(plain, ours, pdfs)}). {WANTED}"
    )


def of_word(arguments: argparse.Namespace, golds: Mapping[Path, Path], python: Path) -> Iterator[str]:
    words = sorted(arguments.folder.glob("*.docx"))
    yield f"### Word: {len(words)} files, and long tables"
    yield ""
    with tempfile.TemporaryDirectory() as scratch:
        tables = list(long_documents(Path(scratch)))
        files = [*words, *(table.path for table in tables)]
        results = compare(OF_DOCX, files, golds, python, arguments.rounds, AGAIN)
        yield from table_of(results, "lxml", words)
        ours, new, floor, plain = (one(results, name) for name in OF_DOCX)
        yield (
            f"With new styles kehoach takes {new.over(words) / floor.over(words):.1f} times as long as lxml and is"
            f" {plain.over(words) / new.over(words):.1f} times as fast as python-docx (file by file"
            f" {_range(plain, new, words)}); with known styles {plain.over(words) / ours.over(words):.1f} times as fast"
            f" ({_range(plain, ours, words)})."
            f" lxml, which only parses, is {plain.over(words) / floor.over(words):.1f} times as fast as python-docx."
        )
        yield ""
        yield "| rows of a table | cells over rows | time, lxml = 1 | with new styles | times as fast as python-docx |"
        yield "|---:|---|---:|---:|---:|"
        for table in tables:
            at = [table.path]
            yield (
                f"| {table.rows} | {'yes' if table.merged else 'no'} | {ours.over(at) / floor.over(at):.1f}"
                f" | {new.over(at) / floor.over(at):.1f} | {plain.over(at) / ours.over(at):.1f} |"
            )


def one(results: Sequence[Result], name: str) -> Result:
    return next(result for result in results if result.name == name)


def golds_of(files: Path, golds: Path) -> dict[Path, Path]:
    return {
        file: gold
        for file in files.iterdir()
        for gold in (golds / f"{file.name.split('.')[0]}{suffix}" for suffix in (".gold.json", ".json"))
        if gold.exists()
    }


def report(arguments: argparse.Namespace, part: str) -> Iterator[str]:
    python = environment(arguments.peers, PEERS["pdf" if part == "more" else part])
    if part == "more":
        yield from of_more(arguments, golds_of(arguments.more, arguments.more_gold), python)
    else:
        golds = golds_of(arguments.folder, arguments.gold)
        yield from (of_pdf if part == "pdf" else of_word)(arguments, golds, python)


def write(path: Path, part: str, text: str, script: str = "benchmarks/extraction.py") -> None:
    """Puts a part into the page, in place of the one before."""
    page = path.read_text(encoding="utf-8") if path.exists() else "# Performance\n\n## Extraction\n"
    begin, end = f"<!-- {script}: {part} -->", f"<!-- end of {part} -->"
    section = f"{begin}\n{text}\n{end}\n"
    if begin in page:
        head, rest = page.split(begin)
        page = head + section + rest.split(end + "\n")[1]
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
    parser.add_argument("--parts", nargs="*", choices=PARTS, default=PARTS)
    parser.add_argument("--more", type=Path)
    parser.add_argument("--more-gold", type=Path, default=ROOT / "samples" / "gold")
    parser.add_argument("--write", type=Path)
    arguments = parser.parse_args()
    for part in (*arguments.parts, *(["more"] if arguments.more else [])):
        lines = []
        for line in report(arguments, part):
            print(line, flush=True)
            lines.append(line)
        if arguments.write:
            write(arguments.write, part, "\n".join(lines))


if __name__ == "__main__":
    main()
