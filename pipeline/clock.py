"""What day it is for an office in Việt Nam: only commands and flows ask, nothing that reads a document does."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

VIETNAM = ZoneInfo("Asia/Ho_Chi_Minh")


def today() -> date:
    return datetime.now(VIETNAM).date()


def utc_now() -> datetime:
    return datetime.now(UTC)
