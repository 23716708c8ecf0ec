"""Equal properties of a Word part, read once: a plan has thousands of them and a few dozen different ones.

Before the XML is parsed, each `w:pPr`, `w:rPr` and `w:tcPr` that stands first in its element and holds nothing deeper
than a list of settings is cut out and replaced by its number:

    <w:r w:rsidR="00A1"><w:rPr><w:b/></w:rPr><w:t>Rà soát</w:t></w:r>  ->  <w:r _fold="3"><w:t>Rà soát</w:t></w:r>

A cell of one paragraph of one run of text, as most cells are, becomes one element that holds the text itself:

    <w:tc><w:tcPr>...</w:tcPr><w:p><w:r><w:t>Rà soát</w:t></w:r></w:p></w:tc>  ->  <w:tc _fold="c5">Rà soát</w:tc>

The tree has a small part of the elements then, and parsing gains more than the cutting takes. The parser still sees
every letter, and all that was cut out once. What is written in an uncommon way stays where it is; `Properties.of` finds
properties wherever they are, and `Properties.unfolded` gives a cell with its paragraph.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from html import unescape
from itertools import islice
from typing import NamedTuple

from lxml import etree

from extractors.docx_xml import UNPRINTED, Element, W, parse_xml, transitional

FOLD = "_fold"  # no attribute of Word has this name
_MOST = 10_000  # different properties; a file with more gains nothing, and may be made to fill the memory
_REVISIONS = ("14:paraId", "14:textId", ":rsidR", ":rsidRPr", ":rsidDel", ":rsidRDefault", ":rsidP")  # in Word's order
_MARKS = b"(?:(?= )%s)?+" % "".join(rf'(?: w{name}="\w*")?+' for name in _REVISIONS).encode()  # nobody reads them
_SETTINGS = rb"(?:/>|>(?:<w:[^<>]*/>|<w:(?!sectPr)\w+>(?:<w:[^<>]*/>)*+</w:\w+>)*+</w:%sPr>)"
_FOLDED = re.compile(rb"<w:(p|r|tc)" + _MARKS + rb">(<w:\1Pr" + _SETTINGS % rb"\1" + rb")")
_CELL, _PARAGRAPH, _RUN = (
    rb"<w:%s" % name + _MARKS + rb">(<w:%sPr" % name + _SETTINGS % name + rb")?+" for name in (b"tc", b"p", b"r")
)
_WHOLE_CELL = re.compile(
    _CELL
    + rb"(?:<w:p%s/>|" % _MARKS
    + _PARAGRAPH
    + rb"(?:"
    + _RUN
    + rb"""<w:t(?: xml:space=["']preserve["'])?>([^<]+)</w:t></w:r>)?</w:p>)</w:tc>"""
)
_ROOT = re.compile(rb"(?:\xef\xbb\xbf)?\s*(?:<\?xml([^<>?]*)\?>\s*)?(<(w:\w+)(?:\s[^<>]*)?>)")
_OLD_FONT = re.compile(rb"""<w:rFonts[^<>]*["'](?i:\.vn|vni-)""")  # extractors.legacy_fonts
_STYLE = re.compile(rb"""<w:pStyle\s[^<>]*?w:val=["']([^<>"']*)""")
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
    root = plain_root(blob)
    if root is None or blob.find(b"xmlns:w=", root.end) >= 0:
        return None
    return root if b"xmlns:w14=" in root.opening or b" w14:" not in blob else None


def plain_root(blob: bytes) -> Root | None:
    """The root of a part in which every tag in the bytes is a tag in the tree; None where that is not sure."""
    found = _ROOT.match(blob)
    if found is None or _ENCODING.search(found[1] or b"") or b'xmlns:w="%s"' % W[1:-1].encode() not in found[2]:
        return None
    end = found.end()
    return None if _is_in(blob, b"<!", end) or _is_in(blob, b"<?", end) else Root(found[2], found[3], end)


def _is_in(blob: bytes, opening: bytes, start: int) -> bool:
    """Whether a sign stands in a part; its second character is rare, and fast to look for."""
    return blob.find(opening[1:], start) >= 0 and blob.find(opening, start) >= 0


def _names_old_font(blob: bytes) -> bool:
    """Whether a part with a common root names a font from before Unicode."""
    return _OLD_FONT.search(blob) is not None


class WholeCell(NamedTuple):
    """The numbers of the properties of a cell, its paragraph and its run; None where it has none."""

    cell: str | None
    paragraph: str | None
    run: str | None


def written(part: Element, *tags: str) -> Iterator[str]:
    """The texts of the leaves with these tags, and of the cells that became one element."""
    for leaf in part.iter(*tags, W + "tc"):
        if leaf.text and (leaf.tag != W + "tc" or leaf.get(FOLD, "").startswith("c")):
            yield leaf.text


class Properties:
    """The properties that were cut out of the parts of one file, by number."""

    def __init__(self) -> None:
        self.may_name_old_font = False  # so that few files are looked through for such fonts
        self.paragraph_styles: set[str] = set()  # that paragraphs name, where no old font may be named
        self.all_printed = True  # all rows and text leaves of the parts stand on paper, as in most files
        self._tags: dict[bytes, bytes] = {}  # properties -> the start tag of an element that has them
        self._elements: dict[str, Element] = {}
        self._whole: dict[tuple[bytes | None, ...], bytes] = {}  # properties of a cell -> its start tag
        self._cells: dict[str, WholeCell] = {}

    @property
    def elements(self) -> Mapping[str, Element]:
        """All that were cut out, by the value of the attribute `_fold`."""
        return self._elements

    @property
    def cells(self) -> Mapping[str, WholeCell]:
        """Cells that became one element, by the value of the attribute `_fold`."""
        return self._cells

    def of(self, node: Element, tag: str) -> Element | None:
        """The `w:pPr`, `w:rPr` or `w:tcPr` of an element, as `tag` says."""
        number = node.get(FOLD)
        if number is None:
            return node.find(tag)
        if number in self._cells:
            number = self._cells[number].cell
        return self._elements[number] if number is not None else None

    def unfolded(self, cell: Element) -> Element:
        """A `w:tc` with its paragraph, by itself where that had been cut out."""
        known = self._cells.get(cell.get(FOLD, ""))
        if known is None:
            return cell
        whole: Element = cell.makeelement(cell.tag, _numbered(known.cell))
        paragraph = etree.SubElement(whole, W + "p", _numbered(known.paragraph))
        if cell.text is not None:
            run = etree.SubElement(paragraph, W + "r", _numbered(known.run))
            etree.SubElement(run, W + "t").text = cell.text
        return whole

    def unfold(self, part: Element) -> None:
        """Puts all paragraphs back into their cells."""
        for cell in list(part.iter(W + "tc")):
            above, whole = cell.getparent(), self.unfolded(cell)
            if whole is not cell and above is not None:
                whole.tail = cell.tail
                above.replace(cell, whole)

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
        known = len(self._tags), len(self._whole)
        try:
            part = parse_xml(self._cut(blob, root))
        except (etree.XMLSyntaxError, ValueError):  # properties that cannot be cut out, or a damaged part
            self._forget(*known)
            self.may_name_old_font = True
            part = parse_xml(blob)
        return self._looked_through(part)

    def _looked_through(self, part: Element) -> Element:
        self.all_printed = self.all_printed and next(part.iter(*UNPRINTED), None) is None
        return part

    def _cut(self, blob: bytes, root: Root) -> bytes:
        known = len(self._tags), len(self._whole)
        cut = self._cut_properties(self._cut_cells(blob))
        if len(self._tags) + len(self._whole) > _MOST:
            raise ValueError("too many different properties")
        self._learn(root, *known)
        self._note(cut)
        return cut

    def _cut_cells(self, blob: bytes) -> bytes:
        pieces = _WHOLE_CELL.split(blob)
        cells = list(zip(pieces[1::5], pieces[2::5], pieces[3::5], strict=True))
        for cell in dict.fromkeys(cells):
            if cell not in self._whole:
                self._number(filter(None, cell))
                self._whole[cell] = b'<w:tc _fold="c%d">' % len(self._whole)
        pieces[1::5] = map(self._whole.__getitem__, cells)
        pieces[2::5] = [text or b"" for text in pieces[4::5]]
        pieces[3::5] = [b"</w:tc>"] * len(cells)
        pieces[4::5] = [b""] * len(cells)
        return b"".join(pieces)

    def _cut_properties(self, blob: bytes) -> bytes:
        pieces = _FOLDED.split(blob)
        blocks = pieces[2::3]
        self._number(blocks)
        pieces[1::3] = map(self._tags.__getitem__, blocks)
        pieces[2::3] = [b""] * len(blocks)
        return b"".join(pieces)

    def _number(self, blocks: Iterable[bytes]) -> None:
        for block in dict.fromkeys(blocks):
            if block not in self._tags:
                self._tags[block] = b'<w:%s _fold="%d">' % (block[3 : block.index(b"Pr")], len(self._tags))

    def _learn(self, root: Root, tags: int, cells: int) -> None:
        """Parses the properties beyond so many, and lists the cells beyond so many."""
        new = list(islice(self._tags, tags, None))
        content = b"".join(new)
        elements = list(parse_xml(root.around(content)))
        if len(elements) != len(new):
            raise ValueError("properties that hold others")
        self._elements.update((_fold(self._tags[block]), node) for block, node in zip(new, elements, strict=True))
        for cell, tag in islice(self._whole.items(), cells, None):
            self._cells[_fold(tag)] = WholeCell(*(_fold(self._tags[block]) if block else None for block in cell))
        self._note(content)

    def _note(self, blob: bytes) -> None:
        self.may_name_old_font = self.may_name_old_font or _names_old_font(blob)
        if b"<w:pStyle" in blob:
            self.paragraph_styles.update(unescape(name.decode()) for name in _STYLE.findall(blob))

    def _forget(self, tags: int, cells: int) -> None:
        """Leaves so many; the elements of the others are in no tree, and their numbers are given again."""
        while len(self._tags) > tags:
            self._tags.popitem()
        while len(self._whole) > cells:
            self._whole.popitem()


def _fold(tag: bytes) -> str:
    """The value of the attribute in a start tag."""
    return tag[tag.index(b'"') + 1 : -2].decode()


def _numbered(number: str | None) -> dict[str, str]:
    return {FOLD: number} if number is not None else {}
