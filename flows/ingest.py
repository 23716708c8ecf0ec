"""The ingest flow: reads what is new in a folder, stores it, and tells Prefect what came of it.

One flow run and one task for a whole batch: parallel work is done by our own worker processes, never by Prefect task
runs, of which each costs more than reading a page. The Parquet is that of `kehoach ingest`, since it is the same call.

    python -m flows.ingest data/raw data/parsed
"""

import argparse
import sys
from datetime import date
from pathlib import Path
from typing import Any

from prefect import flow, get_run_logger, task
from prefect.artifacts import create_markdown_artifact, create_table_artifact
from prefect.client.schemas import State
from prefect.states import Failed

from extractors.errors import IngestError, SurroundingsError
from pipeline.batch import Step, Summary, ingest
from pipeline.exits import ExitCode
from pipeline.store.findings import worst_findings
from pipeline.store.lock import StoreLockedError
from pipeline.store.parquet import Store
from pipeline.summary import print_summary, progress_line, summary_markdown

FINDINGS_SHOWN = 500


_MACHINE = "[surroundings] "  # marks the message of a state that another try may mend


def _may_pass(_task: Any, _run: Any, state: State[Any]) -> bool:
    return bool((state.message or "").startswith(_MACHINE))


@task(name="read-and-store", retries=2, retry_delay_seconds=[10, 60], retry_condition_fn=_may_pass)
def read_and_store(
    paths: list[str], out: str, workers: int | None, as_of: date | None, reparse: bool, prose_tasks: bool
) -> Summary | State[Any]:
    """Reads the batch. Tried again only where the machine was at fault; another run's lock is not waited for."""
    log = get_run_logger()

    def progress(step: Step) -> None:
        if line := progress_line(step):
            log.info(line)

    try:
        return ingest(
            paths, Path(out), workers=workers, as_of=as_of, reparse=reparse, prose_tasks=prose_tasks, progress=progress
        )
    except StoreLockedError as held:
        return Failed(message=str(held))
    except SurroundingsError as fault:
        return Failed(message=f"{_MACHINE}{fault}")
    except IngestError as fault:
        return Failed(message=str(fault))


@flow(name="kehoach-ingest", description="Reads new plans into the Parquet tables.", validate_parameters=True)
def ingest_flow(
    paths: list[str],
    out: str = "data/parsed",
    workers: int | None = None,
    as_of: date | None = None,
    reparse: bool = False,
    prose_tasks: bool = False,
) -> Summary | State[Any]:
    """Discovers, reads and stores, then leaves a summary and the findings as artifacts of the run."""
    state = read_and_store(paths, out, workers, as_of, reparse, prose_tasks, return_state=True)
    if not state.is_completed():
        return Failed(message=(state.message or "").removeprefix(_MACHINE))
    summary = state.result()
    assert isinstance(summary, Summary)
    tell(summary)
    return summary


def tell(summary: Summary) -> None:
    """Leaves the summary (Markdown) and the gravest findings (table) with the flow run."""
    rows, total = worst_findings(Store(summary.out), summary.documents, FINDINGS_SHOWN)
    cut = f"{len(rows)} phát hiện nặng nhất trong tổng số {total}; xem đủ trong bảng findings."
    create_markdown_artifact(summary_markdown(summary), key="kehoach-summary", description="Tóm tắt lần chạy")
    create_table_artifact(
        rows, key="kehoach-findings", description=cut if total > len(rows) else f"Tất cả {total} phát hiện."
    )


def main() -> None:
    """Runs the flow once, with a Prefect server of its own unless PREFECT_API_URL names one."""
    arguments = argparse.ArgumentParser(prog="python -m flows.ingest", description=main.__doc__)
    arguments.add_argument("raw", nargs="?", default="data/raw", help="folder or file to read")
    arguments.add_argument("out", nargs="?", default="data/parsed", help="where the tables are kept")
    arguments.add_argument("--workers", type=int)
    arguments.add_argument("--as-of", type=date.fromisoformat, metavar="DAY", help="judge overdue tasks by this day")
    arguments.add_argument("--reparse", action="store_true", help="read known files again too")
    arguments.add_argument("--prose-tasks", action="store_true", help="add assignments in the prose beside task tables")
    asked = arguments.parse_args()
    if not Path(asked.raw).exists():
        arguments.error(f"no such file or folder: {asked.raw}")
    state = ingest_flow(
        [asked.raw], asked.out, asked.workers, asked.as_of, asked.reparse, asked.prose_tasks, return_state=True
    )
    if not state.is_completed():
        sys.stderr.write(f"{state.message}\n")
        sys.exit(ExitCode.NOTHING_DONE)
    summary = state.result()
    assert isinstance(summary, Summary)
    print_summary(summary)
    sys.exit(summary.exit_code)


if __name__ == "__main__":
    main()
