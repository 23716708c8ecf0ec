"""Names of bodies as decrees and charters give them (Vụ, Cục, phòng, khoa, đội ...): where they end in a text."""

from functools import lru_cache

from pipeline.vocab.name_tree import NameTree, name_tree
from pipeline.vocab.strict import parse, read_text

_BODY: tuple[dict[str, type], dict[str, type]] = ({"heads": tuple, "names": tuple}, {})


@lru_cache(maxsize=1)
def load_bodies() -> tuple[str, ...]:
    """All names, each with its head; read once.

    Raises:
        VocabularyError: the file has an unknown section or field.
    """
    return parse_bodies(read_text("bodies.toml"))


def parse_bodies(text: str) -> tuple[str, ...]:
    """Names from the text of a vocabulary file."""
    entries = parse("bodies.toml", text, {"body": _BODY})["body"]
    names = (f"{head} {name}" for entry in entries for head in entry.texts("heads") for name in entry.texts("names"))
    return tuple(dict.fromkeys(names))


@lru_cache(maxsize=1)
def body_tree() -> NameTree:
    """The names of all bodies."""
    return name_tree(load_bodies())
