"""Vocabulary: the files hold together, and what contradicts itself stops the start."""

from datetime import date

import pytest

from extractors.errors import VocabularyError
from pipeline.vocab import (
    doctype_named,
    doctype_of_code,
    doctypes_of_code,
    issuers_of_symbol,
    load_doctypes,
    load_provinces,
    province_named,
)
from pipeline.vocab.doctypes import parse_doctypes
from pipeline.vocab.heads import load_heads, parse_heads
from pipeline.vocab.provinces import parse_provinces
from pipeline.vocab.units import begins_name, entries_named, load_units, name_words, parse_units, slug

REFORM = date(2025, 7, 1)


def test_there_were_63_provinces_before_and_34_after_the_reform() -> None:
    before = [p for p in load_provinces() if p.valid_on(date(2025, 6, 30))]
    after = [p for p in load_provinces() if p.valid_on(REFORM)]
    assert (len(before), len(after)) == (63, 34)
    assert len({p.code for p in after}) == 34


def test_every_merged_province_names_its_predecessors_and_they_name_it() -> None:
    for province in load_provinces():
        if province.valid_from == REFORM:
            parts = [p for p in load_provinces() if p.valid_to == date(2025, 6, 30) and p.successor == province.name]
            assert {p.name for p in parts} == set(province.predecessors), province.name


@pytest.mark.parametrize(
    ("text", "day", "name"),
    [
        ("tỉnh Thanh Hoá", None, "Tỉnh Thanh Hóa"),
        ("TP. Hồ Chí Minh", None, "Thành phố Hồ Chí Minh"),
        ("TPHCM", date(2020, 1, 1), "Thành phố Hồ Chí Minh"),
        ("Bà Rịa – Vũng Tàu", None, "Tỉnh Bà Rịa - Vũng Tàu"),
        ("ĐẮK LẮK", None, "Tỉnh Đắk Lắk"),
        ("Thừa Thiên - Huế", date(2020, 1, 1), "Tỉnh Thừa Thiên Huế"),
        ("Huế", date(2025, 2, 1), "Thành phố Huế"),
        ("Huế", date(2020, 1, 1), None),
        ("Hà Giang", date(2026, 1, 1), None),
        ("Hà Giang", None, "Tỉnh Hà Giang"),
        ("Đồng Nai", date(2026, 5, 1), "Thành phố Đồng Nai"),
        ("Hà Trung", None, None),
    ],
)
def test_a_name_stands_for_a_province_in_its_time(text: str, day: date | None, name: str | None) -> None:
    province = province_named(text, day)
    assert (province.name if province else None) == name


def test_document_types_by_code_and_name() -> None:
    codes = {code: found.name for code in ("CTr", "KH", "QĐ", "TT", "CTR") if (found := doctype_of_code(code))}
    assert codes == {
        "CTr": "Chương trình",
        "KH": "Kế hoạch",
        "QĐ": "Quyết định",
        "TT": "Thông tư",
        "CTR": "Chương trình",
    }
    assert [t.name for t in doctypes_of_code("QĐ", party=True)] == ["Quyết định", "Quy định"]
    assert [t.name for t in doctypes_of_code("TT", party=True)] == ["Thông tri"]
    named = doctype_named("KẾ  HOẠCH")
    assert named is not None
    assert named.code == "KH"
    assert doctype_named("Kế") is None


def test_who_a_symbol_names() -> None:
    assert issuers_of_symbol("QĐ-TTg") == ("Thủ tướng Chính phủ",)
    assert issuers_of_symbol("STNMT-MT") == ("Sở Tài nguyên và Môi trường",)
    assert issuers_of_symbol("QH15") == ("Quốc hội",)
    assert issuers_of_symbol("") == ()


def test_names_hold_no_remarks() -> None:
    names = [t.name for t in load_doctypes().types] + [u.name for u in load_units()]
    names += [issuer for suffix in load_doctypes().suffixes for issuer in suffix.issuers]
    assert [name for name in names if "(" in name or "dạng" in name or ";" in name] == []


def test_every_unit_is_found_by_each_of_its_forms() -> None:
    for unit in load_units():
        for form in (unit.name, unit.name.upper(), *unit.aliases):
            assert unit in entries_named(form), (unit.name, form)
        if unit.abbreviation:
            assert unit in entries_named(unit.abbreviation), unit.abbreviation


def test_a_name_is_sought_as_long_as_its_words_may_begin_one() -> None:
    forms = [form for unit in load_units() for form in (unit.name, *unit.aliases, unit.abbreviation or unit.name)]
    for form in (*forms, *map(str.upper, forms), "Sở Nông nghiệp và PTNT", "VP HĐND&UBND", "P. TCCB"):
        words = form.split(" ")
        beginnings = (" ".join(words[:count]) for count in range(1, len(words) + 1))
        assert [begun for begun in beginnings if not begins_name(begun)] == [], form
    assert not begins_name("Sở Nội vụ chủ trì")
    assert not begins_name("UBND tỉnh giao")


def test_unit_ids_are_plain_and_unique_in_their_time() -> None:
    assert slug("Phòng Tổ chức cán bộ") == "phong-to-chuc-can-bo"
    assert slug("Ủy ban nhân dân các tỉnh, thành phố") == "uy-ban-nhan-dan-cac-tinh-thanh-pho"
    ids = [unit.unit_id for unit in load_units()]
    assert len(ids) == len(set(ids))


def test_successors_are_valid_when_their_unit_ended() -> None:
    units = {unit.name: unit for unit in load_units()}
    for unit in load_units():
        if unit.successor and unit.valid_to:
            assert (units[unit.successor].valid_to or date.max) >= unit.valid_to, unit.name


def test_short_words_are_written_out() -> None:
    assert name_words("UBND xã") == ("ủy", "ban", "nhân", "dân", "xã")
    assert name_words("P. Kế hoạch & Tài chính") == ("phòng", "kế", "hoạch", "tài", "chính")


UNIT = '[[unit]]\nname = "Sở A"\nkind = "sở"\nlevel = "tỉnh"\n'
PROVINCE = '[[province]]\ncode = "1"\nname = "Tỉnh A"\nbare_name = "A"\nkind = "tỉnh"\n'
TYPE = '[[type]]\nname = "Kế hoạch"\ncode = "KH"\ngroup = "administrative"\n'


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (UNIT + 'colour = "red"', "unknown field"),
        ('[[unit]]\nname = "Sở A"\nkind = "sở"', "missing"),
        (UNIT + 'aliases = "SA"', "list of names"),
        (UNIT + 'aliases = [" "]', "list of names"),
        (UNIT + 'abbreviation = " SA"', "white space"),
        (UNIT + UNIT.replace("Sở A", "SỞ  A"), "belongs to"),
        (UNIT + 'aliases = ["sở a"]', "belongs to"),
        (UNIT + UNIT.replace("Sở A", "Sở B") + 'aliases = ["Sở A và"]', "belongs to"),
        (UNIT + 'abbreviation = "SA"\n' + UNIT.replace("Sở A", "Sở B") + 'abbreviation = "SA"', "belongs to"),
        (UNIT.replace("tỉnh", "làng"), "unknown level"),
        (UNIT + 'successor = "Sở C"', "unknown"),
        (UNIT + "valid_from = 2025-01-01\nvalid_to = 2024-01-01", "before"),
        ("[unit]\n", "must be written"),
        ("[[thing]]\n", "unknown section"),
        ("[[unit", "not TOML"),
    ],
)
def test_a_unit_file_that_contradicts_itself_is_refused(text: str, words: str) -> None:
    with pytest.raises(VocabularyError, match=words):
        parse_units(text)


def test_one_name_may_have_two_owners_one_after_the_other() -> None:
    first = PROVINCE + "valid_to = 2025-06-30\n"
    second = PROVINCE.replace('"1"', '"2"') + "valid_from = 2025-07-01\n"
    assert len(parse_provinces(first + second)) == 2
    with pytest.raises(VocabularyError, match="belongs to"):
        parse_provinces(first + second.replace("2025-07-01", "2025-06-30"))


@pytest.mark.parametrize(
    "text",
    [PROVINCE.replace("Tỉnh A", "Tỉnh B"), PROVINCE + 'successor = "Tỉnh C"', PROVINCE + 'predecessors = ["Tỉnh C"]'],
)
def test_a_province_file_that_contradicts_itself_is_refused(text: str) -> None:
    with pytest.raises(VocabularyError):
        parse_provinces(text)


@pytest.mark.parametrize(
    "text",
    [
        TYPE + TYPE,
        TYPE + TYPE.replace("Kế hoạch", "Kế sách"),
        TYPE.replace("administrative", "other"),
        TYPE + '[[suffix]]\ncode = "CP"\nissuers = ["Chính phủ"]\ngroup = "moon"',
    ],
)
def test_a_type_file_that_contradicts_itself_is_refused(text: str) -> None:
    with pytest.raises(VocabularyError):
        parse_doctypes(text)


def test_a_head_with_two_kinds_is_refused() -> None:
    assert {head.use for head in load_heads().heads} == {"words", "alone", "weak"}
    text = '[[head]]\nkind = "sở"\nwords = ["Sở"]\n[[head]]\nkind = "ban"\nwords = ["sở"]\n'
    with pytest.raises(VocabularyError, match="belongs to"):
        parse_heads(text)
