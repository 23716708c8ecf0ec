"""What a Word file prints, counted by its text leaves and rows without a look at paragraphs and cells.

The reader's blocks are compared with these counts (extractors.reconcile), so they are made by another way.
"""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from lxml import etree

from extractors.document import Cell
from extractors.docx_xml import UNPRINTED, Element, W, xpath
from extractors.reconcile import letters, letters_of, without_marks

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


class _Counted(NamedTuple):
    """How many letters stand in a part, and its text without marks where all of it is printed."""

    letters: int
    bare: bytes | None = None


class Counts:
    """Counts of one document; `all_printed` where all rows and text leaves of the file stand on paper."""

    def __init__(self, all_printed: bool) -> None:
        self._all_printed = all_printed
        self._tables: dict[Element, _Counted] = {}
        self._beside: _Counted | None = None  # the tables of the body

    def rows(self, table: Element) -> int:
        """How many `w:tr` of a table are printed."""
        return int((_ROWS if self._all_printed else _PRINTED_ROWS)(table))

    def letters(self, table: Element, plain: bool = False) -> int:
        """Letters and digits of a table; a plain one has no other text than what is printed."""
        if table not in self._tables:
            self._tables[table] = self._plain(table) if plain and self._all_printed else _Counted(self._of(table))
        return self._tables[table].letters

    def held(self, table: Element, cells: Iterable[Cell]) -> int:
        """Letters and digits in the cells read of a table; they mostly are what was counted, letter by letter."""
        return self._again("".join([cell.text for cell in cells]), self._tables.get(table))

    def letters_of_body(self, body: Element) -> int:
        """Letters and digits of the body, its tables counted once."""
        if not self._all_printed:
            return self._of(body)
        bare = without_marks("".join((*_TEXT_BESIDE(body), *_OF_CELLS_BESIDE(body))))
        self._beside = _Counted(letters_of(bare), bare)
        return self._beside.letters + sum(map(self.letters, body.iterchildren(_TABLE)))

    def written(self, lines: Iterable[str]) -> int:
        """Letters and digits of the lines read of the body."""
        return self._again("".join(lines), self._beside)

    def _again(self, text: str, counted: _Counted | None) -> int:
        bare = without_marks(text)
        return counted.letters if counted is not None and counted.bare == bare else letters_of(bare)

    def _plain(self, table: Element) -> _Counted:
        bare = without_marks(_all_text(table))
        return _Counted(letters_of(bare), bare)

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


def _all_text(part: Element) -> str:
    text: str = etree.tostring(part, encoding="unicode", method="text", with_tail=False)
    return text
