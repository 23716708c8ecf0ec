"""Where the name of a unit begins: the question on which splitting a list and finding units in prose both rest.

Everything works on an NFC text and its folded copy of equal length (`pipeline.text.fold`).
"""

import re
from dataclasses import dataclass
from functools import lru_cache

from pipeline.rules.phrases import Phrases
from pipeline.text import key
from pipeline.vocab.heads import Head, load_heads
from pipeline.vocab.units import entries_named, is_abbreviation

GROUP = re.compile(r"(?<!\w)(?:các|những|tất cả|toàn thể|toàn bộ|mọi|từng|mỗi|một số)(?!\w)")
_PLACE_TAIL = re.compile(r"(?<!\w)(?:xã|phường|thị trấn|huyện|quận|thị xã|thành phố|tỉnh|đặc khu)\s+\w[\w ]*$")
_GAP = re.compile(r"[\s.]*")
_COUNT = re.compile(r"\d{1,3}\s+")
_TOKEN = re.compile(r"[^\s,;:()\[\]\"]+")
_CAPITALS = re.compile(r"[^\W\d_a-z][^\W_]*(?:[-&./]?[^\W_]+)*")
# Heads that are also common nouns: a bare level word after them names no unit ("các phòng, ban huyện").
_COMMON = frozenset(
    (
        "bộ",
        "sở",
        "phòng",
        "ban",
        "cục",
        "vụ",
        "khoa",
        "tổ",
        "hội",
        "đoàn",
        "viện",
        "chi cục",
        "trường",
        "đơn vị",
        "bộ phận",
    )
)


@dataclass(frozen=True, slots=True)
class Start:
    """A unit's name begins here. `kind` is the head's kind, "nhóm" for groups, "" for abbreviations."""

    kind: str
    use: str
    head_end: int


@lru_cache(maxsize=1)
def _heads() -> tuple[Phrases, dict[str, Head]]:
    by_word = {key(head.word): head for head in load_heads().heads if head.kind != "nhóm" or head.use == "alone"}
    return Phrases(by_word), by_word


@lru_cache(maxsize=1)
def _phrases() -> tuple[Phrases, Phrases]:
    return Phrases(load_heads().never), Phrases(load_heads().after)


def head_at(folded: str, at: int) -> tuple[Head, int] | None:
    """The longest head word at this place and where it ends."""
    words, by_word = _heads()
    end = words.end_of(folded, at)
    if end is None:
        return None
    return by_word[key(folded[at:end])], end + (folded[end : end + 1] == ".")


@lru_cache(maxsize=1)
def _first_words() -> frozenset[str]:
    heads = {word[0] for head in load_heads().heads if (word := re.match(r"\w+", key(head.word)))}  # "Đ/c": "đ"
    return frozenset(heads | {"các", "những", "tất", "toàn", "mọi", "từng", "mỗi", "một"})


def may_start(text: str, word: str, at: int) -> bool:
    """Quick look before `start_at`: whether a folded word can begin a unit's name at all."""
    return word in _first_words() or word[0].isdigit() or (text[at].isupper() and is_mixed(text[at : at + len(word)]))


def is_never(text: str, folded: str, at: int) -> bool:
    """Whether what stands here only looks like a head: "phòng chống", "tổ chức", "Xã hội", "các khu công nghiệp"."""
    end = _phrases()[0].end_of(folded, at)
    if end is None:
        return False
    second = re.search(r"\s+(\S)", text[at:end])
    return second is None or second[1].islower() or text.isupper()


def _outreaches(folded: str, at: int, head_end: int) -> bool:
    """Whether a head is longer than what is none: "Tổ hợp tác" over "tổ hợp", "Đại diện Cảng vụ" over "đại diện"."""
    never = _phrases()[0].end_of(folded, at)
    return never is not None and head_end > never


def group_at(folded: str, at: int) -> bool:
    """Whether a group begins here: "các ...", "tất cả ...", "toàn thể ..."."""
    return GROUP.match(folded, at) is not None


def is_capital(text: str, at: int) -> bool:
    return at < len(text) and (text[at].isupper() or text[at].isdigit())


def abbreviation_at(text: str, at: int, declared: frozenset[str] = frozenset()) -> int | None:
    """End of a known abbreviation (of the vocabulary or declared in the paper) written in capitals here."""
    token = _TOKEN.match(text, at)
    if token is None:
        return None
    word = token[0].rstrip(".")
    if word.islower() or not (capitals := _capitals(word)):
        return None
    if capitals < 2 and not word.isupper() and word not in declared:
        return None
    known = key(word) in declared or is_abbreviation(word)
    return at + len(word) if known else None


def is_mixed(word: str) -> bool:
    """Whether a word has capitals inside, as abbreviations do and names do not: "TTr", "BVPhổi"."""
    return _capitals(word) >= 2


def _capitals(word: str) -> int:
    return sum(map(str.isupper, word))


def capitals_only(text: str, at: int, end: int) -> bool:
    """Whether one word of three capitals or more fills this stretch: an abbreviation nobody declared ("TTKN")."""
    word = text[at:end].strip().rstrip(".")
    letters = sum(c.isalpha() for c in word)
    return letters >= 3 and word.isupper() and _CAPITALS.fullmatch(word) is not None


def has_name(text: str, folded: str, head: Head, at: int, end: int) -> bool:
    """Whether a name follows a head word that ends at `at`: a capital, a number, or a level ("Công an huyện")."""
    rest = _GAP.match(folded, at, end)
    begin = rest.end() if rest else at
    if begin >= end or (begin == at and folded[at - 1] != "."):
        return False
    if text[begin] == "(":
        return head.use == "alone"
    if is_capital(text, begin) or text[begin] in "\"'":
        return True
    return _phrases()[1].end_of(folded, begin) is not None and head.kind not in _COMMON


def start_at(text: str, folded: str, at: int, end: int, declared: frozenset[str] = frozenset()) -> Start | None:
    """What unit name begins at `at` in a fragment that ends at `end`; None where none does.

    Forms: "Sở Y tế", "các phòng", "9 TTYT", "NVD", "Văn phòng", "phòng tổ chức cán bộ", "Thủ trưởng các đơn vị".
    """
    count = _COUNT.match(folded, at, end)
    if count:
        at = count.end()
    found = head_at(folded, at)
    if is_never(text, folded, at) and not (found and _outreaches(folded, at, found[1])):
        return None
    if group_at(folded, at):
        return Start("nhóm", "words", at)
    if (stop := abbreviation_at(text, at, declared)) is not None and stop <= end:
        return Start("", "alone", stop)
    if found is None:
        return None
    head, stop = found
    if stop > end:  # a whole name with a separator in it: "Đài Phát thanh |và Truyền hình"
        return Start(head.kind, head.use, stop) if head.use == "alone" else None
    if has_name(text, folded, head, stop, end):
        return Start(head.kind, head.use, stop)
    rest = folded[stop:end].strip(" .\n\t")
    if count:
        return Start(head.kind, head.use, stop)
    if not rest:
        return Start(head.kind, head.use, stop) if head.use != "words" else None
    if head.use == "alone" and (not rest[0].isalnum() or " " in head.word):
        return Start(head.kind, head.use, stop)
    return Start(head.kind, "weak" if head.use == "weak" else "lower", stop) if rest[0].isalpha() else None


_STAGE = r"(?:mầm non|mẫu giáo|tiểu học|trung học cơ sở|trung học phổ thông|thcs|thpt|th)"
_SCHOOL = re.compile(rf"{_STAGE}(?!\w)")
_ENDS_IN_STAGE = re.compile(
    rf"(?:^|\W)trường (?:phổ thông |liên cấp )*{_STAGE}(?:(?:,| và| -| -)? {_STAGE})*(?:,| và| -)?\s*$"
)


def is_school_part(before: str, folded: str, at: int) -> bool:
    """Whether another stage of one school follows: "Trường Tiểu học và |THCS Hòa Sơn|"."""
    return _SCHOOL.match(folded, at) is not None and _ENDS_IN_STAGE.search(before) is not None


_OF_ONE = re.compile(r"\s+(?:trực thuộc|thuộc|của)(?!\w)")


def is_bare_of_group(text: str, folded: str, at: int, start: Start) -> bool:
    """Whether a head with a capital has no name of its own: "các Vụ, Viện, |Trung tâm| thuộc Bộ"."""
    return text[at].isupper() and _OF_ONE.match(folded, start.head_end) is not None


_GOES_OVER = re.compile(r"(?:,)?\s+(?:và|-)\s+(?=\w)")


def goes_over(text: str, folded: str, end: int) -> bool:
    """Whether behind what may be a unit a part follows that is none: "Phòng Tổ chức, |Thanh tra| và Thi đua"."""
    link = _GOES_OVER.match(folded, end)
    if link is None or not text[link.end()].isupper():
        return False
    return start_at(text, folded, link.end(), min(len(text), link.end() + 60)) is None


def is_place_end(folded: str) -> bool:
    """Whether a text ends in a place with its name: "UBND xã Hoa Sơn"."""
    return _PLACE_TAIL.search(folded) is not None


def known_alone(name: str) -> bool:
    """Whether a name without head word is in the vocabulary by itself: "Tổ chức cán bộ"; no group."""
    return " " in name.strip() and any(unit.kind != "nhóm" for unit in entries_named(name)) and not name.isupper()
