"""Word files built in code: the XML that a test is about, in a package that Word would open."""

import io
import unicodedata
import zipfile
from collections.abc import Mapping
from hashlib import sha256
from xml.sax.saxutils import escape

from extractors.document import Cell, Document, Paragraph, Source, Table
from extractors.docx import read_docx

_NAMES = (
    'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" '
    'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships" '
    'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" '
    'xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape" '
    'xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing" '
    'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" '
    'xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math" '
    'xmlns:v="urn:schemas-microsoft-com:vml"'
)
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_MAIN = "application/vnd.openxmlformats-officedocument.wordprocessingml"

Parts = dict[str, str | bytes]


def part(name: str, content: str) -> str:
    """A part of the package: `name` is its root element."""
    return f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?><w:{name} {_NAMES}>{content}</w:{name}>'


def relations(targets: Mapping[str, tuple[str, str]]) -> str:
    """A relations part: id -> (kind, target)."""
    items = "".join(
        f'<Relationship Id="{rid}" Type="{_OFFICE}/{kind}" Target="{target}"/>'
        for rid, (kind, target) in targets.items()
    )
    head = '<?xml version="1.0" encoding="UTF-8"?>'
    return f'{head}<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{items}</Relationships>'


def parts(
    body: str,
    *,
    styles: str = "",
    numbering: str = "",
    footnotes: str = "",
    headers: Mapping[str, str] | None = None,
    more_relations: Mapping[str, tuple[str, str]] | None = None,
) -> Parts:
    """The members of a Word package around a body."""
    targets: dict[str, tuple[str, str]] = {}
    members: Parts = {"word/document.xml": part("document", f"<w:body>{body}</w:body>")}
    for kind, content in (("styles", styles), ("numbering", numbering), ("footnotes", footnotes)):
        if content:
            members[f"word/{kind}.xml"] = part(kind, content)
            targets[f"r{kind}"] = (kind, f"{kind}.xml")
    for rid, content in (headers or {}).items():
        members[f"word/{rid}.xml"] = part("hdr", content)
        targets[rid] = ("header", f"{rid}.xml")
    members["word/_rels/document.xml.rels"] = relations({**targets, **(more_relations or {})})
    members["_rels/.rels"] = relations({"r1": ("officeDocument", "word/document.xml")})
    members["[Content_Types].xml"] = (
        '<?xml version="1.0" encoding="UTF-8"?>'
        '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="xml" ContentType="application/xml"/>'
        f'<Override PartName="/word/document.xml" ContentType="{_MAIN}.document.main+xml"/></Types>'
    )
    return members


def pack(members: Parts) -> bytes:
    """The zip of some parts."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return stream.getvalue()


def decomposed(members: Parts) -> Parts:
    """The same parts in Unicode NFD, as a Mac writes them."""
    return {
        name: unicodedata.normalize("NFD", content) if isinstance(content, str) else content
        for name, content in members.items()
    }


def source(data: bytes, name: str = "kehoach.docx") -> Source:
    return Source(f"data/raw/{name}", sha256(data).hexdigest(), len(data))


def read(body: str, **more: object) -> Document:
    """The document that a body reads as; `more` as for `parts`."""
    data = pack(parts(body, **more))  # type: ignore[arg-type]
    return read_docx(source(data), data)


# -- pieces of WordprocessingML -------------------------------------------------------------------------------------


def t(text: str) -> str:
    return f'<w:t xml:space="preserve">{escape(text)}</w:t>'


def r(text: str, look: str = "") -> str:
    """A run; `look` is the content of its w:rPr."""
    return f"<w:r>{f'<w:rPr>{look}</w:rPr>' if look else ''}{t(text)}</w:r>"


def p(content: str = "", look: str = "") -> str:
    """A paragraph of runs, or of one run where `content` is plain text; `look` is the content of its w:pPr."""
    inner = content if content.startswith("<") or not content else r(content)
    return f"<w:p>{f'<w:pPr>{look}</w:pPr>' if look else ''}{inner}</w:p>"


def item(text: str, num: int, level: int = 0) -> str:
    """A paragraph of an automatic list."""
    return p(text, numbered(num, level))


def numbered(num: int, level: int = 0) -> str:
    return f'<w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="{num}"/></w:numPr>'


def tc(content: str = "", look: str = "") -> str:
    """A cell of paragraphs, or of one where `content` is plain text; `look` is the content of its w:tcPr."""
    inner = content if content.startswith("<") else p(content)
    return f"<w:tc>{f'<w:tcPr>{look}</w:tcPr>' if look else ''}{inner}</w:tc>"


def tr(*cells: str, look: str = "") -> str:
    inner = "".join(cell if cell.startswith("<") else tc(cell) for cell in cells)
    return f"<w:tr>{f'<w:trPr>{look}</w:trPr>' if look else ''}{inner}</w:tr>"


def tbl(*rows: str, widths: tuple[int, ...] = (), look: str = "") -> str:
    columns = "".join(f'<w:gridCol w:w="{width}"/>' for width in widths)
    grid = f"<w:tblGrid>{columns}</w:tblGrid>" if widths else ""
    return f"<w:tbl><w:tblPr>{look}</w:tblPr>{grid}{''.join(rows)}</w:tbl>"


def span(columns: int) -> str:
    return f'<w:gridSpan w:val="{columns}"/>'


def sdt(content: str) -> str:
    """A content control around anything."""
    return f"<w:sdt><w:sdtPr/><w:sdtContent>{content}</w:sdtContent></w:sdt>"


def style(key: str, content: str, kind: str = "paragraph") -> str:
    """A style of the style sheet."""
    return f'<w:style w:type="{kind}" w:styleId="{key}">{content}</w:style>'


DOWN = '<w:vMerge w:val="restart"/>'
GOES_ON = "<w:vMerge/>"
ALL_BORDERS = "<w:tblBorders>{}</w:tblBorders>".format(
    "".join(f'<w:{side} w:val="single" w:sz="4"/>' for side in ("top", "left", "bottom", "right", "insideH", "insideV"))
)


def level(index: int, form: str, pattern: str, more: str = "") -> str:
    """A level of a list definition; `more` goes between its start and its format."""
    return (
        f'<w:lvl w:ilvl="{index}"><w:start w:val="1"/>{more}<w:numFmt w:val="{form}"/>'
        f'<w:lvlText w:val="{pattern}"/></w:lvl>'
    )


def abstract(key: int, *levels: str) -> str:
    return f'<w:abstractNum w:abstractNumId="{key}">{"".join(levels)}</w:abstractNum>'


def num(key: int, of: int, overrides: str = "") -> str:
    return f'<w:num w:numId="{key}"><w:abstractNumId w:val="{of}"/>{overrides}</w:num>'


# -- what tests look at ---------------------------------------------------------------------------------------------


def texts(document: Document) -> list[str]:
    return [block.text for block in document.blocks if isinstance(block, Paragraph)]


def table(document: Document, index: int = 0) -> Table:
    return [block for block in document.blocks if isinstance(block, Table)][index]


def rows(document: Document, index: int = 0) -> list[list[str | None]]:
    """The grid of a table as texts; None where no cell stands, a merged cell in all its slots."""
    return [[cell.text if cell else None for cell in row] for row in table(document, index).grid()]


def cell(document: Document, row: int, column: int, index: int = 0) -> Cell:
    found = table(document, index).grid()[row][column]
    assert found is not None
    return found


def codes(document: Document) -> list[str]:
    return [notice.code for notice in document.notices]
