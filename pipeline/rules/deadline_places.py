"""What counts as a deadline where: cell, note, description, sentence (conventions, "Deadlines")."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from pipeline.plan import Bound, DeadlineKind, Where
from pipeline.rules.deadline_phrases import Phrase


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
_NAMED = re.compile(
    r"(?<!\w)(?:kế hoạch|báo cáo|chương trình|dự toán|kinh phí|chỉ tiêu|nhiệm vụ|ngân sách|số liệu|công tác|danh mục|đề án"
    r"|hội nghị|biên chế|định mức|phương án|kết quả|chế độ|việc|hoạt động|lịch)(?!\w)[^,;:\n]{0,80}$"
)
_RATE = re.compile(
    r"\s{0,3}(?:,\s)?(?:tăng|giảm|đạt|bình quân|phấn đấu|có (?:ít nhất|tối thiểu|trên|\d)|lên|xuống|thêm|thu|không dưới|từ \d|khoảng \d)(?!\w)|\s{0,3}\d[\d.,]*\s?(?:%|đồng|triệu|tỷ)"
)
_MOVED = re.compile(r"(?<!\w)(?:chuyển tiếp|chuyển từ|kéo dài từ|tồn đọng|từ nguồn|đã)(?!\w)[^,;\n]{0,40}$")
_REPORTING = re.compile(r"(?<!\w)(?:báo cáo|gửi|cung cấp|đề xuất)(?!\w)")


def admits(words: str, segment: tuple[int, int], readings: Sequence[Reading], where: Where) -> Iterator[Reading]:
    """Readings of one segment with their verdict."""
    judge = {Where.DEADLINE: _in_cell, Where.NOTE: _in_note, Where.CONTENT: _in_content, Where.PROSE: _in_prose}[where]
    said = False
    for index, reading in enumerate(readings):
        counts = not reading.is_other and judge(words, segment, readings, index, said)
        phrase = reading.phrase
        if counts and phrase.condition:
            reading = replace(reading, phrase=_to_segment_end(words, segment, phrase))
        said = said or (counts and phrase.noise is None)
        yield replace(reading, counts=counts)


def _to_segment_end(words: str, segment: tuple[int, int], phrase: Phrase) -> Phrase:
    """A condition opened by one word runs to the end of its part of the sentence."""
    stop = re.compile(r"[;(]").search(words, phrase.span[1], segment[1])
    if phrase.span[1] - phrase.span[0] > 24:
        return phrase
    return replace(phrase, span=(phrase.span[0], stop.start() if stop else segment[1]))


def _in_cell(words: str, segment: tuple[int, int], readings: Sequence[Reading], index: int, said: bool) -> bool:
    reading = readings[index]
    phrase = reading.phrase
    if phrase.noise:
        return False
    if phrase.relation and phrase.relation.bare:
        return _bare_duration(words, segment, reading)
    if phrase.condition and phrase.condition.weak:
        others = [r for r in readings if r is not reading and not (r.phrase.condition and r.phrase.condition.weak)]
        return not said and all(r.phrase.noise and r.phrase.noise.unread for r in others)
    if phrase.recurrence and phrase.recurrence.is_plain and _RATE.match(reading.tail):
        return False
    if phrase.periodic:
        return not any(r is not reading and not r.is_other and not r.phrase.noise for r in readings)
    return True


def _bare_duration(words: str, segment: tuple[int, int], reading: Reading) -> bool:
    """A duration without an event counts alone in its cell, or behind "trong" where it is no rate."""
    a, b = reading.phrase.span
    if reading.bound is Bound.BY:
        return not _RATE.match(reading.tail) and not re.match(r"\s?(?:/|mỗi|một)", reading.tail)
    rest = words[segment[0] : a] + words[b : segment[1]]
    return not any(c.isalnum() for c in rest)


def _in_note(words: str, segment: tuple[int, int], readings: Sequence[Reading], index: int, said: bool) -> bool:
    reading = readings[index]
    phrase = reading.phrase
    if phrase.condition:
        return phrase.condition.on_demand and bool(
            re.match(r"\W*(?:(?:tùy|tuỳ) )?(?:theo yêu cầu|khi có|nếu có)", words[phrase.span[0] : phrase.span[1]])
        )
    if phrase.relation and phrase.relation.bare or phrase.periodic:
        return False
    if phrase.moment and not phrase.recurrence and _MOVED.search(reading.lead):
        return False
    if phrase.recurrence and phrase.recurrence.is_plain and _NAMED.search(reading.lead):
        return words.startswith("định kỳ", phrase.span[0])
    return _in_cell(words, segment, readings, index, said)


def _in_content(words: str, segment: tuple[int, int], readings: Sequence[Reading], index: int, _said: bool) -> bool:
    reading = readings[index]
    phrase = reading.phrase
    written = words[phrase.span[0] : phrase.span[1]]
    if phrase.recurrence:
        return _is_periodic(words, readings, index) or (
            bool(phrase.recurrence.days) and reading.bound in (Bound.BEFORE, Bound.BY)
        )
    moment = phrase.moment
    if moment is None or phrase.end is not None or phrase.lasting:
        return False
    if reading.bound not in (Bound.BEFORE, Bound.BY) or moment.kind is DeadlineKind.HALF_YEAR:
        return False
    if moment.kind is DeadlineKind.YEAR:
        return bool(_FIRM_WORD.search(written)) and not moment.whole_plan
    return phrase.linked or bool(_DEADLINE_WORD.search(written))


def _is_periodic(words: str, readings: Sequence[Reading], index: int) -> bool:
    """Whether "định kỳ" opens the list of periods that this one belongs to."""
    while index > 0 and readings[index].phrase.linked:
        index -= 1
    span = readings[index].phrase.span
    return "định kỳ" in words[max(0, span[0] - 10) : span[1]]


def _in_prose(words: str, segment: tuple[int, int], readings: Sequence[Reading], index: int, said: bool) -> bool:
    reading = readings[index]
    phrase = reading.phrase
    if phrase.condition:
        return _condition_of_sentence(words, segment, readings, index)
    if phrase.periodic:
        return False
    if phrase.relation:
        return not phrase.relation.bare
    if phrase.recurrence and phrase.recurrence.is_plain and not _is_periodic(words, readings, index):
        return not _NAMED.search(reading.lead) and not _RATE.match(reading.tail)
    if phrase.moment and not phrase.recurrence and not phrase.lasting:
        return _moment_in_prose(words, segment, reading)
    return _in_cell(words, segment, readings, index, said)


def _moment_in_prose(words: str, segment: tuple[int, int], reading: Reading) -> bool:
    """In running text a year counts only where words say that it is a time to act in."""
    phrase = reading.phrase
    moment = phrase.moment
    if moment is None:
        return False
    if moment.kind is not DeadlineKind.YEAR:
        return True
    written = words[phrase.span[0] : phrase.span[1]].lstrip()
    opens = not words[segment[0] : phrase.span[0]].strip()
    if moment.whole_plan:
        return opens or "hết" in written
    if re.match(r"(?:cho\s)?(?:đến|tới) (?!hết)", written) and phrase.end is None:
        return False
    return opens or reading.bound is not Bound.IN or bool(re.match(r"(?:ngay )?(?:trong|vào)(?!\w)", written))


def _condition_of_sentence(words: str, segment: tuple[int, int], readings: Sequence[Reading], index: int) -> bool:
    """A condition at the head of its sentence, or at its end behind a comma, or "khi có yêu cầu" of a report."""
    phrase = readings[index].phrase
    if phrase.condition is None:
        return False
    a, b = phrase.span
    lead = words[segment[0] : a].rstrip()
    if "đột xuất" in words[a:b][:12]:
        before = readings[index - 1].phrase if index else None
        return bool(before and before.recurrence and re.fullmatch(r"\W*(?:hoặc|và|hay)?\W*", words[before.span[1] : a]))
    if phrase.condition.weak:
        return False
    if not lead or not any(c.isalnum() for c in lead):
        return True
    at_end = not any(c.isalnum() for c in words[b : segment[1]])
    if not at_end:
        return False
    return lead.endswith(",") or (
        phrase.condition.on_demand and "yêu cầu" in words[a:b] and bool(_REPORTING.search(lead))
    )
