"""Talking to the mail server: SMTP with STARTTLS or TLS, with a login or none, and what its answers mean."""

import base64
import os
import smtplib
import ssl
from collections.abc import Iterable, Mapping

from extractors.errors import SurroundingsError
from extractors.refusals import refused
from pipeline.alerts.lake import clean, shortened
from pipeline.ledger.mail import Answer, Delivery, WaitingMail
from pipeline.settings import Mail

_SECONDS = 60.0  # that a server may take for one answer
_LOST = "mất kết nối, không rõ máy chủ đã nhận thư hay chưa"


class MailServerError(SurroundingsError):
    """The server cannot be reached, does not prove who it is, or refuses the login. The text holds no secret."""


def password_of(mail: Mail) -> str | None:
    """The password from the environment, None where no login is set.

    Raises:
        MailServerError: the variable is not set, or the secret is one that only the service can read.
    """
    if not mail.user:
        return None
    kind, _, name = mail.credential.partition(":")
    if kind != "env":
        raise MailServerError(
            f"Không có mật khẩu {mail.credential!r}: Prefect chưa có khối Secret này, hoặc đang chạy ngoài dịch vụ."
            f" / No password {mail.credential!r}: Prefect has no such Secret block, or this is not the service."
        )
    if not (password := os.environ.get(name)):
        raise MailServerError(
            f"Chưa đặt biến môi trường {name} (mật khẩu thư). / The environment variable {name} (password) is not set."
        )
    return password


class MailServer:
    """One connection, opened by `with`; `hand_over` sends a mail over it and says what became of each recipient."""

    def __init__(self, mail: Mail, password: str | None) -> None:
        self._mail = mail
        self._password = password
        self._line: smtplib.SMTP | None = None

    def __enter__(self) -> "MailServer":
        try:
            self._line = self._connect()
        except (OSError, smtplib.SMTPException) as fault:  # ssl.SSLError is an OSError
            raise MailServerError(self._told(fault)) from None  # the cause may quote the login
        return self

    def __exit__(self, *_: object) -> None:
        if self._line is not None:
            try:
                self._line.quit()
            except (OSError, smtplib.SMTPException):
                self._line.close()

    @property
    def is_open(self) -> bool:
        """Whether another mail can go over this connection."""
        return self._line is not None and self._line.sock is not None

    def hand_over(self, mail: WaitingMail) -> tuple[dict[str, Answer], str]:
        """Sends one mail; gives the answer for each recipient, and the trouble in words ("" if none)."""
        assert self._line is not None
        try:
            refused = self._line.sendmail(mail.sender, mail.recipients, mail.content)
        except smtplib.SMTPRecipientsRefused as refusal:
            answers = self._refusals(refusal.recipients)
            kept = {one: Answer(Delivery.WAITING) for one in mail.recipients if one not in answers}
            return answers | kept, self._worst(answers.values())
        except smtplib.SMTPResponseException as refusal:  # the sender, or the whole text
            answer = self._answer(refusal.smtp_code, refusal.smtp_error)
            return dict.fromkeys(mail.recipients, answer), answer.reply
        except (OSError, smtplib.SMTPException) as fault:
            self._line.close()
            told = f"{_LOST} ({self._scrubbed(str(fault) or type(fault).__name__)})"
            return dict.fromkeys(mail.recipients, Answer(Delivery.WAITING, told)), told
        refusals = self._refusals(refused)
        taken = {one: Answer(Delivery.ACCEPTED) for one in mail.recipients if one not in refusals}
        return taken | refusals, self._worst(refusals.values())

    def _connect(self) -> smtplib.SMTP:
        mail = self._mail
        assert mail.host is not None
        trusted = ssl.create_default_context(cafile=str(mail.ca_file) if mail.ca_file else None)
        line: smtplib.SMTP
        if mail.security == "tls":
            line = smtplib.SMTP_SSL(mail.host, mail.port, timeout=_SECONDS, context=trusted)
        else:
            line = smtplib.SMTP(mail.host, mail.port, timeout=_SECONDS)
        try:
            if mail.security == "starttls":
                line.starttls(context=trusted)
            line.ehlo_or_helo_if_needed()
            if mail.user:
                _log_in(line, mail.user, self._password or "")
        except (OSError, smtplib.SMTPException):
            line.close()
            raise
        return line

    def _refusals(self, refused: Mapping[str, tuple[int, bytes]]) -> dict[str, Answer]:
        return {address: self._answer(code, words) for address, (code, words) in refused.items()}

    def _answer(self, code: int, words: bytes | str) -> Answer:
        """5xx is for good, everything else for now (RFC 5321, 4.2.1)."""
        text = words.decode("utf-8", "replace") if isinstance(words, bytes) else words
        return Answer(Delivery.REFUSED if 500 <= code <= 599 else Delivery.WAITING, self._scrubbed(f"{code} {text}"))

    def _worst(self, answers: Iterable[Answer]) -> str:
        return next((answer.reply for answer in answers), "")

    def _told(self, fault: Exception) -> str:
        where = f"{self._mail.host}:{self._mail.port}"
        if isinstance(fault, smtplib.SMTPResponseException):
            said = fault.smtp_error
            words = f"{fault.smtp_code} {said.decode('utf-8', 'replace') if isinstance(said, bytes) else said}"
        else:
            words = str(fault) or type(fault).__name__
        words = why = self._scrubbed(words)
        if isinstance(fault, smtplib.SMTPAuthenticationError):
            why = f"tên hoặc mật khẩu không được chấp nhận ({words})"
        elif isinstance(fault, ssl.SSLCertVerificationError):
            why = f"chứng thư của máy chủ không được tin cậy ({words}); chứng thư nội bộ thì đặt mail.ca_file"
        elif isinstance(fault, OSError) and not isinstance(fault, ssl.SSLError | smtplib.SMTPException):
            why = refused(fault)  # those two number their faults in their own way
        return f"Máy chủ thư {where} không nhận: {why}. / The mail server {where} refuses: {words}."

    def _scrubbed(self, words: str) -> str:
        """What a server said, on one line and without the password, should it repeat it."""
        for secret in _spellings(self._mail.user or "", self._password or ""):
            words = words.replace(secret, "***")
        return shortened(clean(words), 300)


def _log_in(line: smtplib.SMTP, user: str, password: str) -> None:
    """Any login that the server offers; one with other than ASCII letters as PLAIN, in UTF-8 (RFC 4616), which
    smtplib cannot."""
    if f"{user}{password}".isascii():
        line.login(user, password)
        return
    code, words = line.docmd("AUTH", "PLAIN " + _spellings(user, password)[0])
    if code != 235:
        raise smtplib.SMTPAuthenticationError(code, words)


def _spellings(user: str, password: str) -> tuple[str, ...]:
    """The password as it travels: plain, and in the base64 of AUTH PLAIN and AUTH LOGIN."""
    if not password:
        return ()
    coded = (base64.b64encode(text.encode()).decode() for text in (f"\0{user}\0{password}", password))
    return (*coded, password)
