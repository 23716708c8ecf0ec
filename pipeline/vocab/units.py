"""Units (đơn vị): canonical names, the forms in which they are written, and the look-up among them."""

import re
from bisect import bisect_left
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from extractors.errors import VocabularyError
from pipeline.text import fold, key, nfc, unaccented
from pipeline.vocab.heads import load_heads
from pipeline.vocab.strict import Claim, check_validity, parse, read_text, refuse_two_owners

_REQUIRED: dict[str, type] = {"name": str, "kind": str, "level": str}
_OPTIONAL: dict[str, type] = {
    "abbreviation": str,
    "aliases": tuple,
    "valid_from": date,
    "valid_to": date,
    "successor": str,
}
LEVELS = ("bộ", "tỉnh", "sở", "huyện", "xã", "đơn vị", "bệnh viện", "trường", "đảng", "chung")

_WORD = re.compile(r"[^\W_]+")
_LINKS = {"và"}


@dataclass(frozen=True, slots=True)
class UnitEntry:
    """One unit of the vocabulary.

    `unit_id` is the canonical name without marks ("phong-to-chuc-can-bo"). `level` says in whose papers the
    `abbreviation` has this meaning (TCCB is a phòng in a sở, a vụ in a bộ); "chung" is everyone's.
    """

    unit_id: str
    name: str
    kind: str
    level: str
    abbreviation: str | None = None
    aliases: tuple[str, ...] = ()
    valid_from: date | None = None
    valid_to: date | None = None
    successor: str | None = None

    def valid_on(self, day: date) -> bool:
        return (self.valid_from or date.min) <= day <= (self.valid_to or date.max)


def slug(name: str) -> str:
    """Identifier of a name: letters without marks, hyphens for the rest ("Sở Y tế" -> "so-y-te")."""
    return re.sub(r"[^a-z0-9]+", "-", unaccented(name)).strip("-")


@lru_cache(maxsize=1)
def load_units() -> tuple[UnitEntry, ...]:
    """All units; read once.

    Raises:
        VocabularyError: the file contradicts itself.
    """
    return parse_units(read_text("units.toml"))


def parse_units(text: str) -> tuple[UnitEntry, ...]:
    """Units from the text of a vocabulary file."""
    entries = parse("units.toml", text, {"unit": (_REQUIRED, _OPTIONAL)})["unit"]
    units = tuple(
        UnitEntry(
            slug(entry.text("name")),
            entry.text("name"),
            entry.text("kind"),
            entry.text("level"),
            entry.text("abbreviation") or None,
            entry.texts("aliases"),
            entry.day("valid_from"),
            entry.day("valid_to"),
            entry.text("successor") or None,
        )
        for entry in check_validity(entries)
    )
    names = {unit.name for unit in units}
    for unit in units:
        if unit.level not in LEVELS:
            raise VocabularyError(f"units.toml: {unit.name!r} has the unknown level {unit.level!r}")
        if unit.successor and unit.successor not in names:
            raise VocabularyError(f"units.toml: {unit.name!r} refers to the unknown {unit.successor!r}")
    refuse_two_owners("units.toml", (Claim(unit.unit_id, unit.name) for unit in units))
    written = [(unit, name) for unit in units for name in (unit.name, *unit.aliases)]
    refuse_two_owners("units.toml", (Claim(name, unit.name) for unit, name in written))
    readings = {(squash(name), unit.name) for unit, name in written}
    refuse_two_owners("units.toml", (Claim(reading, owner) for reading, owner in sorted(readings)))
    for level in LEVELS:
        claims = (Claim(u.abbreviation, u.name) for u in units if u.abbreviation and u.level == level)
        refuse_two_owners("units.toml", claims)
    return units


@lru_cache(maxsize=1)
def _shorts() -> tuple[re.Pattern[str], dict[str, str]]:
    long = {fold(short): fold(full) for short, full in load_heads().shorts}
    words = sorted(long, key=len, reverse=True)
    return re.compile(r"(?<!\w)(?:" + "|".join(map(re.escape, words)) + r")(?!\w)\.?"), long


@lru_cache(maxsize=65536)
def name_words(name: str) -> tuple[str, ...]:
    """Folded words of a name with short words written out and "và", "&" and marks left out.

    Forms: "UBND xã" -> (ủy, ban, nhân, dân, xã); "P. Kế hoạch & Tài chính" -> (phòng, kế, hoạch, tài, chính).
    """
    pattern, long = _shorts()
    full = pattern.sub(lambda m: f" {long[m[0].rstrip('.')]} ", key(name))
    return tuple(word for word in _WORD.findall(full) if word not in _LINKS)


def squash(name: str) -> str:
    """The words of a name without anything between them: all spellings of one name meet here."""
    return "".join(name_words(name))


@lru_cache(maxsize=1)
def _index() -> tuple[dict[str, tuple[UnitEntry, ...]], dict[str, tuple[UnitEntry, ...]]]:
    """Entries by squashed name or alias, and by squashed abbreviation (also with the head before it)."""
    named: dict[str, tuple[UnitEntry, ...]] = {}
    short: dict[str, tuple[UnitEntry, ...]] = {}
    for unit in load_units():
        for form in {squash(name) for name in (unit.name, *unit.aliases)}:
            named[form] = (*named.get(form, ()), unit)
        if unit.abbreviation:
            form = "".join(_WORD.findall(fold(unit.abbreviation)))
            for spelling in {form, squash(unit.abbreviation), squash(f"{unit.kind} {unit.abbreviation}")}:
                short[spelling] = (*short.get(spelling, ()), unit)
    return named, short


@lru_cache(maxsize=1)
def _by_first_letter() -> dict[str, tuple[tuple[tuple[str, ...], UnitEntry], ...]]:
    grouped: dict[str, list[tuple[tuple[str, ...], UnitEntry]]] = {}
    for unit in load_units():
        for words in {name_words(unit.name), *(name_words(alias) for alias in unit.aliases)}:
            if words and unit.kind != "nhóm":
                grouped.setdefault(words[0][0], []).append((words, unit))
    return {letter: tuple(rows) for letter, rows in grouped.items()}


def _written_words(name: str) -> tuple[tuple[str, bool], ...]:
    """Folded words as written with whether each is an abbreviation (capitals only)."""
    text = nfc(name)
    words = [text[m.start() : m.end()] for m in _WORD.finditer(fold(text))]
    return tuple(
        (folded, word.isupper() and (len(word) > 1 or word == "P"))
        for word in words
        if (folded := fold(word)) not in _LINKS
    )


def _abbreviated(written: tuple[tuple[str, bool], ...], words: tuple[str, ...]) -> int | None:
    """How many of these words are written here, an abbreviation standing for the first letters of several.

    None where something else is written.
    """
    at = 0
    for word, short in written:
        if at < len(words) and words[at] == word:
            at += 1
        elif short and "".join(w[0] for w in words[at : at + len(word)]) == word:
            at += len(word)
        else:
            return None
    return at


@lru_cache(maxsize=16384)
def entries_named(name: str) -> tuple[UnitEntry, ...]:
    """Entries that this whole name may mean: exact name or alias, else abbreviation, else words partly abbreviated.

    Forms: "Sở TN&MT", "Sở Nông nghiệp và PTNT", "VP HĐND&UBND", "P. TCCB", "phòng kế hoạch tài chính".
    """
    named, short = _index()
    squashed = squash(name)
    if found := named.get(squashed) or short.get(squashed):
        return found
    if found := short.get("".join(_WORD.findall(key(name)))):
        return found
    written = _written_words(name)
    shorts = [word for word, is_short in written if is_short]
    alone = len(written) == 1
    if not shorts or (alone and len(shorts[0]) < 3) or (name.isupper() and not alone):
        return ()
    rows = _by_first_letter().get(written[0][0][0], ())
    return tuple(dict.fromkeys(unit for words, unit in rows if _abbreviated(written, words) == len(words)))


@lru_cache(maxsize=1)
def _forms() -> tuple[str, ...]:
    """Every squashed name and abbreviation in order, so that those with one beginning stand together."""
    named, short = _index()
    return tuple(sorted({*named, *short}))


def _begins_form(squashed: str) -> bool:
    forms = _forms()
    at = bisect_left(forms, squashed)
    return at < len(forms) and forms[at].startswith(squashed)


@lru_cache(maxsize=16384)
def begins_name(words: str) -> bool:
    """Whether `entries_named` may know a name that begins with these whole words; where not, no longer one is sought.

    Forms: "Sở", "Sở Nông nghiệp và", "Sở TN"; not "Sở Nội vụ chủ trì".
    """
    if _begins_form(squash(words)) or _begins_form("".join(_WORD.findall(key(words)))):
        return True
    written = _written_words(words)
    if not any(is_short for _, is_short in written):
        return _begins_form("".join(word for word, _ in written))
    rows = _by_first_letter().get(written[0][0][0], ())
    return any(_abbreviated(written, name) is not None for name, _ in rows)


def is_abbreviation(word: str) -> bool:
    """Whether a word alone is a known short form of a unit: "NVY", "CDC", "UBND"."""
    return squash(word) in _index()[1] or "".join(_WORD.findall(key(word))) in _index()[1]
