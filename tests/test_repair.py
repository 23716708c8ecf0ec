"""Characters read as they are seen on paper; every change beyond NFC is told, and nothing seen is changed."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extractors.legacy_fonts import LegacyFonts, from_tcvn3, from_vni
from extractors.reconcile import letters
from extractors.repair import RepairLog, clean, nfc, repair


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("\uf0b7 Báo cáo", "- Báo cáo"),
        ("\uf0a7\tBáo cáo\n\uf0a7\tRà soát", "- Báo cáo\n- Rà soát"),
        ("đạt \uf0b3 90%", "đạt ≥ 90%"),
        ("trước\u200b ngày\ufeff 30/6", "trước ngày 30/6"),
        ("\u202aSở Y tế\u202c", "Sở Y tế"),
        ("QĐ\u00adUBND", "QĐ-UBND"),
        ("2011\u00ad2020", "2011-2020"),
        ("nghi\u00adêm, ng\u00adh\u00adiên", "nghiêm, nghiên"),
        ("\u00ad\u00ad", ""),
        ("QĐ-\u00adUBND", "QĐ-UBND"),
        ("Kê \u0301 hoạch", "Kế hoạch"),
        ("trướᴄ ngàу 20", "trước ngày 20"),
        ("K\u0415 HOẠCH", "KE HOẠCH"),
        ("a\x00b\x07c", "abc"),
    ],
)
def test_what_paper_does_not_show_is_repaired_and_told(written: str, read: str) -> None:
    text, kinds = repair(written)
    assert (text, len(kinds)) == (read, 1)


@pytest.mark.parametrize(
    "text",
    [
        "Kế hoạch số 12/KH-UBND – giai đoạn 2021 – 2025",
        "Trước\u00a0ngày 30/11",
        "QÐ-UBND",
        "Số:      /KH",
        "Uỷ ban, hoà giải",
        "ТТ Nga",
        "20%\u2044năm",
        "• Mục\n+ ý",
        "☐ Có",
    ],
)
def test_what_paper_shows_stays(text: str) -> None:
    assert repair(text) == (text, ())


def test_composing_is_no_repair() -> None:
    assert repair(unicodedata.normalize("NFD", "Quyết định của Ủy ban")) == ("Quyết định của Ủy ban", ())


@pytest.mark.parametrize("end", ["\r\n", "\r", "\x0b", "\x0c", "\u2028", "\u2029", "\x85"])
def test_line_ends_are_one(end: str) -> None:
    assert repair(f"một{end}hai\x00")[0] == "một\nhai"


@given(st.text(alphabet=st.sampled_from("aeKĐ \n\u0301\u0323\u00ad\u200b\uf0b7\uf0b3Ек\x01-1")))
def test_repair_settles(text: str) -> None:
    once = clean(text)
    assert clean(once) == once
    assert nfc(once) == once


def test_a_log_tells_each_kind_once_and_what_is_lost() -> None:
    log = RepairLog()
    for text in ("a\u200bb", "c\u200bd", "\uf0b7 e", "m\ufffdt", "sạch"):
        log.clean(text)
    told = [(notice.code, notice.evidence) for notice in log.notices()]
    assert told == [("text.repaired", "ab"), ("text.repaired", "- e"), ("text.lost_characters", "m\ufffdt")]
    assert RepairLog().notices() == ()


# -- fonts from before Unicode --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("Uû ban nh©n d©n", "Uỷ ban nhân dân"),
        ("Céng hoµ x· héi chñ nghÜa ViÖt Nam", "Cộng hoà xã hội chủ nghĩa Việt Nam"),
        ("§éc lËp - Tù do - H¹nh phóc", "Độc lập - Tự do - Hạnh phúc"),
        ("KÕ ho¹ch c¶i c¸ch hµnh chÝnh, tr­íc ngµy 30/6", "Kế hoạch cải cách hành chính, trước ngày 30/6"),
        ("Phßng Tæ chøc c¸n bé", "Phòng Tổ chức cán bộ"),
    ],
)
def test_tcvn3(written: str, read: str) -> None:
    assert from_tcvn3(written) == read


def test_tcvn3_capitals_live_in_the_font() -> None:
    assert from_tcvn3("kÕ ho¹ch", ".VnTimeH") == "KẾ HOẠCH"


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("UÛy ban nhaân daân", "Ủy ban nhân dân"),
        ("Coäng hoøa xaõ hoäi chuû nghóa Vieät Nam", "Cộng hòa xã hội chủ nghĩa Việt Nam"),
        ("Ñoäc laäp - Töï do - Haïnh phuùc", "Độc lập - Tự do - Hạnh phúc"),
        ("KEÁ HOAÏCH", "KẾ HOẠCH"),
        ("tröôùc ngaøy 30/6, ñôn vò", "trước ngày 30/6, đơn vị"),
        ("kyõ naêng", "kỹ năng"),
    ],
)
def test_vni(written: str, read: str) -> None:
    assert from_vni(written) == read


def test_a_unicode_text_in_an_old_font_is_not_touched() -> None:
    runs = [("Ủy ban nhân dân", ".VnTime"), ("là", ".VnTime"), ("tháng", "VNI-Times")]
    fonts = LegacyFonts(runs)
    assert [fonts.decode(*run) for run in runs] == [text for text, _ in runs]


def test_short_runs_follow_their_document() -> None:
    runs = [("Uû ban nh©n d©n", ".VnTime"), ("tØnh", ".VnTime"), ("tỉnh", "Times New Roman"), ("2020", ".VnTime")]
    fonts = LegacyFonts(runs)
    assert [fonts.decode(*run) for run in runs] == ["Uỷ ban nhân dân", "tỉnh", "tỉnh", "2020"]


@given(st.text())
def test_a_log_repairs_as_repair_does(text: str) -> None:
    assert RepairLog().clean(text) == repair(text)[0]


@given(st.text(st.sampled_from("aáÆđ1 \t\n»º°¡–“”…\u00a0\u00ad\u0301\u200b\uf0b7\u0430")))
def test_a_log_looks_at_every_text_that_may_need_repair(text: str) -> None:
    assert RepairLog().clean(text) == repair(text)[0]


@given(st.text())
def test_letters_are_letters_and_digits(text: str) -> None:
    assert letters(text) == sum(map(str.isalnum, text))
