"""A file is what it holds, whatever its name says; what cannot be read says why, in Vietnamese and English."""

import io
import random
import tarfile
from email.message import EmailMessage
from pathlib import Path

import docx_samples as word
import pytest
from ole_samples import compound, excel_95

from extractors.document import Source
from extractors.encoding import decode_text
from extractors.errors import Reason, SourceError
from extractors.formats import extract
from pipeline.check import check
from pipeline.read import read_plan

PLAN = (
    "KẾ HOẠCH\nTriển khai công tác cải cách hành chính năm 2026\n1. Phòng Nội vụ chủ trì, hoàn thành trước ngày 30/6.\n"
)
MHTML = (
    b"MIME-Version: 1.0\r\nContent-Type: multipart/related; boundary=x\r\n\r\n"
    b"--x\r\nContent-Type: text/html\r\n\r\n<p>K&#7871; ho&#7841;ch</p>\r\n--x--\r\n"
)
WORD = word.pack(word.parts(word.p("Kế hoạch")))
HOSTILE = Path(__file__).parent / "hostile_files"
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 504


def ole(stream: str) -> bytes:
    return OLE + stream.encode("utf-16-le") + b"\x00" * 512


def noise(size: int, seed: int = 1) -> bytes:
    return random.Random(seed).randbytes(size)


def tar(name: str, data: bytes) -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as archive:
        entry = tarfile.TarInfo(name)
        entry.size = len(data)
        archive.addfile(entry, io.BytesIO(data))
    return out.getvalue()


def failure(data: bytes, name: str = "tep.bin") -> Reason:
    with pytest.raises(SourceError) as caught:
        extract(word.source(data, name), data)
    vietnamese, _, english = str(caught.value).partition(" / ")
    assert vietnamese
    assert english
    assert "\n" not in caught.value.message
    return caught.value.reason


@pytest.mark.parametrize("name", ["kehoach.docx", "KEHOACH.DOC", "kehoach.pdf", "kehoach", "kehoach.txt"])
def test_a_word_file_is_one_under_any_name(name: str) -> None:
    assert extract(word.source(WORD, name), WORD).extractor == "docx"


@pytest.mark.parametrize("name", ["kehoach.txt", "kehoach.md", "kehoach", "kehoach.v2", "Kế hoạch năm 2026.TXT"])
def test_text_is_read_under_names_that_promise_nothing_else(name: str) -> None:
    data = PLAN.encode()
    assert extract(word.source(data, name), data).extractor == "text"


@pytest.mark.parametrize("name", ["kehoach.pdf", "kehoach.PDF", "kehoach.docx", "kehoach.doc", "kehoach.xlsx", "a.png"])
def test_text_under_the_name_of_another_format_is_refused(name: str) -> None:
    data = PLAN.encode()
    assert failure(data, name) is Reason.UNKNOWN_FORMAT


@pytest.mark.parametrize("data", [b"", b"\n \n", b"\x00" * 4096, b"\xef\xbb\xbf", b"\xff\xfe"])
def test_empty_files(data: bytes) -> None:
    assert failure(data) is Reason.EMPTY


@pytest.mark.parametrize("size", [16, 64, 512, 4096, 100_000])
@pytest.mark.parametrize("name", ["tep.bin", "tep.docx", "tep.txt"])
def test_noise_is_no_format(size: int, name: str) -> None:
    assert failure(noise(size, seed=size), name) is Reason.UNKNOWN_FORMAT


@pytest.mark.parametrize("keep", [40, 0.3, 0.9, 0.999])
def test_cut_off_word_files_are_damaged(keep: float) -> None:
    size = int(len(WORD) * keep) if keep < 1 else int(keep)
    assert failure(WORD[:size], "kehoach.docx") is Reason.DAMAGED


@pytest.mark.parametrize(
    ("data", "named"),
    [
        (ole("PowerPoint Document"), ".ppt"),
        (compound({"PowerPoint Document": b"x"}), ".ppt"),
        (compound({"WordDocument": b"\xdc\xa5\x68\x00"}), "Word 6.0/95"),
        (b"\xdb\xa5\x2d\x00" + bytes(100), "Word 2.0"),
        (compound({"__properties_version1.0": b"x", "__nameid": b"y"}), ".msg"),
        (compound({"VisioDocument": b"x"}), "OLE"),
        (word.pack({"xl/workbook.bin": "x", "xl/worksheets/sheet1.bin": "x"}), ".xlsb"),
        (b"\x1f\x8b\x08\x00" + noise(50), "GZ"),
        (tar("kehoach.txt", PLAN.encode()), "TAR"),
        (b'<?xml version="1.0"?><rss version="2.0"/>', "XML"),
        (b"Rar!\x1a\x07\x00" + noise(50), "RAR"),
        (b"%!PS-Adobe-3.0\n", "PostScript"),
        (word.pack({"ppt/presentation.xml": "<x/>"}), ".pptx"),
        (word.pack({"mimetype": "application/vnd.oasis.opendocument.presentation", "content.xml": "<x/>"}), ".odp"),
        (word.pack({"a.txt": PLAN}), "ZIP"),
    ],
)
def test_known_formats_that_are_not_read_are_named(data: bytes, named: str) -> None:
    with pytest.raises(SourceError, match=named) as caught:
        extract(word.source(data, "kehoach.docx"), data)
    assert caught.value.reason is Reason.UNSUPPORTED_FORMAT


@pytest.mark.parametrize(
    "data",
    [
        b"\x89PNG\r\n\x1a\n" + noise(50),
        b"\xff\xd8\xff\xe0\x00\x10JFIF" + noise(50),
        b"II*\x00\x08\x00\x00\x00" + bytes(50),
        b"RIFF\x00\x01\x00\x00WEBPVP8 " + noise(50),
    ],
)
def test_pictures_that_cannot_be_opened_are_damaged(data: bytes) -> None:
    assert failure(data, "kehoach.docx") is Reason.DAMAGED


@pytest.mark.parametrize("path", sorted(HOSTILE.glob("locked.*")), ids=lambda path: path.suffix)
def test_files_that_ask_for_a_password_say_so(path: Path) -> None:
    """Made with LibreOffice, msoffcrypto-tool and pypdf."""
    assert failure(path.read_bytes(), path.name) is Reason.ENCRYPTED
    assert failure(path.read_bytes(), "kehoach") is Reason.ENCRYPTED


def test_there_is_a_locked_file_of_each_kind() -> None:
    found = {path.suffix for path in HOSTILE.glob("locked.*")}
    assert found == {".doc", ".docx", ".xls", ".xlsx", ".odt", ".ods", ".pdf"}


@pytest.mark.parametrize(
    "data",
    [
        b"\xef\xbb\xbf<!DOCTYPE HTML><html><body>K\xe1\xba\xbf ho\xe1\xba\xa1ch</body></html>",
        '\r\n<html xmlns:w="urn:schemas-microsoft-com:office:word">Kế hoạch</html>'.encode(),
        "\ufeff<html><p>Kế hoạch</p></html>".encode("utf-16"),
        "<html><p>Kế hoạch</p></html>".encode("utf-16-le"),
        MHTML,
    ],
)
@pytest.mark.parametrize("name", ["kehoach.doc", "kehoach.xls", "kehoach.html", "kehoach.mht"])
def test_web_pages_are_read_under_any_name(data: bytes, name: str) -> None:
    document = extract(word.source(data, name), data)
    assert document.extractor == "html"
    assert word.texts(document) == ["Kế hoạch"]


@pytest.mark.parametrize("name", ["word/document.xml", "xl/workbook.xml", "a.txt"])
@pytest.mark.parametrize(("local", "central"), [((4,), (6,)), ((8,), (10,))])
def test_zips_of_another_version_or_compression_are_no_bug(name: str, local: tuple[int], central: tuple[int]) -> None:
    data = bytearray(word.pack({"[Content_Types].xml" if name != "a.txt" else "b.txt": "<x/>", name: "<x/>"}))
    for signature, (offset,) in ((b"PK\x03\x04", local), (b"PK\x01\x02", central)):
        at = data.find(signature)
        while at >= 0:
            data[at + offset] = 120
            at = data.find(signature, at + 1)
    assert failure(bytes(data), "a") in (Reason.DAMAGED, Reason.UNSUPPORTED_FORMAT)


def test_an_old_office_file_without_its_directory_is_damaged() -> None:
    assert failure(OLE, "kehoach.doc") is Reason.DAMAGED


def test_an_encrypted_office_file_is_told_from_an_old_one() -> None:
    assert failure(ole("EncryptedPackage"), "kehoach.docx") is Reason.ENCRYPTED


def test_a_word_package_without_its_document_is_damaged() -> None:
    assert failure(word.pack({"word/styles.xml": "<x/>", "[Content_Types].xml": "<x/>"})) is Reason.DAMAGED


def test_a_document_part_under_another_name_is_found() -> None:
    members = word.parts(word.p("Kế hoạch"))
    moved = {name.replace("word/document.xml", "noidung/chinh.xml"): content for name, content in members.items()}
    moved["_rels/.rels"] = word.relations({"r1": ("officeDocument", "noidung/chinh.xml")})
    data = word.pack(moved)
    assert word.texts(extract(word.source(data), data)) == ["Kế hoạch"]


def test_a_pdf_inside_a_zip_is_no_pdf() -> None:
    assert failure(word.pack({"a.pdf": "%PDF-1.4"})) is Reason.UNSUPPORTED_FORMAT


# -- characters -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32"])
def test_text_in_unicode(encoding: str) -> None:
    assert decode_text(PLAN.encode(encoding)) == PLAN


def test_text_in_windows_1258() -> None:
    written = "Kê\u0301 hoa\u0323ch ca\u0309i ca\u0301ch ha\u0300nh chi\u0301nh, đơn vi\u0323 chu\u0309 tri\u0300"
    assert decode_text(written.encode("cp1258")) == written


def test_single_broken_bytes_do_not_turn_utf8_into_something_else() -> None:
    data = PLAN.encode() * 3
    broken = data.replace("ế".encode(), "ế".encode()[:2], 1)
    assert decode_text(broken) == (PLAN * 3).replace("ế", "\ufffd", 1)


@pytest.mark.parametrize("data", [noise(200), b"\x00\x01\x02\x03" * 20, PLAN.encode() + b"\x01\x02" * 50])
def test_binary_is_no_text(data: bytes) -> None:
    assert decode_text(data) is None


def test_a_stretch_of_zeros_in_a_text_is_one_broken_character() -> None:
    assert decode_text(PLAN.encode() + bytes(4096) + PLAN.encode()) == f"{PLAN}\ufffd{PLAN}"


def test_a_text_with_a_little_noise_is_read_and_the_damage_told() -> None:
    data = (PLAN * 40).encode() + b"\xc3\x28\x07\xff" + PLAN.encode()
    document = extract(word.source(data, "a.txt"), data)
    assert "text.lost_characters" in {notice.code for notice in document.notices}
    assert [f.rule for f in check(read_plan(document))].count("table.incomplete") == 1


def test_page_feeds_and_old_end_marks_are_text() -> None:
    assert decode_text(b"trang 1\x0ctrang 2\x1a") == "trang 1\x0ctrang 2\x1a"


def mail(*attached: str) -> bytes:
    made = EmailMessage()
    made["Subject"] = "Ke hoach"
    made.set_content("Kính gửi")
    made.add_alternative("<p>Kế hoạch năm 2025</p>", subtype="html")
    for name in attached:
        made.add_attachment(b"x", maintype="application", subtype="octet-stream", filename=name)
    return bytes(made)


def test_a_mail_with_attachments_is_refused_and_names_them() -> None:
    data = mail("KH 01.docx", "b\x07.doc")
    assert failure(data, "a.eml") is Reason.UNSUPPORTED_FORMAT
    with pytest.raises(SourceError, match=r"KH 01\.docx, b \.doc /"):
        extract(word.source(data, "a.eml"), data)


def test_a_mail_without_attachments_is_the_page_in_it() -> None:
    assert word.texts(extract(word.source(mail(), "a.mht"), mail())) == ["Kế hoạch năm 2025"]


@pytest.mark.parametrize("nested", [b"Content-Type: message/rfc822\r\n\r\n", b"Content-Type: text/html" + b"(" * 20])
def test_a_mail_that_nests_without_end_is_damaged_or_empty(nested: bytes) -> None:
    assert failure(b"MIME-Version: 1.0\r\n" + nested * 3000, "a.mht") in (Reason.DAMAGED, Reason.NO_TEXT)


def test_a_wrapped_page_whose_end_is_missing_says_so() -> None:
    data = mail()[:-20]
    notices = extract(word.source(data, "a.mht"), data).notices
    assert "text.cut_off" in {notice.code for notice in notices}


@pytest.mark.slow
def test_a_workbook_of_excel_95_is_read() -> None:
    data = excel_95([["TT", "Noi dung"], ["1", "Ra soat ho so"]])
    document = extract(word.source(data, "a.xls"), data)
    assert document.extractor == "xls"
    texts = " ".join([*word.texts(document), *(cell.text for table in document.tables() for cell in table.cells)])
    assert "Noi dung" in texts
    assert "Ra soat ho so" in texts


def test_json_is_data_of_a_program_and_no_plan() -> None:
    source = Source("file:///in/x.txt", "0" * 64, 1)
    with pytest.raises(SourceError) as refused:
        extract(source, b'{"ke_hoach": [1, {"a": null}]}')
    assert refused.value.reason is Reason.UNSUPPORTED_FORMAT
    assert extract(source, "[Dự thảo] KẾ HOẠCH\nViệc một".encode()).extractor == "text"
