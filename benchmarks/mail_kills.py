"""Kills the sender of mails with -9 at random moments, and counts what arrived.

    python -m benchmarks.mail_kills [--kills 200] [--seed 1]

Before each attempt a new document with a finding comes in; each attempt is `kehoach alert --send` over STARTTLS with a
login to a real server, killed somewhere in its life. At the end one attempt is left alone. Every finding must have
arrived; a second copy of a mail must carry the Message-ID of the first.
"""

import argparse
import io
import os
import random
import re
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from email.message import EmailMessage
from pathlib import Path

import openpyxl

from tests.alert_samples import found, lake, paper
from tests.mail_server import PASSWORD, USER, Mailbox, Running, mail_server

_IN_VAIN = 10  # attempts in a row without a mail, whereafter one is left alone
READERS = ("vanphong@so.example.vn", "lanhdao@so.example.vn")


def main() -> None:
    """Prints one line of figures; ends with 1 where a finding is missing or a copy is another message."""
    arguments = argparse.ArgumentParser(description=main.__doc__)
    arguments.add_argument("--kills", type=int, default=200)
    arguments.add_argument("--seed", type=int, default=1)
    asked = arguments.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        sys.exit(0 if run(Path(folder), asked.kills, random.Random(asked.seed)) else 1)


def run(folder: Path, kills: int, dice: random.Random) -> bool:
    box = Mailbox()
    with mail_server(folder, box) as server:
        config = write_settings(folder, server)
        came = in_vain = 0
        killed = Counter[bool]()  # by whether the server had taken a mail of that attempt
        while killed.total() < kills:
            if in_vain % _IN_VAIN == 0:
                begun = time.monotonic()
                attempt(folder, config, came, None)
                life = time.monotonic() - begun  # how long one takes undisturbed, as busy as the machine is now
                came += 1
            before = len(box.received)
            if attempt(folder, config, came, dice.uniform(0.3, 1.0) * life):
                killed[len(box.received) > before] += 1
            in_vain = 1 if len(box.received) > before else in_vain + 1
            came += 1
        attempt(folder, config, came, None)
        came += 1
        attempt(folder, config, None, None)
    return tell(box, came, killed)


def attempt(folder: Path, config: Path, number: int | None, moment: float | None) -> bool:
    """One sender, killed after so many seconds (None: not); gives whether it was killed before its end."""
    if number is not None:
        lake(folder / "parsed", paper(f"kh-{number}.txt", found("deadline.invalid", f"31/02/2026 [{number}]")))
    environment = os.environ | {"KEHOACH_MAIL_PASSWORD": PASSWORD}
    call = ["alert", "--send", "--config", str(config)]
    code = f"import sys; from pipeline.cli import main; sys.argv[1:] = {call!r}; main()"
    quiet = subprocess.DEVNULL
    sender = subprocess.Popen([sys.executable, "-c", code], env=environment, stdout=quiet, stderr=quiet)
    try:
        sender.wait(moment)
    except subprocess.TimeoutExpired:
        sender.send_signal(signal.SIGKILL)
        return sender.wait() == -signal.SIGKILL
    return False


def write_settings(folder: Path, server: Running) -> Path:
    groups = ", ".join(f'{{ name = "Nhóm {n}", to = ["{to}"] }}' for n, to in enumerate(READERS))
    path = folder / "kehoach.toml"
    lines = (
        f'intake.out = "{folder / "parsed"}"',
        f"groups = [{groups}]",
        f'[mail]\nhost = "{server.host}"\nport = {server.port}\nuser = "{USER}"\nca_file = "{server.ca_file}"',
        'sender = "kehoach@so.example.vn"',
    )
    path.write_text("\n".join(lines), encoding="utf-8")
    return path


def tell(box: Mailbox, came: int, killed: Counter[bool]) -> bool:
    """Whether each reader has each finding in exactly one message, copies of it not counted."""
    whole = True
    copies = 0
    for reader in READERS:
        mails = box.mails(reader)
        by_id = {mail["Message-ID"]: mail for mail in mails}
        copies += len(mails) - len(by_id)
        told: Counter[str] = Counter()
        for mail in by_id.values():
            told.update(findings_of(mail))
        whole = whole and set(told) == {str(n) for n in range(came)} and set(told.values()) == {1}
    print(
        f"{killed.total()} kills, {killed[True]} of them after the server had taken a mail of that attempt; "
        f"{came} findings for {len(READERS)} readers: "
        f"{'each arrived in exactly one message' if whole else 'NOT EACH ARRIVED IN ONE MESSAGE'}; "
        f"{copies} second copies with the Message-ID of the first"
    )
    return whole


def findings_of(mail: EmailMessage) -> Iterator[str]:
    """The numbers of the findings that a mail tells: its text shows no more than some, its workbook has all."""
    (workbook,) = (part for part in mail.iter_attachments() if (part.get_filename() or "").endswith(".xlsx"))
    sheet = openpyxl.load_workbook(io.BytesIO(workbook.get_content())).worksheets[0]
    for row in sheet.iter_rows(values_only=True):
        found = (re.fullmatch(r"31/02/2026 \[(\d+)\]", str(cell)) for cell in row)
        yield from {match[1] for match in found if match}


if __name__ == "__main__":
    main()
