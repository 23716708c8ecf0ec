"""The tasks that tell: after a run and once a week. Mail, queue and words are the business of pipeline.alerts.

Only here a password may come from a Prefect secret (`credential = "prefect:<name of the block>"`).
"""

from datetime import UTC, datetime

from prefect import get_run_logger, task
from prefect.blocks.system import Secret

from pipeline.alerts import Sent, after_run, weekly
from pipeline.settings import Mail, Settings


@task(name="tell-what-is-new")
def tell_what_is_new(settings: Settings) -> Sent:
    """The digests of a run. Trouble with mail is logged and stays in the queue; it never fails the run."""
    return _logged(after_run(settings, datetime.now(UTC), password=password_of(settings.mail)))


@task(name="tell-the-week")
def tell_the_week(settings: Settings) -> Sent:
    """The weekly mails: what is overdue and soon due, with calendars. A second call in one week sends nothing."""
    return _logged(weekly(settings, datetime.now(UTC), password=password_of(settings.mail)))


def password_of(mail: Mail) -> str | None:
    """The password of a Prefect secret; None where the settings name another place for it, or there is no such block.

    A missing block is no fault here: the mails are queued all the same, and the delivery says what is missing.
    """
    kind, _, name = mail.credential.partition(":")
    if not mail.user or kind != "prefect":
        return None
    try:
        block = Secret.load(name)
    except ValueError:  # how Prefect says that there is no such block
        return None
    assert isinstance(block, Secret)
    return str(block.get())


def _logged(sent: Sent) -> Sent:
    log = get_run_logger()
    log.info("Thư: %s đã xếp hàng, %s đã gửi, %s còn chờ, %s hỏng", sent.queued, sent.sent, sent.waiting, sent.failed)
    for path in sent.written:
        log.info("Chưa đặt máy chủ thư; đã ghi %s", path)
    for problem in sent.problems:
        log.warning(problem)
    return sent
