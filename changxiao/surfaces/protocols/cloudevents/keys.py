"""设备令牌: a token of kind `camera`, in a bearer header; its holder is the box that speaks."""

from __future__ import annotations

from datetime import datetime

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _

from changxiao.kernel import scope
from changxiao.kernel.refused import Refused
from changxiao.kernel.scope import Viewer
from changxiao.orgs.models import ApiToken
from changxiao.orgs.tokens import staff_for
from changxiao.surfaces.protocols.memory import ShortMemory
from changxiao.surfaces.protocols.meter import Meter
from changxiao.surfaces.protocols.throttled import within

METER, STRANGERS = Meter("camera"), Meter("camera_ip")


def _look_up(token: str, now: datetime) -> Viewer | None:
    staff = staff_for(f"Bearer {token}", at=now, kind=ApiToken.Kind.CAMERA)
    # None of that person's grants: a box says what it saw and reads nothing.
    return Viewer("public", staff.username) if staff else None


BOXES = ShortMemory(_look_up)


def box_of(request: HttpRequest, events: int = 1) -> Viewer:
    """设备: becomes the viewer of this request. Raises Refused("not_signed_in") and TooMany."""
    scheme, _space, token = request.headers.get("Authorization", "").partition(" ")
    now = timezone.now()
    found = BOXES.get(token.strip(), now) if scheme.lower() == "bearer" and token else None
    if found is None:
        within(STRANGERS, request.META.get("REMOTE_ADDR", ""), now)
        message = _("请在 Authorization 头中带上有效的摄像机令牌（Bearer）")
        raise Refused("not_signed_in", message)
    for _event in range(events):
        within(METER, found.name, now)
    return scope.become(found)
