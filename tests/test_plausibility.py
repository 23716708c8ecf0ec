"""Text layers that do not tell what is printed: how they are noticed, which of them are repaired."""

import hashlib
import unicodedata
from collections.abc import Sequence

import pytest
from pdf_samples import Paper
from reportlab.pdfbase import ttfonts

from extractors.document import Document, Source
from extractors.pdf import read_pdf
from extractors.pdf_fonts import mend
from extractors.pdf_lines import Glyph, undouble
from extractors.plausibility import is_valid_syllable, measure
from extractors.repair import repair
from extractors.torn import join_torn

PROSE = (
    "Ủy ban nhân dân xã Tân Lập giao Văn phòng chủ trì, phối hợp với các ban, ngành",
    "đoàn thể tổ chức thực hiện Kế hoạch này; định kỳ báo cáo kết quả trước ngày 15",
    "tháng 12 năm 2024 để tổng hợp, báo cáo cấp trên theo quy định.",
)


def read(data: bytes) -> Document:
    return read_pdf(Source("kh.pdf", hashlib.sha256(data).hexdigest(), len(data)), data)


def text_of(document: Document) -> str:
    return "\n".join(paragraph.text for paragraph in document.paragraphs())


def repaired(document: Document) -> list[str]:
    return [notice.message for notice in document.notices if notice.code == "text.repaired"]


# --- the language ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("word", ["nghiệp", "Quý", "uỷ", "ủy", "giêng", "gì", "khuỷu", "ĐƯỜNG", "Xã", "ưu", "quyết"])
def test_valid_syllables(word: str) -> None:
    assert is_valid_syllable(word)


@pytest.mark.parametrize("word", ["m", "ng", "report", "nghp", "HỊAH", "Céng2", "tion", "w"])
def test_no_syllables(word: str) -> None:
    assert not is_valid_syllable(word)


@pytest.mark.parametrize(
    "text",
    [
        " ".join(PROSE),
        "The Department of Health shall publish the report of this plan before the end of June next year in English.",
        "1. Y Thôn Byă; 2. H'Hen Niê; 3. K'Brêu; 4. Krông Pắk; 5. Đắk R'lấp; 6. Buôn Ma Thuột; 7. Kon Plông",
        "Số 12/KH-UBND; 45/QĐ-SYT; NQ57; TK01-TS; A1b2 0123456789 15,5% 3.200.000 đồng (x) → 98%",
        "\uf0b7 Báo cáo kết quả thực hiện kế hoạch năm",
    ],
)
def test_what_is_not_broken(text: str) -> None:
    assert not measure(text).broken


@pytest.mark.parametrize(
    "text",
    [
        "7ӌ1+ LÀO CAI &Ӝ1* HOÀ XÃ +Ӝ, ĈӝF OұS - 7ӵ do - +ҥQK phúc",
        "(cid:31)(cid:84)(cid:82) (cid:3)(cid:70)(cid:82)(cid:88) (cid:85)(cid:87)",
        "\ue001\ue02b\ue034 \ue04d\ue017\ue022 \ue001\ue02b\ue034",
    ],
)
def test_what_is_broken(text: str) -> None:
    assert measure(text).broken
    assert measure(text).score < 0.2


# --- fonts ---------------------------------------------------------------------------------------------------------


def shift(code: int) -> int:
    """The code point that a font with glyph numbers for letters tells for this one."""
    char = chr(code)
    accents = "ÄÅÇÉÑÖÜáàâäãåçéèêëíìîïñóòôöõúùûü"
    if char in accents:
        return 0x62 + accents.index(char)
    if char in "đĐưƯơƠĨĩ":
        return ord("ÿĈѭѬѫѪƬƭ"["đĐưƯơƠĨĩ".index(char)])
    if 0x20 <= code < 0x7F:
        return code - 0x1D
    return code - 0x19FC if 0x1E8C <= code <= 0x1EFB else code


def page(lines: Sequence[str]) -> bytes:
    paper = Paper()
    paper.lines(60, 100, lines)
    return paper.save()


def test_a_shifted_text_layer_is_read_as_printed(monkeypatch: pytest.MonkeyPatch) -> None:
    told = ttfonts.makeToUnicodeCMap
    monkeypatch.setattr(ttfonts, "makeToUnicodeCMap", lambda name, subset: told(name, list(map(shift, subset))))
    broken = page(PROSE)
    monkeypatch.undo()
    document = read(broken)
    assert text_of(document) == text_of(read(page(PROSE)))
    assert len(repaired(document)) == 1
    assert document.extractor == "pdf"


def test_a_sound_text_layer_is_left_alone() -> None:
    document = read(page(PROSE))
    assert text_of(document).split() == " ".join(PROSE).split()
    assert not repaired(document)


def old_font(name: str, *lines: str) -> bytes:
    """A PDF with an 8-bit font of this name, its letters half an em wide."""
    shown = " ".join(f"({line}) Tj 0 -14 Td" for line in lines).encode("cp1252")
    content = b"BT /F1 11 Tf 60 700 Td " + shown + b" ET"
    widths = " ".join(["500"] * 224)
    font = f"<< /Type /Font /Subtype /TrueType /BaseFont /{name} /FontDescriptor 6 0 R /Encoding /WinAnsiEncoding"
    font += f" /FirstChar 32 /LastChar 255 /Widths [{widths}] >>"
    objects = (
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<</Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >>>>>>",
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(content), content),
        font.encode(),
        f"<< /Type /FontDescriptor /FontName /{name} /Flags 32 /FontBBox [0 -200 1000 800] /Ascent 800 >>".encode(),
    )
    out, offsets = b"%PDF-1.4\n", []
    for number, body in enumerate(objects, start=1):
        offsets.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table = b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    tail = b"trailer << /Size 7 /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % len(out)
    return out + b"xref\n0 7\n0000000000 65535 f \n" + table + tail


def test_tcvn3_and_vni_fonts() -> None:
    document = read(old_font(".VnTimesX", "Uû ban nh©n d©n x· T©n LËp giao V¨n phßng thùc hiÖn kÕ ho¹ch n¨m 2024"))
    assert text_of(document) == "Uỷ ban nhân dân xã Tân Lập giao Văn phòng thực hiện kế hoạch năm 2024"
    assert len(repaired(document)) == 1
    document = read(old_font(".VnArialH", "uû ban nh©n d©n x·"))
    assert text_of(document) == "UỶ BAN NHÂN DÂN XÃ"
    document = read(old_font("VNI-Times", "UÛy ban nhaân daân xaõ thöïc hieän keá hoaïch"))
    assert text_of(document) == "Ủy ban nhân dân xã thực hiện kế hoạch"


def test_tcvn3_without_a_font_name_only_where_it_becomes_vietnamese() -> None:
    document = read(old_font("Helvetica", "Uû ban nh©n d©n x· T©n LËp giao V¨n phßng thùc hiÖn kÕ ho¹ch n¨m 2024"))
    assert text_of(document).startswith("Uỷ ban nhân dân xã Tân Lập")
    latin = "Café Müller © 2024, naïve façade, Ångström"
    assert text_of(read(old_font("Helvetica", latin))) == latin


def glyphs(text: str, font: str) -> list[Glyph]:
    return [Glyph(char, 10.0 * at, 0.0, 10.0 * at + 9, 12.0, font=font) for at, char in enumerate(text)]


def test_the_font_is_the_unit_of_repair() -> None:
    told = "".join(chr(shift(ord(char))) for char in "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM do NAM do".replace("Ò", "O"))
    told = told.replace("Ã", "A")
    mended = mend(glyphs(told, "AAAAAA+Bad") + glyphs("Độc lập do", "BBBBBB+Good"))
    text = "".join(glyph.text for glyph in mended.glyphs)
    assert text.endswith("VIỆT NAM do NAM doĐộc lập do")
    assert mended.plausible


def test_a_page_beyond_repair_is_not_plausible() -> None:
    lost = "".join(chr(0xE000 + ord(char) % 64) if char != " " else char for char in " ".join(PROSE))
    assert not mend(glyphs(lost, "X")).plausible
    assert mend(glyphs(lost[:20], "X")).plausible  # a line of symbols is no page


def test_a_page_beyond_repair_is_recognised_from_its_picture(monkeypatch: pytest.MonkeyPatch) -> None:
    told = ttfonts.makeToUnicodeCMap
    monkeypatch.setattr(
        ttfonts,
        "makeToUnicodeCMap",
        lambda name, subset: told(name, [code if code == 32 else 0xE000 + at for at, code in enumerate(subset)]),
    )
    broken = page(PROSE)
    monkeypatch.undo()
    document = read(broken)
    assert document.extractor == "scan"
    assert "text.implausible" in [notice.code for notice in document.notices]
    assert "Văn phòng chủ trì" in text_of(document)


# --- letters apart -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("torn", "whole"),
    [
        ("giải quyết m ột cửa", "giải quyết một cửa"),
        ("đã k ý ban hành", "đã ký ban hành"),
        ("trước thá ng 5", "trước tháng 5"),
        ("Ph òng Nội vụ th ực hiện", "Phòng Nội vụ thực hiện"),
        ("1. Đ ơn vị chủ trì", "1. Đơn vị chủ trì"),
    ],
)
def test_torn_syllables_are_whole(torn: str, whole: str) -> None:
    assert join_torn(torn) == whole


@pytest.mark.parametrize(
    "text",
    [
        "lắp 5 m ống nước",
        "theo điểm đ ủy quyền",
        "viêm gan B ở trẻ em",
        "phương án B ổn định",
        "Phòng Y tế ở xã",
        "Tổ C ấn định thời gian",
        *PROSE,
    ],
)
def test_what_only_looks_torn_stays(text: str) -> None:
    assert join_torn(text) == text


def test_torn_syllables_in_a_file_are_reported() -> None:
    document = read(page(["Bộ phận m ột cửa"]))
    assert text_of(document) == "Bộ phận một cửa"
    assert len(repaired(document)) == 1


def test_a_mark_behind_a_space_joins_its_letter() -> None:
    found = undouble([Glyph(char, 6.0 * at, 0.0, 6.0 * at + 6, 12.0) for at, char in enumerate("Kê \u0301 hoạch")])
    assert unicodedata.normalize("NFC", "".join(glyph.text for glyph in found)) == "Kế hoạch"


def test_soft_hyphens_and_foreign_letters_in_a_pdf() -> None:
    document = read(page(["Quyết định số 12/QĐ\u00adUBND hoàn thành trướ\u0441 ngà\u0443 20"]))
    assert text_of(document) == "Quyết định số 12/QĐ-UBND hoàn thành trước ngày 20"
    assert len(repaired(document)) == 2


@pytest.mark.parametrize("text", ["Ủy ban nhân dân xã\nKế hoạch năm 2024", "Đơn vị được giao thực hiện"])
def test_utf8_read_as_cp1252_is_undone(text: str) -> None:
    broken = "".join(
        byte.to_bytes(1, "big").decode("latin-1" if byte in (0x81, 0x8D, 0x8F, 0x90, 0x9D) else "cp1252")
        for byte in text.encode()
    )
    assert repair(broken)[0] == text
    assert len(repair(broken)[1]) == 1


@pytest.mark.parametrize(
    "text", ["CỘNG HÒA XÃ\u00a0HỘI", "XÃ\u00a0AN", "Ủy ban á»¦y", "giá »", "Café Æ°", "Âm nhạc Ã¢"]
)
def test_lines_that_are_sound_or_only_partly_broken_stay(text: str) -> None:
    assert repair(text)[0] == text


# --- stamps --------------------------------------------------------------------------------------------------------


def test_a_signature_stamp_over_a_cell_is_left_out() -> None:
    paper = Paper()
    rows = [
        ["TT", "Nội dung", "Chủ trì", "Thời hạn"],
        ["1", "Rà soát hồ sơ\ncán bộ\ncác thôn", "Văn phòng", "Quý I/2024"],
    ]
    paper.table(60, 100, [30, 200, 120, 100], rows)
    stamp = (
        "Ký bởi: Ủy ban nhân dân xã Tân Lập",
        "Email: tanlap@example.vn",
        "Thời gian ký: 15.01.2024 16:20:11 +07:00",
    )
    for number, line in enumerate(stamp):
        paper.text(100, 131 + number * 8, line, size=6)
    document = read(paper.save())
    (table,) = [table for table in document.tables() if table.ruled]
    assert [cell.text for cell in table.cells][4:] == [
        "1",
        "Rà soát hồ sơ\ncán bộ\ncác thôn",
        "Văn phòng",
        "Quý I/2024",
    ]
    (notice,) = [notice for notice in document.notices if notice.code == "text.stamp"]
    assert "16:20:11" in notice.evidence


def test_words_like_a_stamp_in_the_common_print_stay() -> None:
    lines = ("Người ký: Chủ tịch Ủy ban nhân dân xã.", "Thời gian ký: 15/01/2024.", *PROSE)
    assert text_of(read(page(lines))).startswith("Người ký: Chủ tịch")
    paper = Paper()
    paper.lines(60, 100, PROSE)
    paper.text(60, 300, "Người ký: ghi rõ họ tên và chức vụ", size=7)
    document = read(paper.save())
    assert "Người ký: ghi rõ" in text_of(document)
