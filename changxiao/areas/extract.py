"""底图摘录 extract: the duty grids of one shift and what is around, small enough for a phone.

A phone in a basement asks the same question as `locate`, and by the same arithmetic: cells of the
lattice, and outlines only for the grids that a district's edge cuts. Pure; degrees are WGS-84.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from functools import lru_cache
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from changxiao.areas import tiles
from changxiao.areas.generate import Ground
from changxiao.areas.locate import Locator

MARGIN = 3  # cells around: some three hundred metres
FINE = 1e6  # of a degree: a tenth of a metre


def below(known: Locator, area: str) -> list[int]:
    """责任网格若干: indexes of those in an area (a code's beginning, a duty grid, "" the city)."""
    units = known.ground.units
    communities = known.ground.communities
    if not area:
        return list(range(len(units.duty_codes)))
    return [
        number
        for number, code in enumerate(units.duty_codes)
        if code == area or communities[units.duty_community[number]].code.startswith(area)
    ]


def nearest(known: Locator, duty: Sequence[int], lon: float, lat: float, most: int) -> list[int]:
    """最近的责任网格: at most `most` of them, by the middle of their unit grids."""
    units, lattice = known.ground.units, known.ground.lattice
    _sheet, row, col = units.cells.T
    count = np.maximum(np.bincount(units.duty, minlength=len(units.duty_codes)), 1)
    middle_x = np.bincount(units.duty, col + 0.5, len(count)) / count
    middle_y = np.bincount(units.duty, row + 0.5, len(count)) / count
    away = np.hypot(
        middle_x - (lon - lattice.west) / lattice.width,
        middle_y - (lattice.north - lat) / lattice.height,
    )
    return sorted(sorted(duty, key=lambda number: float(away[number]))[:most])


@lru_cache(4)
def units_of(known: Locator) -> dict[str, frozenset[str]]:
    """所含单元网格: codes of the unit grids of each duty grid."""
    units = known.ground.units
    found: dict[str, set[str]] = {}
    for code, duty in zip(units.codes, units.duty.tolist(), strict=True):
        found.setdefault(units.duty_codes[duty], set()).add(code)
    return {code: frozenset(codes) for code, codes in found.items()}


def extract(known: Locator, duty: Collection[int]) -> dict[str, Any]:
    """摘录: lattice, unit grids by cell, outlines of what is cut, and of the duty grids named."""
    base = known.ground
    near = _around(base, np.isin(base.units.duty, list(duty)))
    sheet, row, col = np.nonzero((base.units.plane >= 0) & near)
    unit = base.units.plane[sheet, row, col].astype(int)
    held, number = np.unique(unit, return_inverse=True)
    cut = sorted({int(n) for n, r, c in zip(number, row, col, strict=True) if base.whole[r, c] < 0})
    lattice = base.lattice
    own = sorted(duty)
    grids = np.unique(base.units.duty[held]) if len(held) else np.array([], dtype=int)
    order = {int(one): at for at, one in enumerate(grids)}
    return {
        "lattice": [lattice.west, lattice.north, lattice.width, lattice.height],
        "units": [base.units.codes[one] for one in held],
        "duty_of": [order[int(one)] for one in base.units.duty[held]],
        "cells": [row.tolist(), col.tolist(), number.tolist()],
        "cut": {str(n): _rings(tiles.sheets(known).unit_shape(int(held[n]))) for n in cut},
        "duty": [
            {
                "code": base.units.duty_codes[int(one)],
                "name": base.communities[base.units.duty_community[int(one)]].name,
                "own": int(one) in own,
                "rings": _rings(_outline(known, int(one))) if int(one) in own else [],
            }
            for one in grids
        ],
    }


def _around(base: Ground, chosen: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """The cells of the chosen unit grids and those up to MARGIN beside them, over all districts."""
    here = np.zeros(base.units.plane.shape[1:], dtype=bool)
    _sheet, row, col = base.units.cells[chosen].T
    here[row, col] = True
    for axis in (0, 1):
        grown = here.copy()
        for step in range(1, MARGIN + 1):
            grown |= _moved(here, step, axis) | _moved(here, -step, axis)
        here = grown
    return here


def _moved(mask: NDArray[np.bool_], step: int, axis: int) -> NDArray[np.bool_]:
    moved = np.roll(mask, step, axis)
    edge = [slice(None), slice(None)]
    edge[axis] = slice(0, step) if step > 0 else slice(step, None)
    moved[tuple(edge)] = False
    return moved


def _outline(known: Locator, duty: int) -> Any:
    units = np.flatnonzero(known.ground.units.duty == duty)
    return shapely.union_all([tiles.sheets(known).unit_shape(int(one)) for one in units])


def _rings(shape: Any) -> list[list[int]]:
    """Each ring as one list: first point, then steps, in millionths of a degree."""
    parts = [part for part in shapely.get_parts(shape) if part.geom_type == "Polygon"]
    rings = [ring for part in parts for ring in (part.exterior, *part.interiors)]
    return [_steps(shapely.get_coordinates(ring)) for ring in rings]


def _steps(points: NDArray[Any]) -> list[int]:
    whole = np.round(points * FINE).astype(np.int64)
    steps = np.diff(whole, axis=0, prepend=np.zeros((1, 2), dtype=np.int64))
    told: list[int] = steps.ravel().tolist()
    return told
