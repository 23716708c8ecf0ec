"""Who acts in a sentence: groups with their names, clauses that tell which of them, persons with their posts."""

import pytest

from pipeline.read.acting import acting_unit, heading_unit
from pipeline.rules.units import split_units


@pytest.mark.parametrize(
    ("clause", "unit"),
    [
        ("Các tổ chức đảng được giám sát xây dựng báo cáo tự giám sát", "Các tổ chức đảng được giám sát"),
        ("Các đơn vị được kiểm tra chuẩn bị hồ sơ", "Các đơn vị được kiểm tra"),
        ("Các xã được đánh giá xếp loại tốt hằng năm", "Các xã"),
        ("UBND các xã: Bình Lâm, Hoa Sơn tổ chức chỉnh lý tài liệu", "UBND các xã: Bình Lâm, Hoa Sơn"),
        ("UBND các xã Bình Lâm, Hoa Sơn và Trà Giang rà soát kho", "UBND các xã Bình Lâm, Hoa Sơn và Trà Giang"),
        ("Các phòng: Nội vụ, Tư pháp, Y tế cử cán bộ tham gia", "Các phòng: Nội vụ, Tư pháp, Y tế"),
        ("Các Sở: Y tế, Giáo dục và Đào tạo có trách nhiệm thẩm định", "Các Sở: Y tế, Giáo dục và Đào tạo"),
        ("UBND các huyện, thành phố: Xây dựng kế hoạch của địa phương", "UBND các huyện, thành phố"),
        ("Các đơn vị: Phòng Nội vụ chủ trì rà soát văn bản", "Các đơn vị"),
        ("Các khoa có chỉ tiêu tuyển dụng thông báo công khai", "Các khoa có chỉ tiêu tuyển dụng"),
        ("Các xã có rừng lập phương án phòng cháy", "Các xã có rừng"),
        ("Các trường có học sinh bán trú xây dựng thực đơn", "Các trường có học sinh bán trú"),
        ("Các đơn vị có trách nhiệm báo cáo kịp thời", "Các đơn vị"),
        ("Các đơn vị có thành tích được khen thưởng kịp thời", "Các đơn vị"),
        ("Các khoa lâm sàng, cận lâm sàng đăng ký đề án", "Các khoa lâm sàng, cận lâm sàng"),
        ("Các khoa lâm sàng, đào tạo cán bộ cho tuyến dưới", "Các khoa lâm sàng"),
        ("Các công trường, phân xưởng tự kiểm tra nơi làm việc", "Các công trường, phân xưởng"),
        ("Các Tòa chuyên trách tổng hợp đăng ký thi đua", "Các Tòa chuyên trách"),
        ("Các cơ quan tham mưu, giúp việc Huyện ủy cử cán bộ", "Các cơ quan tham mưu, giúp việc Huyện ủy"),
        ("Công đoàn trường tổ chức giải bóng chuyền", "Công đoàn trường"),
        ("Ủy ban kiểm tra đảng ủy các xã, thị trấn tham mưu", "Ủy ban kiểm tra đảng ủy các xã, thị trấn"),
        ("Kế toán nhà trường lập dự toán chi tiết", "Kế toán nhà trường"),
        ("Kế toán quản trị là nội dung mới của khóa học", None),
        ("Bảo vệ rừng phòng hộ đầu nguồn sông Trà", None),
    ],
)
def test_the_subject_of_a_sentence(clause: str, unit: str | None) -> None:
    found = acting_unit(clause)
    assert (found.text if found else None) == unit


@pytest.mark.parametrize(
    ("heading", "unit"),
    [
        ("6. UBND các xã, phường: Đông Ngàn, Tân Mỹ", "UBND các xã, phường: Đông Ngàn, Tân Mỹ"),
        ("2. Các phòng: Nội vụ, Tư pháp, Y tế", "Các phòng: Nội vụ, Tư pháp, Y tế"),
        ("Các trường THCS: Bình Lâm; Trường THPT Trà Giang", "Các trường THCS: Bình Lâm; Trường THPT Trà Giang"),
        ("1. Đồng chí Lý Văn Sáu - Phó Chủ tịch UBND huyện", "Đồng chí Lý Văn Sáu - Phó Chủ tịch UBND huyện"),
        ("Hội đồng tự đánh giá", "Hội đồng tự đánh giá"),
        ("Kế toán nhà trường", "Kế toán nhà trường"),
        ("4. Đoàn giám sát có trách nhiệm", None),
        ("2. Bảo vệ môi trường", None),
        ("3. Y tế", None),
    ],
)
def test_headings_that_are_a_unit(heading: str, unit: str | None) -> None:
    assert heading_unit(heading, ("III. TỔ CHỨC THỰC HIỆN",)) == unit


@pytest.mark.parametrize("name", ["UBND các xã: Bình Lâm, Hoa Sơn", "Các phòng Nội vụ, Tư pháp, Y tế"])
def test_a_group_with_its_names_is_one_entry(name: str) -> None:
    assert split_units(name) == (name,)


@pytest.mark.parametrize(
    ("clause", "unit"),
    [
        ("Đ/c Phan Văn Chín - Công chức Văn hóa phụ trách trang trí", "Đ/c Phan Văn Chín - Công chức Văn hóa"),
        ("Phân công đồng chí Lý Văn Sáu, Phó Chủ tịch phụ trách chung", "đồng chí Lý Văn Sáu, Phó Chủ tịch"),
        ("Đồng chí Phó Hiệu trưởng phụ trách chuyên môn lập lịch", "Đồng chí Phó Hiệu trưởng phụ trách chuyên môn"),
        ("Mời Ban Dân vận Huyện ủy tham gia giám sát", "Ban Dân vận Huyện ủy"),
        ("Trước ngày 28/02/2024: các phòng góp ý", "các phòng"),
        ("UBND huyện đã ban hành 05 kế hoạch", None),
        ("Các đơn vị đã được giao nhiệm vụ khẩn trương hoàn thành", "Các đơn vị"),
    ],
)
def test_persons_orders_and_what_is_past(clause: str, unit: str | None) -> None:
    found = acting_unit(clause)
    assert (found.text if found else None) == unit


@pytest.mark.parametrize("heading", ["5. Kế toán, văn thư", "6. Học sinh", "8. Bảo vệ, nhân viên phục vụ"])
def test_staff_of_a_house_under_a_heading_that_shares_out_work(heading: str) -> None:
    assert heading_unit(heading, ("IV. TỔ CHỨC THỰC HIỆN",)) == heading[3:]
