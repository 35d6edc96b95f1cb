"""场所类型: what kind of place a community is; the lasting index is cut by it."""

from __future__ import annotations

from django.utils.translation import gettext as _

from changxiao.areas import names
from changxiao.catalog.actions.base import doing
from changxiao.catalog.models import PlaceKind
from changxiao.kernel.act import Act
from changxiao.kernel.refused import Refused


def set_place_kind(community: str, *, kind: str, act: Act) -> PlaceKind:
    """设定场所类型. Refused `kind_unknown`, `area_unknown`."""
    if kind not in PlaceKind.Kind.values:
        message = _("场所类型“%(kind)s”不可用：可用 %(known)s") % {
            "kind": kind[:20],
            "known": "、".join(map(str, PlaceKind.Kind.labels)),
        }
        raise Refused("kind_unknown", message, field="kind")
    if community not in names.communities():
        message = _("没有代码为“%(code)s”的社区") % {"code": community[:24]}
        raise Refused("area_unknown", message, field="area")
    with doing("set_place_kind", act) as now:
        row = PlaceKind.objects.filter(community_code=community).first()
        if row is not None and row.kind == kind:
            return row
        was = {"kind": row.kind} if row else None
        row = row or PlaceKind(community_code=community)
        row.kind = kind
        row.save()
        now.record(row.stream, kind=kind, was=was)
    return row


def drop_place_kind(row: PlaceKind, *, act: Act) -> None:
    """取消场所类型: the community is of no kind again."""
    with doing("drop_place_kind", act) as now:
        found = PlaceKind.objects.filter(pk=row.pk).first()
        if found is None:
            return
        found.delete()
        now.record(found.stream, was={"kind": found.kind})
