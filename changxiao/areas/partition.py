"""划分 partition: cuts a piece of lattice into rectangles with given shares of its cells.

One knife for streets, communities and duty grids: the longer side is cut where the shares of both
halves come out right. Deterministic; the rectangles tile the piece without overlap or gap.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray


class Rect(NamedTuple):
    """矩形: rows top…bottom and columns left…right of the lattice, ends excluded."""

    top: int
    bottom: int
    left: int
    right: int


def cut(weight: NDArray[np.bool_], rect: Rect, shares: Sequence[int]) -> list[Rect]:
    """切分: as many rectangles as shares, in their order; each holds a weighted cell.

    Raises ValueError when the piece has fewer cells than there are shares.
    """
    found: list[Rect] = []
    stack = [(rect, list(shares))]
    while stack:
        piece, parts = stack.pop()
        if len(parts) == 1:
            found.append(piece)
            continue
        half = _half(parts)
        first, second = _halves(weight, piece, parts, half)
        stack.append((second, parts[half:]))
        stack.append((first, parts[:half]))
    return found


def _half(parts: Sequence[int]) -> int:
    """How many of the parts make about a half of the whole."""
    sums = np.cumsum(parts)
    nearest = int(np.argmin(np.abs(sums - sums[-1] / 2))) + 1
    return min(nearest, len(parts) - 1)


def _halves(
    weight: NDArray[np.bool_], piece: Rect, parts: Sequence[int], half: int
) -> tuple[Rect, Rect]:
    top, bottom, left, right = piece
    cells = weight[top:bottom, left:right]
    by_row, by_col = cells.sum(axis=1), cells.sum(axis=0)
    tall = _extent(by_row) > _extent(by_col)
    need = (half, len(parts) - half)
    share = sum(parts[:half]) / sum(parts)
    for rows in (tall, not tall):
        at = _place(by_row if rows else by_col, share, need)
        if at and rows:
            return Rect(top, top + at, left, right), Rect(top + at, bottom, left, right)
        if at:
            return Rect(top, bottom, left, left + at), Rect(top, bottom, left + at, right)
    raise ValueError(f"{cells.sum()} cells cannot be cut into {len(parts)} parts")


def _extent(profile: NDArray[np.int_]) -> int:
    filled = np.flatnonzero(profile)
    return int(filled[-1] - filled[0]) if len(filled) else 0


def _place(profile: NDArray[np.int_], share: float, need: tuple[int, int]) -> int:
    """Where to cut: nearest to the share with enough cells on both sides; 0 where there is none."""
    before = np.cumsum(profile)[:-1]
    total = int(profile.sum())
    fits = (before >= need[0]) & (total - before >= need[1])
    if not fits.any():
        return 0
    miss = np.where(fits, np.abs(before - share * total), np.inf)
    return int(np.argmin(miss)) + 1
