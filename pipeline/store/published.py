"""A copy of the tables at an address (a bucket, a share), brought up to date after each commit.

    <address>/tasks/tasks.parquet, ..., <address>/documents/documents.parquet

Each table is one object that is replaced in one step, `documents` after all others, as on disk. So at any moment each
table that a reader opens is whole and holds each document once, and a document in `documents` has its rows in the
other tables. Documents that are no longer in the tables leave `documents` first.

What is not promised: two tables opened one after the other may be of two commits. And a reader that fetches one
object in several pieces must notice that it was replaced between two of them: s3fs compares the ETag and raises an
error (read again); pyarrow.fs, which pandas takes by itself, does not compare and may fail in stranger ways, so give
pandas `filesystem=s3fs.S3FileSystem()`.
"""

import json
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from extractors.errors import SurroundingsError
from pipeline import remote
from pipeline.store.schema import DOCUMENTS, TABLES

_RENAMING = ("file", "local")  # where a file is written in pieces: it is written aside and renamed into place


class PublishError(SurroundingsError):
    """The copy could not be brought up to date; the tables themselves are intact."""


class PublishedCopy:
    """The copy of one store at one address.

    Args:
        note: a file that remembers what was uploaded; without it everything is uploaded once more.
    """

    def __init__(self, root: Path, address: str, note: Path) -> None:
        self._root = root
        self._address = remote.normal(address)
        self._note = note

    def follow(self) -> None:
        """Uploads what a commit has changed. Trouble is left for the next time: a run does not wait for a network."""
        try:
            self._bring_up_to_date(trusting=True)
        except remote.faults():
            return

    def finish(self) -> None:
        """Uploads what is still to be uploaded, also what someone has changed or deleted at the address.

        Raises:
            PublishError: the address cannot be written.
            AddressError: nobody here can open it.
        """
        try:
            self._bring_up_to_date(trusting=False)
        except remote.faults() as fault:
            raise PublishError(
                f"Không chép được các bảng lên {self._address}: {fault}. Các bảng tại chỗ vẫn nguyên vẹn."
                f" / The tables cannot be copied to {self._address}: {fault}. The tables here are intact."
            ) from fault

    def _bring_up_to_date(self, *, trusting: bool) -> None:
        system, base = remote.filesystem(self._address)
        noted = self._noted()
        due = [t.name for t in TABLES if self._is_due(t.name, noted, None if trusting else system, base)]
        if DOCUMENTS.name in due:
            self._withdraw(system, base)
        for name in due:  # TABLES has `documents` after all that belongs to a document
            noted[name] = self._upload(system, base, name)
            self._keep(noted)

    def _is_due(self, name: str, noted: dict[str, Any], system: Any, base: str) -> bool:
        known = noted.get(name)
        if known is None or known["local"] != _stamp(self._local(name)):
            return True
        return system is not None and _seen(system, _place(base, name)) != known["there"]

    def _withdraw(self, system: Any, base: str) -> None:
        """Takes documents that are gone out of `documents`, before their rows are taken out of the other tables."""
        place = _place(base, DOCUMENTS.name)
        if not system.exists(place):
            return
        with system.open(place, "rb") as there:
            stands = pq.read_table(there, columns=["document_id"]).column("document_id")
        fresh = pq.read_table(self._local(DOCUMENTS.name), columns=["document_id"]).column("document_id")
        if pc.all(pc.is_in(stands, value_set=fresh.combine_chunks())).as_py():
            return
        with system.open(place, "rb") as there:
            table = pq.read_table(there)
        kept = table.filter(pc.is_in(table.column("document_id"), value_set=fresh.combine_chunks()))
        with _written_aside(kept) as path:
            _put(system, path, place)

    def _upload(self, system: Any, base: str, name: str) -> dict[str, Any]:
        local = self._local(name)
        _put(system, str(local), _place(base, name))
        return {"local": _stamp(local), "there": _seen(system, _place(base, name))}

    def _local(self, name: str) -> Path:
        return self._root / name / f"{name}.parquet"

    def _noted(self) -> dict[str, Any]:
        try:
            noted = json.loads(self._note.read_text(encoding="utf-8"))
        except (FileNotFoundError, ValueError):
            return {}
        return dict(noted["tables"]) if noted.get("address") == self._address else {}

    def _keep(self, tables: dict[str, Any]) -> None:
        text = json.dumps({"address": self._address, "tables": tables}, indent=1)
        aside = self._note.with_suffix(".new")
        aside.write_text(text, encoding="utf-8")
        os.replace(aside, self._note)


def _place(base: str, name: str) -> str:
    return f"{base.rstrip('/')}/{name}/{name}.parquet"


def _put(system: Any, local: str, place: str) -> None:
    """Puts a file in its place in one step."""
    folder = place.rpartition("/")[0]
    system.makedirs(folder, exist_ok=True)
    if not _renames(system):
        system.put_file(local, place)  # object stores show a new object when its last byte has come
        return
    aside = f"{folder}/.{place.rpartition('/')[2]}.new"  # hidden: no reader's pattern reaches it
    system.put_file(local, aside)
    os.replace(aside, place)


def _renames(system: Any) -> bool:
    protocols = (system.protocol,) if isinstance(system.protocol, str) else tuple(system.protocol)
    return any(protocol in _RENAMING for protocol in protocols)


def _seen(system: Any, place: str) -> list[Any] | None:
    """What the other side says of an object; None where there is none."""
    system.invalidate_cache()
    try:
        entry = system.info(place)
    except FileNotFoundError:
        return None
    return [entry.get("size"), str(entry.get("ETag") or entry.get("mtime") or "")]


def _stamp(path: Path) -> list[int]:
    """Changes with every commit that touches the table: it is a new file each time."""
    found = path.stat()
    return [found.st_size, found.st_mtime_ns, found.st_ino]


@contextmanager
def _written_aside(table: pa.Table) -> Iterator[str]:
    with tempfile.NamedTemporaryFile(suffix=".parquet") as file:
        pq.write_table(table, file.name, compression="zstd")
        yield file.name
