"""What a settings file means that nobody can have meant: rules that do not exist, groups that never hear anything."""

import difflib
import os
import ssl
from collections.abc import Iterator
from dataclasses import dataclass
from fnmatch import filter as matching
from pathlib import Path

from extractors.errors import IngestError
from pipeline.alerts.lake import Lake
from pipeline.alerts.routing import any_matches, grave_enough, name_matches, rule_matches
from pipeline.alerts.server import MailServer, MailServerError, password_of
from pipeline.check import RULES
from pipeline.remote import is_address
from pipeline.settings import Group, Intake, Mail, Settings
from pipeline.vocab.units import entries_named


@dataclass(frozen=True, slots=True)
class Remark:
    """One thing to look at; `wrong` ones keep documents from being read or mail from arriving, others may be meant."""

    wrong: bool
    text: str


def inspect(settings: Settings) -> tuple[Remark, ...]:
    """All remarks on settings that have been loaded, the wrong ones first. Opens no connection."""
    found = [*_folders(settings.intake), *_rules_off(settings), *_mail(settings.mail), *_groups(settings)]
    return tuple(sorted(found, key=lambda remark: not remark.wrong))


def try_connection(mail: Mail) -> Remark | None:
    """Connects, starts encryption and logs in, as a delivery would; sends nothing. None where all went well."""
    if not mail.host:
        return Remark(True, "mail.host: chưa đặt, không có gì để thử.")
    try:
        with MailServer(mail, password_of(mail)):
            return None
    except MailServerError as fault:
        return Remark(True, str(fault))


def _folders(intake: Intake) -> Iterator[Remark]:
    if not intake.sources:
        yield Remark(True, "intake.sources: còn trống, không có gì để đọc.")
    for source in intake.sources:
        if is_address(source):
            continue
        if not os.path.exists(source):
            yield Remark(True, f"intake.sources: không có thư mục hoặc tệp {source}")
        elif not os.access(source, os.R_OK):
            yield Remark(True, f"intake.sources: không có quyền đọc {source}")
    for name, folder in (("out", intake.out), ("state", intake.state_folder), ("report", intake.report)):
        if folder is not None and not _can_be_written(folder):
            yield Remark(True, f"intake.{name}: không ghi được vào {folder}")


def _can_be_written(folder: Path) -> bool:
    """Whether the folder, or the nearest one above it that is there already, lets us write into it."""
    there = next((path for path in (folder, *folder.absolute().parents) if os.path.lexists(path)), Path("/"))
    return there.is_dir() and os.access(there, os.W_OK | os.X_OK)


def _rules_off(settings: Settings) -> Iterator[Remark]:
    for code in settings.intake.rules_off:
        if code not in RULES:
            yield Remark(True, f"intake.rules_off: không có quy tắc {code!r}{_meant(code)}")


def _mail(mail: Mail) -> Iterator[Remark]:
    if not mail.host:
        yield Remark(False, "mail.host: chưa đặt máy chủ thư, nên thư chỉ được ghi thành tệp.")
        return
    if mail.ca_file and not mail.ca_file.is_file():
        yield Remark(True, f"mail.ca_file: không có tệp {mail.ca_file}")
    elif mail.ca_file and not _holds_certificates(mail.ca_file):
        yield Remark(True, f"mail.ca_file: {mail.ca_file} không phải là tệp chứng thư dạng PEM")
    if mail.sender.rstrip(">").endswith("@localhost"):
        yield Remark(False, "mail.sender: địa chỉ gửi còn là @localhost; nhiều máy chủ sẽ từ chối.")
    kind, _, name = mail.credential.partition(":")
    if kind not in ("env", "prefect") or not name:
        yield Remark(True, 'mail.credential: phải có dạng "env:TÊN" hoặc "prefect:tên"')
    elif mail.user and kind == "env" and not os.environ.get(name):
        yield Remark(True, f"mail.credential: biến môi trường {name} chưa được đặt.")
    if mail.user and mail.security == "none":
        yield Remark(False, 'mail.security = "none": tên và mật khẩu đi qua mạng không được mã hóa.')


def _holds_certificates(file: Path) -> bool:
    try:
        ssl.create_default_context(cafile=str(file))
    except (ssl.SSLError, OSError):
        return False
    return True


def _groups(settings: Settings) -> Iterator[Remark]:
    if not settings.groups:
        yield Remark(False, "groups: chưa có nhóm nào, nên không ai được báo.")
        return
    names = _names_in_the_tables(settings)
    for group in settings.groups:
        yield from _rules_of(group, settings)
        yield from _names_of(group, names)
        if not group.digest and not group.weekly:
            yield Remark(True, f"nhóm {group.name}: digest và weekly đều tắt, nên nhóm không bao giờ nhận thư.")
    if not any(group.digest for group in settings.groups):
        yield Remark(False, "groups: không nhóm nào nhận thư phát hiện mới (digest).")
    if not any(group.digest and group.failures for group in settings.groups):
        yield Remark(False, "groups: không nhóm nào được báo về tệp không đọc được (failures).")
    unheard = [code for code in RULES if not any(_can_hear(group, code) for group in settings.groups)]
    grave = [code for code in unheard if RULES[code].severity == "error" and code not in settings.intake.rules_off]
    if grave:
        yield Remark(False, f"groups: không nhóm nào được báo về các lỗi {', '.join(grave)}")


def _rules_of(group: Group, settings: Settings) -> Iterator[Remark]:
    for code in group.rules:
        if not matching(RULES, code):
            yield Remark(True, f"nhóm {group.name}, rules: không có quy tắc {code!r}{_meant(code)}")
    heard = [code for code in RULES if _can_hear(group, code) and code not in settings.intake.rules_off]
    if group.digest and not heard:
        why = f"severity = {group.severity!r} và rules = {list(group.rules)}"
        yield Remark(True, f"nhóm {group.name}: không quy tắc nào hợp với {why}, nên nhóm không bao giờ được báo.")


def _can_hear(group: Group, code: str) -> bool:
    grave = grave_enough(RULES[code].severity.value, group.severity)
    return group.digest and grave and rule_matches(group.rules, code)


def _names_in_the_tables(settings: Settings) -> tuple[frozenset[str], frozenset[str]]:
    """Issuers and lead units of the documents read so far; none where there are no tables yet."""
    lake = Lake(settings.intake)
    try:
        return frozenset(filter(None, lake.issuers.values())), lake.units
    except IngestError:
        return frozenset(), frozenset()


def _names_of(group: Group, names: tuple[frozenset[str], frozenset[str]]) -> Iterator[Remark]:
    issuers, units = names
    for asked in group.issuers:
        if issuers and not any_matches((asked,), tuple(issuers)):
            yield Remark(
                False, f"nhóm {group.name}, issuers: chưa có văn bản nào của {asked!r}{_alike(asked, issuers)}"
            )
    for asked in group.units:
        if entries_named(asked) or any(name_matches(asked, name) for name in units):
            continue
        where = "không có trong danh mục đơn vị và chưa chủ trì nhiệm vụ nào"
        yield Remark(False, f"nhóm {group.name}, units: {asked!r} {where}{_alike(asked, units)}")


def _meant(code: str) -> str:
    return _alike(code, frozenset(RULES))


def _alike(word: str, known: frozenset[str]) -> str:
    close = difflib.get_close_matches(word, sorted(known), n=1, cutoff=0.6)
    return f" (có phải {close[0]!r}?)" if close else ""
