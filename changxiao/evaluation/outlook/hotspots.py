"""热点: cells whose neighbourhood holds more cases than chance would gather there.

The local statistic Gi* of Ord and Getis (1995) on the counts of square cells, neighbours being the
cells within a distance; z-scores are held against each other by the false discovery rate of
Benjamini and Hochberg (1995), since a city asks of thousands of cells at once.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import convolve
from scipy.stats import false_discovery_control, norm

from changxiao.kernel.refused import Refused
from changxiao.kernel.words import gettext as _

Floats = NDArray[np.float64]
MOST_CELLS = 4_000_000
FEWEST_CELLS = 30  # below which a z-score is no normal variable


@dataclass(frozen=True, slots=True)
class Cells:
    """格子: middle of each cell in metres, its `count`, its `z` and whether the neighbourhood is
    `hot` or `cold` once all cells are held against each other."""

    x: Floats
    y: Floats
    count: NDArray[np.int64]
    z: Floats
    hot: NDArray[np.bool_]
    cold: NDArray[np.bool_]


def hotspots(
    x: Floats, y: Floats, *, cell: float = 200.0, reach: float = 400.0, level: float = 0.05
) -> Cells:
    """热点: of points in metres. Only cells that hold a case, or lie within `reach` of one, belong
    to the city asked about; the empty sea does not make everything else hot.

    Refused `points_few` under 30 such cells, `cells_many` where the points span 4 million cells.
    """
    counts, west, south = _counted(x, y, cell)
    disc = _disc(reach / cell)
    here = convolve((counts > 0).astype(np.int64), disc, mode="constant") > 0
    z = _local(counts.astype(float), here, disc)
    rows, columns = np.nonzero(here)
    if len(rows) < FEWEST_CELLS:
        told = {"cells": len(rows), "fewest": FEWEST_CELLS}
        sentence = _("案卷只落在 %(cells)d 个格子里，少于 %(fewest)d 个，看不出热点：请放宽范围。")
        raise Refused("points_few", sentence % told)
    told_z = z[rows, columns]
    sure = false_discovery_control(2 * norm.sf(np.abs(told_z))) <= level
    east = np.asarray(west + (columns + 0.5) * cell, np.float64)
    north = np.asarray(south + (rows + 0.5) * cell, np.float64)
    hot, cold = sure & (told_z > 0), sure & (told_z < 0)
    return Cells(east, north, counts[rows, columns], told_z, hot, cold)


def _counted(x: Floats, y: Floats, cell: float) -> tuple[NDArray[np.int64], float, float]:
    if not len(x):
        raise Refused("points_few", _("没有带坐标的案卷，看不出热点：请放宽范围。"))
    west, south = float(x.min()), float(y.min())
    columns, rows = ((x - west) // cell).astype(int), ((y - south) // cell).astype(int)
    shape = int(rows.max()) + 1, int(columns.max()) + 1
    if shape[0] * shape[1] > MOST_CELLS:
        sentence = _("案卷散布太广（%(cells)d 格）：请检查坐标，或加大格子。")
        raise Refused("cells_many", sentence % {"cells": shape[0] * shape[1]}, field="cell")
    flat = np.bincount(rows * shape[1] + columns, minlength=shape[0] * shape[1])
    return flat.reshape(shape), west, south


def _disc(cells: float) -> NDArray[np.int64]:
    wide = int(cells)
    steps = np.arange(-wide, wide + 1)
    return (steps[:, None] ** 2 + steps**2 <= cells**2).astype(np.int64)


def _local(counts: Floats, here: NDArray[np.bool_], disc: NDArray[np.int64]) -> Floats:
    """Gi*: the sum of the neighbourhood less what its size would hold, in standard deviations."""
    city = int(here.sum())
    mean, spread = counts[here].mean(), counts[here].std()
    near = convolve(here.astype(float), disc, mode="constant")
    sums = convolve(np.where(here, counts, 0.0), disc, mode="constant")
    with np.errstate(divide="ignore", invalid="ignore"):
        below = spread * np.sqrt((city * near - near**2) / (city - 1))
        return np.where(below > 0, (sums - mean * near) / below, 0.0)
