"""Provinces and central cities with the time in which each name stood for which place."""

import re
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from extractors.errors import VocabularyError
from pipeline.text import key, unaccented
from pipeline.vocab.strict import Claim, check_validity, parse, read_text, refuse_two_owners

_REQUIRED: dict[str, type] = {"code": str, "name": str, "bare_name": str, "kind": str}
_OPTIONAL: dict[str, type] = {
    "aliases": tuple,
    "valid_from": date,
    "valid_to": date,
    "predecessors": tuple,
    "successor": str,
}
_PREFIX = re.compile(r"^(?:tỉnh|thành phố|t\.?\s?phố|tp\.?|t\.)(?:\s|(?<=\.)|-)\s*")
_DASH = re.compile(r"\s*-\s*")


@dataclass(frozen=True, slots=True)
class Province:
    """One province or central city. `name` is "Tỉnh Thanh Hóa", `bare_name` "Thanh Hóa", `kind` "tỉnh" or "thành phố".

    Codes: Quyết định 124/2004/QĐ-TTg and, from 01/7/2025, 19/2025/QĐ-TTg.
    """

    code: str
    name: str
    bare_name: str
    kind: str
    aliases: tuple[str, ...] = ()
    valid_from: date | None = None
    valid_to: date | None = None
    predecessors: tuple[str, ...] = ()
    successor: str | None = None

    def valid_on(self, day: date) -> bool:
        return (self.valid_from or date.min) <= day <= (self.valid_to or date.max)


@lru_cache(maxsize=1)
def load_provinces() -> tuple[Province, ...]:
    """All provinces of all times, in file order; read once.

    Raises:
        VocabularyError: the file contradicts itself.
    """
    return parse_provinces(read_text("provinces.toml"))


def parse_provinces(text: str) -> tuple[Province, ...]:
    """Provinces from the text of a vocabulary file."""
    entries = parse("provinces.toml", text, {"province": (_REQUIRED, _OPTIONAL)})["province"]
    provinces = tuple(
        Province(
            code=entry.text("code"),
            name=entry.text("name"),
            bare_name=entry.text("bare_name"),
            kind=entry.text("kind"),
            aliases=entry.texts("aliases"),
            valid_from=entry.day("valid_from"),
            valid_to=entry.day("valid_to"),
            predecessors=entry.texts("predecessors"),
            successor=entry.text("successor") or None,
        )
        for entry in check_validity(entries)
    )
    names = {province.name for province in provinces}
    for province in provinces:
        if province.name.lower() != f"{province.kind} {province.bare_name}".lower():
            raise VocabularyError(f"provinces.toml: {province.name!r} is not its kind and its bare name")
        for other in (*province.predecessors, *filter(None, [province.successor])):
            if other not in names:
                raise VocabularyError(f"provinces.toml: {province.name!r} refers to the unknown {other!r}")
    refuse_two_owners(
        "provinces.toml",
        (
            Claim(name, f"{province.name} ({province.code})", province.valid_from, province.valid_to)
            for province in provinces
            for name in (province.name, province.bare_name, *province.aliases)
        ),
    )
    return provinces


def place_key(text: str) -> str:
    """Look-up key of a province's name: without its kind word, hyphens without spaces.

    Forms: "TP. Đà Nẵng", "thành phố Đà Nẵng", "ĐÀ NẴNG" -> "đà nẵng"; "Bà Rịa – Vũng Tàu" -> "bà rịa-vũng tàu".
    """
    return _DASH.sub("-", _PREFIX.sub("", key(text)))


@lru_cache(maxsize=1)
def _index() -> dict[str, tuple[Province, ...]]:
    index: dict[str, tuple[Province, ...]] = {}
    for province in load_provinces():
        keys = {place_key(name) for name in (province.name, province.bare_name, *province.aliases)}
        for name in keys | {unaccented(name) for name in keys}:
            index[name] = (*index.get(name, ()), province)
    return index


def province_named(text: str, on: date | None = None) -> Province | None:
    """The province of this name on this day; without a day the latest one that bears or bore the name.

    Forms: "Thanh Hóa", "tỉnh Thanh Hoá", "TP. Hồ Chí Minh", "TPHCM", "Thừa Thiên - Huế", "Da Nang".
    "Huế" on a day of 2020 is None: then it was a city inside its province.
    """
    found = _index().get(place_key(text), ())
    if on is not None:
        return next((province for province in found if province.valid_on(on)), None)
    return max(found, key=lambda province: province.valid_to or date.max, default=None)


def provinces_named(text: str) -> tuple[Province, ...]:
    """Every province that ever bore this name, oldest first."""
    return tuple(sorted(_index().get(place_key(text), ()), key=lambda province: province.valid_from or date.min))
