"""Ordinals as they are written in tables and running text: their style, depth and value.

The levels are those of Nghị định 30/2020/NĐ-CP, Phụ lục I: Phần, Chương, Mục, I., 1., 1.1., a), -; letters run in the
Vietnamese alphabet without f, j, w, z.
"""

import re
from dataclasses import dataclass
from enum import IntEnum
from functools import lru_cache

from pipeline.text import fold

LETTERS = "abcdđeghiklmnopqrstuvxy"
_ROMAN = re.compile(r"(?i)^(?=[ivxl])(xl|l?x{0,3})(ix|iv|v?i{0,3})$")
_ROMAN_VALUE = {"i": 1, "v": 5, "x": 10, "l": 50}
_MARK = r"(?P<mark>\d{1,3}(?:\.\d{1,3})*|[IVXL]{1,6}|[A-ZĐ]|[a-zđ])"
_WHOLE = re.compile(rf"^\s*{_MARK}\s*[.)/–-]?\s*$")
_LEADING = re.compile(
    rf"^\s*(?:(?P<written>{_MARK}\s?(?:\.\)|[.)](?!\d)|/(?=\s|[^\W\d_a-zà-ỹđ])))|(?P<multi>\d{{1,3}}(?:\.\d{{1,3}})+)(?=\s))\s*(?=\S)"
)
_SPELLED = {"nhất": 1, "hai": 2, "ba": 3, "tư": 4, "năm": 5, "sáu": 6, "bảy": 7, "tám": 8, "chín": 9, "mười": 10}
_NAMED = re.compile(
    r"^\s*(?P<written>(?:phần|chương|mục|điều|phụ lục)\s+(?P<mark>[ivxl]+|\d{1,3}|[a-zđ])"
    rf"|(?:phần|chương|mục) thứ (?P<spelled>{'|'.join(_SPELLED)}))\b[.:]?\s*"
)


class Style(IntEnum):
    """Kinds of ordinals from the outside in; a dotted number is deeper by its dots."""

    NAMED = 0
    CAPITAL = 1
    ROMAN = 2
    ARABIC = 3
    DOTTED = 4
    LETTER = 5


@dataclass(frozen=True, slots=True)
class Ordinal:
    """An ordinal as read. `value` counts from 1; `path` are the numbers of a dotted one (1.2 -> (1, 2))."""

    written: str
    style: Style
    value: int
    path: tuple[int, ...]

    @property
    def depth(self) -> int:
        return self.style * 10 + (len(self.path) if self.style is Style.DOTTED else 0)


def roman_value(text: str) -> int | None:
    """Value of a Roman number up to 89, None for anything else. Forms: "IV" -> 4, "XII" -> 12."""
    if not text or not _ROMAN.match(text):
        return None
    values = [_ROMAN_VALUE[c] for c in text.lower()]
    return sum(-v if v < after else v for v, after in zip(values, [*values[1:], 0], strict=True))


@lru_cache(maxsize=4096)
def _read(mark: str, written: str, *, named: bool = False) -> Ordinal | None:
    if mark[0].isdigit():
        path = tuple(int(p) for p in mark.split("."))
        style = Style.DOTTED if len(path) > 1 else Style.ARABIC
        return Ordinal(written, Style.NAMED if named else style, path[-1], path)
    if (value := roman_value(mark)) is not None and (mark.isupper() or named):
        return Ordinal(written, Style.NAMED if named else Style.ROMAN, value, (value,))
    letter = fold(mark)
    if len(letter) != 1 or letter not in LETTERS:
        return None
    value = LETTERS.index(letter) + 1
    return Ordinal(written, Style.CAPITAL if mark.isupper() else Style.LETTER, value, (value,))


@lru_cache(maxsize=4096)
def whole_ordinal(text: str) -> Ordinal | None:
    """The ordinal that a number cell holds, else None. Forms: "1", "01", "1.", "a)", "đ)", "II", "2.3", "A"."""
    match = _WHOLE.match(text)
    return _read(match["mark"], text.strip()) if match else None


def leading_ordinal(text: str) -> tuple[Ordinal, str] | None:
    """The ordinal at the start of a paragraph and the text behind it; None where the text starts otherwise.

    Forms: "II. KINH PHÍ", "1.1. Xây dựng ...", "đ) Tuyên truyền ...", "Phần I. ...", "Phần thứ hai", "Điều 2. ...".
    Dates, years and amounts ("15/3/2024", "2.500 tờ rơi") are none.
    """
    if match := _NAMED.match(fold(text)):
        written = text[match.start("written") : match.end("written")]
        if value := _SPELLED.get(match["spelled"] or ""):
            return Ordinal(written, Style.NAMED, value, (value,)), text[match.end() :]
        ordinal = _read(match["mark"], written, named=True)
        return (ordinal, text[match.end() :]) if ordinal else None
    match = _LEADING.match(text)
    if not match:
        return None
    mark = match["mark"] or match["multi"]
    if "." in mark and any(len(p) == 3 for p in mark.split(".")[1:]):
        return None  # 5.000 tờ rơi
    ordinal = _read(mark, (match["written"] or match["multi"]).strip())
    return (ordinal, text[match.end() :]) if ordinal else None


def follows(before: Ordinal, after: Ordinal) -> bool:
    """Whether `after` is the next sibling of `before`."""
    return before.style is after.style and before.path[:-1] == after.path[:-1] and after.value == before.value + 1


def is_first(ordinal: Ordinal) -> bool:
    return ordinal.value == 1
