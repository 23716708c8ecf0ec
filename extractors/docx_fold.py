"""Equal properties of a Word part, read once: a plan has thousands of them and a few dozen different ones.

Before the XML is parsed, each `w:pPr`, `w:rPr` and `w:tcPr` that stands first in its element and holds nothing deeper
than a list of settings is cut out and replaced by its number:

    <w:r w:rsidR="00A1"><w:rPr><w:b/></w:rPr><w:t>Rà soát</w:t></w:r>  ->  <w:r _fold="3"><w:t>Rà soát</w:t></w:r>

The tree has less than half of the elements then, and parsing gains more than the cutting takes. What is written in an
uncommon way stays where it is; `Properties.of` finds properties wherever they are.
"""

import re
from collections.abc import Mapping
from typing import NamedTuple

from lxml import etree

from extractors.docx_xml import UNPRINTED, Element, W, parse_xml, transitional

FOLD = "_fold"  # no attribute of Word has this name
_MOST = 10_000  # different properties; a file with more gains nothing, and may be made to fill the memory
_FOLDED = re.compile(
    rb'<w:(p|r|tc)(?: \w+:\w+="\w*")*+>'  # revision marks, which nobody reads; a declaration does not match
    rb"(<w:\1Pr(?:/>|>(?:<w:[^<>]*/>|<w:(?!sectPr)(\w+)>(?:<w:[^<>]*/>)*+</w:\3>)*+</w:\1Pr>))"
)
_ROOT = re.compile(rb"(?:\xef\xbb\xbf)?\s*(?:<\?xml([^<>?]*)\?>\s*)?(<(w:\w+)(?:\s[^<>]*)?>)")
_OLD_FONT = re.compile(rb"""<w:rFonts[^<>]*["'](?i:\.vn|vni-)""")  # extractors.legacy_fonts
_ENCODING = re.compile(rb"""encoding\s*=\s*["'](?!utf-8["'])""", re.IGNORECASE)


class Root(NamedTuple):
    """The root element of a part that is written as Word writes: UTF-8, prefix `w`, no comments or CDATA."""

    opening: bytes
    name: bytes
    end: int  # of `opening` in the part

    def around(self, content: bytes) -> bytes:
        """A part of this content."""
        return b"".join((self.opening, content, b"</", self.name, b">"))


def common_root(blob: bytes) -> Root | None:
    """The root of a part in which a name in the bytes is a name in the tree; None where that is not sure."""
    found = _ROOT.match(blob)
    if found is None or _ENCODING.search(found[1] or b"") or b'xmlns:w="%s"' % W[1:-1].encode() not in found[2]:
        return None
    end = found.end()
    if blob.find(b"xmlns:w=", end) >= 0 or _is_in(blob, b"<!", end) or _is_in(blob, b"<?", end):
        return None
    return Root(found[2], found[3], end)


def _is_in(blob: bytes, opening: bytes, start: int) -> bool:
    """Whether a sign stands in a part; its second character is rare, and fast to look for."""
    return blob.find(opening[1:], start) >= 0 and blob.find(opening, start) >= 0


def names_old_font(blob: bytes) -> bool:
    """Whether a part with a common root names a font from before Unicode."""
    return _OLD_FONT.search(blob) is not None


class Properties:
    """The properties that were cut out of the parts of one file, by number."""

    def __init__(self) -> None:
        self.may_name_old_font = False  # so that few files are looked through for such fonts
        self.all_printed = True  # all rows and text leaves of the parts stand on paper, as in most files
        self._tags: dict[bytes, bytes] = {}  # properties -> the start tag of an element that has them
        self._elements: dict[str, Element] = {}

    @property
    def elements(self) -> Mapping[str, Element]:
        """All that were cut out, by the value of the attribute `_fold`."""
        return self._elements

    def of(self, node: Element, tag: str) -> Element | None:
        """The `w:pPr`, `w:rPr` or `w:tcPr` of an element, as `tag` says."""
        number = node.get(FOLD)
        return node.find(tag) if number is None else self._elements[number]

    def parse(self, blob: bytes) -> Element:
        """The root of a part, its properties cut out.

        Raises:
            etree.XMLSyntaxError, ValueError: as `parse_xml` does.
        """
        blob = transitional(blob)
        root = common_root(blob)
        if root is None or b"_fold" in blob:
            self.may_name_old_font = True
            part = parse_xml(blob)
            etree.strip_attributes(part, FOLD)
            return self._looked_through(part)
        try:
            part = parse_xml(self._cut(blob, root))
        except (etree.XMLSyntaxError, ValueError):  # properties that cannot be cut out, or a damaged part
            self.may_name_old_font = True
            part = parse_xml(blob)
        return self._looked_through(part)

    def _looked_through(self, part: Element) -> Element:
        self.all_printed = self.all_printed and next(part.iter(*UNPRINTED), None) is None
        return part

    def _cut(self, blob: bytes, root: Root) -> bytes:
        pieces = _FOLDED.split(blob)
        blocks = pieces[2::4]
        new = [block for block in dict.fromkeys(blocks) if block not in self._tags]
        if len(self._tags) + len(new) > _MOST:
            raise ValueError("too many different properties")
        content = b"".join(new)
        for block, element in zip(new, parse_xml(root.around(content)), strict=True):
            number = len(self._elements)
            self._elements[str(number)] = element
            self._tags[block] = b'<w:%s _fold="%d">' % (block[3 : block.index(b"Pr")], number)
        pieces[1::4] = map(self._tags.__getitem__, blocks)
        pieces[2::4] = pieces[3::4] = [b""] * len(blocks)
        cut = b"".join(pieces)
        self.may_name_old_font |= names_old_font(content) or names_old_font(cut)
        return cut
