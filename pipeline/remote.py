"""Files that lie at an address instead of a path: s3://bucket/plans, and whatever else fsspec can open.

Where the servers stand and how to log in, fsspec's own settings say: the environment (for S3 AWS_ENDPOINT_URL,
AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY), ~/.aws, ~/.config/fsspec. Nothing of it stands in kehoach.toml.
"""

import hashlib
import io
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from extractors.errors import SurroundingsError

_ADDRESS = re.compile(r"[a-z][a-z0-9+.-]+://", re.IGNORECASE)  # two letters at least: C:// is a drive
_READ_WHOLE = 64 << 20  # larger files are read in pieces


class AddressError(SurroundingsError):
    """No library here can open addresses of this kind."""


@dataclass(frozen=True, slots=True)
class RemoteFile:
    """A file as a listing shows it. `mark` is a number that changes with the content (of the ETag), 0 without one."""

    uri: str
    size: int
    mtime_ns: int
    mark: int


def is_address(path: str) -> bool:
    """Whether this is an address for fsspec. file:///in is a path to us: see `plain_path`."""
    return bool(_ADDRESS.match(path))


def plain_path(path: str) -> str:
    """A path of this machine without the file:// that may stand before it."""
    return path.removeprefix("file://") if path.lower().startswith("file:///") else path


def faults() -> tuple[type[Exception], ...]:
    """What an address may fail with: no such bucket, no permission, no connection, wrong credentials."""
    found: list[type[Exception]] = [OSError]
    if botocore := sys.modules.get("botocore.exceptions"):  # of s3fs; its connection errors are no OSErrors
        found += [botocore.BotoCoreError, botocore.ClientError]
    return tuple(found)


def filesystem(address: str) -> tuple[Any, str]:
    """The fsspec file system of an address, and the path inside it.

    Raises:
        AddressError: the library for it is not installed, or nobody knows the protocol.
    """
    import fsspec

    try:
        system, path = fsspec.core.url_to_fs(address)
    except (ImportError, ValueError) as fault:
        raise AddressError(
            f"Không mở được địa chỉ {address}: {fault}. Với s3:// hãy cài: pip install 'kehoach[s3]'."
            f" / The address {address} cannot be opened: {fault}. For s3:// install 'kehoach[s3]'."
        ) from fault
    return system, cast(str, path)


def normal(address: str) -> str:
    """The address as it is stored: without a slash at its end."""
    return address.rstrip("/")


def list_remote(address: str) -> Iterator[RemoteFile]:
    """All files at or under an address, as they stand now.

    Raises:
        FileNotFoundError: nothing is there.
        AddressError: nobody here can open it.
        OSError and others of `faults`: it cannot be listed.
    """
    system, path = filesystem(address)
    system.invalidate_cache()
    found = system.find(path, detail=True)
    if not found and not system.exists(path):
        raise FileNotFoundError(address)
    for name, entry in sorted(found.items()):
        if not name.endswith("/") and entry.get("type") != "directory":  # consoles of buckets make such marks
            yield _remote_file(system.unstrip_protocol(name), entry)


def look(uri: str) -> RemoteFile:
    """One file as it stands now; raises like `list_remote`."""
    system, path = filesystem(uri)
    system.invalidate_cache()
    return _remote_file(uri, system.info(path))


def open_remote(uri: str) -> io.BytesIO | io.BufferedReader:
    """A file to read and seek in; raises like `list_remote`."""
    system, path = filesystem(uri)
    if system.size(path) <= _READ_WHOLE:
        return io.BytesIO(system.cat_file(path))
    return io.BufferedReader(system.open(path, "rb"))


def _remote_file(uri: str, entry: dict[str, Any]) -> RemoteFile:
    etag = entry.get("ETag") or entry.get("etag") or ""
    mark = int.from_bytes(hashlib.sha256(str(etag).encode()).digest()[:7]) if etag else 0
    return RemoteFile(uri, int(entry.get("size") or 0), _nanoseconds(entry), mark)


def _nanoseconds(entry: dict[str, Any]) -> int:
    when = entry.get("LastModified") or entry.get("last_modified") or entry.get("mtime") or entry.get("created")
    if isinstance(when, datetime):
        return int(when.timestamp() * 1e9)
    return int(when * 1e9) if isinstance(when, int | float) else 0
