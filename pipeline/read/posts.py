"""Who acts by a common noun and no name: a post, a party, a force, a house by its kind, a team told by its work.

Forms: "|khoa liên quan| lập báo cáo", "|Thẩm phán chủ tọa phiên tòa| gửi bản án", "|Hai bên| lập đường dây nóng",
"|Lực lượng phát hiện| lập biên bản", "|Thư viện| rà soát giáo trình", "|Nhà thầu thi công (Liên danh A - B)| bổ sung".
"""

import re
from collections.abc import Iterator

from pipeline.read.predicates import acts, opens_no_work, work_end
from pipeline.read.unit_runs import Acting
from pipeline.rules.name_words import noun_end, verb_end
from pipeline.text import fold, squeeze

_WHICH = (
    r"(?:có liên quan|liên quan|chuyên môn|sở tại|cùng cấp|thường trực|đầu mối|trực tiếp quản lý"
    r"|phối hợp|soạn thảo|tham mưu|thực hiện|trúng thầu|tư vấn|giám sát|kiểm định"
    r"|(?P<open>được (?:giao|phân công)(?: nhiệm vụ)?(?: (?:chủ trì|phụ trách|phối hợp|thực hiện|quản lý))?"
    r"|nơi xảy ra|nơi có|nơi phát hiện|phát hiện|để xảy ra"
    r"|quản lý|khai thác|vận hành|sử dụng|thi công|chủ trì|phụ trách|tổ chức))"
)
_FORCE = (
    r"lực lượng (?:phát hiện|chức năng|thường trực|trực|tuần tra|kiểm tra|kiểm soát|liên ngành|xung kích|cứu hộ|cứu nạn"
    r"|ứng cứu|ứng phó|chữa cháy|bảo vệ|dân quân|dân phòng|công an|quân sự|quân đội|bộ đội|biên phòng|kiểm lâm|kiểm ngư"
    r"|hải quan|quản lý thị trường|cảnh sát|y tế|tại chỗ|an ninh|tình nguyện|nòng cốt|chốt|canh|thú y|cơ động)"
)
# One who holds an office; whoever is called so in a plan has to act. The many (học sinh, người dân) are no office, and
# staff acts where it is told which ("Cán bộ được phân công ...").
_POST = (
    r"(?:(?:các|mỗi|từng|những) )?(?:thẩm phán|hội thẩm|thư ký|thẩm tra viên|kiểm sát viên|điều tra viên|chấp hành viên"
    r"|công chứng viên|hòa giải viên|trợ giúp viên|giám thị|quản giáo|cố vấn học tập|giảng viên|giáo viên|bác sĩ"
    r"|dược sĩ|điều dưỡng|hộ sinh|y sĩ|kỹ thuật viên|thủ kho|thủ quỹ|thủ thư|kế toán|văn thư|thuyền trưởng|máy trưởng"
    r"|quản đốc|đốc công|ca trưởng|kíp trưởng|trưởng (?:ca|kíp|tua|đoàn|nhóm|lớp|tàu)|trực (?:ban|ca|chính|chỉ huy)"
    r"|kiểm lâm viên|thanh tra viên|kiểm toán viên|biên tập viên|phóng viên|phát thanh viên|hướng dẫn viên|báo cáo viên"
    r"|tuyên truyền viên|cộng tác viên|huấn luyện viên|khuyến nông viên|thú y viên|giám sát viên|điều phối viên"
    r"|an toàn vệ sinh viên|(?P<staff>chuyên viên|cán bộ|công chức|viên chức|nhân viên))"
)
# The many act where the paper says "each" or "all" of them.
_PERSON = (
    r"(?:cán bộ|công chức|viên chức|đảng viên|đoàn viên|hội viên|người lao động|công nhân|giáo viên|nhân viên"
    r"|giảng viên"
    r"|học sinh|sinh viên|học viên|hộ gia đình|hộ dân|gia đình|chiến sĩ|tình nguyện viên|quần chúng|hộ kinh doanh)"
)
_HOUSE = (
    r"(?:nhà trường|trường|trung tâm|bệnh viện|tổng công ty|công ty|học viện|viện|chi cục|cục|sở|thư viện|bảo tàng"
    r"|nhà hát|trạm|cảng|nhà máy|xí nghiệp|hợp tác xã|chi nhánh|đài|ngân hàng|tập đoàn|câu lạc bộ|xưởng|phân xưởng|kho"
    r"|nhà văn hóa|ký túc xá|khách sạn|nông trường|lâm trường)"
)
# Behind a house they are its predicate; "Viện |nghiên cứu|", "Trung tâm |điều hành|" would be its name.
_HOUSE_ACTS = (
    r"(?:chủ trì|phối hợp|(?:có|chịu) trách nhiệm|tham mưu|báo cáo|tổng hợp|triển khai|thực hiện|lập|ban hành|tiếp tục"
    r"|chủ động|phân công|bố trí|hoàn thành|hoàn thiện|cử|gửi|giao|trình|mở|tổ chức|rà soát|thành lập|thông báo"
    r"|kiện toàn|cập nhật|công khai|công bố|niêm yết|xây dựng (?:kế hoạch|phương án|dự toán|quy chế|quy trình|đề án)"
    r"|thường xuyên"
    r"|định kỳ|hoàn tất|lắp đặt|mua sắm|trang bị|kiểm kê|bổ sung|chuẩn bị|đảm nhiệm|phụ trách|đăng ký)"
)
_COMMON = re.compile(
    rf"(?P<name>{_HOUSE}(?= {_HOUSE_ACTS}(?!\w))|(?!(?:công chức|cán bộ|viên chức|nhân viên"
    rf"|giáo viên) được)(?:đơn vị|cơ quan|bộ phận|khoa|phòng|ban|xã|phường|thôn|bản|trường"
    rf"|trạm y tế|doanh nghiệp|cơ sở"
    rf"|địa phương|người|công chức|cán bộ|viên chức|nhân viên(?: y tế)?|giáo viên) {_WHICH}"
    r"|giáo viên (?:bộ môn|chủ nhiệm)"
    r"|(?:ban (?:biên tập|tổ chức|giám khảo|soạn thảo|liên lạc|điều hành|vận động|thư ký|cán sự|tuyển sinh|khảo sát)"
    r"|(?:tổ|đội|nhóm|bộ phận) (?:biên tập|thư ký|giúp việc|tuyên truyền|trực|soạn thảo|khảo sát)"
    r"|hội đồng (?:thi|chấm thi|tuyển sinh|coi thi|biên soạn|thẩm định)"
    rf"|{_FORCE})(?P<team>)"
    r"|(?:tổ|đội|nhóm|chốt|tiểu đội|trung đội|kíp|ca|đoàn)(?: [^\W\d_]+){0,6} số \d{1,2}(?:, số \d{1,2}){0,5}"
    r"|(?:liên danh )?nhà thầu(?: (?:chính|phụ|thi công|tư vấn|thiết kế|giám sát|xây lắp|khảo sát))?"
    r"|(?:đơn vị )?tư vấn (?:giám sát|thiết kế|khảo sát|thẩm tra|quản lý dự án|quy hoạch)"
    r"|nhà (?:đầu tư|cung cấp|phân phối|sản xuất)"
    r"|chủ (?:đầu tư|dự án|nhà trọ|nhà hàng|cửa hàng|doanh nghiệp|lò|bến|bãi|vườn|hồ|đập|rừng|hộ|cơ sở|phương tiện"
    r"|tàu|mỏ|trang trại|công trình|nhiệm (?:đề tài|dự án))"
    r"|chính quyền (?:địa phương|cơ sở|các cấp)"
    rf"|(?:từng|mỗi|mọi|các|toàn thể|toàn bộ|tất cả) {_PERSON}(?:(?:, | và ){_PERSON}){{0,5}}(?P<people>)"
    r"|(?:hai|ba|bốn|các) bên|(?:hai|ba|bốn) (?:cơ quan|đơn vị|ngành|lực lượng|trường|địa phương|sở|viện)"
    rf"|{_POST}(?P<post>))"
    r"(?: \([^()]{2,90}\))?(?=[ :,]|$)"
)
# What tells one office from others, before the verb: "Thư ký |được phân công giúp việc Thẩm phán| cập nhật".
_CHARGED = re.compile(r" được (?:giao|phân công|cử|chỉ định)(?: nhiệm vụ| trách nhiệm)?(?= )")
_DOING = re.compile(
    r" (?:phụ trách|chủ tọa|chuyên trách|kiêm nhiệm|trực(?! tiếp)|theo dõi (?=địa bàn|đơn vị|lĩnh vực))"
)
_VERB = re.compile(r" (?:(?P<must>có trách nhiệm|phải|cần|sẽ) )?")
_SYLLABLE = re.compile(r" (?:địa bàn|báo cáo viên|[^\W\d_]+)")
_LONGEST_OBJECT = 8  # syllables: "trang thông tin điện tử của nhà trường"


def common_agent(clause: str, start: int) -> Acting | None:
    """An agent that is a common noun, with its verb behind, where a subject can stand."""
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
        if folded.startswith("về ", at):  # "Tổ giúp việc |về cải cách hành chính|"
            continue
        is_strict = agent["post"] is not None or agent["people"] is not None
        is_verb = (acts(folded, end) and noun_end(folded, at) is None) if is_strict else _has_verb(folded, end, at)
        if clause[at : at + 1].islower() and (is_verb or (verb and verb["must"])):
            return Acting(squeeze(clause[start:end]), start, end)
    return None


def _has_verb(folded: str, end: int, at: int) -> bool:
    return acts(folded, end) or verb_end(folded, at) is not None


def capital_agent(clause: str, start: int) -> Acting | None:
    """A common noun as agent, whatever stands behind it."""
    agent = _COMMON.match(fold(clause), start)
    return Acting(squeeze(clause[start : agent.end()]), start, agent.end()) if agent else None


def _ends(folded: str, agent: re.Match[str]) -> Iterator[int]:
    """Where the agent may end: behind its part, or up to eight syllables on where the part has an object of its own."""
    if agent["post"] is not None:
        yield from _described_ends(folded, agent.end(), is_staff=agent["staff"] is not None)
    if agent["staff"] is None:
        yield agent.end()
    if agent["open"] or agent["team"] is not None:  # "Ban biên tập |trang thông tin điện tử| đăng tải ..."
        yield from _syllables(folded, agent.end())


def _described_ends(folded: str, at: int, *, is_staff: bool) -> Iterator[int]:
    """Ends of what tells an office from others: its charge with what it acts on, its place of work."""
    if charged := _CHARGED.match(folded, at):
        verb = work_end(folded, charged.end() + 1)
        yield from (*_syllables(folded, verb or charged.end()), charged.end())
    elif doing := _DOING.match(folded, at):
        yield from (doing.end(), *_syllables(folded, doing.end()))
    elif (
        not is_staff
        and folded.startswith(" ", at)
        and work_end(folded, at + 1) is None
        and not opens_no_work(folded, at + 1)
    ):
        yield from _syllables(folded, at)


def _syllables(folded: str, at: int) -> Iterator[int]:
    for _ in range(_LONGEST_OBJECT):
        word = _SYLLABLE.match(folded, at)
        if word is None or word[0] == " về":  # "Tổ giúp việc Ban Chỉ đạo |về| cải cách hành chính"
            return
        at = noun_end(folded, at + 1) or word.end()  # "điều kiện |thi hành án|" holds no predicate
        yield at
