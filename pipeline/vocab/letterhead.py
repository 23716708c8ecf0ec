"""The words of letterheads and signatures: kinds of issuers, how their names are spelt, posts that sign."""

from dataclasses import dataclass
from functools import lru_cache

from extractors.errors import VocabularyError
from pipeline.vocab.strict import Claim, Entry, parse, read_text, refuse_two_owners

AREAS = ("province", "superior", "own", "committee", "party", "central")
_KIND: tuple[dict[str, type], dict[str, type]] = ({"area": str, "words": tuple}, {})
_LIST: tuple[dict[str, type], dict[str, type]] = ({"words": tuple}, {})
_SHORT: tuple[dict[str, type], dict[str, type]] = ({"short": str, "long": str}, {})
_LISTS = ("party_organ", "named", "bare", "fixed", "abbreviation", "post", "authority")


@dataclass(frozen=True, slots=True)
class LetterheadWords:
    """The whole file, words in their letters.

    `kinds` are the ways in which a body's name begins, each with what makes such a name complete (one of AREAS).
    """

    kinds: tuple[tuple[str, str], ...]
    party_organs: tuple[str, ...]
    named: tuple[str, ...]
    bare: tuple[str, ...]
    fixed: tuple[str, ...]
    abbreviations: tuple[str, ...]
    posts: tuple[str, ...]
    authorities: tuple[str, ...]
    shorts: tuple[tuple[str, str], ...]


@lru_cache(maxsize=1)
def load_letterhead() -> LetterheadWords:
    """The words of letterheads; read once.

    Raises:
        VocabularyError: the file contradicts itself.
    """
    return parse_letterhead(read_text("letterhead.toml"))


def parse_letterhead(text: str) -> LetterheadWords:
    """The words from the text of a vocabulary file."""
    sections = {"kind": _KIND, "short": _SHORT, **dict.fromkeys(_LISTS, _LIST)}
    entries = parse("letterhead.toml", text, sections)
    kinds = tuple((word, entry.text("area")) for entry in entries["kind"] for word in entry.texts("words"))
    for word, area in kinds:
        if area not in AREAS:
            raise VocabularyError(f"letterhead.toml: {word!r} has the unknown area {area!r}")
    shorts = tuple((entry.text("short"), entry.text("long")) for entry in entries["short"])
    refuse_two_owners("letterhead.toml", (Claim(word, area) for word, area in kinds))
    refuse_two_owners("letterhead.toml", (Claim(short, long) for short, long in shorts))
    return LetterheadWords(
        kinds=kinds,
        party_organs=_words(entries["party_organ"]),
        named=_words(entries["named"]),
        bare=_words(entries["bare"]),
        fixed=_words(entries["fixed"]),
        abbreviations=_words(entries["abbreviation"]),
        posts=_words(entries["post"]),
        authorities=_words(entries["authority"]),
        shorts=shorts,
    )


def _words(entries: tuple[Entry, ...]) -> tuple[str, ...]:
    return tuple(word for entry in entries for word in entry.texts("words"))
