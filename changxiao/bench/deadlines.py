"""Bench `deadlines`: working-time deadlines one by one and in columns, beside a plain day loop."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import click
import numpy as np

from changxiao.bench.figures import Figure, rate, seconds
from changxiao.kernel.city import city
from changxiao.kernel.limits import Limit, TimeUnit
from changxiao.kernel.worktime import WorkCalendar
from changxiao.kernel.worktime_city import city_calendar

OPTIONS = [
    click.Option(["--rows"], type=click.IntRange(min=1000), default=1_000_000, show_default=True),
    click.Option(["--seed"], type=int, default=1, show_default=True),
]
_COMMAND = "from changxiao.cli import main; main()"
_HOUR = TimeUnit.WORK_HOUR


def run(*, rows: int = 1_000_000, seed: int = 1) -> list[Figure]:
    """应处置时间: `rows` starts of 2019–2026, limits of 0.25 to 40 units. Answers are compared."""
    calendar = city_calendar(city("440500"))
    starts, amounts = _columns(rows, seed)
    few = min(rows, 100_000)
    moments = [datetime.fromtimestamp(second, UTC) for second in starts[:few].tolist()]
    limits = [Limit(Decimal(amount), _HOUR) for amount in amounts[:few].tolist()]
    plain = _plain_rate(calendar, moments[:5000], limits[:5000])
    one = rate(lambda: _each(calendar, moments, limits), few, rounds=3)
    many = {unit: _many_rate(calendar, starts, amounts, unit) for unit in TimeUnit}
    due = calendar.due_many(starts, amounts, _HOUR)
    spent = rate(lambda: calendar.elapsed_many(starts, due, _HOUR), rows)
    _compare(calendar, moments, limits, due)
    return [
        Figure(path="deadlines/plain-day-loop", value=plain, unit="/s", ratio=1.0),
        Figure(path="deadlines/scalar", value=one, unit="/s", ratio=one / plain),
        *(
            Figure(path=f"deadlines/vector/{unit}", value=found, unit="/s", ratio=found / plain)
            for unit, found in many.items()
        ),
        Figure(path="deadlines/elapsed-vector", value=spent, unit="/s"),
        Figure(path="deadlines/command", value=seconds(_command) * 1000, unit="ms"),
    ]


def plain_due(calendar: WorkCalendar, start: datetime, limit: Limit) -> datetime:
    """对照: the plain alternative, a walk from day to day over the windows with datetime."""
    left = timedelta(hours=float(limit.amount))
    begin = start.astimezone(calendar.zone)
    day = begin.date()
    while True:
        for window in calendar.windows:
            if not window.covers(day, calendar.days.get(day)):
                continue
            opens, closes = _on(day, window.seconds(), calendar)
            here = max(opens, begin)
            if here < closes:
                if left <= closes - here:
                    return (here + left).astimezone(UTC)
                left -= closes - here
        day += timedelta(days=1)


def _on(day: date, window: tuple[int, int], calendar: WorkCalendar) -> tuple[datetime, datetime]:
    midnight = datetime(day.year, day.month, day.day, tzinfo=calendar.zone)
    return midnight + timedelta(seconds=window[0]), midnight + timedelta(seconds=window[1])


def _columns(rows: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    first, last = (int(datetime(year, 1, 1, tzinfo=UTC).timestamp()) for year in (2019, 2027))
    return rng.integers(first, last, rows), rng.integers(1, 161, rows) / 4


def _each(
    calendar: WorkCalendar, moments: Sequence[datetime], limits: Sequence[Limit]
) -> list[datetime]:
    return [calendar.due(at, limit) for at, limit in zip(moments, limits, strict=True)]


def _plain_rate(
    calendar: WorkCalendar, moments: Sequence[datetime], limits: Sequence[Limit]
) -> float:
    def walk() -> list[datetime]:
        return [plain_due(calendar, at, limit) for at, limit in zip(moments, limits, strict=True)]

    if walk() != _each(calendar, moments, limits):
        raise AssertionError("the engine and the plain day loop disagree")
    return rate(walk, len(moments), rounds=3)


def _many_rate(
    calendar: WorkCalendar, starts: np.ndarray, amounts: np.ndarray, unit: TimeUnit
) -> float:
    return rate(lambda: calendar.due_many(starts, amounts, unit), len(starts))


def _compare(
    calendar: WorkCalendar, moments: Sequence[datetime], limits: Sequence[Limit], due: np.ndarray
) -> None:
    one = [int(at.timestamp()) for at in _each(calendar, moments, limits)]
    if one != due[: len(one)].tolist():
        raise AssertionError("the vectorised deadlines differ from the scalar ones")


def _command() -> None:
    asked = ["deadline", "2026-09-30T17:30+08:00", "4 工作时"]
    subprocess.run([sys.executable, "-c", _COMMAND, *asked], check=True, capture_output=True)
