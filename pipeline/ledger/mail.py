"""The queue of mails, and which finding was told to which group.

A mail and the note of what it tells are written in one transaction before anything is sent, so nothing is told twice
and nothing is forgotten. The states of a mail:

    queued   waits for its next try
    sending  a process has begun to hand it over; found so later, that process died and nobody knows how far it came
    sent     every recipient has been settled and at least one server accepted it
    failed   nobody got it; what it told is forgotten again, so that the next digest tells it anew
"""

import sqlite3
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from pipeline.ledger.database import moment, transaction

KEPT = timedelta(days=30)  # how long the text of a mail is kept after it was sent


class Delivery(StrEnum):
    """What a server said about one recipient."""

    WAITING = "waiting"  # not asked yet, or refused for now
    ACCEPTED = "accepted"
    REFUSED = "refused"  # for good


@dataclass(frozen=True, slots=True)
class NewMail:
    """A mail to be queued: `content` is the whole message as it goes over the wire.

    `occasion` names what happens once only ("2026-W48"); a group has at most one mail of an occasion.
    """

    group: str
    kind: str  # digest | weekly | notice
    message_id: str
    subject: str
    sender: str
    recipients: tuple[str, ...]
    content: bytes
    occasion: str | None = None


@dataclass(frozen=True, slots=True)
class WaitingMail:
    """A mail whose time has come, with the recipients that have not been settled."""

    mail_id: int
    message_id: str
    sender: str
    recipients: tuple[str, ...]
    content: bytes
    attempts: int
    queued_at: datetime


@dataclass(frozen=True, slots=True)
class Answer:
    """What became of one recipient in one attempt."""

    state: Delivery
    reply: str = ""


@dataclass(frozen=True, slots=True)
class MailLine:
    """One mail for `kehoach status`: not yet sent, failed, or sent with refused recipients."""

    mail_id: int
    group: str
    kind: str
    subject: str
    state: str
    queued_at: str
    next_try_at: str
    attempts: int
    problem: str
    refused: tuple[str, ...] = ()


def enqueue(ledger: sqlite3.Connection, mail: NewMail, told: Iterable[str], now: datetime) -> bool:
    """Queues a mail and notes what it tells, both or neither.

    Returns:
        False where another process was faster: the occasion or one of the items has been told already.
    """
    try:
        with transaction(ledger):
            stamp = moment(now)
            queued = ledger.execute(
                "INSERT INTO mails (message_id, group_name, kind, occasion, subject, sender, content, queued_at, state,"
                " next_try_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, 'queued', ?)",
                (
                    *(mail.message_id, mail.group, mail.kind, mail.occasion, mail.subject, mail.sender, mail.content),
                    *(stamp, stamp),
                ),
            )
            number = queued.lastrowid
            ledger.executemany(
                "INSERT INTO mail_recipients (mail_id, position, address) VALUES (?, ?, ?)",
                [(number, place, address) for place, address in enumerate(dict.fromkeys(mail.recipients))],
            )
            ledger.executemany(
                "INSERT INTO told (group_name, item_id, mail_id) VALUES (?, ?, ?)",
                ((mail.group, item, number) for item in told),
            )
    except sqlite3.IntegrityError:
        return False
    return True


def has_occasion(ledger: sqlite3.Connection, group: str, occasion: str) -> bool:
    found = ledger.execute("SELECT 1 FROM mails WHERE group_name = ? AND occasion = ?", (group, occasion))
    return found.fetchone() is not None


def silent_items(ledger: sqlite3.Connection, group: str | None) -> set[str]:
    """What a group is not to hear of: what it has been told and what is acknowledged; for None only the latter."""
    rows = ledger.execute(
        "SELECT item_id FROM told WHERE group_name = ? UNION ALL SELECT item_id FROM acknowledgements", (group,)
    )
    return {item for (item,) in rows}


def due_mails(ledger: sqlite3.Connection, now: datetime) -> tuple[int, ...]:
    """The mails whose next try has come, oldest first. Call with the delivery lock held: then one that stands as
    `sending` belongs to a process that died."""
    rows = ledger.execute(
        "SELECT mail_id FROM mails WHERE state = 'sending' OR (state = 'queued' AND next_try_at <= ?) ORDER BY mail_id",
        (moment(now),),
    )
    return tuple(row["mail_id"] for row in rows)


def begin(ledger: sqlite3.Connection, mail_id: int) -> WaitingMail:
    """Notes that a mail is about to be handed over, before the first byte of it leaves."""
    with transaction(ledger):
        ledger.execute(
            "UPDATE mails SET doubts = doubts + (state = 'sending'), state = 'sending', attempts = attempts + 1"
            " WHERE mail_id = ?",
            (mail_id,),
        )
    row = ledger.execute("SELECT * FROM mails WHERE mail_id = ?", (mail_id,)).fetchone()
    waiting = ledger.execute(
        "SELECT address FROM mail_recipients WHERE mail_id = ? AND state = 'waiting' ORDER BY position", (mail_id,)
    )
    return WaitingMail(
        mail_id,
        row["message_id"],
        row["sender"],
        tuple(one["address"] for one in waiting),
        bytes(row["content"]),
        row["attempts"],
        datetime.fromisoformat(row["queued_at"]),
    )


def settle(
    ledger: sqlite3.Connection,
    mail_id: int,
    answers: Mapping[str, Answer],
    *,
    now: datetime,
    next_try: datetime,
    problem: str = "",
) -> str:
    """Records what an attempt came to, and gives the state the mail has now.

    A mail with recipients still waiting is queued for `next_try`. With none waiting it is `sent` where anybody got
    it, else `failed`; what a failed mail told, and its occasion, are forgotten in the same transaction.
    """
    with transaction(ledger):
        ledger.executemany(
            "UPDATE mail_recipients SET state = ?, reply = ? WHERE mail_id = ? AND address = ?",
            [(answer.state.value, answer.reply, mail_id, address) for address, answer in answers.items()],
        )
        counts = dict(
            ledger.execute("SELECT state, count(*) FROM mail_recipients WHERE mail_id = ? GROUP BY state", (mail_id,))
        )
        state = "queued" if counts.get("waiting") else "sent" if counts.get("accepted") else "failed"
        ended = None if state == "queued" else moment(now)
        ledger.execute(
            "UPDATE mails SET state = ?, next_try_at = ?, ended_at = ?, problem = ? WHERE mail_id = ?",
            (state, moment(next_try), ended, problem, mail_id),
        )
        if state == "failed":
            ledger.execute("DELETE FROM told WHERE mail_id = ?", (mail_id,))
            ledger.execute("UPDATE mails SET occasion = NULL WHERE mail_id = ?", (mail_id,))
    return state


def postpone(
    ledger: sqlite3.Connection, mail_id: int, *, now: datetime, next_try: datetime, problem: str, give_up: bool
) -> str:
    """No connection: nobody was asked. The mail waits, or is given up for those who have not got it."""
    lost = Answer(Delivery.REFUSED if give_up else Delivery.WAITING, problem)
    with transaction(ledger):
        ledger.execute("UPDATE mails SET attempts = attempts + 1 WHERE mail_id = ?", (mail_id,))
    waiting = ledger.execute("SELECT address FROM mail_recipients WHERE mail_id = ? AND state = 'waiting'", (mail_id,))
    answers = {row["address"]: lost for row in waiting}
    return settle(ledger, mail_id, answers, now=now, next_try=next_try, problem=problem)


def attempts_of(ledger: sqlite3.Connection, mail_id: int) -> tuple[int, datetime]:
    """How often a mail was tried, and since when it waits."""
    row = ledger.execute("SELECT attempts, queued_at FROM mails WHERE mail_id = ?", (mail_id,)).fetchone()
    return row["attempts"], datetime.fromisoformat(row["queued_at"])


def forget_texts(ledger: sqlite3.Connection, now: datetime) -> None:
    """Drops the text of mails that were settled long ago; the notes of what was told stay."""
    ledger.execute("UPDATE mails SET content = x'' WHERE content <> x'' AND ended_at < ?", (moment(now - KEPT),))


def queued(ledger: sqlite3.Connection) -> tuple[MailLine, ...]:
    """What an operator should know: mails that wait, that failed, or that some recipient was refused."""
    rows = ledger.execute(
        "SELECT * FROM mails WHERE state <> 'sent' OR EXISTS"
        " (SELECT 1 FROM mail_recipients r WHERE r.mail_id = mails.mail_id AND r.state = 'refused')"
        " ORDER BY state IN ('queued', 'sending') DESC, mail_id DESC LIMIT 100"
    )
    return tuple(_line(ledger, row) for row in rows.fetchall())


def _line(ledger: sqlite3.Connection, row: sqlite3.Row) -> MailLine:
    refused = ledger.execute(
        "SELECT address, reply FROM mail_recipients WHERE mail_id = ? AND state = 'refused' ORDER BY address",
        (row["mail_id"],),
    )
    return MailLine(
        row["mail_id"],
        row["group_name"],
        row["kind"],
        row["subject"],
        row["state"],
        row["queued_at"],
        row["next_try_at"],
        row["attempts"],
        row["problem"],
        tuple(f"{one['address']}: {one['reply']}" for one in refused),
    )
