"""Bytes of a plain text file -> characters, or the certainty that they are no text."""

import codecs
import re

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),  # before UTF-16: its mark begins with that of UTF-16
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_BINARY = re.compile("[\x00-\x08\x0e-\x19\x1c-\x1f]")  # \x1a closes files of old editors, \x1b is harmless
_MULTIBYTE = re.compile("[^\x00-\x7f\ufffd]")
_READABLE = bytes(range(0x20, 0x7F)) + b"\t\r\n\x0c"
_LEAST_READABLE = 0.55  # plain letters, digits and spaces in Vietnamese cp1258 text are 7 of 10 bytes; in noise 4


def decode_text(data: bytes) -> str | None:
    """The characters of a text file, its byte order mark off; None where the bytes are no text.

    Forms: UTF-8 (also with single broken bytes, which become U+FFFD), UTF-16 with or without mark, Windows-1258.
    """
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            text = data[len(mark) :].decode(encoding, errors="replace")
            return None if _is_binary(text) else text
    if b"\x00" in data:
        return _unmarked_utf16(data)
    readings = (read(data) for read in (_utf8, _cp1258))
    return next((text for text in readings if text is not None and not _is_binary(text)), None)


def _is_binary(text: str) -> bool:
    """A stray control character in a thousand is dirt from a scan or a terminal, more is no text."""
    return len(_BINARY.findall(text)) * 1000 > len(text)


def _utf8(data: bytes) -> str | None:
    text = data.decode("utf-8", errors="replace")
    broken = text.count("\ufffd")
    return text if broken == 0 or len(_MULTIBYTE.findall(text)) > 10 * broken else None


def _unmarked_utf16(data: bytes) -> str | None:
    """UTF-16 without its mark: Latin letters put a zero in every second byte."""
    if len(data) % 2:
        return None
    for encoding, zeros in (("utf-16-le", data[1::2]), ("utf-16-be", data[0::2])):
        if 3 * zeros.count(0) > len(zeros):
            text = data.decode(encoding, errors="replace")
            if "\ufffd" not in text and not _is_binary(text):
                return text
    return None


def _cp1258(data: bytes) -> str | None:
    readable = len(data) - len(data.translate(None, delete=_READABLE))
    if readable < _LEAST_READABLE * len(data):
        return None
    try:
        return data.decode("cp1258")
    except UnicodeDecodeError:
        return None
