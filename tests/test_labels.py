"""Labelled values of items in running text: the many ways in which offices write "Chủ trì: ..."."""

import pytest

from pipeline.read.labels import label_field, split_labels, value_line


@pytest.mark.parametrize(
    ("text", "content", "labels"),
    [
        (
            "a) Chủ trì: Phòng Nội vụ, phối hợp: Phòng Tư pháp, thời gian: Quý II",
            "",
            [("lead", "Phòng Nội vụ"), ("partner", "Phòng Tư pháp"), ("deadline", "Quý II")],
        ),
        (
            "1. Rà soát hồ sơ (CQCT: Phòng Nội vụ; CQPH: các phòng, ban; TG: tháng 10).",
            "Rà soát hồ sơ (CQCT: Phòng Nội vụ; CQPH: các phòng, ban; TG: tháng 10).",
            [("lead", "Phòng Nội vụ"), ("partner", "các phòng, ban"), ("deadline", "tháng 10")],
        ),
        (
            "1. Xây dựng quy chế [Chủ trì: Văn phòng; thời hạn: tháng 4/2024].",
            "Xây dựng quy chế [Chủ trì: Văn phòng; thời hạn: tháng 4/2024].",
            [("lead", "Văn phòng"), ("deadline", "tháng 4/2024")],
        ),
        (
            "3. Kiểm tra công tác văn thư (Giao: Phòng Nội vụ; xong trước 30/10/2024).",
            "Kiểm tra công tác văn thư (Giao: Phòng Nội vụ; xong trước 30/10/2024).",
            [("lead", "Phòng Nội vụ"), ("deadline", "xong trước 30/10/2024")],
        ),
        (
            "→ Phụ trách: Phòng Nội vụ. Thời gian: tháng 3/2024.",
            "",
            [("lead", "Phòng Nội vụ"), ("deadline", "tháng 3/2024")],
        ),
        (
            "Kiểm tra công tác văn thư → Phòng Nội vụ chủ trì, xong trong tháng 10/2024.",
            "Kiểm tra công tác văn thư",
            [("lead", "Phòng Nội vụ"), ("deadline", "xong trong tháng 10/2024")],
        ),
        (
            "Chủ trì : Phòng Nội vụ - Phối hợp : Phòng Tư pháp - Thời gian : Quý II",
            "",
            [("lead", "Phòng Nội vụ"), ("partner", "Phòng Tư pháp"), ("deadline", "Quý II")],
        ),
        (
            "Giao: Phòng Nội vụ chủ trì, phối hợp với Phòng Tư pháp; thời gian: Quý II",
            "",
            [("lead", "Phòng Nội vụ"), ("partner", "Phòng Tư pháp"), ("deadline", "Quý II")],
        ),
        (
            "Trách nhiệm: Phòng Nội vụ chủ trì, Phòng Tư pháp, Công an huyện phối hợp. Thời gian: quý II/2025.",
            "",
            [("lead", "Phòng Nội vụ"), ("partner", "Phòng Tư pháp, Công an huyện"), ("deadline", "quý II/2025")],
        ),
        (
            "Phân công: Phòng Nội vụ chủ trì; Phòng Tư pháp phối hợp thực hiện; hạn: 30/6",
            "",
            [("lead", "Phòng Nội vụ"), ("partner", "Phòng Tư pháp"), ("deadline", "30/6")],
        ),
        (
            "Tham mưu: Phòng Nội vụ; trình: UBND huyện; xong: 30/6",
            "",
            [("lead", "Phòng Nội vụ"), ("other", "UBND huyện"), ("deadline", "30/6")],
        ),
        (
            "Thời gian: Tháng 5. Địa điểm: Hội trường. Đơn vị chủ trì: Phòng Nội vụ",
            "",
            [("deadline", "Tháng 5"), ("other", "Hội trường"), ("lead", "Phòng Nội vụ")],
        ),
        (
            "3. Tập huấn. Đơn vị chủ trì là Phòng Nội vụ, đơn vị phối hợp là các xã; hoàn thành trong tháng 4/2024.",
            "Tập huấn.",
            [("lead", "Phòng Nội vụ"), ("partner", "các xã"), ("deadline", "hoàn thành trong tháng 4/2024")],
        ),
        (
            "c) Thời gian: Đợt 1: tháng 5/2021; Đợt 2: tháng 8/2021",
            "",
            [("deadline", "Đợt 1: tháng 5/2021; Đợt 2: tháng 8/2021")],
        ),
    ],
)
def test_layouts_of_labels(text: str, content: str, labels: list[tuple[str, str]]) -> None:
    outside, found = split_labels(text)
    assert (outside, [(label.field, label.value) for label in found]) == (content, labels)


@pytest.mark.parametrize(
    "text",
    [
        "- Các phòng, ban còn lại: lập danh mục hồ sơ của đơn vị mình.",
        "Trách nhiệm của Phòng Nội vụ: hướng dẫn các xã.",
        "Thường trực Ban Chỉ đạo: Hướng dẫn các xã.",
        "- Tổ chức thực hiện: Phòng Nội vụ hướng dẫn các xã lập danh mục.",
        "Phân công: Phòng Nội vụ theo dõi, tổng hợp.",
        "Nội dung gồm: tập huấn, kiểm tra.",
    ],
)
def test_words_before_a_colon_that_are_no_labels_of_units(text: str) -> None:
    assert split_labels(text)[1] == ()


@pytest.mark.parametrize(
    ("label", "value", "field"),
    [
        ("Phụ trách", "Tổ Văn phòng", "lead"),
        ("ĐVPH", "Phòng Tư pháp", "partner"),
        ("Thực hiện", "Các tổ chuyên môn", "implementer"),
        ("Thực hiện", "Các tổ chuyên môn lập kế hoạch tuần", None),
        ("Hạn hoàn thành", "30/6", "deadline"),
        ("Phòng Nội vụ", "hướng dẫn", None),
        ("Giao", "Phòng Nội vụ chủ trì, phối hợp với Phòng Tư pháp; xong trước 30/4", "lead"),
        ("Giao", "Phòng Nội vụ chủ trì, phối hợp với Phòng Tư pháp rà soát các văn bản", None),
    ],
)
def test_label_field(label: str, value: str, field: str | None) -> None:
    assert label_field(label, value) == field


def test_a_line_of_any_label_is_no_sentence() -> None:
    line = value_line("- Địa điểm: Hội trường UBND huyện.")
    assert line is not None
    assert (line.field, line.value) == ("other", "Hội trường UBND huyện")
    assert value_line("- Phòng Nội vụ: chuẩn bị hội trường.") is None


@pytest.mark.parametrize(
    ("text", "labels"),
    [
        (
            "Giao: Phòng Nội vụ chủ trì, phối hợp với Phòng Tư pháp; hoàn thành trước 30/4",
            [("lead", "Phòng Nội vụ"), ("partner", "Phòng Tư pháp"), ("deadline", "hoàn thành trước 30/4")],
        ),
        (
            "Đơn vị thực hiện: Phòng Nội vụ chủ trì, phối hợp với Phòng Tư pháp rà soát quy chế",
            [
                ("lead", "Phòng Nội vụ"),
                ("partner", "Phòng Tư pháp"),
                ("other", "Phòng Nội vụ chủ trì, phối hợp với Phòng Tư pháp rà soát quy chế"),
            ],
        ),
        (
            "Phòng Nội vụ chủ trì, phối hợp: Phòng Tư pháp",
            [("lead", "Phòng Nội vụ"), ("partner", "Phòng Tư pháp")],
        ),
        (
            "Tập huấn (Phòng Nội vụ chủ trì; phối hợp: Phòng Tư pháp)",
            [("lead", "Phòng Nội vụ"), ("partner", "Phòng Tư pháp")],
        ),
    ],
)
def test_what_is_said_beside_the_roles_is_kept(text: str, labels: list[tuple[str, str]]) -> None:
    assert [(label.field, label.value) for label in split_labels(text)[1]] == labels


@pytest.mark.parametrize(
    ("text", "content", "field"),
    [
        ("- Rà soát hồ sơ – Chủ trì: Phòng Nội vụ", "Rà soát hồ sơ", "lead"),
        ("Tập huấn cán bộ xã, thời gian: tháng 5", "Tập huấn cán bộ xã", "deadline"),
        ("Kiểm tra, giám sát các xã, chủ trì: Phòng Nội vụ", "Kiểm tra, giám sát các xã", "lead"),
        ("Rà soát hồ sơ chủ trì: Phòng Nội vụ", "Rà soát hồ sơ", "lead"),
        ("2. Rà soát hồ sơ đất đai cơ quan thực hiện: Phòng Nội vụ", "Rà soát hồ sơ đất đai", "implementer"),
        ("Rà soát hồ sơ thời hạn: 30/6/2025", "Rà soát hồ sơ", "deadline"),
        ("Theo dõi, phụ trách: Phòng Nội vụ", "", "lead"),
        ("Trực tiếp phụ trách: Phòng Nội vụ", "", "lead"),
        ("Chịu trách nhiệm tổ chức thực hiện: Phòng Nội vụ", "", "implementer"),
        ("Cá nhân, đơn vị thực hiện: Phòng Nội vụ", "", "implementer"),
        ("Đơn vị chủ trì, phối hợp: Phòng Nội vụ, Phòng Tư pháp", "", "implementer"),
        ("Thời gian, địa điểm: tháng 5, Hội trường", "", "deadline"),
    ],
)
def test_work_before_a_label_of_the_same_line_is_content(text: str, content: str, field: str) -> None:
    outside, (label,) = split_labels(text)
    assert (outside, label.field) == (content, field)


@pytest.mark.parametrize("text", ["Xây dựng quy chế phối hợp: Công an, Quân sự", "Báo cáo kết quả: UBND huyện"])
def test_words_of_labels_that_are_objects_of_work_are_no_labels(text: str) -> None:
    assert text.startswith(split_labels(text)[0])


LEAD, PARTNER = ("lead", "Sở Y tế"), ("partner", "Sở Tài chính")


@pytest.mark.parametrize(
    ("bracket", "labels"),
    [
        ("Sở Y tế chủ trì rà soát các kho, Sở Tài chính phối hợp", [LEAD, PARTNER]),
        ("Sở Y tế chủ trì, phối hợp với Sở Tài chính rà soát các kho", [LEAD, PARTNER]),
        ("Sở Y tế chủ trì, phối hợp với Sở Tài chính; báo cáo UBND tỉnh", [LEAD, PARTNER]),
        ("Sở Y tế chủ trì theo đúng quy định", [LEAD]),
    ],
)
def test_a_bracket_that_says_more_than_roles_stays(bracket: str, labels: list[tuple[str, str]]) -> None:
    text = f"Kiểm kê tài sản ({bracket})"
    outside, found = split_labels(text)
    assert (outside, [(label.field, label.value) for label in found]) == (text, labels)


@pytest.mark.parametrize(
    ("bracket", "labels"),
    [
        ("Sở Y tế chủ trì, Sở Tài chính phối hợp thực hiện", [LEAD, PARTNER]),
        ("Sở Y tế là đơn vị chủ trì, Sở Tài chính phối hợp", [LEAD, PARTNER]),
        ("giao Sở Y tế chủ trì tham mưu", [LEAD]),
        ("do Sở Y tế chủ trì tổ chức, phối hợp với Sở Tài chính", [LEAD, PARTNER]),
        (
            "Sở Y tế chủ trì tham mưu, các phòng, ban liên quan và UBND các xã phối hợp thực hiện",
            [LEAD, ("partner", "các phòng, ban liên quan và UBND các xã")],
        ),
    ],
)
def test_a_bracket_of_roles_is_read_and_stays_part_of_its_sentence(bracket: str, labels: list[tuple[str, str]]) -> None:
    text = f"Kiểm kê tài sản ({bracket})"
    outside, found = split_labels(text)
    assert (outside, [(label.field, label.value) for label in found]) == (text, labels)
    assert split_labels(f"({bracket})") == ("", found)  # on a line of its own it is a label
