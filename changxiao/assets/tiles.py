"""部件瓦片: the components within the viewer's reach as points of a vector tile."""

from __future__ import annotations

from changxiao.assets.models import Component
from changxiao.kernel import mvt
from changxiao.kernel.mvt import Tile

CLOSE = 15  # farther out a tile would hold tens of thousands
MOST = 4_000


def tile(at: Tile) -> bytes:
    """部件瓦片 at `CLOSE` or nearer, b"" where nothing stands; one statement."""
    west, south, east, north = at.bounds
    inside = Component.objects.standing().filter(lat__range=(south, north), lon__range=(west, east))
    rows = list(inside.values_list("code", "name", "state", "lon", "lat")[:MOST])
    if not rows:
        return b""
    codes, names, states, lons, lats = zip(*rows, strict=True)
    told = (
        {"code": code, "name": name, "state": state}
        for code, name, state in zip(codes, names, states, strict=True)
    )
    xs, ys = at.pixels(lons, lats)
    return mvt.points("component", xs.tolist(), ys.tolist(), told)
