"""受测服务 the city under load: `changxiao run` on a bench home, and what its web costs."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from changxiao.bench.torture_city import COMMAND, free_port

BOOT_SECONDS = 60.0
_TICK = os.sysconf("SC_CLK_TCK")


class Server:
    """受测服务: web and worker as the product starts them; `url` without a slash at its end."""

    def __init__(self, home: Path) -> None:
        self.home, self.port = home, free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """启动; raises RuntimeError with the end of the log when it does not answer."""
        command = (*COMMAND, "run", "--port", str(self.port), "--no-demo")
        with (self.home / "bench.log").open("ab") as log:
            self._process = subprocess.Popen(
                command, env=environment(self.home), stdout=log, stderr=log, start_new_session=True
            )
        deadline = time.monotonic() + BOOT_SECONDS
        while not self._answers():
            if time.monotonic() > deadline or self._process.poll() is not None:
                raise RuntimeError((self.home / "bench.log").read_text()[-2000:])
            time.sleep(0.1)

    def stop(self) -> None:
        """停止: as Ctrl-C would."""
        if self._process is not None:
            self._process.send_signal(signal.SIGTERM)
            self._process.wait(30)

    def cpu_seconds(self) -> float:
        """处理器时间 of the web's processes, user and system."""
        return sum(_cpu(pid) for pid in self._web())

    def memory(self) -> float:
        """常驻内存 of the web's largest process (the one that serves), in MB."""
        return max(_resident(pid) for pid in self._web())

    def _web(self) -> list[int]:
        assert self._process is not None
        children = {pid: parent for pid, parent in _parents()}
        roots = {pid for pid, up in children.items() if up == self._process.pid}
        web = {pid for pid in roots if "changxiao.web" in _command(pid)}
        while more := {pid for pid, up in children.items() if up in web and pid not in web}:
            web |= more
        return sorted(web)

    def _answers(self) -> bool:
        try:
            with urllib.request.urlopen(f"{self.url}/healthz", timeout=1) as answer:  # noqa: S310 - our own address
                return bool(answer.status == 200)
        except (OSError, urllib.error.URLError):
            return False


@contextmanager
def serving(home: Path) -> Iterator[Server]:
    """服务中: started before, stopped after, also where it did not answer in time."""
    server = Server(home)
    try:
        server.start()
        yield server
    finally:
        server.stop()


def environment(home: Path) -> dict[str, str]:
    """环境: this home and its own database."""
    inherited = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
    return {**inherited, "CHANGXIAO_HOME": str(home)}


def run(home: Path, *arguments: str) -> str:
    """运行: a Python command of ours on that home; its output, or RuntimeError with its errors."""
    done = subprocess.run(
        [sys.executable, *arguments],
        env=environment(home),
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise RuntimeError(done.stderr)
    return done.stdout


def _parents() -> Iterator[tuple[int, int]]:
    for path in Path("/proc").glob("[0-9]*"):
        if fields := _stat(int(path.name)):
            yield int(path.name), int(fields[1])


def _stat(pid: int) -> list[str]:
    """The fields of /proc/PID/stat after the name, which may hold anything; none if it ended."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return []


def _cpu(pid: int) -> float:
    fields = _stat(pid)
    return (int(fields[11]) + int(fields[12])) / _TICK if fields else 0.0


def _resident(pid: int) -> float:
    fields = _stat(pid)
    return int(fields[21]) * os.sysconf("SC_PAGE_SIZE") / 2**20 if fields else 0.0


def _command(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode()
    except OSError:
        return ""
