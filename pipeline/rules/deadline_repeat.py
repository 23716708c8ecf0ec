"""What "hàng năm", "định kỳ 6 tháng" and "thường xuyên" govern: the days, months and years that stand beside them."""

import re
from dataclasses import replace

from pipeline.plan import DeadlineKind
from pipeline.rules.deadline_calendar import Moment
from pipeline.rules.deadline_values import Phrase, Recurrence

_EACH_AFTER = re.compile(r"\s{0,3}[,(]?\s{0,3}(?:của|vào|trong|định kỳ)?\s{0,3}")
_EACH_BEFORE = re.compile(
    r"[\s,:(\-]{0,6}(?:(?:bắt đầu|vào|trong|trước|đến|hết|chậm nhất|muộn nhất|là|hạn|cuối|gửi|nộp|ngày"
    r"|hoàn thành|xong|báo cáo"
    r"|thực hiện|tổ chức|cụ thể|dự kiến|định kỳ|thời gian|các|đầu|thường là|thường)[\s:]{0,3}){0,5}"
)
# The work stands between: "|Định kỳ hàng quý |tổng hợp tình hình, báo cáo UBND tỉnh trước ngày |20 của tháng cuối quý".
_OPENS_CLAUSE = re.compile(r"(?:^|[;.:(,]|\n|định kỳ)\s{0,3}$")
_WORK_BETWEEN = re.compile(
    r"[^;.:()\n]{2,120}?\s(?:trước|chậm nhất|muộn nhất|vào)(?:\s(?:là|vào|ngày|trước|trong)(?!\w)){0,3}\s{0,3}"
)
_EACH_YEARS = re.compile(
    r"[\s,:(\-]{0,6}(?:(?:bắt đầu|kể|tính|áp dụng|thực hiện|triển khai|từ|trong|giai đoạn|đến|hết|suốt|cả"
    r"|vào)[\s:]{0,3}){0,4}"
)
_FROM_ON = re.compile(r"\s{0,3},?\s{0,3}(?:bắt đầu|kể|tính|áp dụng|thực hiện)\s(?:bắt đầu\s)?từ(?:\sngày)?\s{0,3}")
_LASTING_GAP = re.compile(
    r"\s{0,3}(?:[,(:-]\s{0,3})?(?:(?:trong|suốt|từ|kể|đến|hết|cả|giai đoạn|bắt đầu|các|\d{1,2})\s{1,3}){0,4}"
)


def repeat(words: str, phrases: list[Phrase]) -> list[Phrase]:
    """Lets "hàng năm", "hàng tháng", "định kỳ" govern the days and months beside them."""
    out = list(phrases)
    index = 0
    while index < len(out):
        each = out[index]
        if each.recurrence and each.recurrence.is_plain:
            out, index = _govern(words, out, index)
        elif each.recurrence and each.recurrence.weekdays and each.moment is None and _begins_behind(words, out, index):
            out, index = _span_recurrence(words, out, index)
        else:
            index += 1
    return out


def _begins_behind(words: str, out: list[Phrase], index: int) -> bool:
    """ "thứ Hai hằng tuần, bắt đầu từ ngày 03/3": outright from when, or until when."""
    after = out[index + 1] if index + 1 < len(out) else None
    return after is not None and _FROM_ON.fullmatch(words, out[index].span[1], after.span[0]) is not None


def _govern(words: str, out: list[Phrase], index: int) -> tuple[list[Phrase], int]:
    each = out[index]
    if each.recurrence is None:
        return out, index + 1
    before = out[index - 1] if index else None
    after = out[index + 1] if index + 1 < len(out) else None
    if after and not each.linked:
        gap = words[each.span[1] : after.span[0]]
        if (
            after.recurrence
            and not after.recurrence.is_plain
            and (
                _EACH_BEFORE.fullmatch(gap)
                or (_opens(words, each, gap) and _is_same_cycle(each.recurrence, after.recurrence))
            )
        ):
            out[index + 1] = replace(after, span=(each.span[0], after.span[1]))
            del out[index]
            return out, index + 1
    if before and can_repeat(before, each.recurrence) and _EACH_AFTER.fullmatch(words[before.span[1] : each.span[0]]):
        first = index - 1
        while first > 0 and out[first].linked and can_repeat(out[first - 1], each.recurrence):
            first -= 1
        for at in range(first, index):
            out[at] = repeated(out[at], each.recurrence)
        out[index - 1] = replace(out[index - 1], span=(out[index - 1].span[0], each.span[1]))
        del out[index]
        return _span_recurrence(words, out, index - 1)
    gap = words[each.span[1] : after.span[0]] if after else ""
    if after and can_repeat(after, each.recurrence) and (_EACH_BEFORE.fullmatch(gap) or _opens(words, each, gap)):
        last = index + 1
        while last + 1 < len(out) and out[last + 1].linked and can_repeat(out[last + 1], each.recurrence):
            last += 1
        later = out[last + 1] if last + 1 < len(out) else None
        if later and _is_plain_year(later) and _EACH_AFTER.fullmatch(words[out[last].span[1] : later.span[0]]):
            del out[index]  # it names the report: "báo cáo định kỳ 6 tháng gửi trước ngày 18/6 hằng năm"
            return out, index
        for at in range(index + 1, last + 1):
            out[at] = repeated(out[at], each.recurrence)
        out[index + 1] = replace(out[index + 1], span=(each.span[0], out[index + 1].span[1]))
        del out[index]
        return _span_recurrence(words, out, last - 1)
    return _span_recurrence(words, out, index)


def _opens(words: str, each: Phrase, gap: str) -> bool:
    """Whether it opens its clause and tells how often the day behind the work comes back."""
    opening = words[max(0, each.span[0] - 12) : each.span[0]]
    return bool(_OPENS_CLAUSE.search(opening)) and _WORK_BETWEEN.fullmatch(gap) is not None


def _is_same_cycle(each: Recurrence, day: Recurrence) -> bool:
    """Whether a rule with days comes as often as the plain one: quarterly and in the months 3, 6, 9 and 12."""
    if not day.days:
        return False
    a_year = {"YEARLY": 1, "MONTHLY": 12 // each.interval if each.interval <= 12 else 0}.get(each.freq)
    return a_year == (12 if day.freq == "MONTHLY" else len(day.months))


def _is_plain_year(phrase: Phrase) -> bool:
    return phrase.recurrence is not None and phrase.recurrence.is_plain and phrase.recurrence.freq == "YEARLY"


def can_repeat(phrase: Phrase, each: Recurrence) -> bool:
    moment = phrase.moment
    if not phrase.is_moment or moment is None or moment.year is not None or moment.shift is not None:
        return False
    if phrase.end and (phrase.end.year is not None or phrase.end.shift is not None):
        return False
    yearly = each.freq == "YEARLY" or (each.freq == "MONTHLY" and each.interval in (6, 12))
    if moment.kind is DeadlineKind.DATE and moment.month is None:
        return each.freq == "MONTHLY"
    return yearly and bool(moment.month_list())


def repeated(phrase: Phrase, each: Recurrence) -> Phrase:
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


def unite_windows(phrases: list[Phrase]) -> list[Phrase]:
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


def span_lasting(words: str, phrases: list[Phrase]) -> list[Phrase]:
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
