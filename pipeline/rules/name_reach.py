"""Whether words in lower case behind what can be a whole name still belong to it: the end of a name as one decision.

Behind a whole name stands the predicate of the sentence, a mark or more of the name. What stands there is told apart by
what it is (pipeline/vocab: words of names, verbs, predicates), by what follows it and by how names of the
vocabulary go on:

    a word of names goes on: "Trung tâm Du lịch |sinh thái|";
    a word that is name and verb goes on before a predicate, a mark, a place or a level: "Đội Cơ động |cứu hộ| có trách
        nhiệm", "Trạm |dự phòng| Hòa Sơn"; but "Tổ Xe |cứu hộ 12 xe", "Phòng Vật tư |dự phòng 200 m ống";
    a verb goes on where names of the vocabulary do so and a predicate stands behind it: "Viện Kinh tế |xây dựng| chủ
        trì"; but "Viện Kinh tế |xây dựng quy hoạch";
    unknown words go on up to a proper name or a predicate, and as names of the vocabulary do: "Ban Khánh tiết |đình|
        Hòa Sơn", "Hải quan |cửa khẩu| Hòa Sơn", "Hội Thiện nguyện |mầm xanh| tổ chức".
"""

import re
from functools import lru_cache
from itertools import pairwise

from pipeline.rules.name_words import (
    described_end,
    is_adjunct,
    is_work,
    name_word_end,
    noun_end,
    predicate_end,
    verb_end,
)
from pipeline.rules.unit_parts import LEVEL, TAIL
from pipeline.rules.unit_starts import GROUP, start_at
from pipeline.text import fold, skip_space
from pipeline.vocab.bodies import load_bodies
from pipeline.vocab.units import load_units

_WORD = re.compile(r"[^\W\d_]+")
_LAST = re.compile(r"[^\W\d_]+(?=\s*$)")
_LINK = re.compile(r"(?:,| và| -)\s+(?:và\s+)?")
_BUILDING = ("xây dựng", "đầu tư", "đầu tư xây dựng")
_LONGEST_PLACE = 3  # unknown syllables before a proper name: "làng nghề gốm |Phù Lãng"
_LONGEST_RUN = 4  # unknown syllables before a predicate


@lru_cache(maxsize=1)
def _goings_on() -> frozenset[tuple[str, str]]:
    """A syllable of a name of the vocabulary and the one in lower case behind it."""
    names = (*(name for unit in load_units() for name in (unit.name, *unit.aliases)), *load_bodies())
    return frozenset(
        (fold(first), second)
        for name in names
        for first, second in pairwise(re.findall(r"[^\W\d_]+|[^\w\s]", name))
        if second.islower() and first.isalpha()
    )


def lower_end(text: str, folded: str, begin: int) -> int | None:
    """End of the next piece in lower case that is of the name which can end before it; None where it ends there."""
    verb = verb_end(folded, begin)
    if verb is None:
        return _unknown_end(text, folded, begin)
    if acts(folded, begin):
        return None
    if name_word_end(folded, begin) == verb:
        return verb if _is_noun_here(text, folded, verb) else None
    if _lacks_object(text, folded, verb):
        return verb
    return verb if _goes_on_as_known(folded, begin) and acts(folded, verb) else None


def acts(folded: str, at: int) -> bool:
    """Whether behind `at` a predicate begins that is no object of a verb before it: "chủ trì", "tổ chức"."""
    return predicate_end(folded, skip_space(folded, at)) is not None


def _goes_on_as_known(folded: str, begin: int) -> bool:
    before = _LAST.search(folded, max(0, begin - 20), begin)
    word = _WORD.match(folded, begin)
    return before is not None and word is not None and (before[0], word[0]) in _goings_on()


def noun_and_verb_end(text: str, folded: str, begin: int) -> int | None:
    """End of a word that is noun and verb and is a noun here: "các cơ sở |khám chữa bệnh| tổ chức"."""
    verb = verb_end(folded, begin)
    return verb if verb and name_word_end(folded, begin) == verb and _is_noun_here(text, folded, verb) else None


def keeps_level(folded: str, begin: int, verb: int) -> bool:
    """Whether a verb with a level behind it is of a name: "dự án đầu tư |xây dựng| huyện"; not "|tuần tra| khu vực"."""
    is_word = name_word_end(folded, begin) == verb or is_work(folded[begin:verb]) or folded[begin:verb] in _BUILDING
    return is_word or _goes_on_as_known(folded, begin)


def _is_other_verb(folded: str, at: int) -> bool:
    """Whether a verb stands here that is no word of names: behind "thực hành" it is "|kiểm kê|", no object."""
    verb = verb_end(folded, at)
    if verb is None or is_adjunct(folded, at):
        return False
    return predicate_end(folded, at) is not None or name_word_end(folded, at) is None


def _lacks_object(text: str, folded: str, end: int) -> bool:
    """Whether a verb ends in a link and another word with a capital: "Bộ môn Cơ học |ứng dụng|, Vật liệu"."""
    link = _LINK.match(folded, end)
    return link is not None and is_part(text, folded, link.end())


def _ends_before_unit(text: str, folded: str, end: int) -> bool:
    """Whether another unit follows behind a link: "Kho Phụ tùng |trung tâm|, các phân xưởng"."""
    link = _LINK.match(folded, end)
    return link is not None and (text[link.end()].isupper() or GROUP.match(folded, link.end()) is not None)


def is_part(text: str, folded: str, at: int) -> bool:
    """Whether a word with a capital stands here that begins no unit of its own."""
    return text[at : at + 1].isupper() and start_at(text, folded, at, min(len(text), at + 60)) is None


def _is_noun_here(text: str, folded: str, end: int) -> bool:
    """Whether a word that is noun and verb is a noun by what follows: a predicate, a mark, a level, a proper name."""
    at = skip_space(folded, end)
    if at >= len(folded) or folded[at] in ".;:()":
        return True
    if folded[at] == "," or folded.startswith("và ", at):
        following = skip_space(folded, at + (1 if folded[at] == "," else 3))
        return text[following : following + 1].isupper() or GROUP.match(folded, following) is not None
    if text[at].isupper():
        return start_at(text, folded, at, min(len(text), at + 60)) is None
    if GROUP.match(folded, at):
        return False
    if LEVEL.match(folded, at) or TAIL.match(folded, at) or _is_other_verb(folded, at):
        return True
    noun = noun_end(folded, at)
    return noun is not None and acts(folded, noun)


def _unknown_end(text: str, folded: str, begin: int) -> int | None:
    """End of words that are no verb: up to a proper name or a predicate, else as far as names of the vocabulary go."""
    if described_end(folded, begin):  # "Phòng Tổng hợp |đầu mối| triển khai"
        return None
    at = begin
    for count in range(1, _LONGEST_RUN + 1):
        end = noun_end(folded, at) if count > 1 else None
        word = _WORD.match(folded, at)
        if word is None or text[at].isupper() or (count > 1 and verb_end(folded, at) and end is None):
            break
        end = end or word.end()
        at = skip_space(folded, end)
        if acts(folded, end) and (count > 1 or " " in folded[at : verb_end(folded, at)]):  # "|tái lập| hành lang"
            return end
        if count <= _LONGEST_PLACE and (LEVEL.match(folded, at) or _lacks_object(text, folded, end)):
            return end
        if count <= _LONGEST_PLACE and (at >= len(text) or folded[at] in ".;)" or _ends_before_unit(text, folded, end)):
            return end
        if count <= _LONGEST_PLACE and text[at : at + 1].isupper() and text[end:at] == " ":
            start = start_at(text, folded, at, min(len(text), at + 60))
            return end if start is None or start.kind == "thôn, tổ" else None  # "làng |Bản Chiềng"
    word = _WORD.match(folded, begin)
    return word.end() if word and _goes_on_as_known(folded, begin) else None
