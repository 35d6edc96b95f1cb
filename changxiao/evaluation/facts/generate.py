"""虚拟事实: facts that no city lived through, for benchmarks and for trying a scheme. No Django.

Made from a seed alone: the same cases, seed, cities and months give the same bytes. A city's cases
are drawn month by month, each month from a stream of its own. Rows of a case agree with each other
(filed before dispatched before handled; late where handled after due).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from changxiao.evaluation.facts import schema, store
from changxiao.evaluation.facts.generate_observations import observations_of
from changxiao.evaluation.facts.generate_tasks import tasks_of
from changxiao.evaluation.periods import Period, read_period

ZONE = "Asia/Shanghai"
Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]

CHANNELS = (
    *("collector", "public", "hotline", "video", "wechat", "leader", "inspection", "media"),
    *("machine", "upper"),
)
SHARES = (0.62, 0.08, 0.07, 0.06, 0.06, 0.01, 0.03, 0.01, 0.05, 0.01)
LIMITS = np.array([2, 4, 24, 48, 72, 120, 168], dtype=np.int64) * 3600  # seconds
CATEGORIES, DISTRICTS, STREETS, COMMUNITIES, GRIDS = 90, 6, 12, 10, 6
SECOND = 1_000_000  # microseconds


@dataclass(frozen=True, slots=True)
class Plan:
    """要生成什么: `months` months up to and with `last` ("2026-10"), spread evenly over cities;
    `tasks`: with tasks and observations."""

    cases: int
    seed: int = 1
    cities: int = 1
    months: int = 1
    last: str = "2026-10"
    tasks: bool = True


def generate(plan: Plan, folder: Path, *, tell: Callable[[int], None] = lambda _n: None) -> None:
    """生成 facts into `folder`, replacing what its manifest names; `tell` hears of cases made."""
    facts = store.Facts(folder)
    labels = list(_months(plan.last, plan.months))
    horizon = _micros(_period(labels[-1]).end + timedelta(days=5))
    shares = _shares(plan.cases, plan.cities * len(labels))
    for city in range(plan.cities):
        code = f"9{city:05d}"
        facts.cities[code] = store.Source(ZONE)
        for month, label in enumerate(labels):
            count = shares[city * len(labels) + month]
            draw = _Draw(np.random.default_rng([plan.seed, city, month]), code, label, horizon)
            rows = draw.cases(count, units_of(city))
            store.write(facts, "cases", rows, city=code, month=label)
            if plan.tasks:
                others = {
                    "tasks": tasks_of(rows, draw.rng),
                    "observations": observations_of(code, _period(label).start, draw.rng),
                }
                for table, made in others.items():
                    store.write(facts, table, made, city=code, month=label)
            tell(count)
    store.save(facts)


def units_of(city: int) -> int:
    """部门数 of a city: 115, and 116 in every fifth, so that 300 cities have 34,560."""
    return 115 + (city % 5 == 0)


def _period(label: str) -> Period:
    return read_period(label, ZoneInfo(ZONE))


def _months(last: str, count: int) -> Iterator[str]:
    year, month = map(int, last.split("-"))
    end = year * 12 + month - 1
    for index in range(end - count + 1, end + 1):
        yield f"{index // 12:04d}-{index % 12 + 1:02d}"


def _shares(total: int, parts: int) -> list[int]:
    return [total // parts + (part < total % parts) for part in range(parts)]


def _micros(at: datetime) -> int:
    return int(at.astimezone(UTC).timestamp()) * SECOND


@dataclass(slots=True)
class _Draw:
    """抽样: one city's month; every time is microseconds since 1970 in UTC."""

    rng: np.random.Generator
    city: str
    month: str
    horizon: int

    def cases(self, count: int, units: int) -> pa.Table:
        """案卷行 of the month, in the order of their numbers."""
        columns = self._subject(count, units)
        columns |= self._road(count, columns)
        columns |= self._marks(count, columns)
        return pa.table({name: columns[name] for name in schema.CASES.names}).cast(
            schema.arrow("cases")
        )

    def _subject(self, count: int, units: int) -> dict[str, pa.Array]:
        period = _period(self.month)
        seconds = int((period.end - period.start).total_seconds())
        after = np.sort(self.rng.integers(0, seconds, count))
        place = self.rng.integers(0, DISTRICTS * STREETS * COMMUNITIES * GRIDS, count)
        unit = self._skewed(count, units)
        days = after // 86_400 + 1 + int(self.month.replace("-", "")) * 100
        channel = self.rng.choice(len(CHANNELS), count, p=SHARES)
        kind = self._skewed(count, CATEGORIES)
        return {
            "city": _codes(np.zeros(count, np.int64), [self.city]),
            "number": pa.array(days * 1_000_000 + np.arange(count)).cast(pa.string()),
            "channel": _codes(channel, CHANNELS),
            "category": _codes(kind, [f"e{i:04d}" for i in range(CATEGORIES)]),
            "criterion": _codes(kind, [f"e{i:04d}-1/1" for i in range(CATEGORIES)]),
            **self._places(place),
            "department": _codes(unit, [f"{self.city}-u{i:03d}" for i in range(units)]),
            "contractor": _codes(unit * (unit % 9 == 0), ["", *(f"c{i}" for i in range(1, units))]),
            "reported_at": _times(after * SECOND + _micros(period.start)),
            "urgent": self._some(count, 0.08),
        }

    def _places(self, place: Ints) -> dict[str, pa.Array]:
        sizes = {"district": STREETS * COMMUNITIES * GRIDS, "street": COMMUNITIES * GRIDS}
        sizes |= {"community": GRIDS, "unit_grid": 1}
        found = {}
        for (name, size), width in zip(sizes.items(), (2, 4, 6, 8), strict=True):
            held = place // size
            most = DISTRICTS * STREETS * COMMUNITIES * GRIDS // size
            found[name] = _codes(held, [f"{self.city}{i:0{width}d}" for i in range(most)])
        found["duty_grid"] = found["community"]
        found["x"] = pa.array(1_166_000_000 + place * 1_000 + self.rng.integers(0, 900, len(place)))
        found["y"] = pa.array(233_000_000 + self.rng.integers(0, 1_000_000, len(place)))
        return found

    def _road(self, count: int, subject: dict[str, pa.Array]) -> dict[str, pa.Array]:
        """Filed, dispatched, handled, closed: what lies after the horizon has not happened."""
        reported = _numbers(subject["reported_at"])
        unit = _numbers(subject["department"].indices)
        limit = LIMITS[_numbers(subject["category"].indices) % len(LIMITS)]
        filed = reported + self.rng.integers(120, 3_600, count) * SECOND
        sent = filed + self.rng.integers(60, 1_800, count) * SECOND
        due = sent + limit * SECOND
        # Each unit has a pace of its own, within which its cases differ.
        spent = limit * np.exp(self.rng.normal(-0.9 + (unit % 11) * 0.05, 0.6))
        handled = sent + np.maximum(spent.astype(np.int64), 60) * SECOND
        closed = handled + self.rng.integers(1_800, 90_000, count) * SECOND
        fate = self.rng.random(count)
        taken, voided = fate < 0.94, (fate > 0.925) & (fate < 0.935)
        joined = (fate >= 0.935) & (fate < 0.94)
        going = taken & ~voided & ~joined
        done = going & (handled < self.horizon) & (self.rng.random(count) < 0.985)
        shut = done & (closed < self.horizon)
        stage = np.select([shut, done, going, voided, joined], [0, 1, 2, 3, 4], 5)
        names = ["closed", "handled", "dispatched", "voided", "joined", "declined"]
        return {
            "stage": _codes(stage, names),
            "filed_at": _times(filed, taken),
            "dispatched_at": _times(sent, taken),
            "due_at": _times(due, taken),
            "handled_at": _times(handled, done),
            "closed_at": _times(closed, shut),
            "close_due_at": _times(due + 86_400 * SECOND, taken),
            "voided_at": _times(sent + 600 * SECOND, voided),
            "joined_at": _times(sent + 300 * SECOND, joined),
            "late": pa.array(done & (handled > due)),
        }

    def _marks(self, count: int, told: dict[str, pa.Array]) -> dict[str, pa.Array]:
        channel = _numbers(told["channel"].indices)
        stage = _numbers(told["stage"].indices)
        again = np.minimum(self.rng.poisson(0.08, count), 4) * (stage <= 2)
        rung = (stage == 0) & (self.rng.random(count) < 0.15)
        content = self.rng.random(count)
        return {
            "forced": pa.array((stage == 0) & (self.rng.random(count) < 0.004)),
            "suspended": pa.array((stage == 2) & (self.rng.random(count) < 0.2)),
            "appeal_upheld": pa.array(_flags(told["late"]) & (self.rng.random(count) < 0.05)),
            "reworks": pa.array(again),
            "returns": pa.array(np.minimum(self.rng.poisson(0.04, count), 2)),
            "extensions": pa.array(np.minimum(self.rng.poisson(0.06, count), 2)),
            "misdispatched": self._some(count, 0.02),
            "supervised": pa.array(np.minimum(self.rng.poisson(0.02, count), 3)),
            "important": pa.array(np.isin(channel, (5, 7, 9))),
            "self_found": pa.array(np.isin(channel, (0, 3, 6, 8))),
            "public_found": pa.array(np.isin(channel, (1, 2, 4))),
            "missed": pa.array(np.isin(channel, (1, 2, 4)) & (self.rng.random(count) < 0.1)),
            "on_spot": pa.array(np.zeros(count, np.bool_)),
            "reopened": pa.array(rung & (content > 0.97)),
            "solved": pa.array(content < 0.93, mask=~rung),
            "satisfied": pa.array(content < 0.9, mask=~rung),
            "called_back": pa.array(rung),
        }

    def _skewed(self, count: int, kinds: int) -> Ints:
        """A few of them have many: the first has about a tenth."""
        return (self.rng.random(count) ** 2 * kinds).astype(np.int64)

    def _some(self, count: int, share: float) -> pa.Array:
        return pa.array(self.rng.random(count) < share)


def _codes(indices: npt.NDArray[np.integer], names: list[str] | tuple[str, ...]) -> pa.Array:
    return pa.DictionaryArray.from_arrays(indices.astype(np.int32), list(names))


def _times(micros: Ints, there: Bools | None = None) -> pa.Array:
    mask = None if there is None else ~there
    return pa.array(micros, pa.int64(), mask=mask).cast(pa.timestamp("us"))


def _numbers(column: pa.Array) -> Ints:
    values: Ints = column.to_numpy(zero_copy_only=False).astype(np.int64)
    return values


def _flags(column: pa.Array) -> Bools:
    values: Bools = column.to_numpy(zero_copy_only=False).astype(np.bool_)
    return values
