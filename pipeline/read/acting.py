"""Who acts in a stretch of running text: the subject of a clause, the unit of a heading, the partners it names.

Constructions that name who has to act: the subject of a sentence, also behind an adverbial ("Khi có mưa, các xã ..."),
a colon or an order ("Giao Sở A ..."); those of pipeline/read/agents.py; labels and brackets (pipeline/read/labels.py);
the heading or lead-in above (pipeline/read/lead_ins.py).
"""

import re
from collections.abc import Sequence
from functools import lru_cache

from pipeline.read.agents import agent_behind, duty_of, is_before_agent
from pipeline.read.marks import list_mark
from pipeline.read.openings import ORDER, RELAYED, subject_starts
from pipeline.read.posts import common_agent
from pipeline.read.predicates import acts, opens_no_work
from pipeline.read.unit_runs import Acting, is_officer, officer, unit_run
from pipeline.rules.name_pieces import is_stop
from pipeline.rules.unit_starts import GROUP, start_at
from pipeline.text import CAPITALS, fold, squeeze
from pipeline.vocab.name_tree import NO_NAMES, NameTree

_MOMENT = re.compile(r"^(?:định kỳ|hàng|hằng|khi|trước|chậm nhất|đồng thời|ngoài ra|thường xuyên)\b")
_UNIT_OR_VERB = re.compile(r"(?P<leads>lãnh đạo)|thanh tra|kiểm toán|bảo vệ|giám sát")
_ITS_OBJECT = re.compile(
    r",? (?:và )?(?:kiểm tra|giám sát|thanh tra|kiểm toán|chỉ đạo|điều hành|quản lý|việc|các|những|công tác|toàn diện"
    r"|đột xuất|định kỳ|chuyên đề|trách nhiệm)(?!\w)"
)
_OF_A_UNIT = re.compile(r" (?:chủ trì|phụ trách|(?:có|chịu) trách nhiệm|phân công|trực tiếp|phải|cần)(?!\w)")
_GIVES = re.compile(r" (?:(?:thống nhất|đồng ý|tiếp tục|cũng) )?giao(?: nhiệm vụ| trách nhiệm)?(?: cho)? ")
_PARTNERS = re.compile(
    r"phối (?:kết )?hợp(?: chặt chẽ| đồng bộ| thường xuyên| hiệu quả| tốt)?\s+(?:(?:cùng với|với|cùng)\s+)?"
)
# "Sở A chủ trì |cùng| Sở B", "với sự tham gia của |các xã", "...; đơn vị phối hợp|: Sở B".
_BESIDE = re.compile(
    r"(?:chủ trì|đầu mối|thực hiện|đảm nhiệm|đảm nhận|phụ trách|chịu trách nhiệm)(?: tổ chức"
    r"| thực hiện)?,? cùng(?: với)?"
    r"\s+|(?:có|với) (?:sự )?(?:phối (?:kết )?hợp|tham gia)(?: chặt chẽ| tích cực)? của\s+"
    r"|(?:đơn vị|cơ quan) phối (?:kết )?hợp(?: thực hiện)?(?: là)?\s*:?\s+"
)
_LEADS_GROUP = re.compile(
    r"\s*\((?:chủ trì|đầu mối|làm đầu mối|đơn vị chủ trì|cơ quan chủ trì)\)(?:\s*[,;]\s*|\s+và\s+)?"
)
_JOIN_IN = re.compile(
    r"\s+(?:cùng |tham gia |có trách nhiệm )?phối (?:kết )?hợp(?! (?:chặt chẽ |đồng bộ )?(?:với|cùng))(?!\w)"
)
_TELLS_WHICH = re.compile(r" (?:được|có|thuộc|trên|tại|nơi|cùng|liên quan)(?: [^\W\d_]+){1,6}")
# Words of a name that no rule knows, between a comma and "phối hợp": "Phòng Kỹ thuật |khai thác| phối hợp".
_REST_OF_NAME = re.compile(r"(?: [^\W_]+){1,8}")
_HOW = re.compile(
    r"(?<!\w)(?:tích cực|chủ động|thường xuyên|kịp thời|chịu trách nhiệm|có|sẽ|phải|cần|để|rà soát|xây dựng)(?!\w)"
)
_COMMA = re.compile(r"[,;]\s+(?:và\s+|có\s+)?")
_ROLE_PREFIX = re.compile(
    r"^(?:(?:trách nhiệm|nhiệm vụ)(?: của)?|giao(?: cho)?|đối với|phân công(?: cho)?|về phía|đề nghị|yêu cầu)\s+"
)
_REPORT_TO = re.compile(
    r"^(?:về|do|cho(?! (?:vay|phép|thuê|ý kiến|chủ trương|mượn|học sinh|học viên|sinh viên|trẻ|người lao động"
    r"|nghỉ|dừng|tạm dừng|ra quân)\b)|với|tới)\b"
)
# What was done is no work to do; "các đơn vị đã được giao nhiệm vụ" tells which ones.
_PAST = re.compile(r"\s*,?\s*(?:cũng |vừa |đều )?đã(?! được (?:giao|phân công|chọn|phê duyệt))\b")
# "Các cơ quan báo chí |được cung cấp| thông tin": the unit has nothing to do.
_RECEIVES = re.compile(
    r"\s+(?:đều |cũng |sẽ )?được (?:cung cấp|hỗ trợ|hưởng|thông báo|tham gia|mời|khen|đầu tư|trang bị|cấp|bố trí|nhận"
    r"|hướng dẫn|tập huấn|bồi dưỡng|quan tâm|tạo điều kiện|thành lập|kiện toàn|sáp nhập|giải thể|củng cố"
    r"|bổ nhiệm)(?!\w)"
)
_MEMBERS = re.compile(r"(?:\s*:|\s+(?P<consists>gồm|bao gồm)\b:?)\s+")
_IN_CHARGE = " phụ trách"  # the verb, where nothing of the name follows: "Phó Chủ tịch |phụ trách chung"
_SHORTEST = 8  # characters behind a unit that are a predicate whatever they say
# "phối hợp với các đơn vị chủ trì để ...": here the role names the units, no verb follows.
_NAMED_BY_ROLE = re.compile(
    r"\s+(?:được giao\s+)?(?:chủ trì|phối hợp|thực hiện(?! *(?:[.;)]|$)))(?=\s*(?:[,;.)]|$|(?:để|trong|và|theo)\b))"
)
# Behind a group in a heading: "Các tổ chức đảng |được kiểm tra|", "Các đơn vị |được thanh tra|".
_UNDERGOES = re.compile(r"\s+(?:được|chịu sự)\s+[^\W\d_]+(?:\s[^\W\d_]+){0,4}")
# A team that is called by its work: "Hội đồng tự đánh giá", "Tổ kiểm tra nội bộ", "Ban soạn thảo".
_TEAM = re.compile(
    r"(?:hội đồng|tiểu ban|ban(?! hành| bố| đầu)|tổ(?! chức| hợp)|đoàn(?! kết)|đội(?! ngũ))"
    r"(?: (?!có |chịu |phải |cần |sẽ |căn cứ|chủ trì|phối hợp|là )[^\W\d_]+){1,5}(?:, [^\W\d_]+ [^\W\d_]+)?"
)
# What enterprises and houses do for a living, behind a group of them: "Các doanh nghiệp |chế biến|, vận chuyển".
_TRADE = re.compile(
    r"(?:sản xuất|kinh doanh|sử dụng|chế biến|khai thác|cấp|cung cấp|cung ứng|vận chuyển|vận hành|quản lý|đào tạo|dạy"
    r"|nuôi dưỡng|khám|điều trị|thi công|bảo vệ|chăm sóc|mua|bán|thu mua|thu gom|đầu tư|trồng|nuôi|in ấn|tư vấn|xuất"
    r"|đóng|nằm|hoạt động|có(?! trách nhiệm| nhiệm vụ)|đang|được|bị|trong|tại|ở|trên|ngoài|không|chưa)(?!\w)"
)
_NO_NAME = re.compile(r"[:;.!?]|\d{1,2}/\d")
_LONGEST_NAME = 120
_AND_NAME = re.compile(rf"\s+và\s+(?=[{CAPITALS}])")
_SHARES_OUT = re.compile(r"\b(?:tổ chức thực hiện|phân công|trách nhiệm|nhiệm vụ (?:của|các|cụ thể))\b")


def without_ordinal(text: str) -> tuple[str, str]:
    """The list mark of an item ("" for bullets and none) and its words."""
    mark = list_mark(text)
    if mark is None:
        return "", text
    return ("" if mark.is_bullet else mark.written), mark.rest


def is_item(text: str) -> bool:
    """Whether a list mark begins the text."""
    return list_mark(text) is not None


def acting_unit(clause: str, is_led: bool = False, own: NameTree = NO_NAMES) -> Acting | None:
    """Who is told to act in this clause, by its own words.

    Forms: "Sở Y tế chủ trì ..."; "Giao Phòng TCCB tham mưu ..."; "Căn cứ Kế hoạch này, các đơn vị xây dựng ...";
    "Tuyên truyền trên báo: Trung tâm X chủ trì ...". None where a unit only receives ("báo cáo Sở Y tế").

    Args:
        is_led: a heading or lead-in names a unit, which is the one that directs others ("Chỉ đạo các trường ...").
        own: names that the paper makes sure (`pipeline.read.own_names`).
    """
    if is_led and RELAYED.match(fold(clause)):
        return None
    folded = fold(clause)
    starts = subject_starts(clause, folded)
    return (
        _first_subject(clause, folded, starts.sure, own, is_led=is_led)
        or duty_of(clause, own)
        or agent_behind(clause, own, is_led=is_led)
        or _first_subject(clause, folded, starts.unsure, own, is_led=is_led, needs_verb=True)
    )


def _first_subject(
    clause: str, folded: str, starts: Sequence[int], own: NameTree, *, is_led: bool, needs_verb: bool = False
) -> Acting | None:
    """The first unit with a predicate behind it at one of the places, or the one to which it gives the work."""
    for start in starts:
        acting = _subject(clause, start, own, is_led=is_led)
        if acting and _has_predicate(clause, acting.end) and (not needs_verb or acts(folded, acting.end)):
            return _told(clause, folded, acting, own) or acting
    return None


def _subject(clause: str, start: int, own: NameTree, *, is_led: bool) -> Acting | None:
    """The unit that stands at a place where a subject can stand."""
    acting = common_agent(clause, start) or _named(clause, start, own) or officer(clause, start)
    if acting is None and not is_led:
        acting = _lower_name(clause, start, own)
    is_any = acting is not None and acting.text.endswith(" nào")  # "Khoa nào để xảy ra cháy": a condition
    return None if is_any or (acting and _reads_as_verb(clause, acting)) else acting


def _reads_as_verb(clause: str, acting: Acting) -> bool:
    """Whether the word of a unit is a verb here: "|Lãnh đạo| tổ chức diễn tập", "|Thanh tra|, kiểm tra việc ..."."""
    verb = _UNIT_OR_VERB.fullmatch(fold(acting.text))
    if verb is None:
        return False
    rest = fold(clause[acting.end :])
    return _ITS_OBJECT.match(rest) is not None or (verb["leads"] is not None and not _OF_A_UNIT.match(rest))


def _told(clause: str, folded: str, acting: Acting, own: NameTree) -> Acting | None:
    """Whom the issuer gives the work: "UBND huyện giao |Phòng Y tế| rà soát hồ sơ"."""
    order = _GIVES.match(folded, acting.end)
    if order is None or GROUP.search(folded, acting.start, acting.end):
        return None
    told = unit_run(clause, order.end(), own)
    return told if told and acts(folded, told.end) and _has_predicate(clause, told.end) else None


def _named(clause: str, start: int, own: NameTree) -> Acting | None:
    """The units by name at a place; "phụ trách" inside is the verb where no other stands behind."""
    run = unit_run(clause, start, own)
    if run is None or _IN_CHARGE not in run.text or GROUP.match(fold(run.text)):
        return run
    end = clause.rfind(_IN_CHARGE, run.start, run.end)
    if end > run.start and (end + len(_IN_CHARGE) == run.end or not _has_predicate(clause, run.end)):
        return Acting(squeeze(clause[run.start : end]), run.start, end)
    return run


def _lower_name(clause: str, start: int, own: NameTree) -> Acting | None:
    """A name without its capital behind an opening adverbial: "Hằng tháng, |trưởng các phòng| báo cáo tiến độ"."""
    if not clause[start : start + 1].islower() or clause[:start].rstrip().endswith(":"):
        return None
    run = unit_run(f"{clause[:start]}{clause[start].upper()}{clause[start + 1 :]}", start, own)
    if run is None or (start == 0 and not acts(fold(clause), run.end)):  # "...; |đoàn các xã| nhận bàn giao học sinh"
        return None
    return Acting(squeeze(clause[run.start : run.end]), run.start, run.end)


def _has_predicate(clause: str, end: int) -> bool:
    """Whether something that can be done follows the unit: "các phòng |góp ý", not "Sở Y tế |." or "gửi Sở |về ..."."""
    rest = fold(clause[end:])
    follows = len(rest) > _SHORTEST or (len(rest.strip(" .;")) > 1 and is_stop(clause, fold(clause), end))
    return follows and not _REPORT_TO.match(rest.strip()) and not _PAST.match(rest) and not _RECEIVES.match(rest)


def lists_members(clause: str, acting: Acting) -> bool:
    """Whether only names stand behind the unit: "Ban Tổ chức gồm: Sở A, Sở B", "Trưởng ban: đồng chí C"."""
    rest = _MEMBERS.match(clause, acting.end)
    if rest is None:
        return False
    if rest["consists"]:
        return True
    names = unit_run(clause, rest.end())
    return names is not None and not clause[names.end :].strip(" .;")


def is_opening(clause: str, acting: Acting) -> bool:
    """Whether the unit opens the clause, alone or behind an order ("Giao Sở Y tế ...")."""
    before = fold(clause[: acting.start])
    return not before or ORDER.fullmatch(before) is not None


def is_new(clause: str, acting: Acting) -> bool:
    """Whether a clause is work of its own by whom it names: the unit opens it, or it tells what that unit has to do."""
    return is_opening(clause, acting) or is_before_agent(clause[: acting.start])


def goes_on(sentence: str) -> bool:
    """Whether a sentence without a subject tells the unit of the sentence before what else to do.

    Forms: "Định kỳ hàng quý báo cáo UBND tỉnh."; "Tổng hợp kết quả ..."; not "Từ nguồn ngân sách nhà nước."
    """
    folded = fold(sentence)
    if _MOMENT.match(folded):
        return True
    return not opens_no_work(folded) and is_stop(folded, folded, 0)


def heading_unit(heading: str, above: Sequence[str] = ()) -> str | None:
    """The unit that a heading names and nothing else: "1. Trách nhiệm của Văn phòng Sở" -> "Văn phòng Sở".

    Args:
        above: the headings over it; under "Tổ chức thực hiện" a name in no vocabulary is a unit too.
    """
    words = without_ordinal(heading)[1].strip(" :.;")
    prefix = _ROLE_PREFIX.match(fold(words))
    start = prefix.end() if prefix else 0
    named = words if prefix is None else f"{words[:start]}{words[start : start + 1].upper()}{words[start + 1 :]}"
    run = unit_run(named, start)  # "Đối với |đảng ủy các xã"
    if run and (run.end >= len(words) - 1 or _UNDERGOES.fullmatch(fold(words), run.end)):
        return words[run.start :] if run.end < len(words) - 1 else squeeze(words[run.start : run.end])
    is_shared = prefix is not None or shares_out(above)
    names = _AND_NAME.split(named[start:])
    return words[start:] if all(_is_name(name, is_shared) for name in names) else None


@lru_cache(maxsize=1024)
def unit_of_section(heading: str, above: tuple[str, ...], *, among_units: bool) -> str | None:
    """The unit that has to do what stands below a heading, also where the name goes on beyond the known words.

    Forms: "Các doanh nghiệp chế biến, |vận chuyển thủy sản|", "Phòng Thanh tra|, kiểm tra và xử lý đơn|" (all of it);
    "1. |Sở Y tế| tổ chức tập huấn:" (who acts in it).

    Args:
        heading: as written, with its number.
        above: the headings over it.
        among_units: headings beside it are names of units.
    """
    if unit := heading_unit(heading, above):
        return unit
    words = without_ordinal(heading)[1].strip()
    is_open, words = words.endswith(":"), words.strip(" :.;")
    prefix = _ROLE_PREFIX.match(fold(words))
    if len(words) > _LONGEST_NAME or _NO_NAME.search(words):
        return None
    start = prefix.end() if prefix else 0
    run = unit_run(f"{words[:start]}{words[start : start + 1].upper()}{words[start + 1 :]}", start)
    if run is None or not (prefix or is_open or among_units or not above or shares_out(above)):
        return None
    return words[start : run.end] if _acts(words, run) else words[start:]


def _acts(words: str, run: Acting) -> bool:
    """Whether the verb of a sentence stands behind a unit, and not what tells this unit from others."""
    folded = fold(words)
    if not folded.startswith(" ", run.end) or not is_stop(words, folded, run.end + 1):
        return False
    is_group = GROUP.search(folded, run.start, run.end) is not None
    return not (is_group and _TRADE.match(folded, run.end + 1))


def shares_out(headings: Sequence[str]) -> bool:
    """Whether one of the headings says that work is shared out below: "III. TỔ CHỨC THỰC HIỆN"."""
    return any(_SHARES_OUT.search(fold(heading)) for heading in headings)


def _is_name(words: str, is_shared: bool) -> bool:
    """Whether all the words are one name: a unit's head in front and no verb behind ("Đội phòng cháy, chữa cháy")."""
    folded = fold(words)
    if len(words) > 120 or not words[:1].isupper() or re.search(r"[:;.!?]", words):
        return False
    if is_shared and (is_officer(folded) or _TEAM.fullmatch(folded)):
        return True
    start = start_at(words, folded, 0, len(words))
    if start and start.kind == "nhóm" and is_shared:
        group = GROUP.match(folded)
        start = start_at(words, folded, group.end() + 1, len(words)) if group else None
    if start is None or start.use == "weak" or start.kind in ("nhóm", "địa bàn", "người"):
        return False
    if start.use == "lower" and not is_shared:
        return False
    at = start.head_end
    return not any(_is_verb(words, folded, at + m.start()) for m in re.finditer(r"\w+", folded[at:]))


def _is_verb(words: str, folded: str, at: int) -> bool:
    """A verb that is no second syllable of a word with a capital ("Giáo dục và Đào |tạo")."""
    before = words[:at].rstrip().rsplit(" ", 1)[-1]
    return not before[:1].isupper() and is_stop(words, folded, at)


def partner_text(clause: str, own: NameTree = NO_NAMES) -> str | None:
    """The units behind "phối hợp với", "chủ trì cùng", "với sự tham gia của", as written."""
    folded = fold(clause)
    for match in (*_PARTNERS.finditer(folded), *_BESIDE.finditer(folded)):
        if run := unit_run(clause, match.end(), own):
            role = _NAMED_BY_ROLE.match(folded, run.end)
            return squeeze(clause[run.start : role.end() if role else run.end])
    return None


def joining_units(clause: str, start: int, own: NameTree = NO_NAMES) -> str:
    """The units of a clause behind the one who acts that help: "Sở A chủ trì, |các phòng, ban| phối hợp thực hiện"."""
    folded = fold(clause)
    for role in _JOIN_IN.finditer(folded, start):
        for comma in _COMMA.finditer(folded, start, role.start()):
            run = unit_run(clause, comma.end(), own)
            if run and _is_name_till(folded, run.end, role.start()):
                return squeeze(clause[run.start : role.start()])
    return ""


def _is_name_till(folded: str, end: int, role: int) -> bool:
    """Whether nothing but words of the name stands between the units that end at `end` and their role."""
    if end == role or _TELLS_WHICH.fullmatch(folded, end, role):
        return True
    return _REST_OF_NAME.fullmatch(folded, end, role) is not None and _HOW.search(folded, end, role) is None


def lead_of_group(names: str) -> tuple[str, str]:
    """The unit that a bracket says to lead and those beside it: "Sở A (chủ trì), |Sở B, Sở C|"; without it all lead."""
    role = _LEADS_GROUP.search(fold(names))
    return (names, "") if role is None else (names[: role.start()], names[role.end() :])
