"""Puts recognised parts together: lists, ranges, a year written once, what "hàng năm" and "thường xuyên" govern.

Works inside one sentence or line (segment); the result still lacks the plan's year.
"""

import re
from collections.abc import Sequence
from dataclasses import replace

from pipeline.plan import DeadlineKind
from pipeline.rules.deadline_calendar import Moment, lend
from pipeline.rules.deadline_repeat import can_repeat, repeat, repeated, span_lasting, unite_windows
from pipeline.rules.deadline_values import (
    Condition,
    Lasting,
    Moments,
    Part,
    Periodic,
    Phrase,
    Recurrence,
    Recurrences,
    Relation,
)
from pipeline.rules.rule import Found

_LIST_GAP = re.compile(
    r"\s{0,3}(?:,|và|hoặc|hay|&|\+|/)\s{0,3}(?:(?:các|trước|vào|trong|đến|chậm nhất|là|ngày|hết|cuối|đầu"
    r"|thứ \w{2,3},?)\s{1,3}){0,4}"
)
_RANGE_GAP = re.compile(
    r"\s{0,3}(?:(?:của\s)?kỳ báo cáo\s)?,?\s{0,3}(?:-|(?:cho\s)?(?:đến|tới)|(?:và\s)?kết thúc(?:\s(?:vào"
    r"|trong))?\s?:?)\s{0,3}"
    r"(?:(?:hết|ngày|trước|cuối|giữa|đầu|khoảng|hết ngày|thứ \w{2,3},?|\d{1,2}\s?(?:h|g|giờ"
    r"|:)\s?\d{0,2}(?:\s?phút)?,?)\s{0,3}){0,4}"
)
_YEAR_GAP = re.compile(r"\s{0,3},?\s{0,3}(?:của|trong)?\s{0,3}")
_YEAR_LAST = re.compile(r"năm\s\d{4}$")
_HEAD_GAP = re.compile(r"\s{0,3}[:(]\s{0,3}-?\s{0,3}(?:trong\s|từ\s|vào\s)?")
_REFINE_GAP = re.compile(
    r"\s{0,3}[:(]?\s{0,3}(?:gửi\s|nộp\s|báo cáo\s|chậm nhất\s|hoàn thành\s)?(?:trước|ngày|đến)\s{1,3}(?:ngày\s{1,3})?"
)
_NAMED_REPORT = re.compile(r"(?<!\w)(?:báo cáo|đối với|sơ kết|tổng kết|chế độ)(?!\w)[^,;\n]{0,40}$")


def compose(words: str, found: Sequence[Found[Part]], heading: Moment | None = None) -> tuple[Phrase, ...]:
    """Phrases of one segment, in order; `heading` is the year of a line above ("Năm 2024:")."""
    split = [phrase for part in found for phrase in _split(part)]
    passed = [phrase for phrase in split if phrase.noise]  # hours and the like neither part nor join
    phrases = [phrase for phrase in split if not phrase.noise]
    if len(split) == 1 and heading is None:  # as most cells are: nothing to put together
        return tuple(passed or _that_stand_alone(phrases))
    phrases = _join_moments(words, phrases)
    phrases = _drop_gloss(words, phrases)
    phrases = _attach_years(words, phrases, heading)
    phrases = repeat(words, phrases)
    phrases = _that_stand_alone(phrases)
    phrases = unite_windows(phrases)
    phrases = _refine(words, phrases)
    phrases = _drop_named(words, phrases)
    return tuple(sorted([*span_lasting(words, phrases), *passed], key=lambda phrase: phrase.span))


def _that_stand_alone(phrases: list[Phrase]) -> list[Phrase]:
    """Without words that only say "every year" of nothing that stands beside them."""
    return [p for p in phrases if p.recurrence is None or p.recurrence.alone or p.moment is not None]


def _split(found: Found[Part]) -> list[Phrase]:
    part, span = found.value, found.span
    if isinstance(part, Moments):
        return _split_moments(part)
    if isinstance(part, Recurrences):
        return [Phrase(item.span, recurrence=item, linked=index > 0) for index, item in enumerate(part.items)]
    if isinstance(part, Periodic):
        return [Phrase(span, periodic=True)]
    if isinstance(part, Lasting):
        return [Phrase(span, lasting=True)]
    if isinstance(part, Relation):
        return [Phrase(span, relation=part)]
    if isinstance(part, Condition):
        return [Phrase(span, condition=part)]
    return [Phrase(span, noise=part)]


def _split_moments(part: Moments) -> list[Phrase]:
    points = list(part.points)
    for index in range(len(points) - 2, -1, -1):  # a year or month written once, at the end, covers the list
        if part.ranges[index]:
            continue
        points[index] = lend(points[index], points[index + 1])
    for index in range(1, len(points)):
        points[index] = lend(points[index], points[index - 1]) if not part.ranges[index - 1] else points[index]
    phrases: list[Phrase] = []
    index = 0
    while index < len(points):
        point = points[index]
        if index < len(part.ranges) and part.ranges[index]:
            other = points[index + 1]
            phrases.append(Phrase((point.span[0], other.span[1]), point, other, linked=bool(phrases)))
            index += 2
        else:
            phrases.append(Phrase(point.span, point, linked=bool(phrases)))
            index += 1
    return phrases


def _join_moments(words: str, phrases: list[Phrase]) -> list[Phrase]:
    out: list[Phrase] = []
    for phrase in phrases:
        before = out[-1] if out else None
        if before and before.is_moment and phrase.is_moment:
            gap = words[before.span[1] : phrase.span[0]]
            if before.end is None and phrase.end is None and _RANGE_GAP.fullmatch(gap):
                out[-1] = replace(before, span=(before.span[0], phrase.span[1]), end=phrase.moment)
                continue
            if not phrase.linked and _LIST_GAP.fullmatch(gap):
                phrase = replace(phrase, linked=True)
        out.append(phrase)
    return out


def _attach_years(words: str, phrases: list[Phrase], heading: Moment | None) -> list[Phrase]:
    """ "30/6 và 31/12 năm 2024", "Năm 2024: quý I, quý III": the year belongs to its neighbours."""
    out: list[Phrase] = []
    for index, phrase in enumerate(phrases):
        year = phrase.moment
        if phrase.is_moment and year and year.kind is DeadlineKind.YEAR and (year.bare or not phrase.linked):
            before = out[-1] if out and _is_open(out[-1]) else None
            if before and _is_year_of(before, year, words[before.span[1] : phrase.span[0]]):
                out = _lend_back(out, phrase)
                continue
            following = phrases[index + 1] if index + 1 < len(phrases) and not year.bare and not phrase.end else None
            if following and _is_open(following) and _HEAD_GAP.fullmatch(words[phrase.span[1] : following.span[0]]):
                heading = year
                continue
        if out and _is_more_years(words, out, phrase):
            out.append(_in_another_year(out, phrase))
            continue
        if heading and phrase.is_moment and phrase.moment:
            phrase = replace(phrase, moment=lend(phrase.moment, heading), end=phrase.end and lend(phrase.end, heading))
        out.append(phrase)
    return out


def _is_year_of(before: Phrase, year: Moment, gap: str) -> bool:
    if year.bare:
        return before.moment is not None and before.moment.kind is DeadlineKind.DATE and bool(re.fullmatch(r",\s", gap))
    return bool(_YEAR_GAP.fullmatch(gap))


def _is_more_years(words: str, out: list[Phrase], phrase: Phrase) -> bool:
    """ "Quý II các năm 2022, 2023": a year that goes on with the years of the phrase before."""
    moment, before = phrase.moment, out[-1].moment
    return (
        phrase.linked
        and phrase.is_moment
        and phrase.end is None
        and moment is not None
        and moment.kind is DeadlineKind.YEAR
        and before is not None
        and before.kind is not DeadlineKind.YEAR
        and (out[-1].shares_years or _YEAR_LAST.search(words, *out[-1].span) is not None)
        and words[phrase.span[0] : phrase.span[1]].isdigit()
    )


def _in_another_year(out: list[Phrase], year: Phrase) -> Phrase:
    before = out[-1]
    stated = year.moment.year if year.moment else None
    moment = replace(before.moment, year=stated, span=year.span) if before.moment else None
    end = replace(before.end, year=stated) if before.end else None
    return replace(before, span=year.span, moment=moment, end=end, linked=True)


def _is_open(phrase: Phrase) -> bool:
    last = phrase.end or phrase.moment
    return (
        phrase.is_moment
        and last is not None
        and last.year is None
        and last.shift is None
        and last.kind is not DeadlineKind.YEAR
    )


def _lend_back(out: list[Phrase], years: Phrase) -> list[Phrase]:
    """The list before with the year (or the span of years, in each of which it comes back) that stands behind it."""
    out = list(out)
    year = years.moment
    out[-1] = replace(out[-1], span=(out[-1].span[0], years.span[1]), shares_years=True)
    index = len(out) - 1
    while index >= 0 and out[index].is_moment and year is not None:
        phrase = out[index]
        if phrase.moment is None:
            break
        if years.end is not None:
            each = Recurrence(phrase.span, "YEARLY")
            if not can_repeat(phrase, each):
                break
            out[index] = replace(repeated(phrase, each), first=year, last=years.end)
        elif phrase.end:
            out[index] = replace(phrase, end=lend(phrase.end, year))
        else:
            out[index] = replace(phrase, moment=lend(phrase.moment, year))
        if not phrase.linked:
            break
        index -= 1
    return out


def _drop_gloss(words: str, phrases: list[Phrase]) -> list[Phrase]:
    """ "Quý III (tháng 7, 8, 9)": months in brackets that are the whole quarter only explain it."""
    out: list[Phrase] = []
    for phrase in phrases:
        before = out[-1] if out else None
        if before and _explains(words, before, phrase):
            out[-1] = replace(before, span=(before.span[0], words.index(")", phrase.span[1]) + 1))
        elif not (before and phrase.span[1] <= before.span[1]):
            out.append(phrase)
    return out


def _explains(words: str, before: Phrase, gloss: Phrase) -> bool:
    period, first, last = before.moment, gloss.moment, gloss.end or gloss.moment
    if period is None or first is None or last is None or not before.is_moment or not gloss.is_moment:
        return False
    months = period.month_list()
    if len(months) < 3 or words[before.span[1] : gloss.span[0]].strip() != "(" or first.month != months[0]:
        return False
    close = words.find(")", gloss.span[1], gloss.span[1] + 40)
    whole = gloss.end is not None and last.month == months[-1]
    return close >= 0 and (whole or words[gloss.span[1] : close].strip(" ,và").endswith(str(months[-1])))


def _refine(words: str, phrases: list[Phrase]) -> list[Phrase]:
    """A period that a finer date right behind it makes exact names it only: "Quý IV: trước 10/12"."""
    out: list[Phrase] = []
    for index, phrase in enumerate(phrases):
        after = phrases[index + 1] if index + 1 < len(phrases) else None
        if (
            after is None
            or not _REFINE_GAP.fullmatch(words[phrase.span[1] : after.span[0]])
            or not _holds(phrase, after)
        ):
            out.append(phrase)
        elif after.moment and phrase.moment:
            phrases[index + 1] = replace(after, moment=lend(after.moment, phrase.moment))
    return out


def _holds(phrase: Phrase, finer: Phrase) -> bool:
    period, moment = phrase.moment, finer.moment
    if not phrase.is_moment or not finer.is_moment or period is None or moment is None or phrase.end or finer.end:
        return False
    if moment.kind is DeadlineKind.DATE and moment.month is not None:
        return period.kind in (DeadlineKind.MONTH, DeadlineKind.QUARTER)
    return moment.kind is DeadlineKind.MONTH and period.kind is DeadlineKind.QUARTER and _inside(moment, period)


def _inside(moment: Moment, period: Moment) -> bool:
    return set(moment.month_list()) <= set(period.month_list())


def _drop_named(words: str, phrases: list[Phrase]) -> list[Phrase]:
    """A period that names a report beside a stated day is no deadline: "báo cáo 6 tháng gửi trước ngày ...".

    Nor is the half-year of "sơ kết 6 tháng đầu năm" beside a day.
    """
    if not any(p.says_when for p in phrases):
        return phrases
    a_day = any(p.moment and p.moment.kind is DeadlineKind.DATE for p in phrases)
    return [
        p
        for p in phrases
        if not (
            (_is_plain(p) or (a_day and _is_half(p))) and _NAMED_REPORT.search(words, max(0, p.span[0] - 60), p.span[0])
        )
    ]


def _is_half(phrase: Phrase) -> bool:
    return phrase.moment is not None and phrase.moment.kind is DeadlineKind.HALF_YEAR and not phrase.linked


def _is_plain(phrase: Phrase) -> bool:
    return phrase.recurrence is not None and phrase.recurrence.is_plain and phrase.first is None and phrase.last is None
