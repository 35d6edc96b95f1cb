"""受试城市 the city under torture: web and worker, started, frozen and killed at will."""

from __future__ import annotations

import contextlib
import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO, Protocol

BOOT_SECONDS = 60.0
# A process that is killed within seconds need not compile every page for guests who never come.
APP, BROKEN_APP = "changxiao.wsgi:application", "changxiao.bench.torture_break:application"
COMMAND = (sys.executable, "-c", "from changxiao.cli import main; main()")
WebCommand = Callable[[str, int], tuple[str, ...]]


class Process(Protocol):
    """进程: a leader of a group of its own, as far as the harness looks at it."""

    @property
    def pid(self) -> int: ...
    def poll(self) -> int | None: ...
    def wait(self) -> int | None: ...


Spawn = Callable[[tuple[str, ...], Mapping[str, str], BinaryIO], Process]


def fresh(command: tuple[str, ...], environment: Mapping[str, str], log: BinaryIO) -> Process:
    """新进程: as the product's own supervisor starts them; what it says goes to `log`."""
    return subprocess.Popen(
        command, env=environment, stdout=log, stderr=log, start_new_session=True
    )


class Stuck(Exception):  # noqa: N818 - the harness itself cannot go on
    """起不来: the city did not answer in time, or a helper of the harness failed."""


@dataclass(slots=True)
class City:
    """受试城市: `home` is its own; `web` makes the product's own web command, `spawn` starts it."""

    home: Path
    web: WebCommand
    broken: bool = False
    port: int = 0
    spawn: Spawn = fresh
    _processes: dict[str, Process] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.port = self.port or free_port()

    def environment(self) -> Mapping[str, str]:
        """环境: the product's own, with this home and no other database."""
        inherited = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
        url = f"http://127.0.0.1:{self.port}"
        return {**inherited, "CHANGXIAO_HOME": str(self.home), "CHANGXIAO_URL": url}

    def start(self) -> None:
        """启动: web and worker, each the leader of a group of its own."""
        command = self.web("127.0.0.1", self.port)
        self._spawn("web", (*command[:-1], BROKEN_APP if self.broken else APP))
        self.start_worker()

    def start_worker(self) -> None:
        """启动后台任务."""
        self._spawn("worker", (*COMMAND, "worker"))

    def _spawn(self, name: str, command: tuple[str, ...]) -> None:
        with (self.home / "torture.log").open("ab") as log:
            self._processes[name] = self.spawn(command, self.environment(), log)

    def wait_until_ready(self) -> None:
        """等到可用: the first 200 of /healthz; Stuck when it does not come."""
        deadline = time.monotonic() + BOOT_SECONDS
        while time.monotonic() < deadline:
            if (ended := self._processes["web"].poll()) is not None:
                raise Stuck(f"web ended with {ended}")
            if self._answers():
                return
            time.sleep(0.02)
        raise Stuck(f"no answer within {BOOT_SECONDS:.0f} s")

    def _answers(self) -> bool:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=2)
        try:
            connection.request("GET", "/healthz")
            return connection.getresponse().status == 200
        except (OSError, http.client.HTTPException):
            return False
        finally:
            connection.close()

    def kill(self) -> None:
        """kill -9: every process of the city at once; returns when nobody of it is left."""
        for process in self._processes.values():
            _signal(process, signal.SIGKILL)
        for process in self._processes.values():
            process.wait()
        deadline = time.monotonic() + BOOT_SECONDS
        while self._answers():
            if time.monotonic() > deadline:
                raise Stuck("somebody else answers at our port")
            time.sleep(0.01)

    def kill_worker(self) -> None:
        """kill -9 of the worker alone."""
        _signal(self._processes["worker"], signal.SIGKILL)
        self._processes["worker"].wait()

    def freeze(self, seconds: float) -> None:
        """SIGSTOP for some seconds, then SIGCONT: a machine that swaps or sleeps."""
        for number in (signal.SIGSTOP, signal.SIGCONT):
            for process in self._processes.values():
                _signal(process, number)
            if number == signal.SIGSTOP:
                time.sleep(seconds)


def _signal(process: Process, number: signal.Signals) -> None:
    # To the group: granian's workers and the cleaning processes are children of the leader.
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, number)


def free_port() -> int:
    """空闲端口."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


def run(home: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """运行: a Python command of ours on that home; its output as text."""
    environment = {n: v for n, v in os.environ.items() if n != "DATABASE_URL"}
    return subprocess.run(
        [sys.executable, *arguments],
        env={**environment, "CHANGXIAO_HOME": str(home)},
        capture_output=True,
        text=True,
        check=False,
    )
