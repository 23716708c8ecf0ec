"""Names of units that a paper makes sure: where one place shows where a name ends, every other place reads it so.

A name stands many times in a plan: over its duties, before "chủ trì", behind "Đơn vị chủ trì:", among the recipients.
"""

import re
from collections.abc import Iterator, Sequence

from pipeline.plan import Prose
from pipeline.read.acting import unit_of_section, without_ordinal
from pipeline.rules.name_pieces import body_end
from pipeline.rules.name_words import verb_end
from pipeline.rules.unit_names import name_end
from pipeline.rules.unit_starts import start_at
from pipeline.rules.units import find_units, split_units
from pipeline.text import fold, nfc
from pipeline.vocab.name_tree import NameTree, name_tree
from pipeline.vocab.units import entries_named

_DUTY_SIGNS = ("chủ trì", "trách nhiệm", "nhiệm vụ", "đầu mối")
# Predicates that open a clause: what stands before them, back to the start of the clause, is their subject.
_DUTY = re.compile(r" (?:chủ trì|(?:có|chịu) trách nhiệm|có nhiệm vụ|(?:là|làm) (?:cơ quan |đơn vị )?đầu mối)(?!\w)")
_CLAUSE = re.compile(r"(?:^|[.;:]\s+|(?<!\w)(?:do|giao|yêu cầu|đề nghị) )(?=\w)")
_LABEL = re.compile(r"(?:chủ trì|phối hợp|thực hiện|đầu mối)\s*:\s*(?P<units>[^;:.()\n]{6,200})(?=[;.)\n]|$)")
_BRACKET = re.compile(r"\s*\([^()]*\)")
# Words that stand in no name; what tells others what to do stands in none that a predicate ends.
_NO_NAME = re.compile(
    r"(?<!\w)(?:được|đã|đang|sẽ|phải|cần|nên|theo|để|nhằm|trong|trên|từ|đến|tại|ở|khi|nếu|về|với|cho|do|bằng|thì|mà|này"
    r"|các|những|căn cứ|phối hợp|triển khai|thực hiện|đơn vị|cơ quan|như|hoặc)(?!\w)"
)
_TELLS = re.compile(
    r"(?<!\w)(?:chỉ đạo|yêu cầu|đề nghị|giao|phân công|hướng dẫn|báo cáo|thông báo|tham mưu|đôn đốc|tiếp tục"
    r"|chủ động)(?!\w)"
)
_MARK = re.compile(r"[;:.!?()\"\n]")
_LINKED = re.compile(r"\s*(?:,|-|và )")
_FEWEST_WORDS, _MOST_WORDS, _LONGEST = 3, 16, 120


def own_names(prose: Sequence[Prose], recipients: Sequence[str], parents: frozenset[tuple[str, ...]]) -> NameTree:
    """The sure names of a paper beyond the vocabulary, for the rules that read its running text.

    Args:
        prose: all of it.
        recipients: entries of the list at its end.
        parents: headings whose sections share work out (`parents_of_units`).
    """
    found: list[str] = []
    for item in prose:
        if item.is_heading:
            unit = unit_of_section(item.text, item.headings, among_units=item.headings in parents)
            found += split_units(unit) if unit else ()
        elif any(sign in item.text for sign in _DUTY_SIGNS):
            found += _subjects(without_ordinal(nfc(item.text))[1])
        if ":" in item.text:
            found += _labelled(nfc(item.text))
    found += (name for entry in recipients for name in split_units(_BRACKET.sub("", entry)))
    names = [name for name in dict.fromkeys(found) if _is_name(name)]
    return name_tree(name for name in names if not any(_adds_predicate(name, other) for other in names))


def _adds_predicate(name: str, other: str) -> bool:
    """Whether a heading says what a unit has to do, whose name another place gives: "Phòng A |tổng hợp số liệu|"."""
    return name.startswith(f"{other} ") and verb_end(fold(name), len(other) + 1) is not None


def _labelled(text: str) -> Iterator[str]:
    """Units behind a label of roles: "(Chủ trì: |Phòng A|; phối hợp: |Phòng B|)"."""
    for label in _LABEL.finditer(fold(text)):
        yield from split_units(text[label.start("units") : label.end("units")])


def _subjects(text: str) -> Iterator[str]:
    """What stands between the start of a clause and a predicate that opens one: "|Tổ Dò và gom bùn| chủ trì ..."."""
    folded = fold(text)
    for clause in _CLAUSE.finditer(folded):
        begin = clause.end()
        duty = _DUTY.search(folded, begin, begin + _LONGEST) if text[begin].isupper() else None
        if duty and _is_subject(text[begin : duty.start()]):
            yield text[begin : duty.start()]


def _is_subject(words: str) -> bool:
    """Whether words before a predicate are one name, also beyond what the rules of names read."""
    folded = fold(words)
    start = start_at(words, folded, 0, len(words))
    if start is None or not words[-1].isalpha() or any(unit.start > 0 for unit in find_units(words)):
        return False
    if _TELLS.search(folded, start.head_end):
        return False
    end = name_end(words, folded, 0, start)
    is_known = bool(entries_named(words[:end])) or body_end(words, folded, 0) == end
    return end >= len(words) or not is_known or _LINKED.match(folded, end) is not None


def _is_name(words: str) -> bool:
    """Whether words of a sure place can be a name that nobody else knows: a head in front, no function word."""
    folded = fold(words)
    if not _FEWEST_WORDS <= len(words.split()) <= _MOST_WORDS or not words[:1].isupper() or words.isupper():
        return False
    start = start_at(words, folded, 0, len(words))
    if entries_named(words) or body_end(words, folded, 0) == len(words):
        return False
    if start is None or start.kind in ("người", "địa bàn") or start.use == "weak" or _MARK.search(words):
        return False
    return _NO_NAME.search(folded, start.head_end) is None
