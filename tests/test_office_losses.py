"""What LibreOffice drops from a damaged old file without a word is told; sound files are left in peace."""

import re
from collections.abc import Iterator

import docx_samples as word
import pytest
from golden import cases, read_case

from extractors import office
from extractors.document import Document
from extractors.formats import extract
from extractors.office import KINDS, Kind, Office
from extractors.rtf import running_text
from extractors.word97 import main_text
from pipeline.check import check
from pipeline.read import read_plan

pytestmark = pytest.mark.slow

LOST = "text.lost_in_conversion"


@pytest.fixture(scope="module")
def converter() -> Iterator[Office]:
    made = Office(office._programs())
    yield made
    made.close()


def into(converter: Office, name: str, form: str) -> bytes:
    """A case of tests/cases in an old format."""
    case = next(case for case in cases() if case.name == name)
    source = "xlsx" if form == "xls" else "docx"
    filters = {"docx": "MS Word 2007 XML", "xlsx": "Calc MS Excel 2007 XML"}
    return converter.convert(
        case.documents()[f"source.{source}"], Kind(source, "", filters[source], form, KINDS["doc"].read)
    )


def read(data: bytes, form: str) -> Document:
    return extract(word.source(data, f"a.{form}"), data)


def warned(document: Document) -> bool:
    return any(finding.rule == "table.incomplete" for finding in check(read_plan(document)))


@pytest.mark.parametrize("name", ["merged_lead", "header_three_levels", "restarting_numbers", "sample-so_gddt_2024"])
@pytest.mark.parametrize("form", ["doc", "rtf", "xls"])
def test_sound_files_have_lost_nothing(converter: Office, name: str, form: str) -> None:
    assert LOST not in {notice.code for notice in read(into(converter, name, form), form).notices}


def test_cells_of_a_doc_that_became_running_text_are_told(converter: Office) -> None:
    sound = into(converter, "sample-so_gddt_2024", "doc")
    damaged = sound.replace(b"\x16\x24\x01", b"\x16\x24\x00")  # sprmPFInTable: no paragraph stands in a table any more
    assert damaged != sound
    document = read(damaged, "doc")
    (notice,) = (notice for notice in document.notices if notice.code == LOST)
    assert notice.evidence
    assert warned(document)


def test_cells_of_an_rtf_that_became_running_text_are_told(converter: Office) -> None:
    sound = into(converter, "sample-so_gddt_2024", "rtf")
    rows = sound.split(b"\\trowd")
    document = read(b"\\trowd".join([*rows[:4], rows[4].replace(b"\\cell", b"\\cexl"), *rows[5:]]), "rtf")
    assert LOST in {notice.code for notice in document.notices}
    assert warned(document)


def test_cells_of_an_xls_that_were_overwritten_are_told(converter: Office) -> None:
    sound = into(converter, "sample-so_gddt_2024", "xls")
    records = [found.start() for found in re.finditer(re.escape(b"\xfd\x00\x0a\x00"), sound)]  # LABELSST
    at = records[len(records) * 2 // 3]
    document = read(sound[:at] + bytes(28) + sound[at + 28 :], "xls")
    assert LOST in {notice.code for notice in document.notices}
    assert warned(document)


def test_the_text_of_a_doc_is_read_without_libreoffice(converter: Office) -> None:
    text = main_text(into(converter, "merged_lead", "doc"))
    case = next(case for case in cases() if case.name == "merged_lead")
    assert text is not None
    for task in read_case("source.docx", case.documents()["source.docx"])["tasks"]:
        assert task["content"] in text
    assert "\x07" in text


@pytest.mark.parametrize(
    ("rtf", "text"),
    [
        (rb"{\rtf1\ansi{\fonttbl{\f0 Arial;}}{\*\generator x;}K\u7871\'1eho\'b9ch\par}", "Kếho¹ch\r"),
        (rb"{\rtf1\uc2 \u7871 ??a{\uc0 \u7871 b}\u7871 ??c\cell\row}", "ếaếbếc\x07"),
        (rb"{\rtf1 a\tab b {\field{\*\fldinst PAGE}{\fldrslt 3}}\~c\{\line}", "a b 3~c{ "),
        (rb"{\rtf1 {\pict 0102}{\header x}{\footnote y}a}}}b", "ab"),
    ],
)
def test_the_text_of_an_rtf_is_read_without_libreoffice(rtf: bytes, text: str) -> None:
    assert running_text(rtf) == text


def test_raw_bytes_in_an_rtf_are_not_guessed() -> None:
    assert running_text(rb"{\rtf1 {\pict\bin3 }}}a}") is None
