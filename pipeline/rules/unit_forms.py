"""Real forms of units with their reading, for the catalogue of rules and for the tests that hold it true."""

from collections.abc import Callable

from pipeline.rules.rule import RuleEntry
from pipeline.rules.units import UnitResolver, declared_abbreviations, find_units, split_roles, split_units


def read_list(text: str) -> str:
    """The entries of a cell, in brief."""
    return " | ".join(split_units(text))


def read_roles(text: str) -> str:
    """The roles of a cell, in brief."""
    roles = split_roles(text)
    return f"{' | '.join(roles.leads)} ← {' | '.join(roles.partners)}" if roles else ""


def read_prose(text: str) -> str:
    """The units of a sentence, in brief."""
    return " | ".join(unit.text for unit in find_units(text))


def read_declared(text: str) -> str:
    """The abbreviations that a text declares, in brief."""
    return "; ".join(f"{short} = {long}" for short, long in declared_abbreviations(text).items())


def read_name(text: str) -> str:
    """The canonical unit of a name in the paper of a department, in brief."""
    unit = UnitResolver("Sở Y tế tỉnh Hà Trung").resolve(text)
    return unit.unit_id if unit else ""


READERS: dict[str, Callable[[str], str]] = {
    "unit.list": read_list,
    "unit.list.comma_in_name": read_list,
    "unit.list.group": read_list,
    "unit.list.colon": read_list,
    "unit.list.abbreviation": read_list,
    "unit.list.person": read_list,
    "unit.roles": read_roles,
    "unit.prose": read_prose,
    "unit.declared": read_declared,
    "unit.name": read_name,
}

FORMS: tuple[RuleEntry, ...] = (
    RuleEntry(
        "unit.list",
        "Danh sách đơn vị: mỗi đơn vị một dòng; tách ở ; , “và” hoặc xuống dòng khi sau đó là tên một đơn vị",
        (
            ("- Phòng TCCB;\n- Phòng KHTC.", "Phòng TCCB | Phòng KHTC"),
            ("Vụ Pháp chế và các đơn vị có liên quan thuộc Bộ", "Vụ Pháp chế | các đơn vị có liên quan thuộc Bộ"),
            ("1. Sở Y tế\n2. UBND các huyện", "Sở Y tế | UBND các huyện"),
            ("Trung tâm Kiểm soát\nbệnh tật tỉnh", "Trung tâm Kiểm soát bệnh tật tỉnh"),
            ("Phòng KHTC. Các đơn vị trực thuộc.", "Phòng KHTC | Các đơn vị trực thuộc"),
        ),
        ("-",),
    ),
    RuleEntry(
        "unit.list.comma_in_name",
        "Tên đơn vị có dấu phẩy, “và” hoặc gạch nối bên trong là một đơn vị",
        (
            ("Phòng Lao động, Thương binh và Xã hội", "Phòng Lao động, Thương binh và Xã hội"),
            ("Sở VH, TT&DL; Sở TT và TT", "Sở VH, TT&DL | Sở TT và TT"),
            ("Văn phòng HĐND và UBND huyện, Phòng Nội vụ", "Văn phòng HĐND và UBND huyện | Phòng Nội vụ"),
            ("Phòng Tài chính, Kế toán", "Phòng Tài chính, Kế toán"),
            ("Phòng Cán bộ, Thanh tra và Pháp chế, các khoa", "Phòng Cán bộ, Thanh tra và Pháp chế | các khoa"),
            ("Phòng Kế hoạch, Thanh tra và Văn phòng Sở", "Phòng Kế hoạch | Thanh tra | Văn phòng Sở"),
            ("Văn phòng, Thanh tra và các phòng", "Văn phòng | Thanh tra | các phòng"),
        ),
        (),
    ),
    RuleEntry(
        "unit.list.group",
        "Nhóm đơn vị sau “các”, “tất cả” là một mục; tên riêng theo sau là mục mới",
        (
            ("các Cục, Vụ; Thanh tra Bộ; Văn phòng Bộ", "các Cục, Vụ | Thanh tra Bộ | Văn phòng Bộ"),
            ("UBND các huyện, thị xã, thành phố", "UBND các huyện, thị xã, thành phố"),
            ("Các sở, ban, ngành, UBND các huyện", "Các sở, ban, ngành | UBND các huyện"),
            ("Khoa, phòng, trung tâm", "Khoa, phòng, trung tâm"),
        ),
        (),
    ),
    RuleEntry(
        "unit.list.colon",
        "Nhóm kèm danh sách sau dấu hai chấm là một mục",
        (
            (
                "Phòng Nội vụ; UBND các xã: Bình Lâm, Hoa Sơn",
                "Phòng Nội vụ | UBND các xã: Bình Lâm, Hoa Sơn",
            ),
            ("Các phòng: NVY, NVD; Văn phòng Sở", "Các phòng: NVY, NVD | Văn phòng Sở"),
        ),
        (),
    ),
    RuleEntry(
        "unit.list.abbreviation",
        "Tên viết tắt đứng riêng là một đơn vị",
        (
            ("Phòng NVY, NVD, CDC.", "Phòng NVY | NVD | CDC"),
            ("9 TTYT; CDC; CCATVSTP", "9 TTYT | CDC | CCATVSTP"),
        ),
        (),
    ),
    RuleEntry(
        "unit.list.person",
        "Người và chức danh được giao việc cũng là một mục",
        (
            ("Hiệu trưởng, kế toán", "Hiệu trưởng | kế toán"),
            (
                "Đồng chí Nguyễn Văn An, Phó Giám đốc Sở; Phòng KHTC",
                "Đồng chí Nguyễn Văn An, Phó Giám đốc Sở | Phòng KHTC",
            ),
        ),
        (),
    ),
    RuleEntry(
        "unit.roles",
        "Vai trò ghi trong cùng một ô",
        (
            ("Chủ trì: Sở Y tế; Phối hợp: Sở Tài chính, CDC", "Sở Y tế ← Sở Tài chính | CDC"),
            ("Sở Y tế (chủ trì), Sở Tài chính (phối hợp)", "Sở Y tế ← Sở Tài chính"),
            ("Sở Y tế chủ trì, phối hợp với CDC", "Sở Y tế ← CDC"),
            ("CT: Sở Y tế; PH: CDC", "Sở Y tế ← CDC"),
            ("Phòng KHTC chủ trì; các phòng phối hợp", "Phòng KHTC ← các phòng"),
        ),
        ("Phòng NVY, NVD, CDC", "các cơ quan, đơn vị được phân công chủ trì"),
    ),
    RuleEntry(
        "unit.prose",
        "Đơn vị trong câu văn: tên dài nhất, dừng trước động từ",
        (
            (
                "Sở Nội vụ chủ trì, phối hợp với Sở Tài chính và các đơn vị liên quan xây dựng kế hoạch.",
                "Sở Nội vụ | Sở Tài chính | các đơn vị liên quan",
            ),
            (
                "Ban Quản lý dự án đầu tư xây dựng huyện tổ chức thực hiện.",
                "Ban Quản lý dự án đầu tư xây dựng huyện",
            ),
            ("Giám đốc Sở Y tế chịu trách nhiệm.", "Giám đốc Sở Y tế"),
        ),
        ("Công tác phòng, chống tham nhũng; hội nghị, hội thảo; tổ chức thực hiện; các nội dung sau.",),
    ),
    RuleEntry(
        "unit.declared",
        "Tên tắt mà văn bản tự khai báo",
        (
            ("Trung tâm Kiểm soát bệnh tật (CDC)", "cdc = Trung tâm Kiểm soát bệnh tật"),
            (
                "Trung tâm Dịch vụ công (sau đây gọi tắt là Trung tâm)",
                "trung tâm = Trung tâm Dịch vụ công",
            ),
        ),
        ("cải cách hành chính (CCHC)",),
    ),
    RuleEntry(
        "unit.name",
        "Các cách viết một tên gặp nhau ở một mã đơn vị",
        (
            ("P. TCCB", "phong-to-chuc-can-bo"),
            ("Phòng Tổ chức Cán bộ", "phong-to-chuc-can-bo"),
            ("Sở TN & MT", "so-tai-nguyen-va-moi-truong"),
            ("Uỷ ban nhân dân xã Hoa Sơn", "uy-ban-nhan-dan-xa-hoa-son"),
            ("Sở Nông nghiệp và PTNT", "so-nong-nghiep-va-phat-trien-nong-thon"),
        ),
        ("Tổ phản ứng nhanh số 7",),
    ),
)
