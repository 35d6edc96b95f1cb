"""子进程 Child: long work of the worker, apart from its loop, so that ordering never waits."""

from __future__ import annotations

import subprocess
import sys

_COMMAND = (sys.executable, "-c", "from changxiao.cli import main; main()")


class Child:
    """子进程: one `changxiao` command, at most once at a time; it must be safe to run twice."""

    def __init__(self, *arguments: str) -> None:
        self._arguments = arguments
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def running(self) -> bool:
        """是否在运行."""
        return self._process is not None and self._process.poll() is None

    def start(self) -> int:
        """启动: 1, or 0 while the one before is still at it."""
        if self.running:
            return 0
        self._process = subprocess.Popen((*_COMMAND, *self._arguments), stdin=subprocess.DEVNULL)
        return 1

    def wait(self, seconds: float) -> int:
        """等待结束: its exit code; subprocess.TimeoutExpired when it is not done by then."""
        return self._process.wait(seconds) if self._process else 0
