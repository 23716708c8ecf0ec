"""What the first bytes of an old office file say about whether it can be opened at all."""

import io
import re
import struct
import zipfile
import zlib
from collections import deque
from collections.abc import Iterator

_HEADER = 512
_SECTOR = 64  # the smallest, of short streams
_FIB = b"\xec\xa5"  # MS-DOC 2.5.2: wIdent of the FIB, with which the WordDocument stream begins
_FIB_ENCRYPTED = 0x0100
_BOF = (b"\x09\x08\x10\x00\x00\x06\x05\x00", b"\x09\x08\x08\x00\x00\x05\x05\x00")  # MS-XLS 2.4.21, BIFF8 and BIFF5
_FILE_PASS = 0x002F  # MS-XLS 2.4.117; stands among the first records
_RTF_BRACE = re.compile(rb"\\[\\{}]|[{}]")
_DEEPEST = 1000  # groups in groups; Word writes a dozen
_RTF_BINARY = b"\\bin"  # raw bytes follow
_ENCRYPTED_ENTRY = re.compile(rb"<[\w:]*encryption-data\b")


def is_encrypted(data: bytes, name: str) -> bool:
    """Whether a file of this kind (doc, xls, odt, ods ...) asks for a password."""
    if name == "doc":
        return _doc_encrypted(data)
    if name == "xls":
        return _xls_encrypted(data)
    return name in ("odt", "ods") and _odf_encrypted(data)


def is_cut_off(data: bytes, name: str) -> bool:
    """Whether the end is missing where LibreOffice would read the rest without a word.

    The braces of RTF close what they open, the last one ends the file; XML ends with a tag. Editors put nothing but
    white space and zeros behind it.
    """
    whole = data.rstrip(b"\x00\x1a\t\n\r ")
    if name == "rtf":
        return not whole.endswith(b"}") or (_RTF_BINARY not in data and not _is_balanced(whole))
    return name in ("wordml", "spreadsheetml") and not whole.endswith(b">")


def nests_too_deep(data: bytes, name: str) -> bool:
    """Whether groups of RTF stand in each other so deep that LibreOffice, which follows them one by one, hangs."""
    return name == "rtf" and max(_depths(data), default=0) > _DEEPEST


def _is_balanced(rtf: bytes) -> bool:
    return not any(deque(_depths(rtf), maxlen=1))


def _depths(rtf: bytes) -> Iterator[int]:
    """How deep the text stands behind each brace."""
    depth = 0
    for brace in _RTF_BRACE.findall(rtf):
        if len(brace) == 1:  # no escaped one
            depth += 1 if brace == b"{" else -1
            yield depth


def declares_entities(data: bytes, name: str) -> bool:
    """Whether an XML file has a document type declaration: no office program writes one, bombs need it."""
    return name in ("wordml", "spreadsheetml") and b"<!DOCTYPE" in data.replace(b"\x00", b"")


def _doc_encrypted(data: bytes) -> bool:
    for at in range(_HEADER, len(data) - 12, _SECTOR):
        if data.startswith(_FIB, at):
            flags: int = struct.unpack_from("<H", data, at + 0x0A)[0]
            return bool(flags & _FIB_ENCRYPTED)
    return False


def _xls_encrypted(data: bytes) -> bool:
    for at in range(_HEADER, len(data) - 64, _SECTOR):
        if data.startswith(_BOF, at):
            for _ in range(4):
                kind, length = struct.unpack_from("<HH", data, at)
                if kind == _FILE_PASS:
                    return True
                at += 4 + length
                if at + 4 > len(data):
                    break
    return False


def _odf_encrypted(data: bytes) -> bool:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive, archive.open("META-INF/manifest.xml") as manifest:
            return bool(_ENCRYPTED_ENTRY.search(manifest.read(1_000_000)))
    except (KeyError, ValueError, EOFError, OSError, RuntimeError, zipfile.BadZipFile, zlib.error):
        return False
