"""消息的自检: each channel on or off and why, what was given up, addresses that are paused."""

from __future__ import annotations

from django.utils.translation import gettext as _

from changxiao.kernel.finding import Finding, Level
from changxiao.notices.channels import CHANNELS
from changxiao.notices.models import Delivery
from changxiao.notices.models_hooks import Webhook


def channels() -> list[Finding]:
    """渠道: one line each; that one is off is no fault, so it is no warning."""
    found = []
    for key, channel in CHANNELS.items():
        why = channel.off()
        title = _("通知渠道：%(title)s") % {"title": channel.title}
        detail = _("未开通：%(why)s") % {"why": why} if why else _("可用")
        found.append(Finding(f"notices.{key}", Level.OK, title, detail))
    return found


def undelivered() -> Finding:
    """未送达 of the outbox, and paused addresses."""
    failed = Delivery.objects.filter(state=Delivery.State.FAILED).count()
    paused = list(Webhook.objects.paused().values_list("code", flat=True))
    title = _("消息与推送")
    if not failed and not paused:
        return Finding("notices", Level.OK, title, _("没有未送达的消息，没有暂停的推送"))
    detail = _("未送达的消息 %(failed)d 条；暂停的推送：%(paused)s")
    told = detail % {"failed": failed, "paused": "、".join(paused) or _("无")}
    remedy = _("请看设置 → 投递情况、出站推送。")
    return Finding("notices", Level.WARN, title, told, remedy)
