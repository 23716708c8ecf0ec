"""OLE compound files (MS-CFB): the streams at the root, which tell a .doc from an .xls that embeds one."""

import struct
from collections.abc import Iterator
from dataclasses import dataclass

SIGNATURE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENTRY = 128
_NONE = 0xFFFFFFFF
_FREE = 0xFFFFFFFF
_END = 0xFFFFFFFE
_LAST_SECTOR = 0xFFFFFFFA  # sector numbers from here on are marks
_MOST_ENTRIES = 20_000
_SMALL = 4096  # streams below this size live in the small sectors of another stream
_BAD = (struct.error, ValueError, IndexError)


@dataclass(frozen=True, slots=True)
class _Entry:
    name: str
    at: int  # of the entry in the file
    left: int
    right: int
    child: int
    start: int
    size: int


@dataclass(frozen=True, slots=True)
class Stream:
    """A stream of ordinary sectors, with what is needed to change it inside the bytes of its file."""

    content: bytes
    sectors: tuple[int, ...]
    sector_size: int
    entry_at: int
    file: "_File"

    def patched(self, data: bytes, at: int, new: bytes) -> bytes:
        """The file with bytes of this stream replaced."""
        out = bytearray(data)
        for offset, byte in enumerate(new, start=at):
            out[self._place(offset, self.sectors)] = byte
        return bytes(out)

    def appended(self, data: bytes, new: bytes) -> bytes:
        """The file with bytes added to this stream, in new sectors at its end where the last one is full.

        Raises:
            IndexError: the allocation table has no room.
        """
        out, sectors = bytearray(data), list(self.sectors)
        while len(sectors) * self.sector_size < len(self.content) + len(new):
            out += bytes(-len(out) % self.sector_size)
            fresh = len(out) // self.sector_size - 1
            out += bytes(self.sector_size)
            struct.pack_into("<I", out, self.file.table_at(sectors[-1]), fresh)
            struct.pack_into("<I", out, self.file.table_at(fresh), _END)
            sectors.append(fresh)
        for offset, byte in enumerate(new, start=len(self.content)):
            out[self._place(offset, sectors)] = byte
        struct.pack_into("<I", out, self.entry_at + 120, len(self.content) + len(new))
        return bytes(out)

    def _place(self, offset: int, sectors: list[int] | tuple[int, ...]) -> int:
        number, rest = divmod(offset, self.sector_size)
        return (sectors[number] + 1) * self.sector_size + rest


def root_streams(data: bytes) -> tuple[str, ...] | None:
    """Names of the root's streams and storages; None where the directory cannot be followed (cut off, damaged)."""
    if not data.startswith(SIGNATURE) or len(data) < 1024:
        return None
    try:
        return tuple(entry.name for entry in _File(data).root())
    except _BAD:
        return None


def open_stream(data: bytes, name: str) -> Stream | None:
    """A stream at the root by its name; None where it is missing, damaged or too small for ordinary sectors."""
    if not data.startswith(SIGNATURE) or len(data) < 1024:
        return None
    try:
        file = _File(data)
        entry = next((entry for entry in file.root() if entry.name == name), None)
        if entry is None or entry.size < _SMALL:
            return None
        sectors = tuple(file.chain(entry.start))
        content = b"".join(file.sector(number) for number in sectors)[: entry.size]
    except _BAD:
        return None
    return Stream(content, sectors, file.size, entry.at, file) if len(content) == entry.size else None


class _File:
    """Sectors and directory of one file. The allocation table is known as far as the header lists it (7 MB)."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        shift: int = struct.unpack_from("<H", data, 30)[0]
        if shift not in (9, 12):
            raise ValueError("sector size")
        self.size = 1 << shift
        listed = struct.unpack_from("<109I", data, 76)
        self._table_sectors = [n for n in listed if n < _LAST_SECTOR and (n + 2) * self.size <= len(data)]
        per_sector = self.size // 4
        self._table: list[int] = []
        for number in self._table_sectors:
            self._table += struct.unpack_from(f"<{per_sector}I", data, (number + 1) * self.size)

    def sector(self, number: int) -> bytes:
        return self._data[(number + 1) * self.size : (number + 2) * self.size]

    def table_at(self, sector: int) -> int:
        """Where the file keeps the number of the sector behind this one."""
        number, rest = divmod(sector, self.size // 4)
        place: int = (self._table_sectors[number] + 1) * self.size + 4 * rest
        return place

    def chain(self, sector: int) -> Iterator[int]:
        for _ in range(len(self._data) // self.size + 1):
            if sector >= _LAST_SECTOR:
                return
            yield sector
            sector = self._table[sector]
        raise ValueError("sectors in a circle")

    def root(self) -> Iterator[_Entry]:
        """Entries at the root; the directory keeps them as a tree of siblings."""
        entries = list(self._entries())
        waiting, seen = [entries[0].child], set[int]()
        while waiting:
            at = waiting.pop()
            if at == _NONE or at in seen:
                continue
            seen.add(at)
            yield entries[at]
            waiting += [entries[at].left, entries[at].right]

    def _entries(self) -> Iterator[_Entry]:
        start: int = struct.unpack_from("<I", self._data, 48)[0]
        for count, sector in enumerate(self.chain(start)):
            if count * self.size > _MOST_ENTRIES * _ENTRY:
                raise ValueError("directory too long")
            for at in range((sector + 1) * self.size, (sector + 2) * self.size, _ENTRY):
                length: int = struct.unpack_from("<H", self._data, at + 64)[0]
                name = self._data[at : at + max(0, min(length, 64) - 2)].decode("utf-16-le", errors="replace")
                left, right, child = struct.unpack_from("<3I", self._data, at + 68)
                first, size = struct.unpack_from("<2I", self._data, at + 116)
                yield _Entry(name, at, left, right, child, first, size)
