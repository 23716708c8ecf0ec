"""A plan as machine-read text pages: paragraphs apart by blank lines, tables as tab-separated lines."""

from samples.authored import Break, Field, Grid, Line, Plan

CHARACTERS_A_LINE = 28  # how much of a cell stands before the cut, for each line that the PDF would show


def build_text(plan: Plan) -> bytes:
    """The text file: UTF-8, header rows repeated after a page break, cut rows on two lines."""
    parts = [*plan.left[:-1], *plan.left[-1:], *plan.right[-1:], "\n".join((plan.kind, *plan.title))]
    signed = False
    for block in plan.body:
        if isinstance(block, Line):
            parts.append(f"{block.number} {block.text}".strip())
        elif isinstance(block, Grid):
            parts.append("\n".join(_rows(block)))
        elif isinstance(block, Break) and block.kind == "sign":
            parts.extend(_closing(plan))
            signed = True
    if not signed:
        parts.extend(_closing(plan))
    return ("\n\n".join(part for part in parts if part.strip()) + "\n").encode()


def _closing(plan: Plan) -> list[str]:
    recipients = ["Nơi nhận:", *plan.recipients] if plan.recipients else []
    stamp = [plan.stamp] if plan.stamp else []
    return ["\n".join(recipients), *stamp, "\n".join(plan.signer[:-1]), *plan.signer[-1:]]


def _rows(grid: Grid) -> list[str]:
    lines: list[str] = []
    cuts = dict(grid.cuts)
    header = [_line(grid, row) for row in range(grid.header)]
    for row in range(grid.row_count):
        if row in grid.ends:
            lines += ["", *(header if grid.repeat else [])]
        if row not in cuts:
            lines.append(_line(grid, row))
            continue
        tops, rests = zip(*(_cut(text, cuts[row]) for text in _texts(grid, row)), strict=True)
        lines += ["\t".join(tops), "", *(header if grid.repeat else []), "\t".join(rests)]
    return lines


def _line(grid: Grid, row: int) -> str:
    return "\t".join(_texts(grid, row))


def _texts(grid: Grid, row: int) -> list[str]:
    texts = [""] * len(grid.widths)
    for field in grid.row(row):
        if field.row == row:
            texts[field.column] = _flat(field)
    return texts


def _flat(field: Field) -> str:
    return " ".join(field.text.split())


def _cut(text: str, lines: int) -> tuple[str, str]:
    limit = lines * CHARACTERS_A_LINE
    if len(text) <= limit:
        return text, ""
    at = text.rfind(" ", 0, limit)
    return (text[:at], text[at + 1 :]) if at > 0 else (text, "")
