"""Word files: everything printed is read once, in order, with its computed numbers; nothing else is."""

import io
from collections import Counter

import docx
import docx_samples as word
import pytest
from docx_samples import DOWN, GOES_ON, item, p, r, sdt, span, style, t, tbl, tc, tr
from hypothesis import given, settings
from hypothesis import strategies as st

from extractors.document import Document, Paragraph, Table
from extractors.docx import read_docx
from extractors.errors import Reason, SourceError

BOX = "<w:txbxContent>{}</w:txbxContent>"
SHAPE = "<w:r><w:drawing><wp:anchor><wps:wsp><wps:txbx>{}</wps:txbx></wps:wsp></wp:anchor></w:drawing></w:r>"
PICTURE = "<w:r><w:pict><v:shape><v:textbox>{}</v:textbox></v:shape></w:pict></w:r>"
FIELD = (
    '<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText> REF a </w:instrText></w:r>'
    '<w:r><w:fldChar w:fldCharType="separate"/></w:r>{}<w:r><w:fldChar w:fldCharType="end"/></w:r>'
)


def deleted(text: str) -> str:
    return f'<w:del w:id="1" w:author="VP"><w:r><w:delText>{text}</w:delText></w:r></w:del>'


# -- paragraphs -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("content", "printed"),
    [
        (r("VIỆT ") + f'<w:smartTag w:element="place">{r("NAM")}</w:smartTag>', "VIỆT NAM"),
        (sdt(r("Sở Y tế")), "Sở Y tế"),
        (f'<w:customXml w:element="x">{r("Số 12")}</w:customXml>', "Số 12"),
        (f'<w:hyperlink r:id="rId9">{r("Nghị định 30/2020/NĐ-CP")}</w:hyperlink>', "Nghị định 30/2020/NĐ-CP"),
        (f'<w:fldSimple w:instr=" DATE ">{r("05/01/2026")}</w:fldSimple>', "05/01/2026"),
        (FIELD.format(r("Phụ lục 2")), "Phụ lục 2"),
        (r("trước ngày ") + deleted("15") + f'<w:ins w:id="2">{r("30")}</w:ins>' + r("/6"), "trước ngày 30/6"),
        (f'<w:moveFrom w:id="3">{r("cũ")}</w:moveFrom><w:moveTo w:id="4">{r("mới")}</w:moveTo>', "mới"),
        (r("đọc ") + r("ẩn", "<w:vanish/>") + r("được", '<w:vanish w:val="0"/>'), "đọc được"),
        (f"<w:r>{t('QĐ')}<w:noBreakHyphen/>{t('UBND')}</w:r>", "QĐ-UBND"),
        (f"<w:r>{t('nghi')}<w:softHyphen/>{t('êm')}</w:r>", "nghiêm"),
        (f"<w:r>{t('QĐ')}<w:softHyphen/>{t('UBND')}</w:r>", "QĐ-UBND"),
        (f"<w:r>{t('dòng một ')}<w:br/>{t(' dòng hai')}<w:cr/>{t('ba')}</w:r>", "dòng một\ndòng hai\nba"),
        ('<w:r><w:sym w:font="Symbol" w:char="F0B3"/></w:r>' + r(" 90%"), "≥ 90%"),
        ('<w:r><w:sym w:font="Wingdings" w:char="F0D8"/></w:r>' + r(" Giao"), "- Giao"),
        (r("đạt ") + f"<m:oMath><m:r><m:t>x+1</m:t></m:r></m:oMath>{r(' điểm')}", "đạt x+1 điểm"),
        (r("1.") + "<w:r><w:tab/></w:r>" + r("Mục đích"), "1. Mục đích"),
        (
            "<w:r><w:tab/></w:r>" + r("Đơn vị chủ trì:") + "<w:r><w:tab/><w:tab/></w:r>" + r("Sở Y tế"),
            "Đơn vị chủ trì: Sở Y tế",
        ),
        (r("Số:        /KH-UBND"), "Số:        /KH-UBND"),
        (r("Quyê") + r("\u0301t"), "Quyết"),
        (r("trước\u200b ngày"), "trước ngày"),
        (r("a") + "<!-- một lời ghi chú của phần mềm -->" + r("b"), "ab"),
    ],
)
def test_a_paragraph_reads_as_it_is_printed(content: str, printed: str) -> None:
    assert word.texts(word.read(p(content))) == [printed]


def test_alternate_content_is_read_once() -> None:
    choice = SHAPE.format(BOX.format(p("DỰ THẢO")))
    fallback = PICTURE.format(BOX.format(p("DỰ THẢO")))
    both = f'<mc:AlternateContent><mc:Choice Requires="wps">{choice}</mc:Choice><mc:Fallback>{fallback}</mc:Fallback>'
    document = word.read(p(r("Kế hoạch") + both + "</mc:AlternateContent>"))
    assert word.texts(document) == ["Kế hoạch", "DỰ THẢO"]


def test_the_fallback_is_read_where_the_choice_holds_no_text() -> None:
    run = (
        f'<w:r><mc:AlternateContent><mc:Choice Requires="w16se"><a:symEx/></mc:Choice>'
        f"<mc:Fallback>{t('✓')}</mc:Fallback></mc:AlternateContent></w:r>"
    )
    assert word.texts(word.read(p(run + r(" xong")))) == ["✓ xong"]


def test_text_boxes_follow_their_paragraph_and_may_hold_tables() -> None:
    box = PICTURE.format(BOX.format(p("Số: 12/KH-UBND") + tbl(tr("a", "b"))))
    document = word.read(p(r("UBND HUYỆN AN PHÚ") + box) + p("sau"))
    assert [block.text if isinstance(block, Paragraph) else "bảng" for block in document.blocks] == [
        "UBND HUYỆN AN PHÚ",
        "Số: 12/KH-UBND",
        "bảng",
        "sau",
    ]


def test_a_deleted_paragraph_mark_joins_two_paragraphs() -> None:
    mark = '<w:rPr><w:del w:id="1" w:author="VP"/></w:rPr>'
    document = word.read(p("Phòng Nội vụ ", mark) + p("chủ trì") + p(deleted("bỏ"), mark) + p("hết"))
    assert word.texts(document) == ["Phòng Nội vụ chủ trì", "hết"]


def test_a_deleted_mark_at_the_end_of_a_cell_does_not_leak_into_the_next() -> None:
    mark = '<w:rPr><w:del w:id="1" w:author="VP"/></w:rPr>'
    assert word.rows(word.read(tbl(tr(tc(p("một", mark)), "hai")))) == [["một", "hai"]]


def test_what_is_left_out_is_told() -> None:
    document = word.read(p(r("giữ") + deleted("bỏ đi") + r("giấu", "<w:vanish/>")))
    told = {notice.code: notice.evidence for notice in document.notices}
    assert told == {"tracked_changes": "bỏ đi", "hidden_text": "giấu"}


def test_an_unmarked_document_has_no_notices() -> None:
    assert word.read(p("Kế hoạch") + tbl(tr("a", "b"), tr("c", "d"))).notices == ()


def test_looks_come_from_runs_and_styles() -> None:
    styles = (
        '<w:style w:type="paragraph" w:default="1" w:styleId="Normal"/>'
        + style("Base", '<w:rPr><w:b/></w:rPr><w:pPr><w:jc w:val="center"/></w:pPr>')
        + style("Heading2", '<w:basedOn w:val="Base"/><w:pPr><w:outlineLvl w:val="1"/></w:pPr>')
        + style("Nghieng", "<w:rPr><w:i/></w:rPr>", "character")
    )
    body = (
        p("Tiêu đề", '<w:pStyle w:val="Heading2"/>')
        + p(r("thường", '<w:b w:val="0"/>'), '<w:pStyle w:val="Base"/><w:jc w:val="both"/>')
        + p(r("nghiêng", '<w:rStyle w:val="Nghieng"/>') + r(" "))
        + p(r("đậm", "<w:b/>") + r(" nửa"))
        + p("mục", '<w:outlineLvl w:val="0"/>')
        + p("thân", '<w:outlineLvl w:val="9"/>')
    )
    looks = [(x.text, x.level, x.bold, x.italic, x.centered) for x in word.read(body, styles=styles).paragraphs()]
    assert looks == [
        ("Tiêu đề", 2, True, False, True),
        ("thường", 0, False, False, False),
        ("nghiêng", 0, False, True, False),
        ("đậm nửa", 0, False, False, False),
        ("mục", 1, False, False, False),
        ("thân", 0, False, False, False),
    ]


def test_styles_that_are_based_on_each_other_end() -> None:
    styles = style("A", '<w:basedOn w:val="B"/>') + style("B", '<w:basedOn w:val="A"/><w:rPr><w:b/></w:rPr>')
    assert next(word.read(p("x", '<w:pStyle w:val="A"/>'), styles=styles).paragraphs()).bold


def test_footnotes_stand_at_the_end_and_their_marks_are_dropped() -> None:
    note = f'<w:footnote w:id="2">{p("<w:r><w:footnoteRef/></w:r>" + r(" Báo cáo số 15/BC-SYT"))}</w:footnote>'
    body = p(r("năm 2020") + '<w:r><w:footnoteReference w:id="2"/></w:r>' + r(" đạt")) + p("GIÁM ĐỐC")
    document = word.read(body, footnotes=note)
    assert word.texts(document) == ["năm 2020 đạt", "GIÁM ĐỐC", "Báo cáo số 15/BC-SYT"]
    assert word.codes(document) == ["text.footnotes"]


FIRST_PAGE = (
    '<w:sectPr><w:headerReference w:type="first" r:id="h1"/><w:headerReference w:type="default" r:id="h2"/>'
    "<w:titlePg/></w:sectPr>"
)


def test_the_first_pages_own_header_is_read_and_others_are_told() -> None:
    headers = {"h1": p("UBND TỈNH BÌNH AN"), "h2": p("Kế hoạch số 12")}
    document = word.read(p("KẾ HOẠCH") + FIRST_PAGE, headers=headers)
    assert word.texts(document) == ["UBND TỈNH BÌNH AN", "KẾ HOẠCH"]
    assert [(n.code, n.evidence) for n in document.notices] == [("text.page_header", "Kế hoạch số 12")]


def test_page_numbers_in_headers_are_no_text() -> None:
    headers = {"h1": p("- 1 -"), "h2": p("Trang 2/10")}
    document = word.read(p("KẾ HOẠCH") + FIRST_PAGE, headers=headers)
    assert (word.texts(document), document.notices) == (["KẾ HOẠCH"], ())


# -- two columns without a table ------------------------------------------------------------------------------------


def lines(*texts: str) -> str:
    """Paragraphs in which "|" is a tab."""
    return "".join(p("<w:r>" + "<w:tab/>".join(map(t, text.split("|"))) + "</w:r>") for text in texts)


def test_a_letterhead_set_with_tabs_is_a_layout_table() -> None:
    document = word.read(
        lines(
            "UBND HUYỆN AN PHÚ||CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
            "UBND XÃ BÌNH AN|Độc lập - Tự do - Hạnh phúc",
            "Số:      /KH-UBND|Bình An, ngày     tháng     năm 2026",
            "KẾ HOẠCH",
        )
    )
    left = "UBND HUYỆN AN PHÚ\nUBND XÃ BÌNH AN\nSố:      /KH-UBND"
    right = "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM\nĐộc lập - Tự do - Hạnh phúc\nBình An, ngày     tháng     năm 2026"
    assert word.rows(document) == [[left, right]]
    assert not word.table(document).ruled
    assert word.texts(document) == ["KẾ HOẠCH"]


def test_a_letterhead_set_with_spaces_is_one_too() -> None:
    gap = " " * 20
    document = word.read(
        lines(f"UBND TỈNH BÌNH AN{gap}CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", f"SỞ Y TẾ{gap}Độc lập - Tự do - Hạnh phúc")
    )
    assert word.rows(document)[0][0] == "UBND TỈNH BÌNH AN\nSỞ Y TẾ"


def test_a_signature_beside_the_recipients_is_a_layout_table() -> None:
    document = word.read(
        tbl(tr("1", "Rà soát"), tr("2"))
        + lines(
            "Trên đây là Kế hoạch của Ủy ban nhân dân xã.",
            "Nơi nhận:|TM. ỦY BAN NHÂN DÂN",
            "- Thường trực Đảng ủy;|CHỦ TỊCH",
            "- Các ban, ngành;",
            "|Trần Văn Bình",
            "- Lưu: VT.",
        )
        + tbl(tr("3", "4"), tr("5"))
    )
    left = "Nơi nhận:\n- Thường trực Đảng ủy;\n- Các ban, ngành;\n- Lưu: VT."
    assert word.rows(document, 1) == [[left, "TM. ỦY BAN NHÂN DÂN\nCHỦ TỊCH\nTrần Văn Bình"]]
    assert [table.index for table in document.tables()] == [0, 1, 2]
    assert [notice.table_index for notice in document.notices] == [0, 2]


@pytest.mark.parametrize(
    "texts",
    [
        ("a) Đơn vị chủ trì:|Sở Y tế", "b) Đơn vị phối hợp:|Sở Tài chính", "c) Thời gian:|QUÝ I"),
        ("I. MỤC ĐÍCH|1", "II. NHIỆM VỤ|3"),
        ("1.|MỤC ĐÍCH, YÊU CẦU", "2.|NHIỆM VỤ VÀ GIẢI PHÁP"),
        ("|Thực hiện Kế hoạch số 12, Ủy ban nhân dân xã ban hành như sau:", "|I. MỤC ĐÍCH"),
        ("Họ và tên:|Trần Văn B", "Chức vụ:|Chủ tịch"),
        ("Số:                    /KH-UBND", "Bình An, ngày               tháng               năm 2026"),
    ],
)
def test_tabs_inside_one_column_are_spaces(texts: tuple[str, ...]) -> None:
    assert word.texts(word.read(lines(*texts))) == [text.replace("|", " ").strip() for text in texts]


# -- tables ---------------------------------------------------------------------------------------------------------


def test_reading_order_of_paragraphs_and_tables() -> None:
    document = word.read(p("một") + tbl(tr("a")) + p("hai") + tbl(tr("b")) + p() + p("ba"))
    assert [b.text if isinstance(b, Paragraph) else b.index for b in document.blocks] == ["một", 0, "hai", 1, "ba"]


def test_cells_join_their_paragraphs_by_line_breaks() -> None:
    document = word.read(
        tbl(tr(tc(p("- Sở Y tế") + p() + p("- Sở Tài chính")), tc(p(f"<w:r>{t('a')}<w:tab/>{t('b')}</w:r>"))))
    )
    assert word.rows(document) == [["- Sở Y tế\n- Sở Tài chính", "a b"]]


def test_merged_cells_span_rows_and_columns() -> None:
    document = word.read(
        tbl(
            tr(tc("TT", DOWN), tc("Nhiệm vụ", DOWN), tc("Phân công", span(2))),
            tr(tc("", GOES_ON), tc("", GOES_ON), "Chủ trì", "Phối hợp"),
            tr("1", "Rà soát", tc("Sở Nội vụ", DOWN), ""),
            tr("2", "Báo cáo", tc("", GOES_ON), "các sở"),
        )
    )
    assert word.rows(document) == [
        ["TT", "Nhiệm vụ", "Phân công", "Phân công"],
        ["TT", "Nhiệm vụ", "Chủ trì", "Phối hợp"],
        ["1", "Rà soát", "Sở Nội vụ", ""],
        ["2", "Báo cáo", "Sở Nội vụ", "các sở"],
    ]
    assert (word.cell(document, 0, 0).row_span, word.cell(document, 0, 2).column_span) == (2, 2)
    assert document.notices == ()


def test_a_row_said_to_end_before_it_begins_ends_where_its_cells_do() -> None:
    late = word.tr("C", look='<w:gridBefore w:val="10"/><w:gridAfter w:val="-10"/>')
    document = word.read(word.tbl(word.tr("A", "B"), late, widths=(500, 500, 800)))
    assert [cell.text for cell in word.table(document).cells] == ["A", "B", "C"]


def test_rows_may_begin_late_and_end_early() -> None:
    late = tr("b", "c", look='<w:gridBefore w:val="1"/>')
    early = tr("d", look='<w:gridAfter w:val="2"/>')
    document = word.read(tbl(tr("1", "2", "3"), late, early, widths=(1000, 1000, 1000)))
    assert word.rows(document) == [["1", "2", "3"], [None, "b", "c"], ["d", None, None]]
    assert document.notices == ()


@pytest.mark.parametrize("widths", [(), (1000,), (1000, 1000), (1000, 1000, 1000, 1000, 1000)])
def test_irregular_grids_keep_every_cell(widths: tuple[int, ...]) -> None:
    """As in python-docx issue 1458: rows, spans and grid that contradict each other."""
    document = word.read(
        tbl(
            tr("a", "b", "c"),
            tr(tc("d", span(2)), tc("e", span(3))),
            tr("f"),
            tr(
                tc("g", GOES_ON),
                tc("h", '<w:gridSpan w:val="0"/>'),
                tc("i", '<w:gridSpan w:val="hai"/>'),
                "k",
                "l",
                "m",
            ),
            tr(),
            widths=widths,
        )
    )
    assert sorted(cell.text for cell in word.table(document).cells) == list("abcdefghiklm")
    assert "table.irregular_row" in word.codes(document)


def test_text_under_a_merge_is_kept() -> None:
    document = word.read(tbl(tr(tc("Sở Y tế", DOWN), "1"), tr(tc("Sở Tài chính", GOES_ON), "2")))
    assert word.cell(document, 0, 0).text == "Sở Y tế\nSở Tài chính"


def test_a_merged_text_that_the_writer_repeats_is_read_once() -> None:
    document = word.read(
        tbl(tr(tc("Sở Y tế", DOWN), "1"), tr(tc("Sở Y tế", GOES_ON), "2"), tr(tc("Sở Y tế", GOES_ON), "3"))
    )
    assert word.cell(document, 2, 0).text == "Sở Y tế"


def test_an_edge_dragged_by_a_little_is_one_edge() -> None:
    """Word adds a sliver of a grid column for the rows whose edge was dragged; readers see the columns."""
    document = word.read(
        tbl(
            tr("TT", tc("Nhiệm vụ", span(2)), "Thời gian"),
            tr("1", "Rà soát", tc("Quý I", span(2))),
            widths=(700, 4000, 120, 2000),
        )
    )
    assert word.rows(document) == [["TT", "Nhiệm vụ", "Thời gian"], ["1", "Rà soát", "Quý I"]]
    assert document.notices == ()


def test_a_narrow_column_that_holds_cells_stays() -> None:
    document = word.read(tbl(tr("TT", "Nhiệm vụ"), tr(tc("I", ""), "Chung"), widths=(400, 4000)))
    assert word.table(document).column_count == 2


def test_a_row_without_spans_takes_them_from_its_widths() -> None:
    wide = '<w:tcW w:w="{}" w:type="dxa"/>'
    document = word.read(
        tbl(
            tr("1", "2", "3"),
            tr(tc("Nhóm I", wide.format(3000))),
            tr(tc("a", wide.format(1000)), tc("b", wide.format(2000))),
            widths=(1000, 1000, 1000),
        )
    )
    assert word.rows(document) == [["1", "2", "3"], ["Nhóm I"] * 3, ["a", "b", "b"]]
    assert document.notices == ()


def test_rows_and_cells_in_content_controls_are_rows_and_cells() -> None:
    row = sdt(tr("b", sdt(tc("c"))))
    assert word.rows(word.read(tbl(tr("1", "2"), row))) == [["1", "2"], ["b", "c"]]


def test_a_row_whose_deletion_is_tracked_is_not_printed() -> None:
    gone = tr(tc(p(deleted("bỏ"))), look='<w:del w:id="1" w:author="VP"/>')
    assert word.rows(word.read(tbl(tr("1"), gone, tr("2")))) == [["1"], ["2"]]


def test_a_nested_table_gives_lines_of_its_cell() -> None:
    inner = tbl(tr("Xã A", "10"), tr("Xã B", "20"))
    document = word.read(tbl(tr("1", tc(p("Chỉ tiêu:") + inner + p("hết")))))
    assert word.rows(document) == [["1", "Chỉ tiêu:\nXã A 10\nXã B 20\nhết"]]


def test_a_frame_around_a_table_is_no_table() -> None:
    inner = tbl(tr("TT", "Nhiệm vụ"), tr("1", "Rà soát"))
    document = word.read(tbl(tr(tc(p("KẾ HOẠCH") + inner + p("GIÁM ĐỐC")))))
    assert [b.text if isinstance(b, Paragraph) else "bảng" for b in document.blocks] == ["KẾ HOẠCH", "bảng", "GIÁM ĐỐC"]
    assert word.rows(document) == [["TT", "Nhiệm vụ"], ["1", "Rà soát"]]


def test_empty_tables_are_left_out_and_not_counted() -> None:
    document = word.read(tbl(tr("", "")) + tbl() + tbl(tr("a", "b")))
    assert [table.index for table in document.tables()] == [0]


def test_cells_are_bold_where_all_their_text_is() -> None:
    document = word.read(tbl(tr(tc(p(r("I", "<w:b/>"))), tc(p(r("đậm", "<w:b/>")) + p("không")), "")))
    assert [c.bold for c in word.table(document).cells] == [True, False, False]


HEADING = tr(tc(p(r("TT", "<w:b/>"))), tc(p(r("Nhiệm vụ", "<w:b/>"))))
GRID = {"widths": (700, 4000), "look": word.ALL_BORDERS}


def test_a_table_that_was_split_is_one() -> None:
    body = tbl(HEADING, tr("1", "Rà soát"), **GRID) + p() + tbl(tr("2", "Báo cáo"), tr("3"), **GRID)
    document = word.read(body)
    assert word.rows(document) == [["TT", "Nhiệm vụ"], ["1", "Rà soát"], ["2", "Báo cáo"], ["3", None]]
    assert [(n.code, n.table_index, n.row) for n in document.notices] == [
        ("table.irregular_row", 0, 3),
        ("table.part_joined", 0, 2),
    ]


def test_a_repeated_heading_goes_on_with_its_table() -> None:
    body = tbl(HEADING, tr("1", "Rà soát"), **GRID) + tbl(HEADING, tr("2", "Báo cáo"), **GRID)
    assert word.table(word.read(body)).row_count == 4


@pytest.mark.parametrize(
    "second",
    [
        tbl(tr(tc(p(r("STT", "<w:b/>"))), tc(p(r("Thiết bị", "<w:b/>")))), tr("1", "Máy in"), **GRID),
        tbl(tr("STT", "Thiết bị", look="<w:tblHeader/>"), tr("1", "Máy in"), **GRID),
        tbl(tr("2", "Báo cáo"), widths=(2000, 2700), look=word.ALL_BORDERS),
        tbl(tr("2", "Báo cáo", "x"), widths=(700, 4000, 900), look=word.ALL_BORDERS),
        tbl(tr("Nơi nhận", "GIÁM ĐỐC"), widths=(700, 4000)),
        p("II. Nhiệm vụ khác") + tbl(tr("2", "Báo cáo"), **GRID),
    ],
)
def test_different_tables_stay_apart(second: str) -> None:
    document = word.read(tbl(HEADING, tr("1", "Rà soát"), **GRID) + second)
    assert [table.index for table in document.tables()] == [0, 1]


NO_BORDERS = word.ALL_BORDERS.replace("single", "nil")
CELL_BORDERS = word.ALL_BORDERS.replace("tblBorders", "tcBorders")
TABLE_STYLE = style("TableGrid", f"<w:tblPr>{word.ALL_BORDERS}</w:tblPr>", "table")
BASED_ON_GRID = style("Mine", '<w:basedOn w:val="TableGrid"/>', "table")


@pytest.mark.parametrize(
    ("table_look", "cell_look", "ruled"),
    [
        ("", "", False),
        (word.ALL_BORDERS, "", True),
        (NO_BORDERS, "", False),
        ('<w:tblStyle w:val="TableGrid"/>', "", True),
        ('<w:tblStyle w:val="Mine"/>', "", True),
        ('<w:tblStyle w:val="Unknown"/>', "", False),
        ('<w:tblStyle w:val="TableGrid"/>' + NO_BORDERS, "", False),
        (word.ALL_BORDERS, CELL_BORDERS.replace("single", "nil"), False),
        ("", CELL_BORDERS, True),
        ("", '<w:tcBorders><w:bottom w:val="single"/></w:tcBorders>', False),
    ],
)
def test_ruled_means_lines_around_cells(table_look: str, cell_look: str, ruled: bool) -> None:
    body = tbl(tr(tc("a", cell_look), tc("b", cell_look)), tr(tc("c", cell_look), tc("d", cell_look)), look=table_look)
    assert word.table(word.read(body, styles=TABLE_STYLE + BASED_ON_GRID)).ruled is ruled


# -- nothing lost, nothing twice ------------------------------------------------------------------------------------

WRAPPERS = (
    "{}",
    '<w:smartTag w:element="x">{}</w:smartTag>',
    sdt("{}"),
    '<w:customXml w:element="x">{}</w:customXml>',
    '<w:hyperlink w:anchor="x">{}</w:hyperlink>',
    '<w:ins w:id="1">{}</w:ins>',
    '<w:moveTo w:id="1">{}</w:moveTo>',
    '<w:fldSimple w:instr="X">{}</w:fldSimple>',
    '<mc:AlternateContent><mc:Choice Requires="wps">{}</mc:Choice></mc:AlternateContent>',
)
DROPPERS = (
    '<w:del w:id="1">{}</w:del>',
    '<w:moveFrom w:id="1">{}</w:moveFrom>',
    f"<mc:AlternateContent><mc:Choice>{r('.')}</mc:Choice><mc:Fallback>{{}}</mc:Fallback></mc:AlternateContent>",
)


class Maker:
    """Draws Word XML in which every kept stretch is a word "k1", "k2" ... and every dropped one "x1", "x2" ..."""

    def __init__(self, data: st.DataObject) -> None:
        self.draw = data.draw
        self.kept: list[str] = []
        self.dropped = 0

    def pick(self, *choices: str) -> str:
        return self.draw(st.sampled_from(choices))

    def count(self, least: int, most: int) -> int:
        return self.draw(st.integers(least, most))

    def run(self) -> str:
        if self.count(0, 4) == 0:
            self.dropped += 1
            return self.pick(*DROPPERS).format(r(f" x{self.dropped} "))
        self.kept.append(f"k{len(self.kept)}")
        return self.pick(*WRAPPERS).format(self.pick(*WRAPPERS).format(r(f" {self.kept[-1]} ")))

    def paragraph(self, depth: int) -> str:
        runs = "".join(self.run() for _ in range(self.count(0, 3)))
        if depth < 2 and self.count(0, 9) == 0:
            runs += PICTURE.format(BOX.format(self.blocks(depth + 1)))
        return p(runs, word.numbered(1, self.count(0, 2)) if self.count(0, 3) == 0 else "")

    def blocks(self, depth: int) -> str:
        made = [self.table(depth + 1) if depth < 2 and self.count(0, 3) == 0 else self.paragraph(depth)
                for _ in range(self.count(1, 3))]  # fmt: skip
        return "".join([*made, p()])

    def cell(self, depth: int) -> str:
        look = self.pick("", "", span(2), span(3), DOWN, GOES_ON, span(2) + DOWN, span(2) + GOES_ON)
        return tc(self.blocks(depth), look)

    def row(self, depth: int) -> str:
        look = self.pick("", "", "", '<w:gridBefore w:val="1"/>', '<w:gridAfter w:val="1"/>', "<w:tblHeader/>")
        return tr(*(self.cell(depth) for _ in range(self.count(0, 3))), look=look)

    def table(self, depth: int) -> str:
        widths = tuple(self.count(1, 12) * 150 for _ in range(self.count(0, 4)))
        return tbl(*(self.row(depth) for _ in range(self.count(0, 4))), widths=widths)


NUMBERS = word.abstract(
    1, *(word.level(i, f, f"%{i + 1}.") for i, f in enumerate(("decimal", "lowerLetter", "bullet")))
)


def everything(document: Document) -> str:
    lines = []
    for block in document.blocks:
        lines += [cell.text for cell in block.cells] if isinstance(block, Table) else [block.text]
    return "\n".join(lines)


@settings(deadline=None)
@given(st.data())
def test_every_kept_word_is_read_exactly_once(data: st.DataObject) -> None:
    maker = Maker(data)
    body = p("đầu") + maker.blocks(0) + maker.table(0)
    document = word.read(body, numbering=NUMBERS + word.num(1, 1))
    words = [each for each in everything(document).split() if each[0] in "kx" and each[1:].isdigit()]
    assert Counter(words) == Counter(maker.kept)


@settings(deadline=None)
@given(st.data())
def test_what_a_file_holds_does_not_depend_on_how_its_xml_is_written(data: st.DataObject) -> None:
    body = p("đầu") + Maker(data).blocks(0) + Maker(data).table(0)
    lists = NUMBERS + word.num(1, 1)
    uncommon = word.read(body + "<!-- a comment: no properties are told by their bytes -->", numbering=lists)
    assert uncommon.blocks == word.read(body, numbering=lists).blocks


@settings(deadline=None)
@given(st.data())
def test_cells_never_overlap_or_leave_the_grid(data: st.DataObject) -> None:
    document = word.read(p("đầu") + Maker(data).table(1))
    for table in document.tables():
        taken = Counter(
            (row, column)
            for cell in table.cells
            for row in range(cell.row, cell.row + cell.row_span)
            for column in range(cell.column, cell.column + cell.column_span)
        )
        assert set(taken.values()) <= {1}
        assert all(row < table.row_count and column < table.column_count for row, column in taken)


# -- the whole file -------------------------------------------------------------------------------------------------

BODY = (
    tbl(tr(tc(p("UBND TỈNH BÌNH AN") + p("SỞ Y TẾ")), "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"))
    + p("KẾ HOẠCH")
    + item("Mục đích, yêu cầu", 1)
    + tbl(tr("TT", "Nhiệm vụ", "Thời hạn"), tr(tc(item("", 1)), "Rà soát văn bản", "Trước ngày 30/6"))
)


def test_decomposed_unicode_gives_the_same_document() -> None:
    members = word.parts(BODY, numbering=NUMBERS + word.num(1, 1))
    composed, apart = word.pack(members), word.pack(word.decomposed(members))
    assert composed != apart
    one, other = read_docx(word.source(composed), composed), read_docx(word.source(apart), apart)
    assert (one.blocks, one.notices) == (other.blocks, other.notices)


def test_a_file_written_by_python_docx() -> None:
    made = docx.Document()
    made.add_heading("KẾ HOẠCH", level=1)
    made.add_paragraph("Rà soát", style="List Number")
    made.add_paragraph("Báo cáo", style="List Number")
    grid = made.add_table(rows=2, cols=2, style="Table Grid")
    grid.cell(0, 0).merge(grid.cell(0, 1)).text = "Nhóm I"
    grid.cell(1, 0).text, grid.cell(1, 1).text = "1", "Rà soát"
    stream = io.BytesIO()
    made.save(stream)
    document = read_docx(word.source(stream.getvalue()), stream.getvalue())
    assert word.texts(document) == ["KẾ HOẠCH", "1. Rà soát", "2. Báo cáo"]
    assert next(document.paragraphs()).level == 1
    assert word.rows(document) == [["Nhóm I", "Nhóm I"], ["1", "Rà soát"]]
    assert word.table(document).ruled
    assert (document.extractor, document.page_count) == ("docx", None)


@pytest.mark.parametrize("target", ["NULL", "../NULL", "media/missing.png", "/word/none.xml"])
@pytest.mark.parametrize("kind", ["image", "numbering", "styles", "header"])
def test_relations_that_lead_nowhere_do_no_harm(target: str, kind: str) -> None:
    document = word.read(p("Kế hoạch"), more_relations={"rX": (kind, target)})
    assert word.texts(document) == ["Kế hoạch"]
    assert word.codes(document) == ([] if kind == "image" else ["package.part_damaged"])


def without(members: word.Parts, name: str) -> bytes:
    return word.pack({key: content for key, content in members.items() if key != name})


@pytest.mark.parametrize("missing", ["[Content_Types].xml", "_rels/.rels", "word/_rels/document.xml.rels"])
def test_packages_without_their_directories_open(missing: str) -> None:
    data = without(word.parts(p("Kế hoạch")), missing)
    assert word.texts(read_docx(word.source(data), data)) == ["Kế hoạch"]


def test_a_broken_style_sheet_costs_the_styles_only() -> None:
    members = word.parts(p("Kế hoạch"), styles="<w:style/>") | {"word/styles.xml": "<w:styles"}
    data = word.pack(members)
    document = read_docx(word.source(data), data)
    assert (word.texts(document), word.codes(document)) == (["Kế hoạch"], ["package.part_damaged"])


def test_strict_office_open_xml_reads_alike() -> None:
    strict = {
        name: str(content)
        .replace(
            "http://schemas.openxmlformats.org/wordprocessingml/2006", "http://purl.oclc.org/ooxml/wordprocessingml"
        )
        .replace("http://schemas.openxmlformats.org/officeDocument/2006", "http://purl.oclc.org/ooxml/officeDocument")
        for name, content in word.parts(BODY, numbering=NUMBERS + word.num(1, 1)).items()
    }
    data = word.pack(strict)
    assert read_docx(word.source(data), data).blocks == word.read(BODY, numbering=NUMBERS + word.num(1, 1)).blocks


def failure(data: bytes) -> Reason:
    with pytest.raises(SourceError) as caught:
        read_docx(word.source(data), data)
    vietnamese, _, english = caught.value.message.partition(" / ")
    assert vietnamese
    assert english
    return caught.value.reason


ENTITIES = '<?xml version="1.0"?><!DOCTYPE w [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;">]>'


def test_files_that_cannot_be_read_say_why() -> None:
    members = word.parts(p("Kế hoạch"))
    good = word.pack(members)
    main = str(members["word/document.xml"])
    assert failure(good[: len(good) // 2]) is Reason.DAMAGED
    assert {failure(good[lost:]) for lost in range(1, 200)} == {Reason.DAMAGED}
    assert failure(without(members, "word/document.xml")) is Reason.DAMAGED
    assert failure(word.pack(members | {"word/document.xml": main[:-30]})) is Reason.DAMAGED
    assert failure(word.pack(members | {"word/document.xml": ENTITIES + main.partition("?>")[2]})) is Reason.DAMAGED
    assert failure(good.replace(b"word/document.xml", b"word/document.xmX")) is Reason.DAMAGED
    assert failure(word.pack(word.parts(p() + tbl(tr("", ""))))) is Reason.NO_TEXT


def test_a_zip_bomb_is_not_unpacked() -> None:
    members = word.parts(p("Kế hoạch")) | {"word/media/a.bin": b"\x00" * 60_000_000}
    assert failure(word.pack(members)) is Reason.TOO_LARGE


def test_an_encrypted_zip_is_named() -> None:
    data = bytearray(word.pack(word.parts(p("Kế hoạch"))))
    for signature, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):  # set the flag "encrypted" of every member
        at = data.find(signature)
        while at >= 0:
            data[at + offset] |= 1
            at = data.find(signature, at + 4)
    assert failure(bytes(data)) is Reason.ENCRYPTED


def test_deep_nesting_ends() -> None:
    body = p("đáy")
    for _ in range(60):
        body = tbl(tr(tc(body + p(), span(2)), tc("x")))
    assert "đáy" in everything(word.read(body))
    for _ in range(200):
        body = tbl(tr(tc(body)))
    assert failure(word.pack(word.parts(body))) is Reason.DAMAGED  # libxml2 stops at 256 levels
