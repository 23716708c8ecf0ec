"""Words of two or more syllables that office papers are full of, and what they tell of a syllable in doubt.

Of the marks of a syllable its neighbours tell where only one word can stand: "lãnh đao" is "lãnh đạo". Words that have
a twin which differs in its marks only ask for nothing, but they hold what they are made of: "công tố" stays, and so
does "bắt đầu từ năm" beside "đầu tư", for "đầu" belongs to "bắt đầu".
"""

import unicodedata
from collections.abc import Iterator, Sequence

# Left out is whatever has such a twin, as one word or over the border of two: "công tác" (cộng tác), "môi trường" (mỗi
# trường), "truyền thông" (truyền thống), "đề nghị" (để Nghị quyết ...), "phân công" (phần công việc), and words that
# are spelt in two ways (hàng năm, hằng năm).
_WORDS = """
an ninh, an toàn, ảnh hưởng, ban chỉ đạo, ban giám hiệu, ban hành, ban quản lý, báo cáo, bảo hiểm, bảo vệ, bảo đảm,
bệnh viện, biên chế, biên phòng, biểu diễn, biểu dương, biểu mẫu, biểu quyết, bồi dưỡng, bổ nhiệm, bổ sung, bổ trợ,
bộ máy, bộ đội, bưu điện, cao đẳng, cán bộ, cải cách, cải thiện, cảnh sát, chăn nuôi, chất lượng, chẩn đoán, chi bộ,
chi cục, chi hội, chi nhánh, chi phí, chi tiết, chi trả, chi đoàn, chính quyền, chính sách, chính trị, chỉ huy,
chỉ đạo, chuyên môn, chuyển giao, chuyển tiếp, chuyển đổi, chương trình, chủ nhiệm, chủ tịch, chủ trì, chủ trương,
chức năng, công an, công chức, công khai, công nghệ, công nghiệp, cơ chế, cơ quan, cơ sở, cổ phần, cộng đồng,
cuối quý, cụ thể, cựu chiến binh, di dời, diễn biến, dịch vụ, doanh nghiệp, du lịch, dược phẩm, dự án, dự toán,
gắn kết, giao thông, giám sát, giám đốc, giáo dục, giáo viên, giải pháp, giải quyết, giảm thiểu, hàng quý, hành chính,
hạ tầng, hằng quý, hiệu lực, hiệu quả, hoàn thành, hoàn thiện, hoạt động, học sinh, hồ sơ, hộ tịch, hội chẩn,
hội nghị, hội đồng, hợp tác xã, hướng dẫn, kế hoạch, kế toán, kết luận, kết quả, khảo sát, khẩn cấp, khẩn trương,
khắc phục, khen thưởng, kho bạc, khu vực, khuyến học, khuyến nông, kiểm dịch, kiểm kê, kiểm lâm, kiểm nghiệm,
kiểm sát, kiểm soát, kiểm toán, kiểm tra, kiểm định, kiện toàn, kinh phí, kinh tế, kỷ luật, kỹ thuật, lao động,
làm chủ, lãnh đạo, lắp đặt, lĩnh vực, luân chuyển, lực lượng, mật khẩu, mặt trận tổ quốc, mỗi quý, mục tiêu, mục đích,
nâng cao, năng lực, ngân hàng, ngân sách, nghi ngờ, nghi nhiễm, nghiên cứu, nghị quyết, nghị định, nguồn lực,
nhân dân, nhập khẩu, nhiễm khuẩn, nhiệm vụ, nông dân, nông nghiệp, nông thôn, nội dung, nội vụ, nuôi dưỡng, ổn định,
pháp luật, phát biểu, phát hiện, phát triển, phê duyệt, phong trào, phối hợp, phổ biến, phổ cập, phụ lục, phụ nữ,
phục vụ, quan trọng, quân sự, quản lý, quy chế, quy hoạch, quy trình, quy định, quyết định, quyền hạn, rà soát,
sát hạch, sạt lở, sản phẩm, sản xuất, sắp xếp, sơ kết, sụp đổ, sức khỏe, sửa đổi, tài chính, tài liệu, tăng cường,
tập huấn, tập thể, tập trung, tên miền, tham gia, tham mưu, thanh tra, thành lập, thành phố, thành viên, thẩm phán,
thẩm quyền, thẩm tra, thẩm định, theo dõi, thể chế, thể dục, thể thao, thi hành, thi đua, thông báo, thông tin,
thống kê, thống nhất, thời gian, thời hạn, thời điểm, thú y, thương mại, thường trực, thường xuyên, thủ trưởng,
thủ tục, thủy sản, thực hiện, thực phẩm, tiêu biểu, tiến độ, tiếp cận, tiếp nhận, tiếp tục, tiểu học, tinh giản,
tinh gọn, tinh thần, tìm hiểu, tình hình, tòa án, tối thiểu, tổ chức, tổng công ty, tổng cục, tổng giám đốc, tổng hợp,
tổng kết, tổng thể, trách nhiệm, trật tự, triển khai, triển lãm, trung tâm, trung ương, truyền hình, trúng tuyển,
trực thuộc, trực tuyến, tuyên truyền, tuyển dụng, tuyển sinh, tư pháp, ưu điểm, ủy ban, ứng dụng, văn bản, văn hóa,
văn phòng, vận chuyển, vận tải, vận động, vi phạm, viên chức, xây dựng, xã hội, xét tuyển, xuất khẩu, xử lý, y tế,
yêu cầu, đào tạo, đánh giá, đăng ký, đại biểu, đại học, đầu tư, đẩy mạnh, đẩy nhanh, đặc điểm, điều chỉnh,
điều chuyển, điều dưỡng, điều hành, điều khiển, điển hình, địa bàn, địa chính, địa phương, địa điểm, định hướng,
đoàn thanh niên, đoàn thể, đôn đốc, đơn vị, đội ngũ
"""
# Asked for only where a hook was taken for an acute, see `hooked`: else "lập sở" would be "lập sổ".
_HOOKED = """
am hiểu, biến đổi, biển báo, biển cảnh báo, biển chỉ dẫn, biển hiệu, biển đảo, bờ biển, cảng biển, cắm biển, cháy nổ,
chuyển biến, chuyển dịch, chuyển tải, chủ thể, có thể, cổ vũ, cổ đông, cổ động, cổng dịch vụ, cổng thông tin,
cổng ttđt, dân tộc thiểu số, di chuyển, gãy đổ, giết mổ, hạt kiểm lâm, hiển thị, hiểu biết, hiểu rõ, kể cả, kể chuyện,
kể trên, kể từ, khuôn khổ, kiểm điểm, lãnh thổ, lập sổ, mở sổ, mỹ phẩm, nổi bật, nước biển, phân bổ chỉ tiêu,
phân bổ cho, phân bổ dự toán, phân bổ kinh phí, phân bổ ngân sách, phân bổ nguồn, phân bổ vốn, phổ thông, quan điểm,
quy đổi, sổ hộ khẩu, sổ hộ tịch, sổ quỹ, sổ sách, sổ sức khỏe, sổ tay, sổ theo dõi, sổ tiết kiệm, sổ đăng ký, tẩy rửa,
thay đổi, thẩm mỹ, thể chất, thể hiện, thể thức, thi tuyển, thí điểm, tiểu ban, tiểu thương, toàn thể, tổ công tác,
tổ phó, tổ trưởng, tổ viên, tổng kiểm tra, tổng quan, tổng rà soát, tổng số, tổng đài, tổng điều tra, trao đổi,
trên biển, triển vọng, trọng điểm, trung chuyển, tuyển chọn, tuyển quân, vật thể, ven biển, đáng kể, đẩy lùi,
điểm cầu, điểm mạnh, điểm nghẽn, điểm nóng, điểm tựa, đổ bộ, đổ thải, đổi mới
"""
# Words that only hold their syllables.
_HOLDING = """
ấn phẩm, ban bố, bắt đầu, biên giới, bố cục, bố trí, bộ phận, bộ trưởng, cân đối, chế biến, chế tài, chế độ, chỉ số,
chỉ thị, chỉ tiêu, chuyên đề, chuyến công tác, chưa thành niên, chữ số, công ăn, công ăn việc làm, công bố, công tác,
công tố, cố gắng, cố vấn, cục trưởng, củng cố, dân chủ, dân số, dân tộc, diễn tập, gia đình, hải quan, hệ số,
hiếu học, hình thành, hình thức, hóa đơn, hội viên, kế thừa, kết thúc, khiếu tố, khởi tố, khu phố, lễ hội, liên quan,
lợi thế, máy móc, mã số, môi trường, mỗi trường, một số, năng động, nhân tố, nhiệm kỳ, phát thanh, phân bố, phân công,
phần mềm, phòng chống, quan hệ, quan tâm, quân đội, sơ bộ, sơ cấp, sơ cứu, sơ tán, số hiệu, số hóa, số liệu, số lượng,
số tiền, số vốn, sự cố, thay thế, thế giới, thế hệ, thế lực, thế mạnh, thế nào, thiếu hụt, thị hiếu, thị trường,
thứ trưởng, tiết kiệm, tìm kiếm, tố cáo, tố chất, tố giác, tố tụng, tổ dân phố, tránh thai, trả kết quả, trả lời,
truy tố, truy vấn, truyền thông, truyền thống, trường học, trường hợp, tuyên bố, tuyến tỉnh, tuyến đường, ưu thế,
vị thành niên, vị thế, vụ án, vụ việc, xu thế, yếu tố, ý kiến, đa số, đảng bộ, đề án, đề nghị, đề xuất, đoàn viên,
đông dân, đông người, đông y, đối chiếu, đối ngoại, đối soát, đối tác, đối thoại, đối tượng, đối với, đội viên,
đột biến, đường phố
"""
_LONGEST = 4  # syllables

_ACUTE, _HOOK = "\u0301", "\u0309"
_VOWEL_MARKS = "\u0302\u0306"  # of â ê ô and ă; an acute upon them and a hook are as good as the same in coarse print


def without_marks(word: str) -> str:
    """Letters without tone and vowel marks; "đ" is a letter of its own and stays."""
    return "".join(c for c in unicodedata.normalize("NFD", word) if not unicodedata.combining(c))


def hooked(word: str) -> str:
    """The word with a hook in place of an acute that stands upon another mark. Forms: "tố" -> "tổ"; "sớ" stays."""
    apart = unicodedata.normalize("NFD", word)
    for vowel_mark in _VOWEL_MARKS:
        apart = apart.replace(vowel_mark + _ACUTE, vowel_mark + _HOOK)
    return unicodedata.normalize("NFC", apart)


def _phrases(text: str) -> list[tuple[str, ...]]:
    return [tuple(word.split()) for word in " ".join(text.split()).split(", ")]


_Asking = dict[tuple[tuple[str, ...], str, tuple[str, ...]], str]


def _asking(words: str) -> _Asking:
    """Each syllable by what stands before it, its letters without marks, and what stands behind it."""
    return {
        (tuple(map(hooked, phrase[:at])), without_marks(one), tuple(map(hooked, phrase[at + 1 :]))): one
        for phrase in _phrases(words)
        for at, one in enumerate(phrase)
    }


ASKED = frozenset(without_marks(one) for phrase in _phrases(f"{_WORDS}, {_HOOKED}") for one in phrase)
_ASKING, _ASKING_HOOK = _asking(_WORDS), _asking(_HOOKED)
_KNOWN = frozenset([*_phrases(_WORDS), *_phrases(_HOOKED), *_phrases(_HOLDING)])


def completed(syllables: Sequence[str], at: int) -> str:
    """The syllable that its neighbours ask for at a place of a clause, in small letters; "" where none does.

    Forms: "lãnh", "đao" -> "đạo"; "đôi", "ngũ" -> "đội"; "tống", "thế" -> "tổng" and "thể"; "trường" between "mỗi" and
    "học", "từ" behind "bắt", "đầu", "tố" behind "truy" -> "".
    """
    first, last = max(0, at - _LONGEST + 1), min(len(syllables), at + _LONGEST)
    asking = [
        ((start, end), one)
        for start, end in _stretches(first, last)
        if start <= at < end and (one := _answer(syllables, start, at, end))
    ]
    if all(one == syllables[at] for _, one in asking):
        return ""
    near = _stretches(max(0, first - _LONGEST), min(len(syllables), last + _LONGEST))
    known = [(start, end) for start, end in near if tuple(syllables[start:end]) in _KNOWN]
    found = {one for wanted, one in asking if not any(_keeps(word, wanted) for word in known)}
    return found.pop() if len(found) == 1 else ""


def _stretches(first: int, last: int) -> Iterator[tuple[int, int]]:
    """Every stretch between two places that may be a word."""
    for length in range(2, _LONGEST + 1):
        yield from ((start, start + length) for start in range(first, last - length + 1))


def _answer(syllables: Sequence[str], start: int, at: int, end: int) -> str:
    before, after = tuple(map(hooked, syllables[start:at])), tuple(map(hooked, syllables[at + 1 : end]))
    question = before, without_marks(syllables[at]), after
    hook = _ASKING_HOOK.get(question, "")
    return _ASKING.get(question, "") or (hook if hook == hooked(syllables[at]) else "")


def _keeps(word: tuple[int, int], wanted: tuple[int, int]) -> bool:
    """Whether a word that was read keeps the place or a neighbour that the wanted one needs, and is no part of it."""
    overlap = max(word[0], wanted[0]) < min(word[1], wanted[1])
    inside = wanted[0] <= word[0] and word[1] <= wanted[1]
    return word == wanted or (overlap and not inside)
