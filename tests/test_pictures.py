"""Pictures of pages (PNG, JPEG, TIFF ...): read like the pages themselves, or refused with the reason."""

import hashlib
import io
import struct
import subprocess
import sys
import zlib
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
import pypdfium2
import pytest
from PIL import ExifTags, Image

from extractors.document import Document, Source
from extractors.errors import Reason, SourceError
from extractors.formats import extract
from pipeline.read import read_plan
from pipeline.text import key

SAMPLE = Path(__file__).parents[1] / "data/raw/huyen_pctt_2023.pdf"


def pages(dpi: int = 200) -> list[Image.Image]:
    with pypdfium2.PdfDocument(SAMPLE.read_bytes()) as pdf:
        return [page.render(scale=dpi / 72).to_pil().convert("L") for page in pdf]


def saved(picture: Image.Image, form: str, **options: object) -> bytes:
    out = io.BytesIO()
    picture.save(out, form, **options)
    return out.getvalue()


def png() -> bytes:
    return saved(pages()[0], "PNG")


def sixteen_bits() -> bytes:
    return saved(Image.fromarray(np.asarray(pages()[0]).astype(np.uint16) * 100), "PNG")


def transparent() -> bytes:
    """Black ink on nothing."""
    ink = np.asarray(pages()[0])
    return saved(Image.fromarray(np.dstack([np.zeros_like(ink)] * 3 + [255 - ink])), "PNG")


def turned_by_the_camera() -> bytes:
    """Pixels that lie on their side, and Exif that says so."""
    exif = Image.Exif()
    exif[ExifTags.Base.Orientation] = 6
    return saved(pages()[0].transpose(Image.Transpose.ROTATE_90), "JPEG", quality=70, exif=exif)


def black_and_white() -> bytes:
    return saved(pages()[0].convert("1"), "TIFF", compression="group4", dpi=(200, 200))


def finer_than_needed() -> bytes:
    return saved(pages(600)[0], "JPEG", quality=60, dpi=(600, 600))


def bomb(side: int = 30_000) -> bytes:
    """A small PNG of very many white pixels."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    packer = zlib.compressobj(9)
    rows = b"".join(packer.compress(b"\0" + b"\xff" * (side // 8)) for _ in range(side)) + packer.flush()
    header = struct.pack(">IIBBBBB", side, side, 1, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


def photograph() -> bytes:
    soft = Image.fromarray(np.random.default_rng(1).integers(0, 255, (40, 30, 3), np.uint8))
    return saved(soft.resize((900, 1200), Image.Resampling.BICUBIC), "JPEG")


def read(data: bytes) -> Document:
    return extract(Source("file:///ảnh", hashlib.sha256(data).hexdigest(), len(data)), data)


def contents(document: Document) -> list[str]:
    return [key(task.content) for task in read_plan(document).tasks]


@pytest.fixture(scope="module")
def digital() -> Document:
    return read(SAMPLE.read_bytes())


@pytest.mark.slow
@pytest.mark.parametrize(
    "make", [png, sixteen_bits, transparent, turned_by_the_camera, black_and_white, finer_than_needed]
)
def test_a_picture_is_read_like_its_page(make: object, digital: Document) -> None:
    assert callable(make)
    document = read(make())
    first_page = [key(task.content) for task in read_plan(digital).tasks if task.place.page == 1]
    assert contents(document)[: len(first_page) - 1] == first_page[:-1]
    assert read_plan(document).header.number == read_plan(digital).header.number
    assert (document.extractor, document.page_count) == ("scan", 1)
    width, height = pages(72)[0].size
    boxes = [cell.place.box for table in document.tables() for cell in table.cells]
    assert all(box and 0 <= box.x0 < box.x1 <= width + 2 and 0 <= box.top < box.bottom <= height + 2 for box in boxes)


@pytest.mark.slow
def test_pages_of_a_tiff_are_one_document(digital: Document) -> None:
    first, *others = pages()
    data = saved(first, "TIFF", save_all=True, append_images=others, compression="tiff_deflate", dpi=(200, 200))
    document = read(data)
    assert document.page_count == 3
    assert contents(document) == contents(digital)


@pytest.mark.slow
def test_blank_back_pages_say_nothing_and_dark_ones_are_told() -> None:
    first, second, _ = pages()
    noise = np.random.default_rng(3).normal(246, 4, (1654, 2339)).clip(0, 255).astype(np.uint8)
    others = [Image.fromarray(noise), second, Image.new("L", first.size, 20)]
    document = read(saved(first, "TIFF", save_all=True, append_images=others, dpi=(200, 200)))
    assert [(notice.code, notice.place.page) for notice in document.notices if notice.code.startswith("page.")] == [
        ("page.recognised", 1),
        ("page.recognised", 3),
        ("page.no_text", 4),
    ]


@pytest.mark.parametrize(
    ("make", "reason"),
    [
        (lambda: png()[:20_000], Reason.DAMAGED),
        (lambda: png()[:20], Reason.DAMAGED),
        (lambda: finer_than_needed()[:90_000], Reason.DAMAGED),
        (lambda: saved(pages()[0], "TIFF")[:90_000], Reason.DAMAGED),
        (lambda: b"\0\0\0\x18ftypheic" + bytes(100), Reason.UNSUPPORTED_FORMAT),
        (bomb, Reason.TOO_LARGE),
        (lambda: saved(Image.new("L", (1600, 2200), 255), "PNG"), Reason.NO_TEXT),
        (lambda: saved(Image.new("L", (1600, 2200), 0), "PNG"), Reason.NO_TEXT),
        (lambda: saved(Image.new("L", (1, 1), 255), "PNG"), Reason.NO_TEXT),
        (lambda: saved(Image.new("L", (20_000, 20), 0), "PNG"), Reason.NO_TEXT),
        (photograph, Reason.NO_TEXT),
    ],
)
def test_what_cannot_be_read_is_refused_with_its_reason(make: object, reason: Reason) -> None:
    assert callable(make)
    with pytest.raises(SourceError) as refused:
        read(make())
    assert refused.value.reason is reason
    assert " / " in refused.value.message


@pytest.mark.slow
def test_pictures_through_the_command(tmp_path: Path) -> None:
    files = {"trang.png": png(), "bom.png": bomb(), "trắng.png": saved(Image.new("L", (800, 1100), 255), "PNG")}
    for name, data in files.items():
        (tmp_path / name).write_bytes(data)
    command = [
        sys.executable,
        "-c",
        "from pipeline.cli import main; main()",
        "ingest",
        str(tmp_path),
        "--out",
        str(tmp_path / "out"),
    ]
    done = subprocess.run([*command, "--workers", "1"], capture_output=True, text=True, check=False)
    assert done.returncode == 1, done.stderr
    (document,) = pq.read_table(tmp_path / "out/documents").to_pylist()
    assert (document["media_type"], document["extractor"], document["number"]) == ("image/png", "scan", "63")
    assert pq.read_table(tmp_path / "out/tasks").num_rows > 0
    failures = pq.read_table(tmp_path / "out/failures").to_pylist()
    assert {row["source_uri"].rsplit("/", 1)[-1]: row["reason"] for row in failures} == {
        "bom.png": "too_large",
        "trắng.png": "no_text",
    }


@pytest.mark.slow
def test_without_tesseract_the_reason_names_the_command(tmp_path: Path) -> None:
    picture = tmp_path / "trang.png"
    picture.write_bytes(png())
    program = (
        "import sys; from pipeline.run import process\n"
        "failure = process('trang.png', open(sys.argv[1], 'rb').read()).failure\n"
        "print(failure.reason, failure.message)"
    )
    said = subprocess.run(
        [sys.executable, "-c", program, picture],
        env={"PATH": str(tmp_path)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert said.stdout.startswith("dependency_missing")
    assert "apt-get install -y tesseract-ocr tesseract-ocr-vie" in said.stdout
