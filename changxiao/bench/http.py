"""Bench `http`: reports, lists and case pages over HTTP, from wrk through granian to the database.

The server is `changxiao run` (web and worker) on a home that `bench load` filled, with SQLite at
synchronous=FULL; wrk runs on the same machine. Statements are counted in a process of their own, on
the same requests. Plain alternatives: one-row commits, and the same rows read by one SELECT.
"""

from __future__ import annotations

import json
import secrets
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click

from changxiao.bench import wrk
from changxiao.bench.figures import Figure
from changxiao.bench.http_server import Server, serving
from changxiao.bench.http_server import run as on_home
from changxiao.bench.torture_city import COMMAND

OPTIONS = [
    click.Option(["--cases"], type=click.IntRange(min=100), default=100_000, show_default=True),
    click.Option(["--home", "place"], type=click.Path(exists=True, file_okay=False)),
    click.Option(["--seconds"], type=click.IntRange(min=1), default=8, show_default=True),
]
WARM_REQUESTS = 10_000
_HELPER = ("-m", "changxiao.bench.http_home")
_BODY = (
    '{"channel":"hotline","subcategory":"SUBCATEGORY","lon":%.6f,"lat":%.6f,'
    '"description":"测试上报 %d：井盖破损，影响通行","address":"测试路"}'
)


@dataclass(frozen=True, slots=True)
class Target:
    """受测路径: by which connections it is asked, and which plain alternative stands beside it."""

    name: str
    path: str
    connections: int
    plain: str
    page: bool = False
    post: bool = False


TARGETS = (
    Target("http/api-list", "/api/v1/cases", 4, "list"),
    Target("http/queue-page", "/cases/", 4, "list", page=True),
    Target("http/api-case", "/api/v1/cases/{number}", 4, "case"),
    Target("http/case-page", "/cases/{number}/", 4, "case", page=True),
    Target("http/next-case", "/cases/{number}/pane/", 4, "case", page=True),
    Target("http/report", "/api/v1/cases", 16, "commit", post=True),
)


def run(*, cases: int = 100_000, place: str | None = None, seconds: int = 8) -> list[Figure]:
    """网页与接口: `place` is a loaded bench home; else one with `cases` is made and thrown away.

    Refused `wrk_missing` where wrk is not installed.
    """
    wrk.must_be_installed()
    with home_with(cases, place) as home:
        told = json.loads(on_home(home, *_HELPER, "prepare"))
        asked = json.loads(on_home(home, *_HELPER, "count", json.dumps(_asked(told))))
        plain = json.loads(on_home(home, *_HELPER, "plain", "{}"))
        with serving(home) as server:
            figures = [_measured(server, one, told, seconds) for one in TARGETS]
            memory = _memory(server, told)
    named = {"report": "commit", "list": "list", "case": "case"}
    return [
        *(Figure(path=f"plain/{name}", value=plain[key], unit="/s") for name, key in named.items()),
        *(
            _figure(one, load, cpu, asked, plain)
            for one, (load, cpu) in zip(TARGETS, figures, strict=True)
        ),
        Figure(path="http/memory", value=memory, unit="MB", note=f"{told['cases']:,}"),
    ]


@contextmanager
def home_with(cases: int, place: str | None) -> Iterator[Path]:
    """受测目录: the home that is there, else one with so many cases that is thrown away after."""
    if place is not None:
        yield Path(place).resolve()
        return
    with tempfile.TemporaryDirectory(prefix="changxiao-bench-") as folder:
        on_home(Path(folder), *COMMAND[1:], "bench", "load", "--cases", str(cases))
        yield Path(folder)


def _headers(one: Target, told: dict[str, Any]) -> dict[str, str]:
    if one.page:
        return {"Cookie": told["cookie"]}
    kind = {"Content-Type": "application/json"} if one.post else {}
    return {"Authorization": f"Bearer {told['token']}", **kind}


def _asked(told: dict[str, Any]) -> dict[str, Any]:
    body = _BODY.replace("SUBCATEGORY", told["subcategory"]) % (*told["place"], 0)
    return {
        "begin": secrets.token_hex(8),
        "paths": {
            one.name: ["POST" if one.post else "GET", one.path.format(**told)] for one in TARGETS
        },
        "headers": {one.name: _headers(one, told) for one in TARGETS},
        "bodies": {one.name: body for one in TARGETS if one.post},
    }


def _measured(
    server: Server, one: Target, told: dict[str, Any], seconds: int
) -> tuple[wrk.Load, float]:
    """A short round that warms up, then the one that counts; CPU milliseconds a request."""
    url, headers = server.url + one.path.format(**told), _headers(one, told)

    def load(lasting: int) -> wrk.Load:
        report = _report(told) if one.post else None
        return wrk.run(url, headers, connections=one.connections, seconds=lasting, report=report)

    load(2)
    before = server.cpu_seconds()
    done = load(seconds)
    if done.errors or done.refused or not done.requests:
        raise RuntimeError(f"{one.name}: {done}")
    return done, (server.cpu_seconds() - before) * 1000 / done.requests


def _report(told: dict[str, Any]) -> wrk.Report:
    lon, lat = told["place"]
    body = _BODY.replace("SUBCATEGORY", told["subcategory"])
    return wrk.Report(lon, lat, body, secrets.token_hex(8))


def _memory(server: Server, told: dict[str, Any]) -> float:
    """Resident memory of the web when at least so many requests were answered."""
    answered = 0
    while answered < WARM_REQUESTS:
        for one in TARGETS[:4]:
            url = server.url + one.path.format(**told)
            answered += wrk.run(url, _headers(one, told), connections=4, seconds=3).requests
    return server.memory()


def _figure(
    one: Target, load: wrk.Load, cpu: float, asked: dict[str, int], plain: dict[str, float]
) -> Figure:
    return Figure(
        path=one.name,
        value=load.rate,
        unit="/s",
        ratio=load.rate / plain[one.plain],
        sql=asked[one.name],
        p99_ms=load.p99_ms,
        cpu_ms=cpu,
    )
