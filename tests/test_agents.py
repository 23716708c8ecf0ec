"""Sentences that give work though no unit opens them: passives, duties, conditions first, common nouns as agents."""

from datetime import date

import pytest

from pipeline.plan import Header, Part, Prose, Task
from pipeline.read.acting import acting_unit, joining_units, unit_of_section
from pipeline.read.narrative import read_narrative

WORK = ("II. NHIỆM VỤ",)


def read(*texts: str, under: tuple[str, ...] = WORK) -> tuple[Task, ...]:
    return read_narrative([Prose(text, Part.BODY, headings=under) for text in texts], Header(), lambda _: None)


@pytest.mark.parametrize(
    ("sentence", "unit"),
    [
        ("Kiểm kê kho thuốc do Khoa Dược thực hiện mỗi quý một lần.", "Khoa Dược"),
        ("Hội diễn văn nghệ do Công đoàn ngành Y tế tổ chức trong tháng 5.", "Công đoàn ngành Y tế"),
        ("Công tác hậu cần do Văn phòng Sở đảm nhiệm.", "Văn phòng Sở"),
        ("Việc chỉnh lý tài liệu được giao cho Trung tâm Lưu trữ lịch sử thực hiện.", "Trung tâm Lưu trữ lịch sử"),
        ("Nội dung tuyên truyền giao Trung tâm Văn hóa huyện thực hiện.", "Trung tâm Văn hóa huyện"),
        ("Công tác giám sát được Thanh tra Sở tiến hành hai lần trong năm.", "Thanh tra Sở"),
        ("Việc thẩm định dự toán thuộc trách nhiệm của Phòng Tài chính.", "Phòng Tài chính"),
        ("Trong quý II, lớp bồi dưỡng kế toán do Phòng Nội vụ tổ chức cho 40 người.", "Phòng Nội vụ"),
        ("Đề án cải tạo chợ do Phòng Kinh tế xây dựng, trình UBND huyện.", "Phòng Kinh tế"),
        ("Trách nhiệm của Phòng Nội vụ là hướng dẫn các xã lập danh mục.", "Phòng Nội vụ"),
        ("Nhiệm vụ cụ thể của Đài Truyền thanh xã: phát tin hai buổi mỗi ngày.", "Đài Truyền thanh xã"),
        ("Khi có ca ngộ độc, khoa liên quan lấy mẫu thức ăn.", "khoa liên quan"),
        ("Trường hợp mất điện thì đơn vị phụ trách khởi động máy phát.", "đơn vị phụ trách"),
        ("Đơn vị được giao chủ trì trình dự thảo trước ngày 05.", "Đơn vị được giao chủ trì"),
        ("Thôn nơi xảy ra sạt lở bố trí người gác.", "Thôn nơi xảy ra sạt lở"),
        ("Nhà thầu thi công (Công ty An Bình) hoàn trả mặt đường.", "Nhà thầu thi công (Công ty An Bình)"),
        ("Tư vấn giám sát phải ghi nhật ký hằng ngày.", "Tư vấn giám sát"),
        ("Nhận được Công văn này, đề nghị UBND các xã tổ chức họp dân.", "UBND các xã"),
        ("Mỗi quý, Văn phòng Sở tổng hợp tiến độ.", "Văn phòng Sở"),
        ("Thực hiện Kế hoạch số 8/KH-UBND, UBND các xã tổ chức ra quân.", "UBND các xã"),
        ("Việc cấp điện cho nhà văn hóa được giao cho Điện lực Vân Trường.", "Điện lực Vân Trường"),
        ("Mỗi năm Phòng Văn hóa và Thông tin mở hai lớp.", "Phòng Văn hóa và Thông tin"),
        ("Trong tháng 6/2025 Sở Xây dựng công bố giá vật liệu.", "Sở Xây dựng"),
        ("Cuối tháng, kế toán lập báo cáo thu chi.", "kế toán"),
        ("Sau mỗi lần thi thử, giáo viên bộ môn phân tích kết quả.", "giáo viên bộ môn"),
        ("Chủ hồ mở cửa xả theo quy trình.", "Chủ hồ"),
        ("Hằng tháng, trưởng các đơn vị báo cáo tiến độ.", "trưởng các đơn vị"),
        ("Sáu tháng một lần, các phân xưởng kiểm tra dây đai.", "các phân xưởng"),
        ("Về kinh phí, Phòng Tài chính cân đối từ nguồn sự nghiệp.", "Phòng Tài chính"),
        ("Đối với hồ chứa: đơn vị quản lý hồ kiểm tra cửa xả.", "đơn vị quản lý hồ"),
        ("Hội thao do Sở Nội vụ phối hợp với Công đoàn ngành tổ chức.", "Sở Nội vụ"),
        ("An toàn vệ sinh viên: nhắc nhở hằng ngày.", "An toàn vệ sinh viên"),
        ("Biển báo hư hỏng do Hạt Quản lý đường bộ số 2 thay mới trong tháng 3.", "Hạt Quản lý đường bộ số 2"),
        ("Bài giảng điện tử do Khoa Sư phạm biên tập, đăng tải trước ngày 15/9.", "Khoa Sư phạm"),
        ("Kho thóc giống do Trung tâm Khuyến nông quản lý, kiểm kê hằng quý.", "Trung tâm Khuyến nông"),
        ("Việc xuất vật tư do Phòng Vật tư phê duyệt.", "Phòng Vật tư"),
        ("Hồ sơ đã nộp lưu năm 2019 do Chi cục Văn thư - Lưu trữ chỉnh lý.", "Chi cục Văn thư - Lưu trữ"),
        ("Hội nghị được tổ chức trực tuyến, do Phòng Nội vụ chủ trì.", "Phòng Nội vụ"),
        ("Đón tiếp đại biểu, giao Văn phòng Sở bố trí xe.", "Văn phòng Sở"),
        ("Thẩm tra hồ sơ mời thầu giao Phòng Kế toán, trình Giám đốc trước ngày 10/4.", "Phòng Kế toán"),
        ("Lập danh sách hộ nghèo là việc của Phòng Nội vụ, gửi trước ngày 05.", "Phòng Nội vụ"),
        ("Kẻ vạch sân trường do Đội Xây dựng số 1 đảm nhiệm.", "Đội Xây dựng số 1"),
        ("UBND huyện giao Phòng Nội vụ rà soát chức danh.", "Phòng Nội vụ"),
        ("UBND các xã giao các thôn đăng ký danh hiệu.", "UBND các xã"),
        ("Kể từ ngày 01/3/2025, Phòng Tư pháp nhận hồ sơ trực tuyến.", "Phòng Tư pháp"),
        ("Đợt 1, các trạm y tế tiêm cho trẻ dưới 5 tuổi.", "các trạm y tế"),
        ("Chào mừng Ngày Thầy thuốc, Công đoàn ngành Y tế tổ chức hội thao.", "Công đoàn ngành Y tế"),
        ("Việc trang trí sân khấu, Văn phòng Sở đảm nhiệm.", "Văn phòng Sở"),
        ("Riêng việc in vé do Công ty In Hoa Sơn thực hiện.", "Công ty In Hoa Sơn"),
        ("Ngày hội đọc sách do Thư viện tỉnh tổ chức.", "Thư viện tỉnh"),
        ("Quản đốc ca đêm ghi nhận sự cố.", "Quản đốc ca đêm"),
        ("Công chức được phân công theo dõi cụm cập nhật số liệu hằng tuần.", "Công chức được phân công theo dõi cụm"),
        ("Ba cơ quan thống nhất lịch trực.", "Ba cơ quan"),
        ("Hai bên thay phiên đăng cai giao lưu.", "Hai bên"),
        ("Lực lượng tuần tra ghi nhật ký sau mỗi ca.", "Lực lượng tuần tra"),
        ("Nhà máy lắp đặt thêm 4 quạt hút.", "Nhà máy"),
        ("Trường tổ chức lễ bế giảng ngày 28/5.", "Trường"),
        ("Mỗi cán bộ, đảng viên trồng một cây xanh.", "Mỗi cán bộ, đảng viên"),
        ("Phóng sự do phóng viên Đài Truyền thanh huyện thực hiện.", "phóng viên Đài Truyền thanh huyện"),
        ("Nước uống do nhà trường chuẩn bị.", "nhà trường"),
        ("Chủ nhà trọ đăng ký tạm trú cho người thuê.", "Chủ nhà trọ"),
        ("Các chi, đảng bộ sinh hoạt chuyên đề trong tháng 5.", "Các chi, đảng bộ"),
        ("Đối với hồ sơ quá hạn, Văn phòng Sở gửi thư xin lỗi.", "Văn phòng Sở"),
        ("Riêng Sở Y tế, Sở Nội vụ, ngoài báo cáo tháng, gửi thêm báo cáo tuần.", "Sở Y tế, Sở Nội vụ"),
        ("Chấp hành viên được phân công xác minh điều kiện thi hành án.", "Chấp hành viên được phân công"),
        ("Các trường chịu sự kiểm tra chuẩn bị hồ sơ.", "Các trường chịu sự kiểm tra"),
    ],
)
def test_agents_of_all_constructions(sentence: str, unit: str) -> None:
    (task,) = read(sentence)
    assert (task.content, task.lead_text) == (sentence, unit)


@pytest.mark.parametrize(
    "sentence",
    [
        "Kinh phí thực hiện do ngân sách nhà nước bảo đảm.",
        "Nguồn vốn do UBND tỉnh bố trí theo phân cấp.",
        "Quy trình kỹ thuật do Bộ Y tế ban hành.",
        "Danh mục công trình do UBND tỉnh phê duyệt.",
        "Thiệt hại do thiên tai gây ra được khắc phục kịp thời.",
        "Tham gia lớp tập huấn do Sở Nội vụ tổ chức.",
        "Tiếp nhận phần mềm do Sở Tư pháp xây dựng.",
        "Kết quả khảo sát do Sở Y tế thực hiện cho thấy 80% người dân hài lòng.",
        "Cuộc thi do Bộ Giáo dục và Đào tạo phát động.",
        "Căn cứ số liệu do Sở Y tế tổng hợp, dịch có xu hướng giảm.",
        "Các công trình do UBND xã làm chủ đầu tư.",
        "Đoàn kiểm tra do Phó Giám đốc Sở làm Trưởng đoàn.",
        "Người dân được các trạm y tế khám miễn phí.",
        "Số tiền do các đơn vị đóng góp.",
        "Trách nhiệm của các xã trong công tác này rất lớn.",
        "Tư vấn giám sát của dự án chưa bám sát hiện trường.",
        "Nhà thầu đã hoàn trả mặt đường.",
        "Khoa nào để xảy ra cháy thì bị phê bình.",
        "Các cơ quan báo chí được cung cấp thông tin kịp thời.",
        "Đơn vị chủ trì",
        "Mẫu phiếu do Cục Thống kê ban hành trước ngày 01/3.",
        "Phần mềm do Công ty An Bình cung cấp.",
        "Khu tập thể do Văn phòng Sở quản lý.",
        "Đã mở 12 lớp do Trung tâm Khuyến nông tổ chức.",
        "Phòng, chống cháy rừng là trách nhiệm của các cấp, các ngành.",
        "Hoàn thành chỉ tiêu giao UBND các xã.",
        "Thực hiện các nhiệm vụ do Sở Nội vụ đảm nhiệm.",
        "Lực lượng tuần tra gồm 12 người.",
        "Tổ công tác được thành lập theo quyết định riêng.",
        "Thanh tra, kiểm tra việc chấp hành pháp luật về đất đai.",
        "Lãnh đạo tổ chức tốt kỳ thi.",
    ],
)
def test_money_rules_causes_things_and_what_was_done_give_no_work(sentence: str) -> None:
    assert read(sentence) == ()


def test_a_verb_under_the_name_of_a_unit_is_that_units_work() -> None:
    under = (*WORK, "1. Văn phòng Sở")
    own, other = read(
        "- Rà soát quy chế do Phòng Tư pháp chủ trì.", "- Lễ tổng kết do Phòng Nội vụ chủ trì tổ chức.", under=under
    )
    assert (own.leads, other.leads) == (("Văn phòng Sở",), ("Phòng Nội vụ",))


def test_a_clause_with_its_own_agent_is_a_task_of_its_own() -> None:
    got = read("- Phòng Nội vụ rà soát hồ sơ; việc số hóa do Trung tâm Lưu trữ lịch sử thực hiện.")
    assert [t.leads for t in got] == [("Phòng Nội vụ",), ("Trung tâm Lưu trữ lịch sử",)]


@pytest.mark.parametrize(
    ("clause", "partners"),
    [
        ("Sở Y tế chủ trì, các phòng, ban phối hợp tổ chức hội thi", "các phòng, ban"),
        ("Việc kiểm kê do Phòng Nội vụ chủ trì, Phòng Tư pháp cùng phối hợp thực hiện", "Phòng Tư pháp"),
        ("Phòng Nội vụ chủ trì, các xã được chọn làm điểm phối hợp tổ chức", "các xã được chọn làm điểm"),
        ("Sở Y tế, Sở Nội vụ phối hợp tổ chức hội thi", ""),
        ("Sở Y tế chủ trì, Phòng Bảo trì quạt lò phối hợp", "Phòng Bảo trì quạt lò"),
        ("Sở Y tế chủ trì, các phòng tích cực phối hợp", ""),
        ("Sở Y tế chủ trì, phối hợp tổ chức hội thi", ""),
    ],
)
def test_who_joins_in_is_a_partner(clause: str, partners: str) -> None:
    agent = acting_unit(clause)
    assert agent is not None
    assert joining_units(clause, agent.end) == partners


@pytest.mark.parametrize(
    ("heading", "leads"),
    [
        ("5. Yêu cầu Chủ tịch UBND các huyện, thành phố:", ("Chủ tịch UBND các huyện, thành phố",)),
        ("2. Yêu cầu", None),
        ("2. Yêu cầu đối với công tác kiểm tra", None),
    ],
)
def test_an_order_in_a_heading_is_no_section_of_requirements(heading: str, leads: tuple[str, ...] | None) -> None:
    got = read("a) Tổ chức họp dân trước ngày 05.", under=(heading,))
    assert [t.leads for t in got] == ([leads] if leads else [])


SHARED = ("III. TỔ CHỨC THỰC HIỆN",)


@pytest.mark.parametrize(
    ("heading", "above", "unit"),
    [
        (
            "4. Các doanh nghiệp chế biến, vận chuyển và bán lẻ gạo",
            SHARED,
            "Các doanh nghiệp chế biến, vận chuyển và bán lẻ gạo",
        ),
        ("2. Các hộ kinh doanh bán hàng ăn uống", (), "Các hộ kinh doanh bán hàng ăn uống"),
        ("3. Trách nhiệm của Phòng Thanh tra, kiểm tra và xử lý đơn", (), "Phòng Thanh tra, kiểm tra và xử lý đơn"),
        ("1. Sở Y tế tổ chức tập huấn:", SHARED, "Sở Y tế"),
        ("1. Các ban, chi nhánh có trách nhiệm:", SHARED, "Các ban, chi nhánh"),
        ("4. Các cơ quan, đơn vị đóng trên địa bàn", SHARED, "Các cơ quan, đơn vị đóng trên địa bàn"),
        ("2. Quản đốc các phân xưởng", SHARED, "Quản đốc các phân xưởng"),
        ("4. Đối với chủ đập, chủ hồ", SHARED, "chủ đập, chủ hồ"),
        ("5. Mỗi người lao động", SHARED, "Mỗi người lao động"),
        ("1. Công tác tuyên truyền", SHARED, None),
        ("2. Các giải pháp về nguồn lực", SHARED, None),
        ("2. Sở Y tế báo cáo ngày 05/3.", SHARED, None),
    ],
)
def test_the_unit_of_a_section(heading: str, above: tuple[str, ...], unit: str | None) -> None:
    assert unit_of_section(heading, above, among_units=False) == unit


def test_headings_beside_names_of_units_are_names_too() -> None:
    section = "II. NỘI DUNG"
    known, unknown = "1. Sở Y tế", "2. Các trạm cấp nước thôn, bản và cụm dân cư"
    headings = [Prose(known, Part.BODY, headings=(section,), is_heading=True)]
    items = [
        Prose("- Lấy mẫu nước.", Part.BODY, headings=(section, known)),
        Prose(unknown, Part.BODY, headings=(section,), is_heading=True),
        Prose("- Vệ sinh bể chứa.", Part.BODY, headings=(section, unknown)),
    ]
    got = read_narrative([*headings, *items], Header(), lambda _: None)
    assert [t.lead_text for t in got] == ["Sở Y tế", "Các trạm cấp nước thôn, bản và cụm dân cư"]
    assert read_narrative(items[1:], Header(), lambda _: None) == ()


def test_work_of_a_year_before_the_plan_stays_a_task_whose_time_the_checks_tell() -> None:
    """It may be a mistyped year; what was done says so by "đã"."""
    header = Header(period_start=date(2025, 1, 1), period_end=date(2025, 12, 31))
    texts = ("Năm 2024, UBND xã An Bình di dời 12 hộ.", "Năm 2024, UBND xã An Bình đã di dời 20 hộ.")
    prose = [Prose(text, Part.BODY, headings=WORK) for text in texts]
    (task,) = read_narrative(prose, header, lambda _: None)
    assert (task.content, [(d.start, d.end) for d in task.deadlines]) == (
        texts[0],
        [(date(2024, 1, 1), date(2024, 12, 31))],
    )


def test_what_is_expected_of_the_weather_is_no_work() -> None:
    assert read("Đài Khí tượng thủy văn thông báo mưa lớn từ tháng 7.", under=("II. NHẬN ĐỊNH TÌNH HÌNH",)) == ()


@pytest.mark.parametrize(
    ("opening", "lead"),
    [
        ("Sở Y tế đề nghị UBND các xã:", "UBND các xã"),
        ("Giám đốc Sở Y tế giao Văn phòng Sở một số việc:", "Văn phòng Sở"),
        ("Phòng Y tế có trách nhiệm:", "Phòng Y tế"),
        ("UBND huyện yêu cầu:", None),
        ("Giám đốc Sở Y tế kết luận như sau:", None),
    ],
)
def test_who_is_told_to_do_what_follows(opening: str, lead: str | None) -> None:
    got = read(opening, "- Lấy mẫu nước.", "- Văn phòng Sở bố trí xe.")
    assert [t.lead_text for t in got] == [*([lead] if lead else []), "Văn phòng Sở"]


def test_a_sentence_below_an_item_says_nothing_of_the_next_item() -> None:
    got = read("1. Hoạt động 1: Lập danh mục", "Phòng Y tế lấy mẫu nước.", "2. Hoạt động 2: Kiểm tra hiện trường")
    assert [t.lead_text for t in got] == ["Phòng Y tế"]


@pytest.mark.parametrize(
    ("clause", "unit"),
    [
        (
            "Ban biên tập cổng thông tin điện tử của huyện hằng tuần đăng tin.",
            "Ban biên tập cổng thông tin điện tử của huyện",
        ),
        ("Tổ giúp việc lập biên bản sau mỗi kỳ họp.", "Tổ giúp việc"),
        ("Tổ kiểm tra số 3 kiểm tra việc chấp hành Điều lệ tại 02 chi bộ.", "Tổ kiểm tra số 3"),
        (
            "Việc đối chiếu số tiền ngân sách huyện còn nợ cho từng nhóm do Phòng Tài vụ chủ trì trong tháng 6.",
            "Phòng Tài vụ",
        ),
        ("Kinh phí khen thưởng do Phòng Tài vụ thực hiện theo quy định.", None),
        ("Hội đồng coi thi niêm phong bài thi trong ngày.", "Hội đồng coi thi"),
        ("Giáo viên chủ nhiệm cho học sinh ký cam kết an toàn giao thông.", "Giáo viên chủ nhiệm"),
        ("Tổ trực được hưởng phụ cấp.", None),
    ],
)
def test_teams_called_by_their_work_act(clause: str, unit: str | None) -> None:
    acting = acting_unit(clause)
    assert (acting.text if acting else None) == unit


@pytest.mark.parametrize(
    ("sentence", "lead", "partners"),
    [
        (
            "Ký cam kết với 40 chủ bè (giao các Trạm Thủy sản thực hiện từ tháng 3 đến tháng 5).",
            "các Trạm Thủy sản",
            (),
        ),
        ("Xây mới nhà bia (Ban Quản lý dự án huyện làm chủ đầu tư).", "Ban Quản lý dự án huyện", ()),
        ("Sơn lại cổng chào (giao Đội Quản lý đô thị).", "Đội Quản lý đô thị", ()),
        (
            "Sở Nội vụ thẩm định đề án; đơn vị phối hợp: Sở Tài chính; Sở Tư pháp.",
            "Sở Nội vụ",
            ("Sở Tài chính", "Sở Tư pháp"),
        ),
        ("Sở Nội vụ chủ trì cùng Sở Tài chính tính lại định mức.", "Sở Nội vụ", ("Sở Tài chính",)),
        ("Sở Nội vụ mở lớp với sự tham gia của Trường Chính trị tỉnh.", "Sở Nội vụ", ("Trường Chính trị tỉnh",)),
        ("Sở Nội vụ (chủ trì), Sở Tài chính và Sở Tư pháp soạn quy chế.", "Sở Nội vụ", ("Sở Tài chính", "Sở Tư pháp")),
        (
            "Việc kiểm kê do Sở Nội vụ đảm nhiệm, có Sở Tài chính phối hợp.",
            "Sở Nội vụ",
            ("Sở Tài chính",),
        ),
    ],
)
def test_who_acts_in_a_bracket_and_who_stands_beside(sentence: str, lead: str, partners: tuple[str, ...]) -> None:
    (task,) = read(sentence)
    assert (task.content, task.leads, task.partners) == (sentence, (lead,), partners)


@pytest.mark.parametrize(
    "sentence",
    [
        "Nghiên cứu tài liệu kỹ thuật (theo hướng dẫn của Sở Nội vụ).",
        "Số liệu năm 2023 (Sở Nội vụ).",
        "Triển khai phần mềm dùng chung (Sở Nội vụ đã cài đặt).",
    ],
)
def test_other_brackets_tell_nobody(sentence: str) -> None:
    assert all(not task.leads for task in read(sentence, under=()))


def test_partners_alone_below_the_heading_of_a_unit_leave_it_the_work() -> None:
    (task,) = read("a) Rà soát vị trí việc làm. Phối hợp: Sở Tài chính.", under=(*SHARED, "1. Sở Nội vụ"))
    assert (task.leads, task.partners) == (("Sở Nội vụ",), ("Sở Tài chính",))


def test_what_a_unit_has_others_do_goes_on_in_its_sentence() -> None:
    got = read("- Kiện toàn tổ tự quản; chỉ đạo Công an xã trực chốt.", under=(*SHARED, "2. Ủy ban nhân dân các xã"))
    assert [task.leads for task in got] == [("Ủy ban nhân dân các xã",)]


@pytest.mark.parametrize(
    ("heading", "count"),
    [
        ("3. Cơ sở dữ liệu hộ tịch", 1),
        ("3. Cơ sở pháp lý", 0),
        ("2. Dự báo, cảnh báo lũ", 1),
        ("2. Dự báo tình hình", 0),
        ("4. Hạn chế, nguyên nhân", 0),
        ("4. Hạn chế rác thải nhựa", 1),
    ],
)
def test_headings_that_begin_like_grounds(heading: str, count: int) -> None:
    assert len(read("Sở Tư pháp cập nhật dữ liệu hằng tuần.", under=("II. NỘI DUNG", heading))) == count


def test_who_acts_behind_an_adverbial_ends_where_a_predicate_without_subject_begins() -> None:
    under = (*SHARED, "2. Phòng Nội vụ")
    (task,) = read("- Trên cơ sở góp ý, chủ trì, phối hợp với Sở Y tế, Sở Tư pháp và UBND các xã rà soát.", under=under)
    assert (task.leads, task.partners) == (("Phòng Nội vụ",), ("Sở Y tế", "Sở Tư pháp", "UBND các xã"))


def test_a_name_without_its_capital_opens_a_clause_of_its_own() -> None:
    got = read("- Các trường THPT ôn tập hè; đoàn xã tiếp nhận học sinh về sinh hoạt tại thôn.")
    assert [task.lead_text for task in got] == ["Các trường THPT", "đoàn xã"]


def test_times_behind_a_colon_are_no_units() -> None:
    (task,) = read(
        "- Tham mưu mở 02 đợt cao điểm: đợt 1 từ ngày 01/3, đợt 2 từ ngày 01/7.", under=(*SHARED, "1. Sở Y tế")
    )
    assert task.leads == ("Sở Y tế",)
