"""What a Word style says about looks: bold, italic, hidden, centered, heading level, list, borders (ECMA-376 17.7)."""

from collections.abc import Callable, Iterator, Mapping
from functools import lru_cache
from typing import Any, NamedTuple, TypeVar

from extractors.docx_package import Part
from extractors.docx_sheet import open_sheet
from extractors.docx_xml import DELETED, Element, W, child

_ON = (None, "1", "true", "on")
_UNRULED = ("none", "nil")
_BORDERS = (W + "tblBorders", W + "tcBorders")
_NORMAL_LEVEL = 9  # w:outlineLvl 9 is body text


class RunLook(NamedTuple):
    """Character looks; None is "not said here"."""

    bold: bool | None = None
    italic: bool | None = None
    hidden: bool | None = None
    font: str | None = None


class ParagraphLook(NamedTuple):
    """Paragraph looks; None is "not said here". `num_id` "0" takes a list away."""

    centered: bool | None = None
    outline: int | None = None
    num_id: str | None = None
    list_level: int | None = None
    list_style: str | None = None  # the style that brings `num_id`


_Look = TypeVar("_Look", RunLook, ParagraphLook)


def over(upper: _Look, lower: _Look) -> _Look:
    """What `upper` says, and where it says nothing what `lower` says."""
    values: list[Any] = [ours if ours is not None else theirs for ours, theirs in zip(upper, lower, strict=True)]
    return type(upper)(*values)


def value(parent: Element | None, name: str) -> str | None:
    """`w:val` of a direct child, None where there is no such child or value."""
    found = child(parent, name)
    return found.get(_VAL) if found is not None else None


def number(text: str | None) -> int | None:
    """A whole number as XML writes it, None for anything else."""
    try:
        return int(text) if text is not None else None
    except ValueError:
        return None


def firsts(properties: Element) -> dict[str, Element]:
    """The children of a list of properties by tag; of each property the first counts."""
    found: dict[str, Element] = {}
    for node in properties:
        found.setdefault(node.tag, node)
    return found


class RunWords(NamedTuple):
    """What a `w:rPr` says, the character style that it names by its name."""

    style: str | None
    bold: bool | None
    italic: bool | None
    hidden: bool | None
    font: str | None

    @property
    def look(self) -> RunLook:
        """The looks that the properties themselves give, without their style."""
        return RunLook(self.bold, self.italic, self.hidden, self.font)


def run_words(properties: Element | None) -> RunWords:
    """Reads a `w:rPr`."""
    if properties is None:
        return NO_RUN_WORDS
    style, bold, italic, hidden, fonts = map(firsts(properties).get, _RUN_PROPERTIES)
    return RunWords(
        style.get(_VAL) if style is not None else None,
        bold.get(_VAL) in _ON if bold is not None else None,
        italic.get(_VAL) in _ON if italic is not None else None,
        hidden.get(_VAL) in _ON if hidden is not None else None,
        fonts.get(_ASCII) or fonts.get(_ANSI) if fonts is not None else None,
    )


class ParagraphWords(NamedTuple):
    """What a `w:pPr` says, its style by its name."""

    style: str | None = None
    alignment: str | None = None
    outline: str | None = None
    num_id: str | None = None
    list_level: str | None = None
    mark_deleted: bool = False  # the next paragraph continues this one

    def look(self, owner: str = "") -> ParagraphLook:
        """The looks that the properties themselves give; `owner` is the style that they belong to, if to one."""
        return ParagraphLook(
            self.alignment == "center" if self.alignment is not None else None,
            number(self.outline),
            self.num_id,
            number(self.list_level),
            owner if self.num_id is not None else None,
        )


def paragraph_words(properties: Element | None) -> ParagraphWords:
    """Reads a `w:pPr`."""
    if properties is None or not len(properties):
        return NO_PARAGRAPH_WORDS
    style, alignment, outline, listing, mark = map(firsts(properties).get, _PARAGRAPH_PROPERTIES)
    return ParagraphWords(
        style.get(_VAL) if style is not None else None,
        alignment.get(_VAL) if alignment is not None else None,
        outline.get(_VAL) if outline is not None else None,
        value(listing, "numId"),
        value(listing, "ilvl"),
        mark is not None and any(node.tag in DELETED for node in mark),
    )


_RUN_PROPERTIES = tuple(W + name for name in ("rStyle", "b", "i", "vanish", "rFonts"))
_PARAGRAPH_PROPERTIES = tuple(W + name for name in ("pStyle", "jc", "outlineLvl", "numPr", "rPr"))
_VAL, _ASCII, _ANSI = W + "val", W + "ascii", W + "hAnsi"
NO_RUN_WORDS = RunWords(None, None, None, None, None)
NO_PARAGRAPH_WORDS = ParagraphWords()


class Styles:
    """The style sheet of one document; answers are computed once a style."""

    def __init__(self, blob: bytes | None) -> None:
        sheet = open_sheet(blob) if blob is not None else None
        self._sheet = sheet
        self._defaults: Mapping[str, str] = sheet.defaults if sheet is not None else {}
        self._base_run = run_words(sheet.base_run).look if sheet is not None else RunLook()
        self._runs: dict[str | None, RunLook] = {}
        self._paragraphs: dict[str | None, ParagraphLook] = {}
        self._paragraph_runs: dict[str | None, RunLook] = {}
        self._ruled: dict[str | None, bool] = {}

    @property
    def is_damaged(self) -> bool:
        """Whether a style that was asked for cannot be read."""
        return self._sheet is not None and self._sheet.is_damaged

    def printed(self, style: str | None, words: RunWords) -> RunLook:
        """How a run with these words looks in a paragraph of this style: its own, its style's, its paragraph's."""
        named = _once(self._runs, words.style, lambda: self._run_chain(words.style)) if words.style else RunLook()
        return over(words.look, over(named, self.paragraph_run(style)))

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
        node = self._node(style or "")
        return value(node.find(f"{W}pPr/{W}numPr"), "numId") if node is not None else None

    def _known(self, style: str | None, kind: str) -> str | None:
        is_there = style is not None and self._sheet is not None and style in self._sheet
        return style if is_there else self._defaults.get(kind)

    def _node(self, style: str) -> Element | None:
        return self._sheet.node(style) if self._sheet is not None else None

    def _chain(self, style: str | None) -> Iterator[Element]:
        """A style and what it is based on, nearest first; a circle ends where it closes."""
        seen: set[str] = set()
        while style and style not in seen and (node := self._node(style)) is not None:
            seen.add(style)
            yield node
            style = value(node, "basedOn")

    def _run_chain(self, style: str | None) -> RunLook:
        look = RunLook()
        for node in self._chain(style):
            look = over(look, run_words(child(node, "rPr")).look)
        return look

    def _paragraph_chain(self, style: str | None) -> ParagraphLook:
        look = ParagraphLook()
        for node in self._chain(self._known(style, "paragraph")):
            look = over(look, paragraph_words(child(node, "pPr")).look(node.get(W + "styleId", "")))
        return look


@lru_cache(maxsize=4)
def _known_styles(part: Part | None) -> Styles:
    """By the part itself, which the package keeps where files share it: to compare its bytes would cost more."""
    return Styles(part.content if part is not None else None)


def styles_of(part: Part | None) -> Styles:
    """The styles of a document: what was found out about a sound style sheet is shared.

    Raises:
        etree.XMLSyntaxError, ValueError: as `open_sheet`.
    """
    known = _known_styles(part)
    if part is not None and known.is_damaged:
        return Styles(part.content)  # whether this document refers to the damage, only it can tell
    return known


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
    return any(visible(border) for group in style.iter(*_BORDERS) for border in group.iterchildren("{*}*"))
