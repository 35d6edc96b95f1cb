"""发现的动作: a camera's word is taken, repeated, affirmed or rejected by a person.

Each is an entry on the find's own stream, so a box may send the same event as often as it likes.
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from changxiao.areas.locate import locator
from changxiao.cases import near
from changxiao.cases.actions import Problem, Shown, report
from changxiao.cases.finds import access, once, sources
from changxiao.cases.finds.models import Camera, Find
from changxiao.cases.finds.trust import mute_when_wrong
from changxiao.cases.flow import ENDS, OPEN
from changxiao.cases.models import Case, CasePhoto, Channel
from changxiao.catalog import known, policy
from changxiao.catalog.models import Subcategory
from changxiao.kernel import scope, statements
from changxiao.kernel.act import Act
from changxiao.kernel.geo import Point, metres_between
from changxiao.kernel.refused import Refused
from changxiao.kernel.transactions import whole, writing
from changxiao.ledger import actions as ledger
from changxiao.ledger.media.models import Photo

State = Find.State


@dataclass(frozen=True, slots=True, kw_only=True)
class Sighting:
    """所见: one event of a camera, as its channel has read it; degrees WGS-84."""

    camera: Camera
    kind: str
    lon: float
    lat: float
    confidence: float | None = None
    frame: Sequence[float] = ()
    photo: Photo | None = None

    @property
    def place(self) -> Point:
        return Point(self.lon, self.lat)


def subject_of(camera: Camera, kind: str) -> Subcategory:
    """小类 that the camera's class stands for. Refused("camera_off"), Refused("class_unknown")."""
    if not camera.enabled:
        message = _("摄像机“%(camera)s”已停用，请在“设置 → 摄像机”中启用")
        raise Refused("camera_off", message % {"camera": camera.code}, field="camera")
    row = known.by_key(camera.classes.get(kind, ""))
    if row is None:
        message = _("摄像机“%(camera)s”没有登记识别类别“%(kind)s”，已登记：%(known)s")
        told = {
            "camera": camera.code,
            "kind": kind[:40],
            "known": "、".join(sorted(camera.classes)) or _("（无）"),
        }
        raise Refused("class_unknown", message % told, field="class")
    return row


def asks_somebody(seen: Sighting, now: datetime) -> bool:
    """会不会问人: false for a repeat, a muted source and what a case tells already; then no picture
    is needed. Asked before the picture is stored, and again, under the lock, by `take_find`."""
    if standing(seen, now) is not None or sources.source(seen.camera, seen.kind).muted(now):
        return False
    return known_case(seen, subject_of(seen.camera, seen.kind)) is None


def take_find(seen: Sighting, *, act: Act) -> Find:
    """收到发现: a new find, or one more time of a find that stands.

    Raises Refused (`camera_off`, `class_unknown`, `outside_city`), Replayed, KeyReused.
    """
    subject = subject_of(seen.camera, seen.kind)
    place = locator().at(seen.lon, seen.lat)
    with writing():
        statements.locked(Camera, seen.camera.pk)  # its events take turns
        once.must_be_new(act)
        now = act.moment()
        again = standing(seen, now)
        if again is not None:
            return _see_again(again, seen, act, now)
        case = known_case(seen, subject)
        muted = sources.source(seen.camera, seen.kind).muted(now)
        state = State.JOINED if case else State.MUTED if muted else State.WAITING
        find = Find(
            code=uuid.UUID(act.key).hex,
            camera=seen.camera,
            kind=seen.kind,
            subcategory=subject,
            state=state,
            confidence=seen.confidence,
            frame=list(seen.frame),
            photo=seen.photo,
            lon=round(seen.lon, 7),
            lat=round(seen.lat, 7),
            community_code=place.community_code,
            duty_grid_code=place.duty_grid,
            seen_at=act.occurred_at,
            first_at=now,
            last_at=now,
            case=case,
        )
        find.head = ledger.append(
            stream=find.stream, verb="take_find", act=act, at=now, head=None, body=_body(find)
        )
        find.save(force_insert=True)
        return find


def _body(find: Find) -> dict[str, Any]:
    told: dict[str, Any] = {
        "state": str(find.state),
        "camera": find.camera.code,
        "kind": find.kind,
        "subcategory": find.subcategory.key,
        "lon": f"{find.lon:.7f}",
        "lat": f"{find.lat:.7f}",
        "confidence": "" if find.confidence is None else f"{find.confidence:.4f}",
        "frame": [f"{n:.5f}" for n in find.frame],
    }
    if find.photo is not None:
        told["photo"] = find.photo.sha256
    if find.case is not None:
        told["case"] = find.case.number
    return told


def _see_again(find: Find, seen: Sighting, act: Act, now: datetime) -> Find:
    """再次发现: counted, and nobody is asked once more."""
    find = statements.locked(Find, find.pk)
    find.count += 1
    find.last_at = now
    sure = "" if seen.confidence is None else f"{seen.confidence:.4f}"
    find.head = ledger.append(
        stream=find.stream,
        verb="see_find",
        act=act,
        at=now,
        head=find.head,
        body={"confidence": sure},
    )
    find.save(update_fields=["count", "last_at", "head"])
    return find


def standing(seen: Sighting, now: datetime) -> Find | None:
    """已有的发现 of the same camera and class at this place: one that waits, whose case is open, or
    that was seen within the city's minutes, whatever a person said of it."""
    recent = now - timedelta(minutes=policy.number("find_window_minutes"))
    open_case = Q(case__isnull=False) & ~Q(case__stage__in=ENDS)
    rows = (
        Find.everything.filter(camera=seen.camera, kind=seen.kind)
        .filter(
            Q(state=State.WAITING)
            | open_case
            | Q(state__in=(State.MUTED, State.REJECTED), last_at__gte=recent)
        )
        .order_by("-last_at", "-id")
    )
    radius = policy.number("similar_radius_m")
    for row in rows[:100]:
        if metres_between(Point(row.lon, row.lat), seen.place) <= radius:
            return row
    return None


def known_case(seen: Sighting, subject: Subcategory) -> Case | None:
    """在办案卷 of that sub-category within the city's metres, the nearest first."""
    radius = policy.number("similar_radius_m")
    rows = Case.everything.filter(
        near.around(seen.place, radius), subcategory=subject, stage__in=OPEN
    )
    measured = [(metres_between(Point(row.lon, row.lat), seen.place), row.pk, row) for row in rows]
    found = min((one for one in measured if one[0] <= radius), default=None)
    return found[2] if found else None


def affirm_find(find: Find, *, act: Act) -> Find:
    """属实: a person saw it in the picture; it is reported, in the channel 智能识别."""
    with whole():
        row = _undecided(find, "affirm_find", act)
        case = report(_problem(row), act=act.derive("report"))
        row.case = case
        return _decided(row, "affirm_find", State.AFFIRMED, act, case=case.number)


def reject_find(find: Find, *, reason: str, act: Act) -> Find:
    """误报: with one of four reasons; a source that is wrong too often is muted by this one."""
    if reason not in Find.Reason.values:
        message = _("请选择误报的理由：%(known)s")
        told = {"known": "、".join(str(label) for label in Find.Reason.labels)}
        raise Refused("reason_missing", message % told, field="reason")
    with whole():
        row = _undecided(find, "reject_find", act)
        row.reason = reason
        done = _decided(row, "reject_find", State.REJECTED, act, reason=reason)
        mute_when_wrong(done.camera, done.kind, act=act)
        return done


def _undecided(find: Find, verb: str, act: Act) -> Find:
    # The camera first, as an event of it does: rate and mute are decided under that lock.
    statements.locked(Camera, find.camera_id)
    row = statements.locked(Find, find.pk)
    try:
        access.check_decides(scope.current(), row, act.post)
        if row.state != State.WAITING:
            message = _("这件已有人判定：%(state)s") % {"state": row.get_state_display()}
            raise Refused("decided", message)
    except Refused:
        ledger.recall(stream=row.stream, verb=verb, act=act)
        raise
    return row


def _decided(row: Find, verb: str, state: str, act: Act, **told: str) -> Find:
    row.state = state
    row.head = ledger.append(
        stream=row.stream, verb=verb, act=act, head=row.head, body={"state": str(state), **told}
    )
    row.decided_by, row.decided_at = act.actor, row.head.at
    row.save(update_fields=["state", "case", "reason", "decided_by", "decided_at", "head"])
    return row


def _problem(find: Find) -> Problem:
    words = _("摄像机“%(camera)s”识别到“%(kind)s”") % {
        "camera": find.camera.name,
        "kind": find.subcategory.label,
    }
    if find.confidence is not None:
        words += _("，置信度%(sure)d%%") % {"sure": round(100 * find.confidence)}
    if find.count > 1:
        words += _("，共报%(count)d次") % {"count": find.count}
    photos = [Shown(find.photo, CasePhoto.Role.BEFORE)] if find.photo else []
    return Problem(
        channel=Channel.MACHINE,
        subcategory=find.subcategory,
        lon=find.lon,
        lat=find.lat,
        description=words,
        address=find.camera.address,
        photos=photos,
    )
