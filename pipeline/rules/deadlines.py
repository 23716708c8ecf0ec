"""Deadlines of Vietnamese administrative texts: words -> kind, bound, days, RRULE, with their place on paper.

`read_deadlines` is the whole subject: it prepares a working copy (deadline_words), recognises parts (deadline_dates,
deadline_recurrence, deadline_events), puts them together (deadline_phrases), asks the words around them for bound and
sense (deadline_bounds, deadline_context) and lends the year of the plan (deadline_calendar).
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import lru_cache

from pipeline.plan import Bound, Deadline, DeadlineKind, Where, YearContext
from pipeline.rules.deadline_bounds import WINDOW, preposition, read_bound
from pipeline.rules.deadline_calendar import Moment
from pipeline.rules.deadline_context import Around, is_data_window, is_other
from pipeline.rules.deadline_dates import DATE_RULES, HEADED_RULES
from pipeline.rules.deadline_days import lend_years, read_days
from pipeline.rules.deadline_events import (
    CONDITION_RULES,
    NOISE_RULES,
    ONGOING_RULES,
    PROSE_EVENT_RULES,
    RELATION_RULES,
    WHOLE_YEAR,
)
from pipeline.rules.deadline_phrases import compose
from pipeline.rules.deadline_places import Reading, admits
from pipeline.rules.deadline_recurrence import RECURRENCE_RULES
from pipeline.rules.deadline_values import Part, Phrase
from pipeline.rules.deadline_words import PART, Paper, may_be_described, prepare
from pipeline.rules.rule import Found, RuleSet, scan

# Among rules that match at one place the earlier wins; the bare duration and the weekday are last resorts.
RULES: RuleSet[Part] = RuleSet(
    *NOISE_RULES[:-1],
    *RELATION_RULES[:-1],
    *RECURRENCE_RULES,
    WHOLE_YEAR,
    *DATE_RULES,
    *ONGOING_RULES,
    *CONDITION_RULES,
    RELATION_RULES[-1],
    NOISE_RULES[-1],
)

NO_CONTEXT = YearContext()
PROSE_RULES = RuleSet(
    *PROSE_EVENT_RULES, *(rule for rule in RULES if rule.code not in {r.code for r in PROSE_EVENT_RULES})
)
_UNDER_A_MONTH = {rules: RuleSet(*HEADED_RULES, *rules) for rules in (RULES, PROSE_RULES)}


@lru_cache(maxsize=4096)  # cells of a column repeat, and the checks look at the prose that was read
def read_deadlines(
    text: str, context: YearContext = NO_CONTEXT, where: Where = Where.DEADLINE, *, two_columns: bool = True
) -> tuple[Deadline, ...]:
    """Every deadline that the words give, in their order.

    In a deadline cell (`where` DEADLINE) every kind counts, and words that nothing could be read from are one
    `unparsed` deadline; words that are plainly something else (a cited paper's date, a target) give none.
    Elsewhere only what `Where` names counts. A day without year takes the year of `context`, else stays open.
    Two bare moments on two lines are read as the start and end of two columns; a caller who knows that they come from
    one cell says so by `two_columns`, and they are two deadlines.

    Forms:
        "Trước ngày 15/01 hàng năm", "Quý II-IV/2026", "Từ tháng 10/2022 đến hết tháng 3/2023", "Thường xuyên",
        "Trong vòng 05 ngày làm việc kể từ ngày nhận được văn bản", "Theo tiến độ của Đề án", "31/02/2024".
    """
    if where is Where.CONTENT and not may_be_described(text):
        return ()
    paper, read = _read_words(text, where, context.month is not None)
    readings = lend_years(read, context, where)
    readings = _two_columns(paper, readings, where) if two_columns else readings
    deadlines = [d for r in readings if r.counts and (d := _deadline(paper, r, context, where))]
    if where is Where.DEADLINE and not deadlines:
        return _unparsed(paper, readings)
    return tuple(deadlines)


@lru_cache(maxsize=1024)  # plans of one office repeat the words of their cells, each with days of its own
def _read_words(text: str, where: Where, is_under_month: bool) -> tuple[Paper, tuple[Reading, ...]]:
    """What the words say by themselves, before the plan gives them its year."""
    paper = prepare(text)
    segments = list(_segments(paper.words))
    found = list(scan(_rules(where, is_under_month), paper.words))
    readings: list[Reading] = []
    heading: Moment | None = None
    for start, end, parts in _by_segment(segments, found):
        phrases = compose(paper.words, parts, heading)
        if _is_heading(paper.words, end, phrases):
            heading = phrases[0].moment
            continue
        readings += _read_segment(paper.words, (start, end), phrases, where)
    return paper, tuple(readings)


def _rules(where: Where, is_under_month: bool) -> RuleSet[Part]:
    rules = RULES if where in (Where.DEADLINE, Where.NOTE) else PROSE_RULES
    return _UNDER_A_MONTH[rules] if is_under_month else rules


def read_start_end(
    start: str, end: str, context: YearContext = NO_CONTEXT, where: Where = Where.DEADLINE
) -> tuple[Deadline, ...]:
    """One range from the cells of two columns "Bắt đầu" and "Kết thúc"; text and span are those of start, \\n, end."""
    text = f"{start}\n{end}" if start.strip() and end.strip() else start or end
    first, last = (_one_moment(prepare(cell)) for cell in (start, end))
    if first is None or last is None:
        return read_deadlines(text, context, where)
    moments = _joined(first, last)
    paper = prepare(text)
    reading = Reading(Phrase((0, len(paper.words)), *moments), Bound.IN)
    deadline = _deadline(paper, reading, context, where)
    return (deadline,) if deadline else ()


def _joined(first: Phrase, last: Phrase) -> tuple[Moment | None, Moment | None]:
    return first.moment, last.end or last.moment


def _one_moment(paper: Paper) -> Phrase | None:
    """The single moment that a cell holds besides words of time."""
    phrases = compose(paper.words, list(scan(RULES, paper.words)))
    moments = [p for p in phrases if p.is_moment]
    return moments[0] if len(moments) == 1 == len([p for p in phrases if not p.noise]) else None


_PERIODIC_REPORT = re.compile(
    r"(?:định kỳ(?<!\wđịnh kỳ)|báo cáo(?<!\wbáo cáo)(?: (?:định kỳ|của|kỳ))?"
    r" (?:(?:\d{1,2}|sáu|chín)(?:\s?\(\w+\))? tháng|(?:quý|năm|tháng)(?!\s?[\divx])))(?!\w)"
)

# Segments ---------------------------------------------------------------------------------------------------------


def _segments(words: str) -> Iterator[tuple[int, int]]:
    start = 0
    while start <= len(words):
        end = words.find(PART, start)
        if end < 0:
            end = len(words)
        yield start, end
        start = end + 1


def _by_segment(
    segments: Sequence[tuple[int, int]], found: Sequence[Found[Part]]
) -> Iterator[tuple[int, int, list[Found[Part]]]]:
    index = 0
    for start, end in segments:
        parts = []
        while index < len(found) and found[index].span[0] < max(end, start + 1):
            parts.append(found[index])
            index += 1
        if parts:
            yield start, end, parts


def _is_heading(words: str, end: int, phrases: Sequence[Phrase]) -> bool:
    """Whether a line is nothing but the year of the lines below: "Năm 2024:"."""
    moment = phrases[0].moment if len(phrases) == 1 else None
    if moment is None or phrases[0].end is not None or moment.kind is not DeadlineKind.YEAR or end == len(words):
        return False
    return not words[phrases[0].span[1] : end].strip(" :") and words[end - 1] == ":"


def _read_segment(words: str, segment: tuple[int, int], phrases: Sequence[Phrase], where: Where) -> list[Reading]:
    start, end = segment
    readings: list[Reading] = []
    for index, phrase in enumerate(phrases):
        following = phrases[index + 1].span[0] if index + 1 < len(phrases) else end
        readings.append(_read_phrase(words, (start, end), phrase, following, readings[-1] if readings else None))
    if _PERIODIC_REPORT.search(words, start, end):  # days without a year beside it come back every year
        readings = [replace(r, may_repeat=True) if r.phrase.is_moment else r for r in readings]
    return list(admits(words, (start, end), readings, where))


def _read_phrase(
    words: str, segment: tuple[int, int], phrase: Phrase, following: int, before: Reading | None
) -> Reading:
    b = phrase.span[1]
    a = _anchor(phrase)
    start, end = segment
    lead = words[max(start, a - WINDOW) : a]
    tail = words[b : max(b, min(end, b + WINDOW))]
    if phrase.relation:
        return Reading(phrase, phrase.relation.bound, lead=lead, tail=tail)
    if phrase.condition:
        return Reading(phrase, phrase.condition.bound, lead=lead, tail=tail)
    if phrase.noise or phrase.periodic or phrase.lasting:
        return Reading(phrase, Bound.IN, lead=lead, tail=tail)
    bound, back, ahead = read_bound(lead, words[b : max(b, following)], _is_range(words, phrase))
    if phrase.recurrence and phrase.recurrence.is_plain and bound is not Bound.BEFORE:
        bound, back, ahead = Bound.IN, 0, 0
    if (
        phrase.linked
        and before
        and before.phrase.span[1] <= a
        and (bound is Bound.IN or a - back < before.phrase.span[1])
    ):
        bound = before.bound  # "hoàn thành trước ngày 30/6 và |30/11"
    around = Around(
        lead, tail, words[start:end] if end - start < 600 else lead + words[a:b] + tail, bound, back, phrase.linked
    )
    other = False
    if phrase.moment and not phrase.recurrence:
        other = (phrase.linked and before is not None and before.is_other and not back) or is_other(
            phrase.moment, around, phrase.end is not None
        )
    elif phrase.recurrence and not phrase.recurrence.is_plain:
        other = is_data_window(around)
    begin = min(phrase.span[0], a - back)
    if before and begin < before.phrase.span[1]:  # "hoàn thành A trong tháng 4 và B trong tháng 5": words of the former
        begin = max(phrase.span[0] - preposition(lead), before.phrase.span[1])
    span = (min(begin, phrase.span[0]), b + ahead)
    phrase = phrase if span == phrase.span else replace(phrase, span=span)
    return Reading(phrase, bound, other, lead[: len(lead) - back], tail[ahead:])


def _anchor(phrase: Phrase) -> int:
    """Where the words begin that its bound stands before: behind a leading "hàng năm" that it took in."""
    if phrase.moment is not None:
        return phrase.moment.span[0]
    if phrase.recurrence is not None:
        return phrase.recurrence.span[0]
    return phrase.span[0]


def _is_range(words: str, phrase: Phrase) -> bool:
    """Whether its own words run from one end to another, so that a "từ" before them is part of it."""
    days = phrase.recurrence is not None and len(phrase.recurrence.days) > 1
    return phrase.end is not None or (days and re.search(r"-|đến|tới", words[slice(*phrase.span)]) is not None)


_UNITS = frozenset((DeadlineKind.DATE, DeadlineKind.MONTH, DeadlineKind.QUARTER, DeadlineKind.YEAR))


def _two_columns(paper: Paper, readings: list[Reading], where: Where) -> list[Reading]:
    """Two lines that each hold one bare moment and nothing else are the start and end of two columns."""
    lines = paper.text.strip().split("\n")
    if where is not Where.DEADLINE or len(readings) != 2 or len(lines) != 2:
        return readings
    first, last = (r.phrase for r in readings)
    for phrase, line in zip((first, last), lines, strict=True):
        moment = phrase.moment
        if moment is None or moment.kind not in _UNITS or phrase.end or phrase.recurrence:
            return readings
        if len(" ".join(line.split())) > phrase.span[1] - phrase.span[0]:
            return readings
    if any(r.is_other or r.bound is not Bound.IN for r in readings) or _order(first) > _order(last):
        return readings
    span = (first.span[0], last.span[1])
    return [replace(readings[0], phrase=replace(first, span=span, end=last.moment))]


def _order(phrase: Phrase) -> tuple[int, int, int]:
    moment = phrase.moment
    return (0, 0, 0) if moment is None else (moment.year or 0, moment.first_month() or 0, moment.day or 0)


# Results ----------------------------------------------------------------------------------------------------------


def _deadline(paper: Paper, reading: Reading, context: YearContext, where: Where) -> Deadline | None:
    days = read_days(reading, context)
    if days is None:
        return None
    start, end = _trim(paper.text, *paper.written(*reading.phrase.span))
    source = Where.DEADLINE if where is Where.PROSE else where
    bound = reading.bound
    return Deadline(
        text=paper.text[start:end],
        kind=days.kind,
        bound=bound,
        start=days.start,
        end=days.end,
        rrule=days.rrule,
        year_inferred=days.inferred,
        source=source,
        span=paper.span(start, end),
        repaired=paper.is_repaired(start, end),
    )


_EDGE = " \t\r\n-+•*·.,;:/()[]"


def _trim(text: str, start: int, end: int) -> tuple[int, int]:
    """Span without blanks, list marks and final punctuation; a closing bracket stays with its opening one."""
    while start < end and text[start] in _EDGE:
        start += 1
    while end > start and text[end - 1] in _EDGE and not (text[end - 1] == ")" and "(" in text[start:end]):
        end -= 1
    if text[end : end + 1] == ")" and text.count("(", start, end) > text.count(")", start, end):
        end += 1
    return start, end


def _unparsed(paper: Paper, readings: Sequence[Reading]) -> tuple[Deadline, ...]:
    """One deadline for a cell whose words nothing could be read from; none where they are plainly no deadline."""
    unread = any(r.phrase.noise is not None and r.phrase.noise.unread for r in readings)
    known = any(r.rejected for r in readings)
    start = len(paper.text) - len(paper.text.lstrip(" \t\r\n-+•*·"))
    end = len(paper.text.rstrip())
    if (known and not unread) or not any(c.isalnum() or c in "…_" for c in paper.text[start:end]):
        return ()
    return (Deadline(paper.text[start:end], DeadlineKind.UNPARSED, span=paper.span(start, end)),)
