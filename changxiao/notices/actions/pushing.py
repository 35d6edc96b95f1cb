"""浏览器推送: a person lets one browser of his be rung, and takes it back."""

from __future__ import annotations

import hashlib

from django.utils.translation import gettext as _

from changxiao.kernel.act import Act
from changxiao.kernel.refused import Refused
from changxiao.kernel.transactions import writing
from changxiao.ledger import actions as ledger
from changxiao.notices import guard
from changxiao.notices.channels.web_push import sealing
from changxiao.notices.models_outside import PushSubscription
from changxiao.orgs.models import Staff

MOST = 10  # browsers a person


def subscribe_push(
    staff: Staff, *, endpoint: str, p256dh: str, auth: str, act: Act
) -> PushSubscription:
    """开通浏览器推送. Refused `push_unreadable`, and what `guard.checked` refuses."""
    try:
        sealing.read_point(p256dh)
        readable = len(sealing.padded(auth)) == 16
    except ValueError:
        readable = False
    if not readable or len(endpoint) > guard.MOST_URL:
        raise Refused("push_unreadable", _("浏览器给出的推送信息无法识别，请换个浏览器"))
    guard.checked(endpoint)
    digest = hashlib.sha256(endpoint.encode()).hexdigest()
    with writing():
        at = act.moment()
        values = {"staff": staff, "endpoint": endpoint, "p256dh": p256dh, "auth": auth}
        row, _made = PushSubscription.objects.update_or_create(
            digest=digest, defaults={**values, "made_at": at}
        )
        old = PushSubscription.objects.filter(staff=staff).order_by("-made_at", "-pk")
        gone = list(old.values_list("pk", flat=True)[MOST:])
        PushSubscription.objects.filter(pk__in=gone).delete()
        _record(staff, "subscribe_push", digest, act)
    return row


def unsubscribe_push(staff: Staff, *, endpoint: str, act: Act) -> bool:
    """取消浏览器推送; whether there was one."""
    digest = hashlib.sha256(endpoint.encode()).hexdigest()
    with writing():
        if not PushSubscription.objects.filter(staff=staff, digest=digest).delete()[0]:
            return False
        _record(staff, "unsubscribe_push", digest, act)
    return True


def _record(staff: Staff, verb: str, digest: str, act: Act) -> None:
    stream = f"push:{staff.username}"
    ledger.append(stream=stream, verb=verb, act=act, at=act.moment(), body={"browser": digest})
