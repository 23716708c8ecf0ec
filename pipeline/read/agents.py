"""Who has to act where no unit opens the sentence: the constructions beside subject and order.

Forms:
    passive: "Khảo sát ... do |Phòng A| thực hiện ..."; "Việc lập hồ sơ được |Phòng A| triển khai ..."; "Lễ phát động
        tổ chức tại ..., do |Phòng A| chủ trì"; "Bẫy thú do |Trạm A| tháo gỡ"
    handed over: "Nội dung tuyên truyền giao |Phòng A| thực hiện"; "Công tác ... thuộc trách nhiệm của |Phòng A|";
        "Lập hồ sơ là việc của |Phòng A|"; "Đối thoại với công nhân, giao |Phòng A| chuẩn bị nội dung"
    duty: "Trách nhiệm của |Phòng A| là rà soát ...", "Nhiệm vụ của |Phòng A|: rà soát ..."
None of them: what gives money ("do ngân sách bảo đảm"), makes rules ("do Bộ Y tế ban hành") or is a cause ("do thiên
tai"); what only tells which thing is meant ("Tham gia lớp tập huấn |do Sở A tổ chức|"); what was done; a principle ("là
trách nhiệm của các cấp, các ngành").
"""

import re

from pipeline.read.openings import is_adverbial, topic
from pipeline.read.posts import capital_agent, common_agent
from pipeline.read.predicates import acts, work_end
from pipeline.read.unit_runs import Acting, unit_run
from pipeline.rules.name_words import verb_end
from pipeline.rules.unit_starts import GROUP
from pipeline.text import fold
from pipeline.vocab.name_tree import NO_NAMES, NameTree

_BY = re.compile(
    r"(?<!\w)(?:(?P<duty>(?:thuộc|là) (?:trách nhiệm|nhiệm vụ|phần việc|việc)(?: chính| trực tiếp)? của)"
    r"|(?P<handed>(?:được )?giao(?: nhiệm vụ| việc)?(?: cho)?)|do|được)\s+"
)
_SIGNS = (" do ", " được ", " giao ", " thuộc ", " là ")
# Doing the work, and nothing else: the words before it are the work.
_DOES = re.compile(
    r"\W*(?:(?:trực tiếp|chủ động|chịu trách nhiệm|tiếp tục|làm đầu mối,?|là đầu mối,?|sẽ) )*"
    r"(?:(?:đồng )?chủ trì|thực hiện|triển khai|đảm nhiệm|đảm nhận|đảm trách|phụ trách|chịu trách nhiệm|tham mưu"
    r"|làm đầu mối|tiến hành|tổ chức thực hiện|tổ chức triển khai|phối (?:kết )?hợp)(?!\w)"
)
_BEARS = re.compile(r"\W*(?:chịu trách nhiệm|đảm nhiệm|đảm nhận|đảm trách)(?!\w)")  # no relative clause ends so
_OF_OTHERS = re.compile(r"(?:nhiệm vụ|công việc|phần việc|vị trí|lĩnh vực|địa bàn|công trình|dự án)(?: được giao)?$")
_FIRST_VERB = re.compile(r"\W*(?:(?:trực tiếp|chủ động|tổ chức|tiếp tục|sẽ|phải|cần) )*(?=\w)")
# What makes, gives, rules or causes a thing: the thing is told apart by it, nothing is to be done.
_MAKES = re.compile(
    r"(?:ban hành|quy định|quyết định|bảo đảm|đảm bảo|đóng góp|tài trợ|gây|gây ra|để lại|phát động|công nhận|chi trả"
    r"|chi|sở hữu|làm|giao|đề ra|đưa ra|chịu|ủng hộ|tặng|trả|cho phép|yêu cầu|đề nghị|kiến nghị)(?!\w)"
)
# The same, but work of an office where the sentence is about an act or goes on to its end.
_MAY_MAKE = re.compile(
    r"(?:phê duyệt|cấp|cấp phép|bố trí|hỗ trợ|quản lý|khai thác|sử dụng|cung cấp|cung ứng|công bố|ký|ký kết|sản xuất"
    r"|đầu tư|phát hành|nộp|gửi|trình|viết|thành lập|trao|đề xuất|phát hiện|xây|mua|thuê|bán|nuôi|trồng|phân bổ"
    r"|xác nhận"
    r"|chứng nhận|thông qua|duyệt|chấp thuận|tuyển|đề cử|giới thiệu|bàn giao|thông báo|vận động|huy động|cử|bầu)(?!\w)"
)
_ACT = re.compile(r"(?:(?:riêng|các|những|mọi|toàn bộ) )?(?:việc|công tác|khâu|phần việc|hoạt động|nhiệm vụ)(?!\w)")
_GOES_ON = re.compile(
    r"(?:,|;|(?<!\w)và)\s+(?:phải |cần )?(?:(?:hoàn thành|xong|trước|chậm nhất|muộn nhất"
    r"|trong (?:vòng|thời hạn|tháng|quý)|định kỳ|hằng|hàng)(?!\w)|(?P<verb>\w))"
)
_HELPED = re.compile(r",\s+[^,;]{4,120}?(?:,[^,;]{4,120}?){0,6} (?:cùng )?phối (?:kết )?hợp(?!\w)")
# Work with a thing that others make or hold.
_TAKES_PART = re.compile(
    r"(?:tham gia|tham dự|dự|cử|hưởng ứng|tiếp nhận|phối (?:kết )?hợp|phục vụ|đăng ký|cung cấp|sử dụng|áp dụng"
    r"|khai thác|nhận|gửi|nộp|chuyển|giới thiệu|tiếp tục|tăng cường|theo dõi|đôn đốc|hưởng|giám sát|đề nghị"
    r"|nghiệm thu)(?!\w)"
)
_NO_TOPIC = re.compile(r"(?:thực hiện|nguyên nhân|kinh phí|nguồn(?! lực)|ngân sách|chi phí|đối với)(?!\w)")
_NO_WORK = re.compile(r"(?:kinh phí|nguồn (?:kinh phí|vốn|lực)|ngân sách|chi phí|nguyên nhân|hậu quả|thiệt hại)(?!\w)")
_LAST_WORDS = 5  # of the work, where what the agent gives or causes is named
_TOLD = re.compile(r"(?<!\w)(?:đã|cho thấy|cho biết|nêu tại|nêu trên)(?!\w)")
# Things that "đã" tells apart: "|Hồ sơ đã xét xử| do Văn phòng số hóa".
_THING_DONE = re.compile(
    r"(?:(?:các|những|toàn bộ|số) )?(?:hồ sơ|tài liệu|văn bản|vụ|vụ việc|vụ án|bản án|dự án|công trình|nhiệm vụ"
    r"|nội dung|đề tài|đề án|sản phẩm|thiết bị|trang thiết bị|máy móc|diện tích|đơn|đơn thư|kiến nghị|phản ánh"
    r"|kết luận|số liệu"
    r"|dữ liệu|mẫu|hàng hóa|vật tư|phương tiện|tàu|xe|sách|hiện vật|cây|tiêu chí|hạng mục)"
    r"(?: [^\W\d_]+){0,4} đã (?!được )"
)
# What is handed to somebody and is no work: "chỉ tiêu giao các xã", "đã giao Phòng A".
_HANDED_THING = re.compile(
    r"(?:chỉ tiêu|nhiệm vụ|kế hoạch|dự toán|kinh phí|vốn|đất|công việc|biên chế|bàn|được|đã|mới|vừa|đang|chuyển"
    r"|hợp đồng|quyết định|mặt bằng|số lượng|ngân sách|thuế|thu|chi|và)$"
)
_FEWEST_WORDS = 2
_DUTY = re.compile(r"(?:trách nhiệm|nhiệm vụ|phần việc)(?: chính| chung| cụ thể| chủ yếu| trọng tâm)? của\s+(?=\w)")
_IS = re.compile(r"\s*(?:(?:là|gồm|bao gồm)\b\s*:?|:)\s*(?=\S)")


def duty_of(clause: str, own: NameTree = NO_NAMES) -> Acting | None:
    """The unit whose duty a sentence tells: "Trách nhiệm của |Phòng A| là thay thế ..."."""
    prefix = _DUTY.match(fold(clause))
    if prefix is None:
        return None
    run = unit_run(clause, prefix.end(), own) or capital_agent(clause, prefix.end())
    return run if run and _IS.match(fold(clause), run.end) else None


def agent_behind(clause: str, own: NameTree = NO_NAMES, *, is_led: bool = False) -> Acting | None:
    """The unit behind the work that it is told to do: "Lễ phát động do |Phòng A| tham mưu tổ chức".

    Args:
        is_led: a heading or lead-in names who acts, so that a verb in front is that unit's ("Rà soát quy chế do Sở A
            thực hiện") and only work that is a noun ("Việc ...", "Hội thi ...") has its own agent.
    """
    if not any(sign in clause for sign in _SIGNS):
        return None
    folded = fold(clause)
    for by in _BY.finditer(folded):
        run = unit_run(clause, by.end(), own) or common_agent(clause, by.end())
        if run is not None and _is_told(folded, by, run, is_led):
            return run
    return None


def _is_told(folded: str, by: re.Match[str], run: Acting, is_led: bool) -> bool:
    """Whether the unit behind a sign is told to do the work before it."""
    rest = folded[run.end :]
    before = folded[: by.start()]
    words = topic(before.rstrip(" ,"))
    is_apart = before.rstrip().endswith(",")  # what follows belongs to the whole work
    if not _is_work(words) or (_TOLD.search(words) and not _THING_DONE.match(words)) or _TOLD.search(rest):
        return False
    is_noun = verb_end(words, 0) is None
    if by["duty"]:
        is_principle = GROUP.search(folded, run.start, run.end) is not None
        return not is_principle and (by["duty"].startswith("thuộc") or re.match(r"\s*(?:[,;.]|$)", rest) is not None)
    if by["handed"]:
        return _is_handed(words, rest, is_noun=is_noun, is_apart=is_apart, is_led=is_led)
    if is_apart:
        return by[0].startswith("do") and _DOES.match(rest) is not None
    if not is_noun:
        return _does_verb(words, rest, is_led)
    return _DOES.match(rest) is not None or (by[0].startswith("do") and _works(words, rest))


def _is_handed(words: str, rest: str, *, is_noun: bool, is_apart: bool, is_led: bool) -> bool:
    """Work handed over: "Hậu cần giao Phòng A |.", "Thẩm định hồ sơ giao Phòng A|, trình ...", "Lễ hội, giao A |lo"."""
    follows = re.match(r"\s*(?:[,;.]|$)", rest) is not None
    if is_apart:
        return acts(rest, 0) and (is_noun or not is_led)
    if is_noun:
        return follows or _DOES.match(rest) is not None or acts(rest, 0)
    return not is_led and not _HANDED_THING.search(words) and (follows or _DOES.match(rest) is not None)


def _does_verb(words: str, rest: str, is_led: bool) -> bool:
    """Whether work that begins with a verb is the agent's: "Sửa cầu do Đội A đảm nhiệm"."""
    if _BEARS.match(rest):
        return not _OF_OTHERS.search(words)
    if is_led or _TAKES_PART.match(words):
        return False
    verb = _FIRST_VERB.match(rest)
    does = verb is not None and work_end(rest, verb.end()) is not None and not _MAKES.match(rest, verb.end())
    return _DOES.match(rest) is not None or (does and _HELPED.search(rest) is not None)


def _works(words: str, rest: str) -> bool:
    """Whether what the agent of a thing does is work: "Bẫy thú do Trạm A |tháo gỡ", no "do Bộ A |ban hành"."""
    verb = _FIRST_VERB.match(rest)
    if verb is None:
        return False
    end = work_end(rest, verb.end())
    at = verb.end()
    if end is None:  # "tổ chức" and the like stand alone
        end, at = work_end(rest.lstrip()), len(rest) - len(rest.lstrip())
        if end is None:
            return False
        end += at
    if _MAKES.match(rest, at):
        return False
    return not _MAY_MAKE.match(rest, at) or _ACT.match(words) is not None or _goes_on(rest, end)


def _goes_on(rest: str, at: int) -> bool:
    """Whether more to do or its time follows: "quản lý|, bảo dưỡng dây chuyền", "cấp phép|, trong vòng 02 giờ"."""
    return any(
        more["verb"] is None or work_end(rest, more.start("verb")) is not None for more in _GOES_ON.finditer(rest, at)
    )


def _is_work(words: str) -> bool:
    """Whether folded words before an agent name work to be done, and no thing, cause or condition."""
    split = words.split()
    if len(split) < _FEWEST_WORDS or is_adverbial(words) or _NO_TOPIC.match(words):
        return False
    if _NO_WORK.search(" ".join(split[:_LAST_WORDS])) or _NO_WORK.search(" ".join(split[-_LAST_WORDS:])):
        return False
    return words.count("(") == words.count(")") and not words.endswith((",", ";", ":"))


def is_before_agent(words: str) -> bool:
    """Whether words in front of a unit say that the unit does them: "Lễ phát động do |", "Trách nhiệm của |"."""
    folded = fold(words)
    return _DUTY.fullmatch(folded) is not None or any(by.end() == len(folded) for by in _BY.finditer(folded))
