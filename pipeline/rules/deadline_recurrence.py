"""Rules for what comes back: hàng năm, định kỳ 6 tháng, ngày 20 tháng cuối quý; days of the week: deadline_weekdays.

Rules follow RFC 5545; choices that the papers leave open (even spacing of "2 lần/năm", working days as Monday to
Friday, windows as BYMONTH) follow the project's conventions for deadlines.
"""

import re

from pipeline.rules.deadline_numbers import ANN, CONN, number
from pipeline.rules.deadline_values import Part, Periodic, Recurrence, Recurrences
from pipeline.rules.deadline_weekdays import EACH, WEEKDAY_RULES, WORKING_DAYS
from pipeline.rules.rule import Rule

_FREQ = {"ngày": "DAILY", "tuần": "WEEKLY", "tháng": "MONTHLY", "quý": "MONTHLY", "năm": "YEARLY", "giờ": "HOURLY"}
_MONTHS_OF_QUARTER = {
    **dict.fromkeys(("đầu", "nhất", "1"), (1, 4, 7, 10)),
    **dict.fromkeys(("giữa", "hai", "2"), (2, 5, 8, 11)),
    **dict.fromkeys(("cuối", "ba", "3"), (3, 6, 9, 12)),
}

_COUNT = rf"(?:(?:\d{{1,2}}|một|hai|ba|bốn|năm|sáu|chín|mười){ANN}\s{{0,3}})"
_UNIT = (
    r"(?:ngày(?!\s?\d|\slàm)|tuần|tháng(?!\s?\d)|quý(?!\s?(?:\d|[ivx]{1,4}(?!\w)))|năm(?!\s?\d{3,6}|\shọc"
    r"|\snay)|nửa năm)(?!\w)"
)
_NOT_HALF = r"(?!\s(?:đầu|cuối)(?!\w))"
_PERIOD = rf"(?:{_COUNT}?{_UNIT}{_NOT_HALF}|(?<!\w)nửa năm(?!\w))"
# "các tháng" says how often only with "trong năm" behind it.
_ALL_OF = r"các\s{1,3}(?=(?:ngày|tuần|tháng|quý)\s(?:trong|của|hàng)\s(?:cả\s)?(?:năm|tháng|quý|tuần))"
_EVERY = (
    rf"(?:(?:theo\s)?định kỳ(?:\stheo)?\s{{1,3}}\(?(?:{EACH}\s{{1,3}})?|(?<!\w)(?:hàng|mỗi|từng|mọi)\s{{1,3}}"
    rf"|(?<!\w){_ALL_OF})"
)
_LINK = r"(?:\s{0,3}[,/&+-]\s{0,3}|\s{0,3},?\s{1,3}(?:và|hoặc|hay)\s{1,3})"
_ONE_PERIOD = re.compile(rf"(?:{_EVERY})?(?P<count>{_COUNT})?(?P<unit>nửa năm|ngày|tuần|tháng|quý|năm)(?!\w)")


def _recurrence(span: tuple[int, int], count: int, unit: str) -> Recurrence:
    if unit == "nửa năm":
        return Recurrence(span, "MONTHLY", 6)
    interval = max(count, 1) * (3 if unit == "quý" else 1)
    if unit in ("tháng", "quý") and interval == 12:
        return Recurrence(span, "YEARLY")
    return Recurrence(span, _FREQ[unit], interval)


def _periods(match: re.Match[str]) -> Part | None:
    found = list(_ONE_PERIOD.finditer(match.string, *match.span()))
    items: list[Recurrence] = []
    for period in found:
        span = (period.start() if items or match.string[match.start()] in " ,;" else match.start(), period.end())
        count = number(re.sub(r"\(.*", "", period["count"] or "1").strip())
        if count == 9 and period["unit"] == "tháng" and len(found) > 1:  # the nine-month report comes once a year
            items.append(Recurrence(span, "YEARLY", months=(9,)))
        else:
            items.append(_recurrence(span, count, period["unit"]))
    return Recurrences(tuple(items)) if items else None


def _once_per(match: re.Match[str]) -> Part | None:
    """ "6 tháng một lần", "3 năm/lần", "quý/lần"."""
    count = number(re.sub(r"\(.*", "", match["count"] or "1").strip())
    return Recurrences((_recurrence(match.span(), count, match["unit"]),)) if count else None


def _times_per(match: re.Match[str]) -> Part | None:
    """ "2 lần/năm": evenly spaced, as far as whole months or weeks allow."""
    times = number(re.sub(r"\(.*", "", match["times"]).strip())
    return Recurrences((_spaced(match.span(), times, match["unit"]),)) if times else None


def _spaced(span: tuple[int, int], times: int, unit: str) -> Recurrence:
    months = {"năm": 12, "quý": 3, "tháng": 1}.get(unit, 0)
    if months and months % times == 0:
        interval = months // times
        return Recurrence(span, "YEARLY") if interval == 12 else Recurrence(span, "MONTHLY", interval)
    if unit == "tháng" and times in (2, 4):
        return Recurrence(span, "WEEKLY", 4 // times)
    if unit == "tuần" and times >= 5:
        return Recurrence(span, "DAILY")
    return Recurrence(span, _FREQ[unit])


def _days(text: str) -> tuple[int, ...]:
    """Days of the month in a list or range: "10 và 25", "20 - 25", "cuối cùng"."""
    if "cuối" in text:
        return (-1,)
    if "đầu" in text:
        return (1,)
    numbers = [int(n) for n in re.findall(r"\d{1,2}", text)]
    if len(numbers) == 2 and re.search(r"-|đến|tới", text):
        numbers = list(range(numbers[0], numbers[1] + 1))
    return tuple(n for n in numbers if 1 <= n <= 31)


def _day_of_month(match: re.Match[str]) -> Part | None:
    days = _days(match["days"])
    return Recurrences((Recurrence(match.span(), "MONTHLY", days=days),)) if days else None


def _workday_of_month(match: re.Match[str]) -> Part:
    position = 1 if match["which"] == "đầu" else -1
    return Recurrences((Recurrence(match.span(), "MONTHLY", weekdays=WORKING_DAYS, position=position),))


def _month_of_quarter(match: re.Match[str]) -> Part | None:
    months = set(_MONTHS_OF_QUARTER[match["which"]])
    months |= {int(n) for n in re.findall(r"tháng\s?(\d{1,2})", match["more"] or "") if 1 <= int(n) <= 12}
    days = _days(match["days"]) if match["days"] else ()
    return Recurrences((Recurrence(match.span(), "YEARLY", months=tuple(sorted(months)), days=days),))


def _end_of_quarter(match: re.Match[str]) -> Part:
    months = _MONTHS_OF_QUARTER[match["which"]]
    days = _days(match["days"])
    return Recurrences((Recurrence(match.span(), "YEARLY", months=months, days=days),))


def _edge_of_each(match: re.Match[str]) -> Part | None:
    if match[0].startswith("trong") and re.search(
        r"\w[^;]{0,80}$", match.string[max(0, match.start() - 90) : match.start()]
    ):
        return None  # "thường xuyên trong tháng": no repetition of its own
    return Recurrences((_recurrence(match.span(), 1, match["unit"]),))


_DAY_WORD = r"(?:(?:các\s)?ngày\s{0,3}(?:mùng\s|mồng\s)?|mùng\s|mồng\s)"
_DAYS = (
    rf"(?:{_DAY_WORD}(?:cuối cùng|cuối|đầu tiên)"
    rf"|{_DAY_WORD}?\d{{1,2}}(?!\d){ANN}(?:{CONN}{_DAY_WORD}?\d{{1,2}}(?!\d))*)"
)
_NEXT = r"(?:sau|tiếp theo|kế tiếp|liền kề|tiếp|kế|tới)"
_OF_YEAR = rf"(?:\s{{1,3}}(?:của\snăm|{EACH}\snăm)(?!\w))"
_PER = r"(?:\s{0,2}/\s{0,2}(?:0?1\s)?|\s(?:trong\s)?(?:một|mỗi|hàng|0?1|trong|trên)\s)"
_TIMES = r"(?:\d{1,2}|một|hai|ba|bốn|năm|sáu)"

RECURRENCE_RULES: tuple[Rule[Part], ...] = (
    Rule(
        "deadline.recurring.month_of_quarter",
        rf"(?:(?<![\w/.,])(?P<days>{_DAYS})\s{{1,3}}(?:của\s)?)?tháng\s(?:thứ\s)?(?P<which>đầu|giữa|cuối|nhất"
        rf"|hai|ba|[123](?!\d))"
        rf"(?:\stiên|\scùng)?(?:\scủa)?(?:\s{EACH})?\s(?:quý|kỳ(?: báo cáo)?)(?!\s?(?:\d"
        rf"|[ivx]{{1,4}}(?!\w)))(?:\s{_NEXT})?(?!\w)"
        rf"(?P<more>(?:(?:\s?,|\svà)\stháng\s?\d{{1,2}}(?!\d)){{1,6}}{_OF_YEAR})?",
        _month_of_quarter,
        "Ngày trong tháng đầu, giữa hoặc cuối của mỗi quý",
        sign=r"tháng\s(?:thứ\s)?(?:đầu|giữa|cuối|nhất|hai|ba|[123](?!\d))",
        examples={
            "Trước ngày 20 của tháng cuối quý": "recurring before FREQ=YEARLY;BYMONTH=3,6,9,12;BYMONTHDAY=20",
            "ngày 05 tháng đầu quý sau": "recurring in FREQ=YEARLY;BYMONTH=1,4,7,10;BYMONTHDAY=5",
            "Tháng cuối quý II/2024": None,
        },
    ),
    Rule(
        "deadline.recurring.day_of_quarter",
        rf"(?<![\w/.,])(?P<days>{_DAYS})\s(?:của\s)?(?:(?P<which>đầu|cuối)\s)(?:{EACH}\s)?quý"
        rf"(?!\s?(?:\d|[ivx]{{1,4}}(?!\w)))(?:\s{_NEXT})?(?!\w)"
        rf"|(?<!\w)(?P<x>ngày\s(?:cuối cùng|cuối)\s(?:của\s)?(?:{EACH}\s)?quý)(?!\s?(?:\d|[ivx]{{1,4}}(?!\w)))(?!\w)",
        lambda m: (
            Recurrences((Recurrence(m.span(), "YEARLY", months=(3, 6, 9, 12), days=(-1,)),))
            if m["x"]
            else _end_of_quarter(m)
        ),
        "Ngày cuối quý, ngày đầu quý",
        sign=r"quý(?!\s?(?:\d|[ivx]{1,4}(?!\w)))",
        examples={
            "Ngày cuối cùng của quý": "recurring in FREQ=YEARLY;BYMONTH=3,6,9,12;BYMONTHDAY=-1",
            "Cuối quý II": None,
        },
    ),
    Rule(
        "deadline.recurring.workday_of_month",
        rf"ngày làm việc (?P<which>đầu|cuối)(?:\stiên|\scùng)?\s(?:của\s)?(?:{EACH}\s)?tháng(?!\s?\d)(?:\s{_NEXT})?",
        _workday_of_month,
        "Ngày làm việc đầu tiên, cuối cùng của tháng",
        needs=("ngày làm việc",),
        examples={
            "Ngày làm việc cuối cùng của tháng": "recurring in FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1",
            "05 ngày làm việc": None,
        },
    ),
    Rule(
        "deadline.recurring.day_of_month",
        rf"(?<![\w/.,])(?<!tuần )(?<!tuần thứ )(?P<days>{_DAYS})\s{{0,3}}(?:,?\s?(?:của\s)?{EACH}\s{{1,3}}tháng"
        rf"|của\s{{1,3}}tháng"
        rf"|(?:của\s)?tháng\s{_NEXT}|(?<=cuối cùng )tháng"
        rf"|(?<=ngày cuối )tháng)(?!\s?\d)(?:\s{_NEXT})?(?!\s(?:đầu|cuối|giữa)(?!\w))(?!\w)",
        _day_of_month,
        "Ngày trong mỗi tháng",
        sign=r"tháng(?!\s?\d)",
        examples={
            "Trước ngày 25 hằng tháng": "recurring before FREQ=MONTHLY;BYMONTHDAY=25",
            "trước ngày 05 tháng kế tiếp": "recurring before FREQ=MONTHLY;BYMONTHDAY=5",
            "Ngày cuối cùng của tháng": "recurring in FREQ=MONTHLY;BYMONTHDAY=-1",
            "Ngày 9 tháng 10": None,
        },
    ),
    *WEEKDAY_RULES,
    Rule(
        "deadline.recurring.times",
        rf"(?<![\w/.,])(?:(?:định kỳ|ít nhất|tối thiểu)\s)*(?P<times>{_TIMES}){ANN}\s{{0,2}}(?:lần|đợt|kỳ|lượt|cuộc)"
        rf"{_PER}(?P<unit>năm|quý|tháng|tuần|ngày)(?!\w)(?!\s?\d{{1,3}}(?!\d))",
        _times_per,
        "Số lần trong một năm, quý, tháng",
        needs=("lần", "đợt", "kỳ", "lượt", "cuộc"),
        sign=r"(?:lần|đợt|kỳ|lượt|cuộc)(?:\s{0,2}/|\s(?:trong|một|mỗi|hàng|0?1|trên)\s)",
        examples={
            "02 lần/năm": "recurring in FREQ=MONTHLY;INTERVAL=6",
            "2 đợt/năm (tháng 6 và tháng 12)": "recurring in FREQ=YEARLY;BYMONTH=6,12",
            "2 lần": None,
        },
    ),
    Rule(
        "deadline.recurring.unit_times",
        rf"(?<![\w/.,])(?:{EACH}\s)?(?:0?1\s|một\s)?(?P<unit>năm|quý|tháng|tuần|ngày)\s(?:ít nhất\s|tối thiểu\s|là\s)?"
        rf"(?P<times>{_TIMES}){ANN}\s(?:lần|đợt|kỳ|lượt|cuộc)(?!\w)",
        _times_per,
        "Mỗi năm hai lần, mỗi quý một lần",
        needs=("lần", "đợt", "kỳ", "lượt", "cuộc"),
        examples={
            "Mỗi quý 1 lần": "recurring in FREQ=MONTHLY;INTERVAL=3",
            "Năm một lần": "recurring in FREQ=YEARLY",
            "năm 2024 một lần": None,
        },
    ),
    Rule(
        "deadline.recurring.once_per",
        rf"(?<![\w/.,])(?:định kỳ\s|cứ\s|{EACH}\s)?(?P<count>{_COUNT})?(?P<unit>năm|quý|tháng|tuần|ngày)"
        r"(?:\s{0,2}/\s{0,2}(?:0?1\s)?|\s(?:một|0?1)\s)(?:lần|đợt|kỳ)(?!\w)",
        _once_per,
        "Sáu tháng một lần, ba năm một lần",
        needs=("lần", "đợt", "kỳ"),
        examples={
            "06 tháng một lần": "recurring in FREQ=MONTHLY;INTERVAL=6",
            "03 năm/lần": "recurring in FREQ=YEARLY;INTERVAL=3",
            "một lần": None,
        },
    ),
    Rule(
        "deadline.recurring.pieces",
        r"(?<!\w)(?:mỗi|hàng|từng)\s{1,3}(?P<unit>năm|quý|tháng|tuần|ngày)\s"
        rf"(?:ít nhất\s|tối thiểu\s|có\s|phát\s|làm\s)?(?:từ\s)?\d{{1,3}}(?!\d){ANN}"
        r"(?=\s(?!năm|tháng|quý|và|hoặc|hay|đến|của)[^\W\d_]{2,})",
        lambda m: Recurrences((_recurrence(m.span(), 1, m["unit"]),)),
        "Mỗi tháng một số, mỗi quý hai bài: số lượng đứng sau không phải số của tháng, quý",
        needs=("mỗi", "hàng", "từng"),
        sign=r"(?:năm|quý|tháng|tuần|ngày)\s(?:\w+\s){0,3}\d",
        examples={
            "Mỗi quý 02 phóng sự": "recurring in FREQ=MONTHLY;INTERVAL=3",
            "hằng tháng 01 bản tin": "recurring in FREQ=MONTHLY",
            "quý 2 năm 2024": None,
        },
    ),
    Rule(
        "deadline.recurring.period",
        rf"{_EVERY}{_PERIOD}(?:{_LINK}(?:{_EVERY})?{_PERIOD})*",
        _periods,
        "Hàng năm, định kỳ hàng quý, 6 tháng, năm",
        needs=("hàng", "mỗi", "từng", "các", "định kỳ", "mọi"),
        sign=r"(?:hàng|mỗi|từng|mọi|định kỳ)\s|các\s{1,3}(?:ngày|tuần|tháng|quý)\s",
        examples={
            "Hằng năm": "recurring in FREQ=YEARLY",
            "Định kỳ hàng quý, 6 tháng, năm": "recurring in FREQ=MONTHLY;INTERVAL=3; "
            "recurring in FREQ=MONTHLY;INTERVAL=6; recurring in FREQ=YEARLY",
            "Trước ngày 15/01 hàng năm": "recurring before FREQ=YEARLY;BYMONTH=1;BYMONTHDAY=15",
            "hàng hóa": None,
        },
    ),
    Rule(
        "deadline.recurring.period_after_bracket",
        rf"(?<=\)){_LINK}{_PERIOD}(?:{_LINK}{_PERIOD}){{0,3}}",
        lambda m: _periods(m) if re.search(r"định kỳ|hàng", m.string[max(0, m.start() - 120) : m.start()]) else None,
        "Các kỳ nối tiếp sau ngoặc",
        sign=r"\)(?:\s{0,3}[,/&+-]|\s{1,6}(?:và|hoặc|hay)\s)",
        examples={
            "Định kỳ hàng quý (ngày cuối quý), năm": "recurring in FREQ=YEARLY;BYMONTH=3,6,9,12;BYMONTHDAY=-1; "
            "recurring in FREQ=YEARLY",
            "(cũ), năm": None,
        },
    ),
    Rule(
        "deadline.recurring.period_list",
        rf"(?<![\w/.,]){_PERIOD}(?:{_LINK}{_PERIOD}){{0,3}}{_LINK}{_EVERY}{_PERIOD}(?:{_LINK}(?:{_EVERY})?{_PERIOD})*",
        _periods,
        "Sáu tháng, hàng năm",
        needs=("hàng", "mỗi", "định kỳ"),
        examples={
            "báo cáo sáu tháng, hàng năm": "recurring in FREQ=MONTHLY;INTERVAL=6; recurring in FREQ=YEARLY",
            "sáu tháng": None,
        },
    ),
    Rule(
        "deadline.recurring.period_names",
        rf"(?:^|(?<=;))\s{{0,9}}(?:báo cáo\s|theo\s"
        rf"|định kỳ\s)?{_PERIOD}(?:{_LINK}{_PERIOD}){{1,4}}(?=[\s.,]{{0,9}}(?:$|;))",
        _periods,
        "Tháng, quý, năm: tên các kỳ đứng riêng trong ô",
        needs=("tháng", "quý", "tuần"),
        sign=r"(?:ngày|tuần|tháng|quý|năm)(?:\s{0,3}[,/&+-]|\s{1,6}(?:và|hoặc|hay)\s)",
        examples={
            "Tháng, quý, năm": "recurring in FREQ=MONTHLY; recurring in FREQ=MONTHLY;INTERVAL=3; "
            "recurring in FREQ=YEARLY",
            "tháng": None,
        },
    ),
    Rule(
        "deadline.recurring.by_period",
        r"(?<!\w)(?:theo\s|trong\s|cuối\s(?:mỗi\s)?|đầu\s(?:mỗi\s)?)(?P<unit>tháng|quý)"
        r"(?=\s{0,3}(?:$|[.,;)\n]))",
        _edge_of_each,
        "Theo quý, cuối mỗi tháng",
        sign=r"(?:tháng|quý)\s{0,3}(?:$|[.,;)\n])",
        examples={"Theo quý": "recurring in FREQ=MONTHLY;INTERVAL=3", "theo quý vị": None},
    ),
    Rule(
        "deadline.recurring.all_of",
        r"(?<![\w/.,])(?:(?:cả\s)?(?:0?4|bốn)\s(?P<quarter>quý)(?:\strong\snăm)?|cả\s12\stháng(?:\strong\snăm)?"
        r"|12\stháng\strong\snăm)(?=\s{0,3}(?:$|[.,;)\n]))",
        lambda m: Recurrences((_recurrence(m.span(), 1, "quý" if m["quarter"] else "tháng"),)),
        "Cả bốn quý, mười hai tháng trong năm",
        sign=r"4\squý|bốn\squý|12\stháng",
        examples={"Cả 4 quý": "recurring in FREQ=MONTHLY;INTERVAL=3", "Quý 4": None},
    ),
    Rule(
        "deadline.recurring.of_report_year",
        r"(?<!\w)(?:của\s|trong\s)?năm\s(?:liền kề(?:\s(?:sau|trước))?(?:\s(?:của\s)?năm báo cáo)?|báo cáo"
        r"|kế tiếp năm báo cáo"
        r"|sau năm báo cáo|tiếp theo năm báo cáo)(?!\w)"
        r"|(?<!\w)(?:của\s(?:các\s)?|các\s|những\s)năm(?=\s{0,3}(?:$|[.,;)\n]))",
        lambda m: Recurrences((Recurrence(m.span(), "YEARLY", alone=False),)),
        "Của năm liền kề năm báo cáo: hằng năm",
        sign=r"năm(?:\s(?:liền|báo|kế|sau|tiếp)|\s{0,3}(?:$|[.,;)\n]))",
        examples={
            "trước ngày 10/01 của năm liền kề năm báo cáo": "recurring before FREQ=YEARLY;BYMONTH=1;BYMONTHDAY=10",
            "của năm 2024": None,
        },
    ),
    Rule(
        "deadline.periodic",
        r"(?<!\w)(?:theo\s)?định kỳ(?!\w)",
        lambda _: Periodic(),
        "Định kỳ: có lặp lại, kỳ hạn do các chữ bên cạnh nói",
        needs=("định kỳ",),
        examples={
            "Định kỳ trước ngày 31/12": "recurring before FREQ=YEARLY;BYMONTH=12;BYMONTHDAY=31",
            "kỳ họp": None,
        },
    ),
)
