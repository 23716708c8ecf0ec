"""A plan as a Word file, the same bytes at each run."""

import io
import zipfile
from datetime import UTC, datetime

from docx import Document
from docx.document import Document as WordDocument
from docx.enum.section import WD_ORIENT, WD_SECTION
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_BREAK
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.section import Section
from docx.shared import Cm, Pt
from docx.table import _Cell
from docx.text.paragraph import Paragraph
from lxml import etree

from samples.authored import Break, Grid, Line, Plan

FIXED = datetime(2024, 1, 1, tzinfo=UTC)
TEXT_WIDTH = {False: 16.0, True: 24.7}  # centimetres between the margins, portrait and landscape
ALIGN = {
    "centered": WD_ALIGN_PARAGRAPH.CENTER,
    "note": WD_ALIGN_PARAGRAPH.CENTER,
    "left": WD_ALIGN_PARAGRAPH.LEFT,
    "body": WD_ALIGN_PARAGRAPH.JUSTIFY,
    "heading": WD_ALIGN_PARAGRAPH.LEFT,
}


def build_word(plan: Plan) -> bytes:
    """The .docx of a plan: letterhead and signature as tables without rules, as offices lay them out."""
    return _Builder(plan).build()


def fixed_zip(data: bytes) -> bytes:
    """The same package with fixed member times, so that two runs give the same bytes."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            member = zipfile.ZipInfo(name, date_time=(2024, 1, 1, 0, 0, 0))
            member.compress_type = zipfile.ZIP_DEFLATED
            new.writestr(member, old.read(name))
    return out.getvalue()


class _Builder:
    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.word: WordDocument = Document()
        self.wide = plan.landscape
        self.list_id: int | None = None
        style = self.word.styles["Normal"]
        style.font.name = "Times New Roman"
        style.font.size = Pt(13)
        style.element.rPr.rFonts.set(qn("w:eastAsia"), "Times New Roman")
        self._page(self.word.sections[0])

    def build(self) -> bytes:
        plan = self.plan
        if plan.left or plan.right:
            self._letterhead()
        if plan.kind:
            self._write(self.word.add_paragraph(), plan.kind, "centered", bold=True)
        for line in plan.title:
            self._write(self.word.add_paragraph(), line, "centered", bold=True)
        for block in plan.body:
            if isinstance(block, Line):
                self._line(block)
            elif isinstance(block, Grid):
                self._table(block)
            else:
                self._break(block)
        if not any(isinstance(block, Break) and block.kind == "sign" for block in plan.body):
            self._closing()
        properties = self.word.core_properties
        properties.author, properties.title, properties.comments = "kehoach", "", ""
        properties.created = properties.modified = properties.last_printed = FIXED
        properties.revision, properties.last_modified_by = 1, "kehoach"
        out = io.BytesIO()
        self.word.save(out)
        return fixed_zip(out.getvalue())

    def _page(self, section: Section) -> None:
        short, long = Cm(21), Cm(29.7)
        section.orientation = WD_ORIENT.LANDSCAPE if self.wide else WD_ORIENT.PORTRAIT
        section.page_width, section.page_height = (long, short) if self.wide else (short, long)
        section.left_margin, section.right_margin = Cm(3), Cm(2)
        section.top_margin = section.bottom_margin = Cm(2)

    def _letterhead(self) -> None:
        table = self.word.add_table(rows=2, cols=2)
        plan = self.plan
        for column, lines, bold_from in ((0, plan.left, 1), (1, plan.right, 0)):
            for at, line in enumerate(lines[:-1]):
                self._write(self._next(table.cell(0, column), at), line, "centered", bold=at >= bold_from)
            for line in lines[-1:]:
                self._write(table.cell(1, column).paragraphs[0], line, "centered", italic=column == 1)

    def _closing(self) -> None:
        plan = self.plan
        if not plan.signer and not plan.recipients:
            return
        table = self.word.add_table(rows=1, cols=2)
        left, right = table.cell(0, 0), table.cell(0, 1)
        for at, line in enumerate(("Nơi nhận:", *plan.recipients) if plan.recipients else ()):
            self._write(self._next(left, at), line, "left", bold=at == 0, italic=at == 0)
        lines = (*plan.signer[:-1], plan.stamp, "", *plan.signer[-1:])
        for at, line in enumerate(lines):
            self._write(self._next(right, at), line, "centered", bold=True)

    def _line(self, line: Line) -> None:
        paragraph = self.word.add_paragraph()
        self._write(paragraph, line.text, line.style, bold=line.style in ("heading", "centered"))
        if line.number:
            self._number(paragraph, restart=line.number == "1.", form="%1.")

    def _break(self, block: Break) -> None:
        if block.kind == "sign":
            self._closing()
        elif block.kind in ("page", "blank"):
            self.word.add_paragraph().add_run().add_break(WD_BREAK.PAGE)
        else:
            self.wide = block.kind != "portrait"
            self._page(self.word.add_section(WD_SECTION.NEW_PAGE))

    def _table(self, grid: Grid) -> None:
        columns = len(grid.widths) + (1 if grid.phantom else 0)
        table = self.word.add_table(rows=grid.row_count, cols=columns)
        table.style = "Table Grid"
        table.autofit = False
        share = TEXT_WIDTH[self.wide] / sum(grid.widths)
        widths = [width * share for width in grid.widths]
        if grid.phantom:
            widths.insert(grid.phantom, 0.1)
        for column, width in zip(table.columns, widths, strict=True):
            column.width = Cm(width)
        for field in grid.fields:
            first, last = self._columns(grid, field.row, field.column, field.column + field.columns - 1)
            cell = table.cell(field.row, first)
            cell = cell.merge(table.cell(field.row + field.rows - 1, last))
            for at, text in enumerate(field.text.split("\n")):
                paragraph = self._next(cell, at)
                self._write(paragraph, "" if field.automatic else text, "left", bold=field.row < grid.header)
                if field.automatic:
                    self._number(paragraph, restart=field.restart, form="%1")
        if grid.repeat:
            for row in table.rows[: grid.header]:
                row._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))

    @staticmethod
    def _columns(grid: Grid, row: int, first: int, last: int) -> tuple[int, int]:
        """Grid columns of a cell: with a phantom column, it belongs to its left neighbour in all rows but one."""
        if not grid.phantom:
            return first, last
        move = 1 if first >= grid.phantom else 0
        own = row == grid.header and last == grid.phantom - 1
        end = last + (1 if last >= grid.phantom - 1 and not own else 0)
        return first + move, end

    @staticmethod
    def _next(cell: _Cell, at: int) -> Paragraph:
        paragraph: Paragraph = cell.paragraphs[0] if at == 0 else cell.add_paragraph()
        return paragraph

    @staticmethod
    def _write(paragraph: Paragraph, text: str, style: str, *, bold: bool = False, italic: bool = False) -> None:
        paragraph.alignment = ALIGN[style]
        run = paragraph.add_run(text)
        run.bold, run.italic = bold or None, italic or None

    def _number(self, paragraph: Paragraph, *, restart: bool, form: str) -> None:
        if restart or self.list_id is None:
            self.list_id = self._new_list(form)
        properties = paragraph._p.get_or_add_pPr()
        numbering = _element("w:numPr")
        numbering.append(_element("w:ilvl", val="0"))
        numbering.append(_element("w:numId", val=str(self.list_id)))
        properties.append(numbering)

    def _new_list(self, form: str) -> int:
        """A numbered list of its own: Word restarts only between lists."""
        numbering = self.word.part.numbering_part.element
        abstract_id = str(900 + len(numbering.findall(qn("w:num"))))
        abstract = _element("w:abstractNum", abstractNumId=abstract_id)
        level = _element("w:lvl", ilvl="0")
        for tag, value in (("w:start", "1"), ("w:numFmt", "decimal"), ("w:lvlText", form), ("w:lvlJc", "left")):
            level.append(_element(tag, val=value))
        abstract.append(level)
        numbering.insert(0, abstract)
        return int(numbering.add_num(int(abstract_id)).numId)


def _element(tag: str, **attributes: str) -> etree._Element:
    element = OxmlElement(tag)
    for name, value in attributes.items():
        element.set(qn(f"w:{name}"), value)
    return element
