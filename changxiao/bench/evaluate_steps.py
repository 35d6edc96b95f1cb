"""Steps of the bench `evaluate`, each its own process: time, processor time and peak memory."""

from __future__ import annotations

import json
import resource
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import duckdb

from changxiao.evaluation import engines
from changxiao.evaluation.counting import count
from changxiao.evaluation.facts import schema, store
from changxiao.evaluation.facts.generate import ZONE
from changxiao.evaluation.indicators.library import LIBRARY
from changxiao.evaluation.indicators.times import handling_time
from changxiao.evaluation.periods import read_period
from changxiao.kernel.refused import Refused

ROUNDS = 7
INDICATORS = 30
COLUMNS = ["city", "department", "dispatched_at", "due_at", "handled_at", "late", "reworks"]
BY_HAND = """
    SELECT city, department, count(*),
           count(*) FILTER (WHERE handled_at <= due_at AND NOT late),
           count(*) FILTER (WHERE reworks > 0),
           median(date_diff('second', dispatched_at, handled_at))
    FROM read_parquet({files}, hive_partitioning = false) GROUP BY city, department
"""
Found = dict[str, float]


def question(facts: store.Facts) -> Found:
    """The question through Ibis and by hand, turn about; both must answer the same."""
    asked = handling_time(schema.unbound("cases"))
    files = facts.files("cases")
    with engines.engine("duckdb", facts) as run, duckdb.connect() as con:
        query = BY_HAND.format(files=files)  # a list of names reads the same in SQL
        ways: dict[str, Callable[[], Any]] = {
            "ibis": lambda: run(asked),
            "sql": lambda: con.execute(query).fetchall(),
        }
        answers = {name: sorted(way()) for name, way in ways.items()}
        if answers["ibis"] != answers["sql"]:
            raise AssertionError("the two ways do not answer the same")
        told: dict[str, list[tuple[float, float]]] = {name: [] for name in ways}
        for _round in range(ROUNDS):
            for name, way in ways.items():
                spent = time.process_time()
                told[name].append((_seconds(way), time.process_time() - spent))
    # The best round, as whoever else works on the machine only adds to it.
    best = {name: min(wall for wall, _cpu in rounds) for name, rounds in told.items()}
    cpu = {f"{name}_cpu": min(cpu for _wall, cpu in rounds) for name, rounds in told.items()}
    return {**best, **cpu, "groups": len(answers["ibis"]), "rows": facts.rows("cases")}


def scheme(facts: store.Facts) -> Found:
    """A month of 30 indicators for every unit of every city, from opening the files on."""
    rows = [row for row in LIBRARY.values() if row.table.name == "cases" and not row.as_seen]
    keys = [row.key for row in sorted(rows, key=lambda row: (row.kind != "rate", row.key))]
    month = read_period(max(part.month for part in facts.parts), ZoneInfo(ZONE))
    begun, spent = time.perf_counter(), time.process_time()
    with engines.engine("duckdb", facts) as run:
        found = count(run, keys=keys[:INDICATORS], by="department", period=month)
    return {
        "seconds": time.perf_counter() - begun,
        "cpu": time.process_time() - spent,
        "counts": len(found),
        "indicators": len({one.indicator for one in found}),
    }


def polars(facts: store.Facts) -> Found:
    pl = engines.module("polars", "polars", "polars")
    on_time = (pl.col("handled_at") <= pl.col("due_at")) & ~pl.col("late")
    spent = (pl.col("handled_at") - pl.col("dispatched_at")).dt.total_seconds()
    frame = pl.scan_parquet(facts.files("cases"), hive_partitioning=False)
    asked = frame.group_by("city", "department").agg(
        pl.len(),
        on_time.sum().alias("on_time"),
        (pl.col("reworks") > 0).sum().alias("again"),
        spent.median().alias("spent"),
    )
    return _timed(lambda: asked.collect().height)


def pandas(facts: store.Facts) -> Found:
    pd = engines.module("pandas", "pandas", "pandas")
    begun = time.perf_counter()
    frame = pd.read_parquet(facts.files("cases"), columns=COLUMNS, partitioning=None)
    load = time.perf_counter() - begun

    def ask() -> int:
        told = frame.assign(
            on_time=(frame.handled_at <= frame.due_at) & ~frame.late,
            again=frame.reworks > 0,
            spent=(frame.handled_at - frame.dispatched_at).dt.total_seconds(),
        ).groupby(["city", "department"], observed=True)
        size = told.agg({"late": "size", "on_time": "sum", "again": "sum", "spent": "median"})
        return len(size)

    return _timed(ask, load)


def postgres(facts: store.Facts) -> Found:
    return _engine("postgres", facts)


def spark(facts: store.Facts) -> Found:
    return _engine("spark", facts)


def _engine(name: str, facts: store.Facts) -> Found:
    asked = handling_time(schema.unbound("cases"))
    begun = time.perf_counter()
    with engines.engine(name, facts) as run:
        load = time.perf_counter() - begun
        return _timed(lambda: len(run(asked)), load)


def _timed(ask: Callable[[], int], load: float = 0.0) -> Found:
    """Two rounds; the second is told, for the first reads the files for everybody."""
    groups = ask()
    return {"seconds": _seconds(ask), "groups": groups, "load": load}


def _seconds(work: Callable[[], object]) -> float:
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun


STEPS: dict[str, Callable[[store.Facts], Found]] = {
    "question": question,
    "scheme": scheme,
    "polars": polars,
    "pandas": pandas,
    "postgres": postgres,
    "spark": spark,
}


def main(name: str, folder: str) -> int:
    """One step; its answer is a line of JSON. 2: an engine is not there."""
    try:
        found = STEPS[name](store.opened(Path(folder)))
    except Refused as no:
        sys.stderr.write(f"{no.sentence}\n")
        return 2
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    children = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    found["mb"] = (peak + children) / 1024
    sys.stdout.write(f"{json.dumps(found)}\n")  # the parent reads it
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
