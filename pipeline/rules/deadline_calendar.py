"""Calendar arithmetic of deadlines: stated units of time, the days they span, the year they leave to the plan.

Nothing here knows today's date. Gregorian calendar; quarters and halves are those of the calendar year.
"""

from calendar import monthrange
from dataclasses import dataclass, replace
from datetime import date

from extractors.quick import filled_open
from pipeline.plan import DeadlineKind, YearContext

MIN_YEAR, MAX_YEAR = 1900, 2199


@filled_open
@dataclass(frozen=True, slots=True)
class Moment:
    """One stated unit of time: a day, month, quarter, half-year or year, as far as the words give it.

    `part` is the number of the quarter or half. `shift` is the year relative to the plan's ("năm trước": -1).
    `bare` marks digits without a word that says what they are ("15/3", "2024"); `months` a span of months inside a
    year that is no unit ("9 tháng đầu năm").
    """

    kind: DeadlineKind
    span: tuple[int, int]
    year: int | None = None
    month: int | None = None
    day: int | None = None
    part: int | None = None
    shift: int | None = None
    months: tuple[int, int] | None = None
    bare: bool = False
    whole_plan: bool = False  # "trong năm", "cả năm": the plan's own year
    inferred: bool = False

    @property
    def has_year(self) -> bool:
        return self.year is not None

    @property
    def is_complete(self) -> bool:
        needs_month = self.kind in (DeadlineKind.DATE, DeadlineKind.MONTH)
        return self.year is not None and (self.month is not None or not needs_month)

    def first_month(self) -> int | None:
        """Month in which it begins, as far as it is known without the year."""
        if self.months:
            return self.months[0]
        if self.kind is DeadlineKind.QUARTER and self.part:
            return 3 * self.part - 2
        if self.kind is DeadlineKind.HALF_YEAR and self.part:
            return 6 * self.part - 5
        return self.month

    def month_list(self) -> tuple[int, ...]:
        """Months it covers in any year; empty for a year."""
        first = self.first_month()
        if first is None:
            return ()
        if self.months:
            return tuple(range(self.months[0], self.months[1] + 1))
        length = {DeadlineKind.QUARTER: 3, DeadlineKind.HALF_YEAR: 6}.get(self.kind, 1)
        return tuple(range(first, first + length))

    def exists(self) -> bool:
        """Whether a calendar has it; without a year, 29/02 does."""
        if self.year is not None and not MIN_YEAR <= self.year <= MAX_YEAR:
            return False
        if self.kind is DeadlineKind.QUARTER:
            return self.part is not None and 1 <= self.part <= 4
        if self.month is not None and not 1 <= self.month <= 12:
            return False
        if self.day is None:
            return True
        longest = monthrange(self.year or 2000, self.month)[1] if self.month else 31
        return 1 <= self.day <= longest

    def interval(self) -> tuple[date, date] | None:
        """First and last day; None while the year (or the month of a day) is open."""
        if not self.is_complete or not self.exists():
            return None
        year = self.year or 0
        if self.kind is DeadlineKind.DATE:
            if self.month is None or self.day is None:
                return None
            return date(year, self.month, self.day), date(year, self.month, self.day)
        if self.kind is DeadlineKind.YEAR:
            return date(year, 1, 1), date(year, 12, 31)
        months = self.month_list()
        return date(year, months[0], 1), date(year, months[-1], monthrange(year, months[-1])[1])


def plan_year(context: YearContext, month: int | None = None) -> int | None:
    """The year that the plan lends to words without one; for twelve months over two years the month decides."""
    if context.month is not None and month is not None and month != context.month:
        return _year_beside(context, month)
    if context.year is not None:
        return context.year
    start, end = context.period_start, context.period_end
    if start is None or end is None or end < start:
        return None
    if start.year == end.year:
        return start.year
    months = 12 * (end.year - start.year) + end.month - start.month + 1
    if end.year != start.year + 1 or months > 12 or month is None:
        return None
    return start.year if month >= start.month else end.year


_ROUND_NEW_YEAR = (
    8  # months: "05/01" under "Tháng 12/2024" is of the year that begins, "28/12" under "Tháng 01" of the last
)


def _year_beside(context: YearContext, month: int) -> int | None:
    """The year of a month that stands under the heading of another one."""
    headed = context.month or month
    year = context.year or plan_year(replace(context, month=None), headed)
    if year is None or abs(month - headed) > _ROUND_NEW_YEAR:
        return year and year + (1 if month < headed else -1)
    start, end = context.period_start, context.period_end
    if start is None or end is None:
        return year
    planned = [
        y for y in (year - 1, year, year + 1) if (start.year, start.month) <= (y, month) <= (end.year, end.month)
    ]
    return planned[0] if len(planned) == 1 else year


def complete(moment: Moment, context: YearContext) -> Moment:
    """The moment with the month of its heading and the year of its plan, where its own words leave them open."""
    if moment.kind in (DeadlineKind.DATE, DeadlineKind.MONTH) and moment.month is None:
        if context.month is None:
            return moment
        moment = replace(moment, month=context.month)
    if moment.year is not None:
        return moment
    base = plan_year(context) if moment.shift is not None else plan_year(context, moment.first_month())
    if base is None:
        return moment
    return replace(moment, year=base + (moment.shift or 0), inferred=True)


def lend(moment: Moment, other: Moment) -> Moment:
    """The moment with the year (and for a bare day the month) that is written with its neighbour."""
    if moment.kind is DeadlineKind.DATE and moment.month is None and other.month is not None:
        moment = replace(moment, month=other.month)
    if moment.year is None and moment.shift is None:
        return replace(moment, year=other.year, shift=other.shift)
    return moment


def complete_range(start: Moment, end: Moment, context: YearContext) -> tuple[Moment, Moment]:
    """Both ends with years: one written year serves both, and a span over New Year takes the year beside it."""
    if start.kind is DeadlineKind.DATE and start.month is None and end.month is not None:
        start = replace(start, month=end.month)
    across = (start.first_month() or 0, start.day or 0) > (end.first_month() or 12, end.day or 31)
    if start.year is None and end.year is not None:
        start = replace(start, year=end.year - across)
    elif end.year is None and start.year is not None:
        end = replace(end, year=start.year + across)
    else:
        start, end = complete(start, context), complete(end, context)
        if across and start.inferred and end.inferred and start.year == end.year and end.year is not None:
            end = replace(end, year=end.year + 1)
    return start, end
