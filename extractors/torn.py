"""Syllables that a PDF tears apart: a letter of another font subset stands behind a space that nobody sees on paper.

Joined only where the whole is a Vietnamese syllable and a part cannot be a word: an onset by itself before a vowel with
a mark ("m ột", "k ý"), or a final by itself ("thá ng"). Units of measure after a number ("5 m ống nước") and letters of
points ("điểm đ Điều 5", "viêm gan B ở trẻ") look the same and stay.
"""

import re

from extractors.plausibility import is_valid_syllable

KIND = "âm tiết bị tách rời / syllables torn apart"

_MARKED = "àáảãạăằắẳẵặâầấẩẫậèéẻẽẹêềếểễệìíỉĩịòóỏõọôồốổỗộơờớởỡợùúủũụưừứửữựỳýỷỹỵ"
_ONSET = re.compile(
    rf"(?:(?P<before>[^\s\W]+)[ \u00a0]|(?P<open>^|[.:;–\-(\n][ \u00a0]?|[,\"“][ \u00a0]?))"
    rf"(?P<left>[bcdđghklmnpqrstvx]|[cgknpt]h|ngh?|tr|qu)[ \u00a0](?P<right>[{_MARKED}]\w*)",
    re.IGNORECASE,
)
# Cheap to look for: an onset, or a final, between spaces. Few texts have one, and few a consonant before such a vowel.
_BEFORE_VOWEL = re.compile(f"[bcdđghklmnpqrstuvxBCDĐGHKLMNPQRSTUVX][ \u00a0][{_MARKED}{_MARKED.upper()}]")
_LONE_ONSET = re.compile(rf"(?<![^\W])(?:[bcdđghklmnpqrstvx]|[cgknpt]h|ngh?|tr|qu)[ \u00a0][{_MARKED}]", re.IGNORECASE)
_LONE_FINAL = re.compile(r"[ \u00a0](?:ng|nh|ch)(?![\w./])")
_FINAL = re.compile(r"(?<!\w)(?P<left>[^\W\d_]{1,5})[ \u00a0](?P<right>ng|nh|ch)(?![\w./])")
_LETTERED = "điểm mục tiết nhóm lớp loại hạng khoản bảng khối lục án tổ đội khu lô nhà vitamin gan cúm chữ cột ý phần"
_NAMES_A_LETTER = frozenset(_LETTERED.split())


def may_be_torn(text: str) -> bool:
    """Whether there is anything in the lines of a text that looks like a part of a syllable; cheap."""
    return _has_lone_onset(text) or _LONE_FINAL.search(text) is not None


def join_torn(text: str) -> str:
    """The text with torn syllables whole.

    Forms: "m ột cửa" -> "một cửa"; "k ý" -> "ký"; "thá ng 5" -> "tháng 5"; not "5 m ống", "điểm đ ủy quyền", "gan B ở".
    """
    if _has_lone_onset(text):
        text = _ONSET.sub(_onset, text)
    return _FINAL.sub(_final, text) if _LONE_FINAL.search(text) else text


def _has_lone_onset(text: str) -> bool:
    return any(_LONE_ONSET.search(text, max(at.start() - 2, 0), at.end()) for at in _BEFORE_VOWEL.finditer(text))


def _onset(match: re.Match[str]) -> str:
    left, right, before = match["left"], match["right"], match["before"] or ""
    begins = match["before"] is None
    spelled = left.islower() if not begins else left[1:] == left[1:].lower() and right.islower()
    named = before.casefold() in _NAMES_A_LETTER or before[-1:].isdigit()
    if not spelled or named or not right.islower() or not is_valid_syllable(left + right):
        return match[0]
    return match[0][: match.start("left") - match.start()] + left + right


def _final(match: re.Match[str]) -> str:
    left, right = match["left"], match["right"]
    return left + right if is_valid_syllable(left + right) else match[0]
