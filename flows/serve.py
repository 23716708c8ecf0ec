"""The whole service on one machine: Prefect's server and the runner of our flows, started and stopped as one.

    python -m flows.serve [--config kehoach.toml] [--port 4200]

This process is small and only watches over the two: where one of them ends, the other is ended too and the service
fails, so that systemd starts it anew. Nothing outlives it, not even after kill -9 (flows.attached).
"""

import argparse
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType

from extractors.errors import IngestError, SurroundingsError
from extractors.refusals import refused, refused_in_english
from flows import attached
from flows.settings import HOST, of_service
from pipeline.exits import ExitCode
from pipeline.settings import load_settings
from pipeline.store.lock import StoreLockedError, writer_lock

PORT = 4200
_START_SECONDS = 300  # a first start makes the database: half a minute, more on a slow disk
_FLOW_SECONDS = 60  # for a working flow to store what it has read
_SERVER_SECONDS = 15
_LOOK_SECONDS = 0.5


class ServiceError(SurroundingsError):
    """The service cannot start or go on: the port is taken, another one runs, a part of it ended by itself."""


class Stopped(BaseException):
    """SIGTERM or Ctrl-C: the service is to end."""


def serve(config: Path | None, port: int) -> None:
    """Runs until it is told to stop; then a working flow, the runner and the server end in this order.

    Raises:
        ServiceError: the port is taken, the service runs already, or one of its parts ended by itself.
        SettingsError: the settings are at fault.
        Stopped: it was told to stop, and everything has ended.
    """
    settings = load_settings(config)
    state = settings.intake.state_folder.absolute()
    try:
        state.mkdir(parents=True, exist_ok=True)
    except OSError as refusal:
        raise ServiceError(
            f"Không ghi được vào {state}: {refused(refusal)}. / Cannot write to {state}: {refused_in_english(refusal)}."
        ) from refusal
    with _alone(state), _port_to_ourselves(port):
        environment = of_service(state, port, settings.schedule.history_days) | attached.environment()
        _say(f"Đang khởi động Prefect / starting Prefect: http://{HOST}:{port}")
        with _part(["prefect", "server", "start"], environment, _SERVER_SECONDS, quiet=True) as server:
            _wait_until_healthy(server, port)
            chosen = ["--config", str(config.absolute())] if config else []
            with _part(["flows.runner", *chosen], environment, _FLOW_SECONDS) as runner:
                _watch({"Prefect": server, "flows.runner": runner})


@contextmanager
def _alone(state: Path) -> Iterator[None]:
    """One service an installation: two would start every run twice."""
    try:
        with writer_lock(state / "serve.lock"):
            yield
    except StoreLockedError as held:
        raise ServiceError(
            f"Dịch vụ đang chạy rồi ({held.holder}). / The service is running already ({held.holder})."
        ) from held


@contextmanager
def _port_to_ourselves(port: int) -> Iterator[None]:
    """Nobody listens on the port, and no other service of ours is about to.

    Prefect takes seconds to open its port. Without the claim, two services that start together would both find it free,
    and the second would take the server of the first for its own. A name that begins with a zero byte belongs to the
    network namespace, as ports do, and goes with its process.
    """
    with socket.socket(socket.AF_UNIX) as claim, socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            claim.bind(f"\0kehoach-serve-{port}")
            probe.bind((HOST, port))
            probe.close()
        except OSError as refusal:
            raise ServiceError(
                f"Không mở được cổng {port}: {refused(refusal)}. Hãy chọn cổng khác, ví dụ --port {port + 1}."
                f" / Port {port} cannot be opened: {refused_in_english(refusal)}."
                f" Choose another one, such as --port {port + 1}."
            ) from refusal
        yield


@contextmanager
def _part(
    module: list[str], environment: dict[str, str], patience: float, *, quiet: bool = False
) -> Iterator[subprocess.Popen[bytes]]:
    """A Python module as a process for the length of the block; then it is asked to end, and killed if it does not."""
    command = [sys.executable, "-P", "-m", "flows.attached", *module]
    process = subprocess.Popen(
        command,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL if quiet else None,
        start_new_session=True,  # Ctrl-C reaches us alone, so that the parts end in their order
    )
    try:
        yield process
    finally:
        process.terminate()
        try:
            process.wait(patience)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _wait_until_healthy(server: subprocess.Popen[bytes], port: int) -> None:
    due = time.monotonic() + _START_SECONDS
    while not _healthy(port):
        if server.poll() is not None or time.monotonic() > due:
            raise ServiceError("Máy chủ Prefect không khởi động được. / The Prefect server does not start.")
        time.sleep(_LOOK_SECONDS)


def _healthy(port: int) -> bool:
    try:
        with urllib.request.urlopen(f"http://{HOST}:{port}/api/health", timeout=5):
            return True
    except (urllib.error.URLError, OSError):
        return False


def _watch(parts: dict[str, subprocess.Popen[bytes]]) -> None:
    while True:
        for name, process in parts.items():
            if process.poll() is not None:
                raise ServiceError(
                    f"{name} đã dừng đột ngột (mã {process.returncode}). / {name} ended by itself"
                    f" (code {process.returncode})."
                )
        time.sleep(_LOOK_SECONDS)


def _stop(signum: int, _frame: FrameType | None) -> None:
    signal.signal(signum, signal.SIG_IGN)  # the end takes its time; a second signal must not cut it short
    raise Stopped


def _say(sentence: str) -> None:
    sys.stdout.write(sentence + "\n")
    sys.stdout.flush()


def main() -> None:
    """Starts the service; it runs until SIGTERM or Ctrl-C."""
    arguments = argparse.ArgumentParser(prog="kehoach serve", description=main.__doc__)
    arguments.add_argument("--config", type=Path, help="the settings file")
    arguments.add_argument("--port", type=int, default=PORT, help=f"of Prefect's page on {HOST} (default {PORT})")
    asked = arguments.parse_args()
    signal.signal(signal.SIGTERM, _stop)
    signal.signal(signal.SIGINT, _stop)
    try:
        serve(asked.config, asked.port)
    except Stopped:
        _say("Dịch vụ đã dừng. / The service has ended.")
    except IngestError as error:
        sys.stderr.write(f"{error}\n")
        sys.exit(ExitCode.NOTHING_DONE)


if __name__ == "__main__":
    main()
