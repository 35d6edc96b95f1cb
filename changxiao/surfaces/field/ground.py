"""外业底图 ground: what the phone's map needs without a network, fetched once a shift.

The duty grids of the collector's appointments with what lies around them, and the components there.
Where an appointment spans more than a phone should carry, those nearest to the phone come.
"""

from __future__ import annotations

import hashlib
from typing import Any

import numpy as np
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from changxiao.areas import extract
from changxiao.areas.locate import Locator, locator
from changxiao.assets.models import Component, State
from changxiao.cases.flow import TASKS
from changxiao.cases.models import Case
from changxiao.kernel import scope
from changxiao.kernel.refused import Refused
from changxiao.orgs.posts import Post
from changxiao.surfaces.field.sync import door, zipped

MOST_DUTY = 60
MOST_COMPONENTS = 6000
TOLD = ("code", "name", "state", "lon", "lat", "subcategory__kind", "subcategory__code")


@door
@require_safe
def ground(request: HttpRequest) -> HttpResponse:
    """外业底图; 304 where the phone has this edition already."""
    known = locator()
    duty, partial = _duty(known, scope.current(), request)
    told = extract.extract(known, duty)
    told |= {"partial": partial, "components": _components(told)}
    answer = zipped(told)
    etag = f'"{hashlib.sha256(answer.content).hexdigest()[:20]}"'
    if request.headers.get("If-None-Match") == etag:
        answer = HttpResponse(status=304)
    answer["ETag"] = etag
    return answer


def _duty(known: Locator, viewer: scope.Viewer, request: HttpRequest) -> tuple[list[int], bool]:
    """His duty grids, and whether there are more than come."""
    areas = {grant.area for grant in viewer.grants if grant.post == Post.COLLECTOR}
    own = sorted({number for area in areas for number in extract.below(known, area)})
    if len(own) <= MOST_DUTY:
        return own, False
    return extract.nearest(known, own, *_here(known, viewer, request), MOST_DUTY), True


def _here(known: Locator, viewer: scope.Viewer, request: HttpRequest) -> tuple[float, float]:
    """Where the phone says that it is, else where his first task is, else the city's middle."""
    try:
        lon, lat = (float(request.GET[name]) for name in ("lon", "lat"))
    except (KeyError, ValueError):
        first = Case.objects.filter(checker=viewer.name, stage__in=TASKS).order_by("queue_at", "id")
        task = first.values_list("lon", "lat").first()
        if task is not None:
            return task
        lattice = known.ground.lattice
        middle = known.ground.units.cells[:, 1:].mean(axis=0) + 0.5
        return float(lattice.lon(middle[1])), float(lattice.lat(middle[0]))
    if not (-180 <= lon <= 180 and -90 <= lat <= 90):
        raise Refused("place_unreadable", _("位置须是经纬度（WGS-84）"), field="lon")
    return lon, lat


def _components(told: dict[str, Any]) -> dict[str, Any]:
    """部件 in columns, as `extract` counts degrees; only those that stand on its cells."""
    row, col, _unit = (np.array(one) for one in told["cells"])
    if not len(row):
        return {"kinds": [], "rows": []}
    west, north, width, height = told["lattice"]
    east, south = west + (col.max() + 1) * width, north - (row.max() + 1) * height
    rows = Component.objects.standing().filter(
        lat__range=(south, north - row.min() * height), lon__range=(west + col.min() * width, east)
    )
    cells = set(zip(row.tolist(), col.tolist(), strict=True))
    kinds: dict[str, int] = {}
    found: list[list[Any]] = []
    for code, name, state, lon, lat, kind, number in rows.order_by("code").values_list(*TOLD):
        at = int((north - lat) / height), int((lon - west) / width)
        if at not in cells:
            continue
        if len(found) == MOST_COMPONENTS:
            break
        key = f"{kind[0]}{number}"
        which = kinds.setdefault(f"{key} {name}", len(kinds))
        fine = round(lon * extract.FINE), round(lat * extract.FINE)
        found.append([code, which, *fine, int(state != State.INTACT)])
    return {"kinds": [kind.split(" ", 1) for kind in kinds], "rows": found}
