"""What Excel shows for a stored number: number formats (ECMA-376 part 1, 18.8.30 and 18.8.31).

Dates are written as Vietnamese papers write them: day, month, year in this order, months as numbers, years with four
digits, whatever order and language the format asks for. The locale of the author's machine is not in the file, so
numbers keep the decimal point of the format ("1.1" stays an ordinal).
"""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache

BUILT_IN = {
    1: "0",
    2: "0.00",
    3: "#,##0",
    4: "#,##0.00",
    9: "0%",
    10: "0.00%",
    11: "0.00E+00",
    14: "dd/mm/yyyy",
    15: "d-mmm-yy",
    16: "d-mmm",
    17: "mmm-yy",
    22: "dd/mm/yyyy hh:mm",
    18: "h:mm AM/PM",
    19: "h:mm:ss AM/PM",
    20: "h:mm",
    21: "h:mm:ss",
    45: "mm:ss",
    46: "[h]:mm:ss",
    37: "#,##0",
    38: "#,##0",
    39: "#,##0.00",
    40: "#,##0.00",
    49: "@",
    **dict.fromkeys((*range(27, 32), 36, *range(50, 59)), "dd/mm/yyyy"),  # dates of East Asian locales
}
GENERAL = "General"

_TOKEN = re.compile(
    r'"(?P<quoted>[^"]*)"?|\\(?P<escaped>.)|_.|\*.|\[(?P<bracket>[^\]]*)\]'
    r"|(?P<half>AM/PM|A/P)|(?P<general>General)|(?P<date>y+|m+|d+|h+|s+(?:\.0+)?|e+)"
    r"|(?P<number>[#0?](?:[#0?,. ]*[#0?.,])?)(?P<power>E[+-]0+)?|(?P<percent>%)|(?P<text>@)|(?P<literal>.)",
    re.IGNORECASE | re.DOTALL,
)
_ELAPSED = re.compile(r"[hms]+", re.IGNORECASE)
_CURRENCY = re.compile(r"\$([^-]*)")
_EPOCH, _EPOCH_1904 = datetime(1899, 12, 30), datetime(1904, 1, 1)
_LAST_DAY = 2_958_465  # 31/12/9999
_LEAP_SLIP = 60  # Excel counts a 29/02/1900


@dataclass(frozen=True, slots=True)
class _Token:
    kind: str  # literal, date, number, percent, text, general, half
    text: str


@lru_cache(maxsize=512)
def is_date(code: str) -> bool:
    """Whether numbers in this format are shown as days or times. Forms: "dd/mm/yyyy", "mmm-yy", "[h]:mm"."""
    return any(token.kind == "date" for token in _tokens(_sections(code)[0]))


def shown(value: float, code: str, *, from_1904: bool = False) -> str:
    """The text that a cell with this number and format shows.

    Forms: (1.0, "General") -> "1"; (1.0, "00") -> "01"; (0.9, "0%") -> "90%"; (45809.0, "mm/yyyy") -> "06/2025";
    (45809.0, "m/d/yyyy") -> "01/06/2025"; (45809.0, "mmm-yy") -> "06/2025".
    """
    if is_date(code):
        moment = to_moment(value, from_1904=from_1904)
        return _plain(value) if moment is None else _date(moment, _tokens(_sections(code)[0]))
    sections = _sections(code)
    section, sign = _section_of(value, sections)
    tokens = _tokens(section)
    if any(token.kind in ("general", "text") for token in tokens) or not tokens:
        return "".join(_literal(token, value) for token in tokens) or _plain(value)
    return sign + _number(abs(value), tokens)


def to_moment(value: float, *, from_1904: bool = False) -> datetime | None:
    """Day and time of a serial number; None where there is none."""
    if not 0 <= value <= _LAST_DAY:
        return None
    if from_1904:
        return _rounded(_EPOCH_1904 + timedelta(days=value))
    return _rounded(_EPOCH + timedelta(days=value + (1 if value < _LEAP_SLIP else 0)))


def _rounded(moment: datetime) -> datetime:
    return (moment + timedelta(milliseconds=500)).replace(microsecond=0)


def _plain(value: float) -> str:
    """General: whole numbers without a point, others with ten digits."""
    if value == int(value) and abs(value) < 1e15:
        return str(int(value))
    return f"{value:.10g}"


def _literal(token: _Token, value: float) -> str:
    return _plain(value) if token.kind in ("general", "text") else token.text if token.kind == "literal" else ""


@lru_cache(maxsize=512)
def _sections(code: str) -> tuple[str, ...]:
    """The parts of a format between semicolons: positive, negative, zero, text."""
    parts, start, at = [], 0, 0
    while at < len(code):
        if code[at] == '"':
            at = code.find('"', at + 1) if '"' in code[at + 1 :] else len(code)
        elif code[at] == "\\":
            at += 1
        elif code[at] == ";":
            parts.append(code[start:at])
            start = at + 1
        at += 1
    return (*parts, code[start:])


def _section_of(value: float, sections: tuple[str, ...]) -> tuple[str, str]:
    if value < 0:
        return (sections[1], "") if len(sections) > 1 else (sections[0], "-")
    return (sections[2], "") if value == 0 and len(sections) > 2 else (sections[0], "")


@lru_cache(maxsize=512)
def _tokens(section: str) -> tuple[_Token, ...]:
    tokens = []
    for found in _TOKEN.finditer(section):
        kind = found.lastgroup
        if kind in ("quoted", "escaped", "literal"):
            tokens.append(_Token("literal", found[kind]))
        elif kind == "bracket":
            bracket = found["bracket"]
            if _ELAPSED.fullmatch(bracket):
                tokens.append(_Token("date", bracket.lower()))
            elif money := _CURRENCY.match(bracket):
                tokens.append(_Token("literal", money[1]))
        elif kind == "power":
            tokens.append(_Token("number", found["number"] + found["power"]))
        elif kind is not None:
            tokens.append(_Token(kind, found[kind].lower()))
        elif found[0].startswith("_"):
            tokens.append(_Token("literal", " "))
    return tuple(tokens)


# -- numbers --------------------------------------------------------------------------------------------------------


def _number(value: float, tokens: tuple[_Token, ...]) -> str:
    value *= 100.0 ** sum(token.kind == "percent" for token in tokens)
    forms = [token.text for token in tokens if token.kind == "number"]
    slashed = any(token.kind == "literal" and token.text == "/" for token in tokens)
    if slashed or len(forms) > 1:  # a fraction, or digits between other characters
        return _plain(value)
    pieces = []
    for token in tokens:
        if token.kind == "number":
            pieces.append(_digits(value, token.text))
        elif token.kind == "percent":
            pieces.append("%")
        elif token.kind == "literal":
            pieces.append(token.text)
    return "".join(pieces).strip()


def _digits(value: float, form: str) -> str:
    """One number in a form of placeholders. Forms: "00", "#,##0.0#", "0.00E+00", "0,," (in millions)."""
    if "E" in form.upper():
        return f"{value:.{form.split('.')[1].upper().split('E')[0].count('0') if '.' in form else 0}E}"
    form = form.replace(" ", "")
    kept, _, fraction = form.rstrip(",").partition(".")
    value /= 1000.0 ** (len(form) - len(form.rstrip(",")))
    text = f"{value:.{len(fraction)}f}"
    left, _, right = text.partition(".")
    right = right[: max(fraction.count("0"), len(right.rstrip("0")))]
    left = left.lstrip("0").rjust(kept.count("0"), "0")
    if "," in kept:
        left = f"{int(left or 0):,}".rjust(kept.count("0"), "0") if left else ""
    return f"{left}.{right}" if right else left


# -- dates ----------------------------------------------------------------------------------------------------------


def _date(moment: datetime, tokens: tuple[_Token, ...]) -> str:
    kinds = _date_kinds(tokens)
    calendar = [kind for kind in kinds if kind in "dMy"]
    names = any(token.kind == "date" and token.text[:3] in ("ddd", "mmm") for token in tokens)
    if names or calendar != sorted(calendar, key="dMy".index) or len(set(calendar)) != len(calendar):
        return _canonical(moment, set(calendar), "h" in kinds)
    return _as_formatted(moment, tokens, kinds)


def _date_kinds(tokens: tuple[_Token, ...]) -> list[str]:
    """Kind of each date token: d, M (month), y, h, m (minute), s. An m beside hours or seconds is minutes."""
    letters = [token.text[0] for token in tokens if token.kind == "date"]
    kinds = []
    for at, letter in enumerate(letters):
        before, after = letters[at - 1 : at], letters[at + 1 : at + 2]
        month = letter == "m" and before != ["h"] and after != ["s"]
        kinds.append("M" if month else "y" if letter == "e" else letter)
    return kinds


def _canonical(moment: datetime, calendar: set[str], timed: bool) -> str:
    parts = (("d", "%d"), ("M", "%m"), ("y", "%Y"))
    day = moment.strftime("/".join(form for kind, form in parts if kind in calendar))
    return f"{day} {moment:%H:%M}" if timed else day


def _as_formatted(moment: datetime, tokens: tuple[_Token, ...], kinds: list[str]) -> str:
    waiting = iter(kinds)
    half = any(token.kind == "half" for token in tokens)
    pieces = []
    for token in tokens:
        if token.kind == "literal":
            pieces.append(token.text)
        elif token.kind == "half":
            pieces.append("AM" if moment.hour < 12 else "PM")
        elif token.kind == "date":
            pieces.append(_date_part(moment, next(waiting), len(token.text), half))
    return "".join(pieces).strip()


def _date_part(moment: datetime, kind: str, length: int, half: bool) -> str:
    hour = (moment.hour - 1) % 12 + 1 if half else moment.hour
    numbers = {"d": moment.day, "M": moment.month, "h": hour, "m": moment.minute, "s": moment.second}
    if kind == "y":
        return f"{moment.year:04d}"
    return str(numbers[kind]).rjust(min(length, 2), "0")
