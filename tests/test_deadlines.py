"""Deadlines: own phrases of the genre, laws that hold for any text, hostile input, no clock."""

import ast
import json
import subprocess
import sys
import unicodedata
from calendar import monthrange
from datetime import date, datetime
from pathlib import Path
from typing import Literal

import pytest
from dateutil.rrule import rrulestr
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.plan import Bound, Deadline, DeadlineKind, Where, YearContext
from pipeline.rules import deadline_lines, deadlines
from pipeline.rules.deadline_words import may_be_described, may_be_limited
from pipeline.rules.deadlines import RULES as RULES_OF_DEADLINES
from pipeline.rules.deadlines import read_deadlines, read_start_end

CASES = Path(__file__).parent / "deadline_cases"
RULES = Path(deadline_lines.__file__).parent
ONE_YEAR = YearContext(date(2024, 1, 1), date(2024, 12, 31))


def _cases(name: str) -> list[dict[str, object]]:
    return [json.loads(line) for line in (CASES / name).read_text(encoding="utf-8").splitlines()]


SETS = ("unseen.jsonl", "unseen_late.jsonl", "forms.jsonl", "places.jsonl")
ALL = [(name, case) for name in SETS for case in _cases(name)]


@pytest.mark.parametrize(("name", "case"), ALL, ids=[f"{name[:-6]}-{case['text']}" for name, case in ALL])
def test_own_phrases(name: str, case: dict[str, object]) -> None:
    rows = deadline_lines.read_line(json.dumps(case))
    got = [
        {
            "kind": row["kind"],
            "bound": row["bound"],
            "start": row["start_date"],
            "end": row["end_date"],
            "rrule": row["rrule"],
            "year_inferred": row["year_inferred"],
        }
        for row in rows
    ]
    assert got == case["deadlines"]


@pytest.mark.parametrize("where", Where)
def test_no_deadline_is_bound_before_or_by_without_a_sign(where: Where) -> None:
    """Words tied to an event aside, whose days no check asks for."""
    texts = [str(case["text"]) for _, case in ALL] + [text for rule in RULES_OF_DEADLINES for text in rule.examples]
    bound = [
        text
        for text in texts
        for deadline in read_deadlines(text, ONE_YEAR, where)
        if deadline.bound in (Bound.BEFORE, Bound.BY)
        and deadline.kind not in (DeadlineKind.RELATIVE, DeadlineKind.CONDITIONAL)
    ]
    assert bound
    assert [text for text in bound if not may_be_limited(text)] == []


def test_a_description_without_a_sign_holds_no_deadline(monkeypatch: pytest.MonkeyPatch) -> None:
    texts = [str(case["text"]) for _, case in ALL] + [text for rule in RULES_OF_DEADLINES for text in rule.examples]
    silent = [text for text in texts if not may_be_described(text)]
    assert len(silent) > 100
    monkeypatch.setattr(deadlines, "may_be_described", lambda _: True)
    read_deadlines.cache_clear()
    assert [text for text in silent if read_deadlines(text, ONE_YEAR, Where.CONTENT)] == []


@pytest.mark.parametrize("text", ["Rà soát 12 thủ tục hành chính", "Tháng 3/2024", "Từ ngày 01/7/2024", "Mục 2."])
def test_words_without_a_limit_have_no_sign_of_one(text: str) -> None:
    assert not may_be_limited(text)


# Laws -------------------------------------------------------------------------------------------------------------

WORDS = st.sampled_from(
    [
        "trước ngày",
        "Quý",
        "II",
        "IV",
        "tháng",
        "năm",
        "hàng năm",
        "hằng tháng",
        "định kỳ",
        "6 tháng",
        "đến",
        "từ",
        "và",
        ",",
        ";",
        "-",
        "\n",
        "(",
        ")",
        "15/3",
        "31/12",
        "2024",
        "30/02",
        "thường xuyên",
        "kể từ",
        "10 ngày làm việc",
        "sau khi",
        "hoàn thành",
        "chậm nhất",
        "cuối",
        "đầu",
        "tháng cuối quý",
        "thứ Sáu hàng tuần",
        "theo",
        "kế hoạch",
        "đạt 90%",
        "số 12/QĐ-UBND",
        "l5/3/2O24",
        "17h00",
        "tuần",
        "giai đoạn",
        "2021-2025",
        "nếu có",
        "lần/năm",
        "02",
        "Sở Y tế",
        "mỗi",
        "quý",
    ]
)
PHRASES = st.one_of(st.lists(WORDS, max_size=12).map(" ".join), st.text(max_size=60))
CONTEXTS = st.sampled_from(
    [
        YearContext(),
        ONE_YEAR,
        YearContext(date(2021, 1, 1), date(2025, 12, 31)),
        YearContext(date(2024, 9, 1), date(2025, 8, 31)),
        YearContext(year=2026, month=2),
    ]
)
DAYS = st.dates(date(1990, 1, 1), date(2079, 12, 31))


@settings(max_examples=300, deadline=None)
@given(PHRASES, CONTEXTS, st.sampled_from(Where))
def test_laws_of_every_result(text: str, context: YearContext, where: Where) -> None:
    last = 0
    for deadline in read_deadlines(text, context, where):
        start, end = deadline.span
        assert 0 <= start < end <= len(text)
        assert unicodedata.normalize("NFC", text[start:end]) == deadline.text
        assert last <= start
        last = start
        if deadline.start and deadline.end:
            assert deadline.start <= deadline.end
        if deadline.rrule:
            assert rrulestr(deadline.rrule, dtstart=datetime(2020, 1, 1))
        assert (deadline.rrule is None) or deadline.kind is DeadlineKind.RECURRING
        if deadline.kind in (DeadlineKind.INVALID, DeadlineKind.UNPARSED, DeadlineKind.RELATIVE):
            assert deadline.start is None
            assert deadline.end is None
        if deadline.year_inferred:
            assert deadline.start or deadline.end
        if where is not Where.DEADLINE:
            assert deadline.kind is not DeadlineKind.UNPARSED


@settings(max_examples=150, deadline=None)
@given(PHRASES, CONTEXTS)
def test_composed_and_decomposed_text_say_the_same(text: str, context: YearContext) -> None:
    def values(form: Literal["NFC", "NFD"]) -> list[tuple[object, ...]]:
        found = read_deadlines(unicodedata.normalize(form, text), context)
        return [(d.text, d.kind, d.bound, d.start, d.end, d.rrule, d.year_inferred) for d in found]

    assert values("NFC") == values("NFD")


@settings(max_examples=200, deadline=None)
@given(
    DAYS,
    st.sampled_from(
        (
            "{d}/{m}/{y}",
            "{d:02}/{m:02}/{y}",
            "{d}-{m}-{y}",
            "{d:02}.{m:02}.{y}",
            "ngày {d} tháng {m} năm {y}",
            "Ngày {d:02} tháng {m:02} năm {y}",
            "{d} tháng {m} năm {y}",
            "ngày {d}/{m} năm {y}",
            "{y}-{m:02}-{d:02}",
            "{d} / {m} / {y}",
            "ngày\u00a0{d}/{m}/{y}",
            "{d}\u2215{m}\u2215{y}",
            "17h00 ngày {d}/{m}/{y}",
        )
    ),
    st.sampled_from((("", Bound.IN), ("Trước ", Bound.BEFORE), ("Chậm nhất ", Bound.BY), ("Kể từ ", Bound.FROM))),
)
def test_a_date_is_the_same_in_all_spellings(day: date, form: str, words: tuple[str, Bound]) -> None:
    if form.startswith("{y}") and day.year < 2000:
        return
    text = words[0] + form.format(d=day.day, m=day.month, y=day.year)
    (deadline,) = read_deadlines(text)
    assert (deadline.kind, deadline.bound, deadline.start, deadline.end) == (DeadlineKind.DATE, words[1], day, day)
    assert not deadline.repaired


@given(
    st.integers(1, 4),
    st.integers(2000, 2079),
    st.sampled_from(("Quý {r}/{y}", "quý {n} năm {y}", "Q.{r}/{y}", "QUÝ {r} - {y}")),
)
def test_a_quarter_is_the_same_in_all_spellings(number: int, year: int, form: str) -> None:
    roman = ("I", "II", "III", "IV")[number - 1]
    (deadline,) = read_deadlines(form.format(r=roman, n=number, y=year))
    assert deadline.kind is DeadlineKind.QUARTER
    assert deadline.start == date(year, 3 * number - 2, 1)
    assert deadline.end == date(year, 3 * number, monthrange(year, 3 * number)[1])


@given(st.integers(1, 31), st.integers(1, 12), st.integers(2001, 2079))
def test_impossible_days_are_never_repaired(day: int, month: int, year: int) -> None:
    (deadline,) = read_deadlines(f"Trước ngày {day}/{month}/{year}")
    if day > monthrange(year, month)[1]:
        assert (deadline.kind, deadline.start, deadline.bound) == (DeadlineKind.INVALID, None, Bound.BEFORE)
    else:
        assert deadline.end == date(year, month, day)


# Single matters ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("l5/3/2021", "2021-03-15"),
        ("31/l2/2020", "2020-12-31"),
        ("O1/7/2O22", "2022-07-01"),
        ("3O/I1/2023", "2023-11-30"),
    ],
)
def test_slips_of_recognition_are_read_and_marked(text: str, day: str) -> None:
    (deadline,) = read_deadlines(text)
    assert str(deadline.end) == day
    assert deadline.repaired
    assert deadline.text == text


def test_other_spellings_are_no_slips() -> None:
    for text in (
        "Hằng năm",
        "Quí II/2024",
        "Qúy II/2024",
        "Trước ngày 5/6/2024",
        "Thường xuyên",
        "truoc ngay 15/01 hang nam",
    ):
        assert not read_deadlines(text)[0].repaired, text


def test_words_of_a_quarter_and_of_numbers_are_not_repaired_into_dates() -> None:
    assert [d.kind for d in read_deadlines("Đạt loại II/2024 theo quy định", where=Where.CONTENT)] == []
    assert [d.kind for d in read_deadlines("I/2024")] == [DeadlineKind.UNPARSED]


def test_the_year_comes_from_the_plan_its_heading_or_nowhere() -> None:
    assert read_deadlines("30/6")[0].end is None
    assert read_deadlines("30/6", ONE_YEAR)[0].end == date(2024, 6, 30)
    assert read_deadlines("30/6", YearContext(year=2031))[0].end == date(2031, 6, 30)
    assert read_deadlines("30/6", YearContext(date(2021, 1, 1), date(2025, 12, 31)))[0].end is None
    school = YearContext(date(2024, 8, 1), date(2025, 7, 31))
    assert read_deadlines("30/6", school)[0].end == date(2025, 6, 30)
    assert read_deadlines("30/9", school)[0].end == date(2024, 9, 30)


def test_a_written_year_covers_its_list_and_is_not_inferred() -> None:
    found = read_deadlines("20/3, 20/6, 20/9/2025", ONE_YEAR)
    assert [d.end for d in found] == [date(2025, 3, 20), date(2025, 6, 20), date(2025, 9, 20)]
    assert not any(d.year_inferred for d in found)


def test_a_year_of_a_later_matter_does_not_move_an_earlier_quarter() -> None:
    found = read_deadlines("Quý III; báo cáo tổng kết trước ngày 15/01/2025", ONE_YEAR)
    assert [str(d.end) for d in found] == ["2024-09-30", "2025-01-15"]


def test_start_and_end_of_two_columns_are_one_range() -> None:
    (deadline,) = read_start_end("Tháng 3", "Tháng 9", ONE_YEAR)
    assert (deadline.kind, deadline.start, deadline.end) == (DeadlineKind.RANGE, date(2024, 3, 1), date(2024, 9, 30))
    assert deadline.text == "Tháng 3\nTháng 9"
    (deadline,) = read_start_end("15/11", "10/02/2025", ONE_YEAR)
    assert (deadline.start, deadline.end) == (date(2024, 11, 15), date(2025, 2, 10))
    (deadline,) = read_start_end("Quý II/2024", "")
    assert deadline.kind is DeadlineKind.QUARTER
    assert [d.kind for d in read_start_end("Thường xuyên", "31/12/2024")] == [DeadlineKind.ONGOING, DeadlineKind.DATE]


def test_sources_follow_the_place_and_sentences_count_as_deadlines() -> None:
    text = "hoàn thành trước ngày 30/6/2024"
    assert [read_deadlines(text, where=w)[0].source for w in Where] == ["deadline", "note", "content", "deadline"]


def test_lines_for_programs_have_the_columns_of_the_contract() -> None:
    line = (
        '{"text": "Trước ngày 15/01 hàng năm", "context": {"period_start": "2021-01-01", "period_end": "2021-12-31"}}'
    )
    assert json.loads(next(deadline_lines.read_lines([line]))) == [
        {
            "text": "Trước ngày 15/01 hàng năm",
            "source": "deadline",
            "kind": "recurring",
            "bound": "before",
            "start_date": None,
            "end_date": None,
            "rrule": "FREQ=YEARLY;BYMONTH=1;BYMONTHDAY=15",
            "year_inferred": False,
        }
    ]
    assert next(deadline_lines.read_lines(["", '{"text": "15/3", "context": null}'])).startswith('[{"text": "15/3"')


@pytest.mark.parametrize(
    "line",
    ["x", "[]", "{}", '{"text": 5}', '{"text": "a", "context": []}', '{"text": "a", "context": {"period_start": "x"}}',
     '{"text": "a", "where": "roof"}', '{"text": "a", "context": {"year": "x"}}'],
)  # fmt: skip
def test_bad_lines_are_named(line: str) -> None:
    with pytest.raises(ValueError, match="line 2: "):
        list(deadline_lines.read_lines(["", line]))


def test_lines_for_people_say_what_was_read() -> None:
    said = [deadline_lines.describe(d) for d in read_deadlines("Trước ngày l5/3; hằng quý", ONE_YEAR)]
    assert said == [
        "Trước ngày l5/3: ngày, trước, 15/03/2024, năm lấy theo kế hoạch, đã sửa lỗi nhận dạng",
        "hằng quý: lặp lại, FREQ=MONTHLY;INTERVAL=3",
    ]
    assert deadline_lines.year_context(2021) == YearContext(date(2021, 1, 1), date(2021, 12, 31))
    assert deadline_lines.year_context(None) == YearContext()


# Hostile input and the clock --------------------------------------------------------------------------------------

HOSTILE = (
    "'1' * 50_000", "'1/' * 25_000", "'tháng ' * 10_000", "'15 ngày ' * 6_000", "'trước ' * 8_000", "'Quý I, ' * 7_000",
    "' ' * 50_000", "chr(10) * 50_000", "'-' * 50_000", "'năm 2024 ' * 5_000", "'(' * 50_000", "'15/3, ' * 8_000",
    "'định kỳ ' * 6_000", "'từ ngày ' * 6_000", "'hoàn thành ' * 5_000", "'a, ' * 17_000", "'… ' * 25_000",
    "'đến 2024 ' * 6_000", "'theo ' * 10_000", "'hàng năm, ' * 5_000", "'1 tháng ' * 6_000", "'e' + chr(769) * 50_000",
    "'quý l' * 9_000", "'o/1 ' * 12_000", "'sau khi ' * 6_000", "'12.' * 16_000", "'ngày 1, ' * 6_000",
)  # fmt: skip


def test_no_text_takes_more_than_its_length() -> None:
    """50 kB of the worst words each; a repeat that costs its square would need hours."""
    code = (
        "from pipeline.rules.deadlines import read_deadlines as read\nfrom pipeline.plan import Where\n"
        f"for text in ({', '.join(HOSTILE)},):\n    read(text)\n    read(text, where=Where.PROSE)\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True, timeout=240)


def test_nothing_asks_the_clock() -> None:
    for path in RULES.glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Attribute):
                assert node.attr not in {"today", "now", "utcnow", "localtime", "gmtime"}, path
            if isinstance(node, ast.Import | ast.ImportFrom):
                names = {alias.name for alias in node.names} | {getattr(node, "module", None) or ""}
                assert not names & {"time", "locale"}, path


def test_results_are_plain_values() -> None:
    first, second = (read_deadlines("Quý II/2024; hằng năm; theo kế hoạch") for _ in range(2))
    assert first == second
    assert all(isinstance(d, Deadline) and hash(d) for d in first)
