"""The style sheet of a Word file, of which a style is parsed when something first refers to it.

A sheet may be twenty times as long as the text and names some hundred styles, of which a plan uses five.
"""

import re
from collections.abc import Iterable, Mapping, Sequence

from lxml import etree

from extractors.docx_fold import Root, plain_root
from extractors.docx_xml import Element, W, parse_xml, transitional

_BEGIN, _END = b"<w:style ", b"</w:style>"
_STARTS = re.compile(rb'(?:<w:style(?: w:\w+="[^"<>&\n]*")++\n)*')
_KEY = re.compile(rb' w:styleId="([^"]*)"')
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
        self._nodes: dict[str, Element | None] = {}
        self._pieces: Mapping[str, bytes] = {}
        self._root = plain_root(blob)
        cut = _cut(blob, self._root) if self._root is not None else None
        if cut is None:
            root = parse_xml(blob)
            self._doc_defaults = root.find(W + "docDefaults")
            styles = list(root.iterchildren(W + "style"))
            self._nodes = {node.get(W + "styleId", ""): node for node in styles}
            self.names = frozenset(self._nodes)
            self.defaults = _of_kinds(
                {name: node.get(W + name, "") for name in ("styleId", "type", "default")} for node in styles
            )
        else:
            head, starts, self._pieces = cut
            self._doc_defaults = self._parsed(_doc_defaults(head))
            self.names = frozenset(self._pieces)
            self.defaults = _of_kinds(
                {name.decode(): value.decode() for name, value in _ATTRIBUTE.findall(start)}
                for start in starts
                if b" w:default=" in start
            )

    def node(self, style: str) -> Element | None:
        """A `w:style`; None where there is none of this name."""
        if style not in self._nodes:
            piece = self._pieces.get(style)
            self._nodes[style] = self._parsed(piece + _END) if piece is not None else None
        return self._nodes[style]

    @property
    def base_run(self) -> Element | None:
        """The `w:rPr` that holds where no style says otherwise."""
        return self._doc_defaults.find(f"{W}rPrDefault/{W}rPr") if self._doc_defaults is not None else None

    def _parsed(self, piece: bytes) -> Element | None:
        assert self._root is not None
        try:
            return next(iter(parse_xml(self._root.around(piece))), None)
        except (etree.XMLSyntaxError, ValueError):
            self.is_damaged = True
            return None


def _of_kinds(starts: Iterable[Mapping[str, str]]) -> dict[str, str]:
    """The names of the default styles by their kinds."""
    return {start.get("type", ""): start.get("styleId", "") for start in starts if start.get("default") in _ON}


def _cut(blob: bytes, root: Root) -> tuple[bytes, Sequence[bytes], Mapping[str, bytes]] | None:
    """What stands before the styles, their start tags, and the styles by name; None where they are written uncommonly.

    All start tags are looked at as one text: a sheet has more than a hundred.
    """
    first = blob.find(_BEGIN, root.end)
    if first < 0:
        return None
    *styles, tail = map(bytes.lstrip, blob[first:].split(_END))
    starts = [style[: style.find(b">")] for style in styles]
    together = b"\n".join((*starts, b""))
    names = _KEY.findall(together)
    if tail.rstrip() != b"</w:styles>" or not _STARTS.fullmatch(together) or len(names) != len(styles):
        return None
    return blob[root.end : first], starts, dict(zip((name.decode() for name in names), styles, strict=True))


def _doc_defaults(head: bytes) -> bytes:
    begin, end = head.find(b"<w:docDefaults>"), head.find(b"</w:docDefaults>")
    return head[begin : end + len(b"</w:docDefaults>")] if 0 <= begin < end else head
