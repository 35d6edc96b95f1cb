"""Bench `orders`: a sheet of work orders, read, checked and taken, each as a case; beside it what a
script without rules would do: the same rows, read and inserted, one a transaction.

A city of its own in a home of its own (SQLite, `synchronous=FULL`). The sheet is CSV of seven
columns; every place is found by its words, every order has a limit and somebody who rang.
"""

from __future__ import annotations

import csv
import io
import json
import resource
import sqlite3
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import click

from changxiao.bench.figures import Figure
from changxiao.bench.fresh import child, set_up

OPTIONS = [
    click.Option(["--rows"], type=click.IntRange(min=100, max=20_000), default=1000),
]
_HEADS = ("工单编号", "来电人", "联系电话", "诉求内容", "诉求类别", "地址", "办理时限")
_CLERK = "intake"  # the city's own, of its staff.csv


def run(*, rows: int = 1000) -> list[Figure]:
    """收单: rows a second, checked and taken; and the plain inserts of the same rows."""
    with tempfile.TemporaryDirectory(prefix="changxiao-bench-") as folder:
        told = child("changxiao.bench.orders", "take", Path(folder), rows)
    return [
        Figure(path="orders/check", value=told["check"], unit="rows/s", cpu_ms=told["check_cpu"]),
        Figure(
            path="orders/take",
            value=told["take"],
            unit="rows/s",
            ratio=told["take"] / told["plain"],
            cpu_ms=told["take_cpu"],
            note=f"{rows:,} rows, at most {told['memory']:.0f} MB",
        ),
        Figure(path="orders/plain-insert", value=told["plain"], unit="rows/s", ratio=1.0),
    ]


def sheet(rows: int, communities: list[str], kinds: list[str]) -> bytes:
    """来单表, the same each time."""
    file = io.StringIO()
    written = csv.writer(file)
    written.writerow(_HEADS)
    due = datetime(2026, 12, 1, 12)
    for n in range(rows):
        place, kind = communities[n % len(communities)], kinds[n % len(kinds)]
        limit = due + timedelta(hours=n % 240)
        phone, words = f"138{n:08d}", f"{place}{kind}，影响通行，请处理 {n}"
        cells = (f"GD{n:06d}", "市民", phone, words, kind, place, f"{limit:%Y/%m/%d %H:%M}")
        written.writerow(cells)
    return file.getvalue().encode()


def _take(rows: int) -> dict[str, float]:
    home = set_up("440500")
    from django.utils import timezone

    from changxiao.areas.models import Community
    from changxiao.cases import subjects
    from changxiao.orgs.access import viewer_for
    from changxiao.orgs.models import Staff

    places = Community.objects.select_related("subdistrict__district").order_by("code")[:200]
    names = [f"{c.subdistrict.district.name}{c.subdistrict.name}{c.name}" for c in places]
    data = sheet(rows, names, [one.name for one in subjects.enabled() if one.kind == "event"][:40])
    viewer = viewer_for(Staff.objects.get(username=_CLERK), timezone.now())
    told = _taken(data, rows, viewer)
    told["plain"] = rows / _plain(home, data)
    told["memory"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return told


def _taken(data: bytes, rows: int, viewer: object) -> dict[str, float]:
    from changxiao.kernel import scope
    from changxiao.workorders import intake, sources
    from changxiao.workorders.models import OrderBatch

    assert isinstance(viewer, scope.Viewer)
    with scope.viewing(viewer):
        begun, spent = time.perf_counter(), time.process_time()
        batch = intake.receive(sources.of("12345"), data, "orders.csv", post="intake")
        if batch.state == OrderBatch.State.READING:
            intake.check(batch)
        checked, used = time.perf_counter(), time.process_time()
        if batch.good != rows:
            raise AssertionError(f"{batch.bad} of {rows} rows cannot be taken: {batch.shown}")
        intake.start(batch)
        intake.run(batch)
        taken = OrderBatch.objects.get(pk=batch.pk).taken
        if taken != rows:
            raise AssertionError(f"{taken} of {rows} rows were taken")
    return {
        "check": rows / (checked - begun),
        "check_cpu": (used - spent) * 1000 / rows,
        "take": rows / (time.perf_counter() - checked),
        "take_cpu": (time.process_time() - used) * 1000 / rows,
    }


def _plain(home: Path, data: bytes) -> float:
    """Seconds: each row as JSON into one table, committed by itself, and nobody asked."""
    store = sqlite3.connect(home / "plain.sqlite3", isolation_level=None)
    store.execute("PRAGMA journal_mode = WAL")
    store.execute("PRAGMA synchronous = FULL")
    store.execute("CREATE TABLE plain (number TEXT PRIMARY KEY, body TEXT)")
    begun = time.perf_counter()
    for number, body in _rows(data):
        store.execute("INSERT INTO plain VALUES (?, ?)", [number, body])
    spent = time.perf_counter() - begun
    store.close()
    return spent


def _rows(data: bytes) -> Iterator[tuple[str, str]]:
    for row in csv.DictReader(io.StringIO(data.decode())):
        yield row["工单编号"], json.dumps(row, ensure_ascii=False)


if __name__ == "__main__":
    sys.stdout.write(json.dumps(_take(int(sys.argv[2]))))
