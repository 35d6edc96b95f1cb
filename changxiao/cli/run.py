"""启动城市 `changxiao run`: a web server and a worker, ready for the browser."""

from __future__ import annotations

import errno
import json
import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from ipaddress import ip_address
from pathlib import Path
from urllib.parse import urlsplit

import click
from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from changxiao.cli.supervise import Supervisor
from changxiao.kernel.home import home
from changxiao.kernel.refused import Refused
from changxiao.kernel.words import gettext as _
from changxiao.ui.statics import collect_if_changed

READY_SECONDS = 30.0
COMMAND = (sys.executable, "-c", "from changxiao.cli import main; main()")


@click.command(help=_("启动：网页和后台任务，按 Ctrl-C 一起停止。首次启动会建好演示城市。"))
@click.option("--host", default="127.0.0.1", show_default=True, help=_("监听地址"))
@click.option(
    "--port",
    envvar="PORT",
    type=click.IntRange(0, 65535),
    default=8000,
    show_default=True,
    help=_("端口，也可用 PORT"),
)
@click.option("--city", default="440500", show_default=True, help=_("首次启动时建哪座城市"))
@click.option("--demo/--no-demo", default=True, show_default=True, help=_("首次启动时造演示案卷"))
@click.option("--reload", is_flag=True, help=_("开发用：代码一改就重启网页"))
def run(host: str, port: int, city: str, demo: bool, reload: bool) -> None:
    """启动城市."""
    check_address(host, port, demo=settings.DEMO or _demo_wanted(demo))
    first_run(city, demo)
    supervisor = Supervisor()
    supervisor.listen()
    environment = {**os.environ, "CHANGXIAO_HOME": str(home())}
    if live := live_address(host, port):
        environment["CHANGXIAO_LIVE_URL"] = live
        supervisor.start("live", live_command(host, port + 1), environment, vital=False)
    supervisor.start("web", web_command(host, port, reload=reload), environment)
    supervisor.start("worker", (*COMMAND, "worker"), environment)
    try:
        if wait_until_ready(supervisor, host, port):
            greet(host, port)
        ended = supervisor.wait()
    finally:
        supervisor.stop()
    if ended.name:
        words = {"name": ended.name, "status": ended.status}
        click.echo(_("%(name)s 进程意外结束（%(status)s），已全部停止。") % words, err=True)
        sys.exit(1)
    click.echo(_("已停止。"))


@click.command(help=_("只启动后台任务（排序、投递、催办、清查）；网页由别处启动时用。"))
def worker() -> None:
    """后台任务."""
    from changxiao.worker import main

    main()


def check_address(host: str, port: int, *, demo: bool) -> None:
    """检查地址: refuse a taken port, a name that is no address, and a demo open to the network."""
    try:
        address = ip_address(host)
    except ValueError:
        words = {"host": host}
        sentence = _("监听地址“%(host)s”不是 IP 地址：请写成 127.0.0.1、::1 或本机的地址。") % words
        raise Refused("host_unreadable", sentence, field="host") from None
    if demo and not address.is_loopback:
        raise Refused(
            "demo_is_local", _("演示城市的密码是公开的，只能监听 127.0.0.1。"), field="host"
        )
    family = socket.AF_INET6 if address.version == 6 else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as no:
            raise _not_ours(host, port, no) from no


def _not_ours(host: str, port: int, why: OSError) -> Refused:
    words = {"host": host, "port": port, "other": port + 1, "why": why.strerror}
    if why.errno == errno.EADDRINUSE:
        sentence = _("端口 %(port)s 已被占用；请换一个，例如 PORT=%(other)s make run。") % words
        return Refused("port_taken", sentence, field="port")
    sentence = _("无法监听 %(host)s 的端口 %(port)s（%(why)s）：请核对地址，端口用 1024 以上的。")
    return Refused("address_unusable", sentence % words, field="host")


def _demo_wanted(demo: bool) -> bool:
    """Whether this start makes a demo home, which is none yet when the settings are read."""
    unfinished = home() / "first-run"
    if unfinished.exists():
        return bool(json.loads(unfinished.read_text())["demo"])
    return demo and not connection.introspection.table_names()


def first_run(city: str, demo: bool) -> None:
    """首次启动: set the city up, then the demo; what was cut off is finished next time."""
    unfinished = home() / "first-run"
    if not connection.introspection.table_names():
        unfinished.write_text(json.dumps({"city": city, "demo": demo}))
    if unfinished.exists():
        wish = json.loads(unfinished.read_text())
        _say_and_do(_("首次启动，正在建立城市 %(city)s …") % wish, "init", "--city", wish["city"])
        if wish["demo"]:
            (home() / "demo").touch()
            _say_and_do(_("正在造演示案卷 …"), "demo", "build")
        unfinished.unlink()
    else:
        _upgrade()
    connection.close()
    collect_if_changed()


def _say_and_do(sentence: str, *arguments: str) -> None:
    click.echo(sentence)
    done = subprocess.run([*COMMAND, *arguments], check=False)
    if done.returncode:
        sys.exit(done.returncode)


def _upgrade() -> None:
    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        click.echo(_("正在升级数据库 …"))
        call_command("migrate", interactive=False, verbosity=0)


def web_command(
    host: str, port: int, *, reload: bool = False, processes: int = 2
) -> tuple[str, ...]:
    """网页进程: granian over WSGI, two processes of a few threads each (docs/benchmarks.md)."""
    if reload:
        manage = str(Path(settings.BASE_DIR).parent / "manage.py")
        return (sys.executable, manage, "runserver", f"{host}:{port}")
    return (
        *(sys.executable, "-m", "changxiao.web", "--interface", "wsgi"),
        *("--host", host, "--port", str(port), "--http", "1", "--no-ws"),
        *("--workers", str(processes), "--blocking-threads", "4", "--backlog", "1024"),
        *("--workers-kill-timeout", "10", "--http1-header-read-timeout", "15000"),
        *("--no-access-log", "--log-level", "warning"),
        "changxiao.warm:application",
    )


def live_command(host: str, port: int) -> tuple[str, ...]:
    """即时更新进程: uvicorn, for granian holds back near a thousand open streams."""
    return (
        *(sys.executable, "-m", "uvicorn", "--host", host, "--port", str(port)),
        *("--log-level", "warning", "--no-access-log", "--no-server-header"),
        *(
            "--timeout-graceful-shutdown",
            "1",
            "--backlog",
            "1024",
            "changxiao.live.asgi:application",
        ),
    )


def live_address(host: str, port: int) -> str:
    """即时更新地址 that pages are told: a path behind a proxy, else the next port of this host.

    Empty where that port is taken or nobody could reach it: pages then stay as they were loaded.
    """
    try:
        check_address(host, port + 1, demo=False)
    except Refused as no:
        click.echo(_("没有即时更新，页面照常使用：%(why)s") % {"why": no.sentence}, err=True)
        return ""
    if settings.LIVE_URL or settings.HTTPS:
        return settings.LIVE_URL or "/live/"
    anywhere = ip_address(host).is_unspecified
    name = urlsplit(settings.SITE_URL).hostname if anywhere else _bracketed(host)
    return f"http://{name}:{port + 1}/live/"


def wait_until_ready(supervisor: Supervisor, host: str, port: int) -> bool:
    """等到可用: the first 200 of /healthz, unless a child ends or somebody stops us before."""
    deadline = time.monotonic() + READY_SECONDS
    while time.monotonic() < deadline and not supervisor.stopping():
        if answers(f"http://{_bracketed(host)}:{port}/healthz"):
            return True
        time.sleep(0.05)
    return False


def answers(url: str) -> bool:
    """有应答: says 200 within a second."""
    try:
        with urllib.request.urlopen(url, timeout=1) as response:  # noqa: S310 - our own address
            return bool(response.status == 200)
    except (OSError, urllib.error.URLError):
        return False


def _bracketed(host: str) -> str:
    return f"[{host}]" if ":" in host else host


def greet(host: str, port: int) -> None:
    """启动提示: where to open the browser, and in a demo home who to sign in as."""
    click.echo(_("请打开 http://%(host)s:%(port)s/") % {"host": _bracketed(host), "port": port})
    if settings.DEMO or (home() / "demo").exists():
        subprocess.run([*COMMAND, "demo", "users"], check=False)
    click.echo(_("按 Ctrl-C 停止。"))
