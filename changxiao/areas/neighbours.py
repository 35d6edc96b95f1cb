"""相邻责任网格: which duty grids touch which, along an edge of a cell. Drawn once, in memory."""

from __future__ import annotations

from functools import lru_cache

import numpy as np

from changxiao.areas.locate import Locator


def neighbours(known: Locator, duty_grid: str) -> frozenset[str]:
    """相邻网格: codes of the duty grids beside this one; none for a code that is not known."""
    return _beside(known).get(duty_grid, frozenset())


@lru_cache(4)
def _beside(known: Locator) -> dict[str, frozenset[str]]:
    units = known.ground.units
    # One sheet over all districts: a grid's neighbour may lie in the next district.
    owner = np.full(units.plane.shape[1:], -1, dtype=np.int64)
    for sheet in units.plane:
        held = sheet >= 0
        owner[held] = units.duty[sheet[held]]
    pairs = np.concatenate(
        [
            np.stack([owner[:, :-1].ravel(), owner[:, 1:].ravel()]),
            np.stack([owner[:-1].ravel(), owner[1:].ravel()]),
        ],
        axis=1,
    )
    pairs = np.unique(pairs[:, (pairs[0] != pairs[1]) & (pairs >= 0).all(axis=0)], axis=1)
    found: dict[str, set[str]] = {}
    for one, other in pairs.T.tolist():
        left, right = units.duty_codes[one], units.duty_codes[other]
        found.setdefault(left, set()).add(right)
        found.setdefault(right, set()).add(left)
    return {code: frozenset(codes) for code, codes in found.items()}
