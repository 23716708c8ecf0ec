"""What stands before the subject of a sentence: adverbials, conditions, grounds in a few words, orders.

Where the subject can stand behind them is asked by `pipeline.read.acting`, what the work is by `pipeline.read.agents`.
"""

import re
from dataclasses import dataclass

ORDER = re.compile(
    r"^(?:(?:đồng thời|riêng|trước mắt|trước hết|trước tiên|tạm thời|tạm|đồng ý|thống nhất|nhất trí|tiếp tục) )?"
    r"(?:(?:giao(?: nhiệm vụ)?|phân công(?: nhiệm vụ)?|giao trách nhiệm)(?: cho)?|yêu cầu|mời"
    r"|(?:kính |trân trọng )?(?:đề nghị|mời)|đối với|chỉ đạo)\s*:?\s+"
)
RELAYED = re.compile(r"^chỉ đạo\b")  # "Chỉ đạo các trường ...": whoever the heading names has to act
_DOCUMENT = (
    r"(?:công văn|công điện|kế hoạch|nghị quyết|chỉ thị|quyết định|chương trình|kết luận|thông tư|nghị định|thông báo"
    r"|luật|đề án|văn bản)"
)
# Times, places, grounds, conditions and links with which a sentence opens before its subject or its work.
_ADVERBIAL = re.compile(
    r"(?:hàng|hằng|định kỳ|trước|sau|khi|trong|từ|kể từ|để|theo|ngay|chậm nhất|muộn nhất|căn cứ|trên cơ sở|đến|vào|lúc"
    r"|đồng thời|bên cạnh|ngoài ra|riêng|nhằm|nếu|trường hợp|cùng với|thời gian tới|hiện nay|nhận được|mỗi|quý|tháng"
    r"|đầu(?! tư| mối| thầu| giờ)|cuối|giữa|hết|nhân(?= (?:dịp|ngày|kỷ niệm|lễ|tháng))|với|đối với|kết thúc|ngày|năm"
    r"|tuần|sáng"
    r"|chiều|đợt(?= (?:\d|[ivx]+(?!\w)|thứ|này|đầu|cuối))|giai đoạn|mùa|học kỳ|tại|ở|về|qua|bằng|tùy"
    r"|là (?:cơ quan|đơn vị|đầu mối)|dưới sự|song song|ngoài"
    r"|(?:\d{1,2}|một|hai|ba|sáu|chín) (?:tháng|năm|quý|tuần|ngày|lần)"
    r"|(?:thực hiện|triển khai|thi hành)(?: nội dung| ý kiến)?(?: chỉ đạo)?(?: tại| của)?"
    rf" {_DOCUMENT}\b(?! này))\b"
)
# Occasions, grounds and topics that could open the work itself: behind them the subject needs its verb.
_SOFT = re.compile(
    r"(?:hưởng ứng|chào mừng|kỷ niệm|tiếp nối|xuất phát từ|bám sát|được sự|lấy \w+|quán triệt (?:tinh thần|sâu sắc)"
    r"|phát huy (?:kết quả|thành tích|truyền thống|vai trò)|(?:chấp hành|tuân thủ) (?:ý kiến|chỉ đạo|sự|quy)"
    r"|việc|công tác|nội dung|phần|khâu)(?!\w)"
)
# Things that happen, no times: "|Ngày hội| việc làm do Sở A tổ chức", "|Tuần lễ| áo dài", "|Tháng| hành động".
_EVENT = re.compile(
    r"(?:ngày|tuần|tháng|năm|mùa|đêm) (?!\d|[ivx]+(?!\w)|thứ|học|nay|này|đầu|cuối|tới|sau|trước|mưa|khô|lũ)[^\W\d_]"
)
# Without a comma behind it: "Mỗi năm |Phòng A| mở hai lớp", "Trong tháng 6/2025 |Sở B| tổ chức".
_MOMENT = re.compile(
    r"(?:định kỳ )?(?:(?:mỗi|hằng|hàng) (?:năm|quý|tháng|tuần|ngày|học kỳ)"
    r"|(?:trong |đầu |cuối )?(?:tháng|quý|năm|năm học) (?:[ivx]+|\d+)(?:[/-]\d{4})?(?: năm \d{4})?"
    r"|(?:trước|chậm nhất|đến|(?:kể )?từ|vào|sau)(?: ngày)? \d+(?:/\d+)*(?: (?:hằng|hàng) (?:tháng|năm|quý))?) "
)
_THEN = re.compile(r"(?:,\s+(?:thì\s+)?|(?<!\w)thì\s+)")
_LINK = re.compile(r"(?:riêng|đồng thời|ngoài ra|bên cạnh đó|song song đó)(?:,| đối với)? ")
_PREDICATE = re.compile(r"(?:chủ trì|phối (?:kết )?hợp|tham mưu|chủ động|tiếp tục)(?!\w)")
_ABOUT = re.compile(r"(?:thực hiện|đối với)(?!\w)")
_MOST_COMMAS = 4


@dataclass(frozen=True, slots=True)
class Starts:
    """Offsets where a subject can stand; at `unsure` ones only with the verb of its work behind it."""

    sure: tuple[int, ...]
    unsure: tuple[int, ...] = ()


def is_adverbial(folded: str) -> bool:
    """Whether a time, a place, a ground, a condition or a link opens the words, no event with a time in its name."""
    return _ADVERBIAL.match(folded) is not None and _EVENT.match(folded) is None


def topic(folded: str) -> str:
    """What folded words are about: without a link ("riêng |việc ...") and an adverbial ("quý II, |lớp ...")."""
    words = folded.strip()
    link = _LINK.match(words)
    words = words[link.end() :] if link else words
    return words.rsplit(", ", 1)[-1].strip() if is_adverbial(words) or _ABOUT.match(words) else words


def subject_starts(clause: str, folded: str) -> Starts:
    """Where the subject can stand: at the start, after an order, a colon, an opening adverbial or ground."""
    starts = [0, *[m.end() for m in re.finditer(r":\s+", clause)][:2]]
    commas = _commas(folded)
    opens = _ADVERBIAL.match(folded) is not None
    if opens and (link := _LINK.match(folded)):
        starts.append(link.end())
    starts += commas if opens else []
    if moment := _MOMENT.match(folded):
        starts.append(moment.end())
    unsure = commas if not opens and _SOFT.match(folded) else []
    return Starts(_with_orders(folded, starts), _with_orders(folded, unsure))


def _commas(folded: str) -> list[int]:
    """Places behind the first commas, up to a predicate without subject: "Theo kết luận, |chủ trì, phối hợp ..."."""
    places: list[int] = []
    for then in _THEN.finditer(folded):
        if len(places) == _MOST_COMMAS or _PREDICATE.match(folded, then.end()):
            break
        places.append(then.end())
    return places


def _with_orders(folded: str, starts: list[int]) -> tuple[int, ...]:
    """The places, each with that behind an order which stands there."""
    orders = {at: at + order.end() for at in starts if (order := ORDER.match(folded[at:]))}
    return tuple(place for at in starts for place in ((at, orders[at]) if at in orders else (at,)))
