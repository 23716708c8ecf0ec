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
_HOLE = re.compile(b"\x00+")  # what a disk or a copy lost
_UNREADABLE = 50  # characters of text for each that cannot be read; more dirt than that is no text
_READABLE = bytes(range(0x20, 0x7F)) + b"\t\r\n\x0c"
_LEAST_READABLE = 0.55  # plain letters, digits and spaces in Vietnamese cp1258 text are 7 of 10 bytes; in noise 4


def decode_text(data: bytes) -> str | None:
    """The characters of a text file, its byte order mark off; None where the bytes are no text.

    Forms: UTF-8 (also with single broken bytes), UTF-16 with or without mark, Windows-1258. What cannot be read
    (broken bytes, a stretch of zeros) becomes U+FFFD; control characters stay.
    """
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            text = data[len(mark) :].decode(encoding, errors="replace")
            return None if _is_binary(text) else _marked(text)
    if b"\x00" in data:
        wide = _unmarked_utf16(data)
        if wide is not None:
            return wide
        data = _HOLE.sub(b"\x00", data)
    readings = (read(data) for read in (_utf8, _cp1258))
    return next((_marked(text) for text in readings if text is not None and not _is_binary(text)), None)


def decode_page(data: bytes, declared: str | None = None) -> str:
    """The characters of what is known to be text, however much of it is broken; U+FFFD as in `decode_text`.

    Args:
        declared: the encoding that the file itself names; it counts where the bytes are no UTF-8.
    """
    if data.startswith(tuple(mark for mark, _ in _MARKS)):
        return decode_text(data) or data.decode("utf-16", "replace")
    if b"\x00" in data:
        wide = _unmarked_utf16(data)
        if wide is not None:
            return wide
        data = _HOLE.sub(b"\x00", data)
    try:
        return _marked(data.decode("utf-8"))
    except UnicodeDecodeError:
        named = _by_name(data, declared) if declared else None
    readings = (named, _utf8(data), decode_text(data), data.decode("cp1252", "replace"))
    return _marked(next(text for text in readings if text is not None))


def _by_name(data: bytes, name: str) -> str | None:
    """None where the name is unknown or is not that of single bytes: the bytes are no UTF-8, whatever they claim."""
    try:
        encoding = codecs.lookup(name).name
        return None if encoding.startswith("utf") else data.decode(encoding, "replace")
    except (LookupError, UnicodeError):
        return None


def _marked(text: str) -> str:
    return text.replace("\x00", "\ufffd")


def _is_binary(text: str) -> bool:
    return len(_BINARY.findall(text)) * _UNREADABLE > len(text)


def _utf8(data: bytes) -> str | None:
    text = data.decode("utf-8", errors="replace")
    broken = text.count("\ufffd")
    return text if broken == 0 or len(_MULTIBYTE.findall(text)) > 10 * broken else None


def _unmarked_utf16(data: bytes) -> str | None:
    """UTF-16 without its mark: Latin letters put a zero in every second byte."""
    for encoding, zeros in (("utf-16-le", data[1::2]), ("utf-16-be", data[0::2])):
        if 3 * zeros.count(0) > len(zeros):
            text = data.decode(encoding, errors="replace")
            if text.count("\ufffd") * _UNREADABLE <= len(text) and not _is_binary(text):
                return _marked(text)
    return None


def _cp1258(data: bytes) -> str | None:
    readable = len(data) - len(data.translate(None, delete=_READABLE))
    if readable < _LEAST_READABLE * len(data):
        return None
    text = data.decode("cp1258", errors="replace")
    return text if text.count("\ufffd") * _UNREADABLE <= len(text) else None
