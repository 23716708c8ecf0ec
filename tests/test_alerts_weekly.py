"""The weekly mail: what is late and what is near on the day it is written, and calendars that can be imported again."""

from datetime import UTC, date, datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

import pytest
from icalendar import Calendar

from pipeline import alerts
from pipeline.alerts.due import Weekly, weekly_of
from pipeline.alerts.lake import Lake
from pipeline.ledger.acks import acknowledge
from pipeline.ledger.database import open_ledger
from pipeline.ledger.mail import queued
from pipeline.plan import Bound, Deadline, DeadlineKind, Task
from pipeline.settings import Group, Settings
from pipeline.store.parquet import Store
from tests.alert_samples import NOW, duty, every, group, lake, on_day, paper, settings

TODAY = date(2026, 6, 22)
QUARTERLY = "FREQ=MONTHLY;INTERVAL=3"


def with_tasks(folder: Path, *tasks: Task, listener: Group | None = None, **about: tuple[str, str]) -> Settings:
    return settings(lake(folder / "parsed", paper("a.txt", tasks=tasks, **about)), listener or group(weekly=True))


def lines(weekly: Weekly) -> list[tuple[str, str, str]]:
    """Unit, "late" or "soon", and the day, as the mail shows them."""
    return [
        (block.unit, what, f"{line.day:%d/%m}")
        for block in weekly.units
        for what, rows in (("late", block.overdue), ("soon", block.soon))
        for line in rows
    ]


def shown(chosen: Settings, today: date = TODAY) -> list[tuple[str, str, str]]:
    return lines(weekly_of(chosen.groups[0], Lake(chosen.intake), today))


@pytest.mark.parametrize(
    ("deadline", "expected"),
    [
        (on_day("trước 30/6/2026", "2026-06-30"), [("soon", "30/06")]),
        (on_day("22/6/2026", "2026-06-22"), [("soon", "22/06")]),
        (on_day("06/7/2026", "2026-07-06"), [("soon", "06/07")]),
        (on_day("07/7/2026", "2026-07-07"), []),
        (on_day("21/6/2026", "2026-06-21"), [("late", "21/06")]),
        (on_day("23/5/2026", "2026-05-23"), [("late", "23/05")]),
        (on_day("22/5/2026", "2026-05-22"), []),
        (on_day("từ ngày 25/6/2026", "2026-06-25", Bound.FROM), []),
        (
            Deadline("Trước quý III", DeadlineKind.QUARTER, Bound.BEFORE, date(2026, 7, 1), date(2026, 9, 30)),
            [("soon", "30/06")],
        ),
        (Deadline("Thường xuyên", DeadlineKind.ONGOING), []),
        (every("Hàng quý", QUARTERLY), [("soon", "30/06")]),
        (every("Hàng quý, đến hết tháng 5", QUARTERLY, end=date(2026, 5, 31)), []),
        (every("Hàng tuần", "FREQ=WEEKLY"), [("soon", "28/06")]),
        (every("Hàng ngày", "FREQ=DAILY"), []),
        (every("15/01 hàng năm", "FREQ=YEARLY;BYMONTH=1;BYMONTHDAY=15"), []),
    ],
)
def test_what_is_late_and_what_is_near(tmp_path: Path, deadline: Deadline, expected: list[tuple[str, str]]) -> None:
    chosen = with_tasks(tmp_path, duty(1, "Việc", deadline))
    assert [found[1:] for found in shown(chosen)] == expected


def test_a_task_with_a_day_to_come_is_not_late(tmp_path: Path) -> None:
    chosen = with_tasks(tmp_path, duty(1, "Việc", on_day("15/6", "2026-06-15"), on_day("15/12", "2026-12-15")))
    assert shown(chosen) == []
    assert [found[1:] for found in shown(chosen, date(2026, 6, 8))] == [("soon", "15/06")]


def test_recurrences_end_with_their_plan(tmp_path: Path) -> None:
    old = with_tasks(tmp_path, duty(1, "Báo cáo", every("Hàng quý", QUARTERLY)), period=("2020-01-01", "2020-12-31"))
    assert shown(old) == []
    assert shown(old, date(2020, 6, 22)) == [("Văn phòng Sở", "soon", "30/06")]


def test_units_are_told_apart_and_those_of_other_groups_left_out(tmp_path: Path) -> None:
    tasks = (
        duty(1, "Việc một", on_day("30/6", "2026-06-30"), lead="Phòng Tổ chức cán bộ"),
        duty(2, "Việc hai", on_day("29/6", "2026-06-29"), lead="Phòng Lạ Lùng"),
        duty(3, "Việc ba", on_day("20/6", "2026-06-20"), lead=""),
    )
    everyone = with_tasks(tmp_path, *tasks)
    assert [found[0] for found in shown(everyone)] == [
        "Phòng Lạ Lùng",
        "Phòng Tổ chức cán bộ",
        "Chưa ghi đơn vị chủ trì",
    ]
    one = everyone.model_copy(update={"groups": (group(weekly=True, units=("TCCB",)),)})
    assert [found[0] for found in shown(one)] == ["Phòng Tổ chức cán bộ"]
    elsewhere = everyone.model_copy(update={"groups": (group(weekly=True, issuers=("Sở Y tế",)),)})
    assert shown(elsewhere) == []


def test_a_long_list_shows_the_most_urgent_of_every_unit(tmp_path: Path) -> None:
    tasks = tuple(
        duty(n, f"Việc {n}", on_day("x", f"2026-0{5 + n % 2}-{25 + n % 5}"), lead=f"Phòng Số {n % 9}")
        for n in range(1, 200)
    )
    weekly = weekly_of(group(weekly=True), Lake(with_tasks(tmp_path, *tasks).intake), TODAY)
    assert len(lines(weekly)) <= 70
    assert len({unit for unit, _, _ in lines(weekly)}) == 9
    assert len(lines(weekly)) + sum(block.more for block in weekly.units) == weekly.overdue + weekly.soon


def test_two_files_of_one_document_tell_a_task_once(tmp_path: Path) -> None:
    tasks = (duty(1, "Rà soát hồ sơ", on_day("30/6", "2026-06-30")),)
    files = [paper(name, tasks=tasks, number="9") for name in ("kh.docx", "kh.pdf")]
    chosen = settings(lake(tmp_path / "parsed", *files), group(weekly=True))
    assert [found[1:] for found in shown(chosen)] == [("soon", "30/06")]
    done = frozenset({f"{files[0].document_id}-0001"})
    assert not weekly_of(chosen.groups[0], Lake(chosen.intake), TODAY, done)


def test_done_tasks_are_left_out_and_a_week_is_told_once(tmp_path: Path) -> None:
    nobody = {"host": "localhost", "port": 1, "security": "none"}
    out = lake(tmp_path / "parsed", paper("a.txt", tasks=(duty(1, "Việc", on_day("20/6", "2026-06-20")),)))
    chosen = settings(out, group(weekly=True), **nobody)
    assert alerts.weekly(chosen, NOW).queued == 1
    assert alerts.weekly(chosen, NOW + timedelta(days=6)).queued == 0
    assert alerts.weekly(chosen, NOW + timedelta(days=7)).queued == 1
    with open_ledger(chosen.intake.state_folder) as ledger:
        assert [line.kind for line in queued(ledger)] == ["weekly", "weekly"]
        (task,) = Store(out).read("tasks", ["task_id"]).column("task_id").to_pylist()
        acknowledge(ledger, [task], by="hong", note="đã xong", now=NOW)
    assert alerts.weekly(chosen, NOW + timedelta(days=14)).queued == 0


def calendars(chosen: Settings, folder: Path, now: datetime = NOW) -> dict[str, Calendar]:
    paths = alerts.preview(chosen, now, folder, weekly=True).written
    (path,) = (path for path in paths if path.suffix == ".eml")
    mail = message_from_bytes(path.read_bytes(), _class=EmailMessage, policy=policy.default)
    attached = [part for part in mail.iter_attachments() if part.get_content_type() == "text/calendar"]
    return {str(part.get_filename()): Calendar.from_ical(part.get_content()) for part in attached}


def test_the_calendar_of_a_unit_can_be_imported_again_and_again(tmp_path: Path) -> None:
    chosen = with_tasks(
        tmp_path,
        duty(1, "Báo cáo; tổng hợp, gửi\\Sở", on_day("25/6", "2026-06-25"), on_day("05/11", "2026-11-05")),
        duty(2, "Báo cáo quý", every("Hàng quý", QUARTERLY)),
    )
    ((name, calendar),) = calendars(chosen, tmp_path / "mail").items()
    assert name == "thoi-han-van-phong-so.ics"
    events = {str(event["uid"]): event for event in calendar.walk("VEVENT")}
    days = sorted(event["dtstart"].dt for event in events.values())
    assert days == [date(2026, 3, 31), date(2026, 6, 25), date(2026, 11, 5)]
    assert all(event["dtend"].dt - event["dtstart"].dt == timedelta(days=1) for event in events.values())
    rules = [event["rrule"].to_ical().decode() for event in events.values() if "rrule" in event]
    assert [set(rule.split(";")) for rule in rules] == [
        {"FREQ=MONTHLY", "INTERVAL=3", "BYMONTHDAY=-1", "UNTIL=20261231"}
    ]
    assert any(str(event["summary"]) == "Hạn: Báo cáo; tổng hợp, gửi\\Sở" for event in events.values())
    ((_, later),) = calendars(chosen, tmp_path / "later", NOW + timedelta(days=7)).items()
    assert {str(event["uid"]) for event in later.walk("VEVENT")} == set(events)
    assert calendar.walk("VEVENT")[0]["dtstamp"].dt == NOW.astimezone(UTC)


def test_many_units_share_one_calendar(tmp_path: Path) -> None:
    tasks = [duty(n, "Việc", on_day("25/6", "2026-06-25"), lead=f"Phòng Số {n}") for n in range(1, 13)]
    ((name, calendar),) = calendars(with_tasks(tmp_path, *tasks), tmp_path / "mail").items()
    assert name == "thoi-han-cac-don-vi.ics"
    assert len({str(event["categories"].to_ical()) for event in calendar.walk("VEVENT")}) == 12
