"""Real forms of citations with their reading, for the catalogue of rules and for the tests that hold it true."""

from pipeline.plan import Citation
from pipeline.rules.citations import read_citations
from pipeline.rules.rule import RuleEntry


def brief(citations: tuple[Citation, ...]) -> str:
    """Type, number, symbol, date and issuer of each citation; a missing one is left out."""
    return " | ".join(
        " ".join(filter(None, (c.doc_type, c.number, c.symbol, str(c.date or ""), f"[{c.issuer}]" if c.issuer else "")))
        for c in citations
    )


def read_form(text: str) -> str:
    """The citations of a text, in brief."""
    return brief(read_citations(text))


FORMS: tuple[RuleEntry, ...] = (
    RuleEntry(
        "citation.state",
        "Văn bản của cơ quan nhà nước: số, năm (nếu có), ký hiệu",
        (
            (
                "Nghị định số 30/2020/NĐ-CP ngày 05/3/2020 của Chính phủ",
                "Nghị định 30/2020 NĐ-CP 2020-03-05 [Chính phủ]",
            ),
            ("Quyết định số: 2170 /QĐ - UBND", "Quyết định 2170 QĐ-UBND"),
            (
                "Thông tư liên tịch số 01/2014/TTLT-BYT-BTC",
                "Thông tư liên tịch 01/2014 TTLT-BYT-BTC",
            ),
            ("Luật Thanh niên số 57/2020/QH14", "Luật 57/2020 QH14"),
        ),
        (
            "Số: 12/KH-UBND",
            "Trực 24/7, tỷ lệ 50/50, số 12 đường Lê Lợi",
            "Mẫu số 01/TB-BYT",
            "Quyết định số    /QĐ-UBND",
        ),
    ),
    RuleEntry(
        "citation.party",
        "Văn bản của Đảng: loại đứng trước dấu gạch chéo",
        (
            ("Chỉ thị 29-CT/TU của Ban Thường vụ Thành ủy", "Chỉ thị 29 CT/TU [Ban Thường vụ Thành ủy]"),
            ("Nghị quyết số 12 NQ/TU", "Nghị quyết 12 NQ/TU"),
            ("Quy định số 37-QĐ/TW ngày 25/10/2021", "Quy định 37 QĐ/TW 2021-10-25"),
        ),
        ("Nghị quyết Đại hội Đảng bộ tỉnh lần thứ XIX",),
    ),
    RuleEntry(
        "citation.letter",
        "Công văn, văn bản không có chữ viết tắt tên loại",
        (
            ("công văn số 4692/UBND-THKH", "Công văn 4692 UBND-THKH"),
            ("Văn bản số 123/SNV-CCHC của Sở Nội vụ", "Công văn 123 SNV-CCHC [Sở Nội vụ]"),
        ),
        ("văn bản hướng dẫn, 100.000đ/HS",),
    ),
    RuleEntry(
        "citation.list",
        "Nhiều số chung một tên loại, một ngày, một cơ quan",
        (
            (
                "Nghị định số 107/2020/NĐ-CP, 108/2020/NĐ-CP ngày 14/9/2020 của Chính phủ",
                "Nghị định 107/2020 NĐ-CP 2020-09-14 [Chính phủ] | Nghị định 108/2020 NĐ-CP 2020-09-14 [Chính phủ]",
            ),
            (
                "các Nghị quyết số 18-NQ/TW và số 19-NQ/TW",
                "Nghị quyết 18 NQ/TW | Nghị quyết 19 NQ/TW",
            ),
        ),
        (),
    ),
    RuleEntry(
        "citation.around",
        "Ngày và cơ quan ban hành đứng trước hoặc sau số",
        (
            (
                "Ngày 05 tháng 01 năm 2024, UBND tỉnh ban hành Kế hoạch số 02/KH-UBND",
                "Kế hoạch 02 KH-UBND 2024-01-05 [UBND tỉnh]",
            ),
            (
                "Quyết định của Thủ tướng Chính phủ số 695/QĐ-TTg",
                "Quyết định 695 QĐ-TTg [Thủ tướng Chính phủ]",
            ),
            (
                "Quyết định số 749/QĐ-TTg của Thủ tướng Chính phủ ngày 03/6/2020",
                "Quyết định 749 QĐ-TTg 2020-06-03 [Thủ tướng Chính phủ]",
            ),
        ),
        (),
    ),
    RuleEntry(
        "citation.repaired",
        "Gạch nối bị mất, chữ Ð lạ, lỗi gõ tên loại: đọc đúng, giữ nguyên chữ trên giấy",
        (
            ("Nghị định số 34/2016/NĐCP", "Nghị định 34/2016 NĐ-CP"),
            ("Quyết định số 202⁄QÐ-UBND", "Quyết định 202 QĐ-UBND"),
            ("Chi thị 29", "Chỉ thị 29"),
        ),
        ("chỉ tiêu 29",),
    ),
    RuleEntry(
        "citation.number_only",
        "Tên loại và số, không có ký hiệu",
        (
            ("Nghị định số 16/2015 của Chính phủ", "Nghị định 16/2015 [Chính phủ]"),
            ("Chỉ thị số 05", "Chỉ thị 05"),
        ),
        ("Kế hoạch 5 năm, báo cáo 6 tháng, hướng dẫn 12 đơn vị", "Kế hoạch năm 2024"),
    ),
)
