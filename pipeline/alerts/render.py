"""Digests and weekly lists as letters: HTML for every mail reader, plain text beside it, attachments.

The HTML is made of tables with inline styles, which is all that Outlook understands; readers that know more follow the
style sheet of `base.html.j2` for dark mode and narrow screens. Jinja escapes every value.
"""

from datetime import date, datetime, timedelta
from functools import cache
from io import BytesIO
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape

from pipeline.alerts.digest import Digest
from pipeline.alerts.due import Duty, UnitBlock, Weekly, bounds, single_day
from pipeline.alerts.lake import Item, Paper, shortened
from pipeline.alerts.message import Attachment, Letter
from pipeline.check import RULES
from pipeline.check.rule import day
from pipeline.export.calendars import DueEvent, calendar_bytes
from pipeline.export.sheets import Sheet, SheetColumn, write_workbook
from pipeline.occurrences import occurrences
from pipeline.terminal import SEVERITY_WORDS, number
from pipeline.vocab.units import slug

MOST_CALENDARS = 8  # one for each unit; more units share one
MOST_EVENTS = 1_000  # of a calendar: recurring ones and the soonest
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_CALENDAR_YEARS = 8  # a rule whose first day is not found so soon ("5 năm một lần") still has one
_WEEKDAYS = ("thứ Hai", "thứ Ba", "thứ Tư", "thứ Năm", "thứ Sáu", "thứ Bảy", "Chủ nhật")

# Names of several words need no quotes, and without quotes nothing has to be escaped in an attribute.
_FONT = "font-family:-apple-system,Segoe UI,Roboto,Noto Sans,Arial,sans-serif;"
_STYLES = {
    "page": "background-color:#eef1f4;",
    "card": "background-color:#ffffff;",
    "text": f"{_FONT}font-size:15px;line-height:1.55;color:#1b2430;",
    "small": "font-size:13px;line-height:1.5;color:#566270;",
    "code": "font-family:Consolas,Menlo,DejaVu Sans Mono,monospace;font-size:12px;line-height:1.45;color:#566270;"
    "word-break:break-word;",
    "line": "border-top:1px solid #dfe4ea;font-size:0;line-height:0;",
    "error": "color:#b3261e;",
    "warning": "color:#8a5300;",
    "info": "color:#1f5f99;",
    "unread": "color:#5b3f8c;",
    "error_bg": "background-color:#fdeceb;",
    "warning_bg": "background-color:#fff4e0;",
    "info_bg": "background-color:#e8f1fb;",
    "unread_bg": "background-color:#f1ecf9;",
    "error_edge": "border-left:3px solid #b3261e;",
    "warning_edge": "border-left:3px solid #d98a00;",
    "info_edge": "border-left:3px solid #1f5f99;",
    "unread_edge": "border-left:3px solid #5b3f8c;",
}
_CHIPS = {"error": "LỖI", "warning": "CẢNH BÁO", "info": "THÔNG TIN"}


def digest_letter(digest: Digest) -> Letter:
    """The digest of a group with a workbook of all its findings."""
    attachments = (Attachment(_workbook_name(digest), XLSX, _workbook(digest)),)
    text = _render("digest.txt.j2", _digest_values(digest))
    return Letter("digest", f"Kế hoạch: {_digest_headline(digest)}", text, digest_html(digest), attachments)


def digest_html(digest: Digest) -> str:
    """The digest as HTML alone, to see how long it becomes."""
    return _render("digest.html.j2", _digest_values(digest))


def _digest_values(digest: Digest) -> dict[str, Any]:
    return {
        "digest": digest,
        "headline": _digest_headline(digest),
        "tiles": _tiles(digest),
        "attachment": _workbook_name(digest),
        "held": _held(digest),
    }


def _workbook_name(digest: Digest) -> str:
    return f"phat-hien-{digest.today.isoformat()}.xlsx"


def weekly_letter(weekly: Weekly, now: datetime) -> Letter:
    """The week's deadlines of a group, with a calendar for each unit (one for all where they are many)."""
    parts = (
        f"{number(weekly.overdue)} nhiệm vụ quá hạn" if weekly.overdue else "",
        f"{number(weekly.soon)} thời hạn trong {weekly.soon_days} ngày tới" if weekly.soon else "",
    )
    headline = ", ".join(part for part in parts if part)
    calendars = _calendars(weekly, now)
    values = {"weekly": weekly, "headline": headline, "calendars": [one.name for one in calendars]}
    return Letter(
        "weekly",
        f"Kế hoạch: {headline}",
        _render("weekly.txt.j2", values),
        _render("weekly.html.j2", values),
        calendars,
    )


def notice_letter(subject: str, text: str) -> Letter:
    """A few plain words to the operators."""
    values = {"headline": subject, "paragraphs": [part.strip() for part in text.split("\n\n") if part.strip()]}
    return Letter("notice", subject, _render("notice.txt.j2", values), _render("notice.html.j2", values))


def _render(template: str, values: dict[str, Any]) -> str:
    return _environment().get_template(template).render(values)


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("pipeline.alerts"),
        autoescape=select_autoescape(("html.j2",)),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters |= {"number": number, "day": day, "long_day": long_day, "short": shortened, "ago": _ago}
    environment.globals |= {
        "css": _STYLES,
        "chips": _CHIPS,
        "where": _where,
        "task_words": _task_words,
        "weekday": lambda when: _WEEKDAYS[when.weekday()],
    }
    return environment


def long_day(when: date) -> str:
    """Forms: 2026-11-22 -> "Chủ nhật, 22/11/2026"."""
    name = _WEEKDAYS[when.weekday()]
    return f"{name[0].upper()}{name[1:]}, {day(when)}"


def _ago(days: int) -> str:
    if days < 0:
        return f"quá {number(-days)} ngày"
    return {0: "hôm nay", 1: "ngày mai"}.get(days, f"còn {number(days)} ngày")


def _where(item: Item) -> str:
    """Task, page and units of a finding, on one line."""
    task = item.task
    parts = [f"Nhiệm vụ {task.ordinal}" if task and task.ordinal else "Nhiệm vụ" if task else "Toàn văn bản"]
    parts += [f"trang {item.page}"] if item.page else []
    parts += [f"chủ trì: {shortened('; '.join(task.leads), 80)}"] if task and task.leads else []
    return " · ".join(parts)


def _task_words(item: Item) -> str:
    """What the task is, where the evidence does not say so already."""
    if not item.task or item.evidence in item.task.content or item.task.content in item.evidence:
        return ""
    return shortened(item.task.content, 140)


def _digest_headline(digest: Digest) -> str:
    found = [f"{number(digest.counts[s])} {words}" for s, words in SEVERITY_WORDS.items() if digest.counts.get(s)]
    parts = [f"{', '.join(found)} mới trong {number(digest.documents)} văn bản"] if found else []
    parts += [f"{number(digest.changed_count)} văn bản có bản mới"] if digest.changed_count else []
    parts += [f"{number(digest.unread_count)} tệp không đọc được"] if digest.unread_count else []
    return ", ".join(parts)


def _held(digest: Digest) -> str:
    """What the attachment has."""
    counts = (
        (len(digest.attached), "phát hiện"),
        (digest.changed_count, "văn bản có bản mới"),
        (len(digest.all_unread), "tệp không đọc được"),
    )
    return " và ".join(f"{number(count)} {words}" for count, words in counts if count)


def _tiles(digest: Digest) -> list[tuple[str, str, int]]:
    """Kind, word and count of each figure that the header shows."""
    rows = [(severity, words, digest.counts.get(severity, 0)) for severity, words in SEVERITY_WORDS.items()]
    rows.append(("info", "văn bản có bản mới", digest.changed_count))
    rows.append(("unread", "tệp không đọc được", digest.unread_count))
    return [row for row in rows if row[2]]


def _workbook(digest: Digest) -> bytes:
    columns = (
        *(SheetColumn("Mức", 11, words=SEVERITY_WORDS), SheetColumn("Quy tắc", 28), SheetColumn("Văn bản", 26)),
        *(SheetColumn("Cơ quan ban hành", 26), SheetColumn("Ngày ban hành", 14), SheetColumn("Tệp", 22)),
        *(SheetColumn("Nhiệm vụ", 10), SheetColumn("Nội dung nhiệm vụ", 44), SheetColumn("Chủ trì", 26)),
        *(SheetColumn("Thời hạn", 18), SheetColumn("Trang", 8), SheetColumn("Phát hiện", 50)),
        *(SheetColumn("Lời văn trên giấy", 44), SheetColumn("Mã phát hiện", 20)),
    )
    rows = (_row(item, digest.papers[item.document_id]) for item in digest.attached)
    sheets = [Sheet("Phát hiện", columns, rows, shade_by=0)] if digest.attached else []
    if digest.all_unread:
        heads = (SheetColumn("Tệp", 40), SheetColumn("Lý do", 22), SheetColumn("Chi tiết", 70), SheetColumn("Mã", 20))
        unread = ((one.file, one.reason, one.message, one.item_id) for one in digest.all_unread)
        sheets.append(Sheet("Tệp không đọc được", heads, unread))
    if digest.changed:
        of_changes = (
            *(SheetColumn("Văn bản", 26), SheetColumn("Thay bản", 26), SheetColumn("Thay đổi", 28)),
            *(SheetColumn("Nội dung", 60), SheetColumn("Trước", 44), SheetColumn("Nay", 44)),
        )
        changes = (
            (one.paper.reference, one.former, task.what, task.content, task.before, task.after)
            for one in digest.changed
            for task in one.tasks
        )
        sheets.append(Sheet("Bản mới", of_changes, changes))
    book = BytesIO()
    write_workbook(book, sheets)
    return book.getvalue()


def _row(item: Item, paper: Paper) -> tuple[Any, ...]:
    rule = RULES.get(item.rule)
    task = item.task
    return (
        *(item.severity, rule.title if rule else item.rule, paper.reference, paper.issuer, paper.issued, paper.file),
        *((task.ordinal, task.content, "\n".join(task.leads), task.deadline) if task else ("", "", "", "")),
        *(item.page, item.message, item.evidence, item.finding_id),
    )


def _calendars(weekly: Weekly, now: datetime) -> tuple[Attachment, ...]:
    if len(weekly.units) <= MOST_CALENDARS:
        return tuple(_calendar(f"Thời hạn: {one.unit}", slug(one.unit), (one,), weekly, now) for one in weekly.units)
    return (_calendar(f"Thời hạn: {weekly.group}", "cac-don-vi", weekly.units, weekly, now),)


def _calendar(title: str, name: str, blocks: tuple[UnitBlock, ...], weekly: Weekly, now: datetime) -> Attachment:
    since = weekly.today - timedelta(days=weekly.overdue_days)
    events: dict[str, DueEvent] = {}
    for block in blocks:
        for duty in block.duties:
            for event in _events(duty, block.unit, since):
                events.setdefault(event.uid, event)
    soonest = sorted(events.values(), key=lambda event: (event.rrule is None, event.day, event.uid))[:MOST_EVENTS]
    return Attachment(f"thoi-han-{name[:60]}.ics", "text/calendar", calendar_bytes(title, soonest, now))


def _events(duty: Duty, unit: str, since: date) -> list[DueEvent]:
    events = []
    for position, deadline in duty.deadlines:
        first, last = bounds(duty, deadline)
        when = (
            _first_day(deadline.rrule, first or date(since.year, 1, 1), last)
            if deadline.rrule
            else single_day(deadline)
        )
        ended = last if deadline.rrule else when
        if when is None or (ended and ended < since):
            continue
        events.append(
            DueEvent(
                f"{duty.task_id}-{position}@kehoach",
                when,
                f"Hạn: {shortened(duty.content, 100)}",
                f"{duty.content}\n\nThời hạn ghi: {deadline.text}\n{duty.paper.reference}, {duty.paper.about}",
                (unit,),
                deadline.rrule,
                last,
            )
        )
    return events


def _first_day(rrule: str, first: date, last: date | None) -> date | None:
    until = date(min(first.year + _CALENDAR_YEARS, date.max.year), 12, 31)
    return next(iter(occurrences(rrule, first, until, first, last)), None)
