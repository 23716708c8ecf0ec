"""Sentences and clauses of running text, with their offsets."""

import re
from itertools import pairwise

from pipeline.text import CAPITALS, fold

# A full stop ends a sentence before a capital, a quote or a list mark; not in abbreviations, numbers and initials.
_END = re.compile(rf"[.!?](?:/\.)?[”\"’)]?\s+(?=[“\"‘(]?[{CAPITALS}0-9*+\-])")
_ABBREVIATION = re.compile(
    r"(?:^|[\s(/])(?:tp|tx|tt|q|p|kt|tm|tl|tuq|đ/c|gs|pgs|ts|ths|bs|ds|v\.v|st|no|số|mr|ms|[a-zđ])$"
    r"|^\d{1,2}$|(?:điều|khoản|mục|phần|chương)\s+\d{1,2}$"
)


def sentences(text: str) -> tuple[tuple[int, int], ...]:
    """Spans of the sentences of a paragraph, in order and without the white space between them.

    Forms: "Chủ trì hướng dẫn. Định kỳ báo cáo." -> two; "UBND TP. Huế" -> one; "Điều 2. Giao ..." -> one.
    """
    folded = fold(text)
    cuts = [0]
    for match in _END.finditer(text):
        if not _ABBREVIATION.search(folded, max(0, match.start() - 12), match.start()):
            cuts.append(match.end())
    return _trimmed(text, [*cuts, len(text)])


def clauses(text: str, start: int, end: int) -> tuple[tuple[int, int], ...]:
    """Spans of the clauses between semicolons that stand outside brackets and quotes."""
    cuts, depth = [start], 0
    for at in range(start, end):
        char = text[at]
        depth += (char in "(“[") - (char in ")”]" and depth > 0)
        if char == ";" and depth == 0:
            cuts.append(at + 1)
    return _trimmed(text, [*cuts, end])


def _trimmed(text: str, cuts: list[int]) -> tuple[tuple[int, int], ...]:
    spans = []
    for first, last in pairwise(cuts):
        piece = text[first:last]
        if piece.strip():
            spans.append((first + len(piece) - len(piece.lstrip()), first + len(piece.rstrip())))
    return tuple(spans)
