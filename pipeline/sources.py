"""Which files a run takes, and what tells one content from another."""

import hashlib
import io
import os
import stat
import time
from collections import deque
from collections.abc import Callable, Collection, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path

from extractors.archive import Member, list_members, read_member
from extractors.errors import Reason, SourceError
from extractors.refusals import refused, refused_in_english
from pipeline import remote

# Half-written downloads, locks and left-overs of editors and shells: never documents.
_PASSING_SUFFIXES = (".part", ".partial", ".crdownload", ".download", ".tmp", ".temp", ".swp", ".lock", "~")
_PASSING_PREFIXES = (".", "~$", "~WRL", "~WRD")
_LARGEST_ARCHIVE = 1 << 30  # bytes of one that is opened again to show a member
_PASSING_NAMES = frozenset({"thumbs.db", "desktop.ini"})


@dataclass(frozen=True, slots=True)
class Stamp:
    """What the file system says of a file without opening it; equal stamps, equal content (see `ledger.files`)."""

    size: int
    mtime_ns: int
    ctime_ns: int
    inode: int


@dataclass(frozen=True, slots=True)
class ListedFile:
    """A file as a listing shows it; no stamp where even that was refused."""

    path: str
    uri: str
    stamp: Stamp | None = None


@dataclass(frozen=True, slots=True)
class Fault:
    """A place that could not be listed: nothing is known of what lies there, so nothing there counts as removed."""

    uri: str
    message: str


@dataclass(frozen=True, slots=True)
class Listing:
    """What stands under the given paths: files in the order of their addresses, folders given, places not listed.

    `links` are addresses of links that lead out of the folder given, or to nothing: what they mean is not read.
    """

    files: tuple[ListedFile, ...]
    roots: tuple[str, ...] = ()
    faults: tuple[Fault, ...] = ()
    links: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class FoundFile:
    """A file with its content's SHA-256, or the reason why it could not be taken.

    Of a file in an archive, `path` is that of the archive, `steps` lead to it, and `archive` is the archive's address.
    `looked_ns` is our clock when its bytes were hashed, 0 where the hash was remembered.
    """

    path: str
    uri: str
    sha256: str = ""
    reason: Reason | None = None
    message: str = ""
    steps: tuple[int, ...] = ()
    archive: str = ""
    stamp: Stamp | None = None
    looked_ns: int = 0
    is_changing: bool = False  # it was written to while it was hashed


def source_uri(path: str) -> str:
    """The address that is stored: the absolute path; bytes of a name that are not UTF-8 are written as \\xNN.

    What is an address already (s3://bucket/kh.docx) stays.
    """
    if remote.is_address(path):
        return remote.normal(path)
    return _written(os.path.abspath(path))


def is_there(path: str) -> bool:
    """Whether something stands at a path. Of an address only its listing can tell, and tells it as a fault."""
    return remote.is_address(path) or os.path.exists(path)


def list_files(paths: Iterable[str | os.PathLike[str]], *, leave_out: Collection[Path] = ()) -> Listing:
    """The files under the given paths, each once, in the order of their addresses.

    A path that is a file is taken whatever its name. Folders are searched to the bottom; hidden and passing names
    (.x, ~$x.docx, x.part, Thumbs.db), what is not a regular file, and links that lead out of the folder are left; of
    the links it is told, since a person may have meant them.
    `leave_out` are folders never searched (the output, should it lie inside the input).

    Raises:
        FileNotFoundError: a given path does not exist.
    """
    barred = frozenset(os.path.realpath(folder) for folder in leave_out)
    found: dict[str, ListedFile] = {}
    roots, faults, links = list[str](), list[Fault](), list[str]()
    for path in paths:
        given = os.fspath(path)
        if remote.is_address(given):
            found.update((file.uri, file) for file in _at_address(given, roots, faults))
        elif os.path.isdir(given):
            roots.append(source_uri(given))
            found.update((file.uri, file) for file in _in_folder(given, barred, faults, links))
        elif os.path.exists(given):
            found[source_uri(given)] = ListedFile(given, source_uri(given), stamp_of(given))
        else:
            raise FileNotFoundError(given)
    return Listing(tuple(found[uri] for uri in sorted(found)), tuple(roots), tuple(faults), tuple(sorted(set(links))))


def stamp_of(path: str) -> Stamp | None:
    """The stamp of a file as it stands now; None where it is gone or refused."""
    try:
        return _remote_stamp(remote.look(path)) if remote.is_address(path) else _stamp(os.stat(path))
    except remote.faults():
        return None


def lies_under(uri: str, place: str) -> bool:
    """Whether an address is a place or lies in it: in a folder, or in an archive ("/in/goi.zip!/kh.docx")."""
    return uri == place or uri.startswith((place.rstrip("/") + "/", place + "!/"))


def examine(paths: Iterable[str], *, largest: int) -> Iterator[FoundFile]:
    """Hashes files that are given by name, whatever is known of them."""
    yield from hash_files([ListedFile(p, source_uri(p), stamp_of(p)) for p in paths], lambda _: None, largest=largest)


def hash_files(
    files: Iterable[ListedFile],
    recall: Callable[[str], tuple[FoundFile, ...] | None],
    *,
    largest: int,
) -> Iterator[FoundFile]:
    """Hashes files, several at once, in the given order; what cannot be read or is too large says so.

    An archive stands for the files in it, with addresses like "/in/kehoach.zip!/so_y_te/kh.docx".

    Args:
        recall: what is known of the file at an address that has not changed since it was hashed; None: look at it.
    """
    with ThreadPoolExecutor(max_workers=4) as threads:
        ahead: deque[tuple[FoundFile, ...] | Future[tuple[FoundFile, ...]]] = deque()
        for file in files:
            ahead.append(recall(file.uri) or threads.submit(_examine, file, largest))
            if len(ahead) >= _AHEAD:
                yield from _settled(ahead.popleft())
        for entry in ahead:
            yield from _settled(entry)


_AHEAD = 64


def _settled(entry: "tuple[FoundFile, ...] | Future[tuple[FoundFile, ...]]") -> tuple[FoundFile, ...]:
    return entry if isinstance(entry, tuple) else entry.result()


def _in_folder(folder: str, barred: Collection[str], faults: list[Fault], links: list[str]) -> Iterator[ListedFile]:
    root = os.path.realpath(folder)
    waiting = [(folder, source_uri(folder))]
    while waiting:
        where, address = waiting.pop()
        try:
            with os.scandir(where) as entries:
                present = [entry for entry in entries if not _passing(entry.name)]
        except OSError as refusal:
            faults.append(Fault(address, unlisted(where, refusal)))
            continue
        for entry in present:
            uri = f"{address.rstrip('/')}/{_written(entry.name)}"
            if entry.is_dir(follow_symlinks=False):
                if os.path.realpath(entry.path) not in barred:
                    waiting.append((entry.path, uri))
            elif entry.is_symlink() and not _leads_inside(entry, root):
                links.append(uri)
            elif listed := _regular(entry, uri):
                yield listed


def _leads_inside(link: "os.DirEntry[str]", root: str) -> bool:
    """Whether a link leads to something in the root, or to the root itself, which are read where they stand."""
    target = os.path.realpath(link.path)
    return os.path.lexists(target) and f"{target}/".startswith(root.rstrip("/") + "/")


def _regular(entry: "os.DirEntry[str]", uri: str) -> ListedFile | None:
    """A regular file, also behind a link."""
    try:
        found = entry.stat()
    except FileNotFoundError:  # gone since the folder was listed
        return None
    except OSError:  # a failing disk or share: the file is there, and opening it will tell why it cannot be read
        return ListedFile(entry.path, uri)
    return ListedFile(entry.path, uri, _stamp(found)) if stat.S_ISREG(found.st_mode) else None


def _written(name: str) -> str:
    """A name as addresses show it: bytes that are not UTF-8 as \\xNN."""
    return name if name.isascii() else os.fsencode(name).decode("utf-8", "backslashreplace")


def _at_address(address: str, roots: list[str], faults: list[Fault]) -> Iterator[ListedFile]:
    """The files at or under an address; it is a root only where its listing came to an end."""
    root = source_uri(address)
    try:
        for file in remote.list_remote(address):
            if not any(_passing(part) for part in file.uri.removeprefix(root).split("/") if part):
                yield ListedFile(file.uri, file.uri, _remote_stamp(file))
    except remote.faults() as refusal:
        faults.append(Fault(root, unlisted(address, refusal)))
    else:
        roots.append(root)


def _remote_stamp(file: remote.RemoteFile) -> Stamp:
    """The number made of the ETag, which changes with the content, takes the place of the inode."""
    return Stamp(file.size, file.mtime_ns, 0, file.mark)


def _passing(name: str) -> bool:
    lowered = name.lower()
    return name.startswith(_PASSING_PREFIXES) or lowered.endswith(_PASSING_SUFFIXES) or lowered in _PASSING_NAMES


def _stamp(found: os.stat_result) -> Stamp:
    return Stamp(found.st_size, found.st_mtime_ns, found.st_ctime_ns, found.st_ino)


def _examine(listed: ListedFile, largest: int) -> tuple[FoundFile, ...]:
    blank = FoundFile(listed.path, listed.uri, stamp=listed.stamp, looked_ns=time.time_ns())
    if remote.is_address(listed.path):
        return _examine_remote(blank, largest)
    try:
        # Not blocking: opening a named pipe would wait for its writer for ever.
        with open(os.open(listed.path, os.O_RDONLY | os.O_NONBLOCK), "rb") as file:
            found = os.fstat(file.fileno())
            if not stat.S_ISREG(found.st_mode):
                return (replace(blank, reason=Reason.UNREADABLE, message=_NOT_A_FILE),)
            blank = replace(blank, stamp=_stamp(found))
            if found.st_size > largest:
                return (replace(blank, reason=Reason.TOO_LARGE, message=_too_large(found.st_size, largest)),)
            seen = _hashed(blank, file, largest)
            if _stamp(os.fstat(file.fileno())) == blank.stamp:
                return seen
            return (replace(blank, is_changing=True),)
    except SourceError as fault:
        return (replace(blank, reason=fault.reason, message=fault.message),)
    except OSError as refusal:
        return (replace(blank, reason=Reason.UNREADABLE, message=unreadable(refusal)),)


def _examine_remote(blank: FoundFile, largest: int) -> tuple[FoundFile, ...]:
    """Objects are replaced whole and never written to, so one look is enough."""
    size = blank.stamp.size if blank.stamp else 0
    if size > largest:
        return (replace(blank, reason=Reason.TOO_LARGE, message=_too_large(size, largest)),)
    try:
        with remote.open_remote(blank.path) as file:
            return _hashed(blank, file, largest)
    except SourceError as fault:
        return (replace(blank, reason=fault.reason, message=fault.message),)
    except remote.faults() as refusal:
        return (replace(blank, reason=Reason.UNREADABLE, message=unreadable(refusal)),)


def _hashed(blank: FoundFile, file: io.BufferedReader | io.BytesIO, largest: int) -> tuple[FoundFile, ...]:
    """A file with its hash, or those that it holds, if it is an archive."""
    members = list_members(file, largest, _passing)
    if members is not None:
        return tuple(_in_archive(blank, member) for member in members)
    file.seek(0)
    return (replace(blank, sha256=hashlib.file_digest(file, "sha256").hexdigest()),)


def _in_archive(archive: FoundFile, member: Member) -> FoundFile:
    inside = replace(archive, uri=f"{archive.uri}!/{member.name}", archive=archive.uri, steps=member.steps)
    if member.fault is not None:
        return replace(inside, reason=member.fault.reason, message=member.fault.message)
    return replace(inside, sha256=member.sha256)


def located(uri: str) -> tuple[str, tuple[int, ...]]:
    """The file at a stored address, and the way to it where it lies in an archive ("/in/kh.zip!/a.docx")."""
    archive, mark, _ = uri.partition("!/")
    if not mark or os.path.exists(uri):
        return uri, ()
    found = examine([archive], largest=_LARGEST_ARCHIVE)
    return archive, next((member.steps for member in found if member.uri == uri), ())


def read_source(path: str, steps: tuple[int, ...]) -> bytes:
    """The bytes of a file, or of the file in an archive that the steps lead to.

    Raises:
        OSError: the file cannot be opened.
        SourceError: the archive has changed since it was listed.
    """
    try:
        with remote.open_remote(path) if remote.is_address(path) else open(path, "rb") as file:
            return read_member(file, steps) if steps else file.read()
    except remote.faults() as refusal:
        if isinstance(refusal, OSError):
            raise
        raise OSError(str(refusal)) from refusal  # of the library behind the address


_NOT_A_FILE = "Đây không phải là tệp thông thường. / This is not a regular file."


def unreadable(refusal: Exception) -> str:
    return f"Không mở được tệp: {refused(refusal)}. / The file cannot be opened: {refused_in_english(refusal)}."


def unlisted(folder: str, refusal: Exception) -> str:
    why, english = refused(refusal), refused_in_english(refusal)
    return f"Không mở được thư mục {folder}: {why}. / The folder {folder} cannot be listed: {english}."


def _too_large(size: int, largest: int) -> str:
    size, largest = size >> 20, largest >> 20
    return f"Tệp quá lớn: {size} MB, giới hạn {largest} MB. / The file is too large: {size} MB, limit {largest} MB."
