"""Bench `cloudevents`: a camera's box posts events with a picture of 300 kB to the running city.

First ever new pictures at ever new places, one after the other: each is cleaned in a process of its
own, twice written and sealed. Then the same picture again and again within the metres of a find
that waits: repeats, of which a camera sends most.
"""

from __future__ import annotations

import base64
import http.client
import json
import secrets
import time
from typing import Any
from urllib.parse import urlsplit

import click

from changxiao.bench import wrk
from changxiao.bench.figures import Figure
from changxiao.bench.http import home_with
from changxiao.bench.http_server import Server, serving
from changxiao.bench.http_server import run as on_home

OPTIONS = [
    click.Option(["--cases"], type=click.IntRange(min=100), default=10_000, show_default=True),
    click.Option(["--home", "place"], type=click.Path(exists=True, file_okay=False)),
    click.Option(["--seconds"], type=click.IntRange(min=1), default=8, show_default=True),
    click.Option(["--finds"], type=click.IntRange(min=1), default=20, show_default=True),
]
_HELPER = ("-m", "changxiao.bench.cameras_home")
KIND = "application/cloudevents+json"
APART = 0.002  # degrees: well outside the metres within which a find repeats


def run(
    *, cases: int = 10_000, place: str | None = None, seconds: int = 8, finds: int = 20
) -> list[Figure]:
    """摄像机: Refused `wrk_missing` where wrk is not installed."""
    wrk.must_be_installed()
    with home_with(cases, place) as home:
        told = json.loads(on_home(home, *_HELPER, str(finds)))
        with serving(home) as server:
            new, new_cpu = _new(server, told)
            again, again_cpu = _again(server, told, seconds)
    size = f"{told['bytes'] // 1000} kB"
    return [
        Figure(path="cloudevents/new", value=new, unit="/s", cpu_ms=new_cpu, note=size),
        Figure(
            path="cloudevents/repeat",
            value=again.rate,
            unit="/s",
            p99_ms=again.p99_ms,
            cpu_ms=again_cpu,
            note=size,
        ),
    ]


def _new(server: Server, told: dict[str, Any]) -> tuple[float, float]:
    before, began = server.cpu_seconds(), time.monotonic()
    lon, lat = told["place"]
    for number, picture in enumerate(told["pictures"]):
        place = (lon + APART * (number % 5), lat + APART * (number // 5))
        _posted(server, _event(picture) % (*place, number), _headers(told))
    count = len(told["pictures"])
    spent = server.cpu_seconds() - before
    return count / (time.monotonic() - began), spent * 1000 / count


def _posted(server: Server, body: str, headers: dict[str, str]) -> None:
    connection = http.client.HTTPConnection(urlsplit(server.url).netloc, timeout=30)
    try:
        connection.request("POST", "/cloudevents/", body.encode(), headers)
        told = json.loads(connection.getresponse().read())
    finally:
        connection.close()
    if told.get("state") not in {"waiting", "joined"}:
        raise RuntimeError(f"{told}: {body[:200]}")


def _again(server: Server, told: dict[str, Any], seconds: int) -> tuple[wrk.Load, float]:
    lon, lat = told["place"]
    before = server.cpu_seconds()
    report = wrk.Report(lon, lat, _event(told["pictures"][0]), secrets.token_hex(4))
    done = wrk.run(
        f"{server.url}/cloudevents/", _headers(told), connections=4, seconds=seconds, report=report
    )
    if done.errors or done.refused or not done.requests:
        raise RuntimeError(str(done))
    return done, (server.cpu_seconds() - before) * 1000 / done.requests


def _headers(told: dict[str, Any]) -> dict[str, str]:
    return {"Authorization": f"Bearer {told['token']}", "Content-Type": KIND}


def _event(picture: str) -> str:
    """A format of longitude, latitude and number, for Python and for Lua."""
    base64.b64decode(picture, validate=True)  # no sign of it means anything to a format
    run = secrets.token_hex(4)
    return (
        '{"specversion":"1.0","type":"cn.changxiao.camera.find.v1","source":"urn:bench:'
        + run
        + '",'
        '"data":{"class":"bench","confidence":0.9,"lon":%.6f,"lat":%.6f,'
        '"picture":{"type":"image/jpeg","base64":"' + picture + '"}},"id":"%d"}'
    )
