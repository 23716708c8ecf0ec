"""ZIP bundles: their members are documents of their own, opened one at a time; nothing is unpacked to disk.

A zip that is itself a document (Word, Excel, OpenDocument) is no bundle.
"""

import hashlib
import io
import re
import stat
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import IO

from extractors.errors import Reason, SourceError
from extractors.repair import nfc

MAX_MEMBERS = 5_000  # of a bundle with those inside it
MAX_UNPACKED = 2 << 30
MAX_RATIO = 400  # unpacked to packed; text and office files stay below 100
MAX_DEPTH = 2  # a bundle in a bundle
_RATIO_FROM = 10_000_000
_PIECE = 1 << 20
_MAGIC = (b"PK\x03\x04", b"PK\x05\x06")
_PACKAGE = re.compile(r"\[content_types\]\.xml|mimetype|_rels/\.rels|(?:word|xl|ppt)/[^/]*\.(?:xml|bin)", re.IGNORECASE)
_ENCRYPTED, _UTF8 = 0x1, 0x800
_UNIX_MODE = 16  # the upper bits of the external attributes; empty in archives from Windows
_UNICODE_PATH = 0x7075  # Info-ZIP's extra field with the name in UTF-8
_DRIVE = re.compile(r"^[A-Za-z]:")
_BROKEN = (zipfile.BadZipFile, zlib.error, EOFError, ValueError, OSError, KeyError, IndexError, struct.error)


@dataclass(frozen=True, slots=True)
class Member:
    """A file in a bundle: `steps` lead to it (position in the bundle, then in the bundle inside ...).

    `fault` says why it cannot be taken; it then has no `sha256`.
    """

    name: str
    steps: tuple[int, ...]
    sha256: str = ""
    fault: SourceError | None = None


def is_bundle(names: Sequence[str]) -> bool:
    """Whether a zip with these members holds documents and is none."""
    return not any(_PACKAGE.fullmatch(name) for name in names)


def list_members(file: IO[bytes], largest: int, passing: Callable[[str], bool]) -> tuple[Member, ...] | None:
    """The files of a bundle in their order; None where the file is no zip, a damaged one, or a document.

    Args:
        file: the bundle.
        largest: bytes that a member may have.
        passing: names (of a file or a folder) that are no documents, "~$x.docx".

    Raises:
        SourceError: the bundle is empty, has too many members, or would unpack to too much.
    """
    archive = _opened(file)
    if archive is None:
        return None
    with archive:
        found = tuple(_Listing(largest, passing).members(archive))
    if not found:
        raise _empty()
    return found


def read_member(file: IO[bytes], steps: Sequence[int]) -> bytes:
    """The bytes of one member.

    Raises:
        SourceError: the bundle has changed since it was listed, or the member is damaged.
    """
    try:
        for step in steps:
            with zipfile.ZipFile(file) as archive:
                file = io.BytesIO(archive.read(archive.infolist()[step]))
        return file.read()
    except (*_BROKEN, RuntimeError, NotImplementedError) as error:
        raise _damaged() from error


def _opened(file: IO[bytes]) -> zipfile.ZipFile | None:
    if not file.read(4).startswith(_MAGIC):
        return None
    file.seek(0)
    try:
        archive = zipfile.ZipFile(file)
    except (*_BROKEN, NotImplementedError):
        return None
    if is_bundle(archive.namelist()):
        return archive
    archive.close()
    return None


def _hashed(file: IO[bytes]) -> tuple[str, bytes]:
    piece = file.read(_PIECE)
    keeps = piece.startswith(_MAGIC)
    digest, kept = hashlib.sha256(), []
    while piece:
        digest.update(piece)
        if keeps:
            kept.append(piece)
        piece = file.read(_PIECE)
    return digest.hexdigest(), b"".join(kept)


def _empty() -> SourceError:
    return SourceError(Reason.EMPTY, "Tệp nén không có tệp nào bên trong / the archive holds no files")


def _encrypted() -> SourceError:
    message = "Tệp trong tệp nén có mật khẩu, không mở được / the file inside the archive is protected by a password"
    return SourceError(Reason.ENCRYPTED, message)


def _link() -> SourceError:
    message = "Mục này trong tệp nén là liên kết tới tệp khác nên không mở / a link to another file is not followed"
    return SourceError(Reason.UNSUPPORTED_FORMAT, message)


def _damaged() -> SourceError:
    message = "Tệp trong tệp nén bị hỏng, không giải nén được / the file inside the archive is damaged"
    return SourceError(Reason.DAMAGED, message)


def _too_large(vietnamese: str, english: str) -> SourceError:
    return SourceError(Reason.TOO_LARGE, f"{vietnamese} / {english}")


@dataclass(slots=True)
class _Listing:
    """Counts over a bundle and those inside it."""

    largest: int
    passing: Callable[[str], bool]
    count: int = 0
    unpacked: int = 0
    names: dict[str, int] = field(default_factory=dict)

    def members(self, archive: zipfile.ZipFile, folder: str = "", steps: tuple[int, ...] = ()) -> Iterator[Member]:
        self._check(archive)
        for position, entry in enumerate(archive.infolist()):
            name = member_name(entry)
            if entry.is_dir() or not name or any(map(self._is_passing, name.split("/"))):
                continue
            shown = self._unique(f"{folder}{name}")
            try:
                sha256, zipped = self._content(archive, entry)
            except SourceError as fault:
                yield Member(shown, (*steps, position), fault=fault)
                continue
            yield from self._member(sha256, zipped, shown, (*steps, position))

    def _check(self, archive: zipfile.ZipFile) -> None:
        """Refuses bombs by what the directory declares; no more than that is ever unpacked."""
        entries = archive.infolist()
        self.count += len(entries)
        self.unpacked += sum(entry.file_size for entry in entries)
        if self.count > MAX_MEMBERS:
            raise _too_large(
                f"Tệp nén có quá nhiều tệp (hơn {MAX_MEMBERS}) nên không mở",
                f"the archive has more than {MAX_MEMBERS} files and is not opened",
            )
        if self.unpacked > MAX_UNPACKED:
            size = self.unpacked >> 20
            raise _too_large(
                f"Tệp nén bung ra quá lớn ({size} MB) nên không mở",
                f"the archive would unpack to {size} MB and is not opened",
            )

    def _member(self, sha256: str, zipped: bytes, name: str, steps: tuple[int, ...]) -> Iterator[Member]:
        inner = _opened(io.BytesIO(zipped))
        if inner is None:
            yield Member(name, steps, sha256)
            return
        with inner:
            if len(steps) >= MAX_DEPTH:
                message = "Tệp nén lồng quá nhiều lớp nên không mở / archives nested too deep are not opened"
                yield Member(name, steps, fault=SourceError(Reason.UNSUPPORTED_FORMAT, message))
                return
            found = tuple(self.members(inner, f"{name}!/", steps))
        yield from found or (Member(name, steps, fault=_empty()),)

    def _content(self, archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> tuple[str, bytes]:
        """The hash of a member; and its bytes, if it begins as a zip: others are read piece by piece."""
        if entry.flag_bits & _ENCRYPTED:
            raise _encrypted()
        if stat.S_ISLNK(entry.external_attr >> _UNIX_MODE):
            raise _link()
        size = entry.file_size
        if size > self.largest or (size > _RATIO_FROM and size > MAX_RATIO * max(entry.compress_size, 1)):
            raise _too_large(
                f"Tệp trong tệp nén bung ra quá lớn ({size >> 20} MB) nên không mở",
                f"the file inside the archive would unpack to {size >> 20} MB and is not opened",
            )
        try:
            with archive.open(entry) as file:
                return _hashed(file)
        except MemoryError:  # LZMA asks at once for as much as a hostile header says
            raise _too_large(
                "Tệp trong tệp nén cần quá nhiều bộ nhớ nên không mở",
                "the file inside the archive needs too much memory and is not opened",
            ) from None
        except NotImplementedError:
            message = "Kiểu nén của tệp này chưa đọc được / the compression of this file is not supported"
            raise SourceError(Reason.UNSUPPORTED_FORMAT, message) from None
        except (*_BROKEN, RuntimeError) as error:
            raise _damaged() from error

    def _is_passing(self, name: str) -> bool:
        return name == "__MACOSX" or self.passing(name)

    def _unique(self, name: str) -> str:
        """Two members of one name stay two. Forms: "KH/a.docx", then "KH#2/a.docx"."""
        self.names[name] = number = self.names.get(name, 0) + 1
        folder, slash, base = name.rpartition("/")
        return name if number == 1 else f"{folder}#{number}{slash or '/'}{base}"


# -- names ----------------------------------------------------------------------------------------------------------


def member_name(entry: zipfile.ZipInfo) -> str:
    """The path of a member as its author saw it, inside the bundle whatever it says; "" where nothing is left of it.

    Forms: "..\\..\\a.docx" -> "a.docx"; "C:\\KH\\a.docx" -> "KH/a.docx"; cp437 reading of UTF-8 or Windows-1258
    bytes -> the letters that were meant.
    """
    path = _DRIVE.sub("", _decoded(entry).replace("\\", "/"))
    return "/".join(part for part in path.split("/") if part not in ("", ".", ".."))


def _decoded(entry: zipfile.ZipInfo) -> str:
    """zipfile reads names without the UTF-8 flag as cp437; most of them are UTF-8 or the author's Windows code page."""
    name = entry.orig_filename.split("\x00")[0]
    if entry.flag_bits & _UTF8 or name.isascii():
        return nfc(name)
    if (unicode_path := _unicode_path(entry.extra)) is not None:
        return nfc(unicode_path)
    try:
        raw = name.encode("cp437")
    except UnicodeEncodeError:
        return nfc(name)
    for encoding in ("utf-8", "cp1258"):
        with suppress(UnicodeDecodeError):
            text = nfc(raw.decode(encoding))
            if encoding == "utf-8" or all(c.isalpha() for c in text if not c.isascii()):
                return text
    return nfc(name)


def _unicode_path(extra: bytes) -> str | None:
    """The name in Info-ZIP's extra field 0x7075 (version, CRC of the other name, UTF-8)."""
    at = 0
    while at + 4 <= len(extra):
        kind, size = struct.unpack_from("<HH", extra, at)
        if kind == _UNICODE_PATH and size > 5:
            with suppress(UnicodeDecodeError):
                return extra[at + 9 : at + 4 + size].decode("utf-8")
        at += 4 + size
    return None
