"""Page numbers that a printed page has left in plain text: taken out, so that they cut no paragraph, and told."""

import re
from collections.abc import Sequence
from itertools import pairwise

from extractors.document import Notice, Place
from extractors.page_numbers import Printed, missing

# Alone on a line: in its middle ("                    2", "- 2 -"), with the word anywhere ("Trang 3/12").
_NUMBER = re.compile(
    r"(?:\s{12,}(?:[-–]\s?)?|\s*(?P<word>(?:[-–]\s?)?trang\s))(?P<number>\d{1,3})(?:\s?/\s?(?P<total>\d{1,3}))?"
    r"(?:\s?[-–])?\s*",
    re.IGNORECASE,
)
_APART = 2  # a number may be missing


def page_numbers(lines: Sequence[str]) -> tuple[frozenset[int], tuple[Notice, ...]]:
    """Which lines hold nothing but a page number, and notices of that and of numbers that are missing.

    Numbers without the word "Trang" that do not follow each other are the paper's own.
    """
    found = {at: match for at, line in enumerate(lines) if (match := _NUMBER.fullmatch(line))}
    bare = [int(match["number"]) for match in found.values() if not match["word"]]
    if any(not 0 < after - before <= _APART for before, after in pairwise(bare)):
        found = {at: match for at, match in found.items() if match["word"]}
    if not found:
        return frozenset(), ()
    written = [match[0].strip() for match in found.values()]
    message = f"Để ngoài văn bản {len(found)} số trang / {len(found)} page numbers left out of the text"
    printed = [
        Printed(at, int(match["number"]), int(match["total"]) if match["total"] else None)
        for at, match in enumerate(found.values(), start=1)
    ]
    gone = [Notice(one.code, one.message, Place(), evidence=one.evidence) for one in missing(printed, len(printed))]
    return frozenset(found), (Notice("text.page_number", message, evidence="; ".join(written)[:200]), *gone)
