"""List marks at the start of a text: "II.", "1/", "a)", "(1)", "-", "*", "→"."""

import re
from dataclasses import dataclass, replace
from functools import lru_cache

from pipeline.rules.ordinals import Ordinal, Style, leading_ordinal
from pipeline.text import CAPITALS

_BULLET = re.compile(
    r"^\s*(?:[-–—]\s+(?=[+•·▪●]\s))?"
    rf"(?P<mark>[-=]>|[-–—+*•·▪●■◆❖➢►▶→⇒➔✓✔‣◦○\uf000-\uf0ff]|o(?=\s+[{CAPITALS}]))\s*(?=\S)"
)
_IN_BRACKETS = re.compile(r"^\s*(?P<written>\((?:\d{1,2}|[a-zđ]|[ivx]{1,4})\)|\d{1,2}\))\s+(?=\S)")
_OTHER_SIGN = re.compile(
    r"^(?P<space>\s*)(?P<mark>[IVXL]{1,5}|\d{1,2}(?:\.\d{1,2})*|[a-zđ])\s*(?P<sign>[/:]|\s[-–])(?=\s)"
)
# As Party papers number: "I- MỤC TIÊU", "1- Đảng ủy xã ...", "1-Nâng cao"; not "57-NQ/TW", "V-League", "5-7 ngày".
_DASHED = re.compile(
    r"^\s*(?P<written>(?P<mark>[IVXL]{1,5}|\d{1,2}(?:\.\d{1,2})*|[a-zđ]|[A-H])[-–])"
    rf"(?:\s+(?=\S)|(?<=[IVXA-H][-–])(?=[{CAPITALS}]{{2,}}\s)|(?<=[\da-zđ][-–])(?=[{CAPITALS}][^\W\d_{CAPITALS}]))"
)
_DOTTED = re.compile(rf"^\s*(?P<mark>\d{{1,3}}(?:\.\d{{1,3}})+)(?P<sign>\s*[.)]+\s*(?=\D)|\s+(?=[{CAPITALS}“\"]))?")
_LAST_CAPITAL = 8  # A. to G.: sections beyond that do not occur, shortened words do


@dataclass(frozen=True, slots=True)
class Mark:
    """A list mark as written and the words behind it; `ordinal` is None for bullets and for numbers in brackets."""

    written: str
    rest: str
    ordinal: Ordinal | None = None
    is_bullet: bool = False


@lru_cache(maxsize=4096)  # a text is asked for it by all who read it
def list_mark(text: str) -> Mark | None:
    """The mark that begins a text; None for plain words, amounts ("1.500 hộ dân") and initials ("P. TCCB")."""
    if bullet := _BULLET.match(text):
        return Mark(bullet["mark"], text[bullet.end() :], is_bullet=True)
    if inner := _IN_BRACKETS.match(text):
        return Mark(inner["written"], text[inner.end() :])
    if found := _ordinal(text):
        ordinal, rest = found
        return Mark(ordinal.written, rest.strip(), ordinal)
    return None


def _ordinal(text: str) -> tuple[Ordinal, str] | None:
    """The ordinal at the start, also with the signs that leading_ordinal leaves ("1/", "I -", "1-", "a/")."""
    if dashed := _DASHED.match(text):
        party = leading_ordinal(f"{dashed['mark']}. {text[dashed.end() :]}")
        return (replace(party[0], written=dashed["written"]), text[dashed.end() :]) if party else None
    if dotted := _DOTTED.match(text):
        return leading_ordinal(f"{dotted['mark']}. {text[dotted.end() :]}") if dotted["sign"] else None
    if sign := _OTHER_SIGN.match(text):
        repaired = leading_ordinal(f"{sign['mark']}. {text[sign.end() :]}")
        if repaired is None:
            return None
        written = f"{sign['mark']}/" if sign["sign"] == "/" else repaired[0].written
        return replace(repaired[0], written=written), text[sign.end() :].lstrip()
    found = leading_ordinal(text)
    if found and found[0].style is Style.CAPITAL and found[0].value > _LAST_CAPITAL:
        return None
    return found
