"""Bench `notices`: messages in the box, sent to a group's robot until all are taken; beside it the
same words posted to the same server by a script.

A city of its own in a home of its own (SQLite, `synchronous=FULL`). The robot is a server of this
machine that answers at once, so the figure is what our own books cost: the lease, the sending, the
mark.
"""

from __future__ import annotations

import http.client
import json
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import click

from changxiao.bench.figures import Figure
from changxiao.bench.fresh import child, set_up

OPTIONS = [click.Option(["--messages"], type=click.IntRange(min=50, max=20_000), default=1000)]
TEXT = "新派遣：道路破损，金平区金东街道北墩居委会，受理号202603020001，应于 3 月 2 日 14:00 前处置"
PATIENCE = 600  # seconds until the sending counts as stuck
_ROBOT = "bench"


def run(*, messages: int = 1000) -> list[Figure]:
    """投递: messages a second, by the worker's sender; and plain posts of the same words."""
    with tempfile.TemporaryDirectory(prefix="changxiao-bench-") as folder:
        told = child("changxiao.bench.notices", "send", Path(folder), messages)
    return [
        Figure(path="notices/put", value=told["put"], unit="/s", cpu_ms=told["put_cpu"]),
        Figure(
            path="notices/delivery",
            value=told["sent"],
            unit="/s",
            ratio=told["sent"] / told["plain"],
            cpu_ms=told["sent_cpu"],
            note=f"{messages:,} messages",
        ),
        Figure(path="notices/plain-post", value=told["plain"], unit="/s", ratio=1.0),
    ]


class _Robot(BaseHTTPRequestHandler):
    """企业微信群机器人, as far as it answers."""

    def log_message(self, format: str, *args: object) -> None:
        pass

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"]))
        body = b'{"errcode": 0, "errmsg": "ok"}'
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


@contextmanager
def _robot() -> Iterator[int]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Robot)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield server.server_port
    finally:
        server.shutdown()
        server.server_close()


def _send(messages: int) -> dict[str, float]:
    home = set_up("440500")
    with _robot() as port:
        folder = home / "keys" / "notices"
        folder.mkdir(parents=True, exist_ok=True)
        (folder / f"robot-{_ROBOT}").write_text(f"http://127.0.0.1:{port}/send", encoding="utf-8")
        begun, spent = time.perf_counter(), time.process_time()
        _put(messages)
        put, used = time.perf_counter(), time.process_time()
        _sent(messages)
        sent, gone = time.perf_counter(), time.process_time()
        _plain(port, messages)
        plain = time.perf_counter()
    return {
        "put": messages / (put - begun),
        "put_cpu": (used - spent) * 1000 / messages,
        "sent": messages / (sent - put),
        "sent_cpu": (gone - used) * 1000 / messages,
        "plain": messages / (plain - sent),
    }


def _put(messages: int) -> None:
    from django.utils import timezone

    from changxiao.catalog.actions import set_policy
    from changxiao.kernel import scope
    from changxiao.kernel.act import Act
    from changxiao.notices import outbox
    from changxiao.notices.actions import set_robot
    from changxiao.notices.outbox import Draft
    from changxiao.orgs.models import Unit

    with scope.viewing(scope.system("bench")):
        act, unit = Act.system("bench"), Unit.objects.order_by("pk")[0]
        robot = set_robot(_ROBOT, kind="wecom", unit=unit, enabled=True, act=act)
        set_policy("hook_networks", value="127.0.0.1/32", act=Act.system("bench"))
        drafts = [
            Draft(f"bench/{n}", robot, "dispatched", TEXT, None, False, {"wecom"})
            for n in range(messages)
        ]
        outbox.put(drafts, timezone.now())


def _sent(messages: int) -> None:
    """By the product's own sender, four at a time; raises where one was not taken."""
    from changxiao.notices.models import Delivery
    from changxiao.notices.sending import SENDER

    SENDER.start()
    until = time.monotonic() + PATIENCE
    while SENDER.running and time.monotonic() < until:
        time.sleep(0.01)
    done = Delivery.objects.filter(state=Delivery.State.SENT).count()
    if done != messages:
        raise AssertionError(f"{done} of {messages} messages were taken")


def _plain(port: int, messages: int) -> None:
    body = json.dumps({"msgtype": "text", "text": {"content": TEXT}}, ensure_ascii=False).encode()
    for _n in range(messages):
        wire = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
        wire.request("POST", "/send", body, {"Content-Type": "application/json"})
        wire.getresponse().read()
        wire.close()


if __name__ == "__main__":
    sys.stdout.write(json.dumps(_send(int(sys.argv[2]))))
