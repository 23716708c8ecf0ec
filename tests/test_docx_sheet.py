"""Style sheets: what is cut out of the bytes is what the parsed sheet says, and uncommon sheets are parsed."""

import zipfile
from pathlib import Path

import pytest
from docx_samples import style
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from extractors.docx_sheet import CutSheet, ParsedSheet, Sheet, open_sheet
from extractors.docx_xml import STRICT, W, parse_xml

SAMPLES = sorted((Path(__file__).parent.parent / "data" / "raw").glob("*.docx"))
DEFAULTS = "<w:docDefaults><w:rPrDefault><w:rPr><w:i/></w:rPr></w:rPrDefault></w:docDefaults>"
LATENT = '<w:latentStyles w:count="1"><w:lsdException w:name="Normal"/></w:latentStyles>'
NORMAL = '<w:style w:type="paragraph" w:default="1" w:styleId="Normal"><w:name w:val="Normal"/></w:style>'
GRID = style("Luoi", "<w:tblPr><w:tblBorders><w:top w:val='single'/></w:tblBorders></w:tblPr>", "table")
BOLD = style("Đậm", '<w:basedOn w:val="Normal"/><w:rPr><w:b/></w:rPr>')
PLAIN = (DEFAULTS, LATENT, NORMAL, GRID, BOLD)


def sheet(*content: str, root: str = "") -> bytes:
    xmlns = f'xmlns:w="{W[1:-1]}" xmlns:x="urn:x"'
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<w:styles {root or xmlns}>{"".join(content)}</w:styles>'.encode()


def names(blob: bytes) -> set[str]:
    """All that may be asked for, and one that is nowhere."""
    nodes = parse_xml(blob).iter()
    return {value for node in nodes for value in node.attrib.values()} | {"", "không có"}


def said(one: Sheet, asked: set[str]) -> object:
    def text(node: etree._Element | None) -> object:
        return None if node is None else [(part.tag, dict(part.attrib), part.text) for part in node.iter()]

    return dict(one.defaults), text(one.base_run), {name: (name in one, text(one.node(name))) for name in asked}


def is_cut(blob: bytes) -> bool:
    """Whether a sheet is read in pieces; it says the same as one that is parsed, either way."""
    one = open_sheet(blob)
    asked = names(blob)
    assert said(one, asked) == said(ParsedSheet(blob), asked), blob.decode("utf-8", "replace")
    assert not one.is_damaged
    return isinstance(one, CutSheet)


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.name)
def test_sheets_of_the_samples_are_cut(path: Path) -> None:
    with zipfile.ZipFile(path) as archive:
        assert is_cut(archive.read("word/styles.xml"))


@pytest.mark.parametrize(
    "blob",
    [
        sheet(*PLAIN),
        sheet(NORMAL),
        sheet(LATENT, NORMAL),
        sheet("\n  ", "\r\n\t".join(PLAIN), "\n"),
        sheet(*PLAIN, style("Normal", "<w:rPr><w:b/></w:rPr>")),  # a name twice: the last one counts
        sheet(*PLAIN, NORMAL.replace("Normal", "Khác")),  # and of two defaults the last
        sheet(DEFAULTS, DEFAULTS.replace("w:i/", "w:b/"), NORMAL),
        sheet(DEFAULTS.replace("</w:docDefaults>", "</w:docDefaults >"), LATENT, NORMAL),
        sheet("<w:nhóm>", DEFAULTS, "</w:nhóm>", NORMAL),
        sheet("<w:docDefaults>", DEFAULTS, "</w:docDefaults>", NORMAL),
        sheet(NORMAL.replace(' w:default="1"', ' w:default="true" w:customStyle="1"')),
        sheet(NORMAL.replace("paragraph", "table"), GRID.replace("<w:name", "<w:style2/><w:name")),
        b"\xef\xbb\xbf" + sheet(*PLAIN),
        sheet(*PLAIN).replace(W[1:-1].encode(), STRICT + b"wordprocessingml/main"),
        sheet(*PLAIN, root=f"xmlns:w=\"{W[1:-1]}\" xmlns:y='urn:y'"),
        sheet(NORMAL.replace("<w:name", '<x:style xmlns:x="urn:y"/><w:name')),
    ],
)
def test_a_sheet_is_cut(blob: bytes) -> None:
    assert is_cut(blob)


OTHER = f'xmlns:v="{W[1:-1]}"'
ODD = {
    "nothing in it": (),
    "no style": (DEFAULTS,),
    "empty style": (*PLAIN, '<w:style w:type="table" w:styleId="Rỗng"/>'),
    "empty style first": ('<w:style w:type="table" w:styleId="Rỗng"/>', *PLAIN),
    "style without words": ("<w:style/>", *PLAIN),
    "style without a name": (NORMAL, '<w:style w:type="paragraph" w:default="1"><w:rPr><w:b/></w:rPr></w:style>', BOLD),
    "nested": (NORMAL, '<w:style w:type="table" w:styleId="Ngoài">', BOLD, GRID, "</w:style>"),
    "nested without a name": (NORMAL, '<w:style w:styleId="Ngoài"><w:style><w:b/></w:style>', BOLD, "</w:style>"),
    "nested, empty": (NORMAL, '<w:style w:styleId="Ngoài"><w:style w:styleId="Trong"/></w:style>', BOLD),
    "in a wrapper": (NORMAL, "<w:nhóm>", GRID, BOLD, "</w:nhóm>"),
    "all in a wrapper": ("<w:nhóm>", NORMAL, GRID, BOLD, "</w:nhóm>"),
    "first in a wrapper": ("<w:nhóm>", NORMAL, "</w:nhóm>", GRID, BOLD),
    "another element between": (NORMAL, "<w:name/>", GRID),
    "another element after": (NORMAL, GRID, "<w:name/>"),
    "text between": (NORMAL, "chữ", GRID),
    "defaults after": (LATENT, NORMAL, DEFAULTS),
    "end with a space": (NORMAL.replace("</w:style>", "</w:style >"), GRID),
    "line break in a tag": (NORMAL.replace(" w:default", "\nw:default"), GRID),
    "spaces around =": (NORMAL.replace("w:styleId=", "w:styleId ="), GRID),
    "single quotes": (NORMAL, GRID.replace('"', "'"), BOLD),
    "entity in a name": (NORMAL.replace('"Normal"', '"&#78;ormal"'), BOLD),
    "tab in a name": (NORMAL.replace('"Normal"', '"Nor\tmal"'), BOLD),
    "> in a name": (NORMAL.replace('"Normal"', '"a>b"'), BOLD),
    "attribute in a name": (NORMAL.replace("w:styleId", 'w:a=" w:styleId=" w:styleId'), BOLD),
    "comment": (NORMAL, "<!--", GRID, "-->", BOLD),
    "comment in a style": (NORMAL.replace("<w:name", "<!-- </w:style> --><w:name"), GRID),
    "CDATA": (NORMAL.replace("<w:name", "<![CDATA[</w:style>]]><w:name"), GRID),
    "processing instruction": (NORMAL, "<?x </w:style>?>", GRID),
    "another prefix between": (NORMAL, f'<v:style {OTHER} v:styleId="Normal"><v:rPr/></v:style>', BOLD),
    "another prefix before": (f'<v:style {OTHER} v:styleId="Normal"><v:rPr/></v:style>', NORMAL),
    "prefix bound anew": (NORMAL, BOLD.replace("<w:style", '<w:style xmlns:w="urn:w"')),
    "default namespace": (f'<style xmlns="{W[1:-1]}"/>', NORMAL),
    "name of the tag in a text": (NORMAL.replace('w:val="Normal"', 'w:val="w:style"'), BOLD),
}


@pytest.mark.parametrize("content", ODD.values(), ids=ODD)
def test_an_odd_sheet_is_parsed(content: tuple[str, ...]) -> None:
    assert not is_cut(sheet(*content))


@pytest.mark.parametrize(
    "blob",
    [
        sheet(*PLAIN).replace(b"w:", b"v:").replace(b"xmlns:w", b"xmlns:v"),
        sheet(*PLAIN).replace(b"<w:", b"<").replace(b"</w:", b"</").replace(b"xmlns:x=", b"xmlns="),
        sheet(*PLAIN).decode().replace("UTF-8", "UTF-16").encode("utf-16"),
        sheet(*PLAIN).decode().replace("UTF-8", "windows-1258").replace("Đ", "D").replace("ậ", "a").encode(),
        sheet(f'<v:style v:type="table" v:styleId="Lạ" {OTHER}/>', *PLAIN),
        sheet(*PLAIN, root=f'xmlns:w="{W[1:-1]}" {OTHER}'),
        sheet(*PLAIN, root=f'xmlns:w="{W[1:-1]}" xmlns:v="{W[1:-1].replace("/", "&#47;")}"'),
        sheet(*PLAIN, root=f'xmlns:w="{W[1:-1]}" xmlns:v="{(STRICT + b"wordprocessingml/main").decode()}"'),
        sheet(*PLAIN, root=f"xmlns:w='{W[1:-1]}'"),
        sheet(*PLAIN, root=f'xmlns:w="{W[1:-1]}" w:a="&gt;>"'),
    ],
)
def test_a_sheet_written_in_another_way_is_parsed(blob: bytes) -> None:
    assert not is_cut(blob)


PIECES = tuple(dict.fromkeys((*PLAIN, *(piece for content in ODD.values() for piece in content))))
SPOTS = ("", " ", "\n", *(f" w:{name}" for name in ("a='1'", 'styleId="x"', 'default="1"')), "<!-- -->", "<w:style/>")


@settings(max_examples=400, deadline=None)
@given(
    st.lists(st.sampled_from(PIECES), min_size=1, max_size=6),
    st.lists(st.tuples(st.integers(0, 2000), st.sampled_from(SPOTS)), max_size=2),
)
def test_any_sheet_that_is_sound_says_the_same_both_ways(pieces: list[str], spots: list[tuple[int, str]]) -> None:
    content = "".join(pieces)
    tags = [at for at, sign in enumerate(content) if sign in "<>"]
    for spot, odd in spots:
        at = tags[spot % len(tags)] if tags else 0
        content = content[:at] + odd + content[at:]
    blob = sheet(content)
    try:
        etree.fromstring(blob)
    except etree.XMLSyntaxError:
        return  # read in pieces, a damaged style harms no other
    is_cut(blob)


def test_a_damaged_style_harms_no_other() -> None:
    one = open_sheet(sheet(DEFAULTS, NORMAL, style("Hỏng", "<w:rPr><w:b></w:rPr>"), BOLD))
    assert isinstance(one, CutSheet)
    assert one.base_run is not None
    assert one.node("Đậm") is not None
    assert not one.is_damaged
    assert one.node("Hỏng") is None
    assert one.is_damaged


@pytest.mark.parametrize("damaged", [NORMAL, NORMAL.replace("paragraph", "table")])
def test_a_damaged_default_harms_no_other(damaged: str) -> None:
    one = open_sheet(sheet(DEFAULTS, damaged.replace("<w:name", "<w:b><w:name"), BOLD))
    assert one.base_run is not None
    assert one.node("Đậm") is not None
    assert not one.is_damaged
    assert one.node("Normal") is None
    assert one.is_damaged


def test_damaged_defaults_harm_no_style() -> None:
    one = open_sheet(sheet(DEFAULTS.replace("<w:i/>", "<w:i>"), *PLAIN[1:]))
    assert one.is_damaged
    assert one.base_run is None
    assert one.node("Đậm") is not None
