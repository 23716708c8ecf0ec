"""Two columns that give one time: where it begins and where it ends, however an office heads them.

Forms: "Bắt đầu | Kết thúc", "Khởi công | Hoàn thành", "Từ tháng | Đến tháng", "Thời gian triển khai | Thời hạn
hoàn thành" under one heading.
"""

import re
from collections.abc import Sequence
from itertools import pairwise

from pipeline.text import key

_UNIT = r"(?: (?:ngày|tháng|quý|tuần|năm|ngày,? tháng(?:,? năm)?))?"
_FIRST = re.compile(rf"^(?:.*\b)?(?:từ|bắt đầu(?: từ)?|khởi công|khởi động|bđ|khai mạc){_UNIT}$")
_UNDER_WAY = re.compile(rf"^(?P<of>.*?)\b(?:triển khai|thực hiện|tiến hành){_UNIT}$")
_LAST = re.compile(
    r"^(?P<of>.*?)\b(?:(?:cho )?(?:đến|tới)(?: hết)?|kết thúc(?: vào)?|hoàn thành|hoàn tất|xong|bế mạc|kt|ht"
    rf"|(?:thời )?hạn(?: chót| cuối(?: cùng)?| hoàn thành)?)(?: trước)?{_UNIT}$"
)
_BRACKETS = re.compile(r"\s*\([^)]*\)?")


def find_span(headings: Sequence[str]) -> int | None:
    """Position of the first two neighbours that name the beginning and the end of one time."""
    pairs = enumerate(pairwise(headings))
    return next((at for at, (first, last) in pairs if first and last and _is_span(first, last)), None)


def _is_span(first: str, last: str) -> bool:
    one, other = (key(_BRACKETS.sub("", heading)) for heading in (first, last))
    end = _LAST.match(other)
    if end is None:
        return False
    if _FIRST.match(one):
        return True
    begun = _UNDER_WAY.match(one)
    return begun is not None and begun["of"].strip() == end["of"].strip()
