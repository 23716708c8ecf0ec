"""Which way a deadline's words point: before, by, from or in.

Read from the words around it, never from a heading or label ("Thời gian hoàn thành: Quý II" is `in`).
"""

import re

from pipeline.plan import Bound

_HOUR = r"(?:\d{1,2}\s?(?:h|g|giờ|:)\s?(?:\d{2})?(?:\s?phút|')?,?\s{0,2})?"
_FILL = (
    r"(?:(?:thứ\s(?:[2-7]|hai|ba|tư|năm|sáu|bảy)|chủ nhật|cuối|đầu|giữa|các|mốc|thời điểm|thời hạn"
    r"|cuối ngày),?\s{0,2}){0,3}"
)
_DAY = r"(?:(?:hết\s)?ngày\s{0,3})?"
_END = rf"\s{{0,3}}{_HOUR}{_FILL}{_DAY}\(?\s{{0,3}}$"

_BEFORE = re.compile(
    rf"(?<!\w)(?:(?:hoàn thành|xong|chậm nhất(?:\slà)?|đến|muộn nhất)\s{{1,3}})?trước(?:\s(?:hết|cuối|thời điểm"
    rf"|lúc)(?!\w))?{_END}"
)
_BEFORE_EVENT = re.compile(r"(?<!\w)(?<!năm )trước\s(?:mùa|kỳ|dịp|tết|lễ|vụ|khi|đợt)(?!\w)[^,;:\n]{0,30}$")
_BY = re.compile(
    r"(?<!\w)(?:(?:cho\s)?(?:đến|tới)|hết|(?:chậm|muộn) nhất|trễ nhất|không (?:quá|muộn hơn|chậm hơn|chậm quá|trễ hơn)"
    r"|hạn (?:cuối(?: cùng)?|chót)"
    rf"|trong vòng|trong thời hạn)(?:\s(?:là|vào|đến|hết|trong|tới|không quá)(?!\w)){{0,3}}\s{{0,2}}:?{_END}"
)
_FROM = re.compile(
    rf"(?<!\w)(?:(?:bắt đầu|áp dụng|thực hiện|triển khai|tính|kể)\s)*(?:từ|bắt đầu|sau)(?:\s(?:vào|sau|khi))?{_END}"
)
# "chấp hành xong án phạt tù" tells of whom, not when.
_DONE = re.compile(r"(?<!\w)(?<!không )(?<!chấp hành )(?<!cai nghiện )(?:hoàn thành|hoàn tất|xong)(?!\w)")
_LABEL = re.compile(r"(?:thời gian|thời hạn|thời điểm|tiến độ|ngày|mốc|hạn|kế hoạch|mức độ)\s(?:dự kiến\s|phải\s)?$")
_OTHER_ACT = re.compile(
    r"(?:,|(?<!\w)(?:và|để|rồi|đồng thời))\s{0,3}(?:phải\s)?(?:trình|báo cáo|tổ chức|gửi|ban hành|phê duyệt"
    r"|công bố|triển khai"
    r"|khởi công|khai giảng|đưa vào|tổng hợp|tổng kết|sơ kết|thực hiện|nghiệm thu|bàn giao|trả)(?!\w)"
)
_TAIL_DONE = re.compile(
    r"\s{0,3}[(:]?\s{0,3}(?:(?:phải|sẽ|cơ bản|thì|là|cần|để)\s){0,2}(?:hoàn thành|hoàn tất|xong)(?!\w)"
)
_TAIL_FROM = re.compile(
    r"\s{0,3}(?:trở đi|trở về sau|về sau|đổ đi|và (?:các|những) (?:năm|tháng|quý) (?:tiếp theo|sau|tiếp|kế tiếp))(?!\w)"
)

_HOUR_SPAN = re.compile(
    r"\d{1,2}\s?(?:h|g|giờ|:)\s?\d{0,2}\s{0,3}(?:-|đến)\s{0,3}\d{1,2}\s?(?:h|g|giờ|:)\s?\d{0,2},?\s{0,3}(?:ngày\s)?$"
)

WINDOW = 160


def before_words(lead: str) -> re.Match[str] | None:
    """The words of "trước ngày" that end a lead."""
    return _BEFORE.search(lead) or _BEFORE_EVENT.search(lead)


def done_words(lead: str) -> re.Match[str] | None:
    """ "hoàn thành", "xong" that govern what follows the lead: no label, no other act between."""
    last = None
    for match in _DONE.finditer(lead):
        last = match
    if last is None or _LABEL.search(lead[: last.start()]) or _OTHER_ACT.search(lead, last.end()):
        return None
    return last


def read_bound(lead: str, tail: str, lasting: bool = False) -> tuple[Bound, int, int]:
    """Bound of the words between `lead` and `tail`, and how many characters of both belong to it.

    `lasting` is true for ranges, whose "từ ... đến" is part of the range itself.
    """
    size = len(lead)
    if _HOUR_SPAN.search(lead):
        return Bound.IN, 0, 0
    if match := before_words(lead):
        return Bound.BEFORE, size - match.start(), 0
    done = done_words(lead)
    by = None if lasting else _BY.search(lead)
    if done or by:
        start = min(m.start() for m in (done, by) if m)
        return Bound.BY, size - start, 0
    if match := _TAIL_DONE.match(tail):
        return Bound.BY, preposition(lead), match.end()
    if match := _FROM.search(lead):
        return (Bound.IN if lasting else Bound.FROM), size - match.start(), 0
    if match := _TAIL_FROM.match(tail):
        return Bound.FROM, 0, match.end()
    return Bound.IN, preposition(lead), 0


_IN = re.compile(
    r"(?<!\w)(?:(?:ngay\s)?(?:trong|vào|là)(?:\skhoảng)?|ngay trong|dự kiến|khoảng|các)\s{1,3}(?:các\s|ngày\s)?$"
)


def preposition(lead: str) -> int:
    """How many characters of "trong", "vào" end the lead."""
    match = _IN.search(lead)
    return len(lead) - match.start() if match else 0
