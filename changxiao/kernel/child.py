"""子进程 Child: long work of the worker, apart from its loop, so that ordering never waits."""

from __future__ import annotations

import os
import subprocess
import sys

_COMMAND = (sys.executable, "-c", "from changxiao.cli import main; main()")
_LOWEST = 19


class Child:
    """子进程: one `changxiao` command, at most once at a time; it must be safe to run twice.

    `behind`: it takes the processor when nothing else wants it. Never for one that writes to the
    database: all writers would wait for it.
    """

    def __init__(self, *arguments: str, behind: bool = False) -> None:
        self._arguments, self._behind = arguments, behind
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def running(self) -> bool:
        """是否在运行."""
        return self._process is not None and self._process.poll() is None

    def start(self, *more: str) -> int:
        """启动, with more arguments of this time: 1, or 0 while the one before is still at it."""
        if self.running:
            return 0
        command = (*_COMMAND, *self._arguments, *more)
        self._process = subprocess.Popen(command, stdin=subprocess.DEVNULL)
        if self._behind:
            os.setpriority(os.PRIO_PROCESS, self._process.pid, _LOWEST)
        return 1

    def wait(self, seconds: float) -> int:
        """等待结束: its exit code; subprocess.TimeoutExpired when it is not done by then."""
        return self._process.wait(seconds) if self._process else 0
