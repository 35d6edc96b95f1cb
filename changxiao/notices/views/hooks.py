"""出站推送页: which systems are told of what; state, secret shown once, test, pause, tell again."""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable
from datetime import datetime
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from changxiao.cases.flow import STEPS
from changxiao.catalog.actions.base import who
from changxiao.kernel import paging, scope
from changxiao.kernel.act import Act
from changxiao.kernel.day import city_zone
from changxiao.kernel.refused import Refused
from changxiao.ledger.edits import EditForm, Kind, Page, acting, answer, confirming
from changxiao.ledger.history import Field, State
from changxiao.ledger.models import Entry
from changxiao.ledger.refusals import Replayed
from changxiao.notices.access import SETTERS
from changxiao.notices.actions import (
    drop_webhook,
    pause_webhook,
    renew_webhook_secret,
    replay_webhook,
    resume_webhook,
    set_webhook,
)
from changxiao.notices.channels.base import Failed
from changxiao.notices.hooks import sending, signing
from changxiao.notices.models_hooks import HookDelivery, Webhook
from changxiao.notices.views.base import for_setters, urls

METHODS = ["GET", "HEAD", "POST"]
SIZE = 30
SHOW = "notices_hook_secret"  # in the session: whose secret is shown at the next look, once
_TITLES = {step.verb: step.title for step in STEPS}


def verbs_said(value: Any) -> str:
    """步骤的名称; none is all of them."""
    return "、".join(str(_TITLES.get(verb, verb)) for verb in value) or _("全部步骤")


FIELDS = (
    Field("url", gettext_lazy("地址")),
    Field("verbs", gettext_lazy("推送的步骤"), verbs_said),
    Field("state", gettext_lazy("状态"), lambda v: str(dict(Webhook.State.choices).get(v, v))),
)


class HookForm(EditForm):
    """出站推送表单."""

    code = forms.CharField(
        label=gettext_lazy("代号"),
        max_length=40,
        help_text=gettext_lazy("小写字母、数字和短横线，如 gis-center；设定后不能改。"),
    )
    url = forms.CharField(
        label=gettext_lazy("地址"),
        max_length=500,
        help_text=gettext_lazy("以 https:// 开头；推到政务内网的，先在政策取值里放行网段。"),
    )
    verbs = forms.MultipleChoiceField(
        label=gettext_lazy("推送的步骤"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("一个都不选就是全部。"),
        choices=[(step.verb, step.title) for step in STEPS],
    )
    field_order = ("code", "url", "verbs", "note")


@require_safe
@for_setters
def hooks(request: HttpRequest) -> HttpResponse:
    """出站推送: each with its state and what waits."""
    rows = [{"hook": one, "verbs": verbs_said(one.verbs)} for one in Webhook.objects.all()]
    return render(request, "notices/hooks.html", {"rows": rows})


@require_http_methods(METHODS)
@for_setters
def edit(request: HttpRequest, code: str = "") -> HttpResponse:
    """设定出站推送: one, or a new one, whose secret is shown next."""
    row = _hook(code) if code else None
    shown = page(code)
    told = {"code": row.code, "url": row.url, "verbs": row.verbs} if row else {}
    form = HookForm(request.POST or None, initial=told, stream=shown.stream)
    form.fields["code"].disabled = row is not None
    answered = answer(request, form, shown)
    made = answered.status_code == 302 and row is None
    if made and Webhook.objects.filter(code=form.cleaned_data["code"]).exists():
        request.session[SHOW] = form.cleaned_data["code"]
        return redirect("notice_hook", form.cleaned_data["code"])
    return answered


@require_http_methods(METHODS)
@for_setters
def drop(request: HttpRequest, code: str) -> HttpResponse:
    """删除出站推送."""
    row = _hook(code)
    return confirming(request, page(code), lambda act: drop_webhook(row, act=act))


def page(code: str) -> Page:
    """一个出站推送的页面; "" for a new one."""
    return Page(
        title=_("出站推送：%(code)s") % {"code": code} if code else _("新增出站推送"),
        back=reverse("notice_hook", args=[code]) if _is(code) else reverse("notice_hooks"),
        stream=f"webhook:{code}" if code else "",
        fields=FIELDS,
        ends=frozenset({"drop_webhook"}),
        posts=SETTERS,
        name_of=who,
        do=_set,
        effects=lambda _old, new: [
            _("从确认之后发生的步骤起推送；此前的可以在它的页面上重推")
            if new
            else _("不再推送；还没送出的一并删除")
        ],
        **(urls("hook", code) if code else {}),
    )


def _is(code: str) -> bool:
    return bool(code) and Webhook.objects.filter(code=code).exists()


def _set(form: HookForm, act: Act) -> Webhook:
    told = form.cleaned_data
    if not form.fields["code"].disabled and _is(told["code"]):
        message = _("已有代号为“%(code)s”的出站推送，请换一个") % {"code": told["code"]}
        raise Refused("code_taken", message, field="code")
    return set_webhook(told["code"], url=told["url"], verbs=told["verbs"], act=act)


@never_cache
@require_safe
@for_setters
def one(request: HttpRequest, code: str) -> HttpResponse:
    """一个出站推送: state, what was told and what was not; its secret, at the first look only."""
    hook = _hook(code)
    state = request.GET.get("state", "")
    rows = hook.deliveries.select_related("entry")
    if state in HookDelivery.State.values:
        rows = rows.filter(state=state)
    try:
        found = paging.page(rows, order=["-id"], cursor=request.GET.get("cursor", ""), size=SIZE)
    except Refused as no:
        raise Http404(no.sentence) from None
    show = request.session.get(SHOW) == code
    if show:
        del request.session[SHOW]
    context = {
        "hook": hook,
        "verbs": verbs_said(hook.verbs),
        "secret": signing.secret_of(code).decode() if show else "",
        "rows": [{"row": row, "title": _TITLES.get(row.entry.verb, "")} for row in found.items],
        "next_cursor": found.next,
        "state": state,
        "states": HookDelivery.State.choices,
        "waiting": hook.deliveries.filter(state=HookDelivery.State.WAITING).count(),
        "key": str(uuid.uuid4()),
    }
    return render(request, "notices/hook.html", context)


def _act(request: HttpRequest) -> Act:
    post = acting(request, SETTERS)
    key = request.POST.get("key", "")[:40] or str(uuid.uuid4())
    note = request.POST.get("note", "")[:300]
    return Act(actor=scope.current().name, post=post, key=key, note=note)


def _done(request: HttpRequest, code: str, do: Callable[[Webhook, Act], str]) -> HttpResponse:
    hook = _hook(code)
    try:
        messages.success(request, do(hook, _act(request)))
    except Replayed:
        pass
    except Refused as no:
        messages.error(request, no.sentence)
    return redirect("notice_hook", code)


@require_POST
@for_setters
def switch(request: HttpRequest, code: str) -> HttpResponse:
    """暂停或恢复."""

    def do(hook: Webhook, act: Act) -> str:
        if hook.state == Webhook.State.ON:
            pause_webhook(hook, act=act)
            return _("已暂停；这期间发生的会攒着，恢复后接着推")
        resume_webhook(hook, act=act)
        return _("已恢复，从停下的地方接着推")

    return _done(request, code, do)


@require_POST
@for_setters
def renew(request: HttpRequest, code: str) -> HttpResponse:
    """换密钥."""

    def do(hook: Webhook, act: Act) -> str:
        renew_webhook_secret(hook, act=act)
        request.session[SHOW] = code
        return _("已换密钥，请立即交给对方；离开本页后不再显示")

    return _done(request, code, do)


@require_POST
@for_setters
def replay(request: HttpRequest, code: str) -> HttpResponse:
    """重推: since a moment of the city's, or one delivery."""

    def do(hook: Webhook, act: Act) -> str:
        single = request.POST.get("one", "")
        if single.isascii() and single.isdecimal() and len(single) < 19:
            count = replay_webhook(hook, one=int(single), act=act)
        else:
            count = replay_webhook(hook, since=_moment(request.POST.get("since", "")), act=act)
        return _("%(n)d 条已排队重推") % {"n": count}

    return _done(request, code, do)


def _moment(text: str) -> datetime:
    try:
        return datetime.fromisoformat(text).replace(tzinfo=city_zone())
    except ValueError:
        message = _("请填写从什么时间起重推")
        raise Refused("since_unreadable", message, field="since") from None


@require_POST
@for_setters
def test(request: HttpRequest, code: str) -> HttpResponse:
    """试推: a signed "ping" at once; what the other side says is shown."""
    hook = _hook(code)
    body = json.dumps({"type": "ping", "at": timezone.now().isoformat()}).encode()
    try:
        answer_ = sending.ask(hook, "ping", body, f"ping-{uuid.uuid4()}")
        messages.success(request, _("对方收下了（%(status)d）") % {"status": answer_.status})
    except Failed as wrong:
        messages.error(request, _("没有送达：%(why)s") % {"why": wrong.why})
    return redirect("notice_hook", code)


def _hook(code: str) -> Webhook:
    row = Webhook.objects.filter(code=code).first()
    if row is None:
        raise Http404
    return row


def _put(code: str, state: State | None, act: Act) -> object:
    row = Webhook.objects.filter(code=code).first()
    if state is None:
        if row is not None:
            drop_webhook(row, act=act)
        return None
    if row is not None and row.state != state["state"]:
        paused = state["state"] == Webhook.State.PAUSED
        return (pause_webhook if paused else resume_webhook)(row, act=act)
    return set_webhook(code, url=state["url"], verbs=state["verbs"], act=act)


def _page(code: str) -> Page:
    if not _is(code) and not Entry.objects.filter(stream=f"webhook:{code}").exists():
        raise Http404
    return page(code)


HOOK_KIND = Kind(_page, _put)
