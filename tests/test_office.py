"""Old and foreign office files say what their Word or Excel twin says; LibreOffice can neither hang nor reach out."""

import http.server
import io
import json
import os
import subprocess
import sys
import tempfile
import threading
import time
import zipfile
from collections.abc import Iterator
from pathlib import Path

import docx_samples as word
import pytest
from golden import Case, cases, differences, read_case

from extractors import office
from extractors.document import Document, Table
from extractors.errors import Reason, SourceError
from extractors.formats import extract
from extractors.office import KINDS, Kind, Office, read_office
from extractors.office_probe import is_encrypted
from extractors.ole import open_compound, root_streams
from extractors.word97 import with_last_paragraph

pytestmark = pytest.mark.slow

CHOSEN = (
    *("merged_lead", "numbering_d", "header_three_levels", "objective_parent_content", "tables_apart"),
    *("restarting_numbers", "phantom_column", "sample-so_gddt_2024"),
)


@pytest.fixture(scope="module")
def programs() -> office.Programs:
    return office._programs()


@pytest.fixture(scope="module")
def converter(programs: office.Programs) -> Iterator[Office]:
    made = Office(programs)
    yield made
    made.close()


def into(converter: Office, data: bytes, source: str, target: str, import_filter: str = "") -> bytes:
    """A file that LibreOffice writes for the tests; `import_filter` names what it reads."""
    filters = {"docx": "MS Word 2007 XML", "xlsx": "Calc MS Excel 2007 XML"}
    kind = Kind(source, "", import_filter or filters[source], target, KINDS["doc"].read)
    return converter.convert(data, kind)


def read(data: bytes, name: str) -> Document:
    return extract(word.source(data, name), data)


def failure(data: bytes, name: str) -> Reason:
    with pytest.raises(SourceError) as caught:
        read(data, name)
    return caught.value.reason


def plain(*paragraphs: str) -> bytes:
    return word.pack(word.parts("".join(word.p(text) for text in paragraphs)))


# -- the same paper in every format ---------------------------------------------------------------------------------


@pytest.mark.parametrize("form", ["doc", "rtf", "odt", "xls", "ods"])
def test_cases_read_the_same_in_old_formats(converter: Office, form: str) -> None:
    source = "xlsx" if form in ("xls", "ods") else "docx"
    lines = []
    for case in (case for case in cases() if case.name in CHOSEN):
        data = into(converter, case.documents()[f"source.{source}"], source, form)
        lines += [f"{case.name} {line}" for line in differences(_gold(case), read_case(f"source.{form}", data))]
    assert not lines, "\n".join(["", *lines])


def _gold(case: Case) -> object:
    return json.loads(case.gold.read_text(encoding="utf-8"))


@pytest.mark.parametrize("form", ["doc", "rtf", "odt"])
def test_the_original_is_named_and_the_route_told(converter: Office, form: str) -> None:
    data = into(converter, plain("Kế hoạch số 5"), "docx", form)
    document = read(data, "kehoach.docx")
    assert (document.extractor, document.media_type) == (form, KINDS[form].media_type)
    assert word.texts(document) == ["Kế hoạch số 5"]
    assert document.notices[0].code == "file.converted"
    assert "LibreOffice" in document.notices[0].message


def test_automatic_numbers_survive(converter: Office) -> None:
    case = next(case for case in cases() if case.name == "restarting_numbers")
    data = into(converter, case.documents()["source.docx"], "docx", "doc")
    table = max((b for b in read(data, "a.doc").blocks if isinstance(b, Table)), key=lambda table: table.row_count)
    assert any(cell.text == "1" for cell in table.cells if cell.column == 0)


@pytest.mark.parametrize("name", ["kehoach.doc", "kehoach.txt", "kehoach"])
def test_a_file_is_what_it_holds(converter: Office, name: str) -> None:
    assert read(into(converter, plain("Kế hoạch"), "docx", "rtf"), name).extractor == "rtf"


def test_office_2003_xml_is_read() -> None:
    body = "<w:body><w:p><w:r><w:t>Kế hoạch</w:t></w:r></w:p></w:body>"
    names = 'xmlns:w="http://schemas.microsoft.com/office/word/2003/wordml"'
    document = read(f'<?xml version="1.0"?><w:wordDocument {names}>{body}</w:wordDocument>'.encode(), "a.doc")
    assert (document.extractor, word.texts(document)) == ("wordml", ["Kế hoạch"])
    row = "<Row><Cell><Data ss:Type='String'>Kế hoạch</Data></Cell></Row>"
    space = "urn:schemas-microsoft-com:office:spreadsheet"
    sheet = f'<Worksheet ss:Name="A"><Table>{row}</Table></Worksheet>'
    document = read(
        f'<?xml version="1.0"?><Workbook xmlns="{space}" xmlns:ss="{space}">{sheet}</Workbook>'.encode(), "a"
    )
    assert (document.extractor, word.texts(document)) == ("spreadsheetml", ["Kế hoạch"])


# -- .doc files without a last paragraph ----------------------------------------------------------------------------


@pytest.mark.parametrize("paragraphs", [1, 300])
def test_a_table_at_the_very_end_of_a_doc_stays_a_table(converter: Office, paragraphs: int) -> None:
    """LibreOffice writes no paragraph mark behind it, and then reads the table as running text."""
    rows = "".join(f"<w:tr>{word.tc(f'Việc {n}')}{word.tc('Văn phòng')}{word.tc('Quý I')}</w:tr>" for n in range(5))
    text = "".join(word.p(f"Đoạn văn số {n} của kế hoạch") for n in range(paragraphs))
    data = into(converter, word.pack(word.parts(f"{text}<w:tbl>{rows}</w:tbl>")), "docx", "doc")
    assert with_last_paragraph(data) != data
    table = next(block for block in read(data, "a.doc").blocks if isinstance(block, Table))
    assert [cell.text for cell in table.cells if cell.column == 0] == [f"Việc {n}" for n in range(5)]


def test_a_doc_that_ends_as_it_should_is_left_alone(converter: Office) -> None:
    data = into(converter, plain("Kế hoạch", "Văn phòng"), "docx", "doc")
    assert with_last_paragraph(data) is data


@pytest.mark.parametrize(("name", "more"), [("WordDocument", 2000), ("1Table", 700)])
def test_streams_of_a_compound_file_are_found_and_may_grow(converter: Office, name: str, more: int) -> None:
    data = into(converter, plain(*(f"Đoạn {n}" for n in range(400))), "docx", "doc")
    assert "WordDocument" in (root_streams(data) or ())
    file = open_compound(data)
    assert file is not None
    before = file.read(name)
    others = {other: file.read(other) for other in file.entries if other != name}
    file.append(name, b"x" * more)
    file.patch(name, 5, b"abc")
    grown = open_compound(bytes(file.data))
    assert grown is not None
    assert grown.read(name) == before[:5] + b"abc" + before[8:] + b"x" * more
    assert {other: grown.read(other) for other in grown.entries if other != name} == others


@pytest.mark.parametrize("keep", [600, 5000, 0.5, 0.9])
def test_cut_off_compound_files_have_no_streams_or_all(converter: Office, keep: float) -> None:
    data = into(converter, plain(*(f"Đoạn {n}" for n in range(400))), "docx", "doc")
    cut = data[: int(len(data) * keep) if keep < 1 else int(keep)]
    assert root_streams(cut) in (None, root_streams(data))
    assert with_last_paragraph(cut) == cut


# -- what cannot be read --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("keep", [0.1, 0.5, 0.9])
@pytest.mark.parametrize("form", ["doc", "rtf", "odt"])
def test_cut_off_files_are_damaged(converter: Office, form: str, keep: float) -> None:
    data = into(converter, plain(*(f"Đoạn {n} của kế hoạch" for n in range(300))), "docx", form)
    assert failure(data[: int(len(data) * keep)], f"a.{form}") in (Reason.DAMAGED, Reason.UNKNOWN_FORMAT)


@pytest.mark.parametrize("rtf", ["{\\rtf1 a {\\b c}", "{\\rtf1 a}{\\b c", "{\\rtf1 a \\}", "{\\rtf1 {a}} b"])
def test_rtf_that_does_not_close_what_it_opens_is_damaged(rtf: str) -> None:
    assert failure(rtf.encode(), "a.rtf") is Reason.DAMAGED


def test_braces_in_the_text_of_rtf_are_no_damage() -> None:
    assert word.texts(read(rb"{\rtf1 a \{b\\ {\b c}}" + b"\r\n\x00", "a.rtf")) == ["a {b\\ c"]


def test_noise_behind_a_good_beginning_is_damaged() -> None:
    noise = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "WordDocument".encode("utf-16-le") + bytes(range(256)) * 40
    assert failure(noise, "a.doc") is Reason.DAMAGED


def test_an_entity_bomb_is_not_opened() -> None:
    bomb = '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;">]>'
    names = 'xmlns:w="http://schemas.microsoft.com/office/word/2003/wordml"'
    assert failure(f'<?xml version="1.0"?>{bomb}<w:wordDocument {names}/>'.encode(), "a.doc") is Reason.DAMAGED


def test_passwords_are_told(converter: Office) -> None:
    data = bytearray(into(converter, plain("Kế hoạch"), "docx", "doc"))
    fib = data.find(b"\xec\xa5", 512)
    data[fib + 0x0B] |= 0x01
    assert failure(bytes(data), "a.doc") is Reason.ENCRYPTED
    workbook = bytes(512) + b"\x09\x08\x10\x00\x00\x06\x05\x00" + bytes(12) + b"\x2f\x00\x06\x00" + bytes(600)
    assert is_encrypted(workbook, "xls")
    manifest = "<manifest:manifest><manifest:encryption-data/></manifest:manifest>"
    odt = word.pack({"mimetype": KINDS["odt"].media_type, "META-INF/manifest.xml": manifest})
    assert failure(odt, "a.odt") is Reason.ENCRYPTED


def test_without_libreoffice_the_command_to_install_it_is_told(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(office, "_HOME", tmp_path)
    monkeypatch.setattr(office, "_office", None)
    with pytest.raises(SourceError, match="apt-get install") as caught:
        read_office(word.source(b"{\\rtf1 a}", "a.rtf"), b"{\\rtf1 a}", "rtf")
    assert caught.value.reason is Reason.DEPENDENCY_MISSING


def test_a_conversion_beyond_its_time_is_stopped(programs: office.Programs, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(office, "CONVERT_SECONDS", 0.01)
    made = Office(programs)
    try:
        with pytest.raises(SourceError) as caught:
            into(made, plain(*("Kế hoạch " * 50 for _ in range(2000))), "docx", "doc")
        assert caught.value.reason is Reason.TIMEOUT
        monkeypatch.setattr(office, "CONVERT_SECONDS", 60)
        assert into(made, plain("Kế hoạch"), "docx", "doc")
    finally:
        made.close()


# -- the office process ---------------------------------------------------------------------------------------------


def test_an_office_that_died_is_started_again(programs: office.Programs) -> None:
    made = Office(programs)
    try:
        first = into(made, plain("Kế hoạch"), "docx", "rtf")
        assert made._process is not None
        made._process.kill()
        made._process.wait()
        assert len(into(made, plain("Kế hoạch"), "docx", "rtf")) == len(first)
    finally:
        made.close()


@pytest.mark.parametrize(
    ("program", "room", "reason", "words"),
    [
        ("exit 1", 0, Reason.DEPENDENCY_MISSING, "hãy cài lại bằng lệnh"),
        ("exec sleep 60", 0, Reason.TIMEOUT, "máy đang quá tải"),
        ("exit 1", 1 << 60, Reason.UNREADABLE, "Thư mục tạm"),  # no disk has so much room
    ],
    ids=["broken", "busy", "full"],
)
def test_an_office_that_does_not_start_says_why(
    program: str, room: int, reason: Reason, words: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "office").write_text(f"#!/bin/sh\n{program}\n", encoding="ascii")
    (tmp_path / "office").chmod(0o755)
    monkeypatch.setattr(office, "_START_SECONDS", 1)
    monkeypatch.setattr(office, "_ROOM", room)
    made = Office(office.Programs(tmp_path / "office", tmp_path / "none"))
    try:
        with pytest.raises(SourceError, match=words) as refused:
            into(made, plain("Kế hoạch"), "docx", "rtf")
    finally:
        made.close()
    assert refused.value.reason is reason


def test_one_office_serves_many_files_and_leaves_nothing_behind(programs: office.Programs) -> None:
    made = Office(programs)
    into(made, plain("Kế hoạch"), "docx", "rtf")
    process, folder = made._process, made._folder
    assert process is not None
    assert folder is not None
    for number in range(3):
        into(made, plain(f"Kế hoạch {number}"), "docx", "rtf")
    assert made._process is process
    assert sorted(path.name for path in folder.iterdir() if path.name.startswith("tmp")) == []
    made.close()
    assert process.poll() is not None
    assert not folder.exists()


def test_profiles_of_killed_processes_are_removed_by_the_next(programs: office.Programs) -> None:
    orphan = Path(tempfile.mkdtemp(prefix="kehoach-office-"))
    (orphan / "profile").mkdir()
    made = Office(programs)
    other = Office(programs)
    try:
        into(made, plain("Kế hoạch"), "docx", "rtf")
        assert not orphan.exists()
        into(other, plain("Kế hoạch"), "docx", "rtf")
        assert made._folder is not None
        assert made._folder.exists()
    finally:
        made.close()
        other.close()


@pytest.mark.parametrize("all_of_them", [True, False], ids=["group", "process"])
def test_the_office_dies_with_its_worker(all_of_them: bool) -> None:
    program = (
        "import sys, time; from extractors import office; from pathlib import Path\n"
        "office.convert(b'{\\\\rtf1 Ke hoach}', office.KINDS['rtf'])\n"
        "print(office._office._process.pid, flush=True); time.sleep(60)"
    )
    worker = subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE, start_new_session=True)
    assert worker.stdout is not None
    pid = int(worker.stdout.readline())
    if all_of_them:
        os.killpg(worker.pid, 9)
    else:
        worker.kill()
    worker.wait()
    worker.stdout.close()
    until = time.monotonic() + 120
    while _runs(pid) and time.monotonic() < until:
        time.sleep(0.05)
    assert not _runs(pid)


def _runs(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rsplit(")", 1)[1].split()[0]
    except OSError:
        return False
    return state != "Z"


# -- nothing is fetched, nothing runs -------------------------------------------------------------------------------


@pytest.fixture
def server() -> Iterator[tuple[str, list[str]]]:
    """A web server that notes who asks it."""
    asked: list[str] = []

    class Handler(http.server.BaseHTTPRequestHandler):
        def parse_request(self) -> bool:
            asked.append(self.raw_requestline.decode("latin-1"))
            return super().parse_request()

        def log_message(self, *_: object) -> None:
            """Quiet."""

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as running:
        threading.Thread(target=running.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{running.server_port}", asked
        running.shutdown()


def flat_odt(body: str) -> bytes:
    names = " ".join(
        f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{space}:1.0"'
        for name, space in (("office", "office"), ("text", "text"), ("draw", "drawing"), ("svg", "svg-compatible"))
    )
    content = (
        f'<?xml version="1.0"?><office:document-content {names} xmlns:xlink="http://www.w3.org/1999/xlink">'
        f"<office:body><office:text>{body}</office:text></office:body></office:document-content>"
    )
    kind = KINDS["odt"].media_type
    manifest = (
        '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0">'
        f'<manifest:file-entry manifest:full-path="/" manifest:media-type="{kind}"/>'
        '<manifest:file-entry manifest:full-path="content.xml" manifest:media-type="text/xml"/></manifest:manifest>'
    )
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, text in (("mimetype", kind), ("content.xml", content), ("META-INF/manifest.xml", manifest)):
            archive.writestr(name, text)
    return out.getvalue()


def test_no_link_is_followed(server: tuple[str, list[str]], tmp_path: Path) -> None:
    address, asked = server
    secret = tmp_path / "secret.txt"
    secret.write_text("mat khau", encoding="ascii")
    odt = flat_odt(
        "<text:p>Kế hoạch</text:p>"
        f'<text:section text:name="a"><text:section-source xlink:href="{address}/section.odt"/></text:section>'
        f'<text:section text:name="b"><text:section-source xlink:href="{secret.as_uri()}"/></text:section>'
        f'<text:p><draw:frame svg:width="2cm"><draw:image xlink:href="{address}/a.png"/></draw:frame></text:p>'
    )
    rtf = (
        r"{\rtf1\ansi Ke hoach {\field{\*\fldinst INCLUDEPICTURE " + f'"{address}/b.png"' + r"}{\fldrslt }}"
        r"{\field{\*\fldinst INCLUDETEXT " + f'"{secret}"' + r"}{\fldrslt }}{\*\template " + f"{address}/t.dot" + "}}"
    )
    texts = word.texts(read(odt, "a.odt")) + word.texts(read(rtf.encode(), "a.rtf"))
    assert texts[0] == "Kế hoạch"
    assert "mat khau" not in " ".join(texts)
    assert asked == []
