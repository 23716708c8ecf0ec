"""Files that are hostile by construction: bombs, thousands of rows and pages, circles, and what is no plan at all."""

import io
import random
import zipfile
import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence

import pypdfium2
from fuzz_mutants import members, packed
from PIL import Image
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

_FONT = "/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf"

_W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'


def zip_bomb(size: int = 1 << 30) -> bytes:
    """A bundle whose one member unpacks to a gigabyte."""
    return _deflated("kehoach.txt", size)


def _deflated(name: str, size: int, base: list[tuple[str, bytes]] | None = None) -> bytes:
    out = io.BytesIO()
    chunk = b" " * (1 << 20)
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for other, data in base or []:
            archive.writestr(other, data)
        with archive.open(name, "w", force_zip64=True) as member:
            for _ in range(size >> 20):
                member.write(chunk)
    return out.getvalue()


def docx_bomb(docx: bytes, size: int = 1 << 30) -> bytes:
    """A Word file whose text part unpacks to a gigabyte."""
    return _deflated("word/document.xml", size, [part for part in members(docx) if part[0] != "word/document.xml"])


def with_document(docx: bytes, xml: str) -> bytes:
    return packed([(name, xml.encode() if name == "word/document.xml" else data) for name, data in members(docx)])


def entity_bomb(docx: bytes) -> bytes:
    """Billion laughs: ten entities, each ten times the one before."""
    entities = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 10))
    head = f'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY e0 "hahahahaha">{entities}]>'
    return with_document(
        docx, f"{head}<w:document {_W}><w:body><w:p><w:r><w:t>&e9;</w:t></w:r></w:p></w:body></w:document>"
    )


def outside_entity(docx: bytes) -> bytes:
    head = '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>'
    return with_document(
        docx, f"{head}<w:document {_W}><w:body><w:p><w:r><w:t>&e;</w:t></w:r></w:p></w:body></w:document>"
    )


def _rows(count: int) -> Iterator[tuple[str, str, str, str]]:
    for n in range(1, count + 1):
        yield str(n), f"Rà soát hồ sơ số {n} của đơn vị", "Văn phòng", f"Trước ngày {n % 28 + 1:02d}/6/2025"


_HEADINGS = ("STT", "Nội dung công việc", "Đơn vị chủ trì", "Thời gian hoàn thành")


def long_docx(docx: bytes, count: int) -> bytes:
    def row(cells: tuple[str, ...]) -> str:
        return "<w:tr>" + "".join(f"<w:tc><w:p><w:r><w:t>{c}</w:t></w:r></w:p></w:tc>" for c in cells) + "</w:tr>"

    body = "".join(map(row, (_HEADINGS, *_rows(count))))
    return with_document(docx, f"<w:document {_W}><w:body><w:tbl>{body}</w:tbl></w:body></w:document>")


def long_text(count: int) -> bytes:
    return "\n".join("\t".join(row) for row in (_HEADINGS, *_rows(count))).encode()


def long_html(count: int) -> bytes:
    rows = "".join("<tr>" + "".join(f"<td>{c}</td>" for c in row) + "</tr>" for row in (_HEADINGS, *_rows(count)))
    return f"<html><meta charset=utf-8><body><table>{rows}</table></body></html>".encode()


def long_pdf(pdf: bytes, pages: int) -> bytes:
    source, out = pypdfium2.PdfDocument(pdf), pypdfium2.PdfDocument.new()
    out.import_pages(source, [n % len(source) for n in range(pages)])
    data = io.BytesIO()
    out.save(data)
    return data.getvalue()


_COLUMNS = (40, 80, 330, 440, 555)
_ROW, _TOP, _ROWS_A_PAGE = 16, 800, 45


def table_pdf(count: int) -> bytes:
    """One ruled table of so many rows over hundreds of pages."""
    out = io.BytesIO()
    page = Canvas(out, pagesize=(595, 842))
    pdfmetrics.registerFont(TTFont("DejaVu", _FONT))
    rows = [_HEADINGS, *_rows(count)]
    for first in range(0, len(rows), _ROWS_A_PAGE):
        shown = rows[first : first + _ROWS_A_PAGE]
        page.setFont("DejaVu", 9)
        page.grid(_COLUMNS, [_TOP - _ROW * n for n in range(len(shown) + 1)])
        for line, row in enumerate(shown, start=1):
            for x, cell in zip(_COLUMNS, row, strict=False):
                page.drawString(x + 3, _TOP - _ROW * line + 4, cell)
        page.showPage()
    page.save()
    return out.getvalue()


def long_rtf(count: int) -> bytes:
    def row(cells: tuple[str, ...]) -> str:
        edges = "".join(f"\\cellx{2500 * (n + 1)}" for n in range(len(cells)))
        return f"\\trowd{edges} " + "".join(f"\\intbl {_rtf(c)}\\cell " for c in cells) + "\\row\n"

    return ("{\\rtf1\\ansi\n" + "".join(map(row, (_HEADINGS, *_rows(count)))) + "\\pard\\par}").encode("ascii")


def _rtf(text: str) -> str:
    return "".join(c if c.isascii() else f"\\u{ord(c)}?" for c in text)


def long_xlsx(count: int) -> bytes:
    """A sheet with so many rows."""
    rows = "".join(
        f'<row r="{r}">'
        + "".join(
            f'<c r="{column}{r}" t="inlineStr"><is><t>{cell}</t></is></c>'
            for column, cell in zip("ABCD", cells, strict=True)
        )
        + "</row>"
        for r, cells in enumerate((_HEADINGS, *_rows(count)), start=1)
    )
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    kinds = "application/vnd.openxmlformats-officedocument.spreadsheetml"
    links = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    package = "http://schemas.openxmlformats.org/package/2006"
    parts = {
        "[Content_Types].xml": f'<Types xmlns="{package}/content-types"><Default Extension="rels" '
        'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{kinds}.sheet.main+xml"/>'
        f'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{kinds}.worksheet+xml"/></Types>',
        "_rels/.rels": f'<Relationships xmlns="{package}/relationships">'
        f'<Relationship Id="r1" Type="{links}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{main}" xmlns:r="{links}"><sheets>'
        '<sheet name="Ke hoach" sheetId="1" r:id="r1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{package}/relationships">'
        f'<Relationship Id="r1" Type="{links}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>',
        "xl/worksheets/sheet1.xml": f'<worksheet xmlns="{main}"><sheetData>{rows}</sheetData></worksheet>',
    }
    return packed([(name, text.encode()) for name, text in parts.items()])


def long_prose(count: int) -> bytes:
    """A plan without a table: so many assignments in running text."""
    lines = (
        f"{n}. Văn phòng chủ trì rà soát hồ sơ số {n}, hoàn thành trước ngày 30/6/2025." for n in range(1, count + 1)
    )
    return "\n".join(("KẾ HOẠCH", "Rà soát hồ sơ năm 2025", "TỔ CHỨC THỰC HIỆN", *lines)).encode()


def nested_zip(inner: bytes, depth: int) -> bytes:
    for _ in range(depth):
        inner = packed([("in.zip", inner)])
    return inner


def deep_html(depth: int) -> bytes:
    table = "<table><tr><td>"
    return ("<html><body>" + table * depth + "Sâu" + "</td></tr></table>" * depth + "</body></html>").encode()


def huge_picture() -> bytes:
    """A PNG of 40,000 x 40,000 black points in a few kilobytes."""
    out = io.BytesIO()
    Image.new("1", (64, 64)).save(out, "PNG")
    data = bytearray(out.getvalue())
    data[16:24] = (40_000).to_bytes(4, "big") * 2
    data[29:33] = zlib.crc32(data[12:29]).to_bytes(4, "big")
    return bytes(data)


_MAGIC = {
    "pdf": b"%PDF-1.7\n",
    "zip": b"PK\x03\x04",
    "doc": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
    "rtf": b"{\\rtf1\\ansi ",
    "png": b"\x89PNG\r\n\x1a\n",
    "jpg": b"\xff\xd8\xff\xe0",
    "tif": b"II*\x00\x08\x00\x00\x00",
    "html": b"<html><body><table>",
    "xml": b'<?xml version="1.0"?>',
    "mht": b"MIME-Version: 1.0\r\nContent-Type: multipart/related; boundary=x\r\n\r\n",
    "txt": b"\xff\xfe",
}


def magic_then_noise(form: str) -> bytes:
    """Bytes that begin like a format and go on like nothing."""
    return _MAGIC[form] + random.Random(form).randbytes(200_000)


def cyclic_pdf() -> bytes:
    """A page tree that leads back to itself."""
    objects = (
        b"1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n",
        b"2 0 obj<</Type/Pages/Kids[3 0 R]/Count 9999>>endobj\n",
        b"3 0 obj<</Type/Pages/Kids[2 0 R 3 0 R]/Parent 2 0 R/Count 9999>>endobj\n",
    )
    return b"%PDF-1.4\n" + b"".join(objects) + b"trailer<</Root 1 0 R/Size 4>>\nstartxref\n0\n%%EOF\n"


def flate_pdf(size: int = 1 << 30) -> bytes:
    """A page whose content unpacks to a gigabyte."""
    pack = zlib.compressobj(9)
    content = b"".join(pack.compress(b"0 0 m " * (1 << 18)) for _ in range(size // (6 << 18))) + pack.flush()
    head = (
        b"1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
        b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Resources<<>>>>endobj\n"
    )
    stream = b"4 0 obj<</Length %d/Filter/FlateDecode>>stream\n%b\nendstream endobj\n" % (len(content), content)
    return b"%PDF-1.4\n" + head + stream + b"trailer<</Root 1 0 R/Size 5>>\nstartxref\n0\n%%EOF\n"


def crossed_zip(docx: bytes) -> bytes:
    """Two thousand members that are all the same bytes of the archive."""
    one = packed([("a.docx", docx)])
    start, end = one.rfind(b"PK\x01\x02"), one.rfind(b"PK\x05\x06")
    tail = bytearray(one[end:])
    tail[8:12], tail[12:16] = (2000).to_bytes(2, "little") * 2, (2000 * (end - start)).to_bytes(4, "little")
    return one[:start] + one[start:end] * 2000 + bytes(tail)


Make = Callable[[Mapping[str, Sequence[bytes]]], tuple[str, bytes]]
MONSTERS: Mapping[str, Make] = {
    "zip bomb 1 GB": lambda _: ("zip", zip_bomb()),
    "docx bomb 1 GB": lambda good: ("docx", docx_bomb(good["docx"][0])),
    "pdf content of 1 GB": lambda _: ("pdf", flate_pdf()),
    "entity bomb": lambda good: ("docx", entity_bomb(good["docx"][0])),
    "outside entity": lambda good: ("docx", outside_entity(good["docx"][0])),
    "docx 10,000 rows": lambda good: ("docx", long_docx(good["docx"][0], 10_000)),
    "xlsx 10,000 rows": lambda _: ("xlsx", long_xlsx(10_000)),
    "txt 10,000 rows": lambda _: ("txt", long_text(10_000)),
    "html 10,000 rows": lambda _: ("html", long_html(10_000)),
    "rtf 10,000 rows": lambda _: ("rtf", long_rtf(10_000)),
    "pdf 10,000 rows": lambda _: ("pdf", table_pdf(10_000)),
    "txt 10,000 assignments": lambda _: ("txt", long_prose(10_000)),
    "pdf 1,000 pages": lambda good: ("pdf", long_pdf(good["pdf"][0], 1_000)),
    "pdf 10,000 pages": lambda good: ("pdf", long_pdf(good["pdf"][0], 10_000)),
    "pdf page tree in a circle": lambda _: ("pdf", cyclic_pdf()),
    "zip in zip, 40 deep": lambda good: ("zip", nested_zip(good["docx"][0], 40)),
    "zip of one member 2,000 times": lambda good: ("zip", crossed_zip(good["docx"][0])),
    "html 20,000 deep": lambda _: ("html", deep_html(20_000)),
    "rtf 100,000 deep": lambda _: ("rtf", b"{\\rtf1 " + b"{\\b " * 100_000 + b"x" + b"}" * 100_001),
    "rtf paragraph of 1.5 MB": lambda _: ("rtf", b"{\\rtf1 " + b"viec " * 300_000 + b"}"),  # minutes of LibreOffice
    "one line of 20 MB": lambda _: ("txt", "việc giao cho sở ".encode() * 1_000_000),
    "20 MB of brackets": lambda _: ("txt", b"((((" * 5_000_000),
    "20 MB of digits": lambda _: ("txt", b"1/2/20" * 3_000_000),
    "20 MB of blank lines": lambda _: ("txt", b"a" + b"\n" * 20_000_000),
    "20 MB of tabs": lambda _: ("txt", b"a\tb" + b"\t" * 20_000_000 + b"c\td"),
    "20 MB of strokes": lambda _: ("txt", b"a|b" + b"|" * 20_000_000),
    "2 MB of page breaks": lambda _: ("txt", b"a" + b"\f" * 2_000_000 + b"b"),
    "42 MB of text": lambda _: ("txt", b"viec " * 9_000_000),
    "mail in mail, 3,000 deep": lambda _: (
        "mht",
        b"MIME-Version: 1.0\r\n" + b"Content-Type: message/rfc822\r\n\r\n" * 3_000,
    ),
    "picture of 1.6 gigapixels": lambda _: ("png", huge_picture()),
    "JSON": lambda _: ("json", b'{"ke_hoach": [1, 2, {"a": null}]}'),
    "program": lambda _: ("py", b"import os\n\n\ndef main():\n    return os.getcwd()\n\n\nmain()\n" * 20),
    "log": lambda _: ("log", b"2025-01-02 10:11:12 ERROR worker 7: connection lost\n" * 2000),
    "shopping list": lambda _: ("txt", "Đi chợ\n- 2 cân gạo\n- 1 chai nước mắm\n- rau muống\n".encode()),
    "empty": lambda _: ("txt", b""),
    "only blanks": lambda _: ("docx", b" \n\t" * 1000),
    "only zeros": lambda _: ("pdf", bytes(100_000)),
    **{f"{form}: magic, then noise": (lambda _, form=form: (form, magic_then_noise(form))) for form in _MAGIC},
}
