"""Who does the work of a sentence by a bracket at its end, without the words "chủ trì" and "phối hợp"."""

import re

from pipeline.read.acting import acting_unit, is_opening
from pipeline.read.unit_runs import unit_run
from pipeline.text import fold

_AT_END = re.compile(r"\((?P<inside>[^()]*(?:\([^()]*\)[^()]*)?)\)\W*$")
_DOES_IT = re.compile(
    r"\s+(?:(?:tổ chức )?(?:thực hiện|triển khai)|đảm nhiệm|đảm nhận|đảm trách|phụ trách|chịu trách nhiệm|tham mưu"
    r"|làm (?:chủ đầu tư|đầu mối)|theo dõi|tổng hợp)(?: thực hiện)?(?!\w)"
)
_TIME_OR_END = re.compile(
    r"\W*(?:$|(?:từ|trong|trước|đến|chậm nhất|muộn nhất|hoàn thành|xong|định kỳ|hằng|hàng|thường xuyên|quý|tháng|năm"
    r"|ngày"
    r"|vào)(?!\w))"
)
_GIVEN = re.compile(r"(?:(?P<by>do)|giao(?: cho)?|phân công(?: cho)?)\s+", re.IGNORECASE)
_SHORTEST = 6  # characters


def agent_in_bracket(body: str) -> str | None:
    """The unit that a bracket at the end of some work tells to do it; None where the sentence has named one before.

    Forms: "Ký cam kết với các hộ (giao |các trạm| thực hiện từ tháng 3)"; "Xây nhà văn hóa xã (|Ban Quản lý dự án| làm
    chủ đầu tư)"; "Sơn lại cầu (giao |Đội A|)".
    """
    bracket = _AT_END.search(body)
    if bracket is None or len(bracket["inside"]) < _SHORTEST:
        return None
    given = _GIVEN.match(bracket["inside"])
    words = bracket["inside"][given.end() :] if given else bracket["inside"]
    unit = unit_run(words, 0)
    if unit is None:
        return None
    rest = fold(words[unit.end :])
    does = _DOES_IT.match(rest)
    is_told = does is not None or (given is not None and given["by"] is None)
    if not is_told or not _TIME_OR_END.match(rest, does.end() if does else 0):
        return None
    before = acting_unit(body[: bracket.start()])
    return None if before and is_opening(body, before) else unit.text
