"""When something last happened, by name: the weekly digest ended, the silence was told."""

import sqlite3
from datetime import datetime
from enum import StrEnum

from pipeline.ledger.database import moment


class Mark(StrEnum):
    """What is remembered; the values stand in the ledger."""

    WEEKLY_ENDED = "weekly ended"
    SILENCE_TOLD = "silence told"
    WATCHED_SINCE = "watched since"


def mark(ledger: sqlite3.Connection, name: Mark, now: datetime) -> None:
    """Remembers that it happened now."""
    ledger.execute("INSERT OR REPLACE INTO marks (name, at) VALUES (?, ?)", (name.value, moment(now)))


def marked(ledger: sqlite3.Connection, name: Mark) -> datetime | None:
    """When it happened last; None where it never did."""
    row = ledger.execute("SELECT at FROM marks WHERE name = ?", (name.value,)).fetchone()
    return datetime.fromisoformat(row["at"]) if row else None
