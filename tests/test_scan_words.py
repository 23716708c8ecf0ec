"""Words of scanned pages: slips mended that only one thing can stand for, numerals counted, doubtful numbers told."""

from dataclasses import replace

import numpy as np
import pytest

from extractors.document import Place
from extractors.pdf_lines import Turn
from extractors.scan_compounds import completed
from extractors.scan_doubts import doubts
from extractors.scan_looks import without_ghosts
from extractors.scan_numerals import recount
from extractors.scan_pose import Pixels
from extractors.scan_sheet import Reading
from extractors.scan_slips import mend_slips, mend_word
from extractors.scan_words import Word


def words(text: str, confidence: float = 0.9) -> tuple[Word, ...]:
    return tuple(Word(each, 30 * at, 10, 30 * at + 25, 30, confidence, 0) for at, each in enumerate(text.split()))


def page(text: str, confidence: float = 0.9) -> Reading:
    return Reading(1, Turn(0, 595, 842), 1.0, rest=words(text, confidence))


@pytest.mark.parametrize(
    ("before", "read", "after", "mended"),
    [
        ("đơn", "VỊ", "trực", "vị"),
        ("", "642/QĐÐ-BVHTTDL", "", "642/QĐ-BVHTTDL"),
        ("tỉnh", "(b/C);", "", "(b/c);"),
        ("tỉnh", "(b/©);", "", "(b/c);"),
        ("tỉnh", "(b/€);", "", "(b/c);"),
        ("phòng", "(Uh);", "", "(t/h);"),
        ("Bộ", "(/c);", "", "(b/c);"),
        ("ngành", "(th);", "", "(t/h);"),
        ("Lưu:", "VI,", "VP", "VT,"),
        ("Lưu:", "VF,", "NN.", "VT,"),
        ("mục", "VI,", "", "VI,"),
        ("thu", "øom,", "", "gom,"),
        ("", "traø", "giải", "trao"),
        ("Trước", "ngày.", "05/12/2027", "ngày"),
        ("trong", "ngày.", "Báo", "ngày."),
        ("6", "tháng,", "01", "tháng,"),
        ("", "Tháng.3/2025", "", "Tháng 3/2025"),
        ("", "SỞ", "Y", "SỞ"),
    ],
)
def test_what_only_one_thing_can_stand_for(before: str, read: str, after: str, mended: str) -> None:
    assert mend_word(words(read)[0], before, after).text == mended


@pytest.mark.parametrize(
    ("read", "confidence", "mended"),
    [
        ("sự lãnh đao của", 0.9, "sự lãnh đạo của"),
        ("đôi ngũ cán bộ", 0.9, "đội ngũ cán bộ"),
        ("TỔ CHỨC THỤC HIỆN", 0.9, "TỔ CHỨC THỰC HIỆN"),
        ("tại mỗi trường học", 0.9, "tại mỗi trường học"),
        ("để Nghị quyết đi vào cuộc sống", 0.9, "để Nghị quyết đi vào cuộc sống"),
        ("sự lãnh đao của", 0.97, "sự lãnh đạo của"),  # misread marks are read as surely as any others
        ("trình cấp có thẩm quyên phê duyệt", 0.96, "trình cấp có thẩm quyền phê duyệt"),
        ("quy định chỉ tiết, tỉnh giản", 0.97, "quy định chi tiết, tinh giản"),
        ("chỉ tiết kiệm điện", 0.97, "chỉ tiết kiệm điện"),
        ("chương trình tống thế CCHC", 0.97, "chương trình tổng thể CCHC"),
        ("tối thiếu 20 người; thiếu số liệu", 0.97, "tối thiểu 20 người; thiếu số liệu"),
        ("dân tộc thiếu số", 0.97, "dân tộc thiểu số"),
        ("phân bố kinh phí, phân bố dân cư", 0.97, "phân bổ kinh phí, phân bố dân cư"),
        ("KIẾM TRA, TỐ CHỨC", 0.97, "KIỂM TRA, TỔ CHỨC"),
        ("lập số theo dõi; thành lập Sở Nội vụ", 0.97, "lập sổ theo dõi; thành lập Sở Nội vụ"),
        ("Thứ trưởng, Thủ trưởng", 0.9, "Thứ trưởng, Thủ trưởng"),
        ("văn bản chỉ đạo", 0.9, "văn bản chỉ đạo"),
        ("bắt đầu từ năm", 0.9, "bắt đầu từ năm"),
        ("hướng dân chủ", 0.9, "hướng dân chủ"),
        ("viên chức. Nâng cao ý thức", 0.9, "viên chức. Nâng cao ý thức"),
        ("Uỷ ban, sức khoẻ", 0.9, "Uỷ ban, sức khoẻ"),  # spelt in two ways
        ("tỉnh có chế độ, thăm gia đình", 0.97, "tỉnh có chế độ, thăm gia đình"),
        ("các tỉnh có Sở Du lịch, nơi vụ việc xảy ra", 0.97, "các tỉnh có Sở Du lịch, nơi vụ việc xảy ra"),
        ("Lê Văn Hoà, Đảng bộ nhiệm kỳ", 0.97, "Lê Văn Hoà, Đảng bộ nhiệm kỳ"),
        ("bộ phận gần kết thúc, hộ sơ tán", 0.97, "bộ phận gần kết thúc, hộ sơ tán"),
        ("Trạm Chãn đoán, Trường Cao đăng Y tế", 0.97, "Trạm Chẩn đoán, Trường Cao đẳng Y tế"),
        ("khi có ố dịch; phân bố cho xã", 0.97, "khi có ổ dịch; phân bổ cho xã"),
        ("thành phố thông báo", 0.9, "thành phố thông báo"),
    ],
)
def test_marks_that_a_word_of_two_syllables_asks_for(read: str, confidence: float, mended: str) -> None:
    result = mend_slips([page(read, confidence)])
    assert " ".join(word.text for word in result.readings[0].rest) == mended
    assert [notice.code for notice in result.notices] == (["text.repaired"] if read != mended else [])


def test_brackets_of_which_the_recogniser_is_sure_stay() -> None:
    assert mend_word(words("(th);", 0.96)[0], "ngành", "").text == "(th);"


def test_a_syllable_alone_is_completed_by_nothing() -> None:
    assert completed(["đao"], 0) == ""


def test_a_mended_word_is_no_longer_sure() -> None:
    (reading,) = mend_slips([page("Tố Tiếp nhận", 0.97)]).readings
    assert [word.confidence for word in reading.rest] == [0.9, 0.97, 0.97]


@pytest.mark.parametrize(
    ("read", "mended"),
    [
        ("Tố Tiếp nhận và trả kết quả", "Tổ Tiếp nhận và trả kết quả"),
        ("Tố trưởng Tố Tiếp nhận", "Tổ trưởng Tổ Tiếp nhận"),
        ("tại các tố, bộ phận", "tại các tổ, bộ phận"),
        ("Tố Toán - Tin", "Tổ Toán - Tin"),
        ("Tố Hóa; Tố 3", "Tố Hóa; Tổ 3"),
        ("Tống giám đốc, Tống Giám đốc", "Tổng giám đốc, Tổng Giám đốc"),
        ("Cống Thông tin điện tử; cống thoát nước", "Cổng Thông tin điện tử; cống thoát nước"),
        ("Hạt Kiếm lâm", "Hạt Kiểm lâm"),
        ("đế kiếm tra, tìm kiếm cứu nạn", "để kiểm tra, tìm kiếm cứu nạn"),
        ("mỗi chuyến đi, chuyến hồ sơ", "mỗi chuyến đi, chuyển hồ sơ"),
        ("đơn tố cáo, khởi tố, yếu tố, công tố viên", "đơn tố cáo, khởi tố, yếu tố, công tố viên"),
        ("Tống Văn Sơn", "Tống Văn Sơn"),
        ("Bà Tống Thị Tố Nga chủ trì", "Bà Tống Thị Tố Nga chủ trì"),
        ("Nguyễn Văn Kiếm chủ trì", "Nguyễn Văn Kiếm chủ trì"),
        ("cô Tố Nga, Phạm Thế Hiếu", "cô Tố Nga, Phạm Thế Hiếu"),
        ("trao học bổng Tố Hữu cho học sinh hiếu học", "trao học bổng Tố Hữu cho học sinh hiếu học"),
    ],
)
def test_a_hook_that_was_taken_for_an_acute(read: str, mended: str) -> None:
    result = mend_slips([page(read, 0.97)])
    assert " ".join(word.text for word in result.readings[0].rest) == mended


def test_marks_of_a_line_are_no_line_of_their_own() -> None:
    below = Word("nhiễm", 1443, 821, 1556, 851, 0.96, 2)
    marks = [Word(".-*", 1491, 807, 1519, 835, 0.43, 1)]
    real = [Word("Khoa", 1443, 778, 1535, 808, 0.97, 0), Word("a)", 1443, 830, 1460, 850, 0.95, 3)]
    assert without_ghosts([*real[:1], *marks, below, *real[1:]]) == [real[0], below, real[1]]


def strokes(count: int, slash: bool, ones: bool = False) -> Pixels:
    """Ink of a Roman numeral in a face with serifs, or of ones, and of the slash behind it."""
    ink = np.zeros((30, 90), np.uint8)
    for number in range(count):
        x = 12 * number
        ink[:, 4 + x : 8 + x] = ink[-2:, 1 + x : 11 + x] = 255
        if ones:
            ink[4:6, x : 4 + x] = 255
        else:
            ink[:2, 1 + x : 11 + x] = 255
    if slash:
        for row in range(30):
            left = 12 * count + 14 - row // 3
            ink[row, left : left + 3] = 255
    return ink


@pytest.mark.parametrize(
    ("read", "before", "count", "told"),
    [
        ("H.", "", 2, "II."),
        ("HI", "", 3, "III"),
        ("IH/2024", "Quý", 3, "III/2024"),
        ("1/2024", "Quý", 2, "II/2024"),
        ("1/2024", "Quý", 1, "I/2024"),
        ("I1/2024", "Quý", 2, "II/2024"),
        ("!", "Quý", 1, "I"),
        ("IiI", "đợt", 3, "III"),
        ("11/2024", "tháng", 2, "11/2024"),
        ("!", "xong", 1, "!"),
    ],
)
def test_numerals_are_counted_by_their_strokes(read: str, before: str, count: int, told: str) -> None:
    word = Word(read, 0, 0, 90, 30, 0.6, 0)
    assert recount(word, strokes(count, "/" in read), before).text == told


@pytest.mark.parametrize(
    ("read", "before", "count", "told"),
    [("1/2024", "Quý", 1, "1/2024"), ("II", "", 2, "11"), ("I1.", "", 2, "11."), ("11/2024", "Quý", 2, "11/2024")],
)
def test_strokes_with_a_flag_are_ones(read: str, before: str, count: int, told: str) -> None:
    word = Word(read, 0, 0, 90, 30, 0.6, 0)
    assert recount(word, strokes(count, "/" in read, ones=True), before).text == told


def test_a_number_that_looks_like_another_is_told_with_both() -> None:
    before, read = words("Trước 9/2027", 0.97)
    (told,) = doubts([Reading(1, Turn(0, 595, 842), 1.0, rest=(before, replace(read, rival="5/2027")))])
    assert told.evidence == "Trước 9/2027 (hay 5/2027?)"


@pytest.mark.parametrize(
    ("text", "confidence", "told"),
    [
        ("xong trước 3O/6/2023 nhé", 0.6, ["xong trước 3O/6/2023 nhé"]),
        ("xong trước /2026", 0.95, ["xong trước /2026"]),
        ("a) Rà soát 3) III. lại", 0.6, []),
        ("trước ngày 30/6/2023", 0.9, []),
    ],
)
def test_doubtful_numbers_are_told_with_their_place(text: str, confidence: float, told: list[str]) -> None:
    notices = list(doubts([page(text, confidence)]))
    assert [notice.evidence for notice in notices] == told
    assert all(notice.code == "number.doubtful" and isinstance(notice.place, Place) for notice in notices)
    assert all(notice.place.page == 1 and notice.place.box and notice.place.box.x0 == 60 for notice in notices)
