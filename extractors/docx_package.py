"""The parts of a Word package (Office Open XML, ECMA-376), found by their relations.

A relation that leads nowhere ("word/NULL", a missing picture) is of no concern, because only the parts that hold text
are asked for. Part names are those of the zip's members with a slash in front, as relations write them.
"""

import io
import posixpath
import zipfile
import zlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from lxml import etree

from extractors.document import Notice
from extractors.errors import Reason, SourceError

Element = etree._Element

_STRICT = b"http://purl.oclc.org/ooxml/"
_STRICT_NAMES = (  # ISO/IEC 29500 Strict names the same elements in other namespaces
    (_STRICT + b"wordprocessingml/main", b"http://schemas.openxmlformats.org/wordprocessingml/2006/main"),
    (_STRICT + b"officeDocument/math", b"http://schemas.openxmlformats.org/officeDocument/2006/math"),
    (_STRICT + b"officeDocument/relationships", b"http://schemas.openxmlformats.org/officeDocument/2006/relationships"),
    (_STRICT + b"drawingml/main", b"http://schemas.openxmlformats.org/drawingml/2006/main"),
)
W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"

# A plan of 500 pages has about 20 MB of document.xml; a bomb is a thousand times denser than text.
MAX_UNPACKED = 300_000_000
MAX_PART = 100_000_000
MAX_RATIO = 400
_RATIO_FROM = 10_000_000
_KEPT_STYLES = 1_000_000  # bytes

_DAMAGED = "Tệp Word bị hỏng, không mở được / the Word file is damaged and cannot be opened"
_UNREADABLE_PART = (KeyError, ValueError, EOFError, zipfile.BadZipFile, zlib.error, etree.XMLSyntaxError)
_CONVENTIONAL = "/word/document.xml"
_PACKAGE = "/"


@dataclass(frozen=True, slots=True)
class Package:
    """The XML roots that a reader of the text needs; None where the file has no such part."""

    document: Element
    styles: Element | None = None
    numbering: Element | None = None
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


def parse_xml(blob: bytes) -> Element:
    """The root of a part. No entities, no network, libxml2's limits on depth and length stay on.

    Raises:
        etree.XMLSyntaxError: the part is not well-formed.
        ValueError: the part declares a document type (entities), which OPC forbids.
    """
    if _STRICT in blob:
        for strict, transitional in _STRICT_NAMES:
            blob = blob.replace(strict, transitional)
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    root = etree.fromstring(blob, parser)
    if root.getroottree().docinfo.internalDTD is not None:
        raise ValueError("document type declaration in a package part")
    return root


# Files of one office share their styles, which may be ten times as long as the text. Nobody writes into these trees.
_parse_again = lru_cache(maxsize=4)(parse_xml)


def xpath(expression: str) -> Callable[[Element], Any]:
    """A question to many elements at once, answered without an object for each; prefixes `w` and `mc`."""
    return etree.XPath(expression, namespaces={"w": W[1:-1], "mc": MC[1:-1]}, smart_strings=False)


def open_package(data: bytes) -> Package:
    """Opens a Word file.

    Raises:
        SourceError: damaged, encrypted or too large.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            check_size(archive)
            return _read_parts(archive)
    except (*_UNREADABLE_PART, OSError, NotImplementedError) as error:  # the last: a compression of another program
        raise SourceError(Reason.DAMAGED, _DAMAGED) from error
    except RuntimeError as error:  # zipfile's way to say that a member is encrypted
        message = "Tệp có mật khẩu, không mở được / the file is protected by a password"
        raise SourceError(Reason.ENCRYPTED, message) from error


@dataclass(frozen=True, slots=True)
class _Relation:
    rid: str
    kind: str  # last word of the relation type: styles, numbering, header ...
    target: str


def _read_parts(archive: zipfile.ZipFile) -> Package:
    name, blob = _main_part(archive)
    if len(blob) > MAX_PART:
        size = len(blob) // 1_000_000
        message = f"Tệp Word quá lớn ({size} MB chữ) / the Word file is too large ({size} MB of text)"
        raise SourceError(Reason.TOO_LARGE, message)
    found: dict[str, Element] = {}
    headers: dict[str, Element] = {}
    notices: list[Notice] = []
    wanted = ("styles", "numbering", "footnotes", "endnotes", "header")
    for relation in _relations(archive, name):
        if relation.kind not in wanted:
            continue
        try:
            part = _part(archive, relation.target)
            parse = _parse_again if relation.kind == "styles" and len(part) <= _KEPT_STYLES else parse_xml
            root = parse(part)
        except _UNREADABLE_PART:
            message = f"Không đọc được phần {relation.target} / part {relation.target} cannot be read"
            notices.append(Notice("package.part_damaged", message))
            continue
        if relation.kind == "header":
            headers[relation.rid] = root
        else:
            found.setdefault(relation.kind, root)
    return Package(parse_xml(blob), **found, headers=headers, notices=tuple(notices))


def _part(archive: zipfile.ZipFile, name: str) -> bytes:
    """A part by its name.

    Raises:
        KeyError: there is none.
    """
    return archive.read(name.lstrip("/"))


def _main_part(archive: zipfile.ZipFile) -> tuple[str, bytes]:
    """The document part: where the package says, else under its usual name."""
    for relation in _relations(archive, _PACKAGE):
        if relation.kind == "officeDocument":
            try:
                return relation.target, _part(archive, relation.target)
            except KeyError:
                break
    return _CONVENTIONAL, _part(archive, _CONVENTIONAL)


def _relations(archive: zipfile.ZipFile, source: str) -> Iterator[_Relation]:
    try:
        folder, base = posixpath.split(source)
        root = parse_xml(_part(archive, f"{folder.rstrip('/')}/_rels/{base}.rels"))
    except _UNREADABLE_PART:
        root = None
    if root is None:
        return
    for node in root.iterchildren("{*}Relationship"):
        target = node.get("Target", "")
        if target and node.get("TargetMode") != "External":
            absolute = posixpath.normpath(posixpath.join(folder, target))
            yield _Relation(node.get("Id", ""), node.get("Type", "").rsplit("/", 1)[-1], absolute)
