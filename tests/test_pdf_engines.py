"""PDFium and pdfplumber read the same document: every paragraph, cell and notice, in the same place."""

import hashlib
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from golden import cases
from pdf_samples import Paper, width
from reportlab.pdfbase.pdfmetrics import stringWidth

from extractors.document import Box, Document, Paragraph, Place, Source
from extractors.errors import Reason, SourceError
from extractors.pdf import Engine, read_pdf
from extractors.pdf_plumber import PlumberPages

ROOT = Path(__file__).parents[1]
TOLERANCE = 1.0  # points: letters whose ink is wider than their advance

Entry = tuple[tuple[object, ...], tuple[Place, ...]]


def read(data: bytes, engine: Engine) -> Document:
    return read_pdf(Source("kh.pdf", hashlib.sha256(data).hexdigest(), len(data)), data, engine)


def entries(document: Document) -> Iterator[Entry]:
    """All that a document says, each with its places."""
    for block in document.blocks:
        if isinstance(block, Paragraph):
            yield (block.text, block.level, block.bold, block.italic, block.centered), (block.place,)
            continue
        yield (block.row_count, block.column_count, block.ruled), (block.place,)
        for cell in block.cells:
            said = (cell.text, cell.row, cell.column, cell.row_span, cell.column_span, cell.bold, cell.confidence)
            yield said, (cell.place, *cell.continued)
    for notice in document.notices:
        yield (notice.code, notice.message, notice.table_index, notice.row, notice.evidence), (notice.place,)


def near(one: Box | None, other: Box | None) -> bool:
    if one is None or other is None:
        return one is other
    pairs = ((one.x0, other.x0), (one.top, other.top), (one.x1, other.x1), (one.bottom, other.bottom))
    return all(abs(a - b) <= TOLERANCE for a, b in pairs)


def assert_alike(data: bytes) -> None:
    fast, second = (list(entries(read(data, engine))) for engine in (Engine.PDFIUM, Engine.PDFPLUMBER))
    assert [said for said, _ in fast] == [said for said, _ in second]
    for (said, here), (_, there) in zip(fast, second, strict=True):
        assert [place.page for place in here] == [place.page for place in there], said
        assert all(near(a.box, b.box) for a, b in zip(here, there, strict=True)), (said, here, there)


DRAWN = {
    f"{case.name}/{name}": data
    for case in cases()
    for name, data in case.documents().items()
    if data.startswith(b"%PDF")
}


@pytest.mark.parametrize("name", DRAWN)
def test_cases_read_alike(name: str) -> None:
    assert_alike(DRAWN[name])


@pytest.mark.parametrize("path", sorted(ROOT.joinpath("data/raw").glob("*.pdf")), ids=lambda path: path.name)
def test_samples_read_alike(path: Path) -> None:
    assert_alike(path.read_bytes())


def test_a_page_is_placed_as_it_is_displayed() -> None:
    paper = Paper()
    paper.text(172, 160, "Kế hoạch công tác năm 2024 của Sở Xây dựng")
    paper.rule(172, 190, 400, 190)
    data = paper.save().replace(b"/MediaBox [ 0 0 595 842 ]", b"/MediaBox [0 0 595 842] /CropBox [100 0 595 742]")
    assert_alike(data)
    (paragraph,) = read(data, Engine.PDFIUM).paragraphs()
    assert paragraph.place.box is not None
    assert abs(paragraph.place.box.x0 - 72) < 1
    assert abs(paragraph.place.box.top - 60) < 3


def test_a_file_that_neither_reads_is_damaged_and_no_fault_of_ours() -> None:
    """pdfplumber looks through all pages again when it is closed, and fails again."""
    data = (ROOT / "data/raw/benh_vien_2025.pdf").read_bytes().replace(b"/MediaBox [ 0 0 ", b"/MediaBox [ 0 / ")
    with pytest.raises(SourceError) as raised:
        read(data, Engine.PDFPLUMBER)
    assert raised.value.reason is Reason.DAMAGED


def with_holes(paper: Paper, x: float, y: float, text: str, size: float = 12.0) -> None:
    """Letters that Times lacks are taken from another font, as LibreOffice does, and leave holes: "S…Ở… Y T…Ế"."""
    at, shown, others = x, [], []
    for piece in re.split("([^ -~])", text):
        if piece and piece > "~":
            advance = width(piece, size=size)
            shown.append(f"{-1000 * advance / size:.2f}")
            others.append((at, piece))
        else:
            advance = stringWidth(piece, "Times-Roman", size)
            shown.append(f"({piece})")
        at += advance
    paper.canvas.setFont("Times-Roman", size)
    name = paper.canvas._doc.getInternalFontName(paper.canvas._fontname)
    paper.canvas._code.append(f"BT {name} {size} Tf {x} {paper.height - y - size} Td [{' '.join(shown)}] TJ ET")
    for at, piece in others:
        paper.text(at, y, piece, size=size)


@pytest.mark.parametrize(
    "text", ["SỞ Y TẾ TỈNH TƯ A", "ban ở cung", "lam ở cơ sở", "mở ấp", "ban ở ấp Dong", "ở ý a", "hai ưu tho"]
)
def test_a_space_beside_a_letter_of_another_font_is_there(text: str) -> None:
    paper = Paper()
    paper.text(72, 100, "Kế hoạch công tác năm 2024")
    with_holes(paper, 72, 140, text)
    data = paper.save()
    assert_alike(data)
    assert text in [paragraph.text for paragraph in read(data, Engine.PDFIUM).paragraphs()]


def test_a_page_that_only_pdfium_sees_is_damaged() -> None:
    paper = Paper()
    paper.text(80, 80, "Kế hoạch")
    with pytest.raises(SourceError) as raised:
        PlumberPages(paper.save()).read(2)
    assert raised.value.reason is Reason.DAMAGED
