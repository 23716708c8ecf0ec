"""How names of units begin, and the short words inside them."""

from dataclasses import dataclass
from functools import lru_cache

from pipeline.text import key
from pipeline.vocab.strict import Claim, Entry, parse, read_text, refuse_two_owners

_HEAD: tuple[dict[str, type], dict[str, type]] = ({"kind": str}, {"words": tuple, "alone": tuple, "weak": tuple})
_LIST: tuple[dict[str, type], dict[str, type]] = ({"words": tuple}, {})
_SHORT: tuple[dict[str, type], dict[str, type]] = ({"short": str, "long": str}, {})


@dataclass(frozen=True, slots=True)
class Head:
    """One way in which a unit's name begins.

    `use` is "words" (needs a name after it), "alone" (a unit by itself as well) or "weak" (a unit only among units).
    """

    word: str
    kind: str
    use: str


@dataclass(frozen=True, slots=True)
class Heads:
    """The whole file: heads, words that are none, that may follow one, that end a name; short and long words."""

    heads: tuple[Head, ...]
    never: tuple[str, ...]
    after: tuple[str, ...]
    stops: tuple[str, ...]
    shorts: tuple[tuple[str, str], ...]


@lru_cache(maxsize=1)
def load_heads() -> Heads:
    """Heads of unit names; read once.

    Raises:
        VocabularyError: the file contradicts itself.
    """
    return parse_heads(read_text("heads.toml"))


def parse_heads(text: str) -> Heads:
    """Heads from the text of a vocabulary file."""
    sections = {"head": _HEAD, "never": _LIST, "after": _LIST, "stop": _LIST, "short": _SHORT}
    entries = parse("heads.toml", text, sections)
    heads = tuple(
        Head(word, entry.text("kind"), use)
        for entry in entries["head"]
        for use in ("words", "alone", "weak")
        for word in entry.texts(use)
    )
    shorts = tuple((entry.text("short"), entry.text("long")) for entry in entries["short"])
    refuse_two_owners("heads.toml", (Claim(head.word, head.kind) for head in heads))
    refuse_two_owners("heads.toml", (Claim(short, long) for short, long in shorts))
    never, after, stops = (_words(entries[section]) for section in ("never", "after", "stop"))
    return Heads(heads, never, after, stops, shorts)


def _words(entries: tuple[Entry, ...]) -> tuple[str, ...]:
    return tuple(key(word) for entry in entries for word in entry.texts("words"))
