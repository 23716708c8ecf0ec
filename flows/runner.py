"""The part of `kehoach serve` that starts flow runs: registers the deployments, tidies up, catches up, then waits.

    python -m flows.runner [--config kehoach.toml]

Started by flows.serve, which has set the environment and owns the server: so no run can be working when this starts.
"""

import argparse
import asyncio
import sys
from collections.abc import Collection, Mapping
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

from prefect import get_client
from prefect.client.orchestration import PrefectClient
from prefect.client.schemas.actions import GlobalConcurrencyLimitUpdate
from prefect.client.schemas.filters import (
    DeploymentFilter,
    DeploymentFilterId,
    FlowRunFilter,
    FlowRunFilterExpectedStartTime,
    FlowRunFilterState,
    FlowRunFilterStateType,
)
from prefect.client.schemas.objects import FlowRun, StateType
from prefect.runner import Runner
from prefect.states import Crashed
from prefect.types import DateTime

from extractors.errors import IngestError
from flows.alerts import password_of
from flows.deployments import INGEST, WEEKLY, deployments
from pipeline.alerts import resend
from pipeline.ledger.database import open_ledger
from pipeline.ledger.marks import Mark, mark, marked
from pipeline.ledger.runs import last_finished
from pipeline.schedule import missed
from pipeline.settings import Schedule, Settings, load_settings

CATCH_UP = "chay-bu"  # the name of a run that makes up for those that were missed
_WORKING = (StateType.RUNNING, StateType.PENDING, StateType.CANCELLING)
_POLL_SECONDS = 5.0
_MAIL_SECONDS = 600.0


class _Runner(Runner):
    """Prefect's own handler of SIGTERM (3.8.8) makes a coroutine that nobody awaits: working flows would go on."""

    def handle_sigterm(self, *_signal: object, **_more: object) -> None:
        assert self._loop is not None
        asyncio.run_coroutine_threadsafe(self.astop(), self._loop)


async def run(config: Path | None) -> None:
    """Works until it is told to stop; a working flow is then cancelled, and what it has read is stored."""
    settings = load_settings(config)
    runner = _Runner(name="kehoach", pause_on_shutdown=False, query_seconds=_POLL_SECONDS, limit=2)
    ours = {one.name: await runner.aadd_deployment(one) for one in await deployments(settings, config)}
    async with get_client() as client:
        await forget_interrupted(client, ours.values())
        for name in overdue(settings, datetime.now(UTC)):
            await client.create_flow_run_from_deployment(ours[name], name=CATCH_UP)
    sys.stdout.write(f"Đã sẵn sàng / Ready: {', '.join(ours)}\n")
    sys.stdout.flush()
    post = asyncio.create_task(_send_waiting(config))
    try:
        await runner.start()
    finally:
        post.cancel()


async def _send_waiting(config: Path | None) -> None:
    """Sends mails that could not be sent at once; a flow run for each try would cost more than the mail."""
    while True:
        await asyncio.sleep(_MAIL_SECONDS)
        try:
            settings = load_settings(config)
            sent = await asyncio.to_thread(resend, settings, datetime.now(UTC), password=password_of(settings.mail))
        except IngestError as fault:  # of the settings file: someone is editing it
            sys.stderr.write(f"{fault}\n")
        else:
            sys.stderr.writelines(f"{problem}\n" for problem in sent.problems)


def overdue(settings: Settings, now: datetime) -> tuple[str, ...]:
    """The flows that should have run since they last ended; a new installation takes in its files at once.

    The weekly digest is not sent in the middle of a week just because an installation is new.
    """
    with open_ledger(settings.intake.state_folder) as ledger:
        if marked(ledger, Mark.WEEKLY_ENDED) is None:
            mark(ledger, Mark.WEEKLY_ENDED, now)
        ended = {INGEST: last_finished(ledger, settings.intake.out), WEEKLY: marked(ledger, Mark.WEEKLY_ENDED)}
    crons = _crons(settings.schedule)
    return tuple(name for name in crons if missed(crons[name], settings.schedule.timezone, ended[name], now))


def _crons(schedule: Schedule) -> Mapping[str, str]:
    return {INGEST: schedule.ingest, WEEKLY: schedule.weekly}


async def forget_interrupted(client: PrefectClient, ours: Collection[UUID]) -> None:
    """Ends for Prefect what a killed service left as working, and drops what was due while nobody was there."""
    for left in await _runs(client, ours, FlowRunFilterState(type=FlowRunFilterStateType(any_=list(_WORKING)))):
        await client.set_flow_run_state(left.id, Crashed(message="Dịch vụ bị dừng đột ngột / killed"), force=True)
    past = FlowRunFilterExpectedStartTime(before_=DateTime.now(UTC))
    waiting = FlowRunFilterState(type=FlowRunFilterStateType(any_=[StateType.SCHEDULED]))
    for unmet in await _runs(client, ours, waiting, past):
        await client.delete_flow_run(unmet.id)
    for deployment_id in ours:
        deployment = await client.read_deployment(deployment_id)
        if deployment.global_concurrency_limit:  # its place may still be taken by a run that was killed
            free = GlobalConcurrencyLimitUpdate(active_slots=0)
            await client.update_global_concurrency_limit(deployment.global_concurrency_limit.name, free)


async def _runs(
    client: PrefectClient,
    ours: Collection[UUID],
    state: FlowRunFilterState,
    start: FlowRunFilterExpectedStartTime | None = None,
) -> list[FlowRun]:
    return await client.read_flow_runs(
        flow_run_filter=FlowRunFilter(state=state, expected_start_time=start),
        deployment_filter=DeploymentFilter(id=DeploymentFilterId(any_=list(ours))),
    )


def main() -> None:
    """Registers, tidies up, catches up, then starts what is due."""
    arguments = argparse.ArgumentParser(prog="python -m flows.runner", description=main.__doc__)
    arguments.add_argument("--config", type=Path)
    asyncio.run(run(arguments.parse_args().config))


if __name__ == "__main__":
    main()
