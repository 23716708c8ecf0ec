"""Documents by hand for tests: a table is lines of cells between bars, "^" under and "<" right of a merged cell."""

from extractors.document import Block, Cell, Document, Paragraph, Source, Table


def table(*lines: str, index: int = 0, ruled: bool = True) -> Table:
    """A table from lines such as "TT | Nội dung | Chủ trì"; "^" continues the cell above, "<" the cell to the left.

    "\\n" in a line (written as backslash n) is a line break inside the cell, a leading "**" makes the cell bold.
    """
    rows = [[c.strip() for c in line.split("|")] for line in lines]
    width = max(map(len, rows))
    cells = []
    for r, row in enumerate(rows):
        row += [""] * (width - len(row))
        for c, text in enumerate(row):
            if text in ("^", "<") or not text:
                continue
            down = right = 1
            while r + down < len(rows) and len(rows[r + down]) > c and rows[r + down][c] == "^":
                down += 1
            while c + right < width and row[c + right] == "<":
                right += 1
            bold = text.startswith("**")
            cells.append(Cell(text.removeprefix("**").replace("\\n", "\n"), r, c, down, right, bold=bold))
    return Table(index, len(rows), width, tuple(cells), ruled=ruled)


def paper(*blocks: Block | str) -> Document:
    """A document of these blocks; strings become paragraphs."""
    source = Source("file:///tmp/giấy.txt", "0" * 64, 0)
    return Document(
        source, "text/plain", "text", None, tuple(Paragraph(b) if isinstance(b, str) else b for b in blocks)
    )
