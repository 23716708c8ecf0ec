"""White channels between texts that stand in line: where the columns of a table without rules are."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from statistics import median

from extractors.grid_rows import squash
from extractors.pdf_lines import Line, around
from extractors.pdf_rows import PIECE_GAP

LEAST_COLUMNS = 3
ALIGNED = 3.0  # points: edges of one column
_CHANNEL = PIECE_GAP
_CROSSED = 0.25  # of the rows may run across a channel: names of groups between the rows
LEAST_ROWS = 3
APART = 1.2  # of the distance of lines in a cell: rows with space between them
HEADING_LINES = 5  # at most, of a heading whose cells are wrapped
LONGEST_HEADING = 90  # characters; longer texts are contents
_STABLE = 0.6  # of the rows share a column's left edge or its middle

Row = tuple[Line, ...]
Channel = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Columns:
    """Where the columns of a table stand, and its heading, for the pages that go on with it."""

    xs: tuple[float, ...]
    channels: tuple[Channel, ...]
    heading: tuple[str, ...]
    spaced: bool = False  # rows without numbers, see pdf_spaced
    rule: tuple[float, float] | None = None  # from where to where rules part its rows

    @property
    def count(self) -> int:
        return len(self.channels) + 1

    def column(self, piece: Line) -> int:
        return sum(piece.center > (low + high) / 2 for low, high in self.channels)

    def crossed(self, row: Row) -> bool:
        return any(_crosses(piece, channel) for piece in row for channel in self.channels)

    def texts(self, rows: Iterable[Row]) -> tuple[str, ...]:
        """Text of each column, its lines one after another."""
        out = [""] * self.count
        for row in rows:
            for piece in row:
                out[self.column(piece)] += " " + piece.text
        return tuple(text.strip() for text in out)

    def repeated(self, rows: Sequence[Row]) -> int:
        """How many lines at the top repeat the heading; their rows may leave columns empty."""
        heading = [squash(text) for text in self.heading]
        heights = range(1, min(HEADING_LINES, len(rows)) + 1)
        return next((n for n in heights if [squash(text) for text in self.texts(rows[:n])] == heading), 0)


def _crosses(piece: Line, channel: Channel) -> bool:
    return piece.x0 < channel[0] and piece.x1 > channel[1]


def _size(rows: Sequence[Row]) -> float:
    return median(piece.size for row in rows for piece in row)


def channels_of(rows: Sequence[Row], inner: Sequence[Row]) -> tuple[Channel, ...]:
    """White between the texts of `rows` that few of the rows between them run across."""
    least = _CHANNEL * _size(rows)
    ink = sorted((piece.x0, piece.x1) for row in rows for piece in row)
    gaps: list[Channel] = []
    reach = ink[0][1]
    for x0, x1 in ink[1:]:
        if x0 - reach >= least:
            gaps.append((reach, x0))
        reach = max(reach, x1)
    kept = []
    for gap in gaps:
        across = sum(any(_crosses(piece, gap) for piece in row) for row in inner)
        if across <= _CROSSED * max(len(inner), LEAST_ROWS):
            trimmed = _trimmed(gap, inner)
            if trimmed[1] - trimmed[0] >= least:
                kept.append(trimmed)
    return tuple(kept)


def _trimmed(gap: Channel, rows: Sequence[Row]) -> Channel:
    low, high = gap
    for row in rows:
        for piece in row:
            if _crosses(piece, gap):
                continue
            if gap[0] < piece.x1 < gap[1] and piece.x0 < gap[0]:
                low = max(low, piece.x1)
            elif gap[0] < piece.x0 < gap[1] and piece.x1 > gap[1]:
                high = min(high, piece.x0)
    return low, high


def columns_of(rows: Sequence[Row], channels: Sequence[Channel]) -> Columns:
    box = around(piece for row in rows for piece in row)
    xs = (box.x0, *((low + high) / 2 for low, high in channels), box.x1)
    return Columns(xs, tuple(channels), ())


def is_stable(columns: Columns, rows: Sequence[Row]) -> bool:
    """At least two columns beside the first hold text in most rows, and each begins or is centred at one place."""
    filled = 0
    for column in range(1, columns.count):
        cells = [pieces for row in rows if (pieces := [piece for piece in row if columns.column(piece) == column])]
        if 2 * len(cells) < len(rows):
            continue
        lefts = [pieces[0].x0 for pieces in cells]
        middles = [(pieces[0].x0 + pieces[-1].x1) / 2 for pieces in cells]
        if max(_agreeing(lefts), _agreeing(middles)) < _STABLE * len(cells):
            return False
        filled += 1
    return filled >= LEAST_COLUMNS - 1


def _agreeing(values: Sequence[float]) -> int:
    return max(sum(abs(value - other) <= ALIGNED for other in values) for value in values)


def filled_columns(columns: Columns, rows: Sequence[Row]) -> set[int]:
    return {columns.column(piece) for row in rows for piece in row}
