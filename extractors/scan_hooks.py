"""A hook that was taken for an acute: "tố" for "tổ", "kiếm" for "kiểm".

Upon â, ê and ô the two are a few pixels that differ in one or two; the recogniser reads an acute for a hook, however
sure, and hardly ever the other way round. So an acute there gives way where the syllable with it is no word of office
papers in this place, for it is written in the company of few others: "truy tố", "tìm kiếm". Names of people stay:
"Tống Văn Sơn", "Hồ Thị Tố Nga".
"""

from dataclasses import dataclass

from extractors.scan_compounds import hooked

# What stands before ("_") and behind a syllable where its acute is meant; in any other place it has a hook.
_COMPANY = """
biếu: hiếu kính quà _ tặng quà cho
chuấn: _
chuyến: các chung dài đầu hai hợp lượt mỗi một nhiều những sau số theo trước từng _
    bay biển công du đi đò hàng hải khảo khứ phà tàu thăm thực xe
đấy: ai đâu đến đây ở tại từ _ là
đế: chân đại đáy hoàng phế thượng _ chế đèn đô giày quốc vương
điếm: canh lữ quán _ canh đê gác
hiếu: bất báo chí hỷ lễ tân thị trọn trung việc _ chủ chiến hỉ học hỷ khách kính nghĩa sự thảo thắng trung
kiếm: đao gươm hái hoàn lâm thanh tìm _ ăn cớ cơm củi khách lời sống tiền việc
kiếu: _
khấu: sân _ đầu hao trừ
mố: trụ _ cầu trụ
nố: _
ố: hoen _
phấm: _
tiếu: _ lâm
tố: bão cáo công dông đấu độc giông hoóc kháng khiếu khởi lốc nguyên nhân nội sắc thổ thủy tiết tổng truy vận yếu _
    cáo chất của giác hộ khổ khuynh lốc nữ tâm tụng
tống: bắt nhà xô _ cổ đạt giam khứ ngục ra táng tiền tiễn
triến: _
"""
_PEOPLE = frozenset(("anh", "bà", "bác", "chị", "chú", "cô", "em", "ông", "thầy", "thị", "văn"))
_MEANING = frozenset(("hữu", "như"))  # streets, schools and prizes bear the names of Tố Hữu and Tố Như


@dataclass(frozen=True, slots=True)
class Clause:
    """A syllable as written between its neighbours of the same clause; "" is the clause's end.

    `dash` tells that a dash stands behind `after`: "Tổ Toán - Tin".
    """

    before: str
    syllable: str
    after: str
    beyond: str
    dash: bool = False


def _companies() -> dict[str, tuple[frozenset[str], frozenset[str]]]:
    out = {}
    for entry in _COMPANY.replace("\n    ", " ").strip().splitlines():
        syllable, company = entry.split(":")
        before, _, after = company.partition("_")
        out[syllable] = frozenset(before.split()), frozenset(after.split())
    return out


COMPANIES = _companies()


def with_hook(place: Clause) -> str:
    """The syllable with a hook, in small letters; "" where its acute may be meant.

    Forms: "các tố, bộ phận" and "Tố Tiếp nhận hồ sơ" -> "tổ"; "Tống giám đốc" -> "tổng"; "truy tố", "Tống Văn Sơn",
    "Tố Nga", "Nguyễn Văn Kiếm", "giải thưởng Tố Hữu" and "số" -> "".
    """
    small = place.syllable.lower()
    if small not in COMPANIES or (place.syllable.isupper() and len(small) > 1):
        return ""
    before, after = COMPANIES[small]
    if place.before.lower() in before or place.after.lower() in after:
        return ""
    return "" if place.syllable[0].isupper() and _is_name(place) else hooked(small)


def _is_name(place: Clause) -> bool:
    """Whether a syllable with a capital may belong to somebody's name."""
    if place.before.istitle() or place.before.lower() in _PEOPLE or place.after.lower() in _MEANING:
        return True
    if not place.after:
        return True
    return place.after.istitle() and not place.dash and (not place.beyond or place.beyond.istitle())
