"""The style sheet of a Word file, of which a style is parsed when something first refers to it.

A sheet may be twenty times as long as the text and names some hundred styles, of which a plan uses five.
"""

import re
from collections.abc import Iterator, Mapping

from lxml import etree

from extractors.docx_fold import Root, common_root, names_old_font
from extractors.docx_xml import Element, W, parse_xml, transitional

_END = b"</w:style>"
_START = re.compile(rb"\s*<w:style( [^<>'&]*[^<>'&/])>")
_ATTRIBUTE = re.compile(rb' w:(styleId|type|default)="([^"]*)"')
_ON = ("1", "true", "on")


class StyleSheet:
    """The styles of one document by their names.

    Raises:
        etree.XMLSyntaxError, ValueError: the sheet has to be read as a whole and cannot be.
    """

    def __init__(self, blob: bytes) -> None:
        blob = transitional(blob)
        self.is_damaged = False  # a style that something refers to cannot be read
        self._root = common_root(blob)
        cut = _cut(blob, self._root) if self._root is not None else None
        self._nodes: dict[str, Element | None] = {}
        self._pieces: Mapping[str, bytes] = {}
        if self._root is None or cut is None:
            root = parse_xml(blob)
            self._defaults = root.find(W + "docDefaults")
            starts = []
            for node in root.iterchildren(W + "style"):
                starts.append({name: node.get(W + name, "") for name in ("styleId", "type", "default")})
                self._nodes[starts[-1]["styleId"]] = node
            self.may_name_old_font = True
        else:
            head, pieces = cut
            self._defaults = self._parsed(head)
            starts = [start for start, _ in pieces]
            self._pieces = {start.get("styleId", ""): piece for start, piece in pieces}
            self.may_name_old_font = names_old_font(blob)
        self.names = frozenset(start.get("styleId", "") for start in starts)
        self.defaults = {
            start.get("type", ""): start.get("styleId", "") for start in starts if start.get("default") in _ON
        }

    def node(self, style: str) -> Element | None:
        """A `w:style`; None where there is none of this name."""
        if style not in self._nodes:
            piece = self._pieces.get(style)
            self._nodes[style] = self._parsed(piece) if piece is not None else None
        return self._nodes[style]

    @property
    def base_run(self) -> Element | None:
        """The `w:rPr` that holds where no style says otherwise."""
        return self._defaults.find(f"{W}rPrDefault/{W}rPr") if self._defaults is not None else None

    def _parsed(self, piece: bytes) -> Element | None:
        assert self._root is not None
        try:
            return next(iter(parse_xml(self._root.around(piece))), None)
        except (etree.XMLSyntaxError, ValueError):
            self.is_damaged = True
            return None


def _cut(blob: bytes, root: Root) -> tuple[bytes, list[tuple[dict[str, str], bytes]]] | None:
    """The document defaults and the styles with the attributes of each; None where they are written uncommonly."""
    first = blob.find(b"<w:style ", root.end)
    if first < 0:
        return None
    *styles, tail = blob[first:].split(_END)
    if tail.strip() != b"</w:styles>":
        return None
    found = list(_started(styles))
    return (_doc_defaults(blob[root.end : first]), found) if len(found) == len(styles) else None


def _started(styles: list[bytes]) -> Iterator[tuple[dict[str, str], bytes]]:
    for style in styles:
        start = _START.match(style)
        if start is None:
            return
        attributes = {name.decode(): value.decode() for name, value in _ATTRIBUTE.findall(start[1])}
        yield attributes, style + _END


def _doc_defaults(head: bytes) -> bytes:
    begin, end = head.find(b"<w:docDefaults>"), head.find(b"</w:docDefaults>")
    return head[begin : end + len(b"</w:docDefaults>")] if 0 <= begin < end else head
