"""Citations: what is read, what is left alone, and symbols against types and issuers."""

import unicodedata
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.rules.citation_forms import FORMS, read_form
from pipeline.rules.citations import issuer_agrees, read_citations, symbol_issuers, symbol_type, type_agrees
from pipeline.text import nfc

GOOD = [(text, reading) for entry in FORMS for text, reading in entry.forms]
BAD = [text for entry in FORMS for text in entry.not_forms]


@pytest.mark.parametrize(("text", "reading"), GOOD)
def test_forms_are_read_as_the_catalogue_says(text: str, reading: str) -> None:
    assert read_form(text) == reading


@pytest.mark.parametrize("text", BAD)
def test_what_only_looks_like_a_citation_is_left_alone(text: str) -> None:
    assert read_citations(text) == ()


UNSEEN = [
    ("Căn cứ Luật Tổ chức chính quyền địa phương ngày 19 tháng 6 năm 2015;", []),
    ("Công văn số 1535/SNV-CCHC ngày 10/8/2021", [("1535", "SNV-CCHC", "2021-08-10")]),
    ("Văn bản số 88/CTĐL-AT+KT ngày 19/4/2021", [("88", "CTĐL-AT+KT", "2021-04-19")]),
    (
        "Kế hoạch số 15-KH/HU ngày 02/02/2021 của Ban Thường vụ Huyện ủy và Nghị quyết số 03-NQ/ĐU",
        [("15", "KH/HU", "2021-02-02"), ("03", "NQ/ĐU", "")],
    ),
    (
        "các Nghị định của Chính phủ: số 61/2018/NĐ-CP ngày 23/4/2018, số 107/2021/NĐ-CP ngày 06/12/2021",
        [("61/2018", "NĐ-CP", "2018-04-23"), ("107/2021", "NĐ-CP", "2021-12-06")],
    ),
    (
        "Thông tư liên tịch số 03/2018/TTLT-VKSNDTC-BCA-BQP-TANDTC-BTP-BTC-BNV ngày 01/02/2018",
        [("03/2018", "TTLT-VKSNDTC-BCA-BQP-TANDTC-BTP-BTC-BNV", "2018-02-01")],
    ),
    ("Bộ luật Lao động số 45/2019/QH14", [("45/2019", "QH14", "")]),
    ("Pháp lệnh Ưu đãi người có công số 02/2020/UBTVQH14 ngày 09/12/2020", [("02/2020", "UBTVQH14", "2020-12-09")]),
    ("Nghị quyết số 1660/NQ-UBTVQH15", [("1660", "NQ-UBTVQH15", "")]),
    ("Nghị quyết số 12/2021/NQ-HĐND ngày 20/7/2021", [("12/2021", "NQ-HĐND", "2021-07-20")]),
    (
        "Quyết định số 1234/QĐ-SGDĐT, Quyết định số 1235/QĐ-SGDĐT ngày 3/9/2024",
        [("1234", "QĐ-SGDĐT", ""), ("1235", "QĐ-SGDĐT", "2024-09-03")],
    ),
    ("theo Công văn 5512/BGDĐT-GDTrH ngày 18/12/2020", [("5512", "BGDĐT-GDTrH", "2020-12-18")]),
    ("Kế hoạch số 45/KH-BCĐ ngày 12.3.2022", [("45", "KH-BCĐ", "2022-03-12")]),
    ("(ban hành kèm theo Quyết định số 55/2019/QĐ-UBND ngày 20-12-2019)", [("55/2019", "QĐ-UBND", "2019-12-20")]),
    ("Kế hoạch công tác năm 2023 số 07/KH-PTP ngày 06/01/2023", [("07", "KH-PTP", "2023-01-06")]),
    ("Chương trình công tác giai đoạn 2021 - 2025 số 18/CTr-TTYT", [("18", "CTr-TTYT", "")]),
    ("Kế hoạch kiểm tra tháng 5/2024 số 31/KH-TTr ngày 26/4/2024", [("31", "KH-TTr", "2024-04-26")]),
    ("Kế hoạch tổ chức 5 lớp tập huấn, phòng số 12 và số 09/PNV", []),
    ("Kế hoạch số 78/KH-UBND-NC", [("78", "KH-UBND-NC", "")]),
    ("Quyết định số\n642/QĐ-\nBVHTTDL ngày 18 tháng\n3 năm 2025", [("642", "QĐ-BVHTTDL", "2025-03-18")]),
    (
        "Điều 5 Nghị định số 24/2014/NĐ-CP; khoản 2 Thông tư số 07/2019/TT-BNV",
        [("24/2014", "NĐ-CP", ""), ("07/2019", "TT-BNV", "")],
    ),
    ("Quyết định số 749/QĐ-TTg và 942/QĐ-TTg", [("749", "QĐ-TTg", ""), ("942", "QĐ-TTg", "")]),
    ("Quyết định số 12/QĐ-SYT ngày 31/02/2020", [("12", "QĐ-SYT", "")]),
    ("Nghị định số 16/2015/ NĐ- CP", [("16/2015", "NĐ-CP", "")]),
    ("Nghị định số 16/2015/NĐ\u00adCP", [("16/2015", "NĐ-CP", "")]),
    ("Thông tư số 12/2019/TTBTC", [("12/2019", "TT-BTC", "")]),
    (
        "các văn bản: 123/SYT-NVY ngày 1/2/2020; 456/SYT-NVY ngày 3/4/2020",
        [("123", "SYT-NVY", "2020-02-01"), ("456", "SYT-NVY", "2020-04-03")],
    ),
    (
        "QĐ 5339/QĐ-UBND; NQ số 19-NQ/TW; CV 123/SNV-CCHC",
        [("5339", "QĐ-UBND", ""), ("19", "NQ/TW", ""), ("123", "SNV-CCHC", "")],
    ),
    ("Luật Đầu tư công, Luật Ngân sách nhà nước số 83/2015/QH13", [("83/2015", "QH13", "")]),
    ("Quy chế phối hợp số 01/QCPH-CA-YT ngày 2/3/2020", [("01", "QCPH-CA-YT", "2020-03-02")]),
    ("(Kèm theo Kế hoạch số      /KH-SYT ngày    /01/2020 của Sở Y tế)", []),
    ("hotline 1900.1234, QL 1A; 12/2020; 1/5; lớp 6A/7B; 5.000đ/SP; 3 xe/HTX", []),
    ("Tổ công tác Đề án 06 họp", []),
    ("Quyết định 30c/NQ-CP", [("30c", "NQ-CP", "")]),
]


@pytest.mark.parametrize(("text", "expected"), UNSEEN)
def test_numbers_symbols_and_dates(text: str, expected: list[tuple[str, str | None, str]]) -> None:
    assert [(c.number, c.symbol, str(c.date or "")) for c in read_citations(text)] == expected


def test_text_keeps_the_paper_and_evidence_reaches_the_issuer() -> None:
    (citation,) = read_citations("theo Chi thị số 12-CT/TU, ngày 25/10/2017 của Ban Thường vụ Tỉnh uỷ về việc A")
    assert citation.text == "Chi thị số 12-CT/TU, ngày 25/10/2017"
    assert citation.doc_type == "Chỉ thị"
    assert citation.issuer == "Ban Thường vụ Tỉnh uỷ"
    assert citation.issuer_text == "Chi thị số 12-CT/TU, ngày 25/10/2017 của Ban Thường vụ Tỉnh uỷ"


@pytest.mark.parametrize(
    ("text", "issuer"),
    [
        ("Nghị quyết số 01/NQ-CP của Chính phủ và Nghị quyết của Hội đồng nhân dân tỉnh", "Chính phủ"),
        ("Nghị quyết số 12-NQ/TU của Tỉnh ủy và Chương trình hành động của huyện", "Tỉnh ủy"),
        ("Công văn số 5/SKHĐT-TH của Sở Kế hoạch và Đầu tư về vốn", "Sở Kế hoạch và Đầu tư"),
        (
            "Nghị quyết số 18-NQ/TW của Ban Chấp hành Trung ương khóa XII một số vấn đề",
            "Ban Chấp hành Trung ương khóa XII",
        ),
        (
            "Quyết định số 1/QĐ-BVHTTDL của Bộ trưởng Bộ Văn hóa, Thể thao và Du lịch)",
            "Bộ trưởng Bộ Văn hóa, Thể thao và Du lịch",
        ),
        ("Nghị quyết số 2-NQ/HU của Ban Chấp hành Đảng bộ huyện và Kế hoạch", "Ban Chấp hành Đảng bộ huyện"),
        ("chỉ đạo của Chủ tịch UBND tỉnh tại công văn số 4692/UBND-THKH", "Chủ tịch UBND tỉnh"),
        (
            "Nghị quyết số 19-NQ/TW ngày 25/10/2017 Hội nghị lần thứ sáu Ban Chấp hành Trung ương về",
            "Ban Chấp hành Trung ương",
        ),
        ("Kế hoạch số 4/KH-UBND ngày 3/2/2021 UBND xã Hoa Sơn về", "UBND xã Hoa Sơn"),
        ("Kế hoạch số 4/KH-UBND ngày 3/2/2021", None),
    ],
)
def test_issuer_beside_the_number(text: str, issuer: str | None) -> None:
    assert [c.issuer for c in read_citations(text)] == [issuer]


def test_an_issuer_ends_before_the_next_mention() -> None:
    text = (
        "Nghị quyết số 42-NQ/TW, ngày 24/11/2023 của Ban Chấp hành Trung ương Đảng khóa XIII và "
        "Hướng dẫn số 30-HD/BTGTW, ngày 15/01/2024 của Ban Tuyên giáo Trung ương"
    )
    issuers = [c.issuer for c in read_citations(text)]
    assert issuers == ["Ban Chấp hành Trung ương Đảng khóa XIII", "Ban Tuyên giáo Trung ương"]


def test_a_date_is_not_carried_to_another_mention() -> None:
    first, second = read_citations("Nghị định số 1/2020/NĐ-CP ngày 2/3/2020. Nghị định số 1/2020/NĐ-CP quy định")
    assert (first.date, second.date) == (date(2020, 3, 2), None)


@pytest.mark.parametrize(
    ("symbol", "issuer", "agrees"),
    [
        ("QĐ-TTg", "Thủ tướng Chính phủ", True),
        ("QĐ-TTg", "Ủy ban nhân dân tỉnh", False),
        ("QĐ-UBND", "Chủ tịch UBND tỉnh", True),
        ("QĐ-UBND", "Hội đồng nhân dân tỉnh", False),
        ("NQ/TU", "Ban Thường vụ Tỉnh uỷ", True),
        ("NQ/TU", "Ban Chấp hành Đảng bộ tỉnh", True),
        ("NQ/TU", "Ban Thường vụ Huyện ủy", False),
        ("NQ/TW", "Bộ Chính trị", True),
        ("QĐ-SYT", "Sở Nội vụ", False),
        ("QĐ-BYT", "Bộ trưởng Bộ y tế", True),
        ("TTLT-BYT-BTC", "Bộ Tài chính", True),
        ("TTLT-BYT-BTC", "Bộ Y tế", True),
        ("TTLT-BYT-BTC", "Bộ Tư pháp", False),
        ("TB-UBND", "Văn phòng UBND tỉnh", True),
        ("STNMT-MT", "Sở Tài nguyên và Môi trường", True),
        ("QĐ-ABC", "Công ty ABC", True),
    ],
)
def test_issuer_against_symbol(symbol: str, issuer: str, agrees: bool) -> None:
    assert issuer_agrees(symbol, issuer) is agrees


@pytest.mark.parametrize(
    ("symbol", "doc_type", "agrees"),
    [
        ("QĐ-UBND", "Đề án", False),
        ("QĐ-TTg", "Kế hoạch", False),
        ("QH13", "Luật", True),
        ("QH15", "Nghị quyết", True),
        ("QH15", "Nghị định", False),
        ("KH-UBND", "Kế hoạch", True),
        ("STNMT-MT", "Công văn", True),
        ("STNMT-MT", "Văn bản", True),
        ("STNMT-MT", "Quyết định", False),
        ("QĐ/TW", "Quy định", True),
        ("QCPH-CA-YT", "Quy chế", True),
    ],
)
def test_type_against_symbol(symbol: str, doc_type: str, agrees: bool) -> None:
    assert type_agrees(symbol, doc_type) is agrees


def test_what_a_symbol_stands_for() -> None:
    quyet_dinh, cong_van = symbol_type("QĐ-UBND"), symbol_type("STNMT-MT")
    assert quyet_dinh is not None
    assert cong_van is not None
    assert (quyet_dinh.name, cong_van.name) == ("Quyết định", "Công văn")
    assert symbol_type("XYZ") is None
    assert symbol_issuers("QĐ-TTg") == ("Thủ tướng Chính phủ",)
    assert "Tỉnh ủy" in symbol_issuers("NQ/TU")


PIECES = st.sampled_from(
    [
        "Quyết định",
        "số",
        "12/QĐ-UBND",
        "29-CT/TU",
        "ngày 1/2/2020",
        ",",
        ";",
        "của",
        "Chính phủ",
        "Luật",
        "Sở Y tế",
        "\n",
        "và",
        "30",
        "/",
    ]
)


@given(st.lists(PIECES, max_size=25).map(" ".join) | st.text(max_size=120))
def test_spans_lead_back_to_the_paper_and_never_overlap(text: str) -> None:
    text = nfc(text)
    end = 0
    for citation in read_citations(text):
        start, stop = citation.span
        assert end <= start < stop
        assert " ".join(text[start:stop].split()) == citation.text
        end = stop


@given(st.lists(PIECES, max_size=25).map(" ".join))
def test_decomposed_input_reads_the_same(text: str) -> None:
    assert read_citations(unicodedata.normalize("NFD", text)) == read_citations(text)


@pytest.mark.parametrize(
    ("symbol", "issuer", "agrees"),
    [
        ("SNN-TL", "Sở Nông nghiệp và PTNT", True),
        ("SGDĐT-TTr", "Sở GD&ĐT", True),
        ("STNMT-CCBV", "Sở TN&MT", True),
        ("SNN-TL", "Sở TN&MT", False),
    ],
)
def test_issuers_with_shortened_names(symbol: str, issuer: str, agrees: bool) -> None:
    assert issuer_agrees(symbol, issuer) is agrees
