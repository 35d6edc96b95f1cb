"""酷刑 A-05: is a score the same bytes everywhere, and another as soon as one entry is another?

A world 世界 is a process with one of 20 hash seeds, 3 locales and 4 time zones: 240 of them. Each
evaluates its share of the synthetic months, rows shuffled anew, on DuckDB and (where DATABASE_URL
names a PostgreSQL) there too. The shares are dealt so that every month meets every seed and every
pair of locale and zone; with a share of all months it is the whole product. Every file written must
be equal, byte for byte. Then single rows are changed, one field each: inside the period the digest
must move, outside it must stay.
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
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pyarrow as pa
import pyarrow.parquet as pq

from changxiao.evaluation import bundles
from changxiao.evaluation.facts import schema, store
from changxiao.evaluation.facts.generate import ZONE, generate
from changxiao.evaluation.facts.generate import Plan as Facts
from changxiao.evaluation.periods import Period, read_period
from changxiao.evaluation.schemes import EXAMPLES

TEST = "A-05"
CITY, LAST, A_MONTH = "900000", "2026-10", 150
LOCALES = ("C", "zh_CN.UTF-8", "en_US.UTF-8")
ZONES = ("UTC", "Asia/Shanghai", "America/Chicago", "Pacific/Apia")
SEEDS = 20
WORLDS = SEEDS * len(LOCALES) * len(ZONES)
STRIDE = 77  # has no divisor in common with 240
_BEGINS = ("reported_at", "started_at", "observed_at")
Tell = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Plan:
    """计划: `share` months a world, of `months`; as many changed rows inside the newest month as
    outside."""

    months: int
    worlds: int
    share: int
    changes: int
    seed: int


@dataclass(frozen=True, slots=True)
class World:
    """世界: what a process finds around it, and which of the shares it evaluates."""

    number: int
    hash_seed: int
    locale: str
    zone: str
    block: int

    @property
    def environment(self) -> dict[str, str]:
        return {"PYTHONHASHSEED": f"{self.hash_seed}", "LC_ALL": self.locale, "TZ": self.zone}


@dataclass(slots=True)
class Outcome:
    """结果: `evaluations` in all, `least` worlds and engines that any month met; `unequal` names
    worlds, engines, months and files whose bytes differ, `unmoved` changes that the digest does not
    show, `moved` changes outside the period that it does."""

    months: int
    worlds: int
    seed: int
    engines: list[str]
    changes: int = 0
    evaluations: int = 0
    least: int = 0
    unequal: list[str] = field(default_factory=list)
    unmoved: list[str] = field(default_factory=list)
    moved: list[str] = field(default_factory=list)
    seconds: float = 0.0
    ok: bool = False

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


def score_torture(plan: Plan, *, tell: Tell = lambda _done, _of: None) -> Outcome:
    """施刑: as many worlds at a time as there are processors."""
    begin = time.monotonic()
    postgres = os.environ.get("DATABASE_URL", "").startswith("postgres")
    engines = ["duckdb", *(["postgres"] if postgres else [])]
    outcome = Outcome(plan.months, plan.worlds, plan.seed, engines, plan.changes)
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        # Five more: the first evaluated month looks back as well.
        rows, months = A_MONTH * (plan.months + 5), plan.months + 5
        generate(Facts(rows, plan.seed, months=months, last=LAST), folder / "facts")
        _compare(outcome, plan, folder, tell)
        _change(outcome, folder)
    outcome.seconds = round(time.monotonic() - begin, 1)
    bad = outcome.unequal or outcome.unmoved or outcome.moved
    outcome.ok = not bad and outcome.least > 1
    return outcome


def worlds_of(plan: Plan) -> list[World]:
    """各世界: the first `worlds` of them in an order in which few are soon as unlike as many."""
    blocks = -(-plan.months // plan.share)
    return [_world(n * STRIDE % WORLDS, blocks) for n in range(plan.worlds)]


def _world(number: int, blocks: int) -> World:
    rest, seed = divmod(number, SEEDS)
    zone, locale = divmod(rest, len(LOCALES))
    # `rest` runs from 0 to 11: of up to twelve shares every seed meets each.
    return World(number, seed, LOCALES[locale], ZONES[zone], (seed + rest) % blocks)


def share_of(plan: Plan, block: int) -> list[str]:
    """一份: the months of it."""
    labels = [period.label for period in months_of(plan.months)]
    return labels[block * plan.share :][: plan.share]


def _compare(outcome: Outcome, plan: Plan, folder: Path, tell: Tell) -> None:
    first: dict[str, str] = {}
    met: Counter[str] = Counter()
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        worlds = worlds_of(plan)
        runs = pool.map(lambda one: _run(folder, plan, one, outcome.engines), worlds)
        for done, (world, found) in enumerate(zip(worlds, runs, strict=True), 1):
            for engine, files in found.items():
                wrong = [key for key in files if first.setdefault(key, files[key]) != files[key]]
                outcome.unequal += [f"{world.number} {engine} {key}" for key in wrong]
                met.update({key.partition(" ")[0] for key in files})
            tell(done, plan.worlds)
    outcome.evaluations = met.total()
    outcome.least = min(met[period.label] for period in months_of(plan.months))


def _run(folder: Path, plan: Plan, world: World, engines: list[str]) -> dict[str, dict[str, str]]:
    """One process: the SHA-256 of each file that it wrote, by engine, month and name."""
    target = folder / f"world-{world.number}"
    months = ",".join(share_of(plan, world.block))
    arguments = [folder / "facts", target, plan.seed + world.number, months, ",".join(engines)]
    done = subprocess.run(
        [sys.executable, "-m", "changxiao.bench.torture_score", *map(str, arguments)],
        env=os.environ | world.environment, capture_output=True, text=True, check=True,
    )  # fmt: skip
    shutil.rmtree(target)
    told: dict[str, dict[str, str]] = json.loads(done.stdout)
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


def main(source: str, target: str, seed: str, months: str, engines: str) -> None:
    """一个世界: prints the SHA-256 of each file of each month, by engine."""
    facts = shuffled(Path(source), Path(target), int(seed))
    told = {engine: _files(facts, months.split(","), engine) for engine in engines.split(",")}
    sys.stdout.write(json.dumps(told))


def _files(facts: store.Facts, months: list[str], engine: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for label in months:
        out = facts.folder / "out"
        period = read_period(label, ZoneInfo(ZONE))
        bundles.make(facts, rules(), period, city=CITY, out=out, engine=engine)
        for path in sorted(out.iterdir()):
            found[f"{label} {path.name}"] = hashlib.sha256(path.read_bytes()).hexdigest()
    return found


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
