"""Word files in uncommon XML, whose properties and styles cannot be told by their bytes, read as all others do."""

import re
import zipfile
import zlib
from collections.abc import Callable

import docx_samples as word
import pytest
from docx_samples import DOWN, GOES_ON, p, r, style, tbl, tc, tr

from extractors import docx_package
from extractors.document import Document
from extractors.docx import read_docx
from extractors.docx_fold import FOLD, Properties
from extractors.docx_xml import W

BOLD = "<w:b/>"
STYLES = style("Dam", f"<w:rPr>{BOLD}</w:rPr>") + style("Nghieng", '<w:basedOn w:val="Dam"/><w:rPr><w:i/></w:rPr>')
BODY = (
    p(r("KẾ HOẠCH", BOLD), '<w:jc w:val="center"/>')
    + p(r("Căn cứ ") + r("Luật", BOLD), '<w:pStyle w:val="Nghieng"/><w:rPr><w:i/></w:rPr>')
    + tbl(
        tr(tc("TT"), tc(p(r("Nhiệm vụ", BOLD)), word.span(2)), look="<w:tblHeader/>"),
        tr(tc("1", DOWN), tc(p("Rà soát") + p("<w:r><w:t>Báo</w:t><w:tab/><w:t>cáo</w:t></w:r>")), "Quý I"),
        tr(tc("", GOES_ON), p("").join(("<w:tc>", "</w:tc>")), tc(p(r("Quý II", "<w:vanish/>") + r("III")))),
        widths=(1000, 4000, 2000),
    )
)

Rewrite = Callable[[str], str]
UNCOMMON: dict[str, Rewrite] = {
    "comment": lambda xml: xml.replace("</w:", "<!-- <w:p><w:pPr><w:jc/></w:pPr> --></w:", 1),
    "instruction": lambda xml: xml.replace("</w:", "<?x <w:p><w:pPr><w:jc/></w:pPr>?></w:", 1),
    "other prefix": lambda xml: re.sub(r"(</?|\s|xmlns:)w:", r"\1word:", xml).replace("xmlns:w=", "xmlns:word="),
    "prefix declared again": lambda xml: xml.replace("<w:p>", f'<w:p xmlns:w="{W[1:-1]}">', 1),
    "quotes": lambda xml: re.sub(r'(<w:\w+ w:\w+)="(\w*)"', r"\1='\2'", xml),
    "indented": lambda xml: re.sub(r"><(?!/w:t>)", ">\n  <", xml),
    "revision marks": lambda xml: re.sub(r"<w:(p|r|tr)>", r'<w:\1 w:rsidR="00A1B2C3" w:rsidRPr="00D4">', xml),
    "an attribute of our name": lambda xml: xml.replace("<w:p>", f'<w:p {FOLD}="7">'),
    "references": lambda xml: xml.replace("Rà", "R&#224;").replace("Quý", "Qu&#xFD;"),
}


def rewritten(change: Rewrite) -> Document:
    members = word.parts(BODY, styles=STYLES)
    for name in ("word/document.xml", "word/styles.xml"):
        members[name] = change(str(members[name]))
    data = word.pack(members)
    return read_docx(word.source(data), data)


@pytest.mark.parametrize("how", UNCOMMON)
def test_uncommon_xml_reads_the_same(how: str) -> None:
    changed, plain = rewritten(UNCOMMON[how]), word.read(BODY, styles=STYLES)
    assert (changed.blocks, changed.notices) == (plain.blocks, plain.notices)


def test_utf_16_reads_the_same() -> None:
    def utf16(xml: str) -> bytes:
        return xml.replace('encoding="UTF-8"', 'encoding="UTF-16"').encode("utf-16")

    members = word.parts(BODY, styles=STYLES)
    data = word.pack(members | {name: utf16(str(members[name])) for name in ("word/document.xml", "word/styles.xml")})
    assert read_docx(word.source(data), data).blocks == word.read(BODY, styles=STYLES).blocks


def test_equal_properties_are_one_element() -> None:
    properties = Properties()
    members = word.parts(p(r("a", BOLD)) + p(r("b", BOLD) + r("c", "<w:i/>")) + p(r("d"), '<w:jc w:val="center"/>'))
    root = properties.parse(str(members["word/document.xml"]).encode())
    runs = [properties.of(run, W + "rPr") for run in root.iter(W + "r")]
    assert runs[0] is runs[1]
    assert [run[0].tag if run is not None else None for run in runs] == [W + "b", W + "b", W + "i", None]
    assert len(properties.elements) == 3
    assert next(root.iter(W + "rPr", W + "pPr"), None) is None


def test_properties_that_hold_more_than_settings_stay_where_they_are() -> None:
    properties = Properties()
    changed = "<w:b/><w:rPrChange><w:rPr><w:i/></w:rPr></w:rPrChange>"
    root = properties.parse(str(word.parts(p(r("a", changed)))["word/document.xml"]).encode())
    assert not properties.elements
    assert next(root.iter(W + "rPrChange"), None) is not None


def test_a_section_that_ends_in_a_paragraph_keeps_its_header() -> None:
    first = '<w:sectPr><w:headerReference w:type="first" r:id="rH"/><w:titlePg/></w:sectPr>'
    document = word.read(
        p("Phần một", first) + p("Phần hai") + "<w:sectPr><w:pgSz/></w:sectPr>", headers={"rH": p("SỞ NỘI VỤ")}
    )
    assert word.texts(document) == ["SỞ NỘI VỤ", "Phần một", "Phần hai"]


def test_properties_that_are_all_different_are_not_cut_out() -> None:
    body = "".join(p(f"{n}", f'<w:spacing w:after="{n}"/>') for n in range(10_001))
    properties = Properties()
    root = properties.parse(str(word.parts(body)["word/document.xml"]).encode())
    assert not properties.elements
    assert sum(1 for _ in root.iter(W + "spacing")) == 10_001


@pytest.mark.parametrize(("named", "codes"), [("Hong", ["package.part_damaged"]), ("Dam", [])])
def test_a_style_that_cannot_be_read_is_told_where_something_refers_to_it(named: str, codes: list[str]) -> None:
    styles = STYLES + style("Hong", "<w:rPr><w:b></w:rPr>")
    document = word.read(p(r("Kế hoạch"), f'<w:pStyle w:val="{named}"/>'), styles=styles)
    assert (word.texts(document), word.codes(document)) == (["Kế hoạch"], codes)


@pytest.mark.parametrize(("body", "codes"), [(word.item("Mục đích", 1), ["package.part_damaged"]), (p("Mục đích"), [])])
def test_lists_that_cannot_be_read_are_told_where_something_refers_to_one(body: str, codes: list[str]) -> None:
    document = word.read(body, numbering="<w:num><w:abstractNum>")
    assert (word.texts(document), word.codes(document)) == (["Mục đích"], codes)


def test_a_style_sheet_that_can_only_be_read_as_a_whole_and_is_damaged_is_told() -> None:
    document = word.read(p("Kế hoạch"), styles=STYLES + "<!-- --><w:style>")
    assert (word.texts(document), word.codes(document)) == (["Kế hoạch"], ["package.part_damaged"])


def test_an_old_font_is_seen_in_properties_and_in_styles() -> None:
    font = '<w:rFonts w:ascii=".VnTime" w:hAnsi=".VnTime"/>'
    by_run = word.read(p(r("Uû ban nh©n d©n", font)))
    by_style = word.read(
        p(r("Uû ban nh©n d©n"), '<w:pStyle w:val="Cu"/>'), styles=style("Cu", f"<w:rPr>{font}</w:rPr>")
    )
    assert word.texts(by_run) == word.texts(by_style) == ["Uỷ ban nhân dân"]


def test_a_member_gives_what_it_declares_and_no_more() -> None:
    text = b"<w:p/>" * 1000
    whole = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    endless = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    packed = whole.compress(text) + whole.flush()
    without_end = endless.compress(text) + endless.flush(zlib.Z_SYNC_FLUSH)
    for stream in (packed, without_end, packed + b"\0\0"):
        assert docx_package._inflated(stream, len(text), zlib.crc32(text)) == text
    for stream, size in ((packed, len(text) - 1), (packed[:-20], len(text)), (without_end, len(text) - 1)):
        with pytest.raises(zipfile.BadZipFile):
            docx_package._inflated(stream, size, zlib.crc32(text))


def test_a_member_that_may_hold_much_more_than_it_declares_is_unpacked_piece_by_piece(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    bomb = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    packed = b"".join(bomb.compress(bytes(1_000_000)) for _ in range(110)) + bomb.flush()
    monkeypatch.setattr(docx_package.zlib, "decompress", None)  # it has no limit, and must not be called
    with pytest.raises(zipfile.BadZipFile):
        docx_package._inflated(packed, 1000, 0)
