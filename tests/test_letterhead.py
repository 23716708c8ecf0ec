"""Heads and ends of papers of many offices: what a perfect reading gives, each sample made up for this test."""

import unicodedata
from dataclasses import replace
from datetime import date
from typing import Literal

import pytest

from extractors.document import Block, Cell, Document, Paragraph, Source, Table
from extractors.errors import VocabularyError
from pipeline.plan import Header
from pipeline.read.issuer import letterhead_units
from pipeline.read.letterhead import HeaderReading, clean_symbol, read_header, read_issued, read_number
from pipeline.vocab.letterhead import parse_letterhead

VOCABULARY = """
[[kind]]
area = "province"
words = ["Sở"]
"""
NATION = "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM\nĐộc lập - Tự do - Hạnh phúc"
PARTY = "ĐẢNG CỘNG SẢN VIỆT NAM"


def paragraph(text: str, *, bold: bool = False, centered: bool = False, level: int = 0) -> Paragraph:
    return Paragraph(text, bold=bold, centered=centered, level=level)


def heading(text: str) -> Paragraph:
    return paragraph(text, bold=True, centered=True)


def layout(*rows: tuple[str, ...], ruled: bool = False) -> Table:
    width = max(len(row) for row in rows)
    cells = tuple(Cell(text, r, c) for r, row in enumerate(rows) for c, text in enumerate(row) if text)
    return Table(0, len(rows), width, cells, ruled=ruled)


def document(*blocks: Block) -> Document:
    numbered: list[Block] = []
    tables = 0
    for block in blocks:
        if isinstance(block, Table):
            numbered.append(replace(block, index=tables))
            tables += 1
        else:
            numbered.append(block)
    return Document(Source("mau.docx", "0" * 64, 1), "text/plain", "test", None, tuple(numbered))


def reading(*blocks: Block) -> HeaderReading:
    return read_header(document(*blocks))


def head(*blocks: Block) -> Header:
    return reading(*blocks).header


BODY = (
    paragraph("Căn cứ Kế hoạch số 12/KH-BYT ngày 05 tháng 01 năm 2024 của Bộ Y tế về công tác y tế cơ sở;"),
    paragraph("I. MỤC ĐÍCH, YÊU CẦU", bold=True),
    paragraph("1. Nâng cao chất lượng khám bệnh, chữa bệnh."),
)


def test_department_of_a_province_takes_its_province_from_the_superior() -> None:
    got = head(
        layout(
            ("UBND TỈNH HÀ NAM\nSỞ NỘI VỤ", NATION),
            ("Số: 05/KH-SNV", "Hà Nam, ngày 05 tháng 02 năm 2024"),
        ),
        heading("KẾ HOẠCH"),
        heading("Cải cách hành chính năm 2024"),
        *BODY,
        layout(("Nơi nhận:\n- UBND tỉnh (b/c);\n- Như trên;\n- Lưu: VT, CCHC.", "GIÁM ĐỐC\n\n\nNguyễn Văn Bình")),
    )
    assert got == Header(
        doc_type="KẾ HOẠCH",
        doc_type_code="KH",
        number="05",
        symbol="KH-SNV",
        number_text="Số: 05/KH-SNV",
        issuer="Sở Nội vụ tỉnh Hà Nam",
        place="Hà Nam",
        issued_date=date(2024, 2, 5),
        issued_date_text="ngày 05 tháng 02 năm 2024",
        issued_date_precision="day",
        issued_start=date(2024, 2, 5),
        issued_end=date(2024, 2, 5),
        place_date_text="Hà Nam, ngày 05 tháng 02 năm 2024",
        title="Cải cách hành chính năm 2024",
        title_line="Cải cách hành chính năm 2024",
        period_start=date(2024, 1, 1),
        period_end=date(2024, 12, 31),
        signer_title="GIÁM ĐỐC",
        signer_name="Nguyễn Văn Bình",
        recipients=("UBND tỉnh (b/c)", "Như trên", "Lưu: VT, CCHC"),
    )


ISSUERS = [
    (("UBND TỈNH HÀ NAM\nSỞ NÔNG NGHIỆP VÀ MÔI TRƯỜNG\nCHI CỤC KIỂM LÂM",), "Hà Nam", "Chi cục Kiểm lâm tỉnh Hà Nam"),
    (("ỦY BAN NHÂN DÂN\nHUYỆN SƠN HẢI",), "Sơn Hải", "Ủy ban nhân dân huyện Sơn Hải"),
    (("UỶ BAN NHÂN DÂN\nHUYỆN SƠN HOÀ",), "Sơn Hoà", "Ủy ban nhân dân huyện Sơn Hoà"),
    (("ỦY BAN NHÂN DÂN\nXÃ MƯỜNG LAI",), "Mường Lai", "Ủy ban nhân dân xã Mường Lai"),
    (("UBND XÃ SƠN KIM 1\nBAN CHỈ HUY QUÂN SỰ",), "Sơn Kim 1", "Ban Chỉ huy Quân sự xã Sơn Kim 1"),
    (("UBND PHƯỜNG ĐÔNG HƯNG",), "Đông Hưng", "Ủy ban nhân dân phường Đông Hưng"),
    (("UBND THÀNH PHỐ CẦN", "THƠ", "SỞ Y TẾ"), "Cần Thơ", "Sở Y tế thành phố Cần Thơ"),
    (("SỞ Y TẾ HÀ TĨNH",), "Hà Tĩnh", "Sở Y tế tỉnh Hà Tĩnh"),
    (("SỞ GIÁO DỤC VÀ ĐÀO TẠO",), "Hà Nội", "Sở Giáo dục và Đào tạo thành phố Hà Nội"),
    (("UBND TP. HỒ CHÍ MINH\nSỞ DU LỊCH",), "Thành phố Hồ Chí Minh", "Sở Du lịch thành phố Hồ Chí Minh"),
    (("BỘ KHOA HỌC", "VÀ CÔNG NGHỆ"), "Hà Nội", "Bộ Khoa học và Công nghệ"),
    (("BỘ LAO ĐỘNG - THƯƠNG BINH\nVÀ XÃ HỘI",), "Hà Nội", "Bộ Lao động - Thương binh và Xã hội"),
    (("BỘ Y TẾ\nCỤC Y TẾ DỰ PHÒNG",), "Hà Nội", "Cục Y tế dự phòng"),
    (("BỘ GIÁO DỤC VÀ ĐÀO TẠO\nTRƯỜNG ĐẠI HỌC TÂY NINH",), "Tây Ninh", "Trường Đại học Tây Ninh"),
    (("UBND HUYỆN SƠN HẢI\nTRƯỜNG THCS LÊ LỢI",), "Sơn Hải", "Trường THCS Lê Lợi"),
    (("UBND HUYỆN SƠN HẢI\nTRƯỜNG TIỂU HỌC\nTRUNG LẬP",), "Sơn Hải", "Trường Tiểu học Trung Lập"),
    (("SỞ Y TẾ NGHỆ AN\nBỆNH VIỆN ĐA KHOA SÔNG ĐÀ",), "Nghệ An", "Bệnh viện Đa khoa Sông Đà"),
    (("SỞ Y TẾ TỈNH NGHỆ AN\nTRUNG TÂM KIỂM SOÁT\nBỆNH TẬT",), "Nghệ An", "Trung tâm Kiểm soát bệnh tật tỉnh Nghệ An"),
    (("UBND HUYỆN SƠN HẢI\nPHÒNG GIÁO DỤC VÀ ĐÀO TẠO",), "Sơn Hải", "Phòng Giáo dục và Đào tạo huyện Sơn Hải"),
    (("UBND QUẬN 14\nPHÒNG GD&ĐT",), "Quận 14", "Phòng Giáo dục và Đào tạo quận 14"),
    (("UBND XÃ MƯỜNG LAI\nPHÒNG VĂN HÓA - XÃ HỘI",), "Mường Lai", "Phòng Văn hóa - Xã hội xã Mường Lai"),
    (("UBND TỈNH HÀ NAM\nBAN CHỈ ĐẠO CHUYỂN ĐỔI SỐ",), "Hà Nam", "Ban Chỉ đạo Chuyển đổi số tỉnh Hà Nam"),
    (("UBND TỈNH HÀ NAM\nVĂN PHÒNG",), "Hà Nam", "Văn phòng Ủy ban nhân dân tỉnh Hà Nam"),
    (("UBND TỈNH HÀ NAM\nBAN DÂN TỘC",), "Hà Nam", "Ban Dân tộc tỉnh Hà Nam"),
    (("UBND TỈNH HÀ NAM\nTHANH TRA TỈNH",), "Hà Nam", "Thanh tra tỉnh Hà Nam"),
    (("SỞ LĐ-TB&XH\nTỈNH HÀ NAM",), "Hà Nam", "Sở Lao động - Thương binh và Xã hội tỉnh Hà Nam"),
    (("SỞ NÔNG NGHIỆP VÀ PTNT",), "Hà Nam", "Sở Nông nghiệp và Phát triển nông thôn tỉnh Hà Nam"),
    (("BỘ TÀI CHÍNH\nKHO BẠC NHÀ NƯỚC",), "Hà Nội", "Kho bạc Nhà nước"),
    (("KHO BẠC NHÀ NƯỚC HÀ NAM",), "Hà Nam", "Kho bạc Nhà nước tỉnh Hà Nam"),
    (("UBND THỊ XÃ PHÚ THỌ\nPHÒNG NỘI VỤ",), "Phú Thọ", "Phòng Nội vụ thị xã Phú Thọ"),
    (("UBND XÃ MƯỜNG LAI\nTRẠM Y TẾ",), "Mường Lai", "Trạm Y tế xã Mường Lai"),
    (("UBND TỈNH HÀ NAM SỞ TÀI CHÍNH",), "Hà Nam", "Sở Tài chính tỉnh Hà Nam"),
    (("HỘI LHPN TỈNH HÀ NAM\nBAN THƯỜNG VỤ",), "Hà Nam", "Ban Thường vụ Hội Liên hiệp Phụ nữ tỉnh Hà Nam"),
    (("HỘI NÔNG DÂN TỈNH HÀ NAM\nBAN THƯỜNG VỤ",), "Hà Nam", "Ban Thường vụ Hội Nông dân tỉnh Hà Nam"),
    (("TỈNH ĐOÀN HÀ NAM\nBCH HUYỆN ĐOÀN SƠN HẢI",), "Sơn Hải", "Ban Chấp hành Huyện đoàn Sơn Hải"),
    (("BỘ CÔNG AN\nCÔNG AN TỈNH HÀ NAM",), "Hà Nam", "Công an tỉnh Hà Nam"),
    (("ỦY BAN MẶT TRẬN TỔ QUỐC VIỆT NAM\nTỈNH HÀ NAM",), "Hà Nam", "Ủy ban Mặt trận Tổ quốc Việt Nam tỉnh Hà Nam"),
    (("CỤC HÀNG HẢI VIỆT NAM\nCẢNG VỤ HÀNG HẢI THÁI BÌNH",), "Thái Bình", "Cảng vụ Hàng hải Thái Bình"),
    (("KHO BẠC NHÀ NƯỚC\nKHO BẠC NHÀ NƯỚC KHU VỰC IX",), "Điện Biên", "Kho bạc Nhà nước khu vực IX"),
    (("CỤC HẢI QUAN\nCHI CỤC HẢI QUAN KHU VỰC XII",), "Đà Nẵng", "Chi cục Hải quan khu vực XII"),
    (("CỤC THỐNG KÊ\nTHỐNG KÊ TỈNH HÀ NAM",), "Hà Nam", "Thống kê tỉnh Hà Nam"),
    (("VIỆN KIỂM SÁT NHÂN DÂN\nKHU VỰC 5 - NGHỆ AN",), "Vinh", "Viện kiểm sát nhân dân khu vực 5 - Nghệ An"),
    (("TÒA ÁN NHÂN DÂN TỈNH NGHỆ AN\nTÒA ÁN NHÂN DÂN KHU VỰC 2",), "Vinh", "Tòa án nhân dân khu vực 2 tỉnh Nghệ An"),
    (("BỘ NÔNG NGHIỆP VÀ MÔI TRƯỜNG\nVƯỜN QUỐC GIA NÚI SÔNG",), "Hà Nam", "Vườn quốc gia Núi Sông"),
    (("HỘI CHỮ THẬP ĐỎ VIỆT NAM\nTỈNH HÀ NAM",), "Hà Nam", "Hội Chữ thập đỏ tỉnh Hà Nam"),
    (("LIÊN MINH HTX VIỆT NAM\nLIÊN MINH HỢP TÁC XÃ\nTỈNH HÀ NAM",), "Hà Nam", "Liên minh Hợp tác xã tỉnh Hà Nam"),
    (("SỞ VĂN HÓA, THỂ THAO VÀ DU LỊCH\nBẢO TÀNG TỈNH",), "Hà Nam", "Bảo tàng tỉnh Hà Nam"),
    (("BỘ CÔNG AN\nTRẠI GIAM SÔNG XA",), "Hà Nam", "Trại giam Sông Xa"),
    (("CỤC ĐƯỜNG BỘ VIỆT NAM\nKHU QUẢN LÝ ĐƯỜNG BỘ II",), "Vinh", "Khu Quản lý đường bộ II"),
    (("BỘ QUỐC PHÒNG\nQUÂN KHU 4",), "Vinh", "Quân khu 4"),
    (("CỤC THUẾ\nTHUẾ TỈNH HÀ NAM\nTHUẾ CƠ SỞ 3",), "Hà Nam", "Thuế cơ sở 3 tỉnh Hà Nam"),
    (("HỘI ĐỒNG NHÂN DÂN\nTỈNH HÀ NAM\nBAN PHÁP CHẾ",), "Hà Nam", "Ban Pháp chế Hội đồng nhân dân tỉnh Hà Nam"),
    (("MẶT TRẬN TỔ QUỐC VIỆT NAM\nXÃ MO\nBAN THƯỜNG TRỰC",), "Mo", "Ban Thường trực Mặt trận Tổ quốc Việt Nam xã Mo"),
    (("TỈNH ỦY HÀ NAM\nĐẢNG ỦY CÁC CƠ QUAN TỈNH",), "Phủ Lý", "Đảng ủy các cơ quan tỉnh Hà Nam"),
]  # fmt: skip


@pytest.mark.parametrize(("left", "place", "issuer"), ISSUERS, ids=[issuer for *_, issuer in ISSUERS])
def test_issuer_of_many_kinds_of_offices(left: tuple[str, ...], place: str, issuer: str) -> None:
    blocks: list[Block] = [
        layout(("\n".join(left), NATION), ("Số: 15/KH-ABC", f"{place}, ngày 10 tháng 3 năm 2024")),
        heading("KẾ HOẠCH"),
        heading("Thực hiện công tác kiểm tra năm 2024"),
        *BODY,
    ]
    got = head(*blocks)
    assert got.issuer == issuer
    assert got.place == place


@pytest.mark.parametrize(
    ("left", "grounds", "issuer"),
    [
        ("BỘ VĂN HÓA, THỂ THAO\nVÀ DU LỊCH\nNHẠC VIỆN SÔNG HẬU", ", Nhạc viện Sông Hậu xây dựng", "Nhạc viện Sông Hậu"),
        ("TỔNG CÔNG TY CẢNG SÔNG\nBẾN PHÀ VÂN LONG", "; Giám đốc Bến phà Vân Long giao", "Bến phà Vân Long"),
        ("SỞ VĂN HÓA VÀ THỂ THAO\nBẢO TÀNG LÚA NƯỚC HÀ NAM", ", Bảo tàng Lúa nước lập", "Bảo tàng Lúa nước Hà Nam"),
    ],
)
def test_a_body_of_no_known_kind_that_the_text_names(left: str, grounds: str, issuer: str) -> None:
    got = head(
        layout((left, NATION), ("Số: 15/KH-ABC", "Hà Nam, ngày 10 tháng 3 năm 2024")),
        heading("KẾ HOẠCH"),
        heading("Bảo đảm an toàn năm 2024"),
        paragraph(f"Thực hiện chỉ đạo của cấp trên{grounds} Kế hoạch như sau:"),
    )
    assert got.issuer == issuer


@pytest.mark.parametrize(("left", "place", "issuer"), ISSUERS, ids=[issuer for *_, issuer in ISSUERS])
def test_issuer_from_plain_lines(left: tuple[str, ...], place: str, issuer: str) -> None:
    lines = [paragraph(line) for part in left for line in part.split("\n")]
    nation = [paragraph(line) for line in NATION.split("\n")]
    got = head(
        *lines,
        *nation,
        paragraph("Số: 15/KH-ABC"),
        paragraph(f"{place}, ngày 10 tháng 3 năm 2024"),
        paragraph("KẾ HOẠCH"),
        paragraph("Thực hiện công tác kiểm tra năm 2024"),
        *BODY,
    )
    assert got.issuer == issuer
    assert got.title == "Thực hiện công tác kiểm tra năm 2024"


PARTY_ISSUERS = [
    ("TỈNH ỦY HÀ NAM\n*\nSố 29-KH/TU", "Tỉnh ủy Hà Nam", "29", "KH/TU"),
    ("ĐẢNG BỘ TỈNH HÀ NAM\nHUYỆN ỦY SƠN HẢI\n*\nSố: 112-KH/HU", "Huyện ủy Sơn Hải", "112", "KH/HU"),
    (
        "ĐOÀN TNCS HỒ CHÍ MINH\nBCH TỈNH HÀ NAM\n***\nSố: 4-KH/TĐ",
        "Ban Chấp hành Đoàn TNCS Hồ Chí Minh tỉnh Hà Nam",
        "4",
        "KH/TĐ",
    ),
    ("TỈNH ỦY HÀ NAM\nBAN TỔ CHỨC\n*\nSố        -KH/BTCTU", "Ban Tổ chức Tỉnh ủy Hà Nam", None, "KH/BTCTU"),
    ("ĐẢNG BỘ HUYỆN SƠN HẢI\nĐẢNG ỦY XÃ MƯỜNG LAI\n*\nSố 07-KH/ĐU", "Đảng ủy xã Mường Lai", "07", "KH/ĐU"),
]


@pytest.mark.parametrize(("left", "issuer", "number", "symbol"), PARTY_ISSUERS)
def test_party_papers(left: str, issuer: str, number: str | None, symbol: str) -> None:
    got = head(
        layout((left, f"{PARTY}\nSơn Hải, ngày 02 tháng 4 năm 2024")),
        heading("KẾ HOẠCH"),
        heading("thực hiện Nghị quyết số 57-NQ/TW ngày 22/12/2024 của Bộ Chính trị"),
        paragraph("-----"),
        *BODY,
        layout(
            (
                "Nơi nhận:\n- Các ban Đảng,\n- Các chi bộ trực thuộc,\n- Lưu Văn phòng.",
                "T/M BAN THƯỜNG VỤ\nPHÓ BÍ THƯ\n\n\nTrần Thị Hoa",
            )
        ),
    )
    assert (got.issuer, got.number, got.symbol) == (issuer, number, symbol)
    assert got.title == "thực hiện Nghị quyết số 57-NQ/TW ngày 22/12/2024 của Bộ Chính trị"
    assert (got.period_start, got.period_end) == (None, None)
    assert got.signer_title == "T/M BAN THƯỜNG VỤ\nPHÓ BÍ THƯ"
    assert got.signer_name == "Trần Thị Hoa"
    assert got.recipients == ("Các ban Đảng", "Các chi bộ trực thuộc", "Lưu Văn phòng")


def test_no_letterhead_issuer_from_title_and_grounds() -> None:
    got = head(
        paragraph("KẾ HOẠCH", level=2),
        paragraph("Triển khai Đề án số hóa hồ sơ của Sở Tư pháp", level=3),
        paragraph("Thực hiện Kế hoạch số 77/KH-UBND ngày 11/3/2022 của Ủy ban nhân dân tỉnh Bình Thuận;"),
        paragraph("Sở Tư pháp ban hành Kế hoạch với nội dung như sau:"),
        paragraph("I. MỤC ĐÍCH", level=2),
        paragraph("1. Thời gian thực hiện: Năm 2022 - 2024"),
    )
    assert got.issuer == "Sở Tư pháp tỉnh Bình Thuận"
    assert (got.number, got.symbol, got.number_text, got.issued_date_text) == (None, None, None, None)
    assert (got.period_start, got.period_end) == (date(2022, 1, 1), date(2024, 12, 31))


def test_committee_named_without_its_area_takes_the_area_of_the_title() -> None:
    got = head(
        paragraph("Số: 21/KH-UBND"),
        paragraph("Sơn Hải, ngày 03 tháng 01 năm 2023"),
        paragraph("KẾ HOẠCH"),
        paragraph("Phòng cháy, chữa cháy rừng năm 2023 trên địa bàn huyện Sơn Hải"),
        paragraph("Thực hiện Luật Lâm nghiệp, UBND huyện ban hành Kế hoạch phòng cháy rừng năm 2023 như sau:"),
        *BODY[1:],
    )
    assert got.issuer == "Ủy ban nhân dân huyện Sơn Hải"


def test_the_line_of_who_decides_gives_the_area_that_the_letterhead_leaves_out() -> None:
    got = head(
        layout(
            ("SỞ NÔNG NGHIỆP VÀ MÔI TRƯỜNG\nCHI CỤC KIỂM LÂM", NATION), ("Số: 7/QĐ-CCKL", "Mường Vang, ngày 08/01/2025")
        ),
        heading("QUYẾT ĐỊNH"),
        heading("Về việc ban hành Kế hoạch tuần tra rừng năm 2025"),
        heading("CHI CỤC TRƯỞNG CHI CỤC KIỂM LÂM TỈNH MƯỜNG VANG"),
        *BODY,
    )
    assert got.issuer == "Chi cục Kiểm lâm tỉnh Mường Vang"


def test_decision_keeps_its_own_fields_and_leaves_the_authority_out_of_the_title() -> None:
    got = reading(
        layout(
            ("BỘ VĂN HÓA, THỂ THAO\nVÀ DU LỊCH", NATION),
            ("Số: 1012/QĐ-BVHTTDL", "Hà Nội, ngày 18 tháng 4 năm 2023"),
        ),
        heading("QUYẾT ĐỊNH"),
        heading("Về việc ban hành Kế hoạch bảo tồn lễ hội"),
        heading("BỘ TRƯỞNG BỘ VĂN HÓA, THỂ THAO VÀ DU LỊCH"),
        paragraph("Căn cứ Luật Di sản văn hóa;"),
        paragraph("Theo đề nghị của Cục trưởng Cục Văn hóa cơ sở,"),
        heading("QUYẾT ĐỊNH:"),
        paragraph("Điều 1. Ban hành kèm theo Quyết định này Kế hoạch bảo tồn lễ hội."),
        layout(("Nơi nhận:\n- Như Điều 1;\n- Lưu: VT, VHCS.", "KT. BỘ TRƯỞNG\nTHỨ TRƯỞNG\n\nĐặng Thị Mai")),
        heading("KẾ HOẠCH"),
        heading("Bảo tồn lễ hội giai đoạn 2023-2025"),
        paragraph("(Ban hành kèm theo Quyết định số 1012/QĐ-BVHTTDL ngày 18 tháng 4 năm 2023)"),
        paragraph("I. MỤC ĐÍCH", bold=True),
    )
    header = got.header
    assert (header.doc_type, header.doc_type_code) == ("QUYẾT ĐỊNH", "QĐ")
    assert header.title == "Về việc ban hành Kế hoạch bảo tồn lễ hội"
    assert header.issuer == "Bộ Văn hóa, Thể thao và Du lịch"
    assert (header.period_start, header.period_end) == (date(2023, 1, 1), date(2025, 12, 31))
    assert header.signer_name == "Đặng Thị Mai"
    assert header.recipients == ("Như Điều 1", "Lưu: VT, VHCS")
    assert got.head_blocks == {0, 1, 2, 3}
    assert got.closing_blocks == {8}
    assert got.layout_tables == {0, 1}


def test_draft_with_dots_leaves_number_and_day_open() -> None:
    got = head(
        layout(("UBND TỈNH HÀ NAM\nSỞ TÀI CHÍNH\nSố: ……/KH-STC", f"{NATION}\nHà Nam, ngày .... tháng .... năm 2025")),
        paragraph("DỰ THẢO"),
        heading("KẾ HOẠCH"),
        heading("Kiểm tra quyết toán 6 tháng cuối năm 2025"),
        *BODY,
    )
    assert (got.number, got.symbol) == (None, "KH-STC")
    assert got.issued_date is None
    assert got.issued_date_precision == "year"
    assert (got.issued_start, got.issued_end) == (date(2025, 1, 1), date(2025, 12, 31))
    assert (got.period_start, got.period_end) == (date(2025, 7, 1), date(2025, 12, 31))


def test_letterhead_of_three_rows_and_a_spacer_column() -> None:
    got = head(
        layout(
            ("ỦY BAN NHÂN DÂN TỈNH HÀ NAM", "", "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"),
            ("SỞ XÂY DỰNG", "", "Độc lập - Tự do - Hạnh phúc"),
            ("Số: 88 /KH - SXD", "", "Hà Nam, ngày 9 tháng 11 năm 2023"),
            ruled=True,
        ),
        heading("KẾ HOẠCH"),
        heading("Thanh tra chuyên ngành năm 2024"),
        *BODY,
    )
    assert got.issuer == "Sở Xây dựng tỉnh Hà Nam"
    assert (got.number, got.symbol) == ("88", "KH-SXD")
    assert got.issued_date == date(2023, 11, 9)


def test_both_columns_on_the_same_line() -> None:
    got = head(
        paragraph("UBND TỈNH HÀ NAM CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"),
        paragraph("SỞ CÔNG THƯƠNG Độc lập - Tự do - Hạnh phúc"),
        paragraph("Số: 17/KH-SCT Hà Nam, ngày 20 tháng 5 năm 2022"),
        paragraph("KẾ HOẠCH Về phát triển thương mại điện tử năm 2022"),
        *BODY,
    )
    assert got.issuer == "Sở Công Thương tỉnh Hà Nam"
    assert (got.number, got.symbol, got.number_text) == ("17", "KH-SCT", "Số: 17/KH-SCT")
    assert (got.place, got.issued_date) == ("Hà Nam", date(2022, 5, 20))
    assert got.title == "Về phát triển thương mại điện tử năm 2022"


def test_number_on_two_lines() -> None:
    got = head(
        layout(("UBND TỈNH HÀ NAM\nSỞ CÔNG THƯƠNG\nSố:\n31/KH-SCT", f"{NATION}\nHà Nam, tháng 5 năm 2022")),
        heading("KẾ HOẠCH"),
        heading("Khuyến công năm 2022"),
        *BODY,
    )
    assert (got.number, got.symbol) == ("31", "KH-SCT")
    assert got.issued_date_precision == "month"
    assert got.issuer == "Sở Công Thương tỉnh Hà Nam"


def test_scan_slips_in_closed_words() -> None:
    got = head(
        layout(("UBND TÍNH HÀ NAM\nSỞ NỘI VỤ\nSổ: 1O5/KH-SNV", f"{NATION}\nHà Nam, ngày l5 tháng 3 năm 2O21")),
        heading("KẺ HOẠCH"),
        heading("Tuyển dụng viên chức năm 2021"),
        *BODY,
    )
    assert (got.doc_type, got.number) == ("KẾ HOẠCH", "105")
    assert got.issued_date == date(2021, 3, 15)


def test_decomposed_letters_and_old_tone_marks_give_the_same() -> None:
    def blocks(form: Literal["NFC", "NFD"]) -> list[Block]:
        def n(text: str) -> str:
            return unicodedata.normalize(form, text)

        return [
            layout(
                (n("UBND TỈNH HÒA BÌNH\nSỞ Y TẾ\nSố: 9/KH-SYT"), n(f"{NATION}\nHòa Bình, ngày 01 tháng 02 năm 2024"))
            ),
            heading(n("KẾ HOẠCH")),
            heading(n("Phòng, chống dịch năm 2024")),
            paragraph(n("I. MỤC ĐÍCH")),
            layout((n("Nơi nhận:\n- Sở Tài chính;\n- Lưu: VT."), n("KT. GIÁM ĐỐC\nPHÓ GIÁM ĐỐC\n\nLê Thị Hòa"))),
        ]

    assert head(*blocks("NFD")) == head(*blocks("NFC"))
    assert head(*blocks("NFC")).issuer == "Sở Y tế tỉnh Hòa Bình"


def test_title_of_several_lines_in_capitals() -> None:
    got = head(
        layout(("ỦY BAN NHÂN DÂN\nTỈNH HÀ NAM\nSố: 3/KH-UBND", f"{NATION}\nHà Nam, ngày 02 tháng 01 năm 2021")),
        heading("KẾ HOẠCH\nPHÁT TRIỂN KINH TẾ SỐ"),
        heading("TRÊN ĐỊA BÀN TỈNH HÀ NAM"),
        heading("Giai đoạn 2021 – 2025, tầm nhìn đến năm 2030"),
        paragraph("______"),
        *BODY,
    )
    assert got.title == "PHÁT TRIỂN KINH TẾ SỐ TRÊN ĐỊA BÀN TỈNH HÀ NAM Giai đoạn 2021 – 2025, tầm nhìn đến năm 2030"
    assert (got.period_start, got.period_end) == (date(2021, 1, 1), date(2025, 12, 31))


def test_title_in_capitals_that_plain_text_wraps_ends_at_the_authority() -> None:
    got = reading(
        *(paragraph(line) for line in ("THỦ TƯỚNG CHÍNH PHỦ", *NATION.split("\n"), "Số: 512/QĐ-TTg")),
        paragraph("Hà Nội, ngày 03 tháng 3 năm 2025"),
        paragraph("QUYẾT ĐỊNH"),
        paragraph("BAN HÀNH KẾ HOẠCH TRIỂN KHAI CÁC NHIỆM VỤ ĐẨY MẠNH PHÂN"),
        paragraph("CẤP THEO QUY ĐỊNH CỦA PHÁP"),
        paragraph("LUẬT VỀ TỔ CHỨC BỘ MÁY"),
        paragraph("THỦ TƯỚNG CHÍNH PHỦ"),
        paragraph("Căn cứ Luật Tổ chức Chính phủ ngày 18 tháng 02 năm 2025;"),
    )
    assert got.header.title == (
        "BAN HÀNH KẾ HOẠCH TRIỂN KHAI CÁC NHIỆM VỤ ĐẨY MẠNH PHÂN CẤP THEO QUY ĐỊNH CỦA PHÁP LUẬT VỀ TỔ CHỨC BỘ MÁY"
    )
    assert max(got.head_blocks) == 9  # the authority's line belongs to the head, the grounds do not


def test_a_period_in_brackets_below_a_plain_title_belongs_to_it() -> None:
    lines = ("KẾ HOẠCH", "NÂNG CAO NĂNG LỰC GIÁM SÁT", "(Giai đoạn: 2021- 2025)", "Thực hiện Luật Thanh tra,")
    got = head(*(paragraph(line) for line in lines))
    assert got.title == "NÂNG CAO NĂNG LỰC GIÁM SÁT (Giai đoạn: 2021- 2025)"
    assert (got.period_start, got.period_end) == (date(2021, 1, 1), date(2025, 12, 31))


def test_what_a_portal_says_of_a_document_is_not_its_head() -> None:
    got = head(
        layout(
            ("Số hiệu", "7/KH-SYT"), ("Loại văn bản", "Kế hoạch"), ("Ngày ban hành", "02/01/2020"), ("Người ký", "A")
        ),
        layout(("SỞ Y TẾ\nSố: 9/KH-SYT", f"{NATION}\nHà Nam, ngày 15 tháng 5 năm 2019")),
        heading("KẾ HOẠCH"),
        heading("Kiểm tra an toàn thực phẩm năm 2019"),
        *BODY,
    )
    assert (got.number, got.issued_date, got.title) == ("9", date(2019, 5, 15), "Kiểm tra an toàn thực phẩm năm 2019")


def test_a_record_of_lines_is_not_the_head_either() -> None:
    record = ("Số ký hiệu", "7/KH-SYT", "Ngày ban hành", "02/01/2020", "Loại văn bản", "Kế hoạch", "Trích yếu", "Một")
    own = ("SỞ Y TẾ", "Số: 9/KH-SYT", "Hà Nam, ngày 15 tháng 5 năm 2019", "KẾ HOẠCH", "Kiểm tra thực phẩm năm 2019")
    got = head(*(paragraph(line) for line in (*record, *own)), *BODY)
    assert (got.number, got.issued_date, got.title) == ("9", date(2019, 5, 15), "Kiểm tra thực phẩm năm 2019")


@pytest.mark.parametrize(
    "section",
    ["MỤC ĐÍCH, YÊU CẦU", "NHIỆM VỤ VÀ GIẢI PHÁP", "TỔ CHỨC THỰC HIỆN:", "ĐẶC ĐIỂM TÌNH HÌNH", "CÁC NỘI DUNG"],
)
def test_a_first_section_in_capitals_is_no_title(section: str) -> None:
    lines = ("KẾ HOẠCH", "KIỂM TRA CÔNG TÁC VĂN THƯ NĂM 2024", section, "Nâng cao chất lượng văn thư.")
    assert head(*(paragraph(line) for line in lines)).title == "KIỂM TRA CÔNG TÁC VĂN THƯ NĂM 2024"


def test_a_title_that_goes_on_with_the_word_of_a_section_is_whole() -> None:
    title = ("TRIỂN KHAI CHƯƠNG TRÌNH", "MỤC TIÊU QUỐC GIA GIẢM NGHÈO", "NỘI DUNG SỐ 3 NĂM 2024")
    got = head(*(paragraph(line) for line in ("KẾ HOẠCH", *title, "MỤC ĐÍCH, YÊU CẦU", "Giảm nghèo bền vững.")))
    assert (got.title, got.period_start) == (" ".join(title), date(2024, 1, 1))


def test_a_decision_whose_type_stands_only_above_its_articles() -> None:
    lines = (
        *("THỦ TƯỚNG CHÍNH", "PHỦ", "CỘNG HÒA XÃ HỘI", "CHỦ NGHĨA VIỆT NAM", "Số: 1641/QĐ-TTg"),
        *("Hà Nội, ngày 24 tháng 7 năm 2025", "PHÊ DUYỆT KẾ HOẠCH PHÁT TRIỂN ĐƯỜNG THỦY NĂM 2026"),
        *("THỦ TƯỚNG CHÍNH PHỦ", "Căn cứ Luật Tổ chức Chính phủ;", "QUYẾT ĐỊNH:", "Điều 1. Phê duyệt Kế hoạch."),
    )
    got = head(*(paragraph(line) for line in lines))
    assert (got.doc_type, got.title) == ("QUYẾT ĐỊNH", "PHÊ DUYỆT KẾ HOẠCH PHÁT TRIỂN ĐƯỜNG THỦY NĂM 2026")
    assert (got.issuer, got.period_start) == ("Thủ tướng Chính phủ", date(2026, 1, 1))


@pytest.mark.parametrize(
    "motto", [("CỘNG", "HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"), ("CỘNG HÒA XÃ HỘI CHỦ", "NGHĨA VIỆT NAM")]
)
def test_a_national_title_on_two_lines_is_no_issuer(motto: tuple[str, ...]) -> None:
    lines = ("ỦY BAN NHÂN DÂN", "TỈNH HÀ NAM", *motto, "Số: 15/KH-UBND", "Hà Nam, ngày 10 tháng 3 năm 2024", "KẾ HOẠCH")
    assert head(*(paragraph(line) for line in lines)).issuer == "Ủy ban nhân dân tỉnh Hà Nam"


def test_type_and_title_on_one_line_in_capitals() -> None:
    got = head(
        layout(("SỞ Y TẾ HÀ NAM\nBỆNH VIỆN ĐA KHOA SÔNG ĐÀ", NATION)),
        heading("KẾ HOẠCH CẢI TIẾN CHẤT LƯỢNG BỆNH VIỆN NĂM 2024"),
        *BODY,
    )
    assert got.doc_type == "KẾ HOẠCH"
    assert got.title == "CẢI TIẾN CHẤT LƯỢNG BỆNH VIỆN NĂM 2024"


def test_type_of_several_words_over_its_title() -> None:
    got = head(
        layout(("TỈNH ỦY HÀ NAM\nHUYỆN ỦY SƠN HẢI\nSố: 11-CTr/HU", f"{PARTY}\nSơn Hải, ngày 05 tháng 8 năm 2021")),
        heading("CHƯƠNG TRÌNH HÀNH ĐỘNG"),
        heading("Thực hiện Nghị quyết số 8-NQ/TU của Tỉnh ủy về phát triển nông nghiệp giai đoạn 2021 - 2025"),
        *BODY,
    )
    assert (got.doc_type, got.doc_type_code) == ("CHƯƠNG TRÌNH HÀNH ĐỘNG", "CTr")
    assert got.title == "Thực hiện Nghị quyết số 8-NQ/TU của Tỉnh ủy về phát triển nông nghiệp giai đoạn 2021 - 2025"
    assert (got.period_start, got.period_end) == (date(2021, 1, 1), date(2025, 12, 31))
    plain = head(heading("KẾ HOẠCH CÔNG TÁC"), heading("Năm 2024"), *BODY)
    assert (plain.doc_type, plain.title) == ("KẾ HOẠCH", "CÔNG TÁC Năm 2024")


@pytest.mark.parametrize(
    ("line", "doc_type", "title"),
    [
        (
            "CHƯƠNG TRÌNH HÀNH ĐỘNG thực hiện Nghị quyết về chuyển đổi số",
            "CHƯƠNG TRÌNH HÀNH ĐỘNG",
            "thực hiện Nghị quyết về chuyển đổi số",
        ),
        (
            "CHƯƠNG TRÌNH HÀNH ĐỘNG của Ban Chấp hành về chuyển đổi số",
            "CHƯƠNG TRÌNH HÀNH ĐỘNG",
            "của Ban Chấp hành về chuyển đổi số",
        ),
        ("KẾ HOẠCH TRIỂN KHAI Đề án sắp xếp trường lớp", "KẾ HOẠCH TRIỂN KHAI", "Đề án sắp xếp trường lớp"),
        ("CHƯƠNG TRÌNH CÔNG TÁC của Ban Thường vụ", "CHƯƠNG TRÌNH", "CÔNG TÁC của Ban Thường vụ"),
        ("KẾ HOẠCH PHÒNG CHỐNG RÉT cho đàn gia súc", "KẾ HOẠCH", "PHÒNG CHỐNG RÉT cho đàn gia súc"),
    ],
)
def test_type_of_several_words_on_the_line_of_its_title(line: str, doc_type: str, title: str) -> None:
    got = head(paragraph(line), *BODY)
    assert (got.doc_type, got.title) == (doc_type, title)


def test_cited_period_that_is_over_is_no_plan_period() -> None:
    got = head(
        layout(("UBND TỈNH HÀ NAM\nSỞ NỘI VỤ\nSố: 9/KH-SNV", f"{NATION}\nHà Nam, ngày 05 tháng 8 năm 2024")),
        heading("KẾ HOẠCH"),
        heading("Thực hiện Kết luận số 8-KL/TU về quản lý đất đai giai đoạn 2016 - 2020"),
        *BODY,
    )
    assert (got.period_start, got.period_end) == (None, None)


def test_spaced_out_type_line() -> None:
    assert head(paragraph("K Ế  H O Ạ C H"), paragraph("Công tác tháng 9 năm 2024"), *BODY).doc_type == "KẾ HOẠCH"


def test_plan_without_title_has_none() -> None:
    got = head(paragraph("KẾ HOẠCH"), *BODY)
    assert (got.doc_type, got.title) == ("KẾ HOẠCH", None)


def test_official_letter_has_a_subject_and_no_code() -> None:
    got = head(
        layout(
            (
                "UBND TỈNH HÀ NAM\nSỞ NỘI VỤ\nSố: 456/SNV-CCHC\nV/v đăng ký nhiệm vụ trọng tâm\nnăm 2024",
                f"{NATION}\nHà Nam, ngày 12 tháng 3 năm 2024",
            )
        ),
        paragraph("Kính gửi: Các phòng, đơn vị thuộc Sở."),
        paragraph("Kế hoạch này được gửi kèm công văn."),
    )
    assert (got.doc_type, got.doc_type_code) == ("CÔNG VĂN", None)
    assert (got.number, got.symbol) == ("456", "SNV-CCHC")
    assert got.title == "V/v đăng ký nhiệm vụ trọng tâm năm 2024"
    assert got.issuer == "Sở Nội vụ tỉnh Hà Nam"


def test_place_and_date_beside_the_subject_of_a_letter() -> None:
    got = head(
        layout(
            ("ỦY BAN NHÂN DÂN\nTỈNH HÀ NAM", NATION),
            ("Số: 456/UBND-VX\nV/v tuyển sinh đầu cấp", "Hà Nam, ngày 12 tháng 3 năm 2024"),
        ),
        paragraph("Kính gửi: Các sở, ban, ngành."),
    )
    assert (got.place, got.issued_date) == ("Hà Nam", date(2024, 3, 12))
    assert got.title == "V/v tuyển sinh đầu cấp"


def test_the_subject_of_a_letter_goes_on_with_a_capital() -> None:
    got = head(
        layout(
            ("ỦY BAN NHÂN DÂN\nTỈNH HÀ NAM", NATION),
            (
                "Số: 456/UBND-NN\nV/v bảo vệ đàn voọc và rừng\nKhu bảo tồn Núi Chàng\nSao Mai",
                "Hà Nam, ngày 12 tháng 3 năm 2024",
            ),
        ),
        paragraph("Kính gửi: Các sở, ban, ngành."),
    )
    assert got.title == "V/v bảo vệ đàn voọc và rừng Khu bảo tồn Núi Chàng Sao Mai"
    assert got.issuer == "Ủy ban nhân dân tỉnh Hà Nam"


def test_what_stands_between_the_subject_and_the_address_is_the_subject() -> None:
    got = head(
        layout(("UBND TỈNH HÀ NAM\nSỞ Y TẾ", f"{NATION}\nHà Nam, ngày 12 tháng 3 năm 2024")),
        paragraph("Số: 12/SYT-NVY"),
        paragraph("V/v cung ứng thuốc dịp"),
        paragraph("Tết Giáp Thìn"),
        paragraph("Kính gửi: Các bệnh viện."),
    )
    assert got.title == "V/v cung ứng thuốc dịp Tết Giáp Thìn"


def test_words_of_a_subject_that_look_like_a_body_are_no_issuer() -> None:
    got = head(
        layout(
            ("UBND TỈNH HÀ NAM\nSỞ Y TẾ", NATION),
            ("Số: 12/SYT-NVY\nV/v tăng cường công tác\nphòng bệnh mùa hè", "Hà Nam, ngày 12 tháng 3 năm 2024"),
        ),
        paragraph("Kính gửi: Các bệnh viện."),
    )
    assert got.issuer == "Sở Y tế tỉnh Hà Nam"


def test_the_youth_union_stands_on_the_right_like_the_motto() -> None:
    got = head(
        layout(("TỈNH ĐOÀN HÀ NAM\n***\nSố: 12-KH/TĐTN", "ĐOÀN TNCS HỒ CHÍ MINH\nHà Nam, ngày 12 tháng 3 năm 2024")),
        heading("KẾ HOẠCH"),
        heading("Tổ chức Tháng Thanh niên năm 2024"),
        *BODY,
    )
    assert got.issuer == "Tỉnh đoàn Hà Nam"


def test_a_level_at_the_end_of_a_name_takes_its_area_from_the_superior() -> None:
    got = head(
        layout(
            (
                "UBND HUYỆN VÂN TRƯỜNG\nBAN QUẢN LÝ DỰ ÁN\nĐẦU TƯ XÂY DỰNG HUYỆN\nSố: 9/TB-BQL",
                f"{NATION}\nVân Trường, ngày 12 tháng 3 năm 2024",
            )
        ),
        heading("KẾ HOẠCH"),
        heading("Giải ngân vốn năm 2024"),
        *BODY,
    )
    assert got.issuer == "Ban Quản lý Dự án đầu tư xây dựng huyện Vân Trường"


def test_a_schedule_is_a_type_without_letters() -> None:
    got = head(
        heading("LỊCH CÔNG TÁC"),
        heading("Tuần 37 (từ ngày 08/9/2025 đến ngày 14/9/2025)"),
        *BODY,
    )
    assert (got.doc_type, got.doc_type_code) == ("LỊCH CÔNG TÁC", None)
    assert (got.period_start, got.period_end) == (date(2025, 9, 8), date(2025, 9, 14))


def test_running_text_about_a_plan_is_no_type_line() -> None:
    got = head(paragraph("Kế hoạch này được xây dựng trên cơ sở ý kiến của các phòng, ban và được gửi tới mọi đơn vị."))
    assert got.doc_type is None


SCHOOL_YEAR = (date(2024, 9, 1), date(2025, 8, 31))


def test_school_year() -> None:
    got = head(
        layout(("UBND HUYỆN SƠN HẢI\nTRƯỜNG THCS LÊ LỢI\nSố: 05/KH-THCS", f"{NATION}\nSơn Hải, ngày 05/9/2024")),
        heading("KẾ HOẠCH"),
        heading("Giáo dục nhà trường năm học 2024 – 2025"),
        *BODY,
        layout(
            (
                "Nơi nhận:\n- Phòng GDĐT (b/c);\n- Tổ chuyên môn (t/h);\n- Lưu: VT.",
                "HIỆU TRƯỞNG\n(Đã ký)\nThS. Phạm Thị Lan",
            )
        ),
    )
    assert (got.period_start, got.period_end) == SCHOOL_YEAR
    assert (got.symbol, got.issued_date) == ("KH-THCS", date(2024, 9, 5))
    assert (got.signer_title, got.signer_name) == ("HIỆU TRƯỞNG", "Phạm Thị Lan")


@pytest.mark.parametrize(
    ("text", "want"),
    [
        ("Số: 947/CTr-SYT", ("947", "CTr-SYT")),
        ("Số:     /KH-UBND", (None, "KH-UBND")),
        ("Số ......./KH-", None),
        ("Số: …/QĐ-UBND", (None, "QĐ-UBND")),
        ("Số:……/2024/QĐ-UBND", (None, "QĐ-UBND")),
        ("Số 29-CT/TU", ("29", "CT/TU")),
        ("Số: 2170 /QÐ – UBND", ("2170", "QĐ-UBND")),
        ("Số: 16/2024/TT-BYT", ("16/2024", "TT-BYT")),
        ("Số: 12a/KH-BCĐ", ("12a", "KH-BCĐ")),
        ("Số:15/KHUBND", ("15", "KH-UBND")),
        ("Số: 9 0/KH-TTYT", ("90", "KH-TTYT")),
        ("Số: 33/KH-VP.UBND", ("33", "KH-VP.UBND")),
        ("Số: 15", ("15", None)),
        ("SỞ Y TẾ", None),
        ("SỞ LAO ĐỘNG - THƯƠNG BINH VÀ XÃ HỘI", None),
        ("Sở Y tế - phòng KHTC", None),
    ],
)
def test_number_line(text: str, want: tuple[str | None, str | None] | None) -> None:
    got = read_number(text)
    if text == "Số ......./KH-":
        assert got == (None, "KH")
    else:
        assert got == want


@pytest.mark.parametrize(
    ("written", "want"),
    [
        ("KH - UBND", "KH-UBND"),
        ("QÐ–TTg", "QĐ-TTg"),
        ("KHUBND", "KH-UBND"),
        ("CT/TU", "CT/TU"),
        ("SYT", "SYT"),
        ("TCCB", "TCCB"),
    ],
)
def test_symbol(written: str, want: str) -> None:
    assert clean_symbol(written) == want


@pytest.mark.parametrize(
    ("text", "place", "written", "precision", "start", "end"),
    [
        (
            "Sơn Hải, ngày 18 tháng 5 năm 2017",
            "Sơn Hải",
            "ngày 18 tháng 5 năm 2017",
            "day",
            (2017, 5, 18),
            (2017, 5, 18),
        ),
        (
            "Sơn Hải, ngày   tháng 02 năm 2024",
            "Sơn Hải",
            "ngày tháng 02 năm 2024",
            "month",
            (2024, 2, 1),
            (2024, 2, 29),
        ),
        (
            "Sơn Hải, ngày … tháng … năm 2023",
            "Sơn Hải",
            "ngày … tháng … năm 2023",
            "year",
            (2023, 1, 1),
            (2023, 12, 31),
        ),
        ("Sơn Hải, tháng 7 năm 2023", "Sơn Hải", "tháng 7 năm 2023", "month", (2023, 7, 1), (2023, 7, 31)),
        (
            "Sơn Hải 1, ngày 15 tháng 10 năm 2025",
            "Sơn Hải 1",
            "ngày 15 tháng 10 năm 2025",
            "day",
            (2025, 10, 15),
            (2025, 10, 15),
        ),
        ("TP. Hồ Chí Minh, ngày 05/3/2024", "TP. Hồ Chí Minh", "ngày 05/3/2024", "day", (2024, 3, 5), (2024, 3, 5)),
        ("Sơn Hải, ngày 31 tháng 02 năm 2024", "Sơn Hải", "ngày 31 tháng 02 năm 2024", "none", None, None),
        ("Sơn Hải, ngày 15 tháng 54 năm 2024", "Sơn Hải", "ngày 15 tháng 54 năm 2024", "none", None, None),
        ("Sơn Hải, ngày tháng năm 20", "Sơn Hải", "ngày tháng năm 20", "none", None, None),
        ("Sơn Hải, ngày tháng năm", "Sơn Hải", "ngày tháng năm", "none", None, None),
    ],
)
def test_place_and_date(
    text: str,
    place: str,
    written: str,
    precision: str,
    start: tuple[int, int, int] | None,
    end: tuple[int, int, int] | None,
) -> None:
    got = read_issued(text)
    assert got is not None
    assert (got.place, got.text, got.precision) == (place, written, precision)
    assert got.start == (date(*start) if start else None)
    assert got.end == (date(*end) if end else None)
    assert (got.day is not None) == (precision == "day")


def test_no_date_in_a_sentence_without_one() -> None:
    assert read_issued("Hàng tháng báo cáo về Sở") is None


@pytest.mark.parametrize(
    ("lines", "units"),
    [
        (["ỦY BAN NHÂN DÂN", "HUYỆN SƠN HẢI"], ("ỦY BAN NHÂN DÂN HUYỆN SƠN HẢI",)),
        (["UBND TỈNH HÀ NAM", "SỞ Y TẾ"], ("UBND TỈNH HÀ NAM", "SỞ Y TẾ")),
        (["UBND HUYỆN SƠN HẢI", "TRƯỜNG MẦM NON", "HOA SEN"], ("UBND HUYỆN SƠN HẢI", "TRƯỜNG MẦM NON HOA SEN")),
        (["UBND TỈNH HẢI PHONG", "SỞ NỘI VỤ"], ("UBND TỈNH HẢI PHONG", "SỞ NỘI VỤ")),  # "PHONG" is no Phòng
        (["UBND TỈNH HẢI PHONG SỞ NỘI VỤ"], ("UBND TỈNH HẢI PHONG", "SỞ NỘI VỤ")),
        (["UBND HUYỆN VÂN TRƯỜNG", "PHÒNG Y TẾ"], ("UBND HUYỆN VÂN TRƯỜNG", "PHÒNG Y TẾ")),
        (["UBND HUYỆN VÂN", "TRƯỜNG", "PHÒNG Y TẾ"], ("UBND HUYỆN VÂN TRƯỜNG", "PHÒNG Y TẾ")),
        (["UBND TINH HA NAM SO Y TE"], ("UBND TINH HA NAM", "SO Y TE")),
        (["TRƯỜNG TIỂU HỌC", "TRUNG LẬP", "-----"], ("TRƯỜNG TIỂU HỌC TRUNG LẬP",)),
        (["Trang 1/5", "HỎA TỐC"], ()),
    ],
)
def test_units_of_a_letterhead(lines: list[str], units: tuple[str, ...]) -> None:
    assert letterhead_units(lines) == units


def closing(*blocks: Block) -> Header:
    return head(heading("KẾ HOẠCH"), heading("Công tác năm 2024"), *BODY, *blocks)


def test_recipients_wrapped_in_a_pdf_are_whole_again() -> None:
    got = closing(
        layout(
            (
                "Nơi nhận:\n- Bộ Tư pháp;\n- UBND các tỉnh\ntrực thuộc TW;\n- Văn phòng BCH\nTỉnh;\n- Lưu: VT, PC.",
                "TUQ. CHỦ TỊCH\nTRƯỞNG PHÒNG TÀI NGUYÊN VÀ\nMÔI TRƯỜNG\nVũ Đức Thắng",
            )
        )
    )
    assert got.recipients == (
        "Bộ Tư pháp",
        "UBND các tỉnh trực thuộc TW",
        "Văn phòng BCH Tỉnh",
        "Lưu: VT, PC",
    )
    assert got.signer_title == "TUQ. CHỦ TỊCH\nTRƯỞNG PHÒNG TÀI NGUYÊN VÀ MÔI TRƯỜNG"
    assert got.signer_name == "Vũ Đức Thắng"


def test_end_as_paragraphs_stops_before_the_appendix() -> None:
    got = reading(
        heading("KẾ HOẠCH"),
        heading("Công tác năm 2024"),
        *BODY,
        paragraph("Nơi nhận:"),
        paragraph("- Sở Nội vụ;"),
        paragraph("- Lưu: VT, VP. Cổng TTĐT Sở"),
        paragraph("TM. ỦY BAN NHÂN DÂN\nKT. CHỦ TỊCH\nPHÓ CHỦ TỊCH"),
        paragraph("Đoàn Văn Hùng"),
        paragraph("Phụ lục. Nội dung nhiệm vụ", bold=True),
        paragraph("(Ban hành kèm theo Kế hoạch số 9/KH-SYT)"),
    )
    assert got.header.recipients == ("Sở Nội vụ", "Lưu: VT, VP", "Cổng TTĐT Sở")
    assert got.header.signer_title == "TM. ỦY BAN NHÂN DÂN\nKT. CHỦ TỊCH\nPHÓ CHỦ TỊCH"
    assert got.header.signer_name == "Đoàn Văn Hùng"
    assert got.closing_blocks == {5, 6, 7, 8, 9}


def test_signature_before_the_recipients() -> None:
    got = closing(
        paragraph("GIÁM ĐỐC"),
        paragraph("Trương Văn Bảo"),
        paragraph("Nơi nhận:\n- Như trên;\n- Lưu: VT."),
    )
    assert (got.signer_title, got.signer_name) == ("GIÁM ĐỐC", "Trương Văn Bảo")
    assert got.recipients == ("Như trên", "Lưu: VT")


def test_signature_without_recipients() -> None:
    got = closing(paragraph("TỔ TRƯỞNG"), paragraph("(Ký, ghi rõ họ tên)"), paragraph("Vũ Thị Thu"))
    assert (got.signer_title, got.signer_name, got.recipients) == ("TỔ TRƯỞNG", "Vũ Thị Thu", ())


@pytest.mark.parametrize(
    "post",
    ["HẠT TRƯỞNG", "KT. ĐỒN TRƯỞNG", "XÃ ĐỘI TRƯỞNG", "TRƯỞNG THUẾ", "PHỤ TRÁCH TRẠM", "PHÓ GIÁM THỊ", "TRƯỞNG ẤP"],
)
def test_heads_of_small_posts_sign(post: str) -> None:
    got = closing(paragraph(post), paragraph("Vũ Thị Thu"), paragraph("Nơi nhận:\n- Như trên;\n- Lưu: VT."))
    assert (got.signer_title, got.signer_name) == (post, "Vũ Thị Thu")


def test_of_two_signers_the_one_who_answers() -> None:
    got = closing(layout(("NGƯỜI LẬP KẾ HOẠCH\n\nLê Văn An", "HIỆU TRƯỞNG\n\nĐỗ Thị Bình")))
    assert (got.signer_title, got.signer_name) == ("HIỆU TRƯỞNG", "Đỗ Thị Bình")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("ĐẠI DIỆN HẠT KIỂM LÂM\nHẠT TRƯỞNG", "ĐẠI DIỆN CÔNG AN XÃ\nTRƯỞNG CÔNG AN XÃ"),
        ("SỞ Y TẾ\nGIÁM ĐỐC", "SỞ NỘI VỤ\nGIÁM ĐỐC"),
    ],
)
def test_a_joint_paper_has_the_signers_of_all_bodies(one: str, other: str) -> None:
    signed = layout((f"{one}\n\nLê Văn An", f"{other}\n\nĐỗ Thị Bình"))
    got = closing(signed, paragraph("Nơi nhận:\n- Như trên;\n- Lưu: VT."))
    assert (got.signer_title, got.signer_name) == (f"{one}\n{other}", "Lê Văn An\nĐỗ Thị Bình")
    assert got.recipients == ("Như trên", "Lưu: VT")


def test_of_two_posts_of_one_body_the_first_signs() -> None:
    got = closing(layout(("TRƯỞNG PHÒNG\n\nLê Văn An", "TRƯỞNG KHOA\n\nĐỗ Thị Bình")))
    assert got.signer_name == "Lê Văn An"


def test_both_columns_of_the_end_on_the_same_lines() -> None:
    got = closing(
        paragraph("Nơi nhận: KT. GIÁM ĐỐC"),
        paragraph("- Như trên; PHÓ GIÁM ĐỐC"),
        paragraph("- Lưu: VT. Nguyễn Văn Nam"),
    )
    assert (got.signer_title, got.signer_name) == ("KT. GIÁM ĐỐC\nPHÓ GIÁM ĐỐC", "Nguyễn Văn Nam")
    assert got.recipients == ("Như trên", "Lưu: VT")


def test_end_that_an_old_converter_ran_together() -> None:
    got = closing(paragraph("Nơi nhận:"), paragraph("- Như trên;"), paragraph("- Lưu: VT;KT. GIÁM ĐỐC Lê Văn An"))
    assert (got.signer_title, got.signer_name) == ("KT. GIÁM ĐỐC", "Lê Văn An")
    assert got.recipients == ("Như trên", "Lưu: VT")


def test_the_drafter_and_the_copies_belong_to_the_archive_entry() -> None:
    got = closing(layout(("Nơi nhận:\n- Như trên;\n- Lưu: VT, LĐ. Hiền 30b.", "CHỦ TỊCH\n\nLý Văn Sáu")))
    assert got.recipients == ("Như trên", "Lưu: VT, LĐ. Hiền 30b")


def test_recipients_without_marks() -> None:
    got = closing(layout(("Nơi nhận:\nNhư trên\nPhòng KHTC\nLưu VT", "CHI CỤC TRƯỞNG\n\nPhan Văn Đức")))
    assert got.recipients == ("Như trên", "Phòng KHTC", "Lưu VT")


def test_digital_stamp_is_not_a_signer() -> None:
    got = closing(
        layout(
            (
                "Nơi nhận:\n- Như trên;\n- Lưu: VT.",
                "KT. GIÁM ĐỐC\nPHÓ GIÁM ĐỐC\nKý bởi: Sở Y tế\nThời gian ký: 01/02/2024\nBSCKII. Hồ Thị Ngọc Ánh",
            )
        )
    )
    assert got.signer_name == "Hồ Thị Ngọc Ánh"


@pytest.mark.parametrize("name", ["Văn Công Thử", "Lưu Trọng Thử", "Phùng Lưu Mẫu", "Đậu Văn Thử", "Chu Kỳ Mẫu"])
def test_surnames_that_are_words_of_offices_too(name: str) -> None:
    got = closing(layout(("Nơi nhận:\n- Như trên;\n- Lưu: VT, VP.", f"GIÁM ĐỐC\n\n{name}")))
    assert (got.signer_name, got.recipients) == (name, ("Như trên", "Lưu: VT, VP"))
    lines = closing(paragraph("Nơi nhận:\n- Như trên;\n- Lưu: VT, VP."), paragraph("GIÁM ĐỐC"), paragraph(name))
    assert (lines.signer_name, lines.recipients) == (name, ("Như trên", "Lưu: VT, VP"))


@pytest.mark.parametrize(
    "name", ["K’ Broih Thử", "Rơ Châm H'Mẫu", "Y-Thử Niê", "Ngô Kim-Anh", "Bá Văn Thử", "Điểu Thử"]
)
def test_names_of_many_peoples(name: str) -> None:
    got = closing(paragraph("T/M BAN THƯỜNG VỤ"), paragraph("PHÓ BÍ THƯ THƯỜNG TRỰC"), paragraph(name))
    assert (got.signer_title, got.signer_name) == ("T/M BAN THƯỜNG VỤ\nPHÓ BÍ THƯ THƯỜNG TRỰC", name)


def test_signature_over_several_rows() -> None:
    got = closing(layout(("Nơi nhận:", "KT. GIÁM ĐỐC"), ("- Như trên;", "PHÓ GIÁM ĐỐC"), ("- Lưu: VT.", "Lý Văn Sáu")))
    assert (got.signer_title, got.signer_name) == ("KT. GIÁM ĐỐC\nPHÓ GIÁM ĐỐC", "Lý Văn Sáu")
    assert got.recipients == ("Như trên", "Lưu: VT")


def test_place_and_date_above_the_signature() -> None:
    got = closing(layout(("Nơi nhận:\n- Lưu: VT.", "Sơn Hải, ngày 15 tháng 3 năm 2024\nHIỆU TRƯỞNG\n\nNguyễn Thị Hà")))
    assert (got.place, got.issued_date) == ("Sơn Hải", date(2024, 3, 15))


def test_task_table_that_sends_to_recipients_is_no_end() -> None:
    tasks = layout(("TT", "Nội dung", "Nơi nhận"), ("1", "Gửi báo cáo", "Sở Nội vụ"), ruled=True)
    got = reading(
        heading("KẾ HOẠCH"),
        heading("Công tác năm 2024"),
        *BODY,
        tasks,
        layout(("Nơi nhận:\n- Như trên;\n- Lưu: VT.", "GIÁM ĐỐC\n\nLý Văn Sáu")),
    )
    assert got.header.recipients == ("Như trên", "Lưu: VT")
    assert got.closing_blocks == {6}


def test_empty_document_gives_an_empty_header() -> None:
    got = reading()
    assert got.header == Header()
    assert got.head_blocks == frozenset()


def test_table_only_document_is_not_eaten_by_the_head() -> None:
    table = layout(
        ("TT", "Nhiệm vụ", "Đơn vị", "Thời gian", "Ghi chú"), ("1", "Báo cáo", "Sở Y tế", "Quý I", ""), ruled=True
    )
    got = reading(table)
    assert got.head_blocks == frozenset()
    assert got.closing_blocks == frozenset()


def test_vocabulary_refuses_an_unknown_area_and_two_owners() -> None:
    assert parse_letterhead(VOCABULARY).kinds == (("Sở", "province"),)
    with pytest.raises(VocabularyError, match="unknown area"):
        parse_letterhead(VOCABULARY.replace("province", "tỉnh"))
    with pytest.raises(VocabularyError):
        parse_letterhead(VOCABULARY + VOCABULARY.replace("province", "own"))
    with pytest.raises(VocabularyError):
        parse_letterhead(VOCABULARY.replace("words", "word"))


@pytest.mark.parametrize(
    "line", ["Số: " + "." * 20000, "SỞ Y TẾ " * 3000, "kèm theo của " * 4000, "ngày tháng " * 4000]
)
def test_long_lines_are_running_text_and_cost_little(line: str) -> None:
    got = head(
        layout((f"SỞ Y TẾ\n{line}", f"{NATION}\n{line}")),
        heading("KẾ HOẠCH"),
        heading("Công tác năm 2024"),
        *BODY,
        paragraph(line),
        layout((f"Nơi nhận:\n- {line}", f"GIÁM ĐỐC\n{line}")),
    )
    assert (got.title, got.number, got.issued_date_text) == ("Công tác năm 2024", None, None)


def test_number_and_date_of_a_cited_document_are_not_its_own() -> None:
    got = head(
        heading("PHỤ LỤC"),
        paragraph("(Kèm theo Quyết định số 15/QĐ-UBND ngày 10/01/2024 của Chủ tịch UBND tỉnh Hà Nam)"),
        heading("KẾ HOẠCH"),
        heading("Kiểm tra năm 2024"),
        *BODY,
    )
    assert (got.number, got.symbol, got.issued_date_text) == (None, None, None)
    without_type = head(paragraph("Căn cứ Kế hoạch số 12/KH-BYT ngày 05 tháng 01 năm 2024"), *BODY)
    assert (without_type.number, without_type.issued_date_text) == (None, None)


@pytest.mark.parametrize(
    "between",
    [
        ("HỎA TỐC",),
        ("(KHẨN)",),
        ("DỰ THẢO LẦN 2",),
        ("PHÒNG TƯ PHÁP HUYỆN CỒN DỪA", "ĐẾN  Số: 214", "Ngày: 09/01/2024"),
        ("ĐẾN", "Số: 31", "Ngày: 12/3/2024", "Chuyển: Văn phòng"),
        ("MẬT", "CÔNG VĂN ĐẾN", "Số: 8", "Ngày: 02/02/2024"),
    ],
)
def test_stamps_between_type_and_title_are_no_title(between: tuple[str, ...]) -> None:
    lines = ("KẾ HOẠCH", *between, "Kiểm tra công tác hộ tịch năm 2024", "Căn cứ Luật Hộ tịch;")
    assert head(*map(paragraph, lines)).title == "Kiểm tra công tác hộ tịch năm 2024"


def test_words_that_only_look_like_stamps_stay_in_the_title() -> None:
    for title in ("Đến năm 2030 phủ sóng di động toàn huyện", "Khẩn trương khắc phục hậu quả mưa lũ"):
        assert head(*map(paragraph, ("CHƯƠNG TRÌNH", title, "Căn cứ Luật Viễn thông;"))).title == title


def test_a_ward_called_an_is_no_phuong_an() -> None:
    lines = ("ỦY BAN NHÂN DÂN", "PHƯỜNG AN HÒA ĐÔNG", "Số: 31/KH-UBND", "KẾ HOẠCH", "Chuyển đổi số năm 2026")
    got = head(*map(paragraph, lines))
    assert (got.doc_type, got.number, got.title) == ("KẾ HOẠCH", "31", "Chuyển đổi số năm 2026")
    assert head(*map(paragraph, ("PHƯƠNG ÁN", "Ứng phó bão năm 2026"))).doc_type == "PHƯƠNG ÁN"
