"""Which days a plan covers, from its title or a labelled line, and where its prose names the plan otherwise."""

import calendar
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from extractors.document import NOWHERE, Place
from pipeline.plan import Header, Part, Prose
from pipeline.text import fold

Period = tuple[date | None, date | None]
NO_PERIOD: Period = (None, None)


@dataclass(frozen=True, slots=True)
class PlanMention:
    """A place where the prose names this very plan, with the period that it gives there."""

    text: str
    start: date | None
    end: date | None
    place: Place = NOWHERE


@dataclass(frozen=True, slots=True)
class _Expression:
    kind: str  # span | year | until | part (of a year) | days
    start: date | None
    end: date | None
    span: tuple[int, int]


_Y = r"(?:19|20)\d\d"
_M = r"(?:0?[1-9]|1[0-2])"
_D = r"(?:0?[1-9]|[12]\d|3[01])"
_Q = r"(?:iv|i{1,3}|[1-4])"
_OF = r"(?:\s*/\s*|\s*-\s*|\s*,?\s*(?:của\s+)?năm\s+|\s+)"  # quý II/2024, quý II năm 2024
_TO = r"\s*(?:-|đến(?:\s+hết)?)\s*"
_HALVES = {"đầu": (1, 6), "cuối": (7, 12)}
_QUARTERS = {"i": 1, "ii": 2, "iii": 3, "iv": 4, "1": 1, "2": 2, "3": 3, "4": 4}


def _months(year: int, first: int, last: int, last_year: int | None = None) -> Period:
    end_year = last_year or year
    return date(year, first, 1), date(end_year, last, calendar.monthrange(end_year, last)[1])


def _day(year: str, month: str, day: str) -> date | None:
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        return None


def _school_year(m: re.Match[str]) -> Period:
    # A school year runs from September; the frame of the ministry ends teaching by 31/5, but the year's work
    # (exams, admission, summer training) goes on until the next one begins.
    first, last, term = int(m["y1"]), int(m["y2"]), m["term"]
    if last != first + 1:
        return NO_PERIOD
    if term:
        return _months(first, 9, 1, last) if term in ("i", "1") else _months(last, 1, 5)
    return _months(first, 9, 8, last)


def _day_range(m: re.Match[str]) -> Period:
    year = m["y2"]
    return _day(m["y1"] or year, m["m1"] or m["m2"], m["d1"]), _day(year, m["m2"], m["d2"])


def _month_range(m: re.Match[str]) -> Period:
    last_year = int(m["y2"])
    return _months(int(m["y1"] or last_year), int(m["m1"]), int(m["m2"]), last_year)


def _quarter_range(m: re.Match[str]) -> Period:
    last_year = int(m["y2"])
    first, last = _QUARTERS[m["q1"]], _QUARTERS[m["q2"]]
    return _months(int(m["y1"] or last_year), 3 * first - 2, 3 * last, last_year)


def _quarters(m: re.Match[str]) -> Period:
    numbers = [_QUARTERS[q] for q in re.findall(rf"\b{_Q}\b", m["q"])]
    return _months(int(m["y"]), 3 * min(numbers) - 2, 3 * max(numbers))


def _half(m: re.Match[str]) -> Period:
    return _months(int(m["y"]), *_HALVES[m["half"]])


def _nine_months(m: re.Match[str]) -> Period:
    return _months(int(m["y"]), 1, 9)


def _list_of_months(m: re.Match[str]) -> Period:
    numbers = [int(n) for n in re.findall(r"\d+", m["m"])]
    return _months(int(m["y"]), min(numbers), max(numbers))


def _span(m: re.Match[str]) -> Period:
    return _months(int(m["y1"]), 1, 12, int(m["y2"]))


def _years(m: re.Match[str]) -> Period:
    years = [int(y) for y in re.findall(_Y, m[0])]
    return _months(min(years), 1, 12, max(years))


def _until(m: re.Match[str]) -> Period:
    return None, date(int(m["y"]), 12, 31)


# In order of precedence: the first that matches at a place takes its words.
_FORMS: tuple[tuple[str, str, Callable[[re.Match[str]], Period]], ...] = (
    ("span", rf"(?:học k[ỳì]\s+(?P<term>ii|i|1|2)\s*,?\s+)?năm học\s+(?P<y1>{_Y})\s*[-/]\s*(?P<y2>{_Y})", _school_year),
    (
        "days",
        (
            rf"(?:từ\s+)?(?:ngày\s+)?(?P<d1>{_D})(?:\s*/\s*(?P<m1>{_M})(?:\s*/\s*(?P<y1>{_Y}))?)?{_TO}(?:ngày\s+)?"
            rf"(?P<d2>{_D})\s*/\s*(?P<m2>{_M})\s*/\s*(?P<y2>{_Y})"
        ),
        _day_range,
    ),
    (
        "days",
        (
            rf"(?:từ\s+)?ngày\s+(?P<d1>{_D})(?:\s+tháng\s+(?P<m1>{_M})(?:\s+năm\s+(?P<y1>{_Y}))?)?{_TO}(?:ngày\s+)?"
            rf"(?P<d2>{_D})\s+tháng\s+(?P<m2>{_M})\s+năm\s+(?P<y2>{_Y})"
        ),
        _day_range,
    ),
    ("cited", rf"ngày\s+{_D}?\s*tháng\s+{_M}\s+năm\s+{_Y}|{_D}\s*[/.-]\s*{_M}\s*[/.-]\s*{_Y}", lambda _: NO_PERIOD),
    (
        "part",
        rf"(?:từ\s+)?tháng\s+(?P<m1>{_M})(?:{_OF}(?P<y1>{_Y}))?{_TO}(?:tháng\s+)?(?P<m2>{_M}){_OF}(?P<y2>{_Y})",
        _month_range,
    ),
    (
        "part",
        rf"(?:từ\s+)?quý\s+(?P<q1>{_Q})(?:{_OF}(?P<y1>{_Y}))?{_TO}(?:quý\s+)?(?P<q2>{_Q}){_OF}(?P<y2>{_Y})",
        _quarter_range,
    ),
    ("part", rf"quý\s+(?P<q>{_Q}(?:\s*(?:,|và|-)\s*(?:quý\s+)?{_Q})*){_OF}(?P<y>{_Y})", _quarters),
    ("part", rf"(?:0?6|sáu)\s+tháng\s+(?P<half>đầu|cuối)(?:\s+năm)?\s+(?P<y>{_Y})", _half),
    ("part", rf"(?:0?9|chín)\s+tháng\s+(?:đầu\s+)?năm\s+(?P<y>{_Y})", _nine_months),
    ("part", rf"tháng\s+(?P<m>{_M}(?:\s*(?:,|và)\s*(?:tháng\s+)?{_M})*){_OF}(?P<y>{_Y})", _list_of_months),
    ("span", rf"(?:từ\s+)?(?:năm\s+)?\b(?P<y1>{_Y})(?:\s*-\s*|\s+đến(?:\s+hết)?\s+)(?:năm\s+)?(?P<y2>{_Y})", _span),
    ("span", rf"(?:các\s+)?năm\s+{_Y}(?:\s*(?:,|và)\s*(?:năm\s+)?{_Y}\b)+", _years),
    ("until", rf"đến(?:\s+hết)?\s+năm\s+(?P<y>{_Y})", _until),
    ("year", rf"năm\s+{_Y}", _years),
    ("year", rf"(?<=\s){_Y}$", _years),
)
_COMPILED = tuple((kind, re.compile(rf"(?<![\w/.]){form}(?![\d/]|[.,-]\d)"), read) for kind, form, read in _FORMS)
_ANY_YEAR = re.compile(_Y)

# What lies beyond the plan ("định hướng đến năm 2030"), compares, or names a term of office or a feast.
_BEYOND = re.compile(
    r"(?:định hướng|tầm nhìn|hướng tới|hướng đến|chuẩn bị cho|so với|nhiệm k[ỳì]|khóa|tết\s[^,;]*?|xuân\s[^,;]*?|"
    r"phiên bản)"
    rf"[,:\s]*(?:đến\s+)?(?:hết\s+)?(?:năm\s+)?{_Y}(?:\s*-\s*(?:năm\s+)?{_Y})?"
)
_WHOLE_TERM = re.compile(r"\b(?:toàn khóa|(?:toàn|cả) nhiệm k[ỳì])\b")  # a plan of the term, not a mention of it
_QUOTED = re.compile(r'"[^"]*"')
# A law and its year. In capitals "PHÁP LUẬT" and "KỶ LUẬT" look like one.
_STATUTE = re.compile(
    rf"\b(?:(?<!PHÁP )(?<!KỶ )L(?:uật|UẬT)|P(?:háp lệnh|HÁP LỆNH)|H(?:iến pháp|IẾN PHÁP))"
    rf"\s[^,;\"“”]*?([Nn](?:ăm|ĂM)\s+{_Y})"
)
_CITED_NUMBER = re.compile(r"\bsố\s*[\d.…]*\s*[a-zđ]?\s*(?:/\s*\d{4}\s*)?[/-]\s*[a-zđ]{1,6}[\w-]*")
_CITED_NAME = re.compile(r"\b(?:về|phê duyệt|ban hành|quy định|tổng kết|ký duyệt|thông qua)\b")
_LOOKS_BACK = re.compile(r"\b(?:tổng kết|sơ kết|đánh giá kết quả)\b")
_OWN_SCOPE = re.compile(r"\b(?:trên địa bàn|trong ngành|toàn ngành|tại|của)\s")


def _blank(text: str, spans: Iterable[tuple[int, int]]) -> str:
    """The text with these spans as spaces, so that offsets stay."""
    for start, end in spans:
        text = f"{text[:start]}{' ' * (end - start)}{text[end:]}"
    return text


def _expressions(text: str) -> Iterator[_Expression]:
    """Every period that the folded text names, from left to right; cited days are passed over."""
    at = 0
    while at < len(text):
        found = [
            (m.start(), rank, kind, m, read)
            for rank, (kind, form, read) in enumerate(_COMPILED)
            if (m := form.search(text, at))
        ]
        if not found:
            return
        _, _, kind, match, read = min(found, key=lambda f: f[:2])
        start, end = read(match)
        if kind != "cited" and (start or end) and not (start and end and end < start):
            yield _Expression(kind, start, end, match.span())
        at = match.end()


def _in_cited_name(expression: _Expression, earlier: list[_Expression], folded: str) -> bool:
    """Whether a period belongs to the name of a document that the title cites with its number.

    Forms: "Thực hiện Kế hoạch số 12/KH-UBND ... về cải cách hành chính năm 2024": cited; the same with "trên địa bàn
    huyện năm 2024" or after an earlier period ("giai đoạn 2021-2030 năm 2024"): the plan's own.
    """
    numbers = [m.end() for m in _CITED_NUMBER.finditer(folded) if m.end() <= expression.span[0]]
    if not numbers:
        return False
    name = _CITED_NAME.search(folded, numbers[-1], expression.span[0])
    if not name:
        return False
    if expression.kind in ("year", "part") and any(e.kind == "span" and e.span[0] > name.start() for e in earlier):
        return False
    return not _OWN_SCOPE.search(folded, name.end(), expression.span[0])


def _choose(expressions: list[_Expression], folded: str) -> Period:
    """The period of a text with several: a year after a programme's span wins, neighbours joined by "và" unite."""
    if not expressions:
        return NO_PERIOD
    bounded = [e for e in expressions if e.kind != "until"] or expressions
    narrow = [e for e in bounded if e.kind in ("year", "part", "days")]
    chosen = narrow or bounded
    last = chosen[-1]
    start, end = last.start, last.end
    for earlier in reversed(chosen[:-1]):
        between = folded[earlier.span[1] : last.span[0]].strip()
        if earlier.kind != last.kind or between not in ("và", ",", "-", "đến") or not (earlier.start and start):
            break
        start, last = min(start, earlier.start), earlier
    return start, end


def read_period(text: str) -> Period:
    """First and last day that a title or labelled line names; years of cited documents and outlooks do not count.

    Forms: "năm 2020"; "giai đoạn 2021-2025 định hướng đến năm 2030" (2021..2025); "quý II/2024"; "6 tháng cuối năm
    2025"; "tháng 9 năm 2024"; "từ năm 2023 đến năm 2025"; "năm học 2024-2025" (01/9/2024..31/8/2025);
    "Thực hiện Báo cáo số 139-BC/TU ngày 01/3/2017 ..." (none). "đến năm 2025" alone gives only an end.
    """
    own, _, visible = _own_and_cited(text)
    return _choose(own, visible)


def read_cited_period(text: str) -> Period:
    """The period inside the name of a document or programme that a title cites; for titles without one of their own.

    Forms: "Thực hiện Nghị quyết số 8-NQ/TU ... về phát triển nông nghiệp giai đoạn 2021-2025". None after "tổng kết",
    "sơ kết": they look back.
    """
    _, cited, visible = _own_and_cited(text)
    return NO_PERIOD if _LOOKS_BACK.search(visible) else _choose(cited, visible)


def _own_and_cited(text: str) -> tuple[list[_Expression], list[_Expression], str]:
    """Periods of the plan itself, those inside names that it cites, and the folded text they were read from."""
    if not _ANY_YEAR.search(text):
        return [], [], ""
    folded = fold(text)
    term = _WHOLE_TERM.search(folded) is not None
    beyond = [m.span() for m in _BEYOND.finditer(folded) if not (term and m[0].startswith(("nhiệm", "khóa")))]
    hidden = beyond + [m.span(1) for m in _STATUTE.finditer(text)]
    visible = _blank(folded, hidden)
    quoted = [m.span() for m in _QUOTED.finditer(folded)]
    own: list[_Expression] = []
    cited: list[_Expression] = []
    for expression in _expressions(visible):
        inside = any(a <= expression.span[0] < b for a, b in quoted)
        named = inside or _in_cited_name(expression, [*own, *cited], visible)
        (cited if named else own).append(expression)
    return own, cited, visible


_LABEL = re.compile(
    r"(?:về\s+)?(?:thời gian|thời hạn|thời kỳ|giai đoạn)(?:\s+(?:tổ chức|triển khai))?\s+(?:thực hiện|triển khai)"
    r"(?:\s+(?:kế hoạch|chương trình|đề án|phương án))?(?:\s+này)?\s*(?P<mark>[:.\-]|$)\s*"
)
_ROLE_LABEL = re.compile(
    r"(?:đơn vị|cơ quan|bộ phận)\s+(?:chủ trì|thực hiện|phối hợp|đầu mối)[^:]{0,30}:|chủ trì\s*:|phối hợp\s*:"
)
_MARK = re.compile(r"^\s*(?:(?:\d{1,2}(?:\.\d{1,2})*|[ivxl]{1,5}|[a-zđ])\s*[.)/:-]|[-+*•])\s*")


def read_labelled_period(texts: Iterable[str]) -> Period:
    """The period of a line like "2. Thời gian thực hiện: Năm 2021-2025", its value beside or right below the label.

    Only where the text has one such label and no lines that hand out roles: there it belongs to the single tasks.
    """
    lines = list(texts)
    folded = [_MARK.sub("", fold(line)) for line in lines]
    if any(_ROLE_LABEL.match(line) for line in folded):
        return NO_PERIOD
    labels = [(i, m) for i, line in enumerate(folded) if (m := _LABEL.match(line))]
    if len(labels) != 1:
        return NO_PERIOD
    at, label = labels[0]
    value = folded[at][label.end() :].strip()
    if not value and at + 1 < len(lines):
        value = folded[at + 1]
    found = list(_expressions(_blank(value, (m.span() for m in _BEYOND.finditer(value)))))
    first = found[0] if found else None
    return (first.start, first.end) if first and first.start else NO_PERIOD


_PLAN_TYPES = r"(?:kế hoạch|chương trình|phương án|đề án)"


@dataclass(frozen=True, slots=True)
class _Own:
    """How the prose names its own paper: enacting it, closing it, heading an appendix with it."""

    enacts: re.Pattern[str]
    closes: re.Pattern[str]
    heads: re.Pattern[str]


@lru_cache(maxsize=64)
def _own_names(doc_type: str) -> _Own:
    """The patterns for a paper of this folded type; plans are called plans whatever paper carries them."""
    types = rf"(?:{_PLAN_TYPES}|{re.escape(doc_type)})" if doc_type else _PLAN_TYPES
    return _Own(
        re.compile(
            r"(?:xây dựng|ban hành|triển khai|lập|đề ra|thông báo)\s+(?:thực hiện\s+)?"
            rf"(?P<plan>{types}\b(?!\s+(?:số\b|này\b|của\b|nêu trên)))"
        ),
        re.compile(rf"^\s*trên đây là\s+(?:toàn bộ\s+)?(?:nội dung\s+)?(?P<plan>{types}\b(?!\s+(?:số\b|này\b)))"),
        re.compile(rf"^\s*(?P<plan>{_PLAN_TYPES}\b(?!\s+(?:số\b|này\b)))"),
    )


_FOLLOWS = re.compile(r"(?:như sau|sau đây|dưới đây|cụ thể|với (?:các|những|một số) nội dung|gồm)|:\s*$")
_ANOTHER_PAPER = re.compile(r"\bcăn cứ\s|\bsố\s*\d")
_CLAUSE = re.compile(r"[;,]\s")


def _mention(prose: Prose, own: _Own) -> PlanMention | None:
    """The plan's own name with a period in this paragraph, if it names it."""
    folded = fold(prose.text)
    if prose.part is Part.APPENDIX:
        match = own.heads.match(folded)
    else:
        match = own.closes.match(folded)
        if not match and prose.part is Part.GROUNDS and _FOLLOWS.search(folded):
            match = max(own.enacts.finditer(folded), key=lambda m: m.start(), default=None)
    if not match:
        return None
    begin = match.start("plan")
    tail = _blank(folded[begin:], (m.span() for m in _BEYOND.finditer(folded[begin:])))
    expression = next(_expressions(tail), None)
    if expression is None or expression.start is None:
        return None
    if _CLAUSE.search(tail[: expression.span[0]]) and _ANOTHER_PAPER.search(tail[: expression.span[0]]):
        return None  # another document is named before the year
    return PlanMention(prose.text[begin : begin + expression.span[1]], expression.start, expression.end, prose.place)


def own_plan_mentions(prose: Iterable[Prose], header: Header) -> tuple[PlanMention, ...]:
    """Where the prose names this plan with another year or period than its title.

    Forms (title "... năm 2023"): "Sở Y tế xây dựng Kế hoạch tuyên truyền cải cách hành chính năm 2022 với các nội dung
    sau:"; "Trên đây là Kế hoạch ... năm 2022, đề nghị ...". A year that only widens a quarter or month of the title
    ("Kế hoạch ... năm 2024" in a plan of quý II/2024) is no other period.
    """
    start, end = read_period(header.title or "")
    if start is None or end is None:
        return ()
    own = _own_names(fold(header.doc_type or ""))
    mentions = (m for p in prose if (m := _mention(p, own)) is not None)
    return tuple(m for m in mentions if (m.start, m.end) != (start, end) and not _widens(m, start, end))


def _widens(mention: PlanMention, start: date, end: date) -> bool:
    if mention.start is None or mention.end is None:
        return True
    one_year = mention.start.year == mention.end.year
    return one_year and mention.start <= start and end <= mention.end
