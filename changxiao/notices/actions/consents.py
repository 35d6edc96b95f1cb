"""通知同意: a resident says that he wants to be told of his own case, and takes it back."""

from __future__ import annotations

import json
import re

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from changxiao.cases.models import Case
from changxiao.kernel.act import Act
from changxiao.kernel.refused import Refused
from changxiao.kernel.transactions import writing
from changxiao.ledger import actions as ledger
from changxiao.notices import alarms
from changxiao.notices.models_outside import NoticeConsent

SMS, WECHAT = "sms", "wechat"
MOST = 3  # numbers a case: whoever has one code shall not write to a whole book of them
_GIVEN = {
    SMS: gettext_lazy("这件已经登记了手机号；要换号码，请先取消通知"),
    WECHAT: gettext_lazy("这件的进展已经会在微信里告诉您"),
}
_PHONE = re.compile(r"1[3-9]\d{9}")


def agree_notice(case: Case, *, phone: str, code: str, act: Act) -> NoticeConsent:
    """同意通知: by SMS to this number, which is sealed apart from row and log with the code of the
    tracking link; a receipt goes out at once.

    Refused `phone_unreadable`, `consent_given`, `consent_many`.
    """
    number = re.sub(r"[\s-]", "", phone).removeprefix("+86")
    if not _PHONE.fullmatch(number):
        message = _("手机号“%(phone)s”不可用：请填 11 位手机号")
        raise Refused("phone_unreadable", message % {"phone": phone[:20]}, field="phone")
    with writing():
        row = _agreed(case, SMS, {"phone": number, "code": code}, act)
        alarms.received(row, row.agreed_at)
    return row


def agree_wechat(case: Case, *, openid: str, code: str, act: Act) -> NoticeConsent:
    """同意微信通知: by the public account that he reported to, under the name it knows him by; what
    he wrote to is its answer, so no receipt goes out besides. Refused as `agree_notice`."""
    return _agreed(case, WECHAT, {"openid": openid, "code": code}, act)


def _agreed(case: Case, channel: str, contact: dict[str, str], act: Act) -> NoticeConsent:
    with writing():
        at = act.moment()
        Case.everything.select_for_update().get(pk=case.pk)
        known = NoticeConsent.objects.filter(case=case, channel=channel)
        if known.filter(ended_at=None).exists():
            raise Refused("consent_given", str(_GIVEN[channel]), field="phone")
        if known.count() >= MOST:
            message = _("这件已经换过 %(n)d 次号码，不能再登记") % {"n": MOST}
            raise Refused("consent_many", message, field="phone")
        kept = ledger.seal(json.dumps(contact))
        row = NoticeConsent.objects.create(case=case, channel=channel, contact=kept, agreed_at=at)
        body = {"channel": channel, "contact": kept}
        ledger.append(stream=_stream(case), verb="agree_notice", act=act, at=at, body=body)
    return row


def withdraw_notice(case: Case, *, channel: str = "", act: Act) -> int:
    """撤回通知同意: by this channel or by all; nothing more is sent, and the number is gone; how
    many there were."""
    with writing():
        at = act.moment()
        rows = NoticeConsent.objects.select_for_update().filter(case=case, ended_at__isnull=True)
        held = list(rows.filter(channel=channel) if channel else rows)
        for row in held:
            row.ended_at = at
            row.save(update_fields=["ended_at"])
            one = act.derive(str(row.pk))
            ledger.erase(row.contact, one.derive("erase"))
            body = {"channel": row.channel, "contact": row.contact}
            ledger.append(stream=_stream(case), verb="withdraw_notice", act=one, at=at, body=body)
    return len(held)


def _stream(case: Case) -> str:
    return f"notice_consent:{case.number}"
