"""Where a lower-case word of running text is still part of a unit's name and where the verb begins."""

import re
from functools import lru_cache
from itertools import pairwise

from pipeline.rules.phrases import Phrases
from pipeline.rules.unit_starts import GROUP
from pipeline.text import fold, key
from pipeline.vocab.bodies import load_bodies
from pipeline.vocab.heads import load_heads
from pipeline.vocab.names import load_name_words
from pipeline.vocab.units import load_units

_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")
_ONE_OR_TWO = re.compile(r"[^\W_]+\s+(?:[^\W_]+\s+)?")
_SYLLABLE = re.compile(r"[^\W_]+\s*")
# Predicates that open a clause and seldom stand behind another verb: what precedes them is a name, known or not.
_OPENERS = re.compile(
    r"(?:có trách nhiệm|chịu trách nhiệm|có nhiệm vụ|chủ trì|phối hợp (?:với|cùng)|tham mưu|căn cứ|chủ động|tích cực"
    r"|nghiêm túc|khẩn trương|tiếp tục|thường xuyên|tăng cường|đẩy mạnh|được giao|phải|cần|sẽ|là|theo chức năng)(?!\w)"
)
# Behind a verb with its object as well: "gây quỹ |bằng|", so they do not show that a name stands before them.
_OBJECT = re.compile(r"(?:bằng|cho|với|về|tại|ở|trong|trên|từ|đến|để|vào|khi|do|qua|như|ngoài|giữa|dưới|mỗi)(?!\w)")
# The house itself at the end of a name: "Đoàn Thanh niên Trường |gom sách"; with a second syllable only where known.
_OWN_HOUSES = frozenset(("trường", "sở", "bộ", "viện", "cục", "vụ", "xã", "phường", "tỉnh", "huyện", "khoa"))
_LONGEST_OBJECT = 4  # syllables
_TAIL = re.compile(r"(?:trên địa bàn|có liên quan|liên quan|trực thuộc|thuộc|của)(?!\w)")


@lru_cache(maxsize=1)
def _verbs() -> Phrases:
    return Phrases(load_heads().stops)


@lru_cache(maxsize=1)
def _nouns() -> Phrases:
    return Phrases(load_name_words().nouns)


@lru_cache(maxsize=1)
def _known_pairs() -> frozenset[tuple[str, str]]:
    """Words that stand behind a capital in the names of the vocabulary: (kiểm, soát), (đào, tạo)."""
    names = (*(name for unit in load_units() for name in (unit.name, *unit.aliases)), *load_bodies())
    return frozenset(
        (first.casefold(), second)
        for name in names
        for first, second in pairwise(_WORD.findall(name))
        if first[0].isupper() and second.islower()
    )


def verb_end(folded: str, at: int) -> int | None:
    """End of the verb or function word that stands here, None where none does."""
    return _verbs().end_of(folded, at)


@lru_cache(maxsize=1)
def _predicates() -> Phrases:
    return Phrases(load_name_words().predicates)


def name_word_end(folded: str, at: int) -> int | None:
    """End of the word of names that stands here, be it a verb as well ("cứu hộ"); None where none does."""
    return _nouns().end_of(folded, at)


def predicate_end(folded: str, at: int) -> int | None:
    """End of the word that opens a predicate here ("chủ trì", "có trách nhiệm"), None where none does."""
    return _predicates().end_of(folded, at)


@lru_cache(maxsize=1)
def _described() -> Phrases:
    words = load_name_words()
    return Phrases(words.nouns | words.groups)


def described_end(folded: str, at: int) -> int | None:
    """End of the longest word here that tells which ones a group has: "các xã |còn lại|"; words of names do so too."""
    end = _described().end_of(folded, at)
    verb = verb_end(folded, at)
    return end if end and (verb is None or end > verb) else None


def noun_end(folded: str, at: int) -> int | None:
    """End of the longest word of names here: "bệnh tật", "phòng, chống thiên tai"; none where a verb is longer."""
    end = _nouns().end_of(folded, at)
    if end is None:
        return None
    verb = verb_end(folded, at)
    return end if verb is None or end > verb else None


def second_end(text: str, folded: str, at: int) -> int | None:
    """End of the word whose first syllable, with a capital, begins here: "Kiểm soát|", "Kinh tế|", "Khoa Nhi|".

    An unknown syllable behind a single capital is taken for its second ("Bình ổn"): words of names have two.
    """
    first = _WORD.match(folded, at)
    if first is None:
        return None
    if noun := noun_end(folded, at):
        return noun
    second = _WORD.match(folded, first.end() + 1) if text[first.end() : first.end() + 1] == " " else None
    if second is None or not text[second.start()].islower():
        return first.end()
    verb = verb_end(folded, first.start())
    if verb and verb > first.end():
        return verb
    if (first[0], second[0]) in _known_pairs():
        return second.end()
    own = (
        first[0] in load_name_words().singles
        or first[0] in _OWN_HOUSES
        or _follows_capital(text, at)
        or text[at : first.end()].isupper()
    )
    begins = (noun_end, verb_end)  # "Khu |du lịch", "Đội |kiểm tra": the second syllable begins a word of its own
    if own or not text[at].isupper() or any(found(folded, second.start()) for found in begins):
        return first.end()
    if GROUP.match(folded, second.start()):
        return first.end()
    return second.end()


def _follows_capital(text: str, at: int) -> bool:
    """Whether the word before has a capital too: "Bình |Minh", a proper name, whose words have one syllable."""
    before = re.search(r"(\w+) $", text[:at])
    if before is None or before[1].isupper():  # "Công ty TNHH |Cấp nước"
        return False
    return before[1][0].isupper() and before[1].casefold() not in _head_words()


@lru_cache(maxsize=1)
def _head_words() -> frozenset[str]:
    return frozenset(fold(head.word) for head in load_heads().heads if " " not in head.word)


def is_work(words: str) -> bool:
    """Whether words are a verb that names of units hold: "quản lý", "sửa chữa"."""
    return key(words) in load_name_words().work


def has_opener(folded: str, at: int) -> bool:
    """Whether one unknown word stands here and an opening predicate behind it: "doanh nghiệp |logistics chủ động"."""
    match = _ONE_OR_TWO.match(folded, at)
    if match is None:
        return False
    first = _WORD.match(folded, at)
    near = first.end() + 1 if first else at
    return any(_OPENERS.match(folded, place) is not None for place in (near, match.end()))


def object_end(text: str, folded: str, start: int, end: int) -> int | None:
    """End of what the verb of a name acts on: "Phòng Quản lý |đào tạo|", "Trung tâm Ứng phó |sự cố tràn dầu| miền Nam".

    The verb stands at `start` with a capital and ends at `end`. A word that is noun and verb is its object; one that
    opens a clause ("chủ trì") is none; unknown words are where a verb, a tail, a mark or the end stands behind them.
    """
    return done_end(text, folded, end) if key(text[start:end]) in load_name_words().transitives else None


def done_end(text: str, folded: str, end: int) -> int | None:
    """End of what the verb that ends at `end` acts on, known words or up to four unknown ones before a verb."""
    if text[end : end + 1] != " ":
        return None
    noun = _nouns().end_of(folded, end + 1)
    if noun and text[end + 1].islower():
        return None if _OPENERS.match(folded, end + 1) else _second_work(folded, noun) or noun
    at = end
    for _ in range(_LONGEST_OBJECT):
        word = _WORD.match(folded, at + 1) if text[at : at + 1] == " " else None
        if word is None or not text[word.start()].islower() or verb_end(folded, word.start()) is not None:
            return None
        at = word.end()
        follow = at + 1 if text[at : at + 1] == " " else at
        if at > end + 3 and ends_a_name(folded, follow):
            return at
    return None


def _second_work(folded: str, at: int) -> int | None:
    """End of a second verb with its object, where the verb of the sentence stands behind: "Ban Hỗ trợ phụ nữ |phát
    triển kinh tế| là đầu mối"; in "Phòng Quản lý đào tạo phát triển chương trình" the second verb is the sentence's."""
    verb = verb_end(folded, at + 1) if folded[at : at + 1] == " " else None
    if verb is None or key(folded[at + 1 : verb]) not in load_name_words().transitives:
        return None
    noun = noun_end(folded, verb + 1) if folded[verb : verb + 1] == " " else None
    return noun if noun and (not folded[noun:].strip(" .;") or _OPENERS.match(folded, noun + 1)) else None


def is_adjunct(folded: str, at: int) -> bool:
    """Whether a word stands here that tells of the verb before it or of what befell: "bằng", "cho", "bị"."""
    return _OBJECT.match(folded, at) is not None or folded.startswith(("bị ", "được "), at)


def is_near_verb(folded: str, at: int) -> bool:
    """Whether one unknown word of one or two syllables stands here, then a verb, a tail of a name, a mark or the end.

    It describes a group: "các đơn vị |thụ hưởng| lập hồ sơ"; in "các xã |bêu tên| hộ đổ rác" it is the verb itself.
    """
    for match in _SYLLABLE.finditer(folded, at):
        if ends_a_name(folded, match.end()):
            return True
        if match.start() > at:
            return False
    return False


def ends_a_name(folded: str, at: int) -> bool:
    """Whether what stands here ends the name before it: a verb, a tail, a mark, the end of the text."""
    if at >= len(folded) or not folded[at].isalnum() or _TAIL.match(folded, at):
        return True
    return verb_end(folded, at) is not None and _OBJECT.match(folded, at) is None
