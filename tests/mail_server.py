"""A real mail server for tests: SMTP over TCP with STARTTLS and a login, whose faults can be arranged."""

import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import trustme
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, LoginPassword

from tests.machine import free_port

USER, PASSWORD = "kehoach", "bí mật & dài"
Act = Callable[[], None]


@dataclass
class Mailbox:
    """What arrived, and what the server is to do wrong. Stages: EHLO, AUTH, MAIL, RCPT, DATA, TAKEN."""

    received: list[tuple[str, bytes]] = field(default_factory=list)  # recipient and content, as often as it came
    refused: dict[str, str] = field(default_factory=dict)  # recipient -> answer
    answer: str = "250 OK"  # to the text
    cut_in_data: int = 0  # so many connections break while the text is under way
    cut_after_data: int = 0  # so many break after the text was taken, before the answer
    at: dict[str, Act] = field(default_factory=dict)  # what happens when a stage is reached
    connections: int = 0

    def mails(self, recipient: str | None = None) -> list[EmailMessage]:
        """The mails as a reader's program sees them."""
        wanted = [content for to, content in self.received if recipient in (None, to)]
        return [message_from_bytes(content, _class=EmailMessage, policy=policy.default) for content in wanted]

    def reach(self, stage: str) -> None:
        if act := self.at.get(stage):
            act()

    async def handle_EHLO(self, server: Any, session: Any, envelope: Any, hostname: str, responses: list[str]) -> Any:
        self.connections += 1
        session.host_name = hostname
        self.reach("EHLO")
        return responses

    async def handle_MAIL(self, server: Any, session: Any, envelope: Any, address: str, options: Any) -> str:
        self.reach("MAIL")
        envelope.mail_from = address
        return "250 OK"

    async def handle_RCPT(self, server: Any, session: Any, envelope: Any, address: str, options: Any) -> str:
        self.reach("RCPT")
        if answer := self.refused.get(address):
            return answer
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        if self.answer.startswith("2"):
            self.received += [(to, envelope.original_content) for to in envelope.rcpt_tos]
        self.reach("TAKEN")
        if self.cut_after_data:
            self.cut_after_data -= 1
            server.transport.abort()
        return self.answer

    def authenticate(self, _server: Any, _session: Any, _envelope: Any, mechanism: str, data: Any) -> AuthResult:
        self.reach("AUTH")
        assert isinstance(data, LoginPassword)
        right = (data.login, data.password) == (USER.encode(), PASSWORD.encode())
        return AuthResult(success=right, handled=False)


class _Breaking(SMTP):
    """Says that the text may come, and hangs up before all of it is there."""

    async def smtp_DATA(self, arg: str | None) -> None:
        box = self.event_handler
        box.reach("DATA")
        if box.cut_in_data:
            box.cut_in_data -= 1
            await self.push("354 go on")
            await self._reader.readexactly(200)
            self.transport.abort()
            return
        await super().smtp_DATA(arg)


class _Server(Controller):
    def factory(self) -> SMTP:
        return _Breaking(self.handler, **self.SMTP_kwargs)


@dataclass(frozen=True)
class Running:
    """A server that listens."""

    host: str
    port: int
    box: Mailbox
    ca_file: Path


@contextmanager
def mail_server(folder: Path, box: Mailbox | None = None, *, tls: bool = True, port: int = 0) -> Iterator[Running]:
    """Listens on a free port of this machine until the block ends. With `tls` nobody gets in unencrypted."""
    box = box or Mailbox()
    folder.mkdir(parents=True, exist_ok=True)
    authority = trustme.CA()
    authority.cert_pem.write_to_path(folder / "ca.pem")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("localhost").configure_cert(context)
    secured: dict[str, Any] = {"tls_context": context, "require_starttls": True, "auth_required": True} if tls else {}
    server = _Server(
        box, "localhost", port or free_port(), authenticator=box.authenticate, ready_timeout=120, **secured
    )
    server.start()
    try:
        yield Running("localhost", server.port, box, folder / "ca.pem")
    finally:
        server.stop(no_assert=True)
