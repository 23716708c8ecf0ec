"""Words inside the names of units ("Trung tâm Kiểm soát |bệnh tật|"), which tell a name from the verb behind it."""

from dataclasses import dataclass
from functools import lru_cache

from pipeline.text import key
from pipeline.vocab.strict import parse, read_text

_LIST: tuple[dict[str, type], dict[str, type]] = ({"words": tuple}, {})


@dataclass(frozen=True, slots=True)
class NameWords:
    """`nouns` go on a name in lower case, `groups` only "các ..."; `singles` are whole words ("Khoa Nhi").

    `transitives` need an object behind them ("Phòng Quản lý |đào tạo|"); `work` are these and verbs that only follow
    in a name ("Phòng Duy tu, |sửa chữa| cầu đường"). `predicates` open what a unit has to do and are no object of a
    verb before them ("chủ trì", "tổ chức").
    """

    nouns: frozenset[str]
    groups: frozenset[str]
    singles: frozenset[str]
    transitives: frozenset[str]
    work: frozenset[str]
    predicates: frozenset[str]


@lru_cache(maxsize=1)
def load_name_words() -> NameWords:
    """Words of names; read once.

    Raises:
        VocabularyError: the file has an unknown section or field.
    """
    return parse_name_words(read_text("names.toml"))


def parse_name_words(text: str) -> NameWords:
    """Words of names from the text of a vocabulary file."""
    sections = ("noun", "group", "single", "transitive", "work", "predicate")
    entries = parse("names.toml", text, dict.fromkeys(sections, _LIST))

    def words(section: str) -> frozenset[str]:
        return frozenset(key(word) for entry in entries[section] for word in entry.texts("words"))

    transitives = words("transitive")
    return NameWords(
        words("noun"), words("group"), words("single"), transitives, transitives | words("work"), words("predicate")
    )
