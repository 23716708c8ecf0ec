"""How far the name of a unit reaches in running text: to the verb, not beyond."""

import re
from functools import lru_cache

from pipeline.rules.unit_starts import GROUP, Start, start_at
from pipeline.vocab.heads import load_heads
from pipeline.vocab.units import entries_named

_TOKEN = re.compile(r"[^\W_][\w&./]*(?<![./])|[^\w\s]")
_LEVEL = re.compile(
    r"(?<!\w)(?:tỉnh|thành phố|tp|thị xã|thị trấn|huyện|quận|phường|xã(?! hội)|đặc khu|khu vực|trung ương"
    r"|cấp (?:tỉnh|huyện|xã|cơ sở))(?!\w)"
)
_OWNER = re.compile(r"(?:trực thuộc|thuộc(?:,? (?:và )?trực thuộc)?|của)\s+(?=\w)")
_TAIL = re.compile(
    r"(?:có liên quan|liên quan|trực thuộc|trên địa bàn|chuyên môn|chức năng|nghiệp vụ|phụ trách|đóng quân trên địa bàn"
    r"|khóa [ivx]+|nhiệm kỳ \d{4}\s*-\s*\d{4}|số \d+)(?!\w)"
)
_NOUN = re.compile(
    r"(?:sở|ban|ngành|đoàn thể|địa phương|phòng|khoa|tổ|cục|vụ|viện|đơn vị|cơ quan|hội|trường|xã|phường|thị trấn"
    r"|huyện|quận|thị xã|thành phố|tỉnh|bộ|tổ chức|doanh nghiệp|cá nhân|thôn|bản|trung tâm|bệnh viện"
    r"|cơ quan ngang bộ|cơ quan thuộc chính phủ)(?!\w)"
)
_TITLES = frozenset(("chức danh", "lãnh đạo", "người", "nhóm"))
_OPEN_KINDS = frozenset(("ban", "tổ", "hội đồng", "nhóm", "chức danh", "trung tâm", "trường", "báo đài"))
_LONGEST = 18  # words of a name; beyond it is a sentence


@lru_cache(maxsize=1)
def _stops() -> re.Pattern[str]:
    words = sorted(load_heads().stops, key=len, reverse=True)
    return re.compile("(?:" + "|".join(re.escape(w).replace(r"\ ", r"\s+") for w in words) + r")(?!\w)")


def name_end(text: str, folded: str, at: int, start: Start) -> int:
    """Where the name that begins at `at` ends.

    Forms: "Sở Văn hóa, Thể thao và Du lịch |chủ trì"; "Ban Quản lý dự án đầu tư xây dựng huyện |có trách nhiệm";
    "UBND các xã, thị trấn |tổ chức"; "các cơ quan, đơn vị liên quan |triển khai".
    """
    if start.kind == "nhóm" or GROUP.match(folded, _skip(folded, start.head_end)):
        return _group_end(text, folded, at)
    if start.kind in _TITLES and (inner := _nested_end(text, folded, start.head_end)):
        return inner
    known, kind = _known_end(text, folded, at)
    if known is None:
        return _walk(text, folded, max(start.head_end, at + 1))
    end = _tails(text, folded, known)
    if end == known and kind in _OPEN_KINDS:
        return _walk(text, folded, end)
    return end


def _skip(folded: str, at: int) -> int:
    while at < len(folded) and folded[at].isspace():
        at += 1
    return at


def _known_end(text: str, folded: str, at: int) -> tuple[int | None, str]:
    """End of the longest vocabulary name that begins here, and its kind."""
    best, kind = None, ""
    for count, token in enumerate(_TOKEN.finditer(folded, at, at + 140)):
        if count >= _LONGEST or text[token.start()] in ';:()"':
            break
        if not folded[token.start()].isalnum() or token[0] == "và":
            continue
        found = entries_named(text[at : token.end()])
        if found and not _cuts_compound(text, folded, token.start(), token.end()):
            best, kind = token.end(), found[0].kind
    return best, kind


def _cuts_compound(text: str, folded: str, last: int, end: int) -> bool:
    """Whether the name goes on: capitals after "và" ("Sở Du lịch| và Thể thao"), or another unit in its last word."""
    start = start_at(text, folded, last, min(len(text), end + 40)) if last else None
    if start is not None and start.kind and start.head_end >= end and text[_skip(folded, end) :][:1].isupper():
        return True
    if text[end - 1].isupper():
        return False
    link = re.compile(r"\s*(?:,|-|và)\s+").match(folded, end)
    if link is None or link.end() >= len(text) or not text[link.end()].isupper():
        return False
    return start_at(text, folded, link.end(), min(len(text), link.end() + 60)) is None


def _nested_end(text: str, folded: str, end: int) -> int | None:
    """End of another unit's name that stands right behind: "Văn phòng |UBND tỉnh", "Giám đốc |Sở Y tế"."""
    begin = _skip(folded, end)
    if begin == end or "\n" in text[end:begin] or begin >= len(text):
        return None
    start = start_at(text, folded, begin, min(len(text), begin + 160))
    if start is None or start.use in ("lower", "weak"):
        return None
    if start.kind == "nhóm" or text[begin].isupper():
        return name_end(text, folded, begin, start)
    return None


def _capital_run(text: str, folded: str, at: int) -> int:
    """End of a proper name: words with capitals, hyphens between them."""
    end = at
    while True:
        begin = _skip(folded, end)
        if folded[begin : begin + 1] == "-" and end > at:
            begin = _skip(folded, begin + 1)
        token = _TOKEN.match(folded, begin)
        if token is None or not (text[begin].isupper() or text[begin].isdigit()) or "\n" in text[end:begin]:
            return end
        if end > at and start_at(text, folded, begin, min(len(text), begin + 40)) is not None:
            return end
        end = token.end()


def _tails(text: str, folded: str, end: int) -> int:
    """Level, place, owner and the like after a whole name."""
    while True:
        begin = _skip(folded, end)
        if "\n" in text[end:begin]:
            return end
        if match := _LEVEL.match(folded, begin):
            end = _capital_run(text, folded, match.end())
        elif match := _TAIL.match(folded, begin):
            end = match.end()
        elif (match := _OWNER.match(folded, begin)) and (owner := _owner_end(text, folded, match.end())):
            end = owner
        elif (inner := _nested_end(text, folded, end)) and not GROUP.match(folded, begin):
            end = inner
        elif (run := _capital_run(text, folded, begin)) > begin:
            end = run
        else:
            return end


def _owner_end(text: str, folded: str, at: int) -> int | None:
    if match := _LEVEL.match(folded, at):
        return _capital_run(text, folded, match.end())
    if noun := _NOUN.match(folded, at):
        start = start_at(text, folded, at, min(len(text), at + 80))
        return name_end(text, folded, at, start) if start and start.use != "lower" else noun.end()
    start = start_at(text, folded, at, min(len(text), at + 80))
    return name_end(text, folded, at, start) if start and start.kind != "nhóm" else None


def _walk(text: str, folded: str, end: int) -> int:
    """A name that is in no vocabulary: words up to a verb, a mark or another unit."""
    complete = False
    for _ in range(_LONGEST):
        begin = _skip(folded, end)
        if begin >= len(text) or "\n" in text[end:begin]:
            return end
        tail = _tails(text, folded, end)
        if tail > end:
            end, complete = tail, _LEVEL.search(folded, begin, tail) is not None
            continue
        token = _TOKEN.match(folded, begin)
        if complete or GROUP.match(folded, begin):
            return end
        if token is None:
            return end
        if folded[begin] in ",-&" or token[0] == "và":
            follow = _skip(folded, token.end())
            if not _goes_on(text, folded, follow, folded[begin]):
                return end
            end = follow + 1
            word = _TOKEN.match(folded, follow)
            end = word.end() if word else end
            continue
        if not folded[begin].isalnum() or _is_stop(text, folded, begin):
            return end
        end = token.end()
    return end


def _goes_on(text: str, folded: str, at: int, mark: str) -> bool:
    """Whether a name goes on behind a comma, hyphen or "và": a capital that begins no unit of its own."""
    if at >= len(text) or not text[at].isupper():
        return mark == "," and folded.startswith(("chống ", "trật tự"), at)
    return start_at(text, folded, at, min(len(text), at + 60)) is None


def _is_stop(text: str, folded: str, at: int) -> bool:
    match = _stops().match(folded, at)
    if match is None or text[at].isupper():
        return False
    follow = _skip(folded, match.end())
    level = _LEVEL.match(folded, follow)
    # "Ban Quản lý dự án đầu tư xây dựng huyện": a verb before a level word is part of the name
    return " " not in match[0] or level is None


def _group_end(text: str, folded: str, at: int) -> int:
    """ "các sở, ban, ngành, đoàn thể cấp tỉnh", "UBND các xã, thị trấn có hồ chứa", "Thủ trưởng các đơn vị"."""
    group = GROUP.search(folded, at)
    end = group.end() if group else at
    first = True
    for _ in range(_LONGEST):
        begin = _skip(folded, end)
        if begin >= len(text) or "\n" in text[end:begin]:
            break
        link = re.compile(r"(?:,\s*(?:và\s+)?|và\s+|/\s*|-\s*)").match(folded, begin)
        follow = link.end() if link else begin
        if link and (not _NOUN.match(folded, follow) or _is_own_unit(text, folded, follow)):
            break
        tail = _tails(text, folded, end) if not link else end
        noun = _NOUN.match(folded, follow)
        if noun and (link or first):
            end, first = noun.end(), False
        elif tail > end:
            end = tail
        elif link is None and _word_of_group(text, folded, begin):
            word = _TOKEN.match(folded, begin)
            end = word.end() if word else begin + 1
        else:
            break
    return end


def _is_own_unit(text: str, folded: str, at: int) -> bool:
    start = start_at(text, folded, at, min(len(text), at + 60))
    return start is not None and start.use != "lower" and text[at].isupper()


def _word_of_group(text: str, folded: str, at: int) -> bool:
    if not folded[at].isalnum():
        return False
    return text[at].isupper() or not _is_stop(text, folded, at)
