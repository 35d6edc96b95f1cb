"""酷刑 A-05: is a score the same bytes everywhere, and another as soon as one entry is another?

Synthetic months are evaluated over and over, each time by a process of its own with another hash
seed, locale and time zone, its rows shuffled, on DuckDB and (where DATABASE_URL names a PostgreSQL)
there too. Every file written must be equal, byte for byte. Then single entries are changed, one
field each: inside the period the digest must move, outside it must stay.
"""

from __future__ import annotations

import hashlib
import json
import os
import random
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pyarrow as pa
import pyarrow.parquet as pq

from changxiao.evaluation import bundles
from changxiao.evaluation.facts import schema, store
from changxiao.evaluation.facts.generate import ZONE, Plan, generate
from changxiao.evaluation.periods import Period, read_period
from changxiao.evaluation.schemes import EXAMPLES

TEST = "A-05"
CITY, LAST, A_MONTH = "900000", "2026-10", 150
LOCALES = ("C", "zh_CN.UTF-8", "en_US.UTF-8")
ZONES = ("UTC", "Asia/Shanghai", "America/Chicago", "Pacific/Apia")
SEEDS = 20
_BEGINS = ("reported_at", "started_at", "observed_at")
Tell = Callable[[int, int], None]


@dataclass(slots=True)
class Outcome:
    """结果: `unequal` names runs and months whose bytes differ, `unmoved` changes that the digest
    does not show, `moved` changes outside the period that it does."""

    months: int
    runs: int
    seed: int
    engines: list[str]
    changes: int = 0
    unequal: list[str] = field(default_factory=list)
    unmoved: list[str] = field(default_factory=list)
    moved: list[str] = field(default_factory=list)
    seconds: float = 0.0
    ok: bool = False

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


def score_torture(
    months: int, runs: int, changes: int, seed: int, *, tell: Tell = lambda _done, _of: None
) -> Outcome:
    """施刑: `runs` processes over `months` months, then `changes` changed entries inside the newest
    month and as many outside."""
    begin = time.monotonic()
    engines = [
        "duckdb",
        *(["postgres"] if os.environ.get("DATABASE_URL", "").startswith("postgres") else []),
    ]
    outcome = Outcome(months, runs, seed, engines, changes)
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        # Five more: the first evaluated month looks back as well.
        plan = Plan(A_MONTH * (months + 5), seed, months=months + 5, last=LAST)
        generate(plan, folder / "facts")
        first: dict[str, str] = {}
        for n in range(runs):
            found = _run(folder, n, seed, months, engines[n % len(engines)])
            first = first or found
            outcome.unequal += [f"{n} {key}" for key in first if found.get(key) != first[key]]
            tell(n + 1, runs)
        _change(outcome, folder)
    outcome.seconds = round(time.monotonic() - begin, 1)
    bad = outcome.unequal or outcome.unmoved or outcome.moved
    outcome.ok = not bad and len(first) == 4 * months
    return outcome


def _run(folder: Path, n: int, seed: int, months: int, engine: str) -> dict[str, str]:
    """One process in a world of its own: what it wrote, by month and file."""
    world = {
        "PYTHONHASHSEED": str(n % SEEDS),
        "LC_ALL": LOCALES[n % len(LOCALES)],
        "TZ": ZONES[n % len(ZONES)],
    }
    arguments = [str(folder / "facts"), str(folder / f"run-{n}"), str(seed + n), str(months)]
    done = subprocess.run(
        [sys.executable, "-m", "changxiao.bench.torture_score", *arguments, engine],
        env=os.environ | world, capture_output=True, text=True, check=True,
    )  # fmt: skip
    shutil.rmtree(folder / f"run-{n}")
    told: dict[str, str] = json.loads(done.stdout)
    return told


def months_of(count: int) -> list[Period]:
    """各月, the newest first."""
    found = [read_period(LAST, ZoneInfo(ZONE))]
    while len(found) < count:
        found.append(found[-1].before())
    return found


def rules() -> str:
    """方案: that of departments, for six districts, in force all the while."""
    text = (EXAMPLES / "department.toml").read_text(encoding="utf-8")
    text = text.replace('group = "department"', 'group = "district"')
    return text.replace("from = 2026-01-01", "from = 2000-01-01").replace("cases = 30", "cases = 5")


def shuffled(source: Path, target: Path, seed: int) -> store.Facts:
    """打乱: the same facts in another order of rows, in files of their own."""
    shutil.copytree(source, target)
    facts, chance = store.opened(target), random.Random(seed)
    for n, part in enumerate(facts.parts):
        path = target / part.file
        rows = pq.read_table(path, schema=schema.arrow(part.table))
        order = list(range(rows.num_rows))
        chance.shuffle(order)
        pq.write_table(rows.take(order), path)
        facts.parts[n] = replace(part, sha256=store.file_sha256(path))
    store.save(facts)
    return facts


def main(source: str, target: str, seed: str, months: str, engine: str) -> None:
    """一个进程: prints the SHA-256 of each file of each month."""
    facts = shuffled(Path(source), Path(target), int(seed))
    found: dict[str, str] = {}
    for period in months_of(int(months)):
        out = Path(target) / "out"
        bundles.make(facts, rules(), period, city=CITY, out=out, engine=engine)
        for path in sorted(out.iterdir()):
            found[f"{period.label} {path.name}"] = hashlib.sha256(path.read_bytes()).hexdigest()
    sys.stdout.write(json.dumps(found))


def _change(outcome: Outcome, folder: Path) -> None:
    """One field of one row at a time, of the newest month; what it cannot touch stays as it was."""
    chance = random.Random(outcome.seed)
    period = months_of(1)[0]
    facts = store.opened(folder / "facts")
    good = _digest(facts, period, folder)
    # A row before all that the newest month looks back to touches nothing of it.
    early = months_of(6)[-1].label
    for n in range(outcome.changes):
        table = list(schema.TABLES)[n % 3]
        name = _changed(facts, table, LAST, chance, n)
        if _digest(facts, period, folder) == good:
            outcome.unmoved.append(name)
        _restored(facts, folder)
    for n in range(outcome.changes):
        name = _changed(facts, "cases", early, chance, n, only_codes=True)
        if _digest(facts, period, folder) != good:
            outcome.moved.append(name)
        _restored(facts, folder)


def _digest(facts: store.Facts, period: Period, folder: Path) -> str:
    return bundles.make(facts, rules(), period, city=CITY, out=folder / "out").digest


def _changed(
    facts: store.Facts,
    table: str,
    month: str,
    chance: random.Random,
    n: int,
    *,
    only_codes: bool = False,
) -> str:
    part = next(one for one in facts.of(table) if one.month == month)
    rows = pq.read_table(facts.folder / part.file, schema=schema.arrow(table)).to_pylist()
    columns = [c for c in schema.TABLES[table].columns if c.name not in {"city", "n"}]
    columns = [c for c in columns if c.kind == schema.CODE or not only_codes]
    column = columns[n // 3 % len(columns)]
    row = chance.choice(rows)
    row[column.name] = _other(column.kind, row[column.name], row)
    store.write(
        facts, table, pa.Table.from_pylist(rows, schema.arrow(table)), city=CITY, month=month
    )
    return f"{table} {row[schema.TABLES[table].key[1]]} {column.name}"


def _other(kind: str, value: Any, row: dict[str, Any]) -> Any:
    if kind == schema.CODE:
        return f"{value}x"
    if kind == schema.TIME:
        # Later by one microsecond: no clock runs backwards by that.
        start: datetime = next(row[name] for name in _BEGINS if name in row)
        return (value or start) + timedelta(microseconds=1)
    if kind in {schema.COUNT, schema.PLACE}:
        return (value or 0) + 1
    return not value


def _restored(facts: store.Facts, folder: Path) -> None:
    facts.parts = store.opened(folder / "facts").parts


if __name__ == "__main__":
    main(*sys.argv[1:])
