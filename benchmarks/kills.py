"""kill -9 at random moments of runs, with readers looking on; a disk that fills up; two runs started together.

    python benchmarks/kills.py [--documents 300] [--kills 200] [--work FOLDER] [--json FILE]

Every run reads real files in two worker processes and commits five times a second. Killed are, in turn, the main
process, one worker (and the main process later), or the whole process group with everything in it. Runs go on from
what the killed one left until all is read; then all tables are compared with those of an undisturbed run: the same
bytes, in `documents` and `failures` but for the moments. pandas and DuckDB read in loops all the while. The disk is a
tmpfs of some hundred kilobytes (needs root).
"""

import argparse
import hashlib
import itertools
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

import duckdb  # noqa: E402
import pandas as pd  # noqa: E402
import pyarrow.parquet as pq  # noqa: E402

from benchmarks.plans import write_plans  # noqa: E402
from pipeline.exits import ExitCode  # noqa: E402
from pipeline.store.schema import TABLES  # noqa: E402

MOMENTS = {"documents": ["ingested_at"], "failures": ["failed_at"]}
MODES = ("main process", "a worker", "process group")
RUN = """
import sys
from pathlib import Path
from extractors.errors import SurroundingsError
from pipeline.batch import ingest
try:
    state = Path(sys.argv[3]) if sys.argv[3:] else None
    summary = ingest([sys.argv[1]], Path(sys.argv[2]), workers=2, commit_seconds=0.2, state=state)
except SurroundingsError as fault:
    sys.stderr.write(f"{fault}\\n")
    sys.exit(3)
sys.exit(summary.exit_code)
"""


@dataclass
class Readers:
    """What the readers saw."""

    looks: Counter[str] = field(default_factory=Counter)
    asked_again: Counter[str] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)


class Machine:
    """A frozen copy of the code, so that nobody's edit changes what is compared, and the plans to read."""

    def __init__(self, work: Path, documents: int) -> None:
        self.work = work
        self.code = work / "code"
        for package in ("extractors", "pipeline"):
            ignored = shutil.ignore_patterns("__pycache__")
            shutil.copytree(ROOT / package, self.code / package, ignore=ignored)
        self.raw = work / "raw"
        write_plans(self.raw, documents)

    def start(self, out: Path, *state: Path) -> subprocess.Popen[str]:
        environment = os.environ | {"PYTHONPATH": str(self.code)}
        command = [sys.executable, "-P", "-c", RUN, str(self.raw), str(out), *map(str, state)]
        return subprocess.Popen(
            command, env=environment, start_new_session=True, stderr=subprocess.PIPE, text=True, cwd=self.work
        )

    def empty(self, out: Path, *state: Path) -> None:
        """A store without documents, so that readers have something to open."""
        (self.work / "nothing").mkdir(exist_ok=True)
        self.raw, full = self.work / "nothing", self.raw
        self.finish(out, *state)
        self.raw = full

    def finish(self, out: Path, *state: Path) -> tuple[int, str]:
        run = self.start(out, *state)
        _, told = run.communicate()
        return run.returncode, told


def digest(out: Path) -> dict[str, str]:
    """Each table by its bytes; where moments of the clock stand in it, by its other columns."""
    told = {}
    for table in TABLES:
        path = out / table.name / f"{table.name}.parquet"
        if table.name in MOMENTS:
            rows = pq.read_table(path).drop_columns(MOMENTS[table.name])
            told[table.name] = hashlib.sha256(repr((rows.schema, rows.to_pylist())).encode()).hexdigest()
        else:
            told[table.name] = hashlib.sha256(path.read_bytes()).hexdigest()
    return told


# ---- readers

Read = Callable[[Path, str, list[str]], list[tuple[object, ...]]]
_ASKED_AGAIN = 10


def by_pandas(out: Path, table: str, columns: list[str]) -> list[tuple[object, ...]]:
    return list(pd.read_parquet(out / table, columns=columns).itertuples(index=False, name=None))


def by_duckdb(out: Path, table: str, columns: list[str]) -> list[tuple[object, ...]]:
    source = f"read_parquet('{out}/{table}/**/*.parquet', hive_partitioning=true)"
    with duckdb.connect() as connection:
        return connection.sql(f"select {', '.join(columns)} from {source}").fetchall()


def patient(read: Read, name: str, seen: Readers) -> Read:
    """DuckDB opens a file twice in a query; where it was replaced in between, it says so and has to be asked again.

    Five commits a second on a busy machine may hit it several times in a row.
    """

    def again(out: Path, table: str, columns: list[str]) -> list[tuple[object, ...]]:
        for _ in range(_ASKED_AGAIN):
            try:
                return read(out, table, columns)
            except duckdb.Error:
                seen.asked_again[name] += 1
        return read(out, table, columns)

    return again


def look(out: Path, read: Read) -> int:
    """One look as an analyst takes it; gives the number of documents seen."""
    documents = read(out, "documents", ["document_id", "task_count"])
    tasks = Counter(row[0] for row in read(out, "tasks", ["document_id"]))
    identities = Counter(row[0] for row in read(out, "tasks", ["task_id"]))
    assert len({row[0] for row in documents}) == len(documents), "a document twice"
    assert all(count == 1 for count in identities.values()), "a task twice"
    for document, count in documents:
        assert tasks[str(document)] == count, "half a document"
    return len(documents)


@contextmanager
def readers(out: Path, seen: Readers) -> Iterator[None]:
    """pandas and DuckDB read in loops while the block runs."""
    ended = threading.Event()

    def loop(name: str, read: Read) -> None:
        most = 0
        while not ended.is_set():
            try:
                now = look(out, patient(read, name, seen))
                assert now >= most, "a document is gone"
            except Exception as error:  # noqa: BLE001 - whatever a reader meets is the result
                seen.wrong.append(f"{name}: {error!r}")
                return
            most = now
            seen.looks[name] += 1
            ended.wait(0.1)

    threads = [threading.Thread(target=loop, args=pair) for pair in (("pandas", by_pandas), ("duckdb", by_duckdb))]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        ended.set()
        for thread in threads:
            thread.join()


# ---- kills


def kill(run: subprocess.Popen[str], mode: str, chance: random.Random) -> bool:
    """Kills as asked; False where there was nothing of the kind to kill."""
    children = _children(run.pid)
    if mode == "a worker":
        if children:
            _end(chance.choice(children))
        return bool(children)
    _end(run.pid)
    if mode == "process group":
        for child in children:
            _end(child)
    return True


def _children(pid: int) -> list[int]:
    try:
        return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    except (FileNotFoundError, ProcessLookupError):  # gone before it was opened, or before it was read
        return []


def _end(pid: int) -> None:
    try:
        os.kill(pid, signal.SIGKILL)
    except ProcessLookupError:
        return


def under_kills(machine: Machine, kills: int, calm: dict[str, str], seconds: float) -> dict[str, object]:
    """Runs until so many kills have hit, and compares the tables each time that everything was read."""
    chance = random.Random(20261122)
    seen, done, moments, others = Readers(), Counter[str](), Counter[str](), Counter[str]()
    turns = itertools.cycle(MODES)
    cycles = equal = 0
    differing: list[str] = []
    while sum(done.values()) < kills:
        out = machine.work / f"cut-{cycles}"
        machine.empty(out)
        with readers(out, seen):
            ended, whole = False, True
            while not ended and sum(done.values()) < kills:
                begun = time.monotonic()
                run = machine.start(out)
                time.sleep(chance.uniform(0.0, seconds))
                for mode in (next(turns), MODES[0]):
                    during = moment_of(out)
                    if run.poll() is None and kill(run, mode, chance):
                        done[mode] += 1
                        moments[during] += 1
                    if mode != "a worker":  # the run goes on without one, and is killed itself a little later
                        break
                    time.sleep(chance.uniform(0.0, seconds / 2))
                _, told = run.communicate()
                ended = run.returncode in (ExitCode.OK, ExitCode.SOME_FAILED)
                if ended and whole:
                    seconds = time.monotonic() - begun  # as busy as the machine is now
                if not ended and run.returncode != -signal.SIGKILL:
                    others[f"exit {run.returncode}: {told.strip()[-120:]}"] += 1
                whole = False
            machine.finish(out)
        found = digest(out)
        cycles += 1
        equal += found == calm
        differing += [name for name in calm if found[name] != calm[name]]
        if found == calm:
            shutil.rmtree(out)
            shutil.rmtree(out.with_name(out.name + ".state"))
        print(f"{sum(done.values())} kills, {equal} of {cycles} equal, {sum(seen.looks.values())} looks", flush=True)
    return {
        "kills": dict(done),
        "moments": dict(moments),
        "runs that ended otherwise": dict(others),
        "stores": cycles,
        "equal": equal,
        "differing": differing,
        "looks": dict(seen.looks),
        "asked again": dict(seen.asked_again),
        "wrong": seen.wrong,
    }


def moment_of(out: Path) -> str:
    """What a run is at, told from what lies in its workshop."""
    workshop = out / ".kehoach"
    if (workshop / "commit.json").exists():
        return "between renames"
    staging = workshop / "staging"
    if staging.exists() and any(staging.iterdir()):
        return "writing tables"
    return "otherwise"


# ---- a full disk, two runs


# Size in shares of what the tables take, and whether the ledger lies on another disk, which has room.
_DISKS = ((0.6, False), (0.7, True), (1.2, False), (1.0, True), (1.8, False), (0.4, True))


def on_full_disks(machine: Machine, calm: dict[str, str], calm_out: Path, disks: int) -> dict[str, object]:
    """Runs on disks that are too small, of several sizes; then the disk grows and one more run ends the work."""
    size = sum(path.stat().st_size for path in calm_out.rglob("*") if path.is_file()) >> 10
    place = machine.work / "disk"
    place.mkdir()
    seen, ends = Readers(), Counter[str]()
    equal = tried = 0
    for share, apart in _DISKS[:disks]:
        kilobytes = int(size * share) + 100
        state = (machine.work / f"state-{share}",) if apart else ()  # the ledger on a disk with room
        subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={kilobytes}k", "tmpfs", str(place)], check=True)
        try:
            out = place / "parsed"
            machine.empty(out, *state)
            with readers(out, seen):
                code, told = machine.finish(out, *state)
                full = "disk full" if "full" in told or "đã đầy" in told else f"exit {code}"
                ends[f"{full}, ledger {'apart' if apart else 'there too'}"] += 1
                subprocess.run(["mount", "-o", "remount,size=200m", str(place)], check=True)
                machine.finish(out, *state)
            tried += 1
            equal += digest(out) == calm
        finally:
            subprocess.run(["umount", "--lazy", str(place)], check=True)
    return {
        "disks": tried,
        "equal": equal,
        "ends": dict(ends),
        "looks": dict(seen.looks),
        "asked again": dict(seen.asked_again),
        "wrong": seen.wrong,
    }


def two_together(machine: Machine, calm: dict[str, str], times: int) -> dict[str, object]:
    """Two runs into one store at the same moment: one is turned away."""
    ends, equal = Counter[str](), 0
    for turn in range(times):
        out = machine.work / f"both-{turn}"
        pair = [machine.start(out), machine.start(out)]
        told = [run.communicate()[1] for run in pair]
        for run, words in zip(pair, told, strict=True):
            ends[
                "turned away" if f"pid {pair[0].pid}" in words or f"pid {pair[1].pid}" in words else str(run.returncode)
            ] += 1
        equal += digest(out) == calm
    return {"pairs": times, "equal": equal, "ends": dict(ends)}


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--documents", type=int, default=300)
    arguments.add_argument("--kills", type=int, default=200)
    arguments.add_argument("--pairs", type=int, default=5)
    arguments.add_argument("--disks", type=int, default=len(_DISKS))
    arguments.add_argument("--work", type=Path, help="a new folder to work in (default: a temporary one)")
    arguments.add_argument("--json", type=Path, help="write the result here")
    asked = arguments.parse_args()
    with tempfile.TemporaryDirectory(prefix="kehoach-kills-") as temporary:
        work = asked.work or Path(temporary)
        machine = Machine(work, asked.documents)
        begun = time.monotonic()
        code, told = machine.finish(work / "calm")
        seconds = time.monotonic() - begun
        assert code == ExitCode.SOME_FAILED, told  # some of the plans are broken on purpose
        calm = digest(work / "calm")
        result: dict[str, object] = {
            "documents": pq.read_table(work / "calm" / "documents").num_rows,
            "seconds": seconds,
        }
        result["kills"] = under_kills(machine, asked.kills, calm, seconds)
        result["two runs"] = two_together(machine, calm, asked.pairs)
        disks = asked.disks if os.geteuid() == 0 else 0
        result["full disk"] = on_full_disks(machine, calm, work / "calm", disks)
    print(json.dumps(result, indent=2, ensure_ascii=False))
    if asked.json:
        asked.json.write_text(json.dumps(result, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    parts = [part for part in result.values() if isinstance(part, dict)]
    sound = all(not part.get("wrong") for part in parts)
    same = all(part["equal"] == part.get("stores", part.get("pairs", part.get("disks"))) for part in parts)
    sys.exit(0 if sound and same else 1)


if __name__ == "__main__":
    main()
