"""消息权限: everybody reads his own messages, and nobody another's.

The administrator sees that something was delivered, by which channel and why not; never its words.
"""

from __future__ import annotations

from django.db.models import Q

from changxiao.catalog.actions.base import EDITORS
from changxiao.kernel.scope import Viewer
from changxiao.orgs.posts import Post

WATCHERS = frozenset({Post.CITY_ADMIN.value, Post.AUDITOR.value})
SETTERS = EDITORS


def reach(viewer: Viewer) -> Q:
    """可见消息: one's own that are shown in the house."""
    if viewer.kind != "staff":
        return Q(pk__in=[])
    return Q(staff__username=viewer.name, shown=True)
