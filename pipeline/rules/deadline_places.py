"""What counts as a deadline where: cell, note, description, sentence (conventions, "Deadlines")."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from pipeline.plan import Bound, DeadlineKind, Where
from pipeline.rules.deadline_context import BORN
from pipeline.rules.deadline_values import Phrase


@dataclass(frozen=True, slots=True)
class Reading:
    """A phrase with its bound and what the words around it say of it. `counts` is the verdict for its place."""

    phrase: Phrase
    bound: Bound
    is_other: bool = False
    lead: str = ""
    tail: str = ""
    may_repeat: bool = False
    counts: bool = True

    @property
    def rejected(self) -> bool:
        """It looked like a time and is something else, so an empty result is a reading and no failure."""
        noise = self.phrase.noise
        return self.is_other or (noise is not None and not noise.unread) or (not self.counts and self._is_time)

    @property
    def _is_time(self) -> bool:
        return self.phrase.is_moment or self.phrase.relation is not None or self.phrase.recurrence is not None


_DEADLINE_WORD = re.compile(r"(?<!\w)(?:hoàn thành|hoàn tất|xong|trước|đến|chậm nhất|muộn nhất)(?!\w)")
_FIRM_WORD = re.compile(r"(?<!\w)(?:hoàn thành|hoàn tất|xong|trước|hết|chậm nhất|muộn nhất)(?!\w)")
_DONE_BEHIND = re.compile(r"\s?,?\s(?:phải\s|cơ bản\s)?(?:hoàn thành|xong)(?!\w)")
_NAMED = re.compile(
    r"(?<!\w)(?<!vụ )(?<!phòng )(?<!sở )(?<!ban )(?:kế hoạch|báo cáo|chương trình|dự toán"
    r"|kinh phí|chỉ tiêu|nhiệm vụ|ngân sách|số liệu|công tác"
    r"|danh mục|đề án"
    r"|hội nghị|biên chế|định mức|phương án|kết quả|chế độ|việc|hoạt động|lịch)(?!\w)[^,;:\n]{0,80}$"
)
_NAMED_BESIDE = re.compile(
    r"(?<!\w)(?:kế hoạch|báo cáo|chương trình|dự toán|kinh phí|chỉ tiêu|nhiệm vụ|ngân sách|danh mục|đề án|biên chế"
    r"|định mức|phương án|chế độ|lịch|kết quả|hội nghị)(?:\s\w+){0,2}\s?$"
)
_BY_STEPS = re.compile(r"(?<!\w)(?:theo|cho|của)\s$")
_QUARTER = 3  # months
_TIMES = re.compile(r"(?<!\w)lần(?!\w)")
_RATE = re.compile(
    r"\s{0,3}(?:,\s)?(?:tăng|giảm|đạt|bình quân|phấn đấu|có (?:ít nhất|tối thiểu|trên|\d)|lên|xuống|thêm|thu"
    r"|không dưới|từ \d|khoảng \d)(?!\w)|\s{0,3}\d[\d.,]*\s?(?:%|đồng|triệu|tỷ)"
)
_MOVED = re.compile(r"(?<!\w)(?:chuyển tiếp|chuyển từ|kéo dài từ|tồn đọng|từ nguồn|đã)(?!\w)[^,;\n]{0,40}$")
# What stood or came about before a day; the day says which things are meant, not when something is due.
_OF_BEFORE = re.compile(
    r"(?<!\w)(?:giai đoạn|thời kỳ|hình thành|phát sinh|tồn đọng|tồn tại|"
    rf"{BORN}"
    r"|đã (?:được )?(?:cấp|giao|ký|ban hành|phê duyệt|xây dựng|đầu tư|thu hồi|sử dụng|tuyển dụng|đăng ký|tiếp nhận|nộp"
    r"|thành lập|công nhận|bàn giao|nghiệm thu|lập|có|mua))\s?$"
)
_AND = re.compile(r"[\s,]{0,4}(?:hoặc|và|hay)?\s{0,3}")
_WORD = re.compile(r"\w")
_QUOTE = re.compile(r"[“”«»\"]")
_UNANNOUNCED = re.compile(r"đột xuất\s+(?=khi )")  # "kiểm tra đột xuất |khi có tin báo"
_REPORTING = re.compile(r"(?<!\w)(?:báo cáo|gửi|cung cấp|đề xuất|sẵn sàng)(?!\w)")
_HANDED_OUT = re.compile(
    r"(?<!\w)(?:giải quyết|trả|trả lời|phản hồi|xử lý|hoàn thành|xong|báo cáo|gửi|cập nhật|thông báo|nộp)(?!\w)"
)
_ON_A_PAPER = re.compile(r"(?:ngay )?(?:sau )?khi có (?:quyết định|văn bản|hướng dẫn|thông báo|kết luận|ý kiến)(?!\w)")
# What stands in the calendar, though without a day of its own here.
_BEFORE_EVENT = re.compile(
    r"trước (?:kỳ họp|kỳ thi|hội nghị|đại hội|lễ|tết|mùa|vụ|khi (?:kết thúc|khai giảng|khai mạc|bế mạc|bước vào))(?!\w)"
)
_WHEN_OVER = re.compile(r"(?:ngay )?sau khi (?:kết thúc|bế mạc|hoàn thành|hoàn tất|thống nhất|được|có|nhận|ký)(?!\w)")
_SHOULD_IT_HAPPEN = re.compile(r"(?:khi|lúc) (?:có|phát sinh|xảy ra|được yêu cầu)(?!\w)")
# What is made ready for a case is made ready before it; the case says what for: "sẵn sàng ... hỗ trợ khi có yêu cầu".
_READINESS = re.compile(
    r"(?<!\w)(?:sẵn sàng|phương án|kế hoạch|kịch bản"
    r"|(?:kinh phí|chính sách) hỗ trợ|ứng phó|ứng cứu|ứng trực|xử lý|xử trí|khắc phục"
    r"|dự phòng|dự trữ|chuẩn bị|để|nhằm|biện pháp|giải pháp|quy trình|quy chế|quy định|kỹ năng"
    r"|hướng dẫn|tập huấn|diễn tập|cơ chế|phòng ngừa|phòng tránh|cách)(?!\w)"
)
_AT_HAND = re.compile(r"(?<!\w)(?:sẵn sàng|chuẩn bị|dự phòng|dự trữ|phương án)(?!\w)")
_AT_ONCE = re.compile(r"(?:(?:triển khai|thực hiện|hoàn thành) )?ngay(?!\w)")
_TELLS_AT_ONCE = re.compile(r"\W*(?:báo cáo|thông báo|thông tin|báo)\s(?:ngay|kịp thời|khẩn cấp)(?!\w)")


@dataclass(frozen=True, slots=True)
class Segment:
    """One part of a text with all that was read in it. `firm`: something in it may be a time of its own."""

    words: str
    start: int
    end: int
    readings: Sequence[Reading]
    firm: bool
    speaks: bool  # something besides "định kỳ" and words passed over


def admits(words: str, span: tuple[int, int], readings: Sequence[Reading], where: Where) -> Iterator[Reading]:
    """Readings of one segment with their verdict."""
    judge = {Where.DEADLINE: _in_cell, Where.NOTE: _in_note, Where.CONTENT: _in_content, Where.PROSE: _in_prose}[where]
    segment = Segment(words, *span, readings, any(map(_is_firm, readings)), any(map(_speaks, readings)))
    said = False
    for index, reading in enumerate(readings):
        phrase = reading.phrase
        weak = phrase.condition is not None and phrase.condition.weak
        counts = not reading.is_other and not (said and weak) and judge(segment, index)
        counts = counts and not (where is not Where.DEADLINE and _tells_which(reading))
        if counts and phrase.condition:
            following = readings[index + 1].phrase.span[0] if index + 1 < len(readings) else span[1]
            reading = replace(reading, phrase=_to_segment_end(segment, phrase, where, following))
        said = said or (counts and weak)
        yield reading if counts == reading.counts else replace(reading, counts=counts)


def _tells_which(reading: Reading) -> bool:
    """ "hồ sơ hình thành trước năm 2010", "giấy phép đã cấp trước ngày 01/7/2014"."""
    return reading.bound is Bound.BEFORE and _OF_BEFORE.search(reading.lead) is not None


def _is_firm(reading: Reading) -> bool:
    condition, noise = reading.phrase.condition, reading.phrase.noise
    return not (condition and condition.weak) and not (noise and (noise.unread or noise.paper))


def _speaks(reading: Reading) -> bool:
    return not reading.is_other and not reading.phrase.noise and not reading.phrase.periodic


_STOP = {True: re.compile(r"[;(]|\s(?:hoặc|và)\s{0,3}$"), False: re.compile(r"[;(,]|\s(?:hoặc|và)\s{0,3}$")}


def _to_segment_end(segment: Segment, phrase: Phrase, where: Where, following: int) -> Phrase:
    """A condition runs to the end of its part of the sentence; in a cell a comma does not end it."""
    limit = max(phrase.span[1], min(segment.end, following))
    stop = _STOP[where is Where.DEADLINE].search(segment.words, phrase.span[1], limit)
    if phrase.span[1] - phrase.span[0] > 40:
        return phrase
    return replace(phrase, span=(phrase.span[0], stop.start() if stop else limit))


def _in_cell(segment: Segment, index: int) -> bool:
    reading = segment.readings[index]
    phrase = reading.phrase
    if phrase.noise:
        return False
    if phrase.relation and phrase.relation.bare:
        return _bare_duration(segment, reading)
    if phrase.condition and phrase.condition.weak:
        return not segment.firm or _follows_paper(segment, phrase)
    if phrase.recurrence and phrase.recurrence.is_plain and _RATE.match(reading.tail):
        return False
    if phrase.periodic:
        return not segment.speaks and (index == 0 or not segment.readings[index - 1].phrase.periodic)
    return True


def _follows_paper(segment: Segment, phrase: Phrase) -> bool:
    """ "Theo Quyết định số ... ngày ...": the cell as a whole is the condition, the paper's date is none of its own."""
    if not segment.words.startswith("theo", phrase.span[0]) or _WORD.search(
        segment.words, segment.start, phrase.span[0]
    ):
        return False
    return all(not _is_firm(r) or r.is_other for r in segment.readings)


def _bare_duration(segment: Segment, reading: Reading) -> bool:
    """A duration without an event counts alone in its cell, or behind "trong" where it is no rate."""
    a, b = reading.phrase.span
    if reading.bound is Bound.BY:
        return not _RATE.match(reading.tail) and not re.match(r"\s?(?:/|mỗi|một)", reading.tail)
    return not (_WORD.search(segment.words, segment.start, a) or _WORD.search(segment.words, b, segment.end))


def _in_note(segment: Segment, index: int) -> bool:
    reading = segment.readings[index]
    phrase = reading.phrase
    if phrase.condition:
        return phrase.condition.on_demand and bool(
            re.match(
                r"\W*(?:(?:tùy|tuỳ) )?(?:theo yêu cầu|khi có|nếu có)", segment.words[phrase.span[0] : phrase.span[1]]
            )
        )
    if (phrase.relation and phrase.relation.bare) or phrase.periodic:
        return False
    if phrase.moment and not phrase.recurrence and _MOVED.search(reading.lead):
        return False
    if phrase.recurrence and phrase.recurrence.is_plain and _NAMED.search(reading.lead):
        return segment.words.startswith("định kỳ", phrase.span[0])
    return _in_cell(segment, index)


def _in_content(segment: Segment, index: int) -> bool:
    reading = segment.readings[index]
    phrase = reading.phrase
    written = segment.words[phrase.span[0] : phrase.span[1]]
    if phrase.recurrence:
        return _is_periodic(segment, index) or (
            bool(phrase.recurrence.days) and reading.bound in (Bound.BEFORE, Bound.BY)
        )
    moment = phrase.moment
    if moment is None or phrase.end is not None or phrase.lasting:
        return False
    if reading.bound not in (Bound.BEFORE, Bound.BY) or moment.kind is DeadlineKind.HALF_YEAR:
        return False
    if moment.kind is DeadlineKind.YEAR:
        firm = _FIRM_WORD.search(written) or _DONE_BEHIND.match(reading.tail)
        return firm is not None and not moment.whole_plan
    return phrase.linked or bool(_DEADLINE_WORD.search(written))


def _is_periodic(segment: Segment, index: int) -> bool:
    """Whether "định kỳ" opens the list of periods that this one belongs to."""
    first = index
    while first > 0 and first > index - 12 and segment.readings[first].phrase.linked:
        first -= 1
    span = segment.readings[first].phrase.span
    return "định kỳ" in segment.words[max(0, span[0] - 10) : span[1]]


def _is_quoted(segment: Segment, span: tuple[int, int]) -> bool:
    """A slogan or a name in quotation marks: "Phát động thi đua “Mỗi ngày một việc tốt”"."""
    opens = list(_QUOTE.finditer(segment.words, segment.start, span[0]))
    if len(opens) % 2 == 0 or opens[-1][0] in "”»":
        return False
    closes = _QUOTE.search(segment.words, span[1], segment.end)
    return closes is not None and closes[0] not in "“«"


def _in_prose(segment: Segment, index: int) -> bool:
    reading = segment.readings[index]
    phrase = reading.phrase
    if _is_quoted(segment, phrase.span):
        return False
    if phrase.condition:
        return _condition_of_sentence(segment, index)
    if phrase.periodic:
        return False
    if phrase.relation:
        return not phrase.relation.bare and not _while_at_work(segment, phrase)
    if phrase.recurrence and phrase.recurrence.is_plain and not _is_periodic(segment, index):
        if _BY_STEPS.search(reading.lead) and any(r.phrase.is_moment and not r.is_other for r in segment.readings):
            return False  # "kịch bản theo từng tháng, gửi trước ngày 28/02" parts the scenario
        if _is_yearly(phrase) and any(map(_ends_in_a_year, segment.readings)):
            return False  # "bản kê khai hằng năm ..., hoàn thành trước ngày 31/12/2024" names the paper
        if reading.bound is Bound.BEFORE:  # "báo cáo trước 17 giờ hằng ngày"
            return True
        counted = _TIMES.search(
            segment.words, *phrase.span
        )  # "đánh giá kết quả mỗi quý một lần": so many times is no name
        return (bool(counted) or not _names_thing(phrase, reading)) and not _RATE.match(reading.tail)
    if phrase.moment and not phrase.recurrence and not phrase.lasting:
        named = _is_year_from(reading) and any(map(_is_limit, segment.readings))
        return not named and _moment_in_prose(segment, reading)
    return _in_cell(segment, index)


def _names_thing(phrase: Phrase, reading: Reading) -> bool:
    """Whether a plain "hằng tháng" belongs to a noun before it: "báo cáo hằng tháng", "kế hoạch kiểm tra hằng năm".

    At the end of its clause a short step tells how often the act comes back, unless such a noun stands right before:
    "kiểm tra việc ... tại các trạm hằng quý", "sao lưu ... chương trình kế toán hằng ngày".
    """
    named = _NAMED.search(reading.lead)
    rule = phrase.recurrence
    if (
        not named
        or rule is None
        or rule.freq == "YEARLY"
        or rule.interval > _QUARTER
        or _WORD.match(reading.tail.lstrip())
    ):
        return named is not None
    return rule.freq == "MONTHLY" and _NAMED_BESIDE.search(reading.lead) is not None


def _is_year_from(reading: Reading) -> bool:
    """ "cấu trúc đề thi từ năm 2025": beside a day to hand in it says which things are meant."""
    moment = reading.phrase.moment
    return moment is not None and moment.kind is DeadlineKind.YEAR and reading.bound is Bound.FROM


def _is_limit(reading: Reading) -> bool:
    moment = reading.phrase.moment
    dated = moment is not None and moment.kind is not DeadlineKind.YEAR
    return dated and not reading.is_other and reading.bound in (Bound.BEFORE, Bound.BY)


def _is_yearly(phrase: Phrase) -> bool:
    return phrase.recurrence is not None and phrase.recurrence.freq == "YEARLY"


def _ends_in_a_year(reading: Reading) -> bool:
    moment = reading.phrase.moment
    return moment is not None and moment.year is not None and reading.bound in (Bound.BEFORE, Bound.BY)


def _while_at_work(segment: Segment, phrase: Phrase) -> bool:
    """ "uống rượu, bia |trong ngày làm việc|" is no limit; "trả kết quả trong ngày làm việc" is one."""
    if not segment.words.startswith("trong ngày", phrase.span[0]):
        return False
    clause = re.split(r"[,;:]", segment.words[segment.start : phrase.span[0]])[-1]
    return _HANDED_OUT.search(clause) is None


def _moment_in_prose(segment: Segment, reading: Reading) -> bool:
    """In running text a year counts only where words say that it is a time to act in."""
    phrase = reading.phrase
    moment = phrase.moment
    if moment is None:
        return False
    if moment.kind is not DeadlineKind.YEAR:
        return True
    written = segment.words[phrase.span[0] : phrase.span[1]].lstrip()
    opens = not _WORD.search(segment.words, segment.start, phrase.span[0])
    if moment.whole_plan:
        return opens or "hết" in written
    if re.match(r"(?:cho\s)?(?:đến|tới) (?!hết)", written) and phrase.end is None:
        return False
    if phrase.end is not None and re.match(r"(?:kể )?từ(?!\w)", written):
        return True  # "mở lớp từ năm 2022 đến năm 2024"
    if phrase.end is not None and reading.lead.rstrip().endswith(",") and not _WORD.search(reading.tail):
        return True  # "tuyên truyền ở 21 xã, giai đoạn 2022 - 2025."
    return opens or reading.bound is not Bound.IN or bool(re.match(r"(?:ngay )?(?:trong|vào)(?!\w)", written))


def _condition_of_sentence(segment: Segment, index: int) -> bool:
    """A condition at the head of its sentence, or at its end behind a comma, or where it can only mean all of it.

    Forms of the last: "gửi báo cáo khi có yêu cầu"; "Báo cáo ngay Ban Giám hiệu khi có vụ việc xảy ra"; "Công khai kết
    quả khi có quyết định phê duyệt"; "Thông báo trên loa khi có dự báo cháy rừng cấp IV".
    """
    phrase = segment.readings[index].phrase
    condition = phrase.condition
    if condition is None:
        return False
    a, b = phrase.span
    if when := _UNANNOUNCED.match(segment.words, a, b):
        a = when.end()
    if "đột xuất" in segment.words[a : min(b, a + 12)]:
        before = segment.readings[index - 1].phrase if index else None
        return bool(before and before.recurrence and _AND.fullmatch(segment.words, before.span[1], a))
    if condition.weak:
        return False
    lead = segment.words[max(segment.start, a - 160) : a].rstrip()
    if not _WORD.search(segment.words, segment.start, a) or lead.endswith(":"):
        return True
    if _WORD.search(segment.words, b, segment.end):
        return False
    if _BEFORE_EVENT.match(segment.words, a):
        return True
    asked = condition.on_demand and "yêu cầu" in segment.words[a:b]
    at_once = _AT_ONCE.match(segment.words, a) is not None or lead.endswith("ngay")
    told = condition.on_demand and _TELLS_AT_ONCE.match(segment.words, segment.start, a) is not None
    on_paper = _ON_A_PAPER.match(segment.words, a) is not None
    happens = condition.happens or _SHOULD_IT_HAPPEN.match(segment.words, a) is not None
    over = _WHEN_OVER.match(segment.words, a) is not None
    clause = re.split(r"[,;]", lead)[-1]
    happens = (happens or over) and not (_READINESS.search(clause) or _AT_HAND.search(lead))
    return lead.endswith(",") or at_once or told or on_paper or happens or (asked and bool(_REPORTING.search(lead)))
