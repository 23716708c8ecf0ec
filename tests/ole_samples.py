"""OLE compound files (MS-CFB) and old Excel records by hand, for tests."""

import struct
from collections.abc import Mapping, Sequence

_SECTOR = 512
_FREE, _END, _FAT = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD


def compound(streams: Mapping[str, bytes]) -> bytes:
    """A file with these streams at its root, each filled up to the size from which a stream has sectors of its own."""
    contents = [content.ljust(4096, b"\x00") for content in streams.values()]
    table = [_FAT, _END]  # sector 0: the allocation table; sector 1: the directory
    starts = []
    for content in contents:
        starts.append(len(table))
        count = -(-len(content) // _SECTOR)
        table += [*range(len(table) + 1, len(table) + count), _END]
    table += [_FREE] * (_SECTOR // 4 - len(table))
    header = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16) + struct.pack("<5H6x", 0x3E, 3, 0xFFFE, 9, 6)
    header += struct.pack("<9I", 0, 1, 1, 0, 4096, _END, 0, _END, 0) + struct.pack("<109I", 0, *[_FREE] * 108)
    entries = [_entry("Root Entry", 5, 1 if streams else _FREE, _FREE, _END, 0)]
    for number, (name, start, content) in enumerate(zip(streams, starts, contents, strict=True), start=1):
        after = number + 1 if number < len(streams) else _FREE
        entries.append(_entry(name, 2, _FREE, after, start, len(content)))
    directory = b"".join(entries).ljust(_SECTOR, b"\x00")
    body = b"".join(content.ljust(-(-len(content) // _SECTOR) * _SECTOR, b"\x00") for content in contents)
    return header.ljust(_SECTOR, b"\x00") + struct.pack(f"<{len(table)}I", *table) + directory + body


def _entry(name: str, kind: int, child: int, right: int, start: int, size: int) -> bytes:
    raw = name.encode("utf-16-le") + b"\x00\x00"
    head = raw.ljust(64, b"\x00") + struct.pack("<HBB3I", len(raw), kind, 1, _FREE, right, child)
    return head + bytes(36) + struct.pack("<IQ", start, size)


def excel_95(rows: Sequence[Sequence[str]]) -> bytes:
    """A workbook of Excel 5.0/95: the stream "Book" with records of BIFF5."""
    sheet = _record(0x0809, struct.pack("<HHHH", 0x0500, 0x0010, 0, 0))
    for r, row in enumerate(rows):
        for c, text in enumerate(row):
            raw = text.encode("cp1252")
            sheet += _record(0x0204, struct.pack("<4H", r, c, 0, len(raw)) + raw)
    sheet += _record(0x000A, b"")
    head = _record(0x0809, struct.pack("<HHHH", 0x0500, 0x0005, 0, 0))
    bound = 4 + 4 + 2 + 1 + 2  # record header, offset, flags, length and letters of the name
    name = struct.pack("<IHB", len(head) + bound + 4, 0, 2) + b"KH"
    return compound({"Book": head + _record(0x0085, name) + _record(0x000A, b"") + sheet})


def _record(kind: int, body: bytes) -> bytes:
    return struct.pack("<HH", kind, len(body)) + body
