"""The formats in order of trial: a file is recognised by what it holds, not by its name.

A new format is one entry in `FORMATS`. Formats that are known but not read have an entry too, so that the person who
dropped the file learns what it is.
"""

import io
import json
import re
import struct
import zipfile
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import NoReturn

from extractors.archive import is_bundle
from extractors.document import Document, Source
from extractors.encoding import decode_text
from extractors.errors import Reason, SourceError
from extractors.mime import is_wrapped
from extractors.ole import SIGNATURE as _OLE
from extractors.ole import open_compound, root_streams

_ZIP_MEMBER = b"PK\x03\x04"
_PDF_WITHIN = 1024  # ISO 32000-1, implementation note 13: the header may stand anywhere in the first 1024 bytes
_MARKUP_WITHIN = 2048
_HTML = re.compile(rb"<(?:!doctype\s+html|html[\s>])", re.IGNORECASE)
_HTML_PART = re.compile(
    rb"\A\s*(?:<!--.*?-->\s*)*<(?:table|div|meta|head|body|style|center|span|font|h[1-6]|p|b)[\s>]", re.I | re.S
)
_WORD_XML = b"http://schemas.microsoft.com/office/word/2003/wordml"
_WORD_95, _WORD_2 = b"\xdc\xa5", b"\xdb\xa5\x2d\x00"
_EXCEL_XML = re.compile(rb"<(?:\w+:)?Workbook\b[^>]*urn:schemas-microsoft-com:office:spreadsheet", re.DOTALL)
_XML = re.compile(rb"\A\s*<\?xml[\s]")
_WORD_MAIN = re.compile(rb"(?:wordprocessingml\.(?:document|template)|ms-word\.(?:document|template)\S*)\.main\+xml")


class Content:
    """The bytes of a file with the few facts that tell formats apart, each looked at once."""

    def __init__(self, data: bytes) -> None:
        self.data = data

    @cached_property
    def head(self) -> bytes:
        """The beginning as single bytes, a byte order mark off."""
        head = self.data[:_MARKUP_WITHIN]
        if head.startswith((b"\xff\xfe", b"\xfe\xff")):
            return head.decode("utf-16", errors="ignore").encode("ascii", errors="ignore")
        if head.startswith(b"<\x00"):
            return head.decode("utf-16-le", errors="ignore").encode("ascii", errors="ignore")
        return head.removeprefix(b"\xef\xbb\xbf")

    @cached_property
    def archive(self) -> zipfile.ZipFile | None:
        """The file as a zip; None where it is none or its directory is gone."""
        if not self.is_zip:
            return None
        try:
            return zipfile.ZipFile(io.BytesIO(self.data))
        except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError):
            return None

    @cached_property
    def members(self) -> tuple[str, ...] | None:
        """Names in a zip; None where the file is no zip or its directory is gone."""
        return tuple(self.archive.namelist()) if self.archive is not None else None

    @property
    def is_zip(self) -> bool:
        return self.data.startswith((_ZIP_MEMBER, b"PK\x05\x06"))

    def has_member(self, prefix: str) -> bool:
        return any(name.lower().startswith(prefix) for name in self.members or ())

    def member(self, name: str) -> bytes:
        """The first bytes of a zip member, empty where it cannot be read."""
        try:
            with zipfile.ZipFile(io.BytesIO(self.data)) as archive, archive.open(name) as file:
                return file.read(100_000)
        except (KeyError, zipfile.BadZipFile, ValueError, OSError, RuntimeError, EOFError, zlib.error):
            return b""

    @cached_property
    def streams(self) -> tuple[str, ...] | None:
        """Names at the root of an OLE compound file; None where there is no directory that can be followed."""
        return root_streams(self.data)

    def has_stream(self, name: str) -> bool:
        """Whether an OLE compound file (MS-CFB) has a stream of this name; in a damaged one the name counts."""
        if self.streams is not None:
            return name in self.streams
        return self.data.startswith(_OLE) and name.encode("utf-16-le") in self.data

    @cached_property
    def text(self) -> str | None:
        return decode_text(self.data)


@dataclass(frozen=True, slots=True)
class Format:
    """A kind of file: how it is recognised and who reads (or refuses) it."""

    name: str
    recognises: Callable[[Content], bool]
    read: Callable[[Source, Content], Document]


def extract(source: Source, data: bytes) -> Document:
    """The document that a file holds, whatever its name says.

    Raises:
        SourceError: empty, unknown, known but not read, damaged, encrypted, too large or without text.
    """
    if not data.strip(b"\x00\t\n\r \xef\xbb\xbf\xff\xfe"):
        raise SourceError(Reason.EMPTY, "Tệp trống, không có nội dung / the file is empty")
    content = Content(data)
    for form in FORMATS:
        if form.recognises(content):
            return form.read(source, content)
    claimed = _claim(source)
    vietnamese = (
        f"Tệp mang đuôi {claimed} nhưng nội dung không phải {claimed}" if claimed else "Không nhận ra định dạng"
    )
    english = f"the file is named {claimed} but is no such file" if claimed else "the format of the file is not known"
    raise SourceError(Reason.UNKNOWN_FORMAT, f"{vietnamese}; tệp có thể đã hỏng / {english}; it may be damaged")


# -- readers, imported when their format first turns up -------------------------------------------------------------


def _read_docx(source: Source, content: Content) -> Document:
    from extractors.docx import read_docx

    return read_docx(source, content.data, content.archive)


def _read_pdf(source: Source, content: Content) -> Document:
    from extractors.pdf import read_pdf

    return read_pdf(source, content.data)


def _read_office(name: str) -> Callable[[Source, Content], Document]:
    def read(source: Source, content: Content) -> Document:
        from extractors.office import read_office

        return read_office(source, content.data, name)

    return read


def _read_picture(source: Source, content: Content) -> Document:
    from extractors.scan_pictures import read_picture

    return read_picture(source, content.data)


def _read_xlsx(source: Source, content: Content) -> Document:
    from extractors.xlsx import read_xlsx

    return read_xlsx(source, content.data)


def _read_html(source: Source, content: Content) -> Document:
    from extractors.html import read_html

    return read_html(source, content.data)


def _read_text(source: Source, content: Content) -> Document:
    claimed = _claim(source)
    if claimed:
        raise SourceError(
            Reason.UNKNOWN_FORMAT,
            f"Tệp mang đuôi {claimed} nhưng nội dung là văn bản thuần, không phải {claimed}"
            f" / the file is named {claimed} but holds plain text",
        )
    if source.name.lower().endswith(_SEPARATED):
        from extractors.csv_sheet import read_csv

        return read_csv(source, content.data)
    from extractors.text import read_text

    return read_text(source, content.data)


def _refuse(reason: Reason, vietnamese: str, english: str) -> Callable[[Source, Content], NoReturn]:
    def refuse(_source: Source, _content: Content) -> NoReturn:
        raise SourceError(reason, f"{vietnamese} / {english}")

    return refuse


_SAVE = ("hãy lưu lại thành .docx hoặc .pdf", "save the file as .docx or .pdf")
_UNPACK = ("hãy giải nén, hoặc nén lại thành .zip", "unpack it, or pack it again as .zip")
_DETACH = ("hãy lưu các tệp đính kèm ra và đưa vào riêng", "save the attachments and give them by themselves")
_AS_SHEET = ("hãy lưu lại thành .xlsx", "save the file as .xlsx")
_DATA = ("đây là dữ liệu của chương trình, không phải văn bản", "it is data of a program and no document")


def _unsupported(
    name: str, english: str = "", advice: tuple[str, str] = _SAVE
) -> Callable[[Source, Content], NoReturn]:
    return _refuse(
        Reason.UNSUPPORTED_FORMAT,
        f"Chưa đọc được định dạng {name}; {advice[0]}",
        f"{english or name} files are not read; {advice[1]}",
    )


# -- recognition ----------------------------------------------------------------------------------------------------


def _starts(*signatures: bytes) -> Callable[[Content], bool]:
    return lambda content: content.head.lstrip().startswith(signatures)


def _member(prefix: str) -> Callable[[Content], bool]:
    return lambda content: content.has_member(prefix)


def _stream(*names: str) -> Callable[[Content], bool]:
    return lambda content: any(map(content.has_stream, names))


def _is_bundle(content: Content) -> bool:
    return content.members is not None and is_bundle(content.members)


def _is_docx(content: Content) -> bool:
    if content.members is None:
        return False
    return content.has_member("word/") or bool(_WORD_MAIN.search(content.member("[Content_Types].xml")))


def _is_broken_docx(content: Content) -> bool:
    return content.is_zip and content.members is None and b"word/" in content.data


def _is_broken_zip(content: Content) -> bool:
    return content.is_zip and content.members is None


def _is_broken_package(content: Content) -> bool:
    """A zip with the part that names its kind, which cannot be read."""
    names = set(content.members or ()) & {"mimetype", "[Content_Types].xml"}
    return content.is_zip and any(not content.member(name) for name in names)


def _mimetype(kind: bytes) -> Callable[[Content], bool]:
    return lambda content: content.is_zip and content.member("mimetype").startswith(kind)


_PICTURES = (
    *(b"\x89PNG\r\n", b"\xff\xd8\xff", b"GIF87a", b"GIF89a"),  # PNG, JPEG, GIF
    *(b"II*\x00", b"MM\x00*", b"II\xbc\x01", b"\x00\x00\x00\x0cjP  "),  # TIFF, JPEG XR, JPEG 2000
)


def _is_picture(content: Content) -> bool:
    head = content.data[:16]
    return (
        head.startswith(_PICTURES)
        or (head[:4] == b"RIFF" and head[8:12] == b"WEBP")
        or (head[4:8] == b"ftyp" and head[8:12] in (b"heic", b"heix", b"mif1", b"avif"))
        or (head[:2] == b"BM" and head[6:10] == b"\x00\x00\x00\x00")
    )


def _is_word_95(content: Content) -> bool:
    """Word 6.0 and 95 begin their text with another mark than Word 97 (MS-DOC 2.5.2, wIdent)."""
    if not content.has_stream("WordDocument"):
        return False
    file = open_compound(content.data)
    try:
        return file is not None and file.read("WordDocument").startswith(_WORD_95)
    except (KeyError, ValueError, IndexError, struct.error):
        return False


def _is_tar(content: Content) -> bool:
    return content.data[257:262] == b"ustar"


def _is_pdf(content: Content) -> bool:
    return b"%PDF-" in content.data[:_PDF_WITHIN]


def _is_xml(content: Content) -> bool:
    return bool(_XML.search(content.head))


def _is_json(content: Content) -> bool:
    """Data of a program. Text in brackets ("[Dự thảo] ...") is none: all of it must parse."""
    if not content.head.lstrip().startswith((b"{", b"[")) or content.text is None:
        return False
    try:
        json.loads(content.text)
    except (ValueError, RecursionError):
        return False
    return True


def _is_html(content: Content) -> bool:
    """A page; or a part of one, as portals export tables, which then ends with a tag too."""
    if _HTML.search(content.head) or is_wrapped(content.head):
        return True
    return bool(_HTML_PART.search(content.head)) and content.data.rstrip(b"\x00\t\n\r ").endswith(b">")


_ENCRYPTED = _refuse(
    Reason.ENCRYPTED, "Tệp Office có mật khẩu, không mở được", "the Office file is protected by a password"
)
_BROKEN_DOCX = _refuse(
    Reason.DAMAGED,
    "Tệp Word (.docx) bị hỏng hoặc bị cắt cụt, không mở được",
    "the Word file (.docx) is damaged or cut off and cannot be opened",
)
_BROKEN_ZIP = _refuse(
    Reason.DAMAGED, "Tệp nén hoặc tệp Office bị hỏng, bị cắt cụt", "the zip or Office file is damaged or cut off"
)

_BROKEN_OLE = _refuse(
    Reason.DAMAGED,
    "Tệp Office 97-2003 (.doc, .xls) bị hỏng hoặc bị cắt cụt, không mở được",
    "the Office 97-2003 file (.doc, .xls) is damaged or cut off and cannot be opened",
)
_BUNDLE = _refuse(
    Reason.UNSUPPORTED_FORMAT,
    "Tệp nén ZIP chứa nhiều văn bản; hãy dùng lệnh kehoach ingest, hoặc giải nén rồi mở từng tệp",
    "a ZIP bundle holds several documents; use kehoach ingest, or unpack it and open them one by one",
)

_ARCHIVES = (b"Rar!", b"7z\xbc\xaf\x27\x1c", b"\x1f\x8b", b"BZh", b"\xfd7zXZ\x00")

FORMATS: tuple[Format, ...] = (
    Format("zip", _is_bundle, _BUNDLE),
    Format("docx", _is_docx, _read_docx),
    Format("damaged docx", _is_broken_docx, _BROKEN_DOCX),
    Format(
        "xlsb", _member("xl/workbook.bin"), _unsupported("Excel nhị phân (.xlsb)", "binary Excel (.xlsb)", _AS_SHEET)
    ),
    Format("xlsx", _member("xl/"), _read_xlsx),
    Format("pptx", _member("ppt/"), _unsupported("PowerPoint (.pptx)")),
    Format("odt", _mimetype(b"application/vnd.oasis.opendocument.text"), _read_office("odt")),
    Format("ods", _mimetype(b"application/vnd.oasis.opendocument.spreadsheet"), _read_office("ods")),
    Format("odf", _mimetype(b"application/vnd.oasis.opendocument"), _unsupported("OpenDocument (.odp, .odg ...)")),
    Format("damaged zip", _is_broken_zip, _BROKEN_ZIP),
    Format("damaged package", _is_broken_package, _BROKEN_ZIP),
    Format("package", lambda content: content.is_zip, _unsupported("gói ZIP này", "such ZIP")),
    Format("encrypted office", _stream("EncryptedPackage"), _ENCRYPTED),
    Format("word 95", _is_word_95, _unsupported("Word 6.0/95")),
    Format("doc", _stream("WordDocument"), _read_office("doc")),
    Format("xls", _stream("Workbook", "Book"), _read_office("xls")),
    Format("ppt", _stream("PowerPoint Document"), _unsupported("PowerPoint 97-2003 (.ppt)")),
    Format("msg", _stream("__properties_version1.0"), _unsupported("thư Outlook (.msg)", "Outlook (.msg)", _DETACH)),
    Format("damaged ole", lambda content: content.data.startswith(_OLE) and content.streams is None, _BROKEN_OLE),
    Format(
        "ole",
        lambda content: content.data.startswith(_OLE),
        _unsupported("Microsoft Office cũ (OLE)", "old Microsoft Office (OLE)"),
    ),
    Format("rtf", _starts(b"{\\rtf"), _read_office("rtf")),
    Format("picture", _is_picture, _read_picture),
    Format(
        "archive", _starts(*_ARCHIVES), _unsupported("tệp nén (RAR, 7z, GZ ...)", "packed (RAR, 7z, GZ ...)", _UNPACK)
    ),
    Format("tar", _is_tar, _unsupported("tệp gộp TAR", "TAR", _UNPACK)),
    Format("word 2", _starts(_WORD_2), _unsupported("Word 2.0")),
    Format("pdf", _is_pdf, _read_pdf),
    Format("postscript", _starts(b"%!PS"), _unsupported("PostScript")),
    Format("html", _is_html, _read_html),
    Format("wordml", lambda content: _is_xml(content) and _WORD_XML in content.head, _read_office("wordml")),
    Format("spreadsheetml", lambda content: bool(_EXCEL_XML.search(content.head)), _read_office("spreadsheetml")),
    Format("xml", _is_xml, _unsupported("XML")),
    Format("json", _is_json, _unsupported("JSON", advice=_DATA)),
    Format("text", lambda content: content.text is not None, _read_text),
)

_SEPARATED = (".csv", ".tsv")  # nothing in the text itself tells a sheet from lines with commas

# Extensions whose files are never plain text.
_BINARY_NAMES = frozenset(
    (
        *(".pdf", ".doc", ".docx", ".docm", ".dot", ".dotx", ".rtf", ".odt", ".ods", ".xls", ".xlsx", ".xlsm"),
        *(".ppt", ".pptx", ".png", ".jpg", ".jpeg", ".tif", ".tiff", ".gif", ".bmp", ".webp", ".zip", ".rar", ".7z"),
    )
)


def _claim(source: Source) -> str:
    """The binary format that a file's name promises: ".pdf", or "" where the name promises none."""
    name = source.name.lower()
    extension = name[name.rfind(".") :] if "." in name else ""
    return extension if extension in _BINARY_NAMES else ""
