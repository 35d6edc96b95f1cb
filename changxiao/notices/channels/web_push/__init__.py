"""浏览器推送 (RFC 8030, 8291, 8292): to each browser in which a person switched it on.

The keys are made in the home at the first use; nothing is to be configured but the address of the
site (`CHANGXIAO_URL` as https, else no browser allows it).
"""

from __future__ import annotations

import json
from collections.abc import Collection

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy

from changxiao.kernel.refused import Refused
from changxiao.notices import guard, wire
from changxiao.notices.channels.base import Address, Channel, Failed, Message, Side
from changxiao.notices.channels.web_push import sealing
from changxiao.notices.models_outside import PushSubscription

DAY = 86_400  # seconds a push service keeps it for a browser that is asleep
GONE = frozenset({404, 410})


def off() -> str:
    """未开通的原因."""
    if settings.HTTPS or settings.SITE_URL.startswith(("http://127.0.0.1", "http://localhost")):
        return ""
    return _("浏览器只在 https 地址上允许推送：请设置 CHANGXIAO_URL")


def reaches(staff: Collection[int]) -> set[int]:
    """在某个浏览器里开通了的人."""
    return set(
        PushSubscription.objects.filter(staff__in=staff).values_list("staff", flat=True).distinct()
    )


def send(to: Address, message: Message) -> None:
    """推送 to all browsers of the person; one that is gone is forgotten. It is enough that one of
    them took it."""
    rows = list(PushSubscription.objects.filter(staff=to.staff))
    if not rows:
        raise Failed(_("没有浏览器开通推送"), for_good=True)
    refused: list[Failed] = []
    for row in rows:
        try:
            _push(row, message)
        except Failed as wrong:
            refused.append(wrong)
    if len(refused) == len(rows):
        raise Failed(refused[0].why, for_good=all(one.for_good for one in refused))


def _push(row: PushSubscription, message: Message) -> None:
    try:
        target = guard.checked(row.endpoint)
    except Refused as no:
        raise Failed(no.sentence, for_good=no.code != "host_unknown") from None
    told = {"title": message.title, "text": message.text, "url": message.url, "tag": message.key}
    body = sealing.sealed(json.dumps(told, ensure_ascii=False).encode(), row.p256dh, row.auth)
    headers = {
        "Authorization": sealing.vapid(row.endpoint, settings.SITE_URL),
        "Content-Encoding": "aes128gcm",
        "Content-Type": "application/octet-stream",
        "TTL": str(DAY),
        "Urgency": "high" if message.urgent else "normal",
    }
    answer = wire.send(target, body, headers)
    if answer.status in GONE:
        row.delete()
        raise Failed(_("这个浏览器已取消推送"), for_good=True)
    wire.must_be_taken(answer)


CHANNEL = Channel(
    "web_push", pgettext_lazy("channel", "浏览器推送"), frozenset({Side.STAFF}), off, reaches, send
)
