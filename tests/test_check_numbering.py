"""Numbering rules: levels are told from the ordinals alone; what may be right is right."""

import pytest
from plans import fired, found, items, plan, task


def breaks(*lines: str, series: str = "prose") -> list[tuple[str, str]]:
    """(gap | duplicate, ordinal) of a numbered list."""
    count = sum(not line.isupper() for line in lines)
    document = plan(*(task(f"Việc {i}") for i in range(max(1, count))), numbered=items(series, *lines))
    return [
        (rule.removeprefix("numbering."), evidence.split(" ")[0])
        for rule in ("numbering.gap", "numbering.duplicate")
        for _, evidence in fired(rule, document)
    ]


def lines(*ordinals: str) -> list[str]:
    """Items of running text; an ordinal in capitals gets words in capitals as headings have them."""
    return [f"{o} {'ĐỀ MỤC' if o.isupper() else 'nội dung'}" for o in ordinals]


SOUND = [
    "I. 1. a) b) c) 2. a) b) II. 1. 2. III. 1.",
    "1. a) b) 2. a) b) 3.",
    "1. a) 1. 2. b) 1. 2. 2.",  # lists nested with the outer style
    "1. 2. 3. 1. 2.",  # restarts under a heading without number
    "4. 1. 2. 3. 5.".replace("4.", "1. 2. 3. 4."),
    "a) b) c) d) đ) e) g) h) i) k) l) m) n) o) p) q) r) s) t) u) v) x) y)",
    "1. 1.1. 1.2. 2. 2.1. 2.2. 2.3.",
    "I. 1. 1.1. a) b) 1.2. a) 2. 2.1. II. 1.",
    "1.1 1.2 2.1 2.2",
    "i) ii) iii) iv) v) vi)",
    "1. (i) (ii) (iii) 2.".replace("(", ""),
    "h) i) k)".replace("h)", "a) b) c) d) đ) e) g) h)"),
    "A. I. 1. 2. II. 1. B. I. II. C.",
    "01. 02. 03. 04. 05. 06. 07. 08. 09. 10.",
    "a) b. c)",  # mixed marks on one level
    "1. 1) 2) 3) 2. 1) 2)",
    "I. II. III. IV. V. VI. VII. VIII. IX. X. XI.",
    "",
]


@pytest.mark.parametrize("ordinals", SOUND)
def test_sound_lists(ordinals: str) -> None:
    assert breaks(*lines(*ordinals.split())) == []


BROKEN = [
    ("a) b) c) d) e)", [("gap", "e)")]),
    ("1. 2. 4. 5.", [("gap", "4.")]),
    ("II. 1. 2. III.", [("gap", "II.")]),
    ("I. II. IV.", [("gap", "IV.")]),
    ("1. a) b) d) 2. a)", [("gap", "d)")]),
    ("I. 1. 2. II. 2. 3.", [("gap", "2.")]),
    ("1. 1.1. 1.3. 2. 2.1.", [("gap", "1.3.")]),
    ("1. 2. 2. 3.", [("duplicate", "2.")]),
    ("I. II. II. III.", [("duplicate", "II.")]),
    ("1. 2. 3. 2. 3. 4.", [("duplicate", "2.")]),
    ("1. 2. 3. 4. 3. 5.", [("duplicate", "3.")]),
    ("1. 3. 4. 4. 5.", [("gap", "3."), ("duplicate", "4.")]),
    ("1. b) c)", [("gap", "b)")]),
]


@pytest.mark.parametrize(("ordinals", "expected"), BROKEN)
def test_broken_lists(ordinals: str, expected: list[tuple[str, str]]) -> None:
    assert breaks(*lines(*ordinals.split())) == expected


def test_a_row_of_a_table_carries_its_task() -> None:
    rows = items("table0", "I THU GOM", "1 Rà soát", "2 Đấu thầu", "4 Lập phương án", "II BÁO CÁO", "1 Báo cáo")
    document = plan(*(task(f"Việc {i}") for i in range(4)), numbered=rows)
    assert fired("numbering.gap", document) == [(3, "4 Lập phương án")]
    assert fired("numbering.duplicate", document) == []


@pytest.mark.parametrize(
    "rows",
    [
        ["1 TĂNG CƯỜNG", "1 Một", "2 CÔNG KHAI", "1 Một", "2 Hai", "3 ĐÁNH GIÁ", "1 Một"],  # groups and tasks alike
        ["1 Một", "2 NHÓM", "2.1 Hai một", "2.2 Hai hai", "3 Ba"],  # a group among tasks
        ["A) BÃO", "1 Một", "2 Hai", "B) LŨ", "3 Ba", "4 Bốn"],  # running on
        ["I NHÓM", "1 Một", "II NHÓM", "1 Một", "III NHÓM", "1 Một"],
    ],
)
def test_tables_whose_numbers_run_in_their_own_way(rows: list[str]) -> None:
    assert breaks(*rows, series="table0") == []


def test_a_number_lacks_although_the_section_before_ended_with_the_one_before_it() -> None:
    rows = items("table0", "I A", "1 Một", "2 Hai", "II B", "1 Một", "3 Ba")
    assert fired("numbering.gap", plan(*(task(f"Việc {i}") for i in range(4)), numbered=rows)) == [(4, "3 Ba")]


def test_a_table_may_run_on_from_the_table_before() -> None:
    numbered = (*items("table0", "1 Một", "2 Hai"), *items("table1", "3 Ba", "4 Bốn", first_task=3))
    assert fired("numbering.gap", plan(*(task(f"Việc {i}") for i in range(4)), numbered=numbered)) == []
    jumping = (*items("table0", "1 Một", "2 Hai"), *items("table1", "4 Bốn", first_task=3))
    assert fired("numbering.gap", plan(*(task(f"Việc {i}") for i in range(3)), numbered=jumping)) == [(3, "4 Bốn")]


def test_a_first_number_twice_in_one_section_of_a_table() -> None:
    rows = items("table0", "1 Một", "1 Hai", "2 Ba")
    one_section = plan(*(task(f"Việc {i}") for i in range(3)), numbered=rows)
    assert fired("numbering.duplicate", one_section) == [(2, "1 Hai")]
    two_sections = plan(
        task("A", section_path=("Quý I",)), task("B", section_path=("Quý II",)), task("C"), numbered=rows
    )
    assert fired("numbering.duplicate", two_sections) == []


def test_prose_and_tables_are_counted_apart() -> None:
    numbered = (*items("prose", "I. MỤC ĐÍCH"), *items("table0", "1 Một", "2 Hai"), *items("prose", "II. KINH PHÍ"))
    assert fired("numbering.gap", plan(task("A"), task("B"), numbered=numbered)) == []


def test_a_number_inside_the_text_before_is_not_missing() -> None:
    assert breaks("1. a) nội dung", "b) nội dung", "2. nội dung") == []
    assert breaks("1. Gồm: a) hồ sơ;", "b) tài liệu", "2. nội dung") == []


def test_the_message_names_the_number_that_was_expected() -> None:
    (told,) = found("numbering.gap", plan(task(), numbered=items("prose", *lines("a)", "b)", "c)", "d)", "e)"))))
    assert "đáng lẽ là đ;" in told.message


def test_where_a_table_runs_on_the_next_number_is_expected() -> None:
    rows = items("table0", "I A", "1 Một", "2 Hai", "II B", "3 Ba", "III C", "5 Năm")
    (told,) = found("numbering.gap", plan(*(task(f"Việc {i}") for i in range(4)), numbered=rows))
    assert (told.task, "đáng lẽ là 4;" in told.message) == (4, True)
