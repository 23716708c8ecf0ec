"""Documents that ask their reader to fetch, open or run something: whoever obeys is caught by a test.

`address` is that of a server of ours, `canary` and `target` are files: to be read by nobody, to be made by nobody.
"""

import io
import stat
import zipfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from xml.sax.saxutils import escape

import docx_samples as word

_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_OPEN_DOCUMENT = "urn:oasis:names:tc:opendocument:xmlns"
_NAMES = " ".join(
    f'xmlns:{short}="{_OPEN_DOCUMENT}:{space}:1.0"'
    for short, space in (
        *(("office", "office"), ("text", "text"), ("draw", "drawing"), ("table", "table"), ("script", "script")),
        *(("svg", "svg-compatible"), ("form", "form"), ("style", "style")),
    )
)
_XLINK = 'xmlns:xlink="http://www.w3.org/1999/xlink" xmlns:ooo="http://openoffice.org/2004/office"'
TEXT = "Kế hoạch năm 2025"


def documents(address: str, canary: Path, target: Path) -> Iterator[tuple[str, bytes]]:
    """File names and contents. Each holds `TEXT`."""
    links = (f"{address}/", canary.as_uri())
    yield "links.docx", _docx(links)
    yield "macro.docm", _docx(links, macro=True)
    yield "entity.docx", _with_entity(links)
    yield "links.xlsx", _xlsx(links)
    yield "links.html", _html(links).encode()
    yield "entity.html", _declared(links, "html").encode() + _html(links).encode()
    yield "links.mht", _mht(links)
    yield "actions.pdf", _pdf(links, target)
    yield "links.txt", f"{TEXT}\n![x]({links[0]}) <img src='{links[1]}'> file://{canary}\n".encode()


def office_documents(address: str, canary: Path, target: Path) -> Iterator[tuple[str, bytes]]:
    """The same for the formats that LibreOffice opens."""
    links = (f"{address}/", canary.as_uri())
    yield "links.odt", _odt(links, target)
    yield "links.ods", _ods(links, target)
    yield "links.rtf", _rtf(links, canary)
    yield "links.xml", _sheet_2003(links)


def escaping_bundle(folder: str) -> bytes:
    """A bundle whose members want to be written elsewhere, or are links to elsewhere."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as made:
        for name in (f"{'../' * 12}{folder}/slip.txt", f"/{folder}/slip.txt", f"C:\\{folder}\\slip.txt", "a\x00b.txt"):
            made.writestr(name, f"{TEXT} {name!r}")
        link = zipfile.ZipInfo("link.txt")
        link.create_system = 3
        link.external_attr = (stat.S_IFLNK | 0o777) << 16
        made.writestr(link, f"/{folder}/canary.txt")
    return out.getvalue()


# -- Office Open XML ------------------------------------------------------------------------------------------------


def _relations(entries: Mapping[str, tuple[str, str]]) -> str:
    items = "".join(
        f'<Relationship Id="{key}" Type="{kind if "/" in kind else f"{_OFFICE}/{kind}"}" Target="{to}" '
        f'TargetMode="{"External" if ":" in to else "Internal"}"/>'
        for key, (kind, to) in entries.items()
    )
    return f'<?xml version="1.0"?><Relationships xmlns="{_PACKAGE}/relationships">{items}</Relationships>'


_KINDS = ("image", "hyperlink", "oleObject", "aFChunk", "subDocument", "header", "footnotes", "styles", "numbering")


def _docx(links: tuple[str, ...], *, macro: bool = False) -> bytes:
    """Pictures, objects, chunks, styles and a template elsewhere; fields that include; a web setting; a macro."""
    keys = {f"x{n}{m}": (kind, f"{to}{kind}") for n, to in enumerate(links) for m, kind in enumerate(_KINDS)}
    shown = "".join(
        f'<w:p><w:r><w:drawing><a:blip r:link="{key}" r:embed="{key}"/></w:drawing><w:object><v:shape><v:imagedata '
        f'r:id="{key}" r:href="{key}"/></v:shape></w:object></w:r></w:p><w:altChunk r:id="{key}"/>'
        f'<w:subDoc r:id="{key}"/>'
        for key in keys
    )
    fields = "".join(
        f'<w:p><w:fldSimple w:instr=" {field} &quot;{to}&quot; ">{word.r("x")}</w:fldSimple></w:p>'
        for to in links
        for field in ("INCLUDETEXT", "INCLUDEPICTURE", "LINK Excel.Sheet.8", "DDEAUTO c:\\\\x", "IMPORT")
    )
    members = word.parts(word.p(TEXT) + shown + fields)
    members["word/_rels/document.xml.rels"] = _relations({**keys, "s": ("settings", "settings.xml")})
    members["word/settings.xml"] = word.part("settings", '<w:attachedTemplate r:id="t"/><w:updateFields w:val="true"/>')
    members["word/_rels/settings.xml.rels"] = _relations({"t": ("attachedTemplate", f"{links[0]}t.dotm")})
    if macro:
        types = str(members["[Content_Types].xml"])
        main = "application/vnd.ms-word.document.macroEnabled.main+xml"
        members["[Content_Types].xml"] = types.replace(
            "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml", main
        )
        members["word/vbaProject.bin"] = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(4096)
    return word.pack(members)


def _declared(links: tuple[str, ...], root: str) -> str:
    entities = "".join(
        f'<!ENTITY e{n} SYSTEM "{to}"><!ENTITY % p{n} SYSTEM "{to}">%p{n};' for n, to in enumerate(links)
    )
    return f'<!DOCTYPE {root} SYSTEM "{links[0]}x.dtd" [{entities}]>'


def _with_entity(links: tuple[str, ...]) -> bytes:
    members = word.parts(word.p(TEXT))
    body = word.part("document", f"<w:body>{word.p(TEXT)}<w:p><w:r><w:t>&e0;&e1;</w:t></w:r></w:p></w:body>")
    members["word/document.xml"] = body.replace("?>", f"?>{_declared(links, 'w:document')}", 1)
    return word.pack(members)


def _xlsx(links: tuple[str, ...]) -> bytes:
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    formulas = (
        *(f'WEBSERVICE("{to}")' for to in links),
        *(f"'{to}[x.xlsx]A'!A1" for to in links),
        "cmd|' /C touch x'!A0",
        "[1]A!A1",
    )
    rows = f'<row r="1"><c r="A1" t="inlineStr"><is><t>{TEXT}</t></is></c></row>' + "".join(
        f'<row r="{row}"><c r="B{row}" t="str"><f>{escape(formula)}</f><v>1</v></c></row>'
        for row, formula in enumerate(formulas, start=2)
    )
    return word.pack(
        {
            "[Content_Types].xml": f'<Types xmlns="{_PACKAGE}/content-types"><Default Extension="rels" '
            'ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" '
            'ContentType="application/xml"/><Override PartName="/xl/workbook.xml" '
            'ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/></Types>',
            "_rels/.rels": _relations({"r1": ("officeDocument", "xl/workbook.xml")}),
            "xl/workbook.xml": f'<workbook xmlns="{main}" xmlns:r="{_OFFICE}"><sheets><sheet name="A" sheetId="1" '
            'r:id="r1"/></sheets><externalReferences><externalReference r:id="r2"/></externalReferences></workbook>',
            "xl/_rels/workbook.xml.rels": _relations(
                {
                    "r1": ("worksheet", "worksheets/sheet1.xml"),
                    "r2": ("externalLink", "externalLinks/externalLink1.xml"),
                    "r3": ("sharedStrings", f"{links[0]}strings.xml"),
                    "r4": ("styles", f"{links[1]}"),
                }
            ),
            "xl/worksheets/sheet1.xml": f'<worksheet xmlns="{main}"><sheetData>{rows}</sheetData></worksheet>',
            "xl/externalLinks/externalLink1.xml": f'<externalLink xmlns="{main}"><externalBook xmlns:r="{_OFFICE}" '
            'r:id="r1"/></externalLink>',
            "xl/externalLinks/_rels/externalLink1.xml.rels": _relations(
                {"r1": ("externalLinkPath", f"{links[0]}x.xlsx")}
            ),
        }
    )


# -- pages and PDF --------------------------------------------------------------------------------------------------


def _html(links: tuple[str, ...]) -> str:
    asked = "".join(
        f'<img src="{to}" srcset="{to} 2x" onerror="x()"><iframe src="{to}"></iframe><object data="{to}"></object>'
        f'<embed src="{to}"><link rel="stylesheet" href="{to}"><script src="{to}"></script><video src="{to}"></video>'
        f'<meta http-equiv="refresh" content="0; url={to}"><style>@import url({to}); p {{ src: url({to}) }}</style>'
        f'<svg><image href="{to}"/></svg><form action="{to}"><input type="image" src="{to}"></form>'
        f'<xi:include xmlns:xi="http://www.w3.org/2001/XInclude" href="{to}"/><body background="{to}">'
        for to in links
    )
    return (
        f"<html><head><base href='{links[0]}'></head><body><p>{TEXT}</p>{asked}<script>alert(1)</script></body></html>"
    )


def _mht(links: tuple[str, ...]) -> bytes:
    outside = "".join(
        f'--x\r\nContent-Type: message/external-body; access-type=URL; URL="{to}"\r\n\r\n\r\n' for to in links
    )
    head = "MIME-Version: 1.0\r\nContent-Type: multipart/related; boundary=x\r\n\r\n"
    page = f"--x\r\nContent-Type: text/html; charset=utf-8\r\nContent-Location: {links[0]}\r\n\r\n{_html(links)}\r\n"
    return f"{head}{page}{outside}--x--\r\n".encode()


def _pdf(links: tuple[str, ...], target: Path) -> bytes:
    """Actions on opening, launches, scripts, remote documents, a stream whose content stands in another file."""
    http, local = links[0], links[1].removeprefix("file://")
    page = (
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents[4 0 R 8 0 R]/Resources<</Font<</F 5 0 R>>"
        b"/XObject<</X 8 0 R>>>>/AA<</O 6 0 R>>/Annots[<</Type/Annot/Subtype/Link/Rect[0 0 9 9]/A 6 0 R>>]>>"
    )
    objects = (
        b"<</Type/Catalog/Pages 2 0 R/OpenAction 6 0 R/AA<</WC 7 0 R>>/Names<</JavaScript<</Names[(x) 7 0 R]>>>>"
        b"/AcroForm<</XFA 9 0 R/Fields[]>>/URI<</Base(%b)>>>>" % http.encode(),
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        page,
        b"<</Length 60>>stream\nBT /F 12 Tf 72 700 Td (Ke hoach nam 2025, Van phong) Tj ET /X Do\nendstream",
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
        b"<</S/Launch/F(%b)/Win<</F(cmd.exe)/P(/c x)>>/Unix(touch %b)/Next 7 0 R>>" % (local.encode(), bytes(target)),
        b"<</S/JavaScript/JS(app.launchURL\\('%b'\\); this.getURL\\('%b'\\))/Next<</S/GoToR/F(%b)/D[0/Fit]"
        b"/Next<</S/URI/URI(%b)/Next<</S/SubmitForm/F<</FS/URL/F(%b)>>>>>>>>>>"
        % (http.encode(), http.encode(), local.encode(), http.encode(), http.encode()),
        b"<</Type/XObject/Subtype/Image/Width 1/Height 1/BitsPerComponent 8/ColorSpace/DeviceGray/Length 0"
        b"/F(%b)/FFilter[]>>stream\n\nendstream" % local.encode(),
        b"<</Length 60>>stream\n<x:xdp xmlns:x='http://ns.adobe.com/xdp/'><s href='%b'/></x:xdp>\nendstream"
        % http.encode(),
    )
    out, places = b"%PDF-1.7\n", []
    for number, content in enumerate(objects, start=1):
        places.append(len(out))
        out += b"%d 0 obj\n%b\nendobj\n" % (number, content)
    table = b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    table += b"".join(b"%010d 00000 n \n" % place for place in places)
    end = b"trailer<</Root 1 0 R/Size %d>>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, len(out))
    return out + table + end


# -- what LibreOffice opens -----------------------------------------------------------------------------------------


def _basic(target: Path) -> dict[str, str]:
    """A macro that makes a file as soon as the document is opened."""
    head = '<?xml version="1.0" encoding="UTF-8"?>'
    library = 'xmlns:library="http://openoffice.org/2000/library"'
    code = f"Sub Main\nOpen &quot;{target}&quot; For Output As #1\nClose #1\nShell(&quot;touch {target}&quot;)\nEnd Sub"
    return {
        "Basic/script-lc.xml": f'{head}<library:libraries {library} {_XLINK}><library:library library:name="Standard" '
        'library:link="false"/></library:libraries>',
        "Basic/Standard/script-lb.xml": f'{head}<library:library {library} library:name="Standard" '
        'library:readonly="false"><library:element library:name="A"/></library:library>',
        "Basic/Standard/A.xml": f'{head}<script:module xmlns:script="http://openoffice.org/2000/script" '
        f'script:name="A" script:language="StarBasic">{code}</script:module>',
    }


_EVENTS = "".join(
    f'<script:event-listener script:language="ooo:script" script:event-name="{event}" xlink:type="simple" '
    'xlink:href="vnd.sun.star.script:Standard.A.Main?language=Basic&amp;location=document"/>'
    for event in (
        "dom:load",
        "office:load-finished",
        "office:view-created",
        "dom:unload",
        "office:print",
        "office:save",
    )
)


def _open_document(kind: str, content: str, more: Mapping[str, str]) -> bytes:
    media = f"application/vnd.oasis.opendocument.{kind}"
    listed = {"/": media, "content.xml": "text/xml", **dict.fromkeys(more, "text/xml")}
    entries = "".join(
        f'<manifest:file-entry manifest:full-path="{name}" manifest:media-type="{what}"/>'
        for name, what in listed.items()
    )
    members = {
        "mimetype": media,
        "content.xml": f'<?xml version="1.0" encoding="UTF-8"?><office:document-content {_NAMES} {_XLINK} '
        f'office:version="1.3"><office:scripts><office:event-listeners xmlns:dom="http://www.w3.org/2001/xml-events">'
        f"{_EVENTS}</office:event-listeners></office:scripts>{content}</office:document-content>",
        "META-INF/manifest.xml": f'<manifest:manifest xmlns:manifest="{_OPEN_DOCUMENT}:manifest:1.0">{entries}'
        "</manifest:manifest>",
        **more,
    }
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as made:
        for name, text in members.items():
            made.writestr(name, text)
    return out.getvalue()


def _odt(links: tuple[str, ...], target: Path) -> bytes:
    shown = "".join(
        f'<text:section text:name="s{n}"><text:section-source xlink:href="{to}" xlink:type="simple"/></text:section>'
        f'<text:p><draw:frame svg:width="2cm" svg:height="2cm"><draw:image xlink:href="{to}a.png" xlink:type="simple" '
        f'xlink:show="embed" xlink:actuate="onLoad"/></draw:frame><draw:frame svg:width="2cm" svg:height="2cm">'
        f'<draw:object xlink:href="{to}" xlink:type="simple" xlink:show="embed" xlink:actuate="onLoad"/></draw:frame>'
        f'<draw:frame svg:width="2cm" svg:height="2cm"><draw:floating-frame xlink:href="{to}"/></draw:frame>'
        f'<draw:frame svg:width="2cm" svg:height="2cm"><draw:plugin xlink:href="{to}"/></draw:frame>'
        f'<text:dde-connection text:connection-name="c"/><text:a xlink:href="{to}">x</text:a></text:p>'
        for n, to in enumerate(links)
    )
    dde = (
        '<text:dde-connection-decls><text:dde-connection-decl office:name="c" office:dde-application="soffice" '
        f'office:dde-topic="{links[1]}" office:dde-item="A1" office:automatic-update="true"/>'
        "</text:dde-connection-decls>"
    )
    body = f"<office:body><office:text>{dde}<text:p>{TEXT}</text:p>{shown}</office:text></office:body>"
    return _open_document("text", body, _basic(target))


def _ods(links: tuple[str, ...], target: Path) -> bytes:
    text = "<text:p>x</text:p>"
    cells = "".join(
        f'<table:table-row><table:table-cell table:formula="of:=WEBSERVICE(&quot;{to}&quot;)" '
        f'office:value-type="string">{text}</table:table-cell><table:table-cell office:value-type="string" '
        f'table:formula="of:=&apos;{to}&apos;#$A.A1">{text}</table:table-cell><table:table-cell '
        f'office:value-type="string"><table:cell-range-source table:name="A1:B2" xlink:href="{to}" '
        'xlink:type="simple" table:filter-name="calc8" table:last-column-spanned="1" table:last-row-spanned="1" '
        f'table:refresh-delay="PT1S"/>{text}</table:table-cell></table:table-row>'
        for to in links
    )
    linked = "".join(
        f'<table:table table:name="L{n}"><table:table-source xlink:href="{to}" xlink:type="simple" '
        'table:table-name="A" table:mode="copy-all"/><table:table-row><table:table-cell/></table:table-row>'
        "</table:table>"
        for n, to in enumerate(links)
    )
    body = (
        '<office:body><office:spreadsheet><table:table table:name="A"><table:table-row><table:table-cell '
        f'office:value-type="string"><text:p>{TEXT}</text:p></table:table-cell></table:table-row>{cells}</table:table>'
        f"{linked}</office:spreadsheet></office:body>"
    )
    return _open_document("spreadsheet", body, _basic(target))


def _rtf(links: tuple[str, ...], canary: Path) -> bytes:
    fields = "".join(
        rf'{{\field{{\*\fldinst {field} "{to}" \\d}}{{\fldrslt x}}}}'
        for to in (*links, str(canary))
        for field in ("INCLUDEPICTURE", "INCLUDETEXT", "LINK Excel.Sheet.8", "DDEAUTO soffice", "IMPORT")
    )
    objects = "".join(
        r"{\object\objautlink\objupdate{\*\objclass Word.Document.8}{\*\objdata 01050000}{\result x}}"
        rf"{{\*\template {to}}}"
        for to in links
    )
    written = "".join(c if c.isascii() else f"\\u{ord(c)}?" for c in TEXT)
    return f"{{\\rtf1\\ansi {written}\\par {fields}{objects}\\par}}".encode("ascii")


def _sheet_2003(links: tuple[str, ...]) -> bytes:
    space = "urn:schemas-microsoft-com:office:spreadsheet"
    cells = "".join(
        f'<Cell ss:HRef="{to}" ss:Formula="=WEBSERVICE(&quot;{to}&quot;)"><Data ss:Type="String">x</Data></Cell>'
        for to in links
    )
    rows = f'<Row><Cell><Data ss:Type="String">{TEXT}</Data></Cell></Row><Row>{cells}</Row>'
    sheet = f'<Worksheet ss:Name="A"><Table>{rows}</Table></Worksheet>'
    head = f'<?xml version="1.0"?><?xml-stylesheet href="{links[0]}x.xsl"?>'
    return f'{head}<Workbook xmlns="{space}" xmlns:ss="{space}">{sheet}</Workbook>'.encode()
