"""Word 97-2003 files (MS-DOC): the one repair that LibreOffice needs before it reads them whole.

A document must end with a paragraph mark. Some writers (LibreOffice itself, of a document that ends with a table)
leave it out, and LibreOffice then reads that last table as running text. A mark is added by one more entry in the
piece table, which shows a paragraph mark that stands elsewhere in the text; no byte of the text is touched.
"""

import struct
from dataclasses import dataclass

from extractors.ole import CompoundFile, open_compound

_CCP_TEXT = 0x4C  # FibRgLw97.ccpText: characters of the main document
_CCP_OTHERS = 7  # footnotes, headers, comments ... : their characters follow those of the main document
_FC_CLX = 0x1A2  # FibRgFcLcb97.fcClx and lcbClx
_FC_PAPX = 0x102  # fcPlcfBtePapx and lcbPlcfBtePapx
_PAGE = 512  # of an FKP
_BX = 13  # bytes of a BxPap
_IN_TABLE = b"\x16\x24\x01"  # sprmPFInTable, true
_FLAGS = 0x0A
_WHICH_TABLE = 0x0200
_COMPLEX = 0x01  # Clx: formatting of pieces, before the piece table
_PIECES = 0x02
_COMPRESSED = 0x40000000
_CELL_MARK, _PARAGRAPH_MARK = 0x07, 0x0D


@dataclass(frozen=True, slots=True)
class _Piece:
    """Characters [first, last) stand at byte `at` of the stream, `width` bytes each."""

    first: int
    last: int
    at: int
    width: int
    descriptor: bytes


def with_last_paragraph(data: bytes) -> bytes:
    """The file, with a paragraph mark behind a table at its very end; unchanged where there is none or it is odd."""
    file = open_compound(data)
    if file is None:
        return data
    try:
        text = file.read("WordDocument")
        flags: int = struct.unpack_from("<H", text, _FLAGS)[0]
        return bytes(file.data) if _repair(file, text, "1Table" if flags & _WHICH_TABLE else "0Table") else data
    except (KeyError, ValueError, struct.error, IndexError, StopIteration):
        return data


def main_text(data: bytes) -> str | None:
    """The characters of the main document, its marks and field codes included; None where they cannot be followed."""
    file = open_compound(data)
    if file is None:
        return None
    try:
        content = file.read("WordDocument")
        flags: int = struct.unpack_from("<H", content, _FLAGS)[0]
        table = file.read("1Table" if flags & _WHICH_TABLE else "0Table")
        at, size = struct.unpack_from("<2I", content, _FC_CLX)
        clx = table[at : at + size]
        count: int = struct.unpack_from("<i", content, _CCP_TEXT)[0]
        pieces = _pieces(clx, _piece_table(clx))
    except (KeyError, ValueError, struct.error, IndexError):
        return None
    text = "".join(_characters(content, piece) for piece in pieces)[:count]
    return text if len(text) == count else None


def _characters(content: bytes, piece: _Piece) -> str:
    raw = content[piece.at : piece.at + (piece.last - piece.first) * piece.width]
    return raw.decode("cp1252" if piece.width == 1 else "utf-16-le", "replace")


def _repair(file: CompoundFile, text: bytes, table_name: str) -> bool:
    table = file.read(table_name)
    counts = struct.unpack_from(f"<{1 + _CCP_OTHERS}i", text, _CCP_TEXT)
    at, size = struct.unpack_from("<2I", text, _FC_CLX)
    clx = table[at : at + size]
    start = _piece_table(clx)
    pieces = _pieces(clx, start)
    last = pieces[-1]
    if any(counts[1:]) or last.last != counts[0] or _code(text, last, last.last - 1) != _CELL_MARK:
        return False
    mark = _paragraph_mark(text, table, pieces)
    if mark is None:
        return False
    fc = (mark.at * 2) | _COMPRESSED if mark.width == 1 else mark.at
    descriptor = mark.descriptor[:2] + struct.pack("<I", fc) + mark.descriptor[6:]
    ends = [pieces[0].first, *(piece.last for piece in pieces), counts[0] + 1]
    plc = struct.pack(f"<{len(ends)}I", *ends) + b"".join(p.descriptor for p in pieces) + descriptor
    longer = clx[:start] + struct.pack("<BI", _PIECES, len(plc)) + plc
    file.append(table_name, longer)
    file.patch("WordDocument", _FC_CLX, struct.pack("<2I", len(table), len(longer)))
    file.patch("WordDocument", _CCP_TEXT, struct.pack("<i", counts[0] + 1))
    return True


def _piece_table(clx: bytes) -> int:
    """Where the piece table begins in the Clx."""
    at = 0
    while clx[at] == _COMPLEX:
        length: int = struct.unpack_from("<H", clx, at + 1)[0]
        at += 3 + length
    if clx[at] != _PIECES:
        raise IndexError("no piece table")
    return at


def _pieces(clx: bytes, start: int) -> list[_Piece]:
    length: int = struct.unpack_from("<I", clx, start + 1)[0]
    count = (length - 4) // 12
    ends = struct.unpack_from(f"<{count + 1}I", clx, start + 5)
    pieces = []
    for number in range(count):
        at = start + 5 + 4 * (count + 1) + 8 * number
        fc: int = struct.unpack_from("<I", clx, at + 2)[0]
        narrow = bool(fc & _COMPRESSED)
        place = (fc & ~_COMPRESSED) // 2 if narrow else fc
        pieces.append(_Piece(ends[number], ends[number + 1], place, 1 if narrow else 2, clx[at : at + 8]))
    return pieces


def _code(content: bytes, piece: _Piece, position: int) -> int:
    at = piece.at + (position - piece.first) * piece.width
    return content[at] if piece.width == 1 else int.from_bytes(content[at : at + 2], "little")


def _paragraph_mark(content: bytes, table: bytes, pieces: list[_Piece]) -> _Piece | None:
    """The last paragraph mark of the text that stands outside tables."""
    pages = _paragraph_pages(content, table)
    for piece in reversed(pieces):
        for position in range(piece.last - 1, piece.first - 1, -1):
            if _code(content, piece, position) == _PARAGRAPH_MARK:
                at = piece.at + (position - piece.first) * piece.width
                if not _in_table(content, pages, at):
                    return _Piece(position, position + 1, at, piece.width, piece.descriptor)
    return None


def _paragraph_pages(content: bytes, table: bytes) -> list[tuple[int, int]]:
    """First byte and page of each group of paragraph properties (PlcBtePapx)."""
    at, size = struct.unpack_from("<2I", content, _FC_PAPX)
    count = (size - 4) // 8
    starts = struct.unpack_from(f"<{count}I", table, at)
    numbers = struct.unpack_from(f"<{count}I", table, at + 4 * (count + 1))
    return [(start, (number & 0x3FFFFF) * _PAGE) for start, number in zip(starts, numbers, strict=True)]


def _in_table(content: bytes, pages: list[tuple[int, int]], at: int) -> bool:
    """Whether the paragraph of this byte has the property sprmPFInTable; looked up in its PapxFkp page."""
    page = next(page for start, page in reversed(pages) if start <= at)
    count = content[page + _PAGE - 1]
    ends = struct.unpack_from(f"<{count}I", content, page + 4)
    number = next(number for number, end in enumerate(ends) if at < end)
    offset = content[page + 4 * (count + 1) + _BX * number] * 2
    if not offset:
        return False
    words = content[page + offset]
    begin = page + offset + (1 if words else 2)
    properties = content[begin : begin + 2 * (words or content[page + offset + 1])]
    return _IN_TABLE in properties
