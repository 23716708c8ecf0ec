"""The ingest flow: reads what is new in the sources, stores it, tells Prefect and the recipients what came of it.

One flow run and one task for a whole batch: parallel work is done by our own worker processes, never by Prefect task
runs, of which each costs more than reading a page. The Parquet is that of `kehoach ingest`, since it is the same call.

The flow is a coroutine only because Prefect 3.8 ends those at once; after any other flow it waits up to a second for
its heartbeat thread (prefect/flow_engine.py, `_send_heartbeats`). Its tasks block the loop, on which nothing else runs:
heartbeats, logs and the renewal of the place among concurrent runs have threads of their own, and SIGTERM is raised in
the main thread, so in what is being read.

    python -m flows.ingest data/raw data/parsed
"""

import argparse
import asyncio
import os
import sys
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, Literal
from zoneinfo import ZoneInfo

from prefect import flow, get_run_logger, task
from prefect.artifacts import acreate_markdown_artifact, acreate_table_artifact, create_link_artifact
from prefect.client.schemas import State
from prefect.states import Failed

from extractors.errors import IngestError, SurroundingsError
from flows.alerts import tell_what_is_new
from flows.attached import stay_attached_in_service
from pipeline import interrupts
from pipeline.batch import Step, Summary
from pipeline.exits import ExitCode
from pipeline.installation import ingest_as_set
from pipeline.report.site import write_report
from pipeline.settings import Settings, load_settings, with_intake
from pipeline.store.findings import worst_findings
from pipeline.store.lock import StoreLockedError
from pipeline.store.parquet import Store
from pipeline.summary import print_summary, progress_line, summary_markdown
from pipeline.terminal import one_line

FINDINGS_SHOWN = 200

_MACHINE = "[surroundings] "  # marks the message of a state that another try may mend


def _may_pass(_task: Any, _run: Any, state: State[Any]) -> bool:
    return bool((state.message or "").startswith(_MACHINE))


@task(name="read-and-store", retries=2, retry_delay_seconds=[10, 60], retry_condition_fn=_may_pass)
def read_and_store(settings: Settings, as_of: date | None, reparse: bool, wait: float) -> Summary | State[Any]:
    """Reads the batch. Tried again only where the machine was at fault; another run is waited for, but not for ever."""
    log = get_run_logger()

    def progress(step: Step) -> None:
        if line := progress_line(step):
            log.info(line)

    try:
        return ingest_as_set(settings, as_of=as_of, reparse=reparse, progress=progress, wait=wait, held=log.info)
    except StoreLockedError as held:
        return Failed(message=str(held))
    except FileNotFoundError as missing:
        return Failed(message=f"Không có tệp hoặc thư mục: {missing} / No such file or folder: {missing}")
    except SurroundingsError as fault:
        return Failed(message=f"{_MACHINE}{fault}")
    except IngestError as fault:
        return Failed(message=str(fault))


@flow(name="kehoach-ingest", description="Reads new plans into the Parquet tables.", validate_parameters=True)
async def ingest_flow(
    config: Path | None = None,
    paths: list[str] | None = None,
    out: Path | None = None,
    workers: int | None = None,
    as_of: date | Literal["today"] | None = None,
    reparse: bool = False,
    prose_tasks: bool | None = None,
    wait: float = 0.0,
) -> Summary | State[Any]:
    """Discovers, reads and stores, leaves a summary and the findings as artifacts of the run, and writes the mails.

    What is not given comes from the settings file. `wait` are seconds for a run that somebody has started by hand.
    """
    stay_attached_in_service()
    settings = with_intake(load_settings(config), sources=paths, out=out, workers=workers, prose_tasks=prose_tasks)
    day = _today(settings) if as_of == "today" else as_of
    state = read_and_store(settings, day, reparse, wait, return_state=True)
    tell_what_is_new(settings, return_state=True)  # also after a failed run: mails may wait; its own failure is logged
    if not state.is_completed():
        return Failed(message=(state.message or "").removeprefix(_MACHINE))
    summary = await state.aresult()
    assert isinstance(summary, Summary)
    await tell(summary)
    if settings.intake.report:
        renew_report(settings, day or _today(settings), return_state=True)  # its failure is logged and fails no ingest
    return summary


def _today(settings: Settings) -> date:
    return datetime.now(UTC).astimezone(ZoneInfo(settings.schedule.timezone)).date()


@task(name="write-report")
def renew_report(settings: Settings, day: date) -> None:
    """Writes the report anew; pictures that were drawn before are used again."""
    assert settings.intake.report
    workers = settings.intake.workers or os.cpu_count() or 1
    written = write_report(
        settings.intake.out, settings.intake.report, day, workers=workers, progress=get_run_logger().info
    )
    create_link_artifact(
        written.index.resolve().as_uri(), "Mở báo cáo", key="kehoach-report", description="Báo cáo trên máy này"
    )


async def tell(summary: Summary) -> None:
    """Leaves the summary (Markdown) and, where something was read, the gravest findings (table) with the flow run."""
    words = summary_markdown(summary) + stages_markdown(summary)
    await acreate_markdown_artifact(words, key="kehoach-summary", description="Tóm tắt lần chạy")
    if not summary.read:
        return  # the findings are those of the run before: Prefect's database need not hold them once more
    rows, total = worst_findings(Store(summary.out), summary.documents, FINDINGS_SHOWN)
    cut = f"{len(rows)} phát hiện nặng nhất trong tổng số {total}; xem đủ trong bảng findings."
    whole = f"Tất cả {total} phát hiện."
    await acreate_table_artifact(rows, key="kehoach-findings", description=cut if total > len(rows) else whole)


def stages_markdown(summary: Summary) -> str:
    """What the run did and how long each stage took, as a table."""
    words = {"scan": "tìm tệp", "read": "đọc", "store": "ghi", "judge": "xét quá hạn", "publish": "chép bảng"}
    counts = {"waiting": "tệp đang được ghi, để lần sau", "removed": "tệp nguồn đã bị xóa", "superseded": "bị thay thế"}
    lines = ["\n| Công đoạn | Giây |", "|---|---:|"]
    lines += [f"| {words.get(stage, stage)} | {seconds:.1f} |" for stage, seconds in summary.stages.items()]
    lines += [f"\n- {told}: {summary.counts[name]}" for name, told in counts.items() if summary.counts[name]]
    lines += [f"\n- ⚠ {one_line(warning)}" for warning in summary.warnings]
    return "\n".join(lines) + "\n"


async def _run(asked: argparse.Namespace) -> State[Any]:
    state: State[Any] = await ingest_flow(
        asked.config,
        [asked.raw] if asked.raw else None,
        asked.out,
        asked.workers,
        asked.as_of,
        asked.reparse,
        asked.prose_tasks or None,
        return_state=True,
    )
    return state


def main() -> None:
    """Runs the flow once, with a Prefect server of its own unless PREFECT_API_URL names one."""
    arguments = argparse.ArgumentParser(prog="python -m flows.ingest", description=main.__doc__)
    arguments.add_argument("raw", nargs="?", help="folder, file or address to read (default: of the settings)")
    arguments.add_argument("out", nargs="?", type=Path, help="where the tables are kept (default: of the settings)")
    arguments.add_argument("--config", type=Path, help="the settings file")
    arguments.add_argument("--workers", type=int)
    arguments.add_argument("--as-of", type=date.fromisoformat, metavar="DAY", help="judge overdue tasks by this day")
    arguments.add_argument("--reparse", action="store_true", help="read known files again too")
    arguments.add_argument("--prose-tasks", action="store_true", help="add assignments in the prose beside task tables")
    asked = arguments.parse_args()
    # Ctrl-C ends what is being read. asyncio's own handler would wait for the next `await`, so for the whole batch.
    with interrupts.listening():
        try:
            state = asyncio.run(_run(asked))
        except KeyboardInterrupt:
            sys.stderr.write(f"{interrupts.told()}\n")
            sys.exit(ExitCode.STOPPED)
    if not state.is_completed():
        sys.stderr.write(f"{state.message}\n")
        sys.exit(ExitCode.NOTHING_DONE)
    summary = state.result()
    assert isinstance(summary, Summary)
    print_summary(summary)
    sys.exit(summary.exit_code)


if __name__ == "__main__":
    main()
