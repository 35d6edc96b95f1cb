"""进程看护 the processes of a running city: started together, stopped together.

Each child leads a process group of its own, so that its own children go down with it. When a vital
one ends by itself the others are stopped and the whole command fails: a city without its worker
would take reports and never order, seal or escalate them. Any other is started again.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from types import FrameType

TICK_SECONDS = 0.1
AGAIN_SECONDS = 5.0  # before a child that is not vital is started again
GRACE_SECONDS = 15.0
PR_SET_PDEATHSIG = 1


@dataclass(frozen=True, slots=True)
class Ended:
    """结束原因: which child ended by itself and how; no name when we were asked to stop."""

    name: str = ""
    status: int = 0


class Supervisor:
    """看护进程: start children, wait, stop all."""

    def __init__(self) -> None:
        self._children: dict[str, subprocess.Popen[bytes]] = {}
        self._again: dict[str, Callable[[], None]] = {}
        self._ended_at: dict[str, float] = {}
        self._asked_to_stop = False

    def listen(self) -> None:
        """Ctrl-C and SIGTERM ask for a clean stop; a second is no more urgent than the first."""
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, self._ask)

    def _ask(self, number: int, frame: FrameType | None) -> None:
        self._asked_to_stop = True

    def start(
        self,
        name: str,
        command: Sequence[str],
        environment: Mapping[str, str],
        *,
        vital: bool = True,
    ) -> None:
        """启动子进程; the city goes on without one that is not vital, until it is back."""
        self._children[name] = subprocess.Popen(
            list(command),
            env=dict(environment),
            start_new_session=True,
            preexec_fn=_die_with_us,  # noqa: PLW1509 - no threads are running here
        )
        if not vital:
            self._again[name] = lambda: self.start(name, command, environment, vital=False)

    def stopping(self) -> bool:
        """已要求停止, or a vital child has ended by itself."""
        return self._asked_to_stop or bool(self._ended())

    def wait(self) -> Ended:
        """等到停止: by request, or because a vital child ended; nothing is stopped yet."""
        while not self.stopping():
            self._start_again()
            time.sleep(TICK_SECONDS)
        if self._asked_to_stop:
            return Ended()
        name = self._ended()[0]
        return Ended(name, self._children[name].returncode)

    def _ended(self) -> list[str]:
        vital = self._children.keys() - self._again.keys()
        return [name for name in vital if self._children[name].poll() is not None]

    def _start_again(self) -> None:
        for name, again in self._again.items():
            if self._children[name].poll() is None:
                self._ended_at.pop(name, None)
            elif (
                time.monotonic() - self._ended_at.setdefault(name, time.monotonic()) > AGAIN_SECONDS
            ):
                self._ended_at.pop(name)
                again()

    def stop(self) -> None:
        """停止全部: ask politely, wait, then kill the whole group; reaps every child."""
        for child in self._children.values():
            _signal_group(child, signal.SIGTERM, only_leader=child.poll() is None)
        deadline = time.monotonic() + GRACE_SECONDS
        for child in self._children.values():
            with contextlib.suppress(subprocess.TimeoutExpired):
                child.wait(max(0.1, deadline - time.monotonic()))
            _signal_group(child, signal.SIGKILL)
            child.wait()


def _signal_group(
    child: subprocess.Popen[bytes], number: signal.Signals, *, only_leader: bool = False
) -> None:
    # The leader stops its own workers in order; only an orphaned group is addressed as a whole.
    with contextlib.suppress(ProcessLookupError, PermissionError):
        if only_leader:
            child.send_signal(number)
        else:
            os.killpg(child.pid, number)


def _die_with_us() -> None:
    # Linux: a killed supervisor must not leave children that hold the port and the database.
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
