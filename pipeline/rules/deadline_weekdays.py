"""Rules for days of the week that come back: thứ Sáu hàng tuần, thứ Hai tuần đầu của tháng, các ngày làm việc."""

import re

from pipeline.rules.deadline_numbers import CONN, number
from pipeline.rules.deadline_values import Part, Recurrence, Recurrences
from pipeline.rules.rule import Rule

WORKING_DAYS = ("MO", "TU", "WE", "TH", "FR")
_WEEK = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
_WEEKDAY = {
    "2": "MO", "hai": "MO", "3": "TU", "ba": "TU", "4": "WE", "tư": "WE", "5": "TH", "năm": "TH", "6": "FR",
    "sáu": "FR", "7": "SA", "bảy": "SA", "bẩy": "SA", "chủ nhật": "SU", "cn": "SU",
}  # fmt: skip
EACH = r"(?:hàng|mỗi|từng|các|mọi)"


def _weekdays(text: str) -> tuple[str, ...]:
    named = [_WEEKDAY[m] for m in re.findall(r"chủ nhật|(?<!\w)cn(?!\w)|hai|ba|tư|năm|sáu|bảy|bẩy|[2-7](?!\d)", text)]
    if len(named) == 2 and re.search(r"-|đến", text):
        first, last = _WEEK.index(named[0]), _WEEK.index(named[1])
        named = list(_WEEK[first : last + 1])
    return tuple(sorted(set(named), key=_WEEK.index))


def _weekly(match: re.Match[str]) -> Part | None:
    days = _weekdays(match["days"] or match["late"])
    return Recurrences((Recurrence(match.span(), "WEEKLY", weekdays=days),)) if days else None


def _weekday_of_month(match: re.Match[str]) -> Part | None:
    days = _weekdays(match["days"])
    which = match["which"]
    position = {"đầu": 1, "cuối": -1}.get(which) or number(which)
    if len(days) != 1 or not -1 <= position <= 5:
        return None
    return Recurrences((Recurrence(match.span(), "MONTHLY", weekdays=(f"{position}{days[0]}",)),))


def _working_days(match: re.Match[str]) -> Part:
    return Recurrences((Recurrence(match.span(), "WEEKLY", weekdays=WORKING_DAYS),))


_WD = r"(?:(?:thứ\s)?(?:[2-7](?!\d)|hai|ba|tư|năm|sáu|bảy|bẩy)(?!\w)|chủ nhật|cn(?!\w)|(?<!\w)t[2-7](?!\d))"
_WD_FIRST = r"(?:thứ\s(?:[2-7](?!\d)|hai|ba|tư|năm|sáu|bảy|bẩy)(?!\w)|chủ nhật|cn(?!\w)|(?<!\w)t[2-7](?!\d))"

WEEKDAY_RULES: tuple[Rule[Part], ...] = (
    Rule(
        "deadline.recurring.weekday_of_month",
        rf"(?<!\w)(?:ngày\s)?(?P<days>{_WD})\s(?:của\s)?tuần\s(?:thứ\s|lễ\s)?(?P<which>đầu|cuối|một|hai|ba|tư"
        rf"|nhất|[1-4])"
        rf"(?:\stiên|\scùng)?\s(?:của\s)?(?:{EACH}\s)?tháng(?!\s?\d)",
        _weekday_of_month,
        "Thứ trong tuần đầu hoặc tuần cuối của mỗi tháng",
        needs=("tuần",),
        examples={"Thứ Sáu tuần cuối hàng tháng": "recurring in FREQ=MONTHLY;BYDAY=-1FR", "Thứ Sáu": None},
    ),
    Rule(
        "deadline.recurring.weekday",
        rf"(?<!\w)(?:từ\s)?(?:(?:các\s|vào\s)?(?:ngày|sáng|chiều)\s)?(?P<days>{_WD_FIRST}(?:{CONN}{_WD})*)\s{{1,3}}"
        r"(?:hàng|mỗi|các|trong|của(?:\s(?:hàng|mỗi))?)?\s{0,3}tuần(?!\s(?:đầu|cuối|thứ|\d))(?!\w)"
        rf"|(?<!\w)(?:hàng|mỗi)\stuần\s?[,(:]?\s?(?:vào\s)?(?:(?:các\s)?(?:ngày|sáng|chiều)\s)?"
        rf"(?P<late>{_WD}(?:{CONN}{_WD})*)(?!\s?[/.]\s?\d)",
        _weekly,
        "Thứ trong tuần",
        needs=("tuần",),
        examples={
            "các ngày thứ 2, 4, 6 hàng tuần": "recurring in FREQ=WEEKLY;BYDAY=MO,WE,FR",
            "Chủ nhật hằng tuần": "recurring in FREQ=WEEKLY;BYDAY=SU",
            "Thứ Hai, ngày 03/3/2025": None,
        },
    ),
    Rule(
        "deadline.recurring.working_days",
        r"(?<!\w)(?:(?<!\d )|(?<=[:h]\d\d )|(?<=h ))(?:giờ hành chính(?:\scủa)?\s)?(?:các\s|hàng\s|mỗi\s)?ngày làm việc"
        r"(?:\s(?:trong|hàng|của)\s(?:hàng\s)?tuần)?(?!\s(?:tiếp|kế|liền|đầu|cuối|thứ))(?!\w)",
        _working_days,
        "Các ngày làm việc trong tuần",
        needs=("ngày làm việc",),
        examples={
            "các ngày làm việc trong tuần": "recurring in FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR",
            "05 ngày làm việc": None,
        },
    ),
)
