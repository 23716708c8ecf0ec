"""The lines of a document's head and end, whatever they stand in: paragraphs, layout tables, a mixture of both.

A letterhead is two columns on paper; Word keeps it as a table, a PDF as an unruled table or as paragraphs, a text
file as paragraphs. All of them become lines that know their block and column.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from extractors.document import NOWHERE, Block, Paragraph, Place, Table
from extractors.quick import filled_open
from pipeline.text import fold, nfc, squeeze

WHOLE_WIDTH = -1


@filled_open
@dataclass(frozen=True, slots=True)
class Line:
    """One line. `column` is the table column it stands in, WHOLE_WIDTH outside tables or across all columns."""

    text: str
    block: int
    column: int = WHOLE_WIDTH
    place: Place = NOWHERE
    bold: bool = False
    centered: bool = False
    level: int = 0
    last_of_block: bool = False

    @property
    def marked(self) -> bool:
        """Whether the format sets the line off from running text."""
        return self.bold or self.centered or self.level > 0


class _Unmarked(dict[int, str]):
    """Each character without its marks, worked out when it is first met."""

    def __missing__(self, code: int) -> str:
        char = chr(code)
        self[code] = "d" if char == "đ" else (unicodedata.normalize("NFD", char)[0] if char.isalpha() else char)
        return self[code]


_UNMARKED = _Unmarked()


@lru_cache(maxsize=65536)
def plain(text: str) -> str:
    """The text folded and without marks, for words that a scan may have garbled; the same length as the text.

    Forms: "KẺ HOẠCH" and "KẾ HOẠCH" -> "ke hoach"; "Số" and "Sổ" -> "so".
    """
    return fold(nfc(text)).translate(_UNMARKED)


def alternatives(words: Iterable[str]) -> str:
    """These words as one group of a pattern for `plain` text, longer ones first."""
    ordered = sorted({plain(word) for word in words}, key=lambda word: (-len(word), word))
    return "(?:" + "|".join(re.escape(word).replace(r"\ ", r"\s+") for word in ordered) + ")"


def is_capital(text: str) -> bool:
    """Whether the letters are capitals, a stray small one of a scan aside.

    Forms: "SỞ Y TẾ", "KT. GIÁM ĐỐC", "GD&ĐT".
    """
    letters = list(filter(str.isalpha, text))
    small = sum(map(str.islower, letters))
    return len(letters) >= 2 and small * 12 <= len(letters)


def first_line(block: Paragraph) -> str:
    """The text of a paragraph's first line, which is all that most paragraphs are asked for."""
    return next((squeeze(piece.replace("\u200b", "")) for piece in nfc(block.text).split("\n") if piece.strip()), "")


def _paragraph_lines(block: Paragraph, index: int) -> Iterator[Line]:
    pieces = [piece for piece in nfc(block.text).split("\n") if piece.strip()]
    for number, piece in enumerate(pieces, 1):
        yield Line(
            squeeze(piece.replace("\u200b", "")),
            index,
            place=block.place,
            bold=block.bold,
            centered=block.centered,
            level=block.level,
            last_of_block=number == len(pieces),
        )


def _table_lines(table: Table, index: int) -> Iterator[Line]:
    """Lines of a layout table, column after column; what spans all columns keeps its place between the rows."""
    width = table.column_count
    across = sorted({cell.row for cell in table.cells if cell.column_span >= width})
    bands = sorted({0, table.row_count, *across, *(row + 1 for row in across)})
    for top, bottom in pairwise(bands):
        cells = sorted((c for c in table.cells if top <= c.row < bottom), key=lambda c: (c.column, c.row))
        for cell in cells:
            column = WHOLE_WIDTH if cell.column_span >= width else cell.column
            for piece in nfc(cell.text).split("\n"):
                if piece.strip():
                    text = squeeze(piece.replace("\u200b", ""))
                    yield Line(text, index, column, cell.place, bold=cell.bold, centered=column == WHOLE_WIDTH)


def block_lines(block: Block, index: int) -> tuple[Line, ...]:
    """The printed lines of one block, empty ones left out."""
    if isinstance(block, Paragraph):
        return tuple(_paragraph_lines(block, index))
    return tuple(_table_lines(block, index))


def lines_of(blocks: Sequence[Block], start: int, stop: int) -> tuple[Line, ...]:
    """The lines of blocks[start:stop] in reading order."""
    return tuple(line for index in range(start, min(stop, len(blocks))) for line in block_lines(blocks[index], index))
