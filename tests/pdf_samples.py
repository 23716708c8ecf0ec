"""PDFs drawn for tests, rule by rule and line by line, so that a test decides what stands where."""

import io
from collections.abc import Sequence
from dataclasses import dataclass, field

from reportlab.lib.utils import ImageReader
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

FONT, BOLD = "Serif", "Serif-Bold"
_FONTS = "/usr/share/fonts/truetype/dejavu"
A4 = (595.0, 842.0)
SIZE = 11.0
PITCH = 14.0
PAD = 4.0


def _register() -> None:
    if FONT not in pdfmetrics.getRegisteredFontNames():
        pdfmetrics.registerFont(TTFont(FONT, f"{_FONTS}/DejaVuSerif.ttf"))
        pdfmetrics.registerFont(TTFont(BOLD, f"{_FONTS}/DejaVuSerif-Bold.ttf"))


def width(text: str, bold: bool = False, size: float = SIZE) -> float:
    _register()
    return float(pdfmetrics.stringWidth(text, BOLD if bold else FONT, size))


@dataclass
class Paper:
    """Draws with y from the top; `rules` is "lines" or "bars" (thin filled rectangles)."""

    size: tuple[float, float] = A4
    rules: str = "lines"
    buffer: io.BytesIO = field(default_factory=io.BytesIO)

    def __post_init__(self) -> None:
        _register()
        self.canvas = Canvas(self.buffer, pagesize=self.size, initialFontName=FONT)

    @property
    def height(self) -> float:
        return self.size[1]

    def text(self, x: float, y: float, text: str, bold: bool = False, size: float = SIZE) -> None:
        """One line; `y` is the top of its letters."""
        self.canvas.setFont(BOLD if bold else FONT, size)
        self.canvas.drawString(x, self.height - y - size, text)

    def centered(self, x: float, y: float, text: str, bold: bool = False) -> None:
        self.text(x - width(text, bold) / 2, y, text, bold)

    def lines(self, x: float, y: float, lines: Sequence[str], bold: bool = False) -> float:
        for number, line in enumerate(lines):
            self.text(x, y + number * PITCH, line, bold)
        return y + len(lines) * PITCH

    def rule(self, x0: float, y0: float, x1: float, y1: float) -> None:
        if self.rules == "bars":
            thick = 0.5
            self.canvas.rect(
                x0, self.height - max(y0, y1) - thick, max(x1 - x0, thick), max(y1 - y0, thick), stroke=0, fill=1
            )
        else:
            self.canvas.line(x0, self.height - y0, x1, self.height - y1)

    def table(
        self, x: float, y: float, widths: Sequence[float], rows: Sequence[Sequence[str | None]], header: bool = False
    ) -> float:
        """A ruled table; cells may hold "\\n". None leaves out the rule above (a cell merged downwards).

        Returns the y below it.
        """
        edges = [x]
        for w in widths:
            edges.append(edges[-1] + w)
        top = y
        for number, row in enumerate(rows):
            height = PITCH * max((cell.count("\n") + 1 for cell in row if cell is not None), default=1) + 2 * PAD
            for column, cell in enumerate(row):
                if cell is not None:
                    self.rule(edges[column], y, edges[column + 1], y)
                    self.lines(edges[column] + PAD, y + PAD, cell.split("\n"), bold=header and number == 0)
            y += height
        self.rule(edges[0], y, edges[-1], y)
        for edge in edges:
            self.rule(edge, top, edge, y)
        return y

    def picture(self, x: float, y: float, w: float, h: float) -> None:
        pixels = io.BytesIO(b"P6 2 2 255 " + bytes(12))
        self.canvas.drawImage(ImageReader(pixels), x, self.height - y - h, w, h)

    def page(self, size: tuple[float, float] | None = None) -> None:
        self.canvas.showPage()
        if size:
            self.size = size
            self.canvas.setPageSize(size)

    def save(self) -> bytes:
        self.canvas.save()
        return self.buffer.getvalue()


def wrap(text: str, room: float) -> str:
    """Lines as a word processor breaks them, joined by "\\n"."""
    lines, current = [], ""
    for word in text.split():
        trial = f"{current} {word}".strip()
        if current and width(trial) > room:
            lines.append(current)
            current = word
        else:
            current = trial
    return "\n".join([*lines, current])
