"""Units: lists, roles, names in prose, and what a name means in its paper."""

import unicodedata
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.rules.unit_forms import FORMS, READERS
from pipeline.rules.units import UnitResolver, declared_abbreviations, find_units, split_roles, split_units, unit_spans
from pipeline.text import fold, nfc

GOOD = [(entry.code, text, reading) for entry in FORMS for text, reading in entry.forms]
BAD = [(entry.code, text) for entry in FORMS for text in entry.not_forms]


@pytest.mark.parametrize(("code", "text", "reading"), GOOD)
def test_forms_are_read_as_the_catalogue_says(code: str, text: str, reading: str) -> None:
    assert READERS[code](text) == reading


@pytest.mark.parametrize(("code", "text"), BAD)
def test_what_only_looks_like_a_unit_is_left_alone(code: str, text: str) -> None:
    assert READERS[code](text) == ""


LISTS = [
    ["Phòng Kinh tế, Hạ tầng và Đô thị", "Phòng Văn hóa - Xã hội", "Văn phòng HĐND và UBND xã"],
    ["Văn phòng Đoàn ĐBQH và HĐND tỉnh", "Văn phòng UBND tỉnh"],
    ["Sở Lao động - Thương binh và Xã hội", "Sở Giáo dục và Đào tạo"],
    ["Khoa Khám bệnh", "Khoa Nội", "các khoa lâm sàng"],
    ["Phòng KHTH", "TCKT", "các khoa lâm sàng, cận lâm sàng"],
    ["Hiệu trưởng", "Phó hiệu trưởng", "Tổ trưởng chuyên môn", "giáo viên"],
    ["Bà Lan (Phó HT)", "Cô Hoa (Tổ trưởng tổ Văn)"],
    ["Cục Quản lý Khám, chữa bệnh", "Cục Phòng bệnh"],
    ["Ban Tuyên giáo và Dân vận", "Ủy ban Kiểm tra", "Văn phòng Huyện ủy"],
    ["Công an tỉnh", "Bộ Chỉ huy Quân sự tỉnh", "Bộ đội Biên phòng tỉnh"],
    ["Công an xã", "Ban CHQS xã", "Trưởng các thôn"],
    ["Công ty TNHH MTV Môi trường Đô thị", "HTX Dịch vụ nông nghiệp Bình Minh"],
    ["VNPT", "Viettel", "Bưu điện tỉnh"],
    ["BHXH tỉnh", "NHCSXH tỉnh", "Kho bạc"],
    ["UBMTTQ", "các đoàn thể"],
    ["Mặt trận Tổ quốc", "các tổ chức chính trị - xã hội, tổ chức xã hội"],
    ["Tất cả các đơn vị, khoa, phòng"],
    ["Ban Giám hiệu", "các tổ chuyên môn, tổ văn phòng"],
    ["Sở Tư pháp (Phòng Kiểm soát thủ tục hành chính, Phòng Văn bản)", "Sở Nội vụ"],
    ["Sở Y tế (đầu mối: Phòng NVY, KHTC)", "CDC"],
    ["Ban Quản lý Khu kinh tế và các khu công nghiệp tỉnh", "Sở Công Thương"],
    ["Phòng TN&MT", "Phòng NN&PTNT", "Phòng KT-HT"],
    ["Bộ Tài chính", "các bộ, cơ quan ngang bộ, cơ quan thuộc Chính phủ", "UBND các tỉnh"],
    ["Phòng Nội vụ các huyện, thị xã, thành phố", "UBND cấp xã"],
    ["Sở, ban, ngành", "UBND huyện"],
    ["Vụ Pháp chế", "các Bộ: Quốc phòng, Công an, Y tế"],
    ["Các Sở: Nội vụ, Tài chính", "UBND các huyện"],
    ["Thường trực Đảng ủy", "Thường trực HĐND", "lãnh đạo UBND xã"],
    ["Liên hiệp các Hội Khoa học và Kỹ thuật tỉnh", "Hội Nhà báo tỉnh"],
    ["UBND xã Hoa Sơn", "xã Bình Lâm"],
    ["Báo Hà Trung", "Tạp chí Văn hóa Nghệ thuật"],
    ["Sở Nông nghiệp và PTNT", "Chi cục Thủy lợi và Phòng, chống thiên tai"],
    ["SỞ Y TẾ", "SỞ NỘI VỤ"],
    ["Các huyện ủy, thị ủy, thành ủy", "Văn phòng Tỉnh ủy"],
    ["Các ban đảng", "Văn phòng Tỉnh ủy"],
    ["GVCN", "Đoàn - Đội"],
    ["Cục Trồng trọt và Bảo vệ thực vật", "Văn phòng Bộ"],
]


@pytest.mark.parametrize("names", LISTS, ids="; ".join)
@pytest.mark.parametrize("separator", ["; ", ", ", "\n- "])
def test_lists_come_apart_at_their_separators_only(names: list[str], separator: str) -> None:
    start = "- " if "-" in separator else ""
    assert split_units(start + separator.join(names)) == tuple(names)


@pytest.mark.parametrize("names", [names for names in LISTS if len(names) > 1], ids="; ".join)
def test_lists_come_apart_at_a_line_break(names: list[str]) -> None:
    if names[0].isupper() or names[-1].startswith("xã") or "giáo viên" in names:
        names = [f"{name};" for name in names]
    assert [name.rstrip(";") for name in names] == list(split_units("\n".join(names)))


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("- Phòng TCCB - Phòng KHTC - Văn phòng", 3),
        ("Phòng TCCB - Phòng KHTC", 1),
        ("P. TCCB, P. KHTC", 2),
        ("phòng kế hoạch tài chính, phòng nghiệp vụ y, các đơn vị", 3),
        ("Các sở; ban; ngành; UBND các huyện", 2),
        ("Sở Tài nguyên & Môi trường & Sở Xây dựng", 2),
        ("các phòng chuyên môn và Thanh tra Sở", 2),
        ("Sở Y tế, UBND các huyện, thị xã và thành phố Hoa Lư", 2),
        ("UBND các xã: Hoa Sơn, Bình Lâm, Công an huyện", 2),
        ("Đơn vị thực hiện: Phòng KHTC, Văn phòng", 2),
        ("Phòng KHTC Các đơn vị trực thuộc", 2),  # a line break that the text format lost
        ("UBND Các xã", 1),
        ("Báo Sơn Hải, Đài Phát thanh và Truyền hình tỉnh", 2),
        ("Sở Y tế, Đài Phát thanh và Truyền hình tỉnh, Báo Sơn Hải", 3),
        ("UBND thành phố Sơn Hải Công an thành phố Sơn Hải", 2),
        ("Hiệp hội Du lịch tỉnh UBND huyện Bình Lâm Sở Y tế", 3),
        ("UBND xã Ban Công", 1),  # a place whose name begins like a unit
        ("Văn phòng UBND tỉnh", 1),
        ("Ban Thường vụ\nHội Liên hiệp Phụ nữ huyện", 1),
        ("Ban Chính sách - Pháp luật và Ban Tuyên giáo và Nữ công", 2),
        ("Hội Liên hiệp Phụ nữ tỉnh và Tỉnh đoàn", 2),
        ("Các ban đảng, ban cán sự đảng, đảng đoàn", 1),
        ("Thủ trưởng Các đơn vị", 1),
        ("", 0),
        (" - ;", 0),
    ],
)
def test_how_many_units(text: str, count: int) -> None:
    assert len(split_units(text)) == count


def test_declared_abbreviations_split_lists() -> None:
    assert split_units("Văn phòng, TTDV", frozenset({"ttdv"})) == ("Văn phòng", "TTDV")


WORDS = st.sampled_from(
    [
        "Sở Y tế",
        "Phòng",
        "các",
        "phòng",
        "và",
        ",",
        ";",
        "\n",
        "- ",
        ":",
        "(",
        ")",
        "UBND",
        "xã",
        "Hoa",
        "NVY",
        ". ",
        "ban",
        "1.",
    ]
)


@given(st.lists(WORDS, max_size=25).map(" ".join) | st.text(max_size=80))
def test_nothing_is_lost_between_the_entries(text: str) -> None:
    """What stands between two entries is a separator, a list mark or a label, nothing else."""
    text = nfc(text)
    at = 0
    gaps = []
    for span in unit_spans(text):
        assert at <= span.start < span.end
        gaps.append(text[at : span.start])
        at = span.end
    gaps.append(text[at:])
    left = " ".join(fold(gap) for gap in gaps).replace("\u200b", " ")
    for mark in ("phối hợp với", "phối hợp", "cùng với", "cùng", "và", "&"):
        left = left.replace(mark, " ")
    words = [word.strip("().") for word in left.replace(",", " ").replace(";", " ").split()]
    assert not [word for word in words if len(word) > 2 and word.isalnum()]


@given(st.lists(WORDS, max_size=20).map(" ".join))
def test_decomposed_input_splits_the_same(text: str) -> None:
    assert split_units(unicodedata.normalize("NFD", text)) == split_units(text)


@given(st.lists(WORDS, max_size=20).map(" ".join) | st.text(max_size=80))
def test_units_in_prose_lead_back_to_the_paper(text: str) -> None:
    text = nfc(text)
    end = 0
    for unit in find_units(text):
        assert end <= unit.start < unit.end
        assert text[unit.start : unit.end] == unit.text
        end = unit.end


PROSE = [
    ("Sở Y tế là cơ quan đầu mối, tham mưu UBND tỉnh.", ["Sở Y tế", "UBND tỉnh"]),
    ("Bệnh viện Đa khoa tỉnh Hà Trung bố trí nhân lực", ["Bệnh viện Đa khoa tỉnh Hà Trung"]),
    ("Ban Giám hiệu chỉ đạo các tổ chuyên môn xây dựng kế hoạch", ["Ban Giám hiệu", "các tổ chuyên môn"]),
    (
        "Vụ Pháp chế chủ trì, phối hợp với Cục Di sản văn hóa, Văn phòng Bộ và các đơn vị có liên quan tổ chức",
        ["Vụ Pháp chế", "Cục Di sản văn hóa", "Văn phòng Bộ", "các đơn vị có liên quan"],
    ),
    ("Sở Khoa học và Công nghệ và Sở Nội vụ theo dõi", ["Sở Khoa học và Công nghệ", "Sở Nội vụ"]),
    ("Ủy ban Kiểm tra Đảng ủy tiến hành kiểm tra", ["Ủy ban Kiểm tra Đảng ủy"]),
    ("Cục Văn hóa cơ sở, Gia đình và Thư viện chủ trì", ["Cục Văn hóa cơ sở, Gia đình và Thư viện"]),
    ("Đảng ủy, HĐND, UBND xã lãnh đạo, chỉ đạo", ["Đảng ủy", "HĐND", "UBND xã"]),
    (
        "Thủ trưởng các cơ quan, đơn vị, Chủ tịch UBND các huyện chịu trách nhiệm",
        ["Thủ trưởng các cơ quan, đơn vị", "Chủ tịch UBND các huyện"],
    ),
    ("Phòng tổ chức cán bộ tham mưu", ["Phòng tổ chức cán bộ"]),
    ("Công tác phòng cháy, chữa cháy; hội nghị; báo cáo kết quả; xã hội hóa.", []),
]


@pytest.mark.parametrize(("text", "names"), PROSE)
def test_names_in_prose_stop_before_the_verb(text: str, names: list[str]) -> None:
    assert [unit.text for unit in find_units(text)] == names


def test_roles_keep_the_words_of_each_part() -> None:
    roles = split_roles("- Cơ quan chủ trì: Phòng TCCB\n- Cơ quan phối hợp: Phòng KHTC, Văn phòng")
    assert roles is not None
    assert (roles.leads, roles.partners) == (("Phòng TCCB",), ("Phòng KHTC", "Văn phòng"))
    assert (roles.lead_text, roles.partner_text) == ("Phòng TCCB", "Phòng KHTC, Văn phòng")


def resolved(name: str, issuer: str | None, issued: date | None = None, **declared: str) -> str | None:
    unit = UnitResolver(issuer, issued, declared).resolve(name)
    return unit.unit_id if unit else None


@pytest.mark.parametrize(
    ("issuer", "unit_id"),
    [
        ("Sở Y tế tỉnh Hà Trung", "phong-to-chuc-can-bo"),
        ("Bộ Y tế", "vu-to-chuc-can-bo"),
        (None, "phong-to-chuc-can-bo"),
    ],
)
def test_an_abbreviation_means_what_its_issuer_means(issuer: str | None, unit_id: str) -> None:
    assert resolved("TCCB", issuer) == unit_id


@pytest.mark.parametrize(
    "name",
    ["Phòng TCCB", "P.TCCB", "phòng tổ chức cán bộ", "Phòng Tổ chức Cán bộ", "Tổ chức cán bộ", "P. Tổ chức - Cán bộ"],
)
def test_spellings_meet_in_one_unit(name: str) -> None:
    assert resolved(name, "Sở Y tế tỉnh Hà Trung") == "phong-to-chuc-can-bo"


def test_places_keep_units_apart_unless_they_are_the_issuers_own() -> None:
    issuer = "Sở Y tế tỉnh Hà Nam"
    assert resolved("Sở Y tế tỉnh Hà Nam", issuer) == "so-y-te"
    assert resolved("Sở Y tế Ninh Bình", issuer) == "so-y-te-ninh-binh"
    assert resolved("UBND xã Hoa Sơn", issuer) != resolved("UBND xã Bình Lâm", issuer)
    assert resolved("Trung tâm Kiểm soát bệnh tật tỉnh", issuer) == "trung-tam-kiem-soat-benh-tat"
    assert resolved("Hội Nông dân huyện", "Ủy ban nhân dân huyện Hoa Lư") == "hoi-nong-dan"
    assert resolved("Hội Nông dân tỉnh", "Ủy ban nhân dân huyện Hoa Lư") == "hoi-nong-dan-tinh"


def test_what_the_paper_declares_comes_first() -> None:
    declared = declared_abbreviations("Trung tâm Giám định y khoa (sau đây gọi tắt là Trung tâm)")
    assert resolved("Trung tâm", "Sở Y tế", None, **declared) == "trung-tam-giam-dinh-y-khoa"
    assert resolved("Trung tâm", "Sở Y tế") is None


def test_the_date_decides_between_old_and_new_names() -> None:
    issuer = "Ủy ban nhân dân tỉnh Hà Nam"
    assert resolved("Sở NN&MT", issuer, date(2025, 8, 1)) == "so-nong-nghiep-va-moi-truong"
    assert resolved("Sở NN&PTNT", issuer, date(2024, 8, 1)) == "so-nong-nghiep-va-phat-trien-nong-thon"


def test_unknown_names_stay_unknown() -> None:
    for name in ("Tổ phản ứng nhanh", "Đội thiện nguyện Hoa Sen", "", "nt"):
        assert resolved(name, "Sở Y tế") is None


@given(st.text(max_size=60))
def test_resolving_never_fails(name: str) -> None:
    resolved(name, "Sở Y tế tỉnh Hà Nam", date(2025, 1, 1))


@pytest.mark.parametrize("piece", ["UBND ", "Phòng A, ", "các ", "(", "- ", "Sở và ", "Chủ trì: ", " ", "\n", "12/QĐ-"])
def test_endless_repeats_are_read_to_the_end(piece: str) -> None:
    text = piece * 3000
    split_units(text)
    find_units(text)
    split_roles(text)
    declared_abbreviations(text)


def test_parts_of_the_issuer_name_it_as_parent() -> None:
    health = UnitResolver("Sở Y tế tỉnh Hà Nam", date(2024, 1, 1))
    office = health.resolve("Phòng TCCB")
    assert office
    assert office.parent == "so-y-te"
    other = health.resolve("Sở Tài chính")
    assert other
    assert other.parent is None
    district = UnitResolver("Ủy ban nhân dân huyện Tân An", date(2024, 1, 1)).resolve("Phòng Nội vụ")
    assert district
    assert district.parent == "uy-ban-nhan-dan-huyen"


@pytest.mark.parametrize(
    "issuer", ["Văn phòng Ủy ban nhân dân tỉnh Vĩnh Long", "Văn phòng Tỉnh ủy Thái Bình", "Thanh tra tỉnh Hà Nam"]
)
def test_an_issuer_that_is_an_office_itself_is_no_part_of_itself(issuer: str) -> None:
    resolver = UnitResolver(issuer=issuer, issued=date(2024, 8, 19))
    for name in (issuer, "Văn phòng", "Ban Quản lý dự án tỉnh", "Phòng Tổng hợp", "Thanh tra"):
        unit = resolver.resolve(name)
        assert unit is None or unit.unit_id
