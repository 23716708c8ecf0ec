"""Acknowledgements: what somebody has seen and wants to hear no more of."""

import sqlite3
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime

from pipeline.ledger.database import moment, transaction


@dataclass(frozen=True, slots=True)
class Acknowledgement:
    """One item (finding, unread file or task) that stays silent, who said so, when and why."""

    item_id: str
    by: str
    note: str
    at: str


def acknowledge(ledger: sqlite3.Connection, items: Collection[str], *, by: str, note: str, now: datetime) -> int:
    """Silences items; one that is silent already keeps its first note unless a new one is given.

    Returns:
        How many were not silent before.
    """
    with transaction(ledger):
        known = {row["item_id"] for row in ledger.execute("SELECT item_id FROM acknowledgements")}
        ledger.executemany(
            "INSERT INTO acknowledgements (item_id, acknowledged_by, note, acknowledged_at) VALUES (?, ?, ?, ?)"
            " ON CONFLICT (item_id) DO UPDATE SET acknowledged_by = excluded.acknowledged_by, note = excluded.note,"
            " acknowledged_at = excluded.acknowledged_at WHERE excluded.note <> ''",
            [(item, by, note, moment(now)) for item in items],
        )
    return len(set(items) - known)


def withdraw(ledger: sqlite3.Connection, items: Iterable[str]) -> int:
    """Lets items speak again; gives how many had been silent."""
    with transaction(ledger):
        return sum(ledger.execute("DELETE FROM acknowledgements WHERE item_id = ?", (item,)).rowcount for item in items)


def acknowledged(ledger: sqlite3.Connection) -> tuple[Acknowledgement, ...]:
    """All acknowledgements, the latest first."""
    rows = ledger.execute("SELECT * FROM acknowledgements ORDER BY acknowledged_at DESC, item_id")
    return tuple(Acknowledgement(r["item_id"], r["acknowledged_by"], r["note"], r["acknowledged_at"]) for r in rows)
