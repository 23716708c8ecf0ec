"""On which days a recurring deadline falls due."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.occurrences import occurrences

RULES = {
    "FREQ=MONTHLY;INTERVAL=3": "31/03 30/06 30/09 31/12",
    "FREQ=MONTHLY;INTERVAL=6": "30/06 31/12",
    "FREQ=MONTHLY;INTERVAL=12": "31/12",
    "FREQ=YEARLY": "31/12",
    "FREQ=YEARLY;BYMONTH=12": "31/12",
    "FREQ=YEARLY;BYMONTH=6,12": "30/06 31/12",
    "FREQ=YEARLY;BYMONTH=1;BYMONTHDAY=15": "15/01",
    "FREQ=YEARLY;BYMONTH=3,6,9,12;BYMONTHDAY=20": "20/03 20/06 20/09 20/12",
    "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=-1": "29/02",
    "FREQ=DAILY": "",
}


@pytest.mark.parametrize("rule", RULES)
def test_due_days_of_a_year(rule: str) -> None:
    found = occurrences(rule, date(2024, 1, 1), date(2024, 12, 31))
    assert " ".join(f"{day:%d/%m}" for day in found) == RULES[rule]


def test_a_month_has_its_last_day_and_a_week_its_sunday() -> None:
    assert len(occurrences("FREQ=MONTHLY", date(2024, 1, 1), date(2024, 12, 31))) == 12
    weeks = occurrences("FREQ=WEEKLY", date(2024, 1, 1), date(2024, 1, 31))
    assert weeks == [date(2024, 1, 7), date(2024, 1, 14), date(2024, 1, 21), date(2024, 1, 28)]


def test_the_bounds_of_the_deadline_hold() -> None:
    found = occurrences("FREQ=MONTHLY", date(2024, 1, 1), date(2025, 12, 31), date(2024, 11, 1), date(2025, 1, 31))
    assert found == [date(2024, 11, 30), date(2024, 12, 31), date(2025, 1, 31)]


def test_three_years_are_counted_from_the_start_of_the_deadline() -> None:
    found = occurrences("FREQ=YEARLY;INTERVAL=3", date(2026, 1, 1), date(2031, 12, 31), start=date(2025, 1, 1))
    assert found == [date(2028, 12, 31), date(2031, 12, 31)]


@given(
    st.sampled_from([*RULES, "FREQ=WEEKLY;BYDAY=MO,FR", "FREQ=MONTHLY;BYDAY=-1FR"]),
    st.dates(date(1990, 1, 1), date(2060, 1, 1)),
    st.integers(0, 900),
    st.integers(0, 900),
)
def test_a_span_cut_in_two_gives_the_same_days(rule: str, first: date, left: int, right: int) -> None:
    middle = date.fromordinal(first.toordinal() + left)
    last = date.fromordinal(middle.toordinal() + 1 + right)
    after = date.fromordinal(middle.toordinal() + 1)
    assert occurrences(rule, first, middle) + occurrences(rule, after, last) == occurrences(rule, first, last)
