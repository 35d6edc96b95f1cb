"""通知我: a resident leaves a number for his own case by his code alone, or takes it back."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from changxiao.cases import followed
from changxiao.cases.models import Case
from changxiao.kernel import spoken
from changxiao.kernel.act import Act
from changxiao.kernel.refused import Refused
from changxiao.notices.actions import agree_notice, withdraw_notice
from changxiao.notices.channels import CHANNELS
from changxiao.notices.models_outside import NoticeConsent
from changxiao.surfaces.portal import gates
from changxiao.surfaces.portal.views.base import private

OFFERED = "sms"


def told(case: Case) -> dict[str, Any]:
    """通知我: whether it is offered, and whether he is told already; none for a case that ended."""
    if case.ended or CHANNELS[OFFERED].off():
        return {"tells": False}
    agreed = NoticeConsent.objects.filter(case=case, channel=OFFERED, ended_at=None).exists()
    return {"tells": True, "told_by_sms": agreed}


@require_POST
@private
def tell(request: HttpRequest, code: str) -> HttpResponse:
    """同意或取消; back to the receipt, where the sentence stands."""
    now = timezone.now()
    gates.looking(request, now)
    try:
        case = followed.case_of(code)
    except Refused:
        gates.guessed(request, now)
        raise
    act = Act.system("portal", str(uuid.uuid4()))
    try:
        if request.POST.get("stop"):
            withdraw_notice(case, act=act)
            messages.success(request, _("已取消，手机号已删除"))
        else:
            _agree(request, case, code, act)
    except Refused as no:
        messages.error(request, no.sentence)
    return redirect("portal_receipt", spoken.grouped(spoken.read(code)))


def _agree(request: HttpRequest, case: Case, code: str, act: Act) -> None:
    if not told(case)["tells"]:
        raise Refused("tells_nobody", _("现在不能登记短信通知，请凭查询码查看"))
    if not request.POST.get("agree"):
        message = _("请勾选同意：没有您的同意我们不发短信")
        raise Refused("consent_missing", message, field="agree")
    shown = spoken.grouped(spoken.read(code))
    agree_notice(case, phone=request.POST.get("phone", "")[:30], code=shown, act=act)
    messages.success(request, _("好的，有进展会发短信告诉您"))
