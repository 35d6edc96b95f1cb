"""静默: a source that is wrong too often asks nobody for the city's days; a person ends that."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from changxiao.cases.finds import access, sources
from changxiao.cases.finds.models import Camera, FindSource
from changxiao.cases.finds.rules import Rate
from changxiao.catalog import policy
from changxiao.catalog.actions.base import EDITORS
from changxiao.kernel import statements
from changxiao.kernel.act import Act
from changxiao.kernel.refused import Refused
from changxiao.kernel.transactions import writing
from changxiao.ledger import actions as ledger

MUTERS = EDITORS | access.DECIDES


def mute_when_wrong(camera: Camera, kind: str, *, act: Act) -> None:
    """真实率过低即静默: called under the camera's lock by whoever rejected the last straw."""
    row = sources.source(camera, kind)
    now = act.moment()
    rate = sources.must_be_muted(row, now)
    if rate is not None:
        _mute(row, rate, Act.system("finds", act.derive("mute").key), now)


def mute_source(camera: Camera, kind: str, *, act: Act) -> FindSource:
    """静默: a person says so; its finds are counted and ask nobody for the city's days."""
    _check(act)
    with writing():
        camera = statements.locked(Camera, camera.pk)
        row, now = sources.source(camera, kind), act.moment()
        if kind not in camera.classes or row.muted(now):
            ledger.recall(stream=row.stream, verb="mute_source", act=act)
            raise Refused("muted_already", _("这一类已在静默中，或没有登记"), field="kind")
        return _mute(row, sources.rate_of(row, now), act, now)


def unmute_source(camera: Camera, kind: str, *, act: Act) -> FindSource:
    """取消静默: it asks people again, and its rate counts from now."""
    _check(act)
    with writing():
        camera = statements.locked(Camera, camera.pk)
        row, now = sources.source(camera, kind), act.moment()
        if not row.muted(now):
            ledger.recall(stream=row.stream, verb="unmute_source", act=act)
            raise Refused("not_muted", _("这一类没有静默，不必取消"), field="kind")
        row.muted_at = row.muted_until = None
        row.counted_from = now
        row.save()
        ledger.append(stream=row.stream, verb="unmute_source", act=act, at=now, body={"kind": kind})
        return row


def _mute(row: FindSource, rate: Rate, act: Act, now: datetime) -> FindSource:
    row.counted_from = row.since(now)
    row.muted_at = now
    row.muted_until = now + timedelta(days=policy.number("find_mute_days"))
    row.save()
    body = {
        "kind": row.kind,
        "true": rate.true,
        "judged": rate.judged,
        "until": row.muted_until.isoformat(),
    }
    ledger.append(stream=row.stream, verb="mute_source", act=act, at=now, body=body)
    return row


def _check(act: Act) -> None:
    if act.post not in MUTERS:
        names = "、".join(str(post.label) for post in sorted(MUTERS))
        raise Refused("not_yours", _("静默须由%(posts)s办理") % {"posts": names}, field="post")
