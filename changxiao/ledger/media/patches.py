"""连片 patches: what hangs together in a picture of yes and no, by numpy alone.

`scipy.ndimage` gives the same, and its import takes a process that lives for one photo longer than
all the rest of finding plates.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Mask = NDArray[np.bool_]
Places = NDArray[np.intp]  # rows, columns, sizes or numbers of runs


def closed(mask: Mask, down: int, across: int) -> Mask:
    """闭运算: gaps of up to twice so many pixels are filled; beyond the edge there is nothing."""
    grown = _spread(_spread(mask, down, 0), across, 1)
    return ~_spread(_spread(~grown, down, 0, beyond=True), across, 1, beyond=True)


def _spread(mask: Mask, far: int, axis: int, *, beyond: bool = False) -> Mask:
    """True where anything within `far` pixels along the axis is; `beyond` is what lies outside."""
    sides = [(far, far) if one == axis else (0, 0) for one in (0, 1)]
    found = np.pad(mask, sides, constant_values=beyond)
    reach, whole = 1, 2 * far + 1
    while (
        reach < whole
    ):  # each pixel knows of `reach` pixels; with those so far on, of twice as many
        step = min(reach, whole - reach)
        less = found.shape[axis] - step
        found = _cut(found, axis, 0, less) | _cut(found, axis, step, step + less)
        reach += step
    return found


def _cut(mask: Mask, axis: int, start: int, stop: int) -> Mask:
    return mask[:, start:stop] if axis else mask[start:stop]


def patches(mask: Mask) -> Places:
    """各片: rows of left, top, width, height, by the first of its pixels; corners do not join."""
    edge = np.diff(np.pad(mask, ((0, 0), (1, 1))).view(np.int8), axis=1)
    row, start = np.divmod(np.flatnonzero(edge == 1), edge.shape[1])
    end = np.flatnonzero(edge == -1) % edge.shape[1]
    if not len(row):
        return np.empty((0, 4), dtype=np.intp)
    patch = _joined(len(row), *_touching(row, start, end, mask.shape[1] + 1))
    order = np.argsort(patch, kind="stable")
    first = np.flatnonzero(np.diff(patch[order], prepend=-1))
    left = np.minimum.reduceat(start[order], first)
    top = np.minimum.reduceat(row[order], first)
    width = np.maximum.reduceat(end[order], first) - left
    height = np.maximum.reduceat(row[order], first) + 1 - top
    return np.stack([left, top, width, height], axis=1)


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
