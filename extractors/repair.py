"""Character repair, the same for every format: what no reader of the paper sees is taken off, the rest stays.

Stored text is NFC and otherwise as written. A change beyond NFC is made only where the characters in the file are
not what stands on paper (invisible characters, bullets from symbol fonts, look-alikes of another script), and each
kind of change is reported once a document as a notice `text.repaired`.
"""

import re
import unicodedata
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from extractors.document import Notice

# Zero-width characters, direction marks, byte order marks and object placeholders print nothing.
_INVISIBLE = re.compile("[\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufeff\ufffc\ufff9-\ufffb\ufe00-\ufe0f]")
# XML 1.0 forbids most of C0; text files and PDF fonts bring them. C1 bytes are cp1252 leftovers without a glyph.
_CONTROL = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f]")
_LINE_BREAK = re.compile("\r\n|[\r\x0b\x0c\x85\u2028\u2029]")
_LINE_START_PRIVATE = re.compile("(?m)^([ \t]*)[\ue000-\uf8ff]+[ \t\u00a0]*(?=\\S)")
_PRIVATE = re.compile("[\ue000-\uf8ff]")
# Adobe Symbol encoding at U+F000..F0FF, as Word stores it; only what plans use and what no other font there means.
_SYMBOLS = {0xF0B3: "≥", 0xF0A3: "≤", 0xF0B0: "°", 0xF0B1: "±", 0xF0B4: "×", 0xF0B7: "-", 0xF0AE: "→", 0xF0E0: "→"}
_SOFT_HYPHEN = re.compile("\u00ad+")
_TONES = "\u0300\u0301\u0302\u0303\u0306\u0309\u031b\u0323"
_LOOSE_MARK = re.compile(f"(?<=[aeiouyAEIOUYăâêôơưĂÂÊÔƠƯаеоуіАЕОУІᴏ])[ \u00a0](?=[{_TONES}])")

# Letters of other scripts that look exactly like Latin ones: seen in pages protected against copying.
_LOOK_ALIKE = str.maketrans(
    "аеорсухіјѕһԁԛԝАВЕКМНОРСТХУІЈЅᴄᴏᴠᴡᴢ",
    "aeopcyxijshdqwABEKMHOPCTXYIJScovwz",
)
_FOREIGN = re.compile("[\u0400-\u052f\u1d00-\u1d22]")
_WORD = re.compile("[\\w\u0300-\u036f]+")
_LATIN = re.compile("[A-Za-z\u00c0-\u024f\u1e00-\u1eff]")

_SUSPECT = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u00ad\u0300-\u0323\u0400-\u052f\u1d00-\u1d22\u200b-\u200f\u2028-\u202e"
    "\u2060-\u206f\ue000-\uf8ff\ufe00-\ufe0f\ufeff\ufff9-\ufffd]|á[»º]|Æ[°¡]"
)
# Letters, digits and marks of nearly all texts: nothing to compose, to repair or to report. "»" is not among them.
_PLAIN = re.compile("[\t\n -~\u1ea0-\u1ef9\u00c0-\u02ff–“”…]*")
# Vietnamese letters of UTF-8 whose bytes were read as cp1252: "á»¦" Ủ, "áº¿" ế, "Æ°" ư, "Æ¡" ơ.
_TWICE_DECODED = re.compile("á[»º]|Æ[°¡]")


@dataclass(frozen=True, slots=True)
class _Repair:
    kind: str
    apply: Callable[[str], str]


def nfc(text: str) -> str:
    """Composed form (Unicode NFC): one code point a Vietnamese letter, however the file spells it."""
    return text if unicodedata.is_normalized("NFC", text) else unicodedata.normalize("NFC", text)


def _join_marks(text: str) -> str:
    return _LOOSE_MARK.sub("", text)


def _soft_hyphens(text: str) -> str:
    """A soft hyphen before a small letter cuts a word and prints nothing; in a symbol it stands for the hyphen.

    Forms: "thực\\u00adhiện" -> "thựchiện"; "QĐ\\u00adUBND" -> "QĐ-UBND"; "2011\\u00ad2020" -> "2011-2020".
    """

    def choose(match: re.Match[str]) -> str:
        before, after = text[max(match.start() - 1, 0) : match.start()], text[match.end() : match.end() + 1]
        return "-" if before.isalnum() and after.isalnum() and not (before.islower() and after.islower()) else ""

    return _SOFT_HYPHEN.sub(choose, text)


def _look_alikes(text: str) -> str:
    def latin(match: re.Match[str]) -> str:
        word = match[0]
        return word.translate(_LOOK_ALIKE) if _FOREIGN.search(word) and _LATIN.search(word) else word

    return _WORD.sub(latin, text)


def _private_use(text: str) -> str:
    return _LINE_START_PRIVATE.sub(r"\1- ", text).translate(_SYMBOLS)


def _undo_cp1252(text: str) -> str:
    """Lines whose every letter is UTF-8 read as cp1252; a line with one sound Vietnamese letter is none.

    Forms: "á»¦y ban nhÃ¢n dÃ¢n" -> "Ủy ban nhân dân"; "CỘNG HÒA XÃ\u00a0HỘI" stays.
    """
    return "\n".join(map(_undo_line, text.split("\n"))) if _TWICE_DECODED.search(text) else text


def _undo_line(line: str) -> str:
    if not _TWICE_DECODED.search(line):
        return line
    try:
        # Five bytes have no character in cp1252 and come through as they are.
        return b"".join(c.encode("latin-1" if c in _NOT_IN_CP1252 else "cp1252") for c in line).decode("utf-8")
    except UnicodeError:
        return line


_NOT_IN_CP1252 = frozenset("\x81\x8d\x8f\x90\x9d")


# In this order: broken bytes while all of them are there; soft hyphens look at neighbours, so the invisible characters
# between go first.
_REPAIRS = (
    _Repair("chữ UTF-8 bị đọc sai bảng mã / UTF-8 read as cp1252", _undo_cp1252),
    _Repair("ký tự điều khiển / control characters", lambda text: _CONTROL.sub("", text)),
    _Repair("ký tự không hiển thị / invisible characters", lambda text: _INVISIBLE.sub("", text)),
    _Repair("dấu nối mềm / soft hyphens", _soft_hyphens),
    _Repair("dấu thanh rời khỏi chữ / tone marks apart from their letter", _join_marks),
    _Repair("chữ cái của bảng chữ khác / look-alike letters", _look_alikes),
    _Repair("ký hiệu phông Symbol / symbol font characters", _private_use),
)


def repair(text: str) -> tuple[str, tuple[str, ...]]:
    """The text as it reads on paper (NFC, line breaks as "\\n"), and the kinds of change made beyond that.

    Forms: "Quyê\\u0301t" -> "Quyết", no kind; "\\uf0b7 Báo cáo" -> "- Báo cáo"; "trước\\u200b ngày" -> "trước ngày".
    """
    text = nfc(text)
    if not _SUSPECT.search(text):
        return text, ()
    text = _LINE_BREAK.sub("\n", text)
    kinds = []
    for step in _REPAIRS:
        repaired = nfc(step.apply(text))
        if repaired != text:
            kinds.append(step.kind)
            text = repaired
    return text, tuple(kinds)


def is_sound(text: str) -> bool:
    """Whether there is nothing in a text to compose, to repair or to report."""
    return _PLAIN.fullmatch(text) is not None or (unicodedata.is_normalized("NFC", text) and not _SUSPECT.search(text))


def clean(text: str) -> str:
    """`repair` for callers that do not report."""
    return repair(text)[0]


class RepairLog:
    """Repairs the texts of one document and remembers what was changed, for its notices."""

    def __init__(self) -> None:
        self._count: dict[str, int] = {}
        self._first: dict[str, str] = {}
        self._lost: list[str] = []
        self._unknown: list[str] = []

    def clean(self, text: str) -> str:
        """The repaired text; see `repair`."""
        if is_sound(text):
            return text
        repaired, kinds = repair(text)
        for kind in kinds:
            self.note(kind, repaired)
        if "\ufffd" in repaired:
            self._lost.append(repaired)
        elif _PRIVATE.search(repaired):
            self._unknown.append(repaired)
        return repaired

    def note(self, kind: str, evidence: str) -> None:
        """Records one repaired text; `kind` is Vietnamese, then English after " / "."""
        self._count[kind] = self._count.get(kind, 0) + 1
        self._first.setdefault(kind, evidence[:200])

    def notices(self) -> tuple[Notice, ...]:
        """One notice a kind of repair, one for characters that nothing can restore, one for symbols."""
        return tuple(self._notices())

    def _notices(self) -> Iterable[Notice]:
        for kind, count in self._count.items():
            vietnamese, _, english = kind.partition(" / ")
            message = f"Đã sửa {vietnamese} ở {count} chỗ / repaired {english} in {count} places"
            yield Notice("text.repaired", message, evidence=self._first[kind])
        if self._lost:
            count = len(self._lost)
            message = f"Có ký tự hỏng, không đọc được ở {count} chỗ / broken characters in {count} places"
            yield Notice("text.lost_characters", message, evidence=self._lost[0][:200])
        if self._unknown:
            count = len(self._unknown)
            message = f"Có ký hiệu của phông chữ riêng ở {count} chỗ / symbols of a private font in {count} places"
            yield Notice("text.unknown_symbols", message, evidence=self._unknown[0][:200])
