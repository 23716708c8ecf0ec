"""Starts a program that may open nothing but its own folder and the system's libraries, and no connection (Landlock).

    python -I -S confine.py PARENT FOLDER COMMAND [ARGUMENT ...]

It dies with whoever started it, however that one ended.

LibreOffice opens files that a document names (a picture of an RTF field) whatever its settings say; the kernel then
says no. Linux has Landlock since 5.13, connections are denied since 6.7; elsewhere the program starts unconfined.
See landlock(7).
"""

import ctypes
import os
import signal
import struct
import sys
from collections.abc import Iterable, Iterator

_CREATE, _ADD, _RESTRICT = 444, 445, 446  # numbers of the system calls, the same on every machine
_VERSION = 1  # LANDLOCK_CREATE_RULESET_VERSION
_BENEATH = 1  # LANDLOCK_RULE_PATH_BENEATH
_PARENT_DEATH_SIGNAL, _NO_NEW_PRIVILEGES = 1, 38  # PR_SET_PDEATHSIG, PR_SET_NO_NEW_PRIVS of prctl(2)
_EXECUTE, _WRITE, _READ, _LIST, _REMOVE_FILE, _MAKE_SOCKET = 1 << 0, 1 << 1, 1 << 2, 1 << 3, 1 << 5, 1 << 9
_OF_ABI = {1: 13, 2: 14, 3: 15, 4: 15}  # rights known to each version of the interface; 5 and later: 16
_NETWORK_SINCE, _BOTH_WAYS = 4, 0b11  # bind and connect

# Libraries, fonts and settings; names of users and time zones. Nothing where offices keep documents or passwords.
_SYSTEM = (
    "/usr",
    "/lib",
    "/lib64",
    "/lib32",
    "/var/cache/fontconfig",
    "/var/lib/libreoffice",
    "/var/spool/libreoffice",
)
_SETTINGS = (
    *("alternatives", "fonts", "ld.so.cache", "ld.so.conf", "libreoffice", "locale.alias", "localtime"),
    *("nsswitch.conf", "passwd"),
)
_DEVICES = ("/dev/null", "/dev/zero", "/dev/urandom", "/dev/random")
_SOCKETS = "/tmp"  # where LibreOffice listens for its orders, whatever TMPDIR says


def confine(folder: str, program: str) -> None:
    """From here on this process opens nothing but a folder and what a program needs; without Landlock all stays."""
    libc = ctypes.CDLL(None, use_errno=True)
    version = libc.syscall(_CREATE, None, 0, _VERSION)
    if version < 1:
        return
    everything = (1 << _OF_ABI.get(version, 16)) - 1
    attributes = struct.pack("<2Q", everything, _BOTH_WAYS if version >= _NETWORK_SINCE else 0)
    size = len(attributes) if version >= _NETWORK_SINCE else 8
    rules = libc.syscall(_CREATE, attributes, size, 0)
    for path, rights in _allowed(folder, program, everything):
        _allow(libc, rules, path, rights)
    libc.prctl(_NO_NEW_PRIVILEGES, 1, 0, 0, 0)
    libc.syscall(_RESTRICT, rules, 0)
    os.close(rules)


def die_with_parent(parent: int) -> None:
    """The kernel kills this process when the one that started it ends (Linux)."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PARENT_DEATH_SIGNAL, int(signal.SIGKILL), 0, 0, 0)
    if os.getppid() != parent:  # it ended before we could ask
        sys.exit(1)


def _allowed(folder: str, program: str, everything: int) -> Iterator[tuple[str, int]]:
    yield folder, everything
    yield os.path.dirname(os.path.dirname(os.path.realpath(program))), _EXECUTE | _READ | _LIST
    yield from _each(_SYSTEM, _EXECUTE | _READ | _LIST)
    yield from _each((f"/etc/{name}" for name in _SETTINGS), _READ | _LIST)
    yield from _each(("/proc/self", "/proc/cpuinfo", "/proc/filesystems", "/proc/meminfo", "/proc/stat"), _READ | _LIST)
    yield from _each(_DEVICES, _READ | _WRITE)
    yield _SOCKETS, _MAKE_SOCKET | _REMOVE_FILE


def _each(paths: Iterable[str], rights: int) -> Iterator[tuple[str, int]]:
    return ((path, rights) for path in paths)


def _allow(libc: ctypes.CDLL, rules: int, path: str, rights: int) -> None:
    try:
        place = os.open(path, os.O_PATH | os.O_CLOEXEC)
    except OSError:  # this system has no such place
        return
    if not os.path.isdir(path):
        rights &= _EXECUTE | _WRITE | _READ
    libc.syscall(_ADD, rules, _BENEATH, struct.pack("<Qi", rights, place), 0)
    os.close(place)


if __name__ == "__main__":
    die_with_parent(int(sys.argv[1]))
    confine(sys.argv[2], sys.argv[3])
    os.execv(sys.argv[3], sys.argv[3:])
