"""Document types, the codes of their symbols, and the bodies that a symbol's end names."""

from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from extractors.errors import VocabularyError
from pipeline.text import key
from pipeline.vocab.strict import Claim, check_validity, parse, read_text, refuse_two_owners

_GROUPS = {"administrative", "normative", "party", "copy"}
_SUFFIX_GROUPS = {"state", "party", "unit"}
_TYPE: tuple[dict[str, type], dict[str, type]] = (
    {"name": str, "code": str, "group": str},
    {"party_codes": tuple, "aliases": tuple},
)
_SUFFIX: tuple[dict[str, type], dict[str, type]] = (
    {"code": str, "issuers": tuple, "group": str},
    {"valid_from": date, "valid_to": date},
)


@dataclass(frozen=True, slots=True)
class DocType:
    """A type of document: "Kế hoạch" with code "KH"; code "" where no letters stand for it (Luật)."""

    code: str
    name: str
    group: str
    party_codes: tuple[str, ...] = ()
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Suffix:
    """The end of a symbol and whom it may stand for: "TU" -> Tỉnh ủy, Thành ủy ..."""

    code: str
    issuers: tuple[str, ...]
    group: str
    valid_from: date | None = None
    valid_to: date | None = None

    @property
    def issuer(self) -> str:
        return self.issuers[0]


@dataclass(frozen=True, slots=True)
class DocTypes:
    """The whole file: types and suffixes."""

    types: tuple[DocType, ...]
    suffixes: tuple[Suffix, ...]


@lru_cache(maxsize=1)
def load_doctypes() -> DocTypes:
    """Types and suffixes; read once.

    Raises:
        VocabularyError: the file contradicts itself.
    """
    return parse_doctypes(read_text("doctypes.toml"))


def parse_doctypes(text: str) -> DocTypes:
    """Types and suffixes from the text of a vocabulary file."""
    entries = parse("doctypes.toml", text, {"type": _TYPE, "suffix": _SUFFIX})
    types = tuple(
        DocType(
            entry.text("code"),
            entry.text("name"),
            entry.text("group"),
            entry.texts("party_codes"),
            entry.texts("aliases"),
        )
        for entry in entries["type"]
    )
    suffixes = tuple(
        Suffix(
            entry.text("code"),
            entry.texts("issuers"),
            entry.text("group"),
            entry.day("valid_from"),
            entry.day("valid_to"),
        )
        for entry in check_validity(entries["suffix"])
    )
    groups = [(t.name, t.group, _GROUPS) for t in types] + [(s.code, s.group, _SUFFIX_GROUPS) for s in suffixes]
    for name, group, known in groups:
        if group not in known:
            raise VocabularyError(f"doctypes.toml: {name!r} has the unknown group {group!r}")
    refuse_two_owners("doctypes.toml", (Claim(name, t.name) for t in types for name in (t.name, *t.aliases)))
    refuse_two_owners("doctypes.toml", (Claim(t.code, t.name) for t in types if t.code))
    refuse_two_owners("doctypes.toml", (Claim(s.code, s.issuer) for s in suffixes))
    return DocTypes(types, suffixes)


@lru_cache(maxsize=1)
def _by_code() -> dict[tuple[str, bool], tuple[DocType, ...]]:
    """Types by folded code, state and Party apart; the first of several is the usual one."""
    found: dict[tuple[str, bool], tuple[DocType, ...]] = {}
    for doc_type in load_doctypes().types:
        state = {doc_type.code} - {""}
        for code, party in (*((c, False) for c in state), *((c, True) for c in doc_type.party_codes)):
            found[key(code), party] = (*found.get((key(code), party), ()), doc_type)
    return found


@lru_cache(maxsize=1)
def _by_name() -> dict[str, DocType]:
    return {key(name): t for t in load_doctypes().types for name in (t.name, *t.aliases)}


@lru_cache(maxsize=1)
def _by_suffix() -> dict[str, Suffix]:
    return {key(suffix.code): suffix for suffix in load_doctypes().suffixes}


def doctypes_of_code(code: str, party: bool = False) -> tuple[DocType, ...]:
    """The types that these letters of a symbol stand for, the usual one first; `party` for symbols like 29-CT/TU."""
    return _by_code().get((key(code), party), ())


def doctype_of_code(code: str) -> DocType | None:
    """The type of a code whoever issues it, state use before Party use: "CTr" -> Chương trình, "TT" -> Thông tư."""
    return next(iter(doctypes_of_code(code) or doctypes_of_code(code, party=True)), None)


def doctype_named(text: str) -> DocType | None:
    """The type of this name in any case and tone placement: "KẾ HOẠCH", "Kế hoạch", "Văn bản" -> Công văn."""
    return _by_name().get(key(text))


def suffix_of_code(code: str) -> Suffix | None:
    """The body that a symbol's last letters name: "TTg" -> Thủ tướng Chính phủ; the legislature's number is off."""
    folded = key(code)
    return _by_suffix().get(folded) or _by_suffix().get(folded.rstrip("0123456789"))


def issuers_of_symbol(symbol: str) -> tuple[str, ...]:
    """Whom a symbol names as issuer: "QĐ-TTg" -> Thủ tướng Chính phủ; "STNMT-MT" -> Sở Tài nguyên và Môi trường.

    The last part names the issuer after type letters and in Party symbols; the first part does in official letters.
    """
    parts = [part for part in symbol.replace("/", "-").split("-") if part]
    if not parts:
        return ()
    typed = len(parts) > 1 and doctype_of_code(parts[0]) is not None and suffix_of_code(parts[0]) is None
    for part in reversed(parts) if typed else parts:
        suffix = suffix_of_code(part)
        if suffix and suffix.group != "unit":
            return suffix.issuers
    return ()
