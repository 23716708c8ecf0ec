"""Word files read by what was cut out of their bytes, and the long way: both give the same, however odd the XML is."""

from typing import Any
from unittest.mock import patch

import docx_samples as word
import pytest
from docx_samples import DOWN, GOES_ON, p, r, sdt, style, t, tbl, tc, tr
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from extractors import docx_fold, docx_sheet
from extractors.docx import read_docx
from extractors.docx_fold import Properties
from extractors.docx_plain import RowReader
from extractors.docx_xml import W
from extractors.errors import SourceError

BOLD = "<w:b/>"
LISTED = word.numbered(1)
STYLES = (
    "<w:docDefaults><w:rPrDefault><w:rPr><w:i/></w:rPr></w:rPrDefault></w:docDefaults><w:latentStyles/>"
    '<w:style w:type="paragraph" w:default="1" w:styleId="Normal"><w:name w:val="Normal"/></w:style>'
    + style("Dam", f'<w:basedOn w:val="Normal"/><w:rPr>{BOLD}</w:rPr>')
    + style("Luoi", "<w:tblPr><w:tblBorders><w:top w:val='single'/></w:tblBorders></w:tblPr>", "table")
)
NUMBERING = word.abstract(0, word.level(0, "decimal", "%1.")) + word.num(1, 0)
INNER = tbl(tr("a", "b"), tr("c", "d"))
BODY = p(r("KẾ HOẠCH", BOLD)) + tbl(
    tr(tc(p(r("TT", BOLD))), tc(p(r("Nhiệm vụ", BOLD)), word.span(2)), look="<w:tblHeader/>"),
    tr(tc("1", DOWN), tc(p("Rà soát") + p("Báo cáo", LISTED)), tc(p(r(" Quý I ", BOLD), '<w:pStyle w:val="Dam"/>'))),
    tr(tc("2", GOES_ON), tc(INNER + p("sau")), tc(p("a)\tTrình"))),
    tr(tc("3"), sdt(tc("Phòng Nội vụ")), tc(p(r("ẩn", "<w:vanish/>")))),
    tr(tc("4"), tc(p("Họp", LISTED)), tc(p("xóa", "<w:rPr><w:del/></w:rPr>")), look="<w:del/>"),
    widths=(1000, 4000, 2000),
)
ODD = (
    *(tc("lạ"), tc(p(r("đậm", BOLD))), tr("x", "y"), INNER, p("đoạn"), r("chữ", BOLD), t("ngoài"), sdt(p("khung"))),
    *("<w:tc>", "</w:tc>", "<w:p>", "</w:p>", "<w:p/>", "<w:tcPr/>", "<w:r/>", "<w:tab/>", "<w:br/>"),
    *("<w:bookmarkStart/>", "<w:bookmarkEnd><w:r><w:t>giữa</w:t></w:r></w:bookmarkEnd>"),
    *(f"<w:del>{r('bỏ')}</w:del>", f"<w:ins>{tc('vào')}</w:ins>"),
    f"<mc:AlternateContent><mc:Choice>{INNER}</mc:Choice><mc:Fallback>{p('cũ')}</mc:Fallback></mc:AlternateContent>",
    *("<!-- <w:tc> -->", "<?x <w:tc>?>", "<![CDATA[<w:tc>]]>", "]]>", '<!DOCTYPE x [<!ENTITY k "y">]>'),
    *("&amp;", "&lt;w:tc&gt;", "&#9;", "&#x1;", "&k;", "\x01", "<", ">", '"'),
    *("\r\n", "  ", "\t", "\u200b", "\ufffe", "\ue000", "e\u0301", "\u00ad"),
    *(' w:rsidR="00A1"', ' w:rsidR="00A1" w:rsidR="00A2"', ' x:y="1"', ' w14:paraId="1"'),
    *(' xmlns:w="urn:x"', ' _fold="c0"', " w:val='1'"),
)
PARTS = word.parts(BODY, styles=STYLES, numbering=NUMBERING, headers={"rH": INNER})
SHEET = str(PARTS["word/styles.xml"])
MAIN = str(PARTS["word/document.xml"])
FIRST, LAST = MAIN.index("<w:body>") + len("<w:body>"), MAIN.index("</w:body>")


def outcome(xml: str) -> object:
    data = word.pack(PARTS | {"word/document.xml": xml.encode("utf-8", "surrogatepass")})
    try:
        document = read_docx(word.source(data), data)
    except SourceError as error:
        return error.reason
    return document.blocks, document.notices


def long_way(xml: str) -> object:
    nothing: Any = lambda *_: None  # noqa: E731
    with patch.object(docx_fold, "common_root", nothing), patch.object(RowReader, "_text", nothing):
        return outcome(xml)


def changed(changes: list[tuple[int, str]], xml: str = MAIN) -> str:
    for at, odd in sorted(changes, reverse=True):
        xml = xml[:at] + odd + xml[at:]
    return xml


TAGS = [at for at in range(FIRST, LAST) if MAIN[at] == "<"]  # before a tag
ENDS = [at for at in range(FIRST, LAST) if MAIN[at] == ">"]  # inside a tag


def test_the_long_way_is_another() -> None:
    root = Properties().parse(MAIN.encode())
    whole = [cell for cell in root.iter(W + "tc") if not len(cell)]
    assert len(whole) > 5
    with patch.object(docx_fold, "common_root", lambda _: None):
        assert not [cell for cell in Properties().parse(MAIN.encode()).iter(W + "tc") if not len(cell)]
    assert outcome(MAIN) == long_way(MAIN)


@settings(max_examples=300, deadline=None)
@given(st.lists(st.tuples(st.sampled_from(TAGS + ENDS), st.sampled_from(ODD)), min_size=1, max_size=3))
def test_odd_xml_reads_the_same_both_ways(changes: list[tuple[int, str]]) -> None:
    xml = changed(changes)
    assert outcome(xml) == long_way(xml)


@pytest.mark.parametrize("odd", ODD)
def test_odd_xml_in_a_cell_reads_the_same_both_ways(odd: str) -> None:
    for at in range(MAIN.index("<w:tbl>"), MAIN.index("Rà soát")):
        xml = changed([(at, odd)])
        assert outcome(xml) == long_way(xml), (at, xml[at - 40 : at + 40])


def outcome_of_styles(xml: str) -> object:
    data = word.pack(PARTS | {"word/styles.xml": xml.encode("utf-8", "surrogatepass")})
    document = read_docx(word.source(data), data)
    return document.blocks, document.notices


def test_an_odd_style_sheet_reads_the_same_as_a_whole() -> None:
    compared = 0
    for at in range(SHEET.index("<w:docDefaults>"), len(SHEET)):
        for odd in ODD if SHEET[at] in "<>" else ():
            xml = changed([(at, odd)], SHEET)
            try:
                etree.fromstring(xml.encode("utf-8", "surrogatepass"))
            except etree.XMLSyntaxError:
                continue  # read in pieces, a damaged style harms no other
            with patch.object(docx_sheet, "plain_root", lambda _: None):
                whole = outcome_of_styles(xml)
            assert outcome_of_styles(xml) == whole, xml[at - 40 : at + 60]
            compared += 1
    assert compared > 500


def test_a_cell_in_one_element_can_be_unfolded() -> None:
    properties = Properties()
    folded = properties.parse(MAIN.encode())
    plain = etree.fromstring(MAIN.encode())
    properties.unfold(folded)

    def shape(root: etree._Element) -> list[tuple[object, str | None]]:
        left = [node for node in root.iter() if not str(node.tag).endswith("Pr") or node.tag == W + "sdtPr"]
        return [
            (node.tag, node.text) for node in left if not any(str(a.tag).endswith("Pr") for a in node.iterancestors())
        ]

    assert shape(folded) == shape(plain)


def test_letters_of_a_deleted_row_are_not_counted_for_a_plain_table() -> None:
    kept, deleted = tr("1", "Rà soát hồ sơ"), tr("2", "Họp giao ban hằng tuần", look="<w:del/>")
    with_deleted, without = word.read(tbl(kept, deleted)), word.read(tbl(kept))
    assert word.table(with_deleted).seen == word.table(without).seen
