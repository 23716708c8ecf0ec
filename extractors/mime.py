"""Web pages wrapped as mail (MHTML, RFC 2557), which Word and browsers save as a single file."""

import email
import email.policy
import re
from contextlib import suppress
from dataclasses import dataclass
from email.errors import HeaderParseError
from email.header import decode_header, make_header
from email.message import Message

_HEADERS = re.compile(
    rb"\A\s*(?:[\w-]{1,40}:[^\n]*\n(?:[ \t][^\n]*\n)*){0,20}?(?:mime-version:|content-type:\s*multipart/related)",
    re.IGNORECASE,
)
_PAGE = "text/html"


@dataclass(frozen=True, slots=True)
class Wrapped:
    """The first page of a mail, empty where it has none; what else came with it; whether the wrapping is damaged."""

    page: bytes
    attachments: tuple[str, ...]
    damaged: bool


def is_wrapped(head: bytes) -> bool:
    """Whether a file begins with the headers of a mail that may hold a page."""
    return bool(_HEADERS.match(head))


def unwrap(data: bytes) -> Wrapped:
    """The page in the mail. What the page itself shows (pictures, style sheets) is no attachment.

    Raises:
        ValueError: parts nest too deep to be followed.
    """
    try:
        # The old policy: the new one parses each header by recursion.
        parts = list(email.message_from_bytes(data, policy=email.policy.compat32).walk())
    except RecursionError:
        raise ValueError("nests too deep") from None
    pages = [part for part in parts if part.get_content_type() == _PAGE and not _is_attached(part)]
    content = pages[0].get_payload(decode=True) if pages else b""
    defects = [defect for part in (*parts[:1], *pages[:1]) for defect in part.defects]
    return Wrapped(
        content if isinstance(content, bytes) else b"",
        tuple(_name(part) for part in parts if _is_attached(part)),
        bool(defects),
    )


def _is_attached(part: Message) -> bool:
    return str(part.get("Content-Disposition", "")).strip().lower().startswith("attachment")


def _name(part: Message) -> str:
    """The name of an attachment for people, "?" where it cannot be read."""
    written = part.get_filename("?")
    with suppress(HeaderParseError, LookupError, ValueError):
        return str(make_header(decode_header(written)))
    return written
