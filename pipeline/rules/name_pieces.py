"""What names of units are made of, each piece by itself: names in the vocabulary, runs of capitals, levels, seats."""

import re
from dataclasses import dataclass

from pipeline.rules.name_reach import keeps_level
from pipeline.rules.name_words import object_end, second_end, verb_end
from pipeline.rules.unit_parts import ENDS_IN_LEVEL, LEVEL, MORE_LEVELS, TOKEN
from pipeline.rules.unit_starts import head_at, start_at
from pipeline.text import skip_space
from pipeline.vocab.bodies import body_tree
from pipeline.vocab.name_tree import NO_NAMES, NameTree
from pipeline.vocab.units import begins_name, entries_named

_DIRECTION = re.compile(r" (?:phía|miền|vùng|đồng bằng|duyên hải) ")
_SEAT = re.compile(r" tại (?:(?:tỉnh|thành phố|cảng|cửa khẩu|khu vực|sân bay|nhà ga|ga|huyện|xã|phường) ){0,2}")
_STANDS_FOR = re.compile(r"(?<!\w)(?:đại diện|chi nhánh)(?!\w)[^,;.]*$")
LONGEST = 18  # words of a name; beyond it is a sentence


@dataclass(frozen=True, slots=True)
class Words:
    """The text being read and how many units deep ("Giám đốc Sở Y tế tỉnh ..." is three)."""

    text: str
    folded: str
    depth: int
    own: NameTree = NO_NAMES
    is_strict: bool = False  # a known name stands in front

    def may_end(self, at: int) -> bool:
        """Whether the name before `at` is whole: known, or with capitals behind its head. Then a verb may follow."""
        return self.is_strict or sum(word[0].isupper() for word in self.text[:at].split()) > 1


def known_end(words: Words, at: int) -> tuple[int | None, str]:
    """End of the longest vocabulary name that begins here, and its kind."""
    best, kind = None, ""
    for count, token in enumerate(TOKEN.finditer(words.folded, at, at + 140)):
        if count >= LONGEST or words.text[token.start()] in ';:()"':
            break
        if not words.folded[token.start()].isalnum() or token[0] == "và":
            continue
        name = words.text[at : token.end()]
        found = entries_named(name)
        if found and not _cuts_compound(words, at, token):
            best, kind = token.end(), found[0].kind
        if not begins_name(name):
            break
    return best, kind


def body_end(text: str, folded: str, at: int) -> int | None:
    """End of the longest name of a body that begins here: "Vụ Đào tạo thường xuyên|", "Xí nghiệp cấp nước| Hoa Sơn".

    A verb in lower case behind the head alone makes no name: "Phòng |kiểm tra việc chấp hành".
    """
    end = body_tree().end(text, folded, at)
    if end is None or not text[at + 1 : end].islower():
        return end
    head = head_at(folded, at)
    return None if head and verb_end(folded, skip_space(folded, head[1])) == end else end


def _cuts_compound(words: Words, at: int, token: re.Match[str]) -> bool:
    """Whether the name goes on: capitals after "và" ("Sở Du lịch| và Thể thao"), or another unit in its last word."""
    last, end = token.span()
    start = start_at(words.text, words.folded, last, len(words.text)) if last > at else None
    if start and start.kind and start.head_end >= end and words.text[skip_space(words.folded, end) :][:1].isupper():
        return True
    if words.text[end - 1].isupper():
        return False
    link = re.compile(r"\s*(?:,|-|và)\s+").match(words.folded, end)
    if link is None or link.end() >= len(words.text) or not words.text[link.end()].isupper():
        return False
    return start_at(words.text, words.folded, link.end(), min(len(words.text), link.end() + 60)) is None


def capital_run(words: Words, at: int, *, place: bool = True) -> int:
    """End of a proper name: words with capitals, hyphens between them; no place: with their second syllables."""
    end = at
    for _ in range(LONGEST):
        begin = skip_space(words.folded, end)
        if words.folded[begin : begin + 1] == "-" and end > at:
            begin = skip_space(words.folded, begin + 1)
        token = TOKEN.match(words.folded, begin)
        if (
            token is None
            or not (words.text[begin].isupper() or words.text[begin].isdigit())
            or "\n" in words.text[end:begin]
        ):
            return end
        if end > at and start_at(words.text, words.folded, begin, min(len(words.text), begin + 40)) is not None:
            return end
        end = token.end() if place else whole_word(words, begin) or token.end()
    return end


def seat_end(words: Words, at: int) -> int | None:
    """End of where an office that stands for another has its seat: "Đại diện Cảng vụ |tại Hòa Sơn|"."""
    seat = _SEAT.match(words.folded, at)
    if seat is None or not _STANDS_FOR.search(words.folded, 0, at):
        return None
    run = capital_run(words, seat.end())
    return run if run > seat.end() else None


def names_more_levels(words: Words, end: int) -> bool:
    """Whether levels without a place go on behind one: "Công an xã|, phường, thị trấn"."""
    more = MORE_LEVELS.match(words.folded, end)
    if more is None or not ENDS_IN_LEVEL.search(words.folded, max(0, end - 10), end):
        return False
    return capital_run(words, more.end()) == more.end()


def levels_end(words: Words, end: int) -> int:
    """End of a level with its place, or of several levels without one: "Trạm Y tế |xã, phường|"."""
    part = _DIRECTION.match(words.folded, end)  # "khu vực |phía Bắc|"
    run = capital_run(words, part.end() if part else end)
    if part and run == part.end():
        return end
    while (
        run == end and (more := MORE_LEVELS.match(words.folded, end)) and capital_run(words, more.end()) == more.end()
    ):
        run = end = more.end()
    return run


def whole_word(words: Words, begin: int) -> int | None:
    """End of the word whose first syllable has a capital, with what it acts on: "Quản lý đào tạo|", "HIV/AIDS|"."""
    end = second_end(words.text, words.folded, begin)
    if end and words.text[end : end + 1] == "/" and words.text[end + 1 : end + 2].isupper():
        end = second_end(words.text, words.folded, end + 1)
    return end and (object_end(words.text, words.folded, begin, end) or end)


def is_stop(text: str, folded: str, at: int) -> bool:
    """Whether the word that follows ends a name: a verb or function word in lower case."""
    return stops(Words(text, folded, 0), skip_space(folded, at))


def stops(words: Words, at: int) -> bool:
    end = verb_end(words.folded, at)
    if end is None or words.text[at : at + 1].isupper():
        return False
    level = LEVEL.match(words.folded, skip_space(words.folded, end))
    # "Ban Quản lý dự án đầu tư xây dựng huyện": a verb before a level word is part of the name
    return " " not in words.folded[at:end] or level is None or not keeps_level(words.folded, at, end)
