"""Fonts of a PDF page that tell wrong letters: old 8-bit fonts, and text layers shifted by their glyph numbers.

A repair is made for a whole font of a page and only where its text is Vietnamese afterwards and was not before: words
without marks ("NAM", "do") cannot be told apart one by one. Sources: TCVN 5712:1993, VNI (see legacy_fonts); the order
of glyphs in Windows TrueType fonts, where "A" is glyph 36 and "ạ" glyph 1189 (domain: CỘNG is "&Ӝ1*").
"""

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace

from extractors.legacy_fonts import LegacyFonts, from_tcvn3, from_vni, is_tcvn3, is_vni
from extractors.pdf_lines import Glyph
from extractors.plausibility import measure

_GOOD = 0.6  # of Plausibility.score; names, codes and numbers keep clean text of plans between 0.7 and 1
_BETTER = 0.25
_ENOUGH = 60  # printed characters on a page before it is called broken
_SUSPECT = re.compile("[\x01-\x08\x0e-\x1f\u0400-\u052f\ue000-\uf8ff\ufffd]|\\(cid:")
_EIGHT_BIT_SIGNS = frozenset("©®µ¸¹¼½¾ª«¬øûïåäñöõ§")
# "õ" is Vietnamese, but not behind a vowel.
_EIGHT_BIT = re.compile("(?<=[A-Za-z])[©®µ¸¹¼½¾ª«¬øûïåäñö]|(?<=[AEOUYaeouy])õ|[©®§ñ](?=[A-Za-z])")

# Glyph numbers of Windows TrueType fonts read as code points.
_GLYPHS = dict(zip(range(0x62, 0x82), "ÄÅÇÉÑÖÜáàâäãåçéèêëíìîïñóòôöõúùûü", strict=True))
_GLYPHS |= {
    ord(c): to for c, to in {"ÿ": "đ", "Ĉ": "Đ", "ѭ": "ư", "Ѭ": "Ư", "ѫ": "ơ", "Ѫ": "Ơ", "Ƭ": "Ĩ", "ƭ": "ĩ"}.items()
}
_GLYPHS |= {code: chr(code + 0x1D) for code in range(0x03, 0x62)}
_GLYPHS |= {code: chr(code + 0x19FC) for code in range(0x490, 0x500)}

SHIFTED = "phông chữ bị lệch mã / fonts that told shifted letters"
OLD_FONT = "phông chữ cũ (TCVN3, VNI) / text of 8-bit fonts (TCVN3, VNI)"


@dataclass(frozen=True, slots=True)
class Mended:
    """Glyphs as printed, what was done to fonts (kind and a sample), and whether the page reads as Vietnamese."""

    glyphs: list[Glyph]
    repairs: tuple[tuple[str, str], ...] = ()
    plausible: bool = True


def may_mislead(text: str, fonts: Iterable[str], odd: Iterable[int] | None = None) -> bool:
    """Whether a page may tell other letters than it shows: an old font by its name, or signs that such fonts leave.

    `odd` is where such signs may stand, if that is known; see `odd_signs`.
    """
    if any(is_tcvn3(family) or is_vni(family) for family in map(_family, fonts)):
        return True
    if odd is None:
        return _SUSPECT.search(text) is not None or _EIGHT_BIT.search(text) is not None
    return "(cid:" in text or any(_SUSPECT.match(text, at) or _EIGHT_BIT.match(text, at) for at in odd)


def odd_signs(text: str) -> list[str]:
    """The characters that may be signs of such fonts; a text without them has none, but for "(cid:"."""
    return [*_SUSPECT.findall(text), *_EIGHT_BIT_SIGNS.intersection(text)]


def mend(glyphs: list[Glyph]) -> Mended:
    """The glyphs of a page with the letters that their fonts show."""
    if not may_mislead("".join(glyph.text for glyph in glyphs), {glyph.font for glyph in glyphs}):
        return Mended(glyphs)
    by_font: dict[str, list[int]] = defaultdict(list)
    for at, glyph in enumerate(glyphs):
        by_font[glyph.font].append(at)
    texts = {font: running_text([glyphs[at] for at in found]) for font, found in by_font.items()}
    fonts = LegacyFonts((text, _family(font)) for font, text in texts.items())
    out = list(glyphs)
    repairs: dict[str, str] = {}
    for font, found in by_font.items():
        if repaired := _repaired(texts[font], _family(font), fonts):
            kind, sample, decode = repaired
            repairs.setdefault(kind, sample[:200])
            _decode(out, found, decode)
    out = [glyph for glyph in out if glyph.text]
    whole = running_text(out)
    broken = len("".join(whole.split())) >= _ENOUGH and measure(whole).broken
    return Mended(out, tuple(repairs.items()), not broken)


def _family(font: str) -> str:
    """Forms: "ABCDEF+.VnTime" -> ".VnTime"."""
    return font.partition("+")[2] or font


def running_text(glyphs: Sequence[Glyph]) -> str:
    """Letters in the order of the file, a space where the print jumps."""
    pieces = []
    before: Glyph | None = None
    for glyph in glyphs:
        if before is not None and (
            abs(glyph.middle - before.middle) > 0.5 * glyph.size
            or not -glyph.size < glyph.x0 - before.x1 < 0.18 * glyph.size
        ):
            pieces.append(" ")
        pieces.append(glyph.text)
        before = glyph
    return "".join(pieces)


Decode = Callable[[str], str]


def _shifted(text: str) -> str:
    return text.translate(_GLYPHS)


def _repaired(text: str, font: str, fonts: LegacyFonts) -> tuple[str, str, Decode] | None:
    """Kind of repair, the text after it, and the repair; None where the font tells the right letters."""
    old = measure(text)
    if is_tcvn3(font) or is_vni(font):
        decoded = fonts.decode(text, font)
        if decoded == text:
            return None
        return OLD_FONT, decoded, from_vni if is_vni(font) else lambda part: from_tcvn3(part, font)
    candidates: list[tuple[str, Decode]] = []
    if _SUSPECT.search(text):
        candidates.append((SHIFTED, _shifted))
    if _EIGHT_BIT.search(text):
        candidates += [(OLD_FONT, from_tcvn3), (OLD_FONT, from_vni)]
    scored = [(measure(decode(text)).score, kind, decode) for kind, decode in candidates]
    best = max(scored, key=lambda s: s[0], default=None)
    if best is None or best[0] < max(_GOOD, old.score + _BETTER):
        return None
    return best[1], best[2](text), best[2]


def _decode(glyphs: list[Glyph], found: Sequence[int], decode: Decode) -> None:
    """Decodes in place; VNI writes a letter and its mark as two glyphs, which become one."""
    skip = False
    for here, following in zip(found, [*found[1:], None], strict=True):
        if skip:
            skip = False
            continue
        glyph = glyphs[here]
        pair = glyphs[following] if following == here + 1 else None
        if pair is not None and decode is from_vni and len(both := from_vni(glyph.text + pair.text)) == 1:
            glyphs[here] = replace(glyph, text=both, x1=max(glyph.x1, pair.x1))
            glyphs[here + 1] = replace(pair, text="")
            skip = True
        else:
            glyphs[here] = replace(glyph, text=decode(glyph.text))
