"""A plan as a web page, as portals show it and offices save it."""

from html import escape

from samples.authored import Break, Field, Grid, Line, Plan

_STYLES = {"body": "", "heading": ' style="font-weight:bold"', "centered": ' align="center"', "note": ' align="center"'}


def build_html(plan: Plan) -> bytes:
    """The page: UTF-8, tables with spans, letterhead and signature as tables without lines."""
    parts = [_side_by_side(plan.left, plan.right)]
    parts += [_paragraph(text, "centered") for text in (plan.kind, *plan.title) if text]
    signed = False
    for block in plan.body:
        if isinstance(block, Line):
            parts.append(_paragraph(f"{block.number} {block.text}".strip(), block.style))
        elif isinstance(block, Grid):
            parts.append(_table(block))
        elif isinstance(block, Break) and block.kind == "sign":
            parts.append(_signature(plan))
            signed = True
    if not signed:
        parts.append(_signature(plan))
    body = "\n".join(parts)
    head = f'<meta charset="utf-8"><title>{escape(" ".join(plan.title))}</title>'
    return f"<!DOCTYPE html>\n<html><head>{head}</head>\n<body>\n{body}\n</body></html>\n".encode()


def _paragraph(text: str, style: str) -> str:
    shown = _lines(text)
    if style == "centered":
        shown = f"<b>{shown}</b>"
    return f"<p{_STYLES[style]}>{shown}</p>"


def _lines(text: str) -> str:
    return escape(text, quote=False).replace("\n", "<br>")


def _side_by_side(left: tuple[str, ...], right: tuple[str, ...]) -> str:
    cells = "".join(
        f'<td align="center">{"".join(f"<p>{_lines(line)}</p>" for line in lines)}</td>' for lines in (left, right)
    )
    return f'<table border="0" width="100%"><tr>{cells}</tr></table>'


def _signature(plan: Plan) -> str:
    recipients = ("Nơi nhận:", *plan.recipients) if plan.recipients else ()
    return _side_by_side(recipients, plan.signer)


def _table(grid: Grid) -> str:
    rows = []
    for number in range(grid.row_count):
        tag = "th" if number < grid.header else "td"
        cells = "".join(_cell(field, tag) for field in grid.fields if field.row == number)
        rows.append(f"<tr>{cells}</tr>")
    return '<table border="1" cellspacing="0">\n' + "\n".join(rows) + "\n</table>"


def _cell(field: Field, tag: str) -> str:
    spans = "".join(
        f' {name}="{size}"' for name, size in (("rowspan", field.rows), ("colspan", field.columns)) if size > 1
    )
    return f"<{tag}{spans}>{_lines(field.text)}</{tag}>"
