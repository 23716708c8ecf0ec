"""Slips of recognition that are mended because nothing else can stand there; everything else stays as it was read.

A syllable that changes from small letters to capitals, a bracket that closes nothing, and, where the recogniser was
in doubt, the mark on a vowel: it is that which the document carries again and again between the same two words, or
that which makes a word of office papers out of two syllables.
"""

import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from extractors.document import Notice, Place
from extractors.pdf_lines import is_syllable
from extractors.scan_compounds import ASKED, completed, without_marks
from extractors.scan_hooks import COMPANIES, Clause, with_hook
from extractors.scan_sheet import Reading
from extractors.scan_words import Word

_CORE = re.compile(r"[^\W\d_]+")
_BARE = re.compile(r"\W*([^\W\d_]+)\W*")
_FOREIGN = re.compile(r"^ø(?=[aeioukâêôơưăáàảãạ])|(?<=[aâă])ø(?=\W*$)")  # no letter of Vietnamese: a g, an o
_OF_DATE = r"((?:ngày|tháng|năm|quý))"
_DATE = re.compile(r"\d{1,2}/\d")
_BEFORE_DATE = re.compile(rf"^{_OF_DATE}[.'`]$", re.IGNORECASE)  # dust: "ngày. 05/12/2027"
_IN_DATE = re.compile(rf"^{_OF_DATE}[.'`](?=\d+/)", re.IGNORECASE)  # "Tháng.3/2025"
_DOUBT = 0.95  # below this a word is mended after its like; a slip of the writer's own is read with more confidence
_MENDED = 0.9  # how sure a word is at most whose marks were mended
_REACH = 8  # words to either side
_PARTED = re.compile(r"[^\w\s]\s\W|\w[.,:;!?)\]\"”…]+ |\w [(\[\"“]|[“”()\"]{2} ")
_IN_QUESTION = ASKED | {without_marks(syllable) for syllable in COMPANIES}
# Words of their own wherever they stand; they give way only where the recogniser was in doubt.
_COMMON = frozenset(
    [
        "bị",
        "các",
        "cho",
        "có",
        "của",
        "do",
        "để",
        "đến",
        "được",
        "khi",
        "là",
        "mà",
        "nơi",
        "tại",
        "theo",
        "thì",
        "trong",
        "từ",
        "và",
        "về",
        "với",
    ]
)
_DASHES = frozenset("-–—")
_OFTEN = 3  # times, and times as often as the word in doubt


# How often a word that was surely read stands between two others: by its neighbours and its letters without marks.
Likes = dict[tuple[str, str, str], Counter[str]]


@dataclass(frozen=True, slots=True)
class Mended:
    readings: tuple[Reading, ...]
    notices: tuple[Notice, ...]


def mend_slips(readings: Sequence[Reading]) -> Mended:
    """The readings of one document with their slips mended, and a notice for each page that had some."""
    likes = _likes(piece for reading in readings for piece in reading.pieces())
    out: list[Reading] = []
    notices: list[Notice] = []
    for reading in readings:
        seen: list[str] = []
        cells = tuple(tuple(_mended(cell, likes, seen) for cell in grid) for grid in reading.cells)
        out.append(replace(reading, cells=cells, rest=_mended(reading.rest, likes, seen)))
        if seen:
            message = f"Đã sửa {len(seen)} chữ nhận dạng sai / {len(seen)} misread words mended"
            notices.append(Notice("text.repaired", message, Place(reading.number), evidence="; ".join(seen)))
    return Mended(tuple(out), tuple(notices))


def _mended(words: Sequence[Word], likes: Likes, seen: list[str]) -> tuple[Word, ...]:
    out = []
    for at, word in enumerate(words):
        before, after = words[at - 1].text if at else "", words[at + 1].text if at + 1 < len(words) else ""
        new = _after_its_like(mend_word(word, before, after), words, at, likes)
        if new.text != word.text:
            seen.append(f"{word.text} → {new.text}")
        out.append(new)
    return tuple(out)


def mend_word(word: Word, before: str, after: str) -> Word:
    """A word by itself, between its neighbours.

    Forms: "đơn VỊ trực" -> "vị", "trựC" -> "trực"; "(PC])" -> "(PCI)"; "642/QĐÐ-BVHTTDL" -> "642/QĐ-BVHTTDL";
    "(b/C);", "(/c);" -> "(b/c);"; "(Uh);" -> "(t/h);"; "VI," behind "Lưu:" -> "VT,";
    "øom" -> "gom";
    "traø" -> "trao"; "ngày." before "05/12/2027" -> "ngày"; "Tháng.3/2025" -> "Tháng 3/2025"; "SỞ Y TẾ", "QLHN" and
    "Sở" stay.
    """
    text = re.sub("[ĐÐ]{2,}(?=-)", "Đ", word.text)
    text = re.sub(r"\([btđ]/[CHB©€]\)", lambda found: found[0].lower().replace("©", "c").replace("€", "c"), text)
    text = re.sub(r"\([6l|]?/([ch])\)", lambda found: "(b/c)" if found[1] == "c" else "(t/h)", text)
    if word.confidence < _DOUBT:
        text = re.sub(r"\([Ut]h\)", "(t/h)", text)  # "to be carried out by", behind those who receive the plan
    if before.lower() == "lưu:":
        text = re.sub(r"^V[IF](?=\W|$)", "VT", text)  # Văn thư, as decree 30/2020 has it
    text = _FOREIGN.sub(lambda found: "o" if found.start() else "g", text)
    text = _BEFORE_DATE.sub(r"\1", text) if _DATE.match(after) else _IN_DATE.sub(r"\1 ", text)
    if "]" in text and "[" not in text:
        text = re.sub(r"(?<=[A-ZĐ])(?<!I)\]", "I", text).replace("]", "")
    bare = _BARE.fullmatch(text)
    if bare and _wrong_case(bare[1], before, after):
        text = text[: bare.start(1)] + bare[1].lower() + text[bare.end(1) :]
    return word if text == word.text else replace(word, text=text)


def _wrong_case(word: str, before: str, after: str) -> bool:
    """Capitals where a syllable with marks stands between words in small letters; abbreviations have no marks."""
    if len(word) < 2 or word.isascii() or not is_syllable(word) or not word[-1].isupper():
        return False
    return not word.isupper() or (before[-1:].islower() and after.islower())


# --- after its like ------------------------------------------------------------------------------------------------


def _likes(pieces: Iterable[Sequence[Word]]) -> Likes:
    out: Likes = defaultdict(Counter)
    for words in pieces:
        cores = [_core(word.text) for word in words]
        for word, before, core, after in zip(words, ["", *cores], cores, [*cores[1:], ""], strict=False):
            if core and (before or after) and word.confidence >= _DOUBT:
                out[before, without_marks(core), after][core] += 1
    return out


def _after_its_like(word: Word, words: Sequence[Word], at: int, likes: Likes) -> Word:
    bare = _BARE.fullmatch(word.text)
    if bare is None:
        return word
    own = bare[1].lower()
    best = own
    if without_marks(own) in _IN_QUESTION:
        clause, place = _clause(words, at)
        if word.confidence < _DOUBT or not _may_be_meant(clause, place):
            best = _asked_for(own, clause, place) or own
    if word.confidence < _DOUBT:
        before, after = (_core(words[n].text) if 0 <= n < len(words) else "" for n in (at - 1, at + 1))
        rivals = likes.get((before, without_marks(own), after), Counter[str]())
        like, count = rivals.most_common(1)[0] if rivals else (own, 0)
        best = like if count >= _OFTEN * max(1, rivals[own]) else best
    if best == own or _spelt_alike(best, own):
        return word
    cased = best.upper() if bare[1].isupper() and len(own) > 1 else best.title() if bare[1][0].isupper() else best
    mended = word.text[: bare.start(1)] + cased + word.text[bare.end(1) :]
    return replace(word, text=mended, confidence=min(word.confidence, _MENDED))


def _may_be_meant(clause: Sequence[str], place: int) -> bool:
    """Whether a syllable is a word of its own wherever it stands, or the end of a name as in "Lê Văn Hoà"."""
    own, before = clause[place], clause[place - 1] if place else ""
    ends = place + 1 == len(clause) or not clause[place + 1].islower()
    return own.lower() in _COMMON or (own.istitle() and before.istitle() and ends)


def _asked_for(own: str, clause: Sequence[str], place: int) -> str:
    small = [own if at == place else syllable.lower() for at, syllable in enumerate(clause)]
    if asked := completed([syllable or "-" for syllable in small], place):
        return asked
    ends = ["", *clause, "", "", ""]
    before, syllable, after, beyond, far = ends[place : place + 5]
    dash = bool(after) and not beyond and bool(far)
    return with_hook(Clause(before, syllable, after, far if dash else beyond, dash))


def _clause(words: Sequence[Word], at: int) -> tuple[list[str], int]:
    """The syllables that no punctuation parts from a word, as written, and its place among them; "" is a dash."""
    start = at
    while start and at - start < _REACH and not _PARTED.search(f"{words[start - 1].text} {words[start].text}"):
        start -= 1
    end = at + 1
    while end < len(words) and end - at <= _REACH and not _PARTED.search(f"{words[end - 1].text} {words[end].text}"):
        end += 1
    return ["" if word.text in _DASHES else _letters(word.text) for word in words[start:end]], at - start


def _letters(text: str) -> str:
    found = _CORE.search(text)
    return found[0] if found else text


def _spelt_alike(one: str, other: str) -> bool:
    """Whether only the letter that bears the tone differs: "ủy", "uỷ"."""
    return sorted(unicodedata.normalize("NFD", one)) == sorted(unicodedata.normalize("NFD", other))


def _core(text: str) -> str:
    found = _CORE.search(text)
    return found[0].lower() if found else ""
