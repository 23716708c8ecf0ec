"""The working copy of a deadline text: folded, slips of OCR and typing read as what they stand for, lines told apart.

The copy is as long as the composed (NFC) text, so a place in it is a place on paper; `Paper.origin` leads further
back to a text that came in decomposed form. What was repaired is remembered by place (domain/text_traps.md 4, 5, 12).
"""

import re
import unicodedata
from bisect import bisect_left
from dataclasses import dataclass

from pipeline.text import fold, nfc

# Letters of other scripts that look like Latin ones, after lower-casing (text_traps.md 21).
_OTHER_LETTERS = "ᴄᴏᴠуѕхаеорс\u200b"
_OTHER_LETTER = re.compile(f"[{_OTHER_LETTERS}]")
_LOOK_ALIKE = str.maketrans(_OTHER_LETTERS, "covysxaeopc ")

# Words as typed or scanned badly -> the word meant, of the same length. Only a changed word counts as repaired.
# All are sought in every text: a pattern that begins with letters, and looks back from behind them whether the word
# begins there, is found ten times sooner than one that looks back first.
_WORDS = tuple(
    (re.compile(rf"{head}(?<!\w{head}){rest}"), word)
    for head, rest, word in (
        ("h", r"[ằa]ng(?=\s{0,3}(?:ngày|tuần|tháng|quý|quí|năm|nãm|nâm|sáu|\d))", "hàng"),
        ("n", r"(?<=hàng n)[ãâ]m(?!\w)", "năm"),
        ("n", r"[ãâ]m(?=\s{0,3}\d{4})", "năm"),
        ("tr", r"(?:ưóc|ườc|ưởc|ươc|uớc|ứơc|ưỡc|uóc)(?!\w)", "trước"),
        ("tr", r"(?:ưóc|uớc|ứơc)(?=ngày|\d)", "trước"),
        ("th", r"[uư][oơóòôờởớợõỡ]ng xuy[eê]n(?!\w)", "thường xuyên"),
        ("th", r"ừơng xuyên(?!\w)", "thường xuyên"),
        ("q", r"(?:u[íìiỳỷỹy]|úy|úi|ùy)(?=\s{0,3}(?:[ivxl1|ı]{1,4}|0?\d)(?!\w))", "quý"),
        ("q", r"(?:uí|úy|úi)(?!\w)", "quý"),
        ("th", r"(?:ang|ảng|ãng|ạng)(?=\s{0,3}\d)", "tháng"),
        ("ng", r"(?:ay|ảy|áy)(?=\s{0,3}\d{1,2}\s?[/.]\s?\d)", "ngày"),
        ("ch", r"(?:âm nhất|ẫm nhất|ậm nhât)(?!\w)", "chậm nhất"),
    )
)
_SPELLINGS = frozenset(("quí", "qúy", "qúi", "qui", "hằng"))  # other spellings, not slips
# Without one of these, or a slip of one, nothing is bound before or by (deadline_bounds).
_LIMITS = (
    "đến", "trước", "hết", "tới", "hoàn", "xong", "nhất", "hạn", "quá", "hơn", "vòng",
    "trưóc", "trườc", "trưởc", "trươc", "truớc", "trứơc", "trưỡc", "truóc", "nhât",
)  # fmt: skip
_SIGNS_IN_DESCRIPTION = (*_LIMITS, "kỳ")

# Text typed without any accents: the time words it may hold. Only then is "nam" a year and not the south.
_UNACCENTED = {
    "truoc": "trước", "ngay": "ngày", "thang": "tháng", "nam": "năm", "quy": "quý", "hang": "hàng", "den": "đến",
    "tu": "từ", "het": "hết", "cham": "chậm", "nhat": "nhất", "muon": "muộn", "hoan": "hoàn", "thanh": "thành",
    "thuong": "thường", "xuyen": "xuyên", "dinh": "định", "ky": "kỳ", "moi": "mỗi", "lan": "lần", "dau": "đầu",
    "cuoi": "cuối", "giai": "giai", "doan": "đoạn", "va": "và", "ke": "kể", "sau": "sau", "khi": "khi", "tuan": "tuần",
}  # fmt: skip
_PLAIN_WORD = re.compile(r"(?<!\w)[a-z]{2,6}(?!\w)")
_PLAIN_SIGN = re.compile(
    r"(?<!\w)(?:ngay \d|thang \d|nam \d{4}|quy [ivx1-4]|hang (?:nam|thang|quy|tuan|ngay)|thuong xuyen|truoc \d)"
)

_SOFT_HYPHEN = re.compile(r"-(?=\s?/\d)")

_DIGITS = str.maketrans("oil|ıı", "011111")
_BAD = r"[\doil|ı]"
_SOME_DIGIT, _STROKE = r"[oil|ı]?\d", r"\s?[/.-]\s?"
# A whole date, a day or month behind its word, a year: at least one real digit decides, in a whole date one of its day
# or month ("I - II/2026" are quarters).
_NUMBERS = tuple(
    re.compile(pattern)
    for pattern in (
        rf"(?<![\w/|.])(?={_SOME_DIGIT}|{_BAD}{{1,2}}{_STROKE}{_SOME_DIGIT})(?:{_BAD}{{1,2}}{_STROKE}){{2}}{_BAD}{{4}}(?![\w|])",
        rf"(?<![\w/|.]){_BAD}{{1,2}}\s?/\s?{_BAD}{{1,2}}(?![\w|/])",
        rf"(?<=ngày ){_BAD}{{1,2}}(?![\w|])",
        rf"(?<=tháng ){_BAD}{{1,2}}(?![\w|])",
        rf"(?<=tháng){_BAD}{{1,2}}(?![\w|])",
        rf"(?<=năm ){_BAD}{{4}}(?![\w|])",
        rf"(?<=\d/){_BAD}{{4}}(?![\w|])",
        r"(?<![\w/|])2[o0][\doil|]{2}(?![\w|])",
        rf"(?<=[ivx]/){_BAD}{{4}}(?![\w|])",
    )
)
# Without a digit beside such a letter, or a stroke away, none of these patterns changes anything.
_MIXED = re.compile(
    r"\d(?:(?:\s?[/.-]\s?)?[oil|ı]|(?<=[oil|ı]\d)|(?<=[oil|ı][/.-]\d)|(?<=[oil|ı]\s[/.-]\d)"
    r"|(?<=[oil|ı][/.-]\s\d)|(?<=[oil|ı]\s[/.-]\s\d))"
)
_ROMAN_SLIP = re.compile(r"(?<=quý )(?:[ivl1|ı]{2,4}|[l|ı])(?![\w|])")
_ROMAN_LETTERS = str.maketrans("l1|ı", "iiii")

_NEWLINE = re.compile(r"\n\s*")  # never \s* in front: a run of spaces would cost its square
_BULLET = re.compile(r"(?:[-+•*·●▪◦‣\uf0b7\uf0a7►➢✓]|\d{1,2}[.)](?=\s*[^\d\s])|[a-eđ]\))\s*(?=[^\s\d]|\d)")
_OPEN_END = re.compile(
    r"(?:(?<!\w)(?:ngày|tháng|quý|năm|trước|đến|từ|hết|và|hoặc|của|vào|trong|chậm|nhất|là|hàng|mỗi|định|kỳ|đoạn|giai"
    r"|sau|khi|thành|bắt|đầu)|[-,/(])$"
)
_OPEN_START = re.compile(
    r"(?:-\s*\n|-\s*$|/|\)|(?:đến|tới|và|hoặc|năm \d|năm \w+$|hàng|hết|trở đi|của|tháng \d{1,2}\s*năm)(?!\w))"
)


PART = ";"  # parts deadlines in the working copy
_END_OF_SPAN = re.compile(r";(?=\s{0,9}kết thúc(?!\w))")  # "bắt đầu 01/3; kết thúc 30/6" is one span
_NUMBERS_AFTER = re.compile(
    r"(?:tháng|quý) [\divx]{1,4}(?:;\s?(?:\d{1,2}|[ivx]{1,4})(?![\w/.])){1,11}"
)  # "Tháng 3; 6; 9"
_SENTENCE_END = re.compile(r"\.(?=\s{1,3}\w)(?:(?<=[^\W\d_]{2}\.)|(?<=[\d)\]%]\.))")


# Runs of blanks become one, words that lost the blank between them get it back: "Trướcngày15/9", "Hằngnăm".
_BLANKS = re.compile(
    r"[^\S\n]{2,}|(?<=\bhàng)(?=(?:ngày|tuần|tháng|quý|năm)\b)|(?<=\bhằng)(?=(?:ngày|tuần|tháng|quý|năm)\b)"
    r"|(?<=\bthường)(?=xuyên\b)|(?<=\btrước)(?=ngày|tháng|\d)|(?<=ngày)(?=\d)|(?<=tháng)(?=\d)|(?<=\bnăm)(?=\d)"
    r"|(?<=\bquý)(?=\d|[ivx]{1,4}\b)|(?<=\d)(?=(?:năm|tháng|hàng|hằng)\b)|(?<=\bđịnh)(?=kỳ\b)|(?<=\bchậm)(?=nhất)"
    r"|(?<=\bhoàn)(?=thành\b)|(?<=\bkể)(?=từ)|(?<=\bđến)(?=hết|ngày|\d)|(?<=\btừ)(?=ngày|tháng|\d)"
)
# Without one of these there is no such place; they are found much sooner.
_SPACED = re.compile(r"[^\S\n]{2}")
_LETTER_BY_DIGIT = re.compile(r"\d(?:[^\W\d_]|(?<=[^\W\d_]\d))")
_GLUED = re.compile(r"h[àằ]ng[ntq]|thườngx|trước[nt]|quý[ivx]|địnhk|chậmn|hoànt|kểt|đến[hn]|từ[nt]")


@dataclass(frozen=True, slots=True)
class Paper:
    """A text ready to be read: `text` composed, `words` the copy.

    `places[i]` is where character i of the copy stands in the text, `origin[i]` where character i of the text came
    from (None: the same). `repaired` are places in the text.
    """

    text: str
    words: str
    repaired: tuple[tuple[int, int], ...]
    places: tuple[int, ...] | None = None
    origin: tuple[int, ...] | None = None

    def is_repaired(self, start: int, end: int) -> bool:
        at = bisect_left(self.repaired, (end, 0))  # the last repaired place that begins before the end
        return at > 0 and self.repaired[at - 1][1] > start

    def written(self, start: int, end: int) -> tuple[int, int]:
        """The place in the text of a place in the copy."""
        return (start, end) if self.places is None else (self.places[start], self.places[end])

    def span(self, start: int, end: int) -> tuple[int, int]:
        """The place in the text as it came in."""
        return (start, end) if self.origin is None else (self.origin[start], self.origin[end])


def prepare(text: str) -> Paper:
    """Working copy of a text in any Unicode form."""
    composed, origin = compose(text)
    shown, words, places = _respace(composed, _in_latin(composed))
    if "-" in words and "/" in words:
        words = _SOFT_HYPHEN.sub(" ", words)  # a soft hyphen before a stroke: "tháng 8\xad/2023"
    repaired: list[tuple[int, int]] = []
    words = _add_accents(words)
    for pattern, word in _WORDS:
        if pattern.search(words):
            words = _replace(words, pattern, word, repaired)
    words = _read_numbers(words, repaired)
    if places is not None:
        repaired = [(places[a], places[b]) for a, b in repaired]
    return Paper(composed, _tell_lines_apart(shown, words), tuple(sorted(repaired)), places, origin)


def may_be_limited(text: str) -> bool:
    """Whether a deadline in these words can be bound before or by; a sign that is found sooner than the deadline."""
    return _has_one(text, _LIMITS)


def may_be_described(text: str) -> bool:
    """Whether a description can hold a deadline, which has to be limited or "định kỳ" there (deadline_places)."""
    return _has_one(text, _SIGNS_IN_DESCRIPTION)


def _has_one(text: str, signs: tuple[str, ...]) -> bool:
    folded = _in_latin(nfc(text))
    return folded.isascii() or any(map(folded.__contains__, signs))


def _in_latin(text: str) -> str:
    """The folded text with Latin letters for those that only look like them."""
    folded = fold(text)
    return folded.translate(_LOOK_ALIKE) if _OTHER_LETTER.search(folded) else folded


def _respace(text: str, words: str) -> tuple[str, str, tuple[int, ...] | None]:
    """Text and copy with one blank between words, and where each character stood (None: as before)."""
    if not (_SPACED.search(words) or _LETTER_BY_DIGIT.search(words) or _GLUED.search(words)):
        return text, words, None
    pieces: list[tuple[str, str]] = []
    places: list[int] = []
    done = 0
    for match in _BLANKS.finditer(words):
        start = match.start()
        pieces += [(text[done:start], words[done:start]), (" ", " ")]
        places += [*range(done, start), start]
        done = match.end()
    if not places:
        return text, words, None
    pieces.append((text[done:], words[done:]))
    places += range(done, len(words) + 1)
    return "".join(p[0] for p in pieces), "".join(p[1] for p in pieces), tuple(places)


def compose(text: str) -> tuple[str, tuple[int, ...] | None]:
    """NFC text, and where each of its characters begins in the given one (None: nowhere else)."""
    if unicodedata.is_normalized("NFC", text):
        return text, None
    pieces: list[str] = []
    origin: list[int] = []
    start = 0
    for end in range(1, len(text) + 1):
        # A cluster ends before a character that neither combines nor is a Hangul vowel or final (those compose too).
        if end < len(text) and (unicodedata.combining(text[end]) or "\u1160" <= text[end] <= "\u11ff"):
            continue
        piece = unicodedata.normalize("NFC", text[start:end])
        pieces.append(piece)
        origin.extend([start] * len(piece))
        start = end
    return "".join(pieces), (*origin, len(text))


def _replace(words: str, pattern: re.Pattern[str], word: str, repaired: list[tuple[int, int]]) -> str:
    def swap(match: re.Match[str]) -> str:
        if len(match[0]) != len(word) or match[0] == word:
            return match[0]
        if match[0] not in _SPELLINGS:
            repaired.append(match.span())
        return word

    return pattern.sub(swap, words)


def _add_accents(words: str) -> str:
    """Time words of a text without any accent: "truoc ngay 15/01 hang nam"."""
    if not words.isascii() or not _PLAIN_SIGN.search(words):
        return words
    return _PLAIN_WORD.sub(lambda m: _UNACCENTED.get(m[0], m[0]), words)


def _read_numbers(words: str, repaired: list[tuple[int, int]]) -> str:
    def digits(match: re.Match[str]) -> str:
        token = match[0]
        whole = re.split(r"[/.\-]", token.replace(" ", ""))
        named = match.string.endswith("ngày ", 0, match.start())
        if token.isdigit() or not any(c.isdigit() for c in token) or all(p.isdigit() for p in whole):
            return token
        if len(whole) == 2 and not named and not any(p.isdigit() for p in whole):
            return token
        repaired.append(match.span())
        return token.translate(_DIGITS)

    def roman(match: re.Match[str]) -> str:
        token = match[0]
        if token.isdigit() or all(c in "iv" for c in token):
            return token
        repaired.append(match.span())
        return token.translate(_ROMAN_LETTERS)

    if _MIXED.search(words):
        for pattern in _NUMBERS:
            words = pattern.sub(digits, words)
    return _ROMAN_SLIP.sub(roman, words) if "quý " in words else words


def _tell_lines_apart(text: str, words: str) -> str:
    """Ends of lines and sentences that part deadlines become ";", line breaks inside one and bullets spaces."""
    out: list[str] = []
    done = _skip_bullet(words, len(words) - len(words.lstrip()))
    out.append(" " * done)
    for match in _NEWLINE.finditer(words, done):
        out.append(words[done : match.start()])
        end = match.end()
        bullet = _skip_bullet(words, end)
        mark = " " if bullet == end and _is_open(text, words, match) else PART
        done = max(end, bullet)
        out.append(mark + " " * (done - match.start() - 1))
    out.append(words[done:])
    copy = "".join(out)
    if PART in copy:
        copy = _END_OF_SPAN.sub(",", copy)
        copy = _NUMBERS_AFTER.sub(lambda m: m[0].replace(PART, ","), copy)
    return _SENTENCE_END.sub(lambda m: PART if text[m.end() :].lstrip()[:1].isupper() else m[0], copy)


def _skip_bullet(words: str, start: int) -> int:
    bullet = _BULLET.match(words, start)
    if not bullet or "\n" in bullet[0]:
        return start
    return bullet.end()


def _is_open(text: str, words: str, newline: re.Match[str]) -> bool:
    """Whether the line runs on: its end or the next one's start cannot stand alone, or the next begins small."""
    if _OPEN_END.search(words[max(0, newline.start() - 12) : newline.start()].rstrip()):
        return True
    following = text[newline.end() : newline.end() + 1]
    return bool(_OPEN_START.match(words, newline.end())) or (following.isalpha() and following.islower())
