"""Ports for servers of tests, and processes looked at from outside."""

import os
import random
import socket
from pathlib import Path

_LOWEST = 20_000
_OUTGOING = Path("/proc/sys/net/ipv4/ip_local_port_range")


def free_port() -> int:
    """A port of this machine on which nobody listens, below those that the system gives to outgoing connections.

    Between this look and the server's start seconds may pass, and a test may stop a server and start it again there:
    a port that the system hands out itself would by then serve anybody's connection.
    """
    highest = int(_OUTGOING.read_text(encoding="ascii").split()[0]) if _OUTGOING.exists() else 32_768
    chance = random.Random(os.urandom(8))
    while True:
        port = chance.randrange(_LOWEST, highest) if highest > _LOWEST else 0
        with socket.socket() as probe:
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return int(probe.getsockname()[1])


def children(pid: int) -> list[int]:
    """The processes that one has started and that are there; none where it is gone."""
    try:
        return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii").split()]
    except (FileNotFoundError, ProcessLookupError):  # gone before it was opened, or before it was read
        return []


def alive(pid: int) -> bool:
    """Whether a process is there and no zombie."""
    try:
        return Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False
