"""Where a verb of work begins in a folded text: what an acting unit does, told from function words."""

import re

from pipeline.rules.name_words import verb_end

# Words of the list of ends of names that begin no predicate of their own.
_NO_VERB = re.compile(
    r"(?:có(?! mặt)|là|được|bị|đã|đang|sẽ|phải|cần|nên|theo|để|nhằm|trong|trên|từ(?! chối)|đến|tại|ở|nếu|về|với"
    r"|cho(?! phép| ý kiến| vay)|do|bằng|cùng|thì|mà"
    r"|như|không|chưa|sau|vào|qua|này|đó|ngoài|giữa|dưới|bao gồm|gồm|hoặc|nhưng|vì|còn|tuy|mỗi|cách|cũng|đều|nhất là"
    r"|quyết định)(?!\w)"
)
# What may stand between who acts and the verb.
_MUST = re.compile(
    r"(?:(?:có trách nhiệm|chịu trách nhiệm|có nhiệm vụ|phải|cần|nên|sẽ|cũng|đều|luôn|luân phiên|cùng|chủ động|kịp thời"
    r"|thường xuyên|tiếp tục|trực tiếp|khẩn trương|tích cực|lần lượt|thay phiên|tự) )+"
)


def opens_no_work(folded: str, at: int = 0) -> bool:
    """Whether a function word stands here: "từ |nguồn ngân sách", "là |cơ quan thường trực"."""
    return _NO_VERB.match(folded, at) is not None


def work_end(folded: str, at: int = 0) -> int | None:
    """End of the verb of work that stands here ("rà soát|", "tổ chức|"); None for function words and nouns."""
    return None if opens_no_work(folded, at) else verb_end(folded, at)


def acts(folded: str, at: int) -> bool:
    """Whether a predicate stands behind the blank at a place: " |rà soát", " |phải nộp", " |luân phiên chủ trì"."""
    if not folded.startswith(" ", at):
        return False
    must = _MUST.match(folded, at + 1)
    return must is not None or work_end(folded, at + 1) is not None
