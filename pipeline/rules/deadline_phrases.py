"""Puts recognised parts together: lists, ranges, a year written once, what "hàng năm" and "thường xuyên" govern.

Works inside one sentence or line (segment); the result still lacks the plan's year.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from pipeline.plan import DeadlineKind
from pipeline.rules.deadline_calendar import Moment, lend
from pipeline.rules.deadline_values import (
    Condition,
    Lasting,
    Moments,
    Noise,
    Part,
    Periodic,
    Recurrence,
    Recurrences,
    Relation,
)
from pipeline.rules.rule import Found

_LIST_GAP = re.compile(
    r"\s{0,3}(?:,|và|hoặc|hay|&|\+|/)\s{0,3}(?:(?:các|trước|vào|trong|đến|chậm nhất|là|ngày|hết|cuối|đầu)\s{1,3}){0,4}"
)
_RANGE_GAP = re.compile(
    r"\s{0,3}(?:(?:của\s)?kỳ báo cáo\s)?,?\s{0,3}(?:-|(?:cho\s)?(?:đến|tới)|(?:và\s)?kết thúc(?:\s(?:vào"
    r"|trong))?\s?:?)\s{0,3}"
    r"(?:(?:hết|ngày|trước|cuối|đầu|khoảng|hết ngày)\s{0,3}){0,3}"
)
_YEAR_GAP = re.compile(r"\s{0,3},?\s{0,3}(?:của|trong)?\s{0,3}")
_YEAR_LAST = re.compile(r"năm\s\d{4}$")
_HEAD_GAP = re.compile(r"\s{0,3}[:(]\s{0,3}-?\s{0,3}(?:trong\s|từ\s|vào\s)?")
_EACH_AFTER = re.compile(r"\s{0,3}[,(]?\s{0,3}(?:của|vào|trong|định kỳ)?\s{0,3}")
_EACH_BEFORE = re.compile(
    r"[\s,:(\-]{0,6}(?:(?:bắt đầu|vào|trong|trước|đến|hết|chậm nhất|muộn nhất|là|hạn|cuối|gửi|nộp|ngày"
    r"|hoàn thành|xong|báo cáo"
    r"|thực hiện|tổ chức|cụ thể|dự kiến|định kỳ|thời gian|các|đầu|thường là|thường)[\s:]{0,3}){0,5}"
)
_EACH_YEARS = re.compile(
    r"[\s,:(\-]{0,6}(?:(?:bắt đầu|kể|tính|áp dụng|thực hiện|triển khai|từ|trong|giai đoạn|đến|hết|suốt|cả"
    r"|vào)[\s:]{0,3}){0,4}"
)
_LASTING_GAP = re.compile(
    r"\s{0,3}(?:[,(:-]\s{0,3})?(?:(?:trong|suốt|từ|kể|đến|hết|cả|giai đoạn|bắt đầu|các)\s{1,3}){0,4}"
)
_REFINE_GAP = re.compile(
    r"\s{0,3}[:(]?\s{0,3}(?:gửi\s|nộp\s|báo cáo\s|chậm nhất\s|hoàn thành\s)?(?:trước|ngày|đến)\s{1,3}(?:ngày\s{1,3})?"
)
_NAMED_REPORT = re.compile(r"(?<!\w)(?:báo cáo|đối với|sơ kết|tổng kết|chế độ)(?!\w)[^,;\n]{0,40}$")


@dataclass(frozen=True, slots=True)
class Phrase:
    """One deadline in the making. Exactly one of moment, recurrence, lasting, relation, condition, noise speaks.

    `linked` means that it goes on from the phrase before it and shares its bound. `first`/`last` are what the paper
    gives as the span of a recurrence or of lasting work.
    """

    span: tuple[int, int]
    moment: Moment | None = None
    end: Moment | None = None
    recurrence: Recurrence | None = None
    periodic: bool = False
    lasting: bool = False
    relation: Relation | None = None
    condition: Condition | None = None
    noise: Noise | None = None
    first: Moment | None = None
    last: Moment | None = None
    linked: bool = False
    shares_years: bool = False  # its year stands behind it, further years may follow

    @property
    def is_moment(self) -> bool:
        return self.moment is not None and self.recurrence is None and not self.lasting

    @property
    def says_when(self) -> bool:
        """A day, month or other unit, once or again and again."""
        return self.is_moment or (self.recurrence is not None and not self.recurrence.is_plain)


def compose(words: str, found: Sequence[Found[Part]], heading: Moment | None = None) -> tuple[Phrase, ...]:
    """Phrases of one segment, in order; `heading` is the year of a line above ("Năm 2024:")."""
    phrases = [phrase for part in found for phrase in _split(part)]
    phrases = _join_moments(words, phrases)
    phrases = _attach_years(words, phrases, heading)
    phrases = _repeat(words, phrases)
    phrases = [p for p in phrases if p.recurrence is None or p.recurrence.alone or p.moment is not None]
    phrases = _unite_windows(phrases)
    phrases = _refine(words, phrases)
    phrases = _drop_named(words, phrases)
    return tuple(_span_lasting(words, phrases))


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
            if not _can_repeat(phrase, each):
                break
            out[index] = replace(_repeated(phrase, each), first=year, last=years.end)
        elif phrase.end:
            out[index] = replace(phrase, end=lend(phrase.end, year))
        else:
            out[index] = replace(phrase, moment=lend(phrase.moment, year))
        if not phrase.linked:
            break
        index -= 1
    return out


# Recurrence -------------------------------------------------------------------------------------------------------


def _repeat(words: str, phrases: list[Phrase]) -> list[Phrase]:
    """Lets "hàng năm", "hàng tháng", "định kỳ" govern the days and months beside them."""
    out = list(phrases)
    index = 0
    while index < len(out):
        each = out[index]
        if each.recurrence and each.recurrence.is_plain:
            out, index = _govern(words, out, index)
        else:
            index += 1
    return out


def _govern(words: str, out: list[Phrase], index: int) -> tuple[list[Phrase], int]:
    each = out[index]
    if each.recurrence is None:
        return out, index + 1
    before = out[index - 1] if index else None
    after = out[index + 1] if index + 1 < len(out) else None
    if after and not each.linked:
        gap = words[each.span[1] : after.span[0]]
        if after.recurrence and not after.recurrence.is_plain and _EACH_BEFORE.fullmatch(gap):
            out[index + 1] = replace(after, span=(each.span[0], after.span[1]))
            del out[index]
            return out, index + 1
    if before and _can_repeat(before, each.recurrence) and _EACH_AFTER.fullmatch(words[before.span[1] : each.span[0]]):
        first = index - 1
        while first > 0 and out[first].linked and _can_repeat(out[first - 1], each.recurrence):
            first -= 1
        for at in range(first, index):
            out[at] = _repeated(out[at], each.recurrence)
        out[index - 1] = replace(out[index - 1], span=(out[index - 1].span[0], each.span[1]))
        del out[index]
        return _span_recurrence(words, out, index - 1)
    if after and _can_repeat(after, each.recurrence) and _EACH_BEFORE.fullmatch(words[each.span[1] : after.span[0]]):
        last = index + 1
        while last + 1 < len(out) and out[last + 1].linked and _can_repeat(out[last + 1], each.recurrence):
            last += 1
        for at in range(index + 1, last + 1):
            out[at] = _repeated(out[at], each.recurrence)
        out[index + 1] = replace(out[index + 1], span=(each.span[0], out[index + 1].span[1]))
        del out[index]
        return _span_recurrence(words, out, last - 1)
    return _span_recurrence(words, out, index)


def _can_repeat(phrase: Phrase, each: Recurrence) -> bool:
    moment = phrase.moment
    if not phrase.is_moment or moment is None or moment.year is not None or moment.shift is not None:
        return False
    if phrase.end and (phrase.end.year is not None or phrase.end.shift is not None):
        return False
    yearly = each.freq == "YEARLY" or (each.freq == "MONTHLY" and each.interval in (6, 12))
    if moment.kind is DeadlineKind.DATE and moment.month is None:
        return each.freq == "MONTHLY"
    return yearly and bool(moment.month_list())


def _repeated(phrase: Phrase, each: Recurrence) -> Phrase:
    """The phrase as something that comes back; it keeps its moment as the source of its numbers."""
    moment, end = phrase.moment, phrase.end
    if moment is None:
        return phrase
    days: tuple[int, ...] = (moment.day,) if moment.day else ()
    months = moment.month_list()
    if end is not None:
        months, days = _window(moment, end)
    if not months:
        return replace(phrase, recurrence=Recurrence(phrase.span, "MONTHLY", each.interval, days=days))
    interval = each.interval if each.freq == "YEARLY" else 1
    return replace(phrase, recurrence=Recurrence(phrase.span, "YEARLY", interval, months=months, days=days))


def _window(start: Moment, end: Moment) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """Months and days of a span that comes back: whole months, or the days inside one month."""
    first, last = start.month_list() or end.month_list(), end.month_list()
    if start.day and end.day and (not first or first == last):
        return last, tuple(range(min(start.day, end.day), max(start.day, end.day) + 1))
    if not first or not last:
        return first or last, ()
    until = last[-1] if last[-1] >= first[0] else last[-1] + 12
    return tuple(sorted({(m - 1) % 12 + 1 for m in range(first[0], until + 1)})), ()


def _span_recurrence(words: str, out: list[Phrase], index: int) -> tuple[list[Phrase], int]:
    """ "Hằng năm, bắt đầu từ năm 2026", "hàng năm (2021-2025)": years beside a recurrence are its span."""
    each = out[index]
    after = out[index + 1] if index + 1 < len(out) else None
    if after is None or not after.is_moment or after.moment is None:
        return out, index + 1
    gap = words[each.span[1] : after.span[0]]
    if not _EACH_YEARS.fullmatch(gap) or not _is_year_like(after, gap, each) or not _spans(after, gap):
        return out, index + 1
    if not after.moment.whole_plan:  # "các quý trong năm" adds nothing
        out[index] = _with_span(each, gap, after)
    del out[index + 1]
    return out, index + 1


def _is_year_like(phrase: Phrase, gap: str, each: Phrase) -> bool:
    """Whether a moment can be the span of a recurrence: years, or for shorter steps months from and to."""
    moment = phrase.moment
    short = each.recurrence is not None and each.recurrence.freq != "YEARLY" and each.moment is None
    if short and (phrase.end is not None or re.search(r"(?<!\w)(?:từ|kể|bắt đầu|đến|hết)(?!\w)", gap)):
        return True
    return moment is not None and (
        moment.has_year or moment.whole_plan or (phrase.end is not None and phrase.end.has_year)
    )


def _with_span(phrase: Phrase, gap: str, years: Phrase) -> Phrase:
    span = (phrase.span[0], years.span[1])
    if years.end is not None:
        return replace(phrase, first=years.moment, last=years.end, span=span)
    if re.search(r"(?<!\w)(?:đến|hết)(?!\w)", gap):
        return replace(phrase, last=years.moment, span=span)
    if re.search(r"(?<!\w)(?:từ|kể|bắt đầu)(?!\w)", gap):
        return replace(phrase, first=years.moment, span=span)
    return replace(phrase, first=years.moment, last=years.moment, span=span)


def _unite_windows(phrases: list[Phrase]) -> list[Phrase]:
    """Bare months under one "hằng năm" are one rule: tháng 6 và tháng 12 hằng năm -> BYMONTH=6,12."""
    out: list[Phrase] = []
    for phrase in phrases:
        before = out[-1].recurrence if out else None
        rule = phrase.recurrence
        if (
            rule
            and before
            and phrase.linked
            and phrase.moment
            and out[-1].moment
            and not rule.days
            and not before.days
            and rule.months
            and before.months
            and rule.freq == before.freq
        ):
            months = tuple(sorted({*before.months, *rule.months}))
            out[-1] = replace(
                out[-1], recurrence=replace(before, months=months), span=(out[-1].span[0], phrase.span[1]),
                first=phrase.first or out[-1].first, last=phrase.last or out[-1].last,
            )  # fmt: skip
        elif rule and before and phrase.linked and _only_days(rule) and _only_days(before) and phrase.moment:
            days = tuple(sorted({*before.days, *rule.days}))
            out[-1] = replace(out[-1], recurrence=replace(before, days=days), span=(out[-1].span[0], phrase.span[1]))
        else:
            out.append(phrase)
    return out


def _only_days(rule: Recurrence) -> bool:
    return bool(rule.days) and not rule.months and rule.freq == "MONTHLY"


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
    return out


def _holds(phrase: Phrase, finer: Phrase) -> bool:
    period, moment = phrase.moment, finer.moment
    if not phrase.is_moment or not finer.is_moment or period is None or moment is None or phrase.end or finer.end:
        return False
    return moment.kind is DeadlineKind.DATE and period.kind in (DeadlineKind.MONTH, DeadlineKind.QUARTER)


def _drop_named(words: str, phrases: list[Phrase]) -> list[Phrase]:
    """A period that names a report beside a stated day is no deadline: "báo cáo 6 tháng gửi trước ngày ..."."""
    if not any(p.says_when for p in phrases):
        return phrases
    return [p for p in phrases if not (_is_plain(p) and _NAMED_REPORT.search(words, max(0, p.span[0] - 60), p.span[0]))]


def _is_plain(phrase: Phrase) -> bool:
    return phrase.recurrence is not None and phrase.recurrence.is_plain and phrase.first is None and phrase.last is None


# Lasting work -----------------------------------------------------------------------------------------------------


def _span_lasting(words: str, phrases: list[Phrase]) -> list[Phrase]:
    out: list[Phrase] = []
    for phrase in phrases:
        before = out[-1] if out else None
        if before and before.lasting and before.first is None and before.last is None:
            gap = words[before.span[1] : phrase.span[0]]
            if phrase.lasting:
                out[-1] = replace(before, span=(before.span[0], phrase.span[1]))
                continue
            if phrase.is_moment and _LASTING_GAP.fullmatch(gap) and _spans(phrase, gap):
                out[-1] = _with_span(before, gap, phrase)
                continue
        out.append(phrase)
    return out


def _spans(phrase: Phrase, gap: str) -> bool:
    """Behind a comma only years say how long work lasts; behind "trong", "từ" any unit does."""
    if "," not in gap and "(" not in gap:
        return True
    longer = phrase.moment is not None and phrase.moment.kind in (DeadlineKind.YEAR, DeadlineKind.HALF_YEAR)
    return longer or phrase.end is not None or bool(re.search(r"trong|suốt|từ|đến|cả", gap))
