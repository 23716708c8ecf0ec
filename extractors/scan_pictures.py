"""Pictures of pages -> Document: PNG, JPEG, TIFF with one or many pages, and what else Pillow opens."""

import io
from collections.abc import Iterator

import numpy as np
from PIL import Image, ImageOps, ImageSequence, UnidentifiedImageError

from extractors.document import Document, Source
from extractors.errors import Reason, SourceError
from extractors.pages import join_pages
from extractors.scan import LARGEST, Scanned, join_readings, read_page, too_large
from extractors.scan_page import Pixels
from extractors.scan_words import tesseract

_PAGES = 500
_A4 = 842.0  # points, the longer side: what a picture without a resolution shows
_PLAUSIBLE = (90.0, 1300.0)  # dots an inch; 72 is what programs write who know nothing


def read_picture(source: Source, data: bytes) -> Document:
    """The document that a picture shows.

    Raises:
        SourceError: UNSUPPORTED_FORMAT for a kind of picture that cannot be opened, DAMAGED, TOO_LARGE, NO_TEXT,
            DEPENDENCY_MISSING without tesseract, TIMEOUT.
    """
    try:
        picture = Image.open(io.BytesIO(data))
    except Image.DecompressionBombError as bomb:
        raise too_large() from bomb
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError) as error:
        message = (
            "Không mở được loại ảnh này hoặc ảnh bị hỏng / this kind of picture cannot be opened, or it is damaged"
        )
        raise SourceError(Reason.DAMAGED, message) from error
    scanned = _read(picture)
    if not any(line.text for sheet in scanned.sheets for line in sheet.lines()):
        raise SourceError(
            Reason.NO_TEXT, "Không nhận dạng được chữ nào trong ảnh / no text was recognised in the picture"
        )
    media_type = Image.MIME.get(picture.format or "", "image/*")
    return join_pages(source, media_type, "scan", len(scanned.sheets), scanned.sheets, scanned.notices)


def _read(picture: Image.Image) -> Scanned:
    tesseract()
    try:
        return join_readings([read_page(number, *page) for number, page in enumerate(_pages(picture), start=1)])
    except Image.DecompressionBombError as bomb:
        raise too_large() from bomb
    except (OSError, ValueError, SyntaxError, EOFError) as error:  # what Pillow raises for cut and broken files
        raise SourceError(Reason.DAMAGED, "Ảnh bị hỏng hoặc bị cắt cụt / the picture is damaged or cut off") from error


def _pages(picture: Image.Image) -> Iterator[tuple[Pixels, float, float]]:
    """Pixels and size in points of each page."""
    if getattr(picture, "n_frames", 1) > _PAGES:
        raise too_large()
    frames = ImageSequence.Iterator(picture) if picture.format == "TIFF" else [picture]
    for frame in frames:
        if frame.width * frame.height > LARGEST:
            raise too_large()
        upright = ImageOps.exif_transpose(frame)
        dots = float(frame.info.get("dpi", (0.0, 0.0))[0])
        if not _PLAUSIBLE[0] <= dots <= _PLAUSIBLE[1]:
            dots = 72 * max(upright.size) / _A4
        yield _pixels(upright), upright.width * 72 / dots, upright.height * 72 / dots


def _pixels(picture: Image.Image) -> Pixels:
    """Grey, or blue, green, red; what is transparent is paper."""
    if picture.mode.startswith("I;16") or picture.mode in ("I", "F"):
        deep = np.asarray(picture, dtype=np.float64)
        return np.asarray(255 * (deep - deep.min()) / max(1.0, float(np.ptp(deep))), np.uint8)
    if picture.mode in ("1", "L"):
        return np.asarray(picture.convert("L"))
    if picture.has_transparency_data:
        over = picture.convert("RGBA")
        picture = Image.alpha_composite(Image.new("RGBA", over.size, "white"), over)
    return np.ascontiguousarray(np.asarray(picture.convert("RGB"))[:, :, ::-1])
