"""Folding text for look-up without ever losing the way back to the paper.

`fold` gives a working copy of exactly the same length as its (NFC) input, so an offset in the copy is an offset
on paper. Everything that recognises words works on the copy; everything that is stored comes from the original.
"""

import re
import unicodedata
from functools import lru_cache

# Every Vietnamese capital, for character classes: ranges of Unicode mix both cases.
CAPITALS = "A-Z" + "".join(
    c for code in (*range(0xC0, 0x1B1), *range(0x1EA0, 0x1EFA)) if (c := chr(code)).isalpha() and c.isupper()
)

# One character to one character. Đ: U+00D0/U+0189 in Vietnamese text is never right (byte D0 of cp1258 read as
# cp1252). Dashes, strokes and spaces: seen in symbols, year spans and cells of real papers.
_ONE_TO_ONE = {
    **dict.fromkeys(map(ord, "\u00d0\u0189\u00f0\u0256"), "đ"),
    **dict.fromkeys(map(ord, "\u2010\u2011\u2012\u2013\u2014\u2015\u2212\u00ad\ufe58\ufe63\uff0d"), "-"),
    **dict.fromkeys(map(ord, "\u2044\u2215\uff0f"), "/"),
    **dict.fromkeys(
        map(ord, "\u00a0\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u3000"), " "
    ),
    **dict.fromkeys(map(ord, "\u201c\u201d\u201e\u00ab\u00bb"), '"'),
    **dict.fromkeys(map(ord, "\u2018\u2019\u02bc"), "'"),
    **dict.fromkeys(map(ord, "\u200b\u200c\u200d\ufeff"), "\u200b"),
}

_VARIANT = re.compile(f"[{''.join(map(re.escape, map(chr, _ONE_TO_ONE)))}]")  # most texts have none

# Old tone placement (hoà, uỷ) to the new one (hòa, ủy): swaps the mark between two vowels, so length stays.
# Only open syllables, and never after q, where u is part of the consonant (quý, quỹ stay).
_TONES = "\u0300\u0301\u0309\u0303\u0323"
_OLD_PLACEMENT: dict[str, str] = {}
for _first, _second in (("o", "a"), ("o", "e"), ("u", "y")):
    for _tone in _TONES:
        _old = unicodedata.normalize("NFC", _first + _second + _tone)
        _OLD_PLACEMENT[_old] = unicodedata.normalize("NFC", _first + _tone + _second)
_OLD = re.compile(rf"(?:{'|'.join(_OLD_PLACEMENT)})(?!\w)(?<!q..)")  # letters first, which a search runs to

_LIST_MARKS = " -+•*·.,;:/–"
_FINAL_MARKS = " .,;:/-–"


@lru_cache(maxsize=8192)  # each step asks for it anew
def nfc(text: str) -> str:
    """Composed form (Unicode NFC): the only normalisation that stored text gets."""
    return text if unicodedata.is_normalized("NFC", text) else unicodedata.normalize("NFC", text)


def _lower(text: str) -> str:
    lowered = text.lower()
    if len(lowered) == len(text):
        return lowered
    return "".join(c.lower() if len(c.lower()) == 1 else c for c in text)  # İ and its kind keep their length


@lru_cache(maxsize=65536)
def fold(text: str) -> str:
    """Working copy for recognising: lower case, one kind of Đ, dash, stroke, quote and space, new tone placement.

    Forms: "Uỷ ban" -> "ủy ban"; "QÐ – UBND" -> "qđ - ubnd"; "quý" stays "quý".
    The length equals that of the input, which must be NFC.
    """
    if _VARIANT.search(text):
        text = text.translate(_ONE_TO_ONE)
    return _OLD.sub(_new_placement, _lower(text))


def _new_placement(old: re.Match[str]) -> str:
    return _OLD_PLACEMENT[old[0]]


@lru_cache(maxsize=65536)
def key(text: str) -> str:
    """Look-up key: folded, runs of white space as one space, list marks and final punctuation off.

    Forms: "- Phòng  TCCB;" -> "phòng tccb"; "Số\\nTT" -> "số tt".
    """
    return squeeze(fold(nfc(text)).replace("\u200b", "")).lstrip(_LIST_MARKS).rstrip(_FINAL_MARKS)


def squeeze(text: str) -> str:
    """White space runs as single spaces, ends off; letters untouched."""
    return " ".join(text.split())


class _Bare(dict[int, str]):
    """Each character without its marks, worked out when it is first met."""

    def __missing__(self, code: int) -> str:
        marks_off = "".join(c for c in unicodedata.normalize("NFD", chr(code)) if not unicodedata.combining(c))
        self[code] = marks_off.replace("đ", "d")
        return self[code]


_BARE = _Bare()


def skip_space(text: str, at: int) -> int:
    """Offset of the next character that is no blank, from `at` on; the length of the text where none is."""
    while at < len(text) and text[at].isspace():
        at += 1
    return at


def unaccented(text: str) -> str:
    """Letters without marks, for search as people type it: "Đà Nẵng" -> "da nang"."""
    return fold(nfc(text)).translate(_BARE)


def file_name(uri: str) -> str:
    """The name of a file as people look for it: without folders, but with the archive that it lies in.

    Forms: "/in/so/kh.docx" -> "kh.docx"; "/in/goi.zip!/so/kh.docx" -> "goi.zip › kh.docx".
    """
    return " › ".join(part.rstrip("/").rsplit("/", 1)[-1] for part in uri.split("!/"))
