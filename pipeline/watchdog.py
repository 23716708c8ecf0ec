"""Whether runs still end in time, seen from outside: a flow that was killed stays "running" for Prefect for ever.

Started by a timer of the machine (deploy/kehoach-watchdog.timer) and not by Prefect, so it also sees that Prefect
itself is down. It reads the ledger only.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from pipeline.alerts import Sent, resend, send_plain
from pipeline.ledger.database import open_ledger
from pipeline.ledger.marks import Mark, mark, marked
from pipeline.ledger.runs import Run, last_finished, recent_runs
from pipeline.settings import Settings

REPEATED = timedelta(days=1)  # a silence that lasts is told again after so long


@dataclass(frozen=True, slots=True)
class Silence:
    """No run came to its end in time. `since` is None where none ever did; `last` is the latest run of any kind."""

    since: datetime | None
    last: Run | None


def silence(settings: Settings, now: datetime) -> Silence | None:
    """The silence, if there is one. A new installation has `silence_hours` for its first run as well."""
    patience = timedelta(hours=settings.schedule.silence_hours)
    with open_ledger(settings.intake.state_folder) as ledger:
        ended = last_finished(ledger, settings.intake.out)
        if ended is None and marked(ledger, Mark.WATCHED_SINCE) is None:
            mark(ledger, Mark.WATCHED_SINCE, now)
        heard = ended or marked(ledger, Mark.WATCHED_SINCE) or now
        if now - heard <= patience:
            return None
        latest = recent_runs(ledger, 1)
        return Silence(ended, latest[0] if latest else None)


def watch(settings: Settings, now: datetime) -> tuple[Silence | None, Sent]:
    """Looks once; a silence is mailed to the operators, at most once a day. Mails that wait are sent as well."""
    found = silence(settings, now)
    if found is None:
        return None, resend(settings, now)
    with open_ledger(settings.intake.state_folder) as ledger:
        told = marked(ledger, Mark.SILENCE_TOLD)
        since = found.since or datetime.min.replace(tzinfo=UTC)
        if told is not None and told > since and now - told < REPEATED:
            return found, resend(settings, now)
        subject, text = words(found, settings)
        sent = send_plain(settings, subject, text, now)
        if sent.queued or sent.sent or sent.written:
            mark(ledger, Mark.SILENCE_TOLD, now)
    return found, sent


def words(found: Silence, settings: Settings) -> tuple[str, str]:
    """Subject and text of the mail about a silence."""
    hours = f"{settings.schedule.silence_hours:g}"
    since = _clock(found.since, settings) if found.since else "chưa có lần nào"
    advice = (
        "Việc cần làm: xem `systemctl status kehoach` và `kehoach status`; chạy thử `kehoach ingest` để thấy lý do."
        " Dữ liệu đã đọc trước đó vẫn nguyên vẹn và vẫn tra cứu được."
    )
    lines = [
        f"Trong {hours} giờ qua không có lần đọc kế hoạch nào hoàn thành. Lần hoàn thành gần nhất: {since}.",
        _last_words(found.last, settings),
        advice,
    ]
    return f"Kế hoạch: {hours} giờ không có lần đọc nào hoàn thành", "\n\n".join(lines)


def _last_words(run: Run | None, settings: Settings) -> str:
    if run is None:
        return "Chưa có lần chạy nào được ghi lại."
    how = {"running": "đang chạy", "killed": "đã bị dừng đột ngột", "failed": "không thành công", "finished": "xong"}
    why = f": {run.reason}" if run.reason else ""
    return f"Lần chạy cuối bắt đầu {_clock(run.started, settings)}, {how[run.state]}{why}."


def _clock(when: datetime, settings: Settings) -> str:
    return f"{when.astimezone(ZoneInfo(settings.schedule.timezone)):%H:%M ngày %d/%m/%Y}"
