"""Ordinals of cells and paragraphs."""

import pytest

from pipeline.rules.ordinals import Style, follows, leading_ordinal, roman_value, whole_ordinal


@pytest.mark.parametrize(
    ("text", "style", "value"),
    [
        ("1", Style.ARABIC, 1),
        ("09", Style.ARABIC, 9),
        ("IV.", Style.ROMAN, 4),
        ("đ)", Style.LETTER, 5),
        ("B", Style.CAPITAL, 2),
        ("2.3", Style.DOTTED, 3),
        ("III-", Style.ROMAN, 3),
    ],
)
def test_number_cells(text: str, style: Style, value: int) -> None:
    ordinal = whole_ordinal(text)
    assert ordinal
    assert (ordinal.style, ordinal.value) == (style, value)


@pytest.mark.parametrize("text", ["", "-", "f)", "Quý I", "1/2024", "12 lớp", "IIII"])
def test_other_cells(text: str) -> None:
    assert whole_ordinal(text) is None


@pytest.mark.parametrize(
    ("text", "written", "rest"),
    [
        ("II. KINH PHÍ", "II.", "KINH PHÍ"),
        ("1.1. Xây dựng", "1.1.", "Xây dựng"),
        ("1.1 Xây dựng", "1.1", "Xây dựng"),
        ("a) Chủ trì", "a)", "Chủ trì"),
        ("1/ Tổ chức hội nghị", "1/", "Tổ chức hội nghị"),
        ("Phần I. Tình hình", "Phần I", "Tình hình"),
        ("Phần thứ tư: Kinh phí", "Phần thứ tư", "Kinh phí"),
        ("Điều 2. Giao Sở Y tế", "Điều 2", "Giao Sở Y tế"),
    ],
)
def test_leading(text: str, written: str, rest: str) -> None:
    found = leading_ordinal(text)
    assert found
    assert (found[0].written, found[1]) == (written, rest)


@pytest.mark.parametrize(
    "text", ["2.500 tờ rơi", "15/3/2024 họp", "5.000.000 đồng", "đ/c Bí thư", "Nội dung", "30.6.2024", "2024. Tổng kết"]
)
def test_amounts_and_dates_are_no_ordinals(text: str) -> None:
    assert leading_ordinal(text) is None


def test_letters_run_in_the_vietnamese_alphabet() -> None:
    d, dd, e = (whole_ordinal(x) for x in ("d)", "đ)", "e)"))
    assert d
    assert dd
    assert e
    assert follows(d, dd)
    assert follows(dd, e)
    assert not follows(d, e)


def test_roman_values() -> None:
    assert [roman_value(x) for x in ("I", "IV", "IX", "XII", "XL", "ABC", "")] == [1, 4, 9, 12, 40, None, None]
