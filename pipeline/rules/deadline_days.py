"""Readings to days: which year they take, from their neighbours or the plan, and what kind and interval that gives."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from pipeline.plan import DeadlineKind, Where, YearContext
from pipeline.rules.deadline_calendar import Moment, complete, complete_range, lend, plan_year
from pipeline.rules.deadline_places import Reading
from pipeline.rules.deadline_values import Phrase, Recurrence


def lend_years(readings: Sequence[Reading], context: YearContext, where: Where) -> list[Reading]:
    """A year written once covers the days before it in the same text, as far as the calendar order allows."""
    out = list(readings)
    known: Moment | None = None
    for index in range(len(out) - 1, -1, -1):
        phrase = out[index].phrase
        if not phrase.is_moment or out[index].is_other or phrase.moment is None:
            continue
        last = phrase.end or phrase.moment
        if phrase.moment.year is not None or last.year is not None:
            known = phrase.moment if phrase.moment.year is not None else last
            continue
        if known is None or known.kind is DeadlineKind.YEAR:
            continue
        if _in_one_list(out, index) or _may_lend(phrase.moment, known, context):
            out[index] = _lent(out[index], known)
    return _lend_forward(out) if where is Where.DEADLINE else out


def _in_one_list(readings: Sequence[Reading], index: int) -> bool:
    """Whether the next reading goes on with the same list, so that its year is this one's too."""
    return index + 1 < len(readings) and readings[index + 1].phrase.linked and readings[index + 1].phrase.is_moment


def _lend_forward(readings: list[Reading]) -> list[Reading]:
    """Members of a list behind the one that has the year: "Quý III/2024, quý IV"."""
    out = list(readings)
    for index in range(1, len(out)):
        here, before = out[index].phrase, out[index - 1].phrase
        if not here.is_moment or here.moment is None or here.moment.has_year or not here.linked:
            continue
        known = before.end or before.moment
        if before.is_moment and known and known.has_year and (here.end is None or not here.end.has_year):
            out[index] = _lent(out[index], known)
    return out


def _may_lend(moment: Moment, known: Moment, context: YearContext) -> bool:
    mine, other = moment.first_month(), known.first_month()
    if mine is not None and other is not None and mine > other:
        return False
    planned = plan_year(context, mine)
    return planned is None or planned == known.year or (mine is not None and mine == other)


def _lent(reading: Reading, known: Moment) -> Reading:
    phrase = reading.phrase
    year = replace(known, month=None)
    if phrase.moment is None:
        return reading
    end = lend(phrase.end, year) if phrase.end else None
    moment = phrase.moment if end else lend(phrase.moment, year)
    return replace(reading, phrase=replace(phrase, moment=moment, end=end))


@dataclass(frozen=True, slots=True)
class Days:
    """Kind and days of a reading once the plan's year is lent."""

    kind: DeadlineKind
    start: date | None = None
    end: date | None = None
    rrule: str | None = None
    inferred: bool = False


def read_days(reading: Reading, context: YearContext) -> Days | None:
    phrase = reading.phrase
    if phrase.noise is not None:
        return None
    if phrase.relation is not None:
        return Days(DeadlineKind.RELATIVE)
    if phrase.condition is not None:
        return Days(DeadlineKind.CONDITIONAL)
    if phrase.periodic:
        return Days(DeadlineKind.RECURRING)
    if phrase.lasting or phrase.recurrence is not None:
        return _repeated_days(phrase, context)
    if phrase.moment is None:
        return None
    if phrase.end is not None:
        return _range_days(phrase.moment, phrase.end, context)
    return _moment_days(reading, phrase.moment, context)


def _moment_days(reading: Reading, stated: Moment, context: YearContext) -> Days:
    moment = complete(stated, context)
    if not moment.exists():
        return Days(DeadlineKind.INVALID)
    days = moment.interval()
    if days is None and reading.may_repeat and stated.shift is None and stated.month_list():
        on = (stated.day,) if stated.day else ()
        rule = Recurrence(reading.phrase.span, "YEARLY", months=stated.month_list(), days=on)
        return Days(DeadlineKind.RECURRING, rrule=rule.rrule())
    start, end = days or (None, None)
    return Days(moment.kind, start, end, inferred=moment.inferred and days is not None)


def _range_days(start: Moment, end: Moment, context: YearContext) -> Days:
    first, last = complete_range(start, end, context)
    if not first.exists() or not last.exists():
        return Days(DeadlineKind.INVALID)
    a, b = first.interval(), last.interval()
    if a is None or b is None:
        return Days(DeadlineKind.RANGE)
    if b[1] < a[0]:
        return Days(DeadlineKind.INVALID)
    return Days(DeadlineKind.RANGE, a[0], b[1], inferred=first.inferred or last.inferred)


def _repeated_days(phrase: Phrase, context: YearContext) -> Days:
    """Recurring or lasting work with the span that the paper gives it."""
    for moment in (phrase.moment, phrase.end):
        if moment is not None and not moment.exists():
            return Days(DeadlineKind.INVALID)
    first, last = phrase.first, phrase.last
    if first and last and first != last:
        first, last = complete_range(first, last, context)
    else:
        first, last = first and complete(first, context), last and complete(last, context)
    if (first and not first.exists()) or (last and not last.exists()):
        return Days(DeadlineKind.INVALID)
    a = first.interval() if first else None
    b = last.interval() if last else None
    kind = DeadlineKind.ONGOING if phrase.lasting else DeadlineKind.RECURRING
    rule = phrase.recurrence.rrule() if phrase.recurrence else None
    inferred = any(m is not None and m.inferred for m in (first, last)) and bool(a or b)
    if a and b and b[1] < a[0]:
        return Days(DeadlineKind.INVALID)
    return Days(kind, a[0] if a else None, b[1] if b else None, rule, inferred)
