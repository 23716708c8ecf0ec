"""Names that paper prints in capitals, in their normal letters.

Where the same words stand in normal letters elsewhere in the document, those decide; the rest follows
Nghị định 30/2020/NĐ-CP, Phụ lục II: capitals for the kind of body, each of its fields, and proper names.
"""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from functools import lru_cache

from pipeline.read.lines import is_capital
from pipeline.text import fold, nfc, squeeze
from pipeline.vocab.letterhead import load_letterhead
from pipeline.vocab.provinces import load_provinces

_PLACES = ("tỉnh", "thành phố", "huyện", "quận", "thị xã", "thị trấn", "xã", "phường", "đặc khu", "khu vực")
_NO_PLACE = {"ủy", "hội", "đoàn", "đội"}  # Tỉnh ủy, xã hội, Huyện đoàn
_LEAGUE_LEVELS = {"tỉnh", "thành", "huyện", "quận", "thị"}
_SMALL = {"và", "của", "các", "cho", "với", "tại", "thuộc", "về", "trên", "trong", "là", "cấp"}
_TOKEN = re.compile(r"[^\s,;()]+|[,;()]")
_NUMBERED = {"vực", "vùng", "khu", "số", "quân"}  # after them Roman numerals: "khu vực XII"
_COMMON_NOUNS = {"cơ quan", "doanh nghiệp", "khu công", "đơn vị", "dự án", "công trình"}
_OPENS = {",", "-", "và", "("}  # after them a field or name begins anew


Phrases = dict[str, tuple[tuple[tuple[str, ...], tuple[str, ...]], ...]]


def _title(word: str) -> str:
    return "-".join(part[:1].upper() + part[1:].lower() for part in word.split("-"))


def _phrases(names: Iterable[str]) -> Phrases:
    """Folded words of names with the words in their letters, by first word; the longest first."""
    pairs = [(tuple(fold(name).split()), tuple(name.split())) for name in names]
    grouped: dict[str, list[tuple[tuple[str, ...], tuple[str, ...]]]] = {}
    for pair in sorted(pairs, key=lambda pair: -len(pair[0])):
        grouped.setdefault(pair[0][0], []).append(pair)
    return {word: tuple(rows) for word, rows in grouped.items()}


@lru_cache(maxsize=1)
def _province_words() -> Phrases:
    return _phrases({p.bare_name for p in load_provinces()})


@lru_cache(maxsize=1)
def _fixed_words() -> Phrases:
    return _phrases(load_letterhead().fixed)


@lru_cache(maxsize=1)
def _place_words() -> Phrases:
    return _phrases(_PLACES)


@lru_cache(maxsize=1)
def _named_words() -> Phrases:
    return _phrases(load_letterhead().named)


@lru_cache(maxsize=1)
def _kind_words() -> Phrases:
    words = load_letterhead()
    return _phrases((*(word for word, _ in words.kinds), *words.party_organs))


@lru_cache(maxsize=1)
def _abbreviations() -> frozenset[str]:
    words = load_letterhead()
    return frozenset(map(fold, (*words.abbreviations, *(short for short, _ in words.shorts))))


def _at(words: Sequence[str], at: int, phrase: Sequence[str]) -> bool:
    return tuple(words[at : at + len(phrase)]) == tuple(phrase)


def _longest(words: Sequence[str], at: int, phrases: Phrases) -> tuple[str, ...]:
    """The longest of these phrases that stands at this place, in its letters."""
    fits = (
        written
        for phrase, written in phrases.get(words[at], ())
        if (len(written) > 1 or _single(words, at, written[0])) and _at(words, at, phrase)
    )
    return next(fits, ())


def _single(words: Sequence[str], at: int, kind: str) -> bool:
    """Whether a kind of one word counts here: at the start, else only Sở and Bộ ("Khoa học", "Nhà nước" are none)."""
    after = words[at + 1] if at + 1 < len(words) else ""
    return at == 0 or kind in _PLACES or (kind in ("Sở", "Bộ") and after not in ("đội", "máy", "phận"))


def by_rule(name: str) -> str:
    """A name in capitals by the rules of spelling alone.

    Forms: "BỘ VĂN HÓA, THỂ THAO VÀ DU LỊCH" -> "Bộ Văn hóa, Thể thao và Du lịch"; "UBND HUYỆN NGỌC LĨNH" -> "UBND huyện
    Ngọc Lĩnh"; "TRƯỜNG THCS LÊ LỢI" -> "Trường THCS Lê Lợi".
    """
    tokens = [m.group() for m in _TOKEN.finditer(squeeze(nfc(name)))]
    words = [fold(t) for t in tokens]
    out: list[str] = []
    at, opening, proper = 0, True, False
    while at < len(tokens):
        taken, opening, proper = _next(tokens, words, at, opening, proper)
        out.extend(taken)
        at += len(taken)
    text = " ".join(out)
    text = re.sub(r"\s+([,;)])", r"\1", re.sub(r"\(\s+", "(", text))
    return text[:1].upper() + text[1:]


def _next(
    tokens: Sequence[str], words: Sequence[str], at: int, opening: bool, proper: bool
) -> tuple[list[str], bool, bool]:
    """The words taken at one place in their letters; whether what follows opens a field or stays a proper name."""
    word = words[at]
    for phrase, written in (*_province_words().get(word, ()), *(() if proper else _fixed_words().get(word, ()))):
        if _at(words, at, phrase) and not (proper and len(phrase) == 1):
            return list(written), False, proper
    after = words[at + 1] if at + 1 < len(words) else ""
    place = _longest(words, at, _place_words())
    if at and place and after not in _NO_PLACE:
        return list(place), False, True
    if after == "đoàn" and word in _LEAGUE_LEVELS:  # "Huyện đoàn Sơn Hải", also behind "Ban Chấp hành"
        return [_title(tokens[at]), after], False, True
    named, kind = _longest(words, at, _named_words()), _longest(words, at, _kind_words())
    if named or (kind and opening and not proper):
        return list(named if len(named) >= len(kind) else kind), True, len(named) >= len(kind)
    if word in _OPENS or word in _SMALL:
        return [word], word in _OPENS and not _in_plural(words[:at]), proper and word not in _SMALL
    if at and words[at - 1] in _NUMBERED and re.fullmatch("[ivxl]+", word):
        return [tokens[at].upper()], False, proper
    return [_letters(tokens[at], word, capital=opening or proper)], False, proper


def _in_plural(before: Sequence[str]) -> bool:
    """Whether common nouns are being listed: "Khối các cơ quan và |doanh nghiệp", "các khu công nghiệp và ..."."""
    at = before.index("các") if "các" in before else -1
    return at >= 0 and " ".join(before[at + 1 : at + 3]) in _COMMON_NOUNS


def _letters(token: str, word: str, *, capital: bool) -> str:
    if word in _abbreviations() or (len(word) > 1 and not re.search(r"[aăâeêioôơuưyà-ỹ\d]", word) and word.isalpha()):
        return token.upper()
    if not capital:
        return word
    return _title(token) if word[:1].isalpha() else token


@lru_cache(maxsize=2)  # the names of one paper are sought in the same texts
def _joined(texts: tuple[str, ...]) -> tuple[str, str]:
    """The texts as one with single spaces, as written and folded; no words go on over a text's end."""
    return squeeze("\0".join(texts)), squeeze("\0".join(map(fold, texts)))


def _occurrences(words: str, texts: tuple[str, ...]) -> Counter[str]:
    """How the folded words are written in these texts, where not in capitals throughout."""
    text, folded = _joined(texts)
    found: Counter[str] = Counter()
    at = folded.find(words)
    while at >= 0:
        end = at + len(words)
        if _is_word(folded[at - 1 : at]) or _is_word(folded[end : end + 1]):
            end = at + 1
        elif not is_capital(written := text[at:end]) and any(c.isupper() for c in written):
            found[written] += 1
        at = folded.find(words, end)
    return found


def _is_word(char: str) -> bool:
    return char.isalnum() or char == "_"


def _with_known_names(name: str, texts: tuple[str, ...]) -> str:
    """Proper names inside a name in the letters that the document gives them: "... sơn hải" -> "... Sơn Hải"."""
    words = name.split()
    for size in (4, 3, 2):
        for at in range(1, len(words) - size + 1):
            window = " ".join(words[at : at + size])
            if not window.replace(" ", "").isalpha():
                continue
            found = _occurrences(fold(window), texts)
            best = max(found, key=lambda w: found[w], default="")
            if best and all(word[0].isupper() for word in best.split()):
                words[at : at + size] = best.split()
    return " ".join(words)


def proper_case(name: str, texts: tuple[str, ...]) -> str:
    """A name in capitals as the document itself writes it in running text, else by rule.

    Args:
        name: as printed; a name that is not in capitals comes back unchanged.
        texts: the document's paragraphs.
    """
    shown = squeeze(name)
    if not is_capital(shown):
        return shown
    found = _occurrences(fold(shown), texts)
    if found:
        written = max(found, key=lambda w: (found[w], sum(c.isupper() for c in w)))
        return written[:1].upper() + written[1:]
    return _with_known_names(_with_known_beginning(by_rule(shown), texts), texts)


def _with_known_beginning(name: str, texts: tuple[str, ...]) -> str:
    """A name whose beginning the document writes by itself: "Bảo tàng Lúa nước" of "Bảo tàng Lúa nước Hậu Giang"."""
    words = name.split()
    for size in range(len(words) - 1, 2, -1):
        found = _occurrences(fold(" ".join(words[:size])), texts)
        if found:
            written = max(found, key=lambda w: (found[w], sum(c.isupper() for c in w)))
            return " ".join([written[:1].upper() + written[1:], *words[size:]])
    return name
