"""The files in a ZIP bundle are documents of their own; a bundle can neither hide one nor harm the batch."""

import io
import struct
import subprocess
import sys
import zipfile
from pathlib import Path

import docx_samples as word
import pandas as pd
import pytest

from extractors import archive
from extractors.archive import Member, list_members, read_member
from extractors.errors import Reason, SourceError
from pipeline.batch import Summary, ingest
from pipeline.summary import summary_markdown

LARGEST = 50 << 20
PLAN = """\
SỞ XÂY DỰNG TỈNH BÌNH SƠN
Số: {number}/KH-SXD
Bình Sơn, ngày 05 tháng 01 năm 2021
KẾ HOẠCH
Cải cách hành chính năm 2021
II. TỔ CHỨC THỰC HIỆN
1. Văn phòng Sở chủ trì rà soát thủ tục hành chính số {number}, hoàn thành trước ngày 31/12/2021.
"""


def bundle(*entries: tuple[str | zipfile.ZipInfo, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        for name, content in entries:
            made.writestr(name, content)
    return out.getvalue()


def legacy(name: bytes, extra: bytes = b"") -> bytes:
    """A bundle with one file whose name is stored as these bytes, as Windows and old programs do it."""
    placeholder = b"n" * len(name)
    entry = zipfile.ZipInfo(placeholder.decode())
    entry.extra = extra
    return bundle((entry, b"x")).replace(placeholder, name)


def members(data: bytes, largest: int = LARGEST) -> tuple[Member, ...]:
    found = list_members(io.BytesIO(data), largest, lambda name: name.startswith((".", "~$")))
    assert found is not None
    return found


def names(data: bytes) -> list[str]:
    return [member.name for member in members(data)]


def faults(data: bytes, largest: int = LARGEST) -> dict[str, Reason]:
    return {member.name: member.fault.reason for member in members(data, largest) if member.fault}


def refusal(data: bytes) -> Reason:
    with pytest.raises(SourceError) as caught:
        members(data)
    return caught.value.reason


def test_members_are_listed_with_folders_and_read_back() -> None:
    data = bundle(("Sở Y tế/KH năm 2025.docx", b"one"), ("b.pdf", b"two"))
    found = members(data)
    assert [member.name for member in found] == ["Sở Y tế/KH năm 2025.docx", "b.pdf"]
    assert [read_member(io.BytesIO(data), member.steps) for member in found] == [b"one", b"two"]


@pytest.mark.parametrize(
    "data",
    [
        word.pack(word.parts(word.p("Kế hoạch"))),
        word.pack({"xl/workbook.xml": "<x/>"}),
        word.pack({"mimetype": "application/vnd.oasis.opendocument.text", "content.xml": "<x/>"}),
        bundle(("a.txt", b"x"))[:-30],
        b"PK\x03\x04 no zip at all",
        b"Ke hoach",
    ],
    # Named: an id made of the bytes holds the moment at which the zip was made, and no two processes collect the same.
    ids=["word", "excel", "opendocument", "cut", "only a signature", "text"],
)
def test_documents_and_broken_files_are_no_bundles(data: bytes) -> None:
    assert list_members(io.BytesIO(data), LARGEST, lambda _name: False) is None


def test_a_folder_named_like_a_part_of_a_word_file_makes_no_word_file() -> None:
    assert names(bundle(("word/kh.docx", b"x"), ("xl/kh.xlsx", b"y"))) == ["word/kh.docx", "xl/kh.xlsx"]


def test_folders_and_passing_files_are_left() -> None:
    data = bundle(
        ("KH/", b""), ("KH/a.docx", b"x"), ("KH/~$a.docx", b"x"), ("__MACOSX/KH/._a.docx", b"x"), (".b", b"x")
    )
    assert names(data) == ["KH/a.docx"]


@pytest.mark.parametrize(
    ("written", "inside"),
    [
        ("../../etc/kh.docx", "etc/kh.docx"),
        ("/etc/kh.docx", "etc/kh.docx"),
        ("C:\\KH\\kh.docx", "KH/kh.docx"),
        ("..\\..\\kh.docx", "kh.docx"),
        ("./a//b.docx", "a/b.docx"),
    ],
)
def test_names_never_leave_the_bundle(written: str, inside: str) -> None:
    assert names(bundle((written, b"x"))) == [inside]


@pytest.mark.parametrize(
    "written",
    [
        "Kế hoạch của Sở.docx".encode(),
        "Kê\u0301 hoa\u0323ch cu\u0309a Sơ\u0309.docx".encode("cp1258"),
    ],
)
def test_names_in_mojibake_are_read_as_meant(written: bytes) -> None:
    assert names(legacy(written)) == ["Kế hoạch của Sở.docx"]


def test_the_unicode_name_beside_a_mangled_one_counts() -> None:
    real = "Kế hoạch.docx".encode()
    extra = struct.pack("<HHBI", 0x7075, 5 + len(real), 1, 0) + real
    assert names(legacy(b"K\xff ho\xffch.docx", extra)) == ["Kế hoạch.docx"]


def test_two_members_of_one_name_stay_two() -> None:
    with pytest.warns(UserWarning, match="Duplicate"):
        data = bundle(("KH/a.docx", b"one"), ("KH/a.docx", b"two"))
    found = members(data)
    assert [member.name for member in found] == ["KH/a.docx", "KH#2/a.docx"]
    assert [read_member(io.BytesIO(data), member.steps) for member in found] == [b"one", b"two"]


def test_a_bundle_in_a_bundle_is_opened_and_one_deeper_is_not() -> None:
    inner = bundle(("trong.docx", b"inner"))
    data = bundle(("a.zip", inner), ("b.zip", bundle(("c.zip", inner), ("d.txt", b"d"))))
    found = members(data)
    assert [member.name for member in found] == ["a.zip!/trong.docx", "b.zip!/c.zip", "b.zip!/d.txt"]
    assert read_member(io.BytesIO(data), found[0].steps) == b"inner"
    assert faults(data) == {"b.zip!/c.zip": Reason.UNSUPPORTED_FORMAT}


@pytest.mark.parametrize("data", [bundle(), bundle(("KH/", b"")), bundle(("~$a.docx", b"x"))])
def test_a_bundle_without_files_is_empty(data: bytes) -> None:
    assert refusal(data) is Reason.EMPTY


def test_an_empty_bundle_inside_is_a_fault_of_its_own() -> None:
    assert faults(bundle(("a.zip", bundle()), ("b.txt", b"x"))) == {"a.zip": Reason.EMPTY}


def test_a_link_in_a_bundle_is_not_followed() -> None:
    link = zipfile.ZipInfo("link.txt")
    link.create_system, link.external_attr = 3, 0o120777 << 16
    assert faults(bundle((link, b"/etc/passwd"), ("b.txt", b"x"))) == {"link.txt": Reason.UNSUPPORTED_FORMAT}


def test_a_member_that_asks_for_gigabytes_to_unpack_is_refused() -> None:
    """LZMA allocates what its header says; here a process that has less of it."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_LZMA) as made:
        made.writestr("a.txt", b"x")
    data = out.getvalue()
    at = data.find(b"\x09\x04\x05\x00") + 5
    program = (
        "import io, resource, sys; from extractors.archive import list_members\n"
        "resource.setrlimit(resource.RLIMIT_AS, (1 << 30, 1 << 30))\n"
        "print(*[m.fault.reason for m in list_members(io.BytesIO(sys.stdin.buffer.read()), 1 << 28, lambda n: False)])"
    )
    hostile = data[:at] + b"\xff\xff\xff\xff" + data[at + 4 :]
    done = subprocess.run([sys.executable, "-c", program], input=hostile, capture_output=True, check=True)
    assert done.stdout.split() == [b"too_large"]


def test_a_member_with_a_password_is_told_and_the_others_are_read() -> None:
    data = bytearray(bundle(("a.txt", b"secret"), ("b.txt", b"open")))
    for signature, flags in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        data[data.find(signature) + flags] |= 1
    assert faults(bytes(data)) == {"a.txt": Reason.ENCRYPTED}
    assert names(bytes(data)) == ["a.txt", "b.txt"]


def test_a_damaged_member_is_told_and_the_others_are_read() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as made:
        made.writestr("a.txt", b"Ke hoach A")
        made.writestr("b.txt", b"Ke hoach B")
    data = out.getvalue().replace(b"Ke hoach A", b"Ke hoach X")
    assert faults(data) == {"a.txt": Reason.DAMAGED}


def test_an_unknown_compression_is_told() -> None:
    data = bytearray(bundle(("a.txt", b"x" * 100)))
    for signature, at in ((b"PK\x03\x04", 8), (b"PK\x01\x02", 10)):
        struct.pack_into("<H", data, data.find(signature) + at, 9)  # Deflate64, as Windows packs large files
    assert faults(bytes(data)) == {"a.txt": Reason.UNSUPPORTED_FORMAT}


def test_members_that_unpack_beyond_the_limits_are_not_unpacked() -> None:
    assert faults(bundle(("a.txt", b"0" * 20_000_000), ("b.txt", b"x"))) == {"a.txt": Reason.TOO_LARGE}
    assert faults(bundle(("a.txt", b"x" * 200)), largest=100) == {"a.txt": Reason.TOO_LARGE}


def test_a_directory_that_declares_gigabytes_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archive, "MAX_UNPACKED", 1000)
    assert refusal(bundle(("a.txt", b"x" * 600), ("b.txt", b"x" * 600))) is Reason.TOO_LARGE


def test_too_many_members_are_refused_also_when_spread_over_inner_bundles(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archive, "MAX_MEMBERS", 5)
    few = bundle(*((f"{n}.txt", b"x") for n in range(3)))
    assert len(members(few)) == 3
    assert refusal(bundle(("a.zip", few), ("b.zip", few))) is Reason.TOO_LARGE


def test_a_bundle_that_changed_since_is_damaged() -> None:
    with pytest.raises(SourceError) as caught:
        read_member(io.BytesIO(bundle(("a.txt", b"x"))), (4,))
    assert caught.value.reason is Reason.DAMAGED


# -- in a batch -----------------------------------------------------------------------------------------------------


def plan(number: int) -> bytes:
    return PLAN.format(number=number).encode()


def run(folder: Path, out: Path) -> Summary:
    return ingest([folder], out, workers=1)


@pytest.mark.slow
def test_a_batch_reads_the_files_of_bundles_like_files_in_folders(tmp_path: Path) -> None:
    raw, out = tmp_path / "raw", tmp_path / "parsed"
    raw.mkdir()
    (raw / "le.txt").write_bytes(plan(1))
    (raw / "goi.zip").write_bytes(
        bundle(("so/a.txt", plan(1)), ("so/b.txt", plan(2)), ("c.zip", bundle(("d.txt", plan(3)))), ("e.docx", b"PK"))
    )
    (raw / "rong.zip").write_bytes(bundle())
    summary = run(raw, out)
    documents = pd.read_parquet(out / "documents")
    assert (summary.files, summary.read, summary.copies) == (6, 3, 1)
    assert sorted(documents["source_uri"].str.removeprefix(f"{raw}/")) == [
        "goi.zip!/c.zip!/d.txt",
        "goi.zip!/so/b.txt",
        "le.txt",  # rather than its copy in the bundle
    ]
    failures = {f.source_uri.removeprefix(f"{raw}/"): f.reason for f in summary.failures}
    assert failures == {"goi.zip!/e.docx": Reason.UNKNOWN_FORMAT, "rong.zip": Reason.EMPTY}
    assert "| goi.zip › e.docx |" in summary_markdown(summary)  # a name alone may be that of another file

    again = run(raw, out)
    assert (again.read, again.known) == (0, 4)


@pytest.mark.slow
def test_what_failed_as_a_whole_is_forgotten_once_the_bundle_opens(tmp_path: Path) -> None:
    raw, out = tmp_path / "raw", tmp_path / "parsed"
    raw.mkdir()
    (raw / "goi.zip").write_bytes(bundle())
    assert [f.reason for f in run(raw, out).failures] == [Reason.EMPTY]
    (raw / "goi.zip").write_bytes(bundle(("a.txt", plan(1))))
    assert run(raw, out).failures == ()
    assert len(pd.read_parquet(out / "failures")) == 0
