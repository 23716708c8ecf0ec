"""Web pages wrapped as mail (MHTML, RFC 2557), which Word and browsers save as a single file."""

import email
import email.policy
import re
from email.message import EmailMessage

_HEADERS = re.compile(
    rb"\A\s*(?:[\w-]{1,40}:[^\n]*\n(?:[ \t][^\n]*\n)*){0,20}?(?:mime-version:|content-type:\s*multipart/related)",
    re.IGNORECASE,
)


def is_wrapped(head: bytes) -> bool:
    """Whether a file begins with the headers of a mail that may hold a page."""
    return bool(_HEADERS.match(head))


def page_in(data: bytes) -> bytes:
    """The first page of the mail; nothing where it has none."""
    message = email.message_from_bytes(data, policy=email.policy.default)
    for part in message.walk():
        if isinstance(part, EmailMessage) and part.get_content_type() == "text/html":
            content = part.get_payload(decode=True)
            return content if isinstance(content, bytes) else b""
    return b""
