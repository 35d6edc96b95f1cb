"""发现的权限: intake and its shift leader decide within their area; director and auditor read."""

from __future__ import annotations

from django.db.models import Q
from django.utils.translation import gettext as _

from changxiao.cases.access import in_area
from changxiao.cases.finds.models import Find
from changxiao.cases.models_public import PublicPhoto
from changxiao.kernel.refused import Refused
from changxiao.kernel.scope import Viewer
from changxiao.ledger.media.models import Photo
from changxiao.orgs.posts import Post

DECIDES = frozenset({Post.INTAKE, Post.SHIFT_LEADER})
SEES_FINDS = DECIDES | {Post.CENTER_DIRECTOR, Post.AUDITOR}


def reach(viewer: Viewer) -> Q:
    """可见发现: in the areas of the grants that look at finds."""
    return _within(viewer, SEES_FINDS)


def _within(viewer: Viewer, posts: frozenset[Post]) -> Q:
    found = Q(pk__in=[])
    for grant in viewer.grants:
        if grant.post in posts:
            if not grant.area:
                return Q()
            found |= in_area(grant.area)
    return found


def may_see_photo(viewer: Viewer, photo: Photo) -> bool:
    """可看照片: of a find within reach, case or no case; one that was hidden in its case is for the
    case's own gate to show."""
    if not viewer.holds(*SEES_FINDS):
        return False
    hidden = PublicPhoto.everything.filter(photo=photo, state=PublicPhoto.State.HIDDEN)
    return Find.objects.filter(photo=photo).exists() and not hidden.exists()


def check_decides(viewer: Viewer, find: Find, post: str) -> None:
    """可判定: with that post, held over this very place. Refused("not_yours")."""
    if post not in DECIDES:
        names = "、".join(str(one.label) for one in sorted(DECIDES))
        raise Refused("not_yours", _("机器发现须由%(posts)s判定") % {"posts": names}, field="post")
    if viewer.sees_all:
        return
    held = _within(viewer, frozenset({Post(post)}))
    if not Find.everything.filter(held, pk=find.pk).exists():
        message = _("您的“%(post)s”岗位管不到这个地点") % {"post": Post(post).label}
        raise Refused("not_yours", message, field="post")
