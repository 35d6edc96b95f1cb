"""来源的信用: which of a camera's classes asks people, and how often each was right. Reads only."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import reduce
from operator import or_
from typing import Any

from django.db.models import Count, Q, Sum

from changxiao.cases.finds import rules
from changxiao.cases.finds.models import Camera, Find, FindSource
from changxiao.cases.finds.rules import Rate
from changxiao.catalog import known, policy
from changxiao.catalog.models import Subcategory

State, Reason = Find.State, Find.Reason
# 看不清 says something of the picture, and nothing of whether the find was true.
JUDGED = Q(state=State.AFFIRMED) | (Q(state=State.REJECTED) & ~Q(reason=Reason.UNCLEAR))
TRUE = Q(state=State.AFFIRMED)


def source(camera: Camera, kind: str) -> FindSource:
    """来源; one that was never muted has no row yet and is given unsaved."""
    row = FindSource.objects.filter(camera=camera, kind=kind).first()
    return row or FindSource(camera=camera, kind=kind)


def rate_of(row: FindSource, now: datetime) -> Rate:
    """真实率 of one source, since it last began to count."""
    since = row.since(now)
    finds = Find.everything.filter(JUDGED, camera=row.camera, kind=row.kind)
    if since is not None:
        finds = finds.filter(decided_at__gte=since)
    told = finds.aggregate(judged=Count("pk"), true=Count("pk", filter=TRUE))
    return Rate(told["true"], told["judged"])


def must_be_muted(row: FindSource, now: datetime) -> Rate | None:
    """该静默: its rate where that is below the city's floor, else None."""
    rate = rate_of(row, now)
    floor, least = policy.number("find_floor_percent"), policy.number("find_least")
    return rate if rules.too_seldom(rate, floor=floor, least=least) else None


@dataclass(frozen=True, slots=True)
class Standing:
    """一类的情况, as the cameras' page shows it."""

    kind: str
    subcategory: Subcategory | None
    rate: Rate
    seen: int  # finds of all states
    times: int  # how often the camera said so, repeats and all
    muted_until: datetime | None


def standings(cameras: Sequence[Camera], now: datetime) -> dict[int, list[Standing]]:
    """各摄像机各类的情况, by the camera's key, in the order of its classes."""
    rows = {(one.camera_id, one.kind): one for one in FindSource.objects.filter(camera__in=cameras)}
    finds = Find.everything.filter(camera__in=cameras).order_by().values("camera", "kind")
    told = {
        (one["camera"], one["kind"]): one
        for one in finds.annotate(
            seen=Count("pk"),
            times=Sum("count"),
            judged=Count("pk", filter=JUDGED),
            true=Count("pk", filter=TRUE),
        )
    }
    for key, rate in _rates_anew(rows.values(), now).items():
        if key in told:
            told[key] |= {"judged": rate.judged, "true": rate.true}
    found: dict[int, list[Standing]] = {camera.pk: [] for camera in cameras}
    for camera in cameras:
        others = sorted(kind for pk, kind in told if pk == camera.pk and kind not in camera.classes)
        for kind in (*camera.classes, *others):
            key = (camera.pk, kind)
            found[camera.pk].append(_standing(camera, kind, told.get(key), rows.get(key), now))
    return found


def _rates_anew(rows: Iterable[FindSource], now: datetime) -> dict[tuple[int, str], Rate]:
    """真实率 of those that began to count anew after a mute, by camera and class; one statement."""
    begun = {(row.camera_id, row.kind): row.since(now) for row in rows}
    since = {key: at for key, at in begun.items() if at is not None}
    if not since:
        return {}
    counted = [Q(camera=pk, kind=kind, decided_at__gte=at) for (pk, kind), at in since.items()]
    finds = Find.everything.filter(JUDGED, reduce(or_, counted)).order_by().values("camera", "kind")
    told = finds.annotate(judged=Count("pk"), true=Count("pk", filter=TRUE))
    found = {(one["camera"], one["kind"]): Rate(one["true"], one["judged"]) for one in told}
    return {key: found.get(key, Rate()) for key in since}


def _standing(
    camera: Camera, kind: str, told: Mapping[str, Any] | None, row: FindSource | None, now: datetime
) -> Standing:
    return Standing(
        kind=kind,
        subcategory=known.by_key(camera.classes.get(kind, "")),
        rate=Rate(told["true"], told["judged"]) if told else Rate(),
        seen=told["seen"] if told else 0,
        times=told["times"] if told else 0,
        muted_until=row.muted_until if row is not None and row.muted(now) else None,
    )
