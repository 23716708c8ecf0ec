"""Was this row cut by the page break? Evidence from the two halves and from what the other rows of the table show.

Nothing here knows what a plan is: a cell's beginning and end, brackets, and the table's own habits (which columns are
always filled, which begin in lower case, which values come back) decide. All functions are pure.
"""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache

LIST_MARK = re.compile(
    r"(?:[-–+•*·▪➢]\s+|(?:[a-zđ]|\d{1,2}(?:\.\d{1,2})*)(?:[.)]\s+|[-–](?:\s+(?=[A-ZĐÀ-Ỹ])|(?=[A-ZĐ][a-zà-ỹ])))|[-–+](?=[A-ZĐÀ-Ỹ]))"
)
_ORDINAL = re.compile(r"\(?(?:[IVXLC]{1,6}|\d{1,3}(?:\.\d{1,3}){0,3}|[A-Za-zĐđ])[.)]?|[-–+•*]", re.IGNORECASE)
_LABEL = re.compile(r"[^\W\d_]\w*(?: \w+){0,4}\s?: ")
_MARKS_BEFORE = re.compile(r"^[-+•*\s]+")
_LETTER = re.compile(r"[^\W\d_]")
_OPENERS = {"(": ")", "[": "]", "“": "”"}
_SENTENCE_END = re.compile(r"[.!?…:;][\"”')\]]*$")

# Words that open something and so cannot be the last word of a cell.
_OPEN_WORD = re.compile(
    "và|hoặc|của|các|những|với|về|cho|tại|từ|bằng|do|bởi|để|khi|nếu|là|mà|giữa|cùng|như|nhằm|gồm|mỗi|đối|thuộc|sang"
    "|hay|trước|đến|việc|phòng|ban|sở"
)
_CLOSED_PHRASE = re.compile(
    r"(?:hàng|hằng|mỗi|cuối|đầu|từng|các|toàn|văn|nội|cán|đồng|bảo|thủ|cấp|liên|quan|công|tài) \w+$"
    r"|(?:cơ|trụ) sở$|(?:quốc|biên|dự|tiêm|hải) phòng$"
)
_OPEN_TIME = re.compile(r"(?:^|\b(?:trước|đến|từ|vào|trong|xong) )(?:ngày|tháng|quý|năm|tuần|đợt)$")
_DATE_STEM = re.compile(r"(?:ngày|tháng|năm|quý|số) \d{1,4}(?: ?[/-] ?\d{0,2})?$")


@lru_cache(maxsize=8192)  # headings are compared with each page's
def squash(text: str) -> str:
    """Comparison key of a cell: lower case, no white space, no marks at the ends ("Số\\nTT" and "Số TT" are one)."""
    return "".join(text.split()).casefold().strip("-+•*.,;:")


def is_ordinal(text: str) -> bool:
    """Forms: "1", "1.2", "IV", "a)", "đ)", "(3)", "1." and a lone list mark."""
    return _ORDINAL.fullmatch(text.strip()) is not None


def join_cut(above: str, below: str) -> str:
    """One text from the halves of a cut cell.

    Forms: "Phòng Thanh" + "tra" -> "Phòng Thanh tra"; "QĐ-" + "UBND" -> "QĐ-UBND"; "20/4 -" + "20/5" keeps its space;
    a half that begins with a list mark begins a line.
    """
    above, below = above.rstrip(), below.lstrip()
    if not above or not below:
        return above or below
    if LIST_MARK.match(below) and not re.match(r"[-–+]\s+[a-z\d]", below):
        return f"{above}\n{below}"
    if re.search(r"\w[-/–]$", above) and re.match(r"\w", below):
        return above + below
    return f"{above} {below}"


@dataclass(frozen=True)
class Habit:
    """What the whole rows of a table show about one column: in how many rows it stands, and its texts.

    What follows from the texts is asked of few columns, and computed then; why the class has no `slots=True`.
    """

    rows: int = 0
    texts: tuple[str, ...] = ()

    @property
    def fill(self) -> float:
        return len(self.texts) / self.rows if self.rows else 0.0

    @cached_property
    def begins_lower(self) -> float:
        return sum(map(begins_lower, self.texts)) / len(self.texts) if self.texts else 0.0

    @cached_property
    def values(self) -> Mapping[str, int]:
        return Counter(map(squash, self.texts))

    @cached_property
    def openings(self) -> frozenset[str]:
        return frozenset(map(opening, self.texts))


def learn(rows: Sequence[Sequence[str]], columns: int) -> tuple[Habit, ...]:
    """Habits of each column from rows that no page break touches."""
    habits = []
    for column in range(columns):
        texts = [row[column].strip() for row in rows if column < len(row)]
        habits.append(Habit(len(texts), tuple(filter(None, texts))))
    return tuple(habits)


def opening(text: str) -> str:
    """First two words, marks off, as key: "- Phòng TCCB" and "Phòng TCCB;" open alike."""
    words = _MARKS_BEFORE.sub("", text).casefold().split()
    return " ".join(word.strip(",.;:") for word in words[:2])


def begins_lower(text: str) -> bool:
    letter = _LETTER.search(LIST_MARK.sub("", text, count=1) if LIST_MARK.match(text) else text)
    return letter is not None and text.find(letter[0]) <= 2 and letter[0].islower()


def begins_label(text: str) -> bool:
    """The line begins with a label, and so on its own. Forms: "Lưu: VT, TTS"; "Thời gian: Tháng 5/2024"."""
    return text[:1].isupper() and _LABEL.match(text) is not None


def _unclosed(text: str) -> set[str]:
    return {close for open_, close in _OPENERS.items() if text.count(open_) > text.count(close)}


def _closes(above: str, below: str) -> bool:
    return any(below.count(mark) > below.count(_opener(mark)) for mark in _unclosed(above))


def _opener(close: str) -> str:
    return next(open_ for open_, mark in _OPENERS.items() if mark == close)


def ends_open(text: str) -> bool:
    """The text cannot end here: "thuộc lĩnh vực quản lý của", "Trước ngày", "20/4 -", "Sở Nội vụ,", "(Khoa Dược"."""
    text = text.rstrip()
    if re.search(r"[,/(–“-]$", text) or _unclosed(text):
        return True
    words = text.casefold().split()
    if not words:
        return False
    tail = " ".join(words[-2:])
    if _OPEN_TIME.search(" ".join(words[-3:])):
        return True
    return _OPEN_WORD.fullmatch(words[-1]) is not None and not _CLOSED_PHRASE.fullmatch(tail)


def cell_evidence(above: str, below: str, habit: Habit) -> float:
    """Positive where `below` reads as the rest of `above`, negative where it reads as a cell of its own.

    Forms: "Trước ngày 15/01" / "hàng năm" > 0; "Phòng Thanh" / "tra" > 0 (above all where "Phòng Thanh tra" comes
    back in the column); "Thường xuyên" / "Thường xuyên" < 0; "Kế hoạch" / "Báo cáo" < 0.
    """
    above, below = above.strip(), below.strip()
    if not above or not below:
        return 0.0
    if re.match(r"[),.;:%”\]]", below) or _closes(above, below):
        return 4.0
    whole = squash(join_cut(above, below))
    if habit.values.get(whole):
        return 4.0
    known_below, known_above = habit.values.get(squash(below), 0), habit.values.get(squash(above), 0)
    if known_below and known_above:
        return -4.0
    if begins_lower(below):
        return _lower_evidence(above, known_below, habit)
    if ends_open(above):
        return 3.0
    if known_below:
        return -3.0
    if LIST_MARK.match(below):
        return 0.0 if re.match(r"[-–+•*]", below) and re.match(r"[-–+•*]", above) else -1.0
    if re.match(r"\d", below) and _DATE_STEM.search(above.casefold()):
        return 1.0
    return -1.0 if _SENTENCE_END.search(above) else -2.0


def _lower_evidence(above: str, known_below: int, habit: Habit) -> float:
    if ends_open(above):
        return 3.0
    if known_below:
        return -2.0
    # A column whose cells like to begin in lower case ("các đơn vị", "kế hoạch") says little by it.
    habitual = habit.begins_lower > 0.2
    if _SENTENCE_END.search(above):
        return 0.0 if habitual else 1.0
    return 1.0 if habitual else 3.0


def row_evidence(
    above: Sequence[str | None], below: Sequence[str | None], habits: Sequence[Habit], ordinal: int | None
) -> float:
    """Is `below` the rest of the row `above`? At least 1.0 says yes, up to -1.0 doubtful, lower a row of its own.

    None stands for a slot that says nothing about this row (a cell merged over several rows).
    """
    total, filled, fresh = 0.0, 0, 0
    for column, (a, b) in enumerate(zip(above, below, strict=True)):
        if b is None or column == ordinal or not b.strip():
            continue
        filled += 1
        if a is None:
            fresh += not begins_lower(b)
            continue
        habit = habits[column]
        if not a.strip():
            # A cut cell begins on the page before, so text under an empty cell speaks for a new row.
            total -= 1.0 if begins_lower(b) and habit.begins_lower < 0.2 else 2.5
            continue
        evidence = cell_evidence(a, b, habit)
        fresh += evidence < 0
        total += evidence
    if not filled:
        return 9.0  # an empty strip below a break is drawn by the page, not by an author
    return total + _shape_evidence(above, below, habits, ordinal) - (2.0 if fresh >= 3 and fresh == filled else 0.0)


def _shape_evidence(
    above: Sequence[str | None], below: Sequence[str | None], habits: Sequence[Habit], ordinal: int | None
) -> float:
    """What the other half lacks: a number and cells that every whole row of this table has."""
    total = 0.0
    for column, (a, b) in enumerate(zip(above, below, strict=True)):
        if b is None or a is None or b.strip() or not a.strip():
            continue
        if habits[column].rows < 3:
            total += 0.75  # too few rows to learn from: the row above is the only example
        elif column == ordinal:
            total += 2.0 if habits[column].fill > 0.85 else 0.5 if habits[column].fill > 0.5 else 0.0
        elif habits[column].fill > 0.85:
            total += 1.5
    return min(total, 5.0)
