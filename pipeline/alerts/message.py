"""A mail as it goes over the wire: HTML and plain text, UTF-8 subject, attachments, headers that programs know.

Lines are ASCII and short (RFC 5321, 4.5.3.1.6), so any server takes them; `Auto-Submitted` keeps absence notes away
(RFC 3834), `List-Id` lets a reader file the mails of a group (RFC 2919).
"""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from email import policy
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import parseaddr
from zoneinfo import ZoneInfo

from pipeline.alerts.lake import clean
from pipeline.ledger.mail import NewMail
from pipeline.settings import Settings
from pipeline.vocab.units import slug

_WIRE = policy.SMTP.clone(cte_type="7bit", max_line_length=76)


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file that goes with a mail; `media_type` like "text/calendar"."""

    name: str
    media_type: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Letter:
    """What a mail says, before it has sender and recipients."""

    kind: str  # digest | weekly | notice
    subject: str
    text: str
    html: str
    attachments: tuple[Attachment, ...] = ()


def local(now: datetime, settings: Settings) -> datetime:
    """The moment by the clock of the office."""
    return now.astimezone(ZoneInfo(settings.schedule.timezone))


def compose(
    letter: Letter,
    settings: Settings,
    *,
    group: str,
    to: Sequence[str],
    now: datetime,
    identity: Iterable[str] = (),
    occasion: str | None = None,
) -> NewMail:
    """The mail, ready to be queued. Its Message-ID follows from what it tells, so that a second try is the same mail.

    Args:
        identity: what makes this mail another one than the last (the ids of what it tells).
        occasion: what happens once only for a group.
    """
    sender, recipients = _addresses((settings.mail.sender,))[0], _addresses(to)
    message_id = _message_id(letter.kind, group, now, identity, sender.domain)
    mail = EmailMessage(policy=_WIRE)
    mail["From"] = sender
    mail["To"] = recipients
    mail["Subject"] = clean(letter.subject)
    mail["Date"] = local(now, settings)
    mail["Message-ID"] = message_id
    mail["Auto-Submitted"] = "auto-generated"
    mail["X-Auto-Response-Suppress"] = "All"  # Exchange knows only this
    mail["List-Id"] = f"<{letter.kind}.{slug(group) or 'group'}.kehoach.{sender.domain}>"
    mail["Content-Language"] = "vi"
    mail.set_content(letter.text, cte="base64")
    mail.add_alternative(letter.html, subtype="html", cte="base64")
    for attachment in letter.attachments:
        _attach(mail, attachment)
    return NewMail(
        group,
        letter.kind,
        message_id,
        clean(letter.subject),
        sender.addr_spec,
        tuple(one.addr_spec for one in recipients),
        mail.as_bytes(),
        occasion,
    )


def _addresses(written: Sequence[str]) -> tuple[Address, ...]:
    parts = (parseaddr(one) for one in written)
    return tuple(Address(display_name=name, addr_spec=address) for name, address in parts)


def _message_id(kind: str, group: str, now: datetime, identity: Iterable[str], domain: str) -> str:
    digest = hashlib.sha256("\x1f".join((kind, group, now.isoformat(), *sorted(identity))).encode())
    return f"<{kind}.{digest.hexdigest()[:32]}@{domain}>"


def _attach(mail: EmailMessage, attachment: Attachment) -> None:
    maintype, _, subtype = attachment.media_type.partition("/")
    if maintype == "text":
        text = attachment.content.decode("utf-8")
        mail.add_attachment(text, subtype=subtype, charset="utf-8", cte="base64", filename=attachment.name)
    else:
        mail.add_attachment(attachment.content, maintype=maintype, subtype=subtype, filename=attachment.name)
