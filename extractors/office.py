"""Old and foreign office files (.doc, .rtf, .odt, .xls, .ods ...) -> Document, by way of LibreOffice.

LibreOffice writes Office Open XML, which our own readers read. One office process serves a whole worker process: a
start takes a second, a conversion a fifth of it. It has a profile of its own, since two processes on one profile lose
files silently, and runs no macro, updates no link, opens no other file and reaches no network (extractors.confine).
"""

import atexit
import fcntl
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path
from xml.sax.saxutils import escape

from extractors import confine
from extractors.document import Document, Notice, Source
from extractors.docx import read_docx
from extractors.errors import Reason, SourceError
from extractors.office_losses import Losses, losses
from extractors.office_probe import declares_entities, is_cut_off, is_encrypted, nests_too_deep
from extractors.word97 import with_last_paragraph
from extractors.xlsx import read_xlsx

INSTALL = "apt-get install --no-install-recommends libreoffice-writer libreoffice-calc"
CONVERT_SECONDS = 240  # within the time limit of a file
_HOME = Path("/usr/lib/libreoffice/program")  # where Debian keeps it, should PATH not lead there
_START_SECONDS = 120  # two on a quiet machine
_ROOM = 8 << 20  # bytes that its profile and a small document take
_RESTART = 81  # the exit code by which a new profile asks for one more start
_PROFILES = "kehoach-office-"


@dataclass(frozen=True, slots=True)
class Kind:
    """A format that LibreOffice converts: its ending and import filter, and what becomes of it."""

    suffix: str
    media_type: str
    import_filter: str
    target: str
    read: Callable[[Source, bytes], Document]


_XLS = "application/vnd.ms-excel"

KINDS = {
    "doc": Kind("doc", "application/msword", "MS Word 97", "docx", read_docx),
    "rtf": Kind("rtf", "application/rtf", "Rich Text Format", "docx", read_docx),
    "odt": Kind("odt", "application/vnd.oasis.opendocument.text", "writer8", "docx", read_docx),
    "wordml": Kind("xml", "application/msword", "MS Word 2003 XML", "docx", read_docx),
    "xls": Kind("xls", _XLS, "MS Excel 97", "xlsx", read_xlsx),
    "spreadsheetml": Kind("xml", _XLS, "MS Excel 2003 XML", "xlsx", read_xlsx),
    "ods": Kind("ods", "application/vnd.oasis.opendocument.spreadsheet", "calc8", "xlsx", read_xlsx),
}


def read_office(source: Source, data: bytes, name: str) -> Document:
    """Reads a file of one of `KINDS`; `extractor` is the kind's name, `media_type` that of the original.

    Raises:
        SourceError: encrypted, damaged, without text, too slow, or LibreOffice is not installed.
    """
    kind = KINDS[name]
    if is_encrypted(data, name):
        message = "Tệp có mật khẩu, không mở được / the file is protected by a password"
        raise SourceError(Reason.ENCRYPTED, message)
    if declares_entities(data, name):
        message = "Tệp XML có khai báo kiểu tài liệu nên không mở / the XML file declares a document type"
        raise SourceError(Reason.DAMAGED, message)
    if is_cut_off(data, name):
        message = f"Tệp {name} bị cắt cụt, thiếu phần cuối / the {name} file is cut off, its end is missing"
        raise SourceError(Reason.DAMAGED, message)
    if nests_too_deep(data, name):
        message = f"Tệp {name} lồng nhau quá sâu, có thể đã hỏng / the {name} file nests too deep, it may be damaged"
        raise SourceError(Reason.DAMAGED, message)
    made = convert(with_last_paragraph(data) if name == "doc" else data, kind)
    document = kind.read(source, made)
    notices = (*_notices(name, losses(name, data, made)), *document.notices)
    return replace(document, media_type=kind.media_type, extractor=name, notices=notices)


def _notices(name: str, lost: Losses | None) -> Iterator[Notice]:
    yield Notice("file.converted", f"Đọc tệp {name} qua LibreOffice / the {name} file was read by way of LibreOffice")
    if lost is not None:
        message = (
            f"Tệp {name} có thể đã hỏng: {lost.count} đoạn hoặc ô của tệp gốc không còn như cũ sau khi mở"
            f" / the {name} file may be damaged: {lost.count} paragraphs or cells did not arrive"
        )
        yield Notice("text.lost_in_conversion", message, evidence=lost.first)


def convert(data: bytes, kind: Kind) -> bytes:
    """The file in Office Open XML, as LibreOffice reads it.

    Raises:
        SourceError: LibreOffice is missing, cannot open the file, or needs too long for it.
    """
    global _office
    if _office is None:
        _office = Office(_programs())
        atexit.register(_office.close)
    return _office.convert(data, kind)


_office: "Office | None" = None


@dataclass(frozen=True, slots=True)
class Programs:
    """The office itself, and the small program that hands it a task."""

    office: Path
    task: Path


def _programs() -> Programs:
    found = shutil.which("soffice") or shutil.which("libreoffice")
    folder = Path(os.path.realpath(found)).parent if found else _HOME
    programs = Programs(folder / "soffice.bin", folder / "oosplash")
    if not (programs.office.exists() and programs.task.exists()):
        raise SourceError(
            Reason.DEPENDENCY_MISSING,
            f"Cần LibreOffice để đọc định dạng này; cài bằng lệnh: {INSTALL}"
            f" / LibreOffice is needed to read this format; install it with: {INSTALL}",
        )
    return programs


class Office:
    """One LibreOffice process with a profile of its own; started when first needed, again when it died.

    It stays in our process group, so that it dies with a worker that is killed.
    """

    def __init__(self, programs: Programs) -> None:
        self._programs = programs
        self._process: subprocess.Popen[bytes] | None = None
        self._folder: Path | None = None
        self._lock = -1

    def convert(self, data: bytes, kind: Kind) -> bytes:
        """Converts one file; tries a second time where an office that had served others died of it."""
        used = self._alive()
        try:
            return self._convert(data, kind)
        except SourceError as fault:
            if not used or self._alive() or fault.reason is Reason.TIMEOUT:
                raise
        return self._convert(data, kind)

    def close(self) -> None:
        """Ends the process and removes the profile; a worker that ends has a fifth of a second for it."""
        if self._process is not None:
            self._process.kill()
        if self._folder is not None:
            shutil.rmtree(self._folder, ignore_errors=True)
            os.close(self._lock)
            self._folder = None
        self._stop()

    def _convert(self, data: bytes, kind: Kind) -> bytes:
        home = self._started()
        with tempfile.TemporaryDirectory(dir=home) as folder:
            given, made = Path(folder, f"source.{kind.suffix}"), Path(folder, "out", f"source.{kind.target}")
            given.write_bytes(data)
            order = (f"--infilter={kind.import_filter}", "--convert-to", kind.target, "--outdir", str(made.parent))
            self._order(home, *order, str(given))
            try:
                return made.read_bytes()
            except FileNotFoundError:
                message = f"LibreOffice không mở được tệp .{kind.suffix}, tệp có thể đã hỏng"
                english = f"LibreOffice cannot open the .{kind.suffix} file, it may be damaged"
                raise SourceError(Reason.DAMAGED, f"{message} / {english}") from None

    def _order(self, home: Path, *order: str) -> None:
        """Hands the running office a task and waits until it is done."""
        with self._run(self._programs.task, home, *order) as task:
            try:
                task.wait(CONVERT_SECONDS)
            except subprocess.TimeoutExpired:
                self._stop()  # an order without its office ends by itself; killed below in any case
                raise SourceError(
                    Reason.TIMEOUT,
                    f"LibreOffice đọc tệp quá {CONVERT_SECONDS} giây nên bị dừng"
                    f" / LibreOffice took more than {CONVERT_SECONDS} seconds and was stopped",
                ) from None

    @contextmanager
    def _run(self, program: Path, home: Path, *arguments: str) -> Iterator[subprocess.Popen[bytes]]:
        process = self._begin(program, home, *arguments)
        try:
            yield process
        finally:
            process.kill()
            process.wait()

    def _begin(self, program: Path, home: Path, *arguments: str) -> subprocess.Popen[bytes]:
        options = ("--headless", "--nologo", "--norestore", "--nolockcheck", "--nodefault", "--nofirststartwizard")
        confined = (sys.executable, "-I", "-S", confine.__file__, str(os.getpid()), str(home))
        return subprocess.Popen(
            [*confined, str(program), f"-env:UserInstallation={(home / 'profile').as_uri()}", *options, *arguments],
            cwd=home,
            env=_environment(home),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )

    def _alive(self) -> bool:
        return self._process is not None and self._process.poll() is None

    def _started(self) -> Path:
        """The folder of a running office. It keeps a document open, for without one it ends after each task."""
        home = self._home()
        if self._alive():
            return home
        kept = home / "kept" / "kept.txt"
        ready = kept.with_name(".~lock.kept.txt#")  # written when the document is open, so orders are taken
        ready.unlink(missing_ok=True)
        patience = time.monotonic() + _START_SECONDS
        self._process = self._begin(self._programs.office, home, str(kept))
        while not ready.exists():
            code = self._process.poll()
            if code == _RESTART:
                self._process = self._begin(self._programs.office, home, str(kept))
            elif code is not None or time.monotonic() > patience:
                self._stop()
                raise _not_started(home, late=code is None)
            time.sleep(0.01)
        return home

    def _stop(self) -> None:
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process = None

    def _home(self) -> Path:
        if self._folder is None:
            _sweep()
            self._folder = Path(tempfile.mkdtemp(prefix=_PROFILES))
            self._lock = os.open(self._folder, os.O_RDONLY)
            fcntl.flock(self._lock, fcntl.LOCK_EX)
            (self._folder / "kept").mkdir()
            (self._folder / "kept" / "kept.txt").write_text("kehoach\n", encoding="ascii")
            user = self._folder / "profile" / "user"
            user.mkdir(parents=True)
            (user / "registrymodifications.xcu").write_text(_settings(), encoding="utf-8")
        return self._folder


def _not_started(home: Path, *, late: bool) -> SourceError:
    """Why the office did not start: no room for its files, a machine too busy, else its installation."""
    if shutil.disk_usage(home).free < _ROOM:
        return SourceError(
            Reason.UNREADABLE,
            f"Thư mục tạm {home.parent} đã đầy nên LibreOffice không chạy được"
            f" / LibreOffice cannot run because the folder for temporary files, {home.parent}, is full",
        )
    if late:
        return SourceError(
            Reason.TIMEOUT,
            f"LibreOffice khởi động quá {_START_SECONDS} giây nên bị dừng, có thể máy đang quá tải"
            f" / LibreOffice took more than {_START_SECONDS} seconds to start, the machine may be busy",
        )
    message = "LibreOffice không khởi động được; hãy cài lại bằng lệnh"
    english = "LibreOffice does not start; install it again with"
    return SourceError(Reason.DEPENDENCY_MISSING, f"{message}: {INSTALL} / {english}: {INSTALL}")


def _sweep() -> None:
    """Removes the profiles of processes that were killed: those that nobody holds locked."""
    for folder in Path(tempfile.gettempdir()).glob(f"{_PROFILES}*"):
        with suppress(OSError):
            if folder.stat().st_uid != os.getuid() or folder.is_symlink():
                continue
            lock = os.open(folder, os.O_RDONLY)
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                shutil.rmtree(folder, ignore_errors=True)
            finally:
                os.close(lock)


def _environment(home: Path) -> dict[str, str]:
    """Nothing of ours that a document could reach; a fixed locale, so that numbers and dates do not vary."""
    kept = {name: os.environ[name] for name in ("PATH", "SAL_LOG") if name in os.environ}
    return kept | {"HOME": str(home), "TMPDIR": str(home), "LC_ALL": "C.UTF-8", "SAL_USE_VCLPLUGIN": "svp"}


# Macros never, active content never, links never, and a proxy that nobody answers for whatever is left.
_SETTINGS = (
    ("Common/Security/Scripting", "MacroSecurityLevel", "3"),
    ("Common/Security/Scripting", "DisableMacrosExecution", "true"),
    ("Common/Security/Scripting", "DisableActiveContent", "true"),
    ("Common/Security/Scripting", "BlockUntrustedRefererLinks", "true"),
    ("Common/Misc", "FirstRun", "false"),
    ("Common/Save/Document", "CreateBackup", "false"),
    ("Recovery/AutoSave", "Enabled", "false"),
    ("Writer/Content/Update", "Link", "2"),
    ("Writer/Content/Update", "Field", "false"),
    ("Calc/Content/Update", "Link", "2"),
    ("Calc/Formula/Load", "OOXMLRecalcMode", "1"),  # never: the values that the author saw
    ("Calc/Formula/Load", "ODFRecalcMode", "1"),
    ("Inet/Settings", "ooInetProxyType", "2"),
    ("Inet/Settings", "ooInetHTTPProxyName", "127.0.0.1"),
    ("Inet/Settings", "ooInetHTTPProxyPort", "9"),
    ("Inet/Settings", "ooInetHTTPSProxyName", "127.0.0.1"),
    ("Inet/Settings", "ooInetHTTPSProxyPort", "9"),
)


def _settings() -> str:
    items = []
    for path, name, value in _SETTINGS:
        component = "/org.openoffice." + ("" if path.startswith("Inet") else "Office.") + path
        setting = f'<prop oor:name="{name}" oor:op="fuse"><value>{escape(value)}</value></prop>'
        items.append(f'<item oor:path="{component}">{setting}</item>')
    head = '<?xml version="1.0" encoding="UTF-8"?>\n<oor:items xmlns:oor="http://openoffice.org/2001/registry">'
    return f"{head}{''.join(items)}</oor:items>\n"
