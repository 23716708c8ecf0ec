"""Vietnamese text typed for 8-bit fonts before Unicode: TCVN3 (".VnTime") and VNI ("VNI-Times").

The bytes of such text mean Vietnamese letters only through the font, so it is decoded per run while fonts are known.
Sources: TCVN 5712:1993 (VN3, capitals with marks live in the fonts ending in H); VNI encoding for Windows.
"""

import re
from collections.abc import Iterable

from extractors.repair import nfc

_TCVN3 = str.maketrans(
    "µ¸¶·¹¨»¾¼½Æ©ÇÊÈÉË®ÌÐÎÏÑªÒÕÓÔÖ×ÝØÜÞßãáâä«åèæçé¬êíëìîïóñòô\u00adõøö÷ùúýûüþ¡¢§£¤¥¦",
    "àáảãạăằắẳẵặâầấẩẫậđèéẻẽẹêềếểễệìíỉĩịòóỏõọôồốổỗộơờớởỡợùúủũụưừứửữựỳýỷỹỵĂÂĐÊÔƠƯ",
)
# Signs that are letters only in TCVN3 and seldom stand beside letters otherwise.
_TCVN3_SIGN = re.compile("[A-Za-z][µ¸¶·¹¨»¾¼½©®ª«¬]|[µ¸¶·¹¨»¾¼½©®ª«¬][A-Za-z]|[®§]\\w")
_UNICODE_LETTER = re.compile("[\u0100-\u01ff\u0300-\u036f\u1e00-\u1eff]")

_VNI_TONES = {"ø": "\u0300", "ù": "\u0301", "û": "\u0309", "õ": "\u0303", "ï": "\u0323"}
_VNI_HAT = {"â": "", "à": "\u0300", "á": "\u0301", "å": "\u0309", "ã": "\u0303", "ä": "\u0323"}
_VNI_BREVE = {"ê": "", "è": "\u0300", "é": "\u0301", "ú": "\u0309", "ü": "\u0303", "ë": "\u0323"}
_VNI_SINGLE = {"ñ": "đ", "ô": "ơ", "ö": "ư", "ì": "ì", "í": "í", "æ": "ỉ", "ó": "ĩ", "ò": "ị", "î": "ỵ"}


def _vni_table() -> dict[str, str]:
    table = dict(_VNI_SINGLE)
    for vowel in "aeouyôö":
        for sign, tone in _VNI_TONES.items():
            table[vowel + sign] = nfc(_VNI_SINGLE.get(vowel, vowel) + tone)
    for vowel in "aeo":
        for sign, tone in _VNI_HAT.items():
            table[vowel + sign] = nfc(vowel + "\u0302" + tone)
    for sign, tone in _VNI_BREVE.items():
        table["a" + sign] = nfc("a\u0306" + tone)
    capitals = {key.upper(): value.upper() for key, value in table.items()}
    mixed = {key[0].upper() + key[1:]: value.upper() for key, value in table.items()}
    return table | mixed | capitals


_VNI = _vni_table()
_VNI_LETTER = re.compile("|".join(sorted(map(re.escape, _VNI), key=len, reverse=True)))
_VNI_SIGN = re.compile("[aeouyôöAEOUYÔÖ][øùûõïåäØÙÛÕÏÅÄ]")


def is_tcvn3(font: str | None) -> bool:
    """Forms: ".VnTime", ".VnTimeH", ".VnArial"."""
    return font is not None and font.lower().startswith(".vn")


def is_vni(font: str | None) -> bool:
    """Forms: "VNI-Times", "VNI-Helve"."""
    return font is not None and font.lower().startswith("vni-")


def from_tcvn3(text: str, font: str = ".VnTime") -> str:
    """Text typed for a TCVN3 font; fonts ending in H show capitals only.

    Forms: "Uû ban nh©n d©n" -> "Uỷ ban nhân dân"; ("céng hoµ", ".VnTimeH") -> "CỘNG HOÀ".
    """
    decoded = text.translate(_TCVN3)
    return decoded.upper() if font.lower().endswith("h") else decoded


def from_vni(text: str) -> str:
    """Text typed for a VNI font.

    Forms: "UÛy ban nhaân daân" -> "Ủy ban nhân dân"; "tröôùc" -> "trước".
    """
    return _VNI_LETTER.sub(lambda match: _VNI[match[0]], text)


class LegacyFonts:
    """Decides for one document whether runs in old fonts hold old bytes: many papers kept the font and are Unicode.

    A run with a letter that only Unicode has is never touched; a run that could be either follows the document.
    """

    def __init__(self, runs: Iterable[tuple[str, str | None]] = ()) -> None:
        old = new = 0
        for text, font in runs:
            sign = _TCVN3_SIGN if is_tcvn3(font) else _VNI_SIGN if is_vni(font) else None
            if sign is not None:
                old += sign.search(text) is not None
                new += _UNICODE_LETTER.search(text) is not None
        self._mostly_old = old > new
        self.present = old > 0

    def decode(self, text: str, font: str | None) -> str:
        """The text in Unicode; unchanged where the font is no old one or the text is Unicode already."""
        if not self.present or font is None or _UNICODE_LETTER.search(text):
            return text
        if is_tcvn3(font) and (self._mostly_old or _TCVN3_SIGN.search(text)):
            return from_tcvn3(text, font)
        if is_vni(font) and (self._mostly_old or _VNI_SIGN.search(text)):
            return from_vni(text)
        return text
