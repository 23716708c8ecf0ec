"""The weekly flow: every group that asked for it is told what is overdue and what is due soon."""

from datetime import UTC, datetime
from pathlib import Path

from prefect import flow

from flows.alerts import tell_the_week
from flows.attached import stay_attached_in_service
from pipeline.ledger.database import open_ledger
from pipeline.ledger.marks import Mark, mark
from pipeline.settings import load_settings


@flow(name="kehoach-weekly", description="Mails overdue and soon-due tasks to the lead units.")
def weekly_flow(config: Path | None = None) -> None:
    """Writes the mails of this week; a second run in one week writes none. What cannot be sent waits in the queue."""
    stay_attached_in_service()
    settings = load_settings(config)
    tell_the_week(settings)
    with open_ledger(settings.intake.state_folder) as ledger:
        mark(ledger, Mark.WEEKLY_ENDED, datetime.now(UTC))
