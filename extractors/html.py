"""Web pages as saved from portals (.html, .mht, also under the names .doc and .xls) -> Document.

What a browser shows: headings, paragraphs, lists with their marks, tables with their spans. Tables that only lay out
the page are taken apart; scripts, menus, forms and hidden parts are left out.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from itertools import count

from lxml import etree

from extractors.document import Block, Document, Notice, Paragraph, Source, Table
from extractors.docx_xml import Element
from extractors.errors import Reason, SourceError
from extractors.html_lists import Lists
from extractors.html_source import parse_page
from extractors.html_table import TagCell, TagTable, blocks_of
from extractors.legacy_fonts import LegacyFonts
from extractors.repair import RepairLog

MEDIA_TYPE = "text/html"

_SILENT = frozenset(
    {
        *("script", "style", "head", "title", "template", "noscript", "nav", "aside", "dialog", "menu", "del"),
        *("svg", "math", "canvas", "object", "embed", "applet", "iframe", "frame", "audio", "video", "map"),
        *("button", "select", "option", "datalist", "input", "textarea"),
    }
)
_BLOCKS = frozenset(
    {
        *("html", "body", "main", "article", "section", "header", "footer", "div", "center", "form", "fieldset"),
        *("p", "pre", "h1", "h2", "h3", "h4", "h5", "h6", "hr", "address", "blockquote", "details", "summary"),
        *("ul", "ol", "li", "dl", "dt", "dd", "figure", "figcaption", "legend"),
        *("table", "caption", "thead", "tbody", "tfoot", "tr", "td", "th"),
    }
)
_BOLD, _ITALIC = frozenset({"b", "strong", "th"}), frozenset({"i", "em", "cite"})
_SECTIONS = {"thead": 0, "tbody": 1, "tfoot": 2}
_HEADING = re.compile(r"h([1-6])")
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden|mso-hide\s*:\s*all")
_BOLD_STYLE = re.compile(r"font-weight\s*:\s*(bold|bolder|[6-9]00)|font-weight\s*:\s*(normal|[1-4]00)")
_ITALIC_STYLE = re.compile(r"font-style\s*:\s*italic")
_ALIGN_STYLE = re.compile(r"text-align\s*:\s*(\w+)")
_FONT_STYLE = re.compile(r"font-family\s*:\s*[\"']?([^;\"',]+)")
_BORDER_STYLE = re.compile(
    r"border(?:-(?:left|right|top|bottom))?(?:-style)?\s*:[^;]*\b(?:solid|double|dashed|dotted)\b"
)
_SPACES = re.compile(r"[ \t\r\n\f]+")
_WHOLE = 0.6  # share of the page's text that makes its `article` or `main` the whole document


def read_html(source: Source, data: bytes) -> Document:
    """Reads a web page.

    Raises:
        SourceError: too large, or without any text.
    """
    page = parse_page(data)
    root = _main_part(page.root)
    reader = _Reader(LegacyFonts(_fonted_text(root)))
    blocks = reader.read(root)
    if not blocks:
        raise SourceError(Reason.NO_TEXT, "Trang web không có chữ nào / the web page holds no text")
    notices = reader.notices()
    if page.cut_off:
        message = "Trang web thiếu phần cuối hoặc bị hỏng / the end of the web page is missing, or the page is damaged"
        notices = (Notice("text.cut_off", message), *notices)
    return Document(source, MEDIA_TYPE, "html", None, blocks, notices)


def _main_part(root: Element) -> Element:
    """The `article` or `main` where it holds most of the page's text; else the whole page."""
    whole = sum(map(len, root.itertext()))
    for name in ("article", "main"):
        found = list(root.iter(name))
        if len(found) == 1 and sum(map(len, found[0].itertext())) >= _WHOLE * whole:
            return found[0]
    return root


def _fonted_text(root: Element) -> Iterator[tuple[str, str | None]]:
    for node in root.iter("font", "span", "p", "td"):
        if node.text:
            yield node.text, _font(node)


def _style(node: Element) -> str:
    return node.get("style", "").lower()


def _font(node: Element) -> str | None:
    found = _FONT_STYLE.search(node.get("style", ""))
    return node.get("face") or (found[1].strip() if found else None)


@dataclass(frozen=True, slots=True)
class _Look:
    """What an element hands down to the text in it."""

    bold: bool = False
    italic: bool = False
    centered: bool = False
    level: int = 0
    font: str | None = None
    kept: bool = False  # white space is shown as typed


@dataclass(slots=True)
class _Line:
    """The paragraph that is being gathered."""

    pieces: list[tuple[str, _Look]] = field(default_factory=list)
    mark: str = ""


class _Reader:
    """Walks the page once, without recursion: pages nest deeper than Python."""

    def __init__(self, fonts: LegacyFonts) -> None:
        self._fonts = fonts
        self._repairs = RepairLog()
        self._hidden: list[str] = []
        self._out: list[list[Block]] = [[]]
        self._line = _Line()
        self._looks = [_Look()]
        self._tables: list[TagTable] = []
        self._sections = [1]
        self._lists = Lists()
        self._starts: dict[str, Callable[[Element], None]] = {
            "table": self._open_table,
            "tr": self._open_row,
            "td": self._open_cell,
            "th": self._open_cell,
            "li": self._open_item,
            "ol": self._lists.open,
            "ul": self._lists.open,
            "br": self._break,
        }
        self._ends: dict[str, Callable[[], None]] = {
            "table": self._close_table,
            "td": self._close_cell,
            "th": self._close_cell,
            "li": self._close_item,
            "ol": self._lists.close,
            "ul": self._lists.close,
        }

    def read(self, root: Element) -> tuple[Block, ...]:
        walk = etree.iterwalk(root, events=("start", "end"))
        for event, node in walk:
            if event == "start":
                if self._is_silent(node):
                    walk.skip_subtree()
                    self._looks.append(self._looks[-1])
                else:
                    self._start(node)
            else:
                self._end(node, is_root=node is root)
        self._flush()
        places = count()
        return tuple(replace(b, index=next(places)) if isinstance(b, Table) else b for b in self._out[0])

    def notices(self) -> tuple[Notice, ...]:
        """What was left out or changed."""
        notices = list(self._repairs.notices())
        if self._hidden:
            number = len(self._hidden)
            message = f"Có {number} đoạn chữ ẩn, không đọc / {number} stretches of hidden text left out"
            notices.append(Notice("hidden_text", message, evidence=self._repairs.clean("; ".join(self._hidden))[:500]))
        return tuple(notices)

    # -- events -------------------------------------------------------------------------------------------------------

    def _is_silent(self, node: Element) -> bool:
        if not isinstance(node.tag, str) or node.tag in _SILENT:
            return True
        if node.get("hidden") is None and not _HIDDEN.search(_style(node)):
            return False
        if text := _SPACES.sub(" ", "".join(map(str, node.itertext()))).strip():
            self._hidden.append(text[:200])
        return True

    def _start(self, node: Element) -> None:
        if node.tag in _BLOCKS:
            self._flush()
        self._looks.append(self._look(node))
        start = self._starts.get(str(node.tag))
        if start is not None:
            start(node)
        elif node.tag in _SECTIONS:
            self._sections[-1] = _SECTIONS[node.tag]
        self._text(node.text)

    def _end(self, node: Element, *, is_root: bool) -> None:
        if isinstance(node.tag, str) and not self._is_silent_end(node):
            if node.tag in _BLOCKS:
                self._flush()
            end = self._ends.get(node.tag)
            if end is not None:
                end()
            elif node.tag in _SECTIONS:
                self._sections[-1] = 1
        self._looks.pop()
        if not is_root:
            self._text(node.tail)

    def _is_silent_end(self, node: Element) -> bool:
        return node.tag in _SILENT or node.get("hidden") is not None or bool(_HIDDEN.search(_style(node)))

    def _look(self, node: Element) -> _Look:
        above, style, tag = self._looks[-1], _style(node), node.tag
        heading = _HEADING.fullmatch(str(tag))
        weight = _BOLD_STYLE.search(style)
        bold = above.bold or tag in _BOLD or heading is not None
        aligned = _ALIGN_STYLE.search(style)
        align = aligned[1] if aligned else node.get("align", "").lower()
        centered = align == "center" if align else above.centered or tag == "center"
        return _Look(
            bold=bool(weight[1]) if weight else bold,
            italic=above.italic or tag in _ITALIC or bool(_ITALIC_STYLE.search(style)),
            centered=centered,
            level=int(heading[1]) if heading else above.level,
            font=_font(node) or above.font,
            kept=above.kept or tag == "pre",
        )

    # -- text ---------------------------------------------------------------------------------------------------------

    def _text(self, text: str | None) -> None:
        if text:
            look = self._looks[-1]
            text = self._fonts.decode(text, look.font)
            self._line.pieces.append((text if look.kept else _SPACES.sub(" ", text), look))

    def _break(self, _node: Element) -> None:
        """One break is a line of the paragraph, two end it."""
        pieces = self._line.pieces
        while pieces and not pieces[-1][0].strip(" \xa0"):
            pieces.pop()
        if pieces and pieces[-1][0].endswith("\n"):
            pieces.pop()
            self._flush()
        elif pieces:
            pieces.append(("\n", self._looks[-1]))

    def _flush(self) -> None:
        """Ends the paragraph that is being gathered; its list mark waits for the first text of its item."""
        pieces, mark = self._line.pieces, self._line.mark
        raw = "".join(text for text, _ in pieces)
        lines = (_SPACES.sub(" ", line).strip(" \xa0").replace("\xa0", " ") for line in raw.split("\n"))
        text = self._repairs.clean("\n".join(line for line in lines if line))
        if text:
            written = [look for piece, look in pieces if piece.strip()]
            self._out[-1].append(
                Paragraph(
                    f"{mark} {text}" if mark and not text.startswith(mark) else text,
                    level=written[0].level,
                    bold=all(look.bold for look in written),
                    italic=all(look.italic for look in written),
                    centered=all(look.centered for look in written),
                )
            )
            mark = ""
        self._line = _Line(mark=mark)

    # -- lists and tables ---------------------------------------------------------------------------------------------

    def _open_item(self, node: Element) -> None:
        outer = self._line.mark  # of an item that begins with a list: both stand on its first line
        self._line.mark = f"{outer} {self._lists.mark(node)}".strip()

    def _close_item(self) -> None:
        """An item of a table without words shows its number all the same: so LibreOffice writes a column of numbers."""
        mark, self._line.mark = self._line.mark, ""
        if self._tables and mark.strip("- "):
            self._out[-1].append(Paragraph(mark))

    def _open_table(self, node: Element) -> None:
        border = node.get("border", "")
        bordered = (border.isdigit() and int(border) > 0) or bool(_BORDER_STYLE.search(_style(node)))
        self._tables.append(TagTable(bordered))
        self._sections.append(1)
        self._out.append(self._tables[-1].stray)

    def _open_row(self, _node: Element) -> None:
        if self._tables:
            self._tables[-1].rows.append((self._sections[-1], []))

    def _open_cell(self, node: Element) -> None:
        bordered = bool(_BORDER_STYLE.search(_style(node)))
        cell = TagCell(_span(node, "rowspan", 0), max(1, _span(node, "colspan", 1)), bordered)
        if self._tables:
            table = self._tables[-1]
            if not table.rows:
                table.rows.append((self._sections[-1], []))
            table.rows[-1][1].append(cell)
        self._out.append(cell.blocks if self._tables else self._out[-1])

    def _close_cell(self) -> None:
        self._line.mark = ""
        self._out.pop()

    def _close_table(self) -> None:
        self._out.pop()
        self._sections.pop()
        self._out[-1].extend(blocks_of(self._tables.pop()))


def _span(node: Element, name: str, least: int) -> int:
    """A span as written, one where it is missing or no number; 0 rows are all that follow."""
    written = node.get(name, "1").strip()
    return max(least, min(int(written), 10_000)) if written.isdigit() and len(written) < 9 else 1
