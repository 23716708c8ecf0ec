"""Does a text read as Vietnamese? Syllables by their rhymes, and characters that no Vietnamese text holds.

A text layer whose fonts tell the wrong letters looks fine to every other check: it has words, lines and tables. Only
the language shows it. A syllable is valid when its onset and its rhyme are among those of written Vietnamese (chữ Quốc
ngữ), tones off; names, English and abbreviations are not, so a low share of valid syllables alone proves nothing.
"""

import re
import unicodedata
from dataclasses import dataclass

_ONSET_LIST = "b c ch d đ g gh gi h k kh l m n ng ngh nh p ph qu r s t th tr v x"
_RHYME_LIST = """
    a ac ach ai am an ang anh ao ap at au ay ăc ăm ăn ăng ăp ăt âc âm ân âng âp ât âu ây
    e ec em en eng eo ep et ê êch êm ên ênh êp êt êu i ich im in inh ip it iu ia iêc iêm iên iêng iêp iêt iêu
    o oc oi om on ong op ot oa oac oach oai oam oan oang oanh oao oap oat oay oăc oăm oăn oăng oăt oe oen oeo oet
    ooc oong ô ôc ôi ôm ôn ông ôp ôt ơ ơi ơm ơn ơp ơt u uc ui um un ung up ut ua uân uâng uât uây uê uêch uênh
    uy uya uych uyên uyêt uyn uynh uyt uyp uyu uơ uôc uôi uôm uôn uông uôt ư ưc ưi ưm ưn ưng ưt ưu ưa
    ươc ươi ươm ươn ương ươp ươt ươu y ynh yt yên yêt yêm yêu yêng
"""
_ONSETS = ("", *_ONSET_LIST.split())
_RHYMES = frozenset(_RHYME_LIST.split())
_TONES = dict.fromkeys((0x300, 0x301, 0x303, 0x309, 0x323))
_CID = re.compile(r"\(cid:\d+\)")
_ABBREVIATION = re.compile(r"[A-ZĐ]{2,}")
_EDGE = "()[]{}<>.,;:\"'“”‘’!?…-–/*•+%"
_INNER = re.compile(r"[\w\-–/.,:;()%&'’+]*", re.ASCII)
# Letters of the Latin-1 range that Vietnamese does not use; with "©" and the like they are what 8-bit fonts leave.
_NOT_VIETNAMESE = frozenset("äåæçëîïñöøûüÿÄÅÆÇËÎÏÑÖØÛÜŸßþÞ")
_LEAST_WORDS = 12
_LEAST_VALID = 0.4
_MANY_STRANGE = 0.1
_SOME_STRANGE = 0.03
_MANY_MIXED = 0.2


@dataclass(frozen=True, slots=True)
class Plausibility:
    """Shares of a text: valid syllables among its words, words with signs inside, characters of no Vietnamese text."""

    words: int
    valid: float
    mixed: float
    strange: float

    @property
    def score(self) -> float:
        """1.0 for clean Vietnamese prose, about 0 for letters of a wrong font."""
        return max(0.0, self.valid * (1 - self.mixed) * (1 - min(1.0, 3 * self.strange)))

    @property
    def broken(self) -> bool:
        """Certainly not what is printed: too many characters that Vietnamese has not, or hardly a syllable and some.

        English, names and codes are no reason: they have neither strange characters nor signs inside words.
        """
        if self.strange > _MANY_STRANGE:
            return True
        odd = self.strange > _SOME_STRANGE or self.mixed > _MANY_MIXED
        return self.words >= _LEAST_WORDS and self.valid < _LEAST_VALID and odd


def is_valid_syllable(word: str) -> bool:
    """Forms: "nghiệp", "Quý", "uỷ", "giêng", "xã"; not "nghp", "ột1", "HỊAH", "the"."""
    text = unicodedata.normalize("NFD", word.lower()).translate(_TONES)
    text = unicodedata.normalize("NFC", text)
    return any(text.startswith(onset) and text[len(onset) :] in _RHYMES for onset in _ONSETS)


def measure(text: str) -> Plausibility:
    """How Vietnamese a text is.

    Forms: "Ủy ban nhân dân tỉnh" -> score 1.0; "&Ӝ1* +Ñ$ ;m +Ӝ,", "Uû ban nh©n d©n", "(cid:31)(cid:84)" -> near 0.
    """
    text = _CID.sub("\ufffd", unicodedata.normalize("NFC", text))
    printed = [c for c in text if not c.isspace()]
    if not printed:
        return Plausibility(0, 1.0, 0.0, 0.0)
    strange = sum(map(_is_strange, printed)) / len(printed)
    words = valid = mixed = 0
    for token in text.split():
        word = token.strip(_EDGE)
        if not any(c.isalpha() for c in word) or (_ABBREVIATION.fullmatch(word) and len(word) < 6):
            continue
        parts = [part for part in re.split(r"[-–/.,:;()+&'’]+", word) if part.isalpha()]
        words += 1
        valid += bool(parts) and all(map(is_valid_syllable, parts))
        mixed += _is_mixed(word)
    if not words:
        return Plausibility(0, 1.0, 0.0, strange)
    return Plausibility(words, valid / words, mixed / words, strange)


def _is_strange(char: str) -> bool:
    """Private use, control, replacement characters, letters neither Latin nor Greek."""
    category = unicodedata.category(char)
    if category in ("Co", "Cc", "Cn"):
        return True
    if char == "\ufffd" or "\u0400" <= char <= "\u1cff":
        return True
    return category == "Lo" and char not in "ªº"


def _is_mixed(word: str) -> bool:
    """Signs inside of a word, or letters that Vietnamese does not have."""
    for char in word:
        if char in _NOT_VIETNAMESE or _is_strange(char):
            return True
        if not (char.isalnum() or unicodedata.combining(char) or _INNER.fullmatch(char) or char in "–\u00ad"):
            return True
    return re.search(r"[^\W\d_]\d+[^\W\d_]", word) is not None
