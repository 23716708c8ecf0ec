"""Marks of HTML lists, which browsers compute: "1.", "b.", "IV.", "-"."""

import re

from extractors.docx_package import Element

_STYLE = re.compile(r"list-style(?:-type)?\s*:\s*([\w-]+)")
_KINDS = {"lower-alpha": "a", "lower-latin": "a", "upper-alpha": "A", "upper-latin": "A", "lower-roman": "i"}
_KINDS |= {"upper-roman": "I", "decimal": "1", "decimal-leading-zero": "01", "none": ""}
_ROMAN = ((10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i"))


class Lists:
    """The lists that are open, innermost last: kind of mark and the number to come."""

    def __init__(self) -> None:
        self._open: list[tuple[str, int]] = []

    def open(self, node: Element) -> None:
        """Begins an `ol` or `ul`."""
        kind = "-" if node.tag == "ul" else node.get("type", "1")
        found = _STYLE.search(node.get("style", "").lower())
        if found and (node.tag == "ol" or found[1] == "none"):
            kind = _KINDS.get(found[1], kind)
        self._open.append((kind, _number(node.get("start"), 1)))

    def close(self) -> None:
        if self._open:
            self._open.pop()

    def mark(self, node: Element) -> str:
        """The mark of the next item; "" where the list shows none."""
        if not self._open:
            return "-"
        kind, number = self._open[-1]
        number = _number(node.get("value"), number)
        self._open[-1] = (kind, number + 1)
        return kind if kind in ("", "-") else f"{_written(number, kind)}."


def _number(written: str | None, otherwise: int) -> int:
    text = (written or "").strip()
    return int(text) if re.fullmatch(r"-?\d{1,6}", text) else otherwise


def _written(number: int, kind: str) -> str:
    if kind in ("i", "I") and 0 < number < 40:
        text, rest = "", number
        for value, letters in _ROMAN:
            text += letters * (rest // value)
            rest %= value
        return text if kind == "i" else text.upper()
    if kind in ("a", "A") and 0 < number <= 26:
        return chr(ord(kind) + number - 1)
    return f"{number:02d}" if kind == "01" else str(number)
