"""Nothing in a document runs, fetches, opens another file or is written outside its folder; limits are stated."""

import io
import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import docx_samples as word
import hostile_documents
import pandas as pd
import pypdfium2
import pytest
from hostile_documents import TEXT
from PIL import Image
from traps import SECRET, Traps, set_up

from extractors import confine, office
from extractors.document import Document, Paragraph
from extractors.errors import Reason, SourceError
from extractors.formats import extract
from extractors.office import KINDS, Kind, Office
from extractors.pdf_probe import MAX_PAGES
from extractors.scan import MOST_PAGES
from pipeline.batch import ingest


@pytest.fixture
def traps(tmp_path: Path) -> Iterator[Traps]:
    with set_up(tmp_path / "elsewhere") as armed:
        yield armed


def read(name: str, data: bytes) -> Document:
    return extract(word.source(data, name), data)


def texts(document: Document) -> str:
    return "\n".join(
        block.text if isinstance(block, Paragraph) else "\n".join(cell.text for cell in block.cells)
        for block in document.blocks
    )


def test_the_traps_catch(traps: Traps) -> None:
    host, port = traps.address.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port))) as line:
        line.sendall(b"GET / HTTP/1.0\r\n\r\n")
        line.recv(1)
    traps.canary.read_text(encoding="utf-8")
    traps.target.touch()
    connections, looks, made = traps.caught()
    assert (connections, looks > 0, made) == (1, True, True)


def test_no_document_reaches_out(traps: Traps) -> None:
    for name, data in hostile_documents.documents(traps.address, traps.canary, traps.target):
        if name == "entity.docx":
            assert refusal(name, data).reason is Reason.DAMAGED
            continue
        document = read(name, data)
        assert ("Ke hoach nam 2025" if name.endswith(".pdf") else TEXT) in texts(document), name
        assert SECRET not in texts(document), name
    assert traps.caught() == (0, 0, False)


@pytest.fixture
def bare_office(monkeypatch: pytest.MonkeyPatch) -> Iterator[Office]:
    """LibreOffice as we start it, but without the proxy that nobody answers: it could reach our server."""
    kept = tuple(setting for setting in office._SETTINGS if not setting[0].startswith("Inet"))
    assert len(kept) < len(office._SETTINGS)
    monkeypatch.setattr(office, "_SETTINGS", kept)
    made = Office(office._programs())
    monkeypatch.setattr(office, "_office", made)
    yield made
    made.close()


@pytest.mark.slow
def test_no_document_reaches_out_through_libreoffice(traps: Traps, bare_office: Office) -> None:
    made = dict(hostile_documents.office_documents(traps.address, traps.canary, traps.target))
    links = dict(hostile_documents.documents(traps.address, traps.canary, traps.target))
    for name, source, target, import_filter in (
        ("links.docx", "docx", "doc", "MS Word 2007 XML"),
        ("macro.docm", "docm", "doc", "MS Word 2007 XML VBA"),
        ("links.xlsx", "xlsx", "xls", "Calc MS Excel 2007 XML"),
        ("links.ods", "ods", "xls", "calc8"),
    ):
        data = (made | links)[name]
        made[f"{name}.{target}"] = office.convert(data, Kind(source, "", import_filter, target, KINDS["doc"].read))
    for name, data in made.items():
        document = read(name, data)
        assert TEXT in texts(document), name
        assert SECRET not in texts(document), name
    bare_office.close()  # what would refresh by itself had until now
    assert traps.caught() == (0, 0, False)


TRY = """
import socket, sys
def told(action):
    try:
        action()
        return "done"
    except OSError as error:
        return type(error).__name__
own, canary, port = sys.argv[1:]
print(told(lambda: open(own, "w")), told(lambda: open(canary)), told(lambda: open("/etc/shadow")))
print(told(lambda: socket.create_connection(("127.0.0.1", int(port)))))
"""


def test_a_confined_program_opens_its_own_folder_only(traps: Traps, tmp_path: Path) -> None:
    """As LibreOffice is started. Needs Landlock, which Linux has since 5.13 and for connections since 6.7."""
    (tmp_path / "own").mkdir()
    port = traps.address.rpartition(":")[2]
    python = (
        os.path.realpath(sys.executable),
        "-I",
        "-S",
        "-c",
        TRY,
        str(tmp_path / "own" / "x"),
        str(traps.canary),
        port,
    )
    command = [sys.executable, "-I", "-S", confine.__file__, str(os.getpid()), str(tmp_path / "own"), *python]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["done", "PermissionError", "PermissionError", "PermissionError"]
    assert traps.caught() == (0, 0, False)


@pytest.mark.slow
def test_the_batch_stays_in_its_folder(traps: Traps, tmp_path: Path) -> None:
    folder = tmp_path / "raw"
    folder.mkdir()
    for name, data in hostile_documents.documents(traps.address, traps.canary, traps.target):
        (folder / name).write_bytes(data)
    inside = str(traps.canary.parent).strip("/")
    (folder / "bundle.zip").write_bytes(hostile_documents.escaping_bundle(inside))
    (folder / "link.txt").symlink_to(traps.canary)
    before = _everything(tmp_path)
    summary = ingest([folder], tmp_path / "out", workers=2)
    assert {path for path in _everything(tmp_path) - before if not path.parts[0].startswith("out")} == set()
    assert traps.caught() == (0, 0, False)
    found = pd.read_parquet(tmp_path / "out" / "documents")
    addresses = [uri.partition("bundle.zip!/")[2] for uri in found["source_uri"] if "bundle.zip!" in uri]
    assert not any(part in ("..", "") for address in addresses for part in address.split("/"))
    refused = {failure.source_uri.rsplit("/", 1)[-1]: failure.reason for failure in summary.failures}
    assert refused == {"link.txt": Reason.UNSUPPORTED_FORMAT, "entity.docx": Reason.DAMAGED}


def _everything(folder: Path) -> set[Path]:
    return {path.relative_to(folder) for path in folder.rglob("*")}


# -- limits ---------------------------------------------------------------------------------------------------------


def refusal(name: str, data: bytes) -> SourceError:
    with pytest.raises(SourceError) as caught:
        read(name, data)
    return caught.value


def pages(count: int, first: Image.Image | None = None) -> bytes:
    """A PDF of so many equal pages: blank, or a picture."""
    out = io.BytesIO()
    made = pypdfium2.PdfDocument.new()
    if first is None:
        made.new_page(595, 842)
    else:
        drawn = io.BytesIO()
        first.save(drawn, "PDF")
        made.import_pages(pypdfium2.PdfDocument(drawn.getvalue()))
    made.import_pages(made, [0] * (count - 1))
    made.save(out)
    return out.getvalue()


@pytest.mark.parametrize("line", ["\t", "|", "x\ty\t", "\n", "\f", "(", "1/2/20"])
def test_long_runs_of_one_thing_in_a_text_are_read_as_text(line: str) -> None:
    document = read("a.txt", f"{TEXT}\n{line * 20_000}\nHết".encode())
    assert texts(document).startswith(TEXT)
    assert max((table.column_count for table in document.tables()), default=0) <= 500


def test_rtf_that_nests_without_end_is_refused_at_once() -> None:
    assert refusal("a.rtf", b"{\\rtf1 " + b"{" * 2000 + b"x" + b"}" * 2001).reason is Reason.DAMAGED


def test_a_text_of_many_megabytes_is_refused_with_both_numbers() -> None:
    refused = refusal("a.txt", b"a " * (21 << 20))
    assert refused.reason is Reason.TOO_LARGE
    assert "42 MB" in refused.message
    assert "40 MB" in refused.message


def test_a_pdf_of_too_many_pages_is_refused_with_both_numbers() -> None:
    refused = refusal("a.pdf", pages(MAX_PAGES + 1))
    assert refused.reason is Reason.TOO_LARGE
    assert str(MAX_PAGES) in refused.message
    assert str(MAX_PAGES + 1) in refused.message


def test_a_scan_of_too_many_pages_is_refused_with_both_numbers() -> None:
    grey = Image.new("L", (60, 80), 128)
    refused = refusal("a.pdf", pages(MOST_PAGES + 1, grey))
    assert refused.reason is Reason.TOO_LARGE
    assert str(MOST_PAGES + 1) in refused.message
    out = io.BytesIO()
    grey.save(out, "TIFF", save_all=True, append_images=[grey] * MOST_PAGES)
    assert refusal("a.tif", out.getvalue()).reason is Reason.TOO_LARGE
