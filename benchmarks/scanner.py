"""A simulated office: a digital PDF is printed, stamped, scanned askew or photographed, with blur, noise and JPEG."""

import io
from dataclasses import dataclass

import cv2
import numpy as np
import pypdfium2
from PIL import Image, ImageDraw, ImageFilter

DPI = 200
_SKEW = 0.7  # degrees: what a feeder does
_GREY = 165  # of 255: rules printed in light grey
_TILT = 0.012  # of the page: how far each corner of a photographed page is off
_CURL = 2.5  # points: how high the middle of a photographed page stands above its sides
_SHADE = 0.35  # of the light that the darker side of a photograph misses
_GAP, _HOLE = 60, 9  # points from hole to hole in a broken rule, and the longest hole


@dataclass(frozen=True)
class Variant:
    """How a document is scanned; `skew` are the least and the most degrees, to either side."""

    name: str
    dpi: int = DPI
    turn: int = 0
    skew: tuple[float, float] = (0.0, _SKEW)
    stamp: bool = False
    rules: str = ""
    photo: bool = False


VARIANTS = {
    variant.name: variant
    for variant in (
        Variant("300 dpi", dpi=300),
        Variant("200 dpi"),
        Variant("150 dpi", dpi=150),
        Variant("stamp", stamp=True),
        Variant("turned 90", turn=90),
        Variant("turned 180", turn=180),
        Variant("turned 270", turn=270),
        Variant("skew 1-2", skew=(1.0, 2.0)),
        Variant("skew 3-4", skew=(3.0, 4.0)),
        Variant("grey rules", rules="grey"),
        Variant("broken rules", rules="broken"),
        Variant("photo", photo=True),
    )
}


def scan(data: bytes, variant: Variant) -> bytes:
    """The document as a PDF that holds only pictures."""
    pages = scan_pages(data, variant)
    out = io.BytesIO()
    pages[0].save(out, "PDF", save_all=True, append_images=pages[1:], resolution=variant.dpi, quality=70)
    return out.getvalue()


def scan_pages(data: bytes, variant: Variant, *, straight: bool = False) -> list[Image.Image]:
    """The pictures of the pages; `straight`: without skew, turn and bend, so that places on them are those on paper."""
    chance = np.random.default_rng(len(data))
    pages = []
    with pypdfium2.PdfDocument(data) as document:
        for page in document:
            picture = page.render(scale=variant.dpi / 72).to_pil().convert("RGB")
            if variant.rules:
                picture = _worn(picture, variant, chance)
            if variant.stamp:
                picture = _stamped(picture, variant.dpi)
            angle = chance.uniform(*variant.skew) * chance.choice((-1, 1))
            if not straight:
                picture = picture.rotate(angle, Image.Resampling.BICUBIC, fillcolor="white")
            if variant.photo and not straight:
                picture = _photographed(picture, variant.dpi / 72, chance)
            picture = picture.filter(ImageFilter.GaussianBlur(variant.dpi / 350))
            noise = chance.normal(-6, 9, picture.size[::-1])[:, :, None]
            picture = Image.fromarray((np.asarray(picture, np.float32) + noise).clip(0, 255).astype(np.uint8))
            if variant.turn and not straight:
                picture = picture.rotate(variant.turn, expand=True)
            pages.append(picture if variant.stamp else picture.convert("L"))
    return pages


def _stamped(picture: Image.Image, dpi: int) -> Image.Image:
    """A round red seal of 36 mm right of the middle of the page, ink over ink."""
    size, radius = picture.size, int(18 / 25.4 * dpi)
    seal = Image.new("RGB", size, "white")
    pen = ImageDraw.Draw(seal)
    x, y = size[0] * 2 // 3, size[1] // 2
    for ring in (radius, int(0.7 * radius)):
        pen.ellipse((x - ring, y - ring, x + ring, y + ring), outline=(215, 40, 45), width=max(2, dpi // 60))
    pen.regular_polygon((x, y, radius // 3), 5, fill=(215, 40, 45))
    return Image.fromarray(np.minimum(np.asarray(picture), np.asarray(seal)))


def _photographed(picture: Image.Image, point: float, chance: np.random.Generator) -> Image.Image:
    """The page seen a little from the side, curled across its width, lit from one side."""
    pixels = np.asarray(picture)
    height, width = pixels.shape[:2]
    corners = np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float32)
    off = chance.uniform(-_TILT, _TILT, (4, 2)).astype(np.float32) * (width, height)
    matrix = cv2.getPerspectiveTransform(corners, (corners + off).astype(np.float32))
    seen = cv2.warpPerspective(pixels, matrix, (width, height), flags=cv2.INTER_CUBIC, borderValue=(255, 255, 255))
    x, y = np.meshgrid(np.arange(width, dtype=np.float32), np.arange(height, dtype=np.float32))
    curl = (_CURL * point * np.sin(np.pi * x / width)).astype(np.float32)
    seen = cv2.remap(seen, x, y + curl, cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE)
    light = 1 - _SHADE * (x / width if chance.random() < 0.5 else 1 - x / width)
    return Image.fromarray((seen * light[:, :, None]).clip(0, 255).astype(np.uint8))


def _worn(picture: Image.Image, variant: Variant, chance: np.random.Generator) -> Image.Image:
    """The page with its long rules printed grey, or with holes in them."""
    pixels = np.asarray(picture).copy()
    ink = (pixels.max(axis=2) < 160).astype(np.uint8)
    point = variant.dpi / 72
    for across in (True, False):
        rod = np.ones((1, int(20 * point)) if across else (int(20 * point), 1), np.uint8)
        rule = cv2.morphologyEx(ink, cv2.MORPH_OPEN, rod) > 0
        rule = cv2.dilate(rule.astype(np.uint8), np.ones((3, 3), np.uint8)) > 0
        if variant.rules == "grey":
            pixels[rule] = np.maximum(pixels[rule], _GREY)
            continue
        length = rule.shape[1 if across else 0]
        for start in range(int(chance.integers(0, int(_GAP * point))), length, int(_GAP * point)):
            hole = slice(start, start + int(chance.uniform(2, _HOLE) * point))
            part = (slice(None), hole) if across else (hole, slice(None))
            pixels[part][rule[part]] = 255
    return Image.fromarray(pixels)
