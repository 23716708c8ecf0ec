"""List numbers that recognition misread, mended by the numbers before and after them.

A lone letter or numeral gives the recogniser no word to go by: "g)" comes out as "8)", "e)" as "©)", "III." as "II.",
the "A" of a section as "ñ".
It is mended only where the list itself tells what must stand there: the number before it, a shape that is known to
be taken for it, and a number after it that goes on from there, or the end of the list.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from extractors.document import Block, Cell, Notice, Paragraph, Table

_CAPITALS = tuple("ABCDĐEGHIKLMNOPQRSTUVXY")
_LETTERS = tuple("abcdđeghiklmnopqrstuvxy")  # of Vietnamese lists: no f, j, w, z and no vowels with marks
_ROMANS = ("I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII", "XIII", "XIV", "XV")
_NUMBER = re.compile(r"(?P<name>[^\s.)]{0,4})(?P<mark>[.)])(?=\s|$|[A-ZĐÀ-Ỹ])|(?P<bare>[^\s.)]{1,4})$")

_MENDED = 0.9  # what the list itself tells is surer than what the recogniser saw
_SURE = 0.93  # of the recogniser: misread numerals are seldom surer
# Shapes seen for a letter, beside its capital and the letter with a mark on it.
_LOOKS = {
    "a": "8439",
    "b": "6h",
    "c": "€©eœ",
    "d": "qđ4",
    "đ": "4d®q",
    "e": "©€cC6",
    "g": "89øq",
    "h": "b",
    "i": "1l!íìj",
    "l": "1I|!",
    "o": "0ø",
    "q": "g9",
    "s": "5§",
    "u": "ư",
    "v": "y",
    "y": "v",
}


@dataclass(frozen=True, slots=True)
class _Number:
    """The number at the head of an item: "e" and ")" of "e) Rà soát"."""

    name: str
    mark: str


def _like_letter(read: str, letter: str) -> bool:
    return read == letter.upper() or (bool(read) and read in _LOOKS.get(letter, "")) or (not read and letter == "i")


def _like_roman(read: str, numeral: str) -> bool:
    """Strokes are miscounted and taken for other upright letters: "II" for "III", "H", "HI", "IL", "1V"."""
    strokes = re.sub(r"[l1|!\]\[LT]", "I", read.replace("H", "II"))
    return re.search("[IVXH]", read) is not None and re.sub("I+", "I", strokes) == re.sub("I+", "I", numeral)


def mend(items: Sequence[str], sure: Sequence[bool] = ()) -> dict[int, str]:
    """Items with their number mended, by their place; `items` are those of one list or column, top to bottom.

    A number that could stand in the list as it was read, out of turn, is left where the recogniser was `sure` of it:
    it may be the writer's own slip.

    Forms: "d)", "đ)", "©)", "g)" -> "e)" at 2; "I. A", "II. B", "II. C", "IV. D" -> "III. C" at 2; "b)", "d)", "e)"
    stays: "c)" is missing on paper as well, for nothing here looks like it.
    """
    out: dict[int, str] = {}
    for names, looks, nested in ((_ROMANS, _like_roman, False), (_LETTERS, _like_letter, True)):
        numbers = [_number(out.get(at, item)) for at, item in enumerate(items)]
        fixed = [
            number is not None and number.name in names and at < len(sure) and sure[at]
            for at, number in enumerate(numbers)
        ]
        for at, number in _mended(numbers, fixed, names, looks, nested).items():
            out[at] = number.name + number.mark + items[at][len(_head(items[at])) :]
    for at, number in _sections([_number(out.get(at, item)) for at, item in enumerate(items)], sure).items():
        out[at] = number.name + number.mark + items[at][len(_head(items[at])) :]
    return out


def _sections(numbers: Sequence[_Number | None], seen: Sequence[bool]) -> dict[int, _Number]:
    """Capitals of sections, whatever stands between them: "ñ", 1, 2, "B", 3 -> "A" at 0; "A", 1, "b" -> "B" at 2.

    A letter that no list has is mended where the next section tells which one it is, a small one also as the last.
    """
    heads = [(at, number) for at, number in enumerate(numbers) if number and number.name.isalpha()]
    heads = [(at, number) for at, number in heads if len(number.name) == 1]
    out: dict[int, _Number] = {}
    due = 0
    for place, (at, number) in enumerate(heads):
        if number.name in _CAPITALS:
            due = _CAPITALS.index(number.name) + 1
            continue
        before = heads[place - 1][1].name if place else "A"
        following = heads[place + 1][1].name if place + 1 < len(heads) else ""
        begins_own = number.name == "a" and due > 0  # a list of letters inside the section
        sure = due + 1 < len(_CAPITALS) and following == _CAPITALS[due + 1] and not begins_own
        last = due > 0 and not following and number.name.upper() == _CAPITALS[due] and before in _CAPITALS
        written = number.name in _LETTERS and at < len(seen) and seen[at]
        if (sure or last) and not written:
            out[at] = _Number(_CAPITALS[due], number.mark)
            due += 1
    return out


def _head(item: str) -> str:
    found = _NUMBER.match(item)
    return found[0] if found else ""


def _number(item: str) -> _Number | None:
    found = _NUMBER.match(item)
    return _Number(found["bare"] or found["name"], found["mark"] or "") if found else None


def _mended(
    numbers: Sequence[_Number | None],
    fixed: Sequence[bool],
    names: Sequence[str],
    looks: Callable[[str, str], bool],
    nested: bool,
) -> dict[int, _Number]:
    out: dict[int, _Number] = {}
    before: _Number | None = None
    for at, number in enumerate(numbers):
        if number is None:
            continue
        due = names.index(before.name) + 1 if before else 0
        open_to = not fixed[at] and (number.mark == before.mark if before else number.name not in names)
        if due < len(names) and number.name != names[due] and open_to:
            following = next((other for other in numbers[at + 1 :] if other is not None), None)
            if looks(number.name, names[due]) and _goes_on(number, following, names, due, looks):
                out[at] = before = _Number(names[due], number.mark)
                continue
        if number.name in names:
            before = number
        elif nested:
            before = None  # a list of letters ends where its parent list goes on
    return out


def _goes_on(
    number: _Number,
    following: _Number | None,
    names: Sequence[str],
    due: int,
    looks: Callable[[str, str], bool],
) -> bool:
    """Whether the next number fits behind the one that is due."""
    counts = following is not None and due + 1 < len(names) and following.mark == number.mark
    if counts and following is not None and (following.name == names[due + 1] or looks(following.name, names[due + 1])):
        return True
    if due == 0 or number.name == names[0]:
        return False  # the first of a list, or a list that begins again: only what follows can tell
    ends = following is None or (following.mark, following.name.isdigit()) != (number.mark, False)
    return ends or (following is not None and following.name == names[0])


def mend_numbers(blocks: Sequence[Block], scanned: frozenset[int]) -> tuple[tuple[Block, ...], tuple[Notice, ...]]:
    """Blocks with the numbers of recognised pages mended, and a notice for each."""
    notices: list[Notice] = []

    def mended(items: Sequence[Paragraph | Cell]) -> dict[int, str]:
        sure = [item.place.page not in scanned or item.confidence >= _SURE for item in items]
        new = mend([item.text for item in items], sure)
        new = {at: text for at, text in new.items() if items[at].place.page in scanned}
        for at, text in new.items():
            old, head = _head(items[at].text), _head(text)
            message = (
                f"Số thứ tự “{old}” được đọc lại là “{head}” theo thứ tự của danh sách / list number {old} is {head}"
            )
            notices.append(Notice("text.repaired", message, items[at].place, evidence=items[at].text[:80]))
        return new

    out = list(blocks)
    prose = [at for at, block in enumerate(blocks) if isinstance(block, Paragraph) and _NUMBER.match(block.text)]
    paragraphs = [block for block in blocks if isinstance(block, Paragraph) and _NUMBER.match(block.text)]
    for index, text in mended(paragraphs).items():
        out[prose[index]] = replace(paragraphs[index], text=text)
    for at, block in enumerate(blocks):
        if isinstance(block, Table) and block.ruled:
            column = sorted((cell for cell in block.cells if cell.column == 0), key=lambda cell: cell.row)
            new = mended(column)
            by_row = {column[index].row: text for index, text in new.items()}
            cells = tuple(
                replace(cell, text=by_row[cell.row], confidence=max(cell.confidence, _MENDED))
                if cell.column == 0 and cell.row in by_row
                else cell
                for cell in block.cells
            )
            out[at] = replace(block, cells=cells)
    return tuple(out), tuple(notices)
