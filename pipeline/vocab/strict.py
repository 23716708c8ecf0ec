"""Strict reading of vocabulary files: what is misspelt, missing or owned twice stops the start."""

import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from importlib.resources import files

from extractors.errors import VocabularyError
from pipeline.text import key

Value = str | bool | date | tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Entry:
    """One `[[section]]` of a file whose fields were checked; `at` says where it stands, for messages."""

    at: str
    values: Mapping[str, Value]

    def text(self, field: str, default: str = "") -> str:
        value = self.values.get(field, default)
        return value if isinstance(value, str) else default

    def texts(self, field: str) -> tuple[str, ...]:
        value = self.values.get(field, ())
        return value if isinstance(value, tuple) else ()

    def day(self, field: str) -> date | None:
        value = self.values.get(field)
        return value if isinstance(value, date) else None

    def flag(self, field: str) -> bool:
        return self.values.get(field) is True


def read_text(file_name: str) -> str:
    """The text of a vocabulary file of this package."""
    return files("pipeline.vocab").joinpath(file_name).read_text(encoding="utf-8")


def parse(
    file_name: str, text: str, sections: Mapping[str, tuple[Mapping[str, type], Mapping[str, type]]]
) -> dict[str, tuple[Entry, ...]]:
    """Entries of each section, every field of the declared type.

    Args:
        sections: section name -> (required fields, optional fields), each field with its type (str, bool, date, tuple).

    Raises:
        VocabularyError: not TOML, an unknown section or field, a missing field, a wrong type, an empty name.
    """
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise VocabularyError(f"{file_name}: not TOML: {error}") from error
    unknown = sorted(set(data) - set(sections))
    if unknown:
        raise VocabularyError(f"{file_name}: unknown section {unknown[0]!r}")
    result = {}
    for section, (required, optional) in sections.items():
        rows = data.get(section, [])
        if not isinstance(rows, list):
            raise VocabularyError(f"{file_name}: [{section}] must be written [[{section}]]")
        result[section] = tuple(
            _entry(f"{file_name} {section} {number}", row, required, optional) for number, row in enumerate(rows, 1)
        )
    return result


def _entry(at: str, row: Mapping[str, object], required: Mapping[str, type], optional: Mapping[str, type]) -> Entry:
    at = f"{at} ({row.get('name') or row.get('code') or '?'})"
    unknown = sorted(set(row) - set(required) - set(optional))
    if unknown:
        raise VocabularyError(f"{at}: unknown field {unknown[0]!r}")
    missing = sorted(set(required) - set(row))
    if missing:
        raise VocabularyError(f"{at}: field {missing[0]!r} is missing")
    return Entry(at, {field: _value(at, field, value, {**required, **optional}[field]) for field, value in row.items()})


def _value(at: str, field: str, value: object, wanted: type) -> Value:
    if wanted is tuple:
        if not isinstance(value, list) or not all(isinstance(item, str) and item.strip() for item in value):
            raise VocabularyError(f"{at}: field {field!r} must be a list of names")
        return tuple(value)
    if type(value) is not wanted or not isinstance(value, str | bool | date):
        raise VocabularyError(f"{at}: field {field!r} must be a {wanted.__name__}")
    if isinstance(value, str) and value != value.strip():
        raise VocabularyError(f"{at}: field {field!r} has white space at its edge")
    return value


@dataclass(frozen=True, slots=True)
class Claim:
    """One owner's claim on one name, for a span of days (open ends: always)."""

    name: str
    owner: str
    valid_from: date | None = None
    valid_to: date | None = None

    def overlaps(self, other: "Claim") -> bool:
        starts = max(self.valid_from or date.min, other.valid_from or date.min)
        return starts <= min(self.valid_to or date.max, other.valid_to or date.max)


def refuse_two_owners(file_name: str, claims: Iterable[Claim]) -> None:
    """Stops when two owners claim one name (after `text.key`) at one time, or one owner claims it twice.

    Raises:
        VocabularyError: naming both owners.
    """
    known: dict[str, list[Claim]] = {}
    for claim in claims:
        folded = key(claim.name)
        if not folded:
            raise VocabularyError(f"{file_name}: {claim.owner!r} has the empty name {claim.name!r}")
        for other in known.get(folded, ()):
            if claim.overlaps(other):
                raise VocabularyError(f"{file_name}: {claim.name!r} belongs to {other.owner!r} and to {claim.owner!r}")
        known.setdefault(folded, []).append(claim)


def check_validity(entries: Iterable[Entry]) -> Iterator[Entry]:
    """Passes the entries on; stops at one whose validity ends before it begins."""
    for entry in entries:
        start, end = entry.day("valid_from"), entry.day("valid_to")
        if start and end and end < start:
            raise VocabularyError(f"{entry.at}: valid_to lies before valid_from")
        yield entry
