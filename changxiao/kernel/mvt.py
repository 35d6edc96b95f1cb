"""矢量瓦片 MVT: points and polygons as a Mapbox Vector Tile 2.1. Pure; geometry is numpy columns.

Only what our maps need: one extent, string and whole-number attributes, no feature ids. A tile is
bytes of layers one after another, so tiles of several layers are joined by `+`.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

EXTENT = 4096
_POINT, _POLYGON = 1, 3
_MOVE, _LINE, _CLOSE = 1, 2, 7
Value = str | int
Ring = NDArray[np.int64]  # rows of x, y in the tile, closed: the last row is the first again
Feature = tuple[Mapping[str, Value], Sequence[Ring]]


class Tile(NamedTuple):
    """瓦片: column and row at a zoom of the web's Mercator grid, rows from the north."""

    z: int
    x: int
    y: int

    @property
    def bounds(self) -> tuple[float, float, float, float]:
        """范围: west, south, east, north in degrees."""
        side = 2**self.z
        west, east = (column / side * 360 - 180 for column in (self.x, self.x + 1))
        north, south = (_latitude(row / side) for row in (self.y, self.y + 1))
        return west, south, east, north

    def pixels(self, lons: ArrayLike, lats: ArrayLike) -> tuple[NDArray[np.int64], ...]:
        """瓦片坐标: degrees to whole steps of `EXTENT`, right and down."""
        side = 2**self.z
        angle = np.radians(np.asarray(lats, float))
        x = (np.asarray(lons, float) + 180) / 360 * side - self.x
        y = (1 - np.arcsinh(np.tan(angle)) / math.pi) / 2 * side - self.y
        return tuple(np.rint(axis * EXTENT).astype(np.int64) for axis in (x, y))


def _latitude(down: float) -> float:
    return math.degrees(math.atan(math.sinh(math.pi * (1 - 2 * down))))


def points(
    name: str, xs: Iterable[int], ys: Iterable[int], told: Iterable[Mapping[str, Value]]
) -> bytes:
    """点图层: one feature a point; nothing at all for no points."""
    shapes = (
        bytes((_command(_MOVE, 1),)) + _varint(_zigzag(x)) + _varint(_zigzag(y))
        for x, y in zip(xs, ys, strict=True)
    )
    return _layer(name, _POINT, zip(told, shapes, strict=True))


def polygons(name: str, features: Iterable[Feature]) -> bytes:
    """面图层: each feature's rings as they come; the first of each polygon runs clockwise."""
    drawn = ((told, _shape(rings)) for told, rings in features)
    return _layer(name, _POLYGON, ((told, shape) for told, shape in drawn if shape))


def _shape(rings: Sequence[Ring]) -> bytes:
    shape, at = bytearray(), np.zeros((1, 2), dtype=np.int64)
    for ring in rings:
        steps = np.diff(ring[:-1], axis=0, prepend=at)
        keep = np.any(steps != 0, axis=1)
        keep[0] = True  # the move itself may stand still
        steps = steps[keep]
        if len(steps) < 3:  # rounded to a line or a point: nothing to fill
            continue
        at = ring[-2:-1]
        numbers = (_zigzag(number) for number in steps.ravel().tolist())
        coded = [_varint(number) for number in numbers]
        shape += bytes((_command(_MOVE, 1),)) + b"".join(coded[:2])
        shape += _varint(_command(_LINE, len(steps) - 1)) + b"".join(coded[2:])
        shape.append(_command(_CLOSE, 1))
    return bytes(shape)


def _layer(name: str, kind: int, features: Iterable[tuple[Mapping[str, Value], bytes]]) -> bytes:
    keys: dict[str, int] = {}
    values: dict[Value, int] = {}
    body = bytearray()
    for told, shape in features:
        tags = bytearray()
        for key, value in told.items():
            tags += _varint(keys.setdefault(key, len(keys)))
            tags += _varint(values.setdefault(value, len(values)))
        body += _field(2, _field(2, tags) + b"\x18" + bytes((kind,)) + _field(4, shape))
    if not body:
        return b""
    head = b"\x78\x02" + _field(1, name.encode()) + body
    names = b"".join(_field(3, key.encode()) for key in keys)
    table = b"".join(_field(4, _value(value)) for value in values)
    return _field(3, head + names + table + b"\x28" + _varint(EXTENT))


def _value(value: Value) -> bytes:
    if isinstance(value, str):
        return _field(1, value.encode())
    return b"\x30" + _varint(_zigzag(value))


def _field(number: int, content: bytes | bytearray) -> bytes:
    return _varint(number << 3 | 2) + _varint(len(content)) + content


def _command(verb: int, count: int) -> int:
    return count << 3 | verb


def _zigzag(number: int) -> int:
    return number << 1 if number >= 0 else (-number << 1) - 1


def _varint(number: int) -> bytes:
    coded = bytearray()
    while number > 0x7F:
        coded.append(number & 0x7F | 0x80)
        number >>= 7
    coded.append(number)
    return bytes(coded)
