"""交接班权限: who may see a sheet, and at which desk somebody signs."""

from __future__ import annotations

from django.db.models import Q

from changxiao.kernel.scope import Grant, Viewer
from changxiao.orgs.posts import Post

DESKS = (Post.INTAKE, Post.SHIFT_LEADER, Post.DISPATCHER)
# The directors read what their desks handed over, the auditor all of it.
OVER = {
    Post.INTAKE: {Post.SHIFT_LEADER, Post.CENTER_DIRECTOR, Post.AUDITOR},
    Post.SHIFT_LEADER: {Post.CENTER_DIRECTOR, Post.AUDITOR},
    Post.DISPATCHER: {Post.COMMAND_DIRECTOR, Post.AUDITOR},
}


def reach(viewer: Viewer) -> Q:
    """可见交接班: of desks that one of the grants sits at or above, over an area within it."""
    found = Q(pk__in=[])
    for grant in viewer.grants:
        desks = [desk for desk in DESKS if grant.post == desk or grant.post in OVER[desk]]
        if desks:
            here = Q(area_code__startswith=grant.area) if grant.area else Q()
            found |= Q(post__in=desks) & here
    return found


def desk_of(viewer: Viewer, post: str) -> Grant | None:
    """交接班席: the widest grant of that post where it is one of the desks; else None."""
    grants = [g for g in viewer.grants if g.post == post and g.post in DESKS]
    return min(grants, key=lambda grant: len(grant.area), default=None)
