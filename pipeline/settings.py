"""The settings of an installation: one commented TOML file, read strictly.

`kehoach.toml` is looked for beside the command (or named by --config or KEHOACH_CONFIG); without one the defaults
below hold. An unknown name, a wrong type or a contradiction is told in one sentence before anything is done.
Secrets never stand in it: they come from the environment or a Prefect secret.
"""

import difflib
import os
import re
import tomllib
from email.utils import parseaddr
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError, field_validator

from extractors.errors import IngestError
from extractors.refusals import refused
from pipeline.schedule import check_cron, check_timezone

if TYPE_CHECKING:
    from pydantic_core import ErrorDetails

DEFAULT_FILE = Path("kehoach.toml")
Severity = Literal["error", "warning", "info"]
Cron = Annotated[str, AfterValidator(check_cron)]


class SettingsError(IngestError):
    """The settings file cannot be read or contradicts itself."""


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Intake(_Part):
    """What is read, and where the results go."""

    sources: tuple[str, ...] = ("data/raw",)  # folders, files or fsspec addresses (s3://bucket/plans)
    out: Path = Path("data/parsed")
    state: Path | None = None  # None: `<out>.state`
    publish: str | None = None  # an address (s3://bucket/kehoach, /mnt/chia-se) that receives a copy of the tables
    report: Path | None = None  # folder of the report that the scheduled run writes anew; None: it writes none
    stable_seconds: Annotated[float, Field(ge=0)] = 5.0  # a younger file is left for the next run
    workers: Annotated[int, Field(ge=1)] | None = None  # None: one a core
    time_limit: Annotated[int, Field(ge=1)] = 300  # seconds that one file may take
    prose_tasks: bool = False
    rules_off: tuple[str, ...] = ()  # codes of findings that nobody here wants
    log_json: bool = False  # a log of JSON lines in the state folder

    @property
    def state_folder(self) -> Path:
        """Where the ledger lies: beside the tables, since they may be deleted and it may not."""
        return self.state or self.out.with_name(self.out.name + ".state")


class Schedule(_Part):
    """When things run."""

    ingest: Cron = "0 1 * * *"  # cron: every night at one
    weekly: Cron = "0 7 * * 1"  # cron: Monday at seven, the digest of due tasks
    timezone: Annotated[str, AfterValidator(check_timezone)] = "Asia/Ho_Chi_Minh"
    silence_hours: Annotated[float, Field(gt=0)] = 26.0  # no run ended for so long: the watchdog writes
    dask: str | None = None  # address of a Dask scheduler; None: processes of this machine
    history_days: Annotated[int, Field(ge=1)] = 30  # how long Prefect's page shows a run; the ledger keeps them all


# As HTML defines the input of an e-mail address: what mail servers in use take. No quoting, no spaces, no Unicode.
_ADDRESS = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*")


def _address(text: str) -> str:
    """An address, with or without a name before it: "Văn thư <vanthu@so.gov.vn>"."""
    address = parseaddr(text)[1]
    if not text.isprintable() or not _ADDRESS.fullmatch(address) or text.count("@") != 1:
        raise ValueError(f"{text!r} không phải là địa chỉ thư (cần dạng ten@co-quan.gov.vn)")
    return text.strip()


Address = Annotated[str, AfterValidator(_address)]


class Mail(_Part):
    """How mail leaves; without a host it is written to files instead."""

    host: str | None = None
    port: Annotated[int, Field(ge=1, le=65535)] = 25
    security: Literal["none", "starttls", "tls"] = "starttls"
    user: str | None = None
    credential: str = "env:KEHOACH_MAIL_PASSWORD"  # or "prefect:<name of a Secret block>"
    ca_file: Path | None = None
    sender: Address = "kehoach@localhost"
    operators: tuple[Address, ...] = ()  # who hears when nothing runs; empty: the groups that hear of failures


class Group(_Part):
    """Who is told what. Empty lists mean: all."""

    name: Annotated[str, Field(min_length=1, max_length=60)]
    to: Annotated[tuple[Address, ...], Field(min_length=1)]
    severity: Severity = "warning"  # the least grave that is told
    issuers: tuple[str, ...] = ()
    units: tuple[str, ...] = ()
    rules: tuple[str, ...] = ()
    failures: bool = True
    digest: bool = True
    weekly: bool = False
    soon_days: Annotated[int, Field(ge=1, le=366)] = 14  # the weekly mail looks so far ahead
    overdue_days: Annotated[int, Field(ge=0, le=3660)] = 30  # and so far back

    @field_validator("name")
    @classmethod
    def _plain_name(cls, name: str) -> str:
        if not name.isprintable() or name != name.strip():
            raise ValueError("tên nhóm có ký tự điều khiển hoặc khoảng trắng thừa")
        return name


class Settings(_Part):
    """Everything an installation may set."""

    intake: Intake = Intake()
    schedule: Schedule = Schedule()
    mail: Mail = Mail()
    groups: tuple[Group, ...] = ()

    @field_validator("groups")
    @classmethod
    def _apart(cls, groups: tuple[Group, ...]) -> tuple[Group, ...]:
        names = [group.name for group in groups]
        if twice := {name for name in names if names.count(name) > 1}:
            raise ValueError(f"hai nhóm cùng tên: {', '.join(sorted(twice))}")
        return groups


_PARTS: dict[str, type[_Part]] = {"intake": Intake, "schedule": Schedule, "mail": Mail, "[groups]": Group}
_NAMES = [*Settings.model_fields, *(name for part in _PARTS.values() for name in part.model_fields)]


def with_intake(settings: Settings, **given: Any) -> Settings:
    """The settings with what one run was told in the place of its `intake`; None leaves what stands there."""
    told = {name: value for name, value in given.items() if value is not None}
    return settings.model_copy(update={"intake": Intake.model_validate(settings.intake.model_dump() | told)})


def load_settings(path: Path | None = None) -> Settings:
    """The settings of `path`, of KEHOACH_CONFIG, of ./kehoach.toml, or the defaults.

    Raises:
        SettingsError: the file does not exist, is no TOML, or holds an unknown name or a wrong value.
    """
    named = path or (Path(os.environ["KEHOACH_CONFIG"]) if os.environ.get("KEHOACH_CONFIG") else None)
    if named is None and not DEFAULT_FILE.exists():
        return Settings()
    file = named or DEFAULT_FILE
    try:
        return Settings.model_validate(tomllib.loads(file.read_text(encoding="utf-8-sig")))  # Notepad writes a mark
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as fault:
        raise SettingsError(f"Không đọc được {file}: {_unread(fault)}. / {file} cannot be read: {fault}") from fault
    except ValidationError as faults:
        told = "; ".join(map(_told, faults.errors()))
        raise SettingsError(f"Cấu hình {file} có lỗi: {told} / The settings {file} are at fault there.") from faults


def _unread(fault: OSError | UnicodeDecodeError | tomllib.TOMLDecodeError) -> str:
    """Forms: "sai cú pháp TOML ở dòng 3, cột 11 (Invalid value)"."""
    if isinstance(fault, UnicodeDecodeError):
        return "tệp không theo bảng mã UTF-8; hãy lưu lại với bảng mã UTF-8"
    if isinstance(fault, OSError):
        return refused(fault)
    what, _, where = str(fault).partition(" (at ")
    where = re.sub(r"line (\d+), column (\d+)\)", r"ở dòng \1, cột \2", where).replace("end of document)", "ở cuối tệp")
    return f"sai cú pháp TOML {where} ({what})"


def _told(fault: "ErrorDetails") -> str:
    """One fault in words: "groups.1.severty: không có mục này (có phải 'severity'?)". Groups are counted from 1."""
    place = ".".join(str(part + 1 if isinstance(part, int) else part) for part in fault["loc"])
    if fault["type"] == "extra_forbidden":
        name = str(fault["loc"][-1])
        if homes := [f"[{part}]" for part, its in _PARTS.items() if name in its.model_fields]:
            return f"{place}: không có mục này ở đây, nó thuộc {' hoặc '.join(homes)}"
        close = difflib.get_close_matches(name, _NAMES, n=1)
        return f"{place}: không có mục này" + (f" (có phải {close[0]!r}?)" if close else "")
    limits = fault.get("ctx", {})
    words = {
        "missing": "thiếu mục này",
        "too_short": "còn trống",
        "string_too_short": "còn trống",
        "string_too_long": f"dài quá {limits.get('max_length')} ký tự",
        "literal_error": f"phải là {limits.get('expected')}".replace(" or ", " hoặc "),
        "string_type": "phải là chữ trong dấu nháy kép",
        "path_type": "phải là đường dẫn trong dấu nháy kép",
        "tuple_type": 'phải là danh sách trong ngoặc vuông, ví dụ ["a", "b"]',
        "model_type": "phải là một phần có tên trong ngoặc vuông, ví dụ [mail]",
        "greater_than": f"phải lớn hơn {limits.get('gt')}",
        "greater_than_equal": f"phải từ {limits.get('ge')} trở lên",
        "less_than_equal": f"không được quá {limits.get('le')}",
    }
    kinds = {"int": "phải là số nguyên", "float": "phải là số", "bool": "phải là true hoặc false"}
    told = words.get(fault["type"]) or kinds.get(fault["type"].partition("_")[0])
    return f"{place}: {told or fault['msg'].removeprefix('Value error, ')}"
