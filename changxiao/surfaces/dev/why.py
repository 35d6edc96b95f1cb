"""为什么看不到: the rules of `cases.access` said in words for one person and one case."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from django.utils.translation import gettext as _

from changxiao.cases import access
from changxiao.cases.actions.base import flow_in_force
from changxiao.cases.models import Case
from changxiao.cases.places import words
from changxiao.kernel import scope
from changxiao.kernel.scope import Grant
from changxiao.orgs.access import viewer_for
from changxiao.orgs.models import Staff, Unit
from changxiao.orgs.posts import Post


def told(staff: Staff, case: Case, at: datetime) -> Iterator[str]:
    """为什么: a line a grant, then what follows from all of them."""
    viewer = viewer_for(staff, at)
    if not viewer.grants:
        yield _("%(who)s今天没有任职，什么案卷都看不到。") % {"who": staff.name}
    for grant in viewer.grants:
        yield _of_grant(grant, case)
    with scope.viewing(viewer):
        sees = Case.objects.filter(pk=case.pk).exists()
        steps = access.buttons(flow_in_force(), viewer, case) if sees else []
    if sees:
        yield _("结论：看得到。现在可办：%(steps)s。") % {
            "steps": "、".join(str(step.title) for step in steps) or _("无")
        }
        people = access.knows_people(viewer)
        yield _("看得到举报人和监督员的身份。") if people else _("举报人和监督员只显示渠道与网格。")
    else:
        yield _("结论：看不到，答复与不存在的受理号相同。")


def _of_grant(grant: Grant, case: Case) -> str:
    post = Post(grant.post).label
    if grant.post in access.BY_PLACE:
        return _by_place(post, grant, case)
    if grant.post in access.BY_UNIT:
        return _by_unit(post, grant, case)
    return _("岗位“%(post)s”不看案卷。") % {"post": post}


def _by_place(post: object, grant: Grant, case: Case) -> str:
    if not grant.area:
        return _("岗位“%(post)s”按地点看，管全市：看得到。") % {"post": post}
    values = {"post": post, "area": f"{words(grant.area)} {grant.area}", "at": case.community_code}
    if access.covers(grant, case):
        return _("岗位“%(post)s”按地点看，辖区 %(area)s 包含案卷所在的 %(at)s：看得到。") % values
    return _("岗位“%(post)s”按地点看，辖区 %(area)s 不包含案卷所在的 %(at)s：看不到。") % values


def _by_unit(post: object, grant: Grant, case: Case) -> str:
    mine = Unit.objects.filter(path=grant.unit).first()
    values = {
        "post": post,
        "mine": mine.name if mine else _("没有单位"),
        "held": case.unit.name if case.unit else _("没有单位"),
    }
    if access.covers(grant, case):
        return _("岗位“%(post)s”按单位看，%(mine)s承办或协办本案卷：看得到。") % values
    return _("岗位“%(post)s”按单位看，案卷在%(held)s，不在%(mine)s及其下属：看不到。") % values
