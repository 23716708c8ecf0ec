"""What a Word file prints, counted by its text leaves and rows without a look at paragraphs and cells.

The reader's blocks are compared with these counts (extractors.reconcile), so they are made by another way.
"""

from collections.abc import Iterator

from lxml import etree

from extractors.docx_xml import UNPRINTED, Element, W, xpath
from extractors.reconcile import letters, without_marks

_ROWS = xpath("count(.//w:tr) - count(.//w:tbl//w:tr)")
_PRINTED_ROWS = xpath(
    "count(.//w:tr[not(w:trPr/w:del) and not(ancestor::mc:Fallback)])"
    " - count(.//w:tbl//w:tr[not(w:trPr/w:del) and not(ancestor::mc:Fallback)])"
)
_TEXT, _OF_CELLS = xpath(".//w:t/text()"), xpath(".//w:tc/text()")  # of cells that are one element (docx_fold)
_TEXT_BESIDE, _OF_CELLS_BESIDE = xpath("*[not(self::w:tbl)]//w:t/text()"), xpath("*[not(self::w:tbl)]//w:tc/text()")
_IN_UNPRINTED = xpath(
    "boolean(ancestor::w:del or ancestor::w:moveFrom or ancestor::mc:Fallback or ancestor::w:rt"
    " or ancestor::w:tr/w:trPr/w:del)"
)
_TABLE, _ROW_PROPERTIES = W + "tbl", W + "trPr"


class Counts:
    """Counts of one document; `all_printed` where all rows and text leaves of the file stand on paper."""

    def __init__(self, all_printed: bool) -> None:
        self._all_printed = all_printed
        self._letters: dict[Element, int] = {}  # of tables

    def rows(self, table: Element) -> int:
        """How many `w:tr` of a table are printed."""
        return int((_ROWS if self._all_printed else _PRINTED_ROWS)(table))

    def is_whole(self, table: Element, bare: bytes, written: int) -> bool:
        """Whether what was read of a table, without marks, is all that it holds; these letters are then counted."""
        if is_all_of(table, bare):
            self._letters[table] = written
            return True
        return False

    def letters(self, table: Element) -> int:
        """Letters and digits of a table."""
        if table not in self._letters:
            self._letters[table] = self._of(table)
        return self._letters[table]

    def letters_of_body(self, body: Element) -> int:
        """Letters and digits of the body, its tables counted once."""
        if not self._all_printed:
            return self._of(body)
        beside = letters("".join((*_TEXT_BESIDE(body), *_OF_CELLS_BESIDE(body))))
        return beside + sum(map(self.letters, body.iterchildren(_TABLE)))

    def _of(self, part: Element) -> int:
        if not self._all_printed and _IN_UNPRINTED(part):
            return 0
        unprinted = () if self._all_printed else _unprinted(part)
        return _letters(part) - sum(map(_letters, unprinted))


def _unprinted(part: Element) -> Iterator[Element]:
    """The elements and rows that are not printed, without those that stand in others."""
    found = set()
    for node in part.iter(*UNPRINTED):
        above = node.getparent()
        row = above.getparent() if above is not None and above.tag == _ROW_PROPERTIES else None
        found.add(node if row is None else row)
    return (node for node in found if found.isdisjoint(node.iterancestors()))


def _letters(part: Element) -> int:
    return letters("".join((*_TEXT(part), *_OF_CELLS(part))))


def is_all_of(part: Element, bare: bytes) -> bool:
    """Whether a text without marks is all that stands in a part, letter by letter: then nothing has to be counted."""
    text: str = etree.tostring(part, encoding="unicode", method="text", with_tail=False)
    return without_marks(text) == bare
