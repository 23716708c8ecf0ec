"""Pages as pictures, for people who want to see the paper beside the data.

A PDF is drawn as it is, a picture is a page already, and office files are laid out by LibreOffice. Text and HTML have
no pages. Nothing in a document is followed or run while it is drawn.
"""

import io
from collections.abc import Collection, Iterator
from dataclasses import dataclass

import pypdfium2
from PIL import Image, ImageOps

from extractors.errors import Reason, SourceError

_LARGEST = 60_000_000  # pixels of one drawn page
_QUALITY = 60  # of 100, lossy; print stays crisp at reading size
# media types as `Document.media_type` names them -> how LibreOffice opens them
_OFFICE = {
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": ("docx", "MS Word 2007 XML"),
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": ("xlsx", "Calc MS Excel 2007 XML"),
    "application/msword": ("doc", "MS Word 97"),
    "application/rtf": ("rtf", "Rich Text Format"),
    "application/vnd.oasis.opendocument.text": ("odt", "writer8"),
    "application/vnd.ms-excel": ("xls", "MS Excel 97"),
    "application/vnd.oasis.opendocument.spreadsheet": ("ods", "calc8"),
}
_PDF = "application/pdf"


@dataclass(frozen=True, slots=True)
class PagePicture:
    """One page: its number from 1, its size in points, and the picture as WebP."""

    page: int
    width: float
    height: float
    webp: bytes


def has_pages(media_type: str) -> bool:
    """Whether files of this type can be drawn page by page."""
    return media_type == _PDF or media_type.startswith("image/") or media_type in _OFFICE


def as_pdf(data: bytes, media_type: str) -> bytes:
    """The file as a PDF: itself, or laid out by LibreOffice (then pages are where LibreOffice breaks them).

    Raises:
        SourceError: it has no pages, is damaged, takes too long, or LibreOffice is not installed.
    """
    if media_type == _PDF:
        return data
    if media_type not in _OFFICE:
        raise SourceError(Reason.UNSUPPORTED_FORMAT, f"Tệp {media_type} không có trang / {media_type} has no pages")
    from extractors.office import Kind, convert
    from extractors.pdf import read_pdf

    suffix, opened_as = _OFFICE[media_type]
    return convert(data, Kind(suffix, media_type, opened_as, "pdf", read_pdf))


def draw_pages(data: bytes, media_type: str, pages: Collection[int], dots: int = 110) -> Iterator[PagePicture]:
    """The asked pages of a PDF or picture file, at `dots` an inch.

    Raises:
        SourceError: the file cannot be opened.
    """
    if media_type.startswith("image/"):
        yield from _frames(data, pages, dots)
        return
    try:
        with pypdfium2.PdfDocument(data) as document:
            for number in sorted(pages):
                if 1 <= number <= len(document):
                    yield _drawn(document[number - 1], number, dots)
    except pypdfium2.PdfiumError as fault:
        raise SourceError(Reason.DAMAGED, f"Không vẽ được trang: {fault} / cannot be drawn: {fault}") from fault


def _drawn(page: pypdfium2.PdfPage, number: int, dots: int) -> PagePicture:
    width, height = page.get_size()
    scale = min(dots / 72, (_LARGEST / max(1.0, width * height)) ** 0.5)
    bitmap = page.render(scale=scale)
    try:
        return PagePicture(number, width, height, _webp(bitmap.to_pil()))
    finally:
        bitmap.close()
        page.close()


def _frames(data: bytes, pages: Collection[int], dots: int) -> Iterator[PagePicture]:
    try:
        with Image.open(io.BytesIO(data)) as picture:
            for number in sorted(pages):
                if number > getattr(picture, "n_frames", 1):
                    return
                picture.seek(number - 1)
                frame = ImageOps.exif_transpose(picture).convert("RGB")
                given = float(picture.info.get("dpi", (0.0, 0.0))[0])
                resolution = given if given >= 90 else 72 * max(frame.size) / 842  # unknown: A4
                width, height = frame.width * 72 / resolution, frame.height * 72 / resolution
                frame.thumbnail((max(1, round(width * dots / 72)), max(1, round(height * dots / 72))))
                yield PagePicture(number, width, height, _webp(frame))
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError) as fault:
        raise SourceError(Reason.DAMAGED, f"Không vẽ được ảnh: {fault} / cannot be drawn: {fault}") from fault


def _webp(picture: Image.Image) -> bytes:
    out = io.BytesIO()
    picture.save(out, "WEBP", quality=_QUALITY, method=2)
    return out.getvalue()
