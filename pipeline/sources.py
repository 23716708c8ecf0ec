"""Which files a run takes, and what tells one content from another."""

import hashlib
import os
import stat
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from extractors.archive import Member, list_members, read_member
from extractors.errors import Reason, SourceError

# Half-written downloads, locks and left-overs of editors and shells: never documents.
_PASSING_SUFFIXES = (".part", ".partial", ".crdownload", ".download", ".tmp", ".temp", ".swp", ".lock", "~")
_PASSING_PREFIXES = (".", "~$", "~WRL", "~WRD")
_PASSING_NAMES = frozenset({"thumbs.db", "desktop.ini"})


@dataclass(frozen=True, slots=True)
class FoundFile:
    """A file on disk with its content's SHA-256, or the reason why it could not be taken.

    Of a file in an archive, `path` is that of the archive, `steps` lead to it, and `archive` is the archive's address.
    """

    path: str
    uri: str
    sha256: str = ""
    reason: Reason | None = None
    message: str = ""
    steps: tuple[int, ...] = ()
    archive: str = ""


def source_uri(path: str) -> str:
    """The address that is stored: the absolute path; bytes of a name that are not UTF-8 are written as \\xNN."""
    return os.fsencode(os.path.abspath(path)).decode("utf-8", "backslashreplace")


def discover(paths: Iterable[str | os.PathLike[str]], *, leave_out: Path | None = None) -> tuple[str, ...]:
    """The files under the given paths, each once, in the order of their addresses.

    A path that is a file is taken whatever its name. Folders are searched to the bottom; hidden and passing names
    (.x, ~$x.docx, x.part, Thumbs.db), what is not a regular file, and links that lead out of the folder are left.
    `leave_out` is a folder never searched (the output, should it lie inside the input).

    Raises:
        FileNotFoundError: a given path does not exist.
    """
    barred = os.path.realpath(leave_out) if leave_out else None
    found: dict[str, str] = {}
    for path in paths:
        given = os.fspath(path)
        if os.path.isdir(given):
            found.update((source_uri(inner), inner) for inner in _in_folder(given, barred))
        elif os.path.lexists(given):
            found[source_uri(given)] = given
        else:
            raise FileNotFoundError(given)
    return tuple(found[uri] for uri in sorted(found))


def examine(paths: Iterable[str], *, largest: int) -> Iterator[FoundFile]:
    """Hashes files, several at once, in the given order; what cannot be read or is too large says so.

    An archive stands for the files in it, with addresses like "/in/kehoach.zip!/so_y_te/kh.docx".
    """
    with ThreadPoolExecutor(max_workers=4) as threads:
        for found in threads.map(lambda path: _examine(path, largest), paths):
            yield from found


def _in_folder(folder: str, barred: str | None) -> Iterator[str]:
    root = os.path.realpath(folder)
    for where, folders, names in os.walk(folder):
        folders[:] = [f for f in folders if not _passing(f) and os.path.realpath(os.path.join(where, f)) != barred]
        for name in names:
            path = os.path.join(where, name)
            if not _passing(name) and _is_regular(path) and _inside(root, path):
                yield path


def _passing(name: str) -> bool:
    lowered = name.lower()
    return name.startswith(_PASSING_PREFIXES) or lowered.endswith(_PASSING_SUFFIXES) or lowered in _PASSING_NAMES


def _is_regular(path: str) -> bool:
    try:
        return stat.S_ISREG(os.stat(path).st_mode)
    except OSError:  # a link to nothing, or gone since the folder was listed
        return False


def _inside(root: str, path: str) -> bool:
    return not os.path.islink(path) or os.path.realpath(path).startswith(root.rstrip("/") + "/")


def _examine(path: str, largest: int) -> tuple[FoundFile, ...]:
    uri = source_uri(path)
    try:
        # Not blocking: opening a named pipe would wait for its writer for ever.
        with open(os.open(path, os.O_RDONLY | os.O_NONBLOCK), "rb") as file:
            found = os.fstat(file.fileno())
            if not stat.S_ISREG(found.st_mode):
                return (FoundFile(path, uri, reason=Reason.UNREADABLE, message=_NOT_A_FILE),)
            if found.st_size > largest:
                return (FoundFile(path, uri, reason=Reason.TOO_LARGE, message=_too_large(found.st_size, largest)),)
            members = list_members(file, largest, _passing)
            if members is not None:
                return tuple(_in_archive(path, uri, member) for member in members)
            file.seek(0)
            return (FoundFile(path, uri, hashlib.file_digest(file, "sha256").hexdigest()),)
    except SourceError as fault:
        return (FoundFile(path, uri, reason=fault.reason, message=fault.message),)
    except OSError as refusal:
        return (FoundFile(path, uri, reason=Reason.UNREADABLE, message=unreadable(refusal)),)


def _in_archive(path: str, uri: str, member: Member) -> FoundFile:
    address = f"{uri}!/{member.name}"
    if member.fault is not None:
        fault = member.fault
        return FoundFile(path, address, reason=fault.reason, message=fault.message, archive=uri)
    return FoundFile(path, address, member.sha256, steps=member.steps, archive=uri)


def read_source(path: str, steps: tuple[int, ...]) -> bytes:
    """The bytes of a file, or of the file in an archive that the steps lead to.

    Raises:
        OSError: the file cannot be opened.
        SourceError: the archive has changed since it was listed.
    """
    if not steps:
        return Path(path).read_bytes()
    with open(path, "rb") as file:
        return read_member(file, steps)


_NOT_A_FILE = "Đây không phải là tệp thông thường. / This is not a regular file."


def unreadable(refusal: OSError) -> str:
    why = refusal.strerror or str(refusal)
    return f"Không mở được tệp: {why}. / The file cannot be opened: {why}."


def _too_large(size: int, largest: int) -> str:
    size, largest = size >> 20, largest >> 20
    return f"Tệp quá lớn: {size} MB, giới hạn {largest} MB. / The file is too large: {size} MB, limit {largest} MB."
