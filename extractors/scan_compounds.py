"""Words of two syllables that office papers are full of, and that no other word is like but for its marks.

Left out is whatever has such a twin, as one word or over the border of two: "chỉ tiêu" (chi tiêu), "công tác" (cộng
tác), "môi trường" (mỗi trường), "truyền thông" (truyền thống), "đề nghị" (để Nghị quyết ...), "phân công" (phần công
việc), and words that are spelt in two ways (hàng năm, hằng năm).
"""

import unicodedata

_WORDS = """
an ninh, an toàn, ban hành, báo cáo, bảo đảm, bảo vệ, biên chế, bồi dưỡng, bộ máy, cán bộ, cải cách, cải thiện,
chất lượng, chỉ đạo, chính quyền, chính sách, chính trị, chủ trì, chủ tịch, chủ trương, chuyên môn, chuyển đổi,
chức năng, chương trình, công chức, công khai, công nghệ, cơ chế, cơ quan, cơ sở, dịch vụ, doanh nghiệp, dự án,
dự toán, đánh giá, đào tạo, đầu tư, đẩy mạnh, địa bàn, địa phương, điều hành, định hướng, đội ngũ, đôn đốc, đơn vị,
giải pháp, giải quyết, giám đốc, giám sát, giáo dục, hành chính, hiệu lực, hiệu quả, hoàn thành, hoàn thiện,
hoạt động, hồ sơ, hội đồng, hội nghị, hướng dẫn, kế hoạch, kết luận, kết quả, khảo sát, khắc phục, khen thưởng,
khu vực, kiểm soát, kiểm tra, kiện toàn, kinh phí, kinh tế, kỷ luật, lãnh đạo, lĩnh vực, lực lượng, mục đích,
mục tiêu, năng lực, nâng cao, ngân sách, nghị định, nghị quyết, nghiên cứu, nguồn lực, nhân dân, nhiệm vụ, nội dung,
nội vụ, nông nghiệp, nông thôn, pháp luật, phát hiện, phát triển, phê duyệt, phong trào, phối hợp, phụ lục, phục vụ,
quan trọng, quy chế, quy định, quy hoạch, quy trình, quyền hạn, quyết định, rà soát, sản phẩm, sản xuất, sắp xếp,
sơ kết, tài chính, tài liệu, tăng cường, tập huấn, tập trung, tham gia, tham mưu, thanh tra, thành lập, thành phố,
thành viên, thẩm định, thẩm quyền, theo dõi, thông báo, thông tin, thống kê, thống nhất, thời gian, thời hạn,
thủ trưởng, thủ tục, thực hiện, thường trực, thường xuyên, tiến độ, tiếp cận, tiếp nhận, tiếp tục, tình hình,
tổ chức, tổng hợp, tổng kết, trách nhiệm, triển khai, trung tâm, trung ương, trực thuộc, trực tuyến, tuyên truyền,
tư pháp, ủy ban, ứng dụng, văn bản, văn phòng, vận động, vi phạm, viên chức, xã hội, xây dựng, xử lý, yêu cầu
"""


def without_marks(word: str) -> str:
    """Letters without tone and vowel marks; "đ" is a letter of its own and stays."""
    return "".join(c for c in unicodedata.normalize("NFD", word) if not unicodedata.combining(c))


_PAIRS = [tuple(word.split()) for word in " ".join(_WORDS.split()).split(", ")]
_AFTER = {(first, without_marks(second)): second for first, second in _PAIRS}
_BEFORE = {(without_marks(first), second): first for first, second in _PAIRS}


def completed(before: str, word: str, after: str) -> str:
    """The syllable that a neighbour asks for, in small letters; "" where none does.

    Forms: "lãnh" + "đao" -> "đạo"; "đôi" + "ngũ" -> "đội"; "trường" between "mỗi" and "học" -> "".
    """
    plain = without_marks(word)
    return _AFTER.get((before, plain), "") or _BEFORE.get((plain, after), "")
