"""A run as the settings of an installation say: its sources, tables, limits, cluster and copy."""

from collections.abc import Callable
from datetime import date, datetime

from pipeline.batch import Step, Summary, Workers, ingest, utc_now
from pipeline.cluster import Cluster
from pipeline.interrupts import tell_then
from pipeline.pool import Limits
from pipeline.settings import Settings
from pipeline.store.changes import RowChange
from pipeline.store.published import PublishedCopy

_STOPPED = "Đã dừng. Những tệp đã đọc xong được giữ trong {kept}. / Stopped; what was read is stored in {kept}."


def ingest_as_set(
    settings: Settings,
    *,
    as_of: date | None = None,
    reparse: bool = False,
    retry: bool = False,
    accept_empty: bool = False,
    wait: float = 0.0,
    held: Callable[[str], None] | None = None,
    on_change: Callable[[RowChange], None] | None = None,
    progress: Callable[[Step], None] | None = None,
    clock: Callable[[], datetime] = utc_now,
) -> Summary:
    """What `kehoach ingest` and the flow both do; the other arguments, and what is raised, as for `batch.ingest`."""
    intake = settings.intake
    limits = Limits(seconds=intake.time_limit)
    tell_then(_STOPPED.format(kept=intake.out))
    return ingest(
        intake.sources,
        intake.out,
        workers=intake.workers,
        as_of=as_of,
        reparse=reparse,
        retry=retry,
        limits=limits,
        progress=progress,
        prose_tasks=intake.prose_tasks,
        rules_off=intake.rules_off,
        state=intake.state_folder,
        stable_seconds=intake.stable_seconds,
        accept_empty=accept_empty,
        wait=wait,
        held=held,
        log_json=intake.log_json,
        on_change=on_change,
        processes=_cluster(settings.schedule.dask, limits),
        copy=_copy(settings),
        clock=clock,
    )


def _cluster(address: str | None, limits: Limits) -> Callable[[int], Workers] | None:
    return (lambda _jobs: Cluster(address, limits=limits)) if address else None


def _copy(settings: Settings) -> PublishedCopy | None:
    intake = settings.intake
    if not intake.publish:
        return None
    return PublishedCopy(intake.out, intake.publish, intake.state_folder / "published.json")
