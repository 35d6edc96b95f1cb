"""不由步骤引起的消息: an alarm of the system's, and the receipt of a resident who agreed."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext as _

from changxiao.notices import filling, outbox, standing, wording
from changxiao.notices.audience import Directory
from changxiao.notices.models_hooks import Webhook
from changxiao.notices.models_outside import NoticeConsent
from changxiao.notices.outbox import Draft
from changxiao.notices.whats import HOOK, POST, RECEIVED, Audience


def hook_paused(hook: Webhook, at: datetime) -> int:
    """出站推送已暂停: how many were told."""
    words = {"事项": _("出站推送“%(code)s”已暂停") % {"code": hook.code}, "说明": hook.why}
    told = f"{hook.stream}/{at.isoformat()}"
    people = Directory(at)
    drafts = [
        Draft(told, row.staff, HOOK, text, None, rule.urgent, set(rule.channels))
        for rule in standing.rules_for(HOOK)
        if rule.audience.startswith(POST)
        for text in [filling.filled(rule.text, words)]
        for row in people.holders(rule.audience.removeprefix(POST))
    ]
    return outbox.put(drafts, at)


def received(consent: NoticeConsent, at: datetime) -> int:
    """已收到上报: the first message to a resident who agreed; whether it goes out at all is the
    city's rule."""
    case = consent.case
    words = wording.words(case, None, at)
    drafts = [
        Draft(
            f"{case.number}/{RECEIVED}/{consent.pk}",
            consent,
            RECEIVED,
            filling.filled(rule.text, words),
            case.pk,
            False,
            set(rule.channels),
        )
        for rule in standing.rules_for(RECEIVED)
        if rule.audience == Audience.REPORTER
    ]
    return outbox.put(drafts, at)
