"""A saved web page reads as a browser shows it, whatever wraps it and however it is laid out."""

import base64
import quopri
import unicodedata

import docx_samples as word
import pytest

from extractors import html_source
from extractors.document import Document, Paragraph, Table
from extractors.errors import Reason, SourceError
from extractors.formats import extract
from pipeline.check import check
from pipeline.read import read_plan

ROW = "<tr><td>1</td><td>Rà soát thủ tục</td><td>Văn phòng</td><td>Quý I</td></tr>"
HEAD = "<tr><th>TT</th><th>Nội dung công việc</th><th>Đơn vị chủ trì</th><th>Thời gian</th></tr>"
TABLE = f'<table border="1">{HEAD}{ROW}</table>'


def read(page: str | bytes, name: str = "kehoach.html") -> Document:
    data = page.encode() if isinstance(page, str) else page
    return extract(word.source(data, name), data)


def body(content: str) -> Document:
    return read(f"<!DOCTYPE html><html><head><title>Cổng thông tin</title></head><body>{content}</body></html>")


def texts(content: str) -> list[str]:
    return [block.text for block in body(content).blocks if isinstance(block, Paragraph)]


def grid(table: Table) -> list[list[str]]:
    return [[slot.text if slot else "" for slot in row] for row in table.grid()]


def tables(content: str) -> list[list[list[str]]]:
    return [grid(table) for table in body(content).tables()]


# -- text -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        ("<p>Kế  hoạch\n  năm&nbsp;2025</p><div>Số: 5/KH</div>", ["Kế hoạch năm 2025", "Số: 5/KH"]),
        ("Một<br>hai", ["Một\nhai"]),
        ("Một<br><br>hai<br/> <br/>ba", ["Một", "hai", "ba"]),
        ("<p>a<b>b</b>c <i>d</i></p>", ["abc d"]),
        ("<p>Chỉ ti&ecirc;u &gt; 90% &amp; &#7871;</p>", ["Chỉ tiêu > 90% & ế"]),
        ("<pre>a  b\n  c</pre>", ["a b\nc"]),
        ("<div><div><span>sâu</span></div> trước<p>giữa</p>sau</div>", ["sâu", "trước", "giữa", "sau"]),
        ("<p>mở<p>không đóng", ["mở", "không đóng"]),
        ("<p><!-- ẩn -->rõ<script>a()</script><style>p{}</style></p>", ["rõ"]),
        ("<nav>Trang chủ</nav><p>Kế hoạch</p><button>In</button><select><option>1</option></select>", ["Kế hoạch"]),
        ("<p>Ke\u0302\u0301 hoa\u0323ch</p>", ["Kế hoạch"]),
    ],
)
def test_paragraphs(content: str, expected: list[str]) -> None:
    assert texts(content) == expected


def test_looks_of_paragraphs() -> None:
    page = (
        "<h2>I. MỤC TIÊU</h2><p align=center><b>KẾ HOẠCH</b></p>"
        "<p style='text-align:center;font-weight:700'>Năm 2025</p>"
        "<center>giữa</center><p><em>nghiêng</em></p><p><b>nửa</b> chừng</p>"
        "<div style='font-weight:bold'>đậm <span style='font-weight:normal'>nhạt</span></div>"
    )
    looks = [(p.text, p.level, p.bold, p.centered, p.italic) for p in body(page).paragraphs()]
    assert looks == [
        ("I. MỤC TIÊU", 2, True, False, False),
        ("KẾ HOẠCH", 0, True, True, False),
        ("Năm 2025", 0, True, True, False),
        ("giữa", 0, False, True, False),
        ("nghiêng", 0, False, False, True),
        ("nửa chừng", 0, False, False, False),
        ("đậm nhạt", 0, False, False, False),
    ]


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        ("<ul><li>a</li><li>b</li></ul>", ["- a", "- b"]),
        ("<ol><li>a<li>b</ol>", ["1. a", "2. b"]),
        ("<ol start=3><li>a</li><li value=7>b</li><li>c</li></ol>", ["3. a", "7. b", "8. c"]),
        ("<ol type=a><li>a</li></ol><ol type=I><li>b</li><li>c</li></ol>", ["a. a", "I. b", "II. c"]),
        ("<ol style='list-style-type: lower-roman'><li>a</li><li>b</li></ol>", ["i. a", "ii. b"]),
        ("<ul style='list-style:none'><li>a</li></ul>", ["a"]),
        ("<ol><li>a<ul><li>b</li></ul></li><li>c</li></ol>", ["1. a", "- b", "2. c"]),
        ("<ul><li><p>a</p><p>b</p></li></ul>", ["- a", "b"]),
        ("<ul><li>- đã có dấu</li></ul>", ["- đã có dấu"]),
        ("<ol reversed><li>a</li><li>b</li><li>c</li></ol>", ["3. a", "2. b", "1. c"]),
        ("<ol reversed start=9><li>a</li><li value=5>b</li><li>c</li></ol>", ["9. a", "5. b", "4. c"]),
        ("<ol type=A start=26><li>a</li><li>b</li></ol>", ["Z. a", "AA. b"]),
        ("<ol type=i start=40><li>a</li></ol>", ["xl. a"]),
        ("<ol><li type=a>a</li><li type=I>b</li></ol>", ["a. a", "II. b"]),
        ("<ol><li><ol type=a><li>b</li><li>c</li></ol></li><li>d</li></ol>", ["1. a. b", "b. c", "2. d"]),
        ("<ul type=square><li>a</li><li type=circle>b</li></ul>", ["- a", "- b"]),
        ("<ul><li></li></ul><p>sau</p>", ["sau"]),
    ],
)
def test_list_marks_are_computed(content: str, expected: list[str]) -> None:
    assert texts(content) == expected


def test_numbers_that_a_list_gives_stand_in_their_cells() -> None:
    """LibreOffice writes a column of automatic numbers as lists of one item without words."""
    rows = "".join(
        f"<tr><td><ol{start}><li><p></p></ol><td><ol type=a><li>Rà soát</li><li>Sửa</li></ol><td>Sở A</td></tr>"
        for start in ("", " start=2", " start='3'")
    )
    head = "<tr><td>TT</td><td>Nội dung</td><td>Chủ trì</td></tr>"
    (table,) = tables(f"<table border=1>{head}{rows}</table>")
    assert table[1:] == [[f"{number}.", "a. Rà soát\nb. Sửa", "Sở A"] for number in (1, 2, 3)]


def test_hidden_parts_are_left_out_and_told() -> None:
    document = body(
        "<p>rõ</p><p style='display: none'>ẩn một</p><p hidden>ẩn hai</p><span style='mso-hide:all'>ẩn ba</span>"
    )
    assert word.texts(document) == ["rõ"]
    assert [n.evidence for n in document.notices if n.code == "hidden_text"] == ["ẩn một; ẩn hai; ẩn ba"]


def test_the_article_is_the_document_where_it_holds_the_page() -> None:
    article = f"<article><h1>KẾ HOẠCH</h1><p>{'Nội dung. ' * 30}</p></article>"
    page = f"<header>Cổng thông tin</header>{article}<footer>Bản quyền</footer>"
    assert texts(page)[0] == "KẾ HOẠCH"
    assert len(texts(page)) == 2
    assert texts("<p>Toàn văn kế hoạch dài hơn nhiều</p><article>tin</article>")[0].startswith("Toàn văn")


def test_old_fonts_are_read_as_the_letters_that_they_show() -> None:
    assert texts("<p><font face='.VnTime'>KÕ ho¹ch</font></p>") == ["Kế hoạch"]
    assert texts("<p><span style='font-family:\".VnTime\"'>C¶i c¸ch</span></p>") == ["Cải cách"]


# -- tables ---------------------------------------------------------------------------------------------------------


def test_spans_are_laid_out_as_browsers_do() -> None:
    content = (
        "<table border=1><tr><th rowspan=2>TT</th><th colspan=2>Đơn vị</th><th rowspan=2>Hạn</th></tr>"
        "<tr><th>Chủ trì</th><th>Phối hợp</th></tr><tr><td>1</td><td rowspan=0>VP</td><td>A</td><td>Quý I</td></tr>"
        "<tr><td>2</td><td>B</td><td>Quý II</td></tr></table>"
    )
    assert tables(content) == [
        [
            ["TT", "Đơn vị", "Đơn vị", "Hạn"],
            ["TT", "Chủ trì", "Phối hợp", "Hạn"],
            ["1", "VP", "A", "Quý I"],
            ["2", "VP", "B", "Quý II"],
        ]
    ]


def test_cells_keep_their_lines_and_lists() -> None:
    content = (
        f"<table border=1>{HEAD}<tr><td>1<td><p>Việc:</p><ul><li>một</li><li>hai</li></ul><td>A<br>B<td>Quý I</table>"
    )
    assert tables(content)[0][1] == ["1", "Việc:\n- một\n- hai", "A\nB", "Quý I"]


def test_head_and_foot_stand_where_they_are_printed() -> None:
    content = f"<table><tfoot><tr><td>Cộng<td>x<td>y<td>z</tfoot><tbody>{ROW}</tbody><thead>{HEAD}</thead></table>"
    assert [row[0] for row in tables(content)[0]] == ["TT", "1", "Cộng"]


def test_captions_and_text_between_cells_are_not_lost() -> None:
    assert texts(f"<table><caption>Phụ lục</caption>{HEAD}{ROW}</table>") == ["Phụ lục"]


def test_a_page_laid_out_by_tables_is_taken_apart() -> None:
    inner = f"<p>KẾ HOẠCH</p><table><tr><td>{TABLE}</td></tr></table><p>Hết</p>"
    content = f"<table><tr><td>Thực đơn</td><td>{inner}</td></tr></table>"
    document = body(content)
    assert [block.text if isinstance(block, Paragraph) else grid(block)[1][1] for block in document.blocks] == [
        "Thực đơn",
        "KẾ HOẠCH",
        "Rà soát thủ tục",
        "Hết",
    ]


def test_long_prose_in_a_cell_is_no_table() -> None:
    prose = "".join(
        f"<p>Đoạn văn thứ {n} của kế hoạch công tác, đủ dài để là văn xuôi. {'Nội dung. ' * 20}</p>" for n in range(8)
    )
    assert len(texts(f"<table><tr><td>{prose}</td><td>bên</td></tr></table>")) == 9


def test_letterhead_beside_the_national_title_is_layout() -> None:
    content = (
        "<table border=0><tr><td>SỞ Y TẾ<br>Số: 5/KH-SYT</td><td><p>CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM</p>"
        "<p>An Lạc, ngày 15 tháng 01 năm 2025</p></td></tr></table><p align=center><b>KẾ HOẠCH</b></p>"
        f"<p align=center><b>Cải cách hành chính năm 2025</b></p>{TABLE}"
    )
    document = body(content)
    assert [table.ruled for table in document.tables()] == [False, True]
    plan = read_plan(document)
    assert (plan.header.number, plan.header.symbol, plan.header.doc_type) == ("5", "KH-SYT", "KẾ HOẠCH")
    assert [task.content for task in plan.tasks] == ["Rà soát thủ tục"]


def test_a_spreadsheet_saved_as_a_page_has_its_titles_in_the_table() -> None:
    content = (
        "<table border=0><tr><td colspan=2>SỞ Y TẾ</td><td colspan=2>CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM</td></tr>"
        "<tr><td colspan=4>KẾ HOẠCH</td></tr><tr><td colspan=4>Cải cách hành chính năm 2025</td></tr>"
        f"<tr><td></td></tr>{HEAD}{ROW}</table>"
    )
    document = body(content)
    assert [table.ruled for table in document.tables()] == [False, True]
    assert [p.text for p in document.paragraphs()] == ["KẾ HOẠCH", "Cải cách hành chính năm 2025"]
    assert grid(list(document.tables())[1])[0][0] == "TT"


@pytest.mark.parametrize("keep", [0.5, 0.8, 0.99])
def test_a_page_without_its_end_is_told(keep: float) -> None:
    page = f"<html><body><p>KẾ HOẠCH</p><table>{HEAD}{ROW * 20}</table></body></html>"
    document = read(page[: int(len(page) * keep)])
    assert document.notices[0].code == "text.cut_off"
    assert "table.incomplete" in {finding.rule for finding in check(read_plan(document))}
    assert not read(page).notices


def test_hidden_rows_are_no_rows() -> None:
    content = f"<table border=1>{HEAD}<tr style='display:none'><td>0<td>ẩn<td>x<td>y</tr>{ROW}</table>"
    assert [row[0] for row in tables(content)[0]] == ["TT", "1"]


@pytest.mark.parametrize(
    "content",
    [
        "<td>ô lạc</td><p>Kế hoạch</p>",
        "<table><td>ô</td>",
        "<tr><td>ô</table></table>",
        "<table><tr><td colspan=99999999>a<td rowspan=-3>b<td colspan=x>c</table>",
        "<table><tr><td rowspan=65535 colspan=500>a</table>" * 3,
        "</p></div></li>chữ",
        "<ul></ul></ul><li>mục",
    ],
)
def test_broken_markup_loses_no_text(content: str) -> None:
    document = body(content)
    shown = " ".join(
        block.text if isinstance(block, Paragraph) else " ".join(cell.text for cell in block.cells)
        for block in document.blocks
    )
    for piece in ("ô lạc", "Kế hoạch", "chữ", "mục"):
        assert (piece in shown) == (piece in content)


@pytest.mark.parametrize("depth", [100, 1500, 20_000])
def test_pages_that_nest_deep_are_read_whole_or_refused(depth: int) -> None:
    deep = f"{'<div>' * depth}Kế hoạch{'</div>' * depth}"
    if depth < 2000:
        assert texts(f"<p>đầu</p>{deep}<p>cuối</p>") == ["đầu", "Kế hoạch", "cuối"]
        return
    with pytest.raises(SourceError) as caught:
        body(deep)
    assert caught.value.reason is Reason.DAMAGED


def test_spans_that_multiply_stay_within_bounds() -> None:
    row = "<tr>" + "<td rowspan=9999 colspan=400>a</td>" * 400 + "</tr>"
    assert body(f"<table border=1>{row * 20}</table>").blocks


# -- bytes ----------------------------------------------------------------------------------------------------------


def in_cp1258(text: str) -> bytes:
    """Windows-1258 has tone marks as characters of their own."""
    tones = "\u0300\u0301\u0303\u0309\u0323"
    apart = (unicodedata.normalize("NFD", c) for c in text)
    letters = (
        unicodedata.normalize("NFC", "".join(c for c in parts if c not in tones))
        + "".join(c for c in parts if c in tones)
        for parts in apart
    )
    return "".join(letters).encode("cp1258")


PAGE = "<html><head>{meta}</head><body><p>Kế hoạch năm 2025 của Sở</p></body></html>"


@pytest.mark.parametrize(
    "data",
    [
        PAGE.format(meta="").encode(),
        PAGE.format(meta='<meta charset="utf-8">').encode("utf-8-sig"),
        PAGE.format(meta='<meta http-equiv="Content-Type" content="text/html; charset=unicode">').encode("utf-16"),
        PAGE.format(meta='<meta charset="iso-8859-1">').encode(),
        b"<?xml version='1.0' encoding='UTF-8'?>" + PAGE.format(meta="").encode(),
        in_cp1258(PAGE.format(meta='<meta charset="windows-1258">')),
        in_cp1258(PAGE.format(meta='<meta charset="utf-8">')),
    ],
)
def test_characters_whatever_the_page_declares(data: bytes) -> None:
    assert word.texts(read(data, "a.doc")) == ["Kế hoạch năm 2025 của Sở"]


@pytest.mark.parametrize("encoding", ["base64", "quoted-printable"])
def test_single_file_pages(encoding: str) -> None:
    page = PAGE.format(meta='<meta charset="utf-8">').encode()
    coded = base64.encodebytes(page) if encoding == "base64" else quopri.encodestring(page)
    data = (
        b'From: <Saved by Word>\r\nMIME-Version: 1.0\r\nContent-Type: multipart/related; boundary="x"\r\n\r\n'
        b"--x\r\nContent-Type: image/png\r\n\r\nabc\r\n--x\r\nContent-Type: text/html; charset=utf-8\r\n"
        + f"Content-Transfer-Encoding: {encoding}\r\n\r\n".encode()
        + coded
        + b"\r\n--x--\r\n"
    )
    assert word.texts(read(data, "kehoach.doc")) == ["Kế hoạch năm 2025 của Sở"]


@pytest.mark.parametrize("name", ["kehoach.xls", "kehoach.doc", "kehoach"])
def test_parts_of_pages_as_portals_export_them(name: str) -> None:
    document = read(f"\ufeff<!-- xuất dữ liệu -->\n{TABLE}\n".encode(), name)
    assert (document.extractor, document.media_type) == ("html", "text/html")
    assert grid(next(iter(document.tables())))[1][1] == "Rà soát thủ tục"


def test_markdown_with_a_tag_in_front_stays_text() -> None:
    assert read("<b>KẾ HOẠCH</b>\n\n1. Văn phòng chủ trì.\n", "a.md").extractor == "text"


@pytest.mark.parametrize(
    "page", ["<html></html>", "<html><script>a</script><p> &nbsp; </p></html>", "<html><!-- x -->"]
)
def test_pages_without_text(page: str) -> None:
    with pytest.raises(SourceError) as caught:
        read(page)
    assert caught.value.reason is Reason.NO_TEXT


def test_pages_beyond_the_limit_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(html_source, "MAX_BYTES", 100)
    with pytest.raises(SourceError) as caught:
        read(PAGE.format(meta="") * 3)
    assert caught.value.reason is Reason.TOO_LARGE


def test_entities_of_a_page_are_not_expanded() -> None:
    bomb = '<!DOCTYPE html [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;&a;">]><html><p>x&b;</p></html>'
    assert "aaaa" not in " ".join(word.texts(read(bomb))).replace("ENTITY", "")
