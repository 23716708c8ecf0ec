"""What Prefect costs: its share of a run, how its database grows, and what `kehoach serve` takes.

    python benchmarks/prefect_share.py [--documents 1000] [--times 3] [--quiet-runs 10] [--write]

A Prefect server of its own is started. Runs of the flow and of the same call without Prefect take turns on new
documents, each in a process of its own, first on plans of a usual size, then on tiny ones as the worst case; a run's
seconds are those between the first line of the flow (or the call) and its last, so both leave out the start of Python.
Prefect's share is what of the flow run's seconds is neither the reading and storing nor what the same call spends
around them. Then come runs that find nothing new, for the growth of the database, and the service. `--write` puts the
figures into docs/performance.md.
"""

import argparse
import contextlib
import json
import os
import resource
import signal
import socket
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from benchmarks.extraction import write  # noqa: E402
from benchmarks.plans import write_tiny  # noqa: E402
from benchmarks.typical_plans import write_typical  # noqa: E402

_TASK_RUNS = 300
_SELF, _CHILDREN = resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN


def flow_run(raw: Path, out: Path) -> dict[str, float]:
    """One run of the flow in this process, and what of it was the call."""
    import asyncio

    from flows.ingest import ingest_flow
    from pipeline.batch import Summary

    begun = time.monotonic()
    summary = asyncio.run(ingest_flow(paths=[str(raw)], out=out, as_of="today"))
    ended = time.monotonic()
    assert isinstance(summary, Summary)
    return {"seconds": ended - begun, "call": summary.seconds, "processor": processor()}


def processor() -> float:
    """Seconds of processor of this process and the readers that it started."""
    return sum(used.ru_utime + used.ru_stime for used in map(resource.getrusage, (_SELF, _CHILDREN)))


def plain_run(raw: Path, out: Path) -> dict[str, float]:
    """What the flow calls, without Prefect."""
    from datetime import UTC, datetime

    from pipeline.alerts import after_run
    from pipeline.clock import today
    from pipeline.installation import ingest_as_set
    from pipeline.settings import Settings, with_intake

    begun = time.monotonic()
    settings = with_intake(Settings(), sources=[str(raw)], out=out)
    summary = ingest_as_set(settings, as_of=today())
    after_run(settings, datetime.now(UTC))
    return {"seconds": time.monotonic() - begun, "call": summary.seconds, "processor": processor()}


def task_runs(_raw: Path, _out: Path) -> dict[str, float]:
    """A flow of many task runs that do nothing: what one a file would cost."""
    from prefect import flow, task

    @task
    def nothing() -> None: ...

    @flow
    def many() -> None:
        for _ in range(_TASK_RUNS):
            nothing()

    begun = time.monotonic()
    many()
    return {"seconds": time.monotonic() - begun, "processor": processor()}


KINDS = {"flow": flow_run, "plain": plain_run, "tasks": task_runs}


def measured(kind: str, raw: Path, out: Path, environment: dict[str, str]) -> dict[str, float]:
    command = [sys.executable, __file__, "--one", kind, str(raw), str(out)]
    told = subprocess.run(command, check=True, capture_output=True, text=True, env=environment, cwd=raw.parent).stdout
    result: dict[str, float] = json.loads(told.splitlines()[-1])
    return result


def share(work: Path, documents: int, times: int, environment: dict[str, str]) -> Iterator[str]:
    """Lines of a table: the share for plans of a usual size, and for tiny ones."""
    from pipeline.settings import Settings

    write_tiny(work / "first", 20)
    measured("flow", work / "first", work / "first-out", environment)  # a server just started answers slowly once
    yield f"{documents:,} new documents, {times} times, runs with and without Prefect in turn; {machine()}."
    yield ""
    yield (
        "| plans | a flow run, s | Prefect's share | in seconds | beside the same call without Prefect"
        " | the same in processor |"
    )
    yield "|---|---:|---:|---:|---:|---:|"
    for told, make in PLANS.items():
        runs: dict[str, list[dict[str, float]]] = {"flow": [], "plain": []}
        for turn in range(times):
            raw = work / f"{make.__name__}-{turn}"
            make(raw, documents, seed=turn + 1)
            time.sleep(Settings().intake.stable_seconds + 1)  # else only the first waits until files are stable
            for kind in runs:
                runs[kind].append(measured(kind, raw, work / f"{kind}-{raw.name}", environment))
        pairs = list(zip(runs["flow"], runs["plain"], strict=True))
        added = [(flow["seconds"] - flow["call"]) - (plain["seconds"] - plain["call"]) for flow, plain in pairs]
        columns = (
            spread([flow["seconds"] for flow, _ in pairs], ".1f"),
            spread([more / flow["seconds"] for more, (flow, _) in zip(added, pairs, strict=True)], ".1%"),
            spread(added, ".2f"),
            *(spread([flow[unit] / plain[unit] for flow, plain in pairs], ".2f") for unit in ("seconds", "processor")),
        )
        yield f"| {told} | {' | '.join(columns)} |"


PLANS = {"of a usual size (20 to 80 tasks, about 8 pages)": write_typical, "tiny (one to four tasks)": write_tiny}


def spread(values: list[float], form: str) -> str:
    return f"{statistics.median(values):{form}} ({min(values):{form}} to {max(values):{form}})"


def machine() -> str:
    return f"load {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores"


def growth(work: Path, count: int, environment: dict[str, str]) -> Iterator[str]:
    """Bytes that runs without anything new add to Prefect's database, and what a task run a file would cost."""
    known = work / f"{write_tiny.__name__}-0"
    before = size_of(work)
    for _ in range(count):
        measured("flow", known, work / f"flow-{known.name}", environment)
    yield f"A run that finds nothing new adds {(size_of(work) - before) / count / 1024:.0f} KB to Prefect's database."
    before = size_of(work)
    took = measured("tasks", known, work / "none", environment)
    time.sleep(30)  # the server writes task runs from its queue
    yield (
        f"A task run a file would cost {1000 * took['seconds'] / _TASK_RUNS:.0f} ms and"
        f" {(size_of(work) - before) / _TASK_RUNS / 1024:.1f} KB of database each; a batch is one task run, however"
        " many files it has."
    )


def size_of(work: Path) -> int:
    """Pages in use after what waits in the write-ahead log has been taken in."""
    with contextlib.closing(sqlite3.connect(work / "prefect" / "prefect.db", timeout=60)) as database:
        database.execute("PRAGMA wal_checkpoint(PASSIVE)")
        (pages,), (free,) = (database.execute(f"PRAGMA {name}").fetchone() for name in ("page_count", "freelist_count"))
        return (pages - free) * database.execute("PRAGMA page_size").fetchone()[0]


@contextmanager
def server(work: Path, port: int) -> Iterator[dict[str, str]]:
    from flows.settings import of_service

    environment = of_service(work, port, 30)
    process = subprocess.Popen(
        [sys.executable, "-m", "prefect", "server", "start"], env=environment, stdout=subprocess.DEVNULL
    )
    try:
        while not healthy(port):
            time.sleep(0.2)
        yield environment
    finally:
        process.terminate()
        process.wait()


def healthy(port: int) -> bool:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/api/health", timeout=2):
            return True
    except OSError:
        return False


def service(work: Path) -> Iterator[str]:
    """Start and idle memory of `kehoach serve`: the first time, and with its database there."""
    place = work / "service"
    (place / "data" / "raw").mkdir(parents=True)
    command = [sys.executable, "-m", "flows.serve", "--port", str(free_port())]
    yield "| `kehoach serve` | ready after | idle memory (PSS) |"
    yield "|---|---:|---|"
    for told in ("first start", "second start"):
        begun = time.monotonic()
        with subprocess.Popen(
            command, cwd=place, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
        ) as running:
            assert running.stdout
            while "Ready" not in running.stdout.readline():
                pass
            ready = time.monotonic() - begun
            time.sleep(45)  # until the first run has ended, which finds nothing
            memory = {name(pid): proportional(pid) for pid in family(running.pid)}
            running.send_signal(signal.SIGTERM)
        yield f"| {told} | {ready:.1f} s | {sum(memory.values()) >> 10} MB: {parts(memory)} |"


def parts(memory: dict[str, int]) -> str:
    return ", ".join(f"{one} {size >> 10} MB" for one, size in memory.items())


def family(pid: int) -> list[int]:
    children = [int(one) for one in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    return [pid, *(further for child in children for further in family(child))]


def name(pid: int) -> str:
    command = Path(f"/proc/{pid}/cmdline").read_bytes().decode().split("\0")
    return next((one for one in ("flows.runner", "prefect", "flows.serve") if one in command), str(pid))


def proportional(pid: int) -> int:
    """KB of memory, with what several processes share counted once between them (proc(5), smaps_rollup)."""
    lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("Pss:"))


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--documents", type=int, default=1000)
    arguments.add_argument("--times", type=int, default=3)
    arguments.add_argument("--quiet-runs", type=int, default=10)
    arguments.add_argument("--write", action="store_true", help="put the figures into docs/performance.md")
    arguments.add_argument("--one", nargs=3, metavar=("KIND", "RAW", "OUT"), help=argparse.SUPPRESS)
    asked: Any = arguments.parse_args()
    if asked.one:
        kind, raw, out = asked.one
        print(json.dumps(KINDS[kind](Path(raw), Path(out))))
        return
    with tempfile.TemporaryDirectory(prefix="kehoach-prefect-") as temporary:
        work = Path(temporary)
        with server(work, free_port()) as environment:
            costs = shown(share(work, asked.documents, asked.times, environment))
            costs += "\n\n" + shown(growth(work, asked.quiet_runs, environment))
        serving = f"Measured at {machine()}:\n\n" + shown(service(work))
    if asked.write:
        write(ROOT / "docs" / "performance.md", "prefect", f"{costs}\n\n{serving}", "benchmarks/prefect_share.py")


def shown(lines: Iterator[str]) -> str:
    """The lines as one text; each is printed as soon as it is there."""
    told = []
    for line in lines:
        print(line, flush=True)
        told.append(line)
    return "\n".join(told)


if __name__ == "__main__":
    main()
