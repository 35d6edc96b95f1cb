"""格网 Lattice: square cells over a city, rows from north, columns from west. Pure numpy.

Generated boundaries run along its lines, so that a point's community is found by arithmetic.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from changxiao.kernel.geo import Scale

Floats = NDArray[np.float64]
Mask = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Lattice:
    """格网: corner in degrees (WGS-84), size of a cell in degrees, and the metres of a degree."""

    west: float
    north: float
    width: float
    height: float
    rows: int
    cols: int
    scale: Scale

    @classmethod
    def over(cls, bbox: tuple[float, float, float, float], cell_m: float) -> Lattice:
        """铺满: cells of `cell_m` metres over the box, one more ring than needed."""
        west, south, east, north = bbox
        scale = Scale.at((south + north) / 2)
        width, height = cell_m / scale.east, cell_m / scale.north
        return cls(
            west - width,
            north + height,
            width,
            height,
            math.ceil((north - south) / height) + 2,
            math.ceil((east - west) / width) + 2,
            scale,
        )

    def x(self, lons: Floats) -> Floats:
        """Columns and their fractions."""
        return (lons - self.west) / self.width

    def y(self, lats: Floats) -> Floats:
        """Rows and their fractions, from the north."""
        return (self.north - lats) / self.height

    def lon(self, col: float) -> float:
        return self.west + col * self.width

    def lat(self, row: float) -> float:
        return self.north - row * self.height

    def inside(self, edges: Floats) -> Mask:
        """Cells whose centre lies inside the rings: even-odd rule, a crossing at a time.

        `edges` has a row of lon, lat, lon, lat for each edge of all rings.
        """
        x0, y0, x1, y1 = self._plane(edges)
        counts = np.zeros((self.rows, self.cols + 1), dtype=np.int32)
        first = np.ceil(np.minimum(y0, y1) - 0.5).astype(int)
        last = np.ceil(np.maximum(y0, y1) - 0.5).astype(int)
        steps = last - first
        edge = np.repeat(np.arange(len(edges)), steps)
        row = first[edge] + _within(steps)
        at = x0[edge] + (row + 0.5 - y0[edge]) * (x1 - x0)[edge] / (y1 - y0)[edge]
        # a centre (col + 0.5) is to the right of the crossing from this column on
        col = np.ceil(at - 0.5).astype(int)
        np.add.at(counts, (row, np.clip(col, 0, self.cols)), 1)
        return np.asarray((np.cumsum(counts, axis=1)[:, : self.cols] % 2).astype(bool))

    def crossed(self, edges: Floats) -> Mask:
        """Cells that an edge may touch: never too few, now and then one too many."""
        x0, y0, x1, y1 = self._plane(edges)
        steps = np.ceil(np.maximum(np.abs(x1 - x0), np.abs(y1 - y0))).astype(int) + 1
        edge = np.repeat(np.arange(len(edges)), steps)
        begin = _within(steps) / steps[edge]
        end = begin + 1 / steps[edge]
        mask = np.zeros((self.rows, self.cols), dtype=bool)
        # a piece is at most a cell long, so the cells of its two ends and their corners are all
        margin = 1e-6
        xs = [x0[edge] + part * (x1 - x0)[edge] for part in (begin, end)]
        ys = [y0[edge] + part * (y1 - y0)[edge] for part in (begin, end)]
        for x in (np.minimum(*xs) - margin, np.maximum(*xs) + margin):
            for y in (np.minimum(*ys) - margin, np.maximum(*ys) + margin):
                mask[np.floor(y).astype(int), np.floor(x).astype(int)] = True
        return mask

    def _plane(self, edges: Floats) -> tuple[Floats, Floats, Floats, Floats]:
        x, y = self.x(edges[:, 0::2]), self.y(edges[:, 1::2])
        return x[:, 0], y[:, 0], x[:, 1], y[:, 1]


def _within(steps: NDArray[np.int_]) -> NDArray[np.int_]:
    """0, 1, … for each repeated edge."""
    starts = np.cumsum(steps) - steps
    return np.asarray(np.arange(steps.sum()) - np.repeat(starts, steps))
