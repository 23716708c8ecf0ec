"""An authored plan: TOML for the letterhead and signature, a light markup for the text between them.

The markup of `body`, one line a paragraph; a line that begins with two blanks goes on with the line before:

    # I. MỤC ĐÍCH            a heading (bold)
    > PHỤ LỤC                centred and bold        >> (Kèm theo ...)      centred
    - Tổ chức ...            any other line is a paragraph
    == page ==               a page break; also: landscape, turned (by 90 degrees, the page says so), sideways (it does
                             not), portrait, blank (an empty page), sign (signature and recipients; else at the end)
    table 6,44,25,25 header=1 repeat=yes
    | STT | Nội dung | Chủ trì | Thời gian |
    | #. | Việc thứ nhất⏎- hai dòng | Văn phòng | Quý I |
    | ^ | < | ... |

The numbers after `table` are the column widths in parts of the text width. In a cell `⏎` is a line break, `^`
continues the cell above, `<` the cell to the left; `#.` is the next automatic number, `#!.` the first one of a list.
A row that begins with `~3|` is cut by the page break after its third line; a line `== page ==` or `== blank ==`
between two rows ends the page there. `repeat=yes` prints the header rows on each page; `phantom=2` adds a narrow
empty column after the second one on the table's second page (in Word: in its second row).
"""

import re
import tomllib
from dataclasses import dataclass
from pathlib import Path

BREAKS = frozenset({"page", "landscape", "turned", "sideways", "portrait", "blank", "sign"})
PAGE_ENDS = {"== page ==": False, "== blank ==": True}  # between rows; whether an empty page follows


@dataclass(frozen=True, slots=True)
class Line:
    """One paragraph: style is body, heading, centered or note (centred, not bold)."""

    text: str
    style: str = "body"
    number: str = ""  # the automatic number that stands before the text


@dataclass(frozen=True, slots=True)
class Break:
    kind: str


@dataclass(frozen=True, slots=True)
class Field:
    """A table cell at its top left position."""

    text: str
    row: int
    column: int
    rows: int = 1
    columns: int = 1
    automatic: bool = False  # the text is a number that Word computes
    restart: bool = False


@dataclass(frozen=True, slots=True)
class Grid:
    """A ruled table. `cuts` maps a row to the line after which a page ends; `ends` are rows that begin a page."""

    widths: tuple[float, ...]
    fields: tuple[Field, ...]
    row_count: int
    header: int = 1
    repeat: bool = False
    phantom: int | None = None
    cuts: tuple[tuple[int, int], ...] = ()
    ends: tuple[int, ...] = ()
    blanks: tuple[int, ...] = ()  # rows before which an empty page stands

    def row(self, row: int) -> tuple[Field, ...]:
        return tuple(f for f in self.fields if f.row <= row < f.row + f.rows)


@dataclass(frozen=True, slots=True)
class Plan:
    """What stands on paper, top to bottom."""

    left: tuple[str, ...]
    right: tuple[str, ...]
    kind: str
    title: tuple[str, ...]
    body: tuple[Line | Break | Grid, ...]
    signer: tuple[str, ...]
    recipients: tuple[str, ...]
    stamp: str = ""
    formats: tuple[str, ...] = ("docx", "pdf", "txt")
    landscape: bool = False
    about: str = ""
    comments: tuple[str, ...] = ()


def read_plan(path: Path) -> Plan:
    """The authored plan of one TOML file; unknown keys are refused."""
    return parse_plan(tomllib.loads(path.read_text(encoding="utf-8")))


def parse_plan(raw: dict[str, object]) -> Plan:
    unknown = set(raw) - set(Plan.__dataclass_fields__)
    if unknown:
        raise ValueError(f"unknown keys: {', '.join(sorted(unknown))}")

    def lines(key: str) -> tuple[str, ...]:
        value = raw.get(key, [])
        if not isinstance(value, list):
            raise ValueError(f"{key} must be a list of lines")
        return tuple(str(line) for line in value)

    return Plan(
        left=lines("left"),
        right=lines("right"),
        kind=str(raw.get("kind", "")),
        title=lines("title"),
        body=parse_body(str(raw.get("body", ""))),
        signer=lines("signer"),
        recipients=lines("recipients"),
        stamp=str(raw.get("stamp", "")),
        formats=lines("formats") or ("docx", "pdf", "txt"),
        landscape=bool(raw.get("landscape", False)),
        about=str(raw.get("about", "")),
    )


def parse_body(text: str) -> tuple[Line | Break | Grid, ...]:
    blocks: list[Line | Break | Grid] = []
    counter = _Counter()
    lines = _joined(text)
    at = 0
    while at < len(lines):
        line = lines[at]
        if line.startswith("table "):
            end = at + 1
            while end < len(lines) and (re.match(r"(~\d+)?\|", lines[end]) or lines[end] in PAGE_ENDS):
                end += 1
            while lines[end - 1] in PAGE_ENDS:
                end -= 1
            blocks.append(_grid(line, lines[at + 1 : end], counter))
            at = end
            continue
        blocks.append(_block(line, counter))
        at += 1
    return tuple(blocks)


def _joined(text: str) -> list[str]:
    joined: list[str] = []
    for line in text.splitlines():
        if line.startswith("  ") and joined:
            joined[-1] += " " + line.strip()
        elif line.strip():
            joined.append(line.rstrip())
    return joined


def _block(line: str, counter: "_Counter") -> Line | Break:
    found = re.fullmatch(r"== (\w+) ==", line)
    if found:
        if found[1] not in BREAKS:
            raise ValueError(f"unknown break: {line}")
        return Break(found[1])
    for mark, style in (("# ", "heading"), (">> ", "note"), ("> ", "centered")):
        if line.startswith(mark):
            return Line(line.removeprefix(mark), style)
    number, rest = counter.take(line)
    return Line(rest.strip(), number=f"{number}." if number else "")


class _Counter:
    """Computes what Word would print for `#.` and `#!.`."""

    def __init__(self) -> None:
        self.value = 0

    def take(self, text: str) -> tuple[str, str]:
        found = re.match(r"#(!?)\.\s*", text)
        if not found:
            return "", text
        self.value = 1 if found[1] else self.value + 1
        return str(self.value), text[found.end() :]


def _grid(head: str, lines: list[str], counter: _Counter) -> Grid:
    _, widths, *options = head.split()
    setting = dict(option.split("=", 1) for option in options)
    columns = tuple(float(width) for width in widths.split(","))
    rows: list[list[str]] = []
    cuts: list[tuple[int, int]] = []
    ends: list[int] = []
    blanks: list[int] = []
    for line in lines:
        if line in PAGE_ENDS:
            ends.append(len(rows))
            blanks += [len(rows)] if PAGE_ENDS[line] else []
            continue
        mark, _, rest = line.partition("|")
        if mark:
            cuts.append((len(rows), int(mark[1:])))
        cells = [cell.strip().replace("⏎", "\n") for cell in rest.rstrip().removesuffix("|").split("|")]
        if len(cells) != len(columns):
            raise ValueError(f"{len(cells)} cells instead of {len(columns)}: {line}")
        rows.append(cells)
    phantom = setting.get("phantom")
    return Grid(
        widths=columns,
        fields=tuple(_fields(rows, counter)),
        row_count=len(rows),
        header=int(setting.get("header", 1)),
        repeat=setting.get("repeat") == "yes",
        phantom=int(phantom) if phantom else None,
        cuts=tuple(cuts),
        ends=tuple(ends),
        blanks=tuple(blanks),
    )


def _fields(rows: list[list[str]], counter: _Counter) -> list[Field]:
    fields: list[Field] = []
    for r, row in enumerate(rows):
        for c, text in enumerate(row):
            if text in ("^", "<"):
                continue
            wide = 1
            while c + wide < len(row) and row[c + wide] == "<":
                wide += 1
            high = 1
            while r + high < len(rows) and rows[r + high][c] == "^":
                high += 1
            restart = text == "#!."
            number, rest = counter.take(text)
            fields.append(Field(number or rest, r, c, high, wide, bool(number), restart))
    return fields
