"""Bench `locate`: points to their grids, singly and in columns, beside a plain polygon search."""

from __future__ import annotations

import subprocess
import sys
from functools import partial
from typing import Any

import click
import numpy as np
import shapely

from changxiao.areas import outlines
from changxiao.areas.generate import draw
from changxiao.areas.locate import Locator
from changxiao.bench.figures import Figure, rate, seconds
from changxiao.kernel.city import city
from changxiao.kernel.geo import gcj02_to_wgs84

OPTIONS = [
    click.Option(["--rows"], type=click.IntRange(min=1000), default=1_000_000, show_default=True),
    click.Option(["--seed"], type=int, default=1, show_default=True),
]
_COMMAND = "from changxiao.cli import main; main()"
_CORE = (116.63, 23.34, 116.77, 23.42)  # the old town and around: where reports come from
_CITY = (116.25, 23.05, 117.10, 23.60)


def run(*, rows: int = 1_000_000, seed: int = 1) -> list[Figure]:
    """定位: random points of the core and of the whole city's box. Answers are compared."""
    locator = Locator(draw(city("440500")))
    core, wide = _points(_CORE, rows, seed), _points(_CITY, rows, seed)
    plain = _plain_rate(locator, core[0][:100_000], core[1][:100_000])
    figures = [
        Figure(path="locate/plain-polygons", value=plain, unit="/s", ratio=1.0),
        Figure(path="locate/draw", value=seconds(_draw) * 1000, unit="ms"),
        Figure(path="locate/command", value=seconds(_command) * 1000, unit="ms"),
        Figure(path="locate/gcj02-to-wgs84", value=_convert_rate(*core), unit="/s"),
    ]
    for name, (lons, lats) in {"core": core, "city": wide}.items():
        one = _single_rate(locator, lons, lats)
        many = rate(partial(locator.many, lons, lats), rows)
        edge = rate(partial(locator.many, lons, lats, boundary=True), rows)
        figures += [
            Figure(path=f"locate/{name}/single", value=one, unit="/s"),
            Figure(path=f"locate/{name}/vector", value=many, unit="/s", ratio=many / plain),
            Figure(path=f"locate/{name}/vector-boundary", value=edge, unit="/s"),
        ]
    return figures


def _points(
    box: tuple[float, float, float, float], rows: int, seed: int
) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    west, south, east, north = box
    return rng.uniform(west, east, rows), rng.uniform(south, north, rows)


def _plain_rate(locator: Locator, lons: np.ndarray, lats: np.ndarray) -> float:
    """对照: a tree over the unit grids' polygons, asked in columns."""
    tree = shapely.STRtree(outlines.unit_grids(locator.ground))

    def search() -> Any:
        return tree.query(shapely.points(lons, lats), predicate="intersects")

    point, unit = search()
    if (locator.many(lons, lats).unit[point] != unit).any():
        raise AssertionError("the locator and the polygons disagree")
    return rate(search, len(lons), rounds=3)


def _single_rate(locator: Locator, lons: np.ndarray, lats: np.ndarray) -> float:
    inside = np.flatnonzero(locator.many(lons, lats).community >= 0)[:50_000]
    pairs = list(zip(lons[inside].tolist(), lats[inside].tolist(), strict=True))
    return rate(lambda: [locator.at(*pair) for pair in pairs], len(pairs), rounds=3)


def _convert_rate(lons: np.ndarray, lats: np.ndarray) -> float:
    return rate(lambda: gcj02_to_wgs84(lons, lats), len(lons), rounds=3)


def _draw() -> None:
    draw(city("440500"))


def _command() -> None:
    asked = ["locate", "116.70", "23.36", "--crs", "gcj02"]
    subprocess.run([sys.executable, "-c", _COMMAND, *asked], check=True, capture_output=True)
