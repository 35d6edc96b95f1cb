"""界线 edges: how far a point is from the districts' outlines, in metres of the local plane.

Far from every outline a lower bound by blocks of cells is enough, and nothing is measured.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from changxiao.areas.generate import Tract, edges_of
from changxiao.areas.lattice import Lattice

BLOCK = 2  # cells a side
RINGS = 24  # beyond so many blocks nothing nearer than a community's own side is expected


class Edges:
    """界线: all outlines of a city, indexed; plane coordinates are columns and rows in metres."""

    def __init__(self, lattice: Lattice, districts: Sequence[Tract]) -> None:
        self._lattice = lattice
        self._districts = districts
        self._size = lattice.width * lattice.scale.east, lattice.height * lattice.scale.north
        edges = np.vstack([edges_of(tract.outline) for tract in districts])
        points = np.stack([self._east(edges[:, 0::2]), self._south(edges[:, 1::2])], axis=-1)
        self._tree = shapely.STRtree(shapely.linestrings(points))
        self._least = self._lower_bounds()
        self._planes: list[Any] = []

    def at_least(self, row: int, col: int) -> float:
        """至少多远: a lower bound in metres for every point of the cell."""
        return float(self._least[row // BLOCK, col // BLOCK])

    def at_least_many(self, row: NDArray[np.int_], col: NDArray[np.int_]) -> NDArray[np.float64]:
        """至少多远, in columns."""
        return np.asarray(self._least[row // BLOCK, col // BLOCK])

    def metres(self, x: float, y: float) -> float:
        """离最近界线 in metres, for a point in lattice coordinates."""
        point = shapely.Point(x * self._size[0], y * self._size[1])
        return float(self._tree.query_nearest(point, all_matches=False, return_distance=True)[1][0])

    def metres_many(self, x: NDArray[Any], y: NDArray[Any]) -> NDArray[np.float64]:
        """离最近界线, in columns."""
        if not len(x):
            return np.zeros(0)
        points = shapely.points(x * self._size[0], y * self._size[1])
        pairs, metres = self._tree.query_nearest(points, all_matches=False, return_distance=True)
        answer = np.empty(len(x))
        answer[pairs[0]] = metres
        return answer

    def nearest_district(self, lon: float, lat: float) -> tuple[float, Tract]:
        """最近的区: metres to it and the district; works at any distance."""
        if not self._planes:
            self._planes = [
                shapely.transform(tract.outline, self._metres_of) for tract in self._districts
            ]
        point = shapely.Point(self._metres_of(np.array([[lon, lat]]))[0])
        far = [float(plane.distance(point)) for plane in self._planes]
        nearest = int(np.argmin(far))
        return far[nearest], self._districts[nearest]

    def _metres_of(self, points: NDArray[Any]) -> NDArray[Any]:
        return np.stack([self._east(points[:, 0]), self._south(points[:, 1])], axis=-1)

    def _east(self, lons: NDArray[Any]) -> NDArray[Any]:
        return self._lattice.x(lons) * self._size[0]

    def _south(self, lats: NDArray[Any]) -> NDArray[Any]:
        return self._lattice.y(lats) * self._size[1]

    def _lower_bounds(self) -> NDArray[np.float64]:
        """Rings of blocks around the outlines: the n-th ring is at least n - 1 blocks away."""
        rows, cols = self._lattice.rows, self._lattice.cols
        near = np.zeros((-(-rows // BLOCK), -(-cols // BLOCK)), dtype=bool)
        for tract in self._districts:
            row, col = np.nonzero(tract.crossed)
            near[row // BLOCK, col // BLOCK] = True
        rings = np.zeros(near.shape)
        for _ring in range(RINGS):
            rings[~near] += 1
            near = _grown(near)
        return np.maximum(rings - 1, 0) * BLOCK * min(self._size)


def _grown(mask: NDArray[np.bool_]) -> NDArray[np.bool_]:
    padded = np.pad(mask, 1)
    rows, cols = mask.shape
    grown = np.zeros_like(mask)
    for down in range(3):
        for right in range(3):
            grown |= padded[down : down + rows, right : right + cols]
    return grown
