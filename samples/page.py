"""A plan as a born-digital PDF, drawn line by line so that every page break falls where the source says.

Fonts: DejaVu Serif of the Debian package fonts-dejavu-core (it has all Vietnamese letters); they are embedded,
so readers of the PDFs need none.
"""

import io
from dataclasses import dataclass
from pathlib import Path

from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

from samples.authored import Break, Field, Grid, Line, Plan

FONT_FOLDERS = (Path("/usr/share/fonts/truetype/dejavu"), Path("/usr/share/fonts/dejavu"))
PLAIN, BOLD = "DejaVuSerif", "DejaVuSerif-Bold"
SHORT, LONG = 595.28, 841.89  # A4 in points
MARGIN = 57.0
TEXT, CELL, HEAD = 12.0, 10.0, 10.0  # font sizes of text, tables, letterhead
LEADING = 1.3
PAD = 3.0


def build_pdf(plan: Plan) -> bytes:
    """The .pdf of a plan; the same bytes at each run with the same fonts."""
    for name in (PLAIN, BOLD):
        pdfmetrics.registerFont(TTFont(name, _font_file(name)))
    return _Drawing(plan).build()


def _font_file(name: str) -> str:
    for folder in FONT_FOLDERS:
        path = folder / f"{name}.ttf"
        if path.exists():
            return str(path)
    raise FileNotFoundError(f"{name}.ttf not found: install the package fonts-dejavu-core")


@dataclass(frozen=True, slots=True)
class _Placed:
    """One line of a cell; `top` counts from the top of the whole table, as if it were never cut."""

    text: str
    x: float
    top: float
    bold: bool


class _Drawing:
    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.buffer = io.BytesIO()
        self.canvas = Canvas(self.buffer, invariant=1, pageCompression=1)
        self.shape = "landscape" if plan.landscape else "portrait"
        self.number = 0
        self.top = 0.0  # how far down the page is written
        self._open()

    def build(self) -> bytes:
        plan = self.plan
        self._letterhead()
        for line in (plan.kind, *plan.title):
            self._write(line, "centered", bold=True)
        for block in plan.body:
            if isinstance(block, Line):
                self._write(
                    f"{block.number} {block.text}".strip(), block.style, bold=block.style in ("heading", "centered")
                )
            elif isinstance(block, Grid):
                self._table(block)
            else:
                self._break(block)
        if not any(isinstance(block, Break) and block.kind == "sign" for block in plan.body):
            self._closing()
        self.canvas.showPage()
        self.canvas.save()
        return self.buffer.getvalue()

    # Pages

    @property
    def width(self) -> float:
        return (SHORT if self.shape == "portrait" else LONG) - 2 * MARGIN

    @property
    def height(self) -> float:
        return LONG if self.shape == "portrait" else SHORT

    @property
    def bottom(self) -> float:
        return self.height - MARGIN

    def _open(self) -> None:
        self.number += 1
        turned = self.shape in ("turned", "sideways")
        self.canvas.setPageSize((LONG, SHORT) if self.shape == "landscape" else (SHORT, LONG))
        self.canvas.setPageRotation(90 if self.shape == "turned" else 0)
        if turned:  # lines run upwards on the sheet; /Rotate, where given, shows them level
            self.canvas.translate(SHORT, 0)
            self.canvas.rotate(90)
        self.top = MARGIN
        if self.number > 1:
            self._text(str(self.number), MARGIN + self.width / 2, 30, size=TEXT, align="center")

    def _turn(self, shape: str | None = None) -> None:
        self.canvas.showPage()
        self.shape = shape or self.shape
        self._open()

    def _break(self, block: Break) -> None:
        if block.kind == "sign":
            self._closing()
        elif block.kind == "blank":
            self._turn()
            self.canvas.showPage()
            self._open()
        else:
            self._turn(None if block.kind == "page" else block.kind)

    # Words

    def _text(self, text: str, x: float, top: float, *, size: float, bold: bool = False, align: str = "left") -> None:
        self.canvas.setFont(BOLD if bold else PLAIN, size)
        y = self.height - top - size
        if align == "center":
            self.canvas.drawCentredString(x, y, text)
        else:
            self.canvas.drawString(x, y, text)

    def _write(self, text: str, style: str, *, bold: bool = False) -> None:
        centered = style in ("centered", "note")
        for line in _wrap(text, self.width, TEXT, bold=bold):
            if self.top + TEXT * LEADING > self.bottom:
                self._turn()
            x = MARGIN + self.width / 2 if centered else MARGIN
            self._text(line, x, self.top, size=TEXT, bold=bold, align="center" if centered else "left")
            self.top += TEXT * LEADING
        self.top += 4

    def _columns(self, left: list[tuple[str, bool]], right: list[tuple[str, bool]], *, centered_left: bool) -> None:
        start, lowest = self.top, self.top
        for lines, x, width, centered in (
            (left, MARGIN, self.width * 0.43, centered_left),
            (right, MARGIN + self.width * 0.45, self.width * 0.55, True),
        ):
            top = start
            for text, bold in lines:
                for line in _wrap(text, width, HEAD, bold=bold) or [""]:
                    place = x + width / 2 if centered else x
                    self._text(line, place, top, size=HEAD, bold=bold, align="center" if centered else "left")
                    top += HEAD * LEADING
            lowest = max(lowest, top)
        self.top = lowest + 8

    def _letterhead(self) -> None:
        plan = self.plan
        if not plan.left and not plan.right:
            return
        rows = max(len(plan.left), len(plan.right)) - 1
        left = [(line, at > 0) for at, line in enumerate(plan.left[:-1])]
        right = [(line, True) for line in plan.right[:-1]]
        left += [("", False)] * (rows - len(left))
        right += [("", False)] * (rows - len(right))
        self._columns(
            [*left, (plan.left[-1] if plan.left else "", False)],
            [*right, (plan.right[-1] if plan.right else "", False)],
            centered_left=True,
        )

    def _closing(self) -> None:
        plan = self.plan
        if not plan.signer and not plan.recipients:
            return
        lines = [*plan.signer[:-1], *([plan.stamp] if plan.stamp else ["", ""]), "", *plan.signer[-1:]]
        need = max(len(lines), len(plan.recipients) + 1) * TEXT * LEADING
        if self.top + need > self.bottom:
            self._turn()
        left = [("Nơi nhận:", True), *((line, False) for line in plan.recipients)] if plan.recipients else []
        self._columns(left, [(line, line != plan.stamp) for line in lines], centered_left=False)

    # Tables

    def _table(self, grid: Grid) -> None:
        layout = _Layout(grid, self.width)
        cuts, at, pages = dict(grid.cuts), 0.0, 1
        first = 0  # the first row that begins on this page
        for row in range(grid.row_count):
            if row in grid.ends or self._overflows(layout, row, at):
                at = self._next_page(layout, at, first, row, 0, pages)
                first, pages = row, pages + 1
            if row in cuts:
                at = self._next_page(layout, at, first, row, cuts[row], pages)
                first, pages = row + 1, pages + 1
        self._segment(layout, at, layout.tops[-1], pages)
        self.top += 8

    def _overflows(self, layout: "_Layout", row: int, at: float) -> bool:
        """Whether a row must begin the next page: it does not fit, or what fits before its cut does not."""
        cuts = dict(layout.grid.cuts)
        end = layout.cut_at(row, cuts[row]) if row in cuts else layout.tops[row + 1]
        return self.top + (end - at) > self.bottom + 1 and layout.tops[row] > at

    def _next_page(self, layout: "_Layout", at: float, first: int, row: int, lines: int, pages: int) -> float:
        """Ends the page before `row`, or after `lines` of it, at the bottom margin, where real pages end.

        What is left of the page goes above a table that begins on it, else into the rows, evenly.
        """
        left = self.bottom - self.top - (layout.cut_at(row, lines) - at)
        if at == 0:
            self.top += left
        elif row > first:
            layout.stretch(range(first, row), left / (row - first))
        end = layout.cut_at(row, lines)
        self._segment(layout, at, end, pages)
        if row in layout.grid.blanks and not lines:
            self._turn()
        self._turn()
        self._header(layout)
        return end

    def _header(self, layout: "_Layout") -> None:
        if layout.grid.repeat:
            self._segment(layout, 0, layout.tops[layout.grid.header], 0)

    def _segment(self, layout: "_Layout", start: float, end: float, page: int) -> None:
        """Draws what lies between two heights of the uncut table at the present place of the page."""
        shift = self.top - start
        tops = layout.tops
        inset = PAD if start not in tops else 0
        self.canvas.setLineWidth(0.5)
        for field, x0, x1 in layout.boxes:
            top = max(tops[field.row], start)
            bottom = min(tops[field.row + field.rows], end)
            if bottom > top:
                low = bottom + shift + inset
                high = top + shift + (inset if top > start else 0)
                self.canvas.rect(x0, self.height - low, x1 - x0, low - high)
        for line in layout.lines:
            if start <= line.top < end - 1:
                self._text(line.text, line.x, line.top + shift + inset, size=CELL, bold=line.bold)
        if layout.grid.phantom and page == 2:
            x = layout.edges[layout.grid.phantom] + 4
            self.canvas.line(x, self.height - start - shift, x, self.height - end - shift)
        self.top = end + shift + inset


class _Layout:
    """Where each line of a table stands when it is not cut into pages."""

    def __init__(self, grid: Grid, width: float) -> None:
        self.grid = grid
        share = width / sum(grid.widths)
        self.edges = [MARGIN + sum(grid.widths[:at]) * share for at in range(len(grid.widths) + 1)]
        self.boxes = [(f, self.edges[f.column], self.edges[f.column + f.columns]) for f in grid.fields]
        self.wrapped = [(f, x0, self._lines(f, x1 - x0)) for f, x0, x1 in self.boxes]
        self.heights = self._heights()

    @property
    def tops(self) -> list[float]:
        return [sum(self.heights[:row]) for row in range(len(self.heights) + 1)]

    @property
    def lines(self) -> list[_Placed]:
        tops = self.tops
        return [
            _Placed(text, x0 + PAD, tops[f.row] + PAD + at * CELL * LEADING, f.row < self.grid.header)
            for f, x0, lines in self.wrapped
            for at, text in enumerate(lines)
        ]

    def cut_at(self, row: int, lines: int) -> float:
        """The height after so many lines of a row; 0 lines is the rule above it."""
        return self.tops[row] + (PAD + lines * CELL * LEADING if lines else 0)

    def stretch(self, rows: range, by: float) -> None:
        for row in rows:
            self.heights[row] += by

    def _lines(self, field: Field, width: float) -> list[str]:
        bold = field.row < self.grid.header
        return [
            line for part in field.text.split("\n") for line in _wrap(part, width - 2 * PAD, CELL, bold=bold) or [""]
        ]

    def _heights(self) -> list[float]:
        heights = [CELL * LEADING + 2 * PAD] * self.grid.row_count
        for field, _, lines in sorted(self.wrapped, key=lambda item: item[0].rows):
            need = len(lines) * CELL * LEADING + 2 * PAD
            have = sum(heights[field.row : field.row + field.rows])
            if need > have:
                heights[field.row + field.rows - 1] += need - have
        return heights


def _wrap(text: str, width: float, size: float, *, bold: bool) -> list[str]:
    """Lines no wider than `width`, broken at blanks, and inside a word only where it is wider than a line."""
    font = BOLD if bold else PLAIN

    def wide(words: str) -> float:
        return float(pdfmetrics.stringWidth(words, font, size))

    lines: list[str] = []
    line = ""
    for word in text.split():
        if line and wide(f"{line} {word}") > width:
            lines.append(line)
            line = ""
        line = f"{line} {word}".strip()
        while wide(line) > width:
            end = next(at for at in range(len(line), 0, -1) if wide(line[:at]) <= width or at == 1)
            lines.append(line[:end])
            line = line[end:]
    return [*lines, line] if line else lines
