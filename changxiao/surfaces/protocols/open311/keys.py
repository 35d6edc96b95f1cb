"""接口密钥 api_key: a token of kind `open311`, in the form, the query or a bearer header.

Whoever holds one reports as the member of staff it was issued to, and with none of that person's
grants: a key reads what everybody reads, and follows what it has itself reported.
"""

from __future__ import annotations

from datetime import datetime

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _

from changxiao.kernel import scope
from changxiao.kernel.refused import Refused
from changxiao.kernel.scope import Viewer
from changxiao.ledger.models import Entry
from changxiao.orgs.models import ApiToken
from changxiao.orgs.tokens import staff_for
from changxiao.surfaces.protocols.memory import ShortMemory
from changxiao.surfaces.protocols.meter import Meter
from changxiao.surfaces.protocols.throttled import within

METER, READERS = Meter("open311"), Meter("open311_ip")


def _look_up(key: str, now: datetime) -> Viewer | None:
    staff = staff_for(f"Bearer {key}", at=now, kind=ApiToken.Kind.OPEN311)
    return Viewer("public", staff.username) if staff else None


HOLDERS = ShortMemory(_look_up)


def holder(request: HttpRequest) -> Viewer | None:
    """持钥人: becomes the viewer of this request; None where no key is shown.

    Raises Refused("key_wrong") for one that opens nothing, and TooMany.
    """
    key, now = _key(request), timezone.now()
    if not key:
        return None
    found = HOLDERS.get(key, now)
    if found is None:
        raise Refused("key_wrong", _("api_key 无效、已到期或已吊销，请向本市索取"), field="api_key")
    within(METER, found.name, now)
    return scope.become(found)


def must_hold(request: HttpRequest) -> Viewer:
    """须持钥: as `holder`, and Refused("key_missing") without a key."""
    found = holder(request)
    if found is None:
        raise Refused("key_missing", _("请带上 api_key（向本市索取）"), field="api_key")
    return found


def reader(request: HttpRequest) -> Viewer | None:
    """读者: with a key counted by its holder, without one by the address it comes from."""
    found = holder(request)
    if found is None:
        within(READERS, request.META.get("REMOTE_ADDR", ""), timezone.now())
    return found


def _key(request: HttpRequest) -> str:
    scheme, _space, token = request.headers.get("Authorization", "").partition(" ")
    told = request.POST.get("api_key") or request.GET.get("api_key")
    return (told or (token if scheme.lower() == "bearer" else "")).strip()


def reported_by(viewer: Viewer, numbers: list[str]) -> frozenset[str]:
    """自己上报的: of these numbers, those whose first entry this holder has made."""
    streams = [f"case:{number}" for number in numbers]
    rows = Entry.objects.filter(stream__in=streams, n=1, verb="report", actor=viewer.name)
    return frozenset(
        stream.removeprefix("case:") for stream in rows.values_list("stream", flat=True)
    )
