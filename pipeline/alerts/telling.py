"""What the service calls: after a run, once a week, and when nothing runs.

Without a mail server nothing is queued and nothing counts as told: the mails are written to files, so that whoever
sets up a server later starts with everything that nobody has been told yet.
"""

import smtplib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from extractors.errors import IngestError
from pipeline.alerts.delivery import Delivered, deliver
from pipeline.alerts.digest import MOST_SHOWN, digest_of, gather, news_for
from pipeline.alerts.due import weekly_of
from pipeline.alerts.lake import Lake, clean
from pipeline.alerts.message import Letter, compose, local
from pipeline.alerts.render import digest_html, digest_letter, notice_letter, weekly_letter
from pipeline.alerts.server import MailServer, password_of
from pipeline.ledger import mail as post
from pipeline.ledger.acks import acknowledged
from pipeline.ledger.database import Ledger, LedgerError, open_ledger
from pipeline.ledger.mail import Delivery, NewMail, WaitingMail
from pipeline.settings import Group, Settings
from pipeline.vocab.units import slug

LARGEST_HTML = 90_000  # bytes; Gmail cuts a mail at 102 kB
_TRIES = 3  # against another process that tells the same at the same moment
# What may go wrong with alerts without being a bug of ours.
FAULTS = (IngestError, OSError, smtplib.SMTPException)


@dataclass(frozen=True, slots=True)
class Sent:
    """What became of the alerts. `problems` is in words for a log; an empty one means that all went well."""

    queued: int = 0
    sent: int = 0
    waiting: int = 0
    failed: int = 0
    written: tuple[Path, ...] = ()
    problems: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Told:
    """A mail about to be queued, with the items it tells."""

    mail: NewMail
    letter: Letter
    items: tuple[str, ...] = ()


def after_run(settings: Settings, now: datetime, *, password: str | None = None) -> Sent:
    """Tells every group what is new since its last digest, and sends what is waiting.

    Never raises for what mail, ledger or tables may do: those faults are in `problems`.
    """
    return _tell(settings, now, digest_mail, password)


def weekly(settings: Settings, now: datetime, *, password: str | None = None) -> Sent:
    """Tells every group that wants it what is overdue and soon due; once in a calendar week however often called."""
    return _tell(settings, now, weekly_mail, password)


def resend(settings: Settings, now: datetime, *, password: str | None = None) -> Sent:
    """Sends what waits in the queue and whose time has come; makes no new mail."""
    return _tell(settings, now, None, password)


def send_plain(settings: Settings, subject: str, text: str, now: datetime, *, password: str | None = None) -> Sent:
    """Tells the operators something in plain words, through the queue; past it where the ledger cannot be used.

    Equal words of one hour are told once.
    """
    to = settings.mail.operators or tuple(
        dict.fromkeys(address for group in settings.groups if group.failures for address in group.to)
    )
    if not to:
        return Sent(problems=("Không có ai để báo: đặt mail.operators hoặc một nhóm có failures = true.",))
    letter = notice_letter(clean(subject), text)
    occasion = f"{local(now, settings):%Y-%m-%dT%H} {letter.subject}"
    mail = compose(letter, settings, group="operators", to=to, now=now, identity=(occasion, text), occasion=occasion)
    if not settings.mail.host:
        return _written_only(settings, [Told(mail, letter)])
    try:
        with open_ledger(settings.intake.state_folder) as ledger:
            queued = int(post.enqueue(ledger, mail, (), now))
        return _with_delivery(queued, deliver(settings, now, password))
    except LedgerError as fault:
        return _past_the_ledger(settings, mail, str(fault), password)
    except FAULTS as fault:
        return Sent(problems=(str(fault),))


def digest_mail(
    group: Group, lake: Lake, ledger: Ledger, settings: Settings, now: datetime, *, again: bool = False
) -> Told | None:
    """The digest of a group, None where nothing is new for it. Nothing is noted; `again` shows what was told too."""
    if not group.digest or not (news := news_for(group, lake, ledger, again=again)):
        return None
    today = local(now, settings).date()
    gathered = gather(group, news, lake)
    most = MOST_SHOWN
    while len(digest_html(digest_of(gathered, today, most)).encode()) > LARGEST_HTML and most > 1:
        most //= 2
    letter = digest_letter(digest_of(gathered, today, most))
    mail = compose(letter, settings, group=group.name, to=group.to, now=now, identity=news.item_ids)
    return Told(mail, letter, tuple(news.item_ids))


def weekly_mail(
    group: Group, lake: Lake, ledger: Ledger, settings: Settings, now: datetime, *, again: bool = False
) -> Told | None:
    """The week's deadlines of a group, None where nothing is due or the mail of this week exists."""
    today = local(now, settings).date()
    year, week, _ = today.isocalendar()
    occasion = f"{year}-W{week:02d}"
    if not group.weekly or (not again and post.has_occasion(ledger, group.name, occasion)):
        return None
    silent = frozenset(one.item_id for one in acknowledged(ledger))
    found = weekly_of(group, lake, today, silent)
    if not found:
        return None
    letter = weekly_letter(found, now)
    mail = compose(letter, settings, group=group.name, to=group.to, now=now, identity=(occasion,), occasion=occasion)
    return Told(mail, letter)


MakeMail = Callable[[Group, Lake, Ledger, Settings, datetime], Told | None]


def preview(settings: Settings, now: datetime, folder: Path, *, weekly: bool = False, again: bool = False) -> Sent:
    """Writes the mails that would go out now as HTML and .eml; nothing is queued and nothing counts as told.

    Without groups in the settings one that hears everything is shown.
    """
    groups = settings.groups or (Group(name="Xem thử", to=(settings.mail.sender,)),)
    lake = Lake(settings.intake)
    found = []
    with open_ledger(settings.intake.state_folder) as ledger:
        for group in groups:
            wanted = group.model_copy(update={"weekly": True} if weekly and not settings.groups else {})
            make = weekly_mail if weekly else digest_mail
            if told := make(wanted, lake, ledger, settings, now, again=again):
                found.append(told)
    return Sent(written=write_letters(found, folder))


def write_letters(found: Iterable[Told], folder: Path) -> tuple[Path, ...]:
    """Each mail as `<kind>-<group>.html` and `.eml`; a former one of the same name is replaced."""
    paths: list[Path] = []
    for told in found:
        folder.mkdir(parents=True, exist_ok=True)
        name = f"{told.mail.kind}-{slug(told.mail.group) or 'nhom'}"
        name += f"-{len(paths) // 2 + 1}" if folder / f"{name}.html" in paths else ""
        for suffix, content in ((".html", told.letter.html.encode()), (".eml", told.mail.content)):
            path = folder / (name + suffix)
            path.write_bytes(content)
            paths.append(path)
    return tuple(paths)


def _tell(settings: Settings, now: datetime, make: MakeMail | None, password: str | None) -> Sent:
    try:
        if not settings.mail.host:
            return _written_only(settings, _all_mails(settings, now, make)) if make else Sent()
        queued = _queue(settings, now, make) if make else 0
        return _with_delivery(queued, deliver(settings, now, password))
    except FAULTS as fault:
        return Sent(problems=(str(fault),))


def _all_mails(settings: Settings, now: datetime, make: MakeMail) -> list[Told]:
    lake = Lake(settings.intake)
    with open_ledger(settings.intake.state_folder) as ledger:
        made = (make(group, lake, ledger, settings, now) for group in settings.groups)
        return [told for told in made if told]


def _queue(settings: Settings, now: datetime, make: MakeMail) -> int:
    lake = Lake(settings.intake)
    with open_ledger(settings.intake.state_folder) as ledger:
        return sum(_queue_one(group, lake, ledger, settings, now, make) for group in settings.groups)


def _queue_one(group: Group, lake: Lake, ledger: Ledger, settings: Settings, now: datetime, make: MakeMail) -> bool:
    """Queues the mail of a group; made anew where another process has told part of it in the meantime."""
    for _ in range(_TRIES):
        told = make(group, lake, ledger, settings, now)
        if told is None:
            return False
        if post.enqueue(ledger, told.mail, told.items, now):
            return True
    return False


def _written_only(settings: Settings, found: Sequence[Told]) -> Sent:
    return Sent(written=write_letters(found, settings.intake.state_folder / "mail"))


def _with_delivery(queued: int, done: Delivered) -> Sent:
    return Sent(queued, done.sent, done.waiting, done.failed, problems=done.problems)


def _past_the_ledger(settings: Settings, mail: NewMail, fault: str, password: str | None) -> Sent:
    """The disk is full or the ledger is damaged: what the operators must hear of goes out all the same."""
    waiting = WaitingMail(0, mail.message_id, mail.sender, mail.recipients, mail.content, 1, datetime.min)
    try:
        with MailServer(settings.mail, password or password_of(settings.mail)) as server:
            answers, problem = server.hand_over(waiting)
    except FAULTS as trouble:
        return Sent(failed=1, problems=(fault, str(trouble)))
    taken = any(answer.state is Delivery.ACCEPTED for answer in answers.values())
    return Sent(sent=int(taken), failed=int(not taken), problems=tuple(one for one in (fault, problem) if one))
