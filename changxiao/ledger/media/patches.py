"""连片 patches: what hangs together in a picture of yes and no, by numpy alone.

`scipy.ndimage` gives the same, and its import takes a process that lives for one photo longer than
all the rest of finding plates.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

Mask = NDArray[np.bool_]
Places = NDArray[np.intp]  # one dimension: rows, columns or numbers of runs


def closed(mask: Mask, down: int, across: int) -> Mask:
    """闭运算: gaps of up to twice so many pixels are filled; beyond the edge there is nothing."""
    grown = _spread(_spread(mask, down, 0), across, 1)
    return ~_spread(_spread(~grown, down, 0, beyond=True), across, 1, beyond=True)


def _spread(mask: Mask, far: int, axis: int, *, beyond: bool = False) -> Mask:
    """True where anything within `far` pixels along the axis is; `beyond` is what lies outside."""
    sides = [(far, far) if one == axis else (0, 0) for one in (0, 1)]
    wide = np.moveaxis(np.pad(mask, sides, constant_values=beyond), axis, 0)
    found = wide[: wide.shape[0] - 2 * far].copy()
    for step in range(1, 2 * far + 1):
        found |= wide[step : step + found.shape[0]]
    return np.moveaxis(found, 0, axis)


def patches(mask: Mask) -> Iterator[tuple[int, int, int, int]]:
    """各片: left, top, width, height of each, by the first of its pixels; corners do not join."""
    edge = np.diff(np.pad(mask, ((0, 0), (1, 1))).view(np.int8), axis=1)
    row, start = np.nonzero(edge == 1)
    end = np.nonzero(edge == -1)[1]
    if not len(row):
        return
    patch = _joined(len(row), *_touching(row, start, end, mask.shape[1] + 1))
    order = np.argsort(patch, kind="stable")
    first = np.flatnonzero(np.diff(patch[order], prepend=-1))
    left = np.minimum.reduceat(start[order], first)
    top = np.minimum.reduceat(row[order], first)
    width = np.maximum.reduceat(end[order], first) - left
    height = np.maximum.reduceat(row[order], first) + 1 - top
    yield from zip(left.tolist(), top.tolist(), width.tolist(), height.tolist(), strict=True)


def _touching(row: Places, start: Places, end: Places, stride: int) -> tuple[Places, Places]:
    """Pairs of runs, one above the other, that share a column; runs come in reading order."""
    below = (row + 1) * stride
    low = np.searchsorted(row * stride + end, below + start, side="right")
    high = np.searchsorted(row * stride + start, below + end, side="left")
    count = np.maximum(high - low, 0)
    upper = np.repeat(np.arange(len(row)), count)
    nth = np.arange(len(upper)) - np.repeat(np.cumsum(count) - count, count)
    return upper, low[upper] + nth


def _joined(count: int, one: Places, other: Places) -> Places:
    """The least number of all runs that each hangs together with."""
    least = np.arange(count)
    while True:
        low = np.minimum(least[one], least[other])
        if np.array_equal(least[one], least[other]):
            return least
        np.minimum.at(least, least[one], low)
        np.minimum.at(least, least[other], low)
        while not np.array_equal(least, least[least]):
            least = least[least]
