"""Marks of HTML lists, which browsers compute: "1.", "b.", "IV.", "-"."""

import re

from extractors.docx_xml import Element

_STYLE = re.compile(r"list-style(?:-type)?\s*:\s*([\w-]+)")
_KINDS = {"lower-alpha": "a", "lower-latin": "a", "upper-alpha": "A", "upper-latin": "A", "lower-roman": "i"}
_KINDS |= {"upper-roman": "I", "decimal": "1", "decimal-leading-zero": "01", "none": ""}
_ATTRIBUTES = {"1": "1", "a": "a", "A": "A", "i": "i", "I": "I", "disc": "-", "circle": "-", "square": "-", "none": ""}
_ROMAN = (
    *((1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"), (50, "l"), (40, "xl")),
    *((10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i")),
)


class Lists:
    """The lists that are open, innermost last: kind of mark, the number to come, and the step to the next."""

    def __init__(self) -> None:
        self._open: list[tuple[str, int, int]] = []

    def open(self, node: Element) -> None:
        """Begins an `ol` or `ul`."""
        kind = _kind(node, "-" if node.tag == "ul" else "1")
        if node.tag == "ol" and node.get("reversed") is not None:
            self._open.append((kind, _number(node.get("start"), len(node.findall("li"))), -1))
        else:
            self._open.append((kind, _number(node.get("start"), 1), 1))

    def close(self) -> None:
        if self._open:
            self._open.pop()

    def mark(self, node: Element) -> str:
        """The mark of the next item; "" where the list shows none."""
        if not self._open:
            return "-"
        kind, number, step = self._open[-1]
        number = _number(node.get("value"), number)
        self._open[-1] = (kind, number + step, step)
        kind = _kind(node, kind)
        return kind if kind in ("", "-") else f"{_written(number, kind)}."


def _kind(node: Element, otherwise: str) -> str:
    """What a list or an item says of its marks; bullets stay bullets, whatever their shape."""
    kind = _ATTRIBUTES.get(node.get("type", ""), otherwise)
    found = _STYLE.search(node.get("style", "").lower())
    if found and (otherwise != "-" or found[1] == "none"):
        kind = _KINDS.get(found[1], kind)
    return "-" if otherwise == "-" and kind else kind


def _number(written: str | None, otherwise: int) -> int:
    text = (written or "").strip()
    return int(text) if re.fullmatch(r"-?\d{1,6}", text) else otherwise


def _written(number: int, kind: str) -> str:
    if kind in ("i", "I") and 0 < number < 4000:
        text, rest = "", number
        for value, letters in _ROMAN:
            text += letters * (rest // value)
            rest %= value
        return text if kind == "i" else text.upper()
    if kind in ("a", "A") and number > 0:
        text, rest = "", number
        while rest:
            rest, letter = divmod(rest - 1, 26)
            text = chr(ord(kind) + letter) + text
        return text
    return f"{number:02d}" if kind == "01" else str(number)
