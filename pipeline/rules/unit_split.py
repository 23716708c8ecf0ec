"""Lists of units in a cell: one entry a unit as written."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from pipeline.rules.unit_starts import (
    GROUP,
    Start,
    capitals_only,
    goes_over,
    head_at,
    is_bare_of_group,
    is_place_end,
    is_school_part,
    known_alone,
    start_at,
)
from pipeline.text import CAPITALS, fold, nfc, squeeze
from pipeline.vocab.bodies import body_tree
from pipeline.vocab.units import begins_name, entries_named

BULLET = r"(?:[-+•*·◦▪‣]|o(?=\s))\s*|\(?\d{1,2}[.)](?=\s|[^\W\d_])\s*|\(?[a-eghik-oqr-zđ][.)]\s+"
_SEPARATOR = re.compile(
    rf"(?P<line>[ \t]{{0,8}}\.?[ \t]{{0,8}}\n\s*(?P<mark>{BULLET})?(?:và\s+)?)"
    rf"|(?P<semi>\s{{0,8}};\s*(?:{BULLET})?(?:và\s+)?)"
    r"|(?P<comma>\s{0,8},\s*(?:và\s+)?)"
    r"|(?P<and>\s{1,8}(?:và|&|cùng\s+với|cùng|phối\s+hợp\s+với|phối\s+hợp)\s+)"
    r"|(?P<dot>\.[ \t]+(?!\n))"
    r"|(?P<dash>\s{1,8}-\s+)"
)
_MAY_SEPARATE = re.compile(r"[\n;,]|\.[ \t]|\s(?:-|&|và|cùng|phối)")
_OPENING = re.compile(rf"\s*(?:{BULLET})?")
_LABEL = re.compile(
    r"(?:(?:các\s+)?(?:đơn\s+vị|cơ\s+quan|bộ\s+phận)(?:,\s*(?:đơn\s+vị|cơ\s+quan))?\s+)?"
    r"(?:chủ\s+trì(?:\s+thực\s+hiện)?|phối\s+hợp(?:\s+thực\s+hiện)?|thực\s+hiện|chủ\s+trì,\s*phối\s+hợp)\s*:\s*"
)
_HEAD = 400  # characters of an entry that decide what it is
_LONGEST_NAME = 160
# Heads that no common noun under "các" shares: "các phòng, văn phòng sở" is two
_NEVER_COMMON = frozenset(("văn phòng", "thanh tra", "công an", "quân sự", "mặt trận", "ủy ban"))
_COMMON_ALONE = frozenset(("văn phòng", "thanh tra", "công an", "quân sự"))  # words of other names too
# Organs whose name goes on with that of their organisation, also on the next line.
_ORGAN = re.compile(r"(?:ban thường vụ|ban chấp hành|ban thường trực|ban cán sự|ban bí thư|thường trực|thường vụ)\s*$")
_BRACKETS = re.compile(r"\([^()]*\)")
_GROUP_CAPITAL = re.compile(r"(?<=\w) (?=Các\s+[^\W\d_])")
_AREA = r"(?:tỉnh|thành phố|huyện|quận|thị xã|xã|phường|thị trấn)"
_SPACE_AND_CAPITAL = re.compile(rf" (?=[{CAPITALS}])")
_NAMES_AREA = re.compile(_AREA)
_ENDS_IN_PLACE = re.compile(rf"(?<!\w){_AREA}(?: [{CAPITALS}][\w-]*){{0,4}}$")
_END = " \t\n.,;:/-–—…"
_BARE_NOUN = re.compile(
    r"(?:sở|ban|ngành|đoàn thể|địa phương|phòng|khoa|tổ|cục|vụ|viện|đơn vị|cơ quan|hội|trường|xã|phường|thị trấn"
    r"|đặc khu|huyện|quận|thị xã|thành phố|bộ)\b"
)
_NOUN_END = re.compile(r"(?<!\w)(?:sở|bộ|phòng|ban|khoa|cục|vụ|huyện|xã|phường)\s*$")  # "các Bộ: |Quốc phòng, Công an"


@dataclass(frozen=True, slots=True)
class UnitSpan:
    """A unit's name with its place in the text it was read from."""

    start: int
    end: int
    text: str


_COMMUNES = re.compile(r"(?<!\w)các (?:xã|phường|thị trấn)\s+[^\s,]")
_HAMLET = "thôn, tổ"  # kind of the heads Thôn, Bản, Ấp ...


@dataclass(frozen=True, slots=True)
class _Cut:
    """A separator that may end an entry. `kind` is line, mark (line with a list mark), semi, comma, and, dot, dash."""

    kind: str
    start: int
    end: int
    mark: str = ""


@lru_cache(maxsize=4096)  # a plan has few different cells of units
def split_units(text: str, declared: frozenset[str] = frozenset()) -> tuple[str, ...]:
    """The units of a cell as written, one entry each; list marks and final punctuation off.

    A new unit begins after ; , "và" or a line break only where a unit's head word with a name, "các ..." or a known
    abbreviation follows; brackets stay with their unit; a group keeps its list after ":".

    Forms: "Phòng NVY, NVD, CDC" -> 3; "Phòng Lao động, Thương binh và Xã hội" -> 1; "các Cục, Vụ; Thanh tra Bộ" -> 2.

    Args:
        declared: folded abbreviations that the paper declares (`declared_abbreviations`).
    """
    text = nfc(text)
    return tuple(squeeze(text[span.start : span.end]) for span in unit_spans(text, declared))


def unit_spans(text: str, declared: frozenset[str] = frozenset()) -> tuple[UnitSpan, ...]:
    """The entries of `split_units` with their offsets in the (NFC) text."""
    text = _with_lost_breaks(text)
    folded = fold(text)
    opening = _OPENING.match(folded)
    begin = opening.end() if opening else 0
    if label := _LABEL.match(folded, begin):
        begin = label.end()
    own_mark = folded[:begin].strip()
    spans = []
    cuts = [cut for cut in _cuts(folded) if cut.start >= begin]
    for cut, end in zip(cuts, _fragment_ends(cuts, len(text)), strict=True):
        entry = _Entry(text, folded, begin, own_mark, declared)
        if entry.ends_at(cut, end):
            spans.append((begin, cut.start))
            begin = cut.end
            own_mark = cut.mark if cut.kind == "mark" else own_mark
    spans.append((begin, len(text)))
    return tuple(span for start, end in spans if (span := trimmed(text, start, end)))


def _with_lost_breaks(text: str) -> str:
    """A capital "Các" or another unit behind a whole name stood on a line of its own: formats lose the break.

    The text keeps its length.

    Forms: "Phòng KHTC Các đơn vị", "UBND thành phố Hạ Long Công an thành phố" -> 2; "UBND Các xã", "Thủ trưởng Các đơn
    vị", "Văn phòng UBND tỉnh" -> 1.
    """
    for capital in _GROUP_CAPITAL.finditer(text):
        folded = fold(re.split(r"[,;\n]", text[: capital.start()])[-1]).lstrip(" -+")
        head = head_at(folded, 0)
        if head and folded[head[1] :].strip() and not GROUP.search(folded):
            text = f"{text[: capital.start()]}\n{text[capital.end() :]}"
    folded = fold(text)
    for capital in _SPACE_AND_CAPITAL.finditer(text) if _NAMES_AREA.search(text) else ():
        at = capital.end()
        if not _is_next_unit(folded, at) or not (place := _ENDS_IN_PLACE.search(text, max(0, at - 80), at - 1)):
            continue
        begun = re.split(r"[,;\n:]", folded[: place.start()])[-1].lstrip(" -+")
        if head_at(begun, 0) and not GROUP.search(begun):
            text = f"{text[: at - 1]}\n{text[at:]}"
    return text


def _is_next_unit(folded: str, at: int) -> bool:
    """Whether the name of another unit begins here and no part of the place before it."""
    found = head_at(folded, at)
    if found is None:
        return False
    head, stop = found
    # "xã Ban Công": one syllable may be the name of the place
    plain = " " in head.word or head.word.isupper() or head.word == "Sở"
    return plain and bool(folded[stop : stop + 2].strip())


def _fragment_ends(cuts: list[_Cut], length: int) -> list[int]:
    """Where the words behind each separator end; a full stop or a dash ends none ("P. TCCB", "Kinh tế - Hạ tầng")."""
    ends, end = [], length
    for cut in reversed(cuts):
        ends.append(end)
        if cut.kind not in ("dot", "dash"):
            end = cut.start
    return ends[::-1]


def trimmed(text: str, start: int, end: int) -> UnitSpan | None:
    """The stretch without marks at its ends; None where nothing is left."""
    while end > start and text[end - 1] in _END:
        end -= 1
    while start < end and (text[start] in _END or text[start] in "+•*·"):
        start += 1
    return UnitSpan(start, end, text[start:end]) if end > start else None


def _cuts(folded: str) -> Iterator[_Cut]:
    """Separators outside brackets; a bracket that is never closed counts as none."""
    if not _MAY_SEPARATE.search(folded):
        return
    inside = _bracketed(folded)
    for match in _SEPARATOR.finditer(folded):
        if match.start() in inside and match.lastgroup:
            continue
        mark = (match["mark"] or "").strip()
        kind = "mark" if mark else match.lastgroup or ""  # of groups in each other, the outer one is closed last
        yield _Cut(kind, match.start(), match.end(), mark)


def _unbracketed(folded: str) -> str:
    """The text with blanks for what closed brackets hold, same length."""
    return _BRACKETS.sub(lambda m: " " * len(m[0]), folded) if "(" in folded else folded


def _bracketed(folded: str) -> frozenset[int]:
    """Offsets inside closed round brackets."""
    if "(" not in folded:
        return frozenset()
    inside: set[int] = set()
    opened: list[int] = []
    for at, char in enumerate(folded):
        if char == "(":
            opened.append(at)
        elif char == ")" and opened:
            first = opened.pop()
            if not opened:
                inside.update(range(first, at))
    return frozenset(inside)


@dataclass(frozen=True, slots=True)
class _Entry:
    """The entry being read, from `begin` on, and the decision whether a separator ends it."""

    text: str
    folded: str
    begin: int
    own_mark: str
    declared: frozenset[str]

    def ends_at(self, cut: _Cut, end: int) -> bool:
        current = self.folded[self.begin : min(cut.start, self.begin + _HEAD)]
        if not current.strip(_END):
            return True
        if cut.end >= len(self.folded):
            return False
        if ":" in _unbracketed(current) and (held := self._list_holds(current, cut, end)) is not None:
            return not held
        if self._body_runs_over(cut):
            return False
        if cut.kind in ("mark", "semi"):
            return not self._bare_noun_of_group(current, cut.end, end)
        if cut.kind == "line" and self.folded[max(0, cut.start - 3) : cut.start].rstrip().endswith(";"):
            return True
        if cut.kind == "dot" and not self._sentence_end(cut):
            return False
        if cut.kind == "dash" and self.own_mark not in ("-", "+"):
            return False
        start = start_at(self.text, self.folded, cut.end, end, self.declared)
        if is_school_part(current, self.folded, cut.end):
            return False
        return self._accepts(start, cut, current, end) and not self._known_across(cut, end)

    def _body_runs_over(self, cut: _Cut) -> bool:
        """Whether a known body's name does, also where the line breaks before its hyphen: "Khoa Nội\n- Nhi"."""
        if cut.kind == "semi" or (cut.kind == "mark" and cut.mark == self.own_mark):
            return False
        end = body_tree().end(self.text, self.folded.replace("\n", " "), self.begin)
        return end is not None and end > cut.end

    def _list_holds(self, current: str, cut: _Cut, end: int) -> bool | None:
        """Whether a list after ":" goes on over this separator; None where the ordinary rules decide."""
        head, _, members = _unbracketed(current).partition(":")
        if cut.kind == "mark":
            return (not members.strip() and cut.mark != self.own_mark) or (
                "\n" in members and cut.mark != self.own_mark
            )
        if not GROUP.search(head) and not members.strip():
            return None
        at = self.begin + len(head) + 1
        at += len(members) - len(members.lstrip())
        first = start_at(self.text, self.folded, at, min(end, len(self.text)), self.declared)
        shared = GROUP.search(head) and _NOUN_END.search(head) and not self._names_unit(cut.end, end)
        if first is None and not shared:
            return None
        if cut.kind == "semi":
            return "," not in members and GROUP.search(head) is not None
        return cut.kind in ("comma", "and", "dash", "dot")

    def _names_unit(self, at: int, end: int) -> bool:
        """Whether a unit with a name of its own stands here: "UBND tỉnh", not "Công an" after "các Bộ:".

        Nor the commune Bản Chiềng after "các xã:".
        """
        start = start_at(self.text, self.folded, at, end, self.declared)
        return start is not None and start.kind != _HAMLET and bool(self.folded[start.head_end : end].strip(_END))

    def _bare_noun_of_group(self, current: str, at: int, end: int) -> bool:
        """ "các sở; ban; ngành": a lower-case noun without a name goes on with the group."""
        noun = _BARE_NOUN.match(self.folded, at)
        return (
            noun is not None
            and GROUP.search(current) is not None
            and self.text[at].islower()
            and not self.folded[noun.end() : end].strip(_END)
        )

    def _sentence_end(self, cut: _Cut) -> bool:
        word = re.search(r"[^\s.]+$", self.folded[max(self.begin, cut.start - 20) : cut.start])
        return word is not None and len(word[0]) >= 3 and self.text[cut.end].isupper()

    def _accepts(self, start: Start | None, cut: _Cut, current: str, end: int) -> bool:
        if start is None:
            return self._nameless(cut, current, end)
        if start.kind == "nhóm":
            return True
        if self._is_part(start, cut, current):
            return False
        if start.kind == _HAMLET and _COMMUNES.search(current) and self.text[cut.end].isupper():
            return False  # "UBND các xã Nà Lầu, |Bản Chiềng"
        first = head_at(self.folded, self.begin)
        first_kind = first[0].kind if first else ""
        if cut.kind == "line" and _ORGAN.match(current):
            return False
        if start.kind == "địa bàn":
            tail = self.folded[max(self.begin, cut.start - 60) : cut.start]
            return GROUP.search(current) is None and self.text[cut.end].islower() and is_place_end(tail)
        if first_kind == "người" and start.kind == "chức danh" and cut.kind == "comma":
            return False  # "Đồng chí Nguyễn Văn An, Phó Giám đốc Sở"
        if start.use == "weak":
            return cut.kind == "line" or first_kind in ("chức danh", "lãnh đạo", "người")
        if GROUP.search(current) or self._is_bare(current):
            named = start.kind in _NEVER_COMMON and start.use != "lower" and not self._is_same_noun(start, cut, current)
            return named or (start.use != "lower" and self.text[cut.end].isupper())
        if cut.kind == "and" and not self.folded[start.head_end : end].strip(_END):
            return self._names_all(start) or self._complete(current)
        return True

    def _is_part(self, start: Start, cut: _Cut, current: str) -> bool:
        """Whether the words are a part of the name before: "Phòng Thí nghiệm, |KCS| và Hiệu chuẩn", "các Vụ, |Viện|
        thuộc Bộ"."""
        if GROUP.search(current) and is_bare_of_group(self.text, self.folded, cut.end, start):
            return True
        is_alone = start.use == "alone" and cut.kind == "comma"
        return is_alone and not GROUP.search(current) and goes_over(self.text, self.folded, start.head_end)

    def _names_all(self, start: Start) -> bool:
        """Whether the head is a name by itself: "Ban Tuyên giáo", "Tỉnh đoàn", unlike "Công an" and "Thanh tra"."""
        return start.use == "alone" and start.kind not in _COMMON_ALONE

    def _is_same_noun(self, start: Start, cut: _Cut, current: str) -> bool:
        """ "các huyện ủy, thành ủy": a noun of the group's own kind goes on with it."""
        group = GROUP.match(current)
        noun = head_at(self.folded, self.begin + group.end() + 1) if group else None
        return noun is not None and noun[0].kind == start.kind and self.text[cut.end].islower()

    def _is_bare(self, current: str) -> bool:
        """ "Phòng, ban ...": a head word without a name opens a group without "các"."""
        noun = _BARE_NOUN.match(current)
        return noun is not None and current[noun.end() :].strip()[:1] in ("", ",")

    def _complete(self, current: str) -> bool:
        written = self.text[self.begin : self.begin + len(current)]  # whole where it can be a name at all
        return bool(entries_named(written)) or head_at(current, 0) is None

    def _nameless(self, cut: _Cut, current: str, end: int) -> bool:
        """No head follows: still a unit where the words are one in the vocabulary, or an abbreviation."""
        follow = self.text[cut.end : end]
        if GROUP.search(current) or (cut.kind == "comma" and goes_over(self.text, self.folded, end)):
            return False
        if cut.kind in ("comma", "line") and capitals_only(self.text, cut.end, end):
            return not self.text.isupper()
        return follow[:1].isupper() and (known_alone(follow) or self._known_beyond(cut.end, end))

    def _known_beyond(self, at: int, end: int) -> bool:
        """Whether a known name with a separator in it begins here: "Sở Nội vụ, |Báo và Đài Phát thanh"."""
        if head_at(self.folded, at) is None or not begins_name(self.text[at:end]):
            return False
        words = re.finditer(r"[^\s,;]+", self.text[end : end + _LONGEST_NAME])
        return any(known_alone(self.text[at : end + word.end()]) for word in words)

    def _known_across(self, cut: _Cut, end: int) -> bool:
        """Whether a known name runs over the separator: "Văn phòng HĐND và UBND huyện", "Sở VH, TT&DL"."""
        if cut.start - self.begin > _LONGEST_NAME or not begins_name(self.text[self.begin : cut.start]):
            return False
        for word in re.finditer(r"\S+", self.text[cut.end : min(end, cut.end + _LONGEST_NAME)]):
            name = self.text[self.begin : cut.end + word.end()]
            if any(unit.kind != "nhóm" for unit in entries_named(name)):
                return True
            if not begins_name(name):
                break
        return False
