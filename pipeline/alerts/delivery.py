"""From the queue to the server: each mail once, again after a pause where it did not work.

A mail is noted as `sending` before it is handed over and settled after the server has answered. A process that dies in
between leaves it `sending`; the next delivery sends it again with the same Message-ID. So a mail is never lost, and it
comes twice only where SMTP itself cannot tell (RFC 1047): the server took the text, but its answer was not recorded,
because the connection broke before the answer arrived or the process died after it. Both copies carry one Message-ID.
"""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta

from pipeline.alerts.server import MailServer, MailServerError, password_of
from pipeline.ledger import mail as post
from pipeline.ledger.database import Ledger, open_ledger
from pipeline.settings import Settings
from pipeline.store.lock import StoreLockedError, writer_lock

PAUSES = (timedelta(minutes=5), timedelta(minutes=15), timedelta(hours=1), timedelta(hours=4))
# Then every four hours; a mail server is given up after five days (RFC 5321, 4.5.4.1: at least 4 to 5).
GIVEN_UP_AFTER = timedelta(days=5)


@dataclass(frozen=True, slots=True)
class Delivered:
    """What one delivery did."""

    sent: int = 0
    waiting: int = 0
    failed: int = 0
    problems: tuple[str, ...] = ()


def deliver(settings: Settings, now: datetime, password: str | None = None) -> Delivered:
    """Sends what is due. Another process that is delivering is left alone; nothing queued opens no connection.

    Args:
        password: as the service has read it; without it the environment is asked.
    """
    state = settings.intake.state_folder
    with open_ledger(state) as ledger:
        try:
            with writer_lock(state / "mail.lock"):
                post.forget_texts(ledger, now)
                due = post.due_mails(ledger, now)
                return _deliver(ledger, due, settings, now, password) if due else Delivered()
        except StoreLockedError as held:
            return Delivered(problems=(f"Một tiến trình khác đang gửi thư ({held.holder}).",))


def _deliver(
    ledger: Ledger, due: tuple[int, ...], settings: Settings, now: datetime, password: str | None
) -> Delivered:
    waiting = list(due)
    states: Counter[str] = Counter()
    problems: list[str] = []
    try:
        secret = password or password_of(settings.mail)
        while waiting:
            with MailServer(settings.mail, secret) as server:
                while waiting and server.is_open:
                    mail_id = waiting.pop(0)
                    state, problem = _hand_over(ledger, server, mail_id, now)
                    states[state] += 1
                    problems += [problem] if problem else []
    except MailServerError as fault:
        problems.append(str(fault))
        for mail_id in waiting:
            states[_postponed(ledger, mail_id, str(fault), now)] += 1
    return Delivered(states["sent"], states["queued"], states["failed"], tuple(dict.fromkeys(problems)))


def _hand_over(ledger: Ledger, server: MailServer, mail_id: int, now: datetime) -> tuple[str, str]:
    mail = post.begin(ledger, mail_id)
    answers, problem = server.hand_over(mail)
    if now - mail.queued_at >= GIVEN_UP_AFTER:
        answers = {to: _final(answer) for to, answer in answers.items()}
    next_try = now + pause(mail.attempts)
    return post.settle(ledger, mail_id, answers, now=now, next_try=next_try, problem=problem), problem


def _final(answer: post.Answer) -> post.Answer:
    waiting = answer.state is post.Delivery.WAITING
    return post.Answer(post.Delivery.REFUSED, answer.reply) if waiting else answer


def _postponed(ledger: Ledger, mail_id: int, problem: str, now: datetime) -> str:
    attempts, queued_at = post.attempts_of(ledger, mail_id)
    return post.postpone(
        ledger,
        mail_id,
        now=now,
        next_try=now + pause(attempts + 1),
        problem=problem,
        give_up=now - queued_at >= GIVEN_UP_AFTER,
    )


def pause(attempts: int) -> timedelta:
    """How long to wait after so many attempts."""
    return PAUSES[min(attempts, len(PAUSES)) - 1]
