"""How far the name of a unit reaches in running text: to the verb, not beyond."""

import re
from dataclasses import replace

from pipeline.rules.name_pieces import (
    LONGEST,
    Words,
    body_end,
    capital_run,
    is_stop,
    known_end,
    levels_end,
    names_more_levels,
    seat_end,
    stops,
    whole_word,
)
from pipeline.rules.name_reach import is_part, lower_end, noun_and_verb_end
from pipeline.rules.name_topics import matter_behind, matter_end
from pipeline.rules.name_words import (
    described_end,
    done_end,
    ends_a_name,
    is_near_verb,
    is_work,
    noun_end,
    verb_end,
)
from pipeline.rules.unit_inside import inside
from pipeline.rules.unit_parts import (
    COORDINATED,
    ENDS_IN_LEVEL,
    HOUSES,
    IN_HOUSES,
    LEVEL,
    NOUN,
    OWNER,
    STANDING,
    TAIL,
    TOKEN,
)
from pipeline.rules.unit_starts import GROUP, Start, goes_over, is_bare_of_group, is_school_part, start_at
from pipeline.text import CAPITALS, skip_space
from pipeline.vocab.name_tree import NO_NAMES, NameTree

_TITLES = frozenset(("chức danh", "lãnh đạo", "người", "nhóm"))
_GROUP_LINK = re.compile(r"(?:,\s*(?:và\s+)?|và\s+|/\s*|-\s*)")
_SMALL_KINDS = frozenset(("tổ", "bộ phận"))
_HOUSE_KINDS = frozenset(("trường", "doanh nghiệp", "viện", "bệnh viện"))
_DASH = re.compile(r" [-–] ")
_WORK_BEFORE = re.compile(rf"(?<=\s)(?P<word>[{CAPITALS}][^\W\d_]*(?: [^\W\d_]+)?),\s+$")
_DEEPEST = 3  # units inside a unit's name
_LONGEST_NAME = 220  # characters
_FEWEST_SYLLABLES = 2  # of a part of a name in lower case


def name_end(text: str, folded: str, at: int, start: Start, own: NameTree = NO_NAMES) -> int:
    """Where the name that begins at `at` ends; `own`: names that the paper makes sure.

    Forms: "Sở Văn hóa, Thể thao và Du lịch |chủ trì"; "Ban Quản lý dự án đầu tư xây dựng huyện |có trách nhiệm";
    "UBND các xã, thị trấn |tổ chức"; "các cơ quan, đơn vị liên quan |triển khai".
    """
    stop = at + _LONGEST_NAME
    inside = replace(start, head_end=start.head_end - at)
    return at + _end(Words(text[at:stop], folded[at:stop], 0, own), 0, inside)


def _end(words: Words, at: int, start: Start) -> int:
    end = _ruled_end(words, at, start)
    own = words.own.end(words.text, words.folded, at)
    return _tails(words, own) if own and own > end else end


def _ruled_end(words: Words, at: int, start: Start) -> int:
    if GROUP.match(words.folded, at) or GROUP.match(words.folded, skip_space(words.folded, start.head_end)):
        return _group_end(words, at)
    if start.kind == "nhóm":
        return _tails(words, max(start.head_end, at + 1))
    if start.kind in _TITLES and (inner := _nested_end(words, start.head_end)):
        return inner
    known, kind = known_end(words, at)
    body = body_end(words.text, words.folded, at)
    if body and body > (known or start.head_end):
        return _walk(replace(words, is_strict=True), body)
    if known is None:
        return _walk(words, _named_by_work(words, start) or max(start.head_end, at + 1))
    end = _tails(words, known)
    is_post = kind in _TITLES and end > known
    is_head_alone = known == start.head_end and words.folded[known : known + 1] == ","  # "Thanh tra, kiểm tra việc ..."
    if is_post or is_head_alone or ENDS_IN_LEVEL.search(words.folded, at, known):
        return end
    return _walk(replace(words, is_strict=True), known)


def _named_by_work(words: Words, start: Start) -> int | None:
    """A small team that is called by its work, in lower case: "Tổ bảo vệ |trực 24/24", "Tổ thẩm định |chấm điểm",
    "Tổ quản lý bãi tắm, cứu hộ và trật tự du lịch |trực".
    """
    begin = skip_space(words.folded, start.head_end)
    end = verb_end(words.folded, begin) if start.kind in _SMALL_KINDS and start.use == "lower" else None
    if end is None or " " not in words.folded[begin:end]:
        return None
    follow = skip_space(words.folded, end)
    goes_on = words.folded[follow : follow + 1].isalnum() and verb_end(words.folded, follow) is None
    return matter_end(words.text, words.folded, begin) or (None if goes_on else end)


def _nested_end(words: Words, end: int) -> int | None:
    """End of another unit's name right behind: "Văn phòng |UBND tỉnh", "Văn phòng |thường trực Ban Chỉ huy", "Giám đốc
    |Sở Y tế"."""
    begin = skip_space(words.folded, end)
    if standing := STANDING.match(words.folded, begin):
        begin = standing.end()
    if words.depth >= _DEEPEST or begin == end or "\n" in words.text[end:begin] or begin >= len(words.text):
        return None
    start = start_at(words.text, words.folded, begin, min(len(words.text), begin + 160))
    if start is None or start.use in ("lower", "weak"):
        return None
    if start.kind == "nhóm" or words.text[begin].isupper():
        return _end(replace(words, depth=words.depth + 1), begin, start)
    return None


def _tails(words: Words, end: int) -> int:
    """Level, place, owner and the like after a whole name."""
    for _ in range(LONGEST):
        begin = skip_space(words.folded, end)
        if "\n" in words.text[end:begin]:
            return end
        if names_more_levels(words, end):
            end = levels_end(words, end)
        elif match := LEVEL.match(words.folded, begin):
            end = levels_end(words, match.end())
        elif match := TAIL.match(words.folded, begin) or inside(words.text, words.folded, end, begin):
            end = match.end()
        elif (match := OWNER.match(words.folded, begin)) and (owner := _owner_end(words, match.end())):
            end = owner
        elif places := _places_end(words, begin):
            end = places
        elif (inner := _nested_end(words, end)) and not GROUP.match(words.folded, begin):
            end = inner
        elif (run := capital_run(words, begin, place=False)) > begin:
            end = run
        elif more := _house_end(words, end) or seat_end(words, end) or matter_behind(words.text, words.folded, end):
            end = more
        else:
            return end
    return end


def _house_end(words: Words, at: int) -> int | None:
    """End of the house that a unit is of, behind a hyphen: "Viện Công nghệ |- Đại học Hòa Sơn|"."""
    dash = _DASH.match(words.folded, at)
    inner = _nested_end(words, dash.end() - 1) if dash else None
    start = start_at(words.text, words.folded, dash.end(), len(words.text)) if dash and inner else None
    return inner if start and start.kind in _HOUSE_KINDS else None


def _places_end(words: Words, at: int) -> int | None:
    """Places in whose papers the name stands many times: "Sở Tư pháp |các tỉnh, thành phố trực thuộc trung ương"."""
    group = GROUP.match(words.folded, at)
    if group is None or words.depth >= _DEEPEST:
        return None
    noun = skip_space(words.folded, group.end())
    block = words.folded[:at].rstrip().endswith("khối")  # "Đảng ủy Khối |các cơ quan và doanh nghiệp tỉnh"
    house = HOUSES.match(words.folded, noun) and IN_HOUSES.search(words.folded[:at])
    if not (block or house or LEVEL.match(words.folded, noun)) or not words.text[at].islower():
        return None
    return _group_end(replace(words, depth=words.depth + 1), at)


def _owner_end(words: Words, at: int) -> int | None:
    if words.depth >= _DEEPEST:
        return None
    if match := LEVEL.match(words.folded, at):
        return capital_run(words, match.end())
    if noun := NOUN.match(words.folded, at):
        start = start_at(words.text, words.folded, at, min(len(words.text), at + 80))
        return _end(replace(words, depth=words.depth + 1), at, start) if start and start.use != "lower" else noun.end()
    start = start_at(words.text, words.folded, at, min(len(words.text), at + 80))
    if start and start.kind != "nhóm":
        return _end(replace(words, depth=words.depth + 1), at, start)
    return noun_end(words.folded, at)  # "Phòng Tham gia của |trẻ em|"


def _walk(words: Words, end: int) -> int:
    """A name that is in no vocabulary: words up to a verb, a mark or another unit."""
    complete = False
    for _ in range(LONGEST):
        begin = skip_space(words.folded, end)
        if begin >= len(words.text) or "\n" in words.text[end:begin]:
            return end
        tail = _tails(words, end)
        if tail > end:
            end, complete = tail, LEVEL.search(words.folded, begin, tail) is not None
            continue
        token = TOKEN.match(words.folded, begin)
        if complete or GROUP.match(words.folded, begin):
            return end
        if token is None:
            return end
        if words.folded[begin] in ",-&" or token[0] == "và":
            follow = skip_space(words.folded, token.end())
            if second := _second_work(words, follow) or _second_half(words, follow, words.folded[begin]):
                end = second
                continue
            if not _goes_on(words, follow, words.folded[begin]):
                return end
            end = _next_word(words, follow) or follow + 1
            continue
        word = _next_word(words, begin)
        if word is None:
            return end
        end = word
    return end


def _next_word(words: Words, begin: int) -> int | None:
    """End of the next word of a name that begins here; None at a mark, a verb and, behind capitals, any other word."""
    if not words.folded[begin].isalnum():
        return None
    if words.text[begin].isupper():
        return whole_word(words, begin)
    if noun := noun_end(words.folded, begin):
        return noun
    may_end = words.may_end(begin)
    if stops(words, begin):
        return lower_end(words.text, words.folded, begin) if may_end else None
    if may_end:
        return lower_end(words.text, words.folded, begin)
    token = TOKEN.match(words.folded, begin)
    return token.end() if token else None


def _goes_on(words: Words, at: int, mark: str) -> bool:
    """Whether a name goes on behind a comma, hyphen or "và": a capital that begins no unit of its own."""
    if at >= len(words.text):
        return False
    if noun_end(words.folded, at) and start_at(words.text, words.folded, at, len(words.text)) is None:
        return True
    if is_school_part(words.folded[:at], words.folded, at):
        return True
    if not words.text[at].isupper():
        return mark == "," and words.folded.startswith(("chống ", "trật tự"), at)
    start = start_at(words.text, words.folded, at, len(words.text))
    if start is None or (start.use == "weak" and mark == "-"):  # "Ban Tài chính - |Kế toán"
        return True
    if start.use == "alone" and goes_over(words.text, words.folded, start.head_end):
        return True
    # "Gia đình và Thư viện |chủ trì": a head word without a name is a word of this one; behind a comma
    # only a post is ("đồng chí An, Phó Chủ tịch |phụ trách"), an office is the subject ("của Bộ Y tế, Viện |xây dựng")
    return (
        (mark != "," or start.kind == "chức danh")
        and start.use == "lower"
        and is_stop(words.text, words.folded, start.head_end)
    )


def _second_work(words: Words, at: int) -> int | None:
    """End of more work behind a comma or "và", with the verb of the sentence or more of the name behind it.

    Forms: "Phòng Duy tu, |sửa chữa cầu đường| lập dự toán", "Ban Bảo vệ, |chăm sóc trẻ em| và Bình đẳng giới". What a
    sentence predicates has no comma before it.
    """
    verb = verb_end(words.folded, at) if words.text[at : at + 1].islower() else None
    if verb is None or not (is_work(words.text[at:verb]) or _follows_work(words, at)):
        return None
    end = done_end(words.text, words.folded, verb) or verb
    follow = skip_space(words.folded, end)
    if link := COORDINATED.match(words.folded, follow):
        if more := _second_work(words, link.end()):
            return more
        return end if end > verb and words.text[link.end() : link.end() + 1].isupper() else None
    is_predicate = words.folded[follow : follow + 1].isalpha() and (
        ends_a_name(words.folded, follow)
        or LEVEL.match(words.folded, follow) is not None
        or is_part(words.text, words.folded, follow)
    )
    return end if end > verb and is_predicate else None


def _follows_work(words: Words, at: int) -> bool:
    """Whether the word before a comma is a verb with a capital: "Phòng Kiểm tra, |giải quyết| khiếu nại"."""
    before = _WORK_BEFORE.search(words.text, max(0, at - 30), at)
    return before is not None and verb_end(words.folded, before.start("word")) == before.end("word")


def _second_half(words: Words, at: int, mark: str) -> int | None:
    """End of two words or more in lower case up to the verb: "Cục Phổ biến, |giáo dục pháp luật| có trách nhiệm"."""
    if mark != "," or not words.text[at : at + 1].islower() or noun_end(words.folded, at):
        return None
    before = re.search(r"(\w+)\s*,\s*$", words.text[:at])
    if before is None or not before[1].islower() or start_at(words.text, words.folded, at, len(words.text)):
        return None
    end = at
    for count, token in enumerate(TOKEN.finditer(words.folded, at, at + 60)):
        if not token[0][0].isalnum():
            return None
        if stops(words, token.start()):
            return end if count >= _FEWEST_SYLLABLES else None
        end = token.end()
    return None


def _group_end(words: Words, at: int) -> int:
    """ "các sở, ban, ngành, đoàn thể cấp tỉnh", "UBND các xã, thị trấn", "Thủ trưởng các đơn vị trực thuộc"."""
    group = GROUP.search(words.folded, at)
    end = group.end() if group else at
    first, complete = True, False
    for _ in range(LONGEST):
        begin = skip_space(words.folded, end)
        if begin >= len(words.text) or "\n" in words.text[end:begin]:
            break
        link = _GROUP_LINK.match(words.folded, begin)
        noun = NOUN.match(words.folded, link.end() if link else begin)
        second = _second_description(words, link.end()) if link and noun is None and not first else None
        if second:
            end = second
            continue
        if link and (noun is None or _is_own_unit(words, link.end())):
            break
        tail = end if link else _tails(words, end)
        if noun and (link or (first and not complete and not _is_own_unit(words, begin))):
            end, first = _body_of_group(words, noun), False
        elif tail > end:
            end, complete = tail, True
        elif not link and not complete and _word_of_group(words, begin, first=first):
            first = first and described_end(words.folded, begin) is None
            end = _group_word(words, begin)
        else:
            break
    return end


def _body_of_group(words: Words, noun: re.Match[str]) -> int:
    """End of a group's noun with the name that all of them bear: "các |xí nghiệp cấp nước|"."""
    body = body_end(words.text, words.folded, noun.start())
    return body if body and words.text[noun.end() : body].islower() else noun.end()


def _second_description(words: Words, at: int) -> int | None:
    """End of a second word that tells which ones a group has, the verb behind it: "khoa lâm sàng, |cận lâm sàng|"."""
    end = described_end(words.folded, at) if words.text[at : at + 1].islower() else None
    return end if end and ends_a_name(words.folded, skip_space(words.folded, end)) else None


def _is_own_unit(words: Words, at: int) -> bool:
    start = start_at(words.text, words.folded, at, min(len(words.text), at + 60))
    if start is None or start.use == "lower" or not words.text[at].isupper():
        return False
    return not is_bare_of_group(words.text, words.folded, at, start)


def _word_of_group(words: Words, at: int, *, first: bool) -> bool:
    """Whether a group goes on with this word; behind its noun an unknown one has to have the verb behind it."""
    if not words.folded[at].isalnum():
        return False
    if described_end(words.folded, at) or noun_and_verb_end(words.text, words.folded, at):
        return True
    return words.text[at].isupper() or (not stops(words, at) and (first or is_near_verb(words.folded, at)))


def _group_word(words: Words, begin: int) -> int:
    """End of the next word of a group's description: "các khoa |lâm sàng|", "các cơ sở |khám bệnh|"."""
    noun = described_end(words.folded, begin) or noun_and_verb_end(words.text, words.folded, begin)
    token = TOKEN.match(words.folded, begin)
    return noun or (token.end() if token else begin + 1)
