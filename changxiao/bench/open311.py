"""Bench `open311`: reports by form and a hundred rows of the public list, from wrk to the database.

The home is that of `bench http`, with every ended case published; POSTs go to SQLite at
synchronous=FULL through the key, the content digest and `cases.actions.report`.
"""

from __future__ import annotations

import json
import secrets
from dataclasses import replace

import click

from changxiao.bench import wrk
from changxiao.bench.figures import Figure
from changxiao.bench.http import home_with
from changxiao.bench.http_server import Server, serving
from changxiao.bench.http_server import run as on_home

OPTIONS = [
    click.Option(["--cases"], type=click.IntRange(min=100), default=100_000, show_default=True),
    click.Option(["--home", "place"], type=click.Path(exists=True, file_okay=False)),
    click.Option(["--seconds"], type=click.IntRange(min=1), default=8, show_default=True),
]
_HELPER = ("-m", "changxiao.bench.open311_home")
LIST = "/open311/v2/requests.json?page_size=100"
POST = "/open311/v2/requests.json"
_FORM = "service_code=%s&api_key=%s&long=%%.6f&lat=%%.6f&description=bench+report+%%d"
_HEADERS = {"Content-Type": "application/x-www-form-urlencoded"}


def run(*, cases: int = 100_000, place: str | None = None, seconds: int = 8) -> list[Figure]:
    """开放接口: `place` is a loaded bench home; else one with `cases` is made and thrown away.

    Refused `wrk_missing` where wrk is not installed.
    """
    wrk.must_be_installed()
    with home_with(cases, place) as home:
        told = json.loads(on_home(home, *_HELPER, "prepare"))
        form = _FORM % (told["service"], told["key"])
        asked = {"list": LIST, "post": POST, "form": form % (*told["place"], 0)}
        sql = json.loads(on_home(home, *_HELPER, "count", json.dumps(asked)))
        with serving(home) as server:
            listed, list_cpu = _measured(server, LIST, 4, seconds)
            lon, lat = told["place"]
            report = wrk.Report(lon, lat, form, secrets.token_hex(8))
            posted, post_cpu = _measured(server, POST, 16, seconds, report)
    return [
        _figure("open311/report", posted, sql["post"], post_cpu, ""),
        _figure("open311/requests-100", listed, sql["list"], list_cpu, f"{told['public']:,}"),
    ]


def _measured(
    server: Server, path: str, connections: int, seconds: int, report: wrk.Report | None = None
) -> tuple[wrk.Load, float]:
    """A short round that warms up, then the one that counts; CPU milliseconds a request."""

    def load(lasting: int) -> wrk.Load:
        url, headers = server.url + path, _HEADERS if report else {}
        # Keys of its own for each round, or the second would only be answered again.
        own = replace(report, begin=secrets.token_hex(8)) if report else None
        return wrk.run(url, headers, connections=connections, seconds=lasting, report=own)

    load(2)
    before = server.cpu_seconds()
    done = load(seconds)
    if done.errors or done.refused or not done.requests:
        raise RuntimeError(f"{path}: {done}")
    return done, (server.cpu_seconds() - before) * 1000 / done.requests


def _figure(path: str, load: wrk.Load, sql: int, cpu: float, note: str) -> Figure:
    return Figure(
        path=path, value=load.rate, unit="/s", sql=sql, p99_ms=load.p99_ms, cpu_ms=cpu, note=note
    )
