"""A plan as an Excel workbook, as offices lay it out: one grid for all, letterhead and titles in merged cells."""

import io
import zipfile
from dataclasses import dataclass, field
from xml.sax.saxutils import escape

from samples.authored import Break, Grid, Line, Plan

_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
STYLES = {"body": 0, "cell": 1, "header": 2, "centered": 3, "note": 4, "heading": 5}
_XF = (  # font, border, alignment; in the order of STYLES
    (0, 0, ""),
    (0, 1, 'vertical="top" wrapText="1"'),
    (1, 1, 'horizontal="center" wrapText="1"'),
    (1, 0, 'horizontal="center"'),
    (0, 0, 'horizontal="center"'),
    (1, 0, ""),
)


def build_sheet(plan: Plan) -> bytes:
    """The .xlsx file."""
    grids = [block for block in plan.body if isinstance(block, Grid)]
    sheet = _Sheet(max([4, *(len(grid.widths) for grid in grids)]))
    sheet.side_by_side(plan.left, plan.right)
    sheet.skip()
    for text in (plan.kind, *plan.title):
        sheet.across(text, "centered")
    signed = False
    for block in plan.body:
        if isinstance(block, Line):
            sheet.across(f"{block.number} {block.text}".strip(), block.style)
        elif isinstance(block, Grid):
            sheet.skip()
            sheet.table(block)
            sheet.skip()
        elif isinstance(block, Break) and block.kind == "sign":
            _sign(sheet, plan)
            signed = True
    if not signed:
        _sign(sheet, plan)
    return pack(sheet.xml())


def _sign(sheet: "_Sheet", plan: Plan) -> None:
    sheet.skip()
    recipients = ("Nơi nhận:", *plan.recipients) if plan.recipients else ()
    sheet.side_by_side(recipients, (*plan.signer[:-1], "", "", *plan.signer[-1:]))
    sheet.skip()


def pack(sheet: str, styles: str = "", **more: str) -> bytes:
    """A workbook of one sheet in a package that Excel would open; `more` are further parts by name."""
    parts = {
        "[Content_Types].xml": _types(),
        "_rels/.rels": _relations({"r1": ("officeDocument", "xl/workbook.xml")}),
        "xl/workbook.xml": (
            f'{_HEAD}<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}"><sheets>'
            '<sheet name="KH" sheetId="1" r:id="r1"/></sheets></workbook>'
        ),
        "xl/_rels/workbook.xml.rels": _relations(
            {"r1": ("worksheet", "worksheets/sheet1.xml"), "r2": ("styles", "styles.xml")}
        ),
        "xl/styles.xml": styles or _styles(),
        "xl/worksheets/sheet1.xml": f'{_HEAD}<worksheet xmlns="{_MAIN}" xmlns:r="{_OFFICE}">{sheet}</worksheet>',
    }
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in (parts | more).items():
            archive.writestr(zipfile.ZipInfo(name, (2024, 1, 1, 0, 0, 0)), content)
    return out.getvalue()


@dataclass(slots=True)
class _Sheet:
    """Rows from top to bottom."""

    width: int
    row: int = 0
    rows: list[str] = field(default_factory=list)
    merged: list[str] = field(default_factory=list)

    def skip(self) -> None:
        self.row += 1

    def across(self, text: str, style: str) -> None:
        """One text over all columns."""
        self._write({0: (text, style)})
        self._merge(0, 0, 1, self.width)
        self.row += 1

    def side_by_side(self, left: tuple[str, ...], right: tuple[str, ...]) -> None:
        half = self.width // 2
        for at in range(max(len(left), len(right))):
            texts = {}
            for column, lines in ((0, left), (half, right)):
                if at < len(lines) and lines[at]:
                    texts[column] = (lines[at], "centered")
            self._write(texts)
            self._merge(0, 0, 1, half)
            self._merge(0, half, 1, self.width - half)
            self.row += 1

    def table(self, grid: Grid) -> None:
        for number in range(grid.row_count):
            style = "header" if number < grid.header else "cell"
            texts = dict.fromkeys(range(len(grid.widths)), ("", style))
            for cell in grid.fields:
                if cell.row == number:
                    texts[cell.column] = (cell.text, style)
                    self._merge(0, cell.column, cell.rows, cell.columns)
            self._write(texts)
            self.row += 1

    def _write(self, texts: dict[int, tuple[str, str]]) -> None:
        cells = "".join(cell(self.row, column, text, STYLES[style]) for column, (text, style) in sorted(texts.items()))
        self.rows.append(f'<row r="{self.row + 1}">{cells}</row>')

    def _merge(self, row: int, column: int, rows: int, columns: int) -> None:
        if rows * columns > 1:
            first, last = _name(self.row + row, column), _name(self.row + row + rows - 1, column + columns - 1)
            self.merged.append(f'<mergeCell ref="{first}:{last}"/>')

    def xml(self) -> str:
        merged = f"<mergeCells>{''.join(self.merged)}</mergeCells>" if self.merged else ""
        return f"<sheetData>{''.join(self.rows)}</sheetData>{merged}"


def _name(row: int, column: int) -> str:
    return f"{chr(65 + column)}{row + 1}"


def cell(row: int, column: int, text: str, style: int = 0) -> str:
    """A cell; digits alone are stored as a number, as Excel does it."""
    place = f'r="{_name(row, column)}" s="{style}"'
    if not text:
        return f"<c {place}/>"
    if text.isdigit() and not (len(text) > 1 and text.startswith("0")):
        return f"<c {place}><v>{text}</v></c>"
    return f'<c {place} t="inlineStr"><is><t xml:space="preserve">{escape(text)}</t></is></c>'


def _styles() -> str:
    side = "".join(f'<{name} style="thin"/>' for name in ("left", "right", "top", "bottom"))
    forms = "".join(
        f'<xf numFmtId="0" fontId="{font}" fillId="0" borderId="{border}" xfId="0">'
        + (f"<alignment {alignment}/>" if alignment else "")
        + "</xf>"
        for font, border, alignment in _XF
    )
    font = '<sz val="12"/><name val="Times New Roman"/>'
    return (
        f'{_HEAD}<styleSheet xmlns="{_MAIN}"><fonts count="2"><font>{font}</font><font><b/>{font}</font></fonts>'
        '<fills count="1"><fill><patternFill patternType="none"/></fill></fills>'
        f'<borders count="2"><border/><border>{side}</border></borders>'
        '<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>'
        f'<cellXfs count="{len(_XF)}">{forms}</cellXfs></styleSheet>'
    )


def _relations(targets: dict[str, tuple[str, str]]) -> str:
    items = "".join(
        f'<Relationship Id="{rid}" Type="{_OFFICE}/{kind}" Target="{target}"/>'
        for rid, (kind, target) in targets.items()
    )
    return f'{_HEAD}<Relationships xmlns="{_PACKAGE}/relationships">{items}</Relationships>'


def _types() -> str:
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml"
    parts = {"xl/workbook.xml": "sheet.main", "xl/worksheets/sheet1.xml": "worksheet", "xl/styles.xml": "styles"}
    items = "".join(f'<Override PartName="/{n}" ContentType="{kind}.{k}+xml"/>' for n, k in parts.items())
    return (
        f'{_HEAD}<Types xmlns="{_PACKAGE}/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Default Extension="xml" ContentType="application/xml"/>{items}</Types>'
    )
