"""One reader of files in a process of its own: says its version, then reads a file for each line that it is sent.

    python extraction_peers.py READER < lines of JSON

A line {"path": ..., "cells": true} is answered by {"seconds": ..., "cells": [...]}; with "least" the file is read until
so many seconds are over, and the answer is the time of one reading. Runs in our environment and in that of the peers,
so it imports nothing of ours but where a reader is ours.
"""

import io
import json
import resource
import sys
from collections.abc import Callable, Iterable
from importlib.metadata import version
from pathlib import Path
from typing import Any

Cells = list[str]
Reader = Callable[[str], Cells]


def _flat(tables: Iterable[Any]) -> Cells:
    return [str(cell) for table in tables for row in table for cell in row if cell is not None]


def kehoach(path: str) -> Cells:
    from extractors.document import Source
    from extractors.formats import extract

    data = Path(path).read_bytes()
    document = extract(Source(path, "0" * 64, len(data)), data)
    return [cell.text for table in document.tables() for cell in table.cells]


def kehoach_new_styles(path: str) -> Cells:
    """As the first file of an office is read; of later ones the style sheet is known (docx_package)."""
    from extractors import docx_package, docx_styles

    docx_package._unpacked.cache_clear()
    docx_styles._known_styles.cache_clear()
    return kehoach(path)


def pdfium(path: str) -> Cells:
    """All characters of all pages, and nothing else: the floor."""
    import pypdfium2

    document = pypdfium2.PdfDocument(Path(path).read_bytes())
    for page in document:
        textpage = page.get_textpage()
        textpage.get_text_range()
        textpage.close()
        page.close()
    document.close()
    return []


def pdfplumber(path: str) -> Cells:
    import pdfplumber as library

    with library.open(io.BytesIO(Path(path).read_bytes())) as document:
        tables = []
        for page in document.pages:
            tables += page.extract_tables()
            page.extract_text()
            page.close()
    return _flat(tables)


def camelot(path: str) -> Cells:
    import camelot as library

    return _flat(table.df.values.tolist() for table in library.read_pdf(path, pages="all", flavor="lattice"))


def tabula(path: str) -> Cells:
    import tabula as library

    tables = library.read_pdf(path, pages="all", lattice=True, pandas_options={"header": None, "dtype": str})
    return _flat(table.fillna("").values.tolist() for table in tables)


def pymupdf(path: str) -> Cells:
    import pymupdf as library

    with library.open(path) as document:
        tables = []
        for page in document:
            page.get_text()
            tables += [table.extract() for table in page.find_tables().tables]
    return _flat(tables)


def img2table(path: str) -> Cells:
    from img2table.document import PDF

    found = PDF(path).extract_tables()  # its text from the text layer, without OCR
    return [
        str(cell.value or "")
        for tables in found.values()
        for table in tables
        for row in table.content.values()
        for cell in row
    ]


def python_docx(path: str) -> Cells:
    import docx

    document = docx.Document(path)
    _ = [paragraph.text for paragraph in document.paragraphs]
    return [cell.text for table in document.tables for row in table.rows for cell in row.cells]


def lxml(path: str) -> Cells:
    """The XML of the parts that kehoach reads (text, styles, numbering), parsed and left alone: the floor."""
    import zipfile

    from lxml import etree

    with zipfile.ZipFile(path) as package:
        for name in package.namelist():
            part = name.removeprefix("word/").rstrip("0123456789.xml")
            if part in ("document", "styles", "numbering", "footnotes", "endnotes", "header"):
                etree.fromstring(package.read(name))
    return []


READERS: dict[str, tuple[Reader, str]] = {
    "kehoach": (kehoach, "kehoach"),
    "kehoach, new styles": (kehoach_new_styles, "kehoach"),
    "PDFium text": (pdfium, "pypdfium2"),
    "pdfplumber": (pdfplumber, "pdfplumber"),
    "camelot": (camelot, "camelot-py"),
    "tabula": (tabula, "tabula-py"),
    "PyMuPDF": (pymupdf, "pymupdf"),
    "img2table": (img2table, "img2table"),
    "python-docx": (python_docx, "python-docx"),
    "lxml": (lxml, "lxml"),
}


def processor_seconds() -> float:
    """Of this process, all of its threads, and of the processes that it has started and waited for."""
    own, others = resource.getrusage(resource.RUSAGE_SELF), resource.getrusage(resource.RUSAGE_CHILDREN)
    return own.ru_utime + own.ru_stime + others.ru_utime + others.ru_stime


def main() -> None:
    answers, sys.stdout = sys.stdout, sys.stderr  # libraries print what they like
    reader, package = READERS[sys.argv[1]]
    print(json.dumps({"version": version(package)}), file=answers, flush=True)
    for line in sys.stdin:
        asked = json.loads(line)
        before = processor_seconds()
        times = 0
        try:
            while not times or processor_seconds() - before < asked["least"]:
                cells = reader(asked["path"])
                times += 1
        except Exception as error:  # noqa: BLE001 - a peer that fails is a result
            print(json.dumps({"error": repr(error)[:300]}), file=answers, flush=True)
            continue
        answer = {"seconds": (processor_seconds() - before) / times, "cells": cells if asked.get("cells") else []}
        print(json.dumps(answer), file=answers, flush=True)


if __name__ == "__main__":
    main()
