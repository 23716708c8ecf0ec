"""Headings of task tables: which field a column fills, by exact alias or by the words of its heading."""

import re
import tomllib
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files
from itertools import chain

from extractors.errors import VocabularyError
from pipeline.text import key

FIELDS = (
    "ordinal",
    "objective",
    "parent",
    "content",
    "output",
    "lead",
    "partner",
    "implementer",
    "deadline",
    "start",
    "end",
    "note",
    "target",
    "budget",
    "legal_basis",
    "other",
)

_BRACKETS = re.compile(r"\s*[(\[][^)\]]*[)\]]")
_FOOTNOTE = re.compile(r"(?<=[^\W\d])\d{1,2}$|\s*\*+$")
_SLASH = re.compile(r"\s*/\s*")


@dataclass(frozen=True, slots=True)
class ColumnWords:
    """Aliases (whole headings) and phrases (words inside headings), each with its field."""

    aliases: dict[str, str]
    phrases: tuple[tuple[str, str], ...]


def _entries(field: str, entry: object) -> tuple[list[str], list[str]]:
    if not isinstance(entry, dict) or set(entry) != {"aliases", "phrases"}:
        raise VocabularyError(f"columns.toml [{field}]: needs exactly `aliases` and `phrases`")
    return entry["aliases"], entry["phrases"]


def parse_columns(text: str) -> ColumnWords:
    """Reads the vocabulary strictly: unknown field or a name with two owners raises VocabularyError."""
    table = tomllib.loads(text)
    if unknown := set(table) - set(FIELDS):
        raise VocabularyError(f"columns.toml: unknown field {sorted(unknown)[0]!r}")
    aliases: dict[str, str] = {}
    phrases: dict[str, str] = {}
    for field, entry in table.items():
        names, words = _entries(field, entry)
        for name, owner in chain(((key(n), aliases) for n in names), ((_fold_phrase(w), phrases) for w in words)):
            if owner.setdefault(name, field) != field:
                raise VocabularyError(f"columns.toml: {name!r} belongs to {owner[name]!r} and to {field!r}")
    return ColumnWords(aliases, tuple(phrases.items()))


def _fold_phrase(phrase: str) -> str:
    tail = " " if phrase.endswith(" ") else ""  # "hạn " must not match inside "hạng"
    return key(phrase.replace("(", "\x00")).replace("\x00", "(") + tail


@cache
def load_columns() -> ColumnWords:
    """The vocabulary of columns.toml, loaded once."""
    return parse_columns(files("pipeline.vocab").joinpath("columns.toml").read_text(encoding="utf-8"))


@lru_cache(maxsize=4096)  # the plans of one office share their headings
def column_field(heading: str) -> str | None:
    """Field that a heading names, or None where its words say nothing.

    Forms: "Sở, ngành chủ trì tham mưu" -> lead; "Cơ quan chủ trì, phối hợp" -> implementer; "T T" -> ordinal;
    "Thời gian (Năm 2026)" -> deadline; "Mức độ hoàn thành (%)" -> other; "ABC" -> None.
    """
    words = load_columns()
    whole = key(heading)
    bare = _SLASH.sub("/", key(_FOOTNOTE.sub("", key(_BRACKETS.sub("", whole)))))
    for form in (whole, bare):
        if form in words.aliases:
            return words.aliases[form]
    for form in (whole, bare):
        if ("chủ trì" in form or "đầu mối" in form) and "phối hợp" in form and not form.startswith("ghi chú"):
            return "implementer"
    return _by_phrase(bare, words) or _by_phrase(whole, words)


def _by_phrase(heading: str, words: ColumnWords) -> str | None:
    padded = f" {heading} "
    hits = [(at, -len(phrase), field) for phrase, field in words.phrases if (at := padded.find(" " + phrase)) >= 0]
    return min(hits)[2] if hits else None
