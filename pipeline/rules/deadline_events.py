"""Rules for deadlines without a day: lasting work, durations after an event, conditions, and words that only look
like time (hours, school years, weeks, blanks, fractions)."""

import re

from pipeline.plan import Bound
from pipeline.rules.deadline_numbers import ANN, VAGUE_WEEK
from pipeline.rules.deadline_values import Condition, Lasting, Noise, Part, Relation
from pipeline.rules.rule import Rule

_COUNT = rf"(?:\d{{1,3}}|một|hai|ba|bốn|năm|sáu|bảy|mười|mười lăm|ba mươi|nửa){ANN}"
_UNIT = (
    r"(?:ngày(?!\s?\d)(?:\s(?:làm việc|dương lịch|liên tục|thường))?|tuần(?:\slàm việc)?"
    r"|tháng(?!\s(?:đầu|cuối)(?!\w))(?!\s?\d)|quý|năm(?!\s{0,2}\d{4}|\s(?:qua|vừa qua|gần đây|liền)(?!\w))|giờ"
    r"|h(?:\slàm việc)?|phút)(?!\w)"
)
DURATION = rf"(?<![\w/.,])(?<!báo cáo )(?<!ngày )(?<!ngày thứ ){_COUNT}\s{{0,3}}{_UNIT}"
_CLOCK = (  # "chậm nhất |17 giờ 30 phút ngày| 11/6": an hour of a day, no duration
    r"\d{1,2}\s?(?:giờ|h)(?:\s?\d{2}(?:\s?phút)?)?,?\s{0,2}(?:sáng\s|chiều\s)?"
    r"(?:ngày|thứ|hàng|các ngày|cùng ngày|trong ngày)(?!\w)"
)
# The end of a count with the unit of time behind it.
_DURATION_SIGN = rf"[\d)aimntuy]\s{{0,3}}{_UNIT}"
_LIMIT = (
    r"(?:trong(?:\s(?:vòng|thời hạn|thời gian))?|chậm nhất(?:\s(?:là|sau|trong|vào))*|muộn nhất(?:\s(?:là|sau|trong))*"
    r"|không quá|tối đa|không chậm quá|(?<!có )thời hạn)"
)
_AFTER = r"(?:sau khi|kể từ|tính từ|từ khi|từ ngày|từ lúc|sau|từ)"
_BEFORE = r"(?:trước khi|trước kỳ|trước ngày|trước)"
_EVENT = r"(?:[^;\n(.,]|\.(?=\d|\w)|,(?!\s(?:hoàn thành|xong|chậm nhất|trước ngày|báo cáo|gửi)(?!\w))){0,160}"


def _relation(match: re.Match[str]) -> Part | None:
    if match["limit"]:
        return Relation(Bound.BY)
    if match["late"]:
        return Relation(Bound.FROM)
    return Relation(Bound.BEFORE if (match["rel"] or "").startswith("trước") else Bound.IN)


def _tied_to_event(event: str) -> tuple[Rule[Part], ...]:
    """The rules whose match takes in the event; in running text it ends at the comma."""
    return (
        Rule(
            "deadline.relative",
            rf"(?<!\w)(?:(?P<limit>{_LIMIT})\s{{1,3}}|(?P<late>sau)\s{{1,3}})?(?:(?:không quá|tối đa|khoảng|là"
            rf"|ít nhất)\s){{0,2}}"
            rf"{DURATION}\s{{0,3}},?\s{{0,3}}(?P<rel>{_AFTER}|{_BEFORE})(?!\w)(?!\s(?:ngày\s)?\d{{1,2}}\s?/){event}",
            _relation,
            "Thời hạn tính từ một sự kiện",
            needs=("sau", "từ", "trước"),
            sign=_DURATION_SIGN,
            examples={
                "Trong vòng 05 ngày làm việc kể từ ngày nhận được văn bản": "relative by",
                "15 ngày sau khi kết thúc lớp tập huấn": "relative in",
                "sau 10 ngày kể từ ngày ký": "relative from",
                "30 ngày trước kỳ họp HĐND tỉnh": "relative before",
                "03 ngày": None,
            },
        ),
        Rule(
            "deadline.relative.nth_day",
            rf"(?<!\w)(?P<limit>{_LIMIT}\s)?ngày thứ \d{{1,3}}(?!\d)\s{{0,3}},?\s?(?:{_AFTER})(?!\w){event}",
            lambda m: Relation(Bound.BY if m["limit"] else Bound.IN),
            "Ngày thứ mấy sau một sự kiện",
            needs=("ngày thứ",),
            examples={
                "Chậm nhất là ngày thứ 90 kể từ ngày kết thúc năm tài chính": "relative by",
                "ngày thứ hai": None,
            },
        ),
    )


PROSE_EVENT_RULES = _tied_to_event(r"[^;\n(.,]{0,160}")
RELATION_RULES: tuple[Rule[Part], ...] = (
    *_tied_to_event(_EVENT),
    Rule(
        "deadline.relative.before_event",
        rf"(?<!\w)(?P<limit>chậm nhất\s|muộn nhất\s)?trước(?:\s(?:khi|kỳ|ngày|lúc|thời điểm))?\s[^,;:.\n\d(]{{1,80}}?\s"
        rf"(?:(?:ít nhất|tối thiểu|là|khoảng)\s){{0,2}}{DURATION}",
        lambda m: Relation(Bound.BY if m["limit"] else Bound.BEFORE),
        "Trước một sự kiện bao nhiêu ngày",
        needs=("trước",),
        sign=_DURATION_SIGN,
        examples={"Trước khi kết thúc dự án 02 tháng": "relative before", "Trước ngày 15/3/2024": None},
    ),
    Rule(
        "deadline.relative.after_event",
        rf"(?<!\w)sau(?:\skhi)?\s[^,;:.\n\d(]{{2,80}}?\s(?:(?:không quá|tối đa|chậm nhất|là|trong"
        rf"|vòng)\s){{0,3}}{DURATION}",
        lambda m: Relation(Bound.BY if re.search(r"không quá|tối đa|chậm nhất|trong", m[0]) else Bound.IN),
        "Sau một sự kiện bao nhiêu ngày",
        needs=("sau",),
        sign=_DURATION_SIGN,
        examples={"Sau khi kết thúc hội nghị không quá 05 ngày": "relative by", "Sau khi kết thúc hội nghị": None},
    ),
    Rule(
        "deadline.relative.limit",
        rf"(?<!\w){_LIMIT}\s{{1,3}}(?:(?:không quá|tối đa|khoảng|là)\s){{0,2}}(?!{_CLOCK}){DURATION}(?!\s{{0,2}}/)"
        r"(?!\s?\(\s?(?:từ\s)?(?:\d|tháng|quý|năm|ngày \d))",
        lambda m: Relation(Bound.BY, bare=m[0].startswith("trong") and not re.match(r"trong (?:vòng|thời hạn)", m[0])),
        "Trong vòng, trong thời hạn bao nhiêu ngày",
        needs=("trong", "nhất", "không", "tối đa", "hạn"),
        sign=_DURATION_SIGN,
        examples={
            "giải quyết trong 10 ngày làm việc": "relative by",
            "Chậm nhất 12 giờ ngày 11/6/2024": "date by 2024-06-11..2024-06-11",
            "sau 10 ngày": None,
        },
    ),
    Rule(
        "deadline.relative.later",
        rf"(?<!\w)sau\s{{1,3}}(?:(?:không quá|khoảng|ít nhất)\s)?{DURATION}",
        lambda _: Relation(Bound.FROM),
        "Sau bao nhiêu ngày",
        needs=("sau",),
        sign=_DURATION_SIGN,
        examples={"Sau 15 ngày": "relative from", "sau khi họp": None},
    ),
    Rule(
        "deadline.relative.earlier",
        rf"(?<!\w)trước\s{{1,3}}(?:(?:ít nhất|tối thiểu|khoảng)\s)?{DURATION}(?!\s?/|,?\s{{0,2}}(?:\d|ngày|thứ"
        rf"|phút|hàng))",
        lambda _: Relation(Bound.BEFORE),
        "Trước bao nhiêu ngày",
        needs=("trước",),
        sign=_DURATION_SIGN,
        examples={"Trước 05 ngày": "relative before", "trước 5/6": None},
    ),
    Rule(
        "deadline.relative.same_day",
        r"(?<!\w)(?:ngay\s)?trong ngày(?:\slàm việc)?(?=\s{0,3}(?:$|[.,;(]))",
        lambda _: Relation(Bound.BY),
        "Trong ngày",
        needs=("trong ngày",),
        examples={"Trong ngày làm việc": "relative by", "trong ngày 15/3": None},
    ),
    Rule(
        "deadline.relative.duration",
        DURATION,
        lambda _: Relation(Bound.IN, bare=True),
        "Khoảng thời gian đứng riêng trong ô",
        sign=_DURATION_SIGN,
        examples={"30 ngày": "relative in", "mỗi lớp 03 ngày, 50 học viên": "", "ngày 15": None},
    ),
)

_UNTIL_STOP = r"(?:(?!\s(?:hoặc|và)\s(?:định kỳ|hàng|thường xuyên|đột xuất|mỗi)(?!\w))[^;\n(,]){0,160}"
# What somebody meets with or what comes about by itself behind "khi": never what he does himself ("khi tham gia giao
# thông", "khi sử dụng điện").
_HAPPENS = (
    r"(?:(?:phát hiện|xuất hiện|nhận được|nhận thấy|đủ điều kiện|hết hạn|đến hạn|dự báo|được cảnh báo|mất điện|trời mưa"
    r"|mưa (?:lớn|to|lũ|bão)|nắng nóng|nước (?:lên|dâng|về)|lũ về|triều cường)(?!\w)"
    r"|(?:[^\W\d_]{1,10}\s){1,6}?(?:xảy ra|phát sinh|xuất hiện|bùng phát|biến động|thay đổi|vượt|diễn biến"
    r"|giảm|tăng|xuống|dưới|trên|có hiệu lực|hết hạn|hết hiệu lực|đến hạn"
    r"|có (?:yêu cầu|đề nghị|nhu cầu)|yêu cầu|đề nghị|huy động|điều động)(?!\w))"
)
CONDITION_RULES: tuple[Rule[Part], ...] = (
    Rule(
        "deadline.conditional.demand",
        r"(?<!\w)(?:(?:tùy|tuỳ)\s)?(?:theo (?:yêu cầu|đề nghị)(?!\w)|(?:khi|nếu|lúc) (?:có|được yêu cầu|cần thiết|cần"
        rf"|phát sinh|xảy ra)(?!\w)){_UNTIL_STOP}",
        lambda _: Condition(on_demand=True),
        "Theo yêu cầu, khi có, nếu có",
        needs=("theo yêu cầu", "theo đề nghị", "khi ", "nếu ", "lúc "),
        examples={
            "Khi có văn bản chỉ đạo": "conditional in",
            "Nếu có yêu cầu từ Sở Nội vụ": "conditional in",
            "khiêm tốn": None,
        },
    ),
    Rule(
        "deadline.conditional.case",
        r"(?<!\w)trường hợp (?!khẩn cấp|đặc biệt|cụ thể)(?=[^;,\n(]{12,160},)[^;,\n(]{12,160}",
        lambda m: Condition(weak=bool(re.search(r"\w\s*$", m.string[max(0, m.start() - 4) : m.start()]))),
        "Trường hợp một việc xảy ra (đứng đầu câu)",
        needs=("trường hợp",),
        examples={"Trường hợp đơn vị không có người thay, báo cáo ngay": "conditional in", "các trường hợp trên": None},
    ),
    Rule(
        "deadline.conditional.after",
        rf"(?<!\w)(?:(?:triển khai|thực hiện|hoàn thành)\s)?(?:ngay\s)?(?:sau khi|ngay khi|ngay sau"
        rf"|kể từ khi)(?!\w){_UNTIL_STOP}",
        lambda _: Condition(),
        "Sau khi, ngay sau khi một sự kiện xảy ra",
        needs=("sau khi", "ngay khi", "ngay sau", "từ khi"),
        examples={"Ngay sau khi sáp nhập đơn vị": "conditional in", "sau này": None},
    ),
    Rule(
        "deadline.conditional.before",
        rf"(?<!\w)trước (?:khi|kỳ họp|kỳ thi|hội nghị|đại hội|lễ|tết|mùa|dịp|vụ|cuộc|thời điểm(?! \d))(?!\w)"
        rf"(?![^;,(\n]{{0,40}}hàng (?:năm|quý|tháng|tuần)){_UNTIL_STOP}",
        lambda _: Condition(bound=Bound.BEFORE),
        "Trước một sự kiện",
        sign=r"trước (?:khi|kỳ|hội|đại|lễ|tết|mùa|dịp|vụ|cuộc|thời)",
        examples={"Trước khi khai mạc kỳ họp": "conditional before", "trước đây": None},
    ),
    Rule(
        "deadline.conditional.sudden",
        rf"(?<!\w)(?:khi\s)?đột xuất(?!\w){_UNTIL_STOP}",
        lambda _: Condition(on_demand=True),
        "Đột xuất",
        needs=("đột xuất",),
        examples={"Đột xuất": "conditional in", "xuất sắc": None},
    ),
    Rule(
        "deadline.conditional.happens",
        rf"(?<!\w)(?<!trước )(?<!sau )(?<!ngay )(?<!từ )(?:khi|lúc)\s{_HAPPENS}{_UNTIL_STOP}",
        lambda _: Condition(happens=True),
        "Khi một việc tự xảy ra hoặc bị bắt gặp",
        needs=("khi", "lúc"),
        examples={
            "Khi mực nước vượt báo động II": "conditional in",
            "Khi phát hiện vi phạm": "conditional in",
            "khiếu nại": None,
        },
    ),
    Rule(
        "deadline.conditional.when",
        r"(?<!\w)khi(?!\w)",
        lambda m: Condition(weak=bool(re.search(r"[^\s;:(,\-]\s*$", m.string[max(0, m.start() - 9) : m.start()]))),
        "Khi một việc xảy ra (đứng đầu ô)",
        needs=("khi",),
        examples={"Khi Trung ương có hướng dẫn": "conditional in", "khiếu nại": None},
    ),
    Rule(
        "deadline.conditional.according",
        r"(?<!\w)(?:(?:tùy|tuỳ)(?:\s(?:thuộc|theo|vào))?|(?<!tiếp )(?<!kèm )theo(?!\s(?:quý|tháng|tuần|năm|dõi"
        r"|định kỳ))|căn cứ|phụ thuộc"
        r"|trên cơ sở|cùng (?:thời điểm|với)|đồng thời với|(?<!trong và )sau(?!\s(?:này|đó|đây|cùng|sinh"
        r"|đại học)(?!\w))(?=\s[^\d\s])|trong quá trình)(?!\w)",
        lambda _: Condition(weak=True),
        "Theo kế hoạch, chỉ đạo, tiến độ, quy định (khi cả ô chỉ nói vậy)",
        needs=("theo", "tùy", "tuỳ", "căn cứ", "thuộc", "cơ sở", "cùng", "đồng thời", "sau", "quá trình"),
        examples={
            "Theo tiến độ của Đề án": "conditional in",
            "Hằng năm (theo báo cáo quốc tế)": "recurring in FREQ=YEARLY",
            "Theo dõi": None,
        },
    ),
)

ONGOING_RULES: tuple[Rule[Part], ...] = (
    Rule(
        "deadline.ongoing",
        r"(?<!\w)(?<!chi )(?<!không )(?<!vốn )(?<!dưỡng )(?<!giáo dục )(?<!kinh phí )"
        r"(?:(?:thực hiện|triển khai|làm|duy trì)\s)?(?:thường xuyên|liên tục|quanh năm)(?!\w)"
        r"(?:(?:\s?,|\svà)\s(?:thường xuyên|liên tục|kịp thời|quanh năm)(?!\w)){0,3}",
        lambda _: Lasting(),
        "Thường xuyên, liên tục",
        needs=("thường xuyên", "liên tục", "quanh năm"),
        examples={
            "Thường xuyên": "ongoing in",
            "Thường xuyên trong năm 2024": "ongoing in 2024-01-01..2024-12-31",
            "chi thường xuyên": None,
        },
    ),
    Rule(
        "deadline.ongoing.abbreviation",
        r"(?<!\w)tx(?!\w)",
        lambda _: Lasting(),
        "TX: thường xuyên",
        needs=("tx",),
        examples={"TX": "ongoing in", "TXT": None},
    ),
    Rule(
        "deadline.ongoing.throughout",
        r"(?<!\w)(?<!thông )(?:trong\s|xuyên\s)?suốt(?!\w)(?:\s(?:cả|thời gian|quá trình)(?!\w))?"
        r"(?:\s(?!năm|giai đoạn|từ|cả|tháng|quý)[^\W\d]{2,12}){0,6}",
        lambda _: Lasting(),
        "Trong suốt năm, suốt giai đoạn",
        needs=("suốt",),
        examples={
            "Suốt cả giai đoạn 2021-2025": "ongoing in 2021-01-01..2025-12-31",
            "thông suốt": None,
        },
    ),
)

# Before the rules of dates: there the words are the year they name.
WHOLE_YEAR: Rule[Part] = Rule(
    "deadline.ongoing.whole_year",
    r"(?:^|(?<=[;:-]))\s{0,9}(?:(?:trong|suốt)\s)?(?:cả|trọn)(?=\snăm(?:\s\d{4})?[\s.]{0,9}(?:$|;))",
    lambda _: Lasting(),
    "Cả năm, khi đứng một mình: việc làm suốt năm",
    needs=("cả năm", "trọn năm"),
    examples={
        "Cả năm 2024": "ongoing in 2024-01-01..2024-12-31",
        "6 tháng đầu năm 2024": None,
    },
)

_SCHOOL = r"(?:năm học|học k[ỳì]|niên khóa|nhiệm kỳ|năm tài chính|vụ (?:đông xuân|hè thu|mùa|xuân|đông))"
NOISE_RULES: tuple[Rule[Part], ...] = (
    Rule(
        "deadline.noise.hour",
        r"(?<![\w/.,])(?:\d{1,2}\s?(?:h|g)\s?(?:\d{2})?(?:\s?(?:'|phút|p))?|\d{1,2}:\d{2}"
        r"|\d{1,2}\s?giờ(?:\s?\d{2}(?:\s?phút)?)?)"
        r"(?!\w)(?!\s{0,2}(?:,\s?)?(?:trước|sau|kể|làm việc|từ khi))",
        lambda _: Noise(unread=True),
        "Giờ trong ngày (bỏ qua)",
        sign=r"\d\s?[hg:]",
        examples={
            "17h00 ngày 28/02/2025": "date in 2025-02-28..2025-02-28",
            "110kV": None,
        },
    ),
    Rule(
        "deadline.noise.school_year",
        rf"(?<!\w)(?:(?:đầu|cuối|trong|hè|kết thúc|giữa|bắt đầu|sau|trước)\s)?(?:mỗi\s|các\s)?{_SCHOOL}(?!\w)"
        rf"(?:\s(?:[ivx]{{1,4}}|\d|một|hai|đầu|cuối)(?!\w))?(?:\s{{0,2}},?\s{{0,2}}{_SCHOOL})?"
        r"(?:\s{0,2}\d{4}(?:\s?[-/]\s?\d{2,4})?(?!\d))?",
        lambda _: Noise(unread=True),
        "Năm học, học kỳ, nhiệm kỳ (không quy ra ngày)",
        sign=_SCHOOL,
        examples={"Năm học 2024-2025": "unparsed in", "năm 2024": None},
    ),
    Rule(
        "deadline.noise.week",
        rf"(?!{VAGUE_WEEK}tháng\s{{0,3}}[^\s\W])"
        r"(?<!\w)tuần\s{0,2}(?:lễ\s)?(?:thứ\s)?(?:\d{1,2}(?!\d)|[ivx]{1,4}(?!\w)|đầu(?:\stiên)?|cuối(?:\scùng)?"
        r"|một|hai|ba|tư|nhất)(?!\w)"
        r"(?:\s?(?:và|,|-|hoặc)\s?(?:tuần\s)?(?:thứ\s)?(?:\d|[ivx]{1,3}|hai|ba|tư|cuối)(?!\w)){0,4}"
        r"(?:,?\s{0,3}(?:của\s)?(?:tháng|quý|năm)\s?(?:\d{1,4}|[ivx]{1,3}(?!\w))(?:\s?(?:/|năm|-)\s?\d{2,4})?)?"
        r"(?!\s(?:hàng|mỗi|của (?:mỗi|hàng)) (?:tháng|quý))",
        lambda _: Noise(unread=True),
        "Tuần trong tháng (không quy ra ngày)",
        needs=("tuần",),
        examples={"Tuần 36 năm 2024": "unparsed in", "Tuần 2 tháng 5": "unparsed in", "Hàng tuần": None},
    ),
    Rule(
        "deadline.noise.blank",
        r"(?<!\w)(?:ngày\s{0,9}(?:[.…_]{1,40}\s{0,9}(?:/|tháng)|\s{0,9}tháng(?=\s{1,9}năm|\s{0,9}[.…_]))"
        r"|tháng\s{0,9}[.…_]{2,40}|[.…_]{2,40}\s?/)"
        r"\s{0,9}(?:\d{1,2}(?!\d)|[.…_]{0,40})\s{0,9}(?:(?:năm|/)\s{0,9}(?:\d{1,4}|[.…_]{0,40}))?",
        lambda _: Noise(unread=True),
        "Chỗ trống chưa điền (ngày ... tháng ... năm)",
        sign=r"\.\s{0,9}(?:[.…_/]|tháng)|…|_|ngày\s{0,18}tháng",
        examples={"ngày ... tháng ... năm 2024": "unparsed in", "ngày 5 tháng 6 năm 2024": None},
    ),
    Rule(
        "deadline.noise.lunar",
        r"(?<!\w)(?:(?:ngày\s)?(?:mùng\s|mồng\s|rằm\s)?(?:\d{1,2}\s?/\s?\d{1,2}(?:\s?/\s?\d{4})?"
        r"|\d{0,2}\s?tháng\s(?:\d{1,2}|giêng|chạp))"
        r"\s{0,2}\(?(?:âm lịch|al)(?!\w)|rằm tháng \w{1,6}|(?:mùng|mồng) \d{1,2}(?:\s?/\s?\d{1,2}|\stháng \w{1,6})"
        r"|tháng (?:giêng|chạp)(?!\w))",
        lambda _: Noise(unread=True),
        "Ngày âm lịch (không quy ra ngày)",
        needs=("âm lịch", "al", "rằm", "mùng", "mồng", "giêng", "chạp"),
        examples={"15/8 âm lịch": "unparsed in", "15/8": None},
    ),
    Rule(
        "deadline.noise.paper",
        r"(?<![\w/.,])\d{1,5}(?:\s?/\s?(?:19|20)\d\d)?\s?/\s?(?!tháng|quý|năm|lần|đợt|kỳ|tuần|ngày)[a-zđ]{2,9}\d{0,2}"
        r"(?:\s?[-&]\s?[a-zđ]{2,9}){0,3}(?!\w)|(?<![\w/.,])\d{1,4}\s?-\s?[a-zđ]{2,3}\s?/\s?[a-zđ]{2,5}(?!\w)",
        lambda m: Noise(paper=True) if "-" in m[0] or m[0].count("/") == 2 else None,
        "Số và ký hiệu văn bản (không phải thời gian)",
        sign=r"/\s?[a-zđ]",
        examples={"Nghị định số 30/2020/NĐ-CP": "", "02/lần": None},
    ),
    Rule(
        "deadline.noise.season",
        r"(?<!\w)(?:(?:mùa|vụ)\s(?:mưa|khô|hè|đông|xuân|thu|lũ|bão|cạn)(?:\s(?:lũ|bão|cạn))?|hè|tết)\s(?:năm\s)?\d{4}"
        r"(?:\s?-\s?\d{4})?(?!\d)",
        lambda _: Noise(unread=True),
        "Mùa, vụ của một năm (không quy ra ngày)",
        sign=r"(?:mưa|khô|hè|đông|xuân|thu|lũ|bão|cạn|tết)\s(?:năm\s)?\d{4}",
        examples={"Mùa khô 2026": "unparsed in", "mùa mưa": None},
    ),
    Rule(
        "deadline.noise.around_the_clock",
        r"(?<![\w/.,])24\s?/\s?(?:24|7)(?:\s?/\s?7)?(?:h|\sgiờ)?(?!\w|\s?/)",
        lambda _: Noise(),
        "Trực 24/7, 24/24 giờ (không phải ngày)",
        sign=r"24\s?/\s?(?:24|7)",
        examples={"Trực 24/7 tại các chốt": "", "24/7/2024": None, "24 / 7 / 2024": None},
    ),
    Rule(
        "deadline.noise.weekday",
        r"(?<!\w)(?:thứ\s(?:[2-7]|hai|ba|tư|năm|sáu|bảy|bẩy)|chủ nhật)(?!\w)",
        lambda _: Noise(unread=True),
        "Thứ trong tuần đứng trước ngày (bỏ qua)",
        needs=("thứ", "chủ nhật"),
        examples={"Thứ Sáu, ngày 07/3/2025": "date in 2025-03-07..2025-03-07", "ngày thứ 90": None},
    ),
)
