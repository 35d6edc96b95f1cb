"""Vector tiles: what was written reads back, by a reader of its own after the specification."""

from itertools import pairwise

import numpy as np
import pytest

from changxiao.kernel import mvt
from changxiao.kernel.mvt import EXTENT, Tile


def fields(data):
    """Number and content of each field: a whole number, or bytes."""
    at = 0
    while at < len(data):
        head, at = varint(data, at)
        content, at = varint(data, at)
        if head & 7 == 2:
            content, at = data[at : at + content], at + content
        yield head >> 3, content


def varint(data, at):
    number = shift = 0
    while True:
        byte, at = data[at], at + 1
        number |= (byte & 0x7F) << shift
        shift += 7
        if byte < 0x80:
            return number, at


def numbers(data):
    at, found = 0, []
    while at < len(data):
        number, at = varint(data, at)
        found.append(number)
    return found


def signed(number):
    return (number >> 1) ^ -(number & 1)


def rings(shape):
    """Absolute points of each ring or point."""
    told, at, found, x, y = numbers(shape), 0, [], 0, 0
    while at < len(told):
        verb, count, at = told[at] & 7, told[at] >> 3, at + 1
        if verb == 1:
            found.append([])
        for _step in range(count if verb < 7 else 0):
            x, y, at = x + signed(told[at]), y + signed(told[at + 1]), at + 2
            found[-1].append((x, y))
    return found


def read(tile):
    """Layers by name, each a list of (attributes, kind, rings)."""
    layers = {}
    for _number, layer in fields(tile):
        parts = {number: [] for number in (1, 2, 3, 4, 5, 15)}
        for number, content in fields(layer):
            parts[number].append(content)
        keys = [key.decode() for key in parts[3]]
        values = [value(one) for one in parts[4]]
        assert (parts[5], parts[15]) == ([EXTENT], [2])
        layers[parts[1][0].decode()] = [feature(one, keys, values) for one in parts[2]]
    return layers


def value(data):
    ((number, content),) = fields(data)
    return content.decode() if number == 1 else signed(content)


def feature(data, keys, values):
    told = dict(fields(data))
    tags = numbers(told[2])
    named = {keys[k]: values[v] for k, v in zip(tags[::2], tags[1::2], strict=True)}
    return named, told[3], rings(told[4])


def area(ring):
    """Twice the area by the surveyor's rule, rows running down: positive for an outer ring."""
    closed = [*ring, ring[0]]
    return sum(a[0] * b[1] - b[0] * a[1] for a, b in pairwise(closed))


@pytest.mark.parametrize("xs", [[0], [0, 4095], [-64, 4160, 2000], list(range(-300, 4400, 37))])
def test_points_and_their_attributes_read_back(xs):
    ys = [x * 7 % 4096 for x in xs]
    told = [{"name": f"点{x}", "count": x, "kind": "late"} for x in xs]

    ((name, features),) = read(mvt.points("cases", xs, ys, told)).items()

    assert name == "cases"
    assert [(one, kind) for one, kind, _ in features] == [(one, 1) for one in told]
    assert [shape[0][0] for _, _, shape in features] == list(zip(xs, ys, strict=True))


def test_a_polygon_with_a_hole_reads_back():
    outer = np.array([[0, 0], [100, 0], [100, 100], [0, 100], [0, 0]])
    hole = np.array([[20, 20], [20, 40], [40, 40], [40, 20], [20, 20]])

    features = read(mvt.polygons("area", [({"code": "440511"}, [outer, hole])]))["area"]

    assert features == [
        ({"code": "440511"}, 3, [list(map(tuple, r[:-1].tolist())) for r in (outer, hole)])
    ]
    assert [area(ring) > 0 for ring in features[0][2]] == [True, False]


def test_what_rounds_to_a_line_is_left_out_and_repeated_points_too():
    line = np.array([[0, 0], [9, 0], [9, 0], [0, 0]])
    square = np.array([[5, 5], [5, 5], [9, 5], [9, 9], [5, 9], [5, 5]])

    features = read(mvt.polygons("area", [({}, [line]), ({}, [line, square])]))["area"]

    assert [shape for _, _, shape in features] == [[[(5, 5), (9, 5), (9, 9), (5, 9)]]]


def test_nothing_is_no_layer_and_two_layers_are_one_tile():
    assert mvt.points("a", [], [], []) == b"" == mvt.polygons("a", [])
    both = mvt.points("a", [1], [1], [{}]) + mvt.points("b", [2], [2], [{}])

    assert set(read(both)) == {"a", "b"}


@pytest.mark.parametrize("tile", [Tile(0, 0, 0), Tile(8, 210, 110), Tile(16, 54015, 28396)])
def test_a_tile_s_corners_are_its_bounds(tile):
    west, south, east, north = tile.bounds

    xs, ys = tile.pixels([west, east], [north, south])

    assert (xs.tolist(), ys.tolist()) == ([0, EXTENT], [0, EXTENT])
