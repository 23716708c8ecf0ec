"""Who acts in a sentence, over many kinds of units and as many verbs."""

import json
import re
from pathlib import Path
from typing import Any

import pytest

from extractors.errors import VocabularyError
from pipeline.read.acting import acting_unit, partner_text
from pipeline.rules.name_words import has_opener, is_near_verb, noun_end, second_end, verb_end
from pipeline.rules.phrases import Phrases
from pipeline.rules.units import split_units
from pipeline.text import fold
from pipeline.vocab.heads import load_heads
from pipeline.vocab.names import load_name_words, parse_name_words

_LINES = (Path(__file__).parent / "unit_cases" / "prose.jsonl").read_text(encoding="utf-8").splitlines()
CASES = [json.loads(line) for line in _LINES]


def _folded(names: list[str] | tuple[str, ...]) -> list[str]:
    return [name.casefold() for name in names]


@pytest.mark.parametrize("case", CASES, ids=range(len(CASES)))
def test_the_unit_ends_before_the_verb(case: dict[str, Any]) -> None:
    acting = acting_unit(case["text"])
    assert acting is not None
    assert _folded(split_units(acting.text)) == _folded(case["lead"])
    assert _folded(split_units(partner_text(case["text"]) or "")) == _folded(case["partners"])


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("Kiểm soát bệnh tật", "Kiểm soát"),
        ("Kinh tế khoe", "Kinh tế"),
        ("Dược lọ mọ", "Dược"),
        ("Bình Minh lo", "Bình"),
    ],
)
def test_a_capital_takes_its_second_syllable(text: str, word: str) -> None:
    assert second_end(text, fold(text), 0) == len(word)


def test_the_longer_of_noun_and_verb_wins() -> None:
    assert noun_end(fold("giao thông vận tải"), 0) == len("giao thông vận tải")
    assert verb_end(fold("giao nhiệm vụ"), 0) == len("giao nhiệm vụ")
    assert noun_end(fold("khảo sát nhu cầu"), 0) is None


def test_an_unknown_word_before_a_predicate_is_part_of_the_name() -> None:
    assert has_opener(fold("logistics chủ động kết nối"), 0)
    assert not has_opener(fold("khuấy động phong trào"), 0)
    assert is_near_verb(fold("thụ hưởng lập hồ sơ"), 0)
    assert not is_near_verb(fold("bêu tên hộ đổ rác"), 0)


def test_phrases_are_what_one_pattern_of_them_matches() -> None:
    words = (*load_heads().stops, *load_name_words().nouns, "đài pt-th", "p", "đ/c")
    phrases = Phrases(words)
    longest_first = sorted(words, key=len, reverse=True)
    pattern = re.compile("(?:" + "|".join(re.escape(w).replace(r"\ ", r"\s+") for w in longest_first) + r")(?!\w)")
    texts = [f"{word}{behind}" for word in words for behind in ("", " công tác", "x", "_", ", chống", ".")]
    texts += [text.replace(" ", space) for text in texts[::7] for space in ("\n", "  ", " \n ")]
    for text in texts:
        for at in (0, 1, len(text) // 2, len(text)):
            match = pattern.match(text, at)
            assert phrases.end_of(text, at) == (match.end() if match else None), (text, at)


def test_names_vocabulary_is_strict() -> None:
    assert "bệnh tật" in load_name_words().nouns
    assert "nhi" in load_name_words().singles
    with pytest.raises(VocabularyError, match="unknown section"):
        parse_name_words('[[verb]]\nwords = ["x"]\n')
