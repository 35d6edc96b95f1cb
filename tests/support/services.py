"""A server that really listens and a browser that really draws, for walks through the product."""

import os
import shutil
import socket
import subprocess
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from changxiao.cli.supervise import Supervisor

REQUIRE_SERVICES = os.environ.get("CHANGXIAO_REQUIRE_SERVICES") == "1"
START_SECONDS = 90  # a loaded CI machine; a healthy start takes two
QUIET = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--no-first-run",
]


@dataclass(frozen=True)
class Server:
    """The address of a running granian and its process."""

    url: str
    process: subprocess.Popen


def skip_or_fail(reason: str) -> None:
    """A missing service skips a test on a laptop and fails it in CI."""
    if REQUIRE_SERVICES:
        pytest.fail(f"CHANGXIAO_REQUIRE_SERVICES=1 and {reason}")
    pytest.skip(reason)


@pytest.fixture
def running_server(real_database) -> Iterator[Server]:
    """granian on a free port, on the same database copy as the test."""
    from changxiao.cli.run import web_command
    from changxiao.ui.statics import collect_if_changed

    collect_if_changed()
    port = free_port()
    command = web_command("127.0.0.1", port)
    process = subprocess.Popen(command, env=real_database.environment)
    server = Server(f"http://127.0.0.1:{port}", process)
    try:
        wait_for(server)
        yield server
    finally:
        process.terminate()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


@dataclass
class City:
    """A whole city as `changxiao run` would start it; live updates may be killed and come back."""

    url: str
    live_port: int
    environment: dict[str, str]
    supervisor: Supervisor

    def start_live(self) -> None:
        """The process of live updates, on its port."""
        from changxiao.cli.run import live_command

        self.supervisor.start("live", live_command("127.0.0.1", self.live_port), self.environment)

    def kill_live(self) -> None:
        """As a crash would."""
        process = self.supervisor._children["live"]
        process.kill()
        process.wait()


@pytest.fixture
def running_city(real_database) -> Iterator[City]:
    """Web, worker and live updates on the same database copy as the test."""
    from changxiao.cli.run import COMMAND, web_command
    from changxiao.ui.statics import collect_if_changed

    collect_if_changed()
    port, live_port = free_port(), free_port()
    told = {"CHANGXIAO_LIVE_URL": f"http://127.0.0.1:{live_port}/live/"}
    url = f"http://127.0.0.1:{port}"
    city = City(url, live_port, {**real_database.environment, **told}, Supervisor())
    try:
        city.supervisor.start("web", web_command("127.0.0.1", port), city.environment)
        city.supervisor.start("worker", (*COMMAND, "worker"), city.environment)
        city.start_live()
        wait_for(Server(url, city.supervisor._children["web"]))
        yield city
    finally:
        city.supervisor.stop()


def free_port() -> int:
    """A port nobody listens on just now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def wait_for(server: Server) -> None:
    """Until the first 200 of /healthz, or fail with what happened."""
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        if server.process.poll() is not None:
            pytest.fail(f"the server ended with {server.process.returncode} before it answered")
        try:
            with urllib.request.urlopen(f"{server.url}/healthz", timeout=1):
                return
        except OSError:
            time.sleep(0.05)
    pytest.fail(f"no answer from {server.url} within {START_SECONDS} s")


@pytest.fixture(scope="module")
def browser() -> Iterator[object]:
    """Chromium of the machine (CHANGXIAO_CHROMIUM), driven by Playwright; gone with its module, for
    whatever runs beside Playwright's loop must neither start a loop nor recurse deeply."""
    path = os.environ.get("CHANGXIAO_CHROMIUM") or shutil.which("chromium")
    if not path or not Path(path).exists():
        skip_or_fail("no Chromium (apt install chromium, or set CHANGXIAO_CHROMIUM)")
    from playwright.sync_api import sync_playwright

    # Playwright keeps an event loop in this thread, which Django takes for asynchronous code.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    with sync_playwright() as driver:
        chromium = driver.chromium.launch(executable_path=path, args=QUIET)
        yield chromium
        chromium.close()


@pytest.fixture
def page(browser) -> Iterator[object]:
    """A fresh page whose script errors and refused content fail the test."""
    context = browser.new_context(locale="zh-CN", timezone_id="Asia/Shanghai")
    page = context.new_page()
    troubles: list[str] = []
    page.on("pageerror", lambda error: troubles.append(str(error)))
    page.on("console", lambda said: said.type == "error" and troubles.append(said.text))
    yield page
    context.close()
    assert not troubles, troubles
