"""The element tree of a web page, whatever wraps its bytes: encodings, byte order marks, MHTML."""

import codecs
import re
from dataclasses import dataclass

from lxml import etree

from extractors.docx_package import Element
from extractors.encoding import decode_text
from extractors.errors import Reason, SourceError
from extractors.mime import is_wrapped, page_in

MAX_BYTES = 40_000_000
_CHARSET = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([\w:.-]{2,40})", re.IGNORECASE)
_DECLARATION = re.compile(r"\A\s*<\?xml[^>]*\?>")
_HEAD = 8192


@dataclass(frozen=True, slots=True)
class Page:
    """A page's elements; `cut_off` where its last tags are missing."""

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
    text = _decoded(page_in(data) if is_wrapped(data[:_HEAD]) else data)
    text = _DECLARATION.sub("", text, count=1).replace("\x00", "")
    parser = etree.HTMLParser(
        encoding="utf-8", no_network=True, remove_comments=True, remove_pis=True, huge_tree=True, collect_ids=False
    )  # huge: the parser stops where elements nest 2048 deep, otherwise at 256
    root = etree.fromstring(text.encode("utf-8", "replace"), parser) if text.strip() else None
    if any("depth" in entry.message for entry in parser.error_log):
        message = "Trang web lồng nhau quá sâu nên không đọc hết được / the web page nests too deep to be read whole"
        raise SourceError(Reason.DAMAGED, message)
    if root is None:
        raise SourceError(Reason.NO_TEXT, "Trang web không có chữ nào / the web page holds no text")
    return Page(root, _is_cut_off(text))


def _is_cut_off(text: str) -> bool:
    """Saved pages and exported tables close what they open; one that does not has lost its end on the way."""
    opened, closed = (len(re.findall(rf"<{slash}(?:html|table)\b", text, re.IGNORECASE)) for slash in ("", "/"))
    return opened > closed


def _decoded(data: bytes) -> str:
    """Characters by byte order mark, then UTF-8 where the bytes are that, then by what the page declares."""
    if data.startswith((codecs.BOM_UTF8, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) or b"\x00" in data[:_HEAD]:
        return decode_text(data) or ""
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        pass
    found = _CHARSET.search(data[:_HEAD])
    text = _by_name(data, found[1].decode("ascii", "replace")) if found else None
    return text or decode_text(data) or data.decode("cp1252", "replace")


def _by_name(data: bytes, name: str) -> str | None:
    """None where the name is unknown or is not that of single bytes: the bytes are no UTF-8, whatever they claim."""
    try:
        encoding = codecs.lookup(name).name
        return None if encoding.startswith("utf") else data.decode(encoding, "replace")
    except (LookupError, UnicodeError):
        return None
