"""Who has to act where no unit opens the sentence: the constructions beside subject and order.

Forms:
    passive: "Khảo sát ... do |Phòng A| thực hiện ..."; "Việc lập hồ sơ được |Phòng A| triển khai ..."
    handed over: "Nội dung tuyên truyền giao |Phòng A| thực hiện"; "Công tác ... thuộc trách nhiệm của |Phòng A|"
    duty: "Trách nhiệm của |Phòng A| là rà soát ...", "Nhiệm vụ của |Phòng A|: rà soát ..."
    a common noun: "|Khoa liên quan| lập báo cáo ...", "|Đơn vị được giao chủ trì| trình ...", "|Nhà thầu thi công| ..."
None of them: what gives money ("do ngân sách bảo đảm"), makes rules ("do Bộ Y tế ban hành") or is a cause ("do thiên
tai"); what only tells which thing is meant ("Tham gia lớp tập huấn |do Sở A tổ chức|"); what was done.
"""

import re
from collections.abc import Iterator

from pipeline.read.unit_runs import Acting, unit_run
from pipeline.rules.name_words import verb_end
from pipeline.text import fold, squeeze
from pipeline.vocab.name_tree import NO_NAMES, NameTree

_BY = re.compile(r"(?<!\w)(?:(?P<handed>(?:được )?giao(?: cho)?|thuộc (?:trách nhiệm|nhiệm vụ) của)|do|được)\s+")
_SIGNS = (" do ", " được ", " giao ", " thuộc ")
# Doing the work, and nothing else: the words before it are the work.
_DOES = re.compile(
    r"\W*(?:(?:trực tiếp|chủ động|chịu trách nhiệm|tiếp tục|làm đầu mối,?|là đầu mối,?|sẽ) )*"
    r"(?:(?:đồng )?chủ trì|thực hiện|triển khai|đảm nhiệm|đảm nhận|đảm trách|phụ trách|chịu trách nhiệm|tham mưu"
    r"|làm đầu mối|tiến hành|tổ chức thực hiện|tổ chức triển khai|phối (?:kết )?hợp)(?!\w)"
)
# Work of an office that the words before the agent name only where they are a noun; other verbs ("ban hành", "cấp",
# "bảo đảm", "bàn giao") tell which thing is meant, not what is to be done.
_WORKS_ON = re.compile(
    r"\W*(?:trực tiếp |chủ động )?(?:tổ chức|xây dựng|biên soạn|soạn thảo|lập|thẩm định|thẩm tra|rà soát|kiểm tra"
    r"|giám sát|thanh tra|tổng hợp|theo dõi|hướng dẫn|chuẩn bị|tập huấn|thiết kế|thi công|lắp đặt|mua sắm|vận hành"
    r"|thu gom|xử lý|giải quyết|phối hợp|tuyên truyền|khảo sát|biên tập|in ấn|điều hành|tiếp nhận|cập nhật|hoàn thiện"
    r"|hoàn thành)(?!\w)"
)
# Work with a thing that others make or hold.
_TAKES_PART = re.compile(
    r"(?:tham gia|tham dự|dự|cử|hưởng ứng|tiếp nhận|phối (?:kết )?hợp|phục vụ|đăng ký|cung cấp|sử dụng|áp dụng"
    r"|khai thác|nhận|gửi|nộp|chuyển|giới thiệu|tiếp tục|tăng cường|theo dõi|đôn đốc|hưởng|giám sát|đề nghị"
    r"|nghiệm thu)(?!\w)"
)
_BEFORE_MAIN = re.compile(
    r"(?:hàng|hằng|định kỳ|trước|sau|khi|trong|từ|để|theo|ngay|chậm nhất|căn cứ|trên cơ sở|đến|vào|bên cạnh|ngoài ra"
    r"|nhằm|nếu|trường hợp|thực hiện|tại|qua|nguyên nhân|kinh phí|nguồn|ngân sách|chi phí|đối với)(?!\w)"
)
_NO_WORK = re.compile(r"(?:kinh phí|nguồn (?:kinh phí|vốn|lực)|ngân sách|chi phí|nguyên nhân|hậu quả|thiệt hại)(?!\w)")
_LAST_WORDS = 5  # of the work, where what the agent gives or causes is named
_TOLD = re.compile(r"(?<!\w)(?:đã|cho thấy|cho biết|nêu tại|nêu trên)(?!\w)")
_FEWEST_WORDS = 2
_DUTY = re.compile(r"(?:trách nhiệm|nhiệm vụ|phần việc)(?: chính| chung| cụ thể| chủ yếu| trọng tâm)? của\s+(?=\w)")
_IS = re.compile(r"\s*(?:(?:là|gồm|bao gồm)\b\s*:?|:)\s*(?=\S)")
_WHICH = (
    r"(?:có liên quan|liên quan|chuyên môn|sở tại|cùng cấp|thường trực|đầu mối|trực tiếp quản lý"
    r"|được (?:giao|phân công)(?: nhiệm vụ)?(?: (?:chủ trì|phụ trách|phối hợp|thực hiện|quản lý))?"
    r"|phối hợp|soạn thảo|tham mưu|thực hiện|trúng thầu|tư vấn|giám sát|kiểm định"
    r"|(?P<open>nơi xảy ra|nơi có|nơi phát hiện|phát hiện|để xảy ra"
    r"|quản lý|khai thác|vận hành|sử dụng|thi công|chủ trì|phụ trách|tổ chức))"
)
_COMMON = re.compile(
    r"(?P<name>(?:đơn vị|cơ quan|bộ phận|khoa|phòng|ban|xã|phường|thôn|bản|trường|trạm y tế|doanh nghiệp|cơ sở"
    rf"|địa phương|người|công chức|cán bộ|viên chức|nhân viên(?: y tế)?|giáo viên) {_WHICH}"
    r"|giáo viên (?:bộ môn|chủ nhiệm)"
    r"|(?:ban (?:biên tập|tổ chức|giám khảo|soạn thảo|liên lạc|điều hành|vận động|thư ký|cán sự|tuyển sinh|khảo sát)"
    r"|(?:tổ|đội|nhóm|bộ phận) (?:biên tập|thư ký|giúp việc|tuyên truyền|trực|soạn thảo|khảo sát)"
    r"|hội đồng (?:thi|chấm thi|tuyển sinh|coi thi|biên soạn|thẩm định))(?P<team>)"
    r"|(?:liên danh )?nhà thầu(?: (?:chính|phụ|thi công|tư vấn|thiết kế|giám sát|xây lắp|khảo sát))?"
    r"|(?:đơn vị )?tư vấn (?:giám sát|thiết kế|khảo sát|thẩm tra|quản lý dự án|quy hoạch)"
    r"|chủ (?:đầu tư|dự án|hồ|đập|rừng|hộ|cơ sở|phương tiện|tàu|mỏ|trang trại|công trình|nhiệm (?:đề tài|dự án))"
    r"|chính quyền (?:địa phương|cơ sở|các cấp))"
    r"(?: \([^()]{2,90}\))?(?=[ :,]|$)"
)
_VERB = re.compile(r" (?:(?P<must>có trách nhiệm|phải|cần|sẽ) )?")
_SYLLABLE = re.compile(r" [^\W\d_]+")
_LONGEST_OBJECT = 8  # syllables: "trang thông tin điện tử của nhà trường"


def common_agent(clause: str, start: int) -> Acting | None:
    """An agent that is a common noun told apart by its part, with its verb behind, where a subject can stand.

    Forms: "khoa liên quan |lập báo cáo", "Nhà thầu thi công (Liên danh A - B) |bổ sung nhân lực".
    """
    if start == 0 and not clause[:1].isupper():
        return None
    folded = fold(clause)
    agent = _COMMON.match(folded, start)
    if agent is None or not clause[start + 1 : agent.end("name")].islower():  # "Phòng Quản lý đào tạo"
        return None
    for end in _ends(folded, agent):
        verb = _VERB.match(folded, end)
        at = verb.end() if verb else end
        if folded.startswith("là ", at):  # "Đơn vị chủ trì là Phòng A" names Phòng A
            return None
        if clause[at : at + 1].islower() and (verb_end(folded, at) is not None or (verb and verb["must"])):
            return Acting(squeeze(clause[start:end]), start, end)
    return None


def _ends(folded: str, agent: re.Match[str]) -> Iterator[int]:
    """Where the agent may end: behind its part, or up to eight syllables on where the part has an object of its own."""
    yield agent.end()
    if agent["open"] or agent["team"] is not None:  # "Ban biên tập |trang thông tin điện tử| đăng tải ..."
        at = agent.end()
        for _ in range(_LONGEST_OBJECT):
            word = _SYLLABLE.match(folded, at)
            if word is None:
                return
            at = word.end()
            yield at


def duty_of(clause: str, own: NameTree = NO_NAMES) -> Acting | None:
    """The unit whose duty a sentence tells: "Trách nhiệm của |Phòng A| là thay thế ..."."""
    prefix = _DUTY.match(fold(clause))
    if prefix is None:
        return None
    run = unit_run(clause, prefix.end(), own) or _capital_agent(clause, prefix.end())
    return run if run and _IS.match(fold(clause), run.end) else None


def _capital_agent(clause: str, start: int) -> Acting | None:
    agent = _COMMON.match(fold(clause), start)
    return Acting(squeeze(clause[start : agent.end()]), start, agent.end()) if agent else None


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
        run = unit_run(clause, by.end(), own)
        if run is None or not _is_work(clause[: by.start()], is_led):
            continue
        rest = folded[run.end :]
        is_noun = verb_end(_topic(folded[: by.start()]), 0) is None
        is_handed = by["handed"] is not None and by["handed"].startswith("thuộc")
        ends = is_handed or (by["handed"] is not None and not rest.strip(" .;"))  # "được giao cho Phòng A."
        works = _DOES.match(rest) or (is_noun and (ends or (by[0] != "được " and _WORKS_ON.match(rest))))
        if works and not _TOLD.search(rest):
            return run
    return None


def _topic(folded: str) -> str:
    """What the work is: the words before the agent without an adverbial in front ("Trong quý II, |lớp tập huấn|")."""
    return folded.rsplit(", ", 1)[-1].strip() if _BEFORE_MAIN.match(folded) else folded.strip()


def _is_work(words: str, is_led: bool) -> bool:
    """Whether the words before an agent name work to be done, and no thing, cause or condition."""
    topic = _topic(fold(words))
    split = topic.split()
    if len(split) < _FEWEST_WORDS or _BEFORE_MAIN.match(topic) or _TOLD.search(topic):
        return False
    if _NO_WORK.search(" ".join(split[:_LAST_WORDS])) or _NO_WORK.search(" ".join(split[-_LAST_WORDS:])):
        return False
    if topic.count("(") != topic.count(")") or topic.endswith((",", ";", ":")):
        return False
    return verb_end(topic, 0) is None or not (is_led or _TAKES_PART.match(topic))


def is_before_agent(words: str) -> bool:
    """Whether words in front of a unit say that the unit does them: "Lễ phát động do |", "Trách nhiệm của |"."""
    folded = fold(words)
    return _DUTY.fullmatch(folded) is not None or any(by.end() == len(folded) for by in _BY.finditer(folded))
