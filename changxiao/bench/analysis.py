"""Bench `analysis`: what the analysts' pages count, on made-up facts of one city over two years.

The plain alternative of the pivot in the same run is hand-written SQL on the same files, read by
the same DuckDB.
"""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from zoneinfo import ZoneInfo

import click

from changxiao.bench.figures import Figure, seconds
from changxiao.evaluation.engines import reader
from changxiao.evaluation.facts import store
from changxiao.evaluation.facts.generate import Plan, generate
from changxiao.evaluation.lasting import assembling
from changxiao.evaluation.lasting.assembling import Asked as AskedLasting
from changxiao.evaluation.lasting.recurrence import Reach
from changxiao.evaluation.outlook.gathering import gathered
from changxiao.evaluation.outlook.pivot import Asked, Columns, pivot
from changxiao.evaluation.outlook.weeks import forecast, weeks_of
from changxiao.kernel.words import gettext as _

OPTIONS = [
    click.Option(["--cases"], type=click.IntRange(min=1000), default=100_000, help=_("案卷数。"))
]
ZONE = ZoneInfo("Asia/Shanghai")
RESIDENTS = frozenset({"public", "hotline", "wechat"})
PLAIN = """
    SELECT street, strftime(reported_at + INTERVAL 8 HOUR, '%Y-%m'), count(*)
    FROM read_parquet([{files}], hive_partitioning = false) GROUP BY ALL
"""


def run(*, cases: int = 100_000) -> list[Figure]:
    """研判: each page's counting, from opening the facts to the last number."""
    with tempfile.TemporaryDirectory() as folder:
        generate(Plan(cases, months=24, tasks=False), Path(folder))
        facts = store.opened(Path(folder))
        plain = seconds(lambda: _plainly(facts), rounds=3)
        return [
            *(_figure(name, cases, partial(_read, facts, ask)) for name, ask in _PAGES),
            Figure(path="analysis/pivot/plain-sql", value=plain, unit="s"),
            *(
                _figure(f"lasting/table-{by}", cases, partial(_lasting, facts, by))
                for by in ("street", "community", "category")
            ),
        ]


_PAGES: tuple[tuple[str, Callable[[Columns], object]], ...] = (
    ("analysis/pivot", lambda columns: pivot(columns, Asked(ZONE))),
    (
        "analysis/pivot-median",
        lambda columns: pivot(columns, Asked(ZONE, columns="channel", measure="hours")),
    ),
    ("analysis/hotspots", lambda columns: gathered(columns, Asked(ZONE))),
    ("analysis/forecast", lambda columns: forecast(weeks_of(columns, Asked(ZONE)))),
)


def _figure(name: str, cases: int, work: Callable[[], object]) -> Figure:
    wall = seconds(work, rounds=3)
    begin = time.process_time()
    work()
    spent = 1000 * (time.process_time() - begin)
    return Figure(path=name, value=wall, unit="s", cpu_ms=spent, note=f"{cases:,} cases")


def _read(facts: store.Facts, ask: Callable[[Columns], object]) -> object:
    with reader(facts) as columns:
        return ask(columns)


def _lasting(facts: store.Facts, by: str) -> object:
    asked = AskedLasting(Reach(), RESIDENTS, ZONE)
    with reader(facts) as columns:
        rows = columns(assembling.question(by, asked))
    return assembling.assemble(assembling.seen(rows, asked))


def _plainly(facts: store.Facts) -> object:
    import duckdb

    files = ", ".join(f"'{file}'" for file in facts.files("cases"))
    with duckdb.connect(config={"threads": 2}) as con:
        return con.execute(PLAIN.format(files=files)).fetchall()
