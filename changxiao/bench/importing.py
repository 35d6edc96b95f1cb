"""Bench `import`: a made-up list through the verbs, beside the same entries inserted raw.

A city of its own in a home of its own (SQLite, `synchronous=FULL`). Every row is a finished case of
seven entries, mapped, located and replayed by `changxiao import`; the sequencer is measured apart.
"""

from __future__ import annotations

import json
import random
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import click

from changxiao.bench.figures import Figure
from changxiao.bench.fresh import child, set_up

OPTIONS = [
    click.Option(["--rows"], type=click.IntRange(min=200), default=2000, show_default=True),
    click.Option(["--seed"], type=int, default=1, show_default=True),
]
_CITY, _MAPPING = "chicago", "chicago-sanitation"
_FIRST = date(2012, 1, 2)
# Raw alternative: as many entries a transaction as 200 rows make.
_RAW_CHUNK = 1400
_COLUMNS = (
    "stream, n, verb, actor, on_behalf, act_key, occurred_at, at, recorded_at, body, prev, hash"
)
_HEADINGS = "created_date,status,completed_date,request_number,nature_of_violation,street_address"


def run(*, rows: int = 2000, seed: int = 1) -> list[Figure]:
    """导入: `rows` finished cases; the raw inserts are the plain alternative."""
    with tempfile.TemporaryDirectory(prefix="changxiao-bench-") as folder:
        found = _child("verbs", rows, seed, folder)
        raw = _child("raw", rows, seed, folder)["rate"]
    return [
        Figure(
            path="import",
            value=found["rate"],
            unit="entries/s",
            ratio=found["rate"] / raw,
            cpu_ms=found["cpu_ms"],
            note=f"{found['entries']:.0f} entries; CPU ms an entry",
        ),
        Figure(path="import/raw-insert", value=raw, unit="entries/s", ratio=1.0),
        Figure(path="import/sequence", value=found["sequence"], unit="entries/s"),
    ]


def _child(step: str, rows: int, seed: int, folder: str) -> dict[str, float]:
    return child("changxiao.bench.importing", step, Path(folder) / step, rows, seed)


def _verbs(rows: int, seed: int) -> dict[str, float]:
    home = set_up(_CITY)
    from changxiao.cases.importing import mapping
    from changxiao.cases.importing.run import Options, import_cases
    from changxiao.ledger import sequencer

    file = home / "list.csv"
    file.write_text("\n".join(_lines(rows, seed)), encoding="utf-8")
    wanted = mapping.load(_MAPPING)
    sequencer.drain()
    options = Options(refused_csv=home / "refused.csv", now=datetime.now(UTC), sequence=False)
    begun, spent = time.perf_counter(), time.process_time()
    told = import_cases(file, wanted, options)
    seconds, cpu = time.perf_counter() - begun, time.process_time() - spent
    if told.accepted != rows:
        raise AssertionError(f"{told.refused} of {rows} rows were refused")
    begun = time.perf_counter()
    ordered = sequencer.drain()
    _keep(home.parent / "entries.json")
    return {
        "rate": told.entries / seconds,
        "cpu_ms": cpu * 1000 / told.entries,
        "entries": told.entries,
        "sequence": ordered / (time.perf_counter() - begun),
    }


def _lines(rows: int, seed: int) -> Iterator[str]:
    """A list in the mapping's own words, over the middle of the city."""
    made = random.Random(seed)
    yield f"{_HEADINGS},lat,lon"
    for number in range(rows):
        day = _FIRST + timedelta(days=number // 50)
        done = day + timedelta(days=made.randint(0, 20))
        lat, lon = made.uniform(41.80, 41.95), made.uniform(-87.72, -87.66)
        address = f"{number} W MADISON ST"
        yield f"{day},Completed,{done},B-{number:07d},Other,{address},{lat:.6f},{lon:.6f}"


def _keep(file: Path) -> None:
    rows = _fetch(f"SELECT {_COLUMNS} FROM ledger_entry WHERE stream LIKE 'case:%'")  # noqa: S608
    file.write_text(json.dumps(rows, default=str), encoding="utf-8")


def _fetch(query: str) -> list[Any]:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(query)
        return list(cursor.fetchall())


def _raw(rows: int, seed: int) -> dict[str, float]:
    """The same rows into the same table, without anybody asking whether they may."""
    home = set_up(_CITY)
    from django.db import connection, transaction

    kept = json.loads((home.parent / "entries.json").read_text(encoding="utf-8"))
    holes = ", ".join(["%s"] * (_COLUMNS.count(",") + 1))
    insert = f"INSERT INTO ledger_entry ({_COLUMNS}) VALUES ({holes})"  # noqa: S608
    begun = time.perf_counter()
    for start in range(0, len(kept), _RAW_CHUNK):
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.executemany(insert, kept[start : start + _RAW_CHUNK])
    return {"rate": len(kept) / (time.perf_counter() - begun)}


_STEPS: dict[str, Callable[[int, int], dict[str, float]]] = {"verbs": _verbs, "raw": _raw}


if __name__ == "__main__":
    step, rows, seed = sys.argv[1:]
    sys.stdout.write(f"{json.dumps(_STEPS[step](int(rows), int(seed)))}\n")  # the parent reads it
