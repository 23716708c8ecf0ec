"""Plans of the size that offices send: about eight pages, 20 to 80 tasks in a table, half of them Word files.

Every sentence is put together from words of our own, so that no two plans and few sentences are equal.
"""

import io
import random
import zipfile
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from xml.sax.saxutils import escape

Rows = list[tuple[str, ...]]

TASKS = (20, 80)
_OFFICES = (
    ("Sở Xây dựng", "SXD"),
    ("Sở Y tế", "SYT"),
    ("Sở Nội vụ", "SNV"),
    ("Sở Tài chính", "STC"),
    ("Sở Công Thương", "SCT"),
    ("Sở Tư pháp", "STP"),
    ("Sở Giáo dục và Đào tạo", "SGDĐT"),
    ("Sở Khoa học và Công nghệ", "SKHCN"),
)
_PLACES = ("Bình Sơn", "Hải Bình", "Tân An", "Phú Lộc", "Minh An", "Sông Lam")
_UNITS = (
    "Văn phòng Sở",
    "Thanh tra Sở",
    "Phòng Kế hoạch - Tài chính",
    "Phòng Tổ chức cán bộ",
    "Phòng Quản lý chất lượng",
    "Sở Nội vụ",
    "Sở Tài chính",
    "Sở Thông tin và Truyền thông",
    "Công an tỉnh",
    "Báo và Đài Phát thanh - Truyền hình tỉnh",
    "UBND các huyện, thị xã, thành phố",
    "Các đơn vị trực thuộc",
)
_VERBS = (
    "Rà soát, bổ sung",
    "Xây dựng và ban hành",
    "Tổng hợp, công bố",
    "Tổ chức kiểm tra",
    "Hướng dẫn thực hiện",
    "Đánh giá",
    "Tham mưu trình UBND tỉnh phê duyệt",
    "Tổ chức tập huấn về",
    "Cập nhật và công khai",
    "Đôn đốc thực hiện",
)
_MATTERS = (
    "hồ sơ lưu trữ của cơ quan",
    "danh mục thủ tục hành chính",
    "quy chế làm việc và quy trình nội bộ",
    "đề án vị trí việc làm",
    "báo cáo chuyên đề về cải cách hành chính",
    "kế hoạch ứng dụng công nghệ thông tin",
    "phương án sử dụng tài sản công",
    "chương trình phối hợp với các hội, đoàn thể",
    "cơ sở dữ liệu chuyên ngành",
    "tài liệu tuyên truyền cho người dân và doanh nghiệp",
    "quy hoạch cán bộ quản lý",
    "định mức kinh tế - kỹ thuật",
)
_SCOPES = (
    "tại các đơn vị trực thuộc",
    "trên địa bàn tỉnh, ưu tiên các xã vùng sâu, vùng xa",
    "theo hướng dẫn của bộ quản lý ngành, gắn với trách nhiệm của người đứng đầu",
    "bảo đảm tiết kiệm, hiệu quả, đúng quy định của pháp luật",
    "đối với nhóm công việc thứ {n} của chương trình công tác",
    "cho khoảng {n} công chức, viên chức của ngành",
)
_OUTPUTS = ("Kế hoạch", "Báo cáo tổng hợp", "Quyết định của Giám đốc Sở", "Danh mục được công bố", "Hội nghị", "")
_DEADLINES = (
    "Quý {q}/{y}",
    "Trước ngày {d:02}/{m:02}/{y}",
    "Tháng {m}/{y}",
    "Hoàn thành trong tháng {m}",
    "Trong năm {y}",
    "Hằng quý",
    "Thường xuyên",
    "Theo yêu cầu của UBND tỉnh",
)
_HEADINGS = (
    "CÔNG TÁC CHỈ ĐẠO, ĐIỀU HÀNH",
    "HOÀN THIỆN THỂ CHẾ",
    "ỨNG DỤNG CÔNG NGHỆ THÔNG TIN",
    "KIỂM TRA, GIÁM SÁT",
    "THÔNG TIN, TUYÊN TRUYỀN",
)
_ROMAN = ("I", "II", "III", "IV", "V")
_COLUMNS = ("TT", "Nội dung công việc", "Đơn vị chủ trì", "Đơn vị phối hợp", "Thời gian hoàn thành", "Sản phẩm")


def write_typical(folder: Path, count: int, *, seed: int = 1) -> None:
    """`count` files, text and Word in turn; equal numbers and seeds give equal files."""
    chance = random.Random(seed)
    for number in range(count):
        before, rows, after = _plan(number, chance)
        name = folder / f"{number % 10}" / f"ke-hoach-{number:05}"
        name.parent.mkdir(parents=True, exist_ok=True)
        if number % 2:
            name.with_suffix(".docx").write_bytes(_word(before, rows, after))
        else:
            table = "\n".join("\t".join(row) for row in rows)
            text = "\n\n".join(("\n\n".join(before), table, "\n\n".join(after)))
            name.with_suffix(".txt").write_text(text, encoding="utf-8")


def _plan(number: int, chance: random.Random) -> tuple[list[str], Rows, list[str]]:
    """The paragraphs before the table, its rows, and the paragraphs behind it."""
    (office, letters), place, year = chance.choice(_OFFICES), chance.choice(_PLACES), chance.randint(2019, 2026)
    before = [
        f"UBND TỈNH {place.upper()}\n{office.upper()}",
        f"Số: {number + 1}/KH-{letters}",
        f"{place}, ngày {chance.randint(1, 28):02} tháng 01 năm {year}",
        f"KẾ HOẠCH\nCông tác trọng tâm của {office} năm {year}",
        *(_ground(place, year, chance) for _ in range(3)),
        f"{office} xây dựng Kế hoạch công tác trọng tâm năm {year} như sau:",
        "I. MỤC ĐÍCH, YÊU CẦU",
        *(f"{n}. {_sentence(chance)}; {_sentence(chance).lower()}." for n in range(1, 6)),
        "II. MỤC TIÊU",
        *(
            f"{n}. Phấn đấu đến hết năm {year} {chance.randint(60, 100)}% đơn vị hoàn thành việc {_matter(chance)}."
            for n in range(1, 9)
        ),
        "III. NHIỆM VỤ TRỌNG TÂM",
        *(f"{n}. {_sentence(chance)}. {_sentence(chance)}. {_sentence(chance)}." for n in range(1, 13)),
        "IV. PHÂN CÔNG THỰC HIỆN",
    ]
    after = [
        "V. TỔ CHỨC THỰC HIỆN",
        *(
            f"{n}. {_unit(chance)} {_sentence(chance).lower()}, báo cáo Giám đốc Sở trước ngày"
            f" {chance.randint(10, 25)}/{chance.randint(2, 12)}/{year}."
            for n in range(1, 7)
        ),
        f"Trên đây là Kế hoạch công tác trọng tâm năm {year}, yêu cầu các đơn vị nghiêm túc thực hiện./.",
        "Nơi nhận:\n- UBND tỉnh (b/c);\n- Các đơn vị trực thuộc;\n- Lưu: VT.",
        "GIÁM ĐỐC",
        "Lê Văn Thử",
    ]
    return before, _rows(year, chance), after


def _rows(year: int, chance: random.Random) -> Rows:
    rows: Rows = [_COLUMNS]
    tasks = chance.randint(*TASKS)
    for section, heading in enumerate(_HEADINGS):
        rows.append((_ROMAN[section], heading, "", "", "", ""))
        share = tasks // len(_HEADINGS) + (section < tasks % len(_HEADINGS))
        rows += [_row(ordinal, year, chance) for ordinal in range(1, share + 1)]
    return rows


def _row(ordinal: int, year: int, chance: random.Random) -> tuple[str, ...]:
    due = chance.choice(_DEADLINES).format(
        q=chance.choice(_ROMAN[:4]), m=chance.randint(1, 12), d=chance.randint(1, 28), y=year
    )
    lead, *partners = chance.sample(_UNITS, chance.randint(1, 4))
    return (str(ordinal), _sentence(chance), lead, "; ".join(partners), due, chance.choice(_OUTPUTS))


def _ground(place: str, year: int, chance: random.Random) -> str:
    kind, symbol = chance.choice((("Nghị quyết", "NQ-HĐND"), ("Kế hoạch", "KH-UBND"), ("Quyết định", "QĐ-UBND")))
    owner = "HĐND" if symbol == "NQ-HĐND" else "UBND"
    day, month = chance.randint(1, 28), chance.randint(1, 12)
    return (
        f"Căn cứ {kind} số {chance.randint(1, 900)}/{symbol} ngày {day}/{month}/{year - 1}"
        f" của {owner} tỉnh {place} về việc {_matter(chance)};"
    )


def _sentence(chance: random.Random) -> str:
    return f"{chance.choice(_VERBS)} {_matter(chance)}"


def _matter(chance: random.Random) -> str:
    return f"{chance.choice(_MATTERS)} {chance.choice(_SCOPES).format(n=chance.randint(2, 400))}"


def _unit(chance: random.Random) -> str:
    return chance.choice(_UNITS)


def _word(before: Sequence[str], rows: Rows, after: Sequence[str]) -> bytes:
    """A Word file with the parts of python-docx's own template; its objects for each cell would take seconds."""
    head, tail, parts = _template()
    table = "".join(f"<w:tr>{''.join(f'<w:tc>{_paragraph(cell)}</w:tc>' for cell in row)}</w:tr>" for row in rows)
    table = f"<w:tbl><w:tblPr><w:tblStyle w:val='TableGrid'/></w:tblPr><w:tblGrid/>{table}</w:tbl>"
    body = "".join(map(_paragraph, before)) + table + "".join(map(_paragraph, after))
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        for name, data in parts.items():
            package.writestr(zipfile.ZipInfo(name), data, zipfile.ZIP_DEFLATED)
        package.writestr(zipfile.ZipInfo("word/document.xml"), head + body + tail, zipfile.ZIP_DEFLATED)
    return out.getvalue()


def _paragraph(text: str) -> str:
    lines = (f"<w:t xml:space='preserve'>{escape(line)}</w:t>" for line in text.split("\n"))
    return f"<w:p><w:r>{'<w:br/>'.join(lines)}</w:r></w:p>"


@cache
def _template() -> tuple[str, str, dict[str, bytes]]:
    """What stands before and behind the body of an empty document, and its other parts."""
    import docx

    empty = io.BytesIO()
    docx.Document().save(empty)
    with zipfile.ZipFile(empty) as package:
        parts = {name: package.read(name) for name in package.namelist()}
    head, _, tail = parts.pop("word/document.xml").decode().partition("<w:body>")
    return head + "<w:body>", tail, parts
