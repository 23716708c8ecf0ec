"""Bodies that are called by what they are for, in lower case: "Ban Chỉ đạo |về đất đai|", "Tổ |quản lý bãi tắm|"."""

import re

from pipeline.rules.name_words import ends_a_name, is_work, noun_end, predicate_end, verb_end
from pipeline.rules.unit_parts import LEVEL

_FOR_A_TIME = re.compile(
    r"(?:ban chỉ đạo|ban điều hành|ban vận động|tổ công tác|tổ giúp việc|tổ tư vấn|hội đồng|tiểu ban|ủy ban"
    r"|nhóm công tác|đoàn (?:công tác|kiểm tra|giám sát|thanh tra)(?: liên ngành)?)(?!\w)[^;:.()]{0,80}$"
)
_ABOUT = re.compile(r" về (?=[^\W\d_])")
_CHARGE = " phụ trách "
_POST = re.compile(
    r"(?<!\w)(?:trưởng|phó|chủ tịch|bí thư|giám đốc|công chức|viên chức|cán bộ|chuyên viên|nhân viên|lãnh đạo|người"
    r"|ủy viên|thành viên|\w+ trưởng)(?!\w)[^,;.:]*$"
)
_LINK = re.compile(r"(?:,(?: và)?| và| -) (?=[^\W\d_])")
_SYLLABLE = re.compile(r"[^\W\d_]+")
_MOST_PIECES = 8
_LONGEST_PIECE = 7  # syllables


def about_end(text: str, folded: str, end: int) -> int | None:
    """End of the matter of a body whose name ends at `end`, where the verb of the sentence stands behind it.

    Forms: "Ban Chỉ đạo |về đất đai, phòng, chống buôn lậu| họp"; "Tổ công tác |về đất đai| tỉnh rà soát".
    """
    about = _ABOUT.match(folded, end)
    if about is None or not _FOR_A_TIME.search(folded, 0, end):
        return None
    return matter_end(text, folded, about.end())


def matter_behind(text: str, folded: str, end: int) -> int | None:
    """End of what a body or a post whose name ends at `end` is for."""
    return about_end(text, folded, end) or charge_end(text, folded, end)


def charge_end(text: str, folded: str, end: int) -> int | None:
    """End of what the post whose name ends at `end` is in charge of: "Phó Giám đốc |phụ trách chuyên môn| duyệt".

    Where no verb follows it is what the person has to do: "Phó Giám đốc |phụ trách chung".
    """
    if not folded.startswith(_CHARGE, end) or not _POST.search(folded, 0, end):
        return None
    return matter_end(text, folded, end + len(_CHARGE))


def matter_end(text: str, folded: str, begin: int) -> int | None:
    """End of work and things that stand in a row; each may open with a verb, the next verb is the sentence's."""
    end = _piece_end(text, folded, begin)
    for _ in range(_MOST_PIECES):
        if end is None:
            return None
        link = _LINK.match(folded, end)
        more = _piece_end(text, folded, link.end()) if link else None
        if more is None:
            break
        end = more
    if end is None:
        return None
    level = LEVEL.match(folded, end + 1)
    follow = level.end() if level else end
    acts = verb_end(folded, follow + 1) is not None and text[follow + 1 : follow + 2].islower()
    return end if acts or (level and ends_a_name(folded, follow + 1)) else None


def _piece_end(text: str, folded: str, begin: int) -> int | None:
    """End of one piece: a verb at most, then things, up to a mark, a link, a level or another verb."""
    end = begin
    for count in range(_LONGEST_PIECE):
        at = end if count == 0 else end + 1
        if (count and folded[end : end + 1] != " ") or not text[at : at + 1].islower() or folded.startswith("và ", at):
            break
        noun, verb = noun_end(folded, at), verb_end(folded, at)
        if count == 0 and verb and not noun:
            if predicate_end(folded, at) == verb and not is_work(folded[at:verb]):
                return None
            end = verb
            continue
        if (verb and not noun) or LEVEL.match(folded, at):
            break
        word = _SYLLABLE.match(folded, at)
        if noun is None and word is None:
            break
        end = noun or (word.end() if word else end)
    return end if end > begin else None
