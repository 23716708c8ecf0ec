"""Many small plans that differ, for benchmarks of the batch: fictitious offices, text and Word, and what goes wrong."""

import random
import zipfile
from pathlib import Path

_OFFICES = ("Xây dựng", "Y tế", "Nội vụ", "Tài chính", "Công Thương", "Tư pháp", "Giáo dục và Đào tạo")
_PLACES = ("Bình Sơn", "Hải Bình", "Tân An", "Phú Lộc")
_UNITS = ("Văn phòng Sở", "Thanh tra Sở", "Phòng Kế hoạch - Tài chính", "Phòng Tổ chức cán bộ")
_VERBS = ("Rà soát", "Xây dựng", "Tổng hợp", "Kiểm tra", "Hướng dẫn", "Đánh giá")
_MATTERS = ("hồ sơ lưu trữ", "thủ tục hành chính", "quy chế làm việc", "danh mục vị trí việc làm", "báo cáo chuyên đề")
_DEADLINES = ("Quý {q}/{y}", "Trước ngày {d:02}/{m:02}/{y}", "Tháng {m}/{y}", "Thường xuyên", "")


def plan(number: int, chance: random.Random, *, tasks: int | None = None) -> str:
    """A plan of some rows as plain text; equal numbers and seeds give equal plans."""
    office, place, year = chance.choice(_OFFICES), chance.choice(_PLACES), chance.randint(2019, 2026)
    rows = [_row(ordinal, year, chance) for ordinal in range(1, (tasks or chance.randint(1, 4)) + 1)]
    return (
        f"UBND TỈNH {place.upper()}\nSỞ {office.upper()}\n\nSố: {number}/KH-SO\n\n"
        f"{place}, ngày {chance.randint(1, 28):02} tháng 01 năm {year}\n\nKẾ HOẠCH\nCông tác trọng tâm năm {year}\n\n"
        f"Thực hiện Kế hoạch số {chance.randint(1, 99)}/KH-UBND ngày 05/01/{year} của UBND tỉnh {place};\n\n"
        "TT\tNội dung công việc\tĐơn vị chủ trì\tĐơn vị phối hợp\tThời gian hoàn thành\n" + "\n".join(rows) + "\n\n"
        "Nơi nhận:\n- UBND tỉnh (b/c);\n- Lưu: VT.\n\nGIÁM ĐỐC\n\nLê Văn Thử\n"
    )


def _row(ordinal: int, year: int, chance: random.Random) -> str:
    due = chance.choice(_DEADLINES).format(
        q=chance.choice(("I", "II", "III", "IV")), m=chance.randint(1, 12), d=chance.randint(1, 28), y=year
    )
    what = f"{chance.choice(_VERBS)} {chance.choice(_MATTERS)} đợt {chance.randint(1, 400)}"
    lead, partner = chance.sample(_UNITS, 2)
    return f"{ordinal}\t{what}\t{lead}\t{partner}\t{due}"


def write_plans(folder: Path, count: int, *, seed: int = 1, mixed: bool = True) -> None:
    """`count` files; `mixed` makes some of them Word files, copies, corrected twins, bundles and broken files."""
    chance = random.Random(seed)
    folder.mkdir(parents=True)
    for number in range(count):
        text = plan(number, chance)
        name = folder / f"{number % 10}" / f"ke-hoach-{number:05}"
        name.parent.mkdir(exist_ok=True)
        kind = number % 20 if mixed else 0
        if kind == 5:
            _write_word(name.with_suffix(".docx"), text)
        elif kind == 9:  # another file of one document, with a deadline more: no version, since they come together
            name.with_suffix(".txt").write_text(text, encoding="utf-8")
            again = text.replace("Nơi nhận", "9\tSơ kết\tVăn phòng Sở\tThanh tra Sở\tQuý IV\n\nNơi nhận")
            name.with_name(name.name + "-ban-sua.txt").write_text(again, encoding="utf-8")
        elif kind == 13:
            name.with_suffix(".txt").write_text(text, encoding="utf-8")
            name.with_name(name.name + "-ban-sao.txt").write_text(text, encoding="utf-8")
        elif kind == 15:
            with zipfile.ZipFile(name.with_suffix(".zip"), "w") as bundle:
                bundle.writestr("trong-goi.txt", text)
        elif kind == 17:
            name.with_suffix(".pdf").write_bytes(b"%PDF-1.7 no more " + str(number).encode())
        else:
            name.with_suffix(".txt").write_text(text, encoding="utf-8")


def write_tiny(folder: Path, count: int, *, seed: int = 1) -> None:
    """`count` text files of one to four tasks each, all different, nothing wrong with them."""
    write_plans(folder, count, seed=seed, mixed=False)


def _write_word(path: Path, text: str) -> None:
    import docx

    document = docx.Document()
    head, _, rest = text.partition("TT\t")
    body, _, tail = ("TT\t" + rest).partition("\n\n")
    for line in head.splitlines():
        document.add_paragraph(line)
    cells = [line.split("\t") for line in body.splitlines()]
    table = document.add_table(rows=len(cells), cols=5, style="Table Grid")
    for row, texts in zip(table.rows, cells, strict=True):
        for cell, words in zip(row.cells, texts, strict=True):
            cell.text = words
    for line in tail.splitlines():
        document.add_paragraph(line)
    document.save(path)
