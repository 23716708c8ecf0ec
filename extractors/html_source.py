"""The element tree of a web page, whatever wraps its bytes: encodings, byte order marks, MHTML."""

import re
from dataclasses import dataclass

from lxml import etree

from extractors.docx_xml import Element
from extractors.encoding import decode_page
from extractors.errors import Reason, SourceError
from extractors.mime import Wrapped, is_wrapped, unwrap

MAX_BYTES = 40_000_000
_CHARSET = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([\w:.-]{2,40})", re.IGNORECASE)
_DECLARATION = re.compile(r"\A\s*<\?xml[^>]*\?>")
_HEAD = 8192
_NAMED, _NAME_LENGTH = 5, 80


@dataclass(frozen=True, slots=True)
class Page:
    """A page's elements; `cut_off` where its last tags are missing, or its wrapping is damaged."""

    root: Element
    cut_off: bool = False


def parse_page(data: bytes) -> Page:
    """The page as a tree. Nothing is fetched, no script runs; entities are those of HTML.

    Raises:
        SourceError: too large, or no page at all.
    """
    if len(data) > MAX_BYTES:
        size = len(data) >> 20
        message = f"Trang web quá lớn ({size} MB) nên không đọc / the web page is too large ({size} MB) and is not read"
        raise SourceError(Reason.TOO_LARGE, message)
    wrapped = _unwrapped(data) if is_wrapped(data[:_HEAD]) else Wrapped(data, (), damaged=False)
    found = _CHARSET.search(wrapped.page[:_HEAD])
    text = _DECLARATION.sub("", decode_page(wrapped.page, found[1].decode("ascii") if found else None), count=1)
    parser = etree.HTMLParser(
        encoding="utf-8", no_network=True, remove_comments=True, remove_pis=True, huge_tree=True, collect_ids=False
    )  # huge: the parser stops where elements nest 2048 deep, otherwise at 256
    root = etree.fromstring(text.encode("utf-8", "replace"), parser) if text.strip() else None
    if any("depth" in entry.message for entry in parser.error_log):
        raise _too_deep()
    if root is None:
        raise SourceError(Reason.NO_TEXT, "Trang web không có chữ nào / the web page holds no text")
    return Page(root, wrapped.damaged or _is_cut_off(text))


def _too_deep() -> SourceError:
    message = "Trang web lồng nhau quá sâu nên không đọc hết được / the web page nests too deep to be read whole"
    return SourceError(Reason.DAMAGED, message)


def _unwrapped(data: bytes) -> Wrapped:
    try:
        wrapped = unwrap(data)
    except ValueError as error:
        raise _too_deep() from error
    if not wrapped.page.strip() and not wrapped.attachments:
        message = (
            "Tệp .mht hoặc thư không có trang web nào, có thể đã hỏng / no web page in the mail, it may be damaged"
        )
        raise SourceError(Reason.DAMAGED, message)
    if wrapped.attachments:
        names = ", ".join(_printable(name) for name in wrapped.attachments[:_NAMED])
        message = f"Thư điện tử có tệp đính kèm; hãy lưu các tệp đính kèm ra và đưa vào riêng: {names}"
        english = f"a mail with attachments; save them and give them by themselves: {names}"
        raise SourceError(Reason.UNSUPPORTED_FORMAT, f"{message} / {english}")
    return wrapped


def _printable(name: str) -> str:
    return "".join(c if c.isprintable() else " " for c in name)[:_NAME_LENGTH]


def _is_cut_off(text: str) -> bool:
    """Saved pages and exported tables close what they open; one that does not has lost its end on the way."""
    opened, closed = (len(re.findall(rf"<{slash}(?:html|table)\b", text, re.IGNORECASE)) for slash in ("", "/"))
    return opened > closed
