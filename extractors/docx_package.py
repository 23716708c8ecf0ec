"""The parts of a Word package (Office Open XML, ECMA-376), found by their relations.

A relation that leads nowhere ("word/NULL", a missing picture) is of no concern, because only the parts that hold text
are asked for. Part names are those of the zip's members with a slash in front, as relations write them.
"""

import io
import posixpath
import struct
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from functools import lru_cache
from typing import NamedTuple

from lxml import etree

from extractors.document import Notice
from extractors.docx_fold import Properties
from extractors.docx_xml import Element, parse_xml
from extractors.errors import Reason, SourceError

# A plan of 500 pages has about 20 MB of document.xml; a bomb is a thousand times denser than text.
MAX_UNPACKED = 300_000_000
MAX_PART = 100_000_000
MAX_RATIO = 400
_RATIO_FROM = 10_000_000
_KEPT_STYLES = 1_000_000  # bytes
_DENSEST = 1032  # bytes that deflate can make of one
_AT_ONCE = 100_000_000  # bytes
_LOCAL_HEADER = struct.Struct("<4s22xHH")  # of a member: signature, lengths of its name and of what follows

_DAMAGED = "Tệp Word bị hỏng, không mở được / the Word file is damaged and cannot be opened"
UNREADABLE_PART = (KeyError, ValueError, EOFError, zipfile.BadZipFile, zlib.error, etree.XMLSyntaxError)
_CONVENTIONAL = "/word/document.xml"
_PACKAGE = "/"
_KINDS = frozenset({"officeDocument", "styles", "numbering", "footnotes", "endnotes", "header"})  # of relations


@dataclass(frozen=True, slots=True, eq=False)
class Part:
    """A part of which little is read, if anything; one object for files that share it."""

    name: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Package:
    """What a reader of the text needs: roots of parts, or their bytes; None where there is no such part."""

    document: Element
    properties: Properties  # that were cut out of the parts with text
    styles: Part | None = None
    numbering: Part | None = None
    footnotes: Element | None = None
    endnotes: Element | None = None
    headers: Mapping[str, Element] = field(default_factory=dict)  # by relation id
    notices: tuple[Notice, ...] = ()

    @property
    def texts(self) -> tuple[Element, ...]:
        """The parts that hold text."""
        parts = (self.document, self.footnotes, self.endnotes, *self.headers.values())
        return tuple(part for part in parts if part is not None)


def check_size(archive: zipfile.ZipFile) -> None:
    """Refuses a zip bomb before anything is unpacked; zipfile never unpacks more than the directory declares."""
    unpacked = sum(entry.file_size for entry in archive.infolist())
    packed = sum(entry.compress_size for entry in archive.infolist())
    if unpacked > MAX_UNPACKED or (unpacked > _RATIO_FROM and unpacked > MAX_RATIO * max(packed, 1)):
        raise SourceError(
            Reason.TOO_LARGE,
            f"Tệp nén bung ra quá lớn ({unpacked // 1_000_000} MB) nên không mở"
            f" / the packed file would unpack to {unpacked // 1_000_000} MB and is not opened",
        )


def open_package(data: bytes, archive: zipfile.ZipFile | None = None) -> Package:
    """Opens a Word file; `archive` is the same opened as a zip, where that has been done.

    Raises:
        SourceError: damaged, encrypted or too large.
    """
    try:
        archive = archive or zipfile.ZipFile(io.BytesIO(data))
        check_size(archive)
        return _read_parts(archive, data)
    except (*UNREADABLE_PART, OSError, NotImplementedError) as error:  # the last: a compression of another program
        raise SourceError(Reason.DAMAGED, _DAMAGED) from error
    except RuntimeError as error:  # zipfile's way to say that a member is encrypted
        message = "Tệp có mật khẩu, không mở được / the file is protected by a password"
        raise SourceError(Reason.ENCRYPTED, message) from error


class _Relation(NamedTuple):
    rid: str
    kind: str  # last word of the relation type: styles, numbering, header ...
    folder: str
    path: str  # from the folder

    @property
    def target(self) -> str:
        return posixpath.normpath(posixpath.join(self.folder, self.path))


def _read_parts(archive: zipfile.ZipFile, data: bytes) -> Package:
    name, blob = _main_part(archive, data)
    if len(blob) > MAX_PART:
        size = len(blob) // 1_000_000
        message = f"Tệp Word quá lớn ({size} MB chữ) / the Word file is too large ({size} MB of text)"
        raise SourceError(Reason.TOO_LARGE, message)
    properties = Properties()
    document = properties.parse(blob)
    styles = numbering = None
    found: dict[str, Element] = {}
    headers: dict[str, Element] = {}
    notices: list[Notice] = []
    for relation in _relations(archive, name, data):
        try:
            if relation.kind == "styles" and styles is None:
                styles = _styles(archive, relation.target, data)
            elif relation.kind == "numbering" and numbering is None:
                numbering = Part(relation.target, _part(archive, relation.target, data))
            elif relation.kind in ("footnotes", "endnotes"):
                found.setdefault(relation.kind, properties.parse(_part(archive, relation.target, data)))
            elif relation.kind == "header":
                headers[relation.rid] = properties.parse(_part(archive, relation.target, data))
        except UNREADABLE_PART:
            notices.append(damaged_part(relation.target))
    return Package(document, properties, styles, numbering, **found, headers=headers, notices=tuple(notices))


def damaged_part(name: str) -> Notice:
    """What is told where a part is there and cannot be read."""
    message = f"Không đọc được phần {name} / part {name} cannot be read"
    return Notice("package.part_damaged", message)


def _styles(archive: zipfile.ZipFile, name: str, data: bytes) -> Part:
    """The style sheet: the same object for files that hold the same, which need not be unpacked again.

    Raises:
        KeyError, zipfile.BadZipFile, zlib.error: as when a part is read.
    """
    entry = archive.getinfo(name.lstrip("/"))
    packed = _packed(entry, data)
    if packed is None or entry.file_size > _KEPT_STYLES:
        return Part(name, archive.read(entry))
    return _unpacked(name, packed, entry.file_size, entry.CRC)


def _packed(entry: zipfile.ZipInfo, data: bytes) -> bytes | None:
    """The bytes of a deflated member as they stand in the file; None where anything is uncommon about it."""
    if entry.compress_type != zipfile.ZIP_DEFLATED or entry.flag_bits & 1 or not entry.file_size:
        return None
    start = entry.header_offset + _LOCAL_HEADER.size
    if entry.header_offset < 0 or start > len(data):  # the beginning or the end of the file is lost
        return None
    signature, name, more = _LOCAL_HEADER.unpack_from(data, entry.header_offset)
    begin = start + name + more
    if signature != b"PK\x03\x04" or data[start : start + name] != entry.filename.encode():
        return None
    return data[begin : begin + entry.compress_size]


@lru_cache(maxsize=4)
def _unpacked(name: str, packed: bytes, size: int, crc: int) -> Part:
    """Files of one office share their styles, which may be ten times as long as the text."""
    return Part(name, _inflated(packed, size, crc))


def _part(archive: zipfile.ZipFile, name: str, data: bytes) -> bytes:
    """A part by its name.

    Raises:
        KeyError: there is none.
        zipfile.BadZipFile, zlib.error: it is damaged.
    """
    entry = archive.getinfo(name.lstrip("/"))
    packed = _packed(entry, data)
    if packed is None or len(packed) * _DENSEST > _AT_ONCE:
        return archive.read(entry)
    return _inflated(packed, entry.file_size, entry.CRC)


def _inflated(packed: bytes, size: int, crc: int) -> bytes:
    """What a member holds, and no more than it declares.

    All at once takes a sixth of the time of piece by piece, but has no limit; so few bytes cannot hold much.
    """
    blob = None
    if len(packed) * _DENSEST <= _AT_ONCE:
        with suppress(zlib.error):  # the end of the stream is missing, maybe after all of the text
            blob = zlib.decompress(packed, -zlib.MAX_WBITS, size)[:size]
    if blob is None:
        blob = zlib.decompressobj(-zlib.MAX_WBITS).decompress(packed, size)
    if zlib.crc32(blob) != crc:
        raise zipfile.BadZipFile("a part is damaged")
    return blob


def _main_part(archive: zipfile.ZipFile, data: bytes) -> tuple[str, bytes]:
    """The document part: where the package says, else under its usual name."""
    for relation in _relations(archive, _PACKAGE, data):
        if relation.kind == "officeDocument":
            try:
                return relation.target, _part(archive, relation.target, data)
            except KeyError:
                break
    return _CONVENTIONAL, _part(archive, _CONVENTIONAL, data)


def _relations(archive: zipfile.ZipFile, source: str, data: bytes) -> Iterator[_Relation]:
    try:
        folder, base = posixpath.split(source)
        root = parse_xml(_part(archive, f"{folder.rstrip('/')}/_rels/{base}.rels", data))
    except UNREADABLE_PART:
        root = None
    if root is None:
        return
    for node in root.iterchildren("{*}Relationship"):
        kind = node.get("Type", "").rpartition("/")[2]
        if kind in _KINDS and (target := node.get("Target", "")) and node.get("TargetMode") != "External":
            yield _Relation(node.get("Id", ""), kind, folder, target)
