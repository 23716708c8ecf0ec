"""The style sheet of a Word file, of which a style is parsed when something first refers to it.

A sheet may be twenty times as long as the text and names some hundred styles, of which a plan uses five. The tags
`<w:style ...>` and `</w:style>` are looked for in its bytes, in one pass and without a copy; where they stand is sure
only if nothing about them is uncommon, so all other sheets are parsed as a whole.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from typing import Protocol

from lxml import etree

from extractors.docx_fold import Root, plain_root
from extractors.docx_xml import STRICT, Element, W, child, parse_xml, transitional

# A start tag, with the end tag before it, or (nothing caught) any other "w:style". To begin with a rare letter is
# faster than with "<". Values hold no "=", so that what looks like an attribute is one.
_TAG = re.compile(rb'y(?<=w:sty)le(?:(?:>[ \t\r\n]*+<w:style)?+((?: w:\w+="[^"=<>&\t\r\n]*+")++)>)?+')
_BEGIN, _END = b"<w:style", b"</w:style>"
_LAST = re.compile(rb"</w:style>\s*</w:styles>\s*")
_BEFORE_MATCH = len("</w:st")
_NAMED, _IS_DEFAULT = b' w:styleId="', b' w:default="'
_NAMESPACE = W[1:-1].encode()
_ATTRIBUTE = re.compile(rb' w:(styleId|type|default)="([^"]*)"')
_DEFAULTS, _END_DEFAULTS = b"<w:docDefaults>", b"</w:docDefaults>"
_ALWAYS_ASKED = ("paragraph", "table")  # defaults of these kinds, so they are parsed with what stands before
_ON = ("1", "true", "on")


class Sheet(Protocol):
    """The styles of one document by their names."""

    is_damaged: bool  # a style that something refers to cannot be read
    defaults: Mapping[str, str]  # names of the default styles by their kinds
    base_run: Element | None  # the `w:rPr` that holds where no style says otherwise

    def __contains__(self, style: str) -> bool: ...

    def node(self, style: str) -> Element | None:
        """A `w:style`; None where there is none of this name."""


def open_sheet(blob: bytes) -> Sheet:
    """A style sheet, cut or parsed.

    Raises:
        etree.XMLSyntaxError, ValueError: the sheet has to be read as a whole and cannot be.
    """
    cut = _cut(blob)
    if cut is None:
        return ParsedSheet(blob)
    if cut.is_damaged:
        with suppress(etree.XMLSyntaxError, ValueError):
            return ParsedSheet(blob)
    return cut


class ParsedSheet:
    """A style sheet that is parsed as a whole. Of equal names and of defaults of one kind, the last counts."""

    is_damaged = False

    def __init__(self, blob: bytes) -> None:
        root = parse_xml(blob)
        styles = list(root.iterchildren(W + "style"))
        self._nodes = {node.get(W + "styleId", ""): node for node in styles}
        self.base_run = _base_run(root)
        self.defaults: Mapping[str, str] = _of_kinds(
            {name: node.get(W + name, "") for name in ("styleId", "type", "default")} for node in styles
        )

    def __contains__(self, style: str) -> bool:
        return style in self._nodes

    def node(self, style: str) -> Element | None:
        """A `w:style`; None where there is none of this name."""
        return self._nodes.get(style)


class CutSheet:
    """A style sheet of which only the tags `w:style` are known."""

    def __init__(self, blob: bytes, root: Root, tags: Sequence[re.Match[bytes]], starts: bytes) -> None:
        self.is_damaged = False
        self._blob = blob
        self._root = root
        self._tags = tags
        self._starts = starts
        self._nodes: dict[str, Element | None] = {}
        self.defaults: Mapping[str, str] = _of_kinds(
            {name.decode(): value.decode() for name, value in _ATTRIBUTE.findall(start)}
            for start in _default_starts(starts)
        )
        head = _doc_defaults(blob[root.end : tags[0].start(1) - len(_BEGIN)])
        asked = [self.defaults[kind] for kind in _ALWAYS_ASKED if kind in self.defaults]
        first = self._parsed(head + b"".join(map(self._piece, map(self._place, asked))))
        if first is not None:
            self._nodes.update(zip(asked, first.iterchildren(W + "style"), strict=True))
        elif asked:  # a damaged style harms no other
            self.is_damaged = False
            first = self._parsed(head)
        self.base_run = _base_run(first) if first is not None else None

    def __contains__(self, style: str) -> bool:
        return self._place(style) >= 0

    def node(self, style: str) -> Element | None:
        """A `w:style`; None where there is none of this name."""
        if style not in self._nodes:
            place = self._place(style)
            parsed = self._parsed(self._piece(place)) if place >= 0 else None
            self._nodes[style] = next(iter(parsed), None) if parsed is not None else None
        return self._nodes[style]

    def _place(self, style: str) -> int:
        """Of a start tag among all; -1 where there is none.

        Their attributes stand in `_starts`, in a line each after an empty one.
        """
        at = self._starts.rfind(b'%s%s"' % (_NAMED, style.encode()))
        return self._starts.count(b"\n", 0, at) - 1 if at >= 0 else -1

    def _piece(self, place: int) -> bytes:
        begin, end = self._tags[place].start(1) - len(_BEGIN), self._tags[place + 1].start() - _BEFORE_MATCH
        return self._blob[begin:end] + _END

    def _parsed(self, content: bytes) -> Element | None:
        try:
            return parse_xml(self._root.around(content))
        except (etree.XMLSyntaxError, ValueError):
            self.is_damaged = True
            return None


def _cut(blob: bytes) -> CutSheet | None:
    """A sheet by its tags; None where anything about them is uncommon.

    In sound XML, a style that is nested, empty or ended in another way, or anything between two styles, leaves more or
    fewer than two tags that begin none: the end of the last style, and that of the sheet.
    """
    root = plain_root(blob)
    if root is None:
        blob = transitional(blob)
        root = plain_root(blob)
    tags = list(_TAG.finditer(blob, root.end)) if root is not None else []
    if root is None or len(tags) < 3 or not _LAST.fullmatch(blob, tags[-2].start() - _BEFORE_MATCH):
        return None
    attributes = [tag[1] for tag in tags[:-2]]
    if None in attributes:
        return None
    starts = b"\n".join((b"", *attributes, b""))
    before = blob[: tags[0].start()]
    is_sure = (
        starts.count(_NAMED) == len(attributes)
        and before.count(_NAMESPACE) == 1  # no other prefix, whose styles would not be seen
        and before.find(b"xmlns", root.end) < 0
        and b"&" not in root.opening
        and STRICT not in before
        and STRICT not in starts
    )
    return CutSheet(blob, root, tags, starts) if is_sure else None


def _default_starts(starts: bytes) -> Iterator[bytes]:
    at = starts.find(_IS_DEFAULT)
    while at >= 0:
        end = starts.index(b"\n", at)
        yield starts[starts.rindex(b"\n", 0, at) : end]
        at = starts.find(_IS_DEFAULT, end)


def _doc_defaults(head: bytes) -> bytes:
    """What stands before the styles; without the names of those that are not there, where that is sure."""
    end = head.find(_END_DEFAULTS)
    alone = end >= 0 and head.startswith(_DEFAULTS) and head.rfind(_DEFAULTS, 0, end) == 0
    return head[: end + len(_END_DEFAULTS)] if alone else head


def _base_run(root: Element) -> Element | None:
    return child(child(child(root, "docDefaults"), "rPrDefault"), "rPr")


def _of_kinds(starts: Iterable[Mapping[str, str]]) -> dict[str, str]:
    """The names of the default styles by their kinds."""
    return {start.get("type", ""): start.get("styleId", "") for start in starts if start.get("default") in _ON}
