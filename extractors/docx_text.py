"""The text of one Word paragraph as it is printed: what is kept, what is dropped, what floats beside it."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from operator import itemgetter

from extractors.docx_fold import FOLD, Properties, written
from extractors.docx_styles import (
    NO_PARAGRAPH_WORDS,
    NO_RUN_WORDS,
    ParagraphWords,
    RunLook,
    RunWords,
    Styles,
    paragraph_words,
    run_words,
)
from extractors.docx_xml import DELETED, MC, Element, W
from extractors.legacy_fonts import LegacyFonts

M = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"

_ALTERNATE = MC + "AlternateContent"
_RUN, _RUN_PROPERTIES, _PROPERTIES = W + "r", W + "rPr", W + "pPr"
_SILENT = frozenset(
    W + name
    for name in (
        *(
            "pPr",
            "rPr",
            "sdtPr",
            "sdtEndPr",
            "smartTagPr",
            "customXmlPr",
            "trPr",
            "tcPr",
            "tblPr",
            "tblPrEx",
            "tblGrid",
        ),
        *("instrText", "delInstrText", "delText", "pgNum", "rt", "separator", "continuationSeparator"),
        *("annotationRef", "footnoteRef", "endnoteRef", "commentReference"),
    )
)
SIGNS = {
    W + "tab": "\t",
    W + "ptab": "\t",
    W + "br": "\n",
    W + "cr": "\n",
    W + "noBreakHyphen": "-",
    W + "softHyphen": "\u00ad",
}
_WORDS = W + "t"
_TEXT = frozenset({_WORDS, M + "t"})
_FLOATING = frozenset({W + "drawing", W + "pict", W + "object"})
_BOX = W + "txbxContent"

# Symbol fonts keep their glyphs in the private use area; these have a plain character of the same look.
_SYMBOL = {0xA3: "≤", 0xB3: "≥", 0xB0: "°", 0xB1: "±", 0xB4: "×", 0xB8: "÷", 0xB9: "≠", 0xBB: "≈", 0xA5: "∞",
           0xAE: "→", 0xDE: "⇒", 0xE5: "∑", 0x44: "Δ", 0x61: "α", 0x62: "β", 0x6D: "μ", 0x70: "π"}  # fmt: skip
_WINGDINGS = {0xFC: "✓", 0xFB: "✗", 0xFE: "☑", 0xFD: "☒", 0xA8: "☐", 0x6F: "☐", 0x71: "☐", 0xE0: "→", 0xE8: "→",
              0xF0: "⇨", 0x28: "☎", 0x2A: "✉"}  # fmt: skip
_GLYPHS = {"symbol": _SYMBOL, "wingdings": _WINGDINGS}


_LINE_EDGES = re.compile(r"[^\S\n]*\n[^\S\n]*")

Piece = tuple[str, RunLook]  # a stretch of printed text of one look


@dataclass(slots=True)
class Seen:
    """What was met and left out, for the notices of the document."""

    deleted: list[str] = field(default_factory=list)
    inserted: int = 0
    hidden: list[str] = field(default_factory=list)
    notes: list[tuple[str, str]] = field(default_factory=list)  # (footnote | endnote, id)
    recoded: list[str] = field(default_factory=list)


def children(parent: Element) -> list[Element]:
    """Child elements with the wrappers taken off that print nothing themselves.

    Content controls, custom XML, inserted and moved-to blocks and the chosen branch of alternate content open up;
    deleted and moved-away blocks are passed by.
    """
    found: list[Element] = []
    for child in parent:
        if child.tag in _BLOCKS:
            found.append(child)
        else:
            found += opened(child)
    return found


def opened(node: Element) -> list[Element]:
    """A child element that may be a wrapper: what it stands for among the children."""
    tag = node.tag
    if tag == _ALTERNATE:
        chosen = chosen_branch(node)
        return children(chosen) if chosen is not None else []
    if tag in _WRAPPERS:
        return children(node)
    return [node] if tag not in _SILENT and tag not in DELETED and isinstance(tag, str) else []  # comments have no name


_BLOCKS = frozenset(W + name for name in ("p", "tbl", "tr", "tc"))
_WRAPPERS = frozenset(W + name for name in ("sdt", "sdtContent", "customXml", "smartTag", "ins", "moveTo"))


def chosen_branch(alternate: Element) -> Element | None:
    """The one branch of `mc:AlternateContent` to read: the first choice that holds text, else the fallback."""
    for branch in (*alternate.iterchildren(MC + "Choice"), *alternate.iterchildren(MC + "Fallback")):
        if next(branch.iter(*_TEXT, *SIGNS, W + "sym"), None) is not None or any(written(branch)):
            return branch
    return None


class Looks(dict[RunWords | str, RunLook]):
    """How runs look in paragraphs of one style, by what they say or by the number of their properties."""

    def __init__(self, style: str | None, styles: Styles, properties: Properties) -> None:
        super().__init__()
        self._style = style
        self._styles = styles
        self._elements = properties.elements

    def __missing__(self, key: RunWords | str) -> RunLook:
        words = run_words(self._elements[key]) if isinstance(key, str) else key
        look = self[key] = self._styles.printed(self._style, words)
        return look


class _ParagraphWords(dict[str, ParagraphWords]):
    """What paragraphs say of themselves, by the number of their properties."""

    def __init__(self, properties: Properties) -> None:
        super().__init__()
        self._elements = properties.elements

    def __missing__(self, number: str) -> ParagraphWords:
        words = self[number] = paragraph_words(self._elements[number])
        return words


class InlineReader:
    """Reads paragraphs of one document; `seen` gathers what was left out."""

    def __init__(self, styles: Styles, fonts: LegacyFonts, properties: Properties) -> None:
        self.seen = Seen()
        self.fonts = fonts
        self.paragraph_words = _ParagraphWords(properties)
        self._properties = properties
        self._unfolded = properties.unfolded
        self._styles = styles
        self._looks: dict[str | None, Looks] = {}  # by paragraph style

    def looks(self, style: str | None) -> Looks:
        """How runs look in paragraphs of a style."""
        looks = self._looks.get(style)
        if looks is None:
            looks = self._looks[style] = Looks(style, self._styles, self._properties)
        return looks

    def read(self, paragraph: Element) -> tuple[ParagraphWords, Sequence[Piece], Sequence[Element]]:
        """What a `w:p` says of itself, its pieces in order, and the text boxes anchored in it."""
        number = paragraph.get(FOLD)
        if number is None:
            properties = paragraph.find(_PROPERTIES)
            words = paragraph_words(properties) if properties is not None else NO_PARAGRAPH_WORDS
        else:
            words = self.paragraph_words[number]
        pieces: list[Piece] = []
        boxes: list[Element] = []
        self._content(paragraph, self.looks(words.style), pieces, boxes)
        return words, self._in_unicode(pieces) if self.fonts.present else pieces, boxes

    def _in_unicode(self, pieces: Sequence[Piece]) -> Sequence[Piece]:
        """Old fonts spell a letter in two characters, so neighbours of one look are decoded as one."""
        merged = (("".join(text for text, _ in group), look) for look, group in groupby(pieces, itemgetter(1)))
        return [(self._decode(text, look.font), look) for text, look in merged]

    def _decode(self, text: str, font: str | None) -> str:
        decoded = self.fonts.decode(text, font)
        if decoded != text:
            self.seen.recoded.append(decoded)
        return decoded

    def _content(self, nodes: Iterable[Element], looks: Looks, pieces: list[Piece], boxes: list[Element]) -> None:
        for child in nodes:
            tag = child.tag
            if tag == _RUN:
                self._run(child, looks, pieces, boxes)
            elif tag in _SILENT:
                continue
            elif tag in DELETED:
                self._note_deleted(child)
            elif tag == _ALTERNATE:
                chosen = chosen_branch(child)
                if chosen is not None:
                    self._content(chosen, looks, pieces, boxes)
            elif tag in _TEXT:  # mathematics outside runs
                pieces.append((child.text or "", looks[NO_RUN_WORDS]))
            elif isinstance(tag, str):
                self.seen.inserted += tag == W + "ins" or tag == W + "moveTo"
                self._content(self._unfolded(child), looks, pieces, boxes)

    def _run(self, run: Element, looks: Looks, pieces: list[Piece], boxes: list[Element]) -> None:
        words: RunWords | str | None = run.get(FOLD)
        text = ""
        for child in run:
            tag = child.tag
            if tag == _WORDS:
                text += child.text or ""
            elif tag != _RUN_PROPERTIES:
                text += self._sign(child, boxes)
            elif words is None:
                words = run_words(child)
        look = looks[words or NO_RUN_WORDS]
        if look.hidden:
            if text.strip():
                self.seen.hidden.append(text)
        elif text:
            pieces.append((text, look))

    def _sign(self, node: Element, boxes: list[Element]) -> str:
        """What a child of a run prints that is no `w:t`."""
        tag = node.tag
        if tag in SIGNS:
            return SIGNS[tag]
        if tag in _TEXT:
            return node.text or ""
        if tag == W + "sym":
            return _symbol(node)
        if tag in _FLOATING:
            boxes.extend(_boxes(node))
        elif tag == W + "footnoteReference" or tag == W + "endnoteReference":
            self.seen.notes.append((tag[len(W) : -len("Reference")], node.get(W + "id", "")))
        elif tag == _ALTERNATE:
            chosen = chosen_branch(node)
            if chosen is not None:
                return "".join([self._sign(child, boxes) for child in chosen])
        elif tag in DELETED:
            self._note_deleted(node)
        elif tag not in _SILENT and isinstance(tag, str):
            return "".join([self._sign(child, boxes) for child in self._unfolded(node)])
        return ""

    def _note_deleted(self, node: Element) -> None:
        text = "".join(written(node, W + "delText", W + "t"))
        self.seen.deleted.append(text)


def tidy(text: str) -> str:
    """Edges of lines off, but for one tab in front: it may say that the line stands in the right column.

    Spaces inside a line stay as typed ("Số:      /KH-UBND" is a blank number).
    """
    ended = (_LINE_EDGES.sub("\n", text) if "\n" in text else text).rstrip()
    bare = ended.lstrip()
    return f"\t{bare}" if "\t" in ended[: len(ended) - len(bare)] else bare


def _boxes(shape: Element) -> Iterator[Element]:
    """Text boxes of a drawing, once each; a box inside a box is found when the outer one is read."""
    if shape.tag == _BOX:
        yield shape
    elif shape.tag == _ALTERNATE:
        chosen = chosen_branch(shape)
        if chosen is not None:
            yield from _boxes(chosen)
    else:
        for child in shape.iterchildren("{*}*"):
            yield from _boxes(child)


def _symbol(node: Element) -> str:
    """The plain character of a `w:sym`; a glyph that is only an ornament is a dash.

    Forms: Symbol F0B3 -> "≥"; Wingdings F0FC -> "✓"; Symbol F0B7 -> "-".
    """
    try:
        code = int(node.get(W + "char", ""), 16)
    except ValueError:
        return ""
    if not 0xF000 <= code <= 0xF0FF:
        return chr(code) if 0x20 <= code < 0xD800 or 0xE000 <= code < 0x110000 else ""
    glyphs = _GLYPHS.get(node.get(W + "font", "").lower(), {})
    return glyphs.get(code - 0xF000, "-")
