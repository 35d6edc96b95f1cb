"""单元网格 units: cells of the built-up parts, and the duty grids 责任网格 that they make up.

A cell that the district's outline cuts to a sliver is joined to its neighbour in the community, so
that no grid is too thin to stand in. Codes: community + sequence, as long as the city's data say.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely
from numpy.typing import NDArray

from changxiao.areas.lattice import Lattice, Mask
from changxiao.areas.partition import Rect, cut
from changxiao.kernel.city import City
from changxiao.kernel.codes import grid_scheme

if TYPE_CHECKING:
    from changxiao.areas.generate import Tract

SLIVER = 0.3  # of a cell: less than that joins a neighbour
_BESIDE = ((0, -1), (0, 1), (-1, 0), (1, 0))


@dataclass(frozen=True, slots=True)
class Units:
    """单元网格与责任网格: by index; `plane` has one sheet a district, -1 where there is no grid."""

    codes: tuple[str, ...]
    community: NDArray[np.int32]
    duty: NDArray[np.int32]
    cells: NDArray[np.int32]
    plane: NDArray[np.signedinteger[Any]]
    duty_codes: tuple[str, ...]
    duty_community: tuple[int, ...]


def draw_units(
    place: City,
    lattice: Lattice,
    tracts: Sequence[Tract],
    communities: NDArray[np.int16],
    codes: Sequence[str],
) -> Units:
    """绘制网格: number the cells, join the slivers, gather cells into duty grids."""
    built = built_up(place, lattice)
    area = np.zeros(communities.shape)
    for number, tract in enumerate(tracts):
        area[number] = _shares(lattice, tract, built)
    sheet, row, col = np.nonzero(area > 0)
    joined = _joined(area, communities, sheet, row, col)
    keep = joined < 0
    home = communities[sheet, row, col][keep].astype(np.int32)
    cells = np.stack([sheet[keep], row[keep], col[keep]], axis=1).astype(np.int32)
    order = np.lexsort((cells[:, 2], cells[:, 1], home))
    home, cells = home[order], cells[order]
    narrow = np.int16 if len(cells) < 2**15 else np.int32  # 10 MB less in every web process
    plane = np.full(communities.shape, -1, dtype=narrow)
    plane[tuple(cells.T)] = np.arange(len(cells))
    kept = np.flatnonzero(keep)[order]
    number_of = np.full(len(keep), -1, dtype=np.int64)
    number_of[kept] = np.arange(len(kept))
    plane[sheet[~keep], row[~keep], col[~keep]] = number_of[joined[~keep]]
    duty, duty_codes, duty_community = _duty_grids(place, home, cells, codes)
    return Units(
        _numbered(place, home, codes), home, duty, cells, plane, duty_codes, duty_community
    )


def built_up(place: City, lattice: Lattice) -> Mask:
    """建成区: cells whose centre lies in the declared polygons; the whole city where none are."""
    rings = place.ground.get("built_up")
    mask = np.zeros((lattice.rows, lattice.cols), dtype=bool)
    if not rings:
        return ~mask
    for ring in rings:
        points = np.array([*ring, ring[0]], dtype=float)
        mask |= lattice.inside(np.hstack([points[:-1], points[1:]]))
    return mask


def cell_boxes(lattice: Lattice, row: NDArray[Any], col: NDArray[Any]) -> NDArray[Any]:
    """格子: rectangles in degrees."""
    left, right = lattice.west + col * lattice.width, lattice.west + (col + 1) * lattice.width
    top, bottom = lattice.north - row * lattice.height, lattice.north - (row + 1) * lattice.height
    return np.asarray(shapely.box(left, bottom, right, top))


def _shares(lattice: Lattice, tract: Tract, built: Mask) -> NDArray[np.float64]:
    """Which part of each built-up cell lies in the district: 1 inside, less on the outline."""
    area = (tract.inside & built).astype(float)
    row, col = np.nonzero(tract.crossed & built)
    if len(row):
        boxes = cell_boxes(lattice, row, col)
        parts = shapely.area(shapely.intersection(boxes, tract.outline))
        area[row, col] = parts / (lattice.width * lattice.height)
    return area


def _joined(
    area: NDArray[np.float64],
    communities: NDArray[np.int16],
    sheet: NDArray[np.int_],
    row: NDArray[np.int_],
    col: NDArray[np.int_],
) -> NDArray[np.int64]:
    """For each cell the number of the cell it joins, -1 for a grid of its own."""
    number = {key: at for at, key in enumerate(zip(sheet, row, col, strict=True))}
    joined = np.full(len(sheet), -1, dtype=np.int64)
    for at in np.flatnonzero(area[sheet, row, col] < SLIVER):
        here = (sheet[at], row[at], col[at])
        beside = [(here[0], here[1] + down, here[2] + right) for down, right in _BESIDE]
        mates = [
            cell
            for cell in beside
            if cell in number and communities[cell] == communities[here] and area[cell] >= SLIVER
        ]
        if mates:
            joined[at] = number[max(mates, key=lambda cell: float(area[cell]))]
    return joined


def _numbered(place: City, home: NDArray[np.int32], codes: Sequence[str]) -> tuple[str, ...]:
    scheme, size = grid_scheme(place.grid), place.grid["sequence"]
    counts = np.bincount(home, minlength=len(codes))
    if counts.max(initial=0) >= 10**size:
        raise ValueError(f"{codes[int(counts.argmax())]} has {counts.max()} unit grids")
    first = np.cumsum(counts) - counts
    told = [f"{codes[one]}{at - first[one] + 1:0{size}d}" for at, one in enumerate(home.tolist())]
    if told:
        scheme.parse(told[0])
    return tuple(told)


def _duty_grids(
    place: City, home: NDArray[np.int32], cells: NDArray[np.int32], codes: Sequence[str]
) -> tuple[NDArray[np.int32], tuple[str, ...], tuple[int, ...]]:
    """Compact groups of about `duty_cells` unit grids inside a community, letter Z and a number."""
    duty = np.zeros(len(home), dtype=np.int32)
    names: list[str] = []
    owners: list[int] = []
    size = int(place.ground.get("duty_cells", 36))
    starts = np.flatnonzero(np.diff(home, prepend=-1))
    for begin, end in zip(starts, [*starts[1:], len(home)], strict=True):
        row, col = cells[begin:end, 1], cells[begin:end, 2]
        row, col = row - row.min(), col - col.min()
        presence = np.zeros((int(row.max()) + 1, int(col.max()) + 1), dtype=bool)
        presence[row, col] = True
        parts = max(1, round((end - begin) / size))
        rects = cut(presence, Rect(0, presence.shape[0], 0, presence.shape[1]), [1] * parts)
        for number, (top, bottom, left, right) in enumerate(rects, start=1):
            held = (row >= top) & (row < bottom) & (col >= left) & (col < right)
            duty[begin:end][held] = len(names)
            names.append(f"{codes[home[begin]]}Z{number:02d}")
            owners.append(int(home[begin]))
    return duty, tuple(names), tuple(owners)
