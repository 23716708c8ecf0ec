"""The record of corrections: append-only, so that who changed what, and what it was before, is never lost."""

import sqlite3
from collections.abc import Iterable
from dataclasses import asdict, replace
from datetime import datetime

from pipeline.ledger.database import moment
from pipeline.plan import Action, Correction

_INSERT = """
INSERT INTO corrections (document_id, at, by, action, sequence, ordinal, content, field, old, new, why)
VALUES (:document_id, :at, :by, :action, :sequence, :ordinal, :content, :field, :old, :new, :why) RETURNING number
"""


def record(ledger: sqlite3.Connection, correction: Correction) -> Correction:
    """Appends a correction; what comes back carries its number."""
    row = ledger.execute(_INSERT, asdict(correction) | {"at": moment(correction.at)}).fetchone()
    return replace(correction, number=row["number"])


def corrections_of(ledger: sqlite3.Connection, document_id: str) -> tuple[Correction, ...]:
    """All corrections of a document, in the order in which they were made."""
    rows = ledger.execute("SELECT * FROM corrections WHERE document_id = ? ORDER BY number", (document_id,))
    return tuple(map(_correction, rows))


def all_corrections(ledger: sqlite3.Connection) -> dict[str, tuple[Correction, ...]]:
    """The corrections of every document that has some."""
    found: dict[str, list[Correction]] = {}
    for correction in map(_correction, ledger.execute("SELECT * FROM corrections ORDER BY number")):
        found.setdefault(correction.document_id, []).append(correction)
    return {document_id: tuple(own) for document_id, own in found.items()}


def verdicts(corrections: Iterable[Correction]) -> dict[str, Action]:
    """What was last said of each finding (by finding_id)."""
    return {c.field: c.action for c in corrections if c.action in (Action.CONFIRM, Action.DISMISS)}


def _correction(row: sqlite3.Row) -> Correction:
    values = dict(row) | {"at": datetime.fromisoformat(row["at"]), "action": Action(row["action"])}
    return Correction(**values)
