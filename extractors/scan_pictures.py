"""Pictures of pages -> Document: PNG, JPEG, TIFF with one or many pages, and what else Pillow opens."""

import io
import warnings
from collections.abc import Iterator

import numpy as np
from PIL import ExifTags, Image, ImageOps, ImageSequence, UnidentifiedImageError

from extractors.document import Document, Source
from extractors.errors import Reason, SourceError
from extractors.pages import join_pages
from extractors.scan import FINEST, LARGEST, MOST_PAGES, Scanned, join_readings, too_large, too_many
from extractors.scan_pose import Pixels
from extractors.scan_sheet import Picture, recognise
from extractors.scan_words import tesseract

_OPENED = (b"\x89PNG", b"\xff\xd8", b"II*\x00", b"MM\x00*", b"GIF8", b"BM", b"RIFF")  # what is surely opened when whole
_A4 = 842.0  # points, the longer side: what a picture shows whose own resolution cannot be believed
_BELIEVED = (90.0, 1300.0)  # dots an inch; 72 is what programs write that know nothing
_LYING = (5, 6, 7, 8)  # orientations of Exif 2.3, 4.6.4, in which the width of the file is the height of the picture
_LARGEST_PAPER = 1250.0  # points: a little more than A3, the largest that offices print; 96 is written as 72 is


def read_picture(source: Source, data: bytes) -> Document:
    """The document that a picture shows.

    Raises:
        SourceError: UNSUPPORTED_FORMAT for a kind of picture that cannot be opened, DAMAGED, TOO_LARGE, NO_TEXT,
            DEPENDENCY_MISSING without tesseract.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)  # we have a limit of our own
            picture = Image.open(io.BytesIO(data))
    except Image.DecompressionBombError as bomb:
        raise too_large() from bomb
    except UnidentifiedImageError as error:
        raise _unopened(data) from error
    except (OSError, ValueError, SyntaxError) as error:
        raise _damaged() from error
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
        return join_readings(list(recognise(_pages(picture))))
    except Image.DecompressionBombError as bomb:
        raise too_large() from bomb
    except (OSError, ValueError, SyntaxError, EOFError) as error:  # what Pillow raises for cut and broken files
        raise _damaged() from error


def _unopened(data: bytes) -> SourceError:
    if data.startswith(_OPENED):
        return _damaged()
    return SourceError(
        Reason.UNSUPPORTED_FORMAT,
        "Chưa đọc được loại ảnh này; hãy lưu lại thành .png, .jpg hoặc .tif"
        " / this kind of picture is not read yet; save it as .png, .jpg or .tif",
    )


def _damaged() -> SourceError:
    return SourceError(Reason.DAMAGED, "Ảnh bị hỏng hoặc bị cắt cụt / the picture is damaged or cut off")


def _pages(picture: Image.Image) -> Iterator[Picture]:
    frames_there = getattr(picture, "n_frames", 1)
    if frames_there > MOST_PAGES:
        raise too_many(frames_there)
    frames = ImageSequence.Iterator(picture) if picture.format == "TIFF" else [picture]
    for number, frame in enumerate(frames, start=1):
        if frame.width * frame.height > LARGEST:
            raise too_large()
        dots = _dots(frame)
        width, height = frame.width * 72 / dots, frame.height * 72 / dots
        most = round(max(frame.size) * FINEST / dots)
        frame.draft(None, (most, most))  # a JPEG finer than that is decoded coarser
        lying = frame.getexif().get(ExifTags.Base.Orientation) in _LYING
        upright = _coarser(_flat(ImageOps.exif_transpose(frame)), most)
        yield Picture(number, _pixels(upright), *((height, width) if lying else (width, height)))


def _dots(picture: Image.Image) -> float:
    """The resolution that the picture claims, or that of an A4 page."""
    longer = max(picture.size)
    dots = float(picture.info.get("dpi", (0.0, 0.0))[0])
    if _BELIEVED[0] <= dots <= _BELIEVED[1] and longer * 72 / dots <= _LARGEST_PAPER:
        return dots
    return longer * 72 / _A4


def _flat(picture: Image.Image) -> Image.Image:
    """Eight bits, grey or colour; what is transparent is paper."""
    if picture.mode.startswith("I") or picture.mode == "F":
        deep = np.asarray(picture, dtype=np.float32)
        return Image.fromarray(np.asarray(255 * (deep - deep.min()) / max(1.0, float(np.ptp(deep))), np.uint8))
    if picture.has_transparency_data:
        over = picture.convert("RGBA")
        return Image.alpha_composite(Image.new("RGBA", over.size, "white"), over).convert("RGB")
    return picture.convert("L" if picture.mode in ("1", "L") else "RGB")


def _coarser(picture: Image.Image, longest: int) -> Image.Image:
    """Not finer than recognition can use: the pixels of a large picture cost memory and time."""
    times = max(picture.size) // max(1, longest)
    return picture.reduce(times) if times > 1 else picture


def _pixels(picture: Image.Image) -> Pixels:
    """Grey, or blue, green, red."""
    pixels = np.asarray(picture)
    return pixels if pixels.ndim == 2 else np.ascontiguousarray(pixels[:, :, ::-1])
