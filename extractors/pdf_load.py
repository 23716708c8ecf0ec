"""Pages of a PDF read by PDFium, each once: what can be read of it, its letters and its rules."""

from dataclasses import dataclass

import pypdfium2
import pypdfium2.raw as raw

from extractors import pdfium
from extractors.document import Box
from extractors.pdf_images import covered, hide_texts, inserts
from extractors.pdf_letters import codes_of, decoded, letters_of
from extractors.pdf_objects import UnsureError, frame_of, objects_of, upright_texts
from extractors.pdf_paths import rules_of
from extractors.pdf_print import Print
from extractors.pdf_probe import COVERED, PageText, damaged, judge


@dataclass(frozen=True, slots=True)
class Loaded:
    """What can be read of a page; `page` is None where nothing can, or where PDFium is unsure of its letters.

    `inserts` are the places of pictures on a digital page that may show text.
    """

    kind: PageText
    page: Print | None
    inserts: tuple[Box, ...] = ()


def load(document: pypdfium2.PdfDocument, number: int) -> Loaded:
    """All of one page, counted from 1.

    Raises:
        SourceError: DAMAGED, where the page cannot be opened.
    """
    page = raw.FPDF_LoadPage(document, number - 1)
    if not page:
        raise damaged()
    try:
        return _read(document, page, number)
    finally:
        raw.FPDF_ClosePage(page)


def _read(document: pypdfium2.PdfDocument, page: raw.FPDF_PAGE, number: int) -> Loaded:
    place = pdfium.pointer_to(page)
    objects = objects_of(place)
    frame = frame_of(place)
    share = covered(objects, frame.width * frame.height)
    # Asked before texts are turned.
    unseen = share >= COVERED and hide_texts(objects, pdfium.pointer_to(document), place)
    pictures = inserts(objects, frame)
    try:
        texts = upright_texts(objects, frame)
    except UnsureError:
        texts = None
    handle = raw.FPDFText_LoadPage(page)
    if not handle:
        return Loaded(PageText.DIGITAL, None)
    try:
        textpage = pdfium.pointer_to(handle)
        codes = codes_of(textpage)
        kind = judge("" if unseen else decoded(codes), share, len(objects.paths))
        if kind is PageText.PICTURE:
            return Loaded(kind, None)
        if texts is None:
            return Loaded(kind, None, pictures)
        try:
            letters = letters_of(textpage, codes, objects, texts, frame)
        except UnsureError:
            return Loaded(kind, None, pictures)
    finally:
        raw.FPDFText_ClosePage(handle)
    return Loaded(kind, Print(number, frame.width, frame.height, letters, rules_of(objects.paths, frame)), pictures)
