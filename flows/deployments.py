"""What runs when: the flows with their schedules, as `kehoach serve` registers them.

`prefect.yaml` describes the same for an existing Prefect server; a test holds both together.
"""

from pathlib import Path
from typing import Any

from prefect.client.schemas.objects import ConcurrencyLimitConfig, ConcurrencyLimitStrategy
from prefect.deployments.runner import RunnerDeployment
from prefect.flows import Flow
from prefect.schedules import Cron
from prefect.types.entrypoint import EntrypointType

from flows.ingest import ingest_flow
from flows.weekly import weekly_flow
from pipeline.settings import Settings

INGEST = "ingest"
WEEKLY = "weekly"
LOCK_SECONDS = 600


async def deployments(settings: Settings, config: Path | None) -> tuple[RunnerDeployment, ...]:
    """The deployments of an installation; the flows read its settings file themselves, at every run."""
    named = {"config": str(config) if config else None}
    return (
        await _deployment(
            ingest_flow, INGEST, settings, settings.schedule.ingest, named | {"as_of": "today", "wait": LOCK_SECONDS}
        ),
        await _deployment(weekly_flow, WEEKLY, settings, settings.schedule.weekly, named),
    )


async def _deployment(
    flow: Flow[..., Any], name: str, settings: Settings, cron: str, parameters: dict[str, Any]
) -> RunnerDeployment:
    # A run that comes while another works would only find its lock: it is dropped, the next one takes what it missed.
    alone = ConcurrencyLimitConfig(limit=1, collision_strategy=ConcurrencyLimitStrategy.CANCEL_NEW)
    return await flow.ato_deployment(
        name,
        schedule=Cron(cron, timezone=settings.schedule.timezone),
        concurrency_limit=alone,
        parameters=parameters,
        tags=["kehoach"],
        description=flow.description,
        entrypoint_type=EntrypointType.MODULE_PATH,
    )
