"""Processes that live and die together, but for one that may come back."""

import os
import signal
import socket
import subprocess
import sys
import time

import pytest

from changxiao.cli import run
from changxiao.cli.supervise import Ended, Supervisor
from changxiao.kernel.refused import Refused
from tests.support.services import free_port

SLEEPER = (sys.executable, "-c", "import time; time.sleep(60)")
STUBBORN = (
    sys.executable,
    "-c",
    "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); time.sleep(60)",
)


def alive(pid: int) -> bool:
    try:
        with open(f"/proc/{pid}/stat") as file:
            return file.read().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


@pytest.fixture
def supervisor():
    guard = Supervisor()
    yield guard
    guard.stop()


def test_a_child_that_dies_is_named_and_the_other_is_stopped(supervisor):
    supervisor.start("web", SLEEPER, os.environ)
    supervisor.start("worker", (sys.executable, "-c", "raise SystemExit(3)"), os.environ)

    assert supervisor.wait() == Ended("worker", 3)
    supervisor.stop()
    assert not any(alive(child.pid) for child in supervisor._children.values())


def test_a_request_to_stop_ends_the_wait_without_a_culprit(supervisor):
    before = signal.getsignal(signal.SIGTERM)
    try:
        supervisor.listen()
        supervisor.start("web", SLEEPER, os.environ)
        os.kill(os.getpid(), signal.SIGTERM)

        assert supervisor.wait() == Ended()
    finally:
        signal.signal(signal.SIGTERM, before)
        signal.signal(signal.SIGINT, signal.default_int_handler)
        signal.signal(signal.SIGHUP, signal.SIG_DFL)


def test_a_child_that_will_not_listen_is_killed(supervisor, monkeypatch):
    monkeypatch.setattr("changxiao.cli.supervise.GRACE_SECONDS", 0.3)
    supervisor.start("web", STUBBORN, os.environ)
    time.sleep(0.3)

    supervisor.stop()

    assert supervisor._children["web"].returncode == -signal.SIGKILL


@pytest.mark.skipif(sys.platform != "linux", reason="the kernel's parent-death signal is Linux's")
def test_a_killed_supervisor_leaves_no_children():
    script = (
        "import os, sys, time\n"
        "from changxiao.cli.supervise import Supervisor\n"
        "guard = Supervisor()\n"
        f"guard.start('web', {SLEEPER!r}, os.environ)\n"
        "print(guard._children['web'].pid, flush=True)\n"
        "time.sleep(60)\n"
    )
    parent = subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, text=True)
    with parent:
        child = int(parent.stdout.readline())
        parent.kill()
    deadline = time.monotonic() + 5
    while alive(child) and time.monotonic() < deadline:
        time.sleep(0.05)

    assert not alive(child)


def test_a_taken_port_is_refused_with_the_remedy():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]

        with pytest.raises(Refused, match=f"PORT={port + 1}"):
            run.check_address("127.0.0.1", port, demo=True)


def test_a_demo_city_is_not_opened_to_the_network():
    with pytest.raises(Refused, match=r"127\.0\.0\.1"):
        run.check_address("0.0.0.0", 0, demo=True)


def test_a_demo_city_that_is_yet_to_be_made_is_not_opened_to_the_network(tmp_path):
    environment = {**os.environ, "CHANGXIAO_HOME": str(tmp_path), "DATABASE_URL": ""}
    command = [*run.COMMAND, "run", "--host", "0.0.0.0", "--port", "0"]

    done = subprocess.run(
        command, env=environment, capture_output=True, text=True, timeout=60, check=False
    )

    assert done.returncode == 2
    assert "127.0.0.1" in done.stderr
    assert not (tmp_path / "first-run").exists()


@pytest.mark.parametrize(
    ("host", "code"), [("nosuchname", "host_unreadable"), ("192.0.2.1", "address_unusable")]
)
def test_an_address_that_is_not_ours_is_not_called_a_taken_port(host, code):
    with pytest.raises(Refused) as no:
        run.check_address(host, 0, demo=False)

    assert no.value.code == code


def test_sqlite_gets_one_web_process_and_no_access_log():
    command = run.web_command("127.0.0.1", 8000)

    assert "--no-access-log" in command
    assert command[command.index("--blocking-threads") + 1] == "4"


def test_a_child_that_is_not_vital_is_started_again_and_stops_nobody(supervisor, monkeypatch):
    monkeypatch.setattr("changxiao.cli.supervise.AGAIN_SECONDS", 0.1)
    supervisor.start("web", SLEEPER, os.environ)
    supervisor.start("live", SLEEPER, os.environ, vital=False)
    first = supervisor._children["live"]
    first.kill()
    deadline = time.monotonic() + 5
    while supervisor._children["live"] is first and time.monotonic() < deadline:
        assert not supervisor.stopping()
        supervisor._start_again()
        time.sleep(0.02)

    assert alive(supervisor._children["live"].pid)
    assert alive(supervisor._children["web"].pid)


@pytest.mark.parametrize(
    ("host", "url", "own", "told"),
    [
        ("127.0.0.1", "http://127.0.0.1:8000", "", "http://127.0.0.1:{}/live/"),
        ("::1", "http://127.0.0.1:8000", "", "http://[::1]:{}/live/"),
        ("0.0.0.0", "http://city.example:8000", "", "http://city.example:{}/live/"),
        ("127.0.0.1", "https://city.example", "", "/live/"),
        ("127.0.0.1", "https://city.example", "/hear/", "/hear/"),
    ],
)
def test_pages_are_told_where_live_updates_are(settings, host, url, own, told):
    settings.SITE_URL, settings.HTTPS, settings.LIVE_URL = url, url.startswith("https"), own
    port = free_port()

    assert run.live_address(host, port) == told.format(port + 1)


def test_a_taken_port_leaves_a_city_without_live_updates_and_says_so(capsys):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]

        assert run.live_address("127.0.0.1", port - 1) == ""
    assert str(port) in capsys.readouterr().err
