"""限制 limits: what the cleaning process takes away from itself before it reads a byte.

It does so itself, as its first act: code that runs between fork and exec in a web process with
threads can hang, and what runs before `confine` is only ours (reliability.md §6.3).
Each step answers with the name of the limit that the system did not grant.
"""

import ctypes
import os
import resource
import sys
from collections.abc import Callable

MEMORY = 768 * 1024 * 1024
CPU_SECONDS = 10
FILE_BYTES = 64 * 1024 * 1024
OPEN_FILES = 32

_CLONE_NEWUSER, _CLONE_NEWNET, _CLONE_NEWIPC = 0x10000000, 0x40000000, 0x08000000
_NO_NEW_PRIVILEGES = 38
_NOBODY = 65534


def bound_resources() -> list[str]:
    """限额: memory, processor time, file size, open files, no core file."""
    wanted = {
        "RLIMIT_AS": MEMORY,
        "RLIMIT_CPU": CPU_SECONDS,
        "RLIMIT_FSIZE": FILE_BYTES,
        "RLIMIT_NOFILE": OPEN_FILES,
        "RLIMIT_CORE": 0,
    }
    return [name for name, most in wanted.items() if not _granted(lambda: _bound(name, most))]  # noqa: B023


def leave_network_and_user() -> list[str]:
    """离网降权: a network namespace with nothing in it, nobody's user id.

    Call it after the last import, for nobody may be unable to read the libraries, and before the
    first thread, which would stay outside.
    """
    missing = []
    root = os.geteuid() == 0
    spaces = _CLONE_NEWNET | _CLONE_NEWIPC | (0 if root else _CLONE_NEWUSER)
    if not _granted(lambda: _system_call("unshare", spaces)):
        missing.append("network")
    if root and not _granted(_become_nobody):
        missing.append("user")
    return missing


def start_nothing() -> list[str]:
    """不再派生: no process and no thread from here on, no way to more rights.

    Call it after `leave_network_and_user`: threads that are begun between the two are where we are.
    """
    missing = []
    if not _granted(lambda: _bound("RLIMIT_NPROC", 0)):
        missing.append("RLIMIT_NPROC")
    if not _granted(lambda: _system_call("prctl", _NO_NEW_PRIVILEGES, 1, 0, 0, 0)):
        missing.append("no_new_privs")
    return missing


def _granted(step: Callable[[], object]) -> bool:
    try:
        step()
    except (OSError, ValueError, AttributeError):
        return False
    return True


def _bound(name: str, most: int) -> None:
    which = getattr(resource, name)
    _soft, hard = resource.getrlimit(which)
    value = most if hard == resource.RLIM_INFINITY else min(most, hard)
    resource.setrlimit(which, (value, value))


def _system_call(name: str, *arguments: int) -> None:
    if not sys.platform.startswith("linux"):
        raise OSError(f"{name} needs Linux")
    if getattr(ctypes.CDLL(None, use_errno=True), name)(*arguments) != 0:
        raise OSError(ctypes.get_errno(), name)


def _become_nobody() -> None:
    os.setgroups([])
    os.setgid(_NOBODY)
    os.setuid(_NOBODY)
