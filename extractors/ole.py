"""OLE compound files (MS-CFB): the streams at the root, which tell a .doc from an .xls that embeds one.

Streams can be changed and lengthened, for the one repair that LibreOffice needs (extractors/word97.py).
"""

import struct
from collections.abc import Iterator
from dataclasses import dataclass

SIGNATURE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENTRY = 128  # bytes of a directory entry
_ENTRY_SIZE_AT = 120
_NONE = 0xFFFFFFFF
_END = 0xFFFFFFFE
_LAST_SECTOR = 0xFFFFFFFA  # sector numbers from here on are marks
_MOST_ENTRIES = 20_000
_SMALL_STREAM = 4096  # shorter streams live in the small sectors of the root's own stream
_SMALL_SECTOR = 64
_BAD = (struct.error, ValueError, IndexError)


def root_streams(data: bytes) -> tuple[str, ...] | None:
    """Names of the root's streams and storages; None where the directory cannot be followed (cut off, damaged)."""
    file = open_compound(data)
    return tuple(file.entries) if file is not None else None


def open_compound(data: bytes) -> "CompoundFile | None":
    """The file with its directory read; None where it is no compound file, or cut off, or damaged."""
    if not data.startswith(SIGNATURE) or len(data) < 1024:
        return None
    try:
        return CompoundFile(bytearray(data))
    except _BAD:
        return None


@dataclass(frozen=True, slots=True)
class _Entry:
    name: str
    at: int  # of the entry in the file
    left: int
    right: int
    child: int
    start: int
    size: int


class CompoundFile:
    """The sectors of one file. Its allocation table is known as far as the header lists it: 7 MB in small sectors."""

    def __init__(self, data: bytearray) -> None:
        self.data = data
        shift: int = struct.unpack_from("<H", data, 30)[0]
        if shift not in (9, 12):
            raise ValueError("sector size")
        self._size = 1 << shift
        listed = struct.unpack_from("<109I", data, 76)
        self._table = [n for n in listed if n < _LAST_SECTOR and self._at(n) + self._size <= len(data)]
        directory = list(self._directory(struct.unpack_from("<I", data, 48)[0]))
        self._root = directory[0]
        self.entries = {entry.name: entry for entry in self._siblings(directory, self._root.child)}

    def read(self, name: str) -> bytes:
        """The content of a stream.

        Raises:
            KeyError: there is none of this name.
            IndexError, ValueError: its sectors cannot be followed.
        """
        entry = self.entries[name]
        places = self._places(entry)
        chunk = _SMALL_SECTOR if entry.size < _SMALL_STREAM else self._size
        content = b"".join(self.data[at : at + chunk] for at in places)[: entry.size]
        if len(content) != entry.size:
            raise ValueError("stream cut off")
        return content

    def patch(self, name: str, at: int, new: bytes) -> None:
        """Replaces bytes of a stream."""
        entry = self.entries[name]
        self._write(self._places(entry), _SMALL_SECTOR if entry.size < _SMALL_STREAM else self._size, at, new)

    def append(self, name: str, new: bytes) -> None:
        """Adds bytes to a stream.

        Raises:
            IndexError: an allocation table has no room, or the stream would have to move to larger sectors.
        """
        entry = self.entries[name]
        small = entry.size < _SMALL_STREAM
        if small and entry.size + len(new) >= _SMALL_STREAM:
            raise IndexError("the stream would no longer be small")
        chunk = _SMALL_SECTOR if small else self._size
        while len(places := self._places(entry)) * chunk < entry.size + len(new):
            if small:
                self._lengthen_small(entry)
            else:
                self._lengthen(entry)
        self._write(places, chunk, entry.size, new)
        struct.pack_into("<I", self.data, entry.at + _ENTRY_SIZE_AT, entry.size + len(new))

    # -- sectors ------------------------------------------------------------------------------------------------------

    def _at(self, sector: int) -> int:
        return (sector + 1) * self._size

    def _link_at(self, sector: int) -> int:
        """Where the file keeps the number of the sector behind this one."""
        number, rest = divmod(sector, self._size // 4)
        return self._at(self._table[number]) + 4 * rest

    def _small_link_at(self, sector: int) -> int:
        number, rest = divmod(sector, self._size // 4)
        tables = list(self._chain(struct.unpack_from("<I", self.data, 60)[0]))
        return self._at(tables[number]) + 4 * rest

    def _chain(self, sector: int) -> Iterator[int]:
        for _ in range(len(self.data) // self._size + 1):
            if sector >= _LAST_SECTOR:
                return
            yield sector
            sector = struct.unpack_from("<I", self.data, self._link_at(sector))[0]
        raise ValueError("sectors in a circle")

    def _small_chain(self, sector: int) -> Iterator[int]:
        for _ in range(len(self.data) // _SMALL_SECTOR + 1):
            if sector >= _LAST_SECTOR:
                return
            yield sector
            sector = struct.unpack_from("<I", self.data, self._small_link_at(sector))[0]
        raise ValueError("sectors in a circle")

    def _places(self, entry: _Entry) -> list[int]:
        """Where the sectors of a stream begin in the file."""
        if entry.size >= _SMALL_STREAM:
            return [self._at(sector) for sector in self._chain(entry.start)]
        around = [self._at(sector) for sector in self._chain(self._root.start)]
        per_sector = self._size // _SMALL_SECTOR
        return [
            around[sector // per_sector] + sector % per_sector * _SMALL_SECTOR
            for sector in self._small_chain(entry.start)
        ]

    def _write(self, places: list[int], chunk: int, at: int, new: bytes) -> None:
        for offset, byte in enumerate(new, start=at):
            self.data[places[offset // chunk] + offset % chunk] = byte

    def _lengthen(self, entry: _Entry) -> None:
        """One more sector at the end of a stream, and of the file."""
        *_, last = self._chain(entry.start)
        self.data += bytes(-len(self.data) % self._size)
        fresh = len(self.data) // self._size - 1
        self.data += bytes(self._size)
        struct.pack_into("<I", self.data, self._link_at(last), fresh)
        struct.pack_into("<I", self.data, self._link_at(fresh), _END)

    def _lengthen_small(self, entry: _Entry) -> None:
        """One more small sector: the first behind all others, in a new sector of the root's stream where need be."""
        *_, last = self._small_chain(entry.start)
        root_size: int = struct.unpack_from("<I", self.data, self._root.at + _ENTRY_SIZE_AT)[0]
        fresh = -(-root_size // _SMALL_SECTOR)
        if (fresh + 1) * _SMALL_SECTOR > len(list(self._chain(self._root.start))) * self._size:
            self._lengthen(self._root)
        struct.pack_into("<I", self.data, self._small_link_at(last), fresh)
        struct.pack_into("<I", self.data, self._small_link_at(fresh), _END)
        struct.pack_into("<I", self.data, self._root.at + _ENTRY_SIZE_AT, (fresh + 1) * _SMALL_SECTOR)

    # -- directory ----------------------------------------------------------------------------------------------------

    def _directory(self, start: int) -> Iterator[_Entry]:
        for count, sector in enumerate(self._chain(start)):
            if count * self._size > _MOST_ENTRIES * _ENTRY:
                raise ValueError("directory too long")
            for at in range(self._at(sector), self._at(sector) + self._size, _ENTRY):
                length: int = struct.unpack_from("<H", self.data, at + 64)[0]
                name = self.data[at : at + max(0, min(length, 64) - 2)].decode("utf-16-le", errors="replace")
                left, right, child = struct.unpack_from("<3I", self.data, at + 68)
                first, size = struct.unpack_from("<2I", self.data, at + 116)
                yield _Entry(name, at, left, right, child, first, size)

    @staticmethod
    def _siblings(entries: list[_Entry], first: int) -> Iterator[_Entry]:
        """Entries beside one another; the directory keeps them as a tree."""
        waiting, seen = [first], set[int]()
        while waiting:
            at = waiting.pop()
            if at == _NONE or at in seen:
                continue
            seen.add(at)
            yield entries[at]
            waiting += [entries[at].left, entries[at].right]
