"""What makes a date in a text no deadline: it names a plan, dates a cited paper, is a target, a data window, a share.

Judged from the words beside it inside its own sentence; the recognised moment itself is innocent.
"""

import re
from dataclasses import dataclass

from pipeline.plan import Bound, DeadlineKind
from pipeline.rules.deadline_calendar import Moment


@dataclass(frozen=True, slots=True)
class Around:
    """The words beside a moment inside its sentence: `lead` before, `tail` behind, `segment` all of it."""

    lead: str
    tail: str
    segment: str
    bound: Bound
    bound_words: int  # characters of the lead that carry the bound or a preposition of time
    linked: bool = False

    @property
    def left(self) -> str:
        """The lead without its words of bound."""
        return self.lead[: len(self.lead) - self.bound_words].rstrip() if self.bound_words else self.lead.rstrip()


_PAPER = (
    r"(?:luật|bộ luật|pháp lệnh|nghị định|nghị quyết|quyết định|công văn|thông tư|chỉ thị|thông báo|hướng dẫn|tờ trình"
    r"|kết luận|công điện|biên bản|hợp đồng|giấy phép|văn bản)(?!\w)"
)
_SYMBOL = r"\d{1,5}\s?(?:/\s?\d{4}\s?)?[/-]\s?[a-zđ][\w\-/& ]{0,30}"
_CITED = re.compile(
    rf"(?<!\w)(?:{_SYMBOL}|(?:số\s\d{{1,5}}|lần thứ\s\d{{1,5}}(?!\d|\s?,))[^,;:\n]{{0,20}}|{_PAPER}[^,;:.\n]{{0,60}})"
    r"(?:\s?\([^)\n]{0,60}\))?\s?,?\s?(?:được\s)?(?:ban hành\s?|ký\s?|đề\s?)?$"
)
_PAPERS_AT_WORK = (
    r"(?!(?:\s(?:đi|đến|điện tử|giấy|hành chính|nội bộ))(?!\w))"  # "ký số văn bản đi": no paper of its own
)
# "máy số 5 tháng 9/2026": the number of a thing and no paper's.
_THING = re.compile(
    r"(?<!\w)(?!(?:quyết định|kế hoạch|công văn|báo cáo|chương trình|giấy mời|đề án)\s)\w+\ssố\s\d{1,3}\s?$"
)
_ENACTED = re.compile(rf"(?<!công bố )(?<!trao ){_PAPER}{_PAPERS_AT_WORK}[^,;:.\n]{{0,80}}$")
_LABELLED = re.compile(r"(?<!\w)(?:lộ trình|tiến độ|thời hạn|thời gian|hạn)(?:\s(?:thực hiện|hoàn thành))?\s?[:,]?$")
_PLAN_NAME = re.compile(
    r"(?<!\w)(?:kế hoạch|đề án|chương trình|dự án|chiến lược|quy hoạch|dự toán|kinh phí|ngân sách|nguồn|vốn|chỉ tiêu"
    r"|nhiệm vụ|số liệu|định hướng|tầm nhìn|mục tiêu|danh mục|phương án|đề cương|báo cáo|biên chế|trung bình"
    r"|bình quân|thời kỳ|công tác"
    r"|tình hình|kết quả|hội nghị|phong trào|cuộc thi|lộ trình|so với|của|từ nguồn|quyết toán"
    r"|thu chi)(?!\w)[^,;:(\n]{0,90}$"
)
_NAME_BESIDE = re.compile(
    r"(?<!\w)(?:báo cáo|riêng|đối với|kế hoạch|số liệu|kinh phí|chỉ tiêu|công tác|nhiệm vụ|so với|cùng kỳ"
    r"|trung bình|bình quân|dự toán|chương trình|kết quả|lương"
    r"|học phí|cước|hóa đơn)\s?$"
)
_MADE = re.compile(
    r"(?<!\w)(?:xây dựng|ban hành|lập|trình|phê duyệt|gửi|nộp) (?:kế hoạch|báo cáo|chương trình|dự toán)\s?$"
)
_OUTLOOK = re.compile(r"(?<!\w)(?:tầm nhìn|định hướng|hướng đến|hướng tới)(?:\s(?:đến|tới|cho|giai đoạn|là|năm))*\s?$")
_VALID = re.compile(
    r"(?<!\w)(?:hiệu lực|có giá trị|áp dụng|thi hành(?! án)|thời hạn sử dụng|hạn dùng|hạn sử dụng"
    r"|giấy phép|cấp phép)(?!\w)"
    r"[^,;:\n]{0,25}$"
)
_APPLIED = re.compile(
    r"[,;]\s(?:và\s)?áp dụng(?:\s(?:bắt đầu|kể|từ|ngày))*\s?$"
)  # what is made is used from then on: no law in force
_UP_TO_NOW = re.compile(r"\s{0,3}(?:(?:cho )?(?:đến|tới) (?:nay|hiện nay|thời điểm hiện tại)|trở lại đây)(?!\w)")
# "sinh ngày", and no second half of a word: "tuyển sinh trước ngày", "vệ sinh", "thí sinh".
BORN = r"(?<!tuyển )(?<!học )(?<!thí )(?<!vệ )(?<!an )(?<!dân )(?<!vi )(?<!môi )(?<!phái )(?<!sản )sinh"
_BORN = re.compile(rf"(?<!\w)(?:{BORN}|thành lập|khai sinh)\s$")
_DATA = re.compile(r"(?<!\w)(?:số liệu|tính từ|tính đến|lấy số|thống kê|chốt số|cập nhật đến)(?!\w)")
_DATA_EDGE = re.compile(r"(?<!\w)(?:tính|tính từ|tính đến|so với|kể từ đầu)(?:\s(?:hết|ngày|thời điểm|đến))*\s?$")
_SENT = re.compile(
    r"(?<!\w)(?:gửi|nộp|trình|hoàn thành|xong|cung cấp|chậm nhất"
    r"|báo cáo (?:hiệu trưởng|lãnh đạo|chủ tịch|giám đốc|trưởng|ban|ubnd|sở|phòng|bộ|văn phòng|trung tâm))(?!\w)"
    r"[^;\n]{0,60}$"
)
_REPORT_WINDOW = re.compile(
    r"(?<!\w)báo cáo(?:\s(?:định kỳ|quý|tháng|năm|hàng|\d{1,2}|sáu|chín|đầu|cuối"
    r"|[ivx]+)){1,5}\s?(?:\([^)\n]{0,30}\)\s?)?"
    r"[:,]?\s?(?:được\s)?(?:tính\s)?(?:từ)?(?:\sngày)?\s?$"
)
_REPORT_PERIOD = re.compile(r"(?<!\w)(?:kỳ|năm|tháng|quý) báo cáo(?!\w)")
_NUMBER_AIM = re.compile(
    r"%|(?<!\w)phần trăm(?!\w)|(?<!\w)(?:đạt|tăng|giảm|tỷ lệ|tối thiểu|ít nhất|trên|dưới|bình quân|còn|chiếm|phấn đấu"
    r"|nâng|mức)(?!\w)[^,;\n]{0,40}\d"
)
_SHARE = re.compile(r"%|(?<!\w)phần trăm(?!\w)")
_TASK_WORD = re.compile(r"(?<!\w)(?:hoàn thành|hoàn tất|xong|trước|chậm nhất|muộn nhất)(?!\w)")
_DONE_BEHIND = re.compile(r"\s?,?\s(?:cơ bản\s|phải\s)?(?:hoàn thành|xong)(?!\w)")
_AIM = re.compile(
    r"(?<!\w)(?:đạt|phấn đấu|mục tiêu|chỉ tiêu|tăng|giảm|nâng|tỷ lệ|mức|trở thành|thuộc nhóm|duy trì)(?!\w)"
)
_MEASURE = re.compile(
    r"\s{0,3}(?:lượng|nhiệt độ|mực nước|tổng|diện tích|sản lượng|doanh thu|giá trị|tỷ lệ|dân số|mưa|số (?:người"
    r"|ca|vụ|lượng"
    r"|học sinh|hộ|xã|thu)|kinh phí|tổng số|đã|ghi nhận|có \d|tăng|giảm|đạt|bình quân|của năm|âm lịch)(?!\w)"
)
_ADDRESS = re.compile(
    r"(?<!\w)(?:số(?: nhà)?|khu phố|khu|ấp|tổ(?: dân phố)?|đường|phố|hẻm|ngõ|ngách|lô|kiệt|thửa|phòng(?: số)?"
    r"|căn|tờ bản đồ|phường"
    r"|bệnh viện|phòng họp|lớp|khối|đội|công ty|tnhh|mtv|chợ|cầu|quảng trường|công viên|trường|nhà máy"
    r"|hội trường|điều|khoản|điểm|tỷ lệ|tỉ lệ|mục|loại|hạng"
    r"|phiếu|nhóm)\s?$"
)
_MILESTONE = re.compile(
    r"(?<!\w)(?:sơ kết|tổng kết|thực hiện|triển khai|ban hành|xây dựng|trình|đầu tư|giữa kỳ|cuối kỳ)$"
)
_COUNTED = re.compile(r"(?<!\w)(?:hoàn thành|xong|đạt)\s$")  # "hoàn thành 10/12 chỉ tiêu"
_ACTS = re.compile(r"(?:và|hàng|hoặc|năm|đến|của|báo|hoàn|trình|phải|gửi|nộp|tổ chức|ban hành)(?!\w)")
_BUT_FIRST = re.compile(r"(?<!\w)(?:bố trí|khoảng|hơn|gần|chiếm|ít nhất|tối thiểu|quá|trên|đạt)\s?$")
_ANNIVERSARY = re.compile(
    r"(?<!\w)(?:kỷ niệm|ngày thành lập|truyền thống|ngày quốc tế|ngày thế giới|quốc khánh|thương binh"
    r"|hưởng ứng"
    r"|chào mừng|lập thành tích)(?!\w)[^,;:\n]{0,60}$"
)
_LONG = frozenset((DeadlineKind.YEAR, DeadlineKind.HALF_YEAR, DeadlineKind.RANGE))


def is_data_window(around: Around) -> bool:
    """Whether the words speak of the days that data are closed on."""
    return _is_window(around)


def is_other(moment: Moment, around: Around, spans: bool) -> bool:
    """Whether the words beside a moment say that it is no deadline. `spans` is true where it begins a range."""
    spans_years = spans and moment.kind is DeadlineKind.YEAR
    return (
        _is_cited(moment, around, spans)
        or _UP_TO_NOW.match(around.tail) is not None
        or _is_window(around)
        or _is_aim(moment, around, spans_years)
        or _is_name(moment, around, spans_years)
        or bool(_MEASURE.match(around.tail) and around.bound is not Bound.BEFORE and around.bound is not Bound.BY)
        or bool(_ADDRESS.search(around.left) and moment.bare)
        or (_is_day_kept(moment, around) and not (spans and around.bound_words))
        or (moment.bare and not _has_ground(moment, around))
    )


def _is_day_kept(moment: Moment, around: Around) -> bool:
    """A day that is celebrated: "chào mừng Quốc khánh 02/9"; what lasts "từ ngày ... đến ngày ..." is work."""
    at_day = moment.kind is DeadlineKind.DATE and around.bound is Bound.IN
    return at_day and _ANNIVERSARY.search(around.left) is not None


def _is_cited(moment: Moment, around: Around, spans: bool) -> bool:
    valid = (_VALID.search(around.lead) or _VALID.search(around.left)) and not _APPLIED.search(around.lead)
    if valid and (around.bound in (Bound.FROM, Bound.BY) or around.bound_words == 0 or spans):
        return True
    if around.bound is Bound.FROM and _ENACTED.search(around.left):
        return True
    if around.bound is not Bound.IN or around.bound_words or around.linked:
        return False
    if _BORN.search(around.lead) and moment.kind in (DeadlineKind.DATE, DeadlineKind.YEAR):
        return True
    if moment.kind is DeadlineKind.MONTH and _THING.search(around.lead):
        return False
    return bool(_CITED.search(around.lead)) and moment.kind in (
        DeadlineKind.DATE,
        DeadlineKind.YEAR,
        DeadlineKind.MONTH,
    )


def _is_window(around: Around) -> bool:
    """Periods that data are counted over: "số liệu tính từ ngày ... đến ngày ..."."""
    if _REPORT_WINDOW.search(around.lead) and around.bound is not Bound.BEFORE:
        return "từ" in around.lead[-12:] or bool(_REPORT_PERIOD.search(around.tail[:80]))
    if _DATA_EDGE.search(around.left) and around.bound in (Bound.BY, Bound.IN):
        return True
    if around.bound is Bound.BEFORE or not _DATA.search(around.lead):
        return False
    return not _SENT.search(around.left)


def _is_aim(moment: Moment, around: Around, spans_years: bool) -> bool:
    """Targets: "đến năm 2025 đạt 90%", "90%(2021-2025)"."""
    is_long = moment.kind in _LONG or spans_years
    if not (is_long or around.bound is Bound.BY):
        return False
    if not _NUMBER_AIM.search(around.segment) or _LABELLED.search(around.left):
        return False
    if is_long:
        if around.bound is Bound.BEFORE or _TASK_WORD.search(around.lead[-60:]) or _DONE_BEHIND.match(around.tail):
            return False
        return bool(_SHARE.search(around.segment) or _AIM.search(around.segment))
    if _TASK_WORD.search(around.segment):
        return False
    return bool(_SHARE.search(around.tail) or _AIM.match(around.tail.lstrip(" ,")))


def _is_name(moment: Moment, around: Around, spans_years: bool) -> bool:
    """Periods that are part of a name: "Kế hoạch năm 2024", "Quy hoạch ... đến năm 2030"."""
    if _OUTLOOK.search(around.lead) or _OUTLOOK.search(around.left):
        return True
    if moment.whole_plan:
        return bool(_PLAN_NAME.search(around.left)) and not around.bound_words
    if moment.kind in _LONG or spans_years:
        if _NAME_BESIDE.search(around.lead) and not _MADE.search(around.lead) and not around.linked:
            return True
        marked = around.bound in (Bound.BEFORE, Bound.FROM) or re.search(r"(?:trong|vào|hết)\s{1,3}$", around.lead)
        return not marked and not around.linked and bool(_PLAN_NAME.search(around.left)) and not _done(around)
    beside = _NAME_BESIDE.search(around.lead)
    return around.bound_words == 0 and not around.linked and bool(beside) and not _MADE.search(around.lead)


def _done(around: Around) -> bool:
    return around.bound is Bound.BY and bool(re.search(r"hoàn thành|xong|hết", around.lead[-around.bound_words :]))


def _has_ground(moment: Moment, around: Around) -> bool:
    """Whether digits without a word of time ("3/4", "2024") are more than a fraction or a number."""
    left, tail = around.left, around.tail.lstrip(" ")
    if moment.kind is DeadlineKind.DATE and _COUNTED.search(around.lead) and re.match(r"[^\W\d]", tail):
        return bool(_ACTS.match(tail))
    if around.bound is not Bound.IN or around.linked:
        return not _BUT_FIRST.search(left) or around.bound is not Bound.IN
    runs_on = bool(re.match(r"[^\W\d]", tail)) and not re.match(
        r"(?:và|hàng|hoặc|năm|đến|của|báo|hoàn|trình|phải)(?!\w)", tail
    )
    if moment.kind is DeadlineKind.YEAR and _MILESTONE.search(left) and not runs_on:
        return True
    alone = not left or left[-1] in ":(,;-[" or bool(re.search(r"(?<!\w)(?:ngày|đợt \d|lần \d|năm|là)$", left))
    if moment.kind is DeadlineKind.DATE and runs_on and (not alone or (moment.day or 0) < (moment.month or 0)):
        return False
    if moment.kind is DeadlineKind.MONTH:
        return moment.exists() or (alone and not tail.strip(" .;,"))
    return alone or (moment.kind is not DeadlineKind.YEAR and not runs_on)
