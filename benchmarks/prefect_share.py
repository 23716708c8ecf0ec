"""What Prefect costs: its share of a run, how its database grows, and what `kehoach serve` takes.

    python benchmarks/prefect_share.py [--documents 1000] [--times 3] [--quiet-runs 10]

A Prefect server of its own is started. Runs of the flow and of the same call without Prefect take turns on new small
documents, each in a process of its own; a run's seconds are those between the first line of the flow (or the call) and
its last, so both leave out the start of Python. Inside a flow run the share is also told directly: what of its seconds
was not spent in the call. Then come runs that find nothing new, for the growth of the database, and the service.
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

from benchmarks.plans import write_plans  # noqa: E402

_TASK_RUNS = 300
_SELF, _CHILDREN = resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN


def flow_run(raw: Path, out: Path) -> dict[str, float]:
    """One run of the flow in this process, and what of it was the call."""
    from flows.ingest import ingest_flow
    from pipeline.batch import Summary

    begun = time.monotonic()
    summary = ingest_flow(paths=[str(raw)], out=out, as_of="today")
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


def share(work: Path, documents: int, times: int, environment: dict[str, str]) -> None:
    runs: dict[str, list[dict[str, float]]] = {"flow": [], "plain": []}
    for turn in range(times):
        write_plans(work / f"raw-{turn}", documents, mixed=False, seed=turn)
        for kind in runs:
            runs[kind].append(measured(kind, work / f"raw-{turn}", work / f"{kind}-{turn}", environment))
    pairs = list(zip(runs["flow"], runs["plain"], strict=True))
    print(f"{documents} new documents, {times} times; load {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores")
    tell(
        "a flow run beside the same call without Prefect", [flow["seconds"] / plain["seconds"] for flow, plain in pairs]
    )
    tell("  the same in seconds of processor", [flow["processor"] / plain["processor"] for flow, plain in pairs])
    around = [[run["seconds"] - run["call"] for run in pair] for pair in pairs]
    shares = [(flow - plain) / pair[0]["seconds"] for (flow, plain), pair in zip(around, pairs, strict=True)]
    tell("share of a flow run that is neither reading, storing nor telling", shares)
    tell("  in seconds", [flow - plain for flow, plain in around])


def tell(what: str, values: list[float]) -> None:
    print(f"  {what}: {statistics.median(values):.3f} ({min(values):.3f} to {max(values):.3f})")


def growth(work: Path, count: int, environment: dict[str, str]) -> None:
    """Bytes that runs without anything new add to Prefect's database."""
    before = size_of(work)
    for _ in range(count):
        measured("flow", work / "raw-0", work / "flow-0", environment)
    print(f"  a run that finds nothing new adds {(size_of(work) - before) / count / 1024:.0f} KB to Prefect's database")


def each_task_run(work: Path, environment: dict[str, str]) -> None:
    before = size_of(work)
    took = measured("tasks", work / "raw-0", work / "none", environment)
    time.sleep(30)  # the server writes task runs from its queue
    print(
        f"  {_TASK_RUNS} task runs that do nothing: {1000 * took['seconds'] / _TASK_RUNS:.0f} ms and"
        f" {(size_of(work) - before) / _TASK_RUNS / 1024:.1f} KB of database each"
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


def service(work: Path) -> None:
    """Start and idle memory of `kehoach serve`: the first time, and with its database there."""
    place = work / "service"
    (place / "data" / "raw").mkdir(parents=True)
    command = [sys.executable, "-m", "flows.serve", "--port", str(free_port())]
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
        print(f"  {told}: ready after {ready:.1f} s; idle {sum(memory.values()) >> 10} MB (PSS): {parts(memory)}")


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
    arguments.add_argument("--one", nargs=3, metavar=("KIND", "RAW", "OUT"), help=argparse.SUPPRESS)
    asked: Any = arguments.parse_args()
    if asked.one:
        kind, raw, out = asked.one
        print(json.dumps(KINDS[kind](Path(raw), Path(out))))
        return
    with tempfile.TemporaryDirectory(prefix="kehoach-prefect-") as temporary:
        work = Path(temporary)
        with server(work, free_port()) as environment:
            share(work, asked.documents, asked.times, environment)
            growth(work, asked.quiet_runs, environment)
            each_task_run(work, environment)
        print("kehoach serve:")
        service(work)


if __name__ == "__main__":
    main()
