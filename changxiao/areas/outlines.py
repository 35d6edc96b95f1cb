"""边界 outlines: the polygons of a ground's streets, communities and grids, as stored and drawn."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import shapely

from changxiao.areas.generate import Ground, Piece
from changxiao.areas.units import cell_boxes

DIGITS = 7  # of a degree: a centimetre


def pieces(base: Ground, told: Sequence[Piece]) -> list[Any]:
    """街道或社区的边界: the rectangle, cut at the outline of its district."""
    lattice = base.lattice
    return [
        shapely.intersection(
            base.districts[piece.district].outline,
            shapely.box(
                lattice.lon(piece.rect.left),
                lattice.lat(piece.rect.bottom),
                lattice.lon(piece.rect.right),
                lattice.lat(piece.rect.top),
            ),
        )
        for piece in told
    ]


def unit_grids(base: Ground) -> list[Any]:
    """单元网格的边界: a cell, cut at the district, with the slivers that joined it."""
    sheet, row, col = base.units.cells.T
    boxes = cell_boxes(base.lattice, row, col)
    for number, tract in enumerate(base.districts):
        cut = np.flatnonzero((sheet == number) & tract.crossed[row, col])
        boxes[cut] = shapely.intersection(boxes[cut], tract.outline)
    for sheet_, row_, col_ in _joined(base):
        unit = base.units.plane[sheet_, row_, col_]
        box = cell_boxes(base.lattice, np.array([row_]), np.array([col_]))
        sliver = shapely.intersection(box[0], base.districts[sheet_].outline)
        boxes[unit] = shapely.union(boxes[unit], sliver)
    return list(boxes)


def duty_grids(base: Ground, units: Sequence[Any]) -> list[Any]:
    """责任网格的边界: its unit grids together."""
    order = np.argsort(base.units.duty, kind="stable")
    starts = np.searchsorted(base.units.duty[order], np.arange(1, len(base.units.duty_codes)))
    polygons = np.array(units, dtype=object)
    return [shapely.union_all(polygons[group]) for group in np.split(order, starts)]


def as_text(outline: Any) -> str:
    """存储形式: JSON of polygons of rings, degrees to a centimetre; stray lines are left out."""
    parts = [part for part in shapely.get_parts(outline) if part.geom_type == "Polygon"]
    rings = [[_ring(ring) for ring in (part.exterior, *part.interiors)] for part in parts]
    return json.dumps(rings, separators=(",", ":"))


def _ring(ring: Any) -> list[list[float]]:
    points: list[list[float]] = np.round(shapely.get_coordinates(ring), DIGITS).tolist()
    return points


def _joined(base: Ground) -> Iterator[tuple[int, int, int]]:
    """Cells that belong to a unit grid without being its own."""
    plane = base.units.plane
    own = np.zeros(plane.shape, dtype=bool)
    own[tuple(base.units.cells.T)] = True
    for sheet, row, col in zip(*np.nonzero((plane >= 0) & ~own), strict=True):
        yield int(sheet), int(row), int(col)
