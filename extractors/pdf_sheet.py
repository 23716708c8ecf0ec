"""One page of a PDF -> lines, ruled tables, and what repeats on every page left out."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import islice

from extractors.document import Box
from extractors.pdf_cells import Span
from extractors.pdf_fonts import mend
from extractors.pdf_lines import Glyph, Line, Turn, read_rows, undouble
from extractors.pdf_print import Letters, Print
from extractors.pdf_rows import OUTSIDE, PIECE_GAP, SIDE_GAP, DoubledError, is_plain, lines_of, rows_of
from extractors.pdf_rules import Grid, edges_of, grids_between
from extractors.pdf_stamp import may_be_stamped, without_stamps

_NUMBER = re.compile(r"\b\d+\b")
_PAGE_NUMBER = re.compile(r"(?:trang\s*)?[-–]?\s*\d{1,3}\s*[-–]?(?:\s*/\s*\d{1,3})?", re.IGNORECASE)
_MARGIN = 0.1  # of the page height, where headers, footers and page numbers stand


@dataclass(frozen=True, slots=True)
class Sheet:
    """One page as read: lines outside tables in rows, ruled tables, and the way back to the page's coordinates."""

    number: int
    turn: Turn
    rows: tuple[tuple[Line, ...], ...]
    grids: tuple[tuple[Grid, tuple[tuple[Line, ...], ...]], ...]
    scanned: bool = False
    pieces: tuple[tuple[Line, ...], ...] = ()  # `rows` cut more finely, where a table without rules may stand
    rules: tuple[Box, ...] = ()  # horizontal ones, for the same
    columns: Box | None = None  # text in columns that made no table
    repairs: tuple[tuple[str, str], ...] = ()  # kinds of repair made to fonts, each with a sample
    stamps: tuple[str, ...] = ()  # words of digital signatures, left out
    plausible: bool = True  # False: the text layer does not tell what is printed

    @property
    def format(self) -> tuple[int, int]:
        """The paper's size in steps of 10 points: pages from one feeder differ by a few pixels."""
        width, height = self.turn.size
        return round(width / 10), round(height / 10)

    def lines(self) -> list[Line]:
        outside = [line for row in self.rows for line in row]
        return outside + [line for _, cells in self.grids for cell in cells for line in cell]


def read_sheet(page: Print) -> Sheet:
    """Lines, ruled tables and what stands in their cells."""
    letters = page.letters
    if not isinstance(letters, Letters):
        return _read_glyphs(page)
    if not letters.runs:
        return Sheet(page.number, Turn(0, page.width, page.height), (), ())
    if may_be_stamped(letters.text) or not is_plain(letters):
        return _read_glyphs(page)
    try:
        return _read_rows(page, letters)
    except DoubledError:
        return _read_glyphs(page)


def _read_rows(page: Print, letters: Letters) -> Sheet:
    """The short way."""
    turn = Turn(letters.runs[0].turned, page.width, page.height)
    across, upright = _edges(page, turn)
    grids = grids_between(across, upright)
    cells: list[list[Line]] = [[] for grid in grids for _ in grid.cells]
    outside = []
    for row in rows_of(letters, grids):
        if row.place == OUTSIDE:
            outside.append(row)
        else:
            cells[row.place] += lines_of(row)
    held = iter(map(tuple, cells))
    tables = tuple((grid, tuple(islice(held, len(grid.cells)))) for grid in grids)
    rows = tuple([tuple(lines_of(row, SIDE_GAP)) for row in outside])
    if all(len(row) == 1 for row in rows):
        return Sheet(page.number, turn, rows, tables)
    pieces = tuple(
        lines if len(row.pieces) == 1 else tuple(lines_of(row, PIECE_GAP))
        for row, lines in zip(outside, rows, strict=True)
    )
    return Sheet(page.number, turn, rows, tables, pieces=pieces, rules=_wide(across, turn))


def _edges(page: Print, turn: Turn) -> tuple[list[Span], list[Span]]:
    """Rules across and upright ones on the page as read."""
    if not turn.quarters:
        return edges_of(page.rules)
    boxes = ((turn.forward(Box(*sides)), stroked) for *sides, stroked in page.rules)
    return edges_of((box.x0, box.top, box.x1, box.bottom, stroked) for box, stroked in boxes)


def _read_glyphs(page: Print) -> Sheet:
    """The long way, letter by letter: turned headings, old fonts, signature stamps, letters drawn twice."""
    mended = mend(page.glyphs())
    unstamped = without_stamps(mended.glyphs)
    raw = unstamped.glyphs
    quarters = Counter(glyph.turned for glyph in raw if not glyph.text.isspace()).most_common(1)
    turn = Turn(quarters[0][0] if quarters else 0, page.width, page.height)
    glyphs = undouble([_turn_glyph(glyph, turn) for glyph in raw])
    across, upright = _edges(page, turn)
    grids = grids_between(across, upright)
    inside: list[list[list[Glyph]]] = [[[] for _ in grid.cells] for grid in grids]
    outside: list[Glyph] = []
    for glyph in glyphs:
        spot = _spot(glyph, grids)
        if spot is None:
            outside.append(glyph)
        else:
            inside[spot[0]][spot[1]].append(glyph)
    tables = tuple(
        (grid, tuple(_cell_lines(cell) for cell in cells)) for grid, cells in zip(grids, inside, strict=True)
    )
    rows = tuple(tuple(row) for row in read_rows(outside, SIDE_GAP)) if outside else ()
    sheet = Sheet(
        number=page.number,
        turn=turn,
        rows=rows,
        grids=tables,
        repairs=mended.repairs,
        stamps=unstamped.stamps,
        plausible=mended.plausible,
    )
    if all(len(row) == 1 for row in rows):
        return sheet
    pieces = tuple(tuple(row) for row in read_rows(outside, PIECE_GAP))
    return replace(sheet, pieces=pieces, rules=_wide(across, turn))


def _wide(across: Sequence[Span], turn: Turn) -> tuple[Box, ...]:
    """Horizontal rules as wide as a table."""
    least = 0.4 * turn.size[0]
    return tuple([Box(start, at, end, at) for at, start, end in across if end - start >= least])


def _turn_glyph(glyph: Glyph, turn: Turn) -> Glyph:
    if not turn.quarters:
        return glyph
    box = turn.forward(Box(glyph.x0, glyph.top, glyph.x1, glyph.bottom))
    turned = (glyph.turned - turn.quarters) % 4
    return replace(glyph, x0=box.x0, top=box.top, x1=box.x1, bottom=box.bottom, turned=turned)


def _spot(glyph: Glyph, grids: Sequence[Grid]) -> tuple[int, int] | None:
    """Table and cell in which the glyph's middle stands."""
    for number, grid in enumerate(grids):
        if not _holds(grid.box, glyph):
            continue
        for index, cell in enumerate(grid.cells):
            if _holds(cell.box, glyph):
                return number, index
    return None


def _holds(box: Box, glyph: Glyph) -> bool:
    return box.x0 <= glyph.across < box.x1 and box.top <= glyph.middle < box.bottom


def _cell_lines(glyphs: Sequence[Glyph]) -> tuple[Line, ...]:
    if not glyphs:
        return ()
    turned = Counter(glyph.turned for glyph in glyphs).most_common(1)[0][0]
    if turned:  # a heading written upwards in a narrow column
        turn = Turn(turned, 0.0, 0.0)
        glyphs = [_turn_glyph(glyph, turn) for glyph in glyphs]
    return tuple(line for row in read_rows(glyphs) for line in row)


# --- all pages --------------------------------------------------------------------------------------------------


def without_furniture(sheets: Sequence[Sheet]) -> list[Sheet]:
    """Leaves out running headers, footers and page numbers."""
    margins = [{at: _margin_keys(row, sheet) for at, row in _margin_rows(sheet)} for sheet in sheets]
    repeats: Counter[tuple[str, int]] = Counter()
    for rows in margins:
        repeats.update({key for keys in rows.values() for key in keys})
    often = max(3, len(sheets) / 2) if len(sheets) > 3 else len(sheets)
    out = []
    for sheet, rows in zip(sheets, margins, strict=True):
        gone = {
            at
            for at, keys in rows.items()
            if _is_page_number(sheet.rows[at], sheet)
            or (len(sheets) > 1 and any(repeats[key] >= often for key in keys))
        }
        out.append(_without_rows(sheet, gone) if gone else sheet)
    return out


def _without_rows(sheet: Sheet, gone: set[int]) -> Sheet:
    kept = [at for at in range(len(sheet.rows)) if at not in gone]
    pieces = tuple([sheet.pieces[at] for at in kept]) if sheet.pieces else ()
    return replace(sheet, rows=tuple([sheet.rows[at] for at in kept]), pieces=pieces)


def _margin_rows(sheet: Sheet) -> list[tuple[int, Sequence[Line]]]:
    height = sheet.turn.size[1]
    head, foot = _MARGIN * height, (1 - _MARGIN) * height
    return [(at, row) for at, row in enumerate(sheet.rows) if row[0].bottom < head or row[0].top > foot]


def _margin_keys(row: Sequence[Line], sheet: Sheet) -> list[tuple[str, int]]:
    own = str(sheet.number)
    text = " ".join([line.text for line in row]).casefold()
    text = _NUMBER.sub(lambda number: "#" if number[0].lstrip("0") == own else number[0], text)
    return [(text, round(row[0].top / 3) + near) for near in (0, 1)]


def _is_page_number(row: Sequence[Line], sheet: Sheet) -> bool:
    """Forms: "2", "- 2 -", "Trang 2", "2/10", alone near the top or bottom edge and not at the left one."""
    text = " ".join([line.text for line in row])
    return _PAGE_NUMBER.fullmatch(text) is not None and row[0].x0 > 0.2 * sheet.turn.size[0]
