"""Recipients and signature: the two columns at the end of a document proper, before its appendices.

Layout: Nghị định 30/2020/NĐ-CP, Phụ lục I, mục II, khoản 7 and 9 (signature right, "Nơi nhận" left).
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from extractors.document import Block, Paragraph, Table
from pipeline.read.lines import Line, alternatives, block_lines, first_line, is_capital, plain
from pipeline.text import CAPITALS, fold, squeeze
from pipeline.vocab.letterhead import load_letterhead


@dataclass(frozen=True, slots=True)
class Closing:
    """What the end of the document says, and the blocks that say it."""

    signer_title: str | None = None
    signer_name: str | None = None
    recipients: tuple[str, ...] = ()
    blocks: frozenset[int] = frozenset()
    date_line: str | None = (
        None  # "Hà Nội, ngày ... tháng ... năm ..." above the signature, in papers that put it there
    )


_RECIPIENTS = re.compile(r"^\W*noi nhan\s*(?:[:;.]|\W*$)\s*")
_TWO_WORDS = re.compile(r"\W*\w{3}[^\w\n]\w{4}(?!\w)")  # as long as "Nơi nhận": told before marks are taken off
_ITEM = re.compile(r"^\s*[-–—−+•*·▪●‑\uf0b7\uf02d]\s*")
_DRAFTER = re.compile(r"[^\W\d_]+\s+\d{1,3}\s*b\W*$")  # who wrote it and how many copies: "Lưu: VT, LĐ. Hiền 30b"
_FINAL = re.compile(r"[\s;.,:/]+$")
_ARCHIVE = re.compile(r"^(?:luu\b|l[uư]u\s*:)")
_AUTHORITY = re.compile(r"^(?:kt|tm|tl|tuq|t/m|k/t|t/l|q|quyen)\b\s*[./]?\s*\S")
_PREFIX_OF_NAME = re.compile(
    r"^(?:(?:gs|pgs|ts|ths|bs|ds|ks|cn|th\.s|tsbs|bscki{0,2}|dscki{0,2}|cki{1,2}|ck[12]|bsck[12]|ong|ba|dong chi|"
    r"thieu tuong|trung tuong|dai ta|thuong ta|trung ta|thieu ta|dai uy|nsut|nsnd|ttut|ttnd)(?!\w)\s*[.:,/]*\s*)+(?=\S)"
)
_SEAL = re.compile(
    r"^\W*(?:da ky|ky ten|ky,|ky boi|nguoi ky|ky so|chu ky|dau|dong dau|ngay ky|thoi gian ky|email|co quan\s*:|"
    r"signature|signed|ky va ghi|ghi ro ho)"
)
_SURNAME = re.compile(r"(?:đậu|chu)\s")  # no seal ("dấu", "chữ ký") though it has the letters of one
_APPENDIX = re.compile(
    r"^\W*(?:phu luc|danh muc|danh sach|bieu mau|bieu so|bieu\s+\d|mau so|mau\s+\d|bang tong hop|ke hoach|chuong trinh|"
    r"quy che|quy dinh|phuong an|de an|\(?\s*(?:ban hanh\s+)?kem theo)\b"
)
_DATE_LINE = re.compile(r"ngay\b.{0,20}\bthang\b.{0,12}\bnam\b")
# Beginnings of units and recipients. "Văn" and "Lưu" are surnames too, so they need the word behind them.
_NO_PERSON = re.compile(
    r"(?:sở|phòng|ubnd|hđnd|các|văn (?:phòng|thư|hóa)|trung (?:tâm|ương)|cục|chi (?:cục|bộ|nhánh|hội)|ban|như|website|"
    r"trang|tt|phụ (?:lục|nữ)|ủy)(?!\w)"
)
_DRAWN_UP = re.compile(r"(?:nguoi (?:lap|viet|soan)|ke toan|thu ky)\b")
_BOTH = re.compile(rf"^(\s*[-–+•*].*?[;.])\s*([{CAPITALS}].*)$")
_MAX_LINE = 160  # of a signature
_MOST_COLUMNS = 4  # of a table with recipients
_MOST_ROWS = 6  # of a table with nothing but a signature
_NAME_PART = re.compile(r"^[^\W\d_]+(?:[’'ʼ‘`-][^\W\d_]*)*$")  # "K’ Broih", "H'Hen Niê", "Y-Sếp"


@lru_cache(maxsize=1)
def _post() -> re.Pattern[str]:
    words = load_letterhead()
    return re.compile(rf"(?:(?:quyen|q\.)\s*)?{alternatives((*words.posts, *words.authorities))}(?!\w)")


@lru_cache(maxsize=1)
def _for_body() -> re.Pattern[str]:
    """Signed for a body: "ĐẠI DIỆN CÔNG AN HUYỆN", "TM. ỦY BAN NHÂN DÂN", "SỞ NỘI VỤ"; a post alone is none."""
    kinds = "|".join(re.escape(fold(word)) for word, _ in load_letterhead().kinds)
    return re.compile(rf"(?:đại diện|thay mặt|tm|t/m)\b|(?:{kinds})(?!\w|\s(?:trưởng|phó))")


def is_post(text: str) -> bool:
    """Whether a line of a signature names an authority or a post. Forms: "KT. GIÁM ĐỐC", "TM. ỦY BAN NHÂN DÂN"."""
    line = plain(text)
    return is_capital(text) and bool(_AUTHORITY.match(line) or _post().match(line))


def person_name(text: str) -> str | None:
    """The name of a signer, titles and ranks off: "ThS.BS. Nguyễn Văn An" -> "Nguyễn Văn An"; None for other lines."""
    shown = squeeze(text).strip(" .;,:()")
    prefix = (
        None if fold(shown).startswith("bá ") else _PREFIX_OF_NAME.match(plain(shown))
    )  # Bá is a surname, "bà" none
    name = shown[prefix.end() :].strip() if prefix else shown
    parts = name.split()
    if not 2 <= len(parts) <= 6 or not all(_NAME_PART.match(p) and p[0].isupper() for p in parts):
        return None
    if _NO_PERSON.match(fold(name)) or (_ARCHIVE.match(plain(name)) and any(is_capital(p) for p in parts[1:])):
        return None
    if is_capital(name) and (is_post(name) or len(parts) < 3):
        return None
    return name


def _is_seal(text: str) -> bool:
    """What stands between post and name: "(Đã ký)", "Chữ ký số", "Dấu"; "Đậu Thị Thử" and "Chu Ký Thử" are names."""
    return bool(_SEAL.match(plain(text))) and not (_SURNAME.match(fold(text)) and person_name(text))


def _is_archive(text: str) -> bool:
    """The last entry of the recipients: "Lưu: VT", "Lưu VT"; "Lưu Bá Thử" is a name."""
    return bool(_ARCHIVE.match(plain(text))) and person_name(text) is None


def _is_recipients_line(text: str) -> bool:
    return bool(_TWO_WORDS.match(text) and _RECIPIENTS.match(plain(text)))


def _entries(lines: Sequence[str]) -> tuple[str, ...]:
    """Recipients, one an entry: wrapped lines joined, marks off.

    A line goes on with the one before when it carries no list mark and that one has no final mark, or when it starts
    with a small letter. What stands behind the archive entry's full stop is an entry of its own.
    """
    listed = any(_ITEM.match(line) for line in lines)
    entries: list[str] = []
    for line in lines:
        text = _ITEM.sub("", line).strip()
        if not text:
            continue
        before = entries[-1] if entries else ""
        unmarked = not _ITEM.match(line)
        open_end = not before.rstrip().endswith((";", ".", "/"))
        # a comma holds an entry open in a list with marks; in one without, only a small letter tells a wrap
        wraps = unmarked and before and (text[0].islower() or text[0] in "()&" or (listed and open_end))
        if wraps and not _is_archive(text):
            entries[-1] = f"{before} {text}"
        else:
            entries.append(text)
    split = [piece for entry in entries for piece in _split_entry(entry)]
    return tuple(cleaned for entry in split if (cleaned := _FINAL.sub("", squeeze(entry))))


def _split_entry(entry: str) -> list[str]:
    """Entries of one line: an archive entry that a reader joined with the line below, list marks inside the line."""
    pieces = re.split(r";\s+[-–+•*]\s+", entry)
    last = pieces[-1]
    match = re.search(rf"\.\s+(?=[{CAPITALS}])", last)
    if match and _ARCHIVE.match(plain(last)) and not _DRAFTER.match(last, match.end()):
        pieces[-1:] = [last[: match.start()], last[match.end() :]]
    return pieces


def _post_and_name(text: str) -> tuple[str, ...]:
    """A post and a name on one line as two lines: "GIÁM ĐỐC Lê Văn An"; other lines as they are."""
    words = text.split()
    small = next((at for at, word in enumerate(words) if any(c.islower() for c in word)), 0)
    post, name = " ".join(words[:small]), " ".join(words[small:])
    return (post, name) if small and is_post(post) and person_name(name) else (text,)


def _signature(lines: Sequence[Line]) -> tuple[str | None, str | None, str | None]:
    """Title lines, name and date line of a signature column; a wrapped title line is one line again."""
    titles: list[str] = []
    name = date_line = None
    for shown in (part for line in lines for part in _post_and_name(line.text.strip())):
        folded = plain(shown)
        if _is_seal(shown) or len(shown) > _MAX_LINE:
            continue
        if _DATE_LINE.search(folded) and not titles:
            date_line = shown
        elif is_post(shown) and name is None:
            _add_title(titles, shown)
        elif titles and name is None and (found := person_name(shown)):
            name = found
        elif titles and name is None and is_capital(shown) and len(shown) < 90:
            titles[-1] = f"{titles[-1]} {shown}"  # the rest of a long post
    return "\n".join(titles) or None, name, date_line


def _add_title(titles: list[str], shown: str) -> None:
    """A post on a line of its own, unless the line above ends open ("TRƯỞNG PHÒNG VĂN HÓA VÀ")."""
    if titles and titles[-1].endswith((",", " VÀ", "-")):
        titles[-1] = f"{titles[-1]} {shown}"
    else:
        titles.append(shown)


def _from_table(table: Table, index: int) -> Closing | None:
    """Both columns of a layout table; None where it is none."""
    lines = block_lines(table, index)
    start = _recipients_start(table, lines)
    column = lines[start].column if start is not None else None
    if start is None and not _is_signature_table(table, lines):
        return None
    left = [line for line in lines[start:] if line.column == column] if start is not None else []
    right = [line for line in lines if line.column != column]
    title, name, date_line = _signer(right)
    return Closing(title, name, _entries(_recipient_texts(left)), frozenset({index}), date_line)


def _signer(lines: Sequence[Line]) -> tuple[str | None, str | None, str | None]:
    """The signature of a table: of several columns the first whose signer answers for the paper, not who drew it up.

    A joint paper is signed in each column for a body of its own: both, from left to right.
    """
    columns = sorted({line.column for line in lines})
    signed = [found for c in columns if all((found := _signature([x for x in lines if x.column == c]))[:2])]
    answering = [found for found in signed if not _DRAWN_UP.match(plain(found[0] or ""))]
    if len(answering) > 1 and all(_for_body().match(fold(found[0] or "")) for found in answering):
        titles, names = ([found[at] or "" for found in answering] for at in (0, 1))
        return "\n".join(titles), "\n".join(names), answering[0][2]
    return next(iter((*answering, *signed)), None) or _signature(lines)


def _recipients_start(table: Table, lines: Sequence[Line]) -> int | None:
    """Where "Nơi nhận" stands as a label; as the heading of a column in a table of tasks it is none."""
    if table.column_count > _MOST_COLUMNS:
        return None
    for at, line in enumerate(lines):
        if _is_recipients_line(line.text):
            below = lines[at + 1] if at + 1 < len(lines) and lines[at + 1].column == line.column else None
            if ":" in line.text or (below and _ITEM.match(below.text)):
                return at
    return None


def _may_close(table: Table) -> bool:
    """Whether recipients or a signature are looked for in a table; one that is wide and long holds tasks."""
    return table.column_count <= _MOST_COLUMNS or table.row_count <= _MOST_ROWS


def _is_signature_table(table: Table, lines: Sequence[Line]) -> bool:
    if table.row_count > _MOST_ROWS or len(lines) > 16:
        return False
    title, name, _ = _signer(lines)
    return bool(title and name)


def _recipient_texts(lines: Sequence[Line]) -> list[str]:
    texts = [line.text for line in lines]
    if not texts:
        return []
    head = _RECIPIENTS.match(plain(texts[0]))
    rest = texts[0][head.end() :].strip() if head else texts[0]
    return [rest, *texts[1:]] if rest else texts[1:]


@dataclass(slots=True)
class _Column:
    """The lines of an end without columns, sorted into recipients and signature as they come."""

    recipients: list[str]
    signature: list[Line]

    def takes(self, line: Line) -> bool:
        """Adds a line; False where the end is over. "- Như trên; PHÓ GIÁM ĐỐC" is a line of both columns."""
        both = _BOTH.match(line.text)
        signing = both and (is_post(_post_and_name(both[2])[0]) or (self._waits_for_name() and person_name(both[2])))
        if both and signing:
            self.recipients.append(both[1])
            self.signature.append(replace(line, text=both[2]))
            return True
        text = line.text
        folded = plain(text)
        done = any(_is_archive(_ITEM.sub("", r)) for r in self.recipients)
        signed = bool(self.signature)
        if _ITEM.match(text) or _is_archive(text) or re.match(r"^nhu\s", folded):
            self.recipients.append(text)
        elif _is_seal(text) or is_post(text):
            self.signature.append(line)
        elif _APPENDIX.match(folded) and (signed or done):
            return False
        elif signed and (is_capital(text) or person_name(text)):
            if self._has_name():
                return False
            self.signature.append(line)
        elif _DATE_LINE.search(folded) and len(text) < 80:
            self.signature.append(line)
        elif len(text) <= 120 and not (done and self._has_name()) and not text.rstrip().endswith(":"):
            self.recipients.append(text)
        else:
            return False
        return True

    def _waits_for_name(self) -> bool:
        return bool(self.signature) and not self._has_name()

    def _has_name(self) -> bool:
        return _signature(self.signature)[1] is not None


def _signature_before(blocks: Sequence[Block], stop: int, floor: int) -> tuple[list[Line], set[int]]:
    """Signature paragraphs right before the recipients, where a reader took the right column first."""
    lines: list[Line] = []
    taken: set[int] = set()
    for index in range(stop - 1, max(floor, stop - 10) - 1, -1):
        block = blocks[index]
        found = block_lines(block, index)
        if isinstance(block, Table) or not all(
            is_post(x.text) or person_name(x.text) or is_capital(x.text) or _is_seal(x.text) for x in found
        ):
            break
        lines[:0] = found
        taken.add(index)
    title, name, _ = _signature(lines)
    return (lines, taken) if title and name else ([], set())


def _from_paragraphs(blocks: Sequence[Block], start: int, floor: int) -> Closing:
    """Recipients and signature that stand as paragraphs, from the line "Nơi nhận:" on."""
    before, taken = _signature_before(blocks, start, floor)
    beside = _signed_above(blocks, start, floor) if not before else None
    column = _Column([], list(before))
    first = block_lines(blocks[start], start)
    column.recipients.extend(_recipient_texts(first[:1]))
    if head_post := _post_behind_label(first[0].text):
        column.recipients.clear()
        column.signature.append(Line(head_post, start))
    over = not all(column.takes(line) for line in first[1:])
    taken.add(start)
    for index in range(start + 1, len(blocks)):
        block = blocks[index]
        if over:
            break
        if isinstance(block, Table):
            side = _from_table(block, index)
            if side and side.signer_name and not column.signature:
                column.signature.extend(block_lines(block, index))
                taken.add(index)
            break
        lines = block_lines(block, index)
        if (
            isinstance(block, Paragraph)
            and block.level
            and not any(is_post(x.text) for x in lines)
            and column.signature
        ):
            break
        for line in lines:
            if not column.takes(line):
                over = True
                break
        else:
            taken.add(index)
    title, name, date_line = _signature(column.signature)
    if beside and name is None:
        title, name, date_line, taken = beside.signer_title, beside.signer_name, beside.date_line, taken | beside.blocks
    return Closing(title, name, _entries(column.recipients), frozenset(taken), date_line)


def _signed_above(blocks: Sequence[Block], start: int, floor: int) -> Closing | None:
    """Signatures side by side right above the recipients, as joint papers have them."""
    table = blocks[start - 1] if start > floor else None
    if not isinstance(table, Table) or not _is_signature_table(table, block_lines(table, start - 1)):
        return None
    return _from_table(table, start - 1)


def _post_behind_label(text: str) -> str | None:
    """The post on the same line as "Nơi nhận:", where both columns came out as one line."""
    label = _RECIPIENTS.match(plain(text))
    rest = text[label.end() :].strip() if label else ""
    return rest if rest and is_post(rest) else None


def _signature_only(blocks: Sequence[Block], floor: int) -> Closing:
    """A signature without recipients: posts in capitals, then a name within a few lines."""
    for start in range(floor, len(blocks)):
        block = blocks[start]
        if isinstance(block, Table):
            closing = _from_table(block, start) if not block.ruled or block.row_count <= 3 else None
            if closing and closing.signer_name:
                return closing
            continue
        if not is_post(squeeze(block.text.split("\n")[0])):
            continue
        lines: list[Line] = []
        for index in range(start, min(start + 8, len(blocks))):
            if isinstance(blocks[index], Table):
                break
            lines.extend(block_lines(blocks[index], index))
            title, name, date_line = _signature(lines)
            if title and name:
                return Closing(title, name, (), frozenset(range(start, index + 1)), date_line)
    return Closing()


def read_closing(blocks: Sequence[Block], floor: int) -> Closing:
    """Recipients and signature of the document proper; `floor` is the first block after its title.

    Recipients: one entry a line, the final mark and the list mark off, "Lưu: ..." included.
    """
    for index in range(floor, len(blocks)):
        block = blocks[index]
        if isinstance(block, Table):
            if _may_close(block) and any(_is_recipients_line(line.text) for line in block_lines(block, index)):
                closing = _from_table(block, index)
                if closing and (closing.recipients or closing.signer_title):
                    return _with_signature_after(closing, blocks, index, floor)
        elif _is_recipients_line(first_line(block)):
            return _from_paragraphs(blocks, index, floor)
    return _signature_only(blocks, floor)


def _with_signature_after(closing: Closing, blocks: Sequence[Block], index: int, floor: int) -> Closing:
    """A recipients table whose signature stands beside it as paragraphs, before or after."""
    if closing.signer_title:
        return closing
    lines, taken = _signature_before(blocks, index, floor)
    if not lines:
        after = _signature_only(blocks[: index + 10], index + 1)
        return Closing(
            after.signer_title, after.signer_name, closing.recipients, closing.blocks | after.blocks, after.date_line
        )
    title, name, date_line = _signature(lines)
    return Closing(title, name, closing.recipients, closing.blocks | taken, date_line)
