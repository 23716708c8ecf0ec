"""When a scheduled run was due, and whether it was missed.

Cron expressions are read by cronsim, the same library that Prefect's scheduler uses, so both agree on every one.
"""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from cronsim import CronSim, CronSimError


def last_due(cron: str, timezone: str, now: datetime) -> datetime:
    """The last moment not after `now` at which the schedule was due.

    Forms: "0 1 * * *" in Asia/Ho_Chi_Minh, at 03:00 there -> 01:00 of the same day.
    """
    there = now.astimezone(ZoneInfo(timezone))
    return next(CronSim(cron, there + timedelta(seconds=1), reverse=True))  # itself gives what lies strictly before


def next_due(cron: str, timezone: str, now: datetime) -> datetime:
    """The first moment after `now` at which the schedule is due."""
    return next(CronSim(cron, now.astimezone(ZoneInfo(timezone))))


def missed(cron: str, timezone: str, ended: datetime | None, now: datetime) -> bool:
    """Whether no run ended since the schedule was last due; however many were missed, one makes up for them."""
    return ended is None or ended < last_due(cron, timezone, now)


def check_cron(cron: str) -> str:
    """The expression itself.

    Raises:
        ValueError: it is no cron expression of five fields.
    """
    try:
        CronSim(cron, datetime(2026, 1, 1))
    except CronSimError as fault:
        raise ValueError(f"{cron!r} không phải là lịch cron như '0 1 * * *' ({fault})") from fault
    if len(cron.split()) != 5:
        raise ValueError(f"{cron!r} có {len(cron.split())} phần, lịch cron có năm phần")
    return cron


def check_timezone(timezone: str) -> str:
    """The name itself.

    Raises:
        ValueError: no time zone has this name.
    """
    try:
        return ZoneInfo(timezone).key
    except (ZoneInfoNotFoundError, ValueError, OSError) as fault:
        raise ValueError(f"{timezone!r} không phải là múi giờ như 'Asia/Ho_Chi_Minh'") from fault
