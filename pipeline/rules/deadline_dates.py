"""Rules for stated units of time: days, months, quarters, half-years and years, with their lists and ranges."""

import re
from itertools import pairwise

from pipeline.plan import DeadlineKind
from pipeline.rules.deadline_calendar import Moment
from pipeline.rules.deadline_numbers import (
    ANN,
    CONN,
    NOT_A_SYMBOL,
    RANGE_SIGN,
    RELATIVE_YEAR,
    STOP,
    VAGUE,
    VAGUE_WEEK,
    YEAR_TAIL,
    number,
    read_year,
)
from pipeline.rules.deadline_values import Moments, Noise, Part
from pipeline.rules.rule import Rule


def _joins(text: str, spans: list[tuple[int, int]]) -> tuple[bool, ...]:
    return tuple(bool(RANGE_SIGN.search(text, a[1], b[0])) for a, b in pairwise(spans))


# Days -----------------------------------------------------------------------------------------------------------

_DAY_HEAD = r"(?:(?:các\s)?ngày\s{0,3}(?:mùng\s|mồng\s)?)"
_DAY_LIST = rf"\d{{1,2}}(?!\d){ANN}(?:{CONN}{_DAY_HEAD}?\d{{1,2}}(?!\d))*"
_MONTH_WORD = r"(?:mười một|mười hai|mười|giêng|chạp|một|hai|ba|tư|bốn|sáu|bảy|bẩy|tám|chín)(?!\w)"
# Things that have numbers as names.
_NUMBERED = re.compile(
    r"(?<!\w)(?:quốc lộ|tỉnh lộ|đường|phố|điều|khoản|điểm|mục|số|phòng|tổ|khu|khu vực|lớp|khối|cụm|thôn|ấp"
    r"|bản|km|đội|trạm|biến áp|máy|lò|giếng|kho|tòa|nhà|tuyến|trục|trụ|mố|cột|cầu|cống|bến|vỉa|phân xưởng"
    r"|lần|lần thứ|thứ|khóa|đợt|vòng)\s$"
)
_ONE_DAY = re.compile(rf"{_DAY_HEAD}?(\d{{1,2}}){ANN}")


def _dmy(match: re.Match[str]) -> Part | None:
    day, month, year = int(match["d"]), int(match["m"] or match["m2"]), match["y"]
    if len(year) == 2:
        if not 15 <= int(year) <= 40:
            return None
        year = f"20{year}"
    return Moments((Moment(DeadlineKind.DATE, match.span(), int(year), month, day),))


def _iso(match: re.Match[str]) -> Part:
    return Moments((Moment(DeadlineKind.DATE, match.span(), int(match["y"]), int(match["m"]), int(match["d"])),))


def _day_month(match: re.Match[str]) -> Part:
    if match["m"] in ("giêng", "chạp"):  # names of lunar months
        return Noise(unread=True)
    found = list(_ONE_DAY.finditer(match.string, *match.span("days")))
    begin = match.start()
    if match["head"] is None and _NUMBERED.search(match.string, max(0, begin - 20), begin):
        of_month = _MONTH_BEHIND.match(match.string, found[0].end(), match.end())
        if len(found) == 1 and of_month:  # "máy số 5 tháng 9/2026"
            year, shift = read_year(match["tail"])
            span = (of_month.end(), match.end())
            return Moments((Moment(DeadlineKind.MONTH, span, month=number(match["m"]), year=year, shift=shift),))
        apart = any(_joins(match.string, [m.span() for m in found])[:1]) or _next_day(found)
        found = found[1:] if apart else found
        begin = found[0].start()  # "trên Quốc lộ 9 đến hết ngày 31/12/2019", "lần thứ 21, ngày 23/4"
    year, shift = read_year(match["tail"])
    bare = match["head"] is None and not match["tail"] and "tháng" not in match["sep"]
    spans = [m.span() for m in found]
    spans[0] = (begin, spans[0][1])
    joins = _joins(match.string, spans)
    spans[-1] = (spans[-1][0], match.end())
    points = tuple(
        Moment(DeadlineKind.DATE, span, month=number(match["m"]), day=int(m[1]), bare=bare, year=year, shift=shift)
        for m, span in zip(found, spans, strict=True)
    )
    return Moments(points, joins)


_MONTH_BEHIND = re.compile(r"\s{0,3}(?=tháng)")


def _next_day(found: list[re.Match[str]]) -> bool:
    """Whether the second number of a list calls itself a day, which the first does not."""
    return len(found) > 1 and "ngày" in found[1][0] and "ngày" not in found[0][0]


def _day_dotted(match: re.Match[str]) -> Part:
    """ "ngày 20.4", "ngày 15-3"; "ngày 10-12" with a rising dash is a span of days."""
    first, second = int(match["d"]), int(match["m"])
    if match["sep"] == "-" and (second > 12 or first < second):
        spans = (match.start(), match.end("d")), match.span("m")
        return Moments(
            tuple(Moment(DeadlineKind.DATE, s, day=n) for s, n in zip(spans, (first, second), strict=True)), (True,)
        )
    return Moments((Moment(DeadlineKind.DATE, match.span(), month=second, day=first),))


def _days_only(match: re.Match[str]) -> Part:
    found = list(_ONE_DAY.finditer(match.string, *match.span("days")))
    spans = [m.span() for m in found]
    spans[0] = (match.start(), spans[0][1])
    points = tuple(Moment(DeadlineKind.DATE, s, day=int(m[1])) for m, s in zip(found, spans, strict=True))
    return Moments(points, _joins(match.string, spans))


# Months, quarters, half-years, years ------------------------------------------------------------------------------

_MONTH_HEAD = r"(?:tháng\s{0,3}|(?<!\w)thg\.?\s?(?=\d)|(?<!\w)th?\.?\s?(?=\d))"
_MONTH_NUMBER = rf"(?:\d{{1,2}}(?!\d)|{_MONTH_WORD}|(?:x[i]{{1,2}}|i[xv]|vi{{0,3}}|i{{1,3}})(?!\w))"
_MONTH_ITEM = rf"{_MONTH_HEAD}{_MONTH_NUMBER}{ANN}(?:{YEAR_TAIL})?"
_MONTH_SERIES = (
    rf"(?:{VAGUE_WEEK})?{VAGUE}(?:các\s)?{_MONTH_ITEM}"
    rf"(?:{CONN}(?:{_MONTH_ITEM}|\d{{1,2}}(?!\d)(?:{YEAR_TAIL})|\d{{1,2}}(?!\d){STOP}))*{NOT_A_SYMBOL}"
)
_ONE_MONTH = re.compile(rf"(?:{_MONTH_HEAD})?(?P<n>{_MONTH_NUMBER}){ANN}(?P<tail>{YEAR_TAIL})?")
_ROMAN_MONTH = {
    "i": 1, "ii": 2, "iii": 3, "iv": 4, "v": 5, "vi": 6, "vii": 7, "viii": 8, "ix": 9, "xi": 11, "xii": 12,
}  # fmt: skip
_QUARTER_HEAD = r"(?:quý\s{0,3}|(?<!\w)q\.?\s?)"
_QUARTER_NUMBER = r"(?:\d{1,2}(?!\d)|[ivx]{1,4}(?!\w)|(?:nhất|một|hai|ba|tư|bốn)(?!\w))"
_QUARTER_ITEM = (
    rf"(?:quý\s{{0,3}}{_QUARTER_NUMBER}{ANN}(?:{YEAR_TAIL})?"
    rf"|(?<!\w)q\.?\s?(?:iv|i{{1,3}}|0?[1-4])(?!\w)(?:{YEAR_TAIL})?)"
)
_QUARTER_SERIES = (
    rf"{VAGUE}(?:các\s)?{_QUARTER_ITEM}"
    rf"(?:{CONN}(?:{_QUARTER_ITEM}|(?:\d|[ivx]{{1,4}})(?!\w)(?:{YEAR_TAIL})|\d(?!\d){STOP}|[ivx]{{1,4}}(?!\w)))*"
)
_ONE_QUARTER = re.compile(rf"(?P<head>{_QUARTER_HEAD})?(?P<n>{_QUARTER_NUMBER}){ANN}(?P<tail>{YEAR_TAIL})?")


_SERIES_HEAD = re.compile(rf"(?:{VAGUE_WEEK})?{VAGUE}(?:các\s)?")


def _series(match: re.Match[str], one: re.Pattern[str], quarter: bool) -> Part:
    text = match.string
    points: list[Moment] = []
    spans: list[tuple[int, int]] = []
    start = _SERIES_HEAD.match(text, *match.span())
    for item in one.finditer(text, start.end() if start else match.start(), match.end()):
        year, shift = read_year(item["tail"])
        span = (match.start() if not points else item.start(), item.end())
        spans.append(span)
        if quarter:
            head = item["head"] or ("" if points else "q")
            bare = head.startswith("q") and "quý" not in head and item["n"].isdigit() and not item["tail"]
            points.append(Moment(DeadlineKind.QUARTER, span, part=number(item["n"]), bare=bare, year=year, shift=shift))
        else:
            month = _ROMAN_MONTH.get(item["n"]) or number(item["n"])
            points.append(Moment(DeadlineKind.MONTH, span, month=month, year=year, shift=shift))
    return Moments(tuple(points), _joins(text, spans))


def _months(match: re.Match[str]) -> Part:
    short = match.string.startswith("t", match.start()) and not match.string.startswith("th", match.start())
    if short and _NUMBERED.search(match.string, max(0, match.start() - 20), match.start()):
        return Noise()  # "trạm T4"
    return _series(match, _ONE_MONTH, quarter=False)


def _quarters(match: re.Match[str]) -> Part:
    return _series(match, _ONE_QUARTER, quarter=True)


def _months_of_year(match: re.Match[str]) -> Part:
    found = list(re.compile(r"\d{1,2}").finditer(match.string, *match.span("list")))
    spans = [m.span() for m in found]
    joins = _joins(match.string, spans)
    spans[-1] = (spans[-1][0], match.end())
    year = int(match["y"])
    points = tuple(Moment(DeadlineKind.MONTH, s, year, int(m[0]), bare=True) for m, s in zip(found, spans, strict=True))
    return Moments(points, joins)


def _month_of_quarter(match: re.Match[str]) -> Part:
    """ "tháng cuối quý II/2024" is one month."""
    offset = {"đầu": 1, "giữa": 2, "hai": 2}.get(match["which"], 3)
    quarter = number(match["n"])
    month = 3 * quarter - 3 + offset if 1 <= quarter <= 4 else 0
    year, shift = read_year(match["tail"])
    return Moments((Moment(DeadlineKind.MONTH, match.span(), month=month, year=year, shift=shift),))


def _half(match: re.Match[str]) -> Part:
    year, shift = read_year(match["tail"])
    part = 1 if match["which"] == "đầu" else 2
    return Moments((Moment(DeadlineKind.HALF_YEAR, match.span(), part=part, year=year, shift=shift),))


def _some_months(match: re.Match[str]) -> Part | None:
    count = number(match["n"])
    if not 1 <= count <= 12:
        return None
    months = (1, count) if match["which"] == "đầu" else (13 - count, 12)
    year, shift = read_year(match["tail"])
    return Moments((Moment(DeadlineKind.RANGE, match.span(), months=months, year=year, shift=shift),))


def _edge_quarter(match: re.Match[str]) -> Part:
    year, shift = read_year(match["tail"])
    part = 1 if match["which"] == "đầu" else 4
    return Moments((Moment(DeadlineKind.QUARTER, match.span(), part=part, year=year, shift=shift),))


_YEAR_ITEM = re.compile(r"\d{3,6}")


def _years(match: re.Match[str]) -> Part | None:
    found = list(_YEAR_ITEM.finditer(match.string, *match.span("list")))
    spans = [m.span() for m in found]
    joins = _joins(match.string, spans)
    spans[0] = (match.start(), spans[0][1])
    bare = match["head"] is None
    points = tuple(
        Moment(DeadlineKind.YEAR, s, int(m[0]), bare=bare and len(found) == 1)
        for m, s in zip(found, spans, strict=True)
    )
    if bare and not all(1990 <= (p.year or 0) <= 2079 for p in points):
        return None
    return Moments(points, joins)


def _plan_year(match: re.Match[str]) -> Part:
    word = match["shift"]
    shift = RELATIVE_YEAR[" ".join(word.split())] if word else 0
    return Moments((Moment(DeadlineKind.YEAR, match.span(), shift=shift, whole_plan=True),))


_YEAR_WORD = r"\d{4}(?!\d)"
_AFTER_YEAR = r"(?!\s?[/.]\s?\w)(?!\s?-\s?[a-zđ]{2,4}(?!\w))"

DATE_RULES: tuple[Rule[Part], ...] = (
    Rule(
        "deadline.date.iso",
        r"(?<![\w/.,])(?P<y>20\d\d)(?P<s>[-/.])(?P<m>\d{1,2})(?P=s)(?P<d>\d{1,2})(?!\d)",
        _iso,
        "Ngày viết theo ISO 8601",
        sign=r"20\d\d[-/.]",
        examples={"2026-05-20": "date in 2026-05-20..2026-05-20", "2026-05": None},
    ),
    Rule(
        "deadline.date.full",
        rf"(?:(?<![\d/.,]){_DAY_HEAD}|(?<![\w/.])(?<!(?<!\d{{4}}),))(?P<d>\d{{1,2}})\s?"
        r"(?:(?P<s>[/.-])\s?(?P<m>\d{1,2})\s?(?P=s)|/\s?(?P<m2>\d{1,2})\s?[-.](?=\s?\d{4}))\s?(?P<y>\d{4,6}|\d{2,3}(?!\d))(?!\d)"
        rf"{NOT_A_SYMBOL}",
        _dmy,
        "Ngày, tháng, năm bằng số",
        sign=r"\d\s?[/.-]\s?\d{1,2}\s?[/.-]",
        examples={
            "15/3/2024": "date in 2024-03-15..2024-03-15",
            "trước ngày 9-5-2006": "date before 2006-05-09..2006-05-09",
            "05.01.2026": "date in 2026-01-05..2026-01-05",
            "17/11/2025,18/11/2025": "date in 2025-11-17..2025-11-17; date in 2025-11-18..2025-11-18",
            "31/02/2024": "invalid in",
            "09/2019/NĐ-CP": None,
        },
    ),
    Rule(
        "deadline.date.day_month",
        rf"(?:(?<![\d/.,])(?P<head>{_DAY_HEAD})|(?<![\w/.,]))(?P<days>{_DAY_LIST})"
        rf"(?P<sep>\s?/\s?|\s{{0,3}},?\s?(?:của\s)?tháng\s{{0,3}})(?P<m>\d{{1,2}}(?!\d)|(?:{_MONTH_WORD})){ANN}"
        rf"(?P<tail>{YEAR_TAIL})?{NOT_A_SYMBOL}(?!\s?[/.]\s?\d|,\d)",
        _day_month,
        "Ngày và tháng, có hoặc không có năm; dãy ngày trong một tháng",
        sign=r"[\d)]\s{0,3}(?:/\s?(?:\d{1,2}(?!\d)|[^\W\d])|,?\s?(?:của\s)?tháng)",
        examples={
            "Ngày 05 tháng 01 năm 2026": "date in 2026-01-05..2026-01-05",
            "15-20/3/2024": "range in 2024-03-15..2024-03-20",
            "Ngày 10 và ngày 25/4/2024": "date in 2024-04-10..2024-04-10; date in 2024-04-25..2024-04-25",
            "Kiểm soát trên Quốc lộ 9 đến hết ngày 31/12/2019": "date by 2019-12-31..2019-12-31",
            "Trực 24/7 tại các chốt": None,
        },
    ),
    Rule(
        "deadline.date.dotted",
        rf"(?:(?<!\w){_DAY_HEAD}|(?<=trước )|(?<=đến ))(?P<d>\d{{1,2}})(?P<sep>[.-])(?P<m>\d{{1,2}})(?![\d%]|[.,/-]\d)",
        _day_dotted,
        "Ngày và tháng cách nhau bằng dấu chấm hoặc gạch",
        sign=r"\d[.-]\d",
        examples={"trước ngày 20.4": "date before", "đạt 20.4": None},
    ),
    Rule(
        "deadline.date.day",
        rf"(?:(?<![\d/.,]){_DAY_HEAD})(?P<days>{_DAY_LIST})(?!\s?[/.-]\s?\d)(?!\s{{0,3}}(?:của\s)?tháng\s?\d)",
        _days_only,
        "Ngày không ghi tháng (tháng lấy từ tiêu đề)",
        sign=r"ngày\s{0,3}(?:m[ùồ]ng\s)?\d",
        examples={"Trước ngày 15": "date before", "05 ngày": None},
    ),
    Rule(
        "deadline.month.of_quarter",
        rf"tháng\s(?:thứ\s)?(?P<which>đầu|giữa|cuối|hai)(?:\stiên|\scùng)?(?:\scủa)?\s"
        rf"{_QUARTER_HEAD}(?P<n>{_QUARTER_NUMBER})(?P<tail>{YEAR_TAIL})?",
        _month_of_quarter,
        "Tháng đầu, giữa hoặc cuối của một quý cụ thể",
        sign=r"tháng\s(?:thứ\s)?(?:đầu|giữa|cuối|hai)",
        examples={"Tháng cuối quý II/2024": "month in 2024-06-01..2024-06-30", "tháng cuối quý": None},
    ),
    Rule(
        "deadline.month",
        _MONTH_SERIES,
        _months,
        "Tháng, dãy tháng, khoảng tháng",
        needs=("th", "t.", "t1", "t2", "t3", "t4", "t5", "t6", "t7", "t8", "t9", "t0"),
        sign=rf"t(?:háng\s{{0,3}}(?:\d|[ivx]|{_MONTH_WORD})|(?<!\wt)(?:hg?)?\.?\s?\d)",
        examples={
            "Tháng 9/2020": "month in 2020-09-01..2020-09-30",
            "Tháng 5 và 11 năm 2023": "month in 2023-05-01..2023-05-31; month in 2023-11-01..2023-11-30",
            "T3-T5/2025": "range in 2025-03-01..2025-05-31",
            "Tháng 13/2021": "invalid in",
            "Tháng 11/20120": "invalid in",
            "Tuần đầu của tháng 9/2025": "month in 2025-09-01..2025-09-30",
            "hàng tháng": None,
        },
    ),
    Rule(
        "deadline.month.numeric",
        rf"(?<![\w/.,])(?P<list>\d{{1,2}}(?!\d)(?:{CONN}\d{{1,2}}(?!\d))*)\s?[/-]\s?(?P<y>20\d{{2,3}})(?!\d){NOT_A_SYMBOL}"
        r"(?!\s?[/.]\s?\d)",
        _months_of_year,
        "Tháng và năm bằng số",
        sign=r"[/-]\s?20\d\d",
        examples={"12/2025": "month in 2025-12-01..2025-12-31", "01/2024/TT-TTCP": None},
    ),
    Rule(
        "deadline.half_year",
        r"(?<![\w/.,])(?:0?6(?:\s?\(\s?sáu\s?\))?\s{0,3}tháng|sáu\s{1,3}tháng|nửa(?:\snăm)?)\s{1,3}\(?(?P<which>đầu|cuối)"
        rf"(?!\s(?:tháng|quý))(?P<tail>{YEAR_TAIL}|(?:\scủa)?\snăm(?!\w))?",
        _half,
        "Sáu tháng đầu năm, sáu tháng cuối năm, nửa năm",
        sign=r"(?:tháng|nửa|năm)\s{1,3}\(?(?:đầu|cuối)",
        examples={
            "6 tháng cuối năm 2026": "half_year in 2026-07-01..2026-12-31",
            "06 tháng một lần": None,
        },
    ),
    Rule(
        "deadline.range.months",
        r"(?<![\w/.,])(?P<n>\d{1,2}|ba|bốn|chín|mười)\s{0,3}tháng\s{1,3}(?P<which>đầu|cuối)"
        rf"(?P<tail>{YEAR_TAIL}|(?:\scủa)?\snăm(?!\w))",
        _some_months,
        "Ba tháng đầu năm, chín tháng đầu năm",
        sign=r"tháng\s{1,3}(?:đầu|cuối)",
        examples={"9 tháng đầu năm 2024": "range in 2024-01-01..2024-09-30", "9 tháng": None},
    ),
    Rule(
        "deadline.quarter.edge",
        rf"quý\s(?P<which>đầu|cuối)(?:\stiên|\scùng)?(?P<tail>{YEAR_TAIL}|(?:\scủa)?\snăm(?!\w))",
        _edge_quarter,
        "Quý đầu hoặc quý cuối của năm",
        sign=r"quý\s(?:đầu|cuối)",
        examples={"Quý cuối năm 2024": "quarter in 2024-10-01..2024-12-31", "quý cuối": None},
    ),
    Rule(
        "deadline.quarter",
        _QUARTER_SERIES,
        _quarters,
        "Quý, dãy quý, khoảng quý",
        sign=r"q(?:uý\s{0,3}(?:[\divx]|nhất|một|hai|ba|tư|bốn)|(?<!\wq)\.?\s?[i\d])",
        examples={
            "Quý IV năm 2019": "quarter in 2019-10-01..2019-12-31",
            "Quý II-IV/2026": "range in 2026-04-01..2026-12-31",
            "quý hai năm 2024": "quarter in 2024-04-01..2024-06-30",
            "Quý V/2024": "invalid in",
            "quý báu": None,
        },
    ),
    Rule(
        "deadline.year",
        rf"(?<!\w){VAGUE}(?P<head>(?:(?:cả|các|trong)\s)?năm\s{{0,3}}|(?:giai đoạn|thời kỳ)\s{{1,3}}(?:năm\s)?)"
        rf"(?P<list>\d{{3,6}}(?!\d)(?:{CONN}(?:năm\s{{1,3}})?{_YEAR_WORD})*){_AFTER_YEAR}",
        _years,
        "Năm, dãy năm, giai đoạn",
        sign=r"(?:năm|giai đoạn|thời kỳ)\s{0,3}\d{3}",
        examples={
            "Năm 2022, 2024": "year in 2022-01-01..2022-12-31; year in 2024-01-01..2024-12-31",
            "Giai đoạn 2021-2025": "range in 2021-01-01..2025-12-31",
            "05 năm": None,
        },
    ),
    Rule(
        "deadline.year.bare",
        rf"(?<![\w/.,])(?P<head>(?!))?(?P<list>{_YEAR_WORD}(?:{CONN}(?:năm\s{{1,3}})?{_YEAR_WORD})*){_AFTER_YEAR}",
        _years,
        "Năm viết trần",
        needs=("20", "19"),
        sign=r"\d(?<![\w/.,]\d)\d{3}(?!\d)",
        examples={"2024": "year in 2024-01-01..2024-12-31", "16/2015": None},
    ),
    Rule(
        "deadline.year.plan",
        r"(?<!\w)(?:(?:(?:trong|cả|đầu|cuối|giữa|trọn)\s{1,2}(?:cả\s)?|(?<=hết )|(?<=suốt )|(?<=cả )|(?<=trọn ))năm"
        r"|(?=năm\s{1,2}(?:nay|sau|tới|ngoái|kế hoạch))năm)"
        r"(?:\s{1,2}(?P<shift>trước|ngoái|sau|tới|nay|kế tiếp|tiếp theo|kế hoạch)(?!\w))?"
        r"(?!\w)(?!\s{0,2}(?:\d|học|tài chính|báo cáo|liền kề|một lần|ngân sách))",
        _plan_year,
        "Cả năm, trong năm, cuối năm: năm của kế hoạch",
        sign=r"năm(?!\w|\s{0,2}\d)",
        examples={"Trong năm": "year in", "cuối năm học": None},
    ),
)

# Only under a heading that names the month ("Tháng 9/2024"): `YearContext.month`.
HEADED_RULES: tuple[Rule[Part], ...] = (
    Rule(
        "deadline.date.headed_day",
        rf"(?:^|(?<=[;\n(])|(?<=trước\s)|(?<=đến\s)|(?<=từ\s)|(?<=xong\s)|(?<=thành\s))\s{{0,9}}"
        rf"(?P<days>{_DAY_LIST})(?=[\s.]{{0,9}}(?:$|[;)]))",
        _days_only,
        "Số ngày đứng trần dưới tiêu đề tháng",
        examples={"15-20": "range in", "Trước 15": "date before", "15 người": None, "Hội trường tầng 2": None},
    ),
    Rule(
        "deadline.month.headed",
        r"(?<!\w)(?:trong|cuối|đầu|giữa|cả)\stháng(?=[\s.]{0,9}(?:$|[;,(]))",
        lambda m: Moments((Moment(DeadlineKind.MONTH, m.span()),)),
        "Trong tháng, dưới tiêu đề tháng",
        needs=("tháng",),
        examples={"Trong tháng": "month in", "trong tháng 5": None},
    ),
)
