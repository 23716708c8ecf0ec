"""The list numbers that Word computes and prints but does not store (ECMA-376 17.9).

Word counts a list by its abstract definition: paragraphs of different `w:num` over one `w:abstractNum` continue one
another, unless a `w:num` restarts (`w:startOverride`). A level starts again after any paragraph of a higher level,
or as `w:lvlRestart` says.
"""

import re
from dataclasses import dataclass, replace

from lxml import etree

from extractors.docx_styles import Styles, number, value
from extractors.docx_xml import Element, W, parse_xml

_PLACEHOLDER = re.compile(r"%([1-9])")
PLAIN_BULLETS = "-+*•·–—"
_LATIN = "abcdefghijklmnopqrstuvwxyz"
VIETNAMESE = "abcdđeghiklmnopqrstuvxy"  # letters of points in Vietnamese documents: no f, j, w, z
_ROMAN = ((1000, "M"), (900, "CM"), (500, "D"), (400, "CD"), (100, "C"), (90, "XC"), (50, "L"), (40, "XL"),
          (10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I"))  # fmt: skip


@dataclass(frozen=True, slots=True)
class Level:
    """One level of a list: how its number looks and when it starts again."""

    start: int = 1
    form: str = "decimal"  # w:numFmt
    pattern: str = ""  # w:lvlText: "%1.%2."
    custom: str = ""  # w:numFmt/@w:format: "001, 002, 003, ..."
    restart: int | None = None  # w:lvlRestart: 0 never, n after a paragraph of level n
    legal: bool = False  # w:isLgl: all numbers as digits
    hidden: bool = False
    style: str | None = None


@dataclass(frozen=True, slots=True)
class _List:
    """A `w:num`: the counters it shares, its levels, and where it starts anew."""

    counters: str
    levels: dict[int, Level]
    starts: dict[int, int]


def _spell_letters(count: int, alphabet: str) -> str:
    """Past the alphabet Word doubles the letter: z, aa, bb."""
    turns, place = divmod(count - 1, len(alphabet))
    return alphabet[place] * (turns + 1)


def _spell_roman(count: int) -> str:
    digits = []
    for worth, sign in _ROMAN:
        times, count = divmod(count, worth)
        digits.append(sign * times)
    return "".join(digits)


def _spell_custom(count: int, custom: str) -> str:
    """A list of examples ending in "...": zero-padded digits or an alphabet.

    Forms: "001, 002, 003, ..." -> 007; "a, b, c, d, đ, e, ..." -> đ.
    """
    items = [item.strip() for item in custom.split(",")]
    items = [item for item in items if item and item.strip(".…")]
    if items and items[0].isdigit():
        return str(count).zfill(len(items[0]))
    if count <= len(items):
        return items[count - 1]
    lower = [item.lower() for item in items]
    letters = _spell_letters(count, VIETNAMESE if "đ" in lower else _LATIN)
    return letters.upper() if items and items[0].isupper() else letters


def spell(count: int, form: str, custom: str = "") -> str:
    """A count in one of Word's number formats; an exotic format falls back to digits.

    Forms: (4, "upperRoman") -> "IV"; (5, "lowerLetter") -> "e"; (7, "decimalZero") -> "07".
    """
    if form in ("bullet", "none"):
        return ""
    if form == "custom":
        return _spell_custom(count, custom)
    if count < 1:
        return str(count)
    if form in ("lowerLetter", "upperLetter"):
        letters = _spell_letters(min(count, 780), _LATIN)
        return letters.upper() if form == "upperLetter" else letters
    if form in ("lowerRoman", "upperRoman"):
        roman = _spell_roman(min(count, 3999))
        return roman.lower() if form == "lowerRoman" else roman
    return f"{count:02d}" if form == "decimalZero" else str(count)


class Numbering:
    """Counts the lists of one document; `label` must be asked in reading order, once a paragraph."""

    def __init__(self, blob: bytes | None, styles: Styles) -> None:
        self.is_damaged = False  # lists are asked for and cannot be read
        self._styles = styles
        self._blob = blob
        self._by_id: dict[str, dict[str, Element]] = {}
        self._lists: dict[str, _List | None] = {}
        self._counts: dict[str, dict[int, int]] = {}
        self._last_level: dict[str, int] = {}
        self._started: set[tuple[str, int]] = set()

    def level_of_style(self, num_id: str, style: str) -> int | None:
        """The level of a list that a paragraph style is tied to (`w:pStyle`)."""
        numbered = self._list(num_id)
        levels = numbered.levels.items() if numbered else ()
        return next((index for index, level in levels if level.style == style), None)

    def label(self, num_id: str, index: int) -> str:
        """The printed number or bullet of the next paragraph of a list; "" where nothing is printed."""
        numbered = self._list(num_id)
        if numbered is None:
            return ""
        counts = self._count(num_id, numbered, index)
        level = numbered.levels.get(index)
        if level is None or level.hidden:
            return ""
        if level.form == "bullet":
            return _bullet(level.pattern)

        def digits(match: re.Match[str]) -> str:
            place = int(match[1]) - 1
            of = numbered.levels.get(place, Level())
            form = "decimal" if level.legal and of.form not in ("none", "bullet") else of.form
            return spell(counts.get(place, of.start), form, of.custom)

        return _PLACEHOLDER.sub(digits, level.pattern).strip()

    def _count(self, num_id: str, numbered: _List, index: int) -> dict[int, int]:
        counts = self._counts.setdefault(numbered.counters, {})
        for deeper in [known for known in counts if known > index]:
            restart = numbered.levels.get(deeper, Level()).restart
            if restart is None or (restart != 0 and index < restart):
                del counts[deeper]
        first = (num_id, index) not in self._started
        self._started.add((num_id, index))
        if first and index in numbered.starts:
            counts[index] = numbered.starts[index]
        elif index in counts:
            counts[index] += 1
        else:
            counts[index] = numbered.starts.get(index, numbered.levels.get(index, Level()).start)
        return counts

    def _list(self, num_id: str) -> _List | None:
        if num_id not in self._lists:
            self._lists[num_id] = self._read_list(num_id)
        return self._lists[num_id]

    def _read_list(self, num_id: str) -> _List | None:
        num = self._named("num").get(num_id)
        if num is None:
            return None
        key = value(num, "abstractNumId") or ""
        abstract = self._named("abstractNum").get(key)
        key, abstract = self._linked(key, abstract)
        levels = dict(map(_read_level, abstract.iterchildren(W + "lvl"))) if abstract is not None else {}
        starts: dict[int, int] = {}
        for override in num.iterchildren(W + "lvlOverride"):
            index = number(override.get(W + "ilvl")) or 0
            redefined = override.find(W + "lvl")
            if redefined is not None:
                levels[index] = _read_level(redefined)[1]
            start = number(value(override, "startOverride"))
            if start is not None:
                starts[index] = start
                levels[index] = replace(levels.get(index, Level()), start=start)
        return _List(key, levels, starts)

    def _linked(self, key: str, abstract: Element | None) -> tuple[str, Element | None]:
        """Follows `w:numStyleLink` to the list that the named list style defines."""
        link = value(abstract, "numStyleLink")
        other = self._named("num").get(self._styles.list_of(link) or "") if link else None
        target = value(other, "abstractNumId") if other is not None else None
        linked = self._named("abstractNum").get(target) if target else None
        return (target, linked) if target and linked is not None else (key, abstract)

    def _named(self, kind: str) -> dict[str, Element]:
        """The `w:num` or `w:abstractNum` of the part by id; few files ask for them."""
        if not self._by_id:
            root = self._parsed()
            for name in ("num", "abstractNum"):
                nodes = root.iterchildren(W + name) if root is not None else ()
                self._by_id[name] = {node.get(f"{W}{name}Id", ""): node for node in nodes}
        return self._by_id[kind]

    def _parsed(self) -> Element | None:
        try:
            return parse_xml(self._blob) if self._blob is not None else None
        except (etree.XMLSyntaxError, ValueError):
            self.is_damaged = True
            return None


def _read_level(node: Element) -> tuple[int, Level]:
    form = node.find(W + "numFmt")
    if form is None:  # Word 2010 and later wrap a custom format with a plain one for older versions
        form = next(node.iter(W + "numFmt"), None)
    legal = node.find(W + "isLgl")
    start = number(value(node, "start"))
    return number(node.get(W + "ilvl")) or 0, Level(
        1 if start is None else start,
        form.get(W + "val", "decimal") if form is not None else "decimal",
        value(node, "lvlText") or "",
        form.get(W + "format", "") if form is not None else "",
        number(value(node, "lvlRestart")),
        legal is not None and legal.get(W + "val") in (None, "1", "true", "on"),
        node.find(f"{W}rPr/{W}vanish") is not None,
        value(node, "pStyle"),
    )


def _bullet(glyph: str) -> str:
    """A bullet as Vietnamese papers write it; pictures and glyphs of symbol fonts are all "-".

    Forms: "-" -> "-"; "+" -> "+"; "\\uf0b7" (Symbol) -> "-"; "o" (Courier New) -> "-"; "" -> "".
    """
    glyph = glyph.strip()
    return glyph if not glyph or glyph in PLAIN_BULLETS else "-"
