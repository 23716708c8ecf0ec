"""What a run finds under its sources: files to take, files to leave for the next run, files that are gone."""

import time
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from extractors.errors import SurroundingsError
from pipeline.ledger.files import FileBook
from pipeline.sources import (
    Fault,
    FoundFile,
    ListedFile,
    Listing,
    hash_files,
    is_there,
    lies_under,
    list_files,
    source_uri,
    stamp_of,
)

_LINKS_SHOWN = 5
_AT_ONCE = 1000  # files that are looked up and noted together: what a kill may cost


@dataclass(frozen=True, slots=True)
class Haul:
    """What a scan brought in. `gone` are known addresses under the sources that hold nothing any more."""

    files: tuple[FoundFile, ...]
    waiting: tuple[str, ...] = ()
    gone: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Intake:
    """How files are looked for.

    A file whose size or times changed less than `stable_seconds` ago is looked at again after that time and taken if
    it has not changed; it is our own two looks that count, so a clock that is wrong or a date in the future keeps
    no file out. `accept_empty` believes a source folder that has become empty.
    """

    paths: tuple[str, ...]
    leave_out: tuple[Path, ...]
    largest: int
    stable_seconds: float = 0.0
    accept_empty: bool = False

    def scan(self, book: FileBook, known: Collection[str], contents: Collection[str], now: datetime) -> Haul:
        """Lists and hashes what has changed.

        Args:
            known: every address that the tables hold.
            contents: the SHA-256 of every content that could be read.

        Raises:
            SurroundingsError: none of the sources is there.
        """
        here = [path for path in self.paths if is_there(path)]
        if not here:
            raise SurroundingsError(_NO_SOURCES.format(paths=", ".join(self.paths)))
        absent = [Fault(source_uri(path), _ABSENT.format(path=path)) for path in self.paths if path not in here]
        listing = list_files(here, leave_out=self.leave_out)
        if listing.faults and not (listing.roots or listing.files):
            raise SurroundingsError(" ".join(fault.message for fault in listing.faults))
        addresses = {*known, *book.addresses()}
        faults = [*listing.faults, *absent, *self._emptied(listing, addresses)]
        files, waiting = self._examined(listing.files, book, now)
        unclear = {*(fault.uri for fault in faults), *waiting, *_unopened(listing, files, contents)}
        gone = _gone(addresses, listing, files, unclear)
        book.wait(waiting, now)
        book.forget(gone)
        told = (*(fault.message for fault in faults), *_left_links(listing.links))
        return Haul(files, waiting, gone, told)

    def _emptied(self, listing: Listing, known: Collection[str]) -> Iterator[Fault]:
        """Folders that held files and are empty now: a share that is not mounted looks just so."""
        if self.accept_empty:
            return
        for root in listing.roots:
            if any(lies_under(file.uri, root) for file in listing.files):
                continue
            had = sum(lies_under(uri, root) for uri in known)
            if had:
                yield Fault(root, _EMPTIED.format(path=root, had=had))

    def _examined(
        self, files: Sequence[ListedFile], book: FileBook, now: datetime
    ) -> tuple[tuple[FoundFile, ...], tuple[str, ...]]:
        """Files with their hashes, and the addresses of those that are being written."""
        looked = time.time()
        young = [(file, wait) for file in files if (wait := self._wait_for(file, looked)) > 0]
        left = {file.uri for file, _ in young}
        found = self._hashed([file for file in files if file.uri not in left], book, now)
        if young:
            time.sleep(max(0.0, looked + max(wait for _, wait in young) - time.time()))
            still = [file for file, _ in young if stamp_of(file.path) == file.stamp]
            found += self._hashed(still, book, now)
            left -= {file.uri for file in still}
        changing = {file.uri for file in found if file.is_changing}
        taken = sorted((file for file in found if not file.is_changing), key=lambda file: file.uri)
        return tuple(taken), tuple(sorted(left | changing))

    def _wait_for(self, file: ListedFile, now: float) -> float:
        """Seconds until a file counts as whole, as long as nobody writes to it."""
        if file.stamp is None:
            return 0.0
        age = now - max(file.stamp.mtime_ns, file.stamp.ctime_ns) / 1e9
        return self.stable_seconds - max(0.0, age)

    def _hashed(self, files: Sequence[ListedFile], book: FileBook, now: datetime) -> list[FoundFile]:
        found: list[FoundFile] = []
        for first in range(0, len(files), _AT_ONCE):
            some = files[first : first + _AT_ONCE]
            known = book.recall(some)
            seen = list(hash_files(some, known.get, largest=self.largest))
            fresh = [file for file in seen if file.looked_ns and not file.is_changing]
            if fresh:
                book.note(fresh, now)
            found += seen
        return found


def _left_links(links: Sequence[str]) -> tuple[str, ...]:
    if not links:
        return ()
    names = ", ".join(links[:_LINKS_SHOWN]) + (", …" if len(links) > _LINKS_SHOWN else "")
    return (_LINKS.format(count=len(links), names=names),)


def _unopened(listing: Listing, files: Sequence[FoundFile], contents: Collection[str]) -> set[str]:
    """Files that may be archives which cannot be opened just now: neither opened nor ever read as documents."""
    opened = {file.archive for file in files if file.archive}
    read = {file.uri for file in files if file.sha256 in contents}
    return {file.uri for file in listing.files} - opened - read


def _gone(
    known: Collection[str], listing: Listing, files: Sequence[FoundFile], unclear: Collection[str]
) -> tuple[str, ...]:
    """Known addresses under folders that were listed whole, and in archives that were opened, that hold nothing now."""
    present = {file.uri for file in files} | {file.uri for file in listing.files}
    missing = [uri for uri in known if uri not in present]
    listed = [
        uri
        for uri in missing
        if uri.partition("!/")[0] in present or any(lies_under(uri, root) for root in listing.roots)
    ]
    return tuple(sorted(uri for uri in listed if not any(place in unclear for place in _places_above(uri))))


def _places_above(uri: str) -> Iterator[str]:
    """An address, and every folder and archive that it lies in."""
    yield uri
    for position, letter in enumerate(uri):
        if letter == "/":
            yield uri[:position].removesuffix("!") or "/"


_NO_SOURCES = (
    "Không truy cập được thư mục nguồn nào: {paths}. Chưa có gì thay đổi."
    " / None of the sources can be reached: {paths}. Nothing was changed."
)
_ABSENT = (
    "Không thấy nguồn {path}, trước đây đã đọc tệp ở đó; dữ liệu đã có được giữ nguyên. Hãy kiểm tra kết nối ổ đĩa."
    " / The source {path} is missing although files were read there; what is stored stays. Check the share."
)
_LINKS = (
    "Không đọc theo {count} liên kết dẫn ra ngoài thư mục hoặc không có đích: {names}. Muốn đọc những nơi đó, hãy ghi"
    " thẳng chúng vào sources của cấu hình."
    " / {count} links lead out of the folder, or to nothing, and were not followed: {names}. To read what is there,"
    " name those places themselves in sources."
)
_EMPTIED = (
    "Thư mục {path} đang trống, trước đây có {had} tệp; dữ liệu đã có được giữ nguyên. Hãy kiểm tra kết nối ổ đĩa;"
    " nếu đúng là đã xóa hết, chạy lại với --accept-empty."
    " / The folder {path} is empty and had {had} files; what is stored stays. Check the share, or use --accept-empty."
)
