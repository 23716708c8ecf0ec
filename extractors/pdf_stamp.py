"""The words that a digital signature prints over a page: no part of the document, kept out of its cells and prose.

Forms: "Ký bởi: Ủy ban nhân dân xã", "Người ký: SỞ NỘI VỤ", "Thời gian ký: 15.01.2024 16:20:11 +07:00", "Email: ...",
"Cơ quan: ...", "Signature Not Verified", "Digitally signed by ...". They come as one run of small print in the file, in
whatever place on paper.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from extractors.pdf_fonts import running_text
from extractors.pdf_lines import Glyph

_OPENS = re.compile(
    r"(?:Signature (?:Not Verified|valid)|Digitally signed by|(?:Được )?ký (?:số |điện tử )?bởi|Người ký|Ký số bởi)\b",
    re.IGNORECASE,
)
_SIGNED_AT = re.compile(r"(?:Thời gian ký|Ngày ký|Giờ ký|Date)\s*:\s*\d{1,4}[./-]\d{1,2}[./-]\d{1,4}", re.IGNORECASE)
_LABEL = re.compile(
    r"(?:Email|Cơ quan|Tổ chức|Chức vụ|Đơn vị|Địa chỉ|Lý do|Reason|Location|DN|Cert)\s*:", re.IGNORECASE
)
_WORDS = ("bởi", "ngườiký", "signature", "digitally")
_BEFORE_COLON = ("ý", "Ý", "e", "E")  # "Thời gian ký:", "Date:"
_SMALL = 0.85  # of the page's common print
_LINES = 12


@dataclass(frozen=True, slots=True)
class Unstamped:
    """The glyphs of a page without those of stamps, and what the stamps say."""

    glyphs: list[Glyph]
    stamps: tuple[str, ...]


def may_be_stamped(text: str) -> bool:
    """Whether words of a stamp stand on the page at all, its spaces written or not; cheap."""
    if not any(part.rstrip()[-1:] in _BEFORE_COLON for part in text.split(":")[:-1]):
        return False
    squeezed = "".join(text.casefold().split())
    return ("ký:" in squeezed or "date:" in squeezed) and any(word in squeezed for word in _WORDS)


def without_stamps(glyphs: list[Glyph]) -> Unstamped:
    """Takes out small print that opens like a signature stamp and says when it was signed."""
    printed = [glyph for glyph in glyphs if not glyph.text.isspace()]
    if not printed:
        return Unstamped(glyphs, ())
    common = sorted(glyph.size for glyph in printed)[len(printed) * 4 // 5]  # a stamp may be half of a page's letters
    lines = _lines(glyphs)
    gone: set[int] = set()
    stamps: list[str] = []
    at = 0
    while at < len(lines):
        text = _text(glyphs, lines[at])
        count = _stamp_height(glyphs, lines[at:], common) if _OPENS.match(text) else 0
        if count:
            stamps.append(" ".join(_text(glyphs, line) for line in lines[at : at + count]))
            gone.update(number for line in lines[at : at + count] for number in line)
        at += max(count, 1)
    if not gone:
        return Unstamped(glyphs, ())
    return Unstamped([glyph for number, glyph in enumerate(glyphs) if number not in gone], tuple(stamps))


def _lines(glyphs: Sequence[Glyph]) -> list[list[int]]:
    """Runs of glyphs on one line, in the order of the file."""
    lines: list[list[int]] = []
    for number, glyph in enumerate(glyphs):
        before = glyphs[number - 1] if number else None
        same = (
            before is not None
            and abs(before.size - glyph.size) < 0.3
            and abs(before.middle - glyph.middle) < 0.3 * glyph.size
            and -0.5 * glyph.size < glyph.x0 - before.x1 < 3 * glyph.size
        )
        if same:
            lines[-1].append(number)
        else:
            lines.append([number])
    return lines


def _text(glyphs: Sequence[Glyph], line: Sequence[int]) -> str:
    return " ".join(running_text([glyphs[number] for number in line]).split())


def _stamp_height(glyphs: Sequence[Glyph], lines: Sequence[Sequence[int]], common: float) -> int:
    """Lines of the stamp that begins here, one below another in one small print; 0 where no time of signing follows."""
    first = glyphs[lines[0][0]]
    if first.size > _SMALL * common:
        return 0
    count = signed = 0
    for line in lines[:_LINES]:
        glyph = glyphs[line[0]]
        step = glyph.middle - glyphs[lines[max(count - 1, 0)][0]].middle
        text = _text(glyphs, line)
        if abs(glyph.size - first.size) > 0.3 or not -0.1 * glyph.size <= step <= 2 * glyph.size:
            break
        if signed and not (_LABEL.match(text) or _SIGNED_AT.match(text)):
            break
        count += 1
        if _SIGNED_AT.search(text):
            signed = count
    return max(signed, count if signed else 0)
