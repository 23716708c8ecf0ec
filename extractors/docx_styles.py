"""What a Word style says about looks: bold, italic, hidden, centered, heading level, list, borders (ECMA-376 17.7)."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, fields
from functools import lru_cache
from typing import TypeVar

from extractors.docx_package import Element, W

_ON = (None, "1", "true", "on")
_UNRULED = ("none", "nil")
_NORMAL_LEVEL = 9  # w:outlineLvl 9 is body text


@dataclass(frozen=True, slots=True)
class RunLook:
    """Character looks; None is "not said here"."""

    bold: bool | None = None
    italic: bool | None = None
    hidden: bool | None = None
    font: str | None = None


@dataclass(frozen=True, slots=True)
class ParagraphLook:
    """Paragraph looks; None is "not said here". `num_id` "0" takes a list away."""

    centered: bool | None = None
    outline: int | None = None
    num_id: str | None = None
    list_level: int | None = None
    list_style: str | None = None  # the style that brings `num_id`


_Look = TypeVar("_Look", RunLook, ParagraphLook)


@lru_cache(maxsize=4096)
def over(upper: _Look, lower: _Look) -> _Look:
    """What `upper` says, and where it says nothing what `lower` says."""
    values = (
        ours if (ours := getattr(upper, field.name)) is not None else getattr(lower, field.name)
        for field in fields(upper)
    )
    return type(upper)(*values)


def value(parent: Element | None, name: str) -> str | None:
    """`w:val` of a direct child, None where there is no such child or value."""
    child = parent.find(W + name) if parent is not None else None
    return child.get(_VAL) if child is not None else None


def number(text: str | None) -> int | None:
    """A whole number as XML writes it, None for anything else."""
    try:
        return int(text) if text is not None else None
    except ValueError:
        return None


def run_look(properties: Element | None) -> RunLook:
    """Looks in a `w:rPr`, its character style left out."""
    return _NO_RUN_LOOK if properties is None else run_style_and_look(properties)[1]


def run_style_and_look(properties: Element) -> tuple[str | None, RunLook]:
    """The character style that a `w:rPr` names, and its own looks; one pass, of each property the first counts."""
    found: dict[str, Element] = {}
    for child in properties:
        found.setdefault(child.tag, child)
    bold, italic, hidden, fonts, style = map(found.get, _RUN_PROPERTIES)
    return (
        style.get(_VAL) if style is not None else None,
        _known_run_look(
            bold.get(_VAL) in _ON if bold is not None else None,
            italic.get(_VAL) in _ON if italic is not None else None,
            hidden.get(_VAL) in _ON if hidden is not None else None,
            fonts.get(_ASCII) or fonts.get(_ANSI) if fonts is not None else None,
        ),
    )


def paragraph_look(properties: Element | None, style: str | None = None) -> ParagraphLook:
    """Looks in a `w:pPr`, its style left out; `style` names the style that the properties belong to."""
    if properties is None:
        return _NO_PARAGRAPH_LOOK
    alignment = value(properties, "jc")
    listing = properties.find(_LISTING)
    num_id = value(listing, "numId")
    return _known_paragraph_look(
        alignment == "center" if alignment is not None else None,
        number(value(properties, "outlineLvl")),
        num_id,
        number(value(listing, "ilvl")),
        (style or "") if num_id is not None else None,
    )


_RUN_PROPERTIES = tuple(W + name for name in ("b", "i", "vanish", "rFonts", "rStyle"))
_VAL, _ASCII, _ANSI, _LISTING = W + "val", W + "ascii", W + "hAnsi", W + "numPr"
_known_run_look = lru_cache(maxsize=1024)(RunLook)  # thousands of runs share a few looks
_known_paragraph_look = lru_cache(maxsize=1024)(ParagraphLook)
_NO_RUN_LOOK = RunLook()
_NO_PARAGRAPH_LOOK = ParagraphLook()


class Styles:
    """The style sheet of one document; answers are computed once a style."""

    def __init__(self, root: Element | None) -> None:
        nodes = list(root.iterchildren(W + "style")) if root is not None else []
        self._nodes = {node.get(W + "styleId", ""): node for node in nodes}
        self._defaults = {
            node.get(W + "type", ""): node.get(W + "styleId", "")
            for node in nodes
            if node.get(W + "default") in ("1", "true", "on")
        }
        base = root.find(W + "docDefaults") if root is not None else None
        run = base.find(f"{W}rPrDefault/{W}rPr") if base is not None else None
        self._base_run = run_look(run)
        self._runs: dict[str | None, RunLook] = {}
        self._paragraphs: dict[str | None, ParagraphLook] = {}
        self._paragraph_runs: dict[str | None, RunLook] = {}
        self._ruled: dict[str | None, bool] = {}
        fonts = root.iter(W + "rFonts") if root is not None else ()
        self.fonts = frozenset(font for node in fonts for font in (node.get(_ASCII), node.get(_ANSI)) if font)

    def run(self, style: str | None) -> RunLook:
        """Looks of a character style."""
        return _once(self._runs, style, lambda: self._run_chain(style))

    def paragraph(self, style: str | None) -> ParagraphLook:
        """Paragraph looks of a paragraph style, the default one for None."""
        return _once(self._paragraphs, style, lambda: self._paragraph_chain(style))

    def paragraph_run(self, style: str | None) -> RunLook:
        """Character looks that a paragraph style and the document defaults give."""
        return _once(
            self._paragraph_runs,
            style,
            lambda: over(self._run_chain(self._known(style, "paragraph")), self._base_run),
        )

    def ruled(self, style: str | None) -> bool:
        """Whether a table style draws any border."""
        return _once(self._ruled, style, lambda: any(map(_draws, self._chain(self._known(style, "table")))))

    def list_of(self, style: str | None) -> str | None:
        """The `numId` of a list style (`w:numStyleLink`)."""
        node = self._nodes.get(style or "")
        return value(node.find(f"{W}pPr/{W}numPr"), "numId") if node is not None else None

    def _known(self, style: str | None, kind: str) -> str | None:
        return style if style in self._nodes else self._defaults.get(kind)

    def _chain(self, style: str | None) -> Iterator[Element]:
        """A style and what it is based on, nearest first; a circle ends where it closes."""
        seen: set[str] = set()
        while style and style in self._nodes and style not in seen:
            seen.add(style)
            node = self._nodes[style]
            yield node
            style = value(node, "basedOn")

    def _run_chain(self, style: str | None) -> RunLook:
        look = _NO_RUN_LOOK
        for node in self._chain(style):
            look = over(look, run_look(node.find(W + "rPr")))
        return look

    def _paragraph_chain(self, style: str | None) -> ParagraphLook:
        look = _NO_PARAGRAPH_LOOK
        for node in self._chain(self._known(style, "paragraph")):
            look = over(look, paragraph_look(node.find(W + "pPr"), node.get(W + "styleId")))
        return look


styles_of = lru_cache(maxsize=4)(Styles)  # by the tree, which the package keeps where files share it


def heading_level(look: ParagraphLook) -> int:
    """1.. for headings (outline level 0..8), 0 for body text."""
    return look.outline + 1 if look.outline is not None and 0 <= look.outline < _NORMAL_LEVEL else 0


_Key = TypeVar("_Key")
_Value = TypeVar("_Value")


def _once(known: dict[_Key, _Value], key: _Key, compute: Callable[[], _Value]) -> _Value:
    if key not in known:
        known[key] = compute()
    return known[key]


def visible(border: Element) -> bool:
    """Whether a border element draws a line."""
    return border.get(W + "val", "none") not in _UNRULED


def _draws(style: Element) -> bool:
    borders = (*style.iter(W + "tblBorders"), *style.iter(W + "tcBorders"))
    return any(visible(border) for group in borders for border in group.iterchildren("{*}*"))
